"""A file is split into reports."""

from itertools import pairwise

from kit.read.reports import find_reports

SECTIONS = "一、2023年工作总结\n（一）修路。\n二、2024年工作计划\n（一）架桥。\n"


def titles(text, file="a.txt"):
    drafts, doubts = find_reports(text, 0, len(text), file=file)
    return [draft.title for draft in drafts], [row["code"] for row in doubts]


def test_titles_split_and_the_table_of_contents_does_not():
    names = ["县甲局2023年工作总结", "县乙局2023年工作总结", "县丙局2023年工作总结"]
    text = "目录\n" + "\n".join(names) + "\n\n" + "".join(f"{name}\n{SECTIONS}\n" for name in names)
    assert titles(text) == (names, [])


def test_titles_may_repeat():
    text = f"2023年工作总结及2024年工作计划\n{SECTIONS}" * 3
    assert titles(text) == (["2023年工作总结及2024年工作计划"] * 3, [])


def test_reports_start_at_their_titles_and_end_at_the_next():
    text = f"前言\n县甲局2023年工作总结\n{SECTIONS}县乙局2023年工作总结\n{SECTIONS}"
    drafts, _ = find_reports(text, 0, len(text), file="a.txt")
    assert [text[d.start :].startswith(d.title) for d in drafts] == [True, True]
    assert [(a.end, b.start) for a, b in pairwise(drafts)] == [(drafts[1].start,) * 2]
    assert drafts[-1].end == len(text)


def test_headings_that_read_like_titles_open_no_report():
    text = "县甲局2023年工作总结及2024年工作计划\n2023年工作总结\n完成了修路。\n2024年工作计划\n将架桥。\n"
    assert titles(text)[0] == ["县甲局2023年工作总结及2024年工作计划"]


def test_a_number_that_disagrees_is_a_doubt():
    text = f"（3篇）\n县甲局2023年工作总结\n{SECTIONS}县乙局2023年工作总结\n{SECTIONS}"
    assert titles(text)[1] == ["count_disagrees"]


def test_a_table_of_contents_that_disagrees_is_a_doubt():
    listed = "目录\n1.县甲局2023年工作总结\n2.县乙局2023年工作总结\n3.县丙局2023年工作总结\n\n"
    text = f"{listed}县甲局2023年工作总结\n{SECTIONS}"
    assert titles(text)[1] == ["contents_disagree"]


def test_a_title_that_the_table_of_contents_writes_otherwise_is_noted():
    text = (
        "目录\n1.县甲局2023年工作总结\n2.县乙局2023年总结\n\n"
        f"县甲局2023年工作总结\n{SECTIONS}县乙局2023年工作总结\n{SECTIONS}"
    )
    assert titles(text)[1] == ["contents_title_differs"]


def test_a_text_without_titles_is_one_report():
    drafts, _ = find_reports(SECTIONS, 0, len(SECTIONS), file="a.txt")
    assert [(d.start, d.end, d.title) for d in drafts] == [(0, len(SECTIONS), "")]
