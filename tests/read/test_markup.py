"""HTML, Markdown and RTF become lines."""

import pytest

from kit.errors import SourceError
from kit.read.markup import is_markdown, read_html, read_markdown, read_rtf
from kit.read.source import declared_charset

PAGE = """<!DOCTYPE html><html><head><title>某局</title><style>p {color: red}</style></head><body>
<nav><ul><li><a href="/">首页</a></li></ul></nav>
<script>document.write("<p>脚本</p>")</script>
<h1>市水利局<br>2023年工作总结</h1>
<p>一、总体&nbsp;情况<b>良</b>好 &lt;注&gt;</p><p style="display: none">看不见</p>
<table><tr><td>指标</td><td>12</td></tr><tr><td>完成</td><td>13</td></tr></table>
<ol start="2"><li><p>修渠</p></li><li>护林<ul><li>三处</li></ul></li></ol>
<!-- 注释 --><footer>版权</footer></body></html>"""


def lines(blocks):
    return [block.text for block in blocks]


def test_a_page_becomes_its_visible_blocks():
    assert lines(read_html(PAGE)) == [
        "市水利局", "2023年工作总结", "一、总体\xa0情况良好 <注>", "指标\t12", "完成\t13", "2. 修渠", "3. 护林", "三处",
    ]  # fmt: skip


def test_an_article_that_holds_most_of_the_text_is_the_text():
    page = "<div>欢迎来到本站</div><article><p>一、修渠十二条，护林三处。</p></article><div>相关链接</div>"
    assert lines(read_html(page)) == ["一、修渠十二条，护林三处。"]
    assert lines(read_html(page.replace("一、修渠十二条，护林三处。", "短"))) == ["欢迎来到本站", "短", "相关链接"]


def test_a_row_is_a_line_and_a_frame_is_its_paragraphs():
    def row(*cells):
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    text = "修渠十二条，护林三处，建桥四座。" * 20
    rows = row("<p>指标</p>", "<p>2023年</p>", "") + row("<p>修渠</p><p>护林</p>", "", "<p>12</p>")
    frame = row("导航", f"<h1>总结</h1><p>一、修渠</p><p>{text}</p><table>{row('<p>外</p>', '<p>内</p>')}</table>")
    links = row("<a href='/a'>上一页</a>", "<a href='/b'>下一页</a>")
    assert lines(read_html(f"<table>{rows}{frame}{links}</table>")) == [
        "指标\t2023年", "修渠 护林\t\t12", "导航", "总结", "一、修渠", text, "外\t内", "上一页\t下一页",
    ]  # fmt: skip
    assert aside(f"<table>{rows}{links}</table>") == ["上一页\t下一页"]


def test_a_page_without_text_has_no_lines():
    assert read_html("<html><td></table>") == []


def test_preformatted_text_keeps_its_lines():
    assert lines(read_html("<pre>一、修渠\n二、护林</pre>")) == ["一、修渠", "二、护林"]


def test_broken_pages_are_read_as_browsers_do():
    assert lines(read_html("<p>一、修渠<p>二、护林<td>三")) == ["一、修渠", "二、护林", "三"]


def test_headings_of_a_page_keep_their_level():
    page = "<h1>市水利局<br>2023年工作总结</h1><h2>一、<b>修渠</b></h2><p>修渠12条。</p><div><h3>护林</h3>三处</div>"
    assert [(block.text, block.level) for block in read_html(page)] == [
        ("市水利局", 1), ("2023年工作总结", 1), ("一、修渠", 2), ("修渠12条。", None), ("护林", 3), ("三处", None),
    ]  # fmt: skip


def aside(page):
    return [block.text for block in read_html(page) if block.aside]


def test_lines_that_lead_to_other_pages_are_no_running_text():
    page = (
        "<p>修渠12条，见<a href='/a'>水利年报</a>。</p><p>一、<a href='/b'>2023年工作总结</a></p><p>上一篇：<a href='/c'>"
        "县乙局2022年工作总结</a></p><ul><li><a href='/d'>县丙局2023年工作总结</a> 2024-01-12</li></ul>"
        "<p><a href='#e'>一节</a></p><h2><a href='/f'>县丁局2023年工作总结</a></h2>"
    )
    assert aside(page) == ["上一篇：县乙局2022年工作总结", "县丙局2023年工作总结 2024-01-12"]


def test_a_title_that_is_a_link_stands_above_its_report():
    assert aside("<p><a href='/a'>县甲局2023年工作总结</a></p><p>2023年，县甲局修渠12条。</p>") == []


def test_a_link_that_is_never_closed_ends_with_its_line():
    assert aside("<div><a href='/'>首页<div><p>（一）修渠</p><p>护林</p></div></div>") == ["首页"]


def test_a_source_break_between_chinese_characters_is_nothing():
    assert lines(read_html("<p>统筹发\n  展和安全，达到GDP\n5%</p>")) == ["统筹发展和安全，达到GDP 5%"]


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="utf-8">', "utf-8"),
        (b"<META http-equiv=Content-Type content='text/html; charset=gb2312'>", "gb18030"),
        (b"<meta charset=big5>", "big5hkscs"),
        (b"<p>charset</p>", ""),
        (b"<meta charset=punycode>", ""),
        (b"<meta charset=iso-8859-1>", ""),
    ],
)
def test_a_page_declares_its_encoding(head, charset):
    assert declared_charset(b"<html>" + head) == charset


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("# 2023年工作总结", "2023年工作总结"),
        ("## 一、修渠 ##", "一、修渠"),
        ("## 学习C#", "学习C#"),
        ("**一、修渠。**全年修渠12条", "一、修渠。全年修渠12条"),
        ("*护林*与__修渠__，`三处`", "护林与修渠，三处"),
        ("1. 修渠\n2. 护林", "1. 修渠\n2. 护林"),
        (r"1\. 修渠，约\*\*条", "1. 修渠，约**条"),
        ("投资**万元", "投资**万元"),
        ("- 修渠\n> 护林", "修渠\n护林"),
        ("见[通知](http://a.b/c)![图](x.png)", "见通知图"),
        ("| 指标 | 值 |\n| --- | ---: |\n| 修渠 | 12 |", "指标\t值\n修渠\t12"),
        ("上\n\n---\n\n下", "上\n\n\n下"),
        ("# []{#_Toc12 .anchor}修渠 {#s .unnumbered}", "修渠"),
        ("[**一、修渠**]{.underline}", "一、修渠"),
        ("修渠\\\n护林", "修渠\n护林"),
        ("下<br>划<u>线</u>&amp;____", "下划线&____"),
    ],
)
def test_markdown_loses_its_signs_and_keeps_numbers_and_masks(written, read):
    assert lines(read_markdown(written)) == read.split("\n")


@pytest.mark.parametrize(
    ("written", "level"), [("# 总结", 1), ("> ### 修渠", 3), ("#总结", None), ("####### 总结", None), ("总结 ##", None)]
)
def test_headings_of_markdown_keep_their_level(written, level):
    assert [block.level for block in read_markdown(written)] == [level]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("约****户，约****元", "约****户，约****元"),
        ("甲_乙_丙", "甲_乙_丙"),
        (f"**{'修渠护林' * 200}。**全年", f"{'修渠护林' * 200}。全年"),
        (r"| 修\|渠 | 12 |", "修|渠\t12"),
        ("修渠&#13;护林", "修渠\r护林"),
        ("见<http://a.b/c>", "见http://a.b/c"),
        ("# 修渠{甲}", "修渠{甲}"),
    ],
)
def test_signs_that_are_no_markup_stay(written, read):
    assert lines(read_markdown(written)) == [read]


def test_elements_too_deep_within_each_other_are_refused():
    assert lines(read_html("<b>" * 900 + "修渠")) == ["修渠"]
    with pytest.raises(
        SourceError, match=r"^a\.html: expected at most 1,000 elements .*, found more \(<b>\); open the page"
    ):
        read_html("<b>" * 1100 + "修渠", name="a.html")


def test_what_is_left_out_ends_where_it_does():
    assert lines(read_html("<div hidden><b>甲<br><i>乙</i></b></div>丙")) == ["丙"]


RTF = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}{\f1 Arial;}}{\info{\title x}}\f0 "


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\'d2\'bb\'a1\'a2\'d0\'de\'c7\'fe\par", "一、修渠\n"),
        (r"\uc1\u19968?\u12289?\u20462?\u28192?\par", "一、修渠\n"),
        (r"{\listtext \'d2\'bb\'a1\'a2}\'d0\'de\'c7\'fe\par", "一、修渠\n"),
        (r"\uc1\u-10179?\u-9138?\par", "\U0001f44e\n"),
        (r'a{\field{\*\fldinst{HYPERLINK "http://x"}}{\fldrslt{b}}}\par', "ab\n"),
        (r"\trowd\intbl a\cell b\cell\row", "a\tb\n"),
        ("a\\\rb", "a\nb"),
        (r"{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial}}\f0\'d2\'bb\f1 a", "一a"),
    ],
)
def test_rtf_gives_its_text(written, read):
    assert "\n".join(lines(read_rtf(RTF + written + "}"))) == read


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("# 汇编\n\n## 县甲局2023年工作总结\n修路。\n", True),
        ("**县甲局2023年工作总结**\n修路。\n**县乙局2023年工作总结**\n架桥。\n", True),
        ("##paidbegin##\n县甲局2023年工作总结\n##paidend##\n", False),
        ("**县民政局2023年工作总结\n**县坚持民生为本。\n# 备注\n", False),
    ],
)
def test_markdown_is_known_in_a_file_that_is_called_text(text, marked):
    assert is_markdown(text) == marked
