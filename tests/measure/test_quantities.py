"""Numbers with their units, as the genre writes them; what they measure, and the part they play."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import compilation

from kit.measure.quantities import find_mentions, parse_quantities, unit_size


def masks_of(text):
    return [(at, at + 1) for at, char in enumerate(text) if char == "X"]


def read(text):
    return [(text[q.start : q.end], q.value, q.unit, q.bound) for q in parse_quantities(text, masks_of(text))]


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("修路5.4公里", 5.4, "公里", "exact"),
        ("修路５．４公里", 5.4, "公里", "exact"),
        ("种树1.2万棵", 1.2, "万棵", "exact"),
        ("投资3万亿元", 3.0, "万亿元", "exact"),
        ("贷款1,234.5万元", 1234.5, "万元", "exact"),
        ("三十五个村", 35.0, "个", "exact"),
        ("二十万亩", 20.0, "万亩", "exact"),
        ("两家企业", 2.0, "家", "exact"),
        ("百分之五", 5.0, "%", "exact"),
        ("占比12％", 12.0, "%", "exact"),
        ("出生率5.1‰", 5.1, "‰", "exact"),
        ("提高8个百分点", 8.0, "个百分点", "exact"),
        ("增长5%左右", 5.0, "%", "about"),
        ("约30家", 30.0, "家", "about"),
        ("不低于30家", 30.0, "家", "at least"),
        ("30家以上", 30.0, "家", "at least"),
        ("演出100多场", 100.0, "场", "at least"),
        ("演出10余场", 10.0, "场", "at least"),
        ("力争达到3万吨", 3.0, "万吨", "at least"),
        ("超500亿", 500.0, "亿", "at least"),
        ("控制在5.5%以内", 5.5, "%", "at most"),
        ("不超过40件", 40.0, "件", "at most"),
    ],
)
def test_a_quantity_reads_as_value_unit_and_bound(text, value, unit, bound):
    assert [found[1:] for found in read(text)] == [(value, unit, bound)]


@pytest.mark.parametrize("text", ["增长5%—6%", "增长5%-6%", "增长5至6%"])
def test_a_range_has_two_ends(text):
    (quantity,) = parse_quantities(text)
    assert (quantity.value, quantity.value_to, quantity.bound) == (5.0, 6.0, "between")


@pytest.mark.parametrize(
    "text",
    [
        "2023年3月5日",
        "第三批",
        "第12个",
        "一起努力",
        "二期工程",
        "十分重要",
        "发改〔2023〕12号",
        "A4纸",
        "一方面",
        "共同富裕",
    ],
)
def test_dates_ordinals_and_words_are_no_quantities(text):
    assert read(text) == []


@pytest.mark.parametrize(("text", "unit"), [("投资XX亿元", "亿元"), ("共X万余人", "万人"), ("面积XX亩", "亩")])
def test_a_masked_number_is_masked_not_missing_and_not_zero(text, unit):
    (quantity,) = parse_quantities(text, masks_of(text))
    assert (quantity.masked, quantity.value, quantity.size, quantity.unit) == (True, None, None, unit)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("公里", "米", 1000),
        ("亿元", "万元", 10_000),
        ("万亩", "亩", 10_000),
        ("公顷", "亩", 15),
        ("斤", "公斤", 0.5),
        ("%", "‰", 10),
    ],
)
def test_units_compare_by_size(one, other, ratio):
    (dimension, size), (same, other_size) = unit_size(one), unit_size(other)
    assert dimension == same
    assert size / other_size == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("名", "人", True), ("家", "个", True), ("人", "公里", False), ("元", "美元", False)]
)
def test_counting_words_used_for_one_another_share_a_dimension(one, other, alike):
    assert (unit_size(one)[0] == unit_size(other)[0]) == alike


@given(st.integers(0, 99_999), st.sampled_from(["家", "公里", "万元", "%", "亩"]), st.text("建设了的，。", max_size=6))
def test_any_number_before_a_unit_is_found_where_it_stands(number, unit, words):
    text = f"{words}{number}{unit}。"
    (quantity,) = parse_quantities(text)
    assert text[quantity.start : quantity.end] == f"{number}{unit}"
    assert quantity.value == number


@given(st.text("一二三十百千万亿0123456789.%家个多余约至-X年第 ", max_size=30))
def test_quantities_lie_in_the_text_in_order_and_never_overlap(text):
    spans = [(q.start, q.end) for q in parse_quantities(text, masks_of(text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


def mentions(text, role="achievements"):
    return dict(find_mentions(compilation(("县园林局", [(role, "一、", text)]))))[1]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        # the noun before the number, without the verbs that lead to it and the words that end at the number
        ("新建绿道12公里。", "绿道"),
        ("全年招引园艺技术人员6名。", "园艺技术人员"),
        ("利用边角地、闲置地新建口袋公园5个。", "口袋公园"),
        ("苗木产值增长6%。", "苗木产值"),
        ("苗木成活率达到95%以上。", "苗木成活率"),
        ("保障性花圃3处。", "保障性花圃"),
        ("公园普查惠及居民500人。", "公园普查"),
        # the noun behind it
        ("再组建3个护绿队。", "护绿队"),
        ("完成16个村庄绿化改造。", "村庄绿化改造"),
        ("10项护绿行动已完成年度任务。", "护绿行动"),
        # both, where the noun behind says too little
        ("省委反馈的绿化16个问题已整改。", "省委反馈的绿化问题"),
        # a change is of what stands before its start
        ("绿地率从38%提高到41%。", "绿地率"),
        # the clause before, where the clause itself names nothing
        ("安排好苗木发放，全年不少于30场。", "苗木发放"),
        ("苗木产值3亿元、增长5%。", "苗木产值"),
        ("苗木登记任务80家，已完成92家。", "苗木登记"),
        # a number inside the clause narrows the noun
        ("引进投资超2亿元花卉项目4个。", "超2亿元花卉项目"),
    ],
)
def test_a_number_measures_a_noun(text, subject):
    assert mentions(text)[-1].subject == subject


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("新建绿道12公里。", "新建绿道"),
        # no marker of a heading
        ("（六）护绿员情况。年度任务45人。", "护绿员情况"),
        ("（二）新增花卉企业情况。年度任务12家。", "新增花卉企业情况"),
        # no bare verb or adverb: the noun behind
        ("继续实施150个绿化项目。", "绿化项目"),
        ("打造40个花卉产业集群。", "花卉产业集群"),
        ("余下4个督察问题中3个完成验收。", "督察问题"),
        ("我委牵头整改的两个问题。", "问题"),
        ("我局牵头修复的13处苗圃及11处古树。", "古树"),
        # no adverb before a name
        ("继续办好花卉展销会3场。", "办好花卉展销会"),
        # a place that is masked
        ("XX区护绿员50人。", "护绿员"),
        # nothing, where the text names nothing
        ("已完成5处。", ""),
    ],
)
def test_a_name_to_show_is_never_a_marker_or_a_bare_verb(text, name):
    found = mentions(text)
    assert name in {mention.indicator for mention in found}
