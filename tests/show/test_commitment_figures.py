"""Figures of commitments: counts of statuses and completion of targets as the tables have them."""

import drawing
import pandas as pd
import pytest
from drawing import SCOPE

from kit.errors import TableError
from kit.show.commitment_figures import build_statuses, build_targets

COUNTS = pd.DataFrame(
    [(1, "县卫健局", 6, 1, 0, 1), (2, "县交通局", 2, 0, 0, 6), (3, "县教育局", 0, 0, 0, 0), (4, "县水利局", 8, 0, 1, 0)],
    columns=["report", "agency", "continued", "unclear", "to check", "new"],
).melt(["report", "agency"], var_name="status", value_name="n_items")  # fmt: skip
KEPT = COUNTS.replace({"continued": "reported", "unclear": "partly", "new": "not mentioned"})  # "to check" is of both


def test_rows_are_counts_as_read():
    """Shares of few items rank nobody. An agency without items is left out, and said."""
    figure = build_statuses(COUNTS, SCOPE)
    assert [(row.name, row.values, row.sums) for row in figure.plot.rows] == [
        ("县卫健局", (6, 1, 0, 1), ("8",)), ("县交通局", (2, 0, 0, 6), ("8",)), ("县水利局", (8, 0, 1, 0), ("9",)),
    ]  # fmt: skip
    assert [key.label for key in figure.plot.series] == ["延续", "难以判断", "待核", "总结未提及"]
    assert "1篇报告没有计划事项，未列" in figure.note


def test_fulfilment_has_a_name_and_words_of_its_own():
    figure = build_statuses(KEPT, SCOPE)
    assert (figure.stem, build_statuses(COUNTS, SCOPE).stem) == ("fulfilment", "statuses")
    assert figure.title == "各单位上年计划事项落实情况"
    assert figure.source.endswith("口径：兑现（上一年计划与本年总结对照）。")
    assert "延续" not in figure.title + figure.subtitle + figure.note + "".join(key.label for key in figure.keys)


def test_a_doubtful_link_is_hatched_last_and_said():
    """The agency with eight of its nine promises reported may be another agency."""
    figure = build_statuses(KEPT.assign(link=["same", "same", "same", "doubtful"] * 4), SCOPE)
    assert [(row.name, row.hatched) for row in figure.plot.rows] == [
        ("县卫健局", False), ("县交通局", False), ("县水利局*", True),
    ]  # fmt: skip
    assert "*两年的报告是否出自同一单位存疑（斜线），未计入标题。" in figure.note


def test_what_is_left_out_and_what_only_says_it_goes_on_is_noted():
    going_on = build_statuses(COUNTS.assign(n_say_continue=COUNTS["status"] == "new"), SCOPE)
    assert "总结未提及的事项中有4项自称继续。" in going_on.note
    assert "8项过于笼统" in build_statuses(KEPT.assign(n_too_general=2), SCOPE).note
    assert "其余2家见表。" in build_statuses(COUNTS, SCOPE, top=1).note


def test_a_slide_has_the_sums_behind_the_names_and_says_so():
    figure = build_statuses(COUNTS, SCOPE, sums_behind_names=True)
    assert [(row.name, row.sums) for row in figure.plot.rows][:2] == [("县卫健局（8项）", ()), ("县交通局（8项）", ())]
    assert figure.subtitle == "各单位计划事项的构成（%），条内为项数，括号内为合计"


def test_no_items_are_said_and_other_statuses_refused():
    assert build_statuses(COUNTS.assign(n_items=0), SCOPE).reason == "表中没有可画的数据。"
    with pytest.raises(
        TableError, match=r"statuses continued, unclear, to check, new or reported, partly, to check, .*; found"
    ):
        build_statuses(COUNTS.replace("new", "kept"), SCOPE)


PAIRS = drawing.targets()


def test_rates_come_first_then_gaps_and_estimates_are_hollow():
    plot = build_targets(PAIRS, SCOPE).plot
    assert [row.values[0] for row in plot.rates] == pytest.approx([16 / 5, 11 / 10, 33 / 35, 5 / 8, 5.4 / 12])
    assert [row.values[0] for row in plot.gaps] == pytest.approx([6, -1.5])  # 91 of 85 %, 6.5 of 8 %
    assert [row.hollow for row in (*plot.rates, *plot.gaps)] == [False] * 3 + [True, False, False, True]
    assert "细颗粒物年均浓度↓" in [row.name for row in plot.rates]


def test_labels_give_rate_or_gap_actual_and_target():
    plot = build_targets(PAIRS, SCOPE).plot
    assert [row.texts[0] for row in (*plot.rates, *plot.gaps)] == [
        "320%（16/5家）", "110%（11/10个）", "94%（33/35微克/立方米）", "预计63%（5/8家）", "45%（5.4/12公里）",
        "+6.0个百分点（91/85%）", "预计−1.5个百分点（6.5/8%）",
    ]  # fmt: skip


def test_the_note_says_what_is_unknown_and_estimated():
    figure = build_targets(PAIRS, drawing.scope(3))
    assert "另有1项数值被遮盖或缺失" in figure.note
    assert "空心为年底前的预计数" in figure.note
    assert figure.subtitle.endswith("2023年总结")  # the year the values are of
    assert "其余3项见表" in build_targets(PAIRS, SCOPE, top=4).note


def test_agencies_are_named_where_there_are_several():
    plot = build_targets(PAIRS, SCOPE).plot
    assert plot.rates[1].under == "青溪县交通运输局"
    assert {row.under for row in build_targets(PAIRS.assign(report=1), SCOPE).plot.rates} == {""}


def test_a_slide_has_rates_alone_with_the_amounts_behind_the_names():
    figure = build_targets(PAIRS, SCOPE, rates_only=True)
    assert (figure.plot.rates[0].name, figure.plot.rates[0].texts) == ("规上企业入库（16/5家）", ("320%",))
    assert figure.plot.gaps == ()
    assert "以百分比为目标的2项不在本页" in figure.note
    gaps = PAIRS.head(4).assign(completion=float("nan"), gap_points=[3.0, 1, 0.5, 0])
    assert len(build_targets(gaps, SCOPE, rates_only=True).plot.gaps) == 4  # there is nothing else


def test_fewer_than_four_pairs_are_said():
    assert build_targets(PAIRS.iloc[[5]], SCOPE).reason == "没有同时写明目标值和完成值的指标，不作图。"
    said = "写明目标和完成的指标不足4项（2项），不作图。数值：新建口袋公园 110%（11/10个）、新改建农村公路 45%（5.4/12公里）。"
    assert build_targets(PAIRS.head(2), SCOPE).reason == said
