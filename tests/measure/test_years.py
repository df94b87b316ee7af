"""Two years: the same agency a year later, and what became of its promises, held to the sample's known answers."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small import compilation, in_turn
from truth import promises, sample

import kit
from kit import tables
from kit.measure.items import whole_items, whole_of
from kit.measure.places import link_reports
from kit.measure.years import judge_items

ANSWERS = (
    Path(__file__).parents[1].joinpath("promised_numbers.csv")
)  # pairs read in their texts; offsets within each file

EARLIER = """县园林局2023年工作总结及2024年工作计划
一、2023年工作总结
（一）建成滨河公园一期，铺装游园步道3公里。
二、2024年工作计划
（一）续建滨河公园二期，新建游园步道，种植乔木800株。
（二）登记古树名木120株，建立保护档案。
（三）组建应急抢险队伍，购置高空作业车。
（四）改造东门花坛和西门苗圃，完善喷灌系统。
"""
LATER = """县园林局2024年工作总结及2025年工作计划
一、2024年工作总结
（一）滨河公园二期开园，新建游园步道2公里，种植乔木820株。
（二）登记古树名木96株，保护档案全部建立。
（三）东门花坛改造完工，西门苗圃喷灌系统尚未安装，预计下年完成。
二、2025年工作计划
（一）启动湿地公园建设。
"""


def read(tmp_path, name, text):
    file = tmp_path / f"{name}.txt"
    file.write_text(text, encoding="utf-8")
    return kit.read(file)


@pytest.fixture
def years(tmp_path):
    earlier, later = read(tmp_path, "甲", EARLIER), read(tmp_path, "乙", LATER)
    return earlier, later, in_turn(earlier, later).fulfilment


def verdicts(earlier, found):
    """Return what became of each promise, by its words."""
    return {earlier.text[row.start : row.end]: row.verdict for row in found.itertuples()}


def test_each_promise_is_answered_or_to_check(years):
    earlier, _, found = years
    said = verdicts(earlier, found)
    assert said["续建滨河公园二期"] == said["登记古树名木120株"] == "reported"
    assert {said["组建应急抢险队伍"], said["购置高空作业车"]} <= {"not mentioned", "to check"}
    assert said["改造东门花坛和西门苗圃"] == "partly"  # 尚未安装 stands beside it


def test_silence_is_said_only_of_a_sure_link(years):
    earlier, later, found = years
    one = in_turn(earlier, later)
    one._known["links"] = one.links.assign(link="doubtful")
    assert "not mentioned" in set(found["verdict"])
    assert "not mentioned" not in set(one.fulfilment["verdict"])


def test_what_promises_nothing_to_look_up_is_counted_apart(tmp_path):
    slogans = """（五）坚持以人民为中心，砥砺奋进，开创滨河公园新局面。
（六）展现园林新气象，新增绿地4公顷。
"""
    earlier, later = read(tmp_path, "甲", EARLIER + slogans), read(tmp_path, "乙", LATER)
    found = in_turn(earlier, later).fulfilment
    status = {earlier.text[row.start : row.end]: row.status for row in found.itertuples()}
    assert {status[words] for words in status if "人民" in words or "新局面" in words} == {"general"}
    assert status["新增绿地4公顷"] != "general"  # a number can be looked up
    others = found[found["status"] != "general"]
    assert (others["status"] == others["verdict"]).all()


def test_every_promise_shows_its_likeliest_answer_in_the_later_text(years):
    earlier, later, found = years
    row = found.iloc[0]
    assert earlier.text[row["start"] : row["end"]] == "续建滨河公园二期"
    assert later.text[row["evidence_start"] : row["evidence_end"]].startswith("滨河公园二期开园") or later.text[
        row["evidence_start"] : row["evidence_end"]
    ].startswith("（一）滨河公园二期开园")
    assert "滨河公园" in row["ties"].split("、")
    assert found["evidence_start"].notna().all()
    assert set(found.loc[found["verdict"].isin(["not mentioned", "to check"]), "answered_by"]) <= {""}


LIST = """三、2024年工作计划
（一）办好十方面民生实事
1.为适龄儿童免费开放温室。
2.新建口袋公园6个。
"""


@pytest.mark.parametrize("done", ["十方面民生实事圆满完成", "全面完成十方面民生实事", "年度民生实事全部办结"])
def test_a_blanket_statement_answers_the_list_it_names(tmp_path, done):
    earlier = read(tmp_path, "甲", EARLIER.partition("二、")[0] + LIST.replace("三、", "二、"))
    later = read(tmp_path, "乙", LATER.replace("（二）登记", f"（二）{done}。登记"))
    found = in_turn(earlier, later).fulfilment
    rows = found[[earlier.text[row.start : row.end].startswith("1.为适龄") for row in found.itertuples()]]
    assert rows[["verdict", "answered_by"]].to_numpy().tolist() == [["reported", "blanket"]]
    assert done in later.text[rows["evidence_start"].iloc[0] : rows["evidence_end"].iloc[0]]


def test_an_answer_in_a_review_of_several_years_is_marked(tmp_path, years):
    earlier, _, found = years
    assert found["answered_by"].iloc[0] == "itself"
    later = read(tmp_path, "丙", LATER.replace("（一）滨河公园", "（一）五年来，滨河公园"))
    assert in_turn(earlier, later).fulfilment["answered_by"].iloc[0] == "several years"


def test_whole_items_are_judged_from_their_promises():
    items = tables.make(
        [{"item": n, "report": 1, "role": "plan", "part": 1, "parent_item": parent, "path": "", "horizon": "annual",
          "listed": "", "generic": False, "says_continues": False, "start": n, "end": n + 1}
         for n, parent in enumerate([None, 1, 1, None, 4, 4, None, 7, 7, None], 1)], tables.ITEMS)  # fmt: skip
    said = [
        (2, "reported"),
        (3, "to check"),
        (5, "reported"),
        (6, "partly"),
        (8, "not mentioned"),
        (9, "not mentioned"),
        (10, "to check"),
    ]
    found = pd.DataFrame(
        [{"item": n, "verdict": verdict, "status": verdict, "start": 0, "end": 9} for n, verdict in said]
    )
    assert judge_items(found, items).set_index("item")["verdict"].to_dict() == {
        1: "reported", 4: "partly", 7: "not mentioned", 10: "to check"}  # fmt: skip


def test_a_number_is_met_or_missed_with_both_numbers_and_their_places(years):
    earlier, later, found = years
    rows = found[found["number_verdict"] != ""]
    assert rows[["number_verdict", "target", "actual"]].to_numpy().tolist() == [["met", 800, 820], ["missed", 120, 96]]
    row = rows.iloc[1]
    assert earlier.text[row["target_start"] : row["target_end"]] == "120株"
    assert later.text[row["actual_start"] : row["actual_end"]] == "96株"


def test_a_number_in_words_is_no_result_of_one_in_figures(tmp_path):
    """三个方向 says nothing of the twenty projects that were promised."""
    plan = "二、2024年工作计划\n（一）加大争资力度。瞄准水利、地下管网、算力等方向申报超长期国债项目20个以上。\n"
    told = "一、2024年工作总结\n（一）争资工作再创佳绩。围绕水利、地下管网、算力三个方向申报超长期国债项目23个，落地11个。\n"
    earlier = read(tmp_path, "甲", EARLIER.partition("二、")[0] + plan)
    found = in_turn(earlier, read(tmp_path, "乙", LATER.partition("一、")[0] + told)).fulfilment
    assert "missed" not in set(found["number_verdict"])


def test_without_a_later_report_nothing_is_judged(tmp_path):
    later = read(
        tmp_path, "乙", LATER.replace("园林", "教育").partition("一、")[0] + "一、2024年工作总结\n（一）新建小学2所。\n"
    )
    found = in_turn(read(tmp_path, "甲", EARLIER), later).fulfilment
    assert set(found["verdict"]) == set(found["status"]) == {"no report"}
    assert found["later_report"].isna().all()


def test_the_table_is_typed(years):
    assert tables.check(years[2], tables.FULFILMENT) is years[2]


@pytest.fixture(scope="module")
def fulfilled():
    """Return the sample's known answers with what was found of the whole item that each is."""
    (earlier, items, _), (later, *_) = sample(2023), sample(2024)
    found = in_turn(earlier, later).fulfilment
    whole = whole_items(items)[["item"]].merge(judge_items(found, items), on="item")
    return promises(), found.assign(item=whole_of(found["item"], items)), whole


def test_what_is_decided_of_the_sample_is_right(fulfilled):
    known, _, judged = fulfilled
    rows = known.merge(judged, on="item", suffixes=("", "_found"))
    assert len(rows) == len(known)
    decided = rows[rows["verdict_found"].isin(["reported", "partly", "not mentioned"])]
    assert len(decided) / len(rows) >= 0.60
    assert (decided["verdict"] == decided["verdict_found"]).mean() >= 0.90
    silent = rows[rows["verdict_found"] == "not mentioned"]
    assert (silent["verdict"] == "not mentioned").mean() >= 0.95


def test_numbers_of_the_sample(fulfilled):
    known, found, _ = fulfilled
    numbers = known.dropna(subset=["number_verdict"])
    said = found[found["number_verdict"] != ""].groupby("item")["number_verdict"].agg(set)
    assert [
        verdict in said.get(item, ()) for item, verdict in zip(numbers["item"], numbers["number_verdict"], strict=True)
    ].count(True) >= 0.95 * len(numbers)
    actual = known.dropna(subset=["actual"])
    values = found.dropna(subset=["actual"]).groupby("item")["actual"].agg(set)
    right = [
        any(abs(value - float(row.actual)) < 1e-6 for value in values.get(row.item, ())) for row in actual.itertuples()
    ]
    assert sum(right) >= 0.95 * len(right)


def test_evidence_of_the_sample(fulfilled):
    known, found, _ = fulfilled
    rows = known.dropna(subset=["evidence_start"]).merge(found, on="item", suffixes=("", "_found"))
    overlaps = (rows["evidence_start"] < rows["evidence_end_found"]) & (
        rows["evidence_start_found"] < rows["evidence_end"]
    )
    assert overlaps.groupby(rows["item"]).any().mean() >= 0.95


def test_a_masked_result_is_never_met_or_missed(fulfilled):
    _, found, _ = fulfilled
    masked = found[found["actual_start"].notna() & found["actual"].isna()]
    assert set(masked["number_verdict"]) <= {"cannot tell"}
    assert pd.api.types.is_float_dtype(found["actual"])


def test_number_verdicts_of_the_provinces_are_among_those_read_right(compilations):
    earlier, later = kit.read(compilations / "provinces-2025"), kit.read(compilations / "provinces-2026")
    found = in_turn(earlier, later).fulfilment
    found = found[found["number_verdict"].isin(["met", "missed"])]
    read = pd.read_csv(ANSWERS)
    right = set(
        read[read["right"] == 1][["agency", "start", "actual_start", "verdict"]].itertuples(index=False, name=None)
    )
    said = [
        (row.agency, _within(earlier, row.target_start), _within(later, row.actual_start), row.number_verdict)
        for row in found.itertuples()
    ]
    assert len(said) >= 8
    assert sum(one in right for one in said) / len(said) >= 0.9


def _within(compilation_, at):
    """Return an offset within its file's own text."""
    files = compilation_.sources["start"].to_numpy()
    return int(at) - int(files[files <= int(at)].max())


# ------------------------------------------------------------------ the same agency a year later

GARDENS = "建成滨河公园和游园步道，栽植乔木灌木，普查古树名木，养护行道树和花坛，开展义务植树。"
SCHOOLS = "新建小学教学楼，招聘乡村教师，组织课后服务，改造学校食堂，资助困难学生。"
CLINICS = "完善县域医共体，升级乡镇卫生院，培训乡村医生，推进家庭医生签约，接种疫苗。"


def year(*agencies, names=True):
    built = compilation(*((agency, [("achievements", "", text)]) for agency, text in agencies))
    return built if names else replace(built, reports=built.reports.assign(agency_from="unknown"))


def links(earlier, later):
    return in_turn(earlier, later).links.set_index("agency")[["later_agency", "link"]].apply(tuple, axis=1).to_dict()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("县园林局", "县园林局", "same"),
        ("县园林局", "东山县园林局", "same"),
        ("县发改委", "县发展改革委员会", "same"),
        ("县园林局", "县园林和林业发展局", "renamed"),
        ("县园林局", "县城市管理中心", "doubtful"),  # only the words speak for it
    ],
)
def test_names_decide_where_they_agree_else_the_words_do(before, after, expected):
    found = links(year((before, GARDENS), ("县教育局", SCHOOLS)), year((after, GARDENS), ("县教育局", SCHOOLS)))
    assert found[before] == (after, expected)


def test_two_agencies_that_end_in_one_are_merged():
    later = year(("县园林和教育局", GARDENS + SCHOOLS), ("县卫健委", CLINICS))
    found = links(year(("县园林局", GARDENS), ("县教育局", SCHOOLS), ("县卫健委", CLINICS)), later)
    assert found["县园林局"] == ("县园林和教育局", "merged")
    assert found["县教育局"] == ("县园林和教育局", "merged")


def test_an_agency_whose_successor_names_it_is_merged_into_it():
    later = year(("县城市管理局", GARDENS + "原县园林局并入本局。"), ("县卫健委", CLINICS))
    assert links(year(("县园林局", GARDENS), ("县卫健委", CLINICS)), later)["县园林局"][1] == "merged"


def test_an_agency_without_a_later_report_has_none():
    found = links(year(("县园林局", GARDENS), ("县教育局", SCHOOLS)), year(("县教育局", SCHOOLS)))
    assert found["县园林局"] == ("", "gone")


def test_an_unnamed_agency_is_linked_by_its_words_and_doubtful():
    earlier = year(("县园林局", GARDENS), ("县教育局", SCHOOLS), names=False)
    assert links(earlier, year(("县园林局", GARDENS), ("县教育局", SCHOOLS)))["县园林局"][1] == "doubtful"


def test_the_sample_links_every_agency_and_leaves_copies_out():
    (earlier, _, one), (later, _, two) = sample(2023), sample(2024)
    found = link_reports(earlier, later, one, two)
    assert tables.check(found, tables.LINKS) is found
    assert set(found["report"].dropna()) == set(earlier.counted["report"])
    truth = promises().dropna(subset=["evidence_report"]).drop_duplicates("report")
    known = dict(zip(truth["report"], truth["evidence_report"], strict=True))
    later_report = found.dropna(subset=["report"]).set_index("report")["later_report"]
    assert {report: later_report[report] for report in known} == known
    assert not set(found["link"]) - {"same", "merged", "new"}


def test_no_later_reports_make_links_of_none():
    earlier = year(("县园林局", GARDENS))
    found = in_turn(earlier, year()).links
    assert found["link"].tolist() == ["gone"]
