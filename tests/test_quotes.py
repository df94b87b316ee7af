"""The sentences a briefing quotes."""

import pandas as pd
import pytest
import small

import kit
from kit.measure.measured import measure_all, summarise
from kit.show.quotes import SUBJECTS, assumed, key_sentences, locate, place


@pytest.fixture(scope="module")
def sample():
    compilation = kit.read(kit.sample(2023))
    measured = measure_all(compilation)
    return compilation, measured | summarise(compilation, measured)


def test_a_place_is_agency_headings_report_and_character():
    reports = small.compilation(("县科技局", [("plan", "一、", "下一步。建一座\n\x0b气象站。")]))
    found = locate(reports, pd.DataFrame({"start": [6], "end": [16]}))
    (row,) = found.itertuples()
    assert row.text == "建一座 气象站。"
    assert place(row, "zh") == "县科技局 · 下一步（报告1，原文第6字后）"
    assert place(row, "en") == "县科技局 · 下一步 (report 1, after character 6)"


@pytest.mark.parametrize("stem", SUBJECTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_quotes_stand_in_the_text_and_not_in_copies(sample, stem, lang):
    compilation, measured = sample
    quotes = key_sentences(compilation, measured, stem, lang=lang)
    assert 1 <= len(quotes) <= 4
    assert set(quotes["report"]) <= set(compilation.counted["report"])
    for row in quotes.itertuples():
        assert row.text == " ".join(compilation.text[row.start : row.end].split())


def test_quotes_of_terms_hold_the_term_and_come_from_different_reports(sample):
    quotes = key_sentences(*sample, "terms")
    assert all(row.about in row.text for row in quotes.itertuples())
    assert quotes["report"].is_unique


def test_a_figure_without_sentences_has_no_quotes(sample):
    assert key_sentences(*sample, "cloud").empty


@pytest.mark.parametrize(("lang", "said"), [("zh", "以正文为准"), ("en", "the body wins")])
def test_an_assumption_is_told_in_one_language(lang, said):
    assert assumed("以正文为准 · the body wins", lang) == said


def test_no_figure_quotes_a_sentence_twice(sample):
    for stem in SUBJECTS:
        assert key_sentences(*sample, stem)["start"].is_unique, stem
