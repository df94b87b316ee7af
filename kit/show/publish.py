"""Files reach a folder whole or not at all, the same bytes for the same content, in place of the kit's own alone."""

import atexit
import ctypes
import hashlib
import json
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from itertools import count
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any

import pandas as pd

from kit.errors import OutputError
from kit.measure.analysis import cache_root, kit_key
from kit.read.source import PathLike

MANIFEST = "manifest.json"
FORMULA = (*"=+-@＝＋－＠", "\t", "\r", "\n")  # what a cell begins with that a spreadsheet may run
LOG = logging.getLogger("kit")  # what is not set otherwise is written to the console
# Unfinished files stand in folders that are named by their process, and finished ones, on their way, in READY there.
OWN, READY, LEAVING = f".kit-{os.getpid()}-", "ready", re.compile(r"\.kit-(\d{1,9})-[a-z0-9_]{8}")
UNPLAIN = re.compile(r"[\\:\x00\ud800-\udfff]|(?:^|/)\.{0,2}(?:/|$)")  # ends in /, or has a part that is empty, . or ..
_LIVE: set[str] = set()
_PUT_OFF: list[int] = []  # signals that came while something was put in place or cleared away
STOPS = signal.SIGTERM, signal.SIGINT
AT_CWD, SWAP, DAY = -100, 2, 86_400  # of Linux; seconds
CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed: the date of a file says nothing about its content
DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?:-(\d+))?")  # a run's own folder: 2026-11-28, then 2026-11-28-2
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
Writer = Callable[[Path], object]


@contextmanager
def staged(
    directory: PathLike, facts: dict[str, Any], names: Iterable[str] = (), *, force: bool = False
) -> Iterator[Path]:
    """Give a private folder, whose files move to ``directory`` together when the block ends well, edited ones kept."""
    target = Path(directory)
    earlier = check_folder(target, names)
    try:
        with _stoppable(), _private(_home(target)) as private:
            stage = private / "stage"
            stage.mkdir()
            yield stage
            _answer_stops(_put_off)  # till all is in place, and what was there before is cleared away
            _publish(stage, target, earlier, facts, force=force)
    except OutputError as error:  # of a file that was to stand there: that place is named
        error.args = (str(error).replace(str(stage), str(target)),)
        raise
    except OSError as error:
        message = (
            f"{target}: expected to write into this folder, but {error}; make room, close its files in other programs, "
            "or name another folder with -o"
        )
        raise OutputError(message) from error


@contextmanager
def _private(home: Path) -> Iterator[Path]:
    """Make a folder whose name says whose it is, and remove it at the end, which no signal cuts short."""
    private = home / f"{OWN}{token_hex(4)}"  # named before it is made: at no moment is there one that none clears away
    _LIVE.add(private.name)
    try:
        private.mkdir(mode=0o700)
        yield private
    finally:
        _answer_stops(_put_off)
        shutil.rmtree(private, ignore_errors=True)
        _LIVE.discard(private.name)


def _home(target: Path) -> Path:
    """Return where unfinished files stand: beside a folder, or in it when that is closed or another disk."""
    beside = next((folder for folder in target.absolute().parents if folder.is_dir()), target)
    fits = os.access(beside, os.W_OK) and (not target.is_dir() or target.stat().st_dev == beside.stat().st_dev)
    return beside if fits or not target.is_dir() else target


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end a block as ctrl-C does, so that what is not finished is cleared away."""
    before = _answer_stops(_stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        while _PUT_OFF:
            signal.raise_signal(_PUT_OFF.pop())


def _answer_stops(answer: Any) -> dict[int, Any]:
    """Answer signals that stop a program otherwise; in a thread, which may not, and where ignored, as before."""
    ours = threading.current_thread() is threading.main_thread()
    asked = [number for number in STOPS if ours and signal.getsignal(number) not in (signal.SIG_IGN, None)]
    return {number: signal.signal(number, answer) for number in asked}


def _put_off(number: int, _frame: object) -> None:
    _PUT_OFF.append(number)


def _stop(number: int, _frame: object) -> None:
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)


def check_folder(directory: PathLike, names: Iterable[str] = ()) -> dict[str, str]:
    """Refuse a folder that a run could not write into, before its work; complete and clear what dead runs left."""
    target = Path(directory)
    if os.path.lexists(target) and not target.is_dir():
        message = f"{target}: expected a folder to write into, found a file; name another folder with -o"
        raise OutputError(message)
    _sweep(_home(target))
    _sweep(target, complete=True)
    earlier = read_manifest(target).get("files", {})
    _refuse_others(target, [*earlier, *names], earlier)
    return earlier


def dated_folder(parent: PathLike, today: date | None = None) -> Path:
    """Return the folder of today's next run: named by the date, from the second on with a number."""
    day = f"{today or datetime.now().astimezone():%Y-%m-%d}"
    names = (Path(parent) / (day if n == 1 else f"{day}-{n}") for n in count(1))
    return next(folder for folder in names if not os.path.lexists(folder))


def last_run(directory: PathLike) -> Path:
    """Return the folder of the last run: the latest dated one that the kit wrote, or the folder itself."""
    folders = Path(directory).glob("*-*") if Path(directory).is_dir() else ()
    runs = {
        (found[1], int(found[2] or 1)): folder
        for folder in folders
        if (found := DATED.fullmatch(folder.name)) and (folder / MANIFEST).is_file()
    }
    return runs[max(runs)] if runs else Path(directory)


def kept_files(directory: PathLike) -> dict[str, str]:
    """Return the files that the last run into a folder left as they were edited, each with its new one's name."""
    return dict(read_manifest(directory).get("kept", {}))


def _sweep(folder: Path, *, complete: bool = False) -> None:
    """Remove what dead runs left in a folder; a run that was only to be put in place there is completed."""
    for left in sorted(folder.glob(".kit-*")):
        owner = LEAVING.fullmatch(left.name)
        if not owner or left.name in _LIVE or _is_alive(int(owner[1]), left):
            continue
        if not ((left / READY / MANIFEST).is_file() and _is_below(folder, f"{left.name}/{READY}")):
            shutil.rmtree(left, ignore_errors=True)
        elif complete:
            _place(left, folder)


def _is_alive(process: int, left: Path) -> bool:
    if process == os.getpid():  # an earlier one of the same number: this one's are in _LIVE
        return False
    if os.name == "nt":  # where asking would end it
        return time.time() - left.stat().st_mtime < DAY
    try:
        os.kill(process, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)  # another user's, which may not be asked
    return True


def read_manifest(directory: PathLike) -> dict[str, Any]:
    """Return what the kit wrote into a folder and from what; empty when there is no manifest."""
    file = Path(directory) / MANIFEST
    if not os.path.lexists(file):
        return {}
    try:
        manifest = dict(json.loads(file.read_text(encoding="utf-8")))
        files = dict(manifest["files"].items())
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        message = f"{file}: expected the list of files that an earlier run wrote, but {error}; move the folder away"
        raise OutputError(message) from error
    _refuse_outside(Path(directory), files)
    return manifest


def _refuse_outside(folder: Path, files: Mapping[str, object]) -> None:
    wrong = [name for name, value in files.items() if not isinstance(value, str) or not _is_below(folder, name)]
    if wrong:
        message = (
            f"{folder / MANIFEST}: expected names of files below the folder, each with its hash, found {wrong[0]!r}; "
            "move the folder away, or the link in it"
        )
        raise OutputError(message)


def _is_below(folder: Path, name: str) -> bool:
    """Whether a name is plain and relative, and what it names lies below a folder, links followed."""
    if UNPLAIN.search(name):
        return False
    return Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder))


def _refuse_others(target: Path, names: Iterable[str], earlier: Mapping[str, str]) -> None:
    if not (target / MANIFEST).is_file() and target.is_dir():
        found, said = sorted(file.name for file in target.iterdir() if not file.name.startswith(".")), "files of others"
    else:
        found = [name for name in names if _is_others(target, target / name, name, earlier)]
        said = "files of others that would be overwritten"
    if found:
        message = (
            f"{target}: expected a new folder, an empty one or one that the kit wrote, found {said} "
            f"({', '.join(found[:3])}); name another folder with -o"
        )
        raise OutputError(message)


def _is_others(target: Path, file: Path, name: str, earlier: Mapping[str, str]) -> bool:
    """Whether what stands at a place is not the kit's: a folder, a file where a folder should be, a link out of it."""
    above = [folder for folder in file.parents if target in folder.parents]
    taken = any(os.path.lexists(folder) and not folder.is_dir() for folder in above)
    return taken or file.is_dir() or (os.path.lexists(file) and name not in earlier) or not _is_below(target, name)


def _publish(stage: Path, target: Path, earlier: dict[str, str], facts: dict[str, Any], *, force: bool) -> None:
    """Put a finished run in place: by one rename, or file by file from a folder that says what is still to be done."""
    files = {f.relative_to(stage).as_posix(): _digest(f) for f in sorted(stage.rglob("*")) if f.is_file()}
    _refuse_others(target, files, earlier)
    edited, kept = _keep_edited(stage, target, earlier, files, force=force)
    kept |= facts.get("kept", {})
    told = facts | {"files": files} | ({"kept": kept} if kept else {})
    manifest = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_text(stage / MANIFEST, manifest)
    same = [take(name, digest, target, stage) for name, digest in files.items() if earlier.get(name) == digest]
    if earlier and len(same) == len(files) and all(same) and _digest(target / MANIFEST) == _digest(stage / MANIFEST):
        return
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        stage.rename(target)
    elif edited or not _is_whole(target, earlier) or not _exchange(stage, target):
        journal = Path(tempfile.mkdtemp(prefix=OWN, dir=target))
        stage.rename(journal / READY)  # from here on the run is done: what is left of it, the next one does
        _place(journal, target)


def take(name: str, digest: str, earlier: Path, stage: Path) -> bool:
    """Let a file of an earlier run stay the very file that it is, or a copy; whether it was as the kit wrote it."""
    file, goal = earlier / name, stage / name
    if not file.is_file() or file.is_symlink() or _digest(file) != digest:
        return False
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.unlink(missing_ok=True)
    try:
        goal.hardlink_to(file)
    except OSError:  # a disk that knows no links
        shutil.copy2(file, goal)
    return True


def _keep_edited(
    stage: Path, target: Path, earlier: dict[str, str], files: dict[str, str], *, force: bool
) -> tuple[list[str], dict[str, str]]:
    """Rename new files whose place is taken by one that was edited, which stays known by its old hash; name these."""
    # With ``force`` none keeps its place; what was edited and is not made any more stays all the same.
    present = {name: _digest(target / name) for name in earlier if (target / name).is_file()}
    edited = [name for name, now in present.items() if now not in {*earlier.values(), files.get(name)}]
    edited = [name for name in edited if not (force and name in files)]
    kept = {}
    for name in [name for name in edited if name in files]:
        goal = name
        while goal in edited or goal in files or (goal not in earlier and os.path.lexists(target / goal)):
            goal = PurePosixPath(goal).with_suffix(f".new{PurePosixPath(goal).suffix}").as_posix()
        (stage / name).rename(stage / goal)
        files[goal] = files.pop(name)
        kept[name] = goal
    files |= {name: earlier[name] for name in edited}
    return edited, kept


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _is_whole(target: Path, earlier: Mapping[str, str]) -> bool:
    """Whether nothing but the kit's files is in a folder, and nobody stands in it."""
    known = {MANIFEST, *earlier, *(str(up) for name in earlier for up in PurePosixPath(name).parents)}
    ours = all(f.relative_to(target).as_posix() in known and not f.is_symlink() for f in target.rglob("*"))
    return ours and not target.is_symlink() and not Path.cwd().is_relative_to(target.absolute())


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, where the system can (Linux); whether it did."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    shutil.copymode(other, one)
    return bool(rename(AT_CWD, os.fsencode(one), AT_CWD, os.fsencode(other), SWAP) == 0)


def _place(journal: Path, target: Path) -> None:
    """Move what a journal holds into a folder, remove what is no longer made, the manifest last; may be begun again."""
    ready = journal / READY
    old, new = (read_manifest(folder).get("files", {}) for folder in (target, ready))
    _refuse_outside(target, new)
    for name in new:
        if (ready / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(ready / name, target / name)  # noqa: PTH105
    for name in old.keys() - new.keys():
        (target / name).unlink(missing_ok=True)
    os.replace(ready / MANIFEST, target / MANIFEST)  # noqa: PTH105
    shutil.rmtree(journal, ignore_errors=True)


def write_whole(writers: Mapping[Path, Writer]) -> None:
    """Write every file of a folder beside its place first, then put all in place; leave nothing half-written behind."""
    file = next(iter(writers))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _sweep(file.parent)
        with _stoppable(), _private(file.parent) as private:
            for file, write in writers.items():
                write(private / file.name)
            for file in writers:
                os.replace(private / file.name, file)  # noqa: PTH105 - the point of it: atomic, also over an older file
    except OSError as error:
        message = f"{file}: expected to write this file, but {error}; make room, close it elsewhere or choose a folder"
        raise OutputError(message) from error


def write_text(file: Path, text: str) -> Path:
    """Write a text in UTF-8 with the same line ends everywhere."""
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def write_new(file: Path, text: str) -> Path:
    """Write a file that is not there yet, in UTF-8."""
    if file.exists():
        message = f"{file}: expected no such file yet, found one; edit it, or move it away to begin anew"
        raise OutputError(message)
    return write_text(file, text)


def copy_files(files: Iterable[Path], folder: Path) -> list[Path]:
    """Copy files into a folder; those that are there already are left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    goals = [(file, folder / file.name) for file in files]
    return [Path(shutil.copyfile(file, goal)) for file, goal in goals if not goal.exists()]


def neutralise(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts no spreadsheet takes for a formula: an apostrophe stands before `FORMULA`."""
    safe = table.copy(deep=False)
    for name in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        safe[name] = [f"'{v}" if isinstance(v, str) and v.startswith(FORMULA) else v for v in safe[name].tolist()]
    return safe


def open_workbook(file: Path | BytesIO, **properties: str) -> Any:
    """Open a new workbook whose texts are texts, whatever they begin with: no formulas, no links."""
    from xlsxwriter import Workbook  # noqa: PLC0415, heavy

    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True})
    book.set_properties({**properties, "created": CREATED})
    return book


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


# ---- Pieces kept on disk: what took long to make is found again under the hash of everything that it was made of ----

ROOM = 400 * 2**20  # bytes; what was not used for longest goes first
SEAL = sha256().digest_size  # each piece ends with its hash, behind which no reader of fonts looks
MADE_WITH = ["fonttools", "jinja2", "matplotlib", "nbconvert", "numpy", "pandas", "pillow", "python-docx"]
MADE_WITH += ["python-pptx", "wordcloud", "xlsxwriter", "zhplot"]


def find(made_of: object) -> bytes | None:
    """Return a piece, told from others by the repr of what it is made of; None when it is not kept, or damaged."""
    place = _kept_at(cache_root(), made_of)
    return _unsealed(place) if place else None


def keep(made_of: object, make: Callable[[], bytes]) -> bytes:
    """Return a piece, made when it is not kept yet."""
    kept = find(made_of)
    if kept is None:
        kept = make()
        if place := _kept_at(cache_root(), made_of):
            _write(place, kept)
    return kept


def keep_written(file: Path, made_of: object, write: Callable[[Path], object]) -> None:
    """Write a file as it is kept, else anew."""

    def make() -> bytes:
        """Write the piece and return its bytes."""
        write(file)
        return file.read_bytes()

    file.write_bytes(keep(made_of, make))


def keep_file(made_of: object, make: Callable[[], bytes]) -> Path:
    """Return the file of a piece, which ends with its hash; where nothing can be kept, one of this process."""
    for root in (cache_root, _own_folder):
        place = _kept_at(root(), made_of)
        if place and _unsealed(place) is None:
            _write(place, make())
        if place and place.is_file():
            break
    assert place is not None
    return place


@cache
def _own_folder() -> Path:
    private = Path(tempfile.mkdtemp(prefix="huibian-kit-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    return private


def _kept_at(root: Path | None, made_of: object) -> Path | None:
    said = f"{_made_with()}\0{made_of!r}"
    return root and root / "pieces" / sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _made_with() -> str:
    """Name the kit and what it draws and writes with, so that no other version's pieces are taken."""
    return " ".join([kit_key(), *(f"{name} {version(name)}" for name in MADE_WITH)])


def _unsealed(place: Path) -> bytes | None:
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
