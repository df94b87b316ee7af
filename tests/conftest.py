"""Fixtures shared by the tests."""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest


def pytest_configure() -> None:
    """Notebooks and commands are tested on the sample, whatever the user has set."""
    for name in ("KIT_SOURCE", "KIT_EARLIER", "KIT_SOURCES"):
        os.environ.pop(name, None)
    os.environ["KIT_LANG"] = "zh"


@pytest.fixture(scope="session")
def compilations() -> Path:
    """The folder of real compilations, named by KIT_COMPILATIONS; tests that need it are skipped without it."""
    folder = os.environ.get("KIT_COMPILATIONS")
    if not folder:
        pytest.skip("KIT_COMPILATIONS is not set: the real compilations are not here")
    return Path(folder)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory) -> Callable[..., Path]:
    """Make a briefing bundle of a kind (see `bundles.KINDS`) in a language, once; the folder it stands in."""
    import bundles

    from kit.measure.analysis import analyse
    from kit.show.bundle import export_briefing

    @cache
    def make(kind: str = "sample", lang: str = "zh") -> Path:
        analysis = analyse(bundles.KINDS[kind](), lang=lang)
        return export_briefing(analysis, tmp_path_factory.mktemp(f"{kind}-{lang}") / "out")

    return make


@pytest.fixture(scope="session")
def printed(bundle, tmp_path_factory) -> dict[tuple[str, str, str], list[str]]:
    """The texts of the pages that LibreOffice makes of slides and Word files: (kind, lang, file) to pages."""
    import bundles
    import pypdfium2

    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed: slides and Word files are not opened with it")
    kinds = (("sample", "zh"), ("sample", "en"), ("sixty", "zh"), ("one", "en"))
    names = [(*kind, name) for kind in kinds for name in ("briefing.pptx", "briefing.docx")]
    made = bundles.to_pdf([bundle(kind, lang) / name for kind, lang, name in names], tmp_path_factory.mktemp("printed"))
    if not all(file.exists() for file in made):
        pytest.skip("LibreOffice lacks Impress or Writer")
    pages = ([page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)] for file in made)
    return dict(zip(names, pages, strict=True))
