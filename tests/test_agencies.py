"""Whose report it is, the place and its level, the field of work."""

import pytest

from kit.read.agencies import find_sector, sector_of
from kit.read.names import agency_in_title
from kit.read.places import Place, find_place


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
    ],
)
def test_the_agency_that_a_title_names(title, agency):
    assert agency_in_title(title) == agency


@pytest.mark.parametrize(
    ("name", "body", "place", "level"),
    [
        ("柳溪县民政局", "", "柳溪县", "county"),
        ("青禾市民政局", "柳溪县、岩川县参加，全市6个县区推进。", "青禾市", "city"),
        ("滨湖区科技局", "", "滨湖区", "district"),
        ("松原镇人民政府", "", "松原镇", "township"),
        ("XX县民政局", "XX县今年…", "XX县", "county"),
        ("江南省水利厅", "", "江南省", "province"),
    ],
)
def test_place_and_level(name, body, place, level):
    assert find_place(name, body, Place()) == Place(place, level)


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
