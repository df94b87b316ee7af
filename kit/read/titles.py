"""The title blocks of a file: a title over one to three lines, what stands above and below it, a crawler's header."""

from dataclasses import replace

from kit.read import layout
from kit.read.contents import read_entry
from kit.read.drafts import File, TitleBlock
from kit.read.encoding import TITLE
from kit.read.layout import Line
from kit.read.names import agency_in_title, is_agency, is_unit
from kit.read.title_rules import belongs_above, is_cover, is_running_head, opens_report, repeats

AT_TOP = {"dateless": 40, "alone": 5}  # lines at the top of a file among which a title may do without a year
_TITLE_LINES = 3
_MAX_TITLE_LINE = 40
_MAX_BLOCK = 40  # lines of page furniture that may stand within a title block


def find_titles(file: File) -> list[TitleBlock]:
    """Find the title blocks, from the first line behind the table of contents on."""
    blocks: list[TitleBlock] = []
    number = file.contents.behind
    while number < len(file.lines):
        block = _header_block(file.lines, number) or _title_block(file, number, blocks)
        if block:
            blocks = _add(blocks, block, file)
        number = block.last + 1 if block else number + 1
    return blocks[1:] if is_cover(blocks, file.lines) else blocks


def _add(blocks: list[TitleBlock], block: TitleBlock, file: File) -> list[TitleBlock]:
    """Add a block, unless it is a page's running head, or only repeats what the header above it says."""
    above = blocks[-1] if blocks else None
    if above and is_running_head(above, block, file):
        blocks[-1] = replace(above, furniture=(*above.furniture, *block.titles))
    elif above and repeats(above, block, file.lines):
        blocks[-1] = replace(above, last=block.last, title=block.title, titles=above.titles + block.titles)
    else:
        blocks.append(block)
    return blocks


def _header_block(lines: list[Line], number: int) -> TitleBlock | None:
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
    return TitleBlock(number, last, told, (value,), (Line(line.start, value.start, ""), *rest), publisher)


def _title_block(file: File, number: int, blocks: list[TitleBlock]) -> TitleBlock | None:
    """Read a title with the unit's name above it and what stands under it, leaving page furniture aside."""
    also = _rules_here(number, blocks)
    size = _title_size(file, number, also) or int(_is_styled(file, number, blocks))
    title = "".join(line.text for line in file.lines[number : number + size])
    if not size or not opens_report(file, number, size, title, blocks):
        return None
    first, floor = number, blocks[-1].last + 1 if blocks else file.contents.behind
    while first > floor and belongs_above(file, first, floor, blocks):
        first -= 1
    below, last = _read_below(file.lines, number + size, unit=first == number)
    main = [line.text for line in file.lines[first:number] if is_unit(line.text)] + [title]
    titles = (*file.lines[first : number + size], *below)
    return TitleBlock(first, last, "".join(main + [line.text for line in below if _goes_on(line)]), titles)


def _rules_here(number: int, blocks: list[TitleBlock]) -> list[str]:
    """By which further rules a line may be a title: at the top of a file, and where its first title needed them."""
    if blocks:
        return [] if layout.is_title(blocks[0].title) else list(AT_TOP)
    return [rule for rule, lines_at_top in AT_TOP.items() if number < lines_at_top]


def _title_size(file: File, number: int, also: list[str]) -> int:
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


def _is_styled(file: File, number: int, blocks: list[TitleBlock]) -> bool:
    """Whether a line is styled as the titles of this file are, or as the names of its agencies, and reads like none."""
    line = file.lines[number]
    above_title = number + 1 < len(file.lines) and _title_size(file, number + 1, list(AT_TOP)) > 0
    if line.level is None or above_title or layout.is_no_title(line.text) or layout.is_collection(line.text):
        return False
    if is_agency(line.text):
        return line.level == file.units
    if line.level == TITLE:
        return not file.titled and (number < AT_TOP["alone"] or bool(blocks))
    return bool(blocks) and line.level == blocks[0].level and layout.is_title(line.text, also=AT_TOP)


def _continues(file: File, number: int) -> bool:
    """Whether a title may go on from the line before into this one."""
    above, line = file.lines[number - 1], file.lines[number]
    kinds = (layout.is_artefact, layout.is_date, layout.is_collection, layout.is_no_title, is_agency)
    furniture = any(is_kind(above.text) for is_kind in kinds) or layout.is_no_title(line.text)
    short = max(len(above.text), len(line.text)) <= _MAX_TITLE_LINE
    broken = layout.is_broken_title(above.text) and not agency_in_title(line.text)
    part = broken or layout.joins(above.text, line.text) or not layout.is_title(line.text)
    return file.gap(number) == 1 and short and part and not furniture


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
