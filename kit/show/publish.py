"""Files reach a folder whole or not at all, the same bytes for the same content, in place of the kit's own alone."""

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import OutputError
from kit.read.source import PathLike

MANIFEST = "manifest.json"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed: the date of a file says nothing about its content
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
Writer = Callable[[Path], object]


@contextmanager
def staged(directory: PathLike, facts: dict[str, Any]) -> Iterator[Path]:
    """Give a private folder to write into; when the block ends well, its files move to ``directory`` together.

    Parameters
    ----------
    directory : path
        Made when it is not there. What the kit wrote into it before (its ``manifest.json`` knows) is replaced, or
        removed when it is no longer made; nothing else is touched.
    facts : dict
        What the manifest says beside the list of files; may be added to inside the block.

    Yields
    ------
    Path
        The private folder, on the same disk.

    Raises
    ------
    OutputError
        Before the block, when ``directory`` is a file or its manifest cannot be read; behind it, when a file that the
        kit did not write stands where one of its files would go. Then nothing has changed.
    """
    target = Path(directory)
    if target.exists() and not target.is_dir():
        message = f"{target}: expected a folder to write into, found a file; name another folder with -o"
        raise OutputError(message)
    earlier = read_manifest(target).get("files", {})
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kit-", dir=target.parent) as private:
        stage = Path(private) / "stage"
        stage.mkdir()
        yield stage
        _publish(stage, target, earlier, facts)


def read_manifest(directory: PathLike) -> dict[str, Any]:
    """Return what the kit wrote into a folder and from what; empty when there is no manifest.

    Raises
    ------
    OutputError
        When the manifest is damaged.
    """
    file = Path(directory) / MANIFEST
    if not file.exists():
        return {}
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        message = f"{file}: expected the list of files that an earlier run wrote, but {error}; move the folder away"
        raise OutputError(message) from error


def _publish(stage: Path, target: Path, earlier: dict[str, str], facts: dict[str, Any]) -> None:
    names = sorted(file.relative_to(stage).as_posix() for file in stage.rglob("*") if file.is_file())
    foreign = [name for name in names if (target / name).exists() and name not in earlier]
    if foreign:
        message = (
            f"{target}: expected a new folder or one that the kit wrote, found files of others that would be "
            f"overwritten ({', '.join(foreign[:3])}); name another folder with -o"
        )
        raise OutputError(message)
    files = {name: hashlib.sha256((stage / name).read_bytes()).hexdigest() for name in names}
    manifest = json.dumps(facts | {"files": files}, ensure_ascii=False, indent=1, sort_keys=True)
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(stage / name, target / name)  # noqa: PTH105
    for name in set(earlier) - set(names):
        (target / name).unlink(missing_ok=True)
    write_text(stage / MANIFEST, manifest + "\n")
    os.replace(stage / MANIFEST, target / MANIFEST)  # noqa: PTH105, atomic: the list of files comes last


def write_whole(writers: Mapping[Path, Writer]) -> None:
    """Write every file beside its place first, then put all in place; leave nothing half-written behind.

    Raises
    ------
    OutputError
        When a file cannot be written; those that were there are then as they were.
    """
    with ExitStack() as stack:
        ready = []
        try:
            for file, write in writers.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                handle, name = tempfile.mkstemp(dir=file.parent, prefix=".kit-", suffix=file.suffix)
                os.close(handle)
                stack.callback(Path(name).unlink, missing_ok=True)
                write(Path(name))
                Path(name).chmod(0o644)
                ready.append((name, file))
            for name, file in ready:
                os.replace(name, file)  # noqa: PTH105 - the point of it: atomic, also over an older file
        except OSError as error:
            message = f"{file}: expected to write this file, but {error}; close it in other programs or choose a folder"
            raise OutputError(message) from error


def write_text(file: Path, text: str) -> Path:
    """Write a text in UTF-8 with the same line ends everywhere."""
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def write_new(file: Path, text: str) -> Path:
    """Write a file that is not there yet, in UTF-8.

    Raises
    ------
    OutputError
        When it is there: what a user may have edited is never overwritten.
    """
    if file.exists():
        message = f"{file}: expected no such file yet, found one; edit it, or move it away to begin anew"
        raise OutputError(message)
    return write_text(file, text)


def copy_files(files: Iterable[Path], folder: Path) -> list[Path]:
    """Copy files into a folder; those that are there already are left as they are.

    Returns
    -------
    list of Path
        What was copied.
    """
    folder.mkdir(parents=True, exist_ok=True)
    goals = [(file, folder / file.name) for file in files]
    return [Path(shutil.copyfile(file, goal)) for file, goal in goals if not goal.exists()]


def neutralise(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts no spreadsheet takes for a formula: an apostrophe stands before = + - @.

    Numbers stay numbers. After the OWASP notes on CSV injection.
    """
    safe = table.copy()
    for name in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        safe[name] = [f"'{v}" if isinstance(v, str) and v.startswith(FORMULA) else v for v in safe[name]]
    return safe


def write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write a table as CSV: UTF-8 with BOM, so that a spreadsheet reads the Chinese, formulas neutralised."""
    neutralise(table).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")


def export_table(table: pd.DataFrame, file: Path) -> Path:
    """Write a table as CSV (see `write_csv`), whole or not at all (see `write_whole`)."""
    write_whole({file: partial(write_csv, table)})
    return file


def save_office(document: Any, title: str, file: Path) -> Path:
    """Write a Word file or slides without the hour of their making; workbooks inside them, too."""
    document.core_properties.title = title
    document.core_properties.created = document.core_properties.modified = CREATED
    whole = BytesIO()
    document.save(whole)
    file.write_bytes(_settled(whole.getvalue()))
    return file


def _settled(content: bytes) -> bytes:
    """Return an office file whose parts carry no dates."""
    settled = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = _settled(part)
            elif name == "docProps/core.xml":
                part = _DATES.sub(rb"\g<1>" + f"{CREATED:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return settled.getvalue()
