"""Matches: which work of this year's review each item of next year's plan goes on with (continuity, 延续).

Plan and review are compared report by report: candidates are ranked by `kit.measure.similarity`; the score of a
candidate is a logistic regression on its cosine and its lead over the best other one, fitted on the sample.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.errors import DataError
from kit.measure.items import CLAUSE_END, body_start, names_a_section, ties_nothing
from kit.measure.lexicon import read_lexicon
from kit.measure.segment import new_tokenizer
from kit.measure.similarity import Comparison, Stretch, Terms
from kit.measure.tokens import find_tokens
from kit.read.compilation import Compilation
from kit.read.source import watch

SMOOTH = 0.02  # keeps the logarithm of a similarity of 0 finite
HEAD = 30  # characters of an item that can be its first clause
FRONT = 50  # characters of an item that say what it is about, a first sentence or so
TIES = 5  # words shown that tie plan and evidence
TIE_JOIN = "、"
NOWHERE = (0, 0)


@dataclass(frozen=True)
class Member:
    """What is compared: an item, or the heading of a review section over several items (``item`` is None)."""

    item: int | None
    role: str
    generic: bool
    stretch: Stretch

    @property
    def is_review(self) -> bool:
        """Whether it can be evidence."""
        return self.role in tables.REVIEW_ROLES


def match_items(
    compilation: Compilation,
    items: pd.DataFrame,
    *,
    tokens: pd.DataFrame | None = None,
    overrides: pd.DataFrame | None = None,
    top: int = 3,
) -> pd.DataFrame:
    """Match the plan items of each report with its review items and its stated problems.

    Parameters
    ----------
    compilation : Compilation
        As read.
    items : DataFrame
        `tables.ITEMS` of that compilation.
    tokens : DataFrame, optional
        `tables.TOKENS` of that compilation, when it is at hand; else they are found here.
    overrides : DataFrame, optional
        `tables.OVERRIDES`; the compilation's own by default. Those of kind ``match`` decide on the plan item that
        begins where they stand: its status, or its evidence, which makes it continued.
    top : int
        Candidates of evidence given for each plan item.

    Returns
    -------
    DataFrame
        `tables.MATCHES`: up to ``top`` rows for each plan item, best first. ``evidence`` is empty where a whole
        section is the evidence; the offsets are then those of its heading. ``status``, ``says_continues`` and
        ``answers`` are the plan item's and repeat on its rows. An item that says it goes on with something and has
        nothing before it in the review is ``new`` by the codebook and marked in ``says_continues``.

    Raises
    ------
    DataError
        When an override stands at no plan item, or its evidence in no review item of the same report.
    """
    terms = Terms(find_tokens(compilation) if tokens is None else tokens)
    members = find_members(compilation, items)
    decided = _decisions(compilation.overrides if overrides is None else overrides, members)
    says = dict(zip(items["item"], items["says_continues"], strict=True))
    rows: list[dict] = []
    for report, own in watch(list(members.items()), "matching items"):
        found = _match_report(compilation.text, terms, own, decided, top)
        rows.extend({"report": report, "says_continues": says[row["item"]], **row} for row in found)
    return tables.make(rows, tables.MATCHES)


@dataclass(frozen=True)
class _Decision:
    """What an analyst says of a plan item."""

    status: str
    evidence: Member | None


def _decisions(overrides: pd.DataFrame, members: dict[int, list[Member]]) -> dict[int, _Decision]:
    """Return an analyst's decisions by the first character of their plan item."""
    return {entry.start: _decision(entry, members) for entry in overrides[overrides["kind"] == "match"].itertuples()}


def _decision(entry: Any, members: dict[int, list[Member]]) -> _Decision:
    own = next((group for group in members.values()
                if any(m.role == "plan" and m.stretch.span[0] == entry.start for m in group)), None)  # fmt: skip
    if own is None:
        message = f"{entry.entry}: expected a plan item that begins at {entry.start}, found none; mend the place"
        raise DataError(message)
    if pd.isna(entry.evidence):
        return _Decision(entry.status, None)
    at = int(entry.evidence)
    for member in own:
        if member.is_review and member.stretch.span[0] <= at < member.stretch.span[1]:
            return _Decision(entry.status or "continued", member)
    message = f"{entry.entry}: expected a review item of the same report at {at}, found none; mend the evidence"
    raise DataError(message)


def find_members(compilation: Compilation, items: pd.DataFrame) -> dict[int, list[Member]]:
    """Return what can be compared in each report: its items, and review headings over several items."""
    text, parts = compilation.text, compilation.parts
    by_number = {part.part: part for part in parts.itertuples(index=False)}
    weight = knowledge("matching.toml")["similarity"]["section"]
    members: dict[int, list[Member]] = {report: [] for report in sorted(items["report"].unique())}
    for item in items.itertuples(index=False):
        stretch = _stretch(text, item.start, item.end, by_number[item.part], by_number)
        members[item.report].append(Member(item.item, item.role, item.generic, stretch))
    inner = set(parts["parent"].dropna()) - set(items["part"])
    for number in sorted(inner):
        part = by_number[number]
        if part.role in tables.REVIEW_ROLES and part.report in members and not names_a_section(text, part):
            stretch = _stretch(text, part.start, part.end, part, by_number, weight)
            members[part.report].append(Member(None, part.role, False, stretch))
    return members


def _stretch(text: str, start: int, end: int, part: Any, parts: dict, weight: float = 1.0) -> Stretch:
    """Describe an item (or heading) for comparison: its span, its first clause, the heading above it."""
    end = start + len(text[start:end].rstrip())
    words = start + (len(part.marker) if start == part.start else 0)
    clause = CLAUSE_END.split(text[words : min(end, words + HEAD)].lstrip(), maxsplit=1)[0]
    above = parts.get(part.parent)
    path = NOWHERE
    if above is not None and above.heading and not ties_nothing(above.heading):
        path = (above.start, body_start(text, above))
    return Stretch((start, end), (words, min(end, words + FRONT)), (words, words + len(clause)), path, weight)


def _match_report(
    text: str, terms: Terms, members: list[Member], decided: dict[int, _Decision], top: int
) -> Iterator[dict]:
    """Yield the rows of one report's plan items."""
    plan = [at for at, member in enumerate(members) if member.role == "plan"]
    review = [at for at, member in enumerate(members) if member.is_review]
    if not plan:
        return
    comparison = Comparison(terms, [member.stretch for member in members])
    relevance, cosine = comparison.relevance(plan, review), comparison.cosine(plan, review)
    answers = _answers(text, comparison, members, plan)
    for number, at in enumerate(plan):
        scores = score_candidates(relevance[number], cosine[number])
        decision = decided.get(members[at].stretch.span[0])
        best = _order(relevance[number], [members[where] for where in review], decision)[:top]
        status = _status(members[at], terms, scores[best[0]] if len(best) else 0.0)
        own = {"item": members[at].item, "status": (decision.status if decision else "") or status,
               "decided_by": "override" if decision else "kit", **answers.get(at, {})}  # fmt: skip
        candidates = [(scores[which], members[review[which]], review[which]) for which in best]
        if not candidates:
            yield {**own, "rank": 1, "score": 0.0, "ties": ""}
        for rank, (score, found, where) in enumerate(candidates, 1):
            start, end = found.stretch.span
            ties = TIE_JOIN.join(comparison.ties(at, where)[:TIES])
            yield {**own, "rank": rank, "score": score, "ties": ties, "evidence": found.item,
                   "evidence_start": start, "evidence_end": end}  # fmt: skip


def _order(relevance: np.ndarray, review: list[Member], decision: _Decision | None) -> list[int]:
    """Return the candidates, best first; the one an analyst chose stands before all."""
    order = np.argsort(-relevance, kind="stable").tolist()
    if decision and decision.evidence:
        order.sort(key=lambda at: review[at] is not decision.evidence)
    return order


def score_candidates(relevance: np.ndarray, cosine: np.ndarray, *, fitted: str = "status") -> np.ndarray:
    """Return for each candidate the estimated probability that it is work on the same matter.

    Parameters
    ----------
    relevance, cosine : array of shape (candidates,)
        From `Comparison`.
    fitted : str
        The section of `matching.toml` with the coefficients: status (continuity) or fulfilment.
    """
    fit = knowledge("matching.toml")[fitted]
    ordered = np.sort(relevance)[::-1]
    best = ordered[0] if len(ordered) else 0.0
    second = ordered[1] if len(ordered) > 1 else 0.0
    other = np.where(relevance >= best, second, best)
    lead = np.log((relevance + SMOOTH) / (other + SMOOTH))
    return 1 / (1 + np.exp(-(fit["intercept"] + fit["cosine"] * np.log(cosine + SMOOTH) + fit["lead"] * lead)))


def _status(member: Member, terms: Terms, score: float) -> str:
    """Return continued, new or unclear; generic items and items of everyday words are unclear sooner."""
    fit = knowledge("matching.toml")["status"]
    if member.generic:
        return "continued" if score >= fit["generic_from"] else "unclear"
    if score < fit["new_below"]:
        return "new"
    everyday = score < fit["certain_from"] and _everyday(terms.content(member.stretch.span)) >= fit["everyday_from"]
    return "continued" if score >= fit["continued_from"] and not everyday else "unclear"


def _everyday(words: list[str]) -> float:
    """Return the mean logarithm of the words' frequency in general Chinese, by jieba's dictionary."""
    frequency = _frequencies()
    return float(np.mean([np.log1p(frequency.get(word) or 0) for word in words])) if words else np.inf


@cache
def _frequencies() -> dict[str, int]:
    return new_tokenizer(read_lexicon().words).FREQ


def _answers(text: str, comparison: Comparison, members: list[Member], plan: list[int]) -> dict[int, dict]:
    """Return for each plan item the stated problem it answers, if any."""
    problems = [at for at, member in enumerate(members) if member.role == "problems"]
    if not problems:
        return {}
    fit = knowledge("matching.toml")["answers"]
    factors = [[_cue_factor(text, members[problem], members[at]) for problem in problems] for at in plan]
    scores = comparison.cosine(plan, problems) * np.array(factors)
    enough = (scores >= fit["cosine_from"]) & (scores >= fit["of_best"] * scores.max(axis=0))
    found = {}
    for number, at in enumerate(plan):
        which = int(scores[number].argmax())
        if enough[number, which]:
            problem = members[problems[which]]
            found[at] = {"answers": problem.item, "answers_start": problem.stretch.span[0]}
    return found


def _cue_factor(text: str, problem: Member, plan: Member) -> float:
    """Return how the kind of a problem speaks for or against a plan item as its answer."""
    fit = knowledge("matching.toml")["answers"]
    start, end = problem.stretch.span
    stated = text[start:end].split(fit["sentence_end"], maxsplit=1)[0]
    committed = text[slice(*plan.stretch.span)]
    kinds = [bool(re.search(cue["plan"], committed)) for cue in fit["cues"] if re.search(cue["problem"], stated)]
    if not kinds:
        return 1.0
    return fit["with_cue"] if any(kinds) else fit["without_cue"]
