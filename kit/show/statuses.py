"""Stacked bars: what became of each agency's plan items, or of last year's promises."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.errors import TableError
from kit.show import style
from kit.show.font import width
from kit.show.heatmap import first_rows
from kit.show.labels import fill, label
from kit.show.rows import gutter, notice, write_names
from kit.show.scope import Scope, agency_names
from kit.show.text import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The statuses of each measure, from the one hoped for to the one that asks for a look, with their colours.
COLOURS = {
    "continuity": {
        "continued": style.FOCUS,
        "unclear": style.STEPS[1],
        "to check": style.CONTEXT,
        "new": style.SECOND,
    },
    "fulfilment": {
        "reported": style.FOCUS,
        "partly": style.STEPS[1],
        "to check": style.CONTEXT,
        "not mentioned": style.SECOND,
        "no report": style.CONTEXT,
    },
}
PITCH, NAMES, TOTAL = 19, 172, 34
MOST = 25
INSIDE = 8.5


def plot_statuses(counts: pd.DataFrame, *, top: int = MOST, ax: "Axes | None" = None, lang: str = "zh",
                  scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw what became of each agency's items as stacked bars of shares, with the counts written in.

    Parameters
    ----------
    counts : DataFrame
        One row per report and status, complete with zeros: ``report``, ``agency``, ``status``, ``n_items``, as
        `kit.measure.summaries.count_statuses` makes it. Statuses are continued, unclear, new (continuity) or
        reported, partly, not mentioned (fulfilment; with ``link``, how surely the later report is the agency's).
    top : int
        How many agencies; the rest stand in the table.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        x from 0 to 1. Agencies by the share of the first status, the largest first; those without items are left
        out, those with a doubtful link stand last, hatched and with an asterisk. No items at all are said.
    """
    measure = measure_of(counts)
    wide = by_first(counts, measure)
    shown, doubtful = wide.head(top), doubtful_reports(counts)
    words = _words(counts, wide, len(shown), lang, scope)
    if wide.empty:
        return notice(words, "nothing", lang, ax)
    names = agency_names(first_rows(counts, shown.index), lang, scope)
    names = [name + "*" * (report in doubtful) for name, report in zip(names, shown.index, strict=True)]
    room = gutter(names, style.NAME, most=NAMES, pad=12)
    ax = style.quiet(ax) if ax else style.open_frame(words, height=PITCH * len(shown), left=room, right=TOTAL)
    ax.set_xlim(0, 1)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    write_names(ax, names, at=range(len(names)), room=room, pitch=PITCH, ha="left", pad=12)
    _draw(ax, shown, measure, doubtful)
    for row, total in enumerate(shown.sum(axis=1)):
        style.write(ax, 1, row, f"{total}", size=style.VALUE, colour=style.SOFT, ha="right", va="center_baseline",
                    shift=(TOTAL - 2, 0), gid="sum")  # fmt: skip
    return ax


def measure_of(counts: pd.DataFrame) -> str:
    """Return whether the statuses are those of continuity or of fulfilment."""
    found = set(counts["status"])
    fitting = [measure for measure, colours in COLOURS.items() if found <= set(colours)]
    if not fitting:
        expected = " or ".join(", ".join(colours) for colours in COLOURS.values())
        message = f"plot_statuses: expected statuses {expected}; found {sorted(found)}"
        raise TableError(message)
    return fitting[0]


def by_first(counts: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return items, reports by statuses: the largest share of the first status first, doubtful links last."""
    wide = counts.pivot_table(index="report", columns="status", values="n_items", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(COLOURS[measure]), fill_value=0).astype(int)
    wide = wide[wide.sum(axis=1) > 0]
    first = wide.iloc[:, 0] / wide.sum(axis=1) - 2 * wide.index.isin(doubtful_reports(counts))
    return wide.loc[first.sort_values(ascending=False, kind="stable").index]


def doubtful_reports(counts: pd.DataFrame) -> set[int]:
    """Return the reports of which it is doubtful that the later report is the same agency's."""
    return set(counts.loc[counts["link"] == "doubtful", "report"]) if "link" in counts else set()


def _draw(ax: "Axes", wide: pd.DataFrame, measure: str, doubtful: Collection[int]) -> None:
    across = style.size_of(ax)[0]
    left = np.zeros(len(wide))
    for status, colour in COLOURS[measure].items():
        share = (wide[status] / wide.sum(axis=1)).to_numpy()
        bars = ax.barh(range(len(wide)), share, left=left, height=0.7, color=colour, edgecolor="white", linewidth=0.6,
                       zorder=2, label=status)  # fmt: skip
        for bar, report in zip(bars, wide.index, strict=True):
            bar.set_hatch("////" * (report in doubtful))
        for row, (n, start, part) in enumerate(zip(wide[status], left, share, strict=True)):
            if n and part * across > width(str(n), INSIDE) + 4:
                hatched = wide.index[row] in doubtful
                pad = {"facecolor": colour, "edgecolor": "none", "pad": 1.5} if hatched else None
                style.write(ax, start + part / 2, row, str(n), size=INSIDE, colour=style.on(colour), ha="center",
                            va="center_baseline", bbox=pad, gid="value")  # fmt: skip
        left += share


def _words(counts: pd.DataFrame, wide: pd.DataFrame, shown: int, lang: str, scope: Scope | None) -> style.Words:
    reports = counts.drop_duplicates("report")
    general = int(reports["n_too_general"].sum()) if "n_too_general" in reports else 0
    new = counts[counts["status"] == "new"]
    going_on = int(new["n_say_continue"].sum()) if "n_say_continue" in new else 0
    measure = next(measure for measure, colours in COLOURS.items() if set(wide) == set(colours))
    under = label("flow", f"subtitle_{measure}", lang)
    keys = [
        style.Key("box", label("statuses", status, lang), colour)
        for status, colour in COLOURS[measure].items()
        if wide[status].any()
    ]
    sure = wide[~wide.index.isin(doubtful_reports(counts))]
    notes = [label("flow", f"note_{measure}", lang)]
    notes += [label("flow", "doubtful", lang)] if len(sure) < len(wide) else []
    notes += [fill("flow", "too_general", lang, n=general)] if general else []
    notes += [fill("flow", "say_continue", lang, n=going_on)] if going_on else []
    notes += [fill("flow", "rest", lang, rest=len(wide) - shown)] if shown < len(wide) else []
    notes += [fill("flow", "without", lang, n=len(reports) - len(wide))] if len(wide) < len(reports) else []
    titles = _titles(sure.sum(), measure, lang)
    return style.Words(titles, under, "".join(notes), keys=keys).under(scope, lang)


def _titles(sums: pd.Series, measure: str, lang: str) -> list[str]:
    """Return the finding: how many of all items came out as hoped for, and how many ask for a look."""
    plain, total = label("flow", f"plain_{measure}", lang), int(sum(sums))
    if not total:
        return [plain]
    first, last = int(sums.iloc[0]), int(sums["new" if measure == "continuity" else "not mentioned"])
    said = {"n": first, "of": total, "share": percent(first / total), "last": last}
    return [fill("flow", f"{key}_{measure}", lang, **said) for key in ("finding", "short")] + [plain]
