"""Two years: what became of promises (fulfilment, 兑现) and of headline targets (主要预期目标)."""

import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge, rule
from kit.errors import DataError
from kit.measure.items import least_items, whole_of
from kit.measure.matching import Candidate, Comparison, Stretch, Terms, bigrams, evidence, find_sentences, match
from kit.measure.numbers import (
    DIGITS,
    FULL,
    SEVERAL,
    TARGETS,
    decisions,
    find_results,
    is_forecast,
    is_result,
    judge_sizes,
    of_the_year,
    own_role,
    speaks_of_several_years,
)
from kit.measure.places import Frames, followed
from kit.measure.quantities import CLAUSE, RATES, RATIO, Mention, Quantity, find_mentions, unit_size
from kit.read.compilation import Compilation

FIT: dict[str, Any] = knowledge("matching.toml")["fulfilment"]
HALF = 0.5
PLACE = ("evidence_start", "evidence_end")
NO_NUMBER = {"number_verdict": "", "indicator": "", "unit": "", "forecast": False}
DECIDING = ("missed", "cannot tell", "met")  # of several numbers of a promise, the one that is shown
HEADLINES: dict[str, dict] = knowledge("headlines.toml")["headline"]
REVIEW = ("opening", *tables.REVIEW_ROLES)
YEARLY = 30  # characters before a number in which its clause says that it is of several years
SHORT = 3  # characters: 城镇, 农村, 全口径
IN_STEP = 0.5  # percentage points behind the economy, from which on incomes were not in step with it


def compare_years(
    earlier: Compilation, later: Compilation, *, tokens: Frames, items: pd.DataFrame, links: pd.DataFrame
) -> pd.DataFrame:
    """Find out what became of each promise of the earlier plan, whose ``items`` are given: `tables.FULFILMENT`."""
    terms, plans = Terms(*tokens), least_items(items[items["role"] == "plan"])
    promises = dict(list(plans.groupby("report")))
    sentences = find_sentences(later, year=1)
    promised, reported = judge_mentions(earlier), find_mentions(later)
    reports = later.reports.set_index("report")
    starts = [*later.parts["start"], len(later.text)]
    decided, judged = decisions(earlier, "promise", set(plans["start"])), decisions(earlier, "verdict")
    rows: list[dict] = []
    for link in followed(links, earlier, later).itertuples(index=False):
        review = _Review(later.text)
        if not pd.isna(link.later_report):
            number, (first, last, year) = link.later_report, reports.loc[link.later_report, ["start", "end", "period"]]
            told, doubtful = reported.get(number, []), link.link in ("doubtful", "split")
            review = _Review(later.text, (first, last), sentences[number], told, year, doubtful, starts)
        own = {"report": link.report, "agency": link.agency, "later_report": link.later_report, "link": link.link}
        plan = promises.get(link.report, pd.DataFrame())
        found = _compare(earlier.text, terms, list(plan.itertuples()), review, promised.get(link.report, []))
        settled = (overrule_verdict(row, judged, "target_start") for row in found)
        rows.extend(own | overrule_promise(row, decided, review) for row in settled)
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
        row = {"item": one.item, "start": one.start, "end": one.end, **results[at]}
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


def _answer(promise: Any, found: Candidate, verdict: str, review: _Review, number: dict) -> dict[str, Any]:
    """Return the columns that say what answers a promise: its number's sentence, a blanket one, or the likeliest."""
    row = {name: value for name, value in evidence(found).items() if name != "evidence"}
    blanket = review.blanket(promise.listed)
    if "actual" in number and number["number_verdict"] in ("met", "missed"):
        place = review.sentence(number["actual_start"])
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
) -> list[dict[str, Any]]:
    """Return of each promise the number that decides: one missed, else one that cannot be told, else the first."""
    near: dict[int, list[tuple[int, int]]] = {whole: [] for whole in wholes}
    for among, whole in zip(found, wholes, strict=True):
        if among and among[0].score >= FIT["own_from"]:
            near[whole].append(review.part(among[0].stretch.span[0]))
    wanted = [(goal, near[whole]) for own, whole in zip(goals, wholes, strict=True) for goal in own]
    yearly = of_the_year(review.text, review.quantities, review.year)
    results = iter(find_results(wanted, review.quantities, yearly))
    told = ([next(results) for _ in own] for own in goals)
    return [min(own, key=lambda one: DECIDING.index(one["number_verdict"]), default=NO_NUMBER) for own in told]


def _cue(name: str) -> re.Pattern[str]:
    return rule("matching.toml", f"fulfilment.{name}_patterns")


# ---- What an analyst decides ----


def overrule_promise(row: dict, decided: Mapping[int, Any], review: _Review) -> dict:
    """Return a row of `tables.FULFILMENT` as an analyst decides, with the review's sentence where he finds it."""
    entry = decided.get(row["start"])
    if entry is None:
        return row | {"decided_by": "kit"}
    named = not pd.isna(entry.evidence)
    status = entry.status or ("reported" if named else row["status"])
    verdict = row["verdict"] if status == "general" else status
    told = {"status": status, "verdict": verdict, "decided_by": "override"}
    told["answered_by"] = (row["answered_by"] or "itself") if verdict in ("reported", "partly") else ""
    if named:
        at, (start, end) = int(entry.evidence), review.span
        if not start <= at < end:
            span = f"between {start} and {end} of the later text"
            message = f"{entry.entry}: expected evidence {span}, found {at}; mend it"
            raise DataError(message)
        told |= dict(zip(PLACE, review.sentence(at), strict=True)) | {"answered_by": "itself"}
    return row | told


def overrule_verdict(row: dict, decided: Mapping[int, Any], place: str = "start") -> dict:
    """Return a row with a promised number's verdict as an analyst decides."""
    said = decided.get(row.get(place, -1))
    return row | (
        {"number_verdict": said.status, "number_decided_by": "override"} if said else {"number_decided_by": "kit"}
    )


def judge_mentions(earlier: Compilation) -> dict[int, list[Mention]]:
    """Return the quantities of each report, with what an analyst says of those that its plan promises."""
    mentions = find_mentions(earlier)
    starts = {one.quantity.start for own in mentions.values() for one in own if one.section == "plan"}
    said = {start: entry.status for start, entry in decisions(earlier, "verdict", starts).items()}
    if not said:
        return mentions
    return {at: [replace(one, judged=said.get(one.quantity.start, "")) for one in own] for at, own in mentions.items()}


# ---- Headline targets ----


def _headline_cue(name: str) -> re.Pattern[str]:
    return rule("headlines.toml", name)


def find_headlines(compilation: Compilation) -> pd.DataFrame:
    """Find the headline numbers of each report: `tables.HEADLINE_NUMBERS`."""
    rows, text, mentions = [], compilation.folded, find_mentions(compilation)
    places = list(_goal_paragraphs(text, compilation.parts[compilation.parts["role"] == "plan"]))
    for report in compilation.reports.itertuples(index=False):
        of_report = mentions.get(report.report, [])
        told = [mention for mention in of_report if mention.section in REVIEW]
        yearly = of_the_year(text, told, report.period)
        goals = [(start, end) for start, end in places if report.start <= start < report.end]
        own = {"report": report.report, "agency": report.agency, "unit": "%", "name": 0, "told_missed": False}
        planned = own | {"side": "target", "year": report.plan_period, "forecast": False}
        rows += [planned | row for row in [*_targets(of_report, goals), *_in_words(text, goals)]]
        rows += [own | {"year": report.period} | row for row in _headline_results(told, yearly)]
    return tables.make(rows, tables.HEADLINE_NUMBERS)


def _goal_paragraphs(text: str, plans: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield where a plan lists the goals of its year: from the words that say so to the end of the paragraph."""
    for first, last in zip(plans["start"].tolist(), plans["end"].tolist(), strict=True):
        for found in _headline_cue("goals").finditer(text, first, last):
            sentence = max(first - 1, text.rfind("。", first, found.start()), text.rfind("\n", first, found.start()))
            opening = text[sentence + 1 : found.end()]
            years = [years.end() for years in _headline_cue("goals_of_years").finditer(opening)]
            # “十四五”规划 may stand before the year itself: 今年的主要预期目标
            if not years or _headline_cue("this_year").search(opening, years[-1]):
                end = text.find("\n", found.end(), last)
                yield found.end(), last if end < 0 else end


def _targets(mentions: list[Mention], goals: list[tuple[int, int]]) -> Iterator[dict]:
    """Yield the targets, from the paragraph of goals before other places; then the paragraph's other goals."""
    of_years = _headline_cue("goals_of_years").search
    yearly = [one for one in mentions if one.section == "plan" and not of_years(one.clause[-YEARLY:])]
    inside = [mention for mention in yearly if any(start <= mention.quantity.start < end for start, end in goals)]
    named = list(_named([*inside, *(mention for mention in yearly if mention.horizon != SEVERAL)], []))
    taken = {row["start"] for row in named}
    yield from named
    for mention in inside:
        if mention.quantity.start not in taken and mention.role in TARGETS and mention.subject:
            yield {"headline": mention.subject, **_number_of(mention)}


def _headline_results(told: list[Mention], yearly: list[Mention]) -> Iterator[dict]:
    wider, starts = [mention for mention in told if is_result(mention)], {mention.quantity.start for mention in yearly}
    for row in _named([mention for mention in wider if mention.quantity.start in starts], wider):
        yield {"side": "result", **row}
    completions = [
        mention
        for mention in yearly
        if mention.quantity.unit in RATES and _headline_cue("completion").search(mention.head)
    ]
    for key, headline in HEADLINES.items():
        name = "|".join(headline["names"])
        done = next((mention for mention in completions if re.search(name, mention.head)), None)
        if done:
            yield {"side": "completion", "headline": key, **_number_of(done)}


def _named(mentions: list[Mention], wider: list[Mention]) -> Iterator[dict]:
    """Yield the first number of each headline under each of its names; of a share, a state, also in ``wider``."""
    own, shares = _by_dimension(mentions), _by_dimension([*mentions, *wider])
    for key, names in _names().items():
        dimension, is_share = HEADLINES[key].get("dimension", RATIO), HEADLINES[key]["measure"] == "share"
        among = (shares if is_share else own).get(dimension, [])
        for number, name in enumerate(names):
            mention = next((mention for mention, before in among if name.search(before)), None)
            if mention:
                row = _number_of(mention) | {"headline": key, "name": number}
                row["told_missed"] = mention.missed(lower=HEADLINES[key].get("lower", False))
                fell = mention.is_fall and HEADLINES[key]["measure"] != "decline" and row["value"] is not None
                yield row | {"value": -row["value"] if fell else row["value"]}


def _number_of(mention: Mention) -> dict:
    names = ("bound", "value", "value_to", "unit", "start", "end")
    return {name: getattr(mention.quantity, name) for name in names} | {"forecast": is_forecast(mention)}


def _in_words(text: str, places: list[tuple[int, int]]) -> Iterator[dict]:
    """Yield the goals that are given in words: in step with the economy (居民收入增长与经济增长同步)."""
    growths = [key for key, one in HEADLINES.items() if one["measure"] == "growth" and key != "gdp"]
    for start, end in places:
        for found in _headline_cue("same").finditer(text, start, end):
            clause = CLAUSE.split(text[start : found.start()])[-1]
            for key in growths:
                if re.search("|".join(HEADLINES[key]["names"]), clause):
                    yield {"headline": key, "bound": "same", "start": found.start(), "end": found.end()}


def _by_dimension(mentions: list[Mention]) -> dict[str, list[tuple[Mention, str]]]:
    """Return the quantities of each dimension, of ratios the rates alone, with what stands before them."""
    found: dict[str, list[tuple[Mention, str]]] = {}
    for mention in mentions:
        dimension = mention.quantity.dimension
        if dimension != RATIO or mention.quantity.unit in RATES:
            found.setdefault(dimension, []).append((mention, _before(mention)))
    return found


def _before(mention: Mention) -> str:
    """Return what stands before a quantity; of numbers that several names share in turn, its own name."""
    # 城镇、农村居民收入分别增长5%、6%: the second number's is 农村居民收入增长, the first one's lacks what the last
    # name has behind as many characters.
    before, place = mention.before, 0
    while mention.previous and mention.is_next_of_row:
        mention, place = mention.previous, place + 1
    words = knowledge("headlines.toml")
    clause, in_turn, says = mention.before[mention.clause_at :].partition(words["in_turn"])
    if not in_turn:
        return before
    for word, both in words["both"].items():
        if word in clause:
            return clause.replace(word, both[min(place, 1)]) + says
    names = _headline_cue("name_joins").split(clause)
    if place >= len(names):
        return before
    own = names[place]
    return own + (names[-1][len(own) :] if len(own) <= SHORT else "") + says


@cache
def _names() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Compile what stands before each headline's number, for each of its names: the name, and what says its measure."""
    words = knowledge("headlines.toml")
    filler, growth, decline = words["filler"], words["growth"], words["decline"]
    change, amount = f"(?:{growth}|{decline})", f"{filler}(?:{words['amount']}{filler})?"
    says = {
        "growth": f"{words['others']}{amount}{change}{filler}",
        "decline": f"{amount}(?:{decline}){filler}",
        "price": f"{filler}{change}?{filler}",
        "share": f"{filler}(?:{words['former']})?{change}?{filler}",
        "level": filler,
    }
    return {
        key: tuple(re.compile(f"(?:{name}){says[headline['measure']]}$") for name in headline["names"])
        for key, headline in HEADLINES.items()
    }


def compare_headlines(earlier: Compilation, later: Compilation, numbers: Frames, links: pd.DataFrame) -> pd.DataFrame:
    """Put the headline targets of each plan beside the results in the later review of the same government."""
    # Where the later review gives no number but says how far the year's plan was completed, that decides.
    judged, (targets, results) = decisions(earlier, "verdict"), map(by_headline, numbers)
    rows, followers = [], followed(links, earlier, later).set_index("report")
    for (report, headline), found in targets.items():
        aims = [row for row in found if row["side"] == "target"]
        if aims and report in followers.index:
            own = {"report": report} | followers.loc[report, ["agency", "later_report"]].to_dict()
            told, growth = (results.get((own["later_report"], key), []) for key in (headline, "gdp"))
            rows.append(own | overrule_verdict(judge_headline(aims, told, growth), judged))
    return tables.make(rows, tables.HEADLINES)


def by_headline(numbers: pd.DataFrame) -> dict[tuple[int, str], list[dict]]:
    """Return the numbers of each report and headline, in the order of the text."""
    groups: dict[tuple[int, str], list[dict]] = {}
    for row in numbers.astype(object).where(numbers.notna(), None).to_dict("records"):
        groups.setdefault((row["report"], row["headline"]), []).append(row)
    return groups


def choose_result(targets: list[dict], results: list[dict]) -> tuple[dict | None, dict | None]:
    """Return a headline's target and its result: those under one name, else the first of each."""
    same = ((target, row) for target in targets for row in results if row["name"] == target["name"])
    return next(same, (next(iter(targets), None), next(iter(results), None)))


def judge_headline(targets: list[dict], told: list[dict], growth: list[dict]) -> dict:
    """Put a headline's target beside its result, and judge it."""
    chosen, shown = choose_result(targets, [row for row in told if row["side"] == "result"])
    target = chosen or targets[0]
    shown = shown or next((row for row in told if row["side"] == "completion"), None)
    row: dict[str, Any] = {name: target[name] for name in ("headline", "bound", "unit", "start", "end")}
    row |= {"target": target["value"], "target_to": target["value_to"], "number_verdict": "cannot tell"}
    if shown is None:
        return row | {"forecast": False}
    row |= {"forecast": shown["forecast"], "actual_start": shown["start"], "actual_end": shown["end"]}
    if shown["side"] == "completion":
        return row | {"completion": shown["value"], "number_verdict": "met" if shown["value"] >= FULL else "missed"}
    like_gdp = target["bound"] == "same"  # in step with the economy
    aim = next((one for one in growth if one["side"] == "result"), None) if like_gdp else target
    row["actual"], row["number_verdict"] = _compare_sizes(target, aim, shown)
    if row["number_verdict"] == "missed" and like_gdp and aim and aim["value"] - row["actual"] < IN_STEP:
        row["number_verdict"] = "cannot tell"  # 居民收入与经济增长基本同步: 6.5% beside 6.6% may well be in step
    return row | {"number_verdict": "missed"} if shown["told_missed"] else row


def _compare_sizes(target: dict, aim: dict | None, shown: dict) -> tuple[float | None, str]:
    """A result in the unit of its target, and whether it reaches what is aimed at."""
    goal = Quantity(0, 0, aim["value"] if aim else None, None, target["bound"], target["unit"], masked=False)
    done = None if shown["value"] is None else shown["value"] * unit_size(shown["unit"])[1]
    lower = target["bound"] == "at most" or HEADLINES.get(target["headline"], {}).get("lower", False)
    size = None if done is None else round(done / unit_size(target["unit"])[1], DIGITS)
    return size, judge_sizes(goal, done, lower=lower)
