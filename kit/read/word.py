"""Word documents: paragraphs, tables, text boxes and notes as lines, with the numbers that Word does not store.

The package is read as what it is, XML in a ZIP, by lxml: files of WPS often name parts that are not there, at which
python-docx gives up, and neither library computes numbers. One block at a time is in memory. Left out: deletions that
are only tracked, hidden text, field codes, comments, headers and footers.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from kit.errors import SourceError
from kit.read.blocks import FRAMED, Block
from kit.read.headings import heading_level, read_contents_styles, read_levels
from kit.read.lines import is_a
from kit.read.numbering import OFF, Numbering, attribute, child, local, read_numbering

MAX_XML = 128 * 2**20  # of one part of a document, unpacked
MAX_TAGS = 2_000_000  # of one part; a report of 10,000 characters has about 3,000
MAX_RATIO = 100  # unpacked to packed; Apache POI refuses at the same figure
_LEFT_OUT = {
    "pPr",
    "rPr",
    "tblPr",
    "trPr",
    "tcPr",
    "sdtPr",
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "rt",
    "Fallback",
}
_ELSEWHERE = ("altChunk", "subDoc")  # documents within the document, which only Word puts together
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


@dataclass
class _Document:
    """What is known of one document while its paragraphs are read in order."""

    numbers: Numbering
    levels: dict[str, int | None] = field(default_factory=dict)  # of paragraph styles
    contents: frozenset[str] = frozenset()  # paragraph styles of tables of contents
    headed: bool = False  # a line 目录 has been read, below which their lines are told apart by what they say
    notes: dict[tuple[str, str], str] = field(default_factory=dict)  # kind and id to text
    cited: list[str] = field(default_factory=list)  # notes of the paragraph at hand
    boxes: list[Any] = field(default_factory=list)  # text boxes of the paragraph at hand
    in_boxes: dict[tuple[str, int], int] = field(default_factory=dict)  # text boxes count by themselves
    fields: list[bool] = field(default_factory=list)  # open fields: whether their code, not their result, is being read
    carried: str = ""  # text of a paragraph whose end is deleted


def read_word(content: bytes, *, name: str) -> list[Block]:
    """Read a .docx document.

    Parameters
    ----------
    content : bytes
    name : str
        What to call the file in an error.

    Returns
    -------
    list of Block
        One paragraph or table row a line, cells joined by tabs; the lines of a text box and the notes of a paragraph,
        which are no running text, follow it.

    Raises
    ------
    SourceError
        When the package is damaged, unpacks to more than the limits, or its XML declares entities.
    """
    with ZipFile(BytesIO(content)) as package:
        check_sizes([one for one in package.infolist() if one.filename.endswith((".xml", ".rels"))], name=name)
        for part in (one for one in package.namelist() if one.endswith(".xml")):
            _check_tags(package, part, name)
        main = _target(_relations(package, "_rels/.rels"), "officeDocument", "") or "word/document.xml"
        folder, _, file = main.rpartition("/")
        related = _relations(package, f"{folder}/_rels/{file}.rels")
        numbering, styles = (_parse(package, _target(related, kind, folder)) for kind in ("numbering", "styles"))
        document = _Document(read_numbering(numbering, styles), read_levels(styles), read_contents_styles(styles))
        for kind in ("footnote", "endnote"):
            notes = _parse(package, _target(related, kind + "s", folder))
            document.notes |= _read_notes(kind, notes, _Document(read_numbering(numbering, styles)))
        with package.open(main) as stream:
            return [block for element in _blocks(stream, name) for block in _lines(element, document)]


def check_sizes(members: list[zipfile.ZipInfo], *, name: str, limit: int = MAX_XML) -> None:
    """Raise when a member of a ZIP unpacks to more than ``limit`` bytes, or to far more than it was packed into."""
    for member in members:
        swollen = member.file_size > 2**20 and member.file_size > MAX_RATIO * member.compress_size
        if swollen or member.file_size > limit:
            message = (
                f"{name}: expected parts of at most {limit // 2**20} MiB, at most {MAX_RATIO} times their packed size, "
                f"found {member.filename} with {member.file_size // 2**20} MiB from {member.compress_size // 2**10} "
                f"KiB (a zip bomb?); if it is sound, save or pack it anew"
            )
            raise SourceError(message)


def _check_tags(package: ZipFile, part: str, name: str) -> None:
    with package.open(part) as stream:
        chunks = iter(lambda: stream.read(2**20), b"")
        tags, declares = 0, False
        for chunk in chunks:
            tags, declares = tags + chunk.count(b"<"), declares or b"<!DOCTYPE" in chunk
    if declares:
        message = f"{name}: expected a Word document, found {part} with a DOCTYPE, which Word never writes; not opened"
        raise SourceError(message)
    if tags > MAX_TAGS:
        message = f"{name}: expected at most {MAX_TAGS:,} XML tags, found {tags:,} in {part}; split the document"
        raise SourceError(message)


def _relations(package: ZipFile, path: str) -> list[Any]:
    root = _parse(package, path)
    return [] if root is None else list(root)


def _target(relations: list[Any], kind: str, folder: str) -> str:
    """The path of a related part; empty when there is none."""
    target = next((one.get("Target", "") for one in relations if one.get("Type", "").endswith("/" + kind)), "")
    return target.lstrip("/") if target.startswith("/") or not (target and folder) else f"{folder}/{target}"


def _parse(package: ZipFile, path: str) -> Any:
    from lxml import etree  # noqa: PLC0415

    if path not in package.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.parse(package.open(path), parser).getroot()


def _blocks(stream: Any, name: str) -> Iterator[Any]:
    """Yield the paragraphs and tables of a document's body, and forget each behind it."""
    from lxml import etree  # noqa: PLC0415

    tags = [f"{{*}}{tag}" for tag in ("p", "tbl", "sdt", "customXml", *_ELSEWHERE)]
    found = etree.iterparse(stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False)
    for _, element in found:
        parent = element.getparent()
        if local(element) in _ELSEWHERE:
            message = (
                f"{name}: expected a document that holds its text, found one that draws in others ({local(element)}); "
                f"open it in Word, save it anew, and try again"
            )
            raise SourceError(message)
        if parent is None or local(parent) != "body":
            continue
        yield element
        element.clear(keep_tail=False)
        while element.getprevious() is not None:
            del parent[0]


def _read_notes(kind: str, root: Any, document: _Document) -> dict[tuple[str, str], str]:
    notes = [] if root is None else [note for note in root if not attribute(note, "type")]  # the others are separators
    return {(kind, attribute(note, "id")): " ".join(_words(note, document)) for note in notes}


def _words(element: Any, document: _Document) -> list[str]:
    """The lines below an element without line breaks of their own, for a cell or a note."""
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
    cells = [_words(cell, document) for cell in row.iterfind(".//{*}tc") if _row_of(cell) is row]
    filled = [cell for cell in cells if cell]
    framed = any(len(cell) > 1 and sum(map(len, cell)) > FRAMED for cell in filled)
    if len(filled) == 1 or framed:
        yield from (Block(line) for cell in filled for line in cell)
    elif filled:
        yield Block("\t".join(" ".join(cell) for cell in cells).rstrip("\t"))


def _row_of(cell: Any) -> Any:
    return next(above for above in cell.iterancestors() if local(above) == "tr")


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
    mark = child(paragraph, "pPr/rPr")
    gone = child(mark, "del") is not None
    if gone or (not text and _is_on(mark, "vanish")):
        document.carried += text
    else:
        line = document.numbers.number(paragraph) + document.carried + text
        document.carried = ""
        level = heading_level(paragraph, document.levels)
        document.headed = document.headed or is_a("contents head", line.strip())
        aside = not document.headed and attribute(child(paragraph, "pPr/pStyle")) in document.contents
        yield from (Block(piece, aside, level) for piece in line.split("\n") if piece.strip())
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
        tag = local(inner)
        if tag == "t":
            yield "" if any(document.fields) else (inner.text or "").replace("\n", " ")
        elif tag == "r":
            run = list(_runs(inner, document))
            yield from [] if _is_on(child(inner, "rPr"), "vanish") else run
        elif tag == "fldChar":
            _follow_field(attribute(inner, "fldCharType"), document.fields)
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == "sym":
            yield chr(int(attribute(inner, "char") or "20", 16))
        elif tag in ("footnoteReference", "endnoteReference"):
            document.cited.append(document.notes.get((tag.removesuffix("Reference"), attribute(inner, "id")), ""))
        elif tag == "txbxContent":
            document.boxes.append(inner)
        elif tag not in _LEFT_OUT and child(inner, "sdtPr/showingPlcHdr") is None:
            yield from _runs(inner, document)


def _follow_field(kind: str, fields: list[bool]) -> None:
    if kind == "begin":
        fields.append(True)
    elif fields and kind == "separate":
        fields[-1] = False
    elif fields and kind == "end":
        fields.pop()
