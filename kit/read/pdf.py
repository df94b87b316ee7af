"""PDF documents with a text layer: printed lines, of which running heads and page numbers stand apart."""

import re
from collections import defaultdict, deque
from dataclasses import replace
from io import BytesIO
from statistics import median
from typing import Any

from kit.data import knowledge
from kit.errors import SourceError
from kit.read.blocks import Block
from kit.read.encoding import join_surrogates
from kit.read.fold import radicals
from kit.read.paragraphs import Row, join_rows

MAX_PAGES = 5000
_MIN_CHARS = 20
_CELLS = 2  # characters' widths between two cells of a table
_SHARE_OF_PAGES = 0.4  # a running head stands on at least so many, at one height, with nothing else beyond it


def read_pdf(content: bytes, *, name: str) -> tuple[list[Block], list[int]]:
    """Read a PDF document.

    Parameters
    ----------
    content : bytes
    name : str
        What to call the file in an error.

    Returns
    -------
    lines : list of Block
        One paragraph a line; running heads and page numbers, which are no running text, on lines of their own, behind
        the paragraph that they interrupt.
    pictures : list of int
        Pages (from 1) that hold pictures and no text.

    Raises
    ------
    SourceError
        When it is encrypted or damaged, or has no text layer.
    """
    rows, pages, pictures = _read_rows(content, name)
    text = "".join(row.text for row in rows)
    unreadable = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in text)
    if len(pictures) > pages // 2 or len(text) < _MIN_CHARS or unreadable > len(text) // 10:
        message = (
            f"{name}: expected a PDF with a text layer, found {len(text) - unreadable} readable characters on {pages} "
            f"pages, {len(pictures)} of them pictures (a scan?); run text recognition (OCR) over it, or ask for the "
            f"file it was printed from"
        )
        raise SourceError(message)
    furniture = find_furniture(rows)
    paragraphs = join_rows([row for number, row in enumerate(rows) if number not in furniture])
    aside = deque(rows[number] for number in sorted(furniture))
    lines: list[Block] = []
    for paragraph, page in paragraphs:
        while aside and aside[0].page < page:
            lines.append(Block(aside.popleft().text, aside=True))
        lines.append(Block(paragraph))
    return lines + [Block(row.text, aside=True) for row in aside], pictures


def _read_rows(content: bytes, name: str) -> tuple[list[Row], int, list[int]]:
    """The printed lines of all pages, the number of pages, and the pages with pictures alone."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    try:
        document = pdfium.PdfDocument(BytesIO(content))
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        found = "one that a password protects" if locked else f"a damaged one ({error})"
        remedy = "save a copy without password" if locked else "print or export it anew"
        message = f"{name}: expected a PDF that opens, found {found}; {remedy}, and try again"
        raise SourceError(message) from error
    rows, pictures = [], []
    with document:
        pages = len(document)
        if pages > MAX_PAGES:
            message = f"{name}: expected at most {MAX_PAGES} pages, found {pages}; split the file"
            raise SourceError(message)
        for number in range(pages):
            page = document[number]
            found_rows = _page_rows(page.get_textpage(), number)
            if not found_rows and next(page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None):
                pictures.append(number + 1)
            rows += found_rows
            page.close()
    return rows, pages, pictures


def _page_rows(textpage: Any, page: int) -> list[Row]:
    from pypdfium2 import raw  # noqa: PLC0415

    codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(textpage.count_chars()))
    signs = [chr(code or 0xFFFD) for code in codes]
    rows: list[Row] = []
    line: list[int] = []
    for index, sign in enumerate([*signs, "\n"]):
        if sign not in "\r\n":
            line.append(index)
            continue
        row = _row(textpage, signs, line, page)
        if row and rows and _touch(rows[-1], row):
            rows[-1] = replace(rows[-1], text=rows[-1].text + row.text, right=row.right)
        elif row:
            rows.append(row)
        line = []
    return rows


def _row(textpage: Any, signs: list[str], line: list[int], page: int) -> Row | None:
    """One printed line; None when it is blank. Its characters' boxes are sampled, since each is a call."""
    inked = [at for at in line if signs[at] > " " and not signs[at].isspace()]
    if not inked:
        return None
    sampled = (*inked[:: 1 + len(inked) // 8], inked[-1])
    boxes = [textpage.get_charbox(at, loose=True) for at in sampled]
    wide = [box[2] - box[0] for box, at in zip(boxes, sampled, strict=True) if signs[at] > "\u2fff"]
    size = median(wide or [box[3] - box[1] for box in boxes])
    kept = [
        sign
        for at in range(inked[0], inked[-1] + 1)
        if (sign := _sign(textpage, signs, at, size)) >= " " or sign == "\t"
    ]
    text = join_surrogates("".join(kept).translate(radicals()))
    text = text if max(map(len, text.split("\t"))) > 1 else text.replace("\t", "")  # a title spaced out over its line
    return Row(text, page, boxes[0][0], boxes[-1][2], median(box[1] for box in boxes), max(size, 1.0))


def _sign(textpage: Any, signs: list[str], at: int, size: float) -> str:
    """A character of a line; where pdfium makes a space of a gap beside a Chinese one, a tab, or nothing."""
    from pypdfium2.raw import FPDFText_IsGenerated  # noqa: PLC0415

    if signs[at] != " " or (signs[at - 1] + signs[at + 1]).isascii() or not FPDFText_IsGenerated(textpage, at):
        return "" if signs[at] == "\t" else signs[at]
    gap = textpage.get_charbox(at + 1, loose=True)[0] - textpage.get_charbox(at - 1, loose=True)[2]
    return "\t" if gap > _CELLS * size else ""


def _touch(row: Row, next_row: Row) -> bool:
    """Whether two stretches are one printed line, cut where the font changes."""
    return abs(row.y - next_row.y) < row.size / 4 and abs(next_row.left - row.right) < row.size


def find_furniture(rows: list[Row]) -> set[int]:
    """Find running heads and page numbers.

    Going inwards from the edge of the pages, heights are furniture as long as many pages have a line there and the
    lines say the same, numbers aside. The first height with running text ends the search, so that titles, which
    repeat too, stay.

    Parameters
    ----------
    rows : list of Row

    Returns
    -------
    set of int
        Indices of ``rows``.
    """
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
        numbers = re.compile(knowledge("formats.toml")["pdf"]["page_number"])
        furniture.update(number for number in edges.values() if numbers.match(rows[number].text))
    return furniture


def _repeats(level: list[Row], pages: int) -> bool:
    says = {re.sub(r"\d+|\s", "#", row.text) for row in level}
    on = len({row.page for row in level})
    return on >= max(3, _SHARE_OF_PAGES * pages) and len(says) <= max(2, on // 2)
