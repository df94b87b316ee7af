"""What a section does, from its heading, place and words; of which years a report and its parts speak."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import accumulate

from kit.data import knowledge, rule
from kit.read.compilation import MAX_HEADING, Assigned, Cut, Report, Span, Years
from kit.read.lines import SPACE, Line, find_plan_years, find_years, is_a, is_title, split_lines, split_sentences
from kit.tables import ANNUAL, MULTI_YEAR, REVIEW_ROLES

ORDER = ("achievements", "problems", "plan")  # in which a report comes to speak of them
_OPENING = 130  # characters in which a paragraph shows what it opens
_MIN_STRETCH = 3  # characters of a matter that a heading names beside another
_MAX_LABEL = 20  # characters before a colon that may be a paragraph's own heading
_CHANGES_FROM = {"highlights": ("achievements",)}  # a heading inside a section may change only this into that
_LAST_LINES = 4  # lines at the end of a section among which it may come to its problems
_WORDS = {"achievements": "done", "highlights": "done", "problems": "lacking", "plan": "ahead"}
_COLON = re.compile(r"[：:]")
_FRAME = "。：:【】[]★☆◆●■· "


def says(role: str, kind: str, text: str) -> bool:
    """Whether a text says somewhere what one of a role's rules looks for."""
    return bool(rule("roles.toml", f"{role}.{kind}").search(text))


def _is(role: str, text: str, *kinds: str) -> bool:
    """Whether a text is, as a whole, what a role's rules of these kinds look for."""
    known = knowledge("roles.toml")[role]
    return any(rule("roles.toml", f"{role}.{kind}").fullmatch(text) for kind in kinds if kind in known)


def heading_role(heading: str, years: Years) -> str | None:
    """Read the role of a section from its heading."""
    named = find_years(heading)
    behind = years.review in named and years.plan not in named
    ahead = (years.plan in named and years.review not in named) or _plans_ahead(heading, years)
    reviews = says("achievements", "strong", heading) and not ahead
    if _states_problems(heading) and not reviews:
        return "problems"
    if reviews:
        return "achievements"
    if ahead or says("plan", "strong", heading):
        return "plan"
    for role in ("highlights", "achievements") if behind else ("highlights", "plan", "achievements"):
        if says(role, "cues", heading):
            return role
    return "achievements" if behind else None


def _states_problems(heading: str) -> bool:
    cued = says("problems", "cues", heading) and not says("problems", "unless", heading)
    return cued or _is("problems", heading, "whole")


def _plans_ahead(heading: str, years: Years) -> bool:
    """Whether a heading names a five-year plan that begins after the year under review, and none before it."""
    begins = find_plan_years(heading)
    return bool(begins) and years.review is not None and min(begins) > years.review


def heading_roles(heading: str, years: Years) -> list[str]:
    """Read the roles that a heading names one behind the other, e.g. problems and plan for 存在问题及下步打算."""
    whole = heading_role(heading, years)
    stretches = rule("roles.toml", "heading.joints").split(heading)
    # what stands between two joints may be a matter of its own
    matters = [one for one in stretches if len(one) >= _MIN_STRETCH or _is("heading", one, "short")]
    told = [heading_role(stretch, years) for stretch in matters]
    turns = [role for n, role in enumerate(told) if role and role not in told[:n]]
    if set(turns) == {"achievements", "highlights"}:
        return ["achievements"]
    if len(turns) > 1 and turns == [role for role in ORDER if role in turns]:
        return turns
    return [whole] if whole else []


def inner_role(heading: str, inherited: str) -> str:
    """Read the role of a heading inside a section, which keeps the section's unless the heading is all another's."""
    for role in ("problems", "highlights", "plan"):
        allowed = inherited in _CHANGES_FROM.get(role, ("achievements", "highlights", "problems", "plan"))
        if allowed and _is(role, heading.strip(_FRAME), "whole"):
            return role
    return inherited


def bare_heading_role(line: str) -> str | None:
    """Read the role of a short line without number or punctuation; None when it is no heading."""
    for role in ("problems", "highlights", "achievements", "plan"):
        if _is(role, line.strip(_FRAME), "whole", "bare"):
            return role
    return None


def frames_years(line: str) -> bool:
    """Whether a short line says no more than which years come next (2024——开局起步的一年)."""
    return _is("heading", line, "frames")


def paragraph_role(paragraph: str, *, plan_year: int | None) -> str | None:
    """Read the role of an unnumbered paragraph from how it opens; None when it goes on as before."""
    label, *behind = _COLON.split(paragraph[: _MAX_LABEL + 1], maxsplit=1)
    for role in ("problems", "plan"):
        if behind and _is(role, label, "whole"):
            return role
        if rule("roles.toml", f"{role}.paragraph", next=str(plan_year or "0000")).search(paragraph[:_OPENING]):
            return role
    return None


def tense_role(text: str) -> str:
    """Tell a review from a plan by its words of what is done and what is to come."""
    done, ahead = (len(rule("roles.toml", f"tense.{kind}").findall(text)) for kind in ("done", "ahead"))
    return "plan" if ahead > done else "achievements"


def is_plan_title(title: str) -> bool:
    """Whether a title promises a plan and nothing else."""
    return says("title", "plan_only", title)


def opening_end(text: str, start: int, end: int) -> int:
    """Where the opening of an unnumbered report ends: behind …汇报如下 or …做好以下工作, else at ``start``."""
    match = rule("roles.toml", "opening.last").search(text, start, start + (end - start) // 2)
    return match.end() if match else start


def assign_sections(
    sections: list[tuple[str, str]], years: Years, *, title: str, government: bool = False, again: int | None = None
) -> list[Assigned]:
    """Give every section of a report its role."""
    stated = [heading_roles(heading, years) for heading, _ in sections]
    if is_plan_title(title):
        return [Assigned("problems" if told[:1] == ["problems"] else "plan", stated=bool(told)) for told in stated]
    if government:  # 主要工作 behind its review may be those of the year that comes
        heads = [heading for heading, _ in sections]
        weak = [n for n in range(1, len(heads)) if stated[n] == ["achievements"] and not _reviews(heads[n], years)]
        stated = [[] if n in weak else told for n, told in enumerate(stated)]
    turn = next((n for n, told in enumerate(stated) if told and told[0] in ("problems", "plan")), len(stated))
    closed = next((n for n, (_, text) in enumerate(sections) if _closes(text, years)), len(stated))
    # sections that a review must be of
    reviewed = turn if turn < len(stated) or says("title", "review_only", title) else 0
    if government:
        reviewed, closed = again or 1, min(closed, (again or len(stated)) - 1)
    return _by_place(stated, [text for _, text in sections], reviewed, closed)


def _by_place(stated: list[list[str]], texts: list[str], reviewed: int, closed: int) -> list[Assigned]:
    """Give sections the roles they state; of the others the first ``reviewed`` review, those behind ``closed`` plan."""
    assigned: list[Assigned] = []
    planned = False
    for number, (told, text) in enumerate(zip(stated, texts, strict=True)):
        if told:
            assigned.append(Assigned(told[0], later=tuple(told[1:]), stated=True))
        elif planned or number > closed:
            assigned.append(Assigned("plan"))
        elif number < reviewed:
            assigned.append(Assigned("achievements"))
        else:
            assigned.append(Assigned(tense_role(text), sure=False))
        planned = planned or "plan" in told
    return assigned


def _reviews(heading: str, years: Years) -> bool:
    """Whether a heading says in so many words that it reviews, or names the year under review."""
    return says("achievements", "strong", heading) or years.review in find_years(heading)


def _closes(text: str, years: Years) -> bool:
    """Whether a section ends its review with the problems that remain; what follows it plans."""
    last = text.rstrip().split("\n")[-_LAST_LINES:]
    return any(paragraph_role(line.strip(_FRAME), plan_year=years.plan) == "problems" for line in last[1:])


def turning_point(stretches: list[str], first: str, second: str) -> int | None:
    """Find where the words of one role end and those of another begin: the split that leaves most on their side."""
    # For problems there is none when no split is better than none: each point may state a problem and its remedy.
    of_first, of_second = (rule("roles.toml", f"tense.{_WORDS[role]}") for role in (first, second))
    gains = [len(of_second.findall(stretch)) - len(of_first.findall(stretch)) for stretch in stretches]
    behind = list(accumulate(reversed(gains)))[::-1]
    if len(gains) < 2 or (first == "problems" and max(behind[1:]) <= max(0, behind[0])):  # noqa: PLR2004
        return None
    return behind.index(max(behind[1:]), 1)


def leading_heading(text: str) -> str:
    """The heading that begins a text which runs on without a stop (2025年工作思路深入贯彻…); empty when none does."""
    goes_on = rule("roles.toml", "heading.goes_on")
    for size in range(_MIN_STRETCH, min(len(text), _MAX_LABEL)):
        if not goes_on.match(text, size) and bare_heading_role(text[:size]):
            return text[:size]
    return ""


def in_words(role: str) -> dict[str, str]:
    """What a role is called, as the messages of doubts take it: ``role`` in Chinese, ``role_en`` in English."""
    names = knowledge("labels.toml")["roles"][role]
    return {"role": names["zh"], "role_en": names["en"]}


# ---- Which years a report reviews and plans, and which of its parts and sentences speak of several years ----

BOTH = "both"  # what a heading may say of its years, beside one or several
_WITH_HORIZON = (*REVIEW_ROLES, "plan")
_LATER = 40  # years ahead that a plan may name
_OPENS = 40  # characters in which a paragraph, or a sentence, says of which years it speaks
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
    found = own if own != Years() else _find_periods(replace(report, title=report.front_title))
    says = report.says
    years = Years(says.get("period", found.review), says.get("plan_period", found.plan))
    return replace(report, years=years, borrowed=own != found)


def _find_periods(report: Report) -> Years:
    """Read the years from a report's title, else from its headings, else from its opening."""
    # A government's report to its assembly is named after the year it is given in, which it plans.
    title, opening = report.title, report.text[report.start : report.start + _HEAD]
    if report.is_government:
        return _government_years(report)
    years = sorted(set(find_years(title)))
    if len(years) > 1:
        return _several(title, years)
    if years and is_plan_title(title):
        return Years(None, years[0])
    if years and rule("roles.toml", "title.same_year").search(title):
        return Years(years[0], years[0])
    assembly = rule("layout.toml", "title.assembly")
    given = [line.text for line in report.titles if assembly.search(line.text)]
    if given and not years:
        return Years(find_years(given[0])[0] - 1, find_years(given[0])[0])
    return _reviewed_years(report, years or find_years(opening))


def _government_years(report: Report) -> Years:
    """The years of a government's report: it plans the year that it is given in, or the next if the year is ending."""
    # Without a date it is named after that year, unless its sections say that this is the year under review.
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
    if heading_role(title[matches[at].end() : end], Years()) == "achievements":
        return Years(years[-1], years[-1] + 1)
    return Years(years[-2], years[-1])


def _reviewed(report: Report) -> int | None:
    for line in report.lines:
        head = line.text[:MAX_HEADING]
        years = find_years(head) if line.is_a("numbered") else []
        if len(years) == 1 and heading_role(head, Years(review=years[0])) == "achievements":
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
    """Tell of every part and sentence of review or plan whether it speaks of one year or of several."""
    # A part's heading tells, else the part above it as far as it has come. Where a heading names both, or a
    # government's says nothing, a paragraph that begins with 五年来 or 2024年 turns all behind it; elsewhere it speaks
    # for itself. A list behind dashes goes on with what stands before it (五年来，……——经济实力跃升。……).
    told = _told_by_headings(report)
    flows: dict[int | None, str] = {None: ANNUAL}
    free: dict[int | None, bool] = {None: report.is_government}
    cuts, before = [], ANNUAL
    for cut, end in report.bounded():
        spans = split_sentences(report.text, cut.start, end)
        if cut.role not in _WITH_HORIZON:
            cuts.append(replace(cut, sentences=tuple((start, stop, "") for start, stop in spans)))
            continue
        says = report.horizons.get(cut.start, told[cut.start])
        free[cut.start] = says == BOTH or (says is None and free.get(cut.parent, False))
        flow = before if "—" in cut.marker else flows.get(cut.parent, ANNUAL)
        flow = says if says and says in (ANNUAL, MULTI_YEAR) else flow
        flows[cut.start], sentences = _flow(report, cut, spans, flow, lasts=free[cut.start])
        if cut.start in report.horizons:
            sentences = tuple((start, stop, flow) for start, stop in spans)
            flows[cut.start] = flow
        before = flow if "—" in cut.marker or not sentences else sentences[-1][2]
        several = sum(stop - start for start, stop, own in sentences if own == MULTI_YEAR)
        whole = MULTI_YEAR if 2 * several > end - cut.start else ANNUAL
        cuts.append(replace(cut, horizon=whole, sentences=sentences))
    return replace(report, cuts=tuple(cuts))


def _told_by_headings(report: Report) -> Mapping[int, str | None]:
    """What the heading of every part says of its years."""
    # A plan that has no section on the year is on both, whatever its heading praises (奋力开创“十五五”新局面).
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
