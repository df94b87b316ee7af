"""Fixtures shared by the tests."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def compilations() -> Path:
    """The folder of real compilations, named by KIT_COMPILATIONS; tests that need it are skipped without it."""
    folder = os.environ.get("KIT_COMPILATIONS")
    if not folder:
        pytest.skip("KIT_COMPILATIONS is not set: the real compilations are not here")
    return Path(folder)
