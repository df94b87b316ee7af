"""The outline of a report's body: sections and points by their numbering, each with its heading and its role."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from kit.read import layout, roles
from kit.read.cuts import MAX_HEADING, Body, Cut, Section, by_section
from kit.read.doubts import doubt
from kit.read.layout import SPACE
from kit.read.nesting import nest
from kit.read.outline import HEADING, PARAGRAPH, SECTION, Marker, find_markers
from kit.read.section_doubts import check_numbers, doubt_parted, doubt_roles
from kit.tables import REVIEW_ROLES

MAX_OWN = 400  # characters of a part in which its heading has to end
FLAT = 600  # characters to a line in a report that must have lost its line breaks
FEW = 2  # lines of one that has next to none
_STOP = re.compile(r"[。；！？!?;\n]|\.(?=\s|$)")
_COLON = re.compile(r"[：:]")
_COMMA = re.compile(r"[，,]")
_SENTENCE = re.compile(r"(?:(?<=[。！？!?])|(?<=[。！？!?][”’」』）]))[^。！？!?\n]+")
_UNNUMBERED = re.compile(r"[^。！？!?\n]+")
_RUN_ON = ("is", "must", "first", "dash")  # styles whose text begins with no heading


def cut_sections(body: Body, settled: Mapping[int, str]) -> tuple[list[Cut], list[dict]]:
    """Cut a body by its numbering, or where there is none by headings, openings and tense.

    Parameters
    ----------
    body : Body
    settled : mapping of int to str
        Roles that the analyst has set, by where the part begins.

    Returns
    -------
    cuts : list of Cut
        In the order of the text; what stands before the first is the opening.
    doubts : list of dict
        Rows of `tables.DOUBTS`.
    """
    markers = find_markers(body.text, body.lines)
    markers = sorted([*markers, *_find_headings(body, markers)], key=lambda marker: marker.start)
    if not markers:
        place = {"start": body.start, "end": body.end}
        return _cut_unnumbered(body), [doubt("no_outline", body.report, place)]
    cuts = _as_cuts(body, markers)
    sections = _read_sections(body, cuts)
    turns = _find_turns(body, _with_roles(cuts, sections, {})) | _inside(body, settled)
    cuts = _cut_at(body, markers, turns)
    sections = _read_sections(body, cuts)
    cuts = _with_roles(cuts, sections, turns)
    parted = _part_mixed(body, cuts, sections)
    if parted:
        cuts = _with_roles(_cut_at(body, markers, turns | parted), sections, turns | parted, lasting=frozenset(parted))
    doubts = doubt_roles(cuts, sections, body.report, body.years) + doubt_parted(body, parted)
    return cuts, doubts + check_numbers(cuts, body.report)


def _inside(body: Body, settled: Mapping[int, str]) -> dict[int, str]:
    return {at: role for at, role in settled.items() if body.start <= at < body.end}


def _unmarked(start: int, end: int, style: str = PARAGRAPH, level: int | None = None) -> Marker:
    """A place where a part begins without a number; to ``end`` runs its heading."""
    return Marker(start, end, style, None, -1, inline=False, level=level)


def _find_headings(body: Body, markers: list[Marker]) -> list[Marker]:
    """Find lines that are a heading without a number, by their words or their style.

    Such a heading stands outermost, unless the outermost numbering counts on behind it.
    """
    marked = {marker.start for marker in markers}
    outer = min((marker.rank for marker in markers), default=0)
    counted = [marker for marker in markers if marker.rank == outer]
    starts = [marker.start for marker in counted]
    found = []
    for start, end, level in _headings_in(body):
        place = bisect_right(starts, start)
        counts_on = place < len(counted) and counted[place].ordinal != 1
        if start not in marked:
            found.append(_unmarked(start, end, HEADING if counts_on else SECTION, level))
    return found


def _headings_in(body: Body) -> Iterator[tuple[int, int, int | None]]:
    """Yield the lines styled as headings, and lines and what stands in lenticular brackets that read like a section's.

    Whole paragraphs that are styled as a heading are none.
    """
    for line in body.lines:
        plain = not _STOP.search(line.text)
        short = len(line.text) <= MAX_HEADING // 2 and plain and not _COMMA.search(line.text) and "\t" not in line.text
        styled = line.level is not None and len(line.text) <= MAX_HEADING and plain
        if styled or (short and roles.bare_heading_role(line.text)):
            yield line.start, line.end, line.level
            continue
        for match in layout.rule("points", "bracketed").finditer(body.text, line.start, line.end):
            if roles.bare_heading_role(match.group(1)):
                yield *match.span(), None


def _cut_at(body: Body, markers: list[Marker], turns: Mapping[int, str]) -> list[Cut]:
    """Cut at the markers, and where a turn begins that no marker begins."""
    added = [_unmarked(at, at) for at in turns.keys() - {marker.start for marker in markers}]
    return _as_cuts(body, sorted([*markers, *added], key=lambda marker: marker.start))


def _as_cuts(body: Body, markers: list[Marker]) -> list[Cut]:
    """Nest the markers and read each one's heading; roles come later."""
    text, nested = body.text, nest(markers)
    inner = {parent for parent, _ in nested if parent is not None}
    stops = [marker.start for marker in markers[1:]] + [body.end]
    cuts = []
    for number, (marker, (parent, depth), stop) in enumerate(zip(markers, nested, stops, strict=True)):
        is_line = marker.style in (SECTION, HEADING)
        begin = marker.start if is_line else marker.end
        own = text[begin : marker.end if is_line else stop]
        heading = (
            "" if marker.style == PARAGRAPH else read_heading(own, closed=is_line or number in inner or depth == 1)
        )
        cuts.append(
            Cut(
                start=marker.start,
                marker=text[marker.start : begin].strip(),
                style=marker.style,
                ordinal=marker.ordinal,
                depth=depth,
                parent=None if parent is None else markers[parent].start,
                heading=heading,
                heading_at=text.find(heading, begin),
            )
        )
    return cuts


def read_heading(own: str, *, closed: bool) -> str:
    """Read the heading at the beginning of a part's own text.

    Parameters
    ----------
    own : str
        What stands behind the marker.
    closed : bool
        Whether a text of one sentence is a heading (it has points below it, or stands outermost) and not the point.

    Returns
    -------
    str
        Without its full stop; empty when the part begins with its text.
    """
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


def _read_sections(body: Body, cuts: list[Cut]) -> list[Section]:
    """Give every outermost section its role."""
    outer = [cut for cut in cuts if cut.depth == 1]
    ends = [cut.start for cut in outer[1:]] + [body.end]
    spans = [(cut.start, end) for cut, end in zip(outer, ends, strict=True) if cut.style != PARAGRAPH]
    outer = [cut for cut in outer if cut.style != PARAGRAPH]
    heads = [_heading_of(body.text, cut) for cut in outer]
    texts = [body.text[start:end] for start, end in spans]
    assigned = roles.assign_sections(list(zip(heads, texts, strict=True)), body.years, title=body.title)
    return [
        Section(start, end, head, told.role, told.sure, told.later)
        for (start, end), head, told in zip(spans, heads, assigned, strict=True)
    ]


def _heading_of(text: str, cut: Cut) -> str:
    """What stands where a section's heading would, whether or not it reads like one."""
    begin = cut.start + len(cut.marker)
    return cut.heading or _STOP.split(text[begin : begin + MAX_HEADING])[0]


def _with_roles(
    cuts: list[Cut], sections: list[Section], turns: Mapping[int, str], *, lasting: frozenset[int] = frozenset()
) -> list[Cut]:
    """Give every cut its section's role, unless its own heading, or a turn found in it, says otherwise.

    A turn lasts to the end of its section when the section's numbering begins anew behind it.
    """
    by_start = {section.start: section for section in sections}
    done: dict[int, Cut] = {}
    flow, turned = "", ""  # the section's role as it goes on, and the last turn in it
    for cut in cuts:
        section, is_point = by_start.get(cut.start), cut.parent in by_start
        if section:
            flow, turned = turns.get(cut.start, section.role), ""
        elif is_point and cut.ordinal:
            flow, turned = (turned if turned and cut.ordinal == 1 else flow), ""
        role = flow if section or is_point or cut.parent is None else done[cut.parent].role
        if not section:
            role = role if cut.style in _RUN_ON else roles.inner_role(cut.heading, role)
            role = turns.get(cut.start, role)
            turned = turns.get(cut.start, turned)
            flow = role if cut.start in lasting else flow
        above = done.get(cut.parent) if cut.parent is not None else None
        sure = section.sure if section else above is None or above.sure or role != above.role
        done[cut.start] = replace(cut, role=role, sure=sure or cut.start in turns)
    return list(done.values())


def _find_turns(body: Body, cuts: list[Cut]) -> dict[int, str]:
    """Find unnumbered paragraphs of a review that state problems or, where no section plans, look ahead.

    A section plans when its heading says so, not when that had to be assumed; behind problems a look ahead is a plan.
    """
    starts = [cut.start for cut in cuts]
    planned = any(cut.role == "plan" and cut.sure for cut in cuts)
    turns: dict[int, str] = {}
    turned = (body.start, "")  # the part that turned last, and to what
    for start, paragraph in _paragraphs(body, inside_last=not planned):
        cut = cuts[bisect_right(starts, start) - 1]
        if not starts[0] < start or cut.start == start:
            continue
        role = roles.paragraph_role(paragraph, plan_year=body.years.plan)
        stated = role == "problems" and cut.role in REVIEW_ROLES
        ahead = role == "plan" and (not planned or turned == (cut.start, "problems"))
        if stated or (ahead and not (cut.role == "plan" and cut.sure)):
            turns[start] = str(role)
            turned = (cut.start, str(role))
    return turns


def _paragraphs(body: Body, *, inside_last: bool) -> Iterator[tuple[int, str]]:
    """Yield where paragraphs begin, and how; where line breaks are lost, and in the last line, where sentences do."""
    flat = len(body.lines) <= FEW or sum(len(line.text) for line in body.lines) >= FLAT * len(body.lines)
    for line in body.lines:
        yield line.start, line.text
        if flat or (inside_last and line is body.lines[-1]):
            for match in _SENTENCE.finditer(body.text, line.start, line.end):
                yield skip_space(body.text, match.start(), line.end), match.group().strip(SPACE)


def skip_space(text: str, start: int, end: int) -> int:
    """The first character of ``text[start:end]`` that is not white space."""
    while start < end and text[start] in SPACE + "\n":
        start += 1
    return start


def _part_mixed(body: Body, cuts: list[Cut], sections: list[Section]) -> dict[int, str]:
    """Part sections whose heading names two matters and whose text says nowhere where the second begins.

    They are parted at the point, or paragraph before the first point, where the words of the first matter end and
    those of the second begin.
    """
    parted = {}
    paragraphs = [start for start, _ in _paragraphs(body, inside_last=False)]
    for section, inside in by_section(cuts, sections):
        if not section.later or section.later[0] in {cut.role for cut in inside}:
            continue
        points = [cut.start for cut in inside if cut.parent == section.start]
        first = points[0] if points else section.end
        before = paragraphs[bisect_right(paragraphs, section.start) : bisect_left(paragraphs, first)]
        starts = [*before, *points, section.end]
        stretches = [body.text[a:b] for a, b in pairwise(starts)]
        at = roles.turning_point(stretches, section.role, section.later[0])
        if at is not None:
            parted[starts[at]] = section.later[0]
    return parted


def _cut_unnumbered(body: Body) -> list[Cut]:
    """Cut a body without any numbering: opening, then review, problems and plan as its sentences say."""
    text, start, end = body.text, body.start, body.end
    begin = roles.opening_end(text, start, end)
    first = body.lines[0].text
    if begin == start and len(body.lines) > 1 and len(first) < (end - start) // 2 and roles.is_opening(first):
        begin = body.lines[1].start
    role = "plan" if body.plan_only else roles.tense_role(text[begin : begin + (end - begin) // 2])
    cuts = [Cut(skip_space(text, begin, end), role, depth=1)]
    for at, sentence in _sentences(body, begin):
        told = roles.paragraph_role(sentence, plan_year=body.years.plan)
        if told and told != cuts[-1].role and not body.plan_only and cuts[-1].role != "plan":
            cuts.append(Cut(at, told, depth=1))
    return cuts


def _sentences(body: Body, begin: int) -> Iterator[tuple[int, str]]:
    for line in body.lines:
        if line.end > begin:
            for match in _UNNUMBERED.finditer(body.text, max(begin, line.start), line.end):
                yield skip_space(body.text, match.start(), line.end), match.group().strip(SPACE)
