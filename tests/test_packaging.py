"""What a user installs holds what it needs, and the ways of installing agree."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted() -> set[str]:
    """Every requirement of pyproject.toml that environment.yml has to offer."""
    project = PROJECT["project"]
    named = {*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)}
    return {name.partition(";")[0] for name in named}  # conda has no markers of platforms


def test_environment_yml_is_in_step_with_pyproject():
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    by_pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    offered = {entry for entry in entries if isinstance(entry, str)} | set(by_pip)
    assert offered - {"pip", "-e . --no-deps", f"python{PROJECT['project']['requires-python']}"} == wanted()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> list[str]:
    """The names of the files in a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return archive.namelist()


def test_the_wheel_holds_code_data_and_notebooks(wheel):
    have = set(wheel)
    for file in [*(ROOT / "kit").rglob("*.py"), *(ROOT / "kit" / "data").rglob("*.*")]:
        if "__pycache__" not in file.parts:
            assert file.relative_to(ROOT).as_posix() in have
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"kit/notebooks/{notebook.name}" in have


def test_the_wheel_holds_nothing_else(wheel):
    assert not [name for name in wheel if not re.match(r"kit/|huibian_kit-[\w.]+\.dist-info/", name)]


def test_import_kit_is_light():
    code = "import sys, kit; print(sorted({'matplotlib', 'jieba', 'sklearn', 'pandas'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"
