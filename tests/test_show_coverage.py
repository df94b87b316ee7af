"""The coverage figure: every cell is the table's state, every count is counted again."""

import drawing
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

from kit.errors import TableError
from kit.show.coverage import plot_coverage
from kit.show.style import BOTH, EMPTY
from kit.show.text import half_up

TABLE = drawing.coverage(12)


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def marks(ax, state):
    return next(c for c in ax.collections if c.get_gid() == state).get_offsets()


def test_cells_dots_and_rings_are_the_states():
    """One slate cell, dot or ring per row of the table in that state."""
    ax = plot_coverage(TABLE)
    counted = TABLE["state"].value_counts()
    colours = [to_hex(c).upper() for c in next(c for c in ax.collections if c.get_gid() == "cells").get_facecolors()]
    assert colours.count(BOTH) == counted["both"]
    assert colours.count(EMPTY) == len(TABLE) - counted["both"]
    for state in ("plan only", "review only"):
        assert len(marks(ax, state)) == counted[state]


def test_a_mark_stands_in_its_report_and_theme():
    """Rows and columns by how often both take a theme up: found again with plain loops."""
    ax = plot_coverage(TABLE)
    both = {(row.report, row.theme) for row in TABLE.itertuples() if row.state == "both"}
    reports = sorted(set(TABLE["report"]), key=lambda r: (-sum(r == report for report, _ in both), r))
    themes = sorted(drawing.THEMES, key=lambda t: (-sum(t == theme for _, theme in both), drawing.THEMES.index(t)))
    expected = {(themes.index(row.theme), reports.index(row.report)) for row in TABLE.itertuples()
                if row.state == "plan only"}  # fmt: skip
    assert {tuple(map(round, place)) for place in marks(ax, "plan only")} == expected


def test_the_two_columns_count_what_is_in_plan_or_review_alone():
    ax = plot_coverage(TABLE)
    sums = drawing.texts(ax.figure, "sum")
    names = [name.replace("\n", "") for name in drawing.texts(ax.figure, "name")]
    assert len(sums) == 24
    row = names.index("县发改委")
    report = TABLE[TABLE["agency"] == "县发改委"]
    assert sums[row] == str((report["state"] == "plan only").sum())
    assert sums[12 + row] == str((report["state"] == "review only").sum())


def test_the_title_gives_the_means():
    means = [(TABLE["state"] == state).sum() / 12 for state in ("both", "plan only", "review only")]
    both, plan, review = (f"{half_up(mean, 1)}".removesuffix(".0") for mean in means)
    title = "".join(drawing.texts(plot_coverage(TABLE).figure, "title"))
    assert title == f"平均每家单位有{both}个主题前后延续，{plan}个只写进计划，{review}个未续"


def test_the_threshold_is_said_and_has_to_be_the_tables_own():
    strict = TABLE.assign(state=[
        "both" if r >= 2 and p >= 2 else "plan only" if p >= 2 else "review only" if r >= 2 else "neither"
        for r, p in zip(TABLE["review_sentences"], TABLE["plan_sentences"], strict=True)
    ])  # fmt: skip
    ax = plot_coverage(strict, min_sentences=2)
    note = "注：总结（成效、亮点）或计划中至少2句写到该主题，计为“有”；开头和问题部分不计。"
    assert drawing.texts(ax.figure, "note") == [note]
    with pytest.raises(TableError, match="does not follow from min_sentences=2"):
        plot_coverage(TABLE, min_sentences=2)


def test_one_report_is_drawn_without_a_mean():
    one = drawing.coverage(1)
    title = "".join(drawing.texts(plot_coverage(one).figure, "title"))
    assert title.startswith(f"{(one['state'] == 'both').sum()}个主题前后延续")
