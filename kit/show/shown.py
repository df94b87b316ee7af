"""Tables, and the sentences behind their numbers, as notebooks and pages show them: named, rounded, escaped."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, template
from kit.measure.analysis import Analysis
from kit.measure.counts import find_evidence
from kit.measure.findings import authors_of
from kit.measure.places import period_of
from kit.read.lines import mend
from kit.show.style import marked_labels
from kit.tables import REVIEW_ROLES
from kit.wording import agency_name, label

SEPARATOR = "、"
# What the head of a column can be, in this order: a column, or the value that a table was spread out by.
HEADS = ("states", "statuses", "number_verdicts", "roles", "masks")
AGENCIES = ("agency", "later_agency")
THEMES = ("theme", "other_theme")  # columns that hold keys of themes
CONTEXT = {"left": "right", "keyword": "center", "right": "left"}  # words in their context: aligned on the keyword
SHORT = 14  # characters that stay on one line
NUMBER = re.compile("[-\\d.,✓]*")
LONGEST = 160  # characters of a text that is shown
GAP = re.compile(r"[\s\x00-\x1f]+")
Pieces = list[tuple[str, bool]]  # a text in pieces, each with whether it is marked


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


def show_table(table: pd.DataFrame, analysis: Analysis, *, columns: Sequence[str] = (), most: int = 20) -> Shown:
    """Show a table with its columns and values named in the analysis's language, numbers rounded, gaps left blank.

    Parameters
    ----------
    table : DataFrame
        Any table of the kit. One with ``report, start, end`` gets what it lacks of ``agency`` and ``text``: who says
        it, and what stands there (of promises in the earlier year). One with a ``keyword`` is aligned on it.
    analysis : Analysis
        Names its own themes.
    columns : sequence of str
        Only these, in this order; all without.
    most : int
        Rows shown at most; the caption says how many there are.

    Returns
    -------
    Shown
    """
    shown = _with_text(table.head(most), analysis)
    names = list(columns) or list(shown.columns)
    heads, *rows = in_words(shown[names], analysis)
    aligned = {names.index(name): align for name, align in CONTEXT.items() if {"keyword", name} <= set(names)}
    caption = f"{len(shown)} / {len(table)}" if aligned or len(shown) < len(table) else ""
    return _shown(rows, caption, analysis.lang, heads, aligned=aligned)


def in_words(table: pd.DataFrame, analysis: Analysis) -> list[list[str]]:
    """Return the heads of a table, then its rows, in the analysis's language."""
    lang, themes = analysis.lang, marked_labels(analysis.lang, analysis.codebook)
    heads = [tables.label(str(name), lang) or _named(HEADS, str(name), lang) for name in table]
    if "agency" in table and "place" not in table:  # who reports is a place, or an agency
        heads[list(table).index("agency")] = label(f"authors.{authors_of(analysis.compilation)}", "author", lang)
    rows = table.itertuples(index=False)
    return [heads, *([_written(name, one, themes, lang) for name, one in zip(table, row, strict=True)] for row in rows)]


def _with_text(table: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    if not {"report", "start", "end"} <= set(table.columns):
        return table
    if "in" in table:  # each row points into the text of its own year
        texts = [year.compilation.text for year in analysis.years]
        spans_of = zip(table["in"], table["start"], table["end"], strict=True)
        told = ["" if pd.isna(start) else cut(texts[at - 1][int(start) : int(end)]) for at, start, end in spans_of]
        return table.assign(text=told)
    year = analysis.earlier if analysis.earlier and "later_report" in table else analysis
    compilation = year.compilation
    agencies = dict(zip(compilation.reports["report"], compilation.reports["agency"], strict=True))
    spans = zip(table["start"], table["end"], strict=True)
    found = {
        "agency": [agencies.get(report, "") for report in table["report"]],
        "text": [cut(compilation.text[start:end]) for start, end in spans],
    }
    return table.assign(**{name: column for name, column in found.items() if name not in table})


def _named(groups: Sequence[str], key: str, lang: str) -> str:
    """What the first of the groups that knows a key calls it; what none knows, as in a user's own table, stays."""
    known = knowledge("labels.toml") | {"headlines": knowledge("headlines.toml")["headline"]}
    return next((known[group][key][lang] for group in groups if key in known[group]), key)


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


def one_line(text: str) -> str:
    """Return a text with every run of white space and control characters as one space."""
    return GAP.sub(" ", mend(text, "")).strip()


def cut(text: str, most: int = LONGEST) -> str:
    """Return a text without the white space around it, shortened."""
    own = text.strip()
    return own if len(own) <= most else own[:most] + "…"


def assumed(text: str, lang: str) -> str:
    """Return what the reader assumed in one language; the table says it in both."""
    return agency_name(one_line(text.split(" · ")[0 if lang == "zh" else -1]), lang)


def html(macro: str, *values: Any) -> str:
    """Write what a macro of the widgets' template makes of some values."""
    return str(getattr(template("widgets.html").module, macro)(*values))


def show_evidence(
    analysis: Analysis,
    *,
    theme: str | None = None,
    agency: str | None = None,
    report: int | None = None,
    role: str | None = None,
    table: pd.DataFrame | None = None,
    sides: bool | str = False,
    most: int = 30,
) -> Shown:
    """Show the sentences behind a cell of the theme figures.

    Parameters
    ----------
    analysis : Analysis
    theme, agency, report, role : optional
        Only of this theme, agency, report, role.
    table : DataFrame, optional
        `tables.HITS`; default: the analysis's.
    sides : bool, "years" or "places"
        The review's sentences beside the plan's, as a mark of the coverage figure compares them; ``"years"``: those of
        all years, the earliest first, so many of each; ``"places"``: those of each place.
    most : int
        Sentences shown at most (of each side); the head says how many there are.

    Returns
    -------
    Shown

    Raises
    ------
    TableError
        When the agency or the report is not in the compilation.
    """
    lang, themes = analysis.lang, marked_labels(analysis.lang, analysis.codebook)
    if sides in ("years", "places"):
        return _group_by_group(analysis, {"theme": theme, "role": role}, most, str(sides))
    hits = analysis.hits if table is None else table
    found = find_evidence(analysis.compilation, hits, theme=theme, agency=agency, report=report, role=role)
    if sides:
        return _side_by_side(found, most, lang)
    rows = [
        [
            _whose(row, lang),
            label("roles", row.role, lang),
            themes.get(row.theme, row.theme) if theme is None else "",
            _marked(row.text, row.terms),
        ]
        for row in found.head(most).itertuples()
    ]
    return _shown(rows, f"{len(rows)} / {len(found)}", lang)


def _whose(row: Any, lang: str) -> str:
    return f"{agency_name(row.agency, lang)} [{row.start}]"


def _group_by_group(analysis: Analysis, wanted: Mapping[str, Any], most: int, sides: str) -> Shown:
    """The sentences of every year, or of every place, its name and their number before them."""
    if sides == "years":
        told = [
            (period_of(year.compilation) or year.compilation.name, find_evidence(year.compilation, year.hits, **wanted))
            for year in analysis.years
        ]
    else:
        found = find_evidence(analysis.compilation, analysis.hits, **wanted)
        reports = analysis.compilation.reports.groupby("place", sort=False)["report"]
        told = [(place, found[found["report"].isin(own)]) for place, own in reports]
    rows: list[list[str | Pieces]] = []
    for name, own in told:
        rows.append([f"{name} · {len(own)}", "", ""])
        rows += [["", _whose(row, analysis.lang), _marked(row.text, row.terms)] for row in own.head(most).itertuples()]
    return _shown(rows, "", analysis.lang)


def _side_by_side(found: pd.DataFrame, most: int, lang: str) -> Shown:
    """The review's sentences on the left, the plan's on the right."""
    sides = {"review": found[found["role"].isin(REVIEW_ROLES)], "plan": found[found["role"] == "plan"]}
    columns: list[list[str | Pieces]] = [
        [_quoted(row.text, row.start, row.terms) for row in side.head(most).itertuples()] for side in sides.values()
    ]
    heads = [f"{label('sides', name, lang)} {len(side)}" for name, side in sides.items()]
    return _shown(list(zip_longest(*columns, fillvalue="")), "", lang, heads)


def show_matches(
    analysis: Analysis,
    *,
    measure: str = "continuity",
    table: pd.DataFrame | None = None,
    report: int | None = None,
    status: str | None = None,
    most: int = 12,
) -> Shown:
    """Show plan items beside what answers them, what ties the two marked in both.

    Parameters
    ----------
    analysis : Analysis
    measure : {"continuity", "fulfilment", "chains"}
        Items beside the review of the same report, or last year's promises beside this year's review; chains: promises
        step by step over all years.
    table : DataFrame, optional
        `tables.MATCHES`, `tables.FULFILMENT` or `tables.CHAINS`; default: the analysis's.
    report : int, optional
        Only of this report (of fulfilment the earlier one); without it of all but near copies.
    status : str, optional
        Only items of this status.
    most : int
        Items shown at most; the head says how many there are.

    Returns
    -------
    Shown
    """
    lang, later = analysis.lang, analysis.compilation
    if measure == "chains":
        return _show_chains(analysis, analysis.chains if table is None else table, status, most)
    earlier = analysis.earlier.compilation if analysis.earlier and measure == "fulfilment" else None
    promising = earlier or later
    matches = analysis.table("fulfilment" if earlier else "matches") if table is None else table
    if not earlier:
        matches = matches[matches["rank"] == 1].merge(analysis.items[["item", "start", "end"]], on="item")
        matches = matches.merge(promising.reports[["report", "agency"]], on="report")
    matches = matches[matches["report"].isin(promising.counted["report"] if report is None else [report])]
    matches = matches if status is None else matches[matches["status"] == status]
    rows = [
        [*_pair(row, promising.text, later.text, lang), *([_numbers(row, lang)] if earlier else [])]
        for row in matches.head(most).itertuples()
    ]
    return _shown(rows, f"{len(rows)} / {len(matches)}", lang)


def _pair(row: Any, promises: str, reviews: str, lang: str) -> list[str | Pieces]:
    """A plan item, how it was matched before it, beside what answers it."""
    said = label("deciders", "override", lang) if row.decided_by == "override" else f"{row.score:.2f}"
    about = f"{agency_name(row.agency, lang)} · {label('statuses', row.status, lang)} {said}"
    answer: str | Pieces = "—"
    if not pd.isna(row.evidence_start) and row.status != "new":
        answer = _quoted(cut(reviews[row.evidence_start : row.evidence_end]), row.evidence_start, row.ties)
    return [about, _quoted(cut(promises[row.start : row.end]), row.start, row.ties), answer]


def _show_chains(analysis: Analysis, chains: pd.DataFrame, status: str | None, most: int) -> Shown:
    """Promises step by step: the year, what the step is, its sentence."""
    kept = chains if status is None else chains[chains["chain"].isin(chains.loc[chains["kind"] == status, "chain"])]
    first, lang = kept["chain"].drop_duplicates(), analysis.lang
    rows: list[list[str | Pieces]] = []
    for step in kept[kept["chain"].isin(first.head(most))].rename(columns={"in": "number"}).itertuples():
        text = analysis.years[step.number - 1].compilation.text
        said = "—" if pd.isna(step.start) else f"{cut(text[step.start : step.end])} [{step.start}]"
        kind = label("chain_kinds" if step.kind == "promised" else "statuses", step.kind, lang)
        number = label("number_verdicts", step.number_verdict, lang) if step.number_verdict else ""
        about = f"{step.chain}. {agency_name(step.agency, lang)}" if step.step == 1 else ""
        rows.append([about, f"{step.year} {kind}", said, number])
    return _shown(rows, f"{min(most, len(first))} / {len(first)}", lang)


def _numbers(row: Any, lang: str) -> str:
    """What was promised and reported of a promise's number, what follows, and whether a person says so."""
    if not row.number_verdict:
        return ""
    target, actual = ("?" if pd.isna(value) else f"{value:g}" for value in (row.target, row.actual))
    decided = label("deciders", "override", lang) if row.number_decided_by == "override" else ""
    said = label("number_verdicts", row.number_verdict, lang)
    return " ".join(filter(None, [said, target, "→", actual, row.unit, decided]))


def _quoted(text: str, start: int, words: str) -> Pieces:
    """Return a text with its words marked, and its place."""
    return [*_marked(text, words), (f" [{start}]", False)]


def _marked(text: str, words: str) -> Pieces:
    """Return a text in pieces, the words that are joined in ``words`` marked; the longest first."""
    known = sorted(filter(None, set(words.split(SEPARATOR))), key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, known))})", text) if known else [text]
    return [(piece, piece in known) for piece in pieces]


def _plain(content: str | Pieces) -> str:
    return content if isinstance(content, str) else "".join(text for text, _ in content)


def _shown(
    rows: Sequence[Sequence[str | Pieces]],
    caption: str,
    lang: str,
    heads: Sequence[str] = (),
    *,
    aligned: Mapping[int, str] = MappingProxyType({}),
) -> Shown:
    """Return a table as it is shown; ``aligned`` says where columns of words in their context stand."""
    if not rows:
        none = label("notices", "none", lang)
        return Shown(template("table.html").render(rows=rows, nothing=none), none)
    texts = [list(map(_plain, row)) for row in rows]

    def cell(content: str | Pieces, at: int, side: str) -> tuple[Pieces, str]:
        """Return the pieces and the look of one cell."""
        text, side = _plain(content), aligned.get(at, side)
        stays = at in aligned or (len(text) <= SHORT and " " not in text)
        looks = [f"text-align:{side}", "white-space:nowrap" * stays, "font-weight:bold" * (side == "center")]
        pieces = [(content, False)] if isinstance(content, str) else content
        return pieces, ";".join(filter(None, looks)) if side else ""

    # Words stand left, as they are read; numbers stay on the right, where notebooks put every cell.
    sides = ["right" if all(NUMBER.fullmatch(row[at]) for row in texts) else "left" for at in range(len(heads))]
    head = [cell(name, at, sides[at]) for at, name in enumerate(heads)]
    cells = [
        [cell(content, at, "" if NUMBER.fullmatch(_plain(content)) else "left") for at, content in enumerate(row)]
        for row in rows
    ]
    page = template("table.html").render(rows=cells, heads=head, caption=caption)
    return Shown(page, "\n".join([*filter(None, [caption]), *("  ".join(filter(None, row)) for row in texts)]))
