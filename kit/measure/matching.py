"""Matching: which stretch of one text speaks of the same matter as a stretch of another.

One matcher serves two questions, which are never to be mixed. Continuity (延续, `match_items`) holds next year's plan
against the review in the same report; fulfilment (兑现, `kit.measure.years`) holds last year's plan against this
year's review. The terms of a stretch are its words, and the character bigrams of its content, so that names the
segmenter does not know still tie; officialese ties little, function words and numbers not at all.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import add
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import any_of, knowledge, rule
from kit.errors import DataError
from kit.measure.items import CLAUSE_END, PIECES, body_start, names_a_section, ties_nothing, whole_items
from kit.measure.quantities import is_generic
from kit.measure.words import GENERAL_TOTAL, find_tokens, general_frequency
from kit.read.compilation import Compilation
from kit.read.names import GOVERNMENT
from kit.read.source import watch

PLAIN, SLOGANS, OTHER = ("lexicon", "word"), ("officialese",), ("other",)  # kinds of token that are terms
SMOOTH = 0.02  # keeps the logarithm of a similarity of 0 finite
HEAD = 30  # characters of an item that can be its first clause
FRONT = 50  # characters of an item that say what it is about, a first sentence or so
TIES = 5  # words shown that tie plan and evidence
TIE_JOIN = "、"
NOWHERE = (0, 0)
CODE = 21  # bits of a code point
FAR = 1 << 40  # where the next text begins in the order of places; no text is as long
EVERYWHERE = (0, FAR << 1)
REVIEW = ("opening", *tables.REVIEW_ROLES)
LONG = 3  # characters of a word that names something
NAMED, WORDY = 1, 7  # things that an item names, and words that it has, to be called new
SHORTEST = 4  # characters of a sentence that says something


@dataclass(frozen=True)
class Stretch:
    """What is compared: an item, the heading of a review section over several items, or a sentence (no ``item``)."""

    item: int | None
    role: str
    span: tuple[int, int]
    generic: bool = False
    front: tuple[int, int] = NOWHERE  # its beginning
    head: tuple[int, int] = NOWHERE  # its first clause
    path: tuple[int, int] = NOWHERE  # the heading it stands under
    weight: float = 1.0
    fresh: bool = False  # whether it says that it begins something
    year: int = 0  # which of the texts it stands in


def find_stretches(compilation: Compilation, items: pd.DataFrame) -> dict[int, list[Stretch]]:
    """Return what continuity compares in each report: its whole items, and review headings over several items."""
    text, items = compilation.text, whole_items(items)
    parts: dict[int, Any] = {part.part: part for part in compilation.parts.itertuples(index=False)}
    weight = knowledge("matching.toml")["similarity"]["section"]
    fresh = rule("matching.toml", "status.fresh_pattern")
    found: dict[int, list[Stretch]] = {report: [] for report in sorted(items["report"].unique())}

    def stretch(item: Any, start: int, end: int, part: Any, weight: float) -> Stretch:
        """Return the stretch of a part between two offsets."""
        end = start + len(text[start:end].rstrip())
        words = start + (len(part.marker) if start == part.start else 0)
        front, head = (words, min(end, words + FRONT)), text[words : min(end, words + HEAD)].lstrip()
        above: Any = parts.get(part.parent)
        ties = above is not None and above.heading and not ties_nothing(above.heading)
        return Stretch(
            item.item if item else None,
            part.role,
            (start, end),
            bool(item and item.generic),
            front,
            head=(words, words + len(CLAUSE_END.split(head, maxsplit=1)[0])),
            path=(above.start, body_start(text, above)) if ties else NOWHERE,
            weight=weight,
            fresh=part.role == "plan" and bool(fresh.search(text[slice(*front)])),
        )

    for item in items.itertuples(index=False):
        found[item.report].append(stretch(item, item.start, item.end, parts[item.part], 1.0))
    for number in sorted(set(compilation.parts["parent"].dropna()) - set(items["part"])):
        part = parts[number]
        if part.role in tables.REVIEW_ROLES and part.report in found and not names_a_section(text, part):
            found[part.report].append(stretch(None, part.start, part.end, part, weight))
    return found


def find_sentences(compilation: Compilation, *, year: int) -> dict[int, list[Stretch]]:
    """Return what can answer a promise in each report: the sentences of its opening and review, cut at semicolons."""
    text, weight = compilation.text, knowledge("matching.toml")["similarity"]["section"]
    parts = compilation.parts[compilation.parts["role"].isin(REVIEW)].itertuples(index=False)
    bodies = {part.part: body_start(text, part) for part in parts}
    found: dict[int, list[Stretch]] = {report: [] for report in compilation.reports["report"]}
    for row in compilation.sentences[compilation.sentences["role"].isin(REVIEW)].itertuples(index=False):
        for piece in PIECES.finditer(text, row.start, row.end):
            words = piece.group().strip()
            start = piece.start() + piece.group().index(words)
            end = start + len(words)
            if len(words) >= SHORTEST and row.report in found:
                of_heading = weight if end <= bodies[row.part] else 1.0
                found[row.report].append(Stretch(None, row.role, (start, end), weight=of_heading, year=year))
    return found


class Terms:
    """The terms of any stretch of some texts, from their tokens: words, and bigrams of content, as numbers."""

    def __init__(self, *tokens: pd.DataFrame) -> None:
        term, kind, start, end = (
            np.concatenate([frame[name].to_numpy() for frame in tokens]) for name in ("term", "kind", "start", "end")
        )
        (number, words), (kind, kinds) = pd.factorize(term), pd.factorize(kind)
        sizes = np.array([len(word) for word in words], dtype="int64")
        plain, slogan, other = (np.isin(kinds, among)[kind] for among in (PLAIN, SLOGANS, OTHER))
        far = np.repeat(FAR * np.arange(len(tokens)), [len(frame) for frame in tokens])
        # A bigram may stand across two tokens, where one runs on into the next in the same text.
        is_content = (plain | other) & ~np.array([word.isascii() for word in words], dtype=bool)[number]
        touches = (far + end)[:-1] == (far + start)[1:]
        self._starts, self._runs_on = far + start, np.r_[is_content[:-1] & is_content[1:] & touches, False]
        token, behind = np.repeat(np.arange(len(term)), sizes[number]), _pairs(term)
        is_last = np.diff(token, append=len(term)) > 0
        pairs = np.flatnonzero(np.where(is_last, self._runs_on[token], is_content[token]))
        spelt = np.flatnonzero((plain | slogan | other) & (sizes[number] > 1))
        # A word of two characters is the same term as that bigram; longer words have codes below zero.
        codes, is_pair = -1 - np.arange(len(words)), sizes == 2  # noqa: PLR2004
        codes[is_pair] = _pairs(words[is_pair])[::2]
        terms, codes = pd.factorize(np.r_[codes[number[spelt]], behind[pairs]], sort=True)
        letters = np.c_[codes >> CODE, codes % (1 << CODE)][codes >= 0].astype("<u4").tobytes().decode("utf-32-le")
        self.names = [*words[-1 - codes[codes < 0]], *map(add, letters[::2], letters[1::2])]
        self.rarity = np.array([_rarity(name) for name in self.names])
        self.is_long = np.array([len(name) >= LONG for name in self.names], dtype=bool)
        # All terms in the order of the tokens they begin in; the one that reaches into the next token comes last.
        place = np.r_[2 * spelt, 2 * token[pairs] + is_last[pairs]]
        order = np.argsort(place, kind="stable")
        self._terms, self._first = terms[order], np.searchsorted(place[order], 2 * np.arange(len(term) + 1))
        self._told = [(self._starts[spelt[of]], terms[: len(spelt)][of]) for of in (plain[spelt], slogan[spelt])]

    def told(self, start: int, end: int) -> np.ndarray:
        """Say which terms are plain words in a part of the texts, and which officialese there."""
        # A bigram is plain, or officialese, where the same part has it as such a word.
        found = np.zeros((2, len(self.names)), dtype=bool)
        for is_told, (starts, terms) in zip(found, self._told, strict=True):
            is_told[terms[slice(*np.searchsorted(starts, (start, end)))]] = True
        return found

    def within(self, stretches: Sequence[Stretch], field: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the terms in a field of some stretches, and the number of the stretch that each is of."""
        far = FAR * np.array([[stretch.year] for stretch in stretches])
        first, last = np.searchsorted(self._starts, np.array([getattr(one, field) for one in stretches]) + far).T
        reaches_out = (last > first) & self._runs_on[last - 1]
        begin, sizes = self._first[first], self._first[last] - reaches_out - self._first[first]
        return self._terms[_ranges(begin, sizes)], np.repeat(np.arange(len(stretches)), sizes)


def _pairs(words: Iterable[str]) -> np.ndarray:
    """Return a code for each character of some words, one word after another, and the character behind it."""
    chars = np.frombuffer("".join(words).encode("utf-32-le"), dtype="<u4").astype("int64")
    return chars << CODE | np.append(chars[1:], 0)


def _ranges(begin: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the numbers of some ranges, one range after another."""
    return np.arange(sizes.sum()) + np.repeat(begin - np.cumsum(sizes) + sizes, sizes)


@cache
def _rarity(term: str) -> float:
    """Return how rare a term is in general text; 1 for one that its dictionary has not."""
    unknown = knowledge("matching.toml")["similarity"]["unknown"]
    return float(np.log(GENERAL_TOTAL / (general_frequency(term) or unknown)) / np.log(GENERAL_TOTAL / unknown))


class Comparison:
    """Similarities among stretches: rare terms weigh more, officialese and bigrams that are no words less."""

    # A cell is a term of a stretch; they stand in the order of stretches, then of terms. Two stretches share few, so
    # that those are listed once (`_meet`) and summed over for each measure; sparse matrices take longer to make.

    def __init__(self, terms: Terms, stretches: Sequence[Stretch], part: tuple[int, int] = EVERYWHERE) -> None:
        self._terms, self._fit, self._n = terms, knowledge("matching.toml")["similarity"], len(stretches)
        (self._plain, officialese), n_terms = terms.told(*part), len(terms.names)
        fields = (terms.within(stretches, field) for field in ("span", "path", "head", "front"))
        own, path, head, front = (row * n_terms + term for term, row in fields)
        cells, self._counts = np.unique(np.r_[own, path], return_counts=True)
        self._row, self._term = np.divmod(cells, n_terms)
        self._begins, self._is_word = np.flatnonzero(np.diff(self._row, prepend=-1)), self._plain[self._term]
        self._in_own, in_head, in_front = np.zeros((3, len(cells)), dtype=bool)
        for said, among in ((self._in_own, own), (in_head, np.r_[head, path]), (in_front, front)):
            said[np.searchsorted(cells, among)] = True
        columns, documents = np.unique(self._term, return_counts=True)
        idf = np.log((self._n + 1) / (documents + 1)) + 1
        light = np.where(officialese[columns], self._fit["officialese"], 1.0)
        light *= idf ** (self._fit["rarity"] - 1) * np.where(self._plain[columns], 1.0, self._fit["bigram"])
        column, rarity, self._once = np.searchsorted(columns, self._term), terms.rarity[self._term], np.ones(len(cells))
        self._weights = (np.log(self._counts) + 1) * idf[column] * light[column]
        self._said = (self._weights + self._fit["front"] * self._weights * in_front) * rarity
        self._heads = ((idf * light)[column] * rarity) ** 2 * in_head
        self._all_said, self._all_heads = self._sum(self._said)[:, None] + 1e-9, self._sum(self._heads) + 1e-9
        self._norms = np.sqrt(self._sum(self._weights**2)) + 1e-9
        self._prior = np.array([stretch.weight for stretch in stretches])
        self._met: tuple[Any, Any, tuple[np.ndarray, ...]] = (None, None, ())

    def cosine(self, left: Sequence[int], right: Sequence[int]) -> np.ndarray:
        """Return the cosine of tf-idf weights, rows of ``left`` against rows of ``right``."""
        product = self._product(left, right, self._weights, self._weights)
        return product / np.outer(self._norms[left], self._norms[right]) * self._prior[right]

    def relevance(self, queries: Sequence[int], documents: Sequence[int]) -> np.ndarray:
        """Rank documents for each query: BM25 (Robertson & Walker 1994), and what of their heads it names."""
        # A query is about what it names first: the terms of its front weigh more.
        k1, b = self._fit["k1"], self._fit["b"]
        lengths = np.bincount(self._row, self._counts, minlength=self._n)
        damping = 1 - b + b * lengths / max(1.0, lengths[documents].mean() if len(documents) else 0.0)
        saturated = self._counts * ((k1 + 1) / (self._counts + k1 * damping[self._row]))
        body = self._product(queries, documents, self._said, saturated) / self._all_said[queries]
        body *= self._prior[documents]
        named = self._product(queries, documents, self._once, self._heads) / self._all_heads[documents]
        best = body.max(axis=1, keepdims=True, initial=0)
        return body + self._fit["head"] * named * self._prior[documents] * best

    def shared(self, left: Sequence[int], right: Sequence[int]) -> np.ndarray:
        """Return how many words rows of ``left`` share with rows of ``right``, officialese left out."""
        return self._product(left, right, self._is_word, self._is_word)

    def covered(self, ones: Sequence[int], others: Sequence[int]) -> np.ndarray:
        """Return the share of what rows of ``ones`` say that rows of ``others`` say too, by weight, the front more."""
        return self._product(ones, others, self._said, self._once) / self._all_said[ones]

    def unsaid(self, ones: Sequence[int], others: Sequence[int]) -> list[tuple[bool, int, int]]:
        """Say of each of some stretches whether the others pass over it, how many things it names, and its words."""
        # Passed over: most of its words are missing there, and of the long ones, which name things, twice as many as
        # are there.
        there = np.zeros(len(self._terms.names), dtype=bool)
        there[self._term[self._cells(others)]] = True
        is_own, is_told = self._in_own & self._is_word, there[self._term]
        is_long = is_own & self._terms.is_long[self._term]
        of_each = (is_own, is_own & is_told, is_long & ~is_told, is_long & is_told)
        counts = (np.bincount(self._row[cells], minlength=self._n)[ones].tolist() for cells in of_each)
        return [(2 * told < n and 2 * long <= names, names, n) for n, told, names, long in zip(*counts, strict=True)]

    def ties(self, left: Sequence[int], right: Sequence[int], row: int, column: int) -> tuple[str, ...]:
        """Return the words that two of some stretches share, strongest first; bigrams only where no word says it."""
        one, other, at = self._meet(left, right)
        here = slice(*at.searchsorted((row * len(right) + column, row * len(right) + column + 1)))
        terms, strengths = self._term[one[here]], self._weights[one[here]] * self._weights[other[here]]
        names = [self._terms.names[term] for term in terms.tolist()]
        order = sorted(zip((-strengths).tolist(), names, self._plain[terms].tolist(), strict=True))
        return tuple([name for _, name, is_plain in order if is_plain] or [name for _, name, _ in order])[:TIES]

    def _sum(self, values: np.ndarray) -> np.ndarray:
        """Sum what each cell has over its row."""
        sums = np.zeros(self._n)
        sums[self._row[self._begins]] = np.add.reduceat(values, self._begins)
        return sums

    def _cells(self, rows: Sequence[int]) -> np.ndarray:
        chosen = np.zeros(self._n, dtype=bool)
        chosen[rows] = True
        return np.flatnonzero(chosen[self._row])

    def _product(self, left: Sequence[int], right: Sequence[int], ones: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Multiply what the cells of two stretches have, and sum it over the terms that both have."""
        one, other, at = self._meet(left, right)
        sums = np.bincount(at, ones[one] * others[other], minlength=len(left) * len(right))
        return sums.reshape(len(left), len(right))

    def _meet(self, left: Sequence[int], right: Sequence[int]) -> tuple[np.ndarray, ...]:
        """Return the pairs of cells of one term in rows of ``left`` and of ``right``, in the order of their rows."""
        # Asked for again and again of the same two lists.
        if self._met[0] is not left or self._met[1] is not right:
            ours, theirs = self._cells(left), self._cells(right)
            theirs = theirs[np.argsort(self._term[theirs], kind="stable")]
            first, last = (np.searchsorted(self._term[theirs], self._term[ours], side) for side in ("left", "right"))
            one, other = np.repeat(ours, last - first), theirs[_ranges(first, last - first)]
            place = np.zeros((2, self._n), dtype="int64")
            place[0, left], place[1, right] = np.arange(len(left)), np.arange(len(right))
            at = place[0, self._row[one]] * len(right) + place[1, self._row[other]]
            order = np.argsort(at, kind="stable")
            self._met = left, right, (one[order], other[order], at[order])
        return self._met[2]


@dataclass(frozen=True)
class Candidate:
    """A stretch of a review that may speak of a promise: how likely it does, and the words that tie the two."""

    stretch: Stretch
    score: float
    ties: tuple[str, ...]


Decision = tuple[str, Stretch | None]  # a status, and the evidence that an analyst names


def match(
    comparison: Comparison,
    stretches: Sequence[Stretch],
    promises: Sequence[int],
    reviews: Sequence[int],
    fit: str,
    *,
    top: int,
) -> list[list[Candidate]]:
    """Find for each promise the stretches of the review that are likeliest to speak of it."""
    if not promises or not reviews:
        return [[] for _ in promises]
    relevance = comparison.relevance(promises, reviews)
    model = knowledge("matching.toml")[fit]
    terms = features(comparison, stretches, promises, reviews).items()
    scores = 1 / (1 + np.exp(-model["intercept"] - sum(model[name] * term for name, term in terms if name in model)))
    order = np.argsort(-relevance, axis=1, kind="stable")[:, :top]

    return [
        [
            Candidate(stretches[reviews[at]], float(scores[row, at]), comparison.ties(promises, reviews, row, at))
            for at in order[row].tolist()
        ]
        for row in range(len(promises))
    ]


def features(
    comparison: Comparison, stretches: Sequence[Stretch], promises: Sequence[int], reviews: Sequence[int]
) -> dict[str, np.ndarray]:
    """Return what the score of a candidate is estimated from, arrays that broadcast to (promises, reviews).

    ``best``: log of the promise's best cosine; ``words``: log of the most words that it shares with any stretch;
    ``fresh``: 1 where it says that it begins something; ``covered``: how much of it the candidate says too, and any
    stretch at most, on the mean; ``cosine``: log of the cosine with the candidate.
    """
    cosine, covered = comparison.cosine(promises, reviews), comparison.covered(promises, reviews)
    return {
        "best": np.log(cosine.max(axis=1, keepdims=True) + SMOOTH),
        "words": np.log1p(comparison.shared(promises, reviews).max(axis=1))[:, None],
        "fresh": np.array([[stretches[at].fresh] for at in promises], dtype=float),
        "covered": (covered + covered.max(axis=1, keepdims=True)) / 2,
        "cosine": np.log(cosine + SMOOTH),
    }


def match_items(
    compilation: Compilation,
    items: pd.DataFrame,
    *,
    tokens: pd.DataFrame | None = None,
    overrides: pd.DataFrame | None = None,
    top: int = 3,
    begins: Sequence[int] = (0,),
) -> pd.DataFrame:
    """Match the plan items of each report with its review items and its stated problems (continuity)."""
    # ``new`` is said only where it is all but sure and the item is no duty that every agency always has; never of a
    # government's own report: its review is of all fields, in words so wide that no words can be missed in it.
    # Compilations joined to one begin at ``begins``: each is matched as if alone.
    terms, edges = Terms(find_tokens(compilation) if tokens is None else tokens), [*begins, len(compilation.text)]
    found = find_stretches(compilation, items)
    decided = _decisions(compilation.overrides if overrides is None else overrides, found)
    says = dict(zip(items["item"], items["says_continues"], strict=True))
    wide = set(compilation.reports.loc[compilation.reports["sector"] == GOVERNMENT, "report"])
    rows: list[dict] = []
    for report, own in watch(list(found.items()), "matching items"):
        plan, review = ([at for at, one in enumerate(own) if one.role in roles] for roles in (("plan",), REVIEW))
        if not plan:
            continue
        alone = bisect(begins, own[0].span[0])
        comparison = Comparison(terms, own, (edges[alone - 1], edges[alone]))
        answers = _answers(compilation.text, comparison, own, plan)
        unsaid = dict(zip(plan, comparison.unsaid(plan, review), strict=True))
        # Where an analyst names the evidence, it may stand anywhere among the candidates.
        candidates = match(comparison, own, plan, review, "status", top=max(top, len(own) if decided else 0))
        for at, among in zip(plan, candidates, strict=True):
            item = own[at]
            told, named = decided.get(item.span[0], ("", None))
            status = _status(item, among)
            old = report in wide or says[item.item]
            if status == "new" and (old or not _is_new(item, compilation.text, unsaid[at])):
                status = "to check"
            row = {"report": report, "item": item.item, "status": told or status, "says_continues": says[item.item]}
            row |= {"rank": 1, "score": 0.0, "ties": "", **answers.get(at, {})}
            row |= {"decided_by": "override" if item.span[0] in decided else "kit"}
            best = sorted(among, key=lambda one: one.stretch is not named)[:top]
            rows += [row | {"rank": rank} | evidence(one) for rank, one in enumerate(best, 1)] or [row]
    return tables.make(rows, tables.MATCHES)


def evidence(candidate: Candidate) -> dict[str, Any]:
    """Return the columns of a table that a candidate fills."""
    start, end = candidate.stretch.span
    said = {"score": candidate.score, "ties": TIE_JOIN.join(candidate.ties), "evidence": candidate.stretch.item}
    return said | {"evidence_start": start, "evidence_end": end}


def _decisions(overrides: pd.DataFrame, stretches: dict[int, list[Stretch]]) -> dict[int, Decision]:
    """Return what an analyst says of plan items, by their first character; an empty status leaves it to the kit."""
    decided: dict[int, Decision] = {}
    planned = {one.span[0]: group for group in stretches.values() for one in group if one.role == "plan"}
    for entry in overrides[overrides["kind"] == "match"].itertuples():
        own = planned.get(entry.start)
        if own is None:
            message = f"{entry.entry}: expected a plan item that begins at {entry.start}, found none; mend the place"
            raise DataError(message)
        decided[entry.start] = (entry.status, None)
        if not pd.isna(entry.evidence):
            at = int(entry.evidence)
            found = next((one for one in own if one.role in REVIEW and one.span[0] <= at < one.span[1]), None)
            if found is None:
                expected = f"expected a review item of the same report at {at}"
                message = f"{entry.entry}: {expected}, found none; mend the evidence"
                raise DataError(message)
            decided[entry.start] = (entry.status or "continued", found)
    return decided


def _status(item: Stretch, among: Sequence[Candidate]) -> str:
    """Return continued, new or unclear by the score alone; to check without a review."""
    fit, score = knowledge("matching.toml")["status"], among[0].score if among else 0.0
    if score >= fit["generic_from" if item.generic else "continued_from"]:
        return "continued"
    if item.generic or score >= fit["new_below"]:
        return "unclear"
    return "new" if among else "to check"


def _is_new(item: Stretch, text: str, unsaid: tuple[bool, int, int]) -> bool:
    """Whether an item may be called new: the review passes over it, it names things of its own and is no duty."""
    passed_over, names, words = unsaid
    duty = rule("matching.toml", "status.duty_pattern").search(text[slice(*item.front)])
    return passed_over and names >= NAMED and words >= WORDY and not duty


def _answers(text: str, comparison: Comparison, own: Sequence[Stretch], plan: list[int]) -> dict[int, dict]:
    """Return for each plan item the stated problem it answers, if any."""
    # The kind of a problem (money, staff …) speaks for an item that has a word that answers it, and against any other.
    problems = [at for at, stretch in enumerate(own) if stretch.role == "problems"]
    if not problems:
        return {}
    fit = knowledge("matching.toml")["answers"]
    stated = [text[slice(*own[at].span)].split(fit["sentence_end"], maxsplit=1)[0] for at in problems]
    committed = [text[slice(*own[at].span)] for at in plan]
    kinds = np.array([[bool(re.search(cue["problem"], words)) for cue in fit["cues"]] for words in stated])
    said = np.array([[bool(re.search(cue["plan"], words)) for cue in fit["cues"]] for words in committed])
    fits = np.where((said.astype(int) @ kinds.astype(int).T) > 0, fit["with_cue"], fit["without_cue"])
    scores = comparison.cosine(plan, problems) * np.where(kinds.any(axis=1), fits, 1.0)
    enough = (scores >= fit["cosine_from"]) & (scores >= fit["of_best"] * scores.max(axis=0))
    best = [(row, at, int(scores[row].argmax())) for row, at in enumerate(plan)]
    return {
        at: {"answers": own[problems[which]].item, "answers_start": own[problems[which]].span[0]}
        for row, at, which in best
        if enough[row, which]
    }


@lru_cache(maxsize=4096)  # what is compared is compared with many
def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text, punctuation left out."""
    return frozenset(pair for pair in map(add, text, text[1:]) if pair.isalnum())


def overlap(one: str, other: str) -> float:
    """Return the share of the shorter text's character bigrams that the other has too."""
    left, right = bigrams(one), bigrams(other)
    return len(left & right) / max(1, min(len(left), len(right)))


LEAST = 3  # characters of a name that is contained in a longer one
MOST = 0.6  # share of the shorter name's bigrams that the longer has, where the order differs
SHORTER, LONGER = 0.8, 0.6  # likeness where the result's name says less, or more, than the target's
HALF = 0.5
SPARE = 0.5  # most of a result's name that may narrow it (新型 公共文化空间)


def alike(target: str, told: str, *, words: str, inside: bool, ratio: bool) -> float:
    """Return how surely two names are of one indicator: 1 when they are the same, 0 when that is not sure."""
    # Where each says something that the other does not, they are two (城镇居民收入, 农村居民收入), and so they are
    # where a number narrows one of them (投资超10亿元的项目). A noun that anything can be called (项目) identifies
    # nothing.
    wanted, given = _folded(target), _folded(told)
    if not wanted or not given or is_generic(wanted) or is_generic(given):
        return 0.0
    if wanted == given:
        return 1.0
    if not inside or _stand_apart(wanted, given):
        return 0.0
    if _contains(wanted, given):
        rest = wanted[wanted.rfind(given[-1]) + 1 :]  # what ends the longer name: said elsewhere, or saying nothing
        said = len(rest) <= 1 or is_generic(rest) or sum(char in words for char in rest) >= HALF * len(rest)
        return SHORTER if said else 0.0
    spare = len(given) - len(wanted)
    return LONGER if not ratio and spare <= SPARE * len(given) and _contains(given, wanted) else 0.0


def _stand_apart(one: str, other: str) -> bool:
    """Whether two names are of two things: their numbers differ, or the words that part a name (户籍, 常住)."""
    parted = [re.compile(any_of(words)) for words in knowledge("numbers.toml")["names"]["apart"]]
    said = [(set(words.findall(one)), set(words.findall(other))) for words in parted]
    return re.findall(r"\d+", one) != re.findall(r"\d+", other) or any(a and b and a != b for a, b in said)


def _contains(longer: str, shorter: str) -> bool:
    """Whether a name says all of a shorter one: in its order (分配公租房, 配租), or most of it in one piece."""
    if Counter(shorter) - Counter(longer):
        return False
    rest = iter(longer)
    return all(char in rest for char in shorter) or (len(shorter) >= LEAST and overlap(longer, shorter) >= MOST)


def _folded(name: str) -> str:
    """Return a name without what changes nothing: where it holds, and which of several spellings is used."""
    name = rule("numbers.toml", "names.scope_patterns").sub("", name)
    for first, *others in knowledge("numbers.toml")["names"]["same"]:
        for other in others:
            name = name if first in name else name.replace(other, first)
    return name
