"""The briefing for Word: a paragraph a finding with its numbers and a sentence, at most two figures, scope and doubts.

Paper, margins, page numbers and styles stand in a Word file of each language (`kit/data/briefing-zh.docx`), which is
changed in Word; they follow GB/T 9704-2012 (layout of official papers). Its faces are named, never embedded; the file
names a common one to fall back on for each. An author's own template keeps its styles, and gets those that it lacks.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from math import ceil
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.image.image import Image
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Mm

from kit.data import knowledge, path
from kit.measure.analysis import Analysis
from kit.measure.findings import aim
from kit.measure.series import promised_again
from kit.read.numbering import STYLES as STYLES_OF_NUMBERS
from kit.show.briefing import Briefing, Choice
from kit.show.draw import plot_png
from kit.show.figure import Diverging, Dumbbell, Figure, Ranked, Row, Stacked, Targets
from kit.show.figures import STATED, build, state_accuracy
from kit.show.publish import save_office
from kit.show.quotes import count_doubts, list_doubts, tell_doubts
from kit.show.shown import value_name
from kit.show.style import period_text, scope_of, source_line, span_of, theme_labels, width
from kit.wording import INNER, agency_name, fill, label, listed, named, quoted

PAGES = 3
TALLEST, ROWS, FEWER = 80, 8, 4  # mm and rows of a figure, and its rows where there is much to say
LOGO = 14  # mm
QUOTE = 90  # characters of a sentence that is quoted at most
SECTIONS, INSERTS = (knowledge("documents.toml")[name] for name in ("sections", "inserts"))
FIRST, MOVED = 5, 2  # rows whose numbers are told, and those of each way of a change
WIDER = {"zh": 1.05, "en": 1.15}  # faces other than the one measured with may run so much wider
STYLES = ("Title", "Subtitle", "Byline", "Heading 1", "Picture", "Caption", "Note", "Signature", "Lead")
BODY = "Normal"
Say = Callable[..., str]  # fills a template of the document's words
MARKER = re.compile(
    "|".join(STYLES_OF_NUMBERS[name] for name in ("han", "paren_han", "arabic", "paren_arabic", "circled", "is"))
)


@dataclass(frozen=True)
class Block:
    """One paragraph: its style, what leads it in another face, its text; or a picture of a height with its words."""

    style: str
    text: str
    lead: str = ""
    png: bytes = b""
    tallest: float = TALLEST

    @property
    def height(self) -> float:
        """Height of the picture on the page, mm, at its own size or smaller."""
        return float(min(Image.from_blob(self.png).height.mm, self.tallest))


def export_document(briefing: Briefing, file: Path) -> Path:
    """Write the briefing, of about two pages and never more than three."""
    page = _Page(open_document(briefing.choice, briefing.analysis.lang), briefing.analysis.lang)
    blocks = _fitting(briefing, page)
    for number, block in enumerate(blocks):
        page.add(block, keep=page.keeps(blocks, number))
    return save_office(page.document, briefing.opening[0], file)


def _fitting(briefing: Briefing, page: "_Page") -> list[Block]:
    """Return what the pages hold: two figures with their rows or fewer, one, none; last of all fewer sentences."""
    told = {figure.stem: figure for figure in briefing.told}
    first = [next((stem for stem in stems if stem in told), "") for stems in INSERTS.values()]
    chosen = [figure for stem, figure in told.items() if stem in first]
    blocks: list[Block] = []
    most = len(told)
    rounds = [(chosen, ROWS, most), (chosen, FEWER, most), (chosen[-1:], ROWS, most), (chosen[-1:], FEWER, most)]
    for figures, rows, quotes in [*rounds, *(([], 0, quotes) for quotes in range(most, -1, -1))]:
        drawn = [_insert(figure, briefing, rows) for figure in figures]
        pictures = {figure.stem: (figure, plot_png(figure)) for figure in drawn}
        blocks = list(_tell(briefing, pictures, quotes))
        if page.count(blocks) <= PAGES:
            break
    return blocks


def _tell(briefing: Briefing, pictures: dict[str, tuple[Figure, bytes]], quotes: int) -> Iterator[Block]:
    """Yield what the pages say, in order, with the sentences of so many findings."""
    choice, analysis, lang = briefing.choice, briefing.analysis, briefing.analysis.lang
    if choice.logo:
        yield Block("Picture", choice.unit, png=choice.logo.read_bytes(), tallest=LOGO)
    yield Block("Title", briefing.opening[0])
    yield from (
        Block(style, text) for style, text in (("Subtitle", choice.subtitle), ("Byline", briefing.byline)) if text
    )
    scope = span_of(analysis)
    file = scope.compilation if analysis.earlier else fill("document", "name", lang, name=scope.compilation)
    counted = {"name": briefing.places or file, "n": scope.reports_counted, "period": period_text(scope)}
    yield Block(BODY, fill("document", "lead", lang, **counted))
    ordinals = knowledge("labels.toml")["document"]["ordinals"][lang]
    sections = _sections(briefing.told)
    for n, (section, figures) in zip(ordinals, sections.items(), strict=False):
        yield Block("Heading 1", fill("document", section, lang, n=n))
        for at, figure in zip(ordinals, figures, strict=False):
            said = [_numbers(figure, analysis), _quote(briefing, figure.stem) if quotes > 0 else ""]
            lead = fill("document", "topic", lang, n=at, title=figure.title)
            yield Block(BODY, _joined(said, lang), lead + " " * (lang == "en"))
            quotes -= 1
            if figure.stem in pictures:
                yield from _picture(*pictures[figure.stem], 1 + list(pictures).index(figure.stem))
    yield Block("Heading 1", fill("document", "doubts", lang, n=ordinals[len(sections)]))
    yield Block(BODY, _joined(_scope(briefing), lang))
    yield Block(BODY, _doubts(analysis))
    signed = choice.signature or choice.unit, choice.written_date(lang)
    yield from (Block("Signature", text) for text in signed if text)


def _sections(figures: list[Figure]) -> dict[str, list[Figure]]:  # both in the order in which they are told
    section_of = {stem: section for section, stems in SECTIONS.items() for stem in stems}
    sections: dict[str, list[Figure]] = {}
    for figure in figures:
        sections.setdefault(section_of.get(figure.stem, "said"), []).append(figure)
    return sections


def _picture(figure: Figure, png: bytes, n: int) -> Iterator[Block]:
    yield Block("Picture", figure.title, png=png)
    yield Block("Caption", fill("document", "figure", figure.lang, n=n, caption=figure.caption))
    yield Block("Note", figure.subtitle + label("marks", "stop", figure.lang) + figure.note.rstrip())


def _joined(sentences: list[str], lang: str) -> str:
    return (" " if lang == "en" else "").join(filter(None, map(str.strip, sentences)))


def _quote(briefing: Briefing, stem: str) -> str:
    """Return a figure's first short sentence with its place; of a change, or a promise, one of the other side, too."""
    lang, quotes = briefing.analysis.lang, briefing.quotes.get(stem)
    short = quotes[quotes["text"].map(len) <= QUOTE] if quotes is not None else pd.DataFrame()
    if short.empty:
        return ""
    told = []
    for row in short.drop_duplicates(["side", "source"]).head(2).itertuples():
        source = fill("document", "source", lang, name=row.source) * (len(briefing.analysis.years) > 1)
        at = fill("document", "at", lang, source=source, report=row.report, start=str(row.start))
        side = fill("document", "side", lang, side=row.side) if row.side else ""
        told.append(fill("document", "quote", lang, agency=row.agency, side=side, text=_plain(row.text), at=at))
    first, *then = told
    return first + "".join(fill("document", "then", lang, quote=one) for one in then) + label("marks", "stop", lang)


def _plain(text: str) -> str:
    """Return a sentence as it is quoted: without its number, a comma or semicolon behind, inner marks single."""
    marker = MARKER.match(text)
    plain = text[marker.end() if marker else 0 :].rstrip(knowledge("labels.toml")["marks"]["commas"] + " ")
    return plain.translate(INNER)


def _scope(briefing: Briefing) -> list[str]:
    """Say what was counted, what is compared and how often that is right, and which sentences are the author's."""
    analysis, lang = briefing.analysis, briefing.analysis.lang
    said = [source_line(span_of(analysis))]
    for figure in briefing.drawn:
        if figure.stem in STATED:
            said += [label("scope", STATED[figure.stem][0], lang), state_accuracy(figure.stem, lang)]
    if any(figure.stem in STATED for figure in briefing.drawn):
        said.append(label("document", "matched", lang))
    own = {figure.title: figure.computed for figure in briefing.drawn if figure.computed}
    return [*said, *(fill("document", "own", lang, title=title, computed=found) for title, found in own.items())]


def _doubts(analysis: Analysis) -> str:
    doubts, lang = list_doubts(analysis), analysis.lang
    serious = doubts.query("severity == 'serious'").head(3)
    told = [label("marks", "clause", lang).join((said, taken)) for _, said, taken in tell_doubts(serious, lang)]
    return label("marks", "stop", lang).join([count_doubts(doubts, lang), *told, ""]).rstrip()


def _insert(figure: Figure, briefing: Briefing, rows: int) -> Figure:
    """Return a figure once more, with the rows that a third of a page holds, or fewer."""
    options: dict[str, Any] = {"per_side" if figure.stem == "keyness" else "top": rows}
    if figure.stem == "themes":
        options = {"ends": rows // 2}
    if figure.stem == "attention":
        moved = figure.table["mean_shift_points"].abs().sort_values(ascending=False)
        options = {"least": max(1.0, ceil(moved.iloc[min(rows, len(moved)) - 1] * 10) / 10)}
    return briefing.choice.sign(build(figure.stem, briefing.analysis, **options), briefing.analysis)


# The numbers behind a finding, in a sentence: told of what the figure draws, or of its table.


def _numbers(figure: Figure, analysis: Analysis) -> str:
    say: Any = partial(fill, "document", lang=figure.lang, **scope_of(analysis).called)
    tell = NUMBERS.get(figure.stem) or NUMBERS.get(type(figure.plot))
    return tell(figure, analysis, say) if tell else ""


def _of_goals(figure: Figure, analysis: Analysis, say: Say) -> str:
    """Tell of the targets that were missed, with their results; of several years with the year."""
    if not analysis.earlier:
        return ""
    known, lang = knowledge("headlines.toml")["headline"], figure.lang
    rows = analysis.headlines if figure.stem == "headlines" else analysis.series
    rows = rows[rows["headline"].isin(known) == (figure.stem != "series")]
    several, missed = len(set(rows["agency"])) > 1, rows[rows["number_verdict"] == "missed"].dropna(subset=["actual"])
    told = []
    for row in missed.head(FIRST).to_dict("records"):
        owner = agency_name(row["agency"], lang) * several
        name = value_name("headline", row["headline"], lang)
        year = say("in_year", year=str(row["year"])) if figure.stem != "headlines" else ""
        aimed = aim(row["bound"], row["target"], row["target_to"], row["unit"])[lang]
        actual = f"{row['actual']:g}{row['unit']}"
        told.append(say("goal", owner=owner, name=name, year=year, aim=aimed, actual=actual).strip())
    return say("missed", rows=label("document", "semicolon", lang).join(told)) if told else ""


def _of_ranked(figure: Any, _: Analysis, say: Say) -> str:
    rows = [say("row", name=row.name, value=row.texts[0]) for row in figure.plot.rows[:FIRST]]
    return say("ranked", rows=listed(rows, figure.lang))


def _of_diverging(figure: Any, _: Analysis, say: Say) -> str:
    words = {side.name: [row.name for row in side.rows[:FIRST]] for side in figure.plot.sides if side.rows}
    told = [say("diverging", name=name, words=quoted(own, figure.lang)) for name, own in words.items()]
    return _joined(told, figure.lang)


def _of_stacked(figure: Any, analysis: Analysis, say: Say) -> str:
    rows, is_fulfilment = [row for row in figure.plot.rows if not row.hatched], figure.stem == "fulfilment"
    counts = [int(sum(row.values[at] for row in rows)) for at in range(len(figure.plot.series))]
    said = [say("count", name=key.label, n=n) for key, n in zip(figure.plot.series, counts, strict=True) if n]
    what = label("document", "promises" if is_fulfilment else "items", figure.lang)
    key = "stacked" if len(figure.plot.rows) > 1 else "stacked_one"
    told = say(key, what=what, rows=listed(said, figure.lang), n=len(rows))
    again = len(promised_again(analysis)) if is_fulfilment else 0
    return _joined([told, say("again", n=again) if again else ""], figure.lang)


def _of_targets(figure: Any, _: Analysis, say: Say) -> str:
    plot, gap = figure.plot, " " * (figure.lang == "en")
    below = [row for rows, goal in ((plot.rates, 1), (plot.gaps, 0)) for row in rows if row.values[0] < goal]
    missed = [say("target", agency=row.under, name=row.name, text=row.texts[0]) for row in below[:FIRST]]
    told = [say("missed", rows=listed(missed, figure.lang))] if missed else []
    first = [row for row in plot.rates[:1] if row.values[0] >= 1]
    told += [say("targets", first=f"{row.under}{gap}{row.name}".strip(), most=row.texts[0]) for row in first]
    return _joined(told, figure.lang)


def _of_dumbbell(figure: Any, _: Analysis, say: Say) -> str:
    """Tell what changed as the title does: what it names first, nothing uncertain."""
    (first, last), unit, lang, told = figure.plot.ends, figure.plot.unit, figure.lang, []

    def unnamed(row: Row) -> bool:
        """Tell whether the title does not name a row."""
        return row.name not in figure.title

    groups = [[row for row in group.rows if not row.name.endswith("*")] for group in figure.plot.groups]
    groups = [sorted(rows, key=unnamed) for rows in groups if rows]
    for row in (row for rows in sorted(groups, key=lambda rows: unnamed(rows[0])) for row in rows[:MOVED]):
        one, other = (text + (unit or label("document", "times", lang)) for text in row.texts)
        way = ("more" if row.values[1] > row.values[0] else "less") if first.isdecimal() else "ends"
        name = row.name if unit else quoted([row.name], lang)
        told.append(say(way, name=name, first=first, one=one, last=last, other=other))
    return say("dumbbell" if unit else "rates", rows=label("marks", "clause", lang).join(told))


def _of_coverage(figure: Figure, _: Analysis, say: Say) -> str:
    states = figure.table["state"].value_counts()
    counted = {state.replace(" ", "_"): int(states.get(state, 0)) for state in ("both", "plan only", "review only")}
    return say("coverage", reports=figure.table["report"].nunique(), themes=figure.table["theme"].nunique(), **counted)


def _of_themes(figure: Figure, analysis: Analysis, say: Say) -> str:
    table, labels = figure.table.assign(users=figure.table["n_hits"] > 0), theme_labels(figure.lang, analysis.codebook)
    found = table.groupby("theme", sort=False)[["users", "n_hits"]].sum()
    rows = found.sort_values("n_hits", ascending=False, kind="stable").head(3).itertuples()
    told = [say("theme", name=named([r.Index], labels, figure.lang), n=r.n_hits, agencies=r.users) for r in rows]
    return say("themes", rows=listed(told, figure.lang))


# How the numbers of a figure are told, by its name or else by the kind of its plot.
NUMBERS: dict[Any, Callable[[Any, Analysis, Say], str]] = {
    **dict.fromkeys(("headlines", "headline_years", "series"), _of_goals),
    "themes": _of_themes,
    "coverage": _of_coverage,
    Ranked: _of_ranked,
    Diverging: _of_diverging,
    Stacked: _of_stacked,
    Targets: _of_targets,
    Dumbbell: _of_dumbbell,
}


# The Word file.


def open_document(choice: Choice, lang: str) -> Any:
    """Open the kit's Word file, or the author's, without its text and with the styles of the kit's that it lacks."""
    ours = Document(str(path(f"briefing-{lang}.docx")))
    if choice.template_docx is None:
        return ours
    document = Document(str(choice.template_docx))
    for part in list(document.element.body)[:-1]:  # the last one says how pages are set
        document.element.body.remove(part)
    for name in STYLES:
        if name not in document.styles:
            style = deepcopy(ours.styles[name].element)
            for based in style.findall(qn("w:basedOn")):
                based.set(qn("w:val"), document.styles[BODY].style_id)
            document.styles.element.append(style)
    return document


def _inherited(style: Any, name: str, default: Any) -> Any:
    """Return what a style says of itself, or what those say that it is based on."""
    while style is not None:
        if (value := attrgetter(name)(style)) is not None:
            return value
        style = style.base_style
    return default


@dataclass(frozen=True)
class _Page:
    """The pages of a Word file: what they hold is estimated by its styles, before it is written."""

    document: Any
    lang: str

    def count(self, blocks: list[Block]) -> float:
        """Return how many pages blocks fill; those that keep together go to the next page together."""
        section = self.document.sections[0]
        page = Emu(section.page_height - section.top_margin - section.bottom_margin).pt
        page -= self._leading(self.document.styles[BODY])  # for breaks that fall badly
        filled = 0.0
        for n, block in enumerate(blocks):
            end = next(at for at in range(n, len(blocks)) if not self.keeps(blocks, at)) + 1
            needed = sum(map(self._needs, blocks[n:end]))
            if filled % page + needed > page and end > n + 1:
                filled += page - filled % page
            filled += self._needs(block)
        return filled / page

    def keeps(self, blocks: list[Block], at: int) -> bool:
        """Whether a block stays on the page of the next: as its style says, or that the signature stands under."""
        styles = [block.style for block in blocks[at : at + 2]]
        kept = _inherited(self.document.styles[styles[0]], "paragraph_format.keep_with_next", default=False)
        return len(styles) > 1 and (bool(kept) or styles[1] == "Signature")

    def _leading(self, style: Any) -> float:
        spacing = _inherited(style, "paragraph_format.line_spacing", 1.2)
        return float(
            spacing.pt if isinstance(spacing, Length) else 1.3 * _inherited(style, "font.size", Mm(4)).pt * spacing
        )

    def _needs(self, block: Block) -> float:
        """Return how much of the page a block takes, points."""
        if block.png:
            return Mm(block.height).pt + 6
        section, style = self.document.sections[0], self.document.styles[block.style]
        size = _inherited(style, "font.size", Mm(4)).pt
        indent, after = (
            _inherited(style, f"paragraph_format.{name}", Emu(0)).pt for name in ("first_line_indent", "space_after")
        )
        room = Emu(section.page_width - section.left_margin - section.right_margin).pt
        lines = ceil((width(block.lead + block.text, size) * WIDER[self.lang] + indent) / room)
        return float(self._leading(style) * lines + after)

    def add(self, block: Block, *, keep: bool) -> None:
        """Write one block."""
        paragraph = self.document.add_paragraph(style=block.style)
        paragraph.paragraph_format.keep_with_next = keep
        if block.png:
            shape = paragraph.add_run().add_picture(BytesIO(block.png), height=Mm(block.height))
            shape._inline.docPr.set("descr", block.text)
            return
        for text, style in ((block.lead, "Lead"), (block.text, None)):
            run = paragraph.add_run(text, style) if text else None
            if run is not None and self.lang == "zh":
                fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
                fonts.set(qn("w:hint"), "eastAsia")  # quotation marks are as wide as Chinese ones
