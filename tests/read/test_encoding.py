"""Bytes become text in the encodings of Chinese offices, and one character is read as another; offsets stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.data import knowledge, sample
from kit.errors import SourceError
from kit.read.lines import fold, join_surrogates
from kit.read.source import decode, replace_signs

SIMPLIFIED = "2023年工作总结\n一、总体情况。全年修渠12条，护林三处、育苗两亩。\n" * 3
TRADITIONAL = "2023年工作總結\n一、總體情況。全年修渠12條，護林三處、育苗兩畝。\n" * 3
RARE = "㙍㵘\U00020bb7\n"  # characters beyond GBK, which GB18030 writes in four bytes


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (SIMPLIFIED + RARE, "utf-8", "utf-8"),
        (SIMPLIFIED + RARE, "utf-8-sig", "utf-8"),
        (SIMPLIFIED + RARE, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED + RARE, "utf-32", "utf-32"),
        (SIMPLIFIED, "utf-32-le", "utf-32-le"),
        (SIMPLIFIED, "utf-32-be", "utf-32-be"),
        (SIMPLIFIED, "gb2312", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED + RARE, "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "utf-16-le", "utf-16-le"),
        (TRADITIONAL, "big5", "big5hkscs"),
        ("2023", "ascii", "utf-8"),
    ],
)
def test_an_encoding_is_told_by_its_bytes(text, encoding, found):
    assert decode(text.encode(encoding), name="a") == (text, found)


def test_line_ends_become_one_kind():
    assert decode("一\r\n二\r三\n".encode(), name="a")[0] == "一\n二\n三\n"


def test_what_a_page_declares_is_tried_first():
    plain = "總結".encode("big5")  # too short to tell without
    assert decode(plain, name="a", declared="big5hkscs") == ("總結", "big5hkscs")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            SIMPLIFIED.encode() + b"\xff" + SIMPLIFIED.encode(),
            r"a: expected text .*, found UTF-8 damaged at byte 276; ",
        ),
        (SIMPLIFIED.encode()[:-2], "found UTF-8 damaged at byte"),
        (SIMPLIFIED.encode() + b"\xed\xa0\x80", "found UTF-8 damaged at byte"),
        (SIMPLIFIED.encode() + b"\0", "found a NUL byte at 276 "),
        (b"\xff\xfe\x00\xd8\x00\xd8", "found damaged UTF-16;"),
        (bytes(range(1, 256)) * 9, "found bytes that are none of these; save it as plain text"),
        (bytes(range(1, 9)) * 99, "found control characters"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content, message):
    with pytest.raises(SourceError, match=message):
        decode(content, name="a")


def test_surrogate_pairs_become_characters():
    assert join_surrogates("一\ud83d\udc4e\ud800二") == "一\U0001f44e\ufffd二"


@pytest.mark.parametrize(
    ("text", "read", "codes"),
    [
        ("修渠12条\t。\f\v\x85\n", "修渠12条\t。\f\v\x85\n", []),
        ("一\r二\r\n三", "一\n二\n\n三", []),
        ("修\x07渠\x7f\x9f", "修 渠  ", ["U+0007", "U+007F", "U+009F"]),
        ("修\uffff渠\ufdd0\ud800", "修\ufffd渠\ufffd\ufffd", ["U+D800", "U+FDD0", "U+FFFF"]),
        ("\U0001fffe\U0010ffff\0", "\ufffd\ufffd ", ["U+0000", "U+1FFFE", "U+10FFFF"]),
        ("➢\u200b\ufeff\U00020bb7\uf0b7", "➢\u200b\ufeff\U00020bb7\uf0b7", []),
    ],
)
def test_what_is_no_character_is_replaced_one_by_one(text, read, codes):
    assert replace_signs(text) == (read, codes)


@given(st.text(st.characters(codec=None)))
def test_no_text_holds_what_is_no_character(text):
    read, codes = replace_signs(text)
    assert len(read) == len(text)
    assert replace_signs(read) == (read, [])
    assert "\r" not in read
    assert bool(codes) == (read != text.replace("\r", "\n"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ＧＤＰ增长，Ａ类", "GDP增长，A类"),
        ("\uf9b4导\ufa08", "领导行"),
        ("工作︰︐修渠﹐护林｡", "工作︰,修渠,护林。"),
        ("\U0001d7d0\U0001d7ce\U0001d7d0\U0001d7d1年", "2023年"),
        ("①⑴㈠Ⅰ１．㎡，（）", "①⑴㈠Ⅰ1．㎡，（）"),
        ("２０２３年工作總結", "2023年工作总结"),
        ("縣農業農村局", "县农业农村局"),
        ("今後計劃", "今后计划"),
        ("⼯作⻅效，⾞辆", "工作见效，车辆"),
        ("乾坤著作", "乾坤著作"),
    ],
)
def test_words_are_found_however_they_are_written(text, read):
    assert fold(text) == read


@given(st.text())
def test_offsets_stay(text):
    assert len(fold(text)) == len(text)


def test_simplified_texts_are_read_as_they_are():
    text = sample(2023).read_text(encoding="utf-8")
    assert fold(text) == text


def test_every_character_stands_once_and_reads_as_one():
    variants = knowledge("variants.toml")
    assert len(variants["written"]) == len(variants["read"]) == len(set(variants["written"]))
    assert not set(variants["written"]) & set(variants["read"])
