"""Headline targets of a government's plan, and what the next year's report says became of them (fulfilment)."""

import re
from collections.abc import Iterator
from functools import cache

import pandas as pd

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.mentions import RATES, Mention, cue, find_mentions
from kit.measure.quantities import unit_size
from kit.measure.reported import is_forecast, is_result, of_the_year
from kit.measure.results import DIGITS, is_fall, judge_sizes
from kit.measure.years import link_reports
from kit.read.compilation import Compilation

REVIEW = ("opening", *tables.REVIEW_ROLES)
RATIO = "ratio"
FULL = 100.0  # per cent


def compare_headlines(earlier: Compilation, later: Compilation, *, links: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the headline targets of each plan, and the result of each in the later review of the same government.

    Parameters
    ----------
    earlier, later : Compilation
        Two consecutive years; the indicators are those of `data/headlines.toml`.
    links : DataFrame, optional
        `tables.LINKS`; else found by `link_reports`.

    Returns
    -------
    DataFrame
        `tables.HEADLINES`, one row for each report and headline indicator whose plan gives a number. Where the later
        review gives no number but says how far the year's plan was completed, that decides.
    """
    links = link_reports(earlier, later) if links is None else links
    promised, reported = dict(find_mentions(earlier)), dict(find_mentions(later))
    years = dict(zip(later.reports["report"], later.reports["period"], strict=True))
    rows = []
    for link in links.itertuples(index=False):
        own = {"report": link.report, "agency": link.agency, "later_report": link.later_report}
        plan = [mention for mention in promised.get(link.report, []) if mention.role == "plan"]
        told = reported.get(link.later_report, [])
        review = of_the_year(later.text, told, years.get(link.later_report))
        rows += [own | row for row in _compare(plan, review, told)]
    return tables.make(rows, tables.HEADLINES)


def _compare(plan: list[Mention], review: list[Mention], told: list[Mention]) -> Iterator[dict]:
    """Yield one row for each headline indicator that a plan gives a number.

    A share is a state: a review of several years gives it too.
    """
    results, wider = ([m for m in mentions if m.role in REVIEW and is_result(m)] for mentions in (review, told))
    for key, headline in knowledge("headlines.toml")["headline"].items():
        goals = [mention for mention in plan if _measures(mention, key)]
        target = next((goal for goal in goals if cue("goals").search(goal.before)), goals[0] if goals else None)
        if target is None:
            continue
        among = [*results, *wider] if headline["measure"] == "share" else results
        actual = next((mention for mention in among if _measures(mention, key)), None)
        completion = None if actual else next((m for m in review if m.role in REVIEW and _completes(m, key)), None)
        yield {"headline": key, **_row(target, actual, completion, headline)}


def _measures(mention: Mention, key: str) -> bool:
    """Whether a quantity is the indicator's number: of its dimension, right behind its name."""
    headline = knowledge("headlines.toml")["headline"][key]
    dimension = headline.get("dimension", RATIO)
    is_share = mention.quantity.unit in RATES if dimension == RATIO else mention.quantity.dimension == dimension
    return is_share and bool(_name(key).search(mention.before))


def _completes(mention: Mention, key: str) -> bool:
    """Whether a percentage says how far the year's plan of an indicator was completed."""
    headline = knowledge("headlines.toml")["headline"][key]
    named = re.search(headline["name"], mention.head)
    return bool(
        mention.quantity.dimension == RATIO and named and pattern("headlines.toml", "completion").search(mention.head)
    )


def _row(target: Mention, actual: Mention | None, completion: Mention | None, headline: dict) -> dict:
    """Put a target beside its result, which is below zero where it fell though it was to grow."""
    goal, done = target.quantity, actual.quantity.size if actual else None
    if actual and done is not None and headline["measure"] != "decline" and is_fall(actual):
        done = -done
    verdict = judge_sizes(goal, done, lower=headline.get("lower", False) or goal.bound == "at most")
    row = {"number_verdict": verdict, "bound": goal.bound, "target": goal.value, "target_to": goal.value_to,
           "unit": goal.unit, "start": goal.start, "end": goal.end}  # fmt: skip
    if actual:
        row["actual"] = None if done is None else round(done / unit_size(goal.unit)[1], DIGITS)
    elif completion and completion.quantity.value is not None:
        row["completion"] = completion.quantity.value
        row["number_verdict"] = "met" if completion.quantity.value >= FULL else "missed"
    shown = actual or completion
    row["forecast"] = shown is not None and is_forecast(shown)
    return row if shown is None else row | {"actual_start": shown.quantity.start, "actual_end": shown.quantity.end}


@cache
def _name(key: str) -> re.Pattern[str]:
    """Compile what stands before an indicator's number: its name, and what its measure says of it."""
    words = knowledge("headlines.toml")
    headline = words["headline"][key]
    said = {"growth": f"(?:{words['growth']}|{words['decline']})", "decline": f"(?:{words['decline']})"}
    says = said.get(headline["measure"], "")
    amount = "(?:[^。；，、：]{0,18}[，、])?" if says else ""  # 地区生产总值3.4万亿元、增长5%
    return re.compile(f"(?:{headline['name']}){amount}[^。；，、：]{{0,12}}{says}[^。；，、]{{0,6}}$")
