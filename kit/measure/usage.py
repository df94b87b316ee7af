"""Words in use: in their context, each with its place, and those that no dictionary knows yet."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.data import any_of
from kit.errors import DataError
from kit.measure.items import find_paths
from kit.measure.words import HAN, TERMS, new_tokenizer, read_lexicon
from kit.read.compilation import Compilation
from kit.read.overrides import OwnPattern
from kit.tables import CONTEXTS, NEW_WORDS, make

INSIDE = ("lexicon", "word", "other", "number")  # kinds of token that a new word may be made of
MOST_PARTS = 4
CONTEXT = 12  # characters shown on either side of a new word
MOST_CHANGES = 6
_LINE_ENDS = str.maketrans("\n\r\t\u3000", "    ")


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
    compilation: Compilation,
    tokens: pd.DataFrame,
    *,
    lexicon: str | Path | Iterable[str] | None = None,
    min_n: int = 4,
    min_cohesion: float = 5.0,
    min_entropy: float = 1.0,
    top: int = 40,
) -> pd.DataFrame:
    """Find strings of two to four tokens that behave like one word.

    A string counts as a word when its halves stand together far more often than chance would have it (cohesion),
    while what stands before and behind it varies (entropy of the neighbouring characters; Huang & Powers 2003).
    """
    known = read_lexicon(compilation.own_file(TERMS) if lexicon is None else lexicon)
    tokens = tokens[tokens["report"].isin(compilation.counted["report"])]
    runs = _put_together(compilation.text, tokens, known.patterns)
    inside = set(tokens.loc[tokens["kind"].isin(INSIDE), "term"])
    strings = _cohesive(runs, inside, min_n, min_cohesion)
    places = _places([term for term in strings if term not in known.words], runs.joined)
    rows = [strings[term] | _use(term, at, runs) for term, at in places.items()]
    rows = [row for row in rows if row["entropy"] >= min_entropy]
    rows.sort(key=lambda row: (-row["n"] * row["entropy"], row["term"]))
    tokenizer = new_tokenizer(known.words)
    changed = (row | _change(row["term"], row.pop("runs"), runs, tokenizer) for row in rows)
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


def _put_together(text: str, tokens: pd.DataFrame, patterns: tuple[str, ...]) -> _Runs:
    """Put tokens of Chinese characters that touch within a sentence together again."""
    words = filter(re.compile(f"[{HAN}]+").fullmatch, tokens["term"].unique())
    cut = {word for word in words if not any(re.fullmatch(pattern, word) for pattern in patterns)}
    tokens = tokens[tokens["term"].isin(cut)]
    breaks = (tokens["start"] != tokens["end"].shift()) | (tokens["sentence"] != tokens["sentence"].shift())
    first, all_terms = np.flatnonzero(breaks), tokens["term"].tolist()
    terms = [all_terms[start:end] for start, end in pairwise([*first, len(tokens)])]
    starts, reports = (tokens[name].to_numpy()[first] for name in ("start", "report"))
    runs = ["".join(run) for run in terms]
    offsets = np.cumsum([0, *(len(run) + 1 for run in runs)])[:-1]
    return _Runs(text, terms, starts, reports, "\n".join(runs), offsets, Counter(all_terms))


def _cohesive(runs: _Runs, inside: set[str], min_n: int, min_cohesion: float) -> dict[str, dict[str, Any]]:
    """Return the strings of two to four tokens whose halves hold together, with how they are split most often."""
    total = runs.counts.total()
    n_of: dict[tuple[str, ...], int] = {(term,): n for term, n in runs.counts.items()}
    usable: set[tuple[str, ...]] = {(term,) for term in inside}
    found: dict[str, dict[str, Any]] = {}
    for size in range(2, MOST_PARTS + 1):
        grams = (tuple(run[at : at + size]) for run in runs.terms for at in range(len(run) + 1 - size))
        # A sequence is no more frequent than what it begins and ends with.
        n_of_size = Counter(gram for gram in grams if gram[:-1] in usable and gram[1:] in usable)
        usable = {gram for gram, n in n_of_size.items() if n >= min_n}
        n_of |= {gram: n_of_size[gram] for gram in usable}
        for gram in sorted(usable):
            halves = max(n_of[gram[:cut]] * n_of[gram[cut:]] for cut in range(1, size))
            cohesion = float(np.log2(n_of[gram] * total / halves))
            term, better = "".join(gram), found.get("".join(gram), {"split": 0})["split"] < n_of[gram]
            if cohesion >= min_cohesion and better:
                found[term] = {"term": term, "parts": " ".join(gram), "cohesion": cohesion, "split": n_of[gram]}
    return found


def _places(terms: list[str], joined: str) -> dict[str, list[int]]:
    from ahocorasick import Automaton  # noqa: PLC0415, not needed to import the kit

    automaton = Automaton()
    for term in terms:
        automaton.add_word(term, term)
    places: dict[str, list[int]] = {term: [] for term in terms}
    automaton.make_automaton()
    for last, term in automaton.iter(joined) if terms else ():
        places[term].append(last + 1 - len(term))
    return places


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
    after = Counter(_cut_with(term, "\n".join("".join(runs.terms[run]) for run in held_by), tokenizer))
    change = {token: after[token] - before[token] for token in before | after if token != "\n"}
    others = sorted((token for token, n in change.items() if n and token != term), key=lambda t: (-abs(change[t]), t))
    counts = runs.counts
    return {
        "n_now": counts[term],
        "n_then": counts[term] + change.get(term, 0),
        "changes": "; ".join(f"{t} {counts[t]}→{counts[t] + change[t]}" for t in others[:MOST_CHANGES]),
    }


def _cut_with(term: str, text: str, tokenizer: Any) -> list[str]:
    """Cut a text with one more word in the dictionary, and leave the dictionary as it was."""
    begun = [term[:size] for size in range(1, len(term) + 1)]  # jieba keeps every beginning of a word
    before, total = {part: tokenizer.FREQ[part] for part in begun if part in tokenizer.FREQ}, tokenizer.total
    tokenizer.add_word(term)
    words = tokenizer.lcut(text)
    for part in begun:
        del tokenizer.FREQ[part]
    tokenizer.FREQ.update(before)
    tokenizer.total = total
    return words
