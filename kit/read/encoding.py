"""Bytes become characters, and one character is read as another where both say the same.

The encodings of Chinese offices are told apart without guessing by statistics of letters. Whatever is replaced or
folded is one character for one, so that every offset stays.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from kit.data import knowledge
from kit.errors import SourceError

ADVICE = "save it as plain text (UTF-8 or GB18030) and try again"
TITLE = 0  # the level of a title
FRAMED = 200  # characters of a table's cell of several paragraphs that is no datum but a text in a frame
_NARROW = ("utf-8", "gb18030", "big5hkscs")
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")  # without a mark; their line ends hold NULs
_SAMPLE = 100_000
_EXPECTED = re.compile(r"[\t\n\r -~\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_STOPS = re.compile("[\u3001\u3002\uff0c]")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w-]{2,20})""", re.IGNORECASE)
_PLANES = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
# No character (Unicode 23.7), or half of one.
_NO_CHARACTER = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # all but those that end lines, and the tab


def unreadable(name: object, expected: str, found: str, remedy: str) -> SourceError:
    """The error of every file that is not read: what was expected, what was found, what to do."""
    return SourceError(f"{name}: expected {expected}, found {found}; {remedy}")


class Block(NamedTuple):
    """A line of a document: a paragraph, a row of a table, a running head."""

    text: str
    aside: bool = False  # no running text
    level: int | None = None  # of a heading: 0 for a title, 1 to 9 outermost first


def decode(content: bytes, *, name: str, declared: str = "") -> tuple[str, str]:
    """Decode bytes: a byte order mark decides, else what was declared, else the first encoding that gives text."""
    # UTF-8 is strict, so it never takes another's bytes. Big5 comes behind GB18030: its punctuation lies in a zone that
    # GB18030 leaves to private use, so its text is no text there.
    boms = knowledge("formats.toml")["boms"]
    marked = next((encoding for bom, encoding in boms if content.startswith(bytes.fromhex(bom))), None)
    wide = b"\0" in content[:_SAMPLE]
    for encoding in (marked,) if marked else (declared or "utf-8", *(_WIDE if wide else _NARROW)):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8" and _is_almost_utf8(content):
                break
            continue
        if _is_text(text, "" if encoding == declared else encoding):
            return text.replace("\r\n", "\n").replace("\r", "\n"), encoding.removesuffix("-sig")
    raise unreadable(name, "text in UTF-8, UTF-16, GB18030 or Big5", _describe(content, marked), ADVICE)


def _is_text(text: str, encoding: str) -> bool:
    """Binary files decode now and then; they hold NULs, control characters or private-use characters en masse."""
    sample = text[:_SAMPLE]
    if "\0" in text or not sample:
        return not sample
    if encoding in _WIDE:
        return len(_EXPECTED.findall(sample)) > 0.95 * len(sample)
    if encoding.startswith("big5"):
        return len(_STOPS.findall(sample)) > 0.01 * len(sample)
    odd = sum(1 for c in sample if (c < " " and c not in "\n\r\t\f\v\x1a") or "\ue000" <= c <= "\uf8ff")
    return odd <= len(sample) // 100


def _is_almost_utf8(content: bytes) -> bool:
    """Whether bytes that are not UTF-8 only have a flaw in it; another encoding's bytes are wrong throughout."""
    head = content[:_SAMPLE].decode("utf-8", errors="replace")
    flaws = head.count("\ufffd")
    return sum(c > "\x7f" for c in head) > 10 * flaws


def _describe(content: bytes, marked: str | None) -> str:
    if marked:
        return f"damaged {marked.upper().removesuffix('-SIG')}"
    if b"\0" in content:
        return f"a NUL byte at {content.index(bytes(1)):,} (a binary or damaged file)"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"UTF-8 damaged at byte {error.start:,}" if _is_almost_utf8(content) else "bytes that are none of these"
    return "control characters (a binary file)"


def known_encoding(declared: str) -> str:
    """The encoding to read a declared one as; empty when it is none of a Chinese page."""
    return knowledge("formats.toml")["declared"].get(declared.lower(), "")


def declared_charset(content: bytes) -> str:
    """The encoding an HTML page names in its head; empty when it names none that can be. GB2312 is read as GB18030."""
    found = _CHARSET.search(content[:4096])
    return known_encoding(found.group(1).decode("ascii", errors="ignore")) if found else ""


def join_surrogates(text: str) -> str:
    """Make one character of each surrogate pair, which some formats hold, and of a lone surrogate U+FFFD."""
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")


def replace_signs(text: str) -> tuple[str, list[str]]:
    r"""Replace what no text may hold, one character by one."""
    text = text.replace("\r", "\n")
    found = {*_CONTROL.findall(text), *_NO_CHARACTER.findall(text)}
    if found:
        text = _NO_CHARACTER.sub("\ufffd", _CONTROL.sub(" ", text))
    return text, [f"U+{ord(sign):04X}" for sign in sorted(found)]


@cache
def radicals() -> dict[int, str]:
    """Signs for radicals, which PDF writers put for the characters that look the same, to those characters."""
    known = knowledge("formats.toml")["pdf"]
    listed = zip(map(ord, known["radicals"]), known["characters"], strict=True)
    return {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0x2F00, 0x2FD6)} | dict(listed)


@cache
def _folded() -> dict[str, str]:
    """Characters that are read as another, to those."""
    variants = knowledge("variants.toml")
    simplified = dict(zip(variants["written"], variants["read"], strict=True))
    signs = (chr(code) for first, last in variants["compatible"] for code in range(ord(first), ord(last) + 1))
    alike = {sign: unicodedata.normalize("NFKC", sign) for sign in signs}
    alike |= {chr(code): character for code, character in radicals().items()}
    return simplified | {sign: simplified.get(one, one) for sign, one in alike.items() if len(one) == 1}


def fold(text: str) -> str:
    """Return a text of the same length in which words are found however they are written."""
    for written, read in knowledge("variants.toml")["words"].items():
        text = text.replace(written, read)
    known = _folded()
    found = known.keys() & set(text)  # few or none in a simplified text, which is then not looked through
    return text.translate({ord(sign): known[sign] for sign in found}) if found else text
