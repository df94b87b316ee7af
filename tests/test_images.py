"""The main figures as pictures, compared with those in ``baseline/``.

A difference that is meant is stored by ``python .ci/store_outputs.py images``; look at the pictures before you commit
them.
"""

from pathlib import Path

import drawing
import pytest

from kit.show.bars import plot_terms
from kit.show.coverage import plot_coverage
from kit.show.dumbbell import plot_attention
from kit.show.heatmap import plot_heatmap
from kit.show.keyness import plot_keyness
from kit.show.statuses import plot_statuses
from kit.show.style import figure_of
from kit.show.targets import plot_targets

DPI, TOLERANCE, MOST_BYTES = (
    80,
    6,
    40_000,
)  # RMS of 255; a moved bar or a lost label is beyond, a renderer's edge is not
FULFILMENT = ("reported", "partly", "not mentioned")
PROMISES = drawing.statuses(6, FULFILMENT).assign(
    link=lambda t: ["doubtful" if n == 1 else "same" for n in t["report"]]
)
FIGURES = {
    "terms": (plot_terms, drawing.terms(12), ""),
    "keyness": (plot_keyness, drawing.keyness(16), ""),
    "themes": (plot_heatmap, drawing.theme_totals(6), ""),
    "coverage": (plot_coverage, drawing.coverage(6), "continuity"),
    "attention": (plot_attention, drawing.attention(), "continuity"),
    "statuses": (plot_statuses, drawing.statuses(6), "continuity"),
    "fulfilment": (plot_statuses, PROMISES, "fulfilment"),
    "targets": (plot_targets, drawing.targets(8), ""),
}


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", style="default", tolerance=TOLERANCE, savefig_kwargs={"dpi": DPI}, deterministic=True
)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("stem", FIGURES)
def test_figure(stem, lang):
    plot, table, measure = FIGURES[stem]
    return figure_of(plot(table, lang=lang, scope=drawing.scope(6, measure)))


def test_baselines_are_small_and_none_is_left_over():
    pictures = {file.name: file.stat().st_size for file in (Path(__file__).parent / "baseline").iterdir()}
    assert set(pictures) == {f"test_figure_{stem}-{lang}.png" for stem in FIGURES for lang in ("zh", "en")}
    assert max(pictures.values()) < MOST_BYTES
