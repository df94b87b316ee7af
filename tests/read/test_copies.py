"""Near copies among reports."""

import random
import time

import pytest

from kit.read.names import bare_of, find_copies, find_share

WORDS = "春夏秋冬山川河流田野道路桥梁学校医院工厂车间仓库码头机场铁路公园广场市场农户企业项目资金"


def body(seed, size=600):
    return "".join(random.Random(seed).choices(WORDS, k=size))


def test_a_copy_with_a_few_words_changed_is_found():
    one = body(1)
    other = one[:100] + "改动" + one[102:400] + "另外几个字" + one[400:]
    assert [(a, b) for a, b, _ in find_copies({1: one, 2: body(2), 3: other})] == [(1, 3)]


@pytest.mark.parametrize("kept", [0, 150, 300, 420, 599, 600])
def test_the_share_of_two_is_what_the_search_among_many_finds(kept):
    one = body(1)
    other = one[:kept] + body(2)[kept:]
    found = [share for _, _, share in find_copies({1: one, 2: other})]
    assert find_share(bare_of(one), bare_of(other)) == (found[0] if found else 0)


def test_what_is_short_is_no_copy():
    assert find_share("春夏秋冬", "春夏秋冬") == 0


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


@pytest.mark.parametrize("reports", [20, 21, 300])
def test_copies_are_found_however_many_there_are_of_one(reports):
    one = body(8)
    changed = {n: one[: n % 500] + str(n) + one[n % 500 + 2 :] for n in range(1, reports + 1)}
    assert {b for _, b, _ in find_copies(changed)} == set(range(2, reports + 1))


def test_a_paragraph_that_hundreds_share_makes_no_copies():
    shared = body(9, 150)
    assert find_copies({n: shared + body(100 + n) for n in range(300)}) == []


def test_twice_as_many_copies_take_about_twice_as_long():
    def cost(reports):
        made = {n: "".join(body(10 + k, 60) + str(n * 7919) for k in range(8)) for n in range(reports)}
        started = time.process_time()
        assert len(find_copies(made)) >= reports - 1
        return time.process_time() - started

    cost(50)
    assert cost(1200) < 7 * cost(300) + 0.15  # 16 times if each were compared with each


def test_short_bodies_are_never_copies():
    assert find_copies({1: "今年工作完成。", 2: "今年工作完成。"}) == []
