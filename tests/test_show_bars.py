"""Ranked bars: their widths, their order, and every number that a title or a sentence says."""

import drawing
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

from kit.errors import TableError
from kit.show.bars import plot_agencies, plot_spread, plot_terms
from kit.show.style import CONTEXT, FOCUS

TERMS = pd.DataFrame({"term": ["道路", "绿化", "信访", "养老", "预算"], "n": [9, 41, 17, 30, 12]}).assign(
    n_reports=[2, 5, 4, 3, 1], share_of_reports=lambda t: t["n_reports"] / 5, per_10k_chars=lambda t: t["n"] / 4
)
RATES = pd.DataFrame({"report": [1, 2, 3, 4], "agency": ["县卫健局", "县交通局", "县教育局", "县水利局"],
                      "share_of_tokens": [0.12, 0.31, 0.074, 0.2]})  # fmt: skip


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def title(ax):
    return "".join(drawing.texts(ax.figure, "title"))


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


@pytest.mark.parametrize("value", ["n", "per_10k_chars", "n_reports", "share_of_reports"])
def test_bars_are_the_values_in_descending_order(value):
    ax = plot_terms(TERMS, value=value)
    assert widths(ax) == sorted(TERMS[value], reverse=True)
    assert ax.get_xlim()[0] == 0
    order = list(TERMS.sort_values(value, ascending=False, kind="stable")["term"])
    assert drawing.texts(ax.figure, "name") == order
    assert [bar.get_y() for bar in ax.patches] == sorted(bar.get_y() for bar in ax.patches)


def test_values_stand_behind_their_bars():
    ax = plot_terms(TERMS)
    assert drawing.texts(ax.figure, "value") == ["41", "30", "17", "12", "9"]
    texts = [text for text in drawing.drawn(ax.figure) if text.get_gid() == "value"]
    for text, bar in zip(texts, ax.patches, strict=True):
        gap = text.get_window_extent().x0 - bar.get_window_extent().x1
        assert 3 <= gap * 72 / ax.figure.dpi <= 6


def test_the_top_is_cut_and_said():
    ax = plot_terms(TERMS, top=4)
    assert widths(ax) == [41, 30, 17, 12]
    assert drawing.texts(ax.figure, "subtitle") == ["出现次数（次），前4位"]


@pytest.mark.parametrize(("options", "said"), [
    ({}, "“绿化”用得最多（41次），“养老”“信访”次之"),
    ({"lang": "en"}, "“绿化” is used most (41 times); “养老” and “信访” follow"),
    ({"value": "per_10k_chars"}, "“绿化”用得最多（每万字10次），“养老”“信访”次之"),
    ({"value": "share_of_reports"}, "“绿化”用得最多（100%），“信访”“养老”次之"),
    ({"focus": ["养老", "道路"]}, "“养老”“道路”合计39次"),
    ({"focus": ["养老", "道路"], "lang": "en"}, "“养老” and “道路”: 39 times together"),
])  # fmt: skip
def test_the_title_says_what_the_table_says(options, said):
    assert title(plot_terms(TERMS, **options)).replace(" ", "") == said.replace(" ", "")


def test_a_tie_for_the_first_place_is_said_as_one():
    tied = TERMS.assign(n=[41, 41, 17, 30, 12])
    assert title(plot_terms(tied)) == "“道路”“绿化”并列最多（各41次）"
    assert title(plot_terms(tied.assign(n=7))) == "“道路”“绿化”“信访”“养老”“预算”并列最多（各7次）"
    many = drawing.terms(30).assign(n=7)
    assert title(plot_terms(many)) == "20个词语并列最多（各7次）"


def test_what_the_title_names_stands_out():
    for options, expected in (({}, [FOCUS, *[CONTEXT] * 4]), ({"focus": ["预算"]}, [*[CONTEXT] * 3, FOCUS, CONTEXT])):
        bars = plot_terms(TERMS, **options).patches
        assert [to_hex(bar.get_facecolor()).upper() for bar in bars] == expected


def test_fewer_than_four_terms_are_a_sentence():
    ax = plot_terms(TERMS.head(2))
    assert not ax.patches
    said = "".join(drawing.texts(ax.figure, "notice")).replace("\n", "")
    assert said == "词语不足4个（2个），不宜作条形图。数值：绿化 41次、道路 9次。"


def test_agencies_are_ranked_by_a_rate():
    ax = plot_agencies(RATES, "share_of_tokens")
    assert widths(ax) == [0.31, 0.2, 0.12, 0.074]
    assert drawing.texts(ax.figure, "value") == ["31%", "20%", "12%", "7.4%"]
    assert title(ax) == "县交通局最高（31%），县教育局最低（7.4%）"


def test_only_the_first_agencies_are_drawn_and_the_rest_is_said():
    many = pd.DataFrame({"report": range(1, 61), "agency": [f"第{n}局" for n in range(1, 61)],
                         "share_of_tokens": [n / 100 for n in range(1, 61)]})  # fmt: skip
    ax = plot_agencies(many, "share_of_tokens")
    assert len(ax.patches) == 20
    assert title(ax) == "第60局最高（60%）"
    assert drawing.texts(ax.figure, "note") == ["注：列出前20家，其余40家见表。"]


def test_a_count_is_not_compared_across_agencies():
    with pytest.raises(TableError, match=r"'n_hits' is a count, and .* at different length; expected a rate"):
        plot_agencies(RATES.assign(n_hits=1), "n_hits")


@pytest.mark.parametrize(("table", "message"), [
    (TERMS.drop(columns="n"), r"expected columns 'term' and 'n', missing \['n'\]"),
    (pd.concat([TERMS, TERMS]), "expected one row per term, found several; choose one group"),
])  # fmt: skip
def test_a_table_that_cannot_be_drawn_is_refused(table, message):
    with pytest.raises(TableError, match=message):
        plot_terms(table)


def test_more_than_three_focus_terms_are_none():
    with pytest.raises(TableError, match="expected at most 3 focus terms, found 4"):
        plot_terms(TERMS, focus=list(TERMS["term"][:4]))


SPREAD = pd.DataFrame(
    {
        "theme": ["party", "safety", "sports", "health", "land"],
        "n_reports": [3, 3, 1, 2, 0],
        "of_reports": 3,
        "dispersion_dp": [0.1, 0.05, 0.9, 0.4, 1.0],
    }
)


def test_themes_stand_from_everyones_to_one_agencys_own():
    axes = plot_spread(SPREAD)
    assert [bar.get_width() for bar in axes.patches] == [0.05, 0.1, 0.4, 0.9]
    assert drawing.texts(axes.figure, "value") == ["0.05 (3/3)", "0.10 (3/3)", "0.40 (2/3)", "0.90 (1/3)"]
    assert "2个主题各单位都写，1个主题只有一家写" in "".join(drawing.texts(axes.figure, "title"))
