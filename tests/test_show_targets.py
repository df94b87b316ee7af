"""Target and actual: bars are rates of completion, labels give both numbers, what is masked is counted."""

import drawing
import pytest
from matplotlib import pyplot

from kit.show.targets import plot_targets

PAIRS = drawing.targets()


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def test_bars_are_completion_and_ticks_stand_at_the_target():
    ax = plot_targets(PAIRS)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([16 / 5, 11 / 10, 91 / 85, 33 / 35, 5.4 / 12])
    ticks = next(c for c in ax.collections if c.get_gid() == "target")
    assert {x for segment in ticks.get_segments() for x, _ in segment} == {1.0}
    assert ax.get_xlim() == (0, 2.0)


def test_labels_give_rate_actual_and_target():
    ax = plot_targets(PAIRS)
    assert drawing.texts(ax.figure, "value") == [
        "320%（16/5家）", "110%（11/10个）", "107%（91/85%）", "94%（33/35微克/立方米）", "45%（5.4/12公里）",
    ]  # fmt: skip


def test_the_title_counts_what_was_met_and_the_note_what_is_unknown():
    """Lower is better where the target says at most; a masked number is neither met nor missed."""
    ax = plot_targets(PAIRS)
    assert drawing.texts(ax.figure, "title") == ["5项写明目标和完成的指标中4项达到目标"]
    assert "另有1项数值被遮盖或缺失" in "".join(drawing.texts(ax.figure, "note"))
    assert "细颗粒物年均浓度↓" in drawing.texts(ax.figure, "name")


def test_agencies_are_named_where_there_are_several():
    assert "县发改委" not in drawing.texts(plot_targets(PAIRS).figure, "agency")
    assert drawing.texts(plot_targets(PAIRS).figure, "agency")[1] == "青溪县交通运输局"
    assert drawing.texts(plot_targets(PAIRS.assign(report=1)).figure, "agency") == []


def test_no_pair_is_said():
    ax = plot_targets(PAIRS.tail(1))
    assert not ax.patches
    assert drawing.texts(ax.figure, "notice") == ["没有同时写明目标值和完成值的指标，不作图。"]
