"""Keyness: the published formulas in plain arithmetic."""

from math import log, log2, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import compilation

import kit
from kit import tables
from kit.errors import TableError
from kit.measure.keyness import compare_terms, log_likelihood
from kit.measure.tokens import find_tokens

TWO = compilation(
    ("县科技局", [("achievements", "", "企业企业学校。"), ("plan", "", "企业人才。")]),
    ("县教育局", [("achievements", "", "学校学校学校。"), ("plan", "", "学校人才人才。")]),
)
TOKENS = find_tokens(TWO)


def plain_keyness(y, other, total, of_other, prior):
    """Monroe, Colaresi & Quinn (2008), eq. 16 and 20–22, in scalars."""
    alpha = prior * (y + other) / (total + of_other)
    delta = log((y + alpha) / (total + prior - y - alpha)) - log((other + alpha) / (of_other + prior - other - alpha))
    return delta, delta / sqrt(1 / (y + alpha) + 1 / (other + alpha))


def plain_g2(a, b, c, d):
    n = a + b + c + d
    cells = [(a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c), (d, c + d, b + d)]
    return 2 * sum(o * log(o * n / (row * column)) for o, row, column in cells if o)


def test_plan_against_review_by_eye():
    table = compare_terms(TWO, TOKENS, focus={"side": "plan"}, reference={"side": "review"}, prior=10)
    table = tables.check(table, tables.KEYNESS).set_index("term")
    assert table.loc["人才", ["n", "n_reference", "n_reports", "n_reports_reference"]].tolist() == [3, 0, 2, 0]
    assert table.loc["学校", ["n", "n_reference", "n_reports", "n_reports_reference"]].tolist() == [1, 4, 1, 2]
    assert list(table.index) == ["人才", "企业", "学校"]
    for term, (y, other) in {"人才": (3, 0), "企业": (1, 2), "学校": (1, 4)}.items():
        delta, z = plain_keyness(y, other, 5, 6, 10)
        assert table.loc[term, ["log_odds", "z"]].tolist() == pytest.approx([delta, z])
        assert table.loc[term, "g2"] == pytest.approx(plain_g2(y, other, 5 - y, 6 - other))
    assert table.loc["学校", "log_ratio"] == pytest.approx(log2((1 / 5) / (4 / 6)))
    assert table.loc["人才", "log_ratio"] == pytest.approx(log2((3 / 5) / (0.5 / 6)))
    assert table.loc["学校", "per_10k_chars"] == pytest.approx(1 / 12 * 10_000)


def test_an_agency_is_compared_with_the_rest():
    table = compare_terms(TWO, TOKENS, focus={"agency": "县科技局"}).set_index("term")
    assert table.loc["企业", ["n", "n_reference"]].tolist() == [3, 0]


def test_one_compilation_is_compared_with_another():
    other = compilation(("县科技局", [("plan", "", "公园人才。")]))
    table = compare_terms(TWO, TOKENS, other=(other, find_tokens(other))).set_index("term")
    assert table.loc["人才", ["n", "n_reference"]].tolist() == [3, 1]
    assert table.loc["公园", ["n", "n_reference"]].tolist() == [0, 1]
    assert table.loc["公园", "kind"] == "word"


def test_rare_terms_can_be_left_out():
    assert set(compare_terms(TWO, TOKENS, focus={"side": "plan"}, min_n=4)["term"]) == {"学校"}


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({}, "expected a focus or another compilation, found neither"),
        ({"focus": {"town": "甲"}}, r"grouped by report, .*found \['town'\]"),
        ({"focus": {"side": "plans"}}, r"no text in group \{'side': 'plans'\}; the compilation has"),
        ({"focus": {"agency": "县水利局"}}, r"no text in group \{'agency': '县水利局'\}.*县教育局.*县科技局"),
    ],
)
def test_a_group_that_is_not_there_is_named(groups, message):
    with pytest.raises(TableError, match=message):
        compare_terms(TWO, TOKENS, **groups)


def test_a_compilation_without_plans_has_no_words_of_plans():
    reviews = compilation(("县教育局", [("achievements", "", "新建学校。")]))
    table = compare_terms(reviews, find_tokens(reviews), focus={"side": "plan"}, reference={"side": "review"})
    assert table.empty
    assert list(table) == list(tables.KEYNESS)


CELL = st.integers(0, 500)


@given(CELL, CELL, CELL, CELL)
def test_g2_equals_the_plain_formula(a, b, c, d):
    assert log_likelihood(*map(np.array, (a, b, c, d))) == pytest.approx(max(plain_g2(a, b, c, d), 0), abs=1e-6)


def test_the_two_directions_mirror_each_other_on_the_sample():
    reports = kit.read(kit.sample(2023))
    tokens = find_tokens(reports)
    plan, review = {"side": "plan"}, {"side": "review"}
    there = compare_terms(reports, tokens, focus=plan, reference=review).set_index("term")
    back = compare_terms(reports, tokens, focus=review, reference=plan).set_index("term").loc[there.index]
    np.testing.assert_allclose(there["z"], -back["z"], atol=1e-9)
    np.testing.assert_allclose(there["g2"], back["g2"], atol=1e-9)
    assert (there["n"] == back["n_reference"]).all()
