"""New words: found by cohesion and freedom, and the counts change as foretold."""

from dataclasses import replace
from itertools import pairwise
from math import log2

import pytest
from small import compilation

import kit
from kit import tables
from kit.measure.lexicon import export_own_terms
from kit.measure.new_words import _entropy, find_new_words
from kit.measure.tokens import find_tokens

SCENES = ["建成", "今年开放", "群众喜欢", "不断扩大", "值得推广", "覆盖全县"]
REPORTS = compilation(
    (
        "甲局",
        [
            (
                "plan",
                "",
                "。".join(f"{left}向日葵小屋{right}" for left, right in pairwise(SCENES)) + "。",
            )
        ],
    ),
    ("乙局", [("plan", "", "学校建成向日葵小屋。学校今年开放。小屋是向日葵的小屋。公园。")]),
)


def test_a_string_that_is_always_split_is_a_candidate():
    tokens = find_tokens(REPORTS)
    table = tables.check(find_new_words(REPORTS, tokens, min_cohesion=2), tables.NEW_WORDS)
    row = table.set_index("term").loc["向日葵小屋"]
    assert (row["parts"], row["n"], row["n_reports"], row["n_now"], row["n_then"]) == ("向日葵 小屋", 6, 2, 0, 6)
    assert row["changes"] == "向日葵 7→1; 小屋 8→2"
    assert REPORTS.text[row["start"] : row["end"]] == "向日葵小屋"
    n = sum(tokens["term"].str.fullmatch("[\u4e00-\u9fd5]+"))
    assert row["cohesion"] == pytest.approx(log2(6 * n / (7 * 8)))


@pytest.mark.parametrize(
    ("neighbours", "entropy"),
    [("甲甲甲甲", 0), ("甲乙丙丁", 2), ("甲甲乙乙", 1), (["\n"] * 4, 2), (["甲", "甲", "", "\n"], 1.5)],
)
def test_entropy_of_the_neighbours_each_end_of_a_run_its_own(neighbours, entropy):
    assert _entropy(neighbours) == pytest.approx(entropy)


@pytest.fixture(scope="module")
def sample():
    reports = kit.read(kit.sample(2023))
    tokens = find_tokens(reports)
    return reports, tokens, find_new_words(reports, tokens, top=3)


def test_counts_change_as_foretold(sample):
    reports, tokens, table = sample
    counted = set(reports.counted["report"])
    now = tokens[tokens["report"].isin(counted)]["term"].value_counts()
    for row in table.itertuples():
        then = find_tokens(reports, lexicon=[row.term])
        then = then[then["report"].isin(counted)]["term"].value_counts()
        assert (row.n_now, row.n_then) == (now.get(row.term, 0), then.get(row.term, 0))
        for change in row.changes.split("; "):
            term, counts = change.rsplit(" ", 1)
            assert counts == f"{now.get(term, 0)}→{then.get(term, 0)}"


def test_every_candidate_is_as_often_in_the_text_as_it_says(sample):
    reports, _, table = sample
    bodies = [reports.text[row.start : row.end] for row in reports.sentences.itertuples()
              if row.report in set(reports.counted["report"]) and row.role in tables.BODY_ROLES]  # fmt: skip
    for row in table.itertuples():
        assert row.n <= sum(body.count(row.term) for body in bodies)
        assert row.n >= row.n_then


def test_the_tokenizer_forgets_what_it_tried(sample):
    reports, tokens, _ = sample
    assert find_tokens(reports, engine="jieba").equals(tokens)


def test_an_accepted_word_is_no_candidate_any_more(tmp_path):
    source = tmp_path / "2023.txt"
    export_own_terms(find_new_words(REPORTS, find_tokens(REPORTS), min_cohesion=2)["term"], source)
    reports = replace(REPORTS, path=source)
    tokens = find_tokens(reports)
    assert "向日葵小屋" in set(tokens["term"])
    assert "向日葵小屋" not in set(find_new_words(reports, tokens, min_cohesion=2)["term"])


def test_no_text_no_candidates():
    reports = compilation(("甲局", [("title", "", "总结")]))
    assert len(find_new_words(reports, find_tokens(reports))) == 0
