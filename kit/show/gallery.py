"""The figures of a briefing, in order: each with the table it is drawn from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import pandas as pd

from kit.measure.scoring import score_sample
from kit.read.compilation import Compilation
from kit.show.scope import scope_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Stem of the files: the function that draws, the table it draws, what the source line says it measures.
FIGURES = {
    "terms": ("bars.plot_terms", "terms", ""),
    "cloud": ("cloud.plot_cloud", "terms", ""),
    "keyness": ("keyness.plot_keyness", "keyness", ""),
    "themes": ("heatmap.plot_heatmap", "theme_totals", ""),
    "coverage": ("coverage.plot_coverage", "coverage", "continuity"),
    "attention": ("dumbbell.plot_attention", "attention", "continuity"),
    "statuses": ("statuses.plot_statuses", "statuses", "continuity"),
    "targets": ("targets.plot_targets", "targets", ""),
}
RELIABLE = 0.6  # F1 with a reader's coding from which on a theme is not marked as uncertain


@cache
def uncertain_themes() -> frozenset[str]:
    """Return the themes that agree too little with a reader's coding of the sample to be relied on."""
    scores = score_sample("themes")
    return frozenset(scores.loc[scores["f1"] < RELIABLE, "theme"])


@dataclass(frozen=True)
class Exhibit:
    """One figure: the stem of its files, the axes, the table it was drawn from."""

    stem: str
    axes: "Axes"
    table: pd.DataFrame


def draw_figure(
    stem: str, compilation: Compilation, measured: Mapping[str, pd.DataFrame], *, lang: str = "zh", **options: object
) -> Exhibit:
    """Draw one figure of a compilation.

    Parameters
    ----------
    stem : str
        A key of `FIGURES`.
    compilation : Compilation
    measured : mapping of str to DataFrame
        From `measure_all` and `summarise`.
    lang : {"zh", "en"}
    options
        Of the function that draws.

    Returns
    -------
    Exhibit
    """
    function, name, measure = FIGURES[stem]
    module, _, plot = function.partition(".")
    draw = getattr(import_module(f"kit.show.{module}"), plot)
    axes = draw(measured[name], lang=lang, scope=scope_of(compilation, measure=measure), **options)
    return Exhibit(stem, axes, measured[name])


def draw_figures(
    compilation: Compilation, measured: Mapping[str, pd.DataFrame], *, lang: str = "zh"
) -> Iterator[Exhibit]:
    """Draw the figures of a compilation one after the other, so that each can be written and closed.

    Parameters
    ----------
    compilation, measured, lang
        See `draw_figure`.

    Yields
    ------
    Exhibit
    """
    options = {"themes": {"uncertain": uncertain_themes()}}
    for stem in FIGURES:
        yield draw_figure(stem, compilation, measured, lang=lang, **options.get(stem, {}))
