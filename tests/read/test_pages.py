"""PDF documents become lines, their page furniture apart, and printed lines paragraphs again.

In the pictures of pages below, a full-width space is one character of indent.
"""

import fpdf
import pytest
from documents import font_file, make_pdf, plain_pdf
from PIL import Image

from kit.errors import SourceError
from kit.read import pages
from kit.read.lines import Block
from kit.read.pages import Row, find_furniture, join_rows, read_pdf, unwrap
from kit.read.source import extract

POINTS = [
    f"（{n}）全年修渠{n}条，护林三处，育苗两亩，群众是满意的，{'进度过半，' * 9}成绩很好。" for n in "一二三四五六七八"
]
TEXT = "\n".join(["2023年工作总结", *POINTS * 3])


def test_the_text_comes_back_and_furniture_stands_apart():
    found = extract(make_pdf(TEXT), "pdf", name="a")
    aside = {found.text[a:b] for a, b in found.artefacts}
    assert [line for line in found.text.split("\n") if line not in aside] == TEXT.split("\n")
    assert {"工作总结汇编", "— 1 —", "— 2 —", "— 3 —"} <= aside
    assert found.text.count("工作总结汇编\n") == len(found.artefacts) // 2


def page(*lines, number=0):
    """Rows of a page from above, 20 points apart."""
    return [Row(line, number, 50, 50 + 10 * len(line), 800 - 20 * n, 10) for n, line in enumerate(lines) if line]


@pytest.mark.parametrize(
    ("pages", "furniture"),
    [
        ([("汇编", "甲" * n, "乙" * n, "", f"- {n} -") for n in range(1, 4)], {"汇编", "- 1 -", "- 2 -", "- 3 -"}),
        ([("2023年总结", "甲" * n, "乙") for n in (1, 2)], set()),  # two pages that begin alike are two reports
        ([("2023年总结", "甲"), ("丙", "乙"), ("2023年总结", "丁"), ("戊", "己"), ("庚", "辛")], set()),
        ([("甲局", "子", "丑"), ("乙局", "寅", "卯"), ("甲局", "辰", "巳"), ("乙局", "午", "未")], {"甲局", "乙局"}),
        ([("甲", "乙", "12")], {"12"}),
        ([("甲", "乙", "第3页 共12页")], {"第3页 共12页"}),
        ([("甲", "乙", "3.5亿元")], set()),
    ],
)  # fmt: skip
def test_furniture_repeats_at_one_height_beyond_the_text(pages, furniture):
    rows = [row for number, lines in enumerate(pages) for row in page(*lines, number=number)]
    assert {rows[number].text for number in find_furniture(rows)} == furniture


def test_radicals_become_the_characters_they_look_like():
    """Printing from a browser writes ⼀ (U+2F00) for 一; here a font is asked to draw it, which is the same."""
    document = fpdf.FPDF()
    document.add_font("noto", fname=font_file())
    document.add_page()
    document.set_font("noto", size=12)
    document.cell(text="⼀、⼯作总结，⻓期坚持，成效明显，群众满意，再接再厉")
    lines, _ = read_pdf(bytes(document.output()), name="a")
    assert lines == [Block("一、工作总结，长期坚持，成效明显，群众满意，再接再厉")]


def scan(n_pictures, text=""):
    document = fpdf.FPDF()
    document.add_font("noto", fname=font_file())
    document.set_font("noto", size=12)
    if text:
        document.add_page()
        document.multi_cell(0, text=text)
        document.add_page()
        document.multi_cell(0, text=text)
    for _ in range(n_pictures):
        document.add_page()
        document.image(Image.new("RGB", (60, 80), "gray"), 0, 0, 200)
    return bytes(document.output())


def test_pages_of_pictures_among_text_are_a_doubt():
    (doubt,) = extract(scan(1, text=TEXT[:500]), "pdf", name="a").doubts
    assert (doubt["code"], doubt["severity"]) == ("pages_without_text", "serious")
    assert "pages 3 hold pictures" in doubt["message_en"]


def test_cells_of_a_row_stand_apart():
    page = fpdf.FPDF(format="A4", unit="pt")
    page.add_font("noto", fname=font_file())
    page.set_font("noto", size=12)
    page.add_page()
    for y, row in enumerate((("序号", "指标", "2023年完成", "2024年计划"), ("1", "新建供水工程", "4处", "6处"))):
        for x, text in zip((72, 130, 260, 390), row, strict=True):
            page.text(x, 100 + 40 * y, text)
    for x, text in zip((72, 130, 190, 250), "述职报告", strict=True):
        page.text(x, 200, text)
    assert extract(bytes(page.output()), "pdf", name="a").text.split("\n") == [
        "序号\t指标\t2023年完成\t2024年计划", "1\t新建供水工程\t4处\t6处", "述职报告",
    ]  # fmt: skip


def locked():
    document = fpdf.FPDF()
    document.set_encryption(owner_password="a", user_password="b")
    document.add_page()
    return bytes(document.output())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: scan(3), r"a: expected a PDF with a text layer, found 0 .* 3 pages, 3 of them pictures \(a scan"),
        (locked, "found one that a password protects; save a copy without password"),
        (lambda: plain_pdf(f"({'a' * 30_000}) Tj T* " * 20), r"a: expected at most 200,000 characters on page 1, found about 2\d\d,\d{3}; split"),
        (lambda: plain_pdf("(abc) Tj", "(a) Tj T* " * 210_000), r"at most 200,000 characters on page 2, found about 200,00\d"),
        (lambda: make_pdf(TEXT)[:2000], r"found a damaged one \(.*; print or export it anew"),
    ],
)  # fmt: skip
def test_a_pdf_that_cannot_be_read_says_so(make, message):
    with pytest.raises(SourceError, match=message):
        extract(make(), "pdf", name="a")


def test_all_pages_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(pages, "MAX_PRINTED", 100)
    with pytest.raises(SourceError, match=r"expected at most 100 characters on page 1 to 5, found about 1\d\d; split"):
        read_pdf(plain_pdf(*[f"({'ab' * 20}) Tj"] * 9), name="a")


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
