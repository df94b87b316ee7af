"""What kind of line a line is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit.read import lines as grammar
from kit.read.lines import fold


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


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        # a sub- or superscript, a number, a sign of no width
        ("广义货币M\n2\n增长11.3%，低于13%左右的预期目标。", "广义货币M2增长11.3%，低于13%左右的预期目标。"),
        ("细颗粒物（PM\n2.5\n）浓度下降。", "细颗粒物（PM2.5）浓度下降。"),
        ("修渠12千米，护林30km\n2\n，育苗两亩。", "修渠12千米，护林30km2，育苗两亩。"),
        ("总值达到74.4\n\u200b\n万亿元，增长6.7%。", "总值达到74.4万亿元，增长6.7%。"),
        ("运行平稳，城镇新增\n\u200b\n就业46万人。", "运行平稳，城镇新增就业46万人。"),
        ("运行平稳，就业增长\n11.3\n%。", "运行平稳，就业增长11.3%。"),
        ("广义货币M\n\u200b\n2\n\u200b\n增长。", "广义货币M2增长。"),
        # a stop, a heading, a title, a list, a blank line keep their lines
        ("修渠12条。\n\u200b\n护林三处。", None),
        ("一、坚定信心，扎实工作\n\u200b\n全年修渠12条。", None),
        ("运行平稳，护林三处\n\u200b\n二、问题", None),
        ("政府工作报告\n\u200b\n各位代表：", None),
        ("重点工作\n1\n修渠\n2\n护林", None),
        ("运行平稳，护林三处\n\n修渠12条。", None),
        ("运行平稳，护林三处\n\u3000\n修渠12条。", None),
    ],
)
def test_a_sentence_broken_around_a_number_is_one(text, mended):
    assert grammar.mend(text, "") == (mended or text)
    assert len(fold(text)) == len(text)
    assert ("\n" in fold(text)) == (mended is None)


def test_a_broken_sentence_is_one_sentence_of_an_unchanged_text(tmp_path):
    text = "东山县2023年政府工作报告\n一、2023年工作回顾\n全县运行平稳，广义货币M\n2\n增长11.3%，低于目标。\n二、2024年工作安排\n修渠12条。\n"
    (tmp_path / "2023.txt").write_text(text, encoding="utf-8")
    found = kit.read(tmp_path / "2023.txt")
    spans = found.sentences[["start", "end"]].to_numpy()
    assert found.text == text
    assert "全县运行平稳，广义货币M\n2\n增长11.3%，低于目标。\n" in [text[start:end] for start, end in spans]
