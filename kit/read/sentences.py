"""Parts become sentences, which partition them."""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。！？；!?;\n]*(?:[。！？；!?;]+[”’」』》）)\]]*\s*|\n\s*|$)")


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of ``text[start:end]``; joined in order they give it back.

    A sentence ends behind 。！？； and their closing quotation marks, or with its line; white space behind it
    belongs to it.

    Parameters
    ----------
    text : str
    start, end : int
        A part.

    Yields
    ------
    (int, int)
        Half-open span.
    """
    at = start
    while at < end:
        match = _SENTENCE.match(text, at, end)
        stop = match.end() if match and match.end() > at else end
        yield at, stop
        at = stop


def sentence_rows(text: str, parts: list[dict]) -> list[dict]:
    """Rows of `tables.SENTENCES` for rows of `tables.PARTS`."""
    rows = [
        {"part": part["part"], "report": part["report"], "role": part["role"], "start": start, "end": end}
        for part in parts
        for start, end in split_sentences(text, part["start"], part["end"])
    ]
    return [row | {"sentence": number} for number, row in enumerate(rows, start=1)]
