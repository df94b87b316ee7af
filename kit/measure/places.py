"""Several compilations: what they are to each other, which agency is which, what one place has that others have not.

Compilations of other places in one period are joined into one, in which every measure can be grouped by place; their
texts follow each other, and a report's place is its compilation's. Periods that follow each other stay apart
(`kit.measure.series`); of a grid each period is joined, and the periods follow.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, rule
from kit.errors import SourceError, TableError
from kit.measure.counts import MATTER, compare_terms, find_units, keep_moved, sum_themes, text_of
from kit.measure.matching import bigrams, overlap
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES

YEARS, PLACES, GRID = "years", "places", "grid"
GROUPINGS = ("sector", "level", "place", "period")  # by what figures group reports
# Columns that number something of a compilation, by the table whose length moves them on; and offsets.
NUMBERS = {
    "source": "sources",
    **dict.fromkeys(("report", "copy_of"), "reports"),
    **dict.fromkeys(("part", "parent"), "parts"),
    "sentence": "sentences",
    **dict.fromkeys(("item", "parent_item", "evidence", "answers"), "items"),
    **dict.fromkeys(("start", "end", "evidence_start", "evidence_end", "answers_start"), "text"),
}
COUNTED = ("sources", "reports", "parts", "sentences", "text")
JOINT = " + "  # between the names of compilations joined into one
ALMOST = 0.99  # names that agree in part never count as the same
Frames = tuple[pd.DataFrame, pd.DataFrame]
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
    """Return compilations as they are to be analysed one behind the other, and what they are to each other."""
    # Places are joined, of each period; years stand in the order of their periods, where all of them tell theirs.
    if relation not in (None, YEARS, PLACES):
        message = f"relation: expected {YEARS!r} or {PLACES!r}, found {relation!r}"
        raise SourceError(message)
    found = relation or find_relation(compilations)
    periods = [period_of(one) for one in compilations]
    if found == YEARS:
        distinct = None not in periods and len(set(periods)) == len(periods)
        order = sorted(range(len(periods)), key=lambda at: periods[at] or 0) if distinct else range(len(periods))
        return [compilations[at] for at in order], found
    if relation == PLACES:
        return [join(compilations)], PLACES
    in_order = sorted({period for period in periods if period})
    dated = list(zip(compilations, periods, strict=True))
    return [join([one for one, period in dated if period == year]) for year in in_order], found


def join(compilations: Sequence[Compilation], *, of_places: bool = True) -> Compilation:
    """Put compilations one behind the other: one text, one table of each kind, numbers and places moved along."""
    # Of places, a report's place is its compilation's; of years it stays its own.
    sizes = {name: [len(getattr(one, name)) for one in compilations] for name in COUNTED}
    before = {name: np.cumsum([0, *each])[:-1] for name, each in sizes.items()}
    frames: dict[str, pd.DataFrame] = {}
    for name, first in compilations[0].tables.items():
        each = [getattr(one, name) for one in compilations]
        at = np.repeat(np.arange(len(each)), [len(table) for table in each])
        whole = pd.concat(each, ignore_index=True).astype(first.dtypes)
        if name == "reports" and of_places:
            places = np.array([place_of(one) for one in compilations], dtype=object)[at]
            whole["place"] = whole["place"].where(places == "", places)
        frames[name] = tables.check(shift(whole, {of: moved[at] for of, moved in before.items()}), tables.TABLES[name])
    told = len({one.name for one in compilations}) == len(compilations)  # else the place tells them apart
    names = JOINT.join(one.name if told else f"{place_of(one)}{one.name}" for one in compilations)
    return replace(compilations[0], name=names, text="".join(one.text for one in compilations), path=None, **frames)


def shift(table: pd.DataFrame, shifts: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with those of its numbers and offsets moved that are named; report 0 is what belongs to none."""
    named = {name: NUMBERS[name] for name in table if NUMBERS.get(name) in shifts}
    moved = {name: table[name] + shifts[of] * ((table[name] != 0) | (of == "text")) for name, of in named.items()}
    return table.assign(**{name: column.astype(table[name].dtype) for name, column in moved.items()})


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
    sums = sum_themes(compilation, theme_counts, by=[by, "role"])
    return as_reports(sums, by, count_groups(compilation, by).index, theme_counts["theme"])


def as_reports(sums: pd.DataFrame, by: str, groups: Iterable[Any], themes: Iterable[str]) -> pd.DataFrame:
    """Return themes added up by group and role as `tables.THEME_COUNTS`: each group stands where a report does."""
    number = {str(group): at for at, group in enumerate(groups, 1)}
    counts = sums.assign(agency=sums[by].astype("str"), report=sums[by].astype("str").map(number).astype("int64"))
    place = {key: at for at, key in enumerate(dict.fromkeys(themes))}
    order = counts["role"].map(BODY_ROLES.index), counts["theme"].map(place), counts["report"]
    counts = counts.iloc[np.lexsort(order)].reset_index(drop=True)
    return tables.check(counts[list(tables.THEME_COUNTS)], tables.THEME_COUNTS)


# ---- Places side by side ----


def compare_places(compilation: Compilation, theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Count each theme in each place, over all agencies and within each sector that two places have."""
    several = compilation.counted.groupby("sector")["place"].nunique().drop("", errors="ignore")
    inside = sum_themes(compilation, theme_counts, by=["sector", "place"])
    inside = inside[inside["sector"].isin(several[several > 1].index)]
    parts = [sum_themes(compilation, theme_counts, by="place").assign(sector=""), inside]
    found = pd.concat(parts, ignore_index=True)
    users = (found["n_sentences"] > 0).groupby([found["sector"], found["theme"]]).transform("sum")
    found = found.assign(alone=(users == 1) & (found["n_sentences"] > 0))
    return tables.make(found[list(tables.PLACE_THEMES)].to_dict("records"), tables.PLACE_THEMES)


def compare_place_years(compilation: Compilation, theme_counts: pd.DataFrame) -> pd.DataFrame:
    """Count each theme in each place and year of a grid, whose years are joined: `tables.PLACE_YEARS`."""
    rows = sum_themes(compilation, theme_counts, by=["place", "period"]).rename(columns={"period": "year"})
    place = pd.Categorical(rows["place"], list(dict.fromkeys(rows["place"])))
    rows = rows.assign(at=place.codes).sort_values(["at", "year"], kind="stable")
    return tables.make(rows[list(tables.PLACE_YEARS)].to_dict("records"), tables.PLACE_YEARS)


def pair_agencies(compilation: Compilation) -> pd.DataFrame:
    """Pair the agencies of two places, one with one, by their names within a sector: `tables.PLACE_PAIRS`."""
    # Each agency of each place has a row; one without a partner says so by an empty one.
    reports: list[Any] = list(compilation.counted.itertuples(index=False))
    apart = [(a, b) for a, b in combinations(reports, 2) if a.place != b.place and a.level == b.level]
    pairs = [(name_overlap(one, other), one, other) for one, other in apart]
    partners: dict[tuple[int, str], tuple[Any, float]] = {}
    for names, one, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1].report, pair[2].report)):
        ours, theirs = (one.report, other.place), (other.report, one.place)
        fits = names >= 1 or (one.sector == other.sector and names >= PAIRED_FROM)
        if fits and ours not in partners and theirs not in partners:
            partners[ours], partners[theirs] = (other, names), (one, names)
    rows = []
    for report, place in product(reports, dict.fromkeys(report.place for report in reports)):
        if place != report.place:
            other, names = partners.get((report.report, place), (None, 0.0))
            own = {name: getattr(report, name) for name in ("sector", "place", "report", "agency")}
            found = {"other_report": other.report, "other_agency": other.agency} if other else {"other_agency": ""}
            rows.append(own | {"other_place": place, "names": names} | found)
    return tables.make(rows, tables.PLACE_PAIRS)


def compare_place_words(compilation: Compilation, tokens: pd.DataFrame) -> pd.DataFrame:
    """Compare the words of the first place (focus) with those of all others: `tables.KEYNESS`."""
    places = list(dict.fromkeys(compilation.counted["place"]))
    if len(places) < 2:  # noqa: PLR2004
        message = f"words of places take two places, found {places}; name compilations of two"
        raise TableError(message)
    found, counted = compare_terms(compilation, tokens, focus={"place": places[0]}), compilation.counted
    here = counted["place"] == places[0]
    return keep_moved(found, *(text_of(compilation, report=counted.loc[of, "report"]) for of in (here, ~here)))


# ---- The same agency in another year ----


def link_reports(earlier: Compilation, later: Compilation, one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    """Link each report of a year to the report of the same agency a year later, across renamings and mergers."""
    # What a later text says of an earlier agency (合并, 更名, 划出) decides first, then their names, then the words of
    # both reports; what rests on words alone is in doubt.
    left: list[Any] = list(earlier.counted.itertuples(index=False))
    right: list[Any] = list(later.counted.itertuples(index=False))
    contents = _contents(earlier.counted["report"], one, later.counted["report"], two)
    names = np.array([[name_overlap(a, b) for b in right] for a in left]).reshape(contents.shape)
    texts = [later.text[other.start : other.end] for other in right]
    told = [[_told(one.agency, text, known=one.agency_from != "unknown") for text in texts] for one in left]
    found = [_link(report, right, names[at], contents[at], told[at]) for at, report in enumerate(left)]
    rows = _settle(found, left, right)
    taken = {row["later_report"] for row in rows}
    for at, other in enumerate(right):
        if other.report not in taken:
            parted = next((n for n, said in enumerate(told) if said[at] == "split"), None)
            rows.append(_row(None if parted is None else left[parted], other, "new" if parted is None else "split"))
    split = {row["report"] for row in rows if row["link"] == "split"}
    return tables.make([row for row in rows if row["link"] != "gone" or row["report"] not in split], tables.LINKS)


def followed(links: pd.DataFrame, earlier: Compilation, later: Compilation) -> pd.DataFrame:
    """Return one link for each earlier report, whose later one is left out where it reviews another year."""
    # Where a year's compilation is missing, the next one's review is no answer to the plan: a gap, no silence.
    own = links[links["report"].notna()].drop_duplicates("report")
    planned = own["report"].map(earlier.reports.set_index("report")["plan_period"])
    reviewed = own["later_report"].map(later.reports.set_index("report")["period"])
    apart = (planned.notna() & reviewed.notna() & (planned != reviewed)).fillna(value=False).astype(bool)
    return own.assign(later_report=own["later_report"].mask(apart), report=own["report"].astype("int64"))


def _row(report: Any, other: Any, link: str, reason: str = "", names: float = 0.0, contents: float = 0.0) -> dict:
    return {
        "report": report.report if report else None,
        "agency": report.agency if report else "",
        "later_report": other.report if other else None,
        "later_agency": other.agency if other else "",
        "link": link,
        "reason": "text" if link == "split" else reason,
        "doubt": link == "doubtful" or reason == "words",
        "names": names,
        "contents": contents,
    }


def _told(agency: str, text: str, *, known: bool) -> str:
    """Return what a later text says became of an agency: merged, renamed, split; empty when it says nothing."""
    # Of an agency without a name, what it says became of any that was there before (原县住房保障服务中心 … 并入).
    name = re.escape(agency) if known else knowledge("matching.toml")["links"]["former_pattern"]
    for sentence in re.finditer(f"[^。；\n]*(?:{name})[^。；\n]*", text):
        for link in ("renamed", "split", "merged"):
            if rule("matching.toml", f"links.{link}_pattern").search(sentence.group()):
                return link if known or link == "merged" else ""
    return ""


def _link(report: Any, right: list[Any], names: np.ndarray, contents: np.ndarray, told: list[str]) -> dict:
    fit = knowledge("matching.toml")["links"]
    if not right:
        return _row(report, None, "gone")
    known = report.agency_from != "unknown"
    said = [at for at, link in enumerate(told) if known and link in ("merged", "renamed")]
    best = int(np.argmax(names * (names >= 1) + contents))
    if said and names[best] < 1:
        best = max(said, key=lambda at: contents[at])
        return _row(report, right[best], told[best], "text", names[best], contents[best])
    others = np.delete(contents, best)
    leads = contents[best] >= max(fit["contents_from"], fit["lead"] * others.max(initial=0.0))
    same, alike = names[best] >= 1, names[best] >= fit["names_from"]
    if not (same or leads):
        return _row(report, None, "gone")
    if same and contents[best] >= fit["same_from"]:
        return _row(report, right[best], "same", "names", names[best], contents[best])
    link, reason = ("renamed", "names") if alike and leads else ("doubtful", "names" if same else "words")
    if told[best] == "merged" and not known:  # the agency has no name, and the text takes up one that is no more
        link, reason = "merged", "words"
    return _row(report, right[best], link, reason, names[best], contents[best])


def _settle(rows: list[dict], left: list[Any], right: list[Any]) -> list[dict]:
    """Let go of what only words speak for where the later report is another agency's; name mergers by names."""
    sure = Counter(row["later_report"] for row in rows if row["reason"] in ("names", "text"))
    level = {other.report: other.level for other in right}
    settled = []
    for row, report in zip(rows, left, strict=True):
        later = row["later_report"]
        # A township's office is no county's.
        apart = len({report.level, level.get(later, report.level)} - {"unknown"}) > 1
        if row["link"] == "doubtful" and row["reason"] == "words" and (sure[later] or apart):
            settled.append(_row(report, None, "gone", "", row["names"], row["contents"]))
        elif row["link"] == "renamed" and row["reason"] == "names" and sure[later] > 1:
            settled.append(row | {"link": "merged"})
        else:
            settled.append(row)
    return settled


def name_overlap(one: Any, other: Any) -> float:
    """Return how far two reports' agencies agree in name: 1 when one is the other or its short form."""
    if one.agency_from == "unknown" or other.agency_from == "unknown":
        return 0.0
    core, core_other = (_core(row.agency, row.place) for row in (one, other))
    if core == core_other or _shortens(core, core_other) or _shortens(core_other, core):
        return 1.0
    return ALMOST * overlap(core, core_other)


def _core(agency: str, place: str) -> str:
    """Return an agency's name without its county or city; a township's or province's own name stays."""
    fit = knowledge("matching.toml")["links"]
    core = agency.removeprefix(place) or agency
    core = re.sub(fit["prefix_pattern"], "", core) or core
    return re.sub(fit["commission_pattern"], fit["commission"], core)


def _shortens(short: str, full: str) -> bool:
    """Whether a name is a short form of another (发改委): its characters in order, and no two side by side."""
    rest = iter(full)
    in_order = len(short) > 2 and short[-1] == full[-1] and all(char in rest for char in short)  # noqa: PLR2004
    tail = rule("matching.toml", "links.place_tail_pattern")
    rest_of_place = full.startswith(short) and tail.fullmatch(full[len(short) :])  # 广西, 广西壮族自治区
    return bool(rest_of_place) or (in_order and not bigrams(short) & bigrams(full))


def _contents(left: pd.Series, one: pd.DataFrame, right: pd.Series, two: pd.DataFrame) -> np.ndarray:
    words = []
    for reports, tokens in ((left, one), (right, two)):
        groups = tokens[tokens["kind"].isin(MATTER)].groupby("report")["term"].agg(list)
        words += [groups.get(report, []) for report in reports]
    weights = weigh_words(words)
    return (weights[: len(left)] @ weights[len(left) :].T).toarray()


def weigh_words(texts: Sequence[list[Any]]) -> Any:
    """Return texts, given as their words (or numbers of words), as vectors of length 1: by tf-idf, of none all 0."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415, takes a while
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415, takes a second

    if not any(texts):
        return csr_matrix((len(texts), 1))
    return TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(texts)
