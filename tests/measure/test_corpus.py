"""Corpora: what stands in one is what its sources give alone; it is resumed, added up, and walked back to sentences."""
# ruff: noqa: E402, the kit is imported once it is known that the extra is there

import os
import signal
import sys
from pathlib import Path

import pandas as pd
import pytest

distributed = pytest.importorskip("distributed", reason='the extra "corpus" is not installed')

import kit
from kit import tables
from kit.measure import corpus as corpora
from kit.measure.analysis import TABLES, analyse
from kit.measure.corpus import build_corpus
from kit.measure.counts import count_terms
from kit.measure.pooled import _as_read
from kit.measure.summaries import sum_themes
from kit.show import bundle

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from make_corpus import make_corpus

REPORTS, IDS = 24, ("county", "year")


@pytest.fixture(scope="module")
def cluster():
    """A cluster of two workers, named to every call by its address; a worker that dies is started anew."""
    local = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(n_workers=2, **local) as made:
        yield made.scheduler_address


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Reports of three counties, a county a folder and a year a file, beside a file that is no report."""
    root = make_corpus(tmp_path_factory.mktemp("made") / "counties", REPORTS)
    (root / "notes.txt").write_text("今天天气很好。\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def alone(folder) -> dict[str, kit.measure.analysis.Analysis]:
    """Every report analysed by itself."""
    return {f"counties/{file.parent.name}/{file.name}": analyse(file) for file in sorted(folder.glob("*/*.txt"))}


@pytest.fixture(scope="module")
def made(folder, cluster, tmp_path_factory):
    """The corpus of that folder, in batches of four: stopped after the first, then gone on with, a worker killed."""
    output, killed, stopped = tmp_path_factory.mktemp("corpus") / "out", [], []

    def stop(done: int, _seen: int) -> None:
        if done:
            stopped.append(done)
            raise KeyboardInterrupt

    def kill_one(done: int, _seen: int) -> None:
        if done and not killed:
            with distributed.Client(cluster) as client:
                killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpora, "MOST_SOURCES", 4)
        with pytest.raises(KeyboardInterrupt):
            build_corpus([folder], output, ids=IDS, scheduler=cluster, progress=stop)
        before = {file: file.stat().st_mtime_ns for file in (output / "done").iterdir()}
        corpus = build_corpus([folder], output, ids=IDS, scheduler=cluster, progress=kill_one)
    assert killed
    assert before
    assert before == {file: file.stat().st_mtime_ns for file in before}, "what was done is not done again"
    return corpus


def check_same(corpus: kit.measure.pooled.Corpus, alone: dict) -> None:
    for name in (*tables.TABLES.keys() & {"reports", "parts", "sentences", "masks", "doubts", "sources"}, *TABLES):
        by_source = dict(list(corpus.read(name).groupby("source")))
        for source, one in alone.items():
            table = one.table(name) if name in TABLES else one.compilation.tables[name]
            if len(table):
                found = _as_read(by_source[source], tables.TABLES[name])
                pd.testing.assert_frame_equal(found, table[list(found)].reset_index(drop=True), obj=f"{source}: {name}")
            else:
                assert source not in by_source


def test_its_tables_are_those_that_kit_tables_writes_of_each_source_alone(made, alone):
    assert bundle.TABLES is TABLES
    check_same(made, alone)


def test_every_row_points_into_the_text_of_its_source_and_carries_its_ids(made):
    texts = made.read("texts").set_index("source")["text"]
    for row in made.read("tokens").head(500).itertuples():
        assert texts[row.source][row.start : row.end] == row.term
        assert row.source == f"counties/{row.county}/{row.year}.txt"


def test_what_cannot_be_read_is_listed_and_stops_nothing(made):
    errors = made.read("errors")
    assert errors[["source", "code"]].to_numpy().tolist() == [["counties/notes.txt", "unread"]]
    assert errors["message"][0].startswith("notes.txt: expected at least one work report")
    assert repr(made) == "25 sources, 24 reports, 1 unread"


@pytest.fixture(scope="module")
def whole(folder) -> kit.measure.analysis.Analysis:
    """The oracle: all reports read as one compilation, and counted by the kit."""
    return analyse(kit.read(sorted(folder.glob("*/*.txt"))))


@pytest.mark.parametrize("by", [(), "role", "side"])
def test_groups_are_added_up_as_the_kit_counts_them(made, whole, by):
    for found, expected, thing in (
        (made.count_terms(by), count_terms(whole.compilation, whole.tokens, by=by), "term"),
        (made.sum_themes(by), sum_themes(whole.compilation, whole.theme_counts, by=by), "theme"),
    ):
        order = [*([by] if by else []), thing]
        one, other = (table.sort_values(order, ignore_index=True) for table in (found, expected))
        pd.testing.assert_frame_equal(one[list(other)], other)
