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
from kit.show.style import check_glyphs, contrast, drawable, list_signs, on, width


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


def test_a_glyph_that_the_kits_own_words_lack_names_character_and_font():
    with pytest.raises(FontError, match=r"NotoSansSC-Regular.ttf: no glyph for '🐱' \(U\+1F431\) in '养🐱'"):
        check_glyphs("养\U0001f431")


@pytest.mark.parametrize(("text", "drawn", "signs"), [
    ("➢检查", "➢检查", {"➢ U+27A2": "DejaVuSans.ttf"}),  # a bullet that the second font has
    ("☑完成\U0001f431", "☑完成\U0001f431", {"☑ U+2611": "DejaVuSans.ttf", "\U0001f431 U+1F431": "DejaVuSans.ttf"}),
    ("\U00020bb7祥", "□祥", {"\U00020bb7 U+20BB7": "□"}),  # a rare character of names, which neither has
    ("\uf0b7项目", "□项目", {"U+F0B7": "□"}),  # a bullet of Word's, for private use
    ("非\uffff字\x0b", "非□字□", {"U+FFFF": "□"}),
    ("乱\ufffd码", "乱\ufffd码", {"\ufffd U+FFFD": "DejaVuSans.ttf"}),
    ("\ufeff零\u200b宽\u200e", "零宽", {"U+200B": "-", "U+200E": "-", "U+FEFF": "-"}),
    ("甲\u0345乙", "甲□乙", {"\u0345 U+0345": "□"}),  # a mark that stands upon a letter of the other font
    ("公路\n3公里", "公路\n3公里", {}),
])  # fmt: skip
def test_signs_of_a_compilation_are_drawn_by_a_second_font_or_as_a_placeholder(text, drawn, signs):
    assert drawable(text) == drawn
    assert list_signs(text) == signs
    assert width(text, 10) == pytest.approx(width(drawn, 10))


def test_signs_are_as_wide_as_their_own_font_draws_them():
    face = FT2Font(str(style.signs_file()))
    face.set_size(1000, 72)
    for sign in "➢☑�":
        drawn = face.load_char(ord(sign), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
        assert width(sign, 10) == pytest.approx(drawn / 100)
        assert width(f"山{sign}水", 10) == pytest.approx(20 + drawn / 100)
    assert width("山\uf0b7", 10) == pytest.approx(width("山□", 10))


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
        "import sys; from kit.show import bundle, commitment_figures, figure, figures, plots, quotes, slides, "
        "style, count_figures, widgets; print('matplotlib' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
