"""Which terms set one group of text apart from another."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kit.errors import TableError
from kit.measure.terms import MATTER, Counts, check_groupings, count_cells
from kit.read.compilation import Compilation
from kit.tables import KEYNESS, ROLES, check, make

PRIOR = 500.0  # about the counted words of one report
MAY_LACK = {"role": ROLES, "side": ("plan", "review")}  # what a compilation may well be without
Group = Mapping[str, Any]


def compare_terms(
    compilation: Compilation,
    tokens: pd.DataFrame,
    *,
    focus: Group | None = None,
    reference: Group | None = None,
    other: tuple[Compilation, pd.DataFrame] | None = None,
    kinds: Collection[str] = MATTER,
    min_n: int = 1,
    prior: float = PRIOR,
    copies: bool = False,
) -> pd.DataFrame:
    """Compare how often terms are used in two groups of text.

    Parameters
    ----------
    compilation : Compilation
    tokens : DataFrame
        See `tables.TOKENS`.
    focus, reference : mapping, optional
        The two groups, by any of ``report, agency, sector, level, role, side``: ``focus={"side": "plan"},
        reference={"side": "review"}``. Without a reference the focus is compared with the rest of the
        compilation; without a focus (with ``other``) the whole of it is meant.
    other : (Compilation, DataFrame), optional
        Another compilation and its tokens, in which the reference is taken.
    kinds : collection of str
        Kinds of token that count.
    min_n : int
        Leave out terms with fewer occurrences in both groups together.
    prior : float
        How many tokens the prior is worth: the larger, the more a rare term has to show.
    copies : bool
        Count near copies as well.

    Returns
    -------
    DataFrame
        One row per term (see `tables.KEYNESS`), the focus's own first. ``log_odds`` and ``z``: log-odds ratio with
        an informative Dirichlet prior, shared out as in both groups together (Monroe, Colaresi & Quinn 2008).
        ``g2``: Dunning (1993) over the four cells term × group. ``log_ratio``: Hardie (2014), half an occurrence
        standing for none. No rows where the compilation has no text of a role or side that a group names.

    Raises
    ------
    TableError
        When a group names no grouping, or an agency, report, sector or level that the compilation has not.
    """
    if focus is None and other is None:
        message = "compare_terms: expected a focus or another compilation, found neither; e.g. focus={'side': 'plan'}"
        raise TableError(message)
    here = count_cells(compilation, tokens, kinds=kinds, copies=copies)
    there = count_cells(*other, kinds=kinds, copies=copies) if other else here
    in_focus = _members(here, focus or {})
    rest = pd.Series(data=True, index=there.units.index) if other else ~in_focus
    in_reference = rest if reference is None else _members(there, reference)
    if not (in_focus.any() and in_reference.any()):
        return make([], KEYNESS)
    both = _side(here, in_focus).join(_side(there, in_reference).add_suffix("_reference"), how="outer")
    both["kind"] = both.pop("kind").fillna(both.pop("kind_reference"))
    both = both.fillna(0).astype(
        {"n": "int64", "n_reports": "int64", "n_reference": "int64", "n_reports_reference": "int64"}
    )
    both = both.assign(
        per_10k_chars=both["n"] / here.units.loc[in_focus, "of_chars"].sum() * 10_000,
        per_10k_chars_reference=both["n_reference"] / there.units.loc[in_reference, "of_chars"].sum() * 10_000,
        **_measures(both["n"].to_numpy(), both["n_reference"].to_numpy(), prior),
    )
    both = both[both["n"] + both["n_reference"] >= min_n].reset_index()
    both = both.sort_values(["z", "term"], ascending=[False, True], ignore_index=True)
    return check(both[list(KEYNESS)], KEYNESS)


def _members(counts: Counts, group: Group) -> pd.Series:
    """Return which units belong to a group."""
    check_groupings(group)
    units = counts.units
    member = pd.Series(data=True, index=units.index)
    for name, value in group.items():
        member &= units[name] == value
    if not member.any() and not all(value in MAY_LACK.get(name, ()) for name, value in group.items()):
        there = {name: sorted(map(str, units[name].dropna().unique())) for name in group}
        message = f"compare_terms: no text in group {dict(group)}; the compilation has {there}"
        raise TableError(message)
    return member


def _side(counts: Counts, member: pd.Series) -> pd.DataFrame:
    """Return ``kind, n, n_reports`` of each term in the units that belong."""
    cells = counts.cells[member.to_numpy()[counts.cells["unit"]]]
    report = counts.units["report"].to_numpy()[cells["unit"]]
    by_term = cells.assign(report=report).groupby("code").agg(n=("n", "sum"), n_reports=("report", "nunique"))
    return counts.terms.join(by_term, how="inner").set_index("term")


def _measures(n: np.ndarray, n_reference: np.ndarray, prior: float) -> dict[str, np.ndarray]:
    total, total_reference = n.sum(), n_reference.sum()
    share = prior * (n + n_reference) / (total + total_reference)
    odds, odds_reference = (
        (count + share) / (of + prior - count - share) for count, of in ((n, total), (n_reference, total_reference))
    )
    log_odds = np.log(odds) - np.log(odds_reference)
    rate, rate_reference = np.maximum(n, 0.5) / max(total, 1), np.maximum(n_reference, 0.5) / max(total_reference, 1)
    return {
        "log_odds": log_odds,
        "z": log_odds / np.sqrt(1 / (n + share) + 1 / (n_reference + share)),
        "g2": log_likelihood(n, n_reference, total - n, total_reference - n_reference),
        "log_ratio": np.log2(rate / rate_reference),
    }


def log_likelihood(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return the log-likelihood ratio G² of tables ``[[a, b], [c, d]]`` (Dunning 1993); at least 0."""
    cells = np.array([a, b, c, d], dtype="float64")
    a, b, c, d = cells
    expected = np.array([(a + b) * (a + c), (a + b) * (b + d), (c + d) * (a + c), (c + d) * (b + d)])
    expected /= np.maximum(cells.sum(axis=0), 1)
    logs = np.log(np.where(cells > 0, cells, 1) / np.where(cells > 0, expected, 1))
    return np.maximum(2 * (cells * logs).sum(axis=0), 0)
