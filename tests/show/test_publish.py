"""Files reach a folder together or not at all, and replace only what the kit wrote."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
from datetime import date

import openpyxl
import pandas as pd
import pytest

from kit.errors import OutputError
from kit.show import publish as publishing
from kit.show.publish import (
    MANIFEST,
    check_folder,
    copy_files,
    dated_folder,
    export_table,
    kept_files,
    last_run,
    neutralise,
    open_workbook,
    read_manifest,
    staged,
    write_new,
)

OURS = {"a.csv": "old a", "figures/b.svg": "old b", "gone.csv": "old"}
NEXT = {"a.csv": "new a", "figures/b.svg": "new b", "tables/c.csv": "new c"}
needs_posix = pytest.mark.skipif(os.name == "nt", reason="signals and links of POSIX")


def publish(folder, files, *, force=False, **facts):
    with staged(folder, facts, force=force) as stage:
        for name, text in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_text(text, encoding="utf-8")


def texts(folder):
    """What the files of a folder say, but for the manifest's."""
    return {name: (folder / name).read_text(encoding="utf-8") for name in held(folder)}


def held(folder):
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()} - {MANIFEST}


def test_files_arrive_with_a_manifest(tmp_path):
    publish(tmp_path / "汇编", {"a.csv": "1", "figures/b.svg": "2"}, kit="0.1.0")
    assert held(tmp_path / "汇编") == {"a.csv", "figures/b.svg"}
    assert kept_files(tmp_path / "汇编") == {}
    assert set(read_manifest(tmp_path / "汇编")["files"]) == {"a.csv", "figures/b.svg"}
    assert read_manifest(tmp_path / "汇编")["kit"] == "0.1.0"


def test_a_second_run_replaces_its_own_and_removes_what_is_no_longer_made(tmp_path):
    publish(tmp_path, {"a.csv": "old", "gone.csv": "old"})
    (tmp_path / "mine.txt").write_text("notes", encoding="utf-8")
    publish(tmp_path, {"a.csv": "new"})
    assert held(tmp_path) == {"a.csv", "mine.txt"}
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "new"


def test_a_file_of_others_is_never_overwritten(tmp_path):
    publish(tmp_path, {"c.csv": "old"})
    (tmp_path / "a.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"found files of others that would be overwritten \(a\.csv\); name another"):
        publish(tmp_path, {"a.csv": "new", "b.csv": "new"})
    assert texts(tmp_path) == {"a.csv": "mine", "c.csv": "old"}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["notes.txt", "照片/1.png"])
def test_a_folder_that_the_kit_did_not_make_is_refused_unless_empty(tmp_path, name, force):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    top = name.partition("/")[0]
    said = rf"expected a new folder, an empty one or one that the kit wrote, found files of others \({re.escape(top)}\); name another folder with -o"
    with pytest.raises(OutputError, match=said):
        publish(tmp_path, {"a.csv": "new"}, force=force)
    assert texts(tmp_path) == {name: "mine"}


def test_an_empty_folder_is_written_into_whatever_a_system_hides_in_it(tmp_path):
    (tmp_path / ".DS_Store").write_text("", encoding="utf-8")
    publish(tmp_path, {"a.csv": "new"})
    assert held(tmp_path) == {"a.csv", ".DS_Store"}


def test_nothing_stays_behind_when_the_work_fails(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        publish(tmp_path / "out", {"a.csv": "whole", "b.csv": "half \ud800"})
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="expected a folder to write into, found a file"):
        publish(tmp_path / "out", {"a": "1"})


@pytest.mark.parametrize("text", ["{", "[]", "null", "{}", '{"files": ["a.csv"]}', '{"files": null}', "\udc80", "1" * 5000,
                                  pytest.param("[" * 100_000, id="deep")])  # fmt: skip
def test_a_damaged_manifest_is_said(tmp_path, text):
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(OutputError, match=r"manifest\.json: expected the list of files that an earlier run wrote, but"):
        publish(tmp_path, {"a": "1"})
    assert held(tmp_path) == set()


@pytest.mark.parametrize("name", ["../victim.txt", "a/../../victim.txt", "/victim.txt", "./a", "", "a//b", "a/", "..",
                                  "C:victim.txt", "a\\b", "a\x00", "\ud800", "link/victim.txt"])  # fmt: skip
def test_a_manifest_that_names_what_is_not_plainly_below_its_folder_is_refused(tmp_path, name):
    victim, out = tmp_path / "victim.txt", tmp_path / "out"
    victim.write_text("mine", encoding="utf-8")
    publish(out, {"a.csv": "1"})
    if os.name != "nt":
        (out / "link").symlink_to(tmp_path)
    names = {str(victim) if name == "/victim.txt" else name: "0"}
    (out / MANIFEST).write_text(json.dumps({"files": names}), encoding="utf-8")
    with pytest.raises(OutputError, match="expected names of files below the folder, each with its hash, found"):
        publish(out, {"b.csv": "2"})
    assert victim.read_text(encoding="utf-8") == "mine"
    assert (out / "a.csv").exists()


def test_a_manifest_whose_hashes_are_none_is_refused(tmp_path):
    (tmp_path / MANIFEST).write_text('{"files": {"a.csv": {"b": 1}}}', encoding="utf-8")
    with pytest.raises(OutputError, match=r"each with its hash, found 'a\.csv'"):
        publish(tmp_path, {"a.csv": "1"})


@needs_posix
def test_a_folder_that_is_a_link_is_not_written_through(tmp_path):
    (tmp_path / "others").mkdir()
    publish(tmp_path / "out", {"a.csv": "1"})
    (tmp_path / "out" / "figures").symlink_to(tmp_path / "others")
    with pytest.raises(OutputError, match=r"found files of others that would be overwritten \(figures/b\.svg\)"):
        publish(tmp_path / "out", {"a.csv": "2", "figures/b.svg": "2"})
    assert list((tmp_path / "others").iterdir()) == []
    assert (tmp_path / "out" / "a.csv").read_text(encoding="utf-8") == "1"


@needs_posix
def test_a_link_to_nowhere_is_no_folder(tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "none")
    with pytest.raises(OutputError, match="expected a folder to write into, found a file"):
        publish(tmp_path / "out", {"a": "1"})


@pytest.mark.parametrize("earlier", [{}, OURS])
def test_a_users_own_file_in_the_way_is_told_before_anything_is_made(tmp_path, earlier):
    """A file called as a folder of the kit, and a folder called as a file of it."""
    publish(tmp_path, {name: text for name, text in earlier.items() if "/" not in name})
    (tmp_path / "figures").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"files of others that would be overwritten \(figures/b\.svg\)"):
        check_folder(tmp_path, ["figures/b.svg"])
    (tmp_path / "index.html").mkdir()
    with pytest.raises(OutputError, match=r"overwritten \(index\.html\)"), staged(tmp_path, {}, ["index.html"]):
        pytest.fail("the block has begun")
    with pytest.raises(OutputError, match=r"overwritten \(figures/b\.svg\)"):
        publish(tmp_path, NEXT)  # without names it is found behind the block, and nothing has changed
    assert texts(tmp_path) == {**{n: t for n, t in earlier.items() if "/" not in n}, "figures": "mine"}


def test_a_file_that_was_edited_is_kept_and_the_new_one_stands_beside(tmp_path):
    publish(tmp_path, {"briefing.docx": "1", "gone.csv": "1", "same.csv": "1"})
    for name in ("briefing.docx", "gone.csv"):
        (tmp_path / name).write_text("edited", encoding="utf-8")
    for run in ("2", "3"):  # what was edited stays so known, and the kit's new one is replaced
        publish(tmp_path, {"briefing.docx": run, "same.csv": run})
        assert texts(tmp_path) == {
            "briefing.docx": "edited", "briefing.new.docx": run, "gone.csv": "edited", "same.csv": run}  # fmt: skip
        assert kept_files(tmp_path) == {"briefing.docx": "briefing.new.docx"}
    (tmp_path / "briefing.new.docx").write_text("edited, too", encoding="utf-8")
    publish(tmp_path, {"briefing.docx": "4"})
    assert texts(tmp_path)["briefing.new.new.docx"] == "4"
    (tmp_path / "briefing.docx").unlink()
    publish(tmp_path, {"briefing.docx": "5"})
    assert texts(tmp_path) == {"briefing.docx": "5", "briefing.new.docx": "edited, too", "gone.csv": "edited"}


def test_by_force_what_was_edited_is_replaced_and_what_is_not_the_kits_stays(tmp_path):
    publish(tmp_path, {"briefing.docx": "1", "gone.csv": "1"})
    for name in ("briefing.docx", "gone.csv", "mine.txt"):
        (tmp_path / name).write_text("edited", encoding="utf-8")
    publish(tmp_path, {"briefing.docx": "2"})
    publish(tmp_path, {"briefing.docx": "3"}, force=True)
    assert texts(tmp_path) == {"briefing.docx": "3", "gone.csv": "edited", "mine.txt": "edited"}
    assert kept_files(tmp_path) == {}


def test_each_run_of_a_day_has_a_folder_of_its_own_and_the_last_is_found(tmp_path):
    day = date(2026, 11, 28)
    assert last_run(tmp_path / "none") == tmp_path / "none"
    for name in ["2026-11-28", *(f"2026-11-28-{n}" for n in range(2, 12))]:
        folder = dated_folder(tmp_path, day)
        assert folder == tmp_path / name
        publish(folder, {"a.csv": name})
        assert last_run(tmp_path) == folder
    publish(dated_folder(tmp_path, date(2026, 9, 30)), {"a.csv": "earlier"})
    for name in ("2026-12-01", "2026-12-notes"):  # not of the kit
        (tmp_path / name).mkdir()
    assert last_run(tmp_path).name == "2026-11-28-11"


def test_what_the_next_run_makes_alike_was_not_edited(tmp_path):
    publish(tmp_path, {"a.csv": "1"})
    (tmp_path / "a.csv").write_text("2", encoding="utf-8")
    publish(tmp_path, {"a.csv": "2"})
    assert (texts(tmp_path), kept_files(tmp_path)) == ({"a.csv": "2"}, {})


# A run takes the place of an earlier one by one exchange of the folders; beside a user's own file it goes by a journal.
DIES = """
import os, sys
from kit.show import publish
sys.path.insert(0, {tests!r})
from test_publish import NEXT, publish as run
left = {steps}
def dying(step):
    def do(*args, **options):
        global left
        left -= 1
        return step(*args, **options) if left >= 0 else os._exit(9)
    return do
from pathlib import Path
for name in ("replace", "unlink"):
    setattr(os, name, dying(getattr(os, name)))
Path.rename, publish._exchange = dying(Path.rename), dying(publish._exchange)
run(Path({folder!r}), NEXT)
"""


@needs_posix
@pytest.mark.parametrize("mine", [{}, {"mine.txt": "mine"}], ids=["exchange", "journal"])
@pytest.mark.parametrize("steps", range(8))
def test_death_at_any_step_leaves_the_old_run_or_one_that_the_next_completes(tmp_path, steps, mine):
    out = tmp_path / "out"
    publish(out, OURS)
    for name, text in mine.items():
        (out / name).write_text(text, encoding="utf-8")
    code = DIES.format(tests=os.path.dirname(__file__), steps=steps, folder=str(out))  # noqa: PTH120
    died = subprocess.run([sys.executable, "-c", code], check=False).returncode
    assert died in (0, 9)
    if not mine:
        assert texts(out) in (OURS, NEXT)
    check_folder(out)
    assert texts(out) in (OURS | mine, NEXT | mine)
    assert texts(out) == NEXT | mine or steps == 0
    assert set(read_manifest(out)["files"]) == texts(out).keys() - mine.keys()
    assert [left.name for left in [*tmp_path.iterdir(), *out.iterdir()] if left.name.startswith(".kit-")] == []
    publish(out, {"a.csv": "last"})
    assert texts(out) == {"a.csv": "last"} | mine


def stands(folder):
    """Which file stands at each place, and since when."""
    states = {f.relative_to(folder).as_posix(): f.stat() for f in folder.rglob("*") if f.is_file()}
    return {name: (state.st_ino, state.st_mtime_ns) for name, state in states.items()}


@pytest.mark.parametrize("mine", [{}, {"mine.txt": "mine"}])
def test_a_second_run_writes_only_what_changed(tmp_path, mine):
    out = tmp_path / "out"
    publish(out, OURS)
    for name, text in mine.items():
        (out / name).write_text(text, encoding="utf-8")
    before = stands(out)
    publish(out, OURS)
    assert stands(out) == before
    publish(out, OURS | {"a.csv": "new a"})
    assert texts(out) == OURS | {"a.csv": "new a"} | mine
    after = stands(out)
    assert {name for name in after if after[name] != before[name]} == {"a.csv", MANIFEST}


def test_other_facts_reach_the_manifest_of_the_same_files(tmp_path):
    publish(tmp_path / "out", OURS, kit="1")
    publish(tmp_path / "out", OURS, kit="2")
    assert read_manifest(tmp_path / "out")["kit"] == "2"


def test_what_was_deleted_is_written_again(tmp_path):
    publish(tmp_path / "out", OURS)
    (tmp_path / "out" / "a.csv").unlink()
    publish(tmp_path / "out", OURS)
    assert texts(tmp_path / "out") == OURS


def test_a_disk_without_links_gets_copies(tmp_path, monkeypatch):
    publish(tmp_path / "out", OURS)
    monkeypatch.setattr(publishing.Path, "hardlink_to", full)
    publish(tmp_path / "out", OURS | {"a.csv": "new a"})
    assert texts(tmp_path / "out") == OURS | {"a.csv": "new a"}


@needs_posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_the_old_one_and_what_it_leaves_is_cleared(tmp_path, number):
    out = tmp_path / "out"
    publish(out, OURS)
    code = (f"import time\nfrom kit.show.publish import staged\nwith staged({str(out)!r}, {{}}) as stage:\n"
            "    (stage / 'a.csv').write_text('half')\n    print('ready', flush=True)\n    time.sleep(60)")  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        run.stdout.readline()
        (left,) = tmp_path.glob(".kit-*")
        check_folder(out)
        assert left.exists()  # a run that is alive is let be
        run.send_signal(number)
        assert (
            run.wait() == {signal.SIGTERM: 143, signal.SIGINT: -signal.SIGINT, signal.SIGKILL: -signal.SIGKILL}[number]
        )
    assert left.exists() == (number == signal.SIGKILL)
    assert texts(out) == OURS
    publish(out, NEXT)
    assert list(tmp_path.iterdir()) == [out]


# A signal before every 17th line that is run, of the kit's and of the libraries' that make, move and remove folders.
STOPPED = """
import contextlib, os, shutil, signal, sys
from pathlib import Path
from kit.show import publish
sys.path.insert(0, {tests!r})
from test_publish import NEXT, OURS, publish as run, texts
FILES = {{file.__file__ for file in (publish, contextlib, shutil)}}
out, mine = Path({folder!r}), {mine!r}
def stopping(left, number):
    def trace(frame, event, _):
        nonlocal left
        left -= event == "line"
        if left == 0 and event == "line":
            signal.raise_signal(number)
        return trace if frame.f_code.co_filename in FILES else None
    run_to = lambda frame, event, _: trace if frame.f_code.co_filename in FILES else None
    sys.settrace(run_to)
    run(out, NEXT)
    sys.settrace(None)
    return left > 0
lines, told = 3, 0
while told != 77 << 8:
    shutil.rmtree(out, ignore_errors=True)
    run(out, OURS)
    for name, text in mine.items():
        (out / name).write_text(text, encoding="utf-8")
    if not (child := os.fork()):
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            os._exit(77 if stopping(lines, (signal.SIGTERM, signal.SIGINT)[lines % 2]) else 0)
        os._exit(1)
    told = os.waitpid(child, 0)[1]
    assert texts(out) in (OURS | mine, NEXT | mine), (lines, texts(out))
    assert not [*out.parent.glob(".kit-*"), *out.glob(".kit-*")], lines
    lines += 17
print(lines)
"""


@needs_posix
@pytest.mark.parametrize("mine", [{}, {"mine.txt": "mine"}], ids=["exchange", "journal"])
def test_a_stop_at_any_line_leaves_the_old_run_or_the_new_and_nothing_beside(tmp_path, mine):
    code = STOPPED.format(tests=os.path.dirname(__file__), folder=str(tmp_path / "out"), mine=mine)  # noqa: PTH120
    told = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert not told.stderr
    assert int(told.stdout) > 300


def test_only_leavings_of_the_kit_are_cleared(tmp_path):
    for name in (".kit-notes", ".kit-12", ".kit.toml", f".kit-{os.getpid()}-abcdefgh"):
        (tmp_path / name).mkdir()
    check_folder(tmp_path / "out")
    assert {file.name for file in tmp_path.iterdir()} == {".kit-notes", ".kit-12", ".kit.toml"}


@needs_posix
def test_a_journal_moves_nothing_from_outside(tmp_path):
    """One that someone else laid into the folder: its READY is a link, or its names lead out."""
    victim, out = tmp_path / "victim", tmp_path / "out"
    publish(victim, {"a.csv": "mine"})
    publish(out, OURS)
    (out / ".kit-999999999-abcdefgh").mkdir()
    (out / ".kit-999999999-abcdefgh" / "ready").symlink_to(victim)
    check_folder(out)
    assert (texts(victim), texts(out)) == ({"a.csv": "mine"}, OURS)
    (out / ".kit-999999999-abcdefgh" / "ready").mkdir(parents=True)
    manifest = out / ".kit-999999999-abcdefgh" / "ready" / MANIFEST
    manifest.write_text('{"files": {"../../../victim/a.csv": "0"}}', encoding="utf-8")
    with pytest.raises(OutputError, match="expected names of files below the folder"):
        check_folder(out)
    assert texts(victim) == {"a.csv": "mine"}


@pytest.mark.parametrize("mine", [{}, {"mine.txt": "mine"}])
@pytest.mark.parametrize("can_exchange", [True, False])
def test_the_same_folder_comes_of_an_exchange_and_of_a_journal(tmp_path, monkeypatch, mine, can_exchange):
    if not can_exchange:
        monkeypatch.setattr(publishing, "_exchange", lambda *_: False)
    publish(tmp_path / "out", OURS)
    for name, text in mine.items():
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    publish(tmp_path / "out", NEXT)
    assert texts(tmp_path / "out") == NEXT | mine
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_a_folder_that_someone_stands_in_stays_the_same_folder(tmp_path, monkeypatch):
    publish(tmp_path / "out", OURS)
    monkeypatch.chdir(tmp_path / "out")
    publish(".", NEXT)
    assert set(texts(tmp_path / "out")) == NEXT.keys() == held(publishing.Path())


def full(*_):
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_one_line_and_changes_nothing(tmp_path):
    publish(tmp_path / "out", OURS)
    with pytest.raises(OutputError, match=r"expected to write .*No space left"), staged(tmp_path / "out", {}) as stage:
        full(stage)
    assert texts(tmp_path / "out") == OURS
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_what_fails_between_two_files_is_completed_by_the_next_run(tmp_path, monkeypatch):
    """As when a program holds one of the files open."""
    publish(tmp_path, OURS)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    steps, replace = iter([os.replace, full]), lambda *places: next(steps)(*places)  # noqa: PLW0108, another each time
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replace)
        with pytest.raises(OutputError, match="close its files in other programs"):
            publish(tmp_path, NEXT)
    check_folder(tmp_path)
    assert texts(tmp_path) == NEXT | {"mine.txt": "mine"}


def test_the_manifest_is_the_same_for_the_same_files(tmp_path):
    for name in ("one", "two"):
        publish(tmp_path / name, {"a.csv": "1"}, counts={"reports": 12})
    one, two = ((tmp_path / name / MANIFEST).read_bytes() for name in ("one", "two"))
    assert one == two
    assert json.loads(one)["counts"] == {"reports": 12}


def test_working_copies_are_not_overwritten(tmp_path):
    original = tmp_path / "1.ipynb"
    original.write_text("original", encoding="utf-8")
    assert copy_files([original], tmp_path / "mine") == [tmp_path / "mine" / "1.ipynb"]
    (tmp_path / "mine" / "1.ipynb").write_text("edited", encoding="utf-8")
    assert copy_files([original], tmp_path / "mine") == []
    assert (tmp_path / "mine" / "1.ipynb").read_text(encoding="utf-8") == "edited"


def test_what_a_user_may_have_edited_is_never_overwritten(tmp_path):
    file = write_new(tmp_path / "themes.toml", "first")
    with pytest.raises(
        OutputError, match=r"themes\.toml: expected no such file yet, found one; edit it, or move it away"
    ):
        write_new(file, "second")
    assert file.read_text(encoding="utf-8") == "first"


@pytest.mark.parametrize(("cell", "written"), [
    ("=1+1", "'=1+1"), ("+8", "'+8"), ("-约3", "'-约3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
    ("＝1+1", "'＝1+1"), ("＋8", "'＋8"), ("－3", "'－3"), ("＠SUM(A1)", "'＠SUM(A1)"), ("\n=1", "'\n=1"),
    ("项目", "项目"), ("a=1", "a=1"), ("", ""), (-4.5, -4.5), (None, None),
])  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_text(cell, written):
    safe = neutralise(pd.DataFrame({"cell": pd.Series([cell], dtype="object")}))
    assert safe["cell"].iloc[0] == written or (cell is None and pd.isna(safe["cell"].iloc[0]))


def test_numbers_stay_numbers_and_the_table_is_not_changed(tmp_path):
    table = pd.DataFrame({"term": ["-", "路"], "shift": [-1.5, 2.0]})
    file = export_table(table, tmp_path / "t.csv")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["term", "shift"], ["'-", "-1.5"], ["路", "2.0"]]
    assert list(table["term"]) == ["-", "路"]


def test_texts_of_a_workbook_are_texts(tmp_path):
    cells = ["=1+1", "{=1}", "+8", "-3", "@A1", "＝1+1", "＠A1", "https://example.org"]
    with open_workbook(tmp_path / "t.xlsx") as book:
        book.add_worksheet().write_column(0, 0, cells)
    read = openpyxl.load_workbook(tmp_path / "t.xlsx").active["A"]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in read] == [(text, "s", None) for text in cells]
