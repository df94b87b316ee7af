"""What is known of a file and its reports before their outlines are read."""

from dataclasses import dataclass

from kit.read.contents import Contents
from kit.read.layout import Line


@dataclass(frozen=True)
class Draft:
    """One report before its outline is read.

    ``titles`` are the lines of its title block, ``furniture`` those of a crawler's header, ``lines`` all others;
    ``publisher`` is whom the header names.
    """

    start: int
    end: int
    file: str
    lines: tuple[Line, ...]
    title: str = ""
    titles: tuple[Line, ...] = ()
    furniture: tuple[Line, ...] = ()
    publisher: str = ""


@dataclass(frozen=True)
class TitleBlock:
    """What stands over a report: its first and last line, which lines are its title, which a crawler's header."""

    first: int
    last: int
    title: str
    titles: tuple[Line, ...]
    furniture: tuple[Line, ...] = ()
    publisher: str = ""

    @property
    def level(self) -> int | None:
        """The level of its outermost line that is styled as a heading."""
        return min((line.level for line in self.titles if line.level is not None), default=None)


@dataclass(frozen=True)
class File:
    """A file on the way to its reports: its lines, its table of contents, the titles that are known beforehand.

    ``units`` is the level of the headings that are agencies' names; ``titled`` says whether a line that reads like a
    title is styled as one, too.
    ``heads`` are where lines begin that open a report and are no title: the unit's name alone; ``numbered`` and
    ``outer`` the numbers of the lines that begin with a number of the outer levels, and of the outermost.
    """

    text: str
    lines: list[Line]
    contents: Contents
    listed: frozenset[str]
    units: int | None
    titled: bool
    numbered: tuple[int, ...]
    outer: tuple[int, ...]
    heads: frozenset[int] = frozenset()

    def gap(self, number: int) -> int:
        """How many line ends stand between a line and the one before it."""
        return self.text[self.lines[number - 1].end : self.lines[number].start].count("\n")
