"""How far themes agree with a reader's coding: precision, recall and F1, with intervals by bootstrap."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from kit.errors import DataError, TableError
from kit.measure.codebook import Codebook, read_codebook
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES, THEME_SCORES, make

NONE = "none"
INTERVAL = (2.5, 97.5)  # percentiles


def sample_sentences(compilation: Compilation, n: int, *, seed: int = 0) -> pd.DataFrame:
    """Draw sentences for a reader to code.

    Parameters
    ----------
    compilation : Compilation
    n : int
        How many; all when there are fewer.
    seed : int
        The same seed draws the same sentences.

    Returns
    -------
    DataFrame
        In the order of the text, near copies left out: ``start, end, themes`` (empty: the reader writes keys, parted
        by blanks, or ``none``), ``agency, role, text``. `read_coding` reads it back.
    """
    sentences = compilation.sentences[compilation.sentences["role"].isin(BODY_ROLES)]
    sentences = sentences.merge(compilation.counted[["report", "agency"]], on="report")
    drawn = sentences.sample(min(n, len(sentences)), random_state=seed).sort_values("start", ignore_index=True)
    text = [compilation.text[start:end].strip() for start, end in zip(drawn["start"], drawn["end"], strict=True)]
    drawn = drawn.assign(themes=pd.Series("", drawn.index, dtype="str"), text=pd.Series(text, dtype="str"))
    return drawn[["start", "end", "themes", "agency", "role", "text"]]


def read_coding(file: str | Path, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """Read a reader's coding: a CSV with ``start, end, themes``; rows not coded yet are left out.

    Raises
    ------
    DataError
        When a column is missing, a theme is unknown, or ``none`` stands beside a theme; the message names the line.
    """
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


def score_themes(
    hits: pd.DataFrame,
    coding: pd.DataFrame,
    *,
    codebook: Codebook | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the themes found with those a reader coded, sentence by sentence.

    Intervals are percentiles of the bootstrap (Efron 1979) over coded sentences: wide where a theme is rare.

    Parameters
    ----------
    hits : DataFrame
        From `find_hits`, of the compilation that was coded.
    coding : DataFrame
        From `read_coding`. A theme is found in a coded span when a hit lies inside it.
    codebook : Codebook, optional
        Default: the kit's.
    resamples : int
        Bootstrap samples.
    seed : int

    Returns
    -------
    DataFrame
        `tables.THEME_SCORES`: one row per theme; then ``micro`` (all decisions together), ``macro`` (mean F1 of the
        themes that were coded), ``exact`` (sentences whose set of themes is the reader's; in every column but ``f1``
        missing). Rates are missing where nothing was found, or nothing coded.

    Raises
    ------
    TableError
        When nothing is coded.
    """
    if coding.empty:
        message = "score_themes: expected coded sentences, found none; code some rows of the sheet"
        raise TableError(message)
    keys = (codebook or read_codebook()).keys
    coded, found = _coded(coding, keys), _found(hits, coding, keys)
    draws = np.random.default_rng(seed).integers(0, len(coding), (resamples, len(coding)))
    samples = np.array([_f1s(coded[rows], found[rows]) for rows in draws])
    low, high = _percentiles(samples)
    both, alone, missed = _counts(coded, found)
    rates = {"precision": _ratio(both, both + alone), "recall": _ratio(both, both + missed)}
    rows = pd.DataFrame({"theme": [*keys, "micro", "macro", "exact"], "f1": _f1s(coded, found)})
    rows = rows.assign(f1_low=low, f1_high=high, n_coded=_padded(both + missed, len(coding)))
    rows["n_found"] = _padded(both + alone, len(coding))
    for name, values in rates.items():
        rows[name] = [*values[:-1], values[-1], np.nan, np.nan]
    return make(rows.to_dict("records"), THEME_SCORES)


def _coded(coding: pd.DataFrame, keys: Sequence[str]) -> np.ndarray:
    """Return sentence × theme: coded or not."""
    sets = [set(themes.split()) for themes in coding["themes"]]
    return np.array([[key in themes for key in keys] for themes in sets], dtype=bool)


def _found(hits: pd.DataFrame, coding: pd.DataFrame, keys: Sequence[str]) -> np.ndarray:
    """Return sentence × theme: found or not."""
    ordered = hits.sort_values("start")
    starts, ends, themes = (ordered[name].to_numpy() for name in ("start", "end", "theme"))
    found = np.zeros((len(coding), len(keys)), dtype=bool)
    column = {key: at for at, key in enumerate(keys)}
    for row, (start, end) in enumerate(zip(coding["start"], coding["end"], strict=True)):
        inside = slice(np.searchsorted(starts, start), np.searchsorted(starts, end))
        for theme in set(themes[inside][ends[inside] <= end]) & column.keys():
            found[row, column[theme]] = True
    return found


def _counts(coded: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return decisions that agree, that only the kit made, that only the reader made: per theme, then all together."""
    cells = (coded & found, found & ~coded, coded & ~found)
    both, alone, missed = (np.append(cell.sum(axis=0), cell.sum()) for cell in cells)
    return both, alone, missed


def _f1s(coded: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return F1 per theme, micro F1, macro F1 and the share of exact sets."""
    both, alone, missed = _counts(coded, found)
    f1 = _ratio(2 * both, 2 * both + alone + missed)
    themes = f1[:-1][(both + missed)[:-1] > 0]
    macro = themes.mean() if len(themes) else np.nan
    return np.array([*f1, macro, (coded == found).all(axis=1).mean()])


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _padded(counts: np.ndarray, sentences: int) -> list[int]:
    """Return counts per theme and of all; for macro all again, for exact the sentences."""
    return [*counts.tolist(), int(counts[-1]), sentences]


def _percentiles(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of each column, missing where no sample has a value."""
    full = ~np.isnan(samples).all(axis=0)
    low, high = np.full(samples.shape[1], np.nan), np.full(samples.shape[1], np.nan)
    low[full], high[full] = np.nanpercentile(samples[:, full], INTERVAL, axis=0)
    return low, high
