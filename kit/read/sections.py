"""A report becomes parts: title, opening, numbered points with heading and role, signature, leavings of a web page."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile

from kit.data import knowledge, rule
from kit.read import roles
from kit.read.compilation import MAX_HEADING, Aside, Cut, Report, Section
from kit.read.lines import SPACE, Line, agency_signed, is_a, squeeze
from kit.read.numbering import HEADING, PARAGRAPH, SECTION, Marker, find_markers, nest
from kit.tables import MULTI_YEAR, REVIEW_ROLES

MAX_OWN = 400  # characters of a part in which its heading has to end
FLAT = 600  # characters to a line in a report that must have lost its line breaks
FEW = 2  # lines of one that has next to none
_SOON = 4  # lines below the title of another document in which its numbering begins
_SNIPPET = 20  # characters of a leaving that a doubt quotes
_QUOTED = 12  # characters of a part that a doubt quotes
_MAX_RUN_ON = 80  # characters of a signature that runs on behind the last sentence
_MAX_BEGUN = 2  # times that a report's sections are counted from one: its review's, its plan's
_STOPS = "。！!"
_LEADS = ("：", ":")
_ENDED = ("。", "！", "!", "；", "）", "”", "：")
_STOP = re.compile(r"[。；！？!?;\n]|\.(?=\s|$)")
_COLON = re.compile(r"[：:]")
_COMMA = re.compile(r"[，,]")
_SENTENCE = re.compile(r"(?:(?<=[。！？!?])|(?<=[。！？!?][”’」』）]))[^。！？!?\n]+")
_UNNUMBERED = re.compile(r"[^。！？!?\n]+")
_ASSUMED = {  # what is assumed of a section that speaks of several years
    MULTI_YEAR: knowledge("messages.toml")["horizons"]["several"],
    roles.BOTH: knowledge("messages.toml")["horizons"]["both"],
}
_RUN_ON = ("is", "must", "first", "dash")  # styles whose text begins with no heading


# -- what is no body


def part_lines(report: Report) -> Report:
    """Tell a report's body from its title, its signature, an annex and what a web page left."""
    foreign, annex = _find_foreign(report), _find_annex(report)
    if foreign is not None and foreign <= annex:
        line = report.lines[foreign]
        report = report.doubting("foreign_document", {"start": line.start, "end": line.end}, title=line.text)
    end = annex if foreign is None else min(foreign, annex)
    own, behind = report.lines[:end], report.lines[end:]
    left = [line for line in own if line.is_a("artefact")]
    body, signature = _take_signature([line for line in own if not line.is_a("artefact")])
    found = [("title", report.titles), ("artefact", (*report.furniture, *left, *behind)), ("signature", signature)]
    lines = sorted((line.start, line.end, role) for role, lines in found for line in lines)
    starts = [line.start for line in body]
    runs = (list(run) for _, run in groupby(lines, key=lambda one: (bisect_right(starts, one[0]), one[2])))
    asides = [Aside(run[0][0], run[-1][1], run[0][2]) for run in runs]
    if body:
        inside = rule("layout.toml", "artefact.inline").finditer(report.text, body[0].start, body[-1].end)
        free = (match.span() for match in inside if not any(a.start <= match.start() < a.end for a in asides))
        asides = sorted([*asides, *(Aside(start, end, "artefact") for start, end in free)])
    return replace(report, body=tuple(body), asides=tuple(asides))


def _find_foreign(report: Report) -> int | None:
    """The number of the line with which another document begins that is no report: a bulletin, a notice, a speech."""
    # It stands behind the report's numbering, and either apart or over numbering that begins anew.
    numbered = False
    for number, line in enumerate(report.lines):
        if numbered and len(line.text) <= MAX_HEADING and line.is_a("other document"):
            above, below = report.lines[number - 1], report.lines[number + 1 : number + 1 + _SOON]
            apart = report.text[above.end : line.start].count("\n") > 1 and above.text.endswith(_ENDED)
            if below and (apart or any(one.is_a("first") and one.is_a("outer") for one in below)):
                return number
        numbered = numbered or line.is_a("numbered") or line.is_a("first")
    return None


def _find_annex(report: Report) -> int:
    """The number of the line with which an annex begins; the number of lines when there is none."""
    late = report.end - (report.end - report.start) * knowledge("layout.toml")["annex"]["share"]
    lines = enumerate(report.lines)
    return next((n for n, line in lines if line.start > late and line.is_a("annex")), len(report.lines))


def _take_signature(body: list[Line]) -> tuple[list[Line], list[Line]]:
    """Take the lines of the signature off the end of a body, or what runs on behind its last sentence."""
    signature: list[Line] = []
    while len(body) > 1 and _is_signature(body[-1], body[-2], dated=bool(signature)):
        signature.insert(0, body.pop())
    size = _signature_start(body[-1].text) if body and not signature else 0
    if size:
        last = body.pop()
        body.append(Line(last.start, last.start + size, last.text[:size]))
        signature = [Line(last.start + size, last.end, last.text[size:])]
    return body, signature


def _is_signature(line: Line, above: Line, *, dated: bool) -> bool:
    """Whether a line signs; an agency without a date does behind a sentence, and not in a list of points."""
    if line.is_a("date") or line.is_a("below report"):
        return True
    return line.is_a("agency") and (dated or above.text.endswith(_ENDED))


def _signature_start(text: str) -> int:
    """Where in a line a signature begins that runs on behind the last sentence; 0 when none does."""
    size = max(text.rfind(stop, 0, -1) for stop in _STOPS) + 1
    tail = text[size:].strip(SPACE)
    signed = len(tail) <= _MAX_RUN_ON and (is_a("date", tail) or agency_signed(tail))
    return size if size and signed else 0


# -- where parts begin


def find_numbering(report: Report) -> Report:
    """Find the numbering of the body, and its headings without a number."""
    markers = find_markers(report.text, report.body)
    return replace(report, markers=tuple(_in_order(markers + _find_headings(report, markers))))


def _in_order(markers: list[Marker]) -> list[Marker]:
    return sorted(markers, key=lambda marker: marker.start)


def _unmarked(start: int, end: int, style: str = PARAGRAPH, level: int | None = None) -> Marker:
    """A place where a part begins without a number; to ``end`` runs its heading."""
    return Marker(start, end, style, None, -1, inline=False, level=level)


def _find_headings(report: Report, markers: list[Marker]) -> list[Marker]:
    """Find lines that are a heading without a number, by their words or their style."""
    # Such a heading stands outermost, unless the outermost numbering counts on behind it.
    marked = {marker.start for marker in markers}
    outer = min((marker.rank for marker in markers), default=0)
    counted = [marker for marker in markers if marker.rank == outer]
    starts = [marker.start for marker in counted]
    found = []
    for start, end, level in _headings_in(report):
        place = bisect_right(starts, start)
        counts_on = place < len(counted) and counted[place].ordinal != 1
        if start not in marked:
            found.append(_unmarked(start, end, HEADING if counts_on else SECTION, level))
    return found


def _headings_in(report: Report) -> Iterator[tuple[int, int, int | None]]:
    """Yield lines styled as headings, and lines and words in lenticular brackets that read like a section's."""
    for line in report.body:
        if _is_heading(line):
            yield line.start, line.end, line.level
            continue
        for match in rule("layout.toml", "points.bracketed").finditer(report.text, line.start, line.end):
            if roles.bare_heading_role(match.group(1)):
                yield *match.span(), None


def _is_heading(line: Line) -> bool:
    """Whether a line without number is a heading: by its style, or short and worded as a section's."""
    text = squeeze(line.text)
    if len(text) > MAX_HEADING or _STOP.search(text):
        return False
    short = len(text) <= MAX_HEADING // 2 and not _COMMA.search(text) and "\t" not in text
    return line.level is not None or (short and (roles.bare_heading_role(text) is not None or roles.frames_years(text)))


# -- the outline: nested cuts with their headings and roles


def cut_outline(report: Report) -> Report:
    """Cut a body by its numbering, or where there is none by headings, openings and tense."""
    if not report.body:
        return report
    if not report.markers:
        report = replace(report, cuts=tuple(_cut_unnumbered(report)))
        return report.doubting("no_outline", {"start": report.begin, "end": report.stop})
    return _outline(report)


def turn_paragraphs(report: Report) -> Report:
    """Cut once more, where unnumbered paragraphs turn to another role or the analyst has settled one."""
    # Whether a paragraph turns depends on the role that it stands in, so that roles have to be known before.
    if not report.markers:
        return report
    settled = {at: role for at, role in report.settled.items() if report.begin <= at < report.stop}
    turns = _find_turns(report) | settled
    return _outline(replace(report, turns=turns)) if turns else report


def part_mixed(report: Report) -> Report:
    """Cut once more, where a section's heading names two matters and its text says nowhere where the second begins."""
    # They are parted at the point, or paragraph before the first point, where the words of the first matter end.
    parted: dict[int, str] = {}
    paragraphs = [start for start, _ in _paragraphs(report, inside_last=False)]
    for section, inside in report.by_section():
        if not section.told.later or section.told.later[0] in {cut.role for cut in inside}:
            continue
        points = [cut.start for cut in inside if cut.parent == section.start]
        first = points[0] if points else section.end
        before = paragraphs[bisect_right(paragraphs, section.start) : bisect_left(paragraphs, first)]
        starts = [*before, *points, section.end]
        stretches = [report.text[a:b] for a, b in pairwise(starts)]
        at = roles.turning_point(stretches, section.told.role, section.told.later[0])
        if at is not None:
            parted[starts[at]] = section.told.later[0]
    if not parted:
        return report
    return _outline(replace(report, turns={**report.turns, **parted}, parted=parted), sections=report.sections)


def _outline(report: Report, sections: tuple[Section, ...] | None = None) -> Report:
    added = [_unmarked(at, at) for at in report.turns.keys() - {marker.start for marker in report.markers}]
    cuts = _as_cuts(report, _in_order([*report.markers, *added]))
    sections = _read_sections(report, cuts) if sections is None else sections
    return replace(report, sections=sections, cuts=_with_roles(cuts, sections, report))


def _as_cuts(report: Report, markers: Sequence[Marker]) -> list[Cut]:
    """Nest the markers and read each one's heading; roles come later."""
    text, nested = report.text, nest(markers)
    inner = {parent for parent, _ in nested if parent is not None}
    stops = [marker.start for marker in markers[1:]] + [report.stop]
    cuts = []
    for number, (marker, (parent, depth), stop) in enumerate(zip(markers, nested, stops, strict=True)):
        is_line = marker.style in (SECTION, HEADING)
        begin = marker.start if is_line else marker.end
        heading = ""
        if marker.style != PARAGRAPH:
            own = text[begin : marker.end if is_line else min(stop, begin + 2 * MAX_OWN)]
            heading = read_heading(own, closed=is_line or number in inner or depth == 1)
        at = text.find(heading, begin)
        cuts.append(
            Cut(
                start=marker.start,
                marker=text[marker.start : begin].strip(),
                style=marker.style,
                ordinal=marker.ordinal,
                depth=depth,
                parent=None if parent is None else markers[parent].start,
                heading=squeeze(heading),
                heading_at=at,
                heading_end=at + len(heading),
            )
        )
    return cuts


def read_heading(own: str, *, closed: bool) -> str:
    """Read the heading at the beginning of a part's own text."""
    own = own.strip(SPACE + "\n")
    head = _STOP.split(own[:MAX_OWN], maxsplit=1)[0].strip(SPACE)
    more = len(own) > len(head) + 1
    label = _COLON.split(head, maxsplit=1)[0]
    if label != head and len(label) <= MAX_HEADING // 2:
        return label.strip(SPACE)
    if closed and (len(head) > MAX_HEADING or _COMMA.search(head)):
        lead = roles.leading_heading(head)
        if lead or len(head) > MAX_HEADING:
            return lead
    return head if len(head) <= MAX_HEADING and (more or closed) else ""


def _read_sections(report: Report, cuts: list[Cut]) -> tuple[Section, ...]:
    outer = [cut for cut in cuts if cut.depth == 1]
    ends = [cut.start for cut in outer[1:]] + [report.stop]
    headed = [(cut, end) for cut, end in zip(outer, ends, strict=True) if cut.style != PARAGRAPH]
    places = [(cut.start, end, _heading_of(report.text, cut)) for cut, end in headed]
    firsts = [number for number, (cut, _) in enumerate(headed) if cut.ordinal == 1]
    again = firsts[1] if len(firsts) == 2 and not firsts[0] else None  # noqa: PLR2004, review and plan
    texts = [(_dated(head, report), report.text[start:end]) for start, end, head in places]
    government = report.is_government
    assigned = roles.assign_sections(texts, report.years, title=report.title, government=government, again=again)
    return tuple(Section(*place, told) for place, told in zip(places, assigned, strict=True))


def _dated(heading: str, report: Report) -> str:
    """A heading of a government's report with the years that 今年 and 去年 mean: it is given in the year it plans."""
    if not report.is_government or report.years.plan is None:
        return heading
    written = knowledge("roles.toml")["horizon"]["year"]
    for name, year in (("this_year", report.years.plan), ("last_year", report.years.review)):
        heading = rule("roles.toml", f"horizon.{name}").sub(written.format(year), heading)
    return heading


def _heading_of(text: str, cut: Cut) -> str:
    """What stands where a section's heading would, whether or not it reads like one."""
    begin = cut.start + len(cut.marker)
    return cut.heading or squeeze(_STOP.split(text[begin : begin + MAX_HEADING])[0])


def _with_roles(cuts: list[Cut], sections: Sequence[Section], report: Report) -> tuple[Cut, ...]:
    """Give every cut its section's role, unless its own heading, or a turn found in it, says otherwise."""
    # A turn lasts to the end of its section when the section's numbering begins anew behind it. One that leads into a
    # list (2024年工作安排如下：) lasts as long as that list, whose points may be the report's outermost numbers.
    by_start, turns = _section_cuts(cuts, sections, report), report.turns
    done: dict[int, Cut] = {}
    flow, turned = "", ""  # the section's role as it goes on, and the last turn in it
    for cut in cuts:
        if cut.start in by_start:
            done[cut.start] = by_start[cut.start]
            flow, turned = done[cut.start].role, ""
            continue
        above = None if cut.parent is None else done[cut.parent]
        is_point = cut.parent in by_start
        if is_point and cut.ordinal:
            flow, turned = (turned if turned and cut.ordinal == 1 else flow), ""
        role = flow if above is None or is_point else above.role
        role = turns.get(cut.start, role if cut.style in _RUN_ON else roles.inner_role(cut.heading, role))
        turned = turns.get(cut.start, turned)
        flow = role if cut.start in report.parted else flow
        inherits = above is not None and not above.sure and role == above.role
        done[cut.start] = replace(cut, role=role, sure=not inherits or cut.start in turns)
    return tuple(done.values())


def _section_cuts(cuts: list[Cut], sections: Sequence[Section], report: Report) -> dict[int, Cut]:
    """The outermost cuts with their section's role, or that of the sentence that leads into their list."""
    by_start = {section.start: section for section in sections}
    leads, led = _lead_ins(report), ""
    done = {}
    for cut in (cut for cut in cuts if cut.start in by_start):
        section = by_start[cut.start]
        goes_on = led if (cut.ordinal or 0) > 1 else ""
        led = "" if section.told.stated or not cut.ordinal else leads.get(cut.start, goes_on)
        role = report.turns.get(cut.start, led or section.told.role)
        done[cut.start] = replace(cut, role=role, sure=section.told.sure or bool(led) or cut.start in report.turns)
    return done


def _lead_ins(report: Report) -> dict[int, str]:
    """The roles that sentences ending in a colon give to the lists right behind them, by where these begin."""
    firsts = [marker for marker in report.markers if marker.ordinal == 1]
    starts = [marker.start for marker in firsts]
    found = {}
    for at, role in report.turns.items():
        place = bisect_right(starts, at)
        lead = report.text[at : starts[place]].strip(SPACE + "\n") if place < len(starts) else ""
        if lead.endswith(_LEADS) and "\n" not in lead:
            found[starts[place]] = role
    return found


def _find_turns(report: Report) -> dict[int, str]:
    """Find unnumbered paragraphs of a review that state problems or, where no section plans, look ahead."""
    # A section plans when its heading says so, not when that had to be assumed; behind problems a look ahead is a plan.
    cuts = report.cuts
    starts = [cut.start for cut in cuts]
    planned = any(cut.role == "plan" and cut.sure for cut in cuts)
    turns: dict[int, str] = {}
    turned = (report.begin, "")  # the part that turned last, and to what
    for start, paragraph in _paragraphs(report, inside_last=not planned):
        cut = cuts[bisect_right(starts, start) - 1]
        if not starts[0] < start or cut.start == start:
            continue
        role = roles.paragraph_role(paragraph, plan_year=report.years.plan)
        stated = role == "problems" and cut.role in REVIEW_ROLES
        ahead = role == "plan" and (not planned or turned == (cut.start, "problems"))
        if stated or (ahead and not (cut.role == "plan" and cut.sure)):
            turns[start] = str(role)
            turned = (cut.start, str(role))
    return turns


def _paragraphs(report: Report, *, inside_last: bool) -> Iterator[tuple[int, str]]:
    """Yield where paragraphs begin, and how; where line breaks are lost, and in the last line, where sentences do."""
    body = report.body
    flat = len(body) <= FEW or sum(len(line.text) for line in body) >= FLAT * len(body)
    for line in body:
        yield line.start, line.text
        if flat or (inside_last and line is body[-1]):
            yield from _stretches(_SENTENCE, report.text, line.start, line.end)


def _stretches(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield where the matches of a pattern begin, white space left out, and what they hold."""
    for match in pattern.finditer(text, start, end):
        yield _skip_space(text, match.start(), end), match.group().strip(SPACE)


def _skip_space(text: str, start: int, end: int) -> int:
    """The first character of ``text[start:end]`` that is not white space."""
    return end - len(text[start:end].lstrip(SPACE + "\n"))


def _cut_unnumbered(report: Report) -> list[Cut]:
    """Cut a body without any numbering: opening, then review, problems and plan as its sentences say."""
    text, start, end = report.text, report.begin, report.stop
    begin = roles.opening_end(text, start, end)
    first, plan_only = report.body[0].text, roles.is_plan_title(report.title)
    if (
        begin == start
        and len(report.body) > 1
        and len(first) < (end - start) // 2
        and roles.says("opening", "first", first)
    ):
        begin = report.body[1].start
    role = "plan" if plan_only else roles.tense_role(text[begin : begin + (end - begin) // 2])
    cuts = [Cut(_skip_space(text, begin, end), role, depth=1)]
    lines = [(max(begin, line.start), line.end) for line in report.body if line.end > begin]
    for at, sentence in (one for line in lines for one in _stretches(_UNNUMBERED, text, *line)):
        told = roles.paragraph_role(sentence, plan_year=report.years.plan)
        if told and told != cuts[-1].role and not plan_only and cuts[-1].role != "plan":
            cuts.append(Cut(at, told, depth=1))
    return cuts


# -- what is doubtful about sections: their roles, their numbers


def doubt_sections(report: Report) -> Report:
    """List sections whose role had to be assumed, those that name two roles, and numbers that repeat or skip."""
    for section, inside in report.by_section():
        words = {"heading": section.heading, **roles.in_words(inside[0].role)}
        place = {"start": section.start, "end": min(section.end, section.start + MAX_HEADING)}
        if not inside[0].sure:
            report = report.doubting("role_assumed", place, **words)
        elif not {section.told.role if section.told.stated else inside[0].role, *section.told.later} <= {
            cut.role for cut in inside
        }:
            report = report.doubting("roles_mixed", place, **words)
        told = roles.horizon(section.heading, report.years) if inside[0].role in (*REVIEW_ROLES, "plan") else None
        if told in _ASSUMED:
            report = report.doubting("several_years", place, heading=section.heading, **_ASSUMED[told])
        for cut in _mixed_inside(inside, report):
            place = {"start": cut.start, "end": cut.heading_end}
            report = report.doubting("roles_mixed", place, heading=cut.heading, **roles.in_words(cut.role))
    for at, role in report.parted.items():
        place = {"start": at, "end": min(report.stop, at + MAX_HEADING)}
        report = report.doubting("roles_parted", place, words=report.text[at : at + _QUOTED], **roles.in_words(role))
    return _doubt_numbers(report)


def _mixed_inside(inside: Sequence[Cut], report: Report) -> Iterator[Cut]:
    """Yield the points of a section whose heading names several matters that their text does not part."""
    for number, cut in enumerate(inside[1:], start=1):
        named = roles.heading_roles(cut.heading, report.years) if cut.role == "problems" else []
        if len(named) > 1 and not set(named) <= {cut.role, *_roles_below(inside, number)}:
            yield cut


def _roles_below(cuts: Sequence[Cut], number: int) -> set[str]:
    """The roles of what stands under a cut: its points, and the paragraphs that change its role."""
    depth = cuts[number].depth
    return {cut.role for cut in takewhile(lambda cut: cut.depth > depth or cut.style == PARAGRAPH, cuts[number + 1 :])}


def _doubt_numbers(report: Report) -> Report:
    """List numbers that repeat or skip among the points under one parent."""
    last: dict[tuple[int | None, str], int] = {}
    begun = [cut for cut in report.cuts if cut.depth == 1 and cut.style == "han" and cut.ordinal == 1]
    if len(begun) > _MAX_BEGUN:
        place = {"start": begun[-1].start, "end": begun[-1].start + len(begun[-1].marker)}
        report = report.doubting("numbering_restarts", place, times=len(begun), marker=begun[-1].marker)
    for cut in report.cuts:
        if cut.ordinal is None or cut.style == "first":
            continue
        key = (cut.parent, cut.style)
        before, last[key] = last.get(key, 0), cut.ordinal
        place = {"start": cut.start, "end": cut.start + len(cut.marker)}
        if before and cut.ordinal != 1 and cut.ordinal <= before:
            report = report.doubting("numbering_repeats", place, marker=cut.marker)
        elif cut.ordinal > before + 1:
            report = report.doubting("numbering_skips", place, before=before, marker=cut.marker)
    return report


# -- every character once


def join_parts(report: Report) -> Report:
    """Put what is no body between the parts, so that every character of the report is in one; settle roles."""
    cuts = _interleave(report)
    if not cuts or cuts[0].start > report.start:
        cuts.insert(0, Cut(report.start, "opening"))
    cuts = [replace(cut, role=report.settled[cut.start]) if cut.start in report.settled else cut for cut in cuts]
    report = replace(report, cuts=tuple(cuts))
    told = {row["start"] for row in report.doubts if row["code"] == "foreign_document"}
    for aside in report.asides:
        if aside.role == "artefact" and aside.start not in told:
            quoted = report.text[aside.start : aside.end].split("\n", maxsplit=1)[0][:_SNIPPET]
            report = report.doubting("artefact", {"start": aside.start, "end": aside.end}, text=quoted)
    return report


def _interleave(report: Report) -> list[Cut]:
    """Put what is no body between the parts; a part that it interrupts goes on behind it."""
    outline = list(report.cuts)
    if report.body and (not outline or report.begin < outline[0].start):
        outline.insert(0, Cut(report.begin, "opening"))
    starts, lines = [cut.start for cut in outline], [line.start for line in report.body]
    cuts = {cut.start: cut for cut in outline}
    nexts = [aside.start for aside in report.asides] + [report.end]
    for aside, following in zip(report.asides, nexts[1:], strict=True):
        cuts[aside.start] = Cut(aside.start, aside.role)
        at = _resume(aside, report.body, lines)
        place = bisect_right(starts, aside.start) - 1
        if at is not None and place >= 0 and at not in cuts and at < following:
            cuts[at] = replace(outline[place], start=at, marker="", style="", ordinal=None, heading="", heading_end=0)
    return sorted(cuts.values(), key=lambda cut: cut.start)


def _resume(aside: Aside, body: Sequence[Line], lines: list[int]) -> int | None:
    """Where the body goes on behind a stretch: within the line that it stands in, or with the next line."""
    place = bisect_right(lines, aside.start) - 1
    if place >= 0 and aside.end < body[place].end:
        return aside.end
    return lines[place + 1] if place + 1 < len(lines) else None
