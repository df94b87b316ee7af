"""The slides: one message each, charts and tables that can be edited, the evidence in the speaker's notes."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.enum.chart import XL_TICK_LABEL_POSITION

from kit.show import slides, statuses, style
from kit.show.bars import leaders
from kit.show.coverage import STATES, by_both
from kit.show.font import width
from kit.show.gallery import uncertain_themes
from kit.show.heatmap import by_total, dense, first_rows, pivot, step_colour
from kit.show.keyness import strongest
from kit.show.labels import fill, label, theme_heads
from kit.show.office import save, set_faces
from kit.show.plates import Briefing, Plate, caption
from kit.show.quotes import count_doubts, list_doubts, place
from kit.show.scope import Scope, agency_names, opening, source_line, subtitle
from kit.show.statuses import COLOURS, by_first, measure_of
from kit.show.targets import LONGEST, MOST, known_pairs
from kit.show.text import percent, rate, shorten, wrap

TOP, STACKS, PER_SIDE, ENDS = 20, 18, 10, 10  # rows of a chart, of each side, of each end of a long table
NAMES, HEADS, DEEPEST = 180, 84, 30  # room of names at most, of heads on their side; height of a row
MARKS = {"plan only": ("●", style.SECOND), "review only": ("○", style.FOCUS)}
WHITE = "#FFFFFF"


def export_deck(briefing: Briefing, file: Path) -> Path:
    """Write the slides of a briefing: a cover, the findings, one slide a figure, the doubts.

    Parameters
    ----------
    briefing : Briefing
        Figures that were not drawn have no slide.
    file : Path

    Returns
    -------
    Path
        Bars are native charts, matrices native tables; what has no native form is a picture, its data in the notes.
    """
    deck = Presentation()
    slides.widen(deck)
    _cover(deck, briefing)
    _findings(deck, briefing)
    for plate in briefing.drawn:
        _figure(deck, plate, briefing)
    _doubts(deck, briefing)
    faces = label("faces", "slide", briefing.lang), label("faces", "slide_ea", briefing.lang)
    for part in deck.part.package.iter_parts():
        if hasattr(part, "_element"):
            set_faces(part._element, *faces)
    return save(deck, opening(briefing.scope, briefing.lang)[0], file)


def _cover(deck: Any, briefing: Briefing) -> None:
    """Add the cover: the compilation, what was counted, and the cloud of its words as an ornament."""
    title, *lines = opening(briefing.scope, briefing.lang)
    slide, end = slides.add_slide(deck, title, size=36, top=150, across=430)
    slides.write(
        slide, (slides.EDGE, end + 12, 430, 120), [[(line, style.SOFT)] for line in lines], size=slides.LEAD, space=6
    )
    cloud = next((plate for plate in briefing.plates if plate.stem == "cloud" and not plate.reason), None)
    if cloud:
        picture = slide.shapes.add_picture(BytesIO(cloud.png), *slides.points(500, 130), width=slides.points(424)[0])
        slides.describe(picture, cloud.title)
    slides.add_notes(slide, lines)


def _findings(deck: Any, briefing: Briefing) -> None:
    slide, end = slides.add_slide(deck, label("slides", "findings", briefing.lang))
    rows = [[(f"{n}. ", style.FAINT), (plate.title, style.INK)] for n, plate in enumerate(briefing.drawn, 1)]
    slides.write(slide, (slides.EDGE, end + 20, slides.INNER, slides.FOOT - end - 20), rows, size=20, space=14)
    slides.write_foot(slide, source_line(briefing.scope, briefing.lang))
    slides.add_notes(slide, [plate.title for plate in briefing.drawn])


def _figure(deck: Any, plate: Plate, briefing: Briefing) -> None:
    """Add the slide of one figure: its finding, unit and scope, the chart, the source, the evidence as notes."""
    lang = briefing.lang
    slide, end = slides.add_slide(deck, plate.title)
    draw = BODIES.get(plate.stem, _picture)
    under, keys = plate.subtitle, KEYS.get(plate.stem)
    if draw is _stacks:  # its sums stand elsewhere than in the figure
        under = subtitle(label("slides", f"subtitle_{measure_of(plate.table)}", lang), _scope(plate, briefing), lang)
    rows = [[(under, style.SOFT)], *([keys(lang)] if keys else [])]
    lines = len(wrap(under, slides.LEAD, slides.INNER)) + bool(keys)
    slides.write(slide, (slides.EDGE, end + 2, slides.INNER, 20 * lines), rows, size=slides.LEAD)
    top = end + 20 * lines + 10
    note = _note(plate, lang)
    foot = slides.write_foot(slide, note, plate.source)
    shape = draw(slide, plate, briefing, (slides.EDGE, top, slides.INNER, foot - top - 6))
    slides.describe(shape, plate.title)
    data = plate.table.round(4).to_csv(sep="\t", index=False).splitlines() if draw is _picture else []
    quotes = [f"[{row.about}] {row.text}\n  — {place(row, lang)}" for row in plate.evidence.itertuples()]
    slides.add_notes(slide, [plate.title, label("evidence", "heading", lang), *quotes, note, plate.source, *data])


def _scope(plate: Plate, briefing: Briefing) -> Scope:
    """Return what a slide of statuses covers: one year, or two."""
    return briefing.two_years if measure_of(plate.table) == "fulfilment" else briefing.scope


def _note(plate: Plate, lang: str) -> str:
    """Return the figure's note, as it is true of a slide, which holds fewer rows."""
    if plate.stem in ("themes", "coverage"):
        n = plate.table["report"].nunique()
        return (fill("slides", "ends", lang, ends=ENDS, n=n) if len(_ends(n)) < n else "") + plate.note
    if BODIES.get(plate.stem) is _stacks:
        agencies = len(by_first(plate.table, measure_of(plate.table)))
        drawn, here = (fill("flow", "rest", lang, rest=agencies - shown) if agencies > shown else ""
                       for shown in (statuses.MOST, STACKS))  # fmt: skip
        return here + plate.note.replace(drawn, "")
    gaps = int(known_pairs(plate.table)["gap_points"].notna().sum()) if plate.stem == "targets" else 0
    return plate.note + (fill("slides", "points", lang, n=gaps) if gaps else "")


def _bars(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box) -> Any:
    rows = plate.table.sort_values("n", ascending=False, kind="stable").head(TOP)
    values = {caption(plate.stem, briefing.lang): [int(n) for n in rows["n"]]}
    frame = slides.add_bars(slide, box, "BAR_CLUSTERED", list(rows["term"]), values)
    series = frame.chart.plots[0].series[0]
    slides.paint(series, style.CONTEXT, "0")
    for row in leaders(rows["n"]):
        series.points[row].format.fill.solid()
        series.points[row].format.fill.fore_color.rgb = slides.rgb(style.FOCUS)
    return frame


def _sides(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box) -> Any:
    """Draw keyness: the plan's words to the right, the review's to the left."""
    review, plan = strongest(plate.table, PER_SIDE)
    sides = [("plan", plan, style.FOCUS), ("review", review, style.SECOND)]
    sides = [side for side in sides if len(side[1])]
    terms = [term for _, side, _ in sides for term in side["term"]]
    series = {label("sides", name, briefing.lang): [side["z"].get(row) for _, other, _ in sides for row in other.index]
              for name, side, _ in sides}  # fmt: skip
    frame = slides.add_bars(slide, box, "BAR_CLUSTERED", terms, series)
    frame.chart.plots[0].overlap = 100
    frame.chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for one, (_, _, colour) in zip(frame.chart.plots[0].series, sides, strict=True):
        slides.paint(one, colour, "0.0;0.0")
    return frame


def _stacks(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box) -> Any:
    """Draw statuses as shares of each agency's items, the counts in the bars."""
    lang, measure = briefing.lang, measure_of(plate.table)
    wide = by_first(plate.table, measure).head(STACKS)
    wide = wide.loc[:, wide.any()]
    names = agency_names(first_rows(plate.table, wide.index), lang, _scope(plate, briefing))
    sums, doubtful = wide.sum(axis=1), statuses.doubtful_reports(plate.table)
    names = [name + "*" * (report in doubtful) for report, name in zip(wide.index, names, strict=True)]
    names = [fill("slides", "of", lang, name=name, n=int(n)) for name, n in zip(names, sums, strict=True)]
    series = {label("statuses", status, lang): [int(n) for n in wide[status]] for status in wide.columns}
    frame = slides.add_bars(slide, box, "BAR_STACKED_100", names, series)
    frame.chart.plots[0].overlap = 100
    for one, status in zip(frame.chart.plots[0].series, wide.columns, strict=True):
        slides.paint(one, COLOURS[measure][status], "0;;;", inside=True)
        for row in (row for row, report in enumerate(wide.index) if report in doubtful):
            slides.hatch(one.points[row], COLOURS[measure][status])
    return frame


def _targets(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box) -> Any:
    """Draw completion rates; the axis ends where the figure's does, the labels say the rate."""
    rows = known_pairs(plate.table).dropna(subset=["completion"]).head(MOST)
    if rows.empty:  # percentages alone, which have gaps and no rates
        return _picture(slide, plate, briefing, box)
    names = [fill("slides", "target", briefing.lang, name=row.indicator, actual=f"{row.actual:g}",
                  target=f"{row.target:g}", unit=row.unit) for row in rows.itertuples()]  # fmt: skip
    rates = [round(value, 4) for value in rows["completion"]]
    values = {caption(plate.stem, briefing.lang): [min(value, LONGEST) for value in rates]}
    frame = slides.add_bars(slide, box, "BAR_CLUSTERED", names, values)
    axis, series = frame.chart.value_axis, frame.chart.plots[0].series[0]
    slides.paint(series, style.CONTEXT, "0%")
    slides.mark(axis, 1, end=max(1.05, min(1.02 * max(rates), LONGEST - 0.001)))
    for row, (completion, forecast) in enumerate(zip(rates, rows["forecast"], strict=True)):
        if completion > LONGEST:
            slides.say(series.points[row], percent(completion))
        if forecast:
            slides.hollow(series.points[row])
    return frame


def _heat(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box) -> Any:
    wide = by_total(pivot(plate.table, "per_10k_chars", briefing.themes))
    sums, wide = wide.sum(axis=1), dense(wide)
    cells = [[*((rate(v) if v else "", step_colour(v, "per_10k_chars")) for v in row), (rate(total), WHITE)]
             for row, total in zip(wide.to_numpy(), sums, strict=True)]  # fmt: skip
    return _matrix(slide, plate, briefing, box, wide, cells, [label("heatmap", "total", briefing.lang)])


def _states(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box) -> Any:
    wide = by_both(pivot(plate.table, "state", briefing.themes))
    grounds = {"both": style.BOTH}
    cells = [[*((MARKS.get(state, ("",))[0], grounds.get(state, style.EMPTY)) for state in row),
              *((str((row == state).sum()), WHITE) for state in MARKS)] for row in wide.to_numpy()]  # fmt: skip
    heads = [label("coverage", state, briefing.lang) for state in MARKS]
    return _matrix(slide, plate, briefing, box, wide, cells, heads)


def _matrix(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box, wide: pd.DataFrame,
            cells: list[list[tuple[str, str]]], sum_heads: list[str]) -> Any:  # fmt: skip
    """Draw agencies by themes as a native table of coloured cells, sums behind; of many agencies both ends."""
    lang = briefing.lang
    names = agency_names(first_rows(plate.table, wide.index), lang, briefing.scope)
    shown = _ends(len(names))
    uncertain = uncertain_themes() if plate.stem == "themes" else ()
    heads = [*theme_heads(list(wide.columns), briefing.themes, lang, uncertain=uncertain), *sum_heads]
    frame = slide.shapes.add_table(len(shown) + 1, len(heads) + 1, *slides.points(*box))
    room = min(max(width(names[at], slides.CELL * slides.BOLDER) for at in shown) + 6, NAMES)
    table, across = frame.table, (box[2] - room) / len(heads)
    table.first_row = table.horz_banding = False
    high = 3.3 * slides.CELL if lang == "zh" else HEADS
    down = min((box[3] - high) / len(shown), DEEPEST)
    for lines, sizes in ((table.columns, [room, *[across] * len(heads)]), (table.rows, [high, *[down] * len(shown)])):
        for line, size in zip(lines, slides.points(*sizes), strict=True):
            setattr(line, "width" if lines is table.columns else "height", size)
    size = round(min(slides.CELL, down / 1.5), 1)
    slides.fill_cell(table.cell(0, 0), "", WHITE)
    for column, head in enumerate(heads, 1):
        text = "\n".join(wrap(head, slides.CELL, across - 4)) if lang == "zh" else head
        slides.fill_cell(table.cell(0, column), text, WHITE, upright=lang == "en")
    for row, at in enumerate(shown, 1):
        slides.fill_cell(
            table.cell(row, 0), shorten(names[at], size * slides.BOLDER, room - 6), WHITE, size=size, left=True
        )
        for column, (text, colour) in enumerate(cells[at], 1):
            ink = dict(MARKS.values()).get(text, "")
            slides.fill_cell(table.cell(row, column), text, colour, size=size * (1.6 if ink else 1), ink=ink)
    return frame


def _ends(rows: int) -> list[int]:
    """Return the rows that a slide has room for: all, or the first and last ten and the one in the middle."""
    if rows <= 2 * ENDS + 1:
        return list(range(rows))
    return [*range(ENDS), rows // 2, *range(rows - ENDS, rows)]


def _picture(slide: Any, plate: Plate, briefing: Briefing, box: slides.Box) -> Any:
    """Place the plot as a picture, with the key sentences beside it."""
    left, top, wide, height = box
    picture = slide.shapes.add_picture(BytesIO(plate.png), *slides.points(left, top), height=slides.points(height)[0])
    most = slides.points(wide * 0.62)[0]
    if picture.width > most:
        picture.height, picture.width = round(picture.height * most / picture.width), most
    at = left + picture.width.pt + 24
    quotes = [runs for row in plate.evidence.itertuples() for runs in
              ([(f"[{row.about}] {row.text}", style.INK)], [(place(row, briefing.lang), style.FAINT)])]  # fmt: skip
    slides.write(slide, (at, top + 8, slides.WIDE - slides.EDGE - at, height), quotes, size=slides.BODY, space=5)
    return picture


def _doubts(deck: Any, briefing: Briefing) -> None:
    """Add what the reader was not sure of, if anything, the weightiest first."""
    lang, doubts = briefing.lang, list_doubts(briefing.compilation, briefing.lang)
    if doubts.empty:
        return
    slide, end = slides.add_slide(deck, count_doubts(doubts, lang))
    rows: list[slides.Runs] = []
    room = slides.FOOT - end - 20
    for report, severity, said, taken in doubts.itertuples(index=False):
        told = fill("slides", "doubt", lang, report=report, said=said) if report else said
        runs = (f"[{label('severities', severity, lang)}] ", told, f" → {taken}")
        row = list(zip(runs, (style.SECOND_TEXT, style.INK, style.SOFT), strict=True))
        room -= slides.LEAD * 1.2 * len(wrap("".join(runs), slides.LEAD * slides.BOLDER, slides.INNER)) + 8
        rows += [row] if room > 0 else []
    slides.write(slide, (slides.EDGE, end + 16, slides.INNER, slides.FOOT - end - 20), rows, size=slides.LEAD, space=8)
    slides.write_foot(slide, source_line(briefing.scope, lang))
    slides.add_notes(slide, list(doubts.iloc[:, 2]))


def _step_keys(lang: str) -> slides.Runs:
    edges = label("heatmap", "steps_per_10k_chars", lang).split("|")
    steps = zip((style.EMPTY, *style.STEPS), edges, strict=True)
    return [run for colour, edge in steps for run in _key("□" if colour == style.EMPTY else "■", colour, edge)]


def _state_keys(lang: str) -> slides.Runs:
    signs = {"both": ("■", style.BOTH), "neither": ("□", style.EMPTY)} | MARKS
    return [run for state in STATES for run in _key(*signs[state], label("states", state, lang))]


def _key(sign: str, colour: str, text: str) -> slides.Runs:
    return [(sign, style.AXIS if colour == style.EMPTY else colour), (f" {text}    ", style.SOFT)]


BODIES: dict[str, Callable[..., Any]] = {
    "terms": _bars, "keyness": _sides, "themes": _heat, "coverage": _states, "statuses": _stacks,
    "fulfilment": _stacks, "targets": _targets,
}  # fmt: skip
KEYS: dict[str, Callable[[str], slides.Runs]] = {"themes": _step_keys, "coverage": _state_keys}
