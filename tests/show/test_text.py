"""Words: line breaking, punctuation, shortening, numbers, names in both languages, and what a source line says."""

import string
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit.data import knowledge
from kit.errors import DataError, TableError
from kit.measure.analysis import analyse
from kit.show.style import (  # fmt: skip
    Scope,
    _name_of,
    agency_names,
    check_glyphs,
    fit_name,
    in_theme_order,
    period_text,
    scope_of,
    shorten,
    shorten_end,
    source_line,
    theme_groups,
    theme_heads,
    theme_labels,
    width,
    words_of,
    wrap,
    wrap_subtitle,
    wrap_title,
    write_subtitle,
    years_of,
)
from kit.wording import (  # fmt: skip
    agency_name,
    fill,
    full_width,
    half_up,
    label,
    listed,
    number,
    percent,
    quoted,
    rate,
    signed,
)


@pytest.mark.parametrize(("text", "ems", "lines"), [
    ("全县建成充电桩", 4, ["全县建成", "充电桩"]),
    ("全县建成，充电桩", 4, ["全县建", "成，充电", "桩"]),  # a comma starts no line: 成 goes with it
    ("他说“建成。”然后走了", 5, ["他说“建", "成。”然后", "走了"]),  # closing quote and stop: carried until legal
    ("目标是（基本）建成", 4, ["目标是", "（基本）", "建成"]),  # an opening bracket ends no line
    ("完成率达到86.5%以上", 6, ["完成率达到", "86.5%以上"]),  # a number keeps its sign
    ("使用PowerPoint软件", 5, ["使用", "PowerPoint", "软件"]),  # a word too long for the line is not cut
    ("the plan turns to roads", 5, ["the plan", "turns to", "roads"]),
    ("", 5, []),
])  # fmt: skip
def test_lines_break_where_chinese_and_latin_allow(text, ems, lines):
    assert wrap(text, 10, ems * 10) == lines


@given(st.text(alphabet="山水田林湖草 ，。、；“”（）《》AB12.%", max_size=60), st.integers(3, 20))
def test_wrapping_loses_nothing_and_breaks_legally(text, ems):
    lines = wrap(text, 10, ems * 10)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for before, after in pairwise(lines):
        assert after[0] not in "，。、；”）》%.", (before, after)
        assert before[-1] not in "“（《", (before, after)


@pytest.mark.parametrize(("text", "ems", "lines"), [
    ("道路新改建超额完成，危桥改造只完成一半", 12, ["道路新改建超额完成，", "危桥改造只完成一半"]),
    ("一二三四五六七八九十一二三四", 10, ["一二三四五六七", "八九十一二三四"]),  # balanced
    ("短标题", 10, ["短标题"]),
    ("fixed-asset investment", 6, ["fixed-asset", "investment"]),  # two words stay on two lines
])  # fmt: skip
def test_titles_break_at_their_comma_or_in_the_middle(text, ems, lines):
    assert wrap_title(text, 14, ems * 14) == lines


@pytest.mark.parametrize(("text", "lines"), [
    ("各单位每万字出现次数，按合计排列，前十位", ["各单位每万字出现次数，按合计排列", "前十位"]),
    ("aa bbbb cccc dddd eeee, ffff ggg", ["aa bbbb cccc dddd eeee,", "ffff ggg"]),
    ("aa bbbb cccc; dddd eeee ff, ggg", ["aa bbbb cccc;", "dddd eeee ff, ggg"]),  # the line broke at its last comma
])  # fmt: skip
def test_a_short_second_line_of_a_subtitle_starts_after_a_comma(text, lines):
    """A full-width comma at the end of the line is dropped."""
    assert wrap_subtitle(text, 10, width(text, 10) - 15) == lines


@pytest.mark.parametrize(("text", "written"), [
    ("完成,超额", "完成，超额"),
    ("比重(%)", "比重（%）"),
    ("(约12公里)", "（约12公里）"),
    ("z(a, b)", "z(a, b)"),
    ("共3项;其中1项", "共3项；其中1项"),
])  # fmt: skip
def test_punctuation_beside_chinese_is_full_width(text, written):
    assert full_width(text) == written


def test_names_keep_head_and_tail():
    name = "青溪县柳塘镇文化旅游体育与广播电视综合服务中心"
    short = shorten(name, 10, 120)
    assert width(short, 10) <= 120
    assert short.startswith("青溪县")
    assert short.endswith("服务中心")
    assert shorten("县教育局", 10, 120) == "县教育局"
    assert shorten_end("Enforcement and law", 10, 60).endswith("…")


@pytest.mark.parametrize(("name", "limit", "short"), [
    ("县发改委 (development)", 120, "县发改委 (development)"),
    ("县发改委 (development)", 95, "县发改委"),
    ("青溪县文化广电旅游局 (culture)", 85, "青溪县文…旅游局"),
    ("青溪县（单位名称未写明）", 80, "青溪县"),
    ("县教育局 (education) #3", 80, "县教育局 #3"),
])  # fmt: skip
def test_brackets_behind_a_name_are_never_cut(name, limit, short):
    assert shorten(name, 10, limit) == short


@given(st.text(alphabet="县镇局ab 1()", min_size=1, max_size=40), st.integers(15, 300))
def test_shortened_names_fit(name, limit):
    assert width(shorten(name, 10, limit), 10) <= max(limit, width("…", 10))


@pytest.mark.parametrize(("value", "lang", "decimals", "written"), [
    (412, "zh", 0, "412"), (9999, "zh", 0, "9999"), (32_000, "zh", 0, "3.2万"), (250_000_000, "zh", 0, "2.5亿"),
    (3200, "en", 0, "3,200"), (32_000, "en", 0, "32,000"), (-4.25, "zh", 1, "−4.3"), (0, "en", 0, "0"),
])  # fmt: skip
def test_numbers_are_written_as_each_language_does(value, lang, decimals, written):
    assert number(value, lang, decimals=decimals) == written


def test_changes_shares_and_rates():
    assert [signed(x) for x in (3.84, -4.2, 0.04, -0.04)] == ["+3.8", "−4.2", "0.0", "0.0"]
    assert [percent(x) for x in (0.86, 1.16, 0.004)] == ["86%", "116%", "0%"]
    assert [rate(x) for x in (0.62, 9.94, 9.96, 12.4, 104)] == ["0.6", "9.9", "10", "12", "104"]


@given(st.integers(0, 200), st.integers(1, 200))
def test_halves_are_rounded_up_as_readers_do(part, whole):
    """5 of 8 is 63 %: against whole numbers, which have no binary fractions."""
    assert int(half_up(100 * part / whole)) == (200 * part + whole) // (2 * whole)
    assert percent(part / whole) == f"{(200 * part + whole) // (2 * whole)}%"


def test_halves_below_zero_are_rounded_away_from_it():
    assert [str(half_up(x, 1)) for x in (0.25, -0.25, 2.675, -0.04)] == ["0.3", "-0.3", "2.7", "0.0"]
    assert (percent(5 / 8), percent(27 / 24), percent(0.285)) == ("63%", "113%", "29%")


@pytest.mark.parametrize(("name", "limit", "pitch", "lines"), [
    ("县教育局", 100, 19, 1),
    ("青溪县自然资源和规划局", 80, 20, 2),
    ("青溪县柳塘镇文化旅游体育与广播电视综合服务中心", 80, 20, 2),  # shortened to two lines
    ("青溪县自然资源和规划局", 80, 10, 1),  # rows too close for two lines: shortened
])  # fmt: skip
def test_a_name_takes_one_line_or_two_or_is_shortened(name, limit, pitch, lines):
    fitted, size = fit_name(name, 10, limit, pitch)
    assert fitted.count("\n") + 1 == lines
    assert all(width(line, size) <= limit for line in fitted.split("\n"))


LABELS = knowledge("labels.toml")
GROUPS = LABELS | LABELS["figures"]
ENTRIES = [(group, key, entry) for group, entries in GROUPS.items() for key, entry in entries.items()
           if group not in ("marks", "faces", "figures") and all(isinstance(text, str) for text in entry.values())]  # fmt: skip


def test_every_entry_speaks_both_languages_of_the_same_things():
    """Both languages are there, name the same places, and the font can draw them."""
    for group, key, entry in ENTRIES:
        assert set(entry) == {"zh", "en"}, (group, key)
        for text in entry.values():
            check_glyphs(text)
        called = {
            "author",
            "authors",
            "counted",
            "each",
            "every",
        }  # a place or an agency: each language takes the forms it needs
        places = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} - called for text in entry.values()
        ]
        assert group == "units" or places[0] <= places[1] or places[1] <= places[0], (group, key)


def test_a_noun_follows_its_number():
    assert fill("units", "n_reports", "en", value="1", n=1) == "1 report"
    assert fill("units", "n_reports", "en", value="12", n=12) == "12 reports"


def test_the_words_of_a_figure_stand_under_its_name():
    assert words_of("cloud", "zh")("subtitle", n=60) == "出现最多的60个词语"
    assert label("figures.cloud", "plain", "en") == "The most used terms"


def test_words_are_quoted_and_listed_as_each_language_does():
    assert quoted(["项目", "服务"], "zh") == "“项目”“服务”"
    assert quoted(["项目", "服务"], "en") == "“项目” and “服务”"
    assert listed(["甲", "乙", "丙"], "zh") == "甲、乙、丙"
    assert listed(["a", "b", "c"], "en") == "a, b and c"


def test_an_unknown_label_or_language_is_said():
    with pytest.raises(DataError, match=r"labels.toml: expected an entry 'nine' in \[states\], found none"):
        label("states", "nine", "zh")
    with pytest.raises(DataError, match=r"expected an entry 'nine' in \[figures.cloud\], found none"):
        label("figures.cloud", "nine", "zh")
    with pytest.raises(DataError, match=r"lang: expected one of \('zh', 'en'\), found 'fr'"):
        label("states", "both", "fr")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_themes_have_names_groups_and_short_heads(lang):
    labels, groups = theme_labels(lang), theme_groups(lang)
    assert set(labels) == set(groups) == set(knowledge("themes.toml")["themes"])
    heads = theme_heads(list(labels), labels, lang)
    assert max(map(len, heads)) <= (5 if lang == "zh" else 14)
    assert theme_heads(["own"], {"own": "自定主题"}, "zh") == ["自定主题"]


def test_themes_stand_in_the_order_of_their_names_and_unknown_ones_behind():
    assert in_theme_order(["b", "x", "a"], {"a": "甲", "b": "乙", "c": "丙"}) == ["a", "b", "x"]


SECTORS = {1: "health", 2: "transport"}
SCOPE, ENGLISH = (
    Scope(lang, "青溪县.txt", 11, 12, 1, 53, (2023, 2023), (2024, 2025), sectors=SECTORS) for lang in ("zh", "en")
)


@pytest.mark.parametrize(("copies", "counted", "measure", "lang", "line"), [
    (1, 11, "", "zh", "资料来源：青溪县.txt，计入11篇报告（读入12篇，近似副本1篇不重复计），遮盖标记53处。"),
    (0, 12, "", "zh", "资料来源：青溪县.txt，计入12篇报告（读入12篇，无近似副本），遮盖标记53处。"),
    (2, 10, "continuity", "en", "Source: 青溪县.txt; 10 reports counted (12 read, 2 near copies left out); 53 masks.\n"
     "Measure: continuity (review against next year's plan, within one compilation)."),
    (0, 12, "fulfilment", "zh", "资料来源：青溪县.txt，计入12篇报告（读入12篇，无近似副本），遮盖标记53处。\n"
     "口径：兑现（上一年计划与本年总结对照）。"),
])  # fmt: skip
def test_the_source_line_says_what_was_counted(copies, counted, measure, lang, line):
    assert source_line(Scope(lang, "青溪县.txt", counted, 12, copies, 53), measure) == line


def test_periods():
    assert period_text(SCOPE) == "2023年总结与2024～2025年计划"
    assert period_text(ENGLISH) == "2023 reviews, 2024–2025 plans"
    assert period_text(Scope("zh", "a", 1, 1)) == ""
    assert period_text(Scope("zh", "a", 1, 1, period=(2023, 2023))) == "2023年总结"
    assert write_subtitle("次数", SCOPE, "前十位") == "次数，2023年总结与2024～2025年计划，前十位"
    assert write_subtitle("次数", Scope("zh", "a", 1, 1)) == "次数"


def test_the_scope_of_a_compilation_counts_copies_once():
    analysis = analyse(kit.sample(2023), lang="en")
    compilation, scope = analysis.compilation, scope_of(analysis)
    copies = int(compilation.reports["copy_of"].notna().sum())
    assert scope.lang == "en"
    assert scope.codebook is analysis.codebook
    assert scope.reports_read == len(compilation.reports)
    assert scope.reports_counted == len(compilation.reports) - copies
    assert scope.copies == copies
    counted = set(compilation.counted["report"])
    assert scope.masks == sum(report in counted for report in compilation.masks["report"])


def test_the_scope_of_two_years_holds_both_and_is_fulfilment():
    """Last year's plan is held against this year's review: the plan of the earlier, the review of the later."""
    analysis = analyse([kit.sample(2023), kit.sample(2024)])
    scope = years_of(analysis)
    assert period_text(scope) == "2024年计划（上一份报告所写）与2024年总结"
    said = source_line(scope, "fulfilment")
    for name, year in (("2023.txt", analysis.earlier.compilation), ("2024.txt", analysis.compilation)):
        assert f"{name}，计入{len(year.counted)}篇报告（读入{len(year.reports)}篇" in said
    assert said.endswith("口径：兑现（上一年计划与本年总结对照）。")
    with pytest.raises(
        TableError, match=r"fulfilment takes two years, found only 2023.txt; analyse \[earlier, later\]"
    ):
        years_of(analysis.earlier)


@pytest.mark.parametrize(("name", "called"), [
    ("2023.txt", "2023.txt"), ("甲/2023.txt + 乙/2023.txt", "甲/2023 + 乙/2023"),
    (" + ".join(f"{name}县.docx" for name in "甲乙丙丁"), "甲县等4份"),
])  # fmt: skip
def test_several_compilations_are_named_without_endings_the_first_of_many(name, called):
    assert _name_of(name, "zh") == called


def test_an_agency_is_called_as_in_the_later_year_where_it_is_surely_the_same():
    later = Scope("zh", "b", 2, 2, agencies={1: "山南壮族自治州", 2: "县工信局"})
    table = pd.DataFrame({"report": [1, 2, 3], "agency": ["山南", "县科技局", "县教育局"],
                          "later_report": [1, 2, None], "link": ["same", "merged", "none"]})  # fmt: skip
    assert agency_names(table, Scope("zh", "a", 2, 2, later=later)) == ["山南壮族自治州", "县科技局", "县教育局"]


def test_agencies_of_one_name_are_told_apart_and_typed_in_english():
    table = pd.DataFrame({"report": [1, 2, 3, 3], "agency": ["县卫健局", "县交通局", "县交通局", "县交通局"]})
    assert agency_names(table, SCOPE) == ["县卫健局", "县交通局（第2篇）", "县交通局（第3篇）", "县交通局（第3篇）"]
    assert agency_names(table.head(2), ENGLISH) == ["Health Bureau", "Transport Bureau"]
    two = {"places": {1: "青溪县", 2: "青溪县", 3: "白河县"}}
    names = ["县卫健局", "青溪县交通局", "白河县交通局", "白河县交通局"]  # of two places they are told apart by these
    assert agency_names(table, replace(SCOPE, **two)) == names
    english = ["Health Bureau", "青溪县 Transport Bureau", "白河县 Transport Bureau", "白河县 Transport Bureau"]
    assert agency_names(table, replace(ENGLISH, **two)) == english
    unnamed = pd.DataFrame({"report": [2], "agency": ["（单位名称未写明）"]})
    assert agency_names(unnamed, ENGLISH) == ["(unit not named) (transport)"]
    placed = pd.DataFrame({"report": [3], "agency": ["青溪县（单位名称未写明）"]})
    assert agency_names(placed, ENGLISH) == ["青溪县 (unit not named)"]
    assert agency_names(placed, SCOPE) == ["青溪县（单位名称未写明）"]


@pytest.mark.parametrize(("name", "called"), [
    ("县交通运输局", "Transport Bureau"), ("青溪县住房建设和交通运输局", "Housing and Transport Bureau"),
    ("县文体广电和旅游局", "Culture, Sports, Broadcasting and Tourism Bureau"), ("县发改委", "Development and Reform Commission"),
    ("白石镇文化和旅游服务中心", "Culture and Tourism Centre"), ("县生态环境分局", "Ecology Bureau"),
    ("县石油公司", "县石油公司"), ("青溪县人民政府", "青溪县人民政府"), ("shown as 县教育局", "shown as 县教育局"), ("", ""),
])  # fmt: skip
def test_an_english_name_says_what_an_agency_is_and_nothing_is_half_translated(name, called):
    assert agency_name(name, "en") == called
    assert agency_name(name, "zh") == name
