"""Headline targets of governments and their results a year later."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from small import compilation
from truth import sample

import kit
from kit import tables
from kit.measure.headlines import compare_headlines
from kit.measure.indicators import find_indicators
from kit.measure.targets import pair_targets
from kit.measure.years import compare_years

ANSWERS = Path(__file__).with_name("provinces.csv")  # coded by reading; offsets are within each file's own text


def compare(plan, review):
    earlier = compilation(("东山省", [("plan", "", plan)]))
    later = compilation(("东山省", [("achievements", "", review)]))
    return compare_headlines(earlier, later)


@pytest.mark.parametrize(
    ("plan", "review", "headline", "expected"),
    [
        ("地区生产总值增长5%左右。", "地区生产总值增长5.2%。", "gdp", ("met", 5.0, 5.2)),
        ("地区生产总值增长5%以上。", "地区生产总值达3.4万亿元、增长4.6%。", "gdp", ("missed", 5.0, 4.6)),
        ("城镇新增就业46万人以上。", "城镇新增就业47.5万人。", "jobs", ("met", 46, 47.5)),
        ("城镇调查失业率5.5%左右。", "年末城镇调查失业率从5.6%降到5.2%。", "unemployment", ("met", 5.5, 5.2)),
        ("居民消费价格涨幅2%左右。", "居民消费价格下降0.1%。", "prices", ("met", 2.0, -0.1)),
        ("固定资产投资增长3%。", "固定资产投资下降2.5%。", "investment", ("missed", 3.0, -2.5)),
        ("粮食产量440亿斤左右。", "粮食总产446亿斤。", "grain", ("met", 440, 446)),
        ("一般公共预算收入增长3%。", "进出口增长6%。", "revenue", ("cannot tell", 3.0, None)),
        # the plan told again is no result
        ("固定资产投资增长8%。", "固定资产投资年初计划增长8%，预计增长8.7%。", "investment", ("met", 8, 8.7)),
        ("固定资产投资增长8%。", "固定资产投资年度目标为增长8%，全年增长7.1%。", "investment", ("missed", 8, 7.1)),
        ("固定资产投资增长8%。", "固定资产投资年初计划增长8%。", "investment", ("cannot tell", 8, None)),
        # a fall that was aimed at
        ("单位地区生产总值能耗下降2%。", "单位地区生产总值能耗下降3%。", "energy", ("met", 2, 3)),
        ("城镇调查失业率5.5%左右。", "城镇调查失业率下降到5.2%。", "unemployment", ("met", 5.5, 5.2)),
        # of several years, or of something else
        (
            "地区生产总值增长5%。",
            "五年来，地区生产总值年均增长6.1%。2023年，地区生产总值增长4.9%。",
            "gdp",
            ("missed", 5, 4.9),
        ),
        (
            "地区生产总值增长5%。",
            "单位地区生产总值能耗下降3%，人均地区生产总值增长6%。",
            "gdp",
            ("cannot tell", 5, None),
        ),
    ],
)
def test_a_headline_target_finds_its_result(plan, review, headline, expected):
    row = compare(plan, review).set_index("headline").loc[headline]
    verdict, target, actual = expected
    assert (row["number_verdict"], row["target"]) == (verdict, target)
    assert row.isna()["actual"] if actual is None else row["actual"] == pytest.approx(actual)


def test_a_result_that_is_an_estimate_says_so():
    assert compare("地区生产总值增长5%。", "预计地区生产总值增长5.2%。")["forecast"].tolist() == [True]
    assert compare("地区生产总值增长5%。", "地区生产总值增长5.2%。")["forecast"].tolist() == [False]


def test_a_stated_completion_of_the_years_plan_decides_where_no_number_stands():
    row = compare("城镇新增就业46万人以上。", "城镇新增就业完成年计划的108.2%。").iloc[0]
    assert (row["number_verdict"], row["completion"]) == ("met", 108.2)


def test_the_paragraph_of_goals_comes_before_other_places():
    plan = "开发区地区生产总值增长9%。新一年的主要预期目标是：地区生产总值增长5%，粮食产量440亿斤。"
    assert compare(plan, "地区生产总值增长5%。").set_index("headline").loc["gdp", "target"] == 5


def test_a_plan_without_headlines_has_no_rows():
    assert tables.check(compare("新建绿道12公里。", "建成绿道12公里。"), tables.HEADLINES).empty


def test_headlines_agree_with_the_promises_and_with_the_later_reviews_own_targets():
    (earlier, items, tokens), (later, later_items, later_tokens) = sample(2023), sample(2024)
    found = compare_headlines(earlier, later)
    assert found["number_verdict"].tolist() == ["missed", "met"]

    promised = compare_years(earlier, later, tokens=(tokens, later_tokens), items=(items, later_items))
    both = found.merge(promised, left_on="start", right_on="target_start", suffixes=("", "_promised"))
    assert len(both) == len(found)
    assert (both["number_verdict"] == both["number_verdict_promised"]).all()
    assert (both["actual"] == both["actual_promised"]).all()

    told = pair_targets(later, find_indicators(later))
    both = found.merge(told, on="actual_start", suffixes=("", "_told"))
    assert len(both) == len(found)
    assert (both["actual"] == both["actual_told"]).all()


@cache
def provinces(folder):
    earlier, later = kit.read(folder / "provinces-2025"), kit.read(folder / "provinces-2026")
    found = compare_headlines(earlier, later)
    return (
        earlier,
        later,
        pd.read_csv(ANSWERS).merge(found, on=["agency", "headline"], how="left", suffixes=("", "_found")),
    )


def test_headline_targets_of_the_provinces_are_found(compilations):
    _, _, rows = provinces(compilations)
    assert (rows["target"] == rows["target_found"]).mean() >= 0.95


def test_their_results_are_found(compilations):
    _, _, rows = provinces(compilations)
    known = rows[rows["actual"].notna() | rows["completion"].notna()]
    right = (known["actual"] == known["actual_found"]) | (known["completion"] == known["completion_found"])
    assert right.mean() >= 0.90


def test_their_verdicts_are_right(compilations):
    _, _, rows = provinces(compilations)
    assert (rows["verdict"] == rows["number_verdict"]).mean() >= 0.95


def test_targets_and_results_stand_where_they_were_read(compilations):
    earlier, later, rows = provinces(compilations)
    for compilation_, start, found in (
        (earlier, "start", "start_found"),
        (later, "actual_start", "actual_start_found"),
    ):
        files = compilation_.sources["start"].to_numpy()
        known = rows.dropna(subset=[start, found])
        within = [int(at) - files[files <= int(at)].max() for at in known[found]]
        assert (known[start].astype(int) == within).mean() >= 0.95
