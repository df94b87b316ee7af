"""The two pages for Word: findings in bold, at most two figures, sentences with their place.

Margins, sizes and faces follow GB/T 9704-2012 (layout of official papers). Its faces are named, never embedded; the
file names a common one to fall back on for each.
"""

from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from PIL import Image

from kit.data import knowledge
from kit.measure.analysis import Analysis
from kit.show.draw import plot_png
from kit.show.figure import Figure
from kit.show.figures import STATED, build, state_accuracy
from kit.show.publish import save_office
from kit.show.quotes import Briefing, count_doubts, list_doubts
from kit.show.style import PNG_DPI, width
from kit.show.text import fill, label, opening, scope_of

PAPER, MARGINS = (210, 297), {"top": 37, "left": 28, "right": 26, "bottom": 35}  # mm
TEXT, TALL, PAGES = 156, 225, 2  # mm of the text block
SIZES = {"zh": (16, 29), "en": (12, 18)}  # type and leading, points: 22 lines of 28 characters in Chinese
HEADING, SMALL = 22, 10.5
TALLEST, ROWS, FEWER = 80, 8, 5  # mm and rows of a figure, and its rows where there is much to say
QUOTE = 90  # characters of a sentence that is quoted at most
WIDER = {"zh": 1.1, "en": 1.15}  # faces other than the one measured with may run so much wider
SECTIONS = {
    "said": ("terms", "keyness", "themes"),
    "plans": ("coverage", "statuses", "targets", "attention"),
    "kept": ("fulfilment",),
}
MEASURES = {"plans": "continuity", "kept": "fulfilment"}  # what the sections compare
INSERTS = ("terms", "keyness"), ("attention", "statuses")  # the first that is drawn of each stands on the pages


@dataclass(frozen=True)
class Block:
    """One paragraph of the pages: its style, its text, its picture (whose text it is to readers that see nothing)."""

    style: str
    text: str
    png: bytes = b""


def export_document(briefing: Briefing, file: Path) -> Path:
    """Write the two pages of a briefing.

    Parameters
    ----------
    briefing : Briefing
        All findings are told; sentences are added as long as two pages hold them.
    file : Path

    Returns
    -------
    Path
    """
    analysis, lang = briefing.analysis, briefing.analysis.lang
    drawn = {figure.stem: figure for figure in briefing.drawn}
    first = [[drawn[stem] for stem in stems if stem in drawn][:1] for stems in INSERTS]
    chosen = [figure for figures in first for figure in figures]
    # Two figures with their rows; with fewer, when they leave no room for a sentence; then one figure; then none.
    for figures, rows in ((chosen, ROWS), (chosen, FEWER), (chosen[:1], FEWER), ([], 0)):
        told = _blocks(briefing, {figure.stem: _insert(figure, analysis, rows) for figure in figures})
        blocks = _fitting(told, lang)
        no_room = rows == ROWS and len(blocks) < len(told) and all(block.style != "quote" for block in blocks)
        if _pages(blocks, lang) <= PAGES and not no_room:
            break
    document = Document()
    _lay_out(document, lang)
    for number, block in enumerate(blocks):
        _add(document, block, lang, keep=_keeps(blocks, number))
    return save_office(document, opening(scope_of(analysis))[0], file)


def _blocks(briefing: Briefing, inserts: dict[str, Figure]) -> list[Block]:
    """Return what the pages say, in order; quotes are what may be left out."""
    analysis, lang = briefing.analysis, briefing.analysis.lang
    drawn, stop = {figure.stem: figure for figure in briefing.drawn}, label("marks", "stop", lang)
    title, *lead = opening(scope_of(analysis))
    blocks = [Block("Title", title), Block("Normal", stop.join(lead))]
    sections = {name: found for name, stems in SECTIONS.items() if (found := [s for s in stems if s in drawn])}
    for number, (section, stems) in enumerate(sections.items(), 1):
        blocks.append(Block("Heading 1", fill("document", section, lang, n=_ordinal(number, lang))))
        if section in MEASURES:
            blocks.append(Block("measure", label("scope", MEASURES[section], lang)))
        for stem in stems:
            blocks.append(Block("finding", drawn[stem].title))
            note = drawn[stem].note.rstrip() + state_accuracy(stem, lang) if stem in STATED else ""
            if stem in inserts:
                insert = inserts[stem]
                number_ = 1 + list(inserts).index(stem)
                under = fill("document", "figure", lang, n=number_, caption=insert.caption)
                blocks += [Block("picture", drawn[stem].title, plot_png(insert)), Block("Caption", under)]
                note = insert.subtitle + stop + insert.note.rstrip() + state_accuracy(stem, lang)
            blocks += [Block("source", note)] if note else []
            blocks += _quotes(briefing, stem, blocks)
    blocks.append(Block("Heading 1", fill("document", "doubts", lang, n=_ordinal(len(sections) + 1, lang))))
    return [*blocks, Block("Normal", _doubts(analysis))]


def _quotes(briefing: Briefing, stem: str, before: list[Block]) -> list[Block]:
    """Return a figure's two short sentences that do not stand on the pages yet."""
    quotes = briefing.quotes[stem]
    short = quotes[quotes["text"].map(len) <= QUOTE].head(2)
    blocks = []
    for row in short.itertuples():
        words = {"text": row.text, "agency": row.agency, "report": int(row.report), "start": str(row.start)}
        blocks.append(Block("quote", fill("document", "quote", briefing.analysis.lang, **words)))
    return [block for block in blocks if block not in before]


def _ordinal(number: int, lang: str) -> str:
    return knowledge("labels.toml")["document"]["ordinals"][lang][number - 1]


def _doubts(analysis: Analysis) -> str:
    doubts = list_doubts(analysis)
    serious = doubts.query("severity == 'serious'").head(3).itertuples(index=False)
    told = [f"{said} → {taken}" for _, _, said, taken in serious]
    return label("marks", "stop", analysis.lang).join([count_doubts(doubts, analysis.lang), *told, ""])


def _insert(figure: Figure, analysis: Analysis, rows: int) -> Figure:
    """Return a figure once more, with the rows that a third of a page holds, or fewer."""
    options: dict[str, Any] = {"per_side" if figure.stem == "keyness" else "top": rows}
    if figure.stem == "attention":
        moved = figure.table["mean_shift_points"].abs().sort_values(ascending=False)
        options = {"least": max(1.0, ceil(moved.iloc[min(rows, len(moved)) - 1] * 10) / 10)}
    return build(figure.stem, analysis, **options)


def _height(png: bytes) -> float:
    """Return the height of a picture on the page, mm, at its own size or smaller."""
    return min(Image.open(BytesIO(png)).height / PNG_DPI * 25.4, TALLEST)


def _fitting(blocks: list[Block], lang: str) -> list[Block]:
    """Return the blocks that two pages hold: all but quotes, then quotes, the first of each finding first."""
    quotes = [n for n, block in enumerate(blocks) if block.style == "quote"]
    chosen = set(range(len(blocks))) - set(quotes)
    for n in sorted(quotes, key=lambda n: blocks[n - 1].style == "quote"):
        if _pages([block for at, block in enumerate(blocks) if at in chosen | {n}], lang) <= PAGES:
            chosen.add(n)
    return [block for number, block in enumerate(blocks) if number in chosen]


def _pages(blocks: list[Block], lang: str) -> float:
    """Return how many pages blocks fill; those that keep together go to the next page together."""
    page = TALL / 25.4 * 72 - SIZES[lang][1]  # less a line for breaks that fall badly
    filled = 0.0
    for n, block in enumerate(blocks):
        end = next(at for at in range(n, len(blocks)) if not _keeps(blocks, at)) + 1
        needed = sum(_needs(one, lang) for one in blocks[n:end])
        if filled % page + needed > page and end > n + 1:
            filled += page - filled % page
        filled += _needs(block, lang)
    return filled / page


def _keeps(blocks: list[Block], at: int) -> bool:
    """Whether a block stays on the page of the next: a heading, a finding with a figure, a figure."""
    style, following = blocks[at].style, [block.style for block in blocks[at + 1 : at + 2]]
    return style in ("Heading 1", "measure", "picture", "Caption") or (style == "finding" and following == ["picture"])


def _needs(block: Block, lang: str) -> float:
    """Return how much of the page a block takes, points."""
    size, leading = SIZES[lang]
    wide = TEXT / 25.4 * 72
    if block.png:
        return _height(block.png) / 25.4 * 72 + 6
    if block.style in ("Caption", "source", "measure"):
        return 1.5 * SMALL * ceil(width(block.text, SMALL) * WIDER[lang] / wide)
    is_title = block.style == "Title"
    lines = ceil((width(block.text, HEADING if is_title else size) * WIDER[lang] + 2 * size) / wide)
    return leading * (1 + is_title) * lines


def _lay_out(document: Any, lang: str) -> None:
    """Set paper, margins, page numbers and the styles of the page."""
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in PAPER)
    for side, room in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(room))
    section.footer_distance = Mm(28)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer, ALIGN.RIGHT, lang)
    _number_pages(section.even_page_footer, ALIGN.LEFT, lang)
    size, leading = SIZES[lang]
    _set_style(document, "Normal", "body", size, leading, indent=2 * size)
    _set_style(document, "Title", "title", HEADING, HEADING * 1.5, align=ALIGN.CENTER, after=leading / 2)
    _set_style(document, "Heading 1", "heading", size, leading, indent=2 * size)
    _set_style(document, "Caption", "heading", SMALL, SMALL * 1.5, align=ALIGN.CENTER)
    faces = knowledge("labels.toml")["faces"]["fallbacks"]
    table = next(part for part in document.part.package.iter_parts() if part.partname.endswith("fontTable.xml"))
    names = "".join(f'<w:font w:name="{face}"><w:altName w:val="{other}"/></w:font>' for face, other in faces.items())
    table._blob = table.blob.replace(b"</w:fonts>", names.encode() + b"</w:fonts>")


def _set_style(document: Any, name: str, face: str, size: float, leading: float, *, indent: float = 0,
               align: Any = ALIGN.JUSTIFY, after: float = 0) -> None:  # fmt: skip
    style = document.styles[name]
    font, form = style.font, style.paragraph_format
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), False, False, RGBColor(0, 0, 0)
    _set_faces(style.element.get_or_add_rPr(), face)
    form.line_spacing, form.space_before, form.space_after = Pt(leading), Pt(0), Pt(after)
    form.first_line_indent, form.alignment = Pt(indent), align
    for border in style.element.xpath(".//w:pBdr"):
        border.getparent().remove(border)


def _set_faces(properties: Any, face: str) -> None:
    """Name the typefaces: Latin and, in ``w:eastAsia``, Chinese; themes would overrule them and go."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), label("faces", "latin", "zh"))
    fonts.set(qn("w:eastAsia"), label("faces", face, "zh"))
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks are as wide as Chinese ones


def _number_pages(footer: Any, align: Any, lang: str) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment, paragraph.paragraph_format.first_line_indent = align, Pt(0)
    for text in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if text == "PAGE" else text)
        run.font.size = Pt(14 if lang == "zh" else SMALL)
        _set_faces(run._element.get_or_add_rPr(), "page")
        for kind in ("begin", "separate", "end") if text == "PAGE" else ():
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)
            if kind == "begin":
                field = OxmlElement("w:instrText")
                field.text = text
                run._element.append(field)


def _add(document: Any, block: Block, lang: str, *, keep: bool) -> None:
    """Add one block of the page."""
    style = block.style
    paragraph = document.add_paragraph(style=style if style in ("Title", "Heading 1", "Caption") else None)
    form = paragraph.paragraph_format
    form.keep_with_next = keep
    if block.png:
        form.line_spacing = 1.0  # an exact one would cut the picture
        form.first_line_indent, paragraph.alignment = Pt(0), ALIGN.CENTER
        shape = paragraph.add_run().add_picture(BytesIO(block.png), height=Mm(_height(block.png)))
        shape._inline.docPr.set("descr", block.text)
        return
    run = paragraph.add_run(block.text + label("marks", "stop", lang) * (style == "finding"))
    run.font.bold = True if style == "finding" else None
    face = {"Title": "title", "Heading 1": "heading", "Caption": "heading", "quote": "quote"}.get(style, "body")
    _set_faces(run._element.get_or_add_rPr(), face)
    if style in ("source", "measure"):
        form.first_line_indent, paragraph.alignment, form.line_spacing = Pt(0), ALIGN.LEFT, Pt(SMALL * 1.5)
        run.font.size = Pt(SMALL - 1.5)
