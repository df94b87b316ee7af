"""Which place a report speaks of, and its level in the administrative order."""

import re
from collections import Counter
from dataclasses import dataclass

from kit.data import knowledge
from kit.read import layout
from kit.read.names import MASK

OPENING_CHARS = 400
_WEIGHT_OF_OPENING = 4  # a place that the opening names counts for so many further mentions
_NEARLY_AS_OFTEN = 0.8
_MIN_MENTIONS = 2
_MAX_MASK = 6  # characters of a masked name
_NAME_SIZES = (2, 3)  # characters before 县, 市 and the like


@dataclass(frozen=True)
class Place:
    """A place as the text names it (empty when it names none), and its level."""

    name: str = ""
    level: str = "unknown"


def _known() -> dict:
    return knowledge("agencies.toml")["place"]


def _kinds() -> str:
    return "|".join(sorted(_known()["levels"], key=len, reverse=True))


def is_place(name: str) -> bool:
    """Whether a name is a place's and no agency's."""
    return name in _known()["provinces"] or name.endswith(tuple(_known()["levels"]))


def place_of(name: str) -> tuple[str, str]:
    """The place at the head of a name, without and with its kind: ``("柳溪", "县")``; empty when there is none."""
    match = re.match(rf"^((?:[\u4e00-\u9fff]|{MASK})*?)({_kinds()})", name)
    if not match:
        return "", ""
    before, kind = match.groups()
    return ("" if before and _is_no_place(before) else before), kind


def front_place(front: str) -> Place:
    """The place that a compilation's own title names (柳溪县2023年…汇编)."""
    for line in layout.split_lines(front):
        name, kind = place_of(line.text) if layout.is_collection(line.text) else ("", "")
        if name:
            return Place(name + kind, _known()["levels"][kind])
    return Place()


def find_place(name: str, body: str, front: Place) -> Place:
    """Read the place a report speaks of and its level.

    Parameters
    ----------
    name : str
        The agency's name, with its mask if it has one.
    body : str
    front : Place
        The place that the compilation's own title names; its reports of that level speak of it.

    Returns
    -------
    Place
        Masked where the text masks it.
    """
    if name in _known()["provinces"]:
        return Place(name, _known()["levels"][_known()["province"]])
    prefix, kind = place_of(name)
    kind = kind or _commonest_kind(body)
    if not kind:
        return front
    if prefix and not re.match(MASK, prefix):
        place = prefix + kind
    elif front.name.endswith(kind):
        return front
    else:
        place = (prefix + kind) if prefix else _commonest_place(body, kind)
    level = _known()["levels"][kind]
    if kind == _known()["city"] and _at_county_level(place, body):
        level = _known()["county_city"]
    return Place(place, level)


def share_place(reports: list[dict]) -> list[dict]:
    """Give reports that name no place the one that most of the compilation's reports of their level name."""
    shared = {level: _majority(reports, level) for level in {row["level"] for row in reports}}
    return [row | {"place": row["place"] or shared[row["level"]]} for row in reports]


def _majority(reports: list[dict], level: str) -> str:
    named = Counter(row["place"] for row in reports if row["level"] == level and row["place"])
    named = Counter({place: n for place, n in named.items() if not re.match(MASK, place)})
    place, most = named.most_common(1)[0] if named else ("", 0)
    return place if most > named.total() / 2 else ""


def _is_no_place(name: str) -> bool:
    """Whether a word before 县, 市 or 区 makes no place's name: 全, 对口帮扶, 高新."""
    words = _known()["words"]
    first = knowledge("agencies.toml")["name"]["never_first"]
    return name[0] in first or bool(re.search(words["never_whole"], name) or re.search(words["never_last"] + "$", name))


def _commonest_kind(body: str) -> str:
    """The kind of place that an agency without a name speaks of, by 我县, 全县 and the like."""
    kinds = Counter(re.findall(_known()["words"]["ours"], body))
    return kinds.most_common(1)[0][0] if kinds else ""


def _commonest_place(body: str, kind: str) -> str:
    """The place of a kind that a body names most, its opening before all."""
    opening = body[:OPENING_CHARS]
    counts = _count_places(body, kind)
    for name, n in _count_places(opening, kind).items():
        counts[name] += _WEIGHT_OF_OPENING * n
    if not counts:
        led = re.search(_known()["words"]["led"].replace("{kind}", kind), opening)
        return led.group(1) + kind if led else ""
    best = max(counts, key=lambda name: (counts[name], -len(name)))
    enough = _NEARLY_AS_OFTEN * counts[best]
    longer = [name for name in counts if name.endswith(best) and name != best and counts[name] >= enough]
    return (longer[0] if longer else best) + kind


def _count_places(body: str, kind: str) -> Counter[str]:
    """Count the names before 县, 市 and the like: masked ones, and written ones that stand there twice."""
    behind = _known()["words"]["behind"]
    found = Counter(
        match.group(1)
        for size in _NAME_SIZES
        for match in re.finditer(rf"(?=([\u4e00-\u9fff]{{{size}}}){kind}(?!{behind}))", body)
    )
    counts = Counter({name: n for name, n in found.items() if n >= _MIN_MENTIONS and not _ends_as_no_place(name)})
    counts.update(match.group(1) for match in re.finditer(f"({MASK}{{1,{_MAX_MASK}}}){kind}", body))
    return counts


def _ends_as_no_place(name: str) -> bool:
    return _is_no_place(name) or _is_no_place(name[-min(_NAME_SIZES) :])


def _at_county_level(place: str, body: str) -> bool:
    """Whether a 市 is of county level: it has towns and no districts, or names the city above it again and again."""
    words = _known()["words"]
    if len(re.findall(words["towns"], body)) > len(re.findall(words["districts"], body)):
        return True
    others = _count_places(body, _known()["city"])
    return any(n >= words["above_at_least"] for name, n in others.items() if name + _known()["city"] != place)
