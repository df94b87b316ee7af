"""Counting, once for everything that is counted: words, themes, both sides of a report, items by what became of them.

What is counted are *events*: tokens, hits, whatever is a row with a ``report`` and a ``role``. They are counted by
*unit*, one report in one role, which brings the denominators (sentences, characters that are not white space) and what
reports are grouped by. Units are complete: a report that lacks a role has a unit of nothing, so that what is not there
is a zero and not a gap. Near copies of another report are no units (`Compilation.counted`); whoever wants them counted
says so once, by `with_copies`. Sentences on several years are no part of the year (`Compilation.yearly`) and do not
count. Units are added up in one place, `sum_groups`; keyness and co-occurrence stand on the same counts.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product, repeat
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
BLANK = [code for code in range(0x3001) if chr(code).isspace()]  # all white space: the ideographic comes last
MATTER = ("lexicon", "word")  # the kinds of token that say what is talked about
SIDES = {**dict.fromkeys(REVIEW_ROLES, "review"), "plan": "plan"}  # problems and opening are on neither
GROUPED = "corpus"  # the format of what is added up, where groups stand in the place of reports
SIGNIFICANT, LIKELY = 1.96, 1.0  # abs(z) from which a word sets two groups apart, and of its string
PRIOR = 500.0  # of keyness: about the counted words of one report
MAY_LACK = {"role": ROLES, "side": ("plan", "review")}  # what a compilation may well be without
Group = Mapping[str, Any]
ALL_ROLES = "all"  # the role of rows that add all roles up
STATES = {(True, True): "both", (False, True): "plan only", (True, False): "review only", (False, False): "neither"}
# What became of an item, of continuity and of fulfilment.
STATUSES = {"status": tables.VALUES["plan_statuses"], "verdict": tables.VALUES["verdicts"]}
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


@lru_cache(maxsize=8)  # many measures ask for them
def find_units(compilation: Compilation) -> pd.DataFrame:
    """Return every report that counts in every role: the columns of `GROUPS`, then ``of_sentences, of_chars``."""
    # The denominators count sentences, and characters that are not white space, masks and markers included.
    reports = compilation.counted[["report", "agency", "sector", "level", "place", "period"]]
    units = reports.iloc[np.repeat(np.arange(len(reports)), len(BODY_ROLES))].reset_index(drop=True)
    units["role"] = pd.array(BODY_ROLES * len(reports), dtype="str")
    units["side"] = units["role"].map(SIDES)
    unit = unit_of_sentence(compilation)[compilation.sentences["sentence"]]
    start, end = (compilation.sentences[name].to_numpy()[unit >= 0] for name in ("start", "end"))
    codes = np.frombuffer(compilation.text.encode("utf-32-le"), dtype="<u4")
    before = np.r_[0, np.cumsum(~np.isin(codes, BLANK))]
    units["of_sentences"] = np.bincount(unit[unit >= 0], minlength=len(units))
    units["of_chars"] = _add_up(unit[unit >= 0], before[end] - before[start], len(units))
    return units


@lru_cache(maxsize=8)
def unit_of_sentence(compilation: Compilation) -> np.ndarray:
    """Return the unit of each sentence, by its number; -1 of one that does not count."""
    units = {place: at for at, place in enumerate(product(compilation.counted["report"].tolist(), BODY_ROLES))}
    places = zip(compilation.yearly["report"].tolist(), compilation.yearly["role"].tolist(), strict=True)
    unit = np.full(compilation.sentences["sentence"].to_numpy().max(initial=0) + 1, -1)
    unit[compilation.yearly["sentence"]] = [units.get(place, -1) for place in places]
    return unit


def _number(frame: pd.DataFrame, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Number rows by their values in some columns, in the order in which these appear, and say where each does."""
    known: dict[tuple, int] = {}
    keys = zip(*(frame[name].tolist() for name in names), strict=True) if names else repeat((), len(frame))
    numbers = np.array([known.setdefault(key, len(known)) for key in keys], dtype="int64")
    return numbers, np.unique(numbers, return_index=True)[1]


def _sum_rows(table: pd.DataFrame, by: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    """Add columns of whole numbers up by the values of others, in the order in which these appear."""
    of, first = _number(table, by)
    sums = table[[*by]].iloc[first].reset_index(drop=True)
    return sums.assign(**{name: _add_up(of, table[name], len(first)) for name in names})


def _pair(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, ...]:
    # The different pairs of two numbers, in order; which of them each pair given is; how often each is.
    n = other.max(initial=0) + 1
    pairs, which, times = np.unique(one * n + other, return_inverse=True, return_counts=True)
    return *np.divmod(pairs, n), which, times


def _add_up(numbers: np.ndarray, values: Any, size: int) -> np.ndarray:
    # whole numbers, by the numbers of what they belong to
    return np.bincount(numbers, values, size).astype("int64")


def count_events(units: pd.DataFrame, things: pd.DataFrame, unit: np.ndarray, thing: np.ndarray, **sums: Any) -> Counts:
    """Count events by the numbers of their units and things; or add up what they bring, ``n`` among it."""
    unit, thing, cell, n = _pair(unit, thing)
    added = {name: _add_up(cell, values, len(n)) for name, values in sums.items()}
    return Counts(units, things, pd.DataFrame({"unit": unit, "thing": thing, "n": n} | added))


def sum_groups(counts: Counts, by: str | Sequence[str] = (), *, min_n: int = 0, complete: bool = True) -> pd.DataFrame:
    """Add units up by group, for things of ``min_n`` in all: of groups × things, or if not ``complete`` what there is.

    Indexed by the number of the group. The columns of the things and of ``by``; the sums of the cells; ``of_sentences,
    of_chars`` of the group; ``n_reports`` with the thing, ``of_reports`` with any text; ``per_10k_chars,
    share_of_reports`` and ``dispersion_dp``: half the sum, over the group's reports, of the distance between the
    report's share of the thing and its share of the text (Gries 2008); missing where the group has not the thing.
    """
    by = [by] if isinstance(by, str) else list(by)
    named = counts.units[by].notna().all(axis=1).to_numpy()
    units, cells = counts.units[named], counts.cells[named[counts.cells["unit"]]]
    of_unit, first = _number(units, by)
    # What a group has of a report is one text.
    of_text, _, text_of_unit, _ = _pair(of_unit, units["report"].to_numpy())
    chars = _add_up(text_of_unit, units["of_chars"], len(of_text))
    of = {name: _add_up(of_unit, units[name], len(first)) for name in ("of_sentences", "of_chars")}
    of["of_reports"] = _add_up(of_text, chars > 0, len(first))
    text, used, which, _ = _pair(text_of_unit[np.cumsum(named)[cells["unit"]] - 1], cells["thing"].to_numpy())
    n = {name: _add_up(which, cells[name], len(used)) for name in cells.columns[2:]}

    # Everything is kept flat, one place for each group × thing.
    things = len(counts.things)
    found, size = of_text[text] * things + used, len(first) * things
    sums = {name: _add_up(found, values, size) for name, values in n.items()}
    share_of_text = chars[text] / np.maximum(of["of_chars"], 1)[of_text[text]]
    gaps = np.abs(n["n"] / sums["n"][found] - share_of_text) - share_of_text
    # A report without the thing adds its share of the text; over all reports these make 1.
    dispersion = np.where(sums["n"] > 0, (np.bincount(found, gaps, size) + 1) / 2, np.nan)

    kept = np.flatnonzero(_add_up(used, n["n"], things) >= min_n)
    place = (np.arange(len(first))[:, None] * things + kept).ravel() if complete else np.unique(found)
    group, thing = np.divmod(place, max(things, 1))
    table = {name: counts.things[name].array.take(thing) for name in counts.things}
    table |= {name: units[name].array.take(first[group]) for name in by}
    table |= {name: values[group] for name, values in of.items()}
    table |= {name: values[place] for name, values in sums.items()}
    table["n_reports"] = np.bincount(found, minlength=size)[place]
    table["per_10k_chars"] = table["n"] / np.maximum(table["of_chars"], 1) * 10_000
    table["share_of_reports"] = table["n_reports"] / np.maximum(table["of_reports"], 1)
    table["dispersion_dp"] = dispersion[place]
    return pd.DataFrame(table, index=pd.Index(group, name="group"))


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
    # as numpy's own strings they are sorted twice as fast
    order = np.lexsort((table["term"].to_numpy().astype("U"), -table["n"].to_numpy(), table.index))
    table = table[[*TERMS, *by, "of_chars", "of_reports"]].iloc[order].reset_index(drop=True)
    table["dispersion_dp"] = table["dispersion_dp"].where(table["of_reports"] > 1)
    return check(table, TERMS)


def count_tokens(compilation: Compilation, tokens: pd.DataFrame, kinds: Collection[str]) -> Counts:
    """Count tokens of some kinds by report and role."""
    units, unit = find_units(compilation), unit_of_sentence(compilation)[tokens["sentence"]]
    counted = (unit >= 0) & tokens["kind"].isin(kinds).to_numpy()
    has_text = units["of_chars"].to_numpy() > 0
    thing, terms = pd.factorize(tokens["term"].to_numpy()[counted])
    kind = tokens["kind"].array[counted][~pd.Series(thing).duplicated()]
    things = pd.DataFrame({"term": pd.array(terms, dtype="str"), "kind": kind})
    unit = (np.cumsum(has_text) - 1)[unit[counted]]  # its number among those with text
    return count_events(units[has_text].reset_index(drop=True), things, unit, thing)


def count_officialese(compilation: Compilation, tokens: pd.DataFrame) -> pd.DataFrame:
    """Count how much of each report is officialese: words that say how hard an office works, not at what."""
    unit, kind = unit_of_sentence(compilation)[tokens["sentence"]], tokens["kind"].to_numpy()
    words, used = (unit >= 0) & (kind != "number"), (unit >= 0) & (kind == "officialese")
    table = compilation.counted[["report", "agency"]].reset_index(drop=True)
    report = unit // len(BODY_ROLES)
    table["n"] = np.bincount(report[used], minlength=len(table))
    table["of_tokens"] = np.bincount(report[words], minlength=len(table))
    table["n_chars"] = _add_up(report[used], (tokens["end"] - tokens["start"])[used], len(table))
    table["of_chars"] = find_units(compilation)["of_chars"].to_numpy().reshape(len(table), -1).sum(axis=1)
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
    rest = np.ones(len(there.units), dtype=bool) if other else ~in_focus
    in_reference = rest if reference is None else _members(there, reference)
    if not (in_focus.any() and in_reference.any()):
        return make([], KEYNESS)
    both = pd.concat([_side(here, in_focus), _side(there, in_reference).add_suffix("_reference")], axis=1)
    both = both[(both["n"] > 0) | (both["n_reference"] > 0)]
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
    rows = compilation.sentences[unit_of_sentence(compilation)[compilation.sentences["sentence"]] >= 0]
    for name, values in among.items():
        rows = rows[rows[name].isin(values)]
    return "\n".join(compilation.folded[start:end] for start, end in zip(rows["start"], rows["end"], strict=True))


def key_terms(both: pd.DataFrame, chars: int, chars_reference: int, *, min_n: int, prior: float) -> pd.DataFrame:
    """Return `tables.KEYNESS` of terms with ``kind, n, n_reports`` in the focus, and each with _reference there."""
    both["kind"] = both["kind"].where(both["n"] > 0, both["kind_reference"])
    sums = ["n", "n_reports", "n_reference", "n_reports_reference"]
    both = both.assign(**both[sums].fillna(0).astype("int64")).reset_index()
    n, n_reference = both["n"].to_numpy(), both["n_reference"].to_numpy()
    both["per_10k_chars"] = n / chars * 10_000
    both["per_10k_chars_reference"] = n_reference / chars_reference * 10_000
    both = both.assign(**_keyness(n, n_reference, prior))
    order = np.lexsort((both["term"].to_numpy().astype("U"), -both["z"].to_numpy()))
    order = order[(n + n_reference >= min_n)[order]]
    return check(both[list(KEYNESS)].iloc[order].reset_index(drop=True), KEYNESS)


def _members(counts: Counts, group: Group) -> np.ndarray:
    """Return which units belong to a group."""
    check_groups(group)
    units = counts.units
    member = np.ones(len(units), dtype=bool)
    for name, value in group.items():
        member &= (units[name] == value).to_numpy(dtype=bool, na_value=False)
    if not member.any() and not all(value in MAY_LACK.get(name, ()) for name, value in group.items()):
        there = {name: sorted(map(str, units[name].dropna().unique())) for name in group}
        message = f"compare_terms: no text in group {dict(group)}; the compilation has {there}"
        raise TableError(message)
    return member


def _side(counts: Counts, member: np.ndarray) -> pd.DataFrame:
    """Return ``kind, n, n_reports`` of each term in the units that belong."""
    cells = counts.cells[member[counts.cells["unit"]]]
    thing, _, _, _ = _pair(cells["thing"].to_numpy(), counts.units["report"].to_numpy()[cells["unit"]])
    n = _add_up(cells["thing"], cells["n"], len(counts.things))
    return counts.things.assign(n=n, n_reports=np.bincount(thing, minlength=len(n))).set_index("term")


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
    from scipy.sparse import csc_array, triu  # noqa: PLC0415, takes a while

    total = int(find_units(compilation)["of_sentences"].sum())
    counted = (unit_of_sentence(compilation)[tokens["sentence"]] >= 0) & tokens["kind"].isin(kinds).to_numpy()
    thing, terms = pd.factorize(tokens["term"].to_numpy()[counted], sort=True)
    sentence, thing, _, _ = _pair(tokens["sentence"].to_numpy()[counted], thing)
    n = np.bincount(thing, minlength=len(terms))
    frequent = np.sort(np.argsort(-n, kind="stable")[:top])
    shape = (sentence.max(initial=0) + 1, len(terms))
    stands = csc_array((np.ones_like(thing), (sentence, thing)), shape=shape)[:, frequent]
    pairs = triu(stands.T @ stands, k=1).tocoo()
    n, a, b, both = n[frequent], pairs.row, pairs.col, pairs.data
    kept = (both >= min_sentences) & (both * total > n[a] * n[b])
    a, b, both = a[kept], b[kept], both[kept]
    frame = pd.DataFrame({"n_sentences": both, "n_a": n[a], "n_b": n[b], "of_sentences": total})
    frame["term_a"], frame["term_b"] = (pd.array(terms[frequent[of]], dtype="str") for of in (a, b))
    frame["expected"] = n[a] * n[b] / total
    frame["g2"] = log_likelihood(both, n[a] - both, n[b] - both, total - n[a] - n[b] + both)
    frame["log_ratio"] = np.log2(both * total / (n[a] * n[b]))
    order = np.lexsort((b, a, -frame["g2"].to_numpy()))
    return check(frame[list(COOCCURRENCE)].iloc[order].reset_index(drop=True), COOCCURRENCE)


# ---- Themes ----


def count_themes(compilation: Compilation, hits: pd.DataFrame, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count hits, and sentences with a hit, per report, theme and role."""
    themes = pd.DataFrame({"theme": (codebook or codebook_of(compilation)).keys}, dtype="str")
    unit = unit_of_sentence(compilation)[hits["sentence"]]
    theme = pd.Index(themes["theme"]).get_indexer(pd.Index(hits["theme"]))
    counted, is_first = (unit >= 0) & (theme >= 0), ~hits.duplicated(["sentence", "theme"])
    counts = count_events(find_units(compilation), themes, unit[counted], theme[counted], n_sentences=is_first[counted])
    table = with_rates(sum_groups(counts, ["report", "agency", "role"]))
    # A group is a report in a role here; the table goes by report, theme, role.
    theme, (report, role) = np.arange(len(table)) % len(themes), np.divmod(table.index, len(BODY_ROLES))
    table = table[list(tables.THEME_COUNTS)].iloc[np.lexsort((role, theme, report))].reset_index(drop=True)
    return check(table, tables.THEME_COUNTS)


def with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts of hits with their rates; 0 where there is nothing to share."""
    counts = counts.rename(columns={"n": "n_hits"})
    counts["share_of_sentences"] = counts["n_sentences"] / counts["of_sentences"].clip(lower=1)
    counts["per_10k_chars"] = 10_000 * counts["n_hits"] / counts["of_chars"].clip(lower=1)
    return counts


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
    unit, first = _number(theme_counts, ["report", "role"])
    units = theme_counts[["report", "agency", "role", "of_sentences", "of_chars"]].iloc[first]
    units = units.merge(compilation.reports[["report", "sector", "level", "place", "period"]], on="report")
    units["side"] = units["role"].map(SIDES)
    theme, first = _number(theme_counts, ["theme"])
    themes = theme_counts[["theme"]].iloc[first].reset_index(drop=True)
    found = theme_counts["n_hits"].to_numpy() > 0
    n, n_sentences = (theme_counts[name].to_numpy()[found] for name in ("n_hits", "n_sentences"))
    counts = count_events(units, themes, unit[found], theme[found], n=n, n_sentences=n_sentences)
    sums = with_rates(sum_groups(counts, by))
    return check(sums[[*by, *tables.THEME_SUMS]].reset_index(drop=True), tables.THEME_SUMS)


def sum_roles(theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per report and theme, all roles together."""
    single = theme_counts[theme_counts["role"] != ALL_ROLES]
    sums = _sum_rows(single, ["report", "agency", "theme"], ["n_hits", "n_sentences", "of_sentences", "of_chars"])
    sums["role"] = pd.Series(ALL_ROLES, sums.index, dtype="str")
    return check(with_rates(sums)[list(tables.THEME_TOTALS)], tables.THEME_TOTALS)


def pair_themes(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Count which themes stand together in a sentence more often than chance would have it."""
    themes = hits.assign(term=hits["theme"], kind="theme")
    return count_cooccurrence(compilation, themes, kinds=["theme"], min_sentences=1)


def find_uncovered(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Find the sentences that no theme covers."""
    unit = unit_of_sentence(compilation)[compilation.sentences["sentence"]]
    bare = compilation.sentences[(unit >= 0) & ~compilation.sentences["sentence"].isin(hits["sentence"])]
    rows = with_text(compilation, bare.merge(compilation.counted[["report", "agency"]], on="report"))
    return check(rows, tables.UNCOVERED_SENTENCES)


def count_uncovered(compilation: Compilation, hits: pd.DataFrame) -> pd.DataFrame:
    """Count how much of each report no theme covers."""
    rows = compilation.counted[["report", "agency"]].reset_index(drop=True)
    rows["n_uncovered"] = _rows_by_report(find_uncovered(compilation, hits), rows["report"])
    rows["of_sentences"] = find_units(compilation)["of_sentences"].to_numpy().reshape(len(rows), -1).sum(axis=1)
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
    counts = theme_counts[theme_counts["role"].isin(SIDES)]
    for side in ("review", "plan"):
        here = counts["role"].map(SIDES) == side
        own = {f"{side}_sentences": counts["n_sentences"], f"of_{side}_sentences": counts["of_sentences"]}
        counts = counts.assign(**{name: n.where(here, 0) for name, n in own.items()})
    rows = _sum_rows(counts, ["report", "agency", "theme"], SIDE_COUNTS)
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
    has_both = (coverage["of_review_sentences"] > 0) & (coverage["of_plan_sentences"] > 0)
    # Cross-multiplied, so that equal shares are equal.
    plan = coverage["plan_sentences"] * coverage["of_review_sentences"]
    change = np.sign(plan - coverage["review_sentences"] * coverage["of_plan_sentences"]).where(has_both)
    ways = {name: change == way for name, way in zip(WAYS, (1, -1, 0), strict=True)}
    sums = _sum_rows(coverage.assign(**ways), ["theme"], [*SIDE_COUNTS, *WAYS])
    for side in ("review", "plan"):
        sums[f"{side}_share"] = sums[f"{side}_sentences"] / sums[f"of_{side}_sentences"].clip(lower=1)
    sums["shift_points"] = 100 * (sums["plan_share"] - sums["review_share"])
    means = coverage[has_both].groupby("theme")[SHARES].mean().add_prefix("mean_")
    return check(sums.join(means, on="theme")[list(tables.ATTENTION)], tables.ATTENTION)


# ---- Plan items and agencies ----


def count_statuses(compilation: Compilation, found: pd.DataFrame) -> pd.DataFrame:
    """Count each report's plan items by what became of them: `tables.STATUSES`."""
    statuses = STATUSES["verdict" if "verdict" in found else "status"]
    items = found.drop_duplicates("item")
    reports = compilation.counted[["report", "agency"]]
    counts = reports.merge(pd.DataFrame({"status": statuses}, dtype="str"), how="cross")
    cells = list(zip(counts["report"].tolist(), counts["status"].tolist(), strict=True))
    n = Counter(zip(items["report"].tolist(), items["status"].tolist(), strict=True))
    counts["n_items"] = [n[cell] for cell in cells]
    if "verdict" not in found:
        says = items[items["says_continues"]]
        n = Counter(zip(says["report"].tolist(), says["status"].tolist(), strict=True))
        counts["n_say_continue"] = [n[cell] for cell in cells]
        return check(counts, tables.STATUSES)
    links = items.drop_duplicates("report").set_index("report")
    general = items[items["status"] == GENERAL]["report"].value_counts()
    counts["later_report"] = counts["report"].map(links["later_report"]).astype("Int64")
    counts["link"] = counts["report"].map(links["link"]).astype(object).fillna("").astype("str")
    counts["n_too_general"] = counts["report"].map(general).fillna(0).astype("int64")
    return check(counts, tables.PROMISES)


def _rows_by_report(of: pd.DataFrame, reports: pd.Series) -> np.ndarray:
    return np.bincount(of["report"], minlength=reports.max() + 1)[reports]


def sum_agencies(compilation: Compilation, traced: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return a card an agency: its promises, its stated problems, its review and its targets (continuity)."""
    side = traced["role"].replace(SIDES)  # problems stay problems
    known = targets[~targets["forecast"]].dropna(subset=["target", "actual"])
    states = ("continued", "unclear", "new", "answered", "taken up")
    counted = {f"n_{name}": traced[side == name] for name in ("plan", "problems", "review")}
    counted |= {f"n_{state.replace(' ', '_')}": traced[traced["state"] == state] for state in states}
    counted |= {"n_targets": known, "n_met": known[known["met"]]}
    cards = compilation.counted[["report", "agency"]].reset_index(drop=True)
    for name, rows in counted.items():
        cards[name] = _rows_by_report(rows, cards["report"])
    return check(cards[list(tables.CARDS)], tables.CARDS)
