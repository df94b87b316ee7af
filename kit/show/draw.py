"""Figures drawn, by matplotlib here alone: the frame around a plot, the pen of plots, pictures for files and pages.

Every text is written by `Pen.write`, in the kit's font; no figure is opened with pyplot, so none has to be closed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from hashlib import sha256
from html import escape
from io import BytesIO
from math import ceil
from pathlib import Path
from string import ascii_letters
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle, RegularPolygon, Wedge
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, Transform, blended_transform_factory, offset_copy
from PIL import Image

from kit.data import path
from kit.show import plots, style
from kit.show.figure import Cloud, Figure, Key
from kit.show.publish import keep
from kit.show.style import theme_labels

# matplotlib 3.11 asks PostScript's setting how many letters a font of a PDF may hold; by its default each PDF had two.
SETTINGS: Any = {"svg.hashsalt": "kit", "svg.fonttype": "path", "pdf.fonttype": 42, "ps.fonttype": 42}
METADATA: dict[str, dict] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
DECIMALS, COMMENTS = re.compile(r"(\.\d\d)\d+"), re.compile(r"<!--.*?-->\s*", re.DOTALL)
READ = 12  # the least size of a text in a page, pixels
PLAIN: Any = {"at": "data", "size": style.NAME, "colour": style.INK, "bold": False}  # a text, unless its role says else
STRIPES: Any = {"facecolor": "none", "edgecolor": style.AXIS, "linewidth": 0, "hatch": "////"}
CORNERS = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])


def draw(figure: Figure, ax: Axes | None = None) -> Axes:
    """Draw a figure: the plot alone into ``ax``, without one as a whole figure; return the axes."""
    pen = Pen(ax, figure.focus) if ax else _open(plots.lay_out(figure), figure.focus)
    plots.draw_plot(pen, figure)
    return pen.ax


def save(figure: Figure, file: Path) -> Path:
    """Write a whole figure as PNG (300 dpi), SVG or PDF (text selectable), as the file's name ends."""
    file.write_bytes(_picture(figure, file.suffix[1:]))
    return file


def to_png(figure: Figure) -> bytes:
    """Return a whole figure as a picture for a screen: half as fine as the one for files, of which it is made."""
    whole = _picture(figure, "png")
    return keep(("half", sha256(whole).hexdigest()), lambda: _halved(whole))


def _halved(picture: bytes) -> bytes:
    with Image.open(BytesIO(picture)) as whole:  # in as many colours as it takes, half as large as in all
        few = whole.reduce(2).quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    return _as_png(few, style.PNG_DPI / 2)


def plot_png(figure: Figure) -> bytes:
    """Return the plot with its legend as a picture: for a slide, for a paper."""
    return _picture(figure, "png", whole=False)


@dataclass(frozen=True)
class Chart:
    """A plot in a page: its picture, the box it fills, the width at which its texts are read, areas and their boxes."""

    svg: str
    box: str
    least: int
    areas: list[tuple[plots.Area, tuple[float, ...]]]


def plot_chart(figure: Figure, statuses: Mapping[str, str]) -> Chart:
    """Return the plot with its legend to stand in a page, and the areas that open sentences."""
    pen = _drawn(figure, False, _settings())
    svg = plot_svg(figure, pen)
    texts = [text for text in (*pen.ax.texts, *pen.figure.texts) if text.get_text()]
    smallest = min((float(text.get_fontsize()) for text in texts), default=style.NAME)
    areas = [(area, _box_of(area, pen)) for area in plots.find_areas(figure, statuses)]
    return Chart(svg, svg.partition('viewBox="')[2].partition('"')[0], ceil(style.WIDTH * READ / smallest), areas)


def _box_of(area: plots.Area, pen: "Pen") -> tuple[float, ...]:
    """Return where an area stands in the picture, from its upper left corner, in points."""
    wide, tall = pen.figure.get_size_inches() * 72
    (low, high), across = area.y, area.x or pen.ax.get_xlim()
    corners = pen.ax.transData.transform([(across[0], low), (across[1], high)]) * 72 / pen.figure.dpi
    left, right = (0.0, wide) if area.x is None else np.clip(sorted(corners[:, 0]), 0, wide)
    bottom, top = sorted(corners[:, 1])
    return tuple(round(float(value), 1) for value in (left, tall - top, right - left, top - bottom))


def plot_svg(figure: Figure, pen: "Pen | None" = None) -> str:
    """Return the plot with its legend to stand in a page: named for readers that see nothing, its ids its own."""
    svg, stem = _saved(pen or _drawn(figure, False, _settings()), "svg").decode(), figure.stem
    box = svg.partition('viewBox="')[2].partition('"')[0]
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    body = COMMENTS.sub("", svg[svg.index("<defs") : svg.rindex("</svg>")])
    # Ids that nothing refers to go, the others become the figure's own; paths keep two decimals.
    body = re.sub(r' id="([^"]*)"', lambda at: f' id="{stem}-{at[1]}"' if at[1] in used else "", body)
    body = re.sub(r'(href="#|url\(#)', rf"\g<1>{stem}-", body)
    body = re.sub(r' d="[^"]*"', lambda at: DECIMALS.sub(r"\1", at[0].replace("\n", "")), body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box}" role="img" aria-labelledby="{stem}-title {stem}-desc">'
        f'<title id="{stem}-title">{escape(figure.title)}</title>'
        f'<desc id="{stem}-desc">{escape(figure.subtitle)}</desc>{body}</svg>'
    )


@cache
def faces() -> list[str]:
    """Make the fonts known to matplotlib, by names that no font of the system has, and check the kit's own words."""
    for words in (*path("labels.toml").read_text(encoding="utf-8").splitlines(), *theme_labels("zh").values()):
        style.check_glyphs(words)
    files = {"kit text": style.common_file(), "kit letters": style.font_file(), "kit signs": style.signs_file()}
    fontManager.ttflist += [FontEntry(fname=str(file), name=name, size="scalable") for name, file in files.items()]
    return list(files)


def prepare(figures: Iterable[Figure]) -> None:
    """Make ready what every process would make for itself: the fonts, and the places of the words of a cloud."""
    faces()
    for figure in figures:
        if isinstance(figure.plot, Cloud):
            plot_png(figure)


def _picture(figure: Figure, form: str, *, whole: bool = True) -> bytes:
    """Return a figure in a format, drawn unless its picture is kept: the same bytes for the same figure."""
    said = [getattr(figure, part.name) for part in fields(figure) if part.name != "table"]  # all that is drawn
    settings = _settings()
    return keep((form, whole, said, settings), lambda: _saved(_drawn(figure, whole, settings), form))


def _settings() -> str:
    return repr([(name, value) for name, value in dict.items(mpl.rcParams) if "backend" not in name])


@lru_cache(maxsize=32)
def _drawn(figure: Figure, whole: bool, _settings: str) -> "Pen":
    """Draw a figure, once for all the forms that it is saved in, and for all documents."""
    pen = _open(plots.lay_out(figure, whole=whole), figure.focus)
    plots.draw_plot(pen, figure)
    return pen


def _saved(pen: "Pen", form: str) -> bytes:
    if form == "png":  # without transparency, which matplotlib keeps: a tenth smaller, and sooner read again
        pen.figure.set_dpi(style.PNG_DPI)
        pixels, size = cast("FigureCanvasAgg", pen.figure.canvas).print_to_buffer()
        pen.figure.set_dpi(style.DPI)
        return _as_png(Image.frombuffer("RGBA", size, pixels).convert("RGB"), style.PNG_DPI)
    picture = BytesIO()
    with mpl.rc_context(SETTINGS):
        pen.figure.savefig(picture, format=form, metadata=METADATA[form])
    return picture.getvalue()


def _as_png(pixels: Image.Image, dpi: float) -> bytes:
    picture = BytesIO()
    pixels.save(picture, "png", compress_level=3, dpi=(dpi, dpi))  # about as small as by default, in half the time
    return picture.getvalue()


class StrongText(Text):
    """A text with a stroke of its own colour and a halo of white beneath, both in points; it stays text in a PDF."""

    def __init__(self, x: float, y: float, text: str, stroke: float, *, halo: float = 0, **options: Any) -> None:
        super().__init__(x, y, text, **options)
        self.halo, self.stroke = halo, stroke

    def draw(self, renderer: RendererBase) -> None:
        """Draw outline and shape as paths, which are spaced alike; in a PDF then the text itself, unseen."""
        page, ground = cast("Canvas", self.get_figure(root=True)), self.get_bbox_patch()
        points = (("white", self.halo), (self.get_color(), self.stroke))
        strokes = [Stroke(linewidth=wide, foreground=colour) for colour, wide in points if wide]
        if strokes:
            self.set_path_effects([*strokes, Normal()])
            super().draw(renderer)
            self.set(path_effects=[], alpha=0)
            if ground:
                ground.set_visible(False)  # once is enough: a second one would cover the first pass
        if not strokes or page.canvas.get_default_filetype() == "pdf":
            super().draw(renderer)
        self.set_alpha(None)
        if ground:
            ground.set_visible(True)


class Pen:
    """What draws a plot: an axes without spines and ticks, its size in points, and marks placed by named coordinates.

    Places are data of the axes; ``at`` names others: ``row`` (x a part of the axes), ``column`` (y a part of them),
    ``plot`` (both), ``above`` (y in points of the page), ``page`` (both).
    """

    def __init__(self, ax: Axes, focus: str = style.FOCUS) -> None:
        self.ax, self.focus = ax, focus
        self.figure = cast("Canvas", ax.get_figure(root=True))
        box, points = ax.get_window_extent(), 72 / self.figure.dpi
        self.wide, self.tall = box.width * points, box.height * points
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
        ax.set_facecolor("none")

    @property
    def scale(self) -> float:
        """Points to one unit of x."""
        low, high = self.ax.get_xlim()
        return self.wide / abs(high - low)

    def span(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Set what the axes run from and to."""
        self.ax.set(xlim=x, ylim=y)

    def write(
        self, role: str, x: float, y: float, text: str, *, shift: tuple[float, float] = (0, 0), **looks: Any
    ) -> Text:
        """Write one text in the kit's font: the only way text gets into a figure."""
        given = PLAIN | plots.LOOKS.get(role, {}) | looks
        at, size, colour, bold = (given.pop(name) for name in ("at", "size", "colour", "bold"))
        given = {"zorder": 4, "parse_math": False, "clip_on": False, "gid": role, "color": colour, **given}
        drawn = style.drawable(text)
        font = FontProperties(family=faces()[: None if style.is_rare(drawn) else 1], size=size)  # each is looked up
        artist = StrongText(x, y, drawn, style.BOLD * size * bold, fontproperties=font, **given)
        artist.set_transform(offset_copy(self._place(at), fig=self.figure, x=shift[0], y=shift[1], units="points"))
        (self.figure if at == "page" else self.ax).add_artist(artist)
        return artist

    def line(self, x: Sequence[float], y: Sequence[float], *, at: str, colour: str) -> None:
        """Draw a thin rule."""
        self.ax.plot(x, y, transform=self._place(at), color=colour, lw=0.7, clip_on=False)

    def cells(self, places: Sequence[tuple[float, float]], colours: Sequence[str], *, edge: float) -> None:
        """Draw a cell of one unit at each place, with a white edge."""
        looks: plots.Looks = {"facecolors": colours, "edgecolors": "white", "linewidths": edge, "gid": "cells"}
        self.ax.add_collection(PolyCollection(CORNERS + np.array(places)[:, None], **looks), autolim=False)

    def hatch(self, places: Sequence[tuple[float, float]]) -> None:
        """Draw stripes over the cells at some places."""
        if places:
            cells = PolyCollection(CORNERS + np.array(places)[:, None], **STRIPES, gid="hatch")
            self.ax.add_collection(cells, autolim=False)

    def top_of(self, role: str) -> float:
        """Return where the highest text of a role ends, points from the page's lower edge."""
        tops = (text.get_window_extent().y1 for text in self.ax.texts if text.get_gid() == role)
        return max(tops) * 72 / self.figure.dpi

    @staticmethod
    @cache
    def ink(word: str, size: float) -> tuple[float, float]:
        """Return where a word's ink begins on the left and ends above, points from where it is written."""
        path = TextPath((0, 0), word, prop=FontProperties(family=faces(), size=size))
        points = path.vertices[path.codes != path.CLOSEPOLY]  # fonts have points where a curve goes furthest
        return points[:, 0].min(), points[:, 1].max()

    def _place(self, at: str) -> Transform:
        ax, page = self.ax, page_points(self.figure)
        places = {"data": ax.transData, "plot": ax.transAxes, "page": page, "row": ax.get_yaxis_transform()}
        above = {"column": ax.transAxes, "above": page}
        return places[at] if at in places else blended_transform_factory(ax.transData, above[at])


def page_points(figure: Canvas) -> Transform:
    """Return the coordinates of a figure in points, from its lower left corner."""
    # They go through the figure's own coordinates, which follow when a notebook crops what it shows.
    wide, tall = figure.get_size_inches() * 72
    return Affine2D().scale(1 / wide, 1 / tall) + figure.transFigure


def _open(frame: plots.Frame, focus: str) -> Pen:
    """Make a figure with what stands around its plot, and return the pen for the plot."""
    total, room = frame.total, frame.room
    figure = Canvas(figsize=(style.WIDTH / 72, total / 72), dpi=style.DPI, facecolor="white")
    FigureCanvasAgg(figure)
    left, low = style.MARGIN + room.left, frame.below + room.bottom
    box = (left, low, style.INNER - room.left - room.right, room.height)
    ax = figure.add_axes((box[0] / style.WIDTH, box[1] / total, box[2] / style.WIDTH, box[3] / total), label="plot")
    pen, place = Pen(ax, focus), page_points(figure)
    # A page under everything keeps the margins when a notebook crops a figure to its contents.
    figure.add_artist(Rectangle((0, 0), style.WIDTH, total, transform=place, facecolor="white", zorder=-2, gid="page"))
    if frame.head:
        tag = Rectangle((style.MARGIN, total - 4), 28, 4, transform=place, facecolor=focus, gid="tag")
        figure.add_artist(tag)
    _draw_keys(pen, frame.keys, _write_lines(pen, frame.head, total - 12) - 8 if frame.head else total - 6)
    if frame.foot:
        rule, ends = frame.below - 10, [style.MARGIN, style.WIDTH - style.MARGIN]
        figure.add_artist(Line2D(ends, [rule] * 2, transform=place, color=style.LINE, lw=0.6))
        _write_lines(pen, frame.foot, rule - 4)
    return pen


def _write_lines(pen: Pen, lines: Sequence[tuple[str, str]], top: float) -> float:
    """Write lines from ``top`` down and return where they end, points from the figure's lower edge."""
    before = ""
    for role, text in lines:
        top -= 3 * (before == "title" and role != "title")
        size, leading = plots.LOOKS[role]["size"], plots.line_height(role)
        artist = pen.write(role, style.MARGIN, top - (leading - size) / 2 - 0.88 * size, text)
        if (role == "title" or text[0] in ascii_letters) and hasattr(artist, "set_fontfeatures"):
            artist.set_fontfeatures(("halt",))  # closes the holes that full-width marks leave, in Latin text everywhere
        top, before = top - leading, role
    return top


def _draw_keys(pen: Pen, lines: Sequence[Sequence[Key]], top: float) -> None:
    for row, line in enumerate(lines):
        x: float = style.MARGIN
        for key in line:
            _draw_key(pen, key, x, top - (row + 0.5) * plots.KEY_LINE)
            x += key.room


def _draw_key(pen: Pen, key: Key, x: float, y: float) -> None:
    mark, side, middle = key.mark, 8 if key.kind == "box" else 11, (x + key.mark / 2, y)
    colour = key.colour or style.EMPTY
    ground = colour if key.kind in ("box", "cell", "hatched", "step", "tick") else style.EMPTY
    edge = style.AXIS if ground == style.WHITE or (key.kind, ground) == ("box", style.EMPTY) else "none"
    room, ring = ((x, y - side / 2), mark, side), Circle(middle, 2.8, lw=1.8, fc="white", ec=colour)
    marks: dict[str, list[Artist]] = {
        "hatched": [Rectangle(*room, **STRIPES, hatch_linewidth=0.5)],
        "dot": [Circle(middle, 3.4, lw=1.8, fc=colour, ec="none")],
        "ring": [ring],
        "half": [ring, Wedge(middle, 3.4, 90, 270, lw=0, fc=colour)],
        "triangle": [RegularPolygon(middle, 3, radius=4.4, lw=0, fc=colour)],
    }
    under = [Rectangle(*room, facecolor=ground, edgecolor=edge)] if key.kind != "gap" else []
    for drawn in (*under, *marks.get(key.kind, ())):
        drawn.set_transform(page_points(pen.figure))
        pen.figure.add_artist(drawn)
    if key.kind == "query":
        pen.write("key", *middle, "?", size=9, colour=key.colour, ha="center", bold=True)
    if key.kind == "step":
        pen.write("key", *middle, key.label, size=7.5, colour=style.on(key.colour), ha="center")
    else:
        pen.write("key", x + mark + 4 * bool(mark), y, key.label, size=9, colour=style.SOFT)
