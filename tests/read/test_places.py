"""Which place a report speaks of, and its level."""

import pytest

from kit.read.compilation import Place
from kit.read.names import find_place, front_place, is_place, share_place

NOWHERE = Place()


@pytest.mark.parametrize(
    ("name", "body", "place", "level"),
    [
        ("柳溪县民政局", "", "柳溪县", "county"),
        ("滨湖区科技局", "", "滨湖区", "district"),
        ("松原镇人民政府", "", "松原镇", "township"),
        ("南陵街道办事处", "", "南陵街道", "township"),
        ("江南省水利厅", "", "江南省", "province"),
        ("广西", "", "广西", "province"),
        ("云岭综合实验区农业农村局", "", "云岭综合实验区", "district"),
        ("XX县民政局", "XX县今年…", "XX县", "county"),
        ("县民政局", "柳溪县是农业县。柳溪县今年增收。", "柳溪县", "county"),
        ("县民政局", "按照县委要求，开发区、高新区、全县、我县、各县推进。", "", "county"),
        ("县民政局", "结对帮扶岩川县一次。", "", "county"),
        ("", "我市今年…全市…青禾市…青禾市", "青禾市", "city"),
        ("青禾市民政局", "全市各县区推进，6个县区达标。", "青禾市", "city"),
        ("丹枫市民政局", "全市12个乡镇全部达标，乡镇覆盖率100%。", "丹枫市", "county-level city"),
        ("我中心", "今年完成配租。", "", "unknown"),
    ],
)
def test_the_place_comes_from_the_name_then_the_body(name, body, place, level):
    assert find_place(name, body, NOWHERE) == Place(place, level)


@pytest.mark.parametrize(
    ("front", "place"),
    [
        ("柳溪县2023年工作总结及2024年工作计划汇编\n（12篇）\n", Place("柳溪县", "county")),
        ("青禾市2023年度部门工作总结合集", Place("青禾市", "city")),
        ("2023年工作总结汇编", NOWHERE),
        ("柳溪县民政局", NOWHERE),
        ("全县2023年工作总结汇编", NOWHERE),
    ],
)
def test_the_compilations_own_title_names_a_place(front, place):
    assert front_place(front) == place


def test_reports_of_the_compilations_level_speak_of_its_place():
    front = Place("柳溪县", "county")
    assert find_place("县民政局", "岩川县对口帮扶，岩川县援建。", front) == front
    assert find_place("XX县民政局", "", front) == front
    assert find_place("松原镇人民政府", "", front) == Place("松原镇", "township")
    assert find_place("我中心", "今年完成配租。", front) == front


def test_a_report_that_names_no_place_shares_that_of_most_of_its_level():
    rows = [{"level": "county", "place": place} for place in ("柳溪县", "柳溪县", "", "XX县")]
    assert [row["place"] for row in share_place(rows)] == ["柳溪县", "柳溪县", "柳溪县", "XX县"]


@pytest.mark.parametrize(("name", "yes"), [("柳溪县", True), ("松原镇", True), ("广西", True), ("县民政局", False)])
def test_places_and_agencies(name, yes):
    assert is_place(name) == yes
