"""Printed lines become paragraphs again; each picture below is a page, a full-width space one character of indent."""

import pytest

from kit.read.blocks import Block
from kit.read.paragraphs import Row, join_rows, unwrap

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


WRAPPED = (
    """\u3000\u3000\u3000\u3000\u3000二〇二三年总结
　　全年修渠十二条，护林三处，育
苗二亩，种草三顷，架桥两座，铺路
六里，成绩是好的。
　　一、修渠
　　东渠南渠如期通水，群众满意。
　　西渠北渠开工，进度过半，按年
初计划推进。
"""
    * 3
)


def texts(blocks):
    return [block.text for block in blocks]


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_a_text_that_was_broken_at_a_measure_is_joined_again(blank):
    blocks, measure = unwrap([Block(line) for line in WRAPPED.strip("\n").replace("\n", blank).split("\n")])
    assert measure == WIDTH
    assert texts(blocks) == 3 * [
        "二〇二三年总结", "全年修渠十二条，护林三处，育苗二亩，种草三顷，架桥两座，铺路六里，成绩是好的。", "一、修渠",
        "东渠南渠如期通水，群众满意。", "西渠北渠开工，进度过半，按年初计划推进。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["一、修渠", "东渠南渠如期通水，群众都很满意，西渠北渠开工建设，进度过半，按年初计划推进。", "二、护林三处。"]
        * 9,
        ["全年修渠十二条护林三处育苗二亩。"] * 20,
        WRAPPED.strip("\n").split("\n")[:8],
        ["长" * 300] * 20,
        [],
    ],
    ids=["paragraphs", "lines that end sentences", "too few lines", "beyond any page", "none"],
)
def test_lines_that_are_paragraphs_stay_as_they_are(lines):
    blocks = [Block(line) for line in lines]
    assert unwrap(blocks) == (blocks, 0)


def test_headings_and_what_is_no_running_text_join_nothing():
    lines = WRAPPED.strip("\n").split("\n")
    blocks = [Block("全年修渠十二条护林三处育苗二亩好", level=1), Block("全年修渠十二条护林三处育苗二亩好", aside=True)]
    assert unwrap(blocks + [Block(line) for line in lines])[0][:3] == [*blocks, Block("二〇二三年总结")]


def test_a_title_that_fills_the_measure_ends_where_nothing_else_tells():
    title = "柳溪县水利局2023年工作总结和2024年工作计划"
    body = "全年修渠十二条护林三处育苗二亩种草三顷架\n桥两座铺路六里，群众满意。\n一、修渠\n东渠南渠如期通水。"
    blocks, _ = unwrap([Block(line) for line in f"{title}\n{body}\n".strip().split("\n") * 4])
    assert texts(blocks)[:2] == [title, body.split("\n一", maxsplit=1)[0].replace("\n", "")]
