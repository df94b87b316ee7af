"""Whose report it is, the place and its level, the field of work."""

import pytest

from kit.read.lines import agency_headed, agency_in_title, agency_signed, agency_speaking, is_agency
from kit.read.names import find_sector, sector_of


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("县民政局2023年工作总结及2024年工作计划", "县民政局"),
        ("柳溪县住房和城乡建设局关于2023年工作总结和2024年工作计划的报告", "柳溪县住房和城乡建设局"),
        ("2023年度柳溪县应急管理局工作总结", "柳溪县应急管理局"),
        ("关于2023年柳溪县人民法院工作情况的报告", "柳溪县人民法院"),
        ("滨河街道办事处2023年工作总结", "滨河街道办事处"),
        ("县妇联2023年工作总结", "县妇联"),
        ("2023年工作总结及2024年工作计划", ""),
        ("柳溪景区管委会2023年工作总结", "柳溪景区管委会"),
        ("柳溪县人大常委会2023年工作要点", "柳溪县人大常委会"),
        ("花园社区居委会2023年工作总结", "花园社区居委会"),
        ("县文旅局（县体育局）2023年工作总结", "县文旅局（县体育局）"),
        ("【县民政局】2023年工作总结", "县民政局"),
        ("——县民政局2023年工作总结", "县民政局"),
        ("## 县民政局2023年工作总结", "县民政局"),
        ("附件1：县民政局2023年工作总结", "县民政局"),
        ("第一部分 县民政局2023年工作总结", "县民政局"),
        ("第一章 县民政局2023年工作总结", "县民政局"),
        ("【1】县民政局2023年工作总结", "县民政局"),
        ("材料一：县民政局2023年工作总结", "县民政局"),
        ("交流材料之二 县民政局2023年工作总结", "县民政局"),
        ("第一中学2023年工作总结", "第一中学"),
        ("①县民政局2023年工作总结", "县民政局"),
        ("01 县民政局2023年工作总结", "县民政局"),
        ("1-县民政局2023年总结", "县民政局"),
        ("No.1 县民政局2023年工作总结", "县民政局"),
        ("110指挥中心2023年工作总结", "110指挥中心"),
        ("12345热线服务中心2023年工作总结", "12345热线服务中心"),
        ("**县民政局2023年工作总结", "**县民政局"),
    ],
)
def test_the_agency_that_a_title_names(title, agency):
    assert agency_in_title(title) == agency


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("2023年，柳溪县民政局坚持民生为本。", "柳溪县民政局"),
        ("今年以来，在县委、县政府的正确领导下，县卫健局紧紧围绕健康柳溪建设，", "县卫健局"),
        ("现将柳溪县财政局2023年工作情况汇报如下：", "柳溪县财政局"),
        ("一年来，市公安局交警支队忠诚履职。", "市公安局交警支队"),
        ("2023年，XX县住建局在县委领导下", "XX县住建局"),
        ("按照县委要求，我局认真落实。", ""),
        ("在市委、市政府的坚强领导下，围绕中心、服务大局。", ""),
        ("全局干部职工团结一心，形成工作新格局。", ""),
        ("根据上级党委政府部署，各部门积极行动。", ""),
    ],
)
def test_the_agency_that_an_opening_speaks_as(opening, agency):
    assert agency_speaking(opening) == agency


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        ("柳溪县民政局\n2023年12月5日", "柳溪县民政局"),
        ("柳溪县民政局2023年12月5日", "柳溪县民政局"),
        ("（联系人：王某）\n柳溪县档案馆\n", "柳溪县档案馆"),
        ("中共柳溪县委\n2023年12月5日", ""),
        ("2023年12月5日", ""),
    ],
)
def test_the_agency_that_signs(lines, agency):
    assert agency_signed(lines) == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("柳溪县融媒体中心主任　陈立新", "柳溪县融媒体中心"),
        ("岩川县人民法院院长　周明远", "岩川县人民法院"),
        ("县教育局党组书记、局长　林越", "县教育局"),
        ("柳溪县民政局　林越", "柳溪县民政局"),
        ("省长　陈立新", ""),
    ],
)
def test_the_agency_whose_head_stands_under_a_title(line, agency):
    assert agency_headed(line) == agency


@pytest.mark.parametrize(
    ("line", "yes"),
    [
        ("柳溪县民政局", True),
        ("滨河街道办事处", True),
        ("（三）建设县级失能照护中心", False),
        ("3.新建社区服务中心", False),
        ("柳溪县民政局，柳溪县财政局", False),
        ("全面加强队伍建设", False),
    ],
)
def test_a_line_that_is_an_agencys_name(line, yes):
    assert is_agency(line) == yes


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("县卫生健康委员会", "health"),
        ("市交通运输局", "transport"),
        ("县教体局", "education"),
        ("区文化旅游体育局", "culture"),
        ("县发改委", "development"),
        ("市公安局交警支队", "law"),
        ("滨河街道办事处", "government"),
    ],
)
def test_the_field_of_work_that_a_name_says(name, sector):
    assert sector_of(name) == sector


def test_the_field_of_work_is_read_from_the_text_when_the_name_says_none():
    assert find_sector("我中心", "公租房配租，物业监管，维修资金归集。") == "housing"
    assert find_sector("", "今天。") == "unknown"
