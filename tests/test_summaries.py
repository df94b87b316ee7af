"""Tables summed as figures draw them, held to plain sums."""

import pandas as pd
import pytest
import small

from kit.measure.summaries import count_statuses, sum_agencies, sum_reports, sum_roles

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
              ("problems", "unanswered"), ("achievements", "taken up"), ("highlights", "not taken up")]  # fmt: skip
    traced = pd.DataFrame([{"report": 1, "role": role, "state": state} for role, state in states] +
                          [{"report": 3, "role": "plan", "state": "new"}])  # fmt: skip
    targets = pd.DataFrame({"report": 1, "target": 10, "actual": [12, 4, None, 11],  # the last is an estimate
                            "met": [True, False, False, True], "forecast": [False, False, False, True]})  # fmt: skip
    first, second = sum_agencies(reports, traced, targets).to_dict("records")
    assert first == {
        "report": 1, "agency": "甲局", "n_plan": 4, "n_continued": 1, "n_unclear": 1, "n_new": 2, "n_problems": 2,
        "n_unanswered": 1, "n_review": 2, "n_not_taken_up": 1, "n_targets": 2, "n_met": 1,
    }  # fmt: skip
    assert {name: n for name, n in second.items() if n} == {"report": 2, "agency": "乙局"}
