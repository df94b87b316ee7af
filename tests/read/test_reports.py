"""A file is split into reports."""

from itertools import pairwise

import pytest

from kit.read.compilation import File
from kit.read.reader import FILE_PASSES, run

SECTIONS = "一、2023年工作总结\n（一）修路。\n二、2024年工作计划\n（一）架桥。\n"


def split(text):
    return run(FILE_PASSES, File(text, 0, len(text), "a.txt"))


def titles(text):
    file = split(text)
    return [report.title for report in file.reports], [row["code"] for row in file.doubts]


def test_titles_split_and_the_table_of_contents_does_not():
    names = ["县甲局2023年工作总结", "县乙局2023年工作总结", "县丙局2023年工作总结"]
    text = "目录\n" + "\n".join(names) + "\n\n" + "".join(f"{name}\n{SECTIONS}\n" for name in names)
    assert titles(text) == (names, [])


def test_titles_may_repeat():
    text = f"2023年工作总结及2024年工作计划\n{SECTIONS}" * 3
    assert titles(text) == (["2023年工作总结及2024年工作计划"] * 3, [])


def test_reports_start_at_their_titles_and_end_at_the_next():
    text = f"前言\n县甲局2023年工作总结\n{SECTIONS}县乙局2023年工作总结\n{SECTIONS}"
    drafts = split(text).reports
    assert [text[d.start :].startswith(d.title) for d in drafts] == [True, True]
    assert [(a.end, b.start) for a, b in pairwise(drafts)] == [(drafts[1].start,) * 2]
    assert drafts[-1].end == len(text)


def test_headings_that_read_like_titles_open_no_report():
    text = "县甲局2023年工作总结及2024年工作计划\n2023年工作总结\n完成了修路。\n2024年工作计划\n将架桥。\n"
    assert titles(text)[0] == ["县甲局2023年工作总结及2024年工作计划"]


def test_a_number_that_disagrees_is_a_doubt():
    text = f"（3篇）\n县甲局2023年工作总结\n{SECTIONS}县乙局2023年工作总结\n{SECTIONS}"
    assert titles(text)[1] == ["count_disagrees"]


def test_a_table_of_contents_that_disagrees_is_a_doubt():
    listed = "目录\n1.县甲局2023年工作总结\n2.县乙局2023年工作总结\n3.县丙局2023年工作总结\n\n"
    text = f"{listed}县甲局2023年工作总结\n{SECTIONS}"
    assert titles(text)[1] == ["contents_disagree"]


def test_a_title_that_the_table_of_contents_writes_otherwise_is_noted():
    text = (
        "目录\n1.县甲局2023年工作总结\n2.县乙局2023年总结\n\n"
        f"县甲局2023年工作总结\n{SECTIONS}县乙局2023年工作总结\n{SECTIONS}"
    )
    assert titles(text)[1] == ["contents_title_differs"]


def test_a_text_without_titles_is_one_report():
    drafts = split(SECTIONS).reports
    assert [(d.start, d.end, d.title) for d in drafts] == [(0, len(SECTIONS), "")]


A, B = "县甲局", "县乙局"
G = "2023年工作总结及2024年工作计划"


def both(*heads, between="\n\n"):
    return between.join(f"{head}\n{SECTIONS}" for head in heads)


@pytest.mark.parametrize(
    "text",
    [
        both(f"{A}\n2023年工作总结", f"{B}\n2023年工作总结"),  # a title that a section may have, under the unit's name
        both(f"{A}\n2023年\n工作总结", f"{B}\n2023年\n工作总结"),
        both("青石镇\n" + G, "白河乡\n" + G),
        both(f"{A}工作总结", f"{B}工作总结"),  # no year
        both(f"{A}“十四五”工作总结", f"{B}“十四五”工作总结"),
        both(f"{A}23年工作总结", f"{B}23年工作总结"),
        both(f"{A}2023年工作总\n结及2024年工作计划", f"{B}2023年工作总\n结及2024年工作计划"),
        both(f"{A} 2023 年 工 作 总 结", f"{B} 2023 年 工 作 总 结"),
        both(f"===== {A}2023年工作总结.docx =====", f"===== {B}2023年工作总结.docx ====="),
        both(f"【文件：{A}{G}.txt】\n{A}{G}", f"【文件：{B}{G}.txt】\n{B}{G}"),
        both(G + "篇1", G + "篇2"),
        both("篇一", "篇二"),
        both("【范文1】", "【范文2】"),
        both(A, B),  # the unit's name alone
        both(f"【{A}】", f"【{B}】"),
        both(f"单位：{A}", f"单位：{B}"),
        f"一、{A}\n（一）修路。\n（二）明年架桥。\n二、{B}\n（一）修路。\n（二）明年架桥。\n",
        f"{A}各科室2023年工作总结\n\n" + both(f"办公室{G}", f"财务科{G}"),
        both(A + G, B + G, between="\f"),
        both(f"{A}\t{G}", f"{B}\t{G}"),
        both(A + G, B + G, between=f"相关链接\n县丙局{G}\n"),
    ],
)
def test_what_stands_over_a_report_opens_it(text):
    assert len(titles(text)[0]) == 2


@pytest.mark.parametrize("rule", ["---", "-----", "——————", "* * *", "◆◆◆"])
def test_a_ruled_line_is_no_part_of_the_title_below_it(rule):
    assert titles(both(A + G, B + G, between=f"\n{rule}\n"))[0] == [A + G, B + G]


@pytest.mark.parametrize(
    "inside",
    [
        f"附件1\n{A}2024年重点任务清单\n一、架桥。\n",
        f"附件：{A}2024年重点工作清单\n1.架桥。\n",
        f"{A}{G}\n三、保障措施\n（一）加强领导。\n",  # a running head
        f"{A}{G}\n",  # the title once more, at the end
        "“十五五”工作思路\n（一）架桥。\n",
        "Ⅲ、2024年工作计划\n（一）架桥。\n",
        "序号\t指标\t2023年完成\t2024年计划\n1\t架桥\t4座\t6座\n",  # the head of a table
        "任务\t2024年工作计划\n1.架桥\t6座\n",
        f"上一篇：{B}2022年工作总结\n下一篇：没有了\n",
        f"相关链接\n{B}2023年工作总结\n县丙局{G} 2024-01-12\n主办：县政府办公室\n",
    ],
)
def test_what_stands_inside_a_report_opens_none(inside):
    assert titles(f"{A}{G}\n{SECTIONS}{inside}")[0] == [A + G]


def test_a_line_that_heads_pages_of_several_reports_opens_none():
    page = "柳溪县2023年度总结材料\n二、2024年工作计划\n（一）架桥。\n"
    text = "".join(f"{unit}{G}\n一、2023年工作总结\n（一）修路。\n{page}" for unit in (A, B, "县丙局"))
    assert titles(text)[0] == [A + G, B + G, "县丙局" + G]


def test_sections_named_after_units_are_no_reports_under_an_agencys_title():
    text = f"{A}{G}\n一、办公室\n（一）修路。\n二、财务科\n（一）记账。\n"
    assert titles(text)[0] == [A + G]


def test_a_file_that_is_a_table_of_contents_holds_no_report():
    assert titles(f"目录\n{A}{G}\n{B}{G}\n") == ([], [])


def test_a_short_first_report_of_a_place_is_no_cover():
    assert titles(both(f"青石镇柳树村{G}", f"{B}{G}"))[0] == [f"青石镇柳树村{G}", B + G]


def test_titles_that_differ_in_their_names_alone_open_reports():
    names = ["李晓云2023年度个人工作总结", "王平2023年度个人工作总结"]
    assert titles(both(*names))[0] == names
    assert titles(f"{A}{G}\n{SECTIONS}党建工作2023年总结\n一、抓学习。\n")[0] == [A + G]
