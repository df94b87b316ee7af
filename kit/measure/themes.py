"""Themes are found: every place where a sentence names a theme as a matter of its own.

Words and patterns come from a codebook (see `kit.measure.codebook`); this module says which of the stretches that
match them count:

1. Of stretches that overlap the longest is settled first, whatever its theme; it bars all others from its characters.
   An exclusion bars its own theme, or every theme, and counts for none.
2. Nothing counts in a bare heading (it says what follows), or in a sentence of an opening that only sets the frame.
3. In each sentence a theme weighs as much as the different words that name it: `STRONG` words 4, strong words in a
   list 2 (examples, named in passing), weak words 1. A theme counts when it weighs 4, and a quarter of the heaviest.
   Where none does, the heaviest counts.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from kit import tables
from kit.measure.codebook import BARRED, EVERYWHERE, STRONG, Codebook, Entry, read_codebook
from kit.read.compilation import Compilation
from kit.read.fold import fold

LISTED = 2  # weight of a strong word in a list
NEEDED = STRONG  # weight at which a theme counts
SHARE = 0.25  # of the heaviest theme's weight
REACH = 3  # characters from a word to the mark of a list


@dataclass(frozen=True)
class Stretch:
    """A stretch of text that matches an entry, and the themes it names there."""

    start: int
    end: int
    entry: Entry
    themes: tuple[str, ...] = ()


def find_hits(compilation: Compilation, codebook: Codebook | None = None) -> pd.DataFrame:
    """Find the themes that sentences name as a matter of their own.

    Parameters
    ----------
    compilation : Compilation
    codebook : Codebook, optional
        Default: the kit's (`read_codebook`).

    Returns
    -------
    DataFrame
        `tables.HITS`, in the order of the text, near copies included; only sentences of the body. ``term`` is the
        word as found (traditional characters as simplified ones); a word that two themes share is a row for each.
    """
    codebook = codebook or read_codebook()
    text = fold(compilation.text)
    framing = find_framing(compilation, codebook)
    sentences = compilation.sentences[compilation.sentences["role"].isin(tables.BODY_ROLES)]
    rows: list[dict] = []
    for report, own in sentences.groupby("report", sort=True):
        spans = list(zip(own["start"], own["end"], own["sentence"], own["role"], strict=True))
        stretches = find_stretches(text, spans[0][0], spans[-1][1], codebook)
        for (_, _, sentence, role), found in _by_sentence(stretches, spans):
            if sentence not in framing:
                place = {"report": report, "sentence": sentence, "role": role}
                rows += ({**hit, **place} for hit in _own_matters(text, found, codebook))
    return tables.make(rows, tables.HITS)


def find_framing(compilation: Compilation, codebook: Codebook) -> set[int]:
    """Return the sentences that name no matter of their own: bare headings, and the frame an opening sets."""
    text, sentences = compilation.text, compilation.sentences
    opening = sentences[sentences["role"] == "opening"]
    framing = {s.sentence for s in opening.itertuples() if codebook.opening.search(text, s.start, s.end)}
    first = sentences.drop_duplicates("part").merge(compilation.parts, on="part", suffixes=("", "_part"))
    parents = set(compilation.parts["parent"].dropna())
    headed = first[first["marker"].str.contains(codebook.heading)]
    for s in headed.itertuples():
        words = text[s.start + len(s.marker) : s.end].strip()
        more = s.end < s.end_part or s.part in parents
        if more and len(words) <= codebook.heading_chars and not re.search(r"\d", words):
            framing.add(s.sentence)
    return framing


def find_stretches(text: str, start: int, end: int, codebook: Codebook) -> list[Stretch]:
    """Find the stretches of ``text[start:end]`` that name a theme, the longest first where they overlap.

    Parameters
    ----------
    text : str
        Folded (see `kit.read.fold`).
    start, end : int
    codebook : Codebook

    Returns
    -------
    list of Stretch
        In the order of the text; no two overlap.
    """
    candidates = sorted(find_candidates(text, start, end, codebook), key=_rank)
    taken = bytearray(end - start)
    barred: dict[str, bytearray] = defaultdict(lambda: bytearray(end - start))
    settled = []
    for found in candidates:
        span = slice(found.start - start, found.end - start)
        bars = b"\1" * (found.end - found.start)
        if found.entry.weight == BARRED:
            barred[found.entry.themes[0]][span] = bars
        elif not any(taken[span]) and not any(barred[EVERYWHERE][span]):
            themes = tuple(key for key in found.entry.themes if not any(barred[key][span]))
            if themes:
                taken[span] = bars
                settled.append(replace(found, themes=themes))
    return sorted(settled, key=lambda found: found.start)


def _rank(found: Stretch) -> tuple[int, bool, bool, int]:
    """Longest first; then exclusions, then patterns, then what stands first."""
    entry = found.entry
    return found.start - found.end, entry.weight != BARRED, entry.pattern is None, found.start


def find_candidates(text: str, start: int, end: int, codebook: Codebook) -> Iterator[Stretch]:
    """Yield every match of every entry in ``text[start:end]``."""
    automaton, patterns = _matcher(codebook)
    for last, entries in automaton.iter(text, start, end):
        for entry in entries:
            yield Stretch(last + 1 - len(entry.text), last + 1, entry)
    for entry in patterns:
        group = "word" if "word" in entry.pattern.groupindex else 0
        for found in entry.pattern.finditer(text, start, end):
            yield Stretch(*found.span(group), entry)


@lru_cache(maxsize=8)
def _matcher(codebook: Codebook) -> tuple[Any, list[Entry]]:
    """Return one automaton for all words, and the patterns."""
    import ahocorasick  # noqa: PLC0415

    words = defaultdict(list)
    for entry in codebook.entries:
        if entry.pattern is None:
            words[fold(entry.text)].append(entry)
    automaton = ahocorasick.Automaton()
    for word, entries in words.items():
        automaton.add_word(word, entries)
    automaton.make_automaton()
    return automaton, [entry for entry in codebook.entries if entry.pattern]


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
