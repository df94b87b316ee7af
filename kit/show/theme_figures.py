"""Figures of themes: agencies by themes in rates, what stands in review and plan, and where attention goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from kit.errors import TableError
from kit.show import style
from kit.show.figure import Cell, Cells, Column, Dumbbell, Figure, Group, Key, Row, make_figure, not_drawn
from kit.show.text import (
    Scope,
    agency_names,
    fill,
    half_up,
    in_theme_order,
    label,
    listed,
    named,
    percent,
    rate,
    signed,
    theme_groups,
    theme_heads,
    theme_labels,
)

FEWEST, MOST, FEWEST_THEMES = 3, 60, 3  # reports and themes of a heatmap
MOST_NAMED = 3  # themes that a title names
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


def build_heatmap(counts: pd.DataFrame, scope: Scope, *, value: str = "per_10k_chars", order: str = "total",
                  uncertain: Collection[str] = (), ends: int | None = None) -> Figure:  # fmt: skip
    """Make a stepped heatmap of rates, agencies by themes.

    Parameters
    ----------
    counts : DataFrame
        `tables.THEME_COUNTS` of one role, or of all together (`kit.sum_roles`).
    scope : Scope
        Its codebook gives the order of the columns.
    value : {"per_10k_chars", "share_of_sentences"}
        The rate drawn. Raw counts are not: agencies write at different length.
    order : {"total", "similarity", "table"}
        Rows by their sum, the largest first; agencies that write of alike themes side by side (see `by_similarity`);
        or as the table has them. Columns keep the order of the themes, so that years compare.
    uncertain : collection of str
        Themes that agree too little with a reader's coding to be trusted; their heads carry an asterisk.
    ends : int, optional
        Of many rows keep so many at each end and the one in the middle, and say so.

    Returns
    -------
    Figure
        One cell per report and theme. Where more than half of the cells are empty, the themes that fewest agencies
        take up are named in the note instead. Fewer than three reports or themes, or more than sixty reports, are
        said, not drawn.

    Raises
    ------
    TableError
        When ``value`` is no rate, ``order`` is unknown, or a report has several rows of one theme.
    """
    if order not in ORDERS:
        message = f"plot_heatmap: expected order to be one of {list(ORDERS)}, found {order!r}"
        raise TableError(message)
    if value not in EDGES:
        message = f"plot_heatmap: expected value to be one of {list(EDGES)}, found {value!r}; counts are not compared"
        raise TableError(message)
    lang, labels = scope.lang, theme_labels(scope.lang, scope.codebook)
    whole = ORDERS[order](_pivot(counts, value, labels))
    wide = _dense(whole)
    rows, said = _ends(len(wide), ends, lang)
    steps = label("heatmap", f"steps_{value}", lang).split("|")
    figure = make_figure(
        "themes", counts, scope,
        titles=_heatmap_titles(whole, labels, lang),
        subtitle=[label("measures", value, lang), label("heatmap", f"order_{order}", lang)],
        note=said + _heatmap_note(counts, whole, wide, uncertain, scope),
        keys=[Key("gap", label("heatmap", f"unit_{value}", lang)),
              *(Key("step", text, colour) for text, colour in zip(steps, (style.EMPTY, *style.STEPS), strict=True))],
    )  # fmt: skip
    for unfit, reason in ((len(wide) < FEWEST, "few_rows"), (len(wide) > MOST, "many_rows"),
                          (wide.shape[1] < FEWEST_THEMES, "half_empty")):  # fmt: skip
        if unfit:
            empty = int((whole == 0).to_numpy().sum())
            return not_drawn(figure, reason, n=len(wide), empty=empty, cells=whole.size)
    groups = theme_groups(lang, scope.codebook)
    times, sums = (1, whole.sum(axis=1)) if value == "per_10k_chars" else (100, None)
    total = [Column(label("heatmap", "total", lang), tuple(rate(sums.iloc[at]) for at in rows))] if times == 1 else []
    cells = [[Cell(step_colour(v, value), rate(v * times) if v else "") for v in wide.iloc[at]] for at in rows]
    plot = Cells(
        names=tuple(agency_names(_first_rows(counts, wide.index[rows]), scope)),
        heads=tuple(theme_heads(list(wide.columns), labels, lang, uncertain=uncertain)),
        groups=tuple(groups.get(theme, "") for theme in wide.columns),
        cells=tuple(map(tuple, cells)),
        sums=tuple(total),
        stacked=lang == "zh",
    )
    return replace(figure, plot=plot)


def build_coverage(
    coverage: pd.DataFrame, scope: Scope, *, min_sentences: int = 1, ends: int | None = None
) -> Figure:
    """Show in which part of its report an agency takes up a theme: review, plan, both, neither.

    Parameters
    ----------
    coverage : DataFrame
        `tables.COVERAGE`.
    scope : Scope
    min_sentences : int
        Sentences from which a theme counts as taken up, as the table was made; the note says it.
    ends : int, optional
        See `build_heatmap`.

    Returns
    -------
    Figure
        Rows and columns by how often a theme stands in both, the most first. No rows, or more than sixty, are said.

    Raises
    ------
    TableError
        When the table's states were not made with ``min_sentences``.
    """
    _check_threshold(coverage, min_sentences)
    lang, labels = scope.lang, theme_labels(scope.lang, scope.codebook)
    wide = _by_both(_pivot(coverage, "state", labels))
    rows, said = _ends(len(wide), ends, lang)
    figure = make_figure(
        "coverage", coverage, scope, measure="continuity",
        titles=_coverage_titles(wide, lang),
        subtitle=[fill("coverage", "subtitle", lang, themes=wide.shape[1])],
        note=said + fill("coverage", "note", lang, n=min_sentences),
        keys=[Key(cell.mark or "cell", label("states", state, lang), cell.ink or cell.ground)
              for state, cell in STATES.items()],
    )  # fmt: skip
    if not wide.size or len(wide) > MOST:
        return not_drawn(figure, "many_rows" if wide.size else "nothing", n=len(wide))
    shown = wide.iloc[rows]
    plot = Cells(
        names=tuple(agency_names(_first_rows(coverage, shown.index), scope)),
        heads=tuple(theme_heads(list(wide.columns), labels, lang)),
        groups=("",) * wide.shape[1],
        cells=tuple(tuple(STATES[state] for state in row) for row in shown.to_numpy()),
        sums=tuple(Column(label("coverage", state, lang), tuple(map(str, (shown == state).sum(axis=1))), colour)
                   for state, colour in (("plan only", style.SECOND_TEXT), ("review only", style.FOCUS))),
        stacked=lang == "zh",
    )  # fmt: skip
    return replace(figure, plot=plot)


def build_attention(shares: pd.DataFrame, scope: Scope, *, least: float = 1.0) -> Figure:
    """Show shares of sentences in review and plan, risers above fallers.

    Parameters
    ----------
    shares : DataFrame
        One row per theme of the whole (`kit.sum_reports`): the means of the agencies are shown, and how many go up
        and down. Or rows of `tables.COVERAGE`: those of one report are shown as themes, those of one theme as agencies.
    scope : Scope
    least : float
        Smaller changes, in percentage points, are noise: they are named in number and not drawn.

    Returns
    -------
    Figure
        In percent; the largest changes first in each group, at most 25. The title names only what most agencies
        agree on. Without a change of ``least`` this is said.
    """
    lang, labels = scope.lang, theme_labels(scope.lang, scope.codebook)
    means = "mean_shift_points" in shares
    table, shares = shares, _means(shares) if means else shares
    moved = shares[shares["shift_points"].abs() >= least]
    shown = moved.loc[moved["shift_points"].abs().sort_values(ascending=False, kind="stable").index].head(MOST_MOVED)
    agencies = len(shares) > 1 and len(set(shares["theme"])) == 1
    if not agencies and shares["theme"].duplicated().any():
        message = (
            "plot_attention: expected one row per theme, found several; choose a report or add them up (sum_reports)"
        )
        raise TableError(message)
    called = agency_names(shares, scope) if agencies else [labels.get(key, key) for key in shares["theme"]]
    names = dict(zip(shares.index, called, strict=True))
    groups = [shown[shown["shift_points"] > 0], shown[shown["shift_points"] < 0]]
    of = "theme" if agencies else "means" if means else ""
    theme = labels.get(shares["theme"].iloc[0], shares["theme"].iloc[0]) if agencies else ""
    words = {"n": len(shares) - len(shown), "least": f"{half_up(least, 1)}", "most": MOST_MOVED}
    notes = [label("dumbbell", "note", lang), label("dumbbell", "ways", lang) if means else "",
             fill("dumbbell", "left_out", lang, **words) if words["n"] else ""]  # fmt: skip
    figure = make_figure(
        "attention", table, scope, measure="continuity",
        titles=_attention_titles(groups, names, of, lang),
        subtitle=[fill("dumbbell", f"subtitle_{of}" if of else "subtitle", lang, theme=theme)],
        note="".join(notes),
    )  # fmt: skip
    if shown.empty:
        return not_drawn(figure, "no_change", least=words["least"])
    colours = {"up": style.FOCUS, "down": style.SECOND}
    plot = Dumbbell(
        groups=tuple(Group(label("dumbbell", f"group_{way}", lang), colour, tuple(_dumbbell_rows(group, names)))
                     for (way, colour), group in zip(colours.items(), groups, strict=True)),
        ends=(label("dumbbell", "review", lang), label("dumbbell", "plan", lang)),
        heads=tuple(label("dumbbell", key, lang) for key in ("change", "agencies")[: 1 + means]),
    )  # fmt: skip
    return replace(figure, plot=plot)


def step_of(value: float, column: str) -> int:
    """Return the step of a rate: 0 for none, then 1 … 5 by the fixed edges."""
    return 0 if value == 0 else 1 + int(np.searchsorted(EDGES[column], value, side="right"))


def step_colour(value: float, column: str) -> str:
    """Return the colour of a rate's step."""
    return (style.EMPTY, *style.STEPS)[step_of(value, column)]


def by_total(wide: pd.DataFrame) -> pd.DataFrame:
    """Order rows by their sum, the largest first."""
    return wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def by_similarity(wide: pd.DataFrame) -> pd.DataFrame:
    """Order rows along the first axis of a correspondence analysis (Benzécri 1973): like profiles stand together."""
    masses = wide.to_numpy() / max(wide.to_numpy().sum(), 1e-12)
    rows, columns = masses.sum(axis=1, keepdims=True), masses.sum(axis=0, keepdims=True)
    expected = np.maximum(rows * columns, 1e-12)
    axis = np.linalg.svd((masses - expected) / np.sqrt(expected), full_matrices=False)[0][:, 0]
    axis = axis / np.sqrt(np.maximum(rows[:, 0], 1e-12))
    axis = axis * np.sign(axis[np.argmax(np.abs(axis))])  # an axis has no side of its own
    return wide.iloc[np.argsort(-axis, kind="stable")]


ORDERS = {"total": by_total, "similarity": by_similarity, "table": pd.DataFrame.copy}


def _pivot(table: pd.DataFrame, value: str, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return ``value`` with reports down, in the table's order, and themes across, in the order of ``labels``."""
    if table.duplicated(["report", "theme"]).any():
        message = "expected one row per report and theme, found several; choose a role or add them up (sum_roles)"
        raise TableError(message)
    wide = table.pivot(index="report", columns="theme", values=value)  # noqa: PD010 - the error above is ours
    return wide.reindex(index=table["report"].unique(), columns=in_theme_order(list(table["theme"]), labels))


def _first_rows(table: pd.DataFrame, reports: Collection[int]) -> pd.DataFrame:
    """Return one row of each report, in the order of ``reports``."""
    return table.drop_duplicates("report").set_index("report").loc[list(reports)].reset_index()


def _dense(wide: pd.DataFrame) -> pd.DataFrame:
    """Leave out the themes that fewest agencies take up until no more than half of the cells are empty."""
    users = (wide > 0).sum().sort_values(ascending=False, kind="stable")
    filled = users.cumsum() / (len(wide) * np.arange(1, len(users) + 1))
    return wide.loc[:, (filled >= 1 / 2).reindex(wide.columns)]


def _ends(rows: int, ends: int | None, lang: str) -> tuple[list[int], str]:
    """Return which rows are shown, all or both ends and the one in the middle, and what is said of it."""
    if ends is None or rows <= 2 * ends + 1:
        return list(range(rows)), ""
    said = fill("slides", "ends", lang, ends=ends, n=rows)
    return [*range(ends), rows // 2, *range(rows - ends, rows)], said


def _heatmap_note(counts: pd.DataFrame, whole: pd.DataFrame, wide: pd.DataFrame, uncertain: Collection[str],
                  scope: Scope) -> str:  # fmt: skip
    """Say which parts are counted, which themes are left out, and which cannot be trusted."""
    lang, labels = scope.lang, theme_labels(scope.lang, scope.codebook)
    roles = [label("roles", role, lang) for role in counts["role"].unique() if role != "all"]
    parts = fill("heatmap", "part", lang, role=listed(roles, lang)) if roles else label("heatmap", "parts", lang)
    rare = list(whole.columns.difference(wide.columns, sort=False))
    notes = [fill("heatmap", "note", lang, themes=whole.shape[1], parts=parts)]
    notes += [fill("heatmap", "rare", lang, themes=named(rare, labels, lang))] if rare else []
    return "".join([*notes, label("heatmap", "uncertain", lang) if set(uncertain) & set(wide) else ""])


def _heatmap_titles(wide: pd.DataFrame, labels: Mapping[str, str], lang: str) -> list[str]:
    """Return the finding: which themes every agency takes up, or how many the most shared one reaches."""
    plain = label("heatmap", "plain", lang)
    users = (wide > 0).sum()
    if not wide.size or not users.max():
        return [plain]
    by_users = users.sort_values(ascending=False, kind="stable")
    shared = [theme for theme in by_users.index if users[theme] == len(wide)]
    if not shared:
        most = [theme for theme in by_users.index if users[theme] == users.max()]
        said = {"theme": named(most, labels, lang), "n": int(users.max()), "agencies": len(wide)}
        return [*([fill("heatmap", "most_shared", lang, **said)] if len(most) <= MOST_NAMED else []), plain]
    said = {"n": len(shared), "agencies": len(wide), "alone": int((users <= len(wide) / 2).sum())}
    heads = [fill("heatmap", "shared_many", lang, **said)]
    if len(shared) <= MOST_NAMED:
        heads.insert(0, fill("heatmap", "shared", lang, themes=named(shared, labels, lang), **said))
    tails = [fill("heatmap", "shared_alone", lang, **said), ""] if said["alone"] else [""]
    return [*(head + tail for head in heads for tail in tails), plain]


def _check_threshold(coverage: pd.DataFrame, min_sentences: int) -> None:
    review, plan = (coverage[f"{role}_sentences"] >= min_sentences for role in ("review", "plan"))
    states = {(True, True): "both", (False, True): "plan only", (True, False): "review only"}
    expected = [states.get(pair, "neither") for pair in zip(review, plan, strict=True)]
    wrong = coverage["state"].to_numpy() != expected
    if wrong.any():
        row = coverage[wrong].iloc[0]
        message = (f"plot_coverage: state {row['state']!r} of report {row['report']}, theme {row['theme']!r} does not "
                   f"follow from min_sentences={min_sentences}; give the threshold of the table")  # fmt: skip
        raise TableError(message)


def _by_both(wide: pd.DataFrame) -> pd.DataFrame:
    """Return states, reports by themes, with rows and columns ordered by how many are in both."""
    both = wide == "both"
    down = both.sum(axis=1).sort_values(ascending=False, kind="stable").index
    across = both.sum().sort_values(ascending=False, kind="stable").index
    return wide.loc[down, across]


def _coverage_titles(wide: pd.DataFrame, lang: str) -> list[str]:
    """Return the finding: what an average report has in its plan alone, or in its review alone."""
    plain = label("coverage", "plain", lang)
    if not wide.size:
        return [plain]
    both, plan, review, _ = (
        f"{half_up((wide == state).to_numpy().sum() / len(wide), 1)}".removesuffix(".0") for state in STATES
    )
    said = {"plan": plan, "review": review, "both": both, "themes": wide.shape[1]}
    one = "_one" if len(wide) == 1 else ""
    return [fill("coverage", f"{key}{one}", lang, **said) for key in ("finding", "finding_short")] + [plain]


def _means(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the means of the agencies in place of the sums, which the longest reports lead."""
    columns = ["review_share", "plan_share", "shift_points"]
    return shares.assign(**{name: shares[f"mean_{name}"] for name in columns}).dropna(subset=columns)


def _dumbbell_rows(group: pd.DataFrame, names: Mapping[object, str]) -> list[Row]:
    rows = []
    for row in group.itertuples():
        shares = (row.review_share, row.plan_share)
        ways = (f"↑{row.n_up} ↓{row.n_down}",) if "n_up" in group else ()
        rows.append(Row(names[row.Index], tuple(100 * share for share in shares),
                        tuple(percent(share, decimals=1)[:-1] for share in shares),
                        (signed(row.shift_points), *ways)))  # fmt: skip
    return rows


def _attention_titles(groups: Sequence[pd.DataFrame], names: Mapping[object, str], of: str, lang: str) -> list[str]:
    """Return the finding: what gains most in the plan, what loses most; of means only what most agencies agree on."""
    plain = label("dumbbell", "plain", lang)
    kind = {"theme": "agencies_", "means": "most_", "": ""}[of]
    up, down = ([names[row] for row in (_agreed(group) if of == "means" else group).index[:2]] for group in groups)
    if not up and not down:
        differ = of == "means" and any(map(len, groups))
        return [label("dumbbell", "none_agreed", lang) if differ else plain]

    def write(words: list[str]) -> str:
        if not words:
            return ""
        return listed(words, lang) if of == "theme" else named(words, {}, lang)

    said = {"more": write(up), "less": write(down), "most": write(up[:1]), "least": write(down[:1])}
    keys = ("both", "both_short") if up and down else ("up",) if up else ("down",)
    return [*(fill("dumbbell", kind + key, lang, **said) for key in keys), plain]


def _agreed(group: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which most agencies go the way of their mean."""
    way = group["n_up"].where(group["shift_points"] > 0, group["n_down"])
    return group[2 * way > group[["n_up", "n_down", "n_unchanged"]].sum(axis=1)]
