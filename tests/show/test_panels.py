"""Panels settle doubts and matches, change themes and code sentences; what they write stands in the files."""

import shutil
import tomllib

import pandas as pd
import pytest

import kit
from kit.measure.settling import Change, change_themes, compare_hits, try_changes
from kit.show.panels import ENOUGH


@pytest.fixture
def county(tmp_path):
    shutil.copy(kit.sample(2023), tmp_path)
    return kit.analyse(tmp_path / "2023.txt")


def answer(row, *, name=None, typed="", note=""):
    """Choose an answer in a row of a panel and write it."""
    chosen, box, last = row.children[1].children
    if name:
        chosen.value = next(at for words, at in chosen.options if words.startswith(name))
    box.value, last.children[0].value = typed, note
    last.children[1].click()


def test_a_doubt_is_settled_where_it_is_seen(county):
    panel = kit.settle(county)
    first = panel.rows.children[0]
    assert "标题写“县生态环境分局”，正文说的是“县交通运输局”" in first.children[0].value
    answer(first, name="单位是", typed="县生态环境分局", note="问过")
    file = county.compilation.path.with_suffix(".kit.toml")
    [entry] = tomllib.loads(file.read_text(encoding="utf-8"))["report"]
    assert (entry["agency"], entry["note"]) == ("县生态环境分局", "问过")
    assert panel.analysis.compilation.reports["agency"][4] == "县生态环境分局"
    assert "2023.kit.toml" in panel._said.value
    panel._back.click()
    assert not file.exists()
    assert panel.analysis is county


def test_what_has_to_be_typed_is_asked_for_and_a_bad_answer_is_said(county):
    panel = kit.settle(county)
    row = panel.rows.children[1]
    box = row.children[1].children[1]
    assert box.layout.display == "none"
    answer(row, name="是另一篇的副本", typed="五")
    assert box.layout.display == ""
    assert "应输入数字，实为&#39;五&#39;" in panel._said.value


def test_a_match_is_overruled_by_another_candidate(county):
    panel = kit.settle(county)
    panel.about.value = "match"
    question = panel.questions[0]
    row = panel.rows.children[0]
    row.children[1].children[0].value = 1
    answer(row)
    decided = panel.analysis.matches.query("decided_by == 'override' and rank == 1")
    assert decided["evidence_start"].tolist() == [question.answers[1].says["evidence"]]
    panel.about.value = "settled"
    answer(panel.rows.children[0])
    assert panel.analysis.compilation.overrides.empty


def test_a_page_without_a_kernel_shows_the_questions(county):
    still = kit.settle(county)._repr_mimebundle_()["text/html"]
    assert "第5篇与第9篇正文几乎相同" in still
    assert "<select" not in still


OWN = '''# 自己的主题
[themes.safety]
# 李加
terms = """
防溺水 护学岗
"""
'''


def test_words_are_added_moved_and_dropped_and_the_rest_stays():
    text = change_themes(OWN, [Change("safety", "溺水警示桩")])
    assert text == OWN.replace("防溺水 护学岗\n", "防溺水 护学岗 溺水警示桩\n")
    text = change_themes(text, [Change("safety", "护学岗", drop=True), Change("welfare", "护学岗")])
    assert text.startswith("# 自己的主题\n[themes.safety]\n# 李加\n")
    themes = tomllib.loads(text)["themes"]
    assert (themes["safety"]["terms"].split(), themes["welfare"]["terms"]) == (["防溺水", "溺水警示桩"], "护学岗")
    assert "remove" not in themes["safety"]


def test_a_word_of_the_kit_is_dropped_and_taken_back():
    dropped = change_themes("", [Change("safety", "安全生产", drop=True)])
    assert tomllib.loads(dropped) == {"themes": {"safety": {"remove": "安全生产"}}}
    assert tomllib.loads(change_themes(dropped, [Change("safety", "安全生产")])) == {
        "themes": {"safety": {"remove": ""}}
    }


def test_conditions_are_a_list():
    text = change_themes("", [Change("safety", "隐患.{0,4}排查", "patterns")])
    assert tomllib.loads(text)["themes"]["safety"]["patterns"] == ["隐患.{0,4}排查"]
    gone = change_themes(text, [Change("safety", "隐患.{0,4}排查", "patterns", drop=True)])
    assert tomllib.loads(gone)["themes"]["safety"]["patterns"] == []


def test_what_a_word_gains_and_loses_is_what_counting_says(county):
    after, _ = try_changes(county, [Change("safety", "安全生产", drop=True), Change("sports", "安全生产")])
    moved = compare_hits(county, after)
    for change, one, other in (("lost", county, after), ("gained", after, county)):
        sets = [set(zip(found.hits["theme"], found.hits["sentence"], strict=True)) for found in (one, other)]
        told = moved[moved["change"] == change]
        assert set(zip(told["theme"], told["sentence"], strict=True)) == sets[0] - sets[1]
    assert "sports" in set(moved["theme"])


def test_a_theme_is_edited_in_a_panel_and_written(county):
    panel = kit.edit_themes(county)
    panel.theme.value = "sports"
    panel.word.value = "安全生产"
    assert "增加" in panel.shown.value
    assert "安全生产" in panel.shown.value
    panel.children[3].children[0].click()
    file = county.compilation.path.with_suffix(".themes.toml")
    assert tomllib.loads(file.read_text(encoding="utf-8"))["themes"]["sports"]["terms"] == "安全生产"
    assert kit.analyse(county.compilation.path).hits.equals(panel.analysis.hits)
    panel.act.value = "drop"
    assert "安全生产" in panel.known.options
    panel.known.value = "安全生产"
    panel.children[3].children[0].click()
    assert "安全生产" not in set(panel.analysis.hits.query("theme == 'sports'")["term"])
    panel._back.click()
    panel._back.click()
    assert not file.exists()


def test_a_new_word_is_taken_by_a_tick(county):
    panel = kit.edit_themes(county)
    tick = panel.ticks.children[0]
    tick.value = True
    panel.children[3].children[0].click()
    file = county.compilation.path.with_suffix(".themes.toml")
    assert tick.description in file.read_text(encoding="utf-8")
    assert not tick.value


def test_a_bad_condition_is_said_and_nothing_is_written(county):
    panel = kit.edit_themes(county)
    panel.field.value = "patterns"
    panel.word.value = "安全("
    panel.children[3].children[0].click()
    assert "不是正则表达式" in panel._said.value
    assert not county.compilation.path.with_suffix(".themes.toml").exists()


def test_sentences_are_coded_by_number_and_scored_when_there_are_enough(county):
    panel = kit.code_sentences(county, n=ENOUGH)
    panel.typed.value = "5"
    panel.typed.value = "99"
    assert "“99”不是0至23的编号" in panel._said.value
    for _ in range(ENOUGH - 2):
        panel.typed.value = "0"
    assert panel.score.value == ""
    panel.ticks[5].value = True
    panel.children[2].children[2].click()
    file = county.compilation.path.with_suffix(".coding.csv")
    sheet = pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False)
    assert (sheet["themes"] != "").sum() == ENOUGH
    assert sheet["themes"].iloc[0] == sheet["themes"].iloc[-1] == panel.choices[5]
    assert "F1" in panel.score.value
    again = kit.code_sentences(county)
    assert again.sheet["themes"].tolist() == sheet["themes"].tolist()


@pytest.mark.parametrize("make", [kit.settle, kit.edit_themes, kit.code_sentences])
def test_a_panel_shows_itself_with_and_without_a_kernel(county, make):
    shown = make(county)._repr_mimebundle_()
    assert {"text/html", "application/vnd.jupyter.widget-view+json"} <= set(shown)
    assert len(repr(make(county))) > len("Panel()")
