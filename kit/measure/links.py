"""Links: which later report is the same agency's, across renamings and mergers.

Names decide where they agree; else the words of the two reports do, and the link is marked for what it is.
"""

import re
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.words import find_tokens
from kit.read.compilation import Compilation

ALMOST = 0.99  # names that agree in part never count as the same


def link_reports(
    earlier: Compilation, later: Compilation, *, tokens: tuple[pd.DataFrame, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Link each report of a year to the report of the same agency a year later.

    Parameters
    ----------
    earlier, later : Compilation
        Two years' compilations; near copies take no part.
    tokens : tuple of DataFrame, optional
        `tables.TOKENS` of both, when they are at hand; else they are found here.

    Returns
    -------
    DataFrame
        `tables.LINKS`, one row for each counted report of the earlier year. ``same``: the names agree; ``renamed``:
        they agree in part and the words do; ``merged``: a later report takes up two earlier ones, or its text
        names the earlier agency; ``doubtful``: only the words speak for it, or the names and not the words.
    """
    one, two = tokens or (find_tokens(earlier), find_tokens(later))
    contents = _contents(earlier.counted["report"], one, later.counted["report"], two)
    left: list[Any] = list(earlier.counted.itertuples(index=False))
    right: list[Any] = list(later.counted.itertuples(index=False))
    names = np.array([[name_overlap(a, b) for b in right] for a in left]).reshape(contents.shape)
    rows = [_row(report, right, names[at], contents[at]) for at, report in enumerate(left)]
    taken = pd.Series([row["later_report"] for row in rows]).value_counts()
    for row in rows:
        text = _text_of(later, row["later_report"])
        if row["link"] in ("renamed", "doubtful") and (
            taken.get(row["later_report"], 0) > 1 or (row["agency"] and row["agency"] in text)
        ):
            row["link"] = "merged"
    return tables.make(rows, tables.LINKS)


def _row(report: Any, right: list[Any], names: np.ndarray, contents: np.ndarray) -> dict:
    """Choose the later report of one earlier report."""
    fit = knowledge("matching.toml")["links"]
    row = {"report": report.report, "agency": report.agency, "later_report": None, "later_agency": "",
           "link": "none", "names": 0.0, "contents": 0.0}  # fmt: skip
    if not right:
        return row
    best = int(np.argmax(names * (names >= 1) + contents))
    others = np.delete(contents, best)
    leads = contents[best] >= fit["contents_from"] and contents[best] >= fit["lead"] * others.max(initial=0.0)
    same, alike = names[best] >= 1, names[best] >= fit["names_from"]
    if not (same or leads):
        return row
    link = "same" if same and contents[best] >= fit["same_from"] else "renamed" if alike and leads else "doubtful"
    return {**row, "later_report": right[best].report, "later_agency": right[best].agency, "link": link,
            "names": names[best], "contents": contents[best]}  # fmt: skip


def _text_of(compilation: Compilation, report: int | None) -> str:
    if report is None:
        return ""
    row = compilation.reports.set_index("report").loc[report]
    return compilation.text[row["start"] : row["end"]]


def name_overlap(one: Any, other: Any) -> float:
    """Return how far two reports' agencies agree in name: 1 when one is the other or its short form.

    Parameters
    ----------
    one, other : row of `tables.REPORTS`
        Places count where both are named: another place is another agency.
    """
    if one.agency_from == "unknown" or other.agency_from == "unknown":
        return 0.0
    core, core_other = (_core(row.agency, row.place) for row in (one, other))
    if core == core_other or _shortens(core, core_other) or _shortens(core_other, core):
        return 1.0
    left, right = _bigrams(core), _bigrams(core_other)
    return ALMOST * len(left & right) / max(1, min(len(left), len(right)))


def _core(agency: str, place: str) -> str:
    """Return an agency's name without its county or city; a township's or province's own name stays."""
    fit = knowledge("matching.toml")["links"]
    core = agency.removeprefix(place) or agency
    core = re.sub(fit["prefix_pattern"], "", core) or core
    return re.sub(fit["commission_pattern"], fit["commission"], core)


def _shortens(short: str, full: str) -> bool:
    """Whether a name is a short form of another (发改委): its characters in order, and no two side by side."""
    rest = iter(full)
    in_order = len(short) > 2 and short[-1] == full[-1] and all(char in rest for char in short)  # noqa: PLR2004
    tail = pattern("matching.toml", "links", "place_tail_pattern")
    rest_of_place = full.startswith(short) and tail.fullmatch(full[len(short) :])  # 广西, 广西壮族自治区
    return bool(rest_of_place) or (in_order and not _bigrams(short) & _bigrams(full))


def _bigrams(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}


def _contents(left: pd.Series, one: pd.DataFrame, right: pd.Series, two: pd.DataFrame) -> np.ndarray:
    """Return the cosines of the reports' words, weighted by tf-idf over both years."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415, takes a second

    words = []
    for reports, tokens in ((left, one), (right, two)):
        kept = tokens[tokens["kind"].isin(["lexicon", "word"])]
        groups = {report: group["term"].tolist() for report, group in kept.groupby("report")}
        words += [groups.get(report, []) for report in reports]
    if not any(words):
        return np.zeros((len(left), len(right)))
    weights = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(words)
    return (weights[: len(left)] @ weights[len(left) :].T).toarray()
