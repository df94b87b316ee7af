"""Matches: for each item of next year's plan, the work of this year's review on the same matter (continuity)."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.measure.items import PATH_JOIN
from kit.read.compilation import Compilation

HAN = re.compile(r"[\u4e00-\u9fff]+")


def match_items(compilation: Compilation, items: pd.DataFrame, *, top: int = 3) -> pd.DataFrame:
    """Match the plan items of each report with its review items.

    Parameters
    ----------
    compilation : Compilation
        As read.
    items : DataFrame
        `tables.ITEMS` of that compilation.
    top : int
        Candidates of evidence given for each plan item.

    Returns
    -------
    DataFrame
        `tables.MATCHES`.
    """
    rows: list[dict] = []
    for _, group in items.groupby("report", sort=True):
        rows.extend(_match_report(compilation.text, group, top))
    return tables.make(rows, tables.MATCHES)


def _match_report(text: str, items: pd.DataFrame, top: int) -> Iterator[dict]:
    plan = items[items["role"] == "plan"]
    review = items[items["role"].isin(tables.REVIEW_ROLES)]
    if plan.empty:
        return
    vectors, terms = _vectorise(
        [f"{row.path.split(PATH_JOIN)[-1]} {text[row.start : row.end]}" for row in items.itertuples()]
    )
    position = {item: at for at, item in enumerate(items["item"])}
    left = vectors[[position[item] for item in plan["item"]]]
    right = vectors[[position[item] for item in review["item"]]]
    scores = _probability((left @ right.T).toarray())
    for number, row in enumerate(plan.itertuples()):
        best = np.argsort(-scores[number], kind="stable")[:top]
        first = scores[number][best[0]] if len(best) else 0.0
        status = _status(first, generic=row.generic)
        common = {"item": row.item, "report": row.report, "status": status, "decided_by": "kit", "ties": ""}
        if not len(best):
            yield {**common, "rank": 1, "score": 0.0}
        for rank, at in enumerate(best, 1):
            found = review.iloc[at]
            both = left[number].multiply(right[at]).tocoo()
            order = np.argsort(-both.data)[:5]
            yield {**common, "rank": rank, "score": scores[number][at], "ties": "、".join(terms[both.col[order]]),
                   "evidence": found["item"], "evidence_start": found["start"], "evidence_end": found["end"]}  # fmt: skip


def _probability(similarity: np.ndarray) -> np.ndarray:
    fit = knowledge("matching.toml")["score"]
    return 1 / (1 + np.exp(-(fit["intercept"] + fit["slope"] * similarity)))


def _status(score: float, *, generic: bool) -> str:
    fit = knowledge("matching.toml")["score"]
    if generic:
        return "unclear"
    if score >= fit["continued_from"]:
        return "continued"
    return "new" if score < fit["new_below"] else "unclear"


def _vectorise(texts: Iterable[str]) -> tuple:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=_terms, sublinear_tf=True)
    return vectorizer.fit_transform(texts), vectorizer.get_feature_names_out()


@cache
def _segment() -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel(60)
    return jieba.Tokenizer().lcut


def _terms(text: str) -> list[str]:
    """Return words of two characters and more, and character bigrams."""
    words = [word for word in _segment()(text) if len(word) > 1 and HAN.match(word)]
    return words + [run[at : at + 2] for run in HAN.findall(text) for at in range(len(run) - 1)]
