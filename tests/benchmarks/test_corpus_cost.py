"""Corpora: processor time and memory a report, and the same tables as of each report alone.

Run with ``pytest tests/benchmarks/test_corpus_cost.py``; CORPUS_REPORTS=10000 measures ten thousand. Every size is
measured in a process of its own; `docs/scale.md` holds what was found.
"""

import json
import math
import os
import subprocess
import sys

import pandas as pd
import pytest
from make_corpus import make_corpus

import kit
from kit import tables
from kit.measure.analysis import TABLES, analyse

REPORTS = int(os.environ.get("CORPUS_REPORTS", "1000"))
SECONDS, MEGABYTES, EXPONENT = 0.08, 1500, 1.05  # processor time a report; a worker; from a tenth of the reports to all
MEASURED = """import json, resource, sys, time
if __name__ == "__main__":
    from kit.measure.corpus import build_corpus
    began = time.time()
    build_corpus([sys.argv[1]], sys.argv[2], ids=["place", "year"], workers=2)
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = sum(one.ru_utime + one.ru_stime for one in (own, workers))
    print(json.dumps({"seconds": seconds, "clock": time.time() - began, "megabytes": workers.ru_maxrss / 1024}))
"""


def measure(folder, reports):
    script = folder / "measured.py"
    script.write_text(MEASURED, encoding="utf-8")
    made = make_corpus(folder / f"{reports}", reports)
    command = [sys.executable, str(script), str(made), str(folder / f"out-{reports}")]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


@pytest.mark.skipif(sys.platform == "win32", reason="the operating system's account of a process is POSIX")
def test_a_corpus_costs_what_its_reports_cost(tmp_path):
    none, tenth, whole = (measure(tmp_path, reports) for reports in (2, REPORTS // 10, REPORTS))
    spent = [one["seconds"] - none["seconds"] for one in (tenth, whole)]  # what starting takes is no report's
    sys.stdout.write(f"{none} {tenth} {whole} {math.log10(spent[1] / spent[0])}\n")
    assert spent[1] / REPORTS < SECONDS
    assert whole["megabytes"] < MEGABYTES
    assert math.log10(spent[1] / spent[0]) < EXPONENT


def test_two_hundred_reports_have_the_tables_of_each_alone(tmp_path):
    from kit.measure.pooled import _as_read

    made = make_corpus(tmp_path / "made", 200)
    measure_in = [sys.executable, "-m", "kit.cli", "corpus", str(made), "-o", str(tmp_path / "out"), "--workers", "2"]
    subprocess.run(measure_in, check=True, capture_output=True)
    corpus = kit.open_corpus(tmp_path / "out")
    found = {name: dict(list(corpus.read(name).groupby("source"))) for name in TABLES}
    for file in sorted(made.rglob("*.txt")):
        alone, source = analyse(file), f"made/{file.parent.name}/{file.name}"
        for name in TABLES:
            table = alone.table(name)
            if len(table):
                own = _as_read(found[name][source], tables.TABLES[name])
                pd.testing.assert_frame_equal(own, table[list(own)].reset_index(drop=True), obj=f"{source}: {name}")
            else:
                assert source not in found[name]
