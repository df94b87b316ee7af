"""What a section does, read from its heading, else from its place and its words."""

import re
from functools import cache

from kit.data import knowledge
from kit.read.layout import find_years

_BEFORE = {"highlights": ("achievements",)}  # a heading inside a section may only change these into that


@cache
def _rule(role: str, kind: str, whole: bool = False) -> re.Pattern[str]:
    patterns = "|".join(f"(?:{pattern})" for pattern in knowledge("roles.toml")[role].get(kind, ["(?!)"]))
    return re.compile(rf"^(?:{patterns})$" if whole else patterns)


def heading_role(heading: str, *, period: int | None, plan_period: int | None) -> str | None:
    """Read the role of a section from its heading.

    Parameters
    ----------
    heading : str
        Without its marker.
    period, plan_period : int or None
        The years the report reviews and plans.

    Returns
    -------
    str or None
        A role; None when the heading does not say.
    """
    years = find_years(heading)
    ahead = plan_period in years and period not in years
    strong = bool(_rule("achievements", "strong").search(heading)) and not ahead
    if _rule("problems", "cues").search(heading) and not strong:
        return "problems"
    if strong:
        return "achievements"
    if ahead:
        return "plan"
    for role in ("highlights", "plan", "achievements"):
        if _rule(role, "cues").search(heading):
            return role
    return "achievements" if period in years else None


def inner_role(heading: str, inherited: str) -> str:
    """Read the role of a heading inside a section, which keeps the section's unless the heading is all another's."""
    bare = heading.strip("。：: ")
    for role in ("problems", "highlights", "plan"):
        allowed = inherited in _BEFORE.get(role, ("achievements", "highlights", "problems", "plan"))
        if allowed and _rule(role, "whole", True).match(bare):
            return role
    return inherited


def bare_heading_role(line: str) -> str | None:
    """Read the role of a short line without number or punctuation; None when it is no heading."""
    for role in ("problems", "highlights", "achievements", "plan"):
        if _rule(role, "whole", True).match(line):
            return role
    return None


@cache
def _paragraph_rule(role: str, year: int | None) -> re.Pattern[str]:
    patterns = "|".join(f"(?:{pattern})" for pattern in knowledge("roles.toml")[role]["paragraph"])
    return re.compile(patterns.replace("{next}", str(year or "0000")))


def paragraph_role(paragraph: str, *, plan_period: int | None) -> str | None:
    """Read the role of an unnumbered paragraph from how it opens; None when it goes on as before."""
    for role in ("problems", "plan"):
        if _paragraph_rule(role, plan_period).search(paragraph[:130]):
            return role
    return None


def tense_role(text: str) -> str:
    """Tell a review from a plan by its words of what is done and what is to come."""
    done = sum(1 for _ in _rule("tense", "done").finditer(text))
    ahead = sum(1 for _ in _rule("tense", "ahead").finditer(text))
    return "plan" if ahead > done else "achievements"


def is_plan_title(title: str) -> bool:
    """Whether a title promises a plan and nothing else."""
    return bool(re.search(knowledge("roles.toml")["title"]["plan_only"], title))


def opening_end(text: str, start: int, end: int) -> int:
    """Where the opening of an unnumbered report ends: behind …汇报如下 or …做好以下工作, else at ``start``."""
    match = _rule("opening", "last").search(text, start, start + (end - start) // 2)
    return match.end() if match else start


def assign_section_roles(
    sections: list[tuple[str, str]], *, period: int | None, plan_period: int | None, plan_only: bool
) -> list[tuple[str, bool]]:
    """Give every section of a report its role.

    Parameters
    ----------
    sections : list of (heading, text)
        The report's outermost sections in order.
    period, plan_period : int or None
    plan_only : bool
        Whether the report's title promises only a plan.

    Returns
    -------
    list of (role, sure)
        ``sure`` is False when the heading did not say and place and words had to.
    """
    stated = [heading_role(heading, period=period, plan_period=plan_period) for heading, _ in sections]
    if plan_only:
        return [("problems" if role == "problems" else "plan", True) for role in stated]
    first_other = next((n for n, role in enumerate(stated) if role in ("problems", "plan")), len(stated))
    roles: list[tuple[str, bool]] = []
    for number, (role, (_, text)) in enumerate(zip(stated, sections, strict=True)):
        if role:
            roles.append((role, True))
        elif any(earlier == "plan" for earlier in stated[:number]):
            roles.append(("plan", True))
        elif number < first_other < len(stated):
            roles.append(("achievements", True))
        else:
            roles.append((tense_role(text), False))
    return roles
