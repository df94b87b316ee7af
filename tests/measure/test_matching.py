"""Matching: what ties two stretches, continuity item by item, and names of one indicator."""

import math
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import compilation
from truth import promises, sample

import kit
from kit import tables
from kit.data import knowledge
from kit.errors import DataError
from kit.measure.items import find_items, trace_items
from kit.measure.matching import (
    Comparison,
    Stretch,
    Terms,
    alike,
    find_sentences,
    find_stretches,
    match_items,
    overlap,
)
from kit.measure.words import find_tokens

REPORT = """县园林局2023年工作总结及2024年工作计划
一、2023年工作总结
（一）建成滨河公园一期，铺装游园步道3公里，栽植乔木2000株。
（二）开展古树名木普查，登记古树120株，建立保护档案。
（三）组织义务植树活动12场，参与群众5000人。
二、存在的问题
（一）绿化养护经费不足，老旧公园设施维修跟不上。
（二）园林专业技术人才短缺。
三、2024年工作计划
（一）续建滨河公园二期，延伸游园步道，补植乔木。
（二）公开招聘园林专业技术人员，引进高层次人才。
（三）完成上级交办的其他工作任务。
（四）编制城市轨道交通线网规划，测算客流走廊，比选车辆段用地方案。
"""


def read(tmp_path, text=REPORT):
    file = tmp_path / "报告.txt"
    file.write_text(text, encoding="utf-8")
    compilation = kit.read(file)
    return compilation, find_items(compilation)


@pytest.fixture
def report(tmp_path):
    compilation, items = read(tmp_path)
    return compilation, items, match_items(compilation, items)


def start(compilation, words):
    return compilation.text.index(words)


def of(matches, items, compilation, words):
    item = items.loc[items["start"] == start(compilation, words), "item"].iloc[0]
    return matches[matches["item"] == item].sort_values("rank")


def test_a_plan_item_shows_the_work_it_goes_on_with_and_the_words_that_tie_them(report):
    compilation, items, matches = report
    best = of(matches, items, compilation, "（一）续建滨河").iloc[0]
    assert best["status"] == "continued"
    assert best["evidence_start"] == start(compilation, "（一）建成滨河")
    assert {"步道", "公园"} & set(best["ties"].split("、"))


def test_a_plan_item_without_a_predecessor_is_new_and_still_shows_candidates(report):
    compilation, items, matches = report
    rows = of(matches, items, compilation, "（四）编制城市")
    assert rows["status"].unique().tolist() == ["new"]
    assert rows["rank"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("word", ["继续", "持续", "进一步", "保持"])
def test_what_says_it_continues_is_never_new(tmp_path, word):
    compilation, items = read(tmp_path, REPORT.replace("（四）编制城市", f"（四）{word}编制城市"))
    rows = of(match_items(compilation, items), items, compilation, f"（四）{word}编制城市")
    assert rows["status"].unique().tolist() == ["to check"]
    assert rows["says_continues"].all()


def test_words_rare_in_general_text_weigh_more_than_frequent_ones(tmp_path):
    text = REPORT.replace("（三）组织义务植树活动12场，参与群众5000人。", "（三）发展会议工作，研究时间问题。").replace(
        "编制城市轨道交通线网规划，测算客流走廊，比选车辆段用地方案。", "召开古树会议，研究时间。"
    )
    compilation, items = read(tmp_path, text)
    own = find_stretches(compilation, items)[1]
    plan, reviews = len(own) - 1, [at for at, one in enumerate(own) if one.role == "achievements"]
    assert compilation.text[slice(*own[plan].span)].startswith("（四）召开古树")
    comparison = Comparison(Terms(find_tokens(compilation)), own)
    rare, frequent = comparison.covered([plan], reviews)[0][1:3]
    assert rare > frequent / 3  # one word against three
    assert comparison.covered([plan], [plan])[0, 0] == pytest.approx(1)


@pytest.mark.parametrize("review", ["（一）", "（二）", "（三）"])
def test_every_plan_item_shows_its_nearest_candidate_whatever_its_status(report, review):
    compilation, _, matches = report
    first = matches[matches["rank"] == 1]
    assert set(first["status"]) == {"continued", "new", "unclear"}
    assert first["evidence_start"].notna().all()
    assert start(compilation, review) in set(matches["evidence_start"])


def test_nothing_is_new_in_the_report_of_a_whole_government(tmp_path):
    compilation, items = read(
        tmp_path, REPORT.replace("县园林局2023年工作总结及2024年工作计划", "清河县人民政府工作报告")
    )
    rows = of(match_items(compilation, items), items, compilation, "（四）编制城市")
    assert set(rows["status"]) == {"to check"}


def test_what_names_too_little_of_its_own_is_to_check(tmp_path):
    text = REPORT.replace("编制城市轨道交通线网规划，测算客流走廊，比选车辆段用地方案。", "推动对外贸易稳中提质。")
    compilation, items = read(tmp_path, text)
    assert set(of(match_items(compilation, items), items, compilation, "（四）推动")["status"]) == {"to check"}


@pytest.mark.parametrize("duty", ["压实安全生产责任，建立隐患台账。", "建立信访接待制度。", "制定党风廉政建设清单。"])
def test_a_duty_of_every_year_is_never_new(tmp_path, duty):
    text = REPORT.replace("编制城市轨道交通线网规划，测算客流走廊，比选车辆段用地方案。", duty)
    compilation, items = read(tmp_path, text)
    assert "new" not in set(of(match_items(compilation, items), items, compilation, "（四）")["status"])


def test_a_generic_item_is_unclear(report):
    compilation, items, matches = report
    assert of(matches, items, compilation, "（三）完成上级")["status"].iloc[0] == "unclear"


def test_a_plan_item_answers_a_stated_problem(report):
    compilation, items, matches = report
    answered = of(matches, items, compilation, "（二）公开招聘")["answers_start"].unique()
    assert answered.tolist() == [start(compilation, "（二）园林专业")]


def test_items_know_their_partners_on_the_other_side(report):
    compilation, items, matches = report
    traced = trace_items(items, matches).set_index("start")
    states = {words: traced.loc[start(compilation, words), "state"] for words in
              ("（一）建成滨河", "（三）组织义务", "（二）园林专业", "（一）续建滨河")}  # fmt: skip
    assert list(states.values()) == ["taken up", "to check", "answered", "continued"]  # to check: it is a candidate


def test_of_a_review_item_it_is_never_said_that_the_plan_drops_it(report):
    compilation, items, _ = report
    traced = trace_items(items, match_items(compilation, items, top=1)).set_index("start")["state"]
    assert traced[start(compilation, "（三）组织义务")] == "to check"  # no candidate even


def test_a_problem_without_a_clear_answer_is_to_check(report):
    compilation, items, matches = report
    traced = trace_items(items, matches).set_index("start")["state"]
    assert traced[start(compilation, "（一）绿化养护经费")] == "to check"


def test_clauses_and_plans_of_several_years_are_not_matched(report):
    compilation, items, matches = report
    assert items["parent_item"].notna().any()
    assert set(matches["item"]) == set(items.loc[items["parent_item"].isna() & (items["role"] == "plan"), "item"])
    far = items.assign(horizon=items["horizon"].where(items["role"] != "plan", "multi-year"))
    assert match_items(compilation, far).empty


def test_scores_are_probabilities_and_ranks_follow_the_similarity(report):
    _, _, matches = report
    assert matches["score"].between(0, 1).all()
    assert tables.check(matches, tables.MATCHES) is matches


def test_top_limits_the_candidates(report):
    compilation, items, _ = report
    assert match_items(compilation, items, top=1)["rank"].unique().tolist() == [1]


def test_a_plan_without_a_review_is_to_check_without_evidence(tmp_path):
    head, _, rest = REPORT.partition("一、2023年工作总结")
    compilation, items = read(tmp_path, head + rest[rest.index("三、") :])
    matches = match_items(compilation, items)
    assert matches["evidence_start"].isna().all()
    assert set(matches["status"]) == {"to check", "unclear"}  # the last commits to nothing of its own


def override(compilation, plan, status="", evidence=None):
    row = {"kind": "match", "says": "", "status": status, "entry": "报告.kit.toml, [[match]] number 1",
           "evidence": None if evidence is None else start(compilation, evidence),
           "start": start(compilation, plan), "end": start(compilation, plan) + 4}  # fmt: skip
    return tables.make([row], tables.OVERRIDES)


def test_an_analyst_overrules_a_status(report):
    compilation, items, _ = report
    settled = match_items(compilation, items, overrides=override(compilation, "（一）续建滨河", status="new"))
    rows = of(settled, items, compilation, "（一）续建滨河")
    assert set(zip(rows["status"], rows["decided_by"], strict=True)) == {("new", "override")}


def test_an_analyst_names_the_evidence(report):
    compilation, items, _ = report
    entry = override(compilation, "（四）编制城市", evidence="（三）组织义务")
    rows = of(match_items(compilation, items, overrides=entry), items, compilation, "（四）编制城市")
    assert rows.iloc[0]["evidence_start"] == start(compilation, "（三）组织义务")
    assert rows["status"].unique().tolist() == ["continued"]


def test_the_override_file_beside_a_compilation_is_followed(tmp_path):
    at = REPORT.index("（四）编制城市")
    entry = f'[[match]]\nat = {at}\ntext = "（四）编制城市"\nevidence = {REPORT.index("（三）组织义务")}\n'
    (tmp_path / "报告.kit.toml").write_text(entry, encoding="utf-8")
    compilation, items = read(tmp_path)
    rows = of(match_items(compilation, items), items, compilation, "（四）编制城市")
    assert set(zip(rows["status"], rows["decided_by"], strict=True)) == {("continued", "override")}


@pytest.mark.parametrize(
    ("plan", "evidence", "message"),
    [
        ("（一）建成滨河", None, "expected a plan item that begins at"),
        ("（四）编制城市", "（二）园林专业", "expected a review item of the same report at"),
    ],
)
def test_an_override_that_fits_nothing_is_an_error_that_names_it(report, plan, evidence, message):
    compilation, items, _ = report
    entry = override(compilation, plan, status="continued", evidence=evidence)
    with pytest.raises(DataError, match=f"number 1: {message}"):
        match_items(compilation, items, overrides=entry)


def test_the_order_of_reports_changes_no_match(tmp_path):
    other = REPORT.replace("园林", "林业").replace("滨河公园", "东山林场")
    (tmp_path / "ab").mkdir()
    one, _ = read(tmp_path, REPORT)
    both, items = read(tmp_path / "ab", REPORT + "\n" + other)
    alone = match_items(one, find_items(one))
    together = match_items(both, items)
    shared = together[together["report"] == 1]
    assert shared["score"].to_numpy() == pytest.approx(alone["score"].to_numpy())


# ------------------------------------------------------------------ the sample's known answers


def matched():
    compilation, items, tokens = sample(2023)
    best = match_items(compilation, items, tokens=tokens)
    return promises().merge(best, on="item", suffixes=("", "_found"))


def test_status_and_evidence_of_the_sample():
    rows = matched()
    first = rows[rows["rank"] == 1]
    said = first[first["status"].isin(["continued", "new"])]
    assert len(said) / len(first) >= 0.70
    assert (said["status"] == said["continuity"]).mean() >= 0.85
    known = rows[rows["continued_start"].notna()]
    inside = (known["evidence_start_found"] < known["continued_end"]) & (
        known["continued_start"] < known["evidence_end_found"]
    )
    assert inside[known["rank"] == 1].mean() >= 0.90
    assert inside.groupby(known["item"]).any().mean() >= 0.95


def test_answers_of_the_sample():
    first = matched().query("rank == 1")
    stated = first["answers_start"].notna() & first["answers_start"].ne("")
    right = (first["answers_start"] == first["answers_start_found"]) & first["answers_start_found"].notna()
    precision, recall = right.sum() / first["answers_start_found"].notna().sum(), right.sum() / stated.sum()
    assert 2 * precision * recall / (precision + recall) >= 0.60


def test_near_copies_are_matched_like_any_report():
    compilation, items, tokens = sample(2023)
    copies = compilation.reports.loc[compilation.reports["copy_of"].notna(), "report"]
    assert set(copies) <= set(match_items(compilation, items, tokens=tokens)["report"])


def test_the_compilation_is_left_as_it_was(report):
    compilation, items, _ = report
    before = items.copy()
    match_items(replace(compilation), items)
    pd.testing.assert_frame_equal(items, before)


# ------------------------------------------------------------------ similarity, against a plain count

TEXTS = (
    "续建滨河公园，完善游园步道。",
    "滨河公园一期建成开放，游园步道铺装完毕。",
    "开展古树名木普查，登记古树120株。",
    "扎实推进各项工作，全面提升工作水平。",
)


def stretches_of(texts, **told):
    """Return the tokens of some texts in one compilation, and each text as a stretch."""
    built = compilation(("县园林局", [("plan", "", text) for text in texts]))
    spans = zip(built.parts["start"], built.parts["end"], strict=True)
    return find_tokens(built), [Stretch(None, "plan", span, **told) for span in spans]


def compare(*texts, weight=1.0):
    tokens, stretches = stretches_of(texts, weight=weight)
    return Comparison(Terms(tokens), stretches)


def bag(terms, stretch):
    """Count the terms of a stretch."""
    return Counter(terms.names[term] for term in terms.within([stretch], "span")[0])


def bag_by_reading(tokens, stretch):
    """Count words and bigrams of content one by one."""
    found, run, end = Counter(), "", None
    for token in tokens.itertuples():
        if not stretch.span[0] <= token.start < stretch.span[1]:
            continue
        is_content = token.kind in ("lexicon", "word", "other") and not token.term.isascii()
        if not is_content or token.start != end:
            found.update(run[at : at + 2] for at in range(len(run) - 1))
            run = ""
        run, end = run + token.term * is_content, token.end
        found[token.term] += token.kind not in ("function", "number") and len(token.term) > 1
    found.update(run[at : at + 2] for at in range(len(run) - 1))
    return +found


def test_terms_are_words_and_the_bigrams_of_content_runs():
    tokens, (stretch,) = stretches_of(["推进滨河公园建设。"])
    found = bag(Terms(tokens), stretch)
    assert {"滨河公园", "滨河", "河公", "公园"} <= set(found)
    assert "进滨" not in found  # no bigram reaches into officialese


def test_numbers_and_masks_tie_nothing():
    tokens, (stretch,) = stretches_of(["登记古树120株，投入XX万元。"])
    assert not [term for term in bag(Terms(tokens), stretch) if term.isascii() or "X" in term]


@settings(deadline=None)  # the segmenter is loaded once
@given(
    st.lists(st.sampled_from([*"推进滨河公园建设的一2，", "数字经济", "5G", "游园步道"]), min_size=1).map("".join),
    st.data(),
)
def test_terms_of_any_stretch_are_those_counted_one_by_one(text, data):
    tokens, (whole,) = stretches_of([text])
    start, end = sorted(data.draw(st.integers(whole.span[0], whole.span[1])) for _ in range(2))
    stretch = replace(whole, span=(start, end))
    assert bag(Terms(tokens), stretch) == bag_by_reading(tokens, stretch)


def test_two_years_share_their_terms_and_keep_their_offsets():
    (one, (left,)), (other, (right,)) = stretches_of(["续建滨河公园。"]), stretches_of(["滨河公园建成开放。"])
    comparison = Comparison(Terms(one, other), [left, replace(right, year=1)])
    assert "滨河公园" in comparison.ties([0], [1], 0, 0)


def test_cosine_agrees_with_a_plain_count():
    tokens, stretches = stretches_of(TEXTS)
    terms, comparison = Terms(tokens), compare(*TEXTS)
    bags = [bag(terms, stretch) for stretch in stretches]
    documents = Counter(term for bag in bags for term in bag)
    fit = knowledge("matching.toml")["similarity"]
    officialese = set(tokens.loc[tokens["kind"] == "officialese", "term"])
    plain = set(tokens.loc[tokens["kind"].isin(["lexicon", "word"]), "term"])

    def weight(term, count):
        idf = math.log((1 + len(bags)) / (1 + documents[term])) + 1
        light = (fit["officialese"] if term in officialese else 1) * (1 if term in plain else fit["bigram"])
        return (1 + math.log(count)) * idf ** fit["rarity"] * light

    vectors = [{term: weight(term, count) for term, count in bag.items()} for bag in bags]

    def cosine(one, other):
        product = sum(one[term] * other[term] for term in one.keys() & other.keys())
        return product / math.sqrt(sum(x * x for x in one.values()) * sum(x * x for x in other.values()))

    found = comparison.cosine([0], [1, 2, 3])[0]
    assert found == pytest.approx([cosine(vectors[0], vectors[at]) for at in (1, 2, 3)], abs=1e-6)


def test_work_on_the_same_matter_ranks_first():
    assert compare(*TEXTS).relevance([0], [1, 2, 3])[0].argmax() == 0


def test_what_an_item_names_first_weighs_more():
    tokens, (plan, *review) = stretches_of(["续建滨河公园，普查古树名木。", "滨河公园建成开放。", "古树名木普查完成。"])
    fronted = replace(plan, front=(plan.span[0], plan.span[0] + 6))
    before, after = (Comparison(Terms(tokens), [own, *review]).relevance([0], [1, 2])[0] for own in (plan, fronted))
    assert after[0] - after[1] > before[0] - before[1]


def test_a_lighter_stretch_ranks_lower_by_its_weight():
    heavy, light = compare(*TEXTS), compare(*TEXTS, weight=0.5)
    assert light.cosine([0], [1]) == pytest.approx(heavy.cosine([0], [1]) / 2)


def test_ties_are_the_words_both_share_strongest_first():
    comparison = compare(*TEXTS)
    assert {"步道", "滨河公园"} <= set(comparison.ties([0], [1, 2], 0, 0))
    assert comparison.ties([0], [1, 2], 0, 1) == ()


# ------------------------------------------------------------------ names of one indicator, or perhaps of two


def of_one(target, told, *, words="", inside=True, ratio=False):
    return alike(target, told, words=words or told, inside=inside, ratio=ratio) > 0


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("苗木产值", "全县苗木产值"),
        ("规模以上花卉企业", "规上花卉企业"),
        ("城区绿化覆盖率", "绿化覆盖率"),  # says less
        ("分配公租房", "配租"),  # in short
        ("口袋公园", "新型口袋公园"),  # narrowed a little
    ],
)
def test_names_of_one_indicator(target, told):
    assert of_one(target, told)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("城镇居民收入", "农村居民收入"),  # each says something that the other does not
        ("花卉验证中心", "花卉科学中心"),
        ("减税", "减税降费"),
        ("户籍人口城镇化率", "常住人口城镇化率"),
        ("项目", "项目"),  # anything can be called so
        ("花卉项目", "项目"),
        ("10亿元花卉项目", "花卉项目"),  # a number narrows one of them
        ("行政村绿化改造", "行政村"),  # what it ends with is said nowhere
        ("", "绿道"),
    ],
)
def test_names_of_perhaps_two(target, told):
    assert not of_one(target, told)


def test_what_a_name_ends_with_can_be_said_as_a_verb():
    assert of_one("旧公园改造", "旧公园", words="改造旧公园")
    assert not of_one("旧公园改造", "旧公园", words="走访旧公园")


def test_of_a_percentage_a_narrower_name_is_another_indicator():
    assert not of_one("苗木投资额", "民间苗木投资额", ratio=True)
    assert of_one("苗木投资额", "民间苗木投资额")


def test_out_of_the_evidence_names_are_the_same_or_of_two():
    assert of_one("苗木产值", "苗木产值", inside=False)
    assert not of_one("苗木产值", "产值", inside=False)
    assert not of_one("城区绿化覆盖率", "绿化覆盖率", inside=False)


@given(st.text("绿道公园苗木产值", min_size=3, max_size=8), st.text("绿道公园苗木产值", max_size=8))
def test_a_name_is_most_like_itself(name, other):
    assert alike(name, other, words=other, inside=True, ratio=False) <= alike(
        name, name, words=name, inside=True, ratio=False
    )


# ------------------------------------------------------------------ what can answer a promise


def test_sentences_of_opening_and_review_can_answer_cut_at_semicolons(tmp_path):
    compilation, _ = read(tmp_path, REPORT.replace("建立保护档案。", "建立保护档案；补植120株。"))
    told = [compilation.text[slice(*one.span)] for one in find_sentences(compilation, year=1)[1]]
    assert "补植120株" in told
    assert not [words for words in told if "续建" in words or "经费不足" in words]


def test_a_heading_weighs_less_than_what_stands_under_it(tmp_path):
    compilation, _ = read(tmp_path, REPORT.replace("（三）组织义务", "（三）义务植树如期开展\n组织义务"))
    weights = {compilation.text[slice(*one.span)]: one.weight for one in find_sentences(compilation, year=1)[1]}
    assert weights["组织义务植树活动12场，参与群众5000人"] == 1
    assert all(weight < 1 for words, weight in weights.items() if words.endswith("义务植树如期开展"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("滨河公园", "滨河公园", 1.0),
        ("滨河公园", "东山公园", 1 / 3),
        ("滨河", "东山", 0.0),
        ("", "东山", 0.0),
        ("滨河，公园", "滨河公园", 1.0),
    ],
)
def test_overlap_is_the_share_of_the_shorter_texts_bigrams(one, other, expected):
    assert overlap(one, other) == pytest.approx(expected)
