"""Figures of words: terms and agencies ranked, themes by spread, a cloud, keyness, and what shares sentences."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from kit.data import knowledge
from kit.errors import TableError
from kit.measure.findings import FEWEST_COUNTS, SIGNIFICANT, strongest
from kit.show import style
from kit.show.figure import Cloud, Diverging, Figure, Group, Links, Ranked, Row, make_figure, not_drawn
from kit.show.text import (
    Scope,
    agency_names,
    fill,
    half_up,
    listed,
    number,
    percent,
    quoted,
    rate,
    theme_labels,
    words_of,
)

FEWEST_TERMS, FEWEST_AGENCIES, FEWEST_KEYWORDS, FEWEST_TIES = 4, 3, 5, 5  # fewer are said, not drawn
MOST_FOCUS = 3
MOST_WORDS, LEADING_WORDS = 60, 8  # of a cloud; in the darker colour
MOST_NODES, MOST_TIES, FEWEST_SENTENCES = 30, 60, 3


def build_terms(
    terms: pd.DataFrame, scope: Scope, *, value: str = "n", top: int = 20, focus: Collection[str] = ()
) -> Figure:
    """Rank the most used terms."""
    if len(focus) > MOST_FOCUS:
        message = f"plot_terms: expected at most {MOST_FOCUS} focus terms, found {len(focus)}; choose"
        raise TableError(message)
    lang, rows = scope.lang, _ranked(terms, value, "term").head(top)
    measure, chosen = fill("measures", value, lang), rows[rows["term"].isin(focus)]
    total = (
        {"terms": quoted(list(chosen["term"]), lang), "value": _with_unit(chosen[value].sum(), value, lang)}
        if len(chosen) and value == "n"
        else {}
    )
    said = [fill("figures.terms", "focus", lang, **total)] if total else []
    figure = make_figure("terms", terms, scope, said, measured=measure, rows=len(rows))
    if len(rows) < FEWEST_TERMS:
        return not_drawn(figure, "few_terms", n=len(rows), values=_said(rows["term"], rows[value], value, lang))
    bold = [row for row, term in enumerate(rows["term"]) if term in focus] or _leaders(rows[value])
    return replace(figure, plot=_bars(rows["term"], rows[value], value, bold, lang))


def build_agencies(table: pd.DataFrame, scope: Scope, *, value: str = "share_of_tokens", top: int = 20) -> Figure:
    """Rank agencies by a rate."""
    if value == "n" or (value.startswith("n_") and value != "n_reports"):
        message = f"plot_agencies: {value!r} is a count, and agencies write at different length; expected a rate"
        raise TableError(message)
    lang, ranked = scope.lang, _ranked(table, value, "report")
    rows = ranked.head(top)
    names, rest = agency_names(rows, scope), len(ranked) - len(rows)
    notes = [fill("figures.agencies", "rest", lang, shown=len(rows), rest=rest, **scope.called)] if rest else []
    measure = fill("measures", value, lang)
    figure = make_figure("agencies", table, scope, notes=notes, measured=measure)
    if len(rows) < FEWEST_AGENCIES:
        return not_drawn(
            figure, "few_agencies", n=len(rows), values=_said(names, rows[value], value, lang), **scope.called
        )
    return replace(figure, plot=_bars(names, rows[value], value, _leaders(rows[value]), lang))


def build_spread(sums: pd.DataFrame, scope: Scope) -> Figure:
    """Show how evenly agencies share themes: everyone's first, one agency's own last."""
    lang, labels = scope.lang, theme_labels(scope.lang, scope.codebook)
    rows = sums[sums["n_reports"] > 0].sort_values("dispersion_dp", kind="stable")
    figure = make_figure("spread", sums, scope, measured=fill("measures", "dispersion_dp", lang))
    names = [labels.get(theme, theme) for theme in rows["theme"]]
    if len(rows) < FEWEST_TERMS:
        return not_drawn(figure, "few_terms", n=len(rows), values=listed(names, lang) if names else "")
    bold = [at for at, n in enumerate(rows["n_reports"]) if n == 1][:MOST_FOCUS]
    reached = [f" ({n}/{of})" for n, of in zip(rows["n_reports"], rows["of_reports"], strict=True)]
    return replace(figure, plot=_bars(names, rows["dispersion_dp"], "dispersion_dp", bold, lang, behind=reached))


def build_cloud(
    terms: pd.DataFrame, scope: Scope, *, value: str = "n", most: int = MOST_WORDS, seed: int = 2023
) -> Figure:
    """Make a cloud of the most used terms: an ornament, for what it says the ranked bars say better."""
    rows = terms[terms[value] > 0].sort_values(value, ascending=False, kind="stable").head(min(most, MOST_WORDS))
    figure = make_figure("cloud", terms, scope, n=len(rows), leading=LEADING_WORDS)
    if len(rows) < FEWEST_TERMS:
        return not_drawn(figure, "few_words", n=len(rows))
    words = tuple(zip(rows["term"], map(float, rows[value]), strict=True))
    return replace(figure, plot=Cloud(words, LEADING_WORDS, seed))


def build_keyness(
    keyness: pd.DataFrame, scope: Scope, *, focus: str = "plan", reference: str = "review", per_side: int = 10
) -> Figure:
    """Show the words that set two groups of text apart, with their z.

    Reference to the left, focus to the right. Only words are drawn that are unlikely to be chance (abs(z) > 1.96), are
    used five times or more and by more than one report; fewer than five such words are said, not drawn.
    """
    say, sides = words_of("keyness", scope.lang), strongest(keyness, per_side)
    called = {side: words[scope.lang] for side, words in knowledge("labels.toml")["sides"].items()}
    names = {"reference": called.get(reference, reference), "focus": called.get(focus, focus)}
    figure = make_figure("keyness", keyness, scope, z=SIGNIFICANT, n=FEWEST_COUNTS, **names)
    if (n := sum(map(len, sides))) < FEWEST_KEYWORDS:
        return not_drawn(figure, "few_keywords", n=n)
    groups = []
    looks = ("left", style.SECOND), ("right", style.FOCUS)
    for side, name, (head, colour) in zip(sides, names.values(), looks, strict=True):
        rows = tuple(Row(row.term, (row.z,), (f"{half_up(abs(row.z), 1)}",), key=row.term) for row in side.itertuples())
        groups.append(Group(say(head, name=name), colour, rows, name))
    return replace(figure, plot=Diverging((groups[0], groups[1]), say("none")))


def build_network(pairs: pd.DataFrame, scope: Scope, *, seed: int = 2023) -> Figure:
    """Show the strongest ties between terms that share sentences."""
    ties = _strongest_ties(pairs)
    figure = make_figure("network", pairs, scope, n=len(ties), fewest=FEWEST_SENTENCES)
    if len(ties) < FEWEST_TIES:
        return not_drawn(figure, "few_ties", n=len(ties))
    nodes = dict(zip(ties["term_a"], ties["n_a"], strict=True)) | dict(zip(ties["term_b"], ties["n_b"], strict=True))
    edges = tuple(zip(ties["term_a"], ties["term_b"], map(float, ties["g2"]), strict=True))
    return replace(figure, plot=Links(tuple(nodes.items()), edges, seed))


def _strongest_ties(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest ties between at most so many terms."""
    fair = pairs[(pairs["log_ratio"] > 0) & (pairs["n_sentences"] >= FEWEST_SENTENCES)]
    kept: list[object] = []
    nodes: set[object] = set()
    for row in fair.sort_values("g2", ascending=False, kind="stable").itertuples():
        both = nodes | {row.term_a, row.term_b}
        if len(both) <= MOST_NODES and len(kept) < MOST_TIES:
            nodes = both
            kept.append(row.Index)
    return fair.loc[kept]


def _ranked(table: pd.DataFrame, value: str, key: str) -> pd.DataFrame:
    missing = [name for name in (key, value) if name not in table]
    if missing:
        message = f"bars: expected columns {key!r} and {value!r}, missing {missing}; found {list(table.columns)}"
        raise TableError(message)
    if table[key].duplicated().any():
        message = f"bars: expected one row per {key}, found several; choose one group of the table"
        raise TableError(message)
    return table.sort_values(value, ascending=False, kind="stable")


def _leaders(values: pd.Series) -> list[int]:
    """Return the rows that share the first place, none when they are too many to stand out."""
    rows = [row for row, value in enumerate(values) if value == values.iloc[0]]
    return rows if len(rows) <= MOST_FOCUS else []


def _bars(
    names: Iterable[str],
    values: pd.Series,
    column: str,
    bold: Collection[int],
    lang: str,
    *,
    behind: Sequence[str] = (),
) -> Ranked:
    written = [_written(value, column, lang) for value in values]
    written = [value + more for value, more in zip(written, behind, strict=True)] if behind else written
    rows = enumerate(zip(names, values, written, strict=True))
    return Ranked(tuple(Row(name, (value,), (text,), focus=at in bold, key=name) for at, (name, value, text) in rows))


def _written(value: float, column: str, lang: str) -> str:
    if "share" in column:
        return percent(value, decimals=0 if value >= 0.1 or not value else 1)  # noqa: PLR2004
    if column == "dispersion_dp":
        return f"{half_up(value, 2)}"
    return rate(value) if column.startswith("per_") else number(value, lang)


def _with_unit(value: float, column: str, lang: str) -> str:
    written = _written(value, column, lang)
    return written if "share" in column else fill("units", column, lang, value=written, n=round(value))


def _said(names: Iterable[str], values: Iterable[float], column: str, lang: str) -> str:
    said = [f"{name} {_with_unit(value, column, lang)}" for name, value in zip(names, values, strict=True)]
    return listed(said, lang) if said else fill("notices", "none", lang)
