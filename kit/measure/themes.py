"""Themes are found: every place where a sentence names a theme as a matter of its own.

Words and patterns come from a codebook (see `kit.measure.codebook`); this module says which of the stretches that
match them count:

1. Of stretches that overlap the longest is settled first, whatever its theme; it bars all others from its characters.
   Stretches of the same characters count side by side. An exclusion bars its own theme, or every theme.
2. A short word counts where it stands between the edges of words only: 等保 is none in 托底|等|保障.
3. Nothing counts in a bare heading (it says what follows), or in a sentence that only sets the frame.
4. By the lists alone a strong word counts wherever it stands. A weak word counts with another of the same theme in
   its clause, and so does a strong one in a list of three or more: an example (工贸、交通、建筑等行业).
5. Of the kit's own words a clause decides: what the lists say, and every pair of characters in it, have weights that
   were fitted to coded sentences (`data/theme_weights.csv`, logistic regression; where several clauses of a sentence
   may be the one that names its theme, as in multiple-instance learning, Dietterich et al. 1997). A word that a user
   put into the codebook counts as the lists say. What other clauses name changes nothing: the same deed counts for
   the same theme whatever stands beside it.
"""

import csv
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, pairwise
from math import fsum, inf, log
from operator import itemgetter
from typing import Any, NamedTuple

import pandas as pd

from kit import tables
from kit.data import marks, path, rule
from kit.measure.codebook import BARRED, EVERYWHERE, STRONG, WEAK, Codebook, Entry, codebook_of
from kit.measure.words import read_lexicon, segmenter
from kit.read.compilation import Compilation
from kit.read.lines import fold
from kit.read.source import watch

NEEDED = 2 * WEAK  # what a theme's different words weigh in a clause where they count: a strong one, or two weak ones
NEAR, WIDE = 4, 30  # characters from a word to the mark of a list; within which the list has another mark
SHORT = 3  # characters of a word that may arise where two others meet
REACH = 4  # characters on either side that decide how a short word is cut
LONGEST = 4  # characters of a word that it may be cut into
COMMON = 200  # how often the segmenter's sources have a short word at least
WEIGHTS = "theme_weights.csv"
COUNTED, IN_COMPANY = "=listed", "=weak"  # signs: what the lists say of a theme in a clause
BRIEF, FEW = "=brief", 20  # sign: the clause is a sentence of fewer characters, without a figure, as headings are
TOLD = 2  # pairs of characters that are named as the reason of a hit
_CLAUSE = re.compile("[，；：。！？\n]")
_STOPS = marks("clause") + marks("spaces") + "\n"
_SPACE, _NUMBER = re.compile(r"\s"), re.compile(r"\d+(?:\.\d+)?")
_HEAD = re.compile(r"(\(\w+(?:\|\w+)*\)(?![?{])|\w+(?![?{\w]))")


class Stretch(NamedTuple):
    """A stretch of text that matches an entry, and the themes it names there."""

    start: int
    end: int
    entry: Entry
    themes: tuple[str, ...]


def find_hits(compilation: Compilation, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find the themes that sentences name as a matter of their own.

    Gives `tables.HITS` in the order of the text, copies included; only of the body. ``term`` is the word as found
    (traditional characters as simplified); a word that two themes share is a row for each.
    """
    codebook = codebook or codebook_of(compilation)
    text = compilation.folded
    framing = find_framing(compilation, codebook)
    sentences = compilation.sentences[compilation.sentences["role"].isin(tables.BODY_ROLES)]
    rows: list[dict] = []
    for report, own in watch(list(sentences.groupby("report", sort=True)), "finding themes"):
        spans = list(zip(own["start"], own["end"], own["sentence"], own["role"], strict=True))
        start, end = spans[0][0], spans[-1][1]
        stretches = find_stretches(text[start:end], codebook, start=start)
        for (first, last, sentence, role), found in _by_sentence(stretches, spans):
            if sentence not in framing:
                place = {"report": report, "sentence": sentence, "role": role}
                rows += ({**hit, **place} for hit in _own_matters(text, (first, last), found, codebook))
    return tables.make(rows, tables.HITS)


def find_framing(compilation: Compilation, codebook: Codebook) -> set[int]:
    """Return the sentences that name no matter of their own: bare headings, and what only sets the frame."""
    text, sentences = compilation.folded, compilation.sentences
    framing = {
        row.sentence
        for row in sentences.itertuples()
        if codebook.framing.search(text, row.start, row.end)
        or (row.role == "opening" and codebook.opening.search(text, row.start, row.end))
    }
    parts = compilation.parts[[bool(codebook.heading.search(marker)) for marker in compilation.parts["marker"]]]
    first = sentences.drop_duplicates("part").merge(parts[["part", "marker", "end"]], on="part", suffixes=("", "_part"))
    parents = set(compilation.parts["parent"].dropna())
    for row in first.itertuples():
        words = text[row.start + len(row.marker) : row.end].strip()
        short = len(words) <= codebook.heading_chars and not codebook.figure.search(words)
        if short and (row.end < row.end_part or row.part in parents):
            framing.add(row.sentence)
    return framing


def find_stretches(text: str, codebook: Codebook, *, start: int = 0) -> list[Stretch]:
    """Find the stretches of a text that name a theme, the longest first where they overlap."""
    entries, taken, everywhere = codebook.entries, bytearray(len(text)), bytearray(len(text))
    barred: dict[str, bytearray] = {EVERYWHERE: everywhere}
    settled: dict[tuple[int, int], list[Stretch]] = {}
    for minus_size, _, at, order in sorted(find_candidates(text, codebook)):
        entry, to = entries[order], at - minus_size
        if entry.weight == BARRED:
            barred.setdefault(entry.themes[0], bytearray(len(text)))[at:to] = b"\1" * (to - at)
            continue
        if taken.find(1, at, to) < 0:
            if everywhere.find(1, at, to) >= 0 or (entry.pattern is None and _is_cut(text, at, to)):
                continue
        elif (at, to) not in settled:
            continue
        there = settled.get((at, to), [])
        shut = [key for key in entry.themes if key in barred and barred[key].find(1, at, to) >= 0]
        shut += [key for stretch in there for key in stretch.themes]
        themes = tuple(key for key in entry.themes if key not in shut) if shut else entry.themes
        if themes:
            taken[at:to] = b"\1" * (to - at)
            settled[at, to] = [*there, Stretch(start + at, start + to, entry, themes)]
    return [stretch for _, stretches in sorted(settled.items()) for stretch in stretches]


def _is_cut(text: str, at: int, to: int) -> bool:
    """Whether a short word is none here: its characters belong to the words beside it (国家|医保 for 家医)."""
    if to - at > SHORT:
        return False
    frequency = segmenter(read_lexicon().words, None).frequency
    for inner in range(at + 1, to):
        beside = [text[i:inner] for i in range(max(0, inner - LONGEST), at)]
        beside += [text[inner:j] for j in range(to + 1, inner + LONGEST + 1)]
        if any(map(frequency, beside)):
            break
    else:
        return False
    first = max(0, at - REACH)
    return _runs_across(text[first : to + REACH], at - first, to - first)


@lru_cache(maxsize=1 << 14)
def _runs_across(text: str, at: int, to: int) -> bool:
    """Whether the likeliest way to cut a text into words takes a part of this word for a word beside it."""
    known = segmenter(read_lexicon().words, None)
    frequency, total = known.frequency, log(known.total)
    words = [(at, to, log(COMMON) - total)]
    for j in range(1, len(text) + 1):
        words += [
            (i, j, log(often or 1) - total)
            for i in range(max(0, j - LONGEST), j)
            if (often := frequency(text[i:j])) or j - i == 1
        ]
    words.sort(key=itemgetter(1))
    whole = [(i, j, likely) for i, j, likely in words if not (i < at < j < to or at < i < to < j)]
    return _likelihood(words, len(text)) > _likelihood(whole, len(text))


def _likelihood(words: list[tuple[int, int, float]], size: int) -> float:
    """Return the log likelihood of the likeliest way to cut a text into these words (start, end, log likelihood)."""
    best = [0.0, *[-inf] * size]
    for first, end, likely in words:
        best[end] = max(best[end], best[first] + likely)
    return best[size]


def find_candidates(text: str, codebook: Codebook) -> Iterator[tuple[int, int, int, int]]:
    """Yield every match of every entry in a folded text, as numbers in the order in which they are settled."""
    # Size, negative, for the longest come first; rank (exclusions, then patterns, then words); first character; number
    # of the entry in the codebook.
    automaton, headless = _matcher(codebook)
    for last, (size, words, patterns) in automaton.iter(text):
        first = last + 1 - size
        for rank, order in words:
            yield -size, rank, first, order
        for own in patterns:
            found = own.pattern.match(text, first)
            if found:
                yield own.as_numbers(found)
    for own in headless:
        yield from map(own.as_numbers, own.pattern.finditer(text))


class _Own(NamedTuple):
    """A pattern, with the rank and the number of its entry."""

    pattern: Any
    rank: int
    order: int

    def as_numbers(self, found: Any) -> tuple[int, int, int, int]:
        """Return a match as numbers that sort as matches are preferred."""
        first, to = found.span("word" if "word" in self.pattern.groupindex else 0)
        return first - to, self.rank, first, self.order


@lru_cache(maxsize=8)
def _matcher(codebook: Codebook) -> tuple[Any, list[_Own]]:
    """Return one automaton for all words and for what patterns begin with; and the patterns that begin otherwise."""
    import ahocorasick  # noqa: PLC0415

    known: dict[str, tuple[list[tuple[int, int]], list[_Own]]] = defaultdict(lambda: ([], []))
    headless = []
    words = fold("\0".join(entry.text for entry in codebook.entries)).split("\0")  # at once: one by one takes long
    for order, (word, entry) in enumerate(zip(words, codebook.entries, strict=True)):
        if entry.pattern is None:
            known[word][0].append((0 if entry.weight == BARRED else 2, order))
            continue
        own, heads = _Own(entry.pattern, 0 if entry.weight == BARRED else 1, order), _heads(entry.text)
        for head in heads:
            known[head][1].append(own)
        if not heads:
            headless.append(own)
    automaton = ahocorasick.Automaton()
    for word, uses in known.items():
        automaton.add_word(word, (len(word), *uses))
    automaton.make_automaton()
    return automaton, headless


def _heads(pattern: str) -> list[str]:
    """Return the words a pattern may begin with: 新建, 改建 of ``(新建|改建)…项目``; none when it begins otherwise."""
    found = _HEAD.match(pattern)
    if not found or "|" in re.sub(r"\([^()]*\)", "", pattern):
        return []
    return fold(found[1]).strip("()").split("|")


def _by_sentence(stretches: list[Stretch], spans: list[tuple]) -> Iterator[tuple[tuple, list[Stretch]]]:
    """Yield each sentence with its stretches; a stretch that leaves its sentence is dropped."""
    starts = [span[0] for span in spans]
    found = defaultdict(list)
    for stretch in stretches:
        at = bisect_right(starts, stretch.start) - 1
        if at >= 0 and stretch.end <= spans[at][1]:
            found[at].append(stretch)
    for at, own in found.items():
        yield spans[at], own


def _own_matters(text: str, span: tuple[int, int], stretches: list[Stretch], codebook: Codebook) -> Iterator[dict]:
    """Yield the hits of one sentence: the stretches of the themes that weigh enough in their clause."""
    shape = shape_of(text, *span)
    for start, end, own in _by_clause(text, span, stretches):
        counted = {theme: sum(words.values()) >= NEEDED for theme, words in _weigh(text, own, codebook).items()}
        pairs = pairs_of(text[start:end])
        decided = {theme: _decide(theme, listed, pairs, shape) for theme, listed in counted.items()}
        because = {theme: _because(theme, pairs) for theme, is_so in decided.items() if is_so}
        for found in own:
            for theme in found.themes:
                if (counted if found.entry.own else decided)[theme]:
                    word, why = text[found.start : found.end], "" if found.entry.own else because[theme]
                    yield {"theme": theme, "term": word, "start": found.start, "end": found.end, "because": why}


def _by_clause(text: str, span: tuple[int, int], stretches: list[Stretch]) -> Iterator[tuple[int, int, list[Stretch]]]:
    """Yield start and end of each clause of a sentence that holds a stretch, with those that begin in it."""
    at = 0
    for start, end in clauses_of(text, *span):
        first = at
        while at < len(stretches) and stretches[at].start < end:
            at += 1
        if at > first:
            yield start, end, stretches[first:at]


def clauses_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return start and end of the clauses of a sentence."""
    stops = [start - 1, *(found.start() for found in _CLAUSE.finditer(text, start, end)), end]
    return [(before + 1, stop) for before, stop in pairwise(stops) if stop > before + 1]


def _weigh(text: str, stretches: list[Stretch], codebook: Codebook) -> dict[str, dict[str, int]]:
    """Return what the lists say: of each theme its different words in a clause, with their weights."""
    weights: dict[str, dict[str, int]] = defaultdict(dict)
    for found in stretches:
        word = text[found.start : found.end]
        weight = min(found.entry.weight, WEAK if _is_listed(text, found, codebook) else STRONG)
        for theme in found.themes:
            weights[theme][word] = max(weight, weights[theme].get(word, 0))
    return weights


# ---- What a clause weighs ----


def pairs_of(clause: str) -> set[str]:
    """Return the pairs of characters in a clause; a number is one character, 0."""
    clause = _NUMBER.sub("0", _SPACE.sub("", clause))
    return {clause[at : at + 2] for at in range(len(clause) - 1)}


def shape_of(text: str, start: int, end: int) -> list[str]:
    """Return the sign of a sentence that may be a heading: one short clause without a figure."""
    words = text[start:end].strip(_STOPS)
    told = len(words) >= FEW or _CLAUSE.search(words) or rule("marks.toml", "patterns.figure").search(words)
    return [] if told else [BRIEF]


def _decide(theme: str, counted: bool, pairs: set[str], shape: list[str]) -> bool:
    """Whether a clause names a theme as a matter of its own; where no weights are known, what the lists say."""
    weights = _weights().get(theme)
    if weights is None:
        return counted
    signs = (*shape, COUNTED if counted else IN_COMPANY)
    # They have few digits and may add up to nothing; added as they come, the last bit would hang on a set's order.
    said = fsum(weights.get(sign, 0) for sign in ("", *signs, *(weights.keys() & pairs)))
    return round(said, 9) >= 0


def _because(theme: str, pairs: set[str]) -> str:
    """Name the pairs of a clause that speak most for a theme."""
    weights = _weights().get(theme, {})
    known = sorted((pair for pair in weights.keys() & pairs if weights[pair] > 0), key=lambda p: (-weights[p], p))
    return " ".join(known[:TOLD])


@cache
def _weights() -> dict[str, dict[str, float]]:
    """Return the weights of every theme by pair of characters or sign; under no name what all others must outweigh."""
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    with path(WEIGHTS).open(encoding="utf-8", newline="") as file:
        for sign, said in islice(csv.reader(file), 1, None):
            for theme, _, weight in (one.partition(":") for one in said.split()):
                weights[theme][sign] = float(weight)
    return dict(weights)


def _is_listed(text: str, found: Stretch, codebook: Codebook) -> bool:
    """Whether a stretch is a member of a list of three or more."""
    mark, before = codebook.listing, text[max(0, found.start - WIDE) : found.start]
    behind = text[found.end : found.end + WIDE]
    if not (mark.search(before, max(0, len(before) - NEAR)) or mark.search(behind, 0, NEAR)):
        return False
    before, behind = _CLAUSE.split(before)[-1], _CLAUSE.split(behind, maxsplit=1)[0]
    member = mark.search(before[-NEAR:]) or mark.search(behind[:NEAR])
    return bool(member) and len(mark.findall(before + behind)) > 1
