"""What a source line says, and what agencies are called."""

import pandas as pd
import pytest

import kit
from kit.show.scope import Scope, agency_names, period_text, scope_of, source_line, subtitle

SCOPE = Scope("青溪县.txt", reports_counted=11, reports_read=12, copies=1, masks=53, period=(2023, 2023),
              plan_period=(2024, 2025), sectors={1: "health", 2: "transport"})  # fmt: skip


@pytest.mark.parametrize(("copies", "counted", "measure", "lang", "line"), [
    (1, 11, "", "zh", "资料来源：青溪县.txt，计入11篇报告（读入12篇，近似副本1篇不重复计），遮盖标记53处。"),
    (1, 12, "", "zh", "资料来源：青溪县.txt，计入12篇报告（读入12篇，含近似副本1篇），遮盖标记53处。"),
    (0, 12, "", "zh", "资料来源：青溪县.txt，计入12篇报告（读入12篇，无近似副本），遮盖标记53处。"),
    (2, 10, "continuity", "en", "Source: 青溪县.txt; 10 reports counted (12 read, 2 near copies left out); 53 masks.\n"
     "Measure: continuity (review against next year's plan, within one compilation)."),
    (0, 12, "fulfilment", "zh", "资料来源：青溪县.txt，计入12篇报告（读入12篇，无近似副本），遮盖标记53处。\n"
     "口径：兑现（上一年计划与本年总结对照）。"),
])  # fmt: skip
def test_the_source_line_says_what_was_counted(copies, counted, measure, lang, line):
    scope = Scope("青溪县.txt", counted, 12, copies, 53, measure=measure)
    assert source_line(scope, lang) == line


def test_periods():
    assert period_text(SCOPE, "zh") == "2023年总结与2024～2025年计划"
    assert period_text(SCOPE, "en") == "2023 reviews, 2024–2025 plans"
    assert period_text(Scope("a", 1, 1), "zh") == ""
    assert period_text(Scope("a", 1, 1, period=(2023, 2023)), "zh") == "2023年总结"
    assert subtitle("次数", SCOPE, "zh", "前十位") == "次数，2023年总结与2024～2025年计划，前十位"
    assert subtitle("次数", None, "zh") == "次数"


def test_the_scope_of_a_compilation_counts_copies_once():
    compilation = kit.read(kit.sample())
    scope, every = scope_of(compilation, measure="continuity"), scope_of(compilation, copies=True)
    copies = int(compilation.reports["copy_of"].notna().sum())
    assert scope.reports_read == every.reports_counted == len(compilation.reports)
    assert scope.reports_counted == len(compilation.reports) - copies
    assert scope.copies == every.copies == copies
    counted = set(compilation.counted["report"])
    assert scope.masks == sum(report in counted for report in compilation.masks["report"])
    assert every.masks >= scope.masks


def test_the_scope_of_two_years_holds_both_and_is_fulfilment():
    """Last year's plan is held against this year's review: the plan of the earlier, the review of the later."""
    earlier, later = kit.read(kit.sample(2023)), kit.read(kit.sample(2024))
    scope = scope_of(earlier, later=later)
    assert period_text(scope, "zh") == "2024年计划（上年所写）与2024年总结"
    said = source_line(scope, "zh")
    for name, year in (("2023.txt", earlier), ("2024.txt", later)):
        assert f"{name}，计入{len(year.counted)}篇报告（读入{len(year.reports)}篇" in said
    assert said.endswith("口径：兑现（上一年计划与本年总结对照）。")
    english = source_line(scope, "en")
    assert english.startswith("Source: 2023.txt; ")
    assert "; 2024.txt; " in english


def test_an_agency_is_called_as_in_the_later_year_where_it_is_surely_the_same():
    scope = Scope("a", 2, 2, later=Scope("b", 2, 2, agencies={1: "山南壮族自治州", 2: "县工信局"}))
    table = pd.DataFrame({"report": [1, 2, 3], "agency": ["山南", "县科技局", "县教育局"],
                          "later_report": [1, 2, None], "link": ["same", "merged", "none"]})  # fmt: skip
    assert agency_names(table, "zh", scope) == ["山南壮族自治州", "县科技局", "县教育局"]


def test_agencies_of_one_name_are_told_apart_and_typed_in_english():
    table = pd.DataFrame({"report": [1, 2, 3, 3], "agency": ["县卫健局", "县交通局", "县交通局", "县交通局"]})
    assert agency_names(table, "zh") == ["县卫健局", "县交通局（第2篇）", "县交通局（第3篇）", "县交通局（第3篇）"]
    assert agency_names(table.head(2), "en", SCOPE) == ["县卫健局 (health)", "县交通局 (transport)"]
    assert agency_names(table.head(1), "en") == ["县卫健局"]
    unnamed = pd.DataFrame({"report": [2], "agency": ["（单位名称未写明）"]})
    assert agency_names(unnamed, "en", SCOPE) == ["(unit not named) (transport)"]
    placed = pd.DataFrame({"report": [3], "agency": ["青溪县（单位名称未写明）"]})
    assert agency_names(placed, "en", SCOPE) == ["青溪县 (unit not named)"]
    assert agency_names(placed, "zh", SCOPE) == ["青溪县（单位名称未写明）"]
