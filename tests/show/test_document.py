"""The two pages for Word, read as XML, and as LibreOffice prints them."""

import re
import zipfile
from itertools import pairwise

import pytest
from lxml import etree

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 1440 / 25.4  # twentieths of a point
EMU = 36_000  # of a millimetre


def part(file, name="word/document.xml"):
    with zipfile.ZipFile(file) as package:
        return etree.fromstring(package.read(name))


def paragraphs(file) -> list[str]:
    return ["".join(p.itertext(f"{WORD}t")) for p in part(file).iter(f"{WORD}p")]


def styled(file) -> list[tuple[str, str]]:
    """Each paragraph's style and text."""
    found = [(p.find(f"{WORD}pPr/{WORD}pStyle"), p) for p in part(file).iter(f"{WORD}p")]
    return [("Normal" if s is None else s.get(f"{WORD}val"), "".join(p.itertext(f"{WORD}t"))) for s, p in found]


def test_paper_margins_and_leading_are_those_of_official_papers(bundle):
    section = part(bundle() / "briefing.docx").find(f".//{WORD}sectPr")
    size, margins = section.find(f"{WORD}pgSz"), section.find(f"{WORD}pgMar")
    assert [round(int(size.get(WORD + side)) / MM) for side in ("w", "h")] == [210, 297]
    assert [round(int(margins.get(WORD + side)) / MM) for side in ("top", "left", "right", "bottom")] == [
        37,
        28,
        26,
        35,
    ]
    normal = part(bundle() / "briefing.docx", "word/styles.xml").find(f".//{WORD}style[@{WORD}styleId='Normal']")
    spacing = normal.find(f".//{WORD}spacing")
    assert (spacing.get(f"{WORD}line"), spacing.get(f"{WORD}lineRule")) == (str(29 * 20), "exact")


def test_every_style_names_a_chinese_face_and_the_file_says_what_stands_in_for_it(bundle):
    used = {style.get(f"{WORD}val") for style in part(bundle() / "briefing.docx").iter(f"{WORD}pStyle")}
    styles = part(bundle() / "briefing.docx", "word/styles.xml").iter(f"{WORD}style")
    fonts = {style.get(f"{WORD}styleId"): style.find(f".//{WORD}rFonts") for style in styles}
    faces = {fonts[style].get(f"{WORD}eastAsia") for style in used | {"Normal"}}
    assert {"方正小标宋简体", "仿宋_GB2312", "黑体"} <= faces
    table = part(bundle() / "briefing.docx", "word/fontTable.xml")
    fallbacks = {font.get(f"{WORD}name"): font.find(f"{WORD}altName").get(f"{WORD}val")
                 for font in table if font.find(f"{WORD}altName") is not None}  # fmt: skip
    assert fallbacks["仿宋_GB2312"] == "FangSong"
    assert faces <= set(fallbacks)


@pytest.mark.parametrize(("kind", "lang"), [("sample", "zh"), ("sixty", "zh"), ("one", "en")])
def test_at_most_two_figures_of_eighty_millimetres_captioned_below(bundle, kind, lang):
    body = part(bundle(kind, lang) / "briefing.docx")
    extents = [e for e in body.iter() if e.tag.endswith("}extent")]
    assert 1 <= len(extents) <= 2
    assert all(int(e.get("cy")) <= 80.1 * EMU and int(e.get("cx")) <= 156.5 * EMU for e in extents)
    captions = [re.match(r"(?:图|Figure )(\d) ", text) for text in paragraphs(bundle(kind, lang) / "briefing.docx")]
    assert [int(found[1]) for found in captions if found] == list(range(1, len(extents) + 1))


def test_findings_are_bold_and_quotes_have_their_place(bundle):
    bold = [text for style, text in styled(bundle() / "briefing.docx") if style == "Finding"]
    assert len(bold) == 7
    assert any("延续本年工作" in finding for finding in bold)
    look = part(bundle() / "briefing.docx", "word/styles.xml").find(f".//{WORD}style[@{WORD}styleId='Finding']")
    assert look.find(f"{WORD}rPr/{WORD}b").get(f"{WORD}val") is None
    quotes = [text for text in paragraphs(bundle() / "briefing.docx") if text.startswith("“") and "原文第" in text]
    assert quotes


def test_shares_of_statuses_say_what_they_compare_how_they_were_found_and_how_often_they_are_right(bundle):
    texts = paragraphs(bundle() / "briefing.docx")
    finding = next(at for at, text in enumerate(texts) if "延续本年工作（" in text)
    assert any(text.startswith("口径：延续") for text in texts[:finding])
    assert re.match("注：由文字比对得出.*准确程度：样例80条", texts[finding + 1])


@pytest.mark.parametrize(("kind", "lang"), [("sample", "zh"), ("sixty", "zh"), ("one", "en")])
def test_a_finding_is_kept_with_its_figure(bundle, kind, lang):
    blocks = list(part(bundle(kind, lang) / "briefing.docx").iter(f"{WORD}p"))
    for before, block in pairwise(blocks):
        if block.find(f".//{WORD}drawing") is not None:
            assert before.find(f"{WORD}pPr/{WORD}pStyle").get(f"{WORD}val") == "Finding"
            assert before.find(f"{WORD}pPr/{WORD}keepNext") is not None


@pytest.mark.parametrize(("kind", "lang"), [("sample", "zh"), ("sample", "en"), ("sixty", "zh"), ("one", "en")])
def test_libreoffice_prints_at_most_two_pages(printed, kind, lang):
    pages = printed[kind, lang, "briefing.docx"]
    assert len(pages) <= 2
    assert re.search("— ?1 ?—", pages[0])
