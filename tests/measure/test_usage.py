"""Words in context, with their place; new words, found by cohesion and freedom."""

from dataclasses import replace
from itertools import pairwise
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import compilation, plan

import kit
from kit import data, tables
from kit.errors import DataError
from kit.measure.words import TERMS, _entropy, export_own_terms, find_in_context, find_new_words, find_tokens

# ---- Context ----


TWO = compilation(
    (
        "县卫健委",
        [("achievements", "一、", "医共体建成。推进县域医共体。"), ("plan", "二、", "医共体扩面，<医联体>试点。")],
    ),
    ("县教育局", [("plan", "一、", "学校3所，学位120个。")]),
)


def test_a_place_has_both_sides_the_agency_the_role_and_the_headings():
    table = tables.check(find_in_context(TWO, "医共体", width=4), tables.CONTEXTS)
    assert list(table["left"] + "|" + table["right"]) == ["一、|建成。推", "推进县域|。 二、", "。 二、|扩面，<"]
    assert list(table["agency"]) == ["县卫健委"] * 3
    assert list(table["role"]) == ["achievements", "achievements", "plan"]
    assert list(table["path"]) == ["医共体建成"] * 2 + ["医共体扩面，<医联体>试点"]
    assert [TWO.text[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == ["医共体"] * 3


def test_context_never_leaves_the_report():
    assert find_in_context(TWO, "学校", width=50).loc[0, "left"] == "一、"


@pytest.mark.parametrize(
    ("words", "regex", "found"),
    [
        (["医共体", "医联体"], False, ["医共体", "医共体", "医共体", "医联体"]),
        (["医共体", "县域医共体"], False, ["医共体", "县域医共体", "医共体"]),
        (r"\d+(?=[所个])", True, ["3", "120"]),
        (["学.", "医联.?"], True, ["医联体", "学校", "学位"]),
        ("。", False, ["。"] * 4),
        ("x*", True, []),
        ("高铁", False, []),
    ],
)
def test_words_and_patterns(words, regex, found):
    assert list(find_in_context(TWO, words, regex=regex)["keyword"]) == found


@pytest.mark.parametrize(("words", "regex"), [("", False), ([], False), (["(", "甲"], True)])
def test_what_cannot_be_found_is_said(words, regex):
    with pytest.raises(DataError, match=r"expected a (word or a pattern|regular expression), found"):
        find_in_context(TWO, words, regex=regex)


@given(st.text("医共体县。", max_size=30), st.sampled_from(["医", "医共", "体。"]))
@settings(max_examples=60, deadline=None)
def test_every_place_is_found(text, word):
    reports = plan(text)
    places, at = [], reports.text.find(word)
    while at >= 0:
        places.append(at)
        at = reports.text.find(word, at + len(word))
    assert list(find_in_context(reports, word)["start"]) == places


def test_every_place_in_a_report_of_the_sample_is_found():
    reports = kit.read(kit.sample(2023))
    table = find_in_context(reports, "建设")
    first = reports.reports["start"].min()
    assert len(table) == reports.text[first:].count("建设")


# ---- New words ----


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


def test_what_an_own_pattern_finds_is_no_candidate(tmp_path):
    data.own_file(tmp_path / "2023.txt", TERMS).write_text("term,group\n向日葵.屋,pattern\n", encoding="utf-8")
    reports = replace(REPORTS, path=tmp_path / "2023.txt")
    assert "向日葵小屋" not in set(find_new_words(reports, find_tokens(reports), min_cohesion=2)["term"])


def test_no_text_no_candidates():
    reports = compilation(("甲局", [("title", "", "总结")]))
    assert len(find_new_words(reports, find_tokens(reports))) == 0
