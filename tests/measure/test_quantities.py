"""Numbers with their units, as the genre writes them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.measure.quantities import find_quantities, unit_size


def masks_of(text):
    return [(at, at + 1) for at, char in enumerate(text) if char == "X"]


def read(text):
    return [(text[q.start : q.end], q.value, q.unit, q.bound) for q in find_quantities(text, masks_of(text))]


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
    (quantity,) = find_quantities(text)
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
    (quantity,) = find_quantities(text, masks_of(text))
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
    (quantity,) = find_quantities(text)
    assert text[quantity.start : quantity.end] == f"{number}{unit}"
    assert quantity.value == number


@given(st.text("一二三十百千万亿0123456789.%家个多余约至-X年第 ", max_size=30))
def test_quantities_lie_in_the_text_in_order_and_never_overlap(text):
    spans = [(q.start, q.end) for q in find_quantities(text, masks_of(text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
