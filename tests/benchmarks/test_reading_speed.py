"""Reading: a compilation at once, a thousand reports in a minute, and no text that takes more than its length.

Run with ``pytest tests/benchmarks/test_reading_speed.py``; the bounds are for two cores.
"""

import re
from contextlib import suppress
from random import Random
from time import process_time

import pytest

import kit
from kit.errors import SourceError
from kit.read.reader import read_sources
from kit.read.source import Source

REPORTS = 1_000
TITLE = "柳溪县民政局2023年工作总结及2024年工作计划\n"
SLOPE = 10.0  # four times the text may take this many times the time: well below the 16 of a quadratic


def read_text(text):
    return read_sources([Source("txt", "utf-8", text, file="a.txt")], name="a.txt")


def test_the_real_compilation_is_read_at_once(benchmark, compilations):
    benchmark.pedantic(kit.read, (compilations / "2023.txt",), rounds=5, warmup_rounds=1)
    assert benchmark.stats.stats.min < 0.3


def test_a_thousand_reports_are_read_in_a_minute(benchmark):
    compilation, random = kit.read(kit.sample(2023)), Random(1)
    one = compilation.text[compilation.reports["start"].min() :]
    vary = lambda match: str(random.randrange(10 ** len(match[0])))  # noqa: E731, else all were copies
    text = "".join(re.sub(r"(?<!\d)\d{1,3}(?!\d)", vary, one) for _ in range(REPORTS // len(compilation.reports) + 1))
    read = benchmark.pedantic(read_text, (text,), rounds=1)
    assert len(read.reports) >= REPORTS
    assert benchmark.stats.stats.max < 60


HOSTILE = {
    "spaces": " ",
    "dots": ".",
    "masks": "*",
    "brackets": "【",
    "numbers of one style": "1.甲\n",
    "numbers inside a line": "①甲②乙。",
    "numbers that begin again": "（一）",
    "first and last": "首先，",
    "titles": TITLE,
    "agencies": "柳溪县民政局\n",
    "headers": "标题：2023年工作总结\n发布机构：县局\n",
    "leavings": "下载\n甲\n##a##\n",
    "turns": "一、总结\n下一步，将继续。\n",
    "sections": "一、甲\n二、乙\n",
    "places": "柳溪县岩川县市区",
    "headings that lost their lines": "（一）修路（二）架桥二、护林",
    "numbers with another sign": "一 修路\n1，架桥\n",
    "heads of lists": "目录\n县甲局2023年工作总结\n",
    "units and first numbers": "县甲局\n一、修路\n县乙局\n",
    "people": "李某2023年度个人工作总结\n一、修路\n",
    "lists of titles": "1.县局2023年工作总结………12\n",
    "copies": TITLE + "一、总结\n" + "".join(map(chr, range(0x4E00, 0x4F00))) + "\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_text(piece):
    def seconds(size):
        text = TITLE + "一、总结\n" + piece * (size // len(piece)) + "\n二、2024年计划\n（一）修路。\n"
        start = process_time()
        with suppress(SourceError):
            read_text(text)
        return process_time() - start

    seconds(1_000)
    assert seconds(80_000) < SLOPE * max(seconds(20_000), 0.05)
