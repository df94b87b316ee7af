"""What holds of every figure drawn, in both languages and for one, three, twelve and sixty reports; files of it."""

import re
import warnings
from dataclasses import replace
from xml.etree import ElementTree

import drawing
import matplotlib as mpl
import pypdfium2
import pytest
from matplotlib import pyplot
from pandas.testing import assert_frame_equal
from PIL import Image

from kit.show import style
from kit.show.commitment_figures import build_statuses, build_targets
from kit.show.count_figures import (
    build_agencies,
    build_attention,
    build_cloud,
    build_coverage,
    build_heatmap,
    build_keyness,
    build_network,
    build_spread,
    build_terms,
)
from kit.show.draw import draw, plot_png, plot_svg, save
from kit.show.plots import fit_titles
from kit.show.style import check_glyphs, theme_labels


def agencies(table, scope):
    return build_agencies(table, scope, value="share_of_sentences")


def one_theme(reports):
    table = drawing.theme_totals(reports)
    return table[table["theme"] == "party"].assign(share_of_sentences=lambda t: (t["n_hits"] + t["report"]) / 200)


def one_theme_attention(reports):
    table = drawing.coverage(reports)
    return table[table["theme"] == "health"]


FULFILMENT = ("reported", "partly", "to check", "not mentioned")
SPREAD = drawing.attention()[["theme"]].assign(
    n_reports=lambda t: 1 + t.index % 12, of_reports=12, dispersion_dp=lambda t: t.index / 30
)
CASES = [
    *((f"terms {n}", build_terms, drawing.terms(n), 12) for n in (0, 1, 4, 12, 30)),
    *((f"agencies {n}", agencies, one_theme(n), n) for n in (1, 3, 12, 60)),
    ("spread", build_spread, SPREAD, 12),
    *((f"heatmap {n}", build_heatmap, drawing.theme_totals(n), n) for n in (1, 3, 12, 25, 40, 60, 61)),
    *((f"coverage {n}", build_coverage, drawing.coverage(n), n) for n in (0, 1, 3, 12, 60)),
    ("attention", build_attention, drawing.attention(), 12),
    ("attention of one report", build_attention, drawing.coverage(1), 1),
    ("attention of one theme", build_attention, one_theme_attention(40), 40),
    ("attention of none", build_attention, drawing.attention().head(0), 1),
    *((f"keyness {n}", build_keyness, drawing.keyness(n), 12) for n in (0, 1, 9, 30)),
    *((f"statuses {n}", build_statuses, drawing.statuses(n), n) for n in (1, 3, 12, 60)),
    ("fulfilment", build_statuses, drawing.statuses(12, FULFILMENT), 12),
    *((f"targets {n}", build_targets, drawing.targets(n), 3) for n in (0, 1, 5, 8)),
    ("cloud", build_cloud, drawing.terms(30), 12),
    ("cloud of one", build_cloud, drawing.terms(1), 12),
    ("network", build_network, drawing.pairs(80), 12),
    ("network of three", build_network, drawing.pairs(3), 12),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("build", "table", "reports"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_every_figure_keeps_the_frame(build, table, reports, lang):
    """No text overlaps, leaves the canvas or is too pale; width, words and glyphs are as promised; nothing is changed."""
    before, settings = table.copy(), dict(mpl.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = build(table, drawing.scope(reports, lang))
        figure = replace(figure, titles=fit_titles(figure))
        page = draw(figure).figure
        page.canvas.draw()
    assert drawing.overlaps(page) == []
    assert drawing.outside(page) == []
    assert drawing.pale(page) == []
    width, height = page.get_size_inches() * 72
    assert width == pytest.approx(style.WIDTH)
    assert height <= style.TALLEST + 8
    for role, said in (("title", figure.title), ("note", figure.note), ("source", figure.source)):
        assert "".join(drawing.texts(page, role)).replace(" ", "") == said.replace(" ", "")
    assert all(check_glyphs(text.get_text()) for text in drawing.drawn(page))
    assert 1 <= len(drawing.texts(page, "title")) <= 2
    assert (figure.plot is None) == bool(drawing.texts(page, "notice")) == bool(figure.reason)
    assert_frame_equal(table, before)
    assert dict(mpl.rcParams) == settings
    if lang == "en":
        check_english(page, figure)


def check_english(page, figure):
    """Chinese remains only in what the texts themselves say: terms, agencies, indicators, the compilation's name."""
    own = [*drawing.TERMS, *map(drawing.name, range(1, 62)), *drawing.targets()["indicator"],
           *drawing.targets()["unit"], "青溪县汇编.txt"]  # fmt: skip
    own = sorted(own, key=len, reverse=True)
    for role in ("title", "subtitle", "note", "source", "key", "head", "group", "tick", "change", "notice"):
        for text in drawing.texts(page, role):
            rest = text
            for word in own:
                rest = rest.replace(word, "")
            assert not re.search("[\u3400-\u9fff]", rest), (text, figure)


@pytest.mark.parametrize(("build", "table"), [case[1:3] for case in CASES if case[0] in (
    "terms 12", "agencies 12", "heatmap 12", "coverage 12", "attention", "keyness 9", "statuses 12", "targets 8", "cloud",
    "network", "terms 1",
)])  # fmt: skip
def test_a_given_axes_gets_the_plot_alone(build, table):
    """With ax given no figure is made, nothing is titled, and the same axes comes back."""
    page, ax = pyplot.subplots(figsize=(9, 7))
    assert draw(build(table, drawing.scope(12)), ax) is ax
    assert drawing.texts(page, "title") == drawing.texts(page, "source") == drawing.texts(page, "key") == []
    assert drawing.drawn(page)
    pyplot.close(page)


def test_all_words_start_at_the_figures_margin():
    page = build_coverage(drawing.coverage(3), drawing.scope(3)).draw().figure
    places = {}
    for text in drawing.drawn(page):
        places.setdefault(text.get_gid(), text.get_window_extent().x0)
    margin = 10 * page.dpi / 72
    assert [places[role] for role in ("title", "subtitle", "note", "source")] == pytest.approx([margin] * 4, abs=3)


def test_bold_is_drawn_as_paths_and_kept_as_text():
    page = build_terms(drawing.terms(6), drawing.scope(3)).draw().figure
    title = next(text for text in drawing.drawn(page) if text.get_gid() == "title")
    page.canvas.draw()
    assert title.stroke == pytest.approx(0.042 * 14)
    assert title.get_path_effects() == []
    assert title.get_alpha() is None


TERMS = build_terms(drawing.terms(12), drawing.scope(12))


def test_files_of_three_kinds_are_the_same_bytes_twice(tmp_path):
    for form in ("png", "svg", "pdf"):
        one, other = (save(TERMS, tmp_path / f"{run}.{form}").read_bytes() for run in "ab")
        assert one == other
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width == round(6.14 * 300)
    assert "青溪县汇编" in pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].get_textpage().get_text_bounded()
    assert "font-family" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
@pytest.mark.parametrize("build", [build_terms, build_cloud])
def test_signs_that_the_font_lacks_are_drawn_by_the_second_or_as_a_placeholder(build, form, tmp_path):
    """No warning of matplotlib's that a glyph is missing, and the text of a PDF says what is seen."""
    table = drawing.terms(6)
    table["term"] = ["养\U0001f431", "➢检查", "\uf0b7项目", "\ufeff零\u200b宽", "\U00020bb7祥", "甲\u0345\u0627乙"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        file = save(build(table, drawing.scope(12)), tmp_path / f"signs.{form}")
    if form == "pdf":
        text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()
        assert all(word in text for word in ("养\U0001f431", "➢检查", "□项目", "零宽", "□祥"))


def test_the_plot_alone_is_the_plot_of_the_whole(tmp_path):
    """As wide, less high by the words above and below, with the legend."""
    figure = build_coverage(drawing.coverage(6), drawing.scope(6))
    (tmp_path / "plot.png").write_bytes(plot_png(figure))
    with Image.open(save(figure, tmp_path / "whole.png")) as whole, Image.open(tmp_path / "plot.png") as plot:
        assert plot.width == whole.width
        assert whole.height - plot.height > 80 / 72 * 300


def test_a_plot_in_a_page_is_named_and_its_ids_are_its_own():
    svg = {stem: plot_svg(replace(TERMS, stem=stem, titles=("甲<乙",))) for stem in ("terms", "other")}
    root = ElementTree.fromstring(svg["terms"])
    assert root.get("role") == "img"
    assert "<!--" not in svg["terms"]
    named = {element.get("id"): element.text for element in root.iter() if element.tag.endswith(("}title", "}desc"))}
    assert named == {"terms-title": "甲<乙", "terms-desc": TERMS.subtitle}
    assert root.get("aria-labelledby") == "terms-title terms-desc"
    ids = {stem: set(re.findall(r' id="([^"]*)"', text)) for stem, text in svg.items()}
    assert all(found.startswith(f"{stem}-") for stem, all_ in ids.items() for found in all_)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg["terms"]))
    assert used
    assert used <= ids["terms"]


def test_themes_of_the_codebook_are_named_in_its_order():
    figure = build_heatmap(drawing.theme_totals(3), drawing.scope(3))
    assert len(figure.plot.heads) == len(theme_labels("zh"))
