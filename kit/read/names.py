"""How agencies are named: in a title, on a line of their own, as the speaker of a text."""

import re
from functools import cache

from kit.data import knowledge
from kit.read.layout import SPACE, YEAR, strip_number

MASK: str = knowledge("layout.toml")["mask"]["name"]
_MAX_NAME = 30
_MAX_PLACE = 8
_OPENING, _CLOSING = "（(", ("）", ")")
_CLAUSE = re.compile(r"[，。；、：！？,\n“”（）()]")


def _known() -> dict:
    return knowledge("agencies.toml")["name"]


@cache
def _names() -> dict[str, re.Pattern[str]]:
    """Compile the rules of ``agencies.toml``."""
    name = _known()
    endings = "|".join(sorted(map(re.escape, name["endings"]), key=len, reverse=True))
    places = "|".join(name["in_title"])
    speaks = "|".join(name["speaks"])
    return {
        "placed": re.compile(rf"^.*(?:{places})$"),
        "line": re.compile(rf"^.{{2,}}(?:{endings})$"),
        "place": re.compile(rf"^[\u4e00-\u9fff]{{1,{_MAX_PLACE}}}(?:{places})$"),
        "headed": re.compile(rf"^(.{{2,}}?(?:{endings}))(?={name['posts']})"),
        "speaker": re.compile(rf"^((?:[\u4e00-\u9fff]|{MASK}){{1,{_MAX_NAME}}}?(?:{endings}))(?={speaks})"),
        "time": re.compile(name["time"]),
        "lead": re.compile(name["lead"], re.IGNORECASE),
        "tail": re.compile(name["tail"]),
        "dated": re.compile(f"{YEAR}.*$"),
        "year": re.compile(name["year"].replace("{year}", YEAR)),
    }


def is_agency(line: str) -> bool:
    """Whether a line is the name of an agency and nothing else."""
    short = len(line) <= knowledge("layout.toml")["signature"]["max_chars"]
    plain = not _CLAUSE.search(line) and strip_number(line) == line
    return short and plain and bool(_names()["line"].match(line))


def is_unit(line: str) -> bool:
    """Whether a line by a title names who reports: an agency, or a place and nothing else (青石镇)."""
    return is_agency(line) or bool(_names()["place"].match(line))


def agency_in_title(title: str) -> str:
    """The agency a title names, before its year or behind it; empty when it names none."""
    rules = _names()
    before, _, behind = rules["year"].sub("\0", re.sub(r"\s", "", strip_number(title))).partition("\0")
    for stretch in (before, behind):
        name = _ending_last(rules["tail"].sub("", rules["lead"].sub("", stretch).removeprefix(_known()["about"])))
        if name and name[0] not in _known()["never_first"]:
            return name
    return ""


def _ending_last(stretch: str) -> str:
    """The longest head of a stretch that ends as an agency's name does, closing its bracket; or a place's name."""
    endings = tuple(_known()["endings"])
    size = next((n for n in range(len(stretch), 0, -1) if stretch.endswith(endings, 0, n)), 0)
    if stretch[size : size + 1] in _CLOSING and any(sign in stretch[:size] for sign in _OPENING):
        size += 1
    return stretch[:size] or stretch * bool(_names()["placed"].match(stretch))


def agency_headed(line: str) -> str:
    """The agency whose head a line under a title names (某县融媒体中心主任　某某); empty when it is no such line."""
    match = _names()["headed"].match(line)
    return match.group(1) if match else ""


def agency_signed(lines: str) -> str:
    """The agency that signs; empty when the lines under a report name none."""
    stripped = [_names()["dated"].sub("", line).strip(SPACE) for line in lines.split("\n")]
    return next((line for line in stripped if _names()["line"].match(line) and not _is_never(line)), "")


def agency_speaking(opening: str) -> str:
    """The agency that an opening speaks as: a name at the head of a clause, before a verb."""
    rules = _names()
    for clause in _CLAUSE.split(opening):
        match = rules["speaker"].match(rules["time"].sub("", clause.strip(SPACE)))
        if match and not _is_never(match.group(1)):
            return match.group(1)
    return ""


def _is_never(name: str) -> bool:
    """Whether a name in a running text only looks like an agency's: 市委, 由市人民政府, 县政府和市局."""
    known = _known()
    return name.endswith(tuple(known["never"])) or name in known["never_alone"] or name[0] in known["never_first"]
