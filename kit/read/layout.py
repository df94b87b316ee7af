"""Lines of a text, and what kind of line each is: title, table of contents, date, leaving of a web page."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kit import data
from kit.data import knowledge

SPACE = " \t\u3000\xa0\u2002\u2003\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\f\v"
YEAR: str = knowledge("marks.toml")["patterns"]["year"]
_BREAK = re.compile("[\n\f\v\x85\u2028\u2029]")  # line ends, pages' ends, Word's breaks within a paragraph
_STOP = re.compile("[。；！？]")
_MIN_RUN_ON = 20  # characters that run on behind a title in its line
_LEADS = ("：", ":", "，")
_MAX_LINE = 200  # a longer line is text, whatever it looks like


@dataclass(frozen=True)
class Line:
    """One line: its place in the text, outer white space left out of ``text``, ``start`` at its first character.

    ``level`` is that of a heading, where the file's format tells (see `kit.read.blocks`).
    """

    start: int
    end: int
    text: str
    level: int | None = None


def split_lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of ``text[start:end]`` that are not blank."""
    at = start
    for raw in _BREAK.split(text[start:end]):
        stripped = raw.strip(SPACE)
        if stripped:
            begin = at + len(raw) - len(raw.lstrip(SPACE))
            yield Line(begin, begin + len(stripped), stripped)
        at += len(raw) + 1


def within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether one of the spans, which are in order, holds a place."""
    place = bisect_right(spans, (at, at + 1)) - 1
    return any(start <= at < end for start, end in spans[max(place, 0) : place + 2])


@cache
def rule(section: str, name: str) -> re.Pattern[str]:
    """Compile one rule of ``layout.toml``; a list becomes its alternatives."""
    return data.rule("layout.toml", f"{section}.{name}", ignore_case=True)


def _is(section: str, name: str, text: str) -> bool:
    return len(text) <= _MAX_LINE and bool(rule(section, name).search(text))


@cache
def _title_rule(*lists: str) -> re.Pattern[str]:
    title = knowledge("layout.toml")["title"]
    endings = "|".join(sorted((re.escape(word) for name in lists for word in title[name]), key=len, reverse=True))
    words = "|".join(title["words"])
    dated = title["dated"].replace("{year}", YEAR)
    return re.compile(f"^(?=.*(?:{dated}|{words})).*(?:{endings}){title['tail']}")


def is_title(text: str, *, also: Iterable[str] = ()) -> bool:
    """Whether a line reads like the title of a report.

    Parameters
    ----------
    text : str
    also : iterable of {"dateless", "alone"}
        Further rules by which a line may be a title: where it stands, it may name an agency and no year, or nothing
        but its kind.
    """
    bare = strip_prefix(text)
    bare = re.sub(r"\s", "", bare) if _is("title", "spaced", bare) else bare
    if len(bare) > knowledge("layout.toml")["title"]["max_chars"] or rule("title", "no_title").search(bare):
        return False
    found = _title_rule("endings", "weak").match(bare) or any(rule("title", name).search(bare) for name in also)
    return bool(found) and not is_collection(bare)


def is_no_title(text: str) -> bool:
    """Whether a line can be no part of a title: it is numbered, or a sentence, or leads into what follows."""
    return bool(rule("title", "no_title").search(text)) or text.endswith(_LEADS)


def is_sentence(text: str) -> bool:
    """Whether a line has a sentence's stop in it, which no entry of a table of contents has."""
    return bool(_STOP.search(text))


def is_number_alone(text: str) -> bool:
    """Whether a line is nothing but a number, or its first bracket, whose heading is on the next."""
    return bool(rule("points", "alone").match(text))


def is_piece(text: str) -> bool:
    """Whether a line numbers a report in a collection and says nothing else (篇一)."""
    return bool(rule("title", "piece").match(text))


def is_weak_title(text: str) -> bool:
    """Whether a title ends as a section's heading may end as well."""
    return not _title_rule("endings").match(strip_prefix(text))


def is_first_number(text: str) -> bool:
    """Whether a line begins with the first number of the outer levels."""
    return bool(rule("title", "first").match(text))


def strip_prefix(text: str) -> str:
    """A title without what numbers it in a collection (篇一：)."""
    return rule("title", "prefix").sub("", text, count=1)


def strip_number(text: str) -> str:
    """A title without any number before it (篇一：, 一、, 1.)."""
    return rule("title", "number").sub("", strip_prefix(text), count=1)


def title_end(text: str) -> int:
    """How long the title is that begins a line on which the report itself goes on; 0 when there is none."""
    limit = knowledge("layout.toml")["title"]["max_chars"]
    if len(text) <= limit + _MIN_RUN_ON:
        return 0
    for match in rule("title", "begins").finditer(text, 0, limit + 2):
        if match.start() and is_title(text[: match.start()]):
            return match.start()
    return 0


def joins(above: str, below: str) -> bool:
    """Whether a title goes on from one line to the next."""
    return bool(rule("title", "unfinished").search(above) or rule("title", "joint").match(below))


def is_broken_title(text: str) -> bool:
    """Whether a line breaks off within a title: behind its year, before its kind."""
    return _is("title", "broken", text) and not is_date(text) and not is_title(text)


def is_below_title(text: str) -> bool:
    """Whether a line under a title still belongs to it (where, when and by whom the report was given)."""
    return _is("title", "below", text)


def named_unit(text: str) -> str:
    """The unit that a line above or below a title names behind a label (报送单位：…) or in brackets; else empty."""
    match = rule("title", "unit").match(text)
    return match.group(1) if match else ""


def is_above_title(text: str) -> bool:
    """Whether a line above a title belongs to it (the head of an official document)."""
    return _is("title", "above", text)


def is_collection(text: str) -> bool:
    """Whether a line is the title of a whole compilation (…汇编)."""
    return _is("collection", "title", text)


def is_artefact(text: str) -> bool:
    """Whether a whole line was left by a download site, a crawler or a web page."""
    return _is("artefact", "lines", text)


def find_inline_artefacts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans within ``text[start:end]`` that a download site left inside a line."""
    return [match.span() for match in rule("artefact", "inline").finditer(text, start, end)]


def is_annex_head(text: str) -> bool:
    """Whether an annex (glossary, list) begins with this line."""
    return _is("annex", "lines", text)


def is_date(text: str) -> bool:
    """Whether a line is a date, as under a signature."""
    return _is("signature", "date", text)


def is_below_report(text: str) -> bool:
    """Whether a line stands under a report as a signature does: who was asked, who was sent a copy."""
    return _is("signature", "lines", text)


def split_points(text: str) -> list[str]:
    """A line at its full stops and numbers, roughly."""
    return [piece for piece in rule("points", "ends").split(text) if piece]


def find_years(text: str) -> list[int]:
    """Years named in a text, in order, in Arabic or Chinese digits, e.g. ``[2023, 2024]``."""
    known = knowledge("layout.toml")["year"]
    digits = str.maketrans(known["digits"], known["numbers"])
    found = rule("year", "named").findall(text)
    return [int(year) for a, b in found if (year := (a or b).translate(digits)).isdigit()]


def find_plan_years(text: str) -> list[int]:
    """First years of the five-year plans named in a text, e.g. ``[2026]`` for 十五五."""
    return [year for name, year in knowledge("layout.toml")["year"]["five_year"].items() if name in text]


def normal(text: str) -> str:
    """A title for comparing: what a table of contents may write another way is written one way."""
    for pattern, written in knowledge("layout.toml")["contents"]["alike"]["rules"]:
        text = re.sub(pattern, written, text)
    return text


def strip_years(text: str) -> str:
    """A title without its years and white space, e.g. ``工作总结`` for ``2023 年度工作总结``."""
    return rule("year", "left_out").sub("", text)


def is_government_report(title: str) -> bool:
    """Whether a title is that of a government's own report to its assembly."""
    return bool(re.search(knowledge("agencies.toml")["place"]["government_report"], title))


def is_numbered(text: str) -> bool:
    """Whether a line begins with a number of the outer levels, 一、 or （一）."""
    return bool(rule("title", "numbered").match(text))


def is_outer(text: str) -> bool:
    """Whether a line begins with a number of the outermost level, 一、."""
    return bool(rule("title", "outer").match(text))


def stated_count(text: str) -> int | None:
    """The number of reports a line announces, e.g. 12 for ``（12篇）``."""
    match = rule("contents", "count").search(text)
    return int(next(group for group in match.groups() if group)) if match else None


def crawled(name: str, text: str) -> str:
    """What a line of a crawler's header says, ``title`` or ``publisher``; empty when it is none."""
    match = rule("header", name).match(text) if len(text) <= _MAX_LINE else None
    return match.group(1) if match else ""


def is_body_mark(text: str) -> bool:
    """Whether a crawler's line says that the report begins below it."""
    return _is("header", "body", text)


def max_header() -> int:
    """How many lines a crawler's header has at the most."""
    return int(knowledge("layout.toml")["header"]["max_lines"])


def annex_share() -> float:
    """How late in a report an annex begins at the earliest, as a share of the report counted from its end."""
    return float(knowledge("layout.toml")["annex"]["share"])
