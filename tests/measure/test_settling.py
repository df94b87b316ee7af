"""What can be settled is listed with its answers; an answer is written beside the compilation, and what follows follows."""

import json
import shutil
import tomllib

import pytest

import kit
from kit.errors import DataError
from kit.measure.analysis import OF_YEARS
from kit.measure.settling import ABOUT, find_questions, settle_answer
from kit.read.overrides import take_back


@pytest.fixture
def county(tmp_path):
    shutil.copy(kit.sample(2023), tmp_path)
    return kit.analyse(tmp_path / "2023.txt")


@pytest.fixture
def years(tmp_path):
    for year in (2023, 2024):
        shutil.copy(kit.sample(year), tmp_path)
    return kit.analyse([tmp_path / "2023.txt", tmp_path / "2024.txt"])


def written(analysis):
    return tomllib.loads(analysis.compilation.path.with_suffix(".kit.toml").read_text(encoding="utf-8"))


def question_of(analysis, about, **wanted):
    """The first question of a kind that holds what is wanted."""
    for one in find_questions(analysis, about):
        if all(getattr(one, name) == value for name, value in wanted.items()):
            return one
    raise LookupError(wanted)


def answer_of(question, name, shown=None):
    return next(one for one in question.answers if one.name == name and shown in (None, one.shown))


def doubt_of(analysis, code):
    return next(one for one in find_questions(analysis, "doubt") if one.answers[0].says["code"] == code)


def test_every_doubt_can_be_accepted_and_nothing_else_changes(county):
    before = county.compilation
    for question in find_questions(county, "doubt"):
        county, _ = settle_answer(county, question, question.answers[0])
    assert county.compilation.doubts.empty
    assert county.compilation.reports.equals(before.reports)
    assert county.compilation.sentences.equals(before.sentences)
    assert kit.read(before.path).doubts.empty


DOUBTS = [
    ("title_contradicted", "agency", "县生态环境分局", lambda c: c.reports["agency"][4] == "县生态环境分局"),
    ("copy", "no_copy", "", lambda c: len(c.counted) == len(c.reports)),
    ("copy", "copy", "1", lambda c: c.reports["copy_of"].dropna().tolist() == [1]),
    ("copy", "exclude", "", lambda c: len(c.reports) == 11),
]


@pytest.mark.parametrize(
    ("code", "name", "typed", "holds"), DOUBTS, ids=[f"{code}-{name}" for code, name, *_ in DOUBTS]
)
def test_a_doubt_is_corrected_and_is_gone(county, code, name, typed, holds):
    question = doubt_of(county, code)
    county, _ = settle_answer(county, question, answer_of(question, name), typed=typed, note="电话问过")
    assert holds(county.compilation)
    assert holds(kit.read(county.compilation.path))
    assert code not in set(county.compilation.doubts["code"])
    assert county.compilation.overrides["note"].tolist() == ["电话问过"]


def test_a_match_is_overruled_and_the_counts_follow(county):
    question = question_of(county, "match", open=True)
    assert len(county.statuses)  # measured before, to be measured anew
    after, _ = settle_answer(county, question, question.answers[1])
    row = after.matches[(after.matches["rank"] == 1) & (after.matches["decided_by"] == "override")].iloc[0]
    assert (row["status"], row["evidence_start"]) == ("continued", question.answers[1].says["evidence"])
    counts = [one.statuses.query("status == 'to check'")["n_items"].sum() for one in (county, after)]
    assert counts[1] == counts[0] - 1
    assert after.items is county.items
    assert kit.analyse(county.compilation.path).matches.equals(after.matches)


def test_evidence_is_found_by_words_of_it(county):
    question = question_of(county, "match", open=True)
    at = question.answers[2].says["evidence"]
    words = county.compilation.text[at + 4 : at + 12]
    after, _ = settle_answer(county, question, answer_of(question, "words"), typed=words)
    assert after.matches.query("decided_by == 'override'")["evidence_start"].iloc[0] == at
    with pytest.raises(
        DataError, match="expected words that stand in the report's review, found '月球基地' nowhere in it"
    ):
        settle_answer(county, question, answer_of(question, "words"), typed="月球基地")


def test_a_promise_is_overruled_in_the_file_of_its_own_year(years):
    question = question_of(years, "promise", open=True)
    after, step = settle_answer(years, question, answer_of(question, "status", "not mentioned"))
    assert step.file.name == "2023.kit.toml"
    changed = after.fulfilment[after.fulfilment["decided_by"] == "override"]
    assert changed[["start", "status", "verdict"]].to_numpy().tolist() == [
        [question.place[0], "not mentioned", "not mentioned"]
    ]
    anew = kit.analyse([year.compilation.path for year in years.years])
    assert anew.fulfilment.equals(after.fulfilment)
    assert after.promises["n_items"].sum() == years.promises["n_items"].sum()


def test_what_answers_a_promise_can_be_named(years):
    question = question_of(years, "promise", open=True)
    answer = answer_of(question, "evidence")
    after, _ = settle_answer(years, question, answer)
    row = after.fulfilment[after.fulfilment["start"] == question.place[0]].iloc[0]
    assert (row["status"], row["answered_by"], row["decided_by"]) == ("reported", "itself", "override")
    assert row["evidence_start"] <= answer.says["evidence"] < row["evidence_end"]


@pytest.fixture
def three(tmp_path):
    for year in (2023, 2024, 2025):
        shutil.copy(kit.sample(year), tmp_path)
    return kit.analyse([tmp_path / f"{year}.txt" for year in (2023, 2024, 2025)])


@pytest.mark.parametrize("at", [0, 1], ids=["2023", "2024"])
def test_the_verdict_of_a_promised_number_is_overruled_with_a_note(three, at):
    question = question_of(three, "verdict", open=True, year=at, assumed="missed")
    after, step = settle_answer(three, question, answer_of(question, "judged", "met"), note="按月报核过")
    assert step.file.name == f"{2023 + at}.kit.toml"
    [entry] = tomllib.loads(step.file.read_text(encoding="utf-8"))["verdict"]
    assert (entry["verdict"], entry["note"]) == ("met", "按月报核过")
    later = after.years[at + 1]
    [row] = later.fulfilment.query("number_decided_by == 'override'").itertuples()
    assert (row.target_start, row.number_verdict) == (question.place[0], "met")
    series = after.series[(after.series["target_in"] == at + 1) & (after.series["target_start"] == question.place[0])]
    assert series["number_verdict"].tolist() == ["met"]
    anew = kit.analyse([year.compilation.path for year in three.years])
    for name in OF_YEARS:
        assert anew.table(name).equals(after.table(name)), name
    assert anew.years[1].fulfilment.equals(after.years[1].fulfilment)
    take_back(step)
    assert not step.file.exists()


def test_of_several_numbers_of_a_promise_another_decides_when_one_is_overruled(tmp_path):
    plan = "（一）修路。2024年新建农村公路20公里、桥梁6座。"
    review = "（一）修路。全年新建农村公路15公里、桥梁4座。"
    for year, done, planned in ((2023, "（一）修路。新建农村公路9公里。", plan), (2024, review, plan)):
        text = f"青石县交通运输局{year}年工作总结及{year + 1}年工作计划\n一、{year}年工作总结\n{done}\n二、{year + 1}年工作计划\n{planned}\n"
        (tmp_path / f"{year}.txt").write_text(text, encoding="utf-8")
    years = kit.analyse([tmp_path / "2023.txt", tmp_path / "2024.txt"])
    [first] = find_questions(years, "verdict")
    assert years.compilation.text[slice(*years.fulfilment[["actual_start", "actual_end"]].iloc[0])] == "15公里"
    after, _ = settle_answer(years, first, answer_of(first, "judged", "met"))
    assert years.earlier.compilation.text[slice(*first.place)] == "20公里"
    [second] = find_questions(after, "verdict")
    assert (years.earlier.compilation.text[slice(*second.place)], second.assumed) == ("6座", "missed")


def test_a_verdict_where_no_number_begins_is_refused(tmp_path):
    for year in (2023, 2024):
        shutil.copy(kit.sample(year), tmp_path)
    text = kit.read(tmp_path / "2023.txt").text[100:104]
    entry = f'[[verdict]]\nat = 100\ntext = {json.dumps(text)}\nverdict = "met"\n'
    (tmp_path / "2023.kit.toml").write_text(entry, encoding="utf-8")
    analysis = kit.analyse([tmp_path / "2023.txt", tmp_path / "2024.txt"])
    with pytest.raises(
        DataError, match=r"\[\[verdict\]\] number 1: expected a number of a plan that begins at 100, found"
    ):
        _ = analysis.fulfilment


def test_doubts_and_matches_of_each_of_three_years_are_settled_in_its_own_file(three):
    for about in ("doubt", "match", "number"):
        assert {one.year for one in find_questions(three, about)} == {0, 1, 2}
    for at, year in enumerate(three.years):
        question = question_of(three, "match", open=True, year=at)
        after, step = settle_answer(three, question, question.answers[0])
        assert step.file.name == year.compilation.path.with_suffix(".kit.toml").name
        assert (after.years[at].matches["decided_by"] == "override").any()
        three = after
    anew = kit.analyse([year.compilation.path for year in three.years])
    assert all(one.matches.equals(other.matches) for one, other in zip(anew.years, three.years, strict=True))
    assert {one.year for one in find_questions(three, "settled")} == {0, 1, 2}


def test_a_pair_of_numbers_is_parted_and_another_made(county):
    question = question_of(county, "number", open=True)
    alone, step = settle_answer(county, question, answer_of(question, "alone"))
    assert question.place[0] not in set(alone.targets["start"])
    take_back(step)
    partner = next(
        answer for one in find_questions(county, "number") for answer in one.answers if answer.name == "partner"
    )
    question = next(one for one in find_questions(county, "number") if partner in one.answers)
    other, _ = settle_answer(county, question, partner)
    row = other.targets[other.targets["start"] == question.place[0]].iloc[0]
    assert row["actual_start"] == partner.says["partner"]


def test_an_accepted_pair_changes_no_number_and_is_asked_no_more(county):
    question = question_of(county, "number", open=True)
    after, _ = settle_answer(county, question, question.answers[0])
    assert after.targets.equals(county.targets)
    assert not question_of(after, "number", place=question.place).open


def test_an_answer_that_does_not_fit_is_not_written(county):
    question = doubt_of(county, "copy")
    with pytest.raises(DataError, match="expected copy_of = false or the number of another report"):
        settle_answer(county, question, answer_of(question, "copy"), typed="5")
    with pytest.raises(DataError, match="expected a number, found '五'; type its digits"):
        settle_answer(county, question, answer_of(question, "copy"), typed="五")
    assert not county.compilation.path.with_suffix(".kit.toml").exists()


def test_what_is_settled_can_be_taken_out_again(county):
    question = doubt_of(county, "copy")
    after, _ = settle_answer(county, question, answer_of(question, "no_copy"))
    [settled] = find_questions(after, "settled")
    again, _ = settle_answer(after, settled, settled.answers[0])
    assert again.compilation.reports.equals(county.compilation.reports)
    assert written(county) == {}


def test_answers_on_a_folder_name_their_file(tmp_path):
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.txt").write_bytes(kit.sample(2023).read_bytes())
    analysis = kit.analyse(tmp_path)
    question = question_of(analysis, "match", open=True)
    after, step = settle_answer(analysis, question, question.answers[0])
    assert step.file == tmp_path / "kit.toml"
    assert (
        after.matches.query("decided_by == 'override'")["evidence_start"].iloc[0]
        == question.answers[0].says["evidence"]
    )
    assert kit.analyse(tmp_path).matches.equals(after.matches)


def test_a_list_of_files_has_no_file_to_write_to(tmp_path):
    shutil.copy(kit.sample(2023), tmp_path)
    analysis = kit.analyse(kit.read([tmp_path / "2023.txt"]))
    question = doubt_of(analysis, "copy")
    with pytest.raises(DataError, match="expected one file or folder, beside which own files can stand, found a list"):
        settle_answer(analysis, question, question.answers[0])


def test_every_kind_is_listed(years):
    assert {about: bool(find_questions(years, about)) for about in ABOUT} == dict.fromkeys(ABOUT, True) | {
        "settled": False
    }


def test_the_kits_own_sample_stays_as_it_ships():
    analysis = kit.analyse(kit.sample(2023))
    question = doubt_of(analysis, "copy")
    with pytest.raises(DataError, match=r"expected a compilation of your own, found the kit's sample; .*kit new"):
        settle_answer(analysis, question, question.answers[0])
