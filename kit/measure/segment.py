"""Chinese text is cut into words by jieba, or by rjieba where it is installed: the same words, sooner."""

import atexit
import logging
import shutil
import tempfile
import warnings
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

ENGINES = ("rjieba", "jieba")


@lru_cache(maxsize=2)
def segmenter(words: frozenset[str], engine: str | None = None) -> Callable[[str], list[str]]:
    """Return a function that cuts a text into words; joined, they are the text again.

    Parameters
    ----------
    words : frozenset of str
        Words to add to jieba's dictionary, each with the least frequency that keeps it whole.
    engine : {"rjieba", "jieba"}, optional
        The fastest one installed by default. Both cut runs of Chinese characters alike.
    """
    engine = engine or next(name for name in ENGINES if find_spec(name))
    tokenizer = new_tokenizer(words)
    if engine == "jieba":
        return tokenizer.lcut
    import rjieba  # noqa: PLC0415, installed with the extra `fast` only

    fast = rjieba.Jieba()
    # The frequencies are jieba's: rjieba's own suggestion differs in the last digit, and with it the cut.
    for word in _in_order(words):
        fast.add_word(word, tokenizer.FREQ[word], None)
    return fast.cut


@lru_cache(maxsize=2)
def new_tokenizer(words: frozenset[str]) -> Any:
    """Return the kit's own ``jieba.Tokenizer`` that knows ``words``; made once, it says nothing on stderr."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42 imports pkg_resources, which is deprecated
        import jieba  # noqa: PLC0415, takes a second
    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_folder())
    tokenizer.cache_file = f"jieba-{jieba.__version__}.cache"
    tokenizer.initialize()
    for word in _in_order(words):
        before = tokenizer.FREQ.get(word, 0)
        tokenizer.add_word(word)
        tokenizer.total -= before  # jieba counts a word it knew twice; rjieba does not
    return tokenizer


def _in_order(words: frozenset[str]) -> list[str]:
    """Return the words, short before long: a long one must outweigh the short ones inside it."""
    return sorted(words, key=lambda word: (len(word), word))


@cache
def cache_folder() -> Path:
    """Return the folder of jieba's prepared dictionary: the user's own, or private to this process.

    Never the shared temporary folder itself: jieba loads the file with `marshal`, which must not be handed
    bytes that somebody else wrote.
    """
    folder = user_cache_path("huibian-kit")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        private = Path(tempfile.mkdtemp(prefix="huibian-kit-"))
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        return private
