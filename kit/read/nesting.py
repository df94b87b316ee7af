"""Which numbering marker stands under which: depth comes from the styles' places in this report."""

from collections import Counter, defaultdict
from itertools import pairwise

from kit.read.outline import HEADING, PARAGRAPH, RANK, STYLES, Marker

_STEP = 0.01  # between the levels of headings without number
_DEEPEST = 9


def nest(markers: list[Marker]) -> list[tuple[int | None, int]]:
    """Give every marker its parent (an index into ``markers``) and its depth, from 1.

    A style stands where GB/T 9704 puts it, unless this report nests two styles the other way round, in its numbers or
    in the levels of its headings; a heading without number stands with the numbered ones of its level.
    """
    levels = _levels(markers)
    rank = _ranks(markers, levels)
    places = [_place(marker, rank, levels) for marker in markers]
    stack: list[int] = []
    nested: list[tuple[int | None, int]] = []
    for index, place in enumerate(places):
        while stack and places[stack[-1]] >= place:
            stack.pop()
        nested.append((stack[-1] if stack else None, len(stack) + 1))
        stack.append(index)
    return nested


def _levels(markers: list[Marker]) -> dict[str, int]:
    """The usual level of each style of numbering whose headings are mostly styled as headings."""
    found: dict[str, Counter[int | None]] = defaultdict(Counter)
    for marker in markers:
        if marker.style in STYLES and not marker.inline:
            found[marker.style][marker.level] += 1
    usual = {style: counts.most_common(1)[0][0] for style, counts in found.items()}
    return {style: level for style, level in usual.items() if level is not None}


def _place(marker: Marker, rank: dict[str, float], levels: dict[str, int]) -> float:
    """Where a marker stands among the styles of its report."""
    if marker.style in STYLES or marker.level is None:
        return rank[marker.style]
    alike = [rank[style] for style, level in levels.items() if level == marker.level]
    above = [rank[style] for style, level in levels.items() if level < marker.level]
    return min(alike) if alike else (max(above) if above else rank[marker.style]) + _STEP * marker.level


def _ranks(markers: list[Marker], levels: dict[str, int]) -> dict[str, float]:
    """The order of the styles in this report: an outer style that restarts while an inner one counts on lies inside."""
    rank: dict[str, float] = dict(RANK)
    outermost = min((marker.rank for marker in markers if marker.style in STYLES), default=0)
    step = -0.5 if outermost >= RANK["ordinal"] else 0.5  # 一是 stands below a paragraph, （一） above it
    rank[HEADING] = rank[PARAGRAPH] = max(rank[PARAGRAPH], outermost + step)
    styles = {marker.style for marker in markers} & set(STYLES)
    for outer in styles:
        for inner in styles:
            swapped = levels.get(outer, 0) > levels.get(inner, _DEEPEST) and not _counts_across(markers, inner, outer)
            if RANK[outer] < RANK[inner] and (swapped or _counts_across(markers, outer, inner)):
                rank[outer] = max(rank[outer], RANK[inner] + 0.5)
    rank["dash"] = min([rank["dash"], *(rank[style] - 0.5 for style in styles if _heads(markers, style))])
    return rank


def _heads(markers: list[Marker], inner: str) -> bool:
    """Whether at least two dashes have numbering of their own, from 1, right below them."""
    pairs = pairwise(markers)
    return sum(a.style == "dash" and b.style == inner and b.ordinal == 1 for a, b in pairs) > 1


def _counts_across(markers: list[Marker], outer: str, inner: str) -> bool:
    """Whether ``inner`` keeps counting across at least two runs of ``outer``, each from 1."""
    across, last, restarted = 0, 0, False
    for marker in markers:
        if marker.style == outer:
            restarted = restarted or marker.ordinal == 1
        elif marker.style == inner:
            if restarted and last and marker.ordinal == last + 1:
                across += 1
            last, restarted = marker.ordinal or 0, False
    return across > 1
