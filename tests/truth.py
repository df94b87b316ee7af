"""The sample and its known answers, read once."""

from functools import cache

import pandas as pd

import kit
from kit import data
from kit.measure.items import find_items, whole_items
from kit.measure.words import find_tokens


@cache
def sample(year):
    """Return the compilation, its items and its tokens."""
    compilation = kit.read(data.sample(year))
    return compilation, find_items(compilation), find_tokens(compilation)


@cache
def promises():
    """Return the truth file, with the item of `sample(2023)` that each promise is."""
    table = pd.read_csv(data.path("sample/truth.csv"), encoding="utf-8-sig")
    _, items, _ = sample(2023)
    plan = whole_items(items[items["role"] == "plan"])
    table["item"] = [
        next((row.item for row in plan.itertuples() if row.start <= start < row.end and end - 2 <= row.end), 0)
        for start, end in zip(table["start"], table["end"], strict=True)
    ]
    return table
