"""Promised numbers and what became of them."""

import pytest
from small import compilation

from kit.measure.indicators import find_aliases
from kit.measure.mentions import find_mentions, own_role
from kit.measure.reported import of_the_year
from kit.measure.results import find_results


def mentions(role, text):
    return dict(find_mentions(compilation(("县园林局", [(role, "", text)])))).get(1, [])


def results(plan, review, *, inside=False):
    """Return the results of all targets of a plan; ``inside``: the review speaks of the same matter throughout."""
    told = mentions("achievements", review)
    evidence = (0, told[-1].quantity.end) if inside else None
    targets = [(mention, evidence) for mention in mentions("plan", plan) if own_role(mention) == "target"]
    return find_results(targets, told, told, find_aliases(told))


def result(plan, review, *, inside=False):
    return results(plan, review, inside=inside)[0]


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


@pytest.mark.parametrize(
    ("plan", "review", "verdict", "value"),
    [
        # the end of a change, not its start
        ("苗木成活率保持在90%以上。", "苗木成活率从86%提高到92%。", "met", 92),
        # a level against a level, a change against a change
        ("苗木损耗率降至15%左右。", "苗木损耗率降低1.1个百分点。", "cannot tell", None),
        ("苗木损耗率降至15%左右。", "苗木损耗率降至14%。", "met", 14),
        ("苗木用水量下降2%。", "苗木用水量下降3%。", "met", 3),
        ("苗木用水量下降2%。", "苗木用水量增长1%。", "missed", -1),
        ("苗木产值增长6%。", "苗木产值下降1%。", "missed", -1),
        # the change of what stands before it
        ("苗木产值增长6%。", "花卉产值3亿元、增长7%，苗木产值2亿元、增长5%。", "missed", 5),
        # what came in, and all there are
        ("新增省级园艺企业10家。", "省级园艺企业达到36家。", "cannot tell", None),
        # a row of numbers for several indicators
        ("花卉、苗木、盆景产值分别达3亿元、2亿元、1亿元。", "盆景产值达1.2亿元。", "cannot tell", None),
        # another indicator of the same unit, with the same word at its end, or a word for anything
        ("建设10家花卉验证中心。", "布局4个花卉科学中心。", "cannot tell", None),
        ("实施绿化项目46个。", "创建示范区4个、项目6个。", "cannot tell", None),
        ("新增绿化护理员800人。", "城镇新增就业1.1万人。", "cannot tell", None),
        ("推进150个以上投资超亿元的花卉项目。", "引进投资超10亿元花卉项目14个。", "cannot tell", None),
        # how many it concerns
        ("完成20个村庄绿化改造。", "巡查覆盖180个村庄。", "cannot tell", None),
        # in other words on the same matter
        ("改造旧公园6个。", "完成旧公园改造5个。", "missed", 5),
        ("建设口袋公园6个。", "6个新型口袋公园投入使用。", "met", 6),
    ],
)
def test_a_verdict_needs_both_numbers_to_speak_of_one_thing(plan, review, verdict, value):
    found = result(plan, review, inside=True)
    assert (found.verdict, found.value) == (verdict, pytest.approx(value) if value is not None else None)


def test_a_number_answers_one_target_at_most():
    found = results("新建绿道12公里。改造城区绿道8公里。", "新建绿道13公里。", inside=True)
    assert [one.verdict for one in found] == ["met", "cannot tell"]


def test_a_target_that_a_plan_repeats_is_answered_twice():
    found = results("苗木产值增长6%。力争苗木产值增长6%。", "苗木产值增长7%。")
    assert [one.verdict for one in found] == ["met", "met"]


def test_a_result_that_is_an_estimate_says_so():
    assert result("苗木产值增长6%。", "苗木产值预计增长6.2%。").forecast
    assert not result("苗木产值增长6%。", "苗木产值增长6.2%。").forecast


def test_a_number_of_several_years_answers_no_target_of_one():
    told = mentions("achievements", "五年来，新建绿道40公里。2024年，新建绿道9公里，累计新建绿道49公里。")
    text = "五年来，新建绿道40公里。2024年，新建绿道9公里，累计新建绿道49公里。"
    assert [mention.text for mention in of_the_year(text, told, 2024)] == ["9公里"]


def test_a_result_that_is_known_only_by_its_target_is_found_through_it():
    found = result("完成苗木企业备案100家。", "苗木企业备案年度任务100家，通过93家，完成率93%。")
    assert (found.verdict, found.value) == ("missed", 93)
