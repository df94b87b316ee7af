"""A figure as a value: which title it takes, what a reason leaves of it, what it shows itself as."""

import sys
from dataclasses import FrozenInstanceError, replace

import drawing
import pandas as pd
import pytest
from matplotlib import pyplot

from kit.show.figure import Figure, Key, Ranked, Row, digest, make_figure, not_drawn
from kit.show.plots import fit_titles

FIGURE = make_figure("terms", drawing.terms(3), drawing.scope(12), ["甲最多"], measured="次数", rows=3)


def test_words_are_completed_by_what_is_covered():
    assert FIGURE.titles == ("甲最多", "高频词排名")
    assert FIGURE.subtitle == "次数，前3位，2023年总结与2024年计划"
    assert FIGURE.note == "注：按分词后的词语计数，遮盖处不计。"
    assert FIGURE.source == "资料来源：青溪县汇编.txt，计入12篇报告（读入13篇，近似副本1篇不重复计），遮盖标记53处。"
    assert FIGURE.caption == "高频词"


@pytest.mark.parametrize(("lang", "said"), [("zh", "处。口径：延续"), ("en", "masks. Measure: continuity")])
def test_the_source_is_one_line_of_several(lang, said):
    """What is measured stands on a line of its own in the picture, and in the same line elsewhere."""
    table, scope = drawing.coverage(3), drawing.scope(3, lang)
    figure = make_figure("coverage", table, scope, [], measure="continuity", themes=23, n=1)
    assert len(figure.sources) == 2
    assert said in figure.source


@pytest.mark.parametrize(("titles", "taken"), [
    (("很长的标题" * 14, "短标题", "描述"), "短标题"),
    (("很长的标题" * 14, "很长的标题" * 15), "很长的标题" * 15),  # the last one whatever its length
    (("发现", "描述"), "发现"),
])  # fmt: skip
def test_the_first_title_that_fits_two_lines_is_taken(titles, taken):
    assert replace(FIGURE, titles=titles).title == taken


def test_a_full_page_takes_a_title_of_one_line():
    two = "道路新改建超额完成了全年任务，危桥改造和安防工程只完成一半"
    for count, taken in ((10, two), (29, "短标题")):
        plot = Ranked(tuple(Row("甲", (1.0,), ("1",)) for _ in range(count)))
        figure = replace(FIGURE, titles=(two, "短标题"), plot=plot)
        assert fit_titles(figure)[0] == taken


def test_a_reason_takes_the_place_of_title_note_and_legend():
    figure = not_drawn(replace(FIGURE, keys=(Key("gap", "单位"),)), "few_words", n=2)
    assert figure.reason == "词语不足4个（2个），不画词云。"
    assert (figure.title, figure.note, figure.keys, figure.plot) == ("数据不足，不作图", "", (), None)
    assert (figure.subtitle, figure.source) == (FIGURE.subtitle, FIGURE.source)
    assert repr(figure) == f"<Figure terms: 词语不足4个（2个），不画词云。 ({digest(FIGURE.table)})>"


def test_a_figure_is_frozen():
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'note'"):
        FIGURE.note = "别的"


def test_it_shows_itself_as_a_picture_and_draws_into_axes():
    figure = replace(FIGURE, plot=Ranked((Row("甲", (2.0,), ("2",)), Row("乙", (1.0,), ("1",)))))
    assert repr(figure) == f"<Figure terms: 甲最多 ({digest(FIGURE.table)})>"
    assert figure._repr_png_().startswith(b"\x89PNG")
    page, ax = pyplot.subplots()
    assert figure.draw(ax) is ax
    assert [bar.get_width() for bar in ax.patches] == [2, 1]
    pyplot.close(page)
    assert isinstance(figure, Figure)


def test_pyplot_keeps_nothing_of_it():
    before = pyplot.get_fignums()
    replace(FIGURE, plot=Ranked((Row("甲", (2.0,), ("2",)),))).draw()
    assert pyplot.get_fignums() == before
    assert "matplotlib" in sys.modules


def test_a_digest_counts_rows_and_sums_counts():
    table = pd.DataFrame({"report": [1, 2], "n_hits": [3, 4], "of_sentences": [9, 9], "score": [0.5, 0.25]})
    assert digest(table).startswith("2 rows · n_hits 7 · ")


def test_a_digest_shows_any_change_but_none_beyond_six_figures():
    table = pd.DataFrame({"term": ["甲", "乙"], "score": [0.5, 0.25]})
    assert digest(table) != digest(table.assign(score=[0.25, 0.5]))
    assert digest(table) != digest(table.assign(term=["甲", "丙"]))
    assert digest(table) == digest(table.assign(score=[0.5 + 1e-12, 0.25]))
