"""Plates: figures as a briefing takes them, with the words they say, the plot alone, and the sentences behind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from xml.etree import ElementTree

import pandas as pd

from kit.read.compilation import Compilation
from kit.show.export import PNG_DPI
from kit.show.gallery import Exhibit
from kit.show.labels import label, theme_labels
from kit.show.scope import Scope, scope_of
from kit.show.style import figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD_ROLES = ("title", "subtitle")
HIDDEN = {*HEAD_ROLES, "note", "source", "tag"}
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
DECIMALS = re.compile(r"(\.\d\d)\d+")


@dataclass(frozen=True)
class Plate:
    """One figure of a briefing.

    Attributes
    ----------
    stem : str
        Name of its files; a key of `kit.show.gallery.FIGURES`.
    title, subtitle, note, source : str
        What the figure says, as drawn; the title is its finding.
    reason : str
        Why it is not drawn; empty when it is.
    table : DataFrame
        What it was drawn from.
    png, svg : bytes, str
        The plot alone with its legend: for a slide, for a page.
    evidence : DataFrame
        From `kit.show.quotes.key_sentences`.
    """

    stem: str
    title: str
    subtitle: str
    note: str
    source: str
    reason: str
    table: pd.DataFrame
    png: bytes
    svg: str
    evidence: pd.DataFrame


@dataclass(frozen=True)
class Briefing:
    """What the documents of a briefing are made from."""

    compilation: Compilation
    measured: Mapping[str, pd.DataFrame]
    plates: tuple[Plate, ...]
    lang: str
    earlier: Compilation | None = None

    @cached_property
    def scope(self) -> Scope:
        """What all figures cover but that of fulfilment."""
        return scope_of(self.compilation)

    @cached_property
    def two_years(self) -> Scope:
        """What the figure of fulfilment covers."""
        return scope_of(self.earlier, later=self.compilation) if self.earlier else self.scope

    @property
    def themes(self) -> dict[str, str]:
        """What the themes are called, in order."""
        return theme_labels(self.lang, self.scope.codebook)

    @property
    def drawn(self) -> list[Plate]:
        """The plates that have a figure with a finding; the cloud is an ornament."""
        return [plate for plate in self.plates if not plate.reason and plate.stem != "cloud"]


def make_plate(exhibit: Exhibit, files: Sequence[Path], evidence: pd.DataFrame) -> Plate:
    """Return the plate of a drawn figure; its axes may be closed afterwards.

    Parameters
    ----------
    exhibit : Exhibit
    files : sequence of Path
        From `kit.show.export.export_figure`.
    evidence : DataFrame
        From `kit.show.quotes.key_sentences`.
    """
    said = words_of(exhibit.axes)
    png, svg = files[0].read_bytes(), files[1].read_text(encoding="utf-8")
    plot = inline_svg(svg, exhibit.stem, said["title"], said["subtitle"], plot_rows(exhibit.axes))
    return Plate(exhibit.stem, **said, table=exhibit.table, png=crop(exhibit.axes, png), svg=plot, evidence=evidence)


def words_of(axes: "Axes") -> dict[str, str]:
    """Return what a whole figure says: ``title, subtitle, note, source``, and the ``reason`` when it is not drawn."""
    said = {role: _said(axes, role) for role in ("title", "note", "source")}
    return said | {"subtitle": str(figure_of(axes).get_label()), "reason": _said(axes, "notice")}


def caption(stem: str, lang: str) -> str:
    """Return what a figure is called, whatever it found."""
    return label("captions", stem, lang)


def _lines(axes: "Axes", role: str) -> list:
    from matplotlib.text import Text  # noqa: PLC0415

    return [text for text in figure_of(axes).findobj(Text) if text.get_gid() == role]


def _said(axes: "Axes", role: str) -> str:
    """Return what a figure says in a role, its lines joined: with a space between Latin words."""
    lines = [line for text in _lines(axes, role) for line in text.get_text().split("\n")]
    said = "".join(lines[:1])
    for one, other in pairwise(lines):
        beside = one[-1] + other[0]
        is_wide = any(east_asian_width(char) in "WF" for char in beside)
        said += " " * (not is_wide and any(map(str.isascii, beside))) + other
    return said


def plot_rows(axes: "Axes") -> tuple[float, float]:
    """Return where the plot with its legend begins and ends, points from the upper edge of a whole figure."""
    from matplotlib.lines import Line2D  # noqa: PLC0415

    figure = figure_of(axes)
    tall = figure.get_figheight() * 72
    head = min(text.get_position()[1] for role in HEAD_ROLES for text in _lines(axes, role))
    hairline = next(child for child in figure.get_children() if isinstance(child, Line2D))
    foot = hairline.get_window_extent().y0 * 72 / figure.dpi
    return tall - head + 4, tall - foot - 2


def crop(axes: "Axes", png: bytes = b"") -> bytes:
    """Return the plot and legend of a whole figure as a picture, cut from ``png`` when it is drawn already."""
    from PIL import Image  # noqa: PLC0415

    whole, cropped = BytesIO(png), BytesIO()
    if not png:
        figure_of(axes).savefig(whole, format="png", dpi=PNG_DPI)
    picture = Image.open(whole)
    top, end = (round(points / 72 * PNG_DPI) for points in plot_rows(axes))
    picture.crop((0, top, picture.width, end)).save(cropped, "png", dpi=(PNG_DPI, PNG_DPI))
    return cropped.getvalue()


def inline_svg(svg: str, stem: str, title: str, description: str, rows: tuple[float, float]) -> str:
    """Return the plot and legend of an SVG to stand in a page: named for readers that see nothing, its ids its own."""
    for prefix, space in (("", SVG), ("xlink", XLINK)):
        ElementTree.register_namespace(prefix, space)
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("id") in HIDDEN or child.tag == f"{{{SVG}}}metadata":
                root.extend(child.iter(f"{{{SVG}}}defs"))  # letters are drawn where they are used first
                parent.remove(child)
    wide = root.get("width", "").removesuffix("pt")
    root.attrib.pop("height"), root.attrib.pop("width"), root.attrib.pop("version")
    root.attrib |= {"viewBox": f"0 {rows[0]:.1f} {wide} {rows[1] - rows[0]:.1f}", "role": "img",
                    "aria-labelledby": "title desc"}  # fmt: skip
    for name, text in (("desc", description), ("title", title)):
        element = ElementTree.Element(name, id=name)
        element.text = text
        root.insert(0, element)
    return _own_ids(ElementTree.tostring(root, encoding="unicode"), stem)


def _own_ids(svg: str, stem: str) -> str:
    """Drop the ids that nothing refers to, make the others the figure's own, shorten the numbers of paths."""
    used = {"title", "desc", *re.findall(r'(?:href="#|url\(#)([^")]+)', svg)}
    svg = re.sub(r' id="([^"]*)"', lambda at: f' id="{stem}-{at[1]}"' if at[1] in used else "", svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{stem}-", svg)
    svg = svg.replace('labelledby="title desc"', f'labelledby="{stem}-title {stem}-desc"')
    return re.sub(r' d="[^"]*"', lambda at: DECIMALS.sub(r"\1", at[0].replace("&#10;", " ").replace("\n", "")), svg)
