"""The two pages for Word: findings in bold, at most two figures, sentences with their place.

Paper, margins, page numbers and styles stand in a Word file of each language (`kit/data/briefing-zh.docx`), which is
changed in Word; they follow GB/T 9704-2012 (layout of official papers). Its faces are named, never embedded; the file
names a common one to fall back on for each.
"""

from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

from docx import Document
from docx.image.image import Image
from docx.oxml.ns import qn
from docx.shared import Emu, Mm

from kit.data import knowledge, path
from kit.measure.analysis import Analysis
from kit.show.draw import plot_png
from kit.show.figure import Figure
from kit.show.figures import STATED, build, state_accuracy
from kit.show.publish import save_office
from kit.show.quotes import Briefing, count_doubts, list_doubts
from kit.show.style import width
from kit.show.text import fill, label, opening, scope_of

PAGES = 2
TALLEST, ROWS, FEWER = 80, 8, 4  # mm and rows of a figure, and its rows where there is much to say
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
    """One paragraph: its style in the Word file, its text, its picture, whose text is for readers that see nothing."""

    style: str
    text: str
    png: bytes = b""

    @property
    def height(self) -> float:
        """Height of the picture on the page, mm, at its own size or smaller."""
        return float(min(Image.from_blob(self.png).height.mm, TALLEST))


def export_document(briefing: Briefing, file: Path) -> Path:
    """Write the two pages of a briefing."""
    analysis = briefing.analysis
    drawn = {figure.stem: figure for figure in briefing.drawn}
    first = [[drawn[stem] for stem in stems if stem in drawn][:1] for stems in INSERTS]
    chosen = [figure for figures in first for figure in figures]
    page = _Page(Document(str(path(f"briefing-{analysis.lang}.docx"))), analysis.lang)
    # Two figures with their rows; with fewer, when they leave no room for a sentence; then one figure; then none.
    for figures, rows in ((chosen, ROWS), (chosen, FEWER), (chosen[:1], FEWER), ([], 0)):
        told = _tell(briefing, {figure.stem: _insert(figure, analysis, rows) for figure in figures})
        blocks = page.fit(told)
        no_room = rows == ROWS and len(blocks) < len(told) and all(block.style != "Quote" for block in blocks)
        if page.count(blocks) <= PAGES and not no_room:
            break
    for number, block in enumerate(blocks):
        page.add(block, keep=page.keeps(blocks, number))
    return save_office(page.document, opening(scope_of(analysis))[0], file)


def _tell(briefing: Briefing, inserts: dict[str, Figure]) -> list[Block]:
    """Return what the pages say, in order; quotes are what may be left out."""
    analysis, lang = briefing.analysis, briefing.analysis.lang
    drawn, stop = {figure.stem: figure for figure in briefing.drawn}, label("marks", "stop", lang)
    title, *lead = opening(scope_of(analysis))
    blocks = [Block("Title", title), Block("Normal", stop.join(lead))]
    sections = {name: found for name, stems in SECTIONS.items() if (found := [s for s in stems if s in drawn])}
    ordinals = knowledge("labels.toml")["document"]["ordinals"][lang]
    for n, (section, stems) in zip(ordinals, sections.items(), strict=False):
        blocks.append(Block("Heading 1", fill("document", section, lang, n=n)))
        blocks += [Block("Measure", label("scope", MEASURES[section], lang))] if section in MEASURES else []
        for stem in stems:
            blocks.append(Block("Finding", drawn[stem].title + stop.rstrip()))
            shown, accuracy = inserts.get(stem, drawn[stem]), state_accuracy(stem, lang)
            note = shown.note.rstrip() + accuracy if stem in STATED else ""
            if stem in inserts:
                under = fill("document", "figure", lang, n=1 + list(inserts).index(stem), caption=shown.caption)
                blocks += [Block("Picture", drawn[stem].title, plot_png(shown)), Block("Caption", under)]
                note = shown.subtitle + stop + shown.note.rstrip() + accuracy
            blocks += [Block("Note", note)] if note else []
            blocks += [block for block in _quote(briefing, stem) if block not in blocks]
    blocks.append(Block("Heading 1", fill("document", "doubts", lang, n=ordinals[len(sections)])))
    return [*blocks, Block("Normal", _doubts(analysis))]


def _quote(briefing: Briefing, stem: str) -> list[Block]:
    """Return a figure's first two short sentences."""
    quotes = briefing.quotes[stem]
    short = quotes[quotes["text"].map(len) <= QUOTE].head(2)
    words = short[["text", "agency", "report"]].assign(start=short["start"].astype("str")).to_dict("records")
    return [Block("Quote", fill("document", "quote", briefing.analysis.lang, **row)) for row in words]


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


@dataclass(frozen=True)
class _Page:
    """The pages of a Word file: what they hold is estimated by its styles, before it is written."""

    document: Any
    lang: str

    def fit(self, blocks: list[Block]) -> list[Block]:
        """Return the blocks that two pages hold: all but quotes, then quotes, the first of each finding first."""
        quotes = [n for n, block in enumerate(blocks) if block.style == "Quote"]
        chosen = set(range(len(blocks))) - set(quotes)
        for n in sorted(quotes, key=lambda n: blocks[n - 1].style == "Quote"):
            if self.count([block for at, block in enumerate(blocks) if at in chosen | {n}]) <= PAGES:
                chosen.add(n)
        return [block for number, block in enumerate(blocks) if number in chosen]

    def count(self, blocks: list[Block]) -> float:
        """Return how many pages blocks fill; those that keep together go to the next page together."""
        section = self.document.sections[0]
        page = Emu(section.page_height - section.top_margin - section.bottom_margin).pt
        page -= self.document.styles["Normal"].paragraph_format.line_spacing.pt  # for breaks that fall badly
        filled = 0.0
        for n, block in enumerate(blocks):
            end = next(at for at in range(n, len(blocks)) if not self.keeps(blocks, at)) + 1
            needed = sum(map(self._needs, blocks[n:end]))
            if filled % page + needed > page and end > n + 1:
                filled += page - filled % page
            filled += self._needs(block)
        return filled / page

    def keeps(self, blocks: list[Block], at: int) -> bool:
        """Whether a block stays on the page of the next: as its style says, or a finding with a figure."""
        styles = [block.style for block in blocks[at : at + 2]]
        return self.document.styles[styles[0]].paragraph_format.keep_with_next or styles == ["Finding", "Picture"]

    def _needs(self, block: Block) -> float:
        """Return how much of the page a block takes, points."""
        if block.png:
            return Mm(block.height).pt + 6
        section, style = self.document.sections[0], self.document.styles[block.style]
        size, form = style.font.size.pt, style.paragraph_format
        room = Emu(section.page_width - section.left_margin - section.right_margin).pt
        lines = ceil((width(block.text, size) * WIDER[self.lang] + form.first_line_indent.pt) / room)
        return form.line_spacing.pt * lines + form.space_after.pt

    def add(self, block: Block, *, keep: bool) -> None:
        """Write one block."""
        paragraph = self.document.add_paragraph(style=block.style)
        paragraph.paragraph_format.keep_with_next = keep
        run = paragraph.add_run("" if block.png else block.text)
        if block.png:
            shape = run.add_picture(BytesIO(block.png), height=Mm(block.height))
            shape._inline.docPr.set("descr", block.text)
        elif self.lang == "zh":
            fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(qn("w:hint"), "eastAsia")  # quotation marks are as wide as Chinese ones
