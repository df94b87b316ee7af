"""Reports become tokens.

What a token is, in the order in which they are found, each on what the ones before left over:

1. Only the body counts (opening to plan). Numbering markers and masks are never part of a token.
2. Terms of the lexicon with punctuation, digits or letters inside (双随机、一公开; 5G) and its patterns (1+3+N)
   are found on the raw text: leftmost, then longest; never inside a longer run of letters or digits.
3. Letters and digits: a run is one token, with the ``. , - / & +`` that stand between them and a % behind.
   Without a letter it is a ``number``; letters alone, two at least, are a ``word`` (CT); the rest is ``other``.
4. Chinese characters: each run is cut by the segmenter, which knows the lexicon and the stop words. A token made
   of a numeral and at most one measure word is a ``number``; a single character that is no function word is
   ``other``, for cut off from its word it says nothing.

Punctuation and white space are no tokens. Kinds are taken from the first that fits: lexicon, function,
officialese, number, other, word.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from kit import data
from kit.measure.lexicon import HAN, TERMS, Lexicon, read_lexicon
from kit.measure.segment import segmenter
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES, TOKENS, check

_ALNUM = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
_RUN = re.compile(rf"[{_ALNUM}]+(?:[.,/&+．－-][{_ALNUM}]+)*[%％‰]?")
_INSIDE = re.compile(rf"[{_ALNUM}]{{2}}")
_BATCH = 50_000  # runs handed to the segmenter at once: bounds memory


def find_tokens(
    compilation: Compilation,
    *,
    lexicon: str | Path | Iterable[str] | None = None,
    engine: str | None = None,
) -> pd.DataFrame:
    """Cut every report's body into tokens; this module's head says what a token is.

    Parameters
    ----------
    compilation : Compilation
    lexicon : path or iterable of str, optional
        Terms of one's own besides the kit's: a CSV file, or the terms. By default ``2023.terms.csv`` beside the
        compilation, or ``terms.csv`` in its folder, when there is one; ``()`` for none.
    engine : {"rjieba", "jieba"}, optional
        The fastest one installed by default; the tokens are the same.

    Returns
    -------
    DataFrame
        One row per token, in the order of the text (see `tables.TOKENS`); copies included.

    Raises
    ------
    DataError
        When the file of terms cannot be used.
    """
    known = read_lexicon(compilation.own_file(TERMS) if lexicon is None else lexicon)
    text = compilation.text
    sentence_at = _sentence_at(compilation)
    mixed = _find_mixed(text, known, sentence_at)
    for start, end in mixed:
        sentence_at[start:end] = -1
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").copy()
    codes[sentence_at < 0] = ord("\n")
    runs = [match.span() for match in _RUN.finditer(codes.tobytes().decode("utf-32-le"))]
    han = _cut(text, _han_runs(codes, sentence_at), segmenter(known.words, engine))
    spans = np.vstack([np.array(found, dtype="int64").reshape(-1, 2) for found in (mixed, runs, han)])
    order = np.argsort(spans[:, 0])
    return _make(compilation, spans[order], (order < len(mixed)), known)


def _sentence_at(compilation: Compilation) -> np.ndarray:
    """Return for each character the row of its sentence; -1 where no token may stand."""
    at = np.full(len(compilation.text), -1, dtype="int64")
    sentences = compilation.sentences
    body = sentences["role"].isin(BODY_ROLES) & (sentences["report"] > 0)
    for row, (start, end) in zip(np.flatnonzero(body), _spans(sentences[body]), strict=True):
        at[start:end] = row
    for start, end in _spans(compilation.masks):
        at[start:end] = -1
    parts = compilation.parts
    for start, marker in zip(parts["start"], parts["marker"], strict=True):
        at[start : start + len(marker)] = -1
    return at


def _spans(frame: pd.DataFrame) -> np.ndarray:
    return frame[["start", "end"]].to_numpy()


def _find_mixed(text: str, known: Lexicon, sentence_at: np.ndarray) -> list[tuple[int, int]]:
    """Find the terms that hold other than Chinese characters: leftmost, then longest, no overlap."""
    spans = [match.span() for pattern in known.patterns for match in re.finditer(pattern, text) if match.group()]
    spans += find_longest(text, known.mixed)
    found, free = [], 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        inside = _INSIDE.match(text, start - 1) if start else None
        within_run = inside or _INSIDE.match(text, end - 1)
        first = sentence_at[start]
        if start >= free and not within_run and first >= 0 and (sentence_at[start:end] == first).all():
            found.append((start, end))
            free = end
    return found


def find_longest(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Return where the words stand in the text: leftmost, then longest, no overlap (Aho & Corasick 1975)."""
    from ahocorasick import Automaton  # noqa: PLC0415, not needed to import the kit

    automaton = Automaton()
    for word in words:
        automaton.add_word(word, len(word))
    automaton.make_automaton()
    return [(last + 1 - length, last + 1) for last, length in automaton.iter_long(text)] if words else []


def _han_runs(codes: np.ndarray, sentence_at: np.ndarray) -> np.ndarray:
    """Return start and end of each run of Chinese characters within a sentence."""
    first, last = HAN.split("-")
    at = np.flatnonzero((codes >= ord(first)) & (codes <= ord(last)))
    breaks = np.flatnonzero((np.diff(at) > 1) | (np.diff(sentence_at[at]) != 0)) + 1
    if not len(at):
        return np.empty((0, 2), dtype="int64")
    return np.column_stack([at[np.r_[0, breaks]], at[np.r_[breaks, len(at)] - 1] + 1])


def _cut(text: str, runs: np.ndarray, cut: Callable[[str], list[str]]) -> np.ndarray:
    """Return start and end of each word in the runs; they are cut many at once, parted by line ends."""
    found = [np.empty((0, 2), dtype="int64")]
    for first in range(0, len(runs), _BATCH):
        some = runs[first : first + _BATCH]
        starts, ends = some.T.tolist()
        words = cut("\n".join([text[start:end] for start, end in zip(starts, ends, strict=True)]))
        parting = np.fromiter((word == "\n" for word in words), dtype=bool, count=len(words))
        stops = np.cumsum(np.fromiter(map(len, words), dtype="int64", count=len(words)))
        run = np.cumsum(parting)
        shift = some[:, 0] - np.r_[0, np.cumsum(some[:-1, 1] - some[:-1, 0] + 1)]
        found.append((np.column_stack([np.r_[0, stops[:-1]], stops]) + shift[run, None])[~parting])
    return np.vstack(found)


def _make(compilation: Compilation, spans: np.ndarray, is_mixed: np.ndarray, known: Lexicon) -> pd.DataFrame:
    """Build the table column by column: a million rows of dicts would not fit."""
    text, sentences = compilation.text, compilation.sentences
    starts, ends = spans.T.tolist()
    same: dict[str, str] = {}  # one string for each term, however often it stands
    found = (text[start:end] for start, end in zip(starts, ends, strict=True))
    codes, terms = pd.factorize(np.array([same.setdefault(term, term) for term in found], dtype=object))
    kinds = np.array([kind_of(term, known) for term in terms], dtype=object)
    row = np.searchsorted(sentences["start"].to_numpy(), spans[:, 0], side="right") - 1
    frame = pd.DataFrame(
        {
            "term": terms[codes],
            "kind": np.where(is_mixed, "lexicon", kinds[codes]),
            **{name: sentences[name].to_numpy()[row] for name in ("report", "sentence", "role")},
            "start": spans[:, 0],
            "end": spans[:, 1],
        }
    )
    return check(frame.astype({"term": "str", "kind": "str", "role": "str"}), TOKENS)


def kind_of(term: str, known: Lexicon) -> str:
    """Return the kind of a token, by the rules in this module's head."""
    for kind, words in (
        ("lexicon", known.terms),
        ("function", known.function),
        ("officialese", known.officialese),
    ):
        if term in words:
            return kind
    if _numeral().fullmatch(term) or (_RUN.fullmatch(term) and not re.search("[A-Za-zＡ-Ｚａ-ｚ]", term)):
        return "number"
    is_plain = len(term) > 1 and not re.search(r"[\d%％‰.,/&+．－-]", term)
    return "word" if is_plain else "other"


@cache
def _numeral() -> re.Pattern[str]:
    number = data.knowledge("stopwords.toml")["number"]
    return re.compile(f"{number['ordinal']}?[{number['numerals']}]+[{number['measures']}]?")
