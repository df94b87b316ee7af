"""Files, folders, lists and ZIP archives become sources, in every format alike."""

import difflib
import hashlib
import os
import re
import sys
import zipfile
from dataclasses import replace
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from documents import automatic_word, make_html, make_markdown, make_pdf, make_rtf, pack, typed_word, wrap

import kit
from kit.errors import SourceError
from kit.read import source as files
from kit.read.lines import is_title as reads_as_title
from kit.read.lines import split_lines
from kit.read.reader import read_sources
from kit.read.source import extract, find_files, find_unread, name_files, read_source, sniff, watch

TEXT = "2023年工作总结\n一、总体情况\n"


@pytest.fixture
def folder(tmp_path):
    """A folder of reports in several formats, with what an office leaves beside them."""
    (tmp_path / "乙局.docx").write_bytes(typed_word(TEXT))
    (tmp_path / "甲局.TXT").write_bytes(TEXT.encode("gbk"))
    (tmp_path / "丙局.html").write_text(make_html(TEXT), encoding="utf-8")
    for name in ("~$乙局.docx", ".hidden.txt", "名单.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "old").mkdir()
    return tmp_path


def names(source):
    return [file.name for file in find_files(source)]


def test_a_folder_is_its_readable_files_by_name(folder):
    assert names(folder) == ["丙局.html", "乙局.docx", "甲局.TXT"]


def test_files_stand_in_the_order_in_which_people_count(tmp_path):
    for name in ("10.乙局.txt", "2.甲局.txt", "1.丙局.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert names(tmp_path) == ["1.丙局.txt", "2.甲局.txt", "10.乙局.txt"]


def test_what_stands_beside_the_files_and_is_not_read_is_told(folder):
    (folder / "old" / "己局.txt").write_text(TEXT, encoding="utf-8")
    (folder / "out" / "pages").mkdir(parents=True)
    (folder / "out" / "pages" / "index.html").write_text("<p>", encoding="utf-8")
    (folder / "其余.zip").write_bytes(pack({"丁局.txt": TEXT, "辛局.ofd": "x", "__MACOSX/辛局.ofd": "x"}))
    assert find_unread(folder) == ["old/", "名单.xlsx", "辛局.ofd"]
    assert find_unread([folder / "甲局.TXT"]) == []
    (row,) = (row for _, row in kit.read(folder).doubts.iterrows() if row["code"] == "files_unread")
    assert row["message_en"] == "3 more files or folders stand there that were not read: old/, 名单.xlsx, 辛局.ofd"


def test_a_list_keeps_its_order(folder):
    assert names([folder / "甲局.TXT", str(folder / "乙局.docx")]) == ["甲局.TXT", "乙局.docx"]


def test_a_source_says_what_was_read(folder):
    source = read_source(folder / "甲局.TXT")
    assert (source.file, source.format, source.encoding, source.text) == ("甲局.TXT", "txt", "gb18030", TEXT)
    assert source.sha256 == hashlib.sha256(TEXT.encode("gbk")).hexdigest()


def test_a_zip_is_its_readable_members_and_may_lie_in_a_folder(folder):
    members = {
        "汇编/二/戊局.docx": typed_word(TEXT),
        "汇编/丁局.txt": TEXT.encode("gbk"),
        "汇编/名单.xlsx": b"x",
        "__MACOSX/汇编/._丁局.txt": b"x",
        "__MACOSX/汇编/庚局.txt": b"x",
    }
    (folder / "其余.zip").write_bytes(pack(members))
    assert names(folder / "其余.zip") == ["丁局.txt", "戊局.docx"]
    assert [read_source(file).text.strip() for file in find_files(folder / "其余.zip")] == [TEXT.strip()] * 2
    assert names(folder) == ["丙局.html", "乙局.docx", "丁局.txt", "戊局.docx", "甲局.TXT"]
    assert str(find_files(folder / "其余.zip")[0]).endswith("其余.zip/丁局.txt")


def test_names_in_a_zip_may_be_gbk(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(pack({"#####.txt": TEXT}).replace(b"#####.txt", "甲局".encode("gbk") + b"1.txt"))
    assert names(file) == ["甲局1.txt"]
    assert read_source(find_files(file)[0]).file == "甲局1.txt"


def test_a_zip_named_as_a_document_is_still_a_zip(tmp_path):
    (tmp_path / "a.docx").write_bytes(pack({"甲局.txt": TEXT}))
    assert names(tmp_path / "a.docx") == ["甲局.txt"]


def test_nothing_to_read_is_an_error(tmp_path):
    with pytest.raises(SourceError, match=r"none\.txt: expected a file or folder, found none; check the name"):
        find_files(tmp_path / "none.txt")
    (tmp_path / "a.xlsx").write_bytes(b"x")
    with pytest.raises(SourceError, match=r"expected files ending in \.txt, .*, found \['a\.xlsx'\]; put the reports"):
        find_files(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + bytes(99), r"expected a ZIP archive, found a damaged one .*; pack or copy it anew"),
        (pack({"a.txt": TEXT, "b.zip": b"x"}), r"found another archive, b\.zip; unpack that first"),
        (pack({"a.xlsx": "x"}), r"expected files ending in .*, found \['a\.xlsx'\]"),
        (pack({"a.txt": b"0" * 2**23}), r"found a\.txt with 8 MiB from 7 KiB \(a zip bomb\?\); if it is sound"),
        (
            pack({f"{n}.txt": "" for n in range(5001)}),
            r"expected at most 5000 files .*, found 5001 of 0 MiB; unpack it",
        ),
        (pack({"a.txt": TEXT}).replace(b"\x14\0\0\0\x08\0", b"\x14\0\x01\0\x08\0"), "found one with a password"),
    ],
)
def test_a_zip_that_cannot_be_read_says_so(tmp_path, content, message):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(SourceError, match=message):
        find_files(tmp_path / "a.zip")


def named(name, flags=0):
    """A ZIP of one text whose name is bytes."""
    made = bytearray(pack({"#" * len(name): TEXT}).replace(b"#" * len(name), name))
    at = made.index(b"PK\x01\x02")
    made[at + 8 : at + 10] = flags.to_bytes(2, "little")
    return bytes(made)


DAMAGED = {
    "central directory": pack({"甲局.txt": TEXT}).replace(b"PK\x01\x02", b"PK\x01\x03"),
    "version": pack({"甲局.txt": TEXT}).replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x63"),
    "name in no UTF-8": named(b"\xff\xfe.txt", flags=0x800),
    "name": named(b"\0.txt"),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("name", ["a.zip", "a.docx"])
def test_a_damaged_archive_is_refused_wherever_it_stands(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "乙局.txt").write_text(TEXT, encoding="utf-8")
    for source in (tmp_path / name, tmp_path):
        with pytest.raises(SourceError, match=rf"{name}: expected .*, found .*; \w+"):
            [read_source(file) for file in find_files(source)]
    with pytest.raises(SourceError, match="a damaged one"):
        find_unread(named_zip(tmp_path, DAMAGED["version"]))


def named_zip(folder, content):
    (folder / "b.zip").write_bytes(content)
    return folder / "b.zip"


def test_two_members_of_one_name_are_both_read(tmp_path):
    archive = zipfile.ZipFile(tmp_path / "a.zip", "w")
    archive.writestr("a.txt", f"甲局{TEXT}")
    with pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", f"乙局{TEXT}")
    archive.close()
    found = [read_source(file) for file in find_files(tmp_path / "a.zip")]
    assert [(source.file, source.text[0]) for source in found] == [("a.txt", "甲"), ("a.txt", "乙")]
    assert list(kit.read(tmp_path / "a.zip").sources["file"]) == ["a/a.txt", "a/a (2).txt"]


@pytest.mark.parametrize(("files", "told"), [
    (["甲/总结.txt", "甲/计划.txt"], ["总结.txt", "计划.txt"]),
    (["甲/总结.txt", "乙/总结.txt", "乙/计划.txt"], ["甲/总结.txt", "乙/总结.txt", "计划.txt"]),
    (["1/甲/总结.txt", "2/甲/总结.txt", "3/甲/总结.txt"], ["甲/总结.txt", "甲/总结 (2).txt", "甲/总结 (3).txt"]),
    (["甲/a.txt", "甲/a.txt", "甲/a (2).txt", "甲/a (2).txt"], ["甲/a.txt", "甲/a (2).txt", "甲/a (2) (2).txt", "甲/a (2) (3).txt"]),
])  # fmt: skip
def test_files_of_one_name_are_told_apart(files, told):
    assert name_files([Path(file) for file in files]) == told


def test_what_is_settled_of_one_of_two_files_of_a_name_is_settled_there(tmp_path):
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "总结.txt").write_text(TEXT, encoding="utf-8")
        says = f'[[report]]\nat = 0\ntext = "{TEXT[:4]}"\nagency = "{folder}局"\n'
        (tmp_path / folder / "总结.kit.toml").write_text(says, encoding="utf-8")
    found = kit.read([tmp_path / folder / "总结.txt" for folder in ("甲", "乙")])
    assert list(found.reports["agency"]) == ["甲局", "乙局"]


def test_what_is_not_read_from_an_archive_has_no_limit(tmp_path):
    (tmp_path / "a.zip").write_bytes(pack({"甲局.txt": TEXT, "录像.mp4": b"0" * 2**23}))
    assert names(tmp_path / "a.zip") == ["甲局.txt"]


def test_only_files_and_folders_are_read(tmp_path, monkeypatch):
    with pytest.raises(
        SourceError, match=r"a{300}\.txt: expected a file that can be read, found .*; check its name and"
    ):
        find_files(tmp_path / f"{'a' * 300}.txt")
    for find in (find_files, find_unread):
        with monkeypatch.context() as patch:
            patch.setattr(files.Path, "iterdir", closed)
            with pytest.raises(SourceError, match="found Permission denied; check its name"):
                find(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(files.Path, "open", closed)
    with pytest.raises(SourceError, match=r"a\.txt: expected a file that can be read, found Permission denied"):
        read_source(tmp_path / "a.txt")


def closed(*_):
    raise PermissionError(13, "Permission denied")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_devices_and_pipes_are_refused(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    for place in (tmp_path / "a.txt", "/dev/null"):
        with pytest.raises(SourceError, match=r"expected a file or folder, found a device or a pipe; copy what"):
            find_files(place)
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    assert names(tmp_path) == ["b.txt"]


def test_a_file_that_grows_while_it_is_read_is_not_read_on(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    (tmp_path / "a.txt").write_bytes(b"0" * 200)
    monkeypatch.setattr(files.Path, "stat", lambda *_, **__: os.stat_result([0] * 10))
    with pytest.raises(SourceError, match="expected at most 0 MiB"):
        read_source(tmp_path / "a.txt")


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "docx", "rtf"])
def test_no_text_holds_a_carriage_return(suffix):
    written = {
        "docx": typed_word("一、修渠&#13;护林").replace(b"&amp;", b"&"),
        "html": "<html><pre>一、修渠&#13;护林</pre>".encode(),
        "md": "一、修渠&#13;护林\r\n".encode(),
        "rtf": make_rtf("一、修渠").replace("\\par\n", "\\\rb").encode("latin-1"),
        "txt": "一、修渠\r\n护林\r".encode(),
    }[suffix]
    found = extract(written, suffix, name="a").text
    assert "一、修渠" in found
    assert "\r" not in found


def test_codes_that_are_no_characters_are_replaced_with_a_doubt():
    sentence = "全年修渠十二条。\n" * 20  # control characters in numbers make a binary file of a text
    found = extract(f"一、修渠\uffff\n护林\x07三处\n{sentence}".encode(), "txt", name="a")
    assert found.text == f"一、修渠\ufffd\n护林 三处\n{sentence}"
    (doubt,) = found.doubts
    assert (doubt["code"], doubt["start"], doubt["end"]) == ("signs_replaced", 4, 5)
    assert doubt["message_en"] == "the file holds codes that are no characters: U+0007, U+FFFF"


def test_a_damaged_member_is_named(tmp_path):
    content = pack({"a.txt": bytes(range(256)) * 40})
    (tmp_path / "a.zip").write_bytes(content[:60] + b"\xff" * 20 + content[80:])
    with pytest.raises(SourceError, match=r"a\.zip/a\.txt: expected a file that can be read"):
        read_source(find_files(tmp_path / "a.zip")[0])


@pytest.mark.parametrize("content", [b"", b" \n\n", "\ufeff".encode()])
@pytest.mark.parametrize("suffix", ["txt", "docx", "pdf"])
def test_an_empty_file_says_so(tmp_path, content, suffix):
    (tmp_path / f"a.{suffix}").write_bytes(content)
    with pytest.raises(SourceError, match=rf"a\.{suffix}: expected the text of reports, found an empty file"):
        read_source(tmp_path / f"a.{suffix}")


def test_a_file_beyond_the_limit_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 2**20)
    (tmp_path / "a.txt").write_bytes(b"0" * (2**21))
    with pytest.raises(SourceError, match=r"a\.txt: expected at most 1 MiB, found 2 MiB; split the file"):
        read_source(tmp_path / "a.txt")


def test_a_member_that_climbs_out_of_its_folder_is_only_read(tmp_path):
    """Nothing is written to disk, so a name that climbs out of the folder is only a name."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../乙局.txt", TEXT)
    assert names(tmp_path / "a.zip") == ["乙局.txt"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.zip"]


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk")


@pytest.fixture(scope="module", params=["sample", "real"])
def typed(request):
    """A compilation as text: the sample, and the real one where it is."""
    if request.param == "sample":
        return kit.sample(2023).read_text(encoding="utf-8")
    return (request.getfixturevalue("compilations") / "2023.txt").read_text(encoding="utf-8")


def is_title(line):
    return reads_as_title(line) and not re.match(r"\d{1,2}\.", line)


def outline(content, suffix):
    """The markers with their roles, and the role of every line of the running text, white space aside."""
    found = extract(content, suffix, name="a")
    source = replace(found, file="a")
    compilation, aside = read_sources([source], name="a"), {start for start, _ in found.artefacts}
    parts = compilation.parts
    markers = [pair for pair in zip(parts["marker"], parts["role"], strict=True) if pair[0]]
    starts, roles, lines, at = parts["start"].tolist(), parts["role"].tolist(), [], 0
    for line in split_lines(compilation.text):
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


NESTED = b"Content-Type: multipart/related; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 40
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
        (
            b"%TSD-Header-###%" + bytes(99),
            "found a file that the document protection of an office has encrypted; open it on",
        ),
        (b"b\x14#e\x01E-SafeNet" + bytes(99), "document protection of an office has encrypted"),
        (
            b"\x07\x01" + bytes(range(256)) * 9,
            r"called \.docx and is none \(it begins b'.*'\): encrypted, or .*; open it in",
        ),
        (NESTED, "expected a web archive of one page, found 41 headers of several parts, and no page among them"),
        (b"<html>" + b"<b>" * 500_000, r"expected at most .* 500,000 tags or marks, found .* 500,001; split the file"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_remedy(content, message):
    with pytest.raises(SourceError, match=message):
        extract(content, "docx", name="a")


def test_short_work_shows_no_bar(capsys):
    assert list(watch(range(3), "reading reports")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_long_work_says_what_it_is_doing(capsys, monkeypatch):
    assert list(watch(range(60), "reading reports")) == list(range(60))
    assert capsys.readouterr().err == ""  # nothing into a file
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(watch(range(60), "reading reports")) == list(range(60))
    assert "reading reports" in capsys.readouterr().err
