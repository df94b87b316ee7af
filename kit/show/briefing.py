"""What a briefing is made of, how its author signs it (`briefing.toml` beside the compilation), and its pages.

The pages are the index of a bundle, its report, the notebooks without code; each is one file that needs no network.
"""

import datetime
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo

from kit.data import knowledge, path, read_toml, template
from kit.errors import DataError
from kit.measure.analysis import Analysis
from kit.measure.counts import STATUSES
from kit.measure.series import promised_again
from kit.read.compilation import Compilation
from kit.show import style
from kit.show.figure import Figure
from kit.show.figures import FIGURES, STATED, say_left_out, state_accuracy
from kit.show.publish import write_text
from kit.show.quotes import list_doubts, locate, place
from kit.show.shown import one_line, show_table
from kit.show.style import agency_names, claim_in, marked_labels, opening, scope_of, span_of, wrap_title
from kit.tables import BODY_ROLES
from kit.wording import fill, label

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
    def opening(self) -> list[str]:
        """Title, subtitle, unit and date as far as the author gives them, then what was read."""
        title, *lead = opening(span_of(self.analysis))
        return [self.choice.title or title, *filter(None, [self.choice.subtitle, self.byline]), *lead]

    @property
    def byline(self) -> str:
        """Unit and date in a line."""
        return "  ".join(filter(None, (self.choice.unit, self.choice.written_date(self.analysis.lang))))


# ---- Pages ----

NOTEBOOK_ONLY = "notebook"  # tag of cells that say nothing on a page: controls, how to use them
STILL = ["text/html", "image/svg+xml", "image/png", "text/plain"]  # widgets as what they showed first, without scripts
REPORT_COLUMNS = ("report", "agency", "agency_from", "place", "sector", "period", "plan_period", "chars", "copy_of")
MOST_ROWS = 300  # of a table under a figure; the rest stands in the workbook


def write_page(file: Path, notebook: Any, *, title: str, lang: str) -> Path:
    """Write an executed notebook as a page that leads back to the index."""
    body = notebook_body(notebook, lang=lang)
    return write_text(file, template("page.html").render(title=title, body=body, back="index.html", lang=lang))


def notebook_body(notebook: Any, *, lang: str = "zh") -> str:
    """Return a notebook's outputs and prose in one language as HTML, without code and what is for the notebook only."""
    from nbconvert import HTMLExporter  # noqa: PLC0415
    from nbformat import NotebookNode  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    other, heading = {"zh": "en", "en": "zh"}[lang], ""
    for cell in notebook.cells:  # pictures are called by the heading over them
        if cell.cell_type == "markdown" and other not in cell.metadata.get("tags", ()):
            heading = [heading, *re.findall("^#+ (.+)", cell.source, re.MULTILINE)][-1]
        cell.metadata["alt"] = heading
    settings = Config(
        {
            "TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": {other, NOTEBOOK_ONLY}},
            "NbConvertBase": {"display_data_priority": STILL},
        }
    )
    exporter = HTMLExporter(
        config=settings,
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    metadata = {name: value for name, value in notebook.metadata.items() if name != "widgets"}
    body, _ = exporter.from_notebook_node(NotebookNode(notebook | {"metadata": NotebookNode(metadata)}))
    return str(body)


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

    analysis, reports, scope = briefing.analysis, briefing.analysis.compilation.counted, scope_of(briefing.analysis)
    kinds = ("status", "verdict") if analysis.earlier else ("status",)
    statuses = {one: label("statuses", one, analysis.lang) for kind in kinds for one in STATUSES[kind]}
    themes = marked_labels(analysis.lang, analysis.codebook)
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
        agencies=dict(zip(reports["report"], agency_names(reports, scope), strict=True)),
        all=scope.called["all"],
        evidence=_evidence(analysis, themes | statuses),
        logo=_inline(briefing.choice.logo),
    )
    return write_text(file, page)


def _inline(picture: Path | None) -> str:
    """Return a picture as it stands in a page itself."""
    if picture is None:
        return ""
    kind = "png" if picture.suffix.lower() == ".png" else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture.read_bytes()).decode()}"


def _evidence(analysis: Analysis, tags: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield sentences with their themes, plan items with their best evidence, last year's promises with answers."""
    counted, lang = analysis.compilation.counted["report"], analysis.lang
    themes = analysis.hits.groupby("sentence")["theme"].agg(lambda found: list(dict.fromkeys(found))).to_dict()
    sentences = analysis.compilation.sentences
    bodies = sentences[sentences["role"].isin(BODY_ROLES) | sentences["sentence"].isin(themes)]
    for row in locate(analysis, bodies[bodies["report"].isin(counted)]).itertuples():
        yield _entry(row, themes.get(row.sentence, []), tags, lang)
    items = {row.item: row for row in locate(analysis, analysis.items).itertuples()}
    best = analysis.matches.drop_duplicates("item")
    for match in best[best["report"].isin(counted)].itertuples():
        has_evidence = not pd.isna(match.evidence) and match.status != "new"
        answers = items[match.evidence].text if has_evidence else ""
        yield _entry(items[match.item], [match.status], tags, lang, answers=answers)
    if analysis.earlier:
        promises = locate(analysis.earlier, analysis.fulfilment)
        text, again = analysis.compilation.text, promised_again(analysis)
        tags = {**tags, "promised again": label("statuses", "promised again", lang)}
        for row in promises.assign(role="plan").itertuples():
            has_answer = not pd.isna(row.evidence_start)
            answers = one_line(text[int(row.evidence_start) : int(row.evidence_end)]) if has_answer else ""
            keys = [row.status, *(["promised again"] if row.item in again else [])]
            yield _entry(row, keys, tags, lang, answers=answers, reports=_reports(row))


def _reports(promise: Any) -> str:
    """Return the reports of a promise: the earlier year's, and the one that answers it."""
    later = "" if pd.isna(promise.later_report) else f" {promise.later_report}"
    return f"e{promise.report}{later}"


def _entry(
    row: Any, keys: list[str], tags: Mapping[str, str], lang: str, *, answers: str | None = None, reports: str = ""
) -> dict[str, Any]:
    """Return a sentence (``answers`` None) or an item as the page lists it, of its report or of those named."""
    said = label("marks", "comma", lang).join(tags.get(key, key) for key in keys)
    where = f"{label('roles', row.role, lang)} · {place(row, lang)}"
    return {
        "tags": keys,
        "report": reports or row.report,
        "role": row.role,
        "kind": "s" if answers is None else "i",
        "start": row.start,
        "length": row.end - row.start,
        "text": row.text,
        "answers": answers,
        "said": said,
        "place": where,
    }
