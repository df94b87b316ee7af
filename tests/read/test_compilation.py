"""A compilation shows itself."""

import re

import pytest

import kit
from kit.read.reader import read_sources
from kit.read.source import Source

TEXT = (
    "<b>县局</b>2023年工作总结\n一、工作总结\n（一）修路<i>。\n1.甲\n2.乙\n二、狠抓落实\n三、2024年计划\n（一）架桥。\n"
)


@pytest.fixture
def compilation():
    return read_sources([Source("txt", "utf-8", TEXT, file="a&b.txt")], name="a&b.txt")


def test_what_was_read_and_what_is_doubtful_show_as_text():
    shown = str(kit.read(kit.sample(2023)))
    assert shown.startswith("2023.txt：12篇报告（计入11篇），")
    assert "县应急管理局" in shown
    assert "第5篇与第9篇正文几乎相同" in shown


def test_what_the_text_says_is_escaped_in_a_page(compilation):
    page = compilation._repr_html_()
    assert "a&amp;b.txt" in page
    assert not re.search("<[bi]>", page)
    assert "<p>没有需要核对之处</p>" in page


@pytest.mark.parametrize(
    ("lang", "head", "code", "assumed"),
    [("zh", "单位依据", "落款", "以正文为准"), ("en", "agency read from", "signature", "the body wins")],
)
def test_a_page_names_heads_codes_and_doubts_in_one_language(lang, head, code, assumed, monkeypatch):
    page = kit.analyse(kit.sample(2023), lang=lang).compilation._repr_html_()
    assert f">{head}</th>" in page
    assert f">{code}</td>" in page
    assert f">{assumed}</td>" in page
    assert "copy_of" not in page
    monkeypatch.setenv("KIT_LANG", lang)
    assert kit.read(kit.sample(2023))._repr_html_() == page
