"""The notebooks on a compilation of one short report: everything is written, and what is too little is said."""

import builtins
import io
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from hashlib import sha256
from pathlib import Path

import nbformat
import openpyxl
import psutil
import pytest
from click.testing import CliRunner
from docx import Document
from pptx import Presentation

from kit.cli import main
from kit.errors import KitError, OutputError, SourceError
from kit.read import preset_years
from kit.run import YEARS, beside, execute, notebooks, read_notebook, run_notebooks
from kit.show.publish import read_manifest

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
    said = "for 3 of last year's 3 promises"
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
    title = "2023, 2024: reviews and plans analysed"
    assert f"<title>{title}</title>" in index
    assert f"<h1>{title}</h1>" in index
    assert not re.search(r"[\u4e00-\u9fff] · [a-z]", index)
    assert re.search(r"Measure: continuity [^<]* Accuracy: on the sample, .* of 80 are right", index)
    assert re.search(r"Measure: fulfilment [^<]* Accuracy: on the sample, .* of 80 are right", index)


@pytest.mark.parametrize("notebook", notebooks(), ids=lambda file: file.stem)
def test_reviews_without_plans_are_shown_as_far_as_they_go(notebook, tmp_path):
    file = tmp_path / "2023.txt"
    file.write_text(REPORT.partition("二、")[0].format(2023, 2024), encoding="utf-8")
    named = {"sources": [str(file)] * 2} if notebook.stem == YEARS else {"source": str(file)}
    book = read_notebook(notebook, "zh", **named)
    execute(book, notebook.name)
    assert all(cell.execution_count for cell in book.cells if cell.cell_type == "code")


def test_every_step_is_said(written):
    from kit.run import count_steps

    assert len(written[1]) == count_steps(two_years=True)
    assert {"figures/fulfilment", f"{YEARS}.html"} <= set(written[1])


def test_a_year_that_cannot_be_read_stops_before_anything_is_written(years, tmp_path):
    with pytest.raises(SourceError, match=r"2022.txt: expected a file or folder, found none"):
        run_notebooks([tmp_path / "2022.txt", years[1]], tmp_path / "out")
    assert not (tmp_path / "out").exists()


FAILING = [("raise ValueError(1, '坏')", "ValueError: (1, '坏')", "ValueError：(1, '坏')"),
           ("kit.read('无.txt')", "SourceError: 无.txt: expected a file or folder, found none; check the name", "SourceError：无.txt：没有这个文件或文件夹，请核对名称")]  # fmt: skip


@pytest.mark.parametrize(("code", "english", "chinese"), FAILING, ids=["another", "own"])
def test_a_notebook_that_fails_is_named_with_its_cell_and_leaves_the_earlier_bundle_whole(
    years, tmp_path, monkeypatch, code, english, chinese
):
    out, cells = tmp_path / "out", ["# 词语", "import kit", "1", code, "2"]
    run_notebooks(years[:1], out, only=("document",))
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    make = [nbformat.v4.new_markdown_cell, *[nbformat.v4.new_code_cell] * 4]
    book = nbformat.v4.new_notebook(cells=[new(cell) for new, cell in zip(make, cells, strict=True)])
    nbformat.write(book, tmp_path / "2-words.ipynb")
    monkeypatch.setattr("kit.run.notebooks", lambda **_: [tmp_path / "2-words.ipynb"])
    for lang, said in (
        (
            "en",
            f"2-words.ipynb, cell 3: expected it to run, found {english}; open it with kit lab, or leave notebooks out with --only",
        ),
        ("zh", f"2-words.ipynb第3格没有跑通：{chinese}；请用kit lab打开查看，或者用--only不写笔记本"),
    ):
        done = CliRunner().invoke(main, ["run", str(years[0]), "-o", str(out), "--lang", lang, "--only", "notebooks"])
        assert (done.exit_code, said in done.output) == (1, True), done.output
        assert {file: file.read_bytes() for file in out.rglob("*") if file.is_file()} == before
        assert [file.name for file in tmp_path.iterdir() if file.is_dir()] == ["out"]


@pytest.mark.parametrize(("named", "missing"), [("KIT_EARLIER", "later"), ("KIT_SOURCE", "earlier")])
def test_one_year_of_two_is_not_enough(named, missing, monkeypatch):
    monkeypatch.delenv("KIT_SOURCE", raising=False)
    monkeypatch.delenv("KIT_EARLIER", raising=False)
    monkeypatch.setenv(named, "2023.txt")
    with pytest.raises(SourceError, match=f"two years: expected two compilations, .* name the {missing} one as well"):
        preset_years()


def test_two_years_are_the_samples_unless_named(years, monkeypatch):
    monkeypatch.delenv("KIT_SOURCE", raising=False)
    monkeypatch.delenv("KIT_EARLIER", raising=False)
    assert [one.name for one in preset_years()] == ["2023.txt", "2024.txt"]
    monkeypatch.setenv("KIT_EARLIER", str(years[0]))
    monkeypatch.setenv("KIT_SOURCE", str(years[1]))
    assert preset_years() == [str(years[0]), str(years[1])]


@pytest.fixture
def two_notebooks(monkeypatch):
    """Runs with two of the notebooks, which take the most time."""
    monkeypatch.setattr("kit.run.notebooks", lambda **_: notebooks()[::2][:2])


def files(folder):
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def changed(before, folder):
    after = files(folder)
    return {name.partition("/")[0] for name in {*before, *after} if before.get(name) != after.get(name)}


@pytest.mark.usefixtures("two_notebooks")
def test_a_part_is_written_alone_and_the_rest_stays_as_it_was(years, tmp_path):
    source, out = tmp_path / "2023.txt", tmp_path / "out"
    source.write_text(years[0].read_text(encoding="utf-8"), encoding="utf-8")
    run_notebooks([source], out)
    before = files(out)
    source.write_text(REPORT.format(2023, 2024) + "（三）修缮苗圃。\n", encoding="utf-8")
    run_notebooks([source], out, only=("tables", "workbook"))
    assert changed(before, out) == {"tables", "tables.xlsx", "index.html", "manifest.json"}
    manifest = read_manifest(out)
    assert manifest["files"] == {
        name: sha256(content).hexdigest() for name, content in files(out).items() if name != "manifest.json"
    }
    assert {"briefing.docx", "figures/terms.png", "1-compilation.html"} <= set(manifest["older"])
    assert not {name for name in manifest["older"] if name.startswith(("tables", "index"))}
    run_notebooks([source], out)
    assert "older" not in read_manifest(out)
    assert changed(before, out) > {"1-compilation.html", "briefing.docx"}


@pytest.mark.usefixtures("two_notebooks")
def test_what_was_edited_stays_edited_beside_a_part_that_is_written(years, tmp_path):
    out = tmp_path / "out"
    run_notebooks(years[:1], out, only=("document", "tables"))
    assert {name.partition("/")[0] for name in files(out)} == {"briefing.docx", "tables", "index.html", "manifest.json"}
    (out / "briefing.docx").write_bytes(b"edited")
    for parts in (("tables",), ("document",)):
        run_notebooks(years[:1], out, only=parts)
        assert (out / "briefing.docx").read_bytes() == b"edited"
    assert read_manifest(out)["kept"] == {"briefing.docx": "briefing.new.docx"}
    run_notebooks(years[:1], out, only=("tables",))
    assert (out / "briefing.new.docx").is_file()
    assert read_manifest(out)["kept"] == {"briefing.docx": "briefing.new.docx"}


@pytest.mark.usefixtures("two_notebooks")
def test_the_same_bytes_come_of_one_process_and_of_two_with_and_without_what_is_kept(years, tmp_path, monkeypatch):
    written, only = [], ("notebooks", "figures")
    for cache, workers in (("one", 1), ("two", 2), ("two", 1)):
        monkeypatch.setenv("KIT_CACHE", str(tmp_path / cache))
        monkeypatch.setattr("kit.run.beside", partial(beside, workers=workers))
        written.append(files(run_notebooks(years[:1], tmp_path / str(len(written)), only=only)))
    assert written[0] == written[1] == written[2]


BEGUN = """import sys, kit.run
kit.run.START, first = sys.argv[3], kit.run.notebooks()[0]
kit.run.notebooks = lambda **_: [first]
if __name__ == "__main__":
    kit.run.run_notebooks(sys.argv[1:2], sys.argv[2], only=("notebooks", "figures"))"""


def test_the_same_comes_of_processes_that_begin_with_nothing_as_those_of_windows_and_macos(years, tmp_path):
    environment = {**os.environ, "KIT_CACHE": str(tmp_path / "cache"), "IPYTHONDIR": str(tmp_path / "ipython")}
    for start in ("fork", "spawn"):
        subprocess.run([sys.executable, "-c", BEGUN, years[0], tmp_path / start, start], env=environment, check=True)
        shutil.rmtree(tmp_path / "cache")
    assert files(tmp_path / "fork") == files(tmp_path / "spawn")
    assert not (tmp_path / "ipython").exists()


def end(code):
    os._exit(code)


ENDS = [(partial(int, "一"), ValueError, "invalid literal"),
        (partial(end, 7), KitError, "figures and notebooks: expected a process to make them, found that it ended")]  # fmt: skip


@pytest.mark.parametrize(("task", "error", "said"), ENDS, ids=["failed", "ended"])
def test_what_goes_wrong_in_a_process_is_said_and_none_is_left(task, error, said):
    with pytest.raises(error, match=said), beside([int, task, partial(time.sleep, 60)], workers=3):
        begun = multiprocessing.active_children()
    assert begun
    assert not multiprocessing.active_children()


def test_when_the_block_fails_what_is_beside_it_ends():
    began = time.monotonic()
    with pytest.raises(KeyError), beside([partial(time.sleep, 60)]):
        raise KeyError
    assert time.monotonic() - began < 30
    assert not multiprocessing.active_children()


def test_a_cell_shows_what_it_prints_and_what_it_is_worth(monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    code = ["x = 1\nprint('一')\nx", "import IPython.display as d\nd.display(d.HTML('<b>二</b>'))", "del x"]
    for _ in range(2):  # the second one finds nothing of the first
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in code])
        execute(book, "book.ipynb")
        shown = [[(out.output_type, out.get("text") or out.data) for out in cell.outputs] for cell in book.cells]
        assert shown[0] == [("stream", "一\n"), ("execute_result", {"text/plain": "1"})]
        assert [data["text/html"] for _, data in shown[1]] == ["<b>二</b>"]
        assert not shown[2]
    assert not (tmp_path / "ipython").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is full")
def test_a_disk_that_fills_at_any_file_leaves_the_old_run(years, tmp_path, monkeypatch):
    out, only, opened, real = tmp_path / "out", ("tables", "figures", "workbook", "document"), [], io.open
    run_notebooks(years[:1], out, only=only)
    run_notebooks(years[:1], tmp_path / "other", lang="en", only=only)  # what takes long is kept from here on
    before = files(out)

    def filling(file, mode="r", *rest, **options):
        if set(mode) & set("wax") and str(file).startswith(str(tmp_path)):
            opened.append(file)
            if len(opened) > room[0]:
                real(file, mode).close()
                file = "/dev/full"
        return real(file, mode, *rest, **options)

    room = [1000]
    for module in (io, builtins):
        monkeypatch.setattr(module, "open", filling)
    run_notebooks(years[:1], tmp_path / "other", lang="en", only=only)
    whole = len(opened)
    assert whole > 15  # what this process writes; figures are drawn in another
    for room[0] in (0, whole // 7, whole // 2, whole - 8, whole - 3, whole - 2, whole - 1):
        opened.clear()
        with pytest.raises(OutputError, match=r"^.*/out[/:].*expected to write .*No space left.*; make room.*$"):
            run_notebooks(years[:1], out, lang="en", only=only)
        assert files(out) == before
        assert {file.name for file in tmp_path.iterdir()} == {"out", "other"}
    monkeypatch.undo()
    run_notebooks(years[:1], out, lang="en", only=only)
    assert files(out) == files(tmp_path / "other")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_neither_files_nor_processes(number, years, tmp_path):
    (tmp_path / "out").mkdir()
    environment = {**os.environ, "KIT_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "kit.cli", "run", years[0], "-o", tmp_path / "out"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        processes = []
        while not processes and run.poll() is None:
            time.sleep(0.1)
            processes = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(number)
        assert run.wait(60) != 0
    assert not psutil.wait_procs(processes, timeout=20)[1]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cache", "out"]
    assert list((tmp_path / "out").iterdir()) == []
