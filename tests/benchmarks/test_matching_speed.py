"""Items, matches and numbers of a thousand reports: time, and memory that grows with the text and no faster.

Run with ``pytest tests/benchmarks/test_matching_speed.py``; the bounds are for two cores.
"""

import tracemalloc

import pandas as pd
from test_terms_speed import many_reports, repeat

import kit
from kit.measure.items import find_items
from kit.measure.matches import match_items
from kit.measure.numbers import find_indicators
from kit.measure.tokens import find_tokens
from kit.read.compilation import Compilation

SECONDS = 120
REPORTS = 1_000
ROOM = 1.5  # memory for four times the text may be this much more than four times the memory


def measure(compilation: Compilation, tokens: pd.DataFrame) -> pd.DataFrame:
    items = find_items(compilation)
    find_indicators(compilation)
    return match_items(compilation, items, tokens=tokens)


def test_a_thousand_reports_are_matched_in_time(benchmark):
    compilation = many_reports()
    assert len(compilation.reports) >= REPORTS
    matches = benchmark.pedantic(measure, (compilation, find_tokens(compilation)), rounds=1)
    assert matches["report"].nunique() >= REPORTS
    assert benchmark.stats.stats.max < SECONDS


def peak(times: int) -> int:
    compilation = repeat(kit.read(kit.sample(2023)), times)
    tokens = find_tokens(compilation)
    tracemalloc.start()
    measure(compilation, tokens)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_grows_with_the_text():
    peak(1)  # what is loaded once
    assert peak(8) < 4 * ROOM * peak(2)
