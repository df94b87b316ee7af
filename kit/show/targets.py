"""Target against actual: how far each numeric target was reached."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.show import style
from kit.show.font import width
from kit.show.labels import fill, label
from kit.show.rows import gutter, notice, write_names
from kit.show.scope import Scope, agency_names
from kit.show.text import MINUS, percent, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PITCH, THICK, NAMES = 24, 0.5, 160
MOST = 25
LONGEST = 2.0  # bars end here; the label says the rate
GAP = 6


def plot_targets(pairs: pd.DataFrame, *, top: int = MOST, ax: "Axes | None" = None, lang: str = "zh",
                 scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw actuals as bars against their targets, on one scale: the rate of completion.

    Parameters
    ----------
    pairs : DataFrame
        One row per target with its actual, as `kit.measure.targets.pair_targets` makes it: ``report``, ``agency``,
        ``indicator``, ``unit``, ``target``, ``actual``, ``completion``, ``met``, ``lower_is_better`` (marked with ↓).
    top : int
        How many rows; the rest stand in the table.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        x is completion, 1 is the target (a black tick). Rows by completion, the largest first. Bars beyond 2 are cut
        there and say their rate. No pair is said.
    """
    known = pairs.dropna(subset=["target", "actual", "completion"])
    rows = known.sort_values("completion", ascending=False, kind="stable").head(top)
    words = _words(known, len(rows), len(pairs) - len(known), lang, scope)
    if rows.empty:
        return notice(words, "no_targets", lang, ax)
    names = [name + "↓" * bool(low) for name, low in zip(rows["indicator"], rows["lower_is_better"], strict=True)]
    texts = [_label(row, lang) for row in rows.itertuples()]
    room = gutter(names, style.NAME, most=NAMES, pad=12)
    right = max(width(text, style.VALUE) for text in texts) + GAP
    ax = style.quiet(ax) if ax else style.open_frame(words, height=PITCH * len(rows), left=room, right=right)
    ax.set_xlim(0, max(1.05, min(rows["completion"].max(), LONGEST)))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.barh(range(len(rows)), rows["completion"], height=THICK, color=style.CONTEXT, zorder=2)
    ax.vlines([1] * len(rows), [row - 0.4 for row in range(len(rows))], [row + 0.4 for row in range(len(rows))],
              color=style.INK, lw=2, zorder=3, gid="target")  # fmt: skip
    ax.axvline(0, color=style.RULE, lw=0.7, zorder=3)
    several = len(set(rows["report"])) > 1
    write_names(ax, names, at=[row - 0.2 * several for row in range(len(names))], room=room, pitch=PITCH / 2, size=9,
                ha="left", pad=12)  # fmt: skip
    for row, name in enumerate(agency_names(rows, lang, scope) if several else ()):
        style.write(ax, 0, row + 0.3, shorten(name, 7, room - 12), size=7, colour=style.FAINT, va="center_baseline",
                    transform=ax.get_yaxis_transform(), shift=(-room, 0), gid="agency")  # fmt: skip
    for row, (text, met) in enumerate(zip(texts, rows["met"], strict=True)):
        style.write(ax, 1, row, text, size=style.VALUE, colour=style.INK if met else style.SECOND_TEXT,
                    va="center_baseline", transform=ax.get_yaxis_transform(), shift=(GAP, 0), gid="value")  # fmt: skip
    return ax


def _label(row: Any, lang: str) -> str:
    amounts = [f"{value:g}".replace("-", MINUS) for value in (row.actual, row.target)]
    return fill("targets", "label", lang, rate=percent(row.completion), actual=amounts[0], target=amounts[1],
                unit=row.unit)  # fmt: skip


def _words(known: pd.DataFrame, shown: int, unknown: int, lang: str, scope: Scope | None) -> style.Words:
    notes = [label("targets", "note", lang)]
    notes += [fill("targets", "rest", lang, rest=len(known) - shown)] if shown < len(known) else []
    notes += [fill("targets", "unknown", lang, n=unknown)] if unknown else []
    met = int(known["met"].sum()) if len(known) else 0
    titles = [fill("targets", "finding", lang, met=met, of=len(known))] if len(known) else []
    keys = [style.Key("box", label("targets", "actual", lang), style.CONTEXT),
            style.Key("tick", label("targets", "target", lang), style.INK)]  # fmt: skip
    titles, under = [*titles, label("targets", "plain", lang)], label("targets", "subtitle", lang)
    return style.Words(titles, under, "".join(notes), keys=keys).under(scope, lang)
