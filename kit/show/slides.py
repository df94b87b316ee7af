"""The slides: one message each, native charts and tables that can be edited, the evidence in the speaker's notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from kit.data import knowledge
from kit.errors import DataError
from kit.show import style
from kit.show.briefing import Briefing, Choice
from kit.show.figure import Cell, Cells, Diverging, Figure, Ranked, Row, Stacked, Targets
from kit.show.figures import build, say_left_out, state_accuracy
from kit.show.plots import LONGEST
from kit.show.publish import open_workbook, save_office
from kit.show.quotes import count_doubts, list_doubts, place, tell_doubts
from kit.show.shown import in_words
from kit.show.style import shorten, source_line, span_of, width, wrap
from kit.wording import LANGS, fill, label

WIDE, TALL, EDGE = 960, 540, 36  # points
INNER = WIDE - 2 * EDGE
TITLE, LEAD, BODY, SMALL, CELL = 26, 14, 12, 10, 11
FOOT = 484
WIDER, BOLDER = 1.08, 1.2  # other faces than the one measured with run wider, bold type wider still
LEADING = 1.35  # height of a line for its size, in faces for Chinese
DEEPEST, ROOM = 44, 40  # height of a bar's row at most, and of what stands around the bars
GAP_WIDTH = 43  # bars take 70 % of their row
NAMES, HEADS, CELL_DEEPEST = 180, 84, 30  # of a table: room of names at most, of heads on their side; height of a row
SIGNS = {"dot": "●", "ring": "○", "hatched": "▨"}
FORMS = knowledge("documents.toml")["slides"]  # of figures that are no pictures
NOTED = 200  # rows of a picture's table in the notes; the workbook has all
MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Box = tuple[float, float, float, float]  # left, top, width, height
Runs = Sequence[tuple[str, str]]  # text, colour
ALIKE = 0.01  # how far the sides of a template may be from 16:9
TITLES, SUBTITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE), (PP_PLACEHOLDER.SUBTITLE,)
LOGO = 44  # height, points


@dataclass(frozen=True)
class Deck:
    """The slides as they grow: the file, the layouts of the cover and of the others, and what its author chose."""

    file: Any
    cover: Any
    slide: Any
    choice: Choice

    @property
    def is_own(self) -> bool:
        """Whether the looks are those of the author's template."""
        return self.choice.template_pptx is not None


def export_slides(briefing: Briefing, file: Path) -> Path:
    """Write the slides of a briefing: a cover, the findings, one slide a figure, the doubts."""
    lang, deck = briefing.analysis.lang, open_deck(briefing.choice, briefing.analysis.lang)
    title, *lines = briefing.opening
    _add_cover(deck, briefing, title, lines)
    _add_findings(deck, briefing)
    for figure in briefing.drawn:
        _add_figure(deck, figure, briefing)
    _add_doubts(deck, briefing)
    for part in () if deck.is_own else deck.file.part.package.iter_parts():
        if hasattr(part, "_element"):
            set_faces(part._element, label("faces", "slide", lang), label("faces", "slide_ea", lang))
    return save_office(deck.file, title, file)


def _add_cover(deck: Deck, briefing: Briefing, title: str, lines: Sequence[str]) -> None:
    """Add the cover: the compilation, what was counted, and the cloud of its words as an ornament."""
    slide, end = _add_slide(deck, title, size=36, top=150, across=430, cover=True)
    rows, below = [[(line, style.SOFT)] for line in lines], [one for one in slide.placeholders if _is(one, SUBTITLES)]
    if below:
        _fill(below[0].text_frame, rows, size=LEAD, space=6, align=None)
    else:
        _write(slide, (EDGE, end + 12, INNER if deck.is_own else 430, 120), rows, size=LEAD, space=6)
    for cloud in (one for one in briefing.figures if one.stem == "cloud" and not one.reason and not deck.is_own):
        _describe(slide.shapes.add_picture(_plot(cloud), *_points(500, 130), width=Pt(424)), cloud.title)
    if deck.choice.logo:
        logo = slide.shapes.add_picture(str(deck.choice.logo), *_points(0, 24), height=Pt(LOGO))
        logo.left = Pt(WIDE - EDGE) - logo.width
        _describe(logo, deck.choice.unit)
    _add_notes(slide, lines)


def _add_findings(deck: Deck, briefing: Briefing) -> None:
    scope, titles = span_of(briefing.analysis), [figure.title for figure in briefing.told]
    slide, end = _add_slide(deck, label("slides", "findings", scope.lang))
    rows = [[(f"{n}. ", style.FAINT), (title, style.INK)] for n, title in enumerate(titles, 1)]
    _write(slide, (EDGE, end + 20, INNER, FOOT - end - 20), rows, size=20, space=14)
    _write_foot(slide, say_left_out(briefing.analysis, briefing.figures), source_line(scope))
    _add_notes(slide, titles)


def _add_figure(deck: Deck, figure: Figure, briefing: Briefing) -> None:
    """Add the slide of one figure: its finding, unit and scope, the chart, the source, the evidence as notes."""
    lang, quotes, shown = figure.lang, briefing.quotes[figure.stem], figure
    if figure.stem in FORMS:
        shown = briefing.choice.sign(build(figure.stem, briefing.analysis, **FORMS[figure.stem]), briefing.analysis)
    slide, end = _add_slide(deck, figure.title)
    keys = _keys(shown) if isinstance(shown.plot, Cells) else []
    lines = len(wrap(shown.subtitle, LEAD, INNER)) + bool(keys)
    rows = [[(shown.subtitle, style.SOFT)], *([keys] if keys else [])]
    _write(slide, (EDGE, end + 2, INNER, 20 * lines), rows, size=LEAD)
    note = shown.note + state_accuracy(figure.stem, lang)
    top, foot = end + 20 * lines + 10, _write_foot(slide, note, figure.source)
    box = (EDGE, top, INNER, foot - top - 6)
    is_native = figure.stem in FORMS and not (isinstance(figure.plot, Targets) and figure.plot.gaps)
    if is_native and type(shown.plot) in BODIES:
        shape, data = BODIES[type(shown.plot)](slide, shown, shown.plot, box), []
    else:
        shape = _add_picture(slide, figure, quotes, box)
        data = ["\t".join(row) for row in in_words(figure.table.head(NOTED), briefing.analysis)]
    _describe(shape, figure.title)
    told = [f"[{row.about}] {row.text}\n  — {place(row, lang)}" for row in quotes.itertuples()]
    computed = [fill("briefing", "computed", lang, title=figure.computed)] if figure.computed else []
    told = [label("evidence", "heading", lang), *told] if told else []
    _add_notes(slide, [figure.title, *computed, *told, note, figure.source, *data])


def _add_doubts(deck: Deck, briefing: Briefing) -> None:
    """Add what the reader was not sure of, if anything, the weightiest first."""
    lang, doubts = briefing.analysis.lang, list_doubts(briefing.analysis)
    if doubts.empty:
        return
    slide, end = _add_slide(deck, count_doubts(doubts, lang))
    rows: list[Runs] = []
    room = FOOT - end - 20
    for severity, told, taken in tell_doubts(doubts, lang):
        runs = (f"[{label('severities', severity, lang)}] ", told, f" → {taken}")
        row = list(zip(runs, (style.SECOND_TEXT, style.INK, style.SOFT), strict=True))
        room -= LEAD * 1.2 * len(wrap("".join(runs), LEAD * BOLDER, INNER)) + 8
        rows += [row] if room > 0 else []
    _write(slide, (EDGE, end + 16, INNER, FOOT - end - 20), rows, size=LEAD, space=8)
    _write_foot(slide, source_line(span_of(briefing.analysis)))
    _add_notes(slide, [told for _, told, _ in tell_doubts(doubts, lang)])


# Charts, tables and pictures.


def _add_ranked(slide: Any, figure: Figure, plot: Ranked, box: Box) -> Any:
    frame = _add_bars(slide, box, "BAR_CLUSTERED", plot.rows, {figure.caption: [row.values[0] for row in plot.rows]})
    (series,) = frame.chart.plots[0].series
    _paint(series, style.CONTEXT, "0")
    for at, row in enumerate(plot.rows):
        if row.focus:
            _fill_solid(series.points[at], figure.focus)
    return frame


def _add_diverging(slide: Any, _: Figure, plot: Diverging, box: Box) -> Any:
    """Draw both sides as series of one chart, the right one first."""
    sides = [side for side in reversed(plot.sides) if side.rows]
    rows = [row for side in sides for row in side.rows]
    series = {side.name: [row.values[0] if row in side.rows else None for row in rows] for side in sides}
    frame = _add_bars(slide, box, "BAR_CLUSTERED", rows, series)
    frame.chart.plots[0].overlap = 100
    frame.chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for drawn, side in zip(frame.chart.plots[0].series, sides, strict=True):
        _paint(drawn, side.colour, "0.0;0.0")
    return frame


def _add_stacked(slide: Any, _: Figure, plot: Stacked, box: Box) -> Any:
    """Draw shares of each row's whole, the counts in the bars; doubtful rows in stripes."""
    series = [(key, [row.values[at] for row in plot.rows]) for at, key in enumerate(plot.series)]
    series = [(key, counts) for key, counts in series if any(counts)]
    frame = _add_bars(slide, box, "BAR_STACKED_100", plot.rows, {key.label: counts for key, counts in series})
    frame.chart.plots[0].overlap = 100
    for one, (key, _counts) in zip(frame.chart.plots[0].series, series, strict=True):
        _paint(one, key.colour, "0;;;", inside=True)
        for at in (at for at, row in enumerate(plot.rows) if row.hatched):
            _fill_striped(one.points[at].format.fill, style.WHITE, key.colour)
    return frame


def _add_targets(slide: Any, figure: Figure, plot: Targets, box: Box) -> Any:
    """Draw completion rates; the axis ends where the figure's does, the labels say the rate."""
    rates = [round(row.values[0], 4) for row in plot.rates]
    shown = {figure.caption: [min(value, LONGEST) for value in rates]}
    frame = _add_bars(slide, box, "BAR_CLUSTERED", plot.rates, shown)
    axis, (series,) = frame.chart.value_axis, frame.chart.plots[0].series
    _paint(series, style.CONTEXT, "0%")
    # The hidden axis ends just short of twice the target, so that its one gridline is the target.
    axis.minimum_scale, axis.major_unit, axis.has_major_gridlines = 0, 1, True
    axis.maximum_scale = max(1.05, min(1.02 * max(rates), LONGEST - 0.001))
    line = axis.major_gridlines.format.line
    line.color.rgb, line.width = _rgb(style.INK), Pt(1.5)
    for at, row in enumerate(plot.rates):
        if row.values[0] > LONGEST:
            _say(series.points[at], row.texts[0])
        if row.hollow:
            _fill_solid(series.points[at], style.WHITE)
            series.points[at].format.line.color.rgb = _rgb(style.AXIS)
    return frame


class _ChartData(CategoryChartData):
    """The data of a chart, in whose workbook texts are texts, as in every workbook of the kit."""

    @property
    def xlsx_blob(self) -> bytes:
        """Return the workbook, laid out as the chart refers to it: names down, series across."""
        content = BytesIO()
        with open_workbook(content) as book:
            sheet = book.add_worksheet()
            sheet.write_column(1, 0, [category.label for category in self.categories])
            for column, series in enumerate(self, 1):
                sheet.write(0, column, series.name)
                sheet.write_column(1, column, series.values)
        return content.getvalue()


def _add_bars(slide: Any, box: Box, kind: str, rows: Sequence[Row], series: dict[str, list]) -> Any:
    """Add a native bar chart in the kit's style: no grid, no axis; return its frame."""
    data = _ChartData()
    data.categories = [row.name for row in rows]
    for name, values in series.items():
        data.add_series(name, values)
    height = min(box[3], ROOM + DEEPEST * len(rows))
    frame = slide.shapes.add_chart(getattr(XL_CHART_TYPE, kind), *_points(*box[:3], height), data)
    chart = frame.chart
    chart.font.size, chart.has_title, chart.has_legend = Pt(BODY), False, len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    axis = chart.category_axis
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = axis.has_major_gridlines = False
    axis.reverse_order, axis.major_tick_mark = True, XL_TICK_MARK.NONE
    skip = axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})  # every bar keeps its name
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    axis.format.line.color.rgb = _rgb(style.RULE)
    chart.plots[0].gap_width, chart.plots[0].vary_by_categories = GAP_WIDTH, False
    return frame


def _paint(series: Any, colour: str, form: str, *, inside: bool = False) -> None:
    _fill_solid(series, colour)
    series.invert_if_negative = False
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, form, False
    labels.position = XL_LABEL_POSITION.CENTER if inside else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.color.rgb = Pt(BODY), _rgb(style.on(colour) if inside else style.SOFT)


def _say(point: Any, text: str) -> None:
    frame = point.data_label.text_frame
    frame.text = text
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.color.rgb = Pt(BODY), _rgb(style.SOFT)
    point.data_label.position = XL_LABEL_POSITION.OUTSIDE_END


def _add_cells(slide: Any, _: Figure, plot: Cells, box: Box) -> Any:
    """Draw a native table of coloured cells, sums behind."""
    heads = [*plot.heads, *(column.head for column in plot.sums)]
    frame = slide.shapes.add_table(len(plot.names) + 1, len(heads) + 1, *_points(*box))
    room = min(max(width(name, CELL * BOLDER) for name in plot.names) + 6, NAMES)
    table, across = frame.table, (box[2] - room) / len(heads)
    table.first_row = table.horz_banding = False
    texts = ["\n".join(wrap(head, CELL, across - 4)) if plot.stacked else head for head in heads]
    high = LEADING * CELL * max(text.count("\n") + 1 for text in texts) if plot.stacked else HEADS
    down = min((box[3] - high) / len(plot.names), CELL_DEEPEST)
    for column, wide in zip(table.columns, [room, *[across] * len(heads)], strict=True):
        column.width = Pt(wide)
    for row, tall in zip(table.rows, [high, *[down] * len(plot.names)], strict=True):
        row.height = Pt(tall)
    size = round(min(CELL, down / 1.5), 1)
    marked = min(1.6 * size, down / LEADING)  # a row grows with what it holds
    _fill_cell(table.cell(0, 0), Cell(style.WHITE))
    for column, text in enumerate(texts, 1):
        _fill_cell(table.cell(0, column), Cell(style.WHITE, text), upright=not plot.stacked)
    for row, (name, cells) in enumerate(zip(plot.names, plot.cells, strict=True), 1):
        short = shorten(name, size * BOLDER, room - 6)
        _fill_cell(table.cell(row, 0), Cell(style.WHITE, short), size=size, left=True)
        sums = [Cell(style.WHITE, column.texts[row - 1]) for column in plot.sums]
        for column, cell in enumerate([*cells, *sums], 1):
            _fill_cell(table.cell(row, column), cell, size=marked if cell.mark else size)
    return frame


def _fill_cell(cell: Any, said: Cell, *, size: float = CELL, left: bool = False, upright: bool = False) -> None:
    """Fill a cell of a table: its ground, its text or its mark (bold, in its own colour), no margins."""
    _fill_solid(cell, said.ground)
    if said.hatched:
        _fill_striped(cell.fill, said.ground, style.AXIS)
    text, ink = SIGNS.get(said.mark, said.text), said.ink or style.on(said.ground)
    rows, align = (
        [[(line, ink)] for line in text.split("\n") if line],
        PP_ALIGN.LEFT if left or upright else PP_ALIGN.CENTER,
    )
    _fill(cell.text_frame, rows or [[]], size=size, bold=bool(said.mark), align=align)
    cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if upright:
        cell._tc.get_or_add_tcPr().set("vert", "vert270")


def _add_picture(slide: Any, figure: Figure, quotes: pd.DataFrame, box: Box) -> Any:
    """Place the plot as a picture, with the key sentences beside it."""
    left, top, wide, height = box
    picture = slide.shapes.add_picture(_plot(figure), *_points(left, top), height=Pt(height))
    most = Pt(wide * 0.62)
    if picture.width > most:
        picture.height, picture.width = round(picture.height * most / picture.width), most
    at = left + picture.width.pt + 24
    told: list[Runs] = []
    for row in quotes.itertuples():
        told += [[(f"[{row.about}] {row.text}", style.INK)], [(place(row, figure.lang), style.FAINT)]]
    _write(slide, (at, top + 8, WIDE - EDGE - at, height), told, size=BODY, space=5)
    return picture


def _plot(figure: Figure) -> BytesIO:
    from kit.show.draw import plot_png  # noqa: PLC0415, loads matplotlib

    return BytesIO(plot_png(figure))


def _keys(figure: Figure) -> Runs:
    runs = []
    for key in figure.keys:
        if key.kind != "gap":
            sign = SIGNS.get(key.kind, "□" if key.colour == style.EMPTY else "■")
            runs += [(sign, style.AXIS if sign == "□" else key.colour), (f" {key.label}    ", style.SOFT)]
    return runs


BODIES: dict[type, Callable[[Any, Figure, Any, Box], Any]] = {
    Ranked: _add_ranked,
    Diverging: _add_diverging,
    Stacked: _add_stacked,
    Targets: _add_targets,
    Cells: _add_cells,
}


# Slides, texts and colours.


def open_deck(choice: Choice, lang: str) -> Deck:
    """Open the author's template without its slides, or a plain one made 16:9, and choose layouts by their names."""
    template = choice.template_pptx
    file: Any = Presentation(str(template) if template else None)
    sides = file.slide_width / file.slide_height
    if template and abs(sides - WIDE / TALL) > ALIKE:
        message = f"{template}: expected slides of 16:9, found {sides:.2f}:1; change their size in PowerPoint"
        raise DataError(message)
    for slide in list(file.slides._sldIdLst):
        file.part.drop_rel(slide.rId)
        file.slides._sldIdLst.remove(slide)
    for sections in file.part._element.xpath(".//*[local-name()='sectionLst']/.."):  # they name slides that are gone
        sections.getparent().remove(sections)
    _widen(file, (Pt(WIDE) / file.slide_width, Pt(TALL) / file.slide_height if template else 1))
    layouts = [layout for master in file.slide_masters for layout in master.slide_layouts]
    cover, slide = _layout(choice, "cover", layouts, lang), _layout(choice, "slide", layouts, lang)
    return Deck(file, cover if template else slide, slide, choice)


def _layout(choice: Choice, kind: Literal["cover", "slide"], layouts: Sequence[Any], lang: str) -> Any:
    """Return the layout that the author names, or the one that is called so in PowerPoint."""
    usual = [label("slides", f"layout_{kind}", one) for one in (lang, *LANGS)]
    own, named = choice.layouts.get(kind, ""), {layout.name: layout for layout in layouts}
    found = next((named[name] for name in ([own] if own else usual) if name in named), None)
    if found is None or not any(_is(shape, TITLES) for shape in found.placeholders):
        message = (
            f"{choice.template_pptx}: layouts.{kind}: expected a layout with a title that is called "
            f"{own or ' / '.join(dict.fromkeys(usual))}, found {', '.join(named)}; name one of these in briefing.toml"
        )
        raise DataError(message)
    return found


def _is(placeholder: Any, kinds: Sequence[Any]) -> bool:
    return placeholder.placeholder_format.type in kinds


def _widen(file: Any, stretch: tuple[float, float]) -> None:
    """Make the slides 16:9 and stretch masters and layouts, so that a slide added later fits, too."""
    file.slide_width, file.slide_height = Pt(WIDE), Pt(TALL)
    across, down = stretch
    for holder in [one for master in file.slide_masters for one in (master, *master.slide_layouts)]:
        for shape in holder.shapes:
            if shape.width is not None:  # a placeholder that says no place of its own has its master's
                shape.left, shape.width = round(shape.left * across), round(shape.width * across)
                shape.top, shape.height = round(shape.top * down), round(shape.height * down)


def _add_slide(
    deck: Deck, title: str, *, size: float = TITLE, top: float = 20, across: float = INNER, cover: bool = False
) -> tuple[Any, float]:
    """Add a slide with its title; return it and where the title ends."""
    slide = deck.file.slides.add_slide(deck.cover if cover else deck.slide)
    for other in [one for one in slide.placeholders if not _is(one, TITLES + SUBTITLES * cover)]:
        other._element.getparent().remove(other._element)
    head = slide.shapes.title
    if deck.is_own:
        head.text_frame.text = title
        head.text_frame.paragraphs[0].runs[0].font.size = None if cover else Pt(size)
        return slide, Emu(head.top + head.height).pt
    tag = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_points(EDGE, 0, 56, 8))
    _fill_solid(tag, deck.choice.colours.first)
    tag.line.fill.background()
    tag.shadow.inherit = False
    height = size * 1.3 * len(wrap(title, size * BOLDER, across)) + 4
    head.left, head.top, head.width, head.height = _points(EDGE, top, across, height)
    _fill(head.text_frame, [[(title, style.INK)]], size=size, bold=True)
    return slide, top + height


def _write(slide: Any, box: Box, paragraphs: Sequence[Runs], *, size: float, space: float = 0) -> None:
    _fill(slide.shapes.add_textbox(*_points(*box)).text_frame, paragraphs, size=size, space=space)


def _fill(
    frame: Any,
    paragraphs: Sequence[Runs],
    *,
    size: float,
    bold: bool = False,
    space: float = 0,
    align: Any = PP_ALIGN.LEFT,
) -> None:
    """Write paragraphs into a text frame without margins, left and from the top."""
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for row, runs in enumerate(paragraphs):
        paragraph = frame.add_paragraph() if row else frame.paragraphs[0]
        paragraph.alignment, paragraph.space_after = align, Pt(space)
        paragraph._p.get_or_add_endParaRPr().set("sz", str(round(size * 100)))  # an empty line is as high as a full one
        for text, colour in runs:
            run = paragraph.add_run()
            run.text, run.font.size, run.font.bold = text, Pt(size), bold
            run.font.color.rgb = _rgb(colour)


def _write_foot(slide: Any, *lines: str) -> float:
    """Write note and source at the foot of a slide; return where it begins."""
    texts = [line for text in lines for line in text.split("\n") if line]
    high = SMALL * 1.25 * sum(len(wrap(text, SMALL * WIDER, INNER)) for text in texts)
    top = min(FOOT, TALL - 6 - high)
    _write(slide, (EDGE, top, INNER, TALL - top - 6), [[(text, style.FAINT)] for text in texts], size=SMALL)
    return float(top)


def _add_notes(slide: Any, lines: Sequence[str]) -> None:
    frame = slide.notes_slide.notes_text_frame
    frame.text = "\n".join(map(str, lines))
    for paragraph in frame.paragraphs:
        for part in (paragraph, *paragraph.runs):
            part.font.size = Pt(BODY)


def _describe(shape: Any, text: str) -> None:
    """Set what a reader that sees nothing is told."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def _fill_solid(part: Any, colour: str) -> None:
    fill_ = (part.format if hasattr(part, "format") else part).fill
    fill_.solid()
    fill_.fore_color.rgb = _rgb(colour)


def _fill_striped(fill_: Any, ground: str, stripes: str) -> None:
    """Fill with stripes: what is doubtful, or rests on one sentence."""
    fill_.patterned()
    fill_.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    fill_.fore_color.rgb, fill_.back_color.rgb = _rgb(stripes), _rgb(ground)


def _points(*values: float) -> list[Any]:
    return [Pt(value) for value in values]


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour[1:])


def set_faces(root: Any, latin: str, east_asian: str) -> None:
    """Name the typefaces of every run under an element of DrawingML: one for Latin, one for Chinese."""
    for properties in root.iter(f"{MAIN}rPr", f"{MAIN}defRPr", f"{MAIN}endParaRPr"):
        for kind, face in (("latin", latin), ("ea", east_asian)):
            found = properties.find(MAIN + kind)
            element = properties.makeelement(MAIN + kind) if found is None else found
            element.set("typeface", face)
            properties.append(element)  # in the order of the schema, behind fill and line
