"""What format a file is in, told by its bytes before its name, and the text it holds."""

import email
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from kit.errors import SourceError
from kit.read.blocks import Block
from kit.read.encoding import decode
from kit.read.lines import SPACE
from kit.read.markup import MAX_CHARS, declared_charset, is_markdown, read_html, read_markdown, read_rtf
from kit.read.office import convert_to_docx
from kit.read.paragraphs import unwrap
from kit.read.pdf import read_pdf
from kit.read.state import doubt
from kit.read.word import MAX_TAGS, read_word

SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".rtf", ".docx", ".pdf", ".doc", ".wps",
            ".mht", ".mhtml")  # fmt: skip
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\0", "picture"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
)
_MEMBERS = (
    ("word/", "docx"),
    ("xl/", "spreadsheet"),
    ("ppt/", "presentation"),
    ("OFD.xml", "ofd"),
    ("mimetype", "odf"),
)
_STREAMS = (
    ("EncryptedPackage", "locked"),
    ("WordDocument", "doc"),
    ("Workbook", "spreadsheet"),
    ("PowerPoint Document", "presentation"),
)
_REFUSED = {
    "locked": ("an office document that a password protects", "save a copy without password"),
    "spreadsheet": ("a spreadsheet", "save the reports in it as .docx"),
    "presentation": ("a presentation", "save the reports in it as .docx"),
    "odf": ("an OpenDocument file", "save it as .docx"),
    "xml": ("a Word document as XML (.xml, or .doc of some office systems)", "open it in Word and save it as .docx"),
    "ofd": ("an OFD document", "export it as PDF or .docx"),
    "damaged": ("an office document of no known kind, or a damaged one", "save it as .docx"),
    "picture": ("a picture", "run text recognition (OCR) over it, or ask for the document"),
    "rar": ("a RAR archive", "unpack it and read the folder"),
    "7z": ("a 7z archive", "unpack it and read the folder"),
    "json": ("data (JSON)", "save the text of each report as .txt"),
    "zip": ("a ZIP archive inside another, or a damaged one", "unpack it and read the folder"),
}
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}\[?\s{0,99}\{\s{0,99}\"")
_XML = re.compile(  # a Word document as one XML file, which office systems also call .doc
    rb"(?:\xef\xbb\xbf)?\s{0,99}<\?(?:xml|mso)[^>]{0,300}\?>.{0,2000}<(?:pkg:package|w:wordDocument|office:document)",
    re.DOTALL,
)
_MHTML = re.compile(rb"(?:^|\n)Content-Type:\s{0,9}multipart/related", re.IGNORECASE)
_HEADERS = re.compile(rb"(?:[\w-]{2,40}:|\s)", re.IGNORECASE)
_WHOLE = {"start": 0, "end": 0}


@dataclass(frozen=True)
class Extract:
    r"""The text of a file, and what its format shows of it.

    Attributes
    ----------
    format, encoding : str
        Its format (txt, docx …) and how its bytes were decoded (empty where the format says).
    text : str
        Line ends are ``\n``; one paragraph a line where the format knows paragraphs, or where the lines of a text were
        broken at a measure, which a doubt says.
    artefacts : tuple of (start, end)
        Spans of ``text``, whole lines, that the format shows to be no running text: running heads and page numbers of
        a PDF, footnotes and endnotes of a Word document.
    headings : tuple of (at, level)
        Where the lines begin that the format shows to be headings: Word's styles, ``h1`` to ``h6``, ``#``. Level 0 is
        a title, 1 the outermost heading.
    doubts : tuple of dict
        Rows of `tables.DOUBTS`, their offsets into ``text``.
    """

    format: str
    encoding: str
    text: str
    artefacts: tuple[tuple[int, int], ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    doubts: tuple[dict, ...] = ()


def sniff(content: bytes, suffix: str) -> str:
    """Tell the format of bytes; the suffix (without dot, lower case) only decides between kinds of text."""
    if content.startswith(b"PK"):
        return _sniff_zip(content, suffix)
    kind = next((kind for magic, kind in _MAGIC if content.startswith(magic)), "")
    if kind == "doc":
        return next((kind for stream, kind in _STREAMS if stream.encode("utf-16-le") in content), "damaged")
    if not kind and b"%PDF-" in content[:1024]:
        return "pdf"
    if not kind and _JSON.match(content):
        return "json"
    if not kind and _XML.match(content):
        return "xml"
    if not kind and _HEADERS.match(content) and _MHTML.search(content[:5000].partition(b"\r\n\r\n")[0]):
        return "mhtml"
    return kind or {"markdown": "md", "htm": "html"}.get(suffix, suffix if suffix in ("md", "html") else "txt")


def _sniff_zip(content: bytes, suffix: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "docx" if suffix == "docx" else "zip"
    return next((kind for start, kind in _MEMBERS if any(name.startswith(start) for name in names)), "zip")


def extract(content: bytes, suffix: str, *, name: str) -> Extract:
    """Read the text of a file.

    Parameters
    ----------
    content : bytes
    suffix : str
        The end of the file's name, without dot, lower case.
    name : str
        What to call the file in an error.

    Returns
    -------
    Extract

    Raises
    ------
    SourceError
        When the format is none that can be read, or the file is damaged or locked.
    """
    kind = sniff(content, suffix)
    if kind in _REFUSED:
        found, remedy = _REFUSED[kind]
        message = f"{name}: expected a document of {', '.join(SUFFIXES)}, found {found}; {remedy}"
        raise SourceError(message)
    try:
        return _extract(content, kind, name)
    except SourceError:
        raise
    except Exception as error:  # what libraries raise at damaged files has no common ancestor
        what = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        message = (
            f"{name}: expected a .{kind} file that opens, found a damaged one ({what}); "
            f"open it in the program it comes from, save it anew, and try again"
        )
        raise SourceError(message) from error


def _extract(content: bytes, kind: str, name: str) -> Extract:
    if kind in ("doc", "docx"):
        return _join(kind, read_word(convert_to_docx(content, name=name) if kind == "doc" else content, name=name))
    if kind == "pdf":
        blocks, pictures = read_pdf(content, name=name)
        pages = ", ".join(map(str, pictures))
        unread = [doubt("pages_without_text", 0, _WHOLE, pages=pages)] if pictures else []
        return _join(kind, blocks, doubts=unread)
    if kind == "rtf":
        return _join(kind, read_rtf(_limited(content.decode("latin-1"), name, "{")))
    if kind == "mhtml":
        content, kind = _unpack_page(content), "html"
    text, encoding = decode(content, name=name, declared=declared_charset(content) if kind == "html" else "")
    if kind == "html" or any(start in text[:2000].lower() for start in ("<!doctype html", "<html")):
        return _join("html", read_html(_limited(text, name)), encoding=encoding)
    if kind == "md" or is_markdown(text):
        return _join("md", read_markdown(_limited(text, name)), encoding=encoding)
    return _join(kind, map(Block, text.split("\n")), encoding=encoding)


def _unpack_page(content: bytes) -> bytes:
    """The page in a web archive (.mht), which browsers and office systems save."""
    parts = email.message_from_bytes(content).walk()
    page = next(part for part in parts if part.get_content_type() == "text/html")
    charset = page.get_content_charset("")
    body: Any = page.get_payload(decode=True)
    return body if declared_charset(body) or not charset else body.decode(charset, errors="replace").encode()


def _limited(content: Any, name: str, tag: str = "<") -> Any:
    """Markup is read as long as it is no larger, and no denser, than reading takes a few seconds for."""
    found, tags = len(content), content.count(tag)
    if found > MAX_CHARS or tags > MAX_TAGS:
        message = (
            f"{name}: expected at most {MAX_CHARS:,} characters of markup and {MAX_TAGS:,} tags, "
            f"found {found:,} and {tags:,}; split the file"
        )
        raise SourceError(message)
    return content


def _join(kind: str, blocks: Iterable[Block], *, encoding: str = "", doubts: Iterable[dict] = ()) -> Extract:
    """Join lines into a text and keep the places of those that are no running text, and of headings."""
    at, artefacts, headings, pieces = 0, [], [], []
    lines, measure = (blocks, 0) if kind == "pdf" else unwrap(list(blocks))
    doubts = [*doubts, doubt("lines_rejoined", 0, _WHOLE, measure=measure)] if measure else doubts
    for block in lines:
        pieces.append(block.text)
        if block.aside:
            artefacts.append((at, at + len(block.text)))
        if block.level is not None:
            headings.append((at + len(block.text) - len(block.text.lstrip(SPACE)), block.level))
        at += len(block.text) + 1
    return Extract(kind, encoding, "\n".join(pieces), tuple(artefacts), tuple(headings), tuple(doubts))
