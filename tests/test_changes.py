"""What has changed since an earlier run."""

import json

import pytest

import kit
from kit.show.briefing import facts
from kit.show.changes import find_changes, write_changes
from kit.show.publish import staged

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
    assert set(facts(kit.read(tmp_path), lang="zh")["own_files"]) == {"kit.toml", "甲.kit.toml", "themes.toml"}


def test_the_manifest_names_the_own_files_of_the_earlier_year_too(tmp_path):
    for year in (2023, 2024):
        (tmp_path / f"{year}.txt").write_text(f"县园林局{year}年工作总结\n一、建成公园。\n", encoding="utf-8")
    (tmp_path / "2023.kit.toml").write_text("", encoding="utf-8")
    earlier, later = (kit.read(tmp_path / f"{year}.txt") for year in (2023, 2024))
    assert set(facts(later, lang="zh", earlier=earlier)["own_files"]) == {"2023.kit.toml"}


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
