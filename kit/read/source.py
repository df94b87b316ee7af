"""Files become texts: single files, folders, lists, ZIP archives, each file in whatever format its bytes are."""

import email
import hashlib
import os
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from kit.data import knowledge, rule
from kit.errors import SourceError, unreadable
from kit.read.compilation import doubt
from kit.read.lines import SPACE, Block
from kit.read.markup import is_markdown, read_html, read_markdown, read_rtf
from kit.read.pages import read_pdf, unwrap
from kit.read.word import check_sizes, convert_to_docx, read_word

MAX_BYTES = 64 * 2**20
MAX_MEMBERS = 5000
MAX_UNPACKED = 2**30
MAX_CHARS = 12 * 2**20  # of markup
MAX_TAGS = 500_000  # … in it, and as many a reading takes some seconds for
MAX_TEXT = 24 * 2**20  # characters of a document, which may say more than its bytes
_MAX_LOOKED_AT = 10_000  # files in a folder's folders
_MANY = 50  # files or reports from which on a bar is worth its line
SUFFIXES, _UNREAD = (tuple(knowledge("formats.toml")[key]) for key in ("suffixes", "unread"))
_DOCUMENTS = tuple({*SUFFIXES, *_UNREAD} - {".htm", ".html", ".md"})  # web pages aside
_DOCUMENT = f"a document of {', '.join(SUFFIXES)}"
_MULTIPART = re.compile(rb"\bmultipart/", re.IGNORECASE)
_MAX_MULTIPART = 20  # parts within parts of a web archive; a saved page has one or two
_PAGES = ("<!doctype html", "<html")
_WHOLE = {"start": 0, "end": 0}
_ADVICE = "save it as plain text (UTF-8 or GB18030) and try again"
_NARROW = ("utf-8", "gb18030", "big5hkscs")
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")  # without a mark; their line ends hold NULs
_SAMPLE = 100_000
_EXPECTED = re.compile(r"[\t\n\r -~\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_STOPS = re.compile("[\u3001\u3002\uff0c]")
_ODD = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\ue000-\uf8ff]")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w-]{2,20})""", re.IGNORECASE)
_PLANES = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
# No character (Unicode 23.7), or half of one.
_NO_CHARACTER = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # all but those that end lines, and the tab

PathLike = str | os.PathLike[str]
T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """One file as read: its text, what its format shows of it, its name, the folder's, the SHA-256 of its bytes."""

    format: str
    encoding: str
    text: str
    artefacts: tuple[tuple[int, int], ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    doubts: tuple[dict, ...] = ()
    file: str = ""
    folder: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Member:
    """A file inside a ZIP archive, which stays open while one of its members may be read."""

    archive: Path
    opened: zipfile.ZipFile
    entry: zipfile.ZipInfo  # one of two of the same name is still itself
    name: str  # in the encoding it was written in, without folders
    folder: str = ""  # that it stands in

    def __str__(self) -> str:
        return f"{self.archive}/{self.name}"


def watch(items: Collection[T], doing: str) -> Iterator[T]:
    """Yield ``items``, behind a progress bar on the terminal that says what is being done when there are many."""
    if len(items) < _MANY or not sys.stderr.isatty():
        yield from items
        return
    from click import progressbar  # noqa: PLC0415, not needed for a compilation of a dozen

    with progressbar(items, label=doing, file=sys.stderr) as bar:
        yield from bar


# Which files


def find_files(source: PathLike | Iterable[PathLike]) -> list[Path | Member]:
    """List the files a source names: the file, a folder's or ZIP's readable files by name, or each of a list."""
    if not isinstance(source, (str, os.PathLike)):
        return [file for one in source for file in find_files(one)]
    path = Path(source)
    with _reading(path):
        if not path.exists():
            raise unreadable(path, "a file or folder", "none", "check the name")
        if path.is_file():
            members = _members(path)
            return [path] if members is None else _unpack(path, members)
        if not path.is_dir():
            raise unreadable(path, "a file or folder", "a device or a pipe", "copy what it gives into a file")
        inside = sorted(path.iterdir(), key=lambda file: _in_order(file.name))
        files = [file for file in inside if file.is_file() and _is_named(file.name, (*SUFFIXES, ".zip"))]
        if not files:
            raise _nothing_readable(path, [f"{file.name}{'/' * file.is_dir()}" for file in inside])
    return [found for file in files for found in find_files(file)]


def name_files(files: Sequence[Path | Member]) -> list[str]:
    """Name files so that no two are alike: where several have one name, with their folder, then with a number."""
    many, seen, named = Counter(file.name for file in files), Counter[str](), dict[str, None]()
    for file in files:
        own = name = f"{_folder(file)}/{file.name}" if many[file.name] > 1 else file.name
        while own in named:
            seen[name] += 1
            own = str(PurePosixPath(name).with_stem(f"{PurePosixPath(name).stem} ({seen[name] + 1})"))
        named[own] = None
    return list(named)


def _folder(file: Path | Member) -> str:
    return file.resolve().parent.name if isinstance(file, Path) else file.folder or file.archive.stem


def find_unread(source: PathLike | Iterable[PathLike]) -> list[str]:
    """List by name what may hold reports beside the files that `find_files` lists, and is not read."""
    if not isinstance(source, (str, os.PathLike)):
        return [name for one in source for name in find_unread(one)]
    path = Path(source)
    with _reading(path):
        if path.is_file():
            return sorted((one.name for one in _members(path) or () if _is_named(one.name, _UNREAD)), key=_in_order)
        inside = sorted(path.iterdir(), key=lambda file: _in_order(file.name))
        names = [file.name for file in inside if file.is_file() and _is_named(file.name, _UNREAD)]
        folders = [folder for folder in inside if folder.is_dir() and not folder.name.startswith((".", "__"))]
        names += [f"{folder.name}/" for folder in folders if _holds_documents(folder)]
        archives = [file for file in inside if file.is_file() and _is_named(file.name, (".zip",))]
    return sorted(names, key=_in_order) + [name for file in archives for name in find_unread(file)]


@contextmanager
def _reading(path: Path | Member, damage: type[Exception] = OSError) -> Iterator[None]:
    """Say of whatever stands in the way of reading which file it is, and what to do."""
    try:
        yield
    except damage as error:
        what = getattr(error, "strerror", None) or " ".join(f"{type(error).__name__} {error}".split())[:120]
        raise unreadable(path, "a file that can be read", what, "check its name and rights, or copy it anew") from error


def _is_named(name: str, endings: tuple[str, ...]) -> bool:
    """Whether a file's name ends so, and is none of a system's or an office program's own files."""
    return not name.startswith((".", "~$")) and name.lower().endswith(endings)


def _holds_documents(folder: Path) -> bool:
    """Whether a folder, or one in it, holds a document that could be read, web pages aside."""
    names = islice((name for *_, names in os.walk(folder) for name in names), _MAX_LOOKED_AT)  # closed ones passed over
    return any(_is_named(name, _DOCUMENTS) for name in names)


def _in_order(name: str) -> list[tuple[int, str]]:
    """A key that sorts names as people do: 2.docx before 10.docx."""
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in re.split(r"(\d{1,9})", name)]


def _nothing_readable(path: Path, names: list[str]) -> SourceError:
    return unreadable(path, f"files ending in {', '.join(SUFFIXES)}", f"{names[:5]}", "put the reports there")


# ZIP archives


def _members(path: Path) -> list[Member] | None:
    """The files of a ZIP of documents, each read once, without what macOS puts beside them; None for any other file."""
    # Office documents are ZIPs too, of parts.
    called = path.suffix.lower() == ".zip"
    with path.open("rb") as file:
        if not called and not file.read(4).startswith(b"PK"):
            return None
    try:
        opened = zipfile.ZipFile(path)
    except Exception as error:  # what zipfile raises at damaged ones has no common ancestor
        if not called:
            return None
        what = " ".join(f"{error}".split())[:120]
        raise unreadable(path, "a ZIP archive", f"a damaged one ({what})", "pack or copy it anew") from error
    files = [one for one in opened.infolist() if one.filename[-1:] != "/" and not one.filename.startswith("__MACOSX/")]
    if {"[Content_Types].xml", "mimetype", "OFD.xml"} & {one.filename for one in files}:
        return None
    named = ((one, PurePosixPath(_member_name(one))) for one in files)
    return [Member(path, opened, one, name.name, name.parent.name) for one, name in named]


def _member_name(entry: zipfile.ZipInfo) -> str:
    """The name of a member; packers of Chinese Windows write GBK and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.orig_filename.partition("\0")[0].encode("cp437", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _unpack(path: Path, members: list[Member]) -> list[Path | Member]:
    wanted = [one for one in members if _is_named(one.name, SUFFIXES)]
    total = sum(one.entry.file_size for one in wanted)
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED:
        expected = f"at most {MAX_MEMBERS} files of {MAX_UNPACKED // 2**20} MiB together"
        found = f"{len(members)} of {total // 2**20} MiB"
        raise unreadable(path, expected, found, "unpack it and read a folder of what is needed")
    check_sizes([one.entry for one in wanted], name=str(path), limit=MAX_BYTES)
    nested = next((one for one in members if one.name.lower().endswith((".zip", ".rar", ".7z"))), None)
    if nested:
        raise unreadable(path, "documents in the archive", f"another archive, {nested.name}", "unpack that first")
    if any(one.entry.flag_bits & 1 for one in members):
        raise unreadable(path, "an open ZIP archive", "one with a password", "unpack it and read the folder")
    if not wanted:
        raise _nothing_readable(path, [one.name for one in members])
    return sorted(wanted, key=lambda one: _in_order(one.name))


# From bytes to text


def read_source(file: Path | Member) -> Source:
    """Read one file, in whatever format its bytes are."""
    return decode_source(read_bytes(file), str(file), folder=_folder(file))


def decode_source(content: bytes, name: str, *, folder: str = "") -> Source:
    """Read the bytes of a file of this name."""
    name = name.encode("utf-8", errors="replace").decode("utf-8")
    suffix = PurePosixPath(Path(name).name).suffix.lower().lstrip(".")
    found = extract(content, suffix, name=name) if content.strip() else None
    if not found or not found.text.strip():
        raise unreadable(name, "the text of reports", "an empty file", "check that it was saved")
    return replace(found, file=Path(name).name, folder=folder, sha256=hashlib.sha256(content).hexdigest())


def read_bytes(file: Path | Member) -> bytes:
    """Read the bytes of a file, never more than `MAX_BYTES`."""
    if isinstance(file, Member):
        with _reading(file, Exception):  # zipfile's errors at damaged members have no common ancestor either
            return file.opened.read(file.entry)
    with _reading(file), file.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)  # never more, whatever size the file says it has
        size = max(file.stat().st_size, len(content))
    if size > MAX_BYTES:
        raise unreadable(file, f"at most {MAX_BYTES // 2**20} MiB", f"{size // 2**20} MiB", "split the file")
    return content


def sniff(content: bytes, suffix: str) -> str:
    """Tell the format of bytes; the suffix (without dot, lower case) only decides between kinds of text."""
    if content.startswith(b"PK"):
        return _sniff_zip(content, suffix)
    known = knowledge("formats.toml")
    kind = next((kind for magic, kind in known["magic"] if content.startswith(bytes.fromhex(magic))), "")
    if kind == "doc":
        return next((kind for stream, kind in known["streams"] if stream.encode("utf-16-le") in content), "damaged")
    if kind or b"%PDF-" in content[:1024]:
        return kind or "pdf"
    head = content[:5000].decode("latin-1").removeprefix("\xef\xbb\xbf")  # UTF-8's mark, read as Latin
    named = {"markdown": "md", "md": "md", "htm": "html", "html": "html"}.get(suffix, "txt")
    kinds = (one for one in known["begins"] if rule("formats.toml", f"begins.{one}", ignore_case=True).match(head))
    return next(kinds, named)


def _sniff_zip(content: bytes, suffix: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
    except Exception:
        return "docx" if suffix == "docx" else "zip"
    known = knowledge("formats.toml")["members"]
    return next((kind for start, kind in known if any(name.startswith(start) for name in names)), "zip")


def extract(content: bytes, suffix: str, *, name: str) -> Source:
    """Read the text of a file."""
    kind = sniff(content, suffix)
    refused = knowledge("formats.toml")["refused"]
    if kind in refused:
        raise unreadable(name, _DOCUMENT, refused[kind]["found"], refused[kind]["remedy"])
    try:
        return _extract(content, kind, suffix, name)
    except SourceError:
        raise
    except Exception as error:  # what libraries raise at damaged files has no common ancestor
        what = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        remedy = "open it in the program it comes from, save it anew, and try again"
        raise unreadable(name, f"a .{kind} file that opens", f"a damaged one ({what})", remedy) from error


def _extract(content: bytes, kind: str, suffix: str, name: str) -> Source:
    if kind in ("doc", "docx"):
        content = convert_to_docx(content, name=name) if kind == "doc" else content
        return _join(kind, read_word(content, name=name), name)
    if kind == "pdf":
        blocks, pictures = read_pdf(content, name=name)
        pages = ", ".join(map(str, pictures))
        unread = [doubt("pages_without_text", 0, _WHOLE, pages=pages)] if pictures else []
        return _join(kind, blocks, name, doubts=unread)
    if kind == "rtf":
        return _join(kind, read_rtf(_limited(content.decode("latin-1"), name, "{")), name)
    if kind == "mhtml":
        content, kind = _unpack_page(content, name), "html"
    text, encoding = _decode(content, kind, suffix, name)
    if kind == "html" or any(start in text[:2000].lower() for start in _PAGES):
        return _join("html", read_html(_limited(text, name), name=name), name, encoding=encoding)
    if kind == "md" or is_markdown(text):
        return _join("md", read_markdown(_limited(text, name, "<*_[`&")), name, encoding=encoding)
    return _join(kind, map(Block, text.split("\n")), name, encoding=encoding)


def _decode(content: bytes, kind: str, suffix: str, name: str) -> tuple[str, str]:
    """Decode a text; what is none, and is called a Word document, is something else than its name says."""
    try:
        return decode(content, name=name, declared=declared_charset(content) if kind == "html" else "")
    except SourceError:
        if suffix not in knowledge("formats.toml")["promising"]:
            raise
    found = f"a file that is called .{suffix} and is none (it begins {content[:8]!r}): encrypted, or of another kind"
    raise unreadable(name, _DOCUMENT, found, "open it in the program it comes from and save an unprotected copy")


def _unpack_page(content: bytes, name: str) -> bytes:
    """The page in a web archive (.mht), which browsers and office systems save."""
    nested = len(_MULTIPART.findall(content))
    parts = email.message_from_bytes(content).walk() if nested <= _MAX_MULTIPART else iter(())
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    body: Any = page.get_payload(decode=True) if page else None
    if page is None or body is None:
        found = f"{nested} headers of several parts, and no page among them"
        raise unreadable(name, "a web archive of one page", found, "open it in a browser and save it as .html")
    charset = known_encoding(page.get_content_charset(""))
    return body if declared_charset(body) or not charset else body.decode(charset, errors="replace").encode()


def _limited(content: str, name: str, signs: str = "<") -> str:
    """Markup is read as long as it is no larger, and no denser, than reading takes a few seconds for."""
    found, tags = len(content), sum(map(content.count, signs))
    if found > MAX_CHARS or tags > MAX_TAGS:
        expected = f"at most {MAX_CHARS:,} characters of markup and {MAX_TAGS:,} tags or marks"
        raise unreadable(name, expected, f"{found:,} and {tags:,}", "split the file")
    return content


def _join(kind: str, blocks: Iterable[Block], name: str, *, encoding: str = "", doubts: Iterable[dict] = ()) -> Source:
    """Join lines into a text and keep the places of those that are no running text, and of headings."""
    at, artefacts, headings, pieces, doubts = 0, [], [], [], list(doubts)
    lines, measure = (blocks, 0) if kind == "pdf" else unwrap(list(blocks))
    for block in lines:
        pieces.append(block.text)
        if block.aside:
            artefacts.append((at, at + len(block.text)))
        if block.level is not None:
            headings.append((at + len(block.text) - len(block.text.lstrip(SPACE)), block.level))
        at += len(block.text) + 1
    if at > MAX_TEXT and kind != "txt":
        raise unreadable(name, f"at most {MAX_TEXT:,} characters of text", f"{at:,}", "split the file")
    joined = "\n".join(pieces)
    text, replaced = replace_signs(joined)
    if measure:
        doubts.append(doubt("lines_rejoined", 0, _WHOLE, measure=measure))
    if replaced:
        first = next(at for at, (a, b) in enumerate(zip(joined, text, strict=True)) if a not in (b, "\r"))
        place = {"start": first, "end": first + 1}
        doubts.append(doubt("signs_replaced", 0, place, signs=", ".join(replaced[:9])))
    return Source(kind, encoding, text, tuple(artefacts), tuple(headings), tuple(doubts))


# From bytes to characters. The encodings of Chinese offices are told apart without guessing by statistics of letters.


def decode(content: bytes, *, name: str, declared: str = "") -> tuple[str, str]:
    """Decode bytes: a byte order mark decides, else what was declared, else the first encoding that gives text."""
    # UTF-8 is strict, so it never takes another's bytes. Big5 comes behind GB18030: its punctuation lies in a zone that
    # GB18030 leaves to private use, so its text is no text there.
    boms = knowledge("formats.toml")["boms"]
    marked = next((encoding for bom, encoding in boms if content.startswith(bytes.fromhex(bom))), None)
    wide = b"\0" in content[:_SAMPLE]
    for encoding in (marked,) if marked else (declared or "utf-8", *(_WIDE if wide else _NARROW)):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8" and _is_almost_utf8(content):
                break
            continue
        if _is_text(text, "" if encoding == declared else encoding):
            return text.replace("\r\n", "\n").replace("\r", "\n"), encoding.removesuffix("-sig")
    raise unreadable(name, "text in UTF-8, UTF-16, GB18030 or Big5", _describe(content, marked), _ADVICE)


def _is_text(text: str, encoding: str) -> bool:
    """Binary files decode now and then; they hold NULs, control characters or private-use characters en masse."""
    sample = text[:_SAMPLE]
    if "\0" in text or not sample:
        return not sample
    if encoding in _WIDE:
        return len(_EXPECTED.findall(sample)) > 0.95 * len(sample)
    if encoding.startswith("big5"):
        return len(_STOPS.findall(sample)) > 0.01 * len(sample)
    return len(_ODD.findall(sample)) <= len(sample) // 100


def _is_almost_utf8(content: bytes) -> bool:
    """Whether bytes that are not UTF-8 only have a flaw in it; another encoding's bytes are wrong throughout."""
    head = content[:_SAMPLE].decode("utf-8", errors="replace")
    flaws = head.count("\ufffd")
    return sum(c > "\x7f" for c in head) > 10 * flaws


def _describe(content: bytes, marked: str | None) -> str:
    if marked:
        return f"damaged {marked.upper().removesuffix('-SIG')}"
    if b"\0" in content:
        return f"a NUL byte at {content.index(bytes(1)):,} (a binary or damaged file)"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"UTF-8 damaged at byte {error.start:,}" if _is_almost_utf8(content) else "bytes that are none of these"
    return "control characters (a binary file)"


def known_encoding(declared: str) -> str:
    """The encoding to read a declared one as; empty when it is none of a Chinese page."""
    return knowledge("formats.toml")["declared"].get(declared.lower(), "")


def declared_charset(content: bytes) -> str:
    """The encoding an HTML page names in its head; empty when it names none that can be. GB2312 is read as GB18030."""
    found = _CHARSET.search(content[:4096])
    return known_encoding(found.group(1).decode("ascii", errors="ignore")) if found else ""


def replace_signs(text: str) -> tuple[str, list[str]]:
    r"""Replace what no text may hold, one character by one."""
    text = text.replace("\r", "\n")
    found = {*_CONTROL.findall(text), *_NO_CHARACTER.findall(text)}
    if found:
        text = _NO_CHARACTER.sub("\ufffd", _CONTROL.sub(" ", text))
    return text, [f"U+{ord(sign):04X}" for sign in sorted(found)]
