"""Places and groups: what compilations are to each other, and what one place has that another has not."""

import csv
import re
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

import kit
from kit import tables
from kit.data import knowledge
from kit.errors import SourceError, TableError
from kit.measure.places import arrange, count_groups, find_relation, group_themes, join, place_of
from kit.measure.themes import find_hits
from kit.show.figures import build
from kit.show.style import say_relation

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
    assert len(known() & found) >= 0.85 * len(known())


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


BY = pytest.mark.parametrize("by", ["sector", "level", "place", "period"])
BODY = ("opening", "achievements", "highlights", "problems", "plan")
SIDE = {"achievements": "review", "highlights": "review", "plan": "plan"}


def counted(compilation, by) -> dict:
    """The group of each report that counts."""
    return {row.report: str(getattr(row, by)) for row in compilation.reports.itertuples() if pd.isna(row.copy_of)}


def plain_sentences(compilation, by) -> dict:
    """The group, report, role and text of each sentence on the year, of reports that count."""
    of = counted(compilation, by)
    return {row.sentence: (of[row.report], row.report, row.role, compilation.text[row.start : row.end])
            for row in compilation.sentences.itertuples()
            if row.report in of and row.role in BODY and row.horizon != "multi-year"}  # fmt: skip


@BY
def test_groups_are_counted_as_a_plain_count_counts_them(places, by):
    plain = list(plain_sentences(places.compilation, by).values())
    found = count_groups(places.compilation, by)
    assert found["of_sentences"].to_dict() == Counter(group for group, *_ in plain)
    chars = Counter()
    for group, _, _, text in plain:
        chars[group] += sum(not sign.isspace() for sign in text)
    assert found["of_chars"].to_dict() == chars
    assert found["n_reports"].to_dict() == Counter(counted(places.compilation, by).values())


@BY
def test_themes_by_group_are_those_of_a_plain_count(places, by):
    plain, seen = plain_sentences(places.compilation, by), {}
    for hit in places.hits.itertuples():
        if hit.sentence in plain:
            group, _, role, _ = plain[hit.sentence]
            seen.setdefault((group, hit.theme, role), set()).add(hit.sentence)
    of = Counter((group, role) for group, _, role, _ in plain.values())
    grouped = group_themes(places.compilation, places.theme_counts, by)
    assert len(grouped) == len(set(counted(places.compilation, by).values())) * 23 * len(BODY)
    for row in grouped.itertuples():
        assert row.n_sentences == len(seen.get((row.agency, row.theme, row.role), ()))
        assert row.of_sentences == of[row.agency, row.role]


@BY
def test_coverage_by_group_is_what_stands_on_either_side(places, by):
    plain, sides = plain_sentences(places.compilation, by), {}
    for hit in places.hits.itertuples():
        group, _, role, _ = plain.get(hit.sentence, ("",) * 4)
        sides.setdefault((group, hit.theme), set()).add(SIDE.get(role))
    figure = kit.plot_coverage(places, by=by)
    for row in figure.table.itertuples():
        there = sides.get((next(g for g in set(counted(places.compilation, by).values()) if named(row.agency, g, by)),
                           row.theme), set())  # fmt: skip
        state = {(True, True): "both", (True, False): "review only", (False, True): "plan only"}
        assert row.state == state.get(("review" in there, "plan" in there), "neither")


def named(shown, group, by) -> bool:
    """Whether a row of a figure is a group: its name, then how many reports it has."""
    called = knowledge("labels.toml").get(f"{by}s", {}).get(group, {"zh": group or "不明"})["zh"]
    return shown.partition("（")[0] == called


@BY
def test_terms_by_group_are_those_of_a_plain_count(places, by):
    of, yearly = counted(places.compilation, by), set(plain_sentences(places.compilation, by))
    plain = Counter((of[row.report], row.term) for row in places.tokens.itertuples() if row.sentence in yearly)
    chars = count_groups(places.compilation, by)["of_chars"]
    table = kit.count_terms(places.compilation, places.tokens, by=by)
    assert set(table[by].astype(str)) == set(of.values())
    for row in table.head(400).itertuples():
        group = str(getattr(row, by))
        assert row.n == plain[group, row.term]
        assert row.per_10k_chars == pytest.approx(10_000 * row.n / chars[group])


@pytest.mark.parametrize("plot", [kit.plot_terms, kit.plot_heatmap, kit.plot_coverage])
def test_a_figure_of_groups_says_what_they_are_and_what_they_count_by(places, plot):
    figure = plot(places, by="sector")
    names = figure.plot.heads if plot == kit.plot_terms else figure.plot.names
    assert len(names) == len(set(names)) == 14
    assert "教育（2篇）" in names
    assert figure.title.endswith("按领域合并（括号内为篇数）")
    assert re.search(r"分母（句/字）：.*教育\d+/\d+", figure.note)
    assert "只有一篇的组，说的是这一篇" in figure.note


def test_what_groups_there_are_is_said(places):
    with pytest.raises(TableError, match="figures by group are terms, themes, coverage; found 'keyness'"):
        build("keyness", places, by="sector")
    with pytest.raises(TableError, match="figures are grouped by sector, level, place, period; found 'role'"):
        kit.plot_terms(places, by="role")
    assert kit.plot_terms(places, by="period").reason == "只有1组，无从对照，不作图。"


def test_periods_are_those_of_all_years():
    years = kit.analyse([kit.sample(year) for year in (2023, 2024, 2025)])
    figure = kit.plot_heatmap(years, by="period")
    assert figure.plot.names == ("2023（11篇）", "2024（12篇）", "2025（11篇）")
    sums = figure.table.groupby("report")["n_sentences"].sum().tolist()
    assert sums == years.theme_years.groupby("in")["n_sentences"].sum().tolist()
    assert kit.plot_terms(years, by="period").plot.heads == figure.plot.names


def test_places_of_a_year_lack_the_tables_of_years(places):
    assert places.relation == "places"
    with pytest.raises(TableError, match="two compilations"):
        _ = places.chains


@pytest.fixture(scope="module")
def grid(read):
    """Two counties in two years; what the second writes in the later one is what it wrote in the earlier."""
    late = read["2023-chengpu"].reports.assign(period=pd.array([2024] * 8, dtype="Int64"))
    return [read["2023"], read["2023-chengpu"], read["2024"], replace(read["2023-chengpu"], reports=late)]


def test_a_grid_joins_the_places_of_each_year(grid):
    assert find_relation(grid) == "grid"
    arranged, _ = arrange(grid)
    assert [len(one.reports) for one in arranged] == [20, 20]
    assert [year.relation for year in kit.analyse([grid[0], grid[2]]).years] == ["", "years"]


def test_a_grid_has_a_row_for_each_place_and_year_of_a_plain_count(grid):
    found = kit.analyse(grid)
    table = found.place_years
    assert list(table) == list(tables.PLACE_YEARS)
    assert tables.check(table, tables.PLACE_YEARS) is table
    plain: dict = {}
    for one, (place, year) in zip(grid, [(ONE, 2023), (OTHER, 2023), (ONE, 2024), (OTHER, 2024)], strict=True):
        sentences = plain_sentences(one, "period")
        plain[place, year] = {hit[:2] for hit in find_hits(one, found.codebook)[["theme", "sentence"]].itertuples(
            index=False, name=None) if hit[1] in sentences}, len(sentences)  # fmt: skip
    for row in table.itertuples():
        hits, of = plain[row.place, row.year]
        assert (row.n_sentences, row.of_sentences) == (sum(theme == row.theme for theme, _ in hits), of)
    figure = kit.plot_places(found, "years")
    assert figure.plot.names == (f"{ONE}2023年（11篇）", f"{ONE}2024年（12篇）", f"{OTHER}2023年（8篇）",
                                 f"{OTHER}2024年（8篇）")  # fmt: skip
    assert figure.title == "各地各年的主题占比"  # nothing moved in both
    assert kit.plot_places(replace(found, lang="en"), "years").plot.names[0] == f"{ONE} 2023 (11)"


def test_compilations_of_one_name_are_told_apart_by_their_place(read):
    assert (
        join([read["2023"], replace(read["2023-chengpu"], name="2023.txt")]).name == f"{ONE}2023.txt + {OTHER}2023.txt"
    )


@pytest.mark.parametrize(
    ("names", "lang", "said"),
    [
        (["2023", "2025"], "zh", "2份汇编按年份先后对照：2023、2025；2024年没有汇编，图中留空"),
        (["2023", "2025"], "en", "2 compilations, compared as years: 2023, 2025; no compilation of 2024"),
        (["2023", "2023-chengpu"], "zh", f"2个地区并列对照（2023）：{ONE}、{OTHER}（不是这样的，用 --as years 指定）"),
    ],
)
def test_what_compilations_are_is_said(read, names, lang, said):
    assert say_relation(*arrange([read[name] for name in names]), lang).startswith(said)


def test_what_compilations_were_set_to_be_is_said(read, monkeypatch):
    monkeypatch.setenv("KIT_AS", "places")
    said = say_relation(*arrange([read["2023"], read["2024"]], "places"), "zh")
    assert said.endswith("（由 --as 指定）")
    assert say_relation([read["2023"]], "", "zh") == ""
