"""The figures: each with its builder and the table it is built from, for notebooks and for a bundle."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.measure.analysis import Analysis
from kit.measure.pooled import GROUPED
from kit.measure.scoring import score_sample, uncertain_themes
from kit.measure.summaries import STATUSES
from kit.show.commitment_figures import build_headlines, build_statuses, build_targets
from kit.show.figure import Figure
from kit.show.plots import fit_titles
from kit.show.term_figures import build_agencies, build_cloud, build_keyness, build_network, build_spread, build_terms
from kit.show.text import claim_in, fill, label, listed, percent, scope_of, years_of
from kit.show.theme_figures import build_attention, build_coverage, build_heatmap

# The figures that draw shares of statuses: what they measure, and the statuses that it gives.
STATED = {"statuses": ("continuity", "status"), "fulfilment": ("fulfilment", "verdict")}


@dataclass(frozen=True)
class Exhibit:
    """How a figure is made: its builder, the table of an `Analysis` (of one year another); whether a bundle has it."""

    build: Callable[..., Figure]
    table: str
    of_one: str = ""
    in_bundle: bool = True
    two_years: bool = False


FIGURES = {
    "terms": Exhibit(build_terms, "terms"),
    "cloud": Exhibit(build_cloud, "terms"),
    "keyness": Exhibit(build_keyness, "keyness"),
    "agencies": Exhibit(build_agencies, "officialese", in_bundle=False),
    "network": Exhibit(build_network, "cooccurrence", in_bundle=False),
    "themes": Exhibit(build_heatmap, "theme_totals"),
    "spread": Exhibit(build_spread, "theme_sums", in_bundle=False),
    "coverage": Exhibit(build_coverage, "coverage"),
    "attention": Exhibit(build_attention, "attention"),
    "statuses": Exhibit(build_statuses, "statuses"),
    "targets": Exhibit(build_targets, "targets"),
    "headlines": Exhibit(build_headlines, "headlines", of_one="headline_numbers"),
    "fulfilment": Exhibit(build_statuses, "promises", two_years=True),
}


def stems_of(*, two_years: bool) -> list[str]:
    """Return the figures that a bundle can have; of one compilation there is no fulfilment."""
    return [stem for stem, exhibit in FIGURES.items() if exhibit.in_bundle and (two_years or not exhibit.two_years)]


def figures_of(analysis: Analysis) -> list[Figure]:
    """Return the figures of a bundle, the finding most worth knowing first; what found nothing is left out."""
    ranks = analysis.findings.groupby("stem")["interest"].max()
    always = knowledge("findings.toml")["always"]
    stems = [stem for stem in stems_of(two_years=analysis.earlier is not None) if stem in ranks or stem in always]
    figures = [build(stem, analysis) for stem in sorted(stems, key=lambda stem: -ranks.get(stem, 0))]
    return [figure for figure in figures if not figure.reason]


def say_left_out(analysis: Analysis, figures: Iterable[Figure]) -> str:
    """Say which figures found nothing; empty when all are there."""
    gone = [stem for stem in stems_of(two_years=analysis.earlier is not None) if stem not in {f.stem for f in figures}]
    captions = [label("captions", stem, analysis.lang) for stem in gone]
    return fill("briefing", "left_out", analysis.lang, captions=listed(captions, analysis.lang)) if gone else ""


def build(stem: str, analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Build a figure of an analysis; of the analysis's own table its title is a finding, where there is one."""
    exhibit, own = FIGURES[stem], table is None
    name = exhibit.table if analysis.earlier else exhibit.of_one or exhibit.table
    table = analysis.table(name) if table is None else table
    if stem == "themes" and options.get("uncertain") is None:
        options["uncertain"] = uncertain_themes()
    scope = years_of(analysis) if "later_report" in table else scope_of(analysis)
    figure = exhibit.build(table, scope, **options)
    if GROUPED in set(analysis.compilation.sources["format"]):
        figure = _of_groups(figure)
    elif own and not figure.reason:
        findings = analysis.findings[analysis.findings["stem"] == stem]
        *said, plain = figure.titles
        figure = replace(figure, titles=(*said, *findings[claim_in(analysis.lang)], plain))
    return replace(figure, titles=fit_titles(figure))


def _of_groups(figure: Figure) -> Figure:
    """Say of a figure whose rows are groups of a corpus what it shows, and nothing that counts agencies."""
    called, title, subtitle = knowledge("labels.toml")["authors"], figure.titles[-1], figure.subtitle
    for name in ("authors", "author"):
        agency, group = (called[kind][name][figure.lang] for kind in ("agencies", "groups"))
        title, subtitle = (words.replace(agency, group) for words in (title, subtitle))
    return replace(figure, titles=(title,), subtitle=subtitle)


@cache
def state_accuracy(stem: str, lang: str) -> str:
    """Say behind a note how often a figure's statuses are right on the sample, and how often one alone would be."""
    if stem not in STATED:
        return ""
    measure, statuses = STATED[stem]
    scores = score_sample(measure).set_index("scored")
    scores = scores.loc[[status for status in STATUSES[statuses] if status in scores.index]]
    known, right = int(scores["n_known"].sum()), int(scores["n_right"].sum())
    precision = [
        f"{label('statuses', str(status), lang)}{' ' * (lang == 'en')}{percent(share)}"
        for status, share in scores["precision"].items()
    ]
    return fill(
        "accuracy",
        "line",
        lang,
        right=right,
        of=known,
        share=percent(right / known),
        most=label("statuses", str(scores["n_known"].idxmax()), lang),
        always=percent(scores["n_known"].max() / known),
        precision=label("marks", "comma", lang).join(precision),
    )


def plot_terms(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Rank the most used terms; ``table``: `kit.count_terms`.

    Options: ``value`` (``n``, ``per_10k_chars``, ``n_reports``, ``share_of_reports``), ``top=20``, ``focus``: up to
    three terms that stand out. See `kit.show.term_figures.build_terms`.
    """
    return build("terms", analysis, table=table, **options)


def plot_agencies(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Rank agencies by a rate; ``table``: one row per report, by default `kit.count_officialese`.

    Options: ``value="share_of_tokens"``, ``top=20``. See `kit.show.term_figures.build_agencies`.
    """
    return build("agencies", analysis, table=table, **options)


def plot_spread(analysis: Analysis, *, table: pd.DataFrame | None = None) -> Figure:
    """Show how evenly agencies share themes; ``table``: `kit.sum_themes` of the whole."""
    return build("spread", analysis, table=table)


def plot_cloud(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Make a cloud of the most used terms, an ornament; ``table``: `kit.count_terms`.

    Options: ``value="n"``, ``most=60``, ``seed=2023``. See `kit.show.term_figures.build_cloud`.
    """
    return build("cloud", analysis, table=table, **options)


def plot_keyness(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show the words that set two groups of text apart, plan and review by default; ``table``: `kit.compare_terms`.

    Options: ``focus`` and ``reference``, what the groups are called; ``per_side=10``. See
    `kit.show.term_figures.build_keyness`.
    """
    return build("keyness", analysis, table=table, **options)


def plot_network(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show the strongest ties between terms that share sentences; ``table``: `kit.count_cooccurrence`.

    Options: ``seed=2023``. See `kit.show.term_figures.build_network`.
    """
    return build("network", analysis, table=table, **options)


def plot_heatmap(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show agencies by themes in rates; ``table``: `kit.count_themes` of one role, or `kit.sum_roles`.

    Options: ``value`` (``per_10k_chars``, ``share_of_sentences``), ``order`` (``total``, ``similarity``, ``table``),
    ``uncertain``: themes to be marked. See `kit.show.theme_figures.build_heatmap`.
    """
    return build("themes", analysis, table=table, **options)


def plot_coverage(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show which themes stand in review and plan (continuity); ``table``: `kit.compare_coverage`.

    Options: ``min_sentences=1``, as the table was made. See `kit.show.theme_figures.build_coverage`.
    """
    return build("coverage", analysis, table=table, **options)


def plot_attention(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show shares of sentences in review and plan; ``table``: `kit.sum_reports`, or rows of `kit.compare_coverage`.

    Options: ``least=1.0``, percentage points. See `kit.show.theme_figures.build_attention`.
    """
    return build("attention", analysis, table=table, **options)


def plot_statuses(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show what became of each agency's plan items (continuity); ``table``: `kit.count_statuses`.

    Options: ``top=25`` agencies. See `kit.show.commitment_figures.build_statuses`.
    """
    return build("statuses", analysis, table=table, **options)


def plot_fulfilment(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show what became of each agency's promises of the year before; options as `plot_statuses`."""
    return build("fulfilment", analysis, table=table, **options)


def plot_headlines(analysis: Analysis, *, table: pd.DataFrame | None = None) -> Figure:
    """Show headline targets with their results; ``table``: ``analysis.headlines``, of one year ``headline_numbers``."""
    return build("headlines", analysis, table=table)


def plot_targets(analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Show actuals against their targets; ``table``: `kit.pair_targets`.

    Options: ``top=25`` rows. See `kit.show.commitment_figures.build_targets`.
    """
    return build("targets", analysis, table=table, **options)
