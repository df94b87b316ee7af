"""Word's automatic numbers, as Word shows them."""

import pytest
from documents import W, paragraph
from lxml import etree

from kit.read.word import read_numbering, read_styles, write_number


@pytest.mark.parametrize(
    ("style", "numbers", "written"),
    [
        ("decimal", (1, 10, 101), "1 10 101"),
        ("decimalZero", (1, 10), "01 10"),
        ("chineseCountingThousand", (1, 10, 11, 20, 105, 110, 1001), "一 十 十一 二十 一百零五 一百一十 一千零一"),
        ("japaneseCounting", (3, 12), "三 十二"),
        ("ideographDigital", (1, 10, 12), "一 一〇 一二"),
        ("decimalFullWidth", (1, 12), "１ １２"),
        ("decimalEnclosedCircle", (1, 20, 21, 50, 51), "① ⑳ ㉑ ㊿ 51"),
        ("decimalEnclosedParen", (1, 20), "⑴ ⒇"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("chineseLegalSimplified", (2, 10), "贰 拾"),
        ("upperLetter", (1, 26, 27), "A Z AA"),
        ("lowerLetter", (780, 781, 30_000), f"{'z' * 30} 781 30000"),
        ("lowerRoman", (4, 19, 90), "iv xix xc"),
        ("upperRoman", (4,), "IV"),
        ("bullet", (1,), ""),
        ("none", (1,), ""),
        ("a style of tomorrow", (7,), "7"),
    ],
)  # fmt: skip
def test_a_number_in_each_style(style, numbers, written):
    assert " ".join(write_number(number, style) for number in numbers) == written


def level(n, style, text, *, start=1, more=""):
    return (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


OFFICIAL = "".join(
    level(n, style, text)
    for n, (style, text) in enumerate(
        [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）")]
    )
)
LEGAL = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", more="<w:isLgl/>")


def numbered(levels, sequence, *, nums='<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>', styles=""):
    """The numbers of a sequence of ``level``, ``list:level`` or ``=style``."""
    abstract = levels if "<w:abstractNum" in levels else f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    root = etree.fromstring(f'<w:numbering xmlns:w="{W}">{abstract}{nums}</w:numbering>')
    lists = read_numbering(root, read_styles(etree.fromstring(f'<w:styles xmlns:w="{W}">{styles}</w:styles>')))
    shown = []
    for one in sequence.split():
        number, _, ilvl = one.rpartition(":")
        own = f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{number or 1}"/></w:numPr>'
        properties = f'<w:pStyle w:val="{one[1:]}"/>' if one[0] == "=" else own
        shown.append(lists.number(etree.fromstring(f'<w:a xmlns:w="{W}">{paragraph("", properties)}</w:a>')[0]))
    return "|".join(shown)


def test_levels_count_and_restart_behind_a_higher_one():
    assert numbered(OFFICIAL, "0 1 1 2 2 3 1 2 0 1") == "一、|（一）|（二）|1. |2. |（1）|（三）|1. |二、|（一）"


def test_a_level_passed_over_has_counted_once():
    assert numbered(OFFICIAL, "1 0") == "（一）|二、"
    assert numbered(LEGAL, "1 1 0 1") == "1.1 |1.2 |第二章|2.1 "


def test_legal_numbers_are_arabic_throughout():
    assert numbered(LEGAL, "0 1 0 1") == "第一章|1.1 |第二章|2.1 "


def test_a_level_may_start_elsewhere_and_never_restart():
    levels = level(0, "decimal", "%1", start=3) + level(1, "decimal", "(%2)", more='<w:lvlRestart w:val="0"/>')
    assert numbered(levels, "0 1 0 1") == "3 |(1) |4 |(2) "


def test_lists_of_one_definition_count_on_unless_one_sets_its_start():
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    assert numbered(OFFICIAL, "1:0 2:0 3:0 3:0 1:0", nums=nums) == "一、|二、|一、|二、|三、"


def test_a_list_may_write_a_level_its_own_way():
    own = level(0, "decimal", "%1)", more='<w:suff w:val="nothing"/>')
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">' + own + "</w:lvlOverride></w:num>"
    )
    assert numbered(OFFICIAL, "0 0 1", nums=nums) == "1)|2)|（一）"


def test_numbering_comes_through_styles_and_their_bases():
    levels = OFFICIAL.replace("</w:lvl>", '<w:pStyle w:val="h1"/></w:lvl>', 1).replace(
        '（%2）"/>', '（%2）"/><w:pStyle w:val="h2"/>'
    )
    styles = (
        '<w:style w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="h2"><w:basedOn w:val="h1"/></w:style>'
        '<w:style w:styleId="ring"><w:basedOn w:val="ring"/></w:style>'
        '<w:style w:styleId="off"><w:basedOn w:val="h1"/>'
        '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    )
    assert numbered(levels, "=h1 =h2 =h2 =h1 =off =ring =none", styles=styles) == "一、|（一）|（二）|二、|||"


def test_a_list_may_name_a_style_that_names_the_list():
    levels = (
        f'<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="s"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="7">{OFFICIAL}</w:abstractNum>'
    )
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
    )
    styles = '<w:style w:styleId="s"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    assert numbered(levels, "1:0 1:1 2:0", nums=nums, styles=styles) == "一、|（一）|二、"


def test_bullets_and_unknown_lists_number_nothing():
    assert numbered(level(0, "bullet", "\uf0b7"), "0 9:0") == "|"


@pytest.mark.parametrize("start", ["100000000", "9" * 5000, "32767"])
def test_numbers_end_where_those_of_word_do(start):
    letters = level(0, "upperLetter", "%1", start=start) + level(1, "decimal", "%1." * 500)
    assert numbered(letters, "0 1") == f"32767 |{('32767.' * 17)[:100]} "
    again = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    nums = f'<w:num w:numId="1"><w:abstractNumId w:val="0"/>{again}</w:num>'
    assert numbered(level(0, "decimal", "%1、"), "0", nums=nums) == "32767、"
