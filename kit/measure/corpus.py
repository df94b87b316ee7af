"""A corpus: thousands of files or rows of tables, each read and measured as ever, written as Parquet by batches.

A *source* is one file, one member of a ZIP, or one row of a table with a column of text; it is one compilation or one
report, and its measures are those that it would have alone. Sources go in batches to the workers of a Dask cluster. A
worker reads each source of its batch, measures them together (what costs most is what is done once a call, not once a
character), and writes a file a table; the file in ``done`` comes last and makes the batch count, so that a batch is
there or is not, and a call on the same folder does what is missing.
"""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, rule, sample
from kit.errors import KitError, OutputError, SourceError, unreadable
from kit.measure.analysis import TABLES, Analysis, kit_key
from kit.measure.codebook import THEMES, codebook_of
from kit.measure.corpus_sources import Entry, find_entries
from kit.measure.counts import MATTER, as_terms, count_tokens, sum_groups
from kit.measure.matching import match_items
from kit.measure.pooled import DONE, FACTS, Corpus, band_hashes, find_copies_across, link_authors
from kit.measure.words import TERMS, cache_folder
from kit.read.compilation import Compilation
from kit.read.overrides import FILE as OVERRIDES
from kit.read.overrides import read_overrides
from kit.read.reader import Reading, read_rows, tabulate
from kit.read.source import decode_source

NEEDED = ("dask", "distributed", "pyarrow", "rensa")
MOST_SOURCES, MOST_BYTES = 100, 2 * 2**20  # of a batch: what a killed worker costs, and what a worker holds
AHEAD = 2  # batches that wait for each worker
HEAD = 500  # characters in which a text may name its place
# Columns that number something of a compilation, by the table whose length moves them on; and offsets.
NUMBERS = {
    **dict.fromkeys(("report", "copy_of"), "reports"),
    **dict.fromkeys(("part", "parent"), "parts"),
    "sentence": "sentences",
    **dict.fromkeys(("item", "parent_item", "evidence", "answers"), "items"),
    **dict.fromkeys(("start", "end", "evidence_start", "evidence_end", "answers_start"), "text"),
}
KINDS = next(column.values for column in tables.TOKENS.columns if column.name == "kind")
Progress = Callable[[int, int], None]


# ---- One batch, in a worker ----


def measure_batch(entries: Sequence[Entry], folder: Path, ids: Sequence[str]) -> int:
    """Read and measure some sources and write their tables; return how many could not be read."""
    read: list[tuple[Entry, Reading]] = []
    errors: list[dict] = []
    for entry in entries:
        try:
            read.append((entry, _read(entry)))
        except Exception as error:
            errors.append(_error(entry, "unread", error))
    compilations = tabulate([one for _, one in read])
    settled = [(entry, replace(one, path=entry.path)) for (entry, _), one in zip(read, compilations, strict=True)]
    frames: dict[str, list[pd.DataFrame]] = {}
    for group in _together(settled):
        for found in _measured(group, errors):
            for name, frame in found.items():
                frames.setdefault(name, []).append(frame)
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


def _together(read: Sequence[tuple[Entry, Compilation]]) -> list[list[tuple[Entry, Compilation]]]:
    """Part sources into those that are measured together, and one by one those with files of the user's own."""
    own = [any(map(compilation.own_file, (OVERRIDES, TERMS, THEMES))) for _, compilation in read]
    plain = [one for one, apart in zip(read, own, strict=True) if not apart]
    return [*([plain] if plain else []), *([one] for one, apart in zip(read, own, strict=True) if apart)]


def _measured(group: Sequence[tuple[Entry, Compilation]], errors: list[dict]) -> Iterator[dict[str, pd.DataFrame]]:
    """Yield the tables of sources measured together; if that fails, of each alone, but for the one that fails."""
    try:
        with _uncached():
            yield measure_together({entry.source: compilation for entry, compilation in group})
    except Exception as error:
        if len(group) == 1:
            errors.append(_error(group[0][0], "unmeasured", error))
            return
        for one in group:
            yield from _measured([one], errors)


@contextmanager
def _uncached() -> Iterator[None]:
    """Keep no tables of an analysis while a block runs: what is measured in it is kept as the corpus."""
    before = os.environ.get("KIT_CACHE")
    os.environ["KIT_CACHE"] = "off"
    try:
        yield
    finally:
        os.environ.pop("KIT_CACHE")
        os.environ |= {"KIT_CACHE": before} if before is not None else {}


def measure_together(compilations: dict[str, Compilation]) -> dict[str, pd.DataFrame]:
    """Return every table of some compilations, by source, as each would have it alone.

    They are joined to one, measured, and the numbers and offsets of the tables counted from each one's own first. Terms
    of several reports and matches, which weigh words over a whole compilation, are made of each alone.
    """
    names, each = list(compilations), list(compilations.values())
    sizes = {name: [len(getattr(one, name)) for one in each] for name in ("reports", "parts", "sentences", "text")}
    before = {name: np.r_[0, np.cumsum(found)[:-1]].astype("int64") for name, found in sizes.items()}
    joined = Analysis(_join(each, before), codebook_of(each[0]))
    of_source = np.searchsorted(before["reports"], joined.items["report"], side="left") - 1
    before["items"] = np.r_[0, np.cumsum(np.bincount(of_source, minlength=len(each)))[:-1]]
    found = {name: _by_source(joined.table(name), names, before) for name in TABLES if name not in ("terms", "matches")}
    matches = match_items(joined.compilation, joined.items, tokens=joined.tokens, begins=before["text"].tolist())
    counts = count_tokens(joined.compilation, joined.tokens, KINDS)
    cells = counts.units[["report", "role"]].iloc[counts.cells["unit"]].reset_index(drop=True)
    cells = counts.things.iloc[counts.cells["thing"]].reset_index(drop=True).join(cells).assign(n=counts.cells["n"])
    found["term_counts"] = _by_source(tables.check(cells, tables.TERM_COUNTS), names, before)
    matter = count_tokens(joined.compilation, joined.tokens, MATTER)
    at = np.searchsorted(before["reports"], matter.units["report"], side="left") - 1
    of_each = sum_groups(replace(matter, units=matter.units.assign(source=at)), "source", complete=False)
    terms = as_terms(of_each, ["source"])
    terms.insert(0, "source", pd.Series(names, dtype="str").array.take(terms.pop("source")))
    found |= {"matches": _by_source(matches, names, before), "terms": terms}
    found |= {name: _stack({key: one.tables[name] for key, one in compilations.items()}) for name in each[0].tables}
    found["texts"] = tables.make([{"source": s, "text": one.text} for s, one in compilations.items()], tables.TEXTS)
    found["bands"] = _by_source(band_hashes(joined.compilation), names, before)
    return found


def _by_source(table: pd.DataFrame, names: list[str], before: dict[str, np.ndarray]) -> pd.DataFrame:
    """Name each row's source, and count its numbers and offsets from the source's own first."""
    at = np.searchsorted(before["reports"], table["report"].to_numpy(), side="left") - 1
    own = {name: table[name] - before[NUMBERS[name]][at] for name in table if name in NUMBERS}
    shifted = table.assign(**{name: column.astype(table[name].dtype) for name, column in own.items()})
    shifted.insert(0, "source", pd.Series(names, dtype="str").array.take(at))
    return shifted


def _stack(parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Put tables under each other, each row behind the name of its source."""
    whole = pd.concat(parts.values(), ignore_index=True)
    rows = np.repeat(np.arange(len(parts)), [len(part) for part in parts.values()])
    if "source" in whole:
        whole = whole.rename(columns={"source": "number"})
    whole.insert(0, "source", pd.Series(list(parts), dtype="str").array.take(rows))
    return whole


def _join(each: list[Compilation], before: dict[str, np.ndarray]) -> Compilation:
    """Make one compilation of several: their texts behind one another, numbers and offsets going on."""
    if len(each) == 1:
        return each[0]
    joined = {}
    for table in ("reports", "parts", "sentences", "masks"):
        parts = [getattr(one, table) for one in each]
        rows = np.repeat(np.arange(len(each)), [len(part) for part in parts])
        whole = pd.concat(parts, ignore_index=True)
        for name in whole.columns.intersection(list(NUMBERS)):
            on = before[NUMBERS[name]][rows]
            whole[name] += on * (whole[name] > 0) if name == "report" else on  # report 0 is what belongs to none
        joined[table] = whole
    return replace(each[0], name="", text="".join(one.text for one in each), path=None, **joined)


def _error(entry: Entry, code: str, error: object) -> dict[str, str]:
    """A row of `tables.ERRORS` for a source that could not be read, or measured."""
    known = str(error) if isinstance(error, KitError) else f"{type(error).__name__}: {error}"
    return {"source": entry.source, "code": code, "message": known}


def _differing(found: dict[str, pd.DataFrame], known: dict[str, Entry], ids: Sequence[str]) -> list[dict]:
    """List the ids that the text contradicts: rows of `tables.ERRORS`; what a text does not say contradicts nothing."""
    kinds = {name: kind for kind, names in knowledge("corpus.toml")["ids"].items() for name in names}
    heads = {row.source: row.text[:HEAD] for row in found["texts"].itertuples()}
    rows = []
    for source, own in found["reports"].groupby("source", sort=False):
        for name, value in zip(ids, known[str(source)].ids, strict=True):
            if name not in kinds or value in ("", None):
                continue
            says, agrees = CHECKS[kinds[name]]
            told = [one for column in says for one in own[column].dropna().unique() if one != ""]
            if told and not any(agrees(value, one) for one in (*told, *([heads[source]] if says != YEARS else []))):
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


def _with_ids(frame: pd.DataFrame, known: dict[str, Entry], ids: Sequence[str]) -> pd.DataFrame:
    """Put a source's ids behind its name; a column of the same name that a table has of its own is then ``…_read``."""
    years = knowledge("corpus.toml")["ids"]["year"]
    rows, named = pd.factorize(frame["source"])
    frame = frame.rename(columns={name: f"{name}_read" for name in ids})
    for at, name in enumerate(ids):
        values = pd.Series([known[source].ids[at] for source in named], dtype="Int64" if name in years else "str")
        frame.insert(at + 1, name, values.array.take(rows))
    return frame


def _write(frame: pd.DataFrame, file: Path) -> None:
    """Write one table of a batch, under its name only when it is whole."""
    import pyarrow as pa  # noqa: PLC0415, heavy
    from pyarrow import parquet  # noqa: PLC0415

    draft = file.with_suffix(f".{os.getpid()}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.Table.from_pandas(pd.DataFrame(frame), preserve_index=False), draft, compression="zstd")
    draft.replace(file)


# ---- All batches, on a cluster ----


def open_corpus(folder: str | Path | None = None, *, lang: str = "zh") -> Corpus:
    """Open a corpus that `kit corpus` has made.

    Parameters
    ----------
    folder : path, optional
        Without one, what the environment variable KIT_SOURCE names, else a small corpus of the sample.
    lang : {"zh", "en"}
        Language of the figures drawn from it.

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
    return Corpus(Path(folder), tuple(facts["ids"]), lang)


def _sample_corpus() -> Path:
    """Measure the sample's files, here and at once, where the kit keeps what it has measured."""
    _check_extra()
    chosen = os.environ.get("KIT_CACHE")
    root = Path(tempfile.mkdtemp() if chosen == "off" else chosen or cache_folder())
    folder = root / f"corpus-{kit_key()[:16]}" / "sample"
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
    target = Path(folder).resolve()
    _claim(target, {"ids": list(ids), "text": text})
    batches = split_batches(_missing(find_entries(sources, ids, text), _known(target), target))
    with _cluster(workers, scheduler) as client:
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
        future = client.submit(measure_batch, batch, folder, ids, pure=False)
        waiting[future.key] = batch
        running.add(future)

    def take() -> int:
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
    """Refuse a folder of others, or a corpus made otherwise; clear away what batches left that never ended."""
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
    whole = {one.stem for one in (folder / DONE).glob("*.parquet")} | {"all"}
    for left in [one for one in folder.glob("*/*") if one.suffix == ".part" or one.stem not in whole]:
        left.unlink()


def _known(folder: Path) -> dict[str, tuple[str, str, str]]:
    """What has been measured: the hash, the kit and the batch of every source."""
    found: dict[str, tuple[str, str, str]] = {}
    for file in (folder / DONE).glob("*.parquet"):
        rows = pd.read_parquet(file, columns=["source", "sha256", "version"])
        found |= {row.source: (row.sha256, row.version, file.stem) for row in rows.itertuples()}
    return found


def _missing(entries: Iterable[Entry], done: dict[str, tuple[str, str, str]], folder: Path) -> Iterator[Entry]:
    """Yield the entries that are not measured yet, by this kit; what another version or another text gave goes."""
    for entry in entries:
        key, version, batch = done.get(entry.source, ("", "", ""))
        if (key, version) == (entry.key, kit_key()):
            continue
        if batch:
            stale = {one for one, (_, by, where) in done.items() if where == batch and by != kit_key()} | {entry.source}
            _drop(folder, batch, stale)
            for one in stale:
                del done[one]
        yield entry


def _drop(folder: Path, batch: str, stale: set[str]) -> None:
    """Take sources out of a batch; what has no more of any is removed. The list of what is done comes last."""
    import pyarrow.compute as pc  # noqa: PLC0415, heavy
    from pyarrow import parquet  # noqa: PLC0415

    for file in sorted(folder.glob(f"*/{batch}.parquet"), key=lambda file: file.parent.name == DONE):
        kept = parquet.read_table(file, filters=~pc.field("source").isin(sorted(stale)))
        if len(kept) or file.parent.name == "errors":
            draft = file.with_suffix(".part")
            parquet.write_table(kept, draft, compression="zstd")
            draft.replace(file)
        else:
            file.unlink()


@contextmanager
def _cluster(workers: int | None, scheduler: str | None) -> Iterator[Any]:
    """Give a client of a cluster: an existing one by its address, else one of this machine, gone at the end."""
    from distributed import Client, LocalCluster  # noqa: PLC0415, heavy

    if scheduler:
        with Client(scheduler) as client:
            yield client
        return
    local = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": logging.CRITICAL}
    with LocalCluster(n_workers=workers or os.cpu_count(), **local) as cluster, Client(cluster) as client:
        yield client
