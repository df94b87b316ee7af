"""Pieces on disk: made once, never taken for another's, made anew when damaged; the font for PDF is such a piece."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from kit.show import draw, publish, style
from kit.show.draw import to_png
from kit.show.figure import Figure, Ranked, Row

SEEN = 12  # of 256 steps of a colour: what nobody sees


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_CACHE", str(tmp_path / "cache"))
    publish._make_room.cache_clear()
    style.common_file.cache_clear()
    yield tmp_path / "cache"
    style.common_file.cache_clear()


def maker(content=b"made"):
    made = []
    return made, lambda: made.append(content) or content


def pieces(root):
    return sorted((root / "pieces").iterdir())


def test_a_piece_is_made_once(root):
    made, make = maker()
    assert [publish.keep(("terms", 300), make) for _ in range(3)] == [b"made"] * 3
    assert made == [b"made"]
    assert len(pieces(root)) == 1


@pytest.mark.parametrize("other", [("terms", 144), ("cloud", 300), ("terms", 300, "en")])
def test_what_is_made_of_something_else_is_another_piece(other):
    publish.keep(("terms", 300), lambda: b"one")
    assert publish.keep(other, lambda: b"other") == b"other"


def test_no_other_version_of_the_kit_is_taken(monkeypatch):
    publish.keep("terms", lambda: b"old")
    monkeypatch.setattr(publish, "_made_with", lambda: "another")
    assert publish.keep("terms", lambda: b"new") == b"new"


@pytest.mark.parametrize("harm", [
    lambda whole: whole[:0], lambda whole: whole[:-1], lambda whole: whole[1:], lambda whole: b"x" + whole[1:],
    lambda whole: whole + b"x",
])  # fmt: skip
def test_a_damaged_piece_is_made_anew(root, harm):
    publish.keep("terms", lambda: b"made")
    (file,) = pieces(root)
    file.write_bytes(harm(file.read_bytes()))
    made, make = maker()
    assert [publish.keep("terms", make) for _ in range(2)] == [b"made"] * 2
    assert made == [b"made"]


def test_nothing_is_kept_when_the_cache_is_off(root, monkeypatch):
    monkeypatch.setenv("KIT_CACHE", "off")
    made, make = maker()
    assert [publish.keep("terms", make) for _ in range(2)] == [b"made"] * 2
    assert len(made) == 2
    assert publish.keep_file("font", make).read_bytes().startswith(b"made")
    assert not root.exists()


def test_a_cache_that_cannot_be_written_costs_no_result(root):
    root.write_text("a file where the folder should be", encoding="utf-8")
    assert publish.keep("terms", lambda: b"made") == b"made"
    assert publish.keep_file("font", lambda: b"made").read_bytes().startswith(b"made")


def test_what_was_not_used_for_longest_makes_room(root, monkeypatch):
    monkeypatch.setattr(publish, "ROOM", 3 * (10 + publish.SEAL))
    for age, name in enumerate("dcba"):
        publish.keep(name, lambda: b"0123456789")
        os.utime(publish._kept_at(root, name), (1e9 - age, 1e9 - age))
    publish._make_room.cache_clear()
    publish.keep("e", lambda: b"")
    assert [publish._kept_at(root, name).exists() for name in "abcde"] == [False, True, True, True, True]


WORDS = "养护公路，完成95%。"
RARE = "㙟"  # a character of names, beyond GB 2312, that the whole font has


def figure(words=WORDS):
    return Figure("terms", "zh", (words,), "", "", ("来源",), None, plot=Ranked((Row(words, (3.0,), ("3",)),)))


def test_the_common_font_has_what_texts_are_made_of():
    common, whole = (TTFont(BytesIO(file.read_bytes())) for file in (style.common_file(), style.font_file()))
    has = common.getBestCmap()
    assert set(map(ord, WORDS + "龋ÅŒ（）①Ⅷ→≥％")) <= has.keys() <= whole.getBestCmap().keys()
    assert ord(RARE) in whole.getBestCmap().keys() - has.keys()
    units = {font["head"].unitsPerEm for font in (common, whole)}
    assert len(units) == 1
    advances = [[font["hmtx"][font.getBestCmap()[ord(c)]] for c in WORDS] for font in (common, whole)]
    assert advances[0] == advances[1]


def test_a_damaged_common_font_is_made_anew():
    file = style.common_file()
    whole = file.read_bytes()
    file.write_bytes(whole[:100_000] + b"damage" + whole[100_006:])
    style.common_file.cache_clear()
    assert style.common_file().read_bytes() == whole


def test_letters_beyond_the_common_font_are_drawn_with_the_whole_one():
    pdf = draw._picture(figure(f"{RARE}家桥{WORDS}"), "pdf")
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert f"{RARE}家桥" in text
    assert b"FontFile2" in pdf


def test_a_pdf_holds_the_letters_of_a_figure_in_one_font():
    assert draw._picture(figure(f"{WORDS} 2023 abc"), "pdf").count(b"/FontFile2 ") == 1


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_kept_picture_is_the_same_as_one_drawn_anew(form, monkeypatch):
    first, again = (draw._picture(figure(), form) for _ in range(2))
    monkeypatch.setenv("KIT_CACHE", "off")
    assert first == again == draw._picture(figure(), form)


def test_a_figure_that_says_something_else_is_drawn_anew():
    assert to_png(figure()) != to_png(figure("养护农村公路"))


def test_a_screen_shows_half_of_the_picture_for_files():
    shown, saved = (Image.open(BytesIO(picture)) for picture in (to_png(figure()), draw._picture(figure(), "png")))
    assert shown.size == tuple((side + 1) // 2 for side in saved.size)
    assert saved.size[0] == round(style.WIDTH / 72 * style.PNG_DPI)
    apart = np.abs(np.asarray(shown.convert("RGB"), dtype=int) - np.asarray(saved.reduce(2), dtype=int))
    assert apart.max() < SEEN
    assert shown.convert("RGB").getpixel((1, 1)) == saved.getpixel((1, 1))


def test_another_process_takes_the_picture():
    to_png(figure())
    code = "from test_kept import draw, figure\ndraw._saved = draw._halved = None\nprint(len(draw.to_png(figure())))"
    here = Path(__file__).parent
    said = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=True).stdout
    assert int(said) == len(to_png(figure()))
