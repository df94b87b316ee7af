"""The slides, read as the XML they are made of, and as LibreOffice shows them."""

import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

import kit
from kit.measure.analysis import analyse
from kit.measure.scoring import uncertain_themes
from kit.show.count_figures import step_colour
from kit.show.figures import figures_of

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def parts(file, pattern: str) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(file) as package:
        names = [name for name in package.namelist() if re.fullmatch(pattern, name)]
        return {name: ElementTree.fromstring(package.read(name)) for name in sorted(names)}


def words(element) -> str:
    return " ".join(run.text or "" for run in element.iter(f"{DRAWING}t"))


def values(chart) -> list[list[float]]:
    return [[float(point.text) for point in series.findall(f"{CHART}val//{CHART}v")]
            for series in chart.iter(f"{CHART}ser")]  # fmt: skip


def slide(bundle, said: str, kind="sample", lang="zh"):
    slides = parts(bundle(kind, lang) / "briefing.pptx", r"ppt/slides/slide\d+\.xml")
    return next(element for element in slides.values() if said in words(element))


@pytest.fixture(scope="module")
def charts(bundle):
    return list(parts(bundle() / "briefing.pptx", r"ppt/charts/chart\d+\.xml").values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_run_and_chart_names_a_latin_and_a_chinese_face(bundle, lang):
    for name, element in parts(
        bundle("sample", lang) / "briefing.pptx", r"ppt/(slides|charts|notesSlides)/\w+\.xml"
    ).items():
        for tag in ("rPr", "defRPr", "endParaRPr"):
            for properties in element.iter(DRAWING + tag):
                faces = {kind: properties.find(DRAWING + kind) for kind in ("latin", "ea")}
                assert all(face is not None and face.get("typeface") for face in faces.values()), name
        assert "charts" not in name or element.find(f"{CHART}txPr") is not None


def test_terms_are_a_native_chart_of_the_first_twenty_with_the_leader_marked(charts, bundle):
    terms = pd.read_csv(bundle() / "tables" / "terms.csv").nlargest(20, "n")
    chart = next(chart for chart in charts if values(chart) == [list(terms["n"])])
    assert chart.find(f".//{CHART}barDir").get("val") == "bar"
    assert chart.find(f".//{CHART}gapWidth").get("val") == "43"
    assert chart.find(f".//{CHART}catAx//{CHART}orientation").get("val") == "maxMin"
    assert [point.find(f"{CHART}idx").get("val") for point in chart.iter(f"{CHART}dPt")] == ["0"]


def test_statuses_are_a_native_stacked_chart_of_counts(charts, bundle):
    counts = pd.read_csv(bundle() / "figures" / "statuses.csv")
    stacked = next(c for c in charts if c.find(f".//{CHART}grouping").get("val") == "percentStacked")
    sums = counts.groupby("status")["n_items"].sum()
    assert [sum(series) for series in values(stacked)] == [
        sums[status] for status in ("continued", "unclear", "to check", "new")
    ]


def test_the_heatmap_is_a_native_table_with_the_steps_as_fills(bundle):
    totals = pd.read_csv(bundle() / "figures" / "themes.csv")
    expected = {step_colour(rate, "per_10k_chars")[1:] for rate in totals["per_10k_chars"]}
    table = next(parts(bundle() / "briefing.pptx", r"ppt/slides/slide\d+\.xml")[name].find(f".//{DRAWING}tbl")
                 for name, element in parts(bundle() / "briefing.pptx", r"ppt/slides/slide\d+\.xml").items()
                 if element.find(f".//{DRAWING}tbl") is not None)  # fmt: skip
    assert len(table.findall(f"{DRAWING}tr")) == 1 + totals["report"].nunique()
    fills = {c.get("val") for c in table.findall(f".//{DRAWING}tcPr/{DRAWING}solidFill/{DRAWING}srgbClr")}
    assert fills - {"FFFFFF"} == expected


@pytest.mark.parametrize(("lang", "said"), [("zh", "*与人工编码的一致程度偏低"), ("en", "* Agrees too little")])
def test_themes_that_agree_too_little_with_a_reader_are_marked_as_in_the_notebook(bundle, lang, said):
    uncertain = uncertain_themes()
    slides = parts(bundle("sample", lang) / "briefing.pptx", r"ppt/slides/slide\d+\.xml").values()
    grids = (slide.find(f".//{DRAWING}tbl") for slide in slides if said in words(slide))
    assert len(uncertain) in [words(grid).count("*") for grid in grids if grid is not None]
    assert said in (bundle("sample", lang) / "report.html").read_text(encoding="utf-8")


def test_sixty_agencies_show_both_ends_and_say_so(bundle):
    shown = slide(bundle, "共60家，本页列出前10家、后10家和居中的1家", kind="sixty")
    assert len(shown.findall(f".//{DRAWING}tr")) == 22


@pytest.mark.parametrize("kind", ["sample", "sixty"])
def test_what_stands_in_a_row_of_a_table_fits_into_it(bundle, kind):
    """A row grows with its text, and a table with its rows, over the foot of the slide."""
    slides = parts(bundle(kind) / "briefing.pptx", r"ppt/slides/slide\d+\.xml").values()
    rows = [row for element in slides for row in element.iter(f"{DRAWING}tr")]
    assert len(rows) > 20
    for row in rows:
        lines = [len(cell.findall(f".//{DRAWING}p")) * max(int(run.get("sz")) for run in cell.iter() if run.get("sz"))
                 for cell in row.iter(f"{DRAWING}tc") if "vert" not in cell.find(f"{DRAWING}tcPr").attrib]  # fmt: skip
        assert int(row.get("h")) / 127 >= 1.3 * max(lines)  # both in hundredths of a point


def test_notes_hold_the_evidence_with_its_place_and_the_data_of_a_picture(bundle):
    sample = analyse(kit.sample(2023))
    told = [figure for figure in figures_of(sample) if figure.title in set(sample.findings["claim"])]
    notes = [words(n) for n in parts(bundle() / "briefing.pptx", r"ppt/notesSlides/\w+\.xml").values()]
    assert sum("依据原句" in note and "原文第" in note for note in notes) == len(told)
    data = next(note for note in notes if "变化（百分点）" in note)
    assert len(re.findall("党的建设[*]?\t", data)) == 1
    assert "shift_points" not in data


def test_pictures_charts_and_tables_say_what_they_show(bundle):
    for name, element in parts(bundle() / "briefing.pptx", r"ppt/slides/slide\d+\.xml").items():
        for frame in (e for e in element.iter() if e.tag.endswith(("}graphicFrame", "}pic"))):
            described = [e.get("descr") for e in frame.iter() if e.tag.endswith("}cNvPr")]
            assert described[0], name


def test_what_is_not_drawn_has_no_slide(bundle):
    slides = parts(bundle("one", "en") / "briefing.pptx", r"ppt/slides/slide\d+\.xml").values()
    assert not any("Not drawn" in words(element) for element in slides)


@pytest.mark.parametrize(("kind", "lang"), [("sample", "zh"), ("sample", "en"), ("sixty", "zh"), ("one", "en")])
def test_libreoffice_shows_every_slide(printed, bundle, kind, lang):
    pages = printed[kind, lang, "briefing.pptx"]
    slides = parts(bundle(kind, lang) / "briefing.pptx", r"ppt/slides/slide\d+\.xml")
    assert len(pages) == len(slides)
    assert "2023" in pages[0]
    assert all(len(page.strip()) > 20 for page in pages)


def test_targets_with_gaps_in_points_are_shown_whole_under_their_title(bundle):
    """A native chart has one axis: rates of completion and gaps in points stand side by side in the picture alone."""
    targets = pd.read_csv(bundle() / "figures" / "targets.csv")
    assert targets["gap_points"].notna().any()
    slides = parts(bundle() / "briefing.pptx", r"ppt/slides/slide\d+\.xml").values()
    (shown,) = (one for one in slides if "写明目标的" in words(one) and one.find(f".//{DRAWING}blip") is not None)
    assert shown.find(f".//{CHART}chart") is None


def test_workbooks_inside_charts_hold_texts_as_texts_and_the_numbers_of_the_chart(bundle):
    """An agency called =1+1… is a name in the workbook that a click on the chart opens."""
    with zipfile.ZipFile(bundle("hostile") / "briefing.pptx") as package:
        books = [openpyxl.load_workbook(package.open(name)).active for name in package.namelist() if "xlsx" in name]
    cells = [cell for sheet in books for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.value.startswith("=1+1") for cell in cells)
    drawn = parts(bundle("hostile") / "briefing.pptx", r"ppt/charts/chart\d+\.xml").values()
    held = [
        [[c.value for c in column[1:] if c.value is not None] for column in sheet.iter_cols(min_col=2)]
        for sheet in books
    ]
    assert sorted(held) == sorted(map(values, drawn))
