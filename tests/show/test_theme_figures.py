"""Figures of themes: every cell, count and share is the table's; names, totals and titles are counted again."""

from dataclasses import replace

import drawing
import pandas as pd
import pytest
from drawing import SCOPE

from kit.errors import TableError
from kit.measure.scoring import uncertain_themes
from kit.show.count_figures import STATES, build_attention, build_coverage, build_heatmap, by_similarity, step_of
from kit.show.style import EMPTY, STEPS, theme_labels
from kit.wording import half_up

COUNTS = drawing.theme_totals(12)
SUMS = COUNTS.groupby("report")["per_10k_chars"].sum().sort_values(ascending=False, kind="stable")


@pytest.mark.parametrize(("value", "column", "step"), [
    (0, "per_10k_chars", 0), (0.1, "per_10k_chars", 1), (9.99, "per_10k_chars", 1), (10, "per_10k_chars", 2),
    (39.9, "per_10k_chars", 3), (40, "per_10k_chars", 4), (79, "per_10k_chars", 4), (80, "per_10k_chars", 5),
    (0.019, "share_of_sentences", 1), (0.02, "share_of_sentences", 2), (0.9, "share_of_sentences", 5),
])  # fmt: skip
def test_steps_have_fixed_edges(value, column, step):
    assert step_of(value, column) == step


@pytest.mark.parametrize("value", ["per_10k_chars", "share_of_sentences"])
def test_every_cell_has_the_colour_and_the_text_of_its_rate(value):
    """Looked up again in the table, cell by cell, with rows by their sum and columns in the order of the themes."""
    plot = build_heatmap(COUNTS, SCOPE, value=value).plot
    order = COUNTS.groupby("report")[value].sum().sort_values(ascending=False, kind="stable").index
    rates = {(row.report, row.theme): getattr(row, value) for row in COUNTS.itertuples()}
    assert list(plot.groups) == drawing.groups()
    for report, cells in zip(order, plot.cells, strict=True):
        for theme, cell in zip(drawing.THEMES, cells, strict=True):
            assert cell.ground == (EMPTY, *STEPS)[step_of(rates[report, theme], value)]
            assert bool(cell.text) == (rates[report, theme] > 0)


def test_totals_are_the_sums_of_the_rates():
    (total,) = build_heatmap(COUNTS, SCOPE).plot.sums
    assert list(total.texts) == [f"{half_up(sum_)}" for sum_ in SUMS]
    assert build_heatmap(COUNTS, SCOPE, value="share_of_sentences").plot.sums == ()


def test_rows_can_keep_the_order_of_the_table():
    assert build_heatmap(COUNTS, SCOPE, order="table").plot.names[:2] == ("青溪县卫生健康局", "青溪县交通运输局")


def test_the_note_says_which_parts_are_counted():
    assert build_heatmap(COUNTS, SCOPE).note.startswith("注：计入正文各部分，含开头和问题；")
    assert build_heatmap(COUNTS.assign(role="plan"), SCOPE).note.startswith("注：只计计划部分；")


@pytest.mark.parametrize(("table", "reason"), [
    (drawing.theme_totals(2), "报告不足3篇（2篇）"),
    (drawing.theme_totals(61), "报告超过60篇（61篇）"),
    (COUNTS.assign(per_10k_chars=COUNTS["per_10k_chars"].where(COUNTS["report"] < 5, 0)), "超过一半"),
])  # fmt: skip
def test_what_would_mislead_is_said(table, reason):
    figure = build_heatmap(table, SCOPE)
    assert figure.plot is None
    assert reason in figure.reason


def test_themes_of_few_agencies_make_room_in_a_sparse_table_and_are_named():
    """Half of the cells at least are filled; the totals are still those of all themes."""
    rare = COUNTS["theme"].isin(drawing.THEMES[5:]) & (COUNTS["report"] > 1)
    sparse = COUNTS.assign(per_10k_chars=COUNTS["per_10k_chars"].mask(rare, 0))
    figure = build_heatmap(sparse, SCOPE)
    filled = [cell.ground != EMPTY for row in figure.plot.cells for cell in row]
    assert 5 * 12 <= len(filled) < 23 * 12
    assert sum(filled) >= len(filled) / 2
    assert "提及单位过少、未列：" in figure.note
    sums = sparse.groupby("report")["per_10k_chars"].sum()
    assert sorted(figure.plot.sums[0].texts) == sorted(f"{half_up(total)}" for total in sums)


@pytest.mark.parametrize("build", [build_heatmap, build_coverage])
def test_uncertain_themes_are_marked_in_every_figure_alike_and_explained_once(build):
    table = COUNTS if build == build_heatmap else TABLE
    figure = build(table, SCOPE)
    assert [head.endswith("*") for head in figure.plot.heads].count(True) == len(uncertain_themes())
    assert figure.note.count("一致程度偏低") == 1
    sure = build(table[~table["theme"].isin(uncertain_themes())], SCOPE)
    assert "*" not in "".join(sure.plot.heads) + sure.note


def test_of_many_agencies_both_ends_and_the_middle_are_kept_and_said():
    figure, whole = (build_heatmap(drawing.theme_totals(41), SCOPE, ends=ends) for ends in (10, None))
    kept = [*range(10), 20, *range(31, 41)]
    assert figure.plot.names == tuple(whole.plot.names[at] for at in kept)
    assert figure.plot.cells == tuple(whole.plot.cells[at] for at in kept)
    assert figure.plot.sums[0].texts == tuple(whole.plot.sums[0].texts[at] for at in kept)
    assert "共41家，本页列出前10家、后10家和居中的1家" in figure.note
    assert figure.titles == whole.titles


def test_counts_repeated_rows_and_unknown_orders_are_refused():
    with pytest.raises(TableError, match="value: expected one of per_10k_chars, share_of_sentences; found 'n_hits'"):
        build_heatmap(COUNTS, SCOPE, value="n_hits")
    with pytest.raises(TableError, match="expected one row per report and theme, found several"):
        build_heatmap(pd.concat([drawing.theme_totals(3), drawing.theme_totals(1)]), SCOPE)
    with pytest.raises(TableError, match="order: expected one of total, similarity, table; found 'size'"):
        build_heatmap(COUNTS, SCOPE, order="size")


def test_rows_of_like_profiles_stand_side_by_side():
    wide = pd.DataFrame([[9, 1, 0], [0, 1, 9], [8, 2, 0], [0, 2, 5]], index=[1, 2, 3, 4], columns=list("abc"))
    order = list(by_similarity(wide).index)
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset({1, 3}), frozenset({2, 4})}
    assert by_similarity(wide.iloc[::-1]).index.tolist() == order
    assert wide.index.tolist() == [1, 2, 3, 4]


TABLE = drawing.coverage(12)


def test_a_cell_shows_the_state_of_its_report_and_theme():
    """It is hatched where a side rests on one sentence.

    Rows and columns by how often both take a theme up: found again with plain loops.
    """
    plot = build_coverage(TABLE, SCOPE).plot
    states = {(row.report, row.theme): row.state for row in TABLE.itertuples()}
    single = {(row.report, row.theme) for row in TABLE.itertuples() if 1 in (row.review_sentences, row.plan_sentences)}
    both = {pair for pair, state in states.items() if state == "both"}
    reports = sorted(set(TABLE["report"]), key=lambda r: (-sum(r == report for report, _ in both), r))
    themes = sorted(drawing.THEMES, key=lambda t: (-sum(t == theme for _, theme in both), drawing.THEMES.index(t)))
    assert plot.cells == tuple(
        tuple(replace(STATES[states[report, theme]], hatched=(report, theme) in single) for theme in themes)
        for report in reports
    )


def test_the_two_columns_count_what_is_in_plan_or_review_alone():
    plot = build_coverage(TABLE, SCOPE).plot
    row, report = plot.names.index("县发改委"), TABLE[TABLE["agency"] == "县发改委"]
    assert [column.texts[row] for column in plot.sums] == [
        str((report["state"] == state).sum()) for state in ("plan only", "review only")
    ]


def test_the_threshold_is_said():
    note = "注：总结（成效、亮点）或计划中至少1句写到该主题，计为“有”；开头和问题部分不计。"
    assert build_coverage(TABLE, SCOPE).note == f"{note}*与人工编码的一致程度偏低，仅供参考。"


def test_coverage_is_continuity():
    assert build_coverage(TABLE, SCOPE).source.endswith("口径：延续（同一汇编中的总结与下一年计划对照）。")


SHARES = pd.DataFrame(
    [("health", 0.10, 0.182), ("transport", 0.05, 0.02), ("land", 0.30, 0.26), ("staff", 0.081, 0.085),
     ("party", 0.02, 0.07)],
    columns=["theme", "review_share", "plan_share"],
).assign(shift_points=lambda t: 100 * (t["plan_share"] - t["review_share"]))  # fmt: skip
HEALTH, TRANSPORT, LAND, PARTY = (theme_labels("zh")[key] for key in ("health", "transport", "land", "party"))


def rows(figure):
    return [row for group in figure.plot.groups for row in group.rows]


def test_ends_are_the_shares_largest_change_first_in_each_group():
    found = rows(build_attention(SHARES, SCOPE))
    assert [row.name for row in found] == [HEALTH, PARTY, f"{LAND}*", TRANSPORT]  # an uncertain theme
    assert [row.values for row in found] == [pytest.approx(pair) for pair in ((10, 18.2), (2, 7), (30, 26), (5, 2))]
    assert [row.texts for row in found] == [("10.0", "18.2"), ("2.0", "7.0"), ("30.0", "26.0"), ("5.0", "2.0")]
    assert [row.sums for row in found] == [("+8.2",), ("+5.0",), ("−4.0",), ("−3.0",)]


def test_small_changes_are_left_out_and_counted():
    figure = build_attention(SHARES, SCOPE)
    assert "另有1行变化较小，未列（下限1.0个百分点，至多25行）。" in figure.note
    assert "升降只反映篇幅，不代表工作成效" in figure.note
    assert "没有达到20.0个百分点的变化" in build_attention(SHARES, SCOPE, least=20).reason


# Seven agencies: what the longest reports make of the sums (staff, down) is not what the agencies do.
SPREAD = SHARES.assign(
    review_share=0.3, plan_share=0.1, shift_points=-20.0, mean_review_share=SHARES["review_share"],
    mean_plan_share=SHARES["plan_share"], mean_shift_points=SHARES["shift_points"],
    n_up=[3, 1, 3, 4, 4], n_down=[3, 5, 4, 2, 3], n_unchanged=[1, 1, 0, 1, 0],
)  # fmt: skip


def test_of_many_agencies_their_means_are_drawn_and_how_many_go_which_way():
    found = rows(build_attention(SPREAD, SCOPE))
    assert [row.values[1] for row in found] == pytest.approx([18.2, 7, 26, 2])
    assert [row.sums for row in found] == [("+8.2", "↑3 ↓3"), ("+5.0", "↑4 ↓3"), ("−4.0", "↑3 ↓4"), ("−3.0", "↑1 ↓5")]


def test_a_theme_that_no_agency_has_both_sides_of_is_not_drawn():
    none = SPREAD.assign(mean_shift_points=SPREAD["mean_shift_points"].where(SPREAD["theme"] != "health"))
    assert [row.name for row in rows(build_attention(none, SCOPE))] == [PARTY, f"{LAND}*", TRANSPORT]


def test_rows_of_one_theme_are_agencies():
    table = drawing.coverage(12)
    table = table[table["theme"] == "health"]
    figure = build_attention(table, drawing.scope(12))
    assert sorted(row.name for row in rows(figure)) == sorted(table[table["shift_points"].abs() >= 1]["agency"])
    assert figure.subtitle.startswith("写到“医疗卫生”的句子占比（%）")


def test_at_most_25_rows():
    table = drawing.coverage(60)
    assert len(rows(build_attention(table[table["theme"] == "health"], SCOPE))) == 25


def test_reports_are_not_added_up_here():
    with pytest.raises(TableError, match="expected one row per theme, found several; choose a group, or add up"):
        build_attention(drawing.coverage(3), SCOPE)
