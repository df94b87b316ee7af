"""Quantities: numbers with their units, as the genre writes them.

Arabic and Chinese numerals, 半 and 两, 万 and 亿, ％ ‰ and 百分点, ranges (5%—6%), bounds (左右, 以上, 不低于 …), and
masks standing for a number. A date, an ordinal (第三) or a number without a unit is no quantity.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from kit.data import knowledge

FOLD = str.maketrans("０１２３４５６７８９．％﹪，／（）", "0123456789.%%,/()")
MASK = "\ue000"  # a private-use character stands in for every masked one, so that offsets hold
PER_CENT = "%"
BOUND_REACH = 6  # characters beside a quantity in which a bound word stands
BOUNDS = ("about", "at_least", "at_most")
BARE_FROM = 1e4  # a multiplier this large may stand without a unit (突破500亿)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, ``start`` and ``end`` from its first digit (or mask) to the unit's last character."""

    start: int
    end: int
    value: float | None
    value_to: float | None
    bound: str
    unit: str
    masked: bool

    @property
    def dimension(self) -> str:
        """What the unit measures: money, length, …; a counting word stands for itself."""
        return unit_size(self.unit)[0]

    @property
    def size(self) -> float | None:
        """The value in the base unit of its dimension; nothing when masked."""
        return None if self.value is None else self.value * unit_size(self.unit)[1]


def find_quantities(text: str, masks: Iterable[tuple[int, int]] = ()) -> Iterator[Quantity]:
    """Yield the quantities of a text in order.

    Parameters
    ----------
    text : str
        Any stretch of text.
    masks : iterable of (start, end)
        Where a mask stands, as offsets into ``text``.

    Yields
    ------
    Quantity
        Offsets into ``text``. A masked number has no value and ``masked`` is true.
    """
    folded = list(text.translate(FOLD))
    for start, end in masks:
        folded[start:end] = MASK * (end - start)
    plain = "".join(folded)
    for found in _grammar().finditer(plain):
        quantity = _quantity(text, found)
        if quantity:
            yield quantity


@cache
def unit_size(unit: str) -> tuple[str, float]:
    """Return a unit's dimension and its size in the dimension's base unit.

    Parameters
    ----------
    unit : str
        A unit as written, multiplier included (``万亩``).

    Returns
    -------
    tuple of (str, float)
        ``("area", 6666666.7)`` for 万亩; a counting word's dimension is the first of the words used alike.
    """
    sizes, multipliers = _units(), knowledge("units.toml")["multipliers"]
    if unit in sizes:
        return sizes[unit]
    for prefix in sorted(multipliers, key=len, reverse=True):
        if unit.startswith(prefix):
            dimension, size = sizes.get(unit[len(prefix) :], ("number", 1.0))
            return dimension, size * multipliers[prefix]
    return (unit, 1.0)


@cache
def _units() -> dict[str, tuple[str, float]]:
    """Return every unit with its dimension and size."""
    data = knowledge("units.toml")
    skip = {"numerals", "bounds", "multipliers", "count"}
    sizes = {
        unit: (name, float(size)) for name, group in data.items() if name not in skip for unit, size in group.items()
    }
    like = {word: group[0] for group in data["count"]["same"] for word in group}
    return sizes | {word: (like.get(word, word), 1.0) for word in data["count"]["words"] if word not in sizes}


def _union(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _grammar() -> re.Pattern[str]:
    """Compile the grammar of a quantity."""
    data = knowledge("units.toml")
    words = data["numerals"]
    han = "".join({**words["digits"], **words["steps"]})
    number = rf"{MASK}+|\d+(?:,\d{{3}})*(?:\.\d+)?|[{han}]+(?:{words['half']})?|{words['half']}"
    more = "".join(words["more"])
    times = _union(data["multipliers"])
    times_end = "".join({word[-1] for word, size in data["multipliers"].items() if size >= BARE_FROM})
    units = _union(_units())
    ratio = _union(data["ratio"])
    joins = _union(data["bounds"]["range_joins"])
    return re.compile(
        rf"(?<![\d.A-Za-z{words['ordinal_prefix']}{MASK}{han}])"
        rf"(?:{words['percent_prefix']}(?P<percent>{number})"
        rf"|(?P<low>{number})(?:(?:{times})?(?:{ratio})?\s*(?:{joins})\s*(?P<high>{number}))?"
        rf"(?P<more>[{more}])?\s?(?P<times>(?:{times})?)(?P<more2>[{more}])?\s?(?:(?P<unit>{units})(?![A-Za-z])|(?<=[{times_end}])))"
    )


def _quantity(text: str, found: re.Match[str]) -> Quantity | None:
    """Build the quantity of one match; nothing when it is a word that only looks like one (一起)."""
    words = knowledge("units.toml")["numerals"]
    low = found["percent"] or found["low"]
    unit = PER_CENT if found["percent"] else (found["times"] or "") + (found["unit"] or "")
    if low[0] in {**words["digits"], **words["steps"]} and unit in words["not_after_han"]:
        return None
    value, value_to = _number(low), _number(found["high"])
    masked = MASK in low
    bound = _bound(text, found.start(), found.end(), more=bool(found["more"] or found["more2"]))
    if value_to is not None:
        bound = "between"
    return Quantity(found.start(), found.end(), value, value_to, bound, unit, masked)


def _number(numeral: str | None) -> float | None:
    """Return the value of an Arabic or Chinese numeral; nothing for a mask or when there is none."""
    if not numeral or MASK in numeral:
        return None
    words = knowledge("units.toml")["numerals"]
    if numeral[0].isdigit() and numeral[0] not in words["digits"]:
        return float(numeral.replace(",", ""))
    half = 0.5 if numeral.endswith(words["half"]) else 0.0
    total = digit = 0
    for char in numeral.removesuffix(words["half"]):
        if char in words["digits"]:
            digit = digit * 10 + words["digits"][char]
        else:
            total, digit = total + (digit or 1) * words["steps"][char], 0
    return total + digit + half


def _bound(text: str, start: int, end: int, *, more: bool) -> str:
    """Return what the words right before and behind a quantity make of it; the longest decides (不超过 超过)."""
    words = knowledge("units.toml")["bounds"]
    before, behind = text[max(0, start - BOUND_REACH) : start], text[end : end + BOUND_REACH].lstrip()
    said = [(len(word), bound) for bound in BOUNDS for word in words[f"{bound}_before"] if before.endswith(word)]
    said += [(len(word), bound) for bound in BOUNDS for word in words[f"{bound}_after"] if behind.startswith(word)]
    if said:
        return max(said)[1].replace("_", " ")
    return "at least" if more else "exact"
