"""What a codebook's author should look at; agreement with a reader and with the known answers equals a plain count."""

import random
import sys
from pathlib import Path

import pandas as pd
import pytest
from small import compilation

from kit import sample, tables
from kit.data import path
from kit.errors import DataError, TableError
from kit.measure.analysis import analyse
from kit.measure.codebook import read_codebook
from kit.measure.scoring import (
    MEASURES,
    check_themes,
    draft_themes,
    read_coding,
    sample_sentences,
    score,
    score_sample,
    score_themes,
    write_findings,
)
from kit.measure.themes import find_hits

sys.path.insert(0, str(Path(__file__).parents[2] / ".ci"))

from score_sample import measure_sample, read_truth, score_matches, score_years

# ---- A codebook is checked ----


HEAD = 'group = "means"\nzh = "甲"\nen = "A"\n'


@pytest.fixture
def findings(tmp_path):
    def findings(text, reports=None):
        file = tmp_path / "own.toml"
        file.write_text("standalone = true\n" + text, encoding="utf-8")
        table = tables.check(check_themes(read_codebook(file), reports), tables.CODEBOOK_FINDINGS)
        return set(table[["code", "theme", "entry"]].itertuples(index=False, name=None))

    return findings


def test_the_kits_own_codebook_has_nothing_to_mend():
    assert check_themes().empty


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (f'[themes.a]\n{HEAD}terms = "量子"\n[themes.b]\n{HEAD}terms = "量子"', ("duplicate", "b", "量子")),
        (f'[themes.a]\n{HEAD}terms = "量子"\nweak = "量子"', ("duplicate", "a", "量子")),
        (f'[themes.a]\n{HEAD}terms = "量子"\nexclusions = "量子"', ("shadowed", "a", "量子")),
        (f'[themes.a]\n{HEAD}terms = "量子"\nexclusions = "光子"', ("idle", "a", "光子")),
    ],
)
def test_what_is_wrong_with_a_codebook_itself(findings, text, finding):
    assert findings(text) == {finding}


def test_a_compilation_shows_words_always_hidden_and_themes_never_found(findings):
    reports = compilation(("县甲局", [("plan", "", "量子计算中心。")]))
    text = f'[themes.a]\n{HEAD}terms = "量子"\n[themes.b]\n{HEAD}terms = "量子计算"'
    assert findings(text, reports) == {("inside", "a", "量子"), ("silent", "a", "")}
    assert findings(text) == set()


def test_of_words_that_never_count_the_authors_own_are_to_mend_and_the_kits_a_note(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(f'[themes.a]\n{HEAD}terms = "量子"\n[themes.b]\n{HEAD}terms = "量子计算"', encoding="utf-8")
    reports = compilation(("县甲局", [("plan", "", "开展卫片执法，建设量子计算中心。")]))
    table = check_themes(read_codebook(file), reports)
    inside = table[table["code"] == "inside"].set_index("entry")["severity"].to_dict()
    assert inside == {"量子": "doubt", "卫片": "note", "执法": "note"}


MEND = {"code": "silent", "severity": "doubt", "theme": "sports", "entry": "", "message": "没有命中",
        "message_en": "no hit"}  # fmt: skip
NOTE = {"code": "inside", "severity": "note", "theme": "rural", "entry": "乡村", "message": "在更长的词里",
        "message_en": "inside"}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "options", "lines"),
    [
        ([], {}, ["没有要处理的条目"]),
        ([], {"lang": "en"}, ["nothing to mend"]),
        ([MEND], {}, ["体育（sports）：没有命中"]),
        ([MEND], {"lang": "en"}, ["Sports (sports): no hit"]),
        ([NOTE, MEND, NOTE], {}, ["体育（sports）：没有命中", "另有2个词"]),
        ([NOTE], {"lang": "en"}, ["1 word occurs inside longer entries only, as it should"]),
        ([NOTE, NOTE], {"lang": "en"}, ["2 words occur inside"]),
        ([NOTE], {"notes": True}, ["乡村振兴与农业农村（rural） 乡村：在更长的词里"]),
    ],
)
def test_findings_are_written_in_a_language_and_notes_summed_up(rows, options, lines):
    written = write_findings(tables.make(rows, tables.CODEBOOK_FINDINGS), read_codebook(), **options).splitlines()
    assert len(written) == len(lines)
    assert all(line.startswith(start) for line, start in zip(written, lines, strict=True)), written


@pytest.fixture
def draft():
    words = "量子。量子。养老金。养老金。"
    return draft_themes(compilation(("县甲局", [("plan", "", words)]), ("县乙局", [("plan", "", words)])))


def test_a_draft_changes_nothing_before_it_is_edited(tmp_path, draft):
    file = tmp_path / "own.toml"
    file.write_text(draft, encoding="utf-8")
    assert all(line.startswith("#") for line in draft.splitlines())
    said = [
        [(entry.themes, entry.text, entry.weight) for entry in book.entries]
        for book in (read_codebook(file), read_codebook())
    ]
    assert said[0] == said[1]


def test_taken_up_a_draft_is_a_codebook_of_the_terms_no_theme_covers(tmp_path, draft):
    head, _, theme = draft.partition("# [themes.own]")
    lines = ["[themes.own]", *(line.removeprefix("# ") for line in theme.splitlines()[1:])]
    edited = "\n".join(lines).replace('group = ""', 'group = "means"').replace('h = ""', 'h = "量"')
    file = tmp_path / "own.toml"
    file.write_text(head + edited.replace('en = ""', 'en = "Q"'), encoding="utf-8")
    terms = {entry.text for entry in read_codebook(file).entries if "own" in entry.themes}
    assert terms == {"量子"}


# ---- Themes against a coding ----


THEMES = ["welfare", "health", "sports"]


def hits_at(*rows):
    own = {"term": "", "report": 1, "sentence": 1, "role": "plan"}
    return tables.make([{**own, "theme": theme, "start": start, "end": end} for theme, start, end in rows], tables.HITS)


def coding_of(*rows):
    return pd.DataFrame(rows, columns=["start", "end", "themes"])


def plain_scores(hits, coding):
    """Count decisions one by one."""
    both, alone, missed, exact = {}, {}, {}, 0
    for row in coding.itertuples():
        want = set(row.themes.split()) - {"none"}
        got = {h.theme for h in hits.itertuples() if row.start <= h.start and h.end <= row.end}
        exact += want == got
        for counted, keys in ((both, want & got), (alone, got - want), (missed, want - got)):
            for key in keys:
                counted[key] = counted.get(key, 0) + 1
    return both, alone, missed, exact / len(coding)


@pytest.mark.parametrize("seed", range(5))
def test_scores_equal_a_plain_count(seed):
    draw = random.Random(seed)
    coding = coding_of(*[(10 * i, 10 * i + 10, " ".join(draw.sample(THEMES, draw.randint(1, 2)))) for i in range(20)])
    hits = hits_at(*[(draw.choice(THEMES), at := draw.randint(0, 199), at + 2) for _ in range(25)])
    scores = tables.check(score_themes(hits, coding, resamples=20), tables.THEME_SCORES).set_index("theme")
    both, alone, missed, exact = plain_scores(hits, coding)
    for key in THEMES:
        tp, fp, fn = (counted.get(key, 0) for counted in (both, alone, missed))
        assert scores.loc[key, "f1"] == pytest.approx(2 * tp / (2 * tp + fp + fn))
        assert (scores.loc[key, "n_coded"], scores.loc[key, "n_found"]) == (tp + fn, tp + fp)
        assert scores.loc[key, "recall"] == pytest.approx(tp / (tp + fn))
    tp, fp, fn = (sum(counted.values()) for counted in (both, alone, missed))
    assert scores.loc["micro", "precision"] == pytest.approx(tp / (tp + fp))
    assert scores.loc["micro", "f1"] == pytest.approx(2 * tp / (2 * tp + fp + fn))
    assert scores.loc["macro", "f1"] == pytest.approx(scores.loc[THEMES, "f1"].mean())
    assert scores.loc["exact", "f1"] == pytest.approx(exact)
    assert pd.isna(scores.loc["land", "f1"])


def test_intervals_hold_the_score_and_narrow_with_more_sentences():
    rows = [(0, 9, "welfare"), (10, 19, "welfare"), (20, 29, "none")]
    few = (
        score_themes(hits_at(("welfare", 1, 3), ("welfare", 21, 23)), coding_of(*rows)).set_index("theme").loc["micro"]
    )
    many_rows = [(30 * i + start, 30 * i + end, themes) for i in range(30) for start, end, themes in rows]
    many_hits = hits_at(*[("welfare", 30 * i + at, 30 * i + at + 2) for i in range(30) for at in (1, 21)])
    many = score_themes(many_hits, coding_of(*many_rows)).set_index("theme").loc["micro"]
    assert few["f1"] == many["f1"] == pytest.approx(0.5)
    assert few["f1_low"] <= many["f1_low"] < 0.5 < many["f1_high"] <= few["f1_high"]


def test_nothing_coded_is_an_error():
    with pytest.raises(TableError, match="expected coded sentences, found none; code some rows of the sheet"):
        score_themes(hits_at(), coding_of())


def test_a_sheet_is_drawn_coded_and_read_back(tmp_path):
    reports = compilation(
        ("县甲局", [("title", "", "总结"), ("plan", "", "发放养老金。召开会议。修路。")]),
        ("县乙局", [("plan", "", "会。")]),
        copies={2: 1},
    )
    sheet = sample_sentences(reports, 2, seed=1)
    assert sheet.equals(sample_sentences(reports, 2, seed=1))
    assert len(sample_sentences(reports, 99)) == 3
    assert [reports.text[row.start : row.end].strip() for row in sheet.itertuples()] == sheet["text"].tolist()
    file = tmp_path / "sheet.csv"
    sheet.assign(themes=["welfare", ""]).to_csv(file, index=False, encoding="utf-8-sig")
    assert read_coding(file)["themes"].tolist() == ["welfare"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("start,end\n0,9\n", r"sheet.csv: columns \['themes'\] are missing, found \['start', 'end'\]"),
        ("start,end,themes\n0,9,welfare\n9,12,wellfare\n", r"sheet.csv, line 3: found 'wellfare', expected none alone"),
        ("start,end,themes\n0,9,none welfare\n", r"sheet.csv, line 2: found 'none welfare', expected none alone"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_named_with_its_line(tmp_path, rows, message):
    file = tmp_path / "sheet.csv"
    file.write_text(rows, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_coding(file)


def test_themes_of_the_sample_agree_with_its_reader():
    import kit

    scores = score_themes(find_hits(kit.read(sample(2023))), read_coding(path("sample/themes.csv")), resamples=50)
    scores = scores.set_index("theme")
    assert set(read_codebook().keys) < set(scores.index)
    assert scores.loc["micro", "f1"] >= 0.74
    assert scores.loc["micro", "f1_low"] < scores.loc["micro", "f1"] < scores.loc["micro", "f1_high"]


# ---- The sample's known answers ----


KNOWN = pd.DataFrame(
    {
        "item": [1, 2, 3],
        "continuity": ["continued", "new", "unclear"],
        "continued_start": [10, None, None],
        "continued_end": [20, None, None],
        "answers_start": [None, 50, None],
        "verdict": ["reported", "not mentioned", "reported"],
        "evidence_start": [100, None, 300],
        "evidence_end": [120, None, 320],
        "number_verdict": ["met", None, None],
        "actual": [5, None, None],
    }
)


def scored(table) -> dict[str, tuple[int, int, int]]:
    return {row.scored: (row.n_known, row.n_said, row.n_right) for row in table.itertuples()}


def test_matches_are_held_to_what_is_known():
    matches = pd.DataFrame(
        [
            {"item": 1, "rank": 1, "status": "continued", "evidence_start": 30, "evidence_end": 40},
            {"item": 1, "rank": 2, "status": "continued", "evidence_start": 15, "evidence_end": 25},
            {"item": 2, "rank": 1, "status": "continued", "answers_start": 50},
            {"item": 3, "rank": 1, "status": "unclear", "answers_start": 60},
        ]
    )
    assert scored(score_matches(matches, KNOWN)) == {
        "evidence at 1": (1, 1, 0), "evidence at 3": (1, 1, 1), "continued": (1, 2, 1), "new": (1, 0, 0),
        "unclear": (1, 1, 1), "answers": (1, 2, 1),
    }  # fmt: skip


def test_fulfilment_is_held_to_what_is_known():
    # Item 1 has two clauses, 11 and 12; one of them has the number, the other the evidence.
    items = pd.DataFrame({"item": [1, 11, 12, 2, 3], "parent_item": pd.array([None, 1, 1, None, None], dtype="Int64")})
    found = pd.DataFrame(
        [
            {"item": 11, "verdict": "reported", "number_verdict": "met", "actual": 5.0,
             "evidence_start": 7, "evidence_end": 9},
            {"item": 12, "verdict": "reported", "number_verdict": "", "evidence_start": 110, "evidence_end": 130},
            {"item": 2, "verdict": "reported", "number_verdict": "", "evidence_start": 7, "evidence_end": 9},
            {"item": 3, "verdict": "not mentioned", "number_verdict": ""},
        ]
    ).assign(start=0, end=9)  # fmt: skip
    found["status"] = found["verdict"]
    rows = scored(score_years(found, KNOWN, items))
    assert rows["evidence"] == (2, 2, 1)
    assert rows["reported"] == (2, 2, 1)
    assert rows["not mentioned"] == (1, 1, 0)
    assert rows["met"] == rows["actual"] == (1, 1, 1)


@pytest.mark.parametrize(
    ("measure", "bars"),
    [
        ("continuity", {"evidence at 1": 0.8, "evidence at 3": 0.95, "continued": 0.90, "new": 0.80, "answers": 0.6}),
        ("fulfilment", {"evidence": 0.9, "reported": 0.9, "not mentioned": 0.95, "met": 0.9, "missed": 0.9}),
    ],
)
def test_what_is_said_of_the_sample_is_right(measure, bars):
    table = score_sample(measure)
    assert tables.check(table, tables.SCORES) is table
    precision = dict(zip(table["scored"], table["precision"], strict=True))
    assert not {name: precision[name] for name, bar in bars.items() if precision[name] < bar}


@pytest.mark.parametrize("measure", MEASURES)
def test_the_scores_stored_are_those_measured(measure):
    stored = score_sample(measure)
    assert tables.check(stored, MEASURES[measure]) is stored
    pd.testing.assert_frame_equal(stored, measure_sample(measure))  # otherwise: python .ci/score_sample.py


def test_every_promise_of_the_truth_file_is_an_item():
    from truth import sample

    truth = read_truth(sample(2023)[1])
    assert len(truth) == 80
    assert (truth["item"] > 0).all()
    assert truth["item"].is_unique


def test_an_unknown_measure_is_refused():
    with pytest.raises(TableError, match="score: expected one of themes, continuity, fulfilment, found 'words'"):
        score("words")


def test_own_codings_are_scored_where_they_stand(tmp_path):
    text = tmp_path / "县.txt"
    text.write_bytes(sample(2023).read_bytes())
    analysis = analyse(text)
    with pytest.raises(TableError, match=r"expected coded themes in coding.csv beside 县.txt, found none; code some"):
        score("themes", analysis)
    coding = read_coding(path("sample/themes.csv"))
    coding.to_csv(tmp_path / "县.coding.csv", index=False, encoding="utf-8-sig")
    own = score("themes", analysis)
    assert own.equals(score("themes", analysis, coding=path("sample/themes.csv")))
    assert own.equals(score_themes(analysis.hits, coding))
    with pytest.raises(TableError, match="score: expected coded themes"):
        score("fulfilment", analysis)
