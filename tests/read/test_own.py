"""What a user writes beside a compilation: refused by file and entry, or taken; never a traceback, never a run without end."""

import contextlib
import time
from importlib import import_module

import pytest

import kit
from kit.errors import DataError
from kit.read.overrides import OwnPattern

OWN = import_module("kit.read.overrides")
TEXT = (
    "柳溪县水务局2023年工作总结及2024年工作计划\n一、2023年工作总结\n全年修渠12公里。"
    + "ab" * 300
    + "渠x\n二、2024年工作计划\n修渠20公里。\n"
)
THEME = '[themes.x]\ngroup = "governance"\nzh = "甲"\nen = "x"\n'
HEAD = '[[report]]\nat = 0\ntext = "柳溪县"\n'
DEEP = "[" * 5000

OVERRIDES = [
    ("report = 5", r"a\.kit\.toml: expected entries \[\[report\]\], .*found 'report'"),
    ("report = [5]", r"expected entries \[\[report\]\], .*found 'report'"),
    ('report = ["x"]', r"expected entries \[\[report\]\], .*found 'report'"),
    ("[report]\nat = 0", r"expected entries \[\[report\]\], .*found 'report'"),
    ("a = 1979-13-45", r"a\.kit\.toml: expected TOML in UTF-8, but "),
    ('[[report]]\nat = true\ntext = "柳"', r"\[\[report\]\] number 1, at: expected a valid integer, found True"),
    ('[[report]]\nat = 99999999999999999999\ntext = "柳"', r"at: expected less than 2147483648, found 9999"),
    (f"{HEAD}period = 0", r"period: expected greater than or equal to 1900, found 0; mend that entry or delete it"),
    (f"{HEAD}period = {'9' * 30}", r"period: expected less than or equal to 2200, found 9999"),
    (f'{HEAD}level = "zzz"', r"level: expected 'province', 'city', .*found 'zzz'"),
    (f'{HEAD}agency = ""', r"agency: expected have at least 1 character, found ''"),
    (f'{HEAD}agency = "\\u0001\\uFFFF"', r"agency: expected match pattern "),
    (f'{HEAD}copy_of = "x"', r"copy_of.*: expected a valid integer, found 'x'"),
    (f'{HEAD}file = "../../etc/passwd"', r"expected file = one of a\.txt, found '\.\./\.\./etc/passwd'"),
    (f'{HEAD}agency = "甲局"\n{HEAD}agency = "乙局"', r"number 2: expected one agency .*found '甲局' and '乙局'"),
    ('[[match]]\nat = 0\ntext = "柳"\nevidence = -9', r"evidence: expected greater than or equal to 0, found -9"),
    (f"x = {DEEP}", r"a\.kit\.toml: expected TOML, found brackets nested too deeply"),
]  # fmt: skip
THEMES = [
    ("drop = 5", r"a\.themes\.toml, drop: expected a valid list, found 5; mend that entry or delete it"),
    ('[themes]\nx = "甲"', r"themes\.x: expected a valid dictionary.*found '甲'"),
    ('[groups]\nx = "甲"', r"groups\.x: expected a valid dictionary.*found '甲'"),
    (f"{THEME}patterns = [5]", r"themes\.x\.patterns\.0: expected a valid string, found 5"),
    (f"[sentence]\ngap = 5\n{THEME}", r"sentence\.gap: expected a valid string, found 5"),
    (f'[sentence]\nlisting = "("\n{THEME}', r"sentence, listing: expected a regular expression, found '\('"),
    (f"[headings]\nmarker = 5\n{THEME}", r"headings\.marker: expected a valid string, found 5"),
    (f"[opening]\npatterns = [1]\n{THEME}", r"opening\.patterns\.0: expected a valid string, found 1"),
    (f"[shared]\nx = 5\n{THEME}", r"shared\.x: expected a valid string, found 5"),
    (f"[words]\nw = 5\n{THEME}", r"words\.w: expected a valid string, found 5"),
    (f'{THEME}patterns = ["(?:a{{0,999}}b){{999}}"]', r"theme x, patterns: found .*expected repeats with an end"),
    (f'{THEME}patterns = ["{"(" * 5000}"]', r"theme x, patterns: expected a regular expression, found '\(\(\(\("),
    ('a = "\\u0000"', r"a\.themes\.toml: expected one of standalone, drop, .*found a = "),
    (f"x = {DEEP}", r"a\.themes\.toml: expected TOML, found brackets nested too deeply"),
]  # fmt: skip
TERMS = [
    (b"term\r\xe6\xb8\xa0\r", None),  # lines that end in CR alone
    (b"term\n\xff\xfe\x00\x01\n", r"a\.terms\.csv: expected a CSV file of terms, but .*save it as UTF-8"),
    (b'term\n"open\n', r"a\.terms\.csv, line [12]: expected CSV, but unexpected end of data; mend that line"),
    (b"term,group\n,\n", r"a\.terms\.csv, line 2: expected a term, found none"),
    (b"term,group\n(,pattern\n", r"a\.terms\.csv, line 2: expected a regular expression, found '\('"),
    ("term\n修渠(\n".encode(), None),  # a term is no pattern
    ("term\n薪火计划\n".encode("gb18030"), None),
]  # fmt: skip


def analyse(folder, name, content):
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / f"a.{name}").write_bytes(content if isinstance(content, bytes) else content.encode())
    analysis = kit.analyse(folder / "a.txt")
    return analysis.hits, analysis.tokens


@pytest.mark.parametrize(("content", "message"), OVERRIDES)
def test_an_override_that_cannot_be_used_is_refused_by_name(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        analyse(tmp_path, "kit.toml", content)


@pytest.mark.parametrize(("content", "message"), THEMES)
def test_a_theme_that_cannot_be_used_is_refused_by_name(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        analyse(tmp_path, "themes.toml", content)


@pytest.mark.parametrize(("content", "message"), TERMS)
def test_terms_are_read_or_refused_by_line(tmp_path, content, message):
    if message is None:
        assert len(analyse(tmp_path, "terms.csv", content)[1]) > 0
        return
    with pytest.raises(DataError, match=message):
        analyse(tmp_path, "terms.csv", content)


def test_a_folder_by_the_name_of_a_file_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.kit.toml").mkdir()
    with pytest.raises(DataError, match=r"a\.kit\.toml: expected a TOML file, but .*; check what stands there"):
        kit.analyse(tmp_path / "a.txt")


SLOW = ("([ab]+)+[^a-z]{3}", "(?:a|b|ab)+[^a-z]{2}")  # 2 to the length of the text
QUICK = ("(?:a|aa)+c", "(a|b|ab)*c", "(?:a?){30}a{30}$", "((a{0,9})){0,30}b")  # a fixed end is looked for first


@pytest.mark.parametrize("pattern", [*SLOW, *QUICK])
def test_no_pattern_runs_away(pattern, monkeypatch):
    monkeypatch.setattr(OWN, "SECONDS", 0.2)
    message = "a.terms.csv, line 2: expected a pattern that needs no more than 0.2 seconds"
    started = time.process_time()
    refused = pytest.raises(DataError, match=message) if pattern in SLOW else contextlib.nullcontext()
    with refused:
        OwnPattern(pattern, "a.terms.csv, line 2").finditer("ab" * 3000 + "渠")
    assert time.process_time() - started < 2


def test_a_pattern_that_runs_away_ends_the_run_and_names_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(OWN, "SECONDS", 0.2)
    with pytest.raises(DataError, match=r"a\.terms\.csv, line 2: expected a pattern that needs no more than 0\.2 sec"):
        analyse(tmp_path, "terms.csv", "term,group\n(?:a|b|ab)+[^a-z]{2},pattern\n")


@pytest.mark.parametrize(
    "place", ["[words]\nx = '(?:a|b|ab)+[^a-z]{2}'", "[framing]\npatterns = ['(?:a|b|ab)+[^a-z]{2}']"]
)
def test_wherever_it_stands(tmp_path, monkeypatch, place):
    monkeypatch.setattr(OWN, "SECONDS", 0.2)
    with pytest.raises(DataError, match=r"a\.themes\.toml, .*expected a pattern that needs no more than 0\.2 seconds"):
        analyse(
            tmp_path,
            "themes.toml",
            f"{place}\n{THEME}patterns = ['{{x}}']".replace("{x}", "{x}" if "words" in place else "渠"),
        )
