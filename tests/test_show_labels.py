"""Every name and template exists in both languages and fills."""

import string

import pytest

from kit import tables
from kit.data import knowledge
from kit.errors import DataError
from kit.show.font import check_glyphs
from kit.show.labels import fill, in_theme_order, label, listed, quoted, theme_groups, theme_heads, theme_labels

LABELS = knowledge("labels.toml")
ENTRIES = [(group, key, entry) for group, entries in LABELS.items() for key, entry in entries.items()
           if group not in ("marks", "faces") and all(isinstance(text, str) for text in entry.values())]  # fmt: skip


def test_every_entry_speaks_both_languages_of_the_same_things():
    """Both languages are there, name the same places, and the font can draw them."""
    for group, key, entry in ENTRIES:
        assert set(entry) == {"zh", "en"}, (group, key)
        for text in entry.values():
            check_glyphs(text)
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in entry.values()]
        assert group == "units" or places[0] <= places[1] or places[1] <= places[0], (group, key)


def test_every_column_and_role_of_the_tables_has_a_name():
    for table in tables.ALL:
        for column in table:
            assert tables.label(column, "zh")
            assert tables.label(column, "en")
    assert all(label("roles", role, "zh") for role in tables.ROLES)


def test_a_noun_follows_its_number():
    assert fill("units", "n_reports", "en", value="1", n=1) == "1 report"
    assert fill("units", "n_reports", "en", value="12", n=12) == "12 reports"


def test_words_are_quoted_and_listed_as_each_language_does():
    assert quoted(["项目", "服务"], "zh") == "“项目”“服务”"
    assert quoted(["项目", "服务"], "en") == "“项目” and “服务”"
    assert listed(["甲", "乙", "丙"], "zh") == "甲、乙、丙"
    assert listed(["a", "b", "c"], "en") == "a, b and c"


def test_an_unknown_label_or_language_is_said():
    with pytest.raises(DataError, match=r"labels.toml: expected an entry 'nine' in \[states\], found none"):
        label("states", "nine", "zh")
    with pytest.raises(DataError, match=r"lang: expected one of \('zh', 'en'\), found 'fr'"):
        label("states", "both", "fr")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_themes_have_names_groups_and_short_heads(lang):
    labels, groups = theme_labels(lang), theme_groups(lang)
    assert set(labels) == set(groups) == set(knowledge("themes.toml")["themes"])
    heads = theme_heads(list(labels), labels, lang)
    assert max(map(len, heads)) <= (5 if lang == "zh" else 14)
    assert theme_heads(["own"], {"own": "自定主题"}, "zh") == ["自定主题"]


def test_themes_stand_in_the_order_of_their_names_and_unknown_ones_behind():
    assert in_theme_order(["b", "x", "a"], {"a": "甲", "b": "乙", "c": "丙"}) == ["a", "b", "x"]
