"""A dumbbell figure: the attention that themes, or agencies, get in the review and in the plan."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.errors import TableError
from kit.show import style
from kit.show.font import width
from kit.show.labels import fill, label, listed, named, theme_labels
from kit.show.rows import gutter, notice, write_names
from kit.show.scope import Scope, agency_names
from kit.show.text import half_up, percent, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PITCH, HEAD, GAP = 20, 1.1, 0.5  # points; rows taken by a group's head and by the gap before the second group
RING, DOT, LINK = 40, 52, 2.6
NAMES, CHANGE, TICKS = 178, 66, 16
WAYS = 46  # room of how many agencies go which way
TICK, APART = 9, 10  # size of a tick's number; room between two
MOST = 25
ROOMY, CLOSE = 22, 17.5  # more rows than these are set closer, so that a page holds them
VALUE_ROOM = 34  # points beside the outermost values
GROUPS = (("up", style.FOCUS, style.FOCUS), ("down", style.SECOND, style.SECOND_TEXT))


def plot_attention(shares: pd.DataFrame, *, least: float = 1.0, labels: Mapping[str, str] | None = None,
                   ax: "Axes | None" = None, lang: str = "zh", scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw shares of sentences in review and plan as dumbbells, risers above fallers.

    Parameters
    ----------
    shares : DataFrame
        One row per theme of the whole (`kit.measure.summaries.sum_reports`): the means of the agencies are drawn,
        and how many go up and down. Or rows of `tables.COVERAGE`: those of one report are drawn as themes, those of
        one theme as agencies.
    least : float
        Smaller changes, in percentage points, are noise: they are named in number and not drawn.
    labels : mapping of str to str, optional
        Names of the themes; default: those of ``scope``.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        x in percent; the largest changes first in each group, at most 25. The title names only what most agencies
        agree on. Without a change of ``least`` this is said.
    """
    with_ways = "mean_shift_points" in shares
    shares = _means(shares) if with_ways else shares
    labels = labels or theme_labels(lang, scope.codebook if scope else None)
    moved = shares[shares["shift_points"].abs() >= least]
    shown = moved.loc[moved["shift_points"].abs().sort_values(ascending=False, kind="stable").index].head(MOST)
    groups = [shown[shown["shift_points"] > 0], shown[shown["shift_points"] < 0]]
    agencies = len(shares) > 1 and len(set(shares["theme"])) == 1
    if not agencies and shares["theme"].duplicated().any():
        message = (
            "plot_attention: expected one row per theme, found several; choose a report or add them up (sum_reports)"
        )
        raise TableError(message)
    shown_as = agency_names(shares, lang, scope) if agencies else [labels.get(key, key) for key in shares["theme"]]
    whole = dict(zip(shares.index, shown_as, strict=True))
    names = [whole[row] for group in groups for row in group.index]
    theme = labels.get(shares["theme"].iloc[0], shares["theme"].iloc[0]) if agencies else ""
    words = _words(groups, whole, theme, f"{half_up(least, 1)}", len(shares) - len(shown), lang, scope)
    if shown.empty:
        return notice(words, "no_change", lang, ax, least=f"{half_up(least, 1)}")
    at, heads, rows = _places([len(group) for group in groups])
    room = gutter(names, style.NAME, most=NAMES, pad=14)
    pitch = PITCH if rows <= ROOMY else CLOSE
    if ax is None:
        right = CHANGE + WAYS * with_ways
        ax = style.open_frame(words, height=pitch * rows, left=room, right=right, bottom=TICKS)
    _scale(style.quiet(ax), shown, rows)
    for group, places, (_, colour, text) in zip(groups, at, GROUPS, strict=True):
        _draw_group(ax, group, places, colour, text)
    write_names(ax, names, at=[y for places in at for y in places], room=room, pitch=pitch, ha="left", pad=14)
    _write_heads(ax, heads, room, lang, with_ways=with_ways)
    _name_ends(ax, next((group, places) for group, places in zip(groups, at, strict=True) if len(group)), lang)
    return ax


def _means(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the means of the agencies in place of the sums, which the longest reports lead."""
    columns = ["review_share", "plan_share", "shift_points"]
    return shares.assign(**{name: shares[f"mean_{name}"] for name in columns}).dropna(subset=columns)


def _agreed(group: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which most agencies go the way of their mean; all where agencies are not counted."""
    if "n_up" not in group:
        return group
    way = group["n_up"].where(group["shift_points"] > 0, group["n_down"])
    return group[2 * way > group[["n_up", "n_down", "n_unchanged"]].sum(axis=1)]


def _places(sizes: Sequence[int]) -> tuple[list[np.ndarray], dict[str, float], float]:
    """Return the rows' places group by group, the places of the heads, and how many rows all take."""
    places: list[np.ndarray] = []
    heads: dict[str, float] = {}
    y = 0.0
    for (name, _, _), size in zip(GROUPS, sizes, strict=True):
        if size:
            y += GAP * bool(heads)
            heads[name] = y + HEAD / 2
            y += HEAD
        places.append(y + 0.5 + np.arange(size))
        y += size
    return places, heads, y


def _words(groups: Sequence[pd.DataFrame], names: Mapping[object, str], theme: str, least: str, left_out: int,
           lang: str, scope: Scope | None) -> style.Words:  # fmt: skip
    means = "n_up" in groups[0]
    key = "subtitle_theme" if theme else "subtitle_means" if means else "subtitle"
    under = fill("dumbbell", key, lang, theme=theme)
    note = fill("dumbbell", "left_out", lang, n=left_out, least=least, most=MOST) if left_out else ""
    kind = "agencies_" if theme else "most_" if means else ""
    titles = _titles([_agreed(group) for group in groups], names, kind, lang)
    if means and any(map(len, groups)) and len(titles) == 1:
        titles = [label("dumbbell", "none_agreed", lang)]
    note = label("dumbbell", "note", lang) + label("dumbbell", "ways", lang) * means + note
    return style.Words(titles, under, note).under(scope, lang)


def _titles(groups: Sequence[pd.DataFrame], names: Mapping[object, str], kind: str, lang: str) -> list[str]:
    """Return the finding: what gains most in the plan, what loses most."""
    write = listed if kind == "agencies_" else lambda words, lang: named(words, {}, lang)
    first = [[names[row] for row in group.index[:2]] for group in groups]
    more, less = (write(two, lang) if two else "" for two in first)
    said = {"more": more, "less": less, "most": write(first[0][:1], lang) if more else "",
            "least": write(first[1][:1], lang) if less else ""}  # fmt: skip
    plain = label("dumbbell", "plain", lang)
    if more and less:
        return [fill("dumbbell", kind + key, lang, **said) for key in ("both", "both_short")] + [plain]
    return [*([fill("dumbbell", kind + ("up" if more else "down"), lang, **said)] if more or less else []), plain]


def _scale(ax: "Axes", shown: pd.DataFrame, rows: float) -> None:
    wide, _ = style.size_of(ax)
    values = shown[["review_share", "plan_share"]].to_numpy() * 100
    inner = max(wide - 2 * VALUE_ROOM, wide / 3)
    per_point = values.max() / inner
    low = min(0, values.min() - VALUE_ROOM * per_point)
    ax.set_xlim(low, values.max() + VALUE_ROOM * per_point)
    ax.set_ylim(rows, 0)
    end = values.max() + VALUE_ROOM * per_point / 2
    room = (ax.get_xlim()[1] - low) / wide * (width(f"{end:.0f}%", TICK) + APART)
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if s >= room)
    ticks = np.arange(0, end, step)
    for tick in ticks:
        text = f"{tick:g}" + ("%" if tick == ticks[-1] else "")
        style.write(ax, tick, 0, text, size=TICK, colour=style.SOFT, ha="center", va="top", gid="tick",
                    transform=ax.get_xaxis_transform(), shift=(0, -5))  # fmt: skip


def _draw_group(ax: "Axes", group: pd.DataFrame, places: np.ndarray, colour: str, text_colour: str) -> None:
    review, plan = group["review_share"].to_numpy() * 100, group["plan_share"].to_numpy() * 100
    high = ax.get_xlim()[1]
    ax.hlines(places, 0, high, color="#D9DCE0", lw=0.6, linestyles=(0, (1, 2)), zorder=1)
    ax.hlines(places, review, plan, color=colour, lw=LINK, alpha=0.4, zorder=2, gid="link")
    ax.scatter(review, places, s=RING, facecolors="white", edgecolors=colour, linewidths=1.8, zorder=3, gid="review")
    ax.scatter(plan, places, s=DOT, color=colour, linewidths=0, zorder=4, gid="plan")
    pad = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for y, one, other, change in zip(places, review, plan, group["shift_points"], strict=True):
        side = 1 if other > one else -1
        for value, toward, bold in ((one, -side, False), (other, side, True)):
            style.write(ax, value, y, percent(value / 100, decimals=1)[:-1], size=style.VALUE, bold=bold,
                        colour=style.INK if bold else style.SOFT, ha="left" if toward > 0 else "right",
                        va="center_baseline", shift=(toward * 7, 0), bbox=pad, gid="value")  # fmt: skip
        style.write(ax, 1, y, signed(change), size=style.NAME, colour=text_colour, ha="right", va="center_baseline",
                    transform=ax.get_yaxis_transform(), shift=(CHANGE, 0), gid="change")  # fmt: skip
    if "n_up" in group:
        for y, up, down in zip(places, group["n_up"], group["n_down"], strict=True):
            style.write(ax, 1, y, f"↑{up} ↓{down}", size=style.SMALL, colour=style.SOFT, ha="right",
                        va="center_baseline", transform=ax.get_yaxis_transform(), shift=(CHANGE + WAYS, 0),
                        gid="ways")  # fmt: skip


def _write_heads(ax: "Axes", heads: Mapping[str, float], room: float, lang: str, *, with_ways: bool) -> None:
    """Write a group's head over a rule across the figure, and what the changes are over the first."""
    wide, place = style.size_of(ax)[0], ax.get_yaxis_transform()
    for name, _, colour in GROUPS:
        if name in heads:
            y, head = heads[name], label("dumbbell", f"group_{name}", lang)
            style.write(ax, 0, y, head, size=style.VALUE, colour=colour, bold=True, va="center_baseline",
                        transform=place, shift=(-room, 0), gid="group")  # fmt: skip
            ends = [-room / wide, 1 + (CHANGE + WAYS * with_ways) / wide]
            ax.plot(ends, [y + HEAD / 2] * 2, transform=place, color=style.LINE, lw=0.7, clip_on=False)
    for key, right in (("change", CHANGE), *([("agencies", CHANGE + WAYS)] if with_ways else ())):
        style.write(ax, 1, min(heads.values()), label("dumbbell", key, lang), size=8.5, colour=style.SOFT, ha="right",
                    va="center_baseline", transform=place, shift=(right, 0), gid="head")  # fmt: skip


def _name_ends(ax: "Axes", first: tuple[pd.DataFrame, np.ndarray], lang: str) -> None:
    """Name the two ends once, above the first row; close ends are named side by side."""
    group, places = first
    ends = sorted((group[f"{role}_share"].iloc[0] * 100, role) for role in ("review", "plan"))
    scale = style.size_of(ax)[0] / np.diff(ax.get_xlim())[0]
    words = [label("dumbbell", role, lang) for _, role in ends]
    close = (ends[1][0] - ends[0][0]) * scale < sum(width(word, 9) for word in words) / 2 + 6
    for (value, role), word, side in zip(ends, words, (-1, 1), strict=True):
        ha = {-1: "right", 1: "left"}[side] if close else "center"
        colour = style.FOCUS if role == "plan" else style.SOFT
        style.write(ax, value, places[0] - 0.5 - HEAD / 2, word, size=9, ha=ha, va="center_baseline", colour=colour,
                    shift=(3 * side * close, 0), gid="head")  # fmt: skip
