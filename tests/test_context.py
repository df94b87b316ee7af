"""Words in context, with their place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import compilation, plan

import kit
from kit import tables
from kit.errors import DataError
from kit.measure.context import find_in_context, show_context

TWO = compilation(
    (
        "县卫健委",
        [("achievements", "一、", "医共体建成。推进县域医共体。"), ("plan", "二、", "医共体扩面，<医联体>试点。")],
    ),
    ("县教育局", [("plan", "一、", "学校3所，学位120个。")]),
)


def test_a_place_has_both_sides_the_agency_the_role_and_the_headings():
    table = tables.check(find_in_context(TWO, "医共体", width=4), tables.CONTEXTS)
    assert list(table["left"] + "|" + table["right"]) == ["一、|建成。推", "推进县域|。 二、", "。 二、|扩面，<"]
    assert list(table["agency"]) == ["县卫健委"] * 3
    assert list(table["role"]) == ["achievements", "achievements", "plan"]
    assert list(table["path"]) == ["医共体建成"] * 2 + ["医共体扩面，<医联体>试点"]
    assert [TWO.text[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == ["医共体"] * 3


def test_context_never_leaves_the_report():
    assert find_in_context(TWO, "学校", width=50).loc[0, "left"] == "一、"


@pytest.mark.parametrize(
    ("words", "regex", "found"),
    [
        (["医共体", "医联体"], False, ["医共体", "医共体", "医共体", "医联体"]),
        (["医共体", "县域医共体"], False, ["医共体", "县域医共体", "医共体"]),
        (r"\d+(?=[所个])", True, ["3", "120"]),
        (["学.", "医联.?"], True, ["医联体", "学校", "学位"]),
        ("。", False, ["。"] * 4),
        ("x*", True, []),
        ("高铁", False, []),
    ],
)
def test_words_and_patterns(words, regex, found):
    assert list(find_in_context(TWO, words, regex=regex)["keyword"]) == found


@pytest.mark.parametrize(("words", "regex"), [("", False), ([], False), (["(", "甲"], True)])
def test_what_cannot_be_found_is_said(words, regex):
    with pytest.raises(DataError, match=r"expected a (word or a pattern|regular expression), found"):
        find_in_context(TWO, words, regex=regex)


def test_it_shows_itself_aligned_and_escaped():
    page = find_in_context(TWO, "医联体", width=3)._repr_html_()
    assert page == show_context(find_in_context(TWO, "医联体", width=3))
    assert "面，&lt;</td>" in page
    assert 'style="white-space:nowrap;text-align:right">' in page
    assert "<caption>1 / 1</caption>" in page
    assert "<caption>1 / 3</caption>" in show_context(find_in_context(TWO, "医共体"), most=1)


@given(st.text("医共体县。", max_size=30), st.sampled_from(["医", "医共", "体。"]))
@settings(max_examples=60, deadline=None)
def test_every_place_is_found(text, word):
    reports = plan(text)
    places, at = [], reports.text.find(word)
    while at >= 0:
        places.append(at)
        at = reports.text.find(word, at + len(word))
    assert list(find_in_context(reports, word)["start"]) == places


def test_every_place_in_a_report_of_the_sample_is_found():
    reports = kit.read(kit.sample(2023))
    table = find_in_context(reports, "建设")
    first = reports.reports["start"].min()
    assert len(table) == reports.text[first:].count("建设")
