"""Themes of a thousand reports, four million characters: processor time.

Run with ``pytest tests/benchmarks/test_themes_speed.py``; the bound is for one core, whatever else it does.
"""

from time import process_time

import pytest
from test_terms_speed import many_reports

from kit.measure.themes import find_hits

SECONDS = 10


@pytest.mark.benchmark(timer=process_time)
def test_themes_of_a_thousand_reports_are_found_in_time(benchmark):
    compilation = many_reports()
    assert len(compilation.reports) >= 1_000
    hits = benchmark.pedantic(find_hits, (compilation,), rounds=1)
    assert hits["theme"].nunique() > 20
    assert benchmark.stats.stats.max < SECONDS
