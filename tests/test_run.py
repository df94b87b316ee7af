"""The notebooks on a compilation of one short report: everything is written, and what is too little is said."""

import re

import openpyxl
import pytest
from docx import Document
from pptx import Presentation

from kit.errors import SourceError
from kit.read import read_years
from kit.run import TWO_YEARS, execute, notebooks, read_notebook, run_notebooks

REPORT = """县园林局{0}年工作总结及{1}年工作计划
一、{0}年工作总结
（一）建成滨河公园一期，铺装游园步道3公里。
（二）登记古树名木96株，保护档案全部建立。
二、存在问题
养护人员不足。
三、{1}年工作计划
（一）续建滨河公园二期，延伸游园步道，补植乔木。
（二）登记古树名木120株，建立保护档案。
"""


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """One report of each of two years."""
    folder = tmp_path_factory.mktemp("园林")
    files = [folder / f"{year}.txt" for year in (2023, 2024)]
    for file in files:
        file.write_text(REPORT.format(int(file.stem), int(file.stem) + 1), encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def written(years, tmp_path_factory):
    """What a run on both years writes, in English, with what it said while it ran."""
    said = []
    folder = run_notebooks(years, tmp_path_factory.mktemp("run") / "out", lang="en", progress=said.append)
    return folder, said


def test_every_notebook_becomes_a_page_in_one_language_without_scripts(written):
    pages = sorted(written[0].glob("[0-9]-*.html"))
    assert [page.stem[0] for page in pages] == ["1", "2", "3", "4", "5"]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "Next" in text
        assert "接下来" not in text
        assert 'class="output_error"' not in text
        assert not re.search(r"[Cc]lick|kit\.(?:find_in_context|show_evidence|show_matches|read)\(|\d rows ·", text)
        assert str(written[0].parent) not in text


def test_two_years_bring_their_tables_their_figure_and_the_earlier_text(written):
    folder, _ = written
    for name in ("tables/links.csv", "tables/fulfilment.csv", "tables/headlines.csv", "figures/fulfilment.svg"):
        assert (folder / name).exists(), name
    assert (folder / "tables/text-earlier.txt").read_text(encoding="utf-8") == REPORT.format(2023, 2024)
    assert "reported" in (folder / "tables/fulfilment.csv").read_text(encoding="utf-8-sig")
    assert "fulfilment.png" in (folder / "index.html").read_text(encoding="utf-8")


def test_what_became_of_the_promises_stands_in_report_slides_word_and_workbook(written):
    folder, _ = written
    said = "3 of last year's 3 plan items"
    report = (folder / "report.html").read_text(encoding="utf-8")
    section = report[report.index('<h3 id="fulfilment">') :].partition("</section>")[0]
    assert said.replace("'", "&#39;") in section
    assert "<svg" in section
    assert "Measure: fulfilment" in section
    assert "continuity" not in section
    slides = [slide for slide in Presentation(folder / "briefing.pptx").slides if said in slide.shapes.title.text]
    assert [shape.has_chart for slide in slides for shape in slide.shapes].count(True) == 1
    texts = [paragraph.text for paragraph in Document(folder / "briefing.docx").paragraphs]
    assert any(said in text for text in texts)
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert {"links", "fulfilment", "headlines", "promises"} <= set(book.sheetnames)
    head, *rows = book["fulfilment"].iter_rows(values_only=True)
    names = [name.split("\n")[-1] for name in head]
    promise, answer = ([row[names.index(name)] for row in rows] for name in ("text", "evidence_text"))
    assert "2024" not in promise[0]
    assert any("登记古树名木96株" in text for text in answer if text)


def test_the_index_says_what_it_is_and_speaks_one_language(written):
    index = (written[0] / "index.html").read_text(encoding="utf-8")
    title = "2024: reviews and plans analysed"
    assert f"<title>{title}</title>" in index
    assert f"<h1>{title}</h1>" in index
    assert not re.search(r"[\u4e00-\u9fff] · [a-z]", index)
    assert re.search(r"Measure: continuity [^<]* Accuracy: on the sample, .* of 80 are right", index)
    assert re.search(r"Measure: fulfilment [^<]* Accuracy: on the sample, .* of 80 are right", index)


@pytest.mark.parametrize("notebook", notebooks(), ids=lambda file: file.stem)
def test_reviews_without_plans_are_shown_as_far_as_they_go(notebook, tmp_path):
    file = tmp_path / "2023.txt"
    file.write_text(REPORT.partition("二、")[0].format(2023, 2024), encoding="utf-8")
    sources = {"earlier": file, "later": file} if notebook.stem == TWO_YEARS else {"source": file}
    named = {name: str(source) for name, source in sources.items()}
    executed = execute(read_notebook(notebook, "zh", **named), notebook.name)
    assert all(cell.execution_count for cell in executed.cells if cell.cell_type == "code")


def test_every_step_is_said(written):
    from kit.run import count_steps

    assert len(written[1]) == count_steps(two_years=True)
    assert {"figure fulfilment", TWO_YEARS} <= set(written[1])


def test_a_year_that_cannot_be_read_stops_before_anything_is_written(years, tmp_path):
    with pytest.raises(SourceError, match=r"2022.txt: expected a file or folder, found none"):
        run_notebooks([tmp_path / "2022.txt", years[1]], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("earlier", "later", "missing"), [("2023.txt", None, "later"), (None, "2024.txt", "earlier")])
def test_one_year_of_two_is_not_enough(earlier, later, missing, monkeypatch):
    monkeypatch.delenv("KIT_SOURCE", raising=False)
    monkeypatch.delenv("KIT_EARLIER", raising=False)
    with pytest.raises(SourceError, match=f"two years: expected two compilations, .* name the {missing} one as well"):
        read_years(earlier, later)


def test_two_years_are_the_samples_unless_named(years, monkeypatch):
    monkeypatch.delenv("KIT_SOURCE", raising=False)
    monkeypatch.delenv("KIT_EARLIER", raising=False)
    assert [one.name for one in read_years()] == ["2023.txt", "2024.txt"]
    monkeypatch.setenv("KIT_EARLIER", str(years[0]))
    monkeypatch.setenv("KIT_SOURCE", str(years[1]))
    assert [len(one.reports) for one in read_years()] == [1, 1]
