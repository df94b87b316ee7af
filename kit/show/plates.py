"""Plates: figures as a briefing takes them, with the words they say, the plot alone, and the sentences behind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kit.read.compilation import Compilation
from kit.show.export import METADATA, PNG_DPI, SETTINGS
from kit.show.gallery import Exhibit
from kit.show.labels import label
from kit.show.style import WIDTH, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

HEAD_ROLES = ("title", "subtitle")
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
    picture : Path
        The whole figure, PNG.
    svg : str
        The plot alone, for a page.
    evidence : DataFrame
        From `kit.show.evidence.key_sentences`.
    """

    stem: str
    title: str
    subtitle: str
    note: str
    source: str
    reason: str
    table: pd.DataFrame
    picture: Path
    svg: str
    evidence: pd.DataFrame


@dataclass(frozen=True)
class Briefing:
    """What the documents of a briefing are made from."""

    compilation: Compilation
    measured: Mapping[str, pd.DataFrame]
    plates: tuple[Plate, ...]
    lang: str

    @property
    def drawn(self) -> list[Plate]:
        """The plates that have a figure with a finding; the cloud is an ornament."""
        return [plate for plate in self.plates if not plate.reason and plate.stem != "cloud"]


def make_plate(exhibit: Exhibit, picture: Path, evidence: pd.DataFrame) -> Plate:
    """Return the plate of a drawn figure; its axes may be closed afterwards."""
    said = {role: _said(exhibit.axes, role) for role in ("title", "note", "source")}
    said |= {"subtitle": str(figure_of(exhibit.axes).get_label()), "reason": _said(exhibit.axes, "notice")}
    svg = inline_svg(crop(exhibit.axes, "svg").decode(), exhibit.stem, said["title"], said["subtitle"])
    return Plate(exhibit.stem, **said, table=exhibit.table, picture=picture, svg=svg, evidence=evidence)


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
        said += " " * (one[-1] + other[0]).isascii() + other
    return said


def plot_box(axes: "Axes") -> "Bbox":
    """Return the part of a whole figure between its head and its foot (legend and plot), in inches."""
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.transforms import Bbox  # noqa: PLC0415

    head = min(text.get_position()[1] for role in HEAD_ROLES for text in _lines(axes, role))
    hairline = next(child for child in figure_of(axes).get_children() if isinstance(child, Line2D))
    return Bbox.from_extents(0, (hairline.get_ydata()[0] + 2) / 72, WIDTH / 72, (head - 4) / 72)


def crop(axes: "Axes", form: str) -> bytes:
    """Return the plot and legend of a whole figure as a file of ``form``: png or svg."""
    import matplotlib as mpl  # noqa: PLC0415

    file = BytesIO()
    with mpl.rc_context(SETTINGS):
        options = {"dpi": PNG_DPI, "bbox_inches": plot_box(axes), "metadata": METADATA[form]}
        figure_of(axes).savefig(file, format=form, **options)
    return file.getvalue()


def inline_svg(svg: str, stem: str, title: str, description: str) -> str:
    """Return an SVG to stand in a page: named for readers that see nothing, its ids its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]*)"', lambda at: f' id="{stem}-{at[1]}"' if at[1] in used else "", svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{stem}-", svg)
    svg = re.sub(r' d="[^"]*"', lambda at: DECIMALS.sub(r"\1", at[0].replace("\n", "")), svg)
    names = f'role="img" aria-labelledby="{stem}-title {stem}-desc"'
    words = f'<title id="{stem}-title">{escape(title)}</title><desc id="{stem}-desc">{escape(description)}</desc>'
    return re.sub(r"<svg ([^>]*)>", lambda at: f"<svg {at[1]} {names}>{words}", svg, count=1)
