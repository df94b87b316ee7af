"""Threads: each item of a report with the item it is tied to, from wherever one looks."""

from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge


def trace_items(items: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Say of every item what became of it within its report (continuity).

    Parameters
    ----------
    items : DataFrame
        `tables.ITEMS`.
    matches : DataFrame
        `tables.MATCHES` of these items.

    Returns
    -------
    DataFrame
        `tables.ITEMS` with two further columns. ``state``: of a plan item continued, new or unclear; of a review
        item ``taken up`` or ``not taken up`` by the plan; of a stated problem ``answered`` or ``unanswered``.
        ``partner``: the item on the other side that speaks for it, the surest one where there are several.
    """
    enough = knowledge("matching.toml")["status"]["continued_from"]
    best = matches[matches["rank"] == 1]
    likely = matches[(matches["status"] == "continued") & ((matches["score"] >= enough) | (matches["rank"] == 1))]
    likely = likely.sort_values(["rank", "score"], ascending=[True, False], kind="stable")
    plan = dict(zip(best["item"], best["evidence"], strict=True))
    states = dict(zip(best["item"], best["status"], strict=True))
    review = _first(likely, "evidence")
    problems = _first(best, "answers")
    traced: list[tuple[str, int | None]] = []
    rows: list[Any] = list(items.itertuples())
    for item in rows:
        if item.role == "plan":
            traced.append((states.get(item.item, "new"), plan.get(item.item)))
        elif item.role in tables.REVIEW_ROLES:
            traced.append(("taken up" if item.item in review else "not taken up", review.get(item.item)))
        else:
            traced.append(("answered" if item.item in problems else "unanswered", problems.get(item.item)))
    found = items.assign(state=[state for state, _ in traced], partner=[partner for _, partner in traced])
    return found.astype({"state": "str", "partner": "Int64"})


def _first(matches: pd.DataFrame, column: str) -> dict[int, int]:
    """Return for each item named in a column the first plan item that names it."""
    named = matches.dropna(subset=[column]).drop_duplicates(column)
    return dict(zip(named[column], named["item"], strict=True))
