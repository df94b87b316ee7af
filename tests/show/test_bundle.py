"""The bundle as a whole: all its files, the same bytes twice."""

import hashlib
import json

import bundles

from kit.show.briefing import DOCUMENTS, STEPS, export_briefing
from kit.show.gallery import FIGURES


def test_the_bundle_has_every_figure_table_and_document_and_knows_them(bundle):
    folder = bundle()
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {f"figures/{stem}.{form}" for stem in FIGURES for form in ("png", "svg", "pdf", "csv")} <= set(files)
    assert {*DOCUMENTS, "tables/text.txt", "tables/theme_counts.csv"} <= set(files)
    found = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}
    assert found == {*files, "manifest.json"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == value for name, value in files.items())


def test_the_same_input_makes_the_same_bytes(bundle, tmp_path):
    once, steps = bundle("one", "en"), []
    again = export_briefing(bundles.KINDS["one"](), tmp_path / "again", lang="en", progress=steps.append)
    files = [file for file in once.rglob("*") if file.is_file()]
    assert [f.name for f in files if f.read_bytes() != (again / f.relative_to(once)).read_bytes()] == []
    assert len(steps) == STEPS
