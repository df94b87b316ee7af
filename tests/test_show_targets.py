"""Target and actual: bars are rates of completion, labels give both numbers, what is masked is counted."""

import drawing
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

from kit.show.targets import plot_targets

PAIRS = drawing.targets()


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def test_rates_start_at_zero_gaps_at_the_target_and_estimates_are_hollow():
    ax = plot_targets(PAIRS)
    assert [bar.get_width() for bar in ax.patches[:5]] == pytest.approx([16 / 5, 11 / 10, 33 / 35, 5 / 8, 5.4 / 12])
    assert [bar.get_x() for bar in ax.patches] == [0, 0, 0, 0, 0, 1, 1]
    above, below = (bar.get_width() for bar in ax.patches[5:])
    assert above / below == pytest.approx(6 / -1.5)  # 91 of 85 %, 6.5 of 8 %
    assert [to_hex(bar.get_facecolor()) == "#ffffff" for bar in ax.patches] == [False] * 3 + [True, False, False, True]
    ticks = next(c for c in ax.collections if c.get_gid() == "target")
    assert {x for segment in ticks.get_segments() for x, _ in segment} == {1.0}
    assert ax.get_xlim() == (0, 2.0)


@pytest.mark.parametrize("gaps", [(-2, -2, -1, 0), (3, 1, 0.5, 0), (0, 0, 0, 0), (40, -30, 5, 1)])
def test_gaps_stay_within_the_axis(gaps):
    table = PAIRS.head(4).assign(unit="%", completion=float("nan"), gap_points=[float(gap) for gap in gaps])
    ax = plot_targets(table)
    low, high = ax.get_xlim()
    assert all(low <= x <= high + 1e-9 for bar in ax.patches for x in (bar.get_x(), bar.get_x() + bar.get_width()))


def test_labels_give_rate_or_gap_actual_and_target():
    ax = plot_targets(PAIRS)
    assert drawing.texts(ax.figure, "value") == [
        "320%（16/5家）", "110%（11/10个）", "94%（33/35微克/立方米）", "预计63%（5/8家）", "45%（5.4/12公里）",
        "+6.0个百分点（91/85%）", "预计−1.5个百分点（6.5/8%）",
    ]  # fmt: skip


def test_the_title_counts_what_was_met_and_the_note_what_is_unknown():
    """Lower is better where the target says at most; what is masked or estimated is neither met nor missed."""
    ax = plot_targets(PAIRS, scope=drawing.scope(3))
    assert drawing.texts(ax.figure, "title") == ["5项写明目标和完成的指标中4项达到目标，另2项为预计数"]
    note = "".join(drawing.texts(ax.figure, "note"))
    assert "另有1项数值被遮盖或缺失" in note
    assert "空心为年底前的预计数" in note
    assert "细颗粒物年均浓度↓" in drawing.texts(ax.figure, "name")
    assert "".join(drawing.texts(ax.figure, "subtitle")).endswith("2023年总结")  # the year the values are of


def test_agencies_are_named_where_there_are_several():
    assert "县发改委" not in drawing.texts(plot_targets(PAIRS).figure, "agency")
    assert drawing.texts(plot_targets(PAIRS).figure, "agency")[1] == "青溪县交通运输局"
    assert drawing.texts(plot_targets(PAIRS.assign(report=1)).figure, "agency") == []


def test_fewer_than_four_pairs_are_said():
    ax = plot_targets(PAIRS.iloc[[5]])
    assert not ax.patches
    assert drawing.texts(ax.figure, "notice") == ["没有同时写明目标值和完成值的指标，不作图。"]
    said = "".join(drawing.texts(plot_targets(PAIRS.head(2)).figure, "notice")).replace("\n", "")
    assert (
        said
        == "写明目标和完成的指标不足4项（2项），不作图。数值：新建口袋公园 110%（11/10个）、新改建农村公路 45%（5.4/12公里）。"
    )
