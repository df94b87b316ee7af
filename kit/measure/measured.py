"""Every measure of one compilation, table by table."""

from collections.abc import Mapping

import pandas as pd

from kit.measure.counts import compare_terms, count_terms
from kit.measure.indicators import find_indicators
from kit.measure.items import find_items
from kit.measure.matches import match_items
from kit.measure.summaries import compare_coverage, count_statuses, count_themes, sum_reports, sum_roles
from kit.measure.targets import pair_targets
from kit.measure.themes import find_hits
from kit.measure.words import find_tokens
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


def summarise(compilation: Compilation, measured: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that figures draw beside those of `measure_all`.

    Parameters
    ----------
    compilation : Compilation
    measured : mapping of str to DataFrame
        From `measure_all`.

    Returns
    -------
    dict of str to DataFrame
        ``keyness`` (plan against review), ``theme_totals``, ``attention``, ``statuses``, ``targets``.
    """
    keyness = compare_terms(compilation, measured["tokens"], focus={"side": "plan"}, reference={"side": "review"})
    return {
        "keyness": keyness,
        "theme_totals": sum_roles(measured["theme_counts"]),
        "attention": sum_reports(measured["coverage"]),
        "statuses": count_statuses(compilation, measured["matches"]),
        "targets": pair_targets(compilation, measured["indicators"]),
    }
