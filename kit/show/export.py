"""Figures and tables as files: written whole or not at all, the same bytes for the same content."""

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.errors import OutputError
from kit.show.font import check_glyphs
from kit.show.style import figure_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

Writer = Callable[[Path], None]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PNG_DPI = 300
SETTINGS: Any = {"svg.hashsalt": "kit", "svg.fonttype": "path", "pdf.fonttype": 42}
METADATA = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


def neutralise(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts no spreadsheet takes for a formula: an apostrophe stands before = + - @.

    Numbers stay numbers. After the OWASP notes on CSV injection.
    """
    safe = table.copy()
    for name in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        safe[name] = [f"'{v}" if isinstance(v, str) and v.startswith(FORMULA) else v for v in safe[name]]
    return safe


def export_table(table: pd.DataFrame, file: Path) -> Path:
    """Write a table as CSV: UTF-8 with BOM, so that a spreadsheet reads the Chinese, formulas neutralised.

    Raises
    ------
    OutputError
        When the file cannot be written; an older file is then as it was.
    """
    _write_whole({file: partial(_write_csv, table)})
    return file


def export_figure(figure: "Artist", table: pd.DataFrame, stem: str, directory: Path | str) -> list[Path]:
    """Write a figure as PNG (300 dpi), SVG and PDF (text selectable), and the table it was drawn from as CSV.

    Parameters
    ----------
    figure : Figure or Axes
        A figure made by this kit's ``plot_`` functions.
    table : DataFrame
        The table behind it.
    stem : str
        Name of the files without their endings.
    directory : Path or str
        An existing or new folder.

    Returns
    -------
    list of Path
        The four files, in the order PNG, SVG, PDF, CSV.

    Raises
    ------
    FontError
        When a text of the figure has a character that the font lacks.
    OutputError
        When a file cannot be written; none of the four is then changed.
    """
    whole = figure_of(figure)
    _check_texts(whole)
    folder = Path(directory)
    writers: dict[Path, Writer] = {folder / f"{stem}.{form}": partial(_save, whole, form) for form in METADATA}
    writers[folder / f"{stem}.csv"] = partial(_write_csv, table)
    _write_whole(writers)
    return list(writers)


def _check_texts(figure: "Figure") -> None:
    from matplotlib.text import Text  # noqa: PLC0415

    for text in figure.findobj(Text):
        if text.get_visible():
            check_glyphs(text.get_text())


def _save(figure: "Figure", form: str, target: Path) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    with mpl.rc_context(SETTINGS):
        figure.savefig(target, format=form, dpi=PNG_DPI, metadata=METADATA[form])


def _write_csv(table: pd.DataFrame, target: Path) -> None:
    neutralise(table).to_csv(target, index=False, encoding="utf-8-sig", lineterminator="\n")


def _write_whole(writers: dict[Path, Writer]) -> None:
    """Write every file beside its place first, then put all in place; leave nothing half-written behind."""
    with ExitStack() as stack:
        ready = []
        try:
            for file, write in writers.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                handle, name = tempfile.mkstemp(dir=file.parent, prefix=".kit-")
                os.close(handle)
                stack.callback(Path(name).unlink, missing_ok=True)
                write(Path(name))
                Path(name).chmod(0o644)
                ready.append((name, file))
            for name, file in ready:
                os.replace(name, file)  # noqa: PTH105 - the point of it: atomic, also over an older file
        except OSError as error:
            message = f"{file}: expected to write this file, but {error}; close it in other programs or choose a folder"
            raise OutputError(message) from error
