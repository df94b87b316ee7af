"""Widgets: controls that make one public call, say it, and show its answer; a page without a kernel shows the first."""

import os
from collections.abc import Callable, Mapping, Sequence
from html import escape
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pandas as pd
from ipywidgets import HTML, Button, ButtonStyle, Checkbox, Dropdown, FileUpload, GridBox, HBox, Layout, Text, VBox

from kit.data import sample
from kit.errors import KitError, SourceError
from kit.measure.codebook import codebook_of
from kit.measure.summaries import STATUSES, count_themes, sum_roles
from kit.measure.usage import find_in_context
from kit.read import read
from kit.read.compilation import Compilation
from kit.read.source import PathLike, find_files
from kit.show import style
from kit.show.heatmap import step_colour
from kit.show.labels import fill, in_theme_order, label, theme_heads, theme_labels
from kit.show.scope import agency_name, agency_names, scope_of
from kit.show.shown import show_evidence, show_matches

MOST_ROWS = 20  # reports that a grid of buttons has room for; the lists beside it reach all
HEAD = '<div style="writing-mode:vertical-rl;line-height:1.2;margin:auto">{}</div>'
HEAD_CHAR = {"zh": 1.1, "en": 0.65}  # height of a character in the head of a column, em
MARKS = {"both": ("●", style.BOTH), "plan only": ("＋", style.SECOND), "review only": ("○", "#FFFFFF")}
NO_MARK = ("", style.EMPTY)
Options = Sequence[tuple[str, Any]]


class Browser(VBox):
    """Controls above the call that they make and its answer.

    Attributes
    ----------
    controls : dict of str to Widget
        By the option of the call that each sets; what is unset (None, False) is left out of the call.
    said : str
        The call, as it can be typed.
    answer : object
        What it returned last; None when it failed.
    """

    def __init__(self, function: Callable, controls: Mapping[str, Any], *, given: Mapping[str, Any] | None = None,
                 fixed: Mapping[str, Any] | None = None,
                 show: Callable[[Any], str] = lambda answer: answer._repr_html_()) -> None:  # fmt: skip
        self.controls, self._function, self._show = dict(controls), function, show
        self._given, self._fixed = dict(given or {}), dict(fixed or {})
        self._call, self._shown, self._held = HTML(), HTML(), False
        super().__init__([HBox(list(controls.values()), layout=Layout(flex_flow="row wrap")), self._call, self._shown])
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
        options = {name: value for name, value in chosen.items() if value is not None and value is not False}
        options |= self._fixed
        self.said = _typed(self._function, self._given, options)
        try:
            self.answer = self._function(**self._given, **options)
            shown = self._show(self.answer)
        except KitError as error:
            self.answer, shown = None, f"<p>{escape(str(error))}</p>"
        self._call.value, self._shown.value = f"<code>{escape(self.said)}</code>", shown

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Show itself; where no kernel runs, the call and its answer."""
        still = {"text/html": self._call.value + self._shown.value, "text/plain": self.said}
        return {**(super()._repr_mimebundle_(**options) or {}), **still}


def _typed(function: Callable, given: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return a call as it can be typed: what is given by its name, options by their values."""
    parameters = signature(function).parameters
    tables = [f"{name}={name}" if parameters[name].kind is Parameter.KEYWORD_ONLY else name for name in given]
    return f"kit.{function.__name__}({', '.join([*tables, *(f'{key}={value!r}' for key, value in options.items())])})"


def _list(name: str, options: Options, lang: str, value: Any = None) -> Dropdown:
    """Return a list to choose one of, or all."""
    choices = [(label("widgets", "all", lang), None), *options]
    first = [choice for _, choice in choices].index(value)  # Dropdown takes the value None for no choice at all
    return Dropdown(description=label("widgets", name, lang), options=choices, index=first)


def _reports(compilation: Compilation, lang: str) -> Options:
    names = agency_names(compilation.reports, lang, scope_of(compilation))
    return [(name, int(report)) for name, report in zip(names, compilation.reports["report"], strict=True)]


def _language(lang: str) -> dict[str, str]:
    return {} if lang == "zh" else {"lang": lang}


def browse_context(compilation: Compilation, word: str = "", *, lang: str = "zh") -> Browser:
    """Search words in their context as they are typed (`find_in_context`).

    Parameters
    ----------
    compilation : Compilation
    word : str
        What is searched first.
    lang : {"zh", "en"}
        Language of the controls.
    """
    words = Text(value=word, description=label("widgets", "word", lang))
    regex = Checkbox(description=label("widgets", "regex", lang), indent=False)
    return Browser(find_in_context, {"words": words, "regex": regex}, given={"compilation": compilation},
                   show=lambda found: _contexts(found, lang))  # fmt: skip


def _contexts(found: pd.DataFrame, lang: str) -> str:
    agencies = [agency_name(name, lang) for name in found["agency"]]
    return found.assign(agency=agencies).to_html(index=False)


def browse_evidence(
    compilation: Compilation, hits: pd.DataFrame, *, coverage: pd.DataFrame | None = None, lang: str = "zh"
) -> Browser:
    """Click a cell of agencies by themes and read the sentences behind it (`show_evidence`).

    Parameters
    ----------
    compilation : Compilation
    hits : DataFrame
        From `find_hits`.
    coverage : DataFrame, optional
        From `compare_coverage`: the cells carry its marks, and the review's sentences stand beside the plan's.
    lang : {"zh", "en"}
    """
    totals = sum_roles(count_themes(compilation, hits))
    first = totals.loc[totals["n_sentences"].idxmax()] if len(totals) else {"report": None, "theme": None}
    names = theme_labels(lang, codebook_of(compilation))
    themes = in_theme_order(list(totals["theme"]), names)
    controls = {
        "report": _list("report", _reports(compilation, lang), lang, first["report"]),
        "theme": _list("theme", [(names.get(key, key), key) for key in themes], lang, first["theme"]),
    }
    fixed = ({} if coverage is None else {"sides": True}) | _language(lang)
    browser = Browser(show_evidence, controls, given={"compilation": compilation, "hits": hits}, fixed=fixed)
    if 0 < totals["report"].nunique() <= MOST_ROWS:
        browser.children = (_grid(browser, _marked(totals, coverage), themes, names, lang), *browser.children)
    return browser


def _marked(totals: pd.DataFrame, coverage: pd.DataFrame | None) -> pd.DataFrame:
    """Return the cells with what stands in each and its colour: sentences and rate, or the mark of coverage."""
    if coverage is None:
        marks = [(str(n or ""), step_colour(rate, "per_10k_chars"))
                 for n, rate in zip(totals["n_sentences"], totals["per_10k_chars"], strict=True)]  # fmt: skip
    else:
        states = totals[["report", "theme"]].merge(coverage, on=["report", "theme"], how="left")["state"]
        marks = [MARKS.get(state, NO_MARK) for state in states]
    return totals.assign(mark=[mark for mark, _ in marks], colour=[colour for _, colour in marks])


def _grid(browser: Browser, cells: pd.DataFrame, themes: Sequence[str], names: Mapping[str, str],
          lang: str) -> GridBox:  # fmt: skip
    """Return one button a cell, agencies by themes, coloured as the figures are."""
    heads = theme_heads(themes, names, lang)
    tall = Layout(height=f"{HEAD_CHAR[lang] * max(map(len, heads)):.1f}em", margin="0")
    styles = {colour: ButtonStyle(button_color=colour, text_color=style.on(colour)) for colour in set(cells["colour"])}
    size = Layout(width="auto", height="24px", padding="0", margin="0")
    shown: list[Any] = [HTML(), *(HTML(HEAD.format(escape(head)), layout=tall) for head in heads)]
    for _, rows in cells.groupby("report", sort=False):
        shown.append(HTML(escape(agency_name(rows["agency"].iloc[0], lang))))
        ordered = rows.set_index("theme", drop=False).loc[list(themes)]
        shown += [
            _button(browser, row, names, size, styles[row.colour], lang) for row in ordered.itertuples(index=False)
        ]
    columns = f"minmax(7em,auto) repeat({len(themes)},minmax(20px,34px))"
    return GridBox(shown, layout=Layout(grid_template_columns=columns, grid_gap="1px", align_items="center"))


def _button(browser: Browser, cell: Any, names: Mapping[str, str], size: Layout, colours: ButtonStyle,
            lang: str) -> Button:  # fmt: skip
    theme = names.get(cell.theme, cell.theme)
    said = fill("widgets", "cell", lang, agency=agency_name(cell.agency, lang), theme=theme, n=cell.n_sentences)
    button = Button(description=cell.mark, tooltip=said, layout=size, style=colours)
    button.on_click(lambda _: browser.choose(report=int(cell.report), theme=cell.theme))
    return button


def browse_matches(
    compilation: Compilation, items: pd.DataFrame, matches: pd.DataFrame, *, lang: str = "zh"
) -> Browser:
    """Choose an agency and a status and read plan items beside their evidence (`show_matches`).

    Parameters
    ----------
    compilation : Compilation
    items, matches : DataFrame
        From `find_items` and `match_items`.
    lang : {"zh", "en"}
    """
    statuses = [(label("statuses", status, lang), status) for status in STATUSES["status"]]
    controls = {
        "report": _list("report", _reports(compilation, lang), lang),
        "status": _list("status", statuses, lang),
    }
    given = {"compilation": compilation, "matches": matches, "items": items}
    return Browser(show_matches, controls, given=given, fixed=_language(lang))


def choose_source(source: PathLike | None = None, *, folder: PathLike = ".", lang: str = "zh") -> Browser:
    """Choose a compilation in a folder, or upload one into it (`read`); ``answer`` is the compilation.

    Parameters
    ----------
    source : path, optional
        Chosen first; without it what `read` takes.
    folder : path
    lang : {"zh", "en"}
    """
    preset = None if source is None else str(source)
    name = Path(preset or os.environ.get("KIT_SOURCE") or sample()).name
    sources = Dropdown(description=label("widgets", "source", lang),
                       options=[(fill("widgets", "preset", lang, name=name), preset), *_files(folder)])  # fmt: skip
    upload = FileUpload(description=label("widgets", "upload", lang), multiple=True)
    browser = Browser(read, {"source": sources}, show=lambda found: found._repr_html_().partition("\n")[0])
    upload.observe(lambda change: _keep(change["new"], Path(folder), sources), "value")
    browser.children = (HBox([sources, upload]), *browser.children[1:])
    return browser


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
