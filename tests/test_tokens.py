"""Tokens: what a token is, of which kind; masks never; both engines alike."""

import re

import hypothesis.strategies as st
import jieba
import pytest
from hypothesis import given, settings
from small import compilation, plan

import kit
from kit import tables
from kit.errors import DataError
from kit.measure.lexicon import read_lexicon
from kit.measure.tokens import find_longest, find_tokens

LEXICON = read_lexicon()
HAN = re.compile("[\u4e00-\u9fd5]")


def cut(text, kind=None, **options):
    tokens = find_tokens(plan(text), **options)
    return list(tokens.loc[tokens["kind"] == kind, "term"] if kind else tokens["term"])


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("推进双随机、一公开监管。", ["双随机、一公开"]),
        ("抽查“两客一危”车辆。", ["两客一危"]),
        ("把四好农村路修好。", ["四好农村路"]),
        ("构建1+3+N体系，落实1＋2。", ["1+3+N", "1＋2"]),
        ("新建5G基站，15G不算。", ["5G基站"]),
        ("做到应签尽签、一桥一策。", ["应签尽签", "一桥一策"]),
        ("县委、县政府部署。", ["县委、县政府"]),
        ("推进紧密型县域医共体。", ["紧密型县域医共体"]),
        ("集中办公，不是中办。", ["中办"]),
    ],
)
def test_terms_of_the_field_stay_whole(text, terms):
    assert cut(text, "lexicon") == terms


@pytest.mark.parametrize(
    ("text", "kind", "terms"),
    [
        ("完成12.5%、2021-2025年。", "number", ["12.5%", "2021-2025"]),
        ("第三批、两个、百千万。", "number", ["第三批", "两个", "百千万"]),
        ("购置救护车，占10％。", "number", ["10％"]),
        ("在我县，今年以来。", "function", ["在", "我县", "今年以来"]),
        ("切实狠抓落实。", "officialese", ["切实", "狠抓落实"]),
        ("在B3楼、3A区。", "other", ["B3", "楼", "3A", "区"]),
        ("用CAD画图。", "word", ["CAD", "画图"]),
        ("省、市、县。", "other", ["省", "市", "县"]),
    ],
)
def test_every_token_has_its_kind(text, kind, terms):
    assert cut(text, kind) == terms


def test_masks_markers_titles_and_front_matter_are_never_tokens():
    reports = compilation(
        ("某局", [("title", "", "科技局工作总结"), ("plan", "一是", "培育X家企业某某镇。"), ("artefact", "", "下载")])
    )
    assert list(find_tokens(reports)["term"]) == ["培育", "家", "企业", "镇"]


def test_a_mask_parts_a_word():
    assert "卫健委" not in cut("卫X健委")


def test_own_terms_win(tmp_path):
    file = tmp_path / "2023.terms.csv"
    file.write_text("term\n薪火计划\n持续\n卫·健\n", encoding="utf-8-sig")
    assert cut("持续实施薪火计划，卫·健。", "lexicon", lexicon=file) == ["持续", "薪火计划", "卫·健"]
    assert "薪火计划" in cut("实施薪火计划。", "lexicon", lexicon=["薪火计划"])
    with pytest.raises(DataError, match="expected a CSV file of terms"):
        cut("实施。", lexicon=tmp_path / "none.csv")


def test_no_body_is_an_empty_table():
    reports = compilation(("县科技局", [("title", "", "总结")]))
    assert len(tables.check(find_tokens(reports), tables.TOKENS)) == 0


def test_the_longest_of_the_leftmost_wins():
    assert find_longest("数字经济与数字", ["数字", "数字经济", "经济与"]) == [(0, 4), (5, 7)]
    assert find_longest("数字", []) == []


PIECES = ["卫健委", "医共体", "培育", "企业", "X", "某", "12.5%", "1+3+N", "CT", "。", "，", "、", "一公开", "双随机、",
          "县", "第三批", "进一步", "的", "\u3000", "5G", "〇", "😀", "在我县"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(
    st.lists(st.tuples(st.sampled_from(["plan", "opening", "title"]), st.sampled_from(["", "一、"]), TEXTS), max_size=4)
)
@settings(max_examples=80, deadline=None)
def test_tokens_cover_the_body_once_and_point_at_themselves(parts):
    reports = compilation(("县科技局", parts))
    text, tokens = reports.text, find_tokens(reports, engine="jieba")
    assert [text[start:end] for start, end in zip(tokens["start"], tokens["end"], strict=True)] == list(tokens["term"])
    covered = [at for start, end in zip(tokens["start"], tokens["end"], strict=True) for at in range(start, end)]
    assert covered == sorted(set(covered))
    assert set(covered) >= {at for at in body(reports) if HAN.match(text[at]) or re.match("[A-Za-z0-9]", text[at])}
    assert set(covered) <= body(reports)
    for token in tokens.itertuples():
        sentence = reports.sentences.set_index("sentence").loc[token.sentence]
        assert sentence["start"] <= token.start < token.end <= sentence["end"]
        assert (sentence["report"], sentence["role"]) == (token.report, token.role)


def body(reports):
    """Characters of the body outside masks and markers, one by one."""
    at = set()
    for part in reports.parts.itertuples():
        if part.role in tables.BODY_ROLES:
            at |= set(range(part.start + len(part.marker), part.end))
    for mask in reports.masks.itertuples():
        at -= set(range(mask.start, mask.end))
    return at


def plain_tokens(text):
    """Cut by the written rules, plainly: terms on the raw text, then runs of letters and digits, then jieba."""
    tokenizer = jieba.Tokenizer()
    for word in sorted(LEXICON.words, key=lambda word: (len(word), word)):
        before = tokenizer.FREQ.get(word, 0)
        tokenizer.add_word(word)
        tokenizer.total -= before
    found, at = [], 0
    while at < len(text):
        mixed = [term for term in LEXICON.mixed if text.startswith(term, at)]
        mixed += [m.group() for pattern in LEXICON.patterns if (m := re.compile(pattern).match(text, at))]
        run = re.compile("[A-Za-z0-9]+(?:[.,/&+-][A-Za-z0-9]+)*[%]?").match(text, at)
        end = next((k for k in range(at, len(text)) if not HAN.match(text[k])), len(text))
        starts = (k for k in range(at + 1, end) if any(text.startswith(term, k) for term in LEXICON.mixed))
        end = next(starts, end)
        if mixed:
            found.append(max(mixed, key=len))
        elif run:
            found.append(run.group())
        else:
            found += tokenizer.lcut(text[at:end]) if end > at else []
            at = max(end, at + 1)
            continue
        at += len(found[-1])
    return found


def test_tokens_equal_a_plain_cut():
    text = "今年以来，县卫健委扎实推进医共体建设，新建5G基站12.5%；推行双随机、一公开，CT投用。落实1+3+N机制。"
    assert cut(text, engine="jieba") == plain_tokens(text)


def both(reports):
    pytest.importorskip("rjieba", reason="rjieba is not installed: pip install .[fast]")
    return find_tokens(reports, engine="jieba"), find_tokens(reports, engine="rjieba")


@pytest.mark.parametrize("year", [2023, 2024])
def test_jieba_and_rjieba_give_the_same_tokens_on_the_sample(year):
    slow, fast = both(kit.read(kit.sample(year)))
    assert slow.equals(fast)


def test_jieba_and_rjieba_give_the_same_tokens_on_the_real_compilations(compilations):
    for source in (compilations / "2023.txt", compilations / "provinces-2026", compilations / "agencies"):
        slow, fast = both(kit.read(source))
        assert slow.equals(fast)
