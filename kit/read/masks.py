"""Masks: XX, ××, ** or 某 standing for a name or a number."""

import re
from collections.abc import Iterator
from functools import cache

from kit.data import knowledge
from kit.read.doubts import doubt
from kit.tables import BODY_ROLES

_BEFORE = 4  # characters before a mask that may say what it stands for
_CONTEXT = 10  # characters beside a mask by which its place in a copy is known
_MIN_LEFT, _MIN_RIGHT = 4, 2
_WINDOW = 1000  # characters that a copy may have more or less between two masks
_MAX_FILLED = 20


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    masks = knowledge("layout.toml")["mask"]
    return re.compile(masks["sign"]), re.compile(masks["before_number"] + "$"), re.compile(masks["behind_number"])


def find_masks(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the masks of ``text[start:end]`` and what each stands for.

    Yields
    ------
    (int, int, str)
        Half-open span; ``number`` or ``name``, as what stands beside it says.
    """
    sign, before, behind = _rules()
    for match in sign.finditer(text, start, end):
        left = text[max(start, match.start() - _BEFORE) : match.start()]
        number = behind.match(text, match.end()) or before.search(left)
        yield *match.span(), "number" if number else "name"


def mask_rows(text: str, parts: list[dict]) -> list[dict]:
    """Rows of `tables.MASKS`: what is masked in titles, bodies and signatures."""
    return [
        {"report": row["report"], "role": row["role"], "stands_for": what, "start": start, "end": end}
        for row in parts
        if row["role"] in (*BODY_ROLES, "title", "signature")
        for start, end, what in find_masks(text, row["start"], row["end"])
    ]


def doubt_masks(masks: list[dict]) -> list[dict]:
    """Count the masks of every report that has any; rows of `tables.DOUBTS`."""
    by_report: dict[int, list[dict]] = {}
    for mask in masks:
        by_report.setdefault(mask["report"], []).append(mask)
    doubts = []
    for report, mine in by_report.items():
        numbers = sum(mask["stands_for"] == "number" for mask in mine)
        doubts.append(doubt("masks", report, _place(mine), n=len(mine), numbers=numbers))
    return doubts


def _place(masks: list[dict]) -> dict[str, int]:
    return {"start": masks[0]["start"], "end": masks[0]["end"]}


def find_filled(text: str, masks: list[dict], own: dict, other: dict) -> list[dict]:
    """List what a report masks and its copy gives in the same place, known by what stands before and behind.

    Parameters
    ----------
    text : str
    masks : list of dict
        Rows of `tables.MASKS` of the report, in order.
    own, other : dict
        The rows of `tables.REPORTS` of the report and of its copy.

    Returns
    -------
    list of dict
        Rows of `tables.DOUBTS`; nothing is filled in.
    """
    places: dict[tuple[str, str], list[dict]] = {}
    shift = other["start"] - own["start"]
    for mask in masks:
        left, right = _beside(text, mask)
        first = max(other["start"], mask["start"] + shift - _WINDOW)
        at = text.find(left, first, min(other["end"], mask["start"] + shift + _WINDOW)) if left else -1
        if at < 0:
            continue
        begin = at + len(left)
        shift = begin - mask["start"]
        stop = text.find(right, begin, begin + _MAX_FILLED + len(right))
        given = text[begin:stop] if stop > begin else ""
        if given and not _rules()[0].search(given):
            places.setdefault((given, mask["stands_for"]), []).append(mask)
    return [
        doubt("mask_filled_by_copy", own["report"], _place(masks), n=len(masks), other=other["report"], text=given)
        for (given, _), masks in places.items()
    ]


def _beside(text: str, mask: dict) -> tuple[str, str]:
    """What stands before and behind a mask in its line, up to the next mask; empty when that is too little."""
    sign = _rules()[0]
    left = sign.split(text[max(0, mask["start"] - _CONTEXT) : mask["start"]])[-1].split("\n")[-1]
    right = sign.split(text[mask["end"] : mask["end"] + _CONTEXT])[0].split("\n")[0]
    enough = len(left) >= _MIN_LEFT and len(right) >= _MIN_RIGHT
    return (left, right) if enough else ("", "")
