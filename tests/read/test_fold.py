"""One character is read as another, offsets stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.data import knowledge, sample
from kit.read.fold import fold


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("２０２３年工作總結", "2023年工作总结"),
        ("縣農業農村局", "县农业农村局"),
        ("今後計劃", "今后计划"),
        ("⼯作⻅效，⾞辆", "工作见效，车辆"),
        ("乾坤著作", "乾坤著作"),
    ],
)
def test_words_are_found_however_they_are_written(text, read):
    assert fold(text) == read


@given(st.text())
def test_offsets_stay(text):
    assert len(fold(text)) == len(text)


def test_simplified_texts_are_read_as_they_are():
    text = sample(2023).read_text(encoding="utf-8")
    assert fold(text) == text


def test_every_character_stands_once_and_reads_as_one():
    variants = knowledge("variants.toml")
    assert len(variants["written"]) == len(variants["read"]) == len(set(variants["written"]))
    assert not set(variants["written"]) & set(variants["read"])
