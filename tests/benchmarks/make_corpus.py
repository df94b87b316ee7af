"""Corpora of any size from the fictional sample: ``python tests/benchmarks/make_corpus.py FOLDER [REPORTS] [SEED]``.

A folder a county, a file a year, a report a file (``FOLDER/县/2019.txt``): the same seed makes the same files. Each
report has the outline of one of the sample's; its paragraphs are drawn from all of the sample's that do the same
(review, problems, plan), figures and the county's name are varied, years moved. Of the last county's reports in fifty
each is a near copy of the county's before it.
"""

import random
import re
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import kit
from kit.tables import BODY_ROLES

YEARS = range(2014, 2024)  # under review
LONG = 30  # characters of a paragraph that is drawn anew
TWICE = 0.85  # of these, how many are followed by another, so that a report has 4,100 characters as real ones do
COPIED = 50
FIRST, SECOND = "岚澄柳石青云临松溪湖梅竹岭沙桐枫", "溪浦江河川原塘桥湾岗坪泉洲坞岩峰"
MARKER = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、]|（\d+）|[一二三四五六七八九十]+是)?"
)
FIGURE = re.compile(r"(?<![\d.])(?!(?:19|20)\d\d年?)\d{1,4}(?![\d年月日.])")
YEAR = re.compile(r"20\d\d(?=年)")


@cache
def outlines() -> tuple[list[tuple[str, str, list[tuple[str, str]]]], dict[str, list[str]]]:
    """The sample's reports, each a county, an agency and lines with roles; and all long paragraphs by role."""
    reports, pool = [], defaultdict(list)
    for name in ((2023,), (2023, "chengpu")):
        compilation = kit.read(kit.sample(*name))
        named = compilation.counted[compilation.counted["agency_from"] == "title"]
        for report in named.itertuples():
            parts = compilation.parts[compilation.parts["report"] == report.report]
            lines = [
                (part.role, line)
                for part in parts.itertuples()
                for line in compilation.text[part.start : part.end].split("\n")
                if line.strip()
            ]
            body = [(role, line) for role, line in lines if role in BODY_ROLES]
            agency = report.agency[report.agency.find("县") + 1 :]
            reports.append((agency, body))
            for role, line in body:
                if len(line) > LONG:
                    pool[role].append(line[MARKER.match(line).end() :])
    return reports, dict(pool)


def write_report(number: int, county: str, year: int, seed: int) -> str:
    """Return the text of one report of a county's agency, the same for the same numbers."""
    reports, pool = outlines()
    agency, body = reports[number % len(reports)]
    own = random.Random(f"{seed}/{number}/{year}")
    lines = [f"{county}{agency}2023年工作总结和2024年工作计划"]
    for role, line in body:
        if len(line) <= LONG:
            lines.append(line)
            continue
        lines.append(MARKER.match(line).group() + own.choice(pool[role]))
        if role != "opening" and own.random() < TWICE:
            lines.append(own.choice(pool[role]))
    text = re.sub("(?:岚溪|澄浦|XX)县", county, "\n".join(lines) + "\n")
    text = FIGURE.sub(lambda found: str(max(2, round(int(found[0]) * own.uniform(0.6, 1.7)))), text)
    return YEAR.sub(lambda found: str(int(found[0]) + year - 2023), text)


def counties(seed: int) -> list[str]:
    """Names of counties that are none, in an order of their own."""
    names = [f"{first}{second}{third}县" for first in FIRST for second in SECOND for third in ("", *SECOND)]
    random.Random(seed).shuffle(names)
    return names


def make_corpus(folder: Path, reports: int, seed: int = 2023) -> Path:
    """Write the files of a corpus."""
    for at in range(reports):
        number, year = at // len(YEARS), YEARS[at % len(YEARS)]
        county = counties_of(seed)[number]
        as_number = number - 1 if number % COPIED == COPIED - 1 else number
        file = folder / county / f"{year + 1}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(write_report(as_number, county, year, seed), encoding="utf-8", newline="\n")
    return folder


counties_of = cache(counties)

if __name__ == "__main__":
    make_corpus(Path(sys.argv[1]), *map(int, sys.argv[2:]))
