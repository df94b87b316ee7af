"""A corpus: thousands of files or rows of tables, each read and measured as ever, written as Parquet by batches.

A *source* is one file, one member of a ZIP, or one row of a table with a column of text; it is one compilation or one
report, and its measures are those that it would have alone. Sources go in batches to the workers of a Dask cluster. A
worker reads those of its batch, measures them together (what is done once a call costs most), and writes a file a
table; the file in ``done`` comes last, so that a batch is there or is not, and a second call does what is missing.
"""

import csv
import gc
import json
import logging
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from glob import glob
from hashlib import sha256
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from kit import tables
from kit.data import find_lang, knowledge, own_file, rule, sample
from kit.errors import KitError, OutputError, SourceError, unreadable
from kit.measure.analysis import cache_root, kit_key
from kit.measure.codebook import THEMES
from kit.measure.pooled import DONE, FACTS, Corpus, find_copies_across, link_authors, measure_together
from kit.measure.words import TERMS
from kit.read.overrides import FILE as OVERRIDES
from kit.read.overrides import read_overrides
from kit.read.reader import Reading, read_rows
from kit.read.source import SUFFIXES, Member, decode_source, find_files, read_bytes

OWN = (OVERRIDES, TERMS, THEMES)  # files of the user's own
NEEDED = ("dask", "distributed", "pyarrow", "rensa")
MOST_SOURCES, MOST_BYTES = 200, 2 * 2**20  # of a batch: what a killed worker costs, and what a worker holds
AHEAD = 2  # batches that wait for each worker
HEAD = 500  # characters in which a text may name its place
TOLD = 1 << 20  # bytes of a table by which its encoding is told
ROWS = 64  # of a Parquet table that are held at once
Progress = Callable[[int, int], None]


# ---- Sources: listed and opened one by one as they are asked for, however many there are ----


@dataclass(frozen=True)
class Entry:
    """One source on its way to a worker: its name in the corpus, its ids, its bytes; or why it cannot be opened."""

    source: str
    ids: tuple[Any, ...]
    name: str = ""
    folder: str = ""
    content: bytes = b""
    path: Path | None = None
    failed: str = ""

    @property
    def own(self) -> list[Path]:
        """The user's own files beside it."""
        return [file for name in OWN if (file := own_file(self.path, name)).is_file()] if self.path else []

    @cached_property
    def key(self) -> str:
        """The hash of all that its tables depend on, the kit aside: its bytes, its ids, own files beside it."""
        own = [file.read_bytes() for file in self.own]
        return sha256(b"\0".join([self.content, repr((*self.ids, self.failed)).encode(), *own])).hexdigest()


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
        yield Entry(own, values, member.name, folder, content, file if member == file else None)


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


def _failed(source: str, ids: Sequence[str], error: object) -> Entry:
    """A source that cannot even be opened: it goes the way of all others, to be written among the errors."""
    return Entry(source, tuple(_typed(name, "") for name in ids), failed=str(error))


def _rows_of(file: Path, name: str, kind: str, ids: Sequence[str], text: str) -> Iterator[Entry]:
    """Yield the rows of a table one by one; a row that cannot be read is a failed source."""
    for number, row in enumerate(READERS[kind](file), 1):
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
        yield Entry(own, values, f"{called}.txt", content=content)


def _read_csv(file: Path, delimiter: str = ",") -> Iterator[Any]:
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


def _read_jsonl(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            try:
                yield json.loads(line) if line.strip() else "expected an object, found an empty line"
            except ValueError as error:
                yield f"expected an object of JSON, but {error}"


def _read_parquet(file: Path) -> Iterator[Any]:
    from pyarrow import parquet  # noqa: PLC0415, heavy

    for rows in parquet.ParquetFile(file).iter_batches(ROWS):
        yield from rows.to_pylist()


READERS: dict[str, Callable[[Path], Iterator[Any]]] = {
    "csv": _read_csv,
    "tsv": partial(_read_csv, delimiter="\t"),
    "jsonl": _read_jsonl,
    "parquet": _read_parquet,
}


# ---- One batch, in a worker ----


def measure_batch(entries: Sequence[Entry], folder: Path, ids: Sequence[str]) -> int:
    """Read and measure some sources and write their tables; return how many could not be read."""
    gc.set_threshold(100_000)  # a batch is many values that stay till its end: to look them through took a tenth
    # Sources are measured together, those with files of the user's own one by one.
    groups: dict[str, list[tuple[Entry, Reading]]] = defaultdict(list)
    errors: list[dict] = []
    for entry in entries:
        try:
            groups[entry.source if entry.own else ""].append((entry, _read(entry)))
        except Exception as error:
            errors.append(_error(entry, "unread", error))
    frames: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for found in chain.from_iterable(_measured(group, errors) for group in groups.values()):
        for name, frame in found.items():
            frames[name].append(frame)
    known = {entry.source: entry for entry in entries}
    whole = {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()}
    if "reports" in whole:
        errors += _differing(whole, known, ids)
    whole |= {"errors": tables.make(errors, tables.ERRORS)}
    done = [{"source": entry.source, "sha256": entry.key, "version": kit_key()} for entry in entries]
    whole[DONE] = tables.make(done, tables.DONE)
    batch = sha256("".join(entry.key for entry in entries).encode()).hexdigest()[:16]
    for name, frame in whole.items():
        _write(_with_ids(frame, known, ids), folder / name / f"{batch}.parquet")
    return len(errors)


def _read(entry: Entry) -> Reading:
    """Take one source through the passes as `kit.read` would take it alone."""
    if entry.failed:
        raise SourceError(entry.failed)
    source = decode_source(entry.content, str(entry.path or entry.name), folder=entry.folder)
    settled = read_overrides(entry.path, [entry.path]) if entry.path else []
    return read_rows([source], name=entry.name, entries=settled)


def _measured(group: Sequence[tuple[Entry, Reading]], errors: list[dict]) -> Iterator[dict[str, pd.DataFrame]]:
    """Yield the tables of sources measured together; if that fails, of each alone, but for the one that fails."""
    try:
        path = group[0][0].path if len(group) == 1 else None
        yield measure_together({entry.source: reading for entry, reading in group}, path)
    except Exception as error:
        if len(group) == 1:
            errors.append(_error(group[0][0], "unmeasured", error))
            return
        for one in group:
            yield from _measured([one], errors)


def _error(entry: Entry, code: str, error: object) -> dict[str, str]:
    """A row of `tables.ERRORS` for a source that could not be read, or measured."""
    known = str(error) if isinstance(error, KitError) else f"{type(error).__name__}: {error}"
    return {"source": entry.source, "code": code, "message": known}


def _differing(found: dict[str, pd.DataFrame], known: dict[str, Entry], ids: Sequence[str]) -> list[dict]:
    """List the ids that the text contradicts: rows of `tables.ERRORS`; what a text does not say contradicts nothing."""
    kinds = {name: kind for kind, names in knowledge("corpus.toml")["ids"].items() for name in names}
    heads = {row.source: row.text[:HEAD] for row in found["texts"].itertuples()}
    reports = found["reports"]
    says = {column: reports.dropna(subset=[column]).groupby("source")[column].unique() for column in SAID}
    rows = []
    for source in reports["source"].unique():
        for name, value in zip(ids, known[source].ids, strict=True):
            if name not in kinds or value in ("", None):
                continue
            columns, agrees = CHECKS[kinds[name]]
            told = [one for column in columns for one in says[column].get(source, ()) if one != ""]
            if told and not any(agrees(value, one) for one in (*told, *([heads[source]] if columns != YEARS else []))):
                said = f"expected {value} as the source is named, found {', '.join(map(str, told))} in its text"
                rows.append({"source": source, "code": "differs", "message": f"{source}, {name}: {said}; check both"})
    return rows


def _bare(place: str) -> str:
    """A place's name without what kind of place it is."""
    return rule("corpus.toml", "place.tail").sub("", place) or place


YEARS = ("period", "plan_period")
# By kind of id: the columns of a report that say as much, and whether one of them, or how the text begins, agrees.
CHECKS: dict[str, tuple[tuple[str, ...], Callable[[Any, Any], bool]]] = {
    "year": (YEARS, lambda value, told: value == told),
    "place": (("place",), lambda value, told: _bare(value) in told or _bare(told) in value),
    "agency": (("agency",), lambda value, told: value in told or told in value),
}
SAID = [column for columns, _ in CHECKS.values() for column in columns]


def _with_ids(frame: pd.DataFrame, known: dict[str, Entry], ids: Sequence[str]) -> pd.DataFrame:
    """Put a source's ids behind its name; a column of the same name that a table has of its own is then ``…_read``."""
    years = knowledge("corpus.toml")["ids"]["year"]
    dtypes = {name: "Int64" if name in years else "str" for name in ids}
    values = pd.DataFrame([(one.source, *one.ids) for one in known.values()], columns=["source", *ids])
    own = frame.rename(columns={name: f"{name}_read" for name in ids})
    return values.astype({"source": "str"} | dtypes).merge(own, on="source", how="right")


def _write(frame: pd.DataFrame, file: Path) -> None:
    """Write one table of a batch, under its name only when it is whole."""
    draft = file.with_suffix(f".{os.getpid()}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(draft, index=False, compression="zstd")
    draft.replace(file)


# ---- All batches, on a cluster ----


def open_corpus(folder: str | Path | None = None, *, lang: str | None = None) -> Corpus:
    """Open a corpus that `kit corpus` has made.

    Parameters
    ----------
    folder : path, optional
        Without one, what the environment variable KIT_SOURCE names, else a small corpus of the sample.
    lang : {"zh", "en"}, optional
        Language in which it is shown; without it as in `kit.analyse`.

    Returns
    -------
    Corpus
        ``table(name)`` is a table as `pyarrow.dataset.Dataset`, ``read(name, columns, **where)`` as DataFrame; every
        row begins with its ``source`` and the source's ids. ``count_terms(by)``, ``sum_themes(by)`` and
        ``compare_terms(focus, reference)`` are counts of all reports, or by any of the ids, ``period, plan_period,
        agency, sector, level, place, role, side``, near copies once. ``group(by)`` is an analysis in which groups
        stand for reports: the kit's figures draw it. ``find_evidence(theme, **where)`` gives the sentences behind a
        count, ``analysis(source)`` everything of one source.

    Raises
    ------
    SourceError
        When the folder holds no corpus.

    Examples
    --------
    >>> import kit
    >>> kit.open_corpus("no such folder")
    Traceback (most recent call last):
    kit.errors.SourceError: no such folder: expected a corpus, found no corpus.json; make one with kit corpus
    """
    folder = folder or os.environ.get("KIT_SOURCE") or _sample_corpus()
    file = Path(folder) / FACTS
    if not file.is_file():
        raise unreadable(folder, "a corpus", f"no {FACTS}", "make one with kit corpus")
    facts = json.loads(file.read_text(encoding="utf-8"))
    return Corpus(Path(folder), tuple(facts["ids"]), lang or find_lang())


def _sample_corpus() -> Path:
    """Measure the sample's files, here and at once, where the kit keeps what it has measured."""
    _check_extra()
    folder = (cache_root() or Path(tempfile.mkdtemp())) / f"corpus-{kit_key()[:16]}" / "sample"
    if not (folder / "author_links").is_dir():
        _claim(folder, {"ids": ["year"], "text": None})
        entries = list(find_entries([sample().parent / "20*.txt"], ["year"], None))
        measure_batch(entries, folder, ["year"])
        _merge(folder)
    return folder


def _check_extra() -> None:
    if missing := [name for name in NEEDED if not find_spec(name)]:
        found = f"found no {', '.join(missing)}"
        message = f'kit corpus: expected {", ".join(NEEDED)}, {found}; run pip install "huibian-kit[corpus]"'
        raise KitError(message)


def _merge(folder: Path) -> None:
    """Write what takes all reports at once."""
    for name, merge in (("copies", find_copies_across), ("author_links", link_authors)):
        _write(merge(open_corpus(folder)), folder / name / "all.parquet")


def build_corpus(
    sources: Sequence[str | Path],
    folder: str | Path,
    *,
    ids: Sequence[str] = (),
    text: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Read and measure sources into a folder; what is there already is not done again. See `kit.open_corpus`."""
    _check_extra()
    from distributed import Client  # noqa: PLC0415, heavy

    target = Path(folder).resolve()
    _claim(target, {"ids": list(ids), "text": text})
    batches = split_batches(_missing(find_entries(sources, ids, text), _known(target), target))
    here = {"n_workers": workers or os.cpu_count(), "threads_per_worker": 1, "dashboard_address": None}
    with Client(scheduler) if scheduler else Client(**here, silence_logs=logging.CRITICAL) as client:
        _run(client, batches, target, ids, progress)
    if not any((target / "reports").glob("*.parquet")):
        raise unreadable(folder, "a source with a report", "none that can be read", "see its table errors")
    _merge(target)
    return open_corpus(target)


def _run(
    client: Any, batches: Iterable[list[Entry]], folder: Path, ids: Sequence[str], progress: Progress | None
) -> None:
    """Hand batches to the workers, never many ahead; one that kills its workers is tried source by source."""
    from distributed import as_completed  # noqa: PLC0415, heavy

    running: Any = as_completed(raise_errors=False)
    room = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    waiting: dict[str, list[Entry]] = {}
    done = seen = 0

    def submit(batch: list[Entry]) -> None:
        """Hand one batch to a worker."""
        future = client.submit(measure_batch, batch, folder, ids, pure=False)
        waiting[future.key] = batch
        running.add(future)

    def take() -> int:
        """Await one batch and return how many sources it held; one that failed is tried source by source."""
        future = next(running)
        batch = waiting.pop(future.key)
        if future.status == "error" and len(batch) > 1:
            for entry in batch:
                submit([entry])
            return 0
        if future.status == "error":
            measure_batch([replace(batch[0], failed=f"{batch[0].source}: {future.exception()}")], folder, ids)
        return len(batch)

    for batch in chain(batches, [[]]):  # the last of none waits for all
        seen += len(batch)
        if batch:
            submit(batch)
        while running.count() >= (room if batch else 1):
            done += take()
            if progress:
                progress(done, seen)


def split_batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Part entries into batches of so many sources and bytes."""
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == MOST_SOURCES or size + len(entry.content) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += len(entry.content)
    if batch:
        yield batch


def _claim(folder: Path, facts: dict[str, Any]) -> None:
    """Refuse a folder of others, or a corpus made otherwise."""
    file = folder / FACTS
    if file.is_file():
        if (found := json.loads(file.read_text(encoding="utf-8"))) != facts:
            message = f"{file}: expected a corpus made with {facts}, found {found}; name another folder with -o"
            raise OutputError(message)
    elif folder.exists() and any(folder.iterdir()):
        message = f"{folder}: expected a new folder or a corpus, found files of others; name another folder with -o"
        raise OutputError(message)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _known(folder: Path) -> dict[str, tuple[str, str]]:
    """What has been measured: the hash and the batch of every source. What another kit did, or nobody ended, goes."""
    found: dict[str, tuple[str, str]] = {}
    whole = {"all"}
    for file in (folder / DONE).glob("*.parquet"):
        rows = pd.read_parquet(file, filters=[("version", "==", kit_key())])
        found |= {row.source: (row.sha256, file.stem) for row in rows.itertuples()}
        whole |= {file.stem} if len(rows) else set()
    for left in [one for one in folder.glob("*/*") if one.suffix == ".part" or one.stem not in whole]:
        left.unlink()
    return found


def _missing(entries: Iterable[Entry], done: dict[str, tuple[str, str]], folder: Path) -> Iterator[Entry]:
    """Yield the entries that are not measured yet; what another text gave goes."""
    for entry in entries:
        key, batch = done.get(entry.source, ("", ""))
        if key != entry.key:
            if batch:
                _drop(folder, batch, entry.source)
            yield entry


def _drop(folder: Path, batch: str, source: str) -> None:
    """Take a source out of a batch; what has no more of any is removed. The list of what is done comes last."""
    for file in sorted(folder.glob(f"*/{batch}.parquet"), key=lambda file: file.parent.name == DONE):
        kept = pd.read_parquet(file, filters=[("source", "!=", source)])
        if len(kept) or file.parent.name == "errors":
            _write(kept, file)
        else:
            file.unlink()
