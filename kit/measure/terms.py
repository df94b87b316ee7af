"""Terms are counted, with their denominators and their dispersion over reports."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.errors import TableError
from kit.measure.chars import count_chars
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES, OFFICIALESE, REVIEW_ROLES, TERMS, check

GROUPINGS = ("report", "agency", "sector", "level", "role", "side")
MATTER = ("lexicon", "word")  # the kinds of token that say what is talked about


@dataclass(frozen=True, eq=False)
class Counts:
    """How often each term stands in each unit: one report in one role.

    Attributes
    ----------
    units : DataFrame
        One row per unit: ``of_chars`` and the columns of `GROUPINGS`.
    terms : DataFrame
        One row per term: ``term, kind``.
    cells : DataFrame
        One row per unit and term that stands in it: ``unit`` and ``code``, rows of the two above, and ``n``.
    """

    units: pd.DataFrame
    terms: pd.DataFrame
    cells: pd.DataFrame


def count_cells(
    compilation: Compilation, tokens: pd.DataFrame, *, kinds: Collection[str] = MATTER, copies: bool = False
) -> Counts:
    """Count tokens of the given kinds by report and role, near copies left out unless ``copies``."""
    units = _units(compilation, copies=copies)
    tokens = tokens[tokens["kind"].isin(kinds) & tokens["report"].isin(units["report"])]
    codes, terms = pd.factorize(tokens["term"])
    first = np.unique(codes, return_index=True)[1]
    roles = pd.Index(BODY_ROLES)
    place = tokens["report"].to_numpy() * len(roles) + roles.get_indexer(pd.Index(tokens["role"]))
    unit_place = units["report"].to_numpy() * len(roles) + roles.get_indexer(pd.Index(units["role"]))
    cells, n = np.unique(place * max(len(terms), 1) + codes, return_counts=True)
    place, code = np.divmod(cells, max(len(terms), 1))
    unit = np.searchsorted(unit_place, place)
    return Counts(
        units,
        pd.DataFrame({"term": terms, "kind": tokens["kind"].to_numpy()[first]}, dtype="str"),
        pd.DataFrame({"unit": unit, "code": code, "n": n}),
    )


def _units(compilation: Compilation, *, copies: bool) -> pd.DataFrame:
    """Return the bodies' report × role with characters and groups, in the order of report and `BODY_ROLES`."""
    reports = compilation.reports if copies else compilation.counted
    chars = count_chars(compilation)
    chars = chars[chars["role"].isin(BODY_ROLES) & (chars["of_chars"] > 0)]
    units = chars.merge(reports[["report", "agency", "sector", "level"]], on="report")
    sides = {"plan": "plan"} | dict.fromkeys(REVIEW_ROLES, "review")
    units["side"] = units["role"].map(sides)
    order = units["role"].map(BODY_ROLES.index)
    return units.assign(order=order).sort_values(["report", "order"]).drop(columns="order").reset_index(drop=True)


def count_terms(
    compilation: Compilation,
    tokens: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    kinds: Collection[str] = MATTER,
    min_n: int = 1,
    copies: bool = False,
) -> pd.DataFrame:
    """Count terms, in the whole or by group.

    Parameters
    ----------
    compilation : Compilation
    tokens : DataFrame
        See `tables.TOKENS`.
    by : str or sequence of str
        Any of ``report, agency, sector, level, role, side``; the side is ``review`` (achievements and highlights)
        or ``plan``, and what is neither is then left out.
    kinds : collection of str
        Kinds of token that count.
    min_n : int
        Leave out terms with fewer occurrences in all groups together.
    copies : bool
        Count near copies as well.

    Returns
    -------
    DataFrame
        `tables.TERMS`, then the columns of ``by``, ``of_chars`` and ``of_reports`` (the group's characters and
        reports); the most frequent first. Grouped, it is complete: every term that occurs anywhere has a row in
        every group that has text, with zero where it is absent. ``dispersion_dp`` is DP of Gries (2008) with the
        reports of the group as parts, weighed by their characters; missing where the group has one report or
        does not use the term.

    Raises
    ------
    TableError
        When ``by`` names a grouping that there is not.
    """
    by = [by] if isinstance(by, str) else list(by)
    check_groupings(by)
    counts = count_cells(compilation, tokens, kinds=kinds, copies=copies)
    units = counts.units.dropna(subset=by)
    units = units.assign(group=units.groupby(by, sort=False).ngroup() if by else 0)
    cells = counts.cells.merge(units[["group", "report"]], left_on="unit", right_index=True)
    total = np.bincount(cells["code"], cells["n"], minlength=len(counts.terms))
    kept = np.flatnonzero(total >= max(min_n, 1))
    return _grid(cells, units, counts.terms, kept, by)


def check_groupings(names: Collection[str]) -> None:
    """Raise when a name is no grouping of `count_terms` and `compare_terms`."""
    wrong = [name for name in names if name not in GROUPINGS]
    if wrong:
        message = f"terms are grouped by {', '.join(GROUPINGS)}; found {wrong}: choose among these"
        raise TableError(message)


def _grid(
    cells: pd.DataFrame, units: pd.DataFrame, terms: pd.DataFrame, kept: np.ndarray, by: list[str]
) -> pd.DataFrame:
    """Return the complete table of groups × kept terms."""
    groups = units.groupby("group").agg(
        **{name: (name, "first") for name in by}, of_chars=("of_chars", "sum"), of_reports=("report", "nunique")
    )
    n, n_reports, dispersion = _spread(cells, units, groups, len(terms))
    group, code = (axis.ravel() for axis in np.indices((len(groups), len(kept))))
    at = group * len(terms) + kept[code]
    of = groups.iloc[group].reset_index(drop=True)
    frame = pd.concat([terms.iloc[kept[code]].reset_index(drop=True), of[by]], axis=1).assign(
        n=n[at],
        per_10k_chars=n[at] / of["of_chars"] * 10_000,
        n_reports=n_reports[at],
        share_of_reports=n_reports[at] / of["of_reports"],
        dispersion_dp=np.where(of["of_reports"] > 1, dispersion[at], np.nan),
        of_chars=of["of_chars"],
        of_reports=of["of_reports"],
    )
    order = np.lexsort((frame["term"].to_numpy(), -frame["n"].to_numpy(), group))
    frame = frame[[*TERMS, *by, "of_chars", "of_reports"]].iloc[order].reset_index(drop=True)
    return check(frame, TERMS)


def _spread(
    cells: pd.DataFrame, units: pd.DataFrame, groups: pd.DataFrame, n_terms: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return occurrences, reports and DP of each group × term, flat.

    DP is half the sum, over reports, of the distance between the report's share of the term and its share of the
    text. A report without the term adds its share of the text; over all reports these make 1.
    """
    size = len(groups) * n_terms
    used = cells.groupby(["group", "report", "code"], as_index=False)["n"].sum()
    at = (used["group"] * n_terms + used["code"]).to_numpy()
    n = np.bincount(at, used["n"], minlength=size).astype("int64")
    sizes = units.groupby(["group", "report"])["of_chars"].sum()
    chars = sizes.reindex(pd.MultiIndex.from_arrays([used["group"], used["report"]])).to_numpy()
    share = chars / groups["of_chars"].to_numpy()[used["group"]]
    gaps = np.bincount(at, np.abs(used["n"] / n[at] - share) - share, minlength=size)
    return n, np.bincount(at, minlength=size), np.where(n > 0, (gaps + 1) / 2, np.nan)


def count_officialese(compilation: Compilation, tokens: pd.DataFrame, *, copies: bool = False) -> pd.DataFrame:
    """Count how much of each report is officialese: words that say how hard an office works, not at what.

    Parameters
    ----------
    compilation : Compilation
    tokens : DataFrame
        See `tables.TOKENS`.
    copies : bool
        Count near copies as well.

    Returns
    -------
    DataFrame
        One row per report (see `tables.OFFICIALESE`), in the order of the text.
    """
    reports = compilation.reports if copies else compilation.counted
    index = pd.Index(reports["report"], name="report")
    words = tokens[tokens["kind"] != "number"].assign(n_chars=tokens["end"] - tokens["start"])
    used = words[words["kind"] == "officialese"].groupby("report")["n_chars"].agg(["size", "sum"]).reindex(index)
    of_chars = _units(compilation, copies=copies).groupby("report")["of_chars"].sum().reindex(index, fill_value=0)
    of_tokens = words.groupby("report").size().reindex(index, fill_value=0)
    used = used.fillna(0).astype("int64")
    frame = pd.DataFrame(
        {
            "agency": reports["agency"].to_numpy(),
            "n": used["size"],
            "of_tokens": of_tokens,
            "share_of_tokens": used["size"] / of_tokens.clip(lower=1),
            "n_chars": used["sum"],
            "of_chars": of_chars,
            "share_of_chars": used["sum"] / of_chars.clip(lower=1),
        }
    )
    return check(frame.reset_index().astype({"agency": "str"}), OFFICIALESE)
