"""The heading levels of Word's paragraphs, and what they are evidence of: titles and depth."""

import re
from dataclasses import replace

import pytest
from documents import paragraph, styled_word, word
from small import outline_of
from test_reader import TEXTS, check_partition, split_cases

from kit.read.reader import read_sources
from kit.read.source import extract
from kit.read.word import read_word

CASES = list(split_cases(TEXTS / "styled.md"))


def style(key, name="", *, based="", outline=""):
    outlined = f'<w:pPr><w:outlineLvl w:val="{outline}"/></w:pPr>' if outline else ""
    return f'<w:style w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>{outlined}</w:style>'


@pytest.mark.parametrize(
    ("styles", "level"),
    [
        (style("a", "Title"), 0),
        (style("a", "标题", outline="0"), 0),
        (style("a", "heading 2"), 2),
        (style("a", "标题 3"), 3),
        (style("a", "单位名", outline="1"), 2),
        (style("a", "大标题", based="b") + style("b", "heading 1"), 1),
        (style("a", "TOC Heading", based="b", outline="9") + style("b", "heading 1"), None),
        (style("a", "正文"), None),
        (style("a", "甲", based="b") + style("b", "乙", based="a"), None),
        ("", None),
    ],
)
def test_a_paragraph_has_the_level_of_its_style(styles, level):
    assert [block.level for block in read_word(word(paragraph("修路", STYLED), styles=styles), name="a")] == [level]


STYLED = '<w:pStyle w:val="a"/>'


def test_its_own_outline_level_goes_before_its_style():
    body = paragraph("修路", STYLED + '<w:outlineLvl w:val="2"/>') + paragraph("架桥", '<w:outlineLvl w:val="9"/>')
    found = read_word(word(body, styles=style("a", "heading 1")), name="a")
    assert [block.level for block in found] == [3, None]


def test_the_places_of_headings_are_those_of_their_lines():
    found = extract(styled_word("前言\n## \u3000修路\n全年6公里。\n### 架桥"), "docx", name="a")
    assert [(found.text[at : at + 2], level) for at, level in found.headings] == [("修路", 1), ("架桥", 2)]


def read_as(content, suffix):
    return read_sources([replace(extract(content, suffix, name="a"), file="a")], name="a")


@pytest.mark.parametrize(("text", "outline"), [pytest.param(*case, id=name.strip()) for name, *case in CASES])
def test_styled_headings_are_evidence(text, outline):
    compilation = read_as(styled_word(text), "docx")
    assert outline_of(compilation) == outline.rstrip("\n")
    check_partition(compilation)


@pytest.mark.parametrize(
    ("text", "outline"),
    [pytest.param(*case, id=name.strip()) for name, *case in CASES if not re.search("^# ", case[0], re.MULTILINE)],
)
def test_headings_of_markdown_and_of_pages_are_the_same_evidence(text, outline):
    page = "".join(
        f"<h{len(signs) - 1}>{line}</h{len(signs) - 1}>" if signs else f"<p>{line}</p>"
        for signs, line in re.findall(r"^(#*) ?(.+)$", text, re.MULTILINE)
    )
    for content, suffix in ((text, "md"), (f"<html><body>{page}</body></html>", "html")):
        assert outline_of(read_as(content.encode(), suffix)) == outline.rstrip("\n")
