"""Which titles open a report, and which only head a page, a section, an annex or the whole file."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import takewhile

from kit.read import layout, roles
from kit.read.drafts import File, TitleBlock
from kit.read.encoding import TITLE
from kit.read.layout import Line
from kit.read.names import agency_in_title, is_agency, is_unit

SOON = 6  # lines below a title in which its report's numbering begins


def opens_report(file: File, number: int, size: int, title: str, blocks: list[TitleBlock]) -> bool:
    """Whether a title opens a report, and is no heading inside one.

    It does when it is the file's first, or listed, or repeats the first, or is styled as the first is; else it must
    name an agency, or numbering must begin anew below it.
    """
    name = layout.normal(title)
    known = name in file.listed or file.lines[number].start in file.heads
    if not blocks or known or name == layout.normal(blocks[0].title):
        return True
    above, level = file.lines[number - 1].text, file.lines[number].level
    headed = is_unit(above) and belongs_above(file, number, blocks[-1].last + 1, blocks)
    if level is not None and level == file.units and is_agency(title):
        return True
    if _is_annex(title, above, blocks[-1]):
        return False
    below = file.lines[number + size : number + size + SOON]
    anew = any(layout.is_first_number(line.text) for line in below)
    if _is_section(title):
        return anew and (headed or _is_alike(title, blocks[0].title))
    named = bool(agency_in_title(title))
    if headed:  # the unit's name above it may be styled, too, as that of the first title is
        level = min((one.level for one in file.lines[number - 1 : number + 1] if one.level is not None), default=None)
    if level is not None and blocks[0].level is not None and level != blocks[0].level and not named:
        return level < blocks[0].level
    signed = layout.is_date(above) or is_agency(above)
    styled = level is not None and level == blocks[0].level
    return anew or signed or ((named or styled) and not layout.is_weak_title(title))


def _is_annex(title: str, above: str, block: TitleBlock) -> bool:
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


def belongs_above(file: File, first: int, floor: int, blocks: list[TitleBlock]) -> bool:
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


def is_cover(blocks: list[TitleBlock], lines: list[Line]) -> bool:
    """Whether the first title is the whole file's: it names no agency, the next one does, with no report between."""
    if len(blocks) < 2:  # noqa: PLR2004
        return False
    cover, first = blocks[:2]
    between = lines[cover.last + 1 : first.first]
    named = [is_agency(agency_in_title(block.title)) for block in (cover, first)]
    reported = any(layout.is_numbered(line.text) for line in between)  # a village's report may be short
    return named == [False, True] and not cover.furniture and not reported


def is_running_head(above: TitleBlock, block: TitleBlock, file: File) -> bool:
    """Whether a title is only the head of a further page: the same again, with numbering that goes on below it."""
    if block.title != above.title or block.furniture or not agency_in_title(block.title):
        return False
    own, outer = (_stands_between(above, block, numbers) for numbers in (file.numbered, file.outer))
    near = file.lines[block.last + 1 : block.last + 1 + SOON]
    below = takewhile(lambda line: not layout.is_title(line.text), near)
    first = next((line.text for line in below if layout.is_numbered(line.text)), "")
    return own and not (layout.is_first_number(first) and (layout.is_outer(first) or not outer))


def _stands_between(above: TitleBlock, block: TitleBlock, numbers: Sequence[int]) -> bool:
    """Whether a line of these numbers stands between two titles."""
    return bisect_left(numbers, above.last + 1) < bisect_left(numbers, block.first)


def repeats(above: TitleBlock, block: TitleBlock, lines: list[Line]) -> bool:
    """Whether a title only repeats what the title, or the crawler's header, right above it says."""
    between = lines[above.last + 1 : block.first]
    near = all(layout.is_artefact(line.text) for line in between)
    return near and not block.furniture and _says_again(above, block)


def _says_again(above: TitleBlock, block: TitleBlock) -> bool:
    """Whether two titles that follow each other name one report."""
    a, b = (layout.normal(layout.strip_prefix(one.title)) for one in (above, block))
    return a in b or b in a
