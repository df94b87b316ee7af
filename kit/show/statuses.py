"""Stacked bars: what became of each agency's plan items, or of last year's promises."""

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
    "continuity": {"continued": style.FOCUS, "unclear": style.CONTEXT, "new": style.SECOND},
    "fulfilment": {
        "reported": style.FOCUS,
        "partly": style.STEPS[1],
        "not mentioned": style.SECOND,
        "no report": style.CONTEXT,
    },
}
PITCH, NAMES, TOTAL = 19, 150, 34
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
        reported, partly, not mentioned (fulfilment).
    top : int
        How many agencies; the rest stand in the table.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        x from 0 to 1. Agencies by the share of the first status, the largest first; those without items are left
        out. No items at all are said.
    """
    measure = measure_of(counts)
    wide = by_first(counts, measure)
    shown = wide.head(top)
    words = _words(wide, len(shown), counts["report"].nunique(), measure, lang, scope)
    if wide.empty:
        return notice(words, "nothing", lang, ax)
    names = agency_names(first_rows(counts, shown.index), lang, scope)
    room = gutter(names, style.NAME, most=NAMES, pad=12)
    ax = style.quiet(ax) if ax else style.open_frame(words, height=PITCH * len(shown), left=room, right=TOTAL)
    ax.set_xlim(0, 1)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    write_names(ax, names, at=range(len(names)), room=room, pitch=PITCH, ha="left", pad=12)
    _draw(ax, shown, measure)
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
    """Return items, reports by statuses, the report with the largest share of the first status first."""
    wide = counts.pivot_table(index="report", columns="status", values="n_items", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(COLOURS[measure]), fill_value=0).astype(int)
    wide = wide[wide.sum(axis=1) > 0]
    first = wide.iloc[:, 0] / wide.sum(axis=1)
    return wide.loc[first.sort_values(ascending=False, kind="stable").index]


def _draw(ax: "Axes", wide: pd.DataFrame, measure: str) -> None:
    across = style.size_of(ax)[0]
    left = np.zeros(len(wide))
    for status, colour in COLOURS[measure].items():
        share = (wide[status] / wide.sum(axis=1)).to_numpy()
        ax.barh(range(len(wide)), share, left=left, height=0.7, color=colour, edgecolor="white", linewidth=0.6,
                zorder=2, label=status)  # fmt: skip
        for row, (n, start, part) in enumerate(zip(wide[status], left, share, strict=True)):
            if n and part * across > width(str(n), INSIDE) + 4:
                style.write(ax, start + part / 2, row, str(n), size=INSIDE, colour=style.on(colour), ha="center",
                            va="center_baseline", gid="value")  # fmt: skip
        left += share


def _words(wide: pd.DataFrame, shown: int, reports: int, measure: str, lang: str, scope: Scope | None) -> style.Words:
    under = label("flow", f"subtitle_{measure}", lang)
    keys = [
        style.Key("box", label("statuses", status, lang), colour)
        for status, colour in COLOURS[measure].items()
        if wide[status].any()
    ]
    notes = [label("flow", f"note_{measure}", lang)]
    notes += [fill("flow", "rest", lang, rest=len(wide) - shown)] if shown < len(wide) else []
    notes += [fill("flow", "without", lang, n=reports - len(wide))] if len(wide) < reports else []
    titles = _titles(wide.sum(), measure, lang)
    return style.Words(titles, under, "".join(notes), keys=keys).under(scope, lang)


def _titles(sums: pd.Series, measure: str, lang: str) -> list[str]:
    """Return the finding: how many of all items came out as hoped for, and how many ask for a look."""
    plain, total = label("flow", f"plain_{measure}", lang), int(sum(sums))
    if not total:
        return [plain]
    first, _, last = (int(n) for n in sums.iloc[:3])
    said = {"n": first, "of": total, "share": percent(first / total), "last": last}
    return [fill("flow", f"{key}_{measure}", lang, **said) for key in ("finding", "short")] + [plain]
