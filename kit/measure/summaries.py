"""What reports take up, added up: themes, both sides of a report, plan items by what became of them, an agency's card.

The tables here are complete, absent pairs are rows with zero; near copies, and sentences on several years, are out.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from kit import tables
from kit.data import marks
from kit.errors import TableError
from kit.measure.codebook import Codebook, codebook_of
from kit.measure.counts import SIDES, check_groups, count_cooccurrence, count_events, find_units, of_year, sum_groups
from kit.read.compilation import Compilation

ALL_ROLES = "all"  # the role of rows that add all roles up
STATES = {(True, True): "both", (False, True): "plan only", (True, False): "review only", (False, False): "neither"}
# What became of an item, of continuity and of fulfilment: declared with the tables that count it.
STATUSES = {
    name: next(column.values for column in table.columns if column.name == "status")
    for name, table in (("status", tables.STATUSES), ("verdict", tables.PROMISES))
}
GENERAL = "general"  # a promise with nothing in it to look up
SIDE_COUNTS = ["review_sentences", "plan_sentences", "of_review_sentences", "of_plan_sentences"]
SHARES = ["review_share", "plan_share", "shift_points"]
WAYS = ["n_up", "n_down", "n_unchanged"]  # reports whose plan gives a theme a larger, smaller, equal share


# ---- Themes ----


def count_themes(
    compilation: Compilation,
    hits: pd.DataFrame,
    *,
    codebook: Codebook | None = None,
    roles: Sequence[str] = tables.BODY_ROLES,
) -> pd.DataFrame:
    """Count hits, and sentences with a hit, per report, theme and role."""
    units = find_units(compilation, roles)
    themes = pd.DataFrame({"theme": (codebook or codebook_of(compilation)).keys}, dtype="str")
    hits = of_year(compilation, hits)
    hits = hits.assign(n=1, n_sentences=~hits.duplicated(["sentence", "theme"]))
    counts = count_events(units, hits, ["theme"], things=themes, add=["n", "n_sentences"])
    table = with_rates(sum_groups(counts, ["report", "agency", "role"]))
    # A group is a report in a role here; the table goes by report, theme, role.
    theme, (report, role) = np.arange(len(table)) % len(themes), np.divmod(table.index, len(roles))
    table = table.iloc[np.lexsort((role, theme, report))].reset_index(drop=True)
    return tables.check(table[list(tables.THEME_COUNTS)], tables.THEME_COUNTS)


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts of hits with their rates; 0 where there is nothing to share."""
    counts = counts.rename(columns={"n": "n_hits"})
    return counts.assign(
        share_of_sentences=counts["n_sentences"] / counts["of_sentences"].clip(lower=1),
        per_10k_chars=10_000 * counts["n_hits"] / counts["of_chars"].clip(lower=1),
    )


def sum_themes(compilation: Compilation, theme_counts: pd.DataFrame, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Sum theme counts over reports and roles, in the whole or by group.

    Parameters
    ----------
    compilation : Compilation
    theme_counts : DataFrame
        From `count_themes`.
    by : str or sequence of str
        Columns to group by: ``report, agency, sector, level, place, period, role, side``.

    Returns
    -------
    DataFrame
        The columns of ``by``, then `tables.THEME_SUMS`; one row per group and theme. ``dispersion_dp`` (see
        `sum_groups`) is 0 where all reports give the theme the same share of their text, towards 1 where it is one
        report's own; missing where nothing was found.

    Raises
    ------
    TableError
        When ``by`` names another column.
    """
    by = check_groups([by] if isinstance(by, str) else by)
    units = theme_counts.drop_duplicates(["report", "role"])[["report", "agency", "role", "of_sentences", "of_chars"]]
    units = units.merge(compilation.reports[["report", "sector", "level", "place", "period"]], on="report")
    units["side"] = units["role"].map(SIDES)
    themes = theme_counts[["theme"]].drop_duplicates(ignore_index=True)
    found = theme_counts[theme_counts["n_hits"] > 0].rename(columns={"n_hits": "n"})
    counts = count_events(units, found, ["theme"], things=themes, add=["n", "n_sentences"])
    sums = with_rates(sum_groups(counts, by))
    return tables.check(sums[[*by, *tables.THEME_SUMS]].reset_index(drop=True), tables.THEME_SUMS)


def sum_roles(theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per report and theme, all roles together."""
    single = theme_counts[theme_counts["role"] != ALL_ROLES]
    counts = ["n_hits", "n_sentences", "of_sentences", "of_chars"]
    sums = single.groupby(["report", "agency", "theme"], sort=False, as_index=False)[counts].sum()
    sums = with_rates(sums.assign(role=pd.Series(ALL_ROLES, sums.index, dtype="str")))
    return tables.check(sums[list(tables.THEME_TOTALS)], tables.THEME_TOTALS)


def pair_themes(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Count which themes stand together in a sentence more often than chance would have it."""
    return count_cooccurrence(
        compilation, hits.assign(term=hits["theme"], kind="theme"), kinds=["theme"], min_sentences=1
    )


def find_uncovered(
    compilation: Compilation, hits: pd.DataFrame, *, roles: Collection[str] = tables.BODY_ROLES
) -> pd.DataFrame:
    """Find the sentences that no theme covers."""
    sentences = compilation.yearly
    sentences = sentences[sentences["role"].isin(list(roles))]
    bare = sentences[~sentences["sentence"].isin(hits["sentence"])]
    rows = with_text(compilation, bare.merge(compilation.counted[["report", "agency"]], on="report"))
    return tables.check(rows, tables.UNCOVERED_SENTENCES)


def count_uncovered(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Count how much of each report no theme covers."""
    rows = compilation.counted[["report", "agency"]].reset_index(drop=True)
    bare = find_uncovered(compilation, hits)["report"].value_counts()
    of = find_units(compilation).groupby("report")["of_sentences"].sum()
    rows = rows.assign(
        n_uncovered=rows["report"].map(bare).fillna(0).astype("int64"), of_sentences=rows["report"].map(of)
    )
    rows["share_uncovered"] = rows["n_uncovered"] / rows["of_sentences"].clip(lower=1)
    return tables.check(rows, tables.UNCOVERED)


def find_evidence(
    compilation: Compilation,
    hits: pd.DataFrame,
    *,
    theme: str | None = None,
    agency: str | None = None,
    report: int | None = None,
    role: str | None = None,
) -> pd.DataFrame:
    """Find the sentences behind a count: `tables.EVIDENCE`."""
    for column, value in (("agency", agency), ("report", report)):
        known = compilation.reports[column].tolist()
        if value is not None and value not in known:
            message = f"find_evidence: no {column} {value!r} in {compilation.name}; it has {', '.join(map(str, known))}"
            raise TableError(message)
    listing = marks("listing")
    words = hits.groupby(["sentence", "theme"])["term"].agg(lambda terms: listing.join(dict.fromkeys(terms)))
    rows = words.rename("terms").reset_index().merge(compilation.yearly, on="sentence")
    rows = rows.merge(compilation.reports[["report", "agency"]], on="report")
    for column, value in {"theme": theme, "agency": agency, "report": report, "role": role}.items():
        rows = rows if value is None else rows[rows[column] == value]
    rows = with_text(compilation, rows.sort_values(["start", "theme"], ignore_index=True))
    return tables.check(rows[list(tables.EVIDENCE)], tables.EVIDENCE)


def with_text(compilation: Compilation, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the text they point at, without the white space around it."""
    spans = zip(rows["start"], rows["end"], strict=True)
    text = pd.Series([compilation.text[start:end].strip() for start, end in spans], rows.index, dtype="str")
    return rows.assign(text=text)


# ---- Coverage (continuity) ----


def compare_coverage(theme_counts: pd.DataFrame, *, min_sentences: int = 1) -> pd.DataFrame:
    """Compare which themes the review and the plan of each report take up: `tables.COVERAGE`."""
    counts = theme_counts.assign(side=theme_counts["role"].map(SIDES)).dropna(subset=["side"])
    rows = counts[["report", "agency", "theme"]].drop_duplicates(ignore_index=True)
    for side, own in counts.groupby("side"):
        sums = own.groupby(["report", "agency", "theme"])[["n_sentences", "of_sentences"]].sum()
        sums = sums.reindex(pd.MultiIndex.from_frame(rows[["report", "agency", "theme"]]), fill_value=0)
        rows[f"{side}_sentences"], rows[f"of_{side}_sentences"] = sums.to_numpy().T
    rows = rows.reindex(columns=[*rows.columns[:3], *SIDE_COUNTS], fill_value=0).astype(
        dict.fromkeys(SIDE_COUNTS, "int64")
    )
    for side in ("review", "plan"):
        rows[f"{side}_share"] = rows[f"{side}_sentences"] / rows[f"of_{side}_sentences"].clip(lower=1)
    has_both = (rows["of_review_sentences"] > 0) & (rows["of_plan_sentences"] > 0)
    rows["shift_points"] = (100 * (rows["plan_share"] - rows["review_share"])).where(has_both, 0.0)
    sides = zip(rows["review_sentences"] >= min_sentences, rows["plan_sentences"] >= min_sentences, strict=True)
    rows["state"] = pd.Series([STATES[side] for side in sides], rows.index, dtype="str")
    return tables.check(rows[list(dict.fromkeys([*tables.COVERAGE, *SIDE_COUNTS]))], tables.COVERAGE)


def sum_reports(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return one row per theme: the sentences of all reports together, and in how many its share rises and falls."""
    # The sums are led by the longest reports; the mean gives each report the same say.
    sums = coverage.groupby("theme", sort=False, as_index=False)[SIDE_COUNTS].sum()
    for side in ("review", "plan"):
        sums[f"{side}_share"] = sums[f"{side}_sentences"] / sums[f"of_{side}_sentences"].clip(lower=1)
    sums["shift_points"] = 100 * (sums["plan_share"] - sums["review_share"])
    both = coverage[(coverage["of_review_sentences"] > 0) & (coverage["of_plan_sentences"] > 0)]
    # Cross-multiplied, so that equal shares are equal.
    plan = both["plan_sentences"] * both["of_review_sentences"]
    review = both["review_sentences"] * both["of_plan_sentences"]
    groups = both.assign(n_up=plan > review, n_down=plan < review, n_unchanged=plan == review).groupby("theme")
    means = groups[SHARES].mean().add_prefix("mean_").reindex(sums["theme"]).reset_index(drop=True)
    ways = groups[WAYS].sum().reindex(sums["theme"], fill_value=0).reset_index(drop=True).astype("int64")
    return tables.check(sums.join(means).join(ways), tables.ATTENTION)


# ---- Plan items and agencies ----


def count_statuses(compilation: Compilation, found: pd.DataFrame) -> pd.DataFrame:
    """Count each report's plan items by what became of them: `tables.STATUSES`."""
    statuses = STATUSES["verdict" if "verdict" in found else "status"]
    items = found.drop_duplicates("item")
    groups = items.groupby(["report", "status"])
    reports = compilation.counted[["report", "agency"]]
    counts = reports.merge(pd.DataFrame({"status": statuses}, dtype="str"), how="cross")
    cells = pd.MultiIndex.from_frame(counts[["report", "status"]])
    counts["n_items"] = groups.size().reindex(cells, fill_value=0).to_numpy()
    if "verdict" not in found:
        counts["n_say_continue"] = groups["says_continues"].sum().reindex(cells, fill_value=0).to_numpy(dtype="int64")
        return tables.check(counts, tables.STATUSES)
    links = items.drop_duplicates("report").set_index("report")
    general = items[items["status"] == GENERAL]["report"].value_counts()
    counts = counts.assign(
        later_report=counts["report"].map(links["later_report"]).astype("Int64"),
        link=counts["report"].map(links["link"]).fillna("").astype("str"),
        n_too_general=counts["report"].map(general).fillna(0).astype("int64"),
    )
    return tables.check(counts, tables.PROMISES)


def sum_agencies(compilation: Compilation, traced: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return a card an agency: its promises, its stated problems, its review and its targets (continuity)."""
    side = traced["role"].replace(SIDES)  # problems stay problems
    known = targets[~targets["forecast"]].dropna(subset=["target", "actual"])
    states = ("continued", "unclear", "new", "answered", "taken up")
    counted = {
        **{f"n_{name}": traced[side == name] for name in ("plan", "problems", "review")},
        **{f"n_{state.replace(' ', '_')}": traced[traced["state"] == state] for state in states},
        "n_targets": known,
        "n_met": known[known["met"]],
    }
    cards = compilation.counted[["report", "agency"]].reset_index(drop=True)
    for name, rows in counted.items():
        cards[name] = cards["report"].map(rows["report"].value_counts()).fillna(0).astype("int64")
    return tables.check(cards[list(tables.CARDS)], tables.CARDS)
