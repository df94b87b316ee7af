"""Targets beside their actuals, in one unit, never a later year's target beside this year's actual."""

import math
from types import SimpleNamespace

import pandas as pd

from kit import tables
from kit.measure.targets import pair_targets

REPORTS = pd.DataFrame({"report": [1, 2], "agency": ["县交通局", "县水利局"]})
COMPILATION = SimpleNamespace(counted=REPORTS)


def indicators(*rows):
    names = ("report", "indicator", "role", "period", "value", "unit", "pair", "bound")
    filled = [dict(zip(names, row, strict=True)) for row in rows]
    common = {"sentence": 1, "masked": False, "end": 0, "whole": False, "forecast": False}
    return tables.make([{**common, "start": n, **row, "end": n + 1} for n, row in enumerate(filled)], tables.INDICATORS)


def test_target_and_actual_stand_in_the_targets_unit():
    table = pair_targets(COMPILATION, indicators(
        (1, "道路新改建", "target", 2023, 12, "公里", "a", "exact"),
        (1, "道路新改建", "actual", 2023, 6, "公里", "a", "exact"),
        (2, "造林", "target", 2023, 2, "万亩", "a", "at least"),
        (2, "造林", "actual", 2023, 25_000, "亩", "a", "exact"),
    ))  # fmt: skip
    assert table[["agency", "target", "actual", "completion", "met"]].to_numpy().tolist() == [
        ["县交通局", 12.0, 6.0, 0.5, False], ["县水利局", 2.0, 2.5, 1.25, True],
    ]  # fmt: skip
    assert table[["start", "end", "actual_start", "actual_end"]].iloc[0].tolist() == [0, 1, 1, 2]


def test_percentages_are_compared_in_points_not_by_a_rate():
    table = pair_targets(COMPILATION, indicators(
        (1, "产值增长", "target", 2023, 6.5, "%", "a", "at least"), (1, "产值增长", "actual", 2023, 5, "%", "a", "exact"),
        (1, "造林", "target", 2023, 2, "万亩", "b", "exact"), (1, "造林", "actual", 2023, 1, "万亩", "b", "exact"),
    ))  # fmt: skip
    assert table["gap_points"].tolist()[0] == -1.5
    assert math.isnan(table["completion"].iloc[0])
    assert table["met"].tolist() == [False, False]
    assert (table["completion"].iloc[1], math.isnan(table["gap_points"].iloc[1])) == (0.5, True)


def test_a_whole_is_no_target_and_an_estimate_says_so():
    rows = indicators(
        (1, "督察问题", "target", 2023, 14, "个", "a", "exact"), (1, "督察问题", "actual", 2023, 12, "个", "a", "exact"),
        (2, "造林", "target", 2023, 2, "万亩", "a", "exact"), (2, "造林", "actual", 2023, 1, "万亩", "a", "exact"),
    )  # fmt: skip
    table = pair_targets(COMPILATION, rows.assign(whole=rows.index == 0, forecast=rows.index == 3))
    assert table[["indicator", "forecast"]].to_numpy().tolist() == [["造林", True]]


def test_an_indicator_without_a_name_is_called_by_its_unit():
    table = pair_targets(COMPILATION, indicators(
        (1, "", "target", 2023, 14, "个", "a", "exact"), (1, "", "actual", 2023, 12, "个", "a", "exact"),
    ))  # fmt: skip
    assert table["indicator"].tolist() == ["个"]


def test_a_later_target_another_dimension_a_copy_and_a_lone_row_pair_with_nothing():
    table = pair_targets(COMPILATION, indicators(
        (1, "道路新改建", "actual", 2023, 12, "公里", "a", "exact"),
        (1, "道路新改建", "target", 2024, 5, "公里", "a", "exact"),
        (1, "危桥改造", "target", 2023, 5, "座", "b", "exact"),
        (1, "危桥改造", "actual", 2023, 3, "公里", "b", "exact"),
        (9, "副本", "target", 2023, 5, "座", "a", "exact"),
        (9, "副本", "actual", 2023, 3, "座", "a", "exact"),
        (2, "单独", "target", 2023, 5, "座", "", "exact"),
    ))  # fmt: skip
    assert table.empty
    assert list(table.columns)[:4] == ["report", "agency", "indicator", "unit"]


def test_at_most_is_met_from_below_and_a_mask_is_missing():
    table = pair_targets(COMPILATION, indicators(
        (1, "浓度", "target", 2023, 35, "%", "a", "at most"), (1, "浓度", "actual", 2023, 33, "%", "a", "exact"),
        (1, "投资", "target", 2023, None, "亿元", "b", "exact"), (1, "投资", "actual", 2023, 3, "亿元", "b", "exact"),
    ))  # fmt: skip
    assert table["lower_is_better"].tolist() == [True, False]
    assert table["met"].tolist() == [True, False]
    assert math.isnan(table["target"].iloc[1])
    assert math.isnan(table["completion"].iloc[1])
