"""Every reader takes time in proportion to what it reads, whatever that is."""

import contextlib
import random
import time

import pytest
from documents import paragraph, plain_pdf, word

from kit.errors import SourceError
from kit.read.source import extract

RUN = "<w:r><w:t>@</w:t></w:r>"
BEGIN, SEPARATE = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate"))
LEVELS = "".join(f'<w:lvl w:ilvl="{n}"><w:lvlText w:val="%1"/></w:lvl>' for n in range(9))


def text(piece, head="", tail="", *, closing=""):
    return lambda n: (head + piece * n + closing * n + tail).encode()


def repeat(piece, n):
    """A piece n times: # its number, @ a word that is no other's, so that nothing packs too well."""
    draw = random.Random(n)
    return "".join(piece.replace("#", str(k)).replace("@", f"{draw.getrandbits(40):x}") for k in range(n))


def docx(piece, head="", tail="", **parts):
    """A Word document of a piece n times, and of further parts made so."""
    return lambda n: word(head + repeat(piece, n) + tail, **{kind: repeat(part, n) for kind, part in parts.items()})


def lists(n):
    nums = repeat('<w:num w:numId="#"><w:abstractNumId w:val="0"/></w:num>', n)
    body = repeat(f'<w:p><w:pPr><w:numPr><w:numId w:val="#"/></w:numPr></w:pPr>{RUN}</w:p>', n)
    return word(body, numbering=f'<w:abstractNum w:abstractNumId="0">{LEVELS * (n // 9)}</w:abstractNum>{nums}')


CASES = [
    ("docx", 800, docx(f"{BEGIN}{SEPARATE}{RUN}", "<w:p>", "</w:p>"), "open fields"),
    ("docx", 800, docx(f"<w:p>{BEGIN}{RUN}</w:p>"), "open fields over paragraphs"),
    ("docx", 800, docx(f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{RUN}</w:p>"), "paragraphs joined to the next"),
    ("docx", 800, docx(f"<w:pict><w:txbxContent><w:p>{RUN}</w:p></w:txbxContent></w:pict>", "<w:p><w:r>", "</w:r></w:p>"), "text boxes"),
    ("docx", 800, docx(f"<w:tc><w:p>{RUN}</w:p></w:tc>", "<w:tbl><w:tr>", "</w:tr></w:tbl>"), "cells"),
    ("docx", 800, docx(f'<w:p><w:pPr><w:pStyle w:val="s#"/></w:pPr>{RUN}</w:p>', styles='<w:style w:styleId="s#"><w:name w:val="@"/><w:basedOn w:val="s1#"/></w:style>'), "styles on styles"),
    ("docx", 300, lists, "lists of one definition"),
    ("docx", 1500, docx('<w:r><w:footnoteReference w:id="2"/></w:r>', "<w:p>", "</w:p>", footnotes=f'<w:footnote w:id="2">{paragraph("@")}</w:footnote>'), "a note cited again"),
    ("pdf", 800, lambda n: plain_pdf("(abc) Tj T* " * n), "lines of a page"),
    ("pdf", 800, lambda n: plain_pdf("/F1 12 Tf (ab) Tj /F1 12.1 Tf (cd) Tj " * n), "stretches of a line"),
    ("pdf", 20, lambda n: plain_pdf(*["(abc) Tj T* (abcd) Tj T*" for _ in range(n)]), "pages"),
    ("txt", 2000, text("全年修渠十二条护林三处育苗二亩种草三顷架桥二座铺路六里\n"), "lines of equal width"),
    ("txt", 20_000, text("。）"), "stops"),
    ("txt", 20_000, text(" \u3000"), "spaces"),
    ("md", 20_000, text(" \t", "# x", "y"), "spaces in a heading"),
    ("md", 20_000, text(" \t", "", "y"), "spaces before a line"),
    ("md", 10, text(" a: b\n", "---\n"), "keys of a head without end"),
    ("html", 400, text("<b>", "<html><div hidden>甲", closing="</i>"), "left out"),
    ("html", 400, text("<p><a href=x>甲", "<html>"), "open links"),
    ("html", 2000, text("<p><a href=x>甲</a>", "<html>"), "links"),
    ("html", 20_000, text("\u3000", "<html><p><a href=x>甲", "乙</a>"), "wide spaces in a link"),
    ("html", 20_000, text(" \n", "<html><p>甲", "乙"), "spaces between characters"),
    ("html", 2000, text("<tr><td>甲<td>乙", "<html><table>"), "rows"),
    ("html", 2000, text("<li>甲", "<html><ol>"), "items"),
    ("html", 5000, text("<meta charset ", "<html>"), "encodings"),
    ("html", 5000, text(' style="display  "', "<html><p ", ">甲"), "styles"),
    ("rtf", 5000, text(r"\f1", r"{\rtf1{\fonttbl"), "fonts"),
    ("rtf", 5000, text(r"\f1\fcharset1", r"{\rtf1{\fonttbl"), "fonts with a character set"),
    ("rtf", 20_000, text("1", r"{\rtf1{\fonttbl\f"), "digits of a font"),
    ("rtf", 3000, text(r"{\field{\*\fldinst{HYPERLINK ", r"{\rtf1"), "links"),
    ("rtf", 10_000, text("{", r"{\rtf1"), "groups"),
    ("rtf", 5000, text(r"\'d2\'bb", r"{\rtf1"), "bytes"),
    *(("md", 1500, text(signs, "字"), signs) for signs in (
        "*a_[*", "**", "****a", "_a_", "[", "![", "[a](", "[](", "](", "[a]{#", "[a](<b", "`", "a`", "<a", "<!--", "<?", "<![CDATA[",
        "&", "\\", "> ", "- ", "|-", "a|", "# ", "{#x", "---",
    )),
]  # fmt: skip


def cost(content, suffix):
    """Seconds of processor time to read it, or to refuse it."""
    started = time.process_time()
    with contextlib.suppress(SourceError):
        extract(content, suffix, name="a")
    return time.process_time() - started


@pytest.mark.parametrize(
    ("suffix", "n", "make"), [pytest.param(*case[:3], id=f"{case[0]}: {case[3]}") for case in CASES]
)
def test_four_times_as_much_takes_about_four_times_as_long(suffix, n, make):
    small, large = make(n), make(4 * n)
    cost(small, suffix)  # what is loaded once
    once = min(cost(small, suffix) for _ in range(2))
    assert min(cost(large, suffix) for _ in range(2)) < 7 * once + 0.15  # 16 times if it grew with the square
