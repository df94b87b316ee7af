"""Files reach a folder whole or not at all, and replace only what the kit wrote there before."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit.errors import OutputError
from kit.read.source import PathLike

MANIFEST = "manifest.json"


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
    (stage / MANIFEST).write_text(manifest + "\n", encoding="utf-8", newline="\n")
    os.replace(stage / MANIFEST, target / MANIFEST)  # noqa: PTH105, atomic: the list of files comes last


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
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


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
