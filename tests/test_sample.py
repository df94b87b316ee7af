"""The samples and their known answers: every row of every file points at what it says, and nothing is borrowed."""

import re
from functools import cache
from itertools import groupby, pairwise

import pandas as pd
import pytest
from truth import sample

import kit
from kit import data
from kit.measure.items import whole_items

FILES = ("2023.txt", "2024.txt", "2025.txt", "2023-chengpu.txt")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SPELT = {"30": "三成", "2": "两条"}  # numbers that the texts write out
LONGEST = 16  # characters that a sentence may share with an older text: a set phrase (招投标信用分与保证金减免挂钩)
STRAY_HITS = 1  # a single word of a theme does not make an agency write on it


@cache
def text(name):
    return data.path(f"sample/{name}").read_text(encoding="utf-8")


@cache
def table(name):
    return pd.read_csv(data.path(f"sample/{name}.csv"), encoding="utf-8-sig", dtype=str, keep_default_na=False)


@cache
def neighbour():
    return kit.read(kit.sample(2023, "chengpu"))


@cache
def themes(name):
    """Return the number of hits by sector and theme; the county as a whole stands under the sector ``""``."""
    compilation = kit.read(data.path(f"sample/{name}"))
    sectors = compilation.counted.set_index("report")["sector"]
    hits = kit.analyse(compilation).hits
    hits = hits[hits["report"].isin(sectors.index)]
    found = hits.groupby([hits["report"].map(sectors), "theme"]).size().to_dict()
    return found | {("", theme): n for theme, n in hits.groupby("theme").size().items()}


def quote(file, start, end):
    return text(f"{file}.txt")[int(start) : int(end)]


def place(year, start):
    """Return the report and the role of the sentence that stands at an offset."""
    sentences = sample(int(year))[0].sentences
    row = sentences[(sentences["start"] <= int(start)) & (int(start) < sentences["end"])].iloc[0]
    return row["report"], row["role"]


def is_whole(quoted):
    return quoted == quoted.strip() and quoted.endswith(("。", "；"))


# ------------------------------------------------------------------ how the texts are read


@pytest.mark.parametrize(
    ("year", "place", "reports", "period", "masks"), [(2025, "", 11, 2025, 11), (2023, "chengpu", 8, 2023, 8)]
)
def test_the_new_texts_are_read_as_they_were_meant(year, place, reports, period, masks):
    compilation = kit.read(kit.sample(year, place))
    assert len(compilation.counted) == reports
    assert set(compilation.counted["period"].astype(int)) == {period}
    assert "serious" not in set(compilation.doubts["severity"])
    assert len(compilation.masks[["report"]].drop_duplicates()) == masks  # masks stand in every report
    roles = compilation.sentences.groupby("report")["role"].agg(set)[compilation.counted["report"]]
    assert all({"title", "achievements", "problems", "plan"} <= found for found in roles)


def test_the_intended_doubts_are_raised():
    doubts = sample(2025)[0].doubts
    raised = set(zip(doubts["report"], doubts["code"], strict=True))
    assert raised >= {(1, "generic_title"), (6, "contents_title_differs")}
    assert (5, "generic_title") in set(zip(neighbour().doubts["report"], neighbour().doubts["code"], strict=True))


# ------------------------------------------------------------------ truth-2025.csv


def test_every_promise_of_2024_has_one_row():
    _, items, _ = sample(2024)
    plan = whole_items(items[items["role"] == "plan"])
    rows = table("truth-2025").astype({"report": int, "start": int, "end": int})
    assert list(zip(rows["report"], rows["start"], rows["end"], strict=True)) == list(
        zip(plan["report"], plan["start"], plan["end"], strict=True)
    )
    assert all(is_whole(quote(2024, row.start, row.end)) for row in rows.itertuples())


def test_the_counts_of_verdicts_are_those_of_the_readme():
    rows = table("truth-2025")
    assert rows["verdict"].value_counts().to_dict() == {
        "reported": 64, "not mentioned": 13, "partly": 11, "no report": 5,
    }  # fmt: skip
    assert rows["number_verdict"].value_counts().drop("").to_dict() == {"met": 24, "missed": 16, "cannot tell": 14}


def test_evidence_stands_in_the_review_of_the_later_agency():
    links = table("links").query("earlier_year == '2024'").set_index("earlier_report")["later_report"]
    for row in table("truth-2025").itertuples():
        if row.verdict in ("not mentioned", "no report"):
            assert not row.evidence_report + row.evidence_start + row.evidence_end
            assert (links[row.report] == "") == (row.verdict == "no report")
            continue
        report, role = place(2025, row.evidence_start)
        assert str(report) == row.evidence_report == links[row.report], row
        assert role in ("opening", "achievements"), row


@pytest.mark.parametrize("row", list(table("truth-2025").query("target != ''").itertuples()), ids=lambda row: row.start)
def test_targets_and_results_stand_in_their_quotes(row):
    promise, told = quote(2024, row.start, row.end), quote(2025, row.evidence_start or 0, row.evidence_end or 0)
    assert SPELT.get(row.target, row.target) in promise or row.target in NUMBER.findall(promise) or "各1名" in promise
    if row.number_verdict == "cannot tell":
        assert not row.actual
        assert not told or "XX" in told or "预计" in told
        return
    assert row.actual in NUMBER.findall(told) or SPELT.get(row.actual, "?") in told
    assert row.number_verdict == ("met" if float(row.actual) >= float(row.target) else "missed")


# ------------------------------------------------------------------ links.csv


def test_links_hold_every_agency_of_the_three_years_once():
    links = table("links")
    assert links.groupby("earlier_year")["kind"].value_counts().to_dict() == {
        ("2023", "same"): 9, ("2023", "merged"): 2, ("2023", "new"): 1,
        ("2024", "same"): 8, ("2024", "merged"): 2, ("2024", "renamed"): 1, ("2024", "gone"): 1, ("2024", "new"): 1,
    }  # fmt: skip
    for earlier, later in pairwise((2023, 2024, 2025)):
        rows = links[links["earlier_year"] == str(earlier)]
        for side, year in (("earlier", earlier), ("later", later)):
            named = rows[rows[f"{side}_report"] != ""].drop_duplicates(f"{side}_report")
            read = sample(year)[0].counted.set_index("report")
            assert set(named[f"{side}_report"].astype(int)) == set(read.index)
            for report, agency in zip(named[f"{side}_report"].astype(int), named[f"{side}_agency"], strict=True):
                assert agency == read["agency"][report] or read["agency_from"][report] == "unknown"


def test_kinds_of_links_are_what_the_reports_say():
    for row in table("links").itertuples():
        later = text(f"{row.later_year}.txt")
        if row.kind == "new":
            assert not row.earlier_agency
            assert row.later_agency not in text(f"{row.earlier_year}.txt")
        elif row.kind == "gone":
            assert not row.later_agency
            assert row.earlier_agency not in later
        elif row.kind == "same":
            assert row.later_agency == row.earlier_agency or row.earlier_agency.endswith("发改委")
        else:
            assert row.earlier_agency in later  # the text names the agency that was


# ------------------------------------------------------------------ chains.csv


def chains():
    return [(matter, list(rows)) for matter, rows in groupby(table("chains").itertuples(), key=lambda row: row.matter)]


def test_chains_agree_with_the_truth_files():
    verdicts = {"2024": table("truth"), "2025": table("truth-2025")}
    for _, steps in chains():
        assert [int(step.step) for step in steps] == list(range(1, len(steps) + 1))
        assert [step.year for step in steps] == sorted(step.year for step in steps)
        for promise, outcome in pairwise(steps):
            if promise.kind != "promised" or outcome.kind == "promised":
                continue
            truth = verdicts[outcome.year].query(f"start == '{promise.start}' and end == '{promise.end}'").iloc[0]
            assert (outcome.kind, outcome.report, outcome.start, outcome.end, outcome.number_verdict) == (
                truth["verdict"], truth["evidence_report"], truth["evidence_start"], truth["evidence_end"],
                truth["number_verdict"],
            )  # fmt: skip


def test_promises_of_chains_stand_in_plans():
    for matter, steps in chains():
        for step in steps:
            if step.kind == "promised":
                report, role = place(step.year, step.start)
                assert (str(report), role) == (step.report, "plan"), (matter, step.step)
                assert is_whole(quote(step.year, step.start, step.end))


def test_chains_are_of_every_length():
    promised = [sum(step.kind == "promised" for step in steps) for _, steps in chains()]
    assert len(promised) == 46
    assert {n: promised.count(n) for n in set(promised)} == {1: 2, 2: 20, 3: 24}


# ------------------------------------------------------------------ series.csv


@pytest.mark.parametrize("side", ["target", "actual"])
def test_numbers_of_a_series_stand_where_they_are_said_to(side):
    rows = table("series")
    rows = rows[rows[f"{side}_start"] != ""]
    for row in rows.to_dict("records"):
        file, start, end = (row[f"{side}_{column}"] for column in ("in", "start", "end"))
        quoted = quote(file, start, end)
        if row[f"{side}_masked"] == "1":
            assert "XX" in quoted
            assert not row[side]
        else:
            assert NUMBER.findall(quoted) == [row[side]]
        assert quote(file, int(start) - 1, start) not in "0123456789."
        role = place(file, start)[1]
        if side == "actual":
            assert role in ("opening", "achievements")
            assert file == row["year"]
            clause = re.split("[，。；、]", quote(file, int(start) - 25, start))[-1]
            assert (row["actual_estimated"] == "1") == ("预计" in clause)
        else:
            assert role == ("achievements" if row["year"] == "2023" else "plan")
            assert int(file) == max(2023, int(row["year"]) - 1)


def test_series_have_masks_an_estimate_and_gaps():
    rows = table("series")
    assert len(rows.drop_duplicates("matter")) == 32
    assert (rows["actual_masked"] == "1").sum() == 5
    assert (rows["actual_estimated"] == "1").sum() == 7
    assert rows.query("year == '2025' and actual_estimated == '1'")["matter"].tolist() == ["地区生产总值增速"]
    assert rows.query("year == '2026'")["actual_start"].eq("").all()


# ------------------------------------------------------------------ horizons.csv, places.csv


def test_passages_of_several_years_name_them():
    for row in table("horizons").itertuples():
        assert re.search("2030年|“十四五”", quote(row.file.removesuffix(".txt"), row.start, row.end))
        assert str(place(2025, row.start)[0]) == row.report
    assert [place(2025, start)[1] for start in table("horizons")["start"]] == ["plan"] * 4 + ["achievements"]


def test_each_theme_is_its_countys_own():
    names = dict(zip(table("places")["place"], table("places")["file"], strict=True))
    for row in table("places").itertuples():
        own, other = (themes(names[county]) for county in (row.place, next(n for n in names if n != row.place)))
        quoted = text(row.file)[int(row.start) : int(row.end)]
        assert quoted == quoted.strip()
        assert quoted
        ours, theirs = (hits.get((row.sector, row.theme), 0) for hits in (own, other))
        assert ours > theirs <= STRAY_HITS, row


def test_four_sectors_of_the_counties_pair_and_four_do_not():
    shared = set(neighbour().counted["sector"]) & set(sample(2023)[0].counted["sector"])
    assert {"health", "education", "transport", "agriculture"} <= shared
    assert not {"welfare", "market", "law"} & shared


# ------------------------------------------------------------------ nothing is borrowed


@pytest.mark.parametrize("name", ["2025.txt", "2023-chengpu.txt"])
def test_no_sentence_repeats_an_older_one(name):
    older = "\n".join(text(other) for other in FILES if other != name)
    compilation = kit.read(data.path(f"sample/{name}"))
    body = compilation.sentences[~compilation.sentences["role"].isin(["front", "title", "signature"])]
    for start, end in zip(body["start"], body["end"], strict=True):
        sentence = compilation.text[start:end].strip()
        runs = (sentence[at : at + LONGEST] for at in range(len(sentence) - LONGEST + 1))
        assert not [run for run in runs if run in older and "\n" not in run], sentence
