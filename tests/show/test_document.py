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


def section_heads(file) -> list[str]:
    return [text for style, text in styled(file) if style == "Heading1"]


def test_it_reads_as_an_official_briefing(bundle):
    """Title, lead, numbered heads, a paragraph a finding with its number in the section, scope and doubts."""
    file = bundle() / "briefing.docx"
    styles = [style for style, _ in styled(file)]
    assert styles[:3] == ["Title", "Normal", "Heading1"]
    assert section_heads(file) == ["一、总结与计划的衔接", "二、工作重点与用词", "三、范围、准确程度与存疑事项"]
    findings = [text for style, text in styled(file) if style == "Normal" and re.match("（[一二三四五六七]）", text)]
    assert [text[1] for text in findings] == [*"一二三", *"一二"]
    for text in findings:
        topic, _, rest = text.partition("。")
        assert re.search(r"\d", rest), topic
    assert re.search("如.+写道：“.+”（报告\\d+，原文第\\d+字后）。$", findings[0])
    assert "未达到的：县发改委地区生产总值增长预计−0.6个百分点（5.9/6.5%）。" in findings[0]
    assert re.search("如.+在总结中写道：“.+”（.+）；.+在计划中写道：“.+”（.+）。$", findings[2])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_bold_and_no_arrow_stands_in_running_text(bundle, lang):
    file = bundle("sample", lang) / "briefing.docx"
    assert not [b for b in part(file).iter(f"{WORD}b") if b.get(f"{WORD}val") not in ("0", "false")]
    assert not [text for style, text in styled(file) if style != "Note" and re.search("[←→↑↓]", text)]


def test_quotes_leave_their_number_and_their_last_comma_out(bundle):
    text = "".join(paragraphs(bundle() / "briefing.docx"))
    for quote in re.findall("写道：“(.+?)”（报告", text):
        assert not re.match(r"[（(]?[\d一二三]+[.．、）)]|[一二三]是", quote)
        assert quote[-1] not in "；，"


def test_shares_of_statuses_say_what_they_compare_how_they_were_found_and_how_often_they_are_right(bundle):
    text = "".join(paragraphs(bundle() / "briefing.docx"))
    assert "延续本年工作（" in text
    closing = text[text.index("三、范围") :]
    assert re.search("资料来源：.*口径：延续.*准确程度：样例80条.*由文字比对得出", closing)
    assert "第5篇与第9篇正文几乎相同（重合92%），只按第9篇计数。" in closing


@pytest.mark.parametrize(("kind", "lang"), [("sample", "zh"), ("sixty", "zh"), ("one", "en")])
def test_a_figure_is_kept_with_its_caption(bundle, kind, lang):
    blocks = list(part(bundle(kind, lang) / "briefing.docx").iter(f"{WORD}p"))
    for block, after in pairwise(blocks):
        if block.find(f".//{WORD}drawing") is not None:
            assert after.find(f"{WORD}pPr/{WORD}pStyle").get(f"{WORD}val") == "Caption"
            assert block.find(f"{WORD}pPr/{WORD}keepNext") is not None


@pytest.mark.parametrize(("kind", "lang"), [("sample", "zh"), ("sample", "en"), ("sixty", "zh"), ("one", "en")])
def test_libreoffice_prints_at_most_three_pages(printed, kind, lang):
    pages = printed[kind, lang, "briefing.docx"]
    assert len(pages) <= 3
    assert re.search("— ?1 ?—", pages[0])
