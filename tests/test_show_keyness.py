"""Keyness: bars are z, and only words that are no accident are drawn."""

import drawing
import pandas as pd
import pytest
from matplotlib import pyplot

from kit.show.keyness import plot_keyness

WORDS = pd.DataFrame(
    [("完成", -7.2, 2, 60, 2, 9), ("荣获", -5.0, 1, 30, 1, 6), ("拓展", 6.8, 40, 3, 8, 2), ("推动", 5.4, 50, 9, 9, 3),
     ("试点", 2.9, 12, 2, 4, 1), ("偶然", 1.9, 12, 9, 4, 4), ("罕见", 3.1, 4, 0, 2, 0), ("独家", 4.4, 30, 0, 1, 0)],
    columns=["term", "z", "n", "n_reference", "n_reports", "n_reports_reference"],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def test_bars_are_z_on_a_symmetric_axis():
    """Left the reference, right the focus; chance, rare words and words of a single report are left out."""
    ax = plot_keyness(WORDS)
    assert [bar.get_width() for bar in ax.patches] == [-7.2, -5.0, 6.8, 5.4, 2.9]
    assert drawing.texts(ax.figure, "name") == ["完成", "荣获", "拓展", "推动", "试点"]
    assert drawing.texts(ax.figure, "value") == ["7.2", "5.0", "6.8", "5.4", "2.9"]
    low, high = ax.get_xlim()
    assert low == -high


@pytest.mark.parametrize(("lang", "said"), [
    ("zh", "计划偏爱“拓展”“推动”，总结多用“完成”“荣获”"),
    ("en", "The plan prefers “拓展” and “推动”,the review “完成” and “荣获”"),
])  # fmt: skip
def test_the_title_names_the_strongest_words_of_both_sides(lang, said):
    assert "".join(drawing.texts(plot_keyness(WORDS, lang=lang).figure, "title")) == said


def test_groups_can_have_names_of_their_own():
    ax = plot_keyness(WORDS, focus="县卫健局", reference="其他单位")
    assert drawing.texts(ax.figure, "head") == ["← 更偏其他单位", "更偏县卫健局 →"]


def test_a_group_of_one_report_keeps_its_words():
    ax = plot_keyness(WORDS.assign(n_reports=1), per_side=3)
    assert drawing.texts(ax.figure, "name")[2:] == ["拓展", "推动", "独家"]


def test_an_empty_side_is_said():
    more = WORDS.assign(z=WORDS["z"].abs())
    ax = plot_keyness(more.assign(n=50, n_reports=4))
    assert drawing.texts(ax.figure, "none") == ["没有显著的词"]


def test_fewer_than_five_words_are_said():
    ax = plot_keyness(WORDS[WORDS["z"] > 0])
    assert not ax.patches
    assert "不足5个（3个）" in "".join(drawing.texts(ax.figure, "notice"))
