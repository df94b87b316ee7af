"""Files become texts: decoding, folders, lists."""

import codecs
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kit.errors import SourceError

TEXT_SUFFIXES = (".txt", ".text", ".md")
MAX_BYTES = 64 * 2**20
ADVICE = "save it as plain text (UTF-8 or GB18030) and try again"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class Source:
    r"""One file as read: its name, format, encoding, the SHA-256 of its bytes, its text with line ends ``\n``."""

    file: str
    format: str
    encoding: str
    sha256: str
    text: str


def find_files(source: PathLike | Iterable[PathLike]) -> list[Path]:
    """List the files a source names: the file, a folder's readable files by name, or each of a list.

    Raises
    ------
    SourceError
        When one does not exist, or a folder holds no readable file.
    """
    if not isinstance(source, (str, os.PathLike)):
        return [file for one in source for file in find_files(one)]
    path = Path(source)
    if not path.exists():
        message = f"{path}: expected a file or folder, found none; check the name"
        raise SourceError(message)
    if path.is_file():
        return [path]
    files = sorted(file for file in path.iterdir() if _is_readable(file))
    if not files:
        found = sorted(file.name for file in path.iterdir())[:5]
        message = f"{path}: expected files ending in {', '.join(TEXT_SUFFIXES)}, found {found}; put the reports there"
        raise SourceError(message)
    return files


def _is_readable(file: Path) -> bool:
    hidden = file.name.startswith((".", "~$"))
    return file.is_file() and not hidden and file.suffix.lower() in TEXT_SUFFIXES


def read_source(file: Path) -> Source:
    """Read one file.

    Raises
    ------
    SourceError
        When it is empty, too large, binary, or in no known encoding; the message names the file and the remedy.
    """
    size = file.stat().st_size
    if size > MAX_BYTES:
        message = f"{file}: expected at most {MAX_BYTES // 2**20} MiB, found {size // 2**20} MiB; split the file"
        raise SourceError(message)
    content = file.read_bytes()
    text, encoding = decode(content, name=str(file))
    if not text.strip():
        message = f"{file}: expected the text of reports, found an empty file; check that it was saved"
        raise SourceError(message)
    digest = hashlib.sha256(content).hexdigest()
    return Source(file.name, file.suffix.lower().lstrip(".") or "txt", encoding, digest, text)


def decode(content: bytes, *, name: str) -> tuple[str, str]:
    r"""Decode bytes: a byte order mark decides, else strict UTF-8, else GB18030.

    Parameters
    ----------
    content : bytes
    name : str
        What to call the file in an error.

    Returns
    -------
    text : str
        Line ends as ``\n``.
    encoding : str

    Raises
    ------
    SourceError
        When the bytes are binary or decode in none of these.
    """
    marked = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text.replace("\r\n", "\n").replace("\r", "\n"), encoding.removesuffix("-sig")
    message = f"{name}: expected text in UTF-8, UTF-16 or GB18030, found bytes that are none of these; {ADVICE}"
    raise SourceError(message)


def _is_text(text: str) -> bool:
    """Binary files decode now and then; they hold NULs, control characters or private-use characters en masse."""
    if "\0" in text:
        return False
    sample = text[:100_000]
    odd = sum(1 for c in sample if (c < " " and c not in "\n\r\t\f\v\x1a") or "\ue000" <= c <= "\uf8ff")
    return odd <= len(sample) // 100
