"""Screens of one language show no text of the other, but for what the compilation itself says.

The kit is copied with every word of the other language marked, and used: a mark on a screen is a word that does not
belong there, wherever it comes from. What no file of words holds (texts in code, templates, libraries) is told by its
letters: Chinese in English screens must be the compilation's, Latin words in Chinese ones the compilation's, those of
the kit's own Chinese texts, or names of files, columns and commands.
"""

import json
import re
import shutil
import tomllib
from pathlib import Path

import click
import pytest
import speaking

import kit
import kit.data
from kit.cli import main
from kit.data import knowledge

ROOT = Path(kit.__file__).parent.parent
HAN, LATIN = re.compile("[\u3400-\u9fff]+"), re.compile("[A-Za-z]{2,}")


@pytest.fixture(scope="module", params=["zh", "en"])
def screens(request, tmp_path_factory) -> tuple[str, Path, dict[str, list[str]]]:
    """A language, the folder in which the marked kit was used in it, and the words of every screen by its name."""
    lang = request.param
    root, folder = tmp_path_factory.mktemp("marked"), tmp_path_factory.mktemp(lang)
    speaking.mark_kit(ROOT, root, speaking.OTHER[lang])
    said = speaking.use_kit(root, folder, lang)
    assert speaking.MARK in "".join(said.pop("other"))  # asked in the other language, the copy shows its marks
    shutil.rmtree(root)
    files = [file for file in sorted((folder / "out").iterdir()) if file.suffix in (".html", ".pptx", ".docx", ".xlsx")]
    return lang, folder, said | {file.name: speaking.words_of(file) for file in files if file.name != "briefing.docx"}


def own_words(folder: Path) -> str:
    """All that the compilations say, and the names made of it (agencies, things counted), as the tables hold them; words of themes."""
    files = [*folder.glob("*.txt"), *folder.glob("out/tables/*.csv"), kit.data.HERE / "themes.toml"]
    return re.sub(r"\s", "", "\n".join(file.read_text(encoding="utf-8") for file in files))


def chinese_words(entry: object, *, own: bool = False) -> str:
    """Everything that a file of words says in Chinese."""
    if isinstance(entry, dict):
        pairs = {key.removesuffix("_en") for key in entry if key.endswith("_en")}
        return " ".join(
            chinese_words(one, own=own or key.split("_")[0] == "zh" or key in pairs) for key, one in entry.items()
        )
    if isinstance(entry, list):
        return " ".join(chinese_words(one, own=own) for one in entry)
    return str(entry) if own or HAN.search(str(entry)) else ""


def names_of(command: click.Command) -> str:
    """What is typed: names of commands, arguments, options and their values."""
    options = [
        str(one)
        for option in command.params
        for one in (*option.opts, option.name, option.metavar, getattr(option.type, "choices", ""))
    ]
    return " ".join([command.name or "", *options, *map(names_of, getattr(command, "commands", {}).values())])


def test_no_screen_shows_a_word_of_the_other_language(screens):
    _, _, said = screens
    assert len(said) > 45
    assert {
        name: found for name, words in said.items() if (found := [one for one in words if speaking.MARK in one])
    } == {}


def test_what_stands_in_no_file_of_words_is_of_one_language_too(screens):
    lang, folder, said = screens
    if lang == "en":
        own = own_words(folder)
        strange = {
            name: {one for word in words for one in HAN.findall(re.sub(r"[^\S\t]", "", word)) if one not in own}
            for name, words in said.items()
        }
    else:
        texts = [file.read_text(encoding="utf-8") for file in folder.glob("*.txt")]
        known = [
            chinese_words(tomllib.loads(file.read_text(encoding="utf-8"))) for file in kit.data.HERE.glob("*.toml")
        ]
        cells = [
            cell
            for file in (ROOT / "notebooks").glob("*.ipynb")
            for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
        ]
        prose = ["".join(cell["source"]) for cell in cells if "zh" in cell["metadata"].get("tags", ())]
        declared = knowledge("tables.toml")
        names = [*declared["tables"], *declared["columns"], *knowledge("themes.toml")["themes"]]
        files = [str(file.relative_to(folder)) for file in folder.rglob("*")] + [str(folder)]
        own = {
            one.lower()
            for text in (*texts, *known, *prose, *names, *files, names_of(main))
            for one in LATIN.findall(text)
        }
        strange = {
            name: {one for word in words for one in LATIN.findall(word) if one.lower() not in own}
            for name, words in said.items()
        }
    assert {name: found for name, found in strange.items() if found} == {}


def test_axe_finds_no_serious_fault_in_pages_of_several_years(screens):
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    axe = pytest.importorskip("axe_core_python", reason="axe-core is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("Chromium is not installed: pages are not opened in a browser")
    faults = []
    with sync_api.sync_playwright() as engine:
        context = engine.chromium.launch(executable_path=chromium, args=["--no-sandbox"]).new_context(bypass_csp=True)
        for name in ("index.html", "report.html"):
            page = context.new_page()
            page.goto((screens[1] / "out" / name).as_uri())
            page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            faults += [
                (name, one["id"], one["nodes"][0]["target"])
                for one in found
                if one["impact"] in ("serious", "critical")
            ]
            page.close()
    assert faults == []
