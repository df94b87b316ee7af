"""Read, count, match and draw compilations of Chinese government work reports."""

from importlib import import_module
from typing import Any

from kit.read import read  # the room and its function share a name: the function is the public one

__version__ = "0.2.0.dev0"

_HOMES = {
    "kit.data": ("sample",),
    "kit.errors": ("KitError",),
    "kit.measure.analysis": ("analyse",),
    # Tables beside those that an analysis has by itself: of other words, groups, sentences.
    "kit.measure.words": ("export_own_terms", "find_in_context"),
    "kit.measure.counts": ("compare_terms", "count_terms", "sum_themes"),
    "kit.measure.corpus": ("open_corpus",),
    "kit.measure.scoring": ("score",),
    # An analysis, or one table of it, as a figure.
    "kit.show.figures": (
        "plot_agencies",
        "plot_attention",
        "plot_cloud",
        "plot_coverage",
        "plot_heatmap",
        "plot_keyness",
        "plot_network",
        "plot_places",
        "plot_spread",
        "plot_statuses",
        "plot_targets",
        "plot_terms",
        "plot_years",
    ),
    # Tables and sentences, shown in a notebook.
    "kit.show.quotes": ("show_outline", "export_evidence"),
    "kit.show.shown": ("show_evidence", "show_matches", "show_table"),
    "kit.show.panels": ("code_sentences", "edit_themes", "settle"),
    "kit.show.widgets": ("browse", "choose_source"),
    "kit.show.bundle": ("export_briefing",),
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
