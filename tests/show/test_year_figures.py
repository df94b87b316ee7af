"""Figures of years and places: what they mark, what they leave open, and when they are not drawn."""

from dataclasses import replace
from itertools import pairwise

import drawing
import pandas as pd
import pytest

from kit.show.draw import to_png
from kit.show.figure import Bump, Dumbbell, Mark, Panels, Ranks, Row, Tracks
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
    return len(to_png(figure)) > 1000


@LANGS
def test_two_years_are_a_dumbbell_and_more_are_panels(lang):
    two, three = (build_years(drawing.shares(range(2023, end)), drawing.scope(6, lang)) for end in (2025, 2026))
    assert isinstance(two.plot, Dumbbell)
    assert two.plot.ends == ("2023", "2024")
    assert isinstance(three.plot, Panels)
    assert three.plot.heads == ("2023", "2024", "2025")
    assert draws(two)
    assert draws(three)


def test_a_missing_year_is_a_gap_with_a_tick_and_is_never_bridged():
    assert "断开" not in build_years(drawing.shares([2018, 2019, 2020]), drawing.scope(1)).note
    figure = build_years(drawing.shares([2018, 2019, 2021]), drawing.scope(1))
    assert "断开处" in figure.note
    assert figure.plot.heads == ("2018", "2019", "2020", "2021")
    assert all(panel.values[2] is None and panel.values[3] is not None for panel in figure.plot.rows)


def test_a_theme_of_another_list_is_a_gap_in_that_year_and_said():
    figure = build_years(drawing.shares([2022, 2023, 2024], gap={(2023, "safety")}), drawing.scope(1))
    panel = next(panel for panel in figure.plot.rows if panel.values[1] is None)
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
    assert len(figure.plot.rows if years > 2 else [row for g in figure.plot.groups for row in g.rows]) == 12


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
    assert [(round(a.column, 1), round(b.column, 1)) for a, b in pairwise(first.marks) if b.joined] == [
        (0.2, 0.8),
        (1.2, 1.8),
    ]
    assert first.marks[1].text in ("未达到", "missed")
    assert figure.plot.heads == ("2023", "2024", "2025")
    assert draws(figure)


def test_legend_and_notes_of_chains_are_of_the_rows_shown_and_an_open_answer_has_no_verdict():
    whole, one = (build_chains(drawing.chains(), drawing.scope(1), top=top) for top in (9, 1))
    assert [key.kind for key in whole.keys] == ["triangle", "dot", "half", "ring", "query"]
    assert [key.kind for key in one.keys] == ["triangle", "dot", "ring"]
    told = drawing.chains().assign(number_verdict="met")
    rows = build_chains(told, drawing.scope(1)).plot.rows
    assert {mark.kind for row in rows for mark in row.marks if mark.text} == {"dot", "half"}


def test_without_a_chain_it_is_said():
    figure = build_chains(drawing.chains(drawing.CHAIN[-2:]), drawing.scope(1))
    assert figure.plot is None
    assert "没有一项承诺" in figure.reason


@LANGS
def test_numbers_of_two_years_or_more_are_panels_in_one_unit_with_gaps(lang):
    figure = build_series(drawing.series(drawing.SERIES), drawing.scope(1, lang))
    gdp, jobs = figure.plot.rows  # one year with both is no series
    assert figure.plot.heads == ("2020", "2021", "2022", "2023")
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


def test_a_year_of_results_alone_takes_no_column_where_only_marks_are_drawn():
    rows = [("甲市", "gdp", year, 6.0 if year > 2012 else None, 6.5, "%", "met" if year > 2012 else "")
            for year in range(2012, 2024)]  # fmt: skip
    plot = build_headline_years(drawing.series(rows), drawing.scope(1)).plot
    assert plot.heads == tuple(map(str, range(2013, 2024)))
    assert [mark.column for mark in plot.rows[0].marks] == list(range(11))


def test_many_missed_targets_are_counted_where_their_names_find_no_room():
    rows = [
        (f"{name}县发展和改革委员会", "gdp", year, 6.0, 5.0, "%", "missed")
        for name in "甲乙丙"
        for year in (2021, 2022)
    ]
    figure = build_headline_years(drawing.series(rows), drawing.scope(3, "en"))
    assert figure.titles[1] == "0 of 6 headline targets with a result were met (6 were set)"
    one = build_headline_years(drawing.series(drawing.SERIES), drawing.scope(1, "en"))
    assert one.titles[0].endswith("missed: GDP growth 2021")


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
    lines = {row.values for row in figure.plot.rows}
    assert lines == {(3, 1, 2), (1, 2, 1), (6, None, 7)}
    assert draws(figure)


@LANGS
def test_two_places_are_a_dumbbell_and_eight_are_bars(lang):
    two = build_places(drawing.place_themes(["甲县", "乙县"]), drawing.scope(3, lang))
    assert isinstance(two.plot, Dumbbell)
    assert two.plot.ends == ("甲县", "乙县")
    eight = build_places(drawing.place_themes([f"{name}县" for name in "甲乙丙丁戊己庚辛"]), drawing.scope(36, lang))
    assert isinstance(eight.plot, Ranks)
    assert len(eight.plot.heads) == 8
    assert draws(two)
    assert draws(eight)


@pytest.mark.parametrize(("places", "said"), [({}, "rises"), ({1: 4}, "The order")])
def test_a_line_that_went_up_and_down_again_did_not_rise(places, said):
    ranks = {1: 8, 2: 7, 3: 6} | {number + 1: place for number, place in places.items()}
    rows = [(number, "health", place) for number, place in ranks.items()]
    rows += [(number, theme, place) for number in ranks for theme, place in (("safety", 1), ("culture", 2))]
    assert said in build_priorities(drawing.priorities(rows), drawing.scope(1, "en")).title


def test_places_of_one_report_each_are_not_said_to_be_sums():
    figure = build_places(drawing.place_themes(["甲县", "乙县"]).assign(of_reports=1), drawing.scope(2))
    assert "每地一篇报告" in figure.note
    assert "合计" not in figure.subtitle


LONG = "Regional cooperation and opening up*"


@pytest.mark.parametrize("ticks", [3, 12])
def test_names_of_panels_and_rows_stand_whole(ticks):
    heads, values = tuple(map(str, range(2012, 2012 + ticks))), (0.2,) * ticks
    panel = Row(LONG, values, ("0.2", *("",) * (ticks - 2), "0.2"))
    under = "Culture, Sports, Broadcasting and Tourism Bureau, km"
    held = replace(panel, targets=(None, *(0.3,) * (ticks - 1)), under=under)
    track = Row("修缮沙坞坪的甲号水渠、乙号泵站、丙号晒场、丁号林道和戊号渔港等设施", marks=(Mark(0, "dot"),))
    base = build_years(drawing.shares([2018, 2019, 2020]), drawing.scope(1, "en"))
    plots = [Panels((panel,) * 12, heads), Panels((held,) * 12, heads, shared=False), Tracks((track,) * 3, heads)]
    plots.append(Ranks((replace(panel, values=(1.0,) * 8, texts=("1.0",) * 8),) * 4, tuple("甲乙丙丁戊己庚辛")))
    for plot in plots:
        page = replace(base, plot=plot).draw().figure
        written = " ".join(text.get_text().replace("\n", " ") for text in drawing.drawn(page))
        assert "…" not in written
        assert drawing.overlaps(page) == drawing.outside(page) == []


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
