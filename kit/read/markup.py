"""HTML, Markdown and RTF become lines: one block a line, what is markup or furniture of a page left out."""

import html
import re
from collections import Counter
from itertools import islice, pairwise
from typing import Any

from kit.data import rule
from kit.read.blocks import FRAMED, TITLE, Block
from kit.read.encoding import join_surrogates
from kit.read.lines import is_a

MAX_CHARS = 16 * 2**20
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "table",
    "tbody", "thead", "tr", "ul", "br",
}  # fmt: skip
_CLUTTER = {
    "aside", "button", "del", "footer", "iframe", "nav", "noscript", "option", "script", "select", "style", "svg",
    "template", "textarea", "title",
}  # fmt: skip
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SOURCE_BREAK = re.compile(  # of the page's source, between two Chinese characters (CSS Text 3, 4.1.3)
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]{0,99}[\r\n][ \t\r\n]{0,99}(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_LINKED = 0.6  # share of a line that links to other pages: it only leads there (上一篇：…, …2024-01-12)
_SENTENCE = re.compile("[。；]")
_NESTED = 4  # tables within tables whose rows become lines; more are no layout of a person's
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_ESCAPED = 0xE000  # a sign behind a backslash waits here, in private use, until the marks around it are read
_MD_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MD_RULE = re.compile(r"\s*(?:[-*_=][ \t]*){3,}$|\s*(?:```|~~~)|\s*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t:-]*$")
_MD_HEAD = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?P<level>#{1,6})(?:[ \t]+|$)|[-*+][ \t]+)?")
_MD_ATTRIBUTES = re.compile(r"(?<!\])[ \t]*\{[#.][^{}]{0,300}\}[ \t]*$")  # Pandoc's, behind a heading
_MD_SPANS = (  # lengths are bounded, so that no line takes more than linear time
    re.compile(r"\[(?P<text>[^\[\]]{0,300})\]\{[#.][^{}]{0,300}\}"),
    re.compile(r"!?\[(?P<text>[^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,300}\")?\)"),
    re.compile(r"(?P<mark>\*\*|__)(?=\S)(?P<text>[^*_]{1,300}?)(?<=\S)(?P=mark)"),
    re.compile(r"(?<!\*)\*(?![\s*])(?P<text>[^*]{1,300}?)(?<!\s)\*(?!\*)"),
    re.compile(r"`(?P<text>[^`]{1,300})`"),
)
_MD_FRONT = re.compile(  # between two rules at the very beginning: keys, and lists of values
    r"\ufeff?\s{0,9}---[ \t]*\n"
    r"(?P<front>(?:[ \t]*(?:[\w.-]{1,40}[ \t]*:|-[ \t]|#).{0,999}\n|[ \t]{1,9}\S.{0,999}\n|[ \t]*\n){1,60}?)"
    r"[ \t]*(?:---|\.\.\.)[ \t]*(?:\n|$)"
)
_MD_SURE = re.compile(r"^(?:#{1,6} \S.*|\*\*[^*\n]+\*\*)$", re.MULTILINE)
_MD_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--[^<>]{0,300}-->")


def declared_charset(content: bytes) -> str:
    """The encoding an HTML page names in its head; empty when it names none. GB2312 is read as its superset."""
    found = _CHARSET.search(content[:4096])
    charset = found.group(1).decode("ascii", errors="ignore").lower() if found else ""
    return {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(charset, charset)


class _Page:
    """Collects the lines of an HTML page from the parser's events; no tree is built, so depth costs nothing."""

    def __init__(self) -> None:
        self.lines: list[Block] = []
        self.inside: list[bool] = []  # which of them stand within <main> or <article>
        self.rows: list[list[int]] = []  # open rows of tables: the numbers of the lines with which their cells begin
        self.line: list[str] = []  # what the line at hand has so far
        self.linked = 0  # how many characters of it are a link to another page
        self.links: list[bool] = []  # open anchors: whether they lead to another page
        self.clutter: list[str] = []  # open elements from the outermost one that is left out
        self.open = Counter[str]()
        self.lists: list[int | None] = []  # next number of the open lists; None for bullets
        self.number = ""  # of a list item that has no text yet

    def start(self, tag: str, attributes: Any) -> None:
        if self.clutter or tag in _CLUTTER or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
            if tag not in _VOID:
                self.clutter.append(tag)
            return
        if tag in _BLOCKS:
            self._break()
        self.open[tag] += 1
        if tag == "a":
            self.links.append(not attributes.get("href", "#").startswith("#"))
        elif tag in ("ol", "ul"):
            start = attributes.get("start", "1")
            self.lists.append(None if tag == "ul" else int(start) if start.isdecimal() else 1)
        elif tag == "li" and self.lists and self.lists[-1] is not None:
            self.number = f"{self.lists[-1]}. "
            self.lists[-1] += 1
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._begin_cell()

    def end(self, tag: str) -> None:
        if self.clutter:
            while tag in self.clutter and self.clutter.pop() != tag:
                pass
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
        if self.clutter:
            return
        first, *more = text.split("\n") if self.open["pre"] > 0 else [_SPACE.sub(" ", _SOURCE_BREAK.sub("", text))]
        self._add(first)
        for line in more:
            self._break()
            self._add(line)

    def comment(self, text: str) -> None:
        """Leave out comments."""

    def close(self) -> list[Block]:
        self._break()
        main = [line for line, inside in zip(self.lines, self.inside, strict=True) if inside]
        lines = main if 2 * _size(main) > _size(self.lines) else self.lines
        below = [*(line.text for line in lines[1:]), ""]
        return [
            line._replace(aside=line.aside and not _opens(under)) for line, under in zip(lines, below, strict=False)
        ]

    def _add(self, text: str) -> None:
        if self.line or text.strip(" "):
            self.line += [self.number, text]
            self.linked += len(text.strip()) if any(self.links) else 0
            self.number = ""

    def _break(self) -> None:
        text = re.sub(" +", " ", "".join(self.line)).strip(" \t")
        self.line, linked, self.linked = [], self.linked, 0
        if text:
            level = next((n for n in range(1, 7) if self.open[f"h{n}"] > 0), None)
            plain = level is not None or is_a("numbered", text) or _SENTENCE.search(text)
            leads = linked > _LINKED * len(rule("layout.toml", "artefact.dated").sub("", text)) and not plain
            self.links = [False] * len(self.links)  # a link over several lines was left open
            line = Block(text, aside=leads, level=level)
            self.lines.append(line)
            self.inside.append(self.open["main"] + self.open["article"] > 0)

    def _begin_cell(self) -> None:
        if self.rows:
            self._break()
            self.rows[-1].append(len(self.lines))
        elif self.line:
            self.line.append("\t")

    def _end_row(self, starts: list[int]) -> None:
        """Make one line of a row, unless a cell frames a text, or holds a heading."""
        if len(self.rows) > _NESTED:
            return
        bounds = pairwise([*starts, len(self.lines)])
        cells = [self.lines[start:end] for start, end in bounds]
        filled = [cell for cell in cells if cell]
        framed = any(len(cell) > 1 and _size(cell) > FRAMED for cell in filled)
        if len(filled) > 1 and not framed and all(line.level is None for cell in filled for line in cell):
            row = "\t".join(" ".join(line.text for line in cell) for cell in cells).strip("\t")
            leads = all(line.aside for cell in filled for line in cell)
            self.lines[starts[0] :] = [Block(row, aside=leads)]
            del self.inside[starts[0] + 1 :]


def _size(lines: list[Block]) -> int:
    return sum(len(line.text) for line in lines)


def _opens(line: str) -> bool:
    """Whether a line opens a report: it begins as one does, and is a sentence; the line above is its title."""
    return bool(rule("layout.toml", "title.begins").match(line) and _SENTENCE.search(line))


def read_html(page: str) -> list[Block]:
    """Read the text of an HTML page.

    Parameters
    ----------
    page : str

    Returns
    -------
    list of Block
        One block a line, table cells joined by tabs, ordered lists with their numbers; ``h1`` is level 1. Scripts,
        styles, navigation, asides, footers and hidden elements are left out; where a ``main`` or ``article`` holds
        most of the text, all else is. Lines that only link to other pages are no running text, except the title of a
        report.
    """
    from lxml.etree import HTMLParser  # noqa: PLC0415

    parser = HTMLParser(target=_Page(), encoding="utf-8", no_network=True, huge_tree=True)
    parser.feed(page.encode("utf-8", errors="replace"))
    return parser.close()


def is_markdown(text: str) -> bool:
    """Whether a plain text is Markdown: at least two of its lines are marked as headings, or bold throughout."""
    return sum(1 for _ in islice(_MD_SURE.finditer(text), 2)) > 1


def read_markdown(text: str) -> list[Block]:
    """Read Markdown.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Block
        Line by line, without the signs for headings, emphasis, links, quotations and bullets; numbers stay as
        written, table cells are joined by tabs, ``#`` is level 1. An asterisk that emphasises nothing stays. Of a
        YAML head the title stands as the document's title, the rest as no running text.
    """
    head = _MD_FRONT.match(text)
    front = [_front(line) for line in head["front"].splitlines() if line.strip()] if head else []
    body = text[head.end() :] if head else text
    return front + [_plain(line) for line in body.split("\n") if not _MD_RULE.match(line)]


def _front(line: str) -> Block:
    """A line of a YAML head: the document's title, or what is said of it (source, date)."""
    key, _, value = line.partition(":")
    title = value.strip().strip("\"'")
    return Block(title, level=TITLE) if key.strip().lower() == "title" and title else Block(line, aside=True)


def _plain(line: str) -> Block:
    line = _MD_ESCAPE.sub(lambda match: chr(_ESCAPED + ord(match.group(1))), line).removesuffix("\\")
    head = _MD_HEAD.match(line)
    signs = (head and head.group("level")) or ""
    line = line[head.end() if head else 0 :]
    line = _MD_ATTRIBUTES.sub("", line) if signs else line
    if line.lstrip().startswith("|"):
        line = "\t".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    for pattern in _MD_SPANS:
        line = pattern.sub(r"\g<text>", line)
    line = html.unescape(_MD_TAG.sub("", line)).translate({_ESCAPED + code: chr(code) for code in range(128)})
    return Block(_without_closing(line), level=len(signs)) if signs else Block(line)


def _without_closing(heading: str) -> str:
    """A heading without the signs that may close it (``## 修渠 ##``)."""
    head = heading.rstrip().rstrip("#")
    return head.rstrip() if head != heading.rstrip() and head.endswith((" ", "\t")) else heading


def read_rtf(text: str) -> list[Block]:
    """Read RTF.

    Parameters
    ----------
    text : str
        The bytes of the file, one character a byte.

    Returns
    -------
    list of Block
        One paragraph a line, table cells joined by tabs; RTF's headings are not told apart.
    """
    from striprtf.striprtf import rtf_to_text  # noqa: PLC0415

    # The library looks for hyperlinks with an expression that is quadratic in the number of fields, and writes their
    # addresses into the text; a space, which RTF allows there, keeps it from finding any.
    text = text.replace(r"{\field{", r"{\field {")
    text = re.sub(r"\\(?:nest)?cell(?![a-z])", r"\\tab", text)
    plain = join_surrogates(rtf_to_text(text, encoding="cp936", errors="replace"))
    return [Block(line.rstrip("\t ")) for line in plain.split("\n")]
