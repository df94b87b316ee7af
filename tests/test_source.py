"""Files, folders, lists and ZIP archives become sources."""

import hashlib
import zipfile

import pytest
from documents import make_html, pack, typed_word

import kit
from kit.errors import SourceError
from kit.read import source as files
from kit.read.source import find_files, find_unread, read_source

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
