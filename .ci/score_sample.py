"""Measure the sample, and store how far measures agree with what is known of it.

`python .ci/score_sample.py` renews `kit/data/sample/scores.csv`, which `kit.score` gives; a test holds the two
against each other.
"""

import pandas as pd

import kit
from kit import data
from kit.measure.items import whole_items, whole_of
from kit.measure.scoring import MEASURES, STORED, read_coding, score_themes
from kit.measure.years import judge_items
from kit.tables import SCORES, make

RANKS = (1, 3)


def measure_sample(measure: str) -> pd.DataFrame:
    """Measure the sample, and hold what is found to what is known; see `kit.score`."""
    later = kit.analyse([kit.sample(2023), kit.sample(2024)])
    earlier = later.earlier
    if measure == "themes":
        return score_themes(earlier.hits, read_coding(data.sample_coding()))
    truth = read_truth(earlier.items)
    if measure == "continuity":
        return score_matches(earlier.matches, truth)
    return score_years(later.fulfilment, truth, earlier.items)


def renew_scores() -> None:
    """Measure the sample in every way, and store the scores: CSV, a row a score."""
    scores = pd.concat([measure_sample(measure).assign(measure=measure) for measure in MEASURES])
    columns = dict.fromkeys(["measure", "theme", "scored", *scores.columns])
    scores[list(columns)].convert_dtypes().to_csv(data.path(STORED), index=False, encoding="utf-8", lineterminator="\n")


def read_truth(items: pd.DataFrame) -> pd.DataFrame:
    """Return the known answers, with the number of the plan item that each promise is; 0 where it was not found."""
    truth = pd.read_csv(data.path("sample/truth.csv"), encoding="utf-8-sig")
    plan = whole_items(items[items["role"] == "plan"])
    inside = [plan[(plan["start"] <= start) & (start < plan["end"])]["item"] for start in truth["start"]]
    return truth.assign(item=[int(found.iloc[0]) if len(found) else 0 for found in inside])


def score_matches(matches: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Hold matches (continuity) to the known answers; `tables.SCORES`."""
    found = truth.merge(matches, on="item", how="left", suffixes=("", "_found"))
    reach = _overlap(found, "continued")
    first = found.drop_duplicates("item")
    known = first["continued_start"].notna()
    rows = []
    for rank in RANKS:
        among = reach.where(found["rank"] <= rank, other=False).groupby(found["item"]).any()
        rows.append(_score_row(f"evidence at {rank}", known, known, first["item"].map(among) & known))
    rows += [
        _score_row(status, first["continuity"] == status, first["status"] == status)
        for status in ("continued", "new", "unclear")
    ]
    same = first["answers_start"] == first["answers_start_found"]
    rows.append(_score_row("answers", first["answers_start"].notna(), first["answers_start_found"].notna(), same))
    return make(rows, SCORES)


def score_years(fulfilment: pd.DataFrame, truth: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Hold fulfilment to the known answers, which are of whole items; `tables.SCORES`."""
    # An item's evidence and number are right where those of one of its promises are.
    known = truth.set_index("item")
    found = fulfilment.assign(item=whole_of(fulfilment["item"], items))
    found = found[found["item"].isin(known.index)].merge(truth, on="item", suffixes=("_found", ""))
    reach = _overlap(found, "evidence").groupby(found["item"]).any().reindex(known.index, fill_value=False)
    has_evidence = known["evidence_start"].notna()
    verdicts = judge_items(fulfilment, items).set_index("item")["verdict"].reindex(known.index)
    order = {"missed": 0, "cannot tell": 1, "met": 2, "": 3}
    deciding = found.sort_values("number_verdict_found", key=lambda column: column.map(order), kind="stable")
    number = deciding.drop_duplicates("item").set_index("item").reindex(known.index)
    actual, said = known["actual"].astype(float), number["actual_found"].astype(float)
    rows = [_score_row("evidence", has_evidence, has_evidence, reach)]
    for value in ("reported", "partly", "not mentioned"):
        rows.append(_score_row(value, known["verdict"] == value, verdicts == value))
    for value in ("met", "missed", "cannot tell"):
        rows.append(_score_row(value, known["number_verdict"] == value, number["number_verdict_found"] == value))
    rows.append(_score_row("actual", actual.notna(), said.notna() & known["number_verdict"].notna(), actual == said))
    return make(rows, SCORES)


def _overlap(found: pd.DataFrame, name: str) -> pd.Series:
    starts_before = found["evidence_start_found"] < found[f"{name}_end"]
    return (starts_before & (found[f"{name}_start"] < found["evidence_end_found"])).fillna(False).astype(bool)


def _score_row(scored: str, known: pd.Series, found: pd.Series, right: pd.Series | None = None) -> dict:
    """Return one row: of what is known and found, how much agrees."""
    agree = int((known & found if right is None else known & found & right).sum())
    n_known, n_said = int(known.sum()), int(found.sum())
    rates = {"precision": (agree, n_said), "recall": (agree, n_known), "f1": (2 * agree, n_said + n_known)}
    counts = {"scored": scored, "n_known": n_known, "n_said": n_said, "n_right": agree}
    return counts | {name: part / whole if whole else None for name, (part, whole) in rates.items()}


if __name__ == "__main__":
    renew_scores()
