"""From a file, a folder or a list to a compilation."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from kit import tables
from kit.errors import SourceError
from kit.read import layout, roles
from kit.read.agencies import find_agency
from kit.read.compilation import Compilation
from kit.read.copies import find_copies
from kit.read.doubts import doubt
from kit.read.masks import MASK_SIGNS, find_masks
from kit.read.parts import Cut, Periods, split_parts
from kit.read.reports import Draft, find_reports
from kit.read.sentences import split_sentences
from kit.read.source import PathLike, Source, find_files, read_source


def read_files(source: PathLike | Iterable[PathLike]) -> Compilation:
    """Read a file, a folder or a list of them; see `kit.read`."""
    files = find_files(source)
    name = Path(source).name if isinstance(source, (str, Path)) else " + ".join(file.name for file in files)
    return read_sources([read_source(file) for file in files], name=name)


def read_sources(sources: list[Source], *, name: str) -> Compilation:
    """Read texts that are already in memory; see `kit.read`.

    Parameters
    ----------
    sources : list of Source
    name : str
        What to call the compilation.

    Returns
    -------
    Compilation
    """
    text, spans = _join(sources)
    drafts: list[Draft] = []
    doubts: list[dict] = []
    for source, (start, end) in zip(sources, spans, strict=True):
        found, unsure = find_reports(text, start, end, file=source.file)
        doubts += [row | {"report": row["report"] + len(drafts) if row["report"] else 0} for row in unsure]
        drafts += found
    if not any(_is_report(text, draft) for draft in drafts):
        message = (
            f"{name}: expected at least one work report (a title with a year, or sections of review and plan), "
            f"found {len(text)} characters without either; check that this is the right file"
        )
        raise SourceError(message)
    return _assemble(text, sources, spans, drafts, doubts, name)


def _join(sources: list[Source]) -> tuple[str, list[tuple[int, int]]]:
    spans, pieces, at = [], [], 0
    for source in sources:
        piece = source.text if source.text.endswith("\n") else source.text + "\n"
        piece = piece if len(sources) > 1 else source.text
        spans.append((at, at + len(piece)))
        pieces.append(piece)
        at += len(piece)
    return "".join(pieces), spans


def _is_report(text: str, draft: Draft) -> bool:
    """Whether a stretch is a work report: by its title, or by a word of review or plan in a short line."""
    if draft.title:
        return True
    heads = [line.text[:30] for line in draft.body] + [text[draft.start : draft.start + 300]]
    return any(roles.heading_role(head, period=None, plan_period=None) for head in heads)


def _periods(text: str, draft: Draft) -> Periods:
    """The years a report reviews and plans, from its title, else from its headings and opening."""
    years = sorted(set(layout.find_years(draft.title)))
    if layout.is_government_report(draft.title):
        years = years or layout.find_years(text[draft.start : draft.start + 200])[:1]
        return Periods(years[0] - 1, years[0]) if years else Periods(None, None)
    if not years:
        years = sorted(set(layout.find_years(text[draft.start : draft.start + 1500])[:2]))[:1]
    if not years:
        return Periods(None, None)
    if len(years) == 1 and roles.is_plan_title(draft.title):
        return Periods(None, years[0])
    return Periods(years[0], years[-1] if len(years) > 1 else years[0] + 1)


def _assemble(
    text: str, sources: list[Source], spans: list[tuple[int, int]], drafts: list[Draft], doubts: list[dict], name: str
) -> Compilation:
    parts = _outside(text, spans, drafts)
    reports = []
    for number, draft in enumerate(drafts, start=1):
        periods = _periods(text, draft)
        cuts, unsure = split_parts(text, draft, number, periods)
        rows = _part_rows(cuts, draft, number)
        agency, unsure_agency = find_agency(
            text,
            draft,
            opening=_opening(text, draft),
            body=_stretch(text, rows, tables.BODY_ROLES),
            signature=_stretch(text, rows, ("signature",)),
            report=number,
        )
        parts += rows
        doubts += unsure + unsure_agency + _doubt_content(draft, number, periods, rows)
        reports.append(
            vars(agency)
            | {
                "report": number,
                "start": draft.start,
                "end": draft.end,
                "title": draft.title,
                "period": periods.review,
                "plan_period": periods.plan,
                "chars": len(re.sub(r"\s", "", _stretch(text, rows, tables.BODY_ROLES))),
                "copy_of": None,
            }
        )
    _share_place(reports)
    parts = _number(parts)
    masks = _mask_rows(text, parts)
    doubts += _mask_doubts(masks, reports) + _mark_copies(text, parts, masks, reports, doubts)
    sentences = _sentence_rows(text, parts)
    source_rows = [
        {"source": n, "start": a, "end": b, **{k: v for k, v in vars(source).items() if k != "text"}}
        for n, (source, (a, b)) in enumerate(zip(sources, spans, strict=True), start=1)
    ]
    return Compilation(
        name,
        text,
        tables.make(source_rows, tables.SOURCES),
        tables.make(reports, tables.REPORTS),
        tables.make(parts, tables.PARTS),
        tables.make(sentences, tables.SENTENCES),
        tables.make(masks, tables.MASKS),
        tables.make(doubts, tables.DOUBTS).sort_values(["report", "start"], kind="stable", ignore_index=True),
    )


def _outside(text: str, spans: list[tuple[int, int]], drafts: list[Draft]) -> list[dict]:
    """Parts of report 0: what stands in a file before its first report; artefact where a web page left it."""
    rows = []
    for start, end in spans:
        first = min((draft.start for draft in drafts if start <= draft.start < end), default=end)
        if first <= start:
            continue
        role, at = "front", start
        for line in layout.split_lines(text[start:first]):
            told = "artefact" if layout.is_artefact(line.text) else "front"
            if told != role and start + line.start > at:
                rows.append(_outer_row(role, at, start + line.start))
                at = start + line.start
            role = told
        rows.append(_outer_row(role, at, first))
    return rows


def _outer_row(role: str, start: int, end: int) -> dict:
    return {
        "report": 0, "parent": None, "depth": 0, "marker": "", "ordinal": None, "heading": "",
        "role": role, "start": start, "end": end,
    }  # fmt: skip


def _part_rows(cuts: list[Cut], draft: Draft, report: int) -> list[dict]:
    ends = [cut.start for cut in cuts[1:]] + [draft.end]
    return [
        {
            "report": report,
            "parent": cut.parent,
            "depth": cut.depth,
            "marker": cut.marker,
            "ordinal": cut.ordinal,
            "heading": cut.heading,
            "role": cut.role,
            "start": cut.start,
            "end": end,
        }
        for cut, end in zip(cuts, ends, strict=True)
    ]


def _share_place(reports: list[dict]) -> None:
    """Give reports that name no place the one that most of the compilation's reports of their level name."""
    for level in {row["level"] for row in reports}:
        named = Counter(row["place"] for row in reports if row["level"] == level and row["place"])
        named = Counter({place: n for place, n in named.items() if not place.startswith(MASK_SIGNS)})
        if named and named.most_common(1)[0][1] > named.total() / 2:
            for row in reports:
                if row["level"] == level and not row["place"]:
                    row["place"] = named.most_common(1)[0][0]


def _number(parts: list[dict]) -> list[dict]:
    """Number the parts in the order of the text; parents, counted within a report until now, follow."""
    parts = sorted(parts, key=lambda row: row["start"])
    first: dict[int, int] = {}
    numbered = []
    for number, row in enumerate(parts, start=1):
        first.setdefault(row["report"], number)
        parent = None if row["parent"] is None else row["parent"] + first[row["report"]]
        numbered.append(row | {"part": number, "parent": parent})
    return numbered


def _stretch(text: str, rows: list[dict], wanted: tuple[str, ...]) -> str:
    return "".join(text[row["start"] : row["end"]] for row in rows if row["role"] in wanted)


def _opening(text: str, draft: Draft) -> str:
    return text[draft.body[0].start : draft.end][:2000] if draft.body else ""


def _doubt_content(draft: Draft, report: int, periods: Periods, rows: list[dict]) -> list[dict]:
    place = {"start": draft.start, "end": draft.start + max(1, len(draft.title))}
    held = {row["role"] for row in rows}
    codes = [
        ("no_title", not draft.title),
        ("year_unknown", periods.review is None and periods.plan is None),
        ("no_plan", "plan" not in held),
        ("no_review", not held & set(tables.REVIEW_ROLES)),
    ]
    return [doubt(code, report, place) for code, holds in codes if holds]


def _mask_rows(text: str, parts: list[dict]) -> list[dict]:
    return [
        {"report": row["report"], "role": row["role"], "stands_for": what, "start": start, "end": end}
        for row in parts
        if row["role"] in (*tables.BODY_ROLES, "title", "signature")
        for start, end, what in find_masks(text, row["start"], row["end"])
    ]


def _mask_doubts(masks: list[dict], reports: list[dict]) -> list[dict]:
    doubts = []
    for report in reports:
        mine = [mask for mask in masks if mask["report"] == report["report"]]
        if mine:
            numbers = sum(mask["stands_for"] == "number" for mask in mine)
            place = {"start": mine[0]["start"], "end": mine[0]["end"]}
            doubts.append(doubt("masks", report["report"], place, n=len(mine), numbers=numbers))
    return doubts


def _mark_copies(
    text: str, parts: list[dict], masks: list[dict], reports: list[dict], doubts: list[dict]
) -> list[dict]:
    """Mark near copies in ``reports``: the one whose title its body contradicts is the copy, else the later one."""
    hidden = {(mask["start"], mask["end"]) for mask in masks}
    blank = _blank_out(text, hidden)
    bodies = {
        report["report"]: _stretch(blank, parts_of, tables.BODY_ROLES)
        for report, parts_of in _by_report(parts, reports)
    }
    wrong = {row["report"] for row in doubts if row["code"] == "title_contradicted"}
    found = []
    for a, b, share in find_copies(bodies):
        original, copy = (b, a) if a in wrong and b not in wrong else (a, b)
        original = reports[original - 1]["copy_of"] or original
        row = reports[copy - 1]
        if original == copy or row["copy_of"] is not None:
            continue
        row["copy_of"] = original
        place = {"start": row["start"], "end": row["start"] + max(1, len(row["title"]))}
        found.append(doubt("copy", copy, place, other=original, share=f"{share:.0%}"))
    return found + _same_agencies(reports)


def _same_agencies(reports: list[dict]) -> list[dict]:
    seen: dict[str, int] = {}
    doubts = []
    for row in reports:
        if row["copy_of"] is not None or row["agency_from"] == "unknown":
            continue
        other = seen.setdefault(row["agency"], row["report"])
        if other != row["report"]:
            place = {"start": row["start"], "end": row["start"] + max(1, len(row["title"]))}
            doubts.append(doubt("same_agency", row["report"], place, other=other, agency=row["agency"]))
    return doubts


def _by_report(parts: list[dict], reports: list[dict]) -> list[tuple[dict, list[dict]]]:
    held: dict[int, list[dict]] = {report["report"]: [] for report in reports}
    for part in parts:
        if part["report"]:
            held[part["report"]].append(part)
    return [(report, held[report["report"]]) for report in reports]


def _blank_out(text: str, spans: set[tuple[int, int]]) -> str:
    """The text with the spans as spaces, of the same length."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _sentence_rows(text: str, parts: list[dict]) -> list[dict]:
    rows = [
        {"part": part["part"], "report": part["report"], "role": part["role"], "start": start, "end": end}
        for part in parts
        for start, end in split_sentences(text, part["start"], part["end"])
    ]
    return [row | {"sentence": number} for number, row in enumerate(rows, start=1)]
