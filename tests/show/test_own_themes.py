"""A user's own themes are called by their names, in the language asked for, wherever the kit's are."""

import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
import small
from matplotlib.text import Text

from kit.measure.analysis import analyse
from kit.measure.codebook import codebook_of
from kit.show.bundle import export_briefing, write_changes
from kit.show.figures import plot_attention, plot_coverage, plot_heatmap, plot_spread
from kit.show.shown import show_evidence, show_table
from kit.show.style import theme_groups, theme_labels
from kit.show.widgets import browse

OWN = """
[groups.craft]
zh = "手工行当"
en = "Crafts"

[themes.bees]
group = "craft"
zh = "养蜂产业"
en = "Beekeeping trade"
terms = "养蜂"

[themes.health]
zh = "卫生事业"
"""
NAMES = {"zh": ("养蜂产业", "卫生事业"), "en": ("Beekeeping trade", "Health")}
KEY = ">bees<"


@pytest.fixture(scope="module")
def valley(tmp_path_factory):
    """Three agencies that all keep bees more than anything else."""
    source = tmp_path_factory.mktemp("own") / "蜂谷.txt"
    source.with_name("蜂谷.themes.toml").write_text(OWN, encoding="utf-8")
    work = "工作总结。推广养蜂技术{n}次。养蜂收入增加。建成医共体{n}个，培训教师。抓好安全生产检查，推进党建工作。"
    plan = "工作计划。扩大养蜂规模。养蜂合作社再办{n}家。养蜂节开到省里。深化医共体改革，抓好安全生产。推进党建工作。"
    reports = ((f"蜂谷县第{n}服务中心", [("achievements", "一、", work.format(n=n)), ("plan", "二、", plan.format(n=n))])
               for n in (2, 3, 4))  # fmt: skip
    return replace(small.compilation(*reports), path=source)


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, valley, tmp_path_factory):
    folder = export_briefing(analyse(valley, lang=request.param), tmp_path_factory.mktemp(request.param) / "out")
    return request.param, folder


def test_names_groups_and_order_are_the_codebooks(valley):
    labels, groups = theme_labels("zh", codebook_of(valley)), theme_groups("en", codebook_of(valley))
    assert (labels["bees"], labels["health"], list(labels)[-1]) == ("养蜂产业", "卫生事业", "bees")
    assert (groups["bees"], groups["economy"]) == ("Crafts", "Economy")


def test_page_slides_and_workbook_name_them(written):
    lang, folder = written
    name = NAMES[lang][0]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert f'<option value="bees">{name}</option>' in page
    assert name in page.partition('id="coverage"')[0]
    assert KEY not in page
    with zipfile.ZipFile(folder / "briefing.pptx") as deck:
        slides = "".join(deck.read(part).decode() for part in deck.namelist() if part.startswith("ppt/slides/slide"))
    assert name.split()[0][:2] in slides
    assert KEY not in slides
    hits = openpyxl.load_workbook(folder / "tables.xlsx")["hits"]
    head, *rows = hits.iter_rows(values_only=True)
    at = [cell.split("\n")[-1] for cell in head].index("theme_name")
    assert set(NAMES[lang]) <= {row[at] for row in rows}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figures_and_tables_name_them(valley, lang):
    analysis = analyse(valley, lang=lang)
    for figure in (plot_heatmap(analysis), plot_coverage(analysis), plot_spread(analysis),
                   plot_attention(analysis, least=0)):  # fmt: skip
        assert NAMES[lang][0] in repr((figure.titles, figure.plot))
        assert "bees" not in " ".join(text.get_text() for text in figure.draw().figure.findobj(Text))
    spread = analysis.theme_sums
    assert show_table(spread[spread["theme"] == "bees"], analysis, columns=["theme"]).text == NAMES[lang][0]
    assert NAMES[lang][0] in show_evidence(analysis).text
    assert NAMES[lang][0] in str(browse(analysis).controls["theme"].options)


def test_changes_name_them(valley, tmp_path):
    changes = {"inputs": [], "own_files": {}, "counts": {}, "doubts": {"gone": [], "new": []}, "themes": {"bees": [[1, 1], [2, 1]]},
               "statuses": {}}  # fmt: skip
    assert "养蜂产业: 1 → 2 (1 → 1)" in write_changes(changes, tmp_path, labels=theme_labels("zh", codebook_of(valley)))


def test_an_analysis_without_the_theme_shows_its_key():
    other = analyse(small.compilation(("县园林局", [("plan", "", "种花。")])))
    assert show_table(pd.DataFrame({"theme": ["bees"]}), other).text == "bees"
