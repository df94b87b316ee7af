"""Pages: the report parsed by the standard library and used in a real browser, the index, a notebook without code."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import small
from bundles import KINDS

import kit
from kit.measure.analysis import analyse
from kit.show.briefing import Briefing, write_index, write_page
from kit.show.bundle import draw_figures
from kit.show.figures import build
from kit.tables import BODY_ROLES


class Page(HTMLParser):
    """What a page refers to, its ids, its elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(
    scope="module", params=[("sample", "zh"), ("sample", "en"), ("hostile", "zh"), ("one", "en")], ids="-".join
)
def text(bundle, request):
    return (bundle(*request.param) / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def page(text):
    return Page(text)


def test_the_page_asks_for_nothing_outside_itself(page, text):
    used = [value for _, attributes in page.elements for name, value in attributes.items()
            if name in ("src", "href", "xlink:href", "srcset", "action")]  # fmt: skip
    assert all(value.startswith("#") for value in used)
    assert "default-src 'none'" in text
    assert not re.search(r"@import|url\((?!#)", text)


def test_ids_are_unique_and_every_reference_has_its_goal(page, text):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    goals = {*re.findall(r'href="#([^"]+)"', text), *re.findall(r"url\(#([^)]+)\)", text)}
    assert goals <= set(ids)


def test_figures_are_named_for_readers_that_see_nothing(page):
    ids = {attributes.get("id") for _, attributes in page.elements}
    pictures = [svg for svg in page.all("svg") if svg["role"] == "img"]
    assert len(pictures) == len(page.all("figure"))
    assert all(set(svg["aria-labelledby"].split()) <= ids for svg in pictures)
    marks = [a for a in page.all("a") if a.get("role") == "button"]
    assert all(mark["aria-label"] for mark in marks)
    assert sum(mark["tabindex"] == "0" for mark in marks) <= len(pictures)  # one stop a figure, arrows from there on


def test_contents_lead_to_findings_sentences_and_doubts(page):
    goals = [attributes["href"][1:] for attributes in page.all("a") if "href" in attributes]
    assert goals == [*(heading["id"] for heading in page.all("h3")), "sentences", "doubts"]
    assert {"terms", "statuses"} <= set(goals)


def test_the_data_stand_under_each_figure(page):
    assert len(page.all("details")) == len(page.all("h3"))


def test_text_of_the_compilation_is_escaped(bundle):
    text = (bundle("hostile") / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert len(page.all("script")) == 1
    assert not page.all("b")
    assert not page.all("img")
    assert "&lt;script&gt;alert" in text


def test_a_figure_that_would_mislead_is_left_out_and_named(bundle):
    text = (bundle("one", "en") / "report.html").read_text(encoding="utf-8")
    assert "Figures that found nothing are left out: " in text
    assert "Themes by author" in text
    assert "Not drawn" not in text


def test_every_sentence_of_the_bodies_and_every_plan_item_is_there_once_copies_left_out(bundle):
    page = Page((bundle() / "report.html").read_text(encoding="utf-8"))
    tables = {
        name: pd.read_csv(bundle() / "tables" / f"{name}.csv") for name in ("sentences", "hits", "matches", "reports")
    }
    counted = tables["reports"].query("copy_of.isna()")["report"]
    entries = [attributes for attributes in page.all("li") if "data-t" in attributes]
    kept = tables["sentences"][tables["sentences"]["report"].isin(counted)]
    sentences = (kept["role"].isin(BODY_ROLES) | kept["sentence"].isin(tables["hits"]["sentence"])).sum()
    items = tables["matches"][tables["matches"]["report"].isin(counted)]["item"].nunique()
    assert len(entries) == sentences + items


HOSTILE = [("plan", "", "推进<b>党建</b>。")]


@pytest.mark.parametrize(("lang", "told"), [("zh", ("存疑事项（0处）", "报告")), ("en", ("Doubts (0)", "Reports"))])
def test_the_index_leads_to_the_pages_and_lists_reports_and_doubts(tmp_path, lang, told):
    analysis = analyse(small.compilation(("县<i>局", HOSTILE)), lang=lang)
    index = write_index(tmp_path, Briefing(analysis, (), {}), pages={"report.html": "A & B", "2-terms.html": "<b>"})
    text = index.read_text(encoding="utf-8")
    page = Page(text)
    assert [attributes["href"] for attributes in page.all("a")] == ["report.html", "2-terms.html"]
    assert "A &amp; B" in text
    assert "县&lt;i&gt;局" in text
    assert not page.all("b")
    assert [f">{words}</h2>" in text for words in told] == [True, True]
    assert page.all("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[lang]


def test_the_index_shows_the_figures_that_stand_beside_it_and_no_others(tmp_path):
    briefing = draw_figures(analyse(KINDS["one"]()), tmp_path, only=())
    first, *_ = (figure.stem for figure in briefing.figures)
    bare = Page(write_index(tmp_path, briefing, pages={}).read_text(encoding="utf-8"))
    assert (bare.all("img"), bare.all("figure"), bare.all("a")) == ([], [], [])
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / f"{first}.svg").touch()
    shown = Page(write_index(tmp_path, briefing, pages={}).read_text(encoding="utf-8"))
    assert [image["src"] for image in shown.all("img")] == [f"figures/{first}.svg"]


def test_a_notebook_is_a_page_in_one_language_without_code_and_controls(tmp_path):
    said = nbformat.v4.new_output("display_data", {"text/html": "<table></table>", "text/plain": "table"})
    control = nbformat.v4.new_output("display_data", {"text/plain": "control"})
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# 词语", metadata={"tags": ["zh"]}),
            nbformat.v4.new_markdown_cell("# Words", metadata={"tags": ["en"]}),
            nbformat.v4.new_code_cell("secret = 1", outputs=[said]),
            nbformat.v4.new_code_cell("browse()", outputs=[control], metadata={"tags": ["notebook"]}),
        ]
    )
    text = write_page(tmp_path / "2.html", book, title="2 <词>", lang="zh").read_text(encoding="utf-8")
    assert "词语" in text
    assert "<table></table>" in text
    assert "<title>2 &lt;词&gt;</title>" in text
    assert '<a href="index.html">←</a>' in text
    for absent in ("Words", "secret", "control"):
        assert absent not in text


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("Chromium is not installed: the page is not opened in a browser")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


SCREENS = pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)], ids=["desktop", "phone"])


@SCREENS
@pytest.mark.parametrize("kind", ["sample", "hostile"])
def test_in_a_browser_it_fits_searches_and_stays_silent(browser, bundle, kind, width, height):
    page = browser.new_page(viewport={"width": width, "height": height})
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto((bundle(kind) / "report.html").as_uri())
    page.fill("#search input", "项目 推进")
    shown = page.locator("#evidence > li:visible")
    assert shown.count()
    assert all("项目" in words and "推进" in words for words in shown.all_inner_texts())
    assert page.locator("#evidence mark", has_text="项目").count()
    page.select_option("select[data-of=theme]", "projects")
    assert all("projects" in row.get_attribute("data-t").split() for row in shown.all())
    page.fill("#search input", "没有的词")
    assert not shown.count()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (len(asked), said) == (1, [])
    page.close()


@SCREENS
def test_a_mark_of_a_chart_opens_its_sentences(browser, bundle, width, height):
    """A bar its word's, a cell its theme's of its agency, a part of a bar its items, as many as it says."""
    page = browser.new_page(viewport={"width": width, "height": height})
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((bundle() / "report.html").as_uri())
    tables = {name: pd.read_csv(bundle() / "tables" / f"{name}.csv") for name in ("theme_counts", "matches")}
    page.locator("section:has(#terms) .marks a").first.click()
    opened = page.locator("section:has(#terms) .opened")
    word = page.locator("section:has(#terms) .marks a").first.get_attribute("data-w")
    assert opened.locator("li").count() == 20
    assert all(word in row.locator("p").first.inner_text() for row in opened.locator("li").all())
    assert opened.locator("mark").first.inner_text() == word
    cell = page.locator("section:has(#themes) .marks a").nth(5)
    cell.click()
    report, theme = cell.get_attribute("data-r"), cell.get_attribute("data-t")
    count = tables["theme_counts"].query(
        "report == @report and theme == @theme", local_dict={"report": int(report), "theme": theme}
    )
    assert f"共{count['n_sentences'].sum()}条" in page.locator("section:has(#themes) .opened h4").inner_text()
    bar = page.locator("section:has(#statuses) .marks a").first
    bar.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    second = page.locator("section:has(#statuses) .marks a").nth(1)
    assert second.get_attribute("aria-expanded") == "true"
    best = (
        tables["matches"]
        .drop_duplicates("item")
        .query(
            "report == @r and status == @s",
            local_dict={"r": int(second.get_attribute("data-r")), "s": second.get_attribute("data-t")},
        )
    )
    assert f"共{len(best)}条" in page.locator("section:has(#statuses) .opened h4").inner_text()
    page.locator("section:has(#statuses) .opened button").click()
    assert page.locator("select[data-of=status]").input_value() == second.get_attribute("data-t")
    assert page.locator("#evidence > li:visible").count() == len(best)
    second.press("Enter")
    assert not page.locator("section:has(#statuses) .opened").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (len(asked), said) == (1, [])
    page.close()


@SCREENS
def test_texts_of_charts_are_read_at_twelve_pixels(browser, bundle, width, height):
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto((bundle() / "report.html").as_uri())
    for chart in page.locator(".chart").all():
        least = float(chart.get_attribute("style").partition("min-width:")[2].removesuffix("px"))
        assert chart.bounding_box()["width"] >= least - 0.5
    page.close()


def test_tables_of_notebooks_scroll_on_a_phone_and_their_columns_stay_wide(browser, tmp_path):
    row = "".join(f"<td>{words}</td>" for words in ["继续推进农村公路建设和养护，"] * 5)
    said = nbformat.v4.new_output("display_data", {"text/html": f"<table><tr>{row}</tr></table>", "text/plain": ""})
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[said])])
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(write_page(tmp_path / "1.html", book, title="表", lang="zh").as_uri())
    widths = page.locator("td").evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert min(widths) > 180  # thirteen characters on a line
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


@pytest.mark.parametrize("name", ["report.html", "index.html"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_no_serious_fault(browser, bundle, tmp_path, name, lang):
    axe = pytest.importorskip("axe_core_python", reason="axe-core is not installed")
    file = bundle("sample", lang) / name
    if name == "index.html":
        analysis = analyse(kit.sample(2023), lang=lang)
        figures = tuple(build(stem, analysis) for stem in ("terms", "statuses"))
        file = write_index(tmp_path, Briefing(analysis, figures, {}), pages={"report.html": "report"})
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    faults = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["impact"], one["id"]) for one in faults if one["impact"] in ("serious", "critical")] == []
    context.close()
