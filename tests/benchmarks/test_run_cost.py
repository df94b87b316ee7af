"""What runs cost in processor time, children included: a first one, a second one, the tables alone, a report.

Run with ``KIT_COMPILATIONS=… pytest tests/benchmarks/test_run_cost.py``. Bounds are ratios to a script that only counts
words where that can be, else seconds of one core.
"""

import json
import os
import subprocess
import sys

import pytest

COLD, WARM = 30, 15  # seconds of `kit run`, with an empty cache and with the one that it filled
TIMES, ROUNDS = 1.6, 3  # of the script's time that `kit tables` may take; how often what is noisy is measured
READING, MEASURES = 0.015, 0.060  # seconds a report
SCRIPT = """import re, sys
from collections import Counter
from pathlib import Path
import jieba, pandas as pd
text = Path(sys.argv[1]).read_text(encoding="utf-8")
reports = re.split(r"(?m)^(?=.*年工作总结)", text)
counts = [Counter(word for word in jieba.cut(report) if len(word) > 1) for report in reports]
table = pd.DataFrame(counts).fillna(0).astype(int)
table.T.to_csv(sys.argv[2], encoding="utf-8-sig")
"""
EACH = """import json, sys
from time import process_time
from kit.measure.analysis import OF_ONE, analyse
from kit.read import read
source, rounds = sys.argv[1], int(sys.argv[2])
analyse(read(source)).measure()  # loads what is loaded once
used = dict.fromkeys(("reading", *OF_ONE), 0.0)
for _ in range(rounds):
    start = process_time()
    analysis = analyse(read(source))
    used["reading"] += process_time() - start
    for name in OF_ONE:
        start = process_time()
        analysis.table(name)
        used[name] += process_time() - start
n = rounds * len(analysis.compilation.reports)
print(json.dumps({name: 1000 * time / n for name, time in used.items()}))
"""
MEASURED = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the operating system's account of a process is POSIX")


def say(*lines):
    sys.stdout.write("\n".join(["", *lines, ""]))


def seconds(*command, cache="off"):
    """Return the processor time of a command and of all that it starts."""
    environment = {**os.environ, "KIT_CACHE": str(cache), "PYTHONDONTWRITEBYTECODE": ""}  # as what is installed runs
    run = [sys.executable, "-c", MEASURED, sys.executable, *command]
    return float(subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout)


def test_a_first_run_and_a_second_one_are_a_matter_of_seconds(compilations, tmp_path):
    command = ("-m", "kit.cli", "run", compilations / "2023.txt", "-o")
    cold = seconds(*command, tmp_path / "out", cache=tmp_path / "cache")
    again = seconds(*command, tmp_path / "out", cache=tmp_path / "cache")
    elsewhere = seconds(*command, tmp_path / "other", cache=tmp_path / "cache")
    say(f"kit run: {cold:.1f} s cold, {again:.1f} s again, {elsewhere:.1f} s into another folder")
    assert cold <= COLD
    assert max(again, elsewhere) <= WARM


def test_tables_cost_little_more_than_a_script_that_only_counts_words(compilations, tmp_path):
    source = compilations / "2023.txt"
    pairs = [
        (
            seconds("-m", "kit.cli", "tables", source, "-o", tmp_path / str(n)),
            seconds("-c", SCRIPT, source, tmp_path / f"{n}.csv"),
        )
        for n in range(ROUNDS)
    ]
    ours, script = (min(times) for times in zip(*pairs, strict=True))
    say(f"kit tables {ours:.2f} s, script {script:.2f} s: {ours / script:.2f} times")
    assert ours <= TIMES * script


def test_a_report_is_read_and_measured_in_milliseconds(compilations):
    command = [sys.executable, "-c", EACH, str(compilations / "2023.txt"), str(ROUNDS)]  # without what pytest holds
    environment = {**os.environ, "KIT_CACHE": "off"}
    each = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    each["all measures"] = sum(each.values()) - each["reading"]
    say(*(f"{name:20} {time:6.1f} ms a report" for name, time in each.items() if time >= 0.05))
    assert each["reading"] <= 1000 * READING
    assert each["all measures"] <= 1000 * MEASURES
