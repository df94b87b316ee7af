"""Two years: the same agency a year later, and what became of its promises, held to the sample's known answers."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small import compilation
from truth import promises, sample

import kit
from kit import tables
from kit.measure.years import compare_years, link_reports

ANSWERS = (
    Path(__file__).parents[1].joinpath("promised_numbers.csv")
)  # pairs read in their texts; offsets within each file

EARLIER = """县园林局2023年工作总结及2024年工作计划
一、2023年工作总结
（一）建成滨河公园一期，铺装游园步道3公里。
二、2024年工作计划
（一）续建滨河公园二期，延伸游园步道，补植乔木。
（二）登记古树名木120株，建立保护档案。
（三）组建应急抢险队伍，购置高空作业车。
（四）改造东门花坛和西门苗圃，完善喷灌系统。
"""
LATER = """县园林局2024年工作总结及2025年工作计划
一、2024年工作总结
（一）滨河公园二期开园，延伸游园步道2公里，补植乔木800株。
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
    return earlier, later, compare_years(earlier, later)


def test_each_promise_is_reported_partly_or_not_mentioned(years):
    assert years[2]["verdict"].tolist() == ["reported", "reported", "not mentioned", "partly"]


def test_what_promises_nothing_to_look_up_is_counted_apart(tmp_path):
    slogans = """（五）坚持以人民为中心，砥砺奋进，开创滨河公园新局面。
（六）加强自身建设，转变作风，新增绿地4公顷，展现新气象。
"""
    earlier, later = read(tmp_path, "甲", EARLIER + slogans), read(tmp_path, "乙", LATER)
    found = compare_years(earlier, later)
    assert found["status"].tolist()[:4] == found["verdict"].tolist()[:4]
    assert found["status"].tolist()[4] == "too general"  # whatever the review says
    assert found["verdict"].tolist()[4] in {"reported", "partly", "not mentioned"}
    assert found["status"].tolist()[5] == found["verdict"].tolist()[5]  # a number can be looked up


def test_the_evidence_stands_in_the_later_text(years):
    earlier, later, found = years
    row = found.iloc[0]
    assert earlier.text[row["start"] : row["end"]].startswith("（一）续建滨河公园二期")
    assert later.text[row["evidence_start"] : row["evidence_end"]].startswith("（一）滨河公园二期开园")
    assert found.loc[found["verdict"] == "not mentioned", "evidence_start"].isna().all()


def test_a_number_is_met_or_missed_with_both_numbers_and_their_places(years):
    earlier, later, found = years
    row = found.iloc[1]
    assert (row["number_verdict"], row["target"], row["actual"]) == ("missed", 120, 96)
    assert earlier.text[row["target_start"] : row["target_end"]] == "120株"
    assert later.text[row["actual_start"] : row["actual_end"]] == "96株"
    assert found["number_verdict"].tolist()[2:] == ["", ""]


def test_without_a_later_report_nothing_is_judged(tmp_path):
    later = read(
        tmp_path, "乙", LATER.replace("园林", "教育").partition("一、")[0] + "一、2024年工作总结\n（一）新建小学2所。\n"
    )
    found = compare_years(read(tmp_path, "甲", EARLIER), later)
    assert set(found["verdict"]) == set(found["status"]) == {"no report"}
    assert found["later_report"].isna().all()


def test_the_table_is_typed(years):
    assert tables.check(years[2], tables.FULFILMENT) is years[2]


@pytest.fixture(scope="module")
def fulfilled():
    (earlier, items, tokens), (later, later_items, later_tokens) = sample(2023), sample(2024)
    found = compare_years(earlier, later, tokens=(tokens, later_tokens), items=(items, later_items))
    return promises().merge(found, on="item", suffixes=("", "_found"))


def test_verdicts_of_the_sample(fulfilled):
    assert len(fulfilled) == len(promises())
    assert (fulfilled["verdict"] == fulfilled["verdict_found"]).mean() >= 0.90


def test_number_verdicts_and_numbers_of_the_sample(fulfilled):
    assert (fulfilled["number_verdict"].fillna("") == fulfilled["number_verdict_found"]).mean() >= 0.95
    known = fulfilled.dropna(subset=["actual"])
    close = (known["actual"].astype(float) - known["actual_found"].astype(float)).abs() < 1e-6
    assert close.mean() >= 0.95


def test_evidence_of_the_sample(fulfilled):
    known = fulfilled.dropna(subset=["evidence_start"])
    overlaps = (known["evidence_start"] < known["evidence_end_found"].fillna(0)) & (
        known["evidence_start_found"].fillna(10**9) < known["evidence_end"]
    )
    assert overlaps.mean() >= 0.95


def test_a_masked_result_is_never_met_or_missed(fulfilled):
    masked = fulfilled[fulfilled["actual_start"].notna() & fulfilled["actual_found"].isna()]
    assert set(masked["number_verdict_found"]) <= {"cannot tell"}
    assert pd.api.types.is_float_dtype(fulfilled["actual_found"])


def test_number_verdicts_of_the_provinces_are_among_those_read_right(compilations):
    earlier, later = kit.read(compilations / "provinces-2025"), kit.read(compilations / "provinces-2026")
    found = compare_years(earlier, later)
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
    return link_reports(earlier, later).set_index("agency")[["later_agency", "link"]].apply(tuple, axis=1).to_dict()


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
    assert found["县园林局"] == ("", "none")


def test_an_unnamed_agency_is_linked_by_its_words_and_doubtful():
    earlier = year(("县园林局", GARDENS), ("县教育局", SCHOOLS), names=False)
    assert links(earlier, year(("县园林局", GARDENS), ("县教育局", SCHOOLS)))["县园林局"][1] == "doubtful"


def test_the_sample_links_every_agency_and_leaves_copies_out():
    (earlier, _, one), (later, _, two) = sample(2023), sample(2024)
    found = link_reports(earlier, later, tokens=(one, two))
    assert tables.check(found, tables.LINKS) is found
    assert set(found["report"]) == set(earlier.counted["report"])
    truth = promises().dropna(subset=["evidence_report"]).drop_duplicates("report")
    known = dict(zip(truth["report"], truth["evidence_report"], strict=True))
    later_report = found.set_index("report")["later_report"]
    assert {report: later_report[report] for report in known} == known
    assert not set(found["link"]) - {"same", "renamed", "merged", "doubtful"}


def test_no_later_reports_make_links_of_none():
    earlier = year(("县园林局", GARDENS))
    found = link_reports(earlier, year())
    assert found["link"].tolist() == ["none"]
