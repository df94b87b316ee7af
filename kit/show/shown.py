"""Tables, and the sentences behind their numbers, as notebooks and pages show them: named, rounded, escaped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape, unescape
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.measure.codebook import codebook_of
from kit.measure.summaries import find_evidence
from kit.measure.themes import find_hits
from kit.read.compilation import Compilation
from kit.show.labels import label, theme_labels
from kit.show.quotes import assumed
from kit.show.scope import agency_name
from kit.tables import REVIEW_ROLES

SEPARATOR = "、"
# What the head of a column can be, in this order: a column, or the value that a table was spread out by.
HEADS = ("columns", "states", "statuses", "number_verdicts", "roles", "masks")
AGENCIES = ("agency", "later_agency")
# Whole numbers that say which, where or when, not how many.
MARKERS = {"report", "later_report", "item", "rank", "evidence", "answers", "partner", "sentence", "part", "period"}
THEMES = ("theme", "other_theme")  # columns that hold keys of themes
SHORT = 14  # characters that stay on one line
NUMBER = re.compile("[-\\d.,✓]*")
LONGEST = 160  # characters of a text that is shown


@dataclass(frozen=True)
class Shown:
    """A table of sentences: HTML in a notebook, plain lines elsewhere."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the plain lines."""
        return self.text


def show_table(
    table: pd.DataFrame,
    *,
    columns: Sequence[str] = (),
    compilation: Compilation | None = None,
    most: int = 20,
    lang: str = "zh",
) -> Shown:
    """Show a table with its columns and values named in a language, numbers rounded, gaps left blank.

    Parameters
    ----------
    table : DataFrame
        Any table of the kit.
    columns : sequence of str
        Only these, in this order; all without.
    compilation : Compilation, optional
        Names its own themes; adds what stands there to a table with ``start`` and ``end``, as ``text``, and who says
        it, as ``agency``.
    most : int
        Rows shown at most; the caption says how many there are.
    lang : {"zh", "en"}

    Returns
    -------
    Shown
    """
    if compilation is not None and {"report", "start", "end"} <= set(table.columns):
        table = _with_text(table, compilation)
    names = list(columns) or list(table.columns)
    themes = theme_labels(lang, codebook_of(compilation) if compilation else None)
    rows = [
        [escape(_written(name, value, themes, lang)) for name, value in zip(names, row, strict=True)]
        for row in table[names].head(most).itertuples(index=False)
    ]
    caption = "" if len(rows) == len(table) else f"{len(rows)} / {len(table)}"
    return _shown(rows, caption, lang, [_named(HEADS, str(name), lang) for name in names])


def _with_text(table: pd.DataFrame, compilation: Compilation) -> pd.DataFrame:
    agencies = dict(zip(compilation.reports["report"], compilation.reports["agency"], strict=True))
    spans = zip(table["start"], table["end"], strict=True)
    return table.assign(
        agency=[agencies.get(report, "") for report in table["report"]],
        text=[_cut(compilation.text, start, end) for start, end in spans],
    )


def _named(groups: Sequence[str], key: str, lang: str) -> str:
    """What the first of the groups that knows a key calls it; what none knows, as in a user's own table, stays."""
    known = _names()
    return next((known[group][key][lang] for group in groups if key in known[group]), key)


@cache
def _names() -> dict[str, Mapping]:
    """Return the groups of names: those of labels.toml, columns, headline indicators."""
    columns = {name: column.called for name, column in tables.COLUMNS.items()}
    return knowledge("labels.toml") | {"headlines": knowledge("headlines.toml")["headline"], "columns": columns}


def _written(name: str, value: Any, themes: Mapping[str, str], lang: str) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "✓" if value else ""
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    if name in AGENCIES:
        return agency_name(value, lang)
    if name == "assumed":
        return assumed(value, lang)
    if name in THEMES and value in themes:
        return themes[value]
    return value_name(name, str(value), lang)


def value_name(column: str, value: str, lang: str) -> str:
    """Return what a column's value is called; one that has no name of its own stays as it is."""
    return _named(tables.groups(column), value, lang)


def digest(table: pd.DataFrame) -> str:
    """Say in one line what numbers a table holds, so that any change shows.

    Returns
    -------
    str
        Its rows, the sum of each column of counts, and the first eight digits of the SHA-256 of the whole table,
        six figures a number.
    """
    whole = [name for name in table.select_dtypes("integer") if name not in MARKERS]
    counts = [name for name in whole if not name.endswith(("start", "end")) and not name.startswith("of_")]
    sums = [f"{name} {int(table[name].sum())}" for name in counts]
    check = sha256(table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()).hexdigest()[:8]
    return " · ".join([f"{len(table)} rows", *sums, check])


def show_evidence(
    compilation: Compilation,
    *,
    theme: str | None = None,
    agency: str | None = None,
    report: int | None = None,
    role: str | None = None,
    hits: pd.DataFrame | None = None,
    sides: bool = False,
    most: int = 30,
    lang: str = "zh",
) -> Shown:
    """Show the sentences behind a cell of the theme figures.

    Parameters
    ----------
    compilation : Compilation
    theme, agency, report, role : optional
        Only of this theme, agency, report, role.
    hits : DataFrame, optional
        From `find_hits`; found anew without.
    sides : bool
        The review's sentences beside the plan's, as a mark of the coverage figure compares them.
    most : int
        Sentences shown at most (of each side); the head says how many there are.
    lang : {"zh", "en"}

    Returns
    -------
    Shown

    Raises
    ------
    TableError
        When the agency or the report is not in the compilation.
    """
    themes = theme_labels(lang, codebook_of(compilation))
    hits = find_hits(compilation) if hits is None else hits
    found = find_evidence(compilation, hits, theme=theme, agency=agency, report=report, role=role)
    if sides:
        return _side_by_side(found, most, lang)
    rows = [
        [
            escape(f"{agency_name(row.agency, lang)} [{row.start}]"),
            label("roles", row.role, lang),
            themes.get(row.theme, row.theme) if theme is None else "",
            _mark(row.text, row.terms.split(SEPARATOR)),
        ]
        for row in found.head(most).itertuples()
    ]
    return _shown(rows, f"{len(rows)} / {len(found)}", lang)


def _side_by_side(found: pd.DataFrame, most: int, lang: str) -> Shown:
    """The review's sentences on the left, the plan's on the right."""
    reviews = found["role"].isin(REVIEW_ROLES)
    sides = {"review": found[reviews], "plan": found[found["role"] == "plan"]}
    columns = [
        [_mark(row.text, row.terms.split(SEPARATOR)) + f" [{row.start}]" for row in side.head(most).itertuples()]
        for side in sides.values()
    ]
    heads = [f"{label('sides', name, lang)} {len(side)}" for name, side in sides.items()]
    return _shown([list(row) for row in zip_longest(*columns, fillvalue="")], "", lang, heads)


def show_matches(
    compilation: Compilation,
    matches: pd.DataFrame,
    *,
    items: pd.DataFrame | None = None,
    later: Compilation | None = None,
    report: int | None = None,
    status: str | None = None,
    most: int = 12,
    lang: str = "zh",
) -> Shown:
    """Show plan items beside what answers them, what ties the two marked in both: continuity, or fulfilment.

    Parameters
    ----------
    compilation : Compilation
        Whose plan it is.
    matches : DataFrame
        `tables.MATCHES` (continuity, with ``items``) or `tables.FULFILMENT` (with ``later``).
    items : DataFrame, optional
        `tables.ITEMS`, of continuity.
    later : Compilation, optional
        Whose review it is, of fulfilment.
    report : int, optional
        Only of this report; without it of all but near copies.
    status : str, optional
        Only items of this status.
    most : int
        Items shown at most; the head says how many there are.
    lang : {"zh", "en"}

    Returns
    -------
    Shown
    """
    if items is not None:
        agencies = compilation.reports[["report", "agency"]]
        matches = matches[matches["rank"] == 1].merge(items[["item", "start", "end"]], on="item")
        matches = matches.merge(agencies, on="report")
    matches = matches[matches["report"].isin(compilation.counted["report"] if report is None else [report])]
    matches = matches if status is None else matches[matches["status"] == status]
    rows = [
        [
            escape(f"{agency_name(row.agency, lang)} · {label('statuses', row.status, lang)} {row.score:.2f}"),
            _quoted(compilation.text, row.start, row.end, row.ties),
            _evidence((later or compilation).text, row),
            *([_numbers(row, lang)] if later else []),
        ]
        for row in matches.head(most).itertuples()
    ]
    return _shown(rows, f"{len(rows)} / {len(matches)}", lang)


def _numbers(row: Any, lang: str) -> str:
    """What was promised and reported of a promise's number, and what follows."""
    if not row.number_verdict:
        return ""
    target, actual = ("?" if pd.isna(value) else f"{value:g}" for value in (row.target, row.actual))
    return escape(f"{label('number_verdicts', row.number_verdict, lang)} {target} → {actual} {row.unit}".strip())


def _evidence(text: str, row: Any) -> str:
    if pd.isna(row.evidence_start) or getattr(row, "status", "") == "new":
        return "—"
    return _quoted(text, row.evidence_start, row.evidence_end, row.ties)


def _quoted(text: str, start: int, end: int, ties: str) -> str:
    """What stands at a place, the words that tie it to another marked, and the place."""
    return _mark(_cut(text, start, end), ties.split(SEPARATOR)) + f" [{start}]"


def _cut(text: str, start: int, end: int, most: int = LONGEST) -> str:
    own = text[start:end].strip()
    return own if len(own) <= most else own[:most] + "…"


def _mark(text: str, words: Iterable[str]) -> str:
    """Escape a text and mark words in it."""
    known = sorted(filter(None, set(words)), key=len, reverse=True)
    if not known:
        return escape(text)
    pieces = re.split(f"({'|'.join(map(re.escape, known))})", text)
    return "".join(f"<mark>{escape(p)}</mark>" if p in known else escape(p) for p in pieces)


def _shown(rows: Sequence[Sequence[str]], caption: str, lang: str, heads: Sequence[str] = ()) -> Shown:
    if not rows:
        none = label("notices", "none", lang)
        return Shown(f"<p>{none}</p>", none)
    words = [not all(NUMBER.fullmatch(row[at]) for row in rows) for at in range(len(heads))]
    head = "".join(
        f'<th style="{_style(name, left=left)}">{escape(name)}</th>' for name, left in zip(heads, words, strict=True)
    )
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    top = (f"<caption>{caption}</caption>" if caption else "") + (f"<thead><tr>{head}</tr></thead>" if heads else "")
    plain = [unescape(re.sub(r"</?mark>", "", "  ".join(filter(None, row)))) for row in rows]
    return Shown(f"<table>{top}<tbody>{body}</tbody></table>", "\n".join([*filter(None, [caption]), *plain]))


def _cell(text: str) -> str:
    """Words to the left, as they are read; numbers stay on the right, where notebooks put every cell."""
    return f"<td>{text}</td>" if NUMBER.fullmatch(text) else f'<td style="{_style(text, left=True)}">{text}</td>'


def _style(text: str, *, left: bool) -> str:
    stays = len(text) <= SHORT and " " not in text
    return "text-align:" + ("left" if left else "right") + ";white-space:nowrap" * stays
