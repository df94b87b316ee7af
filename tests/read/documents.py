"""Documents made from texts, for tests: Word with typed and with automatic numbers, PDF, HTML, Markdown, RTF."""

import html
import importlib.util
import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
HAN = "一二三四五六七八九十"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
LEVELS = (  # number format, text of the level, and the marker it stands for
    ("chineseCountingThousand", "%1、", rf"([{HAN}]{{1,3}})、"),
    ("chineseCounting", "（%2）", rf"（([{HAN}]{{1,3}})）"),
    ("decimal", "%3.", r"(\d{1,2})\.(?!\d)"),
    ("decimal", "（%4）", r"（(\d{1,2})）"),
    ("decimalEnclosedCircle", "%5", f"([{CIRCLED}])"),
)


def paragraph(text, properties=""):
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r></w:p>'


def word(body, **parts):
    """A .docx whose body is ``body``; further parts by the kind of their relation: numbering, styles, footnotes."""
    names = {f"word/{kind}.xml": kind for kind in parts}
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in [*parts, "missing"]
    )
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        f'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
        **{
            name: f'<w:{kind} xmlns:w="{W}">{parts[kind]}</w:{kind}>' for name, kind in names.items()
        },
    }  # fmt: skip
    return pack(files)


def pack(files):
    """A ZIP of name to text or bytes."""
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def typed_word(text):
    return word("".join(paragraph(line) for line in text.split("\n") if line.strip()))


def styled_word(text):
    """A .docx of lines styled by their signs: ``#`` Word's Title, ``##`` its Heading 1, and so on."""
    names = ["Title", *(f"heading {n}" for n in range(1, 6))]
    styles = "".join(f'<w:style w:styleId="s{n}"><w:name w:val="{name}"/></w:style>' for n, name in enumerate(names, 1))
    lines = (re.match(r"(#*) ?(.*)", line).groups() for line in text.split("\n") if line.strip())
    body = (paragraph(line, f'<w:pStyle w:val="s{len(signs)}"/>' if signs else "") for signs, line in lines)
    return word("".join(body), styles=styles)


def wrap(text, measure, *, indent="", blank=False):
    """A text whose lines were broken at a measure, in characters, as copied from a page."""
    rows = []
    for line in filter(str.strip, text.split("\n")):
        row = indent
        for sign in line.strip():
            if len(row) >= measure and sign not in "，。、；：）》”！？":
                rows.append(row)
                row = ""
            row += sign
        rows += [row, ""] if blank else [row]
    return "\n".join(rows) + "\n"


def automatic_word(text):
    """A .docx in which Word numbers the lines itself, where a level of its list can, and the number of such lines."""
    counts, body, numbers = [0] * len(LEVELS), [], ['<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>']
    current, n_automatic = 1, 0
    for line in filter(str.strip, text.split("\n")):
        found = next(((n, m) for n, (_, _, marker) in enumerate(LEVELS) if (m := re.match(marker, line))), None)
        if found is None:
            body.append(paragraph(line))
            continue
        level, match = found
        for shallower in range(level - 1, -1, -1):  # Word counts a level that was passed over
            if counts[shallower]:
                break
            counts[shallower] = 1
        ordinal = _ordinal(match.group(1))
        if ordinal != counts[level] + 1:
            current = len(numbers) + 1
            numbers.append(
                f'<w:num w:numId="{current}"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="{level}">'
                f'<w:startOverride w:val="{ordinal}"/></w:lvlOverride></w:num>'
            )
        counts[level:] = [ordinal] + [0] * (len(LEVELS) - level - 1)
        number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{current}"/></w:numPr>'
        body.append(paragraph(line[match.end() :], number))
        n_automatic += 1
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for n, (style, shown, _) in enumerate(LEVELS)
    )
    abstract = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    return word("".join(body), numbering=abstract + "".join(numbers)), n_automatic


def _ordinal(written):
    if written.isdecimal():
        return int(written)
    if written in CIRCLED:
        return CIRCLED.index(written) + 1
    tens, ten, units = written.partition("十")
    if not ten:
        return HAN.index(written) + 1
    return 10 * (HAN.index(tens) + 1 if tens else 1) + (HAN.index(units) + 1 if units else 0)


def _never(_line):
    return False


def font_file():
    """The font that zhplot carries."""
    return Path(importlib.util.find_spec("zhplot").origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


def make_pdf(text, *, head="工作总结汇编", size=16, is_title=_never, new_page=True):
    """A PDF as an office prints it: first lines indented, titles larger, centred and on a new page, page numbers."""
    import fpdf

    page = fpdf.FPDF(format="A4", unit="pt")
    page.add_font("noto", fname=font_file())
    page.set_auto_page_break(auto=True, margin=72)
    page.header = lambda: head and _place(page, head, 40, 10)
    page.footer = lambda: head and _place(page, f"— {page.page_no()} —", page.h - 40, 10)
    page.add_page()
    page.set_y(72)
    for line in filter(str.strip, text.split("\n")):
        title = is_title(line)
        if title and new_page:
            page.add_page()
        for number, row in enumerate(_wrap(page, line.strip(), size + 6 * title, 0 if title else 2 * size)):
            if page.get_y() > page.h - 90:
                page.add_page()
            page.set_y(max(page.get_y(), 72))
            width = page.get_string_width(row)
            page.set_x((page.w - width) / 2 if title else 72 + (0 if number else 2 * size))
            page.cell(text=row, h=size * 1.7, new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def _place(page, text, y, size):
    page.set_font("noto", size=size)
    page.text(page.w / 2 - page.get_string_width(text) / 2, y, text)


def _wrap(page, line, size, indent):
    page.set_font("noto", size=size)
    width, row = page.w - 144 - indent, ""
    for sign in line:
        if page.get_string_width(row + sign) > width and sign not in "，。、；：）》”！？":
            yield row
            width, row = page.w - 144, ""
        row += sign
    yield row


def plain_pdf(*pages):
    """A PDF of Latin text alone, by hand; each page is the operators of its text."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for n, page in enumerate(pages):
        content = zlib.compress(f"BT /F1 12 Tf 1 0 0 1 72 800 Tm 14 TL {page} ET".encode())
        box = "/MediaBox[0 0 600 900]/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Contents {5 + 2 * n} 0 R>>".encode())
        objects.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content))
    body = b"".join(b"%d 0 obj%s endobj\n" % (n, one) for n, one in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>"


def make_html(text):
    lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>网页</title><style>p{color:red}</style></head><body>"
        f"<nav><a href='/'>首页</a></nav><div>{lines}</div><script>var a='工作总结';</script>"
        "<footer>页脚</footer></body></html>"
    )


def make_markdown(text, *, is_title=_never):
    escaped = [re.sub(r"([*_#<\[\\])", r"\\\1", line.strip()) for line in text.split("\n") if line.strip()]
    return "\n\n".join(f"# {line}" if is_title(line) else line for line in escaped) + "\n"


def make_rtf(text):
    """RTF in which every second paragraph is GBK bytes and every other Unicode escapes."""
    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}\f0\uc1 "
    lines = [line for line in text.split("\n") if line.strip()]
    return head + "".join(_rtf(line, as_bytes=n % 2 == 0) + "\\par\n" for n, line in enumerate(lines)) + "}"


def _rtf(line, *, as_bytes):
    pieces = []
    for sign in line:
        if sign in "\\{}":
            pieces.append("\\" + sign)
        elif sign.isascii():
            pieces.append(sign)
        else:
            raw = sign.encode("gbk", errors="ignore") if as_bytes else b""
            pieces.append("".join(f"\\'{byte:02x}" for byte in raw) or f"\\u{_signed(ord(sign))}?")
    return "".join(pieces)


def _signed(code):
    return code if code < 0x8000 else code - 0x10000
