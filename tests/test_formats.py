"""One compilation in every format: the bars on reading, and the errors that bad files meet."""

import difflib
import re
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from documents import automatic_word, make_html, make_markdown, make_pdf, make_rtf, pack, typed_word, wrap

import kit
from kit.errors import SourceError
from kit.read import lines as layout
from kit.read.formats import extract, sniff
from kit.read.reader import read_sources
from kit.read.source import Source

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk")


@pytest.fixture(scope="module", params=["sample", "real"])
def typed(request):
    """A compilation as text: the sample, and the real one where it is."""
    if request.param == "sample":
        return kit.sample(2023).read_text(encoding="utf-8")
    return (request.getfixturevalue("compilations") / "2023.txt").read_text(encoding="utf-8")


def is_title(line):
    return layout.is_title(line) and not re.match(r"\d{1,2}\.", line)


def outline(content, suffix):
    """The markers with their roles, and the role of every line of the running text, white space aside."""
    found = extract(content, suffix, name="a")
    source = Source(file="a", **vars(found))
    compilation, aside = read_sources([source], name="a"), {start for start, _ in found.artefacts}
    parts = compilation.parts
    markers = [pair for pair in zip(parts["marker"], parts["role"], strict=True) if pair[0]]
    starts, roles, lines, at = parts["start"].tolist(), parts["role"].tolist(), [], 0
    for line in layout.split_lines(compilation.text):
        while at + 1 < len(starts) and starts[at + 1] <= line.start:
            at += 1
        assert line.start not in aside or roles[at] == "artefact"
        if line.start not in aside:
            lines.append(("".join(line.text.split())[:12], roles[at]))
    return markers, lines


def agreement(wanted, found):
    """F1 of two sequences: their longest common subsequence against their lengths."""
    same = sum(
        block.size for block in difflib.SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    )
    return 2 * same / (len(wanted) + len(found))


def check(typed, content, suffix, *, bar):
    wanted, found = outline(typed.encode(), "txt"), outline(content, suffix)
    markers, lines = (agreement(a, b) for a, b in zip(wanted, found, strict=True))
    print(f"{suffix}: markers F1 {markers:.4f}, line roles {lines:.4f}")  # noqa: T201, measured figures, shown by -s
    assert markers >= bar
    assert lines >= bar


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_the_same_in_every_encoding(typed, encoding):
    plain = typed.replace("\u2002", " ")
    plain = plain.encode("gbk", errors="ignore").decode("gbk") if encoding == "gbk" else plain
    found = extract(plain.encode(encoding), "txt", name="a")
    assert found.text == plain
    check(typed, plain.encode(encoding), "txt", bar=0.99)


@pytest.mark.parametrize(
    "setting", [{"indent": "\u3000\u3000"}, {"blank": True}, {}], ids=["indented", "apart", "plain"]
)
def test_lines_broken_at_a_measure(typed, setting):
    check(typed, wrap(typed, 38, **setting).encode(), "txt", bar=0.97)
    [row] = extract(wrap(typed, 38, **setting).encode(), "txt", name="a").doubts
    assert row["code"] == "lines_rejoined"


def test_word_with_typed_numbers(typed):
    check(typed, typed_word(typed), "docx", bar=0.99)


def test_word_with_automatic_numbers(typed):
    content, n_automatic = automatic_word(typed)
    assert n_automatic > 50
    check(typed, content, "docx", bar=0.99)


def test_html(typed):
    check(typed, make_html(typed).encode(), "html", bar=0.99)


def test_markdown(typed):
    check(typed, make_markdown(typed, is_title=is_title).encode(), "md", bar=0.99)


def test_rtf(typed):
    check(typed, make_rtf(typed).encode("latin-1"), "rtf", bar=0.99)


def test_pdf(typed):
    check(typed, make_pdf(typed, is_title=is_title), "pdf", bar=0.97)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHORT = "2023年工作总结\n一、总体情况\n"


@pytest.mark.parametrize(
    ("content", "suffix", "kind"),
    [
        (SHORT.encode(), "docx", "txt"),
        (SHORT.encode(), "markdown", "md"),
        (SHORT.encode(), "htm", "html"),
        (typed_word(SHORT), "pdf", "docx"),
        (b"%PDF-1.7", "txt", "pdf"),
        (b"\n%PDF-1.7", "docx", "pdf"),
        (b"{\\rtf1", "doc", "rtf"),
        (OLE + "WordDocument".encode("utf-16-le"), "wps", "doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "docx", "locked"),
        (OLE, "doc", "damaged"),
        (pack({"xl/workbook.xml": ""}), "docx", "spreadsheet"),
        (b"PK\x03\x04", "docx", "docx"),
        ('[\n  {"title": "总结"}]'.encode(), "txt", "json"),
        ("{总结}".encode(), "txt", "txt"),
    ],
)
def test_bytes_tell_the_format_before_the_name_does(content, suffix, kind):
    assert sniff(content, suffix) == kind


def test_a_page_saved_as_text_or_word_is_read_as_a_page():
    for suffix in ("txt", "doc"):
        found = extract(make_html(SHORT).encode("utf-16"), suffix, name="a")
        assert (found.format, found.text) == ("html", SHORT.strip())


@pytest.mark.parametrize(("charset", "declares"), [("gb2312", True), ("utf-8", True), ("gb2312", False)])
def test_a_web_archive_is_read_as_its_page(charset, declares):
    page = MIMEText(make_html(SHORT).replace("utf-8", charset if declares else ""), "html", charset)
    archive = MIMEMultipart("related", _subparts=[page])
    assert extract(archive.as_bytes(), "doc", name="a").text == SHORT.strip()


def test_a_page_may_declare_its_encoding():
    page = "<html><head><meta charset='big5'></head><p>總結</p></html>".encode("big5")
    assert extract(page, "html", name="a").text == "總結"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            r"a: expected .*, found an office document that a password protects",
        ),
        (OLE, "found an office document of no known kind, or a damaged one; save it as .docx"),
        (pack({"xl/a.xml": ""}), "found a spreadsheet; save the reports in it as .docx"),
        (pack({"mimetype": "application/vnd.oasis.opendocument.text"}), "found an OpenDocument file; save it as .docx"),
        (
            b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n<w:wordDocument>',
            r"found a Word document as XML .*; open it in Word and save it as \.docx",
        ),
        (pack({"OFD.xml": ""}), "found an OFD document; export it as PDF or .docx"),
        (b"\x89PNG\r\n", r"found a picture; run text recognition \(OCR\) over it"),
        (b'{"title": "a"}', r"found data \(JSON\); save the text of each report as \.txt"),
        (b"Rar!\x1a", "found a RAR archive; unpack it and read the folder"),
        (pack({"a.txt": SHORT}), "found a ZIP archive inside another"),
        (b"<html>" + b"<b>" * 2_000_001, r"expected at most .* 2,000,000 tags, found .* 2,000,002; split the file"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_remedy(content, message):
    with pytest.raises(SourceError, match=message):
        extract(content, "docx", name="a")
