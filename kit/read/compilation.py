"""The values that travel through the reading: a file, its reports, and the compilation that comes out.

A compilation is a text, which nothing changes, and tables that point into it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import pandas as pd

from kit import tables
from kit.data import HERE, find_lang, knowledge, own_file, template
from kit.errors import DataError
from kit.read.lines import Contents, Line, fold, is_government_report, within
from kit.wording import INNER, agency_name

Span = tuple[int, int]
MAX_HEADING = 40
_BEGINS = 200  # characters in which a government's report without a title says what it is
_HEAD_LINES, _HEAD = 8, 400  # lines and characters below a title that may say who speaks, where and when
_WIDEST = 60  # characters of a cell of the text shown
_REPORT = ["report", "agency", "agency_from", "place", "period", "plan_period", "chars", "copy_of"]


def doubt(code: str, report: int, place: Mapping[str, int], **words: object) -> dict:
    """Word one doubt, a row of `tables.DOUBTS`; ``code`` is a key of ``messages.toml``, ``words`` fill its braces."""
    entry = knowledge("messages.toml")[code]
    # quotation marks in what a message quotes are single
    known = {name: word.translate(INNER) if isinstance(word, str) else word for name, word in words.items()}
    said = {key: entry[name].format(report=report, **known) for key, name in (("message", "zh"), ("message_en", "en"))}
    assumed = entry["assumed"].format(report=report, **known)
    return {"report": report, "code": code, "severity": entry["severity"], **said, "assumed": assumed, **place}


@dataclass(frozen=True)
class Years:
    """The years a report reviews and plans."""

    review: int | None = None
    plan: int | None = None


@dataclass(frozen=True)
class Place:
    """A place as the text names it (empty when it names none), and its level."""

    name: str = ""
    level: str = "unknown"


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
    heading_end: int = 0
    sure: bool = True  # whether its role was read, or had to be assumed
    horizon: str = ""
    sentences: tuple[tuple[int, int, str], ...] = ()  # spans with their horizons


class Assigned(NamedTuple):
    """A section's role, whether that is sure, the roles that its heading announces for later, whether it says so."""

    role: str
    sure: bool = True
    later: tuple[str, ...] = ()
    stated: bool = False


class Section(NamedTuple):
    """An outermost section: its span, its heading (or what stands there), its role."""

    start: int
    end: int
    heading: str
    told: Assigned


class Aside(NamedTuple):
    """A stretch of a report that is no body: a line of its title, of its signature, of a web page."""

    start: int
    end: int
    role: str


@dataclass(frozen=True)
class Report:
    """One report: where it stands in the folded text, what the split says of it, and what its own passes find."""

    text: str
    start: int
    end: int
    file: str
    lines: tuple[Line, ...]  # all but those of the title block and of furniture
    title: str = ""
    titles: tuple[Line, ...] = ()  # the lines of its title block
    furniture: tuple[Line, ...] = ()  # … of a crawler's header
    publisher: str = ""  # whom that header names
    folder: str = ""  # its file's
    number: int = 0
    front_place: Place = Place()  # what stands before the first report names for all
    front_title: str = ""  # … their title there, with a year
    says: Mapping[str, Any] = field(default_factory=dict)  # what the analyst has set: columns of its row
    settled: Mapping[int, str] = field(default_factory=dict)  # … roles by where a part begins
    horizons: Mapping[int, str] = field(default_factory=dict)  # … and years spoken of
    years: Years = Years()
    borrowed: bool = False  # its years are those of the compilation's title
    body: tuple[Line, ...] = ()
    asides: tuple[Aside, ...] = ()
    markers: tuple[Any, ...] = ()
    cuts: tuple[Cut, ...] = ()
    sections: tuple[Section, ...] = ()
    turns: Mapping[int, str] = field(default_factory=dict)  # where paragraphs take another role
    parted: Mapping[int, str] = field(default_factory=dict)  # … of these, within a section that names two matters
    named: Mapping[str, str] = field(default_factory=dict)  # whose it is, and where that was read: columns of its row
    doubts: tuple[dict, ...] = ()

    def doubting(self, code: str, place: Mapping[str, int], /, **words: object) -> Self:
        """The report with one doubt more."""
        return replace(self, doubts=(*self.doubts, doubt(code, self.number, place, **words)))

    @property
    def head(self) -> str:
        """What stands over its text: the title's lines, and the first lines below them, spaces left out."""
        below = "\n".join(line.text for line in self.lines[:_HEAD_LINES])[:_HEAD]
        return re.sub(r"[^\S\n]", "", "\n".join(line.text for line in self.titles) + "\n" + below)

    @cached_property
    def is_government(self) -> bool:
        """Whether it is a government's own report to its assembly, by its title or by how it begins (我代表…)."""
        return is_government_report(self.title) or is_government_report(self.head[:_BEGINS])

    @property
    def title_place(self) -> dict[str, int]:
        """Where its title stands; its first character when it has none."""
        return {"start": self.start, "end": self.titles[-1].end if self.titles else self.start + 1}

    @property
    def begin(self) -> int:
        """The body's first character."""
        return self.body[0].start

    @property
    def stop(self) -> int:
        """One past the body's last character."""
        return self.body[-1].end

    def own(self, *wanted: str) -> str:
        """The text of its parts of these roles."""
        return "".join(self.text[cut.start : end] for cut, end in self.bounded() if cut.role in wanted)

    def bounded(self) -> Iterator[tuple[Cut, int]]:
        """Yield every cut with its end, where the next begins."""
        yield from zip(self.cuts, [*(cut.start for cut in self.cuts[1:]), self.end], strict=True)

    def by_section(self) -> Iterator[tuple[Section, tuple[Cut, ...]]]:
        """Yield every section with its cuts, its own the first."""
        starts = [cut.start for cut in self.cuts]
        for section in self.sections:
            yield section, self.cuts[bisect_left(starts, section.start) : bisect_left(starts, section.end)]


@dataclass(frozen=True)
class File:
    """A file on the way to its reports."""

    text: str
    start: int
    end: int
    name: str
    folder: str = ""
    among: bool = False  # one of several, each a report until something forces it apart
    aside: tuple[Span, ...] = ()  # what its format shows to be no running text
    levels: Mapping[int, int] = field(default_factory=dict)  # of its headings, by where their lines begin
    lines: tuple[Line, ...] = ()  # those of the running text
    left: tuple[Line, ...] = ()  # … and all others
    contents: Contents = field(default_factory=Contents)
    listed: frozenset[str] = frozenset()  # titles known beforehand
    units: int | None = None  # the level of the headings that are agencies' names
    titled: bool = False  # whether a line that reads like a title is styled as one, too
    numbered: tuple[int, ...] = ()  # numbers of the lines that begin with a number of the outer levels
    outer: tuple[int, ...] = ()  # … of the outermost
    heads: frozenset[int] = frozenset()  # where lines begin that open a report and are no title: the unit's name alone
    blocks: tuple[TitleBlock, ...] = ()
    reports: tuple[Report, ...] = ()
    doubts: tuple[dict, ...] = ()

    def gap(self, number: int) -> int:
        """How many line ends stand between a line and the one before it."""
        return self.text[self.lines[number - 1].end : self.lines[number].start].count("\n")

    def leaving(self, spans: list[Span]) -> Self:
        """The file with the lines in these spans set aside; the spans need no order."""
        spans = sorted(spans)
        gone = {line.start: line for line in self.lines if within(spans, line.start)}
        kept = tuple(line for line in self.lines if line.start not in gone)
        left = tuple(sorted((*self.left, *gone.values()), key=lambda line: line.start))
        return replace(self, lines=kept, left=left) if gone else self


@dataclass(frozen=True, eq=False, repr=False)
class Compilation:
    r"""A compilation of reports."""

    name: str
    text: str
    sources: pd.DataFrame
    reports: pd.DataFrame
    parts: pd.DataFrame
    sentences: pd.DataFrame
    masks: pd.DataFrame
    doubts: pd.DataFrame
    overrides: pd.DataFrame = field(default_factory=lambda: tables.make([], tables.OVERRIDES))
    path: Path | None = None
    lang: str = ""  # in which it shows itself; without it, that of the folder

    def own_file(self, name: str) -> Path | None:
        """The user's own file of this name for the compilation (`kit.data.own_file`); None when there is none."""
        file = own_file(self.path, name) if self.path else None
        return file if file and file.is_file() else None

    def near_file(self, name: str) -> Path | None:
        """The user's own file of this name, else the one in the folder in which the source stands; None without any."""
        beside = self.path.parent / name if self.path else None
        return self.own_file(name) or (beside if beside and beside.is_file() else None)

    def place_of(self, name: str) -> Path:
        """Where the user's own file of this name is written; the sample of the kit stays as it ships."""
        if self.path and not self.path.resolve().is_relative_to(HERE):
            return own_file(self.path, name)
        files = "expected one file or folder, beside which own files can stand, found a list"
        said = "expected a compilation of your own, found the kit's sample" if self.path else files
        message = f"{self.name}: {said}; put what you read into a folder of your own (kit new) and read that"
        raise DataError(message)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, in the order of `kit.tables.ALL`."""
        names = ("sources", "reports", "parts", "sentences", "masks", "doubts", "overrides")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def folded(self) -> str:
        """The text as words are found in it (see `fold`)."""
        return fold(self.text)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The reports that measures count: all but the near copies of another (see `tables.REPORTS`)."""
        return self.reports[self.reports["copy_of"].isna()]

    @cached_property
    def yearly(self) -> pd.DataFrame:
        """The sentences that measures count: all but those on several years, which are no part of the year."""
        return self.sentences[self.sentences["horizon"] != tables.MULTI_YEAR]

    @property
    def _to_check(self) -> pd.DataFrame:
        return self.doubts[self.doubts["severity"] != "note"]

    def _shown(self, lang: str) -> list[pd.DataFrame]:
        # The reports, and what is to be checked, in the words of a language.
        said, part = {"zh": ("message", 0), "en": ("message_en", -1)}[lang]
        reports, doubts, named = self.reports[_REPORT].astype(object), self._to_check, knowledge("labels.toml")
        reports["agency"] = [agency_name(name, lang) for name in reports["agency"]]
        reports["agency_from"] = [named["agency_sources"][one][lang] for one in reports["agency_from"]]
        taken = [agency_name(text.split(" · ")[part], lang) for text in doubts["assumed"]]
        severity = [named["severities"][one][lang] for one in doubts["severity"]]
        doubts = doubts[["report", "severity", said]].assign(severity=severity, assumed=taken)
        shown = (reports.where(reports.notna(), ""), doubts)
        return [table.rename(columns=partial(tables.label, lang=lang)) for table in shown]

    def summary(self, lang: str) -> str:
        """Say in a line what was read: its name, reports, characters, doubts, and the user's own settings."""
        words = knowledge("messages.toml")["shown"]
        head: str = words["head"][lang].format(
            name=self.name,
            reports=len(self.reports),
            counted=len(self.counted),
            chars=f"{len(self.text):,}",
            doubts=len(self._to_check),
            notes=len(self.doubts) - len(self._to_check),
        )
        return head + (words["overrides"][lang].format(n=len(self.overrides)) if len(self.overrides) else "")

    def __repr__(self) -> str:
        """Show the reports and what is to be checked, as text."""
        lang = self.lang or find_lang()
        with pd.option_context("display.unicode.east_asian_width", True, "display.max_colwidth", _WIDEST):
            shown = [table.to_string(index=False, justify="left") for table in self._shown(lang) if len(table)]
        return "\n\n".join([self.summary(lang), *shown, knowledge("messages.toml")["shown"]["no_doubts"][lang]][:3])

    def _repr_html_(self) -> str:
        lang = self.lang or find_lang()
        shown = [(list(table), table.to_numpy().tolist()) for table in self._shown(lang)]
        nothing = knowledge("messages.toml")["shown"]["no_doubts"][lang]
        return template("compilation.html").render(head=self.summary(lang), shown=shown, nothing=nothing)
