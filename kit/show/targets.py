"""Target against actual: how far each numeric target was reached, and percentages by how many points they differ."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kit.show import style
from kit.show.font import width
from kit.show.labels import fill, label, listed
from kit.show.rows import gutter, notice, write_names
from kit.show.scope import Scope, agency_names
from kit.show.text import MINUS, percent, shorten, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PITCH, THICK, NAMES = 24, 0.5, 160
MOST, FEWEST = 25, 4
LONGEST = 2.0  # bars end here; the label says the rate
REACH = 0.5  # the longest gap below the target; part of the way from zero to the target
BEYOND = 1.2  # the axis ends no nearer to the target where gaps are drawn
GAP = 6
HOLLOW = "#FFFFFF"


def plot_targets(pairs: pd.DataFrame, *, top: int = MOST, ax: "Axes | None" = None, lang: str = "zh",
                 scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw actuals as bars against their targets: rates of completion, and below them gaps of percentages.

    Parameters
    ----------
    pairs : DataFrame
        One row per target with its actual, as `kit.measure.numbers.pair_targets` makes it: ``report``, ``agency``,
        ``indicator``, ``unit``, ``target``, ``actual``, ``completion`` or of percentages ``gap_points``, ``met``,
        ``forecast`` (drawn hollow, and not counted in the title), ``lower_is_better`` (marked with ↓).
    top : int
        How many rows; the rest stand in the table.
    ax, lang, scope
        See `kit.show.bars.plot_terms`; the values are of the year reviewed.

    Returns
    -------
    Axes
        Each target is a black tick at 1. Rates of completion start at 0, the largest first; those beyond 2 are cut
        there and say their rate. Gaps start at the target, on a scale of their own. Fewer than four pairs are said.
    """
    known = known_pairs(pairs)
    rows = known.head(top)
    words = _words(known, len(rows), len(pairs) - len(known), lang, scope)
    texts = [_label(row, lang) for row in rows.itertuples()]
    if len(rows) < FEWEST:
        said = [f"{name} {text}" for name, text in zip(rows["indicator"], texts, strict=True)]
        values = listed(said, lang) if said else label("notices", "none", lang)
        return notice(words, "few_targets" if said else "no_targets", lang, ax, n=len(rows), values=values)
    names = [name + "↓" * bool(low) for name, low in zip(rows["indicator"], rows["lower_is_better"], strict=True)]
    room = gutter(names, style.NAME, most=NAMES, pad=12)
    right = max(width(text, style.VALUE) for text in texts) + GAP
    rates = int(rows["completion"].notna().sum())
    at = np.arange(len(rows)) + (np.arange(len(rows)) >= rates) * (0 < rates < len(rows))
    ax = style.quiet(ax) if ax else style.open_frame(words, height=PITCH * (at[-1] + 1), left=room, right=right)
    ax.set_ylim(at[-1] + 0.5, -0.5)
    _draw(ax, rows, at)
    if at[-1] >= len(rows):
        style.write(ax, 0, rates, label("targets", "points", lang), size=9, colour=style.SOFT, bold=True,
                    va="center_baseline", transform=ax.get_yaxis_transform(), shift=(-room, 0),
                    gid="group")  # fmt: skip
    several = len(set(rows["report"])) > 1
    write_names(ax, names, at=at - 0.2 * several, room=room, pitch=PITCH / 2, size=9, ha="left", pad=12)
    for y, name in zip(at, agency_names(rows, lang, scope) if several else (), strict=False):
        style.write(ax, 0, y + 0.3, shorten(name, 7, room - 12), size=7, colour=style.FAINT, va="center_baseline",
                    transform=ax.get_yaxis_transform(), shift=(-room, 0), gid="agency")  # fmt: skip
    for y, text, row in zip(at, texts, rows.itertuples(), strict=True):
        colour = style.SOFT if row.forecast else style.INK if row.met else style.SECOND_TEXT
        style.write(ax, 1, y, text, size=style.VALUE, colour=colour, va="center_baseline",
                    transform=ax.get_yaxis_transform(), shift=(GAP, 0), gid="value")  # fmt: skip
    return ax


def known_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with both numbers: by completion, the largest first; behind them percentages, by their gaps."""
    known = pairs.dropna(subset=["target", "actual"])
    known = known[known["completion"].notna() | known["gap_points"].notna()]
    return known.sort_values(["completion", "gap_points"], ascending=False, kind="stable")


def _draw(ax: "Axes", rows: pd.DataFrame, at: np.ndarray) -> None:
    """Draw rates from zero and gaps from the target, estimates hollow, and the targets as ticks."""
    gaps = rows["gap_points"].fillna(0).to_numpy()
    end = max(1.05, BEYOND * bool(gaps.any()), min(rows["completion"].max(), LONGEST))
    most, least = max(gaps.max(), 1e-9), max(-gaps.min(), 1e-9)
    scale = min(0.97 * (end - 1) / most, REACH / least)
    is_rate = rows["completion"].notna().to_numpy()
    left = np.where(is_rate, 0, 1)
    wide = np.where(is_rate, rows["completion"], gaps * scale)
    colours = [HOLLOW if hollow else style.CONTEXT for hollow in rows["forecast"]]
    edges = [style.AXIS if hollow else "none" for hollow in rows["forecast"]]
    ax.barh(at, wide, left=left, height=THICK, color=colours, edgecolor=edges, linewidth=1, zorder=2)
    ax.set_xlim(0, end)
    ax.vlines(np.ones(len(at)), at - 0.4, at + 0.4, color=style.INK, lw=2, zorder=3, gid="target")
    if is_rate.any():
        ax.plot([0, 0], [-0.5, at[is_rate][-1] + 0.5], color=style.RULE, lw=0.7, zorder=3)


def _label(row: Any, lang: str) -> str:
    amounts = [f"{value:g}".replace("-", MINUS) for value in (row.actual, row.target)]
    is_rate = pd.notna(row.completion)
    reached = percent(row.completion) if is_rate else fill("targets", "gap", lang, gap=signed(row.gap_points))
    said = fill("targets", "label", lang, rate=reached, actual=amounts[0], target=amounts[1], unit=row.unit)
    return fill("targets", "expected", lang, said=said) if row.forecast else said


def _words(known: pd.DataFrame, shown: int, unknown: int, lang: str, scope: Scope | None) -> style.Words:
    done, hollow = known[~known["forecast"]], int(known["forecast"].sum())
    notes = [label("targets", "note", lang)]
    notes += [label("targets", "note_points", lang)] if known["gap_points"].notna().any() else []
    notes += [label("targets", "note_forecast", lang)] if hollow else []
    notes += [fill("targets", "rest", lang, rest=len(known) - shown)] if shown < len(known) else []
    notes += [fill("targets", "unknown", lang, n=unknown)] if unknown else []
    finding = fill("targets", "finding", lang, met=int(done["met"].sum()), of=len(done))
    tails = [fill("targets", "hollow", lang, n=hollow), ""] if hollow else [""]
    titles = [finding + tail for tail in tails] if len(done) else []
    keys = [style.Key("box", label("targets", "actual", lang), style.CONTEXT),
            *([style.Key("box", label("targets", "forecast", lang), HOLLOW)] if hollow else []),
            style.Key("tick", label("targets", "target", lang), style.INK)]  # fmt: skip
    titles, under = [*titles, label("targets", "plain", lang)], label("targets", "subtitle", lang)
    reviewed = replace(scope, plan_period=None) if scope else None  # both numbers are of the year reviewed
    words = style.Words(titles, under, "".join(notes), keys=keys)
    return words.under(reviewed, lang)
