"""Years: the reports of the same agency in two years, and what became of its promises (fulfilment, 兑现)."""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, rule
from kit.measure import decisions
from kit.measure.items import find_items, least_items, whole_of
from kit.measure.matching import (
    Candidate,
    Comparison,
    Stretch,
    Terms,
    bigrams,
    evidence,
    find_sentences,
    match,
    overlap,
)
from kit.measure.numbers import Result, find_aliases, find_results, of_the_year, own_role, speaks_of_several_years
from kit.measure.quantities import Mention, find_mentions
from kit.measure.words import find_tokens
from kit.read.compilation import Compilation

ALMOST = 0.99  # names that agree in part never count as the same
FIT: dict[str, Any] = knowledge("matching.toml")["fulfilment"]
HALF = 0.5
PLACE = ("evidence_start", "evidence_end")

Frames = tuple[pd.DataFrame, pd.DataFrame]


def link_reports(earlier: Compilation, later: Compilation, *, tokens: Frames | None = None) -> pd.DataFrame:
    """Link each report of a year to the report of the same agency a year later, across renamings and mergers."""
    # What a later text says of an earlier agency (合并, 更名, 划出) decides first, then their names, then the words of
    # both reports; what rests on words alone is in doubt.
    one, two = tokens or (find_tokens(earlier), find_tokens(later))
    left: list[Any] = list(earlier.counted.itertuples(index=False))
    right: list[Any] = list(later.counted.itertuples(index=False))
    contents = _contents(earlier.counted["report"], one, later.counted["report"], two)
    names = np.array([[name_overlap(a, b) for b in right] for a in left]).reshape(contents.shape)
    texts = [later.text[other.start : other.end] for other in right]
    told = [[_told(one.agency, text, known=one.agency_from != "unknown") for text in texts] for one in left]
    found = [_link(report, right, names[at], contents[at], told[at]) for at, report in enumerate(left)]
    rows = _settle(found, _levels(left, right))
    taken = {row["later_report"] for row in rows}
    for at, other in enumerate(right):
        if other.report not in taken:
            parted = next((n for n, said in enumerate(told) if said[at] == "split"), None)
            rows.append(_row(None if parted is None else left[parted], other, "new" if parted is None else "split"))
    split = {row["report"] for row in rows if row["link"] == "split"}
    return tables.make([row for row in rows if row["link"] != "gone" or row["report"] not in split], tables.LINKS)


def followed(links: pd.DataFrame, earlier: Compilation, later: Compilation) -> pd.DataFrame:
    """Return one link for each earlier report, whose later one is left out where it reviews another year."""
    # Where a year's compilation is missing, the next one's review is no answer to the plan: a gap, no silence.
    own = links[links["report"].notna()].drop_duplicates("report")
    planned = own["report"].map(earlier.reports.set_index("report")["plan_period"])
    reviewed = own["later_report"].map(later.reports.set_index("report")["period"])
    apart = (planned.notna() & reviewed.notna() & (planned != reviewed)).fillna(value=False).astype(bool)
    return own.assign(later_report=own["later_report"].mask(apart), report=own["report"].astype("int64"))


def _row(report: Any, other: Any, link: str, reason: str = "", names: float = 0.0, contents: float = 0.0) -> dict:
    return {
        "report": report.report if report else None,
        "agency": report.agency if report else "",
        "later_report": other.report if other else None,
        "later_agency": other.agency if other else "",
        "link": link,
        "reason": "text" if link == "split" else reason,
        "doubt": link == "doubtful" or reason == "words",
        "names": names,
        "contents": contents,
    }


def _told(agency: str, text: str, *, known: bool) -> str:
    """Return what a later text says became of an agency: merged, renamed, split; empty when it says nothing."""
    # Of an agency without a name, what it says became of any that was there before (原县住房保障服务中心 … 并入).
    name = re.escape(agency) if known else knowledge("matching.toml")["links"]["former_pattern"]
    for sentence in re.finditer(f"[^。；\n]*(?:{name})[^。；\n]*", text):
        for link in ("renamed", "split", "merged"):
            if rule("matching.toml", f"links.{link}_pattern").search(sentence.group()):
                return link if known or link == "merged" else ""
    return ""


def _link(report: Any, right: list[Any], names: np.ndarray, contents: np.ndarray, told: list[str]) -> dict:
    fit = knowledge("matching.toml")["links"]
    if not right:
        return _row(report, None, "gone")
    known = report.agency_from != "unknown"
    said = [at for at, link in enumerate(told) if known and link in ("merged", "renamed")]
    best = int(np.argmax(names * (names >= 1) + contents))
    if said and names[best] < 1:
        best = max(said, key=lambda at: contents[at])
        return _row(report, right[best], told[best], "text", names[best], contents[best])
    others = np.delete(contents, best)
    leads = contents[best] >= max(fit["contents_from"], fit["lead"] * others.max(initial=0.0))
    same, alike = names[best] >= 1, names[best] >= fit["names_from"]
    if not (same or leads):
        return _row(report, None, "gone")
    if same and contents[best] >= fit["same_from"]:
        return _row(report, right[best], "same", "names", names[best], contents[best])
    link, reason = ("renamed", "names") if alike and leads else ("doubtful", "names" if same else "words")
    if told[best] == "merged" and not known:  # the agency has no name, and the text takes up one that is no more
        link, reason = "merged", "words"
    return _row(report, right[best], link, reason, names[best], contents[best])


def _levels(left: list[Any], right: list[Any]) -> dict[tuple[int, int], bool]:
    """Return of each two reports whether they are of one level (a township's office is no county's), where known."""
    return {(a.report, b.report): a.level == b.level or "unknown" in (a.level, b.level) for a in left for b in right}


def _settle(rows: list[dict], levels: dict[tuple[int, int], bool]) -> list[dict]:
    """Let go of what only words speak for where the later report is another agency's; name mergers by names."""
    sure = Counter(row["later_report"] for row in rows if row["reason"] in ("names", "text"))
    settled = []
    for row in rows:
        pair = (row["report"], row["later_report"])
        if row["link"] == "doubtful" and row["reason"] == "words" and (sure[pair[1]] or not levels[pair]):
            gone = {"later_report": None, "later_agency": "", "link": "gone", "reason": "", "doubt": False}
            settled.append(row | gone)
        elif row["link"] == "renamed" and row["reason"] == "names" and sure[pair[1]] > 1:
            settled.append(row | {"link": "merged"})
        else:
            settled.append(row)
    return settled


def name_overlap(one: Any, other: Any) -> float:
    """Return how far two reports' agencies agree in name: 1 when one is the other or its short form."""
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
    tail = rule("matching.toml", "links.place_tail_pattern")
    rest_of_place = full.startswith(short) and tail.fullmatch(full[len(short) :])  # 广西, 广西壮族自治区
    return bool(rest_of_place) or (in_order and not bigrams(short) & bigrams(full))


def _contents(left: pd.Series, one: pd.DataFrame, right: pd.Series, two: pd.DataFrame) -> np.ndarray:
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
    """Find out what became of each promise of the earlier plan: `tables.FULFILMENT`."""
    tokens = tokens or (find_tokens(earlier), find_tokens(later))
    items = items or (find_items(earlier), find_items(later))
    links = link_reports(earlier, later, tokens=tokens) if links is None else links
    terms = Terms(*tokens)
    promises = dict(list(least_items(items[0][items[0]["role"] == "plan"]).groupby("report")))
    sentences = find_sentences(later, year=1)
    promised, reported = decisions.judge_mentions(earlier), dict(find_mentions(later))
    of_year = dict(zip(later.reports["report"], later.reports["period"], strict=True))
    reports = later.reports.set_index("report")
    starts = [*later.parts["start"], len(later.text)]
    decisions.check_promises(earlier, later, items[0], links)
    decided, judged = decisions.read_promises(earlier), decisions.read_verdicts(earlier)
    rows: list[dict] = []
    for link in followed(links, earlier, later).itertuples(index=False):
        review = _Review(later.text)
        if not pd.isna(link.later_report):
            span, number = tuple(reports.loc[link.later_report, ["start", "end"]]), link.later_report
            told, doubtful = reported.get(number, []), link.link in ("doubtful", "split")
            review = _Review(later.text, span, sentences[number], told, of_year[number], doubtful, starts)
        own = {"report": link.report, "agency": link.agency, "later_report": link.later_report, "link": link.link}
        plan = promises.get(link.report, pd.DataFrame())
        found = _compare(earlier.text, terms, list(plan.itertuples()), review, promised.get(link.report, []))
        settled = (decisions.overrule_verdict(row, judged, "target_start") for row in found)
        rows.extend(own | decisions.overrule_promise(row, decided, review.sentence) for row in settled)
    return tables.make(rows, tables.FULFILMENT)


def judge_items(fulfilment: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return what became of whole items, from what became of the promises in each."""
    judged = []
    for whole, own in fulfilment.groupby(whole_of(fulfilment["item"], items)):
        told = own[own["status"] != "general"]
        verdicts, chars = set(told["verdict"]), told["end"] - told["start"]
        answered = 2 * chars[told["verdict"] == "reported"].sum() >= chars.sum()
        one = next(iter(verdicts)) if len(verdicts) == 1 else "reported" if answered else "to check"
        judged.append({"item": whole, "verdict": "partly" if "partly" in verdicts else one if verdicts else "general"})
    return pd.DataFrame(judged, columns=["item", "verdict"])


@dataclass(frozen=True, eq=False)
class _Review:
    """What a later report can answer with: its sentences, its quantities, and the year it reviews."""

    text: str
    span: tuple[int, int] = (0, 0)
    sentences: Sequence[Stretch] = ()
    quantities: Sequence[Mention] = ()
    year: int | None = None
    doubtful: bool = False  # whether it may be another agency's
    parts: Sequence[int] = ()  # where the parts of its text begin

    @cached_property
    def words(self) -> list[str]:
        """The words of each sentence."""
        return [self.text[slice(*one.span)] for one in self.sentences]

    @cached_property
    def told(self) -> str:
        """All that it says."""
        return "\n".join(self.words)

    @cached_property
    def bigrams(self) -> list[tuple[frozenset[str], bool]]:
        """The pairs of characters of each sentence, and whether it says that something is open."""
        return [(bigrams(words), bool(_cue("open").search(words))) for words in self.words]

    def part(self, at: int) -> tuple[int, int]:
        """Return the span of the part that a place stands in."""
        next_one = bisect(self.parts, at)
        return self.parts[next_one - 1], self.parts[next_one]

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the span of the sentence that a place stands in."""
        return next((one.span for one in self.sentences if one.span[0] <= at < one.span[1]), self.part(at))

    def blanket(self, name: str) -> tuple[int, int] | None:
        """Return the sentence that says of a whole list, by its name, that it was done."""
        done = re.compile(f"{name}{FIT['done_behind']}|{FIT['done_before']}{name}")
        places = zip(self.sentences, self.words, strict=True) if name else ()
        return next((one.span for one, words in places if done.search(words)), None)


def _compare(earlier: str, terms: Terms, plan: list[Any], review: _Review, promised: list[Mention]) -> Iterator[dict]:
    stretches = [*(Stretch(one.item, "plan", (one.start, one.end), one.generic) for one in plan), *review.sentences]
    ours, theirs = range(len(plan)), range(len(plan), len(stretches))
    if not plan:
        return
    comparison = Comparison(terms, stretches)
    found = match(comparison, stretches, ours, theirs, "fulfilment", top=1)
    wholes = pd.Series([one.item if pd.isna(one.parent_item) else one.parent_item for one in plan])
    sure = pd.Series([among[0].score if among else 0.0 for among in found]).groupby(wholes).transform("mean")
    goals = [_goals(one, promised) for one in plan]
    numbers = pd.Series([bool(own) for own in goals]).groupby(wholes).transform("any")
    silent = _silent(comparison, earlier, plan, review, sure, wholes)
    results = _results(goals, found, wholes, review)
    several = speaks_of_several_years(review.text, *review.span, review.year)
    for at, (one, among) in enumerate(zip(plan, found, strict=True)):
        row = {"item": one.item, "start": one.start, "end": one.end, **_number(results[at])}
        if among:
            verdict = _verdict(earlier[one.start : one.end], among[0], sure[at], review, silent=silent[at])
            verdict = "reported" if verdict == "partly" and numbers[at] else verdict  # the number says how far
            answer = _answer(one, among[0], verdict, review, results[at])
            if answer["answered_by"] == "itself" and several(answer["evidence_end"]):
                answer["answered_by"] = "several years"
        else:
            answer = {"verdict": "no report", "score": 0.0, "ties": "", "answered_by": ""}
        status = "general" if among and one.generic and not goals[at] else answer["verdict"]
        yield row | answer | {"status": status}


def _answer(promise: Any, found: Candidate, verdict: str, review: _Review, result: Result | None) -> dict[str, Any]:
    """Return the columns that say what answers a promise: its number's sentence, a blanket one, or the likeliest."""
    row = {name: value for name, value in evidence(found).items() if name != "evidence"}
    blanket = review.blanket(promise.listed)
    if result and result.actual and result.verdict in ("met", "missed"):
        place = review.sentence(result.actual.quantity.start)
        return row | dict(zip(PLACE, place, strict=True)) | {"verdict": "reported", "answered_by": "itself"}
    if blanket and (verdict not in ("reported", "partly") or found.score < FIT["reported_from"]):
        said = {"ties": promise.listed, "verdict": "reported", "answered_by": "blanket"}
        return row | dict(zip(PLACE, blanket, strict=True)) | said
    return row | {"verdict": verdict, "answered_by": "itself" if verdict in ("reported", "partly") else ""}


def _silent(
    comparison: Comparison, earlier: str, plan: list[Any], review: _Review, sure: pd.Series, wholes: pd.Series
) -> list[bool]:
    """Whether a review is silent on a promise, as far as that can be said."""
    # Not on what is said in general terms, which may be meant by anything: the item names something of its own (a long
    # word that the review does not have, a number, a name in quotation marks).
    if not review.sentences or review.doubtful:
        return [False] * len(plan)
    said = comparison.unsaid(range(len(plan)), range(len(plan), len(plan) + len(review.sentences)))
    quoted = [bool(_cue("own").search(earlier[one.start : one.end])) for one in plan]
    own = [names > 0 or found for found, (_, names, _) in zip(quoted, said, strict=True)]
    specific = pd.Series(own, dtype=float).groupby(wholes).transform("mean") >= HALF
    return list((sure < FIT["silent_below"]) & pd.Series([passed for passed, _, _ in said]) & specific)


def _verdict(promise: str, found: Candidate, sure: float, review: _Review, *, silent: bool) -> str:
    # The promises of one item speak of one matter: how sure it is that they are answered is the mean of their scores.
    if sure < FIT["reported_from"] or found.score < FIT["own_from"]:
        return "not mentioned" if silent else "to check"
    named = {name.group() for name in _cue("work").finditer(promise)}
    told = {name for name in named if name in review.told}
    if named and not told:
        return "to check"
    return "partly" if told < named or _is_open(promise, review) else "reported"


def _is_open(promise: str, review: _Review) -> bool:
    """Whether one of the sentences that share most character bigrams with a promise says that something is open."""
    own = bigrams(promise)
    nearest = max((len(own & pairs) for pairs, is_open in review.bigrams if is_open), default=0)
    return nearest > 1 and nearest >= FIT["near"] * max(len(own & pairs) for pairs, _ in review.bigrams)


def _goals(promise: Any, promised: list[Mention]) -> list[Mention]:
    return [one for one in promised if promise.start <= one.quantity.start < promise.end and own_role(one) == "target"]


def _results(
    goals: list[list[Mention]], found: list[list[Candidate]], wholes: pd.Series, review: _Review
) -> list[Result | None]:
    """Return of each promise the number that decides: one missed, else one that cannot be told, else the first."""
    likely = [among[0].stretch if among and among[0].score >= FIT["own_from"] else None for among in found]
    places = pd.Series([review.part(one.span[0]) if one else None for one in likely], dtype=object)
    near = {whole: list(dict.fromkeys(own)) or [None] for whole, own in places.groupby(wholes)}
    wanted = [(goal, place) for own, whole in zip(goals, wholes, strict=True) for goal in own for place in near[whole]]
    yearly = of_the_year(review.text, list(review.quantities), review.year)
    results = iter(find_results(wanted, review.quantities, yearly, find_aliases(list(review.quantities))))
    order = ("missed", "cannot tell", "met")
    deciding: list[Result | None] = []
    for own, whole in zip(goals, wholes, strict=True):
        each = [[next(results) for _ in near[whole]] for _ in own]
        told = [next((one for one in among if one.actual), among[0]) for among in each]
        deciding.append(min(told, key=lambda one: order.index(one.verdict), default=None))
    return deciding


def _number(result: Result | None) -> dict:
    if result is None:
        return {"number_verdict": "", "indicator": "", "unit": "", "forecast": False}
    goal, actual = result.target.quantity, result.actual
    row = {"number_verdict": result.verdict, "indicator": result.target.indicator, "forecast": result.forecast}
    row |= {"target": goal.value, "actual": result.value, "unit": goal.unit}
    row |= {"target_start": goal.start, "target_end": goal.end}
    return row if actual is None else row | {"actual_start": actual.quantity.start, "actual_end": actual.quantity.end}


def _cue(name: str) -> re.Pattern[str]:
    return rule("matching.toml", f"fulfilment.{name}_patterns")
