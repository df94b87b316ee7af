"""Which year a report reviews, and which it plans."""

import pytest

from kit.read.compilation import Report, Years
from kit.read.lines import split_lines
from kit.read.roles import dated_title, find_periods, reaches_on
from kit.read.roles import horizon as horizon_of


def periods(title, body=""):
    lines = tuple(split_lines(body))
    return find_periods(Report(body, 0, len(body), "a.txt", lines, title)).years


@pytest.mark.parametrize(
    ("title", "body", "years"),
    [
        ("县民政局2023年工作总结及2024年工作计划", "", (2023, 2024)),
        ("县民政局二〇二三年工作总结和二〇二四年工作打算", "", (2023, 2024)),
        ("县民政局2023年工作总结", "", (2023, 2024)),
        ("县民政局2024年工作计划", "", (None, 2024)),
        ("县民政局2023年上半年工作总结及下半年工作计划", "", (2023, 2023)),
        ("县民政局2023年上半年工作总结", "", (2023, 2023)),
        ("县民政局2023年一季度工作总结及二季度工作计划", "", (2023, 2023)),
        ("县民政局2021—2023年工作总结", "", (2023, 2024)),
        ("县民政局2021—2023年工作总结及2024年工作计划", "", (2023, 2024)),
        ("县民政局2024年工作思路及2023年工作总结", "", (2023, 2024)),
        ("县法院工作报告", "", (None, None)),
        ("2024年柳溪县政府工作报告", "", (2023, 2024)),
        ("政府工作报告", "——2024年1月5日在柳溪县…上", (2023, 2024)),
        ("县法院2024年工作报告", "一、2023年工作回顾\n审结案件。\n", (2023, 2024)),
        ("", "2023年，我局扎实工作。\n一、工作总结\n", (2023, 2024)),
        ("述职报告", "一年来，本人尽职尽责。", (None, None)),
    ],
)
def test_years_come_from_the_title_then_the_headings_then_the_opening(title, body, years):
    assert periods(title, body) == Years(*years)


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("柳溪县\n柳溪县2023年部门工作总结汇编\n目录\n", "柳溪县2023年部门工作总结汇编"),
        ("柳溪县部门工作总结汇编\n2023年收到12篇。\n", ""),
        ("", ""),
    ],
)
def test_the_compilations_title_may_name_the_year(front, title):
    assert dated_title(front) == title


@pytest.mark.parametrize(
    ("heading", "horizon"),
    [
        ("“十四五”时期发展成就", "multi-year"),
        ("“九五”计划完成情况", "multi-year"),
        ("过去五年工作回顾", "multi-year"),
        ("本届政府工作回顾", "multi-year"),
        ("园区提质三年行动", "multi-year"),
        ("到2030年的奋斗目标", "multi-year"),
        ("2023年和过去五年工作回顾", "both"),
        ("今后五年的任务和今年的重点", "both"),
        ("2023年工作总结", "annual"),
        ("今年工作安排", "annual"),
        ("全力推动“十五五”开好局", None),
        ("五年级招生工作", None),
        ("十五届人大代表建议办理", None),
        ("狠抓落实", None),
    ],
)
def test_a_heading_may_speak_of_several_years(heading, horizon):
    assert horizon_of(heading, Years(2023, 2024)) == horizon


@pytest.mark.parametrize(
    ("sentence", "reaches"),
    [
        ("力争到2027年，管网全部更新。", True),
        ("“十五五”时期，新建泵站12座。", True),
        ("力争五年内建成灌区。", True),
        ("到2024年底，管网全部更新。", False),
        ("新建泵站5座。", False),
    ],
)
def test_a_sentence_may_reach_beyond_the_year(sentence, reaches):
    assert reaches_on(sentence, Years(2023, 2024)) == reaches
