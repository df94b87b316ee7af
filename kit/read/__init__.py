"""A file becomes tables of reports, parts and sentences."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kit.data import sample

if TYPE_CHECKING:
    from kit.read.compilation import Compilation


def read(source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None) -> Compilation:
    """Read a compilation of reports.

    Parameters
    ----------
    source : path, or iterable of paths, optional
        Without one, what the environment variable KIT_SOURCE names, else the sample of 2023.
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

    return read_files(source or os.environ.get("KIT_SOURCE") or sample(2023))
