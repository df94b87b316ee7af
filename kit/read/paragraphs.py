"""Printed lines become paragraphs again.

A PDF knows glyphs at places, no paragraphs, and a text copied from one breaks its lines where the page did. A line
goes on where it fills its measure; it ends where it stops short, where the next is indented, larger or set off, or
where the numbering grammar says that a point begins.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from statistics import median

from kit.data import knowledge
from kit.read.blocks import Block
from kit.read.lines import Line, is_title, joins
from kit.read.markers import find_markers

_RAGGED, _INDENT, _MAX_INDENT = 1.5, 1.2, 4.5  # in characters: perhaps short of the measure; indented; centred beyond
_SLACK = 0.5
_GAP = 1.3  # in pitches: set apart
_OTHER_SIZE = 0.15
_MEASURES = (15, 80)  # characters to a line that a page or a screen breaks
_MIN_LINES, _FULL = 12, 2  # fewer lines show no measure; a full line lacks so many characters at the most
_MIN_FULL, _MIN_BROKEN = 0.25, 0.7  # share of full lines; … of those that end no sentence
_APART = 10
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
    """Join printed lines into paragraphs.

    Parameters
    ----------
    rows : list of Row
        Without running heads and page numbers.

    Returns
    -------
    list of (paragraph, page)
        The page is the one where the paragraph begins.
    """
    return [(_join_text(group), group[0].page) for group in _group(rows)]


def unwrap(blocks: list[Block]) -> tuple[list[Block], int]:
    """Join the lines of a text that was broken at a measure, as a page or a screen breaks it.

    Parameters
    ----------
    blocks : list of Block
        Those that are set apart as headings or no running text stay as they are.

    Returns
    -------
    blocks : list of Block
        The same list where lines are paragraphs; else one paragraph a block, blank lines left out.
    measure : int
        Characters to a full line; 0 where lines are paragraphs.
    """
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
    """The width that many lines fill without ending a sentence, and that of a Latin letter in it, in characters.

    A page breaks lines by what they take up, a program by the number of their characters; whichever fills more lines
    is taken. The width is 0 where lines are paragraphs.
    """
    found = []
    long = sum(len(line) > 2 * _MEASURES[1] for line in lines) > len(lines) // 20
    for latin in () if long or len(lines) < _MIN_LINES else (0.5, 1.0):
        widths = [_width(line, latin) for line in lines]
        measure = sorted(widths)[-1 - len(lines) // 20]
        full = [line for line, width in zip(lines, widths, strict=True) if width > measure - _FULL]
        broken = sum(not _ended().search(line) for line in full)
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
    """The printed lines of each paragraph."""
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
    size = Counter(round(row.size) for row in rows for _ in row.text).most_common(1)[0][0]
    edges = {}
    for parity in (0, 1):
        body = [row for row in rows if row.page % 2 == parity and round(row.size) == size]
        if body:
            lefts, rights = sorted(row.left for row in body), sorted(row.right for row in body)
            edges[parity] = (lefts[len(body) // 10], rights[-1 - len(body) // 20])
    edges = {parity: edges.get(parity, edges.get(1 - parity, (0.0, 0.0))) for parity in (0, 1)}
    gaps = [row.y - below.y for row, below in pairwise(rows) if row.page == below.page and row.y > below.y]
    pitch = median(gaps) if gaps else 0.0
    plain = _Setting(edges, pitch, size)
    right = [row for row, below in pairwise(rows) if _INDENT < (below.left - row.left) / row.size < _MAX_INDENT]
    indented = sum(_ends(row) or plain.short(row) > _RAGGED for row in right)
    often = len(rows) // 20
    first_lines = "indented" if indented > max(often, len(right) - indented) else ""
    first_lines = "hanging" if len(right) - indented > max(often, indented) else first_lines
    return replace(plain, first_lines=first_lines, spaces=sum(_GAP * pitch < gap < 3 * pitch for gap in gaps) > often)


@cache
def _ended() -> re.Pattern[str]:
    return re.compile(knowledge("formats.toml")["pdf"]["ended"])


def _ends(row: Row) -> bool:
    return bool(_ended().search(row.text))


def _openings(rows: list[Row]) -> set[int]:
    """The printed lines that open with a marker of the numbering grammar."""
    lines, at = [], 0
    for row in rows:
        lines.append(Line(at, at + len(row.text), row.text))
        at += len(row.text) + 1
    return {marker.line for marker in find_markers("\n".join(row.text for row in rows), lines) if not marker.inline}


def _goes_on(row: Row, below: Row, setting: _Setting, opens: bool) -> bool:
    """Whether the paragraph of ``row`` goes on in the next printed line, which may open with a marker."""
    short, indent = setting.short(row), setting.indent(below)
    in_table = max(row.text.count("\t"), below.text.count("\t")) > 1
    if in_table or abs(row.size - below.size) > _OTHER_SIZE * row.size or short > _first_word(below.text) + _SLACK:
        return False
    if row.page == below.page and not 0 < row.y - below.y < _GAP * max(setting.pitch, row.size):
        return False
    if row.size > (1 + _OTHER_SIZE) * setting.size:  # a title over two lines
        return row.page == below.page and short < _RAGGED and not opens
    if short > _RAGGED and _ends(row):
        return False
    if setting.first_lines == "indented":
        return indent < _INDENT
    moved = (below.left - row.left) / row.size
    if moved < -_INDENT:
        return setting.first_lines != "hanging"
    if moved > _INDENT:
        return setting.first_lines == "hanging" or not (opens or _ends(row))
    return setting.spaces or not (opens and _ends(row))


def _is_title(rows: list[Row], below: Row, setting: _Setting) -> bool:
    """Whether a line that fills its measure is a title, where neither indents nor gaps tell paragraphs apart."""
    text = "" if setting.first_lines or setting.spaces else _join_text(rows)
    return bool(text) and is_title(text) and not (_clause().search(text) or joins(text, below.text))


@cache
def _clause() -> re.Pattern[str]:
    return re.compile(knowledge("formats.toml")["pdf"]["clause"])


def _first_word(text: str) -> float:
    """Width, in characters, of what may not be broken at the head of a line; with less room left, a line is full."""
    head = re.match(_UNBROKEN, text)
    return 1 + _width(head.group()) if head else 1


def _join_text(rows: list[Row]) -> str:
    """The text of a paragraph; between two Latin words a line break stands for a space."""
    words = [a.text[-1:] + b.text[:1] for a, b in pairwise(rows)]
    spaces = ["", *(" " if pair.isascii() and pair.isalpha() else "" for pair in words)]
    return "".join(space + row.text for space, row in zip(spaces, rows, strict=True))
