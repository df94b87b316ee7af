"""Score a folder of tables against the reference codings and fail when a bar of bars.toml is missed."""

import json
import subprocess
import sys
import tomllib
from functools import reduce
from pathlib import Path


def main(score: str, tables: str) -> int:
    """Print every bar with its figure; return 1 when one is missed."""
    answer = subprocess.run([sys.executable, score, tables, "--json"], check=True, capture_output=True, text=True)
    measured = json.loads(answer.stdout)
    bars = tomllib.loads((Path(__file__).parent / "bars.toml").read_text(encoding="utf-8"))
    missed = 0
    for name, bar in bars.items():
        figure = float(reduce(lambda level, key: level[key], name.split("."), measured))
        missed += figure < bar
        sys.stdout.write(f"{'ok    ' if figure >= bar else 'MISSED'} {name:28} {figure:.4f} (bar {bar})\n")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
