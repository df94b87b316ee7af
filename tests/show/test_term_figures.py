"""Figures of words: rows and values as the table has them, and every number that a title or a sentence says."""

import drawing
import pandas as pd
import pytest
from drawing import ENGLISH, SCOPE

from kit.errors import TableError
from kit.show.count_figures import (
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
    ({}, SCOPE, "高频词排名"),
    ({"focus": ["养老", "道路"]}, SCOPE, "“养老”“道路”合计39次"),
    ({"focus": ["养老", "道路"]}, ENGLISH, "“养老” and “道路”: 39 times together"),
])  # fmt: skip
def test_the_title_describes_or_adds_up_the_focus(options, scope, said):
    assert build_terms(TERMS, scope, **options).title == said


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


def test_only_the_first_agencies_are_drawn_and_the_rest_is_said():
    many = pd.DataFrame({"report": range(1, 61), "agency": [f"第{n}局" for n in range(1, 61)],
                         "share_of_tokens": [n / 100 for n in range(1, 61)]})  # fmt: skip
    figure = build_agencies(many, SCOPE)
    assert len(figure.plot.rows) == 20
    assert figure.note == "注：列出前20家，其余40家见表。"


def test_a_count_is_not_compared_across_agencies():
    with pytest.raises(TableError, match=r"'n_hits' is a count, and .* at different length; expected a rate"):
        build_agencies(RATES.assign(n_hits=1), SCOPE, value="n_hits")


@pytest.mark.parametrize(("table", "message"), [
    (TERMS.drop(columns="n"), r"expected columns 'term' and 'n', missing \['n'\]"),
    (pd.concat([TERMS, TERMS]), "expected one row per term, found several; choose a group"),
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


def test_a_cloud_has_at_most_sixty_words_and_none_that_is_not_used():
    many = pd.DataFrame({"term": [f"第{n}项" for n in range(90)], "n": range(90, 0, -1)})
    assert len(build_cloud(many, SCOPE).plot.words) == 60
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
