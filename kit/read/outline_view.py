"""The outline of a compilation as an indented text, so that a person sees at once whether the reading is right."""

from collections import defaultdict
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.read.compilation import Compilation
from kit.read.lines import SPACE

SNIPPET = 24  # characters shown of a part without a heading


def show_outline(compilation: Compilation, *, lang: str = "zh", depth: int = 9) -> str:
    """Write every report's parts as an indented tree, each behind its role, doubts where they arise.

    Parameters
    ----------
    compilation : Compilation
    lang : {"zh", "en"}
        Language of the roles and doubts.
    depth : int
        Levels of numbering to show; a deeper part is shown when its role is not its parent's, or is doubtful.

    Returns
    -------
    str
        A line for each report and, indented, for each of its parts.
    """
    names = {role: name[lang] for role, name in knowledge("labels.toml")["roles"].items()}
    width = max(len(names[role]) for role in compilation.parts["role"]) + 1
    asides = _asides(compilation, "message" if lang == "zh" else "message_en")
    roles = dict(zip(compilation.parts["part"], compilation.parts["role"], strict=True))
    heads = {row.report: _head(row) for row in compilation.reports.itertuples()}
    lines = []
    for part in compilation.parts.itertuples():
        if part.report in heads:
            lines.append(heads.pop(part.report))
        if part.depth <= depth or asides[part.part] or roles.get(part.parent) != part.role:
            tree = "  " * max(part.depth - 1, 0) + _words(compilation.text, part)
            lines.append(f"  {names[part.role]:{width}}{tree}{asides[part.part]}")
    return "\n".join(lines)


def _head(report: Any) -> str:
    years = f"{_year(report.period)}→{_year(report.plan_period)}"
    copy = "" if pd.isna(report.copy_of) else f" = {report.copy_of}"
    return f"{report.report} {report.agency} {years}{copy}"


def _year(year: int | None) -> str:
    return "–" if pd.isna(year) else str(year)


def _words(text: str, part: Any) -> str:
    if part.heading:
        gap = " " if part.marker[-1:].isdecimal() else ""
        return part.marker.replace("\n", "") + gap + part.heading
    own = text[part.start : part.end].strip(SPACE + "\n")
    snippet = own[:SNIPPET].replace("\n", " ")
    return snippet + "…" if len(own) > SNIPPET else snippet


def _asides(compilation: Compilation, column: str) -> defaultdict[int, str]:
    """Doubts that ask to be looked at, by the part that they point into."""
    asides: defaultdict[int, str] = defaultdict(str)
    doubts = compilation.doubts[compilation.doubts["severity"] != "note"]
    places = compilation.parts["start"].searchsorted(doubts["start"], side="right") - 1
    for place, message in zip(places, doubts[column], strict=True):
        asides[int(compilation.parts["part"].iloc[max(place, 0)])] += f"  ← {message}"
    return asides
