"""An override file is edited entry by entry: what a person wrote, its comments and its order, stays as it is.

The text is cut where entries begin (``[[role]]``), and only the entry that changes is written anew. `write_entry` and
`remove_entry` take a text and give a text; `save` puts it on disk, whole or not at all, and says how to take it back.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from kit.errors import DataError, OutputError

_BEGINS = re.compile(r"^(?=[ \t]*\[\[\s*\w+\s*\]\])", re.MULTILINE)
_IDLE = re.compile(r"\s*(#.*)?")  # a blank line, or a comment
KEPT = ("at", "text", "file")  # where an entry stands: what tells it from others of its kind
MERGED = "report"  # the kind whose entries each settle several things


@dataclass(frozen=True)
class Step:
    """What was written: the file, its text before (None: there was no file) and after."""

    file: Path
    before: str | None
    after: str


def write_entry(text: str, kind: str, says: Mapping[str, Any]) -> str:
    """Return the text of an override file with one entry added, or changed where there is one of its kind and place.

    ``says`` holds the place (``at, text`` and, of several files, ``file``) and what is said of it. What a report's
    entry says besides stays; an entry of another kind says this and nothing else.
    """
    pieces = _cut(text)
    for number, piece in enumerate(pieces):
        if _is_same(piece, kind, says):
            pieces[number] = _change(piece, kind, says)
            return "".join(pieces)
    table = tomlkit.table()
    table.update(says)
    entries = tomlkit.aot()
    entries.append(table)
    end = "\r\n" if "\r\n" in text else "\n"
    gap = end * (2 - text.endswith("\n")) if text and not text.endswith(end * 2) else ""
    return text + gap + tomlkit.dumps({kind: entries}).strip("\n").replace("\n", end) + end


def remove_entry(text: str, kind: str, says: Mapping[str, Any]) -> str:
    """Return the text of an override file without one entry; comments above and below it stay."""
    pieces = [_apart(piece)[1] if _is_same(piece, kind, says) else piece for piece in _cut(text)]
    return "".join(pieces)


def _cut(text: str) -> list[str]:
    """Part a text where entries begin."""
    return [piece for piece in _BEGINS.split(text) if piece]


def _apart(piece: str) -> tuple[str, str]:
    """Part an entry from the blank lines and comments behind it."""
    lines = piece.splitlines(keepends=True)
    end = len(lines)
    while end and _IDLE.fullmatch(lines[end - 1].rstrip("\r\n")):
        end -= 1
    return "".join(lines[:end]), "".join(lines[end:])


def _is_same(piece: str, kind: str, says: Mapping[str, Any]) -> bool:
    """Whether a piece is the entry of a kind and place; a doubt's has a code, too."""
    try:
        found = tomlkit.parse(piece).unwrap().get(kind)
    except TOMLKitError as error:
        message = f"expected TOML, found {_apart(piece)[0].strip()!r} ({error}); mend that entry"
        raise DataError(message) from error
    if not isinstance(found, list):
        return False
    one = found[0]
    return all(one.get(key) == says.get(key) for key in ("at", "file", *(("code",) if kind == "doubt" else ())))


def _change(piece: str, kind: str, says: Mapping[str, Any]) -> str:
    """Say something else in an entry."""
    own, rest = _apart(piece)
    document = tomlkit.parse(own if own.endswith("\n") else own + "\n")
    entries: Any = document[kind]
    table = entries[0]
    for key in [key for key in table if key not in says and key not in KEPT and kind != MERGED]:
        del table[key]
    for key, value in says.items():
        if table.get(key) != value:
            table[key] = value
    return tomlkit.dumps(document) + rest


def set_values(file: Path, values: Mapping[str, Any]) -> Path:
    """Set values at the top of a file of settings; all else in it stays."""
    document = tomlkit.parse(read_text(file) or "")
    for key, value in values.items():
        document[key] = value
    save(file, tomlkit.dumps(document))
    return file


def read_text(file: Path) -> str | None:
    """Return the text of a file as it stands, line ends included; None when there is none."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        message = f"{file}: expected UTF-8, but {error}; save it in UTF-8"
        raise DataError(message) from error


def save(file: Path, text: str) -> Step:
    """Write a text, whole or not at all, and return how to take it back."""
    before = read_text(file)
    _replace(file, text)
    return Step(file, before, text)


def take_back(step: Step) -> None:
    """Write what stood there before a step; refuse where somebody has changed the file since."""
    if read_text(step.file) != step.after:
        message = f"{step.file}: expected what the kit wrote, found something else; undo it in the file by hand"
        raise OutputError(message)
    if step.before is None:
        step.file.unlink()
    else:
        _replace(step.file, step.before)


def _replace(file: Path, text: str) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(text.encode("utf-8"))
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        message = f"{file}: expected to write this file, but {error}; close it in other programs, or ask for the right"
        raise OutputError(message) from error


def entries_of(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every entry of an override file: its kind and what it says."""
    for piece in _cut(text):
        for kind, found in tomlkit.parse(piece).unwrap().items():
            if isinstance(found, list):
                yield kind, found[0]
