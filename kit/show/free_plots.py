"""Plots beside those of rows and cells: small multiples, tracks of marks, ranks over years, words that are placed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.show import style
from kit.show.figure import Bump, Cloud, Line, Links, Mark, Panel, Panels, Ranks, Track, Tracks, ink_of
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
SMALLEST, LARGEST, WORD_MARGIN, FINE = 9, 46, 10, 4  # of a cloud: sizes, room around a word, steps to the point
MIDDLE = "center_baseline"
TICK, TEXT = 7.5, 8
Points = Sequence[tuple[float, float | None]]
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


def _across(plot: Panels | Ranks) -> int:
    few = isinstance(plot, Panels) and len(plot.panels) > 9 and len(plot.ticks) <= FEW  # noqa: PLR2004
    return min(len(plot.panels), FEW if few else ACROSS)


def _wide(plot: Panels | Ranks, wide: float) -> float:
    across = _across(plot)
    return (wide - APART * (across - 1)) / across


def _called(panel: Panel, wide: float) -> tuple[str, float, list[str]]:
    """Return a panel's name, on two lines if need be, its size, and the lines under it."""
    return *style.fit_name(panel.name, 9.5, wide, PANEL_HEAD), wrap(panel.under, UNDER, wide)


def _head(plot: Panels) -> float:
    if plot.shared:
        return PANEL_HEAD
    called = (_called(panel, _wide(plot, style.INNER)) for panel in plot.panels)
    return HELD_HEAD + max(NAME_LINE * name.count("\n") + UNDER_LINE * len(under) for name, _, under in called)


def _tall(plot: Panels) -> float:
    return _head(plot) + (PANEL if plot.shared else HELD)


def _draw_panels(pen: "Pen", plot: Panels) -> None:
    """Draw each panel in its own box: name, line with its first and last value, years below."""
    pen.span((0, pen.wide), (pen.tall, 0))
    across, wide, tall = _across(plot), _wide(plot, pen.wide), _tall(plot)
    ends = _ends(plot.panels) if plot.shared else None
    others = [panel.values for panel in plot.panels] if plot.shared else []
    for at, panel in enumerate(plot.panels):
        left, top = (at % across) * (wide + APART), (at // across) * tall
        _draw_panel(pen, plot, panel, (left, top, wide), ends or _ends([panel]), others)


def _ends(panels: Sequence[Panel]) -> tuple[float, float]:
    """Return the scale: from zero where nothing is below, with room where values are close to each other."""
    known = [value for panel in panels for value in (*panel.values, *panel.targets) if value is not None]
    low, high = min([0.0, *known]) if len(panels) > 1 else min(known, default=0.0), max(known, default=1.0)
    room = (high - low or max(abs(high), 1)) * (0.15 if len(panels) > 1 else 0.6)  # of one: for its values
    return (low - room * (len(panels) == 1 or low < 0), high + room)


def _draw_panel(
    pen: "Pen", plot: Panels, panel: Panel, box: tuple[float, float, float], scale: tuple[float, float], others: list
) -> None:
    left, top, wide = box
    foot, head = top + _tall(plot) - PANEL_FOOT - 8, top + _head(plot)
    step = (wide - 2 * ENDS) / max(len(plot.ticks) - 1, 1)
    x = [left + ENDS + step * at for at in range(len(plot.ticks))] if len(plot.ticks) > 1 else [left + wide / 2]
    _name_panel(pen, panel, left, top, wide)

    def at(value: float) -> float:
        return foot - (value - scale[0]) / (scale[1] - scale[0]) * (foot - head)

    pen.line([left, left + wide], [foot] * 2, at="data", colour=style.GUIDE)
    for values in others:
        _draw_line(pen, _placed(x, values, at), style.LINE, 0.9, zorder=1)
    if not panel.targets:
        _draw_line(pen, _placed(x, panel.values, at), style.FOCUS, 1.8, zorder=3)
    marks = [(one, at(value)) for one, value in zip(x, panel.values, strict=True) if value is not None]
    if marks:
        xs, ys = np.array(marks).T
        pen.ax.scatter(xs, ys, s=22 if panel.targets else 9, color=style.FOCUS, zorder=4, lw=0)
    _draw_targets(pen, panel, x, at)
    _write_values(pen, panel, x, lambda value: min(at(value), foot - TEXT / 2 - 1))
    _write_years(pen, plot.ticks, x, foot)


def _name_panel(pen: "Pen", panel: Panel, left: float, top: float, wide: float) -> None:
    name, size, under = _called(panel, wide)
    below = NAME_LINE * name.count("\n")
    looks: dict[str, Any] = {"size": size, "va": "center" if below else MIDDLE, "linespacing": style.TWO_LEADING}
    pen.write("name", left, top + 8 + below / 2, name, at="data", bold=True, **looks)
    for line, words in enumerate(under):
        pen.write("agency", left, top + 19 + below + UNDER_LINE * line, words, at="data", va=MIDDLE)


def _write_values(pen: "Pen", panel: Panel, x: Sequence[float], at: Callable[[float], float]) -> None:
    """Write the values that have a text: beside the panel's first and last year, in others away from the target."""
    for number, (one, text) in enumerate(zip(x, panel.texts, strict=False)):
        value, goal = panel.values[number], next(iter(panel.targets[number : number + 1]), None)
        if text and value is not None:
            side = (number == len(x) - 1) - (number == 0)
            below = goal is not None and value < goal
            looks: dict[str, Any] = {
                "size": TEXT,
                "va": MIDDLE if side else "top" if below else "bottom",
                "halo": 3 * (not side),
            }
            shift = (6 * side, 0 if side else -4 if below else 4)
            pen.write("value", one, at(value), text, shift=shift, ha=("center", "left", "right")[side], **looks)


def _draw_targets(pen: "Pen", panel: Panel, x: Sequence[float], at: Callable[[float], float]) -> None:
    """Draw targets as ticks, each joined to its result."""
    half = min(5, 0.4 * (x[1] - x[0])) if len(x) > 1 else 5  # ticks of years beside each other stay apart
    for one, goal, value in zip(x, panel.targets, panel.values, strict=False):
        if goal is not None:
            pen.ax.plot([one - half, one + half], [at(goal)] * 2, color=style.SECOND, lw=2, zorder=3, gid="target")
        if goal is not None and value is not None:
            pen.ax.plot([one] * 2, [at(goal), at(value)], color=style.CONTEXT, lw=1, zorder=2)


def _write_years(pen: "Pen", ticks: Sequence[str], x: Sequence[float], y: float) -> None:
    """Write the years that have room, the first and the last always."""
    room = width("2024 ", TICK)
    shown = [len(ticks) - 1]
    for at in range(len(ticks) - 1):
        if (at == 0 or x[at] - x[shown[-1]] >= room or shown[-1] == len(ticks) - 1) and x[-1] - x[at] >= room:
            shown.append(at)
    for at in shown:
        looks = {"at": "data", "size": TICK, "ha": "center", "va": "top", "colour": style.FAINT}
        pen.write("tick", x[at], y, ticks[at], shift=(0, -2), **looks)


def _placed(x: Sequence[float], values: Sequence[float | None], at: Callable[[float], float]) -> Points:
    return [(one, None if value is None else at(value)) for one, value in zip(x, values, strict=True)]


def _draw_line(pen: "Pen", points: Points, colour: str, wide: float, *, zorder: float) -> None:
    """Draw a line that breaks where there is no value: a gap is never bridged."""
    for (x, y), (x_next, y_next) in pairwise(points):
        if y is not None and y_next is not None:
            looks: dict[str, Any] = {"color": colour, "lw": wide, "zorder": zorder, "solid_capstyle": "round"}
            pen.ax.plot([x, x_next], [y, y_next], gid="line", **looks)


# Bars side by side.


def _bars(plot: Ranks) -> float:
    return PANEL_HEAD + BAR * len(plot.names) + APART


def _draw_ranks(pen: "Pen", plot: Ranks) -> None:
    """Draw each panel's bars under its name; the names of the bars stand in every panel."""
    pen.span((0, pen.wide), (pen.tall, 0))
    across, wide = _across(plot), _wide(plot, pen.wide)
    room = min(max(width(name, TEXT) for name in plot.names) + 5, wide / 2)
    most = max((value for panel in plot.panels for value in panel.values if value is not None), default=1) or 1
    for at, panel in enumerate(plot.panels):
        left = (at % across) * (wide + APART)
        top = (at // across) * _bars(plot)
        _name_panel(pen, panel, left, top + 2, wide)
        for row, (name, value, text) in enumerate(zip(plot.names, panel.values, panel.texts, strict=True)):
            y = top + PANEL_HEAD + BAR * (row + 0.5)
            pen.write("name", left, y, shorten(name, TEXT, room - 4), at="data", size=TEXT, va=MIDDLE)
            if value is not None:
                long = value / most * (wide - room - 24)
                pen.ax.barh([y], [long], left=[left + room], height=BAR * 0.7, color=style.OTHERS, zorder=2)
                pen.write("value", left + room + long, y, text, size=TEXT, colour=style.SOFT, shift=(3, 0))


# Tracks.


def _track_places(rows: Sequence[Track]) -> tuple[list[float], float]:
    """Return where the rows stand in points from the top, and the height of all."""
    places, y = [], 0.0
    for row in rows:
        tall = TRACK if row.marks else HEADED
        places.append(y + tall / 2)
        y += tall
    return places, y


def _tracks_room(plot: Tracks) -> Room:
    names = gutter((row.name for row in plot.rows if row.marks), style.NAME, most=TRACK_NAMES, pad=12)
    left = max(names, gutter((row.under for row in plot.rows), UNDER, most=TRACK_NAMES, pad=12))
    return Room(_track_places(plot.rows)[1], left, top=TRACK_TOP)


def _draw_tracks(pen: "Pen", plot: Tracks) -> None:
    left = _tracks_room(plot).left
    places, tall = _track_places(plot.rows)
    pen.span((-0.5, len(plot.heads) - 0.5), (tall, 0))
    for column, head in enumerate(plot.heads):
        if len(plot.heads) <= CROWDED or column % 2 == (len(plot.heads) - 1) % 2:
            pen.write("head", column, 1, head, at="column", size=9, colour=style.SOFT, shift=(0, 6))
        if not any(mark.text and not mark.above for row in plot.rows for mark in row.marks):
            pen.ax.plot([column] * 2, [0, tall], color=style.LINE, lw=0.7, zorder=0)
    for row, y in zip(plot.rows, places, strict=True):
        if not row.marks:
            pen.write("group", 0, y, shorten(row.name, 9, left + pen.wide), size=9, shift=(-left, 0))
            continue
        name, size = style.fit_name(row.name, 9, left - 8, 0 if row.under else TRACK)
        looks = {"va": "center" if "\n" in name else MIDDLE, "linespacing": style.TWO_LEADING, "size": size}
        pen.write("name", 0, y - 4 * bool(row.under), name, shift=(-left, 0), **looks)
        if row.under:
            pen.write("agency", 0, y + 7, shorten(row.under, 7, left - 8), shift=(-left, 0))
        for one, other in row.joined:
            pen.ax.plot([one, other], [y, y], color=style.CONTEXT, lw=1, zorder=1, gid="link")
        for mark in row.marks:
            _draw_mark(pen, mark, y)


def _draw_mark(pen: "Pen", mark: Mark, y: float) -> None:
    ink = ink_of(mark.kind)
    looks: dict[str, dict[str, Any]] = {
        "triangle": {"marker": "^", "s": 40, "color": ink, "lw": 0},
        "dot": {"s": 40, "color": ink, "lw": 0},
        "ring": {"s": 32, "facecolors": "white", "edgecolors": ink, "lw": 1.6},
        "half": {"s": 32, "facecolors": "white", "edgecolors": ink, "lw": 1.6},
    }
    if mark.kind in looks:
        pen.ax.scatter([mark.column], [y], zorder=3, gid=mark.kind, **looks[mark.kind])
    if mark.kind == "half":
        half: dict[str, Any] = {"marker": "o", "ms": 6, "mfc": ink, "mec": "none", "fillstyle": "left"}
        pen.ax.plot([mark.column], [y], zorder=4, mfcalt="none", **half)
    if mark.kind in ("query", "dash"):
        sign = {"query": "?", "dash": "–"}[mark.kind]
        pen.write("value", mark.column, y, sign, size=10, colour=ink, ha="center", bold=mark.kind == "query")
    if mark.text:
        ha, shift = ("center", (0, 9)) if mark.above else ("left", (7, 0))
        looks_of = {"size": TEXT - mark.above, "colour": style.SOFT, "ha": ha}
        pen.write("value", mark.column, y, mark.text, shift=shift, **looks_of)


# Ranks.


def _bump_room(plot: Bump) -> Room:
    names = [f"10 {line.name}" for line in plot.lines]
    room = gutter(names, 9, most=BUMP_NAMES, pad=12)
    ranks = [rank for line in plot.lines for rank in line.ranks if rank is not None]
    return Room(BUMP * max(ranks), room + 14, room + 14, BUMP_TOP)


def _draw_bump(pen: "Pen", plot: Bump) -> None:
    room, x = _bump_room(plot).left, list(range(len(plot.ticks)))
    most = max(rank for line in plot.lines for rank in line.ranks if rank is not None)
    pen.span((-0.2, len(plot.ticks) - 0.8), (most + 0.5, 0.5))
    for at, tick in enumerate(plot.ticks):
        if len(x) <= CROWDED or at % 2 == (len(x) - 1) % 2:
            pen.write("head", at, 1, tick, at="column", size=9, colour=style.SOFT, shift=(0, 6))
    for line in sorted(plot.lines, key=lambda one: one.focus):
        colour = style.FOCUS if line.focus else style.CONTEXT
        points = list(zip(x, line.ranks, strict=True))
        _draw_line(pen, points, colour, 2.4 if line.focus else 1.4, zorder=3 if line.focus else 2)
        known = [(at, rank) for at, rank in points if rank is not None]
        xs, ys = np.array(known).T
        pen.ax.scatter(xs, ys, s=26 if line.focus else 16, color=colour, zorder=4, lw=0)
        _name_line(pen, line, known, len(x) - 1, room)


def _name_line(pen: "Pen", line: Line, known: Sequence[tuple[int, float]], last: int, room: float) -> None:
    """Name a line at the ends of the figure that it reaches."""
    looks: dict[str, Any] = {"size": 9, "bold": line.focus, "va": MIDDLE, "at": "data"}
    looks["colour"] = style.FOCUS if line.focus else style.SOFT
    for (at, rank), end, side, ha in ((known[0], 0, -1, "right"), (known[-1], last, 1, "left")):
        if at == end:
            name = shorten(line.name, 9, room - 8 - width(f"{rank:g} ", 9))
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
    Panels: Kind(lambda plot: Room(_tall(plot) * -(-len(plot.panels) // _across(plot))), _draw_panels),
    Ranks: Kind(lambda plot: Room(_bars(plot) * -(-len(plot.panels) // _across(plot))), _draw_ranks),
    Tracks: Kind(_tracks_room, _draw_tracks),
    Bump: Kind(_bump_room, _draw_bump),
    Links: Kind(lambda _: Room(300), _draw_links),
    Cloud: Kind(lambda _: Room(230), _draw_cloud),
}
