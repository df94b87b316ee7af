"""A report becomes parts: title, opening, numbered points, signature, what a web page left; every character once."""

import re
from dataclasses import dataclass, replace

from kit.read import layout, roles
from kit.read.doubts import doubt
from kit.read.layout import Line
from kit.read.outline import PARAGRAPH, SECTION, Marker, find_markers, nest
from kit.read.reports import Draft, ends_as_agency

MAX_HEADING = 40
_STOP = re.compile(r"[。；！？!?;\n]")
_COLON = re.compile(r"[：:]")


@dataclass(frozen=True)
class Cut:
    """Where a part begins and what it is; ``depth`` 0 is outside the outline, ``parent`` an index of a cut."""

    start: int
    role: str
    marker: str = ""
    style: str = ""
    ordinal: int | None = None
    depth: int = 0
    parent: int | None = None
    heading: str = ""


@dataclass(frozen=True)
class Periods:
    """The years a report reviews and plans."""

    review: int | None
    plan: int | None


def split_parts(text: str, draft: Draft, report: int, periods: Periods) -> tuple[list[Cut], list[dict]]:
    """Cut one report into parts.

    Parameters
    ----------
    text : str
        The whole text.
    draft : Draft
    report : int
    periods : Periods

    Returns
    -------
    cuts : list of Cut
        In the order of the text; the first begins where the report begins.
    doubts : list of dict
        Rows of `tables.DOUBTS`.
    """
    artefacts, signature, body = _sort_lines(draft)
    body_end = body[-1].end if body else draft.start
    outline, doubts = _outline(text, body, report, periods, draft)
    cuts = [Cut(draft.start, "title")] if draft.title and (not body or draft.start < body[0].start) else []
    if body and (not outline or body[0].start < outline[0].start):
        cuts += [Cut(body[0].start, "opening")]
    shift = len(cuts)
    cuts += [replace(cut, parent=None if cut.parent is None else cut.parent + shift) for cut in outline]
    for line in signature:
        if not cuts or cuts[-1].role != "signature":
            cuts.append(Cut(line.start, "signature"))
    spans = [(line.start, line.end) for line in artefacts]
    spans += layout.find_inline_artefacts(text, draft.start, body_end)
    doubts += [doubt("artefact", report, {"start": a, "end": b}, text=text[a : min(b, a + 20)]) for a, b in spans]
    cuts = _cut_out(cuts, spans, body, signature)
    if not cuts or cuts[0].start > draft.start:
        cuts.insert(0, Cut(draft.start, "opening"))
    return cuts, doubts


def _sort_lines(draft: Draft) -> tuple[list[Line], list[Line], list[Line]]:
    """Tell a report's lines apart: left by a web page (or an annex), signature, body."""
    lines = list(draft.body)
    share = layout.annex_share()
    late = draft.end - (draft.end - draft.start) * share
    annex = next((n for n, x in enumerate(lines) if x.start > late and layout.is_annex_head(x.text)), len(lines))
    artefacts = [line for line in lines[:annex] if layout.is_artefact(line.text)] + lines[annex:]
    body = [line for line in lines[:annex] if not layout.is_artefact(line.text)]
    signature: list[Line] = []
    while body and len(body) > 1 and _is_signature(body[-1].text, bool(signature)):
        signature.insert(0, body.pop())
    return artefacts, signature, body


def _is_signature(text: str, dated: bool) -> bool:
    if layout.is_date(text):
        return True
    return (
        len(text) <= layout.max_signature()
        and ends_as_agency(text)
        and not _STOP.search(text)
        and (dated or "，" not in text)
    )


def _outline(text: str, body: list[Line], report: int, periods: Periods, draft: Draft) -> tuple[list[Cut], list[dict]]:
    """Cut the body by its numbering, or where there is none by headings, openings and tense."""
    markers = find_markers(text, body)
    marked = {marker.start for marker in markers}
    plain = [line for line in body if line.start not in marked]
    sections = [_pseudo(line, SECTION) for line in plain if _is_bare_heading(line.text, bool(markers))]
    doubts = [] if markers or sections else [doubt("no_outline", report, {"start": draft.start, "end": draft.end})]
    if not markers and not sections:
        return _unnumbered(text, body, periods, draft), doubts
    markers = sorted([*markers, *sections], key=lambda marker: marker.start)
    end = body[-1].end
    cuts = _with_roles(text, _as_cuts(text, markers, end), end, periods, draft)
    has_plan = any(cut.role == "plan" for cut, _ in cuts)
    changes = _role_changes(plain, [cut for cut, _ in cuts], periods, has_plan)
    if changes:
        markers = sorted([*markers, *(marker for marker, _ in changes)], key=lambda marker: marker.start)
        fixed = {marker.start: role for marker, role in changes}
        cuts = _with_roles(text, _as_cuts(text, markers, end), end, periods, draft, fixed)
    doubts += [
        doubt(
            "role_assumed",
            report,
            {"start": cut.start, "end": cut.start + 20},
            heading=cut.heading or cut.marker,
            role=cut.role,
        )
        for cut, sure in cuts
        if not sure
    ]
    return [cut for cut, _ in cuts], doubts + _check_numbers([cut for cut, _ in cuts], report)


def _pseudo(line: Line, style: str) -> Marker:
    return Marker(line.start, line.start, style, None, -1, inline=False)


def _is_bare_heading(text: str, numbered: bool) -> bool:
    if len(text) > MAX_HEADING // 2 or _STOP.search(text) or "，" in text:
        return False
    stripped = layout.strip_years(text)
    return roles.bare_heading_role(text) is not None or (not numbered and roles.bare_heading_role(stripped) is not None)


def _as_cuts(text: str, markers: list[Marker], end: int) -> list[Cut]:
    """Nest the markers and read each one's heading; roles come later."""
    nested = nest(markers)
    has_children = {parent for parent, _ in nested if parent is not None}
    cuts = []
    for number, (marker, (parent, depth)) in enumerate(zip(markers, nested, strict=True)):
        stop = markers[number + 1].start if number + 1 < len(markers) else end
        heading = read_heading(text[marker.end : stop], closed=number in has_children or depth == 1)
        cuts.append(
            Cut(
                marker.start,
                "",
                text[marker.start : marker.end].strip(),
                marker.style,
                marker.ordinal,
                depth,
                parent,
                "" if marker.style == PARAGRAPH else heading,
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
    own = own.strip(layout.SPACE + "\n")
    first_line = own.split("\n", 1)[0].strip(layout.SPACE)
    head = _STOP.split(first_line, maxsplit=1)[0]
    more = len(own) > len(head) + 1
    colon = _COLON.split(head, maxsplit=1)[0]
    if colon != head and len(colon) <= MAX_HEADING // 2:
        return colon.strip(layout.SPACE)
    if len(head) > MAX_HEADING or not (more or closed):
        return ""
    return head.strip(layout.SPACE)


def _with_roles(
    text: str,
    cuts: list[Cut],
    end: int,
    periods: Periods,
    draft: Draft,
    fixed: dict[int, str] | None = None,
) -> list[tuple[Cut, bool]]:
    """Give every cut its role, and say whether it is sure."""
    outer = [number for number, cut in enumerate(cuts) if cut.depth == 1]
    ends = [cuts[number].start for number in outer[1:]] + [end]
    sections = [
        (_section_heading(text, cuts[number]), text[cuts[number].start : stop])
        for number, stop in zip(outer, ends, strict=True)
    ]
    assigned = roles.assign_section_roles(
        sections, period=periods.review, plan_period=periods.plan, plan_only=roles.is_plan_title(draft.title)
    )
    by_section = dict(zip(outer, assigned, strict=True))
    done: list[tuple[Cut, bool]] = []
    for number, cut in enumerate(cuts):
        role, sure = by_section.get(number, ("", True))
        if cut.parent is not None:
            role = done[cut.parent][0].role
            if cut.style not in ("is", "must", "first", "dash"):
                role = roles.inner_role(cut.heading, role)
        role = (fixed or {}).get(cut.start, role)
        done.append((replace(cut, role=role), sure or bool(fixed and cut.start in fixed)))
    return done


def _section_heading(text: str, cut: Cut) -> str:
    if cut.heading:
        return cut.heading
    begin = cut.start + len(cut.marker)
    return _STOP.split(text[begin : begin + MAX_HEADING])[0]


def _role_changes(plain: list[Line], cuts: list[Cut], periods: Periods, has_plan: bool) -> list[tuple[Marker, str]]:
    """Find unnumbered paragraphs of a review that state problems or, where no section plans, look ahead."""
    changes = []
    starts = [cut.start for cut in cuts]
    number = -1
    for line in plain:
        while number + 1 < len(starts) and starts[number + 1] <= line.start:
            number += 1
        if number < 0 or line.start in starts or cuts[number].role not in ("achievements", "highlights"):
            continue
        role = roles.paragraph_role(line.text, plan_period=periods.plan)
        if role == "problems" or (role == "plan" and not has_plan):
            changes.append((_pseudo(line, PARAGRAPH), role))
    return changes


def _unnumbered(text: str, body: list[Line], periods: Periods, draft: Draft) -> list[Cut]:
    """Cut a report without any numbering: opening, then review, problems and plan as its sentences say."""
    if not body:
        return []
    start, end = body[0].start, body[-1].end
    begin = roles.opening_end(text, start, end)
    if begin == start and len(body) > 1 and len(body[0].text) < (end - start) // 2:
        begin = body[1].start
    plan_only = roles.is_plan_title(draft.title)
    role = "plan" if plan_only else roles.tense_role(text[begin : begin + (end - begin) // 2])
    cuts = [Cut(_skip_space(text, begin, end), role, depth=1)]
    for match in re.finditer(r"(?<=[。！？\n])[^。！？\n]+", text[begin:end]):
        told = roles.paragraph_role(match.group().strip(layout.SPACE), plan_period=periods.plan)
        if told and told != cuts[-1].role and not plan_only and cuts[-1].role != "plan":
            cuts.append(Cut(_skip_space(text, begin + match.start(), end), told, depth=1))
    return cuts


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start] in layout.SPACE + "\n":
        start += 1
    return start


def _cut_out(cuts: list[Cut], spans: list[tuple[int, int]], body: list[Line], signature: list[Line]) -> list[Cut]:
    """Make what a web page left parts of their own; the part they interrupt goes on behind them."""
    if not spans:
        return cuts
    kept = sorted(line.start for line in [*body, *signature])
    renumbered: list[tuple[Cut, int | None]] = [(cut, number) for number, cut in enumerate(cuts)]
    for start, end in sorted(spans):
        renumbered.append((Cut(start, "artefact"), None))
        before = [cut for cut in cuts if cut.start < start]
        after = [cut.start for cut in cuts if cut.start >= end]
        resume = next((at for at in kept if at >= end), None)
        inside = any(line.start < start and end < line.end for line in body)
        at = end if inside else resume
        if before and at is not None and not (after and after[0] <= at):
            goes_on = replace(before[-1], start=at, marker="", ordinal=None, heading="", style="")
            renumbered.append((goes_on, None))
    renumbered.sort(key=lambda pair: pair[0].start)
    renumbered = [
        pair
        for n, pair in enumerate(renumbered)
        if n + 1 == len(renumbered) or pair[0].start < renumbered[n + 1][0].start
    ]
    place = {old: new for new, (_, old) in enumerate(renumbered) if old is not None}
    return [replace(cut, parent=None if cut.parent is None else place.get(cut.parent)) for cut, _ in renumbered]


def _check_numbers(cuts: list[Cut], report: int) -> list[dict]:
    """List numbers that repeat or skip among the points under one parent."""
    doubts = []
    last: dict[tuple[int | None, str], int] = {}
    for cut in cuts:
        if cut.ordinal is None or cut.style == "first":
            continue
        key = (cut.parent, cut.style)
        before, last[key] = last.get(key, 0), cut.ordinal
        place = {"start": cut.start, "end": cut.start + len(cut.marker)}
        if before and cut.ordinal != 1 and cut.ordinal <= before:
            doubts.append(doubt("numbering_repeats", report, place, marker=cut.marker))
        elif cut.ordinal > before + 1:
            doubts.append(doubt("numbering_skips", report, place, before=before, marker=cut.marker))
    return doubts
