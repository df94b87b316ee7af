"""The lexicon and the stop words: what ships, and the user's own terms."""

import re

import pytest

from kit import data
from kit.errors import DataError
from kit.measure.lexicon import export_own_terms, read_lexicon, read_words

SHIPPED = read_words(data.path("lexicon.csv"))
LEXICON = read_lexicon()


def test_the_lexicon_holds_the_field():
    assert len(SHIPPED) >= 1500
    for term in ("一老一小", "两客一危", "四好农村路", "双随机、一公开", "医共体", "卫健委", "规上工业增加值"):
        assert term in LEXICON.terms


def test_every_entry_has_a_group_and_a_note_and_stands_once():
    assert all(row["group"] and row["note"] for row in SHIPPED)
    terms = [row["term"] for row in SHIPPED]
    assert len(terms) == len(set(terms))


def test_a_word_is_in_one_list_only():
    assert not LEXICON.terms & (LEXICON.function | LEXICON.officialese)
    assert not LEXICON.function & LEXICON.officialese


def test_stop_words_stand_in_one_group_each_with_a_note():
    stopwords = data.knowledge("stopwords.toml")
    groups = [group for kind in ("function", "officialese") for group in stopwords[kind].values()]
    words = [word for group in groups for word in group["words"].split()]
    assert all(group["note"] for group in groups)
    assert [word for word in set(words) if words.count(word) > 1] == []


@pytest.mark.parametrize("text", ["1+3+N", "1＋3＋N＋N", "N+1", "一桥一策", "应保尽保", "应签尽签"])
def test_terms_with_a_number_or_a_slot_are_patterns(text):
    assert any(re.fullmatch(pattern, text) for pattern in LEXICON.patterns)


def test_own_terms_stand_beside_the_compilation(tmp_path):
    source = tmp_path / "2023.txt"
    file = export_own_terms(["薪火计划", "薪火计划", " 向阳小屋 "], source)
    assert file == tmp_path / "2023.terms.csv"
    assert [row["term"] for row in read_words(file)] == ["薪火计划", "向阳小屋"]
    assert export_own_terms(["一件事"], tmp_path) == tmp_path / "terms.csv"


def test_adding_terms_keeps_what_the_user_wrote(tmp_path):
    source = tmp_path / "2023.txt"
    file = tmp_path / "2023.terms.csv"
    file.write_bytes("# 我的词\nnote,term\n本地项目,薪火计划".encode("gb18030"))
    export_own_terms(["向阳小屋", "薪火计划"], source)
    assert file.read_text(encoding="utf-8-sig") == "# 我的词\nnote,term\n本地项目,薪火计划\n,向阳小屋\n"


def test_own_patterns_are_patterns_and_an_empty_file_is_no_term(tmp_path):
    file = tmp_path / "terms.csv"
    file.write_text("term,group\n第\\d+批,pattern\n", encoding="utf-8")
    assert set(read_lexicon(file).patterns) - set(LEXICON.patterns) == {"第\\d+批"}
    file.write_text("# 还没有\n", encoding="utf-8")
    assert read_lexicon(file).terms == LEXICON.terms


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "词\n薪火计划\n",
            r"terms\.csv, line 1: expected a header with 'term', found \['词'\]; add the line term,group",
        ),
        ("# 说明\nterm,note\n薪火计划,甲\n,乙\n", r"terms\.csv, line 4: expected a term, found none; fill the line"),
        ("term,group\n(,pattern\n", r"terms\.csv, line 2: expected a regular expression, found '\('"),
        (None, r"terms\.csv: expected a CSV file of terms, but .*check its name"),
    ],
)
def test_errors_name_file_and_line(tmp_path, text, message):
    file = tmp_path / "terms.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_words(file)
