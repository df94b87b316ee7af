"""Plots laid out and drawn: heights follow from the content, marks stand where the value says."""

from dataclasses import replace

import drawing
import numpy as np
import pytest
from drawing import SCOPE
from matplotlib.colors import to_hex

from kit.show import free_plots, style
from kit.show.commitment_figures import build_statuses, build_targets
from kit.show.count_figures import (
    STATES,
    build_attention,
    build_cloud,
    build_coverage,
    build_heatmap,
    build_keyness,
    build_network,
    build_terms,
)
from kit.show.figure import Figure, Key, Ranked, Row
from kit.show.free_plots import place_nodes
from kit.show.plots import grid_of, lay_out


def collection(ax, gid):
    return next(c for c in ax.collections if c.get_gid() == gid)


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def hexes(colours):
    return [to_hex(colour).upper() for colour in colours]


def figure(titles=("标题",), keys=(), rows=5):
    plot = Ranked(tuple(Row("甲" * 5, (1.0,), ("1",)) for _ in range(rows)))
    return Figure("terms", "zh", titles, "副标题", "注：甲。", ("资料来源：乙。",), drawing.terms(3), keys, plot)


def test_height_follows_from_the_content():
    """Tag and gap 12, title 14 × 1.28, gap 3, subtitle 10 × 1.38, gap 8; 24 and the foot at 8 × 1.42 below."""
    frame = lay_out(figure())
    assert frame.total == pytest.approx(12 + 14 * 1.28 + 3 + 10 * 1.38 + 8 + 5 * 19 + 10 + 4 + 2 * 8 * 1.42 + 8)
    assert frame.room.left == 5 * 10 + 12
    alone = lay_out(figure(), whole=False)
    assert (alone.head, alone.foot, alone.room) == ([], [], frame.room)
    assert alone.total == 5 * 19 + 14


def test_legends_wrap_inside_the_page():
    page = figure(keys=tuple(Key("box", f"第{n}类很长的名称", style.FOCUS) for n in range(8))).draw().figure
    assert drawing.outside(page) == drawing.overlaps(page) == []
    assert len({text.get_window_extent().y0 for text in drawing.drawn(page) if text.get_gid() == "key"}) == 2


def test_bars_start_at_zero_with_their_values_behind():
    ax = build_terms(drawing.terms(6), SCOPE).draw()
    assert widths(ax) == list(drawing.terms(6)["n"])
    assert ax.get_xlim()[0] == 0
    assert [bar.get_y() for bar in ax.patches] == sorted(bar.get_y() for bar in ax.patches)
    assert hexes(bar.get_facecolor() for bar in ax.patches) == [style.FOCUS, *[style.CONTEXT] * 5]
    texts = [text for text in drawing.drawn(ax.figure) if text.get_gid() == "value"]
    for text, bar in zip(texts, ax.patches, strict=True):
        gap = text.get_window_extent().x0 - bar.get_window_extent().x1
        assert 3 <= gap * 72 / ax.figure.dpi <= 6


def test_diverging_bars_stand_on_a_symmetric_axis_and_an_empty_side_is_said():
    table = drawing.keyness(16)
    ax = build_keyness(table, SCOPE).draw()
    assert sorted(widths(ax)) == sorted(table["z"])
    low, high = ax.get_xlim()
    assert low == -high
    one_side = build_keyness(table.assign(z=table["z"].abs()), SCOPE).draw()
    assert drawing.texts(one_side.figure, "none") == ["没有显著的词"]


def test_stacked_bars_are_shares_and_their_numbers_counts():
    figure = build_statuses(drawing.statuses(3), SCOPE)
    ax, counts = figure.draw(), np.array([row.values for row in figure.plot.rows])
    shares = counts / counts.sum(axis=1, keepdims=True)
    assert pytest.approx(shares) == np.reshape(widths(ax), (4, 3)).T
    assert drawing.texts(ax.figure, "sum") == [str(total) for total in counts.sum(axis=1)]
    assert set(drawing.texts(ax.figure, "value")) <= {str(n) for n in counts.ravel()}


def test_doubtful_rows_are_hatched():
    figure = build_statuses(drawing.statuses(3), SCOPE)
    first, *others = figure.plot.rows
    ax = replace(figure, plot=replace(figure.plot, rows=(*others, replace(first, hatched=True)))).draw()
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True] * 4


def test_rates_start_at_zero_gaps_at_the_target_and_estimates_are_hollow():
    ax = build_targets(drawing.targets(), SCOPE).draw()
    assert widths(ax)[:5] == pytest.approx([16 / 5, 11 / 10, 33 / 35, 5 / 8, 5.4 / 12])
    assert [bar.get_x() for bar in ax.patches] == [0, 0, 0, 0, 0, 1, 1]
    above, below = widths(ax)[5:]
    assert above / below == pytest.approx(6 / -1.5)
    assert [colour == style.WHITE for colour in hexes(bar.get_facecolor() for bar in ax.patches)] == [
        False, False, False, True, False, False, True,
    ]  # fmt: skip
    ticks = collection(ax, "target")
    assert {x for segment in ticks.get_segments() for x, _ in segment} == {1.0}
    assert ax.get_xlim() == (0, 2.0)


@pytest.mark.parametrize("gaps", [(-2, -2, -1, 0), (3, 1, 0.5, 0), (0, 0, 0, 0), (40, -30, 5, 1)])
def test_gaps_stay_within_the_axis(gaps):
    table = drawing.targets(4).assign(unit="%", completion=float("nan"), gap_points=[float(gap) for gap in gaps])
    ax = build_targets(table, SCOPE).draw()
    low, high = ax.get_xlim()
    assert all(low <= x <= high + 1e-9 for bar in ax.patches for x in (bar.get_x(), bar.get_x() + bar.get_width()))


def test_the_ends_of_a_dumbbell_stand_at_the_shares():
    figure = build_attention(drawing.attention(), SCOPE)
    ax, rows = figure.draw(), [row for group in figure.plot.groups for row in group.rows]
    for at, side in enumerate(("review", "plan")):
        found = [x for c in ax.collections if c.get_gid() == side for x, _ in c.get_offsets()]
        assert found == pytest.approx([row.values[at] for row in rows])
    assert drawing.texts(ax.figure, "change") == [row.sums[0] for row in rows]


def test_cells_have_their_ground_and_groups_are_apart():
    figure = build_heatmap(drawing.theme_totals(12), SCOPE)
    ax, grid = figure.draw(), grid_of(12, drawing.groups())
    cells = collection(ax, "cells")
    places = [tuple(path.get_extents().get_points().mean(axis=0)) for path in cells.get_paths()]
    assert places == [pytest.approx((x, y)) for y in grid.y for x in grid.x]
    assert hexes(cells.get_facecolors()) == [cell.ground for row in figure.plot.cells for cell in row]
    assert np.unique(np.diff(grid.x).round(2)).tolist() == [1, 1.35]
    values = [cell.text for row in figure.plot.cells for cell in row if cell.text]
    assert drawing.texts(ax.figure, "value") == values
    assert drawing.texts(ax.figure, "sum") == list(figure.plot.sums[0].texts)


def test_dots_and_rings_stand_in_their_cells():
    figure = build_coverage(drawing.coverage(12), SCOPE)
    ax = figure.draw()
    for mark, state in (("dot", "plan only"), ("ring", "review only")):
        expected = [(x, y) for y, row in enumerate(figure.plot.cells) for x, cell in enumerate(row)
                    if replace(cell, hatched=False) == STATES[state]]  # fmt: skip
        assert [tuple(map(round, place)) for place in collection(ax, mark).get_offsets()] == expected


def test_the_area_of_a_node_follows_its_frequency():
    figure = build_network(drawing.pairs(), SCOPE)
    ax = figure.draw()
    areas, sizes = collection(ax, "nodes").get_sizes(), np.array([size for _, size in figure.plot.nodes])
    assert areas / areas.max() == pytest.approx(sizes / sizes.max())
    assert drawing.texts(ax.figure, "name") == [name for name, _ in figure.plot.nodes]
    assert len([line for line in ax.lines if line.get_gid() == "tie"]) == len(figure.plot.ties)


def test_the_same_seed_places_nodes_alike():
    plot = build_network(drawing.pairs(), SCOPE).plot
    one, other, another = (place_nodes(replace(plot, seed=seed), 420, 300) for seed in (1, 1, 2))
    assert all((one[name] == other[name]).all() for name in one)
    assert any((one[name] != another[name]).any() for name in one)


def words(ax):
    return [(t.get_text(), t.get_position(), t.get_fontsize()) for t in ax.texts if t.get_gid() == "word"]


def test_the_same_seed_places_words_alike():
    table = drawing.terms()
    first = words(build_cloud(table, SCOPE).draw())
    free_plots._place_words.cache_clear()
    assert words(build_cloud(table, SCOPE).draw()) == first
    assert words(build_cloud(table, SCOPE).draw()) != words(build_cloud(table, SCOPE, seed=1).draw())


def test_the_size_of_a_word_follows_its_count_and_words_lie_flat_inside():
    ax = build_cloud(drawing.terms(), SCOPE).draw()
    sizes = [size for _, _, size in words(ax)]
    assert [word for word, _, _ in words(ax)] == list(drawing.terms()["term"])
    assert sizes == sorted(sizes, reverse=True)
    assert {text.get_rotation() for text in ax.texts} == {0.0}
    assert drawing.overlaps(ax.figure, slack=0) == []
    plot = ax.get_window_extent()
    for box in (drawing.ink(text) for text in ax.texts if text.get_gid() == "word"):
        assert plot.x0 <= box.x0 < box.x1 <= plot.x1
        assert plot.y0 <= box.y0 < box.y1 <= plot.y1
