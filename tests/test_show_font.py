"""The font is found without importing its package, and a missing glyph is an error that names it."""

import subprocess
import sys

import drawing
import pytest

from kit.errors import FontError
from kit.show import font
from kit.show.bars import plot_terms
from kit.show.cloud import plot_cloud


def test_the_font_is_found_without_importing_its_package():
    code = "import sys; from kit.show.font import font_file; print(font_file().name, 'zhplot' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["NotoSansSC-Regular.ttf", "False"]


def test_a_missing_package_says_what_to_do(monkeypatch):
    font.font_file.cache_clear()
    monkeypatch.setattr(font.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(FontError, match="expected it in the package zhplot, found none; run `pip install zhplot`"):
        font.font_file()
    font.font_file.cache_clear()


@pytest.mark.parametrize("plot", [plot_terms, plot_cloud])
def test_a_missing_glyph_names_character_and_font(plot):
    table = drawing.terms(6)
    table.loc[0, "term"] = "养\U0001f431"
    with pytest.raises(FontError, match=r"NotoSansSC-Regular.ttf: no glyph for '🐱' \(U\+1F431\) in"):
        plot(table)


def test_widths_add_up():
    assert font.width("山水", 10) == pytest.approx(20)
    assert font.width("", 10) == 0
    assert font.width("山a1", 10) == pytest.approx(sum(font.width(c, 10) for c in "山a1"))
