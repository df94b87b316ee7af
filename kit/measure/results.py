"""Results: the number that a later review gives for a number that an earlier plan promised."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from kit import tables
from kit.data import knowledge
from kit.measure.mentions import Mention, overlap, own_role
from kit.measure.quantities import Quantity, unit_size

ALIKE = 0.6  # likeness of phrases that identifies an indicator anywhere in a report
NEARBY = 0.2  # the same within the evidence for the promise
ROUNDING = 1e-9
DIGITS = 9  # decimals kept when a number is turned into another unit
INSIDE = 0.5  # lead of a quantity that stands in the evidence


@dataclass(frozen=True)
class Result:
    """A promised number with what was reported of it; the verdict is met, missed or cannot tell."""

    target: Mention
    actual: Mention | None
    verdict: str

    @property
    def value(self) -> float | None:
        """The reported number in the target's unit."""
        size = self.actual.quantity.size if self.actual else None
        return None if size is None else round(size / unit_size(self.target.quantity.unit)[1], DIGITS)


def find_result(
    target: Mention,
    reported: Iterable[Mention],
    aliases: Mapping[int, str],
    evidence: tuple[int, int] | None = None,
) -> Result:
    """Find what was reported of a promised number, and judge it.

    Parameters
    ----------
    target : Mention
        The promised number, in the earlier text.
    reported : iterable of Mention
        The quantities of the later report.
    aliases : mapping of int to str
        By a quantity's start: what it measures where its own words do not say it (预计增长5.4%).
    evidence : tuple of (start, end), optional
        Where the later text speaks of the promise; there a weaker likeness of phrases is enough.
    """
    best, most = None, 0.0
    for mention in reported:
        if not _can_answer(mention, target):
            continue
        start = mention.quantity.start
        inside = evidence is not None and evidence[0] <= start < evidence[1]
        likeness = overlap(target.phrase, aliases.get(start, mention.phrase))
        if likeness >= (NEARBY if inside else ALIKE) and likeness + INSIDE * inside > most:
            best, most = mention, likeness + INSIDE * inside
    return Result(target, best, judge(target, best))


def _can_answer(mention: Mention, target: Mention) -> bool:
    """Whether a quantity of the later review can be the result of a promise."""
    return (
        mention.role in tables.REVIEW_ROLES
        and mention.like(target)
        and own_role(mention) == ""
        and not _cue("not_result").search(mention.head)
    )


def judge(target: Mention, actual: Mention | None) -> str:
    """Return whether a result meets its target: met, missed, or cannot tell where a number is not given."""
    done = actual.quantity.size if actual else None
    lower = target.quantity.bound == "at most" or bool(_cue("lower_is_better").search(target.phrase))
    return judge_sizes(target.quantity, done, lower=lower)


def judge_sizes(goal: Quantity, done: float | None, *, lower: bool) -> str:
    """Judge a result given in the base unit; 左右 leaves the room that `matching.toml` states.

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
    room = knowledge("matching.toml")["results"]["about_room"] * abs(goal.size) if goal.bound == "about" else 0.0
    short = done - goal.size if lower else goal.size - done
    return "met" if short <= room + ROUNDING else "missed"


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile("|".join(knowledge("matching.toml")["results"][f"{name}_patterns"]))
