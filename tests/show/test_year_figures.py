"""Figures of years and places: what they mark, what they leave open, and when they are not drawn."""

import drawing
import pandas as pd
import pytest

from kit.show.draw import to_png
from kit.show.figure import Bump, Dumbbell, Panels, Ranks, Tracks
from kit.show.year_figures import (
    build_chains,
    build_headline_years,
    build_places,
    build_priorities,
    build_series,
    build_word_years,
    build_years,
)

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])


def draws(figure) -> bool:
    return len(to_png(figure, dpi=40)) > 1000


@LANGS
def test_two_years_are_a_dumbbell_and_more_are_panels(lang):
    two, three = (build_years(drawing.shares(range(2023, end)), drawing.scope(6, lang)) for end in (2025, 2026))
    assert isinstance(two.plot, Dumbbell)
    assert two.plot.ends == ("2023", "2024")
    assert isinstance(three.plot, Panels)
    assert three.plot.ticks == ("2023", "2024", "2025")
    assert draws(two)
    assert draws(three)


def test_a_missing_year_is_a_gap_with_a_tick_and_is_never_bridged():
    figure = build_years(drawing.shares([2018, 2019, 2021]), drawing.scope(1))
    assert figure.plot.ticks == ("2018", "2019", "2020", "2021")
    assert all(panel.values[2] is None and panel.values[3] is not None for panel in figure.plot.panels)


def test_a_theme_of_another_list_is_a_gap_in_that_year_and_said():
    figure = build_years(drawing.shares([2022, 2023, 2024], gap={(2023, "safety")}), drawing.scope(1))
    panel = next(panel for panel in figure.plot.panels if panel.values[1] is None)
    assert panel.values[0] is not None
    assert "1个主题的词表各年不同" in figure.note


def test_the_title_names_what_gained_and_what_lost():
    figure = build_years(drawing.shares(range(2012, 2024)), drawing.scope(1))
    assert "安全" in figure.title.partition("占比上升")[0]
    assert "下降" in figure.title


@pytest.mark.parametrize(
    ("years", "themes"),
    [((2022, 2023, 2024), ("health", "safety", "culture")), (range(2012, 2024), ("planning", "economy", "land"))],
    ids=["four in a hundred sentences", "themes that are not read surely"],
)
def test_a_move_within_chance_or_of_an_uncertain_theme_makes_no_title(years, themes):
    assert build_years(drawing.shares(years, themes), drawing.scope(1)).title == "各主题占比的逐年变化"


@pytest.mark.parametrize("years", [2, 3, 6, 12])
@LANGS
def test_each_number_of_years_fits_the_page(years, lang):
    themes = tuple(dict.fromkeys(["party", "reform", "services", "digital", "safety", "enforcement", "economy", "projects", "innovation", "regional", "rural", "ecology", "land", "transport"]))  # fmt: skip
    figure = build_years(drawing.shares(range(2012, 2012 + years), themes), drawing.scope(1, lang))
    assert draws(figure)
    assert len(figure.plot.panels if years > 2 else [row for g in figure.plot.groups for row in g.rows]) == 12


def test_words_that_rose_and_fell_show_both_rates_and_leave_out_chance_and_single_reports():
    found = drawing.word_changes([("抗旱", 14, 0, 3.0, 4), ("审计", 12, 2, 2.5, 3), ("采茶", 9, 1, 2.2, 3), ("独有", 9, 0, 2.9, 1),
                   ("偶然", 6, 4, 0.5, 3), ("资金", 2, 15, -2.8, 2)])  # fmt: skip
    figure = build_word_years(found, drawing.scope(6))
    up, down = figure.plot.groups  # 独有 stands in one report of the later year alone
    assert [row.name for row in up.rows] == ["抗旱", "审计", "采茶"]
    assert [(row.name, row.values) for row in down.rows] == [("资金", (7.5, 1.0))]
    assert figure.plot.unit == ""
    assert draws(figure)


def test_few_changed_words_are_said_and_not_drawn():
    figure = build_word_years(drawing.word_changes([("抗旱", 14, 0, 3.0, 4)]), drawing.scope(6))
    assert figure.plot is None
    assert "不足3个（1个）" in figure.reason


@LANGS
def test_a_chain_is_a_row_of_promises_and_answers(lang):
    figure = build_chains(drawing.chains(), drawing.scope(1, lang))
    assert isinstance(figure.plot, Tracks)
    first, second = figure.plot.rows  # what is promised once is no chain
    assert [mark.kind for mark in first.marks] == ["triangle", "dot", "triangle", "ring", "triangle"]
    assert [mark.kind for mark in second.marks] == ["triangle", "query", "triangle", "half"]
    assert [(round(a, 1), round(b, 1)) for a, b in first.joined] == [(0.2, 0.8), (1.2, 1.8)]
    assert first.marks[1].text in ("未达到", "missed")
    assert figure.plot.heads == ("2023", "2024", "2025")
    assert draws(figure)


def test_without_a_chain_it_is_said():
    figure = build_chains(drawing.chains(drawing.CHAIN[-2:]), drawing.scope(1))
    assert figure.plot is None
    assert "没有一项承诺" in figure.reason


@LANGS
def test_numbers_of_two_years_or_more_are_panels_in_one_unit_with_gaps(lang):
    figure = build_series(drawing.series(drawing.SERIES), drawing.scope(1, lang))
    gdp, jobs = figure.plot.panels  # one year with both is no series
    assert figure.plot.ticks == ("2020", "2021", "2022", "2023")
    assert gdp.values == (6.5, 6.1, None, None)
    assert gdp.targets == (6.0, 6.5, None, 5.0)
    assert jobs.under == "人"
    assert jobs.values == (84_000.0, 82_000.0, 90_000.0, None)
    assert not figure.plot.shared
    assert draws(figure)


@LANGS
def test_headlines_by_year_mark_met_missed_and_what_is_not_given(lang):
    figure = build_headline_years(drawing.series(drawing.SERIES), drawing.scope(1, lang))
    gdp, jobs = figure.plot.rows
    assert [(mark.kind, mark.text) for mark in gdp.marks] == [("dot", "6→6.5"), ("ring", "6.5→6.1"), ("", "5→–")]
    assert jobs.marks[-1].text == "90000"
    assert figure.plot.heads == ("2020", "2021", "2022", "2023")
    assert draws(figure)


def test_headlines_by_year_show_bounds_and_no_verdict_without_its_result():
    rows = drawing.series(drawing.SERIES).assign(bound=["at least", "between", "about", "exact", "exact", "", "exact"])
    rows.loc[1, "target_to"] = 7.0
    rows.loc[4, "actual"] = None  # met by a stated completion of the plan
    figure = build_headline_years(rows, drawing.scope(1))
    gdp, jobs = figure.plot.rows
    assert [mark.text for mark in gdp.marks] == ["≥6→6.5", "6.5–7→6.1", "~5→–"]
    assert [(mark.kind, mark.text) for mark in jobs.marks][1] == ("", "80000→–")
    assert figure.title == "5个主要预期目标，3个有结果可对照：2个达到，未达到的是2021年地区生产总值"


def test_headlines_of_several_places_stand_under_their_indicator():
    other = [("乙市", *row[1:]) for row in drawing.SERIES[:3]]
    figure = build_headline_years(drawing.series(drawing.SERIES[:3] + other), drawing.scope(2))
    assert [(row.name, bool(row.marks)) for row in figure.plot.rows] == [
        ("地区生产总值（%）", False), ("甲市", True), ("乙市", True)]  # fmt: skip


@LANGS
def test_ranks_break_where_a_theme_leads_no_task(lang):
    rows = [(1, "health", 3), (1, "safety", 1), (1, "culture", 6), (2, "health", 1), (2, "safety", 2),
            (3, "health", 2), (3, "safety", 1), (3, "culture", 7)]  # fmt: skip
    figure = build_priorities(drawing.priorities(rows), drawing.scope(1, lang))
    assert isinstance(figure.plot, Bump)
    lines = {line.ranks for line in figure.plot.lines}
    assert lines == {(3, 1, 2), (1, 2, 1), (6, None, 7)}
    assert draws(figure)


@LANGS
def test_two_places_are_a_dumbbell_and_eight_are_bars(lang):
    two = build_places(drawing.place_themes(["甲县", "乙县"]), drawing.scope(3, lang))
    assert isinstance(two.plot, Dumbbell)
    assert two.plot.ends == ("甲县", "乙县")
    eight = build_places(drawing.place_themes([f"{name}县" for name in "甲乙丙丁戊己庚辛"]), drawing.scope(36, lang))
    assert isinstance(eight.plot, Ranks)
    assert len(eight.plot.names) == 8
    assert draws(two)
    assert draws(eight)


def test_a_place_of_one_report_says_so():
    figure = build_places(drawing.place_themes(["甲县", "乙县"]), drawing.scope(3))
    assert "甲县1篇" in figure.note
    assert "只有一篇报告的地区" in figure.note
    assert "体育" in figure.title


def test_one_place_is_not_drawn():
    assert build_places(drawing.place_themes(["甲县"]), drawing.scope(3)).plot is None


def test_nothing_is_said_of_no_rows():
    assert build_series(drawing.series([]), drawing.scope(1)).plot is None
    assert build_headline_years(drawing.series([]), drawing.scope(1)).plot is None
    assert build_priorities(drawing.priorities([]), drawing.scope(1)).plot is None
    assert pd.isna(drawing.series(drawing.SERIES)["actual"].iloc[2])
