"""What a number measures, as a noun to compare and as a name to show."""

import pytest
from small import compilation

from kit.measure.mentions import find_mentions


def mentions(text, role="achievements"):
    return dict(find_mentions(compilation(("县园林局", [(role, "一、", text)]))))[1]


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
        # nothing, where the text names nothing
        ("已完成5处。", ""),
    ],
)
def test_a_name_to_show_is_never_a_marker_or_a_bare_verb(text, name):
    found = mentions(text)
    assert name in {mention.indicator for mention in found}
