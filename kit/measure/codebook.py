"""A codebook: themes, and the words and patterns that name them, read from TOML and checked."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from kit.data import path, read_toml
from kit.errors import DataError
from kit.read.compilation import Compilation
from kit.read.lines import fold
from kit.read.overrides import THEME_FILE, OwnPattern, validate

SHIPPED = "themes.toml"
THEMES = "themes.toml"  # the name of a user's own file, see `kit.data.own_file`
EVERYWHERE = "*"
STRONG, WEAK, BARRED = 4, 1, 0  # what an entry weighs in a sentence; a barred stretch weighs nothing
LISTS = {"terms": STRONG, "weak": WEAK, "exclusions": BARRED}
PATTERNS = {"patterns": STRONG, "exclusion_patterns": BARRED}
PROSE = ("group", "zh", "en", "definition", "counts", "excludes")
_GAP = "…"
_NESTED = re.compile(r"[*+]|\{\d*,\}|\([^()]*[{…][^()]*\)[{]")
_LITERAL = re.compile(r"\\.|\[(?:\\.|[^\]])*\]")


@dataclass(frozen=True)
class Theme:
    """One theme: its key, its group, its names, and in prose what it means, what counts and what does not."""

    key: str
    group: str
    zh: str
    en: str
    definition: str = ""
    counts: str = ""
    excludes: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing to look for."""

    themes: tuple[str, ...]
    text: str
    weight: int
    pattern: Any = None  # compiled; a user's are `kit.read.overrides.OwnPattern`
    own: bool = False  # whether a user put it there, so that it counts as the lists say


@dataclass(frozen=True, eq=False)
class Codebook:
    """Themes in their order, everything that names them, and what sets only a frame."""

    name: str
    groups: Mapping[str, Mapping[str, str]]
    themes: tuple[Theme, ...]
    entries: tuple[Entry, ...]
    listing: Any
    heading: Any
    figure: Any
    heading_chars: int
    opening: Any
    framing: Any

    @property
    def keys(self) -> tuple[str, ...]:
        """The themes' keys, in order."""
        return tuple(theme.key for theme in self.themes)


def read_codebook(own: str | Path | None = None) -> Codebook:
    """Read the kit's codebook, and a user's on top of it."""
    # A user's file adds words to a theme of the same key, takes some away (remove), puts another theme in its place
    # (replace = true), adds themes, leaves some out (drop = ["sports"] at its top), or, with standalone = true at its
    # top, stands alone.
    return _shipped() if own is None else _with_own(Path(own))


def codebook_of(compilation: Compilation) -> Codebook:
    """Return the kit's codebook with the themes that stand beside a compilation, when there are any."""
    # 2023.themes.toml beside 2023.txt, themes.toml inside a folder.
    return read_codebook(compilation.own_file(THEMES))


@cache
def _shipped() -> Codebook:
    data = read_toml(path(SHIPPED))
    return _build(data, SHIPPED, lambda text, _place: re.compile(text))


def _with_own(file: Path) -> Codebook:
    shipped, own = read_toml(path(SHIPPED)), read_toml(file)
    validate(THEME_FILE, own, file.name)
    if own.pop("standalone", False):
        shipped |= {"themes": {}, "shared": {}}
    drop = own.pop("drop", [])
    _check(own, file.name, known=shipped)
    for key in drop:
        if key not in shipped["themes"]:
            raise _wrong(file.name, key, "drop", "no such theme", f"one of {', '.join(shipped['themes'])}")
    merged = _merge(shipped, own, drop)
    if not merged["themes"]:
        raise _wrong(file.name, "", "themes", "none that is left", "one or more")
    kept = {key for key in shipped["themes"] if not own.get("themes", {}).get(key, {}).get("replace")}
    known = {(key, entry.text, entry.weight) for entry in _shipped().entries for key in entry.themes if key in kept}
    built = _build(merged, f"{SHIPPED} + {file.name}", OwnPattern)
    entries = (replace(e, own=any((key, e.text, e.weight) not in known for key in e.themes)) for e in built.entries)
    return replace(built, entries=tuple(entries))


def _merge(shipped: dict, own: dict, drop: list[str]) -> dict:
    """Return the shipped sections with the user's on top."""
    themes = dict(shipped["themes"])
    for key, theme in own.get("themes", {}).items():
        themes[key] = _extend(themes[key], theme) if key in themes and not theme.get("replace") else theme
    sections = ("groups", "words", "sentence", "headings", "opening", "framing")
    return {
        **{section: shipped[section] | own.get(section, {}) for section in sections},
        "everywhere": _extend(shipped["everywhere"], own.get("everywhere", {})),
        "shared": _share(shipped["shared"], own),
        "themes": {key: theme for key, theme in themes.items() if key not in drop},
    }


def _share(shipped: dict[str, str], own: dict) -> dict[str, str]:
    """Return shared words: the user's, and the shipped ones for the themes that keep them."""
    themes, shared = own.get("themes", {}), dict(own.get("shared", {}))
    for keys, words in shipped.items():
        for word in words.split():
            left = " ".join(key for key in keys.split() if _keeps(themes.get(key, {}), word))
            shared[left] = f"{shared.get(left, '')} {word}"
    return shared


def _keeps(theme: dict, word: str) -> bool:
    """Whether a user's theme leaves a shipped word alone."""
    return not theme.get("replace") and word not in theme.get("remove", "").split()


def _extend(theme: dict, more: dict) -> dict:
    """Return a theme with more words and patterns, without those that ``remove`` names."""
    gone = set(more.get("remove", "").split())
    extended = theme | {key: value for key, value in more.items() if key in PROSE}
    for name in LISTS:
        words = f"{theme.get(name, '')} {more.get(name, '')}".split()
        extended[name] = " ".join(word for word in words if word not in gone)
    for name in PATTERNS:
        kept = [text for text in theme.get(name, []) if text not in gone]
        extended[name] = [*kept, *more.get(name, [])]
    return extended


def _check(data: dict, file: str, *, known: dict) -> None:
    """Raise when a theme or a group that one file names is not there, or a new theme is not named."""
    groups = known.get("groups", {}) | data.get("groups", {})
    themes = known["themes"] | data.get("themes", {})
    for keys in data.get("shared", {}):
        for key in set(keys.split()) - set(themes):
            raise _wrong(file, key, "shared", "no such theme", f"one of {', '.join(themes)}")
    for key, theme in data.get("themes", {}).items():
        new = key not in known["themes"] or theme.get("replace")
        missing = [name for name in ("group", "zh", "en") if new and not theme.get(name)]
        if missing:
            raise _wrong(file, key, ", ".join(missing), "nothing", "group, zh and en for a theme of its own")
        if theme.get("group", "") not in {"", *groups}:
            raise _wrong(file, key, "group", theme["group"], f"one of {', '.join(groups)}")


def _build(data: dict, name: str, pattern: Callable[[str, str], Any]) -> Codebook:
    """Make the frozen codebook of merged sections, its patterns compiled by a function of text and place."""
    themes = [Theme(key, **{k: theme[k] for k in PROSE if k in theme}) for key, theme in data["themes"].items()]
    order = list(data["groups"])
    return Codebook(
        name,
        data["groups"],
        tuple(sorted(themes, key=lambda theme: order.index(theme.group))),
        tuple(_entries(data, name, pattern)),
        pattern(data["sentence"]["listing"], f"{name}, sentence, listing"),
        pattern(data["headings"]["marker"], f"{name}, headings, marker"),
        pattern(data["headings"]["figure"], f"{name}, headings, figure"),
        data["headings"]["max_chars"],
        pattern("|".join(data["opening"]["patterns"]) or "(?!)", f"{name}, opening, patterns"),
        pattern("|".join(data["framing"]["patterns"]) or "(?!)", f"{name}, framing, patterns"),
    )


def _entries(data: dict, file: str, pattern: Callable[[str, str], Any]) -> Iterator[Entry]:
    """Yield every entry: shared words, then those of each theme, then those that bar all."""
    # Where two have the same word the first wins, so that a user's themes, which are the last, come first.
    shared = _shared(data)
    yield from (Entry(keys, word, STRONG) for word, keys in shared.items())
    for key, theme in [*reversed(data["themes"].items()), (EVERYWHERE, data["everywhere"])]:
        for name, weight in LISTS.items():
            words = dict.fromkeys(theme.get(name, "").split())
            yield from (Entry((key,), word, weight) for word in words if not (weight and word in shared))
        for name, weight in PATTERNS.items():
            for text in theme.get(name, []):
                filled = _fill(text, data, (file, key, name), whole=not weight)
                compiled = pattern(filled, f"{file}, theme {key}, {name}")
                if compiled.match(""):
                    raise _wrong(file, key, name, text, "a pattern that matches at least one character")
                yield Entry((key,), text, weight, compiled)


def _shared(data: dict) -> dict[str, tuple[str, ...]]:
    """Return shared words with the themes they name, a theme that lists the word itself among them."""
    listed = {key: set(theme.get("terms", "").split()) for key, theme in data["themes"].items()}
    shared: dict[str, tuple[str, ...]] = {}
    for keys, words in data["shared"].items():
        for word in words.split():
            named = [*(key for key in keys.split() if key in listed), *(key for key in listed if word in listed[key])]
            if named:
                shared[word] = tuple(dict.fromkeys(named))
    return shared


def _fill(text: str, data: dict, place: tuple[str, str, str], *, whole: bool) -> str:
    """Fill a pattern: named words put in, gaps opened; of one with gaps, what follows the last is the stretch."""
    # What stands before a gap is the condition (a verb of doing, a kind of document); leaving it outside the stretch
    # keeps the words between free for other themes.
    if not text:
        raise _wrong(*place, repr(text), "a regular expression")
    if _NESTED.search(_LITERAL.sub("", text)):
        raise _wrong(
            *place, text, "repeats with an end that hold no others, such as {0,8}, so that matching stays linear"
        )
    try:
        filled = re.sub(r"\{([a-z]\w*)\}", lambda found: f"(?:{data['words'][found[1]]})", text)
    except KeyError as error:
        raise _wrong(*place, text, f"a name of [words], which has no {error}") from error
    head, gap, tail = filled.rpartition(_GAP)
    filled = filled if whole or not gap or "(?=" in head else f"{head}{gap}(?P<word>{tail})"
    return fold(filled).replace(_GAP, data["sentence"]["gap"])


def _wrong(file: str, theme: str, entry: str, found: str, expected: str) -> DataError:
    place = f"theme {theme}, {entry}" if theme else entry
    return DataError(f"{file}, {place}: found {found}, expected {expected}; mend that entry")
