"""A part's heading, told from its text."""

import pytest

from kit.read.sections import read_heading


@pytest.mark.parametrize(
    ("own", "closed", "heading"),
    [
        ("2023年工作总结\n今年以来，", True, "2023年工作总结"),
        ("狠抓项目建设。全年完成投资2亿元。", False, "狠抓项目建设"),
        ("修路。", False, ""),
        ("修路。", True, "修路"),
        ("人手不足：在编5人。", False, "人手不足"),
        ("存在的问题：\n一是经费紧张。", True, "存在的问题"),
        ("全年修路6公里，架桥2座，植树3万株，完成投资2.6亿元，群众满意度达到98.6%，位居全市第一。还有。", False, ""),
    ],
)
def test_a_heading_is_told_from_the_text_that_runs_on(own, closed, heading):
    assert read_heading(own, closed=closed) == heading
