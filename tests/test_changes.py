"""What has changed since an earlier run."""

import json

import pytest

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
    assert changes == {"inputs": [], "counts": {}, "doubts": {"gone": [], "new": []}, "themes": {}, "statuses": {}}
    assert "Nothing has changed." in write_changes(changes, tmp_path, lang="en")


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
