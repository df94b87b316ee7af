"""The notebooks on another compilation: executed, made into pages, figures, tables and a manifest."""

import os
from collections.abc import Mapping
from pathlib import Path

import kit
from kit.data import own_file
from kit.errors import KitError
from kit.measure.codebook import THEMES
from kit.measure.codebook_check import draft_themes
from kit.measure.measured import measure_all
from kit.read import read, read_years
from kit.read.compilation import Compilation
from kit.read.overrides import draft_overrides, overrides_path
from kit.read.source import PathLike
from kit.show.briefing import DOCUMENTS, STEPS, Progress, facts, measure_years, silent, write_briefing, write_tables
from kit.show.changes import find_changes, write_changes
from kit.show.export import export_table
from kit.show.labels import label
from kit.show.pages import notebook_body, write_index, write_page
from kit.show.publish import copy_files, staged, write_new

TWO_YEARS = "5-two-years"  # the notebook that takes two compilations


def notebooks(*, two_years: bool = True) -> list[Path]:
    """Return the kit's notebooks in reading order, from the package or from the checkout it stands in.

    Parameters
    ----------
    two_years : bool
        With the one that takes two compilations.
    """
    package = Path(kit.__file__).parent
    folder = next(f for f in (package / "notebooks", package.parent / "notebooks") if f.is_dir())
    return sorted(file for file in folder.glob("[0-9]-*.ipynb") if two_years or file.stem != TWO_YEARS)


def count_steps(*, two_years: bool = False) -> int:
    """Return how many steps `run_notebooks` reports."""
    return 1 + STEPS + len(notebooks(two_years=two_years)) + two_years


def export_tables(compilation: Compilation, directory: PathLike, *, earlier: Compilation | None = None) -> Path:
    """Write every table of a compilation as CSV (UTF-8 with BOM), and ``text.txt``, the text as read.

    Parameters
    ----------
    compilation : Compilation
    directory : path
        See `kit.show.publish.staged` for what happens to files that are there.
    earlier : Compilation, optional
        The year before. Then ``1/`` gets the earlier year's tables, ``2/`` the later one's, and beside them stand
        ``links.csv``, ``fulfilment.csv`` and ``headlines.csv``: offsets of promises into ``1/text.txt``, those of
        evidence and results into ``2/text.txt``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        When a file that the kit did not write would be overwritten.
    """
    with staged(directory, facts(compilation, lang="", earlier=earlier)) as stage:
        later = measure_all(compilation)
        if earlier is None:
            write_tables(compilation, later, stage)
        else:
            before = measure_all(earlier)
            write_tables(earlier, before, stage / "1")
            write_tables(compilation, later, stage / "2")
            for name, table in measure_years(earlier, compilation, before, later).items():
                export_table(table, stage / f"{name}.csv")
    return Path(directory)


def new_folder(folder: Path, source: Path | None = None) -> list[Path]:
    """Make a folder to work in: the compilation, the notebooks, a file for doubts and one for own themes.

    Both files are drafts of which every entry is a comment until the user takes it up.

    Parameters
    ----------
    folder : Path
        Made when it is not there; files that are there already are left as they are.
    source : Path, optional
        A file or folder; the sample without one.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    SourceError
        When the source cannot be read; then nothing is written.
    """
    source = Path(source or kit.sample())
    compilation = read(source)
    files = sorted(file for file in source.iterdir() if file.is_file()) if source.is_dir() else [source]
    own = folder / source.name
    written = copy_files(files, own if source.is_dir() else folder) + copy_files(notebooks(), folder)
    drafts = {overrides_path(own): draft_overrides(compilation), own_file(own, THEMES): draft_themes(compilation)}
    written += [write_new(file, text) for file, text in drafts.items() if not file.exists()]
    return written


def run_notebooks(
    source: PathLike | None = None,
    directory: PathLike = "out",
    *,
    earlier: PathLike | None = None,
    lang: str = "zh",
    diff: bool = False,
    progress: Progress = silent,
) -> Path:
    """Run the kit on a compilation and write what a briefing needs.

    Parameters
    ----------
    source : path, optional
        A file or folder; see `kit.read`.
    directory : path
        Gets ``index.html``, a page a notebook, and the bundle of `export_briefing`.
    earlier : path, optional
        The compilation of the year before: its promises are then held against these reviews (fulfilment).
    lang : {"zh", "en"}
        Language of everything that is written.
    diff : bool
        Write ``changes.md`` and ``changes.json`` as well: what differs from the run that is in ``directory``.
    progress : callable
        Called with what is being done before each step.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    SourceError, OutputError
        Before anything is written.
    KitError
        When a notebook fails; the message names it and the cell.
    """
    progress("reading")
    before, compilation = (None, read(source)) if earlier is None else read_years(earlier, source)
    about = facts(compilation, lang=lang, earlier=before)
    titles = {name: label("briefing", name, lang) for name in DOCUMENTS}
    with staged(directory, about) as stage:
        briefing = write_briefing(compilation, stage, earlier=before, lang=lang, progress=progress)
        for notebook in notebooks(two_years=before is not None):
            progress(notebook.stem)
            years = {"earlier": earlier, "later": source} if notebook.stem == TWO_YEARS else {"source": source}
            titles[f"{notebook.stem}.html"] = _write_page(notebook, years, stage, lang)
        if diff:
            write_changes(find_changes(Path(directory), stage, about), stage, labels=briefing.themes, lang=lang)
        write_index(stage, briefing, pages=titles)
    return Path(directory)


def _write_page(notebook: Path, sources: Mapping[str, PathLike | None], stage: Path, lang: str) -> str:
    """Execute a notebook on its sources, write it as a page, return its title."""
    executed = stage.parent / notebook.name
    execute(notebook, executed, sources=sources, lang=lang)
    body = notebook_body(executed, lang=lang)
    title = _title(executed, lang)
    write_page(stage / f"{notebook.stem}.html", title=title, body=body, nav='<a href="index.html">←</a>', lang=lang)
    return title


def _title(notebook: Path, lang: str) -> str:
    """The first heading of a notebook's prose in a language (its cells are tagged with it)."""
    import nbformat  # noqa: PLC0415

    prose = [c.source for c in nbformat.read(notebook, as_version=4).cells if lang in c.metadata.get("tags", ())]
    return prose[0].splitlines()[0].lstrip("# ") if prose else notebook.stem


def execute(notebook: Path, target: Path, *, sources: Mapping[str, PathLike | None], lang: str) -> None:
    """Execute a notebook with its parameters set (``sources`` by their names), and write it with its outputs.

    Raises
    ------
    KitError
        When a cell fails; the message names notebook, cell and what happened.
    """
    import papermill  # noqa: PLC0415, heavy

    named = {name: None if source is None else str(Path(source).resolve()) for name, source in sources.items()}
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        papermill.execute_notebook(
            notebook,
            target,
            parameters=named | {"lang": lang},
            kernel_name="python3",
            extra_arguments=["--IPKernelApp.log_level=50"],  # what the kernel says of itself is not the user's
            progress_bar=False,
            log_output=False,
        )
    except papermill.PapermillExecutionError as error:
        message = f"{notebook.name}, cell {error.cell_index}: {error.ename}: {error.evalue}"
        raise KitError(message) from error
