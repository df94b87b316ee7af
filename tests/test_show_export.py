"""Files are whole or not at all, the same bytes for the same content, and no cell is a formula."""

import csv
import re
from pathlib import Path

import drawing
import pandas as pd
import pypdfium2
import pytest
from matplotlib import pyplot
from PIL import Image

from kit.errors import FontError, OutputError
from kit.show import export
from kit.show.bars import plot_terms
from kit.show.export import export_figure, export_table, neutralise

TABLE = drawing.terms(6)


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def test_four_files_with_content(tmp_path):
    """PNG at 300 dpi, SVG without text to be set by a font, PDF whose text can be selected, CSV with BOM."""
    files = export_figure(plot_terms(TABLE, scope=drawing.scope(12)), TABLE, "词语", tmp_path / "figures")
    assert [file.name for file in files] == ["词语.png", "词语.svg", "词语.pdf", "词语.csv"]
    png, svg, pdf, table = files
    assert Image.open(png).width == int(6.14 * 300)
    assert "<text" not in svg.read_text(encoding="utf-8")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"FontFile2" in pdf.read_bytes()
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "“项目”用得最多" in page
    assert "青溪县汇编.txt" in page


def test_a_second_run_gives_the_same_bytes(tmp_path):
    runs = [export_figure(plot_terms(TABLE), TABLE, "terms", tmp_path / run) for run in "ab"]
    for one, other in zip(*runs, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_whole_figure_may_be_given(tmp_path):
    assert len(export_figure(plot_terms(TABLE).figure, TABLE, "terms", tmp_path)) == 4


@pytest.mark.parametrize(("cell", "written"), [
    ("=1+1", "'=1+1"), ("+8", "'+8"), ("-约3", "'-约3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
    ("项目", "项目"), ("a=1", "a=1"), ("", ""), (-4.5, -4.5), (None, None),
])  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_text(cell, written):
    safe = neutralise(pd.DataFrame({"cell": pd.Series([cell], dtype="object")}))
    assert safe["cell"].iloc[0] == written or (cell is None and pd.isna(safe["cell"].iloc[0]))


def test_numbers_stay_numbers_and_the_table_is_not_changed(tmp_path):
    table = pd.DataFrame({"term": ["-", "路"], "shift": [-1.5, 2.0]})
    file = export_table(table, tmp_path / "t.csv")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["term", "shift"], ["'-", "-1.5"], ["路", "2.0"]]
    assert list(table["term"]) == ["-", "路"]


def test_a_failure_leaves_everything_as_it_was(tmp_path, monkeypatch):
    """The third file fails: the older ones stay, nothing half-written is left."""
    old = tmp_path / "terms.png"
    old.write_bytes(b"old")

    def fail(_figure, form, target):
        if form == "pdf":
            raise OSError(28, "No space left on device")
        Path(target).write_bytes(b"new")

    monkeypatch.setattr(export, "_save", fail)
    with pytest.raises(OutputError, match=r"terms\.pdf: expected to write this file, but .*No space left"):
        export_figure(plot_terms(TABLE), TABLE, "terms", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["terms.png"]
    assert old.read_bytes() == b"old"


def test_a_text_added_by_hand_is_checked_before_anything_is_written(tmp_path):
    ax = plot_terms(TABLE)
    ax.text(0, 0, "\U0001f431")
    with pytest.raises(FontError, match=re.escape("U+1F431")):
        export_figure(ax, TABLE, "terms", tmp_path / "new")
    assert not (tmp_path / "new").exists()
