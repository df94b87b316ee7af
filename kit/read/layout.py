"""Lines of a text, and what kind of line each is: title, table of contents, date, leaving of a web page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kit.data import knowledge

YEAR = r"(?:20\d\d|[12二][0-9〇○ＯO零一二三四五六七八九]{3})"
SPACE = " \t\u3000\xa0\u2002\u2003\u200b\ufeff\f\v"
_DIGITS = str.maketrans("〇○ＯO零一二三四五六七八九", "00000123456789")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)])")
_PUNCTUATED = re.compile(r"[。；！？!?]")


@dataclass(frozen=True)
class Line:
    """One line: its place in the text, outer white space left out of ``text``, ``start`` at its first character."""

    start: int
    end: int
    text: str


def split_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text that are not blank."""
    at = 0
    for raw in text.split("\n"):
        stripped = raw.strip(SPACE)
        if stripped:
            start = at + len(raw) - len(raw.lstrip(SPACE))
            yield Line(start, start + len(stripped), stripped)
        at += len(raw) + 1


@cache
def _rule(section: str, name: str) -> re.Pattern[str]:
    """Compile one rule of ``layout.toml``; a list becomes its alternatives."""
    rule = knowledge("layout.toml")[section][name]
    return re.compile("|".join(f"(?:{r})" for r in rule) if isinstance(rule, list) else rule)


@cache
def _title_rule() -> re.Pattern[str]:
    title = knowledge("layout.toml")["title"]
    endings = "|".join(sorted(map(re.escape, title["endings"]), key=len, reverse=True))
    words = "|".join(map(re.escape, title["words"]))
    return re.compile(rf"^(?=.*(?:{YEAR}\s*年?|{words})).*(?:{endings})(?:汇编)?(?:[（(][^（）()]*[）)])?$")


def is_title(text: str) -> bool:
    """Whether a line reads like the title of a report."""
    limit = knowledge("layout.toml")["title"]["max_chars"]
    if len(text) > limit or _NUMBERED.match(text) or _PUNCTUATED.search(text):
        return False
    return bool(_title_rule().match(text)) and not is_collection(text)


def is_collection(text: str) -> bool:
    """Whether a line is the title of a whole compilation (…汇编)."""
    return bool(_rule("collection", "title").search(text))


def is_below_title(text: str) -> bool:
    """Whether a line under a title still belongs to it (where and by whom the report was given)."""
    return bool(_rule("title", "below").search(text))


def is_contents_head(text: str) -> bool:
    """Whether a line stands over a table of contents."""
    return bool(_rule("contents", "heads").search(text.lower()))


def stated_count(text: str) -> int | None:
    """The number of reports a line announces, e.g. 12 for ``（12篇）``."""
    match = _rule("contents", "count").search(text)
    return int(next(group for group in match.groups() if group)) if match else None


def contents_entry(text: str) -> tuple[str, bool]:
    """A line of a table of contents without number, leader and page; and whether it had any of them."""
    bare = _rule("contents", "leader").sub("", _rule("contents", "number").sub("", text))
    return bare.strip(SPACE), bare != text


def is_artefact(text: str) -> bool:
    """Whether a whole line was left by a download site, a crawler or a web page."""
    return bool(_rule("artefact", "lines").search(text))


def find_inline_artefacts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans within ``text[start:end]`` that a download site left inside a line."""
    return [match.span() for match in _rule("artefact", "inline").finditer(text, start, end)]


def crawled_title(text: str) -> str | None:
    """The title a crawler's header line gives."""
    match = _rule("artefact", "titled").search(text)
    return match.group(1) if match else None


def is_body_mark(text: str) -> bool:
    """Whether a crawler's line says that the report begins below it."""
    return bool(_rule("artefact", "body").search(text))


def is_annex_head(text: str) -> bool:
    """Whether an annex (glossary, list) begins with this line."""
    return bool(_rule("artefact", "annex").search(text))


def is_date(text: str) -> bool:
    """Whether a line is a date, as under a signature."""
    return bool(_rule("signature", "date").search(text))


def find_years(text: str) -> list[int]:
    """Years named in a text, in order, in Arabic or Chinese digits, e.g. ``[2023, 2024]``."""
    found = re.findall(rf"(?<!\d)({YEAR})(?=\s*年)|(?<!\d)(20\d\d)(?=\s*[-—－～~至度])", text)
    return [int(year) for a, b in found if (year := (a or b).translate(_DIGITS)).isdigit()]


def normal(text: str) -> str:
    """A title for comparing: what a table of contents may write another way is written one way."""
    for pattern, written in knowledge("layout.toml")["contents"]["alike"]:
        text = re.sub(pattern, written, text)
    return text


def strip_years(text: str) -> str:
    """A title without its years and white space, e.g. ``工作总结`` for ``2023 年度工作总结``."""
    return re.sub(rf"\s|{YEAR}\s*(?:年度?)?", "", text)


def annex_share() -> float:
    """How late in a report an annex begins at the earliest, as a share of the report counted from its end."""
    return float(knowledge("layout.toml")["artefact"]["annex_share"])


def max_signature() -> int:
    """The longest signature line, in characters."""
    return int(knowledge("layout.toml")["signature"]["max_chars"])


def is_government_report(title: str) -> bool:
    """Whether a title is that of a government's own report to its assembly."""
    return bool(re.search(knowledge("agencies.toml")["place"]["government_report"], title))
