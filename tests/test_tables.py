"""Tables are declared once, and every table is checked against its declaration."""

from pathlib import Path

import pytest

from kit import tables
from kit.data import knowledge
from kit.errors import TableError

DECLARED = knowledge("tables.toml")
DOCS = Path(__file__).parents[1] / "docs/tables.md"
SENTENCE = {"part": 1, "report": 1, "role": "plan", "horizon": "annual", "start": 0, "end": 3}


def test_rows_become_a_typed_table_with_its_columns_in_order():
    frame = tables.make([SENTENCE | {"sentence": 1}], tables.SENTENCES)
    names = ["sentence", "part", "report", "role", "horizon", "start", "end"]
    assert list(frame.columns) == list(tables.SENTENCES) == names
    assert frame.dtypes.astype(str).tolist() == ["int64", "int64", "int64", "str", "str", "int64", "int64"]
    assert tables.check(frame, tables.SENTENCES) is frame


def test_no_rows_make_an_empty_table_of_the_same_types():
    frame = tables.make([], tables.PARTS)
    assert tables.check(frame, tables.PARTS).empty


def test_further_columns_stand_behind_the_declared_ones():
    row = {"report": 1, "role": "plan", "stands_for": "number", "start": 0, "end": 2, "note": "x"}
    assert list(tables.make([row], tables.MASKS).columns) == [*tables.MASKS, "note"]


def test_a_declared_further_column_is_typed_where_it_stands():
    row = {"theme": "rural", "report": 1, "agency": "农业农村局", "state": "both", "review_sentences": 1,
           "plan_sentences": 1, "review_share": 0.5, "plan_share": 1, "shift_points": 50.0}  # fmt: skip
    frame = tables.make([row | {"of_plan_sentences": 1.0}], tables.COVERAGE)
    assert str(frame["of_plan_sentences"].dtype) == "int64"
    with pytest.raises(TableError, match="table coverage, column of_plan_sentences: expected int64, found float64"):
        tables.check(frame.astype({"of_plan_sentences": float}), tables.COVERAGE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="role"), r"table sentences: columns \['role'\] are missing; found"),
        (
            lambda frame: frame.astype({"start": "float64"}),
            "table sentences, column start: expected int64, found float64",
        ),
        (
            lambda frame: frame.assign(role="review"),
            r"table sentences, column role: expected one of \('front', .*'artefact'\), found 'review'",
        ),
        (
            lambda frame: frame.assign(sentence=1),
            r"table sentences: key \('sentence',\) repeats, first at {'sentence': 1}",
        ),
        (lambda frame: frame.assign(end=-1), "table sentences: a row ends before it starts"),
    ],
)
def test_a_table_that_breaks_its_declaration_is_refused(change, message):
    frame = tables.make([SENTENCE | {"sentence": n} for n in (1, 2)], tables.SENTENCES)
    with pytest.raises(TableError, match=message):
        tables.check(change(frame), tables.SENTENCES)


def test_a_table_is_known_by_its_name_in_capitals():
    assert tables.MATCHES is tables.TABLES["matches"]
    for name in ("MATCH", "matches"):
        with pytest.raises(AttributeError, match=f"kit.tables has no '{name}'; tables.toml declares sources, reports"):
            getattr(tables, name)


@pytest.mark.parametrize("table", tables.ALL, ids=lambda table: table.name)
def test_every_declaration_is_complete(table):
    names = [*table, *(column.name for column in table.further)]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(table)
    assert set(DECLARED["tables"][table.name].get("own", {})) <= set(names), "says something of a column it has not"
    assert all(table.row[lang] for lang in ("zh", "en"))
    for column in (*table.columns, *table.further):
        assert column.dtype in tables.DTYPES
        assert not column.unit or column.unit in DECLARED["units"]
        assert all(column.called[lang] and column.meaning[lang] for lang in ("zh", "en"))


def test_nothing_is_declared_that_nothing_uses():
    own = [(column, said) for table in DECLARED["tables"].values() for column, said in table.get("own", {}).items()]
    said = [*DECLARED["columns"].values(), *(fields for _, fields in own)]
    used = {field: {one[field] for one in said if field in one} for field in ("values", "unit")}
    assert used == {"values": set(DECLARED["values"]) - {"body_roles", "review_roles"}, "unit": set(DECLARED["units"])}
    known = DECLARED["columns"]
    assert [
        (column, field) for column, fields in own for field in fields if fields[field] == known[column].get(field)
    ] == []


def test_every_value_of_a_closed_column_has_a_name():
    labels = knowledge("labels.toml") | {"headlines": {}, "columns": tables.COLUMNS}
    for table in tables.ALL:
        for column in table.columns:
            known = {key for group in column.named for key in labels[group]}
            assert set(column.values) - {""} <= known, (table.name, column.name)
            assert not column.values or column.named


@pytest.mark.parametrize(
    ("table", "column", "zh", "en"),
    [
        ("terms", "n", "出现次数", "occurrences"),
        ("keyness", "n", "在计划中的次数", "occurrences in the focus"),
        ("targets", "actual_end", "完成值最后一个字之后的位置", "one past its last character"),
        ("hits", "text", "所在的原文", "the text it points to"),  # added where the table is shown
        ("", "n", "出现次数", "occurrences"),
        ("terms", "my_own", "", ""),
    ],
)
def test_a_column_means_what_its_table_or_else_any_table_says(table, column, zh, en):
    assert (tables.meaning(table, column, "zh"), tables.meaning(table, column, "en")) == (zh, en)


def test_a_column_is_called_alike_in_every_table():
    assert (tables.label("agency", "zh"), tables.label("agency", "en")) == ("单位", "agency")
    assert tables.label("my_own", "zh") == ""


def test_groups_name_the_values_of_a_column_in_all_its_tables():
    assert tables.groups("role") == ("roles", "indicator_roles")
    assert tables.groups("agency") == ()


def test_the_page_of_tables_is_in_step_with_their_declaration():
    assert DOCS.read_text(encoding="utf-8") == tables.describe(), "write it: python -m kit.tables docs/tables.md"
