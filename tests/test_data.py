"""Shipped data can be read, rules are compiled in one way, and stops stand in one place."""

import re
from collections.abc import Iterator

import pytest

from kit import data
from kit.data import any_of, knowledge, marks, read_toml, rule
from kit.errors import DataError

RULED = ("agencies", "headlines", "layout", "marks", "matching", "numbers", "roles")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return a function that ships a data file of rules for the time of a test."""

    def write(text):
        (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
        (tmp_path / "marks.toml").write_bytes(data.path("marks.toml").read_bytes())
        monkeypatch.setattr(data, "HERE", tmp_path)
        return "rules.toml"

    for cached in (knowledge, rule, marks):
        cached.cache_clear()
    yield write
    for cached in (knowledge, rule, marks):
        cached.cache_clear()


def entries(group: dict, above: str = "") -> Iterator[str]:
    """Yield the path of every text and list of texts of a data file."""
    for key, value in group.items():
        if isinstance(value, dict):
            yield from entries(value, f"{above}{key}.")
        elif isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            yield f"{above}{key}"


@pytest.mark.parametrize("name", sorted(file.name for file in data.HERE.glob("*.toml")))
def test_every_shipped_file_says_what_it_holds_and_can_be_read(name):
    assert data.path(name).read_text(encoding="utf-8").startswith("# ")
    assert knowledge(name)


# What the code fills in, by the names of the places.
FILLED = {
    "next": "2024", "plan": "2024", "later": "2025", "review": "2023", "kind": "市", "kinds": "省|市", "places": "镇|乡", "mask": "X+",
}  # fmt: skip


@pytest.mark.parametrize("name", RULED)
def test_every_shipped_rule_compiles(name):
    paths = [path for path in entries(knowledge(f"{name}.toml")) if "." not in path.rpartition(".")[2]]
    assert paths
    for path in paths:
        if not path.startswith("marks."):  # sets of marks are no rules
            rule(f"{name}.toml", path, **FILLED)


@pytest.mark.parametrize(
    ("text", "entry", "found", "not_found"),
    [
        ("[plan]\ncues = '(下一步|明年).{0,4}(打算|计划)'", "plan.cues", ["下一步工作打算"], ["下一步"]),
        ("[plan]\ncues = ['打算$', '计划$']", "plan.cues", ["工作打算", "工作计划"], ["计划完成"]),
        ("done = '完成[^{stops}]{0,4}任务'", "done", ["完成了全年任务"], ["完成。下达任务"]),  # marks, within a class
        ("dated = '{year}年'", "dated", ["2023年", "二〇二三年"], ["23年"]),  # a pattern of marks.toml
        ("[a]\nplaces = ['县', '市']\nof = '{places}政府'", "a.of", ["市政府"], ["镇政府"]),  # of the same section
        ("[words]\ndoing = '推进|落实'\n[a]\nof = '{doing}改革'", "a.of", ["落实改革"], ["推进教育"]),
        ("[a]\nx = '{y}镇'\ny = '{z}乡'\nz = ['甲', '乙']", "a.x", ["乙乡镇"], ["丙乡镇"]),  # filled in turn
        ("[a]\nx = []", "a.x", [], ["", "甲"]),  # no cue, nothing found
    ],
)
def test_a_rule_is_its_text_with_its_places_filled(written, text, entry, found, not_found):
    compiled = rule(written(text), entry)
    assert [bool(compiled.search(line)) for line in (*found, *not_found)] == [True] * len(found) + [False] * len(
        not_found
    )


def test_several_entries_are_alternatives(written):
    both = rule(
        written("[plan]\nstrong = ['下一步']\nbare = ['打算', '工作打算']\n"), "plan.strong", "plan.bare", whole=True
    )
    assert [bool(both.search(line)) for line in ("下一步", "工作打算", "工作打算等")] == [True, True, False]


def test_of_plain_words_the_longest_is_found(written):
    assert rule(written("names = ['局', '教育局']"), "names").search("市教育局").group() == "教育局"
    assert re.findall(any_of(["1+3", "1+3+N"]), "1+3+N") == ["1+3+N"]
    assert not re.search(any_of([]), "")


def test_a_place_of_a_rules_own_is_filled_by_its_caller(written):
    name = written("ahead = '展望{next}年'")
    assert rule(name, "ahead", next="2024").search("展望2024年")
    with pytest.raises(DataError, match=r"rules.toml, ahead: nothing fills \{next\}; expected a name of its section"):
        rule(name, "ahead")


@pytest.mark.parametrize(
    ("text", "entry", "message"),
    [
        (
            "[plan]\ncues = '(打算'",
            "plan.cues",
            r"rules.toml, plan.cues: expected a regular expression, found '\(打算'",
        ),
        (
            "[plan]\ncues = '打算'",
            "plan.cue",
            "rules.toml: expected an entry plan.cue, found no 'cue'; add it, or mend",
        ),
        ("[plan]\ncues = '打算'", "plans.cues", "rules.toml: expected an entry plans.cues, found no 'plans'"),
        ("a = '{nobody}'", "a", r"rules.toml, a: nothing fills \{nobody\}; expected a name of its section, \[words\]"),
    ],
)
def test_a_rule_that_cannot_be_used_says_where_it_stands(written, text, entry, message):
    with pytest.raises(DataError, match=message):
        rule(written(text), entry)


def test_marks_are_told_by_what_they_end():
    assert set(marks("sentence")) < set(marks("stops")) < set(marks("clause"))
    assert not set(marks("clause")) & set(marks("listing"))
    assert set("。！？；!?;") == set(marks("stops"))
    with pytest.raises(DataError, match=r"marks.toml: expected a set 'stop' in \[marks\], found only sentence, "):
        marks("stop")


def test_the_latin_full_stop_ends_nothing():
    """It is a decimal point (2.5亿元) or numbers a heading (1.加强)."""
    assert not any("." in marks(name) or "．" in marks(name) for name in knowledge("marks.toml")["marks"])


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("一是抓实，二是抓细。", ["一是抓实", "二是抓细", ""]),
        ("新建、改建5所;投资2.5亿元", ["新建、改建5所", "投资2.5亿元"]),
        ("具体如下：\n办结12件", ["具体如下", "", "办结12件"]),
    ],
)
def test_a_clause_ends_at_its_marks_and_at_the_line(text, clauses):
    assert rule("marks.toml", "patterns.clause_end").split(text) == clauses


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "expected a TOML file, found none; check the name"),
        ("a =\nb = 1", "expected TOML in UTF-8, but .*line 1"),
    ],
)
def test_a_file_that_is_no_data_is_refused_by_name(tmp_path, text, message):
    file = tmp_path / "主题.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=f"主题.toml: {message}"):
        read_toml(file)


def test_a_users_own_file_stands_beside_a_file_and_inside_a_folder(tmp_path):
    assert data.own_file(tmp_path / "2023.txt", "terms.csv") == tmp_path / "2023.terms.csv"
    assert data.own_file(tmp_path, "terms.csv") == tmp_path / "terms.csv"


@pytest.mark.parametrize("asked", [(2030,), (2024, "chengpu"), (2023, "../2023")])
def test_the_sample_names_the_years_and_places_that_there_are(asked):
    assert data.sample().name == "2023.txt"
    assert data.sample(2025).name == "2025.txt"
    assert data.sample(2023, "chengpu").name == "2023-chengpu.txt"
    expected = "expected one of 2023, 2023-chengpu, 2024, 2025; no other year or place"
    with pytest.raises(DataError, match=f"^sample {'-'.join(map(str, asked))}: {expected}"):
        data.sample(*asked)
