"""Coverage by theme, continuity within one compilation: what review and plan of a report take up."""

from typing import Any

import pandas as pd

from kit import tables

SIDES = {**dict.fromkeys(tables.REVIEW_ROLES, "review"), "plan": "plan"}
STATES = {(True, True): "both", (False, True): "plan only", (True, False): "review only"}


def compare_coverage(theme_counts: pd.DataFrame, *, min_sentences: int = 1) -> pd.DataFrame:
    """Compare which themes the review and the plan of each report take up.

    This is continuity (延续): both sides stand in one report, and the plan is next year's. It says nothing
    on whether a promise was kept; see `compare_years` for that.

    Parameters
    ----------
    theme_counts : DataFrame
        `tables.THEME_COUNTS`; the reports it counts are the reports compared.
    min_sentences : int
        A side takes up a theme from this many sentences on (the threshold behind ``state``).

    Returns
    -------
    DataFrame
        `tables.COVERAGE`, complete: one row for each report and theme. Shares are of the sentences of that
        side; ``shift_points`` is the plan's share minus the review's in percentage points, 0 where a report
        lacks a side. Further columns ``of_review_sentences``, ``of_plan_sentences``: the denominators.
    """
    sums: dict[tuple, dict[str, int]] = {}
    rows: list[Any] = list(theme_counts[theme_counts["role"].isin(list(SIDES))].itertuples())
    for row in rows:
        side = SIDES[row.role]
        counts = sums.setdefault((row.report, row.agency, row.theme), dict.fromkeys(COUNTS, 0))
        counts[f"{side}_sentences"] += row.n_sentences
        counts[f"of_{side}_sentences"] += row.of_sentences
    return tables.make([_row(key, counts, min_sentences) for key, counts in sums.items()], tables.COVERAGE)


COUNTS = ("review_sentences", "plan_sentences", "of_review_sentences", "of_plan_sentences")


def _row(key: tuple[int, str, str], counts: dict[str, int], min_sentences: int) -> dict:
    """Build one row from the counts of both sides."""
    review, plan, of_review, of_plan = (counts[name] for name in COUNTS)
    review_share, plan_share = review / max(1, of_review), plan / max(1, of_plan)
    return {
        **dict(zip(("report", "agency", "theme"), key, strict=True)),
        "state": STATES.get((review >= min_sentences, plan >= min_sentences), "neither"),
        "review_share": review_share,
        "plan_share": plan_share,
        "shift_points": 100 * (plan_share - review_share) if of_review and of_plan else 0.0,
        **counts,
    }
