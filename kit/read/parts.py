"""A report becomes parts: title, opening, numbered points, signature, what a web page left; every character once."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kit.read import layout, roles
from kit.read.doubts import doubt
from kit.read.layout import SPACE, Line
from kit.read.names import is_agency
from kit.read.outline import HEADING, PARAGRAPH, SECTION, Marker, find_markers, nest
from kit.read.reports import Draft
from kit.read.roles import Years
from kit.tables import REVIEW_ROLES

MAX_HEADING = 40
FLAT = 600  # characters of a line that must have lost its line breaks
_STOP = re.compile(r"[。；！？!?;\n]")
_COLON = re.compile(r"[：:]")
_SENTENCE = re.compile(r"(?<=[。！？])[^。！？\n]+")
_RUN_ON = ("is", "must", "first", "dash")  # styles whose text begins with no heading


@dataclass(frozen=True)
class Cut:
    """Where a part begins and what it is; ``depth`` 0 is outside the outline, ``parent`` a cut's ``start``."""

    start: int
    role: str
    marker: str = ""
    style: str = ""
    ordinal: int | None = None
    depth: int = 0
    parent: int | None = None
    heading: str = ""
    heading_at: int = 0
    sure: bool = True


@dataclass(frozen=True, order=True)
class _Stretch:
    """A stretch of a report that is no body: a line of its title, of its signature, of a web page."""

    start: int
    end: int
    role: str


def split_parts(
    text: str, draft: Draft, report: int, years: Years, settled: Mapping[int, str] | None = None
) -> tuple[list[Cut], list[dict]]:
    """Cut one report into parts.

    Parameters
    ----------
    text : str
        The whole text, folded.
    draft : Draft
    report : int
    years : Years
    settled : mapping of int to str
        Roles that the analyst has set, by where the part begins.

    Returns
    -------
    cuts : list of Cut
        In the order of the text; the first begins where the report begins.
    doubts : list of dict
        Rows of `tables.DOUBTS`.
    """
    body, stretches = _sort_lines(text, draft)
    settled = settled or {}
    outline, doubts = _outline(text, body, report, years, draft, settled) if body else ([], [])
    if body and (not outline or body[0].start < outline[0].start):
        outline.insert(0, Cut(body[0].start, "opening"))
    cuts = _interleave(outline, stretches, body)
    if not cuts or cuts[0].start > draft.start:
        cuts.insert(0, Cut(draft.start, "opening"))
    cuts = [replace(cut, role=settled.get(cut.start, cut.role)) for cut in cuts]
    leavings = [stretch for stretch in stretches if stretch.role == "artefact"]
    doubts += [doubt("artefact", report, _place(x), text=text[x.start : min(x.end, x.start + 20)]) for x in leavings]
    return cuts, doubts + _check_numbers(outline, report)


def _place(span: Cut | _Stretch | Draft, size: int = 20) -> dict[str, int]:
    end = span.start + size if isinstance(span, Cut) else span.end
    return {"start": span.start, "end": end}


def _sort_lines(text: str, draft: Draft) -> tuple[list[Line], list[_Stretch]]:
    """Tell a report's body from its title, its signature, an annex and what a web page left."""
    annex = _find_annex(draft)
    own, behind = draft.lines[:annex], draft.lines[annex:]
    left = [line for line in own if layout.is_artefact(line.text)]
    body, signature = _take_signature([line for line in own if not layout.is_artefact(line.text)])
    found = [("title", draft.titles), ("artefact", (*draft.furniture, *left, *behind)), ("signature", signature)]
    stretches = sorted(_Stretch(line.start, line.end, role) for role, lines in found for line in lines)
    stretches = _merge(stretches, [line.start for line in body])
    inside = layout.find_inline_artefacts(text, body[0].start, body[-1].end) if body else []
    inside = [(a, b) for a, b in inside if not any(x.start <= a < x.end for x in stretches)]
    return body, sorted([*stretches, *(_Stretch(start, end, "artefact") for start, end in inside)])


def _merge(stretches: list[_Stretch], body: list[int]) -> list[_Stretch]:
    """Make one of neighbouring stretches of a role."""
    merged: list[_Stretch] = []
    for stretch in stretches:
        last = merged[-1] if merged else None
        apart = last is None or bisect_right(body, last.end) != bisect_right(body, stretch.start)
        if last is None or apart or last.role != stretch.role:
            merged.append(stretch)
        else:
            merged[-1] = replace(last, end=stretch.end)
    return merged


def _find_annex(draft: Draft) -> int:
    """The number of the line with which an annex begins; the number of lines when there is none."""
    late = draft.end - (draft.end - draft.start) * layout.annex_share()
    lines = enumerate(draft.lines)
    return next((n for n, line in lines if line.start > late and layout.is_annex_head(line.text)), len(draft.lines))


def _take_signature(body: list[Line]) -> tuple[list[Line], list[Line]]:
    """Take the lines of the signature off the end of a body, or what runs on behind its last sentence."""
    signature: list[Line] = []
    while len(body) > 1 and _is_signature(body[-1].text):
        signature.insert(0, body.pop())
    size = layout.signature_start(body[-1].text) if body and not signature else 0
    if size:
        last = body.pop()
        body.append(Line(last.start, last.start + size, last.text[:size]))
        signature = [Line(last.start + size, last.end, last.text[size:])]
    return body, signature


def _is_signature(text: str) -> bool:
    return layout.is_date(text) or layout.is_below_report(text) or is_agency(text)


def _outline(
    text: str, body: list[Line], report: int, years: Years, draft: Draft, settled: Mapping[int, str]
) -> tuple[list[Cut], list[dict]]:
    """Cut the body by its numbering, or where there is none by headings, openings and tense."""
    plan_only = roles.is_plan_title(draft.title)
    markers = find_markers(text, body)
    markers = sorted([*markers, *_find_headings(body, markers)], key=lambda marker: marker.start)
    if not markers:
        return _unnumbered(text, body, years, plan_only), [doubt("no_outline", report, _place(draft))]
    end = body[-1].end
    cuts = _as_cuts(text, markers, end, years, plan_only, {})
    inside = {at: role for at, role in settled.items() if body[0].start <= at < end}
    turns = _find_turns(text, body, cuts, years) | inside
    if turns:
        added = [_unmarked(at, at) for at in turns.keys() - {cut.start for cut in cuts}]
        markers = sorted([*markers, *added], key=lambda marker: marker.start)
        cuts = _as_cuts(text, markers, end, years, plan_only, turns)
    return cuts, _doubt_roles(text, cuts, report, years)


def _unmarked(start: int, end: int, style: str = PARAGRAPH) -> Marker:
    """A place where a part begins without a number; to ``end`` runs its heading."""
    return Marker(start, end, style, None, -1, inline=False)


def _find_headings(body: list[Line], markers: list[Marker]) -> list[Marker]:
    """Find lines that are a section's heading without a number.

    Such a heading stands outermost, unless the outermost numbering counts on behind it.
    """
    marked = {marker.start for marker in markers}
    outer = min((marker.rank for marker in markers), default=0)
    counted = [marker for marker in markers if marker.rank == outer]
    starts = [marker.start for marker in counted]
    found = []
    for line in body:
        if line.start in marked or not _is_heading(line.text):
            continue
        place = bisect_right(starts, line.start)
        counts_on = place < len(counted) and counted[place].ordinal != 1
        found.append(_unmarked(line.start, line.end, HEADING if counts_on else SECTION))
    return found


def _is_heading(text: str) -> bool:
    short = len(text) <= MAX_HEADING // 2 and not _STOP.search(text) and "，" not in text
    return short and roles.bare_heading_role(text) is not None


def _as_cuts(
    text: str, markers: list[Marker], end: int, years: Years, plan_only: bool, turns: dict[int, str]
) -> list[Cut]:
    """Nest the markers, read each one's heading, and give each its role."""
    nested = nest(markers)
    inner = {parent for parent, _ in nested if parent is not None}
    stops = [marker.start for marker in markers[1:]] + [end]
    cuts = []
    for number, (marker, (parent, depth), stop) in enumerate(zip(markers, nested, stops, strict=True)):
        own = text[marker.end : stop] if marker.style not in (SECTION, HEADING) else text[marker.start : stop]
        heading = "" if marker.style == PARAGRAPH else read_heading(own, closed=number in inner or depth == 1)
        at = text.find(heading, stop - len(own))
        written = "" if marker.style in (SECTION, HEADING) else text[marker.start : marker.end].strip()
        above = None if parent is None else markers[parent].start
        cuts.append(Cut(marker.start, "", written, marker.style, marker.ordinal, depth, above, heading, at))
    return _with_roles(text, cuts, end, years, plan_only, turns)


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
    head = _STOP.split(own, maxsplit=1)[0].strip(SPACE)
    more = len(own) > len(head) + 1
    label = _COLON.split(head, maxsplit=1)[0]
    if label != head and len(label) <= MAX_HEADING // 2:
        return label.strip(SPACE)
    return head if len(head) <= MAX_HEADING and (more or closed) else ""


def _with_roles(
    text: str, cuts: list[Cut], end: int, years: Years, plan_only: bool, turns: dict[int, str]
) -> list[Cut]:
    """Give every cut its section's role, unless its own heading, or a turn found in it, says otherwise."""
    outer = [cut for cut in cuts if cut.depth == 1]
    stops = [cut.start for cut in outer[1:]] + [end]
    sections = [(_heading_of(text, cut), text[cut.start : stop]) for cut, stop in zip(outer, stops, strict=True)]
    assigned = roles.assign_sections(sections, years, plan_only=plan_only)
    by_start = dict(zip((cut.start for cut in outer), assigned, strict=True))
    done: dict[int, Cut] = {}
    for cut in cuts:
        role, sure = by_start.get(cut.start, ("", True))
        if cut.parent is not None:
            role = done[cut.parent].role
            role = role if cut.style in _RUN_ON else roles.inner_role(cut.heading, role)
        done[cut.start] = replace(cut, role=turns.get(cut.start, role), sure=sure or cut.start in turns)
    return list(done.values())


def _heading_of(text: str, cut: Cut) -> str:
    """What stands where a section's heading would, whether or not it reads like one."""
    begin = cut.start + len(cut.marker)
    return cut.heading or _STOP.split(text[begin : begin + MAX_HEADING])[0]


def _find_turns(text: str, body: list[Line], cuts: list[Cut], years: Years) -> dict[int, str]:
    """Find unnumbered paragraphs of a review that state problems or, where no section plans, look ahead."""
    starts = [cut.start for cut in cuts]
    planned = any(cut.role == "plan" for cut in cuts)
    turns = {}
    for start, paragraph in _paragraphs(text, body, inside_last=not planned):
        cut = cuts[bisect_right(starts, start) - 1]
        if not starts[0] < start or cut.start == start:
            continue
        role = roles.paragraph_role(paragraph, plan_year=years.plan)
        stated = role == "problems" and cut.role in REVIEW_ROLES
        if stated or (role == "plan" and not planned and cut.role != "plan"):
            turns[start] = str(role)
    return turns


def _paragraphs(text: str, body: list[Line], *, inside_last: bool) -> Iterator[tuple[int, str]]:
    """Yield where paragraphs begin, and how; where line breaks are lost, and in the last line, where sentences do."""
    flat = sum(len(line.text) for line in body) >= FLAT * len(body)
    for line in body:
        yield line.start, line.text
        if flat or (inside_last and line is body[-1]):
            for match in _SENTENCE.finditer(text, line.start, line.end):
                yield _skip_space(text, match.start(), line.end), match.group().strip(SPACE)


def _unnumbered(text: str, body: list[Line], years: Years, plan_only: bool) -> list[Cut]:
    """Cut a report without any numbering: opening, then review, problems and plan as its sentences say."""
    start, end = body[0].start, body[-1].end
    begin = roles.opening_end(text, start, end)
    if begin == start and len(body) > 1 and len(body[0].text) < (end - start) // 2:
        begin = body[1].start
    role = "plan" if plan_only else roles.tense_role(text[begin : begin + (end - begin) // 2])
    cuts = [Cut(_skip_space(text, begin, end), role, depth=1)]
    for match in re.finditer(r"(?<=[。！？\n])[^。！？\n]+", text[begin:end]):
        told = roles.paragraph_role(match.group().strip(SPACE), plan_year=years.plan)
        if told and told != cuts[-1].role and not plan_only and cuts[-1].role != "plan":
            cuts.append(Cut(_skip_space(text, begin + match.start(), end), told, depth=1))
    return cuts


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start] in SPACE + "\n":
        start += 1
    return start


def _interleave(outline: list[Cut], stretches: list[_Stretch], body: list[Line]) -> list[Cut]:
    """Put what is no body between the parts; a part that it interrupts goes on behind it."""
    starts, lines = [cut.start for cut in outline], [line.start for line in body]
    cuts = {cut.start: cut for cut in outline}
    for number, stretch in enumerate(stretches):
        following = stretches[number + 1].start if number + 1 < len(stretches) else None
        cuts[stretch.start] = Cut(stretch.start, stretch.role)
        at = _resume(stretch, body, lines)
        place = bisect_right(starts, stretch.start) - 1
        interrupts = at is not None and place >= 0 and at not in cuts and (following is None or at < following)
        if interrupts and at is not None:
            before = outline[place]
            cuts[at] = replace(before, start=at, marker="", style="", ordinal=None, heading="")
    return sorted(cuts.values(), key=lambda cut: cut.start)


def _resume(stretch: _Stretch, body: list[Line], lines: list[int]) -> int | None:
    """Where the body goes on behind a stretch: within the line that it stands in, or with the next line."""
    place = bisect_right(lines, stretch.start) - 1
    if place >= 0 and stretch.end < body[place].end:
        return stretch.end
    return lines[place + 1] if place + 1 < len(lines) else None


def _doubt_roles(text: str, cuts: list[Cut], report: int, years: Years) -> list[dict]:
    """List sections whose role had to be assumed, and those that name two roles and are not parted."""
    doubts = []
    for number, cut in enumerate(cuts):
        if not cut.sure:
            words = {"heading": cut.heading or cut.marker, "role": roles.name(cut.role)}
            doubts.append(doubt("role_assumed", report, _place(cut), **words))
        if cut.depth != 1:
            continue
        stop = next((n for n, later in enumerate(cuts) if n > number and later.depth == 1), len(cuts))
        named = roles.heading_roles(_heading_of(text, cut), years)
        if len(named) > 1 and not set(named) <= {inner.role for inner in cuts[number:stop]}:
            words = {"heading": cut.heading or cut.marker, "role": roles.name(cut.role)}
            doubts.append(doubt("roles_mixed", report, _place(cut), **words))
    return doubts


def _check_numbers(cuts: list[Cut], report: int) -> list[dict]:
    """List numbers that repeat or skip among the points under one parent."""
    doubts = []
    last: dict[tuple[int | None, str], int] = {}
    for cut in cuts:
        if cut.ordinal is None or cut.style == "first":
            continue
        key = (cut.parent, cut.style)
        before, last[key] = last.get(key, 0), cut.ordinal
        place = _place(cut, len(cut.marker))
        if before and cut.ordinal != 1 and cut.ordinal <= before:
            doubts.append(doubt("numbering_repeats", report, place, marker=cut.marker))
        elif cut.ordinal > before + 1:
            doubts.append(doubt("numbering_skips", report, place, before=before, marker=cut.marker))
    return doubts
