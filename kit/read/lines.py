"""Lines of a text and what kind of line each is: title, numbered, date, an agency's name, leaving of a web page.

Before that, one character is read as another where both say the same: one for one, so that every offset stays.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import takewhile
from typing import NamedTuple

from kit.data import knowledge, rule

TITLE = 0  # the level of a title
_FRAMED = 200  # characters of a table's cell of several paragraphs that is no datum but a text in a frame
SPACE = " \t\u3000\xa0\u2002\u2003\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\f\v"
MASK: str = knowledge("layout.toml")["mask"]["name"]
FURTHER = ("dateless", "alone")  # rules by which a title may do without a year, where it stands at the top
_BREAK = re.compile("[\n\f\v\x85\u2028\u2029]")  # line ends, pages' ends, Word's breaks within a paragraph
_WIDTHLESS = re.compile("[\n\u200b-\u200f\u2060\ufeff]")
_STOP = re.compile("[。；！？]")
_CLAUSE = re.compile(r"[，。；、：！？,\n“”（）()]")
_SENTENCE = re.compile(r"[^。！？；!?;\n]*(?:[。！？；!?;]+[”’」』》）)\]]*\s*|\n\s*|$)")
_LEADS = ("：", ":", "，")
_MIN_RUN_ON = 20  # characters that run on behind a title in its line
_MAX_LINE = 200  # a longer line is text, whatever it looks like
_SPREAD = 4  # pieces of a line the least that are its characters, spread over it
_MAX_ENTRY = 150  # … and a shorter one than that no entry of a table of contents
_FIRST_LINES = 200  # of a file, among which its table of contents stands
_MIN_WITHOUT_HEAD = 3  # title lines that follow each other without any text between them are a list
_BEFORE_FIRST = 3  # lines that may stand between the head and the first entry: a number of reports, a column's head

# What a line is by a rule of layout.toml, however long it is; the others only when it is short.
_BEGINNINGS = ("numbered", "outer", "first", "piece")
_WHOLE = {
    "artefact": "artefact.lines",
    "annex": "annex.lines",
    "other document": "annex.documents",
    "collection": "collection.title",
    "date": "signature.date",
    "below report": "signature.lines",  # who was asked, who was sent a copy
    "below title": "title.below",  # where, when and by whom the report was given
    "above title": "title.above",  # the head of an official document
    "salutation": "title.salutation",
    "contents head": "contents.heads",
    "body mark": "header.body",  # a crawler's: the report begins below it
}


def is_a(kind: str, text: str) -> bool:
    """Whether a line is of a kind, e.g. ``is_a("date", "2023年12月5日")``."""
    if kind in _BEGINNINGS:
        return bool(rule("layout.toml", f"title.{kind}").match(text))
    if kind in _WHOLE:
        return len(text) <= _MAX_LINE and bool(rule("layout.toml", _WHOLE[kind]).search(text))
    told = {"title": is_title, "no title": is_no_title, "broken": is_broken_title, "agency": is_agency, "unit": is_unit}
    return told[kind](text)


class Block(NamedTuple):
    """A line of a document: a paragraph, a row of a table, a running head."""

    text: str
    aside: bool = False  # no running text
    level: int | None = None  # of a heading: 0 for a title, 1 to 9 outermost first


@dataclass(frozen=True)
class Line:
    """One line: its place in the text, outer white space left out; ``level`` of a heading, where the format tells."""

    start: int
    end: int
    text: str
    level: int | None = None
    _kinds: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_a(self, kind: str) -> bool:
        """Whether the line is of a kind, see `is_a`."""
        if kind not in self._kinds:
            self._kinds[kind] = is_a(kind, self.text)
        return self._kinds[kind]

    @cached_property
    def normal(self) -> str:
        """The line as titles are compared."""
        return normal(self.text)

    @cached_property
    def agency(self) -> str:
        """The agency that it names as a title does."""
        return agency_in_title(self.text)

    @cached_property
    def entry(self) -> "Entry":
        """What it lists as a line of a table of contents."""
        return read_entry(self.text)


def as_row(cells: Sequence[Sequence[str]]) -> str:
    """One line of a table's row, tabs between its cells; empty where one cell alone has text, or frames paragraphs."""
    framed = any(len(cell) > 1 and sum(map(len, cell)) > _FRAMED for cell in cells)
    return "" if framed or sum(map(bool, cells)) < 2 else "\t".join(" ".join(cell) for cell in cells)  # noqa: PLR2004


def split_lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of ``text[start:end]`` that are not blank."""
    at = start
    for raw in _BREAK.split(text[start:end]):
        stripped = raw.strip(SPACE)
        if stripped:
            begin = at + len(raw) - len(raw.lstrip(SPACE))
            yield Line(begin, begin + len(stripped), stripped)
        at += len(raw) + 1


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of ``text[start:end]``; joined in order they give it back."""
    # A sentence ends behind 。！？； and their closing quotation marks, or with its line.
    yield from (match.span() for match in _SENTENCE.finditer(text, start, end) if match.group())


def squeeze(text: str) -> str:
    """A heading without the spaces that spread its characters over the line (工 作 总 结)."""
    pieces = text.split() if len(text) <= _MAX_LINE else ()
    spread = len(pieces) > _SPREAD and sum(map(len, pieces)) < 2 * len(pieces)
    return "".join(pieces) if spread else text


def split_points(text: str) -> list[str]:
    """A line at its full stops and numbers, roughly."""
    return [piece for piece in rule("layout.toml", "points.ends").split(text) if piece]


def within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether one of the spans, which are in order, holds a place."""
    place = bisect_right(spans, (at, at + 1)) - 1
    return any(start <= at < end for start, end in spans[max(place, 0) : place + 2])


# -- characters


def join_surrogates(text: str) -> str:
    """Make one character of each surrogate pair, which some formats hold, and of a lone surrogate U+FFFD."""
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")


@cache
def radicals() -> dict[int, str]:
    """Signs for radicals, which PDF writers put for the characters that look the same, to those characters."""
    known = knowledge("formats.toml")["pdf"]
    listed = zip(map(ord, known["radicals"]), known["characters"], strict=True)
    return {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0x2F00, 0x2FD6)} | dict(listed)


@cache
def _folded() -> dict[str, str]:
    """Characters that are read as another, to those."""
    variants = knowledge("variants.toml")
    simplified = dict(zip(variants["written"], variants["read"], strict=True))
    signs = (chr(code) for first, last in variants["compatible"] for code in range(ord(first), ord(last) + 1))
    alike = {sign: unicodedata.normalize("NFKC", sign) for sign in signs}
    alike |= {chr(code): character for code, character in radicals().items()}
    return simplified | {sign: simplified.get(one, one) for sign, one in alike.items() if len(one) == 1}


def mend(text: str, gap: str = " ") -> str:
    """Make one line of a sentence that a page has broken around a number or an index; its breaks become ``gap``."""
    broken, running = rule("layout.toml", "broken.joint"), rule("layout.toml", "broken.running")

    def join(found: re.Match[str]) -> str:
        """Return a break with its gap closed where the line above runs on."""
        above = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        return _WIDTHLESS.sub(gap, found[0]) if running.search(above) else found[0]

    return broken.sub(join, text)


def fold(text: str) -> str:
    """Return a text of the same length in which words are found however they are written, sentences on one line."""
    text = mend(text)
    for written, read in knowledge("variants.toml")["words"].items():
        text = text.replace(written, read)
    known = _folded()
    found = known.keys() & set(text)  # few or none in a simplified text, which is then not looked through
    return text.translate({ord(sign): known[sign] for sign in found}) if found else text


# -- titles


def is_title(text: str, *, also: Iterable[str] = ()) -> bool:
    """Whether a line reads like the title of a report: by year and kind, or by one ``also`` of the rules FURTHER."""
    bare = strip_prefix(text)
    if len(bare) > _MAX_LINE:
        return False
    bare = re.sub(r"\s", "", bare) if rule("layout.toml", "title.spaced").search(bare) else bare
    no_title = rule("layout.toml", "title.no_title")
    if len(bare) > knowledge("layout.toml")["title"]["max_chars"] or no_title.search(bare):
        return False
    found = any(rule("layout.toml", f"title.{name}").search(bare) for name in ("whole", *also))
    return found and not is_a("collection", bare)


def is_weak_title(text: str) -> bool:
    """Whether a title ends as a section's heading may end as well."""
    return not rule("layout.toml", "title.strong").match(strip_prefix(text))


def is_no_title(text: str) -> bool:
    """Whether a line can be no part of a title: it is numbered, or a sentence, or leads into what follows."""
    return bool(rule("layout.toml", "title.no_title").search(text)) or text.endswith(_LEADS)


def is_broken_title(text: str) -> bool:
    """Whether a line breaks off within a title: behind its year, before its kind."""
    broken = len(text) <= _MAX_LINE and rule("layout.toml", "title.broken").search(text)
    return bool(broken) and not is_a("date", text) and not is_title(text)


def title_end(text: str) -> int:
    """How long the title is that begins a line on which the report itself goes on; 0 when there is none."""
    limit = knowledge("layout.toml")["title"]["max_chars"]
    if len(text) <= limit + _MIN_RUN_ON:
        return 0
    begins = rule("layout.toml", "title.begins").finditer(text, 0, limit + 2)
    return next((match.start() for match in begins if match.start() and is_title(text[: match.start()])), 0)


def joins(above: str, below: str) -> bool:
    """Whether a title goes on from one line to the next."""
    unfinished, joint = rule("layout.toml", "title.unfinished"), rule("layout.toml", "title.joint")
    return bool(unfinished.search(above) or joint.match(below))


def strip_prefix(text: str) -> str:
    """A title without what numbers it in a collection (篇一：)."""
    return rule("layout.toml", "title.prefix").sub("", text, count=1)


def strip_number(text: str) -> str:
    """A title without any number before it (篇一：, 一、, 1.)."""
    return rule("layout.toml", "title.number").sub("", strip_prefix(text), count=1)


def strip_years(text: str) -> str:
    """A title without its years and white space, e.g. ``工作总结`` for ``2023 年度工作总结``."""
    return rule("layout.toml", "year.left_out").sub("", text)


def normal(text: str) -> str:
    """A title for comparing: what a table of contents may write another way is written one way."""
    for pattern, written in knowledge("layout.toml")["contents"]["alike"]["rules"]:
        text = re.sub(pattern, written, text)
    return text


def is_government_report(title: str) -> bool:
    """Whether a title is that of a government's own report to its assembly."""
    return bool(rule("agencies.toml", "place.government_report").search(title))


def named_unit(text: str) -> str:
    """The unit that a line above or below a title names behind a label (报送单位：…) or in brackets; else empty."""
    match = rule("layout.toml", "title.unit").match(text)
    return match.group(1) if match else ""


def crawled(name: str, text: str) -> str:
    """What a line of a crawler's header says, ``title`` or ``publisher``; empty when it is none."""
    match = rule("layout.toml", f"header.{name}").match(text) if len(text) <= _MAX_LINE else None
    return match.group(1) if match else ""


# -- tables of contents


@dataclass(frozen=True)
class Entry:
    """A line without number, leader and page; how it is numbered (empty when plain), and by what."""

    bare: str
    kind: str
    number: str

    @cached_property
    def is_title(self) -> bool:
        """Whether it is a report's title."""
        return is_title(self.bare)

    @property
    def is_report(self) -> bool:
        """Whether it names a report: by its title, or by the agency's name alone."""
        return self.is_title or is_agency(self.bare)

    @property
    def is_listed(self) -> bool:
        """Whether a line under 目录 is an entry: a title, an agency's name, anything numbered."""
        return self.is_report or bool(self.kind)


def read_entry(text: str) -> Entry:
    """Take number, dotted leader and page off a line of a table of contents."""
    if len(text) > _MAX_ENTRY:
        return Entry(text, "", "")
    bare = rule("layout.toml", "contents.leader").sub("", text)
    kind = "leader" if bare != text else ""
    for name in knowledge("layout.toml")["contents"]["numbers"]:
        match = rule("layout.toml", f"contents.numbers.{name}").match(bare)
        if match:
            return Entry(bare[match.end() :].strip(SPACE), name, match.group())
    return Entry(bare.strip(SPACE), kind, "")


def stated_count(text: str) -> int | None:
    """The number of reports a line announces, e.g. 12 for ``（12篇）``."""
    match = rule("layout.toml", "contents.count").search(text)
    return int(next(group for group in match.groups() if group)) if match else None


@dataclass(frozen=True)
class Contents:
    """A table of contents: the titles it lists, the number of its first line, and of the first line behind it."""

    listed: tuple[str, ...] = ()
    first: int = 0
    behind: int = 0


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
    run = list(takewhile(lambda n: len(lines[n].text) <= _MAX_ENTRY and not _STOP.search(lines[n].text), near))
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


# -- years


def find_years(text: str) -> list[int]:
    """Years named in a text, in order, in Arabic or Chinese digits or of the Republic, e.g. ``[2023, 2024]``."""
    known = knowledge("layout.toml")["year"]
    digits = str.maketrans(known["digits"], known["numbers"])
    found = rule("layout.toml", "year.named").findall(squeeze(text))
    years = ((a or b).translate(digits) or str(1911 + int("".join(republic))) for *republic, a, b in found)
    return [int(year) for year in years if year.isdigit()]


def find_plan_years(text: str) -> list[int]:
    """First years of the five-year plans named in a text, e.g. ``[2026]`` for 十五五."""
    return [year for name, year in knowledge("layout.toml")["year"]["five_year"].items() if name in text]


# -- names of agencies


def _name(kind: str) -> re.Pattern[str]:
    return rule("agencies.toml", f"name.{kind}", mask=MASK)


def is_agency(line: str) -> bool:
    """Whether a line is the name of an agency and nothing else."""
    short = len(line) <= knowledge("layout.toml")["signature"]["max_chars"]
    return short and not _CLAUSE.search(line) and strip_number(line) == line and bool(_name("line").match(line))


def is_unit(line: str) -> bool:
    """Whether a line by a title names who reports: an agency, or a place and nothing else (青石镇)."""
    return is_agency(line) or bool(_name("place").match(line))


def agency_in_title(title: str) -> str:
    """The agency a title names, before its year or behind it; empty when it names none."""
    known = knowledge("agencies.toml")["name"]
    before, _, behind = _name("year").sub("\0", re.sub(r"\s", "", strip_number(title))).partition("\0")
    for stretch in (before, behind):
        name = _ending_last(_name("tail").sub("", _name("lead").sub("", stretch).removeprefix(known["about"])))
        if name and name[0] not in known["never_first"]:
            return name
    return ""


def field_in_title(title: str, agency: str) -> str:
    """The one field of its work that an agency's report is about, as its title says; empty of most."""
    before = _name("year").sub("\0", re.sub(r"\s", "", title)).partition("\0")[0]
    field = before.partition(agency)[2] if agency else ""
    return field if _name("field").fullmatch(field) else ""


def _ending_last(stretch: str) -> str:
    """The longest head of a stretch that ends as an agency's name does, closing its bracket; or a place's name."""
    endings = tuple(knowledge("agencies.toml")["name"]["endings"])
    size = next((n for n in range(len(stretch), 0, -1) if stretch.endswith(endings, 0, n)), 0)
    if stretch[size : size + 1] in ("）", ")") and any(sign in stretch[:size] for sign in "（("):
        size += 1
    return stretch[:size] or stretch * bool(_name("placed").match(stretch))


def agency_headed(line: str) -> str:
    """The agency whose head a line under a title names (某县融媒体中心主任　某某); empty when it is no such line."""
    match = _name("headed").match(line)
    return match.group(1) if match else ""


def agency_signed(lines: str) -> str:
    """The agency that signs; empty when the lines under a report name none."""
    stripped = (_name("dated").sub("", line).strip(SPACE) for line in lines.split("\n"))
    return next((line for line in stripped if _name("line").match(line) and not _is_never(line)), "")


def agency_speaking(opening: str) -> str:
    """The agency that an opening speaks as: a name at the head of a clause, before a verb."""
    for clause in _CLAUSE.split(opening):
        match = _name("speaker").match(_name("time").sub("", clause.strip(SPACE)))
        if match and not _is_never(match.group(1)):
            return match.group(1)
    return ""


def _is_never(name: str) -> bool:
    """Whether a name in a running text only looks like an agency's: 市委, 由市人民政府, 县政府和市局."""
    known = knowledge("agencies.toml")["name"]
    return name.endswith(tuple(known["never"])) or name in known["never_alone"] or name[0] in known["never_first"]
