"""Government work reports as they are published: their place, years, halves, and what is of several years."""

from dataclasses import replace

import pytest
from test_reader import check_partition, read_text

import kit
from kit.read.reader import read_sources
from kit.read.source import Source, extract

REVIEW = "新建学校5所，改造管网12公里，城镇新增就业1.2万人。"
PLAN = "新建学校6所，改造管网15公里，城镇新增就业1.3万人以上。"
BODY = f"各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n一、工作回顾\n{REVIEW}\n二、工作安排\n{PLAN}\n"


def report(text, *, file="2024.md", folder=""):
    compilation = read_sources([Source("md", "utf-8", text, file=file, folder=folder)], name=file)
    check_partition(compilation)
    assert len(compilation.reports) == 1
    return compilation.reports.iloc[0], compilation


@pytest.mark.parametrize(
    ("head", "folder", "agency", "agency_from"),
    [
        ("青禾市政府工作报告（2024年1月9日 林 溪）", "", "青禾市", "title"),
        ("2024年江南省青禾市人民政府工作报告", "", "青禾市", "title"),
        ("政府工作报告\n——2024年1月9日在青禾市第八届人民代表大会第三次会议上", "", "青禾市", "title"),
        ("政府工作报告\n2024年1月9日在青禾市八届人大三次会议上", "", "青禾市", "title"),
        ("政府工作报告\n青禾市代市长 林 溪", "", "青禾市", "title"),
        ("政府工作报告\n青禾市人民政府市长 林溪", "", "青禾市", "title"),
        ("政府工作报告", "青禾市", "青禾市", "file"),
        ("政府工作报告", "最终稿", "市人民政府", "body"),
        ("郴州市政府工作报告", "", "郴州市", "title"),
        ("镇江市政府工作报告", "", "镇江市", "title"),
        ("景德镇市政府工作报告", "", "景德镇市", "title"),
        ("本溪市政府工作报告", "", "本溪市", "title"),
        ("和田地区行政公署政府工作报告", "和田地区", "和田地区", "file"),
        ("盐城市政府工作报告", "", "盐城市", "title"),
        ("延边州政府工作报告\n——2024年1月9日在延边朝鲜族自治州第十六届人民代表大会上", "", "延边朝鲜族自治州", "title"),
        ("在青禾市第八届人民代表大会第三次会议上的政府工作报告", "", "青禾市", "title"),
    ],
)
def test_the_place_comes_from_title_head_opening_or_folder(head, folder, agency, agency_from):
    row, _ = report(f"{head}\n{BODY}", folder=folder)
    assert (row["agency"], row["agency_from"], row["sector"]) == (agency, agency_from, "government")


def test_a_place_is_never_read_from_a_phrase():
    phrases = "建设文明城市、智慧城市，加快创新型省份和产业强省建设，激发市场活力，入选示范城市。" * 4
    row, compilation = report(f"政府工作报告\n{BODY}{phrases}\n", file="新建文本文档.txt")
    assert (row["agency"], row["place"]) == ("市人民政府", "")
    assert "agency_unknown" in set(compilation.doubts["code"])


def test_the_state_council_is_known():
    row, _ = report(f"政府工作报告\n{BODY.replace('市人民政府', '国务院')}国务院总理 某某\n", file="最终稿 (2).txt")
    assert (row["agency"], row["place"], row["sector"]) == ("国务院", "", "government")


@pytest.mark.parametrize(
    ("head", "review", "file", "years"),
    [
        ("2024年政府工作报告", "一、2023年工作回顾", "a.md", (2023, 2024)),
        ("青禾市政府工作报告（2023年12月26日 林溪）", "一、2023年工作回顾", "a.md", (2023, 2024)),
        (
            "政府工作报告\n——二〇〇三年一月十六日在青禾市第十届人民代表大会第一次会议上",
            "一、过去五年",
            "a.md",
            (2002, 2003),
        ),
        ("政府工作报告\n——1999年2月3日在青禾市第十届人民代表大会第二次会议上", "一、回顾", "a.md", (1998, 1999)),
        ("2023年政府工作报告", "一、2023年工作回顾\n略。\n二、2024年工作安排", "a.md", (2023, 2024)),
        (
            "政府工作报告\n——2023年9月26日在青禾市第十届人民代表大会上",
            "一、2023年工作回顾\n略。\n二、2024年工作安排",
            "a.md",
            (2023, 2024),
        ),
        (
            "政府工作报告\n——2024年9月26日在青禾市第十届人民代表大会上",
            "一、2023年工作回顾\n略。\n二、2024年工作安排",
            "a.md",
            (2023, 2024),
        ),
        ("政府工作报告", "一、2023年工作回顾", "2024.md", (2023, 2024)),
        ("政府工作报告", "一、2023年工作回顾", "新建.md", (2023, 2024)),
    ],
)
def test_a_report_plans_the_year_that_it_is_given_in(head, review, file, years):
    row, _ = report(f"{head}\n{BODY.replace('一、工作回顾', review)}", file=file)
    assert (row["period"], row["plan_period"]) == years


def test_a_yaml_head_is_no_text():
    head = (
        "---\nsource: https://example.org/1.html\ntitle: 青禾市政府工作报告（2024年1月9日 林溪）\ntags:\n- 报告\n---\n"
    )
    found = extract((head + "\n" + BODY).encode(), "md", name="2024.md")
    compilation = read_sources([replace(found, file="2024.md")], name="2024.md")
    check_partition(compilation)
    assert compilation.reports["title"].tolist() == ["青禾市政府工作报告（2024年1月9日 林溪）"]
    assert compilation.reports["agency"].tolist() == ["青禾市"]
    parts = compilation.parts
    aside = parts.loc[parts["role"] == "artefact", ["start", "end"]]
    assert "".join(compilation.text[a:b] for a, b in aside.itertuples(index=False)).split() == [
        "source:", "https://example.org/1.html", "tags:", "-", "报告",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "inside",
    [
        "2023年工作回顾\n" + REVIEW,
        "2024年工作任务\n（一）办学校。\n（二）修管网。",
        "《政府工作报告》名词解释\n一、管网：地下管道。",
        "（注：《政府工作报告》\n中的数字为初步统计数。",
        "三、政府工作报告任务分解\n（一）办学校。",
    ],
)
def test_its_own_sections_and_notes_open_no_second_report(inside):
    report(f"2024年政府工作报告\n——2024年1月9日在青禾市第八届人民代表大会第三次会议上\n{BODY}{inside}\n")


def test_reports_of_two_places_in_one_file_are_two():
    text = f"2024年青禾市政府工作报告\n{BODY}2024年岩川县政府工作报告\n{BODY.replace('市', '县')}"
    assert read_text(text).reports["agency"].tolist() == ["青禾市", "岩川县"]


@pytest.mark.parametrize(
    ("sections", "roles"),
    [
        (
            ["一、抢抓机遇，砥砺奋进的五年", "二、今后五年的奋斗目标", "三、2024年主要工作"],
            ["achievements", "plan", "plan"],
        ),
        (["一、迈出坚实步伐", "二、推动高质量发展"], ["achievements", "plan"]),
        (["过去一年", "新的一年"], ["achievements", "plan"]),
        (["2023年工作回顾和“十四五”发展成就", "“十五五”发展总体思路和目标任务"], ["achievements", "plan"]),
        (["“十四五”——爬坡过坎的五年", "2024——开局起步的一年"], ["achievements", "plan"]),
    ],
)
def test_sections_without_a_year_in_their_heading_have_their_role(sections, roles):
    texts = [REVIEW, *[f"要{PLAN}将继续改善民生，力争完成。"] * (len(sections) - 1)]
    body = "\n".join(f"{head}\n{text}" for head, text in zip(sections, texts, strict=True))
    _, compilation = report(f"青禾市政府工作报告（2024年1月9日 林溪）\n各位代表：\n{body}\n")
    parts = compilation.parts
    assert parts.loc[parts["depth"] == 1, "role"].tolist() == roles


def test_this_year_is_the_one_that_a_government_plans():
    _, compilation = report(
        f"青禾市政府工作报告（2024年1月9日 林溪）\n各位代表：\n一、去年工作回顾\n{REVIEW}\n二、今年主要工作\n要{PLAN}\n三、主要工作\n要{PLAN}\n"
    )
    parts = compilation.parts
    assert parts.loc[parts["marker"] != "", "role"].tolist() == ["achievements", "plan", "plan"]


def test_a_report_without_any_title_is_one_and_its_sections_are_none():
    head = "——2024年1月9日在青禾市第八届人民代表大会第三次会议上\n市长 林溪\n"
    given = "各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n"
    row, compilation = report(f"{head}{given}2023年工作回顾\n{REVIEW}\n2024年工作任务\n（一）办学校。{PLAN}\n")
    assert (row["agency"], row["period"], row["plan_period"]) == ("青禾市", 2023, 2024)
    parts = compilation.parts
    assert parts.loc[parts["depth"] == 1, "role"].tolist() == ["achievements", "plan"]


def test_two_runs_of_numbers_under_headings_that_say_nothing_are_review_and_plan():
    runs = f"砥砺奋进\n一、产业跃升。{REVIEW}\n二、民生改善。{REVIEW}\n乘势而上\n一、做强产业。{PLAN}\n二、改善民生。{PLAN}\n"
    _, compilation = report(f"青禾市政府工作报告（2024年1月9日 林溪）\n各位代表：\n{runs}")
    parts = compilation.parts
    assert parts.loc[parts["marker"] != "", "role"].tolist() == ["achievements", "achievements", "plan", "plan"]


def test_its_glossary_is_none_of_it():
    glossary = "《政府工作报告》释义\n一、管网：地下管道。\n二、学校：教学的地方。\n"
    _, compilation = report(f"青禾市政府工作报告（2024年1月9日 林溪）\n{BODY}{BODY[5:]}{glossary}")
    last = compilation.parts.iloc[-1]
    assert (last["role"], compilation.text[last["start"] : last["end"]]) == ("artefact", glossary)


FIVE_YEARS = f"""青禾市政府工作报告（2024年1月9日 林溪）
各位代表：
一、2023年和过去五年工作回顾
2023年，{REVIEW}
五年来，改造管网60公里。
（一）产业五年翻番。
过去一年，新增企业20家。
二、今后五年的目标任务
城镇新增就业6万人。
（一）办好教育。新建学校30所。
三、2024年主要工作
{PLAN}
到2027年，管网全部更新。
四、园区提质三年行动
改造园区3个。
"""


def test_what_is_of_several_years_is_told_from_what_is_of_the_year():
    _, compilation = report(FIVE_YEARS)
    sentences = compilation.sentences[compilation.sentences["horizon"] == "multi-year"]
    told = [compilation.text[a:b].strip() for a, b in zip(sentences["start"], sentences["end"], strict=True)]
    assert told == [
        "五年来，改造管网60公里。", "（一）产业五年翻番。", "二、今后五年的目标任务", "城镇新增就业6万人。",
        "（一）办好教育。", "新建学校30所。", "到2027年，管网全部更新。", "四、园区提质三年行动", "改造园区3个。",
    ]  # fmt: skip
    parts = compilation.parts
    assert set(parts.loc[~parts["role"].isin(["achievements", "highlights", "plan"]), "horizon"]) == {""}
    assert parts.loc[parts["depth"] == 1, "horizon"].tolist() == ["annual", "multi-year", "annual", "multi-year"]


def test_a_list_behind_dashes_speaks_of_the_years_that_its_lead_in_names():
    dashes = "——经济实力跃升。\n产值增长34%。\n——民生改善。\n居民收入增长30%。\n"
    lead_in = "各位代表！2023年是五年任期的最后一年。五年来，我们埋头苦干："
    _, compilation = report(
        f"青禾市政府工作报告（2024年1月9日 林溪）\n各位代表：\n一、2023年和过去五年工作回顾\n（一）产业。{REVIEW}\n"
        f"（二）民生。{REVIEW}\n{lead_in}\n{dashes}二、2024年主要工作\n主要目标：\n{dashes}{PLAN}\n"
    )
    parts = compilation.parts[compilation.parts["marker"] == "——"]
    assert parts["horizon"].tolist() == ["multi-year"] * 2 + ["annual"] * 2


FOLDERS = {  # agency, period, plan period of every file, in order; facts of the texts
    "provinces-2025": [(name, 2024, 2025) for name in ["云南省", "安徽省", "山东省", "广西", "江苏省", "江西省", "浙江省", "福建省"]],
    "provinces-2026": [
        (name, 2025, 2026) for name in ["云南省", "安徽省", "山东省", "广西壮族自治区", "江苏省", "江西省", "浙江省", "福建省"]
    ],
    "series": [("国务院", year - 1, year) for year in (2016, 2017, 2018, 2019, 2021, 2022)],
    "series-district": [("海拉尔区", year - 1, year) for year in (2017, 2018, 2019)],
    "district": [
        ("平潭综合实验区农业农村局", 2022, 2023),
        ("平潭综合实验区旅游与文化体育局", 2022, 2023),
        ("平潭综合实验区行政审批局", 2022, 2023),
        ("平潭综合实验区金井片区管理局", 2022, 2023),
        ("平潭综合实验区苏平片区管理局", None, 2023),
        ("平潭综合实验区君山片区管理局", 2024, 2025),
        ("平潭综合实验区投资促进局", 2024, 2025),
    ],
    "agencies": [
        ("平潭综合实验区农业农村局", 2024, 2025),
        ("区农业农村局", 2024, 2025),
        ("平潭综合实验区君山片区管理局", None, 2023),
        ("平潭综合实验区旅游与文化体育局", 2024, 2025),
    ],
}  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_with_a_file_a_report_is_just_that(compilations, folder):
    compilation = kit.read(compilations / folder)
    check_partition(compilation)
    reports = compilation.reports.astype({"period": object, "plan_period": object})
    rows = reports[["agency", "period", "plan_period"]].where(
        reports[["agency", "period", "plan_period"]].notna(), None
    )
    assert list(rows.itertuples(index=False, name=None)) == FOLDERS[folder]


def test_real_government_reports_have_their_place_years_and_halves(compilations):
    wrong = []
    for file in sorted((compilations / "government").glob("*/*.md")):
        compilation = kit.read(file)
        row, year = compilation.reports.iloc[0], int(file.stem)
        size = (compilation.parts["end"] - compilation.parts["start"]).groupby(compilation.parts["role"]).sum()
        halves = (
            min(size.get("plan", 0), size.get("achievements", 0)) > size.drop("artefact", errors="ignore").sum() / 7
        )
        one = len(compilation.reports) == 1 and row["place"] == file.parent.name
        if not (one and halves and (row["period"], row["plan_period"]) == (year - 1, year)):
            wrong.append(f"{file.parent.name}/{file.name}")
    assert wrong == []
