"""The briefing bundle: figures, tables, workbook, slides, Word pages, a page for the browser; what changed in it."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import kit
from kit import tables
from kit.data import path
from kit.measure.analysis import TABLES, Analysis, analyse
from kit.measure.codebook import THEMES
from kit.measure.series import gather
from kit.measure.words import TERMS
from kit.read.overrides import BRIEFING
from kit.read.overrides import FILE as OVERRIDES
from kit.read.source import PathLike
from kit.show import style
from kit.show.figure import FORMS
from kit.show.figures import FIGURES, OF_PLACES, OF_YEARS, figures_of, stems_of
from kit.show.publish import (
    LOG,
    check_folder,
    export_table,
    keep_written,
    open_workbook,
    read_manifest,
    staged,
    take,
    write_text,
)
from kit.show.quotes import key_sentences, locate
from kit.show.shown import assumed, one_line, value_name
from kit.show.style import marked_labels, say_relation, scope_of, source_line, theme_labels
from kit.wording import agency_name, fill, label

if TYPE_CHECKING:
    from kit.show.briefing import Briefing

Progress = Callable[[str], None]
FILES = {"report": "report.html", "slides": "briefing.pptx", "document": "briefing.docx", "workbook": "tables.xlsx"}
DOCUMENTS = tuple(FILES.values())
PARTS = (*FILES, "notebooks", "figures", "tables")  # what can be written alone
WRITTEN = (*TABLES, "findings")
# The tables that several years have beside `TABLES`: of each two that follow each other, and of all together.
TWO_YEARS = ("links", "fulfilment", "headlines")
SEVERAL = ("series", "chains", "theme_years", "word_changes", "priorities")
# Files that a bundle has, whatever it is of, so that one of others in their way is told before the work.
NAMES = (
    *DOCUMENTS,
    *(f"figures/{stem}.{form}" for stem in FIGURES for form in (*FORMS, "csv")),
    *(f"tables/{name}.csv" for name in WRITTEN),
)


def silent(step: str) -> None:
    """Report no progress."""


def count_steps(*, two_years: bool = False) -> int:
    """Return how many steps `export_briefing` reports: tables, figures (fulfilment of two years alone), documents."""
    figures = sum(exhibit.in_bundle for exhibit in FIGURES.values())
    return 1 + figures - (not two_years) * (1 + len(OF_YEARS)) - len(OF_PLACES) + len(DOCUMENTS)


def export_briefing(
    analysis: Analysis, directory: PathLike, *, force: bool = False, progress: Progress = silent
) -> Path:
    """Write what a briefing needs from an analysis.

    Parameters
    ----------
    analysis : Analysis
        Of two years what became of the earlier one's promises (fulfilment) is told beside continuity.
    directory : path
        Gets ``figures/`` (PNG, SVG, PDF and CSV each), ``tables/`` (CSV), ``tables.xlsx``, ``briefing.pptx``,
        ``briefing.docx``, ``report.html``, ``manifest.json``. A file that was edited since the kit wrote it stays,
        the new one stands beside it (``briefing.new.docx``), and a warning names both.
    force : bool
        Replace what was edited.
    progress : callable
        Called with what is being done before each step.

    Returns
    -------
    Path
        The folder; all of it is written, or nothing.

    Raises
    ------
    OutputError
        When the kit did not write what is in the folder.
    """
    with staged(directory, facts(analysis, lang=analysis.lang), NAMES, force=force) as stage:
        write_documents(draw_figures(analysis, stage, progress=progress), stage, progress=progress)
    for edited, new in read_manifest(directory).get("kept", {}).items():
        LOG.warning(label("run", "kept", analysis.lang).format(edited=Path(directory) / edited, new=new))
    return Path(directory)


def draw_figures(
    analysis: Analysis, folder: Path, *, only: Collection[str] = PARTS, progress: Progress = silent
) -> "Briefing":
    """Write the tables and figures of the bundle into a folder of its own, and return what its documents tell."""
    from kit.show.briefing import Briefing, read_choice  # noqa: PLC0415, loads pydantic

    choice = read_choice(analysis.compilation)
    if signs := _list_signs(analysis):
        told = ", ".join(f"{sign} ({drawn})" for sign, drawn in signs.items())
        LOG.warning(fill("run", "signs", analysis.lang, font=style.FONT, signs=told))
    progress("tables/")
    if "tables" in only:
        write_tables(analysis, folder / "tables")
        write_several(analysis, folder / "tables")
        texts = [year.compilation.text for year in analysis.years[:-1]]
        names = ["earlier"] if len(texts) == 1 else range(1, len(texts) + 1)
        for name, text in zip(names, texts, strict=True):  # into which the rows of several years point
            (folder / "tables" / f"text-{name}.txt").write_text(text, encoding="utf-8", newline="")
    figures = {figure.stem: choice.sign(figure, analysis) for figure in figures_of(analysis)}
    figures = {stem: figures[stem] for stem in choice.made(figures)}
    for stem in stems_of(analysis):
        progress(f"figures/{stem}")
        if stem in figures and "figures" in only:
            figures[stem].export(folder / "figures")
    quotes = {stem: key_sentences(analysis, figure) for stem, figure in figures.items()}
    return Briefing(analysis, tuple(figures.values()), quotes, choice)


def write_documents(
    briefing: "Briefing", folder: Path, *, only: Collection[str] = PARTS, progress: Progress = silent
) -> None:
    """Write the documents of the bundle, or some of them."""
    analysis, choice = briefing.analysis, briefing.choice
    for part, name in FILES.items():
        progress(name)
        if part in only:
            own = [file.read_bytes() for file in (choice.template_pptx, choice.template_docx, choice.logo) if file]
            made_of = (part, analysis.key, analysis.compilation.name, analysis.lang, analysis.by, choice, own)
            keep_written(folder / name, made_of, partial(_export, part, briefing))


def _export(part: str, briefing: "Briefing", file: Path) -> None:
    from kit.show.briefing import export_report  # noqa: PLC0415
    from kit.show.document import export_document  # noqa: PLC0415, these load the libraries of their formats
    from kit.show.slides import export_slides  # noqa: PLC0415

    exports = (export_report, export_slides, export_document, export_workbook)
    dict(zip(FILES, exports, strict=True))[part](briefing, file)


def take_over(folder: Path, stage: Path, facts: dict[str, Any], only: Collection[str]) -> None:
    """Let the parts that are not written anew stay as an earlier run wrote them, and say which are of other inputs."""
    manifest = read_manifest(folder)
    left = {name: digest for name, digest in manifest.get("files", {}).items() if _part_of(name) not in {*only, ""}}
    taken = [name for name, digest in left.items() if take(name, digest, folder, stage)]
    same = all(manifest.get(name) == json.loads(json.dumps(facts.get(name))) for name in (*INPUTS, "own_files"))
    if older := [name for name in taken if not same or name in manifest.get("older", ())]:
        facts["older"] = older
    if kept := {name: new for name, new in manifest.get("kept", {}).items() if new in taken}:
        facts["kept"] = kept


def _part_of(name: str) -> str:
    """The part that a file belongs to; empty for what every run writes."""
    folder, parts = name.partition("/")[0], {file: part for part, file in FILES.items()}
    if folder in PARTS:
        return folder
    return parts.get(name.replace(".new.", "."), "notebooks" if name[0].isdigit() else "")


def write_tables(analysis: Analysis, folder: Path, names: Sequence[str] = WRITTEN) -> None:
    """Write the tables of one compilation as CSV, and ``text.txt``, the text as read."""
    for name, table in (analysis.compilation.tables | {name: analysis.table(name) for name in names}).items():
        export_table(table, folder / f"{name}.csv")
    (folder / "text.txt").write_text(analysis.compilation.text, encoding="utf-8", newline="")


def write_several(analysis: Analysis, folder: Path) -> None:
    """Write the tables of several years (of each two that follow each other, of all together) and of places as CSV."""
    several = {name: analysis.table(name) for name in analysis.of_places}
    if analysis.earlier:
        several |= {name: gather(analysis.years, name) for name in TWO_YEARS}
        several |= {name: analysis.table(name) for name in SEVERAL}
    for name, table in several.items():
        export_table(table, folder / f"{name}.csv")


def export_tables(sources: Sequence[PathLike], directory: PathLike, *, lang: str | None = None) -> Path:
    """Write every table as CSV (UTF-8 with BOM), and ``text.txt``, the text as read."""
    check_folder(directory)
    analysis = analyse(sources[0] if len(sources) == 1 else list(sources), lang=lang)
    with staged(directory, facts(analysis)) as stage:
        for number, year in enumerate(analysis.years, 1):
            write_tables(year, stage / str(number) if analysis.earlier else stage, TABLES)
        write_several(analysis, stage)
    return Path(directory)


def facts(analysis: Analysis, **options: str) -> dict[str, Any]:
    """Return what the manifest says: sources, the user's own files, versions, options, counts, doubts."""
    compilation = analysis.compilation
    years = [year.compilation for year in analysis.years]
    sources = [source for year in years[:-1] for source in year.sources[["file", "sha256"]].to_dict("records")]
    earlier = {"earlier": sources} if analysis.earlier else {}
    own = [file for year in years for file in _own_files(year)]
    own += filter(None, [compilation.near_file(BRIEFING)])
    said = say_relation(years, analysis.relation, analysis.lang)
    told = {
        "kit": kit.__version__,
        "python": sys.version.split()[0],
        "compilation": compilation.name,
        "sources": compilation.sources[["file", "format", "encoding", "sha256"]].to_dict("records"),
        "own_files": {file.name: sha256(file.read_bytes()).hexdigest() for file in own},
        "themes_sha256": sha256(path("themes.toml").read_bytes()).hexdigest(),
        "options": options,
        "counts": {name: len(table) for name, table in compilation.tables.items()},
        "signs": _list_signs(analysis),
        "doubts": compilation.doubts[["report", "code", "severity", "message"]].to_dict("records"),
    }
    return earlier | ({"relation": said} if said else {}) | told


def _list_signs(analysis: Analysis) -> dict[str, str]:
    """Return the signs of the texts that the figures' font lacks, and what they are drawn with."""
    years = [year.compilation for year in analysis.years]
    return style.list_signs("".join(text for year in years for text in (year.name, year.text)))


def _own_files(compilation: Any) -> list[Path]:
    own = [file for name in (OVERRIDES, THEMES, TERMS) if (file := compilation.own_file(name))]
    if compilation.path and compilation.path.is_dir():
        own += sorted(compilation.path.rglob(f"*.{OVERRIDES}"))  # those of single files
    return own


INPUTS = ("kit", "sources", "earlier", "themes_sha256", "options")
DOUBT = ["report", "code", "message"]


def find_changes(earlier: Path, later: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Compare the tables of two runs: only what differs, before and after; empty when there is no earlier run."""
    before, after = _read(earlier), _read(later)
    if not before:
        return {}
    manifest = read_manifest(earlier)
    counts = {name: [len(run.get(name, ())) for run in (before, after)] for name in sorted({*before, *after})}
    doubts = [
        {tuple(map(str, row)) for row in run["doubts"][DOUBT].to_numpy()} if "doubts" in run else set()
        for run in (before, after)
    ]
    return {
        "inputs": [name for name in INPUTS if manifest.get(name) != json.loads(json.dumps(facts.get(name)))],
        "own_files": _own_changes(*({**said.get("own_files", {})} for said in (manifest, facts))),
        "counts": {name: pair for name, pair in counts.items() if pair[0] != pair[1]},
        "doubts": {"gone": sorted(doubts[0] - doubts[1]), "new": sorted(doubts[1] - doubts[0])},
        "themes": _differing(_count_themes(before), _count_themes(after)),
        "statuses": _differing(_count_statuses(before), _count_statuses(after)),
    }


def _read(folder: Path) -> dict[str, pd.DataFrame]:
    files = sorted((folder / "tables").glob("*.csv"))
    options = {"encoding": "utf-8-sig", "keep_default_na": False, "low_memory": False}
    return {file.stem: pd.read_csv(file, **options) for file in files}


def _own_changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return what became of each of the user's own files that is not as it was (its hash differs)."""
    differing = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return {name: "new" if name not in before else "changed" if name in after else "gone" for name in differing}


def _count_themes(run: Mapping[str, pd.DataFrame]) -> dict[str, list[int]]:
    if "theme_counts" not in run:
        return {}
    found = run["theme_counts"].query("role != 'all' and n_sentences > 0").groupby("theme")
    sums = zip(found["n_sentences"].sum().items(), found["report"].nunique(), strict=True)
    return {str(theme): [int(sentences), int(reports)] for (theme, sentences), reports in sums}


def _count_statuses(run: Mapping[str, pd.DataFrame]) -> dict[str, list[int]]:
    if "matches" not in run:
        return {}
    counts = run["matches"].drop_duplicates("item")["status"].value_counts().sort_index()
    return {str(status): [int(n)] for status, n in counts.items()}


def _differing(before: Mapping[str, list[int]], after: Mapping[str, list[int]]) -> dict[str, list[list[int]]]:
    """Return the entries that differ, before and after; one that is absent counts nothing."""
    nothing = [0] * max(map(len, [*before.values(), *after.values()]), default=0)
    pairs = {key: [before.get(key, nothing), after.get(key, nothing)] for key in sorted({*before, *after})}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def write_changes(
    changes: Mapping[str, Any], folder: Path, *, labels: Mapping[str, str] | None = None, lang: str = "zh"
) -> str:
    """Write changes as ``changes.json`` and, to be read, ``changes.md``; return the latter's text."""
    write_text(folder / "changes.json", json.dumps(changes, ensure_ascii=False, indent=1) + "\n")
    labels = labels or theme_labels(lang)
    told = "\n".join([f"# {label('changes', 'title', lang)}", "", *_tell(changes, labels, lang), ""])
    write_text(folder / "changes.md", told)
    return told


def _tell(changes: Mapping[str, Any], labels: Mapping[str, str], lang: str) -> Iterator[str]:
    if not changes:
        yield label("changes", "first", lang)
        return
    sections = {name: lines for name, lines in _sections(changes, labels, lang) if lines}
    for name, lines in sections.items():
        yield from (f"## {label('changes', name, lang)}", "", *(f"- {line}" for line in lines), "")
    if not sections:
        yield label("changes", "none", lang)


def _sections(changes: Mapping[str, Any], labels: Mapping[str, str], lang: str) -> Iterator[tuple[str, list[str]]]:
    own = [fill("changes", f"own_{what}", lang, name=name) for name, what in changes["own_files"].items()]
    yield "inputs", [*(label("changes", name, lang) for name in changes["inputs"]), *own]
    yield "counts", [f"{name}: {one} → {other}" for name, (one, other) in changes["counts"].items()]
    for name, doubts in changes["doubts"].items():
        yield name, [f"[{report}] {message}" for report, _, message in doubts]
    themes = {labels.get(theme, theme): pair for theme, pair in changes["themes"].items()}
    yield "themes", [f"{name}: {a} → {b} ({c} → {d})" for name, ((a, c), (b, d)) in themes.items()]
    statuses = {label("statuses", status, lang): pair for status, pair in changes["statuses"].items()}
    yield "statuses", [f"{name}: {a} → {b}" for name, ((a,), (b,)) in statuses.items()]


# ---- The workbook: one sheet a table, what its columns mean, and the sentences behind hits and matches ----

# The sheets behind those of the compilation, in order, and those that two years have as well.
MEASURED = (*WRITTEN, "keyness", "theme_totals", "attention", "statuses", "targets")
OF_YEARS_TOO = (*TWO_YEARS, "promises", "series", "chains", "theme_years", "priorities")
WIDEST, LONGEST, ROWS = 60, 32_000, 1_048_570  # characters of a column and of a cell, rows of a sheet
SAMPLED = 200  # rows that decide a column's width
FORMATS = {"share": "0.0%", "per_": "0.0", "shift": "+0.0;-0.0;0.0", "expected": "0.0"}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}


def export_workbook(briefing: "Briefing", file: Path) -> Path:
    """Write every table of an analysis as a sheet, behind one that explains their columns."""
    analysis = briefing.analysis
    compilation, lang = analysis.compilation, analysis.lang
    names = [*MEASURED, *(OF_YEARS_TOO if analysis.earlier else ()), *analysis.of_places]
    sheets = compilation.tables | {name: analysis.table(name) for name in names}
    for name, told in (("doubts", "message"), ("findings", "claim"), ("findings", "caveat")):
        sheets[name] = sheets[name].drop(columns={"zh": f"{told}_en", "en": told}[lang])
    with open_workbook(file, title=compilation.name) as book:
        words = source_line(scope_of(analysis)).replace("\n", " ")
        about = pd.DataFrame(_columns(sheets, lang))
        _write(book, label("workbook", "about", lang), about, lang, head=[compilation.name, words])
        for name, table in sheets.items():
            _write(book, name, _with_evidence(analysis, name, _in_words(analysis, table)), lang)
    return file


def _columns(sheets: Mapping[str, pd.DataFrame], lang: str) -> Iterator[dict[str, str]]:
    types = {dtype: kind for kind, dtype in tables.DTYPES.items()}
    for name, table in sheets.items():
        for column in table.columns:
            kind = label("types", types.get(str(table[column].dtype), "str"), lang)
            said = {"called": tables.label(column, lang), "type": kind, "meaning": tables.meaning(name, column, lang)}
            yield {"table": name, "column": column, **said, "row_is": tables.TABLES[name].row[lang]}


def _in_words(analysis: Analysis, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its agencies, assumptions, codes and themes as they are called."""
    lang, themes = analysis.lang, marked_labels(analysis.lang, analysis.codebook)
    written = {name: lambda value: agency_name(value, lang) for name in ("agency", "later_agency")}
    written["assumed"] = lambda text: assumed(text, lang)
    said = {name: table[name].map(write) for name, write in written.items() if name in table}
    for name in [name for name in table if tables.groups(name) and name != "theme"]:
        said[name] = list(map(cache(partial(value_name, name, lang=lang)), map(str, table[name])))
    if "theme" in table:
        said["theme_name"] = [themes.get(theme, theme) for theme in table["theme"]]
    return table.assign(**said)


def _with_evidence(analysis: Analysis, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the text its rows point to, and the place of it."""
    text, sentences = analysis.compilation.text, analysis.compilation.sentences
    if name in ("hits", "quantities", "indicators"):
        found = locate(analysis, table[["sentence"]].merge(sentences, on="sentence", how="left"))
        return table.assign(**{column: found[column].to_numpy() for column in ("agency", "path", "text")})
    if name in ("sentences", "items", "doubts", "masks"):
        return locate(analysis, table).assign(report=table["report"].to_numpy())
    if name in ("fulfilment", "headlines") and analysis.earlier:
        answers = "evidence" if name == "fulfilment" else "actual"
        spans = zip(table[f"{answers}_start"], table[f"{answers}_end"], strict=True)
        answered = ["" if pd.isna(start) else one_line(text[start:end]) for start, end in spans]
        return locate(analysis.earlier, table).assign(report=table["report"], evidence_text=answered)
    if name == "matches":
        items = locate(analysis, analysis.items).set_index("item")
        texts = {"text": table["item"], "evidence_text": table["evidence"], "answers_text": table["answers"]}
        found = {column: keys.map(items["text"]).to_numpy() for column, keys in texts.items()}
        return table.assign(**{column: table["item"].map(items[column]) for column in ("agency", "path")}, **found)
    return table


def _write(book: Any, name: str, table: pd.DataFrame, lang: str, *, head: Sequence[str] = ()) -> None:
    """Write one sheet: heads frozen, widths by content, numbers formatted, texts as texts."""
    sheet = book.add_worksheet(name[:31])
    top = book.add_format(FONT | {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#DEEBF7"})
    for row, line in enumerate(head):
        sheet.write_string(row, 0, line, book.add_format(FONT | {"bold": not row}))
    first = len(head)
    for column, key in enumerate(table.columns):
        called, values = tables.label(key, lang), table[key].head(ROWS)
        sheet.write_string(first, column, f"{called}\n{key}" if called else key, top)
        form = book.add_format(FONT | _format(key, values))
        sheet.set_column(column, column, _width(called, key, values), form)
        _write_column(sheet, first + 1, column, values, form)
    sheet.set_row(first, 32)
    sheet.freeze_panes(first + 1, 0)
    if len(table):
        sheet.autofilter(first, 0, first + len(table.head(ROWS)), len(table.columns) - 1)


def _write_column(sheet: Any, first: int, column: int, values: pd.Series, form: Any) -> None:
    line, known = cache(lambda text: one_line(text)[:LONGEST]), values.notna().to_numpy().nonzero()[0]
    write = {str: sheet.write_string, int: sheet.write_number, float: sheet.write_number}
    for row, value in zip((known + first).tolist(), values.iloc[known].astype(object).tolist(), strict=True):
        said = line(value) if isinstance(value, str) else value
        write.get(type(value), sheet.write)(row, column, said, form)


def _format(key: str, values: pd.Series) -> dict[str, object]:
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return {"text_wrap": True, "num_format": "@"}
    whole = pd.api.types.is_integer_dtype(values.dtype)
    number = next((form for part, form in FORMATS.items() if part in key), "0" if whole else "0.00")
    return {"num_format": "General" if key.startswith("value") else number}


def _width(called: str, key: str, values: pd.Series) -> float:
    """Return a column's width in characters; a Chinese one takes two."""
    texts = [called, key, *(value for value in values.head(SAMPLED) if isinstance(value, str))]
    return min(max(sum(1 + (ord(c) > 0xFF) for c in text) for text in texts) + 2, WIDEST)  # noqa: PLR2004
