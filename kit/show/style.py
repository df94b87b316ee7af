"""How figures look and what they say: sizes, colours, fonts, broken lines; what things are called, what is covered.

Width and sizes are those of the text block of an official paper. After the style guides of the GOV.UK data pages, the
UK Government Analysis Function and the Urban Institute; the steps of the scale are ColorBrewer's Blues. Lines break by
the rules of Chinese typesetting (避头尾; W3C, Requirements for Chinese Text Layout, 2023).
"""

import importlib.util
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from hashlib import sha256
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from unicodedata import category

import numpy as np
import pandas as pd
from fontTools.ttLib import TTFont

from kit.data import knowledge
from kit.errors import FontError, TableError
from kit.measure.analysis import Analysis
from kit.measure.codebook import Codebook, read_codebook
from kit.measure.findings import authors_of
from kit.measure.places import JOINT, PLACES, YEARS, period_of
from kit.measure.scoring import uncertain_themes
from kit.read.compilation import Compilation
from kit.read.lines import field_in_title
from kit.show.publish import keep_file
from kit.tables import MULTI_YEAR
from kit.wording import agency_name, fill, label, marks, tell_apart

WIDTH = 6.14 * 72  # points
MARGIN = 10
INNER = WIDTH - 2 * MARGIN
TALLEST = 638  # the text block of a page
DPI, PNG_DPI = 144, 300  # at which a figure is laid out, at which it is saved; a screen shows half of that

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
    options = Options(layout_features=list(FEATURES), notdef_outline=True, recalc_bounds=False)
    options.drop_tables += ["BASE", "STAT", "vhea", "vmtx", "name"]  # of lines that run down, and of other weights
    names = font["name"]  # put back whole: to find which of its entries are in use takes a third of the time
    font.setGlyphOrder(list(map(str, range(font["maxp"].numGlyphs))))  # it keeps no names, and they take long to make
    subsetter, small = Subsetter(options), BytesIO()
    subsetter.populate(unicodes=[*map(ord, letters), *(code for block in BLOCKS for code in range(*block))])
    subsetter.subset(font)
    font["name"], post = names, font["post"]
    post.formatType, post.extraNames, post.mapping = 2.0, [], {}  # glyphs named, or each PDF names them anew
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
        font.setGlyphOrder(range(font["maxp"].numGlyphs))  # numbers, as names of glyphs take long to make
        wide = (
            np.frombuffer(font.reader["hmtx"], ">u2")[: 2 * font["hhea"].numberOfHMetrics : 2] / font["head"].unitsPerEm
        )
        return {code: float(wide[min(glyph, len(wide) - 1)]) for code, glyph in font.getBestCmap().items()}


@cache
def _drawn(sign: str) -> tuple[str, float]:
    """Return what a sign is drawn as, nothing or `UNKNOWN` where neither font has it, and how wide that runs."""
    if sign == "\n" or INVISIBLE.match(sign):
        return INVISIBLE.sub("", sign), 0
    wide = _advances(font_file()).get(ord(sign))
    if wide is None and category(sign) != "Mn":  # matplotlib sets no mark of one font upon a letter of another
        wide = _advances(signs_file()).get(ord(sign))
    return (sign, wide) if wide is not None else (UNKNOWN, _drawn(UNKNOWN)[1])


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
    return "".join(_drawn(sign)[0] for sign in text)


def is_rare(text: str) -> bool:
    """Whether a text holds a sign that the font of what is common lacks."""
    return not _advances(common_file()).keys() >= set(map(ord, text.replace("\n", "")))


def list_signs(text: str) -> dict[str, str]:
    """Return the signs of a text that the font lacks, and what draws them: the other font, `UNKNOWN`, nothing (-)."""
    lacking = sorted(c for c in set(text) if ord(c) not in _advances(font_file()) and not c.isspace())
    signs = {f"{c} U+{ord(c):04X}" if c.isprintable() else f"U+{ord(c):04X}": drawable(c) or "-" for c in lacking}
    return {name: drawn if drawn in ("-", UNKNOWN) else SIGNS for name, drawn in signs.items()}


def width(text: str, size: float) -> float:
    """Return how wide ``text`` runs at ``size`` as it is drawn (see `drawable`), both in points, without kerning."""
    return size * sum(_drawn(sign)[1] for sign in text)


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


# ---- Lines that break, names that fit ----

BRACKETS = re.compile(r"(.+?)\s?[（(][^（()）]*[）)](.*)", re.DOTALL)
TOKEN = re.compile(r"[0-9A-Za-z]+(?:[.,:/'’&+\-−–][0-9A-Za-z]+)*[%‰℃]?|\s+|.", re.DOTALL)
ELLIPSIS = "…"
TWO_LINES, TWO_LEADING, BETWEEN = 7.5, 1.1, 0.5  # names on two lines: smallest size, leading, room between two rows
WIDOW = 0.35  # a second line shorter than this part of the first is a widow


def _legal(before: str, after: str) -> bool:
    return after.lstrip()[0] not in marks("not_first") and before.rstrip()[-1:] not in marks("not_last")


def wrap(text: str, size: float, limit: float) -> list[str]:
    """Break ``text`` into lines of at most ``limit`` points."""
    lines: list[str] = []
    line: list[str] = []
    for token in TOKEN.findall(text):
        if line and width("".join([*line, token]).rstrip(), size) > limit and not token.isspace():
            ahead = [*line, token]
            cut = next((k for k in range(len(line), 0, -1) if _legal("".join(line[:k]), "".join(ahead[k:]))), 0)
            if cut:
                lines.append("".join(line[:cut]).rstrip())
                line = line[cut + ahead[cut].isspace() :]
        line.append(token)
    return [*lines, "".join(line).rstrip()] if line else lines


def wrap_title(text: str, size: float, limit: float) -> list[str]:
    """Break a title: at its comma when that makes two lines of like length, else balanced."""
    lines = wrap(text, size, limit)
    if len(lines) != 2:  # noqa: PLR2004
        return lines
    at_comma = [[text[: at.end()], text[at.end() :].lstrip()] for at in re.finditer(f"[{marks('commas')}]", text)]
    for halves in sorted(at_comma, key=lambda halves: abs(width(halves[0], size) - width(halves[1], size))):
        short, long = sorted(width(half, size) for half in halves)
        if long <= limit and short >= long / 2:
            return halves
    while limit > size and len(narrower := wrap(text, size, limit - size / 2)) == len(lines):  # two words stay two
        lines, limit = narrower, limit - size / 2
    return lines


def wrap_subtitle(text: str, size: float, limit: float) -> list[str]:
    """Break a subtitle; a short second line is avoided by breaking at the last comma, a full-width one is dropped."""
    lines = wrap(text, size, limit)
    if len(lines) == 2 and width(lines[1], size) < WIDOW * width(lines[0], size):  # noqa: PLR2004
        for found in reversed([*re.finditer(f"[{marks('commas')}]", lines[0])]):
            at, rest = found.end(), text[found.end() :].lstrip()
            if rest != lines[1] and width(rest, size) <= limit:
                return [text[: at - (not text[at - 1].isascii())], rest]
    return lines


def shorten(text: str, size: float, limit: float) -> str:
    """Shorten ``text`` to ``limit`` points, keeping its head and its tail: an agency's end says what it is."""
    # What stands in brackets behind a name is never cut: it goes before the name is shortened.
    if width(text, size) <= limit:
        return text
    if found := BRACKETS.fullmatch(text):
        return shorten(found[1] + found[2], size, limit)
    tokens = TOKEN.findall(text)
    tail = max(1, min(4, len(tokens) // 3))
    for head in range(len(tokens) - tail - 1, 0, -1):
        short = "".join(tokens[:head]).rstrip() + ELLIPSIS + "".join(tokens[-tail:]).lstrip()
        if width(short, size) <= limit:
            return short
    return shorten_end(text, size, limit)


def shorten_end(text: str, size: float, limit: float) -> str:
    """Shorten ``text`` to ``limit`` points at its end."""
    if width(text, size) <= limit:
        return text
    ends = (text[:n].rstrip() + ELLIPSIS for n in range(len(text) - 1, 0, -1))
    return next((short for short in ends if width(short, size) <= limit), ELLIPSIS)


def gutter(names: Iterable[str], size: float, *, most: float, pad: float) -> float:
    """Return the room that names need beside a plot, points, at most ``most``."""
    return min(max((width(name, size) for name in names), default=0) + pad, most)


def fit_name(name: str, size: float, limit: float, pitch: float) -> tuple[str, float]:
    """Return a name as it fits ``limit`` and its size: on one line, on two as large as they fit, or shortened."""
    if width(name, size) <= limit:
        return name, size
    smaller = min(size, pitch / (2 * TWO_LEADING) - BETWEEN)
    if smaller < TWO_LINES:
        return shorten(name, size, limit), size
    shorter = [shorten(name, TWO_LINES, room) for room in range(int(2 * limit), 0, -4)]
    tries = [(smaller, wrap_title(name, smaller, limit)), (TWO_LINES, wrap_title(name, TWO_LINES, limit))]
    for fitted, lines in [*tries, *((TWO_LINES, wrap(short, TWO_LINES, limit)) for short in shorter)]:
        if len(lines) <= 2 and all(width(line, fitted) <= limit for line in lines):  # noqa: PLR2004
            return "\n".join(lines), fitted
    return shorten(name, TWO_LINES, limit), TWO_LINES


def words_of(stem: str, lang: str, **called: str) -> Callable[..., str]:
    """Return what fills the templates of one figure: ``words_of("cloud", "zh")("finding", terms=…)``."""
    return partial(fill, f"figures.{stem}", lang=lang, **called)


def theme_labels(lang: str, codebook: Codebook | None = None) -> dict[str, str]:
    """Return what themes, the kit's by default, are called: key → name, in the order in which figures show them."""
    return {theme.key: getattr(theme, lang) for theme in (codebook or read_codebook()).themes}


def marked_labels(lang: str, codebook: Codebook | None = None) -> dict[str, str]:
    """Return what themes are called, the kit's own that are uncertain with an asterisk."""
    names, own = theme_labels(lang, codebook), theme_labels(lang)
    return {key: name + "*" * (key in uncertain_themes() and name == own[key]) for key, name in names.items()}


def theme_heads(keys: Sequence[str], labels: Mapping[str, str], lang: str) -> list[str]:
    """Return what stands over a theme's column: its short name, or its label, with the label's asterisk."""
    shipped, short = theme_labels(lang), knowledge("labels.toml")["heads"]
    names = [labels.get(key, key) for key in keys]
    bare = [name.removesuffix("*") for name in names]
    heads = [short[key][lang] if own == shipped.get(key) else own for key, own in zip(keys, bare, strict=True)]
    return [head + name[len(own) :] for head, name, own in zip(heads, names, bare, strict=True)]


def theme_groups(lang: str, codebook: Codebook | None = None) -> dict[str, str]:
    """Return the name of each theme's group, a short one for the kit's: key of the theme → name."""
    codebook, shipped, short = codebook or read_codebook(), read_codebook().groups, knowledge("labels.toml")["groups"]
    called = {key: short[key] if names == shipped.get(key) else names for key, names in codebook.groups.items()}
    return {theme.key: called[theme.group][lang] for theme in codebook.themes}


def in_theme_order(keys: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Return theme keys in the order of ``labels``; keys it does not name stand behind, as found."""
    found = list(dict.fromkeys(keys))
    return [*(key for key in labels if key in found), *(key for key in found if key not in labels)]


def claim_in(lang: str) -> str:
    """Return the column of the findings in which they are worded in a language."""
    return {"zh": "claim", "en": "claim_en"}[lang]


Years = tuple[int, int]
NAMED = 3  # compilations that a source line names one by one


@dataclass(frozen=True)
class Scope:
    """What a figure covers, as it says in its subtitle and its source line."""

    lang: str
    compilation: str
    reports_counted: int
    reports_read: int
    copies: int = 0
    masks: int = 0
    period: Years | None = None
    plan_period: Years | None = None
    sectors: Mapping[int, str] = field(default_factory=dict)
    agencies: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[int, str] = field(default_factory=dict)  # of the reports that are about one field of an agency
    codebook: Codebook | None = None
    later: "Scope | None" = None
    several: int = 0  # sentences on several years, which are left out
    missing: str = ""  # years of which there is no compilation
    authors: str = "agencies"
    places: Mapping[int, str] = field(default_factory=dict)  # of each report, where they are of several

    @property
    def themes(self) -> dict[str, str]:
        """What themes are called."""
        return marked_labels(self.lang, self.codebook)

    @property
    def called(self) -> dict[str, str]:
        """What the authors of the reports are called, as templates name them."""
        said = knowledge("labels.toml")["authors"][self.authors]
        if self.reports_counted == 1 and (not self.later or self.later.reports_counted == 1):
            said = said | {"every": said["one"]}
        return {name: words[self.lang] for name, words in said.items()}


@lru_cache(maxsize=16)
def scope_of(analysis: Analysis) -> Scope:
    """Return what a figure of an analysis covers."""
    compilation: Compilation = analysis.compilation
    reports, counted = compilation.reports, compilation.counted
    several = compilation.sentences[compilation.sentences["horizon"] == MULTI_YEAR]
    return Scope(
        lang=analysis.lang,
        compilation=_name_of(compilation.name, analysis.lang),
        reports_counted=len(counted),
        reports_read=len(reports),
        copies=int(reports["copy_of"].notna().sum()),
        masks=int(compilation.masks["report"].isin(counted["report"]).sum()),
        period=_years(counted["period"].dropna()),
        plan_period=_years(counted["plan_period"].dropna()),
        sectors=dict(zip(reports["report"], reports["sector"], strict=True)),
        agencies=dict(zip(reports["report"], reports["agency"], strict=True)),
        fields={
            row.report: label("scope", "field", analysis.lang).format(own)
            for row in reports.itertuples()
            if (own := field_in_title(row.title, row.agency))
        },
        codebook=analysis.codebook,
        several=int(several["report"].isin(counted["report"]).sum()),
        authors=authors_of(compilation),
        places=dict(zip(reports["report"], reports["place"], strict=True)) if len(set(counted["place"])) > 1 else {},
    )


def _name_of(name: str, lang: str) -> str:
    """Return what a compilation is called; of several joined their names without endings, the first of many."""
    names = [one.removesuffix(Path(one).suffix) for one in name.split(JOINT)]  # a place may stand before a stem
    if len(names) == 1:
        return name
    few = len(names) <= NAMED
    return JOINT.join(names) if few else fill("scope", "many_places", lang, first=names[0], n=len(names))


def years_of(analysis: Analysis) -> Scope:
    """Return what a figure of fulfilment covers: the plans of the year before, and these reviews."""
    if analysis.earlier is None:
        message = f"fulfilment takes two years, found only {analysis.compilation.name}; analyse [earlier, later]"
        raise TableError(message)
    return replace(scope_of(analysis.earlier), lang=analysis.lang, later=scope_of(analysis))


def span_of(analysis: Analysis) -> Scope:
    """Return what a figure of several years covers: all of them."""
    scopes = [scope_of(year) for year in analysis.years]
    names = [scope.compilation for scope in scopes]
    if len(scopes) > 1:
        names = [JOINT.join(Path(one).stem for one in name.split(JOINT)) for name in names]
    key = "few_names" if len(names) <= NAMED else "many_names"
    comma = label("marks", "comma", analysis.lang)
    joined, gaps = comma.join(names), missing_years([year.compilation for year in analysis.years])
    said = fill("scope", key, analysis.lang, names=joined, first=names[0], last=names[-1], n=len(names))
    sums = {
        name: sum(getattr(one, name) for one in scopes)
        for name in ("reports_counted", "reports_read", "copies", "masks", "several")
    }
    return replace(
        scopes[-1],
        compilation=said,
        missing=comma.join(map(str, gaps)),
        **sums,
        period=_years(year for one in scopes for year in one.period or ()),
        plan_period=_years(year for one in scopes for year in one.plan_period or ()),
    )


def _years(years: Iterable[int]) -> Years | None:
    known = [int(year) for year in years]
    return (min(known), max(known)) if known else None


def _span(years: Years, lang: str) -> str:
    first, last = (str(year) for year in years)
    return first if first == last else label("scope", "span", lang).format(first, last)


def missing_years(compilations: Sequence[Compilation]) -> list[int]:
    """Return the years between the first and the last of some compilations that none of them has."""
    known = {period for one in compilations if (period := period_of(one))}
    return sorted({*range(min(known), max(known))} - known) if known else []


def say_relation(years: Sequence[Compilation], relation: str, lang: str) -> str:
    """Say what several compilations are to each other, which years are missing, and how it is set; empty of one."""
    if not relation:
        return ""
    comma, periods = label("marks", "comma", lang), [period_of(one) for one in years]
    places = list(dict.fromkeys(place for one in years for place in one.counted["place"] if place))
    gaps = missing_years(years) if relation != PLACES else []
    told = comma.join(str(period or label("relations", "unknown", lang)) for period in periods)
    said = fill("relations", relation, lang, n=len(years), m=len(places), years=told, places=comma.join(places))
    said += fill("relations", "gaps", lang, years=comma.join(map(str, gaps))) if gaps else ""
    other = PLACES if relation == YEARS else YEARS
    return said + fill("relations", "set" if os.environ.get("KIT_AS") else "found", lang, other=other)


def period_text(scope: Scope) -> str:
    """Return which years' reviews and plans are covered, of fulfilment the later reviews; empty when none is known."""
    lang, plan = scope.lang, scope.plan_period
    review = scope.later.period if scope.later else scope.period
    if review and plan:
        key = "period_fulfilment" if scope.later else "period"
        return fill("scope", key, lang, review=_span(review, lang), plan=_span(plan, lang))
    one, key = review or plan, "period_review" if review else "period_plan"
    return fill("scope", key, lang, year=_span(one, lang)) if one else ""


def write_subtitle(measure: str, scope: Scope, *more: str) -> str:
    """Return a subtitle: what is measured, of which years, and what else there is to say."""
    return label("marks", "clause", scope.lang).join(filter(None, (measure, period_text(scope), *more)))


def source_line(scope: Scope, measure: str = "") -> str:
    """Return the source line: what was counted and what left out (of fulfilment in both years), the measure."""
    counted = "; ".join(_counted(one) for one in (scope, scope.later) if one)
    said = label("scope", measure, scope.lang) if measure else ""
    return fill("scope", "source", scope.lang, counted=counted, measure=said).rstrip()


def _counted(scope: Scope) -> str:
    key = "copies_once" if scope.copies else "copies_none"
    lang = scope.lang
    copies = fill("scope", key, lang, copies=scope.copies, read=scope.reports_read)
    counted = {"compilation": scope.compilation, "counted": scope.reports_counted, "copies": copies}
    several = fill("scope", "several", lang, n=scope.several) if scope.several else ""
    missing = fill("scope", "missing", lang, years=scope.missing) if scope.missing else ""
    return fill("scope", "counted", lang, **counted, masks=scope.masks, several=several + missing)


def agency_names(table: pd.DataFrame, scope: Scope) -> list[str]:
    """Return the name of each row's agency as a figure shows it."""
    # As in the later year, so that figures of two years agree, where that is surely the same agency's.
    called = table["agency"]
    if scope.later and {"later_report", "link"} <= set(table):
        later = table["later_report"].map(dict(scope.later.agencies))
        called = later.where(table["link"] == "same").fillna(called)
    rows = zip(table["report"], called, strict=True)
    names = [
        (report, agency_name(name, scope.lang, scope.sectors.get(report, "")) + scope.fields.get(report, ""))
        for report, name in rows
    ]
    return tell_apart(names, scope.places, scope.lang)


def row_ends(rows: int, ends: int | None, scope: Scope) -> tuple[list[int], str]:
    """Return which rows are shown, all or both ends and the one in the middle, and what is said of it."""
    if ends is None or rows <= 2 * ends + 1:
        return list(range(rows)), ""
    said = fill("slides", "ends", scope.lang, ends=ends, n=rows, **scope.called)
    return [*range(ends), rows // 2, *range(rows - ends, rows)], said


def one_of(choices: Mapping[str, Any], name: str, option: str = "of") -> Any:
    """Return what a name chooses, given as an option."""
    if name not in choices:
        message = f"{option}: expected one of {', '.join(choices)}; found {name!r}"
        raise TableError(message)
    return choices[name]
