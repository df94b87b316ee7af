"""What may be said: each fault holds a claim back, and every number of a claim is counted again from the tables."""

from dataclasses import replace

import pandas as pd
import pytest

import kit
from kit.data import knowledge
from kit.measure.findings import Claim, find_fault, uncertain_themes

RULES = knowledge("findings.toml")["rules"]
UNCERTAIN = min(uncertain_themes())


@pytest.fixture(scope="module")
def one():
    return kit.analyse(kit.sample(2023))


@pytest.fixture(scope="module")
def two():
    return kit.analyse([None, None])


def sentences(*reports: int) -> pd.DataFrame:
    """Sentences of these reports, one each."""
    return pd.DataFrame({"sentence": range(len(reports)), "report": reports, "start": 0, "end": 9})


FAIR = Claim("themes_shared", 3, 4, {}, sentences(1, 2, 3), ("safety",), (2, 2, 5), {1, 2, 3}, themes=True)


@pytest.mark.parametrize(("changed", "fault"), [
    ({}, ""),
    ({"evidence": sentences()}, "no evidence"),
    ({"cells": (2, 1, 5)}, "one sentence"),
    ({"about": ("safety", UNCERTAIN)}, "uncertain theme"),
    ({"evidence": sentences(1, 1, 2, 3)}, "one report"),
    ({"evidence": sentences(1, 1, 2), "reports": {1}}, ""),  # it says whose report it is
    ({"earlier": sentences(1, 1, 2)}, "one report"),
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
