"""An analysis: a compilation, or two years of one, with its language and codebook, and every table measured from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kit.measure.codebook import Codebook, codebook_of
from kit.measure.cooccurrence import count_cooccurrence
from kit.measure.coverage import compare_coverage
from kit.measure.headlines import compare_headlines
from kit.measure.indicators import find_indicators
from kit.measure.items import find_items
from kit.measure.keyness import compare_terms
from kit.measure.links import link_reports
from kit.measure.matches import match_items
from kit.measure.summaries import count_statuses, sum_agencies, sum_reports, sum_roles
from kit.measure.targets import pair_targets
from kit.measure.terms import count_officialese, count_terms
from kit.measure.theme_counts import count_themes, sum_themes
from kit.measure.themes import find_hits
from kit.measure.threads import trace_items
from kit.measure.tokens import find_tokens
from kit.measure.years import compare_years
from kit.read import read
from kit.read.compilation import Compilation


@dataclass(frozen=True, eq=False, repr=False)
class Analysis:
    """A stand-in: every table of `MEASURES` is an attribute, computed when it is first asked for."""

    compilation: Compilation
    codebook: Codebook
    lang: str = "zh"
    earlier: "Analysis | None" = None
    _known: dict[str, pd.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by its name."""
        if name not in self._known:
            self._known[name] = MEASURES[name](self)
        return self._known[name]

    def __getattr__(self, name: str) -> Any:
        """Return a table by its name."""
        if name not in MEASURES:
            raise AttributeError(name)
        return self.table(name)


OF_ONE: dict[str, Callable[[Analysis], pd.DataFrame]] = {
    "tokens": lambda a: find_tokens(a.compilation),
    "terms": lambda a: count_terms(a.compilation, a.tokens),
    "keyness": lambda a: compare_terms(a.compilation, a.tokens, focus={"side": "plan"}, reference={"side": "review"}),
    "officialese": lambda a: count_officialese(a.compilation, a.tokens),
    "cooccurrence": lambda a: count_cooccurrence(a.compilation, a.tokens),
    "hits": lambda a: find_hits(a.compilation, a.codebook),
    "theme_counts": lambda a: count_themes(a.compilation, a.hits),
    "theme_totals": lambda a: sum_roles(a.theme_counts),
    "theme_sums": lambda a: sum_themes(a.compilation, a.theme_counts),
    "coverage": lambda a: compare_coverage(a.theme_counts),
    "attention": lambda a: sum_reports(a.coverage),
    "items": lambda a: find_items(a.compilation),
    "matches": lambda a: match_items(a.compilation, a.items, tokens=a.tokens),
    "statuses": lambda a: count_statuses(a.compilation, a.matches),
    "traced": lambda a: trace_items(a.items, a.matches),
    "indicators": lambda a: find_indicators(a.compilation),
    "targets": lambda a: pair_targets(a.compilation, a.indicators),
    "cards": lambda a: sum_agencies(a.compilation, a.traced, a.targets),
}
OF_YEARS: dict[str, Callable[[Analysis], pd.DataFrame]] = {
    "links": lambda a: link_reports(a.earlier.compilation, a.compilation, tokens=(a.earlier.tokens, a.tokens)),
    "fulfilment": lambda a: compare_years(
        a.earlier.compilation, a.compilation, tokens=(a.earlier.tokens, a.tokens), items=(a.earlier.items, a.items),
        links=a.links),
    "promises": lambda a: count_statuses(a.earlier.compilation, a.fulfilment),
    "headlines": lambda a: compare_headlines(a.earlier.compilation, a.compilation, links=a.links),
}  # fmt: skip
MEASURES = OF_ONE | OF_YEARS


def analyse(source: Any = None, *, lang: str = "zh") -> Analysis:
    """Read a compilation, or a list of two years of one, to be measured."""
    if isinstance(source, list | tuple):
        earlier, later = (analyse(one, lang=lang) for one in source)
        return Analysis(later.compilation, later.codebook, lang, earlier)
    compilation = source if isinstance(source, Compilation) else read(source)
    return Analysis(compilation, codebook_of(compilation), lang)
