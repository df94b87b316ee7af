"""What a section does, read from its heading, else from its place and its words."""

import re
from dataclasses import dataclass
from itertools import accumulate

from kit.data import knowledge, rule
from kit.read.lines import find_plan_years, find_years
from kit.read.state import Years

ORDER = ("achievements", "problems", "plan")  # in which a report comes to speak of them
_OPENING = 130  # characters in which a paragraph shows what it opens
_MIN_STRETCH = 3  # characters of a matter that a heading names beside another
_MAX_LABEL = 20  # characters before a colon that may be a paragraph's own heading
_CHANGES_FROM = {"highlights": ("achievements",)}  # a heading inside a section may change only this into that
_LAST_LINES = 4  # lines at the end of a section among which it may come to its problems
_WORDS = {"achievements": "done", "highlights": "done", "problems": "lacking", "plan": "ahead"}
_COLON = re.compile(r"[：:]")
_FRAME = "。：:【】[]★☆◆●■· "


def _says(role: str, kind: str, text: str) -> bool:
    """Whether a text says somewhere what one of a role's rules looks for."""
    return bool(rule("roles.toml", f"{role}.{kind}").search(text))


def _is(role: str, text: str, *kinds: str) -> bool:
    """Whether a text is, as a whole, what a role's rules of these kinds look for."""
    known = knowledge("roles.toml")[role]
    return any(rule("roles.toml", f"{role}.{kind}").fullmatch(text) for kind in kinds if kind in known)


def heading_role(heading: str, years: Years) -> str | None:
    """Read the role of a section from its heading."""
    named = find_years(heading)
    behind = years.review in named and years.plan not in named
    ahead = (years.plan in named and years.review not in named) or _plans_ahead(heading, years)
    reviews = _says("achievements", "strong", heading) and not ahead
    if _states_problems(heading) and not reviews:
        return "problems"
    if reviews:
        return "achievements"
    if ahead or _says("plan", "strong", heading):
        return "plan"
    for role in ("highlights", "achievements") if behind else ("highlights", "plan", "achievements"):
        if _says(role, "cues", heading):
            return role
    return "achievements" if behind else None


def _states_problems(heading: str) -> bool:
    cued = _says("problems", "cues", heading) and not _says("problems", "unless", heading)
    return cued or _is("problems", heading, "whole")


def _plans_ahead(heading: str, years: Years) -> bool:
    """Whether a heading names a five-year plan that begins after the year under review, and none before it."""
    begins = find_plan_years(heading)
    return bool(begins) and years.review is not None and min(begins) > years.review


def heading_roles(heading: str, years: Years) -> list[str]:
    """Read the roles that a heading names one behind the other, e.g. problems and plan for 存在问题及下步打算."""
    whole = heading_role(heading, years)
    stretches = [stretch for stretch in rule("roles.toml", "heading.joints").split(heading) if _is_matter(stretch)]
    told = [heading_role(stretch, years) for stretch in stretches]
    turns = [role for n, role in enumerate(told) if role and role not in told[:n]]
    if set(turns) == {"achievements", "highlights"}:
        return ["achievements"]
    if len(turns) > 1 and turns == [role for role in ORDER if role in turns]:
        return turns
    return [whole] if whole else []


def _is_matter(stretch: str) -> bool:
    """Whether what stands between two joints of a heading may be a matter of its own."""
    return len(stretch) >= _MIN_STRETCH or _is("heading", stretch, "short")


def inner_role(heading: str, inherited: str) -> str:
    """Read the role of a heading inside a section, which keeps the section's unless the heading is all another's."""
    for role in ("problems", "highlights", "plan"):
        allowed = inherited in _CHANGES_FROM.get(role, ("achievements", "highlights", "problems", "plan"))
        if allowed and _is(role, heading.strip(_FRAME), "whole"):
            return role
    return inherited


def bare_heading_role(line: str) -> str | None:
    """Read the role of a short line without number or punctuation; None when it is no heading."""
    for role in ("problems", "highlights", "achievements", "plan"):
        if _is(role, line.strip(_FRAME), "whole", "bare"):
            return role
    return None


def frames_years(line: str) -> bool:
    """Whether a short line says no more than which years come next (2024——开局起步的一年)."""
    return _is("heading", line, "frames")


def paragraph_role(paragraph: str, *, plan_year: int | None) -> str | None:
    """Read the role of an unnumbered paragraph from how it opens; None when it goes on as before."""
    label, *behind = _COLON.split(paragraph[: _MAX_LABEL + 1], maxsplit=1)
    for role in ("problems", "plan"):
        if behind and _is(role, label, "whole"):
            return role
        if rule("roles.toml", f"{role}.paragraph", next=str(plan_year or "0000")).search(paragraph[:_OPENING]):
            return role
    return None


def tense_role(text: str) -> str:
    """Tell a review from a plan by its words of what is done and what is to come."""
    done = sum(1 for _ in rule("roles.toml", "tense.done").finditer(text))
    ahead = sum(1 for _ in rule("roles.toml", "tense.ahead").finditer(text))
    return "plan" if ahead > done else "achievements"


def is_plan_title(title: str) -> bool:
    """Whether a title promises a plan and nothing else."""
    return _says("title", "plan_only", title)


def is_review_title(title: str) -> bool:
    """Whether a title promises a review and nothing else."""
    return _says("title", "review_only", title)


def opening_end(text: str, start: int, end: int) -> int:
    """Where the opening of an unnumbered report ends: behind …汇报如下 or …做好以下工作, else at ``start``."""
    match = rule("roles.toml", "opening.last").search(text, start, start + (end - start) // 2)
    return match.end() if match else start


def is_opening(line: str) -> bool:
    """Whether the first line of a report opens it: names its year, its leaders, its guidance."""
    return _says("opening", "first", line)


@dataclass(frozen=True)
class Assigned:
    """A section's role, whether that is sure, the roles that its heading announces for later, whether it says so."""

    role: str
    sure: bool = True
    later: tuple[str, ...] = ()
    stated: bool = False


def assign_sections(
    sections: list[tuple[str, str]], years: Years, *, title: str, government: bool = False, again: int | None = None
) -> list[Assigned]:
    """Give every section of a report its role."""
    stated = [heading_roles(heading, years) for heading, _ in sections]
    if is_plan_title(title):
        return [Assigned("problems" if told[:1] == ["problems"] else "plan", stated=bool(told)) for told in stated]
    if government:  # 主要工作 behind its review may be those of the year that comes
        heads = [heading for heading, _ in sections]
        weak = [n for n in range(1, len(heads)) if stated[n] == ["achievements"] and not _reviews(heads[n], years)]
        stated = [[] if n in weak else told for n, told in enumerate(stated)]
    turn = next((n for n, told in enumerate(stated) if told and told[0] in ("problems", "plan")), len(stated))
    closed = next((n for n, (_, text) in enumerate(sections) if _closes(text, years)), len(stated))
    reviewed = turn if turn < len(stated) or is_review_title(title) else 0  # sections that a review must be of
    if government:
        reviewed, closed = again or 1, min(closed, (again or len(stated)) - 1)
    return _by_place(stated, [text for _, text in sections], reviewed, closed)


def _by_place(stated: list[list[str]], texts: list[str], reviewed: int, closed: int) -> list[Assigned]:
    """Give sections the roles they state; of the others the first ``reviewed`` review, those behind ``closed`` plan."""
    assigned: list[Assigned] = []
    planned = False
    for number, (told, text) in enumerate(zip(stated, texts, strict=True)):
        if told:
            assigned.append(Assigned(told[0], later=tuple(told[1:]), stated=True))
        elif planned or number > closed:
            assigned.append(Assigned("plan"))
        elif number < reviewed:
            assigned.append(Assigned("achievements"))
        else:
            assigned.append(Assigned(tense_role(text), sure=False))
        planned = planned or "plan" in told
    return assigned


def _reviews(heading: str, years: Years) -> bool:
    """Whether a heading says in so many words that it reviews, or names the year under review."""
    return _says("achievements", "strong", heading) or years.review in find_years(heading)


def _closes(text: str, years: Years) -> bool:
    """Whether a section ends its review with the problems that remain; what follows it plans."""
    last = text.rstrip().split("\n")[-_LAST_LINES:]
    return any(paragraph_role(line.strip(_FRAME), plan_year=years.plan) == "problems" for line in last[1:])


def turning_point(stretches: list[str], first: str, second: str) -> int | None:
    """Find where the words of one role end and those of another begin: the split that leaves most on their side.

    The first stretch of the second role. None when there is but one, and for problems also when no split is better than
    none: each point may state a problem and its remedy.
    """
    of_first, of_second = (rule("roles.toml", f"tense.{_WORDS[role]}") for role in (first, second))
    gains = [len(of_second.findall(stretch)) - len(of_first.findall(stretch)) for stretch in stretches]
    behind = list(accumulate(reversed(gains)))[::-1]
    if len(gains) < 2 or (first == "problems" and max(behind[1:]) <= max(0, behind[0])):  # noqa: PLR2004
        return None
    return behind.index(max(behind[1:]), 1)


def leading_heading(text: str) -> str:
    """The heading that begins a text which runs on without a stop (2025年工作思路深入贯彻…); empty when none does."""
    goes_on = rule("roles.toml", "heading.goes_on")
    for size in range(_MIN_STRETCH, min(len(text), _MAX_LABEL)):
        if not goes_on.match(text, size) and bare_heading_role(text[:size]):
            return text[:size]
    return ""


def in_words(role: str) -> dict[str, str]:
    """What a role is called, as the messages of doubts take it: ``role`` in Chinese, ``role_en`` in English."""
    names = knowledge("labels.toml")["roles"][role]
    return {"role": names["zh"], "role_en": names["en"]}
