"""Whose report it is, and of which place (a title that the body contradicts loses); what it masks; near copies."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import PurePath
from typing import Any

import numpy as np

from kit.data import any_of, knowledge, rule
from kit.read import lines as grammar
from kit.read.compilation import Place, Report, doubt
from kit.tables import BODY_ROLES

OPENING_CHARS = 400
GOVERNMENT = "government"  # the sector of a government's own report, and of what is not one agency's
_SAME = 2  # characters that two names of one place begin with
_BODY = 2000  # characters of a report's body in which it says who it is
_WEIGHT_OF_OPENING = 4  # a place that the opening names counts for so many further mentions
_MIN_MENTIONS = 2
_MAX_MASK = 6  # characters of a masked name
_HAN = re.compile("[\u4e00-\u9fff]+")
_PLACES: dict[str, Any] = knowledge("agencies.toml")["place"]
_LEVELS: dict[str, str] = _PLACES["levels"]
_WORDS, _KINDS = _PLACES["words"], any_of(_LEVELS)
_NAME_SIZES = (2, 3)  # characters before 县, 市 and the like
_BEFORE = 4  # characters before a mask that may say what it stands for
_CONTEXT = 10  # characters beside a mask by which its place in a copy is known
_MIN_LEFT, _MIN_RIGHT = 4, 2
_WINDOW = 1000  # characters that a copy may have more or less between two masks
_MAX_FILLED = 20
_SIZE = 8  # characters of a shingle
_SHARE = 0.7
_SAMPLE = 4  # one shingle of four is kept, chosen by its own characters, so that copies keep the same ones
_MIN_CHARS = 200
_MOST, _LAST = 20, 4  # reports that share a shingle, each compared with each; of more, with so many before it


# -- agencies


def find_agency(report: Report) -> Report:
    """Read whose report it is: settled by the analyst, else from title, signature, opening, or the file's name."""
    body, title = report.own(*BODY_ROLES), _in_title(report)
    opening = report.text[report.lines[0].start : report.end][:_BODY] if report.lines else ""
    signed, speaking = grammar.agency_signed(report.own("signature")), grammar.agency_speaking(opening[:OPENING_CHARS])
    contradicted = _contradict(title, signed or speaking)
    if report.says.get("agency"):
        name, source = report.says["agency"], "override"
    elif report.is_government:
        name, source = find_government(report)
    else:
        name, source = _choose("" if contradicted else title, signed, speaking, report.file)
    place = own_place(name) if report.is_government and name else find_place(name, body, report.front_place)
    shown = re.sub(f"^{grammar.MASK}+", "", name)
    if not shown:
        shown, source = place.name + knowledge("agencies.toml")["name"]["unnamed"], "unknown"
    named = {"agency": shown, "agency_from": source, "sector": find_sector(name or shown, body)}
    report = replace(report, named=named | {"place": place.name, "level": place.level})
    return _doubt_agency(report, title if contradicted else "", signed or speaking, body)


def _choose(title: str, signed: str, speaking: str, file: str) -> tuple[str, str]:
    """The agency of the title, unless this names a place and the text an agency; else who signs, speaks, or files."""
    title = "" if is_place(title) and (signed or speaking) else title
    told = {"title": title, "signature": signed, "body": speaking}
    told["file"] = grammar.agency_in_title(PurePath(file).stem)
    return next(((name, source) for source, name in told.items() if name), ("", "file"))


def _in_title(report: Report) -> str:
    """The agency that the title block names: in the title, above or below it, in a crawler's header."""
    named = [grammar.named_unit(line.text) or line.text for line in report.titles]
    lines = [name if grammar.is_unit(name) else grammar.agency_headed(name) for name in named]
    return next(filter(None, [grammar.agency_in_title(report.title), *lines, report.publisher]), "")


def _doubt_agency(report: Report, contradicted: str, spoken: str, body: str) -> Report:
    """Say what is unsure: a title that the body contradicts, an agency never named, or not in the title."""
    place, agency, source = report.title_place, report.named["agency"], report.named["agency_from"]
    known = knowledge("agencies.toml")
    if contradicted:
        return report.doubting("title_contradicted", place, title=contradicted, body=spoken)
    nameless = agency.removesuffix(known["government"]["own"]) in _LEVELS  # 市人民政府, of which city?
    if source == "unknown" or nameless:
        mine = next((word for word in known["name"]["self"] if word in body), agency * nameless)
        code = "agency_unknown" if mine else "agency_unnamed"
        return report.doubting(code, place, self=mine, agency=agency)
    if source in ("title", "override") or not report.title:
        return report
    return report.doubting("generic_title", place, agency=agency, **known["sources"][source])


def _contradict(title: str, spoken: str) -> bool:
    a, b = sector_of(title), sector_of(spoken)
    return bool(a and b and a != b) and GOVERNMENT not in (a, b)


def find_government(report: Report) -> tuple[str, str]:
    """Whose government reports, and where that was read: a place, or who says that it speaks for one (市人民政府)."""
    # Named in the title, else where and by whom the report was given, else where it opens (我代表…), else by the file's
    # folder or its name; never by a phrase of the text.
    government = knowledge("agencies.toml")["government"]
    head = report.head
    told = [(place_in_title(report.title), "title")]
    told += [(match.group(1), "title") for key in ("assembly", "post") for match in _government(key).finditer(head)]
    spoken = [match.group(1) for match in _government("speaks").finditer(head)]
    told += [(name, "body") for name in spoken]
    if any(name in government["national"] for name, _ in told):
        return government["national"][0], "body"
    in_file = rule("agencies.toml", "government.in_file").sub("", PurePath(report.file).stem)
    told += [(report.folder, "file"), (in_file, "file")]
    places = [(name, source) for one, source in told if (name := government_place(one))]
    if not places:
        return spoken[0] + government["own"] if spoken else "", "body"
    name, source = places[0]
    if name not in _PLACES["provinces"]:  # 延边州 is 延边朝鲜族自治州, but 广西 goes by this name
        name = max((one for one, _ in places if one[:_SAME] == name[:_SAME]), key=len)
    return name, source


def place_in_title(title: str) -> str:
    """The place that a government report's title names (2024年柳溪县政府工作报告); empty when it names none."""
    bare = rule("layout.toml", "year.left_out").sub("", grammar.strip_prefix(title))
    before, *behind = rule("agencies.toml", "place.government_report").split(bare)
    return government_place(before) if behind else ""


def _government(key: str) -> re.Pattern[str]:
    return rule("agencies.toml", f"government.{key}", kinds=_KINDS)


def government_place(text: str) -> str:
    """The place that a text is the name of, as a government's report names its own: 柳溪县, 广西, 柳溪县人民政府."""
    bare = rule("agencies.toml", "government.around").sub("", text)
    if bare in _PLACES["provinces"]:
        return bare
    place = ""
    while bare:  # the last of several that stand within each other: 湖南省常德市
        name, kind = place_of(bare)
        place, bare = name + kind, bare[len(name + kind) :]
        if not name:
            return ""
    return place


def sector_of(name: str) -> str:
    """The field of work an agency's name says, a key of ``agencies.toml``; empty when it says none."""
    sizes = {
        sector: sum(len(word) for word in words if word in name)
        for sector, words in knowledge("agencies.toml")["sectors"].items()
    }
    return _largest(sizes)


def find_sector(name: str, body: str) -> str:
    """The field of work, from the agency's name, else from the words of its report; ``unknown`` when neither says."""
    if said := sector_of(name):
        return said
    if is_place(name):
        return GOVERNMENT
    words = knowledge("agencies.toml")["sector_words"]
    counts = {sector: sum(body.count(word) for word in words[sector]) for sector in words}
    return _largest(counts) or "unknown"


def _largest(counts: Mapping[str, int]) -> str:
    return max(counts, key=lambda key: counts[key]) if any(counts.values()) else ""


# -- places


def _word_rule(key: str, **filled: str) -> re.Pattern[str]:
    return rule("agencies.toml", f"place.words.{key}", **filled)


def is_place(name: str) -> bool:
    """Whether a name is a place's and no agency's."""
    return name in _PLACES["provinces"] or name.endswith(tuple(_LEVELS))


def place_of(name: str) -> tuple[str, str]:
    """The place at the head of a name, without and with its kind: ``("柳溪", "县")``; empty when there is none."""
    begins, town_ends = _word_rule("begins_as_kind").match(name), _WORDS["town_ends"]
    match = _word_rule("headed", mask=grammar.MASK, kinds=_KINDS).match(name, begins.end() if begins else 0)
    if not match:
        return "", ""
    before, kind = name[: match.start(2)], match.group(2)
    town = before[-1:] in town_ends and kind not in town_ends and len(before) > 1  # 景德镇市, 新乡市
    return ("" if before and _is_no_place(before[:-1] if town else before) else before), kind


def front_place(front: str) -> Place:
    """The place that a compilation's own title names (柳溪县2023年…汇编)."""
    for line in grammar.split_lines(front):
        name, kind = place_of(line.text) if grammar.is_a("collection", line.text) else ("", "")
        if name:
            return Place(name + kind, _LEVELS[kind])
    return Place()


def find_place(name: str, body: str, front: Place) -> Place:
    """Read the place a report speaks of and its level."""
    if name in _PLACES["provinces"]:
        return Place(name, _LEVELS[_PLACES["province"]])
    prefix, kind = place_of(name)
    kind = kind or _commonest_kind(body)
    if not kind:
        return front
    if prefix and not re.match(grammar.MASK, prefix):
        place = prefix + kind
    elif front.name.endswith(kind):
        return front
    else:
        place = (prefix + kind) if prefix else _commonest_place(body, kind)
    county_city = kind == _PLACES["city"] and _at_county_level(place, body)
    return Place(place, _PLACES["county_city"] if county_city else _LEVELS[kind])


def own_place(name: str) -> Place:
    """The place whose government reports under its own name."""
    _, kind = place_of(name)
    if name in _PLACES["provinces"]:
        kind = _PLACES["province"]
    return Place(name, _LEVELS[kind]) if government_place(name) and kind else Place()


def share_place(reports: Sequence[dict]) -> list[dict]:
    """Give reports that name no place the one that most of the compilation's reports of their level name."""
    shared = {level: _majority(reports, level) for level in {row["level"] for row in reports}}
    return [row | {"place": row["place"] or shared[row["level"]]} for row in reports]


def _majority(reports: Sequence[dict], level: str) -> str:
    places = (row["place"] for row in reports if row["level"] == level)
    named = Counter(place for place in places if place and not re.match(grammar.MASK, place))
    place, most = named.most_common(1)[0] if named else ("", 0)
    return place if most > named.total() / 2 else ""


def _is_no_place(name: str) -> bool:
    """Whether a word before 县, 市 or 区 makes no place's name: 全, 对口帮扶, 高新."""
    first = knowledge("agencies.toml")["name"]["never_first"]
    never = name[0] in first or _word_rule("never_whole").search(name) or _word_rule("never_last").search(name)
    return bool(never) and name not in _WORDS["real"]


def _commonest_kind(body: str) -> str:
    """The kind of place that an agency without a name speaks of, by 我县, 全县 and the like."""
    kinds = Counter(_word_rule("ours").findall(body))
    return kinds.most_common(1)[0][0] if kinds else ""


def _commonest_place(body: str, kind: str) -> str:
    """The place of a kind that a body names most, its opening before all."""
    opening = body[:OPENING_CHARS]
    counts = _count_places(body, kind)
    for name, n in _count_places(opening, kind).items():
        counts[name] += _WEIGHT_OF_OPENING * n
    if not counts:
        led = _word_rule("led", kind=kind).search(opening)
        return led.group(1) + kind if led else ""
    return max(counts, key=lambda name: (counts[name], -len(name))) + kind


def _count_places(body: str, kind: str) -> Counter[str]:
    """Count the names before 县, 市 and the like: masked ones, and written ones that stand there twice."""
    found: Counter[str] = Counter()
    alone: set[str] = set()  # names that stand at least once where no longer word can end with them
    for end in _word_rule("ends", kind=kind).finditer(body):
        for size in _NAME_SIZES:
            begin = end.start() - size
            name = body[max(0, begin) : end.start()]
            if begin >= 0 and _HAN.fullmatch(name):
                found[name] += 1
                alone |= {name} if _word_rule("before").match(body[max(0, begin - 1) : begin]) else set()
    known = _PLACES["provinces"] if kind == _PLACES["province"] else alone
    often = (name for name, n in found.items() if n >= _MIN_MENTIONS and name in alone and name in known)
    counts = Counter({name: found[name] for name in often if not _ends_as_no_place(name)})
    counts.update(match.group(1) for match in re.finditer(f"({grammar.MASK}{{1,{_MAX_MASK}}}){kind}", body))
    return counts


def _ends_as_no_place(name: str) -> bool:
    ends = name.endswith(_WORDS["never_in_text"])
    return ends or _is_no_place(name) or _is_no_place(name[-min(_NAME_SIZES) :])


def _at_county_level(place: str, body: str) -> bool:
    """Whether a 市 is of county level: it has towns and no districts, or names the city above it again and again."""
    if len(_word_rule("towns").findall(body)) > len(_word_rule("districts").findall(body)):
        return True
    others = _count_places(body, _PLACES["city"])
    return any(n >= _WORDS["above_at_least"] for name, n in others.items() if name + _PLACES["city"] != place)


# -- masks


def find_masks(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the masks of ``text[start:end]`` and what each stands for."""
    before, behind = (rule("layout.toml", f"mask.{key}") for key in ("before_number", "behind_number"))
    done = start
    sign = rule("layout.toml", "mask.sign")
    for begin in rule("layout.toml", "mask.begins").finditer(text, start, end):  # few: the sign is tried there only
        match = sign.match(text, begin.start(), end) if begin.start() >= done else None
        if not match:
            continue
        done = match.end()
        left = text[max(start, match.start() - _BEFORE) : match.start()]
        number = behind.match(text, match.end()) or before.search(left)
        yield *match.span(), "number" if number else "name"


def mask_rows(text: str, parts: Sequence[dict]) -> list[dict]:
    """Rows of `tables.MASKS`: what is masked in titles, bodies and signatures."""
    return [
        {"report": row["report"], "role": row["role"], "stands_for": what, "start": start, "end": end}
        for row in parts
        if row["role"] in (*BODY_ROLES, "title", "signature")
        for start, end, what in find_masks(text, row["start"], row["end"])
    ]


def doubt_masks(masks: Sequence[dict]) -> list[dict]:
    """Count the masks of every report that has any; rows of `tables.DOUBTS`."""
    return [
        doubt("masks", report, _span(mine[0]), n=len(mine), numbers=sum(m["stands_for"] == "number" for m in mine))
        for report, mine in _by_report(masks).items()
    ]


def _by_report(masks: Sequence[dict]) -> dict[int, list[dict]]:
    return {report: list(mine) for report, mine in groupby(masks, key=itemgetter("report"))}  # in order of the text


def _span(row: Mapping[str, int]) -> dict[str, int]:
    return {"start": row["start"], "end": row["end"]}


def find_filled(text: str, masks: Sequence[dict], own: dict, other: dict) -> list[dict]:
    """List what a report masks and its copy gives in the same place, known by what stands before and behind."""
    sign = rule("layout.toml", "mask.sign")
    places: dict[tuple[str, str], list[dict]] = defaultdict(list)
    shift = other["start"] - own["start"]
    for mask in masks:
        left, right = map(re.escape, _beside(text, mask))
        first = max(other["start"], mask["start"] + shift - _WINDOW)
        last = min(other["end"], mask["start"] + shift + _WINDOW)
        given = re.compile(f"{left}(.{{1,{_MAX_FILLED}}}?){right}").search(text, first, last) if left else None
        if given:
            shift = given.start(1) - mask["start"]
            if not sign.search(given[1]):
                places[given[1], mask["stands_for"]].append(mask)
    return [
        doubt("mask_filled_by_copy", own["report"], _span(mine[0]), n=len(mine), other=other["report"], text=given)
        for (given, _), mine in places.items()
    ]


def _beside(text: str, mask: dict) -> tuple[str, str]:
    """What stands before and behind a mask in its line, up to the next mask; empty when that is too little."""
    sign = rule("layout.toml", "mask.sign")
    left = sign.split(text[max(0, mask["start"] - _CONTEXT) : mask["start"]])[-1].split("\n")[-1]
    right = sign.split(text[mask["end"] : mask["end"] + _CONTEXT])[0].split("\n")[0]
    return (left, right) if len(left) >= _MIN_LEFT and len(right) >= _MIN_RIGHT else ("", "")


# -- near copies, by the shingles that bodies share (Broder 1997)


def find_copies(bodies: Mapping[int, str]) -> list[tuple[int, int, float]]:
    """Find pairs of reports whose bodies are near copies."""
    # Linear in the text: of those that share a shingle, each meets the last few before it, and not all of a thousand.
    bare = {number: bare_of(body) for number, body in bodies.items()}
    first: dict[str, int] = {}
    same = [(first.setdefault(body, n), n, 1.0) for n, body in bare.items() if len(body) >= _MIN_CHARS]
    sets = {number: _shingles(body) for body, number in first.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, shingles in sets.items() if len(sets) > 1 else ():
        for shingle in shingles:
            holders[shingle].append(number)
    reach = ((who, len(who) if len(who) <= _MOST else _LAST) for who in holders.values() if len(who) > 1)
    common = Counter((a, b) for who, last in reach for at, b in enumerate(who) for a in who[max(0, at - last) : at])
    shares = ((a, b, n / max(1, min(len(sets[a]), len(sets[b])))) for (a, b), n in common.items())
    near = [(a, b, share) for a, b, share in shares if share >= _SHARE]
    return sorted([*near, *((a, b, share) for a, b, share in same if a != b)])


def find_share(one: str, other: str) -> float:
    """Return the share of shingles that two bare bodies have in common; 0 where they are no near copies."""
    if min(len(one), len(other)) < _MIN_CHARS:
        return 0.0
    ours, theirs = _shingles(one), _shingles(other)
    share = 1.0 if one == other else len(ours & theirs) / max(1, min(len(ours), len(theirs)))
    return share if share >= _SHARE else 0.0


def bare_of(body: str) -> str:
    """Return the letters and figures of a body."""
    return re.sub(r"[\W_]+", "", body)


@lru_cache(maxsize=1 << 10)
def _shingles(body: str) -> set[str]:
    """The shingles of a body whose characters add up to a multiple of _SAMPLE."""
    sums = np.cumsum(np.frombuffer(("\0" + body).encode("utf-32-le", "surrogatepass"), dtype=np.uint32), dtype=np.int64)
    kept = np.flatnonzero((sums[_SIZE:] - sums[:-_SIZE]) % _SAMPLE == 0).tolist()
    return {body[at : at + _SIZE] for at in kept}


def bodies_of(text: str, parts: Sequence[dict], masks: Sequence[dict]) -> dict[int, str]:
    """Every report's body, masks as spaces."""
    pieces, at = [], 0
    for mask in masks:
        pieces += [text[at : mask["start"]], " " * (mask["end"] - mask["start"])]
        at = mask["end"]
    blank = "".join([*pieces, text[at:]])
    bodies: dict[int, list[str]] = defaultdict(list)
    for part in parts:
        if part["report"] and part["role"] in BODY_ROLES:
            bodies[part["report"]].append(blank[part["start"] : part["end"]])
    return {report: "".join(stretches) for report, stretches in bodies.items()}


def mark_copies(
    text: str, reports: Sequence[dict], parts: Sequence[dict], masks: Sequence[dict], doubts: Sequence[dict]
) -> tuple[list[dict], list[dict]]:
    """Set ``copy_of``: a report whose title its body contradicts is the copy, else the later of the two."""
    wrong = {row["report"] for row in doubts if row["code"] == "title_contradicted"}
    rows, mine = {row["report"]: row for row in reports}, _by_report(masks)
    found = []
    for a, b, share in find_copies(bodies_of(text, parts, masks)):
        first, second = (b, a) if a in wrong and b not in wrong else (a, b)
        original = rows[first]["copy_of"] or first
        if original == second or rows[second]["copy_of"] is not None:
            continue
        rows[second] = rows[second] | {"copy_of": original}
        found.append(doubt("copy", second, _titled(rows[second]), other=original, share=f"{share:.0%}"))
        for own, other in ((second, original), (original, second)):
            found += find_filled(text, mine.get(own, ()), rows[own], rows[other])
    return list(rows.values()), found


def doubt_same_agency(reports: Sequence[dict]) -> list[dict]:
    """List reports of one agency on one year that are no copies of each other; rows of `tables.DOUBTS`."""
    seen: dict[tuple, int] = {}
    doubts = []
    for row in reports:
        if row["copy_of"] is not None or row["agency_from"] == "unknown":
            continue
        other = seen.setdefault((row["agency"], row["period"], row["plan_period"]), row["report"])
        if other != row["report"]:
            doubts.append(doubt("same_agency", row["report"], _titled(row), other=other, agency=row["agency"]))
    return doubts


def _titled(row: dict) -> dict[str, int]:
    return {"start": row["start"], "end": row["start"] + max(1, len(row["title"]))}
