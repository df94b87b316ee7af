"""Reading one character as another: traditional as simplified, full-width digits and radicals; offsets stay."""

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
def _table() -> dict[int, int | str]:
    variants = knowledge("variants.toml")
    simplified = str.maketrans(variants["written"], variants["read"])
    return simplified | {sign: character.translate(simplified) for sign, character in radicals().items()}


def fold(text: str) -> str:
    """Return a text of the same length in which words are found however they are written.

    Examples
    --------
    >>> fold("２０２３年工作總結")
    '2023年工作总结'
    """
    return text.translate(_table())
