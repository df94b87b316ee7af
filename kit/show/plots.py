"""How each kind of plot is laid out and drawn: room and names first, then marks, by a pen that knows matplotlib."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.show import free_plots, style
from kit.show.figure import Cell, Cells, Diverging, Dumbbell, Figure, Group, Key, Ranked, Row, Stacked, Targets
from kit.show.free_plots import Area, Kind, Room, Span
from kit.show.style import TWO_LEADING, gutter, shorten, width, wrap
from kit.tables import REVIEW_ROLES

if TYPE_CHECKING:
    from kit.show.draw import Pen

# Of bars: rows, their part of it, widest gutter, room behind the names; part of these that one line has to hold.
PITCH, THICK, NAMES, PAD, MOST_ON_ONE = 19, 0.7, 172, 12, 0.75
HEAD_ROOM, WORD, SUMS, INSIDE = 20, 100, 34, 8.5  # room of heads, longest word, sums; size of numbers inside bars
TARGET_PITCH, TARGET_NAMES, TARGET_GAP = 24, 160, 6
LONGEST, KEY_LINE = 2.0, 18  # bars of completion end here, the label says the rate; height of a legend's line
REACH, BEYOND = 0.5, 1.2  # the longest gap below the target, part of the way from zero; where the axis ends with gaps
ROOMY, WIDE_PITCH, CLOSE_PITCH = 22, 20, 17.6  # dumbbells: rows up to which the wide pitch holds; both pitches
GROUP_HEAD, GROUP_GAP = 1.1, 0.5  # rows taken by a group's head and by the gap before the second group
DUMBBELL_NAMES, CHANGE, WAYS = 178, 66, 46  # room of names, of changes, of how many go which way
VALUE_ROOM, TICK, APART, TICKS = 34, 9, 10, 16  # beside the outermost values; a tick's size, gap and room
# Of cells: up to so many rows, pitch and size of names; values are written from a pitch on, at their size.
CELL_ROOM = (15, 20, 9), (20, 18, 9), (30, 14, 9), (45, 10, 8.5), (60, 7.15, 6.5)
VALUES_FROM, CELL_VALUE, CELL_NAMES, WIDE_CELL, WIDE_VALUE = 14, 6.6, 96, 30, 7.5
COLUMNS = (), (30,), (22, 22)  # room of no column of sums, of one, of two
GAP_COLUMNS, GAP_ROWS, BLOCK = 0.35, 0.3, 10  # gaps in cells; rows from one gap to the next
HEAD, HEAD_LATIN, GROUP_ROOM = 8.5, 80, 18  # size of a column's head; longest head on its side; room of groups
DOT, RING, MARK_PITCH = 72, 54, 20  # areas of marks in square points at the largest pitch

Looks = dict[str, Any]
MIDDLE = "center_baseline"
AT_ROW = {"at": "row", "va": MIDDLE, "colour": style.SOFT}
# How the texts of a role look, unless a plot says otherwise; see `Pen.write`.
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"at": "page", "size": style.TITLE, "bold": True},
    "subtitle": {"at": "page", "size": style.SUBTITLE, "colour": style.SOFT},
    "note": {"at": "page", "size": style.SMALL, "colour": style.FAINT},
    "source": {"at": "page", "size": style.SMALL, "colour": style.FAINT},
    "key": {"at": "page", "va": MIDDLE},
    "notice": {"at": "plot", "colour": style.SOFT, "va": "top", "linespacing": 1.4},
    "name": {"at": "row"},
    "agency": AT_ROW | {"size": 7, "colour": style.FAINT},
    "value": {"size": style.VALUE, "va": MIDDLE},
    "none": {"size": 9, "colour": style.FAINT, "ha": "center", "va": MIDDLE},
    "sum": AT_ROW | {"size": style.VALUE, "ha": "right"},
    "change": AT_ROW | {"ha": "right"},
    "ways": AT_ROW | {"size": style.SMALL, "ha": "right"},
    "head": {"size": HEAD, "ha": "center"},
    "group": AT_ROW | {"size": style.VALUE, "bold": True},
    "tick": {"at": "column", "size": TICK, "colour": style.SOFT, "ha": "center", "va": "top"},
}


@dataclass(frozen=True)
class Frame:
    """A figure laid out: lines (role and text) above the plot and below, the legend's lines, and what they take."""

    head: list[tuple[str, str]]
    keys: list[list[Key]]
    foot: list[tuple[str, str]]
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
    head = [("title", line) for line in style.wrap_title(figure.title, style.TITLE, style.TITLE_LINE)]
    head += [("subtitle", line) for line in style.wrap_subtitle(figure.subtitle, style.SUBTITLE, style.SUBTITLE_LINE)]
    said = [("note", figure.note), *(("source", line) for line in figure.sources)]
    foot = [(role, line) for role, text in said for line in wrap(text, style.SMALL, style.INNER)]
    above = 23 + sum(line_height(role) for role, _ in head) + legend
    return Frame(head, keys, foot, room, above, 22 + sum(line_height(role) for role, _ in foot))


def line_height(role: str) -> float:
    """Return how high a line of a role is."""
    size: float = LOOKS[role]["size"]
    return size * style.LEADING[size]


def fit_titles(figure: Figure) -> tuple[str, ...]:
    """Return the titles that fit: where the page would be too full, those of one line."""
    short = tuple(title for title in figure.titles if len(style.wrap_title(title, style.TITLE, style.TITLE_LINE)) == 1)
    return (short or figure.titles[-1:]) if lay_out(figure).total > style.TALLEST else figure.titles


def room_of(figure: Figure) -> Room:
    """Return the room that a plot takes."""
    if figure.plot is None:
        return Room(16 * len(wrap(figure.reason, style.NAME, style.SUBTITLE_LINE)))
    return KINDS[type(figure.plot)].room(figure.plot)


def draw_plot(pen: "Pen", figure: Figure) -> None:
    """Draw a plot on its axes, or the reason why there is none."""
    if figure.plot is None:
        pen.write("notice", 0, 1, "\n".join(wrap(figure.reason, style.NAME, pen.wide)))
    else:
        KINDS[type(figure.plot)].draw(pen, figure.plot)


# The legend.


def _key_lines(keys: Sequence[Key]) -> list[list[Key]]:
    lines: list[list[Key]] = []
    for key in keys:
        used = sum(one.room for one in lines[-1]) if lines else style.INNER
        if used + key.room - 14 > style.INNER:
            lines.append([])
        lines[-1].append(key)
    return lines


# Names of rows.


def write_names(
    pen: "Pen", rows: Sequence[Row], at: Iterable[float], *, room: float, pitch: float, **looks: Any
) -> None:
    """Write the rows' names in the gutter left of the axes: from its left end, or (``ha="right"``) up to the axes."""
    size, pad, ha = (looks.get(name, usual) for name, usual in (("size", style.NAME), ("pad", PAD), ("ha", "left")))
    limit, names = room - pad, [row.name for row in rows]
    sizes = [(s, part) for part in (1, MOST_ON_ONE) for s in (size, size - 1)]  # all at one size, if they can be
    held = {s: sum(width(name, s) <= limit for name in names) / max(len(names), 1) for s in (size, size - 1)}
    common = next((s for s, part in sizes if held[s] >= part), size - 1.5)
    shift = (-room if ha == "left" else -pad, 0)
    for row, y in zip(rows, at, strict=True):
        text, fitted = style.fit_name(row.name, min(size, common), limit, pitch)
        va = "center" if "\n" in text else MIDDLE
        pen.write("name", 0, y, text, size=fitted, bold=row.focus, ha=ha, va=va, shift=shift, linespacing=TWO_LEADING)


# Rows of bars.


def _bars_room(plot: Ranked | Stacked) -> Room:
    left = gutter((row.name for row in plot.rows), style.NAME, most=NAMES, pad=PAD)
    return Room(PITCH * len(plot.rows), left, SUMS if isinstance(plot, Stacked) else 0)


def _draw_ranked(pen: "Pen", plot: Ranked) -> None:
    rows, count = plot.rows, len(plot.rows)
    colours = [pen.focus if row.focus else style.CONTEXT for row in rows]
    pen.ax.barh(range(count), [row.values[0] for row in rows], height=THICK, color=colours, zorder=2)
    # Every bar has room for its value behind it.
    end = max(row.values[0] * pen.wide / (pen.wide - 6 - width(row.texts[0], style.VALUE)) for row in rows)
    pen.span((0, end or 1), (count - 0.5, -0.5))
    pen.ax.axvline(0, color=style.RULE, lw=0.7, zorder=3)
    write_names(pen, rows, range(count), room=_bars_room(plot).left, pitch=pen.tall / count)
    for at, row in enumerate(rows):
        ink = style.INK if row.focus else style.SOFT
        pen.write("value", row.values[0], at, row.texts[0], colour=ink, bold=row.focus, shift=(4, 0))


def _diverging_room(plot: Diverging) -> Room:
    return Room(PITCH * max(len(side.rows) for side in plot.sides), top=HEAD_ROOM)


def _draw_diverging(pen: "Pen", plot: Diverging) -> None:
    half, count = pen.wide / 2, max(len(side.rows) for side in plot.sides)
    rows = [row for side in plot.sides for row in side.rows]
    # A symmetric axis on which every word has room outside its bar.
    end = max(abs(row.values[0]) * half / (half - 24 - min(width(row.name, style.NAME), WORD)) for row in rows)
    pen.span((-end, end), (count - 0.5, -0.5))
    for side, sign, ha in zip(plot.sides, (-1, 1), ("right", "left"), strict=True):
        values = [row.values[0] for row in side.rows]
        pen.ax.barh(range(len(values)), values, height=THICK, color=side.colour, zorder=2)
        for at, row in enumerate(side.rows):
            _label_side(pen, row, at, side.colour, sign)
        if not side.rows:
            pen.write("none", 0, (count - 1) / 2, plot.empty, shift=(sign * pen.wide / 4, 0))
        looks = {"at": "column", "size": style.VALUE, "colour": style.for_text(side.colour), "ha": ha}
        pen.write("head", 0, 1, side.head, shift=(sign * 8, 8), **looks)
    pen.ax.axvline(0, color=style.INK, lw=1, zorder=3)


def _label_side(pen: "Pen", row: Row, at: float, colour: str, sign: int) -> None:
    """Write a word outside its bar's end and the value inside; where the bar is too short, it follows the word."""
    (value,), (text,), word = row.values, row.texts, shorten(row.name, style.NAME, WORD)
    outward, inward = ("left", "right") if sign > 0 else ("right", "left")
    if abs(value) * pen.scale > width(text, style.SMALL) + 8:
        looks = {"size": style.SMALL, "colour": style.on(colour), "ha": inward}
        pen.write("value", value, at, text, shift=(-sign * 4, 0), **looks)
    else:
        word = f"{word} {text}" if sign > 0 else f"{text} {word}"
    pen.write("name", value, at, word, at="data", ha=outward, va=MIDDLE, shift=(sign * 5, 0))


def _draw_stacked(pen: "Pen", plot: Stacked) -> None:
    rows = plot.rows
    pen.span((0, 1), (len(rows) - 0.5, -0.5))
    write_names(pen, rows, range(len(rows)), room=_bars_room(plot).left, pitch=PITCH)
    counts = np.array([row.values for row in rows], dtype=float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    starts = shares.cumsum(axis=1) - shares
    for key, share, start, n in zip(plot.series, shares.T, starts.T, range(len(plot.series)), strict=True):
        edge = style.AXIS if key.colour == style.EMPTY else style.WHITE
        looks: Looks = {"color": key.colour, "edgecolor": edge, "linewidth": 0.6, "zorder": 2, "label": key.label}
        bars = pen.ax.barh(range(len(rows)), share, left=start, height=THICK, **looks)
        for y, (bar, row) in enumerate(zip(bars, rows, strict=True)):
            bar.set_hatch("////" * row.hatched)
            if row.values[n] and share[y] * pen.wide > width(row.texts[n], INSIDE) + 4:
                pad = {"facecolor": key.colour, "edgecolor": "none", "pad": 1.5} if row.hatched else None
                ink, middle = style.on(key.colour), start[y] + share[y] / 2
                pen.write("value", middle, y, row.texts[n], size=INSIDE, colour=ink, ha="center", bbox=pad)
    for y, row in enumerate(rows):
        for text in row.sums:
            pen.write("sum", 1, y, text, shift=(SUMS - 2, 0))


def target_places(plot: Targets) -> np.ndarray:
    """Return where the rows stand: between rates and gaps there is a line for the gaps' head."""
    at = np.arange(len(plot.rates) + len(plot.gaps))
    return at + (at >= len(plot.rates)) * bool(plot.rates)


def _targets_room(plot: Targets) -> Room:
    rows = (*plot.rates, *plot.gaps)
    left = gutter((row.name for row in rows), style.NAME, most=TARGET_NAMES, pad=PAD)
    right = max(width(row.texts[0], style.VALUE) for row in rows) + TARGET_GAP
    return Room(TARGET_PITCH * (target_places(plot)[-1] + 1), left, right)


def _draw_targets(pen: "Pen", plot: Targets) -> None:
    """Draw rates from zero and gaps from the target, estimates hollow, and the targets as ticks."""
    rows, at, room = (*plot.rates, *plot.gaps), target_places(plot), _targets_room(plot).left
    rates, gaps = ([row.values[0] for row in group] for group in (plot.rates, plot.gaps))
    end = max(1.05, BEYOND * any(gaps), min(max(rates, default=0), LONGEST))
    scale = min(0.97 * (end - 1) / max([*gaps, 1e-9]), REACH / max([*(-gap for gap in gaps), 1e-9]))
    lengths = [*rates, *(gap * scale for gap in gaps)]
    looks: Looks = {
        "color": [style.WHITE if row.hollow else style.CONTEXT for row in rows],
        "edgecolor": [style.AXIS if row.hollow else "none" for row in rows],
    }
    starts = [0] * len(rates) + [1] * len(gaps)
    pen.ax.barh(at, lengths, left=starts, height=0.5, linewidth=1, zorder=2, **looks)
    pen.span((0, end), (at[-1] + 0.5, -0.5))
    pen.ax.vlines(np.ones(len(at)), at - 0.4, at + 0.4, color=style.INK, lw=2, zorder=3, gid="target")
    if rates:
        pen.ax.plot([0, 0], [-0.5, len(rates) - 0.5], color=style.RULE, lw=0.7, zorder=3)
    if rates and gaps:
        pen.write("group", 0, len(rates), plot.head, size=9, shift=(-room, 0))
    several = any(row.under for row in rows)
    write_names(pen, rows, at - 0.2 * several, room=room, pitch=TARGET_PITCH / 2, size=9)
    for y, row in zip(at, rows, strict=True):
        if row.under:
            pen.write("agency", 0, y + 0.3, shorten(row.under, 7, room - PAD), shift=(-room, 0))
        pen.write("value", 1, y, row.texts[0], at="row", colour=row.ink, shift=(TARGET_GAP, 0))


# Dumbbells.


def dumbbell_places(groups: Sequence[Group]) -> tuple[list[tuple[Group, float, np.ndarray]], float, float]:
    """Return the groups that have rows with the places of their heads and rows; how many rows all take, their pitch."""
    places: list[tuple[Group, float, np.ndarray]] = []
    y = 0.0
    for group in (group for group in groups if group.rows):
        y += GROUP_GAP * bool(places)
        places.append((group, y + GROUP_HEAD / 2, y + GROUP_HEAD + 0.5 + np.arange(len(group.rows))))
        y += GROUP_HEAD + len(group.rows)
    return places, y, WIDE_PITCH if y <= ROOMY else CLOSE_PITCH


def _dumbbell_room(plot: Dumbbell) -> Room:
    names = [row.name for group in plot.groups for row in group.rows]
    names += [group.head for group in plot.groups if group.rows][:1]  # beside which the ends are named
    _, rows, pitch = dumbbell_places(plot.groups)
    left = gutter(names, style.NAME, most=DUMBBELL_NAMES, pad=14)
    return Room(pitch * rows, left, CHANGE + WAYS * (len(plot.heads) > 1), bottom=TICKS)


def _draw_dumbbell(pen: "Pen", plot: Dumbbell) -> None:
    (places, rows, pitch), room = dumbbell_places(plot.groups), _dumbbell_room(plot)
    _draw_percents(pen, plot, rows)
    for group, _, at in places:
        _draw_dumbbells(pen, group, at)
    names, at = [row for group, _, _ in places for row in group.rows], np.concatenate([at for _, _, at in places])
    write_names(pen, names, at, room=room.left, pitch=pitch, pad=14)
    for group, y, _ in places:  # a head over a rule across the figure
        pen.write("group", 0, y, group.head, colour=style.for_text(group.colour), shift=(-room.left, 0))
        ends = [-room.left / pen.wide, 1 + room.right / pen.wide]
        pen.line(ends, [y + GROUP_HEAD / 2] * 2, at="row", colour=style.LINE)
    for head, right in zip(plot.heads, (CHANGE, CHANGE + WAYS), strict=False):
        looks = {"at": "row", "colour": style.SOFT, "ha": "right", "va": MIDDLE}
        pen.write("head", 1, places[0][1], head, shift=(right, 0), **looks)
    _name_ends(pen, plot, places[0][0].rows[0], places[0][1])


def _draw_percents(pen: "Pen", plot: Dumbbell, rows: float) -> None:
    """Set the scale, with room beside the outermost values, and write its ticks below."""
    values = np.array([row.values for group in plot.groups for row in group.rows])
    per_point = values.max() / max(pen.wide - 2 * VALUE_ROOM, pen.wide / 3)
    low, high = min(0, values.min() - VALUE_ROOM * per_point), values.max() + VALUE_ROOM * per_point
    pen.span((low, high), (rows, 0))
    end = values.max() + VALUE_ROOM * per_point / 2
    room = (high - low) / pen.wide * (width(f"{end:.0f}%", TICK) + APART)
    ticks = np.arange(0, end, next(step for step in (0.5, 1, 2, 5, 10, 20, 50) if step >= room))
    for tick in ticks:
        pen.write("tick", tick, 0, f"{tick:g}" + plot.unit * bool(tick == ticks[-1]), shift=(0, -5))


def _draw_dumbbells(pen: "Pen", group: Group, at: np.ndarray) -> None:
    ax, colour = pen.ax, group.colour
    one, other = np.array([row.values for row in group.rows]).T
    ax.hlines(at, 0, ax.get_xlim()[1], color=style.GUIDE, lw=0.6, linestyles=(0, (1, 2)), zorder=1)
    ax.hlines(at, one, other, color=colour, lw=2.6, alpha=0.4, zorder=2, gid="link")
    ax.scatter(one, at, s=40, facecolors="white", edgecolors=colour, linewidths=1.8, zorder=3, gid="review")
    ax.scatter(other, at, s=52, color=colour, linewidths=0, zorder=4, gid="plan")
    pad = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for y, row in zip(at, group.rows, strict=True):
        side = 1 if row.values[1] > row.values[0] else -1
        for value, text, way, bold in zip(row.values, row.texts, (-side, side), (False, True), strict=True):
            looks = {"bold": bold, "colour": style.INK if bold else style.SOFT, "bbox": pad}
            pen.write("value", value, y, text, ha="left" if way > 0 else "right", shift=(way * 7, 0), **looks)
        change, *ways = row.sums
        pen.write("change", 1, y, change, colour=style.for_text(colour), shift=(CHANGE, 0))
        for text in ways:
            pen.write("ways", 1, y, text, shift=(CHANGE + WAYS, 0))


def _name_ends(pen: "Pen", plot: Dumbbell, first: Row, y: float) -> None:
    """Name the two ends once, above the first row; close ends are named side by side."""
    ends = sorted(zip(first.values, plot.ends, (style.SOFT, pen.focus), strict=True))
    close = (ends[1][0] - ends[0][0]) * pen.scale < sum(width(word, 9) for word in plot.ends) / 2 + 6
    for (value, word, colour), side, ha in zip(ends, (-3, 3), ("right", "left"), strict=True):
        looks = {"size": 9, "colour": colour, "ha": ha if close else "center", "va": MIDDLE}
        pen.write("head", value, y, word, shift=(side * close, 0), **looks)


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


def _tokens(head: str) -> list[str]:
    """Return a head as it is stacked: one character a line, a Latin word or a number on one line."""
    return [token for token in style.TOKEN.findall(head) if not token.isspace()]


def _cells_room(plot: Cells) -> Room:
    grid = grid_of(len(plot.names), plot.groups)
    high = HEAD * max(len(_tokens(head)) for head in plot.heads)
    heads = high if plot.stacked else min(max(width(head, HEAD) for head in plot.heads), HEAD_LATIN)
    left = gutter(plot.names, grid.size, most=CELL_NAMES + 14 * (not plot.stacked), pad=5)
    top = heads + 6 + GROUP_ROOM * any(plot.groups)
    return Room(grid.pitch * (grid.y[-1] + 1), left, sum(COLUMNS[len(plot.sums)]), top)


def _draw_cells(pen: "Pen", plot: Cells) -> None:
    grid = grid_of(len(plot.names), plot.groups)
    across, down = grid.x[-1] + 1, grid.y[-1] + 1
    pen.span((-0.5, across - 0.5), (down - 0.5, -0.5))
    pitch, left = pen.tall / down, _cells_room(plot).left
    write_names(pen, [Row(n) for n in plot.names], grid.y, room=left, pitch=pitch, size=grid.size, pad=5, ha="right")
    cells = [cell for row in plot.cells for cell in row]
    places = [(x, y) for y in grid.y for x in grid.x]
    pen.cells(places, [cell.ground for cell in cells], edge=0.9 if grid.pitch >= VALUES_FROM else 0.5)
    pen.hatch([place for place, cell in zip(places, cells, strict=True) if cell.hatched])
    scale = min(pitch, pen.wide / across * 1.4, MARK_PITCH) / MARK_PITCH
    for mark, ink in dict.fromkeys((cell.mark, cell.ink) for cell in cells if cell.mark):
        looks = {
            "dot": {"s": DOT * scale**2, "color": ink, "linewidths": 0},
            "ring": {"s": RING * scale**2, "facecolors": "white", "edgecolors": ink, "linewidths": 1.8 * scale},
        }
        marked = [place for place, cell in zip(places, cells, strict=True) if (cell.mark, cell.ink) == (mark, ink)]
        pen.ax.scatter(*zip(*marked, strict=True), zorder=3, gid=mark, **looks[mark])
    if grid.pitch >= VALUES_FROM:
        _write_cells(pen, [pair for pair in zip(places, cells, strict=True) if pair[1].text], pen.wide / across)
    _write_heads(pen, plot, grid)
    _write_sums(pen, plot, grid)


def _write_cells(pen: "Pen", cells: Sequence[tuple[tuple[float, float], Cell]], wide: float) -> None:
    """Write what stands in cells: larger in wide ones, on two lines what one does not hold, over a hatch."""
    size = WIDE_VALUE if wide >= WIDE_CELL else CELL_VALUE
    for (x, y), cell in cells:
        text = cell.text if width(cell.text, size) <= wide else cell.text.replace("→", "→\n")
        looks: Looks = {"size": size, "colour": style.on(cell.ground), "ha": "center", "linespacing": 1}
        looks |= {"bbox": {"facecolor": cell.ground, "edgecolor": "none", "pad": 0.5}} if cell.hatched else {}
        pen.write("value", x, y, text, va="center" if "\n" in text else MIDDLE, **looks)


def _write_heads(pen: "Pen", plot: Cells, grid: Grid) -> None:
    """Write the heads of the columns, stacked in Chinese, on their side in English, and their groups above."""
    for x, head in zip(grid.x, plot.heads, strict=True):
        if plot.stacked:
            _stack(pen, x, _tokens(head), at="column")
        else:
            short = style.shorten_end(head, HEAD, HEAD_LATIN)
            pen.write("head", x, 1, short, at="column", rotation=90, va="bottom", shift=(0, 4))
    top = pen.top_of("head") + 4
    for group in filter(None, dict.fromkeys(plot.groups)):
        members = grid.x[[name == group for name in plot.groups]]
        left, right = members[0] - 0.45, members[-1] + 0.45
        pen.line([left, right], [top, top], at="above", colour=style.RULE)
        short = style.shorten_end(group, style.SMALL, (right - left) * pen.scale).removeprefix("…")
        looks = {"at": "above", "size": style.SMALL, "bold": False, "ha": "center", "va": "baseline"}
        pen.write("group", (left + right) / 2, top, short, shift=(0, 4), **looks)


def _stack(pen: "Pen", x: float, tokens: Sequence[str], *, at: str, colour: str = style.INK, shift: float = 0) -> None:
    for up, token in enumerate(reversed(tokens)):
        pen.write("head", x, 1, token, at=at, colour=colour, shift=(shift, 5 + up * HEAD))


def _write_sums(pen: "Pen", plot: Cells, grid: Grid) -> None:
    size, shift = max(min(9, grid.size), 6.8), -2.0
    for column, room in zip(plot.sums, COLUMNS[len(plot.sums)], strict=True):
        shift += room
        for y, text in zip(grid.y, column.texts, strict=True):
            pen.write("sum", 1, y, text, size=size, colour=column.colour, shift=(shift, 0))
        tokens = [column.head] if column.head.isascii() else _tokens(column.head)
        middle = shift - max(width(token, HEAD) for token in tokens) / 2
        _stack(pen, 1, tokens, at="plot", colour=column.colour, shift=middle)


# The areas that open their sentences in a page, row by row: a row, a bar, a cell.

SIDES = (" ".join(REVIEW_ROLES), "plan")  # the roles of the left and the right side of words that set two groups apart
NOTHING = Cell(style.EMPTY)


def find_areas(figure: Figure, statuses: Mapping[str, str]) -> list[Area]:
    """Return the areas of a figure; ``statuses`` gives the keys of their names."""
    return list(KINDS[type(figure.plot)].areas(figure.plot, statuses)) if figure.plot else []


def _row(at: float) -> Span:
    return at - 0.5, at + 0.5


def _row_areas(rows: Iterable[tuple[float, Row]], asks: str) -> Iterator[Area]:
    for at, row in rows:
        yield Area(None, _row(at), " ".join([row.name, *row.texts]), {asks: row.key})


def _dumbbell_areas(plot: Dumbbell, _: object) -> Iterator[Area]:
    for group, _head, places in dumbbell_places(plot.groups)[0]:
        yield from _row_areas(zip(places, group.rows, strict=True), "t")


def _diverging_areas(plot: Diverging, _: object) -> Iterator[Area]:
    far = 10 * max(abs(row.values[0]) for side in plot.sides for row in side.rows)
    for side, roles, half in zip(plot.sides, SIDES, ((-far, 0.0), (0.0, far)), strict=True):
        for at, row in enumerate(side.rows):
            yield Area(half, _row(at), f"{side.name} {row.name}", {"w": row.key, "o": roles})


def _stacked_areas(plot: Stacked, statuses: Mapping[str, str]) -> Iterator[Area]:
    for at, row in enumerate(plot.rows):
        ends = [0.0, *accumulate(value / sum(row.values) for value in row.values)]
        for key, n, start, end in zip(plot.series, row.values, ends, ends[1:], strict=False):
            if n:
                asks = {"r": row.key, "t": statuses.get(key.label, "")}
                yield Area((start, end), _row(at), f"{row.name} {key.label} {n:g}", asks)


def _target_areas(plot: Targets, _: object) -> Iterator[Area]:
    return _row_areas(zip(target_places(plot), (*plot.rates, *plot.gaps), strict=True), "at")


def _cell_areas(plot: Cells, _: object) -> Iterator[Area]:
    grid, (reports, themes) = grid_of(len(plot.names), plot.groups), plot.keys
    for y, name, report, cells in zip(grid.y, plot.names, reports, plot.cells, strict=False):
        for x, head, theme, cell in zip(grid.x, plot.heads, themes, cells, strict=False):
            if cell != NOTHING:
                yield Area(_row(x), _row(y), f"{name} {head} {cell.text}".strip(), {"r": report, "t": theme})


KINDS: dict[type, Kind] = free_plots.KINDS | {
    Ranked: Kind(_bars_room, _draw_ranked, lambda plot, _: _row_areas(enumerate(plot.rows), "w")),
    Diverging: Kind(_diverging_room, _draw_diverging, _diverging_areas),
    Stacked: Kind(_bars_room, _draw_stacked, _stacked_areas),
    Targets: Kind(_targets_room, _draw_targets, _target_areas),
    Dumbbell: Kind(_dumbbell_room, _draw_dumbbell, _dumbbell_areas),
    Cells: Kind(_cells_room, _draw_cells, _cell_areas),
}
