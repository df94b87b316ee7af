"""What a section does."""

import pytest

from kit.read import roles
from kit.read.compilation import Years
from kit.read.lines import fold
from kit.read.roles import Assigned


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("2023年工作总结", "achievements"),
        ("2023年主要工作开展情况", "achievements"),
        ("年度目标任务完成情况", "achievements"),
        ("工作回顾", "achievements"),
        ("主要做法及成效", "achievements"),
        ("过去五年工作", "achievements"),
        ("2023年", "achievements"),
        ("工作亮点", "highlights"),
        ("特色工作及荣誉", "highlights"),
        ("存在的问题", "problems"),
        ("面临的困难和挑战", "problems"),
        ("存在问题及下一步打算", "problems"),
        ("当前工作中的短板弱项", "problems"),
        ("问题整改情况", "achievements"),
        ("着力解决突出问题", None),
        ("2024年工作计划", "plan"),
        ("下一步工作打算", "plan"),
        ("明年工作思路", "plan"),
        ("2024年工作总体要求和目标任务", "plan"),
        ("2024年", "plan"),
        ("加强党的建设", None),
        ("2023年工作總結", "achievements"),
        ("2024年工作計劃", "plan"),
        ("存在的問題", "problems"),
        ("面临的形势", "problems"),
        ("典型做法", "highlights"),
        ("聚焦改革难点", None),
    ],
)
def test_the_heading_of_a_section_says_its_role(heading, role):
    assert roles.heading_role(fold(heading), Years(2023, 2024)) == role


@pytest.mark.parametrize(
    ("heading", "inherited", "role"),
    [
        ("工作亮点", "achievements", "highlights"),
        ("存在的问题", "achievements", "problems"),
        ("下一步工作计划", "achievements", "plan"),
        ("狠抓问题整改", "achievements", "achievements"),
        ("解决群众困难", "plan", "plan"),
        ("工作亮点", "plan", "plan"),
        ("原因分析", "achievements", "problems"),
        ("工作中的不足", "achievements", "problems"),
        ("后续工作安排", "achievements", "plan"),
        ("意见建议", "achievements", "plan"),
        ("原因分析到位", "achievements", "achievements"),
    ],
)
def test_a_heading_inside_a_section_changes_the_role_only_when_it_is_all_anothers(heading, inherited, role):
    assert roles.inner_role(heading, inherited) == role


@pytest.mark.parametrize(
    ("paragraph", "role"),
    [
        ("同时，我们也清醒认识到，工作中还存在一些问题和不足。", "problems"),
        ("存在的主要问题是基层力量薄弱。", "problems"),
        ("下一步，我局将继续抓好落实。", "plan"),
        ("2024年，将重点抓好三项工作。", "plan"),
        ("一年来，工作虽然取得一定成效，但与群众期盼相比还有差距。", "problems"),
        ("在总结成绩的同时，还存在以下不足。", "problems"),
        ("尽管做了大量工作，但问题仍然不少。", "problems"),
        ("问题主要有：一是缺人；二是缺钱。", "problems"),
        ("在今后的工作中，我们将再接再厉。", "plan"),
        ("在新的一年里，继续抓好落实。", "plan"),
        ("针对以上问题，下一步将采取三项措施。", "plan"),
        ("虽然面临资金紧张等困难，但全年完成投资36亿元，解决了一批问题。", None),
        ("我们清醒认识到安全生产的重要性，排查问题隐患36处。", None),
        ("未来产业加快布局，新增企业12家。", None),
        ("今年以来，全县新增就业1200人。", None),
        ("针对存在问题，及时整改到位。", None),
    ],
)
def test_an_unnumbered_paragraph_is_read_by_how_it_opens(paragraph, role):
    assert roles.paragraph_role(paragraph, plan_year=2024) == role


def test_sections_that_say_nothing_before_a_plan_are_a_review():
    sections = [("狠抓项目建设", "完成了12个项目。"), ("狠抓党的建设", "开展了学习。"), ("2024年工作计划", "将…")]
    assigned = roles.assign_sections(sections, Years(2023, 2024), title="")
    assert assigned == [Assigned("achievements"), Assigned("achievements"), Assigned("plan", stated=True)]


def test_a_governments_review_comes_first_whatever_its_heading_praises():
    sections = [
        ("抢抓机遇奋力前行", "将继续努力。"),
        ("推动高质量发展", "要加快建设，力争达标。"),
        ("加强自身建设", "要…"),
    ]
    assigned = roles.assign_sections(sections, Years(2023, 2024), title="政府工作报告", government=True)
    assert [one.role for one in assigned] == ["achievements", "plan", "plan"]


def test_sections_that_say_nothing_at_all_are_read_by_their_tense_and_doubted():
    sections = [("狠抓项目建设", "已完成12个项目，累计投资3亿元。"), ("强化服务", "将继续优化流程，力争提速。")]
    assigned = roles.assign_sections(sections, Years(2023, 2024), title="")
    assert assigned == [Assigned("achievements", sure=False), Assigned("plan", sure=False)]


def test_a_plan_is_a_plan_throughout():
    assert roles.is_plan_title("县民政局2024年工作计划")
    assert not roles.is_plan_title("县民政局2023年工作总结及2024年工作计划")
    assigned = roles.assign_sections([("抓救助", "将")], Years(None, 2024), title="县民政局2024年工作计划")
    assert assigned == [Assigned("plan")]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("成绩与不足", ["achievements", "problems"]),
        ("问题与打算", ["problems", "plan"]),
        ("主要成绩和亮点", ["achievements"]),
        ("工作总结及计划", ["achievements", "plan"]),
        ("困难和问题", ["problems"]),
        ("存在的困难及建议", ["problems"]),
    ],
)
def test_two_characters_may_name_a_matter_beside_another(heading, expected):
    assert roles.heading_roles(heading, Years(2023, 2024)) == expected
