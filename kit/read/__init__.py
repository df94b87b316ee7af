"""A file becomes tables of reports, parts and sentences."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kit.data import sample, settings
from kit.errors import SourceError

if TYPE_CHECKING:
    from kit.read.compilation import Compilation


Source = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def read(source: Source | None = None) -> Compilation:
    """Read a compilation of reports.

    Parameters
    ----------
    source : path, or iterable of paths, optional
        Without one, what the environment variable KIT_SOURCE names, else the ``source`` of a ``kit.toml`` in the
        working folder (the last, where that is a list of years), else the sample of 2023.
        A file, a folder of files, a ZIP archive, or a list of these, in any mixture of formats:

        - text (.txt) in UTF-8, UTF-16, UTF-32, GB18030 with GBK and GB2312, or Big5, each told by its bytes;
        - Word (.docx) with tables, text boxes, notes, and the numbers that Word makes itself; .doc and .wps where
          LibreOffice is installed;
        - PDF with a text layer, its lines joined into paragraphs, running heads and page numbers apart;
        - HTML, Markdown, RTF.

        The bytes decide what a file is, its name only between kinds of text. Files are never changed, nothing in
        them is run, and nothing is fetched.

    Returns
    -------
    Compilation
        The text and its tables; what the reading is not sure of is in ``doubts``.

    Raises
    ------
    SourceError
        When a file is missing, empty, damaged, locked, too large, a scan, or of no known format, or when what is
        read holds no report; the message names the file, what was expected and found, and what to do.

    Examples
    --------
    >>> import kit
    >>> compilation = kit.read(kit.sample(2023))
    >>> len(compilation.reports)
    12
    """
    from kit.read.reader import read_files  # noqa: PLC0415, so that `import kit` stays light

    return read_files(source or preset()[-1])


def preset() -> list[str]:
    """Return what is read when no source is given: what KIT_SOURCE names, or the folder's kit.toml; else the sample."""
    named = os.environ.get("KIT_SOURCE")
    return [named] if named else settings().get("source") or [str(sample(2023))]


def preset_years() -> list[Source]:
    """Return the two years that are compared when none are given: as `preset`, the earlier named by KIT_EARLIER."""
    earlier, later = os.environ.get("KIT_EARLIER"), os.environ.get("KIT_SOURCE")
    if not (earlier or later):
        named = settings().get("source", [])
        return named[-2:] if len(named) > 1 else [sample(2023), sample(2024)]
    if not (earlier and later):
        missing = "later" if earlier else "earlier"
        message = f"two years: expected two compilations, found only {earlier or later}; name the {missing} one as well"
        raise SourceError(message)
    return [earlier, later]
