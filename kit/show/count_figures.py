"""Figures of counts: words and agencies ranked, agencies by themes, what stands in review and plan, attention."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kit.data import knowledge
from kit.errors import TableError
from kit.measure.counts import SIGNIFICANT
from kit.measure.findings import FEWEST_COUNTS, strongest
from kit.show import style
from kit.show.figure import (
    Cell,
    Cells,
    Cloud,
    Column,
    Diverging,
    Dumbbell,
    Figure,
    Group,
    Key,
    Links,
    Ranked,
    Row,
    make_figure,
    not_drawn,
)
from kit.show.style import Scope, agency_names, in_theme_order, one_of, row_ends, theme_groups, theme_heads, words_of
from kit.wording import fill, half_up, listed, named, number, percent, quoted, rate, signed

FEWEST, MOST, FEWEST_THEMES = 3, 60, 3  # reports and themes of a heatmap
MOST_MOVED = 25  # rows of a dumbbell
# Fixed edges, so that two years compare: the first step starts above zero.
EDGES = {"per_10k_chars": (10, 20, 40, 80), "share_of_sentences": (0.02, 0.05, 0.1, 0.2)}
# How a cell shows in which part of a report a theme stands: ground, mark, and the mark's colour.
STATES = {
    "both": Cell(style.BOTH),
    "plan only": Cell(style.EMPTY, mark="dot", ink=style.SECOND),
    "review only": Cell(style.EMPTY, mark="ring", ink=style.FOCUS),
    "neither": Cell(style.EMPTY),
}


def build_heatmap(
    counts: pd.DataFrame, scope: Scope, *, value: str = "per_10k_chars", order: str = "total", ends: int | None = None
) -> Figure:
    """Make a stepped heatmap of rates, agencies by themes."""
    one_of(EDGES, value, "value")  # counts are not compared
    lang, labels, say = scope.lang, scope.themes, words_of("themes", scope.lang, **scope.called)
    whole = one_of(ORDERS, order, "order")(_pivot(counts, value, labels))
    wide = _dense(whole)
    rows, ends_only = row_ends(len(wide), ends, scope)
    rare = list(whole.columns.difference(wide.columns, sort=False))
    notes = [ends_only, say("rare", themes=named(rare, labels, lang)) if rare else ""]
    roles = [fill("roles", role, lang) for role in counts["role"].unique() if role != "all"]
    said = {"measured": fill("measures", value, lang), "themes": whole.shape[1]}
    said["parts"] = say("part", role=listed(roles, lang)) if roles else say("parts")
    under, keys = ("subtitle", f"order_{order}"), _step_keys(counts, value, say)
    figure = make_figure("themes", counts, scope, under=under, notes=notes, keys=keys, **said)
    few = FEWEST - (scope.authors == "groups")  # two groups can be compared
    if len(wide) < few or len(wide) > MOST or len(wide.columns) < FEWEST_THEMES:
        reason = "few_rows" if len(wide) < few else "many_rows" if len(wide) > MOST else "half_empty"
        empty = int((whole == 0).to_numpy().sum())
        return not_drawn(figure, reason, n=len(wide), empty=empty, cells=whole.size, **scope.called)
    shown = wide.iloc[rows]
    single = _pivot(counts, "n_sentences", labels).loc[shown.index, shown.columns] == 1
    sums = tuple(map(rate, whole.sum(axis=1).iloc[rows]))
    total = (Column(say("total"), sums),) if value == "per_10k_chars" else ()
    plot = _make_cells(counts, shown, scope, _step_cells(shown, single, value), total)
    groups = theme_groups(lang, scope.codebook)
    return replace(figure, plot=replace(plot, groups=tuple(groups.get(theme, "") for theme in wide.columns)))


def _step_keys(counts: pd.DataFrame, value: str, say: Callable[..., str]) -> list[Key]:
    steps = zip(say(f"steps_{value}").split("|"), (style.EMPTY, *style.STEPS), strict=True)
    keys = [Key("gap", say(f"unit_{value}")), *(Key("step", text, colour) for text, colour in steps)]
    return keys + [Key("hatched", say("single"), style.EMPTY)] * bool((counts["n_sentences"] == 1).any())


def _step_cells(shown: pd.DataFrame, single: pd.DataFrame, value: str) -> list[list[Cell]]:
    """Return rates as cells in the colours of their steps, hatched where they rest on a single sentence."""
    times = 1 if value == "per_10k_chars" else 100
    rows = (zip(*row, strict=True) for row in zip(shown.to_numpy(), single.to_numpy().tolist(), strict=True))
    return [
        [Cell(step_colour(one, value), rate(one * times) if one else "", hatched=alone) for one, alone in row]
        for row in rows
    ]


def build_coverage(coverage: pd.DataFrame, scope: Scope, *, ends: int | None = None) -> Figure:
    """Show in which part of its report an agency takes up a theme: review, plan, both, neither."""
    lang, labels, say = scope.lang, scope.themes, words_of("coverage", scope.lang, **scope.called)
    wide = _by_both(_pivot(coverage, "state", labels))
    rows, ends_only = row_ends(len(wide), ends, scope)
    marks = ((fill("states", state, lang), cell) for state, cell in STATES.items())
    keys = [Key(cell.mark or "cell", text, cell.ink or cell.ground) for text, cell in marks]
    keys += [Key("hatched", say("single"), style.EMPTY)] * bool(_rests_on_one(coverage).any())
    said = {"measure": "continuity", "themes": wide.shape[1]}
    figure = make_figure("coverage", coverage, scope, notes=[ends_only], keys=keys, **said)
    if not wide.size or len(wide) > MOST:
        return not_drawn(figure, "many_rows" if wide.size else "nothing", n=len(wide))
    shown = wide.iloc[rows]
    alone = {"plan only": style.SECOND_TEXT, "review only": style.FOCUS}
    counts = {state: tuple(map(str, (shown == state).sum(axis=1))) for state in alone}
    sums = [Column(say(state), counts[state], colour) for state, colour in alone.items()]
    single = pd.Series(_rests_on_one(coverage), coverage.set_index(["report", "theme"]).index)
    cells = [
        [replace(STATES[state], hatched=bool(single[report, theme])) for theme, state in row.items()]
        for report, row in shown.iterrows()
    ]
    return replace(figure, plot=_make_cells(coverage, shown, scope, cells, sums))


def build_attention(shares: pd.DataFrame, scope: Scope, *, least: float = 1.0) -> Figure:
    """Show shares of sentences in review and plan, risers above fallers."""
    labels, say = scope.themes, words_of("attention", scope.lang, **scope.called)
    means = "mean_shift_points" in shares
    table, shares = shares, _means(shares) if means else shares
    agencies = len(shares) > 1 and len(set(shares["theme"])) == 1
    if not agencies:
        _check_single(shares, "theme")
    moved = shares[(shares["shift_points"].abs() >= least) & (shares["shift_points"] != 0)]
    shown = moved.sort_values("shift_points", key=abs, ascending=False, kind="stable").head(MOST_MOVED)
    themes = [labels.get(theme, theme) for theme in shares["theme"]]
    names = dict(zip(shares.index, agency_names(shares, scope) if agencies else themes, strict=True))
    of = "theme" if agencies else "means" if means else ""
    left_out = {"n": len(shares) - len(shown), "least": f"{half_up(least, 1)}", "most": MOST_MOVED}
    under, theme = (f"subtitle_{of}" if of else "subtitle",), themes[0] if agencies else ""
    notes = [say("ways") if means else "", say("left_out", **left_out) if left_out["n"] else ""]
    figure = make_figure("attention", table, scope, under=under, notes=notes, measure="continuity", theme=theme)
    if shown.empty:
        return not_drawn(figure, "no_change", least=left_out["least"])
    rows = [
        (names[row.Index], 100 * row.review_share, 100 * row.plan_share, row.theme)
        + ((f"↑{row.n_up} ↓{row.n_down}",) if means else ())
        for row in shown.itertuples()
    ]
    up, down = ([row for row in rows if (row[2] > row[1]) == side] for side in (True, False))
    groups = dumbbell_group(say("group_up"), style.FOCUS, up), dumbbell_group(say("group_down"), style.SECOND, down)
    plot = Dumbbell(groups, (say("review"), say("plan")), (say("change"), say("agencies"))[: 1 + means])
    return replace(figure, plot=plot)


def step_of(value: float, column: str) -> int:
    """Return the step of a rate: 0 for none, then 1 … 5 by the fixed edges."""
    return 0 if value == 0 else 1 + int(np.searchsorted(EDGES[column], value, side="right"))


def step_colour(value: float, column: str) -> str:
    """Return the colour of a rate's step."""
    return (style.EMPTY, *style.STEPS)[step_of(value, column)]


def by_similarity(wide: pd.DataFrame) -> pd.DataFrame:
    """Order rows along the first axis of a correspondence analysis (Benzécri 1973): like profiles stand together."""
    masses = wide.to_numpy() / max(wide.to_numpy().sum(), 1e-12)
    rows, columns = masses.sum(axis=1, keepdims=True), masses.sum(axis=0, keepdims=True)
    expected = np.maximum(rows * columns, 1e-12)
    axis = np.linalg.svd((masses - expected) / np.sqrt(expected), full_matrices=False)[0][:, 0]
    axis = axis / np.sqrt(np.maximum(rows[:, 0], 1e-12))
    axis = axis * np.sign(axis[np.argmax(np.abs(axis))])  # an axis has no side of its own
    return wide.iloc[np.argsort(-axis, kind="stable")]


# Of rows: those with the largest sums first, like profiles together, or as they stand in the table.
ORDERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "total": lambda wide: wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index],
    "similarity": by_similarity,
    "table": pd.DataFrame.copy,
}


def _check_single(table: pd.DataFrame, *keys: str) -> None:
    if table.duplicated([*keys]).any():
        each = " and ".join(keys)
        message = f"expected one row per {each}, found several; choose a group, or add up (sum_roles, sum_reports)"
        raise TableError(message)


def _pivot(table: pd.DataFrame, value: str, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return ``value`` with reports down, in the table's order, and themes across, in the order of ``labels``."""
    _check_single(table, "report", "theme")
    wide = table.pivot(index="report", columns="theme", values=value)  # noqa: PD010 - the error above is ours
    return wide.reindex(index=table["report"].unique(), columns=in_theme_order(list(table["theme"]), labels))


def _make_cells(
    table: pd.DataFrame, shown: pd.DataFrame, scope: Scope, cells: Sequence[Sequence[Cell]], sums: Sequence[Column]
) -> Cells:
    """Put the agencies' names before the rows and the themes' heads over the columns."""
    rows = table.drop_duplicates("report").set_index("report").loc[list(shown.index)].reset_index()
    names, down = agency_names(rows, scope), tuple(map(tuple, cells))
    heads = theme_heads(list(shown.columns), scope.themes, scope.lang)
    keys = tuple(map(str, shown.index)), tuple(map(str, shown.columns))
    return Cells(tuple(names), tuple(heads), ("",) * len(heads), down, tuple(sums), scope.lang == "zh", keys)


def _dense(wide: pd.DataFrame) -> pd.DataFrame:
    """Leave out the themes that fewest agencies take up until no more than half of the cells are empty."""
    users = (wide > 0).sum().sort_values(ascending=False, kind="stable")
    filled = users.cumsum() / (len(wide) * np.arange(1, len(users) + 1))
    return wide.loc[:, (filled >= 1 / 2).reindex(wide.columns)]


def _rests_on_one(coverage: pd.DataFrame) -> np.ndarray:
    """Return which cells rest on one sentence, on either side."""
    sides = coverage[["review_sentences", "plan_sentences"]]
    return ((sides == 1).any(axis=1) & (coverage["state"] != "neither")).to_numpy()


def _by_both(wide: pd.DataFrame) -> pd.DataFrame:
    both = wide == "both"
    down = both.sum(axis=1).sort_values(ascending=False, kind="stable").index
    across = both.sum().sort_values(ascending=False, kind="stable").index
    return wide.loc[down, across]


def _means(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the means of the agencies in place of the sums, which the longest reports lead."""
    columns = ["review_share", "plan_share", "shift_points"]
    return shares.assign(**{name: shares[f"mean_{name}"] for name in columns}).dropna(subset=columns)


def dumbbell_group(head: str, colour: str, rows: Iterable[Sequence[Any]]) -> Group:
    """Return rows under a head of a dumbbell: each a name, two values, a key, and what stands behind their change."""
    made = (
        Row(name, (one, other), (f"{half_up(one, 1)}", f"{half_up(other, 1)}"), (signed(other - one), *sums), key=key)
        for name, one, other, key, *sums in rows
    )
    return Group(head, colour, tuple(made))


# ---- Figures of words: terms and agencies ranked, themes by spread, a cloud, keyness, and what shares sentences ----

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
    said = []
    if len(chosen) and value == "n":
        total = _with_unit(chosen[value].sum(), value, lang)
        said = [fill("figures.terms", "focus", lang, terms=quoted(list(chosen["term"]), lang), value=total)]
    figure = make_figure("terms", terms, scope, said, measured=measure, rows=len(rows))
    bold = rows["term"].isin(focus) if len(chosen) else _leaders(rows[value])
    return _rank(figure, scope, rows["term"], rows[value], bold)


def build_agencies(table: pd.DataFrame, scope: Scope, *, value: str = "share_of_tokens", top: int = 20) -> Figure:
    """Rank agencies by a rate."""
    if value == "n" or (value.startswith("n_") and value != "n_reports"):
        message = f"plot_agencies: {value!r} is a count, and agencies write at different length; expected a rate"
        raise TableError(message)
    lang, ranked = scope.lang, _ranked(table, value, "report")
    rows = ranked.head(top)
    rest = len(ranked) - len(rows)
    notes = [fill("figures.agencies", "rest", lang, shown=len(rows), rest=rest, **scope.called)] if rest else []
    figure = make_figure("agencies", table, scope, notes=notes, measured=fill("measures", value, lang))
    return _rank(figure, scope, agency_names(rows, scope), rows[value], _leaders(rows[value]))


def build_spread(sums: pd.DataFrame, scope: Scope) -> Figure:
    """Show how evenly agencies share themes: everyone's first, one agency's own last."""
    rows = sums[sums["n_reports"] > 0].sort_values("dispersion_dp", kind="stable")
    figure = make_figure("spread", sums, scope, measured=fill("measures", "dispersion_dp", scope.lang))
    alone = rows["n_reports"] == 1
    reached = [f" ({n}/{of})" for n, of in zip(rows["n_reports"], rows["of_reports"], strict=True)]
    names = [scope.themes.get(theme, theme) for theme in rows["theme"]]
    return _rank(figure, scope, names, rows["dispersion_dp"], alone & (alone.cumsum() <= MOST_FOCUS), reached)


def build_cloud(terms: pd.DataFrame, scope: Scope, *, value: str = "n", seed: int = 2023) -> Figure:
    """Make a cloud of the most used terms: an ornament, for what it says the ranked bars say better."""
    rows = terms[terms[value] > 0].sort_values(value, ascending=False, kind="stable").head(MOST_WORDS)
    figure = make_figure("cloud", terms, scope, n=len(rows), leading=LEADING_WORDS)
    if len(rows) < FEWEST_TERMS:
        return not_drawn(figure, "few_words", n=len(rows))
    words = tuple(zip(rows["term"], map(float, rows[value]), strict=True))
    return replace(figure, plot=Cloud(words, LEADING_WORDS, seed))


def build_keyness(
    keyness: pd.DataFrame, scope: Scope, *, focus: str = "plan", reference: str = "review", per_side: int = 10
) -> Figure:
    """Show the words that set two groups of text apart, with their z."""
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
    _check_single(table, key)
    return table.sort_values(value, ascending=False, kind="stable")


def _leaders(values: pd.Series) -> pd.Series:
    """Return which rows share the first place, none when they are too many to stand out."""
    first = values == values.max()
    return first & (first.sum() <= MOST_FOCUS)


def _rank(
    figure: Figure,
    scope: Scope,
    names: Collection[str],
    values: pd.Series,
    bold: pd.Series,
    behind: Sequence[str] = (),
) -> Figure:
    """Return a figure with its bars, their values written (and what stands ``behind`` them), or said when few."""
    column, lang, of_agencies = str(values.name), figure.lang, figure.stem == "agencies"
    if len(values) < (FEWEST_AGENCIES if of_agencies else FEWEST_TERMS):
        said = [f"{name} {_with_unit(value, column, lang)}" for name, value in zip(names, values, strict=True)]
        told, few = listed(said, lang) or fill("notices", "none", lang), "few_agencies" if of_agencies else "few_terms"
        return not_drawn(figure, few, n=len(values), values=told, **scope.called)
    rows = [
        Row(name, (value,), (_written(value, column, lang) + more,), focus=focus, key=name)
        for name, value, focus, more in zip(names, values, bold.tolist(), behind or [""] * len(values), strict=True)
    ]
    return replace(figure, plot=Ranked(tuple(rows)))


def _written(value: float, column: str, lang: str) -> str:
    if "share" in column:
        return percent(value, decimals=0 if value >= 0.1 or not value else 1)  # noqa: PLR2004
    if column == "dispersion_dp":
        return f"{half_up(value, 2)}"
    return rate(value) if column.startswith("per_") else number(value, lang)


def _with_unit(value: float, column: str, lang: str) -> str:
    written = _written(value, column, lang)
    return written if "share" in column else fill("units", column, lang, value=written, n=round(value))
