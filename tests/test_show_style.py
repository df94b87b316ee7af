"""The frame: points, colours, and bold that stays text."""

from itertools import combinations

import drawing
import pytest
from matplotlib import pyplot

from kit.show import style
from kit.show.style import Key, Words, contrast, on, open_frame


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def test_height_follows_from_the_content():
    """Tag and gap 12, title 14 × 1.28, gap 3, subtitle 10 × 1.38, gap 8; 24 and the foot at 8 × 1.42 below."""
    ax = open_frame(Words(["标题"], "副标题", "注：甲。", "资料来源：乙。"), height=100, left=60, right=20)
    width, height = ax.figure.get_size_inches() * 72
    assert width == pytest.approx(442.08)
    assert height == pytest.approx(12 + 14 * 1.28 + 3 + 10 * 1.38 + 8 + 100 + 10 + 4 + 2 * 8 * 1.42 + 8)
    assert style.size_of(ax) == pytest.approx((442.08 - 20 - 80, 100))
    assert ax.get_window_extent().x0 * 72 / ax.figure.dpi == pytest.approx(70)


def test_all_words_start_at_the_figures_margin():
    ax = open_frame(Words(["标题"], "副标题", "注：甲。", "资料来源：乙。", [Key("gap", "单位")]), height=50, left=90)
    places = {
        text.get_gid(): text.get_transform().transform(text.get_position())[0] for text in drawing.drawn(ax.figure)
    }
    assert set(places) == {"title", "subtitle", "note", "source", "key"}
    assert list(places.values()) == pytest.approx([10 * ax.figure.dpi / 72] * 5)


def test_the_first_title_that_fits_two_lines_is_taken():
    long = "很长的标题" * 14
    assert drawing.texts(open_frame(Words([long, "短标题"], "甲"), height=9).figure, "title") == ["短标题"]


def test_a_full_page_takes_a_title_of_one_line():
    two = "道路新改建超额完成了全年任务，危桥改造和安防工程只完成一半"
    assert len(drawing.texts(open_frame(Words([two, "短标题"], "甲"), height=100).figure, "title")) == 2
    assert drawing.texts(open_frame(Words([two, "短标题"], "甲"), height=580).figure, "title") == ["短标题"]


def test_legends_wrap_inside_the_page():
    keys = [Key("box", f"第{n}类很长的名称", style.FOCUS) for n in range(8)]
    figure = open_frame(Words(["甲"], "乙", keys=keys), height=50).figure
    assert drawing.outside(figure) == drawing.overlaps(figure) == []


def test_text_colours_can_be_read():
    """Text at least 4.5:1 on white; the text on every filled mark is the one that contrasts more."""
    for colour in (style.INK, style.SOFT, style.FAINT, style.FOCUS, style.SECOND_TEXT):
        assert contrast(colour, "#FFFFFF") >= 4.5
    for ground in (*style.STEPS, style.FOCUS, style.CONTEXT, style.BOTH, style.EMPTY, style.SECOND):
        assert contrast(on(ground), ground) >= 4.5
    assert contrast(style.SECOND, "#FFFFFF") >= 3


def test_colours_differ_in_grey():
    """Steps and the two sides stay apart when colours are gone."""
    for one, other in (*combinations((*style.STEPS, "#FFFFFF"), 2), (style.FOCUS, style.SECOND)):
        assert abs(style.luminance(one) - style.luminance(other)) > 0.04


def test_bold_is_drawn_as_paths_and_kept_as_text():
    figure, ax = pyplot.subplots()
    text = style.write(ax, 0.5, 0.5, "山水", size=12, bold=True)
    figure.canvas.draw()
    assert text.strokes["own"] == pytest.approx(0.042 * 12)
    assert text.get_path_effects() == []
    assert text.get_alpha() is None
