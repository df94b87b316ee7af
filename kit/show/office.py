"""What the office files have in common: their typefaces, their date, the same bytes for the same content."""

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed: the date of a file says nothing about its content
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def settle(file: Path) -> Path:
    """Rewrite a zipped office file without the hour of its making; workbooks inside it, too."""
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
