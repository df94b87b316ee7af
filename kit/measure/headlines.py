"""Headline targets (主要预期目标): what a plan aims at, what the review says was reached, and the verdict."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge, rule
from kit.measure.decisions import overrule_verdict, read_verdicts
from kit.measure.numbers import DIGITS, SEVERAL, TARGETS, is_forecast, is_result, judge_sizes, of_the_year
from kit.measure.quantities import CLAUSE, RATES, RATIO, Mention, Quantity, find_mentions, unit_size
from kit.measure.years import followed, link_reports
from kit.read.compilation import Compilation

HEADLINES: dict[str, dict] = knowledge("headlines.toml")["headline"]
REVIEW = ("opening", *tables.REVIEW_ROLES)
FULL = 100.0  # per cent
YEARLY = 30  # characters before a number in which its clause says that it is of several years
SHORT_NAME = 3  # characters: 城镇, 农村, 全口径
LIKE_GDP = "same"  # the bound of a target in step with the economy
IN_STEP = 0.5  # percentage points behind the economy, from which on incomes were not in step with it


def find_headlines(compilation: Compilation) -> pd.DataFrame:
    """Find the headline numbers of each report: `tables.HEADLINE_NUMBERS`."""
    rows: list[dict] = []
    mentions = dict(find_mentions(compilation))
    for report in compilation.reports.itertuples(index=False):
        of_report = mentions.get(report.report, [])
        plan = [mention for mention in of_report if mention.section == "plan"]
        told = [mention for mention in of_report if mention.section in REVIEW]
        yearly = of_the_year(compilation.text, told, report.period)
        goals = list(_goals(compilation, report.report))
        own = {"report": report.report, "agency": report.agency, "unit": "%", "forecast": False, "name": 0}
        planned = own | {"side": "target", "year": report.plan_period}
        reviewed = own | {"year": report.period}
        rows += [planned | row for row in [*_targets(plan, goals), *_in_words(compilation.text, goals, "same")]]
        rows += [reviewed | row for row in _results(told, yearly)]
    return tables.make(rows, tables.HEADLINE_NUMBERS)


def _cue(name: str) -> re.Pattern[str]:
    return rule("headlines.toml", name)


def _goals(compilation: Compilation, report: int) -> Iterator[tuple[int, int]]:
    """Yield where a plan lists the goals of its year: from the words that say so to the end of the paragraph."""
    parts, text = compilation.parts, compilation.text
    plan = parts[(parts["report"] == report) & (parts["role"] == "plan")]
    for first, last in zip(plan["start"].tolist(), plan["end"].tolist(), strict=True):
        for found in _cue("goals").finditer(text, first, last):
            sentence = max(first - 1, text.rfind("。", first, found.start()), text.rfind("\n", first, found.start()))
            opening = text[sentence + 1 : found.end()]
            years = [years.end() for years in _cue("goals_of_years").finditer(opening)]
            # “十四五”规划 may stand before the year itself: 今年的主要预期目标
            if not years or _cue("this_year").search(opening, years[-1]):
                end = text.find("\n", found.end(), last)
                yield found.end(), last if end < 0 else end


def _targets(plan: list[Mention], goals: list[tuple[int, int]]) -> Iterator[dict]:
    """Yield the targets, from the paragraph of goals before other places; then the paragraph's other goals."""
    yearly = [mention for mention in plan if not _cue("goals_of_years").search(mention.clause[-YEARLY:])]
    inside = [mention for mention in yearly if any(start <= mention.quantity.start < end for start, end in goals)]
    taken = set()
    for row in _named([*inside, *(mention for mention in yearly if mention.horizon != SEVERAL)], []):
        taken.add(row["start"])
        yield row
    for mention in inside:
        if mention.quantity.start not in taken and mention.role in TARGETS and mention.subject:
            yield {"headline": mention.subject, **_number(mention)}


def _results(told: list[Mention], yearly: list[Mention]) -> Iterator[dict]:
    wider = [mention for mention in told if is_result(mention)]
    for row in _named([mention for mention in yearly if is_result(mention)], wider):
        yield {"side": "result", **row}
    completions = [
        mention for mention in yearly if mention.quantity.unit in RATES and _cue("completion").search(mention.head)
    ]
    for key, headline in HEADLINES.items():
        name = "|".join(headline["names"])
        done = next((mention for mention in completions if re.search(name, mention.head)), None)
        if done:
            yield {"side": "completion", "headline": key, **_number(done)}


def _named(mentions: list[Mention], wider: list[Mention]) -> Iterator[dict]:
    """Yield the first number of each headline under each of its names; of a share, a state, also in ``wider``."""
    for key, names in _names().items():
        among = [*mentions, *wider] if HEADLINES[key]["measure"] == "share" else mentions
        for number, name in enumerate(names):
            mention = next((mention for mention in among if _measures(mention, key, name)), None)
            if mention:
                row = _number(mention)
                fell = mention.is_fall and HEADLINES[key]["measure"] != "decline" and row["value"] is not None
                yield row | {"headline": key, "name": number, "value": -row["value"] if fell else row["value"]}


def _number(mention: Mention) -> dict:
    names = ("bound", "value", "value_to", "unit", "start", "end")
    return {name: getattr(mention.quantity, name) for name in names} | {"forecast": is_forecast(mention)}


def _in_words(text: str, places: list[tuple[int, int]], bound: str) -> Iterator[dict]:
    """Yield the goals that are given in words: in step with the economy (居民收入增长与经济增长同步)."""
    for start, end in places:
        for found in _cue(bound).finditer(text, start, end):
            clause = CLAUSE.split(text[start : found.start()])[-1]
            growths = {key: one["names"] for key, one in HEADLINES.items() if one["measure"] == "growth"}
            for key, names in growths.items():
                if key != "gdp" and re.search("|".join(names), clause):
                    yield {"headline": key, "bound": bound, "start": found.start(), "end": found.end()}


def _measures(mention: Mention, key: str, name: re.Pattern[str]) -> bool:
    """Whether a quantity is the indicator's number: of its dimension, right behind its name."""
    dimension = HEADLINES[key].get("dimension", RATIO)
    right = mention.quantity.unit in RATES if dimension == RATIO else mention.quantity.dimension == dimension
    return right and bool(name.search(_before(mention)))


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
    names = _cue("name_joins").split(clause)
    if place >= len(names):
        return before
    own = names[place]
    return own + (names[-1][len(own) :] if len(own) <= SHORT_NAME else "") + says


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


def compare_headlines(earlier: Compilation, later: Compilation, *, links: pd.DataFrame | None = None) -> pd.DataFrame:
    """Put the headline targets of each plan beside the results in the later review of the same government."""
    # Where the later review gives no number but says how far the year's plan was completed, that decides.
    links = link_reports(earlier, later) if links is None else links
    judged = read_verdicts(earlier)
    targets, results = _by_headline(find_headlines(earlier)), _by_headline(find_headlines(later))
    rows = []
    for link in followed(links, earlier, later).itertuples(index=False):
        own = {"report": link.report, "agency": link.agency, "later_report": link.later_report}
        for (report, headline), found in targets.items():
            aims = [row for row in found if row["side"] == "target"]
            if report == link.report and aims:
                told, growth = (results.get((link.later_report, key), []) for key in (headline, "gdp"))
                rows.append(own | overrule_verdict(judge_headline(aims, told, growth), judged))
    return tables.make(rows, tables.HEADLINES)


def _by_headline(numbers: pd.DataFrame) -> dict[tuple[int, str], list[dict]]:
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
    like_gdp = target["bound"] == LIKE_GDP
    aim = next((one for one in growth if one["side"] == "result"), None) if like_gdp else target
    row["actual"], row["number_verdict"] = _compare_sizes(target, aim, shown)
    if row["number_verdict"] == "missed" and like_gdp and aim and aim["value"] - row["actual"] < IN_STEP:
        row["number_verdict"] = "cannot tell"  # 居民收入与经济增长基本同步: 6.5% beside 6.6% may well be in step
    return row


def _compare_sizes(target: dict, aim: dict | None, shown: dict) -> tuple[float | None, str]:
    """A result in the unit of its target, and whether it reaches what is aimed at."""
    goal = Quantity(0, 0, aim["value"] if aim else None, None, target["bound"], target["unit"], masked=False)
    done = None if shown["value"] is None else shown["value"] * unit_size(shown["unit"])[1]
    lower = target["bound"] == "at most" or HEADLINES.get(target["headline"], {}).get("lower", False)
    size = None if done is None else round(done / unit_size(target["unit"])[1], DIGITS)
    return size, judge_sizes(goal, done, lower=lower)
