"""Subjects: what a number measures, found in the words on both sides of it."""

import re
from collections.abc import Iterable
from functools import cache

from kit.data import knowledge, pattern

LEAST = 2  # characters of a name


def find_subject(head: str, tail: str, earlier: str, *, ratio: bool, inherited: str) -> str:
    """Return the noun that a quantity measures, without the verbs that lead to it; nothing where none is found.

    Parameters
    ----------
    head : str
        What stands before the quantity, from its clause's start or from the quantity before it.
    tail : str
        What stands behind it, to the clause's end.
    earlier : str
        The line up to the clause.
    ratio : bool
        Whether it is a percentage: the noun behind one is another matter.
    inherited : str
        What the quantity right before measures: where the clause itself names nothing, it goes on with that.
    """
    front, behind = noun_before(head), "" if ratio else _noun_behind(tail)
    if behind:
        return front + behind if front and is_generic(behind) else behind
    last = _last_clause(earlier)
    return front or inherited or ("" if _cue("leads_in").search(last.lstrip()) else noun_before(last))


def noun_before(words: str) -> str:
    """Return the noun that ends a stretch of text, without markers, verbs before it and what is said of it."""
    words = strip_marker(words)
    for name in ("from", "concerns"):
        words = _cue(name).sub("", words) or words
    words = re.sub('[，。；：:、\\s“”"（）()]', "", _cue("aside").sub("", words))
    words = _cue("scope").sub("", _cue("says").sub("", words))
    cut = max((found.end() for found in _deeds().finditer(words) if len(words) - found.end() >= LEAST), default=0)
    words = _cue("says").sub("", _without_verbs(words[cut:]))
    return "" if len(words) < LEAST or _cue("open_end").search(words) else words


def _noun_behind(tail: str) -> str:
    tail = tail.lstrip().removeprefix(knowledge("numbers.toml")["names"]["of"])
    if _cue("no_noun").search(tail):
        return ""
    end = _cue("noun_end").search(tail)
    noun = re.sub('[“”"\\s]', "", tail[: end.start()] if end else tail)
    return "" if len(noun) < LEAST or _cue("open_end").search(noun) else noun


def _without_verbs(words: str) -> str:
    """Drop adverbs and verbs from the front, as long as a name is left; words made of nothing else are no name."""
    at, cut = 0, 0
    while found := _leading().match(words, at):
        at = found.end()
        if len(words) - at >= LEAST:
            cut = at
    return "" if at == len(words) or (at and not cut and len(words) - at < LEAST) else words[cut:]


def _last_clause(earlier: str) -> str:
    clauses = [clause for clause in re.split("[，,；;。：:！!？?\n]", earlier) if clause.strip()]
    return clauses[-1] if clauses else ""


def strip_marker(words: str) -> str:
    """Return words without the numbering marker before them."""
    return _cue("marker").sub("", words)


def is_generic(name: str) -> bool:
    """Whether a noun alone says too little to identify an indicator."""
    return name in _words("generic")


def tidy(name: str, subject: str) -> str:
    """Return the name that a table shows: as the text has it, or the noun where that is none (继续实施, 余下)."""
    name = _cue("dangling").sub("", _cue("scope").sub("", strip_marker(name)))
    is_name = _without_verbs(_cue("says").sub("", name)) and not re.search("[0-9]", name)
    if is_name and not _cue("open_end").search(name):
        return _cue("adverbial").sub("", name)
    noun = next((noun for noun in _words("generic") if name.endswith(noun)), "")
    return noun or subject


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(knowledge("numbers.toml")["names"][name])


@cache
def _leading() -> re.Pattern[str]:
    verbs = {*_words("verbs"), *_words("deed_verbs"), *knowledge("matching.toml")["items"]["work_verbs"]}
    names = knowledge("numbers.toml")["names"]
    return re.compile(f"{names['prefixes']}{_any(verbs)}{names['no_verb']}|{_any(_words('adverbs'))}")


@cache
def _deeds() -> re.Pattern[str]:
    return re.compile(_any(_words("deed_verbs")) + knowledge("numbers.toml")["names"]["no_verb"])


def _any(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))})"


def _cue(name: str) -> re.Pattern[str]:
    return pattern("numbers.toml", "names", f"{name}_patterns")
