"""The command as a user types it."""

import contextlib
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from docx import Document
from pptx import Presentation
from pptx.util import Inches

import kit
import kit.data
import kit.run  # before a test stops what it calls
from kit.cli import main
from kit.data import find_lang, knowledge


def run(*words, lang="zh") -> tuple[int, str]:
    """Run the command; a traceback of any error that is not the kit's own reaches the test."""
    result = CliRunner().invoke(main, [str(word) for word in words], env={"KIT_LANG": lang})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_ctrl_c_stops_cleanly_and_leaves_nothing(tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("kit.show.bundle.write_tables", stop)
    result = CliRunner().invoke(main, ["run", str(kit.sample(2023)), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "已中断" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def garden(tmp_path, monkeypatch) -> Path:
    """One short report; a run on it leaves the notebooks out, which take the most time."""
    monkeypatch.setattr("kit.run.notebooks", lambda **_: [])
    file = tmp_path / "2023.txt"
    file.write_text(
        "县园林局2023年工作总结及2024年工作计划\n一、2023年工作总结\n（一）登记古树名木96株。\n"
        "二、2024年工作计划\n（一）登记古树名木120株。\n",
        encoding="utf-8",
    )
    return file


def test_an_edited_word_file_outlives_the_next_run_which_says_so_at_its_end(garden, tmp_path):
    out = tmp_path / "简报"
    run("run", garden, "-o", out)
    made = (out / "briefing.docx").read_bytes()
    (out / "briefing.docx").write_bytes(b"edited")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    code, said = run("run", garden, "-o", out)
    assert code == 0
    assert said.splitlines()[-2:] == [
        f"{out / 'briefing.docx'}在生成后改过，已保留；新的一份是briefing.new.docx", str(out / "index.html")]  # fmt: skip
    assert (out / "briefing.docx").read_bytes() == b"edited"
    assert (out / "briefing.new.docx").read_bytes() == made
    _, said = run("run", garden, "-o", out, "--force")
    assert "briefing" not in said.replace(str(out), "")
    assert (out / "briefing.docx").read_bytes() == made
    assert not (out / "briefing.new.docx").exists()
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_run_follows_what_briefing_toml_chooses_and_says_which_templates_it_took(garden, tmp_path):
    """Findings in the author's order, a title of their own, a figure left out, templates for slides and Word."""
    deck, document = Presentation(), Document()
    deck.slide_width, deck.slide_height = Inches(10), Inches(5.625)
    deck.slide_layouts[0].name, deck.slide_layouts[5].name = "封面", "正文"
    deck.save(tmp_path / "模板.pptx")
    document.styles["Heading 1"].font.name = "Arial"
    document.save(tmp_path / "模板.docx")
    (tmp_path / "briefing.toml").write_text(
        'title = "园林简报"\nsignature = "县园林局"\nfindings = ["statuses", "terms"]\nleft_out = ["cloud"]\n'
        'titles = { statuses = "古树名木年年登记" }\ntemplate_pptx = "模板.pptx"\ntemplate_docx = "模板.docx"\n'
        'layouts = { cover = "封面", slide = "正文" }\n',
        encoding="utf-8",
    )
    code, said = run("run", garden, "-o", tmp_path / "out")
    assert (code, said.splitlines()[-1]) == (0, str(tmp_path / "out" / "index.html"))
    slides = Presentation(tmp_path / "out" / "briefing.pptx").slides
    assert {slide.slide_layout.name for slide in slides} == {"封面", "正文"}
    titles = [slide.shapes.title.text for slide in slides]
    assert titles[0] == "园林简报"
    assert "古树名木年年登记" in titles
    written = Document(tmp_path / "out" / "briefing.docx")
    assert written.styles["Heading 1"].font.name == "Arial"
    assert written.paragraphs[0].text == "园林简报"
    assert "县园林局" in [paragraph.text for paragraph in written.paragraphs]
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "古树名木年年登记" in index
    assert "figures/cloud.png" not in index
    assert "briefing.toml" in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")


def test_dated_runs_stand_beside_each_other_and_each_is_compared_with_the_last(garden, tmp_path):
    out = tmp_path / "briefing"
    said = []
    for text in ("（一）登记古树名木120株。", "（一）登记古树名木120株。（二）续建公园。"):
        garden.write_text(
            garden.read_text(encoding="utf-8").replace("（一）登记古树名木120株。", text), encoding="utf-8"
        )
        said.append(run("run", garden, "-o", out, "--dated", "--diff")[1])
    first, second = sorted(out.iterdir())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", first.name)
    assert second.name == f"{first.name}-2"
    assert "没有上次运行的结果" in said[0]
    assert "items: 2 → 3" in said[1]
    assert said[1].splitlines()[-1] == str(second / "index.html")


def test_a_folder_of_others_is_told_before_the_work_and_stays_as_it_was(garden, tmp_path):
    code, said = run("run", garden, "-o", tmp_path, "--force")
    assert code == 1
    assert "里面是别人的文件（2023.txt），不会覆盖；请用-o另写一个文件夹" in said
    assert [file.name for file in tmp_path.iterdir()] == ["2023.txt"]


def test_an_unknown_part_is_refused(garden):
    code, said = run("run", garden, "--only", "figures,pictures")
    assert code == 2
    assert "'--only'的值不对：可写的有report,slides,document,workbook,notebooks,figures,tables，没有'pictures'" in said


BAD_SOURCES = [
    ("missing.txt", None, "expected a file or folder, found none; check the name"),
    ("empty.txt", b"", "expected the text of reports, found an empty file"),
    ("blank.txt", " \n\u3000\n".encode(), "expected the text of reports, found an empty file"),
    ("binary.txt", bytes(range(256)) * 40, "expected text in UTF-8"),
    ("poem.txt", "春江潮水连海平，海上明月共潮生。\n滟滟随波千万里。\n".encode(), "expected at least one work report"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD_SOURCES, ids=[name for name, _, _ in BAD_SOURCES])
@pytest.mark.parametrize("command", ["check", "tables", "run"])
def test_a_bad_source_is_one_clear_message_and_nothing_is_written(tmp_path, command, name, content, message):
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    output = tmp_path / "out"
    code, said = run(command, source, *([] if command == "check" else ["-o", output]), lang="en")
    assert code == 1
    assert message in said
    assert name in said
    assert not output.exists()


def test_a_folder_without_reports_says_what_it_holds(tmp_path):
    (tmp_path / "图.png").write_bytes(b"\x89PNG")
    code, said = run("check", tmp_path)
    assert code == 1
    assert "图.png" in said


def test_check_prints_reports_and_doubts():
    code, said = run("check", kit.sample(2023))
    assert code == 0
    assert "县交通运输局" in said
    assert "第5篇与第9篇正文几乎相同" in said


@pytest.mark.parametrize(
    ("lang", "heads", "assumed", "other"),
    [
        ("zh", ("需要核对（4处）", "提示（"), "以正文为准", "the body wins"),
        ("en", ("To be checked (4)", "Notes ("), "the body wins", "以正文为准"),
    ],
)
def test_check_says_in_one_language_what_is_to_be_settled_before_what_is_only_noted(lang, heads, assumed, other):
    _, said = run("check", kit.sample(2023), "--lang", lang)
    first, then = (said.index(head) for head in heads)
    assert first < said.index(f"→ {assumed}") < then
    assert other not in said


def test_tables_of_two_years_point_into_the_text_of_their_own_year(tmp_path):
    code, _ = run("tables", kit.sample(2023), kit.sample(2024), "-o", tmp_path / "表")
    assert code == 0
    texts = [(tmp_path / "表" / year / "text.txt").read_text(encoding="utf-8") for year in ("1", "2")]
    assert {file.stem for file in (tmp_path / "表").glob("*.csv")} == {
        "links", "fulfilment", "headlines", "series", "chains", "theme_years", "word_changes", "priorities"}  # fmt: skip
    with (tmp_path / "表" / "fulfilment.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["answered_by"] == "itself"]
    shared = [set(texts[0][int(row["start"]) : int(row["end"])]) & set(texts[1][int(row["evidence_start"]) : int(row["evidence_end"])])
              for row in rows]  # fmt: skip
    assert rows
    assert sum(len(chars) > 1 for chars in shared) >= 0.95 * len(rows)


@pytest.mark.parametrize("command", ["run", "lab"])
def test_the_year_before_is_named_first_and_not_by_an_option(command):
    code, output = run(command, "2024.txt", "--earlier", "2023.txt", "--lang", "en")
    assert code == 2
    said = f"--earlier is gone: name the years in their order, kit {command} 2023.txt 2024.txt"
    assert said in " ".join(output.split())
    assert "请按年份先后写出" in run(command, "2024.txt", "--earlier", "2023.txt", "--lang", "zh")[1]


def test_tables_are_written_with_their_text_and_point_into_it(tmp_path):
    code, _ = run("tables", kit.sample(2023), "-o", tmp_path / "表")
    assert code == 0
    text = (tmp_path / "表" / "text.txt").read_text(encoding="utf-8")
    assert text == kit.read(kit.sample(2023)).text
    with (tmp_path / "表" / "parts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert "".join(text[int(row["start"]) : int(row["end"])] for row in rows) == text


def test_every_command_is_in_the_readme_and_has_help():
    readme = (kit.data.HERE.parent.parent / "README.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert re.search(rf"\bkit {name}\b", readme), name
        assert command.help, name
    for name, command in main.commands["themes"].commands.items():
        assert re.search(rf"\bkit themes {name}\b", readme), name
        assert command.help, name


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readmes_code_runs(name, tmp_path, monkeypatch):
    readme = (kit.data.HERE.parent.parent / name).read_text(encoding="utf-8")
    shutil.copy(kit.sample(2023), tmp_path / "2023.txt")
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    exec(compile(code, name, "exec"), {})


def test_check_drafts_a_file_of_overrides_once(tmp_path):
    source = Path(shutil.copy(kit.sample(2023), tmp_path))
    code, said = run("check", source, "--write-overrides")
    assert code == 0
    assert "2023.kit.toml" in said
    assert len(kit.read(source).doubts) == len(kit.read(kit.sample(2023)).doubts)
    code, said = run("check", source, "--write-overrides")
    assert code == 1
    assert "已有这个文件；请直接修改" in said


def type_in_terminal(command: list, lines: list[str], ends: str) -> str:
    """Type lines into a command in a terminal of its own, one whenever it ends a line with a mark; return what is shown."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on Windows")
    child, terminal = pty.fork()
    if not child:
        os.environ.update(LC_ALL="C.UTF-8", TERM="dumb")
        os.execv(sys.executable, [sys.executable, "-m", "kit.cli", *map(str, command)])
    shown, asked = b"", 0
    with contextlib.suppress(OSError):  # the terminal closes with the command
        while piece := os.read(terminal, 4096):
            shown += piece
            if shown.count(ends.encode()) > asked and lines:
                asked += 1
                os.write(terminal, lines.pop(0).encode() + b"\n")
    os.waitpid(child, 0)
    return shown.decode()


def test_doubts_are_settled_in_a_terminal(tmp_path):
    source = Path(shutil.copy(kit.sample(2023), tmp_path))
    shown = type_in_terminal(
        ["settle", source, "--lang", "zh"], ["2", "县生态环境分局", "s", "u", "1 对过", "q"], "：\r\n"
    )
    assert "标题写“县生态环境分局”" in shown
    assert "\x1b" not in shown
    settled = kit.read(source).overrides
    assert settled[["kind", "says", "note"]].to_numpy().tolist() == [
        ["report", "agency = 县生态环境分局", ""],
        ["doubt", "code = copy", "对过"],
    ]


def test_a_console_that_cannot_show_a_character_shows_its_code(tmp_path):
    source = Path(shutil.copy(kit.sample(2023), tmp_path))
    command = [sys.executable, "-m", "kit.cli", "settle", str(source), "--lang", "en"]
    done = subprocess.run(
        command, check=False, input=b"1\nq\n", capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp437"}
    )
    assert done.returncode == 0
    assert b"\\u53bf" in done.stdout
    assert len(kit.read(source).overrides) == 1


# What is typed in the console of a Windows, in a folder whose path is long and Chinese.
def test_tables_load_nothing_that_they_do_without(garden, tmp_path):
    code = CONSOLE.format(typed=[["tables", str(garden), "-o", str(tmp_path / "表")]]) + "print(*sys.modules)"
    env = {**os.environ, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, cwd=tmp_path, env=env)
    assert "code 0" in done.stdout
    heavy = {"pydantic", "scipy", "sklearn", "matplotlib", "IPython", "jieba", "docx", "pptx", "xlsxwriter", "lxml"}
    assert not heavy & set(done.stdout.split())


TYPED = [
    ["check", "{source}"],
    ["tables", "{source}", "-o", "{folder}/表"],
    ["run", "{source}", "-o", "{folder}/简报", "--only", "document"],
    ["themes", "draft", "{source}"],
    ["themes", "check", "{source}"],
    ["settle", "{source}"],
    ["check", "{folder}/无.txt"],
]
CONSOLE = """
import sys
from kit.cli import main
for words in {typed!r}:
    try:
        main(words)
    except SystemExit as stopped:
        print("code", stopped.code or 0)
"""


@pytest.mark.parametrize(("page", "lang"), [("cp936", "zh"), ("cp437", "en"), ("cp1252", "zh"), ("ascii", "en")])
def test_commands_work_on_every_code_page_in_a_long_chinese_path(garden, tmp_path, page, lang):
    folder = tmp_path.joinpath(*["岚溪县人民政府办公室综合科二〇二三年度工作总结汇编存档" * 2] * 4)
    folder.mkdir(parents=True)
    source = Path(shutil.copy(garden, folder / "各单位总结.txt"))
    assert len(str(source)) > 200
    typed = [[word.format(source=source, folder=folder) for word in words] for words in TYPED]
    env = {**os.environ, "PYTHONIOENCODING": page, "PYTHONUTF8": "0", "KIT_LANG": lang}
    command = [sys.executable, "-c", CONSOLE.format(typed=typed)]
    done = subprocess.run(command, check=False, input=b"q\n", capture_output=True, env=env, cwd=tmp_path)
    codes = re.findall(rb"^code (\d)", done.stdout, re.MULTILINE)
    assert codes == [b"0"] * 6 + [b"1"], done.stderr.decode("ascii", "backslashreplace")
    assert b"Traceback" not in done.stderr
    shown = done.stdout.decode(page if page != "ascii" else "utf-8")  # click writes UTF-8 where a console has no page
    assert ("县园林局" if page == "cp936" else r"\u53bf\u56ed\u6797\u5c40") in shown or lang == "en"
    assert (folder / "简报" / "briefing.docx").exists()
    assert (folder / "表" / "text.txt").read_text(encoding="utf-8") == source.read_text(encoding="utf-8")
    assert (folder / "各单位总结.themes.toml").exists()


def test_after_a_draft_of_themes_the_next_command_works(tmp_path):
    source = Path(shutil.copy(kit.sample(2023), tmp_path))
    code, said = run("themes", "draft", source)
    assert code == 0
    assert "2023.themes.toml" in said
    code, said = run("themes", "check", source, "--lang", "en")
    assert (code, "longer entries only" in said) == (0, True)
    assert kit.analyse(source).hits.equals(kit.analyse(kit.sample(2023)).hits)


def test_a_new_folder_holds_everything_to_work_in(tmp_path):
    code, _ = run("new", tmp_path / "岚溪")
    assert code == 0
    names = {file.name for file in (tmp_path / "岚溪").iterdir()}
    assert {"2023.txt", "2023.kit.toml", "2023.themes.toml", "1-compilation.ipynb"} <= names
    there, shipped = kit.analyse(tmp_path / "岚溪" / "2023.txt"), kit.analyse(kit.sample(2023))
    assert there.hits.equals(shipped.hits)


def test_a_new_folder_keeps_what_a_user_has_edited(tmp_path):
    run("new", tmp_path)
    (tmp_path / "2023.kit.toml").write_text("# settled\n", encoding="utf-8")
    run("new", tmp_path)
    assert (tmp_path / "2023.kit.toml").read_text(encoding="utf-8") == "# settled\n"


def test_themes_are_checked_drafted_and_sampled(tmp_path):
    source = Path(shutil.copy(kit.sample(2023), tmp_path))
    assert run("themes", "check")[0] == 0
    assert run("themes", "draft", source)[0] == 0
    assert (tmp_path / "2023.themes.toml").exists()
    code, _ = run("themes", "sample", source, "-n", "7")
    sheet = (tmp_path / "2023.coding.csv").read_text(encoding="utf-8-sig").splitlines()
    assert code == 0
    assert len(sheet) == 8


def walk(command: click.Command, name: str = "kit"):
    yield name, command
    for inner in getattr(command, "commands", {}).values():
        yield from walk(inner, inner.name if name == "kit" else f"{name} {inner.name}")


HAN = re.compile("[\u4e00-\u9fff]")


def test_every_command_and_option_says_in_both_languages_what_it_does():
    known = knowledge("help.toml")
    for name, command in walk(main):
        shown = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
        for word in ("help", *(option.name for option in shown)):
            said = (known["options"] | known[name])[word]
            assert HAN.search(said["zh"]), (name, word)
            assert said["en"], (name, word)
            assert not HAN.search(said["en"]), (name, word)


@pytest.mark.parametrize("command", [name for name, _ in walk(main)])
def test_a_page_of_help_speaks_one_language(command):
    words = [] if command == "kit" else command.split()
    chinese, english = (run(*words, "-h", lang=lang)[1] for lang in ("zh", "en"))
    assert not re.search(r"\b(Usage|Options|Commands|Show|the|of|default)\b", chinese)
    assert not HAN.search(english)
    assert run(*words, "-h", lang="en")[1] == english


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({"KIT_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"KIT_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "en_GB.UTF-8"}, "en"),
        ({"KIT_LANG": "", "LC_ALL": "zh_TW.UTF-8", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"KIT_LANG": "", "LC_ALL": "C.UTF-8"}, "zh"),
    ],
)
def test_the_language_is_what_is_named_else_the_systems(monkeypatch, env, lang):
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert find_lang(of_system=True) == lang


def test_a_language_that_is_none_is_refused():
    assert run("check", kit.sample(), lang="fr") == (1, "KIT_LANG: expected one of zh, en, found 'fr'; set it anew\n")


USAGE = [
    (
        ["run", "--forc"],
        "用法：main run [选项]",
        "没有'--forc'这个选项，是不是'--force'？",
        "No such option '--forc'. Did you mean",
    ),
    (["check"], "用法：main check [选项]", "缺'SOURCE'。", "Missing argument 'SOURCE'."),
    (["tables", "a.txt"], "用法：main tables [选项]", "缺选项'-o' / '--output'。", "Missing option '-o' / '--output'."),
    (
        ["check", "a.txt", "--depth", "深"],
        "用法：",
        "'--depth'的值不对：'深'不是整数。",
        "'深' is not a valid integer.",
    ),
    (["run", "--as", "x"], "用法：", "'x'不在'years', 'places'之内。", "'x' is not one of 'years', 'places'."),
    (["themes", "nix"], "用法：", "没有'nix'这个命令。", "No such command 'nix'."),
    (["new", "a", "b", "c"], "用法：", "多写了c", "Got unexpected extra argument (c)"),
]


@pytest.mark.parametrize(("words", "usage", "chinese", "english"), USAGE, ids=[" ".join(words) for words, *_ in USAGE])
def test_what_is_typed_wrong_is_said_in_one_language(words, usage, chinese, english):
    code, said = run(*words)
    assert code == 2
    assert said.startswith(usage)
    assert said.endswith(f"{chinese}\n")
    assert not re.search(r"Usage|Error|Try|option|argument", said)
    code, said = run(*words, lang="en")
    assert (code, said.startswith("Usage: main ")) == (2, True)
    assert english in said
    assert not HAN.search(said.replace("深", ""))


def test_errors_speak_the_language_that_is_asked_for(tmp_path):
    assert run("check", tmp_path / "无.txt")[1] == f"{tmp_path / '无.txt'}：没有这个文件或文件夹，请核对名称\n"
    assert "expected a file or folder, found none" in run("check", tmp_path / "无.txt", "--lang", "en")[1]


def test_the_lab_takes_jupyters_options_and_asks_nothing_of_the_outside(tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr("kit.cli.subprocess.call", lambda command: called.append(command) or 0)
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/own")
    monkeypatch.setenv("KIT_SOURCE", "")
    code, _ = run("lab", kit.sample(2024), "--port", "9999", "-d", tmp_path / "册", "--no-browser")
    assert code == 0
    assert called[0][3:] == [str(tmp_path / "册"), "--port", "9999", "--no-browser", "--allow-root"]
    ours, own = os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert own == "/own"
    said = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text(encoding="utf-8"))
    assert said["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
    assert kit.data.settings(tmp_path / "册")["source"] == [str(kit.sample(2024))]


def test_a_new_folder_names_what_its_notebooks_read(tmp_path, monkeypatch):
    run("new", tmp_path, kit.sample(2024), lang="en")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KIT_LANG")
    analysis = kit.analyse()
    assert (analysis.compilation.name, analysis.lang) == ("2024.txt", "en")
    assert kit.read().path == Path("2024.txt")
    monkeypatch.setenv("KIT_SOURCE", str(kit.sample(2023)))
    assert kit.read().name == "2023.txt"
