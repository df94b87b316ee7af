"""Several years: promises, numbers, themes and words followed, held to the sample's known answers."""

import csv
import os
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import kit
from kit import tables
from kit.measure.places import period_of
from kit.measure.series import _matter_of, _tasks, find_threads, gather

SAMPLE = kit.sample(2023).parent
TABLES = ("series", "chains", "theme_years", "word_changes", "priorities")


def known(name: str) -> list[dict]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def years():
    return kit.analyse([kit.sample(year) for year in (2023, 2024, 2025)])


def overlaps(one, other) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_typed(years, name):
    assert tables.check(years.table(name), tables.TABLES[name]) is years.table(name)


# ------------------------------------------------------------------ the same agency


@pytest.mark.parametrize(("later", "at"), [(2024, 1), (2025, 2)])
def test_links_are_the_samples(years, later, at):
    found = years.years[at].links.astype(object).where(lambda frame: frame.notna(), None)
    said = {(row.report, row.later_report): row.link for row in found.itertuples()}
    number = lambda text: int(text) if text else None  # noqa: E731
    rows = [row for row in known("links") if row["later_year"] == str(later)]
    assert said == {(number(row["earlier_report"]), number(row["later_report"])): row["kind"] for row in rows}


def test_an_agency_keeps_the_name_it_has_last(years):
    threads = find_threads(years.years)
    assert threads[1, 7] == threads[2, 7] == "县文体广电和旅游局"
    assert threads[1, 9] == threads[1, 2] == "县住房建设和交通运输局"
    assert threads[1, 3] == threads[2, 3] == "白石镇文化和旅游服务中心"  # gone in 2025
    assert {report for number, report in threads if number == 1} == {1, 2, 3, 4, *range(6, 13)}  # no near copy


def test_tables_of_pairs_are_gathered_with_the_number_of_the_earlier_year(years):
    links = gather(years.years, "links")
    assert links["earlier_in"].value_counts().to_dict() == {1: 12, 2: 13}


# ------------------------------------------------------------------ promises


def fits(known_step: dict, step: dict) -> bool:
    """Whether a step of a chain is a known one: its year, its place, and nothing said against the answer."""
    if step["year"] != int(known_step["year"]) or (step["kind"] == "promised") != (known_step["kind"] == "promised"):
        return False
    if known_step["kind"] == "not mentioned":
        return step["kind"] in ("not mentioned", "to check")
    if step["kind"] == "not mentioned" or pd.isna(step["start"]):
        return False
    return overlaps((int(known_step["start"]), int(known_step["end"])), (step["start"], step["end"]))


def test_promises_are_followed_to_their_end(years):
    found = [group.to_dict("records") for _, group in years.chains.groupby("chain")]
    chains: dict[str, list[dict]] = {}
    for step in known("chains"):
        chains.setdefault(step["chain"], []).append(step)
    whole = [
        any(all(any(fits(one, step) for step in steps) for one in wanted) for steps in found)
        for wanted in chains.values()
    ]
    assert sum(whole) / len(whole) >= 0.85


@pytest.mark.parametrize(
    ("promise", "matter"),
    [
        ("今明两年，要改造老城区管网。", "要改造老城区管网"),
        ("（一）为此，新建泵站6座。", "新建泵站6座"),
        ("2024年，在此基础上，扩建河口码头。", "扩建河口码头"),
        ("今年新建公园，明年开放。", "今年新建公园"),  # more than a lead-in
        ("今年发展主要预期目标是：新增就业1万人以上。", "新增就业1万人以上"),
        ("综合分析各方面因素，新增就业1万人。", "新增就业1万人"),
        ("实现上述目标，要办好三件实事。", "要办好三件实事"),
        ("今明两年", "今明两年"),  # where nothing else is said
    ],
)
def test_what_leads_in_is_not_what_a_promise_is_about(promise, matter):
    parts = pd.DataFrame({"start": [0], "marker": ["（一）" if promise.startswith("（一）") else ""]})
    year = SimpleNamespace(compilation=SimpleNamespace(text=promise, parts=parts))
    assert _matter_of(year, {"start": 0, "end": len(promise)}) == matter


DRIFT = ["深化商业银行改革", "发挥商业银行政策引导作用", "发挥社区志愿者政策引导作用", "发挥社区志愿者余热"]


def test_a_chain_does_not_drift_from_what_was_promised_first(tmp_path):
    sources = []
    for year, promise in enumerate(DRIFT, 2021):
        items = "".join(
            f"（{number}）{text}。\n"
            for number, text in zip("一二三四", ["开挖河道", "种植果树", promise], strict=False)
        )
        source = tmp_path / f"{year}.txt"
        source.write_text(
            f"县河口局{year}年工作总结及{year + 1}年工作计划\n一、{year}年工作总结\n开展了工作。\n二、{year + 1}年工作计划\n{items}",
            encoding="utf-8",
        )
        sources.append(source)
    chains = kit.analyse(sources).chains
    promised = chains[chains["kind"] == "promised"].groupby("matter")["year"].apply(list)
    assert promised["开挖河道"] == [2021, 2022, 2023, 2024]
    assert promised[DRIFT[0]] == [2021, 2022]
    assert promised[DRIFT[2]] == [2023, 2024]


def test_what_a_chain_says_was_not_mentioned_was_not(years):
    truth = {2024: known("truth"), 2025: known("truth-2025")}
    said = []
    for _, steps in years.chains.groupby("chain"):
        for before, step in zip(steps.to_dict("records"), steps.to_dict("records")[1:], strict=False):
            if step["kind"] == "not mentioned":
                place = (before["start"], before["end"])
                same = [row for row in truth[step["year"]] if overlaps((int(row["start"]), int(row["end"])), place)]
                said.append(any(row["verdict"] == "not mentioned" for row in same))
    assert len(said) >= 5
    assert sum(said) / len(said) >= 0.9


def test_a_chain_promises_and_answers_in_turn_and_stays_with_its_agency(years):
    for _, steps in years.chains.groupby("chain"):
        kinds = steps["kind"].tolist()
        assert kinds[0] == "promised"
        assert steps["year"].is_monotonic_increasing
        assert len(set(steps["agency"]) - {""}) <= 1
        assert all("promised" in pair for pair in pairwise(kinds))


def test_nothing_of_several_years_is_a_promise_of_the_year(years):
    spans = [row for row in known("horizons") if row["file"] == "2025.txt"]
    promised = years.chains[(years.chains["kind"] == "promised") & (years.chains["year"] == 2025)]
    for row in spans:
        inside = promised["start"].ge(int(row["start"])) & promised["end"].le(int(row["end"]))
        assert not inside.any(), row


# ------------------------------------------------------------------ numbers


def test_numbers_of_the_sample_are_followed(years):
    of = {"target": Counter(), "actual": Counter()}
    for row in known("series"):
        for kind, places in of.items():
            if row[kind]:
                near = years.series[
                    (years.series[f"{kind}_in"] == int(row[f"{kind}_in"]) - 2022)
                    & (years.series[f"{kind}_start"] >= int(row[f"{kind}_start"]))
                    & (years.series[f"{kind}_end"] <= int(row[f"{kind}_end"]))
                ]
                places[bool(len(near) and (near[kind] == float(row[kind])).any())] += 1
    assert of["target"][True] / sum(of["target"].values()) >= 0.9, of


def test_a_number_runs_under_one_name(years):
    rows = years.series[years.series["agency"] == "县文体广电和旅游局"].set_index(["headline", "year"])
    assert rows.loc["送戏下乡", "target"].to_dict() == {2024: 120, 2025: 125, 2026: 130}
    assert rows.loc["送戏下乡", "actual"].dropna().to_dict() == {2024: 126, 2025: 131}


def test_what_is_masked_or_not_yet_told_is_a_gap(years):
    rows = years.series
    assert rows.loc[rows["year"] == 2026, "actual"].isna().all()
    retail = rows[(rows["headline"] == "retail") & (rows["year"] == 2025)].iloc[0]
    assert pd.isna(retail["actual"])
    assert not pd.isna(retail["actual_start"])


def test_places_point_into_the_text_of_their_year(years):
    texts = [year.compilation.text for year in years.years]
    for row in years.series.dropna(subset=["target", "target_start"]).itertuples():
        said = texts[row.target_in - 1][row.target_start : row.target_end]
        assert re.search(r"[0-9一二两三四五六七八九十]", said), row
        assert len(said) <= 12, row


# ------------------------------------------------------------------ themes, words, priorities


def test_shares_of_themes_are_those_of_a_plain_count(years):
    for number, year in enumerate(years.years, 1):
        counted = set(year.compilation.counted["report"])
        roles = ("opening", "achievements", "highlights", "problems", "plan")
        body = {row.sentence for row in year.compilation.sentences.itertuples() if row.role in roles
                and row.report in counted and row.horizon != "multi-year"}  # fmt: skip
        seen: dict[str, set] = {}
        for hit in year.hits.itertuples():
            if hit.sentence in body:
                seen.setdefault(hit.theme, set()).add(hit.sentence)
        rows = years.theme_years[years.theme_years["in"] == number].set_index("theme")
        assert rows["n_sentences"].to_dict() == {theme: len(seen.get(theme, ())) for theme in rows.index}
        assert set(rows["of_sentences"]) == {len(body)}


def test_a_theme_of_other_words_is_a_gap_in_that_year(tmp_path):
    for name, year in (("甲", 2023), ("乙", 2024)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(kit.sample(year).read_text(encoding="utf-8"), encoding="utf-8")
    own = tmp_path / "乙" / "a.themes.toml"
    own.write_text('[themes.sports]\nzh = "体育"\nen = "sports"\nterms = "云岫长跑廊道"\n', encoding="utf-8")
    found = kit.analyse([tmp_path / "甲" / "a.txt", tmp_path / "乙" / "a.txt"]).theme_years.set_index(["in", "theme"])
    assert pd.isna(found.loc[(1, "sports"), "share_of_sentences"])
    assert not pd.isna(found.loc[(2, "sports"), "share_of_sentences"])
    assert not pd.isna(found.loc[(1, "health"), "share_of_sentences"])


def plain_words(year) -> Counter:
    counted = set(year.compilation.counted["report"])
    several = {row.sentence for row in year.compilation.sentences.itertuples() if row.horizon == "multi-year"}
    rows = year.tokens.itertuples()
    return Counter(row.term for row in rows if row.report in counted and row.sentence not in several)


def test_words_are_counted_in_both_years(years):
    first, last = (plain_words(year) for year in (years.years[0], years))
    for row in years.word_changes.head(30).itertuples():
        assert (row.n, row.n_reference) == (last[row.term], first[row.term])


def test_priorities_are_the_numbers_of_tasks(years):
    rows = years.priorities
    assert (rows["place"] <= rows["of_tasks"]).all()
    assert not rows.duplicated(["in", "report", "place"]).any()
    health = rows[(rows["in"] == 1) & (rows["report"] == 1)].set_index("theme")
    assert health.loc["health", "place"] == 1


OPENING = "二、总体要求\n一是稳中求进。\n二是守牢底线。\n三是办好实事。\n"
WORK = "".join(
    f"（{n}）{what}。{'认真落实各项措施，逐项抓好。' * 6}\n"
    for n, what in zip("一二三", ("修路", "植树", "办学"), strict=True)
)
TASKS = ["（一）修路", "（二）植树", "（三）办学"]


@pytest.mark.parametrize(("text", "expected"), [
    (f"{OPENING}三、重点工作\n{WORK}", TASKS),  # principles are numbered, too, and stand before the tasks
    (f"二、目标\n守好底线。\n三、重点工作\n{WORK}四、作风建设\n从严从实。\n", TASKS),  # one chapter holds the plan
    ("一、修路。\n二、植树。\n三、办学。\n", ["一、修路", "二、植树", "三、办学"]),
    ("一、修路。\n二、植树。\n", []),
])  # fmt: skip
def test_tasks_are_the_numbered_parts_that_hold_most_of_a_plan(text, expected):
    rows = []
    for line in re.finditer(r"(.+)\n", text):
        marker = next((m[0] for m in [re.match(r"（.）|.、|.是", line[1])] if m), "")
        depth = 1 if marker.endswith("、") else 2 if marker else 0
        parent = len([row for row in rows if row["depth"] == 1]) if depth == 2 else 0
        rows.append({"marker": marker, "depth": depth, "parent": parent, "start": line.start(), "end": line.end()})
    found = _tasks(pd.DataFrame([row for row in rows if row["marker"]]))
    assert [text[first:].partition("。")[0] for first, _, _ in found] == expected


def test_the_year_is_the_one_that_most_reports_review(years):
    assert [period_of(year.compilation) for year in years.years] == [2023, 2024, 2025]


# ------------------------------------------------------------------ real reports, where they are

REAL = os.environ.get("KIT_COMPILATIONS")


PLACES = ["嘉兴市", "四平市", "安徽省", "常德市", "无锡市", "浙江省", "石嘴山市", "青岛市"]
HERE = pytest.mark.skipif(not REAL, reason="KIT_COMPILATIONS is not set: the real compilations are not here")


@HERE
@pytest.mark.parametrize("folder", ["series", "series-district", *(f"government/{place}" for place in PLACES)])
def test_a_government_is_linked_to_itself_in_every_year(folder):
    files = sorted(Path(REAL or "", folder).iterdir())
    links = gather(kit.analyse(files).years, "links")
    assert links["link"].tolist() == ["same"] * (len(files) - 1)


@HERE
def test_provinces_are_linked_each_to_itself():
    links = kit.analyse([Path(REAL or "", f"provinces-{year}") for year in (2025, 2026)]).links
    assert links["link"].tolist() == ["same"] * 8
    assert all(one[:2] == other[:2] for one, other in zip(links["agency"], links["later_agency"], strict=True))


@HERE
@pytest.mark.parametrize("folder", ["series", "series-district", "government/四平市"])
def test_a_place_stays_itself_and_a_missing_year_is_a_gap(folder):
    files = sorted(Path(REAL or "", folder).iterdir())
    found = kit.analyse(files)
    assert set(gather(found.years, "links")["link"]) == {"same"}
    planned = [int(year.compilation.reports["plan_period"].iloc[0]) for year in found.years]
    for before, after, year in zip(planned, planned[1:], found.years[1:], strict=False):
        told = year.headlines["actual"].notna().any()
        assert told == (after == before + 1)
