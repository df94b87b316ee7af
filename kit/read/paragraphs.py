"""Printed lines become paragraphs again.

A PDF knows glyphs at places, no paragraphs. A line goes on where it fills its measure; it ends where it stops short,
where the next is indented, larger or set off, or where the numbering grammar says that a point begins.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from statistics import median

from kit.data import knowledge
from kit.read.layout import Line
from kit.read.outline import find_markers

_RAGGED, _INDENT, _MAX_INDENT = 1.5, 1.2, 4.5  # in characters: perhaps short of the measure; indented; centred beyond
_SLACK = 0.5
_GAP = 1.3  # in pitches: set apart
_OTHER_SIZE = 0.15
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
    if not rows:
        return []
    setting, opening = _find_setting(rows), _openings(rows)
    joined = [(rows[0].text, rows[0].page)]
    for number, (row, below) in enumerate(pairwise(rows), start=1):
        if _goes_on(row, below, setting, number in opening):
            text, page = joined[-1]
            joined[-1] = (_glue(text, below.text), page)
        else:
            joined.append((below.text, below.page))
    return joined


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
    if abs(row.size - below.size) > _OTHER_SIZE * row.size or short > _first_word(below.text) + _SLACK:
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


def _first_word(text: str) -> float:
    """Width, in characters, of what may not be broken at the head of a line; with less room left, a line is full."""
    head = re.match(_UNBROKEN, text)
    return 1 + sum(0.5 if sign.isascii() else 1 for sign in head.group()) if head else 1


def _glue(a: str, b: str) -> str:
    words = a[-1].isascii() and a[-1].isalpha() and b[0].isascii() and b[0].isalpha()
    return a + " " + b if words else a + b
