"""Targets, actuals and rates of one thing; promised numbers and what became of them; headline targets."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from small import compilation

import kit
from kit import tables
from kit.measure.numbers import (
    find_indicators,
    find_quantities,
    find_results,
    of_the_year,
    own_role,
    pair_targets,
)
from kit.measure.quantities import find_mentions

REVIEW, PLAN = "achievements", "plan"


def rows(review="", plan=""):
    parts = [(REVIEW, "一、", review), (PLAN, "二、", plan)]
    built = compilation(("县园林局", [part for part in parts if part[2]]))
    return built, find_indicators(built)


def said(review="", plan=""):
    built, found = rows(review, plan)
    return [(built.text[row.start : row.end], row.role, row.pair) for row in found.itertuples()]


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        # a target named as one, what was reached, a stated rate
        (
            "苗木登记年度任务80家，已登记92家，完成率115%。",
            [("80家", "target", "a"), ("92家", "actual", "a"), ("115%", "rate", "a")],
        ),
        ("绿道年初计划20公里，实际建成18公里。", [("20公里", "target", "a"), ("18公里", "actual", "a")]),
        ("选派林长目标任务数50人。目前，已选派林长50人。", [("50人", "target", "a"), ("50人", "actual", "a")]),
        ("计划投资X亿元，已完成投资X亿元。", [("X亿元", "target", "a"), ("X亿元", "actual", "a")]),
        # a rate and the quantity it refers to
        ("完成42个公园改造，完成率100%。", [("42个", "actual", "a"), ("100%", "rate", "a")]),
        ("共完成投资3.2亿元，完成年度计划的91.5%。", [("3.2亿元", "actual", "a"), ("91.5%", "rate", "a")]),
        # progress of works says nothing of the quantity before it
        ("已完成投资3.2亿元，形象进度达到60%。", [("60%", "rate", "")]),
        # a whole and the part of it that is done
        ("督察反馈问题12个，已完成整改9个。", [("12个", "target", "a"), ("9个", "actual", "a")]),
        ("10项行动中8项已完成年度目标。", [("10项", "target", "a"), ("8项", "actual", "a")]),
        # a verdict without a number of its own
        ("植树3.5万亩，超额完成市下达任务。", [("3.5万亩", "actual", "")]),
        # numbers that are neither
        ("全年接待游客12万人次，同比增长5%。", []),
        ("群众满意率98%，网办率86%。", []),
        ("制定《三年行动计划（2023—2025）》，召开会议4次。", []),
        ("工作任务重，人员缺口6人。", []),
    ],
)
def test_a_review_holds_targets_actuals_and_rates_among_many_numbers(review, expected):
    assert said(review) == expected


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("新建绿道12公里，改造公园6个。", ["12公里", "6个"]),
        ("新增绿化面积30万平方米、口袋公园8个。", ["30万平方米", "8个"]),
        ("力争苗木产值达到2亿元以上。", ["2亿元"]),
        ("主要预期目标是：产值增长6%，收入增长5%。", ["6%", "5%"]),
        ("确保总产量1.9万吨目标。", ["1.9万吨"]),
        ("建成口袋公园10个。", ["10个"]),
        ("推动20家企业上市。", ["20家"]),
        # in passing: a project's size, a road's number and length, three points, a duration
        ("续建总投资6.2亿元的湿地公园。", []),
        ("维护滨河路50公里路面。", []),
        ("落实好三个亮点工作，谋划一批项目。", []),
        ("培训24小时，组织巡查。", []),
    ],
)
def test_a_plan_commits_to_some_of_its_numbers(plan, expected):
    found = said(plan=plan)
    assert [words for words, _, _ in found] == expected
    assert {role for _, role, _ in found} <= {"target"}


def test_a_plans_target_pairs_with_what_the_review_reports_of_the_same_matter():
    found = said("完成绿道新改建12公里、危桥改造10座。", "完成绿道新改建5.4公里、危桥改造5座。")
    assert found == [
        ("12公里", "actual", "a"),
        ("10座", "actual", "b"),
        ("5.4公里", "target", "a"),
        ("5座", "target", "b"),
    ]


@pytest.mark.parametrize(
    ("review", "recomputed", "contradiction"),
    [
        ("登记年度任务100家，已登记116家，完成率116%。", 116.0, False),
        ("登记年度任务80家，已登记92家，完成率120%。", 115.0, True),
        ("投资年度任务2亿元，已完成9000万元，完成率45%。", 45.0, False),  # units are compared, not strings
        ("登记年度任务X家，已登记92家，完成率115%。", None, False),  # a masked number is not a zero
    ],
)
def test_stated_rates_are_recomputed(review, recomputed, contradiction):
    _, found = rows(review)
    rate = found[found["role"] == "rate"].iloc[0]
    assert rate["contradiction"] == contradiction
    assert rate["recomputed"] == pytest.approx(recomputed) if recomputed else rate.isna()["recomputed"]


@pytest.mark.parametrize(
    ("review", "plan", "periods"),
    [
        ("年度任务80家，已登记92家。", "新建绿道12公里。", [2023, 2023, 2024]),
        ("2022年第四季度督察反馈问题12个，已完成整改9个。", "到2025年建成公园10个。", [2022, 2023, 2025]),
    ],
)
def test_the_period_is_the_year_named_or_the_sections(review, plan, periods):
    _, found = rows(review, plan)
    assert found["period"].tolist() == periods


def test_an_indicator_is_called_what_the_text_calls_it():
    _, found = rows("苗木登记年度任务80家，已登记92家。", "新建绿道12公里。")
    assert found["indicator"].tolist() == ["苗木登记", "苗木登记", "新建绿道"]


@pytest.mark.parametrize(
    ("review", "names"),
    [
        # a bare verb or adverb is no name: what it is held against gives it
        ("督察反馈问题12个，已完成整改9个。", ["督察反馈问题"] * 2),
        ("余下4个督察问题中3个完成验收。", ["督察问题"] * 2),
        ("（二）新增花卉企业情况。年度任务12家，已入库10家，完成率83%。", ["新增花卉企业情况", "花卉企业", "完成率"]),
        ("花卉项目签约年度任务24项，到12月底预计可完成20项。", ["花卉项目签约"] * 2),
        # two numbers of one clause: the second has its own noun
        ("修复的13处苗圃及11处受损古树，已整改5处。", ["受损古树"] * 2),
    ],
)
def test_an_indicator_is_never_called_by_a_bare_verb_or_a_marker(review, names):
    assert rows(review)[1]["indicator"].tolist() == names


@pytest.mark.parametrize(
    ("review", "wholes"),
    [
        ("苗木登记年度任务80家，已登记92家。", []),
        ("督察反馈问题12个，已完成整改9个。", ["12个"]),
        ("10项行动中8项已完成年度目标。", ["10项"]),
        ("图斑17个，面积6亩，已完成整改10个，面积4亩。", ["17个", "6亩"]),
        ("湿地公园计划总投资6亿元，累计已完成投资2亿元。", ["6亿元"]),
    ],
)
def test_a_whole_of_which_a_part_is_done_is_marked_as_none_of_the_years_targets(review, wholes):
    built, found = rows(review)
    marked = found[found["whole"]]
    assert [built.text[row.start : row.end] for row in marked.itertuples()] == wholes
    assert set(marked["role"]) <= {"target"}


@pytest.mark.parametrize(
    "review",
    [
        "入选园艺人才计划的专家6人，新认定园艺师45人。",  # a programme that is called a plan
        "推进护绿“三项计划”，打造40个示范村，累计建成26个示范社区。",  # two kinds of things
        "实施苗木提质扩容计划，补助企业12家。",
        "签订目标责任书41份，细化任务168条，调整指标3项。",  # tasks that are counted
        "绿地率好于考核目标1.5个百分点。",
    ],
)
def test_a_programme_by_name_and_counted_tasks_are_no_targets(review):
    assert "target" not in set(rows(review)[1]["role"])


@pytest.mark.parametrize(
    ("plan", "targets"),
    [
        # whom a plan concerns, and rates that are there already, are no targets
        ("全县近30万人的饭碗要端稳，今年高校毕业生达8700人。", []),
        ("保持6%的优惠税率不变。", []),
        ("服务好56个民族的兄弟姐妹。", []),
        ("新增绿化岗位450个以上。", ["450个"]),
        ("把苗木死亡率控制在5%以内。", ["5%"]),
    ],
)
def test_people_places_and_rates_that_are_there_are_no_targets(plan, targets):
    assert [words for words, _, _ in said(plan=plan)] == targets


def test_a_verb_is_answered_by_its_own_number():
    built, found = rows("绿化企业年度计划申报8家，到12月底预计可完成认定5家、申报4家。")
    table = pair_targets(built, found)
    assert table[["target", "actual", "forecast"]].to_numpy().tolist() == [[8.0, 4.0, True]]


@pytest.mark.parametrize(
    ("review", "pairs"),
    [
        ("苗木登记年度任务80家，已登记92家，完成率115%。", [["80家", "92家", "115%"]]),
        # a degree of success is of the count before it; how content people are is of nothing
        ("排查隐患55处，已化解41处，化解率74.5%。", [["41处", "74.5%"]]),
        ("办理诉求120件，办结率100%，群众满意率98%。", [["120件", "100%"]]),
        ("办理诉求120件；绿化宣传知晓率98%。", []),
        # like with like
        ("护绿任务80户，已完成92人。", []),
    ],
)
def test_target_actual_and_rate_of_one_thing_share_a_letter(review, pairs):
    built, _ = rows(review)
    found = find_quantities(built)
    groups = found[found["pair"] != ""].groupby("pair")
    assert [[built.text[row.start : row.end] for row in group.itertuples()] for _, group in groups] == pairs


def test_this_years_actual_never_pairs_with_next_years_target_among_the_quantities():
    built, indicators = rows("完成绿道新改建12公里。", "完成绿道新改建5.4公里。")
    assert indicators["pair"].tolist() == ["a", "a"]
    assert find_quantities(built)["pair"].tolist() == ["", ""]


def test_indicators_are_among_the_quantities():
    built, indicators = rows("苗木登记年度任务80家，已登记92家，完成率115%，古树3株。", "新建绿道12公里。")
    quantities = find_quantities(built)
    assert tables.check(quantities, tables.QUANTITIES) is quantities
    assert set(indicators["start"]) < set(quantities["start"])
    assert quantities["role"].tolist() == ["target", "actual", "rate", "actual", "target"]


def test_an_estimate_before_the_years_end_is_marked_as_one():
    _, found = rows("苗木产值年初计划增长6%，预计全年增长5.1%。苗木登记年度任务80家，已登记92家。")
    assert found[["role", "forecast"]].to_numpy().tolist() == [
        ["target", False], ["actual", True], ["target", False], ["actual", False],
    ]  # fmt: skip


def test_the_table_is_typed_and_every_row_shows_its_evidence():
    built, found = rows("苗木登记年度任务80家，已登记92家，完成率115%。", "投资X亿元。")
    assert tables.check(found, tables.INDICATORS) is found
    assert found.loc[found["masked"], "value"].isna().all()
    assert all(row.unit[-1] in built.text[row.start : row.end] for row in found.itertuples())


def test_a_report_without_numbers_has_no_indicators():
    _, found = rows("开展巡查。", "继续巡查。")
    assert found.empty


@pytest.mark.parametrize("folder", ["2023.txt", "agencies", "provinces-2026"])
def test_real_compilations_keep_to_the_table(compilations, folder):
    built = kit.read(compilations / folder)
    found = find_indicators(built)
    assert set(found["role"]) <= {"target", "actual", "rate"}
    assert (found["value"].isna() == found["masked"]).all()
    groups = found[found["pair"] != ""].groupby(["report", "pair"]).size()
    assert (groups >= 2).all()  # a letter ties at least two rows


REPORTS = pd.DataFrame({"report": [1, 2], "agency": ["县交通局", "县水利局"]})
COMPILATION = SimpleNamespace(counted=REPORTS, text="")


def indicator_rows(*rows):
    names = ("report", "indicator", "role", "period", "value", "unit", "pair", "bound")
    filled = [dict(zip(names, row, strict=True)) for row in rows]
    common = {"sentence": 1, "masked": False, "end": 0, "whole": False, "forecast": False}
    return tables.make([{**common, "start": n, **row, "end": n + 1} for n, row in enumerate(filled)], tables.INDICATORS)


def test_target_and_actual_stand_in_the_targets_unit():
    table = pair_targets(COMPILATION, indicator_rows(
        (1, "道路新改建", "target", 2023, 12, "公里", "a", "exact"),
        (1, "道路新改建", "actual", 2023, 6, "公里", "a", "exact"),
        (2, "造林", "target", 2023, 2, "万亩", "a", "at least"),
        (2, "造林", "actual", 2023, 25_000, "亩", "a", "exact"),
    ))  # fmt: skip
    assert table[["agency", "target", "actual", "completion", "met"]].to_numpy().tolist() == [
        ["县交通局", 12.0, 6.0, 0.5, False], ["县水利局", 2.0, 2.5, 1.25, True],
    ]  # fmt: skip
    assert table[["start", "end", "actual_start", "actual_end"]].iloc[0].tolist() == [0, 1, 1, 2]


def test_percentages_are_compared_in_points_not_by_a_rate():
    table = pair_targets(COMPILATION, indicator_rows(
        (1, "产值增长", "target", 2023, 6.5, "%", "a", "at least"), (1, "产值增长", "actual", 2023, 5, "%", "a", "exact"),
        (1, "造林", "target", 2023, 2, "万亩", "b", "exact"), (1, "造林", "actual", 2023, 1, "万亩", "b", "exact"),
    ))  # fmt: skip
    assert table["gap_points"].tolist()[0] == -1.5
    assert math.isnan(table["completion"].iloc[0])
    assert table["met"].tolist() == [False, False]
    assert (table["completion"].iloc[1], math.isnan(table["gap_points"].iloc[1])) == (0.5, True)


def test_a_whole_is_no_target_and_an_estimate_says_so():
    rows = indicator_rows(
        (1, "督察问题", "target", 2023, 14, "个", "a", "exact"), (1, "督察问题", "actual", 2023, 12, "个", "a", "exact"),
        (2, "造林", "target", 2023, 2, "万亩", "a", "exact"), (2, "造林", "actual", 2023, 1, "万亩", "a", "exact"),
    )  # fmt: skip
    table = pair_targets(COMPILATION, rows.assign(whole=rows.index == 0, forecast=rows.index == 3))
    assert table[["indicator", "forecast"]].to_numpy().tolist() == [["造林", True]]


def test_an_indicator_without_a_name_is_called_by_its_unit():
    table = pair_targets(COMPILATION, indicator_rows(
        (1, "", "target", 2023, 14, "个", "a", "exact"), (1, "", "actual", 2023, 12, "个", "a", "exact"),
    ))  # fmt: skip
    assert table["indicator"].tolist() == ["个"]


def test_a_later_target_another_dimension_a_copy_and_a_lone_row_pair_with_nothing():
    table = pair_targets(COMPILATION, indicator_rows(
        (1, "道路新改建", "actual", 2023, 12, "公里", "a", "exact"),
        (1, "道路新改建", "target", 2024, 5, "公里", "a", "exact"),
        (1, "危桥改造", "target", 2023, 5, "座", "b", "exact"),
        (1, "危桥改造", "actual", 2023, 3, "公里", "b", "exact"),
        (9, "副本", "target", 2023, 5, "座", "a", "exact"),
        (9, "副本", "actual", 2023, 3, "座", "a", "exact"),
        (2, "单独", "target", 2023, 5, "座", "", "exact"),
    ))  # fmt: skip
    assert table.empty
    assert list(table.columns)[:4] == ["report", "agency", "indicator", "unit"]


def test_at_most_is_met_from_below_and_a_mask_is_missing():
    table = pair_targets(COMPILATION, indicator_rows(
        (1, "浓度", "target", 2023, 35, "%", "a", "at most"), (1, "浓度", "actual", 2023, 33, "%", "a", "exact"),
        (1, "投资", "target", 2023, None, "亿元", "b", "exact"), (1, "投资", "actual", 2023, 3, "亿元", "b", "exact"),
    ))  # fmt: skip
    assert table["lower_is_better"].tolist() == [True, False]
    assert table["met"].tolist() == [True, False]
    assert math.isnan(table["target"].iloc[1])
    assert math.isnan(table["completion"].iloc[1])


def mentions(role, text):
    return find_mentions(compilation(("县园林局", [(role, "", text)]))).get(1, [])


def results(plan, review, *, inside=False):
    """Return the results of all targets of a plan; ``inside``: the review speaks of the same matter throughout."""
    told = mentions("achievements", review)
    places = [(0, told[-1].quantity.end)] if inside else []
    targets = [(mention, places) for mention in mentions("plan", plan) if own_role(mention) == "target"]
    return find_results(targets, told, told)


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
    assert (found["number_verdict"], found.get("actual")) == (
        verdict,
        pytest.approx(value) if value is not None else None,
    )


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
    assert (found["number_verdict"], found.get("actual")) == (
        verdict,
        pytest.approx(value) if value is not None else None,
    )


def test_a_number_answers_one_target_at_most():
    found = results("新建绿道12公里。改造城区绿道8公里。", "新建绿道13公里。", inside=True)
    assert [one["number_verdict"] for one in found] == ["met", "cannot tell"]


def test_a_target_that_a_plan_repeats_is_answered_twice():
    found = results("苗木产值增长6%。力争苗木产值增长6%。", "苗木产值增长7%。")
    assert [one["number_verdict"] for one in found] == ["met", "met"]


def test_a_result_that_is_an_estimate_says_so():
    assert result("苗木产值增长6%。", "苗木产值预计增长6.2%。")["forecast"]
    assert not result("苗木产值增长6%。", "苗木产值增长6.2%。")["forecast"]


def test_a_number_of_several_years_answers_no_target_of_one():
    told = mentions("achievements", "五年来，新建绿道40公里。2024年，新建绿道9公里，累计新建绿道49公里。")
    text = "五年来，新建绿道40公里。2024年，新建绿道9公里，累计新建绿道49公里。"
    assert [mention.text for mention in of_the_year(text, told, 2024)] == ["9公里"]


@pytest.mark.parametrize(
    ("text", "yearly"),
    [
        # what opens a paragraph speaks for it until another word does
        ("过去五年，新建绿道40公里。植树9万株。\n过去一年，新建绿道9公里。", ["9公里"]),
        # what stands within a sentence speaks for that sentence only
        ("全县上下齐心协力推进护绿造林各项重点工作，绿道长度创下五年来最好成绩。植树9万株。", ["9万株"]),
        ("“十四五”时期是护绿攻坚的五年。累计植树90万株。", []),
        ("2024年是“十四五”时期护绿最好的一年。植树9万株。", ["9万株"]),
    ],
)
def test_words_of_several_years_hold_as_far_as_they_speak(text, yearly):
    assert [mention.text for mention in of_the_year(text + "\n", mentions("achievements", text), 2024)] == yearly


def test_a_section_of_several_years_is_none_of_the_year_unless_its_words_say_so():
    text = "新建绿道40公里。\n刚刚过去的一年，新建绿道9公里。"
    built = compilation(("县园林局", [("achievements", "", text)]))
    several = replace(built, sentences=built.sentences.assign(horizon="multi-year"))
    told = find_mentions(several)[1]
    assert [mention.text for mention in of_the_year(several.text, told, 2023)] == ["9公里"]
    assert [own_role(mention) for mention in find_mentions(several)[1]] == ["", ""]


def test_a_result_that_is_known_only_by_its_target_is_found_through_it():
    found = result("完成苗木企业备案100家。", "苗木企业备案年度任务100家，通过93家，完成率93%。")
    assert (found["number_verdict"], found.get("actual")) == ("missed", 93)
