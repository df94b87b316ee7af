"""What a text hides and what it holds twice: masks (XX, ××, 某) of names and numbers; near copies of reports."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from kit.data import rule
from kit.read.compilation import doubt
from kit.tables import BODY_ROLES

_BEFORE = 4  # characters before a mask that may say what it stands for
_CONTEXT = 10  # characters beside a mask by which its place in a copy is known
_MIN_LEFT, _MIN_RIGHT = 4, 2
_WINDOW = 1000  # characters that a copy may have more or less between two masks
_MAX_FILLED = 20
_SIZE = 8  # characters of a shingle
_SHARE = 0.7
_SAMPLE = 4  # one shingle of four is kept, chosen by its own characters, so that copies keep the same ones
_MIN_CHARS = 200
_MOST, _LAST = 20, 4  # reports that share a shingle, each compared with each; of more, with so many before it


# -- masks


def find_masks(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the masks of ``text[start:end]`` and what each stands for."""
    before, behind = (rule("layout.toml", f"mask.{key}") for key in ("before_number", "behind_number"))
    done = start
    sign = rule("layout.toml", "mask.sign")
    for begin in rule("layout.toml", "mask.begins").finditer(text, start, end):  # few: the sign is tried there only
        match = sign.match(text, begin.start(), end) if begin.start() >= done else None
        if not match:
            continue
        done = match.end()
        left = text[max(start, match.start() - _BEFORE) : match.start()]
        number = behind.match(text, match.end()) or before.search(left)
        yield *match.span(), "number" if number else "name"


def mask_rows(text: str, parts: Sequence[dict]) -> list[dict]:
    """Rows of `tables.MASKS`: what is masked in titles, bodies and signatures."""
    return [
        {"report": row["report"], "role": row["role"], "stands_for": what, "start": start, "end": end}
        for row in parts
        if row["role"] in (*BODY_ROLES, "title", "signature")
        for start, end, what in find_masks(text, row["start"], row["end"])
    ]


def doubt_masks(masks: Sequence[dict]) -> list[dict]:
    """Count the masks of every report that has any; rows of `tables.DOUBTS`."""
    return [
        doubt("masks", report, _span(mine[0]), n=len(mine), numbers=sum(m["stands_for"] == "number" for m in mine))
        for report, mine in _by_report(masks).items()
    ]


def _by_report(masks: Sequence[dict]) -> dict[int, list[dict]]:
    return {report: list(mine) for report, mine in groupby(masks, key=itemgetter("report"))}  # in order of the text


def _span(row: Mapping[str, int]) -> dict[str, int]:
    return {"start": row["start"], "end": row["end"]}


def find_filled(text: str, masks: Sequence[dict], own: dict, other: dict) -> list[dict]:
    """List what a report masks and its copy gives in the same place, known by what stands before and behind."""
    sign = rule("layout.toml", "mask.sign")
    places: dict[tuple[str, str], list[dict]] = defaultdict(list)
    shift = other["start"] - own["start"]
    for mask in masks:
        left, right = map(re.escape, _beside(text, mask))
        first = max(other["start"], mask["start"] + shift - _WINDOW)
        last = min(other["end"], mask["start"] + shift + _WINDOW)
        given = re.compile(f"{left}(.{{1,{_MAX_FILLED}}}?){right}").search(text, first, last) if left else None
        if given:
            shift = given.start(1) - mask["start"]
            if not sign.search(given[1]):
                places[given[1], mask["stands_for"]].append(mask)
    return [
        doubt("mask_filled_by_copy", own["report"], _span(mine[0]), n=len(mine), other=other["report"], text=given)
        for (given, _), mine in places.items()
    ]


def _beside(text: str, mask: dict) -> tuple[str, str]:
    """What stands before and behind a mask in its line, up to the next mask; empty when that is too little."""
    sign = rule("layout.toml", "mask.sign")
    left = sign.split(text[max(0, mask["start"] - _CONTEXT) : mask["start"]])[-1].split("\n")[-1]
    right = sign.split(text[mask["end"] : mask["end"] + _CONTEXT])[0].split("\n")[0]
    return (left, right) if len(left) >= _MIN_LEFT and len(right) >= _MIN_RIGHT else ("", "")


# -- near copies, by the shingles that bodies share (Broder 1997)


def find_copies(bodies: Mapping[int, str]) -> list[tuple[int, int, float]]:
    """Find pairs of reports whose bodies are near copies."""
    # Linear in the text: of those that share a shingle, each meets the last few before it, and not all of a thousand.
    bare = {number: re.sub(r"[\W_]+", "", body) for number, body in bodies.items()}
    first: dict[str, int] = {}
    same = [(first.setdefault(body, n), n, 1.0) for n, body in bare.items() if len(body) >= _MIN_CHARS]
    sets = {number: _shingles(body) for body, number in first.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, shingles in sets.items() if len(sets) > 1 else ():
        for shingle in shingles:
            holders[shingle].append(number)
    reach = ((who, len(who) if len(who) <= _MOST else _LAST) for who in holders.values())
    common = Counter((a, b) for who, last in reach for at, b in enumerate(who) for a in who[max(0, at - last) : at])
    shares = ((a, b, n / max(1, min(len(sets[a]), len(sets[b])))) for (a, b), n in common.items())
    near = [(a, b, share) for a, b, share in shares if share >= _SHARE]
    return sorted([*near, *((a, b, share) for a, b, share in same if a != b)])


def _shingles(body: str) -> set[str]:
    """The shingles of a body whose characters add up to a multiple of _SAMPLE."""
    sums = np.cumsum(np.frombuffer(("\0" + body).encode("utf-32-le", "surrogatepass"), dtype=np.uint32), dtype=np.int64)
    kept = np.flatnonzero((sums[_SIZE:] - sums[:-_SIZE]) % _SAMPLE == 0).tolist()
    return {body[at : at + _SIZE] for at in kept}


def bodies_of(text: str, parts: Sequence[dict], masks: Sequence[dict]) -> dict[int, str]:
    """Every report's body, masks as spaces."""
    pieces, at = [], 0
    for mask in masks:
        pieces += [text[at : mask["start"]], " " * (mask["end"] - mask["start"])]
        at = mask["end"]
    blank = "".join([*pieces, text[at:]])
    bodies: dict[int, list[str]] = defaultdict(list)
    for part in parts:
        if part["report"] and part["role"] in BODY_ROLES:
            bodies[part["report"]].append(blank[part["start"] : part["end"]])
    return {report: "".join(stretches) for report, stretches in bodies.items()}


def mark_copies(
    text: str, reports: Sequence[dict], parts: Sequence[dict], masks: Sequence[dict], doubts: Sequence[dict]
) -> tuple[list[dict], list[dict]]:
    """Set ``copy_of``: a report whose title its body contradicts is the copy, else the later of the two."""
    wrong = {row["report"] for row in doubts if row["code"] == "title_contradicted"}
    rows, mine = {row["report"]: row for row in reports}, _by_report(masks)
    found = []
    for a, b, share in find_copies(bodies_of(text, parts, masks)):
        first, second = (b, a) if a in wrong and b not in wrong else (a, b)
        original = rows[first]["copy_of"] or first
        if original == second or rows[second]["copy_of"] is not None:
            continue
        rows[second] = rows[second] | {"copy_of": original}
        found.append(doubt("copy", second, _titled(rows[second]), other=original, share=f"{share:.0%}"))
        for own, other in ((second, original), (original, second)):
            found += find_filled(text, mine.get(own, ()), rows[own], rows[other])
    return list(rows.values()), found


def doubt_same_agency(reports: Sequence[dict]) -> list[dict]:
    """List reports of one agency on one year that are no copies of each other; rows of `tables.DOUBTS`."""
    seen: dict[tuple, int] = {}
    doubts = []
    for row in reports:
        if row["copy_of"] is not None or row["agency_from"] == "unknown":
            continue
        other = seen.setdefault((row["agency"], row["period"], row["plan_period"]), row["report"])
        if other != row["report"]:
            doubts.append(doubt("same_agency", row["report"], _titled(row), other=other, agency=row["agency"]))
    return doubts


def _titled(row: dict) -> dict[str, int]:
    return {"start": row["start"], "end": row["start"] + max(1, len(row["title"]))}
