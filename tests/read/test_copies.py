"""Near copies among reports."""

import random

from kit.read.masks import find_copies

WORDS = "春夏秋冬山川河流田野道路桥梁学校医院工厂车间仓库码头机场铁路公园广场市场农户企业项目资金"


def body(seed, size=600):
    return "".join(random.Random(seed).choices(WORDS, k=size))


def test_a_copy_with_a_few_words_changed_is_found():
    one = body(1)
    other = one[:100] + "改动" + one[102:400] + "另外几个字" + one[400:]
    assert [(a, b) for a, b, _ in find_copies({1: one, 2: body(2), 3: other})] == [(1, 3)]


def test_copies_masked_differently_are_found():
    """Masks come as spaces, which count for nothing."""
    one = body(3)
    masked = one[:50] + "  " + one[52:300] + "   " + one[303:]
    ((a, b, share),) = find_copies({4: one, 7: masked})
    assert (a, b) == (4, 7)
    assert share > 0.9


def test_a_shared_paragraph_makes_no_copy():
    shared = body(5, 150)
    assert find_copies({1: shared + body(6), 2: shared + body(7)}) == []


def test_short_bodies_are_never_copies():
    assert find_copies({1: "今年工作完成。", 2: "今年工作完成。"}) == []
