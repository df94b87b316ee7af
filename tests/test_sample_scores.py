"""The sample's known answers: every score follows from counts of what is known, said and right."""

import pandas as pd
import pytest

from kit import tables
from kit.errors import TableError
from kit.measure.sample_scores import read_truth, score_matches, score_sample, score_years

KNOWN = pd.DataFrame(
    {
        "item": [1, 2, 3],
        "continuity": ["continued", "new", "unclear"],
        "continued_start": [10, None, None],
        "continued_end": [20, None, None],
        "answers_start": [None, 50, None],
        "verdict": ["reported", "not mentioned", "reported"],
        "evidence_start": [100, None, 300],
        "evidence_end": [120, None, 320],
        "number_verdict": ["met", None, None],
        "actual": [5, None, None],
    }
)


def scored(table) -> dict[str, tuple[int, int, int]]:
    return {row.scored: (row.n_known, row.n_said, row.n_right) for row in table.itertuples()}


def test_matches_are_held_to_what_is_known():
    matches = pd.DataFrame(
        [
            {"item": 1, "rank": 1, "status": "continued", "evidence_start": 30, "evidence_end": 40},
            {"item": 1, "rank": 2, "status": "continued", "evidence_start": 15, "evidence_end": 25},
            {"item": 2, "rank": 1, "status": "continued", "answers_start": 50},
            {"item": 3, "rank": 1, "status": "unclear", "answers_start": 60},
        ]
    )
    assert scored(score_matches(matches, KNOWN)) == {
        "evidence at 1": (1, 1, 0), "evidence at 3": (1, 1, 1), "continued": (1, 2, 1), "new": (1, 0, 0),
        "unclear": (1, 1, 1), "answers": (1, 2, 1),
    }  # fmt: skip


def test_fulfilment_is_held_to_what_is_known():
    # Item 1 has two clauses, 11 and 12; one of them has the number, the other the evidence.
    items = pd.DataFrame({"item": [1, 11, 12, 2, 3], "parent_item": pd.array([None, 1, 1, None, None], dtype="Int64")})
    found = pd.DataFrame(
        [
            {"item": 11, "verdict": "reported", "number_verdict": "met", "actual": 5.0,
             "evidence_start": 7, "evidence_end": 9},
            {"item": 12, "verdict": "reported", "number_verdict": "", "evidence_start": 110, "evidence_end": 130},
            {"item": 2, "verdict": "reported", "number_verdict": "", "evidence_start": 7, "evidence_end": 9},
            {"item": 3, "verdict": "not mentioned", "number_verdict": ""},
        ]
    ).assign(start=0, end=9)  # fmt: skip
    found["status"] = found["verdict"]
    rows = scored(score_years(found, KNOWN, items))
    assert rows["evidence"] == (2, 2, 1)
    assert rows["reported"] == (2, 2, 1)
    assert rows["not mentioned"] == (1, 1, 0)
    assert rows["met"] == rows["actual"] == (1, 1, 1)


@pytest.mark.parametrize(
    ("measure", "bars"),
    [
        ("continuity", {"evidence at 1": 0.8, "evidence at 3": 0.95, "continued": 0.90, "new": 0.80, "answers": 0.6}),
        ("fulfilment", {"evidence": 0.9, "reported": 0.9, "not mentioned": 0.95, "met": 0.9, "missed": 0.9}),
    ],
)
def test_what_is_said_of_the_sample_is_right(measure, bars):
    table = score_sample(measure)
    assert tables.check(table, tables.SCORES) is table
    precision = dict(zip(table["scored"], table["precision"], strict=True))
    assert not {name: precision[name] for name, bar in bars.items() if precision[name] < bar}


def test_every_promise_of_the_truth_file_is_an_item():
    from truth import sample

    truth = read_truth(sample(2023)[1])
    assert len(truth) == 80
    assert (truth["item"] > 0).all()
    assert truth["item"].is_unique


def test_an_unknown_measure_is_refused():
    with pytest.raises(TableError, match="score_sample: expected one of themes, continuity, fulfilment, found 'words'"):
        score_sample("words")
