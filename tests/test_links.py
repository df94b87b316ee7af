"""The same agency a year later: same, renamed, merged, doubtful, none."""

from dataclasses import replace

import pytest
from small import compilation
from truth import promises, sample

from kit import tables
from kit.measure.links import link_reports

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
