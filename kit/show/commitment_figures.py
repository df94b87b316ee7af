"""Figures of commitments: what became of plan items or of last year's promises, and how far targets were reached."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.errors import TableError
from kit.show import style
from kit.show.figure import Figure, Key, Row, Stacked, Targets, make_figure, not_drawn
from kit.show.text import MINUS, Scope, agency_names, fill, label, listed, percent, signed

# The statuses of each measure, from the one hoped for to the one that asks for a look, with their colours.
COLOURS = {
    "continuity": {"continued": style.FOCUS, "unclear": style.CONTEXT, "new": style.SECOND},
    "fulfilment": {
        "reported": style.FOCUS,
        "partly": style.STEPS[1],
        "not mentioned": style.SECOND,
        "no report": style.CONTEXT,
    },
}
MOST, FEWEST_TARGETS = 25, 4


def build_statuses(counts: pd.DataFrame, scope: Scope, *, top: int = MOST, sums_behind_names: bool = False) -> Figure:
    """Show what became of each agency's items: shares, with the counts written in.

    Parameters
    ----------
    counts : DataFrame
        One row per report and status, complete with zeros: ``report``, ``agency``, ``status``, ``n_items``, as
        `kit.count_statuses` makes it. Statuses are continued, unclear, new (continuity) or reported, partly, not
        mentioned (fulfilment; with ``link``, how surely the later report is the agency's).
    scope : Scope
    top : int
        How many agencies; the rest stand in the table.
    sums_behind_names : bool
        The form for a slide, whose chart has no column of sums.

    Returns
    -------
    Figure
        Agencies by the share of the first status, the largest first; those without items are left out, those with a
        doubtful link stand last, hatched and with an asterisk. No items at all are said.

    Raises
    ------
    TableError
        When there are statuses of neither measure.
    """
    lang, measure = scope.lang, _measure_of(counts)
    doubtful = set(counts.loc[counts["link"] == "doubtful", "report"]) if "link" in counts else set()
    wide = _by_first(counts, COLOURS[measure], doubtful)
    shown, sure = wide.head(top), wide[~wide.index.isin(doubtful)]
    under = label("slides" if sums_behind_names else "flow", f"subtitle_{measure}", lang)
    series = [Key("box", label("statuses", status, lang), colour) for status, colour in COLOURS[measure].items()]
    figure = make_figure(
        "statuses" if measure == "continuity" else measure, counts, scope, measure=measure, subtitle=[under],
        titles=_status_titles(sure.sum(), measure, lang),
        note=_status_note(counts, wide, measure, {"rest": len(wide) - len(shown), "doubtful": len(wide) - len(sure)}, lang),
        keys=[key for key, any_ in zip(series, wide.any(), strict=True) if any_],
    )  # fmt: skip
    if wide.empty:
        return not_drawn(figure, "nothing")
    names = agency_names(counts.drop_duplicates("report").set_index("report").loc[shown.index].reset_index(), scope)
    rows = []
    for name, (report, row) in zip(names, shown.iterrows(), strict=True):
        marked, total = name + "*" * (report in doubtful), int(row.sum())
        shown_as = fill("slides", "of", lang, name=marked, n=total) if sums_behind_names else marked
        rows.append(Row(shown_as, tuple(map(int, row)), tuple(map(str, row)), () if sums_behind_names else (str(total),),
                        hatched=report in doubtful))  # fmt: skip
    return replace(figure, plot=Stacked(tuple(series), tuple(rows)))


def build_targets(pairs: pd.DataFrame, scope: Scope, *, top: int = MOST, rates_only: bool = False) -> Figure:
    """Show actuals against their targets: rates of completion, and below them gaps of percentages.

    Parameters
    ----------
    pairs : DataFrame
        One row per target with its actual, as `kit.pair_targets` makes it: ``report``, ``agency``, ``indicator``,
        ``unit``, ``target``, ``actual``, ``completion`` or of percentages ``gap_points``, ``met``, ``forecast``
        (hollow, and not counted in the title), ``lower_is_better`` (marked with ↓).
    scope : Scope
        The values are of the year reviewed.
    top : int
        How many rows; the rest stand in the table.
    rates_only : bool
        The form for a slide, whose chart has one scale: percentages are left out if there are others, and amounts stand
        behind the names.

    Returns
    -------
    Figure
        Rates of completion, the largest first, then gaps. Fewer than four pairs are said.
    """
    lang, known = scope.lang, pairs.dropna(subset=["target", "actual"])
    known = known[known["completion"].notna() | known["gap_points"].notna()]
    known = known.sort_values(["completion", "gap_points"], ascending=False, kind="stable")
    rows, gaps = known.head(top), int(known["gap_points"].notna().sum())
    done, hollow = known[~known["forecast"]], int(known["forecast"].sum())
    notes = {"note_points": gaps, "note_forecast": hollow, "rest": len(known) - len(rows),
             "unknown": len(pairs) - len(known)}  # fmt: skip
    finding = fill("targets", "finding", lang, met=int(done["met"].sum()), of=len(done))
    tails = [fill("targets", "hollow", lang, n=hollow), ""] if hollow else [""]
    figure = make_figure(
        "targets", pairs, replace(scope, plan_period=None),
        titles=[*(finding + tail for tail in tails if len(done)), label("targets", "plain", lang)],
        subtitle=[label("targets", "subtitle", lang)],
        note=label("targets", "note", lang)
        + "".join(fill("targets", key, lang, n=n, rest=n) for key, n in notes.items() if n),
        keys=[Key("box", label("targets", "actual", lang), style.CONTEXT),
              *([Key("box", label("targets", "forecast", lang), style.WHITE)] if hollow else []),
              Key("tick", label("targets", "target", lang), style.INK)],
    )  # fmt: skip
    if len(rows) < FEWEST_TARGETS:
        said = [f"{row.indicator} {_amounts(row, lang)}" for row in rows.itertuples()]
        values = listed(said, lang) if said else label("notices", "none", lang)
        return not_drawn(figure, "few_targets" if said else "no_targets", n=len(rows), values=values)
    is_rate = rows["completion"].notna()
    agencies = agency_names(rows, scope) if len(set(rows["report"])) > 1 else [""] * len(rows)
    drawn = [_target_row(row, agency, lang) for row, agency in zip(rows.itertuples(), agencies, strict=True)]
    rates = tuple(row for row, rate in zip(drawn, is_rate, strict=True) if rate)
    below = tuple(row for row, rate in zip(drawn, is_rate, strict=True) if not rate)
    if rates_only and rates:
        pairs_of_rates = rows[is_rate].itertuples()
        rates = tuple(replace(row, name=_name_with_amounts(pair, lang), under="", texts=(percent(row.values[0]),))
                      for row, pair in zip(rates, pairs_of_rates, strict=True))  # fmt: skip
        note = figure.note + (fill("slides", "points", lang, n=gaps) if gaps else "")
        return replace(figure, note=note, plot=Targets(rates, ()))
    return replace(figure, plot=Targets(rates, below, label("targets", "points", lang)))


def _measure_of(counts: pd.DataFrame) -> str:
    """Return whether the statuses are those of continuity or of fulfilment."""
    found = set(counts["status"])
    fitting = [measure for measure, colours in COLOURS.items() if found <= set(colours)]
    if not fitting:
        expected = " or ".join(", ".join(colours) for colours in COLOURS.values())
        message = f"plot_statuses: expected statuses {expected}; found {sorted(found)}"
        raise TableError(message)
    return fitting[0]


def _by_first(counts: pd.DataFrame, colours: Mapping[str, str], doubtful: set[int]) -> pd.DataFrame:
    """Return items, reports by statuses: the largest share of the first status first, doubtful links last."""
    wide = counts.pivot_table(index="report", columns="status", values="n_items", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(colours), fill_value=0).astype(int)
    wide = wide[wide.sum(axis=1) > 0]
    first = wide.iloc[:, 0] / wide.sum(axis=1) - 2 * wide.index.isin(doubtful)
    return wide.loc[first.sort_values(ascending=False, kind="stable").index]


def _status_note(counts: pd.DataFrame, wide: pd.DataFrame, measure: str, left: Mapping[str, int], lang: str) -> str:
    """Say how the statuses were come by, and what is left out of the title, of the count, of the figure."""
    reports, new = counts.drop_duplicates("report"), counts[counts["status"] == "new"]
    notes = {
        "doubtful": left["doubtful"],
        "too_general": int(reports["n_too_general"].sum()) if "n_too_general" in reports else 0,
        "say_continue": int(new["n_say_continue"].sum()) if "n_say_continue" in new else 0,
        "rest": left["rest"],
        "without": len(reports) - len(wide),
    }
    said = [fill("flow", key, lang, n=n, rest=n) for key, n in notes.items() if n]
    return "".join([label("flow", f"note_{measure}", lang), *said])


def _status_titles(sums: pd.Series, measure: str, lang: str) -> list[str]:
    """Return the finding: how many of all items came out as hoped for, and how many ask for a look."""
    plain, total = label("flow", f"plain_{measure}", lang), int(sum(sums))
    if not total:
        return [plain]
    first, _, last = (int(n) for n in sums.iloc[:3])
    said = {"n": first, "of": total, "share": percent(first / total), "last": last}
    return [fill("flow", f"{key}_{measure}", lang, **said) for key in ("finding", "short")] + [plain]


def _target_row(row: Any, agency: str, lang: str) -> Row:
    value = row.completion if pd.notna(row.completion) else row.gap_points
    ink = style.SOFT if row.forecast else style.INK if row.met else style.SECOND_TEXT
    name = row.indicator + "↓" * bool(row.lower_is_better)
    return Row(name, (value,), (_amounts(row, lang),), under=agency, hollow=bool(row.forecast), ink=ink)


def _amounts(row: Any, lang: str) -> str:
    """Write how far a target was reached, with both numbers."""
    actual, target = (f"{value:g}".replace("-", MINUS) for value in (row.actual, row.target))
    is_rate = pd.notna(row.completion)
    reached = percent(row.completion) if is_rate else fill("targets", "gap", lang, gap=signed(row.gap_points))
    said = fill("targets", "label", lang, rate=reached, actual=actual, target=target, unit=row.unit)
    return fill("targets", "expected", lang, said=said) if row.forecast else said


def _name_with_amounts(row: Any, lang: str) -> str:
    amounts = {"actual": f"{row.actual:g}", "target": f"{row.target:g}", "unit": row.unit}
    return fill("slides", "target", lang, name=row.indicator, **amounts)
