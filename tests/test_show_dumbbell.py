"""The dumbbell: both ends at the table's shares, changes as the table says, groups by direction."""

import drawing
import pandas as pd
import pytest
from matplotlib import pyplot

from kit.errors import TableError
from kit.show.dumbbell import plot_attention

SHARES = pd.DataFrame(
    [
        ("health", 0.10, 0.182),
        ("roads", 0.05, 0.02),
        ("water", 0.30, 0.26),
        ("staff", 0.081, 0.085),
        ("party", 0.02, 0.07),
    ],
    columns=["theme", "review_share", "plan_share"],
).assign(shift_points=lambda t: 100 * (t["plan_share"] - t["review_share"]))
NAMES = {"health": "卫生", "roads": "道路", "water": "水利", "staff": "队伍", "party": "党建"}


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def ends(ax, side):
    return [x for c in ax.collections if c.get_gid() == side for x, _ in c.get_offsets()]


def test_ends_are_the_shares_largest_change_first_in_each_group():
    ax = plot_attention(SHARES, labels=NAMES)
    assert drawing.texts(ax.figure, "name") == ["卫生", "党建", "水利", "道路"]
    assert ends(ax, "review") == pytest.approx([10, 2, 30, 5])
    assert ends(ax, "plan") == pytest.approx([18.2, 7, 26, 2])
    assert drawing.texts(ax.figure, "change") == ["+8.2", "+5.0", "−4.0", "−3.0"]
    assert drawing.texts(ax.figure, "value") == ["10.0", "18.2", "2.0", "7.0", "30.0", "26.0", "5.0", "2.0"]


def test_small_changes_are_left_out_and_counted():
    note = "".join(drawing.texts(plot_attention(SHARES, labels=NAMES).figure, "note"))
    assert "另有1行变化较小，未列（下限1.0个百分点，至多25行）。" in note
    assert "升降只反映篇幅，不代表工作成效" in note
    ax = plot_attention(SHARES, labels=NAMES, least=20)
    assert "没有达到20.0个百分点的变化" in "".join(drawing.texts(ax.figure, "notice"))


@pytest.mark.parametrize(("rows", "said"), [
    (slice(None), "计划更重卫生、党建，水利占比降幅最大"),
    ([0, 4], "计划更重卫生、党建"),
    ([1, 2], "计划中水利、道路占比下降"),
])  # fmt: skip
def test_the_title_names_what_gains_and_what_loses(rows, said):
    ax = plot_attention(SHARES.iloc[rows], labels=NAMES)
    assert "".join(drawing.texts(ax.figure, "title")) == said


# Seven agencies: what the longest reports make of the sums (staff, down) is not what the agencies do.
SPREAD = SHARES.assign(
    review_share=0.3, plan_share=0.1, shift_points=-20.0, mean_review_share=SHARES["review_share"],
    mean_plan_share=SHARES["plan_share"], mean_shift_points=SHARES["shift_points"],
    n_up=[3, 1, 3, 4, 4], n_down=[3, 5, 4, 2, 3], n_unchanged=[1, 1, 0, 1, 0],
)  # fmt: skip


def test_of_many_agencies_their_means_are_drawn_and_how_many_go_which_way():
    ax = plot_attention(SPREAD, labels=NAMES)
    assert ends(ax, "plan") == pytest.approx([18.2, 7, 26, 2])
    assert drawing.texts(ax.figure, "change") == ["+8.2", "+5.0", "−4.0", "−3.0"]
    assert drawing.texts(ax.figure, "ways") == ["↑3 ↓3", "↑4 ↓3", "↑3 ↓4", "↑1 ↓5"]


@pytest.mark.parametrize(("rows", "said"), [
    (slice(None), "多数单位的计划更重党建，少写水利"),  # health moves most, in three of seven
    ([0, 1, 3], "多数单位的计划少写道路"),
    ([0], "各主题升降因单位而异，没有多数单位一致的变化"),
])  # fmt: skip
def test_the_title_names_only_what_most_agencies_agree_on(rows, said):
    ax = plot_attention(SPREAD.iloc[rows], labels=NAMES)
    assert "".join(drawing.texts(ax.figure, "title")) == said


def test_a_theme_that_no_agency_has_both_sides_of_is_not_drawn():
    none = SPREAD.assign(mean_shift_points=SPREAD["mean_shift_points"].where(SPREAD["theme"] != "health"))
    assert drawing.texts(plot_attention(none, labels=NAMES).figure, "name") == ["党建", "水利", "道路"]


def test_rows_of_one_theme_are_agencies():
    table = drawing.coverage(12)
    ax = plot_attention(table[table["theme"] == "health"], scope=drawing.scope(12))
    moved = table[(table["theme"] == "health") & (table["shift_points"].abs() >= 1)]
    names = [name.replace("\n", "") for name in drawing.texts(ax.figure, "name")]
    assert sorted(names) == sorted(moved["agency"])
    assert drawing.texts(ax.figure, "subtitle")[0].startswith("写到“医疗卫生”的句子占比（%）")


def test_at_most_25_rows():
    table = drawing.coverage(60)
    ax = plot_attention(table[table["theme"] == "health"])
    assert len(drawing.texts(ax.figure, "name")) == 25


def test_reports_are_not_added_up_here():
    with pytest.raises(TableError, match="expected one row per theme, found several; choose a report or add them up"):
        plot_attention(drawing.coverage(3))
