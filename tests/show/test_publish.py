"""Files reach a folder together or not at all, and replace only what the kit wrote."""

import csv
import json

import pandas as pd
import pytest

from kit.errors import OutputError
from kit.show.publish import MANIFEST, copy_files, export_table, neutralise, read_manifest, staged, write_new


def publish(folder, files, **facts):
    with staged(folder, facts) as stage:
        for name, text in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_text(text, encoding="utf-8")


def held(folder):
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()} - {MANIFEST}


def test_files_arrive_with_a_manifest(tmp_path):
    publish(tmp_path / "汇编", {"a.csv": "1", "figures/b.svg": "2"}, kit="0.1.0")
    assert held(tmp_path / "汇编") == {"a.csv", "figures/b.svg"}
    assert set(read_manifest(tmp_path / "汇编")["files"]) == {"a.csv", "figures/b.svg"}
    assert read_manifest(tmp_path / "汇编")["kit"] == "0.1.0"


def test_a_second_run_replaces_its_own_and_removes_what_is_no_longer_made(tmp_path):
    publish(tmp_path, {"a.csv": "old", "gone.csv": "old"})
    (tmp_path / "mine.txt").write_text("notes", encoding="utf-8")
    publish(tmp_path, {"a.csv": "new"})
    assert held(tmp_path) == {"a.csv", "mine.txt"}
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "new"


def test_a_file_of_others_is_never_overwritten(tmp_path):
    (tmp_path / "a.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"found files of others that would be overwritten \(a\.csv\); name another"):
        publish(tmp_path, {"a.csv": "new", "b.csv": "new"})
    assert held(tmp_path) == {"a.csv"}
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "mine"


def test_nothing_stays_behind_when_the_work_fails(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        publish(tmp_path / "out", {"a.csv": "whole", "b.csv": "half \ud800"})
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="expected a folder to write into, found a file"):
        publish(tmp_path / "out", {"a": "1"})


def test_a_damaged_manifest_is_said(tmp_path):
    (tmp_path / MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match="expected the list of files that an earlier run wrote"):
        publish(tmp_path, {"a": "1"})


def test_the_manifest_is_the_same_for_the_same_files(tmp_path):
    for name in ("one", "two"):
        publish(tmp_path / name, {"a.csv": "1"}, counts={"reports": 12})
    one, two = ((tmp_path / name / MANIFEST).read_bytes() for name in ("one", "two"))
    assert one == two
    assert json.loads(one)["counts"] == {"reports": 12}


def test_working_copies_are_not_overwritten(tmp_path):
    original = tmp_path / "1.ipynb"
    original.write_text("original", encoding="utf-8")
    assert copy_files([original], tmp_path / "mine") == [tmp_path / "mine" / "1.ipynb"]
    (tmp_path / "mine" / "1.ipynb").write_text("edited", encoding="utf-8")
    assert copy_files([original], tmp_path / "mine") == []
    assert (tmp_path / "mine" / "1.ipynb").read_text(encoding="utf-8") == "edited"


def test_what_a_user_may_have_edited_is_never_overwritten(tmp_path):
    file = write_new(tmp_path / "themes.toml", "first")
    with pytest.raises(
        OutputError, match=r"themes\.toml: expected no such file yet, found one; edit it, or move it away"
    ):
        write_new(file, "second")
    assert file.read_text(encoding="utf-8") == "first"


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
