"""Reports in a file: which lines are titles, which only head a page or a section, and what begins with each."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, pairwise, takewhile

from kit.data import knowledge, rule
from kit.read import lines as grammar
from kit.read import roles
from kit.read.compilation import File, Report, TitleBlock, Years, doubt
from kit.read.lines import Contents, Line
from kit.read.names import place_in_title

SOON = 6  # lines below a title in which its report's numbering begins
_AT_TOP = {"dateless": 40, "alone": 5}  # lines at the top of a file among which a title may do without a year
_TITLE_LINES = 3
_MAX_TITLE_LINE = 40
_MAX_BLOCK = 40  # lines of page furniture that may stand within a title block
_FIRST_GIVEN = 8  # lines at the top of a file among which a report without a title says that it is being given
_MIN_HEADS = 2  # times that a line stands again at the least when it heads pages
_MIN_TEXT = 30  # characters of a line that is no leaving of a page
_MIN_UNTITLED = 300  # characters before the first title that make a report of their own when they are numbered


# -- lines, and what is known of titles before they are looked for


def read_lines(file: File) -> File:
    """Split a file into lines, a title parted from the report that runs on behind it, numbers joined to headings."""
    lines: Iterable[Line] = grammar.split_lines(file.text, file.start, file.end)
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
        size = grammar.title_end(line.text)
        if size:
            yield Line(line.start, line.start + size, line.text[:size], line.level)
            begin = line.end - len(line.text[size:].lstrip(grammar.SPACE))
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
    named = [at for name, at in places.items() if grammar.agency_in_title(name)]
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
        run = list(takewhile(lambda line: grammar.is_title(dated.sub("", line.text)), lines[number + 1 :]))
        below = lines[number + 1 + len(run) :][:1]
        text = any(len(line.text) >= _MIN_TEXT or line.is_a("first") for line in below)
        found += [(line.start, line.end) for line in (run[:-1] if text else run)]
    return found


def find_contents(file: File) -> File:
    """Read the table of contents; one at the end of a file, or that is a file of its own, is set aside."""
    contents = grammar.read_contents(file.lines)
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
        listed=frozenset(grammar.normal(entry) for entry in file.contents.listed) | _numbered_titles(lines),
        units=min((level for level, n in units.items() if n > 1 and level is not None), default=None),
        titled=any(line.level == grammar.TITLE and line.is_a("title") for line in lines),
        numbered=tuple(n for n, line in enumerate(lines) if line.is_a("numbered")),
        outer=tuple(n for n, line in enumerate(lines) if line.is_a("outer")),
    )


def _numbered_titles(lines: Sequence[Line]) -> set[str]:
    """Titles that are numbered where they stand (一、某县民政局2023年工作总结), when at least two agencies have one."""
    outer = [line.entry for line in lines if line.is_a("outer")]
    # 一、财政所, and no title above
    agencies = len(outer) > 1 and all(grammar.is_agency(entry.bare) for entry in outer)
    if agencies and not any(line.is_a("title") and line.agency for line in lines):
        return {grammar.normal(entry.bare) for entry in outer}
    entries = [line.entry for line in lines if line.entry.number and line.entry.is_title]
    entries = [entry for entry in entries if grammar.agency_in_title(entry.bare)]
    several = len({grammar.agency_in_title(entry.bare) for entry in entries}) > 1
    return {grammar.normal(entry.bare) for entry in entries if several}


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
    title = grammar.crawled("title", line.text)
    if not title:
        return None
    near = lines[number + 1 : number + 1 + knowledge("layout.toml")["header"]["max_lines"]]
    keys = next((n for n, other in enumerate(near) if not other.is_a("artefact")), len(near))
    body = next((n for n, other in enumerate(near) if other.is_a("body mark")), -1)
    last = number + 1 + body if body >= 0 else number + keys
    if last == number:
        return None
    rest = tuple(lines[number + 1 : last + 1])
    publisher = next((name for other in rest if (name := grammar.crawled("publisher", other.text))), "")
    value = Line(line.end - len(title), line.end, title)
    return TitleBlock(number, last, title, (value,), (Line(line.start, value.start, ""), *rest), publisher)


def _title_block(file: File, number: int, blocks: list[TitleBlock]) -> TitleBlock | None:
    """Read a title with the unit's name above it and what stands under it, leaving page furniture aside."""
    size = _title_size(file, number, _rules_here(number, blocks)) or int(_is_styled(file, number, blocks))
    title = "".join(grammar.squeeze(line.text) for line in file.lines[number : number + size])
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
        return () if grammar.is_title(blocks[0].title) else grammar.FURTHER
    return [rule for rule, lines_at_top in _AT_TOP.items() if number < lines_at_top]


def _title_size(file: File, number: int, also: Sequence[str]) -> int:
    """Over how many lines a title runs that begins here; 0 when none does."""
    line, joined = file.lines[number], ""
    listed = bool(file.listed) and grammar.normal(line.entry.bare) in file.listed
    if line.start in file.heads or (listed and (not line.entry.number or grammar.agency_in_title(line.entry.bare))):
        return 1
    for size, line in enumerate(file.lines[number : number + _TITLE_LINES], start=1):
        if size > 1 and not _continues(file, number + size - 1):
            return 0
        joined += line.text
        if grammar.is_title(joined, also=also) if size > 1 or also else line.is_a("title"):
            return size
    return 0


def _is_styled(file: File, number: int, blocks: list[TitleBlock]) -> bool:
    """Whether a line is styled as the titles of this file are, or as the names of its agencies, and reads like none."""
    line = file.lines[number]
    if line.level is None or line.is_a("no title") or line.is_a("collection"):
        return False
    if number + 1 < len(file.lines) and _title_size(file, number + 1, grammar.FURTHER):  # the title stands below it
        return False
    if line.is_a("agency"):
        return line.level == file.units
    if line.level == grammar.TITLE:
        return not file.titled and (number < _AT_TOP["alone"] or bool(blocks))
    return bool(blocks) and line.level == blocks[0].level and grammar.is_title(line.text, also=grammar.FURTHER)


def _continues(file: File, number: int) -> bool:
    """Whether a title may go on from the line before into this one."""
    above, line = file.lines[number - 1], file.lines[number]
    if max(len(above.text), len(line.text)) > _MAX_TITLE_LINE or file.gap(number) != 1 or line.is_a("no title"):
        return False
    if any(above.is_a(kind) for kind in ("artefact", "date", "collection", "no title", "agency")):
        return False
    broken = above.is_a("broken") and not line.agency
    return broken or grammar.joins(above.text, line.text) or not line.is_a("title")


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
    return grammar.joins("", line.text) and line.is_a("title")


# -- which titles open a report


def _opens_report(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a title opens a report, and is no heading inside one."""
    line = file.lines[number]
    if grammar.normal(title) in file.listed:
        return True
    if not blocks:
        # one that is being given (各位代表, 我代表) may have begun above, without a title
        begun = any(above.is_a("salutation") for above in file.lines[:number][:_FIRST_GIVEN])
        return not begun or (grammar.is_government_report(title) and _is_given(file, number + size))
    if number > blocks[-1].last + 1 and not _may_open(file, number, size, title, blocks):
        return False
    by_style = line.level is not None and line.level == file.units and grammar.is_agency(title)
    if by_style or line.start in file.heads or grammar.normal(title) == grammar.normal(blocks[0].title):
        return True
    annex = _is_annex(title, file.lines[number - 1].text, blocks[-1])
    return not annex and _begins_anew(file, number, size, title, blocks)


def _may_open(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a title that stands apart from the one before can open a report in this file at all."""
    # Behind a government's report it must be another's: its sections, its glossary, its notes and its pages name it,
    # too.
    if file.among and not _stands_alone(file, number, size, title, blocks):
        return False
    if not grammar.is_government_report(blocks[0].title):
        return True
    names_other = place_in_title(title) not in ("", place_in_title(blocks[-1].title))
    return grammar.is_government_report(title) and (names_other or _is_given(file, number + size))


def _stands_alone(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a title in a file that should be one report is another's beyond doubt: named, both with a body of own."""
    named = bool(grammar.agency_in_title(title)) or file.lines[number - 1].is_a("unit")
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
    named, styled = bool(grammar.agency_in_title(title)), min(levels, default=-1) == first.level
    if levels and first.level is not None and not (named or styled):
        return min(levels) < first.level
    signed = any(above.is_a(kind) for kind in ("date", "agency"))
    return anew or signed or ((named or styled) and not grammar.is_weak_title(title))


def _is_annex(title: str, above: str, block: TitleBlock) -> bool:
    """Whether a title is only that of a report's own annex (附件：某局2024年重点任务清单)."""
    marked = grammar.is_a("annex", title) or grammar.is_a("annex", above)
    return marked and grammar.agency_in_title(title) in ("", grammar.agency_in_title(block.title))


def _is_section(title: str) -> bool:
    """Whether a title-like line inside a report is only the heading of its review or of its plan."""
    bare = grammar.strip_years(title)
    single = len(roles.heading_roles(bare, Years())) <= 1
    return single and not grammar.agency_in_title(title) and roles.bare_heading_role(bare) is not None


def _is_alike(title: str, first: str) -> bool:
    """Whether a title says of somebody else, before its year, what the first one does (李某2023年度个人工作总结)."""
    (name, said), (other, wanted) = map(_split_at_year, (title, first))
    return bool(name and other and said) and said == wanted


def _split_at_year(title: str) -> tuple[str, str]:
    year = "".join(map(str, grammar.find_years(title)[:1])) or "\n"
    name, found, rest = grammar.normal(title).partition(year)
    return name, found + rest


def _belongs_above(file: File, first: int, floor: int, blocks: list[TitleBlock]) -> bool:
    """Whether the line above a title belongs to it: an official document's head, or the unit's name."""
    # A unit's name may as well sign the report before; it belongs to the nearer of the two, and where both are as near,
    # as it does in the file's first title.
    above, title = file.lines[first - 1], file.lines[first]
    styled = above.level == title.level == grammar.TITLE and not above.is_a("collection")
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
    named = [grammar.is_agency(grammar.agency_in_title(block.title)) for block in (cover, first)]
    return named == [False, True] and not cover.furniture and not reported


def _is_running_head(above: TitleBlock, block: TitleBlock, file: File) -> bool:
    """Whether a title is only the head of a further page: the same again, with numbering that goes on below it."""
    if block.title != above.title or block.furniture or not grammar.agency_in_title(block.title):
        return False
    between = (above.last + 1, block.first)
    own, outer = (len({bisect_left(numbers, at) for at in between}) > 1 for numbers in (file.numbered, file.outer))
    first = number_below(file.lines, block.last)
    begins = first is not None and first.is_a("first") and (first.is_a("outer") or not outer)
    return own and not begins


def number_below(lines: Sequence[Line], number: int) -> Line | None:
    """The first numbered line soon below one, before another title."""
    near = lines[number + 1 : number + 1 + SOON]
    below = takewhile(lambda line: not line.is_a("title"), near)
    return next((line for line in below if line.is_a("numbered")), None)


def _repeats(above: TitleBlock, block: TitleBlock, lines: Sequence[Line]) -> bool:
    """Whether a title only repeats what the title, or the crawler's header, right above it says."""
    near = all(line.is_a("artefact") for line in lines[above.last + 1 : block.first])
    first, second = (grammar.normal(grammar.strip_prefix(one.title)) for one in (above, block))
    return near and not block.furniture and (first in second or second in first)


# -- reports


def find_titles_by_heads(file: File) -> File:
    """Where no title names an agency, look again with the lines that stand over reports in the place of titles."""
    # A head is a unit's name alone, or a number (篇一): several, one above each new beginning of the outermost
    # numbering.
    if len(file.blocks) > 1 or any(grammar.agency_in_title(block.title) for block in file.blocks):
        return file
    lines = file.lines[file.contents.behind :]
    firsts = [n for n, line in enumerate(lines) if line.is_a("outer") and line.is_a("first")]
    tops = [next((m for m in range(n - 1, max(n - SOON, -1), -1) if _is_head(lines[m])), None) for n in firsts]
    heads = [lines[top] for top in tops if top is not None]
    if len({line.text for line in heads}) < 2 or None in tops:  # noqa: PLR2004
        return file
    return find_titles(replace(file, heads=frozenset(line.start for line in heads)))


def _is_head(line: Line) -> bool:
    return grammar.is_agency(grammar.named_unit(line.text) or line.text) or line.is_a("piece")


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
        aside = {line.start for line in (*block.titles, *block.furniture)}
        rest = tuple(line for line in lines[block.first : behind] if line.start not in aside)
        start = lines[block.first].start
        own = block.title, block.titles, block.furniture, block.publisher
        reports.append(Report(file.text, start, stop, file.name, rest, *own, folder=file.folder))
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
    return replace(report, furniture=(*report.furniture, *left[first:behind]))


def check_count(file: File) -> File:
    """Compare three ways of counting: the table of contents, the announced number, the title lines."""
    doubts = []
    reports, listed = file.reports, file.contents.listed
    front = [line for line in file.lines if not reports or line.end <= reports[0].start]
    stated = next(((n, line) for line in front if (n := grammar.stated_count(line.text))), None)
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
        reason = "listed" if grammar.normal(report.title) in file.listed else "named" if above.title else "untitled"
        words = {"title": report.title, "file": file.name, **why[reason]}
        doubts.append(doubt("split_in_file", number, report.title_place, **words))
    return replace(file, doubts=(*file.doubts, *doubts))


def _doubt_styled(file: File) -> list[dict]:
    """List titles that nothing but their style shows to be titles."""
    return [
        doubt("title_by_style", n, one.title_place, title=one.title)
        for n, one in enumerate(file.reports, start=1)
        if one.titles and one.titles[0].level is not None and grammar.normal(one.title) not in file.listed
        if not grammar.is_title(grammar.strip_number(one.title), also=grammar.FURTHER)
    ]
