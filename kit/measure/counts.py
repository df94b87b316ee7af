"""Counting, once for everything that is counted: words, themes, both sides of a report, items by what became of them.

What is counted are *events*: tokens, hits, whatever is a row with a ``report`` and a ``role``. They are counted by
*unit*, one report in one role, which brings the denominators (sentences, characters that are not white space) and what
reports are grouped by. Units are complete: a report that lacks a role has a unit of nothing, so that what is not there
is a zero and not a gap. Near copies of another report are no units (`Compilation.counted`); whoever wants them counted
says so once, by `with_copies`. Sentences on several years are no part of the year (`Compilation.yearly`) and do not
count. Units are added up in one place, `sum_groups`; keyness and co-occurrence stand on the same counts.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import marks
from kit.errors import TableError
from kit.measure.codebook import Codebook, codebook_of
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES, COOCCURRENCE, KEYNESS, OFFICIALESE, REVIEW_ROLES, ROLES, TERMS, check, make

GROUPS = ("report", "agency", "sector", "level", "place", "period", "role", "side")
MATTER = ("lexicon", "word")  # the kinds of token that say what is talked about
SIDES = {**dict.fromkeys(REVIEW_ROLES, "review"), "plan": "plan"}  # problems and opening are on neither
GROUPED = "corpus"  # the format of what is added up, where groups stand in the place of reports
SIGNIFICANT, LIKELY = 1.96, 1.0  # abs(z) from which a word sets two groups apart, and of its string
PRIOR = 500.0  # of keyness: about the counted words of one report
MAY_LACK = {"role": ROLES, "side": ("plan", "review")}  # what a compilation may well be without
Group = Mapping[str, Any]
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


# ---- One counting: events by units, units by groups ----


@dataclass(frozen=True, eq=False)
class Counts:
    """How often each thing stands in each unit."""

    units: pd.DataFrame
    things: pd.DataFrame
    cells: pd.DataFrame


def with_copies(compilation: Compilation) -> Compilation:
    """Return the compilation with every near copy a report in its own right: measures of it count copies as well."""
    reports = compilation.reports
    return replace(compilation, reports=reports.assign(copy_of=pd.Series(pd.NA, reports.index, dtype="Int64")))


def count_text(compilation: Compilation) -> pd.DataFrame:
    """Count sentences, and characters that are not white space, masks and markers included: the denominators."""
    codes = np.frombuffer(compilation.text.encode("utf-32-le"), dtype="<u4")
    blank = [code for code in np.unique(codes).tolist() if chr(code).isspace()]
    before = np.r_[0, np.cumsum(~np.isin(codes, blank))]
    sentences = compilation.yearly
    chars = before[sentences["end"].to_numpy()] - before[sentences["start"].to_numpy()]
    units = sentences[["report", "role"]].assign(of_chars=chars).groupby(["report", "role"])["of_chars"]
    return units.agg(of_sentences="size", of_chars="sum").reset_index()


@lru_cache(maxsize=8)  # many measures ask for them
def find_units(compilation: Compilation) -> pd.DataFrame:
    """Return every report that counts in every role: the columns of `GROUPS`, then ``of_sentences, of_chars``."""
    reports = compilation.counted[["report", "agency", "sector", "level", "place", "period"]]
    units = reports.merge(pd.DataFrame({"role": BODY_ROLES}, dtype="str"), how="cross")
    text = count_text(compilation).set_index(["report", "role"])
    text = text.reindex(pd.MultiIndex.from_frame(units[["report", "role"]]), fill_value=0).reset_index(drop=True)
    return units.assign(side=units["role"].map(SIDES)).join(text)


def of_year(compilation: Compilation, events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that stand in sentences on the year."""
    return events[events["sentence"].isin(compilation.yearly["sentence"])]


def count_events(
    units: pd.DataFrame,
    events: pd.DataFrame,
    what: Sequence[str],
    *,
    things: pd.DataFrame | None = None,
    add: Sequence[str] = (),
) -> Counts:
    """Count events by unit; those of other reports and roles are left out."""
    units, place = units.reset_index(drop=True), ["report", "role"]
    unit = pd.MultiIndex.from_frame(units[place]).get_indexer(pd.MultiIndex.from_frame(events[place]))
    events = events.assign(unit=unit)[unit >= 0]
    if things is None:
        things = events[list(what)].drop_duplicates(what[0], ignore_index=True)
    thing = pd.Index(things[what[0]]).get_indexer(pd.Index(events[what[0]]))
    cells = events.assign(thing=thing)[thing >= 0].groupby(["unit", "thing"])
    return Counts(units, things, (cells[list(add)].sum() if add else cells.size().rename("n")).reset_index())


def sum_groups(counts: Counts, by: str | Sequence[str] = (), *, min_n: int = 0, complete: bool = True) -> pd.DataFrame:
    """Add units up by group: the complete table of groups × things, without things of fewer than ``min_n`` in all.

    What is not ``complete`` holds what each group has, and no zeros.

    Indexed by the number of the group. The columns of the things and of ``by``; the sums of the cells; ``of_sentences,
    of_chars`` of the group; ``n_reports`` with the thing, ``of_reports`` with any text; ``per_10k_chars,
    share_of_reports`` and ``dispersion_dp``: half the sum, over the group's reports, of the distance between the
    report's share of the thing and its share of the text (Gries 2008); missing where the group has not the thing.
    """
    by = [by] if isinstance(by, str) else list(by)
    units = counts.units.dropna(subset=by)
    units = units.assign(group=units.groupby(by, sort=False).ngroup() if by else 0)
    texts = units.groupby(["group", "report"])[["of_sentences", "of_chars"]].sum()
    groups = texts.groupby("group").sum()
    groups = groups.assign(of_reports=(texts["of_chars"] > 0).groupby("group").sum())
    groups = units.groupby("group")[by].first().join(groups) if by else groups
    cells = counts.cells.merge(units[["group", "report"]], left_on="unit", right_index=True)
    used = cells.drop(columns="unit").groupby(["group", "report", "thing"], as_index=False).sum()

    # Everything is kept flat, one place for each group × thing.
    size = len(groups) * len(counts.things)
    found = (used["group"] * len(counts.things) + used["thing"]).to_numpy()
    sums = {name: np.bincount(found, used[name], size).astype("int64") for name in counts.cells.columns[2:]}
    chars = texts["of_chars"].reindex(pd.MultiIndex.from_frame(used[["group", "report"]])).to_numpy()
    share_of_text = chars / groups["of_chars"].clip(lower=1).to_numpy()[used["group"]]
    gaps = np.abs(used["n"] / sums["n"][found] - share_of_text) - share_of_text
    # A report without the thing adds its share of the text; over all reports these make 1.
    dispersion = np.where(sums["n"] > 0, (np.bincount(found, gaps, size) + 1) / 2, np.nan)

    kept = np.flatnonzero(np.bincount(used["thing"], used["n"], len(counts.things)) >= min_n)
    place = (np.arange(len(groups))[:, None] * len(counts.things) + kept).ravel() if complete else np.unique(found)
    group, thing = np.divmod(place, max(len(counts.things), 1))
    table = counts.things.iloc[thing].reset_index(drop=True).join(groups.iloc[group].reset_index(drop=True))
    table = table.set_index(pd.Index(group, name="group")).assign(
        **{name: values[place] for name, values in sums.items()}
    )
    return table.assign(
        n_reports=np.bincount(found, minlength=size)[place],
        per_10k_chars=table["n"] / table["of_chars"].clip(lower=1) * 10_000,
        share_of_reports=lambda grid: grid["n_reports"] / grid["of_reports"].clip(lower=1),
        dispersion_dp=dispersion[place],
    )


def check_groups(names: Collection[str]) -> list[str]:
    """Return the names of groupings; raise when there is one that there is not."""
    wrong = [name for name in names if name not in GROUPS]
    if wrong:
        message = f"counts are grouped by {', '.join(GROUPS)}; found {wrong}: choose among these"
        raise TableError(message)
    return list(names)


# ---- Terms ----


def count_terms(
    compilation: Compilation,
    tokens: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    kinds: Collection[str] = MATTER,
    min_n: int = 1,
) -> pd.DataFrame:
    """Count terms, in the whole or by group.

    Parameters
    ----------
    compilation : Compilation
    tokens : DataFrame
        See `tables.TOKENS`.
    by : str or sequence of str
        Any of ``report, agency, sector, level, place, period, role, side``; the side is ``review`` (achievements and
        highlights) or ``plan``, and what is neither is then left out.
    kinds : collection of str
        Kinds of token that count.
    min_n : int
        Leave out terms with fewer occurrences in all groups together.

    Returns
    -------
    DataFrame
        `tables.TERMS`, then the columns of ``by``, ``of_chars`` and ``of_reports`` (the group's characters and
        reports); the most frequent first. Grouped, it is complete: every term that occurs anywhere has a row in
        every group that has text, with zero where it is absent. ``dispersion_dp`` is missing where the group has one
        report or does not use the term (see `sum_groups`).

    Raises
    ------
    TableError
        When ``by`` names a grouping that there is not.
    """
    by = check_groups([by] if isinstance(by, str) else by)
    return as_terms(sum_groups(count_tokens(compilation, tokens, kinds), by, min_n=max(min_n, 1)), by)


def as_terms(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return sums of tokens by group as `tables.TERMS`, with the columns of the groups."""
    table = table.assign(dispersion_dp=table["dispersion_dp"].where(table["of_reports"] > 1))
    order = np.lexsort((table["term"], -table["n"], table.index))
    return check(table[[*TERMS, *by, "of_chars", "of_reports"]].iloc[order].reset_index(drop=True), TERMS)


def count_tokens(compilation: Compilation, tokens: pd.DataFrame, kinds: Collection[str]) -> Counts:
    """Count tokens of some kinds by report and role."""
    units, tokens = find_units(compilation), of_year(compilation, tokens)
    return count_events(units[units["of_chars"] > 0], tokens[tokens["kind"].isin(kinds)], ["term", "kind"])


def count_officialese(compilation: Compilation, tokens: pd.DataFrame) -> pd.DataFrame:
    """Count how much of each report is officialese: words that say how hard an office works, not at what."""
    words = of_year(compilation, tokens[tokens["kind"] != "number"])
    used = words[words["kind"] == "officialese"]
    table = compilation.counted[["report", "agency"]].reset_index(drop=True)
    sums = {
        "n": used.groupby("report").size(),
        "of_tokens": words.groupby("report").size(),
        "n_chars": (used["end"] - used["start"]).groupby(used["report"]).sum(),
        "of_chars": find_units(compilation).groupby("report")["of_chars"].sum(),
    }
    table = table.assign(**{name: table["report"].map(n).fillna(0).astype("int64") for name, n in sums.items()})
    for what, n in (("tokens", "n"), ("chars", "n_chars")):
        table[f"share_of_{what}"] = table[n] / table[f"of_{what}"].clip(lower=1)
    return check(table[list(OFFICIALESE)], OFFICIALESE)


# ---- Keyness ----


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
) -> pd.DataFrame:
    """Compare how often terms are used in two groups of text.

    Parameters
    ----------
    compilation : Compilation
    tokens : DataFrame
        See `tables.TOKENS`.
    focus, reference : mapping, optional
        The two groups, by any of `GROUPS`: ``focus={"side": "plan"}, reference={"side": "review"}``. Without a
        reference the focus is compared with the rest of the compilation; without a focus (with ``other``) the whole
        of it is meant.
    other : (Compilation, DataFrame), optional
        Another compilation and its tokens, in which the reference is taken.
    kinds : collection of str
        Kinds of token that count.
    min_n : int
        Leave out terms with fewer occurrences in both groups together.
    prior : float
        How many tokens the prior is worth: the larger, the more a rare term has to show.

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
    here = count_tokens(compilation, tokens, kinds)
    there = count_tokens(*other, kinds) if other else here
    in_focus = _members(here, focus or {})
    rest = pd.Series(data=True, index=there.units.index) if other else ~in_focus
    in_reference = rest if reference is None else _members(there, reference)
    if not (in_focus.any() and in_reference.any()):
        return make([], KEYNESS)
    both = _side(here, in_focus).join(_side(there, in_reference).add_suffix("_reference"), how="outer")
    chars = (counts.units.loc[of, "of_chars"].sum() for counts, of in ((here, in_focus), (there, in_reference)))
    return key_terms(both, *chars, min_n=min_n, prior=prior)


def compare_sides(compilation: Compilation, tokens: pd.DataFrame) -> pd.DataFrame:
    """Compare the words of the plans (focus) with those of the reviews (reference): `tables.KEYNESS`."""
    found = compare_terms(compilation, tokens, focus={"side": "plan"}, reference={"side": "review"})
    return keep_moved(found, text_of(compilation, role=["plan"]), text_of(compilation, role=REVIEW_ROLES))


def keep_moved(found: pd.DataFrame, text: str, reference: str) -> pd.DataFrame:
    """Leave out words that set two texts apart only by how they are cut: a word's string has to move as it does."""
    # 安全生产 in one text, 安全 | 生产 in the other: 生产 is used no more than before
    clear, chars = found["z"].abs() >= SIGNIFICANT, [len("".join(one.split())) for one in (text, reference)]
    n, m = (np.array([one.count(term) for term in found.loc[clear, "term"]]) + 0.5 for one in (text, reference))
    strings = (np.log(n / chars[0]) - np.log(m / chars[1])) / np.sqrt(1 / n + 1 / m)
    return found.drop(found.index[clear][strings * np.sign(found.loc[clear, "z"]) < LIKELY]).reset_index(drop=True)


def text_of(compilation: Compilation, **among: Collection[Any]) -> str:
    """Return the text that is counted, folded: of some reports or roles."""
    rows, text = compilation.yearly, compilation.folded
    for name, values in ({"report": compilation.counted["report"], "role": BODY_ROLES} | among).items():
        rows = rows[rows[name].isin(values)]
    return "\n".join(text[start:end] for start, end in zip(rows["start"], rows["end"], strict=True))


def key_terms(both: pd.DataFrame, chars: int, chars_reference: int, *, min_n: int, prior: float) -> pd.DataFrame:
    """Return `tables.KEYNESS` of terms with ``kind, n, n_reports`` in the focus, and each with _reference there."""
    both["kind"] = both["kind"].fillna(both["kind_reference"])
    sums = ["n", "n_reports", "n_reference", "n_reports_reference"]
    both = both.assign(**both[sums].fillna(0).astype("int64"))
    both = both.assign(
        per_10k_chars=both["n"] / chars * 10_000,
        per_10k_chars_reference=both["n_reference"] / chars_reference * 10_000,
        **_keyness(both["n"].to_numpy(), both["n_reference"].to_numpy(), prior),
    )
    both = both[both["n"] + both["n_reference"] >= min_n].reset_index()
    both = both.sort_values(["z", "term"], ascending=[False, True], ignore_index=True)
    return check(both[list(KEYNESS)], KEYNESS)


def _members(counts: Counts, group: Group) -> pd.Series:
    """Return which units belong to a group."""
    check_groups(group)
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
    by_term = cells.assign(report=report).groupby("thing").agg(n=("n", "sum"), n_reports=("report", "nunique"))
    return counts.things.join(by_term, how="inner").set_index("term")


def _keyness(n: np.ndarray, n_reference: np.ndarray, prior: float) -> dict[str, np.ndarray]:
    """Return the measures of terms that stand ``n`` times in the focus, ``n_reference`` times in the reference."""
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


# ---- Co-occurrence ----


def count_cooccurrence(
    compilation: Compilation,
    tokens: pd.DataFrame,
    *,
    kinds: Collection[str] = MATTER,
    top: int = 300,
    min_sentences: int = 3,
) -> pd.DataFrame:
    """Count in how many sentences two terms stand together, and how far that is from chance."""
    # One row per pair that stands together more often than chance would have it (see `tables.COOCCURRENCE`), the
    # largest G² (Dunning 1993) first.
    total = int(find_units(compilation)["of_sentences"].sum())
    tokens = tokens[tokens["kind"].isin(kinds) & tokens["report"].isin(compilation.counted["report"])]
    single = of_year(compilation, tokens)[["sentence", "term"]].drop_duplicates()
    n_of = dict(sorted(Counter(single["term"].tolist()).items(), key=lambda item: (-item[1], item[0]))[:top])
    pairs: Counter[tuple[str, str]] = Counter()
    together: dict[int, list[str]] = defaultdict(list)
    for sentence, term in zip(single["sentence"].tolist(), single["term"].tolist(), strict=True):
        if term in n_of:
            together[sentence].append(term)
    for terms in together.values():
        pairs.update(combinations(sorted(terms), 2))
    often = ((a, b, n, n_of[a], n_of[b]) for (a, b), n in pairs.items() if n >= min_sentences)
    rows = [row for row in often if row[2] * total > row[3] * row[4]]
    both, n_a, n_b = (np.array([row[at] for row in rows], dtype="int64") for at in (2, 3, 4))
    frame = pd.DataFrame(rows, columns=list(COOCCURRENCE)[:5]).assign(
        of_sentences=total,
        expected=n_a * n_b / total,
        g2=log_likelihood(both, n_a - both, n_b - both, total - n_a - n_b + both),
        log_ratio=np.log2(both * total / (n_a * n_b)),
    )
    order = ["g2", "term_a", "term_b"]
    frame = frame.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return make(frame.to_dict("records"), COOCCURRENCE)


# ---- Themes ----


def count_themes(compilation: Compilation, hits: pd.DataFrame, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count hits, and sentences with a hit, per report, theme and role."""
    units = find_units(compilation)
    themes = pd.DataFrame({"theme": (codebook or codebook_of(compilation)).keys}, dtype="str")
    hits = of_year(compilation, hits)
    hits = hits.assign(n=1, n_sentences=~hits.duplicated(["sentence", "theme"]))
    counts = count_events(units, hits, ["theme"], things=themes, add=["n", "n_sentences"])
    table = with_rates(sum_groups(counts, ["report", "agency", "role"]))
    # A group is a report in a role here; the table goes by report, theme, role.
    theme, (report, role) = np.arange(len(table)) % len(themes), np.divmod(table.index, len(BODY_ROLES))
    table = table.iloc[np.lexsort((role, theme, report))].reset_index(drop=True)
    return check(table[list(tables.THEME_COUNTS)], tables.THEME_COUNTS)


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
    return check(sums[[*by, *tables.THEME_SUMS]].reset_index(drop=True), tables.THEME_SUMS)


def sum_roles(theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per report and theme, all roles together."""
    single = theme_counts[theme_counts["role"] != ALL_ROLES]
    counts = ["n_hits", "n_sentences", "of_sentences", "of_chars"]
    sums = single.groupby(["report", "agency", "theme"], sort=False, as_index=False)[counts].sum()
    sums = with_rates(sums.assign(role=pd.Series(ALL_ROLES, sums.index, dtype="str")))
    return check(sums[list(tables.THEME_TOTALS)], tables.THEME_TOTALS)


def pair_themes(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Count which themes stand together in a sentence more often than chance would have it."""
    return count_cooccurrence(
        compilation, hits.assign(term=hits["theme"], kind="theme"), kinds=["theme"], min_sentences=1
    )


def find_uncovered(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Find the sentences that no theme covers."""
    sentences = compilation.yearly
    sentences = sentences[sentences["role"].isin(BODY_ROLES)]
    bare = sentences[~sentences["sentence"].isin(hits["sentence"])]
    rows = with_text(compilation, bare.merge(compilation.counted[["report", "agency"]], on="report"))
    return check(rows, tables.UNCOVERED_SENTENCES)


def count_uncovered(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Count how much of each report no theme covers."""
    rows = compilation.counted[["report", "agency"]].reset_index(drop=True)
    bare = find_uncovered(compilation, hits)["report"].value_counts()
    of = find_units(compilation).groupby("report")["of_sentences"].sum()
    rows = rows.assign(
        n_uncovered=rows["report"].map(bare).fillna(0).astype("int64"), of_sentences=rows["report"].map(of)
    )
    rows["share_uncovered"] = rows["n_uncovered"] / rows["of_sentences"].clip(lower=1)
    return check(rows, tables.UNCOVERED)


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
    return check(rows[list(tables.EVIDENCE)], tables.EVIDENCE)


def with_text(compilation: Compilation, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the text they point at, without the white space around it."""
    spans = zip(rows["start"], rows["end"], strict=True)
    text = pd.Series([compilation.text[start:end].strip() for start, end in spans], rows.index, dtype="str")
    return rows.assign(text=text)


# ---- Coverage (continuity) ----


def compare_coverage(theme_counts: pd.DataFrame) -> pd.DataFrame:
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
    sides = zip(rows["review_sentences"] > 0, rows["plan_sentences"] > 0, strict=True)
    rows["state"] = pd.Series([STATES[side] for side in sides], rows.index, dtype="str")
    return check(rows[list(dict.fromkeys([*tables.COVERAGE, *SIDE_COUNTS]))], tables.COVERAGE)


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
    return check(sums.join(means).join(ways), tables.ATTENTION)


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
        return check(counts, tables.STATUSES)
    links = items.drop_duplicates("report").set_index("report")
    general = items[items["status"] == GENERAL]["report"].value_counts()
    counts = counts.assign(
        later_report=counts["report"].map(links["later_report"]).astype("Int64"),
        link=counts["report"].map(links["link"]).astype(object).fillna("").astype("str"),
        n_too_general=counts["report"].map(general).fillna(0).astype("int64"),
    )
    return check(counts, tables.PROMISES)


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
    return check(cards[list(tables.CARDS)], tables.CARDS)
