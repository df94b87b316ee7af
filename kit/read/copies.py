"""Near copies among reports, by the shingles their bodies share (Broder 1997)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

_SIZE = 8
_SHARE = 0.7
_SAMPLE = 4  # one shingle of four is kept, chosen by its own characters, so that copies keep the same ones
_MIN_CHARS = 200


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
    sets = {n: _shingles(re.sub(r"[\W_]+", "", body)) for n, body in bodies.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, shingles in sets.items():
        for shingle in shingles:
            holders[shingle].append(number)
    common = Counter(pair for who in holders.values() if 1 < len(who) <= 20 for pair in _pairs(who))  # noqa: PLR2004
    found = []
    for (a, b), shared in sorted(common.items()):
        share = shared / max(1, min(len(sets[a]), len(sets[b])))
        if share >= _SHARE:
            found.append((a, b, share))
    return found


def _shingles(body: str) -> set[str]:
    if len(body) < _MIN_CHARS:
        return set()
    pieces = {body[at : at + _SIZE] for at in range(len(body) - _SIZE + 1)}
    return {piece for piece in pieces if sum(map(ord, piece)) % _SAMPLE == 0}


def _pairs(numbers: list[int]) -> Iterable[tuple[int, int]]:
    return ((a, b) for place, a in enumerate(numbers) for b in numbers[place + 1 :])
