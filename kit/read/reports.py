"""A text is split into reports: title lines, checked against the table of contents and the announced number."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile, takewhile

from kit.read import layout
from kit.read.contents import Contents, read_contents, read_entry
from kit.read.doubts import doubt
from kit.read.drafts import Draft, File, TitleBlock
from kit.read.encoding import TITLE
from kit.read.layout import Line
from kit.read.names import agency_in_title, is_agency
from kit.read.title_rules import SOON
from kit.read.titles import AT_TOP, find_titles

_MIN_HEADS = 2  # times that a line stands again at the least when it heads pages
_MIN_TEXT = 30  # characters of a line that is no leaving of a page
_MIN_UNTITLED = 300  # characters before the first title that make a report of their own when they are numbered


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
    lines, left = _read_lines(text, start, end, aside, levels or {})
    contents = read_contents(lines)
    if contents.listed and contents.behind == len(lines):  # at the end of the file, or a file of its own
        lines, left = _drop(lines, left, contents.first, contents.behind)
        contents = Contents()
    known = _known(text, lines, contents)
    blocks = find_titles(known)
    if len(blocks) < 2 and not any(agency_in_title(block.title) for block in blocks):  # noqa: PLR2004
        known = replace(known, heads=_find_heads(known))
        blocks = find_titles(known) if known.heads else blocks
    if known.contents.listed and not blocks:  # the sections of one report are listed, its title stands above the list
        lines, left = _drop(lines, left, known.contents.first, known.contents.behind)
        known = _known(text, lines, Contents())
        blocks = find_titles(known)
    drafts = _cut(known, blocks, end, file)
    doubts = _check_count(known, drafts) + _doubt_styled(known, drafts)
    return [_with_furniture(draft, left) for draft in drafts], doubts


def _read_lines(
    text: str, start: int, end: int, aside: Sequence[tuple[int, int]], levels: Mapping[int, int]
) -> tuple[list[Line], list[Line]]:
    """The lines of the running text, and those that are none: furniture of pages, titles of other pages."""
    split = layout.split_lines(text, start, end)
    split = (replace(line, level=levels.get(line.start)) for line in split) if levels else split
    lines, left = _set_aside(_unfold(text, split), aside)
    lines, heads = _set_aside(lines, sorted(_running_heads(lines) + _related(lines)))
    return lines, _in_order(left + heads)


def _drop(lines: list[Line], left: list[Line], first: int, behind: int) -> tuple[list[Line], list[Line]]:
    """Take lines out of the running text."""
    return lines[:first] + lines[behind:], _in_order(left + lines[first:behind])


def _in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.start)


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
    named = [at for name, at in places.items() if agency_in_title(name)]
    firsts = [at[0] for at in named]  # in order, as they were found
    found = []
    for at in named:
        others = bisect_left(firsts, at[-1]) - bisect_left(firsts, at[0]) > 1
        if len(at) > _MIN_HEADS and others and any(_goes_on_below(lines, number) for number in at):
            found += [(lines[number].start, lines[number].end) for number in at]
    return found


def _related(lines: list[Line]) -> list[tuple[int, int]]:
    """Find the titles of other pages that a page lists under a head (相关链接), without a text below them."""
    found = []
    dated = layout.rule("artefact", "dated")
    for head in (n for n, line in enumerate(lines) if layout.rule("artefact", "related").search(line.text)):
        run = list(takewhile(lambda line: layout.is_title(dated.sub("", line.text)), lines[head + 1 :]))
        below = lines[head + 1 + len(run) :][:1]
        text = any(len(line.text) >= _MIN_TEXT or layout.is_first_number(line.text) for line in below)
        found += [(line.start, line.end) for line in (run[:-1] if text else run)]
    return found


def _goes_on_below(lines: list[Line], number: int) -> bool:
    """Whether numbering goes on below a line, before another title."""
    below = takewhile(lambda line: not layout.is_title(line.text), lines[number + 1 : number + 1 + SOON])
    first = next((line.text for line in below if layout.is_numbered(line.text)), "")
    return bool(first) and not layout.is_first_number(first)


def _with_furniture(draft: Draft, left: list[Line]) -> Draft:
    inside = slice(*(bisect_left(left, at, key=lambda line: line.start) for at in (draft.start, draft.end)))
    return replace(draft, furniture=(*draft.furniture, *left[inside])) if left[inside] else draft


def _known(text: str, lines: list[Line], contents: Contents) -> File:
    listed = {layout.normal(entry) for entry in contents.listed} | _numbered_titles(lines)
    units = Counter(line.level for line in lines if line.level is not None and is_agency(line.text))
    level = min((level for level, n in units.items() if n > 1), default=None)
    titled = any(line.level == TITLE and layout.is_title(line.text) for line in lines)
    numbered = tuple(n for n, line in enumerate(lines) if layout.is_numbered(line.text))
    outer = tuple(n for n, line in enumerate(lines) if layout.is_outer(line.text))
    return File(text, lines, contents, frozenset(listed), level, titled, numbered, outer)


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


def _find_heads(file: File) -> frozenset[int]:
    """Lines that stand over reports in the place of titles: a unit's name alone, or a number (篇一).

    There are several, and wherever the outermost numbering begins anew, one stands above it.
    """
    lines = file.lines[file.contents.behind :]
    firsts = [n for n, line in enumerate(lines) if layout.is_outer(line.text) and layout.is_first_number(line.text)]
    tops = [next((m for m in range(n - 1, max(n - SOON, -1), -1) if _is_head(lines[m].text)), None) for n in firsts]
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


def _cut(file: File, blocks: list[TitleBlock], end: int, name: str) -> list[Draft]:
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


def _cut_untitled(file: File, blocks: list[TitleBlock], end: int, name: str) -> list[Draft]:
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


def _check_count(file: File, drafts: list[Draft]) -> list[dict]:
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


def _doubt_styled(file: File, drafts: list[Draft]) -> list[dict]:
    """List titles that nothing but their style shows to be titles."""
    told = [(n, draft) for n, draft in enumerate(drafts, start=1) if draft.titles and draft.titles[0].level is not None]
    return [
        doubt("title_by_style", n, _title_place(draft), title=draft.title)
        for n, draft in told
        if not layout.is_title(layout.strip_number(draft.title), also=AT_TOP)
        and layout.normal(draft.title) not in file.listed
    ]


def _title_place(draft: Draft) -> dict[str, int]:
    return {"start": draft.start, "end": draft.titles[-1].end if draft.titles else draft.start + 1}
