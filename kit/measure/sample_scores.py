"""How far each measure agrees with the known answers of the sample (see ``data/sample/README.md``)."""

import pandas as pd

from kit import data
from kit.errors import TableError
from kit.measure.items import find_items, whole_items, whole_of
from kit.measure.matching import match_items
from kit.measure.scoring import read_coding, score_themes
from kit.measure.themes import find_hits
from kit.measure.years import compare_years, judge_items
from kit.read import read
from kit.tables import SCORES, make

RANKS = (1, 3)


def score_sample(measure: str) -> pd.DataFrame:
    """Measure the sample, and hold what is found to what is known.

    Parameters
    ----------
    measure : {"themes", "continuity", "fulfilment"}

    Returns
    -------
    DataFrame
        Of themes `tables.THEME_SCORES`, from the coding of 260 sentences. Of the other two `tables.SCORES`, from the
        80 promises of the sample of 2023: what plan and review of one year say of each, and what the year after does.

    Raises
    ------
    TableError
        When ``measure`` is none of the three.
    """
    measures = {"themes": _themes, "continuity": _continuity, "fulfilment": _fulfilment}
    if measure not in measures:
        message = f"score_sample: expected one of {', '.join(measures)}, found {measure!r}"
        raise TableError(message)
    return measures[measure]()


def _themes() -> pd.DataFrame:
    return score_themes(find_hits(read(data.sample())), read_coding(data.sample_coding()))


def _continuity() -> pd.DataFrame:
    compilation = read(data.sample())
    items = find_items(compilation)
    return score_matches(match_items(compilation, items), read_truth(items))


def _fulfilment() -> pd.DataFrame:
    earlier, later = read(data.sample(2023)), read(data.sample(2024))
    items = (find_items(earlier), find_items(later))
    found = compare_years(earlier, later, items=items)
    return score_years(found, read_truth(items[0]), items[0])


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
        rows.append(_row(f"evidence at {rank}", known, known, first["item"].map(among) & known))
    rows += [
        _row(status, first["continuity"] == status, first["status"] == status)
        for status in ("continued", "new", "unclear")
    ]
    same = first["answers_start"] == first["answers_start_found"]
    rows.append(_row("answers", first["answers_start"].notna(), first["answers_start_found"].notna(), same))
    return make(rows, SCORES)


def score_years(fulfilment: pd.DataFrame, truth: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Hold fulfilment to the known answers, which are of whole items; `tables.SCORES`.

    An item's evidence and number are right where those of one of its promises are.
    """
    known = truth.set_index("item")
    found = fulfilment.assign(item=whole_of(fulfilment["item"], items))
    found = found[found["item"].isin(known.index)].merge(truth, on="item", suffixes=("_found", ""))
    reach = _overlap(found, "evidence").groupby(found["item"]).any().reindex(known.index, fill_value=False)
    has_evidence = known["evidence_start"].notna()
    rows = [_row("evidence", has_evidence, has_evidence, reach)]
    verdicts = judge_items(fulfilment, items).set_index("item")["verdict"].reindex(known.index)
    rows += [
        _row(value, known["verdict"] == value, verdicts == value) for value in ("reported", "partly", "not mentioned")
    ]
    order = {"missed": 0, "cannot tell": 1, "met": 2, "": 3}
    deciding = found.sort_values("number_verdict_found", key=lambda column: column.map(order), kind="stable")
    number = deciding.drop_duplicates("item").set_index("item").reindex(known.index)
    rows += [_row(value, known["number_verdict"] == value, number["number_verdict_found"] == value)
             for value in ("met", "missed", "cannot tell")]  # fmt: skip
    actual, said = known["actual"].astype(float), number["actual_found"].astype(float)
    rows.append(_row("actual", actual.notna(), said.notna() & known["number_verdict"].notna(), actual == said))
    return make(rows, SCORES)


def _overlap(found: pd.DataFrame, name: str) -> pd.Series:
    """Whether the evidence found and the stretch known share a character."""
    starts_before = found["evidence_start_found"] < found[f"{name}_end"]
    return (starts_before & (found[f"{name}_start"] < found["evidence_end_found"])).fillna(False).astype(bool)


def _row(scored: str, known: pd.Series, found: pd.Series, right: pd.Series | None = None) -> dict:
    """Return one row: of what is known and found, how much agrees."""
    agree = int((known & found if right is None else known & found & right).sum())
    n_known, n_said = int(known.sum()), int(found.sum())
    return {
        "scored": scored, "n_known": n_known, "n_said": n_said, "n_right": agree,
        "precision": agree / n_said if n_said else None,
        "recall": agree / n_known if n_known else None,
        "f1": 2 * agree / (n_said + n_known) if n_said + n_known else None,
    }  # fmt: skip
