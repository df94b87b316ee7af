"""Items: the commitments of a plan, the pieces of work in a review, the stated problems.

A numbered part of the lowest level is one item, from its marker to its end. A part with children is an item
only when it has text of its own beyond its heading. Where the numbering stops at the section (a heading such as
三、2024年工作计划 over plain paragraphs), every sentence that commits to or reports a piece of work is an item.
"""

import re
from bisect import bisect
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.mentions import Mention, own_role
from kit.read.compilation import Compilation

ITEM_ROLES = (*tables.REVIEW_ROLES, "problems", "plan")
PATH_JOIN = " › "
CLAUSE_END = re.compile("[，,。；;：:\n]")
SEMICOLONS = "；;"
CLAUSES = re.compile("[，,。；;：:！!？?\n]")
OPENERS = "“《（(【"
MIN_BODY = 8  # characters beyond the heading that make a text of its own


def _cue(name: str) -> re.Pattern[str]:
    return pattern("matching.toml", "items", name)


def find_items(compilation: Compilation) -> pd.DataFrame:
    """Cut every review, plan and problems section into items.

    Parameters
    ----------
    compilation : Compilation
        As read; near copies are cut like any other report.

    Returns
    -------
    DataFrame
        `tables.ITEMS`, in the order of the text. ``text[start:end]`` is the item from its marker on, without
        trailing white space.
    """
    parts = compilation.parts
    paths = find_paths(parts)
    parents = set(parts["parent"].dropna())
    sentences = {part: list(zip(group["start"], group["end"], strict=True))
                 for part, group in compilation.sentences.groupby("part")}  # fmt: skip
    rows = []
    for part in parts[parts["role"].isin(ITEM_ROLES)].itertuples():
        cut = _cut(compilation.text, part, sentences.get(part.part, []), inner=part.part in parents)
        path = paths.get(part.parent, "")
        for start, end in cut:
            words = compilation.text[start + len(part.marker) * (start == part.start) : end].lstrip()
            rows.append({"report": part.report, "role": part.role, "part": part.part, "path": path,
                         "generic": _is_generic(words, part.role), "says_continues": _says_continues(words, part.role),
                         "start": start, "end": end})  # fmt: skip
    rows.sort(key=lambda row: row["start"])
    return tables.make([{"item": number, **row} for number, row in enumerate(rows, 1)], tables.ITEMS)


def _is_generic(words: str, role: str) -> bool:
    """Whether an item commits to nothing of its own: tasks that others will set, or more slogans than deeds."""
    clauses = [clause for clause in CLAUSES.split(words) if clause.strip()]
    if _cue("generic_patterns").search(CLAUSE_END.split(words, maxsplit=1)[0]):
        return True
    if role != "plan" or _cue("goals_patterns").search(words):
        return False
    fit = knowledge("matching.toml")["items"]
    is_slogan = [bool(_cue("slogan_patterns").search(clause.strip())) for clause in clauses]
    deeds = sum(_is_deed(c) and not slogan for c, slogan in zip(clauses, is_slogan, strict=True))
    slogans = sum(is_slogan)
    return slogans >= max(1, fit["slogans_from"] * len(clauses), fit["slogans_for_deed"] * deeds)


def _is_deed(clause: str) -> bool:
    """Whether a clause says something to be done, or a figure."""
    return bool(_cue("figure_pattern").search(clause) or _cue("deed_verbs").search(clause))


def _says_continues(words: str, role: str) -> bool:
    """Whether a plan item says of itself that it goes on with something, whatever its review says of that."""
    return role == "plan" and bool(_cue("continues_pattern").search(words))


def find_paths(parts: pd.DataFrame) -> dict[int, str]:
    """Return for each part the headings above it and its own, from the outermost."""
    paths: dict[int, str] = {}
    for part, parent, heading in zip(parts["part"], parts["parent"], parts["heading"], strict=True):
        above = "" if pd.isna(parent) else paths[parent]
        paths[part] = PATH_JOIN.join(filter(None, (above, heading)))
    return paths


def _cut(text: str, part: Any, sentences: list[tuple[int, int]], *, inner: bool) -> list[tuple[int, int]]:
    """Return the spans of the items that a part's own text holds."""
    body = body_start(text, part)
    frames = inner and part.role == "plan" and part.depth <= 1  # what stands above a plan's points, its goals apart
    if frames or not part.marker or names_a_section(text, part):
        spans = [(max(start, body), end) for start, end in sentences if end > body]
        if frames:
            spans = [span for span in spans if _cue("goals_patterns").search(text[slice(*span)])]
        return list(_work_sentences(text, spans, part.role))
    if inner and not _has_body(text[body : part.end]):
        return []
    return [(part.start, part.start + len(text[part.start : part.end].rstrip()))]


def body_start(text: str, part: Any) -> int:
    """Return where a part's own text goes on after marker and heading."""
    at = part.start + len(part.marker)
    if part.heading:
        found = text.find(part.heading, at, part.end)
        at = found + len(part.heading) if found >= 0 else at
    while at < part.end and not (text[at].isalnum() or text[at] in OPENERS):
        at += 1
    return at


def names_a_section(text: str, part: Any) -> bool:
    """Whether a part's heading says what a section is for (工作计划) and stands on a line of its own."""
    body = body_start(text, part)
    alone = body == part.end or "\n" in text[part.start : body]
    return part.depth <= 1 and alone and bool(_cue("section_patterns").search(part.heading.strip()))


def ties_nothing(heading: str) -> bool:
    """Whether a heading speaks of plans, work and problems as such: every report has it."""
    return bool(re.search(knowledge("matching.toml")["items"]["role_pattern"], heading))


def _has_body(body: str) -> bool:
    body = body.strip()
    return len(body) >= MIN_BODY and not _cue("lead_in_patterns").search(body)


def _work_sentences(text: str, spans: list[tuple[int, int]], role: str) -> Iterator[tuple[int, int]]:
    """Yield a span for each sentence that says work, or in a problems section a lack.

    A sentence that says neither belongs to the one before it in its line, and so does what follows a semicolon.
    """
    cue = _cue("lack_words") if role == "problems" else _cue("work_verbs")
    start = end = 0
    for first, last in spans:
        sentence = text[first:last]
        says = bool(cue.search(sentence))
        goes_on = end and "\n" not in text[end:first] and (text[end - 1] in SEMICOLONS or not says)
        if end and not goes_on:
            yield start, end
            end = 0
        if end:
            end = first + len(sentence.rstrip())
        elif says and _has_body(sentence):
            start = last - len(sentence.lstrip())
            end = first + len(sentence.rstrip())
    if end:
        yield start, end


def trace_items(items: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Say of every item what became of it within its report (continuity).

    Parameters
    ----------
    items : DataFrame
        `tables.ITEMS`.
    matches : DataFrame
        `tables.MATCHES` of these items.

    Returns
    -------
    DataFrame
        `tables.ITEMS` with two further columns. ``state``: of a plan item continued, new or unclear; of a review
        item ``taken up`` or ``not taken up`` by the plan; of a stated problem ``answered`` or ``unanswered``.
        ``partner``: the item on the other side that speaks for it, the surest one where there are several.
    """
    enough = knowledge("matching.toml")["status"]["continued_from"]
    best = matches[matches["rank"] == 1]
    likely = matches[(matches["status"] == "continued") & ((matches["score"] >= enough) | (matches["rank"] == 1))]
    likely = likely.sort_values(["rank", "score"], ascending=[True, False], kind="stable")
    plan = dict(zip(best["item"], best["evidence"], strict=True))
    states = dict(zip(best["item"], best["status"], strict=True))
    review = _first(likely, "evidence")
    problems = _first(best, "answers")
    traced: list[tuple[str, int | None]] = []
    rows: list[Any] = list(items.itertuples())
    for item in rows:
        if item.role == "plan":
            traced.append((states.get(item.item, "new"), plan.get(item.item)))
        elif item.role in tables.REVIEW_ROLES:
            traced.append(("taken up" if item.item in review else "not taken up", review.get(item.item)))
        else:
            traced.append(("answered" if item.item in problems else "unanswered", problems.get(item.item)))
    found = items.assign(state=[state for state, _ in traced], partner=[partner for _, partner in traced])
    return found.astype({"state": "str", "partner": "Int64"})


def _first(matches: pd.DataFrame, column: str) -> dict[int, int]:
    """Return for each item named in a column the first plan item that names it."""
    named = matches.dropna(subset=[column]).drop_duplicates(column)
    return dict(zip(named[column], named["item"], strict=True))


def is_result(mention: Mention) -> bool:
    """Whether a quantity can be what was reached, rather than a target told again, a rate, or an earlier year's.

    The number that a change starts from (从2.8%提高到3.1%) is none, either, nor one that narrows another's noun.
    """
    stated = any(_number_cue(name).search(mention.head) for name in ("not_result", "start_of_change"))
    return own_role(mention) == "" and not stated and not mention.narrows


def is_forecast(mention: Mention) -> bool:
    """Whether a quantity is estimated, not counted (预计增长5.4%)."""
    return bool(_number_cue("forecast").search(mention.clause))


def of_the_year(text: str, mentions: list[Mention], year: int | None) -> list[Mention]:
    """Return the quantities of a review that speak of its year, not of several years.

    Parameters
    ----------
    text : str
        The compilation's text.
    mentions : list of Mention
        Of one report, in the order of the text.
    year : int, optional
        The year under review, whose name brings a review of several years back to one.
    """
    if not mentions:
        return []
    turns = re.compile(f"(?P<several>{_words('several')})|{_words('single')}|{year}{_words('year')}")
    at = mentions[0].quantity.start - len(mentions[0].before)
    found = list(turns.finditer(text, at, mentions[-1].quantity.end))
    starts = [turn.start() for turn in found]
    kept = []
    for mention in mentions:
        last = bisect(starts, mention.quantity.start) - 1
        several = last >= 0 and found[last]["several"]
        if not several and not _number_cue("multi_year").search(mention.before) and not _is_sum(mention):
            kept.append(mention)
    return kept


def _is_sum(mention: Mention) -> bool:
    """Whether a number is summed over more than the year, as far as its clause says."""
    return bool(
        _number_cue("cumulative").search(mention.clause) and not _number_cue("within_year").search(mention.clause)
    )


@cache
def _words(name: str) -> str:
    return "|".join(knowledge("numbers.toml")["results"][f"{name}_patterns"])


def _number_cue(name: str) -> re.Pattern[str]:
    return pattern("numbers.toml", "results", f"{name}_patterns")
