"""Stacked bars: shares of each agency's items, counts written in, sums at the right."""

import drawing
import pandas as pd
import pytest
from matplotlib import pyplot

from kit.errors import TableError
from kit.show.statuses import plot_statuses

COUNTS = pd.DataFrame(
    [(1, "县卫健局", 6, 1, 1), (2, "县交通局", 2, 0, 6), (3, "县教育局", 0, 0, 0), (4, "县水利局", 9, 0, 0)],
    columns=["report", "agency", "continued", "unclear", "new"],
).melt(["report", "agency"], var_name="status", value_name="n_items")  # fmt: skip


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def test_bars_are_shares_and_their_numbers_counts():
    """An agency without items is left out, and said."""
    ax = plot_statuses(COUNTS)
    assert drawing.texts(ax.figure, "name") == ["县水利局", "县卫健局", "县交通局"]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == pytest.approx([1, 6 / 8, 2 / 8, 0, 1 / 8, 0, 0, 1 / 8, 6 / 8])
    assert drawing.texts(ax.figure, "value") == ["9", "6", "2", "1", "1", "6"]
    assert drawing.texts(ax.figure, "sum") == ["9", "8", "8"]
    assert "1篇报告没有计划事项，未列" in "".join(drawing.texts(ax.figure, "note"))


def test_the_title_adds_up_all_agencies():
    assert drawing.texts(plot_statuses(COUNTS).figure, "title") == ["25项计划中17项延续本年工作（68%），7项为新提"]
    english = "".join(drawing.texts(plot_statuses(COUNTS, lang="en").figure, "title"))
    assert english.replace(" ", "") == "17of25planitemscontinuethisyear'swork(68%),7arenew"


def test_fulfilment_has_words_of_its_own():
    kept = COUNTS.replace({"continued": "reported", "unclear": "partly", "new": "not mentioned"})
    ax = plot_statuses(kept)
    assert drawing.texts(ax.figure, "title") == ["上年25项计划中17项在总结中有交代（68%），7项未提"]
    assert "延续" not in "".join(text.get_text() for text in drawing.drawn(ax.figure))


def test_a_doubtful_link_is_hatched_last_and_outside_the_title():
    """The agency with all of its nine promises reported may be another agency."""
    kept = COUNTS.replace({"continued": "reported", "unclear": "partly", "new": "not mentioned"})
    ax = plot_statuses(kept.assign(link=["same", "same", "same", "doubtful"] * 3))
    assert drawing.texts(ax.figure, "name") == ["县卫健局", "县交通局", "县水利局*"]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True] * 4
    assert drawing.texts(ax.figure, "title") == ["上年16项计划中8项在总结中有交代（50%），7项未提"]
    assert "*两年的报告是否出自同一单位存疑（斜线），未计入标题。" in "".join(drawing.texts(ax.figure, "note"))


def test_what_is_left_out_and_what_only_says_it_goes_on_is_noted():
    said = "".join(drawing.texts(plot_statuses(COUNTS.assign(n_say_continue=COUNTS["status"] == "new")).figure, "note"))
    assert "新提事项中有4项自称继续，总结里没有找到。" in said
    kept = COUNTS.replace({"continued": "reported", "unclear": "partly", "new": "not mentioned"})
    assert "8项过于笼统" in "".join(drawing.texts(plot_statuses(kept.assign(n_too_general=2)).figure, "note"))


def test_no_items_are_said_and_other_statuses_refused():
    ax = plot_statuses(COUNTS.assign(n_items=0))
    assert not ax.patches
    with pytest.raises(TableError, match=r"expected statuses continued, unclear, new or reported, .*; found"):
        plot_statuses(COUNTS.replace("new", "kept"))
