"""The command as a user types it."""

import csv
import re

import pytest
from click.testing import CliRunner

import kit
import kit.data
from kit.cli import main


def run(*words) -> tuple[int, str]:
    """Run the command; a traceback of any error that is not the kit's own reaches the test."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


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
    code, said = run(command, source, *([] if command == "check" else ["-o", output]))
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
