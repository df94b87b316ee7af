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
from kit.read.encoding import fold
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
        `tables.CODEBOOK_FINDINGS`: ``duplicate`` words, words ``shadowed`` by an exclusion, ``idle`` exclusions, which
        hold no word of their theme, and, in a compilation, words found ``inside`` longer stretches only and
        ``silent`` themes, without a hit. Of the kit's own words, those inside are a note: they are there for other
        compilations.
    """
    codebook = codebook or (codebook_of(compilation) if compilation else read_codebook())
    rows = [*_duplicates(codebook), *_idle(codebook)]
    if compilation is not None:
        rows += [*_inside(codebook, compilation), *_silent(codebook, compilation)]
    return make(rows, CODEBOOK_FINDINGS)


def write_findings(findings: pd.DataFrame, codebook: Codebook, *, lang: str = "zh", notes: bool = False) -> str:
    """Write findings line by line: what there is to mend, and how many notes there are.

    Parameters
    ----------
    findings : DataFrame
        From `check_themes`.
    codebook : Codebook
        Whose themes are named.
    lang : {"zh", "en"}
    notes : bool
        List the notes, too.
    """
    said = knowledge("codebook.toml")["said"]
    names = {theme.key: getattr(theme, lang) for theme in codebook.themes}
    shown = findings[(findings["severity"] != "note") | notes]
    lines = [
        said["line" if row.entry else "bare"][lang].format(
            name=names.get(row.theme, row.theme), theme=row.theme, entry=row.entry,
            message=row.message if lang == "zh" else row.message_en)
        for row in shown.itertuples()
    ]  # fmt: skip
    rest = len(findings) - len(shown)
    if rest:
        lines.append(said["rest"]["one" if rest == 1 and lang == "en" else lang].format(n=rest))
    return "\n".join(lines or [said["nothing"][lang]])


def _row(code: str, theme: str, entry: str, *, severity: str = "", **said: object) -> dict:
    finding = knowledge("codebook.toml")["findings"][code]
    zh, en = (finding[lang].format(theme=theme, **said) for lang in ("zh", "en"))
    return {"code": code, "severity": severity or finding["severity"], "theme": theme, "entry": entry,
            "message": zh, "message_en": en}  # fmt: skip


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
            yield _row("duplicate", naming[0].themes[0], text, places=places)
        for theme in [key for entry in naming for key in entry.themes if barred & {key, EVERYWHERE}]:
            yield _row("shadowed", theme, text)


def _idle(codebook: Codebook) -> Iterator[dict]:
    """Yield exclusions in which no word or pattern of their theme is found."""
    for entry in codebook.entries:
        if entry.weight == BARRED and entry.pattern is None:
            word = fold(entry.text)
            found = _found(word, codebook)
            named = {key for other in found if other.weight != BARRED for key in other.themes}
            if entry.themes[0] not in {EVERYWHERE, *named}:
                yield _row("idle", entry.themes[0], entry.text)


def _inside(codebook: Codebook, compilation: Compilation) -> Iterator[dict]:
    """Yield words that are found in the compilation, but always inside a longer stretch."""
    text = fold(compilation.text)
    words = [entry for entry in codebook.entries if entry.pattern is None and entry.weight != BARRED]
    shipped = {(entry.text, entry.themes) for entry in read_codebook().entries}
    found = Counter(_found(text, codebook))
    settled = {stretch.entry for stretch in find_stretches(text, codebook)}
    for entry in words:
        if found[entry] and entry not in settled:
            severity = "" if (entry.text, entry.themes) in shipped else "doubt"  # the author counts on it
            yield _row("inside", entry.themes[0], entry.text, severity=severity, n=found[entry])


def _found(text: str, codebook: Codebook) -> Iterator[Entry]:
    """Yield the entry of every match."""
    return (codebook.entries[order] for *_, order in find_candidates(text, codebook))


def _silent(codebook: Codebook, compilation: Compilation) -> Iterator[dict]:
    heard = set(find_hits(compilation, codebook)["theme"])
    for theme in codebook.themes:
        if theme.key not in heard:
            yield _row("silent", theme.key, "", name=compilation.name)


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
