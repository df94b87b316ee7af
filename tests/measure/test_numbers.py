"""Targets, actuals and rates: which quantities count, what they are, and which belong together."""

import pytest
from small import compilation

import kit
from kit import tables
from kit.measure.indicators import find_indicators

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
