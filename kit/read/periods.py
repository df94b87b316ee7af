"""Which year a report reviews, and which it plans."""

import re

from kit.data import knowledge
from kit.read import layout, roles
from kit.read.drafts import Draft
from kit.read.roles import Years

_OPENING = 1500
_TOP = 200
_HEADING = 40


def dated_title(front: str) -> str:
    """The compilation's own title, where it names a year (柳溪县2023年…汇编); else empty."""
    lines = (line.text for line in layout.split_lines(front))
    return next((t for t in lines if layout.find_years(t) and (layout.is_collection(t) or layout.is_title(t))), "")


def find_periods(text: str, draft: Draft) -> Years:
    """Read the years from a report's title, else from its headings, else from its opening.

    A government's report to its assembly is named after the year it is given in, which it plans.

    Parameters
    ----------
    text : str
        The whole text, folded.
    draft : Draft

    Returns
    -------
    Years
        None for a year that is neither written nor follows from the other.
    """
    years = sorted(set(layout.find_years(draft.title)))
    opening = text[draft.start : draft.start + _OPENING]
    if layout.is_government_report(draft.title or opening[:_HEADING]):
        years = years or layout.find_years(opening[:_TOP])[:1]
        return Years(years[0] - 1, years[0]) if years else Years()
    if len(years) > 1:
        return _several(draft.title, years)
    if years and roles.is_plan_title(draft.title):
        return Years(None, years[0])
    if years and re.search(knowledge("roles.toml")["title"]["same_year"], draft.title):
        return Years(years[0], years[0])
    given = [line.text for line in draft.titles if layout.rule("title", "assembly").search(line.text)]
    if given and not years:
        return Years(layout.find_years(given[0])[0] - 1, layout.find_years(given[0])[0])
    review = _reviewed(draft) or next(iter(years or sorted(set(layout.find_years(opening)[:2]))), None)
    return Years(review, review + 1) if review else Years()


def _several(title: str, years: list[int]) -> Years:
    """Of several years in a title the last is the plan's, unless all are reviewed (2021—2023年工作总结)."""
    matches = list(layout.rule("year", "named").finditer(title))
    at = next(n for n, match in enumerate(matches) if layout.find_years(title[match.start() :])[:1] == years[-1:])
    end = matches[at + 1].start() if at + 1 < len(matches) else len(title)
    if roles.heading_role(title[matches[at].end() : end], Years()) == "achievements":
        return Years(years[-1], years[-1] + 1)
    return Years(years[-2], years[-1])


def _reviewed(draft: Draft) -> int | None:
    """The year whose review a section's heading announces."""
    for line in draft.lines:
        head = line.text[:_HEADING]
        years = layout.find_years(head) if layout.is_numbered(head) else []
        if len(years) == 1 and roles.heading_role(head, Years(review=years[0])) == "achievements":
            return years[0]
    return None
