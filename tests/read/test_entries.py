"""One entry of an override file is written; everything else in the file stays as a person wrote it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import DataError, OutputError
from kit.read.overrides import read_text, remove_entry, save, take_back, write_entry

OWN = """# 岚溪县，2024年3月核对
[[role]]  # 李核对
at = 20
text = "二、狠抓落实"   # 引文
role = "plan"

# 这一条待问
[[report]]
at = 5
text = "县民政局"
agency = "县民政局"

[[role]]
at = 90
text = "三、"
role = "problems"
"""


def test_a_new_entry_stands_behind_what_is_there():
    text = write_entry(OWN, "match", {"at": 7, "text": "修水渠", "status": "new"})
    assert text == OWN + '\n[[match]]\nat = 7\ntext = "修水渠"\nstatus = "new"\n'


def test_an_entry_in_an_empty_file_stands_alone():
    assert write_entry("", "merge", {"at": 7, "text": "一"}) == '[[merge]]\nat = 7\ntext = "一"\n'


def test_a_changed_entry_keeps_its_comments_and_its_place():
    text = write_entry(OWN, "role", {"at": 20, "text": "二、狠抓落实", "role": "problems", "note": "问过"})
    assert text == OWN.replace('role = "plan"\n', 'role = "problems"\nnote = "问过"\n')


def test_what_a_reports_entry_says_besides_stays():
    text = write_entry(OWN, "report", {"at": 5, "text": "县民政局", "copy_of": False})
    assert text == OWN.replace('agency = "县民政局"\n', 'agency = "县民政局"\ncopy_of = false\n')


def test_what_another_entry_said_before_goes():
    text = write_entry("", "match", {"at": 7, "text": "修", "status": "continued", "evidence": 3})
    text = write_entry(text, "match", {"at": 7, "text": "修", "status": "new"})
    assert tomllib.loads(text) == {"match": [{"at": 7, "text": "修", "status": "new"}]}


def test_doubts_of_one_place_stand_side_by_side():
    text = write_entry("", "doubt", {"at": 7, "text": "修", "code": "no_plan"})
    text = write_entry(text, "doubt", {"at": 7, "text": "修", "code": "no_title"})
    assert [one["code"] for one in tomllib.loads(text)["doubt"]] == ["no_plan", "no_title"]


def test_files_of_a_folder_are_told_apart():
    text = write_entry("", "role", {"file": "甲.txt", "at": 7, "text": "修", "role": "plan"})
    text = write_entry(text, "role", {"file": "乙.txt", "at": 7, "text": "修", "role": "plan"})
    assert [one["file"] for one in tomllib.loads(text)["role"]] == ["甲.txt", "乙.txt"]


def test_an_entry_is_taken_out_and_the_comments_around_it_stay():
    text = remove_entry(OWN, "role", {"at": 20})
    assert text == "# 岚溪县，2024年3月核对\n\n" + OWN[OWN.index("# 这一条") :]


def test_line_ends_of_the_file_are_kept():
    text = write_entry(OWN.replace("\n", "\r\n"), "merge", {"at": 7, "text": "一"})
    assert "\n" not in text.replace("\r\n", "")


@given(st.text(), st.text(), st.integers(0, 10**6))
def test_whatever_is_quoted_is_read_back(quoted, note, at):
    text = write_entry(OWN, "promise", {"at": at, "text": quoted, "note": note})
    assert tomllib.loads(text)["promise"] == [{"at": at, "text": quoted, "note": note}]
    assert remove_entry(text, "promise", {"at": at}).rstrip("\n") == OWN.rstrip("\n")


def test_a_broken_entry_is_named_and_nothing_is_changed():
    with pytest.raises(DataError, match=r"expected TOML, found '\[\[role\]\]\\nat ='.*; mend that entry"):
        write_entry("[[role]]\nat = \n", "role", {"at": 1, "text": "一"})


def test_a_step_is_taken_back_unless_somebody_has_edited_since(tmp_path):
    file = tmp_path / "2023.kit.toml"
    first, second = save(file, OWN), save(file, OWN + "\n# 二\n")
    assert list(tmp_path.iterdir()) == [file]
    take_back(second)
    assert read_text(file) == OWN
    file.write_text(OWN + "# 人\n", encoding="utf-8")
    with pytest.raises(
        OutputError, match="expected what the kit wrote, found something else; undo it in the file by hand"
    ):
        take_back(first)
    file.write_bytes(OWN.encode())
    take_back(first)
    assert not file.exists()
