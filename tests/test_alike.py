"""Two names of one indicator, or perhaps of two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.measure.alike import alike


def of_one(target, told, *, words="", inside=True, ratio=False):
    return alike(target, told, words=words or told, inside=inside, ratio=ratio) > 0


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("苗木产值", "全县苗木产值"),
        ("规模以上花卉企业", "规上花卉企业"),
        ("城区绿化覆盖率", "绿化覆盖率"),  # says less
        ("分配公租房", "配租"),  # in short
        ("口袋公园", "新型口袋公园"),  # narrowed a little
    ],
)
def test_names_of_one_indicator(target, told):
    assert of_one(target, told)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("城镇居民收入", "农村居民收入"),  # each says something that the other does not
        ("花卉验证中心", "花卉科学中心"),
        ("项目", "项目"),  # anything can be called so
        ("花卉项目", "项目"),
        ("10亿元花卉项目", "花卉项目"),  # a number narrows one of them
        ("行政村绿化改造", "行政村"),  # what it ends with is said nowhere
        ("", "绿道"),
    ],
)
def test_names_of_perhaps_two(target, told):
    assert not of_one(target, told)


def test_what_a_name_ends_with_can_be_said_as_a_verb():
    assert of_one("旧公园改造", "旧公园", words="改造旧公园")
    assert not of_one("旧公园改造", "旧公园", words="走访旧公园")


def test_of_a_percentage_a_narrower_name_is_another_indicator():
    assert not of_one("苗木投资额", "民间苗木投资额", ratio=True)
    assert of_one("苗木投资额", "民间苗木投资额")


def test_out_of_the_evidence_names_are_the_same_or_of_two():
    assert of_one("苗木产值", "苗木产值", inside=False)
    assert not of_one("苗木产值", "产值", inside=False)
    assert not of_one("城区绿化覆盖率", "绿化覆盖率", inside=False)


@given(st.text("绿道公园苗木产值", min_size=3, max_size=8), st.text("绿道公园苗木产值", max_size=8))
def test_a_name_is_most_like_itself(name, other):
    assert alike(name, other, words=other, inside=True, ratio=False) <= alike(
        name, name, words=name, inside=True, ratio=False
    )
