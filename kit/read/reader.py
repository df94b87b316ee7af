"""The way of a text: from a file, a folder or a list to a compilation, pass by pass."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from kit import tables
from kit.errors import SourceError
from kit.read import names, overrides, roles, sections, titles
from kit.read.compilation import Compilation, File, Report, Span, Years, doubt
from kit.read.lines import find_years, fold, split_lines, split_points, split_sentences, squeeze, within
from kit.read.overrides import Override
from kit.read.source import PathLike, Source, find_files, find_unread, name_files, read_source, watch

HEAD = 30  # characters in which a line may name a role
_NAMED = 9  # files that were not read, which a doubt names
_State = TypeVar("_State")

# What is done with the lines of every file, a `File`, in order.
FILE_PASSES: tuple[Callable[[File], File], ...] = (
    titles.read_lines,  # a title parted from the text behind it; what the format shows to be none left aside
    titles.leave_running_heads,  # heads of pages, titles of other pages
    titles.find_contents,
    titles.note_titles,  # what is known of titles before they are looked for
    titles.find_titles,
    titles.find_titles_by_heads,  # once more, where no title names an agency
    titles.find_title_above_list,  # once more, where what looked like a table of contents lists one report's sections
    titles.cut_reports,
    titles.check_count,
    titles.doubt_splits,
)


def _doubt_missing(report: Report) -> Report:
    """List what every report should have and this one lacks."""
    plan_only = roles.is_plan_title(report.title)
    lacking = {
        "no_title": not report.title,
        "year_unknown": report.years == Years(),
        "year_from_front": report.borrowed,
        "no_plan": not report.own("plan"),
        "no_review": not plan_only and not report.own(*tables.REVIEW_ROLES),
    }
    for code in filter(lacking.get, lacking):
        report = report.doubting(code, report.title_place)
    return report


# What is done with every report, a `Report`, apart from all others.
REPORT_PASSES: tuple[Callable[[Report], Report], ...] = (
    roles.find_periods,
    sections.part_lines,  # body, title, signature, annex, leavings
    sections.find_numbering,
    sections.cut_outline,  # parts, their headings and roles
    sections.turn_paragraphs,  # once more: which paragraphs turn depends on the roles around them
    sections.part_mixed,  # once more: sections of two matters that nothing else has parted
    sections.doubt_sections,
    sections.join_parts,  # body and what is none, every character once
    roles.tell_horizons,
    names.find_agency,  # from title, signature and body, which are known now
    _doubt_missing,
)


@dataclass(frozen=True)
class Reading:
    """A compilation on its way: its text, as read and folded, and the rows of the tables that the passes fill."""

    name: str
    text: str
    folded: str
    sources: tuple[Source, ...]
    spans: tuple[Span, ...]
    settled: tuple[Override, ...] = ()
    reports: tuple[Report, ...] = ()
    rows: tuple[dict, ...] = ()
    parts: tuple[dict, ...] = ()
    masks: tuple[dict, ...] = ()
    doubts: tuple[dict, ...] = ()


def run(passes: Iterable[Callable[[_State], _State]], state: _State) -> _State:
    """Take a state through passes, in order."""
    return reduce(lambda state, one: one(state), passes, state)


def read_files(source: PathLike | Iterable[PathLike], drafts: Mapping[Path, str] = MappingProxyType({})) -> Compilation:
    """Read a file, a folder or a list of them (see `kit.read`), with override files that are not written yet."""
    files = find_files(source)
    name = Path(source).name if isinstance(source, (str, Path)) else " + ".join(file.name for file in files)
    entries = overrides.read_overrides(source, files, drafts)
    named, unread = zip(watch(files, "opening files"), name_files(files), strict=True), find_unread(source)
    sources = [replace(read_source(file), file=own) for file, own in named]
    if sources and unread:
        told = doubt("files_unread", 0, {"start": 0, "end": 0}, n=len(unread), names=", ".join(unread[:_NAMED]))
        sources[0] = replace(sources[0], doubts=(*sources[0].doubts, told))
    compilation = read_sources(sources, name=name, entries=entries)
    return replace(compilation, path=Path(source) if isinstance(source, (str, Path)) else None)


def read_sources(sources: Sequence[Source], *, name: str, entries: Iterable[Override] = ()) -> Compilation:
    """Read texts that are already in memory; see `kit.read`."""
    reading = read_rows(sources, name=name, entries=entries)
    return Compilation(name, reading.text, **{key: table for key, (table, _) in tabulate([reading]).items()})


def read_rows(sources: Sequence[Source], *, name: str, entries: Iterable[Override] = ()) -> Reading:
    """Take texts through the passes: the rows of a compilation, of which `tabulate` makes its tables."""
    pieces = [one.text if one.text.endswith("\n") or len(sources) == 1 else one.text + "\n" for one in sources]
    ends = list(accumulate(map(len, pieces)))
    spans = tuple(zip([0, *ends][: len(ends)], ends, strict=True))
    text = "".join(pieces)
    files = dict(zip((one.file for one in sources), spans, strict=True))
    settled = tuple(overrides.locate(entries, text, files))
    return run(PASSES, Reading(name, text, fold(text), tuple(sources), spans, settled))


def tabulate(readings: Sequence[Reading]) -> dict[str, tuple[pd.DataFrame, np.ndarray]]:
    """Make the tables of compilations, each table of all at once, and say of each row whose it is."""
    # Making one costs more than a hundred rows do. A key is one of each compilation, and not of all.
    rows: dict[str, Callable[[Reading], Iterable[dict]]] = {
        "sources": _source_rows,
        "reports": lambda one: one.rows,
        "parts": lambda one: one.parts,
        "sentences": _sentence_rows,
        "masks": lambda one: one.masks,
        "doubts": lambda one: sorted(one.doubts, key=lambda row: (row["report"], row["start"])),
        "overrides": lambda one: overrides.as_rows(one.settled),
    }
    made = {}
    for name, give in rows.items():
        each, table = [list(give(one)) for one in readings], tables.TABLES[name]
        whole = tables.make([row for own in each for row in own], table if len(each) == 1 else replace(table, key=()))
        made[name] = whole, np.repeat(np.arange(len(each)), list(map(len, each)))
    return made


# -- passes over all


def split_files(reading: Reading) -> Reading:
    """Split every file into reports, what its format shows to be no running text left aside."""
    found: list[Report] = []
    doubts: list[dict] = []
    several = len(reading.sources) > 1
    for source, (start, end) in zip(reading.sources, reading.spans, strict=True):
        aside = tuple(sorted((a + start, b + start) for a, b in source.artefacts))
        levels = {at + start: level for at, level in source.headings}
        file = run(FILE_PASSES, File(reading.folded, start, end, source.file, source.folder, several, aside, levels))
        doubts += [row | {"start": row["start"] + start, "end": row["end"] + start} for row in source.doubts]
        doubts += [row | {"report": row["report"] and row["report"] + len(found)} for row in file.doubts]
        found += file.reports
    if not any(_is_report(report) for report in found):
        message = (
            f"{reading.name}: expected at least one work report (a title with a year, or sections of review and plan), "
            f"found {len(reading.text)} characters without either; check that this is the right file"
        )
        raise SourceError(message)
    return replace(reading, reports=tuple(found), doubts=tuple(doubts))


def _is_report(report: Report) -> bool:
    """Whether a stretch is a work report: by its title, a heading of review or plan, or its years and how it opens."""
    points = [point for line in report.lines for point in split_points(line.text)]
    if report.title or any(roles.heading_role(point[:HEAD], Years()) for point in points if len(point) <= HEAD):
        return True
    years = [year for point in points for year in find_years(point)]
    return any(roles.paragraph_role(point, plan_year=max(years)) for point in points if years)


def settle_splits(reading: Reading) -> Reading:
    """Split, merge and leave out reports as the analyst says; number them; give each what is said of it."""
    found = overrides.reshape(reading.reports, reading.settled)
    before = reading.folded[: found[0].start]
    place, title = names.front_place(before), roles.dated_title(before)
    numbered = (replace(one, number=n, front_place=place, front_title=title) for n, one in enumerate(found, start=1))
    return replace(reading, reports=tuple(overrides.give(report, reading.settled) for report in numbered))


def read_reports(reading: Reading) -> Reading:
    """Read the reports one by one, and make a row of each."""
    read = tuple(run(REPORT_PASSES, report) for report in watch(reading.reports, "reading reports"))
    told = tuple(row for report in read for row in report.doubts)
    rows = tuple(_report_row(reading.text, report) for report in read)
    return replace(reading, reports=read, rows=rows, doubts=reading.doubts + told)


def number_parts(reading: Reading) -> Reading:
    """Number the parts of all reports, and of what is outside them, in the order of the text."""
    rows = _outside(reading) + [row for report in reading.reports for row in _part_rows(reading.text, report)]
    rows.sort(key=lambda row: row["start"])
    numbers = {row["start"]: number for number, row in enumerate(rows, start=1)}
    parts = [row | {"part": numbers[row["start"]], "parent": numbers.get(row["parent"])} for row in rows]
    overrides.check_parts(reading.settled, parts)
    return replace(reading, parts=tuple(parts))


def find_masks(reading: Reading) -> Reading:
    """List what is masked."""
    found = names.mask_rows(reading.text, reading.parts)
    return replace(reading, masks=tuple(found), doubts=(*reading.doubts, *names.doubt_masks(found)))


def compare_reports(reading: Reading) -> Reading:
    """Compare the reports: the place that most name, near copies, several of one agency."""
    rows, found = names.mark_copies(
        reading.text, names.share_place(reading.rows), reading.parts, reading.masks, reading.doubts
    )
    rows = overrides.apply_copies(rows, reading.reports, reading.settled)
    doubts = overrides.settle([*reading.doubts, *found, *names.doubt_same_agency(rows)], reading.settled)
    return replace(reading, rows=tuple(rows), doubts=tuple(doubts))


# The way of a text, in order.
PASSES: tuple[Callable[[Reading], Reading], ...] = (
    split_files,  # FILE_PASSES over every file
    settle_splits,
    read_reports,  # REPORT_PASSES over every report
    number_parts,
    find_masks,
    compare_reports,
)


# -- rows of tables


def _report_row(text: str, report: Report) -> dict[str, Any]:
    title = {line.text: text[line.start : line.end] for line in report.titles if squeeze(line.text) in report.title}
    row: dict[str, Any] = {
        "report": report.number,
        "start": report.start,
        "end": report.end,
        "title": "".join(title.values()),
        **report.named,
        "period": report.years.review,
        "plan_period": report.years.plan,
        "copy_of": None,
        "chars": len("".join(report.own(*tables.BODY_ROLES).split())),
    }
    at = report.text.find(row["agency"], report.start, report.end)  # the name as the text writes it, not folded
    row["agency"] = text[at : at + len(row["agency"])] if at >= 0 else row["agency"]
    return row | {key: value for key, value in report.says.items() if key in ("place", "level", "sector")}


def _part_rows(text: str, report: Report) -> list[dict[str, Any]]:
    same = ("parent", "depth", "ordinal", "role", "horizon", "start")
    rows = [{"report": report.number, **{key: getattr(cut, key) for key in same}} for cut in report.cuts]
    for row, (cut, end) in zip(rows, report.bounded(), strict=True):
        row["marker"] = text[cut.start : cut.start + len(cut.marker)]
        row["heading"] = text[cut.heading_at : max(cut.heading_at, cut.heading_end)]
        row["end"] = end
    return rows


def _outside(reading: Reading) -> list[dict]:
    """Parts of report 0: what stands before a file's first report, and what the analyst excluded."""
    rows = []
    for source, (start, end) in zip(reading.sources, reading.spans, strict=True):
        aside = sorted((a + start, b + start) for a, b in source.artefacts)
        at, role = start, "front"
        for report in [report for report in reading.reports if start <= report.start < end]:
            rows += _outside_rows(reading.folded, (at, report.start), role, aside)
            at, role = report.end, "artefact"
        rows += _outside_rows(reading.folded, (at, end), role, aside)
    return rows


def _outside_rows(text: str, span: Span, role: str, aside: Sequence[Span]) -> list[dict]:
    """Part a stretch of report 0 where lines that a web page left begin and end."""
    start, end = span
    if start == end:
        return []
    lines = list(split_lines(text, start, end))
    told = ["artefact" if line.is_a("artefact") or within(aside, line.start) else role for line in lines] or [role]
    turns = [n for n, (above, below) in enumerate(pairwise(told), start=1) if above != below]
    bounds = pairwise([start, *(lines[n].start for n in turns), end])
    outer = {"report": 0, "parent": None, "depth": 0, "marker": "", "ordinal": None, "heading": "", "horizon": ""}
    return [outer | {"role": told[n], "start": a, "end": b} for n, (a, b) in zip([0, *turns], bounds, strict=True)]


def _sentence_rows(reading: Reading) -> list[dict]:
    told = {cut.start: cut.sentences for report in reading.reports for cut in report.cuts}
    rows: list[dict[str, Any]] = []
    for part in reading.parts:
        own = {key: part[key] for key in ("part", "report", "role")}
        outside = ((*span, "") for span in split_sentences(reading.text, part["start"], part["end"]))
        for start, end, horizon in told[part["start"]] if part["report"] else outside:
            rows.append(own | {"sentence": len(rows) + 1, "horizon": horizon, "start": start, "end": end})
    return rows


def _source_rows(reading: Reading) -> list[dict[str, Any]]:
    same = ("file", "format", "encoding", "sha256")
    return [
        {"source": number, **{key: getattr(source, key) for key in same}, "start": start, "end": end}
        for number, (source, (start, end)) in enumerate(zip(reading.sources, reading.spans, strict=True), start=1)
    ]
