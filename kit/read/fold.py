"""Reading one character as another: traditional as simplified, full-width digits and radicals; offsets stay."""

import re
import unicodedata
from functools import cache

from kit.data import knowledge


@cache
def radicals() -> dict[int, str]:
    """Signs for radicals, which PDF writers put for the characters that look the same, to those characters."""
    known = knowledge("formats.toml")["pdf"]
    listed = zip(map(ord, known["radicals"]), known["characters"], strict=True)
    return {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0x2F00, 0x2FD6)} | dict(listed)


@cache
def _folded() -> dict[str, str]:
    """Characters that are read as another, to those."""
    variants = knowledge("variants.toml")
    simplified = dict(zip(variants["written"], variants["read"], strict=True))
    return simplified | {chr(sign): simplified.get(one, one) for sign, one in radicals().items()}


@cache
def _any_folded() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(re.escape, _folded()))}]")


def fold(text: str) -> str:
    """Return a text of the same length in which words are found however they are written.

    Examples
    --------
    >>> fold("２０２３年工作總結")
    '2023年工作总结'
    """
    known = _folded()
    return _any_folded().sub(lambda match: known[match[0]], text)  # quicker than a table, as few are folded
