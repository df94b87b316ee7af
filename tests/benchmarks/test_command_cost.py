"""What the commands cost as whole processes: time and memory, start-up included."""

import os
import resource
import subprocess
import sys

import pytest

MEBI = 2**20


@pytest.mark.skipif(sys.platform == "win32", reason="the operating system's account of a process is POSIX")
def test_tables_of_the_real_compilation_cost_less_than_8_seconds_and_600_mb(benchmark, compilations, tmp_path):
    folders = (tmp_path / str(number) for number in range(100))

    def tables():
        command = [sys.executable, "-m", "kit.cli", "tables", compilations / "2023.txt", "-o", next(folders)]
        subprocess.run(command, check=True, capture_output=True, env=os.environ)

    benchmark.pedantic(tables, rounds=3, warmup_rounds=1)
    scale = 1 if sys.platform == "darwin" else 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * scale < 600 * MEBI
    assert benchmark.stats.stats.median < 8
