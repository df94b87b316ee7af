"""The house stays small, and its rooms import one way; see docs/architecture.md."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

import kit

PACKAGE = Path(kit.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
# In the order in which a report passes through them; a room imports only rooms before it.
ROOMS = ("errors", "data", "tables", "wording", "read", "measure", "show", "run", "cli")
# The house is to shrink, not to grow: 50 modules and 8,000 lines are the aim for what stands, plus what is added.
MODULES, CODE_LINES, PUBLIC_NAMES, MODULE_LINES, DOCSTRING_LINES = 58, 15_235, 35, 400, 2_108
COMPLEXITY, PARAMETERS, DEPTH, SKIPS = 15, 8, 4, 8
BRANCHES = (ast.If, ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.Assert, ast.match_case)
DEEPER = (ast.If, ast.For, ast.While, ast.With, ast.Try)
GRAMMAR = {"read/numbering.py", "measure/quantities.py"}  # of numbering and of numerals: code, not data
HAN = re.compile("[\u4e00-\u9fff]")
SKIPPED = {
    getattr(tokenize, name) for name in ("COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENCODING", "ENDMARKER")
}


def docstring_lines(file: Path) -> set[int]:
    """Lines that hold a docstring."""
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    documented = [n for n in tree if isinstance(n, nodes) and ast.get_docstring(n) is not None]
    return {line for n in documented for line in range(n.body[0].lineno, n.body[0].end_lineno + 1)}


def code_lines(file: Path) -> int:
    """Lines that hold code: no blank line, no comment, no docstring."""
    text, prose = file.read_text(encoding="utf-8"), docstring_lines(file)
    tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in SKIPPED]
    return len({line for t in tokens for line in range(t.start[0], t.end[0] + 1)} - prose)


def room_of(module: str) -> str:
    """The room of a module, e.g. ``read`` for ``kit.read.titles``."""
    return module.removeprefix("kit").removeprefix(".").partition(".")[0]


def imports(file: Path) -> set[str]:
    """The kit's modules that a file imports, wherever the import stands; of `from kit import x`, kit.x."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "kit":
            found |= {f"kit.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.partition(".")[0] == "kit"}


def test_the_library_is_small():
    assert len(FILES) <= MODULES
    assert sum(map(code_lines, FILES)) <= CODE_LINES
    assert sum(len(docstring_lines(file)) for file in FILES) <= DOCSTRING_LINES
    assert len(kit.__all__) <= PUBLIC_NAMES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_no_file_tells_too_much(file):
    assert code_lines(file) <= MODULE_LINES


def branches(node: ast.AST) -> int:
    """How many ways a piece of code adds to those through its function."""
    more = len(node.values) - 1 if isinstance(node, ast.BoolOp) else 0
    more += len(node.ifs) if isinstance(node, ast.comprehension) else 0
    return more + isinstance(node, BRANCHES)


def depth(node: ast.AST) -> int:
    """How deep the blocks of a function are nested."""
    return isinstance(node, DEEPER) + max(map(depth, ast.iter_child_nodes(node)), default=0)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_no_function_is_crooked(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert 1 + sum(map(branches, ast.walk(node))) <= COMPLEXITY, node.name
            assert len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs) <= PARAMETERS, node.name
            assert depth(node) <= DEPTH, node.name


def test_few_lines_escape_the_formatter():
    assert sum(len(re.findall(r"# fmt: *(?:skip|off)", file.read_text(encoding="utf-8"))) for file in FILES) <= SKIPS


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_rooms_import_one_way(file):
    own = room_of(".".join(("kit", *file.relative_to(PACKAGE).with_suffix("").parts)))
    if own == "__init__":  # the list of public names; nothing imports it but for the version and the package's place
        return
    later = ROOMS[ROOMS.index(own) + 1 :]
    assert not {name for name in imports(file) if room_of(name) in later}


@pytest.mark.parametrize("file", sorted((PACKAGE / "show").glob("*.py")), ids=lambda file: file.name)
def test_only_draw_knows_matplotlib(file):
    tree = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    modules = [
        name
        for node in tree
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "")])
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert file.name == "draw.py" or not [name for name in modules if (name or "").startswith("matplotlib")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_what_the_kit_knows_is_data_not_code(file):
    name = file.relative_to(PACKAGE).as_posix()
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


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match="module kit has no 'foo'; it has read, sample"):
        _ = kit.foo
