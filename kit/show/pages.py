"""Pages: the notebooks as HTML without code, and an index; each is one file that asks the network for nothing."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

import pandas as pd

from kit.data import path
from kit.read.compilation import Compilation
from kit.show.accuracy import STATED, state_accuracy
from kit.show.labels import fill, label
from kit.show.plates import Briefing
from kit.show.quotes import list_doubts
from kit.show.scope import opening
from kit.show.shown import show_table

NOTEBOOK_ONLY = "notebook"  # tag of cells that say nothing on a page: controls, how to use them, digests
STILL = ["text/html", "image/svg+xml", "image/png", "text/plain"]  # widgets as what they showed first, without scripts


def write_page(file: Path, *, title: str, body: str, nav: str = "", footer: str = "", lang: str = "zh") -> Path:
    """Write one page.

    Parameters
    ----------
    file : Path
    title : str
        Plain text; escaped here.
    body, nav, footer : str
        HTML, escaped by who made it.
    lang : {"zh", "en"}

    Returns
    -------
    Path
    """
    page = Template(path("page.html").read_text(encoding="utf-8"))
    words = {"zh": "zh-CN", "en": "en"}
    text = page.substitute(lang=words[lang], title=html.escape(title), nav=nav, body=body, footer=footer)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def notebook_body(notebook: Path, *, lang: str = "zh") -> str:
    """Return an executed notebook's outputs and its prose in one language (cells tagged so) as HTML, without code.

    Cells that are for the notebook only (tagged so) are left out.
    """
    import nbformat  # noqa: PLC0415
    from nbconvert import HTMLExporter  # noqa: PLC0415
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
    book = nbformat.read(notebook, as_version=4)
    book.metadata.pop("widgets", None)
    body, _ = exporter.from_notebook_node(book)
    return str(body)


def write_index(
    directory: Path,
    briefing: Briefing,
    *,
    pages: Mapping[str, str],
) -> Path:
    """Write ``index.html``: what was read, the pages, the figures, the doubts.

    Parameters
    ----------
    directory : Path
        Where the pages and ``figures/`` stand.
    briefing : Briefing
    pages : mapping of str to str
        File name to title.

    Returns
    -------
    Path
    """
    compilation, lang = briefing.compilation, briefing.lang
    title, *lead = opening(briefing.scope, lang)
    body = [f"<h1>{html.escape(title)}</h1>", f"<p>{html.escape(' · '.join(lead))}</p>"]
    body += [f"<h2>{label('pages', 'pages', lang)}</h2>", "<ul>", *map(_link, pages.items()), "</ul>"]
    cards = [_card(plate.stem, lang) for plate in briefing.plates]
    body += [f"<h2>{label('pages', 'figures', lang)}</h2>", '<div class="cards">', *cards, "</div>"]
    body += [
        f"<h2>{label('pages', 'reports', lang)}</h2>",
        scrolled(compilation.reports, REPORT_COLUMNS, compilation, lang),
    ]
    body.append(doubts_table(compilation, lang))
    return write_page(directory / "index.html", title=title, body="\n".join(body), lang=lang)


REPORT_COLUMNS = ("report", "agency", "agency_from", "place", "sector", "period", "plan_period", "chars", "copy_of")


def _link(page: tuple[str, str]) -> str:
    file, title = page
    return f'<li><a href="{html.escape(file)}">{html.escape(title)}</a></li>'


def _card(stem: str, lang: str) -> str:
    forms = " · ".join(f'<a href="figures/{stem}.{form}">{form.upper()}</a>' for form in ("png", "svg", "pdf", "csv"))
    image = f'<a href="figures/{stem}.png"><img src="figures/{stem}.svg" alt="{stem}" loading="lazy"></a>'
    said = label("scope", STATED[stem][0], lang) + state_accuracy(stem, lang) if stem in STATED else ""
    return f"<figure>{image}<figcaption>{forms}<small>{html.escape(said)}</small></figcaption></figure>"


def doubts_table(compilation: Compilation, lang: str) -> str:
    """Return the doubts of a compilation under their heading, as HTML."""
    doubts = list_doubts(compilation, lang)
    head = f'<h2 id="doubts">{fill("pages", "doubts", lang, n=len(doubts))}</h2>'
    return head + scrolled(doubts, tuple(doubts), compilation, lang)


def scrolled(table: pd.DataFrame, columns: Sequence[str], compilation: Compilation, lang: str) -> str:
    """Return a whole table of a compilation as HTML that scrolls sideways in a narrow window."""
    shown = show_table(table, columns=columns, compilation=compilation, most=len(table), lang=lang)
    return f'<div class="scroll">{shown.html}</div>'
