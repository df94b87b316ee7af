"""Word documents: paragraphs, tables, text boxes and notes as lines, with the numbers that Word does not store.

The package is read as XML in a ZIP by lxml: files of WPS often name parts that are not there, at which python-docx
gives up. Left out: tracked deletions, hidden text, field codes, comments, headers and footers. Authors style by eye, so
that the level of a heading (ECMA-376, 17.3.1.20) is evidence of a title or of depth, never more. The numbers of lists
are computed as Word does (17.9): a paragraph names a list (``numId``) and a level, itself or through its style; lists
of one abstract definition count on together, unless a list sets its own start.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from kit.data import knowledge, rule
from kit.errors import unreadable
from kit.read.lines import TITLE, Block, as_row, is_a

MAX_XML = 128 * 2**20  # of one part of a document, unpacked
MAX_TAGS = 2_000_000  # of one part; a report of 10,000 characters has about 3,000
MAX_CELLS = 100_000  # of one table, which is read as a whole
MAX_RATIO = 100  # unpacked to packed; Apache POI refuses at the same figure
MAX_SECONDS = 90  # for LibreOffice
MAX_BASES = 50  # styles that a style is based on, one on the other; Word itself stops far earlier
_MAX_FIELDS = 100  # open at once; more were left open
_BODY = 9  # the outline level of body text, counted from 0 as Word stores it
_LEVELS = 9  # of a list
_MAX_START = 32_767  # where Word's numbers end
_MAX_LETTERS = 780  # where its letters end (30 of them); what a format cannot write is shown in digits
_MAX_SHOWN = 100  # characters of a number
_OFF = ("0", "false", "off")  # of a switch; any other value, and none, is on
_ELSEWHERE = ("altChunk", "subDoc")  # documents within the document, which only Word puts together
_LEFT_OUT = frozenset(knowledge("formats.toml")["word"]["left_out"])  # elements with all that they hold
_SIGNS: dict[str, str] = knowledge("formats.toml")["word"]["signs"]
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False}  # of lxml's parsers
_ANEW = "open it in Word, save it anew, and try again"


@dataclass
class _Document:
    """What is known of one document while its paragraphs are read in order."""

    numbers: "Numbering"
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
        main = _target(_parse(package, "_rels/.rels", name), "officeDocument", "") or "word/document.xml"
        folder, _, file = main.rpartition("/")
        related = _parse(package, f"{folder}/_rels/{file}.rels", name)
        parts = {
            kind: _parse(package, _target(related, kind, folder), name)
            for kind in ("numbering", "styles", "footnotes", "endnotes")
        }
        lists = parts["numbering"], read_styles(parts["styles"])
        document = _Document(read_numbering(*lists))
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


def _target(relations: Any, kind: str, folder: str) -> str:
    """The path of a related part; empty when there is none."""
    found = () if relations is None else relations
    target = next((one.get("Target", "") for one in found if one.get("Type", "").endswith("/" + kind)), "")
    return target.lstrip("/") if target.startswith("/") or not (target and folder) else f"{folder}/{target}"


def _blocks(stream: Any, name: str) -> Iterator[Any]:
    """Yield the paragraphs and tables of a document's body, and forget each behind it."""
    from lxml import etree  # noqa: PLC0415

    tags = [f"{{*}}{tag}" for tag in ("p", "tbl", "tc", "sdt", "customXml", *_ELSEWHERE)]
    cells = 0
    for _, element in etree.iterparse(stream, events=("end",), tag=tags, **_SAFE):
        parent = element.getparent()
        cells += _local(element) == "tc"
        if cells > MAX_CELLS:
            raise unreadable(name, f"at most {MAX_CELLS:,} cells in a table", "one with more", "split the table")
        if _local(element) in _ELSEWHERE:
            found = f"one that draws in others ({_local(element)})"
            raise unreadable(name, "a document that holds its text", found, _ANEW)
        if parent is None or _local(parent) != "body":
            continue
        yield element
        cells = 0
        element.clear(keep_tail=False)
        while element.getprevious() is not None:
            del parent[0]


# Its elements, by names without namespaces, which differ between Word's two dialects


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str = "val") -> str:
    """An attribute; empty when there is no such attribute, or no element."""
    if element is None:
        return ""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _child(element: Any, path: str) -> Any:
    """The first element on a path of names, e.g. ``pPr/numPr``; None when there is none."""
    return None if element is None else element.find("/".join(f"{{*}}{name}" for name in path.split("/")))


def _children(element: Any, name: str) -> Iterator[Any]:
    return iter(()) if element is None else element.iterchildren("{*}" + name)


def _is_on(properties: Any, name: str) -> bool:
    switch = _child(properties, name)
    return switch is not None and _attribute(switch) not in _OFF


def _number(written: str) -> int | None:
    """A number as stored, no larger than Word's largest; None when it is none."""
    return min(int(written[:9]), _MAX_START) if written.isdecimal() else None


# Styles


class _Style(NamedTuple):
    base: str
    level: int | None  # of a heading, its own: by its name or its outline level
    contents: bool  # of a table of contents
    numbered: str  # the list that it names
    at: str  # … and the level of that


def read_styles(root: Any) -> dict[str, _Style]:
    """The paragraph styles of a document by their ids."""
    return {_attribute(style, "styleId"): _read_style(style) for style in _children(root, "style")}


def _read_style(style: Any) -> _Style:
    name, outline = _attribute(_child(style, "name")), _child(style, "pPr/outlineLvl")
    title, numbered, contents = (
        rule("formats.toml", f"headings.{kind}", ignore_case=True).match(name)
        for kind in ("title", "numbered", "contents")
    )
    level = TITLE if title else _outline_level(outline)
    level = int(numbered[1]) if level is None and numbered else level
    named = (_attribute(_child(style, f"pPr/numPr/{key}")) for key in ("numId", "ilvl"))
    return _Style(_attribute(_child(style, "basedOn")), level, contents is not None, *named)


def _outline_level(stored: Any) -> int | None:
    number = _number(_attribute(stored))
    return None if number is None else min(number, _BODY) + 1


def _based_on(styles: Mapping[str, _Style], key: str) -> Iterator[_Style]:
    """Yield a style and those it is based on, one on the other."""
    for _ in range(MAX_BASES):
        if key not in styles:
            return
        yield styles[key]
        key = styles[key].base


# The text


def _read_notes(kind: str, root: Any, document: _Document) -> dict[tuple[str, str], str]:
    notes = [] if root is None else [note for note in root if not _attribute(note, "type")]  # the others are separators
    return {(kind, _attribute(note, "id")): " ".join(_words(note, document)) for note in notes}


def _words(element: Any, document: _Document) -> list[str]:
    return [line.text.replace("\n", " ").strip() for line in _lines(element, document) if line.text.strip()]


def _lines(element: Any, document: _Document) -> Iterator[Block]:
    tag = _local(element)
    if tag == "p":
        yield from _paragraph(element, document)
    elif tag == "tr":
        yield from _row(element, document)
    elif tag not in _LEFT_OUT and _child(element, "sdtPr/showingPlcHdr") is None:
        for inner in element:
            yield from _lines(inner, document)


def _row(row: Any, document: _Document) -> Iterator[Block]:
    """A row is a line; where a table only frames a text, its cells keep their paragraphs."""
    if _child(row, "trPr/del") is not None:
        return
    cells = [_words(cell, document) for cell in _cells(row)]
    line = as_row(cells).rstrip("\t")
    yield from [Block(line)] if line else (Block(own) for cell in cells for own in cell)


def _cells(element: Any) -> Iterator[Any]:
    for inner in element:
        if _local(inner) == "tc":
            yield inner
        elif _local(inner) != "tr":
            yield from _cells(inner)


def _paragraph(paragraph: Any, document: _Document) -> Iterator[Block]:
    """A paragraph with its number, the text boxes anchored in it, above or below, and the notes it cites."""
    pieces = [(piece, len(document.boxes)) for piece in _runs(paragraph, document)]
    text = "".join(piece for piece, _ in pieces)
    above = next((boxes for piece, boxes in pieces if piece.strip()), 0)
    document.fields = [False] * len(document.fields)  # no code goes on behind its paragraph; a result may
    boxes, document.boxes = document.boxes, []
    cited, document.cited = document.cited, []
    yield from _in_boxes(boxes[:above], document)
    properties = _child(paragraph, "pPr")
    mark = _child(properties, "rPr")
    gone = _child(mark, "del") is not None
    if gone or (not text and _is_on(mark, "vanish")):
        document.carried.append(text)
    else:
        line = "".join([document.numbers.number(paragraph), *document.carried, text])
        document.carried = []
        styles = list(_based_on(document.numbers.styles, _attribute(_child(properties, "pStyle"))))
        document.headed = document.headed or is_a("contents head", line.strip())
        aside = not document.headed and any(style.contents for style in styles[:1])
        levels = [_outline_level(_child(properties, "outlineLvl")), *(style.level for style in styles)]
        level = next((level for level in levels if level is not None), None)  # its own before its style's
        level = level if level is not None and level <= _BODY else None
        yield from (Block(piece, aside, level) for piece in line.split("\n") if piece.strip())
    yield from _in_boxes(boxes[above:], document)
    yield from (Block(note, aside=True) for note in cited if note)


def _in_boxes(boxes: list[Any], document: _Document) -> Iterator[Block]:
    body, document.numbers.counts = document.numbers.counts, document.in_boxes
    for box in boxes:
        yield from _lines(box, document)
    document.numbers.counts = body


def _runs(element: Any, document: _Document) -> Iterator[str]:
    """Yield the visible text below a paragraph, run by run."""
    for inner in element:
        match _local(inner):
            case "t":
                yield "" if any(document.fields) else (inner.text or "").replace("\n", " ").replace("\r", " ")
            case "r":
                run = list(_runs(inner, document))
                yield from [] if _is_on(_child(inner, "rPr"), "vanish") else run
            case "fldChar":
                _follow_field(_attribute(inner, "fldCharType"), document.fields)
            case sign if sign in _SIGNS:
                yield _SIGNS[sign]
            case "sym":
                yield chr(int(_attribute(inner, "char") or "20", 16))
            case "footnoteReference" | "endnoteReference" as cited:  # a note stands where it is cited first
                document.cited.append(
                    document.notes.pop((cited.removesuffix("Reference"), _attribute(inner, "id")), "")
                )
            case "txbxContent":
                document.boxes.append(inner)
            case tag if tag not in _LEFT_OUT and _child(inner, "sdtPr/showingPlcHdr") is None:
                yield from _runs(inner, document)


def _follow_field(kind: str, fields: list[bool]) -> None:
    if kind == "begin":
        fields.append(True)
        del fields[:-_MAX_FIELDS]
    elif fields and kind == "separate":
        fields[-1] = False
    elif fields and kind == "end":
        fields.pop()


# The numbers of its lists, which Word does not store


def write_number(number: int, style: str) -> str:
    """Write a number in one of Word's number formats, e.g. 十二 for 12 in ``chineseCounting``."""
    formats = knowledge("formats.toml")
    if style in formats["listed"] and 0 < number <= len(formats["listed"][style]):
        return formats["listed"][style][number - 1]
    if style in formats["counted"] and 0 < number < 10_000:  # noqa: PLR2004
        return _count_han(number, formats["counted"][style])
    if style in formats["digits"]:
        return str(number).translate({48 + n: sign for n, sign in enumerate(formats["digits"][style])})
    if style in ("upperRoman", "lowerRoman") and 0 < number < 5000:  # noqa: PLR2004
        return _roman(number) if style == "lowerRoman" else _roman(number).upper()
    if style in ("upperLetter", "lowerLetter") and 0 < number <= _MAX_LETTERS:
        letter = chr(ord("a" if style == "lowerLetter" else "A") + (number - 1) % 26)
        return letter * ((number - 1) // 26 + 1)
    if style == "decimalZero":
        return f"{number:02}"
    return "" if style in ("none", "bullet") else str(number)


def _count_han(number: int, signs: str) -> str:
    units = ["", *signs[10:]]
    digits = [int(digit) for digit in str(number)]
    places = zip(digits, reversed(range(len(digits))), strict=True)
    written = "".join(signs[digit] + (units[place] if digit else "") for digit, place in places)
    written = re.sub(f"{signs[0]}+", signs[0], written).rstrip(signs[0])
    return written.removeprefix(signs[1]) if 10 <= number < 20 else written  # noqa: PLR2004


def _roman(number: int) -> str:
    written = ""
    for value, letters in knowledge("formats.toml")["roman"]:
        written += letters * (number // value)
        number %= value
    return written


@dataclass(frozen=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None  # counts anew behind this level (from 1) or a higher one; None: any higher one
    legal: bool = False


class _List(NamedTuple):
    abstract: str  # the list that it counts in
    levels: Mapping[int, _Level]
    linked: Mapping[str, int]  # paragraph style to the level that it counts in


@dataclass
class Numbering:
    """The lists of one Word document, and how far each has counted."""

    styles: Mapping[str, _Style]
    lists: dict[str, _List] = field(default_factory=dict)  # by numId
    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # where a numId starts anew, until it has
    counts: dict[tuple[str, int], int] = field(default_factory=dict)  # of an abstract list

    def number(self, paragraph: Any) -> str:
        """Count a paragraph and return its number as Word shows it; empty when it has none."""
        # What Word sets between number and text (a tab, a space) becomes a space behind an ASCII character (``1.
        # 2023年``) and nothing behind any other (``一、加强``).
        numbered, level = self._place(_child(paragraph, "pPr"))
        if numbered not in self.lists:
            return ""
        self._count(numbered, level)
        shown = self._level(numbered, level)
        if shown.style == "bullet":
            return ""
        text = re.sub(r"%([1-9])", lambda match: self._written(numbered, int(match.group(1)) - 1, shown), shown.text)
        text = text[:_MAX_SHOWN]
        return text + " " if text and text[-1].isascii() and shown.suffix != "nothing" else text

    def _place(self, properties: Any) -> tuple[str, int]:
        """The list and level of a paragraph, its own or its style's."""
        paths = ("numPr/numId", "numPr/ilvl", "pStyle")
        numbered, level, style = (_attribute(_child(properties, path)) for path in paths)
        for base in () if numbered else _based_on(self.styles, style):
            numbered, level = base.numbered, level or base.at
            if numbered:
                break
        linked = self.lists[numbered].linked.get(style, 0) if numbered in self.lists else 0
        return numbered, min((_number(level) or 0) if level else linked, _LEVELS - 1)

    def _count(self, numbered: str, level: int) -> None:
        abstract = self.lists[numbered].abstract
        for shallower in range(level - 1, -1, -1):  # a level that was passed over has counted once
            if (abstract, shallower) in self.counts:
                break
            self.counts[abstract, shallower] = self._level(numbered, shallower).start
        counted = self.counts.get((abstract, level))
        begins = self._level(numbered, level).start if counted is None else counted + 1
        self.counts[abstract, level] = self.starts.pop((numbered, level), begins)
        for deeper in range(level + 1, _LEVELS):
            behind = self._level(numbered, deeper).restart
            if behind is None or level < behind:
                self.counts.pop((abstract, deeper), None)

    def _level(self, numbered: str, level: int) -> _Level:
        return self.lists[numbered].levels.get(level, _Level())

    def _written(self, numbered: str, level: int, shown: _Level) -> str:
        own = self._level(numbered, level)
        number = self.counts.get((self.lists[numbered].abstract, level), own.start)
        return write_number(number, "decimal" if shown.legal and own.style != "bullet" else own.style)


def read_numbering(root: Any, styles: Mapping[str, _Style]) -> Numbering:
    """Read the lists of a document."""
    found = Numbering(styles)
    lists = {_attribute(num, "numId"): num for num in _children(root, "num")}
    abstracts = {_attribute(one, "abstractNumId"): one for one in _children(root, "abstractNum")}
    read = {key: _read_levels(one) for key, one in abstracts.items()}
    for numbered, num in lists.items():
        key = _attribute(_child(num, "abstractNumId"))
        style = styles.get(_attribute(_child(abstracts.get(key), "numStyleLink")))  # that names the list instead
        named = lists.get(style.numbered) if style else None
        key = key if named is None else _attribute(_child(named, "abstractNumId"))
        levels, linked = read.get(key, ({}, {}))
        for override in _children(num, "lvlOverride"):
            own, own_linked = _read_levels(override)
            levels, linked = levels | own, linked | own_linked
            start = _number(_attribute(_child(override, "startOverride")))
            if start is not None:
                found.starts[numbered, _number(_attribute(override, "ilvl")) or 0] = start
        found.lists[numbered] = _List(key, levels, linked)
    return found


def _read_levels(element: Any) -> tuple[dict[int, _Level], dict[str, int]]:
    """The levels that a list defines, and those that paragraph styles count in."""
    levels, linked = {}, {}
    for level in _children(element, "lvl"):
        index = _number(_attribute(level, "ilvl")) or 0
        levels[index] = _Level(
            _number(_attribute(_child(level, "start"))) or 0,
            _attribute(_child(level, "numFmt")) or "decimal",
            _attribute(_child(level, "lvlText"))[:_MAX_SHOWN],
            _attribute(_child(level, "suff")) or "tab",
            _number(_attribute(_child(level, "lvlRestart"))),
            _is_on(level, "isLgl"),
        )
        if _child(level, "pStyle") is not None:
            linked[_attribute(_child(level, "pStyle"))] = index
    return levels, linked


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
    null = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdin=null, stdout=null, stderr=null, start_new_session=True) as process:
        try:
            process.wait(timeout=MAX_SECONDS)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
