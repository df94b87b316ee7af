"""A text is split into reports: title lines, checked against the table of contents and the announced number."""

import difflib
from dataclasses import dataclass, field
from functools import cache

from kit.data import knowledge
from kit.read import layout
from kit.read.doubts import doubt
from kit.read.layout import Line

_SIMILAR = 0.8


@dataclass(frozen=True)
class Draft:
    """One report before its outline is read: its span, its title, and the lines of its body."""

    start: int
    end: int
    title: str
    body: tuple[Line, ...]
    file: str


@dataclass
class _File:
    """What is found in one file on the way to its reports."""

    lines: list[Line]
    listed: list[str] = field(default_factory=list)
    titles: list[tuple[int, int]] = field(default_factory=list)  # first and last line of each title


def find_reports(text: str, start: int, end: int, *, file: str) -> tuple[list[Draft], list[dict]]:
    """Split one file's stretch of the text into reports.

    Parameters
    ----------
    text : str
        The whole text.
    start, end : int
        Where this file stands in it.
    file : str
        The file's name.

    Returns
    -------
    reports : list of Draft
        At least one when there is any text; a file without title lines is one report.
    doubts : list of dict
        Rows of `tables.DOUBTS` about the splitting, with ``report`` 0.
    """
    lines = [Line(line.start + start, line.end + start, line.text) for line in layout.split_lines(text[start:end])]
    found = _File(lines)
    after_contents = _read_contents(found)
    _read_titles(found, text, after_contents)
    drafts = _cut(found, end, file) if found.titles else _single(found, end, file)
    return drafts, _check_count(found, drafts)


def _read_contents(found: _File) -> int:
    """Take the table of contents off; return the number of the first line after it."""
    lines = found.lines
    head = next((n for n, line in enumerate(lines[:200]) if layout.is_contents_head(line.text)), None)
    first = head + 1 if head is not None else 0
    entries: list[tuple[str, bool]] = []
    for line in lines[first:]:
        bare, trimmed = layout.contents_entry(line.text)
        if not layout.is_title(bare) and not (head is not None and entries and trimmed):
            if entries or head is not None:
                break
            first += 1
            continue
        entries.append((bare, trimmed))
    if entries and _is_title_of_first(entries):
        entries.pop()
    if len(entries) < (1 if head is not None else 3):
        return head + 1 if head is not None else 0
    found.listed = [bare for bare, _ in entries]
    return first + len(entries)


def _is_title_of_first(entries: list[tuple[str, bool]]) -> bool:
    """Whether the last line of a run of entries is already the first report's title."""
    (first, numbered), (last, last_numbered) = entries[0], entries[-1]
    if len(entries) == 1:
        return False
    return (numbered and not last_numbered) or (not last_numbered and _same(first, last))


def _same(a: str, b: str) -> bool:
    a, b = layout.normal(a), layout.normal(b)
    return a == b or difflib.SequenceMatcher(None, a, b).ratio() > _SIMILAR


def _read_titles(found: _File, text: str, first: int) -> None:
    lines, listed = found.lines, {layout.normal(entry) for entry in found.listed}
    number = first
    while number < len(lines):
        line = lines[number]
        opens = layout.is_title(line.text) and (
            layout.normal(line.text) in listed or not found.titles or not _is_section(line.text)
        )
        if not opens:
            number += 1
            continue
        top = number - 1 if number > first and _is_unit_above(lines[number - 1], line, text) else number
        while number + 1 < len(lines) and _is_title_below(lines[number], lines[number + 1], text):
            number += 1
        found.titles.append((top, number))
        number += 1


@cache
def _section_words() -> tuple[str, ...]:
    return tuple(knowledge("roles.toml")["title"]["section"])


def _is_section(text: str) -> bool:
    """Whether a title-like line inside a report is only the heading of its review or of its plan."""
    rest = layout.strip_years(text)
    return rest in _section_words()


def _is_unit_above(above: Line, title: Line, text: str) -> bool:
    """Whether the line above a title is its first half: the unit's name."""
    near = text[above.end : title.start].count("\n") == 1
    short = len(above.text) <= knowledge("layout.toml")["signature"]["max_chars"]
    return near and short and ends_as_agency(above.text)


def ends_as_agency(text: str) -> bool:
    """Whether a line ends like the name of an agency."""
    return text.endswith(tuple(knowledge("agencies.toml")["name"]["endings"])) and "。" not in text


def _is_title_below(line: Line, below: Line, text: str) -> bool:
    near = text[line.end : below.start].count("\n") == 1
    return near and (layout.is_title(below.text) or layout.is_below_title(below.text))


def _cut(found: _File, end: int, file: str) -> list[Draft]:
    drafts = []
    tops = [top for top, _ in found.titles[1:]] + [len(found.lines)]
    for (top, last), next_top in zip(found.titles, tops, strict=True):
        stop = found.lines[next_top].start if next_top < len(found.lines) else end
        title = "".join(line.text for line in found.lines[top : last + 1] if not layout.is_below_title(line.text))
        body = tuple(found.lines[last + 1 : next_top])
        drafts.append(Draft(found.lines[top].start, stop, title, body, file))
    return drafts


def _single(found: _File, end: int, file: str) -> list[Draft]:
    """Read a file without title lines as one report; a crawler's header may name it."""
    title = next((t for line in found.lines if (t := layout.crawled_title(line.text))), "")
    mark = next((n for n, line in enumerate(found.lines) if layout.is_body_mark(line.text)), -1)
    body = list(found.lines[mark + 1 :])
    while body and layout.is_artefact(body[0].text):
        body.pop(0)
    if not body:
        return []
    return [Draft(body[0].start, end, title, tuple(body), file)]


def _check_count(found: _File, drafts: list[Draft]) -> list[dict]:
    """Compare three ways of counting: the table of contents, the announced number, the title lines."""
    doubts = []
    front = [line for line in found.lines if not drafts or line.end <= drafts[0].start]
    stated = next(((n, line) for line in front if (n := layout.stated_count(line.text))), None)
    if stated and stated[0] != len(drafts):
        place = {"start": stated[1].start, "end": stated[1].end}
        doubts.append(doubt("count_disagrees", 0, place, stated=stated[0], found=len(drafts)))
    if found.listed and len(found.listed) != len(drafts):
        place = {"start": front[0].start, "end": front[-1].end} if front else {"start": 0, "end": 0}
        doubts.append(doubt("contents_disagree", 0, place, listed=len(found.listed), found=len(drafts)))
    return doubts + _compare_titles(found, drafts)


def _compare_titles(found: _File, drafts: list[Draft]) -> list[dict]:
    if len(found.listed) != len(drafts):
        return []
    return [
        doubt(
            "contents_title_differs",
            number,
            {"start": draft.start, "end": draft.start + len(draft.title)},
            listed=listed,
            title=draft.title,
        )
        for number, (listed, draft) in enumerate(zip(found.listed, drafts, strict=True), start=1)
        if listed != draft.title
    ]
