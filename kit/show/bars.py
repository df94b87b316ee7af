"""Ranked bars: the most used terms, and agencies by a rate."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kit.errors import TableError
from kit.show import style
from kit.show.font import width
from kit.show.labels import fill, label, listed, quoted, theme_labels
from kit.show.rows import gutter, notice, write_names
from kit.show.scope import Scope, agency_names
from kit.show.text import half_up, number, percent, rate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PITCH, THICK = 19, 0.7
NAMES = 172  # widest gutter, points
FEWEST_TERMS, FEWEST_AGENCIES = 4, 3
MOST_FOCUS = 3


def plot_terms(terms: pd.DataFrame, *, value: str = "n", top: int = 20, focus: Collection[str] = (),
               ax: "Axes | None" = None, lang: str = "zh", scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw the most used terms as ranked bars.

    Parameters
    ----------
    terms : DataFrame
        `tables.TERMS`, one row per term.
    value : str
        The column drawn: ``n``, ``per_10k_chars``, ``n_reports`` or ``share_of_reports``.
    top : int
        How many terms, the largest values first.
    focus : collection of str
        Up to three terms that stand out; the title then speaks of them.
    ax : Axes, optional
        Draw the plot alone, here; without it a whole figure is made around the plot.
    lang : {"zh", "en"}
        Language of the words around the terms.
    scope : Scope, optional
        What the source line says.

    Returns
    -------
    Axes
        With one bar per term, its width the term's value. Fewer than four terms are said, not drawn.
    """
    if len(focus) > MOST_FOCUS:
        message = f"plot_terms: expected at most {MOST_FOCUS} focus terms, found {len(focus)}; choose"
        raise TableError(message)
    rows = _ranked(terms, value, "term").head(top)
    measure = {"measure": label("measures", value, lang), "rows": len(rows)}
    words = style.Words(
        titles=_term_titles(rows, value, focus, lang),
        subtitle=fill("bars", "terms_subtitle", lang, **measure),
        note=label("bars", "terms_note", lang),
    ).under(scope, lang)
    if len(rows) < FEWEST_TERMS:
        values = _said(rows["term"], rows[value], value, lang)
        return notice(words, "few_terms", lang, ax, n=len(rows), values=values)
    bold = [row for row, term in enumerate(rows["term"]) if term in focus] or leaders(rows[value])
    return _draw(ax, words, list(rows["term"]), rows[value], value, lang, bold)


def plot_agencies(table: pd.DataFrame, value: str, *, top: int = 20, ax: "Axes | None" = None, lang: str = "zh",
                  scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw agencies ranked by a rate.

    Parameters
    ----------
    table : DataFrame
        One row per report, with ``report``, ``agency`` and ``value``.
    value : str
        A rate or a share: a count without its denominator is never compared across agencies.
    top : int
        How many agencies; the rest stand in the table.
    ax, lang, scope
        See `plot_terms`.

    Returns
    -------
    Axes
        With one bar per agency.

    Raises
    ------
    TableError
        When ``value`` is a count.
    """
    if value == "n" or (value.startswith("n_") and value != "n_reports"):
        message = f"plot_agencies: {value!r} is a count, and agencies write at different length; expected a rate"
        raise TableError(message)
    ranked = _ranked(table, value, "report")
    rows = ranked.head(top)
    names = agency_names(rows, lang, scope)
    rest = len(ranked) - len(rows)
    words = style.Words(
        titles=_agency_titles(names, rows[value], value, lang, whole=not rest),
        subtitle=label("measures", value, lang),
        note=fill("bars", "rest", lang, shown=len(rows), rest=rest) if rest else "",
    ).under(scope, lang)
    if len(rows) < FEWEST_AGENCIES:
        return notice(words, "few_agencies", lang, ax, n=len(rows), values=_said(names, rows[value], value, lang))
    return _draw(ax, words, names, rows[value], value, lang, leaders(rows[value]))


def plot_spread(sums: pd.DataFrame, *, labels: Mapping[str, str] | None = None, ax: "Axes | None" = None,
                lang: str = "zh", scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw how evenly agencies share themes: everyone's first, one agency's own last.

    Parameters
    ----------
    sums : DataFrame
        `kit.sum_themes` of the whole: ``theme, n_reports, of_reports, dispersion_dp``.
    labels : mapping of str to str, optional
        Names of the themes; default: those of ``scope``.
    ax, lang, scope
        See `plot_terms`.

    Returns
    -------
    Axes
        With one bar per theme that anyone takes up, its width Gries' DP.
    """
    rows = sums[sums["n_reports"] > 0].sort_values("dispersion_dp", kind="stable")
    labels = labels or theme_labels(lang, scope.codebook if scope else None)
    shared, own = int((rows["n_reports"] == rows["of_reports"]).sum()), int((rows["n_reports"] == 1).sum())
    found = fill("bars", "spread_found" if own else "spread_shared", lang, shared=shared, own=own)
    words = style.Words(
        titles=[found, label("bars", "spread_plain", lang)],
        subtitle=label("measures", "dispersion_dp", lang),
        note=label("bars", "spread_note", lang),
    ).under(scope, lang)
    names = [labels.get(theme, theme) for theme in rows["theme"]]
    reached = [f" ({n}/{of})" for n, of in zip(rows["n_reports"], rows["of_reports"], strict=True)]
    if len(rows) < FEWEST_TERMS:
        return notice(words, "few_terms", lang, ax, n=len(rows), values=listed(names, lang) if names else "")
    bold = [at for at, n in enumerate(rows["n_reports"]) if n == 1][:MOST_FOCUS]
    return _draw(ax, words, names, rows["dispersion_dp"], "dispersion_dp", lang, bold, behind=reached)


def leaders(values: pd.Series) -> list[int]:
    """Return the rows that share the first place, none when they are too many to stand out."""
    rows = [row for row, value in enumerate(values) if value == values.iloc[0]]
    return rows if len(rows) <= MOST_FOCUS else []


def _ranked(table: pd.DataFrame, value: str, key: str) -> pd.DataFrame:
    missing = [name for name in (key, value) if name not in table]
    if missing:
        message = f"bars: expected columns {key!r} and {value!r}, missing {missing}; found {list(table.columns)}"
        raise TableError(message)
    if table[key].duplicated().any():
        message = f"bars: expected one row per {key}, found several; choose one group of the table"
        raise TableError(message)
    return table.sort_values(value, ascending=False, kind="stable")


def _written(value: float, column: str, lang: str) -> str:
    if "share" in column:
        return percent(value, decimals=0 if value >= 0.1 or not value else 1)  # noqa: PLR2004
    if column == "dispersion_dp":
        return f"{half_up(value, 2)}"
    return rate(value) if column.startswith("per_") else number(value, lang)


def _with_unit(value: float, column: str, lang: str) -> str:
    written = _written(value, column, lang)
    return written if "share" in column else fill("units", column, lang, value=written, n=round(value))


def _said(names: Iterable[str], values: Iterable[float], column: str, lang: str) -> str:
    said = [f"{name} {_with_unit(value, column, lang)}" for name, value in zip(names, values, strict=True)]
    return listed(said, lang) if said else label("notices", "none", lang)


def _term_titles(rows: pd.DataFrame, value: str, focus: Collection[str], lang: str) -> list[str]:
    """Return the finding: what the focus adds up to, or which term leads; ties are said as ties."""
    plain = label("bars", "terms_plain", lang)
    if not len(rows):
        return [plain]
    chosen = rows[rows["term"].isin(focus)]
    if len(chosen) and value == "n":
        total = _with_unit(chosen[value].sum(), value, lang)
        return [fill("bars", "terms_focus", lang, terms=quoted(list(chosen["term"]), lang), value=total), plain]
    terms, most = list(rows["term"]), rows[value].iloc[0]
    leaders = [term for term, n in zip(terms, rows[value], strict=True) if n == most]
    said = {"value": _with_unit(most, value, lang), "n": len(leaders)}
    if len(leaders) > 1:
        tied = fill("bars", "terms_tied", lang, terms=quoted(leaders, lang), **said)
        return [tied, fill("bars", "terms_tied_many", lang, **said), plain]
    values = [*rows[value], 0]
    last = next((place for place in (3, 2) if len(terms) >= place and values[place - 1] > values[place]), 1)
    follow = quoted(terms[1:last], lang) if last > 1 else ""
    lead = fill("bars", "terms_lead", lang, first=quoted(terms[:1], lang), **said)
    return [*([lead + fill("bars", "terms_follow", lang, terms=follow)] if follow else []), lead, plain]


def _agency_titles(names: Sequence[str], values: pd.Series, value: str, lang: str, *, whole: bool) -> list[str]:
    """Return the finding: who leads and who comes last; a place that is shared is not named."""
    plain = label("bars", "agencies_plain", lang)
    if not len(names) or values.iloc[0] == values.iloc[min(1, len(values) - 1)]:
        return [plain]
    ends = {"first": names[0], "high": _with_unit(values.iloc[0], value, lang), "last": names[-1],
            "low": _with_unit(values.iloc[-1], value, lang)}  # fmt: skip
    one_last = whole and (values == values.iloc[-1]).sum() == 1
    keys = ["agencies_ends", "agencies_first"] if one_last else ["agencies_first"]
    return [*(fill("bars", key, lang, **ends) for key in keys), plain]


def _draw(ax: "Axes | None", words: style.Words, names: Sequence[str], values: pd.Series, column: str, lang: str,
          bold: Collection[int], *, behind: Sequence[str] = ()) -> "Axes":  # fmt: skip
    room = gutter(names, style.NAME, most=NAMES, pad=12)
    ax = style.quiet(ax) if ax else style.open_frame(words, height=PITCH * len(names), left=room)
    wide, tall = style.size_of(ax)
    written = [_written(value, column, lang) for value in values]
    written = [value + more for value, more in zip(written, behind, strict=True)] if behind else written
    colours = [style.FOCUS if row in bold else style.CONTEXT for row in range(len(names))]
    ax.barh(range(len(names)), values, height=THICK, color=colours, zorder=2)
    ax.set_xlim(0, reach(values, written, wide))
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.axvline(0, color=style.RULE, lw=0.7, zorder=3)
    write_names(ax, names, at=range(len(names)), room=room, pitch=tall / len(names), ha="left", pad=12, bold=bold)
    for row, (value, text) in enumerate(zip(values, written, strict=True)):
        marked = row in bold
        style.write(ax, value, row, text, size=style.VALUE, colour=style.INK if marked else style.SOFT, bold=marked,
                    va="center_baseline", shift=(4, 0), gid="value")  # fmt: skip
    return ax


def reach(values: Iterable[float], written: Sequence[str], wide: float) -> float:
    """Return the end of an axis on which every bar has room for its value behind it."""
    ends = [value * wide / (wide - 6 - width(text, style.VALUE)) for value, text in zip(values, written, strict=True)]
    return max([*ends, 0]) or 1
