"""What a codebook's author should look at, and what a new author begins with."""

import pytest
from small import compilation

from kit import tables
from kit.measure.codebook import read_codebook
from kit.measure.codebook_check import check_themes, draft_themes, write_findings

HEAD = 'group = "means"\nzh = "甲"\nen = "A"\n'


@pytest.fixture
def findings(tmp_path):
    def findings(text, reports=None):
        file = tmp_path / "own.toml"
        file.write_text("standalone = true\n" + text, encoding="utf-8")
        table = tables.check(check_themes(read_codebook(file), reports), tables.CODEBOOK_FINDINGS)
        return set(table[["code", "theme", "entry"]].itertuples(index=False, name=None))

    return findings


def test_the_kits_own_codebook_has_nothing_to_mend():
    assert check_themes().empty


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (f'[themes.a]\n{HEAD}terms = "量子"\n[themes.b]\n{HEAD}terms = "量子"', ("duplicate", "b", "量子")),
        (f'[themes.a]\n{HEAD}terms = "量子"\nweak = "量子"', ("duplicate", "a", "量子")),
        (f'[themes.a]\n{HEAD}terms = "量子"\nexclusions = "量子"', ("shadowed", "a", "量子")),
        (f'[themes.a]\n{HEAD}terms = "量子"\nexclusions = "光子"', ("idle", "a", "光子")),
    ],
)
def test_what_is_wrong_with_a_codebook_itself(findings, text, finding):
    assert findings(text) == {finding}


def test_a_compilation_shows_words_always_hidden_and_themes_never_found(findings):
    reports = compilation(("县甲局", [("plan", "", "量子计算中心。")]))
    text = f'[themes.a]\n{HEAD}terms = "量子"\n[themes.b]\n{HEAD}terms = "量子计算"'
    assert findings(text, reports) == {("inside", "a", "量子"), ("silent", "a", "")}
    assert findings(text) == set()


def test_of_words_that_never_count_the_authors_own_are_to_mend_and_the_kits_a_note(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(f'[themes.a]\n{HEAD}terms = "量子"\n[themes.b]\n{HEAD}terms = "量子计算"', encoding="utf-8")
    reports = compilation(("县甲局", [("plan", "", "开展卫片执法，建设量子计算中心。")]))
    table = check_themes(read_codebook(file), reports)
    inside = table[table["code"] == "inside"].set_index("entry")["severity"].to_dict()
    assert inside == {"量子": "doubt", "卫片": "note", "执法": "note"}


MEND = {"code": "silent", "severity": "doubt", "theme": "sports", "entry": "", "message": "没有命中",
        "message_en": "no hit"}  # fmt: skip
NOTE = {"code": "inside", "severity": "note", "theme": "rural", "entry": "乡村", "message": "在更长的词里",
        "message_en": "inside"}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "options", "lines"),
    [
        ([], {}, ["没有要处理的条目"]),
        ([], {"lang": "en"}, ["nothing to mend"]),
        ([MEND], {}, ["体育（sports）：没有命中"]),
        ([MEND], {"lang": "en"}, ["Sports (sports): no hit"]),
        ([NOTE, MEND, NOTE], {}, ["体育（sports）：没有命中", "另有2个词"]),
        ([NOTE], {"lang": "en"}, ["1 word occurs inside longer entries only, as it should"]),
        ([NOTE, NOTE], {"lang": "en"}, ["2 words occur inside"]),
        ([NOTE], {"notes": True}, ["乡村振兴与农业农村（rural） 乡村：在更长的词里"]),
    ],
)
def test_findings_are_written_in_a_language_and_notes_summed_up(rows, options, lines):
    written = write_findings(tables.make(rows, tables.CODEBOOK_FINDINGS), read_codebook(), **options).splitlines()
    assert len(written) == len(lines)
    assert all(line.startswith(start) for line, start in zip(written, lines, strict=True)), written


@pytest.fixture
def draft():
    words = "量子。量子。养老金。养老金。"
    return draft_themes(compilation(("县甲局", [("plan", "", words)]), ("县乙局", [("plan", "", words)])))


def test_a_draft_changes_nothing_before_it_is_edited(tmp_path, draft):
    file = tmp_path / "own.toml"
    file.write_text(draft, encoding="utf-8")
    assert all(line.startswith("#") for line in draft.splitlines())
    assert read_codebook(file).entries == read_codebook().entries


def test_taken_up_a_draft_is_a_codebook_of_the_terms_no_theme_covers(tmp_path, draft):
    head, _, theme = draft.partition("# [themes.own]")
    lines = ["[themes.own]", *(line.removeprefix("# ") for line in theme.splitlines()[1:])]
    edited = "\n".join(lines).replace('group = ""', 'group = "means"').replace('h = ""', 'h = "量"')
    file = tmp_path / "own.toml"
    file.write_text(head + edited.replace('en = ""', 'en = "Q"'), encoding="utf-8")
    terms = {entry.text for entry in read_codebook(file).entries if "own" in entry.themes}
    assert terms == {"量子"}
