"""How each kind of plot is laid out and drawn: points and names first, then marks, by a pen that knows matplotlib.

Nothing here imports matplotlib: a `Pen` (`kit.show.draw`) is given. Heights follow from the content, in points.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.show import style
from kit.show.figure import (
    Cells,
    Cloud,
    Diverging,
    Dumbbell,
    Figure,
    Group,
    Key,
    Links,
    Ranked,
    Row,
    Stacked,
    Targets,
    title_lines,
)
from kit.show.style import width
from kit.show.text import ELLIPSIS, TOKEN, shorten, shorten_end, wrap, wrap_subtitle, wrap_title

if TYPE_CHECKING:
    from kit.show.draw import Pen

Lines = list[tuple[str, str, float, str]]  # role, text, size, colour

PITCH, THICK, NAMES, PAD = 19, 0.7, 172, 12  # of bars: rows, their part of it, widest gutter, behind the names
TWO_LINES, TWO_LEADING, BETWEEN = 7.5, 1.1, 0.5  # names on two lines: smallest size, leading, room between two rows
MOST_ON_ONE = 0.75  # part of the names that the common size has to hold on one line
HEAD_ROOM, WORD, INSIDE = 20, 100, 8.5  # of diverging bars: heads, longest word; size of numbers inside bars
SUMS = 34  # room of sums beside stacked bars
TARGET_PITCH, TARGET_NAMES, TARGET_GAP = 24, 160, 6
LONGEST = 2.0  # bars of completion end here; the label says the rate
REACH, BEYOND = 0.5, 1.2  # the longest gap below the target, part of the way from zero; where the axis ends with gaps
ROOMY, CLOSE = (22, 20), 17.5  # of dumbbells: rows up to which the wide pitch holds; the closer one
GROUP_HEAD, GROUP_GAP = 1.1, 0.5  # rows taken by a group's head and by the gap before the second group
CHANGE, WAYS, VALUE_ROOM = 66, 46, 34  # room of changes, of how many go which way, beside the outermost values
TICK, APART, TICKS = 9, 10, 16  # size of a tick's number; room between two; room of the scale
# Of cells: up to so many rows, pitch and size of names; values are written from a pitch on, at their size.
CELL_ROOM = (15, 20, 9), (30, 14, 9), (45, 10, 8.5), (60, 7.15, 6.5)
VALUES_FROM, CELL_VALUE, CELL_NAMES = 14, 6.6, 96
GAP_COLUMNS, GAP_ROWS, BLOCK = 0.35, 0.3, 10  # gaps in cells; rows from one gap to the next
HEAD, HEAD_LATIN, GROUP_ROOM = 8.5, 80, 18  # size of a column's head; longest head on its side; room of groups
DOT, RING, MARK_PITCH = 72, 54, 20  # areas of marks in square points at the largest pitch
NODE, LEAST_NODE, NODE_NAME, PUSHES = 9, 2, 9, 400  # radius of the largest node, and the least; names; rounds
SMALLEST, LARGEST, WORD_MARGIN, FINE = 9, 46, 10, 4  # of a cloud: sizes, room around a word, steps to the point
KEY_LINE, KEY_MARK = 18, {"box": 8, "dot": 12, "ring": 12, "cell": 12, "tick": 2, "step": 30, "gap": 0}


@dataclass(frozen=True)
class Room:
    """Height of a plot, and the room beside it for names, heads and the like, points."""

    height: float
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0


@dataclass(frozen=True)
class Frame:
    """A whole figure laid out: lines above, legend, plot, lines below, and what they take, points."""

    head: Lines
    keys: list[list[Key]]
    foot: Lines
    room: Room
    above: float
    below: float

    @property
    def total(self) -> float:
        """Height of the figure."""
        return self.above + self.room.top + self.room.height + self.room.bottom + self.below


def lay_out(figure: Figure, *, whole: bool = True) -> Frame:
    """Lay out a figure, or its plot with the legend alone."""
    room, keys = room_of(figure), _key_lines(figure.keys)
    legend = len(keys) * KEY_LINE + 2 * bool(keys)
    if not whole:
        return Frame([], keys, [], room, 6 + legend, 8)
    foot = [(role, line, style.SMALL, style.FAINT) for role, text in (("note", figure.note), ("source", figure.source))
            for paragraph in text.split("\n") for line in wrap(paragraph, style.SMALL, style.INNER)]  # fmt: skip
    under = wrap_subtitle(figure.subtitle, style.SUBTITLE, style.SUBTITLE_LINE)
    head: Lines = [("title", line, style.TITLE, style.INK)
                   for line in wrap_title(figure.title, style.TITLE, style.TITLE_LINE)]  # fmt: skip
    head += [("subtitle", line, style.SUBTITLE, style.SOFT) for line in under]
    above = 23 + sum(size * style.LEADING[size] for _, _, size, _ in head) + legend
    return Frame(head, keys, foot, room, above, 22 + len(foot) * style.SMALL * style.LEADING[style.SMALL])


def fit_titles(figure: Figure) -> tuple[str, ...]:
    """Return the titles that fit: where the page would be too full, those of one line."""
    short = tuple(title for title in figure.titles if title_lines(title) == 1)
    return (short or figure.titles[-1:]) if lay_out(figure).total > style.TALLEST else figure.titles


def room_of(figure: Figure) -> Room:
    """Return the room that a plot takes."""
    if figure.plot is None:
        return Room(16 * len(wrap(figure.reason, style.NAME, style.SUBTITLE_LINE)))
    return PLOTS[type(figure.plot)][0](figure.plot)


def draw_plot(pen: "Pen", figure: Figure) -> None:
    """Draw a plot on its axes, or the reason why there is none."""
    if figure.plot is None:
        text = "\n".join(wrap(figure.reason, style.NAME, pen.wide))
        pen.write(0, 1, text, at="plot", colour=style.SOFT, va="top", linespacing=1.4, gid="notice")
    else:
        PLOTS[type(figure.plot)][1](pen, figure.plot)


# The legend.


def key_width(key: Key) -> float:
    """Return the room that an entry of the legend takes, with the gap behind it."""
    return 31 if key.kind == "step" else KEY_MARK[key.kind] + 4 * (key.kind != "gap") + width(key.label, 9) + 14


def _key_lines(keys: Sequence[Key]) -> list[list[Key]]:
    lines: list[list[Key]] = []
    for key in keys:
        used = sum(map(key_width, lines[-1])) if lines else style.INNER
        if used + key_width(key) - 14 > style.INNER:
            lines.append([])
        lines[-1].append(key)
    return lines


# Names of rows.


def gutter(names: Iterable[str], size: float, *, most: float, pad: float = 5) -> float:
    """Return the room that names need beside a plot, points, at most ``most``."""
    return min(max((width(name, size) for name in names), default=0) + pad, most)


def fit_name(name: str, size: float, limit: float, pitch: float) -> tuple[str, float]:
    """Return a name as it fits ``limit`` and its size: on one line, on two as large as they fit, or shortened."""
    if width(name, size) <= limit:
        return name, size
    smaller = min(size, pitch / (2 * TWO_LEADING) - BETWEEN)
    if smaller < TWO_LINES:
        return shorten(name, size, limit), size
    shortened = (wrap(shorten(name, TWO_LINES, room), TWO_LINES, limit) for room in range(int(2 * limit), 0, -4))
    tries = ((smaller, wrap_title(name, smaller, limit)), (TWO_LINES, wrap_title(name, TWO_LINES, limit)),
             *((TWO_LINES, lines) for lines in shortened))  # fmt: skip
    for fitted, lines in tries:
        if len(lines) <= 2 and all(width(line, fitted) <= limit for line in lines):  # noqa: PLR2004
            return "\n".join(lines), fitted
    return shorten(name, TWO_LINES, limit), TWO_LINES


def write_names(pen: "Pen", names: Sequence[str], at: Iterable[float], *, room: float, pitch: float,
                size: float = style.NAME, pad: float = PAD, ha: str = "left", bold: Collection[int] = ()) -> None:  # fmt: skip
    """Write the rows' names in the gutter left of the axes: from its left end, or up to the axes.

    Parameters
    ----------
    at : iterable of float
        Place of each row, data of the axes.
    room, pitch : float
        Width of the gutter, to which names are fitted, and distance of two rows, points.
    bold : collection of int
        Rows whose names stand out.
    """
    limit = room - pad
    sizes = [(s, part) for part in (1, MOST_ON_ONE) for s in (size, size - 1)]  # all at one size, if they can be
    held = {s: sum(width(name, s) <= limit for name in names) / max(len(names), 1) for s in (size, size - 1)}
    common = next((s for s, part in sizes if held[s] >= part), size - 1.5)
    shift = -room if ha == "left" else -pad
    for row, (name, y) in enumerate(zip(names, at, strict=True)):
        text, fitted = fit_name(name, min(size, common), limit, pitch)
        va = "center" if "\n" in text else "center_baseline"
        pen.write(0, y, text, at="row", size=fitted, bold=row in bold, ha=ha, va=va, shift=(shift, 0),
                  linespacing=TWO_LEADING, gid="name")  # fmt: skip


# Rows of bars.


def _ranked_room(plot: Ranked) -> Room:
    return Room(PITCH * len(plot.rows), gutter((row.name for row in plot.rows), style.NAME, most=NAMES, pad=PAD))


def _draw_ranked(pen: "Pen", plot: Ranked) -> None:
    rows, room = plot.rows, _ranked_room(plot).left
    values, texts = [row.values[0] for row in rows], [row.texts[0] for row in rows]
    colours = [style.FOCUS if row.focus else style.CONTEXT for row in rows]
    pen.ax.barh(range(len(rows)), values, height=THICK, color=colours, zorder=2)
    pen.ax.set_xlim(0, reach(values, texts, pen.wide))
    pen.ax.set_ylim(len(rows) - 0.5, -0.5)
    pen.ax.axvline(0, color=style.RULE, lw=0.7, zorder=3)
    bold = [at for at, row in enumerate(rows) if row.focus]
    names = [row.name for row in rows]
    write_names(pen, names, range(len(rows)), room=room, pitch=pen.tall / len(rows), bold=bold)
    for at, row in enumerate(rows):
        pen.write(row.values[0], at, row.texts[0], size=style.VALUE, colour=style.INK if row.focus else style.SOFT,
                  bold=row.focus, va="center_baseline", shift=(4, 0), gid="value")  # fmt: skip


def reach(values: Iterable[float], texts: Sequence[str], wide: float) -> float:
    """Return the end of an axis on which every bar has room for its value behind it."""
    ends = [value * wide / (wide - 6 - width(text, style.VALUE)) for value, text in zip(values, texts, strict=True)]
    return max([*ends, 0]) or 1


def _diverging_room(plot: Diverging) -> Room:
    return Room(PITCH * max(len(side.rows) for side in plot.sides), top=HEAD_ROOM)


def _draw_diverging(pen: "Pen", plot: Diverging) -> None:
    half, count = pen.wide / 2, max(len(side.rows) for side in plot.sides)
    # A symmetric axis on which every word has room outside its bar.
    end = max(abs(row.values[0]) * half / (half - 24 - min(width(row.name, style.NAME), WORD))
              for side in plot.sides for row in side.rows)  # fmt: skip
    pen.ax.set_xlim(-end, end)
    pen.ax.set_ylim(count - 0.5, -0.5)
    for side, sign in zip(plot.sides, (-1, 1), strict=True):
        pen.ax.barh(range(len(side.rows)), [row.values[0] for row in side.rows], height=THICK, color=side.colour,
                    zorder=2)  # fmt: skip
        for at, row in enumerate(side.rows):
            _label_side(pen, row, at, side.colour, sign)
        if not side.rows:
            pen.write(0, (count - 1) / 2, plot.empty, size=9, colour=style.FAINT, ha="center", va="center_baseline",
                      shift=(sign * pen.wide / 4, 0), gid="none")  # fmt: skip
        ink = style.SECOND_TEXT if side.colour == style.SECOND else side.colour
        pen.write(0, 1, side.head, at="column", size=style.VALUE, colour=ink, ha="left" if sign > 0 else "right",
                  shift=(sign * 8, 8), gid="head")  # fmt: skip
    pen.ax.axvline(0, color=style.INK, lw=1, zorder=3)


def _label_side(pen: "Pen", row: Row, at: float, colour: str, sign: int) -> None:
    """Write a word outside its bar's end and the value inside; where the bar is too short, it follows the word."""
    (value,), (text,), word = row.values, row.texts, shorten(row.name, style.NAME, WORD)
    outward, inward = ("left", "right") if sign > 0 else ("right", "left")
    if abs(value) * pen.scale > width(text, style.SMALL) + 8:
        pen.write(value, at, text, size=style.SMALL, colour=style.on(colour), ha=inward, va="center_baseline",
                  shift=(-sign * 4, 0), gid="value")  # fmt: skip
    else:
        word = f"{word} {text}" if sign > 0 else f"{text} {word}"
    pen.write(value, at, word, ha=outward, va="center_baseline", shift=(sign * 5, 0), gid="name")


def _stacked_room(plot: Stacked) -> Room:
    names = (row.name for row in plot.rows)
    return Room(PITCH * len(plot.rows), gutter(names, style.NAME, most=NAMES, pad=PAD), SUMS)


def _draw_stacked(pen: "Pen", plot: Stacked) -> None:
    rows = plot.rows
    pen.ax.set_xlim(0, 1)
    pen.ax.set_ylim(len(rows) - 0.5, -0.5)
    names = [row.name for row in rows]
    write_names(pen, names, range(len(rows)), room=_stacked_room(plot).left, pitch=PITCH)
    counts = np.array([row.values for row in rows], dtype=float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    starts = shares.cumsum(axis=1) - shares
    for at, key in enumerate(plot.series):
        bars = pen.ax.barh(range(len(rows)), shares[:, at], left=starts[:, at], height=THICK, color=key.colour,
                           edgecolor="white", linewidth=0.6, zorder=2, label=key.label)  # fmt: skip
        for y, (bar, row) in enumerate(zip(bars, rows, strict=True)):
            bar.set_hatch("////" * row.hatched)
            if row.values[at] and shares[y, at] * pen.wide > width(row.texts[at], INSIDE) + 4:
                pad = {"facecolor": key.colour, "edgecolor": "none", "pad": 1.5} if row.hatched else None
                pen.write(starts[y, at] + shares[y, at] / 2, y, row.texts[at], size=INSIDE, colour=style.on(key.colour),
                          ha="center", va="center_baseline", bbox=pad, gid="value")  # fmt: skip
    for y, row in enumerate(rows):
        for text in row.sums:
            pen.write(1, y, text, at="row", size=style.VALUE, colour=style.SOFT, ha="right", va="center_baseline",
                      shift=(SUMS - 2, 0), gid="sum")  # fmt: skip


def _target_places(plot: Targets) -> np.ndarray:
    """Return where the rows stand: between rates and gaps there is a line for the gaps' head."""
    both = bool(plot.rates and plot.gaps)
    at = np.arange(len(plot.rates) + len(plot.gaps))
    return at + both * (at >= len(plot.rates))


def _targets_room(plot: Targets) -> Room:
    rows = (*plot.rates, *plot.gaps)
    left = gutter((row.name for row in rows), style.NAME, most=TARGET_NAMES, pad=PAD)
    right = max(width(row.texts[0], style.VALUE) for row in rows) + TARGET_GAP
    return Room(TARGET_PITCH * (_target_places(plot)[-1] + 1), left, right)


def _draw_targets(pen: "Pen", plot: Targets) -> None:
    """Draw rates from zero and gaps from the target, estimates hollow, and the targets as ticks."""
    rows, at, room = (*plot.rates, *plot.gaps), _target_places(plot), _targets_room(plot)
    gaps = np.array([0.0] * len(plot.rates) + [row.values[0] for row in plot.gaps])
    rates = np.array([row.values[0] for row in plot.rates])
    is_rate = np.arange(len(rows)) < len(rates)
    end = max(1.05, BEYOND * bool(gaps.any()), min(rates.max(initial=0), LONGEST))
    scale = min(0.97 * (end - 1) / max(gaps.max(), 1e-9), REACH / max(-gaps.min(), 1e-9))
    lengths = np.where(is_rate, np.pad(rates, (0, len(rows) - len(rates))), gaps * scale)
    pen.ax.set_ylim(at[-1] + 0.5, -0.5)
    pen.ax.barh(at, lengths, left=np.where(is_rate, 0, 1), height=0.5, linewidth=1, zorder=2,
                color=[style.WHITE if row.hollow else style.CONTEXT for row in rows],
                edgecolor=[style.AXIS if row.hollow else "none" for row in rows])  # fmt: skip
    pen.ax.set_xlim(0, end)
    pen.ax.vlines(np.ones(len(at)), at - 0.4, at + 0.4, color=style.INK, lw=2, zorder=3, gid="target")
    if len(rates):
        pen.ax.plot([0, 0], [-0.5, len(rates) - 0.5], color=style.RULE, lw=0.7, zorder=3)
    if at[-1] >= len(rows):
        pen.write(0, len(rates), plot.head, at="row", size=9, colour=style.SOFT, bold=True, va="center_baseline",
                  shift=(-room.left, 0), gid="group")  # fmt: skip
    several = any(row.under for row in rows)
    write_names(pen, [row.name for row in rows], at - 0.2 * several, room=room.left, pitch=TARGET_PITCH / 2, size=9)
    for y, row in zip(at, rows, strict=True):
        if row.under:
            pen.write(0, y + 0.3, shorten(row.under, 7, room.left - PAD), at="row", size=7, colour=style.FAINT,
                      va="center_baseline", shift=(-room.left, 0), gid="agency")  # fmt: skip
        pen.write(1, y, row.texts[0], at="row", size=style.VALUE, colour=row.ink, va="center_baseline",
                  shift=(TARGET_GAP, 0), gid="value")  # fmt: skip


# Dumbbells.


def _dumbbell_places(groups: Sequence[Group]) -> tuple[list[np.ndarray], list[float | None], float]:
    """Return the rows' places group by group, the places of the heads, and how many rows all take."""
    places: list[np.ndarray] = []
    heads: list[float | None] = []
    y = 0.0
    for group in groups:
        y += GROUP_GAP * bool(group.rows and y)
        heads.append(y + GROUP_HEAD / 2 if group.rows else None)
        y += GROUP_HEAD * bool(group.rows)
        places.append(y + 0.5 + np.arange(len(group.rows)))
        y += len(group.rows)
    return places, heads, y


def _dumbbell_room(plot: Dumbbell) -> Room:
    names = (row.name for group in plot.groups for row in group.rows)
    rows = _dumbbell_places(plot.groups)[2]
    right = CHANGE + WAYS * (len(plot.heads) > 1)
    return Room(_dumbbell_pitch(rows) * rows, gutter(names, style.NAME, most=178, pad=14), right, bottom=TICKS)


def _dumbbell_pitch(rows: float) -> float:
    return ROOMY[1] if rows <= ROOMY[0] else CLOSE


def _draw_dumbbell(pen: "Pen", plot: Dumbbell) -> None:
    places, heads, rows = _dumbbell_places(plot.groups)
    room = _dumbbell_room(plot)
    _draw_percents(pen, plot, rows)
    for group, at in zip(plot.groups, places, strict=True):
        _draw_dumbbells(pen, group, at)
    names = [row.name for group in plot.groups for row in group.rows]
    write_names(pen, names, np.concatenate(places), room=room.left, pitch=_dumbbell_pitch(rows), pad=14)
    for group, y in zip(plot.groups, heads, strict=True):
        if y is not None:  # a head over a rule across the figure
            ink = style.SECOND_TEXT if group.colour == style.SECOND else group.colour
            pen.write(0, y, group.head, at="row", size=style.VALUE, colour=ink, bold=True, va="center_baseline",
                      shift=(-room.left, 0), gid="group")  # fmt: skip
            ends = [-room.left / pen.wide, 1 + room.right / pen.wide]
            pen.line(ends, [y + GROUP_HEAD / 2] * 2, at="row", colour=style.LINE)
    first = min(y for y in heads if y is not None)
    for head, right in zip(plot.heads, (CHANGE, CHANGE + WAYS), strict=False):
        pen.write(1, first, head, at="row", size=8.5, colour=style.SOFT, ha="right", va="center_baseline",
                  shift=(right, 0), gid="head")  # fmt: skip
    _name_ends(pen, plot, first)


def _draw_percents(pen: "Pen", plot: Dumbbell, rows: float) -> None:
    """Set the scale, with room beside the outermost values, and write its ticks below."""
    values = np.array([row.values for group in plot.groups for row in group.rows])
    per_point = values.max() / max(pen.wide - 2 * VALUE_ROOM, pen.wide / 3)
    low = min(0, values.min() - VALUE_ROOM * per_point)
    high = values.max() + VALUE_ROOM * per_point
    pen.ax.set_xlim(low, high)
    pen.ax.set_ylim(rows, 0)
    end = values.max() + VALUE_ROOM * per_point / 2
    room = (high - low) / pen.wide * (width(f"{end:.0f}%", TICK) + APART)
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if s >= room)
    ticks = np.arange(0, end, step)
    for tick in ticks:
        text = f"{tick:g}" + ("%" if tick == ticks[-1] else "")
        pen.write(tick, 0, text, at="column", size=TICK, colour=style.SOFT, ha="center", va="top", shift=(0, -5),
                  gid="tick")  # fmt: skip


def _draw_dumbbells(pen: "Pen", group: Group, at: np.ndarray) -> None:
    one, other = np.array([row.values for row in group.rows]).reshape(-1, 2).T
    ink = style.SECOND_TEXT if group.colour == style.SECOND else group.colour
    pen.ax.hlines(at, 0, pen.ax.get_xlim()[1], color=style.GUIDE, lw=0.6, linestyles=(0, (1, 2)), zorder=1)
    pen.ax.hlines(at, one, other, color=group.colour, lw=2.6, alpha=0.4, zorder=2, gid="link")
    pen.ax.scatter(one, at, s=40, facecolors="white", edgecolors=group.colour, linewidths=1.8, zorder=3, gid="review")
    pen.ax.scatter(other, at, s=52, color=group.colour, linewidths=0, zorder=4, gid="plan")
    pad = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for y, row in zip(at, group.rows, strict=True):
        side = 1 if row.values[1] > row.values[0] else -1
        for value, text, toward, bold in zip(row.values, row.texts, (-side, side), (False, True), strict=True):
            pen.write(value, y, text, size=style.VALUE, bold=bold, colour=style.INK if bold else style.SOFT,
                      ha="left" if toward > 0 else "right", va="center_baseline", shift=(toward * 7, 0), bbox=pad,
                      gid="value")  # fmt: skip
        change, *ways = row.sums
        pen.write(1, y, change, at="row", colour=ink, ha="right", va="center_baseline", shift=(CHANGE, 0), gid="change")
        for text in ways:
            pen.write(1, y, text, at="row", size=style.SMALL, colour=style.SOFT, ha="right", va="center_baseline",
                      shift=(CHANGE + WAYS, 0), gid="ways")  # fmt: skip


def _name_ends(pen: "Pen", plot: Dumbbell, y: float) -> None:
    """Name the two ends once, above the first row; close ends are named side by side."""
    first = next(group.rows[0] for group in plot.groups if group.rows)
    ends = sorted(zip(first.values, plot.ends, (style.SOFT, style.FOCUS), strict=True))
    close = (ends[1][0] - ends[0][0]) * pen.scale < sum(width(word, 9) for word in plot.ends) / 2 + 6
    for (value, word, colour), side in zip(ends, (-1, 1), strict=True):
        ha = {-1: "right", 1: "left"}[side] if close else "center"
        pen.write(value, y, word, size=9, ha=ha, va="center_baseline", colour=colour, shift=(3 * side * close, 0),
                  gid="head")  # fmt: skip


# Cells.


@dataclass(frozen=True)
class Grid:
    """Where the rows and columns of a table of cells stand, in cells; the pitch of its rows, the size of its names."""

    x: np.ndarray
    y: np.ndarray
    pitch: float
    size: float


def grid_of(rows: int, groups: Sequence[str]) -> Grid:
    """Return the grid of ``rows`` rows and one column per entry of ``groups``; a new group leaves a gap."""
    breaks = np.cumsum([0, *(one != other for one, other in pairwise(groups))])[: len(groups)]
    _, pitch, size = next((room for room in CELL_ROOM if rows <= room[0]), CELL_ROOM[-1])
    blocks = np.arange(rows) // BLOCK if rows > CELL_ROOM[0][0] else np.zeros(rows)
    return Grid(np.arange(len(groups)) + GAP_COLUMNS * breaks, np.arange(rows) + GAP_ROWS * blocks, pitch, size)


def _stacked_head(head: str) -> list[str]:
    """Return a head as it is stacked: one character a line, a Latin word or a number on one line."""
    return [token for token in TOKEN.findall(head) if not token.isspace()]


def _cells_room(plot: Cells) -> Room:
    grid = grid_of(len(plot.names), plot.groups)
    if plot.stacked:
        heads = HEAD * max(len(_stacked_head(head)) for head in plot.heads)
    else:
        heads = min(max(width(head, HEAD) for head in plot.heads), HEAD_LATIN)
    left = gutter(plot.names, grid.size, most=CELL_NAMES + 14 * (not plot.stacked))
    top = heads + 6 + GROUP_ROOM * any(plot.groups)
    return Room(grid.pitch * (grid.y[-1] + 1), left, sum(_column_rooms(plot)), top)


def _column_rooms(plot: Cells) -> list[float]:
    return [30 if len(plot.sums) == 1 else 22] * len(plot.sums)


def _draw_cells(pen: "Pen", plot: Cells) -> None:
    grid = grid_of(len(plot.names), plot.groups)
    across, down = grid.x[-1] + 1, grid.y[-1] + 1
    pen.ax.set_xlim(-0.5, across - 0.5)
    pen.ax.set_ylim(down - 0.5, -0.5)
    pitch = pen.tall / down
    write_names(pen, plot.names, grid.y, room=_cells_room(plot).left, pitch=pitch, size=grid.size, pad=5, ha="right")
    places = [(x, y) for y in grid.y for x in grid.x]
    cells = [cell for row in plot.cells for cell in row]
    pen.cells(places, [cell.ground for cell in cells], edge=0.9 if grid.pitch >= VALUES_FROM else 0.5)
    scale = min(pitch, pen.wide / across * 1.4, MARK_PITCH) / MARK_PITCH
    for mark, ink in dict.fromkeys((cell.mark, cell.ink) for cell in cells if cell.mark):
        x, y = zip(*(place for place, cell in zip(places, cells, strict=True) if (cell.mark, cell.ink) == (mark, ink)), strict=True)
        looks = {"dot": {"s": DOT * scale**2, "color": ink, "linewidths": 0},
                 "ring": {"s": RING * scale**2, "facecolors": "white", "edgecolors": ink, "linewidths": 1.8 * scale}}
        pen.ax.scatter(x, y, zorder=3, gid=mark, **looks[mark])
    if grid.pitch >= VALUES_FROM:
        for (x, y), cell in zip(places, cells, strict=True):
            if cell.text:
                pen.write(x, y, cell.text, size=CELL_VALUE, colour=style.on(cell.ground), ha="center",
                          va="center_baseline", gid="value")  # fmt: skip
    _write_heads(pen, plot, grid)
    _write_sums(pen, plot, grid)


def _write_heads(pen: "Pen", plot: Cells, grid: Grid) -> None:
    """Write the heads of the columns, stacked in Chinese, on their side in English, and their groups above."""
    for x, head in zip(grid.x, plot.heads, strict=True):
        if plot.stacked:
            _stack(pen, x, _stacked_head(head), at="column")
        else:
            pen.write(x, 1, shorten_end(head, HEAD, HEAD_LATIN), at="column", size=HEAD, rotation=90, ha="center",
                      va="bottom", shift=(0, 4), gid="head")  # fmt: skip
    top = pen.top_of("head") + 4
    for group in filter(None, dict.fromkeys(plot.groups)):
        members = grid.x[[name == group for name in plot.groups]]
        left, right = members[0] - 0.45, members[-1] + 0.45
        pen.line([left, right], [top, top], at="above", colour=style.RULE, gid="group")
        short = shorten_end(group, style.SMALL, (right - left) * pen.scale)
        pen.write((left + right) / 2, top, short if short != ELLIPSIS else "", at="above", size=style.SMALL,
                  colour=style.SOFT, ha="center", shift=(0, 4), gid="group")  # fmt: skip


def _stack(pen: "Pen", x: float, tokens: Sequence[str], *, at: str, colour: str = style.INK, shift: float = 0) -> None:
    for up, token in enumerate(reversed(tokens)):
        pen.write(x, 1, token, at=at, size=HEAD, colour=colour, ha="center", shift=(shift, 5 + up * HEAD), gid="head")


def _write_sums(pen: "Pen", plot: Cells, grid: Grid) -> None:
    size, shift = max(min(9, grid.size), 6.8), -2.0
    for column, room in zip(plot.sums, _column_rooms(plot), strict=True):
        shift += room
        for y, text in zip(grid.y, column.texts, strict=True):
            pen.write(1, y, text, at="row", size=size, colour=column.colour, ha="right", va="center_baseline",
                      shift=(shift, 0), gid="sum")  # fmt: skip
        tokens = [column.head] if column.head.isascii() else _stacked_head(column.head)
        middle = shift - max(width(token, HEAD) for token in tokens) / 2
        _stack(pen, 1, tokens, at="plot", colour=column.colour, shift=middle)


# Words that are placed: a network, a cloud.


def _draw_links(pen: "Pen", plot: Links) -> None:
    pen.ax.set_xlim(0, pen.wide)
    pen.ax.set_ylim(0, pen.tall)
    places = place_nodes(plot, pen.wide, pen.tall)
    most = max(strength for _, _, strength in plot.ties)
    for one, other, strength in plot.ties:
        ends = np.array([places[one], places[other]])
        pen.ax.plot(*ends.T, color=style.CONTEXT, lw=0.6 + 1.9 * strength / most, zorder=1, gid="tie",
                    solid_capstyle="round")  # fmt: skip
    sizes = np.array([size for _, size in plot.nodes])
    radius = np.maximum(NODE * np.sqrt(sizes / sizes.max()), LEAST_NODE)
    xy = np.array([places[name] for name, _ in plot.nodes])
    pen.ax.scatter(xy[:, 0], xy[:, 1], s=(2 * radius) ** 2, color=style.FOCUS, linewidths=0, zorder=2, gid="nodes")
    for (x, y), r, (name, _) in zip(xy, radius, plot.nodes, strict=True):
        pen.write(x, y, name, size=NODE_NAME, ha="center", va="top", shift=(0, -r - 1), halo=4, gid="name")


def place_nodes(plot: Links, wide: float, tall: float) -> Mapping[str, np.ndarray]:
    """Return the place of each node in points: springs pull ties together, names push each other apart."""
    import networkx as nx  # noqa: PLC0415, takes a while

    names, graph = [name for name, _ in plot.nodes], nx.Graph()
    graph.add_nodes_from(names)
    graph.add_weighted_edges_from((one, other, np.log1p(strength)) for one, other, strength in plot.ties)
    spring = nx.spring_layout(graph, k=2.2 / np.sqrt(len(names)), iterations=200, seed=plot.seed)
    boxes = np.array([(width(name, NODE_NAME) + 10, 2 * NODE + NODE_NAME + 5) for name in names])
    xy = np.array([spring[name] for name in names])
    low, high = boxes.max(axis=0) / 2, (wide, tall) - boxes.max(axis=0) / 2
    xy = low + (xy - xy.min(axis=0)) / np.ptp(xy, axis=0).clip(1e-9) * (high - low)
    return dict(zip(names, _apart(xy, boxes, (wide, tall)), strict=True))


def _apart(xy: np.ndarray, boxes: np.ndarray, canvas: tuple[float, float]) -> np.ndarray:
    """Push boxes apart, along the shorter way, until none overlaps another or leaves the canvas."""
    for _ in range(PUSHES):
        moved = False
        for one, other in ((one, other) for one in range(len(xy)) for other in range(one)):
            apart = xy[one] - xy[other]
            lack = (boxes[one] + boxes[other]) / 2 - np.abs(apart)
            if (lack > 0).all():
                axis = int(np.argmin(lack))
                push = (lack[axis] / 2 + 0.1) * (1 if apart[axis] >= 0 else -1)
                xy[one, axis] += push
                xy[other, axis] -= push
                moved = True
        xy = np.clip(xy, boxes / 2, canvas - boxes / 2)
        if not moved:
            break
    return xy


def _draw_cloud(pen: "Pen", plot: Cloud) -> None:
    """Draw the words where the package wordcloud places them, in points; those that find no room are left out."""
    from wordcloud import WordCloud  # noqa: PLC0415, takes a while

    pen.ax.set_xlim(0, pen.wide)
    pen.ax.set_ylim(pen.tall, 0)
    leading = [word for word, _ in plot.words[: plot.leading]]
    cloud = WordCloud(
        font_path=str(style.font_file()), width=int(pen.wide * FINE), height=int(pen.tall * FINE),
        max_words=len(plot.words), prefer_horizontal=1.0, random_state=plot.seed, min_font_size=SMALLEST * FINE,
        max_font_size=LARGEST * FINE, margin=WORD_MARGIN * FINE, relative_scaling=0.5,
    )  # fmt: skip
    cloud.generate_from_frequencies({style.check_glyphs(word): n for word, n in plot.words})
    for (word, _), size, (top, left), _, _ in cloud.layout_:
        ink = pen.ink(word, size / FINE)  # its ink starts where room was kept for it
        colour = style.FOCUS if word in leading else style.OTHERS
        pen.write(left / FINE - ink.x0, top / FINE + ink.y1, word, size=size / FINE, colour=colour, gid="word")


PLOTS: dict[type, tuple[Callable[[Any], Room], Callable[["Pen", Any], None]]] = {
    Ranked: (_ranked_room, _draw_ranked),
    Diverging: (_diverging_room, _draw_diverging),
    Stacked: (_stacked_room, _draw_stacked),
    Targets: (_targets_room, _draw_targets),
    Dumbbell: (_dumbbell_room, _draw_dumbbell),
    Cells: (_cells_room, _draw_cells),
    Links: (lambda _: Room(300), _draw_links),
    Cloud: (lambda _: Room(230), _draw_cloud),
}
