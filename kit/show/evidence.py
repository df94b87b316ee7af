"""A list of evidence to hand out: the sentences behind a cell, a theme, an agency, a status or a query."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kit.errors import OutputError, TableError
from kit.measure.analysis import Analysis
from kit.measure.summaries import STATUSES
from kit.read.source import PathLike
from kit.show.publish import open_workbook, save_office, write_whole
from kit.show.quotes import locate
from kit.show.shown import one_line
from kit.show.text import label, scope_of, source_line, theme_labels
from kit.tables import BODY_ROLES

COLUMNS = ("agency", "role", "path", "text", "answer", "span", "report")
WIDTHS = {"agency": 18, "role": 8, "path": 30, "text": 60, "answer": 60, "span": 14, "report": 8}  # characters of Excel
MILLIMETRES = {"agency": 24, "role": 14, "path": 30, "text": 62, "answer": 0, "span": 26, "report": 0}  # of Word


def export_evidence(
    analysis: Analysis,
    path: PathLike,
    *,
    theme: str | None = None,
    agency: str | None = None,
    role: str | None = None,
    status: str | None = None,
    query: str | None = None,
) -> Path:
    """Write sentences as a list to hand out: who writes it, where in the outline, what, and at which characters.

    Parameters
    ----------
    analysis : Analysis
    path : path
        Ends in ``.docx`` (Word) or ``.xlsx`` (Excel).
    theme, agency, role : str, optional
        Only of this theme (its key), agency (its name in the reports), role.
    status : str, optional
        Plan items of this status with what answers them, in place of sentences: of continuity, or of fulfilment.
    query : str, optional
        Only what holds all of these words, parted by spaces.

    Returns
    -------
    Path

    Raises
    ------
    TableError
        When there is no such theme, agency, role or status, or nothing is found.
    OutputError
        When the name ends otherwise, or names a file that is not this list.

    Examples
    --------
    >>> kit.export_evidence(kit.analyse(), "安全生产.xlsx", theme="safety", agency="县应急管理局")  # doctest: +SKIP
    """
    file, asked = Path(path), {"theme": theme, "agency": agency, "role": role, "status": status, "query": query}
    if file.suffix not in WRITERS:
        message = f"{file}: expected a name that ends in {' or '.join(WRITERS)}, found {file.suffix!r}; name it so"
        raise OutputError(message)
    _check(analysis, asked)
    rows = _items(analysis, status) if status else _sentences(analysis, theme)
    authors = dict(zip(analysis.compilation.reports["report"], analysis.compilation.reports["agency"], strict=True))
    kept = pd.Series(data=True, index=rows.index)
    if agency:
        kept &= rows["report"].map(authors).eq(agency)
    if role:
        kept &= rows["role"] == role
    for word in (query or "").split():
        kept &= rows["text"].str.contains(word, regex=False, case=False)
    if not kept.any():
        name = analysis.compilation.name
        message = f"export_evidence: expected sentences of {_said(asked)}, found none in {name}; ask for more"
        raise TableError(message)
    return _write(analysis, file, _named(rows[kept], analysis.lang), _said(_in_words(asked, analysis)))


def _check(analysis: Analysis, asked: dict[str, str | None]) -> None:
    known = {
        "theme": list(theme_labels("en", analysis.codebook)),
        "agency": list(dict.fromkeys(analysis.compilation.reports["agency"])),
        "role": list(dict.fromkeys(analysis.compilation.sentences["role"])),
        "status": list(dict.fromkeys(status for kind in STATUSES.values() for status in kind)),
    }
    for name, names in known.items():
        if asked[name] and asked[name] not in names:
            message = (
                f"export_evidence: expected {name} to be one of {', '.join(names)}, found {asked[name]!r}; take one"
            )
            raise TableError(message)


def _sentences(analysis: Analysis, theme: str | None) -> pd.DataFrame:
    """Return the sentences of the bodies, or those with a theme."""
    sentences, hits = analysis.compilation.sentences, analysis.hits
    found = sentences["role"].isin(BODY_ROLES)
    if theme:
        found = sentences["sentence"].isin(hits.loc[hits["theme"] == theme, "sentence"])
    return locate(analysis, sentences[found]).assign(answer="")


def _items(analysis: Analysis, status: str) -> pd.DataFrame:
    """Return the plan items of a status with what answers them: of continuity, else last year's promises."""
    matches = analysis.matches.drop_duplicates("item")
    found, year, text = matches[matches["status"] == status], analysis, analysis.compilation.text
    if found.empty and analysis.earlier:
        promises = analysis.fulfilment
        located = locate(analysis.earlier, promises[promises["status"] == status]).assign(role="plan")
    else:
        items = analysis.items[["item", "start", "end", "role"]]
        located = locate(year, found.merge(items, on="item"))
    spans = zip(located["evidence_start"], located["evidence_end"], strict=True)
    answers = ["" if pd.isna(start) else one_line(text[int(start) : int(end)]) for start, end in spans]
    return located.assign(answer=answers)


def _named(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the columns of the list, in words."""
    spans = [f"{start}–{end}" for start, end in zip(rows["start"], rows["end"], strict=True)]
    roles = [label("roles", role, lang) for role in rows["role"]]
    listed = rows.assign(span=spans, role=roles)[list(COLUMNS)]
    return listed if listed["answer"].any() else listed.drop(columns="answer")


def _in_words(asked: dict[str, str | None], analysis: Analysis) -> dict[str, str | None]:
    lang, words = analysis.lang, dict(asked)
    if theme := asked["theme"]:
        words["theme"] = theme_labels(lang, analysis.codebook)[theme]
    for name, group in (("role", "roles"), ("status", "statuses")):
        if key := asked[name]:
            words[name] = label(group, key, lang)
    return words


def _said(asked: dict[str, str | None]) -> str:
    return " · ".join(value for value in asked.values() if value)


def _write(analysis: Analysis, file: Path, table: pd.DataFrame, asked: str) -> Path:
    """Write the list, whole or not at all, and never over another file."""
    lang = analysis.lang
    title = label("evidence", "list", lang) + (
        f": {asked}" if lang == "en" and asked else f"：{asked}" if asked else ""
    )
    head = [title, source_line(scope_of(analysis)).replace("\n", " "), label("evidence", "offsets", lang)]

    def _whole(place: Path) -> None:
        WRITERS[file.suffix](place, table, head, lang)
        if file.exists() and file.read_bytes() != place.read_bytes():
            message = (
                f"{file}: expected no such file yet, or this list, found another; name another file, or move it away"
            )
            raise OutputError(message)

    write_whole({file: _whole})
    return file


def _write_workbook(file: Path, table: pd.DataFrame, head: Sequence[str], lang: str) -> None:
    with open_workbook(file) as book:
        sheet = book.add_worksheet()
        wrapped, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
        sheet.write_column(0, 0, head)
        names = [label("evidence_columns", name, lang) for name in table]
        first = len(head) + 1
        sheet.write_row(first, 0, names, bold)
        for at, (name, column) in enumerate(table.items()):
            sheet.set_column(at, at, WIDTHS[str(name)], wrapped)
            sheet.write_column(first + 1, at, column.tolist(), wrapped)
        sheet.autofilter(first, 0, first + len(table), len(names) - 1)
        sheet.freeze_panes(first + 1, 0)


def _write_document(file: Path, table: pd.DataFrame, head: Sequence[str], lang: str) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415, heavy
    from docx.shared import Mm  # noqa: PLC0415, heavy

    from kit.show.briefing import Choice  # noqa: PLC0415
    from kit.show.document import open_document  # noqa: PLC0415

    document: Any = open_document(Choice(), lang)
    document.add_paragraph(head[0], style="Title")
    for line in head[1:]:
        document.add_paragraph(line, style="Note")
    told = table.drop(columns="report")
    if "answer" in told:  # stands below what it answers
        answers = [
            f"{text}\n{label('evidence', 'answered', lang)}{answer}" if answer else text
            for text, answer in zip(told["text"], told["answer"], strict=True)
        ]
        told = told.assign(text=answers).drop(columns="answer")
    grid = document.add_table(rows=1, cols=len(told.columns))
    grid.autofit = False
    borders = grid._tbl.tblPr.makeelement(qn("w:tblBorders"), {})
    for side in ("top", "bottom", "insideH"):
        looks = {qn("w:val"): "single", qn("w:sz"): "4", qn("w:color"): "8C8C8C"}
        borders.append(borders.makeelement(qn(f"w:{side}"), looks))
    grid._tbl.tblPr.append(borders)
    rows = [[label("evidence_columns", name, lang) for name in told], *told.itertuples(index=False)]
    for at, row in enumerate(rows):
        cells = grid.rows[0].cells if not at else grid.add_row().cells
        for cell, name, text in zip(cells, told, row, strict=True):
            cell.width = Mm(MILLIMETRES[str(name)])
            cell.paragraphs[0].text, cell.paragraphs[0].style = str(text), document.styles["Note"]
    repeated = grid.rows[0]._tr.get_or_add_trPr()
    repeated.append(repeated.makeelement(qn("w:tblHeader"), {}))
    save_office(document, head[0], file)


WRITERS = {".docx": _write_document, ".xlsx": _write_workbook}
