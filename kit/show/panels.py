"""Panels that settle: each doubt, match, promise and number with its answers beside it, written at a click."""

from collections.abc import Sequence
from typing import Any

from ipywidgets import HTML, Button, Checkbox, Dropdown, HBox, Layout, Text, VBox

from kit.data import say_error, template
from kit.errors import KitError
from kit.measure.analysis import Analysis
from kit.measure.settling import ABOUT, Question, find_questions, settle_answer
from kit.read.entries import Step, take_back
from kit.show.ask import agency_of, answer_words, question_words
from kit.show.text import fill, label

PAGE = 10  # questions shown at once
LEFT, RIGHT = Layout(width="58%"), Layout(width="40%")
WIDE = Layout(width="98%")


def html(macro: str, *values: Any) -> str:
    """Write what a macro of the widgets' template makes of some values."""
    return str(getattr(template("widgets.html").module, macro)(*values))


class Panel(VBox):
    """Controls that change a file, with what was written or went wrong said below; ``analysis`` follows each change."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis, self._done = analysis, list[tuple[Step, Analysis]]()
        self._said = HTML()
        self._back = self._button("undo", self._undo)
        super().__init__()

    def _button(self, name: str, act: Any) -> Button:
        button = Button(description=label("settle", name, self.analysis.lang))
        button.on_click(lambda _: self._try(act))
        return button

    def _try(self, act: Any) -> None:
        """Do something, and show the kit's own errors instead of raising them."""
        try:
            act()
        except KitError as error:
            self._say(say_error(error, self.analysis.lang))

    def _say(self, words: str) -> None:
        self._said.value = html("words", words)

    def _keep(self, step: Step, analysis: Analysis) -> None:
        """Go on with the analysis that follows from what was written."""
        self._done.append((step, self.analysis))
        self.analysis = analysis
        self._say(fill("settle", "follow", analysis.lang, file=step.file.name))
        self.refresh()

    def _undo(self) -> None:
        if not self._done:
            self._say(label("settle", "nothing", self.analysis.lang))
            return
        step, before = self._done[-1]
        take_back(step)
        self._done.pop()
        self.analysis = before
        self._say(label("settle", "undone", before.lang))
        self.refresh()

    def refresh(self) -> None:
        """Show what the analysis is now."""
        raise NotImplementedError

    def still(self) -> str:
        """What a page without a kernel shows."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Show itself; where no kernel runs, what it is about."""
        plain = {"text/html": self.still(), "text/plain": type(self).__name__}
        return {**(super()._repr_mimebundle_(**options) or {}), **plain}


class Settling(Panel):
    """Questions and their answers, page by page."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__(analysis)
        lang = analysis.lang
        kinds = [about for about in ABOUT if about != "promise" or analysis.earlier]
        self.about = Dropdown(
            description=label("settle", "about", lang), options=[(label("settle", one, lang), one) for one in kinds]
        )
        self.only_open = Checkbox(value=True, description=label("settle", "open_only", lang), indent=False)
        self.page = Dropdown(options=[("", 0)])
        self.rows = VBox()
        for control in (self.about, self.only_open):
            control.observe(lambda _: self._turn(0), "value")
        self.page.observe(lambda change: self._turn(change["new"] or 0), "value")
        self.children = (HBox([self.about, self.only_open, self.page, self._back]), self._said, self.rows)
        self._turn(0)

    def refresh(self) -> None:
        """Show the questions that are left."""
        self._turn(self.page.value or 0)

    def _turn(self, page: int) -> None:
        self._try(lambda: self._show(page))

    def _show(self, page: int) -> None:
        found = find_questions(self.analysis, self.about.value)
        own = [one for one in found if one.open or not self.only_open.value or one.about == "settled"]
        pages = [(f"{at + 1}–{min(at + PAGE, len(own))} / {len(own)}", at) for at in range(0, len(own), PAGE)]
        page = min(page, max(0, (len(own) - 1) // PAGE * PAGE))
        self.page.unobserve_all("value")
        self.page.options = pages or [("0", 0)]
        self.page.value = page
        self.page.observe(lambda change: self._turn(change["new"] or 0), "value")
        self.questions: Sequence[Question] = own[page : page + PAGE]
        none = HTML(html("words", label("settle", "none", self.analysis.lang)))
        self.rows.children = tuple(map(self._row, self.questions)) or (none,)

    def _row(self, question: Question) -> HBox:
        """One question, what it says on the left, its answers on the right."""
        lang = self.analysis.lang
        named = [(answer_words(question, one, lang), number) for number, one in enumerate(question.answers)]
        chosen = Dropdown(options=named, layout=WIDE)
        typed = Text(placeholder=label("settle", "typed", lang), layout=Layout(width="98%", display="none"))
        note = Text(placeholder=label("settle", "note", lang), layout=Layout(width="70%"))

        def ask_for(_: object = None) -> None:
            typed.layout.display = "" if question.answers[chosen.value].asks else "none"

        def write() -> None:
            answer = question.answers[chosen.value]
            found, step = settle_answer(self.analysis, question, answer, typed=typed.value, note=note.value.strip())
            self._keep(step, found)

        chosen.observe(ask_for, "value")
        ask_for()
        answers = VBox([chosen, typed, HBox([note, self._button("write", write)])], layout=RIGHT)
        return HBox([HTML(self._words(question), layout=LEFT), answers])

    def _words(self, question: Question) -> str:
        agency = agency_of(question, self.analysis)
        return html("question", f"{agency} [{question.place[0]}]", question_words(question, self.analysis))

    def still(self) -> str:
        """The questions without their controls."""
        return "".join(map(self._words, self.questions))


def settle(analysis: Analysis) -> Settling:
    """Answer what is open: doubts, matches, promises, numbers, each with its answers beside it.

    An answer is written into the ``.kit.toml`` beside the compilation, after the text has been read anew with it; what
    a person wrote there stays. The last answer can be taken back.

    Parameters
    ----------
    analysis : Analysis
        Of a file or a folder.

    Returns
    -------
    Settling
        A panel; its ``analysis`` is the one that follows from the answers. Cells below, run again, show their figures.
    """
    return Settling(analysis)
