"""Whose report is it: title, body and signature are compared; a title that its body contradicts loses."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from kit.data import knowledge
from kit.read.doubts import doubt
from kit.read.layout import SPACE, YEAR
from kit.read.reports import Draft

OPENING_CHARS = 400
_CLAUSE = re.compile(r"[，。；、：！？\n“”（）]")
_MASK = r"[XxＸｘ×✕*＊某]+"
_MAX_NAME = 30
GOVERNMENT = "government"  # the sector of a government's own report, and of what is not one agency's


@dataclass(frozen=True)
class Agency:
    """Whose report it is, and where that was read; columns of `tables.REPORTS`."""

    agency: str
    agency_from: str
    place: str
    level: str
    sector: str


@cache
def _names() -> dict[str, re.Pattern[str]]:
    name = knowledge("agencies.toml")["name"]
    endings = "|".join(sorted(map(re.escape, name["endings"]), key=len, reverse=True))
    speaks = "|".join(name["speaks"])
    return {
        "whole": re.compile(rf"^.*(?:{endings})"),
        "line": re.compile(rf"^.{{2,}}(?:{endings})$"),
        "speaker": re.compile(rf"^((?:[\u4e00-\u9fff]|{_MASK}){{1,{_MAX_NAME}}}?(?:{endings}))(?={speaks})"),
        "time": re.compile(name["time"]),
        "tail": re.compile(rf"(?:关于|{YEAR}|年度|工作|总结|計劃|总體).*$"),
    }


def find_agency(
    text: str, draft: Draft, *, opening: str, body: str, signature: str, report: int
) -> tuple[Agency, list[dict]]:
    """Read whose report it is.

    Parameters
    ----------
    text : str
        The whole text.
    draft : Draft
    opening, body, signature : str
        The report's first stretch, its whole body, the lines under it.
    report : int

    Returns
    -------
    agency : Agency
    doubts : list of dict
        Rows of `tables.DOUBTS`.
    """
    title = agency_in_title(draft.title)
    named = {"signature": _in_signature(signature), "body": _in_opening(opening)}
    spoken_from = "signature" if named["signature"] else "body"
    spoken = named[spoken_from]
    place_at = {"start": draft.start, "end": draft.start + max(1, len(draft.title))}
    government = re.search(
        knowledge("agencies.toml")["place"]["government_report"], draft.title or text[draft.start : draft.start + 60]
    )
    doubts: list[dict] = []
    if government:
        name, where = _government(draft, text), "title"
    elif title and spoken and _contradict(title, spoken):
        name, where = spoken, spoken_from
        doubts.append(doubt("title_contradicted", report, place_at, title=title, body=spoken))
    elif title:
        name, where = title, "title"
    elif spoken:
        name, where = spoken, spoken_from
    else:
        name, where = "", "unknown"
    return _describe(name, where, draft, body, report, place_at, doubts)


def _describe(
    name: str, where: str, draft: Draft, body: str, report: int, place_at: dict[str, int], doubts: list[dict]
) -> tuple[Agency, list[dict]]:
    shown = re.sub(rf"^{_MASK}", "", name)
    place, level = find_place(name, body)
    if not shown:
        from_file = agency_in_title(PurePath(draft.file).stem)
        shown, where = (
            (from_file, "file") if from_file else (place + knowledge("agencies.toml")["name"]["unnamed"], "unknown")
        )
    if where == "unknown":
        mine = next((s for s in knowledge("agencies.toml")["name"]["self"] if s in body), "")
        doubts.append(doubt("agency_unknown", report, place_at, self=mine, agency=shown))
    elif where != "title" and draft.title and not doubts:
        doubts.append(doubt("generic_title", report, place_at, where=where, agency=shown))
    return Agency(shown, where, place, level, find_sector(name or shown, body)), doubts


def agency_in_title(title: str) -> str:
    """The agency a title names, before its year or behind it; empty when it names none."""
    rules = _names()
    squeezed = re.sub(r"\s", "", title)
    before, _, behind = re.sub(rf"(?:关于)?{YEAR}年?度?", "\0", squeezed).partition("\0")
    for stretch in (before, behind):
        match = rules["whole"].match(rules["tail"].sub("", stretch))
        if match and not _never(match.group()):
            return match.group()
    return ""


def _never(name: str) -> bool:
    """Whether a name only looks like an agency's: 市委, 由市人民政府, 县政府和市局."""
    known = knowledge("agencies.toml")["name"]
    return name.endswith(tuple(word for word in known["never"] if len(word) > 1)) or name[0] in known["never_first"]


def _in_signature(signature: str) -> str:
    lines = [line.strip(SPACE) for line in signature.split("\n")]
    return next((line for line in lines if _names()["line"].match(line) and not _never(line)), "")


def _in_opening(opening: str) -> str:
    """The agency that an opening speaks as: a name at the head of a clause, before a verb."""
    rules = _names()
    for clause in _CLAUSE.split(opening[:OPENING_CHARS]):
        match = rules["speaker"].match(rules["time"].sub("", clause.strip(SPACE)))
        if match and not _never(match.group(1)):
            return match.group(1)
    return ""


def _contradict(title: str, spoken: str) -> bool:
    a, b = sector_of(title), sector_of(spoken)
    return bool(a and b and a != b) and GOVERNMENT not in (a, b)


def _government(draft: Draft, text: str) -> str:
    """The place whose government reports: from the title, the assembly named under it, or the file's name."""
    place = knowledge("agencies.toml")["place"]
    squeezed = re.sub(rf"\s|{YEAR}年?", "", draft.title)
    in_title = re.split(place["government_report"], squeezed)[0]
    assembly = re.search(place["assembly"], text[draft.start : draft.start + 200])
    return in_title or (assembly.group(1) if assembly else "") or PurePath(draft.file).stem


def sector_of(name: str) -> str:
    """The field of work an agency's name says, a key of ``agencies.toml``; empty when it says none."""
    best, longest = "", 0
    for sector, words in knowledge("agencies.toml")["sectors"].items():
        size = sum(len(word) for word in words if word in name)
        if size > longest:
            best, longest = sector, size
    return best


def find_sector(name: str, body: str) -> str:
    """The field of work, from the agency's name, else from the words of its report; ``unknown`` when neither says."""
    said = sector_of(name)
    if said:
        return said
    if re.search(rf"(?:{'|'.join(map(re.escape, knowledge('agencies.toml')['place']['levels']))})$", name):
        return GOVERNMENT
    counts = {s: sum(body.count(w) for w in words) for s, words in knowledge("agencies.toml")["sector_words"].items()}
    best = max(counts, key=lambda sector: counts[sector])
    return best if counts[best] else "unknown"


def find_place(name: str, body: str) -> tuple[str, str]:
    """The place a report speaks of and its level.

    Parameters
    ----------
    name : str
        The agency's name, with its mask if it has one.
    body : str

    Returns
    -------
    place : str
        Masked where the text masks it; empty when no place is named.
    level : str
        See `tables.REPORTS`.
    """
    levels = knowledge("agencies.toml")["place"]["levels"]
    kinds = "|".join(sorted(levels, key=len, reverse=True))
    in_name = re.match(rf"^(.*?)({kinds})", name)
    kind = in_name.group(2) if in_name else _commonest_kind(body)
    if not kind:
        return "", "unknown"
    prefix = in_name.group(1) if in_name else ""
    place = prefix + kind if prefix and not _never_place(prefix) else _commonest_place(body, kind)
    level = levels[kind]
    if level == "city" and kind == list(levels)[3] and _at_county_level(place, body):
        level = "county-level city"
    return place, level


def _never_place(name: str) -> bool:
    words = knowledge("agencies.toml")["place"]["words"]
    first = knowledge("agencies.toml")["name"]["never_first"]
    return name[0] in first or bool(re.search(words["never_whole"], name) or re.search(words["never_last"] + "$", name))


def _commonest_kind(body: str) -> str:
    """The level that an agency without a name speaks of, by 我县, 全县 and the like."""
    kinds = Counter(re.findall(knowledge("agencies.toml")["place"]["words"]["ours"], body))
    return kinds.most_common(1)[0][0] if kinds else ""


def _commonest_place(body: str, kind: str) -> str:
    counts = _count_places(body, kind)
    for name, n in _count_places(body[:OPENING_CHARS], kind).items():
        counts[name] += 4 * n
    if not counts:
        led = re.search(
            knowledge("agencies.toml")["place"]["words"]["led"].replace("{kind}", kind), body[:OPENING_CHARS]
        )
        return led.group(1) + kind if led else ""
    best = max(counts, key=lambda name: (counts[name], -len(name)))
    longer = [name for name in counts if name.endswith(best) and name != best and counts[name] >= 0.8 * counts[best]]
    return (longer[0] if longer else best) + kind


def _count_places(body: str, kind: str) -> Counter[str]:
    """Count the names before 县, 市 and the like: masked ones, and written ones that stand there twice."""
    behind = knowledge("agencies.toml")["place"]["words"]["behind"]
    counts: Counter[str] = Counter()
    for size in (2, 3):
        for match in re.finditer(rf"(?=([\u4e00-\u9fff]{{{size}}}){kind}(?!{behind}))", body):
            if not _never_place(match.group(1)[-2:]) and not _never_place(match.group(1)):
                counts[match.group(1)] += 1
    counts = Counter({name: n for name, n in counts.items() if n > 1})
    counts.update(match.group(1) for match in re.finditer(rf"({_MASK}){kind}", body))
    return counts


def _at_county_level(place: str, body: str) -> bool:
    words = knowledge("agencies.toml")["place"]["words"]
    if len(re.findall(words["towns"], body)) > len(re.findall(words["districts"], body)):
        return True
    others = Counter({n: c for n, c in _count_places(body, place[-1]).items() if n + place[-1] != place})
    return any(n >= words["above_at_least"] for n in others.values())
