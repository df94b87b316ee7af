"""Words in their context, each with its place in the source."""

import re
from collections.abc import Iterable
from html import escape

import numpy as np
import pandas as pd

from kit.data import knowledge
from kit.errors import DataError
from kit.measure.items import find_paths
from kit.read.compilation import Compilation
from kit.tables import CONTEXTS, check, label, make

_NARROW = "white-space:nowrap;text-align:"
_ALIGN = {"left": f"{_NARROW}right", "keyword": f"{_NARROW}center;font-weight:bold", "right": f"{_NARROW}left"}
_ALIGN |= dict.fromkeys(("agency", "role"), "text-align:left;white-space:nowrap") | {"path": "text-align:left"}
_LINE_ENDS = str.maketrans("\n\r\t\u3000", "    ")


class Contexts(pd.DataFrame):
    """A table of `tables.CONTEXTS` that shows itself aligned on the keyword in a notebook."""

    def _repr_html_(self) -> str:
        return show_context(self)


def find_in_context(
    compilation: Compilation, words: str | Iterable[str], *, width: int = 20, regex: bool = False
) -> pd.DataFrame:
    """Find words or patterns in the text, with what stands around them.

    Parameters
    ----------
    compilation : Compilation
    words : str or iterable of str
        What to find on the text as read, whether or not it is a token; of several the longest wins.
    width : int
        Characters shown on either side, never beyond the report.
    regex : bool
        Whether the words are regular expressions.

    Returns
    -------
    DataFrame
        One row per place in any report, copies and titles included, in the order of the text
        (see `tables.CONTEXTS`). As a cell's last value it shows itself aligned on the keyword.

    Raises
    ------
    DataError
        When a pattern is no regular expression, or there is nothing to look for.
    """
    pattern = _pattern([words] if isinstance(words, str) else list(words), regex=regex)
    text = compilation.text
    sentences = compilation.sentences.to_dict("records")
    starts = compilation.sentences["start"].to_numpy()
    reports = compilation.reports.set_index("report").to_dict("index")
    paths = find_paths(compilation.parts)
    rows = []
    for match in pattern.finditer(text):
        start, end = match.span()
        sentence = sentences[max(int(np.searchsorted(starts, start, side="right")) - 1, 0)]
        if start == end or sentence["report"] not in reports:
            continue
        report = reports[sentence["report"]]
        left, right = text[max(report["start"], start - width) : start], text[end : min(report["end"], end + width)]
        rows.append({"left": left.translate(_LINE_ENDS), "keyword": match.group(), "right": right.translate(_LINE_ENDS),
                     "report": sentence["report"], "agency": report["agency"], "role": sentence["role"],
                     "path": paths[sentence["part"]], "sentence": sentence["sentence"],
                     "start": start, "end": end})  # fmt: skip
    return Contexts(check(make(rows, CONTEXTS), CONTEXTS))


def _pattern(words: list[str], *, regex: bool) -> re.Pattern[str]:
    if not any(words):
        message = f"find_in_context: expected a word or a pattern, found {words!r}; name what to look for"
        raise DataError(message)
    if not regex:
        return re.compile("|".join(re.escape(word) for word in sorted(filter(None, words), key=len, reverse=True)))
    for word in words:
        try:
            re.compile(word)
        except re.error as error:
            message = f"find_in_context: expected a regular expression, found {word!r} ({error}); mend the pattern"
            raise DataError(message) from error
    return re.compile("|".join(f"(?:{word})" for word in words))


def show_context(contexts: pd.DataFrame, *, most: int = 100, lang: str = "zh") -> str:
    """Return contexts as HTML, aligned on the keyword.

    Parameters
    ----------
    contexts : DataFrame
        See `tables.CONTEXTS`.
    most : int
        Rows shown at most; the caption says how many there are.
    lang : {"zh", "en"}
        Language of the heads and roles.
    """
    called = knowledge("labels.toml")
    shown = contexts[list(_ALIGN)].head(most)
    shown = shown.assign(role=[called["roles"][role][lang] for role in shown["role"]])
    head = "".join(f'<th style="{_ALIGN[name]}">{label(name, lang)}</th>' for name in _ALIGN)
    rows = [
        "".join(f'<td style="{_ALIGN[name]}">{escape(value)}</td>' for name, value in zip(_ALIGN, row, strict=True))
        for row in shown.itertuples(index=False)
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    caption = f"<caption>{len(shown)} / {len(contexts)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
