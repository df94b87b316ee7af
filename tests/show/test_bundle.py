"""The bundle: all its files, whole or not at all, the same bytes twice; what has changed since an earlier run."""

import hashlib
import json
import re
from pathlib import Path

import bundles
import pandas as pd
import pypdfium2
import pytest
from PIL import Image

import kit
from kit.errors import FontError, OutputError
from kit.measure.analysis import Analysis, analyse
from kit.show import draw
from kit.show.bundle import (
    DOCUMENTS,
    count_steps,
    export_briefing,
    facts,
    find_changes,
    write_changes,
)
from kit.show.figures import OF_YEARS, figures_of, plot_terms
from kit.show.publish import staged


@pytest.fixture(scope="module")
def sample() -> Analysis:
    return analyse(kit.sample(2023))


def test_the_bundle_has_every_figure_table_and_document_and_knows_them(bundle, sample):
    folder = bundle()
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    stems = [figure.stem for figure in figures_of(sample)]
    assert {f"figures/{stem}.{form}" for stem in stems for form in ("png", "svg", "pdf", "csv")} <= set(files)
    assert {*DOCUMENTS, "tables/text.txt", "tables/theme_counts.csv"} <= set(files)
    found = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}
    assert found == {*files, "manifest.json"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == value for name, value in files.items())


def test_the_same_input_makes_the_same_bytes(bundle, tmp_path):
    once, steps = bundle("one", "en"), []
    again = export_briefing(analyse(bundles.KINDS["one"](), lang="en"), tmp_path / "again", progress=steps.append)
    files = [file for file in once.rglob("*") if file.is_file()]
    assert [f.name for f in files if f.read_bytes() != (again / f.relative_to(once)).read_bytes()] == []
    assert len(steps) == count_steps()


def test_two_years_take_a_figure_more():
    assert count_steps(two_years=True) == count_steps() + 1 + len(OF_YEARS)


def test_four_files_with_content(sample, tmp_path):
    """PNG at 300 dpi, SVG without text to be set by a font, PDF whose text can be selected, CSV with BOM."""
    figure = plot_terms(sample)
    files = figure.export(tmp_path / "figures", "词语")
    assert [file.name for file in files] == ["词语.png", "词语.svg", "词语.pdf", "词语.csv"]
    png, svg, pdf, table = files
    assert Image.open(png).width == int(6.14 * 300)
    assert "<text" not in svg.read_text(encoding="utf-8")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"FontFile2" in pdf.read_bytes()
    page = "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
    assert "".join(figure.title.split()) in page
    assert "2023.txt" in page
    pd.testing.assert_frame_equal(pd.read_csv(table)[["term", "n"]], sample.terms[["term", "n"]], check_dtype=False)


def test_a_second_run_gives_the_same_bytes(sample, tmp_path):
    runs = [plot_terms(sample).export(tmp_path / run) for run in "ab"]
    for one, other in zip(*runs, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_failure_leaves_everything_as_it_was(sample, tmp_path, monkeypatch):
    """The third file fails: the older ones stay, nothing half-written is left."""
    old = tmp_path / "terms.png"
    old.write_bytes(b"old")

    def fail(_figure, target):
        if target.suffix == ".pdf":
            raise OSError(28, "No space left on device")
        Path(target).write_bytes(b"new")

    monkeypatch.setattr(draw, "save", fail)
    with pytest.raises(OutputError, match=r"terms\.pdf: expected to write this file, but .*No space left"):
        plot_terms(sample).export(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["terms.png"]
    assert old.read_bytes() == b"old"


def test_a_word_of_the_kit_that_the_font_lacks_stops_before_anything_is_written(sample, tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_CACHE", "off")  # else the picture that the kit's own labels made is taken
    (tmp_path / "labels.toml").write_text('title = {zh = "养\U0001f431"}', encoding="utf-8")
    monkeypatch.setattr(draw, "path", lambda name: tmp_path / name)
    draw.faces.cache_clear()
    draw._drawn.cache_clear()  # an equal figure that another test has drawn
    with pytest.raises(FontError, match=re.escape("U+1F431")):
        plot_terms(sample).export(tmp_path / "new")
    assert not list((tmp_path / "new").glob("*"))
    draw.faces.cache_clear()


def test_signs_of_a_compilation_stop_no_run_and_are_named_in_manifest_and_log(tmp_path, caplog):
    source = tmp_path / "2023\uf0b7.txt"
    source.write_text(SIGNS, encoding="utf-8")
    files = export_briefing(analyse(source), tmp_path / "out")
    said = {
        "➢ U+27A2": "DejaVuSans.ttf",
        "\U0001f431 U+1F431": "DejaVuSans.ttf",
        "\U00020bb7 U+20BB7": "□",
        "U+F0B7": "□",
    }
    assert json.loads((files / "manifest.json").read_text(encoding="utf-8"))["signs"] == said
    (told,) = [record.getMessage() for record in caplog.records if record.name == "kit"]
    assert "字体NotoSansSC-Regular.ttf没有这些字" in told
    assert all(f"{sign} ({drawn})" in told for sign, drawn in said.items())


SIGNS = """县\U00020bb7水务局2023年工作总结及2024年工作计划
一、2023年主要工作
➢（一）防汛减灾。➢修复水毁工程12处，新建堤防\uf0b712公里。
二、2024年工作计划
1.➢新建堤防30公里，\U0001f431推进防汛减灾。
"""
FACTS = {"kit": "0.1.0", "sources": [{"sha256": "a"}], "themes_sha256": "t", "options": {"lang": "zh"}}
TABLES = {
    "doubts": "report,code,message\n1,masks,遮盖3处\n2,no_plan,没有计划\n",
    "theme_counts": "report,theme,role,n_sentences\n1,party,plan,2\n1,party,problems,1\n2,party,plan,4\n"
    "1,rural,plan,0\n",
    "matches": "item,rank,status\n1,1,new\n1,2,new\n2,1,continued\n",
}


def run(folder, facts=FACTS, **tables):
    with staged(folder, facts) as stage:
        (stage / "tables").mkdir()
        for name, text in (TABLES | tables).items():
            (stage / "tables" / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return folder


@pytest.fixture
def earlier(tmp_path):
    return run(tmp_path / "earlier")


def test_without_an_earlier_run_there_is_nothing_to_compare(tmp_path, earlier):
    assert find_changes(tmp_path / "none", earlier, FACTS) == {}
    assert "没有上次运行" in write_changes({}, tmp_path)


def test_the_same_run_again_changes_nothing(tmp_path, earlier):
    changes = find_changes(earlier, run(tmp_path / "later"), FACTS)
    assert changes == {"inputs": [], "own_files": {}, "counts": {}, "doubts": {"gone": [], "new": []}, "themes": {},
                       "statuses": {}}  # fmt: skip
    assert "Nothing has changed." in write_changes(changes, tmp_path, lang="en")


def test_own_files_that_came_went_or_changed_are_said(tmp_path):
    before = {"2023.themes.toml": "b", "2023.terms.csv": "c"}
    after = {"2023.themes.toml": "other", "2023.kit.toml": "d"}
    earlier, later = (run(tmp_path / name, FACTS | {"own_files": own})
                      for name, own in (("earlier", before), ("later", after)))  # fmt: skip
    changes = find_changes(earlier, later, FACTS | {"own_files": after})
    assert changes["own_files"] == {
        "2023.kit.toml": "new",
        "2023.terms.csv": "gone",
        "2023.themes.toml": "changed",
    }
    told = write_changes(changes, tmp_path)
    assert "## 输入\n\n- 自备文件2023.kit.toml：新增\n- 自备文件2023.terms.csv：已移除\n" in told
    assert "- your own 2023.themes.toml: changed" in write_changes(changes, tmp_path, lang="en")


def test_the_manifest_names_the_own_files_of_a_folder_and_of_its_files(tmp_path):
    (tmp_path / "甲.txt").write_text("县园林局2023年工作总结\n一、建成公园。\n", encoding="utf-8")
    for name in ("kit.toml", "甲.kit.toml", "themes.toml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert set(facts(analyse(tmp_path))["own_files"]) == {"kit.toml", "甲.kit.toml", "themes.toml"}


def test_the_manifest_names_the_own_files_of_the_earlier_year_too(tmp_path):
    for year in (2023, 2024):
        (tmp_path / f"{year}.txt").write_text(f"县园林局{year}年工作总结\n一、建成公园。\n", encoding="utf-8")
    (tmp_path / "2023.kit.toml").write_text("", encoding="utf-8")
    years = analyse([tmp_path / f"{year}.txt" for year in (2023, 2024)])
    assert set(facts(years)["own_files"]) == {"2023.kit.toml"}


def test_a_manifest_that_knew_no_own_files_had_none(earlier):
    changes = find_changes(earlier, earlier, FACTS | {"own_files": {"2023.terms.csv": "c"}})
    assert changes["own_files"] == {"2023.terms.csv": "new"}


def test_counts_doubts_themes_and_statuses_are_compared(tmp_path, earlier):
    later = run(
        tmp_path / "later",
        doubts="report,code,message\n1,masks,遮盖3处\n3,copy,与第1篇相同\n3,masks,遮盖1处\n",
        theme_counts="report,theme,role,n_sentences\n1,party,plan,2\n1,rural,plan,1\n2,party,all,9\n",
        matches="item,rank,status\n1,1,continued\n2,1,continued\n",
    )
    changes = find_changes(earlier, later, FACTS | {"themes_sha256": "other"})
    assert changes == {
        "inputs": ["themes_sha256"],
        "own_files": {},
        "counts": {"doubts": [2, 3], "matches": [3, 2], "theme_counts": [4, 3]},
        "doubts": {
            "gone": [("2", "no_plan", "没有计划")],
            "new": [("3", "copy", "与第1篇相同"), ("3", "masks", "遮盖1处")],
        },
        "themes": {"party": [[7, 2], [2, 1]], "rural": [[0, 0], [1, 1]]},
        "statuses": {"continued": [[1], [2]], "new": [[1], [0]]},
    }
    told = write_changes(changes, tmp_path)
    assert "- 党的建设: 7 → 2 (2 → 1)" in told
    assert "- [2] 没有计划" in told
    assert (tmp_path / "changes.md").read_text(encoding="utf-8") == told
    assert json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))["statuses"]["new"] == [[1], [0]]
