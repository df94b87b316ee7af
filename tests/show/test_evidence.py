"""Lists of evidence to hand out, in Word and Excel."""

import openpyxl
import pytest
import small
from docx import Document

import kit
from kit.errors import OutputError, TableError
from kit.measure.analysis import analyse
from kit.show.widgets import browse

ROADS = ("县交通局", [("achievements", "一、", "工作总结。修建公路3条。开展安全生产检查20次。"),
                     ("plan", "二、", "工作计划。继续修建公路2条。推进党建工作。")])  # fmt: skip
SCHOOLS = (
    "县教育局",
    [("achievements", "一、", "工作总结。新建学校2所。"), ("plan", "二、", "工作计划。开展安全生产检查。")],
)


@pytest.fixture(scope="module")
def analysis():
    return analyse(small.compilation(ROADS, SCHOOLS))


def cells(file):
    """The head and the rows of a list."""
    if file.suffix == ".xlsx":
        rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))[4:]
        return [list(map(str, row)) for row in rows]
    (grid,) = Document(file).tables
    return [[cell.text for cell in row.cells] for row in grid.rows]


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_sentence_stands_with_agency_place_and_characters(analysis, tmp_path, ending):
    head, *rows = cells(kit.export_evidence(analysis, tmp_path / f"a.{ending}", theme="safety"))
    assert head[:5] == ["单位", "部分", "所在标题", "原句", "起止"]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("县交通局", "成效", "开展安全生产检查20次。"), ("县教育局", "计划", "开展安全生产检查。")]  # fmt: skip
    for row in rows:
        start, end = map(int, row[4].split("–"))
        assert analysis.compilation.text[start:end].strip() == row[3]


CASES = [
    ({"query": "公路 继续"}, ["继续修建公路2条。"]),
    ({"query": "公路", "role": "achievements"}, ["修建公路3条。"]),
    ({"agency": "县教育局", "theme": "safety"}, ["开展安全生产检查。"]),
    ({"agency": "县教育局", "query": "学校"}, ["新建学校2所。"]),
]


@pytest.mark.parametrize(("asked", "found"), CASES)
def test_what_is_asked_holds_together(analysis, tmp_path, asked, found):
    _, *rows = cells(kit.export_evidence(analysis, tmp_path / "a.xlsx", **asked))
    assert [row[3] for row in rows] == found


def test_items_of_a_status_stand_with_what_answers_them(tmp_path):
    analysis = analyse(kit.sample(2023))
    head, *rows = cells(kit.export_evidence(analysis, tmp_path / "a.xlsx", status="continued"))
    assert head[4] == "对应的句子"
    assert len(rows) == (analysis.matches.drop_duplicates("item")["status"] == "continued").sum()
    assert all(row[4] for row in rows)


BAD = [
    ({"theme": "safty"}, "expected theme to be one of party, .*, found 'safty'; take one"),
    ({"agency": "县水务局"}, "expected agency to be one of 县交通局, 县教育局, found '县水务局'"),
    ({"role": "front page"}, "expected role to be one of"),
    ({"status": "done"}, "expected status to be one of continued, .*, found 'done'"),
    ({"query": "没有的词"}, "expected sentences of 没有的词, found none in small; ask for more"),
]


@pytest.mark.parametrize(("asked", "said"), BAD)
def test_what_is_not_there_is_said_and_nothing_is_written(analysis, tmp_path, asked, said):
    with pytest.raises(TableError, match=said):
        kit.export_evidence(analysis, tmp_path / "a.xlsx", **asked)
    assert list(tmp_path.iterdir()) == []


def test_the_same_list_is_written_again_and_another_file_never_over(analysis, tmp_path):
    for _ in range(2):
        kit.export_evidence(analysis, tmp_path / "a.docx", theme="safety")
    (tmp_path / "a.docx").write_bytes(b"edited")
    with pytest.raises(OutputError, match="expected no such file yet, or this list, found another; name another file"):
        kit.export_evidence(analysis, tmp_path / "a.docx", theme="safety")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"edited"]
    with pytest.raises(OutputError, match=r"expected a name that ends in \.docx or \.xlsx, found ..pdf.; name it so"):
        kit.export_evidence(analysis, tmp_path / "a.pdf", theme="safety")


def test_a_button_writes_the_cell_that_is_shown(analysis, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    browser = browse(analysis)
    browser.choose(report=2, theme="safety")
    *buttons, said = browser.children[0].children[1].children[-1].children
    for button in buttons:
        button.click()
    assert [button.description for button in buttons] == ["导出为Word", "导出为Excel"]
    assert {file.name for file in tmp_path.iterdir()} == {
        f"依据清单-县教育局-安全与应急.{end}" for end in ("docx", "xlsx")
    }
    assert "已写入依据清单-县教育局-安全与应急.xlsx" in said.value
