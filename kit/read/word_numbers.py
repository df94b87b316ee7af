"""The numbers of Word's automatic numbering, which Word computes and does not store.

A paragraph names a list (``numId``) and a level, itself or through its style (ECMA-376 part 1, 17.9). Lists of one
abstract definition count on together, as Word does, unless a list sets its own start.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kit.data import knowledge

OFF = ("0", "false", "off")  # of a switch; any other value, and none, is on
MAX_BASES = 50  # styles that a style is based on, one on the other; Word itself stops far earlier
_LEVELS = 9
_MAX_START = 32_767  # where Word's numbers end
_MAX_LETTERS = 780  # where its letters end (30 of them); what a format cannot write is shown in digits
_MAX_SHOWN = 100  # characters of a number


def local(element: Any) -> str:
    """The name of an XML element without its namespace, which differs between Word's two dialects."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str = "val") -> str:
    """An attribute by its name without namespace; empty when there is no such attribute, or no element."""
    if element is None:
        return ""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def child(element: Any, path: str) -> Any:
    """The first element on a path of names without namespaces, e.g. ``pPr/numPr``; None when there is none."""
    for name in path.split("/"):
        element = None if element is None else next(element.iterchildren("{*}" + name), None)
    return element


def write_number(number: int, style: str) -> str:
    """Write a number in one of Word's number formats, e.g. 十二 for 12 in ``chineseCounting``."""
    formats = knowledge("formats.toml")
    if style in formats["listed"] and 0 < number <= len(formats["listed"][style]):
        return formats["listed"][style][number - 1]
    if style in formats["counted"] and 0 < number < 10_000:  # noqa: PLR2004
        return _count_han(number, formats["counted"][style])
    if style in formats["digits"]:
        return str(number).translate({48 + n: sign for n, sign in enumerate(formats["digits"][style])})
    if style in ("upperRoman", "lowerRoman") and 0 < number < 5000:  # noqa: PLR2004
        return _roman(number) if style == "lowerRoman" else _roman(number).upper()
    if style in ("upperLetter", "lowerLetter") and 0 < number <= _MAX_LETTERS:
        letter = chr(ord("a" if style == "lowerLetter" else "A") + (number - 1) % 26)
        return letter * ((number - 1) // 26 + 1)
    if style == "decimalZero":
        return f"{number:02}"
    return "" if style in ("none", "bullet") else str(number)


def _count_han(number: int, signs: str) -> str:
    units = ["", *signs[10:]]
    digits = [int(digit) for digit in str(number)]
    places = zip(digits, reversed(range(len(digits))), strict=True)
    written = "".join(signs[digit] + (units[place] if digit else "") for digit, place in places)
    written = re.sub(f"{signs[0]}+", signs[0], written).rstrip(signs[0])
    return written.removeprefix(signs[1]) if 10 <= number < 20 else written  # noqa: PLR2004


def _roman(number: int) -> str:
    written = ""
    for value, letters in knowledge("formats.toml")["roman"]:
        written += letters * (number // value)
        number %= value
    return written


@dataclass(frozen=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None  # counts anew behind this level (from 1) or a higher one; None: any higher one
    legal: bool = False


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    linked: dict[str, int] = field(default_factory=dict)  # paragraph style to the level that it counts in
    by_style: str = ""  # a style that names the list instead


_NO_LIST = _List()


@dataclass
class Numbering:
    """The lists of one Word document, and how far each has counted."""

    lists: dict[str, str] = field(default_factory=dict)  # numId to the abstract list it counts in
    abstracts: dict[str, _List] = field(default_factory=dict)
    overrides: dict[str, _List] = field(default_factory=dict)  # of a numId
    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # where a numId starts anew, until it has
    styles: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # style to base, numId, level
    counts: dict[tuple[str, int], int] = field(default_factory=dict)  # of an abstract list

    def number(self, paragraph: Any) -> str:
        """Count a paragraph and return its number as Word shows it; empty when it has none."""
        # What Word sets between number and text (a tab, a space) becomes a space behind an ASCII character (``1.
        # 2023年``) and nothing behind any other (``一、加强``).
        numbered, level = self._place(paragraph)
        if numbered not in self.lists:
            return ""
        self._count(numbered, level)
        shown = self._level(numbered, level)
        if shown.style == "bullet":
            return ""
        text = re.sub(r"%([1-9])", lambda match: self._written(numbered, int(match.group(1)) - 1, shown), shown.text)
        text = text[:_MAX_SHOWN]
        return text + " " if text and text[-1].isascii() and shown.suffix != "nothing" else text

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list and level of a paragraph, its own or its style's."""
        properties = child(paragraph, "pPr")
        if properties is None:
            return "", 0
        own, style = child(properties, "numPr"), attribute(child(properties, "pStyle"))
        numbered, level = attribute(child(own, "numId")), attribute(child(own, "ilvl"))
        base = style
        for _ in range(MAX_BASES):
            if numbered or base not in self.styles:
                break
            base, numbered, inherited = self.styles[base]
            level = level or inherited
        linked = (found.linked.get(style) for found in self._defined(numbered))
        at = _number(level) if level else next((index for index in linked if index is not None), 0)
        return numbered, min(at or 0, _LEVELS - 1)

    def _count(self, numbered: str, level: int) -> None:
        abstract = self.lists[numbered]
        for shallower in range(level - 1, -1, -1):  # a level that was passed over has counted once
            if (abstract, shallower) in self.counts:
                break
            self.counts[abstract, shallower] = self._level(numbered, shallower).start
        start = self.starts.pop((numbered, level), None)
        if start is None and (abstract, level) not in self.counts:
            start = self._level(numbered, level).start
        self.counts[abstract, level] = self.counts[abstract, level] + 1 if start is None else start
        for deeper in range(level + 1, _LEVELS):
            behind = self._level(numbered, deeper).restart
            if behind is None or level < behind:
                self.counts.pop((abstract, deeper), None)

    def _defined(self, numbered: str) -> Iterator[_List]:
        """What a list overrides, then what its abstract list defines."""
        yield self.overrides.get(numbered, _NO_LIST)
        yield self.abstracts.get(self.lists.get(numbered, ""), _NO_LIST)

    def _level(self, numbered: str, level: int) -> _Level:
        return next((found.levels[level] for found in self._defined(numbered) if level in found.levels), _Level())

    def _written(self, numbered: str, level: int, shown: _Level) -> str:
        own = self._level(numbered, level)
        number = self.counts.get((self.lists[numbered], level), own.start)
        return write_number(number, "decimal" if shown.legal and own.style != "bullet" else own.style)


def read_numbering(numbering: Any, styles: Any) -> Numbering:
    """Read the lists of a document."""
    found = Numbering()
    for style in () if styles is None else styles.iterchildren("{*}style"):
        own = child(style, "pPr/numPr")
        base, numbered = attribute(child(style, "basedOn")), attribute(child(own, "numId"))
        found.styles[attribute(style, "styleId")] = (base, numbered, attribute(child(own, "ilvl")))
    if numbering is None:
        return found
    lists = {attribute(num, "numId"): num for num in numbering.iterchildren("{*}num")}
    for one in numbering.iterchildren("{*}abstractNum"):
        found.abstracts[attribute(one, "abstractNumId")] = _read_list(one)
    for numbered, num in lists.items():
        key = attribute(child(num, "abstractNumId"))
        style = found.abstracts.get(key, _NO_LIST).by_style
        linked = lists.get(found.styles.get(style, ("", "", ""))[1])
        found.lists[numbered] = key if linked is None else attribute(child(linked, "abstractNumId"))
        overrides = list(num.iterchildren("{*}lvlOverride"))
        found.overrides[numbered] = _read_list([one for override in overrides for one in override])
        for override in overrides:
            start = _number(attribute(child(override, "startOverride")))
            if start is not None:
                found.starts[numbered, _number(attribute(override, "ilvl")) or 0] = start
    return found


def _read_list(elements: Any) -> _List:
    found = _List()
    for level in elements:
        if local(level) == "numStyleLink":
            found.by_style = attribute(level)
        if local(level) != "lvl":
            continue
        index = _number(attribute(level, "ilvl")) or 0
        found.levels[index] = _read_level(level)
        if child(level, "pStyle") is not None:
            found.linked[attribute(child(level, "pStyle"))] = index
    return found


def _read_level(level: Any) -> _Level:
    legal = child(level, "isLgl")
    return _Level(
        _number(attribute(child(level, "start"))) or 0,
        attribute(child(level, "numFmt")) or "decimal",
        attribute(child(level, "lvlText"))[:_MAX_SHOWN],
        attribute(child(level, "suff")) or "tab",
        _number(attribute(child(level, "lvlRestart"))),
        legal is not None and attribute(legal) not in OFF,
    )


def _number(written: str) -> int | None:
    """A number as stored, no larger than Word's largest; None when it is none."""
    return min(int(written[:9]), _MAX_START) if written.isdecimal() else None
