"""Reported: the quantities of a review that can be the result of its year."""

import re
from bisect import bisect
from functools import cache

from kit.data import knowledge, pattern
from kit.measure.numbers import own_role
from kit.measure.quantities import Mention


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
