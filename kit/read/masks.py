"""Masks: XX, ××, ** or 某 standing for a name or a number."""

import re
from collections.abc import Iterator
from functools import cache

from kit.data import knowledge

MASK_SIGNS = ("X", "x", "Ｘ", "ｘ", "×", "✕", "*", "＊")


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
        number = behind.match(text, match.end()) or before.search(text[max(start, match.start() - 4) : match.start()])
        yield *match.span(), "number" if number else "name"
