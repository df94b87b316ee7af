"""Indicators: the quantities that state a target, what was reached, or a rate of completion.

A report is full of numbers; the table holds those that can be held against each other. A target is a quantity
that a word names as one (年度任务, 计划) or that a plan commits to, or a whole of which a part is done (14个问题); an
actual is a quantity that answers a target, or to which a rate or a verdict (完成年度任务) refers; a rate is a
percentage of completion. Rows of one indicator share a letter.
"""

from collections.abc import Iterable, Iterator
from string import ascii_lowercase

import pandas as pd

from kit import tables
from kit.measure.mentions import STOPS, Mention, cue, find_mentions, overlap, own_role
from kit.measure.reported import is_forecast
from kit.measure.subjects import is_generic
from kit.read.compilation import Compilation

RATE_TOLERANCE = 0.6  # percentage points; a rate is often rounded to a whole number
SAME_NAME = 0.6  # share of the shorter name's bigrams that two names of one indicator have in common
SHORT_NAME = 3  # characters; a name this short (投资) ties only where the sentences also agree
SAME_SENTENCE = 0.2


def find_indicators(compilation: Compilation) -> pd.DataFrame:
    """Find targets, actuals and rates of completion, and pair them.

    Parameters
    ----------
    compilation : Compilation
        As read; near copies are searched like any other report.

    Returns
    -------
    DataFrame
        `tables.INDICATORS`, in the order of the text, with two further columns on rates: ``recomputed`` (actual
        over target, per cent, where both are given once) and ``contradiction`` (the stated rate is another).
    """
    years = compilation.reports.set_index("report")[["period", "plan_period"]]
    rows: list[dict] = []
    for report, mentions in find_mentions(compilation):
        roles = {at: own_role(mention) for at, mention in enumerate(mentions)}
        _inherit(mentions, roles)
        answers, parts = list(_answers(mentions, roles)), list(_parts_done(mentions, roles))
        letters = _letters([*answers, *parts, *_bases(mentions, roles), *_across(mentions, roles)])
        wholes = {whole for whole, _ in parts}
        found = [_row(mentions[at], roles[at], letters.get(at, ""), report, years.loc[report])
                 | {"whole": roles[at] == "target" and (at in wholes or _is_size(mentions[at]))}
                 for at in sorted(roles) if roles[at]]  # fmt: skip
        rows += _recompute(_named(found))
    return tables.make(rows, tables.INDICATORS)


def _inherit(mentions: list[Mention], roles: dict[int, str]) -> None:
    """Give the members of an enumeration the role of its first."""
    for at in range(1, len(mentions)):
        if mentions[at].follows and not roles[at] and roles[at - 1] == "target":
            roles[at] = "target"


def find_aliases(mentions: list[Mention]) -> dict[int, str]:
    """Return what the actuals of a report measure whose own words do not say it, by their first character."""
    roles = {at: own_role(mention) for at, mention in enumerate(mentions)}
    links = [*_answers(mentions, roles), *_parts_done(mentions, roles)]
    return {mentions[actual].quantity.start: mentions[target].subject for target, actual in links}


def _near(mentions: list[Mention], at: int) -> Iterator[int]:
    """Yield the mentions that follow in the same sentence and the next one of the part."""
    for other in range(at + 1, len(mentions)):
        here, there = mentions[at], mentions[other]
        if there.sentence > here.sentence + 1 or there.part != here.part:
            return
        yield other


def _answers(mentions: list[Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find what was reached of each target of a review: the next quantity of its kind that says done."""
    for at, mention in enumerate(mentions):
        if roles[at] != "target" or mention.role == "plan":
            continue
        for other in _near(mentions, at):
            if roles[other] == "target" and mentions[other].like(mention):
                break
            if roles[other] or not mentions[other].like(mention):
                continue
            if not cue("done_before").search(mentions[other].head):
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
    """Find a whole and the part of it that is done (170个…，已完成整改107个)."""
    for at, mention in enumerate(mentions):
        if roles[at] or mention.role == "plan" or not _says_part_done(mention):
            continue
        whole = next((other for other in range(at - 1, max(at - 4, -1), -1)
                      if not roles[other] and _is_whole(mentions[other], mention)), None)  # fmt: skip
        if whole is None:
            continue
        roles[whole], roles[at] = "target", "actual"
        yield whole, at
        yield from _second_measure(mentions, roles, whole, at)


def _says_part_done(mention: Mention) -> bool:
    inside = cue("part_of").search(mention.head) and cue("done_behind").search(mention.tail)
    return bool(inside or cue("part_done").search(mention.head))


def _is_size(mention: Mention) -> bool:
    """Whether a review's target is the size of a project over all its years."""
    return mention.role != "plan" and bool(cue("whole").search(mention.head))


def _is_whole(whole: Mention, part: Mention) -> bool:
    same_sentence = whole.sentence == part.sentence and whole.like(part)
    if not same_sentence or cue("whole_done").search(whole.head) or not _is_of(part.subject, whole.subject):
        return False
    most, done = whole.quantity.size, part.quantity.size
    return most is None or done is None or most >= done


def _is_of(part: str, whole: str) -> bool:
    """Whether a part has the noun of its whole, or none of its own (170个图斑，已完成整改107个)."""
    return not part or not whole or is_generic(part) or part in whole or whole in part


def _second_measure(mentions: list[Mention], roles: dict[int, str], whole: int, part: int) -> Iterator[tuple[int, int]]:
    """Pair what both measure besides (图斑170个，面积…亩，已完成整改107个，面积…亩)."""
    if part + 1 < len(mentions) and whole + 1 < part:
        left, right = mentions[whole + 1], mentions[part + 1]
        if left.like(right) and left.name == right.name and not (roles[whole + 1] or roles[part + 1]):
            roles[whole + 1], roles[part + 1] = "target", "actual"
            yield whole + 1, part + 1


def _bases(mentions: list[Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find the quantities of which a rate or a verdict speaks: the nearest before it that says done."""
    for at, mention in enumerate(mentions):
        if roles[at] == "rate" and not cue("progress").search(mention.head):
            for base in _done_before(mentions, roles, at):
                roles[base] = roles[base] or "actual"
                yield base, at
        elif mention.met and not roles[at] and mention.role != "plan":
            roles[at] = "actual"


def _done_before(mentions: list[Mention], roles: dict[int, str], at: int) -> list[int]:
    """Return the quantity that a rate refers to, with the members of its enumeration."""
    found: list[int] = []
    for other in range(at - 1, -1, -1):
        there = mentions[other]
        if there.sentence != mentions[at].sentence or there.quantity.dimension == "ratio":
            break
        if roles[other] == "target":
            return found or [other]
        between = mentions[at].before[len(there.before) + len(there.text) :]
        done = _says_done(there) or cue("done_behind").search(between.lstrip(STOPS))
        if found or roles[other] == "actual" or done:
            found.append(other)
            if not there.follows:
                break
        elif not there.follows:
            break
    return found


def _says_done(mention: Mention) -> bool:
    return bool(cue("done_before").search(mention.before) or cue("done_behind").search(mention.tail))


def _across(mentions: list[Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Pair the plan's targets with what the review reports of the same indicator."""
    review = [at for at, mention in enumerate(mentions) if mention.role in tables.REVIEW_ROLES and roles[at] != "rate"]
    for at, mention in enumerate(mentions):
        if mention.role != "plan" or roles[at] != "target":
            continue
        best = max(review, key=lambda other: _alike(mentions[other], mention), default=None)
        if best is not None and _alike(mentions[best], mention) > 0:
            roles[best] = roles[best] or "actual"
            yield at, best


def _alike(one: Mention, other: Mention) -> float:
    """Return how surely two mentions measure one indicator, 0 when they do not."""
    if not one.like(other):
        return 0.0
    names, sentences = (
        overlap(one.name, other.name),
        overlap(one.before + one.tail, other.before + other.tail),
    )
    if names < SAME_NAME or (min(len(one.name), len(other.name)) <= SHORT_NAME and sentences < SAME_SENTENCE):
        return 0.0
    return names + sentences


def _letters(links: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Return the letter of each mention that is tied to another."""
    group: dict[int, set[int]] = {}
    for one, other in links:
        joined = group.get(one, {one}) | group.get(other, {other})
        group.update(dict.fromkeys(joined, joined))
    order = list(dict.fromkeys(min(members) for _, members in sorted(group.items())))
    return {at: _letter(order.index(min(members))) for at, members in group.items()}


def _letter(number: int) -> str:
    """Return a, b, … z, aa, ab, …."""
    before, last = divmod(number, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[last]


def _row(mention: Mention, role: str, pair: str, report: int, years: pd.Series) -> dict:
    quantity = mention.quantity
    default = years["plan_period"] if mention.role == "plan" else years["period"]
    return {"report": report, "sentence": mention.sentence, "indicator": mention.indicator, "role": role,
            "period": _period(mention.before, default), "value": quantity.value, "value_to": quantity.value_to,
            "bound": quantity.bound, "unit": quantity.unit, "masked": quantity.masked, "pair": pair,
            "forecast": role != "target" and is_forecast(mention), "start": quantity.start, "end": quantity.end,
            "section": mention.role, "size": quantity.size, "dimension": quantity.dimension}  # fmt: skip


def _named(rows: list[dict]) -> list[dict]:
    """Give rows that the text does not name the name of what they are paired with."""
    names: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row["role"] != "target"):
        if row["pair"] and row["indicator"]:
            names.setdefault(row["pair"], row["indicator"])
    return [row | {"indicator": row["indicator"] or names.get(row["pair"], "")} for row in rows]


def _period(before: str, default: int | None) -> int | None:
    """Return the year named last before a quantity, unless 已 or 目前 brings the text back to the present."""
    years = list(cue("year").finditer(before))
    if not years or cue("present").search(before[years[-1].end() :]):
        return default
    return int(years[-1][1])


def _recompute(rows: list[dict]) -> list[dict]:
    """Add to each rate what its indicator's actual and target make of it, and whether that contradicts it."""
    by_pair: dict[str, list[dict]] = {}
    for row in rows:
        if row["pair"]:
            by_pair.setdefault(row["pair"], []).append(row)
    for row in rows:
        recomputed = _rate_of(by_pair.get(row["pair"], [])) if row["role"] == "rate" else None
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
    return 100 * actuals[0] / targets[0]
