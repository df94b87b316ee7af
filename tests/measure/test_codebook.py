"""A codebook is read, a user's stands on top of it, and what cannot be used is said."""

import shutil
from pathlib import Path

import pytest

import kit
from kit.errors import DataError
from kit.measure.codebook import BARRED, codebook_of, read_codebook

KEYS = (
    "party reform services digital safety enforcement economy projects innovation regional rural ecology land "
    "transport health welfare culture sports staff funding public planning honours"
)
NEW = 'group = "means"\nzh = "量子"\nen = "Quantum"\nterms = "量子计算"\n'


@pytest.fixture
def write(tmp_path):
    def write(text):
        file = tmp_path / "mine.themes.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def words_of(codebook, theme):
    return {entry.text for entry in codebook.entries if theme in entry.themes and entry.weight != BARRED}


def test_the_kit_has_the_themes_of_its_definitions_each_with_prose():
    codebook = read_codebook()
    assert set(codebook.keys) == set(KEYS.split())
    assert all(theme.zh and theme.en and theme.definition and theme.counts for theme in codebook.themes)
    assert {theme.group for theme in codebook.themes} == set(codebook.groups)
    assert all(len(words_of(codebook, key)) > 50 for key in codebook.keys)


def test_words_are_added_to_a_theme_and_taken_away(write):
    codebook = read_codebook(write('[themes.sports]\nterms = "飞盘"\nremove = "体彩"\n'))
    words, shipped = words_of(codebook, "sports"), words_of(read_codebook(), "sports")
    assert words == shipped - {"体彩"} | {"飞盘"}
    assert codebook.name == "themes.toml + mine.themes.toml"


def test_a_theme_is_replaced_added_or_dropped(write):
    codebook = read_codebook(write(f'drop = ["sports"]\n[themes.health]\nreplace = true\n{NEW}[themes.quantum]\n{NEW}'))
    assert words_of(codebook, "health") == words_of(codebook, "quantum") == {"量子计算"}
    assert {"协作区"} <= words_of(read_codebook(write("[shared]\n'health welfare' = '协作区'")), "health")
    assert "sports" not in codebook.keys
    assert not any("sports" in entry.themes for entry in codebook.entries)


def test_a_users_word_is_his_even_where_the_kit_has_it(write):
    own = 'group = "means"\nzh = "量子"\nen = "Quantum"\nterms = "文体 养老金"\n'
    codebook = read_codebook(write(f"[themes.quantum]\n{own}"))
    first = {}
    for entry in codebook.entries:
        first.setdefault(entry.text, entry.themes)
    assert first["文体"] == ("culture", "sports", "quantum")
    assert first["养老金"] == ("quantum",)


def test_themes_of_another_field_stand_alone(write):
    assert read_codebook(write(f"standalone = true\n[themes.quantum]\n{NEW}")).keys == ("quantum",)


def test_own_themes_stand_beside_their_source(tmp_path):
    source = Path(shutil.copy(kit.sample(2023), tmp_path))
    assert codebook_of(kit.read(source)).keys == read_codebook().keys
    (tmp_path / "2023.themes.toml").write_text('drop = ["sports"]', encoding="utf-8")
    assert "sports" not in codebook_of(kit.read(source)).keys


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[themes.sports]\nterm = '飞盘'",
            r"mine.themes.toml, themes.sports: expected one of group, .*, found term = ",
        ),
        (
            "[themes.sports]\nterms = ['飞盘']",
            r"mine.themes.toml, themes.sports.terms: expected a valid string, found \['飞盘'\]",
        ),
        (
            "[themes.sports]\npatterns = ['飞.*盘']",
            r"theme sports, patterns: found 飞\.\*盘, expected repeats with an end",
        ),
        (
            "[themes.sports]\npatterns = ['(飞{0,9}盘){0,9}']",
            r"theme sports, patterns: found .*expected repeats with an",
        ),
        (
            "[themes.sports]\npatterns = ['飞(盘']",
            r"theme sports, patterns: expected a regular expression, found '飞\(盘'",
        ),
        ("[themes.sports]\npatterns = ['飞?']", r"theme sports, patterns: found 飞\?, expected a pattern that matches"),
        ("[themes.sports]\npatterns = ['{doing}飞盘']", r"expected a name of \[words\], which has no 'doing'"),
        ("[themes.sports]\ngroup = 'play'", r"theme sports, group: found play, expected one of governance, economy"),
        ("[themes.quantum]\nzh = '量子'", r"theme quantum, group, en: found nothing, expected group, zh and en"),
        ("[theme.sports]", r"mine.themes.toml: expected one of standalone, drop, groups, .*, found theme = "),
        ("themes = 'sports'", r"mine.themes.toml, themes: expected a valid dictionary, found 'sports'"),
        ("[shared]\n'sport health' = '协作区'", r"theme sport, shared: found no such theme, expected one of party"),
        ("standalone = true", r"mine.themes.toml, themes: found none that is left, expected one or more"),
        ("drop = ['sport']", r"mine.themes.toml, theme sport, drop: found no such theme, expected one of party"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named_with_its_file_and_theme(write, text, message):
    with pytest.raises(DataError, match=message):
        read_codebook(write(text))


def test_named_words_stand_in_patterns(write):
    text = "[words]\ndoing = '建设|改造'\n[themes.quantum]\n" + NEW + "patterns = ['{doing}…量子中心']\n"
    pattern = next(entry.pattern for entry in read_codebook(write(text)).entries if entry.text.startswith("{doing}"))
    assert pattern.search("改造县级量子中心")["word"] == "量子中心"
    assert not pattern.search("改造县级，量子中心")
