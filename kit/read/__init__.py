"""A file becomes tables of reports, parts and sentences."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.read.compilation import Compilation


def read(source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Compilation:
    """Read a compilation of reports.

    Parameters
    ----------
    source : path, or iterable of paths
        A text file (UTF-8 with or without byte order mark, UTF-16, GB18030), a folder of them, or a list.
        The files are never changed.

    Returns
    -------
    Compilation
        The text and its tables; what the reading is not sure of is in ``doubts``.

    Raises
    ------
    SourceError
        When nothing can be read, or what is read holds no report.

    Examples
    --------
    >>> import kit
    >>> compilation = kit.read(kit.sample(2023))
    >>> len(compilation.reports)
    12
    """
    from kit.read.reader import read_files  # noqa: PLC0415, so that `import kit` stays light

    return read_files(source)
