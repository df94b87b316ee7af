"""A word cloud: an ornament, for what it says the ranked bars say better."""

from typing import TYPE_CHECKING

import pandas as pd

from kit.show import style
from kit.show.bars import FEWEST_TERMS
from kit.show.font import check_glyphs, font, font_file
from kit.show.labels import fill, label, quoted
from kit.show.rows import notice
from kit.show.scope import Scope

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 230
MOST = 60
NAMED = 3
SMALLEST, LARGEST = 9, 46
MARGIN = 10  # points around a word, so that neighbours do not read as one
FINE = 4  # the words are placed on a grid of so many steps to the point
LEADING_WORDS, OTHERS = 8, "#5F7486"  # the most used words are darker


def plot_cloud(terms: pd.DataFrame, *, value: str = "n", most: int = MOST, seed: int = 2023, ax: "Axes | None" = None,
               lang: str = "zh", scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw the most used terms as a cloud of horizontal words.

    Parameters
    ----------
    terms : DataFrame
        `tables.TERMS`, one row per term.
    value : str
        The column that sets the size of a word.
    most : int
        How many words, at most 60.
    seed : int
        The same seed and table give the same picture.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        In points; one text per word. Words that find no room are left out. Fewer than four terms are said.
    """
    rows = terms[terms[value] > 0].sort_values(value, ascending=False, kind="stable").head(min(most, MOST))
    words = _words(rows, value, lang, scope)
    if len(rows) < FEWEST_TERMS:
        return notice(words, "few_words", lang, ax, n=len(rows))
    ax = style.quiet(ax) if ax else style.open_frame(words, height=HEIGHT)
    wide, tall = style.size_of(ax)
    ax.set_xlim(0, wide)
    ax.set_ylim(tall, 0)
    frequencies = {check_glyphs(term): float(n) for term, n in zip(rows["term"], rows[value], strict=True)}
    for word, size, left, top in _placed(frequencies, wide, tall, seed):
        colour = style.FOCUS if word in list(frequencies)[:LEADING_WORDS] else OTHERS
        _write_at(ax, word, size, left, top, colour)
    return ax


def _words(rows: pd.DataFrame, value: str, lang: str, scope: Scope | None) -> style.Words:
    under = fill("cloud", "subtitle", lang, n=len(rows))
    plain = label("cloud", "plain", lang)
    values = list(rows[value])
    clear = len(values) > NAMED and values[NAMED - 1] > values[NAMED]
    titles = [fill("cloud", "title", lang, terms=quoted(list(rows["term"].head(NAMED)), lang))] if clear else []
    return style.Words([*titles, plain], under, fill("cloud", "note", lang, n=LEADING_WORDS)).under(scope, lang)


def _placed(
    frequencies: dict[str, float], wide: float, tall: float, seed: int
) -> list[tuple[str, float, float, float]]:
    """Return word, size, left and top of each word, points, as the package wordcloud places them."""
    from wordcloud import WordCloud  # noqa: PLC0415

    cloud = WordCloud(
        font_path=str(font_file()), width=int(wide * FINE), height=int(tall * FINE), max_words=MOST,
        prefer_horizontal=1.0, random_state=seed, min_font_size=SMALLEST * FINE, max_font_size=LARGEST * FINE,
        margin=MARGIN * FINE, relative_scaling=0.5,
    )  # fmt: skip
    cloud.generate_from_frequencies(frequencies)
    return [(word, size / FINE, left / FINE, top / FINE) for (word, _), size, (top, left), _, _ in cloud.layout_]


def _write_at(ax: "Axes", word: str, size: float, left: float, top: float, colour: str) -> None:
    """Write a word so that its ink starts at ``left`` and ``top``, where room was kept for it."""
    from matplotlib.textpath import TextPath  # noqa: PLC0415

    ink = TextPath((0, 0), word, prop=font(size)).get_extents()
    style.write(ax, left - ink.x0, top + ink.y1, word, size=size, colour=colour, gid="word")
