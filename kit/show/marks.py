"""The marks of a figure that open their sentences in a page: where each stands, and what it asks for.

A mark asks by the attributes of the page's entries: ``w`` a word, ``t`` a theme or a status, ``r`` a report, ``o``
roles, ``at`` places of sentences. They lie over the chart as a layer of their own, since a chart is a picture to
readers that see nothing, and what they can open is not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from kit.show import style
from kit.show.figure import Cell, Cells, Diverging, Dumbbell, Figure, Ranked, Stacked, Targets
from kit.show.plots import GROUP_GAP, GROUP_HEAD, grid_of
from kit.tables import REVIEW_ROLES

SIDES = (" ".join(REVIEW_ROLES), "plan")  # the roles of the left and the right side of words that set two groups apart
NOTHING = Cell(style.EMPTY)
Span = tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """Where a mark stands in the data of the axes (``x`` None: across the whole figure), what it asks for, its name."""

    x: Span | None
    y: Span
    name: str
    asks: Mapping[str, str] = field(default_factory=dict)


def find_marks(figure: Figure, statuses: Mapping[str, str]) -> list[Mark]:
    """Return the marks of a figure, row by row; ``statuses`` gives the keys of their names."""
    kind = type(figure.plot)
    return list(MARKS[kind](figure.plot, statuses)) if kind in MARKS else []


def _row(at: float) -> Span:
    return at - 0.5, at + 0.5


def _of_ranked(plot: Ranked, _: object) -> Iterator[Mark]:
    for at, row in enumerate(plot.rows):
        yield Mark(None, _row(at), f"{row.name} {row.texts[0]}", {"w": row.key})


def _of_diverging(plot: Diverging, _: object) -> Iterator[Mark]:
    far = 10 * max(abs(row.values[0]) for side in plot.sides for row in side.rows)
    for side, roles, half in zip(plot.sides, SIDES, ((-far, 0.0), (0.0, far)), strict=True):
        for at, row in enumerate(side.rows):
            yield Mark(half, _row(at), f"{side.name} {row.name}", {"w": row.key, "o": roles})


def _of_stacked(plot: Stacked, statuses: Mapping[str, str]) -> Iterator[Mark]:
    for at, row in enumerate(plot.rows):
        ends = [0.0, *accumulate(value / sum(row.values) for value in row.values)]
        for key, n, start, end in zip(plot.series, row.values, ends, ends[1:], strict=False):
            if n:
                asks = {"r": row.key, "t": statuses.get(key.label, "")}
                yield Mark((start, end), _row(at), f"{row.name} {key.label} {n:g}", asks)


def _of_targets(plot: Targets, _: object) -> Iterator[Mark]:
    for at, row in enumerate((*plot.rates, *plot.gaps)):
        behind = at >= len(plot.rates) and bool(plot.rates)  # the head of the gaps stands between
        yield Mark(None, _row(at + behind), f"{row.name} {row.texts[0]}", {"at": row.key})


def _of_dumbbell(plot: Dumbbell, _: object) -> Iterator[Mark]:
    y = 0.0
    for group in (group for group in plot.groups if group.rows):
        y += GROUP_GAP * bool(y) + GROUP_HEAD
        for at, row in enumerate(group.rows):
            yield Mark(None, (y + at, y + at + 1), f"{row.name} {row.texts[0]} {row.texts[1]}", {"t": row.key})
        y += len(group.rows)


def _of_cells(plot: Cells, _: object) -> Iterator[Mark]:
    grid, (reports, themes) = grid_of(len(plot.names), plot.groups), plot.keys
    for y, name, report, cells in zip(grid.y, plot.names, reports, plot.cells, strict=False):
        for x, head, theme, cell in zip(grid.x, plot.heads, themes, cells, strict=False):
            if cell != NOTHING:
                yield Mark(_row(x), _row(y), f"{name} {head} {cell.text}".strip(), {"r": report, "t": theme})


MARKS: dict[type, Callable[[Any, Mapping[str, str]], Iterator[Mark]]] = {
    Ranked: _of_ranked,
    Diverging: _of_diverging,
    Stacked: _of_stacked,
    Targets: _of_targets,
    Dumbbell: _of_dumbbell,
    Cells: _of_cells,
}
