"""Store what tests compare with: ``python .ci/store_outputs.py`` (all notebooks), ``… NOTEBOOK ...``, ``… images``.

Run it when a change of the kit is meant to change what notebooks show or how figures look; look at the difference
before you commit it. Notebooks are run on the sample; a page without a kernel shows what is stored: widgets as their
call and its first answer. Pictures get few colours, to be small.
"""

import base64
import io
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

ROOT = Path(__file__).parent.parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
COLOURS = 64
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
            data["image/png"] = base64.b64encode(smaller(base64.b64decode(data["image/png"]))).decode()
    nbformat.write(book, notebook)


def store_images() -> None:
    """Draw the pictures that tests/show/test_images.py compares with."""
    folder = ROOT / "tests" / "show" / "baseline"
    test = [str(ROOT / "tests" / "show" / "test_images.py"), "-k", "test_figure", f"--mpl-generate-path={folder}"]
    subprocess.run([sys.executable, "-m", "pytest", "-q", *test], check=True, cwd=ROOT)
    for file in folder.glob("*.png"):
        file.write_bytes(smaller(file.read_bytes()))


def smaller(png: bytes) -> bytes:
    """Return a picture with few colours."""
    written = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    for name in ("KIT_SOURCE", "KIT_EARLIER", "KIT_SOURCES"):
        os.environ.pop(name, None)
    if sys.argv[1:] == ["images"]:
        store_images()
    else:
        for file in map(Path, sys.argv[1:] or sorted((ROOT / "notebooks").glob("*.ipynb"))):
            store(file)
