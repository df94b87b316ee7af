"""Near copies among reports, by the shingles their bodies share (Broder 1997)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from kit.read.doubts import doubt
from kit.read.masks import find_filled

_SIZE = 8
_SHARE = 0.7
_SAMPLE = 4  # one shingle of four is kept, chosen by its own characters, so that copies keep the same ones
_MIN_CHARS = 200
_MOST = 20  # reports that share a shingle; what more share is a set phrase


def find_copies(bodies: dict[int, str]) -> list[tuple[int, int, float]]:
    """Find pairs of reports whose bodies are near copies.

    Parameters
    ----------
    bodies : dict of int to str
        Report number to its body, masks left out. Bodies below 200 characters are never called copies.

    Returns
    -------
    list of (report, report, float)
        The lower number first; the share of the smaller one's shingles that the other has, at least 0.7.
        Linear in the text as long as few reports share a shingle (set phrases that many share are passed over).
    """
    bare = {number: re.sub(r"[\W_]+", "", body) for number, body in bodies.items()}
    first: dict[str, int] = {}
    same = [(first.setdefault(body, n), n, 1.0) for n, body in bare.items() if len(body) >= _MIN_CHARS]
    sets = {number: _shingles(body) for body, number in first.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, shingles in sets.items():
        for shingle in shingles:
            holders[shingle].append(number)
    common = Counter(pair for who in holders.values() if 1 < len(who) <= _MOST for pair in _pairs(who))
    shares = ((a, b, n / max(1, min(len(sets[a]), len(sets[b])))) for (a, b), n in common.items())
    near = [(a, b, share) for a, b, share in shares if share >= _SHARE]
    return sorted([*near, *((a, b, share) for a, b, share in same if a != b)])


def _shingles(body: str) -> set[str]:
    pieces = {body[at : at + _SIZE] for at in range(len(body) - _SIZE + 1)}
    return {piece for piece in pieces if sum(map(ord, piece)) % _SAMPLE == 0}


def _pairs(numbers: list[int]) -> Iterable[tuple[int, int]]:
    return ((a, b) for place, a in enumerate(numbers) for b in numbers[place + 1 :])


def mark_copies(
    text: str, reports: list[dict], bodies: dict[int, str], masks: list[dict], doubts: list[dict]
) -> tuple[list[dict], list[dict]]:
    """Set ``copy_of``: a report whose title its body contradicts is the copy, else the later of the two.

    Parameters
    ----------
    text : str
    reports, masks, doubts : list of dict
        Rows of `tables.REPORTS`, `tables.MASKS`, `tables.DOUBTS`.
    bodies : dict of int to str
        Report number to its body, masks left out.

    Returns
    -------
    reports : list of dict
    doubts : list of dict
        The copies, and what one copy masks and the other gives.
    """
    wrong = {row["report"] for row in doubts if row["code"] == "title_contradicted"}
    rows = {row["report"]: row for row in reports}
    found = []
    for a, b, share in find_copies(bodies):
        first, second = (b, a) if a in wrong and b not in wrong else (a, b)
        original = rows[first]["copy_of"] or first
        if original == second or rows[second]["copy_of"] is not None:
            continue
        rows[second] = rows[second] | {"copy_of": original}
        found.append(doubt("copy", second, _place(rows[second]), other=original, share=f"{share:.0%}"))
        for own, other in ((second, original), (original, second)):
            mine = [mask for mask in masks if mask["report"] == own]
            found += find_filled(text, mine, rows[own], rows[other])
    return list(rows.values()), found


def doubt_same_agency(reports: list[dict]) -> list[dict]:
    """List reports of one agency that are no copies of each other; rows of `tables.DOUBTS`."""
    seen: dict[str, int] = {}
    doubts = []
    for row in reports:
        if row["copy_of"] is not None or row["agency_from"] == "unknown":
            continue
        other = seen.setdefault(row["agency"], row["report"])
        if other != row["report"]:
            doubts.append(doubt("same_agency", row["report"], _place(row), other=other, agency=row["agency"]))
    return doubts


def _place(row: dict) -> dict[str, int]:
    return {"start": row["start"], "end": row["start"] + max(1, len(row["title"]))}
