"""The house: its public names, its rooms, and what may stand in its code."""

import ast
import re
import tokenize
from pathlib import Path

import pytest

import kit

HOUSE = Path(kit.__file__).parent
MODULES = sorted(HOUSE.rglob("*.py"))
ORDER = ["errors", "data", "tables", "read", "measure", "show", "run", "cli"]
GRAMMAR = {"read/outline.py", "read/layout.py", "measure/quantities.py"}  # the grammar of numbering and of numerals
HAN = re.compile("[\u4e00-\u9fff]")


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(file: Path) -> set[str]:
    """The kit's modules that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kit"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "kit" else {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("kit.")}
    return found


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(HOUSE).as_posix())
def test_a_room_imports_only_rooms_before_it(file):
    own = file.relative_to(HOUSE).with_suffix("").parts[0]
    if own == "__init__":
        return
    for module in imports(file):
        other = room(module)
        if other in ORDER:
            assert ORDER.index(other) <= ORDER.index(own), f"{own} imports {module}"


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(HOUSE).as_posix())
def test_what_the_kit_knows_is_data_not_code(file):
    name = file.relative_to(HOUSE).as_posix()
    if name in GRAMMAR:
        return
    docstrings = {
        node.body[0].value.lineno
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    with tokenize.open(file) as lines:
        strings = [
            token
            for token in tokenize.generate_tokens(lines.readline)
            if token.type in (tokenize.STRING, tokenize.FSTRING_MIDDLE if hasattr(tokenize, "FSTRING_MIDDLE") else -1)
        ]
    literal = [t.string for t in strings if HAN.search(t.string) and t.start[0] not in docstrings]
    assert literal == []


def test_every_public_name_exists_and_is_documented():
    for name in kit.__all__:
        assert getattr(kit, name).__doc__, name


def test_public_names_are_few():
    assert len(kit.__all__) <= 58  # what the notebooks and the README call; more is a module's own business


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match="module kit has no 'foo'; it has read, sample"):
        _ = kit.foo
