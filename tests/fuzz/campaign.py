"""Inventing and mutating: texts by the genre's grammar, documents of every format, and what must hold of each.

A `Random` decides everything, so that hypothesis can draw (and shrink) what it decides, and a night can do without.
Every text is invented.
"""

import io
import re
import sys
import time
import zipfile
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[1] / "read"), str(Path(__file__).parents[1])]
from documents import automatic_word, make_html, make_markdown, make_pdf, make_rtf, plain_pdf, styled_word, word
from small import check_partition

from kit.errors import KitError
from kit.read.reader import _sentence_rows, read_rows, read_sources
from kit.read.source import Source, extract

MOST_SECONDS = 10.0  # of processor time that one document may take
PLACES = ["柳溪县", "青崖市", "云渚区", "松岭镇", "民國"]
AGENCIES = ["民政局", "水务局", "文化和旅游局", "人民政府", "交通运输局", "中级人民法院", "综合服务中心"]
YEARS = ["2023", "2024", "二〇二三", "民國113", "２０２３", "202X", "十四五", "2021—2025"]
TITLES = ["工作总结", "工作计划", "工作总结及{y}年工作计划", "政府工作报告", "年度工作總結和明年工作計畫", "工作要点"]
HEADS = [
    "{y}年工作总结",
    "存在的问题",
    "{y}年工作计划",
    "主要做法",
    "下一步打算",
    "工作亮点",
    "十五五时期总体要求",
    "目录",
    "附件",
    "保障措施",
]
MARKERS = [
    "一、",
    "二、",
    "（一）",
    "（二）",
    "1.",
    "2．",
    "3、",
    "（1）",
    "①",
    "一是",
    "二是",
    "首先，",
    "第一章",
    "第二节",
    "-",
    "•",
    "##",
    "1.1",
    "(a)",
    "壹、",
    "ⅱ.",
    "十一、",
    "百〇一、",
]
WORK = [
    "新建村级服务站{n}个，完成投资{n}万元。",
    "修复渠道{n}公里，受益{n}户。",
    "生产总值增长{n}%左右。",
    "继续推进“一网通办”；办件{n}万件。",
    "力争救助率达到{n}%以上，同比提高{n}个百分点。",
    "完成XX项目×××万元，惠及**人。",
    "如下：",
    "各位代表：",
    "扎实开展主题教育活动。",
]
NUMBERS = [
    "3",
    "12.5",
    "1,200",
    "一百二十",
    "三十余",
    "XX",
    "×",
    "＊",
    "0",
    "99999999999999999999",
    "1/3",
    "５０",
    "百分之八",
]
SIGNS = [
    "\u200b",
    "\ufeff",
    "\r",
    "\r\n",
    "\t",
    "\u3000",
    "\x00",
    "\x0b",
    "�",
    "\uffff",
    "➢",
    "😀",
    "𠮷",
    "\uf0b7",
    "\u2028",
    "⼀",
    "ﬁ",
    "\u202e",
    "=",
    "+",
    "-",
    "@",
    "＝",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "&",
    "\\",
    "|",
    "*",
    "_",
    "`",
    "#",
    "~",
    "$",
    "^",
    "(",
    ")",
    "（",
    "）",
    "《",
    "》",
    "“",
    "”",
    ".",
    "。",
    "；",
    "…",
    "——",
]
BYTES = [
    b"<w:p>", b"</w:p>", b"<w:tbl>", b"<w:tr>", b"&#13;", b"&#1;", b'w:val="99999999999"', b"\xff\xfe", b"\0", b"<", b">", b"&",
    b"{", b"}", rb"\u99999 ", rb"\bin99999999 ", b"**", b"<div hidden>", b"</b>", b"<ol start=99999999999>", b"\r", b"PK\x03\x04",
    b"\xef\xbf\xbf", b"<w:sym w:char='110000'/>", b"<w:fldChar w:fldCharType='begin'/>", b"endstream", b" 0 obj", b"/Length 1",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"Content-Transfer-Encoding: base64\n", b"--a--", b"\x81", b"charset=utf-7",
]  # fmt: skip


def invent(random: Random) -> str:
    """Invent a text of the genre: reports of titles, headings, items, numbers, and what stands between them."""
    lines = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        title = f"{random.choice(PLACES)}{random.choice(AGENCIES)}{random.choice(YEARS)}年{random.choice(TITLES)}"
        lines += [title] * random.choice((0, 1, 1, 1, 2))
        for _ in range(random.randrange(8)):
            lines.append(random.choice(MARKERS) * random.randrange(2) + random.choice(HEADS))
            lines += [
                random.choice(MARKERS) * random.randrange(2) + random.choice(WORK) for _ in range(random.randrange(5))
            ]
    fill = {"{y}": YEARS, "{n}": NUMBERS}
    text = random.choice(("\n", "\n", "\n\n", "\n\u3000\u3000", "")).join(lines)
    text = re.sub(r"\{[yn]\}", lambda place: random.choice(fill[place[0]]), text)
    return mutate(random, text, SIGNS) if random.random() < 0.7 else text


def mutate(random, whole, signs):
    """Change a text, or bytes, in a few places: put in, leave out, repeat, move."""
    for _ in range(random.choice((1, 1, 2, 4, 12, 30))):
        at, span = random.randrange(len(whole) + 1), random.choice((1, 1, 3, 20, 200))
        piece = random.choice((random.choice(signs), whole[at : at + span] * random.choice((1, 2, 9)), whole[:0]))
        to = random.choice((at, at + span))
        whole = whole[:at] + piece + whole[to:]
    return whole


def check_refusal(refusal: KitError, begins: str) -> None:
    """One line that names the file first."""
    assert str(refusal).startswith(begins)
    assert "\n" not in str(refusal)


def check_text(text: str) -> None:
    """A text is read, or refused in a line; what is read is the text itself, cut into parts and sentences."""
    try:
        compilation = read_sources([Source("txt", "utf-8", text, file="a.txt")], name="a.txt")
    except KitError as refusal:
        check_refusal(refusal, "a.txt")
        return
    check_partition(compilation)
    ends = compilation.parts.set_index("part")["end"]
    for row in compilation.reports.itertuples():
        assert 0 <= row.start <= row.end <= len(compilation.text)
    assert (compilation.sentences["end"] <= ends.reindex(compilation.sentences["part"]).to_numpy()).all()


def check_rows(text: str) -> None:
    """The same of the rows before they are made into tables, which takes twenty times as long as reading does."""
    try:
        reading = read_rows([Source("txt", "utf-8", text, file="a.txt")], name="a.txt")
    except KitError as refusal:
        check_refusal(refusal, "a.txt")
        return
    sentences = list(_sentence_rows(reading))
    for rows in (reading.parts, sentences):
        ends = [0, *(row["end"] for row in rows)]
        assert [row["start"] for row in rows] == ends[:-1]
        assert ends[-1] == len(reading.text)
    ends = {row["part"]: row["end"] for row in reading.parts}
    assert all(row["end"] <= ends[row["part"]] for row in sentences)
    assert all(reading.text.startswith(row["marker"], row["start"]) for row in reading.parts)
    assert all(0 <= row["start"] <= row["end"] <= len(reading.text) for row in reading.rows)
    assert all(0 <= row["start"] <= len(reading.text) for row in reading.doubts)
    assert "\r" not in reading.text or "\r" in text


def seeds(text: str) -> dict[str, list[bytes]]:
    """Documents of every format that hold a text."""
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote>'
    page = make_html(text)
    found = {
        "docx": [automatic_word(text)[0], styled_word("# 总结\n" + text), word("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", footnotes=note)],
        "pdf": [make_pdf(text[:400]), plain_pdf("(abc) Tj T* (def) Tj", "(xyz) Tj")],
        "rtf": [make_rtf(text[:800]).encode("latin-1")],
        "html": [page.encode(), ("<html><table>" + "<tr><td>甲<td>乙" * 5 + "</table><ol start=3><li>x</ol>").encode()],
        "md": [make_markdown(text).encode(), b"---\ntitle: a\n---\n# a\n| a | b |\n|---|---|\n**b** [x](y) &#13; `c`"],
        "txt": [text.encode(), text.encode("gb18030"), text.encode("utf-16")],
        "mht": [b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n--a\nContent-Type: text/html\n\n" + page.encode() + b"\n--a--\n"],
    }  # fmt: skip
    return found | {"docx": found["docx"] + [_packed(each, zipfile.ZIP_STORED) for each in found["docx"]]}


def _packed(content: bytes, method: int, change=lambda part: part) -> bytes:
    """A ZIP packed again, so that changes reach what it holds."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(memory, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return memory.getvalue()


def damage(random: Random, documents: dict[str, list[bytes]]) -> tuple[str, bytes]:
    """Choose a document and damage it; of a packed one now and then what it holds."""
    suffix = random.choice(sorted(documents))
    content = random.choice(documents[suffix])
    if suffix == "docx" and random.random() < 0.4:
        change = lambda part: mutate(random, part, BYTES) if random.random() < 0.5 else part  # noqa: E731
        return suffix, _packed(content, zipfile.ZIP_DEFLATED, change)
    return random.choice((suffix,) * 19 + tuple(documents)[:1]), mutate(random, content, BYTES)


def check_document(suffix: str, content: bytes) -> None:
    """A document is read, or refused in one line that names it, within its time."""
    started = time.process_time()
    try:
        found = extract(content, suffix, name="a")
    except KitError as refusal:
        check_refusal(refusal, "a: expected")
    else:
        assert "\r" not in found.text
        assert all(0 <= start <= end <= len(found.text) for start, end in found.artefacts)
        assert all(0 <= start <= len(found.text) for start, _ in found.headings)
    assert time.process_time() - started < MOST_SECONDS
