"""Tables of contents: which lines list the reports, and what they call them."""

from dataclasses import dataclass
from itertools import takewhile

from kit.data import knowledge
from kit.read import layout
from kit.read.layout import SPACE, Line
from kit.read.names import agency_in_title, is_agency

_FIRST_LINES = 200
_MAX_ENTRY = 150
_MIN_WITHOUT_HEAD = 3  # title lines that follow each other without any text between them are a list
_BEFORE_FIRST = 3  # lines that may stand between the head and the first entry: a number of reports, a column's head


@dataclass(frozen=True)
class Contents:
    """A table of contents: the titles it lists, the number of its first line, and of the first line behind it."""

    listed: tuple[str, ...] = ()
    first: int = 0
    behind: int = 0


@dataclass(frozen=True)
class _Entry:
    """A line without number, leader and page; how it is numbered (empty when plain), and by what."""

    bare: str
    kind: str
    number: str

    @property
    def is_title(self) -> bool:
        return layout.is_title(self.bare)

    @property
    def is_report(self) -> bool:
        """Whether it names a report: by its title, or by the agency's name alone."""
        return self.is_title or is_agency(self.bare)

    @property
    def names_agency(self) -> bool:
        """Whether it says whose report it is."""
        return bool(agency_in_title(self.bare))

    @property
    def is_listed(self) -> bool:
        """Whether a line under 目录 is an entry: a title, an agency's name, anything numbered."""
        return self.is_title or bool(self.kind) or is_agency(self.bare)


def read_contents(lines: list[Line]) -> Contents:
    """Read the table of contents at the beginning of a file, with or without a line 目录 over it.

    Parameters
    ----------
    lines : list of Line
        The file's lines.

    Returns
    -------
    Contents
        Empty when there is none.
    """
    heads = layout.rule("contents", "heads")
    front = lines[:_FIRST_LINES]
    head = next((n for n, line in enumerate(front) if heads.search(line.text)), None)
    if head is not None:
        near = lines[head + 1 : head + 1 + _BEFORE_FIRST]
        skip = next((n for n, line in enumerate(near) if read_entry(line.text).is_listed), 0)
        return _read_to_repeat(lines, head) or _read_entries(lines, head, head + 1 + skip, headed=True)
    first = next((n for n, line in enumerate(front) if read_entry(line.text).is_title), None)
    if first is None or lines[first].level is not None:  # a title styled as one is no entry of a list
        return Contents()
    contents = _read_entries(lines, first, first, headed=False)
    return contents if len(contents.listed) >= _MIN_WITHOUT_HEAD else Contents()


def _read_to_repeat(lines: list[Line], head: int) -> Contents | None:
    """Read a list under 目录 that ends where its first title or agency stands again, above a report.

    Between them other lines may stand: sections of the reports, groups of agencies, a preface.
    """
    run = list(takewhile(lambda n: _may_list(lines[n]), range(head + 1, min(head + 1 + _FIRST_LINES, len(lines)))))
    reports = {n: entry for n in run if (entry := _read_wrapped(lines, n)).is_report}
    first = next(iter(reports), None)
    if first is None:
        return None
    name = layout.normal(reports[first].bare)
    near = range(first + 1, min(first + 1 + _FIRST_LINES, len(lines)))
    again = next((n for n in near if _stands_again(lines, n, name)), None)
    if again is None:
        return None
    only_named, only_titles = reports[first].names_agency, reports[first].is_title
    listed = [
        entry
        for n, entry in reports.items()
        if n < again and (entry.names_agency or not only_named) and (entry.is_title or not only_titles)
    ]
    return Contents(tuple(entry.bare for entry in listed), head, min(again, run[-1] + 1))


def _read_wrapped(lines: list[Line], number: int) -> _Entry:
    """Read an entry that may run over two lines: …工作总结及 / 2024年工作计划……9."""
    line = lines[number].text
    if number + 1 < len(lines) and (layout.joins(line, "") or layout.is_broken_title(line)):
        return read_entry(line + lines[number + 1].text)
    return read_entry(line)


def _may_list(line: Line) -> bool:
    """Whether a line may stand in a table of contents: it is no sentence."""
    return len(line.text) <= _MAX_ENTRY and not layout.is_sentence(line.text)


def _stands_again(lines: list[Line], number: int, name: str) -> bool:
    """Whether a line is that title, and the next line none."""
    below = lines[number + 1].text if number + 1 < len(lines) else ""
    return layout.normal(lines[number].text) == name and not (layout.is_title(below) or is_agency(below))


def read_entry(text: str) -> _Entry:
    """Take number, dotted leader and page off a line of a table of contents."""
    if len(text) > _MAX_ENTRY:
        return _Entry(text, "", "")
    bare = layout.rule("contents", "leader").sub("", text)
    kind = "leader" if bare != text else ""
    for name in knowledge("layout.toml")["contents"]["numbers"]:
        match = layout.rule("contents.numbers", name).match(bare)
        if match:
            return _Entry(bare[match.end() :].strip(SPACE), name, match.group())
    return _Entry(bare.strip(SPACE), kind, "")


def _read_entries(lines: list[Line], head: int, first: int, *, headed: bool) -> Contents:
    entries: list[_Entry] = []
    again = False
    for line in lines[first:]:
        entry = read_entry(line.text)
        listed = entry.is_listed if headed else entry.is_title
        again = bool(entries) and _begins_again(entry, entries)
        if not listed or again or line.level != lines[first].level:
            break
        if entries and entry.kind != entries[0].kind:
            break
        entries.append(entry)
    behind = lines[first + len(entries) :][:2]
    plain = len(entries) > 1 and not entries[0].kind and not again and bool(behind)
    if plain and not any(layout.is_title(line.text) for line in behind):
        entries.pop()  # the first report's title follows a plain list without anything between them
    return Contents(tuple(entry.bare for entry in entries), head, first + len(entries)) if entries else Contents()


def _begins_again(entry: _Entry, entries: list[_Entry]) -> bool:
    """Whether a line is the first entry once more: the list is over, the first report begins."""
    same = layout.normal(entry.bare) == layout.normal(entries[0].bare)
    if entry.number:
        return entry.number == entries[0].number and same
    return same and layout.normal(entries[-1].bare) != layout.normal(entry.bare)
