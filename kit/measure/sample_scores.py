"""How far each measure agrees with the known answers of the sample (see ``data/sample/README.md``)."""

import pandas as pd

from kit import data
from kit.errors import TableError
from kit.measure.items import find_items
from kit.measure.matching import match_items
from kit.measure.scoring import read_coding, score_themes
from kit.measure.themes import find_hits
from kit.measure.years import compare_years
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
    return score_years(compare_years(earlier, later, items=items), read_truth(items[0]))


def read_truth(items: pd.DataFrame) -> pd.DataFrame:
    """Return the known answers, with the number of the plan item that each promise is; 0 where it was not found."""
    truth = pd.read_csv(data.path("sample/truth.csv"), encoding="utf-8-sig")
    plan = items[items["role"] == "plan"]
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


def score_years(fulfilment: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Hold fulfilment to the known answers; `tables.SCORES`."""
    found = truth.merge(fulfilment, on="item", how="left", suffixes=("", "_found"))
    rows = [_row("evidence", found["evidence_start"].notna(), found["evidence_start_found"].notna(),
                 _overlap(found, "evidence"))]  # fmt: skip
    for column, values in (("verdict", ("reported", "partly", "not mentioned")),
                           ("number_verdict", ("met", "missed", "cannot tell"))):  # fmt: skip
        rows += [_row(value, found[column] == value, found[f"{column}_found"] == value) for value in values]
    actual, said = found["actual"].astype(float), found["actual_found"].astype(float)
    rows.append(_row("actual", actual.notna(), said.notna() & found["number_verdict"].notna(), actual == said))
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
