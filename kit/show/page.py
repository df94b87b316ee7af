"""Pages: the index of a bundle, its report, the notebooks without code; each is one file that needs no network."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from kit.data import template
from kit.measure.analysis import Analysis
from kit.measure.summaries import STATUSES
from kit.show.briefing import Briefing
from kit.show.figures import STATED, state_accuracy
from kit.show.publish import write_text
from kit.show.quotes import list_doubts, locate, place
from kit.show.shown import show_table
from kit.show.text import agency_names, fill, label, opening, scope_of, theme_labels

NOTEBOOK_ONLY = "notebook"  # tag of cells that say nothing on a page: controls, how to use them, digests
STILL = ["text/html", "image/svg+xml", "image/png", "text/plain"]  # widgets as what they showed first, without scripts
REPORT_COLUMNS = ("report", "agency", "agency_from", "place", "sector", "period", "plan_period", "chars", "copy_of")
MOST_ROWS = 300  # of a table under a figure; the rest stands in the workbook


def write_page(file: Path, notebook: Any, *, title: str, lang: str) -> Path:
    """Write an executed notebook as a page that leads back to the index."""
    body = notebook_body(notebook, lang=lang)
    return write_text(file, template("page.html").render(title=title, body=body, back="index.html", lang=lang))


def notebook_body(notebook: Any, *, lang: str = "zh") -> str:
    """Return an executed notebook's outputs and its prose in one language (cells tagged so) as HTML, without code.

    Cells that are for the notebook only (tagged so) are left out.
    """
    from nbconvert import HTMLExporter  # noqa: PLC0415
    from nbformat import NotebookNode  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    other = {"zh": "en", "en": "zh"}[lang]
    settings = Config(
        {
            "TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": {other, NOTEBOOK_ONLY}},
            "NbConvertBase": {"display_data_priority": STILL},
        }
    )
    exporter = HTMLExporter(
        config=settings,
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    metadata = {name: value for name, value in notebook.metadata.items() if name != "widgets"}
    body, _ = exporter.from_notebook_node(NotebookNode(notebook | {"metadata": NotebookNode(metadata)}))
    return str(body)


def write_index(directory: Path, briefing: Briefing, *, pages: Mapping[str, str]) -> Path:
    """Write ``index.html``: what was read, the pages, the figures, the doubts."""
    analysis = briefing.analysis
    stated = {stem: label("scope", measure, analysis.lang) for stem, (measure, _) in STATED.items()}
    page = _render(
        "index.html",
        analysis,
        pages=pages,
        stems=[figure.stem for figure in briefing.figures],
        accuracy=lambda stem: stated.get(stem, "") + state_accuracy(stem, analysis.lang),
        reports=_whole(analysis.compilation.reports, analysis, REPORT_COLUMNS),
        back="",
    )
    return write_text(directory / "index.html", page)


def _render(name: str, analysis: Analysis, **values: Any) -> str:
    """Fill a template with what every page of an analysis has: its opening, its doubts, the words of its language."""
    title, *lead = opening(scope_of(analysis))
    doubts = list_doubts(analysis)
    return template(name).render(
        lang=analysis.lang,
        title=title,
        lead=lead,
        label=partial(label, lang=analysis.lang),
        fill=partial(fill, lang=analysis.lang),
        n_doubts=len(doubts),
        doubts=_whole(doubts, analysis),
        **values,
    )


def _whole(table: pd.DataFrame, analysis: Analysis, columns: Sequence[str] = ()) -> str:
    """Return a whole table as HTML, as it stands: nothing is added to it."""
    return show_table(table, analysis, columns=columns or tuple(table), most=len(table)).html


def export_report(briefing: Briefing, file: Path) -> Path:
    """Write the report as one HTML file."""
    from kit.show.draw import plot_svg  # noqa: PLC0415, loads matplotlib

    analysis, reports = briefing.analysis, briefing.analysis.compilation.counted
    statuses = {status: label("statuses", status, analysis.lang) for status in STATUSES["status"]}
    tags = theme_labels(analysis.lang, analysis.codebook) | statuses
    page = _render(
        "report.html",
        analysis,
        figures=[figure for figure in briefing.figures if figure.stem != "cloud"],
        svg=plot_svg,
        accuracy=partial(state_accuracy, lang=analysis.lang),
        quotes=briefing.quotes,
        place=partial(place, lang=analysis.lang),
        most=MOST_ROWS,
        whole=partial(_whole, analysis=analysis),
        tags=tags,
        agencies=dict(zip(reports["report"], agency_names(reports, scope_of(analysis)), strict=True)),
        evidence=_evidence(analysis, tags),
    )
    return write_text(file, page)


def _evidence(analysis: Analysis, tags: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every sentence with a theme, then every plan item with its best evidence, as entries of a list."""
    counted, lang = analysis.compilation.counted["report"], analysis.lang
    hits = analysis.hits[analysis.hits["report"].isin(counted)]
    themes = hits.groupby("sentence")["theme"].agg(lambda found: list(dict.fromkeys(found)))
    sentences = analysis.compilation.sentences
    for row in locate(analysis, sentences[sentences["sentence"].isin(themes.index)]).itertuples():
        yield _entry(row, themes[row.sentence], tags, lang)
    items = {row.item: row for row in locate(analysis, analysis.items).itertuples()}
    best = analysis.matches.drop_duplicates("item")
    for match in best[best["report"].isin(counted)].itertuples():
        has_evidence = not pd.isna(match.evidence) and match.status != "new"
        answers = items[match.evidence].text if has_evidence else ""
        yield _entry(items[match.item], [match.status], tags, lang, answers)


def _entry(row: Any, keys: list[str], tags: Mapping[str, str], lang: str, answers: str = "") -> dict[str, Any]:
    said = label("marks", "comma", lang).join(tags.get(key, key) for key in keys)
    where = f"{label('roles', row.role, lang)} · {place(row, lang)}"
    return {"tags": keys, "report": row.report, "text": row.text, "answers": answers, "said": said, "place": where}
