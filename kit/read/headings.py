"""The headings of a Word document: paragraphs with an outline level, their own or their style's (ECMA-376, 17.3.1.20).

Authors style by eye, so that a level is evidence of a title or of depth, never more: see `kit.read.reports` and
`kit.read.sections` for what else has to agree.
"""

import re
from typing import Any

from kit.data import knowledge
from kit.read.blocks import TITLE
from kit.read.numbering import attribute, child

_BODY = 9  # the outline level of body text, counted from 0 as Word stores it


def read_levels(styles: Any) -> dict[str, int | None]:
    """Read the heading level of every paragraph style.

    Parameters
    ----------
    styles : Element or None
        The root of the document's ``styles.xml``.

    Returns
    -------
    dict of str to int or None
        Style to level: 0 a title, 1 to 9 outermost first, None for body text.
    """
    found = {} if styles is None else {attribute(style, "styleId"): style for style in styles.iterchildren("{*}style")}
    return {key: _style_level(key, found) for key in found}


def read_contents_styles(styles: Any) -> frozenset[str]:
    """The paragraph styles in which Word sets a table of contents."""
    named = knowledge("formats.toml")["headings"]["contents"]
    found = () if styles is None else styles.iterchildren("{*}style")
    return frozenset(
        attribute(one, "styleId") for one in found if re.match(named, attribute(child(one, "name")), re.IGNORECASE)
    )


def heading_level(paragraph: Any, levels: dict[str, int | None]) -> int | None:
    """The level of a paragraph: its own, else its style's; None for body text."""
    own = attribute(child(paragraph, "pPr/outlineLvl"))
    return _outline_level(own) if own.isdecimal() else levels.get(attribute(child(paragraph, "pPr/pStyle")))


def _style_level(key: str, styles: dict[str, Any]) -> int | None:
    """A style's level by its name or its outline level, else that of the style it is based on."""
    names, seen = knowledge("formats.toml")["headings"], set()
    while key in styles and key not in seen:
        seen.add(key)
        style = styles[key]
        name, outline = attribute(child(style, "name")), attribute(child(style, "pPr/outlineLvl"))
        numbered = re.match(names["numbered"], name, re.IGNORECASE)
        if re.match(names["title"], name, re.IGNORECASE):
            return TITLE
        if outline.isdecimal():
            return _outline_level(outline)
        if numbered:
            return int(numbered.group(1))
        key = attribute(child(style, "basedOn"))
    return None


def _outline_level(stored: str) -> int | None:
    return int(stored) + 1 if int(stored) < _BODY else None
