"""The heatmap: a cell's colour is its step, its text its rate; names, totals and titles come from the table."""

import drawing
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

from kit.errors import TableError
from kit.show.heatmap import by_similarity, lay_out, plot_heatmap, step_of
from kit.show.style import EMPTY, STEPS, contrast, on
from kit.show.text import half_up

COUNTS = drawing.theme_totals(12)


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def cells(ax):
    collection = next(c for c in ax.collections if c.get_gid() == "cells")
    places = [tuple(path.get_extents().get_points().mean(axis=0)) for path in collection.get_paths()]
    return dict(zip(places, (to_hex(colour).upper() for colour in collection.get_facecolors()), strict=True))


@pytest.mark.parametrize(("value", "column", "step"), [
    (0, "per_10k_chars", 0), (0.1, "per_10k_chars", 1), (9.99, "per_10k_chars", 1), (10, "per_10k_chars", 2),
    (39.9, "per_10k_chars", 3), (40, "per_10k_chars", 4), (79, "per_10k_chars", 4), (80, "per_10k_chars", 5),
    (0.019, "share_of_sentences", 1), (0.02, "share_of_sentences", 2), (0.9, "share_of_sentences", 5),
])  # fmt: skip
def test_steps_have_fixed_edges(value, column, step):
    assert step_of(value, column) == step


@pytest.mark.parametrize("value", ["per_10k_chars", "share_of_sentences"])
def test_every_cell_has_the_colour_of_its_rate(value):
    """Counted again from the table, cell by cell, with rows by their sum and columns in the order of the themes."""
    ax = plot_heatmap(COUNTS, value=value)
    sums = COUNTS.groupby("report")[value].sum().sort_values(ascending=False, kind="stable")
    grid = lay_out(12, drawing.groups())
    found = cells(ax)
    assert len(found) == 12 * 23
    colours = (EMPTY, *STEPS)
    for y, report in zip(grid.y, sums.index, strict=True):
        for x, theme in zip(grid.x, drawing.THEMES, strict=True):
            row = COUNTS[(COUNTS["report"] == report) & (COUNTS["theme"] == theme)].iloc[0]
            near = min(found, key=lambda place: abs(place[0] - x) + abs(place[1] - y))
            assert found[near] == colours[step_of(row[value], value)]


def test_values_are_written_where_there_are_any_and_can_be_read():
    ax = plot_heatmap(COUNTS)
    texts = [text for text in drawing.drawn(ax.figure) if text.get_gid() == "value"]
    assert len(texts) == int((COUNTS["n_hits"] > 0).sum())
    for step in (EMPTY, *STEPS):
        assert contrast(on(step), step) >= 4.5
    colours = {to_hex(text.get_color()).upper() for text in texts}
    assert colours == {"#FFFFFF", "#1A1A1A"}


def test_totals_are_the_sums_of_the_rates():
    ax = plot_heatmap(COUNTS)
    sums = COUNTS.groupby("report")["per_10k_chars"].sum().sort_values(ascending=False, kind="stable")
    assert drawing.texts(ax.figure, "sum") == [f"{half_up(total)}" for total in sums]
    assert drawing.texts(plot_heatmap(COUNTS, value="share_of_sentences").figure, "sum") == []


def test_rows_can_keep_the_order_of_the_table():
    names = drawing.texts(plot_heatmap(COUNTS, order="table").figure, "name")
    assert [name.replace("\n", "") for name in names][:2] == ["青溪县卫生健康局", "青溪县交通运输局"]


@pytest.mark.parametrize(("reports", "hits", "said"), [
    (3, [[1, 1, 0], [1, 0, 0], [1, 0, 1]], "3家单位都写到甲，2个主题提及的单位不过半"),
    (3, [[1, 1, 1], [1, 1, 1], [1, 1, 1]], "3家单位都写到甲、乙、丙"),
    (4, [[1, 1, 1], [1, 0, 1], [0, 1, 1], [1, 0, 0]], "没有哪个主题各家都写，最普遍的是甲、丙（4家中3家）"),
])  # fmt: skip
def test_the_title_says_which_themes_are_shared(reports, hits, said):
    table = drawing.theme_totals(reports)
    table = table[table["theme"].isin(drawing.THEMES[:3])].assign(per_10k_chars=np.ravel(hits) * 12.0)
    labels = dict(zip(drawing.THEMES[:3], "甲乙丙", strict=True))
    ax = plot_heatmap(table, labels=labels, groups=dict.fromkeys(labels, "组"))
    assert "".join(drawing.texts(ax.figure, "title")) == said


def test_the_note_says_which_parts_are_counted():
    said = "".join(drawing.texts(plot_heatmap(COUNTS).figure, "note"))
    assert said.startswith("注：计入正文各部分，含开头和问题；")
    plan = "".join(drawing.texts(plot_heatmap(COUNTS.assign(role="plan")).figure, "note"))
    assert plan.startswith("注：只计计划部分；")


@pytest.mark.parametrize(("table", "reason"), [
    (drawing.theme_totals(2), "报告不足3篇（2篇）"),
    (drawing.theme_totals(61), "报告超过60篇（61篇）"),
    (COUNTS.assign(per_10k_chars=COUNTS["per_10k_chars"].where(COUNTS["report"] < 5, 0)), "超过一半"),
])  # fmt: skip
def test_what_would_mislead_is_said(table, reason):
    ax = plot_heatmap(table)
    assert not ax.collections
    assert reason in "".join(drawing.texts(ax.figure, "notice"))


def test_themes_of_few_agencies_make_room_in_a_sparse_table_and_are_named():
    """Half of the cells at least are filled; the totals are still those of all themes."""
    rare = set(drawing.THEMES[5:])
    sparse = COUNTS.assign(
        per_10k_chars=COUNTS["per_10k_chars"].mask(COUNTS["theme"].isin(rare) & (COUNTS["report"] > 1), 0)
    )
    ax = plot_heatmap(sparse)
    filled = [colour != EMPTY for colour in cells(ax).values()]
    assert 5 * 12 <= len(filled) < 23 * 12
    assert sum(filled) >= len(filled) / 2
    assert "提及单位过少、未列：" in "".join(drawing.texts(ax.figure, "note"))
    sums = sparse.groupby("report")["per_10k_chars"].sum()
    assert sorted(drawing.texts(ax.figure, "sum")) == sorted(f"{half_up(total)}" for total in sums)


def test_uncertain_themes_are_marked():
    ax = plot_heatmap(COUNTS, uncertain=["party"])
    assert drawing.texts(ax.figure, "head").count("*") == 1
    assert "一致程度偏低" in "".join(drawing.texts(ax.figure, "note"))


def test_counts_and_repeated_rows_are_refused():
    with pytest.raises(TableError, match=r"expected value to be one of .*, found 'n_hits'; counts are not compared"):
        plot_heatmap(COUNTS, value="n_hits")
    with pytest.raises(TableError, match="expected one row per report and theme, found several"):
        plot_heatmap(pd.concat([drawing.theme_totals(3), drawing.theme_totals(1)]))


def test_rows_of_like_profiles_stand_side_by_side():
    wide = pd.DataFrame([[9, 1, 0], [0, 1, 9], [8, 2, 0], [0, 2, 5]], index=[1, 2, 3, 4], columns=list("abc"))
    order = list(by_similarity(wide).index)
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset({1, 3}), frozenset({2, 4})}
    assert by_similarity(wide.iloc[::-1]).index.tolist() == order
    assert wide.index.tolist() == [1, 2, 3, 4]


def test_an_unknown_order_is_refused():
    with pytest.raises(
        TableError, match=r"expected order to be one of \['total', 'similarity', 'table'\], found 'size'"
    ):
        plot_heatmap(COUNTS, order="size")
