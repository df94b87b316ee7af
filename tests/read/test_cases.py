"""What texts of offices, townships and template sites do beside the rule: one fictional text for each kind."""

import pytest
from test_reader import check_partition, read_text

from kit.read.lines import find_years, fold, squeeze
from kit.read.reader import read_sources
from kit.read.source import Source


def roles(text):
    """Every part below the title: how it begins, and its role."""
    compilation = read_text(text)
    check_partition(compilation)
    parts = compilation.parts[compilation.parts["role"] != "title"]
    return [(compilation.text[part.start : part.end].strip()[:8], part.role) for part in parts.itertuples(index=False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # the list behind a sentence that plans is a plan, though its numbers are the report's outermost
            "县档案馆2023年工作总结\n2023年，馆里平稳推进各项工作。现将情况报告如下：\n1.整理档案1200卷。\n2.接待查档86人次。\n"
            "2024年我们拟定了以下工作安排：\n1.整理档案1500卷。\n2.新建库房1间。\n",
            ["opening", "achievements", "achievements", "plan", "plan", "plan"],
        ),
        (  # … within a section, too
            "县档案馆2023年工作总结\n一、工作开展情况\n（一）整理档案1200卷。\n（二）接待查档86人次。\n"
            "下一步，我馆将重点抓好以下工作：\n（一）整理档案1500卷。\n（二）新建库房1间。\n",
            ["achievements", "achievements", "achievements", "plan", "plan", "plan"],
        ),
    ],
)
def test_a_list_takes_the_role_of_the_sentence_that_leads_into_it(text, expected):
    assert [role for _, role in roles(text)] == expected


REPORT = (
    "县水务局2023年工作总结及2024年工作计划\n一、2023年工作总结\n新建泵站5座。\n二、2024年工作计划\n新建泵站6座。\n"
)


@pytest.mark.parametrize(
    "title",
    [
        "青禾县2023年国民经济和社会发展统计公报",
        "关于印发2024年防汛工作要求的通知",
        "青禾县水务局领导班子对照检查材料",
        "在全县水利工作会议上的讲话",
        "青禾县2023年度先进集体名单",
        "县水务局2024年节水工作实施方案",
    ],
)
def test_another_document_behind_a_report_is_set_apart_and_doubted(title):
    compilation = read_text(
        f"{REPORT}\n{title}\n初步核算，全年供水86万吨。\n一、供水\n清淤渠道12公里。\n二、排水\n改造3处。\n"
    )
    check_partition(compilation)
    last = compilation.parts.iloc[-1]
    assert (last["role"], compilation.text[last["start"] :].startswith(title)) == ("artefact", True)
    row = compilation.doubts.set_index("code").loc["foreign_document"]
    assert row["message"] == f"“{title}”不是工作报告，跟在一篇报告后面"
    assert row["severity"] == "serious"


@pytest.mark.parametrize("line", ["认真落实县政府关于节水的通知", "（一）印发节水通知", "2.起草工作方案"])
def test_a_point_that_speaks_of_a_document_is_none(line):
    compilation = read_text(REPORT + f"{line}\n办结3件。\n")
    assert "foreign_document" not in set(compilation.doubts["code"])


def test_letter_spaced_lines_are_read_as_the_words_they_spell():
    text = (
        "县 应 急 管 理 局 2 0 2 3 年 工 作 总 结\n\n一 、 2 0 2 3 年 工 作 回 顾\n检查企业320家。\n"
        "二 、 2 0 2 4 年 工 作 打 算\n检查企业350家。\n"
    )
    compilation = read_text(text)
    row = compilation.reports.iloc[0]
    assert (row["agency"], row["period"], row["plan_period"]) == ("县应急管理局", 2023, 2024)
    assert row["title"] == "县 应 急 管 理 局 2 0 2 3 年 工 作 总 结"
    outer = compilation.parts[compilation.parts["depth"] == 1]
    assert outer["role"].tolist() == ["achievements", "plan"]
    assert outer["heading"].tolist() == ["2 0 2 3 年 工 作 回 顾", "2 0 2 4 年 工 作 打 算"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("工 作 打 算 及 展 望", "工作打算及展望"),
        ("2 0 2 4 年 工 作", "2024年工作"),
        ("市长 林 溪", "市长 林 溪"),
        ("Party and Government Office", "Party and Government Office"),
        ("新建泵站5座 改造6座 清淤3处 检查8次 培训2期", "新建泵站5座 改造6座 清淤3处 检查8次 培训2期"),
    ],
)
def test_only_characters_spread_over_a_line_are_drawn_together(text, read):
    assert squeeze(text) == read


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("民國113年度", [2024]),
        ("民国99年", [2010]),
        ("113年度及114年度", [2024, 2025]),
        ("113年", []),
        ("第113年度", []),
    ],
)
def test_years_of_the_republic(text, years):
    assert find_years(fold(text)) == years


def test_reports_in_traditional_script_have_title_years_and_roles():
    compilation = read_text(
        "青禾鎮公所113年度施政總報告及114年度施政計畫\n一、113年度計畫執行情形\n修繕活動室6處。\n二、114年度施政重點\n修繕8處。\n"
    )
    row = compilation.reports.iloc[0]
    assert (row["agency"], row["period"], row["plan_period"]) == ("青禾鎮公所", 2024, 2025)
    assert compilation.parts.loc[compilation.parts["depth"] == 1, "role"].tolist() == ["achievements", "plan"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＢ類２３年", "AB类23年"),
        ("⼯作總結", "工作总结"),
        ("工作計畫、規畫", "工作计划、规划"),
        ("一幅畫", "一幅画"),
        ("（一）：；，", "（一）：；，"),
    ],
)
def test_one_fold_reads_every_form_of_a_character_one_for_one(written, read):
    assert fold(written) == read


@pytest.mark.parametrize(
    "phrase",
    [
        "激发市场主体活力",
        "引导企业对接资本市场",
        "创建全国文明城市",
        "建设智慧城市试点",
        "入选省级示范城市",
        "加快产业强省建设",
        "本区域治理",
    ],
)
def test_a_kind_of_place_inside_a_word_is_no_place(phrase):
    compilation = read_text(
        f"2023年工作总结及2024年工作计划\n一、2023年工作总结\n{phrase}。\n二、2024年工作计划\n{phrase * 5}。\n"
    )
    row = compilation.reports.iloc[0]
    assert (row["place"], row["agency"]) == ("", "（单位名称未写明）")


A, B = "县甲局2023年工作总结", "县乙局2023年工作总结"
TWO = "一、2023年工作总结\n（一）修路。\n二、2024年工作计划\n（一）架桥。\n"


def folder(*texts):
    sources = [Source("txt", "utf-8", text, file=f"{n}.txt") for n, text in enumerate(texts, start=1)]
    return read_sources(sources, name="某县")


@pytest.mark.parametrize(
    "inside",
    [
        "2023年工作完成情况\n一、修路。\n",
        "2024年重点工作任务\n（一）架桥。\n",
        f"{A}\n（二）种树。\n",
        "“十五五”发展规划\n一、修路。\n",
    ],
)
def test_a_file_of_a_folder_is_one_report_whatever_stands_inside(inside):
    compilation = folder(f"{A}\n{TWO}{inside}", f"县丙局2023年工作总结\n{TWO}")
    assert compilation.reports["agency"].tolist() == ["县甲局", "县丙局"]
    assert "split_in_file" not in set(compilation.doubts["code"])


def test_two_titles_with_two_bodies_split_a_file_of_a_folder_and_a_doubt_says_why():
    compilation = folder(f"{A}\n{TWO}{B}\n{TWO}", f"县丙局2023年工作总结\n{TWO}")
    assert compilation.reports["agency"].tolist() == ["县甲局", "县乙局", "县丙局"]
    row = compilation.doubts.set_index("code").loc["split_in_file"]
    assert row["report"] == 2
    assert row["message"] == f"“{B}”与上一篇报告同在文件“1.txt”里：标题写明单位，编号重新开始"


def test_years_of_one_agency_in_a_folder_are_no_doubt():
    compilation = folder(
        f"{A}\n{TWO}", f"{A.replace('2023', '2022')}\n{TWO.replace('2023', '2022').replace('2024', '2023')}"
    )
    assert compilation.reports["period"].tolist() == [2023, 2022]
    assert "same_agency" not in set(compilation.doubts["code"])
