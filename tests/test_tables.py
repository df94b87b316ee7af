"""Tables are declared once, and every table is checked against its declaration."""

import pytest

from kit import tables
from kit.errors import TableError


def test_rows_become_a_typed_table_with_its_columns_in_order():
    frame = tables.make(
        [{"sentence": 1, "part": 1, "report": 1, "role": "plan", "start": 0, "end": 3}], tables.SENTENCES
    )
    assert list(frame.columns) == list(tables.SENTENCES)
    assert tables.check(frame, tables.SENTENCES) is frame


def test_no_rows_make_an_empty_table_of_the_same_types():
    frame = tables.make([], tables.PARTS)
    assert tables.check(frame, tables.PARTS).empty


def test_further_columns_stand_behind_the_declared_ones():
    row = {"report": 1, "role": "plan", "stands_for": "number", "start": 0, "end": 2, "note": "x"}
    assert list(tables.make([row], tables.MASKS).columns) == [*tables.MASKS, "note"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns="role"), r"table sentences: columns \['role'\] are missing; found"),
        (
            lambda frame: frame.astype({"start": "float64"}),
            "table sentences, column start: expected int64, found float64",
        ),
        (
            lambda frame: frame.assign(sentence=1),
            r"table sentences: key \('sentence',\) repeats, first at {'sentence': 1}",
        ),
        (lambda frame: frame.assign(end=-1), "table sentences: a row ends before it starts"),
    ],
)
def test_a_table_that_breaks_its_declaration_is_refused(change, message):
    rows = [{"sentence": n, "part": 1, "report": 1, "role": "plan", "start": 0, "end": 3} for n in (1, 2)]
    with pytest.raises(TableError, match=message):
        tables.check(change(tables.make(rows, tables.SENTENCES)), tables.SENTENCES)


def test_every_column_says_its_meaning_and_its_type():
    for table in tables.ALL:
        assert table.row
        assert len(set(table)) == len(list(table))
        assert set(table.key) <= set(table)
        for column in table.columns:
            assert column.dtype in tables.DTYPES
            assert column.meaning
