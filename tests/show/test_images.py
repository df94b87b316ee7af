"""The main figures as pictures, compared with those in ``baseline/``.

A difference that is meant is stored by ``python .ci/store_outputs.py images``; look at the pictures before you commit
them.
"""

from dataclasses import replace
from pathlib import Path

import drawing
import pytest

from kit.show.commitment_figures import build_statuses, build_targets
from kit.show.count_figures import build_attention, build_coverage, build_heatmap, build_keyness, build_terms
from kit.show.draw import draw
from kit.show.plots import fit_titles

# RMS of 255: a moved bar or a lost label is beyond, a renderer's edge is not.
DPI, TOLERANCE, MOST_BYTES = 80, 6, 40_000
FULFILMENT = ("reported", "partly", "to check", "not mentioned")
PROMISES = drawing.statuses(6, FULFILMENT).assign(
    link=lambda t: ["doubtful" if n == 1 else "same" for n in t["report"]]
)
FIGURES = {
    "terms": (build_terms, drawing.terms(12)),
    "keyness": (build_keyness, drawing.keyness(16)),
    "themes": (build_heatmap, drawing.theme_totals(6)),
    "coverage": (build_coverage, drawing.coverage(6)),
    "attention": (build_attention, drawing.attention()),
    "statuses": (build_statuses, drawing.statuses(6)),
    "fulfilment": (build_statuses, PROMISES),
    "targets": (build_targets, drawing.targets(8)),
}


@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", style="default", tolerance=TOLERANCE, savefig_kwargs={"dpi": DPI}, deterministic=True
)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("stem", FIGURES)
def test_figure(stem, lang):
    build, table = FIGURES[stem]
    figure = build(table, drawing.scope(6, lang, two_years=stem == "fulfilment"))
    return draw(replace(figure, titles=fit_titles(figure))).figure


def test_baselines_are_small_and_none_is_left_over():
    pictures = {file.name: file.stat().st_size for file in (Path(__file__).parent / "baseline").iterdir()}
    assert set(pictures) == {f"test_figure_{stem}-{lang}.png" for stem in FIGURES for lang in ("zh", "en")}
    assert max(pictures.values()) < MOST_BYTES
