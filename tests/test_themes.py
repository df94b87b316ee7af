"""Which stretches of a text name a theme, and which of them are matters of their sentence's own."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import compilation

from kit import tables
from kit.measure.codebook import read_codebook
from kit.measure.themes import Clause, _weights, decide, find_framing, find_hits, find_stretches

HEAD = 'group = "means"\nzh = "甲"\nen = "A"\n'


def themes_of(text, codebook=None, *, role="achievements"):
    hits = find_hits(compilation(("县甲局", [(role, "", text)])), codebook)
    return set(hits["theme"])


@pytest.fixture
def own(tmp_path):
    """Read a codebook that stands alone."""

    def read(text):
        file = tmp_path / "own.toml"
        file.write_text("standalone = true\n" + text, encoding="utf-8")
        return read_codebook(file)

    return read


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("全年发放低保金三千万元。", {"welfare"}),
        ("新建公租房两百套，已竣工。", {"projects", "welfare"}),
        ("严厉打击电信网络诈骗，破案六十起。", {"enforcement", "safety"}),
        ("开展燃气安全隐患排查，消除隐患九十处。", {"safety"}),
        ("优化营商环境，推行容缺受理。", {"services"}),
        ("体操项目获得省级金牌两枚。", {"sports", "honours"}),
        ("农村公路养护一百公里。", {"rural", "transport"}),
        ("争取上级资金八千万元。", {"funding"}),
        ("农技推广人员不足，年龄偏大。", {"rural", "staff"}),
        ("印发全县养老服务实施方案。", {"planning", "welfare"}),
        ("化解信访积案十二件。", {"public"}),
        ("党支部开展主题党日十二次。", {"party"}),
        ("一般公共预算收入增长百分之五。", {"funding"}),
        ("社会消费品零售总额增长百分之七。", {"economy"}),
        ("实际利用外资两亿美元。", {"projects", "regional"}),
        ("单位地区生产总值能耗下降百分之三。", {"ecology"}),
        ("城镇新增就业三万人。", {"welfare"}),
        ("提高城乡居民医保报销比例。", {"health", "welfare"}),
        ("严格落实中央八项规定。", {"party"}),
        ("政府带头过紧日子。", {"funding"}),
        ("办理政协提案八十件。", {"public"}),
        ("深化闽台渔业交流。", {"regional", "rural"}),
        ("完善档案馆和地方志工作。", {"culture"}),
        ("建成口袋公园六个。", {"ecology"}),
        ("农村人居环境持续改善。", {"ecology", "rural"}),
        ("加快建设全国统一大市场。", {"reform"}),
        ("我们也清醒认识到，科技创新能力不强，生态环境治理任务偏重。", {"innovation", "ecology"}),
        ("正视存在的问题：科技创新能力还有差距。", {"innovation"}),
        ("着力缓解企业生产经营困难。", {"services"}),
        ("平台经济稳步增长。", {"economy", "digital"}),
    ],
)
def test_a_sentence_has_the_themes_it_names(text, themes):
    assert themes_of(text) == themes


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("优化营商环境，推行容缺受理。", "ecology"),
        ("县市场监督管理局协助办理了此事。", "enforcement"),
        ("体操项目获得省级金牌两枚。", "projects"),
        ("认真完善各项工作思路和创新方式。", "innovation"),
        ("推动工作再上新台阶。", "projects"),
        ("根据全县乡村振兴工作要求，我局制作了台账。", "rural"),
        ("为全县经济社会发展提供坚强保障。", "economy"),
        ("全面推行网格化管理。", "public"),
        ("全县森林城市建设有序推进。", "transport"),
        ("高新技术产业占地区生产总值的比重提高。", "land"),
    ],
)
def test_a_word_in_passing_names_no_theme(text, theme):
    assert theme not in themes_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "2023年，我局在县委、县政府的正确领导下，推进乡村振兴。",
        "现将教育工作汇报如下：",
    ],
)
def test_the_frame_of_an_opening_names_nothing(text):
    assert themes_of(text, role="opening") == set()
    assert themes_of(text.replace("在县委、县政府的正确领导下，", "").replace("汇报如下", "")) != set()


@pytest.mark.parametrize(
    ("marker", "text", "framing"),
    [
        ("（一）", "加强生态环境保护。全年空气优良。", True),
        ("（一）", "2024年生态环境保护。全年空气优良。", True),
        ("（一）", "实施“1269”行动计划。全年空气优良。", True),
        ("——", "加强生态环境保护。全年空气优良。", False),
        ("第二，", "加强生态环境保护。全年空气优良。", False),
        ("（一）", "完成造林300亩。全年空气优良。", False),
        ("一是", "加强生态环境保护。全年空气优良。", False),
        ("（一）", "加强生态环境保护。", False),
        ("", "加强生态环境保护。全年空气优良。", False),
    ],
)
def test_a_bare_heading_says_what_follows(marker, text, framing):
    reports = compilation(("县甲局", [("plan", marker, text)]))
    assert (1 in find_framing(reports, read_codebook())) is framing


def test_the_longest_stretch_wins_whatever_its_theme(own):
    codebook = own(f'[themes.a]\n{HEAD}terms = "数字 经济"\n[themes.b]\n{HEAD}terms = "数字经济"')
    text = "数字经济和数字。"
    found = find_stretches(text, codebook)
    assert [(text[f.start : f.end], f.themes) for f in found] == [("数字经济", ("b",)), ("数字", ("a",))]


def test_an_exclusion_bars_its_own_theme_only(own):
    codebook = own(f'[themes.a]\n{HEAD}terms = "项目"\nexclusions = "体操项目"\n[themes.b]\n{HEAD}terms = "体操"')
    assert themes_of("体操项目。", codebook) == {"b"}
    assert themes_of("开工项目。", codebook) == {"a"}


def test_of_a_pattern_with_a_gap_what_follows_the_gap_is_the_stretch(own):
    codebook = own(
        f"[themes.a]\n{HEAD}patterns = ['(新建|改建)…项目']\n[themes.b]\n{HEAD}terms = \"公园\"\n"
        f'[themes.c]\n{HEAD}terms = "项目"\n'
    )
    assert themes_of("新建公园项目。", codebook) == {"a", "b", "c"}
    assert themes_of("新建公园，项目。", codebook) == {"b", "c"}


def test_a_shared_word_names_each_of_its_themes_unless_one_is_barred(own):
    codebook = own(f'[themes.a]\n{HEAD}exclusions = "旧文体"\n[themes.b]\n{HEAD}[shared]\n"a b" = "文体"\n')
    assert themes_of("文体。", codebook) == {"a", "b"}
    assert themes_of("旧文体。", codebook) == {"b"}


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("完善养老、托底等保障措施。", "digital"),
        ("十七种药品进入国家医保目录。", "health"),
        ("开展全国土壤普查。", "land"),
        ("发展平台商户两百家。", "regional"),
        ("加强监督查处力度。", "projects"),
    ],
)
def test_a_short_word_is_none_across_the_edges_of_others(text, theme):
    short = {"digital": "等保", "health": "家医", "land": "国土", "regional": "台商", "projects": "督查"}[theme]
    hits = find_hits(compilation(("县甲局", [("plan", "", text)])))
    assert short in text
    assert short not in set(hits["term"])


@pytest.mark.parametrize(
    "text", ["开展等保测评。", "推广家医签约。", "加强国土管理。", "服务台商投资。", "强化督查考核。"]
)
def test_the_same_short_word_counts_between_their_edges(own, text):
    codebook = own(f'[themes.a]\n{HEAD}terms = "等保 家医 国土 台商 督查"\n')
    assert themes_of(text, codebook) == {"a"}


def test_two_words_of_the_same_characters_count_side_by_side(own):
    codebook = own(f"[themes.a]\n{HEAD}patterns = ['新建…学校']\n[themes.b]\n{HEAD}terms = \"学校\"")
    assert themes_of("新建乡村学校。", codebook) == {"a", "b"}


WEIGHTS = f"""[themes.a]\n{HEAD}terms = "甲一 甲二"\nweak = "甲弱 甲微"
[themes.b]\n{HEAD}terms = "乙一"\nweak = "乙弱 乙微"
"""


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("甲一和乙一。", {"a", "b"}),
        ("甲一和乙弱。", {"a"}),
        ("乙弱。", set()),
        ("乙弱和乙弱。", set()),
        ("乙弱和乙微。", {"b"}),
        ("乙弱，乙微。", set()),
        ("乙一、丙丙丙和甲一。", {"a", "b"}),
        ("乙一、丙丙丙、丁丁丁。", set()),
        ("乙一、丙丙丙、乙弱。", {"b"}),
        ("甲一甲二甲一甲二甲一甲二和乙一。", {"a", "b"}),
    ],
)
def test_weak_words_and_examples_need_another_of_their_theme_in_the_clause(own, text, themes):
    assert themes_of(text, own(WEIGHTS)) == themes


@pytest.fixture(scope="module")
def weighed(tmp_path_factory):
    file = tmp_path_factory.mktemp("weighed") / "own.toml"
    file.write_text("standalone = true\n" + WEIGHTS, encoding="utf-8")
    return read_codebook(file)


CLAUSE = st.lists(
    st.sampled_from(["甲一", "甲二", "甲弱", "甲微", "乙一", "乙弱", "乙微", "丙", "、"]), min_size=1, max_size=6
).map("".join)


@settings(deadline=None, max_examples=30)
@given(one=CLAUSE, other=CLAUSE)
def test_a_deed_counts_alike_whatever_clause_stands_beside_it(weighed, one, other):
    alone = themes_of(f"{one}。", weighed) | themes_of(f"{other}。", weighed)
    assert themes_of(f"{one}，{other}。", weighed) == alone


def test_the_same_deed_beside_another_theme_and_alone():
    beside, alone = themes_of("新建泵站五座，召开党建会议三次。"), themes_of("新建泵站六座。", role="plan")
    assert beside - {"party"} == alone == {"projects", "transport"}


@pytest.mark.parametrize(
    "text",
    [
        "向关心教育事业的各界人士表示衷心感谢！",
        "明年工作的指导思想是：抓好安全生产，推进乡村振兴。",
        "这些成绩来之不易，离不开医务人员的付出。",
        "只有抓好项目建设，才能实现跨越发展。",
        "我们也清醒认识到，科技创新和生态环境治理中还存在一些困难。",
    ],
)
def test_what_only_sets_the_frame_names_nothing_in_any_part(text):
    assert themes_of(text) == set()


def test_a_hit_says_what_in_its_clause_speaks_for_it():
    hits = find_hits(compilation(("县甲局", [("plan", "", "开展燃气安全隐患排查，办好其他工作。")])))
    assert set(hits["theme"]) == {"safety"}
    for because in hits["because"].str.split():
        assert 1 <= len(because) <= 2
        assert all(pair in "开展燃气安全隐患排查" for pair in because)


def test_hits_point_at_their_words_in_every_report_and_only_in_the_body():
    reports = compilation(
        ("县甲局", [("title", "", "信访工作总结"), ("plan", "", "化解信访积案。")]),
        ("县乙局", [("plan", "", "化解信访积案。")]),
        copies={2: 1},
    )
    hits = tables.check(find_hits(reports), tables.HITS)
    assert [reports.text[h.start : h.end] for h in hits.itertuples()] == hits["term"].tolist()
    assert set(hits["report"]) == {1, 2}
    assert set(hits["role"]) == {"plan"}


def test_traditional_characters_are_found_as_simplified_ones():
    reports = compilation(("縣甲局", [("plan", "", "發放養老金三千萬元。")]))
    hits = find_hits(reports)
    assert (set(hits["theme"]), set(hits["term"])) == ({"welfare"}, {"养老金"})


def test_a_stretch_never_leaves_its_sentence(own):
    codebook = own(f"[themes.a]\n{HEAD}patterns = ['甲.乙']")
    assert themes_of("甲。乙。", codebook) == set()


@settings(deadline=None)
@given(st.text(alphabet="甲一二三四五弱、，。乙新建项目数字经济", max_size=60))
def test_stretches_never_overlap_and_stand_in_order(text):
    found = find_stretches(text, read_codebook())
    assert all(one.end <= other.start or one[:2] == other[:2] for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@pytest.mark.parametrize(("least", "named"), [("0.3", True), ("0.299", False)])
def test_weights_that_add_up_to_nothing_name_a_theme_in_whatever_order(monkeypatch, tmp_path, least, named):
    assert 0.3 + (-0.1 - 0.2) < 0  # of fractions added as they come, the last bit is lost
    rows = [
        "sign,weights",
        f",transport:{least}",
        "=brief,",
        "=listed,",
        "=weak,",
        "修路,transport:-0.1",
        "路面,transport:-0.2",
    ]
    (tmp_path / "theme_weights.csv").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setattr("kit.measure.themes.path", tmp_path.joinpath)
    _weights.cache_clear()
    try:
        [decided] = decide("修路面", [Clause(0, 3, 0, False, [])], [{"transport": True}])
    finally:
        _weights.cache_clear()
    assert ("transport" in decided) == named
