"""A codebook is checked, and a user's own is begun."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import pandas as pd

from kit.data import knowledge
from kit.measure.codebook import BARRED, EVERYWHERE, SHIPPED, Codebook, Entry, codebook_of, read_codebook
from kit.measure.terms import count_terms
from kit.measure.theme_counts import find_uncovered
from kit.measure.themes import find_candidates, find_framing, find_hits, find_stretches
from kit.measure.tokens import find_tokens
from kit.read.compilation import Compilation
from kit.read.fold import fold
from kit.tables import CODEBOOK_FINDINGS, make

DRAFTED = 40  # terms that a draft proposes


def check_themes(codebook: Codebook | None = None, compilation: Compilation | None = None) -> pd.DataFrame:
    """Find what a codebook's author should look at.

    Parameters
    ----------
    codebook : Codebook, optional
        Default: the kit's.
    compilation : Compilation, optional
        Look at what the entries find in it, too.

    Returns
    -------
    DataFrame
        `tables.CODEBOOK_FINDINGS`: ``duplicate`` words, words ``shadowed`` by an exclusion (in a compilation: found,
        but always inside a longer stretch), ``idle`` exclusions, which hold no word of their theme, and, in a
        compilation, ``silent`` themes, without a hit.
    """
    codebook = codebook or (codebook_of(compilation) if compilation else read_codebook())
    rows = [*_duplicates(codebook), *_idle(codebook)]
    if compilation is not None:
        rows += [*_shadowed(codebook, compilation), *_silent(codebook, compilation)]
    return make(rows, CODEBOOK_FINDINGS)


def _row(code: str, theme: str, entry: str, message: str) -> dict:
    return {"code": code, "theme": theme, "entry": entry, "message": message}


def _duplicates(codebook: Codebook) -> Iterator[dict]:
    """Yield words that stand twice, and words that an exclusion bars wherever they stand."""
    uses: dict[str, list[Entry]] = defaultdict(list)
    for entry in codebook.entries:
        uses[entry.text].append(entry)
    for text, entries in uses.items():
        naming = [entry for entry in entries if entry.weight != BARRED]
        barred = {entry.themes[0] for entry in entries if entry.weight == BARRED}
        if len(naming) > 1:
            places = ", ".join(" ".join(entry.themes) for entry in naming)
            message = f"stands in {places}; keep one, or move it to [shared]"
            yield _row("duplicate", naming[0].themes[0], text, message)
        for theme in [key for entry in naming for key in entry.themes if barred & {key, EVERYWHERE}]:
            yield _row("shadowed", theme, text, "is an exclusion as well, and never counts")


def _idle(codebook: Codebook) -> Iterator[dict]:
    """Yield exclusions in which no word or pattern of their theme is found."""
    for entry in codebook.entries:
        if entry.weight == BARRED and entry.pattern is None:
            word = fold(entry.text)
            found = _found(word, codebook)
            named = {key for other in found if other.weight != BARRED for key in other.themes}
            if entry.themes[0] not in {EVERYWHERE, *named}:
                yield _row("idle", entry.themes[0], entry.text, "holds no word of its theme, and bars nothing")


def _shadowed(codebook: Codebook, compilation: Compilation) -> Iterator[dict]:
    """Yield words that are found in the compilation, but always inside a longer stretch."""
    text = fold(compilation.text)
    words = [entry for entry in codebook.entries if entry.pattern is None and entry.weight != BARRED]
    found = Counter(_found(text, codebook))
    settled = {stretch.entry for stretch in find_stretches(text, codebook)}
    for entry in words:
        if found[entry] and entry not in settled:
            message = f"found {found[entry]} times, each time inside a longer stretch"
            yield _row("shadowed", entry.themes[0], entry.text, message)


def _found(text: str, codebook: Codebook) -> Iterator[Entry]:
    """Yield the entry of every match."""
    return (codebook.entries[order] for *_, order in find_candidates(text, codebook))


def _silent(codebook: Codebook, compilation: Compilation) -> Iterator[dict]:
    heard = set(find_hits(compilation, codebook)["theme"])
    for theme in codebook.themes:
        if theme.key not in heard:
            yield _row("silent", theme.key, "", f"no hit in {compilation.name}")


def draft_themes(compilation: Compilation, codebook: Codebook | None = None) -> str:
    """Propose a file of own themes: frequent terms of the sentences that no theme covers, headings left out.

    Returns
    -------
    str
        TOML to edit and to keep beside the compilation (see `codebook_of`); a comment in every line, so that it
        changes nothing before it is edited.
    """
    codebook = codebook or codebook_of(compilation)
    bare = set(find_uncovered(compilation, find_hits(compilation, codebook))["sentence"])
    bare -= find_framing(compilation, codebook)
    tokens = find_tokens(compilation)
    terms = count_terms(compilation, tokens[tokens["sentence"].isin(bare)], min_n=2)
    terms = terms[~terms["term"].isin({entry.text for entry in codebook.entries})]
    terms = terms.sort_values(["n_reports", "n", "term"], ascending=[False, False, True]).head(DRAFTED)
    text = knowledge("codebook.toml")["draft"]["text"]
    groups, words = " | ".join(codebook.groups), " ".join(terms["term"])
    return text.format(name=compilation.name, shipped=SHIPPED, groups=groups, terms=words)
