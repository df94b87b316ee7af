"""From a file, a folder or a list to a compilation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kit import tables
from kit.errors import SourceError
from kit.read import layout, overrides, roles
from kit.read.agencies import find_agency
from kit.read.compilation import Compilation
from kit.read.copies import doubt_same_agency, mark_copies
from kit.read.cuts import Cut
from kit.read.doubts import doubt
from kit.read.drafts import Draft
from kit.read.encoding import fold
from kit.read.masks import doubt_masks, mask_rows
from kit.read.overrides import Override
from kit.read.parts import split_parts
from kit.read.periods import dated_title, find_periods
from kit.read.places import Place, front_place, share_place
from kit.read.reports import find_reports
from kit.read.roles import Years
from kit.read.sentences import sentence_rows
from kit.read.source import PathLike, Source, find_files, find_unread, read_source, watch

HEAD = 30  # characters in which a line may name a role
OPENING = 2000  # characters of a report's body in which it says who it is
Span = tuple[int, int]


@dataclass(frozen=True)
class _Report:
    """One report as read: a row of `tables.REPORTS`, rows of `tables.PARTS`, of `tables.DOUBTS`."""

    row: dict
    parts: list[dict]
    doubts: list[dict]


@dataclass(frozen=True)
class _Front:
    """What stands before the first report says of all: the place it names, its title with a year."""

    place: Place
    title: str


def read_files(source: PathLike | Iterable[PathLike]) -> Compilation:
    """Read a file, a folder or a list of them; see `kit.read`."""
    files = find_files(source)
    name = Path(source).name if isinstance(source, (str, Path)) else " + ".join(file.name for file in files)
    entries = overrides.read_overrides(source, files)
    sources, unread = [read_source(file) for file in watch(files, "opening files")], find_unread(source)
    if sources and unread:
        told = doubt("files_unread", 0, {"start": 0, "end": 0}, n=len(unread), names=", ".join(unread[:9]))
        sources[0] = replace(sources[0], doubts=(*sources[0].doubts, told))
    compilation = read_sources(sources, name=name, entries=entries)
    return replace(compilation, path=Path(source) if isinstance(source, (str, Path)) else None)


def read_sources(sources: list[Source], *, name: str, entries: Iterable[Override] = ()) -> Compilation:
    """Read texts that are already in memory; see `kit.read`.

    Parameters
    ----------
    sources : list of Source
    name : str
        What to call the compilation.
    entries : iterable of Override
        What the analyst has settled, see `kit.read.overrides`.

    Returns
    -------
    Compilation
    """
    text, spans = _join(sources)
    files = {source.file: span for source, span in zip(sources, spans, strict=True)}
    settled = overrides.locate(entries, text, files)
    drafts, doubts = _find_drafts(fold(text), sources, spans)
    if not any(_is_report(draft) for draft in drafts):
        message = (
            f"{name}: expected at least one work report (a title with a year, or sections of review and plan), "
            f"found {len(text)} characters without either; check that this is the right file"
        )
        raise SourceError(message)
    return _assemble(name, text, sources, spans, overrides.reshape(drafts, settled), doubts, settled)


def _join(sources: list[Source]) -> tuple[str, list[Span]]:
    spans, pieces, at = [], [], 0
    for source in sources:
        piece = source.text if source.text.endswith("\n") or len(sources) == 1 else source.text + "\n"
        spans.append((at, at + len(piece)))
        pieces.append(piece)
        at += len(piece)
    return "".join(pieces), spans


def _find_drafts(text: str, sources: list[Source], spans: list[Span]) -> tuple[list[Draft], list[dict]]:
    """Split every file into reports, what its format shows to be no running text left aside."""
    drafts: list[Draft] = []
    doubts: list[dict] = []
    for source, (start, end) in zip(sources, spans, strict=True):
        aside = sorted((a + start, b + start) for a, b in source.artefacts)
        levels = {at + start: level for at, level in source.headings}
        found, unsure = find_reports(text, start, end, file=source.file, aside=aside, levels=levels)
        doubts += [row | {"start": row["start"] + start, "end": row["end"] + start} for row in source.doubts]
        doubts += [row | {"report": row["report"] and row["report"] + len(drafts)} for row in unsure]
        drafts += found
    return drafts, doubts


def _is_report(draft: Draft) -> bool:
    """Whether a stretch is a work report: by its title, a heading of review or plan, or its years and how it opens."""
    points = [point for line in draft.lines for point in layout.split_points(line.text)]
    if draft.title or any(roles.heading_role(point[:HEAD], Years()) for point in points if len(point) <= HEAD):
        return True
    years = [year for point in points for year in layout.find_years(point)]
    return any(roles.paragraph_role(point, plan_year=max(years)) for point in points if years)


def _assemble(
    name: str,
    text: str,
    sources: list[Source],
    spans: list[Span],
    drafts: list[Draft],
    doubts: list[dict],
    settled: list[Override],
) -> Compilation:
    """Read the reports one by one, then what takes all of them: places, copies, numbers of rows."""
    folded = fold(text)
    before = folded[: drafts[0].start]
    front = _Front(front_place(before), dated_title(before))
    watched = enumerate(watch(drafts, "reading reports"), start=1)
    read = [_read_report(text, folded, draft, n, front, settled) for n, draft in watched]
    parts = _number(_outside(folded, sources, spans, drafts) + [row for report in read for row in report.parts])
    overrides.check_roles(settled, parts)
    masks = mask_rows(text, parts)
    reports = share_place([report.row for report in read])
    doubts = doubts + [row for report in read for row in report.doubts] + doubt_masks(masks)
    reports, found = mark_copies(text, reports, _bodies(text, parts, masks), masks, doubts)
    reports = overrides.apply_copies(reports, drafts, settled)
    doubts = overrides.settle(doubts + found + doubt_same_agency(reports), settled)
    return Compilation(
        name,
        text,
        sources=tables.make(_source_rows(sources, spans), tables.SOURCES),
        reports=tables.make(reports, tables.REPORTS),
        parts=tables.make(parts, tables.PARTS),
        sentences=tables.make(sentence_rows(text, parts), tables.SENTENCES),
        masks=tables.make(masks, tables.MASKS),
        doubts=tables.make(sorted(doubts, key=lambda row: (row["report"], row["start"])), tables.DOUBTS),
        overrides=tables.make(overrides.as_rows(settled), tables.OVERRIDES),
    )


def _read_report(text: str, folded: str, draft: Draft, number: int, front: _Front, settled: list[Override]) -> _Report:
    """Read one report, apart from all others."""
    says = overrides.settings(settled, draft)
    own = find_periods(folded, draft)
    found = own if own != Years() else find_periods(folded, replace(draft, title=front.title))
    years = Years(says.get("period", found.review), says.get("plan_period", found.plan))
    cuts, doubts = split_parts(folded, draft, number, years, overrides.settled_roles(settled, draft))
    parts = _part_rows(text, cuts, draft, number)
    held = {role: _stretch(folded, parts, (role,)) for role in (*tables.BODY_ROLES, "signature")}
    body = "".join(held[role] for role in tables.BODY_ROLES)
    opening = folded[draft.lines[0].start : draft.end][:OPENING] if draft.lines else ""
    signed, given = held["signature"], says.get("agency", "")
    agency, unsure = find_agency(
        draft, number, opening=opening, body=body, signature=signed, front=front.place, given=given
    )
    titles = {line.text: text[line.start : line.end] for line in draft.titles if line.text in draft.title}
    row = {
        "report": number,
        "start": draft.start,
        "end": draft.end,
        "title": "".join(titles.values()),
        **vars(agency),
        "agency": _as_written(agency.agency, folded, text, draft),
        "period": years.review,
        "plan_period": years.plan,
        "chars": len(re.sub(r"\s", "", body)),
        "copy_of": None,
    }
    row |= {key: value for key, value in says.items() if key in ("place", "level", "sector")}
    return _Report(row, parts, doubts + unsure + _doubt_content(draft, number, years, held, borrowed=own != found))


def _as_written(name: str, folded: str, text: str, draft: Draft) -> str:
    """A name found in the folded text, as the text writes it."""
    at = folded.find(name, draft.start, draft.end)
    return text[at : at + len(name)] if at >= 0 else name


def _part_rows(text: str, cuts: list[Cut], draft: Draft, report: int) -> list[dict]:
    ends = [cut.start for cut in cuts[1:]] + [draft.end]
    return [
        {
            "report": report,
            "parent": cut.parent,
            "depth": cut.depth,
            "marker": text[cut.start : cut.start + len(cut.marker)],
            "ordinal": cut.ordinal,
            "heading": text[cut.heading_at : cut.heading_at + len(cut.heading)],
            "role": cut.role,
            "start": cut.start,
            "end": end,
        }
        for cut, end in zip(cuts, ends, strict=True)
    ]


def _outside(text: str, sources: list[Source], spans: list[Span], drafts: list[Draft]) -> list[dict]:
    """Parts of report 0: what stands before a file's first report, and what the analyst excluded."""
    rows = []
    for source, (start, end) in zip(sources, spans, strict=True):
        aside = sorted((a + start, b + start) for a, b in source.artefacts)
        at, role = start, "front"
        for draft in [draft for draft in drafts if start <= draft.start < end]:
            rows += _outside_rows(text, at, draft.start, role, aside)
            at, role = draft.end, "artefact"
        rows += _outside_rows(text, at, end, role, aside)
    return rows


def _outside_rows(text: str, start: int, end: int, role: str, aside: list[Span]) -> list[dict]:
    """Part a stretch of report 0 where lines that a web page left begin and end."""
    if start == end:
        return []
    cuts = [(start, role)]
    for line in layout.split_lines(text, start, end):
        left = layout.is_artefact(line.text) or layout.within(aside, line.start)
        told = "artefact" if left else role
        if told != cuts[-1][1]:
            cuts.append((line.start, told))
    if len(cuts) > 1 and not text[start : cuts[1][0]].strip(layout.SPACE + "\n"):
        cuts[:2] = [(start, cuts[1][1])]
    ends = [at for at, _ in cuts[1:]] + [end]
    outer = {"report": 0, "parent": None, "depth": 0, "marker": "", "ordinal": None, "heading": ""}
    return [outer | {"role": told, "start": at, "end": stop} for (at, told), stop in zip(cuts, ends, strict=True)]


def _number(parts: list[dict]) -> list[dict]:
    """Number the parts in the order of the text; parents, known by where they start until now, follow."""
    parts = sorted(parts, key=lambda row: row["start"])
    numbers = {row["start"]: number for number, row in enumerate(parts, start=1)}
    return [row | {"part": numbers[row["start"]], "parent": numbers.get(row["parent"])} for row in parts]


def _stretch(text: str, rows: list[dict], wanted: tuple[str, ...]) -> str:
    return "".join(text[row["start"] : row["end"]] for row in rows if row["role"] in wanted)


def _doubt_content(draft: Draft, report: int, years: Years, held: dict[str, str], *, borrowed: bool) -> list[dict]:
    """List what every report should have and this one lacks."""
    place = {"start": draft.start, "end": draft.titles[-1].end if draft.titles else draft.start + 1}
    codes = [
        ("no_title", not draft.title),
        ("year_unknown", years.review is None and years.plan is None),
        ("year_from_front", borrowed),
        ("no_plan", not held["plan"]),
        ("no_review", not roles.is_plan_title(draft.title) and not any(held[role] for role in tables.REVIEW_ROLES)),
    ]
    return [doubt(code, report, place) for code, holds in codes if holds]


def _bodies(text: str, parts: list[dict], masks: list[dict]) -> dict[int, str]:
    """Every report's body, masks as spaces."""
    pieces, at = [], 0
    for mask in masks:
        pieces += [text[at : mask["start"]], " " * (mask["end"] - mask["start"])]
        at = mask["end"]
    blank = "".join([*pieces, text[at:]])
    bodies: dict[int, list[str]] = {}
    for part in parts:
        if part["report"] and part["role"] in tables.BODY_ROLES:
            bodies.setdefault(part["report"], []).append(blank[part["start"] : part["end"]])
    return {report: "".join(stretches) for report, stretches in bodies.items()}


def _source_rows(sources: list[Source], spans: list[Span]) -> list[dict]:
    return [
        {
            "source": number,
            "file": source.file,
            "format": source.format,
            "encoding": source.encoding,
            "sha256": source.sha256,
            "start": start,
            "end": end,
        }
        for number, (source, (start, end)) in enumerate(zip(sources, spans, strict=True), start=1)
    ]
