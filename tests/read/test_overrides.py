"""What an analyst settles in a file beside the compilation."""

import re

import pytest

from kit import sample
from kit.data import own_file, read_toml
from kit.errors import DataError
from kit.read import read
from kit.read.overrides import FILE, draft_overrides

TITLE = "柳溪县民政局2023年工作总结及2024年工作计划"
TEXT = f"""{TITLE}
2023年，柳溪县民政局兜牢底线。
一、2023年工作总结
（一）抓救助。
今年夏天雨多路滑。
二、狠抓落实
（一）建敬老院。
柳溪县水利局2023年工作总结
一、2023年工作总结
（一）修水库。
二、2024年工作计划
（一）修水渠。
"""


@pytest.fixture
def compile_with(tmp_path):
    """Read TEXT with an override file whose places are written as {"quoted text"}."""

    def compiled(entries, text=TEXT):
        (tmp_path / "2023.txt").write_text(text, encoding="utf-8")
        place = lambda match: f'at = {text.index(match.group(1))}\ntext = "{match.group(1)}"'  # noqa: E731
        (tmp_path / "2023.kit.toml").write_text(re.sub(r"<(.+?)>", place, entries), encoding="utf-8")
        return read(tmp_path / "2023.txt")

    return compiled


def role_of(compilation, words):
    at = compilation.text.index(words)
    parts = compilation.parts
    return parts.loc[(parts["start"] <= at) & (at < parts["end"]), "role"].item()


def test_without_a_file_nothing_is_settled(compile_with):
    compilation = compile_with("")
    assert compilation.overrides.empty
    assert compilation.reports["agency"].tolist() == ["柳溪县民政局", "柳溪县水利局"]


def test_what_is_known_of_a_report(compile_with):
    says = 'agency = "县养老服务中心"\nplace = "柳溪县"\nperiod = 2022\nplan_period = 2023\nlevel = "county"\n'
    compilation = compile_with(f"[[report]]\n<{TITLE}>\n{says}")
    row = compilation.reports.iloc[0]
    assert (row["agency"], row["agency_from"], row["place"], row["level"]) == (
        "县养老服务中心",
        "override",
        "柳溪县",
        "county",
    )
    assert (row["period"], row["plan_period"]) == (2022, 2023)
    (entry,) = compilation.overrides.itertuples()
    assert (entry.kind, entry.says) == (
        "report",
        "agency = 县养老服务中心, place = 柳溪县, period = 2022, plan_period = 2023, level = county",
    )
    assert entry.entry.endswith("2023.kit.toml, [[report]] number 1")


def test_a_part_gets_another_role_and_so_do_the_points_below_it(compile_with):
    before = compile_with("")
    assert "role_assumed" in set(before.doubts["code"])
    after = compile_with('[[role]]\n<二、狠抓落实>\nrole = "problems"\n')
    assert role_of(after, "二、狠抓落实") == role_of(after, "（一）建敬老院") == "problems"
    assert "role_assumed" not in set(after.doubts["code"])


def test_a_paragraph_that_is_no_part_becomes_one(compile_with):
    compilation = compile_with('[[role]]\n<今年夏天雨多路滑>\nrole = "problems"\n')
    assert role_of(compilation, "今年夏天") == "problems"
    assert role_of(compilation, "（一）抓救助") == "achievements"


def test_reports_are_split_and_merged(compile_with):
    assert len(compile_with("[[merge]]\n<柳溪县水利局2023年工作总结>\n").reports) == 1
    split = compile_with("[[split]]\n<二、狠抓落实>\n")
    assert split.reports["start"].tolist()[1] == TEXT.index("二、狠抓落实")
    assert len(split.reports) == 3


def test_a_report_is_left_out(compile_with):
    compilation = compile_with(f"[[report]]\n<{TITLE}>\nexclude = true\n")
    assert compilation.reports["agency"].tolist() == ["柳溪县水利局"]
    assert compilation.parts.loc[0, ["report", "role"]].tolist() == [0, "front"]
    assert "".join(compilation.text[part.start : part.end] for part in compilation.parts.itertuples()) == TEXT


def test_a_copy_is_declared_and_denied(compile_with):
    assert compile_with("[[report]]\n<柳溪县水利局2023年工作总结>\ncopy_of = 1\n").counted["report"].tolist() == [1]
    copied = sample(2023).read_text(encoding="utf-8")
    at = read(sample(2023)).reports["start"][4]
    entry = f'[[report]]\nat = {at}\ntext = "{copied[at : at + 5]}"\ncopy_of = false\n'
    denied = compile_with(entry, copied)
    assert len(denied.counted) == 12
    assert "copy" not in set(denied.doubts["code"])


def test_a_match_is_kept_for_the_measures(compile_with):
    evidence = TEXT.index("（一）修水库")
    compilation = compile_with(f'[[match]]\n<（一）修水渠>\nstatus = "continued"\nevidence = {evidence}\n')
    (entry,) = compilation.overrides.itertuples()
    assert (entry.kind, entry.start, entry.status, entry.evidence) == (
        "match",
        TEXT.index("（一）修水渠"),
        "continued",
        evidence,
    )


def test_a_section_speaks_of_the_years_that_the_analyst_says(compile_with):
    entry = '[[horizon]]\n<二、2024年工作计划>\nhorizon = "multi-year"\nnote = "五年规划"\ndate = 2024-03-01\n'
    compilation = compile_with(entry)
    plan = compilation.sentences[compilation.sentences["role"] == "plan"]
    assert set(plan.loc[plan["report"] == 2, "horizon"]) == {"multi-year"}
    [row] = compilation.overrides.itertuples()
    assert (row.says, row.note, row.date) == ("horizon = multi-year", "五年规划", "2024-03-01")


def test_settings_of_a_folder_are_no_overrides(tmp_path):
    (tmp_path / "甲.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "kit.toml").write_text('source = "."\nlang = "en"\n', encoding="utf-8")
    assert read(tmp_path).overrides.empty


def test_a_file_in_a_folder_names_the_file_it_speaks_of(tmp_path):
    (tmp_path / "甲.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "乙.txt").write_text(TEXT.replace("2023", "2024").replace("民政", "教育"), encoding="utf-8")
    at = TEXT.index("二、狠抓落实")
    entry = f'[[role]]\nat = {at}\ntext = "二、狠抓落实"\nrole = "plan"\n'
    (tmp_path / "kit.toml").write_text(entry + 'file = "甲.txt"\n', encoding="utf-8")
    (tmp_path / "乙.kit.toml").write_text(entry, encoding="utf-8")
    compilation = read(tmp_path)
    assert sorted(compilation.overrides["start"]) == (compilation.sources["start"] + at).tolist()
    (tmp_path / "kit.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(
        DataError, match=r"kit\.toml, \[\[role\]\] number 1: expected file = one of .*甲\.txt.*found None"
    ):
        read(tmp_path)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('[[roles]]\nat = 1\ntext = "县"\n', r"expected entries \[\[report\]\], .*found 'roles'"),
        ('[[role]]\ntext = "县"\nrole = "plan"\n', "expected a value for at, found none; mend"),
        ('[[role]]\nat = -1\ntext = "县"\nrole = "plan"\n', "at: expected greater than or equal to 0, found -1"),
        ('[[role]]\n<二、狠抓落实>\nrole = "review"\n', "role: expected 'front', 'title', .*found 'review'"),
        ('[[role]]\n<二、狠抓落实>\nrank = 2\n', "expected one of at, text, file, role, note, date, found rank = 2"),
        ('[[report]]\n<柳溪县民政局>\nperiod = "2023"\n', "period: expected a valid integer, found '2023'"),
        ('[[role]]\nat = 3\ntext = "二、狠抓落实"\nrole = "plan"\n', "expected '二、狠抓落实' at 3, found '民政局202'; it stands at"),
        ('[[role]]\nat = 3\ntext = "三、狠抓落实"\nrole = "plan"\n', "found '民政局202'; it stands nowhere in the file"),
        ('[[role]]\n<民政局2023年>\nrole = "plan"\n', "no part begins here, nor is it inside a report's body"),
        ("[[report]]\n<一、2023年工作总结>\nexclude = true\n", "no report begins here"),
        ("[[merge]]\n<一、2023年工作总结>\n", "no report begins here"),
        ("[[merge]]\n<柳溪县民政局>\n", "there is no report before this one in its file"),
        ("[[split]]\n<狠抓落实>\n", "no line of a report begins here"),
        ("[[report]]\n<柳溪县民政局>\ncopy_of = 1\n", "expected copy_of = false or the number of another report"),
        ('[[doubt]]\n<柳溪县民政局>\ncode = "copy"\n', "there is no such doubt here"),
        ('[[promise]]\n<（一）修水渠>\nstatus = "new"\n', "status: expected 'reported', 'partly', .*found 'new'"),
        ('[[horizon]]\n<民政局2023年>\nhorizon = "annual"\n', "no part begins here"),
        ('[[doubt]]\n<柳溪县民政局>\ncode = "copy"\nnote = 3\n', "note: expected a valid string, found 3"),
        ("[[role]\n", "expected TOML in UTF-8, but .*; mend that line"),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_fit_is_refused_by_name(compile_with, entry, message):
    with pytest.raises(DataError, match=message) as refused:
        compile_with(entry)
    assert "2023.kit.toml" in str(refused.value)


def uncomment(drafted):
    return re.sub(r"^# (?=\[\[\w+\]\]$|\w+ = )", "", drafted, flags=re.MULTILINE)


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_draft_settles_nothing_until_its_entries_are_uncommented_and_then_everything(tmp_path, year):
    file = tmp_path / f"{year}.txt"
    file.write_bytes(sample(year).read_bytes())
    plain = read(file)
    drafted = draft_overrides(plain)
    own_file(file, FILE).write_text(drafted, encoding="utf-8")
    assert read_toml(own_file(file, FILE)) == {}
    assert len(read(file).doubts) == len(plain.doubts) > 0
    own_file(file, FILE).write_text(uncomment(drafted), encoding="utf-8")
    settled = read(file)
    assert settled.doubts.empty
    assert len(settled.overrides) == len(plain.doubts)
    columns = ["agency", "place", "period", "plan_period", "copy_of"]
    assert settled.reports[columns].equals(plain.reports[columns])
    assert settled.parts.equals(plain.parts)


def test_a_draft_for_a_folder_names_its_files(tmp_path):
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.txt").write_text(TEXT.replace("二、狠", f"{name}、狠"), encoding="utf-8")
    compilation = read(tmp_path)
    (tmp_path / "kit.toml").write_text(uncomment(draft_overrides(compilation)), encoding="utf-8")
    assert read(tmp_path).doubts.empty
