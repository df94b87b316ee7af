"""What may be said: each fault holds a claim back, and every number of a claim is counted again from the tables."""

from dataclasses import replace

import pandas as pd
import pytest
import small

import kit
from kit.data import knowledge
from kit.measure.findings import Claim, Sentence, _agency, authors_of, find_fault, uncertain_themes, weigh_findings

RULES = knowledge("findings.toml")["rules"]
UNCERTAIN = min(uncertain_themes())


@pytest.fixture(scope="module")
def one():
    return kit.analyse(kit.sample(2023))


@pytest.fixture(scope="module")
def two():
    return kit.analyse([None, None])


def sentences(*reports: int) -> list[Sentence]:
    """Sentences of these reports, one each."""
    return [Sentence(number, report, "plan", 0, 9) for number, report in enumerate(reports)]


FAIR = Claim("themes_shared", 3, 4, {}, sentences(1, 2, 3), ("safety",), (2, 2, 5), {1, 2, 3}, themes=True)


@pytest.mark.parametrize(("changed", "fault"), [
    ({}, ""),
    ({"evidence": sentences()}, "no evidence"),
    ({"cells": (2, 1, 5)}, "one sentence"),
    ({"about": ("safety", UNCERTAIN)}, "uncertain theme"),
    ({"evidence": sentences(1, 1, 2, 3)}, "one report"),
    ({"evidence": sentences(1, 1, 2), "reports": {1}}, ""),  # it says whose report it is
    ({"earlier": sentences(1, 1, 2)}, "one report"),
    ({"evidence": sentences(1, 1, 2, 3), "names_owners": True}, ""),
    ({"parted": False}, "noise"),
    ({"sure": False}, "not sure"),
])  # fmt: skip
def test_a_claim_is_held_back_by_its_fault(one, changed, fault):
    assert find_fault(one, replace(FAIR, **changed)) == fault


@pytest.mark.parametrize("years", ["one", "two"])
def test_what_is_found_is_worded_and_orders_by_interest(request, years):
    found = request.getfixturevalue(years).findings
    assert len(found)
    assert set(found["code"]) <= set(RULES)
    assert found["interest"].is_monotonic_decreasing
    assert not found[["claim", "claim_en"]].apply(lambda said: said.str.contains("[{}]")).to_numpy().any()


VILLAGE = "新建高标准农田两千亩，培育农民合作社。改造农村户厕，整治村容村貌。"
PASSING = "把禁烧写入村规民约。茶园社区评上示范。"


@pytest.mark.parametrize(("last", "found"), [
    (VILLAGE, "4家单位都写到乡村振兴与农业农村，各在两句以上"),
    (PASSING, "4家单位中至少3家写到乡村振兴与农业农村，各在两句以上"),
])  # fmt: skip
def test_what_all_write_of_none_of_them_names_in_passing(last, found):
    texts = [*[VILLAGE] * 3, last]
    agencies = zip(("县甲局", "县乙局", "县丙局", "县丁局"), texts, strict=True)
    reports = small.compilation(*((name, [("achievements", "", text)]) for name, text in agencies))
    assert found in set(weigh_findings(kit.analyse(reports))["claim"])


def test_a_compilation_that_names_no_theme_has_findings_too():
    analysis = kit.analyse(small.compilation(("县甲局", [("achievements", "", "一切照旧。"), ("plan", "", "照旧。")])))
    assert not len(analysis.hits)
    analysis.measure()
    assert not len(analysis.findings)


def test_governments_share_every_theme_and_so_nothing_is_said_of_it():
    texts = [VILLAGE] * 4
    reports = small.compilation(
        *((f"{one}县", [("achievements", "", text)]) for one, text in zip("甲乙丙丁", texts, strict=True))
    )
    counted = reports.reports.assign(sector="government", place=reports.reports["agency"])
    analysis = kit.analyse(replace(reports, reports=counted))
    assert authors_of(analysis.compilation) == "places"
    assert not {"themes_all", "themes_shared"} & set(weigh_findings(analysis)["code"])
    nowhere = replace(reports, reports=counted.assign(agency="国务院", place=""))
    assert authors_of(nowhere) == "agencies"  # a government, of no place among others


def test_a_title_of_targets_names_the_one_that_is_missed_an_estimate_too(one):
    said = one.findings.set_index("code")["claim"]
    assert said["targets_some"] == "写明目标的6项指标，5项达到，未达到的是县发改委地区生产总值增长（预计）"
    assert "targets_all" not in said


def test_a_change_is_quoted_from_the_review_and_from_the_plan(one):
    changes = one.findings[one.findings["code"] == "attention_down"]
    roles = dict(zip(one.compilation.sentences["sentence"], one.compilation.sentences["role"], strict=True))
    first = [[roles[int(number)] for number in numbers.split()[:2]] for numbers in changes["evidence"]]
    assert ["achievements", "plan"] in first


@pytest.mark.parametrize(("places", "zh", "en"), [
    (["岚溪县", "澄浦县"], ["县交通运输局", "澄浦县交通运输局"], ["岚溪县 Transport Bureau", "澄浦县 Transport Bureau"]),
    (["", ""], ["县交通运输局", "澄浦县交通运输局"], ["Transport Bureau #1", "Transport Bureau #2"]),
])  # fmt: skip
def test_agencies_of_one_name_are_told_apart_in_either_language(places, zh, en):
    told = small.compilation(*((name, [("plan", "", "修路。")]) for name in ("县交通运输局", "澄浦县交通运输局")))
    analysis = kit.analyse(replace(told, reports=told.reports.assign(place=pd.Series(places, dtype="str"))))
    named = [_agency(analysis, report) for report in (1, 2)]
    assert [one["zh"] for one in named] == zh
    assert [one["en"] for one in named] == en
