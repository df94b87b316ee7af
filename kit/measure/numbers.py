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
from functools import cache
from string import ascii_lowercase
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.alike import alike
from kit.measure.links import link_reports
from kit.measure.quantities import RATES, RATIO, STOPS, Mention, Quantity, cue, find_mentions, governs, is_generic, unit_size
from kit.read.compilation import Compilation

RATE_TOLERANCE = 0.6  # percentage points; a rate is often rounded to a whole number
SAME_NAME = 0.6  # share of the shorter name's bigrams that two names of one indicator have in common
SHORT_NAME = 3  # characters; a name this short (投资) ties only where the sentences also agree
SAME_SENTENCE = 0.2
ROUNDING = 1e-9
DIGITS = 9  # decimals kept when a number is turned into another unit
FULL = 100.0  # per cent
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
    years = compilation.reports.set_index("report")[["period", "plan_period"]]
    rows = []
    for report, mentions in find_mentions(compilation):
        roles, links, _ = _tie(mentions)
        letters = _letters([*links, *_rates(mentions, links)])
        for at, mention in enumerate(mentions):
            role = mention.role if mention.role in TARGETS or roles.get(at) != "target" else "target"
            rows.append(_row(mention, role, letters.get(at, ""), report, years.loc[report])
                        | {"noun": mention.subject or mention.indicator, "unit": mention.unit_as_written})  # fmt: skip
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
    years = compilation.reports.set_index("report")[["period", "plan_period"]]
    rows: list[dict] = []
    for report, found in find_mentions(compilation):
        mentions = [mention for mention in found if mention.section != "problems"]
        roles, links, wholes = _tie(mentions)
        letters = _letters([*links, *_across(mentions, roles)])
        of_report = [_row(mentions[at], roles[at], letters.get(at, ""), report, years.loc[report])
                     | {"indicator": mentions[at].indicator, "section": mentions[at].section,
                        "size": mentions[at].quantity.size, "whole": at in wholes}
                     for at in sorted(roles) if roles[at]]  # fmt: skip
        rows += _recompute(_named(of_report))
    return tables.make(rows, tables.INDICATORS)


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
    left, right = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return len(left & right) / max(1, min(len(left), len(right)))


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


def _row(mention: Mention, role: str, pair: str, report: int, years: pd.Series) -> dict:
    quantity = mention.quantity
    default = years["plan_period"] if mention.section == "plan" else years["period"]
    return {"report": report, "sentence": mention.sentence, "role": role, "period": _period(mention.before, default),
            "value": quantity.value, "value_to": quantity.value_to, "bound": quantity.bound, "unit": quantity.unit,
            "masked": quantity.masked, "pair": pair, "forecast": role not in TARGETS and is_forecast(mention),
            "start": quantity.start, "end": quantity.end}  # fmt: skip


def _period(before: str, default: int | None) -> int | None:
    """Return the year named last before a quantity, unless 已 or 目前 brings the text back to the present."""
    years = list(cue("year").finditer(before))
    return default if not years or cue("present").search(before[years[-1].end() :]) else int(years[-1][1])


def _named(rows: list[dict]) -> list[dict]:
    """Give rows that the text does not name the name of what they are paired with."""
    names: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row["role"] != "target"):
        if row["pair"] and row["indicator"]:
            names.setdefault(row["pair"], row["indicator"])
    return [row | {"indicator": row["indicator"] or names.get(row["pair"], "")} for row in rows]


def _recompute(rows: list[dict]) -> list[dict]:
    """Add to each rate what its indicator's actual and target make of it, and whether that contradicts it."""
    by_pair: dict[str, list[dict]] = {}
    for row in rows:
        by_pair.setdefault(row["pair"], []).append(row)
    for row in rows:
        recomputed = _rate_of(by_pair[row["pair"]]) if row["role"] == "rate" and row["pair"] else None
        stated = row["value"]
        row["recomputed"] = recomputed
        row["contradiction"] = None not in (recomputed, stated) and abs(recomputed - stated) > RATE_TOLERANCE
    return rows


def _rate_of(rows: list[dict]) -> float | None:
    """Return actual / target in per cent, where each is given once, by number and for the review."""
    targets, actuals = ([row["size"] for row in rows if row["role"] == role and row["section"] != "plan"]
                        for role in ("target", "actual"))  # fmt: skip
    if len(targets) != 1 or len(actuals) != 1 or None in (*targets, *actuals) or not targets[0]:
        return None
    return FULL * actuals[0] / targets[0]


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
    paired = indicators[indicators["report"].isin(list(agency)) & (indicators["pair"] != "")]
    rows = [
        {"agency": agency[target.report], **_beside(target, actual)}
        for _, group in paired.groupby(["report", "pair"], sort=True)
        for target, actual in _pairs(group)
    ]
    return tables.make(rows, tables.TARGETS)


def _pairs(group: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    actuals: list[Any] = list(group[group["role"] == "actual"].itertuples())
    for target in group[(group["role"] == "target") & ~group["whole"]].itertuples():
        for actual in actuals:
            later = pd.notna(target.period) and pd.notna(actual.period) and target.period > actual.period
            if unit_size(actual.unit)[0] == unit_size(target.unit)[0] and not later:
                yield target, actual
                break


def _beside(target: Any, actual: Any) -> dict:
    dimension, size = unit_size(target.unit)
    goal = float(target.value) if pd.notna(target.value) else float("nan")
    done = float(actual.value) * unit_size(actual.unit)[1] / size if pd.notna(actual.value) else float("nan")
    lower = target.bound == "at most"
    is_ratio = dimension == RATIO
    return {
        "report": target.report,
        "indicator": target.indicator or target.unit,
        "unit": target.unit,
        "target": goal,
        "actual": done,
        "completion": done / goal if goal and not is_ratio else float("nan"),
        "gap_points": round((done - goal) * size * 100, DIGITS) if is_ratio else float("nan"),
        "forecast": bool(actual.forecast),
        "lower_is_better": lower,
        "met": done <= goal if lower else done >= goal,
        "start": target.start,
        "end": target.end,
        "actual_start": actual.start,
        "actual_end": actual.end,
    }


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
    of_one_kind = target.like(answer) and points and is_change(target) == is_change(answer)
    return of_one_kind and not (_is_flow(target) and _is_stock(answer)) and not (_is_stock(target) and _is_flow(answer))


def is_change(mention: Mention) -> bool:
    """Whether a number says by how much something grew or fell, rather than where it stands (降至)."""
    return bool(_change("change").search(mention.head)) or (
        mention.quantity.dimension == RATIO and mention.quantity.unit not in RATES
    )


def is_fall(mention: Mention) -> bool:
    """Whether a change is one downwards."""
    return is_change(mention) and bool(_change("falls").search(mention.head))


def _is_state(mention: Mention) -> bool:
    return mention.quantity.unit in RATES and not is_change(mention)


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
    less_is_better = _cue("lower_is_better").search(target.phrase) and not is_fall(target)
    return judge_sizes(target.quantity, done, lower=target.quantity.bound == "at most" or bool(less_is_better))


def _size(target: Mention, actual: Mention) -> float | None:
    """Return a result in its base unit; a fall against a rise, or a rise against a fall, is below zero."""
    size = actual.quantity.size
    opposite = is_change(target) and is_fall(target) != is_fall(actual)
    return -size if opposite and size is not None else size


def judge_sizes(goal: Quantity, done: float | None, *, lower: bool) -> str:
    """Judge a result given in the base unit; 左右 leaves the room that `numbers.toml` states.

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
    room = knowledge("numbers.toml")["results"]["about_room"] * abs(goal.size) if goal.bound == "about" else 0.0
    short = done - goal.size if lower else goal.size - done
    return "met" if short <= room + ROUNDING else "missed"


@cache
def _change(name: str) -> re.Pattern[str]:
    """Compile the words of a change, or of one downwards, right before its number."""
    words = knowledge("numbers.toml")["results"]
    verbs = words["fall"] if name == "falls" else f"{words['rise']}|{words['fall']}"
    return re.compile(f"(?:{verbs}){words['change_end']}")


def is_result(mention: Mention) -> bool:
    """Whether a quantity can be what was reached, rather than a target told again, a rate, or an earlier year's.

    The number that a change starts from (从2.8%提高到3.1%) is none, either, nor one that narrows another's noun.
    """
    stated = any(_cue(name).search(mention.head) for name in ("not_result", "start_of_change"))
    return own_role(mention) == "" and not stated and not mention.narrows


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
    at = mentions[0].quantity.start - len(mentions[0].before)
    found = list(turns.finditer(text, at, mentions[-1].quantity.end))
    starts = [turn.start() for turn in found]
    kept = []
    for mention in mentions:
        last = bisect(starts, mention.quantity.start) - 1
        several = last >= 0 and found[last]["several"]
        if not several and not _cue("multi_year").search(mention.before) and not _is_sum(mention):
            kept.append(mention)
    return kept


def _is_sum(mention: Mention) -> bool:
    """Whether a number is summed over more than the year, as far as its clause says."""
    return bool(_cue("cumulative").search(mention.clause) and not _cue("within_year").search(mention.clause))


@cache
def _words(name: str) -> str:
    return "|".join(knowledge("numbers.toml")["results"][f"{name}_patterns"])


def _cue(name: str) -> re.Pattern[str]:
    return pattern("numbers.toml", "results", f"{name}_patterns")


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
        plan = [mention for mention in promised.get(link.report, []) if mention.section == "plan"]
        told = reported.get(link.later_report, [])
        review = of_the_year(later.text, told, years.get(link.later_report))
        rows += [own | row for row in _compare(plan, review, told)]
    return tables.make(rows, tables.HEADLINES)


def _compare(plan: list[Mention], review: list[Mention], told: list[Mention]) -> Iterator[dict]:
    """Yield one row for each headline indicator that a plan gives a number.

    A share is a state: a review of several years gives it too.
    """
    results, wider = ([m for m in mentions if m.section in REVIEW and is_result(m)] for mentions in (review, told))
    for key, headline in knowledge("headlines.toml")["headline"].items():
        goals = [mention for mention in plan if _measures(mention, key)]
        target = next((goal for goal in goals if cue("goals").search(goal.before)), goals[0] if goals else None)
        if target is None:
            continue
        among = [*results, *wider] if headline["measure"] == "share" else results
        actual = next((mention for mention in among if _measures(mention, key)), None)
        completion = None if actual else next((m for m in review if m.section in REVIEW and _completes(m, key)), None)
        yield {"headline": key, **_verdict_row(target, actual, completion, headline)}


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


def _verdict_row(target: Mention, actual: Mention | None, completion: Mention | None, headline: dict) -> dict:
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
