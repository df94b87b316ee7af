"""What kind of line a line is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.read import lines as grammar


@pytest.mark.parametrize(
    "line",
    [
        "县民政局2023年工作总结及2024年工作计划",
        "2023年度工作总结和2024年度工作计划",
        "关于2023年工作总结及2024年工作计划的报告",
        "柳溪县水利局二〇二三年工作总结",
        "柳溪县水利局二○二三年工作总结和二○二四年工作打算",
        "岩川镇 2023 年工作总结 及 2024 年工作思路",
        "区审计局2023年工作总结暨2024年工作要点",
        "柳溪县人民法院2023年工作报告",
        "县财政局关于2023年工作情况的汇报",
        "县教育局局长2023年度述职报告",
        "2024年柳溪县政府工作报告",
        "政府工作报告",
        "县发改局2023年上半年工作总结及下半年工作安排",
        "县文旅局2023年工作总结（讨论稿）",
    ],
)
def test_title_lines(line):
    assert grammar.is_title(line)


@pytest.mark.parametrize(
    "line",
    [
        "一、2023年工作总结",
        "（一）2023年工作总结",
        "2023年，县民政局认真完成年度工作任务。",
        "现将2023年工作情况汇报如下：",
        "柳溪县2023年工作总结汇编",
        "县民政局",
        "工作总结",
        "2023年12月5日",
    ],
)
def test_lines_that_are_no_title(line):
    assert not grammar.is_title(line)


@pytest.mark.parametrize(
    ("line", "count"),
    [("（12篇）", 12), ("(共8篇)", 8), ("共20篇", 20), ("2023年工作总结汇编（3篇）", 3), ("写了12篇稿件", None)],
)
def test_the_announced_number_of_reports(line, count):
    assert grammar.stated_count(line) == count


@pytest.mark.parametrize(
    "line", ["2023年12月5日", "二〇二三年十二月五日", "二○二四年一月", "2024 年 1 月 8 日", "2024年1月"]
)
def test_dates_of_a_signature(line):
    assert grammar.is_a("date", line)


@pytest.mark.parametrize(
    "line",
    [
        "##paidbegin##",
        "下载",
        "打印",
        "【字号：",
        "您的位置：首页",
        "上一篇：某某",
        "来源：某网",
        "2024-01-05 09:30",
        "第 3 页 共 9 页",
        "- 4 -",
    ],
)
def test_leavings_of_web_pages(line):
    assert grammar.is_a("artefact", line)


@pytest.mark.parametrize("line", ["大力发展旅游业。", "时间安排：3月启动", "一、总结", "下载安装反诈软件2万人次。"])
def test_lines_of_a_report_are_no_leavings(line):
    assert not grammar.is_a("artefact", line)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023年工作总结及2024年工作计划", [2023, 2024]),
        ("2023 年度", [2023]),
        ("二〇二三年", [2023]),
        ("二○二四年", [2024]),
        ("2021-2025年规划", [2021, 2025]),
        ("投入2023万元", []),
    ],
)
def test_years_in_arabic_and_chinese_digits(text, years):
    assert grammar.find_years(text) == years


@given(st.text(alphabet="甲乙。 \u3000\t\n\xa0", max_size=60))
def test_lines_point_to_their_text(text):
    lines = list(grammar.split_lines(text))
    assert [text[line.start : line.end] for line in lines] == [line.text for line in lines]
    assert [line.text for line in lines] == [
        raw.strip(grammar.SPACE) for raw in text.split("\n") if raw.strip(grammar.SPACE)
    ]


@pytest.mark.parametrize(
    ("line", "unit"),
    [("报送单位：县民政局", "县民政局"), ("单位：县民政局    日期：12月", "县民政局"), ("（县民政局）", "县民政局"), ("县民政局", "")],
)  # fmt: skip
def test_the_unit_that_a_line_by_the_title_names(line, unit):
    assert grammar.named_unit(line) == unit


def test_pages_and_breaks_within_paragraphs_end_lines():
    assert [line.text for line in grammar.split_lines("甲。\f乙。\v丙。\u2028丁。")] == ["甲。", "乙。", "丙。", "丁。"]


def test_traditional_titles_are_titles_once_folded():
    from kit.read.lines import fold

    assert grammar.is_title(fold("縣民政局2023年工作總結及2024年工作計劃"))


def sentences(text):
    return [text[a:b] for a, b in grammar.split_sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("修路。架桥。", ["修路。", "架桥。"]),
        ("修路；架桥！", ["修路；", "架桥！"]),
        ("他说“修路。”然后架桥。", ["他说“修路。”", "然后架桥。"]),
        ("一、总结\n修路。\n", ["一、总结\n", "修路。\n"]),
        ("增长3.5%，完成任务。  \n", ["增长3.5%，完成任务。  \n"]),
        ("没有句号", ["没有句号"]),
        ("\n\n修路。", ["\n\n", "修路。"]),
        ("", []),
    ],
)
def test_sentences_end_at_their_stops_and_lines(text, expected):
    assert sentences(text) == expected


@given(st.text(alphabet="甲乙。！？；”）!?; \n\u3000", max_size=80))
def test_sentences_give_the_text_back(text):
    assert "".join(sentences(text)) == text
    assert all(sentences(text))
