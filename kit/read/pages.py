"""Printed lines become paragraphs again: those of a PDF with a text layer, and of a text copied from a page.

A line goes on where it fills its measure; it ends where it stops short, where the next is indented, larger or set off,
or where the numbering grammar says that a point begins.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby, pairwise
from math import ceil
from operator import itemgetter
from statistics import median
from typing import Any

from kit.data import rule
from kit.errors import unreadable
from kit.read.lines import Block, Line, is_title, join_surrogates, joins, radicals
from kit.read.numbering import find_markers

MAX_PAGES = 5000
MAX_PAGE = 200_000  # characters of a page; a printed one has about 600, a web page in one piece some 30,000
MAX_PRINTED = 3_000_000  # … of all pages, about
_MIN_CHARS = 20
_CELLS = 2  # characters' widths between two cells of a table
_SHARE_OF_PAGES = 0.4  # a running head stands on at least so many, at one height, with nothing else beyond it
_RAGGED, _INDENT, _MAX_INDENT = 1.5, 1.2, 4.5  # in characters: perhaps short of the measure; indented; centred beyond
_SLACK = 0.5
_GAP = 1.3  # in pitches: set apart
_OTHER_SIZE = 0.15
_MEASURES = (15, 80)  # characters to a line that a page or a screen breaks
_MIN_LINES, _FULL = 12, 2  # fewer lines show no measure; a full line lacks so many characters at the most
_MIN_FULL, _MIN_BROKEN = 0.25, 0.7  # share of full lines; … of those that end no sentence
_APART = 10
_TITLE_ROWS = 9  # more printed lines than any title has
_UNBROKEN = re.compile(r"[^\u4e00-\u9fff]{0,20}[\u4e00-\u9fff]?[^\u4e00-\u9fff]{0,20}")


@dataclass(frozen=True)
class Row:
    """One printed line: its text, its page (from 0), its edges and font size in points, y upwards."""

    text: str
    page: int
    left: float
    right: float
    y: float
    size: float


# From a PDF to printed lines


def read_pdf(content: bytes, *, name: str) -> tuple[list[Block], list[int]]:
    """Read a PDF document."""
    rows, pages, pictures = _read_rows(content, name)
    text = "".join(row.text for row in rows)
    strange = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in text)
    if len(pictures) > pages // 2 or len(text) < _MIN_CHARS or strange > len(text) // 10:
        raise unreadable(
            name,
            "a PDF with a text layer",
            f"{len(text) - strange} readable characters on {pages} pages, {len(pictures)} of them pictures (a scan?)",
            "run text recognition (OCR) over it, or ask for the file it was printed from",
        )
    furniture = find_furniture(rows)
    paragraphs = join_rows([row for number, row in enumerate(rows) if number not in furniture])
    found = [(page, Block(text)) for text, page in paragraphs]
    found += [(rows[number].page, Block(rows[number].text, aside=True)) for number in sorted(furniture)]
    return [block for _, block in sorted(found, key=itemgetter(0))], pictures  # furniture last on its page


def _read_rows(content: bytes, name: str) -> tuple[list[Row], int, list[int]]:
    """The printed lines of all pages, the number of pages, and the pages with pictures alone."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    try:
        document = pdfium.PdfDocument(BytesIO(content))
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        found = "one that a password protects" if locked else f"a damaged one ({error})"
        remedy = "save a copy without password" if locked else "print or export it anew"
        raise unreadable(name, "a PDF that opens", found, f"{remedy}, and try again") from error
    rows, pictures = [], []
    with document:
        _check_pages(document, name)
        pages = len(document)
        for number in range(pages):
            page = document[number]
            found_rows = _page_rows(page.get_textpage(), number)
            if not found_rows and next(page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None):
                pictures.append(number + 1)
            rows += found_rows
            page.close()
    return rows, pages, pictures


def _check_pages(document: Any, name: str) -> None:
    """Refuse what no compilation has, before pdfium lays out a page, for which it needs 250 bytes a character."""
    if len(document) > MAX_PAGES:
        raise unreadable(name, f"at most {MAX_PAGES} pages", f"{len(document)}", "split the file")
    signs = 0
    for number in range(len(document)):
        page = document[number]
        on_page = _count_signs(page)
        page.close()
        signs += on_page
        for found, limit, where in ((on_page, MAX_PAGE, number + 1), (signs, MAX_PRINTED, f"1 to {number + 1}")):
            if found > limit:
                expected = f"at most {limit:,} characters on page {where}"
                raise unreadable(name, expected, f"about {found:,}", "split the file")


def _count_signs(page: Any) -> int:
    """About how many characters a page has, by the length of its stretches in full-width characters."""
    from pypdfium2 import raw  # noqa: PLC0415

    signs = 0.0
    for stretch in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        left, bottom, right, top = stretch.get_bounds()
        matrix = stretch.get_matrix()
        size = stretch.get_font_size() * max(abs(matrix.a), abs(matrix.b))
        signs += max(1.0, (right - left + top - bottom) / max(size, 0.1))
        if signs > MAX_PAGE:
            break
    return ceil(signs)


def _page_rows(textpage: Any, page: int) -> list[Row]:
    """The printed lines of a page; pdfium cuts them where the font changes."""
    from pypdfium2 import raw  # noqa: PLC0415

    codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(textpage.count_chars()))
    signs = [chr(code or 0xFFFD) for code in codes]
    lines: list[list[Row]] = []
    stretches = (list(at) for ends, at in groupby(range(len(signs)), lambda at: signs[at] in "\r\n") if not ends)
    for row in filter(None, (_row(textpage, signs, stretch, page) for stretch in stretches)):
        if lines and _touch(lines[-1], row):
            lines[-1].append(row)
        else:
            lines.append([row])
    return [replace(line[0], text="".join(row.text for row in line), right=line[-1].right) for line in lines]


def _touch(line: list[Row], row: Row) -> bool:
    first = line[0]
    return abs(first.y - row.y) < first.size / 4 and abs(row.left - line[-1].right) < first.size


def _row(textpage: Any, signs: list[str], line: list[int], page: int) -> Row | None:
    """One printed line; None when it is blank. Its characters' boxes are sampled, since each is a call."""
    inked = [at for at in line if signs[at] > " " and not signs[at].isspace()]
    if not inked:
        return None
    sampled = (*inked[:: 1 + len(inked) // 8], inked[-1])
    boxes = [textpage.get_charbox(at, loose=True) for at in sampled]
    wide = [box[2] - box[0] for box, at in zip(boxes, sampled, strict=True) if signs[at] > "\u2fff"]
    size = median(wide or [box[3] - box[1] for box in boxes])
    kept = (
        _space(textpage, signs, at, size) if signs[at] == " " else signs[at]
        for at in range(inked[0], inked[-1] + 1)
        if signs[at] >= " "
    )
    text = join_surrogates("".join(kept).translate(radicals()))
    text = text if max(map(len, text.split("\t"))) > 1 else text.replace("\t", "")  # a title spaced out over its line
    return Row(text, page, boxes[0][0], boxes[-1][2], median(box[1] for box in boxes), max(size, 1.0))


def _space(textpage: Any, signs: list[str], at: int, size: float) -> str:
    """A space within a line; one that pdfium makes of a gap beside a Chinese character is a tab, or nothing."""
    from pypdfium2.raw import FPDFText_IsGenerated  # noqa: PLC0415

    if (signs[at - 1] + signs[at + 1]).isascii() or not FPDFText_IsGenerated(textpage, at):
        return " "
    gap = textpage.get_charbox(at + 1, loose=True)[0] - textpage.get_charbox(at - 1, loose=True)[2]
    return "\t" if gap > _CELLS * size else ""


def find_furniture(rows: list[Row]) -> set[int]:
    """Find running heads and page numbers."""
    # Going inwards from the edge, heights are furniture as long as many pages have a line there and the lines say the
    # same, numbers aside. The first height with running text ends the search, so that titles, which repeat too, stay.
    pages = len({row.page for row in rows})
    furniture: set[int] = set()
    for sign in (1, -1):  # from below, from above
        levels = defaultdict(list)
        for number, row in enumerate(rows):
            levels[round(sign * row.y)].append(number)
        for level in sorted(levels):
            if not _repeats([rows[number] for number in levels[level]], pages):
                break
            furniture.update(levels[level])
        edges = {rows[number].page: number for level in sorted(levels, reverse=True) for number in levels[level]}
        numbers = rule("formats.toml", "pdf.page_number")
        furniture.update(number for number in edges.values() if numbers.match(rows[number].text))
    return furniture


def _repeats(level: list[Row], pages: int) -> bool:
    says = {re.sub(r"\d+|\s", "#", row.text) for row in level}
    on = len({row.page for row in level})
    return on >= max(3, _SHARE_OF_PAGES * pages) and len(says) <= max(2, on // 2)


# From printed lines to paragraphs


@dataclass(frozen=True)
class _Setting:
    """How a document is set: edges of the text block on even and odd pages, pitch and size of its body, in points."""

    edges: dict[int, tuple[float, float]]
    pitch: float
    size: int
    first_lines: str = ""  # indented or hanging, where this document sets them so
    spaces: bool = False  # paragraphs are set apart

    def short(self, row: Row) -> float:
        """How far a line stops before the right edge, in characters."""
        return (self.edges[row.page % 2][1] - row.right) / row.size

    def indent(self, row: Row) -> float:
        """How far a line begins behind the left edge, in characters."""
        return (row.left - self.edges[row.page % 2][0]) / row.size


def join_rows(rows: list[Row]) -> list[tuple[str, int]]:
    """Join printed lines into paragraphs."""
    return [(_join_text(group), group[0].page) for group in _group(rows)]


def unwrap(blocks: list[Block]) -> tuple[list[Block], int]:
    """Join the lines of a text that was broken at a measure, as a page or a screen breaks it."""
    filled = [block for block in blocks if block.text.strip()]
    measure, latin = _find_measure([block.text.rstrip() for block in filled])
    if not measure:
        return blocks, 0
    joined, at = [], 0
    for group in _group(_as_rows(blocks, latin)):
        joined.append(filled[at]._replace(text=_join_text(group)))
        at += len(group)
    return joined, round(measure)


def _find_measure(lines: list[str]) -> tuple[float, float]:
    """The width that many lines fill without ending a sentence, and that of a Latin letter in it, in characters."""
    # A page breaks lines by what they take up, a program by the number of their characters.
    found = []
    long = sum(len(line) > 2 * _MEASURES[1] for line in lines) > len(lines) // 20
    for latin in () if long or len(lines) < _MIN_LINES else (0.5, 1.0):
        widths = [_width(line, latin) for line in lines]
        measure = sorted(widths)[-1 - len(lines) // 20]
        full = [line for line, width in zip(lines, widths, strict=True) if width > measure - _FULL]
        broken = sum(not _ends(line) for line in full)
        if broken > _MIN_BROKEN * len(full) and _MEASURES[0] <= measure <= _MEASURES[1]:
            found.append((len(full) / len(lines), measure, latin))
    share, measure, latin = max(found, default=(0, 0, 0))
    return (measure, latin) if share > _MIN_FULL else (0, 0)


def _as_rows(blocks: list[Block], latin: float) -> list[Row]:
    """Lines as if printed with one character a point; blocks that are set apart are also set off."""
    rows, y = [], 0.0
    for block in blocks:
        apart = _APART if block.aside or block.level is not None else 0
        text = block.text.strip()
        y -= 1 + apart
        if text:
            left = _width(block.text[: len(block.text) - len(block.text.lstrip())], latin)
            rows.append(Row(text, 0, left, left + _width(text, latin), y, 1.0))
        y -= apart
    return rows


def _width(text: str, latin: float = 0.5) -> float:
    return len(text) - (1 - latin) * len(text.encode("ascii", errors="ignore"))


def _group(rows: list[Row]) -> list[list[Row]]:
    if not rows:
        return []
    setting, opening = _find_setting(rows), _openings(rows)
    groups = [[rows[0]]]
    for number, (row, below) in enumerate(pairwise(rows), start=1):
        if _goes_on(row, below, setting, number in opening) and not _is_title(groups[-1], below, setting):
            groups[-1].append(below)
        else:
            groups.append([below])
    return groups


def _find_setting(rows: list[Row]) -> _Setting:
    signs: Counter[int] = Counter()
    for row in rows:
        signs[round(row.size)] += len(row.text)
    size = signs.most_common(1)[0][0]
    body, edges = [row for row in rows if round(row.size) == size], {}
    for parity in (0, 1):
        own = [row for row in body if row.page % 2 == parity] or body
        lefts, rights = sorted(row.left for row in own), sorted(row.right for row in own)
        edges[parity] = (lefts[len(own) // 10], rights[-1 - len(own) // 20])
    gaps = [row.y - below.y for row, below in pairwise(rows) if row.page == below.page and row.y > below.y]
    pitch = median(gaps) if gaps else 0.0
    plain = _Setting(edges, pitch, size)
    right = [row for row, below in pairwise(rows) if _INDENT < (below.left - row.left) / row.size < _MAX_INDENT]
    indented = sum(_ends(row.text) or plain.short(row) > _RAGGED for row in right)
    often = len(rows) // 20
    first_lines = "indented" if indented > max(often, len(right) - indented) else ""
    first_lines = "hanging" if len(right) - indented > max(often, indented) else first_lines
    return replace(plain, first_lines=first_lines, spaces=sum(_GAP * pitch < gap < 3 * pitch for gap in gaps) > often)


def _ends(line: str) -> bool:
    return bool(rule("formats.toml", "pdf.ended").search(line))


def _openings(rows: list[Row]) -> set[int]:
    """The printed lines that open with a marker of the numbering grammar."""
    lines, at = [], 0
    for row in rows:
        lines.append(Line(at, at + len(row.text), row.text))
        at += len(row.text) + 1
    return {marker.line for marker in find_markers("\n".join(row.text for row in rows), lines) if not marker.inline}


def _goes_on(row: Row, below: Row, setting: _Setting, opens: bool) -> bool:
    """Whether the paragraph of ``row`` goes on in the next printed line, which may open with a marker."""
    short = setting.short(row)
    if _is_apart(row, below, setting) or short > _first_word(below.text) + _SLACK:
        return False
    if row.size > (1 + _OTHER_SIZE) * setting.size:  # a title over two lines
        return row.page == below.page and short < _RAGGED and not opens
    if short > _RAGGED and _ends(row.text):
        return False
    if setting.first_lines == "indented":
        return setting.indent(below) < _INDENT
    moved = (below.left - row.left) / row.size
    if moved < -_INDENT:
        return setting.first_lines != "hanging"
    if moved > _INDENT:
        return setting.first_lines == "hanging" or not (opens or _ends(row.text))
    return setting.spaces or not (opens and _ends(row.text))


def _is_apart(row: Row, below: Row, setting: _Setting) -> bool:
    """Whether two printed lines are rows of a table, differ in size, or have a gap between them."""
    if max(row.text.count("\t"), below.text.count("\t")) > 1 or abs(row.size - below.size) > _OTHER_SIZE * row.size:
        return True
    return row.page == below.page and not 0 < row.y - below.y < _GAP * max(setting.pitch, row.size)


def _is_title(rows: list[Row], below: Row, setting: _Setting) -> bool:
    """Whether a line that fills its measure is a title, where neither indents nor gaps tell paragraphs apart."""
    if setting.first_lines or setting.spaces or len(rows) > _TITLE_ROWS:
        return False
    text = _join_text(rows)
    clause = rule("formats.toml", "pdf.clause")
    return is_title(text) and not (clause.search(text) or joins(text, below.text))


def _first_word(text: str) -> float:
    """Width, in characters, of what may not be broken at the head of a line; with less room left, a line is full."""
    head = _UNBROKEN.match(text)
    return 1 + _width(head.group()) if head else 1


def _join_text(rows: list[Row]) -> str:
    """The text of a paragraph; between two Latin words a line break stands for a space."""
    words = (a.text[-1:] + b.text[:1] for a, b in pairwise(rows))
    spaces = ["", *(" " if pair.isascii() and pair.isalpha() else "" for pair in words)]
    return "".join(space + row.text for space, row in zip(spaces, rows, strict=True))
