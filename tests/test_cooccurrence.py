"""Co-occurrence within a sentence equals a plain count."""

from collections import Counter
from itertools import combinations
from math import log2

import pytest
from small import compilation
from test_keyness import plain_g2

import kit
from kit import tables
from kit.measure.cooccurrence import count_cooccurrence
from kit.measure.terms import MATTER
from kit.measure.tokens import find_tokens


def plain_pairs(reports, tokens, min_sentences):
    counted = set(reports.counted["report"])
    total = sum(row.report in counted and row.role in tables.BODY_ROLES for row in reports.sentences.itertuples())
    sentences = {}
    for token in tokens.itertuples():
        if token.report in counted and token.kind in MATTER:
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
