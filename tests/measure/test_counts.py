"""Counts equal a plain count, group by group; keyness and co-occurrence follow the published formulas."""

import re
from collections import Counter, defaultdict
from functools import cache
from itertools import combinations
from math import log, log2, sqrt

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from small import compilation

import kit
from kit import tables
from kit.errors import TableError
from kit.measure.counts import (
    GROUPS,
    MATTER,
    compare_terms,
    count_cooccurrence,
    count_officialese,
    count_terms,
    find_units,
    keep_moved,
    log_likelihood,
    with_copies,
)
from kit.measure.words import find_longest, find_tokens, read_lexicon

# ---- Terms ----


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


def on_the_year(reports):
    return {row.sentence for row in reports.sentences.itertuples() if row.horizon != "multi-year"}


def side(role):
    return {"plan": "plan", "achievements": "review", "highlights": "review"}.get(role)


def plain_count(reports, tokens, by, kinds):
    """Count in loops: {(group, term): (n, per 10,000, reports, share of reports, DP)}."""
    rows = {row.report: row for row in reports.reports.itertuples() if pd.isna(row.copy_of)}
    chars = defaultdict(lambda: defaultdict(int))  # group → report → characters
    n = defaultdict(lambda: defaultdict(int))  # (group, term) → report → occurrences

    def group_of(report, role):
        known = rows[report]._asdict() | {"role": role, "side": side(role)}
        return tuple(known[name] for name in by)

    yearly = on_the_year(reports)
    for row in reports.sentences.itertuples():
        size = len("".join(reports.text[row.start : row.end].split()))
        if row.sentence in yearly and row.report in rows and row.role in tables.BODY_ROLES and size:
            chars[group_of(row.report, row.role)][row.report] += size
    chars = {group: sizes for group, sizes in chars.items() if None not in group}
    terms = set()
    for row in tokens.itertuples():
        if row.sentence not in yearly:
            continue
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
    assert count_terms(with_copies(TWO), TOKENS).set_index("term").loc["人才", "n"] == 4


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


@given(REPORTS, st.lists(st.sampled_from(GROUPS), unique=True, max_size=3), st.booleans())
@settings(max_examples=60, deadline=None)
def test_counts_equal_a_plain_count(made, by, copies):
    reports = compilation(*made, copies={len(made): 1} if len(made) > 1 else None)
    reports = with_copies(reports) if copies else reports
    tokens = find_tokens(reports)
    table = tables.check(count_terms(reports, tokens, by=by), tables.TERMS)
    assert counted(table, by) == plain_count(reports, tokens, by, MATTER)


@given(REPORTS, st.sampled_from([name for name in GROUPS if name != "side"]))
@settings(max_examples=40, deadline=None)
def test_groups_add_up_to_the_whole(made, name):
    reports = compilation(*made)
    tokens = find_tokens(reports)
    whole = count_terms(reports, tokens).set_index("term")
    groups = count_terms(reports, tokens, by=name)
    sums = groups.groupby("term")[["n", "of_chars"]].sum()
    assert sums["n"].to_dict() == whole["n"].to_dict()
    assert sums["of_chars"].to_dict() == whole["of_chars"].to_dict()


@given(REPORTS)
@settings(max_examples=50, deadline=None)
def test_characters_are_those_that_are_not_white_space(made):
    reports = compilation(*made)
    plain = defaultdict(int)
    for row in reports.sentences.itertuples():
        plain[row.report, row.role] += len("".join(reports.text[row.start : row.end].split()))
    for row in find_units(reports).itertuples():
        assert row.of_chars == plain[row.report, row.role]


def test_officialese_has_its_share_of_every_report():
    reports = compilation(("甲局", [("plan", "", "切实狠抓落实，建成学校3所。")]), ("乙局", [("title", "", "总结")]))
    table = count_officialese(reports, find_tokens(reports)).set_index("report")
    row = table.loc[1]
    assert (row["n"], row["of_tokens"], row["n_chars"], row["of_chars"]) == (2, 5, 6, 14)
    assert row["share_of_chars"] == pytest.approx(6 / 14)
    assert table.loc[2, ["n", "of_chars"]].tolist() == [0, 0]


def test_officialese_equals_a_plain_count_on_the_sample():
    reports, tokens = sample(2023)
    tokens = tokens[tokens["sentence"].isin(on_the_year(reports))]
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


# ---- Keyness ----


PAIR = compilation(
    ("县科技局", [("achievements", "", "企业企业学校。"), ("plan", "", "企业人才。")]),
    ("县教育局", [("achievements", "", "学校学校学校。"), ("plan", "", "学校人才人才。")]),
)
PAIR_TOKENS = find_tokens(PAIR)


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
    table = compare_terms(PAIR, PAIR_TOKENS, focus={"side": "plan"}, reference={"side": "review"}, prior=10)
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
    table = compare_terms(PAIR, PAIR_TOKENS, focus={"agency": "县科技局"}).set_index("term")
    assert table.loc["企业", ["n", "n_reference"]].tolist() == [3, 0]


def test_one_compilation_is_compared_with_another():
    other = compilation(("县科技局", [("plan", "", "公园人才。")]))
    table = compare_terms(PAIR, PAIR_TOKENS, other=(other, find_tokens(other))).set_index("term")
    assert table.loc["人才", ["n", "n_reference"]].tolist() == [3, 1]
    assert table.loc["公园", ["n", "n_reference"]].tolist() == [0, 1]
    assert table.loc["公园", "kind"] == "word"


def test_terms_rare_in_both_groups_can_be_left_out():
    assert set(compare_terms(PAIR, PAIR_TOKENS, focus={"side": "plan"}, min_n=4)["term"]) == {"学校"}


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
        compare_terms(PAIR, PAIR_TOKENS, **groups)


def test_a_compilation_without_plans_has_no_words_of_plans():
    reviews = compilation(("县教育局", [("achievements", "", "新建学校。")]))
    table = compare_terms(reviews, find_tokens(reviews), focus={"side": "plan"}, reference={"side": "review"})
    assert table.empty
    assert list(table) == list(tables.KEYNESS)


def test_a_word_that_only_the_segmenter_sets_apart_is_left_out():
    """生产 is a word of its own in the plan alone, but the review says it more often: 安全生产."""
    review, plan = "抓好安全生产。" * 60, "生产粮食。" * 30 + "修建公路。" * 30
    reports = compilation(("县应急局", [("achievements", "", review), ("plan", "", plan)]))
    tokens = find_tokens(reports)
    uses = Counter(zip(tokens["term"], tokens["role"], strict=True))
    assert (uses["生产", "plan"], uses["生产", "achievements"]) == (30, 0)
    table = compare_terms(reports, tokens, focus={"side": "plan"}, reference={"side": "review"}, prior=10)
    assert {"公路", "生产"} <= set(table["term"])
    assert set(table["term"]) - set(keep_moved(table, text=plan, reference=review)["term"]) == {"生产"}


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


# ---- Co-occurrence ----


def plain_pairs(reports, tokens, min_sentences):
    counted, yearly = set(reports.counted["report"]), on_the_year(reports)
    rows = [row for row in reports.sentences.itertuples() if row.report in counted and row.sentence in yearly]
    total = sum(row.role in tables.BODY_ROLES for row in rows)
    sentences = {}
    for token in tokens.itertuples():
        if token.report in counted and token.kind in MATTER and token.sentence in yearly:
            sentences.setdefault(token.sentence, set()).add(token.term)
    alone = Counter(term for terms in sentences.values() for term in terms)
    both = Counter(pair for terms in sentences.values() for pair in combinations(sorted(terms), 2))
    return {
        (a, b): (n, alone[a], alone[b], total, plain_g2(n, alone[a] - n, alone[b] - n, total - alone[a] - alone[b] + n))
        for (a, b), n in both.items()
        if n >= min_sentences and n > alone[a] * alone[b] / total
    }


def test_terms_of_one_sentence_go_together():
    reports = compilation(
        ("甲局", [("plan", "", "企业人才。企业人才人才。学校企业。学校。公园。")]), ("乙局", [("plan", "", "公园。")])
    )
    table = tables.check(count_cooccurrence(reports, find_tokens(reports), min_sentences=1), tables.COOCCURRENCE)
    row = table.iloc[0]
    assert (row["term_a"], row["term_b"], row["n_sentences"], row["n_a"], row["n_b"]) == ("人才", "企业", 2, 2, 3)
    assert row["of_sentences"] == 6
    assert (row["expected"], row["log_ratio"]) == (1.0, 1.0)
    assert len(table) == 1  # 学校 and 企业 stand together as often as chance would have it


def test_pairs_equal_a_plain_count_on_the_sample():
    reports = kit.read(kit.sample(2023))
    tokens = find_tokens(reports)
    table = count_cooccurrence(reports, tokens, top=10_000)
    expected = plain_pairs(reports, tokens, 3)
    columns = ["n_sentences", "n_a", "n_b", "of_sentences", "g2"]
    found = {(row.term_a, row.term_b): [getattr(row, name) for name in columns] for row in table.itertuples()}
    assert found == {pair: pytest.approx(list(values)) for pair, values in expected.items()}
    ratios = [log2(row.n_sentences * row.of_sentences / (row.n_a * row.n_b)) for row in table.itertuples()]
    assert list(table["log_ratio"]) == pytest.approx(ratios)


def test_nothing_together_is_an_empty_table():
    reports = compilation(("甲局", [("plan", "", "企业。")]))
    assert len(count_cooccurrence(reports, find_tokens(reports))) == 0
