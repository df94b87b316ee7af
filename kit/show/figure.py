"""A figure as a value: what it says, how it is laid out, what is marked, and the table it was made from.

Builders make it of a table; picture, slide, page and Word document are made of it, so that they cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from kit.read.source import PathLike
from kit.show import style
from kit.show.publish import Writer, write_csv, write_whole
from kit.show.style import Scope, source_line, words_of, wrap_title, write_subtitle
from kit.wording import fill, label

FORMS = ("png", "svg", "pdf")
# Whole numbers that say which, where or when, not how many.
MARKERS = {"report", "later_report", "item", "rank", "evidence", "answers", "partner", "sentence", "part", "period"}
INKS = {"triangle": style.OTHERS, "ring": style.SECOND_TEXT, "query": style.OTHERS, "dash": style.FAINT}  # of marks
MARKS, MARK = {"box": 8, "tick": 2, "step": 30, "gap": 0}, 12  # width of a legend's marks, and of all others, points


@dataclass(frozen=True)
class Key:
    """One entry of a legend: how its mark is drawn (box, dot, cell …), its label, its colour."""

    kind: str
    label: str
    colour: str = ""

    @property
    def mark(self) -> float:
        """How wide its mark is, points."""
        return MARKS.get(self.kind, MARK)

    @property
    def room(self) -> float:
        """How wide it is, with the gap behind it, points; the label of a step stands in its mark."""
        behind = 1 if self.kind == "step" else style.width(self.label, 9) + 14 + 4 * (self.kind != "gap")
        return self.mark + behind


@dataclass(frozen=True)
class Mark:
    """One mark of a row: in which column (a part of one is a place in it), its kind, a text beside it or above."""

    column: float
    kind: str
    text: str = ""
    above: bool = False
    joined: bool = False  # by a thin line to the mark before

    @property
    def ink(self) -> str:
        """Its colour."""
        return INKS.get(self.kind, style.FOCUS)


@dataclass(frozen=True)
class Row:
    """One row of a figure, or one panel of small multiples: its values (None is a gap), or its marks."""

    name: str
    values: tuple[Any, ...] = ()
    texts: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    under: str = ""
    focus: bool = False
    hollow: bool = False
    hatched: bool = False
    ink: str = ""
    key: str = ""  # whose evidence it opens in a page: a report, a theme, a term, places of sentences
    targets: tuple[float | None, ...] = ()  # beside the values
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Group:
    """Rows under one head, in one colour, and what they are called elsewhere."""

    head: str
    colour: str
    rows: tuple[Row, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Rows:
    """Rows, and what stands over them: years or names."""

    rows: tuple[Row, ...]
    heads: tuple[str, ...] = ()


class Ranked(Rows):
    """Bars from zero, in the order of the rows."""


class Ranks(Rows):
    """Small multiples of bars on one scale: a panel a row, its values those of the heads."""


class Tracks(Rows):
    """Rows of marks over years; a row without marks is a head."""


class Bump(Rows):
    """Ranks over years, the first on top."""


@dataclass(frozen=True)
class Panels(Rows):
    """Small multiples over years: on one scale, with the other panels' lines behind, or each on its own."""

    shared: bool = True


@dataclass(frozen=True)
class Stacked(Rows):
    """Bars of shares of a whole; the values of a row are counts, one for each series."""

    series: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Diverging:
    """Bars to the left (values below zero) and to the right of a common line; ``empty`` is said of a side without."""

    sides: tuple[Group, Group]
    empty: str = ""


@dataclass(frozen=True)
class Targets:
    """Actuals against their targets: rates of completion (1 is the target), then gaps in points, under a head."""

    rates: tuple[Row, ...]
    gaps: tuple[Row, ...]
    head: str = ""


@dataclass(frozen=True)
class Dumbbell:
    """Two values a row, in percent: ``ends`` names them, ``heads`` what stands in the rows' sums."""

    groups: tuple[Group, ...]
    ends: tuple[str, str]
    heads: tuple[str, ...]
    unit: str = "%"


@dataclass(frozen=True)
class Cell:
    """One cell: its ground, its text, or its mark (dot, ring) with its colour; hatched where it rests on little."""

    ground: str
    text: str = ""
    mark: str = ""
    ink: str = ""
    hatched: bool = False


@dataclass(frozen=True)
class Column:
    """A column of values right of the cells."""

    head: str
    texts: tuple[str, ...]
    colour: str = style.SOFT


@dataclass(frozen=True)
class Cells:
    """A table of cells: names down, heads across with their groups; ``keys`` are the reports and the themes."""

    names: tuple[str, ...]
    heads: tuple[str, ...]
    groups: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    sums: tuple[Column, ...] = ()
    stacked: bool = True
    keys: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True)
class Links:
    """Nodes with their sizes, and ties between them with their strengths; the seed places them."""

    nodes: tuple[tuple[str, float], ...]
    ties: tuple[tuple[str, str, float], ...]
    seed: int


@dataclass(frozen=True)
class Cloud:
    """Words with their sizes, the first so many in the leading colour; the seed places them."""

    words: tuple[tuple[str, float], ...]
    leading: int
    seed: int


Plot = Rows | Diverging | Targets | Dumbbell | Cells | Links | Cloud


@dataclass(frozen=True, repr=False)
class Figure:
    """A figure; two that are drawn alike are equal."""

    stem: str
    lang: str
    titles: tuple[str, ...]
    subtitle: str
    note: str
    sources: tuple[str, ...]
    table: pd.DataFrame = field(compare=False)
    keys: tuple[Key, ...] = ()
    plot: Plot | None = None
    reason: str = ""
    computed: str = ""  # the title, where the author's own stands in its place
    focus: str = style.FOCUS  # the colour of what stands out

    @cached_property
    def title(self) -> str:
        """The first title that fits in two lines."""
        fitting = (title for title in self.titles if len(wrap_title(title, style.TITLE, style.TITLE_LINE)) <= 2)  # noqa: PLR2004
        return next(fitting, self.titles[-1])

    @property
    def source(self) -> str:
        """The source in one line."""
        return (" " if self.lang == "en" else "").join(self.sources)

    @property
    def caption(self) -> str:
        """What the figure is called, whatever it found."""
        return label("captions", self.stem, self.lang)

    def draw(self, ax: Any = None) -> Any:
        """Draw it with matplotlib: the plot alone into ``ax``, without one as a whole figure; return the axes."""
        from kit.show.draw import draw  # noqa: PLC0415, loads matplotlib

        return draw(self, ax)

    def export(self, directory: PathLike, stem: str = "") -> list[Path]:
        """Write it as PNG (300 dpi), SVG, PDF (text selectable) and its table as CSV; return the files: all or none."""
        from kit.show.draw import save  # noqa: PLC0415, loads matplotlib

        name = Path(directory) / (stem or self.stem)
        writers: dict[Path, Writer] = {Path(f"{name}.{form}"): partial(save, self) for form in FORMS}
        writers[Path(f"{name}.csv")] = partial(write_csv, self.table)
        write_whole(writers)
        return list(writers)

    def _repr_png_(self) -> bytes:
        """Show itself in a notebook."""
        from kit.show.draw import to_png  # noqa: PLC0415

        return to_png(self)

    def __repr__(self) -> str:
        """Show which figure it is, and its finding."""
        return f"<Figure {self.stem}: {self.reason or self.title} ({digest(self.table)})>"


def digest(table: pd.DataFrame) -> str:
    """Say what numbers a table holds, so that any change shows: its rows, sums of its counts, and its hash."""
    whole = [name for name in table.select_dtypes("integer") if name not in MARKERS]
    counts = [name for name in whole if not name.endswith(("start", "end")) and not name.startswith("of_")]
    sums = [f"{name} {int(table[name].sum())}" for name in counts]
    check = sha256(table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()).hexdigest()[:8]
    return " · ".join([f"{len(table)} rows", *sums, check])


def make_figure(
    stem: str,
    table: pd.DataFrame,
    scope: Scope,
    findings: Sequence[str] = (),
    *,
    under: Sequence[str] = ("subtitle",),
    notes: Sequence[str] = (),
    keys: Sequence[Key] = (),
    measure: str = "",
    **values: object,
) -> Figure:
    """Return a figure that has its words, and no plot yet."""
    say = words_of(stem, scope.lang, **scope.called)
    first, *more = (say(key, **values) for key in under)
    note = "".join([say("note", **values), *notes]).rstrip()
    if "theme" in table:
        starred = any(scope.themes.get(theme, "").endswith("*") for theme in table["theme"].unique())
        note += (" " * (scope.lang == "en") + words_of("themes", scope.lang)("uncertain")) * starred
    sources = tuple(source_line(scope, measure).split("\n"))
    titles, subtitle = (*findings, say("plain", **values)), write_subtitle(first, scope, *more)
    return Figure(stem, scope.lang, titles, subtitle, note, sources, table, tuple(keys))


def not_drawn(figure: Figure, reason: str, **values: object) -> Figure:
    """Return a figure that says why it is not drawn: ``reason`` is a key of ``[notices]`` in `labels.toml`."""
    said, title = (fill("notices", key, figure.lang, **values) for key in (reason, "title"))
    return replace(figure, titles=(title,), note="", keys=(), reason=said)
