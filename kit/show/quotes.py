"""What the text says: the sentences that a briefing shows, each with its place, the outline as read, the doubts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge, path
from kit.errors import OutputError, TableError
from kit.measure.analysis import Analysis
from kit.measure.counts import STATUSES
from kit.measure.findings import strongest
from kit.measure.items import find_paths
from kit.measure.series import moved_themes, sole_themes
from kit.read.compilation import doubt
from kit.read.source import PathLike
from kit.show.figure import Figure
from kit.show.publish import open_workbook, save_office, write_whole
from kit.show.shown import assumed, cut, one_line, value_name
from kit.show.style import agency_names, claim_in, marked_labels, scope_of, source_line, theme_labels
from kit.tables import BODY_ROLES
from kit.wording import agency_name, fill, half_up, label, listed

IDEAL = 45  # characters of a sentence that is short enough to quote and long enough to say something
SNIPPET = 24  # characters shown of a part without a heading
SIDED = ("attention", "keyness")  # figures whose findings are quoted on either side
PAIRED = {"fulfilment_reported": "answer", "headlines_met": "result", "headlines_one": "result"}


def locate(analysis: Analysis, spans: pd.DataFrame) -> pd.DataFrame:
    """Add what stands at each place of the text, and where that is."""
    compilation = analysis.compilation
    names = agency_names(compilation.reports, scope_of(analysis))
    agencies = dict(zip(compilation.reports["report"], names, strict=True))
    parts, above = compilation.parts, find_paths(compilation.parts)
    at = parts.iloc[(parts["start"].searchsorted(spans["start"], side="right") - 1).clip(0)]
    return spans.assign(
        side="",
        source=compilation.name,
        report=at["report"].to_numpy(),
        agency=[agencies.get(report, "") for report in at["report"]],
        path=[one_line(above[part]) for part in at["part"]],
        text=[one_line(compilation.text[start:end]) for start, end in zip(spans["start"], spans["end"], strict=True)],
    )


def place(row: Any, lang: str) -> str:
    """Return where a located row stands: agency, headings, report and character."""
    shown = (one_line(row.agency), *([row.path] if row.path else []))
    return fill("evidence", "place", lang, where=" · ".join(shown), report=int(row.report), start=str(row.start))


def key_sentences(analysis: Analysis, figure: Figure) -> pd.DataFrame:
    """Return the sentences of the finding that is a figure's title, and what each is about; none of a description."""
    if figure.stem in ACROSS:
        found = [_choose(*one) for one in ACROSS[figure.stem](analysis)]
        return pd.concat(found or [_cite(analysis, [], "")], ignore_index=True)
    findings = analysis.findings
    said = figure.computed or figure.title  # what the author says in other words rests on the same sentences
    told = findings[(findings["stem"] == figure.stem) & findings[claim_in(analysis.lang)].str.startswith(said)].head(1)
    return pd.concat([quote(analysis, finding) for finding in told.itertuples()] or [_cite(analysis, [], "")])


def quote(analysis: Analysis, finding: Any) -> pd.DataFrame:
    """Return the sentences that a row of the findings names as its evidence, those of the year before first."""
    lang, about = analysis.lang, name_subject(analysis, finding)
    plan, review = (label("sides", side, lang) for side in ("plan", "review"))
    here = _cite(analysis, finding.evidence.split(), about)
    if finding.stem in SIDED:
        here["side"] = [plan if role == "plan" else review for role in here["role"]]
        here["about"] = [fill("evidence", "side", lang, about=about, side=side) for side in here["side"]]
    if finding.stem == "statuses":
        here["side"] = [plan if role == "plan" else review for role in here["role"]]
        here.loc[here["side"] == review, "about"] = label("evidence", "review", lang)
    if not analysis.earlier:
        return here
    here = _in_year(here, analysis)
    before = _in_year(_cite(analysis.earlier, finding.evidence_earlier.split(), about), analysis.earlier)
    if finding.code in PAIRED and len(before):  # a promise, and what answers it
        before = before.head(1).assign(side=plan)
        here = here.head(1).assign(side=review, about=label("evidence", PAIRED[finding.code], lang))
    return pd.concat([before, here], ignore_index=True)


def _cite(analysis: Analysis, numbers: Sequence[str], about: str) -> pd.DataFrame:
    sentences = analysis.compilation.sentences.set_index("sentence", drop=False)
    rows = sentences.loc[[int(number) for number in numbers]].reset_index(drop=True)
    return locate(analysis, rows.assign(about=pd.Series(about, rows.index, dtype="str")))


def _in_year(rows: pd.DataFrame, year: Analysis) -> pd.DataFrame:
    return rows.assign(path=[" · ".join(filter(None, (year.compilation.name, path))) for path in rows["path"]])


def name_subject(analysis: Analysis, finding: Any) -> str:
    """Return what a finding's evidence shows, in the analysis's language: a theme, a status, a word."""
    lang, keys = analysis.lang, finding.about.split()
    if not keys or finding.stem == "targets":
        return label("captions", finding.stem, lang)
    headlines = knowledge("headlines.toml")["headline"]
    known = theme_labels(lang, analysis.codebook) | {key: row[lang] for key, row in headlines.items()}
    known |= {key: said[lang] for key, said in knowledge("labels.toml")["statuses"].items()}
    key = finding.about if finding.about in known else keys[0]
    return known.get(key, listed(keys, lang))


def _choose(analysis: Analysis, about: str, spans: pd.DataFrame) -> pd.DataFrame:
    # One sentence of a good length; copies are quoted once, too.
    fresh = spans[spans["report"].isin(analysis.compilation.counted["report"])]
    far = (fresh["end"] - fresh["start"] - IDEAL).abs()
    best = fresh.assign(far=far, about=about).sort_values(["far", "start"]).head(1)
    return _in_year(locate(analysis, best[["about", "report", "start", "end"]]), analysis)


Chosen = Iterator[tuple[Analysis, str, pd.DataFrame]]  # of which year, about what, among which sentences


def _holding(analysis: Analysis, found: pd.DataFrame) -> pd.DataFrame:
    sentences = analysis.compilation.yearly
    return sentences[sentences["sentence"].isin(found["sentence"]) & sentences["role"].isin(BODY_ROLES)]


def _of_themes(years: Sequence[Analysis], themes: Iterable[str]) -> Chosen:
    for theme in themes:
        for year in years:
            name = marked_labels(year.lang, year.codebook).get(theme, theme)
            yield year, name, _holding(year, year.hits[year.hits["theme"] == theme])


def _of_years(analysis: Analysis) -> Chosen:
    """Yield the theme that gained and the one that lost most of those that the title names, in both years."""
    moved = moved_themes(analysis.theme_years)
    themes = [*moved[moved > 0].index[:1], *moved[moved < 0].index[:1]]
    return _of_themes((analysis.years[0], analysis), themes)


def _of_places(analysis: Analysis) -> Chosen:
    return _of_themes((analysis,), sole_themes(analysis.place_themes)["theme"].head(3))


def _of_word_years(analysis: Analysis) -> Chosen:
    """Yield a word that rose, in the last year, and one that fell, in the first."""
    for year, rows in zip((analysis, analysis.years[0]), strongest(analysis.word_changes, 1)[::-1], strict=True):
        for term in rows["term"]:
            yield year, term, _holding(year, year.tokens[year.tokens["term"] == term])


def _of_chains(analysis: Analysis) -> Chosen:
    steps = analysis.chains.query("chain == 1").dropna(subset=["start", "report"]).rename(columns={"in": "number"})
    for at, step in enumerate(steps.itertuples()):
        group = "chain_kinds" if step.kind == "promised" else "statuses"
        span = steps.iloc[[at]][["report", "start", "end"]].astype("int64")
        yield analysis.years[step.number - 1], label(group, step.kind, analysis.lang), span


def _of_numbers(analysis: Analysis, *, headlines: bool) -> Chosen:
    """Yield a target with its result, each in its year: one that was missed where there is one."""
    series = analysis.series.dropna(subset=["target_start", "actual_start"])
    held = series[series["headline"].isin(knowledge("headlines.toml")["headline"]) == headlines]
    held = held[held["number_verdict"].isin(["missed", "met"])]
    for row in held.sort_values("number_verdict", ascending=False, kind="stable").head(1).to_dict("records"):
        name = value_name("headline", row["headline"], analysis.lang)
        for side in ("target", "actual"):
            year = analysis.years[row[f"{side}_in"] - 1]
            sentences = year.compilation.sentences
            at = sentences["start"].searchsorted(row[f"{side}_start"], side="right") - 1
            yield year, fill("evidence", side, analysis.lang, year=str(row["year"]), name=name), sentences.iloc[[at]]


ACROSS: dict[str, Callable[[Analysis], Chosen]] = {
    "years": _of_years,
    "word_years": _of_word_years,
    "chains": _of_chains,
    "series": partial(_of_numbers, headlines=False),
    "headline_years": partial(_of_numbers, headlines=True),
    "places": _of_places,
}


def show_outline(analysis: Analysis, *, depth: int = 9) -> str:
    """Write every report's parts as an indented tree, each behind its role, doubts where they arise.

    Parameters
    ----------
    analysis : Analysis
        Its language is that of the roles and doubts.
    depth : int
        Levels of numbering to show; a deeper part is shown when its role is not its parent's, or is doubtful.

    Returns
    -------
    str
        A line for each report and, indented, for each of its parts.
    """
    compilation, lang = analysis.compilation, analysis.lang
    parts = compilation.parts
    names = {role: label("roles", role, lang) for role in parts["role"].unique()}
    width = max(map(len, names.values())) + 1
    asides = _asides(analysis)
    roles = dict(zip(parts["part"], parts["role"], strict=True))
    heads = {row.report: _head(row, lang) for row in compilation.reports.itertuples()}
    lines = []
    for part in parts.itertuples():
        if part.report in heads:
            lines.append(heads.pop(part.report))
        if part.depth <= depth or asides[part.part] or roles.get(part.parent) != part.role:
            tree = "  " * max(part.depth - 1, 0) + _words(compilation.text, part)
            lines.append(f"  {names[part.role]:{width}}{tree}{asides[part.part]}")
    return "\n".join(lines)


def _head(report: Any, lang: str) -> str:
    agency = agency_name(report.agency, lang) if report.agency_from == "unknown" else report.agency
    years = "→".join("–" if pd.isna(year) else str(year) for year in (report.period, report.plan_period))
    copy = "" if pd.isna(report.copy_of) else f" = {report.copy_of}"
    return f"{report.report} {agency} {years}{copy}"


def _words(text: str, part: Any) -> str:
    if part.heading:
        gap = " " if part.marker[-1:].isdecimal() else ""
        return part.marker.replace("\n", "") + gap + part.heading
    return cut(text[part.start : part.end], SNIPPET).replace("\n", " ")


def _asides(analysis: Analysis) -> defaultdict[int, str]:
    """Doubts that ask to be looked at, by the part that they point into."""
    parts, doubts = analysis.compilation.parts, analysis.compilation.doubts
    doubts = doubts[doubts["severity"] != "note"]
    asides: defaultdict[int, str] = defaultdict(str)
    places = (parts["start"].searchsorted(doubts["start"], side="right") - 1).clip(0)
    for part, message in zip(parts["part"].iloc[places], doubts[_said(analysis)], strict=True):
        asides[int(part)] += f"  ← {message}"
    return asides


def _said(analysis: Analysis) -> str:
    return {"zh": "message", "en": "message_en"}[analysis.lang]


def list_doubts(analysis: Analysis) -> pd.DataFrame:
    """Return the reader's doubts in one language, the weightiest first: report, severity, what is doubtful, assumed."""
    # Of several years those of all, each behind its file.
    found = ((year, tables.make(list(_contradictions(year)), tables.DOUBTS)) for year in analysis.years)
    each = [pd.concat([year.compilation.doubts, own]).assign(file=year.compilation.name) for year, own in found]
    weight = tables.VALUES["severities"].index
    doubts = pd.concat(each).sort_values("severity", key=lambda one: one.map(weight), ascending=False, kind="stable")
    said, lang = _said(analysis), analysis.lang
    written = {said: doubts[said].map(one_line), "assumed": [assumed(text, lang) for text in doubts["assumed"]]}
    return doubts.assign(**written)[["file"] * (len(each) > 1) + ["report", "severity", said, "assumed"]]


def tell_doubts(doubts: pd.DataFrame, lang: str) -> Iterator[tuple[str, str, str]]:
    """Yield of each doubt its severity, what is doubtful in which report (and file), and what is assumed."""
    for *file, report, severity, said, taken in doubts.itertuples(index=False):
        key = "doubt_in" if file else "doubt"
        told = fill("slides", key, lang, file="".join(file), report=report, said=said) if report else said
        yield severity, told, taken


def _contradictions(analysis: Analysis) -> Iterator[dict]:
    """Yield a doubt for each rate of completion that its own target and result contradict."""
    found, counted = analysis.indicators, analysis.compilation.counted["report"]
    told = found.get("contradiction", pd.Series(index=found.index, dtype=bool)).eq(True)  # no column where no rate is
    for row in found[told & found["report"].isin(counted)].itertuples():
        numbers = {"said": f"{row.value:g}", "found": f"{half_up(row.recomputed, 1)}"}
        own = found[(found["report"] == row.report) & (found["pair"] == row.pair)]
        named = next(filter(None, own.loc[own["role"] == "target", "indicator"]), row.indicator)
        span = {"start": row.start, "end": row.end}
        yield doubt("rate_contradicted", row.report, span, words=named, **numbers)


def count_doubts(doubts: pd.DataFrame, lang: str) -> str:
    """Return in a sentence how many doubts there are, and how many of them are serious."""
    serious = int((doubts["severity"] == "serious").sum())
    return fill("briefing", "doubts" if serious else "doubts_none", lang, n=len(doubts), serious=serious)


def write_doubts(analysis: Analysis) -> str:
    """Return the reader's doubts as lines: first what is to be checked, then the notes."""
    doubts, lang = list_doubts(analysis), analysis.lang
    is_note = doubts["severity"] == "note"
    lines = []
    for head, found in (("settle", doubts[~is_note]), ("notes", doubts[is_note])):
        lines += [fill("check", head, lang, n=len(found))] if len(found) else []
        lines += [
            f"{label('severities', severity, lang):8} {''.join(file)}{report:3}  {said} → {taken}"
            for *file, report, severity, said, taken in found.itertuples(index=False)
        ]
    return "\n".join(lines)


# ---- A list of evidence to hand out: the sentences behind a cell, a theme, an agency, a status or a query ----

COLUMNS = knowledge("documents.toml")["evidence"]


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
    rows = _items(analysis, status) if status else _sentences_said(analysis, theme)
    authors = dict(zip(analysis.compilation.reports["report"], analysis.compilation.reports["agency"], strict=True))
    rows = rows[rows["report"].map(authors) == agency] if agency else rows
    rows = rows[rows["role"] == role] if role else rows
    for word in (query or "").split():
        rows = rows[rows["text"].str.contains(word, regex=False, case=False)]
    if rows.empty:
        name, wanted = analysis.compilation.name, " · ".join(filter(None, asked.values()))
        message = f"export_evidence: expected sentences of {wanted}, found none in {name}; ask for more"
        raise TableError(message)
    return _write(analysis, file, _listed(rows, analysis.lang), asked)


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


def _sentences_said(analysis: Analysis, theme: str | None) -> pd.DataFrame:
    sentences, hits = analysis.compilation.sentences, analysis.hits
    found = sentences["role"].isin(BODY_ROLES)
    if theme:
        found = sentences["sentence"].isin(hits.loc[hits["theme"] == theme, "sentence"])
    return locate(analysis, sentences[found]).assign(answer="")


def locate_items(analysis: Analysis) -> pd.DataFrame:
    """Return the plan items, each with its status and what answers it best."""
    best = analysis.matches.drop_duplicates("item")
    rows = locate(analysis, best.merge(analysis.items[["item", "start", "end", "role"]], on="item"))
    return rows.assign(answer=_answers(analysis, rows))


def locate_promises(analysis: Analysis) -> pd.DataFrame:
    """Return last year's promises, each with its status and what answers it."""
    rows = locate(analysis.earlier or analysis, analysis.fulfilment).assign(role="plan")
    return rows.assign(answer=_answers(analysis, rows))


def _answers(analysis: Analysis, rows: pd.DataFrame) -> list[str]:
    text, found = analysis.compilation.text, rows["evidence_start"].notna() & (rows["status"] != "new")
    spans = zip(rows["evidence_start"], rows["evidence_end"], found, strict=True)
    return [one_line(text[int(start) : int(end)]) if is_found else "" for start, end, is_found in spans]


def _items(analysis: Analysis, status: str) -> pd.DataFrame:
    """Return the plan items of a status with what answers them: of continuity, else last year's promises."""
    items = locate_items(analysis)
    if status not in set(items["status"]) and analysis.earlier:
        items = locate_promises(analysis)
    return items[items["status"] == status]


def _listed(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    spans = [f"{start}–{end}" for start, end in zip(rows["start"], rows["end"], strict=True)]
    roles = [label("roles", role, lang) for role in rows["role"]]
    listed = rows.assign(span=spans, role=roles)[list(COLUMNS)]
    return listed if listed["answer"].any() else listed.drop(columns="answer")


def _write(analysis: Analysis, file: Path, table: pd.DataFrame, asked: dict[str, str | None]) -> Path:
    lang, themes = analysis.lang, marked_labels(analysis.lang, analysis.codebook)
    named = [themes.get(value, value_name(name, value, lang)) for name, value in asked.items() if value]
    title = label("marks", "colon", lang).join(filter(None, [label("evidence", "list", lang), " · ".join(named)]))
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
            sheet.set_column(at, at, COLUMNS[str(name)][0], wrapped)
            sheet.write_column(first + 1, at, column.tolist(), wrapped)
        sheet.autofilter(first, 0, first + len(table), len(names) - 1)
        sheet.freeze_panes(first + 1, 0)


def _write_document(file: Path, table: pd.DataFrame, head: Sequence[str], lang: str) -> None:
    from docx import Document  # noqa: PLC0415, heavy
    from docx.oxml.ns import qn  # noqa: PLC0415, heavy
    from docx.shared import Mm  # noqa: PLC0415, heavy

    document: Any = Document(str(path(f"briefing-{lang}.docx")))
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
            cell.width = Mm(COLUMNS[str(name)][1])
            cell.paragraphs[0].text, cell.paragraphs[0].style = str(text), document.styles["Note"]
    repeated = grid.rows[0]._tr.get_or_add_trPr()
    repeated.append(repeated.makeelement(qn("w:tblHeader"), {}))
    save_office(document, head[0], file)


WRITERS = {".docx": _write_document, ".xlsx": _write_workbook}
