"""Bytes become text: the encodings of Chinese offices, told apart without guessing by statistics of letters."""

import codecs
import re

from kit.errors import SourceError

ADVICE = "save it as plain text (UTF-8 or GB18030) and try again"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NARROW = ("utf-8", "gb18030", "big5hkscs")
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")  # without a mark; their line ends hold NULs
_SAMPLE = 100_000
_EXPECTED = re.compile(r"[\t\n\r -~\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_STOPS = re.compile("[\u3001\u3002\uff0c]")


def decode(content: bytes, *, name: str, declared: str = "") -> tuple[str, str]:
    r"""Decode bytes: a byte order mark decides, else what was declared, else the first encoding that gives text.

    UTF-8 is strict, so it never takes another's bytes. Big5 comes behind GB18030: its punctuation lies in a zone
    that GB18030 leaves to private use, so its text is no text there. UTF-16 and UTF-32 without a mark are tried
    where bytes hold NULs, and have to give Chinese.

    Parameters
    ----------
    content : bytes
    name : str
        What to call the file in an error.
    declared : str
        The encoding that the file itself names (an HTML page), if it does.

    Returns
    -------
    text : str
        Line ends as ``\n``.
    encoding : str

    Raises
    ------
    SourceError
        When the bytes are binary, damaged, or decode in none of these.
    """
    marked = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    wide = b"\0" in content[:_SAMPLE]
    for encoding in (marked,) if marked else (declared or "utf-8", *(_WIDE if wide else _NARROW)):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            if encoding == "utf-8" and _is_almost_utf8(content):
                break
            continue
        if _is_text(text, "" if encoding == declared else encoding):
            return text.replace("\r\n", "\n").replace("\r", "\n"), encoding.removesuffix("-sig")
    message = f"{name}: expected text in UTF-8, UTF-16, GB18030 or Big5, found {_describe(content, marked)}; {ADVICE}"
    raise SourceError(message)


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


def join_surrogates(text: str) -> str:
    """Make one character of each surrogate pair, which some formats hold, and of a lone surrogate U+FFFD."""
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
