"""Items: the commitments of a plan, the pieces of work in a review, the stated problems; and what became of each.

A numbered part of the lowest level is one item. Where the numbering stops at the section, and where a part of a plan
is as long as one, every sentence that commits to or reports a piece of work is an item. A plan's item is cut further,
into what can be answered one by one. Continuity compares whole items (`whole_items`), fulfilment these (`least_items`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, rule
from kit.read.compilation import Compilation

ITEM_ROLES = (*tables.REVIEW_ROLES, "problems", "plan")
PATH_JOIN = " › "
CLAUSE_END = re.compile("[，,。；;：:\n]")
SEMICOLONS = "；;"
CLAUSES = re.compile("[，,。；;：:！!？?\n]")
PIECES = re.compile("[^。；;！!？?\n]+")  # sentences, cut at semicolons
COMMAS = re.compile("[^，,]+")  # clauses of one; a colon does not end a promise: 续建一批，即：…
OPENERS = "“《（(【"
MIN_BODY = 8  # characters beyond the heading that make a text of its own
LEAST = 6  # characters of a clause that can be a promise of its own
LONG = 600  # characters from which on a numbered part of a plan is a section of promises


def _cue(name: str) -> re.Pattern[str]:
    return rule("matching.toml", f"items.{name}")


def find_items(compilation: Compilation) -> pd.DataFrame:
    """Cut every review, plan and problems section into items, and the items of plans into promises: `tables.ITEMS`."""
    text, parts = compilation.text, compilation.parts
    paths = find_paths(parts)
    parents = set(parts["parent"].dropna())
    sentences: dict[int, list[tuple[int, int]]] = {}
    for part, *span in compilation.sentences[["part", "start", "end"]].to_numpy().tolist():
        sentences.setdefault(part, []).append((span[0], span[1]))
    listed = _find_lists(text, parts)
    cut = [
        (start, end, part)
        for part in parts[parts["role"].isin(ITEM_ROLES)].itertuples()
        for start, end in _cut(text, part, sentences.get(part.part, []), inner=part.part in parents)
    ]
    rows: list[dict] = []
    for start, end, part in sorted(cut, key=lambda one: one[0]):
        promises = _promises(text, part, start, end) if part.role == "plan" else []
        whole = len(rows) + 1
        for first, last in [(start, end), *(promises if len(promises) > 1 else [])]:
            words = text[first + len(part.marker) * (first == part.start) : last].lstrip()
            row = {"item": len(rows) + 1, "report": part.report, "role": part.role, "part": part.part}
            row |= {"parent_item": None if (first, last) == (start, end) else whole, "start": first, "end": last}
            row |= {"listed": next((name for name, a, b in listed if a <= first < b), "")}
            row |= {"path": paths.get(part.parent, ""), "generic": _is_generic(words, part.role)}
            # whatever its review says of that
            row |= {"says_continues": part.role == "plan" and bool(_cue("continues_pattern").search(words))}
            rows.append(row)
    for row, horizon in zip(rows, _horizons(compilation.sentences, rows), strict=True):
        row["horizon"] = horizon
    return tables.make(rows, tables.ITEMS)


def _horizons(sentences: pd.DataFrame, rows: list[dict]) -> list[str]:
    """Return the horizon of each item: that of most of its characters, by the sentences they stand in."""
    start, end = sentences["start"].to_numpy(), sentences["end"].to_numpy()
    sizes = np.where(sentences["horizon"] == tables.MULTI_YEAR, end - start, 0)
    spans = np.array([(row["start"], row["end"]) for row in rows], dtype="int64").reshape(-1, 2)
    # Sentences partition the text: between their ends the characters of several years grow evenly, or not at all.
    several = np.interp(spans, np.append(0, end), np.append(0, sizes.cumsum()))
    mostly = 2 * np.diff(several)[:, 0] > np.diff(spans)[:, 0]
    return np.where(mostly, tables.MULTI_YEAR, tables.ANNUAL).tolist()


def whole_items(items: pd.DataFrame) -> pd.DataFrame:
    """Return the items that continuity compares: of one year, not cut into clauses."""
    return items[items["parent_item"].isna() & (items["horizon"] != tables.MULTI_YEAR)]


def least_items(items: pd.DataFrame) -> pd.DataFrame:
    """Return the items that can be answered one by one: of one year, clauses in place of the items that have any."""
    return items[~items["item"].isin(items["parent_item"].dropna()) & (items["horizon"] != tables.MULTI_YEAR)]


def whole_of(numbers: pd.Series, items: pd.DataFrame) -> pd.Series:
    """Return for numbers of items those of the whole items they belong to."""
    parents = items.set_index("item")["parent_item"]
    return numbers.map(parents).fillna(numbers).astype("int64")


def _promises(text: str, part: Any, start: int, end: int) -> list[tuple[int, int]]:
    """Return the promises of a plan's item; a part's heading is none beside those under it, unless it is a sentence."""
    # An aim (确保 …), a few words, and what follows a frame (围绕 …) belong to the promise before.
    is_title = not CLAUSES.search(part.heading) and not _cue("figure_pattern").search(part.heading)
    body = min(body_start(text, part), end) if is_title else part.start + len(part.marker)
    found: list[tuple[int, int]] = []
    for first, last, opens in _clauses(text, max(start, body), end):
        if not found or (opens and last - first >= LEAST):
            found.append((first, last))
        else:
            found[-1] = (found[-1][0], last)
    return found


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the span of each clause, and whether it opens a promise; a lead-in and a rhetorical close have none."""
    for sentence in PIECES.finditer(text, start, end):
        if _cue("lead_in_patterns").search(sentence.group()) or _cue("close_pattern").search(sentence.group().strip()):
            continue
        begins, goes_on = True, False
        for clause in COMMAS.finditer(text, *sentence.span()):
            if words := clause.group().strip():
                first = clause.start() + clause.group().index(words)
                yield first, first + len(words), begins or (not goes_on and _is_own(words))
                goes_on = begins and bool(len(words) < LEAST or _cue("frame_pattern").search(words))
                begins = False


def _is_own(clause: str) -> bool:
    """Whether a clause says work or a figure of its own, not only to what end the one before it is promised."""
    return bool(_cue("work_verbs").search(clause) or any(_says(clause))) and not _cue("aim_pattern").search(clause)


def _find_lists(text: str, parts: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Find the lists that a plan announces as a whole (办好十方面民生实事): their name, from where to where."""
    # A list is what stands under the part that announces it, or in the same part behind a colon.
    found = []
    plan: list[Any] = list(parts[parts["role"] == "plan"].itertuples())
    for at, part in enumerate(plan):
        for announced in _cue("list_pattern").finditer(text, part.start, part.end):
            end = part.end
            for other in plan[at + 1 :]:
                if other.report != part.report or other.depth <= part.depth:
                    break
                end = other.end
            behind = announced.end() if announced["colon"] else part.end
            back = _cue("list_end_pattern").search(text, behind, end)
            found.append((announced["name"], behind, back.start() if back else end))
    return found


def _is_generic(words: str, role: str) -> bool:
    """Whether an item commits to nothing of its own: tasks that others will set, or more slogans than deeds."""
    if _cue("generic_patterns").search(CLAUSE_END.split(words, maxsplit=1)[0]):
        return True
    if role != "plan" or _cue("goals_patterns").search(words):
        return False
    fit, clauses = knowledge("matching.toml")["items"], list(filter(None, map(str.strip, CLAUSES.split(words))))
    slogans, deeds = map(sum, zip(*map(_says, clauses), strict=True)) if clauses else (0, 0)
    return slogans >= max(1, fit["slogans_from"] * len(clauses), fit["slogans_for_deed"] * deeds)


@lru_cache(maxsize=1024)  # an item's clauses are asked for again as items of their own
def _says(clause: str) -> tuple[bool, bool]:
    """Whether a clause is a slogan; if not, whether it says something to be done, or a figure."""
    if _cue("slogan_patterns").search(clause):
        return True, False
    return False, bool(_cue("figure_pattern").search(clause) or _cue("deed_verbs").search(clause))


def find_paths(parts: pd.DataFrame) -> dict[int, str]:
    """Return for each part the headings above it and its own, from the outermost."""
    paths: dict[int, str] = {}
    for part, parent, heading in zip(parts["part"], parts["parent"], parts["heading"], strict=True):
        above = "" if pd.isna(parent) else paths[parent]
        paths[part] = PATH_JOIN.join(filter(None, (above, heading)))
    return paths


def _cut(text: str, part: Any, sentences: list[tuple[int, int]], *, inner: bool) -> list[tuple[int, int]]:
    body = body_start(text, part)
    frames = inner and part.role == "plan" and part.depth <= 1  # what stands above a plan's points, its goals apart
    if frames or not part.marker or names_a_section(text, part):
        spans = [(max(start, body), end) for start, end in sentences if end > body]
        if frames:
            spans = [span for span in spans if _cue("goals_patterns").search(text[slice(*span)])]
        return list(_work_sentences(text, spans, part.role))
    if inner and not _has_body(text[body : part.end]):
        return []
    whole = (part.start, part.start + len(text[part.start : part.end].rstrip()))
    if part.role != "plan" or whole[1] - whole[0] <= LONG:
        return [whole]
    return list(_work_sentences(text, [(max(start, body), end) for start, end in sentences if end > body], "plan"))


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


def _is_short(sentence: str) -> bool:
    """Whether a sentence is one in few words (改建农村公路。): its stop tells it from a heading."""
    words = sentence.strip()
    return LEAST < len(words) < MIN_BODY and not words[-1].isalnum() and not _cue("lead_in_patterns").search(words)


def _work_sentences(text: str, spans: list[tuple[int, int]], role: str) -> Iterator[tuple[int, int]]:
    """Yield a span for each sentence that says work, or in a problems section a lack."""
    is_plan = role == "plan"
    cue = _cue("lack_words" if role == "problems" else "work_verbs")
    start = end = 0
    for first, last in spans:
        sentence = text[first:last]
        if is_plan and _cue("close_pattern").search(sentence.strip()):
            continue
        says = bool(cue.search(sentence))
        if end and not ("\n" not in text[end:first] and (text[end - 1] in SEMICOLONS or not says)):
            yield start, end
            end = 0
        if end:
            end = first + len(sentence.rstrip())
        elif (_has_body(sentence) or _is_short(sentence)) and (says or _says_figure(sentence, role)):
            start, end = last - len(sentence.lstrip()), first + len(sentence.rstrip())
    if end:
        yield start, end


def _says_figure(sentence: str, role: str) -> bool:
    """Whether a plan's sentence promises by a figure alone (X增长5%以上)."""
    return role == "plan" and bool(_cue("figure_pattern").search(sentence))


def trace_items(items: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Say of every item what became of it within its report (continuity)."""
    # That no plan item answers cannot be told from matches that start from the plan: to check.
    best = matches[matches["rank"] == 1]
    enough = knowledge("matching.toml")["status"]["also_from"]
    sure = matches[(matches["status"] == "continued") & ((matches["score"] >= enough) | (matches["rank"] == 1))]
    sure = sure.sort_values(["rank", "score"], ascending=[True, False], kind="stable")
    statuses, evidence = (dict(zip(best["item"], best[name], strict=True)) for name in ("status", "evidence"))
    taken, near, answered = _first(sure, "evidence"), _first(matches, "evidence"), _first(best, "answers")

    def trace(item: Any) -> tuple[str, int | None]:
        """Return the status of an item and what shows it."""
        if item.role == "plan":
            return statuses.get(item.item, "to check"), evidence.get(item.item)
        if item.role == "problems":
            return ("answered" if item.item in answered else "to check"), answered.get(item.item)
        if item.item in taken:
            return "taken up", taken[item.item]
        return "to check", near.get(item.item)

    whole = whole_items(items)
    traced = [trace(item) for item in whole.itertuples()]
    found = whole.assign(state=[state for state, _ in traced], partner=[partner for _, partner in traced])
    return found.astype({"state": "str", "partner": "Int64"}).reset_index(drop=True)


def _first(matches: pd.DataFrame, column: str) -> dict[int, int]:
    """Return for each item named in a column the first plan item that names it."""
    named = matches[column].notna().to_numpy()
    return dict(reversed([*zip(matches[column][named], matches["item"][named], strict=True)]))
