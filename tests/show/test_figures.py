"""The list of figures: each built from its table of an analysis, or from another one."""

import inspect

import pandas as pd
import pytest

import kit
from kit.data import path
from kit.errors import TableError
from kit.measure.analysis import analyse
from kit.measure.scoring import uncertain_themes
from kit.show import figures
from kit.show.figure import Figure
from kit.show.figures import (
    FIGURES,
    OF_PLACES,
    OF_YEARS,
    STATED,
    build,
    figures_of,
    say_left_out,
    state_accuracy,
    stems_of,
)
from kit.wording import label


@pytest.fixture(scope="module")
def one():
    return analyse(kit.sample(2023))


@pytest.fixture(scope="module")
def two():
    return analyse([kit.sample(2023), kit.sample(2024)], lang="en")


@pytest.fixture(scope="module")
def places():
    return analyse([kit.sample(2023), kit.sample(2023, "chengpu")], lang="en")


def test_a_bundle_of_one_compilation_has_no_fulfilment(one, two):
    assert stems_of(one) == [
        "terms",
        "cloud",
        "keyness",
        "themes",
        "coverage",
        "attention",
        "statuses",
        "targets",
        "headlines",
    ]
    assert stems_of(two) == [*OF_YEARS, *stems_of(one), "fulfilment"]
    assert stems_of(analyse([kit.sample(2023), kit.sample(2023, "chengpu")])) == [
        "places",
        "place_words",
        *stems_of(one),
    ]


def test_figures_that_found_nothing_are_left_out_and_named(one):
    """The rest stand in the order of their findings' interest, those that only describe last."""
    found, drawn = one.findings, figures_of(one)
    ranks = [found.loc[found["stem"] == figure.stem, "interest"].max() for figure in drawn]
    assert ranks == sorted(ranks, key=lambda rank: -pd.Series([rank]).fillna(-1).iloc[0])
    gone = set(stems_of(one)) - {figure.stem for figure in drawn}
    left_out = say_left_out(one, drawn)
    assert all(label("captions", stem, "zh") in left_out for stem in gone)
    assert not any(figure.reason for figure in drawn)


def test_a_title_is_the_finding_of_its_own_table_and_of_no_other(one):
    found = one.findings[one.findings["stem"] == "statuses"]
    assert kit.plot_statuses(one).title == found["claim"].iloc[0]
    assert kit.plot_statuses(one, table=one.statuses).title == "各单位计划事项与本年工作的关系"


@pytest.mark.parametrize("stem", FIGURES)
def test_every_figure_is_built_from_its_own_table(two, places, stem):
    two = places if stem in OF_PLACES else two
    figure = build(stem, two)
    assert (figure.stem, figure.lang) == (stem, "en")
    assert figure.table is two.table(FIGURES[stem].table)
    assert figure.title
    first = {
        "fulfilment": "2023.txt",
        "headlines": "2023.txt",
        **dict.fromkeys(OF_YEARS, "2023, 2024"),
        **dict.fromkeys(OF_PLACES, "2023 + "),
    }
    assert figure.source.startswith(f"Source: {first.get(stem, '2024.txt')}")


PLOTS = {name: getattr(figures, name) for name in vars(figures) if name.startswith("plot_")}


@pytest.mark.parametrize("name", PLOTS)
def test_every_public_function_takes_an_analysis_another_table_and_the_options_of_its_builder(two, places, name):
    """Its docstring names every option of the builder that is not for slides."""
    two = places if name == "plot_places" else two
    figure = PLOTS[name](two)
    assert isinstance(figure, Figure)
    again = PLOTS[name](two, table=figure.table.copy())
    assert again.plot == figure.plot
    options = set(inspect.signature(FIGURES[figure.stem].build).parameters) - {"scope"}
    options = {option for option in options if option not in ("ends", "sums_behind_names", "rates_only")}
    first = next(iter(inspect.signature(FIGURES[figure.stem].build).parameters))
    said = PLOTS[name].__doc__
    assert all(f"``{option}" in said for option in options - {first}), options
    assert getattr(kit, name) is PLOTS[name]


def test_every_figure_has_a_public_function():
    several = {"plot_years": 6, "plot_places": 3, "plot_statuses": 2, "plot_targets": 2}  # which draw as many kinds
    assert sum(several.get(name, 1) for name in PLOTS) == len(FIGURES)
    for name, of in (("plot_years", "headlines"), ("plot_targets", "headlines"), ("plot_statuses", "fulfilment")):
        with pytest.raises(TableError, match=f"{of}; found 'clouds'"):
            getattr(kit, name)(kit.sample, "clouds")


def test_options_reach_the_builder(one):
    assert len(kit.plot_terms(one, top=7).plot.rows) == 7
    assert kit.plot_heatmap(one, order="table").subtitle.endswith("单位按汇编顺序排列")
    with pytest.raises(TableError, match="expected at most 3 focus terms, found 4"):
        kit.plot_terms(one, focus=["项目", "服务", "企业", "群众"])


def test_fulfilment_of_one_compilation_is_refused(one, two):
    with pytest.raises(TableError, match=r"fulfilment takes two years, found only 2023.txt"):
        kit.plot_statuses(one, table=two.promises)


def test_themes_that_agree_too_little_with_a_reader_are_marked(one):
    aside = pd.read_csv(path("sample/aside.csv"), encoding="utf-8")
    scores = [*kit.score("themes").itertuples(), *aside.itertuples()]
    uncertain = {row.theme for row in scores if row.f1 < 0.6} - {"micro", "macro", "exact"}
    assert uncertain_themes() == uncertain
    heads = kit.plot_heatmap(one).plot.heads
    assert sum(head.endswith("*") for head in heads) == len(uncertain)


@pytest.mark.parametrize("stem", STATED)
def test_accuracy_is_said_of_statuses(stem):
    scores = kit.score(STATED[stem][0]).set_index("scored")
    known = scores.loc[[name for name in scores.index if name in ("continued", "unclear", "new", "reported", "partly",
                                                                   "not mentioned", "no report")]]  # fmt: skip
    right, of = int(known["n_right"].sum()), int(known["n_known"].sum())
    assert f"样例{of}条已知答案中判对{right}条" in state_accuracy(stem, "zh")
    assert f"{right} of {of} are right" in state_accuracy(stem, "en")


def test_nothing_is_said_of_the_accuracy_of_other_figures():
    assert state_accuracy("terms", "zh") == ""
