"""Fulfilment (兑现): what last year's plan promised, found or not found in this year's review of the same agency.

Never to be mixed with continuity, which compares plan and review within one report (`match_items`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.items import find_items
from kit.measure.links import link_reports
from kit.measure.matches import NOWHERE, TIE_JOIN, TIES, Member, find_members, score_candidates
from kit.measure.numbers import Result, find_aliases, find_results, of_the_year, own_role
from kit.measure.quantities import Mention, find_mentions
from kit.measure.similarity import Comparison, Stretch, Terms
from kit.measure.words import find_tokens
from kit.read.compilation import Compilation


@dataclass(frozen=True, eq=False)
class _Years:
    """Two compilations side by side: the later one's offsets follow the earlier one's."""

    earlier: str
    later: str
    terms: Terms

    def shifted(self, member: Member) -> Stretch:
        """Return a later member's stretch in the common offsets."""
        by, own = len(self.earlier), member.stretch
        span, front, head = ((start + by, end + by) for start, end in (own.span, own.front, own.head))
        path = own.path if own.path == NOWHERE else (own.path[0] + by, own.path[1] + by)
        return replace(own, span=span, front=front, head=head, path=path)


def compare_years(
    earlier: Compilation,
    later: Compilation,
    *,
    tokens: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    items: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    links: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find out what became of each promise of the earlier plan.

    Parameters
    ----------
    earlier, later : Compilation
        Two consecutive years: the later reviews the year that the earlier plans.
    tokens, items : tuple of DataFrame, optional
        `tables.TOKENS` and `tables.ITEMS` of both, when they are at hand; else they are found here.
    links : DataFrame, optional
        `tables.LINKS`, when an analyst settled them; else found by `link_reports`.

    Returns
    -------
    DataFrame
        `tables.FULFILMENT`, one row for each plan item of each counted report of the earlier year. ``reported``:
        the later review takes the promise up and says what became of it, even where its number was missed;
        ``partly``: it says that something is still open, or is silent on a work that the promise also names.
        A promise with several numbers shows the one that decides: a missed one, else one that cannot be told.
        ``status`` is what to count: a slogan or a principle without a number is no promise one could look up, and
        ``too general``, whatever the later review says.
    """
    tokens = tokens or (find_tokens(earlier), find_tokens(later))
    items = items or (find_items(earlier), find_items(later))
    links = link_reports(earlier, later, tokens=tokens) if links is None else links
    moved = tokens[1].assign(start=tokens[1]["start"] + len(earlier.text), end=tokens[1]["end"] + len(earlier.text))
    years = _Years(earlier.text, later.text, Terms(pd.concat([tokens[0], moved], ignore_index=True)))
    plans, reviews = find_members(earlier, items[0]), find_members(later, items[1])
    promised, reported = dict(find_mentions(earlier)), dict(find_mentions(later))
    of_year = dict(zip(later.reports["report"], later.reports["period"], strict=True))
    rows: list[dict] = []
    for link in links.itertuples(index=False):
        plan = [member for member in plans.get(link.report, []) if member.role == "plan"]
        review = [member for member in reviews.get(link.later_report, []) if member.is_review]
        own = {"report": link.report, "agency": link.agency, "later_report": link.later_report, "link": link.link}
        numbers = (promised.get(link.report, []), reported.get(link.later_report, []))
        found = list(_compare(years, plan, review, numbers[0]))
        results = _results(found, numbers[1], of_the_year(later.text, numbers[1], of_year.get(link.later_report)))
        rows.extend({**own, **row, **number} for (row, _), number in zip(found, results, strict=True))
    return tables.make(rows, tables.FULFILMENT)


def _results(
    promises: list[tuple[dict, list[Mention]]], reported: list[Mention], yearly: list[Mention]
) -> Iterator[dict]:
    """Yield the columns of each promise's number, from all numbers that one agency promised and reported."""
    wanted = [(target, _evidence(row)) for row, targets in promises for target in targets]
    results = iter(find_results(wanted, reported, yearly, find_aliases(reported)))
    for _, targets in promises:
        yield _number(_deciding([next(results) for _ in targets]))


def _evidence(row: dict) -> tuple[int, int] | None:
    return (row["evidence_start"], row["evidence_end"]) if "evidence_start" in row else None


def _compare(
    years: _Years, plan: list[Member], review: list[Member], promised: list[Mention]
) -> Iterator[tuple[dict, list[Mention]]]:
    """Yield one row for each promise of one agency, with the numbers it promises."""
    if not plan:
        return
    comparison = Comparison(years.terms, [*(m.stretch for m in plan), *(years.shifted(m) for m in review)])
    left, right = range(len(plan)), range(len(plan), len(plan) + len(review))
    relevance, cosine = comparison.relevance(left, right), comparison.cosine(left, right)
    told = _sentences(years.later, review)
    for at, promise in enumerate(plan):
        start, end = promise.stretch.span
        row = {"item": promise.item, "start": start, "end": end, "verdict": "no report", "score": 0.0, "ties": ""}
        targets = [m for m in promised if start <= m.quantity.start < end and own_role(m) == "target"]
        evidence = None
        if review:
            best = int(relevance[at].argmax())
            score = score_candidates(relevance[at], cosine[at], fitted="fulfilment")[best]
            evidence = review[best].stretch.span if score >= knowledge("matching.toml")["fulfilment"]["from"] else None
            verdict = _verdict(years, promise, evidence, told, has_number=bool(targets))
            row |= {"verdict": verdict, "score": score}
            if evidence:
                ties = comparison.ties(at, len(plan) + best)[:TIES]
                row |= {"ties": TIE_JOIN.join(ties), "evidence_start": evidence[0], "evidence_end": evidence[1]}
        row["status"] = "too general" if review and promise.generic and not targets else row["verdict"]
        yield row, targets


def _verdict(
    years: _Years, promise: Member, evidence: tuple[int, int] | None, told: list[str], *, has_number: bool
) -> str:
    """Return reported, partly or not mentioned; of a promise with a number, the number says how far it was kept."""
    if evidence is None:
        return "not mentioned"
    words = years.earlier[slice(*promise.stretch.span)]
    is_open = _cue("open").search("".join(_nearest(words, told)))
    return "partly" if not has_number and (is_open or _is_silent(words, "".join(told))) else "reported"


def _nearest(promise: str, sentences: list[str]) -> list[str]:
    """Return the sentences that share most character bigrams with a promise."""
    own = _bigrams(promise)
    shared = [len(own & _bigrams(sentence)) for sentence in sentences]
    least = knowledge("matching.toml")["fulfilment"]["near"] * max(shared, default=0)
    return [sentence for sentence, n in zip(sentences, shared, strict=True) if n >= least]


def _bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()}


def _is_silent(promise: str, told: str) -> bool:
    """Whether one of several works that a promise names between semicolons stands nowhere in the review."""
    clauses = re.split("[；;]", promise)
    named = [[found.group() for found in _cue("work").finditer(clause)] for clause in clauses]
    answered = [all(work in told for work in works) for works in named if works]
    return any(answered) and not all(answered)


def _sentences(text: str, review: list[Member]) -> list[str]:
    """Return the review's sentences, each once."""
    spans = sorted(member.stretch.span for member in review)
    return [part for start, end in spans for part in re.split("(?<=[。；！])", text[start:end]) if part.strip()]


def _deciding(results: list[Result]) -> Result | None:
    """Return the number that decides on a promise: one missed, else one that cannot be told, else the first."""
    order = ("missed", "cannot tell", "met")
    return min(results, key=lambda result: order.index(result.verdict), default=None)


def _number(result: Result | None) -> dict:
    """Return the columns that a promise's number fills."""
    if result is None:
        return {"number_verdict": "", "indicator": "", "unit": "", "forecast": False}
    goal, actual = result.target.quantity, result.actual
    row = {"number_verdict": result.verdict, "indicator": result.target.indicator, "target": goal.value,
           "actual": result.value, "unit": goal.unit, "forecast": result.forecast,
           "target_start": goal.start, "target_end": goal.end}  # fmt: skip
    return row if actual is None else row | {"actual_start": actual.quantity.start, "actual_end": actual.quantity.end}


def _cue(name: str) -> re.Pattern[str]:
    return pattern("matching.toml", "fulfilment", f"{name}_patterns")
