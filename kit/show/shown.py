"""Tables, and the sentences behind their numbers, as notebooks and pages show them: named, rounded, escaped."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.measure.theme_counts import find_evidence
from kit.measure.themes import find_hits
from kit.read.compilation import Compilation
from kit.show.labels import label, theme_labels

SEPARATOR = "、"
# Columns whose values have names of their own: the group of labels.toml they stand in.
VALUE_GROUPS = {
    "role": "roles",
    "status": "statuses",
    "state": "states",
    "severity": "severities",
    "sector": "sectors",
    "level": "levels",
    "kind": "kinds",
}


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


def show_table(table: pd.DataFrame, *, columns: Sequence[str] = (), most: int = 20, lang: str = "zh") -> Shown:
    """Show a table with its columns and values named in a language, numbers rounded, gaps left blank.

    Parameters
    ----------
    table : DataFrame
        Any table of the kit.
    columns : sequence of str
        Only these, in this order; all without.
    most : int
        Rows shown at most; the caption says how many there are.
    lang : {"zh", "en"}

    Returns
    -------
    Shown
    """
    names = list(columns) or list(table.columns)
    rows = [
        [escape(_written(name, value, lang)) for name, value in zip(names, row, strict=True)]
        for row in table[names].head(most).itertuples(index=False)
    ]
    caption = "" if len(rows) == len(table) else f"{len(rows)} / {len(table)}"
    return _shown(rows, caption, [_head(str(name), lang) for name in names])


def _head(name: str, lang: str) -> str:
    """A column's name in a language; columns that only a user's own table has keep theirs."""
    return label("columns", name, lang) if name in knowledge("labels.toml")["columns"] else name


def _written(name: str, value: Any, lang: str) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    if name == "theme":
        return theme_labels(lang).get(value, value)
    group = VALUE_GROUPS.get(name)
    return label(group, value, lang) if group else str(value)


def show_evidence(
    compilation: Compilation,
    *,
    theme: str | None = None,
    agency: str | None = None,
    report: int | None = None,
    role: str | None = None,
    hits: pd.DataFrame | None = None,
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
    most : int
        Sentences shown at most; the head says how many there are.
    lang : {"zh", "en"}

    Returns
    -------
    Shown

    Raises
    ------
    TableError
        When the agency or the report is not in the compilation.
    """
    hits = find_hits(compilation) if hits is None else hits
    found = find_evidence(compilation, hits, theme=theme, agency=agency, report=report, role=role)
    rows = [
        [
            f"{row.agency} [{row.start}]",
            label("roles", row.role, lang),
            theme_labels(lang).get(row.theme, row.theme) if theme is None else "",
            _mark(row.text, row.terms.split(SEPARATOR)),
        ]
        for row in found.head(most).itertuples()
    ]
    return _shown(rows, f"{len(rows)} / {len(found)}")


def show_matches(
    compilation: Compilation,
    items: pd.DataFrame,
    matches: pd.DataFrame,
    *,
    report: int | None = None,
    status: str | None = None,
    most: int = 12,
    lang: str = "zh",
) -> Shown:
    """Show plan items beside their best evidence in the review, what ties them marked in both.

    Parameters
    ----------
    compilation : Compilation
    items : DataFrame
        `tables.ITEMS`.
    matches : DataFrame
        `tables.MATCHES`.
    report : int, optional
        Only of this report.
    status : str, optional
        Only items of this status.
    most : int
        Items shown at most; the head says how many there are.
    lang : {"zh", "en"}

    Returns
    -------
    Shown
    """
    best = matches[matches["rank"] == 1].merge(items[["item", "start", "end"]], on="item")
    best = best if report is None else best[best["report"] == report]
    best = best if status is None else best[best["status"] == status]
    rows = [
        [
            f"{label('statuses', row.status, lang)} {row.score:.2f}",
            _mark(_cut(compilation.text, row.start, row.end), row.ties.split(SEPARATOR)) + f" [{row.start}]",
            _evidence(compilation.text, row),
        ]
        for row in best.head(most).itertuples()
    ]
    return _shown(rows, f"{len(rows)} / {len(best)}")


def _evidence(text: str, row: tuple) -> str:
    if pd.isna(row.evidence_start) or row.status == "new":
        return "—"
    words = row.ties.split(SEPARATOR)
    return _mark(_cut(text, row.evidence_start, row.evidence_end), words) + f" [{row.evidence_start}]"


def _cut(text: str, start: int, end: int, most: int = 160) -> str:
    own = text[start:end].strip()
    return own if len(own) <= most else own[:most] + "…"


def _mark(text: str, words: Iterable[str]) -> str:
    """Escape a text and mark words in it."""
    known = sorted(filter(None, set(words)), key=len, reverse=True)
    if not known:
        return escape(text)
    pieces = re.split(f"({'|'.join(map(re.escape, known))})", text)
    return "".join(f"<mark>{escape(p)}</mark>" if p in known else escape(p) for p in pieces)


def _shown(rows: Sequence[Sequence[str]], caption: str, heads: Sequence[str] = ()) -> Shown:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    top = (f"<caption>{caption}</caption>" if caption else "") + (f"<thead><tr>{head}</tr></thead>" if heads else "")
    plain = [re.sub(r"</?mark>", "", "  ".join(filter(None, row))) for row in rows]
    return Shown(f"<table>{top}<tbody>{body}</tbody></table>", "\n".join([*filter(None, [caption]), *plain]))
