"""Numbers with their units, as the genre writes them; what they measure, and the part they play."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import compilation

from kit.data import knowledge
from kit.measure.numbers import find_quantities
from kit.measure.quantities import find_mentions, parse_quantities, plain_of, unit_size
from kit.read.lines import fold
from kit.read.reader import read_sources
from kit.read.source import Source


def masks_of(text):
    return [(at, at + 1) for at, char in enumerate(text) if char == "X"]


def read(text):
    return [
        (text[q.start : q.end], q.value, q.unit, q.bound)
        for q in parse_quantities(plain_of(fold(text), masks_of(text)))
    ]


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("修路5.4公里", 5.4, "公里", "exact"),
        ("修路５．４公里", 5.4, "公里", "exact"),
        ("种树1.2万棵", 1.2, "万棵", "exact"),
        ("投资3万亿元", 3.0, "万亿元", "exact"),
        ("运行平稳，总值74.4\n\u200b\n万亿元", 74.4, "万亿元", "exact"),  # broken by a page
        ("运行平稳，广义货币M\n2\n增长11.3%", 11.3, "%", "exact"),
        ("贷款1,234.5万元", 1234.5, "万元", "exact"),
        ("三十五个村", 35.0, "个", "exact"),
        ("二十万亩", 20.0, "万亩", "exact"),
        ("两家企业", 2.0, "家", "exact"),
        ("百分之五", 5.0, "%", "exact"),
        ("占比12％", 12.0, "%", "exact"),
        ("出生率5.1‰", 5.1, "‰", "exact"),
        ("提高8个百分点", 8.0, "个百分点", "exact"),
        ("增长5%左右", 5.0, "%", "about"),
        ("约30家", 30.0, "家", "about"),
        ("不低于30家", 30.0, "家", "at least"),
        ("30家以上", 30.0, "家", "at least"),
        ("演出100多场", 100.0, "场", "at least"),
        ("演出10余场", 10.0, "场", "at least"),
        ("力争达到3万吨", 3.0, "万吨", "at least"),
        ("超500亿", 500.0, "亿", "at least"),
        ("控制在5.5%以内", 5.5, "%", "at most"),
        ("稳定在5%左右", 5.0, "%", "about"),
        ("补助2个亿", 2.0, "个亿", "exact"),
        ("发病率12.5/10万", 12.5, "/10万", "exact"),
        ("劳动生产率16.8万元/人", 16.8, "万元/人", "exact"),
        ("出动60趟次", 60.0, "趟次", "exact"),
        ("省、市、县三级联动", 3.0, "级", "exact"),
        ("连续6年", 6.0, "年", "exact"),
        ("位列全省第三。", 3.0, "", "exact"),
        ("性别比为105.3，", 105.3, "", "exact"),
        ("已整改一个", 1.0, "个", "exact"),
        ("不超过40件", 40.0, "件", "at most"),
    ],
)
def test_a_quantity_reads_as_value_unit_and_bound(text, value, unit, bound):
    assert [found[1:] for found in read(text)] == [(value, unit, bound)]


@pytest.mark.parametrize("text", ["增长5%—6%", "增长5%-6%", "增长5至6%"])
def test_a_range_has_two_ends(text):
    (quantity,) = parse_quantities(plain_of(fold(text), ()))
    assert (quantity.value, quantity.value_to, quantity.bound) == (5.0, 6.0, "between")


@pytest.mark.parametrize(
    "text",
    [
        "2023年3月5日",
        "第三批",
        "第12个",
        "一起努力",
        "二期工程",
        "十分重要",
        "发改〔2023〕12号",
        "A4纸",
        "一方面",
        "共同富裕",
        # slogans, party congresses, grades, hotlines, phases, places
        "学习二十大精神",
        "做到两个维护、增强四个意识",
        "“五个一”工程",
        "创建一级博物馆、三级医院",
        "12345台账",
        "实施三年行动",
        "实现零突破",
        "千家万户",
        "数十家",
        "第一书记",
        "一批项目",
        "近三年",
        "两位数增长",
    ],
)
def test_dates_ordinals_and_words_are_no_quantities(text):
    assert read(text) == []


def test_numbers_that_share_a_unit_are_two_and_a_pair_of_units_is_two():
    assert [found[1:3] for found in read("分别接待4.81、3.27万人次")] == [(4.81, "万人次"), (3.27, "万人次")]
    assert [found[1:3] for found in read("新增62户107人")] == [(62, "户"), (107, "人")]


def test_a_mask_of_a_name_is_no_number():
    assert read("XX镇、XX村和XX县") == []


@pytest.mark.parametrize(("text", "unit"), [("投资XX亿元", "亿元"), ("共X万余人", "万人"), ("面积XX亩", "亩")])
def test_a_masked_number_is_masked_not_missing_and_not_zero(text, unit):
    (quantity,) = parse_quantities(plain_of(fold(text), masks_of(text)))
    assert (quantity.masked, quantity.value, quantity.size, quantity.unit) == (True, None, None, unit)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("公里", "米", 1000),
        ("亿元", "万元", 10_000),
        ("万亩", "亩", 10_000),
        ("公顷", "亩", 15),
        ("斤", "公斤", 0.5),
        ("%", "‰", 10),
    ],
)
def test_units_compare_by_size(one, other, ratio):
    (dimension, size), (same, other_size) = unit_size(one), unit_size(other)
    assert dimension == same
    assert size / other_size == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("名", "人", True), ("家", "个", True), ("人", "公里", False), ("元", "美元", False)]
)
def test_counting_words_used_for_one_another_share_a_dimension(one, other, alike):
    assert (unit_size(one)[0] == unit_size(other)[0]) == alike


@given(st.integers(0, 99_999), st.sampled_from(["家", "公里", "万元", "%", "亩"]), st.text("建设了的，。", max_size=6))
def test_any_number_before_a_unit_is_found_where_it_stands(number, unit, words):
    text = f"{words}{number}{unit}。"
    (quantity,) = parse_quantities(plain_of(fold(text), ()))
    assert text[quantity.start : quantity.end] == f"{number}{unit}"
    assert quantity.value == number


@given(st.text("一二三十百千万亿0123456789.%家个多余约至-X年第 ", max_size=30))
def test_quantities_lie_in_the_text_in_order_and_never_overlap(text):
    spans = [(q.start, q.end) for q in parse_quantities(plain_of(fold(text), masks_of(text)))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


def mentions(text, role="achievements"):
    return find_mentions(compilation(("县园林局", [(role, "一、", text)])))[1]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        # the noun before the number, without the verbs that lead to it and the words that end at the number
        ("新建绿道12公里。", "绿道"),
        ("全年招引园艺技术人员6名。", "园艺技术人员"),
        ("利用边角地、闲置地新建口袋公园5个。", "口袋公园"),
        ("苗木产值增长6%。", "苗木产值"),
        ("苗木成活率达到95%以上。", "苗木成活率"),
        ("保障性花圃3处。", "保障性花圃"),
        ("公园普查惠及居民500人。", "公园普查"),
        # the noun behind it
        ("再组建3个护绿队。", "护绿队"),
        ("完成16个村庄绿化改造。", "村庄绿化改造"),
        ("10项护绿行动已完成年度任务。", "护绿行动"),
        # both, where the noun behind says too little
        ("省委反馈的绿化16个问题已整改。", "省委反馈的绿化问题"),
        # a change is of what stands before its start
        ("绿地率从38%提高到41%。", "绿地率"),
        # the clause before, where the clause itself names nothing
        ("安排好苗木发放，全年不少于30场。", "苗木发放"),
        ("苗木产值3亿元、增长5%。", "苗木产值"),
        ("苗木登记任务80家，已完成92家。", "苗木登记"),
        # a number inside the clause narrows the noun
        ("引进投资超2亿元花卉项目4个。", "超2亿元花卉项目"),
    ],
)
def test_a_number_measures_a_noun(text, subject):
    assert mentions(text)[-1].subject == subject


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("新建绿道12公里。", "新建绿道"),
        # no marker of a heading
        ("（六）护绿员情况。年度任务45人。", "护绿员情况"),
        ("（二）新增花卉企业情况。年度任务12家。", "新增花卉企业情况"),
        # no bare verb or adverb: the noun behind
        ("继续实施150个绿化项目。", "绿化项目"),
        ("打造40个花卉产业集群。", "花卉产业集群"),
        ("余下4个督察问题中3个完成验收。", "督察问题"),
        ("我委牵头整改的两个问题。", "问题"),
        ("我局牵头修复的13处苗圃及11处古树。", "古树"),
        # no adverb before a name
        ("继续办好花卉展销会3场。", "办好花卉展销会"),
        # a place that is masked
        ("XX区护绿员50人。", "护绿员"),
        # the longest noun that ends a name with a number in it
        ("实施861重点项目5个。", "重点项目"),
        # nothing, where the text names nothing
        ("已完成5处。", ""),
    ],
)
def test_a_name_to_show_is_never_a_marker_or_a_bare_verb(text, name):
    found = mentions(text)
    assert name in {mention.indicator for mention in found}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("新建绿道12公里，古树登记120株。", ["actual", "actual"]),
        ("苗木登记年度任务80家，已登记92家，完成率115%。", ["target", "actual", "rate"]),
        ("预计发放补贴30万元。", ["target"]),
        ("苗木产值3亿元，同比增长5%。", ["actual", "change"]),
        ("苗木产值、花卉产值分别增长5%、6%和7%。", ["change", "change", "change"]),
        ("审批时限压缩50%，压缩审批时限至1个工作日。", ["change", "actual"]),
        ("办理时限由5个工作日压缩至1个工作日。", ["other", "actual"]),
        ("绿地率从38%提高到41%，养护达标率由90%提高到95%。", ["other", "actual", "other", "rate"]),
        ("苗木产值占全县的16.8%，花卉占比45%。", ["share", "share"]),
        ("约88%的企业使用新苗木。", ["share"]),
        ("增速低于全市平均0.3个百分点。", ["other"]),
        ("办结率100%，群众满意率98%。", ["rate", "rate"]),
        ("苗木出生率5.1‰，失业率4.8%。", ["actual", "actual"]),
        ("考核位列全县第二。", ["rank"]),
        ("湿地公园总投资6亿元，全长3公里，占地20亩。", ["size", "size", "size"]),
        ("引进500万元以上苗木项目8个，其中超过60岁的护绿员3人。", ["size", "actual", "size", "actual"]),
        ("落实24小时值班，连续6年获评先进。", ["size", "size"]),
        ("推进县乡两级管理，抓好三个方面工作。", ["size", "size"]),
        ("形成三大亮点。", ["other"]),
        ("以2:0战胜邻县队。", ["other"]),
    ],
)
def test_a_number_of_a_review_plays_a_part(text, roles):
    assert [mention.role for mention in mentions(text)] == roles


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("新建绿道12公里，苗木产值增长6%。", ["target", "change-target"]),
        ("苗木成活率达到95%，花卉占比达40%以上。", ["target", "target"]),
        ("湿地公园总投资6亿元，年度计划投资2亿元。", ["size", "target"]),
        ("目前已梳理项目40个，引进10家以上绿化企业。", ["actual", "target"]),
        ("审批时限压缩至3个工作日，围绕三个时间节点。", ["target", "size"]),
        ("全县30万人的饭碗要端稳，高校毕业生达8700人。", ["size", "size"]),
        ("主要预期目标是：苗木产值增长6%，绿化面积30万平方米。", ["change-target", "target"]),
    ],
)
def test_a_number_of_a_plan_is_mostly_promised(text, roles):
    assert [mention.role for mention in mentions(text, "plan")] == roles


def test_every_rule_of_roles_has_a_note_and_the_last_one_always_holds():
    rules = knowledge("numbers.toml")["roles"]
    assert all(rule["note"] and rule["role"] for rule in rules)
    assert set(rules[-1]) == {"name", "role", "plan", "note"}


def test_a_compilation_is_searched_once():
    built = compilation(("县园林局", [("plan", "", "新建绿道12公里。")]))
    assert find_mentions(built)[1] is find_mentions(built)[1]


@pytest.mark.parametrize("piece", ["约", "缩小", "完成", "增长"])
def test_a_clause_without_end_takes_time_in_proportion(piece):
    def cost(n):
        started = time.process_time()
        text = f"一、2023年工作总结\n全年{piece * n}修渠12公里。\n"
        find_quantities(
            read_sources([Source("txt", "utf-8", f"柳溪县水务局2023年工作总结\n{text}", file="a.txt")], name="a")
        )
        return time.process_time() - started

    cost(10)
    assert cost(8000) < 8 * cost(2000) + 0.3


def test_every_phrase_that_is_no_quantity_begins_where_the_grammar_looks():
    words = knowledge("units.toml")["numerals"]
    opens = {*words["digits"], *words["steps"], words["half"], words["first"]}
    for phrase in words["phrases"]:
        bare = re.sub(r"\(\?<[=!][^()]*\)|\(\?[=!](?:[^()]|\([^()]*\))*\)", "", phrase)  # what only looks around
        for one in re.sub(r"(?<!^)\([^()]*\)", "", bare).split("|"):
            first = re.match(r"\(?(?:\[([^\]]+)\]|(\\d|.))", one)
            assert first, phrase
            assert first[2] == r"\d" or (first[2] or "").isdecimal() or set(first[1] or first[2]) <= opens, one
