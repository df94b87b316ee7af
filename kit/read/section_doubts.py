"""What is doubtful about a report's sections: their roles, their numbers."""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from kit.read import roles
from kit.read.cuts import MAX_HEADING, Body, Cut, Section, by_section
from kit.read.doubts import doubt
from kit.read.outline import PARAGRAPH
from kit.read.roles import Years

_QUOTED = 12  # characters of a part that a doubt quotes
_MAX_BEGUN = 2  # times that a report's sections are counted from one: its review's, its plan's


def doubt_roles(cuts: list[Cut], sections: list[Section], report: int, years: Years) -> list[dict]:
    """List sections whose role had to be assumed, and those that name two roles and had to be parted by their words."""
    doubts = []
    for section, inside in by_section(cuts, sections):
        words = {"heading": section.heading, **roles.in_words(inside[0].role)}
        place = {"start": section.start, "end": min(section.end, section.start + MAX_HEADING)}
        if not inside[0].sure:
            doubts.append(doubt("role_assumed", report, place, **words))
        elif not {section.role, *section.later} <= {cut.role for cut in inside}:
            doubts.append(doubt("roles_mixed", report, place, **words))
        if roles.spans_years(section.heading):
            doubts.append(doubt("several_years", report, place, heading=section.heading))
        doubts += [
            doubt(
                "roles_mixed", report, {"start": cut.start, "end": end}, heading=cut.heading, **roles.in_words(cut.role)
            )
            for cut, end in _mixed_inside(inside, years)
        ]
    return doubts


def _mixed_inside(inside: list[Cut], years: Years) -> Iterator[tuple[Cut, int]]:
    """Yield the points of a section whose heading names several matters that their text does not part."""
    for number, cut in enumerate(inside[1:], start=1):
        named = roles.heading_roles(cut.heading, years) if cut.role == "problems" else []
        if len(named) > 1 and not set(named) <= {cut.role, *_roles_below(inside, number)}:
            yield cut, cut.start + len(cut.marker) + len(cut.heading)


def _roles_below(cuts: list[Cut], number: int) -> set[str]:
    """The roles of what stands under a cut: its points, and the paragraphs that change its role."""
    depth = cuts[number].depth
    return {cut.role for cut in takewhile(lambda cut: cut.depth > depth or cut.style == PARAGRAPH, cuts[number + 1 :])}


def doubt_parted(body: Body, parted: Mapping[int, str]) -> list[dict]:
    """List where sections that name two roles were parted by their words."""
    place = {at: {"start": at, "end": min(body.end, at + MAX_HEADING)} for at in parted}
    return [
        doubt("roles_parted", body.report, place[at], words=body.text[at : at + _QUOTED], **roles.in_words(role))
        for at, role in parted.items()
    ]


def check_numbers(cuts: list[Cut], report: int) -> list[dict]:
    """List numbers that repeat or skip among the points under one parent."""
    doubts = []
    last: dict[tuple[int | None, str], int] = {}
    begun = [cut for cut in cuts if cut.depth == 1 and cut.style == "han" and cut.ordinal == 1]
    if len(begun) > _MAX_BEGUN:
        place = {"start": begun[-1].start, "end": begun[-1].start + len(begun[-1].marker)}
        doubts.append(doubt("numbering_restarts", report, place, times=len(begun), marker=begun[-1].marker))
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
