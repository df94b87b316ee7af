"""Widgets make one public call, say it, and show its answer, with and without a kernel."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import small
from ipywidgets import Button, GridBox

import kit
from kit.errors import TableError
from kit.measure.analysis import Analysis, analyse
from kit.show.widgets import MOST_ROWS, Browser, browse, choose_source


@pytest.fixture(scope="module")
def county() -> Analysis:
    return analyse(
        small.compilation(
            (
                "县卫健局",
                [("achievements", "", "推进医共体建设。开展安全生产检查。"), ("plan", "", "深化医共体改革。")],
            ),
            ("县教育局", [("achievements", "", "新建小学2所。"), ("plan", "", "开展安全生产检查。招聘教师。")]),
            ("县交通局", [("achievements", "", "改建农村公路20公里。"), ("plan", "", "改建农村公路20公里。")]),
        )
    )


def typed(browser: Browser, analysis: Analysis) -> object:
    """What the call that a browser says returns when it is typed."""
    return eval(browser.said, {"kit": kit, "analysis": analysis})


def test_every_letter_typed_is_a_search(county):
    browser = browse(county, "words", word="医")
    assert browser.said == "kit.find_in_context(analysis.compilation, words='医')"
    browser.controls["words"].value = "医共体"
    assert browser.answer["keyword"].tolist() == ["医共体"] * 2
    assert browser.answer.equals(typed(browser, county))


def test_a_pattern_that_is_none_is_said_not_raised(county):
    browser = browse(county, "words", word="(")
    browser.controls["regex"].value = True
    assert browser.answer is None
    assert "&#39;(&#39;不是正则表达式" in browser._repr_mimebundle_()["text/html"]


def parts(widget: object) -> Iterator[object]:
    """A widget with all that it holds."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


def buttons(browser: Browser) -> dict[str, object]:
    """The buttons of a browser's grid by what they say when pointed at."""
    grids = [one for one in parts(browser) if isinstance(one, GridBox)]
    return {one.tooltip: one for grid in grids for one in grid.children if isinstance(one, Button)}


def test_a_cell_leads_to_its_sentences(county):
    browser = browse(county)
    totals = county.theme_totals.set_index(["report", "theme"])
    rate = totals.loc[(2, "safety"), "per_10k_chars"]
    said = f"县教育局，安全与应急：1句，{rate:.1f}次/万字"
    cell = buttons(browser)[said]
    assert cell.description == "1"
    cell.click()
    assert browser.said == "kit.show_evidence(analysis, report=2, theme='safety')"
    assert browser.answer == typed(browser, county)
    assert "安全生产" in browser.answer.text
    [row] = browser.children
    [grid, legend], [head, *_] = row.children[0].children, row.children[1].children
    assert isinstance(grid, GridBox)
    assert said in head.value
    assert "次/万字" in legend.value
    assert [cell.tooltip for cell in buttons(browser).values() if cell.layout.border_top] == [said]
    browser.controls["theme"].index = 0  # all
    assert [cell.tooltip for cell in buttons(browser).values() if cell.layout.border_top] == []


def test_there_is_a_button_for_each_agency_and_theme(county):
    english = analyse(county.compilation, lang="en")
    assert len(buttons(browse(english))) == len(county.theme_totals)


def test_a_mark_of_coverage_leads_to_both_sides(county):
    browser = browse(county, "coverage")
    marks = {said.split("：")[0]: button.description for said, button in buttons(browser).items()}
    assert (marks["县卫健局，医疗卫生"], marks["县卫健局，安全与应急"], marks["县教育局，安全与应急"]) == (
        "●",
        "○",
        "＋",
    )
    next(one for said, one in buttons(browser).items() if said.startswith("县卫健局，医疗卫生：2句")).click()
    assert "sides=True" in browser.said
    assert "总结 1" in browser.answer.html
    assert "计划 1" in browser.answer.html


def test_many_agencies_are_chosen_from_a_list():
    crowd = small.compilation(*((f"第{n}局", [("plan", "", "开展安全生产检查。")]) for n in range(MOST_ROWS + 1)))
    browser = browse(analyse(crowd))
    assert buttons(browser) == {}
    assert len(browser.controls["report"].options) == 1 + MOST_ROWS + 1


def test_nothing_found_is_shown_as_nothing():
    browser = browse(analyse(small.compilation(("县园林局", [("plan", "", "种花。")]))))
    assert browser.answer.text.startswith("无")


def test_matches_are_chosen_by_agency_and_status(county):
    browser = browse(county, "continuity")
    assert browser.said == "kit.show_matches(analysis)"
    assert [control.label for control in browser.controls.values()] == ["全部", "全部"]
    browser.choose(report=3, status="continued")
    assert browser.said == "kit.show_matches(analysis, report=3, status='continued')"
    assert browser.answer == typed(browser, county)


def test_promises_are_chosen_by_what_became_of_them():
    years = analyse([kit.sample(2023), kit.sample(2024)], lang="en")
    browser = browse(years, "fulfilment")
    browser.choose(status="not mentioned")
    assert browser.said == "kit.show_matches(analysis, status='not mentioned', measure='fulfilment')"
    assert len(browser.controls["report"].options) == 1 + len(years.earlier.compilation.reports)


def test_what_cannot_be_browsed_is_refused(county):
    with pytest.raises(TableError, match="one of themes, coverage, continuity, fulfilment, words; found 'clouds'"):
        browse(county, "clouds")


def test_a_compilation_is_chosen_or_uploaded(tmp_path, monkeypatch):
    monkeypatch.delenv("KIT_SOURCE", raising=False)
    text = kit.sample(2024).read_bytes()
    (tmp_path / "甲.txt").write_bytes(text)
    browser = choose_source(folder=tmp_path)
    assert (browser.said, browser.answer.compilation.name) == ("kit.analyse()", "2023.txt")
    browser.controls["source"].value = str(tmp_path / "甲.txt")
    assert browser.answer.compilation.name == "甲.txt"
    browser.controls["source"].index = 0
    assert (browser.controls["source"].label, browser.said) == ("预设（2023.txt）", "kit.analyse()")
    upload = browser.children[0].children[1]
    sent = {"type": "", "size": len(text), "last_modified": datetime(2024, 1, 1, tzinfo=UTC)}
    upload.set_trait("value", ({"name": "../乙.txt", "content": memoryview(text), **sent},))
    assert (tmp_path / "乙.txt").read_bytes() == text
    assert browser.answer.compilation.name == "乙.txt"


def test_a_file_that_is_no_compilation_is_said(tmp_path):
    (tmp_path / "诗.txt").write_text("春江潮水连海平。", encoding="utf-8")
    browser = choose_source(tmp_path / "诗.txt", folder=tmp_path)
    assert browser.answer is None
    assert "没有找到工作报告" in browser._repr_mimebundle_()["text/html"]


def test_a_page_without_a_kernel_shows_call_and_answer(county):
    still = browse(county, "words", word="医共体")._repr_mimebundle_()
    assert still["text/plain"] == "kit.find_in_context(analysis.compilation, words='医共体')"
    assert "2 / 2" in still["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in still
