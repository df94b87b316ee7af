"""Line breaking, punctuation, shortening and numbers, by cases and by property."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.show.font import width
from kit.show.text import (
    full_width,
    half_up,
    number,
    percent,
    rate,
    shorten,
    shorten_end,
    signed,
    wrap,
    wrap_subtitle,
    wrap_title,
)  # fmt: skip


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
])  # fmt: skip
def test_titles_break_at_their_comma_or_in_the_middle(text, ems, lines):
    assert wrap_title(text, 14, ems * 14) == lines


@pytest.mark.parametrize(("text", "lines"), [
    ("各单位每万字出现次数，按合计排列，前十位", ["各单位每万字出现次数，按合计排列", "前十位"]),
    ("aa bbbb cccc dddd eeee, ffff ggg", ["aa bbbb cccc dddd eeee,", "ffff ggg"]),
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
