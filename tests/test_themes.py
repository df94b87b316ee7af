"""Which stretches of a text name a theme, and which of them are matters of their sentence's own."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import compilation

from kit import tables
from kit.measure.codebook import read_codebook
from kit.measure.themes import find_framing, find_hits, find_stretches

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
        ("严厉打击电信网络诈骗，破案六十起。", {"enforcement"}),
        ("开展燃气安全隐患排查，消除隐患九十处。", {"safety"}),
        ("优化营商环境，推行容缺受理。", {"services"}),
        ("体操项目获得省级金牌两枚。", {"sports", "honours"}),
        ("农村公路养护一百公里。", {"rural", "transport"}),
        ("争取上级资金八千万元。", {"funding"}),
        ("农技推广人员不足，年龄偏大。", {"rural", "staff"}),
        ("印发全县养老服务实施方案。", {"planning", "welfare"}),
        ("化解信访积案十二件。", {"public"}),
        ("党支部开展主题党日十二次。", {"party"}),
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
    assert themes_of("新建公园项目。", codebook) == {"a", "b"}
    assert themes_of("新建公园，项目。", codebook) == {"b", "c"}


def test_a_shared_word_names_each_of_its_themes_unless_one_is_barred(own):
    codebook = own(f'[themes.a]\n{HEAD}exclusions = "旧文体"\n[themes.b]\n{HEAD}[shared]\n"a b" = "文体"\n')
    assert themes_of("文体。", codebook) == {"a", "b"}
    assert themes_of("旧文体。", codebook) == {"b"}


WEIGHTS = f"""[themes.a]\n{HEAD}terms = "甲一 甲二 甲三 甲四 甲五 甲六"\nweak = "甲弱"
[themes.b]\n{HEAD}terms = "乙一"\nweak = "乙弱"
"""


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("甲一和乙一。", {"a", "b"}),
        ("甲一和乙弱。", {"a"}),
        ("乙弱。", {"b"}),
        ("乙一、丙丙丙和甲一。", {"a"}),
        ("乙一、丙丙丙，甲弱。", {"b"}),
        ("甲一甲二甲三甲四甲五和乙一。", {"a", "b"}),
        ("甲一甲二甲三甲四甲五甲六和乙一。", {"a"}),
        ("甲一甲一甲一甲一甲一甲一和乙一。", {"a", "b"}),
    ],
)
def test_themes_are_weighed_within_their_sentence(own, text, themes):
    assert themes_of(text, own(WEIGHTS)) == themes


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


@given(st.text(alphabet="甲一二三四五弱、，。乙新建项目数字经济", max_size=60))
def test_stretches_never_overlap_and_stand_in_order(text):
    found = find_stretches(text, read_codebook())
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
