"""The numbering grammar: which markers are found, what number they say, how they nest."""

import pytest

from kit.read.layout import split_lines
from kit.read.outline import find_markers, nest, read_han


def markers(text):
    return [text[m.start : m.end] for m in find_markers(text, split_lines(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、工作总结\n二、工作计划", ["一、", "二、"]),
        ("一．总结\n二．计划", ["一．", "二．"]),
        ("一.总结\n二.计划", ["一.", "二."]),
        ("（一）民生\n（二）党建", ["（一）", "（二）"]),
        ("(一)民生\n(二)党建", ["(一)", "(二)"]),
        ("（一）、民生\n（二）、党建", ["（一）、", "（二）、"]),
        ("㈠民生\n㈡党建", ["㈠", "㈡"]),
        ("1.修路\n2.架桥", ["1.", "2."]),
        ("1、修路\n2、架桥", ["1、", "2、"]),
        ("1．修路\n2．架桥", ["1．", "2．"]),
        ("⒈修路\n⒉架桥", ["⒈", "⒉"]),
        ("（1）修路\n（2）架桥", ["（1）", "（2）"]),
        ("1）修路\n2）架桥", ["1）", "2）"]),
        ("⑴修路\n⑵架桥", ["⑴", "⑵"]),
        ("①修路\n②架桥", ["①", "②"]),
        ("第一部分 总结\n第二部分 计划", ["第一部分", "第二部分"]),
        ("第一章 总结\n第二章 计划", ["第一章", "第二章"]),
        ("第一，修路。\n第二，架桥。", ["第一", "第二"]),
        ("其一，人手不足。\n其二，经费不足。", ["其一", "其二"]),
        ("首先，修路。\n其次，架桥。\n最后，验收。", ["首先", "其次", "最后"]),
        ("——修路6公里。\n——架桥2座。", ["——", "——"]),
        ("一是修路。\n二是架桥。", ["一是", "二是"]),
        ("主要做了：一是修路；二是架桥。", ["一是", "二是"]),
        ("十、总结\n十一、计划\n十二、建议", ["十、", "十一、", "十二、"]),
    ],
)
def test_every_style_of_marker_is_found(text, found):
    assert markers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "投入2.5亿元，增长3.1%。",
        "全县四、五年级学生参加。",
        "建成1、2号楼。",
        "落实“三会一课”，做到统一是关键。",
        "修订（一）期工程方案。",
        "第一季度完成投资，第一中学开工。",
        "1.2万亩高标准农田开工。",
        "（3个）乡镇参加。",
        "首先进场施工。",
        "促进一、二、三产业融合。",
        "坚持发展第一，安全第一，",
        "统一要求、统一标准，唯一是从。",
        "2024.12.5召开会议，建成1、2号楼。",
    ],
)
def test_a_number_that_numbers_nothing_is_no_marker(text):
    assert markers(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、总结（一）民生工作。1.修路。2.架桥。（二）党建工作。", ["一、", "（一）", "1.", "2.", "（二）"]),
        ("全年完成投资2.5亿元。二、计划", []),
        ("一、总结\n完成六项任务。二、2024年工作计划", ["一、", "二、"]),
        ("抓好以下工作：1.修路6.5公里；2.架桥。", ["1.", "2."]),
        ("一、促进一、二、三产业融合发展。二、抓好2024年工作", ["一、", "二、"]),
        ("一、总结1.修路2.架桥。二、计划", ["一、", "1.", "2.", "二、"]),
        ("（一）建设方面：①修路。②架桥。③植树。", ["（一）", "①", "②", "③"]),
    ],
)
def test_markers_inside_a_line_have_to_carry_a_chain_on(text, found):
    assert markers(text) == found


def tree(text):
    found = find_markers(text, split_lines(text))
    return [
        (text[m.start : m.end], depth, None if parent is None else text[found[parent].start : found[parent].end])
        for m, (parent, depth) in zip(found, nest(found), strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "一、甲\n（一）乙\n1.丙\n（1）丁",
            [("一、", 1, None), ("（一）", 2, "一、"), ("1.", 3, "（一）"), ("（1）", 4, "1.")],
        ),
        ("（一）甲\n1.乙\n（二）丙", [("（一）", 1, None), ("1.", 2, "（一）"), ("（二）", 1, None)]),
        (
            "一、甲\n一是乙。\n二是丙。\n二、丁",
            [("一、", 1, None), ("一是", 2, "一、"), ("二是", 2, "一、"), ("二、", 1, None)],
        ),
        ("1.甲\n（1）乙\n2.丙", [("1.", 1, None), ("（1）", 2, "1."), ("2.", 1, None)]),
        (
            "1.甲\n（一）乙\n（二）丙\n2.丁\n（一）戊\n（二）己\n3.庚\n（一）辛\n（二）壬",
            [("1.", 1, None), ("（一）", 2, "1."), ("（二）", 2, "1."), ("2.", 1, None), ("（一）", 2, "2."),
             ("（二）", 2, "2."), ("3.", 1, None), ("（一）", 2, "3."), ("（二）", 2, "3.")],
        ),
    ],
)  # fmt: skip
def test_depth_comes_from_the_styles_place_in_this_report(text, expected):
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("numeral", "number"), [("一", 1), ("九", 9), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23)]
)
def test_chinese_numerals(numeral, number):
    assert read_han(numeral) == number
