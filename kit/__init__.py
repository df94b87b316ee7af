"""Read, count, match and draw compilations of Chinese government work reports.

The names below are the public ones; each is imported when it is first used.
"""

from importlib import import_module
from typing import Any

from kit.read import read  # the room and its function share a name: the function is the public one

__version__ = "0.1.0"

_HOMES = {
    "kit.data": ("sample",),
    "kit.errors": ("KitError",),
    "kit.read": ("read_years",),
    "kit.read.compilation": ("Compilation",),
    "kit.read.outline_view": ("show_outline",),
    "kit.measure.tokens": ("find_tokens",),
    "kit.measure.terms": ("count_officialese", "count_terms"),
    "kit.measure.keyness": ("compare_terms",),
    "kit.measure.context": ("find_in_context",),
    "kit.measure.cooccurrence": ("count_cooccurrence",),
    "kit.measure.new_words": ("find_new_words",),
    "kit.measure.lexicon": ("export_own_terms",),
    "kit.measure.themes": ("find_hits",),
    "kit.measure.theme_counts": (
        "count_themes",
        "count_uncovered",
        "find_uncovered",
        "pair_themes",
        "sum_themes",
    ),
    "kit.measure.scoring": ("read_coding", "score_themes"),
    "kit.measure.sample_scores": ("score_sample",),
    "kit.measure.items": ("find_items",),
    "kit.measure.matches": ("match_items",),
    "kit.measure.threads": ("trace_items",),
    "kit.measure.numbers": ("find_indicators", "pair_targets"),
    "kit.measure.coverage": ("compare_coverage",),
    "kit.measure.links": ("link_reports",),
    "kit.measure.years": ("compare_years",),
    "kit.measure.headlines": ("compare_headlines",),
    "kit.measure.summaries": ("count_statuses", "sum_agencies", "sum_reports", "sum_roles"),
    "kit.show.scope": ("scope_of",),
    "kit.show.bars": ("plot_agencies", "plot_spread", "plot_terms"),
    "kit.show.cloud": ("plot_cloud",),
    "kit.show.keyness": ("plot_keyness",),
    "kit.show.network": ("plot_network",),
    "kit.show.heatmap": ("plot_heatmap",),
    "kit.show.coverage": ("plot_coverage",),
    "kit.show.dumbbell": ("plot_attention",),
    "kit.show.statuses": ("plot_statuses",),
    "kit.show.targets": ("plot_targets",),
    "kit.show.shown": ("digest", "show_evidence", "show_matches", "show_table"),
    "kit.show.widgets": ("browse_context", "browse_evidence", "browse_matches", "choose_source"),
    "kit.show.export": ("export_figure",),
    "kit.show.briefing": ("export_briefing",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["read", *_HOME_OF]  # noqa: PLE0604, strings all


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOME_OF:
        message = f"module kit has no {name!r}; it has {', '.join(__all__)}"
        raise AttributeError(message)
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return [*__all__, "__version__"]
