"""Promised numbers and what became of them."""

import pytest
from small import compilation

from kit.measure.indicators import find_aliases
from kit.measure.mentions import find_mentions, own_role
from kit.measure.results import find_result


def mentions(role, text):
    return dict(find_mentions(compilation(("县园林局", [(role, "", text)])))).get(1, [])


def result(plan, review):
    target = next(mention for mention in mentions("plan", plan) if own_role(mention) == "target")
    told = mentions("achievements", review)
    return find_result(target, told, find_aliases(told))


@pytest.mark.parametrize(
    ("plan", "review", "verdict", "value"),
    [
        ("新建绿道12公里。", "新建绿道13公里。", "met", 13),
        ("新建绿道12公里。", "新建绿道11公里。", "missed", 11),
        ("新建绿道12公里。", "新建绿道13000米。", "met", 13),  # units are compared, not strings
        ("苗木产值达到2亿元以上。", "苗木产值达到9800万元。", "missed", 0.98),
        ("新建绿道12公里。", "新建绿道X公里。", "cannot tell", None),  # masked
        ("新建绿道12公里。", "登记古树120株。", "cannot tell", None),  # never given
        ("新建绿道X公里。", "新建绿道13公里。", "cannot tell", 13),
        ("苗木产值增长6%左右。", "苗木产值增长5.8%。", "met", 5.8),  # 左右 leaves room
        ("苗木产值增长6%左右。", "苗木产值增长5.4%。", "missed", 5.4),
        ("苗木产值增长5%—6%。", "苗木产值增长5.2%。", "met", 5.2),  # a range is met from its lower end on
        ("苗木死亡率控制在5%以内。", "苗木死亡率3.9%。", "met", 3.9),  # less is better
        ("苗木死亡率控制在5%以内。", "苗木死亡率6%。", "missed", 6),
        ("苗木产值增长6%。", "苗木产值年初计划增长6%，预计增长5.1%。", "missed", 5.1),  # the target again is no result
        ("新增绿化企业10家。", "新增绿化企业7家，少于年初设定的10家。", "missed", 7),
        ("再组建3个护绿队。", "新组建东山、西山3个护绿队，队员61人。", "met", 3),
    ],
)
def test_a_promised_number_finds_its_result(plan, review, verdict, value):
    found = result(plan, review)
    assert (found.verdict, found.value) == (verdict, pytest.approx(value) if value is not None else None)


def test_a_result_that_is_known_only_by_its_target_is_found_through_it():
    found = result("完成苗木企业备案100家。", "苗木企业备案年度任务100家，通过93家，完成率93%。")
    assert (found.verdict, found.value) == ("missed", 93)
