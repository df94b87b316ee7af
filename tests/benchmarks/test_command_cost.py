"""What the commands cost as whole processes: time and memory, start-up included."""

import subprocess
import sys

import pytest

MEBI = 2**20
# A process of its own starts the command: the account of a large process's children begins with its own memory.
MEASURED = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""


@pytest.mark.skipif(sys.platform == "win32", reason="the operating system's account of a process is POSIX")
def test_tables_of_the_real_compilation_cost_less_than_8_seconds_and_600_mb(benchmark, compilations, tmp_path):
    folders = (tmp_path / str(number) for number in range(100))

    def tables():
        command = [sys.executable, "-m", "kit.cli", "tables", compilations / "2023.txt", "-o", next(folders)]
        done = subprocess.run([sys.executable, "-c", MEASURED, *command], check=True, capture_output=True, text=True)
        return int(done.stdout)

    most = benchmark.pedantic(tables, rounds=3, warmup_rounds=1)
    assert most * (1 if sys.platform == "darwin" else 1024) < 600 * MEBI
    assert benchmark.stats.stats.median < 8
