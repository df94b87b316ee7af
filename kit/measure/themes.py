"""Themes are found: every place where a sentence names a theme as a matter of its own.

Words and patterns come from a codebook (see `kit.measure.codebook`); this module says which of the stretches that
match them count:

1. Of stretches that overlap the longest is settled first, whatever its theme; it bars all others from its characters.
   An exclusion bars its own theme, or every theme, and counts for none.
2. Nothing counts in a bare heading (it says what follows), or in a sentence of an opening that only sets the frame.
3. In each sentence a theme weighs as much as the different words that name it: `STRONG` words 4, strong words in a
   list 2 (examples, named in passing), weak words 1. A theme counts when it weighs 4, and a fifth of the heaviest.
   Where none does, the heaviest counts.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import pandas as pd

from kit import tables
from kit.measure.codebook import BARRED, EVERYWHERE, STRONG, Codebook, Entry, codebook_of
from kit.read.compilation import Compilation
from kit.read.encoding import fold
from kit.read.source import watch

LISTED = 2  # weight of a strong word in a list
NEEDED = STRONG  # weight at which a theme counts
SHARE = 0.2  # of the heaviest theme's weight
REACH = 3  # characters from a word to the mark of a list
_HEAD = re.compile(r"(\(\w+(?:\|\w+)*\)(?![?{])|\w+(?![?{\w]))")


class Stretch(NamedTuple):
    """A stretch of text that matches an entry, and the themes it names there."""

    start: int
    end: int
    entry: Entry
    themes: tuple[str, ...]


def find_hits(compilation: Compilation, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find the themes that sentences name as a matter of their own.

    Parameters
    ----------
    compilation : Compilation
    codebook : Codebook, optional
        Default: the kit's, with the user's own beside the compilation (`codebook_of`).

    Returns
    -------
    DataFrame
        `tables.HITS`, in the order of the text, near copies included; only sentences of the body. ``term`` is the
        word as found (traditional characters as simplified ones); a word that two themes share is a row for each.
    """
    codebook = codebook or codebook_of(compilation)
    text = fold(compilation.text)
    framing = find_framing(compilation, codebook)
    sentences = compilation.sentences[compilation.sentences["role"].isin(tables.BODY_ROLES)]
    rows: list[dict] = []
    for report, own in watch(list(sentences.groupby("report", sort=True)), "finding themes"):
        spans = list(zip(own["start"], own["end"], own["sentence"], own["role"], strict=True))
        start, end = spans[0][0], spans[-1][1]
        stretches = find_stretches(text[start:end], codebook, start=start)
        for (_, _, sentence, role), found in _by_sentence(stretches, spans):
            if sentence not in framing:
                place = {"report": report, "sentence": sentence, "role": role}
                rows += ({**hit, **place} for hit in _own_matters(text, found, codebook))
    return tables.make(rows, tables.HITS)


def find_framing(compilation: Compilation, codebook: Codebook) -> set[int]:
    """Return the sentences that name no matter of their own: bare headings, and the frame an opening sets."""
    text, sentences = compilation.text, compilation.sentences
    opening = sentences[sentences["role"] == "opening"]
    spans = zip(*(opening[name].tolist() for name in ("sentence", "start", "end")), strict=True)
    framing = {sentence for sentence, start, end in spans if codebook.opening.search(text, start, end)}
    parts = compilation.parts[compilation.parts["marker"].str.contains(codebook.heading)]
    first = sentences.drop_duplicates("part").merge(parts[["part", "marker", "end"]], on="part", suffixes=("", "_part"))
    parents = set(compilation.parts["parent"].dropna())
    columns = ("sentence", "part", "start", "end", "marker", "end_part")
    for sentence, part, start, end, marker, end_part in zip(*(first[name].tolist() for name in columns), strict=True):
        words = text[start + len(marker) : end].strip()
        short = len(words) <= codebook.heading_chars and not codebook.figure.search(words)
        if short and (end < end_part or part in parents):
            framing.add(sentence)
    return framing


def find_stretches(text: str, codebook: Codebook, *, start: int = 0) -> list[Stretch]:
    """Find the stretches of a text that name a theme, the longest first where they overlap.

    Parameters
    ----------
    text : str
        Folded (see `kit.read.fold`).
    codebook : Codebook
    start : int
        Where the text starts in a longer one: offsets are those of the longer.

    Returns
    -------
    list of Stretch
        In the order of the text; no two overlap.
    """
    taken = bytearray(len(text))
    barred: dict[str, bytearray] = defaultdict(lambda: bytearray(len(text)))
    settled = []
    for minus_size, _, at, order in sorted(find_candidates(text, codebook)):
        entry, to = codebook.entries[order], at - minus_size
        if entry.weight == BARRED:
            barred[entry.themes[0]][at:to] = b"\1" * (to - at)
        elif taken.find(1, at, to) < 0 and barred[EVERYWHERE].find(1, at, to) < 0:
            themes = tuple(key for key in entry.themes if barred[key].find(1, at, to) < 0)
            if themes:
                taken[at:to] = b"\1" * (to - at)
                settled.append(Stretch(start + at, start + to, entry, themes))
    return sorted(settled, key=attrgetter("start"))


def find_candidates(text: str, codebook: Codebook) -> Iterator[tuple[int, int, int, int]]:
    """Yield every match of every entry in a folded text, as numbers in the order in which they are settled.

    Yields
    ------
    (int, int, int, int)
        Size, negative, for the longest come first; rank (exclusions, then patterns, then words); first character;
        number of the entry in the codebook.
    """
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

    pattern: re.Pattern[str]
    rank: int
    order: int

    def as_numbers(self, found: re.Match[str]) -> tuple[int, int, int, int]:
        first, to = found.span("word" if "word" in self.pattern.groupindex else 0)
        return first - to, self.rank, first, self.order


@lru_cache(maxsize=8)
def _matcher(codebook: Codebook) -> tuple[Any, list[_Own]]:
    """Return one automaton for all words and for what patterns begin with; and the patterns that begin otherwise."""
    import ahocorasick  # noqa: PLC0415

    known: dict[str, tuple[list[tuple[int, int]], list[_Own]]] = defaultdict(lambda: ([], []))
    headless = []
    for order, entry in enumerate(codebook.entries):
        if entry.pattern is None:
            known[fold(entry.text)][0].append((0 if entry.weight == BARRED else 2, order))
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


def _own_matters(text: str, stretches: list[Stretch], codebook: Codebook) -> Iterator[dict]:
    """Yield the hits of one sentence: the stretches of the themes that weigh enough in it."""
    weights: dict[str, dict[str, int]] = defaultdict(dict)
    for found in stretches:
        word = text[found.start : found.end]
        weight = _weight(text, found, codebook)
        for theme in found.themes:
            weights[theme][word] = max(weight, weights[theme].get(word, 0))
    sums = {theme: sum(words.values()) for theme, words in weights.items()}
    heaviest = max(sums.values())
    least = max(NEEDED, SHARE * heaviest) if heaviest >= NEEDED else heaviest
    for found in stretches:
        for theme in found.themes:
            if sums[theme] >= least:
                word = text[found.start : found.end]
                yield {"theme": theme, "term": word, "start": found.start, "end": found.end}


def _weight(text: str, found: Stretch, codebook: Codebook) -> int:
    """Return what a stretch weighs: a strong word in a list is an example, and weighs less."""
    if found.entry.weight < STRONG:
        return found.entry.weight
    before, behind = text[max(0, found.start - REACH) : found.start], text[found.end : found.end + REACH]
    return LISTED if codebook.listing.search(before) or codebook.listing.search(behind) else STRONG
