"""The sentences a briefing quotes."""

import pandas as pd
import pytest
import small

import kit
from kit.measure.analysis import Analysis, analyse
from kit.read.reader import read_sources
from kit.read.source import Source
from kit.show.figures import figures_of
from kit.show.quotes import key_sentences, list_doubts, locate, place, quote, show_outline, write_doubts
from kit.show.shown import assumed

TEXT = (
    "<b>县局</b>2023年工作总结\n一、工作总结\n（一）修路<i>。\n1.甲\n2.乙\n二、狠抓落实\n三、2024年计划\n（一）架桥。\n"
)


def read_text(text: str, lang: str = "zh") -> Analysis:
    return analyse(read_sources([Source("txt", "utf-8", text, file="a.txt")], name="a.txt"), lang=lang)


@pytest.fixture(scope="module")
def sample() -> dict[str, Analysis]:
    return {lang: analyse(kit.sample(2023), lang=lang) for lang in ("zh", "en")}


def test_a_place_is_agency_headings_report_and_character():
    reports = small.compilation(("县科技局", [("plan", "一、", "下一步。建一座\n\x0b气象站。")]))
    found = locate(analyse(reports), pd.DataFrame({"start": [6], "end": [16]}))
    (row,) = found.itertuples()
    assert row.text == "建一座 气象站。"
    assert place(row, "zh") == "县科技局 · 下一步（报告1，原文第6字后）"
    assert place(row, "en") == "县科技局 · 下一步 (report 1, after character 6)"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_quotes_stand_in_the_text_and_not_in_copies(sample, lang):
    compilation = sample[lang].compilation
    for finding in sample[lang].findings.itertuples():
        quotes = quote(sample[lang], finding)
        assert 1 <= len(quotes) <= 3
        assert quotes["start"].is_unique
        assert set(quotes["report"]) <= set(compilation.counted["report"])
        for row in quotes.itertuples():
            assert row.text == " ".join(compilation.text[row.start : row.end].split())


def test_a_figure_quotes_what_its_title_claims_and_one_that_describes_nothing(sample):
    findings = sample["zh"].findings
    for figure in figures_of(sample["zh"]):
        told = findings[findings["claim"] == figure.title]["evidence"]
        quoted = key_sentences(sample["zh"], figure)["sentence"].astype("str").tolist()
        assert quoted == [number for numbers in told for number in numbers.split()]


@pytest.mark.parametrize(("lang", "said"), [("zh", "以正文为准"), ("en", "the body wins")])
def test_an_assumption_is_told_in_one_language(lang, said):
    assert assumed("以正文为准 · the body wins", lang) == said


def test_promises_are_quoted_with_their_answer_and_the_year_they_stand_in():
    years = analyse([kit.sample(2023), kit.sample(2024)])
    quotes = key_sentences(years, kit.plot_statuses(years, "fulfilment"))
    texts = {"2023.txt": years.earlier.compilation.text, "2024.txt": years.compilation.text}
    assert quotes["about"].tolist() == ["总结有交代", "后一年总结的答复"]
    assert [path.split(" · ")[0] for path in quotes["path"]] == ["2023.txt", "2024.txt"]
    for row in quotes.itertuples():
        assert row.text == " ".join(texts[row.path.split(" · ")[0]][row.start : row.end].split())


def test_the_outline_is_cut_off_at_a_depth_but_for_other_roles():
    assert "1.甲" not in show_outline(read_text(TEXT, "en"), depth=2)
    assert "1.甲" in show_outline(read_text(TEXT, "en"))


def test_the_outline_speaks_both_languages():
    assert "  计划 三、2024年计划" in show_outline(read_text(TEXT))
    assert "  plan         三、2024年计划" in show_outline(read_text(TEXT, "en"))


def test_doubts_stand_where_they_arise():
    unplanned = read_text(TEXT.replace("三、2024年计划\n（一）架桥。\n", ""))
    assert "2023年工作总结  ← 没有找到计划部分" in show_outline(unplanned)


def test_what_is_to_be_checked_stands_before_the_notes(sample):
    lines = write_doubts(sample["zh"]).split("\n")
    heads = [line for line in lines if line.endswith("处）")]
    assert [head[:4] for head in heads] == ["需要核对", "提示（3"]
    assert lines[1].startswith("重要")


def test_a_rate_that_its_own_numbers_contradict_is_a_doubt(sample):
    """县科技局: 24项，27项，完成率121.5%, which is 112.5%."""
    said = list_doubts(sample["zh"]).query("report == 4")["message"]
    assert "“促成校企合作项目”写完成率121.5%，按目标和完成值复算为112.5%" in set(said)
