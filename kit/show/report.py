"""The report: one page that needs no network, with contents, figures, data, searchable sentences, doubts."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import pandas as pd

from kit.data import path
from kit.show.labels import fill, label
from kit.show.pages import doubts_table, scrolled
from kit.show.plates import Briefing, Plate, caption
from kit.show.quotes import locate, place
from kit.show.scope import agency_names, opening

MOST_ROWS = 300  # of a table under a figure; the rest stands in the workbook


def export_report(briefing: Briefing, file: Path) -> Path:
    """Write the report as one HTML file.

    Parameters
    ----------
    briefing : Briefing
        A figure that was not drawn says why.
    file : Path

    Returns
    -------
    Path
        Text from the compilation is escaped; the page may load nothing (its own content security policy).
    """
    lang, scope = briefing.lang, briefing.scope
    plates = [plate for plate in briefing.plates if plate.stem != "cloud"]
    reports = briefing.compilation.counted
    agencies = dict(zip(map(str, reports["report"]), agency_names(reports, lang, scope), strict=True))
    tags = briefing.themes | {status: label("statuses", status, lang) for status in ("continued", "new", "unclear")}
    title, *lead = opening(scope, lang)
    toc = [*((plate.stem, plate.title) for plate in plates), ("sentences", label("report", "sentences", lang)),
           ("doubts", fill("pages", "doubts", lang, n=len(briefing.compilation.doubts)))]  # fmt: skip
    words = {key: escape(label("report", key, lang)) for key in ("contents", "sentences", "search", "about", "agency")}
    page = Template(path("report.html").read_text(encoding="utf-8")).substitute(
        words,
        lang={"zh": "zh-CN", "en": "en"}[lang],
        title=escape(title),
        source=escape(" · ".join(lead)),
        toc="".join(f'<li><a href="#{anchor}">{escape(text)}</a></li>' for anchor, text in toc),
        body="\n".join(_section(plate, briefing) for plate in plates),
        themes=_options(tags),
        agencies=_options(agencies),
        evidence="\n".join(_evidence(briefing, tags)),
        doubts=doubts_table(briefing.compilation, lang),
        says=json.dumps(label("report", "count", lang), ensure_ascii=False).replace("<", "\\u003c"),
    )
    file.write_text(page, encoding="utf-8", newline="\n")
    return file


def _section(plate: Plate, briefing: Briefing) -> str:
    """Return one figure: its finding, measure, plot, note, key sentences, data."""
    lang = briefing.lang
    quotes = [f'<blockquote>{escape(row.text)}<br><span class="soft">[{escape(row.about)}] {escape(place(row, lang))}'
              "</span></blockquote>" for row in plate.evidence.itertuples()]  # fmt: skip
    drawn = f"<figure>{plate.svg}</figure>" if not plate.reason else f"<p>{escape(plate.reason)}</p>"
    data = plate.table.head(MOST_ROWS)
    under = fill("report", "data", lang, caption=caption(plate.stem, lang), n=len(data), of=len(plate.table))
    table = scrolled(data, tuple(data), briefing.compilation, lang)
    return "\n".join([
        f'<section><h3 id="{plate.stem}">{escape(plate.title)}</h3><p class="soft">{escape(plate.subtitle)}</p>',
        drawn,
        f'<p class="soft">{escape(plate.note)}<br>{escape(plate.source)}</p>',
        *quotes,
        f"<details><summary>{escape(under)}</summary>{table}</details>",
        "</section>",
    ])  # fmt: skip


def _options(named: Mapping[str, str]) -> str:
    return "".join(f'<option value="{escape(key)}">{escape(text)}</option>' for key, text in named.items())


def _evidence(briefing: Briefing, tags: Mapping[str, str]) -> list[str]:
    """Return every sentence with a theme, then every plan item with its best evidence, as entries of a list."""
    compilation, measured, lang = briefing.compilation, briefing.measured, briefing.lang
    counted = compilation.counted["report"]
    hits = measured["hits"][measured["hits"]["report"].isin(counted)]
    themes = hits.groupby("sentence")["theme"].agg(lambda found: list(dict.fromkeys(found)))
    sentences = compilation.sentences[compilation.sentences["sentence"].isin(themes.index)]
    located = locate(compilation, sentences, lang=lang)
    entries = [_entry(row, themes[row.sentence], tags, lang) for row in located.itertuples()]
    items = locate(compilation, measured["items"], lang=lang).set_index("item", drop=False)
    best = measured["matches"].drop_duplicates("item")
    for match in best[best["report"].isin(counted)].itertuples():
        has_evidence = not pd.isna(match.evidence) and match.status != "new"
        behind = f"<p>← {escape(items.loc[match.evidence, 'text'])}</p>" if has_evidence else ""
        entries.append(_entry(next(items.loc[[match.item]].itertuples()), [match.status], tags, lang, behind))
    return entries


def _entry(row: Any, keys: list[str], tags: Mapping[str, str], lang: str, behind: str = "") -> str:
    shown = label("marks", "comma", lang).join(tags.get(key, key) for key in keys)
    where = f"{label('roles', row.role, lang)} · {place(row, lang)}"
    return (f'<li data-t="{escape(" ".join(keys))}" data-r="{row.report}"><p>{escape(row.text)}</p>{behind}'
            f"<small>[{escape(shown)}] {escape(where)}</small></li>")  # fmt: skip
