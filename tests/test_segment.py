"""Segmentation: an own tokenizer, silent, with a folder of its own; both engines alike."""

import subprocess
import sys
from pathlib import Path

import pytest

from kit.measure import segment
from kit.measure.segment import cache_folder, new_tokenizer, segmenter

WORDS = frozenset({"医共体", "紧密型县域医共体", "两客一危", "人民医院", "安全生产"})


@pytest.fixture
def user_cache(monkeypatch, tmp_path):
    """Where the user's cache is, for this test."""
    for made in (cache_folder, new_tokenizer):
        made.cache_clear()
    monkeypatch.setattr(segment, "user_cache_path", lambda name: tmp_path / "cache" / name)
    yield tmp_path / "cache"
    cache_folder.cache_clear()


def test_the_words_added_stay_whole():
    cut = segmenter(WORDS, "jieba")
    assert cut("推进紧密型县域医共体建设") == ["推进", "紧密型县域医共体", "建设"]
    assert cut("抽查两客一危车辆") == ["抽查", "两客一危", "车辆"]


def test_joined_the_words_are_the_text():
    text = "推进医共体建设\n抽查车辆\n卫"
    assert "".join(segmenter(WORDS, "jieba")(text)) == text


def test_a_word_that_jieba_knew_is_counted_once():
    plain, taught = new_tokenizer(frozenset()), new_tokenizer(frozenset({"人民"}))
    assert taught.total - plain.total == taught.FREQ["人民"] - plain.FREQ["人民"]


def test_jieba_itself_is_left_alone():
    import jieba

    segmenter(WORDS, "jieba")
    assert "医共体" not in jieba.dt.FREQ


def test_the_cache_is_the_users_own(user_cache):
    new_tokenizer(frozenset())
    assert [file.name for file in (user_cache / "huibian-kit").iterdir()] == ["jieba-0.42.1.cache"]


def test_without_a_writable_folder_the_cache_is_private_to_the_process(user_cache):
    user_cache.write_text("a file where the folder should be", encoding="utf-8")
    folder = cache_folder()
    assert folder.is_dir()
    assert folder.name.startswith("huibian-kit-")
    assert folder == cache_folder()
    folder.rmdir()


def test_nothing_is_said_on_stderr():
    code = "from kit.measure.segment import segmenter; segmenter(frozenset(), 'jieba')('推进工作')"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(segment.__file__).parents[2]
    )
    assert result.stdout + result.stderr == ""
