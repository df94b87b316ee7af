"""HTML, Markdown and RTF become lines: one block a line, what is markup or furniture of a page left out."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count, islice, pairwise
from typing import Any

from kit.data import knowledge, rule
from kit.errors import unreadable
from kit.read.lines import TITLE, Block, as_row, is_a, join_surrogates

MAX_DEPTH = 1000  # elements within elements; browsers stop at 512
_PAGE = knowledge("formats.toml")["page"]
_BLOCKS, _CLUTTER = frozenset(_PAGE["blocks"]), frozenset(_PAGE["clutter"])
_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SOURCE_BREAK = re.compile(  # of the page's source, between two Chinese characters (CSS Text 3, 4.1.3)
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]{0,99}[\r\n][ \t\r\n]{0,99}(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_LINKED = 0.6  # share of a line that links to other pages: it only leads there (上一篇：…, …2024-01-12)
_DATE = 40  # characters at the end of a line, among which its date stands
_NESTED = 4  # tables within tables whose rows become lines; more are no layout of a person's
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# A head of keys and lists of values between two rules. Each line fits in one way alone, so that no head takes long.
_MD_FRONT = re.compile(
    r"\ufeff?\s{0,9}---[ \t]*\n"
    r"(?P<front>(?:(?:\w[\w.-]{0,39}[ \t]*:|-[ \t]|#|[ \t]{1,9}\S).{0,999}\n|[ \t]*\n){1,60}?)"
    r"[ \t]*(?:---|\.\.\.)[ \t]*(?:\n|$)"
)
_MD_SURE = re.compile(r"^(?:#{1,6} \S.*|\*\*[^*\n]+\*\*)$", re.MULTILINE)
_MD_RULE = re.compile(r"(?:[-*_=][ \t]*){3,}$|```|~~~|\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t:-]*$")
_MD_HEAD = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?P<level>#{1,6})(?:[ \t]+|$)|[-*+][ \t]+)?")
_MD_SPAN = re.compile(r"\[([^\[\]]{0,300})\]\{[#.][^{}]{0,300}\}")  # Pandoc's; bounded, so that no line is quadratic
_MD_SIGNS = re.compile(r"[\\`*_\[\]<&]")
_MD_SHOWN = ("text", "text_special", "code_inline", "image")
_MD_STRETCH = 20_000  # characters that are looked through at once; some signs are sought to the end of their line
_MASKED = 4  # so many asterisks stand for a figure (约****万元) and emphasise nothing


class _Page:
    """Collects the lines of an HTML page from the parser's events, each end with its start; no tree is built."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self.lines: list[Block] = []
        self.inside: list[bool] = []  # which of them stand within <main> or <article>
        self.rows: list[list[int]] = []  # open rows of tables: the numbers of the lines with which their cells begin
        self.line: list[str] = []  # what the line at hand has so far
        self.linked = 0  # how many characters of it are a link to another page
        self.links: list[bool] = []  # open anchors: whether they lead to another page
        self.clutter = 0  # how deep the element stands that is left out with all that it holds
        self.open = Counter[str]()
        self.lists: list[Iterator[int] | None] = []  # the numbers of the open lists; None for bullets
        self.number = ""  # of a list item that has no text yet

    def start(self, tag: str, attributes: Any) -> None:
        """Open an element."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            expected, found = f"at most {MAX_DEPTH:,} elements within each other", f"more (<{tag}>)"
            raise unreadable(self.name, expected, found, "open the page in a browser, save it anew, and try again")
        if self.clutter or _is_clutter(tag, attributes):
            self.clutter = self.clutter or self.depth
            return
        if tag in _BLOCKS:
            self._break()
        self.open[tag] += 1
        match tag:
            case "a":
                self.links.append(not attributes.get("href", "#").startswith("#"))
            case "ol" | "ul":
                start = attributes.get("start", "1")[:9]
                self.lists.append(None if tag == "ul" else count(int(start) if start.isdecimal() else 1))
            case "li" if self.lists and self.lists[-1]:
                self.number = f"{next(self.lists[-1])}. "
            case "tr":
                self.rows.append([])
            case "td" | "th" if self.rows:
                self._break()
                self.rows[-1].append(len(self.lines))
            case "td" | "th" if self.line:
                self.line.append("\t")

    def end(self, tag: str) -> None:
        """Close an element."""
        self.depth -= 1
        if self.clutter:
            self.clutter = self.clutter if self.clutter <= self.depth else 0
            return
        if tag in _BLOCKS:
            self._break()
        self.open[tag] -= 1
        if tag == "tr" and self.rows:
            self._end_row(self.rows.pop())
        elif tag == "a" and self.links:
            self.links.pop()
        elif tag in ("ol", "ul") and self.lists:
            self.lists.pop()

    def data(self, text: str) -> None:
        """Take the text of an element."""
        if self.clutter:
            return
        first, *more = text.split("\n") if self.open["pre"] > 0 else [_SPACE.sub(" ", _SOURCE_BREAK.sub("", text))]
        self._add(first)
        for line in more:
            self._break()
            self._add(line)

    def close(self) -> list[Block]:
        """Return the blocks of the page: of its main part where that holds most of it."""
        self._break()
        main = [line for line, inside in zip(self.lines, self.inside, strict=True) if inside]
        lines = main if 2 * _size(main) > _size(self.lines) else self.lines
        below = [*(line.text for line in lines[1:]), ""]
        return [
            line._replace(aside=False) if line.aside and _opens(under) else line
            for line, under in zip(lines, below, strict=False)
        ]

    def _add(self, text: str) -> None:
        if self.line or text.strip(" "):
            self.line += [self.number, text]
            self.linked += len(text.strip()) if any(self.links) else 0
            self.number = ""

    def _break(self) -> None:
        if not self.line:
            return
        text = re.sub(" +", " ", "".join(self.line)).strip(" \t")
        self.line, linked, self.linked = [], self.linked, 0
        if text:
            level = next((n for n, tag in enumerate(_HEADS, 1) if self.open[tag] > 0), None)
            self.lines.append(Block(text, aside=level is None and _leads(text, linked), level=level))
            self.inside.append(self.open["main"] + self.open["article"] > 0)
            self.links = [False] * len(self.links)  # a link over several lines was left open

    def _end_row(self, starts: list[int]) -> None:
        """Make one line of a row, unless a cell frames a text, or holds a heading."""
        if len(self.rows) > _NESTED:
            return
        bounds = pairwise([*starts, len(self.lines)])
        row = as_row([[line.text for line in self.lines[start:end]] for start, end in bounds]).strip("\t")
        own = self.lines[starts[0] :] if row else []
        if own and all(line.level is None for line in own):
            self.lines[starts[0] :] = [Block(row, aside=all(line.aside for line in own))]
            del self.inside[starts[0] + 1 :]


def _is_clutter(tag: str, attributes: Any) -> bool:
    return tag in _CLUTTER or "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def _size(lines: list[Block]) -> int:
    return sum(len(line.text) for line in lines)


def _leads(line: str, linked: int) -> bool:
    """Whether a line only leads to other pages: most of it is a link, a date behind it aside."""
    if not linked or is_a("numbered", line) or rule("formats.toml", "page.sentence").search(line):
        return False
    date = line[-_DATE:]
    return linked > _LINKED * (len(line) - len(date) + len(rule("layout.toml", "artefact.dated").sub("", date)))


def _opens(line: str) -> bool:
    """Whether a line opens a report: it begins as one does, and is a sentence; the line above is its title."""
    return bool(rule("layout.toml", "title.begins").match(line) and rule("formats.toml", "page.sentence").search(line))


def read_html(page: str, *, name: str = "a page") -> list[Block]:
    """Read the text of an HTML page."""
    from lxml.etree import HTMLParser  # noqa: PLC0415

    parser = HTMLParser(target=_Page(name), encoding="utf-8", no_network=True, huge_tree=True)
    content = page.encode("utf-8", errors="replace")
    for at in range(0, len(content), 2**16):  # piece by piece, so that an error ends the reading
        parser.feed(content[at : at + 2**16])
    return parser.close()


def is_markdown(text: str) -> bool:
    """Whether a plain text is Markdown: at least two of its lines are marked as headings, or bold throughout."""
    return sum(1 for _ in islice(_MD_SURE.finditer(text), 2)) > 1


def read_markdown(text: str) -> list[Block]:
    """Read Markdown."""
    head = _MD_FRONT.match(text)
    front = [_front(line) for line in head["front"].splitlines() if line.strip()] if head else []
    body = text[head.end() :] if head else text
    return front + [_plain(line) for line in body.split("\n") if not _MD_RULE.match(line.strip())]


def _front(line: str) -> Block:
    """A line of a YAML head: the document's title, or what is said of it (source, date)."""
    key, _, value = line.partition(":")
    title = value.strip().strip("\"'")
    return Block(title, level=TITLE) if key.strip().lower() == "title" and title else Block(line, aside=True)


def _plain(line: str) -> Block:
    """A line without its signs; CommonMark would join lines, and number them anew."""
    head = _MD_HEAD.match(line)
    signs = (head and head.group("level")) or ""
    line = line[head.end() if head else 0 :]
    if (len(line) - len(line.rstrip("\\"))) % 2:  # a break within a paragraph
        line = line[:-1]
    line = _without_attributes(line) if signs else line
    if line.lstrip().startswith("|"):
        line = "\t".join(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))
    line = _MD_SPAN.sub(r"\1", line)
    if _MD_SIGNS.search(line):
        line = "".join(_shown(line[at : at + _MD_STRETCH]) for at in range(0, len(line), _MD_STRETCH))
    return Block(_without_closing(line), level=len(signs)) if signs else Block(line)


def _shown(text: str) -> str:
    shown = _inline().parseInline(text)[0].children or []
    return "".join(token.content for token in shown if token.type in _MD_SHOWN)


@cache
def _inline() -> Any:
    from markdown_it import MarkdownIt  # noqa: PLC0415

    parser = MarkdownIt("commonmark")
    parser.inline.ruler.at("emphasis", _mark_emphasis)
    return parser


def _mark_emphasis(state: Any, silent: bool) -> bool:
    """Find the marks of emphasis as CommonMark does, but beside any character."""
    # CommonMark asks on which side of a mark spaces and punctuation stand, which Chinese does not tell
    # (``**一、修渠。**全年`` would keep its asterisks).
    from markdown_it.rules_inline.emphasis import tokenize  # noqa: PLC0415

    start, known = state.pos, len(state.delimiters)
    if not tokenize(state, silent):
        return False
    signs, before, after = (
        state.src[a:b] for a, b in ((start, state.pos), (start - 1, start), (state.pos, state.pos + 1))
    )
    if len(signs) >= _MASKED or signs == "_":  # they are text
        del state.delimiters[known:]
    for mark in state.delimiters[known:]:
        mark.open, mark.close = bool(after.strip()), bool(before.strip())
    return True


def _without_attributes(heading: str) -> str:
    """A heading without the attributes that Pandoc writes behind it (``修渠 {#s .unnumbered}``)."""
    head, brace, tail = heading.rstrip(" \t").rpartition("{")
    attributes = brace and tail[:1] in ("#", ".") and tail.find("}") == len(tail) - 1 and not head.endswith("]")
    return head.rstrip(" \t") if attributes else heading


def _without_closing(heading: str) -> str:
    """A heading without the signs that may close it (``## 修渠 ##``)."""
    head = heading.rstrip().rstrip("#")
    return head.rstrip() if head != heading.rstrip() and head.endswith((" ", "\t")) else heading


def read_rtf(text: str) -> list[Block]:
    """Read RTF."""
    from striprtf.striprtf import font_table_group, rtf_to_text  # noqa: PLC0415

    # The library looks for fonts and for hyperlinks with expressions that are quadratic in their number, and writes
    # addresses into the text. An end before each font keeps the first short; a space, which RTF allows there, keeps
    # the second from finding any.
    fonts = font_table_group(text)
    if fonts:
        text = text.replace(fonts, re.sub(r"\\f(\d{1,6})\d*", r";\n\\f\1", fonts).removesuffix("}") + ";}", 1)
    text = text.replace(r"{\field{", r"{\field {")
    text = re.sub(r"\\(?:nest)?cell(?![a-z])", r"\\tab", text)
    plain = join_surrogates(rtf_to_text(text, encoding="cp936", errors="replace")).replace("\r", "\n")
    return [Block(line.rstrip("\t ")) for line in plain.split("\n")]
