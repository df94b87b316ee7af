"""Similarities of stretches: which words tie, against a plain-Python oracle."""

import math
from collections import Counter

import pytest
from small import compilation

from kit.data import knowledge
from kit.measure.similarity import Comparison, Stretch, Terms
from kit.measure.words import find_tokens

TEXTS = (
    "续建滨河公园，完善游园步道。",
    "滨河公园一期建成开放，游园步道铺装完毕。",
    "开展古树名木普查，登记古树120株。",
    "扎实推进各项工作，全面提升工作水平。",
)


def build(*texts):
    built = compilation(("县园林局", [("plan", "", text) for text in texts]))
    spans = list(zip(built.parts["start"], built.parts["end"], strict=True))
    return built, Terms(find_tokens(built)), spans


def compare(*texts, weight=1.0):
    _, terms, spans = build(*texts)
    nothing = (0, 0)
    return terms, Comparison(terms, [Stretch(span, nothing, nothing, nothing, weight) for span in spans])


def test_terms_are_words_and_the_bigrams_of_content_runs():
    _, terms, spans = build("推进滨河公园建设。")
    found = terms.of(spans[0])
    assert {"滨河公园", "滨河", "河公", "公园"} <= set(found)
    assert "进滨" not in found  # no bigram reaches into officialese


def test_numbers_and_masks_tie_nothing():
    _, terms, spans = build("登记古树120株，投入XX万元。")
    assert not [term for term in terms.of(spans[0]) if term.isascii() or "X" in term]


def test_cosine_agrees_with_a_plain_count():
    terms, comparison = compare(*TEXTS)
    bags = [terms.of(span) for span in build(*TEXTS)[2]]
    documents = Counter(term for bag in bags for term in bag)
    light = knowledge("matching.toml")["similarity"]["officialese"]

    def weight(term, count):
        idf = math.log((1 + len(bags)) / (1 + documents[term])) + 1
        return (1 + math.log(count)) * idf * (light if term in terms.officialese else 1)

    vectors = [{term: weight(term, count) for term, count in bag.items()} for bag in bags]

    def cosine(one, other):
        product = sum(one[term] * other[term] for term in one.keys() & other.keys())
        return product / math.sqrt(sum(x * x for x in one.values()) * sum(x * x for x in other.values()))

    found = comparison.cosine([0], [1, 2, 3])[0]
    assert found == pytest.approx([cosine(vectors[0], vectors[at]) for at in (1, 2, 3)], abs=1e-4)


def test_work_on_the_same_matter_ranks_first():
    _, comparison = compare(*TEXTS)
    assert comparison.relevance([0], [1, 2, 3])[0].argmax() == 0


def test_what_an_item_names_first_weighs_more():
    _, terms, spans = build("续建滨河公园，普查古树名木。", "滨河公园建成开放。", "古树名木普查完成。")
    nothing = (0, 0)
    plain = [Stretch(span, nothing, nothing, nothing) for span in spans]
    start = spans[0][0]
    fronted = [Stretch(spans[0], (start, start + 6), nothing, nothing), *plain[1:]]
    before, after = (Comparison(terms, stretches).relevance([0], [1, 2])[0] for stretches in (plain, fronted))
    assert after[0] - after[1] > before[0] - before[1]


def test_a_lighter_stretch_ranks_lower_by_its_weight():
    _, heavy = compare(*TEXTS)
    _, light = compare(*TEXTS, weight=0.5)
    assert light.cosine([0], [1]) == pytest.approx(heavy.cosine([0], [1]) / 2)


def test_ties_are_the_words_both_share_strongest_first():
    _, comparison = compare(*TEXTS)
    ties = comparison.ties(0, 1)
    assert {"步道", "滨河公园"} <= set(ties)
    assert comparison.ties(0, 2) == []
