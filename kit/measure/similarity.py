"""How far two stretches of a report are about the same matter, by the words they share.

Words of the field, names and programmes tie; officialese ties little, function words and numbers not at all.
The terms of a stretch are its words, and the character bigrams of its content (runs of words that are neither
officialese nor function words), so that names the segmenter does not know still tie.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.data import knowledge

CONTENT = ("lexicon", "word", "other")
WORDS = (*CONTENT, "officialese")


@dataclass(frozen=True)
class Stretch:
    """A stretch of text to compare.

    ``front`` is its beginning, ``head`` its first clause, ``path`` the heading it stands under.
    """

    span: tuple[int, int]
    front: tuple[int, int]
    head: tuple[int, int]
    path: tuple[int, int]
    weight: float = 1.0


class Terms:
    """The terms of any span of one compilation, from its tokens."""

    def __init__(self, tokens: pd.DataFrame) -> None:
        self._starts = tokens["start"].to_numpy()
        self._ends = tokens["end"].to_numpy()
        self._terms = tokens["term"].tolist()
        self._kinds = tokens["kind"].tolist()
        pairs = set(zip(self._terms, self._kinds, strict=True))
        self.words = frozenset(term for term, kind in pairs if kind in ("lexicon", "word"))
        self.officialese = frozenset(term for term, kind in pairs if kind == "officialese")

    def of(self, span: tuple[int, int]) -> Counter[str]:
        """Count the words and content bigrams of ``text[start:end]``."""
        first, last = np.searchsorted(self._starts, span)
        found: Counter[str] = Counter()
        run = ""
        for at in range(first, last):
            term, kind = self._terms[at], self._kinds[at]
            is_content = kind in CONTENT and not term.isascii()
            if not is_content or self._ends[at - 1] != self._starts[at]:
                found.update(_bigrams(run))
                run = ""
            run += term if is_content else ""
            if kind in WORDS and len(term) > 1:
                found[term] += 1
        found.update(_bigrams(run))
        return found

    def content(self, span: tuple[int, int]) -> list[str]:
        """Return the words of the field and the plain words of a span, in order."""
        first, last = np.searchsorted(self._starts, span)
        return [self._terms[at] for at in range(first, last)
                if self._kinds[at] in ("lexicon", "word") and len(self._terms[at]) > 1]  # fmt: skip


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


class Comparison:
    """Similarities among the stretches of one report.

    Rare terms weigh more (inverse document frequency over the report's own stretches), officialese less.
    """

    def __init__(self, terms: Terms, stretches: Sequence[Stretch]) -> None:
        fit = knowledge("matching.toml")["similarity"]
        bags = [terms.of(stretch.span) + terms.of(stretch.path) for stretch in stretches]
        self.vocabulary = {term: at for at, term in enumerate(sorted(set().union(*bags)))}
        self.counts = np.zeros((len(bags), len(self.vocabulary)), dtype="float32")
        self.heads, self.fronts = np.zeros_like(self.counts), np.zeros_like(self.counts)
        for row, (bag, stretch) in enumerate(zip(bags, stretches, strict=True)):
            self.counts[row, self._at(bag)] = list(bag.values())
            self.heads[row, self._at(terms.of(stretch.head) + terms.of(stretch.path))] = 1
            self.fronts[row, self._at(terms.of(stretch.front))] = 1
        is_light = np.array([term in terms.officialese for term in self.vocabulary], dtype=bool)
        frequency = np.count_nonzero(self.counts, axis=0)
        self.idf = (np.log((1 + len(bags)) / (1 + frequency)) + 1) * np.where(is_light, fit["officialese"], 1)
        self.weights = np.where(self.counts > 0, 1 + np.log(np.maximum(self.counts, 1)), 0) * self.idf
        self.norms = np.linalg.norm(self.weights, axis=1) + 1e-9
        self._terms = list(self.vocabulary)
        self._words = terms.words
        self.prior = np.array([stretch.weight for stretch in stretches])
        self._fit = fit

    def _at(self, bag: Counter[str]) -> list[int]:
        return [self.vocabulary[term] for term in bag if term in self.vocabulary]

    def cosine(self, left: Sequence[int], right: Sequence[int]) -> np.ndarray:
        """Return the cosine of tf-idf weights, rows of ``left`` against rows of ``right``."""
        product = self.weights[left] @ self.weights[right].T
        return product / np.outer(self.norms[left], self.norms[right]) * self.prior[right]

    def relevance(self, queries: Sequence[int], documents: Sequence[int]) -> np.ndarray:
        """Rank documents for each query: BM25 (Robertson & Walker 1994), and what of their heads it names.

        A query is about what it names first: the terms of its front weigh more.

        Returns
        -------
        array of shape (queries, documents)
            About the share of a query's weight that a document answers; above 1 only for short queries.
        """
        counts, lengths = self.counts[documents], self.counts[documents].sum(axis=1)
        damping = 1 - self._fit["b"] + self._fit["b"] * lengths / max(1.0, lengths.sum() / max(1, len(lengths)))
        saturated = counts * (self._fit["k1"] + 1) / (counts + self._fit["k1"] * damping[:, None])
        query = self.weights[queries] * (1 + self._fit["front"] * self.fronts[queries])
        share = query / (query.sum(axis=1, keepdims=True) + 1e-9)
        body = share @ saturated.T * self.prior[documents]
        squares = self.heads[documents] * self.idf**2
        named = (self.counts[queries] > 0) @ squares.T / (squares.sum(axis=1) + 1e-9) * self.prior[documents]
        return body + self._fit["head"] * named * body.max(axis=1, keepdims=True, initial=0)

    def ties(self, one: int, other: int) -> list[str]:
        """Return the words two stretches share, strongest first; bigrams only where no word says it."""
        shared = self.weights[one] * self.weights[other]
        order = [self._terms[at] for at in np.argsort(-shared, kind="stable")[: np.count_nonzero(shared)]]
        words = [term for term in order if term in self._words]
        return words or order
