"""The font that every figure is drawn with: its file, the widths of its characters, the check that none is missing."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import FontError

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font

NAME = "NotoSansSC-Regular.ttf"
UNITS = 1000  # the size at which widths are measured; large, so that rounding does not show


@cache
def font_file() -> Path:
    """Return the path of the font's file.

    The package that carries it is found but never imported: importing it changes matplotlib's settings.

    Raises
    ------
    FontError
        When the package or the file is missing.
    """
    package = importlib.util.find_spec("zhplot")
    file = Path(package.origin).parent / "fonts" / NAME if package and package.origin else Path(NAME)
    if not file.is_file():
        message = f"font {NAME}: expected it in the package zhplot, found none; run `pip install zhplot`"
        raise FontError(message)
    return file


@cache
def _face() -> "FT2Font":
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    face = FT2Font(str(font_file()))
    face.set_size(UNITS, 72)
    return face


@cache
def _characters() -> frozenset[int]:
    return frozenset(_face().get_charmap())


def font(size: float) -> "FontProperties":
    """Return matplotlib's properties of the font at ``size`` points."""
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    return FontProperties(fname=str(font_file()), size=size)


def check_glyphs(text: str) -> str:
    """Return ``text`` when the font can draw every character of it.

    Raises
    ------
    FontError
        Naming each missing character, its code point and the font.
    """
    missing = sorted({c for c in text if ord(c) not in _characters() and c != "\n"})
    if missing:
        named = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in missing)
        message = f"font {NAME}: no glyph for {named} in {text!r}; replace the character in the text or the data file"
        raise FontError(message)
    return text


@cache
def _advance(character: str) -> float:
    from matplotlib.ft2font import LoadFlags  # noqa: PLC0415

    return _face().load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / UNITS


def width(text: str, size: float) -> float:
    """Return how wide ``text`` runs at ``size``, both in points; kerning is left out of account.

    Raises
    ------
    FontError
        See `check_glyphs`.
    """
    return size * sum(_advance(character) for character in check_glyphs(text))
