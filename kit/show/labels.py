"""What figures and exports call things, in Chinese and in English; the words are data (`data/labels.toml`)."""

import string
from collections.abc import Collection, Mapping, Sequence
from numbers import Integral

from kit.data import knowledge
from kit.errors import DataError
from kit.measure.codebook import Codebook, read_codebook
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


def theme_labels(lang: str, codebook: Codebook | None = None) -> dict[str, str]:
    """Return what themes, the kit's by default, are called: key → name, in the order in which figures show them."""
    return {theme.key: getattr(theme, lang) for theme in (codebook or read_codebook()).themes}


def named(keys: Sequence[str], labels: Mapping[str, str], lang: str) -> str:
    """Return themes' names in a sentence; English ones hold an “and” of their own and are quoted."""
    names = [labels.get(key, key) for key in keys]
    return quoted(names, lang) if lang == "en" else listed(names, lang)


def theme_heads(
    keys: Sequence[str], labels: Mapping[str, str], lang: str, *, uncertain: Collection[str] = ()
) -> list[str]:
    """Return what stands over a theme's column: its short name, or its label; uncertain ones carry an asterisk.

    The short names are those of the kit's themes; one that is called otherwise takes its label.
    """
    shipped, short = theme_labels(lang), knowledge("labels.toml")["heads"]
    heads = [labels.get(key, key) for key in keys]
    heads = [short[key][lang] if head == shipped.get(key) else head for key, head in zip(keys, heads, strict=True)]
    return [head + "*" * (key in uncertain) for head, key in zip(heads, keys, strict=True)]


def theme_groups(lang: str, codebook: Codebook | None = None) -> dict[str, str]:
    """Return the name of each theme's group, a short one for the kit's: key of the theme → name."""
    codebook, shipped, short = codebook or read_codebook(), read_codebook().groups, knowledge("labels.toml")["groups"]
    called = {key: short[key] if names == shipped.get(key) else names for key, names in codebook.groups.items()}
    return {theme.key: called[theme.group][lang] for theme in codebook.themes}


def in_theme_order(keys: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Return theme keys in the order of ``labels``; keys it does not name stand behind, as found."""
    found = list(dict.fromkeys(keys))
    return [*(key for key in labels if key in found), *(key for key in found if key not in labels)]
