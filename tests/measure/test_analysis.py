"""An analysis computes each table once, keeps it on disk, and never takes a wrong one for its own."""

import gc
import shutil
from weakref import ref

import pandas as pd
import pytest

import kit
from kit.errors import SourceError, TableError
from kit.measure import analysis as module
from kit.measure.analysis import MEASURES, OF_ONE, analyse
from kit.measure.counts import count_terms

REPORT = "青石县水利局2023年工作总结\n一、主要工作\n修渠5公里，完成年度任务4公里的125%。\n二、2024年工作计划\n继续修渠6公里。\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "2023.txt"
    file.write_text(REPORT, encoding="utf-8")
    return file


@pytest.fixture
def computed(monkeypatch):
    """The names of the tables that are computed, in order."""
    names: list[str] = []
    for name, measure in OF_ONE.items():
        monkeypatch.setitem(MEASURES, name, lambda a, n=name, m=measure: names.append(n) or m(a))
    return names


def test_a_table_is_what_its_measure_gives(source):
    found = analyse(source)
    pd.testing.assert_frame_equal(found.terms, count_terms(found.compilation, found.tokens))


def test_a_table_is_computed_once(source, computed):
    found = analyse(source)
    assert found.terms is found.terms
    assert found.keyness is found.table("keyness")
    assert sorted(computed) == ["keyness", "terms", "tokens"]


def test_no_measure_holds_the_analysis_in_memory():
    measured = analyse(kit.sample(2023))
    measured.measure()
    held = ref(measured)
    del measured
    gc.collect()
    assert held() is None


def test_every_table_comes_back_from_disk_as_it_was(computed):
    years = [kit.sample(2023), kit.sample(2024)]
    first = analyse(years)
    tables = {name: first.table(name) for name in MEASURES}
    computed.clear()
    again = analyse(years)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(again.table(name), table)
    assert computed == []


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:-30]), id="cut short"),
        pytest.param(lambda file: file.write_bytes(b""), id="empty"),
        pytest.param(lambda file: file.write_text("no Parquet", encoding="utf-8"), id="text"),
        pytest.param(lambda file: shutil.copy(file.with_name("tokens.parquet"), file), id="another table"),
        pytest.param(
            lambda file: file.write_bytes(file.read_bytes().replace("修渠".encode(), "修路".encode(), 1)),
            id="a changed byte",
        ),
        pytest.param(lambda file: pd.DataFrame({"term": ["foreign"]}).to_parquet(file), id="not written by the kit"),
    ],
)
def test_a_damaged_or_foreign_file_is_measured_anew(folder, source, harm):
    first = analyse(source).terms
    harm(next(folder.rglob("terms.parquet")))
    pd.testing.assert_frame_equal(analyse(source).terms, first)
    pd.testing.assert_frame_equal(analyse(source).terms, first)  # and kept again


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2023.txt", REPORT.replace("修渠", "修路")),
        ("2023.terms.csv", "term\n修渠\n"),
        ("2023.kit.toml", '[[report]]\nat = 0\ntext = "青石县水利局2023年工作总结"\nagency = "青石县水务局"\n'),
        ("2023.themes.toml", '[themes.ecology]\nterms = "修渠"\n'),
    ],
)
def test_what_a_table_depends_on_changes_its_key(source, name, content):
    before = module._key(analyse(source))
    source.with_name(name).write_text(content, encoding="utf-8")
    assert module._key(analyse(source)) != before


def test_the_kit_itself_is_part_of_the_key(source, monkeypatch):
    before = module._key(analyse(source))
    monkeypatch.setattr(module, "kit_key", lambda: "another version")
    assert module._key(analyse(source)) != before


def test_the_year_before_is_part_of_the_key():
    one, two = analyse(kit.sample(2024)), analyse([kit.sample(2023), kit.sample(2024)])
    assert module._key(one) != module._key(two)


def test_nothing_is_kept_when_the_cache_is_off(folder, source, monkeypatch):
    monkeypatch.setenv("KIT_CACHE", "off")
    assert len(analyse(source).terms)
    assert not folder.exists()


def test_a_cache_that_cannot_be_written_costs_no_result(folder, source):
    folder.write_text("a file where the folder should be", encoding="utf-8")
    assert len(analyse(source).terms)


@pytest.mark.parametrize("writable", [True, False])
def test_without_a_name_the_cache_is_the_users_own_where_it_can_be_written(writable, tmp_path, source, monkeypatch):
    module._own_cache.cache_clear()
    monkeypatch.delenv("KIT_CACHE")
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "caches"))
    if not writable:
        (tmp_path / "caches").write_text("a file where the folder should be", encoding="utf-8")
    assert len(analyse(source).terms)
    assert module.cache_root() == (tmp_path / "caches" / "huibian-kit" if writable else None)
    assert len(list(tmp_path.rglob("terms.parquet"))) == writable
    module._own_cache.cache_clear()


def test_old_analyses_make_room(folder, source, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    for n in range(4):
        source.write_text(REPORT + f"修桥{n}座。\n", encoding="utf-8")
        assert len(analyse(source).tokens)
    assert len(list((folder / "analyses").iterdir())) == 2


def test_years_are_a_list_the_earliest_first():
    found = analyse([kit.sample(2023), kit.sample(2024)])
    assert [found.earlier.compilation.name, found.compilation.name] == ["2023.txt", "2024.txt"]
    assert found.years == (found.earlier, found)
    assert len(found.promises)


def test_a_compilation_that_is_read_already_is_taken_as_it_is(source):
    compilation = kit.read(source)
    assert analyse(compilation).compilation is compilation


def test_the_codebook_that_is_named_is_the_one_that_is_counted(source, tmp_path):
    entry = 'group = "means"\nzh = "渠"\nen = "Canals"\nterms = "修渠"\n'
    file = tmp_path / "named.toml"
    file.write_text("standalone = true\n[themes.canals]\n" + entry, encoding="utf-8")
    analysis = analyse(source, codebook=file)
    assert set(analysis.theme_counts["theme"]) == {"canals"}
    assert analysis.theme_counts["n_hits"].sum() == len(analysis.hits) == 2


def test_a_list_of_one_is_refused():
    with pytest.raises(SourceError, match="list of two years or more, found a list of 1"):
        analyse([kit.sample()])


def test_an_empty_list_is_the_sample_of_its_years(monkeypatch):
    monkeypatch.delenv("KIT_SOURCES", raising=False)
    assert [year.compilation.name for year in analyse([]).years] == ["2023.txt", "2024.txt", "2025.txt"]


def test_unknown_tables_are_named(source):
    found = analyse(source)
    with pytest.raises(TableError, match="has no table 'termz'; it has tokens, terms, keyness"):
        found.table("termz")
    with pytest.raises(AttributeError, match="has no 'termz'"):
        _ = found.termz


def test_a_table_of_two_years_takes_two(source):
    with pytest.raises(TableError, match=r"'links' takes two compilations, found only 2023\.txt; name the earlier one"):
        _ = analyse(source).links
