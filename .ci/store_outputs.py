"""Run the notebooks on the sample and store their outputs: ``python .ci/store_outputs.py [NOTEBOOK ...]``.

Run it when a change of the kit is meant to change what they show; look at the difference before you commit it. A page
without a kernel shows what is stored: widgets as their call and its first answer, figures with few colours, to be small.
"""

import base64
import io
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).parent.parent / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
COLOURS = 128
WIDGET = "application/vnd.jupyter.widget-view+json"


def store(notebook: Path) -> None:
    """Run one notebook and write it with its outputs."""
    book = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        book, timeout=300, kernel_name="python3", store_widget_state=False, record_timing=False,
        resources={"metadata": {"path": str(notebook.parent)}},
    )  # fmt: skip
    client.execute()
    book.metadata = METADATA
    for output in (output for cell in book.cells for output in cell.get("outputs", ())):
        data = output.get("data", {})
        data.pop(WIDGET, None)
        if "image/png" in data:
            data["image/png"] = smaller(data["image/png"])
    nbformat.write(book, notebook)


def smaller(png: str) -> str:
    """Return a picture with few colours."""
    picture, written = Image.open(io.BytesIO(base64.b64decode(png))), io.BytesIO()
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return base64.b64encode(written.getvalue()).decode()


if __name__ == "__main__":
    for name in ("KIT_SOURCE", "KIT_EARLIER"):
        os.environ.pop(name, None)
    for file in map(Path, sys.argv[1:] or sorted(FOLDER.glob("*.ipynb"))):
        store(file)
