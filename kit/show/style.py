"""The frame of every figure: sizes in points, colours, title, subtitle, legend, note and source line.

Width and sizes are those of the text block of an official paper, so that they are true in print; the height follows
from the content. After the style guides of the GOV.UK data pages, the UK Government Analysis Function and the
Urban Institute; the steps of the scale are ColorBrewer's Blues.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from string import ascii_letters
from typing import TYPE_CHECKING, Any, cast

from kit.show.font import check_glyphs, font, width
from kit.show.scope import Scope, source_line, subtitle
from kit.show.text import wrap, wrap_subtitle, wrap_title

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

WIDTH = 6.14 * 72  # points
MARGIN = 10
INNER = WIDTH - 2 * MARGIN
TALLEST = 638  # the text block of a page
DPI = 144

INK, SOFT, FAINT = "#1A1A1A", "#4A4A4A", "#595959"  # title, subtitle and values, note and source
LINE, AXIS, RULE = "#E3E3E3", "#8A969F", "#8C8C8C"
FOCUS, SECOND, SECOND_TEXT = "#12436D", "#F46A25", "#B5500F"
CONTEXT, BOTH, EMPTY = "#B8BFC6", "#C3CED8", "#F4F5F6"
STEPS = ("#DEEBF7", "#9ECAE1", "#4292C6", "#2171B5", "#08306B")

TITLE, SUBTITLE, NAME, VALUE, SMALL = 14, 10, 10, 9.5, 8
LEADING: dict[float, float] = {TITLE: 1.28, SUBTITLE: 1.38, SMALL: 1.42}
TITLE_LINE, SUBTITLE_LINE = 28 * TITLE, 42 * SUBTITLE
BOLD = 0.042  # width of the stroke that stands for bold, part of the size; there is no small free bold font
KEY_LINE = 18


@dataclass(frozen=True)
class Key:
    """One entry of a legend: how its mark is drawn (box, dot, ring, cell, tick, step, gap), its label, its colour."""

    kind: str
    label: str
    colour: str = ""


@dataclass(frozen=True)
class Words:
    """What stands around a plot.

    Attributes
    ----------
    titles : sequence of str
        The finding, and shorter ways to say it; the first that fits in two lines is taken.
    subtitle, note, source : str
        Measure, unit and coverage; how to read it; where it is from.
    keys : sequence of Key
        The legend.
    """

    titles: Sequence[str]
    subtitle: str
    note: str = ""
    source: str = ""
    keys: Sequence[Key] = ()

    def under(self, scope: Scope | None, lang: str, *more: str) -> "Words":
        """Return the same words with the years of ``scope`` in the subtitle, and its source line."""
        source = source_line(scope, lang) if scope else ""
        return replace(self, subtitle=subtitle(self.subtitle, scope, lang, *more), source=source)


def write(parent: "Axes | Figure", x: float, y: float, text: str, *, size: float, colour: str = INK,
          bold: bool = False, halo: float = 0, ha: str = "left", va: str = "baseline",
          transform: "Transform | None" = None, shift: tuple[float, float] = (0, 0),
          **options: Any) -> "Text":  # fmt: skip
    """Write one text in the kit's font: the only way text gets into a figure.

    Parameters
    ----------
    parent : Axes or Figure
        What the text is added to.
    x, y : float
        Place, in the coordinates of ``transform`` (default: the data of the axes).
    shift : (float, float)
        Distance from that place, points right and up.
    options
        Further properties of `matplotlib.text.Text`.

    Raises
    ------
    FontError
        When the font lacks a character of ``text``.
    """
    from matplotlib.transforms import offset_copy  # noqa: PLC0415

    from kit.show._strong import StrongText  # noqa: PLC0415

    figure = figure_of(parent)
    base = transform if transform is not None else cast("Axes", parent).transData
    place = offset_copy(base, fig=figure, x=shift[0], y=shift[1], units="points")
    options = {"zorder": 4, "parse_math": False, "clip_on": False, **options}
    artist = StrongText(x, y, check_glyphs(text), stroke=BOLD * size * bold, halo=halo, fontproperties=font(size),
                        color=colour, ha=ha, va=va, **options)  # fmt: skip
    artist.set_transform(place)
    parent.add_artist(artist)
    return artist


def points(figure: "Figure") -> "Transform":
    """Return the coordinates of a figure in points, from its lower left corner.

    They go through the figure's own coordinates, which follow when a notebook crops what it shows.
    """
    from matplotlib.transforms import Affine2D  # noqa: PLC0415

    wide, tall = figure.get_size_inches() * 72
    return Affine2D().scale(1 / wide, 1 / tall) + figure.transFigure


def figure_of(artist: "Artist") -> "Figure":
    """Return the whole figure an artist stands in."""
    return cast("Figure", artist.get_figure(root=True))


def size_of(ax: "Axes") -> tuple[float, float]:
    """Return width and height of an axes, in points."""
    box = ax.get_window_extent()
    scale = 72 / figure_of(ax).dpi
    return box.width * scale, box.height * scale


def quiet(ax: "Axes") -> "Axes":
    """Take spines, ticks and background off an axes: rows and values carry their own labels."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.set_facecolor("none")
    return ax


def open_frame(words: Words, *, height: float, left: float = 0, right: float = 0, top: float = 0,
               bottom: float = 0) -> "Axes":  # fmt: skip
    """Make a whole figure around a plot and return the axes to draw the plot in.

    Parameters
    ----------
    words : Words
        What stands around the plot.
    height : float
        Height of the plot, points.
    left, right, top, bottom : float
        Room beside the plot for names, heads and the like, points; the plot takes the rest of the width.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    foot, keys = _foot(words), _key_lines(words.keys)
    below = 10 + 4 + len(foot) * SMALL * LEADING[SMALL] + 8
    for lines in (2, 1):  # where the page is full, the title has one line
        head = _head(words, lines)
        above = 23 + sum(size * LEADING[size] for _, _, size, _ in head) + len(keys) * KEY_LINE + 2 * bool(keys)
        total = above + top + height + bottom + below
        if total <= TALLEST:
            break
    figure = plt.figure(figsize=(WIDTH / 72, total / 72), dpi=DPI, facecolor="white")
    figure.set_label(words.subtitle)  # whole, for those who take the words over
    place = points(figure)
    # A page under everything keeps the margins when a notebook crops a figure to its contents.
    figure.add_artist(Rectangle((0, 0), WIDTH, total, transform=place, facecolor="white", zorder=-2, gid="page"))
    figure.add_artist(Rectangle((MARGIN, total - 4), 28, 4, transform=place, facecolor=FOCUS, gid="tag"))
    at = _write_lines(figure, head, total - 12)
    _draw_keys(figure, keys, at - 8)
    hairline = below - 10
    figure.add_artist(Line2D([MARGIN, WIDTH - MARGIN], [hairline] * 2, transform=place, color=LINE, lw=0.6))
    _write_lines(figure, foot, hairline - 4)
    box = (MARGIN + left, below + bottom, INNER - left - right, height)
    ax = figure.add_axes((box[0] / WIDTH, box[1] / total, box[2] / WIDTH, box[3] / total), label="plot")
    return quiet(ax)


Line = tuple[str, str, float, str]  # role, text, size, colour


def _head(words: Words, lines: int) -> list[Line]:
    fitting = (wrap_title(title, TITLE, TITLE_LINE) for title in words.titles)
    wrapped = next((found for found in fitting if len(found) <= lines), [])
    title = wrapped or wrap_title(words.titles[-1], TITLE, TITLE_LINE)
    subtitle = wrap_subtitle(words.subtitle, SUBTITLE, SUBTITLE_LINE)
    return [*(("title", line, TITLE, INK) for line in title),
            *(("subtitle", line, SUBTITLE, SOFT) for line in subtitle)]  # fmt: skip


def _foot(words: Words) -> list[Line]:
    return [(role, line, SMALL, FAINT) for role, text in (("note", words.note), ("source", words.source))
            for paragraph in text.split("\n") for line in wrap(paragraph, SMALL, INNER)]  # fmt: skip


def _write_lines(figure: "Figure", lines: Iterable[Line], top: float) -> float:
    """Write lines from ``top`` down and return where they end, points from the figure's lower edge."""
    place = points(figure)
    before = ""
    for role, text, size, colour in lines:
        top -= 3 * (before == "title" and role != "title")
        leading = LEADING[size] * size
        base = top - (leading - size) / 2 - 0.88 * size
        artist = write(figure, MARGIN, base, text, size=size, colour=colour, bold=role == "title", transform=place,
                       gid=role)  # fmt: skip
        if (role == "title" or text[0] in ascii_letters) and hasattr(artist, "set_fontfeatures"):
            artist.set_fontfeatures(("halt",))  # closes the holes that full-width marks leave, in Latin text everywhere
        top, before = top - leading, role
    return top


KEY_MARK = {"box": 8, "dot": 12, "ring": 12, "cell": 12, "tick": 2, "step": 30, "gap": 0}


def _key_width(key: Key) -> float:
    words = width(key.label, 9)
    return 31 if key.kind == "step" else KEY_MARK[key.kind] + 4 * (key.kind != "gap") + words + 14


def _key_lines(keys: Sequence[Key]) -> list[list[Key]]:
    lines: list[list[Key]] = []
    for key in keys:
        used = sum(map(_key_width, lines[-1])) if lines else INNER
        if used + _key_width(key) - 14 > INNER:
            lines.append([])
        lines[-1].append(key)
    return lines


def _draw_keys(figure: "Figure", lines: list[list[Key]], top: float) -> None:
    for line in lines:
        x: float = MARGIN
        for key in line:
            _draw_key(figure, key, x, top - KEY_LINE / 2)
            x += _key_width(key)
        top -= KEY_LINE


def _draw_key(figure: "Figure", key: Key, x: float, y: float) -> None:
    """Draw one entry of the legend, its mark as it is in the plot."""
    from matplotlib.patches import Circle, Rectangle  # noqa: PLC0415

    place = points(figure)
    mark, side = KEY_MARK[key.kind], 8 if key.kind == "box" else 11
    if key.kind != "gap":
        ground = key.colour if key.kind in ("box", "cell", "step", "tick") else EMPTY
        edge = AXIS if ground == "#FFFFFF" else "none"
        figure.add_artist(Rectangle((x, y - side / 2), mark, side, transform=place, facecolor=ground, edgecolor=edge))
    if key.kind in ("dot", "ring"):
        round_mark = {"fc": key.colour, "ec": "none"} if key.kind == "dot" else {"fc": "white", "ec": key.colour}
        radius = 3.4 if key.kind == "dot" else 2.8
        figure.add_artist(Circle((x + mark / 2, y), radius, transform=place, lw=1.8, **round_mark))
    if key.kind == "step":
        write(figure, x + mark / 2, y, key.label, size=7.5, colour=on(key.colour), ha="center", va="center_baseline",
              transform=place, gid="key")  # fmt: skip
    else:
        write(figure, x + mark + 4 * bool(mark), y, key.label, size=9, colour=SOFT, va="center_baseline",
              transform=place, gid="key")  # fmt: skip


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2), 0 … 1."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)  # noqa: PLR2004
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2), 1 … 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def on(ground: str) -> str:
    """Return the text colour that contrasts more with ``ground``: white or ink."""
    return max(("#FFFFFF", INK), key=lambda text: contrast(text, ground))
