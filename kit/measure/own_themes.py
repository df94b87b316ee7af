"""A file of own themes, changed word by word: what a person wrote in it stays, and what a change does is seen first."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit

from kit.data import path, read_toml
from kit.errors import DataError
from kit.measure.analysis import Analysis
from kit.measure.codebook import LISTS, PATTERNS, SHIPPED, THEMES, read_codebook
from kit.measure.themes import find_hits
from kit.read.entries import Step, read_text, save

FIELDS = (*LISTS, *PATTERNS)
# Tables that rest on the words alone; all others are measured anew under other themes.
WORDS = ("tokens", "terms", "keyness", "officialese", "cooccurrence", "items", "matches", "statuses", "quantities")


@dataclass(frozen=True)
class Change:
    """A word or condition put into a list of a theme (one of `FIELDS`), or taken out of it."""

    theme: str
    text: str
    field: str = "terms"
    drop: bool = False


def theme_words(analysis: Analysis, theme: str, field: str) -> list[str]:
    """List the words or conditions of a theme as they count now, the kit's and one's own."""
    own = analysis.compilation.own_file(THEMES)
    shipped = read_toml(path(SHIPPED))["themes"].get(theme, {})
    mine = read_toml(own).get("themes", {}).get(theme, {}) if own else {}
    gone = set(mine.get("remove", "").split())
    parts = [{} if mine.get("replace") else shipped, mine]
    found = [one for part in parts for one in (part.get(field, "").split() if field in LISTS else part.get(field, []))]
    return list(dict.fromkeys(one for one in found if one not in gone))


def change_themes(text: str, changes: Sequence[Change]) -> str:
    """Return the text of a file of own themes with words and conditions put in or taken out, all else as it stands."""
    document = tomlkit.parse(text)
    for change in changes:
        themes = document.setdefault("themes", tomlkit.table(is_super_table=True))
        if change.theme not in themes:
            themes.add(change.theme, tomlkit.table())
        theme = themes[change.theme]
        if change.drop:
            was_own = _take(theme, change.field, change.text)
            if not was_own or _is_shipped(change):
                _put(theme, "remove", change.text)
        else:
            _take(theme, "remove", change.text)
            if not _is_shipped(change):
                _put(theme, change.field, change.text)
    return tomlkit.dumps(document)


def _is_shipped(change: Change) -> bool:
    """Whether the kit's own list has the word."""
    listed = read_toml(path(SHIPPED))["themes"].get(change.theme, {}).get(change.field, "")
    return change.text in (listed.split() if isinstance(listed, str) else listed)


def _put(theme: Any, field: str, text: str) -> None:
    if field in PATTERNS:
        theme.setdefault(field, tomlkit.array()).append(text)
        return
    if re.search(r"\s", text):
        message = f"theme word: expected a word without blanks, found {text!r}; give several words one by one"
        raise DataError(message)
    known = str(theme.get(field, ""))
    if text not in known.split():
        words = known.rstrip()
        theme[field] = _like(known, f"{words}{' ' * bool(words)}{text}{known[len(words) :]}")


def _take(theme: Any, field: str, text: str) -> bool:
    """Take a word or condition out of a list; whether it was there."""
    if field in PATTERNS:
        found = text in theme.get(field, [])
        if found:
            theme[field].remove(text)
        return found
    known = str(theme.get(field, ""))
    rest = re.sub(rf"(?<!\S){re.escape(text)}(?!\S)[ \t]?", "", known)
    if rest != known:
        theme[field] = _like(known, rest)
    return rest != known


def _like(known: str, value: str) -> Any:
    """Return a text on several lines where the one before was."""
    if "\n" not in known:
        return value
    written = tomlkit.string(value, multiline=True).as_string()
    return tomlkit.value(written.replace('"""', '"""\n', 1))  # TOML leaves out the first line end


def try_changes(analysis: Analysis, changes: Sequence[Change]) -> tuple[Analysis, str]:
    """Return the analysis under changed themes, and the text of their file, which is not written yet."""
    own = analysis.compilation.own_file(THEMES)
    text = change_themes((read_text(own) if own else None) or "", changes)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / (own.name if own else THEMES)
        draft.write_text(text, encoding="utf-8")
        codebook = read_codebook(draft)
    kept = {name: table for name, table in analysis._known.items() if name in WORDS}
    return replace(analysis, codebook=codebook, _known=kept), text


def write_changes(analysis: Analysis, changes: Sequence[Change]) -> tuple[Analysis, Step]:
    """Write changed themes into their file; return the analysis that follows, and how to take it back."""
    found, text = try_changes(analysis, changes)
    return found, save(analysis.compilation.place_of(THEMES), text)


def compare_hits(before: Analysis, after: Analysis) -> pd.DataFrame:
    """Return the sentences that themes gain and lose: ``theme, change, report, sentence, start, end``."""
    sides = {
        name: one.hits if one is before else find_hits(one.compilation, one.codebook)
        for name, one in (("lost", before), ("gained", after))
    }
    keys = {name: set(zip(hits["theme"], hits["sentence"], strict=True)) for name, hits in sides.items()}
    rows = [
        {"theme": theme, "change": name, "sentence": sentence}
        for name, other in (("gained", "lost"), ("lost", "gained"))
        for theme, sentence in sorted(keys[name] - keys[other])
    ]
    found = pd.DataFrame(rows, columns=["theme", "change", "sentence"])
    return found.merge(before.compilation.sentences[["sentence", "report", "start", "end"]], on="sentence")
