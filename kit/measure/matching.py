"""Matching: which stretch of one text speaks of the same matter as a stretch of another.

One matcher serves two questions, which are never to be mixed. Continuity (延续, `match_items`) holds next year's plan
against the review in the same report; fulfilment (兑现, `kit.measure.years`) holds last year's plan against this
year's review. The terms of a stretch are its words, and the character bigrams of its content, so that names the
segmenter does not know still tie; officialese ties little, function words and numbers not at all.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from copy import copy
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

CONTENT = ("lexicon", "word", "other")
WORDS = (*CONTENT, "officialese")
SMOOTH = 0.02  # keeps the logarithm of a similarity of 0 finite
HEAD = 30  # characters of an item that can be its first clause
FRONT = 50  # characters of an item that say what it is about, a first sentence or so
TIES = 5  # words shown that tie plan and evidence
TIE_JOIN = "、"
NOWHERE = (0, 0)
CODE = 21  # bits of a code point
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
        self._starts = [frame["start"].to_numpy() for frame in tokens]
        self._offsets = np.r_[0, np.cumsum([len(frame) for frame in tokens])]
        both = pd.concat(tokens, ignore_index=True)
        kinds = both["kind"].to_numpy(dtype=str)
        number, words = pd.factorize(both["term"])
        self._words = words.tolist()
        lengths = np.array([len(word) for word in self._words], dtype="int64")
        self._is_long = lengths >= LONG
        # A word of two characters is the same term as that bigram; longer words are numbered below zero.
        pairs_of = enumerate(self._words)
        named = [_code(*map(ord, word)) if len(word) == 2 else -1 - at for at, word in pairs_of]  # noqa: PLR2004
        self._codes, lengths = np.array(named, dtype="int64")[number], lengths[number]
        # A bigram is plain, or officialese, where the same texts have it as such a word.
        self._is_plain, self._is_slogan = np.isin(kinds, ["lexicon", "word"]) & (lengths > 1), kinds == "officialese"
        self._weigh(0, len(both))
        # A bigram may stand across two tokens, where one runs on into the next in the same text.
        content = np.isin(kinds, CONTENT) & ~np.array([word.isascii() for word in self._words], dtype=bool)[number]
        runs_on = np.zeros(len(both) + 1, dtype=bool)
        touches = both["end"].to_numpy()[:-1] == both["start"].to_numpy()[1:]
        runs_on[: max(0, len(both) - 1)] = content[:-1] & content[1:] & touches
        runs_on[self._offsets[1:] - 1] = False
        written = "".join([self._words[at] for at in number.tolist()])
        chars = np.frombuffer(written.encode("utf-32-le"), dtype="<u4").astype("int64")
        token = np.repeat(np.arange(len(both)), lengths)
        is_last = np.r_[token[1:] != token[:-1], True][: len(chars)]
        pairs = np.flatnonzero(np.where(is_last, runs_on[token], content[token]))
        words = np.flatnonzero(np.isin(kinds, WORDS) & (lengths > 1))
        # All terms in the order of the tokens they begin in; the one that reaches into the next token comes last.
        place = np.r_[2 * words, 2 * token[pairs] + is_last[pairs]]
        order = np.argsort(place, kind="stable")
        self._terms = np.r_[self._codes[words], _code(chars[pairs], chars[pairs + 1])][order]
        self._first = np.searchsorted(place[order], 2 * np.arange(len(both) + 1))
        self._runs_on = runs_on

    def _weigh(self, first: int, last: int) -> None:
        codes, plain, slogan = self._codes[first:last], self._is_plain[first:last], self._is_slogan[first:last]
        self.plain, self.officialese = np.unique(codes[plain]), np.unique(codes[slogan])

    def of(self, start: int, end: int) -> "Terms":
        """Return the same terms, plain and officialese what is so in a part of the text: as of it alone."""
        part = copy(self)
        part._weigh(*np.searchsorted(self._starts[0], (start, end)).tolist())
        return part

    def count(self, stretches: Sequence[Stretch], *fields: str) -> tuple[Any, np.ndarray]:
        """Count the terms of some fields of stretches."""
        from scipy.sparse import csr_matrix  # noqa: PLC0415, takes a while

        rows = [self._within(stretch.year, getattr(stretch, field)) for field in fields for stretch in stretches]
        first, last = np.array(rows, dtype="int64").reshape(-1, 2).T
        begin = self._first[first]
        end = self._first[last] - ((last > first) & self._runs_on[last - 1])  # what reaches out of the stretch
        bounds = np.r_[0, np.cumsum(end - begin)]
        at = np.repeat(begin - bounds[:-1], end - begin) + np.arange(bounds[-1])
        terms, columns = np.unique(self._terms[at], return_inverse=True)
        counts = csr_matrix((np.ones(len(at)), columns, bounds), shape=(len(rows), len(terms)))
        counts.sum_duplicates()
        return counts, terms

    def name(self, term: int) -> str:
        """Return a term as written."""
        return self._words[-1 - term] if term < 0 else chr(term >> CODE) + chr(term & ((1 << CODE) - 1))

    def is_long(self, terms: np.ndarray) -> np.ndarray:
        """Whether each of some terms is a word long enough to name something."""
        return np.r_[self._is_long, False][np.where(terms < 0, -1 - terms, len(self._is_long))]

    def _within(self, year: int, span: tuple[int, int]) -> np.ndarray:
        return np.searchsorted(self._starts[year], span) + self._offsets[year]


def _code(one: Any, other: Any) -> Any:
    return one << CODE | other


@cache
def _rarity(term: str) -> float:
    """Return how rare a term is in general text; 1 for one that its dictionary has not."""
    unknown = knowledge("matching.toml")["similarity"]["unknown"]
    return float(np.log(GENERAL_TOTAL / (general_frequency(term) or unknown)) / np.log(GENERAL_TOTAL / unknown))


class Comparison:
    """Similarities among stretches: rare terms weigh more, officialese and bigrams that are no words less."""

    def __init__(self, terms: Terms, stretches: Sequence[Stretch]) -> None:
        self._terms, self._fit = terms, knowledge("matching.toml")["similarity"]
        found, self._columns = terms.count(stretches, "span", "path", "head", "front")
        n = len(stretches)
        spans, paths, heads, fronts = (found[at * n : (at + 1) * n] for at in range(4))
        self._own = spans
        self.counts, self._heads = spans + paths, (heads + paths).sign()
        idf = np.log((n + 1) / (np.bincount(self.counts.indices, minlength=len(self._columns)) + 1)) + 1
        light = np.where(np.isin(self._columns, terms.officialese), self._fit["officialese"], 1.0)
        self._is_plain = np.isin(self._columns, terms.plain)
        light *= idf ** (self._fit["rarity"] - 1) * np.where(self._is_plain, 1.0, self._fit["bigram"])
        rarity = np.array([_rarity(terms.name(term)) for term in self._columns.tolist()])
        self._idf = idf * light * rarity
        self.weights = self.counts.copy()
        self.weights.data = (np.log(self.counts.data) + 1) * idf[self.counts.indices] * light[self.counts.indices]
        self._said = (self.weights + self._fit["front"] * self.weights.multiply(fronts.sign())).multiply(rarity).tocsr()
        self._norms = np.sqrt(self.weights.multiply(self.weights).sum(axis=1)).A1 + 1e-9
        self._prior = np.array([stretch.weight for stretch in stretches])

    def cosine(self, left: Sequence[int], right: Sequence[int]) -> np.ndarray:
        """Return the cosine of tf-idf weights, rows of ``left`` against rows of ``right``."""
        product = (self.weights[left] @ self.weights[right].T).toarray()
        return product / np.outer(self._norms[left], self._norms[right]) * self._prior[right]

    def relevance(self, queries: Sequence[int], documents: Sequence[int]) -> np.ndarray:
        """Rank documents for each query: BM25 (Robertson & Walker 1994), and what of their heads it names."""
        # A query is about what it names first: the terms of its front weigh more.
        counts, k1, b = self.counts[documents], self._fit["k1"], self._fit["b"]
        lengths = counts.sum(axis=1).A1
        damping = 1 - b + b * lengths / max(1.0, lengths.mean() if len(lengths) else 0.0)
        saturated = counts.copy()
        saturated.data *= (k1 + 1) / (counts.data + k1 * np.repeat(damping, np.diff(counts.indptr)))
        query = self._said[queries]
        body = (query @ saturated.T).toarray() / (query.sum(axis=1).A1[:, None] + 1e-9) * self._prior[documents]
        heads = self._heads[documents].multiply(self._idf**2).tocsr()
        named = (self.counts[queries].sign() @ heads.T).toarray() / (heads.sum(axis=1).A1 + 1e-9)
        best = body.max(axis=1, keepdims=True, initial=0)
        return body + self._fit["head"] * named * self._prior[documents] * best

    def shared(self, left: Sequence[int], right: Sequence[int]) -> np.ndarray:
        """Return how many words rows of ``left`` share with rows of ``right``, officialese left out."""
        plain = self.counts[:, np.flatnonzero(self._is_plain)].sign()
        return (plain[left] @ plain[right].T).toarray()

    def unsaid(self, ones: Sequence[int], others: Sequence[int]) -> list[tuple[bool, int, int]]:
        """Say of each of some stretches whether the others pass over it, how many things it names, and its words."""
        # Passed over: most of its words are missing there, and of the long ones, which name things, twice as many as
        # are there.
        there = self.counts[others].sum(axis=0).A1 > 0
        is_long = self._terms.is_long(self._columns)
        found = []
        for one in ones:
            own = self._own.indices[slice(*self._own.indptr[one : one + 2])]
            own = own[self._is_plain[own]]
            told, long_told = int(there[own].sum()), int((there[own] & is_long[own]).sum())
            names = int(is_long[own].sum()) - long_told
            found.append((2 * told < len(own) and 2 * long_told <= names, names, len(own)))
        return found

    def covered(self, ones: Sequence[int], others: Sequence[int]) -> np.ndarray:
        """Return the share of what rows of ``ones`` say that rows of ``others`` say too, by weight, the front more."""
        said = self._said[ones]
        return (said @ self.counts[others].sign().T).toarray() / (said.sum(axis=1).A1[:, None] + 1e-9)

    def ties(self, one: int, other: int) -> list[str]:
        """Return the words two stretches share, strongest first; bigrams only where no word says it."""
        rows = (slice(*self.weights.indptr[at : at + 2]) for at in (one, other))
        (left, weights), (right, others) = ((self.weights.indices[row], self.weights.data[row]) for row in rows)
        both, at, where = np.intersect1d(left, right, assume_unique=True, return_indices=True)
        names = map(self._terms.name, self._columns[both].tolist())
        order = sorted(zip((-weights[at] * others[where]).tolist(), names, self._is_plain[both], strict=True))
        return [name for _, name, plain in order if plain] or [name for _, name, _ in order]


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

    def candidate(row: int, promise: int, at: int) -> Candidate:
        """Return one review that may answer a promise."""
        ties = comparison.ties(promise, reviews[at])[:TIES]
        return Candidate(stretches[reviews[at]], float(scores[row, at]), tuple(ties))

    return [[candidate(row, promise, at) for at in order[row]] for row, promise in enumerate(promises)]


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
        comparison = Comparison(terms.of(*edges[alone - 1 : alone + 1]), own)
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
            row = {
                "report": report,
                "item": item.item,
                "status": told or status,
                "says_continues": says[item.item],
                "rank": 1,
                "score": 0.0,
                "ties": "",
                "decided_by": "override" if item.span[0] in decided else "kit",
                **answers.get(at, {}),
            }
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
