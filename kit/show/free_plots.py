"""Plots beside those of rows and cells: small multiples, tracks of marks, ranks over years, words that are placed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate, pairwise
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.show import style
from kit.show.figure import Bump, Cloud, Links, Mark, Panels, Ranks, Row, Rows, Tracks
from kit.show.style import gutter, shorten, width, wrap

if TYPE_CHECKING:
    from kit.show.draw import Pen

ACROSS, FEW = 3, 4  # panels side by side; four where there are many
PANEL, PANEL_HEAD, PANEL_FOOT, APART = 66, 26, 16, 14  # heights of a panel, of its head, its foot; the gap beside it
HELD, HELD_HEAD = 70, 31  # the same of panels with targets, whose values stand above or below their dots
NAME_LINE, UNDER, UNDER_LINE = 11, 7, 9  # of panels: heights of lines, size of what stands under a name
ENDS = 26  # room beside the first and last point for their values
BAR = 12  # of bars side by side: height of a row
TRACK, TRACK_NAMES, TRACK_TOP, HEADED = 26, 190, 20, 20  # of tracks: rows, names, heads of years, rows that are heads
BUMP, BUMP_NAMES, BUMP_TOP, CROWDED = 21, 112, 20, 8  # of ranks: rows, names, heads; years up to which all are named
NODE, LEAST_NODE, NODE_NAME, PUSHES = 9, 2, 9, 400  # radius of the largest node, and the least; names; rounds
SMALLEST, LARGEST, WORD_MARGIN, FINE = 9, 46, 10, 3  # of a cloud: sizes, room around a word, steps to the point
MIDDLE = "center_baseline"
TICK, TEXT = 7.5, 8
Span = tuple[float, float]


@dataclass(frozen=True)
class Room:
    """Height of a plot, and the room beside it for names, heads and the like."""

    height: float
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0


@dataclass(frozen=True)
class Area:
    """What opens its sentences in a page: its place in the axes (no ``x``: all across), its name, what it asks for."""

    x: Span | None
    y: Span
    name: str
    asks: Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of plot: the room that it takes, how it is drawn, its areas (by the keys of statuses)."""

    room: Callable[[Any], Room]
    draw: Callable[["Pen", Any], None]
    areas: Callable[[Any, Mapping[str, str]], Iterable[Area]] = lambda *_: ()


def _across(plot: Rows) -> int:
    few = isinstance(plot, Panels) and len(plot.rows) > 9 and len(plot.heads) <= FEW  # noqa: PLR2004
    return min(len(plot.rows), FEW if few else ACROSS)


def _called(row: Row, wide: float) -> tuple[str, float, list[str]]:
    """Return a panel's name, on two lines if need be, its size, and the lines under it."""
    return *style.fit_name(row.name, 9.5, wide, PANEL_HEAD), wrap(row.under, UNDER, wide)


def _wide(plot: Rows, wide: float) -> float:
    return (wide - APART * (_across(plot) - 1)) / _across(plot)


def _head(plot: Rows) -> float:
    """Return the height of a panel's head: where each has its own scale, of its name and what stands under it."""
    if not (isinstance(plot, Panels) and not plot.shared):
        return PANEL_HEAD
    called = (_called(row, _wide(plot, style.INNER)) for row in plot.rows)
    return HELD_HEAD + max(NAME_LINE * name.count("\n") + UNDER_LINE * len(under) for name, _, under in called)


def _tall(plot: Rows) -> float:
    if isinstance(plot, Panels):
        return _head(plot) + (PANEL if plot.shared else HELD)
    return PANEL_HEAD + BAR * len(plot.heads) + APART


def _panels_room(plot: Rows) -> Room:
    return Room(_tall(plot) * ceil(len(plot.rows) / _across(plot)))


def _place_panels(pen: "Pen", plot: Rows) -> Iterator[tuple[Row, float, float, float]]:  # left, top, width
    pen.span((0, pen.wide), (pen.tall, 0))
    across, wide = _across(plot), _wide(plot, pen.wide)
    for at, row in enumerate(plot.rows):
        yield row, (at % across) * (wide + APART), (at // across) * _tall(plot), wide


def _draw_panels(pen: "Pen", plot: Panels) -> None:
    """Draw each panel in its own box: name, line with its first and last value, years below."""
    count = len(plot.heads)
    for row, left, top, wide in _place_panels(pen, plot):
        foot, head = top + _tall(plot) - PANEL_FOOT - 8, top + _head(plot)
        place = partial(_place, ends=_ends(plot.rows if plot.shared else [row]), heights=(foot, head))
        x = left + (ENDS + np.linspace(0, wide - 2 * ENDS, count) if count > 1 else np.array([wide / 2]))
        _name_panel(pen, row, left, top, wide)
        pen.line([left, left + wide], [foot] * 2, at="data", colour=style.GUIDE)
        for other in plot.rows if plot.shared else ():
            _draw_line(pen, x, place(other.values), style.LINE, 0.9, zorder=1)
        y = place(row.values)
        if row.targets:
            _draw_targets(pen, x, place(row.targets), y)
        else:
            _draw_line(pen, x, y, style.FOCUS, 1.8, zorder=3)
        pen.ax.scatter(x, y, s=22 if row.targets else 9, color=style.FOCUS, zorder=4, lw=0)
        _write_values(pen, row, x, np.minimum(y, foot - TEXT / 2 - 1))
        _write_years(pen, plot.heads, x, foot)


def _place(values: Sequence[float | None], ends: Span, heights: Span) -> np.ndarray:
    return np.interp(np.array(values, dtype=float), ends, heights)  # a gap is no number, and is never bridged


def _ends(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the scale: from zero where nothing is below, with room where values are close to each other."""
    known = [value for row in rows for value in (*row.values, *row.targets) if value is not None]
    low, high = min([0.0, *known]) if len(rows) > 1 else min(known, default=0.0), max(known, default=1.0)
    room = (high - low or max(abs(high), 1)) * (0.15 if len(rows) > 1 else 0.6)  # of one: for its values
    return (low - room * (len(rows) == 1 or low < 0), high + room)


def _name_panel(pen: "Pen", row: Row, left: float, top: float, wide: float) -> None:
    name, size, under = _called(row, wide)
    below = NAME_LINE * name.count("\n")
    looks: dict[str, Any] = {"size": size, "va": "center" if below else MIDDLE, "linespacing": style.TWO_LEADING}
    pen.write("name", left, top + 8 + below / 2, name, at="data", bold=True, **looks)
    for line, words in enumerate(under):
        pen.write("agency", left, top + 19 + below + UNDER_LINE * line, words, at="data", va=MIDDLE)


def _write_values(pen: "Pen", row: Row, x: np.ndarray, y: np.ndarray) -> None:
    """Write the values that have a text: beside the panel's first and last year, in others away from the target."""
    targets = row.targets or (None,) * len(x)
    for at, (text, value, goal) in enumerate(zip(row.texts, row.values, targets, strict=False)):
        if text:
            side = (at == len(x) - 1) - (at == 0)
            below = goal is not None and value < goal
            va, shift = (MIDDLE, 0) if side else ("top", -4) if below else ("bottom", 4)
            looks: dict[str, Any] = {"size": TEXT, "va": va, "halo": 3 * (not side)}
            pen.write(
                "value", x[at], y[at], text, shift=(6 * side, shift), ha=("center", "left", "right")[side], **looks
            )


def _draw_targets(pen: "Pen", x: np.ndarray, goals: np.ndarray, y: np.ndarray) -> None:
    """Draw targets as ticks, each joined to its result."""
    half = min(5, 0.4 * (x[1] - x[0])) if len(x) > 1 else 5  # ticks of years beside each other stay apart
    looks: dict[str, Any] = {"capstyle": "projecting"}
    pen.ax.hlines(goals, x - half, x + half, color=style.SECOND, lw=2, zorder=3, gid="target", **looks)
    pen.ax.vlines(x, goals, y, color=style.CONTEXT, lw=1, zorder=2, **looks)


def _write_years(pen: "Pen", heads: Sequence[str], x: np.ndarray, y: float) -> None:
    """Write the years that have room, the first and the last always."""
    room, last = width("2024 ", TICK), len(heads) - 1
    shown = [last]
    for at in range(last):
        if (shown[-1] == last or x[at] - x[shown[-1]] >= room) and x[-1] - x[at] >= room:
            shown.append(at)
    for at in shown:
        looks = {"at": "data", "size": TICK, "ha": "center", "va": "top", "colour": style.FAINT}
        pen.write("tick", x[at], y, heads[at], shift=(0, -2), **looks)


def _draw_line(pen: "Pen", x: np.ndarray, y: np.ndarray, colour: str, wide: float, *, zorder: float) -> None:
    pen.ax.plot(x, y, gid="line", color=colour, lw=wide, zorder=zorder, solid_capstyle="round")


def _draw_ranks(pen: "Pen", plot: Ranks) -> None:
    """Draw each panel's bars under its name; the names of the bars stand in every panel."""
    most = max((value for row in plot.rows for value in row.values), default=1) or 1
    for row, left, top, wide in _place_panels(pen, plot):
        room = min(max(width(name, TEXT) for name in plot.heads) + 5, wide / 2)
        _name_panel(pen, row, left, top + 2, wide)
        for at, (name, value, text) in enumerate(zip(plot.heads, row.values, row.texts, strict=True)):
            y, long = top + PANEL_HEAD + BAR * (at + 0.5), value / most * (wide - room - 24)
            pen.write("name", left, y, shorten(name, TEXT, room - 4), at="data", size=TEXT, va=MIDDLE)
            pen.ax.barh([y], [long], left=[left + room], height=BAR * 0.7, color=style.OTHERS, zorder=2)
            pen.write("value", left + room + long, y, text, size=TEXT, colour=style.SOFT, shift=(3, 0))


# Tracks, and ranks over years.


def _write_heads(pen: "Pen", heads: Sequence[str]) -> None:
    """Write the years over their columns; of many every second one, the last always."""
    for column, head in enumerate(heads):
        if len(heads) <= CROWDED or column % 2 == (len(heads) - 1) % 2:
            pen.write("head", column, 1, head, at="column", size=9, colour=style.SOFT, shift=(0, 6))


def _tops(rows: Sequence[Row]) -> list[float]:
    """Return where rows of tracks begin, points from the top, and where the last one ends."""
    return [0.0, *accumulate(TRACK if row.marks else HEADED for row in rows)]


def _tracks_room(plot: Tracks) -> Room:
    names = gutter((row.name for row in plot.rows if row.marks), style.NAME, most=TRACK_NAMES, pad=12)
    left = max(names, gutter((row.under for row in plot.rows), UNDER, most=TRACK_NAMES, pad=12))
    return Room(_tops(plot.rows)[-1], left, top=TRACK_TOP)


def _draw_tracks(pen: "Pen", plot: Tracks) -> None:
    left, tops = _tracks_room(plot).left, _tops(plot.rows)
    pen.span((-0.5, len(plot.heads) - 0.5), (tops[-1], 0))
    _write_heads(pen, plot.heads)
    if not any(mark.text and not mark.above for row in plot.rows for mark in row.marks):
        pen.ax.vlines(range(len(plot.heads)), 0, tops[-1], color=style.LINE, lw=0.7, zorder=0, capstyle="projecting")
    for row, (top, low) in zip(plot.rows, pairwise(tops), strict=True):
        y = (top + low) / 2
        if not row.marks:
            pen.write("group", 0, y, shorten(row.name, 9, left + pen.wide), size=9, shift=(-left, 0))
            continue
        name, size = style.fit_name(row.name, 9, left - 8, 0 if row.under else TRACK)
        looks = {"va": "center" if "\n" in name else MIDDLE, "linespacing": style.TWO_LEADING, "size": size}
        pen.write("name", 0, y - 4 * bool(row.under), name, shift=(-left, 0), **looks)
        if row.under:
            pen.write("agency", 0, y + 7, shorten(row.under, 7, left - 8), shift=(-left, 0))
        for one, other in pairwise(row.marks):
            if other.joined:
                pen.ax.plot([one.column, other.column], [y, y], color=style.CONTEXT, lw=1, zorder=1, gid="link")
        for mark in row.marks:
            _draw_mark(pen, mark, y)


def _draw_mark(pen: "Pen", mark: Mark, y: float) -> None:
    ink, at, sign = mark.ink, ([mark.column], [y]), {"query": "?", "dash": "–"}.get(mark.kind, "")
    if mark.kind in ("triangle", "dot"):
        pen.ax.scatter(*at, zorder=3, marker="^" if mark.kind == "triangle" else "o", s=40, color=ink, lw=0)
    if mark.kind in ("ring", "half"):
        pen.ax.scatter(*at, zorder=3, s=32, facecolors="white", edgecolors=ink, lw=1.6)
    if mark.kind == "half":
        half: dict[str, Any] = {"marker": "o", "ms": 6, "mfc": ink, "mec": "none", "fillstyle": "left"}
        pen.ax.plot(*at, zorder=4, mfcalt="none", **half)
    if sign:
        pen.write("value", mark.column, y, sign, size=10, colour=ink, ha="center", bold=mark.kind == "query")
    if mark.text:
        ha, shift = ("center", (0, 9)) if mark.above else ("left", (7, 0))
        looks = {"size": TEXT - mark.above, "colour": style.SOFT, "ha": ha}
        pen.write("value", mark.column, y, mark.text, shift=shift, **looks)


def _bump_room(plot: Bump) -> Room:
    side = gutter([f"10 {row.name}" for row in plot.rows], 9, most=BUMP_NAMES, pad=12) + 14
    return Room(BUMP * _most(plot), side, side, BUMP_TOP)


def _most(plot: Bump) -> float:
    return max(rank for row in plot.rows for rank in row.values if rank is not None)


def _draw_bump(pen: "Pen", plot: Bump) -> None:
    x = np.arange(len(plot.heads))
    pen.span((-0.2, len(x) - 0.8), (_most(plot) + 0.5, 0.5))
    _write_heads(pen, plot.heads)
    for row in sorted(plot.rows, key=lambda one: one.focus):
        colour = style.FOCUS if row.focus else style.CONTEXT
        y = np.array(row.values, dtype=float)
        _draw_line(pen, x, y, colour, 2.4 if row.focus else 1.4, zorder=3 if row.focus else 2)
        pen.ax.scatter(x, y, s=26 if row.focus else 16, color=colour, zorder=4, lw=0)
        _name_line(pen, row, _bump_room(plot).left)


def _name_line(pen: "Pen", row: Row, room: float) -> None:
    """Name a line at the ends of the figure that it reaches."""
    looks: dict[str, Any] = {"size": 9, "bold": row.focus, "va": MIDDLE, "at": "data"}
    looks["colour"] = style.FOCUS if row.focus else style.SOFT
    for at, side, ha in ((0, -1, "right"), (len(row.values) - 1, 1, "left")):
        if (rank := row.values[at]) is not None:
            name = shorten(row.name, 9, room - 8 - width(f"{rank:g} ", 9))
            text = f"{rank:g} {name}" if side < 0 else f"{name} {rank:g}"
            pen.write("name", at, rank, text, ha=ha, shift=(side * 10, 0), **looks)


# Words that are placed: a network, a cloud.


def _draw_links(pen: "Pen", plot: Links) -> None:
    pen.span((0, pen.wide), (0, pen.tall))
    places = place_nodes(plot, pen.wide, pen.tall)
    most = max(strength for _, _, strength in plot.ties)
    looks: dict[str, Any] = {"color": style.CONTEXT, "zorder": 1, "gid": "tie", "solid_capstyle": "round"}
    for one, other, strength in plot.ties:
        pen.ax.plot(*np.array([places[one], places[other]]).T, lw=0.6 + 1.9 * (strength / most), **looks)
    sizes = np.array([size for _, size in plot.nodes])
    radius = np.maximum(NODE * np.sqrt(sizes / sizes.max()), LEAST_NODE)
    xy = np.array([places[name] for name, _ in plot.nodes])
    pen.ax.scatter(xy[:, 0], xy[:, 1], s=(2 * radius) ** 2, color=pen.focus, linewidths=0, zorder=2, gid="nodes")
    for (x, y), r, (name, _) in zip(xy, radius, plot.nodes, strict=True):
        looks = {"at": "data", "size": NODE_NAME, "ha": "center", "va": "top", "halo": 4}
        pen.write("name", x, y, name, shift=(0, -r - 1), **looks)


def place_nodes(plot: Links, wide: float, tall: float) -> Mapping[str, np.ndarray]:
    """Return the place of each node in points: springs pull ties together, names push each other apart."""
    names = [name for name, _ in plot.nodes]
    boxes = np.array([(width(name, NODE_NAME) + 10, 2 * NODE + NODE_NAME + 5) for name in names])
    xy = _spread(plot, names)
    low, high = boxes.max(axis=0) / 2, (wide, tall) - boxes.max(axis=0) / 2
    xy = low + (xy - xy.min(axis=0)) / np.ptp(xy, axis=0).clip(1e-9) * (high - low)
    return dict(zip(names, _apart(xy, boxes, (wide, tall)), strict=True))


def _spread(plot: Links, names: Sequence[str]) -> np.ndarray:
    """Place nodes as far from each other as the way between them is long (stress: Kamada & Kawai 1989)."""
    from scipy.optimize import minimize  # noqa: PLC0415, takes a while
    from scipy.sparse.csgraph import shortest_path  # noqa: PLC0415

    tied = np.zeros((len(names), len(names)))
    for one, other, _ in plot.ties:
        tied[names.index(one), names.index(other)] = 1
    ways = shortest_path(tied, directed=False)
    far = np.minimum(ways, ways[np.isfinite(ways)].max() + 1)  # so far where no way leads
    np.fill_diagonal(far, 1)

    def stress(flat: np.ndarray) -> tuple[float, np.ndarray]:
        """Return how far places are from what they should be, and its gradient."""
        xy = flat.reshape(-1, 2)
        apart = xy[:, None] - xy
        length = np.hypot(*apart.T)
        np.fill_diagonal(length, 1)
        lack = length / far - 1
        return (lack**2).sum() / 2, 2 * ((lack / far / length)[..., None] * apart).sum(axis=1).ravel()

    start = np.random.default_rng(plot.seed).uniform(-1, 1, 2 * len(names))
    return minimize(stress, start, jac=True, method="L-BFGS-B").x.reshape(-1, 2)


def _apart(xy: np.ndarray, boxes: np.ndarray, canvas: tuple[float, float]) -> np.ndarray:
    """Push boxes apart, along the shorter way, until none overlaps another or leaves the canvas."""
    pairs = [(one, other) for one in range(len(xy)) for other in range(one)]
    for _ in range(PUSHES):
        moved = False
        for one, other in pairs:
            apart = xy[one] - xy[other]
            lack = (boxes[one] + boxes[other]) / 2 - np.abs(apart)
            if (lack > 0).all():
                axis, moved = int(np.argmin(lack)), True
                push = (lack[axis] / 2 + 0.1) * (1 if apart[axis] >= 0 else -1)
                xy[[one, other], axis] += push, -push
        xy = np.clip(xy, boxes / 2, canvas - boxes / 2)
        if not moved:
            break
    return xy


def _draw_cloud(pen: "Pen", plot: Cloud) -> None:
    """Draw the words where the package wordcloud places them, in points; those that find no room are left out."""
    pen.span((0, pen.wide), (pen.tall, 0))
    leading = [style.drawable(word) for word, _ in plot.words[: plot.leading]]
    for (word, _), size, (top, left), _, _ in _place_words(plot, int(pen.wide * FINE), int(pen.tall * FINE)):
        x, y = pen.ink(word, size / FINE)  # its ink starts where room was kept for it
        colour = pen.focus if word in leading else style.OTHERS
        pen.write("word", left / FINE - x, top / FINE + y, word, size=size / FINE, colour=colour)


@cache
def _place_words(plot: Cloud, width: int, height: int) -> list[Any]:
    from wordcloud import WordCloud  # noqa: PLC0415, takes a while

    sizes = {"min_font_size": SMALLEST * FINE, "max_font_size": LARGEST * FINE, "relative_scaling": 0.5}
    sizes |= {"width": width, "height": height, "margin": WORD_MARGIN * FINE, "max_words": len(plot.words)}
    cloud = WordCloud(str(style.font_file()), prefer_horizontal=1.0, random_state=plot.seed, **sizes)
    return list(cloud.generate_from_frequencies({style.drawable(word): n for word, n in plot.words}).layout_)


KINDS = {
    Panels: Kind(_panels_room, _draw_panels),
    Ranks: Kind(_panels_room, _draw_ranks),
    Tracks: Kind(_tracks_room, _draw_tracks),
    Bump: Kind(_bump_room, _draw_bump),
    Links: Kind(lambda _: Room(300), _draw_links),
    Cloud: Kind(lambda _: Room(230), _draw_cloud),
}
