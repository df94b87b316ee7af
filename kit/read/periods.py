"""Which years a report reviews and plans, and which of its parts and sentences speak of several years."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from kit.data import rule
from kit.read import roles
from kit.read.lines import SPACE, Line, find_years, is_a, is_title, split_lines, split_sentences
from kit.read.state import Cut, Report, Span, Years
from kit.tables import ANNUAL, MULTI_YEAR, REVIEW_ROLES

BOTH = "both"  # what a heading may say of its years, beside one or several
_WITH_HORIZON = (*REVIEW_ROLES, "plan")
_LATER = 40  # years ahead that a plan may name
_OPENS = 40  # characters in which a paragraph, or a sentence, says of which years it speaks
_MAX_HEAD = 40  # characters in which a line may name a role
_OVER = 6  # lines below a title that may say when the report was given
_MAX_LINE = 60
_ENDS = ("。", "；", "！", "，")
_HEAD = 1500  # characters of any other in which it says its year


def dated_title(front: str) -> str:
    """The compilation's own title, where it names a year (柳溪县2023年…汇编); else empty."""
    lines = (line.text for line in split_lines(front))
    return next((text for text in lines if find_years(text) and (is_a("collection", text) or is_title(text))), "")


def find_periods(report: Report) -> Report:
    """Read the years that a report reviews and plans; where it names none, those of the compilation's title."""
    own = _find_periods(report)
    found = own if own != Years() else _find_periods(replace(report, title=report.front.title))
    says = report.says
    years = Years(says.get("period", found.review), says.get("plan_period", found.plan))
    return replace(report, years=years, borrowed=own != found)


def _find_periods(report: Report) -> Years:
    """Read the years from a report's title, else from its headings, else from its opening.

    A government's report to its assembly is named after the year it is given in, which it plans. None stands for a
    year that is neither written nor follows from the other.
    """
    title, opening = report.title, report.text[report.start : report.start + _HEAD]
    if report.is_government:
        return _government_years(report)
    years = sorted(set(find_years(title)))
    if len(years) > 1:
        return _several(title, years)
    if years and roles.is_plan_title(title):
        return Years(None, years[0])
    if years and rule("roles.toml", "title.same_year").search(title):
        return Years(years[0], years[0])
    assembly = rule("layout.toml", "title.assembly")
    given = [line.text for line in report.titles if assembly.search(line.text)]
    if given and not years:
        return Years(find_years(given[0])[0] - 1, find_years(given[0])[0])
    return _reviewed_years(report, years or find_years(opening))


def _government_years(report: Report) -> Years:
    """The years of a government's report: it plans the year that it is given in, or the next if the year is ending.

    Without a date it is named after that year, in its title or its file's name, unless its sections say that this is
    the year under review.
    """
    over = [report.title, *(line.text for line in (*report.titles, *report.lines[:_OVER]) if _is_head(line))]
    given = next(filter(None, map(rule("layout.toml", "year.given").search, over)), None)
    heads = (line.text for line in report.lines if _is_head(line) and not line.is_a("below title"))
    headings = {year for text in heads for year in find_years(text)}
    if given:
        year = find_years(given.group())[0]
        plan = year + bool(given["ending"] or (given["late"] and year + 1 in headings))
        return Years(plan - 1, plan)
    opening = find_years(report.text[report.start : report.start + _HEAD])
    named = find_years(report.title) or [
        year
        for year in map(int, rule("layout.toml", "year.in_file").findall(report.file))
        if {year, year - 1} & {*headings, *opening}
    ]
    if not named:
        return _reviewed_years(report, opening)
    plan = named[0] + ({named[0], named[0] + 1} <= headings and named[0] - 1 not in headings)
    return Years(plan - 1, plan)


def _reviewed_years(report: Report, opening: list[int]) -> Years:
    """The years of a report that names the one it reviews: in the heading of its review, else where it opens."""
    review = _reviewed(report) or next(iter(sorted(set(opening[:2]))), None)
    return Years(review, review + 1) if review else Years()


def _is_head(line: Line) -> bool:
    """Whether a line is short enough for the heading of a section, and no sentence."""
    return len(line.text) <= _MAX_LINE and not line.text.endswith(_ENDS)


def _several(title: str, years: list[int]) -> Years:
    """Of several years in a title the last is the plan's, unless all are reviewed (2021—2023年工作总结)."""
    matches = list(rule("layout.toml", "year.named").finditer(title))
    at = next(n for n, match in enumerate(matches) if find_years(title[match.start() :])[:1] == years[-1:])
    end = matches[at + 1].start() if at + 1 < len(matches) else len(title)
    if roles.heading_role(title[matches[at].end() : end], Years()) == "achievements":
        return Years(years[-1], years[-1] + 1)
    return Years(years[-2], years[-1])


def _reviewed(report: Report) -> int | None:
    """The year whose review a section's heading announces."""
    for line in report.lines:
        head = line.text[:_MAX_HEAD]
        years = find_years(head) if line.is_a("numbered") else []
        if len(years) == 1 and roles.heading_role(head, Years(review=years[0])) == "achievements":
            return years[0]
    return None


# -- horizons


def horizon(text: str, years: Years, *, begins: bool = False) -> str | None:
    """Whether a heading, or how a paragraph begins, speaks of one year, of several, or of both; None: of neither."""
    if not _speaks_of_years(text):
        return None
    rules = _rules(years)
    several, yearly = ("several_begins", "yearly_begins") if begins else ("several", "yearly")
    found = (rules[several].search(text) is not None, rules[yearly].search(text) is not None)
    return {(True, False): MULTI_YEAR, (False, True): ANNUAL, (True, True): BOTH}.get(found)


def _speaks_of_years(text: str) -> bool:
    """Whether a text may say anything of years; most do not, and are not looked at further."""
    return rule("roles.toml", "horizon.signs").search(text) is not None


def reaches_on(sentence: str, years: Years) -> bool:
    """Whether a sentence says that it speaks of several years: 到2030年, 五年内."""
    return _rules(years)["several_says"].search(sentence) is not None


@cache
def _rules(years: Years) -> dict[str, re.Pattern[str]]:
    last = years.plan or years.review
    later = "|".join(map(str, range(last + 1, last + _LATER))) if last else "(?!)"
    filled = {"review": str(years.review or "(?!)"), "plan": str(years.plan or "(?!)"), "later": f"(?:{later})"}
    kinds = ("several", "yearly", "several_begins", "yearly_begins", "several_says")
    return {kind: rule("roles.toml", f"horizon.{kind}", **filled) for kind in kinds}


def tell_horizons(report: Report) -> Report:
    """Tell of every part and sentence of review or plan whether it speaks of one year or of several.

    A part's heading tells, else the part above it as far as it has come. Where a heading names both, or a government's
    says nothing, a paragraph that begins with 五年来 or 2024年 turns all behind it; elsewhere it speaks for itself.
    """
    told = _told_by_headings(report)
    flows: dict[int | None, str] = {None: ANNUAL}
    free: dict[int | None, bool] = {None: report.is_government}
    ends = [cut.start for cut in report.cuts[1:]] + [report.end]
    cuts = []
    for cut, end in zip(report.cuts, ends, strict=True):
        spans = split_sentences(report.text, cut.start, end)
        if cut.role not in _WITH_HORIZON:
            cuts.append(replace(cut, sentences=tuple((start, stop, "") for start, stop in spans)))
            continue
        says = report.horizons.get(cut.start, told[cut.start])
        free[cut.start] = says == BOTH or (says is None and free.get(cut.parent, False))
        flow = says if says and says in (ANNUAL, MULTI_YEAR) else flows.get(cut.parent, ANNUAL)
        flows[cut.start], sentences = _flow(report, cut, spans, flow, lasts=free[cut.start])
        if cut.start in report.horizons:
            sentences = tuple((start, stop, flow) for start, stop in spans)
            flows[cut.start] = flow
        several = sum(stop - start for start, stop, own in sentences if own == MULTI_YEAR)
        whole = MULTI_YEAR if 2 * several > end - cut.start else ANNUAL
        cuts.append(replace(cut, horizon=whole, sentences=sentences))
    return replace(report, cuts=tuple(cuts))


def _told_by_headings(report: Report) -> Mapping[int, str | None]:
    """What the heading of every part says of its years.

    A plan that has no section on the year is on both, whatever its heading praises (奋力开创“十五五”新局面).
    """
    told = {cut.start: horizon(cut.heading, report.years) for cut in report.cuts}
    plans = [cut.start for cut in report.cuts if cut.depth == 1 and cut.role == "plan" and cut.heading]
    lone = {told[start] for start in plans} == {MULTI_YEAR}
    return told | dict.fromkeys(plans, BOTH) if lone else told


def _flow(
    report: Report, cut: Cut, spans: Iterable[Span], flow: str, *, lasts: bool
) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Follow the sentences of a part: the horizon that goes on behind it, and each with its own."""
    found = []
    for start, stop in spans:
        own, sentence = flow, report.text[start:stop].lstrip(SPACE + "\n")
        if start >= cut.heading_end and _speaks_of_years(sentence):
            told = horizon(sentence[:_OPENS], report.years, begins=True)
            own = told if told and told in (ANNUAL, MULTI_YEAR) else flow
            if lasts and (start == 0 or report.text[start - 1] == "\n"):
                flow = own
            own = MULTI_YEAR if reaches_on(sentence, report.years) else own
        found.append((start, stop, own))
    return flow, tuple(found)
