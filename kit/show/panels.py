"""What a person settles, changes and codes: panels of the notebook, and the same questions in the terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from ipywidgets import HTML, Checkbox, Dropdown, HBox, Layout, Text, ToggleButton, VBox

from kit.data import say_error
from kit.errors import KitError
from kit.measure import settling
from kit.measure.analysis import Analysis
from kit.measure.scoring import CODING, NONE, read_coding, sample_sentences, score_themes
from kit.measure.settling import ABOUT, FIELDS, Answer, Change, Question, around, find_questions, settle_answer
from kit.read.overrides import Step, take_back
from kit.show.publish import export_table
from kit.show.shown import assumed, cut, html, one_line, show_table
from kit.show.style import theme_labels
from kit.show.widgets import Board
from kit.wording import agency_name, fill, label

PAGE = 10  # questions shown at once
LEFT, RIGHT = Layout(width="58%"), Layout(width="40%")
WIDE = Layout(width="98%")
ROWS = Layout(flex_flow="row wrap")


class _Undoing:
    """An analysis that follows each change, and what was done before it: steps written, questions skipped."""

    analysis: Analysis
    done: list[tuple[Step | Question, Analysis]]

    def keep(self, one: Step | Question, analysis: Analysis) -> None:
        """Go on with the analysis that follows from what was written, or skipped."""
        self.done.append((one, self.analysis))
        self.analysis = analysis

    def undo(self) -> str:
        """Take back what was done last; return in the kit's words whether there was anything."""
        if not self.done:
            return label("settle", "nothing", self.analysis.lang)
        last, before = self.done[-1]
        if isinstance(last, Step):
            take_back(last)
        self.done.pop()
        self.analysis = before
        return label("settle", "undone", before.lang)


class Panel(_Undoing, Board):
    """Controls that change a file, with what was written or went wrong said below; ``analysis`` follows each change."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__(analysis.lang)
        self.analysis, self.done = analysis, []
        self._back = self.button(label("settle", "undo", self.lang), self._undo)

    def _keep(self, step: Step, analysis: Analysis) -> None:
        self.keep(step, analysis)
        self.say(fill("settle", "follow", self.lang, file=step.file.name))
        self.refresh()

    def _undo(self) -> None:
        self.say(self.undo())
        self.refresh()

    def refresh(self) -> None:
        """Show what the analysis is now."""
        raise NotImplementedError


class Settling(Panel):
    """Questions and their answers, page by page."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__(analysis)
        lang = self.lang
        kinds = [about for about in ABOUT if about not in ("promise", "verdict") or analysis.earlier]
        named = [(label("settle", one, lang), one) for one in kinds]
        self.about = Dropdown(description=label("settle", "about", lang), options=named)
        self.only_open = Checkbox(value=True, description=label("settle", "open_only", lang), indent=False)
        self.page = Dropdown(options=[("", 0)])
        self.rows = VBox()
        self.watch(partial(self._show, 0), self.about, self.only_open)
        self.children = (HBox([self.about, self.only_open, self.page, self._back]), self._said, self.rows)
        self.refresh()

    def refresh(self) -> None:
        """Show the questions that are left."""
        self.attempt(partial(self._show, self.page.value or 0))

    def _show(self, page: int) -> None:
        found = settling.find_questions(self.analysis, self.about.value)
        own = [one for one in found if one.open or not self.only_open.value or one.about == "settled"]
        pages = [(f"{at + 1}–{min(at + PAGE, len(own))} / {len(own)}", at) for at in range(0, len(own), PAGE)]
        page = min(page, max(0, (len(own) - 1) // PAGE * PAGE))
        self.page.unobserve_all("value")
        self.page.options = pages or [("0", 0)]
        self.page.value = page
        self.watch(self.refresh, self.page)
        self.questions: Sequence[Question] = own[page : page + PAGE]
        none = HTML(html("words", label("settle", "none", self.lang)))
        self.rows.children = tuple(map(self._row, self.questions)) or (none,)

    def _row(self, question: Question) -> HBox:
        """One question, what it says on the left, its answers on the right."""
        lang = self.lang
        named = [(answer_words(question, one, lang), number) for number, one in enumerate(question.answers)]
        chosen = Dropdown(options=named, layout=WIDE)
        typed = Text(placeholder=label("settle", "typed", lang), layout=Layout(width="98%", display="none"))
        note = Text(placeholder=label("settle", "note", lang), layout=Layout(width="70%"))

        def ask_for(_: object = None) -> None:
            """Show the field for text where the answer needs one."""
            typed.layout.display = "" if question.answers[chosen.value].asks else "none"

        def write() -> None:
            """Write the answer that is chosen."""
            answer = question.answers[chosen.value]
            found, step = settle_answer(self.analysis, question, answer, typed=typed.value, note=note.value.strip())
            self._keep(step, found)

        chosen.observe(ask_for, "value")
        ask_for()
        button = self.button(label("settle", "write", lang), write)
        answers = VBox([chosen, typed, HBox([note, button])], layout=RIGHT)
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


# ---- Themes: a word changed with what it gains and loses in view, sentences coded to measure them ----

SHOWN = 10  # sentences gained, and lost, that are shown
CANDIDATES = 20  # new words offered
ENOUGH = 50  # coded sentences from which a score says something


class Themes(Panel):
    """A word of a theme added, moved or dropped; what that changes; the file that keeps it."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__(analysis)
        lang = self.lang
        names = [(name, key) for key, name in theme_labels(lang, analysis.codebook).items()]
        self.theme = Dropdown(description=label("panels", "theme", lang), options=names)
        fields = [(label("panels", one, lang), one) for one in FIELDS]
        self.field = Dropdown(description=label("panels", "field", lang), options=fields)
        acts = [(label("panels", one, lang), one) for one in ("add", "move", "drop")]
        self.act = Dropdown(description=label("panels", "act", lang), options=acts)
        self.word = Text(description=label("panels", "word", lang))
        self.known = Dropdown(description=label("panels", "known", lang), options=[""])
        self.goal = Dropdown(description=label("panels", "goal", lang), options=names)
        self.shown = HTML()
        self.ticks = HBox(layout=ROWS)
        self.watch(self.refresh, self.theme, self.field, self.act)
        offered = HTML(html("words", label("panels", "candidates", lang)))
        buttons = HBox([self.button(label("settle", "write", self.lang), self._write), self._back])
        chosen = [self.theme, self.field, self.act, self.word, self.known, self.goal]
        controls = HBox(chosen, layout=ROWS)
        self.children = (controls, offered, self.ticks, buttons, self._said, self.shown)
        words = analysis.new_words["term"].head(CANDIDATES)
        self.ticks.children = [Checkbox(description=one, indent=False, layout=Layout(width="auto")) for one in words]
        self.watch(self._weigh, self.word, self.known, self.goal, *self.ticks.children)
        self.refresh()

    @property
    def changes(self) -> list[Change]:
        """What the controls say."""
        theme, field, act = self.theme.value, self.field.value, self.act.value
        ticked = [Change(theme, box.description) for box in self.ticks.children if box.value]
        text = self.word.value.strip() if act == "add" else self.known.value
        if not text:
            return ticked
        if act == "add":
            return [Change(theme, text, field), *ticked]
        dropped = Change(theme, text, field, drop=True)
        return [dropped, *([Change(self.goal.value, text, field)] if act == "move" else []), *ticked]

    def refresh(self) -> None:
        """Show the words of the theme that is chosen."""
        adds = self.act.value == "add"
        for control, is_shown in ((self.word, adds), (self.known, not adds), (self.goal, self.act.value == "move")):
            control.layout.display = "" if is_shown else "none"
        words = settling.theme_words(self.analysis, self.theme.value, self.field.value)
        self.known.options = ["", *words]
        self.attempt(self._weigh)

    def _weigh(self) -> None:
        changes, lang = self.changes, self.lang
        if not changes:
            self.shown.value = ""
            return
        after, _ = settling.try_changes(self.analysis, changes)
        moved = settling.compare_hits(self.analysis, after)
        names = theme_labels(lang, after.codebook)
        before = self.analysis.hits.groupby("theme")["sentence"].nunique()
        now = after.hits.groupby("theme")["sentence"].nunique()
        touched = list(dict.fromkeys([*(change.theme for change in changes), *moved["theme"]]))
        lines = [
            fill("panels", "counts", lang, theme=names.get(key, key), before=before.get(key, 0), after=now.get(key, 0))
            for key in touched
        ]
        parts = [html("question", "", lines)]
        for name in ("gained", "lost"):
            own = moved[moved["change"] == name]
            parts.append(html("question", fill("panels", name, lang, n=len(own)), []))
            columns = ["theme", "agency", "text"]
            parts.append(show_table(own, self.analysis, columns=columns, most=SHOWN).html if len(own) else "")
        self.shown.value = "".join(parts)

    def _write(self) -> None:
        if changes := self.changes:
            found, step = settling.write_changes(self.analysis, changes)
            self.word.value = ""
            for box in self.ticks.children:
                box.value = False
            self._keep(step, found)

    def still(self) -> str:
        """What the panel says without a kernel."""
        return html("words", label("panels", "edit", self.lang))


def edit_themes(analysis: Analysis) -> Themes:
    """Add, move or drop a word or a condition of a theme, and see at once which sentences that gains and loses.

    What is written goes into the ``.themes.toml`` beside the compilation; what a person wrote there stays.

    Parameters
    ----------
    analysis : Analysis
        Of a file or a folder.

    Returns
    -------
    Themes
        A panel; its ``analysis`` is the one under the changed themes.
    """
    return Themes(analysis)


class Coding(Panel):
    """One sentence after another, its themes ticked or typed by number; the sheet is written as it goes."""

    def __init__(self, analysis: Analysis, n: int, seed: int) -> None:
        super().__init__(analysis)
        lang = self.lang
        self.sheet = _read_sheet(analysis, n, seed)
        names = theme_labels(lang, analysis.codebook)
        self.choices = [NONE, *names]
        called = [label("panels", "none", lang), *names.values()]
        numbered = [f"{number} {name}" for number, name in enumerate(called)]
        self.ticks = [ToggleButton(description=one, layout=Layout(width="auto")) for one in numbered]
        self.typed = Text(placeholder=label("panels", "typed", lang), continuous_update=False)
        self.sentence, self.score = HTML(), HTML()
        self.typed.observe(lambda change: self._type(change["new"]), "value")
        acts: dict[str, Callable[[], object]] = {"previous": partial(self._turn, -1), "next": self._code}
        turn = [self.button(label("panels", name, lang), act) for name, act in acts.items()]
        ticks = HBox(self.ticks, layout=ROWS)
        self.children = (self.sentence, ticks, HBox([self.typed, *turn]), self._said, self.score)
        self.at = next((at for at, themes in enumerate(self.sheet["themes"]) if not themes), 0)
        self.refresh()

    def _type(self, typed: str) -> None:
        """Take numbers of themes, Enter behind them: what is typed is coded, and the next sentence comes."""
        if not typed.strip():
            return
        self.typed.value = ""
        wanted = typed.replace(",", " ").split()
        if not all(one.isdecimal() and int(one) < len(self.choices) for one in wanted):
            self.say(fill("panels", "numbers", self.lang, typed=typed, n=len(self.choices) - 1))
            return
        for number, tick in enumerate(self.ticks):
            tick.value = str(number) in wanted
        self._code()

    def _code(self) -> None:
        """Write what is ticked, and go on; without a tick only go on."""
        chosen = [key for key, tick in zip(self.choices, self.ticks, strict=True) if tick.value]
        if len(chosen) > 1 and NONE in chosen:
            self.say(label("panels", "alone", self.lang))
            return
        if chosen:
            self.sheet.loc[self.at, "themes"] = " ".join(chosen)
            self.attempt(lambda: export_table(self.sheet, self.analysis.compilation.place_of(CODING)))
        self._turn(1)

    def _turn(self, step: int) -> None:
        self.at = min(max(self.at + step, 0), len(self.sheet) - 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the sentence, what it was coded as, how far the sheet is, and the score."""
        lang, row = self.lang, self.sheet.iloc[self.at]
        coded = int((self.sheet["themes"] != "").sum())
        for key, tick in zip(self.choices, self.ticks, strict=True):
            tick.value = key in row["themes"].split()
        head = fill("panels", "sentence", lang, at=self.at + 1, of=len(self.sheet), coded=coded)
        text = self.analysis.compilation.text[int(row["start"]) : int(row["end"])].strip()
        self.sentence.value = html("question", head, [text])
        self.score.value = ""
        if coded >= ENOUGH:
            self.attempt(self._score)

    def _score(self) -> None:
        analysis = self.analysis
        coded = self.sheet[self.sheet["themes"] != ""].reset_index(drop=True)
        scores = score_themes(analysis.hits, coded, codebook=analysis.codebook)
        known = scores[scores["n_coded"] > 0].iloc[::-1]
        self.score.value = show_table(known, analysis, most=len(known)).html

    def still(self) -> str:
        """The sentence that is to be coded."""
        return self.sentence.value


def _read_sheet(analysis: Analysis, n: int, seed: int) -> pd.DataFrame:
    """Return the sheet that stands beside the compilation, else one drawn anew."""
    file = analysis.compilation.own_file(CODING)
    if file is None:
        return sample_sentences(analysis.compilation, n, seed=seed)
    read_coding(file, codebook=analysis.codebook)  # says what is wrong in it
    return pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False, dtype={"themes": "str"})


def code_sentences(analysis: Analysis, *, n: int = 100, seed: int = 0) -> Coding:
    """Code sentences by reading, to measure the themes on one's own text; from 50 on the score stands below.

    The sheet is the ``.coding.csv`` beside the compilation, as `kit themes sample` writes it; each sentence is written
    as it is coded, and a sheet that is there is gone on with.

    Parameters
    ----------
    analysis : Analysis
        Of a file or a folder.
    n : int
        Sentences drawn, where there is no sheet yet.
    seed : int
        The same seed draws the same sentences.

    Returns
    -------
    Coding
        A panel.
    """
    return Coding(analysis, n, seed)


# ---- Questions in words, and the dialogue of the terminal that settles them one after another ----

LONG = 120  # characters of a sentence that a question shows
# What answers choose among.
NAMES = {"role": "roles", "begins": "roles", "status": "statuses", "judged": "number_verdicts", "horizon": "horizons"}
ASKED = tuple(about for about in ABOUT if about != "settled")


def answer_words(question: Question, answer: Answer, lang: str) -> str:
    """Return what an answer is called."""
    shown = label(NAMES[answer.name], answer.shown, lang) if answer.name in NAMES else cut(one_line(answer.shown), LONG)
    name = "accept_pair" if answer.name == "accept" and question.about == "number" else answer.name
    return fill("settle", name, lang, shown=shown)


def question_words(question: Question, analysis: Analysis) -> list[str]:
    """Return a question as lines: what stands there, what is doubtful, what is assumed, the evidence."""
    lang, compilation = analysis.lang, analysis.years[question.year].compilation
    is_number = question.about == "verdict"  # shown with its clause: a number alone says nothing
    text = around(compilation, *question.place) if is_number else compilation.text[slice(*question.place)]
    lines = [fill("settle", "text", lang, text=cut(one_line(text), LONG))]
    if question.said:
        lines.append(fill("settle", "said", lang, said=one_line(question.said[lang])))
    if question.assumed:
        lines.append(fill("settle", "assumed", lang, assumed=_assumed(question, lang)))
    if question.evidence and question.about != "settled":
        lines.append(fill("settle", "shown", lang, text=cut(one_line(question.evidence), LONG)))
    return lines


def _assumed(question: Question, lang: str) -> str:
    if question.about in ("match", "promise", "verdict"):
        return label("number_verdicts" if question.about == "verdict" else "statuses", question.assumed, lang)
    if question.about == "settled":
        return f"{label('override_kinds', question.evidence, lang)} {question.assumed}"
    return assumed(question.assumed, lang)


def agency_of(question: Question, analysis: Analysis) -> str:
    """Return whose report a question is about, of which compilation where there are several; empty outside reports."""
    compilation = analysis.years[question.year].compilation
    reports = compilation.reports
    agency = agency_name("".join(reports.loc[reports["report"] == question.report, "agency"]), analysis.lang)
    return f"{agency} · {compilation.name}" if analysis.earlier else agency


@dataclass
class _Talk(_Undoing):
    """A dialogue on its way: the analysis so far, and what was written or skipped, in order."""

    analysis: Analysis
    done: list[tuple[Step | Question, Analysis]]
    say: Callable[[str], object]
    hear: Callable[[], str]

    def tell(self, key: str, **values: object) -> None:
        """Say one of the words of the dialogue."""
        self.say(fill("settle", key, self.analysis.lang, **values))

    def left(self, about: str) -> list[Question]:
        """The open questions of one kind that were not skipped."""
        skipped = {_which(one) for one, _ in self.done if isinstance(one, Question)}
        found = find_questions(self.analysis, about)
        return [one for one in found if one.open and _which(one) not in skipped]

    def put(self, questions: list[Question]) -> str:
        """Put the first of some questions until it is answered, skipped or left; return what was typed."""
        question, lang = questions[0], self.analysis.lang
        about, agency = label("settle", question.about, lang), agency_of(question, self.analysis)
        place = {"report": question.report, "start": str(question.place[0])}
        counts = {"at": len(self.done) + 1, "of": len(self.done) + len(questions)}
        self.say("\n" + fill("settle", "head", lang, **counts, about=about, agency=agency, **place))
        answers = (f"{number}  {answer_words(question, one, lang)}" for number, one in enumerate(question.answers, 1))
        for line in [*question_words(question, self.analysis), *answers]:
            self.say("  " + line)
        typed = ""
        while not typed:
            try:
                typed = self.take(question)
            except KitError as error:
                self.say(say_error(error, lang))
        return typed

    def take(self, question: Question) -> str:
        """Do what one line asks for; return its letter or number, or nothing where there is no such choice."""
        self.tell("choose")
        line = self.hear()
        typed, _, note = line.strip().partition(" ")
        if not line or typed == "q":
            return "q"
        if typed == "s":
            self.keep(question, self.analysis)
        elif typed == "u":
            self.say(self.undo())
        elif typed.isdecimal() and 0 < int(typed) <= len(question.answers):
            answer, words = question.answers[int(typed) - 1], ""
            if answer.asks:
                self.tell("type")
                words = self.hear()
            found, step = settle_answer(self.analysis, question, answer, typed=words, note=note.strip())
            self.keep(step, found)
            self.tell("written", file=step.file)
        else:
            self.tell("unknown", typed=typed, n=len(question.answers))
            return ""
        return typed


def _which(question: Question) -> tuple:
    return question.about, question.year, question.place, *question.said.values()


def ask(analysis: Analysis, *, say: Callable[[str], object], hear: Callable[[], str]) -> Analysis:
    """Ask what is open, one question after another, and write each answer at once; return what follows from them."""
    talk, about, typed, questions = _Talk(analysis, [], say, hear), 0, "", list[Question]()
    while about < len(ASKED) and typed != "q":
        questions = questions[1:] if typed == "s" else talk.left(ASKED[about])
        typed = talk.put(questions) if questions else ""
        if not questions or typed == "u":
            about = 0 if questions else about + 1
    settled = sum(isinstance(one, Step) for one, _ in talk.done)
    talk.tell("bye" if typed == "q" else "done", n=settled, left=len(questions))
    return talk.analysis
