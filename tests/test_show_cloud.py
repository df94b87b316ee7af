"""The cloud: horizontal, at most 60 words, larger words for larger counts, the same picture for the same seed."""

import drawing
import pandas as pd
import pytest
from matplotlib import pyplot

from kit.show.cloud import plot_cloud


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def words(ax):
    return [(t.get_text(), t.get_position(), t.get_fontsize()) for t in ax.texts if t.get_gid() == "word"]


def test_the_same_seed_gives_the_same_picture():
    table = drawing.terms()
    assert words(plot_cloud(table)) == words(plot_cloud(table))
    assert words(plot_cloud(table)) != words(plot_cloud(table, seed=1))


def test_size_follows_the_count_and_words_lie_flat():
    ax = plot_cloud(drawing.terms())
    sizes = [size for _, _, size in words(ax)]
    assert [word for word, _, _ in words(ax)] == list(drawing.terms()["term"])
    assert sizes == sorted(sizes, reverse=True)
    assert {text.get_rotation() for text in ax.texts} == {0.0}


def test_at_most_sixty_words():
    many = pd.DataFrame({"term": [f"第{n}项" for n in range(90)], "n": range(90, 0, -1)})
    assert len(words(plot_cloud(many))) <= 60


def test_words_do_not_overlap_or_leave_the_plot():
    ax = plot_cloud(drawing.terms())
    assert drawing.overlaps(ax.figure, slack=0) == []
    plot = ax.get_window_extent()
    for text in (t for t in ax.texts if t.get_gid() == "word"):
        box = drawing.ink(text)
        assert plot.x0 <= box.x0
        assert box.x1 <= plot.x1
        assert plot.y0 <= box.y0
        assert box.y1 <= plot.y1


@pytest.mark.parametrize(("n", "said"), [
    ([9, 8, 7, 6], "“项目”“服务”“安全”出现最多"),
    ([9, 8, 7, 7], "常用词语一览"),  # a tie: no three words lead
])  # fmt: skip
def test_the_title_is_a_finding_only_where_there_is_one(n, said):
    assert drawing.texts(plot_cloud(drawing.terms(4).assign(n=n)).figure, "title") == [said]
