"""The body of a report and where its parts begin, before they become rows of a table."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from kit.read import roles
from kit.read.layout import Line
from kit.read.roles import Years

MAX_HEADING = 40


@dataclass(frozen=True)
class Cut:
    """Where a part begins and what it is; ``depth`` 0 is outside the outline, ``parent`` a cut's ``start``."""

    start: int
    role: str = ""
    marker: str = ""
    style: str = ""
    ordinal: int | None = None
    depth: int = 0
    parent: int | None = None
    heading: str = ""
    heading_at: int = 0
    sure: bool = True


@dataclass(frozen=True)
class Body:
    """A report's body: the whole text, folded, and the lines of it that are the body; what its title says."""

    text: str
    lines: tuple[Line, ...]
    report: int
    years: Years
    title: str

    @property
    def start(self) -> int:
        """The body's first character."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """One past its last character."""
        return self.lines[-1].end

    @property
    def plan_only(self) -> bool:
        """Whether the title promises a plan and nothing else."""
        return roles.is_plan_title(self.title)


@dataclass(frozen=True)
class Section:
    """An outermost section: its span, what stands where its heading would, its role, and those to follow in it."""

    start: int
    end: int
    heading: str
    role: str
    sure: bool
    later: tuple[str, ...]


def by_section(cuts: list[Cut], sections: list[Section]) -> Iterator[tuple[Section, list[Cut]]]:
    """Yield every section with its cuts, its own the first."""
    starts = [cut.start for cut in cuts]
    for section in sections:
        yield section, cuts[bisect_left(starts, section.start) : bisect_left(starts, section.end)]
