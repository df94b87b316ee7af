"""A file becomes reports: passes over its lines, from what is no running text to title blocks and what they open."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, pairwise, takewhile

from kit.data import knowledge, rule
from kit.read.encoding import TITLE
from kit.read.lines import (
    FURTHER,
    SPACE,
    Line,
    agency_in_title,
    is_agency,
    is_title,
    named_unit,
    normal,
    split_lines,
    stated_count,
    strip_number,
    title_end,
)
from kit.read.state import Contents, File, Report, TitleBlock, doubt
from kit.read.titles import SOON, find_titles, number_below, read_contents

_MIN_HEADS = 2  # times that a line stands again at the least when it heads pages
_MIN_TEXT = 30  # characters of a line that is no leaving of a page
_MIN_UNTITLED = 300  # characters before the first title that make a report of their own when they are numbered


def read_lines(file: File) -> File:
    """Split a file into lines, a title parted from the report that runs on behind it, numbers joined to headings."""
    lines: Iterable[Line] = split_lines(file.text, file.start, file.end)
    if file.levels:
        lines = (replace(line, level=file.levels.get(line.start)) for line in lines)
    return replace(file, lines=tuple(_unfold(file.text, lines))).leaving(list(file.aside))


def _unfold(text: str, lines: Iterable[Line]) -> Iterator[Line]:
    """Part a title from the report that runs on behind it; join a number left alone on its line to its heading."""
    start: int | None = None
    for line in lines:
        begin, start = line.start if start is None else start, None
        if rule("layout.toml", "points.alone").match(line.text):
            start = begin
            continue
        size = title_end(line.text)
        if size:
            yield Line(line.start, line.start + size, line.text[:size], line.level)
            begin = line.end - len(line.text[size:].lstrip(SPACE))
        whole = not size and begin == line.start
        yield line if whole else Line(begin, line.end, text[begin : line.end], None if size else line.level)
    if start is not None:
        yield Line(start, start + 1, text[start])


def leave_running_heads(file: File) -> File:
    """Set aside the lines that head page after page: a title again and again, other reports' titles between."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(file.lines):
        if line.is_a("title"):
            places[line.normal].append(number)
    named = [at for name, at in places.items() if agency_in_title(name)]
    firsts = [at[0] for at in named]  # in order, as they were found
    found = []
    for at in named:
        others = bisect_left(firsts, at[-1]) - bisect_left(firsts, at[0]) > 1
        below = (number_below(file.lines, number) for number in at)
        if len(at) > _MIN_HEADS and others and any(line and not line.is_a("first") for line in below):
            found += [(file.lines[number].start, file.lines[number].end) for number in at]
    return file.leaving(found + _related(file.lines))


def _related(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Find the titles of other pages that a page lists under a head (相关链接), without a text below them."""
    found = []
    head, dated = rule("layout.toml", "artefact.related"), rule("layout.toml", "artefact.dated")
    for number in (n for n, line in enumerate(lines) if head.search(line.text)):
        run = list(takewhile(lambda line: is_title(dated.sub("", line.text)), lines[number + 1 :]))
        below = lines[number + 1 + len(run) :][:1]
        text = any(len(line.text) >= _MIN_TEXT or line.is_a("first") for line in below)
        found += [(line.start, line.end) for line in (run[:-1] if text else run)]
    return found


def find_contents(file: File) -> File:
    """Read the table of contents; one at the end of a file, or that is a file of its own, is set aside."""
    contents = read_contents(file.lines)
    if contents.listed and contents.behind == len(file.lines):
        return _without(file, contents)
    return replace(file, contents=contents)


def _without(file: File, contents: Contents) -> File:
    listed = file.lines[contents.first : contents.behind]
    return replace(file.leaving([(line.start, line.end) for line in listed]), contents=Contents())


def note_titles(file: File) -> File:
    """Note what is known of the titles before they are looked for: listed, numbered where they stand, styled."""
    lines = file.lines
    units = Counter(line.level for line in lines if line.level is not None and line.is_a("agency"))
    return replace(
        file,
        listed=frozenset(normal(entry) for entry in file.contents.listed) | _numbered_titles(lines),
        units=min((level for level, n in units.items() if n > 1 and level is not None), default=None),
        titled=any(line.level == TITLE and line.is_a("title") for line in lines),
        numbered=tuple(n for n, line in enumerate(lines) if line.is_a("numbered")),
        outer=tuple(n for n, line in enumerate(lines) if line.is_a("outer")),
    )


def _numbered_titles(lines: Sequence[Line]) -> set[str]:
    """Titles that are numbered where they stand (一、某县民政局2023年工作总结), when at least two agencies have one."""
    outer = [line.entry for line in lines if line.is_a("outer")]
    sections = len(outer) > 1 and all(is_agency(entry.bare) for entry in outer)  # 一、财政所, and no title above
    if sections and not any(line.is_a("title") and line.agency for line in lines):
        return {normal(entry.bare) for entry in outer}
    entries = [line.entry for line in lines if line.entry.number and line.entry.is_title]
    entries = [entry for entry in entries if agency_in_title(entry.bare)]
    agencies = {agency_in_title(entry.bare) for entry in entries}
    return {normal(entry.bare) for entry in entries} if len(agencies) > 1 else set()


def find_titles_by_heads(file: File) -> File:
    """Where no title names an agency, look again with the lines that stand over reports in the place of titles."""
    # A head is a unit's name alone, or a number (篇一): several, one above each new beginning of the outermost
    # numbering.
    if len(file.blocks) > 1 or any(agency_in_title(block.title) for block in file.blocks):
        return file
    lines = file.lines[file.contents.behind :]
    firsts = [n for n, line in enumerate(lines) if line.is_a("outer") and line.is_a("first")]
    tops = [next((m for m in range(n - 1, max(n - SOON, -1), -1) if _is_head(lines[m])), None) for n in firsts]
    heads = [lines[top] for top in tops if top is not None]
    if len({line.text for line in heads}) < 2 or None in tops:  # noqa: PLR2004
        return file
    return find_titles(replace(file, heads=frozenset(line.start for line in heads)))


def _is_head(line: Line) -> bool:
    return is_agency(named_unit(line.text) or line.text) or line.is_a("piece")


def find_title_above_list(file: File) -> File:
    """Where the sections of one report are listed, its title stands above the list: look again without the list."""
    if not file.contents.listed or file.blocks:
        return file
    return find_titles(note_titles(replace(_without(file, file.contents), heads=frozenset())))


def cut_reports(file: File) -> File:
    """Make a report of every title block and the lines behind it; without any, of the whole file."""
    lines = file.lines
    reports = _cut_untitled(file)
    nexts = [*(block.first for block in file.blocks), len(lines)][1:]
    for block, behind in zip(file.blocks, nexts, strict=True):
        stop = lines[behind].start if behind < len(lines) else file.end
        own = {line.start for line in (*block.titles, *block.furniture)}
        rest = tuple(line for line in lines[block.first : behind] if line.start not in own)
        start = lines[block.first].start
        report = Report(file.text, start, stop, file.name, rest, block.title, block.titles, block.furniture)
        reports.append(replace(report, publisher=block.publisher, folder=file.folder))
    return replace(file, reports=tuple(_with_furniture(report, file.left) for report in reports))


def _cut_untitled(file: File) -> list[Report]:
    """Make a report of what stands before the first title, when that is one, or when there is no title."""
    blocks: tuple[TitleBlock, ...] = file.blocks
    lines = file.lines[file.contents.behind : blocks[0].first] if blocks else file.lines
    lines = tuple(dropwhile(lambda line: line.is_a("artefact"), lines))
    numbered = any(line.is_a("numbered") for line in lines)
    if not lines or (blocks and not (numbered and sum(len(line.text) for line in lines) >= _MIN_UNTITLED)):
        return []
    end = file.lines[blocks[0].first].start if blocks else file.end
    return [Report(file.text, lines[0].start, end, file.name, lines, folder=file.folder)]


def _with_furniture(report: Report, left: Sequence[Line]) -> Report:
    first, behind = (bisect_left(left, at, key=lambda line: line.start) for at in (report.start, report.end))
    return replace(report, furniture=(*report.furniture, *left[first:behind])) if behind > first else report


def check_count(file: File) -> File:
    """Compare three ways of counting: the table of contents, the announced number, the title lines."""
    doubts = []
    reports, listed = file.reports, file.contents.listed
    front = [line for line in file.lines if not reports or line.end <= reports[0].start]
    stated = next(((n, line) for line in front if (n := stated_count(line.text))), None)
    if stated and stated[0] != len(reports):
        place = {"start": stated[1].start, "end": stated[1].end}
        doubts.append(doubt("count_disagrees", 0, place, stated=stated[0], found=len(reports)))
    if listed and len(listed) != len(reports):
        place = {"start": front[0].start, "end": front[-1].end} if front else {"start": 0, "end": 0}
        doubts.append(doubt("contents_disagree", 0, place, listed=len(listed), found=len(reports)))
    pairs = enumerate(zip(listed, reports, strict=False), start=1) if len(listed) == len(reports) else ()
    doubts += [
        doubt("contents_title_differs", n, report.title_place, listed=entry, title=report.title)
        for n, (entry, report) in pairs
        if entry != report.title
    ]
    return replace(file, doubts=(*file.doubts, *doubts, *_doubt_styled(file)))


def doubt_splits(file: File) -> File:
    """Say of every further report in a file that is one of several why the file was split."""
    if not file.among:
        return file
    why = knowledge("messages.toml")["splits"]
    doubts = []
    for number, (above, report) in enumerate(pairwise(file.reports), start=2):
        reason = "listed" if normal(report.title) in file.listed else "named" if above.title else "untitled"
        words = {"title": report.title, "file": file.name, **why[reason]}
        doubts.append(doubt("split_in_file", number, report.title_place, **words))
    return replace(file, doubts=(*file.doubts, *doubts))


def _doubt_styled(file: File) -> list[dict]:
    """List titles that nothing but their style shows to be titles."""
    styled = ((n, one) for n, one in enumerate(file.reports, 1) if one.titles and one.titles[0].level is not None)
    return [
        doubt("title_by_style", n, report.title_place, title=report.title)
        for n, report in styled
        if not is_title(strip_number(report.title), also=FURTHER) and normal(report.title) not in file.listed
    ]
