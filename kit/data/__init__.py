"""What the kit knows, as data: themes, words, role headings, agencies, messages, the sample.

Every file says in its head what its entries mean and where they come from.
"""

import re
import tomllib
from functools import cache, reduce
from pathlib import Path
from typing import Any

from kit.errors import DataError

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
def rule(file: str, *keys: str, **filled: str) -> re.Pattern[str]:
    """Compile a rule of a shipped TOML file, e.g. ``rule("layout.toml", "title", "first")``; a list: one of these.

    ``{year}`` stands for the pattern of a year, any other ``{name}`` for what is filled in by that name.
    """
    entry = reduce(dict.__getitem__, keys, knowledge(file))
    pattern = "|".join(f"(?:{one})" for one in entry) if isinstance(entry, list) else entry
    for name, value in {"year": knowledge("layout.toml")["year"]["pattern"], **filled}.items():
        pattern = pattern.replace("{" + name + "}", value)
    try:
        return re.compile(pattern)
    except re.error as error:
        message = f"{path(file)}, {'.'.join(keys)}: expected a regular expression, but {error}; mend that entry"
        raise DataError(message) from error


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
