"""What a corpus is made of: every file, member of an archive, or row of a table, with its ids and its bytes.

Sources are listed and opened one by one as they are asked for, however many there are.
"""

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from glob import glob
from hashlib import sha256
from pathlib import Path
from typing import Any

from kit.data import knowledge, own_file
from kit.errors import KitError, unreadable
from kit.measure.codebook import THEMES
from kit.measure.words import TERMS
from kit.read.overrides import FILE as OVERRIDES
from kit.read.source import SUFFIXES, Member, find_files, read_bytes

TOLD = 1 << 20  # bytes of a table by which its encoding is told
ROWS = 64  # of a Parquet table that are held at once


@dataclass(frozen=True)
class Entry:
    """One source on its way to a worker: its name in the corpus, its ids, its bytes, and the hash of all it is."""

    source: str
    ids: tuple[Any, ...]
    name: str
    folder: str
    content: bytes
    key: str
    path: Path | None = None
    failed: str = ""


# ---- Sources ----


def find_entries(sources: Sequence[str | Path], ids: Sequence[str], text: str | None) -> Iterator[Entry]:
    """Yield every file and row that the sources name, one by one, none of them kept."""
    seen: set[str] = set()
    for source in sources:
        above, files = _files_of(source)
        for file in files:
            name = file.relative_to(above).as_posix()
            if name in seen:
                raise unreadable(file, "sources of different names", f"two called {name}", "name a folder above both")
            seen.add(name)
            yield from _entries_of(file, name, ids, text)


def _files_of(source: str | Path) -> tuple[Path, list[Path]]:
    """The files that a path or a pattern names, folders at any depth, and the folder from which they are named."""
    path = Path(source).resolve()
    if path.is_file():
        return path.parents[min(1, len(path.parents) - 1)], [path]
    if path.is_dir():
        inside = (file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path)))
        kinds = (*SUFFIXES, ".zip", *(f".{suffix}" for suffix in knowledge("corpus.toml")["tables"]))
        return path.parent, sorted(file for file in inside if file.name.lower().endswith(kinds))
    found = sorted(Path(one).resolve() for one in glob(str(source), recursive=True))  # noqa: PTH207, may be absolute
    if not found:
        raise unreadable(source, "a file, a folder or a pattern", "none", "check the name")
    above = Path(os.path.commonpath([one.parent for one in found])).parent
    return above, [file for one in found for file in (_files_of(one)[1] if one.is_dir() else [one])]


def _is_hidden(path: Path) -> bool:
    return any(piece.startswith((".", "~$", "__MACOSX")) for piece in path.parts)


def _entries_of(file: Path, name: str, ids: Sequence[str], text: str | None) -> Iterator[Entry]:
    """Yield what one file holds: itself, the members of an archive, the rows of a table."""
    kind = knowledge("corpus.toml")["tables"].get(file.suffix.lower().lstrip("."))
    if kind:
        if text is not None:
            yield from _rows_of(file, name, kind, ids, text)
        return
    try:
        members = find_files(file)
    except KitError as error:
        yield _failed(name, ids, error)
        return
    for member in members:
        own, folder, path = name, file.parent.name, file
        if isinstance(member, Member):
            own, folder = f"{name}/{member.folder}/{member.name}", member.folder or file.stem
            path = file.with_suffix("") / member.folder / member.name
        values = _from_path(path, ids)
        try:
            content = read_bytes(member)
        except KitError as error:
            yield _failed(own, ids, error)
            continue
        beside = file if member == file else None
        yield Entry(own, values, member.name, folder, content, _key(content, beside, *values), beside)


def _from_path(path: Path, ids: Sequence[str]) -> tuple[Any, ...]:
    """The values of ids by the last pieces of a path, its suffix left out: place and year of ``…/四平市/2021.md``."""
    pieces = (*path.parts[:-1], path.stem)[-len(ids) :] if ids else ()
    whole = ("",) * (len(ids) - len(pieces)) + pieces
    return tuple(_typed(name, piece) for name, piece in zip(ids, whole, strict=True))


def _typed(name: str, value: Any) -> Any:
    """A value of an id: the year as a number, anything else as it is written."""
    if name not in knowledge("corpus.toml")["ids"]["year"]:
        return "" if value is None else str(value).strip()
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", str(value))
    return int(year[0]) if year else None


def _key(content: bytes, path: Path | None, *values: Any) -> str:
    """Hash all that a source's tables depend on, the kit aside: its bytes, its ids, the user's own files beside it."""
    beside = (own_file(path, name) for name in (OVERRIDES, TERMS, THEMES)) if path else ()
    own = [file.read_bytes() for file in beside if file.is_file()]
    return sha256(b"\0".join([content, repr(values).encode(), *own])).hexdigest()


def _failed(source: str, ids: Sequence[str], error: object) -> Entry:
    """A source that cannot even be opened: it goes the way of all others, to be written among the errors."""
    values = tuple(_typed(name, "") for name in ids)
    return Entry(source, values, "", "", b"", _key(b"", None, error), failed=str(error))


def _rows_of(file: Path, name: str, kind: str, ids: Sequence[str], text: str) -> Iterator[Entry]:
    """Yield the rows of a table one by one; a row that cannot be read is a failed source."""
    for number, row in enumerate(READERS[kind](file, (*ids, text)), 1):
        own = f"{name}#{number}"
        if not isinstance(row, dict):
            yield _failed(own, ids, f"{file}, row {number}: {row}")
            continue
        if missing := [column for column in (*ids, text) if column not in row]:
            raise unreadable(
                file, f"columns {', '.join((*ids, text))}", f"only {', '.join(row)}", f"{missing[0]} is none"
            )
        values = tuple(_typed(column, row[column]) for column in ids)
        called = "".join(str(value) for value in values if value is not None) or own.replace("/", " ")
        content = str(row[text] or "").encode("utf-8", "replace")
        yield Entry(own, values, f"{called}.txt", "", content, _key(content, None, *values))


def _read_csv(file: Path, _columns: Sequence[str], delimiter: str = ",") -> Iterator[Any]:
    csv.field_size_limit(2**31 - 1)
    with file.open("rb") as stream:
        head = stream.read(TOLD)
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "gb18030"
    with file.open(encoding=encoding, errors="replace", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)


def _read_jsonl(file: Path, _columns: Sequence[str]) -> Iterator[Any]:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            try:
                yield json.loads(line) if line.strip() else "expected an object, found an empty line"
            except ValueError as error:
                yield f"expected an object of JSON, but {error}"


def _read_parquet(file: Path, columns: Sequence[str]) -> Iterator[Any]:
    from pyarrow import parquet  # noqa: PLC0415, heavy

    there = parquet.ParquetFile(file)
    wanted = [column for column in columns if column in there.schema_arrow.names]
    if len(wanted) < len(columns):
        yield dict.fromkeys(there.schema_arrow.names)
    for rows in there.iter_batches(ROWS, columns=wanted):
        yield from rows.to_pylist()


READERS: dict[str, Callable[[Path, Sequence[str]], Iterator[Any]]] = {
    "csv": _read_csv,
    "tsv": partial(_read_csv, delimiter="\t"),
    "jsonl": _read_jsonl,
    "parquet": _read_parquet,
}
