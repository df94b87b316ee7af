"""How numbers, names and sentences are written in Chinese and English; what is said stands in `data/labels.toml`."""

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from numbers import Integral

from kit.data import knowledge
from kit.errors import DataError

HAN = r"[\u3400-\u9fff]"
LANGS = ("zh", "en")
MINUS = "−"
INNER = str.maketrans("“”", "‘’")  # quotation marks within a quotation
FIRST, ROOM = 2, {"zh": 24, "en": 60}  # names that stand for many, characters that they may take


@cache
def marks(name: str) -> str:
    """Return a list of signs of `labels.toml`."""
    return knowledge("labels.toml")["marks"][name]


def full_width(text: str) -> str:
    """Write ASCII punctuation that stands beside Chinese in full width; brackets change as a pair."""
    ascii_marks, wide_marks = marks("ascii"), marks("wide")
    pairs = re.compile(rf"\(([^()]*{HAN}[^()]*)\)|(?<={HAN})\(([^()]*)\)|\(([^()]*)\)(?={HAN})")
    pair = marks("brackets")
    text = pairs.sub(lambda found: pair[0] + next(g for g in found.groups() if g is not None) + pair[1], text)
    single = re.compile(rf"(?<={HAN})[{re.escape(ascii_marks)}] ?|[{re.escape(ascii_marks)}] ?(?={HAN})")
    return single.sub(lambda found: wide_marks[ascii_marks.index(found[0][0])], text)


def half_up(value: float, decimals: int = 0) -> Decimal:
    """Round to ``decimals``, halves away from zero, as readers do: 62.5 is 63. Format it with ``f"{…}"``."""
    return _exact(value, decimals, Decimal(1))


def _exact(value: float, decimals: int, times: Decimal) -> Decimal:
    """Round a multiple of a number as it is written: in binary, 100 times 0.285 is less than 28.5."""
    written = Decimal(repr(float(value))) * times
    return written.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0  # no negative zero


def number(value: float, lang: str, *, decimals: int = 0) -> str:
    """Write a number: 3.2万 in Chinese from 10,000 up, thousands parted in English, a true minus sign."""
    units = knowledge("labels.toml")["marks"]["large"] if lang == "zh" else {}
    for unit, size in units.items():
        if abs(value) >= size:
            return f"{half_up(value / size, 1)}{unit}".replace("-", MINUS)
    rounded = half_up(value, decimals)
    return (f"{rounded:,}" if lang == "en" else f"{rounded}").replace("-", MINUS)


def signed(value: float) -> str:
    """Write a change with its sign, to one decimal; what rounds to zero has none."""
    rounded = half_up(value, 1)
    return (f"{rounded:+}" if rounded else f"{rounded}").replace("-", MINUS)


def percent(share: float, *, decimals: int = 0) -> str:
    """Write a share of 0 … 1 as a percentage."""
    return f"{_exact(share, decimals, Decimal(100))}%".replace("-", MINUS)


def rate(value: float) -> str:
    """Write a rate in the room of a cell: one decimal below 10, none from there on."""
    return f"{half_up(value, 1)}" if half_up(value, 1) < 10 else f"{half_up(value)}"  # noqa: PLR2004


class _Template(string.Formatter):
    """`{n}` writes a number in the language's way, `{n:report|reports}` with its noun, `{n:all}` that all are meant."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: object, spec: str) -> str:
        """Write a number as its language does, and the word for one or many of it."""
        written = number(int(value), self.lang) if isinstance(value, Integral) else str(value)
        if spec == "all":
            return "both" if value == 2 else f"all {written}"  # noqa: PLR2004
        if "|" in spec:
            one, many = spec.split("|")
            return f"{written} {one if value == 1 else many}"
        return written


def label(group: str, key: str, lang: str) -> str:
    """Return what `key` of a group of `labels.toml` is called, e.g. ``label("states", "plan only", "en")``."""
    if lang not in LANGS:
        message = f"lang: expected one of {LANGS}, found {lang!r}"
        raise DataError(message)
    entry = knowledge("labels.toml")
    for name in (*group.split("."), key):
        entry = entry.get(name, {})
    if not entry:
        message = f"labels.toml: expected an entry {key!r} in [{group}], found none; add it with zh and en"
        raise DataError(message)
    return entry[lang]


def fill(group: str, key: str, lang: str, **values: object) -> str:
    """Return a template of `labels.toml` with its places filled."""
    return write(label(group, key, lang), lang, **values)


def write(template: str, lang: str, **values: object) -> str:
    """Return a template with its places filled, punctuation made full-width in Chinese."""
    text = _Template(lang).format(template, **values)
    return full_width(text) if lang == "zh" else text


def quoted(words: Sequence[str], lang: str) -> str:
    """Return words in quotation marks, joined as the language joins a list."""
    quotes = [label("marks", "quoted", lang).format(word.translate(INNER)) for word in words]
    return "".join(quotes) if lang == "zh" else listed(quotes, lang)


def listed(words: Sequence[str], lang: str) -> str:
    """Return words joined as the language joins a list."""
    if not words:
        return ""
    *first, last = words
    return label("marks", "comma", lang).join(first) + label("marks", "and", lang) + last if first else last


def shortened(names: Sequence[str], lang: str) -> str:
    """Return the first of some names, two where they have room in a title, and how many there are of more."""
    most = FIRST if sum(map(len, names[:FIRST])) <= ROOM[lang] else 1
    if len(names) <= most:
        return listed(names, lang)
    first = label("marks", "comma", lang).join(names[:most])
    return fill("marks", "more", lang, first=first, n=len(names), rest=len(names) - most)


def named(keys: Sequence[str], labels: Mapping[str, str], lang: str) -> str:
    """Return themes' names in a sentence; English ones hold an “and” of their own and are quoted."""
    names = [labels.get(key, key) for key in keys]
    return quoted(names, lang) if lang == "en" else listed(names, lang)


def agency_name(name: str, lang: str, sector: str = "") -> str:
    """Return an agency's name in a language: in English its type, or that nothing names it, with its field of work."""
    # A name whose type is not known stays as it is: half a translation would be none.
    if lang != "en":
        return name
    unnamed, known = knowledge("agencies.toml")["name"], knowledge("labels.toml")["sectors"]
    if name.endswith(unnamed["unnamed"]) and re.fullmatch(f"{HAN}*", place := name.removesuffix(unnamed["unnamed"])):
        field = f" ({known[sector]['en']})" if sector in known and sector != "unknown" else ""
        return f"{place} {unnamed['unnamed_en']}{field}".lstrip()
    name = " ".join(name.replace(unnamed["unnamed"], f" {unnamed['unnamed_en']}").split())
    return name if sector == "government" else _type_of(name)


def tell_apart(names: Sequence[tuple[int, str]], places: Mapping[int, str], lang: str) -> list[str]:
    """Return the names of reports' authors; those that several bear with their place, else with the report's number."""

    def placed(report: int, name: str) -> str:
        """Return a name with its place before it."""
        place = places.get(report, "").removesuffix(name[:1])
        return fill("scope", "placed", lang, name=name, place=place).strip()

    def numbered(report: int, name: str) -> str:
        """Return a name with the number of its report."""
        return name + label("scope", "numbered", lang).format(report)

    for tell in (placed, numbered):
        bearers = Counter(name for _, name in set(names))
        names = [(report, tell(report, name) if bearers[name] > 1 else name) for report, name in names]
    return [name for _, name in names]


@cache
def _type_of(name: str) -> str:
    """Return what kind of agency a name names: its fields and what it is, as 县交通运输局 Transport Bureau."""
    fields, bodies = (knowledge("agencies.toml")["english"][kind] for kind in ("fields", "bodies"))
    body = next((words for ending, words in bodies.items() if name.endswith(ending)), "")
    longest = sorted(fields, key=len, reverse=True)
    found = list(dict.fromkeys(fields[word] for word in re.findall("|".join(map(re.escape, longest)), name)))
    if not body or not found or not re.fullmatch(f"{HAN}+", name):
        return name
    *first, last = found
    return f"{', '.join(first)} and {last} {body}" if first else f"{last} {body}"
