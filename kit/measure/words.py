"""Reports become words.

What stands here is built on what comes before: the lexicon (terms of the field, the user's own, function words and
officialese), the segmenter that cuts Chinese text and knows the lexicon's words, the tokens of a compilation; at the
end words in their context, and those that no dictionary knows yet.

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

import csv
import logging
import re
import warnings
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from itertools import accumulate, compress, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit import data
from kit.data import any_of
from kit.errors import DataError
from kit.measure.items import find_paths
from kit.read.compilation import Compilation
from kit.read.overrides import OwnPattern
from kit.tables import BODY_ROLES, CONTEXTS, NEW_WORDS, TOKENS, check, make, rows_of

TERMS = "terms.csv"  # the name of a user's own file, see `kit.data.own_file`
HEADER = ("term", "group", "note")
PATTERN = "pattern"  # the group of terms that are regular expressions
HAN = "\u4e00-\u9fd5"  # the characters that jieba cuts; all others are handled before it
GENERAL_TOTAL = 60_101_967  # words of running text that jieba's dictionary was counted on
ENGINES = ("rjieba", "jieba")  # the faster first; both cut runs of Chinese characters alike

INSIDE = ("lexicon", "word", "other", "number")  # kinds of token that a new word may be made of
MOST_PARTS, LEAST, VARIED = 4, 4, 1.0  # tokens in a new word, how often it stands, bits of what stands beside it
CONTEXT = 12  # characters shown on either side of a new word
MOST_CHANGES = 6
_LINE_ENDS = str.maketrans("\n\r\t\u3000", "    ")
_DIGIT = "0-9０-９"
_ALNUM = f"A-Za-zＡ-Ｚａ-ｚ{_DIGIT}"
_RUN, _FIGURE = (re.compile(rf"[{inside}]+(?:[.,/&+．－-][{inside}]+)*[%％‰]?") for inside in (_ALNUM, _DIGIT))
_INSIDE = re.compile(rf"[{_ALNUM}]{{2}}")
_NO_WORD = re.compile(r"[\d%％‰.,/&+．－-]")
_BATCH = 50_000  # runs handed to the segmenter at once: bounds memory


# ---- The lexicon ----


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What is looked for in a text."""

    terms: frozenset[str]
    patterns: tuple[Any, ...]  # compiled; a user's are `kit.read.overrides.OwnPattern`
    function: frozenset[str]
    officialese: frozenset[str]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of Chinese characters alone: those the segmenter learns."""
        known = self.terms | self.function | self.officialese
        return frozenset(word for word in known if re.fullmatch(f"[{HAN}]{{2,}}", word))

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of token that each word is; of several lists the first in the order of the module's head."""
        lists = {"officialese": self.officialese, "function": self.function, "lexicon": self.terms}
        return {word: kind for kind, words in lists.items() for word in words}

    @cached_property
    def mixed(self) -> list[str]:
        """The terms with punctuation, digits or letters inside: found before the segmenter sees the text."""
        return sorted(term for term in self.terms if not re.fullmatch(f"[{HAN}]+", term))


def read_lexicon(own: str | Path | Iterable[str] | None = None) -> Lexicon:
    """Return the kit's lexicon with the user's own terms."""
    shipped = _shipped()
    if not isinstance(own, str | Path):
        return replace(shipped, terms=shipped.terms | frozenset(own)) if own else shipped
    rows = read_words(Path(own))
    patterns = tuple(OwnPattern(row["term"], row["place"]) for row in rows if row["group"] == PATTERN)
    return replace(shipped, terms=shipped.terms | _terms(rows), patterns=shipped.patterns + patterns)


@cache
def _shipped() -> Lexicon:
    stopwords = data.knowledge("stopwords.toml")
    function, officialese = (
        frozenset(word for group in stopwords[name].values() for word in group["words"].split())
        for name in ("function", "officialese")
    )
    rows = read_words(data.path("lexicon.csv"))
    patterns = tuple(re.compile(row["term"]) for row in rows if row["group"] == PATTERN)
    return Lexicon(_terms(rows), patterns, function, officialese)


def _terms(rows: list[dict[str, str]]) -> frozenset[str]:
    return frozenset(row["term"] for row in rows if row["group"] != PATTERN)


def read_words(file: Path) -> list[dict[str, str]]:
    """Read a file of terms: CSV with a column ``term``; lines that begin with # are remarks."""
    # Each row has its term, its group and the place by which an error names it.
    lines = [(number, line) for number, line in enumerate(_text_of(file).split("\n"), 1) if _is_row(line)]
    reader = csv.DictReader((line for _, line in lines), restval="", strict=True)
    rows: list[dict[str, str]] = []
    try:
        if lines and "term" not in (reader.fieldnames or ()):
            found = f"{file}, line {lines[0][0]}: expected a header with 'term', found {list(reader.fieldnames or ())}"
            message = f"{found}; add the line {','.join(HEADER)}"
            raise DataError(message)
        for row in reader:
            place = f"{file}, line {lines[reader.line_num - 1][0]}"
            if not row["term"].strip():
                message = f"{place}: expected a term, found none; fill the line or delete it"
                raise DataError(message)
            rows.append({"group": "", **row, "term": row["term"].strip(), "place": place})
    except csv.Error as error:
        message = f"{file}, line {reader.line_num}: expected CSV, but {error}; mend that line"
        raise DataError(message) from error
    return rows


def _text_of(file: Path) -> str:
    try:
        with suppress(UnicodeDecodeError):
            return file.read_text(encoding="utf-8-sig")
        return file.read_text(encoding="gb18030")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: expected a CSV file of terms, but {error}; check its name and save it as UTF-8"
        raise DataError(message) from error


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


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
    file = data.own_file(Path(source), TERMS)
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


# ---- The segmenter ----


@dataclass(frozen=True)
class Segmenter:
    """What cuts a text into words, with how often its sources have a word, and all of them."""

    cut: Callable[[str], list[str]]
    frequency: Callable[[str], int | None]
    total: int


@lru_cache(maxsize=2)
def segmenter(words: frozenset[str], engine: str | None) -> Segmenter:
    """Return what cuts a text into words, and knows ``words`` besides jieba's dictionary."""
    engine = engine or next(name for name in ENGINES if find_spec(name))
    if engine == "jieba":
        tokenizer = new_tokenizer(words)
        return Segmenter(tokenizer.lcut, tokenizer.FREQ.get, tokenizer.total)
    import rjieba  # noqa: PLC0415, installed where there is a wheel for it

    # Frequencies are reckoned as jieba does: rjieba's own suggestion differs in the last digit, and with it the cut.
    fast, known, total = rjieba.Jieba(), _Frequencies(), GENERAL_TOTAL
    for word in _in_order(words):
        before, chance = known.get(word, 0), 1.0
        for piece in fast.cut(word, hmm=False):
            chance *= (known.get(piece) or 1) / total
        known[word] = often = max(int(chance * total) + 1, before)
        total += often - before
        fast.add_word(word, often, None)
    return Segmenter(fast.cut, known.get, total)


def _in_order(words: frozenset[str]) -> list[str]:
    """Return the words, short before long: a long one must outweigh the short ones inside it."""
    return sorted(words, key=lambda word: (len(word), word))


@lru_cache(maxsize=1 << 16)
def general_frequency(word: str) -> int | None:
    """Return how often jieba's dictionary counts a word; 0 for what only begins words of it, None for what does not."""
    lines = _general_words()
    line = lines[bisect_left(lines, word)]  # of all that begin with a word its own comes first
    return int(line.split(" ")[1]) if line.startswith(f"{word} ") else 0 if line.startswith(word) else None


@cache
def _general_words() -> list[str]:
    """Return jieba's dictionary, sorted lines of ``word frequency class``; jieba itself loads ten times as long."""
    file = Path(str(find_spec("jieba").origin)).with_name("dict.txt")  # type: ignore[union-attr]
    return [*sorted(file.read_text(encoding="utf-8").split("\n")), "\U0010ffff"]  # the last is past every word


class _Frequencies(dict[str, int | None]):
    """What a segmenter knows: of jieba's dictionary what a text has asked for, which is little, and words added."""

    def __missing__(self, word: str) -> int | None:
        if (found := general_frequency(word)) is not None:
            self[word] = found
        return found

    def __contains__(self, word: object) -> bool:
        return self[str(word)] is not None

    def get(self, word: str, default: Any = None) -> Any:
        """Return the frequency of a word, which `dict` would not look up."""
        found = self[word]
        return default if found is None else found


@lru_cache(maxsize=2)
def new_tokenizer(words: frozenset[str]) -> Any:
    """Return the kit's own ``jieba.Tokenizer`` that knows ``words``; made once, it says nothing on stderr."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in its patterns
        jieba = data.import_without("jieba", "pkg_resources")
    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = _Frequencies(), GENERAL_TOTAL, True
    for word in _in_order(words):
        before = tokenizer.FREQ.get(word, 0)
        tokenizer.add_word(word)
        tokenizer.total -= before  # jieba counts a word it knew twice; rjieba does not
    return tokenizer


# ---- Tokens ----


def find_tokens(
    compilation: Compilation, *, lexicon: str | Path | Iterable[str] | None = None, engine: str | None = None
) -> pd.DataFrame:
    """Cut every report's body into tokens; this module's head says what a token is."""
    known = read_lexicon(compilation.own_file(TERMS) if lexicon is None else lexicon)
    text = compilation.text
    sentence_at = _sentence_at(compilation)
    mixed = _find_mixed(text, known, sentence_at)
    for start, end in mixed:
        sentence_at[start:end] = -1
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").copy()
    codes[sentence_at < 0] = ord("\n")
    runs = [match.span() for match in _RUN.finditer(codes.tobytes().decode("utf-32-le"))]
    han, words = _cut(codes, sentence_at, segmenter(known.words, engine).cut)
    spans = np.vstack([np.array(found, dtype="int64").reshape(-1, 2) for found in (mixed, runs, han)])
    terms = np.array([*(text[start:end] for start, end in (*mixed, *runs)), *words], dtype=object)
    return _make(compilation, terms, spans, len(mixed), known)


def _sentence_at(compilation: Compilation) -> np.ndarray:
    """Return for each character the row of its sentence; -1 where no token may stand."""
    at = np.full(len(compilation.text), -1, dtype="int64")
    for row, (start, end, role, report) in enumerate(rows_of(compilation.sentences, "start", "end", "role", "report")):
        if role in BODY_ROLES and report > 0:
            at[start:end] = row
    for start, end in compilation.masks[["start", "end"]].to_numpy():
        at[start:end] = -1
    for start, marker in rows_of(compilation.parts, "start", "marker"):
        at[start : start + len(marker)] = -1
    return at


def _find_mixed(text: str, known: Lexicon, sentence_at: np.ndarray) -> list[tuple[int, int]]:
    """Find the terms that hold other than Chinese characters: leftmost, then longest, no overlap."""
    spans = [match.span() for pattern in known.patterns for match in pattern.finditer(text) if match.group()]
    spans += find_longest(text, known.mixed)
    found, free = [], 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        inside = _INSIDE.match(text, start - 1) if start else None  # 5G in 15G is no term
        within_run = inside or _INSIDE.match(text, end - 1)
        first = sentence_at[start]
        if start >= free and not within_run and first >= 0 and (sentence_at[start:end] == first).all():
            found.append((start, end))
            free = end
    return found


def find_longest(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Return where the words stand in the text: leftmost, then longest, no overlap (Aho & Corasick 1975)."""
    return [(last + 1 - len(word), last + 1) for last, word in _automaton(words).iter_long(text)] if words else []


def _automaton(words: Iterable[str]) -> Any:
    from ahocorasick import Automaton  # noqa: PLC0415, not needed to import the kit

    automaton = Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    return automaton


def _cut(codes: np.ndarray, sentence_at: np.ndarray, cut: Callable[[str], list[str]]) -> tuple[np.ndarray, list[str]]:
    """Return start and end of each word in the runs of Chinese characters within a sentence, and the words."""
    first, last = map(ord, HAN.split("-"))
    at = np.flatnonzero((codes >= first) & (codes <= last))
    breaks = np.flatnonzero((np.diff(at) > 1) | (np.diff(sentence_at[at]) != 0)) + 1
    han, words = codes[at].tobytes().decode("utf-32-le"), []
    runs = [han[start:end] for start, end in pairwise([0, *breaks.tolist(), len(at)]) if start < end]
    for number in range(0, len(runs), _BATCH):  # many at once, parted by line ends
        words += [word for word in cut("\n".join(runs[number : number + _BATCH])) if word != "\n"]
    # The words hold all these characters one after the other.
    stops = np.cumsum([0, *map(len, words)])
    return np.column_stack([at[stops[:-1]], at[stops[1:] - 1] + 1]), words


def _make(compilation: Compilation, found: np.ndarray, spans: np.ndarray, mixed: int, known: Lexicon) -> pd.DataFrame:
    """Build the table column by column: a million rows of dicts would not fit."""
    sentences, order = compilation.sentences, np.argsort(spans[:, 0])
    spans, is_mixed = spans[order], order < mixed
    codes, terms = pd.factorize(found[order])  # one string for each term, however often it stands
    kinds = [*(kind_of(term, known) for term in terms), "lexicon"]  # the last for terms found on the raw text
    row = np.searchsorted(sentences["start"].to_numpy(), spans[:, 0], side="right") - 1
    frame = pd.DataFrame(
        {
            "term": pd.Series(terms, dtype="str").array.take(codes),
            "kind": pd.Series(kinds, dtype="str").array.take(np.where(is_mixed, len(terms), codes)),
            **{name: sentences[name].array.take(row) for name in ("report", "sentence", "role")},
            "start": spans[:, 0],
            "end": spans[:, 1],
        }
    )
    return check(frame, TOKENS)


def kind_of(term: str, known: Lexicon) -> str:
    """Return the kind of a token, by the rules in this module's head."""
    if term in known.kinds:
        return known.kinds[term]
    if _number().fullmatch(term):
        return "number"
    return "word" if len(term) > 1 and (term.isalpha() or not _NO_WORD.search(term)) else "other"


@cache
def _number() -> re.Pattern[str]:
    number = data.knowledge("stopwords.toml")["number"]
    return re.compile(f"{number['ordinal']}?[{number['numerals']}]+[{number['measures']}]?|{_FIGURE.pattern}")


# ---- Context ----


def find_in_context(
    compilation: Compilation, words: str | Iterable[str], *, width: int = 20, regex: bool = False
) -> pd.DataFrame:
    """Find words or patterns in the text, with what stands around them.

    Parameters
    ----------
    compilation : Compilation
    words : str or iterable of str
        What to find on the text as read, whether or not it is a token; of several the longest wins.
    width : int
        Characters shown on either side, never beyond the report.
    regex : bool
        Whether the words are regular expressions.

    Returns
    -------
    DataFrame
        One row per place in any report, copies and titles included, in the order of the text
        (see `tables.CONTEXTS`).

    Raises
    ------
    DataError
        When a pattern is no regular expression, or there is nothing to look for.
    """
    pattern = _pattern([words] if isinstance(words, str) else list(words), regex=regex)
    text = compilation.text
    sentences = compilation.sentences.to_dict("records")
    starts = compilation.sentences["start"].to_numpy()
    reports = compilation.reports.set_index("report").to_dict("index")
    paths = find_paths(compilation.parts)
    rows = []
    for match in pattern.finditer(text):
        start, end = match.span()
        sentence = sentences[max(int(np.searchsorted(starts, start, side="right")) - 1, 0)]
        if start == end or sentence["report"] not in reports:
            continue
        report = reports[sentence["report"]]
        left, right = text[max(report["start"], start - width) : start], text[end : min(report["end"], end + width)]
        rows.append(
            {name: sentence[name] for name in ("report", "role", "sentence")}
            | {"left": left.translate(_LINE_ENDS), "keyword": match.group(), "right": right.translate(_LINE_ENDS)}
            | {"agency": report["agency"], "path": paths[sentence["part"]], "start": start, "end": end}
        )
    return make(rows, CONTEXTS)


def _pattern(words: list[str], *, regex: bool) -> Any:
    if not any(words):
        message = f"find_in_context: expected a word or a pattern, found {words!r}; name what to look for"
        raise DataError(message)
    if not regex:
        return re.compile(any_of(filter(None, words)))
    parts = [OwnPattern(word, "find_in_context").pattern for word in words]
    return OwnPattern("|".join(f"(?:{part})" for part in parts), "find_in_context")


# ---- New words ----


def find_new_words(
    compilation: Compilation, tokens: pd.DataFrame, *, min_cohesion: float = 5.0, top: int = 40
) -> pd.DataFrame:
    """Find strings of two to four tokens that behave like one word."""
    # A string counts as a word when its halves stand together far more often than chance would have it (cohesion),
    # while what stands before and behind it varies (entropy of the neighbouring characters; Huang & Powers 2003).
    known = read_lexicon(compilation.own_file(TERMS))
    tokens = tokens[tokens["report"].isin(compilation.counted["report"])]
    runs = _put_together(compilation.text, tokens, known.patterns)
    inside = {term for term, kind in rows_of(tokens, "term", "kind") if kind in INSIDE}
    strings = _cohesive(runs, inside, min_cohesion)
    places: dict[str, list[int]] = {term: [] for term in strings if term not in known.words}
    for last, term in _automaton(places).iter(runs.joined) if places else ():
        places[term].append(last + 1 - len(term))
    rows = [strings[term] | _use(term, at, runs) for term, at in places.items()]
    rows = [row for row in rows if row["entropy"] >= VARIED]
    rows.sort(key=lambda row: (-row["n"] * row["entropy"], row["term"]))
    changed = (row | _change(row["term"], row.pop("runs"), runs, new_tokenizer(known.words)) for row in rows)
    return make(list(islice((row for row in changed if row["n_then"] > row["n_now"]), top)), NEW_WORDS)


@dataclass(frozen=True, eq=False)
class _Runs:
    """Runs of Chinese characters as the segmenter saw them; ``joined`` by line ends, at ``offsets`` there."""

    text: str
    terms: list[list[str]]
    starts: np.ndarray
    reports: np.ndarray
    joined: str
    offsets: np.ndarray
    counts: Counter[str]


def _put_together(text: str, tokens: pd.DataFrame, patterns: tuple[Any, ...]) -> _Runs:
    """Put tokens of Chinese characters that touch within a sentence together again."""
    every = tokens["term"].tolist()
    han = set(re.findall(f"^[{HAN}]+$", "\n".join(set(every)), re.MULTILINE))
    known = han & {term for term, kind in rows_of(tokens, "term", "kind") if kind == "lexicon"}
    cut = han - {term for term in known if any(pattern.fullmatch(term) for pattern in patterns)}
    is_cut = [term in cut for term in every]
    starts, ends, sentences, reports = tokens[["start", "end", "sentence", "report"]].to_numpy()[is_cut].T
    first = np.flatnonzero((starts != np.r_[-1, ends[:-1]]) | (sentences != np.r_[-1, sentences[:-1]]))
    every = list(compress(every, is_cut))
    terms = [every[start:end] for start, end in pairwise([*first.tolist(), len(every)])]
    runs = ["".join(run) for run in terms]
    offsets = np.cumsum([0, *(len(run) + 1 for run in runs)])[:-1]
    return _Runs(text, terms, starts[first], reports[first], "\n".join(runs), offsets, Counter(every))


def _cohesive(runs: _Runs, inside: set[str], min_cohesion: float) -> dict[str, dict[str, Any]]:
    """Return the strings of two to four tokens whose halves hold together, with how they are split most often."""
    total = runs.counts.total()
    n_of: dict[tuple[str, ...], int] = {(term,): n for term, n in runs.counts.items()}
    found: dict[str, dict[str, Any]] = {}
    flat = [term for run in runs.terms for term in (*run, "\n")]
    # A sequence is no more frequent than what it begins and ends with.
    often = {term for term in inside if runs.counts[term] >= LEAST}
    places = {at for at, term in enumerate(flat) if term in often}
    for size in range(2, MOST_PARTS + 1):
        grams = {at: tuple(flat[at : at + size]) for at in places if at + 1 in places}
        n_of_size = Counter(grams.values())
        usable = {gram for gram, n in n_of_size.items() if n >= LEAST}
        places = {at for at, gram in grams.items() if gram in usable}
        n_of |= {gram: n_of_size[gram] for gram in usable}
        for gram in sorted(usable):
            halves = max(n_of[gram[:cut]] * n_of[gram[cut:]] for cut in range(1, size))
            cohesion = float(np.log2(n_of[gram] * total / halves))
            term, better = "".join(gram), found.get("".join(gram), {"split": 0})["split"] < n_of[gram]
            if cohesion >= min_cohesion and better:
                found[term] = {"term": term, "parts": " ".join(gram), "cohesion": cohesion, "split": n_of[gram]}
    return found


def _use(term: str, places: list[int], runs: _Runs) -> dict[str, Any]:
    size = len(term)
    sides = [[runs.joined[at - 1 : at] for at in places], [runs.joined[at + size : at + size + 1] for at in places]]
    run = np.searchsorted(runs.offsets, places, side="right") - 1
    start = int(runs.starts[run[0]] + places[0] - runs.offsets[run[0]])
    left, right = runs.text[max(start - CONTEXT, 0) : start], runs.text[start + size : start + size + CONTEXT]
    counted = {"n": len(places), "n_reports": len(set(runs.reports[run])), "entropy": min(map(_entropy, sides))}
    shown = {"start": start, "end": start + size, "left": left.replace("\n", " "), "right": right.replace("\n", " ")}
    return counted | shown | {"runs": np.unique(run)}


def _entropy(neighbours: Iterable[str]) -> float:
    """Return the entropy (bits) of the neighbouring characters; the end of a run is a neighbour of its own."""
    counts = Counter(neighbours)
    alone = counts.pop("\n", 0) + counts.pop("", 0)
    n = np.array([*counts.values(), *[1] * alone])
    return float(-(n / n.sum() * np.log2(n / n.sum())).sum()) + 0.0


def _change(term: str, held_by: np.ndarray, runs: _Runs, tokenizer: Any) -> dict[str, Any]:
    """Return the counts of tokens that change when the segmenter learns a term."""
    before = Counter(token for run in held_by for token in runs.terms[run])
    text = "\n".join("".join(runs.terms[run]) for run in held_by)
    after = Counter(_cut_knowing(term, text, tokenizer))
    change = {token: after[token] - before[token] for token in before | after if token != "\n"}
    others = sorted((token for token, n in change.items() if n and token != term), key=lambda t: (-abs(change[t]), t))
    return {
        "n_now": runs.counts[term],
        "n_then": runs.counts[term] + change.get(term, 0),
        "changes": "; ".join(f"{t} {runs.counts[t]}→{runs.counts[t] + change[t]}" for t in others[:MOST_CHANGES]),
    }


def _cut_knowing(term: str, text: str, tokenizer: Any) -> list[str]:
    # By a segmenter that knows a term for as long; it knows how each begins, too.
    words, total = tokenizer.FREQ, tokenizer.total
    before = {begin: words[begin] for begin in accumulate(term)}
    try:
        tokenizer.add_word(term)
        return tokenizer.lcut(text)
    finally:
        tokenizer.total = total
        words.update(before)
