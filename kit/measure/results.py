"""Results: the number that a later review gives for a number that an earlier plan promised.

A verdict needs both to speak of one thing: the same noun, in the same unit's dimension, both a level or both a change,
both of the year. Where that is not sure, the verdict is cannot tell.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.matching import alike
from kit.measure.mentions import RATES, Mention
from kit.measure.quantities import Quantity, unit_size
from kit.measure.reported import is_forecast, is_result

ROUNDING = 1e-9
DIGITS = 9  # decimals kept when a number is turned into another unit
RATIO = "ratio"


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
    answers = [mention for mention in reported if mention.role in tables.REVIEW_ROLES and is_result(mention)
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


def _cue(name: str) -> re.Pattern[str]:
    return pattern("numbers.toml", "results", f"{name}_patterns")
