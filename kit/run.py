"""The notebooks on another compilation: executed, made into pages, figures, tables and a manifest."""

import asyncio
import os
import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import kit
from kit.data import own_file, settings
from kit.errors import KitError
from kit.measure.analysis import Analysis, analyse
from kit.measure.codebook import THEMES
from kit.measure.scoring import draft_themes
from kit.read.overrides import draft_overrides, overrides_path, set_values
from kit.read.source import PathLike
from kit.show import bundle
from kit.show.briefing import FILE as CHOICE
from kit.show.briefing import draft_choice, write_index, write_page
from kit.show.bundle import Progress, draw_figures, silent, write_documents, write_several, write_tables
from kit.show.publish import check_folder, copy_files, find, keep_written, staged, write_new
from kit.show.style import theme_labels
from kit.wording import LANGS, label

YEARS, PLACES = "5-years", "6-places"  # the notebooks that take several compilations: of years, of places
CORPUS = "6-corpus"  # the notebook that takes a corpus in place of a compilation
KERNELS = max(1, (os.cpu_count() or 2) - 1)  # a core is left to what is drawn meanwhile
FIRST = "1-compilation"  # which reads one, and is no notebook of places


def notebooks(*, two_years: bool = True, places: bool = False, corpus: bool = False) -> list[Path]:
    """Return the kit's notebooks in reading order (of a corpus its own), from the package or its checkout."""
    package = Path(kit.__file__).parent
    folder = next(f for f in (package / "notebooks", package.parent / "notebooks") if f.is_dir())
    left_out = {*((YEARS,) if not two_years else ()), *((FIRST,) if places else (PLACES,))}
    books = sorted(file for file in folder.glob("[0-9]-*.ipynb") if file.stem not in left_out)
    return [file for file in books if (file.stem == CORPUS) == corpus]


def _nbformat() -> Any:
    """Import nbformat without a grammar of web addresses, which takes 3 s to build, and no notebook is checked by."""
    grammar = "rfc3987_syntax"
    absent = grammar not in sys.modules
    if absent:
        sys.modules[grammar] = None  # type: ignore[assignment]  # jsonschema does without what cannot be imported
    import nbformat  # noqa: PLC0415, heavy

    if absent:
        del sys.modules[grammar]
    return nbformat


def read_notebook(file: Path, lang: str, **sources: Any) -> Any:
    """Return a notebook in one language (cells tagged with another are left out), its parameters set, no outputs."""
    book = _nbformat().read(file, as_version=4)
    others = {other for other in LANGS if other != lang}
    book.cells = [cell for cell in book.cells if not others & set(cell.metadata.get("tags", ()))]
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if "parameters" in cell.metadata.get("tags", ()):
            values = {**_parameters(cell.source), **sources, "lang": lang}
            note = cell.source.splitlines()[LANGS.index(lang)]  # the comments that say what can be set come first
            cell.source = "\n".join([note, *(f"{name} = {value!r}" for name, value in values.items())])
    return book


def _parameters(source: str) -> dict[str, Any]:
    """The names that a cell of parameters sets, each to None as it stands there."""
    lines = [line.partition(" = ")[0] for line in source.splitlines() if " = " in line and not line.startswith("#")]
    return dict.fromkeys(lines)


def copy_notebooks(folder: Path, lang: str, *, corpus: bool = False) -> list[Path]:
    """Write working copies of the notebooks in one language; those that are there already are left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    files = notebooks(corpus=True) if corpus else sorted({*notebooks(), *notebooks(places=True)})
    goals = [(file, folder / file.name) for file in files if not (folder / file.name).exists()]
    for file, goal in goals:
        _nbformat().write(read_notebook(file, lang), goal)
    return [goal for _, goal in goals]


def export_tables(sources: Sequence[PathLike], directory: PathLike, *, lang: str | None = None) -> Path:
    """Write every table as CSV (UTF-8 with BOM), and ``text.txt``, the text as read."""
    check_folder(directory)
    analysis = analyse(sources[0] if len(sources) == 1 else list(sources), lang=lang)
    with staged(directory, bundle.facts(analysis)) as stage:
        if analysis.earlier is None:
            write_tables(analysis, stage)
        else:
            for number, year in enumerate(analysis.years, 1):
                write_tables(year, stage / str(number))
        write_several(analysis, stage)
    return Path(directory)


def new_folder(folder: Path, source: Path | None = None, *, lang: str = "zh") -> list[Path]:
    """Make a folder to work in: the compilation, the notebooks, a file for doubts and one for own themes."""
    source = Path(source or kit.sample())
    compilation = kit.read(source)
    files = sorted(file for file in source.iterdir() if file.is_file()) if source.is_dir() else [source]
    own = folder / source.name
    written = copy_files(files, own if source.is_dir() else folder) + copy_notebooks(folder, lang)
    drafts = {overrides_path(own): draft_overrides(compilation), own_file(own, THEMES): draft_themes(compilation)}
    drafts[folder / CHOICE] = draft_choice(lang)
    written += [write_new(file, text) for file, text in drafts.items() if not file.exists()]
    return written + write_settings(folder, [source.name], lang)


def write_settings(folder: Path, sources: Sequence[str], lang: str) -> list[Path]:
    """Write the kit.toml of a folder to work in, unless it says already what is read there."""
    if settings(folder).get("source"):
        return []
    return [set_values(folder / "kit.toml", {"source": sources[0] if len(sources) == 1 else [*sources], "lang": lang})]


def count_steps(*, two_years: bool = False) -> int:
    """Return how many steps `run_notebooks` reports."""
    return 1 + bundle.count_steps(two_years=two_years) + len(notebooks(two_years=two_years))


def run_notebooks(
    sources: Sequence[PathLike] = (),
    directory: PathLike = "out",
    *,
    lang: str = "zh",
    before: PathLike | None = None,
    force: bool = False,
    only: Collection[str] = bundle.PARTS,
    by: str | None = None,
    progress: Progress = silent,
) -> Path:
    """Run the kit on a compilation and write what a briefing needs, or parts of it; return the folder."""
    progress(label("run", "reading", lang))
    check_folder(directory, (*bundle.NAMES, "index.html"))
    analysis = analyse(list(sources) if len(sources) > 1 else next(iter(sources), None), lang=lang)
    analysis = replace(analysis, by=by or "")
    about = bundle.facts(analysis, lang=lang)
    several = {"two_years": analysis.earlier is not None, "places": analysis.has_places}
    books = [file for file in notebooks(**several) if "notebooks" in only]
    pages = {file: (file.read_bytes(), analysis.key, lang, _named(file, analysis, sources)) for file in books}
    anew = [file for file, made_of in pages.items() if find(made_of) is None]
    if anew:
        analysis.measure()  # so that a kernel finds every table, and what follows goes on beside it
    executed = {file.name: read_notebook(file, lang, **_named(file, analysis, sources)) for file in anew}
    with staged(directory, about, force=force) as stage:
        briefing = draw_figures(analysis, stage, only=only, progress=progress)
        for figure in briefing.figures if anew and "figures" in only else ():
            figure._repr_png_()  # drawn already, and kept: so the notebooks find it
        with executing(executed, KERNELS) as done:
            write_documents(briefing, stage, only=only, progress=progress)
            for file, made_of in pages.items():
                progress(f"{file.stem}.html")
                keep_written(stage / f"{file.stem}.html", made_of, partial(_write_page, done, file.name, lang))
        bundle.take_over(Path(directory), stage, about, only)
        if before:
            changes = bundle.find_changes(Path(before), stage, about)
            bundle.write_changes(changes, stage, labels=theme_labels(lang, analysis.codebook), lang=lang)
        write_index(stage, briefing, pages=_titles(stage, lang))
    return Path(directory)


def _named(notebook: Path, analysis: Analysis, sources: Sequence[PathLike]) -> dict[str, Any]:
    """The sources by the names of a notebook's parameters: the last year's, or all of several years or places."""
    paths = [str(Path(source).resolve()) for source in sources]
    if notebook.stem in (YEARS, PLACES):
        return {"sources": paths} if paths else {}
    last = analysis.compilation.path
    return {"source": str(last.resolve()) if last else paths} if paths else {}


def _write_page(executed: "Future[dict[str, Any]]", name: str, lang: str, file: Path) -> None:
    book = executed.result()[name]
    write_page(file, book, title=_title(book), lang=lang)


def _titles(folder: Path, lang: str) -> dict[str, str]:
    titles = {name: label("briefing", name, lang) for name in bundle.DOCUMENTS}
    books = sorted({*notebooks(), *notebooks(places=True)})
    titles |= {f"{book.stem}.html": _title(read_notebook(book, lang)) for book in books}
    return {name: title for name, title in titles.items() if (folder / name).is_file()}


def _title(book: Any) -> str:
    prose = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    return prose[0].splitlines()[0].lstrip("# ") if prose else ""


@contextmanager
def executing(books: Mapping[str, Any], kernels: int = 1) -> Iterator[Future[dict[str, Any]]]:
    """Execute notebooks while a block does something else; when it ends, whatever its end, so do the kernels."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    if books:
        import IPython  # noqa: F401, PLC0415, heavy; read in the thread, matplotlib could look into half of it
    loop, ended = asyncio.SelectorEventLoop(), threading.Event()  # the one kind that sockets of kernels know
    work = loop.create_task(_execute_all(books, kernels))

    def run() -> dict[str, Any]:
        try:
            return loop.run_until_complete(work)
        finally:
            ended.set()
            loop.close()

    with ThreadPoolExecutor(1) as thread:
        try:
            yield thread.submit(run)
        finally:
            if not ended.is_set():
                with suppress(RuntimeError):  # it ended in between
                    loop.call_soon_threadsafe(work.cancel)


async def _execute_all(books: Mapping[str, Any], kernels: int) -> dict[str, Any]:
    queue = iter(books.items())
    works = [asyncio.create_task(_execute_some(queue)) for _ in range(min(kernels, len(books)))]
    try:
        await asyncio.gather(*works)
    finally:
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)  # each stops its kernel
    return dict(books)


async def _execute_some(queue: Iterator[tuple[str, Any]]) -> None:
    """Execute the notebooks of a queue in one kernel, in which none finds anything of the one before."""
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415, heavy
    from nbclient import NotebookClient  # noqa: PLC0415
    from nbclient.exceptions import CellExecutionError  # noqa: PLC0415

    manager = AsyncKernelManager(kernel_name="python3")
    talk: Any = None
    try:
        await manager.start_kernel(extra_arguments=["--IPKernelApp.log_level=50"])  # what it says of itself
        for name, book in queue:
            failed: list[int] = []
            client = NotebookClient(
                book,
                km=manager,
                timeout=None,
                store_widget_state=False,
                record_timing=False,
                on_cell_error=lambda cell_index, said=failed, **_: said.append(cell_index),
            )
            client.kc = talk
            try:
                await client.async_execute()
            except CellExecutionError as error:
                n = sum(cell.cell_type == "code" for cell in book.cells[: failed[0] + 1])
                told = f"expected it to run, found {error.ename}: {error.evalue}"
                message = f"{name}, cell {n}: {told}; open it with kit lab, or leave notebooks out with --only"
                raise KitError(message) from error
            talk = client.kc
            talk.execute("%reset -f", silent=True)
    finally:
        if talk:
            talk.stop_channels()
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
