"""Widgets: controls that make one public call, say it, and show its answer; a page without a kernel shows the first."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
from ipywidgets import HTML, Button, ButtonStyle, Checkbox, Dropdown, FileUpload, GridBox, HBox, Layout, Text, VBox

from kit.data import find_lang, knowledge, say_error
from kit.errors import KitError, SourceError
from kit.measure.analysis import Analysis, analyse
from kit.measure.words import find_in_context
from kit.read import preset as preset_sources
from kit.read.overrides import set_values
from kit.read.source import PathLike, find_files
from kit.show import style
from kit.show.count_figures import step_colour
from kit.show.quotes import export_evidence
from kit.show.shown import html, show_evidence, show_matches, show_table
from kit.wording import agency_name, fill, label

MOST_ROWS = 20  # reports that a grid of buttons has room for; the lists beside it reach all
MOST_PLACES = 100  # of words in their context
BESIDE = {"flex": "1 1 24em", "min_width": "24em", "max_height": "46em", "overflow": "auto"}  # of the grid: evidence
HEAD_CHAR = {"zh": 1.1, "en": 0.65}  # height of a character in the head of a column, em
MARKS = {"both": ("●", style.BOTH), "plan only": ("＋", style.SECOND), "review only": ("○", "#FFFFFF")}
NO_MARK = ("", style.EMPTY)
Options = Sequence[tuple[str, Any]]


class Board(VBox):
    """Controls that say the kit's own errors instead of raising them; where no kernel runs, what they showed first."""

    said = ""  # the call that shows the same

    def __init__(self, lang: str, children: Sequence[Any] = ()) -> None:
        self.lang, self._said = lang, HTML()
        super().__init__(children)

    def button(self, words: str, act: Callable[[], object]) -> Button:
        """Return a button that does something, or says why not."""
        button = Button(description=words)
        button.on_click(lambda _: self.attempt(act))
        return button

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something, or say why not."""
        try:
            act()
        except KitError as error:
            self.say(say_error(error, self.lang))

    def watch(self, act: Callable[[], object], *controls: Any) -> None:
        """Do something, or say why not, whenever one of some controls changes."""
        for control in controls:
            control.observe(lambda _: self.attempt(act), "value")

    def say(self, words: str) -> None:
        """Say something below the controls."""
        self._said.value = html("words", words)

    def still(self) -> str:
        """What a page without a kernel shows."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        plain = {"text/html": self.still(), "text/plain": self.said or type(self).__name__}
        return {**(super()._repr_mimebundle_(**options) or {}), **plain}


class Browser(Board):
    """Controls above the call that they make and its answer."""

    def __init__(
        self,
        function: Callable,
        controls: Mapping[str, Any],
        *,
        given: Mapping[str, Any] = MappingProxyType({}),
        fixed: Mapping[str, Any] = MappingProxyType({}),
        show: Callable[[Any], str] = lambda answer: answer._repr_html_(),
        lang: str,
    ) -> None:
        self.controls, self._function, self._show = dict(controls), function, show
        self._given, self._fixed = given, dict(fixed)
        self._call, self._shown, self._held = HTML(), HTML(), False
        row = HBox(list(controls.values()), layout=Layout(flex_flow="row wrap"))
        super().__init__(lang, [row, self._call, self._shown])
        for control in controls.values():
            control.observe(self._refresh, "value")
        self._refresh()

    def choose(self, **values: Any) -> None:
        """Set several controls at once."""
        self._held = True
        for name, value in values.items():
            self.controls[name].value = value
        self._held = False
        self._refresh()

    def _refresh(self, _: object = None) -> None:
        if self._held:
            return
        chosen = {name: control.value for name, control in self.controls.items()}
        options = {name: value for name, value in chosen.items() if value is not False} | self._fixed
        typed = [*self._given, *(f"{name}={value!r}" for name, value in options.items())]
        self.said = f"kit.{self._function.__name__}({', '.join(typed)})"
        try:
            self.answer = self._function(*self._given.values(), **options)
            shown = self._show(self.answer)
        except KitError as error:
            self.answer, shown = None, html("words", say_error(error, self.lang))
        self._call.value, self._shown.value = html("call", self.said), shown

    def still(self) -> str:
        """The call and its answer."""
        return self._call.value + self._shown.value


def _list(name: str, options: Options, lang: str, value: Any = False) -> Dropdown:
    """Return a list to choose one of, or all: False, as a Dropdown of the value None shows no choice at all."""
    choices = [(label("widgets", "all", lang), False), *options]
    return Dropdown(description=label("widgets", name, lang), options=choices, value=value)


def _reports(analysis: Analysis) -> Options:
    reports = analysis.compilation.reports
    names = style.agency_names(reports, style.scope_of(analysis))
    return [(name, int(report)) for name, report in zip(names, reports["report"], strict=True)]


def browse(analysis: Analysis, of: str = "themes", *, word: str = "") -> Browser:
    """Choose by controls what is shown, and read the sentences behind it.

    Parameters
    ----------
    analysis : Analysis
    of : {"themes", "coverage", "continuity", "fulfilment", "words"}
        Cells of agencies by themes (`show_evidence`), which for coverage carry the marks of its figure, the review's
        sentences beside the plan's; plan items or last year's promises by agency and status (`show_matches`); words in
        their context, searched as they are typed (`find_in_context`).
    word : str
        Which word is searched first.

    Returns
    -------
    Browser
        Its ``said`` is the call that shows the same, its ``answer`` what that gives.

    Raises
    ------
    TableError
        When ``of`` is none of these.
    """
    browsers = {
        "themes": partial(_browse_themes, sides=False),
        "coverage": partial(_browse_themes, sides=True),
        "continuity": partial(_browse_matches, measure=of),
        "fulfilment": partial(_browse_matches, measure=of),
        "words": partial(_browse_words, word=word),
    }
    return style.one_of(browsers, of)(analysis)


def _browse_words(analysis: Analysis, word: str) -> Browser:
    words = Text(value=word, description=label("widgets", "word", analysis.lang))
    regex = Checkbox(description=label("widgets", "regex", analysis.lang), indent=False)
    columns = ["agency", "role", "path", "left", "keyword", "right"]
    return Browser(
        find_in_context,
        {"words": words, "regex": regex},
        given={"analysis.compilation": analysis.compilation},
        show=lambda found: show_table(found, analysis, columns=columns, most=MOST_PLACES).html,
        lang=analysis.lang,
    )


def _browse_themes(analysis: Analysis, *, sides: bool) -> Browser:
    totals, lang = analysis.theme_totals, analysis.lang
    first = totals.loc[totals["n_sentences"].idxmax()] if len(totals) else {"report": False, "theme": False}
    called = style.marked_labels(lang, analysis.codebook)
    themes = style.in_theme_order(list(totals["theme"]), called)
    controls = {
        "report": _list("report", _reports(analysis), lang, first["report"]),
        "theme": _list("theme", [(called.get(key, key), key) for key in themes], lang, first["theme"]),
    }
    fixed = {"sides": True} if sides else {}
    browser = Browser(show_evidence, controls, given={"analysis": analysis}, fixed=fixed, lang=lang)
    browser.children = (*browser.children, _exports(browser, analysis))
    if 0 < totals["report"].nunique() <= MOST_ROWS:
        head, said = HTML(), style.words_of("themes", lang)
        grid = _grid(browser, _marked(totals, analysis.coverage if sides else None), themes, called, head, lang)
        steps = zip(said("steps_per_10k_chars").split("|"), (style.EMPTY, *style.STEPS), strict=True)
        colours = "" if sides else html("legend", said("unit_per_10k_chars"), list(steps))
        legend = HTML(html("words", label("widgets", "marks" if sides else "rates", lang)) + colours)
        evidence = VBox([head, *browser.children], layout=Layout(**BESIDE))
        browser.children = (HBox([VBox([grid, legend]), evidence], layout=Layout(flex_flow="row wrap")),)
    return browser


def _exports(browser: Browser, analysis: Analysis) -> HBox:
    """Return the buttons that write the sentences shown into the working folder, to hand out."""
    lang = analysis.lang
    agencies = dict(zip(analysis.compilation.reports["report"], analysis.compilation.reports["agency"], strict=True))

    def _export(ending: str) -> None:
        theme, agency = browser.controls["theme"].value, agencies.get(browser.controls["report"].value)
        called = [agency and agency_name(agency, lang), theme and style.theme_labels(lang, analysis.codebook)[theme]]
        name = "-".join(filter(None, [label("evidence", "list", lang), *called]))
        file = export_evidence(analysis, f"{name}.{ending}", theme=theme or None, agency=agency)
        browser.say(label("widgets", "exported", lang).format(file=file))

    endings = ("docx", "xlsx")
    buttons = [browser.button(label("widgets", f"export_{one}", lang), partial(_export, one)) for one in endings]
    return HBox([*buttons, browser._said])


def _marked(totals: pd.DataFrame, coverage: pd.DataFrame | None) -> pd.DataFrame:
    """Return the cells with what stands in each and its colour: sentences and rate, or the mark of coverage."""
    if coverage is None:
        rates = zip(totals["n_sentences"], totals["per_10k_chars"], strict=True)
        marks = [(str(n or ""), step_colour(rate, "per_10k_chars")) for n, rate in rates]
    else:
        states = totals[["report", "theme"]].merge(coverage, on=["report", "theme"], how="left")["state"]
        marks = [MARKS.get(state, NO_MARK) for state in states]
    return totals.assign(mark=[mark for mark, _ in marks], colour=[colour for _, colour in marks])


def _grid(
    browser: Browser, cells: pd.DataFrame, themes: Sequence[str], names: Mapping[str, str], head: HTML, lang: str
) -> GridBox:
    """Return one button a cell, coloured as the figures are; the chosen one is framed, and ``head`` says it."""
    heads = style.theme_heads(themes, names, lang)
    tall = Layout(height=f"{HEAD_CHAR[lang] * max(map(len, heads)):.1f}em", margin="0")
    looks = {"width": "auto", "height": "24px", "padding": "0", "margin": "0"}
    looks |= {"display": "flex", "align_items": "center", "justify_content": "center"}  # its text, in a frame too
    size, framed = Layout(**looks), Layout(**looks, border=f"3px solid {style.SECOND}")
    colours = {colour: ButtonStyle(button_color=colour, text_color=style.on(colour)) for colour in set(cells["colour"])}

    buttons: dict[tuple[int, str], Button] = {}

    def _button(cell: Any) -> Button:
        named = {"agency": agency_name(cell.agency, lang), "theme": names.get(cell.theme, cell.theme)}
        said = fill("widgets", "cell", lang, **named, n=cell.n_sentences, rate=f"{cell.per_10k_chars:.1f}")
        button = Button(description=cell.mark, tooltip=said, layout=size, style=colours[cell.colour])
        button.on_click(lambda _: browser.choose(report=int(cell.report), theme=cell.theme))
        buttons[int(cell.report), cell.theme] = button
        return button

    def _frame(_: object = None) -> None:
        chosen = buttons.get((browser.controls["report"].value, browser.controls["theme"].value))
        for button in buttons.values():
            button.layout = framed if button is chosen else size
        head.value = html("question", chosen.tooltip if chosen else "", [])

    shown: list[Any] = [HTML(), *(HTML(html("head", head), layout=tall) for head in heads)]
    for _, rows in cells.groupby("report", sort=False):
        shown.append(HTML(html("name", agency_name(rows["agency"].iloc[0], lang))))
        ordered = rows.set_index("theme", drop=False).loc[list(themes)]
        shown += map(_button, ordered.itertuples(index=False))
    for control in browser.controls.values():
        control.observe(_frame, "value")
    _frame()
    columns = f"minmax(7em,auto) repeat({len(themes)},minmax(20px,34px))"
    return GridBox(shown, layout=Layout(grid_template_columns=columns, grid_gap="1px", align_items="center"))


def _browse_matches(analysis: Analysis, measure: str) -> Browser:
    lang, is_fulfilment = analysis.lang, measure == "fulfilment"
    found = set(analysis.table("fulfilment" if is_fulfilment else "matches")["status"])
    known = knowledge("labels.toml")["statuses"].items()
    statuses = [(said[lang], status) for status, said in known if status in found]
    promising = analysis.earlier if is_fulfilment and analysis.earlier else analysis
    controls = {"report": _list("report", _reports(promising), lang), "status": _list("status", statuses, lang)}
    fixed = {"measure": measure} if is_fulfilment else {}
    return Browser(show_matches, controls, given={"analysis": analysis}, fixed=fixed, lang=lang)


def choose_source(source: PathLike | None = None, *, folder: PathLike = ".", lang: str | None = None) -> Browser:
    """Choose a compilation in a folder, or upload one into it (`analyse`); ``answer`` is its analysis.

    Parameters
    ----------
    source : path, optional
        Chosen first; without it what `analyse` takes.
    folder : path
    lang : {"zh", "en"}, optional
        Language of the controls and of the analysis; without it as in `kit.analyse`.
    """
    lang = lang or find_lang()
    preset = source is not None and str(source)
    name = Path(preset or preset_sources()[-1]).name
    sources = Dropdown(
        description=label("widgets", "source", lang),
        options=[(fill("widgets", "preset", lang, name=name), preset), *_files(folder)],
    )
    upload = FileUpload(description=label("widgets", "upload", lang), multiple=True)
    fixed = {} if lang == find_lang() else {"lang": lang}
    show = lambda found: html("words", found.compilation.summary(lang))  # noqa: E731
    browser = Browser(analyse, {"source": sources}, fixed=fixed, show=show, lang=lang)
    upload.observe(lambda change: _keep(change["new"], Path(folder), sources), "value")
    keep = browser.button(label("widgets", "keep", lang), lambda: _set_source(browser, Path(folder)))
    keep.layout.width = "auto"
    browser.children = (HBox([sources, upload, keep, browser._said]), *browser.children[1:])
    return browser


def _set_source(browser: Browser, folder: Path) -> None:
    """Write what is chosen into the folder's kit.toml, from which all of its notebooks take it."""
    path = Path(browser.controls["source"].value or preset_sources()[-1]).absolute()
    near = path.relative_to(folder.absolute()) if path.is_relative_to(folder.absolute()) else path
    file = set_values(folder / "kit.toml", {"source": near.as_posix(), "lang": browser.lang})
    browser.say(fill("widgets", "kept", browser.lang, file=file.name, name=path.name))


def _files(folder: PathLike) -> list[tuple[str, str]]:
    try:
        return [(Path(str(file)).name, str(file)) for file in find_files(folder)]
    except SourceError:
        return []


def _keep(files: Sequence[Mapping[str, Any]], folder: Path, sources: Dropdown) -> None:
    """Write uploaded files into the folder, where their overrides can stand beside them, and choose the last."""
    for file in files:
        target = folder / Path(file["name"]).name
        if not target.exists():
            target.write_bytes(file["content"])
        sources.options = [sources.options[0], *_files(folder)]
        sources.value = str(target)
