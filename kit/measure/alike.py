"""Alike: whether two names are of one indicator."""

import re
from collections import Counter

from kit.data import knowledge, pattern
from kit.measure.quantities import is_generic

SHORTEST = 3  # characters of a name that is contained in a longer one
BIGRAMS = 0.6  # share of the shorter name's bigrams that the longer has, where the order differs
SHORTER, LONGER = 0.8, 0.6  # likeness where the result's name says less, or more, than the target's
HALF = 0.5
SPARE = 0.5  # most of a result's name that may narrow it (新型 公共文化空间)


def alike(target: str, told: str, *, words: str, inside: bool, ratio: bool) -> float:
    """Return how surely two names are of one indicator: 1 when they are the same, 0 when that is not sure.

    Where each says something that the other does not, they are two (城镇居民收入, 农村居民收入), and so they are where
    a number narrows one of them (投资超10亿元的项目). A noun that anything can be called (项目) identifies nothing.

    Parameters
    ----------
    target, told : str
        The names of the promised and of the reported number.
    words : str
        The clause of the reported number, which can say as a verb what ends the target's name (改造 … 城中村6万户).
    inside : bool
        Whether both stand in texts on the same matter: then one may say less than the other.
    ratio : bool
        Whether it is a percentage: then the reported number's name may not say more (民间投资增长).
    """
    wanted, given = _folded(target), _folded(told)
    if not wanted or not given or is_generic(wanted) or is_generic(given):
        return 0.0
    if wanted == given:
        return 1.0
    if not inside or re.findall(r"\d+", wanted) != re.findall(r"\d+", given):
        return 0.0
    if _contains(wanted, given):
        return SHORTER if _ends_alike(wanted, given, words) else 0.0
    spare = len(given) - len(wanted)
    return LONGER if not ratio and spare <= SPARE * len(given) and _contains(given, wanted) else 0.0


def _contains(longer: str, shorter: str) -> bool:
    """Whether a name says all of a shorter one: in its order (分配公租房, 配租), or most of it in one piece."""
    if Counter(shorter) - Counter(longer):
        return False
    rest = iter(longer)
    if all(char in rest for char in shorter):
        return True
    bigrams = {shorter[at : at + 2] for at in range(len(shorter) - 1)}
    return len(shorter) >= SHORTEST and sum(pair in longer for pair in bigrams) >= BIGRAMS * len(bigrams)


def _ends_alike(longer: str, shorter: str, words: str) -> bool:
    """Whether what stands behind a shorter name in the longer one is said elsewhere, or says nothing."""
    rest = longer[longer.rfind(shorter[-1]) + 1 :]
    return len(rest) <= 1 or is_generic(rest) or sum(char in words for char in rest) >= HALF * len(rest)


def _folded(name: str) -> str:
    """Return a name without what changes nothing: where it holds, and which of several spellings is used."""
    name = pattern("numbers.toml", "names", "scope_patterns").sub("", name)
    for first, *others in knowledge("numbers.toml")["names"]["same"]:
        for other in others:
            name = name if first in name else name.replace(other, first)
    return name
