"""The briefing bundle: figures, tables, workbook, slides, two pages for Word, one page for the browser."""

import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import kit
from kit.data import path
from kit.measure.codebook import THEMES
from kit.measure.lexicon import TERMS
from kit.measure.measured import measure_all
from kit.measure.summaries import summarise
from kit.read.compilation import Compilation
from kit.read.overrides import FILE as OVERRIDES
from kit.read.source import PathLike
from kit.show.export import export_figure, export_table
from kit.show.gallery import FIGURES, draw_figures
from kit.show.plates import Briefing, make_plate
from kit.show.publish import staged
from kit.show.quotes import key_sentences

Progress = Callable[[str], None]
DOCUMENTS = ("report.html", "briefing.pptx", "briefing.docx", "tables.xlsx")
STEPS = 1 + len(FIGURES) + len(DOCUMENTS)


def silent(step: str) -> None:
    """Report no progress."""


def export_briefing(
    compilation: Compilation, directory: PathLike, *, lang: str = "zh", progress: Progress = silent
) -> Path:
    """Write what a briefing needs from a compilation.

    Parameters
    ----------
    compilation : Compilation
    directory : path
        Gets ``figures/`` (PNG, SVG, PDF and CSV each), ``tables/`` (CSV), ``tables.xlsx``, ``briefing.pptx``,
        ``briefing.docx``, ``report.html``, ``manifest.json``. See `kit.show.publish.staged` for files that are there.
    lang : {"zh", "en"}
    progress : callable
        Called with what is being done before each of the ``STEPS`` steps.

    Returns
    -------
    Path
        The folder; all of it is written, or nothing.

    Raises
    ------
    OutputError
        When a file that the kit did not write would be overwritten.
    """
    with staged(directory, facts(compilation, lang=lang)) as stage:
        write_briefing(compilation, stage, lang=lang, progress=progress)
    return Path(directory)


def write_briefing(compilation: Compilation, folder: Path, *, lang: str, progress: Progress) -> Briefing:
    """Write the bundle into a folder of its own; see `export_briefing`."""
    from kit.show.deck import export_deck  # noqa: PLC0415, these load the libraries of their formats
    from kit.show.document import export_document  # noqa: PLC0415
    from kit.show.report import export_report  # noqa: PLC0415
    from kit.show.workbook import export_workbook  # noqa: PLC0415

    progress("tables")
    measured = measure_all(compilation)
    write_tables(compilation, measured, folder / "tables")
    briefing = _draw(compilation, measured | summarise(compilation, measured), folder / "figures", lang, progress)
    for name, export in zip(DOCUMENTS, (export_report, export_deck, export_document, export_workbook), strict=True):
        progress(name)
        export(briefing, folder / name)
    return briefing


def write_tables(compilation: Compilation, measured: dict[str, Any], folder: Path) -> None:
    """Write every table as CSV, and ``text.txt``, the text as read."""
    folder.mkdir(exist_ok=True)
    for name, table in (compilation.tables | measured).items():
        export_table(table, folder / f"{name}.csv")
    (folder / "text.txt").write_text(compilation.text, encoding="utf-8", newline="")


def _draw(compilation: Compilation, measured: dict[str, Any], folder: Path, lang: str, progress: Progress) -> Briefing:
    from matplotlib import pyplot  # noqa: PLC0415

    plates = []
    for exhibit in draw_figures(compilation, measured, lang=lang):
        progress(f"figure {exhibit.stem}")
        files = export_figure(exhibit.axes, exhibit.table, exhibit.stem, folder)
        plates.append(make_plate(exhibit, files, key_sentences(compilation, measured, exhibit.stem, lang=lang)))
        pyplot.close(exhibit.axes.get_figure(root=True))
    return Briefing(compilation, measured, tuple(plates), lang)


def facts(compilation: Compilation, *, lang: str) -> dict[str, Any]:
    """Return what the manifest says: source, the user's own files, versions, options, counts, doubts."""
    own = [file for name in (OVERRIDES, THEMES, TERMS) if (file := compilation.own_file(name))]
    if compilation.path and compilation.path.is_dir():
        own += sorted(compilation.path.rglob(f"*.{OVERRIDES}"))  # those of single files
    return {
        "kit": kit.__version__,
        "python": sys.version.split()[0],
        "compilation": compilation.name,
        "sources": compilation.sources[["file", "format", "encoding", "sha256"]].to_dict("records"),
        "own_files": {file.name: sha256(file.read_bytes()).hexdigest() for file in own},
        "themes_sha256": sha256(path("themes.toml").read_bytes()).hexdigest(),
        "options": {"lang": lang} if lang else {},
        "counts": {name: len(table) for name, table in compilation.tables.items()},
        "doubts": compilation.doubts[["report", "code", "severity", "message"]].to_dict("records"),
    }
