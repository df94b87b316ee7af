"""A copy of the kit in which every word of one language carries a mark, and what its screens then show.

As a script, with that copy on PYTHONPATH, it uses the kit as a user does in the folder that it stands in: `out` is what
a run wrote, `said.json` what the terminal, the panels and the controls said.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import openpyxl

MARK = "※"  # the sample does not hold it, the figures' font does
OTHER = {"zh": "en", "en": "zh"}
TEXTS = ("labels", "messages", "findings", "tables", "help", "codebook", "headlines", "agencies", "layout", "themes",
         "errors")  # fmt: skip
YEARS, PLACES = ("2023.txt", "2024.txt"), ("2023.txt", "2023-chengpu.txt")
TECHNICAL = {"f", "formatCode", "tableStyleId", "instrText"}  # of office files: what nobody reads


def mark_kit(root: Path, folder: Path, lang: str) -> None:
    """Copy the kit and its notebooks, whatever they say in one language marked."""
    import tomlkit

    for name in ("kit", "notebooks"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in TEXTS:
        file = folder / "kit" / "data" / f"{name}.toml"
        said = tomlkit.parse(file.read_text(encoding="utf-8"))
        _mark(said, lang, whole=name == "errors" and lang == "zh")  # what they say in English stands in the code
        file.write_text(tomlkit.dumps(said), encoding="utf-8")
    for file in (folder / "notebooks").glob("*.ipynb"):
        book = json.loads(file.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            if lang in cell["metadata"].get("tags", ()):
                cell["source"] = [MARK, *cell["source"]]
        file.write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")


def _mark(table: dict, lang: str, *, whole: bool = False) -> None:
    """Mark what a table says in a language: under its name, beside the other (where, where_en), in a line of both."""
    for key, value in list(table.items()):
        own = whole or key.split("_")[0] == lang
        pair = "en" if key.endswith("_en") else "zh" if f"{key}_en" in table else ""
        if key.startswith("layout_"):  # names of PowerPoint's, by which layouts are found
            continue
        if isinstance(value, dict):
            _mark(value, lang, whole=own)
        elif key == "called":
            table[key] = [MARK * (name == lang) + one for name, one in zip(("zh", "en"), value, strict=True)]
        elif isinstance(value, str) and key == "assumed" and " · " in value:
            table[key] = " · ".join(
                MARK * (n == lang) + one for n, one in zip(("zh", "en"), value.split(" · "), strict=True)
            )
        elif isinstance(value, str) and (own or pair == lang):
            table[key] = MARK + value


class Words(HTMLParser):
    """The words of a page that its reader sees or hears; calls, which are code, apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found, self._within = list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "code", "metadata"):
            self._within.append(tag)
        self.found += [value or "" for name, value in attrs if name in ("alt", "title", "aria-label", "placeholder")]

    def handle_endtag(self, tag):
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data):
        if not self._within:
            self.found.append(data)


def words_of(file: Path) -> list[str]:
    """The words of a page, a deck (its notes too), a document; of a workbook its sheets, heads and first sheet."""
    if file.suffix == ".html":
        return Words(file.read_text(encoding="utf-8")).found
    if file.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(file, read_only=True).worksheets
        rows = [
            row
            for at, sheet in enumerate(sheets)
            for row in sheet.iter_rows(max_row=1 if at else None, values_only=True)
        ]
        return [str(cell) for row in rows for cell in row if cell is not None]
    return [*_words_of_office(file.read_bytes())]


def _words_of_office(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        for part in whole.namelist():
            if part.endswith(".xlsx"):  # behind a chart
                yield from _words_of_office(whole.read(part))
            elif part.endswith(".xml") and Path(part).parent.name in ("slides", "notesSlides", "charts", "word", "xl"):
                if part.split("/")[-1].startswith(
                    ("styles", "settings", "fontTable", "numbering", "theme", "workbook")
                ):
                    continue
                for one in ET.fromstring(whole.read(part)).iter():
                    yield (one.text or "") * (one.tag.rpartition("}")[2] not in TECHNICAL)
                    yield one.get("descr") or ""


def use_kit(root: Path, folder: Path, lang: str) -> dict[str, list[str]]:
    """Use a copy of the kit in a folder, by this file as a script; return what the terminal and the controls said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KIT_")}
    env |= {
        "PYTHONPATH": str(root),
        "KIT_CACHE": str(root / "cache"),
        "KIT_LANG": lang,
        "PYTHONUTF8": "1",
        "COLUMNS": "200",
    }
    subprocess.run([sys.executable, __file__, lang], check=True, env=env, cwd=folder)
    return json.loads((folder / "said.json").read_text(encoding="utf-8"))


def _use(lang: str) -> None:
    import kit
    from kit.data import path
    from kit.run import execute, notebooks, read_notebook, run_notebooks
    from kit.show.briefing import write_page

    for name in {*YEARS, *PLACES}:  # half of the longer ones, which costs less
        whole = kit.read(path(f"sample/{name}"))
        Path(name).write_text(whole.text[: whole.reports["end"].iloc[:6].max()], encoding="utf-8")
    said: dict[str, list[str]] = {"progress": []}
    run_notebooks(YEARS, "out", lang=lang, progress=said["progress"].append)
    file = notebooks(places=True)[-1]
    book = read_notebook(file, lang, sources=PLACES)
    execute(book, file.name)
    write_page(Path("out", f"{file.stem}.html"), book, title=file.stem, lang=lang)
    said |= _say_all()
    analysis = kit.analyse(list(YEARS), lang=lang)
    said["shown"] = [repr(analysis)]
    panels = {
        "settle": kit.settle(analysis),
        "edit": kit.edit_themes(analysis),
        "coding": kit.code_sentences(analysis, n=5),
        **{of: kit.browse(analysis, of) for of in ("themes", "coverage", "fulfilment")},
        "words": kit.browse(analysis, "words", word="项目"),
        "source": kit.choose_source("2023.txt", lang=lang),
    }
    for about in panels["settle"].about.options:
        panels["settle"].about.value = about[1]
        said[f"settle {about[1]}"] = [*_words_of_widget(panels["settle"])]
    panels["edit"].word.value = "安全生产"
    said |= {name: [*_words_of_widget(panel)] for name, panel in panels.items()}
    said["other"] = _type(["check", "--help", "--lang", OTHER[lang]]).popitem()[1]
    Path("said.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _type(words: list, typed: str = "") -> dict[str, list[str]]:
    """What a command says on both channels."""
    from kit.cli import main

    said = io.StringIO()
    stdin, sys.stdin = sys.stdin, io.StringIO(typed)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        main(words, prog_name="kit")
    sys.stdin = stdin
    return {" ".join(words): said.getvalue().splitlines()}


def _say_all() -> dict[str, list[str]]:
    """Every command, its help, some errors, and the dialogue that settles."""
    from kit.cli import main

    inner = main.commands["themes"].commands
    names = [[], *([name] for name in main.commands), *(["themes", name] for name in inner)]
    said: dict[str, list[str]] = {}
    for words in names:
        said |= _type([*words, "--help"])
    Path("out", "briefing.docx").write_bytes(b"edited")
    said |= _type(["run", *YEARS, "-o", "out", "--only", "document", "--diff"])
    said |= _type(["tables", *PLACES, "-o", "places"])
    said |= _type(["settle", *YEARS], "s\n1 2\n9\nu\n" + "s\n" * 9)
    small = PLACES[-1]  # what is drafted beside the others would have them measured anew
    for words in (["check", small, "--write-overrides"], ["themes", "check", small, "--all"], ["themes", "draft", small],
                  ["themes", "sample", small, "-n", "3"], ["check", "none.txt"], ["run", "--none"], ["check"],
                  ["check", "2023.txt"], ["new", "own", small]):  # fmt: skip
        said |= _type(words)
    return said | {"drafted": _type(["check", small, "--write-overrides"]).popitem()[1]}


def _words_of_widget(widget) -> Iterator[str]:
    """The words of a control and of all that stands in it."""
    for name in ("description", "placeholder", "tooltip"):
        yield str(getattr(widget, name, "") or "")
    options = getattr(widget, "options", ())
    if isinstance(value := getattr(widget, "value", None), str) and not options:  # of options, which is chosen: a code
        yield from Words(value).found
    yield from (str(one[0]) if isinstance(one, tuple) else str(one) for one in options)
    for child in getattr(widget, "children", ()):
        yield from _words_of_widget(child)


if __name__ == "__main__":
    _use(sys.argv[1])
