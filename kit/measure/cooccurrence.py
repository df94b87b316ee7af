"""Which terms go together within a sentence."""

from collections import Counter
from collections.abc import Collection
from itertools import combinations

import numpy as np
import pandas as pd

from kit.measure.keyness import log_likelihood
from kit.measure.terms import MATTER
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES, COOCCURRENCE, check, make


def count_cooccurrence(
    compilation: Compilation,
    tokens: pd.DataFrame,
    *,
    kinds: Collection[str] = MATTER,
    top: int = 300,
    min_sentences: int = 3,
    copies: bool = False,
) -> pd.DataFrame:
    """Count in how many sentences two terms stand together, and how far that is from chance.

    Parameters
    ----------
    compilation : Compilation
    tokens : DataFrame
        See `tables.TOKENS`.
    kinds : collection of str
        Kinds of token that count.
    top : int
        Terms that are paired: those in the most sentences.
    min_sentences : int
        Leave out pairs in fewer sentences.
    copies : bool
        Count near copies as well.

    Returns
    -------
    DataFrame
        One row per pair that stands together more often than chance would have it (see `tables.COOCCURRENCE`),
        the largest G² (Dunning 1993) first.
    """
    reports = (compilation.reports if copies else compilation.counted)["report"]
    sentences = compilation.sentences
    total = int((sentences["role"].isin(BODY_ROLES) & sentences["report"].isin(reports)).sum())
    tokens = tokens[tokens["kind"].isin(kinds) & tokens["report"].isin(reports)]
    once = tokens[["sentence", "term"]].drop_duplicates()
    sizes = Counter(once["term"].tolist())
    n_of = dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:top])
    pairs: Counter[tuple[str, str]] = Counter()
    for _, terms in once[once["term"].isin(n_of)].groupby("sentence")["term"]:
        pairs.update(combinations(sorted(terms), 2))
    rows = [
        {"term_a": a, "term_b": b, "n_sentences": n, "n_a": n_of[a], "n_b": n_of[b], "of_sentences": total,
         "expected": n_of[a] * n_of[b] / total, "g2": 0.0, "log_ratio": np.log2(n * total / (n_of[a] * n_of[b]))}
        for (a, b), n in pairs.items()
        if n >= min_sentences and n * total > n_of[a] * n_of[b]
    ]  # fmt: skip
    frame = make(rows, COOCCURRENCE)
    both, a, b = (frame[name].to_numpy() for name in ("n_sentences", "n_a", "n_b"))
    frame["g2"] = log_likelihood(both, a - both, b - both, total - a - b + both)
    order = ["g2", "term_a", "term_b"]
    return check(frame.sort_values(order, ascending=[False, True, True], ignore_index=True), COOCCURRENCE)
