"""Questions in words, and the dialogue of the terminal that settles them one after another."""

from collections.abc import Callable
from dataclasses import dataclass

from kit.data import say_error
from kit.errors import KitError
from kit.measure.analysis import Analysis
from kit.measure.settling import ABOUT, Answer, Question, around, find_questions, settle_answer
from kit.read.overrides import Step, take_back
from kit.show.shown import assumed, one_line
from kit.show.text import agency_name, fill, label

LONG = 120  # characters of a sentence that a question shows
# What answers choose among.
NAMES = {"role": "roles", "begins": "roles", "status": "statuses", "judged": "number_verdicts", "horizon": "horizons"}
ASKED = tuple(about for about in ABOUT if about != "settled")


def answer_words(question: Question, answer: Answer, lang: str) -> str:
    """Return what an answer is called."""
    shown = label(NAMES[answer.name], answer.shown, lang) if answer.name in NAMES else cut(answer.shown)
    name = "accept_pair" if answer.name == "accept" and question.about == "number" else answer.name
    return fill("settle", name, lang, shown=shown)


def question_words(question: Question, analysis: Analysis) -> list[str]:
    """Return a question as lines: what stands there, what is doubtful, what is assumed, the evidence."""
    lang, compilation = analysis.lang, analysis.years[question.year].compilation
    is_number = question.about == "verdict"  # shown with its clause: a number alone says nothing
    text = around(compilation, *question.place) if is_number else compilation.text[slice(*question.place)]
    lines = [fill("settle", "text", lang, text=cut(text))]
    if question.said:
        lines.append(fill("settle", "said", lang, said=one_line(question.said[lang])))
    if question.assumed:
        lines.append(fill("settle", "assumed", lang, assumed=_assumed(question, lang)))
    if question.evidence and question.about != "settled":
        lines.append(fill("settle", "shown", lang, text=cut(question.evidence)))
    return lines


def _assumed(question: Question, lang: str) -> str:
    if question.about in ("match", "promise", "verdict"):
        return label("number_verdicts" if question.about == "verdict" else "statuses", question.assumed, lang)
    if question.about == "settled":
        return f"{label('override_kinds', question.evidence, lang)} {question.assumed}"
    return assumed(question.assumed, lang)


def cut(text: str) -> str:
    """Return a text on one line, shortened."""
    line = one_line(text)
    return line if len(line) <= LONG else line[:LONG] + "…"


def agency_of(question: Question, analysis: Analysis) -> str:
    """Return whose report a question is about, of which compilation where there are several; empty outside reports."""
    compilation = analysis.years[question.year].compilation
    reports = compilation.reports
    agency = agency_name("".join(reports.loc[reports["report"] == question.report, "agency"]), analysis.lang)
    return f"{agency} · {compilation.name}" if analysis.earlier else agency


@dataclass
class _Talk:
    """A dialogue on its way: the analysis so far, what was written or skipped, in order, and how many were settled."""

    analysis: Analysis
    say: Callable[[str], object]
    hear: Callable[[], str]
    done: list[tuple[Step | Question, Analysis]]

    @property
    def settled(self) -> int:
        """How many answers stand."""
        return sum(isinstance(one, Step) for one, _ in self.done)

    def left(self, about: str) -> list[Question]:
        """The open questions of one kind that were not skipped."""
        skipped = [_which(one) for one, _ in self.done if isinstance(one, Question)]
        found = find_questions(self.analysis, about)
        return [one for one in found if one.open and _which(one) not in skipped]


def _which(question: Question) -> tuple:
    return question.about, question.year, question.place, question.said


def ask(analysis: Analysis, *, say: Callable[[str], object], hear: Callable[[], str]) -> Analysis:
    """Ask what is open, one question after another, and write each answer at once; return what follows from them."""
    talk = _Talk(analysis, say, hear, [])
    about = 0
    while about < len(ASKED):
        questions = talk.left(ASKED[about])
        if not questions:
            about += 1
            continue
        told = _ask_one(talk, questions)
        if told == "q":
            say(fill("settle", "bye", analysis.lang, n=talk.settled, left=len(questions)))
            return talk.analysis
        about = 0 if told == "u" else about
    say(fill("settle", "done", analysis.lang, n=talk.settled))
    return talk.analysis


def _ask_one(talk: _Talk, questions: list[Question]) -> str:
    """Put one question until it is answered, skipped or left; return the letter typed, or nothing for an answer."""
    question, lang = questions[0], talk.analysis.lang
    counts = {"at": len(talk.done) + 1, "of": len(talk.done) + len(questions)}
    about, agency = label("settle", question.about, lang), agency_of(question, talk.analysis)
    place = {"report": question.report, "start": str(question.place[0])}
    talk.say("\n" + fill("settle", "head", lang, **counts, about=about, agency=agency, **place))
    answers = (f"{number}  {answer_words(question, one, lang)}" for number, one in enumerate(question.answers, 1))
    for line in [*question_words(question, talk.analysis), *answers]:
        talk.say("  " + line)
    while True:
        talk.say(fill("settle", "choose", lang))
        line = talk.hear()
        typed, _, note = line.strip().partition(" ")
        if not line or typed == "q":
            return "q"
        if typed == "s":
            talk.done.append((question, talk.analysis))
            return "s"
        if typed == "u":
            return _undo(talk)
        if not typed.isdecimal() or not 0 < int(typed) <= len(question.answers):
            talk.say(fill("settle", "unknown", lang, typed=typed, n=len(question.answers)))
        elif _settle(talk, question, question.answers[int(typed) - 1], note):
            return ""


def _settle(talk: _Talk, question: Question, answer: Answer, note: str) -> bool:
    """Write an answer, what it asks for typed first; whether it fitted."""
    typed, before = "", talk.analysis
    if answer.asks:
        talk.say(fill("settle", "type", talk.analysis.lang))
        typed = talk.hear()
    try:
        talk.analysis, step = settle_answer(before, question, answer, typed=typed, note=note.strip())
    except KitError as error:
        talk.say(say_error(error, talk.analysis.lang))
        return False
    talk.done.append((step, before))
    talk.say(fill("settle", "written", talk.analysis.lang, file=step.file))
    return True


def _undo(talk: _Talk) -> str:
    """Take back what was written or skipped last."""
    if not talk.done:
        talk.say(label("settle", "nothing", talk.analysis.lang))
        return "u"
    last, before = talk.done.pop()
    if isinstance(last, Step):
        try:
            take_back(last)
        except KitError as error:
            talk.done.append((last, before))
            talk.say(say_error(error, talk.analysis.lang))
            return "u"
    talk.analysis = before
    talk.say(label("settle", "undone", talk.analysis.lang))
    return "u"
