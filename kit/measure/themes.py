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
from math import inf, log
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kit import tables
from kit.data import marks, path, rule
from kit.measure.codebook import BARRED, EVERYWHERE, WEAK, Codebook, Entry, codebook_of
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
PAIR, BEYOND = 2, 1 << 21  # characters; more than the code of any
TOLD = 2  # pairs of characters that are named as the reason of a hit
_CLAUSE, _MARK = re.compile("[，；：。！？\n]"), "。"
_STOPS = marks("clause") + marks("spaces") + "\n"
_SPACE, _NUMBER = re.compile(r"\s"), re.compile(r"\d+(?:\.\d+)?")
_HEAD = re.compile(r"(\(\w+(?:\|\w+)*\)(?![?{])|\w+(?![?{\w]))")


class Stretch(NamedTuple):
    """A stretch of text that matches an entry, and the themes it names there."""

    start: int
    end: int
    entry: Entry
    themes: tuple[str, ...]


class Clause(NamedTuple):
    """A clause that holds stretches, with the number of its sentence and whether that may be a heading."""

    start: int
    end: int
    sentence: int
    is_brief: bool
    stretches: list[Stretch]


def find_hits(compilation: Compilation, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find the themes that sentences name as a matter of their own.

    Gives `tables.HITS` in the order of the text, copies included; only of the body. ``term`` is the word as found
    (traditional characters as simplified); a word that two themes share is a row for each.
    """
    codebook = codebook or codebook_of(compilation)
    text, framing = compilation.folded, find_framing(compilation, codebook)
    body = compilation.sentences[compilation.sentences["role"].isin(tables.BODY_ROLES)]
    reports = body.groupby("report", sort=True).agg({"start": "first", "end": "last"})
    stretches: list[Stretch] = []
    for start, end in watch(list(zip(reports["start"], reports["end"], strict=True)), "finding themes"):
        stretches += find_stretches(text[start:end], codebook, start=start)
    naming = body[~body["sentence"].isin(framing)]
    places = list(zip(naming["report"], naming["sentence"], naming["role"], strict=True))
    clauses = find_clauses(text, stretches, list(zip(naming["start"], naming["end"], strict=True)))
    counted, rows = [count_listed(text, clause, codebook) for clause in clauses], []
    for clause, listed, weighed in zip(clauses, counted, decide(text, clauses, counted), strict=True):
        place = dict(zip(("report", "sentence", "role"), places[clause.sentence], strict=True))
        for start, end, entry, themes in clause.stretches:
            hit = {"term": text[start:end], "start": start, "end": end, **place}
            because = dict.fromkeys((theme for theme in themes if listed[theme]), "") if entry.own else weighed
            rows += [{"theme": theme, **hit, "because": because[theme]} for theme in themes if theme in because]
    return tables.make(rows, tables.HITS)


def find_framing(compilation: Compilation, codebook: Codebook) -> set[int]:
    """Return the sentences that name no matter of their own: bare headings, and what only sets the frame."""
    text, parts, sentences = compilation.folded, compilation.parts, compilation.sentences
    framing = {
        sentence
        for sentence, role, start, end in zip(*map(sentences.get, ["sentence", "role", "start", "end"]), strict=True)
        if codebook.framing.search(text, start, end)
        or (role == "opening" and codebook.opening.search(text, start, end))
    }
    parents = set(parts["parent"].dropna())
    headed = dict(zip(parts["part"], zip(parts["marker"], parts["end"], strict=True), strict=True))
    first = sentences.drop_duplicates("part")[["sentence", "part", "start", "end"]]
    for sentence, number, start, end in first.itertuples(index=False):
        marker, last = headed.get(number, ("", 0))
        if codebook.heading.search(marker) and (end < last or number in parents):
            words = text[start + len(marker) : end].strip()
            if len(words) <= codebook.heading_chars and not codebook.figure.search(words):
                framing.add(sentence)
    return framing


def find_stretches(text: str, codebook: Codebook, *, start: int = 0) -> list[Stretch]:
    """Find the stretches of a text that name a theme, the longest first where they overlap."""
    # What was settled before is at least as long: what overlaps a stretch holds its first character or its last one.
    blank = bytes(len(text) + 1)  # a pattern may match nothing behind its gap, at the end of the text
    taken = bytearray(blank)  # by a stretch, or barred for every theme
    barred: dict[str, bytearray] = defaultdict(lambda: bytearray(blank), {EVERYWHERE: taken})
    settled: dict[tuple[int, int], tuple[str, ...]] = {}
    stretches: list[Stretch] = []
    for minus_size, _, at, order in sorted(find_candidates(text, codebook)):
        entry, to = codebook.entries[order], at - minus_size
        if entry.weight == BARRED:
            barred[entry.themes[0]][at:to] = b"\1" * (to - at)
            continue
        overlaps = taken[at] | taken[to - 1]
        there = settled.get((at, to), ()) if overlaps else ()
        if not there and (overlaps or (entry.pattern is None and _is_cut(text, at, to))):
            continue
        shut = [key for key in entry.themes if key in barred and barred[key][at] | barred[key][to - 1]]
        themes = tuple(key for key in entry.themes if key not in (*shut, *there)) if shut or there else entry.themes
        if themes:
            taken[at:to] = b"\1" * (to - at)
            settled[at, to] = there + themes
            stretches.append(Stretch(start + at, start + to, entry, themes))
    return sorted(stretches, key=itemgetter(0, 1))


def _is_cut(text: str, at: int, to: int) -> bool:
    """Whether a short word is none here: its characters belong to the words beside it (国家|医保 for 家医)."""
    first = max(0, at - REACH)
    return to - at <= SHORT and _runs_across(text[first : to + REACH], at - first, to - first)


@lru_cache(maxsize=1 << 16)
def _runs_across(text: str, at: int, to: int) -> bool:
    # Whether the likeliest way to cut a text into words takes a part of this word for a word beside it.
    known = segmenter(read_lexicon().words, None)
    frequency, total = known.frequency, log(known.total)
    for inner in range(at + 1, to):
        beside = [text[i:inner] for i in range(max(0, inner - LONGEST), at)]
        beside += [text[inner:j] for j in range(to + 1, inner + LONGEST + 1)]
        if any(map(frequency, beside)):
            break
    else:
        return False
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
            if found := own.pattern.match(text, first):
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
    for word, (plain, patterns) in known.items():  # as tuples: garbage collection goes through all lists each time
        automaton.add_word(word, (len(word), tuple(plain), tuple(patterns)))
    automaton.make_automaton()
    return automaton, headless


def _heads(pattern: str) -> list[str]:
    """Return the words a pattern may begin with: 新建, 改建 of ``(新建|改建)…项目``; none when it begins otherwise."""
    found = _HEAD.match(pattern)
    if not found or "|" in re.sub(r"\([^()]*\)", "", pattern):
        return []
    return fold(found[1]).strip("()").split("|")


def find_clauses(text: str, stretches: list[Stretch], sentences: list[tuple[int, int]]) -> list[Clause]:
    """Find the clauses of some sentences that hold stretches; a stretch that leaves its sentence is dropped."""
    stops = [-1, *(mark.start() for mark in _CLAUSE.finditer(text)), len(text)]
    clauses: list[Clause] = []
    for stretch in stretches:
        number, stop = bisect_right(sentences, (stretch.start, inf)) - 1, bisect_right(stops, stretch.start)
        if number < 0 or stretch.end > sentences[number][1]:
            continue
        first, last = sentences[number]
        start = max(first, stops[stop - 1] + 1)
        if not clauses or clauses[-1].start < start:
            clauses.append(Clause(start, min(last, stops[stop]), number, is_brief(text[first:last]), []))
        clauses[-1].stretches.append(stretch)
    return clauses


def count_listed(text: str, clause: Clause, codebook: Codebook) -> dict[str, bool]:
    """Return what the lists say: of each theme in a clause whether its different words weigh enough."""
    commas = [mark.start() for mark in codebook.listing.finditer(text, clause.start, clause.end)]
    weights: dict[str, dict[str, int]] = defaultdict(dict)
    for start, end, entry, themes in clause.stretches:
        word, around = text[start:end], [at for at in commas if start - WIDE <= at < start or end <= at < end + WIDE]
        is_listed = len(around) > 1 and any(start - NEAR <= at < end + NEAR for at in around)
        for theme in themes:
            weights[theme][word] = max(WEAK if is_listed else entry.weight, weights[theme].get(word, 0))
    return {theme: sum(words.values()) >= NEEDED for theme, words in weights.items()}


# ---- What a clause weighs ----


def pairs_of(clauses: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of characters in clauses: the number of the clause, and the codes of both as one number."""
    # A figure is one character, 0. The mark between clauses is in none of them.
    text = _NUMBER.sub("0", _SPACE.sub("", _MARK.join(clauses)))
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype("int64")
    return np.cumsum(codes == ord(_MARK))[:-1], codes[:-1] * BEYOND + codes[1:]


def is_brief(sentence: str) -> bool:
    """Whether a sentence may be a heading: one short clause without a figure."""
    words = sentence.strip(_STOPS)
    return not (len(words) >= FEW or _CLAUSE.search(words) or rule("marks.toml", "patterns.figure").search(words))


def decide(text: str, clauses: list[Clause], counted: list[dict[str, bool]]) -> Iterator[dict[str, str]]:
    """Yield of each clause the themes that it names as matters of its own, with the pairs that speak most for each."""
    known = _weights()
    number, code = pairs_of([text[clause.start : clause.end] for clause in clauses])
    row = known.codes.get_indexer(code)
    # However often a clause has a pair it counts once.
    number, row = np.divmod(np.unique((number * len(known.names) + row)[row >= 0]), len(known.names))
    bounds, rows = np.searchsorted(number, np.arange(len(clauses) + 1)).tolist(), row.tolist()
    always, brief, listed, weak = map(known.names.index, ("", BRIEF, COUNTED, IN_COMPANY))
    for clause, own, (first, last) in zip(clauses, counted, pairwise(bounds), strict=True):
        pairs, named = rows[first:last], {}
        signs = [always, *([brief] if clause.is_brief else [])]
        for theme in own.keys() & known.themes.keys():
            weights = known.themes[theme]
            if sum([weights[row] for row in (*pairs, *signs, listed if own[theme] else weak)]) >= 0:
                most = sorted([(-weights[row], row) for row in pairs if weights[row] > 0])[:TOLD]
                named[theme] = " ".join([known.names[row] for _, row in most])
        yield named


class _Weights(NamedTuple):
    """What pairs of characters and signs, by their rows, weigh for each theme."""

    names: list[str]
    codes: pd.Index
    themes: dict[str, list[int]]


@cache
def _weights() -> _Weights:
    """Read the weights, rows in order; under no name what all others must outweigh."""
    # In whole millionths: they may add up to nothing, and of fractions the last bit would hang on their order.
    with path(WEIGHTS).open(encoding="utf-8", newline="") as file:
        names, rows = zip(*sorted(islice(csv.reader(file), 1, None)), strict=True)
    themes: dict[str, list[int]] = defaultdict(lambda: [0] * len(names))
    for row, said in enumerate(rows):
        for theme, _, weight in (one.partition(":") for one in said.split()):
            themes[theme][row] = round(float(weight) * 1_000_000)
    codes = [ord(name[0]) * BEYOND + ord(name[1]) if len(name) == PAIR else -row for row, name in enumerate(names)]
    return _Weights(list(names), pd.Index(codes), dict(themes))
