"""Whatever the kit raises as its own errors is said in Chinese and in English; the code itself is read for them."""

import ast
import itertools
import re
from collections.abc import Iterator

import pytest

import kit.data
import kit.errors
from kit.data import knowledge, say_error
from kit.errors import KitError

HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(?:expected|found|none|the|an?|of|it|to|and|or|mend|but|is|no|with|that)\b")
CODE = {file: file.read_text(encoding="utf-8") for file in sorted(kit.data.HERE.parent.rglob("*.py"))}
TEMPLATES = [(part, english) for part, own in knowledge("errors.toml").items() for english in own]
FILLED = "⟨⟩"  # what stands for a value that a message names


@pytest.mark.parametrize(("part", "english"), TEMPLATES, ids=[english[:40] for _, english in TEMPLATES])
def test_a_template_fills_its_chinese(part, english):
    places = re.findall(r"\{(\w+)\}", english)
    assert set(re.findall(r"\{(\w+)\}", knowledge("errors.toml")[part][english])) <= set(places)
    message = english.format(**{place: f"<{place}>" for place in places})
    assert HAN.search(say_error(KitError(message), "zh"))
    assert say_error(KitError(message), "en") == message


def test_every_template_is_one_that_the_code_words():
    code = re.sub(r"""["']\s*\n\s*f?["']""", "", "".join(CODE.values()))
    for english in knowledge("errors.toml")["errors"]:
        last = re.split(r"\{\w+\}|; ", english)[-1].strip(", )`")
        assert last in code, english


def wordings(node: ast.AST, local: dict[str, ast.AST]) -> list[str]:
    """Every way in which an expression words a text; a value that it fills in stands as ⟨⟩."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=pieces):
            return ["".join(one) for one in itertools.product(*(wordings(piece, local) for piece in pieces))]
        case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
            return wordings(inner, local)
        case ast.IfExp(body=one, orelse=other):
            return wordings(one, local) + wordings(other, local)
        case ast.Name(id=name) if name in local:
            return wordings(local[name], {key: value for key, value in local.items() if key != name})
        case _:
            return [FILLED]


# What raises an error in the kit: the call, the parts of its message, and how they are put together.
WORDED = {
    "unreadable": (slice(1, 4), FILLED + ": expected {}, found {}; {}"),
    "_wrong": (slice(-2, None), FILLED + ": found {}, expected {}; mend that entry"),
    ".refuse": (slice(0, 1), FILLED + ": {}; mend the entry or delete it"),
} | {name: (slice(0, 1), "{}") for name, one in vars(kit.errors).items() if isinstance(one, type)}


def raised(function: ast.FunctionDef) -> Iterator[str]:
    """Every message of the kit's own errors that a function raises."""
    inside = list(ast.walk(function))
    assigned = sorted((one for one in inside if isinstance(one, ast.Assign)), key=lambda one: one.lineno)
    for call in (one for one in inside if isinstance(one, ast.Call)):
        name = getattr(call.func, "id", "") or "." + getattr(call.func, "attr", "")
        if name in WORDED and call.args and function.name not in ("refuse", "unreadable", "_wrong"):
            local = {getattr(one.targets[0], "id", ""): one.value for one in assigned if one.lineno < call.lineno}
            parts, whole = WORDED[name]
            for worded in itertools.product(*(wordings(part, local) for part in call.args[parts])):
                yield whole.format(*worded)


RAISED = [
    (f"{file.name}:{function.lineno}", message)
    for file, code in CODE.items()
    for function in ast.walk(ast.parse(code))
    if isinstance(function, ast.FunctionDef)
    for message in dict.fromkeys(raised(function))
]


@pytest.mark.parametrize(("place", "message"), RAISED, ids=[f"{place} {text[:40]}" for place, text in RAISED])
def test_an_error_that_the_code_raises_is_said_in_both_languages(place, message):
    if message == FILLED:  # it hands on what another has said
        return
    chinese = say_error(KitError(message), "zh")
    assert HAN.search(chinese), place
    assert not ENGLISH.search(chinese), chinese


def test_the_code_was_read_for_its_errors():
    assert len(RAISED) > 150


def test_what_cannot_be_read_is_said_in_both_languages():
    for one in knowledge("formats.toml")["refused"].values():
        assert all(HAN.search(say_error(KitError(one[part]), "zh")) for part in ("found", "remedy")), one


def test_what_fills_a_place_is_said_in_chinese_too():
    message = "a.toml, colours.focus: expected a colour as in \"#12436D\", found 'red'; mend that entry or delete it\nb.txt: expected a file or folder, found none; check the name"
    assert say_error(KitError(message), "zh").split("\n") == [
        "a.toml, colours.focus：应为“#12436D”这样的颜色，实为'red'；请改正或删去这一条",
        "b.txt：没有这个文件或文件夹，请核对名称",
    ]
