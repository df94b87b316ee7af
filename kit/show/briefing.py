"""What a briefing is made of, and how its author signs it: `briefing.toml` beside the compilation."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo

from kit.data import knowledge, path, read_toml
from kit.errors import DataError
from kit.measure.analysis import Analysis
from kit.read.compilation import Compilation
from kit.show import style
from kit.show.figure import Figure
from kit.show.figures import FIGURES
from kit.show.text import claim_in, fill, opening, span_of, wrap_title

FILE = "briefing.toml"
PICTURES = (".png", ".jpg", ".jpeg")
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
TINTS = (0.13, 0.4, 0.7, 0.85, 1)  # of the first colour: the steps of the heatmap
# What pydantic calls what it found wrong, and what was expected in the kit's words.
EXPECTED = {
    "string_type": "a text in quotation marks",
    "tuple_type": 'a list, as in ["terms", "themes"]',
    "dict_type": "entries of their own, a name and a text each",
    "model_type": "entries of their own",
    "path_type": "the name of a file in quotation marks",
    "date_": "a date, as in 2026-11-28",
}


def _stems() -> list[str]:
    return [stem for stem, exhibit in FIGURES.items() if exhibit.in_bundle]


def _codes() -> dict[str, str]:
    """Return the codes of findings, each with its figure."""
    rules = knowledge("findings.toml")["rules"]
    return {code: rule["stem"] for code, rule in rules.items() if rule["stem"] in _stems()}


def _known(value: str, names: Callable[[], Iterable[str]]) -> str:
    """Check the name of a figure, or the code of a finding."""
    if value not in (known := list(names())):
        message = f"one of {', '.join(known)}; take one of these"
        raise ValueError(message)
    return value


def _title(value: str) -> str:
    """Check that a sentence fits where titles stand."""
    lines = len(wrap_title(value, style.TITLE, style.TITLE_LINE))
    if not value.strip() or lines > 2:  # noqa: PLR2004
        message = f"a sentence of at most two lines of {style.TITLE_LINE // style.TITLE} characters; shorten it"
        raise ValueError(message)
    return value


def _colour(value: str, least: float) -> str:
    """Check that a colour can be told from the white that it stands on."""
    if not re.fullmatch("#[0-9A-Fa-f]{6}", value):
        message = 'a colour as in "#12436D"; write it so'
        raise ValueError(message)
    if (found := style.contrast(value, style.WHITE)) < least:
        message = f"a contrast with white of {least:g} or more (WCAG 2.2), this has {found:.1f}; take a darker one"
        raise ValueError(message)
    return value.upper()


def _file(value: Path, info: ValidationInfo, *, ends: tuple[str, ...]) -> Path:
    """Find a file from where `briefing.toml` stands."""
    file = Path(info.context or ".") / value
    if file.suffix.lower() not in ends or not file.is_file():
        message = f"a file that is there and ends in {' or '.join(ends)}; put it there, or leave the entry out"
        raise ValueError(message)
    return file


Stem = Annotated[str, AfterValidator(partial(_known, names=_stems))]
Finding = Annotated[str, AfterValidator(partial(_known, names=lambda: [*_stems(), *_codes()]))]
Colour = Annotated[str, AfterValidator(partial(_colour, least=TEXT_CONTRAST))]
MarkColour = Annotated[str, AfterValidator(partial(_colour, least=MARK_CONTRAST))]


class _Entries(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Layouts(_Entries):
    """The layouts of the author's slides: of the cover, and of all others."""

    cover: str = ""
    slide: str = ""


class Colours(_Entries):
    """What stands out in figures, and what stands against it."""

    first: Colour = style.FOCUS
    second: MarkColour = style.SECOND


class Choice(_Entries):
    """What `briefing.toml` says: who signs, which figures are told and in which order, in what words and looks."""

    title: str = ""
    subtitle: str = ""
    unit: str = ""
    date: datetime.date | None = None
    signature: str = ""
    findings: tuple[Finding, ...] = ()
    left_out: tuple[Stem, ...] = ()
    titles: Mapping[Stem, Annotated[str, AfterValidator(_title)]] = {}
    template_pptx: Annotated[Path, AfterValidator(partial(_file, ends=(".pptx",)))] | None = None
    template_docx: Annotated[Path, AfterValidator(partial(_file, ends=(".docx",)))] | None = None
    layouts: Layouts = Layouts()
    logo: Annotated[Path, AfterValidator(partial(_file, ends=PICTURES))] | None = None
    colours: Colours = Colours()

    def told(self, stems: Iterable[str]) -> list[str]:
        """Return the figures that slides and Word pages tell, in the author's order."""
        kept = self.made(stems)
        chosen = dict.fromkeys(_codes().get(finding, finding) for finding in self.findings)
        return [stem for stem in chosen if stem in kept] if chosen else kept

    def made(self, stems: Iterable[str]) -> list[str]:
        """Return the figures that are made at all."""
        return [stem for stem in stems if stem not in self.left_out]

    def sign(self, figure: Figure, analysis: Analysis) -> Figure:
        """Return a figure with the finding that the author chose or with the author's title, and in their colours."""
        changed = {style.FOCUS: self.colours.first, style.SECOND: self.colours.second}
        if self.colours.first != style.FOCUS:
            changed |= dict(zip(style.STEPS, (_tint(self.colours.first, part) for part in TINTS), strict=True))
        if any(old != new for old, new in changed.items()):
            figure = replace(_recoloured(figure, changed), focus=self.colours.first)
        if figure.reason:
            return figure
        figure = replace(figure, titles=(*self._claims(figure, analysis), *figure.titles))
        own = self.titles.get(figure.stem, "")
        if not own:
            return figure
        note = figure.note + fill("briefing", "own", figure.lang)
        return replace(figure, titles=(own,), computed=figure.title, note=note)

    def _claims(self, figure: Figure, analysis: Analysis) -> list[str]:
        """Return what the findings say that were chosen by their code for a figure, as far as they may be said."""
        codes = [finding for finding in self.findings if _codes().get(finding) == figure.stem]
        found = analysis.table("findings").set_index("code") if codes else None
        return [
            str(found.loc[[code], claim_in(figure.lang)].iloc[0])
            for code in codes
            if found is not None and code in found.index
        ]

    def written_date(self, lang: str) -> str:
        """Return the date as papers write it."""
        day = self.date
        if day is None:
            return ""
        month = f"{day:%B}" if lang == "en" else f"{day.month}"
        return fill("briefing", "date", lang, year=f"{day.year}", month=month, day=f"{day.day}")


def _tint(colour: str, part: float) -> str:
    mixed = (round(255 + (int(colour[at : at + 2], 16) - 255) * part) for at in (1, 3, 5))
    return "#" + "".join(f"{one:02X}" for one in mixed)


def _recoloured(value: Any, changed: Mapping[str, str]) -> Any:
    """Return a value of a figure, and all that it is made of, in other colours."""
    if isinstance(value, str):
        return changed.get(value, value)
    if isinstance(value, tuple):
        return tuple(_recoloured(one, changed) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        own = {one.name: getattr(value, one.name) for one in fields(value)}
        return replace(value, **{name: _recoloured(part, changed) for name, part in own.items()})
    return value


def find_choice(compilation: Compilation) -> Path | None:
    """Return the file: `2023.briefing.toml` beside `2023.txt`, else `briefing.toml` in or beside the source."""
    beside = compilation.path.parent / FILE if compilation.path else None
    return compilation.own_file(FILE) or (beside if beside and beside.is_file() else None)


def read_choice(compilation: Compilation) -> Choice:
    """Read how the author of a briefing signs it; without a file the kit's way."""
    file = find_choice(compilation)
    if file is None:
        return Choice()
    try:
        return Choice.model_validate(read_toml(file), context=file.parent)
    except ValidationError as error:
        raise DataError("\n".join(_say(file, found) for found in error.errors())) from error


def _say(file: Path, found: Any) -> str:
    """Say what is wrong with one entry, in the kit's words."""
    entry = ".".join(str(part) for part in found["loc"] if part != "[key]")
    if found["type"] == "extra_forbidden":
        models: dict[str, type[_Entries]] = {"layouts": Layouts, "colours": Colours}
        known = models.get(str(found["loc"][0]), Choice).model_fields
        return f"{file}: {entry}: expected one of {', '.join(known)}; correct its name, or leave it out"
    if found["type"] == "value_error":  # of a check of this module
        said = str(found["ctx"]["error"])
    else:
        kind = next((words for kind, words in EXPECTED.items() if found["type"].startswith(kind)), found["msg"])
        said = f"{kind}; write it so"
    expected, _, to_do = said.rpartition("; ")
    return f"{file}: {entry}: expected {expected}, found {found['input']!r}; {to_do}"


def draft_choice(lang: str) -> str:
    """Return a `briefing.toml` of which every entry is a comment."""
    return path(f"briefing-{lang}.draft").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Briefing:
    """What the documents of a bundle are made from: an analysis, its figures, the sentences behind each by its stem.

    The figures are as the author signs them (`choice`).
    """

    analysis: Analysis
    figures: tuple[Figure, ...]
    quotes: Mapping[str, pd.DataFrame]
    choice: Choice = field(default_factory=Choice)

    @property
    def drawn(self) -> list[Figure]:
        """The figures that are drawn, in the author's order; the cloud is an ornament."""
        found = {figure.stem: figure for figure in self.figures if not figure.reason and figure.stem != "cloud"}
        return [found[stem] for stem in self.choice.told(found)]

    @property
    def told(self) -> list[Figure]:
        """Those whose title is a finding (the last one is plain) or the author's own; all where none is."""
        return [one for one in self.drawn if one.computed or one.title not in one.titles[-1:]] or self.drawn

    @property
    def opening(self) -> list[str]:
        """Title, subtitle, unit and date as far as the author gives them, then what was read."""
        title, *lead = opening(span_of(self.analysis))
        return [self.choice.title or title, *filter(None, [self.choice.subtitle, self.byline]), *lead]

    @property
    def byline(self) -> str:
        """Unit and date in a line."""
        return "  ".join(filter(None, (self.choice.unit, self.choice.written_date(self.analysis.lang))))
