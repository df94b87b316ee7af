"""Titles: which lines list the reports of a file, which stand over them, and which only head a page or a section."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from kit.data import knowledge
from kit.read import roles
from kit.read.encoding import TITLE
from kit.read.lines import (
    FURTHER,
    Entry,
    Line,
    agency_in_title,
    crawled,
    find_years,
    is_agency,
    is_government_report,
    is_title,
    is_weak_title,
    joins,
    may_list,
    normal,
    read_entry,
    squeeze,
    strip_prefix,
    strip_years,
)
from kit.read.lines import is_a as told
from kit.read.names import place_in_title
from kit.read.state import Contents, File, TitleBlock

SOON = 6  # lines below a title in which its report's numbering begins
_AT_TOP = {"dateless": 40, "alone": 5}  # lines at the top of a file among which a title may do without a year
_TITLE_LINES = 3
_MAX_TITLE_LINE = 40
_MAX_BLOCK = 40  # lines of page furniture that may stand within a title block
_FIRST_GIVEN = 8  # lines at the top of a file among which a report without a title says that it is being given
_FIRST_LINES = 200  # of a file, among which its table of contents stands
_MIN_WITHOUT_HEAD = 3  # title lines that follow each other without any text between them are a list
_BEFORE_FIRST = 3  # lines that may stand between the head and the first entry: a number of reports, a column's head


# -- tables of contents


def read_contents(lines: Sequence[Line]) -> Contents:
    """Read the table of contents at the beginning of a file, with or without a line 目录 over it; empty without one."""
    front = lines[:_FIRST_LINES]
    head = next((n for n, line in enumerate(front) if line.is_a("contents head")), None)
    if head is not None:
        near = lines[head + 1 : head + 1 + _BEFORE_FIRST]
        skip = next((n for n, line in enumerate(near) if line.entry.is_listed), 0)
        return _read_to_repeat(lines, head) or _read_entries(lines, head, head + 1 + skip, headed=True)
    first = next((n for n, line in enumerate(front) if line.entry.is_title), None)
    if first is None or lines[first].level is not None:  # a title styled as one is no entry of a list
        return Contents()
    contents = _read_entries(lines, first, first, headed=False)
    return contents if len(contents.listed) >= _MIN_WITHOUT_HEAD else Contents()


def _read_to_repeat(lines: Sequence[Line], head: int) -> Contents | None:
    """Read a list under 目录 that ends where its first title or agency stands again, above a report."""
    # Between them other lines may stand: sections of the reports, groups of agencies, a preface.
    near = range(head + 1, min(head + 1 + _FIRST_LINES, len(lines)))
    run = list(takewhile(lambda n: may_list(lines[n].text), near))
    reports = {n: entry for n in run if (entry := _read_wrapped(lines, n)).is_report}
    first = next(iter(reports), None)
    if first is None:
        return None
    name = normal(reports[first].bare)
    behind = range(first + 1, min(first + 1 + _FIRST_LINES, len(lines)))
    again = next((n for n in behind if _stands_again(lines, n, name)), None)
    if again is None:
        return None
    only_named, only_titles = bool(agency_in_title(reports[first].bare)), reports[first].is_title
    listed = [entry for n, entry in reports.items() if n < again and (entry.is_title or not only_titles)]
    listed = [entry for entry in listed if agency_in_title(entry.bare) or not only_named]
    return Contents(tuple(entry.bare for entry in listed), head, min(again, run[-1] + 1))


def _read_wrapped(lines: Sequence[Line], number: int) -> Entry:
    """Read an entry that may run over two lines: …工作总结及 / 2024年工作计划……9."""
    line = lines[number]
    wrapped = number + 1 < len(lines) and (joins(line.text, "") or line.is_a("broken"))
    return read_entry(line.text + lines[number + 1].text) if wrapped else line.entry


def _stands_again(lines: Sequence[Line], number: int, name: str) -> bool:
    """Whether a line is that title, and the next line none."""
    below = lines[number + 1 : number + 2]
    return lines[number].normal == name and not any(line.is_a("title") or line.is_a("agency") for line in below)


def _read_entries(lines: Sequence[Line], head: int, first: int, *, headed: bool) -> Contents:
    """Read entries of one kind that follow each other, until the first stands once more or a line is none."""
    entries: list[Entry] = []
    again = False
    for line in lines[first:]:
        entry = line.entry
        listed = entry.is_listed if headed else entry.is_title
        again = bool(entries) and _begins_again(entry, entries)
        unlike = bool(entries) and entry.kind != entries[0].kind
        if not listed or again or unlike or line.level != lines[first].level:
            break
        entries.append(entry)
    behind = lines[first + len(entries) :][:2]
    plain = len(entries) > 1 and not entries[0].kind and not again and bool(behind)
    if plain and not any(line.is_a("title") for line in behind):
        entries.pop()  # the first report's title follows a plain list without anything between them
    return Contents(tuple(entry.bare for entry in entries), head, first + len(entries)) if entries else Contents()


def _begins_again(entry: Entry, entries: list[Entry]) -> bool:
    """Whether a line is the first entry once more: the list is over, the first report begins."""
    same = normal(entry.bare) == normal(entries[0].bare)
    if entry.number:
        return entry.number == entries[0].number and same
    return same and normal(entries[-1].bare) != normal(entry.bare)


# -- title blocks: a title over one to three lines, what stands above and below it, a crawler's header


def find_titles(file: File) -> File:
    """Find the title blocks, from the first line behind the table of contents on."""
    blocks: list[TitleBlock] = []
    number = file.contents.behind
    while number < len(file.lines):
        block = _header_block(file.lines, number) or _title_block(file, number, blocks)
        if block:
            _add(blocks, block, file)
        number = block.last + 1 if block else number + 1
    return replace(file, blocks=tuple(blocks[1:] if _is_cover(blocks, file.lines) else blocks))


def _add(blocks: list[TitleBlock], block: TitleBlock, file: File) -> None:
    """Add a block, unless it is a page's running head, or only repeats what the header above it says."""
    above = blocks[-1] if blocks else None
    if above and _is_running_head(above, block, file):
        blocks[-1] = replace(above, furniture=(*above.furniture, *block.titles))
    elif above and _repeats(above, block, file.lines):
        blocks[-1] = replace(above, last=block.last, title=block.title, titles=above.titles + block.titles)
    else:
        blocks.append(block)


def _header_block(lines: Sequence[Line], number: int) -> TitleBlock | None:
    """Read a crawler's header: the line that gives the title, and those under it up to the mark of the body."""
    line = lines[number]
    title = crawled("title", line.text)
    if not title:
        return None
    near = lines[number + 1 : number + 1 + knowledge("layout.toml")["header"]["max_lines"]]
    keys = next((n for n, other in enumerate(near) if not other.is_a("artefact")), len(near))
    body = next((n for n, other in enumerate(near) if other.is_a("body mark")), -1)
    last = number + 1 + body if body >= 0 else number + keys
    if last == number:
        return None
    rest = tuple(lines[number + 1 : last + 1])
    publisher = next((name for other in rest if (name := crawled("publisher", other.text))), "")
    value = Line(line.end - len(title), line.end, title)
    return TitleBlock(number, last, title, (value,), (Line(line.start, value.start, ""), *rest), publisher)


def _title_block(file: File, number: int, blocks: list[TitleBlock]) -> TitleBlock | None:
    """Read a title with the unit's name above it and what stands under it, leaving page furniture aside."""
    size = _title_size(file, number, _rules_here(number, blocks)) or int(_is_styled(file, number, blocks))
    title = "".join(squeeze(line.text) for line in file.lines[number : number + size])
    if not size or not _opens_report(file, number, size, title, blocks):
        return None
    first, floor = number, blocks[-1].last + 1 if blocks else file.contents.behind
    while first > floor and _belongs_above(file, first, floor, blocks):
        first -= 1
    below, last = _read_below(file.lines, number + size, unit=first == number)
    main = [line.text for line in file.lines[first:number] if line.is_a("unit")] + [title]
    titles = (*file.lines[first : number + size], *below)
    return TitleBlock(first, last, "".join(main + [line.text for line in below if _goes_on(line)]), titles)


def _rules_here(number: int, blocks: list[TitleBlock]) -> Sequence[str]:
    """By which further rules a line may be a title: at the top of a file, and where its first title needed them."""
    if blocks:
        return () if is_title(blocks[0].title) else FURTHER
    return [rule for rule, lines_at_top in _AT_TOP.items() if number < lines_at_top]


def _title_size(file: File, number: int, also: Sequence[str]) -> int:
    """Over how many lines a title runs that begins here; 0 when none does."""
    line = file.lines[number]
    if line.start in file.heads:
        return 1
    if file.listed and normal(line.entry.bare) in file.listed:
        return int(not line.entry.number or bool(agency_in_title(line.entry.bare))) or _title_run(file, number, also)
    return _title_run(file, number, also)


def _title_run(file: File, number: int, also: Sequence[str]) -> int:
    joined = ""
    for size, line in enumerate(file.lines[number : number + _TITLE_LINES], start=1):
        if size > 1 and not _continues(file, number + size - 1):
            return 0
        joined += line.text
        if is_title(joined, also=also) if size > 1 or also else line.is_a("title"):
            return size
    return 0


def _is_styled(file: File, number: int, blocks: list[TitleBlock]) -> bool:
    """Whether a line is styled as the titles of this file are, or as the names of its agencies, and reads like none."""
    line = file.lines[number]
    if line.level is None or line.is_a("no title") or line.is_a("collection"):
        return False
    if number + 1 < len(file.lines) and _title_size(file, number + 1, FURTHER):  # the title stands below it
        return False
    if line.is_a("agency"):
        return line.level == file.units
    if line.level == TITLE:
        return not file.titled and (number < _AT_TOP["alone"] or bool(blocks))
    return bool(blocks) and line.level == blocks[0].level and is_title(line.text, also=FURTHER)


def _continues(file: File, number: int) -> bool:
    """Whether a title may go on from the line before into this one."""
    above, line = file.lines[number - 1], file.lines[number]
    if max(len(above.text), len(line.text)) > _MAX_TITLE_LINE or file.gap(number) != 1 or line.is_a("no title"):
        return False
    if any(above.is_a(kind) for kind in ("artefact", "date", "collection", "no title", "agency")):
        return False
    broken = above.is_a("broken") and not line.agency
    return broken or joins(above.text, line.text) or not line.is_a("title")


def _read_below(lines: Sequence[Line], number: int, *, unit: bool) -> tuple[list[Line], int]:
    below: list[Line] = []
    last = number - 1
    for place, line in enumerate(lines[number : number + _MAX_BLOCK], start=number):
        named = unit and line.is_a("agency")
        if named or line.is_a("below title") or (place == number and _goes_on(line)):
            below.append(line)
            last = place
            unit = unit and not named
        elif not line.is_a("artefact"):
            break
    return below, last


def _goes_on(line: Line) -> bool:
    """Whether a line carries a title on: 及2024年工作计划."""
    return joins("", line.text) and line.is_a("title")


# -- which titles open a report


def _opens_report(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a title opens a report, and is no heading inside one."""
    line = file.lines[number]
    if normal(title) in file.listed:
        return True
    if not blocks:
        # one that is being given (各位代表, 我代表) may have begun above, without a title
        begun = any(above.is_a("salutation") for above in file.lines[:number][:_FIRST_GIVEN])
        return not begun or (is_government_report(title) and _is_given(file, number + size))
    if number > blocks[-1].last + 1 and not _may_open(file, number, size, title, blocks):
        return False
    by_style = line.level is not None and line.level == file.units and is_agency(title)
    if by_style or line.start in file.heads or normal(title) == normal(blocks[0].title):
        return True
    annex = _is_annex(title, file.lines[number - 1].text, blocks[-1])
    return not annex and _begins_anew(file, number, size, title, blocks)


def _may_open(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a title that stands apart from the one before can open a report in this file at all."""
    # Behind a government's report it must be another's: its sections, its glossary, its notes and its pages name it,
    # too.
    if file.among and not _stands_alone(file, number, size, title, blocks):
        return False
    if not is_government_report(blocks[0].title):
        return True
    names_other = place_in_title(title) not in ("", place_in_title(blocks[-1].title))
    return is_government_report(title) and (names_other or _is_given(file, number + size))


def _stands_alone(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a title in a file that should be one report is another's beyond doubt: named, both with a body of own."""
    named = bool(agency_in_title(title)) or file.lines[number - 1].is_a("unit")
    between = bisect_left(file.numbered, blocks[-1].last) < bisect_left(file.numbered, number)
    below = file.lines[number + size : number + size + SOON]
    return named and between and any(line.is_a("first") or line.is_a("salutation") for line in below)


def _is_given(file: File, number: int) -> bool:
    """Whether the lines below a title say that a report is given: when, by whom, to whom (各位代表)."""
    near = file.lines[number : number + SOON]
    return any(line.is_a("below title") or line.is_a("salutation") for line in near)


def _begins_anew(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a report begins with a title: numbering begins anew below it, somebody signs above it, or it is named."""
    above, line, first = file.lines[number - 1], file.lines[number], blocks[0]
    headed = above.is_a("unit") and _belongs_above(file, number, blocks[-1].last + 1, blocks)
    anew = any(below.is_a("first") for below in file.lines[number + size : number + size + SOON])
    if _is_section(title):
        return anew and (headed or _is_alike(title, first.title))
    # the unit's name above it may be styled, too, as that of the first title is
    levels = [one.level for one in ((above, line) if headed else (line,)) if one.level is not None]
    named, styled = bool(agency_in_title(title)), min(levels, default=-1) == first.level
    if levels and first.level is not None and not (named or styled):
        return min(levels) < first.level
    signed = any(above.is_a(kind) for kind in ("date", "agency"))
    return anew or signed or ((named or styled) and not is_weak_title(title))


def _is_annex(title: str, above: str, block: TitleBlock) -> bool:
    """Whether a title is only that of a report's own annex (附件：某局2024年重点任务清单)."""
    marked = told("annex", title) or told("annex", above)
    return marked and agency_in_title(title) in ("", agency_in_title(block.title))


def _is_section(title: str) -> bool:
    """Whether a title-like line inside a report is only the heading of its review or of its plan."""
    bare = strip_years(title)
    single = len(roles.heading_roles(bare, roles.Years())) <= 1
    return single and not agency_in_title(title) and roles.bare_heading_role(bare) is not None


def _is_alike(title: str, first: str) -> bool:
    """Whether a title says of somebody else, before its year, what the first one does (李某2023年度个人工作总结)."""
    (name, said), (other, wanted) = map(_split_at_year, (title, first))
    return bool(name and other and said) and said == wanted


def _split_at_year(title: str) -> tuple[str, str]:
    year = "".join(map(str, find_years(title)[:1])) or "\n"
    name, found, rest = normal(title).partition(year)
    return name, found + rest


def _belongs_above(file: File, first: int, floor: int, blocks: list[TitleBlock]) -> bool:
    """Whether the line above a title belongs to it: an official document's head, or the unit's name."""
    # A unit's name may as well sign the report before; it belongs to the nearer of the two, and where both are as near,
    # as it does in the file's first title.
    above, title = file.lines[first - 1], file.lines[first]
    styled = above.level == title.level == TITLE and not above.is_a("collection")
    if above.is_a("above title") or styled:
        return True
    if not above.is_a("unit") or title.agency:
        return False
    if above.level is not None:  # no signature is styled as a heading
        return True
    inside = first - 2 >= floor
    under_number = inside and file.lines[first - 2].is_a("above title")
    below = file.gap(first)
    before = file.gap(first - 1) if inside else below + 1
    usual = not blocks or blocks[0].titles[0].is_a("unit")
    return under_number or below < before or (below == before and usual)


def _is_cover(blocks: list[TitleBlock], lines: Sequence[Line]) -> bool:
    """Whether the first title is the whole file's: it names no agency, the next one does, with no report between."""
    if len(blocks) < 2:  # noqa: PLR2004
        return False
    cover, first = blocks[:2]
    reported = any(line.is_a("numbered") for line in lines[cover.last + 1 : first.first])  # a village's may be short
    named = [is_agency(agency_in_title(block.title)) for block in (cover, first)]
    return named == [False, True] and not cover.furniture and not reported


def _is_running_head(above: TitleBlock, block: TitleBlock, file: File) -> bool:
    """Whether a title is only the head of a further page: the same again, with numbering that goes on below it."""
    if block.title != above.title or block.furniture or not agency_in_title(block.title):
        return False
    own, outer = (_stands_between(above, block, numbers) for numbers in (file.numbered, file.outer))
    first = number_below(file.lines, block.last)
    begins = first is not None and first.is_a("first") and (first.is_a("outer") or not outer)
    return own and not begins


def number_below(lines: Sequence[Line], number: int) -> Line | None:
    """The first numbered line soon below one, before another title."""
    near = lines[number + 1 : number + 1 + SOON]
    below = takewhile(lambda line: not line.is_a("title"), near)
    return next((line for line in below if line.is_a("numbered")), None)


def _stands_between(above: TitleBlock, block: TitleBlock, numbers: Sequence[int]) -> bool:
    return bisect_left(numbers, above.last + 1) < bisect_left(numbers, block.first)


def _repeats(above: TitleBlock, block: TitleBlock, lines: Sequence[Line]) -> bool:
    """Whether a title only repeats what the title, or the crawler's header, right above it says."""
    near = all(line.is_a("artefact") for line in lines[above.last + 1 : block.first])
    first, second = (normal(strip_prefix(one.title)) for one in (above, block))
    return near and not block.furniture and (first in second or second in first)
