"""Every measure of one compilation, table by table."""

import pandas as pd

from kit.measure.coverage import compare_coverage
from kit.measure.indicators import find_indicators
from kit.measure.items import find_items
from kit.measure.matching import match_items
from kit.measure.terms import count_terms
from kit.measure.theme_counts import count_themes
from kit.measure.themes import find_hits
from kit.measure.tokens import find_tokens
from kit.read.compilation import Compilation


def measure_all(compilation: Compilation) -> dict[str, pd.DataFrame]:
    """Measure a compilation in every way the kit knows, with the defaults of each measure.

    Parameters
    ----------
    compilation : Compilation

    Returns
    -------
    dict of str to DataFrame
        ``tokens, terms, hits, theme_counts, coverage, items, matches, indicators``, each as declared in `kit.tables`.
    """
    tokens = find_tokens(compilation)
    hits = find_hits(compilation)
    theme_counts = count_themes(compilation, hits)
    items = find_items(compilation)
    return {
        "tokens": tokens,
        "terms": count_terms(compilation, tokens),
        "hits": hits,
        "theme_counts": theme_counts,
        "coverage": compare_coverage(theme_counts),
        "items": items,
        "matches": match_items(compilation, items, tokens=tokens),
        "indicators": find_indicators(compilation),
    }
