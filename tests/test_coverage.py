"""Theme-level continuity: states, shares and the shift of attention."""

import pandas as pd
import pytest

from kit import tables
from kit.measure.coverage import compare_coverage


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


def test_the_threshold_moves_the_state_and_not_the_counts():
    table = counts((1, "rural", "achievements", 1, 10), (1, "rural", "plan", 2, 10))
    row = compare_coverage(table, min_sentences=2).iloc[0]
    assert (row["state"], row["review_sentences"]) == ("plan only", 1)


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
