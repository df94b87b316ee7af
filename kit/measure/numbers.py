"""Numbers: the targets, actuals and rates of one thing; headline targets; what became of a promised number.

A report is full of numbers; these tables hold those that can be held against each other. A target is a quantity that a
word names as one (年度任务, 计划) or that a plan commits to, or a whole of which a part is done (14个问题); an actual is
a quantity that answers a target, or to which a rate or a verdict (完成年度任务) refers; a rate is a percentage of
completion. A verdict needs two numbers of one thing: the same noun, one dimension, both a level or both a change, both
of the year. Where that is not sure, the verdict is cannot tell.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.alike import alike
from kit.measure.links import link_reports
from kit.measure.quantities import CLAUSE, JOIN, RATES, RATIO, STOPS, Mention, Quantity, cue, find_mentions, governs, is_generic, unit_size
from kit.read.compilation import Compilation

RATE_TOLERANCE = 0.6  # percentage points; a rate is often rounded to a whole number
SAME_NAME = 0.6  # share of the shorter name's bigrams that two names of one indicator have in common
SHORT_NAME = 3  # characters; a name this short (投资) ties only where the sentences also agree
SAME_SENTENCE = 0.2
ROUNDING = 1e-9
PRECISION = 0.5  # of the last digit: 5%左右 is met from 4.5% on
DIGITS = 9  # decimals kept when a number is turned into another unit
FULL = 100.0  # per cent
OPENING, SENTENCE_OPENING = 25, 12  # first characters of a paragraph, of a sentence
YEARLY = 30  # characters before a number in which its clause says that it is of several years
TARGETS = ("target", "change-target")
REVIEW = ("opening", *tables.REVIEW_ROLES)


def find_quantities(compilation: Compilation) -> pd.DataFrame:
    """Find every number of the body with its unit, and every mask that stands for one.

    Parameters
    ----------
    compilation : Compilation
        As read; near copies are searched like any other report.

    Returns
    -------
    DataFrame
        `tables.QUANTITIES`, in the order of the text. Rows of one report that give target, actual and rate of one
        thing in one year share a letter in ``pair``.
    """
    years, rows = _years(compilation), []
    for report, mentions in find_mentions(compilation):
        roles, links, _ = _tie(mentions)
        letters = _letters([*links, *_rates(mentions, links)])
        for at, mention in enumerate(mentions):
            role = "target" if mention.role == "actual" and roles[at] == "target" else mention.role
            named = {"noun": mention.subject or mention.indicator, "unit": mention.unit_as_written}
            rows.append(_row(mention, role, letters.get(at, ""), report, years[report]) | named)
    return tables.make(rows, tables.QUANTITIES)


def find_indicators(compilation: Compilation) -> pd.DataFrame:
    """Find targets, actuals and rates of completion among the quantities, and pair them.

    Parameters
    ----------
    compilation : Compilation
        As read; near copies are searched like any other report.

    Returns
    -------
    DataFrame
        `tables.INDICATORS`, in the order of the text: rows of one indicator share a letter, the plan's with the
        review's too. Two further columns on rates: ``recomputed`` (actual over target, per cent, where both are given
        once) and ``contradiction`` (the stated rate is another).
    """
    years, rows = _years(compilation), []
    for report, found in find_mentions(compilation):
        mentions = [mention for mention in found if mention.section != "problems"]
        roles, links, wholes = _tie(mentions)
        letters = _letters([*links, *_across(mentions, roles)])
        groups: dict[str, list[tuple[Mention, dict]]] = {}
        for at in sorted(at for at, role in roles.items() if role):
            row = _row(mentions[at], roles[at], letters.get(at, ""), report, years[report])
            row |= {"indicator": mentions[at].indicator, "whole": at in wholes, "recomputed": None, "contradiction": False}
            groups.setdefault(row["pair"] or f"alone {at}", []).append((mentions[at], row))
            rows.append(row)
        for group in groups.values():
            _complete(group)
    return tables.make(rows, tables.INDICATORS)


def _complete(group: list[tuple[Mention, dict]]) -> None:
    """Name the rows of one indicator that the text does not name, and hold its rates against its target and actual."""
    names = [row["indicator"] for _, row in sorted(group, key=lambda one: one[1]["role"] != "target") if row["indicator"]]
    targets, actuals = ([mention.quantity.size for mention, row in group if row["role"] == role and mention.section != "plan"]
                        for role in ("target", "actual"))  # fmt: skip
    is_known = len(targets) == len(actuals) == 1 and None not in (*targets, *actuals) and targets[0]
    for _, row in group:
        row["indicator"] = row["indicator"] or next(iter(names), "")
        if row["role"] == "rate" and is_known:
            row["recomputed"] = FULL * actuals[0] / targets[0]
            row["contradiction"] = row["value"] is not None and abs(row["recomputed"] - row["value"]) > RATE_TOLERANCE


def _years(compilation: Compilation) -> dict[int, tuple[int | None, int | None]]:
    """Return the reviewed and the planned year of each report."""
    columns = (compilation.reports[name].tolist() for name in ("report", "period", "plan_period"))
    return {report: (period, plan) for report, period, plan in zip(*columns, strict=True)}


def _row(mention: Mention, role: str, pair: str, report: int, years: tuple[int | None, int | None]) -> dict:
    quantity, named = mention.quantity, list(cue("year").finditer(mention.before))
    # the year named last before a quantity, unless 已 or 目前 brings the text back to the present
    present = not named or cue("present").search(mention.before, named[-1].end())
    period = years[mention.section == "plan"] if present else int(named[-1][1])
    return {"report": report, "sentence": mention.sentence, "role": role, "period": period, "value": quantity.value,
            "value_to": quantity.value_to, "bound": quantity.bound, "unit": quantity.unit, "masked": quantity.masked,
            "pair": pair, "forecast": role not in TARGETS and is_forecast(mention), "start": quantity.start,
            "end": quantity.end}  # fmt: skip


def own_role(mention: Mention) -> str:
    """Return what a mention's own words make of it among the indicators: target, rate, or nothing."""
    if mention.rule.startswith("completion"):
        return "rate"
    if not mention.counts or mention.role not in TARGETS or mention.several:
        return ""
    if mention.section != "plan":
        return "" if mention.rule.startswith("expected") else "target"
    return "target" if mention.rule.startswith("task") or _commits(mention) else ""


def _commits(mention: Mention) -> bool:
    """Whether a plan commits to a quantity, rather than naming it in passing."""
    if mention.rule == "goals" or cue("target_behind").search(mention.tail):
        return True
    if mention.quantity.dimension == "time" or mention.narrows or cue("background").search(mention.head):
        return False
    governed = mention.name == mention.tail or governs().search(mention.head)
    if mention.tail[:1].isalpha() and not governed:  # 351国道50公里路面
        return False
    is_bound = mention.quantity.bound != "exact" or not mention.tail
    return is_bound or bool(pattern("matching.toml", "items", "work_verbs").search(mention.head))


def _tie(mentions: list[Mention]) -> tuple[dict[int, str], list[tuple[int, int]], set[int]]:
    """Return the role of each mention among the indicators, which are tied within a year, and which are only wholes."""
    roles = {at: own_role(mention) for at, mention in enumerate(mentions)}
    for at in range(1, len(mentions)):  # the members of an enumeration have the role of its first
        if mentions[at].follows and not roles[at] and roles[at - 1] == "target" and mentions[at].counts:
            roles[at] = "target"
    answers, parts = list(_answers(mentions, roles)), list(_parts_done(mentions, roles))
    wholes = {whole for whole, _ in parts}
    wholes |= {at for at, mention in enumerate(mentions) if roles[at] == "target" and _is_size(mention)}
    return roles, [*answers, *parts, *_bases(mentions, roles)], wholes


def find_aliases(mentions: list[Mention]) -> dict[int, str]:
    """Return what the actuals of a report measure whose own words do not say it, by their first character."""
    roles = {at: own_role(mention) for at, mention in enumerate(mentions)}
    links = [*_answers(mentions, roles), *_parts_done(mentions, roles)]
    return {mentions[actual].quantity.start: mentions[target].subject for target, actual in links}


def _answers(mentions: list[Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find what was reached of each target of a review: the next quantity of its kind that says done."""
    for at, mention in enumerate(mentions):
        if roles[at] != "target" or mention.section == "plan":
            continue
        for other in range(at + 1, len(mentions)):
            there = mentions[other]
            if there.sentence > mention.sentence + 1 or there.part != mention.part:
                break
            if roles[other] == "target" and there.like(mention):
                break
            if roles[other] or not there.like(mention) or not cue("done_before").search(there.head):
                continue
            for member in _enumeration(mentions, other):
                if mentions[member].like(mention) and not roles[member]:
                    roles[member] = "actual"
                    yield at, member
            break


def _enumeration(mentions: list[Mention], at: int) -> Iterator[int]:
    """Yield a mention and those that go on its enumeration."""
    yield at
    while at + 1 < len(mentions) and mentions[at + 1].follows:
        at += 1
        yield at


def _parts_done(mentions: list[Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find a whole and the part of it that is done (170个…，已完成整改107个), and what both measure besides."""
    for at, mention in enumerate(mentions):
        if roles[at] or mention.section == "plan" or not _says_part_done(mention):
            continue
        whole = next((other for other in range(at - 1, max(at - 4, -1), -1)
                      if not roles[other] and _is_whole(mentions[other], mention)), None)  # fmt: skip
        if whole is None:
            continue
        roles[whole], roles[at] = "target", "actual"
        yield whole, at
        # 图斑170个，面积…亩，已完成整改107个，面积…亩
        if at + 1 < len(mentions) and whole + 1 < at and not (roles[whole + 1] or roles[at + 1]):
            left, right = mentions[whole + 1], mentions[at + 1]
            if left.like(right) and left.name == right.name:
                roles[whole + 1], roles[at + 1] = "target", "actual"
                yield whole + 1, at + 1


def _says_part_done(mention: Mention) -> bool:
    inside = cue("part_of").search(mention.head) and cue("done_behind").search(mention.tail)
    return bool(inside or cue("part_done").search(mention.head))


def _is_size(mention: Mention) -> bool:
    """Whether a review's target is the size of a project over all its years."""
    return mention.section != "plan" and bool(cue("whole").search(mention.head))


def _is_whole(whole: Mention, part: Mention) -> bool:
    """Whether a part has the noun of a whole, or none of its own (170个图斑，已完成整改107个)."""
    if whole.sentence != part.sentence or not whole.like(part) or cue("whole_done").search(whole.head):
        return False
    one, other = part.subject, whole.subject
    named = not one or not other or is_generic(one) or one in other or other in one
    most, done = whole.quantity.size, part.quantity.size
    return named and (most is None or done is None or most >= done)


def _bases(mentions: list[Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find the quantities of which a rate or a verdict speaks: the nearest before it that says done."""
    for at, mention in enumerate(mentions):
        if roles[at] == "rate" and not cue("progress").search(mention.head):
            for base in _done_before(mentions, roles, at):
                roles[base] = roles[base] or "actual"
                yield base, at
        elif mention.met and not roles[at] and mention.section != "plan":
            roles[at] = "actual"


def _done_before(mentions: list[Mention], roles: dict[int, str], at: int) -> list[int]:
    """Return the quantity that a rate refers to, with the members of its enumeration."""
    found: list[int] = []
    for other in range(at - 1, -1, -1):
        there = mentions[other]
        if there.sentence != mentions[at].sentence or there.quantity.dimension == RATIO:
            break
        if roles[other] == "target":
            return found or [other]
        between = mentions[at].before[len(there.before) + len(there.text) :]
        says_done = cue("done_before").search(there.before) or cue("done_behind").search(there.tail)
        if found or roles[other] == "actual" or says_done or cue("done_behind").search(between.lstrip(STOPS)):
            found.append(other)
        if not there.follows:
            break
    return found


def _rates(mentions: list[Mention], links: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Tie a degree of success to the count right before it (排查55件，已化解41件，化解率74.5%)."""
    tied = {at for link in links for at in link}
    for at, mention in enumerate(mentions):
        base = mention.previous
        if at in tied or mention.role != "rate" or base is None or not base.counts or base.quantity.dimension == RATIO:
            continue
        between = mention.before[len(base.before) + len(base.text) :]
        if cue("rate_alone").search(mention.head) or cue("rate_apart").search(between) or base.role in ("rank", "other", "size"):
            continue
        named = cue("rate_name").sub("", mention.head)
        if len(named) <= SHORT_NAME or overlap(named, base.before[-30:] + base.tail) > 0:
            yield at - 1, at


def _across(mentions: list[Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Pair the plan's targets with what the review reports of the same indicator."""
    review = [at for at, mention in enumerate(mentions) if mention.section in tables.REVIEW_ROLES and roles[at] != "rate"]
    for at, mention in enumerate(mentions):
        if mention.section != "plan" or roles[at] != "target":
            continue
        best = max(review, key=lambda other: _alike(mentions[other], mention), default=None)
        if best is not None and _alike(mentions[best], mention) > 0:
            roles[best] = roles[best] or "actual"
            yield at, best


def _alike(one: Mention, other: Mention) -> float:
    """Return how surely two mentions measure one indicator, 0 when they do not."""
    if not one.like(other):
        return 0.0
    names = overlap(one.name, other.name)
    if names < SAME_NAME:
        return 0.0
    sentences = overlap(one.before + one.tail, other.before + other.tail)
    is_short = min(len(one.name), len(other.name)) <= SHORT_NAME
    return 0.0 if is_short and sentences < SAME_SENTENCE else names + sentences


def overlap(one: str, other: str) -> float:
    """Return the share of the shorter text's character bigrams that the other has too."""
    left, right = _bigrams(one), _bigrams(other)
    return len(left & right) / max(1, min(len(left), len(right)))


@lru_cache(maxsize=4096)
def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _letters(links: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Return the letter of each mention that is tied to another: a, b, … z, aa, ab, …."""
    group: dict[int, set[int]] = {}
    for one, other in links:
        joined = group.get(one, {one}) | group.get(other, {other})
        group.update(dict.fromkeys(joined, joined))
    letters: dict[int, str] = {}
    for first in sorted(min(members) for members in group.values()):
        letters.setdefault(first, _letter(len(letters)))
    return {at: letters[min(members)] for at, members in group.items()}


def _letter(number: int) -> str:
    before, last = divmod(number, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[last]


def pair_targets(compilation: Compilation, indicators: pd.DataFrame) -> pd.DataFrame:
    """Put each target beside the first actual that its report pairs with it, copies once.

    Parameters
    ----------
    compilation : Compilation
    indicators : DataFrame
        `tables.INDICATORS`.

    Returns
    -------
    DataFrame
        `tables.TARGETS`: ``target, actual`` in the target's unit, missing when masked; ``completion`` (actual / target),
        or of percentages ``gap_points`` (actual minus target, percentage points). Targets of a later year than the
        actual are left out, and so are wholes (14 problems, 12 solved).
    """
    agency = dict(zip(compilation.counted["report"], compilation.counted["agency"], strict=True))
    groups: dict[tuple[int, str], list[dict]] = {}
    for row in indicators[indicators["pair"] != ""].astype(object).to_dict("records"):
        if row["report"] in agency:
            groups.setdefault((row["report"], row["pair"]), []).append(row)
    rows = [
        {"agency": agency[target["report"]], **_beside(target, actual)}
        for _, group in sorted(groups.items())
        for target in group
        if target["role"] == "target" and not target["whole"] and (actual := _actual_of(target, group))
    ]
    return tables.make(rows, tables.TARGETS)


def _actual_of(target: dict, group: list[dict]) -> dict | None:
    """Return the actual that answers a target: of its dimension and no earlier year, its own verb's first (申报, not 认定)."""
    actuals = [row for row in group if row["role"] == "actual" and unit_size(row["unit"])[0] == unit_size(target["unit"])[0]]
    known = pd.notna(target["period"])
    timely = [row for row in actuals if not (known and pd.notna(row["period"]) and target["period"] > row["period"])]
    return max(timely, key=lambda row: overlap(target["indicator"], row["indicator"]), default=None)


def _beside(target: dict, actual: dict) -> dict:
    (dimension, size), actual_size = unit_size(target["unit"]), unit_size(actual["unit"])[1]
    goal = float(target["value"]) if pd.notna(target["value"]) else float("nan")
    done = float(actual["value"]) * actual_size / size if pd.notna(actual["value"]) else float("nan")
    lower, is_ratio = target["bound"] == "at most", dimension == RATIO
    return {"report": target["report"], "indicator": target["indicator"] or target["unit"], "unit": target["unit"],
            "target": goal, "actual": done, "completion": done / goal if goal and not is_ratio else float("nan"),
            "gap_points": round((done - goal) * size * 100, DIGITS) if is_ratio else float("nan"),
            "forecast": bool(actual["forecast"]), "lower_is_better": lower, "met": done <= goal if lower else done >= goal,
            "start": target["start"], "end": target["end"], "actual_start": actual["start"],
            "actual_end": actual["end"]}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """A promised number with what was reported of it; the verdict is met, missed or cannot tell."""

    target: Mention
    actual: Mention | None
    verdict: str

    @property
    def value(self) -> float | None:
        """The reported number in the target's unit, below zero where it went the other way."""
        size = _size(self.target, self.actual) if self.actual else None
        return None if size is None else round(size / unit_size(self.target.quantity.unit)[1], DIGITS)

    @property
    def forecast(self) -> bool:
        """Whether the reported number is an estimate before the year's end (预计)."""
        return self.actual is not None and is_forecast(self.actual)


def find_results(
    targets: Sequence[tuple[Mention, tuple[int, int] | None]],
    reported: Sequence[Mention],
    of_year: Iterable[Mention],
    aliases: Mapping[int, str],
) -> list[Result]:
    """Find what was reported of each promised number of a plan, and judge it.

    Parameters
    ----------
    targets : sequence of (Mention, span)
        The promised numbers, each with where the later text speaks of the promise; nothing where that is not known.
    reported : sequence of Mention
        The quantities of the later report.
    of_year : iterable of Mention
        Those of them that speak of the year alone; a percentage that is a level counts anywhere.
    aliases : mapping of int to str
        By a quantity's start: what it measures where its own words do not say it (预计增长5.4%).

    Returns
    -------
    list of Result
        One for each target, in order. A number answers one target at most, the one it is most like; a target that
        the plan repeats shares its answer.
    """
    yearly = {mention.quantity.start for mention in of_year}
    answers = [mention for mention in reported if mention.section in tables.REVIEW_ROLES and is_result(mention)
               and not _shares_row(mention) and (mention.quantity.start in yearly or _is_state(mention))]  # fmt: skip
    likely = [
        (likeness, at, answer)
        for at, (target, evidence) in enumerate(targets)
        if not _shares_row(target)
        for answer in answers
        if _comparable(target, answer) and (likeness := _likeness(target, answer, aliases, evidence))
    ]
    found: dict[int, Mention] = {}
    taken: dict[int, Mention] = {}
    for _, at, answer in sorted(likely, key=lambda one: (-one[0], one[1], one[2].quantity.start)):
        owner = taken.setdefault(answer.quantity.start, targets[at][0])
        if at not in found and _is_same(owner, targets[at][0]):
            found[at] = answer
    return [Result(target, found.get(at), judge(target, found.get(at))) for at, (target, _) in enumerate(targets)]


def _likeness(target: Mention, answer: Mention, aliases: Mapping[int, str], evidence: tuple[int, int] | None) -> float:
    """Return how surely two quantities measure one thing, more within the evidence; 0 when that is not sure."""
    start = answer.quantity.start
    inside = evidence is not None and evidence[0] <= start < evidence[1]
    alias = aliases.get(start, "")
    names = dict.fromkeys(name for name in (answer.subject, alias, alias + answer.subject) if name)
    ratio = target.quantity.dimension == RATIO
    words = answer.clause + answer.tail
    likeness = max((alike(target.subject, name, words=words, inside=inside or name != answer.subject, ratio=ratio)
                    for name in names), default=0.0)  # fmt: skip
    return likeness + inside if likeness else 0.0


def _comparable(target: Mention, answer: Mention) -> bool:
    """Whether two numbers are of one kind: dimension, level or change, what came in or all there are."""
    points = (target.quantity.unit in RATES) == (answer.quantity.unit in RATES)
    of_one_kind = target.like(answer) and points and target.is_change == answer.is_change
    return of_one_kind and not (_is_flow(target) and _is_stock(answer)) and not (_is_stock(target) and _is_flow(answer))


def _is_state(mention: Mention) -> bool:
    return mention.quantity.unit in RATES and not mention.is_change


def _is_flow(mention: Mention) -> bool:
    return bool(_cue("flow").search(mention.head))


def _is_stock(mention: Mention) -> bool:
    return mention.quantity.dimension != RATIO and not _is_flow(mention) and bool(_cue("stock").search(mention.head))


def _shares_row(mention: Mention) -> bool:
    return bool(_cue("shared_row").search(mention.clause))


def _is_same(one: Mention, other: Mention) -> bool:
    """Whether a plan says one target twice."""
    return one is other or (one.subject == other.subject and one.quantity.size == other.quantity.size)


def judge(target: Mention, actual: Mention | None) -> str:
    """Return whether a result meets its target: met, missed, or cannot tell where a number is not given."""
    done = _size(target, actual) if actual else None
    less_is_better = _cue("lower_is_better").search(target.phrase + target.head) and not target.is_fall
    return judge_sizes(target.quantity, done, lower=target.quantity.bound == "at most" or bool(less_is_better))


def _size(target: Mention, actual: Mention) -> float | None:
    """Return a result in its base unit; a fall against a rise, or a rise against a fall, is below zero."""
    size = actual.quantity.size
    opposite = target.is_change and target.is_fall != actual.is_fall
    return -size if opposite and size is not None else size


def judge_sizes(goal: Quantity, done: float | None, *, lower: bool) -> str:
    """Judge a result given in the base unit; 左右 leaves half of the last digit that the target gives.

    Parameters
    ----------
    goal : Quantity
        The target.
    done : float, optional
        The result; nothing when it is masked or not given.
    lower : bool
        Whether less is better (a rate of unemployment, 控制在).
    """
    if done is None or goal.size is None:
        return "cannot tell"
    short = done - goal.size if lower else goal.size - done
    room = PRECISION * 10.0 ** -_decimals(goal.value) * unit_size(goal.unit)[1] if goal.bound in ("about", "same") else 0.0
    return "met" if short <= room + ROUNDING else "missed"


def _decimals(value: float | None) -> int:
    return len(f"{value:g}".partition(".")[2])


def is_result(mention: Mention) -> bool:
    """Whether a quantity can be what was reached, rather than a target told again, a rate, or an earlier year's.

    The number that a change starts from (从2.8%提高到3.1%) is none, either, nor one that narrows another's noun.
    """
    return not (own_role(mention) or mention.role == "other" or mention.narrows or _cue("not_result").search(mention.head))


def is_forecast(mention: Mention) -> bool:
    """Whether a quantity is estimated, not counted (预计增长5.4%)."""
    return bool(_cue("forecast").search(mention.clause))


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
    found = list(turns.finditer(text, mentions[0].at, mentions[-1].quantity.end))
    opening = [turn for turn in found if _opens(text, turn.start())]
    starts, openings = [turn.start() for turn in found], [turn.start() for turn in opening]
    kept = []
    for mention in mentions:
        start = mention.quantity.start
        last = found[bisect(starts, start) - 1] if starts and starts[0] <= start else None
        if last and last.start() < mention.at:  # a word within another sentence speaks for that sentence only
            last = opening[bisect(openings, start) - 1] if openings and openings[0] <= start else None
        several = last is not None and last["several"]
        if not (several or mention.several or _cue("multi_year").search(mention.before) or _is_sum(mention)):
            kept.append(mention)
    return kept


def _opens(text: str, turn: int) -> bool:
    """Whether a word of one or several years opens a paragraph or a sentence, and so speaks for what follows."""
    return turn - text.rfind("\n", 0, turn) <= OPENING or turn - text.rfind("。", 0, turn) <= SENTENCE_OPENING


def _is_sum(mention: Mention) -> bool:
    """Whether a number is summed over more than the year, as far as its clause says."""
    return bool(_cue("cumulative").search(mention.clause) and not _cue("within_year").search(mention.clause))


@cache
def _words(name: str) -> str:
    return "|".join(knowledge("numbers.toml")["results"][f"{name}_patterns"])


def _cue(name: str) -> re.Pattern[str]:
    return pattern("numbers.toml", "results", f"{name}_patterns")


def find_headlines(compilation: Compilation) -> pd.DataFrame:
    """Find the headline numbers of each report: what its plan aims at, and what its review says was reached.

    Parameters
    ----------
    compilation : Compilation
        The indicators are those of `data/headlines.toml`; another goal of the plan's paragraph of goals is called by its noun.

    Returns
    -------
    DataFrame
        `tables.HEADLINE_NUMBERS`: for each report, headline and side (``target`` of the plan's year, ``result`` of the
        reviewed year, ``completion`` of the reviewed year's plan) one row for each name that the text uses, the main name first.
    """
    rows = []
    for report in compilation.reports.itertuples(index=False):
        mentions = dict(find_mentions(compilation)).get(report.report, [])
        plan = [mention for mention in mentions if mention.section == "plan" and not mention.several]
        told = [mention for mention in mentions if mention.section in REVIEW]
        goals = _goals(compilation, report)
        own = {"report": report.report, "agency": report.agency}
        for row in [*_targets(compilation.text, plan, goals), *_same(compilation.text, goals)]:
            rows.append(own | {"side": "target", "year": report.plan_period} | row)
        for row in _results(told, of_the_year(compilation.text, told, report.period)):
            rows.append(own | {"year": report.period} | row)
    return tables.make(rows, tables.HEADLINE_NUMBERS)


def _headlines() -> dict[str, dict]:
    return knowledge("headlines.toml")["headline"]


def _goals(compilation: Compilation, report: Any) -> list[tuple[int, int]]:
    """Return where a plan lists the goals of its year: to the end of the paragraph."""
    parts = compilation.parts
    spans = parts[(parts["report"] == report.report) & (parts["role"] == "plan")][["start", "end"]].to_numpy()
    return [span for start, end in spans for span in _goals_between(compilation.text, int(start), int(end))]


def _goals_between(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    for found in pattern("headlines.toml", "goals").finditer(text, first, last):
        sentence = max(text.rfind(stop, first, found.start()) for stop in "。\n")
        opening = text[max(sentence + 1, first) : found.end()]
        years = list(pattern("headlines.toml", "goals_of_years").finditer(opening))
        if years and not pattern("headlines.toml", "this_year").search(opening, years[-1].end()):
            continue
        end = text.find("\n", found.end(), last)
        yield found.end(), last if end < 0 else end


def _targets(text: str, plan: list[Mention], goals: list[tuple[int, int]]) -> Iterator[dict]:
    """Yield the target of each headline, from the paragraph of goals before other places; then the paragraph's other goals."""
    yearly = [m for m in plan if not pattern("headlines.toml", "goals_of_years").search(m.clause[-YEARLY:])]
    inside = [m for m in yearly if any(start <= m.quantity.start < end for start, end in goals)]
    taken: set[int] = set()
    for key, names in _names().items():
        for number, name in enumerate(names):
            goal = next((m for m in [*inside, *yearly] if _measures(m, key, name)), None)
            if goal:
                taken.add(goal.quantity.start)
                yield {"headline": key, "name": number, **_number(goal)}
    for mention in inside:
        if mention.quantity.start not in taken and mention.role in TARGETS and mention.subject:
            yield {"headline": mention.subject, "name": 0, **_number(mention)}


def _number(mention: Mention) -> dict:
    quantity = mention.quantity
    return {"bound": quantity.bound, "value": quantity.value, "value_to": quantity.value_to, "unit": quantity.unit,
            "forecast": is_forecast(mention), "start": quantity.start, "end": quantity.end}  # fmt: skip


def _same(text: str, goals: list[tuple[int, int]]) -> Iterator[dict]:
    """Yield the goals that are to grow in step with the economy (居民收入增长与经济增长同步)."""
    words = knowledge("headlines.toml")
    for start, end in goals:
        for found in pattern("headlines.toml", "same").finditer(text, start, end):
            clause = CLAUSE.split(text[start : found.start()])[-1]
            for key, headline in _headlines().items():
                if headline["measure"] == "growth" and key != "gdp" and re.search("|".join(headline["names"]), clause):
                    yield {"headline": key, "name": 0, "bound": "same", "unit": "%", "start": found.start(), "end": found.end()}


def _results(told: list[Mention], yearly: list[Mention]) -> Iterator[dict]:
    """Yield what a review says of each headline. A share is a state: a review of several years gives it too."""
    of_year, wider = ([m for m in mentions if is_result(m)] for mentions in (yearly, told))
    for key, names in _names().items():
        among = [*of_year, *wider] if _headlines()[key]["measure"] == "share" else of_year
        for number, name in enumerate(names):
            actual = next((m for m in among if _measures(m, key, name)), None)
            if actual:
                fell = _headlines()[key]["measure"] != "decline" and actual.is_fall and actual.quantity.value is not None
                row = _number(actual)
                yield {"headline": key, "name": number, "side": "result", **row, "value": -row["value"] if fell else row["value"]}
        done = next((m for m in yearly if m.quantity.dimension == RATIO and re.search("|".join(_headlines()[key]["names"]), m.head)
                     and pattern("headlines.toml", "completion").search(m.head)), None)  # fmt: skip
        if done:
            yield {"headline": key, "name": 0, "side": "completion", **_number(done)}


def _measures(mention: Mention, key: str, name: re.Pattern[str]) -> bool:
    """Whether a quantity is the indicator's number: of its dimension, right behind its name."""
    dimension = _headlines()[key].get("dimension", RATIO)
    right = mention.quantity.unit in RATES if dimension == RATIO else mention.quantity.dimension == dimension
    return right and bool(name.search(_before(mention)))


def _before(mention: Mention) -> str:
    """Return what stands before a quantity; of numbers that several names share in turn, its own name."""
    words = knowledge("headlines.toml")
    before, chain = mention.before, 0
    while mention.previous and mention.previous_end >= mention.clause_at and JOIN.fullmatch(mention.head):
        mention, chain = mention.previous, chain + 1
    clause, turn, says = mention.before[mention.clause_at :].partition(words["in_turn"])
    if not turn:
        return before
    for word, pair in words["both"].items():
        if word in clause:
            return clause.replace(word, pair[min(chain, 1)]) + says
    names = re.split("[、和与及]", clause)
    if chain >= len(names):
        return before
    # 城镇、农村居民收入: what is short lacks what the last has behind as many characters
    own, last = names[chain], names[-1]
    return own + (last[len(own) :] if len(own) <= SHORT_NAME else "") + says


@cache
def _names() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Compile what stands before each indicator's number, for each of its names: the name, and what its measure says of it."""
    words = knowledge("headlines.toml")
    filler, amount, others = words["filler"], words["amount"], words["others"]
    change = f"(?:{words['growth']}|{words['decline']})"
    says = {
        "growth": f"{others}{filler}(?:{amount}{filler})?{change}{filler}",
        "decline": f"{filler}(?:{amount}{filler})?(?:{words['decline']}){filler}",
        "price": f"{filler}(?:{change})?{filler}",
        "share": f"{filler}(?:从[^，。；]{{1,8}}(?:{words['growth']}|{words['decline']}|{filler})|{change})?{filler}",
        "level": f"{filler}",
    }
    return {key: tuple(re.compile(f"(?:{name}){says[headline['measure']]}$") for name in headline["names"])
            for key, headline in words["headline"].items()}  # fmt: skip


def compare_headlines(earlier: Compilation, later: Compilation, *, links: pd.DataFrame | None = None) -> pd.DataFrame:
    """Put the headline targets of each plan beside the results in the later review of the same government.

    Parameters
    ----------
    earlier, later : Compilation
        Two consecutive years; the indicators are those of `find_headlines`.
    links : DataFrame, optional
        `tables.LINKS`; else found by `link_reports`.

    Returns
    -------
    DataFrame
        `tables.HEADLINES`, one row for each report and headline whose plan gives a number. Where the later review gives
        no number but says how far the year's plan was completed, that decides. A target in step with the economy
        (bound ``same``) is held against the growth that the later review gives.
    """
    links = link_reports(earlier, later) if links is None else links
    plans, reviews = find_headlines(earlier), find_headlines(later)
    rows = []
    for link in links.itertuples(index=False):
        own = {"report": link.report, "agency": link.agency, "later_report": link.later_report}
        targets = plans[(plans["report"] == link.report) & (plans["side"] == "target")]
        told = reviews[reviews["report"] == link.later_report] if pd.notna(link.later_report) else reviews[:0]
        results = told.to_dict("records")
        for _, of_headline in targets.groupby("headline", sort=False):
            rows.append(own | _judged(of_headline.to_dict("records"), results))
    return tables.make(rows, tables.HEADLINES)


def choose_result(targets: list[dict], results: list[dict]) -> tuple[dict | None, dict | None]:
    """Return a headline's target and its result: those under one name, else under the first of each."""
    same = ((target, row) for target in targets for row in results if row["name"] == target["name"])
    return next(same, (next(iter(targets), None), next(iter(results), None)))


def _judged(targets: list[dict], results: list[dict]) -> dict:
    """Put a headline's target beside its result."""
    mine = [row for row in results if row["headline"] == targets[0]["headline"]]
    target, shown = choose_result(targets, [row for row in mine if row["side"] == "result"])
    shown = shown or next((row for row in mine if row["side"] == "completion"), None)
    row = {name: target[name] for name in ("headline", "bound", "unit", "start", "end")}
    row |= {"target": target["value"], "target_to": target["value_to"], "number_verdict": "cannot tell", "forecast": False}
    if shown is None:
        return row
    row |= {"forecast": shown["forecast"], "actual_start": shown["start"], "actual_end": shown["end"]}
    if shown["side"] == "completion":
        return row | {"completion": shown["value"], "number_verdict": "met" if shown["value"] >= FULL else "missed"}
    done = None if pd.isna(shown["value"]) else shown["value"] * unit_size(shown["unit"])[1]
    goal = target
    if target["bound"] == "same":
        goal = next((r for r in results if r["headline"] == "gdp" and r["side"] == "result"), {"value": None, "unit": "%"})
    lower = _headlines().get(target["headline"], {}).get("lower", False) or target["bound"] == "at most"
    value = None if pd.isna(goal["value"]) else goal["value"]
    verdict = judge_sizes(Quantity(0, 0, value, None, target["bound"], goal["unit"], masked=False), done, lower=lower)
    return row | {"number_verdict": verdict, "actual": None if done is None else round(done / unit_size(target["unit"])[1], DIGITS)}
