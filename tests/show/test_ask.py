"""The dialogue of the terminal: one question after another, each answer written at once."""

import shutil

import pytest

import kit
from kit.measure import settling
from kit.show import panels
from kit.show.panels import ask


@pytest.fixture
def talk(tmp_path):
    """Answer with some lines; return what was said, and the analysis that follows."""
    file = tmp_path / "2023.txt"
    shutil.copy(kit.sample(2023), file)

    def talked(*lines, lang="zh"):
        said, left = [], iter(lines)
        found = ask(kit.analyse(file, lang=lang), say=said.append, hear=lambda: next(left, ""))
        return "\n".join(said), found

    return talked


def test_an_answer_with_a_note_is_written_and_the_next_is_asked(talk):
    said, found = talk("2\n", "县生态环境分局\n", "1 两篇对过\n", "q\n")
    assert found.compilation.overrides[["kind", "note"]].to_numpy().tolist() == [["report", ""], ["doubt", "两篇对过"]]
    assert said.index("标题写“县生态环境分局”") < said.index("第5篇与第9篇")
    assert "已退出，共定2处" in said


def test_skipping_and_undoing(talk):
    _, found = talk("s\n", "1\n", "u\n", "u\n", "1\n", "q\n")
    assert found.compilation.overrides["says"].tolist() == ["code = title_contradicted"]
    assert "没有可撤销的" in talk("u\n", "q\n")[0]


def test_questions_are_looked_for_once_however_many_are_skipped(talk, monkeypatch):
    asked = []

    def find(analysis, about):
        asked.append(about)
        return settling.find_questions(analysis, about)

    monkeypatch.setattr(panels, "find_questions", find)
    said, _ = talk(*["s\n"] * 200)
    assert asked == list(panels.ASKED)
    assert said.endswith("没有待定的了，共定0处。")


def test_a_choice_that_is_none_is_asked_again(talk):
    said, found = talk("9\n", "好\n", "q\n")
    assert said.count("请输入1至2") == 2
    assert found.compilation.overrides.empty


def test_an_answer_that_does_not_fit_is_said_and_asked_again(talk):
    said, found = talk("s\n", "3\n", "5\n", "q\n")
    assert "copy_of应为false" in said
    assert found.compilation.overrides.empty


def test_an_end_of_input_stops(talk):
    assert talk()[0].endswith("还有3处未定。")


def test_all_questions_come_to_an_end(talk):
    said, found = talk(*["1\n"] * 200)
    assert said.rsplit("\n", 1)[-1] == f"没有待定的了，共定{len(found.compilation.overrides)}处。"
    assert set(found.compilation.overrides["kind"]) == {"doubt", "match", "pair"}
    assert "待核" not in set(found.matches["status"])


def test_english_speaks_english(talk):
    said, _ = talk("s\n", "s\n", "s\n", "q\n", lang="en")
    assert "1  as assumed" in said
    assert "存疑" not in said
    assert "现按" not in said
