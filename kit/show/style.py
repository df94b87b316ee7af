"""What every figure has in common: sizes in points, colours, the font with its widths and its check for glyphs.

Width and sizes are those of the text block of an official paper, so that they are true in print. After the style
guides of the GOV.UK data pages, the UK Government Analysis Function and the Urban Institute; the steps of the scale
are ColorBrewer's Blues.
"""

import importlib.util
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from kit.errors import FontError

WIDTH = 6.14 * 72  # points
MARGIN = 10
INNER = WIDTH - 2 * MARGIN
TALLEST = 638  # the text block of a page
DPI, PNG_DPI = 144, 300  # on a screen, in a file

WHITE, INK, SOFT, FAINT = "#FFFFFF", "#1A1A1A", "#4A4A4A", "#595959"  # ink of titles, of subtitles and values, of notes
LINE, AXIS, RULE, GUIDE = "#E3E3E3", "#8A969F", "#8C8C8C", "#D9DCE0"
FOCUS, SECOND, SECOND_TEXT = "#12436D", "#F46A25", "#B5500F"
CONTEXT, BOTH, EMPTY, OTHERS = "#B8BFC6", "#C3CED8", "#F4F5F6", "#5F7486"
STEPS = ("#DEEBF7", "#9ECAE1", "#4292C6", "#2171B5", "#08306B")

TITLE, SUBTITLE, NAME, VALUE, SMALL = 14, 10, 10, 9.5, 8
LEADING: dict[float, float] = {TITLE: 1.28, SUBTITLE: 1.38, SMALL: 1.42}
TITLE_LINE, SUBTITLE_LINE = 28 * TITLE, 42 * SUBTITLE
BOLD = 0.042  # width of the stroke that stands for bold, part of the size; there is no small free bold font

FONT = "NotoSansSC-Regular.ttf"


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
    file = Path(package.origin).parent / "fonts" / FONT if package and package.origin else Path(FONT)
    if not file.is_file():
        message = f"font {FONT}: expected it in the package zhplot, found none; run `pip install zhplot`"
        raise FontError(message)
    return file


@cache
def _advances() -> dict[int, float]:
    """Return how wide each character of the font runs, in parts of its size."""
    with TTFont(font_file(), lazy=True) as font:
        advances, units = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: advances[glyph][0] / units for code, glyph in font.getBestCmap().items()}


def check_glyphs(text: str) -> str:
    """Return ``text`` when the font can draw every character of it.

    Raises
    ------
    FontError
        Naming each missing character, its code point and the font.
    """
    missing = sorted({c for c in text if ord(c) not in _advances() and c != "\n"})
    if missing:
        named = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in missing)
        message = f"font {FONT}: no glyph for {named} in {text!r}; replace the character in the text or the data file"
        raise FontError(message)
    return text


def width(text: str, size: float) -> float:
    """Return how wide ``text`` runs at ``size``, both in points; kerning is left out of account.

    Raises
    ------
    FontError
        See `check_glyphs`.
    """
    advances = _advances()
    return size * sum(advances[ord(character)] for character in check_glyphs(text))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2), 0 … 1."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)  # noqa: PLR2004
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2), 1 … 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def on(ground: str) -> str:
    """Return the text colour that contrasts more with ``ground``: white or ink."""
    return max((WHITE, INK), key=lambda text: contrast(text, ground))
