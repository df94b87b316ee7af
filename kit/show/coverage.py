"""The coverage figure: which themes a report takes up in its review, in its plan, in both, in neither."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.errors import TableError
from kit.show import style
from kit.show.heatmap import MOST, Grid, draw_cells, first_rows, lay_out, open_grid, pivot, write_column, write_heads
from kit.show.labels import fill, label, theme_heads, theme_labels
from kit.show.rows import notice
from kit.show.scope import Scope, agency_names
from kit.show.text import half_up

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STATES = ("both", "plan only", "review only", "neither")
COLUMN = 22  # room of one column of counts, points
DOT, RING = 72, 54  # areas in square points at the largest pitch
PITCH = 20


def plot_coverage(coverage: pd.DataFrame, *, min_sentences: int = 1, labels: Mapping[str, str] | None = None,
                  ax: "Axes | None" = None, lang: str = "zh", scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw four states per report and theme as a matrix of cells, dots and rings.

    Parameters
    ----------
    coverage : DataFrame
        `tables.COVERAGE`.
    min_sentences : int
        Sentences from which a theme counts as taken up, as the table was made; the note says it.
    labels : mapping of str to str, optional
        Names of the themes; default: those of ``scope``.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        Rows and columns by how often a theme stands in both, the most first. No rows, or more than sixty, are said.

    Raises
    ------
    TableError
        When the table's states were not made with ``min_sentences``.
    """
    _check_threshold(coverage, min_sentences)
    labels = labels or theme_labels(lang, scope.codebook if scope else None)
    wide = by_both(pivot(coverage, "state", labels))
    words = _words(wide, min_sentences, lang, scope)
    if not wide.size or len(wide) > MOST:
        return notice(words, "many_rows" if wide.size else "nothing", lang, ax, n=len(wide))
    heads = theme_heads(list(wide.columns), labels, lang)
    grid = lay_out(len(wide), [""] * wide.shape[1])
    names = agency_names(first_rows(coverage, wide.index), lang, scope)
    ax = open_grid(ax, words, grid, names, heads, lang, right=2 * COLUMN)
    states = wide.to_numpy()
    draw_cells(ax, grid, [style.BOTH if state == "both" else style.EMPTY for state in states.ravel()])
    _draw_marks(ax, grid, states)
    write_heads(ax, grid, heads, lang)
    for column, state, colour in ((0, "plan only", style.SECOND_TEXT), (1, "review only", style.FOCUS)):
        texts = [str(n) for n in (states == state).sum(axis=1)]
        write_column(ax, grid, texts, label("coverage", state, lang), COLUMN, right=column * COLUMN, colour=colour)
    return ax


def _check_threshold(coverage: pd.DataFrame, min_sentences: int) -> None:
    review, plan = (coverage[f"{role}_sentences"] >= min_sentences for role in ("review", "plan"))
    states = {(True, True): "both", (False, True): "plan only", (True, False): "review only"}
    expected = [states.get(pair, "neither") for pair in zip(review, plan, strict=True)]
    wrong = coverage["state"].to_numpy() != expected
    if wrong.any():
        row = coverage[wrong].iloc[0]
        message = (f"plot_coverage: state {row['state']!r} of report {row['report']}, theme {row['theme']!r} does not "
                   f"follow from min_sentences={min_sentences}; give the threshold of the table")  # fmt: skip
        raise TableError(message)


def by_both(wide: pd.DataFrame) -> pd.DataFrame:
    """Return states, reports by themes, with rows and columns ordered by how many are in both."""
    both = wide == "both"
    down = both.sum(axis=1).sort_values(ascending=False, kind="stable").index
    across = both.sum().sort_values(ascending=False, kind="stable").index
    return wide.loc[down, across]


def _words(wide: pd.DataFrame, min_sentences: int, lang: str, scope: Scope | None) -> style.Words:
    kinds = (("cell", style.BOTH), ("dot", style.SECOND), ("ring", style.FOCUS), ("cell", style.EMPTY))
    return style.Words(
        titles=_titles(wide, lang),
        subtitle=fill("coverage", "subtitle", lang, themes=wide.shape[1]),
        note=fill("coverage", "note", lang, n=min_sentences),
        keys=[
            style.Key(kind, label("states", state, lang), colour)
            for state, (kind, colour) in zip(STATES, kinds, strict=True)
        ],
    ).under(scope, lang)


def _titles(wide: pd.DataFrame, lang: str) -> list[str]:
    """Return the finding: what an average report has in its plan alone, or in its review alone."""
    plain = label("coverage", "plain", lang)
    if not wide.size:
        return [plain]
    counts = {state: (wide == state).to_numpy().sum() for state in STATES}
    mean = {state: f"{half_up(n / len(wide), 1)}".removesuffix(".0") for state, n in counts.items()}
    said = {"plan": mean["plan only"], "review": mean["review only"], "both": mean["both"], "themes": wide.shape[1]}
    one = "_one" if len(wide) == 1 else ""
    return [fill("coverage", f"{key}{one}", lang, **said) for key in ("finding", "finding_short")] + [plain]


def _draw_marks(ax: "Axes", grid: Grid, states: np.ndarray) -> None:
    """Draw a dot where only the plan takes a theme up, a ring where only the review does."""
    scale = min(style.size_of(ax)[1] / grid.down, style.size_of(ax)[0] / grid.across * 1.4, PITCH) / PITCH
    places = {state: [(x, y) for y, row in zip(grid.y, states, strict=True)
                      for x, found in zip(grid.x, row, strict=True) if found == state]
              for state in ("plan only", "review only")}  # fmt: skip
    for state, points in places.items():
        x, y = zip(*points, strict=True) if points else ((), ())
        if state == "plan only":
            ax.scatter(x, y, s=DOT * scale**2, color=style.SECOND, linewidths=0, zorder=3, gid=state)
        else:
            ax.scatter(x, y, s=RING * scale**2, facecolors="white", edgecolors=style.FOCUS,
                       linewidths=1.8 * scale, zorder=3, gid=state)  # fmt: skip
