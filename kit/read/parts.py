"""A report becomes parts: title, opening, numbered points, signature, what a web page left; every character once."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kit.read import layout
from kit.read.cuts import Body, Cut
from kit.read.doubts import doubt
from kit.read.drafts import Draft
from kit.read.layout import Line
from kit.read.names import agency_signed, is_agency
from kit.read.roles import Years
from kit.read.sections import cut_sections

_SNIPPET = 20
_STOPS = "。！!"
_ENDED = ("。", "！", "!", "；", "）", "”", "：")
_MAX_RUN_ON = 80


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
    outline, doubts = cut_sections(Body(text, tuple(body), report, years, draft.title), settled) if body else ([], [])
    if body and (not outline or body[0].start < outline[0].start):
        outline.insert(0, Cut(body[0].start, "opening"))
    cuts = _interleave(outline, stretches, body)
    if not cuts or cuts[0].start > draft.start:
        cuts.insert(0, Cut(draft.start, "opening"))
    cuts = [replace(cut, role=settled.get(cut.start, cut.role)) for cut in cuts]
    leavings = [stretch for stretch in stretches if stretch.role == "artefact"]
    return cuts, doubts + [_doubt_leaving(text, stretch, report) for stretch in leavings]


def _doubt_leaving(text: str, stretch: _Stretch, report: int) -> dict:
    place = {"start": stretch.start, "end": stretch.end}
    quoted = text[stretch.start : stretch.end].split("\n", maxsplit=1)[0][:_SNIPPET]
    return doubt("artefact", report, place, text=quoted)


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
    while len(body) > 1 and _is_signature(body[-1].text, body[-2].text, bool(signature)):
        signature.insert(0, body.pop())
    size = _signature_start(body[-1].text) if body and not signature else 0
    if size:
        last = body.pop()
        body.append(Line(last.start, last.start + size, last.text[:size]))
        signature = [Line(last.start + size, last.end, last.text[size:])]
    return body, signature


def _signature_start(text: str) -> int:
    """Where in a line a signature begins that runs on behind the last sentence; 0 when none does."""
    size = max(text.rfind(stop, 0, -1) for stop in _STOPS) + 1
    tail = text[size:].strip(layout.SPACE)
    signed = len(tail) <= _MAX_RUN_ON and (layout.is_date(tail) or agency_signed(tail))
    return size if size and signed else 0


def _is_signature(text: str, above: str, dated: bool) -> bool:
    """Whether a line signs; an agency without a date does behind a sentence, and not in a list of points."""
    if layout.is_date(text) or layout.is_below_report(text):
        return True
    return is_agency(text) and (dated or above.endswith(_ENDED))


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
