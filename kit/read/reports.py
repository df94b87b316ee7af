"""A text is split into reports: title lines, checked against the table of contents and the announced number."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile

from kit.read import layout, roles
from kit.read.blocks import TITLE
from kit.read.contents import Contents, read_contents, read_entry
from kit.read.doubts import doubt
from kit.read.layout import Line
from kit.read.names import agency_in_title, is_agency, is_unit

_TITLE_LINES = 3
_MAX_TITLE_LINE = 40
_SOON = 6  # lines below a title in which its report's numbering begins
_MIN_HEADS = 2  # times that a line stands again at the least when it heads pages
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

    @property
    def level(self) -> int | None:
        """The level of its outermost line that is styled as a heading."""
        return min((line.level for line in self.titles if line.level is not None), default=None)


@dataclass(frozen=True)
class _File:
    """A file on the way to its reports: its lines, its table of contents, the titles that are known beforehand.

    ``units`` is the level of the headings that are agencies' names; ``titled`` says whether a line that reads like a
    title is styled as one, too.
    ``heads`` are where lines begin that open a report and are no title: the unit's name alone; ``numbered`` and
    ``outer`` the numbers of the lines that begin with a number of the outer levels, and of the outermost.
    """

    text: str
    lines: list[Line]
    contents: Contents
    listed: frozenset[str]
    units: int | None
    titled: bool
    numbered: tuple[int, ...]
    outer: tuple[int, ...]
    heads: frozenset[int] = frozenset()

    def gap(self, number: int) -> int:
        """How many line ends stand between a line and the one before it."""
        return self.text[self.lines[number - 1].end : self.lines[number].start].count("\n")


def find_reports(
    text: str,
    start: int,
    end: int,
    *,
    file: str,
    aside: Sequence[tuple[int, int]] = (),
    levels: Mapping[int, int] | None = None,
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
        What its format shows to be no running text, in order.
    levels : mapping of int to int
        The levels of the lines that its format shows to be headings, by where they begin.

    Returns
    -------
    reports : list of Draft
        At least one when there is any text; a file without title lines is one report.
    doubts : list of dict
        Rows of `tables.DOUBTS` about the splitting, ``report`` counted within the file.
    """
    split = layout.split_lines(text, start, end)
    split = (replace(line, level=levels.get(line.start)) for line in split) if levels else split
    lines, left = _set_aside(_unfold(text, split), aside)
    lines, heads = _set_aside(lines, _running_heads(lines))
    left = sorted(left + heads, key=lambda line: line.start)
    contents = read_contents(lines)
    if contents.listed and contents.behind == len(lines):  # at the end of the file, or a file of its own
        lines, left = lines[: contents.first], sorted(left + lines[contents.first :], key=lambda line: line.start)
        contents = Contents()
    known = _known(text, lines, contents)
    blocks = _find_blocks(known)
    if len(blocks) < 2 and not any(agency_in_title(block.title) for block in blocks):  # noqa: PLR2004
        known = replace(known, heads=_find_heads(known))
        blocks = _find_blocks(known) if known.heads else blocks
    if known.contents.listed and not blocks:  # the sections of one report are listed, its title stands above the list
        first, behind = known.contents.first, known.contents.behind
        left = sorted(left + lines[first:behind], key=lambda line: line.start)
        known = _known(text, lines[:first] + lines[behind:], Contents())
        blocks = _find_blocks(known)
    drafts = _cut(known, blocks, end, file)
    doubts = _check_count(known, drafts) + _doubt_styled(known, drafts)
    return [_with_furniture(draft, left) for draft in drafts], doubts


def _set_aside(lines: Iterable[Line], aside: Sequence[tuple[int, int]]) -> tuple[list[Line], list[Line]]:
    """Part the lines of the running text from those that are none."""
    kept: list[Line] = []
    left: list[Line] = []
    for line in lines:
        (left if layout.within(aside, line.start) else kept).append(line)
    return kept, left


def _running_heads(lines: list[Line]) -> list[tuple[int, int]]:
    """Find the lines that head page after page: a title that stands again and again, other reports' titles between."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if layout.is_title(line.text):
            places[layout.normal(line.text)].append(number)
    named = {name: at for name, at in places.items() if agency_in_title(name)}
    found = []
    for at in named.values():
        if len(at) > _MIN_HEADS and any(_goes_on_below(lines, number) for number in at):
            others = any(at[0] < other[0] < at[-1] for other in named.values())
            found += [(lines[number].start, lines[number].end) for number in at if others]
    return sorted(found)


def _goes_on_below(lines: list[Line], number: int) -> bool:
    """Whether numbering goes on below a line, before another title."""
    below = takewhile(lambda line: not layout.is_title(line.text), lines[number + 1 : number + 1 + _SOON])
    first = next((line.text for line in below if layout.is_numbered(line.text)), "")
    return bool(first) and not layout.is_first_number(first)


def _with_furniture(draft: Draft, left: list[Line]) -> Draft:
    inside = slice(*(bisect_left(left, at, key=lambda line: line.start) for at in (draft.start, draft.end)))
    return replace(draft, furniture=(*draft.furniture, *left[inside])) if left[inside] else draft


def _known(text: str, lines: list[Line], contents: Contents) -> _File:
    listed = {layout.normal(entry) for entry in contents.listed} | _numbered_titles(lines)
    units = Counter(line.level for line in lines if line.level is not None and is_agency(line.text))
    level = min((level for level, n in units.items() if n > 1), default=None)
    titled = any(line.level == TITLE and layout.is_title(line.text) for line in lines)
    numbered = tuple(n for n, line in enumerate(lines) if layout.is_numbered(line.text))
    outer = tuple(n for n, line in enumerate(lines) if layout.is_outer(line.text))
    return _File(text, lines, contents, frozenset(listed), level, titled, numbered, outer)


def _numbered_titles(lines: list[Line]) -> set[str]:
    """Titles that are numbered where they stand (一、某县民政局2023年工作总结), when at least two agencies have one."""
    outer = [read_entry(line.text) for line in lines if layout.is_outer(line.text)]
    sections = len(outer) > 1 and all(is_agency(entry.bare) for entry in outer)  # 一、财政所, and no title above
    if sections and not any(layout.is_title(line.text) and agency_in_title(line.text) for line in lines):
        return {layout.normal(entry.bare) for entry in outer}
    entries = [read_entry(line.text) for line in lines]
    entries = [entry for entry in entries if entry.number and entry.is_title and agency_in_title(entry.bare)]
    agencies = {agency_in_title(entry.bare) for entry in entries}
    return {layout.normal(entry.bare) for entry in entries} if len(agencies) > 1 else set()


def _find_heads(file: _File) -> frozenset[int]:
    """Lines that stand over reports in the place of titles: a unit's name alone, or a number (篇一).

    There are several, and wherever the outermost numbering begins anew, one stands above it.
    """
    lines = file.lines[file.contents.behind :]
    firsts = [n for n, line in enumerate(lines) if layout.is_outer(line.text) and layout.is_first_number(line.text)]
    tops = [next((m for m in range(n - 1, max(n - _SOON, -1), -1) if _is_head(lines[m].text)), None) for n in firsts]
    heads = [lines[top] for top in tops if top is not None]
    several = len({line.text for line in heads}) > 1
    return frozenset(line.start for line in heads) if several and None not in tops else frozenset()


def _is_head(text: str) -> bool:
    return is_agency(layout.named_unit(text) or text) or layout.is_piece(text)


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
            yield Line(line.start, line.start + size, line.text[:size], line.level)
            begin = line.end - len(line.text[size:].lstrip(layout.SPACE))
        yield Line(begin, line.end, text[begin : line.end], None if size else line.level)
    if start is not None:
        yield Line(start, start + 1, text[start])


def _find_blocks(file: _File) -> list[_Block]:
    """Find the title blocks, from the first line behind the table of contents on."""
    blocks: list[_Block] = []
    number = file.contents.behind
    while number < len(file.lines):
        block = _header_block(file.lines, number) or _title_block(file, number, blocks)
        if block:
            blocks = _add(blocks, block, file)
        number = block.last + 1 if block else number + 1
    return blocks[1:] if _is_cover(blocks, file.lines) else blocks


def _is_cover(blocks: list[_Block], lines: list[Line]) -> bool:
    """Whether the first title is the whole file's: it names no agency, the next one does, with no report between."""
    if len(blocks) < 2:  # noqa: PLR2004
        return False
    cover, first = blocks[:2]
    between = lines[cover.last + 1 : first.first]
    named = [is_agency(agency_in_title(block.title)) for block in (cover, first)]
    reported = any(layout.is_numbered(line.text) for line in between)  # a village's report may be short
    return named == [False, True] and not cover.furniture and not reported


def _add(blocks: list[_Block], block: _Block, file: _File) -> list[_Block]:
    """Add a block, unless it is a page's running head, or only repeats what the header above it says."""
    above = blocks[-1] if blocks else None
    if above and _is_running_head(above, block, file):
        blocks[-1] = replace(above, furniture=(*above.furniture, *block.titles))
    elif above and _repeats(above, block, file.lines):
        blocks[-1] = replace(above, last=block.last, title=block.title, titles=above.titles + block.titles)
    else:
        blocks.append(block)
    return blocks


def _is_running_head(above: _Block, block: _Block, file: _File) -> bool:
    """Whether a title is only the head of a further page: the same again, with numbering that goes on below it."""
    if block.title != above.title or block.furniture or not agency_in_title(block.title):
        return False
    own, outer = (_stands_between(above, block, numbers) for numbers in (file.numbered, file.outer))
    near = file.lines[block.last + 1 : block.last + 1 + _SOON]
    below = takewhile(lambda line: not layout.is_title(line.text), near)
    first = next((line.text for line in below if layout.is_numbered(line.text)), "")
    return own and not (layout.is_first_number(first) and (layout.is_outer(first) or not outer))


def _stands_between(above: _Block, block: _Block, numbers: Sequence[int]) -> bool:
    """Whether a line of these numbers stands between two titles."""
    return bisect_left(numbers, above.last + 1) < bisect_left(numbers, block.first)


def _repeats(above: _Block, block: _Block, lines: list[Line]) -> bool:
    """Whether a title only repeats what the title, or the crawler's header, right above it says."""
    between = lines[above.last + 1 : block.first]
    near = all(layout.is_artefact(line.text) for line in between)
    return near and not block.furniture and _says_again(above, block)


def _says_again(above: _Block, block: _Block) -> bool:
    """Whether two titles that follow each other name one report."""
    a, b = (layout.normal(layout.strip_prefix(one.title)) for one in (above, block))
    return a in b or b in a


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


def _title_block(file: _File, number: int, blocks: list[_Block]) -> _Block | None:
    """Read a title with the unit's name above it and what stands under it, leaving page furniture aside."""
    also = _rules_here(number, blocks)
    size = _title_size(file, number, also) or int(_is_styled(file, number, blocks))
    title = "".join(line.text for line in file.lines[number : number + size])
    if not size or not _opens(file, number, size, title, blocks):
        return None
    first, floor = number, blocks[-1].last + 1 if blocks else file.contents.behind
    while first > floor and _is_above(file, first, floor, blocks):
        first -= 1
    below, last = _read_below(file.lines, number + size, unit=first == number)
    main = [line.text for line in file.lines[first:number] if is_unit(line.text)] + [title]
    titles = (*file.lines[first : number + size], *below)
    return _Block(first, last, "".join(main + [line.text for line in below if _goes_on(line)]), titles)


def _rules_here(number: int, blocks: list[_Block]) -> list[str]:
    """By which further rules a line may be a title: at the top of a file, and where its first title needed them."""
    if blocks:
        return [] if layout.is_title(blocks[0].title) else list(_AT_TOP)
    return [rule for rule, lines_at_top in _AT_TOP.items() if number < lines_at_top]


def _title_size(file: _File, number: int, also: list[str]) -> int:
    """Over how many lines a title runs that begins here; 0 when none does."""
    entry = read_entry(file.lines[number].text)
    if file.lines[number].start in file.heads:
        return 1
    if layout.normal(entry.bare) in file.listed and (not entry.number or agency_in_title(entry.bare)):
        return 1
    joined = ""
    for size, line in enumerate(file.lines[number : number + _TITLE_LINES], start=1):
        if size > 1 and not _continues(file, number + size - 1):
            return 0
        joined += line.text
        if layout.is_title(joined, also=also):
            return size
    return 0


def _is_styled(file: _File, number: int, blocks: list[_Block]) -> bool:
    """Whether a line is styled as the titles of this file are, or as the names of its agencies, and reads like none."""
    line = file.lines[number]
    above_title = number + 1 < len(file.lines) and _title_size(file, number + 1, list(_AT_TOP)) > 0
    if line.level is None or above_title or layout.is_no_title(line.text) or layout.is_collection(line.text):
        return False
    if is_agency(line.text):
        return line.level == file.units
    if line.level == TITLE:
        return not file.titled and (number < _AT_TOP["alone"] or bool(blocks))
    return bool(blocks) and line.level == blocks[0].level and layout.is_title(line.text, also=_AT_TOP)


def _continues(file: _File, number: int) -> bool:
    """Whether a title may go on from the line before into this one."""
    above, line = file.lines[number - 1], file.lines[number]
    kinds = (layout.is_artefact, layout.is_date, layout.is_collection, layout.is_no_title, is_agency)
    furniture = any(is_kind(above.text) for is_kind in kinds) or layout.is_no_title(line.text)
    short = max(len(above.text), len(line.text)) <= _MAX_TITLE_LINE
    broken = layout.is_broken_title(above.text) and not agency_in_title(line.text)
    part = broken or layout.joins(above.text, line.text) or not layout.is_title(line.text)
    return file.gap(number) == 1 and short and part and not furniture


def _opens(file: _File, number: int, size: int, title: str, blocks: list[_Block]) -> bool:
    """Whether a title opens a report, and is no heading inside one.

    It does when it is the file's first, or listed, or repeats the first, or is styled as the first is; else it must
    name an agency, or numbering must begin anew below it.
    """
    name = layout.normal(title)
    known = name in file.listed or file.lines[number].start in file.heads
    if not blocks or known or name == layout.normal(blocks[0].title):
        return True
    above, level = file.lines[number - 1].text, file.lines[number].level
    if level is not None and level == file.units and is_agency(title):
        return True
    if _is_annex(title, above, blocks[-1]):
        return False
    below = file.lines[number + size : number + size + _SOON]
    anew = any(layout.is_first_number(line.text) for line in below)
    if _is_section(title):
        headed = is_unit(above) and _is_above(file, number, blocks[-1].last + 1, blocks)
        return anew and (headed or _is_alike(title, blocks[0].title))
    named = bool(agency_in_title(title))
    if level is not None and blocks[0].level is not None and level != blocks[0].level and not named:
        return level < blocks[0].level
    signed = layout.is_date(above) or is_agency(above)
    styled = level is not None and level == blocks[0].level
    return anew or signed or ((named or styled) and not layout.is_weak_title(title))


def _is_annex(title: str, above: str, block: _Block) -> bool:
    """Whether a title is only that of a report's own annex (附件：某局2024年重点任务清单)."""
    marked = layout.is_annex_head(title) or layout.is_annex_head(above)
    return marked and agency_in_title(title) in ("", agency_in_title(block.title))


def _is_section(title: str) -> bool:
    """Whether a title-like line inside a report is only the heading of its review or of its plan."""
    bare = layout.strip_years(title)
    single = len(roles.heading_roles(bare, roles.Years())) == 1
    return single and not agency_in_title(title) and roles.bare_heading_role(bare) is not None


def _is_alike(title: str, first: str) -> bool:
    """Whether a title says of somebody else, before its year, what the first one does (李某2023年度个人工作总结)."""
    (name, said), (other, wanted) = map(_split_at_year, (title, first))
    return bool(name and other and said) and said == wanted


def _split_at_year(title: str) -> tuple[str, str]:
    year = "".join(map(str, layout.find_years(title)[:1])) or "\n"
    name, found, rest = layout.normal(title).partition(year)
    return name, found + rest


def _is_above(file: _File, first: int, floor: int, blocks: list[_Block]) -> bool:
    """Whether the line above a title belongs to it: an official document's head, or the unit's name.

    A unit's name may as well sign the report before; it belongs to the nearer of the two, and where both are as
    near, as it does in the file's first title.
    """
    line, title = file.lines[first - 1], file.lines[first]
    above = line.text
    if layout.is_above_title(above) or (line.level == title.level == TITLE and not layout.is_collection(above)):
        return True
    under_number = first - 2 >= floor and layout.is_above_title(file.lines[first - 2].text)
    if not is_unit(above) or agency_in_title(title.text):
        return False
    if line.level is not None:  # no signature is styled as a heading
        return True
    below = file.gap(first)
    before = file.gap(first - 1) if first - 2 >= floor else below + 1
    usual = not blocks or is_unit(blocks[0].titles[0].text)
    return under_number or below < before or (below == before and usual)


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


def _cut(file: _File, blocks: list[_Block], end: int, name: str) -> list[Draft]:
    """Make a draft of every title block and the lines behind it; without any, of the whole file."""
    lines = file.lines
    drafts = _cut_untitled(file, blocks, end, name)
    nexts = [*(block.first for block in blocks), len(lines)][1:]
    for block, behind in zip(blocks, nexts, strict=True):
        stop = lines[behind].start if behind < len(lines) else end
        own = {line.start for line in (*block.titles, *block.furniture)}
        rest = tuple(line for line in lines[block.first : behind] if line.start not in own)
        start = lines[block.first].start
        drafts.append(Draft(start, stop, name, rest, block.title, block.titles, block.furniture, block.publisher))
    return drafts


def _cut_untitled(file: _File, blocks: list[_Block], end: int, name: str) -> list[Draft]:
    """Make a draft of what stands before the first title, when that is a report, or when there is no title."""
    lines = file.lines[file.contents.behind : blocks[0].first] if blocks else file.lines
    lines = list(dropwhile(lambda line: layout.is_artefact(line.text), lines))
    if not lines or (blocks and not _is_body(lines)):
        return []
    return [Draft(lines[0].start, file.lines[blocks[0].first].start if blocks else end, name, tuple(lines))]


def _is_body(lines: list[Line]) -> bool:
    """Whether the lines before the first title are a report that has none."""
    numbered = any(layout.is_numbered(line.text) for line in lines)
    return numbered and sum(len(line.text) for line in lines) >= _MIN_UNTITLED


def _check_count(file: _File, drafts: list[Draft]) -> list[dict]:
    """Compare three ways of counting: the table of contents, the announced number, the title lines."""
    doubts = []
    listed = file.contents.listed
    front = [line for line in file.lines if not drafts or line.end <= drafts[0].start]
    stated = next(((n, line) for line in front if (n := layout.stated_count(line.text))), None)
    if stated and stated[0] != len(drafts):
        place = {"start": stated[1].start, "end": stated[1].end}
        doubts.append(doubt("count_disagrees", 0, place, stated=stated[0], found=len(drafts)))
    if listed and len(listed) != len(drafts):
        place = {"start": front[0].start, "end": front[-1].end} if front else {"start": 0, "end": 0}
        doubts.append(doubt("contents_disagree", 0, place, listed=len(listed), found=len(drafts)))
    if len(listed) != len(drafts):
        return doubts
    pairs = enumerate(zip(listed, drafts, strict=True), start=1)
    return doubts + [
        doubt("contents_title_differs", n, _title_place(draft), listed=entry, title=draft.title)
        for n, (entry, draft) in pairs
        if entry != draft.title
    ]


def _doubt_styled(file: _File, drafts: list[Draft]) -> list[dict]:
    """List titles that nothing but their style shows to be titles."""
    told = [(n, draft) for n, draft in enumerate(drafts, start=1) if draft.titles and draft.titles[0].level is not None]
    return [
        doubt("title_by_style", n, _title_place(draft), title=draft.title)
        for n, draft in told
        if not layout.is_title(draft.title, also=_AT_TOP) and layout.normal(draft.title) not in file.listed
    ]


def _title_place(draft: Draft) -> dict[str, int]:
    return {"start": draft.start, "end": draft.titles[-1].end if draft.titles else draft.start + 1}
