"""Figures of words: rows and values as the table has them, and every number that a title or a sentence says."""

import drawing
import pandas as pd
import pytest
from drawing import ENGLISH, SCOPE

from kit.errors import TableError
from kit.show.term_figures import (
    build_agencies,
    build_cloud,
    build_keyness,
    build_network,
    build_spread,
    build_terms,
    strongest,
)

TERMS = pd.DataFrame({"term": ["道路", "绿化", "信访", "养老", "预算"], "n": [9, 41, 17, 30, 12]}).assign(
    n_reports=[2, 5, 4, 3, 1], share_of_reports=lambda t: t["n_reports"] / 5, per_10k_chars=lambda t: t["n"] / 4
)
RATES = pd.DataFrame({"report": [1, 2, 3, 4], "agency": ["县卫健局", "县交通局", "县教育局", "县水利局"],
                      "share_of_tokens": [0.12, 0.31, 0.074, 0.2]})  # fmt: skip


def values(figure):
    return [row.values[0] for row in figure.plot.rows]


def texts(figure):
    return [row.texts[0] for row in figure.plot.rows]


@pytest.mark.parametrize("value", ["n", "per_10k_chars", "n_reports", "share_of_reports"])
def test_terms_stand_in_descending_order(value):
    figure = build_terms(TERMS, SCOPE, value=value)
    assert values(figure) == sorted(TERMS[value], reverse=True)
    order = list(TERMS.sort_values(value, ascending=False, kind="stable")["term"])
    assert [row.name for row in figure.plot.rows] == order
    assert figure.table is TERMS


def test_the_top_is_cut_and_said():
    figure = build_terms(TERMS, SCOPE, top=4)
    assert (values(figure), texts(figure)) == ([41, 30, 17, 12], ["41", "30", "17", "12"])
    assert figure.subtitle == "出现次数（次），前4位"


@pytest.mark.parametrize(("options", "scope", "said"), [
    ({}, SCOPE, "“绿化”用得最多（41次），“养老”“信访”次之"),
    ({}, ENGLISH, "“绿化” is used most (41 times); “养老” and “信访” follow"),
    ({"value": "per_10k_chars"}, SCOPE, "“绿化”用得最多（每万字10次），“养老”“信访”次之"),
    ({"value": "share_of_reports"}, SCOPE, "“绿化”用得最多（100%），“信访”“养老”次之"),
    ({"focus": ["养老", "道路"]}, SCOPE, "“养老”“道路”合计39次"),
    ({"focus": ["养老", "道路"]}, ENGLISH, "“养老” and “道路”: 39 times together"),
])  # fmt: skip
def test_the_title_says_what_the_table_says(options, scope, said):
    assert build_terms(TERMS, scope, **options).title == said


@pytest.mark.parametrize(("table", "said"), [
    (TERMS.assign(n=[41, 41, 17, 30, 12]), "“道路”“绿化”并列最多（各41次）"),
    (TERMS.assign(n=7), "“道路”“绿化”“信访”“养老”“预算”并列最多（各7次）"),
    (drawing.terms(30).assign(n=7), "20个词语并列最多（各7次）"),
])  # fmt: skip
def test_a_tie_for_the_first_place_is_said_as_one(table, said):
    assert build_terms(table, SCOPE).title == said


@pytest.mark.parametrize(("options", "marked"), [({}, ["绿化"]), ({"focus": ["预算"]}, ["预算"])])
def test_what_the_title_names_stands_out(options, marked):
    assert [row.name for row in build_terms(TERMS, SCOPE, **options).plot.rows if row.focus] == marked


def test_fewer_than_four_terms_are_a_sentence():
    figure = build_terms(TERMS.head(2), SCOPE)
    assert figure.plot is None
    assert figure.reason == "词语不足4个（2个），不宜作条形图。数值：绿化 41次、道路 9次。"


def test_agencies_are_ranked_by_a_rate():
    figure = build_agencies(RATES, SCOPE)
    assert values(figure) == [0.31, 0.2, 0.12, 0.074]
    assert texts(figure) == ["31%", "20%", "12%", "7.4%"]
    assert figure.title == "县交通局最高（31%），县教育局最低（7.4%）"


def test_only_the_first_agencies_are_drawn_and_the_rest_is_said():
    many = pd.DataFrame({"report": range(1, 61), "agency": [f"第{n}局" for n in range(1, 61)],
                         "share_of_tokens": [n / 100 for n in range(1, 61)]})  # fmt: skip
    figure = build_agencies(many, SCOPE)
    assert len(figure.plot.rows) == 20
    assert figure.title == "第60局最高（60%）"
    assert figure.note == "注：列出前20家，其余40家见表。"


def test_a_count_is_not_compared_across_agencies():
    with pytest.raises(TableError, match=r"'n_hits' is a count, and .* at different length; expected a rate"):
        build_agencies(RATES.assign(n_hits=1), SCOPE, value="n_hits")


@pytest.mark.parametrize(("table", "message"), [
    (TERMS.drop(columns="n"), r"expected columns 'term' and 'n', missing \['n'\]"),
    (pd.concat([TERMS, TERMS]), "expected one row per term, found several; choose one group"),
])  # fmt: skip
def test_a_table_that_cannot_be_drawn_is_refused(table, message):
    with pytest.raises(TableError, match=message):
        build_terms(table, SCOPE)


def test_more_than_three_focus_terms_are_none():
    with pytest.raises(TableError, match="expected at most 3 focus terms, found 4"):
        build_terms(TERMS, SCOPE, focus=list(TERMS["term"][:4]))


def test_themes_stand_from_everyones_to_one_agencys_own():
    spread = pd.DataFrame({"theme": ["party", "safety", "sports", "health", "land"], "n_reports": [3, 3, 1, 2, 0],
                           "of_reports": 3, "dispersion_dp": [0.1, 0.05, 0.9, 0.4, 1.0]})  # fmt: skip
    figure = build_spread(spread, SCOPE)
    assert values(figure) == [0.05, 0.1, 0.4, 0.9]
    assert texts(figure) == ["0.05 (3/3)", "0.10 (3/3)", "0.40 (2/3)", "0.90 (1/3)"]
    assert figure.title == "2个主题各单位都写，1个主题只有一家写"


@pytest.mark.parametrize(("n", "said"), [
    ([9, 8, 7, 6], "“项目”“服务”“安全”出现最多"),
    ([9, 8, 7, 7], "常用词语一览"),  # a tie: no three words lead
])  # fmt: skip
def test_the_title_of_a_cloud_is_a_finding_only_where_there_is_one(n, said):
    assert build_cloud(drawing.terms(4).assign(n=n), SCOPE).title == said


def test_a_cloud_has_at_most_sixty_words_and_none_that_is_not_used():
    many = pd.DataFrame({"term": [f"第{n}项" for n in range(90)], "n": range(90, 0, -1)})
    assert len(build_cloud(many, SCOPE, most=80).plot.words) == 60
    assert len(build_cloud(many.assign(n=many["n"].where(many["n"] > 80, 0)), SCOPE).plot.words) == 10


WORDS = pd.DataFrame(
    [("完成", -7.2, 2, 60, 2, 9), ("荣获", -5.0, 1, 30, 1, 6), ("拓展", 6.8, 40, 3, 8, 2), ("推动", 5.4, 50, 9, 9, 3),
     ("试点", 2.9, 12, 2, 4, 1), ("偶然", 1.9, 12, 9, 4, 4), ("罕见", 3.1, 4, 0, 2, 0), ("独家", 4.4, 30, 0, 1, 0)],
    columns=["term", "z", "n", "n_reference", "n_reports", "n_reports_reference"],
)  # fmt: skip


def test_left_the_reference_right_the_focus():
    """Chance, rare words and words of a single report are left out."""
    left, right = build_keyness(WORDS, SCOPE).plot.sides
    assert [(row.name, row.values[0], row.texts[0]) for row in left.rows] == [
        ("完成", -7.2, "7.2"),
        ("荣获", -5.0, "5.0"),
    ]
    assert [row.name for row in right.rows] == ["拓展", "推动", "试点"]
    assert (left.name, right.name) == ("总结", "计划")


@pytest.mark.parametrize(("scope", "said"), [
    (SCOPE, "计划偏爱“拓展”“推动”，总结多用“完成”“荣获”"),
    (ENGLISH, "The plan prefers “拓展” and “推动”, the review “完成” and “荣获”"),
])  # fmt: skip
def test_the_title_names_the_strongest_words_of_both_sides(scope, said):
    assert build_keyness(WORDS, scope).title == said


def test_groups_can_have_names_of_their_own():
    left, right = build_keyness(WORDS, SCOPE, focus="县卫健局", reference="其他单位").plot.sides
    assert (left.head, right.head) == ("← 更偏其他单位", "更偏县卫健局 →")


def test_a_group_of_one_report_keeps_its_words():
    assert list(strongest(WORDS.assign(n_reports=1), 3)[1]["term"]) == ["拓展", "推动", "独家"]


def test_fewer_than_five_words_are_said():
    assert "不足5个（3个）" in build_keyness(WORDS[WORDS["z"] > 0], SCOPE).reason


PAIRS = drawing.pairs()


def test_the_strongest_ties_of_few_terms():
    plot = build_network(PAIRS, SCOPE).plot
    names = [name for name, _ in plot.nodes]
    assert 5 <= len(plot.ties) <= 60
    assert len(names) == len(set(names)) <= 30
    assert set(PAIRS["term_a"].head(3)) <= set(names)
    assert {name for one, other, _ in plot.ties for name in (one, other)} == set(names)


def test_rare_pairs_and_pairs_below_chance_are_left_out():
    weak = PAIRS.assign(log_ratio=[1.0 if at < 10 else -1.0 for at in range(len(PAIRS))])
    assert len(build_network(weak, SCOPE).plot.ties) == 10
    assert "不足5条（0条）" in build_network(PAIRS.assign(n_sentences=2), SCOPE).reason


def test_the_title_names_the_strongest_tie():
    first = PAIRS.sort_values("g2").iloc[-1]
    said = f"“{first['term_a']}”与“{first['term_b']}”联系最紧，{first['n_sentences']}句中同时出现"
    assert build_network(PAIRS, SCOPE).title == said
