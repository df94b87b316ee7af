"""What figures and exports call things, in Chinese and in English; the words are data (`data/labels.toml`)."""

import string
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from numbers import Integral

from kit.data import knowledge
from kit.errors import DataError
from kit.show.text import full_width, number

LANGS = ("zh", "en")


class _Template(string.Formatter):
    """`{n}` writes a number in the language's way, `{n:report|reports}` with its noun in the right number."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: object, spec: str) -> str:
        written = number(int(value), self.lang) if isinstance(value, Integral) else str(value)
        if "|" in spec:
            one, many = spec.split("|")
            return f"{written} {one if value == 1 else many}"
        return written


def label(group: str, key: str, lang: str) -> str:
    """Return what `key` of a group of `labels.toml` is called, e.g. ``label("states", "plan only", "en")``.

    Raises
    ------
    DataError
        When the file has no such entry, or the language is neither ``zh`` nor ``en``.
    """
    if lang not in LANGS:
        message = f"lang: expected one of {LANGS}, found {lang!r}"
        raise DataError(message)
    entry = knowledge("labels.toml").get(group, {}).get(key)
    if entry is None:
        message = f"labels.toml: expected an entry {key!r} in [{group}], found none; add it with zh and en"
        raise DataError(message)
    return entry[lang]


def fill(group: str, key: str, lang: str, **values: object) -> str:
    """Return a template of `labels.toml` with its places filled, punctuation made full-width in Chinese."""
    text = _Template(lang).format(label(group, key, lang), **values)
    return full_width(text) if lang == "zh" else text


def quoted(words: Sequence[str], lang: str) -> str:
    """Return words in quotation marks, joined as the language joins a list."""
    quotes = [label("marks", "quoted", lang).format(word) for word in words]
    return "".join(quotes) if lang == "zh" else listed(quotes, lang)


def listed(words: Sequence[str], lang: str) -> str:
    """Return words joined as the language joins a list."""
    *first, last = words
    return label("marks", "comma", lang).join(first) + label("marks", "and", lang) + last if first else last


@cache
def theme_labels(lang: str) -> dict[str, str]:
    """Return what the kit's themes are called: key → name, in the order in which figures show them."""
    return {key: theme[lang] for _, members in _grouped_themes() for key, theme in members.items()}


def named(keys: Sequence[str], labels: Mapping[str, str], lang: str) -> str:
    """Return themes' names in a sentence; English ones hold an “and” of their own and are quoted."""
    names = [labels.get(key, key) for key in keys]
    return quoted(names, lang) if lang == "en" else listed(names, lang)


def theme_heads(
    keys: Sequence[str], labels: Mapping[str, str], lang: str, *, uncertain: Collection[str] = ()
) -> list[str]:
    """Return what stands over a theme's column: its short name, or its label; uncertain ones carry an asterisk."""
    short = knowledge("labels.toml")["heads"] if labels is theme_labels(lang) else {}
    heads = [short[key][lang] if key in short else labels.get(key, key) for key in keys]
    return [head + "*" * (key in uncertain) for head, key in zip(heads, keys, strict=True)]


@cache
def theme_groups(lang: str) -> dict[str, str]:
    """Return the name of each theme's group: key of the theme → name."""
    groups = knowledge("themes.toml")["groups"] | knowledge("labels.toml")["groups"]
    return {key: groups[group][lang] for group, members in _grouped_themes() for key in members}


def _grouped_themes() -> list[tuple[str, dict]]:
    data = knowledge("themes.toml")
    return [(group, {key: theme for key, theme in data["themes"].items() if theme["group"] == group})
            for group in data["groups"]]  # fmt: skip


def in_theme_order(keys: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Return theme keys in the order of ``labels``; keys it does not name stand behind, as found."""
    found = list(dict.fromkeys(keys))
    return [*(key for key in labels if key in found), *(key for key in found if key not in labels)]
