"""Word documents: paragraphs, tables, text boxes and notes as lines, with the numbers that Word does not store.

The package is read as XML in a ZIP by lxml: files of WPS often name parts that are not there, at which python-docx
gives up. Left out: tracked deletions, hidden text, field codes, comments, headers and footers. Authors style by eye, so
that the level of a heading (ECMA-376, 17.3.1.20) is evidence of a title or of depth, never more.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from kit.data import knowledge, rule
from kit.read.encoding import FRAMED, TITLE, Block, unreadable
from kit.read.lines import is_a
from kit.read.word_numbers import MAX_BASES, OFF, Numbering, attribute, child, local, read_numbering

MAX_XML = 128 * 2**20  # of one part of a document, unpacked
MAX_TAGS = 2_000_000  # of one part; a report of 10,000 characters has about 3,000
MAX_CELLS = 100_000  # of one table, which is read as a whole
MAX_RATIO = 100  # unpacked to packed; Apache POI refuses at the same figure
MAX_SECONDS = 90  # for LibreOffice
_MAX_FIELDS = 100  # open at once; more were left open
_BODY = 9  # the outline level of body text, counted from 0 as Word stores it
_ELSEWHERE = ("altChunk", "subDoc")  # documents within the document, which only Word puts together
_LEFT_OUT = frozenset(knowledge("formats.toml")["word"]["left_out"])  # elements with all that they hold
_SIGNS: dict[str, str] = knowledge("formats.toml")["word"]["signs"]
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False}  # of lxml's parsers
_ANEW = "open it in Word, save it anew, and try again"


@dataclass
class _Document:
    """What is known of one document while its paragraphs are read in order."""

    numbers: Numbering
    levels: dict[str, int | None] = field(default_factory=dict)  # of paragraph styles
    contents: frozenset[str] = frozenset()  # paragraph styles of tables of contents
    headed: bool = False  # a line 目录 has been read, below which their lines are told apart by what they say
    notes: dict[tuple[str, str], str] = field(default_factory=dict)  # kind and id to text, until it is cited
    cited: list[str] = field(default_factory=list)  # notes of the paragraph at hand
    boxes: list[Any] = field(default_factory=list)  # text boxes of the paragraph at hand
    in_boxes: dict[tuple[str, int], int] = field(default_factory=dict)  # text boxes count by themselves
    fields: list[bool] = field(default_factory=list)  # open fields: whether their code, not their result, is being read
    carried: list[str] = field(default_factory=list)  # texts of paragraphs whose end is deleted


def read_word(content: bytes, *, name: str) -> list[Block]:
    """Read a .docx document: one paragraph or table row a line, cells joined by tabs; notes and text boxes follow."""
    with ZipFile(BytesIO(content)) as package:
        main = _target(_relations(package, "_rels/.rels", name), "officeDocument", "") or "word/document.xml"
        folder, _, file = main.rpartition("/")
        related = _relations(package, f"{folder}/_rels/{file}.rels", name)
        parts = {
            kind: _parse(package, _target(related, kind, folder), name)
            for kind in ("numbering", "styles", "footnotes", "endnotes")
        }
        lists, styles = (parts["numbering"], parts["styles"]), parts["styles"]
        document = _Document(read_numbering(*lists), _read_levels(styles), _read_contents_styles(styles))
        for kind in ("footnote", "endnote"):
            document.notes |= _read_notes(kind, parts[kind + "s"], _Document(read_numbering(*lists)))
        with _open(package, main, name) as stream:
            return [block for element in _blocks(stream, name) for block in _lines(element, document)]


# The package


def check_sizes(members: list[zipfile.ZipInfo], *, name: str, limit: int = MAX_XML) -> None:
    """Raise when a member of a ZIP unpacks to more than ``limit`` bytes, or to far more than it was packed into."""
    for member in members:
        size, packed = member.file_size, member.compress_size
        if size > limit or size > max(2**20, MAX_RATIO * packed):
            raise unreadable(
                name,
                f"parts of at most {limit // 2**20} MiB, at most {MAX_RATIO} times their packed size",
                f"{member.filename} with {size // 2**20} MiB from {packed // 2**10} KiB (a zip bomb?)",
                "if it is sound, save or pack it anew",
            )


def _open(package: ZipFile, path: str, name: str) -> Any:
    """Open a part of the package, once it has been looked through for what would take too long, or never ends."""
    if package.namelist().count(path) > 1:
        raise unreadable(name, "each part once", f"{path} twice", _ANEW)
    check_sizes([package.getinfo(path)], name=name)
    tags, tail = 0, b""
    with package.open(path) as stream:
        for chunk in iter(lambda: stream.read(2**20), b""):
            seen = tail + chunk.replace(b"\0", b"")  # which UTF-16 has between ASCII letters
            if b"<!DOCTYPE" in seen:
                found = f"{path} with a DOCTYPE, which Word never writes"
                raise unreadable(name, "a Word document", found, _ANEW)
            tags, tail = tags + chunk.count(b"<"), seen[-8:]
    if tags > MAX_TAGS:
        raise unreadable(name, f"at most {MAX_TAGS:,} XML tags", f"{tags:,} in {path}", "split the document")
    return package.open(path)


def _parse(package: ZipFile, path: str, name: str) -> Any:
    from lxml import etree  # noqa: PLC0415

    if path not in package.namelist():
        return None
    with _open(package, path, name) as stream:
        return etree.parse(stream, etree.XMLParser(**_SAFE)).getroot()


def _relations(package: ZipFile, path: str, name: str) -> list[Any]:
    root = _parse(package, path, name)
    return [] if root is None else list(root)


def _target(relations: list[Any], kind: str, folder: str) -> str:
    """The path of a related part; empty when there is none."""
    target = next((one.get("Target", "") for one in relations if one.get("Type", "").endswith("/" + kind)), "")
    return target.lstrip("/") if target.startswith("/") or not (target and folder) else f"{folder}/{target}"


def _blocks(stream: Any, name: str) -> Iterator[Any]:
    """Yield the paragraphs and tables of a document's body, and forget each behind it."""
    from lxml import etree  # noqa: PLC0415

    tags = [f"{{*}}{tag}" for tag in ("p", "tbl", "tc", "sdt", "customXml", *_ELSEWHERE)]
    cells = 0
    for _, element in etree.iterparse(stream, events=("end",), tag=tags, **_SAFE):
        parent = element.getparent()
        cells += local(element) == "tc"
        if cells > MAX_CELLS:
            raise unreadable(name, f"at most {MAX_CELLS:,} cells in a table", "one with more", "split the table")
        if local(element) in _ELSEWHERE:
            found = f"one that draws in others ({local(element)})"
            raise unreadable(name, "a document that holds its text", found, _ANEW)
        if parent is None or local(parent) != "body":
            continue
        yield element
        cells = 0
        element.clear(keep_tail=False)
        while element.getprevious() is not None:
            del parent[0]


# Styles


def _read_levels(styles: Any) -> dict[str, int | None]:
    """Paragraph styles to their heading level, their own or that of a style they are based on (see `read_word`)."""
    found = () if styles is None else styles.iterchildren("{*}style")
    known = {attribute(style, "styleId"): (_style_level(style), attribute(child(style, "basedOn"))) for style in found}
    levels = {}
    for key, (level, base) in known.items():
        for _ in range(MAX_BASES):
            if level >= 0 or base not in known:
                break
            level, base = known[base]  # noqa: PLW2901
        levels[key] = level if 0 <= level <= _BODY else None
    return levels


def _style_level(style: Any) -> int:
    """A style's own level by its name or its outline level; -1 when it has none."""
    name, outline = attribute(child(style, "name")), attribute(child(style, "pPr/outlineLvl"))
    numbered = rule("formats.toml", "headings.numbered", ignore_case=True).match(name)
    if rule("formats.toml", "headings.title", ignore_case=True).match(name):
        return TITLE
    if outline.isdecimal():
        return _outline_level(outline)
    return int(numbered.group(1)) if numbered else -1


def _outline_level(stored: str) -> int:
    return min(int(stored[:9]), _BODY) + 1


def _read_contents_styles(styles: Any) -> frozenset[str]:
    named = rule("formats.toml", "headings.contents", ignore_case=True)
    found = () if styles is None else styles.iterchildren("{*}style")
    return frozenset(attribute(one, "styleId") for one in found if named.match(attribute(child(one, "name"))))


# The text


def _read_notes(kind: str, root: Any, document: _Document) -> dict[tuple[str, str], str]:
    notes = [] if root is None else [note for note in root if not attribute(note, "type")]  # the others are separators
    return {(kind, attribute(note, "id")): " ".join(_words(note, document)) for note in notes}


def _words(element: Any, document: _Document) -> list[str]:
    return [" ".join(line.split("\n")).strip() for line, *_ in _lines(element, document) if line.strip()]


def _lines(element: Any, document: _Document) -> Iterator[Block]:
    tag = local(element)
    if tag == "p":
        yield from _paragraph(element, document)
    elif tag == "tr":
        yield from _row(element, document)
    elif tag not in _LEFT_OUT and child(element, "sdtPr/showingPlcHdr") is None:
        for inner in element:
            yield from _lines(inner, document)


def _row(row: Any, document: _Document) -> Iterator[Block]:
    """A row is a line; where a table only frames a text, its cells keep their paragraphs."""
    if child(row, "trPr/del") is not None:
        return
    cells = [_words(cell, document) for cell in _cells(row)]
    filled = [cell for cell in cells if cell]
    framed = any(len(cell) > 1 and sum(map(len, cell)) > FRAMED for cell in filled)
    if len(filled) == 1 or framed:
        yield from (Block(line) for cell in filled for line in cell)
    elif filled:
        yield Block("\t".join(" ".join(cell) for cell in cells).rstrip("\t"))


def _cells(element: Any) -> Iterator[Any]:
    for inner in element:
        if local(inner) == "tc":
            yield inner
        elif local(inner) != "tr":
            yield from _cells(inner)


def _paragraph(paragraph: Any, document: _Document) -> Iterator[Block]:
    """A paragraph with its number, the text boxes anchored in it, above or below, and the notes it cites."""
    pieces, above, begun = [], 0, False
    for piece in _runs(paragraph, document):
        above = above if begun else len(document.boxes)
        begun = begun or bool(piece.strip())
        pieces.append(piece)
    text, above = "".join(pieces), above * begun
    document.fields = [False] * len(document.fields)  # no code goes on behind its paragraph; a result may
    boxes, document.boxes = document.boxes, []
    cited, document.cited = document.cited, []
    yield from _in_boxes(boxes[:above], document)
    properties = child(paragraph, "pPr")
    mark = child(properties, "rPr")
    gone = child(mark, "del") is not None
    if gone or (not text and _is_on(mark, "vanish")):
        document.carried.append(text)
    else:
        line = "".join([document.numbers.number(paragraph), *document.carried, text])
        document.carried = []
        style, level = attribute(child(properties, "pStyle")), attribute(child(properties, "outlineLvl"))
        document.headed = document.headed or is_a("contents head", line.strip())
        aside = not document.headed and style in document.contents
        own = _outline_level(level) if level.isdecimal() else document.levels.get(style)  # before its style's
        depth = own if own is not None and own <= _BODY else None
        yield from (Block(piece, aside, depth) for piece in line.split("\n") if piece.strip())
    yield from _in_boxes(boxes[above:], document)
    yield from (Block(note, aside=True) for note in cited if note)


def _in_boxes(boxes: list[Any], document: _Document) -> Iterator[Block]:
    body, document.numbers.counts = document.numbers.counts, document.in_boxes
    for box in boxes:
        yield from _lines(box, document)
    document.numbers.counts = body


def _is_on(properties: Any, name: str) -> bool:
    switch = child(properties, name)
    return switch is not None and attribute(switch) not in OFF


def _runs(element: Any, document: _Document) -> Iterator[str]:
    """Yield the visible text below a paragraph, run by run."""
    for inner in element:
        match local(inner):
            case "t":
                yield "" if any(document.fields) else (inner.text or "").replace("\n", " ").replace("\r", " ")
            case "r":
                run = list(_runs(inner, document))
                yield from [] if _is_on(child(inner, "rPr"), "vanish") else run
            case "fldChar":
                _follow_field(attribute(inner, "fldCharType"), document.fields)
            case sign if sign in _SIGNS:
                yield _SIGNS[sign]
            case "sym":
                yield chr(int(attribute(inner, "char") or "20", 16))
            case "footnoteReference" | "endnoteReference" as cited:  # a note stands where it is cited first
                document.cited.append(document.notes.pop((cited.removesuffix("Reference"), attribute(inner, "id")), ""))
            case "txbxContent":
                document.boxes.append(inner)
            case tag if tag not in _LEFT_OUT and child(inner, "sdtPr/showingPlcHdr") is None:
                yield from _runs(inner, document)


def _follow_field(kind: str, fields: list[bool]) -> None:
    if kind == "begin":
        fields.append(True)
        del fields[:-_MAX_FIELDS]
    elif fields and kind == "separate":
        fields[-1] = False
    elif fields and kind == "end":
        fields.pop()


# Older documents


def convert_to_docx(content: bytes, *, name: str) -> bytes:
    """Convert an older document (.doc, .wps) by LibreOffice, in a private folder, macros off, nothing fetched."""
    known = knowledge("formats.toml")["office"]
    office = next((found for place in known["places"] if (found := shutil.which(place))), None)
    remedy = "open it in Word or WPS, save it as .docx, and try again"
    if office is None:
        expected = "LibreOffice, which reads .doc and .wps for the kit"
        raise unreadable(name, expected, "none", f"install it, or {remedy}")
    with tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(known["settings"], encoding="utf-8")
        (folder / "source.doc").write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--norestore", "--infilter=MS Word 97", "--convert-to", "docx"]
        _run([*command, "--outdir", place, str(folder / "source.doc")], folder)
        if (folder / "source.docx").exists():
            return (folder / "source.docx").read_bytes()
    expected = "a document that LibreOffice can read"
    raise unreadable(name, expected, "one that it cannot (damaged?)", remedy)


def _run(command: list[str], folder: Path) -> None:
    """Run LibreOffice and wait; when it takes too long, what it started ends with it."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            process.wait(timeout=MAX_SECONDS)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
