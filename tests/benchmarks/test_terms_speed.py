"""Terms of a thousand reports, four million characters: time and memory.

Run with ``pytest tests/benchmarks/test_terms_speed.py``; the bounds are for two cores.
"""

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import kit
from kit.measure.counts import count_terms
from kit.measure.words import find_tokens
from kit.read.compilation import Compilation

CHARACTERS = 4_000_000
SECONDS = {"jieba": 60, "rjieba": 10}
MEGABYTES = 1_000
NUMBERED = {"report": "reports", "part": "parts", "parent": "parts", "sentence": "sentences"}


def repeat(compilation: Compilation, times: int) -> Compilation:
    """Return a compilation of ``times`` as many reports, numbers and offsets going on."""
    tables = {}
    for name in ("reports", "parts", "sentences", "masks"):
        table = getattr(compilation, name)
        copies = pd.concat([table] * times, ignore_index=True)
        copy = np.repeat(np.arange(times), len(table))
        for column in {"start", "end"} & set(table):
            copies[column] += copy * len(compilation.text)
        for column, of in NUMBERED.items():
            if column in table:
                step = pd.Series(copy * len(getattr(compilation, of)))
                copies[column] += step * (copies[column] != 0)  # report 0 is no report
        tables[name] = copies
    return replace(compilation, text=compilation.text * times, **tables)


def many_reports() -> Compilation:
    sample = kit.read(kit.sample(2023))
    return repeat(sample, CHARACTERS // len(sample.text) + 1)


def count(compilation: Compilation, engine: str) -> pd.DataFrame:
    return count_terms(compilation, find_tokens(compilation, engine=engine))


def need(engine: str) -> None:
    if not find_spec(engine):
        pytest.skip(f"{engine} is not installed")


@pytest.mark.parametrize("engine", SECONDS)
def test_a_thousand_reports_are_counted_in_time(benchmark, engine):
    need(engine)
    compilation = many_reports()
    assert len(compilation.reports) >= 1_000
    terms = benchmark.pedantic(count, (compilation, engine), rounds=1)
    assert len(terms) > 1_000
    assert benchmark.stats.stats.max < SECONDS[engine]


@pytest.mark.parametrize("engine", SECONDS)
def test_a_thousand_reports_fit_in_memory(engine):
    resource = pytest.importorskip("resource", reason="peak memory is not told on this system")
    need(engine)
    here = Path(__file__)
    count_them = (
        f"import sys; sys.path.insert(0, {str(here.parent)!r}); import {here.stem} as bench\n"
        f"bench.count(bench.many_reports(), {engine!r})"
    )
    # A process of its own starts it: the account of what a large one starts begins with its own memory.
    measured = (
        "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", measured, sys.executable, "-c", count_them]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    unit = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, KiB elsewhere
    assert run.stderr == ""
    assert int(run.stdout) / unit < MEGABYTES
    assert resource
