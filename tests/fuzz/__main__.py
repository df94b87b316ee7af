"""A night of it: `python -m tests.fuzz --minutes 60 [--seed 1] [--only texts|documents] [--keep FOLDER]`.

Whatever breaks a promise is written to the folder, with the seed that made it; the script goes on, and ends with 1.
"""

import argparse
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
from campaign import check_document, check_rows, check_text, damage, invent, seeds

ROWS = 0.98  # of the texts are checked before their tables are made, which is what takes long
SAMPLE = Path(__file__).parents[2] / "kit" / "data" / "sample" / "2023.txt"


def attempt(kind: str, seed: str, documents: dict[str, list[bytes]]) -> tuple[str, bytes]:
    """Make one text or document and check it; give it back, to be kept if it broke something."""
    random = Random(seed)
    if kind == "texts":
        text = invent(random)
        made = "txt", text.encode("utf-8", "surrogatepass")
        check = lambda: (check_rows if random.random() < ROWS else check_text)(text)  # noqa: E731
    else:
        made = damage(random, documents)
        check = lambda: check_document(*made)  # noqa: E731
    try:
        check()
    except BaseException as broken:
        broken.add_note(made[0])
        broken.made = made
        raise
    return made


def memory() -> str:
    """The most memory that was used, where the system says it."""
    if not find_spec("resource"):
        return "memory not known"
    import resource

    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


def main() -> int:
    """Run until the time is over."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--only", choices=["texts", "documents"])
    asked.add_argument("--keep", type=Path, default=Path("fuzz-found"))
    options = asked.parse_args()
    kinds = [options.only] if options.only else ["texts", "documents"]
    documents = seeds(SAMPLE.read_text(encoding="utf-8")[:3000])
    done, broken, worst, until = dict.fromkeys(kinds, 0), 0, 0.0, time.monotonic() + 60 * options.minutes
    while time.monotonic() < until:
        for kind in kinds:
            seed, started = f"{options.seed}:{kind}:{done[kind]}", time.process_time()
            try:
                attempt(kind, seed, documents)
            except KeyboardInterrupt:
                until = 0
                break
            except BaseException as error:
                broken += 1
                options.keep.mkdir(exist_ok=True)
                suffix, content = error.made
                (options.keep / f"{seed.replace(':', '-')}.{suffix}").write_bytes(content)
                traceback.print_exc()
            done[kind] += 1
            worst = max(worst, time.process_time() - started)
    print(f"seed {options.seed}: {done}, broken {broken}, longest {worst:.2f} s of processor time, {memory()}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
