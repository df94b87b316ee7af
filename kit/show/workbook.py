"""The workbook: one sheet a table, what its columns mean, and the sentences behind hits and matches."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit import tables
from kit.measure.analysis import TABLES, Analysis
from kit.show.briefing import Briefing
from kit.show.publish import CREATED, open_workbook
from kit.show.quotes import locate
from kit.show.shown import assumed, one_line, value_name
from kit.show.text import agency_name, label, marked_labels, scope_of, source_line

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# The sheets behind those of the compilation, in order, and those that two years have as well.
MEASURED = (*TABLES, "keyness", "theme_totals", "attention", "statuses", "targets")
TWO_YEARS = ("links", "fulfilment", "headlines", "promises", "series", "chains", "theme_years", "priorities")
WIDEST, LONGEST, ROWS = 60, 32_000, 1_048_570  # characters of a column and of a cell, rows of a sheet
SAMPLED = 200  # rows that decide a column's width
FORMATS = {"share": "0.0%", "per_": "0.0", "shift": "+0.0;-0.0;0.0", "expected": "0.0"}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}


def export_workbook(briefing: Briefing, file: Path) -> Path:
    """Write every table of an analysis as a sheet, behind one that explains their columns."""
    analysis = briefing.analysis
    compilation, lang = analysis.compilation, analysis.lang
    names = [*MEASURED, *(TWO_YEARS if analysis.earlier else ()), *analysis.of_places]
    sheets = compilation.tables | {name: analysis.table(name) for name in names}
    sheets["doubts"] = sheets["doubts"].drop(columns={"zh": "message_en", "en": "message"}[lang])
    with open_workbook(file) as book:
        book.set_properties({"title": compilation.name, "created": CREATED})
        words = source_line(scope_of(analysis)).replace("\n", " ")
        about = pd.DataFrame(_columns(sheets, lang))
        _write(book, label("workbook", "about", lang), about, lang, head=[compilation.name, words])
        for name, table in sheets.items():
            _write(book, name, _with_evidence(analysis, name, _in_words(analysis, table)), lang)
    return file


def _columns(sheets: Mapping[str, pd.DataFrame], lang: str) -> Iterator[dict[str, str]]:
    """Yield one row per table and column: its name, type and meaning."""
    types = {dtype: kind for kind, dtype in tables.DTYPES.items()}
    for name, table in sheets.items():
        for column in table.columns:
            kind = label("types", types.get(str(table[column].dtype), "str"), lang)
            yield {
                "table": name,
                "column": column,
                "called": tables.label(column, lang),
                "type": kind,
                "meaning": tables.meaning(name, column, lang),
                "row_is": tables.TABLES[name].row[lang],
            }


def _in_words(analysis: Analysis, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its agencies, assumptions, codes and themes as they are called."""
    lang, themes = analysis.lang, marked_labels(analysis.lang, analysis.codebook)
    written = {name: lambda value: agency_name(value, lang) for name in ("agency", "later_agency")}
    written["assumed"] = lambda text: assumed(text, lang)
    said = {name: table[name].map(write) for name, write in written.items() if name in table}
    for name in [name for name in table if tables.groups(name) and name != "theme"]:
        said[name] = [value_name(name, str(value), lang) for value in table[name]]
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


def _write(book: "Workbook", name: str, table: pd.DataFrame, lang: str, *, head: Sequence[str] = ()) -> None:
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


def _write_column(sheet: Any, first: int, column: int, values: pd.Series, form: "Format") -> None:
    lines: dict[str, str] = {}
    for row, value in enumerate(values.astype(object).tolist(), first):
        if isinstance(value, str):
            if value not in lines:
                lines[value] = one_line(value)[:LONGEST]
            sheet.write_string(row, column, lines[value], form)
        elif not pd.isna(value):
            sheet.write(row, column, value, form)


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
