"""Places and groups: what compilations are to each other, and what one place has that another has not."""

import csv
from collections import Counter

import pandas as pd
import pytest

import kit
from kit import tables
from kit.errors import SourceError, TableError
from kit.measure.places import arrange, find_relation, group_themes, join, place_of

SAMPLE = kit.sample(2023).parent
ONE, OTHER = "岚溪县", "澄浦县"


@pytest.fixture(scope="module")
def read():
    return {name: kit.read(SAMPLE / f"{name}.txt") for name in ("2023", "2024", "2025", "2023-chengpu")}


@pytest.fixture(scope="module")
def places():
    return kit.analyse([kit.sample(2023), kit.sample(2023, "chengpu")])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["2023", "2024"], "years"),
        (["2023", "2024", "2025"], "years"),
        (["2023", "2023-chengpu"], "places"),
        (["2023", "2024", "2023-chengpu"], "years"),  # no grid: one place lacks a year
        (["2023", "2023"], "years"),  # the same twice: nothing tells
    ],
)
def test_what_compilations_are_to_each_other_is_found(read, names, expected):
    assert find_relation([read[name] for name in names]) == expected


def test_years_are_put_in_their_order(read):
    arranged, relation = arrange([read["2025"], read["2023"], read["2024"]])
    assert relation == "years"
    assert [one.name for one in arranged] == ["2023.txt", "2024.txt", "2025.txt"]


def test_what_they_are_can_be_set_and_nothing_else(read):
    arranged, relation = arrange([read["2023"], read["2024"]], "places")
    assert (len(arranged), relation) == (1, "places")
    with pytest.raises(SourceError, match="expected 'years' or 'places', found 'grid'"):
        arrange([read["2023"], read["2024"]], "grid")


def test_joined_texts_follow_each_other_and_every_row_points_to_its_place(read):
    one, other = read["2023"], read["2023-chengpu"]
    joined = join([one, other])
    assert joined.text == one.text + other.text
    for name, table in joined.tables.items():
        tables.check(table, tables.TABLES[name])
    assert "".join(joined.text[row.start : row.end] for row in joined.sentences.itertuples()) == joined.text
    assert joined.parts["part"].tolist() == list(range(1, len(joined.parts) + 1))
    parents = joined.parts.dropna(subset=["parent"]).merge(joined.parts, left_on="parent", right_on="part")
    assert (parents["report_x"] == parents["report_y"]).all()
    assert joined.reports["copy_of"].dropna().tolist() == one.reports["copy_of"].dropna().tolist()
    assert Counter(joined.reports["place"]) == {ONE: 12, OTHER: 8}
    assert place_of(other) == OTHER


def known() -> set[tuple[str, str, str]]:
    with (SAMPLE / "places.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {(row["sector"], row["theme"], row["place"]) for row in csv.DictReader(lines)}


def test_themes_of_one_place_alone_are_the_samples(places):
    table = places.place_themes
    assert tables.check(table, tables.PLACE_THEMES) is table
    found = set(table.loc[table["alone"], ["sector", "theme", "place"]].itertuples(index=False, name=None))
    assert len(known() & found) >= 0.9 * len(known())


def test_alone_means_that_no_other_place_has_one_sentence(places):
    for _, rows in places.place_themes.groupby(["sector", "theme"]):
        users = rows[rows["n_sentences"] > 0]
        assert rows["alone"].sum() == (len(users) == 1)


def test_agencies_are_paired_within_a_sector(places):
    table = places.place_pairs
    assert tables.check(table, tables.PLACE_PAIRS) is table
    theirs = table[table["place"] == OTHER].set_index("agency")["other_agency"].to_dict()
    partners = {"澄浦县卫生健康局": "县卫生健康局", "澄浦县教育局": "县教育局",
                "澄浦县交通运输局": "县交通运输局", "澄浦县农业农村局": "县农业农村局"}  # fmt: skip
    assert theirs == {agency: partners.get(agency, "") for agency in theirs}
    assert len(theirs) == 8


def test_words_of_places_are_those_of_both(places):
    words, tokens = places.place_words, places.tokens
    place = dict(zip(places.compilation.counted["report"], places.compilation.counted["place"], strict=True))
    several = set(places.compilation.sentences.query("horizon == 'multi-year'")["sentence"])
    plain = Counter((place[row.report], row.term) for row in tokens.itertuples()
                    if row.report in place and row.sentence not in several)  # fmt: skip
    for row in words.head(20).itertuples():
        assert (row.n, row.n_reference) == (plain[ONE, row.term], plain[OTHER, row.term])


@pytest.mark.parametrize("by", ["sector", "level", "place", "period"])
def test_groups_are_sums_of_their_reports_and_copies_stay_out(places, by):
    reports = places.compilation.reports.set_index("report")
    plain: Counter = Counter()
    units: dict = {}
    for row in places.theme_counts.itertuples():
        value = str(reports.loc[row.report, by])
        plain[value, row.theme, row.role] += row.n_sentences
        units[value, row.report, row.role] = row.of_sentences
    grouped = group_themes(places.compilation, places.theme_counts, by)
    of = Counter()
    for (value, _, role), n in units.items():
        of[value, role] += n
    for row in grouped.itertuples():
        assert row.n_sentences == plain[row.agency, row.theme, row.role]
        assert row.of_sentences == of[row.agency, row.role]
    sizes = places.compilation.counted[by].astype("str").value_counts().to_dict()
    assert grouped.drop_duplicates("report").set_index("agency")["n_grouped"].to_dict() == sizes


def test_terms_by_period_and_place_are_those_of_a_plain_count(places):
    table = kit.count_terms(places.compilation, places.tokens, by="place")
    assert set(table["place"]) == {ONE, OTHER}
    sums = table.groupby("place")["n"].sum()
    whole = kit.count_terms(places.compilation, places.tokens)["n"].sum()
    assert sums.sum() == whole
    assert set(kit.count_terms(places.compilation, places.tokens, by="period")["period"]) == {2023}


def test_a_group_says_how_many_reports_it_has(places):
    figure = kit.plot_heatmap(places, by="sector")
    assert any("（1篇）" in name for name in figure.plot.names)
    assert "领域" in figure.title
    assert not figure.reason
    with pytest.raises(TableError, match="themes and coverage"):
        kit.plot_terms(places, by="sector")


def test_places_of_a_year_lack_the_tables_of_years(places):
    assert places.relation == "places"
    with pytest.raises(TableError, match="two compilations"):
        _ = places.chains


def test_a_grid_joins_the_places_of_each_year(read):
    twin = kit.analyse([read["2023"], read["2024"]]).years
    assert [year.relation for year in twin] == ["", "years"]
    late = kit.read(SAMPLE / "2023-chengpu.txt")
    later = late.reports.assign(period=pd.array([2024] * len(late.reports), dtype="Int64"))
    from dataclasses import replace

    grid = [read["2023"], read["2023-chengpu"], read["2024"], replace(late, reports=later)]
    assert find_relation(grid) == "grid"
    arranged, _ = arrange(grid)
    assert [len(one.reports) for one in arranged] == [20, 20]
