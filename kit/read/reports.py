"""A text is split into reports: title lines, checked against the table of contents and the announced number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kit.read import layout, roles
from kit.read.contents import Contents, read_contents, read_entry
from kit.read.doubts import doubt
from kit.read.layout import Line
from kit.read.names import agency_in_title, is_agency

_TITLE_LINES = 3
_MAX_TITLE_LINE = 40
_SOON = 6  # lines below a title in which its report's numbering begins
_MAX_BLOCK = 40  # lines of page furniture that may stand within a title block
_AT_TOP = {"dateless": 40, "alone": 5}  # lines at the top of a file among which a title may do without a year
_MIN_UNTITLED = 300  # characters before the first title that make a report of their own when they are numbered


@dataclass(frozen=True)
class Draft:
    """One report before its outline is read.

    ``titles`` are the lines of its title block, ``furniture`` those of a crawler's header, ``lines`` all others;
    ``publisher`` is whom the header names.
    """

    start: int
    end: int
    file: str
    lines: tuple[Line, ...]
    title: str = ""
    titles: tuple[Line, ...] = ()
    furniture: tuple[Line, ...] = ()
    publisher: str = ""


@dataclass(frozen=True)
class _Block:
    """What stands over a report: its first and last line, which lines are its title, which a crawler's header."""

    first: int
    last: int
    title: str
    titles: tuple[Line, ...]
    furniture: tuple[Line, ...] = ()
    publisher: str = ""


def find_reports(
    text: str, start: int, end: int, *, file: str, aside: Sequence[tuple[int, int]] = ()
) -> tuple[list[Draft], list[dict]]:
    """Split one file's stretch of the text into reports.

    Parameters
    ----------
    text : str
        The whole text, folded (see `kit.read.fold`).
    start, end : int
        Where this file stands in it.
    file : str
        The file's name.
    aside : sequence of (start, end)
        What its format shows to be no running text.

    Returns
    -------
    reports : list of Draft
        At least one when there is any text; a file without title lines is one report.
    doubts : list of dict
        Rows of `tables.DOUBTS` about the splitting, ``report`` counted within the file.
    """
    found = list(_unfold(text, layout.split_lines(text, start, end)))
    left = [line for line in found if any(a <= line.start < b for a, b in aside)]
    lines = [line for line in found if line not in left] if left else found
    contents = read_contents(lines)
    blocks = _find_blocks(lines, text, contents)
    if contents.listed and not blocks:  # the sections of one report are listed, its title stands above the list
        left += lines[contents.first : contents.behind]
        lines, contents = lines[: contents.first] + lines[contents.behind :], Contents()
        blocks = _find_blocks(lines, text, contents)
    drafts = _cut(lines, blocks, end, file, contents)
    drafts = [replace(x, furniture=(*x.furniture, *(y for y in left if x.start <= y.start < x.end))) for x in drafts]
    return drafts, _check_count(lines, contents, drafts)


def _unfold(text: str, lines: Iterable[Line]) -> Iterator[Line]:
    """Part a title from the report that runs on behind it; join a number left alone on its line to its heading."""
    start: int | None = None
    for line in lines:
        begin, start = line.start if start is None else start, None
        if layout.is_number_alone(line.text):
            start = begin
            continue
        size = layout.title_end(line.text)
        if size:
            yield Line(line.start, line.start + size, line.text[:size])
            begin = line.end - len(line.text[size:].lstrip(layout.SPACE))
        yield Line(begin, line.end, text[begin : line.end])
    if start is not None:
        yield Line(start, start + 1, text[start])


def _find_blocks(lines: list[Line], text: str, contents: Contents) -> list[_Block]:
    """Find the title blocks, from the first line behind the table of contents on."""
    listed = {layout.normal(entry) for entry in contents.listed} | _numbered_titles(lines)
    blocks: list[_Block] = []
    number = contents.behind
    while number < len(lines):
        floor = blocks[-1].last + 1 if blocks else contents.behind
        block = _header_block(lines, number) or _title_block(lines, text, number, floor, listed, blocks)
        if block and blocks and _is_running_head(blocks[-1], block, lines):
            blocks[-1] = replace(blocks[-1], furniture=(*blocks[-1].furniture, *block.titles))
            number = block.last + 1
            continue
        if block and blocks and blocks[-1].furniture and _repeats(blocks[-1], block, lines):
            block = _Block(blocks[-1].first, block.last, block.title, blocks[-1].titles + block.titles,
                           blocks[-1].furniture, blocks[-1].publisher)  # fmt: skip
            blocks.pop()
        if block:
            blocks.append(block)
        number = block.last + 1 if block else number + 1
    return blocks


def _numbered_titles(lines: list[Line]) -> set[str]:
    """Titles that are numbered where they stand (一、某县民政局2023年工作总结), when at least two agencies have one."""
    entries = [read_entry(line.text) for line in lines]
    entries = [entry for entry in entries if entry.number and entry.is_title and agency_in_title(entry.bare)]
    agencies = {agency_in_title(entry.bare) for entry in entries}
    return {layout.normal(entry.bare) for entry in entries} if len(agencies) > 1 else set()


def _header_block(lines: list[Line], number: int) -> _Block | None:
    """Read a crawler's header: the line that gives the title, and those under it up to the mark of the body."""
    line = lines[number]
    told = layout.crawled("title", line.text)
    if not told:
        return None
    near = lines[number + 1 : number + 1 + layout.max_header()]
    keys = next((n for n, other in enumerate(near) if not layout.is_artefact(other.text)), len(near))
    body = next((n for n, other in enumerate(near) if layout.is_body_mark(other.text)), -1)
    last = number + 1 + body if body >= 0 else number + keys
    if last == number:
        return None
    rest = tuple(lines[number + 1 : last + 1])
    publisher = next((name for other in rest if (name := layout.crawled("publisher", other.text))), "")
    value = Line(line.end - len(told), line.end, told)
    return _Block(number, last, told, (value,), (Line(line.start, value.start, ""), *rest), publisher)


def _is_running_head(above: _Block, block: _Block, lines: list[Line]) -> bool:
    """Whether a title is only the head of a further page: the same again, with numbering that goes on below it."""
    same = bool(agency_in_title(block.title)) and block.title == above.title and not block.furniture
    below = lines[block.last + 1 : block.last + 1 + _SOON]
    first = next((line for line in below if layout.is_numbered(line.text)), None)
    return same and first is not None and not layout.is_first_number(first.text)


def _repeats(header: _Block, block: _Block, lines: list[Line]) -> bool:
    """Whether a title only repeats what the crawler's header above it says."""
    between = lines[header.last + 1 : block.first]
    near = all(layout.is_artefact(line.text) for line in between)
    a, b = layout.normal(header.title), layout.normal(block.title)
    return near and not block.furniture and (a in b or b in a)


def _title_block(
    lines: list[Line], text: str, number: int, floor: int, listed: set[str], blocks: list[_Block]
) -> _Block | None:
    """Read a title with the unit's name above it and what stands under it, leaving page furniture aside."""
    also = [] if blocks else [rule for rule, lines_at_top in _AT_TOP.items() if number < lines_at_top]
    size = _title_size(lines, text, number, listed, also)
    title = "".join(line.text for line in lines[number : number + size])
    if not size or not _opens(lines, number, size, title, listed, blocks):
        return None
    first = number
    while first > floor and _is_above(lines, text, first, floor, blocks):
        first -= 1
    below, last = _read_below(lines, number + size, unit=first == number)
    main = [line.text for line in lines[first:number] if is_agency(line.text)] + [title]
    titles = (*lines[first : number + size], *below)
    return _Block(first, last, "".join(main + [x.text for x in below if _goes_on(x)]), titles)


def _opens(lines: list[Line], number: int, size: int, title: str, listed: set[str], blocks: list[_Block]) -> bool:
    """Whether a title opens a report, and is no heading inside one.

    It does when it is the file's first, or listed, or repeats the first; else it must name an agency, or numbering
    must begin anew below it.
    """
    if not blocks or layout.normal(title) in listed | {layout.normal(blocks[0].title)}:
        return True
    if _is_section(title):
        return False
    anew = any(layout.is_first_number(line.text) for line in lines[number + size : number + size + _SOON])
    signed = layout.is_date(lines[number - 1].text) or is_agency(lines[number - 1].text)
    return anew or signed or (bool(agency_in_title(title)) and not layout.is_weak_title(title))


def _title_size(lines: list[Line], text: str, number: int, listed: set[str], also: list[str]) -> int:
    """Over how many lines a title runs that begins here; 0 when none does."""
    entry = read_entry(lines[number].text)
    if layout.normal(entry.bare) in listed and (not entry.number or agency_in_title(entry.bare)):
        return 1
    joined = ""
    for size, line in enumerate(lines[number : number + _TITLE_LINES], start=1):
        if size > 1 and not _continues(lines[number + size - 2], line, text):
            return 0
        joined += line.text
        if layout.is_title(joined, also=also):
            return size
    return 0


def _continues(above: Line, line: Line, text: str) -> bool:
    adjacent = text[above.end : line.start].count("\n") == 1
    short = max(len(above.text), len(line.text)) <= _MAX_TITLE_LINE
    kinds = (layout.is_artefact, layout.is_date, layout.is_collection, layout.is_no_title, is_agency)
    furniture = any(is_kind(above.text) for is_kind in kinds) or layout.is_no_title(line.text)
    part = layout.joins(above.text, line.text) or not layout.is_title(line.text)
    return adjacent and short and part and not furniture


def _is_section(title: str) -> bool:
    """Whether a title-like line inside a report is only the heading of its review or of its plan."""
    bare = layout.strip_years(title)
    single = len(roles.heading_roles(bare, roles.Years())) == 1
    return single and not agency_in_title(title) and roles.bare_heading_role(bare) is not None


def _is_above(lines: list[Line], text: str, first: int, floor: int, blocks: list[_Block]) -> bool:
    """Whether the line above a title belongs to it: an official document's head, or the unit's name.

    A unit's name may as well sign the report before; it belongs to the nearer of the two, and where both are as
    near, as it does in the file's first title.
    """
    above = lines[first - 1]
    if layout.is_above_title(above.text):
        return True
    if not is_agency(above.text) or agency_in_title(lines[first].text):
        return False
    below = text[above.end : lines[first].start].count("\n")
    before = text[lines[first - 2].end : above.start].count("\n") if first - 2 >= floor else below + 1
    usual = not blocks or is_agency(blocks[0].titles[0].text)
    return below < before or (below == before and usual)


def _read_below(lines: list[Line], number: int, *, unit: bool) -> tuple[list[Line], int]:
    """Read the lines under a title that belong to it; return them and the number of the last one."""
    below: list[Line] = []
    last = number - 1
    for place, line in enumerate(lines[number : number + _MAX_BLOCK], start=number):
        named = unit and is_agency(line.text)
        if named or layout.is_below_title(line.text) or (place == number and _goes_on(line)):
            below.append(line)
            last = place
            unit = unit and not named
        elif not layout.is_artefact(line.text):
            break
    return below, last


def _goes_on(line: Line) -> bool:
    """Whether a line carries a title on: 及2024年工作计划."""
    return layout.joins("", line.text) and layout.is_title(line.text)


def _cut(lines: list[Line], blocks: list[_Block], end: int, file: str, contents: Contents) -> list[Draft]:
    """Make a draft of every title block and the lines behind it; without any, of the whole file."""
    drafts = []
    untitled = lines[contents.behind : blocks[0].first] if blocks else lines
    first = next((n for n, line in enumerate(untitled) if not layout.is_artefact(line.text)), len(untitled))
    untitled = untitled[first:]
    if untitled and (not blocks or _is_body(untitled)):
        stop = lines[blocks[0].first].start if blocks else end
        drafts.append(Draft(untitled[0].start, stop, file, tuple(untitled)))
    nexts = [*(block.first for block in blocks), len(lines)][1:]
    for block, behind in zip(blocks, nexts, strict=True):
        stop = lines[behind].start if behind < len(lines) else end
        own = {line.start for line in (*block.titles, *block.furniture)}
        rest = tuple(line for line in lines[block.first : behind] if line.start not in own)
        start = lines[block.first].start
        drafts.append(Draft(start, stop, file, rest, block.title, block.titles, block.furniture, block.publisher))
    return drafts


def _is_body(lines: list[Line]) -> bool:
    """Whether the lines before the first title are a report that has none."""
    numbered = any(layout.is_numbered(line.text) for line in lines)
    return numbered and sum(len(line.text) for line in lines) >= _MIN_UNTITLED


def _check_count(lines: list[Line], contents: Contents, drafts: list[Draft]) -> list[dict]:
    """Compare three ways of counting: the table of contents, the announced number, the title lines."""
    doubts = []
    front = [line for line in lines if not drafts or line.end <= drafts[0].start]
    stated = next(((n, line) for line in front if (n := layout.stated_count(line.text))), None)
    if stated and stated[0] != len(drafts):
        place = {"start": stated[1].start, "end": stated[1].end}
        doubts.append(doubt("count_disagrees", 0, place, stated=stated[0], found=len(drafts)))
    if contents.listed and len(contents.listed) != len(drafts):
        place = {"start": front[0].start, "end": front[-1].end} if front else {"start": 0, "end": 0}
        doubts.append(doubt("contents_disagree", 0, place, listed=len(contents.listed), found=len(drafts)))
    if len(contents.listed) != len(drafts):
        return doubts
    pairs = enumerate(zip(contents.listed, drafts, strict=True), start=1)
    return doubts + [
        doubt("contents_title_differs", n, _title_place(draft), listed=listed, title=draft.title)
        for n, (listed, draft) in pairs
        if listed != draft.title
    ]


def _title_place(draft: Draft) -> dict[str, int]:
    return {"start": draft.start, "end": draft.titles[-1].end if draft.titles else draft.start + 1}
