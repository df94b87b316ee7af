"""Files become texts: single files, folders, lists, ZIP archives, each file in any format the kit reads."""

import hashlib
import os
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from kit.data import knowledge
from kit.errors import SourceError
from kit.read.formats import SUFFIXES, Extract, extract
from kit.read.word import check_sizes

MAX_BYTES = 64 * 2**20
MAX_MEMBERS = 5000
MAX_UNPACKED = 2**30
_MAX_LOOKED_AT = 10_000  # files in a folder's folders

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, kw_only=True)
class Source(Extract):
    """One file as read: its name, the folder's, the SHA-256 of its bytes, all that `kit.read.formats.Extract` holds."""

    file: str
    folder: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Member:
    """A file inside a ZIP archive."""

    archive: Path
    entry: str  # its name as the archive spells it
    name: str  # … in the encoding it was written in, without folders
    folder: str = ""  # … and these

    def __str__(self) -> str:
        return f"{self.archive}/{self.name}"

    def read_bytes(self) -> bytes:
        """Unpack it into memory."""
        with zipfile.ZipFile(self.archive) as archive:
            return archive.read(self.entry)


def find_files(source: PathLike | Iterable[PathLike]) -> list[Path | Member]:
    """List the files a source names: the file, a folder's or ZIP's readable files by name, or each of a list.

    Raises
    ------
    SourceError
        When one does not exist, a folder or ZIP holds no readable file, or a ZIP is damaged, locked, or unpacks to
        more than the limits.
    """
    if not isinstance(source, (str, os.PathLike)):
        return [file for one in source for file in find_files(one)]
    path = Path(source)
    if not path.exists():
        message = f"{path}: expected a file or folder, found none; check the name"
        raise SourceError(message)
    if path.is_file():
        return _unpack(path) if _is_archive(path) else [path]
    inside = sorted((file for file in path.iterdir() if file.is_file()), key=lambda file: _in_order(file.name))
    files = [file for file in inside if _is_readable(file.name) or file.suffix.lower() == ".zip"]
    if not files:
        raise SourceError(
            _nothing_readable(path, sorted(f"{file.name}{'/' * file.is_dir()}" for file in path.iterdir()))
        )
    return [found for file in files for found in find_files(file)]


def find_unread(source: PathLike | Iterable[PathLike]) -> list[str]:
    """List by name what may hold reports beside the files that `find_files` lists, and is not read.

    These are documents and archives of other kinds, and the folders in a folder that hold documents.
    """
    if not isinstance(source, (str, os.PathLike)):
        return [name for one in source for name in find_unread(one)]
    path = Path(source)
    if path.is_file():
        unread = [name for name in _names_in(path) if _is_other(name)] if _is_archive(path) else []
        return sorted(unread, key=_in_order)
    names = [file.name for file in path.iterdir() if file.is_file() and _is_other(file.name)]
    folders = [folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith((".", "__"))]
    names += [f"{folder.name}/" for folder in folders if _holds_documents(folder)]
    return sorted(names, key=_in_order) + [
        name for file in path.iterdir() if file.suffix.lower() == ".zip" for name in find_unread(file)
    ]


def _names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    return [PurePosixPath(_member_name(entry)).name for entry in entries if not entry.filename.startswith("__MACOSX/")]


def _is_other(name: str) -> bool:
    """Whether a file's name is that of a document or an archive of a kind that is not read from a folder."""
    return not name.startswith((".", "~$")) and name.lower().endswith(tuple(knowledge("formats.toml")["unread"]))


def _holds_documents(folder: Path) -> bool:
    """Whether a folder, or one in it, holds a document that could be read, web pages aside."""
    inside = islice((file for file in folder.rglob("*") if file.is_file()), _MAX_LOOKED_AT)
    names = (file.name for file in inside if not file.name.lower().endswith((".htm", ".html", ".md")))
    return any(_is_readable(name) or _is_other(name) for name in names)


def _in_order(name: str) -> list[tuple[int, str]]:
    """A key that sorts names as people do: 2.docx before 10.docx."""
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in re.split(r"(\d{1,9})", name)]


def _nothing_readable(path: Path, names: list[str]) -> str:
    return f"{path}: expected files ending in {', '.join(SUFFIXES)}, found {names[:5]}; put the reports there"


def _is_readable(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.lower().endswith(SUFFIXES)


def _is_archive(path: Path) -> bool:
    """Whether a file is a ZIP of documents; office documents are ZIPs too, of parts."""
    with path.open("rb") as file:
        if not file.read(4).startswith(b"PK") or not zipfile.is_zipfile(path):
            return path.suffix.lower() == ".zip"
    with zipfile.ZipFile(path) as archive:
        return not {"[Content_Types].xml", "mimetype", "OFD.xml"} & set(archive.namelist())


def _unpack(path: Path) -> list[Path | Member]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        message = f"{path}: expected a ZIP archive, found a damaged one ({error}); pack or copy it anew"
        raise SourceError(message) from error
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_MEMBERS or total > MAX_UNPACKED:
        message = (
            f"{path}: expected at most {MAX_MEMBERS} files of {MAX_UNPACKED // 2**20} MiB together, "
            f"found {len(entries)} of {total // 2**20} MiB; unpack it and read a folder of what is needed"
        )
        raise SourceError(message)
    check_sizes(entries, name=str(path), limit=MAX_BYTES)
    members = [_member(path, entry) for entry in entries]
    wanted = [one for one in members if _is_readable(one.name) and not one.entry.startswith("__MACOSX/")]
    nested = next((one for one in members if one.name.lower().endswith((".zip", ".rar", ".7z"))), None)
    if nested:
        message = f"{path}: expected documents in the archive, found another archive, {nested.name}; unpack that first"
        raise SourceError(message)
    if any(entry.flag_bits & 1 for entry in entries):
        message = f"{path}: expected an open ZIP archive, found one with a password; unpack it and read the folder"
        raise SourceError(message)
    if not wanted:
        raise SourceError(_nothing_readable(path, [one.name for one in members]))
    return sorted(wanted, key=lambda one: _in_order(one.name))


def _member(archive: Path, entry: zipfile.ZipInfo) -> Member:
    path = PurePosixPath(_member_name(entry))
    return Member(archive, entry.filename, path.name, path.parent.name)


def _member_name(entry: zipfile.ZipInfo) -> str:
    """The name of a member; packers of Chinese Windows write GBK and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def read_source(file: Path | Member) -> Source:
    """Read one file, in whatever format its bytes are.

    Raises
    ------
    SourceError
        When it is empty, too large, damaged, locked, binary, or in no known format or encoding; the message names
        the file and the remedy.
    """
    size = file.stat().st_size if isinstance(file, Path) else 0
    if size > MAX_BYTES:
        message = f"{file}: expected at most {MAX_BYTES // 2**20} MiB, found {size // 2**20} MiB; split the file"
        raise SourceError(message)
    content = _read_bytes(file)
    name = str(file).encode("utf-8", errors="replace").decode("utf-8")
    suffix = PurePosixPath(file.name).suffix.lower().lstrip(".")
    found = extract(content, suffix, name=name) if content.strip() else extract(b" ", "txt", name=name)
    if not found.text.strip():
        message = f"{name}: expected the text of reports, found an empty file; check that it was saved"
        raise SourceError(message)
    strange = next((c for c in found.text if c == "\0" or "\ud800" <= c <= "\udfff"), None)
    if strange:
        message = (
            f"{name}: expected text, found the code {ord(strange):#06x}, which is no character; save the file anew"
        )
        raise SourceError(message)
    digest = hashlib.sha256(content).hexdigest()
    folder = file.resolve().parent if isinstance(file, Path) else PurePosixPath(file.folder or file.archive.stem)
    return Source(file=Path(name).name, folder=folder.name, sha256=digest, **vars(found))


def _read_bytes(file: Path | Member) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, zipfile.BadZipFile, zipfile.zlib.error, NotImplementedError) as error:  # type: ignore[attr-defined]
        message = f"{file}: expected a file that can be read, but {error}; check its rights, or copy it anew"
        raise SourceError(message) from error
