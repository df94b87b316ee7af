"""What a briefing is made of, how its author signs it (`briefing.toml` beside the compilation), and its pages.

The pages are the index of a bundle, its report, the notebooks without code; each is one file that needs no network.
"""

import datetime
import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, Strict, ValidationInfo

from kit.data import knowledge, path, read_toml, template
from kit.measure.analysis import Analysis
from kit.measure.counts import STATUSES
from kit.measure.series import promised_again
from kit.read.compilation import Compilation
from kit.read.overrides import BRIEFING, validate
from kit.show import style
from kit.show.figure import Figure
from kit.show.figures import FIGURES, STATED, say_left_out, state_accuracy
from kit.show.publish import write_text
from kit.show.quotes import list_doubts, locate, locate_items, locate_promises, place
from kit.show.shown import show_table
from kit.tables import BODY_ROLES
from kit.wording import fill, label, listed

PICTURES = (".png", ".jpg", ".jpeg")
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
TINTS = (0.13, 0.4, 0.7, 0.85, 1)  # of the first colour: the steps of the heatmap


def _stems() -> list[str]:
    return [stem for stem, exhibit in FIGURES.items() if exhibit.in_bundle]


def _codes() -> dict[str, str]:
    """Return the codes of findings, each with its figure."""
    rules = knowledge("findings.toml")["rules"]
    return {code: rule["stem"] for code, rule in rules.items() if rule["stem"] in _stems()}


def _expect(what: str, *, fits: bool) -> None:
    if not fits:
        message = f"should be {what}"
        raise ValueError(message)


def _known(value: str, names: Callable[[], Collection[str]]) -> str:
    _expect(f"one of {', '.join(names())}", fits=value in names())
    return value


def _title(value: str) -> str:
    """Check that a sentence fits where titles stand."""
    lines = len(style.wrap_title(value, style.TITLE, style.TITLE_LINE))
    most = style.TITLE_LINE // style.TITLE
    _expect(f"a sentence of at most two lines of {most} characters", fits=bool(value.strip()) and lines <= 2)  # noqa: PLR2004
    return value


def _colour(value: str, least: float) -> str:
    _expect('a colour as in "#12436D"', fits=bool(re.fullmatch("#[0-9A-Fa-f]{6}", value)))
    found = style.contrast(value, style.WHITE)
    _expect(f"one with a contrast of {least:g} or more with white (WCAG 2.2; this: {found:.1f})", fits=found >= least)
    return value.upper()


def _file(value: Any, info: ValidationInfo, *, ends: tuple[str, ...]) -> Path:
    """Find a file from where `briefing.toml` stands."""
    file = Path(info.context or ".") / str(value)
    fits = file.suffix.lower() in ends and file.is_file()
    _expect(f"a file that is there and ends in {' or '.join(ends)}", fits=fits)
    return file


Stem = Annotated[str, AfterValidator(partial(_known, names=_stems))]
Finding = Annotated[str, AfterValidator(partial(_known, names=lambda: [*_stems(), *_codes()]))]
Colour = Annotated[str, AfterValidator(partial(_colour, least=TEXT_CONTRAST))]
MarkColour = Annotated[str, AfterValidator(partial(_colour, least=MARK_CONTRAST))]


class _Entries(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Colours(_Entries):
    """What stands out in figures, and what stands against it."""

    first: Colour = style.FOCUS
    second: MarkColour = style.SECOND


class Choice(_Entries):
    """What `briefing.toml` says: who signs, which figures are told and in which order, in what words and looks."""

    title: str = ""
    subtitle: str = ""
    unit: str = ""
    date: Annotated[datetime.date, Strict()] | None = None
    signature: str = ""
    findings: list[Finding] = []
    left_out: list[Stem] = []
    titles: Mapping[Stem, Annotated[str, AfterValidator(_title)]] = {}
    template_pptx: Annotated[Path, PlainValidator(partial(_file, ends=(".pptx",)))] | None = None
    template_docx: Annotated[Path, PlainValidator(partial(_file, ends=(".docx",)))] | None = None
    layouts: Mapping[Literal["cover", "slide"], str] = {}  # of the author's slides: of the cover, and of all others
    logo: Annotated[Path, PlainValidator(partial(_file, ends=PICTURES))] | None = None
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
        said = analysis.findings.set_index("code")[style.claim_in(figure.lang)] if codes else {}
        return [str(said[[code]].iloc[0]) for code in codes if code in said]

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


def read_choice(compilation: Compilation) -> Choice:
    """Read how the author of a briefing signs it; without a file the kit's way."""
    file = compilation.near_file(BRIEFING)
    return validate(Choice, read_toml(file), str(file), file.parent) if file else Choice()


def draft_choice(lang: str) -> str:
    """Return a `briefing.toml` of which every entry is a comment."""
    figures = "\n".join(f"#   {stem:<16}{label('captions', stem, lang)}" for stem in _stems())
    return path(f"briefing-{lang}.draft").read_text(encoding="utf-8").replace("{figures}", figures)


@dataclass(frozen=True)
class Briefing:
    """What documents are made from: an analysis, its figures as their author signs them, sentences by their stems."""

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
    def places(self) -> str:
        """The places that are compared, the first of many; empty of one."""
        named = filter(None, self.analysis.compilation.counted["place"]) if self.analysis.has_places else ()
        names = list(dict.fromkeys(named))
        first, n = listed(names[: style.NAMED], self.analysis.lang), len(names)
        return first if n <= style.NAMED else fill("briefing", "places", self.analysis.lang, first=names[0], n=n)

    @property
    def opening(self) -> list[str]:
        """Title, subtitle, unit and date as far as the author gives them, then the years and what was read."""
        scope = style.span_of(self.analysis)
        title = fill("briefing", "title", scope.lang, name=self.places or Path(scope.compilation).stem)
        said = (self.choice.subtitle, self.byline, style.period_text(scope), *style.source_line(scope).split("\n"))
        return [self.choice.title or title, *filter(None, said)]

    @property
    def byline(self) -> str:
        """Unit and date in a line."""
        return "  ".join(filter(None, (self.choice.unit, self.choice.written_date(self.analysis.lang))))


# ---- Pages ----

NOTEBOOK_ONLY = "notebook"  # tag of cells that say nothing on a page: controls, how to use them
STILL = ["text/html", "image/svg+xml", "image/png", "text/plain"]  # widgets as what they showed first, without scripts
LEFT_OUT = ("exclude_input", "exclude_input_prompt", "exclude_output_prompt", "exclude_anchor_links")
REPORT_COLUMNS = ("report", "agency", "agency_from", "place", "sector", "period", "plan_period", "chars", "copy_of")
MOST_ROWS = 300  # of a table under a figure; the rest stands in the workbook


def write_page(file: Path, notebook: Any, *, title: str, lang: str) -> Path:
    """Write an executed notebook as a page that leads back to the index."""
    body = notebook_body(notebook, lang=lang)
    return write_text(file, template("page.html").render(title=title, body=body, back="index.html", lang=lang))


def notebook_body(notebook: Any, *, lang: str = "zh") -> str:
    """Return a notebook's outputs and prose in one language as HTML, without code and what is for the notebook only."""
    other, heading = {"zh": "en", "en": "zh"}[lang], ""
    for cell in notebook.cells:  # pictures are called by the heading over them
        if cell.cell_type == "markdown" and other not in cell.metadata.get("tags", ()):
            heading = [heading, *re.findall("^#+ (.+)", cell.source, re.MULTILINE)][-1]
        cell.metadata["alt"] = heading
    return str(_exporter(other).from_notebook_node(notebook)[0])


@cache
def _exporter(other: str) -> Any:
    """Make what turns notebooks into HTML, once, as its templates take long to load."""
    from nbconvert import HTMLExporter  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    tags = {"enabled": True, "remove_cell_tags": {other, NOTEBOOK_ONLY}}
    settings = Config({"TagRemovePreprocessor": tags, "NbConvertBase": {"display_data_priority": STILL}})
    return HTMLExporter(config=settings, template_name="basic", **dict.fromkeys(LEFT_OUT, True))


def write_index(directory: Path, briefing: Briefing, *, pages: Mapping[str, str]) -> Path:
    """Write ``index.html``: what was read, the pages, the figures as far as they stand there, the doubts."""
    analysis, figures = briefing.analysis, directory / "figures"
    stated = {stem: label("scope", measure, analysis.lang) for stem, (measure, _) in STATED.items()}
    page = _render(
        "index.html",
        briefing,
        pages=pages,
        stems=[figure.stem for figure in briefing.figures if (figures / f"{figure.stem}.svg").is_file()],
        findings=[figure.title for figure in briefing.told],
        left_out=say_left_out(analysis, briefing.figures),
        accuracy=lambda stem: stated.get(stem, "") + state_accuracy(stem, analysis.lang),
        reports=_whole(analysis.compilation.reports, analysis, REPORT_COLUMNS),
        back="",
    )
    return write_text(directory / "index.html", page)


def _render(name: str, briefing: Briefing, **values: Any) -> str:
    """Fill a template with what every page of a briefing has: its opening, its doubts, the words of its language."""
    analysis, (title, *lead) = briefing.analysis, briefing.opening
    doubts = list_doubts(analysis)
    return template(name).render(
        lang=analysis.lang,
        title=title,
        lead=lead,
        label=partial(label, lang=analysis.lang),
        fill=partial(fill, lang=analysis.lang),
        n_doubts=len(doubts),
        doubts=_whole(doubts, analysis),
        **values,
    )


def _whole(table: pd.DataFrame, analysis: Analysis, columns: Sequence[str] = ()) -> str:
    """Return a whole table as HTML, as it stands: nothing is added to it."""
    return show_table(table, analysis, columns=columns or tuple(table), most=len(table)).html


def export_report(briefing: Briefing, file: Path) -> Path:
    """Write the report as one HTML file."""
    from kit.show.draw import plot_chart  # noqa: PLC0415, loads matplotlib

    analysis, scope = briefing.analysis, style.scope_of(briefing.analysis)
    reports = analysis.compilation.counted
    kinds = ("status", "verdict") if analysis.earlier else ("status",)
    statuses = {one: label("statuses", one, analysis.lang) for kind in kinds for one in STATUSES[kind]}
    themes = style.marked_labels(analysis.lang, analysis.codebook)
    called = themes | statuses | {"promised again": label("statuses", "promised again", analysis.lang)}
    page = _render(
        "report.html",
        briefing,
        figures=[figure for figure in briefing.figures if figure.stem != "cloud"],
        chart=partial(plot_chart, statuses={name: status for status, name in statuses.items()}),
        left_out=say_left_out(analysis, briefing.figures),
        accuracy=partial(state_accuracy, lang=analysis.lang),
        quotes=briefing.quotes,
        place=partial(place, lang=analysis.lang),
        most=MOST_ROWS,
        whole=partial(_whole, analysis=analysis),
        themes=themes,
        statuses=statuses,
        agencies=dict(zip(reports["report"], style.agency_names(reports, scope), strict=True)),
        all=scope.called["all"],
        evidence=_evidence(analysis),
        said=lambda tags: label("marks", "comma", analysis.lang).join(called.get(tag, tag) for tag in tags),
        logo=_inline(briefing.choice.logo),
    )
    return write_text(file, page)


def _inline(picture: Path | None) -> str:
    """Return a picture as it stands in a page itself."""
    if picture is None:
        return ""
    kind = "png" if picture.suffix.lower() == ".png" else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture.read_bytes()).decode()}"


def _evidence(analysis: Analysis) -> pd.DataFrame:
    """Return sentences with their themes, plan items with their best evidence, last year's promises with answers."""
    sentences, counted = analysis.compilation.sentences, analysis.compilation.counted["report"]
    themes = analysis.hits.groupby("sentence")["theme"].agg(lambda found: list(dict.fromkeys(found))).to_dict()
    bodies = sentences[sentences["role"].isin(BODY_ROLES) | sentences["sentence"].isin(themes)]
    said = locate(analysis, bodies[bodies["report"].isin(counted)])
    said = said.assign(kind="s", answer="", tags=[themes.get(one, []) for one in said["sentence"]])
    items = locate_items(analysis)
    items = items[items["report"].isin(counted)]
    items = items.assign(kind="i", tags=[[status] for status in items["status"]])
    rows = [one.assign(reports=one["report"].astype("str")) for one in (said, items)]
    if analysis.earlier:
        promises, again = locate_promises(analysis), promised_again(analysis)
        tags = [[row.status, *(["promised again"] if row.item in again else [])] for row in promises.itertuples()]
        # The earlier year's report, and the one that answers it.
        pairs = zip(promises["report"], promises["later_report"], strict=True)
        reports = [f"e{report}" if pd.isna(later) else f"e{report} {later}" for report, later in pairs]
        rows.append(promises.assign(kind="i", tags=tags, reports=reports))
    return pd.concat(rows)
