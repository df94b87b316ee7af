"""Which year a report reviews, and which it plans."""

import pytest

from kit.read.lines import split_lines
from kit.read.roles import dated_title, find_periods
from kit.read.state import Report, Years


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
