"""HTML, Markdown and RTF become lines: one block a line, what is markup or furniture of a page left out."""

import html
import re
from collections import Counter
from itertools import islice
from typing import Any

from kit.read.blocks import Block
from kit.read.encoding import join_surrogates

MAX_CHARS = 16 * 2**20
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section", "table",
    "tbody", "thead", "tr", "ul", "br",
}  # fmt: skip
_CLUTTER = {
    "aside", "button", "footer", "iframe", "nav", "noscript", "option", "script", "select", "style", "svg", "template",
    "textarea", "title",
}  # fmt: skip
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_ESCAPED = 0xE000  # a sign behind a backslash waits here, in private use, until the marks around it are read
_MD_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MD_RULE = re.compile(r"\s*(?:[-*_=][ \t]*){3,}$|\s*(?:```|~~~)|\s*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t:-]*$")
_MD_HEAD = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?P<level>#{1,6})(?:[ \t]+|$)|[-*+][ \t]+)?")
_MD_SPANS = (  # lengths are bounded, so that no line takes more than linear time
    re.compile(r"!?\[(?P<text>[^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,300}\")?\)"),
    re.compile(r"(?P<mark>\*\*|__)(?=\S)(?P<text>[^*_]{1,300}?)(?<=\S)(?P=mark)"),
    re.compile(r"(?<!\*)\*(?![\s*])(?P<text>[^*]{1,300}?)(?<!\s)\*(?!\*)"),
    re.compile(r"`(?P<text>[^`]{1,300})`"),
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
        self.main: list[Block] = []  # lines within <main> or <article>
        self.line: list[str] = []  # what the line at hand has so far
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
        if tag in ("ol", "ul"):
            start = attributes.get("start", "1")
            self.lists.append(None if tag == "ul" else int(start) if start.isdecimal() else 1)
        elif tag == "li" and self.lists and self.lists[-1] is not None:
            self.number = f"{self.lists[-1]}. "
            self.lists[-1] += 1
        elif tag in ("td", "th") and self.line:
            self.line.append("\t")

    def end(self, tag: str) -> None:
        if self.clutter:
            while tag in self.clutter and self.clutter.pop() != tag:
                pass
            return
        if tag in _BLOCKS:
            self._break()
        self.open[tag] -= 1
        if tag in ("ol", "ul") and self.lists:
            self.lists.pop()

    def data(self, text: str) -> None:
        if self.clutter:
            return
        first, *more = text.split("\n") if self.open["pre"] > 0 else [_SPACE.sub(" ", text)]
        self._add(first)
        for line in more:
            self._break()
            self._add(line)

    def comment(self, text: str) -> None:
        """Leave out comments."""

    def close(self) -> list[Block]:
        self._break()
        main, whole = (sum(len(line.text) for line in lines) for lines in (self.main, self.lines))
        return self.main if main > whole // 2 else self.lines

    def _add(self, text: str) -> None:
        if self.line or text.strip(" "):
            self.line += [self.number, text]
            self.number = ""

    def _break(self) -> None:
        text = re.sub(" +", " ", "".join(self.line)).strip(" \t")
        self.line = []
        if text:
            line = Block(text, level=next((n for n in range(1, 7) if self.open[f"h{n}"] > 0), None))
            self.lines.append(line)
            if self.open["main"] + self.open["article"] > 0:
                self.main.append(line)


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
        most of the text, all else is.
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
        written, table cells are joined by tabs, ``#`` is level 1. An asterisk that emphasises nothing stays.
    """
    return [_plain(line) for line in text.split("\n") if not _MD_RULE.match(line)]


def _plain(line: str) -> Block:
    line = _MD_ESCAPE.sub(lambda match: chr(_ESCAPED + ord(match.group(1))), line)
    head = _MD_HEAD.match(line)
    signs = (head and head.group("level")) or ""
    line = line[head.end() if head else 0 :]
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
