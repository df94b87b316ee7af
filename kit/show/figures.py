"""The figures: each with its builder and the table it is built from, for notebooks and for a bundle."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.errors import TableError
from kit.measure.analysis import Analysis
from kit.measure.counts import GROUPED, STATUSES, compare_coverage, count_terms, sum_roles
from kit.measure.places import count_groups, group_themes
from kit.measure.scoring import score_sample
from kit.show import commitment_figures, count_figures, year_figures
from kit.show.figure import Figure, not_drawn
from kit.show.plots import fit_titles
from kit.show.style import claim_in, one_of, scope_of, span_of, years_of
from kit.wording import fill, label, listed, percent

# The figures that draw shares of statuses: what they measure, and the statuses that it gives.
STATED = {"statuses": ("continuity", "status"), "fulfilment": ("fulfilment", "verdict")}


@dataclass(frozen=True)
class Exhibit:
    """How a figure is made: its builder, the table of an `Analysis` (of one year another); whether a bundle has it."""

    build: Callable[..., Figure]
    table: str
    of_one: str = ""
    in_bundle: bool = True


# What several years have to say stands first in their bundle.
OF_YEARS = {
    "years": Exhibit(year_figures.build_years, "theme_years"),
    "word_years": Exhibit(year_figures.build_word_years, "word_changes"),
    "chains": Exhibit(year_figures.build_chains, "chains"),
    "series": Exhibit(year_figures.build_series, "series"),
    "headline_years": Exhibit(year_figures.build_headline_years, "series"),
    "priorities": Exhibit(year_figures.build_priorities, "priorities"),
}
CLAUSED = ("headlines", "targets", "coverage", "themes")  # figures whose findings do without their last clause
BY_GROUP = ("terms", "themes", "coverage")  # what can be drawn by sector, level, place or period
OF_PLACES = {
    "places": Exhibit(year_figures.build_places, "place_themes"),
    "place_words": Exhibit(year_figures.build_place_words, "place_words"),
    "place_years": Exhibit(year_figures.build_place_years, "place_years"),
}
FIGURES = {
    **OF_YEARS,
    **OF_PLACES,
    "terms": Exhibit(count_figures.build_terms, "terms"),
    "cloud": Exhibit(count_figures.build_cloud, "terms"),
    "keyness": Exhibit(count_figures.build_keyness, "keyness"),
    "agencies": Exhibit(count_figures.build_agencies, "officialese", in_bundle=False),
    "network": Exhibit(count_figures.build_network, "cooccurrence", in_bundle=False),
    "themes": Exhibit(count_figures.build_heatmap, "theme_totals"),
    "spread": Exhibit(count_figures.build_spread, "theme_sums", in_bundle=False),
    "coverage": Exhibit(count_figures.build_coverage, "coverage"),
    "attention": Exhibit(count_figures.build_attention, "attention"),
    "statuses": Exhibit(commitment_figures.build_statuses, "statuses"),
    "targets": Exhibit(commitment_figures.build_targets, "targets"),
    "headlines": Exhibit(commitment_figures.build_headlines, "headlines", of_one="headline_numbers"),
    "fulfilment": Exhibit(commitment_figures.build_statuses, "promises"),
}


def stems_of(analysis: Analysis) -> list[str]:
    """Return the figures of a bundle, in order; of one compilation there is none of several years."""
    left_out = {*OF_YEARS, "fulfilment"} if analysis.earlier is None else set()
    left_out |= {stem for stem, exhibit in OF_PLACES.items() if exhibit.table not in analysis.of_places}
    return [stem for stem, exhibit in FIGURES.items() if exhibit.in_bundle and stem not in left_out]


def figures_of(analysis: Analysis) -> list[Figure]:
    """Return the figures of a bundle: of several years and places first, then by interest; none that found nothing."""
    ranks = analysis.findings.groupby("stem")["interest"].max()
    several = OF_YEARS | OF_PLACES
    always = {*knowledge("findings.toml")["always"], *several}
    stems = [stem for stem in stems_of(analysis) if stem in ranks or stem in always]
    order = sorted(stems, key=lambda stem: (stem not in several, -ranks.get(stem, 0)))
    figures = [build(stem, analysis) for stem in order]
    return [figure for figure in figures if not figure.reason]


def say_left_out(analysis: Analysis, figures: Iterable[Figure]) -> str:
    """Say which figures found nothing; empty when all are there."""
    there = {figure.stem for figure in figures}
    captions = [label("captions", stem, analysis.lang) for stem in stems_of(analysis) if stem not in there]
    return fill("briefing", "left_out", analysis.lang, captions=listed(captions, analysis.lang)) if captions else ""


def build(stem: str, analysis: Analysis, *, table: pd.DataFrame | None = None, **options: Any) -> Figure:
    """Build a figure of an analysis; of the analysis's own table its title is a finding, where there is one."""
    exhibit, own, by = FIGURES[stem], table is None, options.pop("by", analysis.by if stem in BY_GROUP else "")
    if by:
        return _by_group(stem, analysis, by, **options)
    name = exhibit.table if analysis.earlier else exhibit.of_one or exhibit.table
    table = analysis.table(name) if table is None else table
    if stem == "place_words":
        options["places"] = list(dict.fromkeys(analysis.compilation.counted["place"]))
    scope = years_of(analysis) if "later_report" in table else scope_of(analysis)
    scope = span_of(analysis) if stem in {*OF_YEARS, "place_years"} else scope
    figure = exhibit.build(table, scope, **options)
    if GROUPED in set(analysis.compilation.sources["format"]):
        figure = replace(figure, titles=figure.titles[-1:])  # nothing is said of groups
    elif own and not figure.reason:
        *said, plain = figure.titles
        figure = replace(figure, titles=(*said, *_claims(analysis, stem), plain))
    return replace(figure, titles=fit_titles(figure))


def _claims(analysis: Analysis, stem: str) -> Iterable[str]:
    # What was missed, and on how many sentences it rests, is named where there is room for it.
    findings = analysis.findings[analysis.findings["stem"] == stem]
    for claim, is_part in zip(findings[claim_in(analysis.lang)], findings["n"] < findings["of"], strict=True):
        yield claim
        if is_part and stem in CLAUSED and (short := claim.rpartition(label("marks", "clause", analysis.lang))[0]):
            yield short


@cache
def state_accuracy(stem: str, lang: str) -> str:
    """Say behind a note how often a figure's statuses are right on the sample, and how often one alone would be."""
    if stem not in STATED:
        return ""
    measure, statuses = STATED[stem]
    scores, gap = score_sample(measure).set_index("scored"), " " * (lang == "en")
    scores = scores.loc[[status for status in STATUSES[statuses] if status in scores.index]]
    known, right, most = int(scores["n_known"].sum()), int(scores["n_right"].sum()), str(scores["n_known"].idxmax())
    each = (f"{label('statuses', one, lang)}{gap}{percent(share)}" for one, share in scores["precision"].items())
    said = {"right": right, "of": known, "share": percent(right / known), "most": label("statuses", most, lang)}
    said |= {"always": percent(scores["n_known"].max() / known), "precision": label("marks", "comma", lang).join(each)}
    further = label("accuracy", stem, lang) if stem in knowledge("labels.toml")["accuracy"] else ""
    return further + fill("accuracy", "line", lang, **said)


def plot_terms(analysis: Analysis, **options: Any) -> Figure:
    """Rank the most used terms; ``table``: `kit.count_terms`; ``by``: groups of reports side by side.

    Options: ``value`` (``n``, ``per_10k_chars``, ``n_reports``, ``share_of_reports``), ``top=20``, ``focus``: up to
    three terms that stand out.
    """
    return build("terms", analysis, **options)


def plot_agencies(analysis: Analysis, **options: Any) -> Figure:
    """Rank agencies by a rate of `analysis.officialese`; options: ``value="share_of_tokens"``, ``top=20``."""
    return build("agencies", analysis, **options)


def plot_spread(analysis: Analysis, *, table: pd.DataFrame | None = None) -> Figure:
    """Show how evenly agencies share themes; ``table``: `kit.sum_themes` of the whole."""
    return build("spread", analysis, table=table)


def plot_cloud(analysis: Analysis, **options: Any) -> Figure:
    """Make a cloud of the most used terms, an ornament; options: ``value="n"``, ``seed=2023``."""
    return build("cloud", analysis, **options)


def plot_keyness(analysis: Analysis, **options: Any) -> Figure:
    """Show the words that set two groups of text apart, plan and review by default; ``table``: `kit.compare_terms`.

    Options: ``focus`` and ``reference``, what the groups are called; ``per_side=10``.
    """
    return build("keyness", analysis, **options)


def plot_network(analysis: Analysis, **options: Any) -> Figure:
    """Show the strongest ties between terms that share sentences; ``seed=2023`` places them."""
    return build("network", analysis, **options)


def plot_heatmap(analysis: Analysis, **options: Any) -> Figure:
    """Show agencies by themes in rates; ``table``: `analysis.theme_totals`, or `.theme_counts` of one role.

    Options: ``by``: groups of reports in place of agencies; ``value`` (``per_10k_chars``, ``share_of_sentences``),
    ``order`` (``total``, ``similarity``, ``table``).
    """
    return build("themes", analysis, **options)


def plot_coverage(analysis: Analysis, **options: Any) -> Figure:
    """Show which themes stand in review and plan (continuity); ``table``: `analysis.coverage`.

    Option: ``by``: groups of reports in place of agencies.
    """
    return build("coverage", analysis, **options)


def plot_attention(analysis: Analysis, **options: Any) -> Figure:
    """Show shares of sentences in review and plan, from ``least=1.0`` points of change on.

    ``table``: `analysis.attention`, or rows of `.coverage`.
    """
    return build("attention", analysis, **options)


def plot_statuses(analysis: Analysis, of: str = "continuity", **options: Any) -> Figure:
    """Show what became of each agency's plan items: ``continuity`` in one report, ``fulfilment`` a year later.

    ``table``: `analysis.statuses` or `.promises`. Options: ``top=25`` agencies.
    """
    return build(one_of({"continuity": "statuses", "fulfilment": "fulfilment"}, of), analysis, **options)


def plot_targets(analysis: Analysis, of: str = "targets", **options: Any) -> Figure:
    """Show ``targets`` with their actuals, or the ``headlines`` (growth, revenue …) of each agency with their results.

    ``table``: `analysis.targets`; of headlines `.headlines`, of one year `.headline_numbers`. ``top=25`` targets.
    """
    return build(one_of({"targets": "targets", "headlines": "headlines"}, of), analysis, **options)


def _by_group(stem: str, analysis: Analysis, by: str, **options: Any) -> Figure:
    """Build a figure of groups of reports in the place of reports, by period of those of all years."""
    if stem not in BY_GROUP:
        message = f"figures by group are {', '.join(BY_GROUP)}; found {stem!r}: choose among these"
        raise TableError(message)
    lang, whole = analysis.lang, analysis.joined if by == "period" else analysis
    groups, values = count_groups(whole.compilation, by), knowledge("labels.toml").get(f"{by}s", {})
    names, counted = {}, []
    for value, row in zip(map(str, groups.index), groups.itertuples(), strict=True):
        name = values.get(value, {}).get(lang, value) or label("levels", "unknown", lang)
        names[value] = fill("scope", "group", lang, name=name, n=row.n_reports)
        counted.append(fill("scope", "of_group", lang, name=name, sentences=row.of_sentences, chars=row.of_chars))
    scope = replace(scope_of(whole), sectors={}, agencies={}, authors="groups")
    if stem == "terms":
        terms = count_terms(whole.compilation, whole.tokens, by=by)
        terms["group"] = terms[by].astype("str").map(names)
        figure = year_figures.build_term_groups(terms, scope, **options)
    else:
        counts = group_themes(whole.compilation, whole.theme_counts, by)
        counts = counts.assign(agency=counts["agency"].map(names).astype("str"))
        order = {"order": "table"} if (stem, by) == ("themes", "period") else {}
        table = sum_roles(counts) if stem == "themes" else compare_coverage(counts)
        figure = FIGURES[stem].build(table, scope, **order | options)
    if len(groups) < 2 or figure.reason:  # noqa: PLR2004
        return figure if figure.reason else not_drawn(figure, "few_groups", n=len(groups))
    comma, called = label("marks", "comma", lang), tables.label(by, lang)
    note = figure.note.rstrip() + fill("scope", "denominators", lang, groups=comma.join(counted))
    note += label("scope", "single", lang) * bool((groups["n_reports"] == 1).any())
    return replace(figure, titles=(fill("scope", "grouped", lang, title=figure.titles[-1], by=called),), note=note)


def plot_places(analysis: Analysis, of: str = "themes", **options: Any) -> Figure:
    """Show places side by side: the shares of ``themes``, ``words`` that set the first apart, places by ``years``.

    ``table``: `analysis.place_themes`, `.place_words` or `.place_years`; ``top``: how many themes are drawn;
    ``per_side``: how many words of either side.
    """
    stems = {"themes": "places", "words": "place_words", "years": "place_years"}
    return build(one_of(stems, of), analysis, **options)


def plot_years(analysis: Analysis, of: str = "themes", **options: Any) -> Figure:
    """Show what changed over years: ``themes``, ``words``, ``promises`` step by step, the order of ``priorities``.

    Also targets with their results: ``numbers`` one by one, or the ``headlines`` of each agency in a grid. ``table``:
    `analysis.theme_years`, `.word_changes`, `.chains`, `.priorities` or `.series`; ``top``: how many themes, promises
    or numbers are drawn; ``per_side``: how many words rise, and how many fall.
    """
    stems = {"themes": "years", "words": "word_years", "promises": "chains", "priorities": "priorities"}
    stems |= {"numbers": "series", "headlines": "headline_years"}
    return build(one_of(stems, of), analysis, **options)
