"""The notebooks on another compilation: executed, made into pages, figures, tables and a manifest."""

import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import kit
from kit.data import path
from kit.errors import KitError
from kit.measure.measured import measure_all
from kit.read import read
from kit.read.compilation import Compilation
from kit.read.source import PathLike
from kit.show.export import export_figure, export_table
from kit.show.gallery import FIGURES, draw_figures
from kit.show.pages import notebook_body, write_index, write_page
from kit.show.publish import staged

Progress = Callable[[str], None]


def _silent(step: str) -> None:
    """Report no progress."""


def notebooks() -> list[Path]:
    """Return the kit's notebooks in reading order, from the package or from the checkout it stands in."""
    package = Path(kit.__file__).parent
    folder = next(f for f in (package / "notebooks", package.parent / "notebooks") if f.is_dir())
    return sorted(folder.glob("[0-9]-*.ipynb"))


def count_steps() -> int:
    """Return how many steps `run_notebooks` reports."""
    return 2 + len(FIGURES) + len(notebooks())


def export_tables(compilation: Compilation, directory: PathLike) -> Path:
    """Write every table of a compilation as CSV (UTF-8 with BOM), and ``text.txt``, the text as read.

    Parameters
    ----------
    compilation : Compilation
    directory : path
        See `kit.show.publish.staged` for what happens to files that are there.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        When a file that the kit did not write would be overwritten.
    """
    with staged(directory, _facts(compilation, lang="")) as stage:
        _write_tables(compilation, stage)
    return Path(directory)


def _write_tables(compilation: Compilation, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, table in (compilation.tables | measure_all(compilation)).items():
        export_table(table, folder / f"{name}.csv")
    (folder / "text.txt").write_text(compilation.text, encoding="utf-8", newline="")


def run_notebooks(
    source: PathLike | None = None, directory: PathLike = "out", *, lang: str = "zh", progress: Progress = _silent
) -> Path:
    """Run the kit on a compilation and write what a briefing needs.

    Parameters
    ----------
    source : path, optional
        A file or folder; see `kit.read`.
    directory : path
        Gets ``index.html``, a page a notebook, ``figures/`` (PNG, SVG, PDF and CSV each), ``tables/``,
        ``manifest.json``.
    lang : {"zh", "en"}
        Language of the figures and of the index.
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
    compilation = read(source)
    titles = {}
    with staged(directory, _facts(compilation, lang=lang)) as stage:
        progress("tables")
        _write_tables(compilation, stage / "tables")
        stems = _write_figures(compilation, stage / "figures", lang, progress)
        for notebook in notebooks():
            progress(notebook.stem)
            titles[f"{notebook.stem}.html"] = _write_page(notebook, source, stage, lang)
        write_index(stage, compilation, pages=titles, figures=stems, lang=lang)
    return Path(directory)


def _write_figures(compilation: Compilation, folder: Path, lang: str, progress: Progress) -> list[str]:
    from matplotlib import pyplot  # noqa: PLC0415, only a run draws

    stems = []
    for exhibit in draw_figures(compilation, measure_all(compilation), lang=lang):
        progress(f"figure {exhibit.stem}")
        export_figure(exhibit.axes, exhibit.table, exhibit.stem, folder)
        pyplot.close(exhibit.axes.get_figure(root=True))
        stems.append(exhibit.stem)
    return stems


def _write_page(notebook: Path, source: PathLike | None, stage: Path, lang: str) -> str:
    """Execute a notebook on the source, write it as a page, return its title."""
    executed = stage.parent / notebook.name
    execute(notebook, executed, source=source, lang=lang)
    body = notebook_body(executed, lang=lang)
    title = _title(executed, lang)
    write_page(stage / f"{notebook.stem}.html", title=title, body=body, nav='<a href="index.html">←</a>', lang=lang)
    return title


def _title(notebook: Path, lang: str) -> str:
    """The first heading of a notebook's prose in a language (its cells are tagged with it)."""
    import nbformat  # noqa: PLC0415

    prose = [c.source for c in nbformat.read(notebook, as_version=4).cells if lang in c.metadata.get("tags", ())]
    return prose[0].splitlines()[0].lstrip("# ") if prose else notebook.stem


def execute(notebook: Path, target: Path, *, source: PathLike | None, lang: str) -> None:
    """Execute a notebook with its parameters set, and write it with its outputs.

    Raises
    ------
    KitError
        When a cell fails; the message names notebook, cell and what happened.
    """
    import papermill  # noqa: PLC0415, heavy

    parameters = {"source": None if source is None else str(Path(source).resolve()), "lang": lang}
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        papermill.execute_notebook(
            notebook, target, parameters=parameters, kernel_name="python3", progress_bar=False, log_output=False
        )
    except papermill.PapermillExecutionError as error:
        message = f"{notebook.name}, cell {error.cell_index}: {error.ename}: {error.evalue}"
        raise KitError(message) from error


def _facts(compilation: Compilation, *, lang: str) -> dict:
    """What the manifest says: source, versions, options, counts, doubts."""
    return {
        "kit": kit.__version__,
        "python": sys.version.split()[0],
        "compilation": compilation.name,
        "sources": compilation.sources[["file", "format", "encoding", "sha256"]].to_dict("records"),
        "themes_sha256": sha256(path("themes.toml").read_bytes()).hexdigest(),
        "options": {"lang": lang} if lang else {},
        "counts": {name: len(table) for name, table in compilation.tables.items()},
        "doubts": compilation.doubts[["report", "code", "severity", "message"]].to_dict("records"),
    }
