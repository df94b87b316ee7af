"""Counts of themes equal a plain count, and lead back to their sentences."""

import pandas as pd
import pytest
from small import compilation

from kit import tables
from kit.errors import TableError
from kit.measure.codebook import read_codebook
from kit.measure.theme_counts import (
    count_themes,
    count_uncovered,
    find_evidence,
    find_uncovered,
    pair_themes,
    sum_themes,
)
from kit.measure.themes import find_hits


@pytest.fixture(scope="module")
def reports():
    return compilation(
        (
            "县民政局",
            [("achievements", "", "发放低保金和养老金。化解信访积案。召开会议。"), ("plan", "", "发放养老金。")],
        ),
        ("县水利局", [("achievements", "", "河长制工作。召开会议。"), ("plan", "", "召开会议。")]),
        (
            "县民政局",
            [("achievements", "", "发放低保金和养老金。化解信访积案。召开会议。"), ("plan", "", "发放养老金。")],
        ),
        copies={3: 1},
    )


@pytest.fixture(scope="module")
def hits(reports):
    return find_hits(reports)


def plain(reports, hits, report, theme, role):
    """Count by hand: hits, sentences with one, sentences, characters."""
    own = [h for h in hits.itertuples() if (h.report, h.theme, h.role) == (report, theme, role)]
    sentences = [s for s in reports.sentences.itertuples() if (s.report, s.role) == (report, role)]
    chars = sum(not char.isspace() for s in sentences for char in reports.text[s.start : s.end])
    return len(own), len({h.sentence for h in own}), len(sentences), chars


@pytest.mark.parametrize("copies", [False, True])
def test_the_grid_is_complete_and_every_cell_is_a_plain_count(reports, hits, copies):
    counts = tables.check(count_themes(reports, hits, copies=copies), tables.THEME_COUNTS)
    numbers = [1, 2, 3] if copies else [1, 2]
    assert len(counts) == len(numbers) * 23 * len(tables.BODY_ROLES)
    for row in counts.itertuples():
        expected = plain(reports, hits, row.report, row.theme, row.role)
        assert (row.n_hits, row.n_sentences, row.of_sentences, row.of_chars) == expected
        assert row.per_10k_chars == pytest.approx(10_000 * expected[0] / max(1, expected[3]))


def test_counts_know_other_codebooks_and_roles(reports, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        'standalone = true\n[themes.a]\ngroup = "means"\nzh = "会"\nen = "Meetings"\nterms = "会议"\n', "utf-8"
    )
    codebook = read_codebook(file)
    counts = count_themes(reports, find_hits(reports, codebook), codebook=codebook, roles=["plan"])
    assert counts[["report", "theme", "n_sentences"]].values.tolist() == [[1, "a", 0], [2, "a", 1]]


def test_sums_say_how_many_reports_take_a_theme_up_and_how_evenly(reports, hits):
    sums = sum_themes(reports, count_themes(reports, hits)).set_index("theme")
    welfare = sums.loc["welfare"]
    assert (welfare["n_hits"], welfare["n_reports"], welfare["of_reports"]) == (3, 1, 2)
    of_chars = count_themes(reports, hits).query("theme == 'welfare'").groupby("report")["of_chars"].sum()
    assert welfare["dispersion_dp"] == pytest.approx(of_chars[2] / of_chars.sum())
    assert pd.isna(sums.loc["sports", "dispersion_dp"])


def test_sums_by_group_add_up(reports, hits):
    counts = count_themes(reports, hits)
    for by in ("sector", "role", ["level", "role"]):
        assert sum_themes(reports, counts, by=by)["n_hits"].sum() == counts["n_hits"].sum()
    with pytest.raises(TableError, match=r"by names \['colour'\], expected some of \['report', 'agency'"):
        sum_themes(reports, counts, by="colour")


def test_themes_of_one_sentence_are_paired():
    reports = compilation(
        ("县甲局", [("plan", "", "发放养老金。河长制工作。养老金和河长制。会议。会议。会议。会议。")])
    )
    pair = pair_themes(reports, find_hits(reports)).iloc[0]
    assert (pair["term_a"], pair["term_b"], pair["n_sentences"], pair["n_a"]) == ("ecology", "welfare", 1, 2)


def test_what_no_theme_covers_is_counted_and_shown(reports, hits):
    uncovered = tables.check(count_uncovered(reports, hits), tables.UNCOVERED).set_index("report")
    assert uncovered[["n_uncovered", "of_sentences"]].values.tolist() == [[1, 4], [2, 3]]
    assert set(find_uncovered(reports, hits)["text"]) == {"召开会议。"}
    assert find_uncovered(reports, hits, roles=["plan"])["report"].tolist() == [2]


def test_evidence_shows_the_sentences_behind_a_cell(reports, hits):
    evidence = find_evidence(reports, hits, theme="welfare", agency="县民政局", role="achievements")
    assert evidence[["report", "terms", "text"]].values.tolist() == [
        [1, "低保、养老金", "发放低保金和养老金。"],
        [3, "低保、养老金", "发放低保金和养老金。"],
    ]
    assert find_evidence(reports, hits, theme="welfare", report=2).empty
    with pytest.raises(TableError, match="no agency '县丙局' in small; it has 县民政局, 县水利局"):
        find_evidence(reports, hits, agency="县丙局")
