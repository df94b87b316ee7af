"""Pieces kept on disk: what took long to make is found again under the hash of everything that it was made of.

They stand in the folder of the analyses (see `kit.measure.analysis.cache_root`), which may be deleted at any time.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from kit.measure.analysis import cache_root, kit_key

ROOM = 400 * 2**20  # bytes; what was not used for longest goes first
SEAL = sha256().digest_size  # each piece ends with its hash, behind which no reader of fonts looks
MADE_WITH = (
    "fonttools",
    "jinja2",
    "matplotlib",
    "nbconvert",
    "networkx",
    "numpy",
    "pandas",
    "pillow",
    "python-docx",
    "python-pptx",
    "wordcloud",
    "xlsxwriter",
    "zhplot",
)


def find(made_of: object) -> bytes | None:
    """Return a piece, told from others by the repr of what it is made of; None when it is not kept, or damaged."""
    place = _place(cache_root(), made_of)
    return _unsealed(place) if place else None


def keep(made_of: object, make: Callable[[], bytes]) -> bytes:
    """Return a piece, made when it is not kept yet."""
    kept = find(made_of)
    if kept is None:
        kept = make()
        if place := _place(cache_root(), made_of):
            _write(place, kept)
    return kept


def keep_written(file: Path, made_of: object, write: Callable[[Path], object]) -> None:
    """Write a file as it is kept, else anew."""

    def make() -> bytes:
        write(file)
        return file.read_bytes()

    file.write_bytes(keep(made_of, make))


def keep_file(made_of: object, make: Callable[[], bytes]) -> Path:
    """Return the file of a piece, which ends with its hash; where nothing can be kept, one of this process."""
    for root in (cache_root(), _private()):
        place = _place(root, made_of)
        if place is None:
            continue
        if _unsealed(place) is None:
            _write(place, make())
        if place.is_file():
            break
    assert place is not None
    return place


@cache
def _private() -> Path:
    private = Path(tempfile.mkdtemp(prefix="huibian-kit-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    return private


def _place(root: Path | None, made_of: object) -> Path | None:
    said = f"{_made_with()}\0{made_of!r}"
    return root and root / "pieces" / sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _made_with() -> str:
    """Name the kit and what it draws and writes with, so that no other version's pieces are taken."""
    return " ".join([kit_key(), *(f"{name} {version(name)}" for name in MADE_WITH)])


def _unsealed(place: Path) -> bytes | None:
    """Return what a piece holds; None when it is not there, or damaged."""
    try:
        whole = place.read_bytes()
    except OSError:
        return None
    if sha256(whole[:-SEAL]).digest() != whole[-SEAL:]:
        return None
    with suppress(OSError):
        os.utime(place)
    return whole[:-SEAL]


def _write(place: Path, content: bytes) -> None:
    """Keep a piece, under its name only when it is whole; without room or rights nothing is kept."""
    draft = place.with_name(f"{place.name}.{os.getpid()}.part")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        _make_room(place.parent)
        draft.write_bytes(content + sha256(content).digest())
        draft.replace(place)


@cache
def _make_room(folder: Path) -> None:
    """Let go of what was not used for longest, once in a process."""
    left = ROOM
    for file in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True):
        left -= file.stat().st_size
        if left < 0:
            file.unlink(missing_ok=True)
