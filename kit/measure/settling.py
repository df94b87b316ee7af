"""What can be settled, with the answers that settle it: doubts, matches, promises and numbers, one by one.

`find_questions` lists them; `settle_answer` writes an answer into the override file beside the compilation, once the
text has been read anew with it, and gives the analysis that follows from it, with the step that can be taken back.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit

from kit import tables
from kit.data import knowledge, path, read_toml
from kit.errors import DataError
from kit.measure.analysis import OF_YEARS, Analysis
from kit.measure.codebook import LISTS, PATTERNS, SHIPPED, THEMES, read_codebook
from kit.measure.quantities import STOPS
from kit.measure.themes import find_hits
from kit.read import overrides
from kit.read.compilation import Compilation
from kit.read.overrides import SNIPPET, Step, read_text, remove_entry, save, write_entry
from kit.read.reader import read_files

SEVERITIES = ("serious", "doubt", "note")
NEAREST = 4  # results offered beside the one that a target is paired with
TO_CHECK = "to check"
# Of kinds that the reading only places: the tables that follow from them, the one that they are applied in first.
FOLLOW = {
    "match": ("matches", "statuses", "traced", "cards", "findings"),
    "promise": ("fulfilment", "findings"),
    "verdict": ("fulfilment", "findings"),
    "pair": ("quantities", "indicators", "targets", "cards", "series", "findings"),
}


@dataclass(frozen=True)
class Answer:
    """One way to settle a question: the entry to write (of ``remove``: to take out), and what it is called.

    ``name`` is a key of [settle] in labels.toml; ``shown`` what it points to, where it points to something. Where a
    value must be typed, ``asks`` is the key that it gets, and ``kind`` of it text, a number, or words to be found.
    """

    name: str
    kind: str
    place: tuple[int, int]
    says: Mapping[str, Any] = field(default_factory=dict)
    shown: str = ""
    asks: str = ""


@dataclass(frozen=True)
class Question:
    """Something to settle: what it is about, whose it is, where it stands, what is assumed, the possible answers.

    ``year`` is the place of its compilation in ``analysis.years``; ``open`` says that nobody has settled it and the kit
    is not sure.
    """

    about: str
    report: int
    place: tuple[int, int]
    said: Mapping[str, str]
    assumed: str
    answers: tuple[Answer, ...]
    evidence: str = ""
    open: bool = True
    year: int = 0


def find_questions(analysis: Analysis, about: str) -> list[Question]:
    """List what can be settled of one kind (`ABOUT`) in any of the years, what is open first."""
    pairs = enumerate(zip(analysis.years, (*analysis.years[1:], None), strict=True))
    found = [replace(one, year=at) for at, pair in pairs for one in ABOUT[about](*pair)]
    return sorted(found, key=lambda one: not one.open)


def _doubts(analysis: Analysis, _: object) -> Iterator[Question]:
    doubts = analysis.compilation.doubts
    for row in doubts.sort_values("severity", key=lambda one: one.map(SEVERITIES.index), kind="stable").itertuples():
        place = (int(row.start), int(row.end))
        said = {"zh": row.message, "en": row.message_en}
        answers = tuple(_answers_to(row, place))
        yield Question("doubt", int(row.report), place, said, row.assumed, answers, open=row.severity != "note")


def _answers_to(doubt: Any, place: tuple[int, int]) -> Iterator[Answer]:
    """Yield what settles a doubt: as it was assumed, or by what its code can be corrected with."""
    yield Answer("accept", "doubt", place, {"code": doubt.code})
    by = knowledge("messages.toml")[doubt.code].get("settled_by", "")
    if by in ("role", "horizon"):
        choices = tables.BODY_ROLES if by == "role" else ("annual", "multi-year")
        yield from (Answer(by, by, place, {by: choice}, choice) for choice in choices)
    elif by == "merge":
        yield Answer("merge", "merge", place)
    elif by == "copy_of":
        yield Answer("no_copy", "report", place, {"copy_of": False})
        yield Answer("copy", "report", place, asks="copy_of")
        yield Answer("exclude", "report", place, {"exclude": True})
    elif by:
        yield Answer(by, "report", place, asks=by)
    if doubt.code in ("no_plan", "no_review"):
        role = "plan" if doubt.code == "no_plan" else "achievements"
        yield Answer("begins", "role", place, {"role": role}, role, asks="place")
    if doubt.code in ("numbering_restarts", "foreign_document"):
        yield Answer("split", "split", place, asks="place")


def _matches(analysis: Analysis, _: object) -> Iterator[Question]:
    spans = {row.item: (int(row.start), int(row.end)) for row in analysis.items.itertuples()}
    for item, rows in analysis.matches.groupby("item", sort=False):
        found = list(rows.itertuples())
        yield _answered("match", spans[item], found, analysis.compilation.text, "continued", ("new", "unclear"))


def _promises(_: Analysis, later: Analysis | None) -> Iterator[Question]:
    if later is None:
        return
    told = ("partly", "not mentioned", "general")
    for row in later.fulfilment.itertuples():
        place = (int(row.start), int(row.end))
        yield _answered("promise", place, [row], later.compilation.text, "reported", told)


def _answered(
    about: str, place: tuple[int, int], rows: Sequence[Any], text: str, positive: str, others: Sequence[str]
) -> Question:
    """Return the question what answers a promise: a stretch that was found, nothing, or words that are typed."""
    first, answers = rows[0], []
    for row in rows:
        if not pd.isna(row.evidence_start):
            says = {"status": positive, "evidence": int(row.evidence_start)}
            answers.append(Answer("evidence", about, place, says, text[row.evidence_start : row.evidence_end]))
    shown = answers[0].shown if answers and first.status != "new" else ""
    answers += [Answer("status", about, place, {"status": one}, one) for one in others]
    answers.append(Answer("words", about, place, {"status": positive}, asks="evidence"))
    is_open = first.status == TO_CHECK and first.decided_by == "kit"
    return Question(about, int(first.report), place, {}, first.status, tuple(answers), shown, is_open)


def _numbers(analysis: Analysis, _: object) -> Iterator[Question]:
    compilation = analysis.compilation
    settled = set(compilation.overrides.loc[compilation.overrides["kind"] == "pair", "start"])
    numbers = analysis.quantities[~analysis.quantities["role"].isin(["target", "change-target"])]
    for row in analysis.targets.itertuples():
        place = (int(row.start), int(row.end))
        near = numbers[(numbers["report"] == row.report) & (numbers["unit"] == row.unit)]
        near = near[near["start"] != row.actual_start]
        near = near.loc[(near["start"] - row.actual_start).abs().nsmallest(NEAREST).index]
        own = int(row.actual_start)
        answers = [Answer("accept", "pair", place, {"partner": own}, around(compilation, own, int(row.actual_end)))]
        for one in near.itertuples():
            shown = around(compilation, int(one.start), int(one.end))
            answers.append(Answer("partner", "pair", place, {"partner": int(one.start)}, shown))
        answers.append(Answer("alone", "pair", place, {"partner": False}))
        is_open = row.start not in settled
        yield Question("number", int(row.report), place, {}, "", tuple(answers), answers[0].shown, open=is_open)


def _verdicts(_: Analysis, later: Analysis | None) -> Iterator[Question]:
    """Yield the numbers that plans promise, each with what is said of it a year later."""
    if later is None:
        return
    promised = later.fulfilment.dropna(subset=["target_start"])
    promised = promised.assign(start=promised["target_start"], end=promised["target_end"])
    rows = pd.concat([promised, later.headlines]).drop_duplicates("start")
    for row in rows.sort_values("start", kind="stable").itertuples():
        place, said = (int(row.start), int(row.end)), row.number_verdict
        others = [one for one in tables.VALUES["number_verdicts"] if one != said]
        answers = [Answer("accept", "verdict", place, {"verdict": said})]
        answers += [Answer("judged", "verdict", place, {"verdict": one}, one) for one in others]
        told = not pd.isna(row.actual_start)
        shown = around(later.compilation, int(row.actual_start), int(row.actual_end)) if told else ""
        is_open = told and said != "met" and row.number_decided_by == "kit"
        yield Question("verdict", int(row.report), place, {}, said, tuple(answers), shown, open=is_open)


def around(compilation: Compilation, start: int, end: int) -> str:
    """Return the clause that a number stands in."""
    sentences = compilation.sentences
    at = sentences["start"].searchsorted(start, side="right") - 1
    first, last = int(sentences["start"].iloc[at]), int(sentences["end"].iloc[at])
    text = compilation.text
    return text[max(first, start - SNIPPET) : min(last, end + SNIPPET)].strip().lstrip(STOPS)


def _settled(analysis: Analysis, _: object) -> Iterator[Question]:
    """Yield what stands in the override file, to be taken out again."""
    compilation = analysis.compilation
    for row in compilation.overrides.itertuples():
        place = (int(row.start), int(row.end))
        code = row.says.removeprefix("code = ") if row.kind == "doubt" else ""
        answer = Answer("remove", row.kind, place, {"code": code} if code else {})
        report = compilation.reports["start"].searchsorted(row.start, side="right")
        shown = " · ".join(filter(None, [row.says, row.note, row.date]))
        yield Question("settled", int(report), place, {}, shown, (answer,), row.kind, open=False)


# What questions of a year (with the one behind it) are about, in the order in which they are asked.
ABOUT: dict[str, Callable[[Analysis, Analysis | None], Iterator[Question]]] = {
    "doubt": _doubts,
    "match": _matches,
    "promise": _promises,
    "verdict": _verdicts,
    "number": _numbers,
    "settled": _settled,
}


def settle_answer(
    analysis: Analysis, question: Question, answer: Answer, *, typed: str = "", note: str = ""
) -> tuple[Analysis, Step]:
    """Write an answer into the override file, once the text was read anew with it; return what follows from it."""
    year = analysis.years[question.year]
    compilation = year.compilation
    answer = _typed(answer, typed, question, analysis)
    file = compilation.place_of(overrides.FILE)
    says = overrides.place_entry(compilation, answer.kind, answer.place, answer.says)
    text = read_text(file) or ""
    if answer.name == "remove":
        after = remove_entry(text, answer.kind, says)
        if after == text:
            where = f"an entry [[{answer.kind}]] at {says['at']}, found none"
            message = f"{file}: expected {where}; it may stand in another file beside the text"
            raise DataError(message)
    else:
        day = {"note": note, "date": date.today()} if note else {"date": date.today()}
        after = write_entry(text, answer.kind, says | day)
    found = _follow(analysis, year, answer.kind, {file: after})
    return found, save(file, after)


def _typed(answer: Answer, typed: str, question: Question, analysis: Analysis) -> Answer:
    """Put into an answer what its author has typed: a value, or words that are looked for in the text."""
    typed, asks = typed.strip(), answer.asks
    value: Any = typed
    if asks in ("place", "evidence"):
        value = _find(typed, question, analysis, is_line=asks == "place")
    elif asks in ("copy_of", "period", "plan_period"):
        if not typed.isdecimal():
            message = f"expected a number, found {typed!r}; type its digits"
            raise DataError(message)
        value = int(typed)
    elif asks and not typed:
        message = "expected something typed, found nothing; type a value, or choose another answer"
        raise DataError(message)
    if asks == "place":
        return replace(answer, place=(value, value + len(typed)), asks="")
    return replace(answer, says={**answer.says, asks: value}, asks="") if asks else answer


def _find(words: str, question: Question, analysis: Analysis, *, is_line: bool) -> int:
    """Return where words stand: at the beginning of a line of a report, or in the review that answers it."""
    among, report = analysis.years[question.year].compilation, question.report
    if question.about == "promise":
        later = analysis.years[question.year + 1]
        among, report = later.compilation, later.links.set_index("report")["later_report"].get(report)
    rows = among.reports[among.reports["report"] == report]
    start, end = (int(rows[name].iloc[0]) for name in ("start", "end")) if len(rows) else (0, 0)
    at = among.text.find(words, start, end) if words else -1
    while at > start and is_line and among.text[at - 1] != "\n":
        at = among.text.find(words, at + 1, end)
    if at < 0:
        where = "with which a line of this report begins" if is_line else "that stand in the report's review"
        message = f"expected words {where}, found {words!r} nowhere in it; copy them from the text"
        raise DataError(message)
    return at


def _follow(analysis: Analysis, changed: Analysis, kind: str, drafts: Mapping[Path, str]) -> Analysis:
    """Return the analysis that follows when the override file of one of its years has changed."""
    compilation = replace(read_files(changed.compilation.path or "", drafts), lang=changed.compilation.lang)
    at, found = analysis.years.index(changed), changed.earlier
    for year in analysis.years[at:]:  # those behind it follow from it
        gone = FOLLOW.get(kind, tuple(year._known)) if year is changed else YEARLY
        known = {name: table for name, table in year._known.items() if name not in gone}
        own = compilation if year is changed else year.compilation
        found = replace(year, compilation=own, earlier=found, _known=known)
    assert found is not None
    for applied in FOLLOW.get(kind, ())[:1]:  # what does not fit is refused where it is applied
        for year in found.years[at + (applied in OF_YEARS) :][:1]:
            year.table(applied)
    return found


YEARLY = (*OF_YEARS, "findings")


# ---- A file of own themes, changed word by word: what a change does is seen first ----

FIELDS = (*LISTS, *PATTERNS)
# Tables that rest on the words alone; all others are measured anew under other themes.
WORDS = ("tokens", "terms", "keyness", "officialese", "cooccurrence", "items", "matches", "statuses", "quantities")


@dataclass(frozen=True)
class Change:
    """A word or condition put into a list of a theme (one of `FIELDS`), or taken out of it."""

    theme: str
    text: str
    field: str = "terms"
    drop: bool = False


def theme_words(analysis: Analysis, theme: str, field: str) -> list[str]:
    """List the words or conditions of a theme as they count now, the kit's and one's own."""
    own = analysis.compilation.own_file(THEMES)
    shipped = read_toml(path(SHIPPED))["themes"].get(theme, {})
    mine = read_toml(own).get("themes", {}).get(theme, {}) if own else {}
    gone = set(mine.get("remove", "").split())
    parts = [{} if mine.get("replace") else shipped, mine]
    found = [one for part in parts for one in _listed(part, field)]
    return list(dict.fromkeys(one for one in found if one not in gone))


def _listed(theme: Mapping[str, Any], field: str) -> Sequence[str]:
    listed = theme.get(field, "")
    return listed.split() if isinstance(listed, str) else listed


def change_themes(text: str, changes: Sequence[Change]) -> str:
    """Return the text of a file of own themes with words and conditions put in or taken out, all else as it stands."""
    document = tomlkit.parse(text)
    for change in changes:
        themes = document.setdefault("themes", tomlkit.table(is_super_table=True))
        if change.theme not in themes:
            themes.add(change.theme, tomlkit.table())
        theme = themes[change.theme]
        if change.drop:
            was_own = _take(theme, change.field, change.text)
            if not was_own or _is_shipped(change):
                _put(theme, "remove", change.text)
        else:
            _take(theme, "remove", change.text)
            if not _is_shipped(change):
                _put(theme, change.field, change.text)
    return tomlkit.dumps(document)


def _is_shipped(change: Change) -> bool:
    """Whether the kit's own list has the word."""
    return change.text in _listed(read_toml(path(SHIPPED))["themes"].get(change.theme, {}), change.field)


def _put(theme: Any, field: str, text: str) -> None:
    if field in PATTERNS:
        theme.setdefault(field, tomlkit.array()).append(text)
        return
    if re.search(r"\s", text):
        message = f"theme word: expected a word without blanks, found {text!r}; give several words one by one"
        raise DataError(message)
    known = str(theme.get(field, ""))
    if text not in known.split():
        words = known.rstrip()
        theme[field] = _like(known, f"{words}{' ' * bool(words)}{text}{known[len(words) :]}")


def _take(theme: Any, field: str, text: str) -> bool:
    """Take a word or condition out of a list; whether it was there."""
    if field in PATTERNS:
        found = text in theme.get(field, [])
        if found:
            theme[field].remove(text)
        return found
    known = str(theme.get(field, ""))
    rest = re.sub(rf"(?<!\S){re.escape(text)}(?!\S)[ \t]?", "", known)
    if rest != known:
        theme[field] = _like(known, rest)
    return rest != known


def _like(known: str, value: str) -> Any:
    """Return a text on several lines where the one before was."""
    if "\n" not in known:
        return value
    written = tomlkit.string(value, multiline=True).as_string()
    return tomlkit.value(written.replace('"""', '"""\n', 1))  # TOML leaves out the first line end


def try_changes(analysis: Analysis, changes: Sequence[Change]) -> tuple[Analysis, str]:
    """Return the analysis under changed themes, and the text of their file, which is not written yet."""
    own = analysis.compilation.own_file(THEMES)
    text = change_themes((read_text(own) if own else None) or "", changes)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / (own.name if own else THEMES)
        draft.write_text(text, encoding="utf-8")
        codebook = read_codebook(draft)
    kept = {name: table for name, table in analysis._known.items() if name in WORDS}
    return replace(analysis, codebook=codebook, _known=kept), text


def write_changes(analysis: Analysis, changes: Sequence[Change]) -> tuple[Analysis, Step]:
    """Write changed themes into their file; return the analysis that follows, and how to take it back."""
    found, text = try_changes(analysis, changes)
    return found, save(analysis.compilation.place_of(THEMES), text)


def compare_hits(before: Analysis, after: Analysis) -> pd.DataFrame:
    """Return the sentences that themes gain and lose: ``theme, change, report, sentence, start, end``."""
    keys = ["theme", "sentence"]
    own, others = before.hits[keys], find_hits(after.compilation, after.codebook)[keys]
    both = own.drop_duplicates().merge(others.drop_duplicates(), how="outer", indicator="change")
    change = both["change"].astype("str").map({"left_only": "lost", "right_only": "gained"})
    found = both.assign(change=change).dropna().sort_values(["change", *keys])[["theme", "change", "sentence"]]
    return found.merge(before.compilation.sentences[["sentence", "report", "start", "end"]], on="sentence")
