"""Continuity item by item: evidence, status, answers, overrides; and how far to trust them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from truth import promises, sample

import kit
from kit import tables
from kit.data import knowledge
from kit.errors import DataError
from kit.measure.items import find_items
from kit.measure.matches import SMOOTH, _everyday, find_members, match_items
from kit.measure.similarity import Comparison, Terms
from kit.measure.threads import trace_items

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
（四）编制城市轨道交通线网规划。
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


def test_what_says_it_continues_and_has_no_predecessor_is_new_and_marked(tmp_path):
    compilation, items = read(tmp_path, REPORT.replace("（四）编制城市", "（四）继续编制城市"))
    rows = of(match_items(compilation, items), items, compilation, "（四）继续编制城市")
    assert rows["status"].unique().tolist() == ["new"]
    assert rows["says_continues"].all()


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
    assert list(states.values()) == ["taken up", "not taken up", "answered", "continued"]


def test_scores_are_probabilities_and_ranks_follow_the_similarity(report):
    _, _, matches = report
    assert matches["score"].between(0, 1).all()
    assert tables.check(matches, tables.MATCHES) is matches


def test_top_limits_the_candidates(report):
    compilation, items, _ = report
    assert match_items(compilation, items, top=1)["rank"].unique().tolist() == [1]


def test_a_plan_without_a_review_is_new_without_evidence(tmp_path):
    head, _, rest = REPORT.partition("一、2023年工作总结")
    compilation, items = read(tmp_path, head + rest[rest.index("三、") :])
    matches = match_items(compilation, items)
    assert matches["evidence_start"].isna().all()
    assert set(matches["status"]) <= {"new", "unclear"}


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
    assert (first["status"] == first["continuity"]).mean() >= 0.80
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


def features():
    """Return the log cosine and the log lead of each promise's best candidate, and whether it continues work."""
    compilation, items, tokens = sample(2023)
    truth = promises().set_index("item")["continuity"]
    terms, rows = Terms(tokens), []
    for members in find_members(compilation, items).values():
        plan = [at for at, member in enumerate(members) if member.role == "plan"]
        review = [at for at, member in enumerate(members) if member.is_review]
        comparison = Comparison(terms, [member.stretch for member in members])
        relevance, cosine = comparison.relevance(plan, review), comparison.cosine(plan, review)
        for number, at in enumerate(plan):
            if truth.get(members[at].item, "unclear") != "unclear":
                best, second = np.argsort(-relevance[number])[:2]
                lead = np.log((relevance[number, best] + SMOOTH) / (relevance[number, second] + SMOOTH))
                rows.append((np.log(cosine[number, best] + SMOOTH), lead, truth[members[at].item] == "continued"))
    return pd.DataFrame(rows, columns=["cosine", "lead", "continued"])


def test_the_score_is_the_logistic_regression_it_says_it_is():
    from sklearn.linear_model import LogisticRegression

    rows = features().drop_duplicates()
    model = LogisticRegression(C=10).fit(rows[["cosine", "lead"]], rows["continued"])
    stated = knowledge("matching.toml")["status"]
    fitted = {"cosine": model.coef_[0][0], "lead": model.coef_[0][1], "intercept": model.intercept_[0]}
    assert {name: stated[name] for name in fitted} == pytest.approx(fitted, rel=0.25)


def test_everyday_words_begin_at_the_upper_tenth_of_the_sample():
    compilation, items, tokens = sample(2023)
    terms = Terms(tokens)
    plan = [member for members in find_members(compilation, items).values() for member in members
            if member.role == "plan"]  # fmt: skip
    everyday = [_everyday(terms.content(member.stretch.span)) for member in plan]
    assert knowledge("matching.toml")["status"]["everyday_from"] == pytest.approx(np.quantile(everyday, 0.9), abs=0.1)


def test_near_copies_are_matched_like_any_report():
    compilation, items, tokens = sample(2023)
    copies = compilation.reports.loc[compilation.reports["copy_of"].notna(), "report"]
    assert set(copies) <= set(match_items(compilation, items, tokens=tokens)["report"])


def test_the_compilation_is_left_as_it_was(report):
    compilation, items, _ = report
    before = items.copy()
    match_items(replace(compilation), items)
    pd.testing.assert_frame_equal(items, before)
