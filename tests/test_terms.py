"""Counts of terms equal a plain count, group by group; officialese has its share."""

import re
from collections import defaultdict
from functools import cache

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings
from small import compilation

import kit
from kit import tables
from kit.errors import TableError
from kit.measure.chars import count_chars
from kit.measure.lexicon import read_lexicon
from kit.measure.terms import GROUPINGS, MATTER, count_officialese, count_terms
from kit.measure.tokens import find_longest, find_tokens

TWO = compilation(
    ("县科技局", [("achievements", "一、", "培育企业。企业来了。"), ("plan", "二、", "培育人才。")]),
    (
        "县教育局",
        [("achievements", "一、", "学校建成。 "), ("problems", "二、", "人才不足。"), ("plan", "三、", "人才到来。")],
    ),
    ("县教育局", [("plan", "", "人才到来。")]),
    copies={3: 2},
)
TOKENS = find_tokens(TWO)


@cache
def sample(year):
    reports = kit.read(kit.sample(year))
    return reports, find_tokens(reports)


def side(role):
    return {"plan": "plan", "achievements": "review", "highlights": "review"}.get(role)


def plain_count(reports, tokens, by, kinds, *, copies=False):
    """Count in loops: {(group, term): (n, per 10,000, reports, share of reports, DP)}."""
    rows = {row.report: row for row in reports.reports.itertuples() if copies or pd.isna(row.copy_of)}
    chars = defaultdict(lambda: defaultdict(int))  # group → report → characters
    n = defaultdict(lambda: defaultdict(int))  # (group, term) → report → occurrences

    def group_of(report, role):
        known = {"report": report, "role": role, "side": side(role), "agency": rows[report].agency,
                 "sector": rows[report].sector, "level": rows[report].level}  # fmt: skip
        return tuple(known[name] for name in by)

    for row in reports.sentences.itertuples():
        size = len("".join(reports.text[row.start : row.end].split()))
        if row.report in rows and row.role in tables.BODY_ROLES and size:
            chars[group_of(row.report, row.role)][row.report] += size
    chars = {group: sizes for group, sizes in chars.items() if None not in group}
    terms = set()
    for row in tokens.itertuples():
        if row.report in rows and row.kind in kinds and group_of(row.report, row.role) in chars:
            n[group_of(row.report, row.role), row.term][row.report] += 1
            terms.add(row.term)
    counted = {}
    for group, sizes in chars.items():
        total = sum(sizes.values())
        for term in terms:
            used = n[group, term]
            all_of = sum(used.values())
            gaps = [abs(used[report] / all_of - size / total) for report, size in sizes.items()] if all_of else []
            dp = sum(gaps) / 2 if all_of and len(sizes) > 1 else None
            reports_with = sum(1 for count in used.values() if count)
            counted[group, term] = (all_of, all_of / total * 10_000, reports_with, reports_with / len(sizes), dp)
    return counted


def counted(table, by):
    values = table[["n", "per_10k_chars", "n_reports", "share_of_reports", "dispersion_dp"]].itertuples(index=False)
    groups = table[list(by)].itertuples(index=False, name=None)
    return {
        (group, term): tuple(None if pd.isna(value) else pytest.approx(value) for value in row)
        for group, term, row in zip(groups, table["term"], values, strict=True)
    }


def test_a_count_checked_by_eye():
    table = count_terms(TWO, TOKENS).set_index("term")
    assert table.loc["企业", ["n", "n_reports", "share_of_reports"]].tolist() == [2, 1, 0.5]
    assert table.loc["人才", "n"] == 3  # the copy is counted once
    assert table.loc["企业", "per_10k_chars"] == pytest.approx(2 / 40 * 10_000)
    # report 1 has 19 of 40 characters and all of the term; report 2 the rest and none: DP = (21/40 + 21/40) / 2
    assert table.loc["企业", "dispersion_dp"] == pytest.approx(21 / 40)


def test_grouped_the_grid_is_complete():
    table = count_terms(TWO, TOKENS, by="agency")
    assert len(table) == 2 * table["term"].nunique()
    assert table.query("term == '学校' and agency == '县科技局'")["n"].item() == 0


def test_sides_leave_out_what_is_neither():
    table = count_terms(TWO, TOKENS, by=["side"]).set_index(["side", "term"])
    assert table.loc[("plan", "人才"), "n"] == 2
    assert table.loc[("review", "人才"), "n"] == 0
    assert set(table.index.get_level_values("side")) == {"plan", "review"}


def test_copies_are_counted_when_asked_for():
    assert count_terms(TWO, TOKENS, copies=True).set_index("term").loc["人才", "n"] == 4


def test_rare_terms_can_be_left_out():
    assert set(count_terms(TWO, TOKENS, min_n=3)["term"]) == {"人才"}


def test_kinds_switch_the_stop_words():
    officialese = count_terms(TWO, TOKENS, kinds=["officialese"])
    assert set(officialese["kind"]) <= {"officialese"}
    assert len(count_terms(TWO, TOKENS, kinds=["number"])) == 0


def test_an_unknown_grouping_is_named():
    with pytest.raises(TableError, match=r"grouped by report, agency, .*found \['town'\]: choose among these"):
        count_terms(TWO, TOKENS, by="town")


@pytest.mark.parametrize(
    ("year", "by"),
    [(2023, ()), (2023, ("agency",)), (2023, ("sector",)), (2023, ("role",)), (2024, ("level", "side")), (2024, ())],
)
def test_counts_equal_a_plain_count_on_the_sample(year, by):
    reports, tokens = sample(year)
    table = count_terms(reports, tokens, by=by)
    assert counted(table, by) == plain_count(reports, tokens, by, MATTER)


ROLES = st.sampled_from(["title", "opening", "achievements", "problems", "plan"])
WORDS = st.lists(
    st.sampled_from(["企业", "人才", "医共体", "培育", "切实", "的", "X", "。", " "]), min_size=1, max_size=12
)
REPORTS = st.lists(
    st.tuples(
        st.sampled_from(["甲局", "乙局"]), st.lists(st.tuples(ROLES, st.just(""), WORDS.map("".join)), max_size=4)
    ),
    min_size=1,
    max_size=4,
)


@given(REPORTS, st.lists(st.sampled_from(GROUPINGS), unique=True, max_size=3), st.booleans())
@settings(max_examples=60, deadline=None)
def test_counts_equal_a_plain_count(made, by, copies):
    reports = compilation(*made, copies={len(made): 1} if len(made) > 1 else None)
    tokens = find_tokens(reports)
    table = tables.check(count_terms(reports, tokens, by=by, copies=copies), tables.TERMS)
    assert counted(table, by) == plain_count(reports, tokens, by, MATTER, copies=copies)


@given(REPORTS)
@settings(max_examples=50, deadline=None)
def test_characters_are_those_that_are_not_white_space(made):
    reports = compilation(*made)
    plain = defaultdict(int)
    for row in reports.sentences.itertuples():
        plain[row.report, row.role] += len("".join(reports.text[row.start : row.end].split()))
    assert {(row.report, row.role): row.of_chars for row in count_chars(reports).itertuples()} == plain


def test_officialese_has_its_share_of_every_report():
    reports = compilation(("甲局", [("plan", "", "切实狠抓落实，建成学校3所。")]), ("乙局", [("title", "", "总结")]))
    table = count_officialese(reports, find_tokens(reports)).set_index("report")
    row = table.loc[1]
    assert (row["n"], row["of_tokens"], row["n_chars"], row["of_chars"]) == (2, 5, 6, 14)
    assert row["share_of_chars"] == pytest.approx(6 / 14)
    assert table.loc[2, ["n", "of_chars"]].tolist() == [0, 0]


def test_officialese_equals_a_plain_count_on_the_sample():
    reports, tokens = sample(2023)
    for row in count_officialese(reports, tokens).itertuples():
        own = [token for token in tokens.itertuples() if token.report == row.report and token.kind != "number"]
        stock = [token.term for token in own if token.kind == "officialese"]
        assert (row.n, row.of_tokens, row.n_chars) == (len(stock), len(own), len("".join(stock)))


def test_the_top_terms_of_a_real_compilation_are_words_of_matter(compilations):
    reports = kit.read(compilations / "2023.txt")
    tokens = find_tokens(reports)
    tokens = tokens[tokens["report"].isin(reports.counted["report"])]
    known = read_lexicon()
    longest = find_longest(reports.text, sorted(known.terms))
    inside = {at: end - start for start, end in longest for at in range(start, end)}
    for term in count_terms(reports, tokens).head(50)["term"]:
        assert re.fullmatch("[\u4e00-\u9fd5]{2,}", term)  # no mask, no number
        assert term not in known.function | known.officialese
        fragments = [inside.get(start, 0) > len(term) for start in tokens.loc[tokens["term"] == term, "start"]]
        assert sum(fragments) <= 0.1 * len(fragments)  # ambiguous places remain: 文化 | 旅游节
