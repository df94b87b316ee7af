"""What every figure has in common: sizes in points, colours, the fonts with their widths and the check for glyphs.

Width and sizes are those of the text block of an official paper. After the style guides of the GOV.UK data pages, the
UK Government Analysis Function and the Urban Institute; the steps of the scale are ColorBrewer's Blues.
"""

import importlib.util
import re
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import product
from pathlib import Path
from unicodedata import category

from fontTools.ttLib import TTFont

from kit.errors import FontError
from kit.show.publish import keep_file

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
READABLE = 4.5  # contrast of text with its ground (WCAG 2.2, 1.4.3)
BOLD = 0.042  # width of the stroke that stands for bold, part of the size; there is no small free bold font

FONT = "NotoSansSC-Regular.ttf"
# What is drawn with of it: GB 2312 and these blocks (Latin, punctuation, signs, forms), and how its letters are set.
BLOCKS = ((0x20, 0x250), (0x2000, 0x2070), (0x2100, 0x2300), (0x2460, 0x2640), (0x3000, 0x3040), (0xFF00, 0xFFF0))
FEATURES = ("calt", "ccmp", "clig", "halt", "kern", "liga", "locl", "mark", "mkmk", "rlig")
SIGNS, UNKNOWN = "DejaVuSans.ttf", "□"  # for what the font lacks: comes with matplotlib; for what that lacks, too

# Marks of width zero, directions and variants: they say how others are set, and say nothing in a figure.
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")


@cache
def font_file() -> Path:
    """Return the path of the font's file; raise a `FontError` when the package or the file is missing."""
    return _find_font("zhplot", f"fonts/{FONT}")


@cache
def common_file() -> Path:
    """Return a font of what texts are mostly made of: a PDF takes its letters from it in a tenth of the time."""
    whole = font_file().read_bytes()
    return keep_file((BLOCKS, FEATURES, sha256(whole).hexdigest()), lambda: _subset(whole))


def _subset(whole: bytes) -> bytes:
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415, takes a while

    pairs = (bytes(pair) for pair in product(range(0xA1, 0xF8), range(0xA1, 0xFF)))
    letters = {letter for pair in pairs if (letter := pair.decode("gb2312", errors="ignore"))}
    font = TTFont(BytesIO(whole), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    options = Options(layout_features=list(FEATURES), name_IDs=["*"], notdef_outline=True, recalc_bounds=False)
    options.drop_tables += ["BASE", "STAT", "vhea", "vmtx"]  # of lines that run down, and of other weights
    subsetter, small = Subsetter(options), BytesIO()
    subsetter.populate(unicodes=[*map(ord, letters), *(code for block in BLOCKS for code in range(*block))])
    subsetter.subset(font)
    font.save(small, reorderTables=None)
    return small.getvalue()


@cache
def signs_file() -> Path:
    """Return the path of the font for signs of a compilation that the first one lacks."""
    return _find_font("matplotlib", f"mpl-data/fonts/ttf/{SIGNS}")


def _find_font(package: str, file: str) -> Path:
    """Find a package's font without importing it: importing zhplot changes matplotlib's settings."""
    found = importlib.util.find_spec(package)
    path = Path(found.origin).parent / file if found and found.origin else Path(file)
    if not path.is_file():
        message = f"font {path.name}: expected it in the package {package}, found none; run `pip install {package}`"
        raise FontError(message)
    return path


@cache
def _advances(file: Path) -> dict[int, float]:
    with TTFont(file, lazy=True) as font:
        advances, units = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: advances[glyph][0] / units for code, glyph in font.getBestCmap().items()}


@cache
def _drawn() -> dict[int, float]:
    """Return how wide each character that can be drawn runs: in the font, else in the one for signs."""
    signs = _advances(signs_file()).items()  # matplotlib sets no mark of one font upon a letter of another
    return {code: wide for code, wide in signs if category(chr(code)) != "Mn"} | _advances(font_file())


def check_glyphs(text: str) -> str:
    """Return ``text``, the kit's own words, when the font can draw every character of it."""
    missing = sorted({c for c in text if ord(c) not in _advances(font_file()) and c != "\n"})
    if missing:
        named = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in missing)
        message = f"font {FONT}: no glyph for {named} in {text!r}; replace the character in the text or the data file"
        raise FontError(message)
    return text


def drawable(text: str) -> str:
    """Return ``text`` as it can be drawn: invisible signs left out, a placeholder for what neither font has."""
    return "".join(c if ord(c) in _drawn() or c == "\n" else UNKNOWN for c in INVISIBLE.sub("", text))


def list_signs(text: str) -> dict[str, str]:
    """Return the signs of a text that the font lacks, and what draws them: the other font, `UNKNOWN`, nothing (-)."""
    lacking = sorted(c for c in set(text) if ord(c) not in _advances(font_file()) and not c.isspace())
    named = {f"{c} U+{ord(c):04X}" if c.isprintable() else f"U+{ord(c):04X}": drawable(c) or "-" for c in lacking}
    return {name: drawn if drawn in ("-", UNKNOWN) else SIGNS for name, drawn in named.items()}


def width(text: str, size: float) -> float:
    """Return how wide ``text`` runs at ``size`` as it is drawn (see `drawable`), both in points, without kerning."""
    advances = _drawn()
    return size * sum(advances[ord(character)] for character in drawable(text) if character != "\n")


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2), 0 … 1."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)  # noqa: PLR2004
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2), 1 … 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def for_text(colour: str) -> str:
    """Return a colour as text on white has it: one that is too pale grows darker until it is read."""
    if colour == SECOND:
        return SECOND_TEXT
    while contrast(colour, WHITE) < READABLE:
        colour = "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.95):02X}" for at in (1, 3, 5))
    return colour


def on(ground: str) -> str:
    """Return the text colour that contrasts more with ``ground``: white or ink."""
    return max((WHITE, INK), key=lambda text: contrast(text, ground))
