"""Words: the lexicon and the user's own terms, the segmenter, and what a token is; masks never; both engines alike."""

import re
import subprocess
import sys
from pathlib import Path

import hypothesis.strategies as st
import jieba
import pytest
from hypothesis import given, settings
from small import compilation, plan

import kit
from kit import data, tables
from kit.errors import DataError
from kit.measure import words
from kit.measure.words import (
    export_own_terms,
    find_longest,
    find_tokens,
    new_tokenizer,
    read_lexicon,
    read_words,
    segmenter,
)

# ---- The lexicon ----


SHIPPED = read_words(data.path("lexicon.csv"))
LEXICON = read_lexicon()


def test_the_lexicon_holds_the_field():
    assert len(SHIPPED) >= 1500
    for term in ("一老一小", "两客一危", "四好农村路", "双随机、一公开", "医共体", "卫健委", "规上工业增加值"):
        assert term in LEXICON.terms


def test_every_entry_has_a_group_and_a_note_and_stands_once():
    assert all(row["group"] and row["note"] for row in SHIPPED)
    terms = [row["term"] for row in SHIPPED]
    assert len(terms) == len(set(terms))


def test_a_word_is_in_one_list_only():
    assert not LEXICON.terms & (LEXICON.function | LEXICON.officialese)
    assert not LEXICON.function & LEXICON.officialese


def test_stop_words_stand_in_one_group_each_with_a_note():
    stopwords = data.knowledge("stopwords.toml")
    groups = [group for kind in ("function", "officialese") for group in stopwords[kind].values()]
    words = [word for group in groups for word in group["words"].split()]
    assert all(group["note"] for group in groups)
    assert [word for word in set(words) if words.count(word) > 1] == []


@pytest.mark.parametrize("text", ["1+3+N", "1＋3＋N＋N", "N+1", "一桥一策", "应保尽保", "应签尽签"])
def test_terms_with_a_number_or_a_slot_are_patterns(text):
    assert any(re.fullmatch(pattern, text) for pattern in LEXICON.patterns)


def test_own_terms_stand_beside_the_compilation(tmp_path):
    source = tmp_path / "2023.txt"
    file = export_own_terms(["薪火计划", "薪火计划", " 向阳小屋 "], source)
    assert file == tmp_path / "2023.terms.csv"
    assert [row["term"] for row in read_words(file)] == ["薪火计划", "向阳小屋"]
    assert export_own_terms(["一件事"], tmp_path) == tmp_path / "terms.csv"


def test_adding_terms_keeps_what_the_user_wrote(tmp_path):
    source = tmp_path / "2023.txt"
    file = tmp_path / "2023.terms.csv"
    file.write_bytes("# 我的词\nnote,term\n本地项目,薪火计划".encode("gb18030"))
    export_own_terms(["向阳小屋", "薪火计划"], source)
    assert file.read_text(encoding="utf-8-sig") == "# 我的词\nnote,term\n本地项目,薪火计划\n,向阳小屋\n"


def test_own_patterns_are_patterns_and_an_empty_file_is_no_term(tmp_path):
    file = tmp_path / "terms.csv"
    file.write_text("term,group\n第\\d+批,pattern\n", encoding="utf-8")
    assert [own.pattern for own in read_lexicon(file).patterns[len(LEXICON.patterns) :]] == ["第\\d+批"]
    file.write_text("# 还没有\n", encoding="utf-8")
    assert read_lexicon(file).terms == LEXICON.terms


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "词\n薪火计划\n",
            r"terms\.csv, line 1: expected a header with 'term', found \['词'\]; add the line term,group",
        ),
        ("# 说明\nterm,note\n薪火计划,甲\n,乙\n", r"terms\.csv, line 4: expected a term, found none; fill the line"),
        ("term,group\n(,pattern\n", r"terms\.csv, line 2: expected a regular expression, found '\('"),
        (None, r"terms\.csv: expected a CSV file of terms, but .*check its name"),
    ],
)
def test_errors_name_file_and_line(tmp_path, text, message):
    file = tmp_path / "terms.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_lexicon(file)


# ---- The segmenter ----


WORDS = frozenset({"医共体", "紧密型县域医共体", "两客一危", "人民医院", "安全生产"})


def test_the_words_added_stay_whole():
    cut = segmenter(WORDS, "jieba").cut
    assert cut("推进紧密型县域医共体建设") == ["推进", "紧密型县域医共体", "建设"]
    assert cut("抽查两客一危车辆") == ["抽查", "两客一危", "车辆"]


def test_joined_the_words_are_the_text():
    text = "推进医共体建设\n抽查车辆\n卫"
    assert "".join(segmenter(WORDS, "jieba").cut(text)) == text


def test_a_word_that_jieba_knew_is_counted_once():
    plain, taught = new_tokenizer(frozenset()), new_tokenizer(frozenset({"人民"}))
    assert taught.total - plain.total == taught.FREQ["人民"] - plain.FREQ["人民"]


def test_a_tokenizer_knows_the_dictionary_of_jieba(tmp_path):
    knows, whole = new_tokenizer(frozenset()), jieba.Tokenizer()
    whole.tmp_dir = str(tmp_path)
    whole.initialize()
    text = "推进紧密型县域医共体建设，加强abc与C++人才队伍；龘靐卫生院一丁不识，2023年以来T恤衫产业园区项目开工。"
    pieces = {text[start : start + size] for start in range(len(text)) for size in range(1, 8)}
    assert {piece: knows.FREQ.get(piece) for piece in pieces} == {piece: whole.FREQ.get(piece) for piece in pieces}
    assert [piece in knows.FREQ for piece in sorted(pieces)] == [piece in whole.FREQ for piece in sorted(pieces)]
    assert knows.lcut(text) == whole.lcut(text)
    assert knows.total == whole.total


def test_a_word_that_was_tried_is_forgotten():
    tokenizer = new_tokenizer(WORDS)
    before = tokenizer.lcut("龘靐计划和龘靐"), tokenizer.total, tokenizer.FREQ.get("龘"), "龘靐计" in tokenizer.FREQ
    assert words._cut_knowing("龘靐计划", "推进龘靐计划", tokenizer) == ["推进", "龘靐计划"]
    assert before == (
        tokenizer.lcut("龘靐计划和龘靐"),
        tokenizer.total,
        tokenizer.FREQ.get("龘"),
        "龘靐计" in tokenizer.FREQ,
    )


def test_the_general_total_is_that_of_jiebas_dictionary():
    assert sum(int(line.split(" ")[1]) for line in words._general_words() if " " in line) == words.GENERAL_TOTAL


@pytest.mark.parametrize("engine", words.ENGINES)
def test_every_engine_cuts_as_jieba_does_and_keeps_an_added_word_whole(engine):
    pytest.importorskip(engine)
    own = {"薪火计划", "龘靐", "龘靐工作", "人民群众的", "一丁不"}
    reference, known = new_tokenizer(LEXICON.words | own), segmenter(LEXICON.words | own, engine)
    cut = known.cut
    assert known.total == reference.total
    for word in [*own, "工作", "人民", "县", "龘", "不成词的字串", "一丁", "", *sorted(LEXICON.words)]:
        assert cut(f"推进{word}各地") == reference.lcut(f"推进{word}各地")
        assert (known.frequency(word) or 0) == reference.FREQ.get(word, 0)
    assert {*own} <= {piece for word in own for piece in cut(f"推进{word}各地")}


def test_jieba_itself_is_left_alone():
    segmenter(WORDS, "jieba")
    assert "医共体" not in jieba.dt.FREQ


def test_nothing_is_said_on_stderr():
    code = "from kit.measure.words import segmenter; segmenter(frozenset(), 'jieba').cut('推进工作')"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(words.__file__).parents[2]
    )
    assert result.stdout + result.stderr == ""


def test_jieba_is_loaded_without_what_it_can_do_without():
    code = "import sys; from kit.measure.words import new_tokenizer; new_tokenizer(frozenset()); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(words.__file__).parents[2]
    )
    assert {"jieba", "pkg_resources"} & set(done.stdout.split()) == {"jieba"}


# ---- Tokens ----


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
    pytest.importorskip("rjieba", reason="rjieba has no wheel here")
    return find_tokens(reports, engine="jieba"), find_tokens(reports, engine="rjieba")


@pytest.mark.parametrize("year", [2023, 2024])
def test_jieba_and_rjieba_give_the_same_tokens_on_the_sample(year):
    slow, fast = both(kit.read(kit.sample(year)))
    assert slow.equals(fast)


def test_jieba_and_rjieba_give_the_same_tokens_on_the_real_compilations(compilations):
    for source in (compilations / "2023.txt", compilations / "provinces-2026", compilations / "agencies"):
        slow, fast = both(kit.read(source))
        assert slow.equals(fast)
