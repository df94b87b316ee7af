"""Years: the reports of the same agency in two years, and what became of its promises (fulfilment, 兑现).

Never to be mixed with continuity, which compares plan and review within one report (`match_items`).
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.indicators import find_aliases
from kit.measure.items import find_items, of_the_year
from kit.measure.matching import Comparison, Stretch, Terms, bigrams, evidence, find_stretches, match, overlap
from kit.measure.mentions import Mention, find_mentions, own_role
from kit.measure.results import Result, find_results
from kit.measure.tokens import find_tokens
from kit.read.compilation import Compilation

ALMOST = 0.99  # names that agree in part never count as the same

Frames = tuple[pd.DataFrame, pd.DataFrame]


def link_reports(earlier: Compilation, later: Compilation, *, tokens: Frames | None = None) -> pd.DataFrame:
    """Link each report of a year to the report of the same agency a year later, across renamings and mergers.

    Names decide where they agree; else the words of the two reports do, and the link is marked for what it is.

    Parameters
    ----------
    earlier, later : Compilation
        Two years' compilations; near copies take no part.
    tokens : tuple of DataFrame, optional
        `tables.TOKENS` of both, when they are at hand; else they are found here.

    Returns
    -------
    DataFrame
        `tables.LINKS`, one row for each counted report of the earlier year. ``same``: the names agree; ``renamed``:
        they agree in part and the words do; ``merged``: a later report takes up two earlier ones, or its text
        names the earlier agency; ``doubtful``: only the words speak for it, or the names and not the words.
    """
    one, two = tokens or (find_tokens(earlier), find_tokens(later))
    contents = _contents(earlier.counted["report"], one, later.counted["report"], two)
    left: list[Any] = list(earlier.counted.itertuples(index=False))
    right: list[Any] = list(later.counted.itertuples(index=False))
    names = np.array([[name_overlap(a, b) for b in right] for a in left]).reshape(contents.shape)
    rows = [_link(report, right, names[at], contents[at]) for at, report in enumerate(left)]
    taken = pd.Series([row["later_report"] for row in rows]).value_counts()
    texts = {report.report: later.text[report.start : report.end] for report in right}
    for row in rows:
        names_it = row["agency"] and row["agency"] in texts.get(row["later_report"], "")
        if row["link"] in ("renamed", "doubtful") and (taken.get(row["later_report"], 0) > 1 or names_it):
            row["link"] = "merged"
    return tables.make(rows, tables.LINKS)


def _link(report: Any, right: list[Any], names: np.ndarray, contents: np.ndarray) -> dict:
    """Choose the later report of one earlier report."""
    fit = knowledge("matching.toml")["links"]
    row = {"report": report.report, "agency": report.agency, "later_report": None, "later_agency": "",
           "link": "none", "names": 0.0, "contents": 0.0}  # fmt: skip
    if not right:
        return row
    best = int(np.argmax(names * (names >= 1) + contents))
    others = np.delete(contents, best)
    leads = contents[best] >= fit["contents_from"] and contents[best] >= fit["lead"] * others.max(initial=0.0)
    same, alike = names[best] >= 1, names[best] >= fit["names_from"]
    if not (same or leads):
        return row
    link = "same" if same and contents[best] >= fit["same_from"] else "renamed" if alike and leads else "doubtful"
    return {**row, "later_report": right[best].report, "later_agency": right[best].agency, "link": link,
            "names": names[best], "contents": contents[best]}  # fmt: skip


def name_overlap(one: Any, other: Any) -> float:
    """Return how far two reports' agencies agree in name: 1 when one is the other or its short form.

    Parameters
    ----------
    one, other : row of `tables.REPORTS`
        Places count where both are named: another place is another agency.
    """
    if one.agency_from == "unknown" or other.agency_from == "unknown":
        return 0.0
    core, core_other = (_core(row.agency, row.place) for row in (one, other))
    if core == core_other or _shortens(core, core_other) or _shortens(core_other, core):
        return 1.0
    return ALMOST * overlap(core, core_other)


def _core(agency: str, place: str) -> str:
    """Return an agency's name without its county or city; a township's or province's own name stays."""
    fit = knowledge("matching.toml")["links"]
    core = agency.removeprefix(place) or agency
    core = re.sub(fit["prefix_pattern"], "", core) or core
    return re.sub(fit["commission_pattern"], fit["commission"], core)


def _shortens(short: str, full: str) -> bool:
    """Whether a name is a short form of another (发改委): its characters in order, and no two side by side."""
    rest = iter(full)
    in_order = len(short) > 2 and short[-1] == full[-1] and all(char in rest for char in short)  # noqa: PLR2004
    tail = pattern("matching.toml", "links", "place_tail_pattern")
    rest_of_place = full.startswith(short) and tail.fullmatch(full[len(short) :])  # 广西, 广西壮族自治区
    return bool(rest_of_place) or (in_order and not bigrams(short) & bigrams(full))


def _contents(left: pd.Series, one: pd.DataFrame, right: pd.Series, two: pd.DataFrame) -> np.ndarray:
    """Return the cosines of the reports' words, weighted by tf-idf over both years."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415, takes a second

    words = []
    for reports, tokens in ((left, one), (right, two)):
        kept = tokens[tokens["kind"].isin(["lexicon", "word"])]
        groups = {report: group["term"].tolist() for report, group in kept.groupby("report")}
        words += [groups.get(report, []) for report in reports]
    if not any(words):
        return np.zeros((len(left), len(right)))
    weights = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(words)
    return (weights[: len(left)] @ weights[len(left) :].T).toarray()


def compare_years(
    earlier: Compilation,
    later: Compilation,
    *,
    tokens: Frames | None = None,
    items: Frames | None = None,
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
    terms = Terms(*tokens)
    plans, reviews = find_stretches(earlier, items[0]), find_stretches(later, items[1], year=1)
    promised, reported = dict(find_mentions(earlier)), dict(find_mentions(later))
    of_year = dict(zip(later.reports["report"], later.reports["period"], strict=True))
    rows: list[dict] = []
    for link in links.itertuples(index=False):
        plan = [one for one in plans.get(link.report, []) if one.role == "plan"]
        review = [one for one in reviews.get(link.later_report, []) if one.is_review]
        own = {"report": link.report, "agency": link.agency, "later_report": link.later_report, "link": link.link}
        judged = _judge(earlier.text, later.text, terms, plan, review, promised.get(link.report, []))
        told = reported.get(link.later_report, [])
        numbers = _results(judged, told, of_the_year(later.text, told, of_year.get(link.later_report)))
        rows.extend({**own, **row, **number} for (row, _), number in zip(judged, numbers, strict=True))
    return tables.make(rows, tables.FULFILMENT)


def _judge(
    earlier: str, later: str, terms: Terms, plan: list[Stretch], review: list[Stretch], promised: list[Mention]
) -> list[tuple[dict, list[Mention]]]:
    """Return one row for each promise of one agency, with the numbers it promises."""
    if not plan:
        return []
    comparison = Comparison(terms, [*plan, *review])
    told = _sentences(later, review)
    least = knowledge("matching.toml")["fulfilment"]["from"]
    judged = []
    candidates = match(comparison, [*plan, *review], range(len(plan)), "fulfilment", top=1)
    for promise, among in zip(plan, candidates, strict=True):
        start, end = promise.span
        targets = [m for m in promised if start <= m.quantity.start < end and own_role(m) == "target"]
        row: dict[str, Any] = {
            "item": promise.item,
            "start": start,
            "end": end,
            "verdict": "no report",
            "score": 0.0,
            "ties": "",
        }
        if among:
            found = among[0].score >= least
            verdict = _verdict(earlier[start:end], told, has_number=bool(targets)) if found else "not mentioned"
            row |= {"verdict": verdict, "score": among[0].score} | (evidence(among[0]) if found else {})
        row["status"] = "too general" if among and promise.generic and not targets else row["verdict"]
        row.pop("evidence", None)
        judged.append((row, targets))
    return judged


def _verdict(promise: str, told: list[str], *, has_number: bool) -> str:
    """Return reported or partly; of a promise with a number, the number says how far it was kept."""
    if has_number:
        return "reported"
    is_open = _cue("open").search("".join(_nearest(promise, told)))
    return "partly" if is_open or _is_silent(promise, "".join(told)) else "reported"


def _nearest(promise: str, sentences: list[str]) -> list[str]:
    """Return the sentences that share most character bigrams with a promise."""
    own = bigrams(promise)
    shared = [len(own & bigrams(sentence)) for sentence in sentences]
    least = knowledge("matching.toml")["fulfilment"]["near"] * max(shared, default=0)
    return [sentence for sentence, n in zip(sentences, shared, strict=True) if n >= least]


def _is_silent(promise: str, told: str) -> bool:
    """Whether one of several works that a promise names between semicolons stands nowhere in the review."""
    clauses = re.split("[；;]", promise)
    named = [[found.group() for found in _cue("work").finditer(clause)] for clause in clauses]
    answered = [all(work in told for work in works) for works in named if works]
    return any(answered) and not all(answered)


def _sentences(text: str, review: list[Stretch]) -> list[str]:
    """Return the review's sentences, each once."""
    spans = sorted(stretch.span for stretch in review)
    return [part for start, end in spans for part in re.split("(?<=[。；！])", text[start:end]) if part.strip()]


def _results(judged: list[tuple[dict, list[Mention]]], told: list[Mention], yearly: list[Mention]) -> Iterator[dict]:
    """Yield the columns of each promise's number, from all numbers that one agency promised and reported.

    The number that decides is one missed, else one that cannot be told, else the first.
    """
    places = [(row["evidence_start"], row["evidence_end"]) if "evidence_start" in row else None for row, _ in judged]
    wanted = [(goal, place) for (_, goals), place in zip(judged, places, strict=True) for goal in goals]
    results = iter(find_results(wanted, told, yearly, find_aliases(told)))
    order = ("missed", "cannot tell", "met")
    for _, goals in judged:
        yield _number(min((next(results) for _ in goals), key=lambda one: order.index(one.verdict), default=None))


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
