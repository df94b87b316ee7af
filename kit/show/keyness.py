"""Diverging bars: the words that one group of text uses more than another, both tails with their z."""

from typing import TYPE_CHECKING

import pandas as pd

from kit.data import knowledge
from kit.show import style
from kit.show.font import width
from kit.show.labels import fill, label, quoted
from kit.show.rows import notice
from kit.show.scope import Scope
from kit.show.text import half_up, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PITCH, THICK, HEAD = 19, 0.7, 20
SIGNIFICANT, FEWEST_TERMS, FEWEST_COUNTS = 1.96, 5, 5
WORD = 100  # longest word beside a bar, points
Z = 8


def plot_keyness(keyness: pd.DataFrame, *, focus: str = "plan", reference: str = "review", per_side: int = 10,
                 ax: "Axes | None" = None, lang: str = "zh", scope: Scope | None = None) -> "Axes":  # fmt: skip
    """Draw the words that set two groups of text apart as diverging bars.

    Parameters
    ----------
    keyness : DataFrame
        `tables.KEYNESS`; bars show ``z``.
    focus, reference : str
        What the two groups are called: ``plan``, ``review``, or a name of your own.
    per_side : int
        How many words a side, the largest abs(z) first.
    ax, lang, scope
        See `kit.show.bars.plot_terms`.

    Returns
    -------
    Axes
        Reference to the left, focus to the right. Only words are drawn that are unlikely to be chance (abs(z) > 1.96),
        are used five times or more and by more than one report; fewer than five such words are said, not drawn.
    """
    sides = strongest(keyness, per_side)
    names = [knowledge("labels.toml")["sides"].get(name, {}).get(lang, name) for name in (reference, focus)]
    words = _words(sides, names, lang, scope)
    if sum(map(len, sides)) < FEWEST_TERMS:
        return notice(words, "few_keywords", lang, ax, n=sum(map(len, sides)))
    rows = max(map(len, sides))
    ax = style.quiet(ax) if ax else style.open_frame(words, height=PITCH * rows, top=HEAD)
    ax.set_xlim(*_limits(sides, style.size_of(ax)[0]))
    ax.set_ylim(rows - 0.5, -0.5)
    for side, colour, sign in zip(sides, (style.SECOND, style.FOCUS), (-1, 1), strict=True):
        ax.barh(range(len(side)), side["z"], height=THICK, color=colour, zorder=2)
        _label(ax, side, colour, sign)
        if side.empty:
            style.write(ax, 0, (rows - 1) / 2, label("keyness", "none", lang), size=9, colour=style.FAINT, ha="center",
                        va="center_baseline", shift=(sign * style.size_of(ax)[0] / 4, 0), gid="none")  # fmt: skip
    ax.axvline(0, color=style.INK, lw=1, zorder=3)
    colours = style.SECOND_TEXT, style.FOCUS
    for key, name, colour, sign in zip(("left", "right"), names, colours, (-1, 1), strict=True):
        style.write(ax, 0, 1, fill("keyness", key, lang, name=name), size=9.5, colour=colour,
                    ha="left" if sign > 0 else "right", transform=ax.get_xaxis_transform(), shift=(sign * 8, 8),
                    gid="head")  # fmt: skip
    return ax


def strongest(keyness: pd.DataFrame, per_side: int) -> list[pd.DataFrame]:
    """Return the words that set the reference apart, and those of the focus, the largest abs(z) first."""
    fair = _fair(keyness)
    sides = [fair[fair["z"] < 0], fair[fair["z"] > 0]]
    return [side.loc[side["z"].abs().sort_values(ascending=False, kind="stable").index].head(per_side)
            for side in sides]  # fmt: skip


def _fair(keyness: pd.DataFrame) -> pd.DataFrame:
    """Return the words that are no accident of chance, of rarity, or of a single report."""
    ours, theirs = keyness["z"] > 0, keyness["z"] < 0
    used = keyness["n"].where(ours, keyness["n_reference"])
    by = keyness["n_reports"].where(ours, keyness["n_reports_reference"])
    several = {
        side: keyness[column].max() > 1 for side, column in ((True, "n_reports"), (False, "n_reports_reference"))
    }
    shared = (by > 1) | (ours & (not several[True])) | (theirs & (not several[False]))
    return keyness[(keyness["z"].abs() > SIGNIFICANT) & (used >= FEWEST_COUNTS) & shared]


def _words(sides: list[pd.DataFrame], names: list[str], lang: str, scope: Scope | None) -> style.Words:
    under = fill("keyness", "subtitle", lang, z=SIGNIFICANT)
    plain = fill("keyness", "plain", lang, reference=names[0], focus=names[1])
    titles = []
    for most in (2, 1):
        first = [quoted(list(side["term"].head(most)), lang) if len(side) else "" for side in sides]
        said = {"reference": names[0], "focus": names[1], "theirs": first[0], "ours": first[1]}
        key = "both" if all(first) else "focus" if first[1] else "reference" if first[0] else ""
        titles += [fill("keyness", key, lang, **said)] if key else []
    note = fill("keyness", "note", lang, n=FEWEST_COUNTS)
    return style.Words([*titles, plain], under, note).under(scope, lang)


def _limits(sides: list[pd.DataFrame], wide: float) -> tuple[float, float]:
    """Return the ends of a symmetric axis on which every word has room outside its bar."""
    half = wide / 2
    ends = [abs(z) * half / (half - 24 - min(width(term, style.NAME), WORD))
            for side in sides for term, z in zip(side["term"], side["z"], strict=True)]  # fmt: skip
    return -max(ends), max(ends)


def _label(ax: "Axes", side: pd.DataFrame, colour: str, sign: int) -> None:
    """Write words outside the bars' ends and z inside; where a bar is too short, z follows the word."""
    scale = style.size_of(ax)[0] / (ax.get_xlim()[1] - ax.get_xlim()[0])
    outward, inward = ("left", "right") if sign > 0 else ("right", "left")
    for row, (term, z) in enumerate(zip(side["term"], side["z"], strict=True)):
        text, word = f"{half_up(abs(z), 1)}", shorten(term, style.NAME, WORD)
        inside = abs(z) * scale > width(text, Z) + 8
        if inside:
            style.write(ax, z, row, text, size=Z, colour=style.on(colour), ha=inward, va="center_baseline",
                        shift=(-sign * 4, 0), gid="value")  # fmt: skip
        else:
            word = f"{word} {text}" if sign > 0 else f"{text} {word}"
        style.write(ax, z, row, word, size=style.NAME, ha=outward, va="center_baseline", shift=(sign * 5, 0),
                    gid="name")  # fmt: skip
