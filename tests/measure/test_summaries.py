"""Themes, coverage, statuses and cards equal plain sums, and lead back to their sentences."""

import pandas as pd
import pytest
import small
from small import compilation

from kit import tables
from kit.errors import TableError
from kit.measure.codebook import read_codebook
from kit.measure.counts import (
    compare_coverage,
    count_statuses,
    count_themes,
    count_uncovered,
    find_evidence,
    find_uncovered,
    pair_themes,
    sum_agencies,
    sum_reports,
    sum_roles,
    sum_themes,
    with_copies,
)
from kit.measure.themes import find_hits

# ---- Themes ----


@pytest.fixture(scope="module")
def reports():
    return compilation(
        (
            "县民政局",
            [("achievements", "", "发放低保金和养老金。化解信访积案。召开会议。"), ("plan", "", "发放养老金。")],
        ),
        ("县水利局", [("achievements", "", "河长制工作。召开会议。"), ("plan", "", "召开会议。")]),
        (
            "县民政局",
            [("achievements", "", "发放低保金和养老金。化解信访积案。召开会议。"), ("plan", "", "发放养老金。")],
        ),
        copies={3: 1},
    )


@pytest.fixture(scope="module")
def hits(reports):
    return find_hits(reports)


def plain(reports, hits, report, theme, role):
    """Count by hand: hits, sentences with one, sentences, characters."""
    own = [h for h in hits.itertuples() if (h.report, h.theme, h.role) == (report, theme, role)]
    sentences = [s for s in reports.sentences.itertuples() if (s.report, s.role) == (report, role)]
    chars = sum(not char.isspace() for s in sentences for char in reports.text[s.start : s.end])
    return len(own), len({h.sentence for h in own}), len(sentences), chars


@pytest.mark.parametrize("copies", [False, True])
def test_the_grid_is_complete_and_every_cell_is_a_plain_count(reports, hits, copies):
    counts = tables.check(count_themes(with_copies(reports) if copies else reports, hits), tables.THEME_COUNTS)
    numbers = [1, 2, 3] if copies else [1, 2]
    assert len(counts) == len(numbers) * 23 * len(tables.BODY_ROLES)
    for row in counts.itertuples():
        expected = plain(reports, hits, row.report, row.theme, row.role)
        assert (row.n_hits, row.n_sentences, row.of_sentences, row.of_chars) == expected
        assert row.per_10k_chars == pytest.approx(10_000 * expected[0] / max(1, expected[3]))


def test_counts_know_other_codebooks(reports, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        'standalone = true\n[themes.a]\ngroup = "means"\nzh = "会"\nen = "Meetings"\nterms = "会议"\n', "utf-8"
    )
    codebook = read_codebook(file)
    counts = count_themes(reports, find_hits(reports, codebook), codebook=codebook)
    counts = counts[counts["role"] == "plan"]
    assert counts[["report", "theme", "n_sentences"]].values.tolist() == [[1, "a", 0], [2, "a", 1]]


def test_sums_say_how_many_reports_take_a_theme_up_and_how_evenly(reports, hits):
    sums = sum_themes(reports, count_themes(reports, hits)).set_index("theme")
    welfare = sums.loc["welfare"]
    assert (welfare["n_hits"], welfare["n_reports"], welfare["of_reports"]) == (3, 1, 2)
    of_chars = count_themes(reports, hits).query("theme == 'welfare'").groupby("report")["of_chars"].sum()
    assert welfare["dispersion_dp"] == pytest.approx(of_chars[2] / of_chars.sum())
    assert pd.isna(sums.loc["sports", "dispersion_dp"])


def test_sums_by_group_add_up(reports, hits):
    counts = count_themes(reports, hits)
    for by in ("sector", "role", ["level", "role"]):
        assert sum_themes(reports, counts, by=by)["n_hits"].sum() == counts["n_hits"].sum()
    with pytest.raises(TableError, match=r"grouped by report, agency, .*found \['colour'\]"):
        sum_themes(reports, counts, by="colour")


def test_themes_of_one_sentence_are_paired():
    reports = compilation(
        ("县甲局", [("plan", "", "发放养老金。河长制工作。养老金和河长制。会议。会议。会议。会议。")])
    )
    pair = pair_themes(reports, find_hits(reports)).iloc[0]
    assert (pair["term_a"], pair["term_b"], pair["n_sentences"], pair["n_a"]) == ("ecology", "welfare", 1, 2)


def test_what_no_theme_covers_is_counted_and_shown(reports, hits):
    uncovered = tables.check(count_uncovered(reports, hits), tables.UNCOVERED).set_index("report")
    assert uncovered[["n_uncovered", "of_sentences"]].values.tolist() == [[1, 4], [2, 3]]
    assert set(find_uncovered(reports, hits)["text"]) == {"召开会议。"}
    assert find_uncovered(reports, hits).query("role == 'plan'")["report"].tolist() == [2]


def test_evidence_shows_the_sentences_behind_a_cell(reports, hits):
    evidence = find_evidence(reports, hits, theme="welfare", agency="县民政局", role="achievements")
    assert evidence[["report", "terms", "text"]].values.tolist() == [
        [1, "低保、养老金", "发放低保金和养老金。"],
        [3, "低保、养老金", "发放低保金和养老金。"],
    ]
    assert find_evidence(reports, hits, theme="welfare", report=2).empty
    with pytest.raises(TableError, match="no agency '县丙局' in small; it has 县民政局, 县水利局"):
        find_evidence(reports, hits, agency="县丙局")


# ---- Coverage ----


def counts(*rows):
    """Build theme counts from (report, theme, role, sentences with the theme, sentences of the role)."""
    return tables.make(
        [
            {"report": report, "agency": f"机关{report}", "theme": theme, "role": role, "n_hits": n,
             "n_sentences": n, "of_sentences": of, "share_of_sentences": n / of if of else 0.0,
             "of_chars": of * 40, "per_10k_chars": 0.0}
            for report, theme, role, n, of in rows
        ],
        tables.THEME_COUNTS,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("review", "plan", "state"),
    [(2, 1, "both"), (0, 1, "plan only"), (3, 0, "review only"), (0, 0, "neither")],
)
def test_state_says_which_sides_take_a_theme_up(review, plan, state):
    table = counts((1, "culture", "achievements", review, 10), (1, "culture", "plan", plan, 5))
    assert compare_coverage(table)["state"].tolist() == [state]


def test_highlights_are_review_and_problems_are_neither_side():
    table = counts(
        (1, "health", "achievements", 1, 8),
        (1, "health", "highlights", 1, 2),
        (1, "health", "problems", 4, 4),
        (1, "health", "plan", 1, 4),
    )
    row = compare_coverage(table).iloc[0]
    assert (row["review_sentences"], row["of_review_sentences"]) == (2, 10)
    assert row["shift_points"] == pytest.approx(25 - 20)


def test_a_report_without_a_plan_shows_no_shift():
    table = counts((1, "safety", "achievements", 3, 10), (1, "safety", "plan", 0, 0))
    row = compare_coverage(table).iloc[0]
    assert (row["state"], row["shift_points"], row["plan_share"]) == ("review only", 0.0, 0.0)


def test_the_grid_stays_complete_and_typed():
    rows = [
        (report, theme, role, 0, 5)
        for report in (1, 2)
        for theme in ("party", "land")
        for role in ("achievements", "plan")
    ]
    table = compare_coverage(counts(*rows))
    assert len(table) == 4
    assert tables.check(table, tables.COVERAGE) is table
    assert set(table["state"]) == {"neither"}


def test_no_counts_make_an_empty_table():
    assert compare_coverage(tables.make([], tables.THEME_COUNTS)).empty


def test_the_input_is_not_changed():
    table = counts((1, "sports", "achievements", 1, 2), (1, "sports", "plan", 1, 2))
    before = table.copy()
    compare_coverage(table)
    pd.testing.assert_frame_equal(table, before)


# ---- Sums ----


COUNTS = {"of_sentences": 4, "of_chars": 100, "share_of_sentences": 0.0, "per_10k_chars": 0.0, "agency": "县教育局"}


def test_roles_add_up_and_rates_are_of_the_sums():
    rows = [{"report": 1, "theme": "party", "role": role, "n_hits": n, "n_sentences": n, **COUNTS}
            for role, n in (("plan", 1), ("problems", 0), ("achievements", 3), ("all", 4))]  # fmt: skip
    (row,) = sum_roles(pd.DataFrame(rows)).itertuples()
    assert (row.role, row.n_hits, row.of_sentences, row.of_chars) == ("all", 4, 12, 300)
    assert (row.share_of_sentences, row.per_10k_chars) == (4 / 12, 4 / 300 * 10_000)


def coverage(*shares):
    """Rows of one theme: review sentences of how many, plan sentences of how many, a report each."""
    names = ("review_sentences", "of_review_sentences", "plan_sentences", "of_plan_sentences")
    table = pd.DataFrame([dict(zip(names, row, strict=True)) for row in shares]).assign(theme="party")
    for side in ("review", "plan"):
        table[f"{side}_share"] = table[f"{side}_sentences"] / table[f"of_{side}_sentences"].clip(lower=1)
    return table.assign(shift_points=100 * (table["plan_share"] - table["review_share"]))


def test_reports_add_up_and_a_side_without_sentences_has_no_share():
    (row,) = sum_reports(coverage((1, 10, 0, 0), (2, 10, 0, 0))).itertuples()
    assert (row.review_share, row.plan_share) == (3 / 20, 0)
    assert row.shift_points == -15
    assert pd.isna(row.mean_shift_points)  # no report has both sides
    assert (row.n_up, row.n_down, row.n_unchanged) == (0, 0, 0)


def test_one_long_report_leads_the_sums_and_not_the_mean():
    (row,) = sum_reports(coverage((10, 100, 40, 100), (2, 10, 1, 10), (3, 10, 2, 10), (1, 3, 2, 6))).itertuples()
    assert row.shift_points > 0  # the sums say the plans want more of it
    assert row.mean_shift_points == pytest.approx((30 - 10 - 10 + 0) / 4)
    assert row.mean_review_share == pytest.approx((10 / 100 + 2 / 10 + 3 / 10 + 1 / 3) / 4)
    assert row.mean_plan_share == pytest.approx((40 / 100 + 1 / 10 + 2 / 10 + 2 / 6) / 4)
    assert (row.n_up, row.n_down, row.n_unchanged) == (1, 2, 1)  # most reports do not


def test_statuses_are_counted_once_an_item_complete_and_without_copies():
    reports = small.compilation(("甲局", [("plan", "", "建路。")]), ("乙局", [("plan", "", "建路。")]), copies={2: 1})
    matches = pd.DataFrame({"item": [1, 1, 2, 3], "report": [1, 1, 1, 2], "rank": [1, 2, 1, 1],
                            "status": ["continued", "continued", "new", "new"],
                            "says_continues": [False, False, True, True]})  # fmt: skip
    counted = count_statuses(reports, matches)
    assert dict(zip(counted["status"], counted["n_items"], strict=True)) == {
        "continued": 1, "unclear": 0, "to check": 0, "new": 1}  # fmt: skip
    assert counted["n_say_continue"].tolist() == [0, 0, 0, 1]  # what is called new and says that it goes on
    assert set(counted["agency"]) == {"甲局"}


def counted(statuses):
    reports = small.compilation(("甲局", [("plan", "", "建路。")]), ("乙局", [("plan", "", "种花。")]))
    rows = [{"item": number, "report": 1, "verdict": "partly", "status": status, "link": "doubtful",
             "later_report": 3}
            for number, status in enumerate(statuses, 1)]  # fmt: skip
    return count_statuses(reports, pd.DataFrame(rows))


def test_promises_are_counted_like_items_and_those_too_general_to_check_apart():
    statuses = ["partly", "partly", "not mentioned", "general"]
    expected = {"reported": 0, "partly": 2, "to check": 0, "not mentioned": 1, "no report": 0}
    first = counted(statuses).query("report == 1")
    assert dict(zip(first["status"], first["n_items"], strict=True)) == expected
    assert set(first["n_too_general"]) == {1}


def test_promises_say_how_surely_the_later_report_is_the_same_agencys():
    table = counted(["reported"])
    assert set(table.loc[table["report"] == 1, "link"]) == {"doubtful"}
    assert set(table.loc[table["report"] == 1, "later_report"]) == {3}
    assert set(table.loc[table["report"] == 2, "link"]) == {""}  # no promises


def test_an_agencys_card_counts_each_thing_once_and_leaves_copies_out():
    reports = small.compilation(("甲局", [("plan", "", "建路。")]), ("乙局", [("plan", "", "种花。")]),
                                ("甲局", [("plan", "", "建路。")]), copies={3: 1})  # fmt: skip
    states = [("plan", "continued"), ("plan", "new"), ("plan", "unclear"), ("plan", "new"), ("problems", "answered"),
              ("problems", "to check"), ("achievements", "taken up"), ("highlights", "to check")]  # fmt: skip
    traced = pd.DataFrame([{"report": 1, "role": role, "state": state} for role, state in states] +
                          [{"report": 3, "role": "plan", "state": "new"}])  # fmt: skip
    targets = pd.DataFrame({"report": 1, "target": 10, "actual": [12, 4, None, 11],  # the last is an estimate
                            "met": [True, False, False, True], "forecast": [False, False, False, True]})  # fmt: skip
    first, second = sum_agencies(reports, traced, targets).to_dict("records")
    assert first == {
        "report": 1, "agency": "甲局", "n_plan": 4, "n_continued": 1, "n_unclear": 1, "n_new": 2, "n_problems": 2,
        "n_answered": 1, "n_review": 2, "n_taken_up": 1, "n_targets": 2, "n_met": 1,
    }  # fmt: skip
    assert {name: n for name, n in second.items() if n} == {"report": 2, "agency": "乙局"}
