"""A small network: which terms stand in the same sentences."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.show import style
from kit.show.font import width
from kit.show.labels import fill, label, quoted
from kit.show.rows import notice
from kit.show.scope import Scope

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 300
MOST_NODES, MOST_EDGES, FEWEST_EDGES = 30, 60, 5
FEWEST_SENTENCES = 3
LABEL = 9
RADIUS = 9, 2  # of the largest node, and the least there is, points
PUSHES = 400


def plot_network(pairs: pd.DataFrame, *, seed: int = 2023, ax: "Axes | None" = None, lang: str = "zh",
                 scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw the strongest ties between terms as a network.

    Parameters
    ----------
    pairs : DataFrame
        `tables.COOCCURRENCE`. Pairs that stand together less often than chance, or in fewer than three sentences, are
        left out; of the rest the largest G² make at most 60 ties between at most 30 terms.
    seed : int
        The same seed and table give the same picture.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        In points; the area of a node follows the sentences with its term. Fewer than five ties are said.
    """
    ties = _strongest(pairs)
    words = _words(ties, lang, scope)
    if len(ties) < FEWEST_EDGES:
        return notice(words, "few_ties", lang, ax, n=len(ties))
    ax = style.quiet(ax) if ax else style.open_frame(words, height=HEIGHT)
    wide, tall = style.size_of(ax)
    ax.set_xlim(0, wide)
    ax.set_ylim(0, tall)
    sizes = {
        **dict(zip(ties["term_a"], ties["n_a"], strict=True)),
        **dict(zip(ties["term_b"], ties["n_b"], strict=True)),
    }
    places = _places(ties, list(sizes), wide, tall, seed)
    thick = 0.6 + 1.9 * (ties["g2"] / ties["g2"].max()).to_numpy()
    for one, other, lw in zip(ties["term_a"], ties["term_b"], thick, strict=True):
        ends = np.array([places[one], places[other]])
        ax.plot(*ends.T, color=style.CONTEXT, lw=lw, zorder=1, gid="tie", solid_capstyle="round")
    radius = np.maximum(RADIUS[0] * np.sqrt(np.array(list(sizes.values())) / max(sizes.values())), RADIUS[1])
    xy = np.array([places[term] for term in sizes])
    ax.scatter(xy[:, 0], xy[:, 1], s=(2 * radius) ** 2, color=style.FOCUS, linewidths=0, zorder=2, gid="nodes")
    for (x, y), r, term in zip(xy, radius, sizes, strict=True):
        style.write(ax, x, y, term, size=LABEL, ha="center", va="top", shift=(0, -r - 1), halo=4, gid="name")
    return ax


def _strongest(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest ties between at most so many terms."""
    fair = pairs[(pairs["log_ratio"] > 0) & (pairs["n_sentences"] >= FEWEST_SENTENCES)]
    kept: list[Hashable] = []
    nodes: set[object] = set()
    for row in fair.sort_values("g2", ascending=False, kind="stable").itertuples():
        both = nodes | {row.term_a, row.term_b}
        if len(both) <= MOST_NODES and len(kept) < MOST_EDGES:
            nodes = both
            kept.append(row.Index)
    return fair.loc[kept]


def _words(ties: pd.DataFrame, lang: str, scope: Scope | None) -> style.Words:
    under = fill("network", "subtitle", lang, n=len(ties))
    titles = [label("network", "plain", lang)]
    if len(ties):
        first = ties.iloc[0]
        pair = {side: quoted([first[f"term_{side}"]], lang) for side in "ab"}
        titles.insert(0, fill("network", "finding", lang, **pair, n=int(first["n_sentences"])))
    return style.Words(titles, under, fill("network", "note", lang, n=FEWEST_SENTENCES)).under(scope, lang)


def _places(ties: pd.DataFrame, terms: list[str], wide: float, tall: float, seed: int) -> dict[str, np.ndarray]:
    """Return the place of each term in points: springs pull ties together, labels push each other apart."""
    import networkx as nx  # noqa: PLC0415

    graph = nx.Graph()
    graph.add_nodes_from(terms)
    graph.add_weighted_edges_from(zip(ties["term_a"], ties["term_b"], np.log1p(ties["g2"]), strict=True))
    spring = nx.spring_layout(graph, k=2.2 / np.sqrt(len(terms)), iterations=200, seed=seed)
    boxes = np.array([(width(term, LABEL) + 10, 2 * RADIUS[0] + LABEL + 5) for term in terms])
    xy = np.array([spring[term] for term in terms])
    low, high = boxes.max(axis=0) / 2, (wide, tall) - boxes.max(axis=0) / 2
    xy = low + (xy - xy.min(axis=0)) / np.ptp(xy, axis=0).clip(1e-9) * (high - low)
    return dict(zip(terms, _apart(xy, boxes, (wide, tall)), strict=True))


def _apart(xy: np.ndarray, boxes: np.ndarray, canvas: tuple[float, float]) -> np.ndarray:
    """Push boxes apart, along the shorter way, until none overlaps another or leaves the canvas."""
    for _ in range(PUSHES):
        moved = False
        for one in range(len(xy)):
            for other in range(one):
                apart = xy[one] - xy[other]
                lack = (boxes[one] + boxes[other]) / 2 - np.abs(apart)
                if (lack > 0).all():
                    axis = int(np.argmin(lack))
                    push = (lack[axis] / 2 + 0.1) * (1 if apart[axis] >= 0 else -1)
                    xy[one, axis] += push
                    xy[other, axis] -= push
                    moved = True
        xy = np.clip(xy, boxes / 2, canvas - boxes / 2)
        if not moved:
            break
    return xy
