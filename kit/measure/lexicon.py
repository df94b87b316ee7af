"""The words the kit knows: terms of the field, the user's own, function words and officialese."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit import data
from kit.data import own_file
from kit.errors import DataError

TERMS = "terms.csv"  # the name of a user's own file, see `kit.data.own_file`
HEADER = ("term", "group", "note")
PATTERN = "pattern"
HAN = "\u4e00-\u9fd5"  # the characters that jieba cuts; all others are handled before it


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What is looked for in a text.

    Attributes
    ----------
    terms : frozenset of str
        Terms of the field, and the user's own.
    patterns : tuple of str
        Regular expressions for terms with a number in them, such as 1+3+N.
    function, officialese : frozenset of str
        The two lists of stop words.
    """

    terms: frozenset[str]
    patterns: tuple[str, ...]
    function: frozenset[str]
    officialese: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """The words of Chinese characters alone: those the segmenter learns."""
        known = self.terms | self.function | self.officialese
        return frozenset(word for word in known if re.fullmatch(f"[{HAN}]{{2,}}", word))

    @property
    def mixed(self) -> list[str]:
        """The terms with punctuation, digits or letters inside: found before the segmenter sees the text."""
        return sorted(term for term in self.terms if not re.fullmatch(f"[{HAN}]+", term))


def read_words(file: Path) -> list[dict[str, str]]:
    """Read a file of terms: CSV with a column ``term``; lines that begin with # are remarks.

    Parameters
    ----------
    file : Path
        In UTF-8, or in GB18030 as Excel writes it. The columns ``group`` and ``note`` may be missing; a term of
        the group ``pattern`` is a regular expression.

    Raises
    ------
    DataError
        When the file cannot be read, has no such column, or a line has no term or a pattern that is none.
    """
    lines = [(number, line) for number, line in enumerate(_text_of(file).split("\n"), 1) if _is_row(line)]
    reader = csv.DictReader(line for _, line in lines)
    if lines and "term" not in (reader.fieldnames or ()):
        found = f"{file}, line {lines[0][0]}: expected a header with 'term', found {list(reader.fieldnames or ())}"
        message = f"{found}; add the line {','.join(HEADER)}"
        raise DataError(message)
    rows = []
    for row in reader:
        _check_term(row["term"], row.get("group"), f"{file}, line {lines[reader.line_num - 1][0]}")
        rows.append(row | {"term": row["term"].strip()})
    return rows


def _text_of(file: Path) -> str:
    try:
        content = file.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: expected a CSV file of terms, but {error}; check its name and save it as UTF-8"
        raise DataError(message) from error
    return text.replace("\r\n", "\n")


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _check_term(term: str | None, group: str | None, place: str) -> None:
    if not (term or "").strip():
        message = f"{place}: expected a term, found none; fill the line or delete it"
        raise DataError(message)
    if group == PATTERN:
        try:
            re.compile(str(term))
        except re.error as error:
            message = f"{place}: expected a regular expression, found {term!r} ({error}); mend the pattern"
            raise DataError(message) from error


@cache
def _shipped() -> Lexicon:
    rows = read_words(data.path("lexicon.csv"))
    stopwords = data.knowledge("stopwords.toml")
    function, officialese = (
        frozenset(word for group in stopwords[name].values() for word in group["words"].split())
        for name in ("function", "officialese")
    )
    return Lexicon(*_sorted_out(rows), function, officialese)


def _sorted_out(rows: list[dict[str, str]]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the terms and the patterns of a file."""
    patterns = tuple(row["term"] for row in rows if row.get("group") == PATTERN)
    return frozenset(row["term"] for row in rows if row.get("group") != PATTERN), patterns


def read_lexicon(own: str | Path | Iterable[str] | None = None) -> Lexicon:
    """Return the kit's lexicon with the user's own terms.

    Parameters
    ----------
    own : path or iterable of str, optional
        A file of terms (see `read_words`), or the terms themselves. They win over the stop words.
    """
    shipped = _shipped()
    if own is None:
        return shipped
    rows = read_words(Path(own)) if isinstance(own, str | Path) else [{"term": term} for term in own]
    terms, patterns = _sorted_out(rows)
    return Lexicon(shipped.terms | terms, shipped.patterns + patterns, shipped.function, shipped.officialese)


def export_own_terms(terms: Iterable[str], source: str | Path) -> Path:
    """Add terms to the user's own for a source; what stands in the file stays.

    Parameters
    ----------
    terms : iterable of str
        Accepted words, such as the column ``term`` of `find_new_words`.
    source : path
        The compilation's file or folder; the terms go beside it (see `kit.data.own_file`).

    Returns
    -------
    Path
        The file: CSV in UTF-8 with byte order mark, so that Excel opens it; one term a line.
    """
    file = own_file(Path(source), TERMS)
    there = {row["term"] for row in read_words(file)} if file.exists() else set()
    text = _text_of(file).rstrip("\n") + "\n" if file.exists() else ""
    header = next(filter(_is_row, text.split("\n")), None)
    fields = next(csv.reader([header])) if header else list(HEADER)
    new = [term for term in dict.fromkeys(map(str.strip, terms)) if term and term not in there]
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        handle.write(text)
        writer = csv.DictWriter(handle, fields, lineterminator="\n", extrasaction="ignore")
        if not header:
            writer.writeheader()
        writer.writerows({"term": term, "group": "own", "note": ""} for term in new)
    return file
