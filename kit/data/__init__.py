"""What the kit knows, as data: themes, words, role headings, agencies, messages, the sample.

Every file says in its head what its entries mean and where they come from.
"""

import locale
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import DataError, KitError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

HERE = Path(__file__).parent


def path(name: str) -> Path:
    """Return the path of a data file that ships with the kit, e.g. ``path("sample/2023.txt")``."""
    return HERE / name


def read_toml(file: Path) -> dict[str, Any]:
    """Read a TOML file (UTF-8, with or without BOM)."""
    try:
        return parse_toml(file.read_bytes(), file)
    except FileNotFoundError as error:
        message = f"{file}: expected a TOML file, found none; check the name"
        raise DataError(message) from error
    except OSError as error:
        message = f"{file}: expected a TOML file, but {error.strerror}; check what stands there"
        raise DataError(message) from error


def parse_toml(text: str | bytes, file: Path) -> dict[str, Any]:
    """Parse the text of a TOML file, which an error names."""
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return tomllib.loads(text.replace("\r\n", "\n"))
    except RecursionError as error:
        message = f"{file}: expected TOML, found brackets nested too deeply; mend the file"
        raise DataError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file}: expected TOML in UTF-8, but {error}; mend that line"
        raise DataError(message) from error


@cache
def knowledge(name: str) -> dict[str, Any]:
    """Return a shipped TOML file as a dict, read once, e.g. ``knowledge("roles.toml")``."""
    return read_toml(path(name))


@cache
def marks(name: str) -> str:
    """Return a set of punctuation marks of `marks.toml` as one string, e.g. ``marks("stops")`` → ``"。！？!?；;"``."""
    known = knowledge("marks.toml")["marks"]
    if name not in known:
        message = f"marks.toml: expected a set {name!r} in [marks], found only {', '.join(known)}"
        raise DataError(message)
    return _PLACE.sub(lambda found: marks(found[1]), known[name])


@cache
def rule(name: str, *entries: str, whole: bool = False, ignore_case: bool = False, **filled: str) -> re.Pattern[str]:
    r"""Compile a rule of a shipped TOML file; this is the one place where rules become patterns.

    Its places ``{name}`` filled: from ``filled``, from `marks.toml` (a set of marks inside a class, a pattern), from
    the section in which the rule stands, from the file's ``[words]``.
    """
    text = "|".join(_union(_entry(name, entry), partial(_fill, name, entry, filled)) for entry in entries)
    try:
        return re.compile(f"^(?:{text})$" if whole else text, re.IGNORECASE if ignore_case else re.NOFLAG)
    except re.error as error:
        message = f"{name}, {', '.join(entries)}: expected a regular expression, found {text!r} ({error}); mend it"
        raise DataError(message) from error


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, taken literally, the longest first; of none, one that never matches."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)"


_PLACE = re.compile(r"\{([a-z]\w*)\}")  # {0,8} repeats and is none


def _entry(name: str, entry: str) -> Any:
    found: Any = knowledge(name)
    for key in entry.split("."):
        if not isinstance(found, dict) or key not in found:
            message = f"{name}: expected an entry {entry}, found no {key!r}; add it, or mend the name"
            raise DataError(message)
        found = found[key]
    return found


def _union(entry: str | Iterable[str], fill: Callable[[str], str]) -> str:
    """Return an entry as one pattern: a list of plain words the longest first, other lists in their order."""
    if isinstance(entry, str):
        return fill(entry)
    words = list(entry)
    plain = all(word == re.escape(word) for word in words)
    return any_of(words) if plain else "|".join(map(fill, words))


def _fill(name: str, entry: str, filled: Mapping[str, str], text: str) -> str:
    """Fill the places of a rule; what is filled in may have places of its own, and finds the same names."""
    shared, file = knowledge("marks.toml"), knowledge(name)
    section = _entry(name, entry.rpartition(".")[0]) if "." in entry else file
    known = file.get("words", {}) | section | shared["patterns"] | filled

    def put(found: re.Match[str]) -> str:
        """Return what fills one place of a rule."""
        place = found[1]
        if place in shared["marks"]:
            return re.escape(marks(place))
        if place not in known:
            message = f"{name}, {entry}: nothing fills {found[0]}; expected a name of its section, [words], marks.toml"
            raise DataError(message)
        return f"(?:{_union(known[place], partial(_fill, name, entry, filled))})"

    return _PLACE.sub(put, text)


def import_without(name: str, other: str) -> Any:
    """Import a package as if another, which it does without but takes long to load, were not installed."""
    known = sys.modules.setdefault(other, None)  # type: ignore[arg-type]  # that is how Python marks what is not there
    try:
        return import_module(name)
    finally:
        if known is None:
            del sys.modules[other]


@cache
def template(name: str) -> "Template":
    """Return a shipped template of HTML, e.g. ``template("page.html")``; whatever is filled in is escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415, not needed to read or count

    loader = FileSystemLoader(HERE, encoding="utf-8")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)


SETTINGS = ("source", "lang", "codebook")
LANGS = ("zh", "en")


def settings(folder: Path = Path()) -> dict[str, Any]:
    """Return what the ``kit.toml`` of a folder to work in sets: the sources as paths, lang, the codebook's path."""
    file = folder / "kit.toml"
    said = read_toml(file) if file.is_file() else {}
    said = {key: said[key] for key in SETTINGS if key in said}
    sources = said.pop("source", [])
    sources = sources if isinstance(sources, list) else [sources]
    for value in (*sources, *said.values()):
        if not isinstance(value, str):
            message = f"{file}: expected {', '.join(SETTINGS)} to be text, found {value!r}; mend that line"
            raise DataError(message)
    if said.get("lang", LANGS[0]) not in LANGS:
        message = f"{file}, lang: expected one of {', '.join(LANGS)}, found {said['lang']!r}; mend that line"
        raise DataError(message)
    if "codebook" in said:
        said["codebook"] = str(folder / said["codebook"])
    return said | ({"source": [str(folder / one) for one in sources]} if sources else {})


def find_lang(*, of_system: bool = False) -> str:
    """Return the language that KIT_LANG names, or the folder's kit.toml, or (when asked) the system; else Chinese."""
    said = os.environ.get("KIT_LANG") or settings().get("lang", "")
    if said and said not in LANGS:
        message = f"KIT_LANG: expected one of {', '.join(LANGS)}, found {said!r}; set it anew"
        raise DataError(message)
    if said or not of_system:
        return said or LANGS[0]
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    system = next(filter(None, named), "") or locale.getlocale()[0] or ""
    says_nothing = system.partition(".")[0] in ("", "C", "POSIX")
    return "zh" if says_nothing or system.lower().startswith(("zh", "chinese")) else "en"


def say_error(error: Exception | str, lang: str) -> str:
    """Return what an error says in a language: Chinese where `errors.toml` knows it, and each of its parts."""
    if lang != "zh":
        return str(error)
    return "\n".join(map(_in_chinese, str(error).split("\n")))


# How notebooks show the kit's own errors: in one language, without a traceback.
KitError._render_traceback_ = lambda error: [say_error(error, find_lang())]  # type: ignore[attr-defined]


def _in_chinese(message: str) -> str:
    for pattern, chinese in _errors():
        if found := pattern.fullmatch(message):
            return chinese.format(**{place: _in_chinese(part) for place, part in found.groupdict().items()})
    return message


@cache
def _errors() -> list[tuple[re.Pattern[str], str]]:
    """The templates of errors as patterns, each with its Chinese."""
    known = (one for part in knowledge("errors.toml").values() for one in part.items())
    place = re.compile(r"\\{(\w+)\\}")
    return [(re.compile(place.sub(r"(?P<\1>.*?)", re.escape(english))), chinese) for english, chinese in known]


def own_file(source: Path, name: str) -> Path:
    """Return where a user's own file stands: ``2023.terms.csv`` beside ``2023.txt``, ``terms.csv`` inside a folder."""
    return source / name if source.is_dir() else source.with_name(f"{source.stem}.{name}")


def sample(year: int = 2023, place: str = "") -> Path:
    """Return the path of a fictional compilation that ships with the kit.

    Parameters
    ----------
    year : {2023, 2024, 2025}
    place : {"", "chengpu"}
        The neighbouring county, of 2023 alone; without it the county with three years.

    Raises
    ------
    DataError
        When there is none of that year and place; the message names those that there are.
    """
    name = f"{year}-{place}" if place else f"{year}"
    file = path(f"sample/{name}.txt")
    if not file.exists():
        known = ", ".join(sorted(text.stem for text in path("sample").glob("*.txt")))
        message = f"sample {name}: expected one of {known}; no other year or place ships with the kit"
        raise DataError(message)
    return file


def sample_coding() -> Path:
    """Return the path of the reference coding of themes on the sample of 2023 (``start, end, themes``)."""
    return path("sample/themes.csv")
