"""The words the kit knows: terms of the field, the user's own, function words and officialese."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit import data
from kit.errors import DataError

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
    """Read a file of terms: CSV in UTF-8 with a column ``term``; lines that begin with # are remarks.

    Raises
    ------
    DataError
        When the file cannot be read, has no such column, or a line has no term or a pattern that is none.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: expected a CSV file of terms in UTF-8, but {error}; check the name or save it as UTF-8"
        raise DataError(message) from error
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    rows = list(csv.DictReader(line for _, line in kept))
    if "term" not in (rows[0] if rows else {"term"}):
        message = f"{file}: expected a column 'term' in its first line, found {list(rows[0])}; add the header"
        raise DataError(message)
    for (number, _), row in zip(kept[1:], rows, strict=True):
        _check_term(row["term"], row.get("group"), f"{file}, line {number}")
    return rows


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
    terms = frozenset(row["term"] for row in rows if row["group"] != PATTERN)
    patterns = tuple(row["term"] for row in rows if row["group"] == PATTERN)
    return Lexicon(terms, patterns, function, officialese)


def read_lexicon(own: str | Path | Iterable[str] | None = None) -> Lexicon:
    """Return the kit's lexicon with the user's own terms.

    Parameters
    ----------
    own : path or iterable of str, optional
        A file of terms (see `read_words`) or the terms themselves. A term of one's own wins over the stop words.
    """
    shipped = _shipped()
    if own is None:
        return shipped
    rows = read_words(Path(own)) if isinstance(own, str | Path) else [{"term": term} for term in own]
    patterns = tuple(row["term"] for row in rows if row.get("group") == PATTERN)
    terms = frozenset(row["term"].strip() for row in rows if row.get("group") != PATTERN)
    return Lexicon(
        shipped.terms | terms,
        shipped.patterns + patterns,
        shipped.function - terms,
        shipped.officialese - terms,
    )


def terms_file(source: str | Path) -> Path:
    """Return where the user's own terms for a source stand, whether or not the file exists.

    ``2023.terms.csv`` beside a file ``2023.txt``; ``terms.csv`` inside a folder.
    """
    source = Path(source)
    return source / "terms.csv" if source.is_dir() else source.with_name(f"{source.stem}.terms.csv")


def read_own_terms(source: str | Path) -> list[str]:
    """Return the user's own terms for a source; none when there is no such file (see `terms_file`)."""
    file = terms_file(source)
    return [row["term"].strip() for row in read_words(file)] if file.exists() else []


def export_own_terms(terms: Iterable[str], source: str | Path) -> Path:
    """Add terms to the user's own for a source; those that stand there stay.

    Parameters
    ----------
    terms : iterable of str
        Accepted words, such as the column ``term`` of `find_new_words`.
    source : path
        The compilation's file or folder; the terms go beside it (see `terms_file`).

    Returns
    -------
    Path
        The file: CSV in UTF-8 with byte order mark, so that Excel opens it; one term a line.
    """
    file = terms_file(source)
    there = read_own_terms(source)
    new = [term for term in dict.fromkeys(map(str.strip, terms)) if term and term not in there]
    with file.open("a", encoding="utf-8" if file.exists() else "utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        if handle.tell() == 0 or not there:
            writer.writerow(HEADER)
        writer.writerows((term, "own", "") for term in new)
    return file
