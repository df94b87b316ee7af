"""A compilation as read: the text, which nothing changes, and the tables that point into it."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from kit import tables
from kit.data import own_file


@dataclass(frozen=True, eq=False)
class Compilation:
    r"""A compilation of reports.

    Attributes
    ----------
    name : str
        Name of the file or folder it was read from.
    text : str
        The text as read, line ends as ``\n``; every offset in every table points into it.
    sources, reports, parts, sentences, masks, doubts, overrides : DataFrame
        See `kit.tables`.
    path : Path or None
        The file or folder itself; the user's own terms and themes stand beside it.
    """

    name: str
    text: str
    sources: pd.DataFrame
    reports: pd.DataFrame
    parts: pd.DataFrame
    sentences: pd.DataFrame
    masks: pd.DataFrame
    doubts: pd.DataFrame
    overrides: pd.DataFrame = field(default_factory=lambda: tables.make([], tables.OVERRIDES))
    path: Path | None = None

    def own_file(self, name: str) -> Path | None:
        """The user's own file of this name for the compilation (`kit.data.own_file`); None when there is none."""
        file = own_file(self.path, name) if self.path else None
        return file if file and file.is_file() else None

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, in the order of `kit.tables.ALL`."""
        names = ("sources", "reports", "parts", "sentences", "masks", "doubts")
        return {name: getattr(self, name) for name in names}

    @property
    def counted(self) -> pd.DataFrame:
        """The reports that measures count: all but the near copies of another (see `tables.REPORTS`)."""
        return self.reports[self.reports["copy_of"].isna()]
