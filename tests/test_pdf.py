"""PDF documents become lines, their page furniture apart."""

import fpdf
import pytest
from documents import font_file, make_pdf
from PIL import Image

from kit.errors import SourceError
from kit.read.blocks import Block
from kit.read.formats import extract
from kit.read.paragraphs import Row
from kit.read.pdf import find_furniture, read_pdf

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
        (lambda: make_pdf(TEXT)[:2000], r"found a damaged one \(.*; print or export it anew"),
    ],
)  # fmt: skip
def test_a_pdf_that_cannot_be_read_says_so(make, message):
    with pytest.raises(SourceError, match=message):
        extract(make(), "pdf", name="a")
