"""Chinese and Latin in one line: where a line may break, how long names are shortened, how numbers are written.

The rules are those of Chinese typesetting (避头尾; W3C, Requirements for Chinese Text Layout, 2023): no line starts
with a closing mark or ends with an opening one, a Latin word or a number with its sign is never cut.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from kit.data import knowledge
from kit.show.font import width

HAN = r"[\u3400-\u9fff]"
BRACKETS = re.compile(r"(.+?)\s?[（(][^（()）]*[）)](.*)", re.DOTALL)
TOKEN = re.compile(r"[0-9A-Za-z]+(?:[.,:/'’&+\-−][0-9A-Za-z]+)*[%‰℃]?|\s+|.", re.DOTALL)
MINUS = "−"
ELLIPSIS = "…"
WIDOW = 0.35  # a second line shorter than this part of the first is a widow


@cache
def _marks(name: str) -> str:
    return knowledge("labels.toml")["marks"][name]


def _legal(before: str, after: str) -> bool:
    return after.lstrip()[0] not in _marks("not_first") and before.rstrip()[-1:] not in _marks("not_last")


def wrap(text: str, size: float, limit: float) -> list[str]:
    """Break ``text`` into lines of at most ``limit`` points.

    Parameters
    ----------
    text : str
        One paragraph.
    size, limit : float
        Size of the type and width of the line, points.

    Returns
    -------
    list of str
        The lines, without space at their ends. A stretch without a legal break is longer than ``limit``.
    """
    lines: list[str] = []
    line: list[str] = []
    for token in TOKEN.findall(text):
        if line and width("".join([*line, token]).rstrip(), size) > limit and not token.isspace():
            ahead = [*line, token]
            cut = next((k for k in range(len(line), 0, -1) if _legal("".join(line[:k]), "".join(ahead[k:]))), 0)
            if cut:
                lines.append("".join(line[:cut]).rstrip())
                line = _stripped(line[cut:])
        line.append(token)
    return [*lines, "".join(line).rstrip()] if line else lines


def _stripped(tokens: list[str]) -> list[str]:
    return tokens[1:] if tokens and tokens[0].isspace() else tokens


def wrap_title(text: str, size: float, limit: float) -> list[str]:
    """Break a title: at its comma when that makes two lines of like length, else balanced."""
    lines = wrap(text, size, limit)
    if len(lines) != 2:  # noqa: PLR2004
        return lines
    at_comma = [[text[: at.end()], text[at.end() :].lstrip()] for at in re.finditer(f"[{_marks('commas')}]", text)]
    for halves in sorted(at_comma, key=lambda halves: abs(width(halves[0], size) - width(halves[1], size))):
        short, long = sorted(width(half, size) for half in halves)
        if long <= limit and short >= long / 2:
            return halves
    while len(narrower := wrap(text, size, limit - size / 2)) == len(lines):
        lines, limit = narrower, limit - size / 2
    return lines


def wrap_subtitle(text: str, size: float, limit: float) -> list[str]:
    """Break a subtitle; a short second line is avoided by breaking at the last comma, a full-width one is dropped."""
    lines = wrap(text, size, limit)
    if len(lines) == 2 and width(lines[1], size) < WIDOW * width(lines[0], size):  # noqa: PLR2004
        at = max(lines[0].rfind(comma) for comma in _marks("commas"))
        rest = text[at + 1 :].lstrip()
        if at > 0 and width(rest, size) <= limit:
            return [text[: at + text[at].isascii()], rest]
    return lines


def full_width(text: str) -> str:
    """Write ASCII punctuation that stands beside Chinese in full width; brackets change as a pair."""
    ascii_marks, wide_marks = _marks("ascii"), _marks("wide")
    pairs = re.compile(rf"\(([^()]*{HAN}[^()]*)\)|(?<={HAN})\(([^()]*)\)|\(([^()]*)\)(?={HAN})")
    pair = _marks("brackets")
    text = pairs.sub(lambda found: pair[0] + next(g for g in found.groups() if g is not None) + pair[1], text)
    single = re.compile(rf"(?<={HAN})[{re.escape(ascii_marks)}] ?|[{re.escape(ascii_marks)}] ?(?={HAN})")
    return single.sub(lambda found: wide_marks[ascii_marks.index(found[0][0])], text)


def shorten(text: str, size: float, limit: float) -> str:
    """Shorten ``text`` to ``limit`` points, keeping its head and its tail: an agency's end says what it is.

    What stands in brackets behind a name is never cut: it goes before the name is shortened.
    """
    if width(text, size) <= limit:
        return text
    if found := BRACKETS.fullmatch(text):
        return shorten(found[1] + found[2], size, limit)
    tokens = TOKEN.findall(text)
    tail = max(1, min(4, len(tokens) // 3))
    for head in range(len(tokens) - tail - 1, 0, -1):
        short = "".join(tokens[:head]).rstrip() + ELLIPSIS + "".join(tokens[-tail:]).lstrip()
        if width(short, size) <= limit:
            return short
    return shorten_end(text, size, limit)


def shorten_end(text: str, size: float, limit: float) -> str:
    """Shorten ``text`` to ``limit`` points at its end."""
    if width(text, size) <= limit:
        return text
    ends = (text[:n].rstrip() + ELLIPSIS for n in range(len(text) - 1, 0, -1))
    return next((short for short in ends if width(short, size) <= limit), ELLIPSIS)


def half_up(value: float, decimals: int = 0) -> Decimal:
    """Round to ``decimals``, halves away from zero, as readers do: 62.5 is 63. Format it with ``f"{…}"``.

    Every number that is written for a reader goes through here, so that figures, slides, pages and sentences agree.
    """
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


def signed(value: float, *, decimals: int = 1) -> str:
    """Write a change with its sign; what rounds to zero has none."""
    rounded = half_up(value, decimals)
    return (f"{rounded:+}" if rounded else f"{rounded}").replace("-", MINUS)


def percent(share: float, *, decimals: int = 0) -> str:
    """Write a share of 0 … 1 as a percentage."""
    return f"{_exact(share, decimals, Decimal(100))}%".replace("-", MINUS)


def rate(value: float) -> str:
    """Write a rate in the room of a cell: one decimal below 10, none from there on."""
    return f"{half_up(value, 1)}" if half_up(value, 1) < 10 else f"{half_up(value)}"  # noqa: PLR2004
