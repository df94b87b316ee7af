"""Colours that can be read and told apart, the font found without its package, widths, and glyphs that are missing."""

import ast
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.ft2font import FT2Font, LoadFlags

import kit
from kit.errors import FontError
from kit.show import style
from kit.show.style import check_glyphs, contrast, on, width


def test_text_colours_can_be_read():
    """Text at least 4.5:1 on white; the text on every filled mark is the one that contrasts more."""
    for colour in (style.INK, style.SOFT, style.FAINT, style.FOCUS, style.SECOND_TEXT):
        assert contrast(colour, "#FFFFFF") >= 4.5
    for ground in (*style.STEPS, style.FOCUS, style.CONTEXT, style.BOTH, style.EMPTY, style.SECOND):
        assert contrast(on(ground), ground) >= 4.5
    assert contrast(style.SECOND, "#FFFFFF") >= 3


def test_colours_differ_in_grey():
    """Steps and the two sides stay apart when colours are gone."""
    for one, other in (*combinations((*style.STEPS, "#FFFFFF"), 2), (style.FOCUS, style.SECOND)):
        assert abs(style.luminance(one) - style.luminance(other)) > 0.04


def test_the_font_is_found_without_importing_its_package():
    code = "import sys; from kit.show.style import font_file; print(font_file().name, 'zhplot' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["NotoSansSC-Regular.ttf", "False"]


def test_a_missing_package_says_what_to_do(monkeypatch):
    style.font_file.cache_clear()
    monkeypatch.setattr(style.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(FontError, match="expected it in the package zhplot, found none; run `pip install zhplot`"):
        style.font_file()
    style.font_file.cache_clear()


@pytest.mark.parametrize("ask", [check_glyphs, lambda text: width(text, 10)])
def test_a_missing_glyph_names_character_and_font(ask):
    with pytest.raises(FontError, match=r"NotoSansSC-Regular.ttf: no glyph for '🐱' \(U\+1F431\) in '养🐱'"):
        ask("养\U0001f431")


def test_widths_add_up_and_are_those_that_are_drawn():
    """Against FreeType, by which matplotlib draws."""
    face = FT2Font(str(style.font_file()))
    face.set_size(1000, 72)
    for text in ("山水", "山a1%，", "（Wi”）"):
        drawn = sum(face.load_char(ord(c), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 for c in text)
        assert width(text, 10) == pytest.approx(drawn / 100)
    assert width("山水", 10) == pytest.approx(20)
    assert width("", 10) == 0


def test_no_module_of_the_room_but_draw_imports_matplotlib():
    """Word, slides, pages, workbook and widgets take a figure's words from its value."""
    for file in Path(kit.show.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        typing = [
            node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        ]
        unseen = {child for node in typing for child in ast.walk(node)}
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree)
                     if isinstance(node, ast.ImportFrom) and node not in unseen}  # fmt: skip
        found = {name for name in imported if name.partition(".")[0] == "matplotlib"}
        assert not found or file.stem == "draw", (file.name, found)


def test_figures_are_built_without_matplotlib():
    code = (
        "import sys; from kit.show import bundle, commitment_figures, figure, figures, page, plots, quotes, slides, "
        "style, term_figures, text, theme_figures, widgets, workbook; print('matplotlib' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
