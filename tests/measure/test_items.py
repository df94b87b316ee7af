"""Plans, reviews and problems cut into items."""

from dataclasses import replace
from itertools import pairwise

import pytest
from truth import promises

import kit
from kit import tables
from kit.measure.items import LONG, find_items, least_items, whole_items

REPORT = """县园林局2023年工作总结及2024年工作计划
2023年，县园林局在县委领导下开展工作。现将情况汇报如下：
一、2023年工作总结
（一）绿化提质。
1.新建口袋公园6个，改造老旧绿地3万平方米。
2.开展古树普查，登记古树120株。
（二）管护提效。今年以来，我局建立了网格巡查制度，覆盖全部公园。一是整治占绿毁绿，拆除违建12处。二是开展修剪培训4期。
二、存在的问题
（一）养护经费不足。
（二）专业人员缺乏。
三、2024年工作计划
2024年，重点做好以下工作：
（一）续建滨河公园，完成二期绿化。
（二）完成上级交办的其他工作任务。
"""


def cut(tmp_path, text):
    file = tmp_path / "报告.txt"
    file.write_text(text, encoding="utf-8")
    compilation = kit.read(file)
    return compilation, find_items(compilation)


def words(compilation, items, role):
    return [compilation.text[row.start : row.end] for row in whole_items(items).itertuples() if row.role == role]


def promises_of(compilation, items):
    """Return the least items of the plan."""
    return [compilation.text[row.start : row.end] for row in least_items(items).itertuples() if row.role == "plan"]


@pytest.fixture
def report(tmp_path):
    return cut(tmp_path, REPORT)


def test_numbered_points_of_the_lowest_level_are_items_from_their_marker(report):
    assert words(*report, "plan") == ["（一）续建滨河公园，完成二期绿化。", "（二）完成上级交办的其他工作任务。"]
    assert words(*report, "problems") == ["（一）养护经费不足。", "（二）专业人员缺乏。"]


def test_a_heading_over_items_is_one_only_when_it_has_text_of_its_own(report):
    found = words(*report, "achievements")
    assert [item[:5] for item in found] == ["1.新建口", "2.开展古", "（二）管护", "一是整治占", "二是开展修"]
    assert found[2] == "（二）管护提效。今年以来，我局建立了网格巡查制度，覆盖全部公园。"


def test_an_item_knows_the_headings_above_it(report):
    _, items = report
    paths = items.set_index("item")["path"]
    assert paths[1].split(" › ") == ["2023年工作总结", "绿化提质"]


def test_tasks_that_others_will_set_are_generic(report):
    _, items = report
    assert whole_items(items).loc[items["role"] == "plan", "generic"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("commitment", "generic"),
    [
        ("编制古树保护规划，登记古树120株。", False),
        ("（一）完成上级交办的其他工作任务。", True),  # what others will set
        ("（一）加强自身建设。转变工作作风，树立良好形象，展现新气象。", True),  # the office's own bearing
        ("（一）加强自身建设。开展修剪培训4期，购置高空作业车，修缮苗圃值班房。", False),  # with deeds of its own
        ("今年是“十四五”规划收官之年，也是我县发展的关键一年。", True),  # the hour
        ("（一）牢记使命，砥砺奋进，以实干开创园林事业新局面。", True),  # zeal
        ("坚持以人民为中心，牢固树立绿色发展理念，推动高质量发展。", True),  # principles
        ("以绿色发展理念为引领，新建口袋公园6个，改造滨河绿道，补植乔木。", False),  # a frame before deeds
        ("推进滨河绿道贯通，优化公园布局。", False),  # vague, and no slogan
        ("（一）2025年是园林事业的关键一年，任务艰巨。", True),  # a year is no number promised
        ("主要预期目标是：高质量发展取得新进展，绿地率提高。", False),  # goals are promises
    ],
)
def test_slogans_and_principles_commit_to_nothing(tmp_path, commitment, generic):
    head = REPORT.partition("三、")[0]
    _, items = cut(tmp_path, f"{head}三、2024年工作计划\n{commitment}\n")
    assert whole_items(items).loc[items["role"] == "plan", "generic"].tolist() == [generic]


@pytest.mark.parametrize(
    ("commitment", "says_continues"),
    [
        ("（一）继续办好荷花节。", True),
        ("（一）持续推进湖滨绿道建设，年内贯通。", True),
        ("（一）进一步完善古树档案。", True),
        ("（一）巩固提升绿化成果，补植乔木。", True),
        ("（一）深入推进义务植树。", True),
        ("2024年，我们将继续办好荷花节。", True),
        ("（一）古树保护工作。继续开展普查，登记古树。", True),  # behind its heading
        ("（一）编制公园规划，持续优化布局。", True),  # wherever it says so
        ("（一）绿化管护再提升。", True),
        ("（一）编制公园规划，确保保持先进水平。", True),
        ("（一）新建湖滨绿道，不断改善环境。", False),
        ("（一）深入贯彻会议要求，编制公园规划。", False),
    ],
)
def test_an_item_that_says_so_continues(tmp_path, commitment, says_continues):
    head = REPORT.partition("三、")[0]
    _, items = cut(tmp_path, f"{head}三、2024年工作计划\n{commitment}\n")
    assert whole_items(items).loc[items["role"] == "plan", "says_continues"].tolist() == [says_continues]


def test_only_plans_commit(tmp_path):
    text = REPORT.replace("1.新建口袋公园6个，改造老旧绿地3万平方米。", "1.坚持以人民为中心，砥砺奋进，勇毅前行。")
    _, items = cut(tmp_path, text)
    assert not items.loc[items["role"] != "plan", ["generic", "says_continues"]].any(axis=None)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (  # paragraphs of one sentence
            "2024年，我们将继续办好荷花节，丰富群众生活。\n同时，将修缮东门牌坊，保护老街风貌。",
            ["2024年，我们将继续办好荷花节，丰富群众生活。", "同时，将修缮东门牌坊，保护老街风貌。"],
        ),
        (  # a paragraph of many pieces of work
            "推进湖滨绿道建设，年内贯通。加强古树名木保护，完善档案。扩大义务植树参与面。",
            ["推进湖滨绿道建设，年内贯通。", "加强古树名木保护，完善档案。", "扩大义务植树参与面。"],
        ),
        (
            "精心办好第六届荷花节；推进湖滨绿道建设，年内贯通。",
            ["精心办好第六届荷花节；推进湖滨绿道建设，年内贯通。"],
        ),  # a semicolon goes on
        ("推进湖滨绿道建设，年内贯通。全长6公里。", ["推进湖滨绿道建设，年内贯通。全长6公里。"]),  # no work of its own
        ("重点做好以下工作：\n推进湖滨绿道建设，年内贯通。", ["推进湖滨绿道建设，年内贯通。"]),  # what leads in is none
        ("改建农村公路。\n新建桥梁3座。", ["改建农村公路。", "新建桥梁3座。"]),  # a few words are enough
        ("新建农村公路\n年内新建桥梁3座。", ["年内新建桥梁3座。"]),  # but for a heading, which has no stop
    ],
)
def test_unnumbered_text_is_cut_where_a_sentence_commits_to_work(tmp_path, plan, expected):
    head = REPORT.partition("三、")[0]
    assert words(*cut(tmp_path, f"{head}三、2024年工作计划\n{plan}\n"), "plan") == expected


def test_what_plan_and_review_say_in_the_same_few_words_is_an_item_of_each(tmp_path):
    text = "县交通局2023年工作总结及2024年工作计划\n一、2023年工作总结\n改建农村公路。\n二、2024年工作计划\n改建农村公路。\n"
    read = cut(tmp_path, text)
    assert words(*read, "achievements") == words(*read, "plan") == ["改建农村公路。"]


def test_items_are_typed_ordered_and_apart(report):
    compilation, items = report
    assert tables.check(items, tables.ITEMS) is items
    assert items["start"].is_monotonic_increasing
    for apart in (whole_items(items), least_items(items)):
        spans = list(zip(apart["start"], apart["end"], strict=True))
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
    parents = items.set_index("item")
    for row in items.dropna(subset=["parent_item"]).itertuples():
        whole = parents.loc[row.parent_item]
        assert whole["start"] <= row.start < row.end <= whole["end"]
    spans = list(zip(items["start"], items["end"], strict=True))
    assert all(compilation.text[start:end].strip() == compilation.text[start:end] for start, end in spans)


def test_every_promise_of_the_sample_is_an_item():
    assert (promises()["item"] > 0).mean() >= 0.97


@pytest.mark.parametrize("folder", ["2023.txt", "agencies", "provinces-2026"])
def test_real_compilations_have_items_in_every_plan(compilations, folder):
    compilation = kit.read(compilations / folder)
    items = find_items(compilation)
    with_plan = set(compilation.parts.loc[compilation.parts["role"] == "plan", "report"])
    assert set(items.loc[items["role"] == "plan", "report"]) == with_plan


# ------------------------------------------------------------------ promises: what can be answered


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (  # each clause with work of its own
            "（一）新建口袋公园6个，改造滨河绿道，开展古树普查。",
            ["新建口袋公园6个", "改造滨河绿道", "开展古树普查"],
        ),
        (  # an aim belongs to the promise before
            "（一）续建滨河公园，确保年内开放。改造东门花坛，让群众满意。",
            ["续建滨河公园，确保年内开放", "改造东门花坛，让群众满意"],
        ),
        (  # a frame belongs to the promise behind
            "（一）围绕增绿目标，新建口袋公园6个，改造滨河绿道。",
            ["围绕增绿目标，新建口袋公园6个", "改造滨河绿道"],
        ),
        (  # a sentence that leads in to what follows is none
            "（一）加强绿化。重点抓好以下工作：\n新建口袋公园6个，改造滨河绿道。",
            ["新建口袋公园6个", "改造滨河绿道"],
        ),
        (  # a sentence is a promise even without a verb of work
            "（一）加强绿化。为全县老人免费开放公园。改造滨河绿道。",
            ["为全县老人免费开放公园", "改造滨河绿道"],
        ),
        (  # a growth and a deed
            "绿地面积增长5%以上；新建泵站6座。",
            ["绿地面积增长5%以上", "新建泵站6座"],
        ),
        ("（一）续建滨河公园。", ["（一）续建滨河公园。"]),  # one promise is the item itself
    ],
)
def test_a_promise_is_a_clause_that_can_be_answered(tmp_path, plan, expected):
    head = REPORT.partition("三、")[0]
    assert promises_of(*cut(tmp_path, f"{head}三、2024年工作计划\n{plan}\n")) == expected


def test_a_parts_heading_is_no_promise_beside_those_under_it(tmp_path):
    head = REPORT.partition("三、")[0]
    plan = "（一）加强公园建设\n新建口袋公园6个，改造滨河绿道。\n（二）加强养护\n补植乔木800株，修缮花坛和苗圃。"
    found = promises_of(*cut(tmp_path, f"{head}三、2024年工作计划\n{plan}\n"))
    assert found == ["新建口袋公园6个", "改造滨河绿道", "补植乔木800株", "修缮花坛和苗圃"]


def test_a_part_as_long_as_a_section_is_cut_into_its_sentences(tmp_path):
    head = REPORT.partition("三、")[0]
    sentences = [f"改造第{n}号绿道，补植乔木{n}株。" for n in range(1, LONG // 15 + 2)]
    compilation, items = cut(
        tmp_path, f"{head}三、2024年工作计划\n（一）绿道建设\n{''.join(sentences)}\n（二）开展普查。\n"
    )
    assert words(compilation, items, "plan") == [*sentences, "（二）开展普查。"]


@pytest.mark.parametrize("close", ["让我们携手奋进，新建美好家园！", "各位代表，让我们携手奋进，新建美好家园！"])
def test_a_rhetorical_close_is_no_promise(tmp_path, close):
    head = REPORT.partition("三、")[0]
    plan = f"三、2024年工作计划\n续建滨河公园二期，改造东门花坛。\n{close}\n"
    assert promises_of(*cut(tmp_path, head + plan)) == ["续建滨河公园二期", "改造东门花坛"]


LISTED = """三、2024年工作计划
（一）改造滨河绿道，补植乔木。
（二）办好十方面民生实事
1.新建口袋公园6个。
2.为老人免费开放温室。
以上民生实事，我们将逐月公布进度。
（三）开展古树普查。
"""


def test_items_know_the_list_that_the_plan_announces_as_a_whole(tmp_path):
    compilation, items = cut(tmp_path, REPORT.partition("三、")[0] + LISTED)
    listed = {compilation.text[row.start : row.end]: row.listed for row in whole_items(items).itertuples()}
    assert {words[:6] for words, name in listed.items() if name == "实事"} == {"1.新建口袋", "2.为老人免"}


def test_without_a_horizon_every_section_is_of_one_year(report):
    compilation, items = report
    assert set(items["horizon"]) == {"annual"}
    sentences = compilation.sentences
    far = sentences.assign(horizon=sentences["role"].map({"plan": "multi-year"}).fillna("annual"))
    found = find_items(replace(compilation, sentences=far))
    assert set(whole_items(found)["role"]) == set(least_items(found)["role"]) == {"achievements", "problems"}
    assert set(found.loc[found["horizon"] == "multi-year", "role"]) == {"plan"}
