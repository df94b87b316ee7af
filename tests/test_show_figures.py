"""What holds of every figure, in both languages and for one, three, twelve and sixty reports."""

import re
import warnings

import drawing
import matplotlib as mpl
import pytest
from matplotlib import pyplot
from pandas.testing import assert_frame_equal

from kit.show import style
from kit.show.bars import plot_agencies, plot_terms
from kit.show.cloud import plot_cloud
from kit.show.coverage import plot_coverage
from kit.show.dumbbell import plot_attention
from kit.show.font import check_glyphs
from kit.show.heatmap import plot_heatmap
from kit.show.keyness import plot_keyness
from kit.show.network import plot_network
from kit.show.scope import source_line
from kit.show.statuses import plot_statuses
from kit.show.targets import plot_targets


def agencies(table, **options):
    return plot_agencies(table, "share_of_sentences", **options)


def one_theme(reports):
    table = drawing.theme_totals(reports)
    return table[table["theme"] == "party"].assign(share_of_sentences=lambda t: (t["n_hits"] + t["report"]) / 200)


def one_theme_attention(reports):
    table = drawing.coverage(reports)
    return table[table["theme"] == "health"]


FULFILMENT = ("reported", "partly", "not mentioned")
CASES = [
    *((f"terms {n}", plot_terms, drawing.terms(n), 12) for n in (0, 1, 4, 12, 30)),
    *((f"agencies {n}", agencies, one_theme(n), n) for n in (1, 3, 12, 60)),
    *((f"heatmap {n}", plot_heatmap, drawing.theme_totals(n), n) for n in (1, 3, 12, 25, 40, 60, 61)),
    *((f"coverage {n}", plot_coverage, drawing.coverage(n), n) for n in (0, 1, 3, 12, 60)),
    ("attention", plot_attention, drawing.attention(), 12),
    ("attention of one report", plot_attention, drawing.coverage(1), 1),
    ("attention of one theme", plot_attention, one_theme_attention(40), 40),
    ("attention of none", plot_attention, drawing.attention().head(0), 1),
    *((f"keyness {n}", plot_keyness, drawing.keyness(n), 12) for n in (0, 1, 9, 30)),
    *((f"statuses {n}", plot_statuses, drawing.statuses(n), n) for n in (1, 3, 12, 60)),
    ("fulfilment", plot_statuses, drawing.statuses(12, FULFILMENT), 12),
    *((f"targets {n}", plot_targets, drawing.targets(n), 3) for n in (0, 1, 5, 8)),
    ("cloud", plot_cloud, drawing.terms(30), 12),
    ("cloud of one", plot_cloud, drawing.terms(1), 12),
    ("network", plot_network, drawing.pairs(80), 12),
    ("network of three", plot_network, drawing.pairs(3), 12),
]  # fmt: skip


@pytest.fixture(params=["zh", "en"])
def lang(request):
    return request.param


@pytest.fixture(params=CASES, ids=[case[0] for case in CASES])
def case(request, lang):
    """A figure, its scope, its table as given and a copy of that from before it was drawn."""
    _, plot, table, reports = request.param
    before, scope, settings = table.copy(), drawing.scope(reports, "continuity"), dict(mpl.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = plot(table, lang=lang, scope=scope)
        figure = ax.get_figure(root=True)
        figure.canvas.draw()
    yield figure, scope, table, before, settings
    pyplot.close(figure)


def test_every_figure_keeps_the_frame(case, lang):
    """No text overlaps, leaves the canvas or is too pale; width, source line and glyphs are as promised."""
    figure, scope, table, before, settings = case
    assert drawing.overlaps(figure) == []
    assert drawing.outside(figure) == []
    assert drawing.pale(figure) == []
    width, height = figure.get_size_inches() * 72
    assert width == pytest.approx(style.WIDTH)
    assert height <= style.TALLEST + 8
    said = "".join(drawing.texts(figure, "source"))
    assert said.replace(" ", "") == source_line(scope, lang).replace("\n", "").replace(" ", "")
    assert all(check_glyphs(text.get_text()) for text in drawing.drawn(figure))
    assert 1 <= len(drawing.texts(figure, "title")) <= 2
    assert_frame_equal(table, before)
    assert dict(mpl.rcParams) == settings
    if lang == "en":
        check_english(figure, scope)


def check_english(figure, scope):
    """Chinese remains only in what the texts themselves say: terms, agencies, indicators, the compilation's name."""
    own = [
        *drawing.TERMS,
        *map(drawing.name, range(1, 62)),
        *drawing.targets()["indicator"],
        *drawing.targets()["unit"],
    ]
    own = sorted([*own, scope.compilation], key=len, reverse=True)
    for role in ("title", "subtitle", "note", "source", "key", "head", "group", "tick", "change", "notice"):
        for text in drawing.texts(figure, role):
            rest = text
            for word in own:
                rest = rest.replace(word, "")
            assert not re.search("[\u3400-\u9fff]", rest), text


@pytest.mark.parametrize(("plot", "table"), [
    (plot_terms, drawing.terms()), (agencies, one_theme(12)), (plot_heatmap, drawing.theme_totals(12)),
    (plot_coverage, drawing.coverage(12)), (plot_attention, drawing.attention()), (plot_keyness, drawing.keyness()),
    (plot_statuses, drawing.statuses(12)), (plot_targets, drawing.targets()), (plot_cloud, drawing.terms()),
    (plot_network, drawing.pairs()),
])  # fmt: skip
def test_a_given_axes_gets_the_plot_alone(plot, table):
    """With ax given no figure is made, nothing is titled, and the same axes comes back."""
    figure, ax = pyplot.subplots(figsize=(9, 7))
    before = pyplot.get_fignums()
    assert plot(table, ax=ax, scope=drawing.scope(12)) is ax
    assert pyplot.get_fignums() == before
    assert drawing.texts(figure, "title") == drawing.texts(figure, "source") == []
    pyplot.close(figure)


def test_a_notice_fits_a_given_axes():
    figure, ax = pyplot.subplots()
    assert plot_terms(drawing.terms(2), ax=ax) is ax
    assert "不足4个" in "".join(drawing.texts(figure, "notice"))
    pyplot.close(figure)
