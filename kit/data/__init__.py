"""What the kit knows, as data: themes, words, role headings, agencies, messages, the sample.

Every file says in its head what its entries mean and where they come from.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import DataError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

HERE = Path(__file__).parent


def path(name: str) -> Path:
    """Return the path of a data file that ships with the kit, e.g. ``path("sample/2023.txt")``."""
    return HERE / name


def read_toml(file: Path) -> dict[str, Any]:
    """Read a TOML file (UTF-8, with or without BOM).

    Raises
    ------
    DataError
        When the file is missing or is not TOML; the message names file and line.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        message = f"{file}: expected a TOML file, found none; check the name"
        raise DataError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file}: expected TOML in UTF-8, but {error}; mend that line"
        raise DataError(message) from error


@cache
def knowledge(name: str) -> dict[str, Any]:
    """Return a shipped TOML file as a dict, read once, e.g. ``knowledge("roles.toml")``."""
    return read_toml(path(name))


@cache
def pattern(name: str, *keys: str) -> re.Pattern[str]:
    """Compile an entry of a shipped TOML file; a list becomes its alternatives."""
    entry: Any = knowledge(name)
    for key in keys:
        entry = entry[key]
    return re.compile("|".join(entry) if isinstance(entry, list) else entry)


@cache
def template(name: str) -> "Template":
    """Return a shipped template of HTML, e.g. ``template("page.html")``; whatever is filled in is escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415, not needed to read or count

    loader = FileSystemLoader(HERE, encoding="utf-8")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)


def own_file(source: Path, name: str) -> Path:
    """Return where a user's own file stands: ``2023.terms.csv`` beside ``2023.txt``, ``terms.csv`` inside a folder."""
    return source / name if source.is_dir() else source.with_name(f"{source.stem}.{name}")


def sample(year: int = 2023) -> Path:
    """Return the path of the fictional compilation of a year that ships with the kit.

    Parameters
    ----------
    year : {2023, 2024}

    Raises
    ------
    DataError
        When there is none of that year.
    """
    file = path(f"sample/{year}.txt")
    if not file.exists():
        message = f"sample of {year}: expected 2023 or 2024; no other year ships with the kit"
        raise DataError(message)
    return file


def sample_coding() -> Path:
    """Return the path of the reference coding of themes on the sample of 2023 (``start, end, themes``)."""
    return path("sample/themes.csv")
