"""Agreement with a reader's coding equals a plain count, and says how sure it is."""

import random

import pandas as pd
import pytest
from small import compilation

from kit import sample, tables
from kit.data import path
from kit.errors import DataError, TableError
from kit.measure.codebook import read_codebook
from kit.measure.scoring import read_coding, sample_sentences, score_themes
from kit.measure.themes import find_hits

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
