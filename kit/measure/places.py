"""Places and groups: what several compilations are to each other, and what one place has that another has not.

Compilations of other places in one period are joined into one, in which every measure can be grouped by place; their
texts follow each other, and a report's place is its compilation's. Periods that follow each other stay apart
(`kit.measure.series`); of a grid each period is joined, and the periods follow.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kit import tables
from kit.errors import SourceError, TableError
from kit.measure.counts import compare_terms, find_units
from kit.measure.scoring import uncertain_themes
from kit.measure.summaries import with_rates
from kit.measure.years import name_overlap
from kit.read.compilation import Compilation

YEARS, PLACES, GRID = "years", "places", "grid"
GROUPINGS = ("sector", "level", "place", "period")  # by what figures group reports
SHIFTED = ("report", "part", "parent", "sentence", "source", "copy_of")  # columns of numbers that are one's own
FEWEST_SENTENCES = 2
PAIRED_FROM = 0.4  # agreement of names from which two agencies of one sector are a pair


def find_relation(compilations: Sequence[Compilation]) -> str:
    """Say what compilations are to each other: years of a place, places of a year, a grid of both; years in doubt."""
    places, periods = [place_of(one) for one in compilations], [period_of(one) for one in compilations]
    told = all(places) and None not in periods
    if not told or len(set(places)) == 1 or len(set(zip(places, periods, strict=True))) < len(places):
        return YEARS
    if len(set(periods)) == 1:
        return PLACES
    return GRID if len(places) == len(set(places)) * len(set(periods)) else YEARS


def place_of(compilation: Compilation) -> str:
    """Return the place that most reports of a compilation speak of; empty where they speak of many."""
    places = compilation.counted["place"]
    first = places.mode() if len(places) else pd.Series(dtype=str)
    return str(first.iloc[0]) if len(first) and 2 * (places == first.iloc[0]).sum() > len(places) else ""


def period_of(compilation: Compilation) -> int | None:
    """Return the year that most reports of a compilation review."""
    periods = compilation.counted["period"].dropna()
    return int(periods.mode().iloc[0]) if len(periods) else None


def arrange(compilations: Sequence[Compilation], relation: str | None = None) -> tuple[list[Compilation], str]:
    """Return compilations as they are to be analysed one behind the other, and what they are to each other.

    Places are joined, of each period; years stand in the order of their periods, where all of them tell theirs.
    """
    if relation not in (None, YEARS, PLACES):
        message = f"relation: expected {YEARS!r} or {PLACES!r}, found {relation!r}"
        raise SourceError(message)
    found = relation or find_relation(compilations)
    periods = [period_of(one) for one in compilations]
    known = None not in periods
    if found == YEARS:
        distinct = known and len(set(periods)) == len(periods)
        order = sorted(range(len(periods)), key=lambda at: periods[at] or 0) if distinct else range(len(periods))
        return [compilations[at] for at in order], found
    if relation == PLACES or not known:
        return [join(compilations)], PLACES
    joined = [
        join([one for one, own in zip(compilations, periods, strict=True) if own == year])
        for year in sorted(set(periods), key=lambda year: year or 0)
    ]
    return joined, found


def join(compilations: Sequence[Compilation], *, of_places: bool = True) -> Compilation:
    """Put compilations one behind the other: one text, one table of each kind, numbers and places moved along."""
    # Of places, a report's place is its compilation's; of years it stays its own.
    shifts: dict[str, int] = dict.fromkeys((*SHIFTED, "offset"), 0)
    found: dict[str, list[pd.DataFrame]] = {}
    for one in compilations:
        place = place_of(one) if of_places else ""
        for name, table in one.tables.items():
            own = _shifted(table, shifts)
            found.setdefault(name, []).append(own.assign(place=place or own["place"]) if name == "reports" else own)
        for name in ("report", "part", "sentence", "source"):
            table = one.tables[f"{name}s"]
            shifts[name] += int(table[name].max()) if len(table) else 0
        shifts |= {"copy_of": shifts["report"], "parent": shifts["part"], "offset": shifts["offset"] + len(one.text)}
    frames = {
        name: tables.check(pd.concat(own, ignore_index=True).astype(own[0].dtypes), tables.TABLES[name])
        for name, own in found.items()
    }
    told = len({one.name for one in compilations}) == len(compilations)  # else the place tells them apart
    names = " + ".join(one.name if told else f"{place_of(one)}{one.name}" for one in compilations)
    return replace(compilations[0], name=names, text="".join(one.text for one in compilations), path=None, **frames)


def _shifted(table: pd.DataFrame, shifts: dict[str, int]) -> pd.DataFrame:
    """Return a table with its numbers and offsets moved; report 0 is what belongs to none."""
    own = {name: table[name] + shifts[name] * (table[name] != 0) for name in SHIFTED if name in table}
    places = {name: table[name] + shifts["offset"] for name in table if name in ("start", "end")}
    return table.assign(**{name: column.astype(table[name].dtype) for name, column in (own | places).items()})


# ---- Groups ----


def count_groups(compilation: Compilation, by: str) -> pd.DataFrame:
    """Count reports, sentences and characters by sector, level, place or period; reports without one are left out."""
    if by not in GROUPINGS:
        message = f"figures are grouped by {', '.join(GROUPINGS)}; found {by!r}: choose among these"
        raise TableError(message)
    units = find_units(compilation).dropna(subset=[by])
    groups = units.assign(**{by: units[by].astype("str")}).groupby(by, sort=False)
    return groups.agg(
        n_reports=("report", "nunique"), of_sentences=("of_sentences", "sum"), of_chars=("of_chars", "sum")
    )


def group_themes(compilation: Compilation, theme_counts: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add theme counts up by group: `tables.THEME_COUNTS`, its number in ``report``, its value in ``agency``."""
    order = {value: at for at, value in enumerate(count_groups(compilation, by).index, 1)}
    counts = theme_counts.merge(compilation.counted[["report", by]].dropna(), on="report")
    counts = counts.assign(agency=counts[by].astype("str"), report=counts[by].astype("str").map(order).astype("int64"))
    sums = ["n_hits", "n_sentences", "of_sentences", "of_chars"]
    grouped = with_rates(counts.groupby(["report", "agency", "theme", "role"], sort=False)[sums].sum().reset_index())
    theme = pd.Categorical(grouped["theme"], list(dict.fromkeys(theme_counts["theme"])))
    grouped = grouped.assign(at=theme.codes).sort_values(["report", "at"], kind="stable", ignore_index=True)
    return tables.check(grouped[list(tables.THEME_COUNTS)], tables.THEME_COUNTS)


# ---- Places side by side ----


def compare_places(compilation: Compilation, theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Count each theme in each place, over all agencies and within each sector that two places have."""
    reports = compilation.counted[["report", "place", "sector"]]
    counts = theme_counts.merge(reports, on="report")
    several = reports.groupby("sector")["place"].nunique()
    inside = counts[counts["sector"].isin(several[several > 1].index) & (counts["sector"] != "")]
    parts = [_by_place(counts.assign(sector="")), _by_place(inside)]
    found = pd.concat([part for part in parts if len(part)], ignore_index=True) if len(counts) else counts
    rows = found.to_dict("records") if len(counts) else []
    return tables.make(rows, tables.PLACE_THEMES)


def _by_place(counts: pd.DataFrame) -> pd.DataFrame:
    sums = _sum_reports(counts, ["sector", "theme", "place"])
    users = (sums["n_sentences"] > 0).groupby([sums["sector"], sums["theme"]]).transform("sum")
    return sums.assign(alone=(users == 1) & (sums["n_sentences"] > 0))


def _sum_reports(counts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    of_report = counts.groupby([*by, "report"], sort=False)[["n_sentences", "of_sentences"]].sum().reset_index()
    has = of_report.assign(has=(of_report["n_sentences"] > 0).astype("int64"))
    sums = has.groupby(by, sort=False).agg(
        n_sentences=("n_sentences", "sum"),
        of_sentences=("of_sentences", "sum"),
        n_reports=("has", "sum"),
        of_reports=("report", "size"),
    )
    return sums.reset_index().assign(
        share_of_sentences=lambda rows: rows["n_sentences"] / rows["of_sentences"].clip(lower=1)
    )


def compare_place_years(compilation: Compilation, theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Count each theme in each place and year of a grid, whose years are joined: `tables.PLACE_YEARS`."""
    reports = compilation.counted[["report", "place", "period"]].dropna()
    counts = theme_counts.merge(reports, on="report").rename(columns={"period": "year"})
    rows = _sum_reports(counts, ["place", "year", "theme"])
    place = pd.Categorical(rows["place"], list(dict.fromkeys(rows["place"])))
    rows = rows.assign(at=place.codes).sort_values(["at", "year"], kind="stable").drop(columns="at")
    return tables.make(rows.to_dict("records"), tables.PLACE_YEARS)


def pair_agencies(compilation: Compilation) -> pd.DataFrame:
    """Pair the agencies of two places, one with one, by their names within a sector: `tables.PLACE_PAIRS`.

    Each agency of each place has a row; one without a partner says so by an empty one.
    """
    reports: list[Any] = list(compilation.counted.itertuples(index=False))
    pairs = sorted(
        (
            (name_overlap(one, other), one.report, other.report)
            for at, one in enumerate(reports)
            for other in reports[at + 1 :]
            if one.place != other.place and one.level == other.level
        ),
        key=lambda pair: (-pair[0], *pair[1:]),
    )
    of = {report.report: report for report in reports}
    partners: dict[tuple[int, str], tuple[int, float]] = {}
    for names, one, other in pairs:
        ours, theirs = (one, of[other].place), (other, of[one].place)
        fits = names >= 1 or (of[one].sector == of[other].sector and names >= PAIRED_FROM)
        if fits and ours not in partners and theirs not in partners:
            partners[ours], partners[theirs] = (other, names), (one, names)
    places = list(dict.fromkeys(report.place for report in reports))
    rows = []
    for report in reports:
        for place in places:
            if place != report.place:
                other, names = partners.get((report.report, place), (None, 0.0))
                rows.append(
                    {
                        "sector": report.sector,
                        "place": report.place,
                        "report": report.report,
                        "agency": report.agency,
                        "other_place": place,
                        "other_report": other,
                        "other_agency": of[other].agency if other else "",
                        "names": names,
                    }
                )
    return tables.make(rows, tables.PLACE_PAIRS)


def compare_place_words(compilation: Compilation, tokens: pd.DataFrame) -> pd.DataFrame:
    """Compare the words of the first place (focus) with those of all others: `tables.KEYNESS`."""
    places = list(dict.fromkeys(compilation.counted["place"]))
    if len(places) < 2:  # noqa: PLR2004
        message = f"words of places take two places, found {places}; name compilations of two"
        raise TableError(message)
    return compare_terms(compilation, tokens, focus={"place": places[0]})


def sole_themes(themes: pd.DataFrame) -> pd.DataFrame:
    """Return the themes of one place alone that may be said aloud: certain ones, on two sentences or more."""
    said = themes[themes["alone"] & (themes["sector"] == "") & (themes["n_sentences"] >= FEWEST_SENTENCES)]
    certain = said[~said["theme"].isin(uncertain_themes())]
    return certain.sort_values("n_sentences", ascending=False, kind="stable")
