"""Numbers: the targets, actuals and rates of one thing, and what became of a promised number.

A target is named as one (年度任务, 计划), committed to by a plan, or a whole of which a part is done (14个问题); an
actual answers it. A verdict needs two numbers of one thing: the same noun, one dimension, both a level or both a
change, both of the year. Where that is not sure, the verdict is cannot tell.
"""

import re
from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, product
from string import ascii_lowercase
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge, rule
from kit.errors import DataError
from kit.measure.matching import alike, overlap
from kit.measure.quantities import (
    RATES,
    RATIO,
    STOPS,
    WIDER,
    Mention,
    Quantity,
    cue,
    find_mentions,
    governs,
    is_generic,
    unit_size,
)
from kit.read.compilation import Compilation

RATE_TOLERANCE = 0.6  # percentage points; a rate is often rounded to a whole number
SAME_NAME = 0.6  # share of the shorter name's bigrams that two names of one indicator have in common
SHORT_NAME = 3  # characters; a name this short (投资) ties only where the sentences also agree
SAME_SENTENCE = 0.2
ROUNDING = 1e-9
DIGITS = 9  # decimals kept when a number is turned into another unit
FULL = 100.0  # per cent
OPENING, SENTENCE_OPENING = 25, 12  # first characters of a paragraph, of a sentence
SEVERAL = "multi-year"
TARGETS = ("target", "change-target")
OF_QUANTITY = ("value", "value_to", "bound", "unit", "masked", "start", "end")
VERB = 6  # characters before a number in which its verb stands
WHOLE_REACH = 4  # quantities back in which the whole of a part is looked for

Roles = dict[int, str]  # by the number of a mention in its report
Link = tuple[int, int]  # two mentions that are tied


def find_quantities(compilation: Compilation) -> pd.DataFrame:
    """Find every number of the body with its unit, and every mask that stands for one: `tables.QUANTITIES`."""
    rows, pairs = [], decisions(compilation, "pair")
    for report, mentions in _by_report(compilation):
        roles, letters, _ = _tie(mentions, pairs, _rates)
        for at, mention in enumerate(mentions):
            role = "target" if mention.role == "actual" and roles[at] == "target" else mention.role
            named = {"noun": mention.subject or mention.indicator, "unit": mention.unit_as_written}
            rows.append(_row(mention, role, letters.get(at, ""), report) | named)
    found = tables.make(rows, tables.QUANTITIES)
    check_pairs(compilation, found)
    return found


def find_indicators(compilation: Compilation) -> pd.DataFrame:
    """Find targets, actuals and rates of completion among the quantities, and pair them: `tables.INDICATORS`."""
    rows, pairs = [], decisions(compilation, "pair")
    for report, found in _by_report(compilation):
        mentions = [mention for mention in found if mention.section != "problems"]
        roles, letters, wholes = _tie(mentions, pairs, _across)
        groups: dict[str, list[tuple[Mention, dict]]] = {}
        for at in sorted(at for at, role in roles.items() if role):
            mention, quantity = mentions[at], mentions[at].quantity
            row = _row(mention, roles[at], letters.get(at, ""), report) | {"indicator": mention.indicator}
            row |= {"whole": roles[at] == "target" and at in wholes, "section": mention.section, "size": quantity.size}
            row |= {"dimension": quantity.dimension, "recomputed": None, "contradiction": False}
            groups.setdefault(row["pair"] or f"alone {at}", []).append((mention, row))
            rows.append(row)
        for group in groups.values():
            _complete(group)
    return tables.make(rows, tables.INDICATORS)


def _complete(group: list[tuple[Mention, dict]]) -> None:
    """Name the rows of one indicator that the text does not name, and hold its rates against its target and actual."""
    targets_first = sorted(group, key=lambda one: one[1]["role"] != "target")
    names = [row["indicator"] for _, row in targets_first if row["indicator"]]
    review = [(row["role"], mention.quantity.size) for mention, row in group if mention.section != "plan"]
    targets, actuals = ([size for own, size in review if own == role] for role in ("target", "actual"))
    goal, done = (sizes[0] if len(sizes) == 1 else None for sizes in (targets, actuals))
    for _, row in group:
        row["indicator"] = row["indicator"] or next(iter(names), "")
        if row["role"] == "rate" and goal and done is not None:
            row["recomputed"] = FULL * done / goal
            row["contradiction"] = row["value"] is not None and abs(row["recomputed"] - row["value"]) > RATE_TOLERANCE


def _by_report(compilation: Compilation) -> Iterator[tuple[Any, list[Mention]]]:
    reports = {row.report: row for row in compilation.reports.itertuples()}
    return ((reports[report], mentions) for report, mentions in find_mentions(compilation).items())


def _row(mention: Mention, role: str, pair: str, report: Any) -> dict:
    quantity, named = mention.quantity, list(cue("year").finditer(mention.before))
    # the year named last before a quantity, unless 已 or 目前 brings the text back to the present
    present = not named or cue("present").search(mention.before, named[-1].end())
    own = report.plan_period if mention.section == "plan" else report.period
    row = {name: getattr(quantity, name) for name in OF_QUANTITY}
    row |= {"report": report.report, "sentence": mention.sentence, "role": role, "pair": pair}
    row |= {"period": own if present else int(named[-1][1])}
    return row | {"forecast": role not in TARGETS and is_forecast(mention)}


def own_role(mention: Mention) -> str:
    """Return what a mention's own words make of it among the indicators: target, rate, or nothing."""
    if mention.rule.name.startswith("completion"):
        return "rate"
    if not mention.counts or mention.role not in TARGETS or mention.horizon == SEVERAL:
        return ""
    if mention.section == "plan":
        return "target" if mention.rule.name.startswith("task") or _commits(mention) else ""
    return "" if mention.rule.name.startswith("expected") else "target"


def _commits(mention: Mention) -> bool:
    """Whether a plan commits to a quantity, rather than naming it in passing."""
    if mention.rule.name == "goals" or cue("target_behind").search(mention.tail):
        return True
    if mention.quantity.dimension == "time" or mention.narrows or cue("background").search(mention.head):
        return False
    governed = mention.name == mention.tail or governs().search(mention.head)
    if mention.tail[:1].isalpha() and not governed:  # 351国道50公里路面
        return False
    is_bound = mention.quantity.bound != "exact" or not mention.tail
    return is_bound or bool(rule("matching.toml", "items.work_verbs").search(mention.head))


def _tie(mentions: list[Mention], pairs: Mapping[int, Any], more: Callable[..., Any]) -> tuple[Roles, Roles, set[int]]:
    """Return the roles of mentions among the indicators, the letters of those that are tied, and the mere wholes."""
    roles = {at: own_role(mention) for at, mention in enumerate(mentions)}
    for at in range(1, len(mentions)):  # the members of an enumeration have the role of its first
        if mentions[at].follows and not roles[at] and roles[at - 1] == "target" and mentions[at].counts:
            roles[at] = "target"
    answers, parts = list(_answers(mentions, roles)), list(_parts_done(mentions, roles))
    # 总投资 in a review is a project's size over all its years, no target of the year
    review = [(at, mention) for at, mention in enumerate(mentions) if mention.section != "plan"]
    sizes = {at for at, mention in review if cue("whole").search(mention.head)}
    links, wholes = [*answers, *parts, *_bases(mentions, roles)], {whole for whole, _ in parts} | sizes
    links += more(mentions, roles, links)
    return roles, _letters(_overrule(links, mentions, roles, wholes, pairs)), wholes


def _aliases(mentions: Sequence[Mention]) -> dict[int, str]:
    """Return what the actuals of a report measure whose own words do not say it, by their first character."""
    roles = {at: own_role(mention) for at, mention in enumerate(mentions)}
    links = [*_answers(mentions, roles), *_parts_done(mentions, roles)]
    return {mentions[actual].quantity.start: mentions[target].subject for target, actual in links}


def _answers(mentions: Sequence[Mention], roles: Roles) -> Iterator[Link]:
    """Find what was reached of each target of a review: the next quantity of its kind that says done, with its row."""
    for at, target in enumerate(mentions):
        if roles[at] != "target" or target.section == "plan":
            continue
        answered = False
        for other in range(at + 1, len(mentions)):
            there = mentions[other]
            is_near = there.part == target.part and there.sentence <= target.sentence + 1
            if not is_near or (answered and not there.follows):
                break
            if not there.like(target):
                continue
            if roles[other] == "target" and not answered:
                break
            if not roles[other] and (answered or cue("done_before").search(there.head)):
                roles[other], answered = "actual", True
                yield at, other


def _parts_done(mentions: Sequence[Mention], roles: Roles) -> Iterator[Link]:
    """Find a whole and the part of it that is done (170个…，已完成整改107个), and what both measure besides."""
    for at, part in enumerate(mentions):
        before = () if roles[at] or part.section == "plan" else range(at - 1, max(at - WHOLE_REACH, -1), -1)
        whole = next((other for other in before if not roles[other] and _is_whole(mentions[other], part)), None)
        if whole is None:
            continue
        pairs = [(whole, at)]
        if whole + 1 < at < len(mentions) - 1 and not (roles[whole + 1] or roles[at + 1]):
            left, right = mentions[whole + 1], mentions[at + 1]
            if left.like(right) and left.name == right.name:  # 图斑170个，面积6亩，已完成整改107个，面积4亩
                pairs.append((whole + 1, at + 1))
        for one, other in pairs:
            roles[one], roles[other] = "target", "actual"
            yield one, other


def _is_whole(whole: Mention, part: Mention) -> bool:
    """Whether a part has the noun of a whole, or none of its own (170个图斑，已完成整改107个)."""
    if whole.sentence != part.sentence or not whole.like(part):
        return False
    inside = cue("part_of").search(part.head) and cue("done_behind").search(part.tail)  # 10项行动中8项已完成
    if not (inside or cue("part_done").search(part.head)) or cue("whole_done").search(whole.head):
        return False
    one, other = part.subject, whole.subject
    named = not one or not other or is_generic(one) or one in other or other in one
    most, done = whole.quantity.size, part.quantity.size
    return named and (most is None or done is None or most >= done)


def _bases(mentions: list[Mention], roles: Roles) -> Iterator[Link]:
    """Find the quantities of which a rate or a verdict speaks: the nearest before it that says done."""
    for at, mention in enumerate(mentions):
        if roles[at] == "rate" and not cue("progress").search(mention.head):
            for base in _done_before(mentions, roles, at):
                roles[base] = roles[base] or "actual"
                yield base, at
        elif not roles[at] and mention.section != "plan" and mention.met:
            roles[at] = "actual"


def _done_before(mentions: list[Mention], roles: Roles, at: int) -> list[int]:
    """Return the quantity that a rate refers to, with the members of its enumeration."""
    found: list[int] = []
    for other in range(at - 1, -1, -1):
        there = mentions[other]
        if there.sentence != mentions[at].sentence or there.quantity.dimension == RATIO:
            break
        if roles[other] == "target":
            return found or [other]
        says_done = cue("done_before").search(there.before) or cue("done_behind").search(there.tail)
        between = mentions[at].before[len(there.before) + len(there.text) :].lstrip(STOPS)
        if found or roles[other] == "actual" or says_done or cue("done_behind").search(between):
            found.append(other)
        if not there.follows:
            break
    return found


def _rates(mentions: list[Mention], _: Roles, links: list[Link]) -> Iterator[Link]:
    """Tie a degree of success to the count right before it (排查55件，已化解41件，化解率74.5%)."""
    tied = {at for link in links for at in link}
    for at, mention in enumerate(mentions):
        base = mention.previous
        if at in tied or mention.role != "rate" or not (base and base.counts and base.role in ("actual", "target")):
            continue
        between = mention.before[len(base.before) + len(base.text) :]
        if cue("rate_alone").search(mention.head) or cue("rate_apart").search(between):
            continue
        named = cue("rate_name").sub("", mention.head)
        if len(named) <= SHORT_NAME or overlap(named, base.before[-WIDER:] + base.tail) > 0:
            yield at - 1, at


def _across(mentions: list[Mention], roles: Roles, _: list[Link]) -> Iterator[Link]:
    """Pair the plan's targets with what the review reports of the same indicator."""
    review: dict[str, list[int]] = {}
    for at, mention in enumerate(mentions):
        if mention.section in tables.REVIEW_ROLES and roles[at] != "rate":
            review.setdefault(mention.quantity.dimension, []).append(at)
    for at, mention in enumerate(mentions):
        if mention.section != "plan" or roles[at] != "target":
            continue
        scored = [(_alike(mentions[other], mention), -other) for other in review.get(mention.quantity.dimension, [])]
        likeness, best = max(scored, default=(0.0, 0))
        if likeness > 0:
            roles[-best] = roles[-best] or "actual"
            yield at, -best


def _alike(one: Mention, other: Mention) -> float:
    names = overlap(one.name, other.name)
    if names < SAME_NAME:
        return 0.0
    sentences = overlap(one.before + one.tail, other.before + other.tail)
    is_short = min(len(one.name), len(other.name)) <= SHORT_NAME
    return 0.0 if is_short and sentences < SAME_SENTENCE else names + sentences


def _letters(links: Iterable[Link]) -> dict[int, str]:
    """Return the letter of each mention that is tied to another: a, b, … z, aa, ab, …."""
    group: dict[int, set[int]] = {}
    for one, other in links:
        joined = group.get(one, {one}) | group.get(other, {other})
        group.update(dict.fromkeys(joined, joined))
    firsts = sorted({min(members) for members in group.values()})
    names = ("".join(letters) for length in count(1) for letters in product(ascii_lowercase, repeat=length))
    letters = dict(zip(firsts, names, strict=False))
    return {at: letters[min(members)] for at, members in group.items()}


def pair_targets(compilation: Compilation, indicators: pd.DataFrame) -> pd.DataFrame:
    """Put each target beside the first actual that its report pairs with it, copies once: `tables.TARGETS`."""
    # Left out: targets of a later year than the actual, and wholes (14 problems, 12 solved).
    agency = dict(zip(compilation.counted["report"], compilation.counted["agency"], strict=True))
    tied = indicators[(indicators["pair"] != "") & indicators["report"].isin(agency)]
    tied = tied.astype({"value": "float64", "period": "float64"})  # what is missing compares with nothing
    groups: dict[tuple[int, str], list[dict]] = {}
    for row in tied.to_dict("records"):
        groups.setdefault((row["report"], row["pair"]), []).append(row)
    rows = [
        {"agency": agency[target["report"]], **_beside(target, actual)}
        for _, group in sorted(groups.items())
        for target in group
        if target["role"] == "target"
        and not target["whole"]
        and (actual := _actual_of(target, group, compilation.text))
    ]
    return tables.make(rows, tables.TARGETS)


def _actual_of(target: dict, group: list[dict], text: str) -> dict | None:
    """Return the actual of a target: of its dimension, of no earlier year, its own verb's first (申报, not 认定)."""

    def verb(row: dict) -> str:
        """Return the words before a number."""
        return text[max(0, row["start"] - VERB) : row["start"]]

    dimension, actuals = unit_size(target["unit"])[0], (row for row in group if row["role"] == "actual")
    timely = [row for row in actuals if unit_size(row["unit"])[0] == dimension and not target["period"] > row["period"]]
    return max(timely, key=lambda row: overlap(verb(target), verb(row)), default=None)


def _beside(target: dict, actual: dict) -> dict:
    (dimension, size), actual_size = unit_size(target["unit"]), unit_size(actual["unit"])[1]
    goal, done = target["value"], actual["value"] * actual_size / size
    lower, is_ratio = target["bound"] == "at most", dimension == RATIO
    row = {name: target[name] for name in ("report", "unit", "start", "end")}
    row |= {"indicator": target["indicator"] or target["unit"], "lower_is_better": lower}
    row |= {"target": goal, "actual": done}
    row["completion"] = done / goal if goal and not is_ratio else float("nan")
    row["gap_points"] = round((done - goal) * size * FULL, DIGITS) if is_ratio else float("nan")
    row |= {"forecast": bool(actual["forecast"]), "met": done <= goal if lower else done >= goal}
    return row | {"actual_start": actual["start"], "actual_end": actual["end"]}


def find_results(
    targets: Sequence[tuple[Mention, Sequence[tuple[int, int]]]],
    reported: Sequence[Mention],
    of_year: Iterable[Mention],
) -> list[dict[str, Any]]:
    """Find what was reported of each promised number of a plan, likeliest at certain places, and judge it."""
    # Gives the columns of numbers in `tables.FULFILMENT`.
    # A number answers one target at most, the one it is most like; a target that the plan repeats shares its answer.
    yearly, aliases = {mention.quantity.start for mention in of_year}, _aliases(reported)
    answers = [
        mention
        for mention in reported
        if mention.section in tables.REVIEW_ROLES
        and is_result(mention)
        and not _cue("shared_row").search(mention.clause)  # 分别达…、…: which is whose is not sure
        and (mention.quantity.start in yearly or (mention.quantity.unit in RATES and not mention.is_change))
    ]
    likely = [
        (likeness, at, answer)
        for at, (target, places) in enumerate(targets)
        if not _cue("shared_row").search(target.clause)
        for answer in answers
        if _comparable(target, answer) and (likeness := _likeness(target, answer, aliases, places))
    ]
    found: dict[int, Mention] = {}
    taken: dict[int, Mention] = {}
    for _, at, answer in sorted(likely, key=lambda one: (-one[0], one[1], one[2].quantity.start)):
        one = targets[at][0]
        owner = taken.setdefault(answer.quantity.start, one)
        if owner.subject == one.subject and owner.quantity.size == one.quantity.size:
            found.setdefault(at, answer)
    return [_judged(target, found.get(at)) for at, (target, _) in enumerate(targets)]


def _judged(target: Mention, actual: Mention | None) -> dict[str, Any]:
    """Return a promised number with what was reported of it, in its unit."""
    goal = target.quantity
    row = {"number_verdict": judge(target, actual), "indicator": target.indicator, "unit": goal.unit, "forecast": False}
    row |= {"target": goal.value, "target_start": goal.start, "target_end": goal.end}
    if actual is None:
        return row
    size = _size(target, actual)
    row |= {"actual": None if size is None else round(size / unit_size(goal.unit)[1], DIGITS)}
    row |= {"actual_start": actual.quantity.start, "actual_end": actual.quantity.end}
    return row | {"forecast": is_forecast(actual)}


def _likeness(target: Mention, answer: Mention, aliases: Mapping[int, str], places: Sequence[tuple[int, int]]) -> float:
    """Return how surely two quantities measure one thing, more at the places; 0 when that is not sure."""
    start = answer.quantity.start
    inside = any(first <= start < last for first, last in places)
    alias = aliases.get(start, "")
    names = dict.fromkeys((answer.subject, alias, alias + answer.subject))
    said: dict[str, Any] = {"words": answer.clause + answer.tail, "ratio": target.quantity.dimension == RATIO}
    likeness = max(alike(target.subject, name, inside=inside or name != answer.subject, **said) for name in names)
    return likeness + inside if likeness else 0.0


def _comparable(target: Mention, answer: Mention) -> bool:
    """Whether two numbers are of one kind: dimension, level or change, what came in or all there are."""
    if not target.like(answer) or target.is_change != answer.is_change or (target.counts and not answer.counts):
        return False  # 申报项目20个 is not answered by 三个方向
    flows = [bool(_cue("flow").search(mention.head)) for mention in (target, answer)]
    if target.quantity.dimension == RATIO:
        return (target.quantity.unit in RATES) == (answer.quantity.unit in RATES)
    stocks = [not flow and bool(_cue("stock").search(m.head)) for flow, m in zip(flows, (target, answer), strict=True)]
    return not (flows[0] and stocks[1]) and not (stocks[0] and flows[1])


def judge(target: Mention, actual: Mention | None) -> str:
    """Return whether a result meets its target: met, missed, or cannot tell where a number is not given."""
    if target.judged:
        return target.judged
    done = _size(target, actual) if actual else None
    less_is_better = bool(_cue("lower_is_better").search(target.phrase + target.head)) and not target.is_fall
    lower = target.quantity.bound == "at most" or less_is_better
    return "missed" if actual and actual.missed(lower=lower) else judge_sizes(target.quantity, done, lower=lower)


def _size(target: Mention, actual: Mention) -> float | None:
    """Return a result in its base unit; a fall against a rise, or a rise against a fall, is below zero."""
    size = actual.quantity.size
    opposite = target.is_change and target.is_fall != actual.is_fall
    return -size if opposite and size is not None else size


def judge_sizes(goal: Quantity, done: float | None, *, lower: bool) -> str:
    """Judge a result given in the base unit; 左右 leaves what `numbers.toml` says of the last digit of the target."""
    if done is None or goal.size is None:
        return "cannot tell"
    short = done - goal.size if lower else goal.size - done
    digits = len(f"{goal.value:g}".partition(".")[2])
    about = knowledge("numbers.toml")["results"]["about"] if goal.bound in ("about", "same") else 0.0
    return "met" if short <= about * unit_size(goal.unit)[1] / 10**digits + ROUNDING else "missed"


def is_result(mention: Mention) -> bool:
    """Whether a quantity can be what was reached, rather than a target told again, a rate, or an earlier year's."""
    # The number that a change starts from (从2.8%提高到3.1%) is none, either, nor one that narrows another's noun.
    is_other = mention.role == "other" or mention.narrows
    return not (is_other or own_role(mention) or _cue("not_result").search(mention.head))


def is_forecast(mention: Mention) -> bool:
    """Whether a quantity is estimated, not counted (预计增长5.4%)."""
    return bool(_cue("forecast").search(mention.clause))


def speaks_of_several_years(text: str, start: int, end: int, year: int | None) -> Callable[[int], bool]:
    """Return a function that says of a place of a review whether several years are spoken of there."""
    # A phrase (五年来) makes it so from there on, until another (一年来), or the year's name, brings it back to one.
    found = _turns(text, start, end, year)
    starts = [turn.start() for turn in found]
    return lambda at: (last := bisect(starts, at) - 1) >= 0 and bool(found[last]["several"])


def of_the_year(text: str, mentions: Sequence[Mention], year: int | None) -> list[Mention]:
    """Return the quantities of a review that speak of its year, not of several years."""
    if not mentions:
        return []
    found = _turns(text, mentions[0].at, mentions[-1].quantity.end, year)
    opening = [turn for turn in found if _opens(text, turn.start())]
    starts, openings = [turn.start() for turn in found], [turn.start() for turn in opening]
    kept = []
    # A word in a quantity's own sentence decides; else one that opens a sentence of its part, or speaks of the last
    # year (刚刚过去的一年) wherever it stands before; else what the section's heading says.
    for mention in mentions:
        at, last = bisect(starts, mention.quantity.start) - 1, bisect(openings, mention.at) - 1
        is_several = mention.horizon == SEVERAL
        if at >= 0 and starts[at] >= mention.at:  # a word within its own sentence
            is_several = bool(found[at]["several"])
        elif last >= 0 and (openings[last] >= mention.part_at or not mention.horizon or opening[last]["last_year"]):
            is_several = bool(opening[last]["several"])
        # A number summed over more than the year, as far as its clause says, is none of it.
        is_sum = _cue("cumulative").search(mention.clause) and not _cue("within_year").search(mention.clause)
        if not (is_several or _cue("multi_year").search(mention.before) or is_sum):
            kept.append(mention)
    return kept


def _turns(text: str, start: int, end: int, year: int | None) -> list[re.Match[str]]:
    """Find the words that say that several years are spoken of, or one."""
    several, last_year, single, own = (_cue(name).pattern for name in ("several", "last_year", "single", "year"))
    words = f"(?P<several>{several})|(?P<last_year>{last_year})|{single}|{year}(?:{own})"
    return list(re.compile(words).finditer(text, start, end))


def _opens(text: str, turn: int) -> bool:
    """Whether a word of one or several years opens a paragraph or a sentence, and so speaks for what follows."""
    return turn - text.rfind("\n", 0, turn) <= OPENING or turn - text.rfind("。", 0, turn) <= SENTENCE_OPENING


def _cue(name: str) -> re.Pattern[str]:
    return rule("numbers.toml", f"results.{name}_patterns")


# ---- What an analyst decides ----


def decisions(compilation: Compilation, kind: str, starts: Collection[int] | None = None) -> dict[int, Any]:
    """Return what an analyst says of one kind in the override file, by its place, which has to be one of ``starts``."""
    found = {entry.start: entry for entry in compilation.overrides.itertuples() if entry.kind == kind}
    for start in found.keys() - (found if starts is None else starts):
        what = "promise" if kind == "promise" else "number of a plan"
        message = f"{found[start].entry}: expected a {what} that begins at {start}, found none; mend the place"
        raise DataError(message)
    return found


def check_pairs(compilation: Compilation, quantities: pd.DataFrame) -> None:
    """Check that a number begins wherever an analyst pairs one, and both in one report."""
    reports = dict(zip(quantities["start"], quantities["report"], strict=True))
    for entry in decisions(compilation, "pair").values():
        other = entry.start if pd.isna(entry.evidence) else int(entry.evidence)
        if entry.start not in reports or reports.get(other) != reports[entry.start]:
            where = f"{entry.start} and {other}"
            message = f"{entry.entry}: expected numbers of one report at {where}, found none; mend the places"
            raise DataError(message)


def _overrule(
    links: list[Link], mentions: list[Mention], roles: Roles, wholes: set[int], pairs: Mapping[int, Any]
) -> list[Link]:
    """Tie a target to the result that an analyst names, and to nothing else; its role and its result's follow."""
    places = {mention.quantity.start: at for at, mention in enumerate(mentions)}
    for start in pairs.keys() & places.keys():
        target, result = places[start], places.get(pairs[start].evidence)
        links = [link for link in links if target not in link]
        roles[target] = "target"
        wholes.discard(target)
        if result is not None:
            roles[result] = roles[result] if roles[result] == "rate" else "actual"
            links = [*(link for link in links if result not in link), (target, result)]
    return links
