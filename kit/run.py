"""The notebooks on another compilation: executed, made into pages, figures, tables and a manifest."""

import os
import signal
import sys
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import kit
from kit.data import import_without, own_file, settings
from kit.errors import KitError
from kit.measure.analysis import Analysis, analyse
from kit.measure.codebook import THEMES
from kit.measure.scoring import draft_themes
from kit.read.overrides import BRIEFING, FILE, draft_overrides, set_values
from kit.read.source import PathLike
from kit.show import bundle
from kit.show.briefing import NOTEBOOK_ONLY, draft_choice, write_index, write_page
from kit.show.bundle import Progress, draw_figures, silent, write_documents
from kit.show.publish import STOPS, check_folder, copy_files, find, keep_written, staged, write_new
from kit.show.style import theme_labels
from kit.wording import LANGS, label

YEARS, PLACES = "5-years", "6-places"  # the notebooks that take several compilations: of years, of places
CORPUS = "6-corpus"  # the notebook that takes a corpus in place of a compilation
WORKERS = max(1, (os.cpu_count() or 2) - 1)  # a core is left to what is drawn meanwhile
START = "fork" if sys.platform == "linux" else "spawn"  # a fork has all that is read by now; not safe everywhere
FIRST = "1-compilation"  # which reads one, and is no notebook of places


def notebooks(*, two_years: bool = True, places: bool = False, corpus: bool = False) -> list[Path]:
    """Return the kit's notebooks in reading order (of a corpus its own), from the package or its checkout."""
    package = Path(kit.__file__).parent
    folder = next(f for f in (package / "notebooks", package.parent / "notebooks") if f.is_dir())
    left_out = {*((YEARS,) if not two_years else ()), *((FIRST,) if places else (PLACES,))}
    books = sorted(file for file in folder.glob("[0-9]-*.ipynb") if file.stem not in left_out)
    return [file for file in books if (file.stem == CORPUS) == corpus]


def _nbformat() -> Any:
    return import_without("nbformat", "rfc3987_syntax")  # a grammar of web addresses, which no notebook is checked by


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


def new_folder(folder: Path, source: Path | None = None, *, lang: str = "zh") -> list[Path]:
    """Make a folder to work in: the compilation, the notebooks, a file for doubts and one for own themes."""
    source = Path(source or kit.sample())
    compilation = kit.read(source)
    files = sorted(file for file in source.iterdir() if file.is_file()) if source.is_dir() else [source]
    own = folder / source.name
    written = copy_files(files, own if source.is_dir() else folder) + copy_notebooks(folder, lang)
    drafts = {own_file(own, FILE): draft_overrides(compilation), own_file(own, THEMES): draft_themes(compilation)}
    drafts[folder / BRIEFING] = draft_choice(lang)
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
    books = notebooks(two_years=analysis.earlier is not None, places=analysis.has_places) if "notebooks" in only else ()
    pages = {file: (file.read_bytes(), analysis.key, lang, _named(file, analysis, sources)) for file in books}
    anew = [file for file, made_of in pages.items() if find(made_of) is None]
    with staged(directory, about, force=force) as stage:
        briefing = draw_figures(analysis, stage, only={*only} - {"figures"}, progress=progress)
        goals = {file: stage / f"{file.stem}.html" for file in pages}
        tasks: list[Any] = [partial(one.export, stage / "figures") for one in briefing.figures if "figures" in only]
        tasks += [partial(_make_page, file, goals[file], lang, **_named(file, analysis, sources)) for file in anew]
        if anew:
            from kit.show.draw import prepare  # noqa: PLC0415, loads matplotlib

            _nbformat()  # so that it is loaded once for both processes
            analysis.measure()  # so that the notebooks find every table
            prepare(briefing.figures)
        with beside(tasks):
            write_documents(briefing, stage, only=only, progress=progress)
        for file, made_of in pages.items():
            progress(goals[file].name)
            keep_written(goals[file], made_of, Path.read_bytes)  # where it is not kept, it was made just now
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


def _titles(folder: Path, lang: str) -> dict[str, str]:
    titles = {name: label("briefing", name, lang) for name in bundle.DOCUMENTS}
    books = sorted({*notebooks(), *notebooks(places=True)})
    titles |= {f"{book.stem}.html": _title(read_notebook(book, lang)) for book in books}
    return {name: title for name, title in titles.items() if (folder / name).is_file()}


def _title(book: Any) -> str:
    prose = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    return prose[0].splitlines()[0].lstrip("# ") if prose else ""


@contextmanager
def beside(tasks: Sequence[Callable[[], object]], workers: int = WORKERS) -> Iterator[None]:
    """Do tasks beside a block, in processes of their own; wait for them at its end, or end them where it fails."""
    context: Any = get_context(START)
    started: dict[Any, Any] = {}
    try:
        for n in range(min(workers, len(tasks))):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(tasks[n::workers], there), daemon=True)
            process.start()
            there.close()
            started[process] = here
        yield
        for pipe in started.values():
            _receive(pipe)
    finally:
        for process in started:
            process.kill()
            process.join()


def _receive(pipe: Any) -> None:
    try:
        error = pipe.recv()
    except EOFError:
        message = "figures and notebooks: expected a process to make them, found that it ended; close other programs"
        raise KitError(message) from None
    if error:
        raise error


def _work(tasks: Sequence[Callable[[], object]], pipe: Any) -> None:
    for number in STOPS:  # it is for the process that began this one to stop, with which this one ends
        signal.signal(number, signal.SIG_IGN)
    Thread(target=lambda: os._exit(parent_process().join() or 1), daemon=True).start()  # type: ignore[union-attr]
    try:
        for task in tasks:
            task()
        pipe.send(None)
    except Exception as error:
        pipe.send(error)


def _make_page(notebook: Path, page: Path, lang: str, **sources: Any) -> None:
    book = read_notebook(notebook, lang, **sources)
    # Controls that give nothing to the cells behind them are not made: nobody can touch them on a page.
    book.cells = [one for one in book.cells if NOTEBOOK_ONLY not in one.metadata.get("tags", ()) or " = " in one.source]
    execute(book, notebook.name, page.parent.parent)
    write_page(page, book, title=_title(book), lang=lang)


def execute(book: Any, name: str, folder: Path | None = None) -> None:
    """Execute the cells of a notebook in this process, in a shell of its own that knows no user's settings."""
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415, heavy
    from IPython.utils.capture import capture_output  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    InteractiveShell.clear_instance()
    with TemporaryDirectory(dir=folder) as home:
        shell: Any = InteractiveShell.instance(ipython_dir=home, config=Config(HistoryManager={"enabled": False}))
        for n, cell in enumerate((cell for cell in book.cells if cell.cell_type == "code"), 1):
            with capture_output() as seen:
                shell.display_trap.hook = sys.displayhook  # the one that captures
                result = shell.run_cell(cell.source)
            cell.outputs, cell.execution_count = _outputs(seen, n), n
            if error := result.error_before_exec or result.error_in_exec:
                told = f"expected it to run, found {type(error).__name__}: {error}"
                message = f"{name}, cell {n}: {told}; open it with kit lab, or leave notebooks out with --only"
                raise KitError(message) from error


def _outputs(seen: Any, n: int) -> list[Any]:
    new = _nbformat().v4.new_output
    outputs = [new("stream", name=name, text=text) for name in ("stdout", "stderr") if (text := getattr(seen, name))]
    for shown in seen.outputs:
        data = {kind: b64encode(it).decode() if isinstance(it, bytes) else it for kind, it in shown.data.items()}
        outputs.append(new("execute_result", data, execution_count=n, metadata=shown.metadata))
    return outputs
