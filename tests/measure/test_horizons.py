"""What speaks of several years is no part of the year: it is in no count and in no denominator, and the source says so.

The oracles walk over the sentences of one year alone, in plain loops.
"""

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations

import pandas as pd
import pytest
from small import compilation

import kit
from kit.measure.analysis import analyse
from kit.measure.counts import MATTER, find_evidence
from kit.show.quotes import quote
from kit.show.style import scope_of, source_line
from kit.tables import BODY_ROLES

REVIEW, PLAN = ("achievements", "highlights"), ("plan",)


@pytest.fixture(autouse=True)
def _no_shelf(monkeypatch):
    """Keep the tables of sentences that were changed by hand off the disk."""
    monkeypatch.setenv("KIT_CACHE", "off")


@cache
def analysis():
    """The sample whose reports review five years and plan five, further sentences of it made to speak of several."""
    found = kit.read(kit.sample(2025))
    sentences = found.sentences
    every = (sentences["sentence"] % 5 == 0) & sentences["role"].isin([*REVIEW, *PLAN])
    assert (sentences["horizon"] == "multi-year").sum() >= 5
    return analyse(replace(found, sentences=sentences.assign(horizon=sentences["horizon"].mask(every, "multi-year"))))


@cache
def of_the_year():
    """The sentences that count, by their numbers: of reports that are no copies, on the year."""
    found = analysis().compilation
    return {
        row.sentence: row
        for row in found.sentences.itertuples()
        if row.report in originals() and row.role in BODY_ROLES and row.horizon != "multi-year"
    }


def originals():
    return {row.report for row in analysis().compilation.reports.itertuples() if pd.isna(row.copy_of)}


def chars(row):
    return len("".join(analysis().compilation.text[row.start : row.end].split()))


def tokens(kinds=MATTER, roles=BODY_ROLES):
    own = of_the_year()
    return [row for row in analysis().tokens.itertuples()
            if row.sentence in own and row.kind in kinds and row.role in roles]  # fmt: skip


def test_tokens_and_hits_stay_whole():
    far = analysis().compilation.sentences.query("horizon == 'multi-year'")["sentence"]
    assert analysis().tokens["sentence"].isin(far).any()
    assert analysis().hits["sentence"].isin(far).any()


def test_terms_and_their_rates():
    plain, of_chars = Counter(row.term for row in tokens()), sum(map(chars, of_the_year().values()))
    terms = analysis().terms
    assert dict(zip(terms["term"], terms["n"], strict=True)) == plain
    assert set(terms["of_chars"]) == {of_chars}
    assert terms["per_10k_chars"].tolist() == pytest.approx((terms["n"] / of_chars * 10_000).tolist())


def test_keyness_and_officialese():
    plan, review = (Counter(row.term for row in tokens(roles=roles)) for roles in (PLAN, REVIEW))
    for row in analysis().keyness.itertuples():
        assert (row.n, row.n_reference) == (plan[row.term], review[row.term])
    kinds = {*analysis().tokens["kind"]} - {"number"}
    for row in analysis().officialese.itertuples():
        own = [token for token in tokens(kinds) if token.report == row.report]
        assert row.of_tokens == len(own)
        assert row.n == sum(token.kind == "officialese" for token in own)
        assert row.of_chars == sum(chars(s) for s in of_the_year().values() if s.report == row.report)


def test_cooccurrence_is_of_sentences_on_the_year():
    terms, pairs = {}, Counter()
    for row in tokens():
        terms.setdefault(row.sentence, set()).add(row.term)
    for found in terms.values():
        pairs.update(combinations(sorted(found), 2))
    table = analysis().cooccurrence
    assert len(table) > 10
    assert set(table["of_sentences"]) == {len(of_the_year())}
    for row in table.itertuples():
        assert row.n_sentences == pairs[row.term_a, row.term_b]


def test_themes_and_all_that_follows_from_them():
    hits = [row for row in analysis().hits.itertuples() if row.sentence in of_the_year()]
    n, sentences = Counter(), Counter((row.report, row.role) for row in of_the_year().values())
    n.update((row.report, row.theme, row.role) for row in hits)
    having = Counter({(row.report, row.theme, row.role, row.sentence) for row in hits})
    having = Counter(key[:3] for key in having)
    for row in analysis().theme_counts.itertuples():
        key = (row.report, row.theme, row.role)
        assert (row.n_hits, row.n_sentences) == (n[key], having[key])
        assert row.of_sentences == sentences[row.report, row.role]
    for row in analysis().coverage.itertuples():
        for roles, found, of in (
            (REVIEW, row.review_sentences, row.of_review_sentences),
            (PLAN, row.plan_sentences, row.of_plan_sentences),
        ):
            assert found == sum(having[row.report, row.theme, role] for role in roles)
            assert of == sum(sentences[row.report, role] for role in roles)
    for row in analysis().attention.itertuples():
        assert row.plan_sentences == sum(m for key, m in having.items() if key[1:] == (row.theme, "plan"))
    assert set(analysis().theme_pairs["of_sentences"]) == {len(of_the_year())}


def test_what_no_theme_covers_and_what_is_shown_behind_a_count():
    named = {row.sentence for row in analysis().hits.itertuples()}
    bare = of_the_year().keys() - named
    assert set(analysis().uncovered_sentences["sentence"]) == bare
    assert analysis().uncovered["n_uncovered"].sum() == len(bare)
    assert analysis().uncovered["of_sentences"].sum() == len(of_the_year())
    shown = find_evidence(analysis().compilation, analysis().hits, theme="welfare", role="plan")
    counts = analysis().theme_counts.query("theme == 'welfare' and role == 'plan'")
    assert len(shown[shown["sentence"].isin(of_the_year())]) == len(shown) == counts["n_sentences"].sum()
    for finding in analysis().findings.itertuples():
        starts = {row.start for row in of_the_year().values()}
        assert set(quote(analysis(), finding)["start"]) <= starts


def test_items_follow_the_sentences_they_stand_in():
    reports = compilation(("县政府", [("plan", "", "建设县城东部学校。建成县城南部港口。新建通往乡村的公路。")]))
    horizons = ["multi-year", "annual", "annual"]
    found = analyse(replace(reports, sentences=reports.sentences.assign(horizon=horizons)))
    told = {found.compilation.text[row.start : row.end].strip(): row.horizon for row in found.items.itertuples()}
    assert told == {
        "建设县城东部学校。": "multi-year",
        "建成县城南部港口。": "annual",
        "新建通往乡村的公路。": "annual",
    }
    assert found.statuses["n_items"].sum() == 2


@pytest.mark.parametrize(("lang", "said"), [
    ("zh", "另有{n}句为多年规划或回顾内容，未计入。"), ("en", "; {n} sentences on several years left out."),
])  # fmt: skip
def test_the_source_says_how_many_sentences_were_left_out(lang, said):
    rows = analysis().compilation.sentences.itertuples()
    n = sum(row.horizon == "multi-year" and row.report in originals() for row in rows)
    assert n > 20
    assert said.format(n=n) in source_line(scope_of(replace(analysis(), lang=lang)))


def test_the_source_says_nothing_where_none_was():
    assert "多年" not in source_line(scope_of(analyse(compilation(("县甲局", [("plan", "", "修路。")])))))
