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
    """Words and characters that are read as another, to those."""
    variants = knowledge("variants.toml")
    simplified = dict(zip(variants["written"], variants["read"], strict=True))
    signs = {chr(sign): simplified.get(one, one) for sign, one in (radicals() | _forms()).items()}
    return variants["words"] | simplified | signs


def _forms() -> dict[int, str]:
    """Letters and digits of full width, and ideographs for compatibility, to the usual ones."""
    codes = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), *range(0xF900, 0xFB00))
    forms = {code: unicodedata.normalize("NFKC", chr(code)) for code in codes}
    return {code: form for code, form in forms.items() if len(form) == 1 and form != chr(code)}


@cache
def _any_folded() -> re.Pattern[str]:
    words, signs = ([key for key in _folded() if (len(key) > 1) == long] for long in (True, False))
    return re.compile("|".join([*words, f"[{''.join(map(re.escape, signs))}]"]))


def fold(text: str) -> str:
    """Return a text of the same length in which words are found however they are written.

    Examples
    --------
    >>> fold("２０２３年工作總結")
    '2023年工作总结'
    """
    known = _folded()
    return _any_folded().sub(lambda match: known[match[0]], text)  # quicker than a table, as few are folded
