"""Every table of the kit: read from its one declaration (`data/tables.toml`), made, checked and explained.

``start`` and ``end`` are half-open code-point offsets into ``Compilation.text``: for every row of every table
that has them, ``text[start:end]`` is the evidence. Report 0 is what belongs to no report (front matter).
`tables.ITEMS` is the declaration of the table ``items``; ``python -m kit.tables docs/tables.md`` lists them all.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit.data import knowledge
from kit.errors import TableError

# Of many small tables: texts as Python's own take a quarter of the measuring less than as Arrow's.
pd.set_option("mode.string_storage", "python")
DTYPES = {"int": "int64", "int?": "Int64", "float": "float64", "float?": "Float64", "str": "str", "bool": "bool"}


@dataclass(frozen=True)
class Column:
    """One column: its name, its type (a key of ``DTYPES``; ``?`` allows gaps), and what it is called and means."""

    name: str
    dtype: str
    called: Mapping[str, str]
    meaning: Mapping[str, str]
    unit: str = ""
    values: tuple[str, ...] = ()  # others are refused; any may stand in a column without
    named: tuple[str, ...] = ()  # groups of labels.toml in which its values have names


@dataclass(frozen=True)
class Table:
    """One table: its name (also the file's name on export), what a row is, its columns in order, the key of a row.

    ``further`` columns stand behind these in some uses, a grouping for instance.
    """

    name: str
    row: Mapping[str, str]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    further: tuple[Column, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return (column.name for column in self.columns)

    @property
    def has_offsets(self) -> bool:
        """Whether a row points into the text."""
        return {"start", "end"} <= set(self)


def _column(name: str, own: Mapping[str, Mapping]) -> Column:
    """Return a column as declared for all tables, with the fields in which one table differs."""
    said = _DECLARED["columns"][name] | own.get(name, {})
    return Column(
        name,
        said["dtype"],
        dict(zip(("zh", "en"), said["called"], strict=True)),
        {"zh": said["zh"], "en": said["en"]},
        said.get("unit", ""),
        tuple(_DECLARED["values"][said["values"]]) if "values" in said else (),
        tuple(said.get("named", ())),
    )


def _table(name: str, said: Mapping) -> Table:
    columns, further = (
        tuple(_column(column, said.get("own", {})) for column in said.get(kind, ())) for kind in ("columns", "further")
    )
    return Table(name, said["row"], columns, tuple(said.get("key", ())), further)


_DECLARED = knowledge("tables.toml")
COLUMNS = {name: _column(name, {}) for name in _DECLARED["columns"]}
TABLES = {name: _table(name, said) for name, said in _DECLARED["tables"].items()}
ALL = tuple(TABLES.values())
VALUES = {name: tuple(values) for name, values in _DECLARED["values"].items()}
ROLES, BODY_ROLES, REVIEW_ROLES = VALUES["roles"], VALUES["body_roles"], VALUES["review_roles"]
_, ANNUAL, MULTI_YEAR = VALUES["horizons"]


def __getattr__(name: str) -> Table:
    """Return the declaration of a table by its name in capitals."""
    if not name.isupper() or name.lower() not in TABLES:
        message = f"kit.tables has no {name!r}; tables.toml declares {', '.join(TABLES)}"
        raise AttributeError(message)
    return TABLES[name.lower()]


def find_column(name: str, table: str = "") -> Column | None:
    """Return a column as its table declares it, or else as declared for all; None for an undeclared one."""
    declared = TABLES.get(table)
    columns = (*declared.columns, *declared.further) if declared else ()
    return next((column for column in columns if column.name == name), COLUMNS.get(name))


def label(column: str, lang: str) -> str:
    """Return what a column is called, in ``zh`` or ``en``; empty for one that is not declared."""
    found = find_column(column)
    return found.called[lang] if found else ""


def meaning(table: str, column: str, lang: str) -> str:
    """Return what a column of a table means, in ``zh`` or ``en``; empty for one that is not declared."""
    found = find_column(column, table)
    return found.meaning[lang] if found else ""


@cache
def groups(column: str) -> tuple[str, ...]:
    """Return the groups of `labels.toml` in which the values of a column have names, whatever table it stands in."""
    declared = (known for table in ALL for known in (*table.columns, *table.further) if known.name == column)
    return tuple(dict.fromkeys(group for known in declared for group in known.named))


def check(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return ``frame`` when it is a `table`; raise otherwise."""
    missing = [name for name in table if name not in frame.columns]
    if missing:
        message = f"table {table.name}: columns {missing} are missing; found {list(frame.columns)}"
        raise TableError(message)
    dtypes = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    for column in (*table.columns, *(column for column in table.further if column.name in dtypes)):
        if (found := dtypes[column.name]) != DTYPES[column.dtype]:
            message = f"table {table.name}, column {column.name}: expected {DTYPES[column.dtype]}, found {found}"
            raise TableError(message)
        if column.values and (strange := sorted(set(frame[column.name].tolist()) - set(column.values))):
            message = f"table {table.name}, column {column.name}: expected one of {column.values}, found {strange[0]!r}"
            raise TableError(message)
    # a set of tuples is far faster than `duplicated`
    if table.key and len(set(zip(*(frame[name].tolist() for name in table.key), strict=True))) < len(frame):
        first = frame.loc[frame.duplicated(list(table.key)), list(table.key)].iloc[0].to_dict()
        message = f"table {table.name}: key {table.key} repeats, first at {first}"
        raise TableError(message)
    if table.has_offsets and (frame["start"].to_numpy() > frame["end"].to_numpy()).any():
        message = f"table {table.name}: a row ends before it starts"
        raise TableError(message)
    return frame


def make(rows: list[dict], table: Table) -> pd.DataFrame:
    """Build a `table` from rows, with its columns in order and typed; further columns stand behind."""
    names = dict.fromkeys(chain(table, chain.from_iterable(rows)))
    dtypes = {column.name: DTYPES[column.dtype] for column in (*table.columns, *table.further)}
    # a column at a time: from rows at once pandas finds every type twice
    return check(pd.DataFrame({n: _array([row.get(n) for row in rows], dtypes.get(n)) for n in names}), table)


def _array(values: list, dtype: str | None) -> Any:
    if dtype == "str":
        return pd.array(np.array(values, dtype=object), dtype="str", copy=False)
    # numpy where nothing has to be converted: pandas takes ten times as long
    if dtype in ("int64", "float64", "bool"):
        found = np.array(values, dtype=None if values else dtype)
        if found.dtype == dtype:
            return found
    return pd.Series(values, dtype=dtype).array


def rows_of(table: pd.DataFrame, *names: str) -> Iterator[tuple]:
    """Yield rows of some columns as plain values, ten times as fast as `itertuples` does."""
    return zip(*(table[name].tolist() for name in names), strict=True)


def describe() -> str:
    """Return all declarations as Markdown, a section a table; `docs/tables.md` holds it."""
    head = "Written by `python -m kit.tables docs/tables.md`; *further* columns stand there in some uses only."
    lines = ["# The tables", "", head]
    for table in ALL:
        lines += ["", f"## {table.name}", "", f"{table.row['en']} · {table.row['zh']}"]
        lines += [f"(key: {', '.join(f'`{name}`' for name in table.key)})"] if table.key else []
        lines += ["", "| column | zh | type | unit | meaning |", "|---|---|---|---|---|"]
        for column in (*table.columns, *table.further):
            unit = _DECLARED["units"][column.unit]["en"] if column.unit else ""
            kind = f"{column.dtype}, *further*" if column in table.further else column.dtype
            lines.append(f"| `{column.name}` | {column.called['zh']} | {kind} | {unit} | {column.meaning['en']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8", newline="\n")
