"""What a figure covers: the compilation, the reports counted, copies, masks, and continuity or fulfilment."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from kit.data import knowledge
from kit.measure.codebook import Codebook, codebook_of
from kit.read.compilation import Compilation
from kit.show.labels import fill, label

Years = tuple[int, int]


@dataclass(frozen=True)
class Scope:
    """What a figure says in its source line.

    Attributes
    ----------
    compilation : str
        Name of the compilation.
    reports_counted, reports_read, copies, masks : int
        Reports that were counted and read, near copies among those read, masks in the reports counted.
    period, plan_period : (int, int) or None
        First and last year that the reports review and plan.
    measure : str
        ``continuity`` (within one compilation), ``fulfilment`` (across two), or empty when it is neither.
    sectors : mapping of int to str
        The field of work of each report, by which English figures say what an agency is.
    codebook : Codebook or None
        What the themes are called and how they are ordered; the kit's without one.
    agencies : mapping of int to str
        What the agency of each report is called.
    later : Scope or None
        Of fulfilment: the year after, whose reviews are held against these plans.
    """

    compilation: str
    reports_counted: int
    reports_read: int
    copies: int = 0
    masks: int = 0
    period: Years | None = None
    plan_period: Years | None = None
    measure: str = ""
    sectors: Mapping[int, str] = field(default_factory=dict)
    codebook: Codebook | None = None
    agencies: Mapping[int, str] = field(default_factory=dict)
    later: "Scope | None" = None


def scope_of(
    compilation: Compilation, *, measure: str = "", copies: bool = False, later: Compilation | None = None
) -> Scope:
    """Return what a figure of ``compilation`` covers.

    Parameters
    ----------
    compilation : Compilation
        As read.
    measure : str
        ``continuity``, ``fulfilment`` or empty.
    copies : bool
        Whether near copies were counted as well.
    later : Compilation, optional
        The year after, whose reviews are held against these plans: the measure is then fulfilment.
    """
    if later is not None:
        return replace(scope_of(compilation), measure="fulfilment", later=scope_of(later))
    counted = compilation.reports if copies else compilation.counted
    return Scope(
        compilation=compilation.name,
        reports_counted=len(counted),
        reports_read=len(compilation.reports),
        copies=int(compilation.reports["copy_of"].notna().sum()),
        masks=int(compilation.masks["report"].isin(counted["report"]).sum()),
        period=_years(counted["period"]),
        plan_period=_years(counted["plan_period"]),
        measure=measure,
        sectors=dict(zip(compilation.reports["report"], compilation.reports["sector"], strict=True)),
        codebook=codebook_of(compilation),
        agencies=dict(zip(compilation.reports["report"], compilation.reports["agency"], strict=True)),
    )


def _years(column: pd.Series) -> Years | None:
    known = column.dropna()
    return (int(known.min()), int(known.max())) if len(known) else None


def _span(years: Years, lang: str) -> str:
    first, last = (str(year) for year in years)
    return first if first == last else label("scope", "span", lang).format(first, last)


def period_text(scope: Scope, lang: str) -> str:
    """Return which years' reviews and plans are covered, of fulfilment the later reviews; empty when none is known."""
    review, plan = scope.later.period if scope.later else scope.period, scope.plan_period
    if review and plan:
        key = "period_fulfilment" if scope.later else "period"
        return fill("scope", key, lang, review=_span(review, lang), plan=_span(plan, lang))
    one, key = review or plan, "period_review" if review else "period_plan"
    return fill("scope", key, lang, year=_span(one, lang)) if one else ""


def subtitle(measure: str, scope: Scope | None, lang: str, *more: str) -> str:
    """Return a subtitle: what is measured, of which years, and what else there is to say."""
    period = period_text(scope, lang) if scope else ""
    return label("marks", "clause", lang).join(part for part in (measure, period, *more) if part)


def source_line(scope: Scope, lang: str) -> str:
    """Return the source line: compilation, reports counted, copies, masks (of fulfilment both years'), the measure."""
    counted = "; ".join(_counted(one, lang) for one in (scope, scope.later) if one)
    measure = label("scope", scope.measure, lang) if scope.measure else ""
    return fill("scope", "source", lang, counted=counted, measure=measure).rstrip()


def _counted(scope: Scope, lang: str) -> str:
    alike = scope.reports_counted == scope.reports_read
    key = "copies_none" if not scope.copies else "copies_counted" if alike else "copies_once"
    copies = fill("scope", key, lang, copies=scope.copies, read=scope.reports_read)
    return fill("scope", "counted", lang, compilation=scope.compilation, counted=scope.reports_counted, copies=copies,
                masks=scope.masks)  # fmt: skip


def opening(scope: Scope, lang: str) -> list[str]:
    """Return what a briefing begins with: its title, then a line each the years it covers and its source."""
    title = fill("briefing", "title", lang, name=Path(scope.compilation).stem)
    return [title, *filter(None, [period_text(scope, lang), *source_line(scope, lang).split("\n")])]


def agency_names(table: pd.DataFrame, lang: str, scope: Scope | None = None) -> list[str]:
    """Return the name of each row's agency as a figure shows it.

    Parameters
    ----------
    table : DataFrame
        With ``report`` and ``agency``; of fulfilment also with ``later_report`` and ``link``.
    lang : str
        In English an agency stands with its field of work, when ``scope`` knows it.
    scope : Scope, optional
        See `Scope.sectors`.

    Returns
    -------
    list of str
        An agency is called as in the later year, so that figures of two years agree. Two reports of the same name
        are told apart by their numbers.
    """
    names = list(zip(table["report"], _called(table, scope), strict=True))
    bearers = Counter(name for _, name in set(names))
    shown = []
    for report, name in names:
        written = agency_name(name, lang, scope.sectors.get(report, "") if scope else "")
        number = label("scope", "numbered", lang).format(report) if bearers[name] > 1 else ""
        shown.append(written + number)
    return shown


def _called(table: pd.DataFrame, scope: Scope | None) -> pd.Series:
    """Return each row's agency as its later report calls it, where that is surely the same agency's."""
    if not (scope and scope.later and "later_report" in table):
        return table["agency"]
    later = table["later_report"].map(dict(scope.later.agencies))
    return later.where(table["link"] == "same").fillna(table["agency"])


def agency_name(name: str, lang: str, sector: str = "") -> str:
    """Return an agency's name in a language: one that nothing names is said so, in English with its field of work."""
    if lang != "en":
        return name
    unnamed, known = knowledge("agencies.toml")["name"], knowledge("labels.toml")["sectors"]
    name = " ".join(name.replace(unnamed["unnamed"], f" {unnamed['unnamed_en']}").split())
    return f"{name} ({known[sector]['en']})" if sector in known else name
