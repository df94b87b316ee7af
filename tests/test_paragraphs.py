"""Printed lines become paragraphs again; each picture below is a page, a full-width space one character of indent."""

import pytest

from kit.read.paragraphs import Row, join_rows

WIDTH, SIZE, PITCH = 16, 10.0, 16.0


def rows(picture, *, page=0, size=SIZE):
    """Rows of a picture of a page: ``^`` before a line is a title of twice the size, a blank line a gap."""
    found, y = [], 800.0
    for line in picture.strip("\n").split("\n"):
        y -= PITCH
        text = line.strip("\u3000^")
        if not text:
            continue
        big = 2 if line.startswith("^") else 1
        indent = len(line.lstrip("^")) - len(line.lstrip("^").lstrip("\u3000"))
        left = 50 + indent * size
        width = sum(0.5 if sign.isascii() else 1 for sign in text) * size * big
        found.append(Row(text, page, left, left + width, y, size * big))
    return found


INDENTED = """
^二〇二三年总结
　　全年修渠十二条，护林三处，育
苗二亩，成绩是好的。
　　一、修渠
　　东渠南渠如期通水，群众满意。
　　西渠北渠开工，进度过半，按年
初计划推进。
"""
SPACED = """
一、修渠

东渠南渠如期通水，群众都很满意。
二是西渠北渠开工，进度过半，按年
初计划推进。

二、护林
"""
PLAIN = """
一、修渠
东渠南渠如期通水，群众都很满意。
二、护林和育苗的各项工作有序推进
，共三处。
"""
HANGING = """
一、东渠南渠如期通水，群众都很满
　　意，西渠北渠开工建设，进度过
　　半。
二、护林三处，育苗二亩，成绩都是
　　好的，群众满意。
"""


@pytest.mark.parametrize(
    ("picture", "paragraphs"),
    [
        (
            INDENTED,
            [
                "二〇二三年总结",
                "全年修渠十二条，护林三处，育苗二亩，成绩是好的。",
                "一、修渠",
                "东渠南渠如期通水，群众满意。",
                "西渠北渠开工，进度过半，按年初计划推进。",
            ],
        ),
        (
            SPACED,
            ["一、修渠", "东渠南渠如期通水，群众都很满意。二是西渠北渠开工，进度过半，按年初计划推进。", "二、护林"],
        ),
        (PLAIN, ["一、修渠", "东渠南渠如期通水，群众都很满意。", "二、护林和育苗的各项工作有序推进，共三处。"]),
        (
            HANGING,
            [
                "一、东渠南渠如期通水，群众都很满意，西渠北渠开工建设，进度过半。",
                "二、护林三处，育苗二亩，成绩都是好的，群众满意。",
            ],
        ),
    ],
    ids=["indented", "spaced", "plain", "hanging"],
)  # fmt: skip
def test_lines_join_as_the_document_sets_its_paragraphs(picture, paragraphs):
    assert [text for text, _ in join_rows(rows(picture))] == paragraphs


def test_a_line_that_could_have_held_the_next_word_ends_its_paragraph():
    short = "全年修渠十二条护林三\n按照规定\n全年修渠十二条护林三处育苗二亩好"
    assert [text for text, _ in join_rows(rows(short))] == short.split("\n")
    number = "全年修渠十二条护林三处\n2023—2025年（试行）按照规定修渠育苗"
    assert len(join_rows(rows(number))) == 1


def test_a_paragraph_goes_on_over_a_page_and_a_title_does_not():
    first = rows("全年修渠十二条护林三处育苗二亩好")
    assert join_rows(first + rows("的，群众满意。", page=1)) == [("全年修渠十二条护林三处育苗二亩好的，群众满意。", 0)]
    assert len(join_rows(rows("^修渠护林育苗总结") + rows("^修渠护林育苗计划", page=1) + 2 * first)) == 4


def test_english_words_keep_their_space():
    assert join_rows(rows("全年修渠十二条护林三处育苗 model\nA 项目。")) == [
        ("全年修渠十二条护林三处育苗 model A 项目。", 0)
    ]


def test_no_lines_make_no_paragraphs():
    assert join_rows([]) == []
