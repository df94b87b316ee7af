"""The briefing bundle: figures, tables, workbook, slides, two pages for Word, one page for the browser."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import kit
from kit.data import path
from kit.measure.codebook import THEMES
from kit.measure.headlines import compare_headlines
from kit.measure.items import find_items
from kit.measure.lexicon import TERMS
from kit.measure.measured import measure_all
from kit.measure.summaries import count_statuses, summarise
from kit.measure.tokens import find_tokens
from kit.measure.years import compare_years, link_reports
from kit.read.compilation import Compilation
from kit.read.overrides import FILE as OVERRIDES
from kit.read.source import PathLike
from kit.show.accuracy import state_accuracy
from kit.show.export import export_figure, export_table
from kit.show.gallery import FIGURES, Exhibit, draw_figures
from kit.show.plates import Briefing, Plate, make_plate
from kit.show.publish import staged
from kit.show.quotes import key_promises, key_sentences
from kit.show.scope import scope_of

Progress = Callable[[str], None]
DOCUMENTS = ("report.html", "briefing.pptx", "briefing.docx", "tables.xlsx")
FULFILMENT = "fulfilment"  # stem of the figure that two years have beside the others
STEPS = 1 + len(FIGURES) + len(DOCUMENTS)


def silent(step: str) -> None:
    """Report no progress."""


def export_briefing(
    compilation: Compilation,
    directory: PathLike,
    *,
    earlier: Compilation | None = None,
    lang: str = "zh",
    progress: Progress = silent,
) -> Path:
    """Write what a briefing needs from a compilation.

    Parameters
    ----------
    compilation : Compilation
    directory : path
        Gets ``figures/`` (PNG, SVG, PDF and CSV each), ``tables/`` (CSV), ``tables.xlsx``, ``briefing.pptx``,
        ``briefing.docx``, ``report.html``, ``manifest.json``. See `kit.show.publish.staged` for files that are there.
    earlier : Compilation, optional
        The year before: what became of its promises (fulfilment) is then told beside continuity.
    lang : {"zh", "en"}
    progress : callable
        Called with what is being done before each of the ``STEPS`` steps, and one more of two years.

    Returns
    -------
    Path
        The folder; all of it is written, or nothing.

    Raises
    ------
    OutputError
        When a file that the kit did not write would be overwritten.
    """
    with staged(directory, facts(compilation, lang=lang, earlier=earlier)) as stage:
        write_briefing(compilation, stage, earlier=earlier, lang=lang, progress=progress)
    return Path(directory)


def write_briefing(
    compilation: Compilation, folder: Path, *, earlier: Compilation | None, lang: str, progress: Progress
) -> Briefing:
    """Write the bundle into a folder of its own; see `export_briefing`."""
    from kit.show.deck import export_deck  # noqa: PLC0415, these load the libraries of their formats
    from kit.show.document import export_document  # noqa: PLC0415
    from kit.show.report import export_report  # noqa: PLC0415
    from kit.show.workbook import export_workbook  # noqa: PLC0415

    progress("tables")
    measured = measure_all(compilation)
    before = {"tokens": find_tokens(earlier), "items": find_items(earlier)} if earlier else {}
    two_years = measure_years(earlier, compilation, before, measured) if earlier else {}
    write_tables(compilation, measured | two_years, folder / "tables")
    measured |= summarise(compilation, measured) | two_years
    if earlier:
        (folder / "tables" / "text-earlier.txt").write_text(earlier.text, encoding="utf-8", newline="")
        measured["promises"] = count_statuses(earlier, two_years["fulfilment"])
    plates = tuple(_plates(compilation, earlier, measured, folder / "figures", lang, progress))
    briefing = Briefing(compilation, measured, plates, lang, earlier)
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


def measure_years(
    earlier: Compilation, later: Compilation, before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    """Return what became of the earlier year's promises (fulfilment), from the tokens and items of both years."""
    tokens, items = ((before[name], after[name]) for name in ("tokens", "items"))
    links = link_reports(earlier, later, tokens=tokens)
    fulfilment = compare_years(earlier, later, tokens=tokens, items=items, links=links)
    return {"links": links, "fulfilment": fulfilment, "headlines": compare_headlines(earlier, later, links=links)}


def _plates(
    compilation: Compilation,
    earlier: Compilation | None,
    measured: dict[str, Any],
    folder: Path,
    lang: str,
    progress: Progress,
) -> Iterator[Plate]:
    """Draw the figures one after the other, and write each."""
    from matplotlib import pyplot  # noqa: PLC0415

    for exhibit in _exhibits(compilation, earlier, measured, lang):
        progress(f"figure {exhibit.stem}")
        if earlier and exhibit.stem == FULFILMENT:
            evidence = key_promises(earlier, compilation, measured[FULFILMENT], lang=lang)
        else:
            evidence = key_sentences(compilation, measured, exhibit.stem, lang=lang)
        files = export_figure(exhibit.axes, exhibit.table, exhibit.stem, folder)
        plate = make_plate(exhibit, files, evidence)
        yield replace(plate, note=plate.note + state_accuracy(exhibit.stem, lang))
        pyplot.close(exhibit.axes.get_figure(root=True))


def _exhibits(
    compilation: Compilation, earlier: Compilation | None, measured: dict[str, Any], lang: str
) -> Iterator[Exhibit]:
    from kit.show.statuses import plot_statuses  # noqa: PLC0415

    yield from draw_figures(compilation, measured, lang=lang)
    if earlier:
        scope, counts = scope_of(earlier, later=compilation), measured["promises"]
        yield Exhibit(FULFILMENT, plot_statuses(counts, lang=lang, scope=scope), counts)


def _own_files(compilation: Compilation) -> list[Path]:
    """Return the user's own files that stand beside a compilation."""
    own = [file for name in (OVERRIDES, THEMES, TERMS) if (file := compilation.own_file(name))]
    if compilation.path and compilation.path.is_dir():
        own += sorted(compilation.path.rglob(f"*.{OVERRIDES}"))  # those of single files
    return own


def facts(compilation: Compilation, *, lang: str, earlier: Compilation | None = None) -> dict[str, Any]:
    """Return what the manifest says: sources, the user's own files, versions, options, counts, doubts."""
    years = {"earlier": earlier.sources[["file", "sha256"]].to_dict("records")} if earlier else {}
    own = [file for year in (earlier, compilation) if year for file in _own_files(year)]
    return years | {
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
