"""Slides, piece by piece: titles, texts, notes, native bars and cells in the kit's style; sizes in points."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from kit.show import style
from kit.show.text import wrap

WIDE, TALL, EDGE = 960, 540, 36
INNER = WIDE - 2 * EDGE
TITLE, LEAD, BODY, SMALL, CELL = 26, 14, 12, 10, 11
FOOT = 484
WIDER = 1.08  # of other faces than the one measured with
BOLDER = 1.2  # bold type, and faces other than the one measured with, run wider
DEEPEST, ROOM = 44, 40  # height of a bar's row at most, and of what stands around the bars
GAP_WIDTH = 43  # bars take 70 % of their row
Box = tuple[float, float, float, float]  # left, top, width, height
Runs = Sequence[tuple[str, str]]  # text, colour


def widen(deck: Any) -> None:
    """Make the slides 16:9 and stretch the layouts, so that a slide added later fits, too."""
    stretch = Pt(WIDE) / deck.slide_width
    deck.slide_width, deck.slide_height = Pt(WIDE), Pt(TALL)
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.shapes:
            shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)


def add_slide(
    deck: Any, title: str, *, size: float = TITLE, top: float = 20, across: float = INNER
) -> tuple[Any, float]:
    """Add a slide with its title; return it and where the title ends."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    tag = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *points(EDGE, 0, 56, 8))
    tag.fill.solid()
    tag.fill.fore_color.rgb = rgb(style.FOCUS)
    tag.line.fill.background()
    tag.shadow.inherit = False
    height = size * 1.3 * len(wrap(title, size * BOLDER, across)) + 4
    _place(slide.shapes.title, (EDGE, top, across, height))
    _fill(slide.shapes.title.text_frame, [[(title, style.INK)]], size=size, bold=True)
    return slide, top + height


def points(*values: float) -> list[Any]:
    """Return lengths in points as the library takes them."""
    return [Pt(value) for value in values]


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = points(*box)


def rgb(colour: str) -> Any:
    """Return a colour such as ``#12436D`` as the library takes it."""
    return RGBColor.from_string(colour[1:])


def _fill(frame: Any, paragraphs: Sequence[Runs], *, size: float, bold: bool = False, space: float = 0) -> None:
    """Write paragraphs into a text frame without margins, left and from the top."""
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for row, runs in enumerate(paragraphs):
        paragraph = frame.add_paragraph() if row else frame.paragraphs[0]
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(space)
        paragraph._p.get_or_add_endParaRPr().set("sz", str(round(size * 100)))  # an empty line is as high as a full one
        for text, colour in runs:
            run = paragraph.add_run()
            run.text, run.font.size, run.font.bold = text, Pt(size), bold
            run.font.color.rgb = rgb(colour)


def write(slide: Any, box: Box, paragraphs: Sequence[Runs], *, size: float = BODY, space: float = 0) -> None:
    """Write paragraphs of coloured runs into a box."""
    frame = slide.shapes.add_textbox(*points(*box)).text_frame
    _fill(frame, paragraphs, size=size, space=space)


def add_notes(slide: Any, lines: Sequence[str]) -> None:
    """Write the speaker's notes, a paragraph a line."""
    frame = slide.notes_slide.notes_text_frame
    frame.text = "\n".join(map(str, lines))
    for paragraph in frame.paragraphs:
        paragraph.font.size = Pt(BODY)
        for run in paragraph.runs:
            run.font.size = Pt(BODY)


def write_foot(slide: Any, *lines: str) -> float:
    """Write note and source at the foot of a slide; return where it begins."""
    texts = [line for text in lines for line in text.split("\n") if line]
    high = SMALL * 1.25 * sum(len(wrap(text, SMALL * WIDER, INNER)) for text in texts)
    top = min(FOOT, TALL - 6 - high)
    write(slide, (EDGE, top, INNER, TALL - top - 6), [[(text, style.FAINT)] for text in texts], size=SMALL)
    return float(top)


def describe(shape: Any, text: str) -> None:
    """Set what a reader that sees nothing is told."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)


def add_bars(slide: Any, box: Box, kind: str, names: Sequence[str], series: dict[str, list]) -> Any:
    """Add a native bar chart in the kit's style: no grid, no axis; return its frame."""
    data = CategoryChartData()
    data.categories = names
    for name, values in series.items():
        data.add_series(name, values)
    height = min(box[3], ROOM + DEEPEST * len(names))
    frame = slide.shapes.add_chart(getattr(XL_CHART_TYPE, kind), *points(*box[:3], height), data)
    chart = frame.chart
    chart.font.size, chart.has_title = Pt(BODY), False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = chart.category_axis.has_major_gridlines = False
    chart.category_axis.reverse_order = True
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    _show_all_names(chart.category_axis)
    chart.category_axis.format.line.color.rgb = rgb(style.RULE)
    chart.plots[0].gap_width = GAP_WIDTH
    chart.plots[0].vary_by_categories = False
    return frame


def _show_all_names(axis: Any) -> None:
    """Let every bar keep its name, however many there are."""
    skip = axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def paint(series: Any, colour: str, form: str, *, inside: bool = False) -> None:
    """Colour a series and write its values."""
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = rgb(colour)
    series.invert_if_negative = False
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, form, False
    labels.position = XL_LABEL_POSITION.CENTER if inside else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(BODY)
    labels.font.color.rgb = rgb(style.on(colour) if inside else style.SOFT)


def mark(axis: Any, at: float, *, end: float) -> None:
    """Let a hidden axis run from nothing to its end, and draw a line across the bars where ``at`` is."""
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, end, at
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(style.INK)
    axis.major_gridlines.format.line.width = Pt(1.5)


def hollow(point: Any) -> None:
    """Draw one bar as an outline."""
    point.format.fill.solid()
    point.format.fill.fore_color.rgb = rgb("#FFFFFF")
    point.format.line.color.rgb = rgb(style.AXIS)


def hatch(point: Any, colour: str) -> None:
    """Draw one bar in stripes of its colour."""
    fill = point.format.fill
    fill.patterned()
    fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    fill.fore_color.rgb, fill.back_color.rgb = rgb(colour), rgb("#FFFFFF")


def say(point: Any, text: str) -> None:
    """Write a text at one bar in place of its value."""
    frame = point.data_label.text_frame
    frame.text = text
    run = frame.paragraphs[0].runs[0]
    run.font.size, run.font.color.rgb = Pt(BODY), rgb(style.SOFT)
    point.data_label.position = XL_LABEL_POSITION.OUTSIDE_END


def fill_cell(cell: Any, text: str, ground: str, *, size: float = CELL, left: bool = False, ink: str = "",
              upright: bool = False) -> None:  # fmt: skip
    """Fill a cell of a table: its ground, its text (bold where it has an ink of its own), no margins."""
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(ground)
    lines = text.split("\n") if text else []
    _fill(cell.text_frame, [[(line, ink or style.on(ground))] for line in lines] or [[]], size=size, bold=bool(ink))
    cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT if left or upright else PP_ALIGN.CENTER
    if upright:
        cell._tc.get_or_add_tcPr().set("vert", "vert270")
