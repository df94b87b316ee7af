"""Corpora: what stands in one is what its sources give alone; it is resumed, added up, and walked back to sentences."""
# ruff: noqa: E402, the kit is imported once it is known that the extra is there

import csv
import json
import os
import re
import shutil
import signal
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

distributed = pytest.importorskip("distributed", reason='the extra "corpus" is not installed')

from click.testing import CliRunner

import kit
from kit import tables
from kit.cli import main
from kit.errors import KitError, OutputError, SourceError, TableError
from kit.measure import corpus as corpora
from kit.measure.analysis import TABLES, analyse
from kit.measure.corpus import build_corpus, find_entries
from kit.measure.counts import compare_terms, count_terms, sum_themes
from kit.measure.pooled import _as_read
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
    assert repr(made) == "25份来源、24篇报告、1份读不出"


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


def test_two_groups_are_compared_as_the_kit_compares_them(made, whole):
    expected = compare_terms(whole.compilation, whole.tokens, focus={"side": "plan"}, reference={"side": "review"})
    found = made.compare_terms({"side": "plan"}, {"side": "review"})
    pd.testing.assert_frame_equal(*(one.sort_values("term", ignore_index=True) for one in (found, expected)))
    with pytest.raises(TableError, match=r"no text in group \{'year': 1900\}; see its reports"):
        made.compare_terms({"year": 1900})
    with pytest.raises(TableError, match=r"a corpus is grouped by county, year, period, .*; found \['colour'\]"):
        made.count_terms("colour")


def test_a_walk_leads_from_a_cell_to_its_sentences(made):
    cell = made.sum_themes("year").sort_values("n_sentences").iloc[-1]
    said = made.find_evidence(cell["theme"], year=cell["year"], most=1000)
    assert len(said) == cell["n_sentences"]
    assert set(said["year"]) == {cell["year"]}
    one = said.iloc[0]
    assert one["text"] in made.analysis(one["source"]).compilation.text
    with pytest.raises(TableError, match="expected a source of this corpus, found 'nowhere'; see the column source"):
        made.analysis("nowhere")


def test_figures_draw_groups_and_count_no_agencies(made):
    years = made.group("year")
    figure = kit.plot_heatmap(years, order="table")
    assert figure.plot.names == tuple(str(year) for year in sorted(set(made.reports["year"])))
    assert "计入24篇报告" in figure.source
    assert not re.search("单位|家", figure.title + figure.subtitle)


# ---- What a corpus is made of ----

ROWS = [
    {"year": "2024年", "province": "柳江省", "full_text": "柳江省2024年政府工作报告\n一、2023年工作回顾\n修路。"},
    {"year": 2025, "province": "石原省", "full_text": "石原省2025年政府工作报告\n一、2024年工作回顾\n架桥。"},
]


def write_table(kind: str, file: Path) -> None:
    if kind == "parquet":
        pd.DataFrame(ROWS).astype({"year": "str"}).to_parquet(file)
    elif kind == "jsonl":
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    else:
        with file.open("w", encoding="gb18030" if kind == "csv" else "utf-8-sig", newline="") as lines:
            writer = csv.DictWriter(lines, ROWS[0], delimiter="\t" if kind == "tsv" else ",")
            writer.writeheader()
            writer.writerows(ROWS)


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_a_row_of_a_table_is_a_source_with_typed_ids(kind, tmp_path):
    write_table(kind, tmp_path / f"rows.{kind}")
    first, second = find_entries([tmp_path / f"rows.{kind}"], ["year", "province"], "full_text")
    assert (first.source, first.ids) == (f"{tmp_path.name}/rows.{kind}#1", (2024, "柳江省"))
    assert (second.name, second.content.decode()) == ("2025石原省.txt", ROWS[1]["full_text"])
    with pytest.raises(SourceError, match="expected columns year, body, found only year, province, full_text"):
        list(find_entries([tmp_path / f"rows.{kind}"], ["year"], "body"))


def test_a_line_that_is_no_json_is_an_error_of_its_own(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"text": "一"}\n{broken\n{"text": "二"}\n', encoding="utf-8")
    found = list(find_entries([tmp_path / "rows.jsonl"], [], "text"))
    assert [bool(entry.failed) for entry in found] == [False, True, False]
    assert "rows.jsonl, row 2: expected an object of JSON, but Expecting property name" in found[1].failed


def test_folders_patterns_and_archives_name_their_files_and_give_ids_by_their_paths(tmp_path):
    for name in ("甲市/2021.txt", "甲市/2022.txt", "乙市/2021.txt", "乙市/.hidden.txt", "乙市/rows.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("文", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("丙市/2020.txt", "文")
    root = tmp_path.name
    files = [
        f"{root}/more.zip/丙市/2020.txt",
        f"{root}/乙市/2021.txt",
        f"{root}/甲市/2021.txt",
        f"{root}/甲市/2022.txt",
    ]
    found = {entry.source: entry.ids for entry in find_entries([tmp_path], ["place", "year"], None)}
    assert sorted(found) == sorted(files)
    assert found[files[0]] == ("丙市", 2020)
    assert found[files[3]] == ("甲市", 2022)
    pattern = [entry.ids for entry in find_entries([str(tmp_path / "*" / "2021.txt")], ["place", "year"], None)]
    assert sorted(pattern) == [("乙市", 2021), ("甲市", 2021)]
    with pytest.raises(SourceError, match="expected a file, a folder or a pattern, found none; check the name"):
        list(find_entries([tmp_path / "none"], [], None))


def at_once(sources: list[Path], folder: Path, ids: tuple[str, ...] = ()) -> kit.measure.pooled.Corpus:
    """A small corpus, measured in this process."""
    corpora._claim(folder, {"ids": list(ids), "text": None})
    corpora.measure_batch(list(find_entries(sources, ids, None)), folder, ids)
    corpora._merge(folder)
    return kit.open_corpus(folder)


@pytest.fixture(scope="module")
def two_counties(tmp_path_factory) -> Path:
    return make_corpus(tmp_path_factory.mktemp("small") / "two", 2)


def test_an_id_that_the_text_contradicts_is_listed(two_counties, tmp_path):
    county, file = next((file.parent.name, file) for file in two_counties.rglob("2015.txt"))
    (tmp_path / "丁山市").mkdir()
    shutil.copy(file, tmp_path / "丁山市" / "1999.txt")
    (tmp_path / county).mkdir()
    shutil.copy(file, tmp_path / county / "2015.txt")
    errors = at_once([tmp_path], tmp_path / "out", ("county", "year")).read("errors")
    assert set(errors["county"]) == {"丁山市"}
    assert set(errors["code"]) == {"differs"}
    assert (
        "year: expected 1999 as the source is named, found 2014, 2015 in its text; check both"
        in errors["message"].iloc[-1]
    )


def test_near_copies_of_other_sources_count_once(two_counties, tmp_path):
    file = next(two_counties.rglob("2015.txt"))
    for name in ("a", "b"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / f"{name}.txt").write_text(text + "附：联系人另行通知。\n" * (name == "b"), encoding="utf-8")
    shutil.copy(next(two_counties.rglob("2016.txt")), tmp_path / "c.txt")
    corpus = at_once([tmp_path / name for name in ("a.txt", "b.txt", "c.txt")], tmp_path / "out")
    copies = corpus.read("copies")
    assert copies["source"].str[-5:].tolist() == ["b.txt"]
    assert copies["copy_of_source"].str[-5:].tolist() == ["a.txt"]
    assert corpus.count_terms()["of_reports"].iloc[0] == 2
    assert kit.open_corpus(tmp_path / "out").reports["counted"].tolist() == [True, False, True]


def test_without_a_folder_it_is_the_sample_and_authors_are_linked_from_year_to_year():
    corpus = kit.open_corpus()
    assert repr(corpus) == "4份来源、43篇报告"
    assert repr(kit.open_corpus(lang="en")) == "4 sources, 43 reports"
    links = corpus.read("author_links").set_index(["period", "agency"])[["later_agency", "link"]]
    assert links.loc[(2023, "县教育局")].tolist() == ["县教育局", "same"]
    assert links.loc[(2024, "县发改委")].tolist() == ["县发展和改革委员会", "same"]
    assert links.loc[(2023, "县科技局")].tolist() == ["县科技和工业信息化局", "renamed"]


def test_what_has_changed_is_measured_anew_and_nothing_else(two_counties, cluster, tmp_path):
    root = shutil.copytree(two_counties, tmp_path / "two")
    build_corpus([root], tmp_path / "out", scheduler=cluster)
    changed, same = sorted(root.rglob("*.txt"))
    changed.write_text(same.read_text(encoding="utf-8").replace("201", "200"), encoding="utf-8")
    corpus = build_corpus([root], tmp_path / "out", scheduler=cluster)
    assert len(list((tmp_path / "out" / "done").iterdir())) == 2
    assert corpus.reports["source"].is_unique
    text = corpus.read("texts", source=f"two/{changed.parent.name}/{changed.name}")["text"][0]
    assert text == changed.read_text(encoding="utf-8")


def test_another_folder_is_refused(two_counties, tmp_path):
    (tmp_path / "notes.md").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="expected a new folder or a corpus, found files of others"):
        build_corpus([two_counties], tmp_path)
    corpora._claim(tmp_path / "out", {"ids": [], "text": None})
    with pytest.raises(OutputError, match=r"expected a corpus made with \{'ids': \['year'\]"):
        build_corpus([two_counties], tmp_path / "out", ids=["year"])


def test_without_the_extra_the_command_says_so(two_counties, tmp_path, monkeypatch):
    monkeypatch.setattr(corpora, "find_spec", lambda name: None if name == "rensa" else True)
    message = r'expected dask, distributed, pyarrow, rensa, found no rensa; run pip install "huibian-kit\[corpus\]"'
    with pytest.raises(KitError, match=message):
        build_corpus([two_counties], tmp_path / "out")


def test_the_command_makes_a_corpus_on_a_cluster_of_its_own(two_counties, tmp_path):
    command = [str(two_counties), "--id", "county/year", "--workers", "1", "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(main, ["corpus", *command, "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "2 sources, 2 reports" in done.output
    assert kit.open_corpus(tmp_path / "out").ids == IDS


# ---- Public corpora ----


def test_provinces_of_a_csv_and_national_reports_of_a_jsonl_are_read_by_their_ids(compilations, cluster, tmp_path):
    provinces = sorted((compilations / "provinces-2025-text").glob("*.txt"))
    rows = [dict(zip(("year", "province"), file.stem.split("_"), strict=True)) for file in provinces]
    rows = [row | {"full_text": file.read_text(encoding="utf-8")} for row, file in zip(rows, provinces, strict=True)]
    pd.DataFrame(rows).to_csv(tmp_path / "provinces.csv", index=False)
    nation = sorted((compilations / "series").glob("*.txt"))
    lines = [{"year": int(file.stem[-4:]), "province": "", "full_text": kit.read(file).text} for file in nation]
    written = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (tmp_path / "national.jsonl").write_text(written, encoding="utf-8")
    tables_ = [tmp_path / "provinces.csv", tmp_path / "national.jsonl"]
    made = {"ids": ["year", "province"], "text": "full_text", "scheduler": cluster}
    reports = build_corpus(tables_, tmp_path / "out", **made).reports
    assert len(reports) == len(provinces) + len(nation)
    assert (reports["plan_period"] == reports["year"]).all()
    assert (reports["period"] == reports["year"] - 1).all()
    named = reports[reports["province"] != ""]
    assert all(place[:2] == province[:2] for place, province in zip(named["place"], named["province"], strict=True))
    assert kit.open_corpus(tmp_path / "out").read("errors").empty


def test_governments_of_a_folder_a_place_and_a_file_a_year(compilations, cluster, tmp_path):
    pattern = compilations / "government" / "[嘉四]*" / "*.md"
    corpus = build_corpus([str(pattern)], tmp_path / "out", ids=["place", "year"], scheduler=cluster)
    reports = corpus.reports
    assert (reports["place"] == reports["place_read"]).all()
    assert (reports["plan_period"] == reports["year"]).all()
    assert corpus.read("errors").empty
