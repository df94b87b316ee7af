"""Fit the weights that decide which clauses name a theme.

`python .ci/fit_themes.py TEXTS CODING.tsv` writes `kit/data/theme_weights.csv`. A coding has the columns file (below
TEXTS), start, end, themes (or none), as `kit themes sample` writes it. A theme is named by a sentence if one of its
clauses names it; which one is not coded, so that the weights and the clauses are fitted in turn (Dempster, Laird &
Rubin 1977). Every score is of documents that were left out of the fit.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

import kit
from kit.measure import themes as rules
from kit.measure.codebook import Codebook, read_codebook
from kit.read.lines import fold

FOLDS, ROUNDS, LEAST, MANY, KEPT = 3, 3, 5, 4000, 1000  # LEAST clauses hold a pair; KEPT pairs a theme are written
LEVEL = 0.4  # the probability from which on a clause names a theme
LISTED = 2  # the first columns: what the lists say
DROP = 0.5  # share of pairs left out of a copy of each clause (dropout, Srivastava et al. 2014)
STRICT = 1.0  # inverse strength of the regularisation


def read_codings(files: list[Path]) -> dict[str, list[tuple[int, int, set[str]]]]:
    """Return start, end and themes of the coded sentences of each file."""
    coded: dict[str, list[tuple[int, int, set[str]]]] = {}
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                span = int(row["start"]), int(row["end"])
                coded.setdefault(row["file"], []).append((*span, set(row["themes"].split()) - {"none"}))
    return coded


def find_clauses(source: Path, coded: list[tuple[int, int, set[str]]], codebook: Codebook) -> Iterator[dict]:
    """Yield every clause of the coded sentences: its signs, what the lists say of each theme, what was coded."""
    compilation = kit.read(source)
    text, framing = fold(compilation.text), rules.find_framing(compilation, codebook)
    rows = compilation.sentences[["start", "end", "sentence"]].itertuples(index=False)
    sentences = [(start, end) for start, end, number in rows if number not in framing]
    for number, (first, last, themes) in enumerate(coded):
        for start, end in ((s, e) for s, e in sentences if s < last and e > first):
            sentence = text[start:end]
            stretches = [s for s in rules.find_stretches(sentence, codebook) if start + s.end <= last]
            brief = [rules.BRIEF] * rules.is_brief(sentence)
            held = {one.start: one for one in rules.find_clauses(sentence, stretches, [(0, len(sentence))])}
            for at, to in clauses_of(sentence):
                said = rules.count_listed(sentence, held[at], codebook) if at in held else {}
                pairs = [spell(pair) for pair in rules.pairs_of([sentence[at:to]])[1].tolist()]
                yield {"sentence": (source.name, number), "signs": [*pairs, *brief], "said": said, "themes": themes}


def clauses_of(sentence: str) -> list[tuple[int, int]]:
    """Return start and end of the clauses of a sentence."""
    stops = [-1, *(mark.start() for mark in rules._CLAUSE.finditer(sentence)), len(sentence)]
    return [(before + 1, stop) for before, stop in pairwise(stops) if stop > before + 1]


def spell(pair: int) -> str:
    """Return a pair of characters that is written as a number."""
    return "".join(map(chr, divmod(pair, rules.BEYOND)))


class Fit:
    """Clauses as rows, signs as columns; `fit` gives the weights of one theme."""

    def __init__(self, clauses: list[dict], files: list[str]) -> None:
        keys = list(dict.fromkeys((file, clause["sentence"]) for file, clause in zip(files, clauses, strict=True)))
        number = {key: at for at, key in enumerate(keys)}
        self.sentence = np.array([number[file, one["sentence"]] for file, one in zip(files, clauses, strict=True)])
        self.files = np.array([file for file, _ in keys])
        self.clauses = clauses
        self.themes: list[set[str]] = [set()] * len(keys)
        for at, one in zip(self.sentence, clauses, strict=True):
            self.themes[at] = one["themes"]
        words = CountVectorizer(analyzer=lambda one: one["signs"], binary=True, min_df=LEAST)
        self.signs = words.fit_transform(clauses).astype(float).tocsc()
        self.names = words.get_feature_names_out()

    def of(self, theme: str) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        """Return the rows of a theme: signs and what the lists say, what was coded, where it has a word at all."""
        listed = [one["said"].get(theme) for one in self.clauses]
        said = csr_matrix(np.array([[said is True, said is False] for said in listed], dtype=float))
        coded = np.array([theme in self.themes[at] for at in self.sentence])
        return said, coded, np.array([said is not None for said in listed])

    def either(self, chance: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return for each clause the probability that one of its sentence's clauses names the theme."""
        logs = np.bincount(self.sentence[rows], np.log1p(-chance.clip(1e-6, 1 - 1e-6)), minlength=len(self.themes))
        return (1 - np.exp(logs))[self.sentence[rows]]

    def fit(self, theme: str, rows: np.ndarray) -> dict[str, float]:
        """Return the weights of signs, fitted to some rows."""
        said, coded, named = (part[rows] for part in self.of(theme))
        own, names = [rules.COUNTED, rules.IN_COMPANY], np.array(self.names)
        signs = self.signs[rows]
        expected = np.asarray(signs.sum(0)).ravel() * coded.mean()
        apart = np.abs(signs.T @ coded.astype(float) - expected) / np.sqrt(expected * (1 - coded.mean()) + 1)
        apart[np.char.startswith(names.astype(str), "=")] = np.inf
        chosen = np.argsort(-apart)[:MANY]
        share = self._first_share(coded, named, rows)
        weights: np.ndarray = np.zeros(0)
        for keep in (MANY, KEPT):
            if keep < len(chosen):
                mass = np.abs(weights[2:]) * np.sqrt(np.asarray(signs[:, chosen].mean(0)).ravel())
                mass[np.char.startswith(names[chosen].astype(str), "=")] = np.inf
                chosen = chosen[np.argsort(-mass)[:keep]]
            table = hstack([said, signs[:, chosen]]).tocsr()
            for _ in range(ROUNDS if keep == MANY else 1):
                model, share = self._round(table, coded, share, rows)
            weights = model.coef_[0]
        return {"": float(model.intercept_[0]), **dict(zip([*own, *names[chosen]], map(float, weights), strict=True))}

    def _first_share(self, coded: np.ndarray, named: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return how far each clause is taken to be the one: those that have a word, else each alike."""
        count = np.bincount(self.sentence[rows], minlength=len(self.themes))[self.sentence[rows]]
        words = np.bincount(self.sentence[rows], named, minlength=len(self.themes))[self.sentence[rows]]
        return np.where(coded, np.where(words > 0, named, 1 / count), 0.0)

    def _round(
        self, table: csr_matrix, coded: np.ndarray, share: np.ndarray, rows: np.ndarray
    ) -> tuple[LogisticRegression, np.ndarray]:
        at = np.arange(len(share))
        both, sure = np.concatenate([at, at]), np.concatenate([share, 1 - share])
        target, used = np.repeat([1, 0], len(at)), sure > 1e-3  # noqa: PLR2004
        model = LogisticRegression(C=STRICT, solver="liblinear")
        bare = table.copy()  # a word of the lists must count where the words beside it are new
        bare.data *= (bare.indices < LISTED) | (np.random.default_rng(0).random(bare.nnz) >= DROP)
        rows_twice = np.concatenate([both[used], both[used] + len(at)])
        weight = np.tile(sure[used], 2) / 2
        model.fit(vstack([table, bare]).tocsr()[rows_twice], np.tile(target[used], 2), sample_weight=weight)
        chance = model.predict_proba(table)[:, 1]
        return model, np.where(coded, (chance / self.either(chance, rows).clip(1e-6)).clip(0, 1), 0.0)

    def score(self, theme: str, weights: dict[str, float], rows: np.ndarray) -> set[int]:
        """Return the sentences of some rows that name a theme, only where a word of its lists stands."""
        said, _, named = (part[rows] for part in self.of(theme))
        column = np.array([weights.get(name, 0.0) for name in self.names])
        own = said @ np.array([weights[rules.COUNTED], weights[rules.IN_COMPANY]])
        decided = named & (self.signs[rows] @ column + own + weights[""] >= np.log(LEVEL / (1 - LEVEL)))
        return set(self.sentence[rows][decided].tolist())


def say(words: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{words}\n")


def main() -> None:
    """Fit, score on documents left out, and write the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("texts", type=Path)
    asked.add_argument("codings", type=Path, nargs="+")
    options = asked.parse_args()
    codebook, clauses, files = read_codebook(), [], []
    for file, coded in read_codings(options.codings).items():
        found = list(find_clauses(options.texts / file, coded, codebook))
        clauses += found
        files += [file] * len(found)
    fit, keys = Fit(clauses, files), codebook.keys
    fit.signs = fit.signs.tocsr()
    whole = np.arange(len(clauses))
    right, said, coded = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
    for near, far in GroupKFold(FOLDS).split(whole, groups=fit.files[fit.sentence]):
        for theme in keys:
            named = fit.score(theme, fit.fit(theme, near), far)
            meant = {at for at in fit.sentence[far].tolist() if theme in fit.themes[at]}
            right[theme] += len(named & meant)
            said[theme] += len(named)
            coded[theme] += len(meant)
    for theme in keys:
        say(f"{theme:12} F1 {2 * right[theme] / (said[theme] + coded[theme]):.3f}  {coded[theme]}")
    total = [sum(counts.values()) for counts in (right, said, coded)]
    say(f"{'all':12} F1 {2 * total[0] / (total[1] + total[2]):.4f}")
    write(fit, keys, whole)


def write(fit: Fit, keys: tuple[str, ...], rows: np.ndarray) -> None:
    """Write the weights of all themes, a row for each sign; the level at which a clause counts is zero."""
    table: dict[str, list[str]] = {}
    for theme in keys:
        weights = fit.fit(theme, rows)
        weights[""] -= float(np.log(LEVEL / (1 - LEVEL)))
        for sign, weight in weights.items():
            if abs(weight) >= 0.05 or not sign or sign.startswith("="):  # noqa: PLR2004
                table.setdefault(sign, []).append(f"{theme}:{weight:.2g}")
    file = Path(kit.__file__).parent / "data" / rules.WEIGHTS
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["sign", "weights"])
        writer.writerows((sign, " ".join(said)) for sign, said in sorted(table.items()))


if __name__ == "__main__":
    main()
