"""Word documents become lines."""

import shutil
import warnings
from io import BytesIO
from zipfile import ZipFile

import pytest
from documents import OFFICE, RELATIONS, W, pack, paragraph, word

from kit.errors import SourceError
from kit.read import word as word_module
from kit.read.lines import Block
from kit.read.source import extract
from kit.read.word import convert_to_docx, read_word

LIST = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
SEEN = '<w:vanish w:val="0"/>'
IN_LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def lines(body, **parts):
    return [line.text for line in read_word(word(body, **parts), name="a")]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (paragraph("甲") + paragraph("") + paragraph(" 乙"), ["甲", " 乙"]),
        (f"<w:p>{run('甲')}<w:r><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r></w:p>", ["甲", "乙\t丙"]),
        (f"<w:p><w:ins>{run('甲')}</w:ins><w:del><w:r><w:delText>乙</w:delText></w:r></w:del></w:p>", ["甲"]),
        (f"<w:p><w:moveFrom>{run('甲')}</w:moveFrom><w:moveTo>{run('乙')}</w:moveTo></w:p>", ["乙"]),
        (f"<w:p>{run('甲', '<w:vanish/>')}{run('乙', SEEN)}</w:p>", ["乙"]),
        (f"<w:p><w:hyperlink>{run('甲')}</w:hyperlink><w:smartTag>{run('乙')}</w:smartTag></w:p>", ["甲乙"]),
        (f"<w:sdt><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt>", ["甲"]),
        ('<w:p><w:r><w:sym w:font="Symbol" w:char="2460"/></w:r></w:p>', ["①"]),
        (f"<w:p><w:ruby><w:rt>{run('jiǎ')}</w:rt><w:rubyBase>{run('甲')}</w:rubyBase></w:ruby></w:p>", ["甲"]),
    ],
)  # fmt: skip
def test_visible_text_is_read(body, read):
    assert lines(body) == read


def test_a_deleted_paragraph_end_joins_two_and_counts_once():
    deleted = IN_LIST + "<w:rPr><w:del/></w:rPr>"
    body = paragraph("甲", IN_LIST) + paragraph("乙", deleted) + paragraph("丙", IN_LIST) + paragraph("丁", IN_LIST)
    assert lines(body, numbering=LIST) == ["一、甲", "二、乙丙", "三、丁"]


def test_fields_show_their_results():
    def mark(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText>PAGE</w:instrText></w:r>" + run("代码")
    field = mark("begin") + code + mark("separate") + run("12") + mark("end")
    assert lines(f"<w:p>{run('共')}{field}{run('页')}</w:p>") == ["共12页"]
    assert lines(f"<w:p>{mark('begin')}{code}</w:p>{paragraph('下文不因此丢失')}") == ["下文不因此丢失"]


def cell(*texts):
    return f"<w:tc>{''.join(map(paragraph, texts))}</w:tc>"


def test_a_table_is_its_rows_and_a_frame_is_its_paragraphs():
    rows = f"<w:tr>{cell('指标')}{cell('')}{cell('一', '二')}</w:tr><w:tr>{cell('修渠')}{cell('12')}{cell('')}</w:tr>"
    frame = f"<w:tr>{cell('一、修渠', '二、护林')}{cell('')}</w:tr>"
    inner = f"<w:tr>{cell('外')}<w:tc><w:tbl><w:tr>{cell('内')}{cell('里')}</w:tr></w:tbl></w:tc></w:tr>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('删')}{cell('去')}</w:tr>"
    assert lines(f"<w:tbl>{rows}{frame}{inner}{gone}</w:tbl>") == [
        "指标\t\t一 二", "修渠\t12", "一、修渠", "二、护林", "外\t内\t里",
    ]  # fmt: skip


def test_a_text_box_stands_behind_its_paragraph_and_counts_by_itself():
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent>{paragraph('框内', IN_LIST)}</w:txbxContent>"
    choice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    anchor = f'<w:r><mc:AlternateContent xmlns:mc="{mc}">{choice}</mc:AlternateContent></w:r>'
    body = paragraph("甲", IN_LIST) + f"<w:p>{run('乙前')}{anchor}{run('后')}</w:p>" + paragraph("丙", IN_LIST)
    assert lines(body, numbering=LIST) == ["一、甲", "乙前后", "一、框内", "二、丙"]


def test_a_text_box_anchored_before_the_text_stands_above_it():
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('题')}</w:txbxContent></w:pict></w:r>"
    assert lines(f"<w:p>{box}{run('文')}</w:p>") == ["题", "文"]


def test_texts_in_the_cells_of_a_frame_keep_their_paragraphs():
    text = "修渠十二条，护林三处，建桥四座。" * 20
    rows = f"<w:tr>{cell('县甲局')}{cell('一、修渠', text)}</w:tr><w:tr>{cell('县乙局')}{cell('二', '三')}</w:tr>"
    assert lines(f"<w:tbl>{rows}</w:tbl>") == ["县甲局", "一、修渠", text, "县乙局\t二 三"]


def test_a_table_of_contents_without_its_head_is_no_running_text():
    styles = '<w:style w:styleId="t"><w:name w:val="toc 2"/></w:style>'
    body = paragraph("一、修渠", '<w:pStyle w:val="t"/>') + paragraph("正文")
    assert [block.aside for block in read_word(word(body, styles=styles), name="a")] == [True, False]
    found = read_word(word(paragraph("目　录") + body, styles=styles), name="a")
    assert [block.aside for block in found] == [False] * 3


def test_a_placeholder_is_no_text():
    empty = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('单击此处')}</w:sdtContent></w:sdt>"
    assert lines(empty + paragraph("甲")) == ["甲"]


@pytest.mark.parametrize("element", ["<w:altChunk/>", "<w:p><w:subDoc/></w:p>"])
def test_a_document_put_together_from_others_says_so(element):
    with pytest.raises(SourceError, match=r"found one that draws in others .*; open it in Word, save it anew"):
        lines(paragraph("甲") + element)


def test_notes_stand_behind_their_paragraph_apart_from_the_running_text():
    notes = f'<w:footnote w:id="0" w:type="separator"/><w:footnote w:id="2">{paragraph("注文")}</w:footnote>'
    body = f'<w:p>{run("正文")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("续")}</w:p>{paragraph("下文")}'
    found = extract(word(body, footnotes=notes), "docx", name="a")
    assert found.text == "正文续\n注文\n下文"
    assert [found.text[a:b] for a, b in found.artefacts] == ["注文"]


def test_both_dialects_of_word_are_read():
    strict = word(paragraph("甲", IN_LIST), numbering=LIST)
    purl = b"http://purl.oclc.org/ooxml/wordprocessingml/main"

    with ZipFile(BytesIO(strict)) as package:
        files = {name: package.read(name).replace(W.encode(), purl) for name in package.namelist()}
    assert read_word(pack(files), name="a") == [Block("一、甲")]


def swollen(body):
    return pack({"[Content_Types].xml": "", "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}'})


def elsewhere(body, **_):
    """A document whose main part has a name of its own."""
    relation = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/doc.bin"/>'
    main = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return pack({"word/doc.bin": main, "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'})


def twice():
    one = word(paragraph("甲"))
    memory = BytesIO(one)
    with warnings.catch_warnings(), ZipFile(memory, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr("word/document.xml", "<a/>")
    return memory.getvalue()


ENTITIES = f"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"""
LAUGHS = "".join(f"<!ENTITY x{n} '{f'&x{n - 1};' * 10}'>" for n in range(1, 10))
LAUGHING = pack(
    {"[Content_Types].xml": "", "word/document.xml": f"<!DOCTYPE a [<!ENTITY x0 'ha'>{LAUGHS}]><a>&x9;</a>"}
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (word(paragraph("甲") * 99)[:900], r"a: expected a \.docx file that opens, found a damaged one \(BadZipFile"),
        (swollen("<w:p>"), r"found a damaged one \(XMLSyntaxError.*; open it in the program it comes from"),
        (swollen("<w:p/>" * 10**6), r"found word/document\.xml with 5 MiB from 8 KiB \(a zip bomb\?\)"),
        (pack({"[Content_Types].xml": "", "word/document.xml": ENTITIES}), "with a DOCTYPE, which Word never writes"),
        (LAUGHING, "with a DOCTYPE"),
        (pack({"word/document.xml": ENTITIES.encode("utf-16")}), "with a DOCTYPE"),
        (elsewhere("<w:p/>" * 10**6), r"found word/doc\.bin with 5 MiB from .* \(a zip bomb"),
        (twice(), r"a: expected each part once, found word/document\.xml twice; open it in Word, save it anew"),
        (swollen("<w:p>" * 300), "found a damaged one .*[Dd]epth"),
        (pack({"[Content_Types].xml": "", "word/styles.xml": ""}), r"found a damaged one \(KeyError"),
    ],
)
def test_a_document_that_cannot_be_read_says_so(content, message):
    with pytest.raises(SourceError, match=message):
        extract(content, "docx", name="a")


def test_the_main_part_is_read_whatever_its_name():
    assert extract(elsewhere(paragraph("甲")), "docx", name="a").text == "甲"


@pytest.mark.parametrize(
    ("limit", "value", "body", "message"),
    [
        ("MAX_TAGS", 99, "<w:p/>" * 99, r"a: expected at most 99 XML tags, found 10\d in word/doc\.bin; split the document"),
        ("MAX_CELLS", 9, f"<w:tbl><w:tr>{'<w:tc/>' * 10}</w:tr></w:tbl>", "a: expected at most 9 cells in a table, found one with more"),
    ],
)  # fmt: skip
def test_limits_go_by_what_is_opened(monkeypatch, limit, value, body, message):
    monkeypatch.setattr(word_module, limit, value)
    with pytest.raises(SourceError, match=message):
        extract(elsewhere(body), "docx", name="a")


def test_a_note_cited_again_stands_once_and_fields_may_stay_open():
    notes = f'<w:footnote w:id="2">{paragraph("注文")}</w:footnote>'
    cited = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    assert lines(f"<w:p>{run('甲')}{cited}{cited}</w:p>", footnotes=notes) == ["甲", "注文"]
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    assert lines(f"<w:p>{begun * 300}{run('甲')}</w:p>{paragraph('乙')}") == ["甲", "乙"]


def test_line_ends_within_a_text_are_spaces():
    assert lines("<w:p><w:r><w:t>甲&#13;乙&#10;丙</w:t></w:r></w:p>") == ["甲 乙 丙"]


def test_older_documents_need_libreoffice(monkeypatch):
    monkeypatch.setattr(word_module.shutil, "which", lambda _: None)
    with pytest.raises(
        SourceError, match=r"a\.doc: expected LibreOffice, .* found none; install it, or open it in Word"
    ):
        convert_to_docx(b"x", name="a.doc")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_libreoffice_refuses_what_is_no_document():
    with pytest.raises(SourceError, match="found one that it cannot"):
        convert_to_docx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), name="a.doc")
