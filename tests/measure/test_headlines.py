"""Headline targets of governments and their results a year later."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from small import compilation, in_turn
from truth import sample

import kit
from kit import tables
from kit.measure.numbers import find_indicators, pair_targets
from kit.measure.years import choose_result, find_headlines

ANSWERS = Path(__file__).parents[1] / "provinces.csv"  # coded by reading; offsets are within each file's own text


def before(one):
    """The compilation of the year before."""
    return replace(one, reports=one.reports.assign(period=2022, plan_period=2023))


def compare(plan, review):
    earlier = before(compilation(("东山省", [("plan", "", plan)])))
    later = compilation(("东山省", [("achievements", "", review)]))
    return in_turn(earlier, later).headlines


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
        # the text's own verdict, and lines that a page broke
        (
            "今年广义货币M2预期增长13%左右。",
            "运行平稳，广义货币M\n2\n增长11.3%，低于13%左右的预期目标。",
            "money",
            ("missed", 13, 11.3),
        ),
        ("地区生产总值增长5%。", "地区生产总值增长5.1%，未达到年初预期目标。", "gdp", ("missed", 5, 5.1)),
        ("地区生产总值增长5%。", "地区生产总值增长4.9%，低于预期目标。", "gdp", ("missed", 5, 4.9)),
        ("城镇调查失业率5.5%左右。", "城镇调查失业率5.2%，低于预期目标。", "unemployment", ("met", 5.5, 5.2)),
        # names that differ in a qualifier
        ("户籍人口城镇化率47%左右。", "常住人口城镇化率64.8%。", "urbanisation_registered", ("cannot tell", 47, None)),
        ("常住人口城镇化率64%。", "户籍人口城镇化率48%。", "urbanisation", ("cannot tell", 64, None)),
        # of several years, or of something else
        ("研发投入强度3.3%。", "五年来，研发投入强度从2.8%提高到3.3%。", "research", ("met", 3.3, 3.3)),
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


def headlines(plan="", review="", side="target"):
    parts = [("achievements", "", review), ("plan", "", plan)]
    found = find_headlines(compilation(("东山省", [part for part in parts if part[2]])))
    own = found[found["side"] == side].drop_duplicates("headline")
    return {row.headline: row.bound if row.bound == "same" else float(row.value) for row in own.itertuples()}


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        # under all its names
        ("主要预期目标是：经济增长5%左右。", {"gdp": 5}),
        ("主要预期目标是：全省生产总值增长5%—5.5%。", {"gdp": 5}),
        ("主要预期目标为：GDP增长5%，规上工业增加值增长6%，社零总额增长4%。", {"gdp": 5, "industry": 6, "retail": 4}),
        ("力争新增城镇就业3.2万人以上。", {"jobs": 3.2}),
        ("预期目标：第一产业增加值增长4%，第三产业增加值增长6%。", {"primary": 4, "services": 6}),
        ("预期目标：常住人口城镇化率达到66%，研发投入强度3.1%。", {"urbanisation": 66, "research": 3.1}),
        # in step with the economy, alone or with others
        ("主要预期目标是：居民收入增长与经济增长基本同步。", {"income": "same"}),
        ("主要预期目标是：一般公共预算收入、城乡居民收入与经济增长同步。", {"revenue": "same", "income": "same"}),
        # several names share a number, or have theirs in turn
        ("预期目标：财政总收入和一般公共预算收入增长3%。", {"revenue": 3}),
        ("预期目标：城镇、农村居民人均可支配收入分别增长4.5%、5.5%左右。", {"income_urban": 4.5, "income_rural": 5.5}),
        ("预期目标：城乡居民人均可支配收入分别增长6%和7%。", {"income_urban": 6, "income_rural": 7}),
        # another goal of the paragraph is called by its noun
        ("主要预期目标是：经济增长5%，甘蔗种植面积30万亩以上。", {"gdp": 5, "甘蔗种植面积": 30}),
        # the year's goals, not those of five years
        ("今后五年的主要目标是：地区生产总值年均增长6%。\n今年的主要预期目标是：地区生产总值增长5%。", {"gdp": 5}),
        # of something else
        ("海洋生产总值增长7%，人均地区生产总值增长6%，数字经济增长9%。", {}),
    ],
)
def test_a_plans_headline_targets_are_found_under_their_names(plan, expected):
    assert headlines(plan=plan) == expected


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        ("预计地区生产总值达到3.4万亿元（预计数，下同），增长5.2%。", {"gdp": 5.2}),
        ("一般公共预算收入跨上千亿元台阶，达到1012亿元，增长8.8%。", {"revenue": 8.8}),
        ("固定资产投资稳步扩大，社会消费品零售总额500亿元、增长4%。", {"retail": 4}),
        ("进出口总额下降2.5%。", {"trade": -2.5}),
        # sums and means of several years are not the year's
        ("五年来，地区生产总值年均增长6.1%，城镇新增就业61万人。", {}),
        ("过去五年，城镇新增就业61万人。\n刚刚过去的一年，城镇新增就业12万人。", {"jobs": 12}),
        ("全市上下团结一心，创五年来最好成绩。城镇新增就业12万人。", {"jobs": 12}),
    ],
)
def test_a_reviews_headline_results_are_those_of_the_year(review, expected):
    assert headlines(review=review, side="result") == expected


@pytest.mark.parametrize(
    ("growth", "income", "verdict"),
    [("5.2%", "5.4%", "met"), ("5.2%", "4.1%", "missed"), ("5.2%", "4.7%", "missed"), ("5.2%", "5.0%", "cannot tell")],
)
def test_a_target_in_step_with_the_economy_is_held_against_its_growth(growth, income, verdict):
    found = compare(
        "主要预期目标是：居民收入增长与经济增长同步。", f"地区生产总值增长{growth}，居民人均可支配收入增长{income}。"
    )
    assert found[["headline", "bound", "number_verdict"]].to_numpy().tolist() == [["income", "same", verdict]]


@pytest.mark.parametrize(
    ("target", "actual", "verdict"),
    [
        ("5%左右", "4.7%", "met"),
        ("5%左右", "4.4%", "missed"),
        ("5.5%左右", "5.4%", "missed"),  # the last digit is the tenth
        ("5.5%左右", "5.45%", "met"),
        ("5%以上", "4.9%", "missed"),
    ],
)
def test_about_is_met_within_the_stated_precision(target, actual, verdict):
    assert compare(f"地区生产总值增长{target}。", f"地区生产总值增长{actual}。")["number_verdict"].tolist() == [verdict]


def test_target_and_result_are_chosen_under_one_name():
    targets = [{"name": 0, "value": 8}, {"name": 2, "value": 5}]
    assert choose_result(targets, [{"name": 2, "value": 6}]) == ({"name": 2, "value": 5}, {"name": 2, "value": 6})
    assert choose_result(targets, []) == ({"name": 0, "value": 8}, None)
    assert choose_result([], [{"name": 1, "value": 6}]) == (None, {"name": 1, "value": 6})


def test_the_table_of_one_report_is_typed_and_points_into_the_text():
    built = compilation(
        ("东山省", [("achievements", "", "地区生产总值增长5.1%。"), ("plan", "", "地区生产总值增长5%。")])
    )
    found = find_headlines(built)
    assert tables.check(found, tables.HEADLINE_NUMBERS) is found
    assert found[["side", "year"]].to_numpy().tolist() == [["target", 2024], ["result", 2023]]
    assert [built.text[row.start : row.end] for row in found.itertuples()] == ["5%", "5.1%"]


def test_headlines_agree_with_the_promises_and_with_the_later_reviews_own_targets():
    (earlier, *_), (later, *_) = sample(2023), sample(2024)
    found, promised = (in_turn(earlier, later).table(name) for name in ("headlines", "fulfilment"))
    assert found["number_verdict"].tolist() == ["missed", "met"]

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
    found = in_turn(earlier, later).headlines
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
