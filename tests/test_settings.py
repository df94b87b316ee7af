"""A ``kit.toml`` in the folder that one works in: what is read there when nothing is named."""

import pytest

import kit
from kit.data import settings
from kit.errors import DataError
from kit.show.widgets import choose_source


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for year in (2023, 2024):
        (tmp_path / f"{year}年.txt").write_bytes(kit.sample(year).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_without_a_file_nothing_is_set():
    assert settings() == {}
    assert kit.read().name == "2023.txt"


def test_one_compilation_and_own_themes(folder):
    (folder / "themes").mkdir()
    own = 'drop = ["sports"]\n'
    (folder / "themes" / "own.toml").write_text(own, encoding="utf-8")
    text = 'source = "2024年.txt"\nlang = "en"\ncodebook = "themes/own.toml"\n'
    (folder / "kit.toml").write_text(text, encoding="utf-8")
    assert kit.read().name == "2024年.txt"
    assert "sports" not in kit.analyse().codebook.keys
    assert "sports" in kit.analyse(folder / "2023年.txt").codebook.keys
    assert kit.analyse(lang="zh").lang == "zh"


def test_a_list_names_years_of_which_the_last_stands_alone(folder):
    (folder / "kit.toml").write_text('source = ["2023年.txt", "2024年.txt"]\n', encoding="utf-8")
    assert kit.read().name == "2024年.txt"
    assert [year.compilation.name for year in kit.analyse([None, None]).years] == ["2023年.txt", "2024年.txt"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source = 3\n", "expected source, lang, codebook to be text, found 3; mend that line"),
        ('lang = "fr"\n', "lang: expected one of zh, en, found 'fr'; mend that line"),
        ("source = [\n", "expected TOML in UTF-8"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_by_name(folder, text, message):
    (folder / "kit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=f"kit.toml.*{message}"):
        kit.read()


def test_what_is_chosen_is_kept_for_all_notebooks_of_the_folder(folder):
    (folder / "kit.toml").write_text("# 我的设置\n[[role]]\nat = 1\n", encoding="utf-8")
    browser = choose_source()
    browser.controls["source"].value = "2024年.txt"
    browser.children[0].children[2].click()
    assert (folder / "kit.toml").read_text(encoding="utf-8") == (
        '# 我的设置\nsource = "2024年.txt"\nlang = "zh"\n[[role]]\nat = 1\n'
    )
    assert kit.read().name == "2024年.txt"
    assert "2024年.txt" in choose_source().children[0].children[0].options[0][0]
