"""Whose report is it: title, body and signature are compared; a title that its body contradicts loses."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from kit.data import knowledge
from kit.read import layout
from kit.read.doubts import doubt
from kit.read.drafts import Draft
from kit.read.names import MASK, agency_headed, agency_in_title, agency_signed, agency_speaking, is_agency, is_unit
from kit.read.places import Place, find_place, is_place

OPENING_CHARS = 400
GOVERNMENT = "government"  # the sector of a government's own report, and of what is not one agency's


@dataclass(frozen=True)
class Agency:
    """Whose report it is, and where that was read; columns of `tables.REPORTS`."""

    agency: str
    agency_from: str
    place: str
    level: str
    sector: str


def find_agency(
    draft: Draft, report: int, *, opening: str, body: str, signature: str, front: Place, given: str = ""
) -> tuple[Agency, list[dict]]:
    """Read whose report it is.

    Parameters
    ----------
    draft : Draft
    report : int
    opening, body, signature : str
        The report's first stretch, its whole body, the lines under it, folded.
    front : Place
        The place that the compilation's own title names.
    given : str
        The agency that the analyst has settled.

    Returns
    -------
    agency : Agency
    doubts : list of dict
        Rows of `tables.DOUBTS`.
    """
    title = _in_title(draft)
    signed, speaking = agency_signed(signature), agency_speaking(opening[:OPENING_CHARS])
    spoken = signed or speaking
    contradicted = bool(title and spoken and _contradict(title, spoken))
    if given:
        name, source = given, "override"
    elif layout.is_government_report(draft.title or opening[:60]):
        name, source = _government(draft, opening), "title"
    elif title and not contradicted and not (spoken and is_place(title)):
        name, source = title, "title"
    elif spoken:
        name, source = spoken, "signature" if signed else "body"
    else:
        name, source = agency_in_title(PurePath(draft.file).stem), "file"
    place = find_place(name, body, front)
    shown = re.sub(f"^{MASK}+", "", name)
    if not shown:
        shown, source = place.name + knowledge("agencies.toml")["name"]["unnamed"], "unknown"
    agency = Agency(shown, source, place.name, place.level, find_sector(name or shown, body))
    return agency, _doubt(draft, report, agency, title if contradicted else "", spoken, body)


def _in_title(draft: Draft) -> str:
    """The agency that the title block names: in the title, above or below it, in a crawler's header."""
    named = [layout.named_unit(line.text) or line.text for line in draft.titles]
    lines = [name if is_agency(name) or is_unit(name) else agency_headed(name) for name in named]
    return next(filter(None, [agency_in_title(draft.title), *lines, draft.publisher]), "")


def _doubt(draft: Draft, report: int, agency: Agency, contradicted: str, spoken: str, body: str) -> list[dict]:
    """Say what is unsure: a title that the body contradicts, an agency never named, or not in the title."""
    place = {"start": draft.start, "end": draft.titles[-1].end if draft.titles else draft.start + 1}
    if contradicted:
        return [doubt("title_contradicted", report, place, title=contradicted, body=spoken)]
    if agency.agency_from == "unknown":
        mine = next((word for word in knowledge("agencies.toml")["name"]["self"] if word in body), "")
        return [doubt("agency_unknown" if mine else "agency_unnamed", report, place, self=mine, agency=agency.agency)]
    if agency.agency_from in ("title", "override") or not draft.title:
        return []
    source = knowledge("agencies.toml")["sources"][agency.agency_from]
    return [doubt("generic_title", report, place, agency=agency.agency, **source)]


def _contradict(title: str, spoken: str) -> bool:
    a, b = sector_of(title), sector_of(spoken)
    return bool(a and b and a != b) and GOVERNMENT not in (a, b)


def _government(draft: Draft, opening: str) -> str:
    """The place whose government reports: from the title, the assembly named under it, or the file's name."""
    known = knowledge("agencies.toml")["place"]
    block = " ".join(line.text for line in draft.titles) + opening[: OPENING_CHARS // 2]
    assembly = re.search(known["assembly"], block)
    in_title = re.split(known["government_report"], layout.rule("year", "left_out").sub("", draft.title))[0]
    return in_title or (assembly.group(1) if assembly else "") or PurePath(draft.file).stem


def sector_of(name: str) -> str:
    """The field of work an agency's name says, a key of ``agencies.toml``; empty when it says none."""
    sizes = {
        sector: sum(len(word) for word in words if word in name)
        for sector, words in knowledge("agencies.toml")["sectors"].items()
    }
    best = max(sizes, key=lambda sector: sizes[sector])
    return best if sizes[best] else ""


def find_sector(name: str, body: str) -> str:
    """The field of work, from the agency's name, else from the words of its report; ``unknown`` when neither says."""
    if said := sector_of(name):
        return said
    if is_place(name):
        return GOVERNMENT
    words = knowledge("agencies.toml")["sector_words"]
    counts = {sector: sum(body.count(word) for word in words[sector]) for sector in words}
    best = max(counts, key=lambda sector: counts[sector])
    return best if counts[best] else "unknown"
