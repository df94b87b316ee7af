"""A stepped heatmap: agencies by themes, in rates. The grid that it shares with the coverage figure is here, too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.errors import TableError
from kit.show import style
from kit.show.font import width
from kit.show.labels import fill, in_theme_order, label, listed, named, theme_groups, theme_heads, theme_labels
from kit.show.rows import gutter, notice, write_names
from kit.show.scope import Scope, agency_names
from kit.show.text import ELLIPSIS, TOKEN, rate, shorten_end

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

FEWEST, MOST, FEWEST_THEMES = 3, 60, 3
GAP_COLUMNS, GAP_ROWS, BLOCK = 0.35, 0.3, 10  # gaps in cells; rows from one gap to the next
ROOM = (15, 20, 9), (30, 14, 9), (45, 10, 8.5), (60, 7.15, 6.5)  # up to so many rows: pitch, size of names
VALUES_FROM, CELL_VALUE = 14, 6.6  # values are written where the pitch allows; their size
HEAD, HEAD_LATIN = 8.5, 80  # size of a column's head; longest head on its side
NAMES, TOTAL = 96, 30  # widest gutter; room of the totals, points
GROUP = 18
MOST_NAMED = 3  # themes that a title names

# Fixed edges, so that two years compare: the first step starts above zero.
EDGES = {"per_10k_chars": (10, 20, 40, 80), "share_of_sentences": (0.02, 0.05, 0.1, 0.2)}


@dataclass(frozen=True)
class Grid:
    """Where the rows and columns of a table of cells stand, in cells."""

    x: np.ndarray
    y: np.ndarray
    pitch: float
    size: float

    @property
    def across(self) -> float:
        """Width of the grid, in cells."""
        return self.x[-1] + 1 if len(self.x) else 1

    @property
    def down(self) -> float:
        """Height of the grid, in cells."""
        return self.y[-1] + 1 if len(self.y) else 1


def lay_out(rows: int, groups: Sequence[str]) -> Grid:
    """Return the grid of ``rows`` rows and one column per entry of ``groups``; a new group leaves a gap."""
    breaks = np.cumsum([0, *(one != other for one, other in pairwise(groups))])
    _, pitch, size = next((room for room in ROOM if rows <= room[0]), ROOM[-1])
    blocks = np.arange(rows) // BLOCK if rows > ROOM[0][0] else np.zeros(rows)
    return Grid(
        np.arange(len(groups)) + GAP_COLUMNS * breaks[: len(groups)], np.arange(rows) + GAP_ROWS * blocks, pitch, size
    )


def plot_heatmap(counts: pd.DataFrame, *, value: str = "per_10k_chars", order: str = "total",
                 labels: Mapping[str, str] | None = None, groups: Mapping[str, str] | None = None,
                 uncertain: Collection[str] = (), ax: "Axes | None" = None, lang: str = "zh",
                 scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw agencies by themes as a stepped heatmap of rates.

    Parameters
    ----------
    counts : DataFrame
        `tables.THEME_COUNTS` of one role, or of all together (`kit.measure.summaries.sum_roles`).
    value : {"per_10k_chars", "share_of_sentences"}
        The rate drawn. Raw counts are not: agencies write at different length.
    order : {"total", "similarity", "table"}
        Rows by their sum, the largest first; agencies that write of alike themes side by side (see `by_similarity`);
        or as the table has them. Columns keep the order of the themes, so that years compare.
    labels, groups : mapping of str to str, optional
        Names of the themes in the order of the columns, and of their groups; default: those of ``scope``.
    uncertain : collection of str
        Themes that agree too little with a reader's coding to be trusted; their heads carry an asterisk.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        With one cell per report and theme, coloured by its step. Where more than half of the cells are empty, the
        themes that fewest agencies take up are named in the note instead. Fewer than three reports or themes, or more
        than sixty reports, are said, not drawn.

    Raises
    ------
    TableError
        When ``value`` is no rate, ``order`` is unknown, or a report has several rows of one theme.
    """
    if order not in ORDERS:
        message = f"plot_heatmap: expected order to be one of {list(ORDERS)}, found {order!r}"
        raise TableError(message)
    if value not in EDGES:
        message = f"plot_heatmap: expected value to be one of {list(EDGES)}, found {value!r}; counts are not compared"
        raise TableError(message)
    codebook = scope.codebook if scope else None
    labels, groups = labels or theme_labels(lang, codebook), groups or theme_groups(lang, codebook)
    wide = pivot(counts, value, labels)
    wide = ORDERS[order](wide)
    whole, wide = wide, dense(wide)
    ordered = label("heatmap", f"order_{order}", lang)
    words = _words(whole, wide, value, uncertain, labels, lang, _parts(counts, lang)).under(scope, lang, ordered)
    for unfit, reason in ((len(wide) < FEWEST, "few_rows"), (len(wide) > MOST, "many_rows"),
                          (wide.shape[1] < FEWEST_THEMES, "half_empty")):  # fmt: skip
        if unfit:
            empty = int((whole == 0).to_numpy().sum())
            return notice(words, reason, lang, ax, n=len(wide), empty=empty, cells=whole.size)
    heads = theme_heads(list(wide.columns), labels, lang, uncertain=uncertain)
    grid = lay_out(len(wide), [groups.get(theme, "") for theme in wide.columns])
    names = agency_names(first_rows(counts, wide.index), lang, scope)
    with_total = value == "per_10k_chars"
    ax = open_grid(ax, words, grid, names, heads, lang, right=TOTAL * with_total, group_room=GROUP)
    draw_cells(ax, grid, [step_colour(v, value) for v in wide.to_numpy().ravel()])
    write_heads(ax, grid, heads, lang)
    _write_groups(ax, grid, [groups.get(theme, "") for theme in wide.columns])
    if grid.pitch >= VALUES_FROM:
        _write_values(ax, grid, wide, value)
    if with_total:
        write_column(ax, grid, [rate(total) for total in whole.sum(axis=1)], label("heatmap", "total", lang), TOTAL)
    return ax


def by_total(wide: pd.DataFrame) -> pd.DataFrame:
    """Order rows by their sum, the largest first."""
    return wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def by_similarity(wide: pd.DataFrame) -> pd.DataFrame:
    """Order rows along the first axis of a correspondence analysis (Benzécri 1973): like profiles stand together."""
    masses = wide.to_numpy() / max(wide.to_numpy().sum(), 1e-12)
    rows, columns = masses.sum(axis=1, keepdims=True), masses.sum(axis=0, keepdims=True)
    expected = np.maximum(rows * columns, 1e-12)
    axis = np.linalg.svd((masses - expected) / np.sqrt(expected), full_matrices=False)[0][:, 0]
    axis = axis / np.sqrt(np.maximum(rows[:, 0], 1e-12))
    axis = axis * np.sign(axis[np.argmax(np.abs(axis))])  # an axis has no side of its own
    return wide.iloc[np.argsort(-axis, kind="stable")]


ORDERS = {"total": by_total, "similarity": by_similarity, "table": pd.DataFrame.copy}


def pivot(table: pd.DataFrame, value: str, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return ``value`` with reports down, in the table's order, and themes across, in the order of ``labels``."""
    if table.duplicated(["report", "theme"]).any():
        message = "expected one row per report and theme, found several; choose a role or add them up (sum_roles)"
        raise TableError(message)
    wide = table.pivot(index="report", columns="theme", values=value)  # noqa: PD010 - the error above is ours
    return wide.reindex(index=table["report"].unique(), columns=in_theme_order(list(table["theme"]), labels))


def first_rows(table: pd.DataFrame, reports: Collection[int]) -> pd.DataFrame:
    """Return one row of each report, in the order of ``reports``."""
    return table.drop_duplicates("report").set_index("report").loc[list(reports)].reset_index()


def step_of(value: float, column: str) -> int:
    """Return the step of a rate: 0 for none, then 1 … 5 by the fixed edges."""
    return 0 if value == 0 else 1 + int(np.searchsorted(EDGES[column], value, side="right"))


def step_colour(value: float, column: str) -> str:
    """Return the colour of a rate's step."""
    return (style.EMPTY, *style.STEPS)[step_of(value, column)]


def dense(wide: pd.DataFrame) -> pd.DataFrame:
    """Leave out the themes that fewest agencies take up until no more than half of the cells are empty."""
    users = (wide > 0).sum().sort_values(ascending=False, kind="stable")
    filled = users.cumsum() / (len(wide) * np.arange(1, len(users) + 1))
    return wide.loc[:, (filled >= 1 / 2).reindex(wide.columns)]


def _words(whole: pd.DataFrame, wide: pd.DataFrame, value: str, uncertain: Collection[str],
           labels: Mapping[str, str], lang: str, parts: str) -> style.Words:  # fmt: skip
    notes = [fill("heatmap", "note", lang, themes=whole.shape[1], parts=parts)]
    rare = list(whole.columns.difference(wide.columns, sort=False))
    notes += [fill("heatmap", "rare", lang, themes=named(rare, labels, lang))] if rare else []
    notes += [label("heatmap", "uncertain", lang)] if set(uncertain) & set(wide) else []
    edges = label("heatmap", f"steps_{value}", lang).split("|")
    keys = [style.Key("gap", label("heatmap", f"unit_{value}", lang)),
            *(style.Key("step", text, colour) for text, colour in
              zip(edges, (style.EMPTY, *style.STEPS), strict=True))]  # fmt: skip
    return style.Words(_titles(whole, labels, lang), label("measures", value, lang), "".join(notes), keys=keys)


def _parts(counts: pd.DataFrame, lang: str) -> str:
    """Return which parts of the reports are counted."""
    roles = [label("roles", role, lang) for role in counts["role"].unique() if role != "all"]
    return fill("heatmap", "part", lang, role=listed(roles, lang)) if roles else label("heatmap", "parts", lang)


def _titles(wide: pd.DataFrame, labels: Mapping[str, str], lang: str) -> list[str]:
    """Return the finding: which themes every agency takes up, or how many the most shared one reaches."""
    plain = label("heatmap", "plain", lang)
    users = (wide > 0).sum()
    if not wide.size or not users.max():
        return [plain]
    by_users = users.sort_values(ascending=False, kind="stable")
    shared = [theme for theme in by_users.index if users[theme] == len(wide)]
    if not shared:
        most = [theme for theme in by_users.index if users[theme] == users.max()]
        said = {"theme": named(most, labels, lang), "n": int(users.max()), "agencies": len(wide)}
        return [*([fill("heatmap", "most_shared", lang, **said)] if len(most) <= MOST_NAMED else []), plain]
    said = {"n": len(shared), "agencies": len(wide), "alone": int((users <= len(wide) / 2).sum())}
    heads = [fill("heatmap", "shared_many", lang, **said)]
    if len(shared) <= MOST_NAMED:
        heads.insert(0, fill("heatmap", "shared", lang, themes=named(shared, labels, lang), **said))
    tails = [fill("heatmap", "shared_alone", lang, **said), ""] if said["alone"] else [""]
    return [*(head + tail for head in heads for tail in tails), plain]


def open_grid(ax: "Axes | None", words: style.Words, grid: Grid, names: Sequence[str], heads: Sequence[str],
              lang: str, *, right: float = 0, group_room: float = 0) -> "Axes":  # fmt: skip
    """Return an axes in cells, with the names of the rows beside it."""
    room = gutter(names, grid.size, most=NAMES if lang == "zh" else NAMES + 14)
    if ax is None:
        top = head_height(heads, lang) + 6 + group_room
        ax = style.open_frame(words, height=grid.pitch * grid.down, left=room, right=right, top=top)
    style.quiet(ax)
    ax.set_xlim(-0.5, grid.across - 0.5)
    ax.set_ylim(grid.down - 0.5, -0.5)
    pitch = style.size_of(ax)[1] / grid.down
    write_names(ax, names, at=grid.y, room=room, pitch=pitch, size=grid.size)
    return ax


def draw_cells(ax: "Axes", grid: Grid, colours: Sequence[str]) -> None:
    """Draw one cell per row and column, row by row, with a white edge."""
    from matplotlib.collections import PolyCollection  # noqa: PLC0415

    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    cells = [corners + (x, y) for y in grid.y for x in grid.x]  # noqa: RUF005 - an array's sum
    edge = 0.9 if grid.pitch >= VALUES_FROM else 0.5
    ax.add_collection(PolyCollection(cells, facecolors=list(colours), edgecolors="white", linewidths=edge, gid="cells"),
                      autolim=False)  # fmt: skip


def _stacked(head: str) -> list[str]:
    """Return a head as it is stacked: one character a line, a Latin word or a number on one line."""
    return [token for token in TOKEN.findall(head) if not token.isspace()]


def head_height(heads: Sequence[str], lang: str) -> float:
    """Return the height that the heads of columns need, points."""
    if lang == "zh":
        return HEAD * max((len(_stacked(head)) for head in heads), default=0)
    return min(max((width(head, HEAD) for head in heads), default=0), HEAD_LATIN)


def write_heads(ax: "Axes", grid: Grid, heads: Sequence[str], lang: str) -> None:
    """Write the heads of the columns: stacked in Chinese, on their side in English."""
    for x, head in zip(grid.x, heads, strict=True):
        if lang == "zh":
            _stack(ax, x, _stacked(head), ax.get_xaxis_transform(), style.INK)
        else:
            style.write(ax, x, 1, shorten_end(head, HEAD, HEAD_LATIN), size=HEAD, rotation=90, ha="center",
                        va="bottom", transform=ax.get_xaxis_transform(), shift=(0, 4), gid="head")  # fmt: skip


def _stack(ax: "Axes", x: float, tokens: Sequence[str], transform: "Transform", colour: str, shift: float = 0) -> None:
    for up, token in enumerate(reversed(tokens)):
        style.write(ax, x, 1, token, size=HEAD, colour=colour, ha="center", transform=transform,
                    shift=(shift, 5 + up * HEAD), gid="head")  # fmt: skip


def _write_groups(ax: "Axes", grid: Grid, groups: Sequence[str]) -> None:
    top = max(text.get_window_extent().y1 for text in ax.texts if text.get_gid() == "head")
    for group in dict.fromkeys(groups):
        members = grid.x[[name == group for name in groups]]
        _write_group(ax, group, members[0] - 0.45, members[-1] + 0.45, top)


def _write_group(ax: "Axes", group: str, left: float, right: float, above: float) -> None:
    """Write a group's name over a rule across its columns; a name too long for them is shortened."""
    from matplotlib.transforms import blended_transform_factory  # noqa: PLC0415

    place = blended_transform_factory(ax.transData, style.points(style.figure_of(ax)))
    y = above * 72 / style.figure_of(ax).dpi + 4
    ax.plot([left, right], [y, y], transform=place, color=style.RULE, lw=0.7, clip_on=False, gid="group")
    room = (right - left) * style.size_of(ax)[0] / abs(np.diff(ax.get_xlim())[0])
    short = shorten_end(group, style.SMALL, room)
    style.write(ax, (left + right) / 2, y, short if short != ELLIPSIS else "", size=style.SMALL,
                colour=style.SOFT, ha="center", transform=place, shift=(0, 4), gid="group")  # fmt: skip


def _write_values(ax: "Axes", grid: Grid, wide: pd.DataFrame, value: str) -> None:
    for y, row in zip(grid.y, wide.to_numpy(), strict=True):
        for x, v in zip(grid.x, row, strict=True):
            if v:
                text = rate(v * 100) if value.startswith("share") else rate(v)
                style.write(ax, x, y, text, size=CELL_VALUE, colour=style.on(step_colour(v, value)), ha="center",
                            va="center_baseline", gid="value")  # fmt: skip


def write_column(ax: "Axes", grid: Grid, texts: Sequence[str], head: str, room: float, *, right: float = 0,
                 colour: str = style.SOFT) -> None:  # fmt: skip
    """Write a column of values right of the cells, ``room`` points wide, ``right`` points further right."""
    size = max(min(9, grid.size), 6.8)
    shift = right + room - 2
    for y, text in zip(grid.y, texts, strict=True):
        style.write(ax, 1, y, text, size=size, colour=colour, ha="right", va="center_baseline", shift=(shift, 0),
                    transform=ax.get_yaxis_transform(), gid="sum")  # fmt: skip
    tokens = _stacked(head) if not head.isascii() else [head]
    _stack(ax, 1, tokens, ax.transAxes, colour, shift=shift - max(width(token, HEAD) for token in tokens) / 2)
