"""Tables and sentences as notebooks show them: named, rounded, escaped, with their places."""

import re

import pandas as pd
import pytest
import small

import kit
from kit.data import knowledge
from kit.measure.analysis import Analysis, analyse
from kit.measure.scoring import score_sample
from kit.measure.words import find_in_context
from kit.show.shown import show_evidence, show_matches, show_table

COUNTY = analyse(
    small.compilation(
        ("县<b>卫健局", [("achievements", "", "推进医共体建设。"), ("plan", "", "深化医共体改革。筹建医共体药房。")]),
        ("县园林局", [("plan", "", "种花。")]),
    )
)


def in_language(lang: str) -> Analysis:
    return analyse(COUNTY.compilation, lang=lang)


@pytest.fixture(scope="module")
def years() -> Analysis:
    return analyse([kit.sample(2023), kit.sample(2024)])


UNNAMED = "（单位名称未写明）"
WRITTEN = [
    ({"role": "plan"}, "zh", "计划"),
    ({"role": "plan"}, "en", "plan"),
    ({"theme": "health"}, "zh", "医疗卫生"),
    ({"other_theme": "own theme"}, "zh", "own theme"),
    ({"per_10k_chars": 1234.5678}, "zh", "1,234.568"),
    ({"share_of_sentences": 0.5}, "zh", "0.5"),
    ({"n": 12}, "zh", "12"),
    ({"met": True}, "zh", "✓"),
    ({"met": False}, "zh", ""),
    ({"actual": None}, "zh", ""),
    ({"verdict": "not mentioned"}, "zh", "未再提及"),
    ({"number_verdict": "missed"}, "en", "missed"),
    ({"link": "renamed"}, "zh", "更名"),
    ({"term": "<医院>"}, "zh", "<医院>"),
    ({"agency_from": "signature"}, "zh", "落款"),
    ({"agency_from": "file"}, "en", "file name"),
    ({"bound": "at least"}, "zh", "不少于"),
    ({"stands_for": "number"}, "zh", "数字"),
    ({"decided_by": "kit"}, "zh", "本工具"),
    ({"kind": "merge"}, "zh", "合并"),
    ({"role": "rate"}, "zh", "完成率"),
    ({"state": "new"}, "zh", "总结未提及"),
    ({"headline": "gdp"}, "zh", "地区生产总值"),
    ({"theme": "macro"}, "zh", "各主题平均"),
    ({"code": "copy"}, "en", "near copy"),
    ({"assumed": "以正文为准 · the body wins"}, "zh", "以正文为准"),
    ({"assumed": "以正文为准 · the body wins"}, "en", "the body wins"),
    ({"agency": UNNAMED}, "zh", UNNAMED),
    ({"agency": UNNAMED}, "en", "(unit not named)"),
    ({"later_agency": f"青溪县{UNNAMED}"}, "en", "青溪县 (unit not named)"),
    ({"assumed": f"显示为“{UNNAMED}” · shown as {UNNAMED}"}, "en", "shown as (unit not named)"),
]


@pytest.mark.parametrize(("row", "lang", "written"), WRITTEN, ids=[str(row) for row, _, _ in WRITTEN])
def test_values_are_written_in_a_language(row, lang, written):
    assert show_table(pd.DataFrame([row]), in_language(lang)).text == written


CODES = ("agency_from", "bound", "code", "decided_by", "dimension", "headline", "kind", "level", "link",
         "number_verdict", "role", "scored", "section", "sector", "severity", "stands_for", "state", "status",
         "verdict")  # fmt: skip


TABLES = ("terms", "hits", "theme_counts", "coverage", "items", "matches", "indicators", "traced", "links", "fulfilment",
          "headlines")  # fmt: skip


def test_no_code_of_the_samples_tables_is_shown_as_it_is(years):
    shown = years.compilation.tables | {name: years.table(name) for name in TABLES}
    shown |= {measure: score_sample(measure) for measure in ("continuity", "fulfilment")}
    for name, table in shown.items():
        for column in set(CODES) & set(table):
            codes = pd.DataFrame({column: table[column].dropna().unique()})
            said = show_table(codes, years, most=99).text
            assert not re.search("^[a-z_ ]+$", said, re.MULTILINE), (name, column, said)


def test_every_doubt_has_a_short_name():
    doubts = {code for code, entry in knowledge("messages.toml").items() if "severity" in entry}
    assert doubts <= set(knowledge("labels.toml")["codes"])


def test_evidence_of_an_agency_that_is_not_named_says_so_in_english():
    unnamed = analyse(small.compilation((UNNAMED, [("plan", "", "深化医共体改革。")])), lang="en")
    assert show_evidence(unnamed).text.split("\n")[1].startswith("(unit not named) [0]")


def test_heads_are_columns_or_the_values_that_a_table_was_spread_by():
    shown = show_table(pd.DataFrame({"agency": ["甲"], "plan only": [1], "achievements": [2], "my own": [3]}), COUNTY)
    for head in ("单位", "仅计划有", "成效", "my own"):
        assert f">{head}</th>" in shown.html


def test_words_stand_left_and_numbers_right():
    shown = show_table(pd.DataFrame({"term": ["医院"], "n": [3]}), COUNTY)
    assert '<td style="text-align:left;white-space:nowrap">医院</td><td>3</td>' in shown.html


def test_what_stands_at_a_place_is_shown_with_who_says_it():
    sentences = COUNTY.compilation.sentences
    shown = show_table(sentences[sentences["role"] == "plan"], COUNTY, columns=["agency", "text"])
    assert shown.text.split("\n") == [
        "县<b>卫健局  深化医共体改革。",
        "县<b>卫健局  筹建医共体药房。",
        "县园林局  种花。",
    ]
    assert "<b>" not in shown.html


def test_a_table_that_says_who_and_what_keeps_its_own_words():
    table = COUNTY.compilation.sentences.head(1).assign(agency="我", text="说")
    assert show_table(table, COUNTY, columns=["agency", "text"]).text == "我  说"


def test_promises_stand_in_the_earlier_years_text(years):
    promise = years.fulfilment.iloc[[-1]]
    said = years.earlier.compilation.text[promise["start"].item() : promise["end"].item()].strip()
    assert show_table(promise, years, columns=["text"]).text == (said if len(said) <= 160 else said[:160] + "…")


def test_words_in_their_context_are_aligned_on_the_word():
    shown = show_table(find_in_context(COUNTY.compilation, "改革"), COUNTY, columns=["left", "keyword", "right"])
    assert '<td style="text-align:right;white-space:nowrap">推进医共体建设。 深化医共体</td>' in shown.html
    assert '<td style="text-align:center;white-space:nowrap;font-weight:bold">改革</td>' in shown.html


def test_more_rows_than_are_shown_are_counted():
    assert show_table(pd.DataFrame({"n": range(30)}), COUNTY, most=2).text == "2 / 30\n0\n1"


def test_a_table_without_rows_says_so():
    assert show_table(pd.DataFrame({"n": []}), in_language("en")).html == "<p>none</p>"


def test_evidence_side_by_side():
    shown = show_evidence(COUNTY, report=1, theme="health", sides=True)
    assert "总结 1" in shown.html
    assert "计划 2" in shown.html
    assert shown.text.split("\n")[0] == "推进医共体建设。 [0]  深化医共体改革。 [9]"


def test_the_words_found_are_marked():
    shown = show_evidence(COUNTY, report=1, theme="health", role="plan", most=1)
    assert "深化<mark>医共体</mark>改革。" in shown.html


def test_evidence_of_a_table_of_ones_own():
    own = COUNTY.hits[COUNTY.hits["term"] == "药房"]
    assert show_evidence(COUNTY, table=own).text == "1 / 1\n县<b>卫健局 [17]  计划  医疗卫生  筹建医共体药房。"


def test_matches_of_near_copies_are_shown_when_asked_for():
    report = [("achievements", "一、", "建成公园。"), ("plan", "一、", "扩建公园。")]
    twice = analyse(small.compilation(("县园林局", report), ("县园林局", report), copies={2: 1}))
    shown = [show_matches(twice, report=report).text for report in (None, 2)]
    assert [text.split("\n")[0] for text in shown] == ["1 / 1"] * 2


def test_promises_stand_beside_their_answers(years):
    fulfilment = years.fulfilment
    missed = fulfilment[fulfilment["number_verdict"] == "missed"].iloc[0]
    shown = show_matches(years, measure="fulfilment", table=fulfilment[fulfilment["item"] == missed["item"]])
    assert f"[{missed['start']}]" in shown.html
    assert f"[{missed['evidence_start']}]" in shown.html
    assert f"未达到 {missed['target']:g} → {missed['actual']:g} {missed['unit']}" in shown.html
    silent = show_matches(years, measure="fulfilment", status="not mentioned")
    n = (fulfilment.drop_duplicates("item")["status"] == "not mentioned").sum()
    assert silent.text.startswith(f"{n} / {n}\n")
    assert silent.text.count("未再提及") == n > 1
    unanswered = fulfilment[fulfilment["status"] == "not mentioned"].assign(evidence_start=None)
    assert show_matches(years, measure="fulfilment", table=unanswered).text.count("  —") == n
