"""Pages: the index of a bundle, its report, the notebooks without code; each is one file that needs no network."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from kit.data import template
from kit.measure.analysis import Analysis
from kit.measure.summaries import STATUSES
from kit.show.briefing import Briefing
from kit.show.figures import STATED, say_left_out, state_accuracy
from kit.show.publish import write_text
from kit.show.quotes import list_doubts, locate, place
from kit.show.shown import one_line, show_table
from kit.show.text import agency_names, fill, label, marked_labels, scope_of
from kit.tables import BODY_ROLES

NOTEBOOK_ONLY = "notebook"  # tag of cells that say nothing on a page: controls, how to use them
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
        briefing,
        pages=pages,
        stems=[figure.stem for figure in briefing.figures],
        findings=[figure.title for figure in briefing.told],
        left_out=say_left_out(analysis, briefing.figures),
        accuracy=lambda stem: stated.get(stem, "") + state_accuracy(stem, analysis.lang),
        reports=_whole(analysis.compilation.reports, analysis, REPORT_COLUMNS),
        back="",
    )
    return write_text(directory / "index.html", page)


def _render(name: str, briefing: Briefing, **values: Any) -> str:
    """Fill a template with what every page of a briefing has: its opening, its doubts, the words of its language."""
    analysis, (title, *lead) = briefing.analysis, briefing.opening
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
    from kit.show.draw import plot_chart  # noqa: PLC0415, loads matplotlib

    analysis, reports = briefing.analysis, briefing.analysis.compilation.counted
    kinds = ("status", "verdict") if analysis.earlier else ("status",)
    statuses = {one: label("statuses", one, analysis.lang) for kind in kinds for one in STATUSES[kind]}
    themes = marked_labels(analysis.lang, analysis.codebook)
    page = _render(
        "report.html",
        briefing,
        figures=[figure for figure in briefing.figures if figure.stem != "cloud"],
        chart=partial(plot_chart, statuses={name: status for status, name in statuses.items()}),
        left_out=say_left_out(analysis, briefing.figures),
        accuracy=partial(state_accuracy, lang=analysis.lang),
        quotes=briefing.quotes,
        place=partial(place, lang=analysis.lang),
        most=MOST_ROWS,
        whole=partial(_whole, analysis=analysis),
        themes=themes,
        statuses=statuses,
        agencies=dict(zip(reports["report"], agency_names(reports, scope_of(analysis)), strict=True)),
        evidence=_evidence(analysis, themes | statuses),
        logo=_inline(briefing.choice.logo),
    )
    return write_text(file, page)


def _inline(picture: Path | None) -> str:
    """Return a picture as it stands in a page itself."""
    if picture is None:
        return ""
    kind = "png" if picture.suffix.lower() == ".png" else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture.read_bytes()).decode()}"


def _evidence(analysis: Analysis, tags: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every sentence of the bodies with its themes, then every plan item with its best evidence, as entries.

    Of two years the promises of the earlier one follow, each with what answers it.
    """
    counted, lang = analysis.compilation.counted["report"], analysis.lang
    themes = analysis.hits.groupby("sentence")["theme"].agg(lambda found: list(dict.fromkeys(found))).to_dict()
    sentences = analysis.compilation.sentences
    bodies = sentences[sentences["role"].isin(BODY_ROLES) | sentences["sentence"].isin(themes)]
    for row in locate(analysis, bodies[bodies["report"].isin(counted)]).itertuples():
        yield _entry(row, themes.get(row.sentence, []), tags, lang)
    items = {row.item: row for row in locate(analysis, analysis.items).itertuples()}
    best = analysis.matches.drop_duplicates("item")
    for match in best[best["report"].isin(counted)].itertuples():
        has_evidence = not pd.isna(match.evidence) and match.status != "new"
        answers = items[match.evidence].text if has_evidence else ""
        yield _entry(items[match.item], [match.status], tags, lang, answers=answers)
    if analysis.earlier:
        promises = locate(analysis.earlier, analysis.fulfilment)
        text = analysis.compilation.text
        for row in promises.assign(role="plan").itertuples():
            has_answer = not pd.isna(row.evidence_start)
            answers = one_line(text[int(row.evidence_start) : int(row.evidence_end)]) if has_answer else ""
            yield _entry(row, [row.status], tags, lang, answers=answers, reports=_reports(row))


def _reports(promise: Any) -> str:
    """Return the reports of a promise: the earlier year's, and the one that answers it."""
    later = "" if pd.isna(promise.later_report) else f" {promise.later_report}"
    return f"e{promise.report}{later}"


def _entry(
    row: Any, keys: list[str], tags: Mapping[str, str], lang: str, *, answers: str | None = None, reports: str = ""
) -> dict[str, Any]:
    """Return a sentence (``answers`` None) or an item as the page lists it, of its report or of those named."""
    said = label("marks", "comma", lang).join(tags.get(key, key) for key in keys)
    where = f"{label('roles', row.role, lang)} · {place(row, lang)}"
    return {
        "tags": keys,
        "report": reports or row.report,
        "role": row.role,
        "kind": "s" if answers is None else "i",
        "start": row.start,
        "length": row.end - row.start,
        "text": row.text,
        "answers": answers,
        "said": said,
        "place": where,
    }
