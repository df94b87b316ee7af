"""Tables of contents."""

import pytest

from kit.read.lines import read_contents, read_entry, split_lines

NAMES = ["县甲局2023年工作总结", "县乙局2023年工作总结", "县丙局2023年工作总结"]
BODY = "一、2023年工作总结\n修路。\n"


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("1.县民政局2023年工作总结…………12", "县民政局2023年工作总结"),
        ("（3）县水利局2023年工作总结 ..... 7", "县水利局2023年工作总结"),
        ("二、县统计局2023年工作总结\t15", "县统计局2023年工作总结"),
        ("第三篇：县司法局2023年工作总结", "县司法局2023年工作总结"),
        ("县气象局2023年工作总结", "县气象局2023年工作总结"),
    ],
)
def test_an_entry_is_read_without_number_leader_and_page(line, entry):
    assert read_entry(line).bare == entry
    assert bool(read_entry(line).kind) == (line != entry)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("目录\n" + "\n".join(NAMES) + "\n" + NAMES[0] + "\n" + BODY, NAMES),
        (  # with the sections of each, one of which ends as an agency's name does
            "目录\n" + "".join(f"{name}\t3\n一、2023年工作总结\t3\n（一）优化教育布局\t4\n" for name in NAMES) + NAMES[0] + "\n" + BODY,
            NAMES,
        ),
        ("\n".join(NAMES) + "\n" + NAMES[0] + "\n" + BODY, NAMES),
        ("目　录\n" + "\n".join(f"{n}.{name}……{n}" for n, name in enumerate(NAMES, 1)) + "\n" + NAMES[0] + "\n" + BODY, NAMES),
        ("目录\n（3篇）\n" + "\n".join(f"{n}、{name}" for n, name in zip("一二三", NAMES, strict=True)) + "\n\n" + NAMES[0], NAMES),
        ("目录\n一、财政所\n二、司法所\n财政所\n" + BODY, ["财政所", "司法所"]),
        ("目录\n民政局\n水利局\n民政局\n" + BODY, ["民政局", "水利局"]),
        ("目录\n" + "\n一、2023年工作情况\n二、2024年计划\n".join(NAMES) + "\n\n" + NAMES[0] + "\n" + BODY, NAMES),
        ("目录\n一、党群部门\n" + "……1\n二、政府部门\n".join(NAMES) + "\n\n" + NAMES[0] + "\n" + BODY, NAMES),
        ("目录\n前言\n" + "\n".join(NAMES) + "\n后记\n前言\n收录三家。\n" + NAMES[0] + "\n" + BODY, NAMES),
        ("目录\n县甲局2023年工作总结及\n2024年计划…2\n县甲局2023年工作总结及2024年计划\n" + BODY, ["县甲局2023年工作总结及2024年计划"]),
        (NAMES[0] + "\n" + BODY + NAMES[1] + "\n" + BODY, []),
        ("目录\n" + BODY, ["2023年工作总结"]),
        (BODY, []),
    ],
)  # fmt: skip
def test_a_list_of_titles_is_a_table_of_contents(text, listed):
    assert list(read_contents(list(split_lines(text))).listed) == listed


def test_equal_titles_are_listed_each():
    names = ["2023年工作总结"] * 2 + ["县丙局2023年工作总结"]
    text = "目录\n" + "\n".join(names) + "\n2023年工作总结\n" + BODY
    assert list(read_contents(list(split_lines(text))).listed) == names
