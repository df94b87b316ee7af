"""How far themes and statuses can be trusted.

The scores of the sample are stored (`data/sample/scores.csv`), for a briefing should not measure it anew; a test does.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit import data
from kit.data import knowledge
from kit.errors import DataError, TableError
from kit.measure.codebook import BARRED, EVERYWHERE, SHIPPED, Codebook, Entry, codebook_of, read_codebook
from kit.measure.counts import count_terms, find_uncovered, with_text
from kit.measure.themes import find_candidates, find_framing, find_hits, find_stretches
from kit.measure.words import find_tokens
from kit.read.compilation import Compilation
from kit.read.lines import fold
from kit.tables import BODY_ROLES, CODEBOOK_FINDINGS, SCORES, THEME_SCORES, make

DRAFTED = 40  # terms that a draft proposes
CODING = "coding.csv"  # the sheet beside the compilation
NONE = "none"  # what a reader codes where a sentence has no theme
INTERVAL = (0.025, 0.975)
STORED = "sample/scores.csv"
ASIDE = "sample/aside.csv"  # themes held to the half of a coding of real texts that no list was made from
RELIABLE = 0.6  # F1 from which on a theme is not marked as uncertain
MEASURES = {"themes": THEME_SCORES, "continuity": SCORES, "fulfilment": SCORES}  # what is known of the sample


# ---- A codebook is checked, and one's own begun ----


def check_themes(codebook: Codebook | None = None, compilation: Compilation | None = None) -> pd.DataFrame:
    """Find what a codebook's author should look at, with a compilation also in it: `tables.CODEBOOK_FINDINGS`."""
    codebook = codebook or (codebook_of(compilation) if compilation else read_codebook())
    rows = [*_duplicates(codebook), *_idle(codebook)]
    if compilation is not None:
        rows += [*_inside(codebook, compilation), *_silent(codebook, compilation)]
    return make(rows, CODEBOOK_FINDINGS)


def write_findings(findings: pd.DataFrame, codebook: Codebook, *, lang: str = "zh", notes: bool = False) -> str:
    """Write findings line by line: what there is to mend, and how many notes there are."""
    said = knowledge("codebook.toml")["said"]
    names = {theme.key: getattr(theme, lang) for theme in codebook.themes}
    shown = findings[(findings["severity"] != "note") | notes]
    lines = [
        said["line" if row["entry"] else "bare"][lang].format(
            **row | {"name": names.get(row["theme"], row["theme"]), "message": row[f"message{'_en' * (lang == 'en')}"]}
        )
        for row in shown.to_dict("records")
    ]
    rest = len(findings) - len(shown)
    if rest:
        lines.append(said["rest"]["one" if rest == 1 and lang == "en" else lang].format(n=rest))
    return "\n".join(lines or [said["nothing"][lang]])


def _finding(code: str, theme: str, entry: str, *, severity: str = "", **said: object) -> dict:
    finding = knowledge("codebook.toml")["findings"][code]
    zh, en = (finding[lang].format(theme=theme, **said) for lang in ("zh", "en"))
    said = {"theme": theme, "entry": entry, "message": zh, "message_en": en}
    return {"code": code, "severity": severity or finding["severity"]} | said


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
            yield _finding("duplicate", naming[0].themes[0], text, places=places)
        for theme in [key for entry in naming for key in entry.themes if barred & {key, EVERYWHERE}]:
            yield _finding("shadowed", theme, text)


def _idle(codebook: Codebook) -> Iterator[dict]:
    """Yield exclusions in which no word or pattern of their theme is found."""
    for entry in codebook.entries:
        if entry.weight == BARRED and entry.pattern is None:
            word = fold(entry.text)
            found = _matched(word, codebook)
            named = {key for other in found if other.weight != BARRED for key in other.themes}
            if entry.themes[0] not in {EVERYWHERE, *named}:
                yield _finding("idle", entry.themes[0], entry.text)


def _inside(codebook: Codebook, compilation: Compilation) -> Iterator[dict]:
    """Yield words that are found in the compilation, but always inside a longer stretch."""
    text = fold(compilation.text)
    words = [entry for entry in codebook.entries if entry.pattern is None and entry.weight != BARRED]
    shipped = {(entry.text, entry.themes) for entry in read_codebook().entries}
    found = Counter(_matched(text, codebook))
    settled = {stretch.entry for stretch in find_stretches(text, codebook)}
    for entry in words:
        if found[entry] and entry not in settled:
            severity = "" if (entry.text, entry.themes) in shipped else "doubt"  # the author counts on it
            yield _finding("inside", entry.themes[0], entry.text, severity=severity, n=found[entry])


def _matched(text: str, codebook: Codebook) -> Iterator[Entry]:
    return (codebook.entries[order] for *_, order in find_candidates(text, codebook))


def _silent(codebook: Codebook, compilation: Compilation) -> Iterator[dict]:
    heard = set(find_hits(compilation, codebook)["theme"])
    for theme in codebook.themes:
        if theme.key not in heard:
            yield _finding("silent", theme.key, "", name=compilation.name)


def draft_themes(compilation: Compilation) -> str:
    """Propose a file of own themes, all commented: frequent terms of the sentences that no theme covers."""
    codebook = codebook_of(compilation)
    bare = set(find_uncovered(compilation, find_hits(compilation, codebook))["sentence"])
    bare -= find_framing(compilation, codebook)
    tokens = find_tokens(compilation)
    terms = count_terms(compilation, tokens[tokens["sentence"].isin(bare)], min_n=2)
    terms = terms[~terms["term"].isin({entry.text for entry in codebook.entries})]
    terms = terms.sort_values(["n_reports", "n", "term"], ascending=[False, False, True]).head(DRAFTED)
    text = knowledge("codebook.toml")["draft"]["text"]
    groups, words = " | ".join(codebook.groups), " ".join(terms["term"])
    return text.format(name=compilation.name, shipped=SHIPPED, groups=groups, terms=words)


# ---- Themes are held to a reader's coding ----


def sample_sentences(compilation: Compilation, n: int, *, seed: int = 0) -> pd.DataFrame:
    """Draw sentences for a reader to code."""
    sentences = compilation.sentences[compilation.sentences["role"].isin(BODY_ROLES)]
    sentences = sentences.merge(compilation.counted[["report", "agency"]], on="report")
    drawn = sentences.sample(min(n, len(sentences)), random_state=seed).sort_values("start", ignore_index=True)
    return with_text(compilation, drawn.assign(themes=""))[["start", "end", "themes", "agency", "role", "text"]]


def read_coding(file: str | Path, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Read a reader's coding: a CSV with ``start, end, themes``; rows not coded yet are left out."""
    file, keys = Path(file), (codebook or read_codebook()).keys
    coded = pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False, dtype={"themes": "str"})
    missing = [name for name in ("start", "end", "themes") if name not in coded.columns]
    if missing:
        message = f"{file.name}: columns {missing} are missing, found {list(coded.columns)}; see `sample_sentences`"
        raise DataError(message)
    for line, themes in enumerate(coded["themes"], 2):
        wrong = [key for key in themes.split() if key not in {*keys, NONE}]
        if wrong or (NONE in themes.split() and len(themes.split()) > 1):
            message = f"{file.name}, line {line}: found {themes!r}, expected {NONE} alone, or some of {', '.join(keys)}"
            raise DataError(message)
    return coded[coded["themes"].str.strip() != ""].reset_index(drop=True)


def score(measure: str, analysis: Any = None, *, coding: str | Path | None = None) -> pd.DataFrame:
    """Return how far a measure agrees with what is known: of the sample as stored, or of one's own coded sentences.

    Parameters
    ----------
    measure : {"themes", "continuity", "fulfilment"}
    analysis : Analysis, optional
        Of a text whose themes one has coded by reading; without it the sample (see ``data/sample/README.md``).
    coding : path, optional
        The coded sheet: a CSV with ``start, end, themes``; default: the ``.coding.csv`` beside the compilation, as
        `kit.code_sentences` and ``kit themes sample`` write it.

    Returns
    -------
    DataFrame
        Of themes `tables.THEME_SCORES`: one row per theme; then ``micro`` (all decisions together), ``macro`` (mean F1
        of the themes that were coded), ``exact`` (sentences whose set of themes is the reader's; in every column but
        ``f1`` missing), with intervals of 95 % by bootstrap. Of the other two `tables.SCORES`, from the 80 promises of
        the sample of 2023: what plan and review of one year say of each, and what the year after does.

    Raises
    ------
    TableError
        When ``measure`` is none of the three, or nothing is coded.
    DataError
        When the sheet has no such columns, or a theme that is none; the message names the line.
    """
    if analysis is None:
        return score_sample(measure)
    file = coding or analysis.compilation.own_file(CODING)
    if measure != "themes" or not file:
        message = f"score: expected coded themes in {CODING} beside {analysis.compilation.name}, found none; code some"
        raise TableError(message)
    return score_themes(analysis.hits, read_coding(file, codebook=analysis.codebook), codebook=analysis.codebook)


def score_themes(
    hits: pd.DataFrame, coding: pd.DataFrame, *, codebook: Codebook | None = None, resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Compare the themes found with those a reader coded, span by span: a theme is found where a hit lies inside.

    Intervals are percentiles of the bootstrap (Efron 1979) over coded sentences: wide where a theme is rare.
    """
    if coding.empty:
        message = "score: expected coded sentences, found none; code some rows of the sheet"
        raise TableError(message)
    keys = (codebook or read_codebook()).keys
    sets = [set(themes.split()) for themes in coding["themes"]]
    coded = np.array([[key in themes for key in keys] for themes in sets], dtype=bool)
    found = _found(hits, coding, keys)
    draws = np.random.default_rng(seed).integers(0, len(coding), (resamples, len(coding)))
    times_drawn = np.array([np.bincount(rows, minlength=len(coding)) for rows in draws])
    scores = _score(np.ones((1, len(coding)), dtype="int64"), coded, found)
    rows = pd.DataFrame({"theme": [*keys, "micro", "macro", "exact"]} | {name: n[0] for name, n in scores.items()})
    drawn = pd.DataFrame(_score(times_drawn, coded, found)["f1"])
    rows["f1_low"], rows["f1_high"] = drawn.quantile(INTERVAL).to_numpy()
    return make(rows.to_dict("records"), THEME_SCORES)


def _found(hits: pd.DataFrame, coding: pd.DataFrame, keys: Sequence[str]) -> np.ndarray:
    starts, ends, themes = (hits[name].to_numpy() for name in ("start", "end", "theme"))
    spans = zip(coding["start"], coding["end"], strict=True)
    inside = (set(themes[(starts >= start) & (ends <= end)]) for start, end in spans)
    return np.array([[key in own for key in keys] for own in inside], dtype=bool)


def _score(times: np.ndarray, coded: np.ndarray, found: np.ndarray) -> dict[str, np.ndarray]:
    """Return scores as samples × (themes, micro, macro, exact); ``times``: how often each sample holds a sentence."""

    def count(decisions: np.ndarray) -> np.ndarray:
        """Return how often decisions fall on each theme in each resample, and on all."""
        n = times @ decisions.astype("int64")
        return np.column_stack([n, n.sum(axis=1)])

    both, n_coded, n_found, size = count(coded & found), count(coded), count(found), times.sum(axis=1)
    f1, is_coded = _ratio(2 * both, n_coded + n_found), n_coded[:, :-1] > 0
    macro = _ratio(np.where(is_coded, f1[:, :-1], 0).sum(axis=1), is_coded.sum(axis=1))
    exact = times @ (coded == found).all(axis=1) / size
    none = np.full(len(times), np.nan)
    return {
        # Of macro the decisions are counted as of micro, of exact the sentences.
        "n_coded": np.column_stack([n_coded, n_coded[:, -1], size]),
        "n_found": np.column_stack([n_found, n_found[:, -1], size]),
        "precision": np.column_stack([_ratio(both, n_found), none, none]),
        "recall": np.column_stack([_ratio(both, n_coded), none, none]),
        "f1": np.column_stack([f1, macro, exact]),
    }


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


# ---- Measures are held to the known answers of the sample ----


def score_sample(measure: str) -> pd.DataFrame:
    """Return how far a measure agrees with what is known of the sample, as stored."""
    if measure not in MEASURES:
        message = f"score: expected one of {', '.join(MEASURES)}, found {measure!r}"
        raise TableError(message)
    stored = pd.read_csv(data.path(STORED), encoding="utf-8")
    rows = stored.loc[stored["measure"] == measure, list(MEASURES[measure])]
    return make(rows.to_dict("records"), MEASURES[measure])


@cache
def uncertain_themes() -> frozenset[str]:
    """Return the themes that agree too little with codings kept aside, the sample's or one of real texts."""
    scores = pd.concat([score_sample("themes"), pd.read_csv(data.path(ASIDE), encoding="utf-8")])
    return frozenset(scores.loc[scores["f1"] < RELIABLE, "theme"]) & set(read_codebook().keys)
