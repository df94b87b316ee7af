"""Sums of the complete tables, as figures draw them: roles together, agencies together, statuses counted."""

from collections.abc import Mapping

import pandas as pd

from kit.measure.keyness import compare_terms
from kit.measure.targets import pair_targets
from kit.read.compilation import Compilation
from kit.tables import REVIEW_ROLES, THEME_COUNTS, make

# What became of an item: continuity and fulfilment, and what fulfilment cannot judge.
STATUSES = {
    "status": ("continued", "unclear", "to check", "new"),
    "verdict": ("reported", "partly", "to check", "not mentioned", "no report"),
}
GENERAL = "general"
MEANS = ("mean_review_share", "mean_plan_share", "mean_shift_points")  # of the reports that have both sides
WAYS = ("n_up", "n_down", "n_unchanged")  # reports whose plan gives a theme a larger, smaller, equal share


def summarise(compilation: Compilation, measured: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that figures draw beside those of `measure_all`.

    Parameters
    ----------
    compilation : Compilation
    measured : mapping of str to DataFrame
        From `measure_all`.

    Returns
    -------
    dict of str to DataFrame
        ``keyness`` (plan against review), ``theme_totals``, ``attention``, ``statuses``, ``targets``.
    """
    keyness = compare_terms(compilation, measured["tokens"], focus={"side": "plan"}, reference={"side": "review"})
    return {
        "keyness": keyness,
        "theme_totals": sum_roles(measured["theme_counts"]),
        "attention": sum_reports(measured["coverage"]),
        "statuses": count_statuses(compilation, measured["matches"]),
        "targets": pair_targets(compilation, measured["indicators"]),
    }


def sum_roles(theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per report and theme, all roles together.

    Parameters
    ----------
    theme_counts : DataFrame
        `tables.THEME_COUNTS`.

    Returns
    -------
    DataFrame
        `tables.THEME_COUNTS`; ``role`` is ``all``. A sentence has one role, so sentences add up.
    """
    single = theme_counts[theme_counts["role"] != "all"]
    counts = ["n_hits", "n_sentences", "of_sentences", "of_chars"]
    sums = single.groupby(["report", "agency", "theme"], sort=False, as_index=False)[counts].sum()
    sums["role"] = "all"
    sums["share_of_sentences"] = sums["n_sentences"] / sums["of_sentences"].clip(lower=1)
    sums["per_10k_chars"] = 10_000 * sums["n_hits"] / sums["of_chars"].clip(lower=1)
    return make(sums.to_dict("records"), THEME_COUNTS)


def sum_reports(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return one row per theme: the sentences of all reports together, and in how many its share rises and falls.

    The sums are led by the longest reports; the mean gives each report the same say. A theme moves where the mean
    and most reports agree.

    Parameters
    ----------
    coverage : DataFrame
        `tables.COVERAGE` with its denominators, as `compare_coverage` makes it.

    Returns
    -------
    DataFrame
        ``theme``, the four counts of sentences, ``review_share``, ``plan_share`` (0 … 1), ``shift_points``: of the
        sums. ``mean_review_share``, ``mean_plan_share``, ``mean_shift_points``: the means over the reports that
        have both sides, missing when none has; ``n_up, n_down, n_unchanged``: of these, those whose plan gives the
        theme a larger, smaller, equal share.
    """
    counts = ["review_sentences", "plan_sentences", "of_review_sentences", "of_plan_sentences"]
    sums = coverage.groupby("theme", sort=False, as_index=False)[counts].sum()
    for side in ("review", "plan"):
        sums[f"{side}_share"] = sums[f"{side}_sentences"] / sums[f"of_{side}_sentences"].clip(lower=1)
    sums["shift_points"] = 100 * (sums["plan_share"] - sums["review_share"])
    has_both = (coverage["of_review_sentences"] > 0) & (coverage["of_plan_sentences"] > 0)
    spread = _spread_of_shifts(coverage[has_both]).reindex(sums["theme"])
    return sums.assign(
        **{name: spread[name].to_numpy() for name in MEANS},
        **{name: spread[name].fillna(0).astype("int64").to_numpy() for name in WAYS},
    )


def _spread_of_shifts(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return for each theme the mean of the reports' shifts, and how many reports go which way."""
    # Cross-multiplied, so that equal shares are equal.
    plan = coverage["plan_sentences"] * coverage["of_review_sentences"]
    review = coverage["review_sentences"] * coverage["of_plan_sentences"]
    moved = coverage.assign(n_up=plan > review, n_down=plan < review, n_unchanged=plan == review)
    groups = moved.groupby("theme", sort=False)
    ways = groups[list(WAYS)].sum()
    return ways.join(groups[[name.removeprefix("mean_") for name in MEANS]].mean().add_prefix("mean_"))


def count_statuses(compilation: Compilation, found: pd.DataFrame) -> pd.DataFrame:
    """Count each report's plan items by what became of them, copies once.

    Parameters
    ----------
    compilation : Compilation
        Whose plan it is: of fulfilment the earlier one.
    found : DataFrame
        `tables.MATCHES` (continuity) or `tables.FULFILMENT`.

    Returns
    -------
    DataFrame
        ``report, agency, status, n_items``: complete, absent statuses are rows with zero. Of continuity also
        ``n_say_continue``, the items of that status that say they go on with something; of fulfilment
        ``later_report``, ``link``, how surely it is the same agency's (`tables.LINKS`; empty without promises), and
        ``n_too_general``, the report's promises that are left out because there is nothing in them to look up.
    """
    is_fulfilment = "verdict" in found
    statuses = STATUSES["verdict" if is_fulfilment else "status"]
    items = found.drop_duplicates("item")
    groups = items.groupby(["report", "status"])
    reports = compilation.counted[["report", "agency"]]
    counts = reports.merge(pd.DataFrame({"status": statuses}), how="cross")
    cells = pd.MultiIndex.from_frame(counts[["report", "status"]])
    counts["n_items"] = groups.size().reindex(cells, fill_value=0).to_numpy()
    if is_fulfilment:
        links = items.drop_duplicates("report").set_index("report")
        general = items[items["status"] == GENERAL]["report"].value_counts()
        return counts.assign(
            later_report=counts["report"].map(links["later_report"]).astype("Int64"),
            link=counts["report"].map(links["link"]).fillna("").astype("str"),
            n_too_general=counts["report"].map(general).fillna(0).astype("int64"),
        )
    return counts.assign(n_say_continue=groups["says_continues"].sum().reindex(cells, fill_value=0).to_numpy())


def sum_agencies(compilation: Compilation, traced: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return a card an agency: its promises, its stated problems, its review and its targets (continuity).

    Parameters
    ----------
    compilation : Compilation
    traced : DataFrame
        From `trace_items`.
    targets : DataFrame
        From `pair_targets`.

    Returns
    -------
    DataFrame
        One row per report, copies left out: ``report, agency``; ``n_plan`` items, of them ``n_continued``,
        ``n_unclear``, ``n_new``; ``n_problems``, of them ``n_unanswered``; ``n_review`` items, of them
        ``n_not_taken_up``; ``n_targets`` with an actual that is no estimate, of them ``n_met``.
    """
    own = traced.assign(side=traced["role"].replace(dict.fromkeys(REVIEW_ROLES, "review")))
    known = targets[~targets["forecast"]].dropna(subset=["target", "actual"])
    counts = {
        "n_plan": own[own["side"] == "plan"],
        **{f"n_{state}": own[own["state"] == state] for state in ("continued", "unclear", "new")},
        "n_problems": own[own["side"] == "problems"],
        "n_unanswered": own[own["state"] == "unanswered"],
        "n_review": own[own["side"] == "review"],
        "n_not_taken_up": own[own["state"] == "not taken up"],
        "n_targets": known,
        "n_met": known[known["met"]],
    }
    reports = compilation.counted[["report", "agency"]].reset_index(drop=True)
    sums = {name: reports["report"].map(rows["report"].value_counts()) for name, rows in counts.items()}
    return reports.assign(**{name: column.fillna(0).astype("int64") for name, column in sums.items()})
