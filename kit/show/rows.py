"""Rows of a figure: names that fit their gutter, and the frame that says why nothing is drawn."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kit.show import style
from kit.show.font import width
from kit.show.labels import fill
from kit.show.text import shorten, wrap, wrap_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TWO_LINES = 7.5  # smallest size of a name on two lines
LEADING, BETWEEN = 1.1, 0.5  # of two lines; room between two rows of them
MOST = 0.75  # part of the names that the common size has to hold on one line


def gutter(names: Sequence[str], size: float, *, most: float, pad: float = 5) -> float:
    """Return the room that names need beside a plot, points, at most ``most``."""
    return min(max((width(name, size) for name in names), default=0) + pad, most)


def _fitting(names: Sequence[str], size: float, limit: float) -> float:
    return sum(width(name, size) <= limit for name in names) / max(len(names), 1)


def fit_name(name: str, size: float, limit: float, pitch: float) -> tuple[str, float]:
    """Return a name as it fits ``limit`` and its size: on one line, on two as large as they fit, or shortened."""
    if width(name, size) <= limit:
        return name, size
    smaller = min(size, pitch / (2 * LEADING) - BETWEEN)
    if smaller < TWO_LINES:
        return shorten(name, size, limit), size
    for fitted in (smaller, TWO_LINES):
        lines = wrap_title(name, fitted, limit)
        if len(lines) <= 2 and all(width(line, fitted) <= limit for line in lines):  # noqa: PLR2004
            return "\n".join(lines), fitted
    return _two_shortened(name, limit), TWO_LINES


def _two_shortened(name: str, limit: float) -> str:
    """Shorten a name until two lines hold it."""
    for room in range(int(2 * limit), 0, -4):
        lines = wrap(shorten(name, TWO_LINES, room), TWO_LINES, limit)
        if len(lines) <= 2 and all(width(line, TWO_LINES) <= limit for line in lines):  # noqa: PLR2004
            return "\n".join(lines)
    return shorten(name, TWO_LINES, limit)


def write_names(ax: "Axes", names: Sequence[str], *, at: Iterable[float], room: float, pitch: float,
                size: float = style.NAME, ha: str = "right", pad: float = 5,
                bold: Collection[int] = ()) -> None:  # fmt: skip
    """Write the rows' names in the gutter left of an axes.

    Parameters
    ----------
    at : iterable of float
        Place of each row, data of the axes.
    room : float
        Width of the gutter, points; names are fitted to it.
    pitch : float
        Distance of two rows, points.
    bold : collection of int
        Rows whose names stand out.
    """
    sizes = [(s, part) for part in (1, MOST) for s in (size, size - 1)]  # all at one size, if they can be
    common = next((s for s, part in sizes if _fitting(names, s, room - pad) >= part), size - 1.5)
    shift = -pad if ha == "right" else -room
    for row, (name, y) in enumerate(zip(names, at, strict=True)):
        text, fitted = fit_name(name, min(size, common), room - pad, pitch)
        va = "center" if "\n" in text else "center_baseline"
        style.write(ax, 0, y, text, size=fitted, bold=row in bold, ha=ha, va=va, shift=(shift, 0),
                    transform=ax.get_yaxis_transform(), linespacing=LEADING, gid="name")  # fmt: skip


def notice(words: style.Words, reason: str, lang: str, ax: "Axes | None" = None, **values: object) -> "Axes":
    """Draw a frame that says why the figure is not drawn, and what to look at instead.

    Parameters
    ----------
    words : Words
        Those of the figure; their titles are replaced.
    reason : str
        A key of ``[notices]`` in `labels.toml`.
    values
        What the reason's template names.
    """
    text = fill("notices", reason, lang, **values)
    title = fill("notices", "title", lang)
    if ax is None:
        lines = wrap(text, style.NAME, style.SUBTITLE_LINE)
        ax = style.open_frame(replace(words, titles=[title], note="", keys=()), height=16 * len(lines))
    style.quiet(ax)
    room, _ = style.size_of(ax)
    style.write(ax, 0, 1, "\n".join(wrap(text, style.NAME, room)), size=style.NAME, colour=style.SOFT, va="top",
                transform=ax.transAxes, linespacing=1.4, gid="notice")  # fmt: skip
    return ax
