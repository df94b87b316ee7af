"""Figures of commitments: what became of plan items or of last year's promises, and how far targets were reached."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.errors import TableError
from kit.show import style
from kit.show.figure import Cell, Cells, Column, Figure, Key, Row, Stacked, Targets, make_figure, not_drawn
from kit.show.style import Scope, agency_names, row_ends, words_of
from kit.wording import MINUS, fill, listed, percent, signed

# The statuses of each measure, from the one hoped for to the one that asks for a look, with their colours.
COLOURS = {
    "continuity": {"continued": style.FOCUS, "unclear": style.STEPS[1], "to check": style.GUIDE, "new": style.SECOND},
    "fulfilment": {
        "reported": style.FOCUS,
        "partly": style.STEPS[1],
        "to check": style.GUIDE,
        "not mentioned": style.SECOND,
        "no report": style.EMPTY,
    },
}
MOST, FEWEST_TARGETS = 25, 4
MOST_HEADLINES, FEWEST_AUTHORS = 8, 2  # columns of headline targets; rows, where there are few columns
VERDICTS = {"met": style.STEPS[1], "missed": style.SECOND, "cannot tell": style.BOTH, "": style.STEPS[0]}


def build_statuses(counts: pd.DataFrame, scope: Scope, *, top: int = MOST, sums_behind_names: bool = False) -> Figure:
    """Show what became of each agency's items: shares, with the counts written in."""
    lang, found = scope.lang, set(counts["status"])
    measure = next((measure for measure, colours in COLOURS.items() if found <= set(colours)), "")
    if not measure:
        expected = " or ".join(", ".join(colours) for colours in COLOURS.values())
        message = f"plot_statuses: expected statuses {expected}; found {sorted(found)}"
        raise TableError(message)
    stem, reports = "statuses" if measure == "continuity" else measure, counts.drop_duplicates("report")
    doubtful = set(counts.loc[counts["link"] == "doubtful", "report"]) if "link" in counts else set()
    wide = _by_report(counts, COLOURS[measure], doubtful)
    shown, sure = wide.head(top), wide[~wide.index.isin(doubtful)]
    left_out = {
        "doubtful": len(wide) - len(sure),
        "too_general": int(reports.get("n_too_general", pd.Series()).sum()),
        # new items that say themselves that they go on with something
        "say_continue": int(counts[counts["status"] == "new"].get("n_say_continue", pd.Series()).sum()),
        "rest": len(wide) - len(shown),
        "without": len(reports) - len(wide),
    }
    series = [Key("box", fill("statuses", status, lang), colour) for status, colour in COLOURS[measure].items()]
    figure = make_figure(
        stem,
        counts,
        scope,
        under=("subtitle_slide" if sums_behind_names else "subtitle",),
        notes=[fill("figures.left_out", key, lang, n=n, **scope.called) for key, n in left_out.items() if n],
        keys=[key for key, found in zip(series, wide.any(), strict=True) if found],
        measure=measure,
    )
    if wide.empty:
        return not_drawn(figure, "nothing")
    names = agency_names(reports.set_index("report").loc[shown.index].reset_index(), scope)
    rows = []
    for name, (report, counted) in zip(names, shown.iterrows(), strict=True):
        hatched, key = report in doubtful, "e" * (measure == "fulfilment") + str(report)
        total, called = str(counted.sum()), name + "*" * hatched
        called = fill("slides", "of", lang, name=called, n=int(total)) if sums_behind_names else called
        sums = () if sums_behind_names else (total,)
        rows.append(Row(called, tuple(map(int, counted)), tuple(map(str, counted)), sums, hatched=hatched, key=key))
    return replace(figure, plot=Stacked(tuple(rows), series=tuple(series)))


def build_targets(pairs: pd.DataFrame, scope: Scope, *, top: int = MOST, rates_only: bool = False) -> Figure:
    """Show actuals against their targets: rates of completion, and below them gaps of percentages."""
    lang, say, known = scope.lang, words_of("targets", scope.lang), pairs.dropna(subset=["target", "actual"])
    known = known[known["completion"].notna() | known["gap_points"].notna()]
    known = known.sort_values(["completion", "gap_points"], ascending=False, kind="stable")
    rows, gaps = known.head(top), int(known["gap_points"].notna().sum())
    hollow = int(known["forecast"].sum())
    for_slide = rates_only and bool(rows["completion"].notna().any())
    left_out = {"note_points": gaps, "note_forecast": hollow, "rest": len(known) - len(rows)}
    left_out |= {"unknown": len(pairs) - len(known), "slide_points": gaps * for_slide}
    keys = [Key("box", say("actual"), style.CONTEXT), Key("box", say("forecast"), style.WHITE)][: 2 if hollow else 1]
    notes, tick = [say(key, n=n) for key, n in left_out.items() if n], Key("tick", say("target"), style.INK)
    figure = make_figure("targets", pairs, replace(scope, plan_period=None), notes=notes, keys=[*keys, tick])
    if len(rows) < FEWEST_TARGETS:
        said = [f"{row.indicator} {_amounts(row, lang)}" for row in rows.itertuples()]
        values = listed(said, lang) if said else fill("notices", "none", lang)
        return not_drawn(figure, "few_targets" if said else "no_targets", n=len(rows), values=values)
    agencies = agency_names(rows, scope) if len(set(rows["report"])) > 1 else [""] * len(rows)
    made = [_target_row(row, agency, lang, for_slide) for row, agency in zip(rows.itertuples(), agencies, strict=True)]
    n_rates = int(rows["completion"].notna().sum())  # which come first
    plot = Targets(tuple(made[:n_rates]), () if for_slide else tuple(made[n_rates:]), say("points"))
    return replace(figure, plot=plot)


def build_headlines(table: pd.DataFrame, scope: Scope, *, ends: int | None = None) -> Figure:
    """Show headline targets and their results, authors by indicators."""
    lang, say, two_years = scope.lang, words_of("headlines", scope.lang, **scope.called), "number_verdict" in table
    known = knowledge("headlines.toml")["headline"]
    rows = _two_years(table, say) if two_years else _one_year(table)
    rows = rows[rows["headline"].isin(known)]
    reach = rows["headline"].value_counts()
    kept = [key for key in known if key in reach.nlargest(MOST_HEADLINES).index]
    authors = rows.drop_duplicates("report")
    at_ends, ends_only = row_ends(len(authors), ends, scope)
    shown = authors.iloc[at_ends]
    verdicts = {key: VERDICTS[key] for key in VERDICTS if key in set(rows["verdict"])}
    keys = [Key("cell", fill("number_verdicts", key, lang), colour) for key, colour in verdicts.items() if key]
    keys += [Key("hatched", say("forecast"), style.EMPTY)] * bool(rows["forecast"].any())
    rest = len(reach) - len(kept)
    notes = [ends_only, say("about") if two_years else "", say("rest", n=rest) if rest else ""]
    stem, under = "headlines", ("subtitle" if two_years else "subtitle_one",)
    measure = "fulfilment" if two_years else ""
    figure = make_figure(stem, table, scope, under=under, notes=notes, keys=keys, measure=measure)
    if len(authors) < FEWEST_AUTHORS and len(kept) < FEWEST_TARGETS:
        return not_drawn(figure, "few_headlines", n=len(kept), **scope.called)
    units = {key: rows.loc[rows["headline"] == key, "unit"].mode().iloc[0] for key in kept}
    at = {(row.report, row.headline): row for row in rows.itertuples()}
    cells = [[_headline_cell(at.get((report, key)), units[key]) for key in kept] for report in shown["report"]]
    behind = {key: "" if unit == "%" else say("unit", unit=unit) for key, unit in units.items()}
    heads = [fill("headline_heads", key, lang) + behind[key] for key in kept]
    verdicts_of = rows.groupby("report")["verdict"].agg(list)[shown["report"]]
    met_of = tuple(f"{own.count('met')}/{own.count('met') + own.count('missed')}" for own in verdicts_of)
    sums = (Column(say("sum"), met_of),) if two_years else ()
    names, down = tuple(agency_names(shown, scope)), tuple(map(tuple, cells))
    return replace(figure, plot=Cells(names, tuple(heads), ("",) * len(kept), down, sums, stacked=lang == "zh"))


def _two_years(table: pd.DataFrame, say: Callable[..., str]) -> pd.DataFrame:
    """Return what a cell shows of each target and its result a year later."""
    return table.assign(
        verdict=table["number_verdict"],
        said=[aim(row.bound, row.target, row.target_to) + _result(row, say) for row in table.itertuples()],
        unit=table["unit"].where(table["bound"] != "same", "%"),
    )


def _one_year(table: pd.DataFrame) -> pd.DataFrame:
    """Return what a cell shows of each target, behind the result of the year before."""
    first = table.drop_duplicates(["report", "headline", "side"])
    rows, results = (first[first["side"] == side] for side in ("target", "result"))
    keys = ["report", "headline", "unit"]
    done = rows[keys].merge(results[[*keys, "value", "forecast"]], how="left", on=keys)
    told = [f"{amount(value)}→" if pd.notna(value) else "" for value in done["value"]]
    aims = [aim(row.bound, row.value, row.value_to) for row in rows.itertuples()]
    said = [one + aim for one, aim in zip(told, aims, strict=True)]
    return rows.assign(verdict="", said=said, forecast=done["forecast"].eq(True).to_numpy(bool))


def _result(row: Any, say: Callable[..., str]) -> str:
    """Write what was reached of a target: the number, else the degree to which the plan was completed."""
    if pd.notna(row.actual):
        return f"→{amount(row.actual)}"
    return "" if pd.isna(row.completion) else "→" + say("completion", rate=f"{row.completion:g}")


def aim(bound: str, value: float, to: float) -> str:
    """Write a target behind the sign of its bound."""
    sign = {"at least": "≥", "at most": "≤", "about": "~", "same": "="}.get(bound, "")
    return sign + amount(value) + (f"–{to:g}" if pd.notna(to) else "")


def amount(value: float) -> str:
    """Write a number; nothing where there is none."""
    return "" if pd.isna(value) else f"{value:g}".replace("-", MINUS)


def _headline_cell(row: Any, unit: str) -> Cell:
    """Return the cell of a target; one in another unit than its column says so."""
    if row is None:
        return Cell(style.EMPTY)
    return Cell(VERDICTS[row.verdict], row.said + (row.unit if row.unit != unit else ""), hatched=bool(row.forecast))


def _by_report(counts: pd.DataFrame, colours: Mapping[str, str], doubtful: set[int]) -> pd.DataFrame:
    """Return items, reports by statuses, as read, doubtful links last: shares of so few items rank nobody."""
    wide = counts.pivot_table("n_items", "report", "status", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=list(colours)).fillna(0).astype(int)
    wide = wide[wide.sum(axis=1) > 0]
    return wide.loc[sorted(wide.index, key=doubtful.__contains__)]


def _target_row(row: Any, agency: str, lang: str, for_slide: bool) -> Row:
    value = row.completion if pd.notna(row.completion) else row.gap_points
    key = " ".join(str(int(at)) for at in (row.start, row.actual_start) if pd.notna(at))
    if for_slide:  # the amounts stand behind the name
        amounts = {"actual": amount(row.actual), "target": amount(row.target), "unit": row.unit}
        name = fill("slides", "target", lang, name=row.indicator, **amounts)
        return Row(name, (value,), (percent(value),), hollow=bool(row.forecast), key=key)
    ink = style.SOFT if row.forecast else style.INK if row.met else style.SECOND_TEXT
    name = row.indicator + "↓" * bool(row.lower_is_better)
    return Row(name, (value,), (_amounts(row, lang),), under=agency, hollow=bool(row.forecast), ink=ink, key=key)


def _amounts(row: Any, lang: str) -> str:
    """Write how far a target was reached, with both numbers."""
    say = words_of("targets", lang)
    reached = percent(row.completion) if pd.notna(row.completion) else say("gap", gap=signed(row.gap_points))
    said = say("label", rate=reached, actual=amount(row.actual), target=amount(row.target), unit=row.unit)
    return say("expected", said=said) if row.forecast else said
