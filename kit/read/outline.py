"""The numbering grammar: markers of GB/T 9704 (一、 （一） 1. （1）) and what offices really write.

This module is the one place where Chinese stands in code. A marker at the start of a line is taken as it is; one
inside a line has to continue a chain (1. 2. 3.) or begin one that goes on, since 2.5亿元 or 四、五年级 number nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kit.read import roles
from kit.read.layout import Line

HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_FIRSTS = {"首先": 1, "其次": 2, "再次": 3, "最后": 9}
_UNITS = (
    "[万亿元%％米吨个月倍亩度℃]|公[里顷斤]|平[方米]|年(?!度)|人(?![员才居民口力事大])|分(?![类级])|千[瓦克米]|百[万分]"
)
STYLES = {  # outermost first: in the order of GB/T 9704, what it does not know where offices put it
    "part": rf"第\s?[{HAN}百]{{1,3}}\s?(?:部分|篇)[、：:]?",
    "chapter": rf"第\s?[{HAN}百]{{1,3}}\s?章[、：:]?",
    "node": rf"第\s?[{HAN}百]{{1,3}}\s?节[、：:]?(?!课)",
    "roman": r"[Ⅰ-Ⅻ]\s?[、.．]",
    "han": rf"(?<!周)(?<!星期)[{HAN}]{{1,3}}\s?[、.．](?![{HAN}]{{1,3}}[、，])",
    "paren_han": rf"[（(〔]\s*[{HAN}]{{1,3}}\s*[）)〕]、?|[㈠-㈩]|[{HAN}]{{1,2}}[）)]",
    "bare": r"\d{1,2}(?=[ \t\u3000]+[\u4e00-\u9fff\d“])",
    "arabic": r"\d{1,2}\s?(?:[.．](?!\d)|、(?!\d{1,2}[^\d年])|[.．](?=20\d\d\s*年))|[⒈-⒛]",
    "decimal": rf"\d{{1,2}}[.．]\d{{1,2}}[、.．]?(?=[\s\u4e00-\u9fff“《])(?!{_UNITS})",
    "decimal_inner": rf"\d{{1,2}}(?:[.．]\d{{1,2}}){{2,3}}[、.．]?(?=[\s\u4e00-\u9fff“《])(?!{_UNITS})",
    "paren_arabic": r"[（(]\s?\d{1,2}\s?[）)](?![个号])|\d{1,2}[）)]|[⑴-⒇]",
    "circled": f"[{_CIRCLED}]",
    "ordinal": rf"第[{HAN}]{{1,2}}(?=[，,、：:])|其[{HAN}](?=[，,、：:是])",
    "first": r"(?:首先|其次|再次|最后)(?=[，,：:])",
    "is": rf"[{HAN}]{{1,2}}是",
    "must": rf"[{HAN}]{{1,2}}要",
    "dash": r"—{1,2}(?=[\u4e00-\u9fff“])",
}
_LOOSE = {  # a style's number with another sign behind it: it numbers only at the start of a line, and in a chain
    "han": rf"[{HAN}]{{1,3}}(?:\s?[：:，,]|(?=[ \t\u3000]+(?:[\u4e00-\u9fff“]|20\d\d)))",
    "arabic": rf"\d{{1,2}}(?:\s?[：:，,](?!\d)|[.．](?=\d{{3,5}}(?!\d|{_UNITS})[\u4e00-\u9fff]|\d[A-Z]))",
}
RANK: dict[str, float] = {style: rank for rank, style in enumerate(STYLES)}
SECTION, HEADING, PARAGRAPH = "section", "heading", "paragraph"  # cuts without a number: headings, a change of role
RANK |= {SECTION: -1, HEADING: RANK["paren_han"] + 0.5, PARAGRAPH: RANK["paren_han"] + 0.5}
_LONGEST_FIRST = ("decimal_inner", "decimal", *(style for style in STYLES if not style.startswith("decimal")))
_ANY = re.compile("|".join(f"(?P<{style}>{STYLES[style]})" for style in _LONGEST_FIRST))
_FIRST_LOOSE = re.compile("|".join(f"(?P<{style}>{pattern})" for style, pattern in _LOOSE.items()))
_STRONG = re.compile(r"[\s。！？；：;:!?”’」』》）)】…%％\u3000]")
_WORD = re.compile(r"[\u4e00-\u9fff0-9A-Za-zＸ]")
_CHAPTERS = ("part", "chapter", "node")
_BOUND = ("han", "paren_han")  # they stand behind a stop or a heading only
_ENUMERATED = "、" + HAN + "0123456789"  # 一、二、三产业 numbers nothing
_LISTED = ("han", "paren_han", "arabic", "paren_arabic", "circled")  # they may follow each other in a list of headings
_RISING = ("paren_han", "arabic")  # they may follow a heading further in
_HEADED = ("paren_han", "arabic")  # one alone is enough behind a heading
_NEEDS_CHAIN = ("first", "must", "bare")  # even at the start of a line
_ENDED = "。；！"
_NEAR = 8  # characters before a marker among which its sentence's stop may stand, white space behind it
_SEASON = re.compile(
    rf"([{HAN}])、([{HAN}])(?:[月期级类组档批次产号线]|季度|年级|项(?!目))"
)  # 三、四月 numbers nothing
_COUNTED = re.compile("[类款]|期(?!末|间)|级(?!别)|组(?!织|建)|档(?!案)|批(?!准|复|评)|次(?!生)|项(?!目)")  # （三）期
_WORDS_IN_ONE = "统万唯专单同逐之其不"  # 统一是 numbers nothing
_HEADING_GAP = 60
_STOP = re.compile(r"[。；！？;!?]")


@dataclass(frozen=True)
class Marker:
    """A numbering marker: its place, its style (a key of the grammar), the number it says, where it stands.

    ``level`` is that of the heading that it begins, where the file's format tells (see `kit.read.blocks`).
    """

    start: int
    end: int
    style: str
    ordinal: int | None
    line: int
    inline: bool
    level: int | None = None
    loose: bool = False

    @property
    def rank(self) -> float:
        """Place of the style in the grammar, 0 outermost."""
        return RANK[self.style]


def find_markers(text: str, lines: Iterable[Line]) -> list[Marker]:
    """Find the numbering markers of one report.

    Parameters
    ----------
    text : str
        The whole text.
    lines : iterable of Line
        The lines of the report's body.

    Returns
    -------
    list of Marker
        In the order of the text.
    """
    candidates = [marker for number, line in enumerate(lines) for marker in _candidates(text, line, number)]
    accepted: list[Marker] = []
    open_chains: dict[str, Marker] = {}
    for index, marker in enumerate(candidates):
        if not _belongs(text, candidates, index, open_chains, accepted[-1] if accepted else None):
            continue
        accepted.append(marker)
        open_chains = {style: last for style, last in open_chains.items() if RANK[style] < marker.rank}
        open_chains[marker.style] = marker
    return accepted


def _candidates(text: str, line: Line, number: int) -> Iterable[Marker]:
    first = None if _ANY.match(text, line.start, line.end) else _FIRST_LOOSE.match(text, line.start, line.end)
    if first:
        style = str(first.lastgroup)
        yield Marker(*first.span(), style, _ordinal(first.group(), style), number, inline=False, loose=True)
    for match in _ANY.finditer(text, first.end() if first else line.start, line.end):
        style = str(match.lastgroup)
        inline = match.start() != line.start
        in_table = style == "bare" and line.text.count("\t") > 1
        if in_table or (style == "bare" and inline) or (style == "han" and _counts_two(text, match.start())):
            continue
        level = None if inline else line.level
        yield Marker(*match.span(), style, _ordinal(match.group(), style), number, inline, level)


def _counts_two(text: str, at: int) -> bool:
    """Whether two numerals in a row count something: 三、四月, 一、二季度."""
    match = _SEASON.match(text, at)
    return match is not None and HAN.index(match[2]) == HAN.index(match[1]) + 1


def _ordinal(marker: str, style: str) -> int | None:
    if style == "first":
        return _FIRSTS[marker]
    if style.startswith("decimal"):
        return int(re.findall(r"\d+", marker)[-1])
    for first, numbers in {"①": 20, "⑴": 20, "⒈": 20, "㈠": 10, "Ⅰ": 12}.items():
        if 0 <= ord(marker[0]) - ord(first) < numbers:
            return ord(marker[0]) - ord(first) + 1
    digits = re.search(r"\d+", marker)
    if digits:
        return int(digits.group())
    han = re.search(f"[{HAN}百]+", marker)
    return read_han(han.group()) if han else None


def read_han(numeral: str) -> int:
    """Read a Chinese numeral below one hundred, e.g. 12 for 十二."""
    tens, ten, units = numeral.partition("十")
    if not ten:
        return HAN.index(numeral[-1]) + 1 if numeral[-1] in HAN else 0
    return (HAN.index(tens[-1]) + 1 if tens else 1) * 10 + (HAN.index(units[0]) + 1 if units else 0)


def _belongs(
    text: str, candidates: list[Marker], index: int, open_chains: dict[str, Marker], last: Marker | None
) -> bool:
    """Whether a candidate numbers something here."""
    marker = candidates[index]
    chain = open_chains.get(marker.style)
    if marker.inline:
        return _belongs_inline(text, candidates, index, chain, last)
    if marker.level is not None:
        return True
    if marker.style.startswith("decimal"):
        return _counts_under(text, marker, open_chains) or _goes_on(candidates, index, chain)
    chained = marker.loose or marker.style in _NEEDS_CHAIN
    return not chained or _goes_on(candidates, index, chain)


def _belongs_inline(text: str, candidates: list[Marker], index: int, chain: Marker | None, last: Marker | None) -> bool:
    """Whether a candidate inside a line numbers something: it stands behind a stop, and its chain goes on."""
    marker = candidates[index]
    left = text[marker.start - 1]
    stop = text[max(0, marker.start - _NEAR) : marker.start].rstrip()[-1:]
    strong = bool(_STRONG.match(left))
    heads = _runs_on_heading(text, marker, last)
    carries_on = chain is not None and marker.ordinal == (chain.ordinal or 0) + 1
    slips = chain is not None and stop in _ENDED and marker.ordinal in (chain.ordinal, (chain.ordinal or 0) + 2)
    if marker.style == "dash":
        return stop in _ENDED + "：" or (heads and _dashed(candidates, index))
    if marker.style in _CHAPTERS:
        return carries_on or strong or (heads and _goes_on(candidates, index, chain))
    if marker.style == "is":
        return not _WORD.match(left) or (heads and left not in _WORDS_IN_ONE)
    if marker.style == "paren_han" and _numbers_nothing(text, marker, strong):
        return False
    if chain is not None and _begins_section(text, candidates, index, chain):
        return True
    follows = carries_on and _is_short(text, last, marker) and left not in _ENUMERATED
    listed = follows and marker.style in (_LISTED if chain == last else _RISING)
    if listed or slips or (heads and marker.style in _HEADED):
        return True
    loose = chain is not None and not _WORD.match(left) and marker.style not in _BOUND
    return (strong or heads or loose) and _goes_on(candidates, index, chain)


def _begins_section(text: str, candidates: list[Marker], index: int, chain: Marker) -> bool:
    """Whether 三、 counts on, even with a skip, and what follows it is a section's heading (存在的问题)."""
    marker = candidates[index]
    if marker.style != "han" or (marker.ordinal or 0) <= (chain.ordinal or 0):
        return False
    stop = candidates[index + 1].start if index + 1 < len(candidates) else len(text)
    own = _STOP.split(text[marker.end : min(stop, marker.end + _HEADING_GAP)].split("\n", maxsplit=1)[0])[0]
    return bool(roles.bare_heading_role(own) or roles.leading_heading(own))


def _numbers_nothing(text: str, marker: Marker, strong: bool) -> bool:
    """Whether （三） only counts (开发区（三）期), or lacks its first bracket, without which it numbers lines only."""
    return text[marker.start] in HAN or (not strong and bool(_COUNTED.match(text, marker.end)))


def _dashed(candidates: list[Marker], index: int) -> bool:
    """Whether further dashes follow."""
    return any(later.style == "dash" for later in candidates[index + 1 : index + _NEAR])


def _counts_under(text: str, marker: Marker, open_chains: dict[str, Marker]) -> bool:
    """Whether 2.1 stands under a section whose number is 2."""
    number = int(re.split("[.．]", text[marker.start : marker.end])[0])
    return any(above.ordinal == number for above in open_chains.values())


def _goes_on(candidates: list[Marker], index: int, chain: Marker | None) -> bool:
    """Whether a marker continues the open chain of its style, or begins one that goes on."""
    marker = candidates[index]
    ordinal = marker.ordinal or 0
    if chain is not None and (ordinal == (chain.ordinal or 0) + 1 or (marker.style == "first" and ordinal > 1)):
        return True
    if ordinal != 1:
        return False
    for at in range(index + 1, len(candidates)):
        later = candidates[at]
        if later.style == marker.style and later.ordinal in (1, 2):
            return later.ordinal != 1
        if not later.inline and later.rank < marker.rank:
            return False
    return False


def _runs_on_heading(text: str, marker: Marker, last: Marker | None) -> bool:
    """Whether the first of a chain follows a heading that lost its line break."""
    inner = last is not None and last.rank < marker.rank and marker.ordinal in (1, None)
    return inner and _is_short(text, last, marker)


def _is_short(text: str, above: Marker | None, marker: Marker) -> bool:
    """Whether nothing but a heading stands between two markers."""
    gap = text[above.end : marker.start] if above else ""
    return 1 < len(gap) <= _HEADING_GAP and not _STOP.search(gap)
