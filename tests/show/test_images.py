"""The main figures as pictures, compared with those in ``baseline/``.

A difference that is meant is stored by ``python .ci/store_outputs.py images``; look at the pictures before you commit
them.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import drawing
import pytest

from kit.show.commitment_figures import build_statuses, build_targets
from kit.show.count_figures import build_attention, build_coverage, build_heatmap, build_keyness, build_terms
from kit.show.draw import draw
from kit.show.plots import fit_titles
from kit.show.year_figures import (
    build_chains,
    build_headline_years,
    build_place_words,
    build_place_years,
    build_places,
    build_priorities,
    build_series,
    build_word_years,
    build_years,
)

# RMS of 255: a moved bar or a lost label is beyond, a renderer's edge is not.
DPI, TOLERANCE, MOST_BYTES = 80, 6, 40_000
FULFILMENT = ("reported", "partly", "to check", "not mentioned")
PROMISES = drawing.statuses(6, FULFILMENT).assign(
    link=lambda t: ["doubtful" if n == 1 else "same" for n in t["report"]]
)
WORDS = [("抗旱", 14, 1, 3.0, 4), ("审计", 12, 2, 2.5, 3), ("采茶", 9, 1, 2.2, 3), ("资金", 2, 15, -2.8, 2)]
TASKS = [(1, "health", 3), (1, "safety", 1), (1, "culture", 6), (2, "health", 1), (2, "safety", 2), (3, "health", 2),
         (3, "safety", 1), (3, "culture", 7)]  # fmt: skip
FIGURES = {
    "terms": (build_terms, drawing.terms(12)),
    "keyness": (build_keyness, drawing.keyness(16)),
    "themes": (build_heatmap, drawing.theme_totals(6)),
    "coverage": (build_coverage, drawing.coverage(6)),
    "attention": (build_attention, drawing.attention()),
    "statuses": (build_statuses, drawing.statuses(6)),
    "fulfilment": (build_statuses, PROMISES),
    "targets": (build_targets, drawing.targets(8)),
    "years": (build_years, drawing.shares([2019, 2020, 2022, 2023], drawing.THEMES[:6], gap={(2020, "services")})),
    "word_years": (build_word_years, drawing.word_changes(WORDS)),
    "chains": (build_chains, drawing.chains()),
    "series": (build_series, drawing.series(drawing.SERIES)),
    "headline_years": (build_headline_years, drawing.series(drawing.SERIES)),
    "priorities": (build_priorities, drawing.priorities(TASKS)),
    "places": (build_places, drawing.place_themes(["甲县", "乙县"])),
    "many_places": (build_places, drawing.place_themes([f"{name}县" for name in "甲乙丙丁戊己庚辛"])),
    "place_words": (partial(build_place_words, places=["甲县", "乙县"]), drawing.word_changes(WORDS)),
    "place_years": (build_place_years, drawing.place_years()),
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
