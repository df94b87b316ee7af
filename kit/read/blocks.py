"""What a format knows of its lines: which are no running text, which are headings, and how deep these stand."""

from typing import NamedTuple

TITLE = 0
FRAMED = 200  # characters of a table's cell of several paragraphs that is no datum but a text in a frame


class Block(NamedTuple):
    """A line of a document: a paragraph, a row of a table, a running head.

    ``aside`` says that it is no running text; ``level`` is that of a heading, 0 for a title, 1 to 9 outermost first.
    """

    text: str
    aside: bool = False
    level: int | None = None
