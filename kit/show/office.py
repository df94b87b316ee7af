"""What the office files have in common: their typefaces, their date, the same bytes for the same content."""

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed: the date of a file says nothing about its content
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def save(document: Any, title: str, file: Path) -> Path:
    """Write a Word file or slides without the hour of their making; workbooks inside them, too."""
    document.core_properties.title = title
    document.core_properties.created = document.core_properties.modified = CREATED
    document.save(str(file))
    file.write_bytes(_settled(file.read_bytes()))
    return file


def _settled(content: bytes) -> bytes:
    settled = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = _settled(part)
            elif name == "docProps/core.xml":
                part = _DATES.sub(rb"\g<1>" + f"{CREATED:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return settled.getvalue()


def set_faces(root: Any, latin: str, east_asian: str) -> None:
    """Name the typefaces of every run under an element of DrawingML: one for Latin, one for Chinese."""
    main = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for properties in root.iter(f"{main}rPr", f"{main}defRPr", f"{main}endParaRPr"):
        for kind, face in (("latin", latin), ("ea", east_asian)):
            found = properties.find(main + kind)
            element = properties.makeelement(main + kind) if found is None else found
            element.set("typeface", face)
            properties.append(element)  # in the order of the schema, behind fill and line
