"""The numbering grammar: markers of GB/T 9704 (一、 （一） 1. （1）), what offices really write, and how it nests.

This module is the one place where Chinese stands in code. A marker at the start of a line is taken as it is; one
inside a line has to continue a chain (1. 2. 3.) or begin one that goes on, since 2.5亿元 or 四、五年级 number nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kit.read import roles
from kit.read.lines import Line

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
_MAY_BEGIN = re.compile(rf"[{HAN}\d第Ⅰ-Ⅻ（(〔㈠-㈩⒈-⒛⑴-⒇{_CIRCLED}其首再最—]")  # the first character of any of them
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
# 三、四月 numbers nothing.
_SEASON = re.compile(rf"([{HAN}])、([{HAN}])(?:[月期级类组档批次产号线]|季度|年级|项(?!目))")
_COUNTED = re.compile("[类款]|期(?!末|间)|级(?!别)|组(?!织|建)|档(?!案)|批(?!准|复|评)|次(?!生)|项(?!目)")  # （三）期
_WORDS_IN_ONE = "统万唯专单同逐之其不"  # 统一是 numbers nothing
_HEADING_GAP = 60
_STOP = re.compile(r"[。；！？;!?]")
_STEP = 0.01  # between the levels of headings without number
_DEEPEST = 9


@dataclass(frozen=True)
class Marker:
    """A numbering marker: its place, its style (a key of the grammar), the number it says; its heading's ``level``."""

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


@dataclass(frozen=True)
class _Found:
    """The candidates of a report, and which of them stands where: what a rule may look at beside its own marker."""

    text: str
    markers: list[Marker]
    index: int
    marker: Marker
    chains: Mapping[str, Marker]  # the last marker of every style that is still counting
    chain: Marker | None  # … of its own
    step: int | None  # by how much it counts on from that; None when that is not counting
    last: Marker | None


def find_markers(text: str, lines: Iterable[Line]) -> list[Marker]:
    """Find the numbering markers of one report, whose body these lines are, in the order of the text."""
    candidates = [marker for number, line in enumerate(lines) for marker in _candidates(text, line, number)]
    accepted: list[Marker] = []
    chains: dict[str, Marker] = {}
    for index, marker in enumerate(candidates):
        chain = chains.get(marker.style)
        step = None if chain is None else (marker.ordinal or 0) - (chain.ordinal or 0)
        last = accepted[-1] if accepted else None
        found = _Found(text, candidates, index, marker, chains, chain, step, last)
        if _belongs_inline(found) if marker.inline else _belongs(found):
            accepted.append(marker)
            chains = {style: last for style, last in chains.items() if RANK[style] < marker.rank}
            chains[marker.style] = marker
    return accepted


def _candidates(text: str, line: Line, number: int) -> Iterator[Marker]:
    first = None if _ANY.match(text, line.start, line.end) else _FIRST_LOOSE.match(text, line.start, line.end)
    if first:
        style = str(first.lastgroup)
        yield Marker(*first.span(), style, _ordinal(first.group(), style), number, inline=False, loose=True)
    behind = first.end() if first else line.start
    in_table = line.text.count("\t") > 1
    for match in _matches(text, behind, line.end):
        style = str(match.lastgroup)
        inline = match.start() != line.start
        if (style == "bare" and (in_table or inline)) or (style == "han" and _counts_two(text, match.start())):
            continue
        level = None if inline else line.level
        yield Marker(*match.span(), style, _ordinal(match.group(), style), number, inline, level)


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Every match of the grammar, from left to right; it is tried only where a marker may begin, which is rare."""
    for sign in _MAY_BEGIN.finditer(text, start, end):
        if sign.start() >= start and (match := _ANY.match(text, sign.start(), end)):
            yield match
            start = match.end()


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
    numeral = re.search(rf"\d+|[{HAN}百]+", marker)
    return (int(numeral[0]) if numeral[0].isdecimal() else read_han(numeral[0])) if numeral else None


def read_han(numeral: str) -> int:
    """Read a Chinese numeral below one hundred, e.g. 12 for 十二."""
    tens, ten, units = numeral.partition("十")
    if not ten:
        return HAN.index(numeral[-1]) + 1 if numeral[-1] in HAN else 0
    return (HAN.index(tens[-1]) + 1 if tens else 1) * 10 + (HAN.index(units[0]) + 1 if units else 0)


# -- which candidates number something


def _belongs(found: _Found) -> bool:
    """Whether a candidate at the start of a line numbers something: it does, where it is not in need of a chain."""
    marker = found.marker
    if marker.level is not None:
        return True
    if marker.style.startswith("decimal"):  # 2.1 stands under a section whose number is 2
        number = int(re.split("[.．]", found.text[marker.start : marker.end])[0])
        return any(above.ordinal == number for above in found.chains.values()) or _goes_on(found)
    return not (marker.loose or marker.style in _NEEDS_CHAIN) or _goes_on(found)


def _belongs_inline(found: _Found) -> bool:
    """Whether a candidate inside a line numbers something: it stands behind a stop, and its chain goes on."""
    marker, left = found.marker, found.text[found.marker.start - 1]
    strong, heads = bool(_STRONG.match(left)), _runs_on_heading(found)
    if marker.style in _CHAPTERS:
        return found.step == 1 or strong or (heads and _goes_on(found))
    if marker.style in ("dash", "is"):
        return _points(found, left, heads=heads)
    if _numbers_nothing(found, strong=strong):
        return False
    if _counts_on(found, left) or (heads and marker.style in _HEADED):
        return True
    loose = found.chain is not None and not _WORD.match(left) and marker.style not in _BOUND
    return (strong or heads or loose) and _goes_on(found)


def _points(found: _Found, left: str, *, heads: bool) -> bool:
    """Whether a dash, or 一是, which both need no chain, begins a point: behind a stop, or behind a heading."""
    if found.marker.style == "dash":
        more = found.markers[found.index + 1 : found.index + _NEAR]
        return _stop_before(found) in _ENDED + "：" or (heads and any(later.style == "dash" for later in more))
    return not _WORD.match(left) or (heads and left not in _WORDS_IN_ONE)


def _counts_on(found: _Found, left: str) -> bool:
    """Whether a candidate counts on from the last of its style."""
    # It heads a section (三、存在的问题), follows the last in a list of headings that lost their line breaks, or slips:
    # behind a stop a number may stand twice, or one be left out.
    if found.chain is None:
        return False
    if _begins_section(found):
        return True
    if found.step == 1 and left not in _ENUMERATED and _is_short(found):
        return found.marker.style in (_LISTED if found.chain == found.last else _RISING)
    return found.step in (0, 2) and _stop_before(found) in _ENDED


def _stop_before(found: _Found) -> str:
    """The last sign before a candidate that is no white space; empty when there is none near."""
    return found.text[max(0, found.marker.start - _NEAR) : found.marker.start].rstrip()[-1:]


def _begins_section(found: _Found) -> bool:
    """Whether 三、 counts on, even with a skip, and what follows it is a section's heading (存在的问题)."""
    marker = found.marker
    if marker.style != "han" or (found.step or 0) <= 0:
        return False
    behind = found.markers[found.index + 1 : found.index + 2]
    stop = min(marker.end + _HEADING_GAP, *(later.start for later in behind), len(found.text))
    own = _STOP.split(found.text[marker.end : stop].split("\n", maxsplit=1)[0])[0]
    return bool(roles.bare_heading_role(own) or roles.leading_heading(own))


def _numbers_nothing(found: _Found, *, strong: bool) -> bool:
    """Whether （三） only counts (开发区（三）期), or lacks its first bracket, without which it numbers lines only."""
    marker = found.marker
    if marker.style != "paren_han":
        return False
    return found.text[marker.start] in HAN or (not strong and bool(_COUNTED.match(found.text, marker.end)))


def _goes_on(found: _Found) -> bool:
    """Whether a marker continues the open chain of its style, or begins one that goes on."""
    marker = found.marker
    if found.step == 1 or (found.chain is not None and marker.style == "first" and (marker.ordinal or 0) > 1):
        return True
    if marker.ordinal != 1:
        return False
    for at in range(found.index + 1, len(found.markers)):
        later = found.markers[at]
        if later.style == marker.style and later.ordinal in (1, 2):
            return later.ordinal != 1
        if not later.inline and later.rank < marker.rank:
            return False
    return False


def _runs_on_heading(found: _Found) -> bool:
    """Whether the first of a chain follows a heading that lost its line break."""
    marker, last = found.marker, found.last
    return last is not None and last.rank < marker.rank and marker.ordinal in (1, None) and _is_short(found)


def _is_short(found: _Found) -> bool:
    """Whether nothing but a heading stands between the last marker and this one."""
    gap = found.text[found.last.end : found.marker.start] if found.last else ""
    return 1 < len(gap) <= _HEADING_GAP and not _STOP.search(gap)


# -- which stands under which


def nest(markers: Sequence[Marker]) -> list[tuple[int | None, int]]:
    """Give every marker its parent (an index into ``markers``) and its depth, from 1."""
    # A style stands where GB/T 9704 puts it, unless this report nests two styles the other way round, in its numbers or
    # in the levels of its headings.
    levels = _levels(markers)
    rank = _ranks(markers, levels)
    places = [_place(marker, rank, levels) for marker in markers]
    stack: list[int] = []
    nested: list[tuple[int | None, int]] = []
    for index, place in enumerate(places):
        while stack and places[stack[-1]] >= place:
            stack.pop()
        nested.append((stack[-1] if stack else None, len(stack) + 1))
        stack.append(index)
    return nested


def _levels(markers: Sequence[Marker]) -> dict[str, int]:
    """The usual level of each style of numbering whose headings are mostly styled as headings."""
    found: dict[str, Counter[int | None]] = defaultdict(Counter)
    for marker in markers:
        if marker.style in STYLES and not marker.inline:
            found[marker.style][marker.level] += 1
    usual = {style: counts.most_common(1)[0][0] for style, counts in found.items()}
    return {style: level for style, level in usual.items() if level is not None}


def _place(marker: Marker, rank: Mapping[str, float], levels: Mapping[str, int]) -> float:
    if marker.style in STYLES or marker.level is None:
        return rank[marker.style]
    alike = [rank[style] for style, level in levels.items() if level == marker.level]
    above = [rank[style] for style, level in levels.items() if level < marker.level]
    return min(alike) if alike else (max(above) if above else rank[marker.style]) + _STEP * marker.level


def _ranks(markers: Sequence[Marker], levels: Mapping[str, int]) -> dict[str, float]:
    """The order of the styles in this report: an outer style that restarts while an inner one counts on lies inside."""
    rank: dict[str, float] = dict(RANK)
    outermost = min((marker.rank for marker in markers if marker.style in STYLES), default=0)
    step = -0.5 if outermost >= RANK["ordinal"] else 0.5  # 一是 stands below a paragraph, （一） above it
    rank[HEADING] = rank[PARAGRAPH] = max(rank[PARAGRAPH], outermost + step)
    styles = {marker.style for marker in markers} & set(STYLES)
    for outer in styles:
        for inner in (style for style in styles if RANK[outer] < RANK[style]):
            swapped = levels.get(outer, 0) > levels.get(inner, _DEEPEST) and not _counts_across(markers, inner, outer)
            if swapped or _counts_across(markers, outer, inner):
                rank[outer] = max(rank[outer], RANK[inner] + 0.5)
    rank["dash"] = min([rank["dash"], *(rank[style] - 0.5 for style in styles if _heads(markers, style))])
    return rank


def _heads(markers: Sequence[Marker], inner: str) -> bool:
    """Whether at least two dashes have numbering of their own, from 1, right below them."""
    pairs = pairwise(markers)
    return sum(a.style == "dash" and b.style == inner and b.ordinal == 1 for a, b in pairs) > 1


def _counts_across(markers: Sequence[Marker], outer: str, inner: str) -> bool:
    """Whether ``inner`` keeps counting across at least two runs of ``outer``, each from 1."""
    across, last, restarted = 0, 0, False
    for marker in markers:
        if marker.style == outer:
            restarted = restarted or marker.ordinal == 1
        elif marker.style == inner:
            if restarted and last and marker.ordinal == last + 1:
                across += 1
            last, restarted = marker.ordinal or 0, False
    return across > 1
