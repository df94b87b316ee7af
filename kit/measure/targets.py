"""Targets with their actuals: indicators that a text pairs, in one unit."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from kit import tables
from kit.measure.quantities import unit_size
from kit.read.compilation import Compilation

RATIO = "ratio"


def pair_targets(compilation: Compilation, indicators: pd.DataFrame) -> pd.DataFrame:
    """Put each target beside the first actual that its report pairs with it, copies once.

    Parameters
    ----------
    compilation : Compilation
    indicators : DataFrame
        `tables.INDICATORS`.

    Returns
    -------
    DataFrame
        `tables.TARGETS`: ``indicator`` (the unit where the text names none), ``unit``; ``target, actual`` in the
        target's unit, missing when masked; ``completion`` (actual / target), or of percentages ``gap_points``
        (actual minus target, percentage points); ``forecast`` (the actual is estimated before the year's end),
        ``lower_is_better`` (the target says at most), ``met``; ``start, end`` of the target, ``actual_start,
        actual_end``. Targets of a later year than the actual are left out, and so are wholes (14 problems, 12 solved).
    """
    agency = dict(zip(compilation.counted["report"], compilation.counted["agency"], strict=True))
    paired = indicators[indicators["report"].isin(list(agency)) & (indicators["pair"] != "")]
    rows = [
        {"agency": agency[target.report], **_row(target, actual, scale)}
        for _, group in paired.groupby(["report", "pair"], sort=True)
        for target, actual, scale in _pairs(group)
    ]
    return tables.make(rows, tables.TARGETS)


def _pairs(group: pd.DataFrame) -> Iterator[tuple[Any, Any, float]]:
    """Yield target, actual, and the size of the actual's unit in the target's."""
    actuals: list[Any] = list(group[group["role"] == "actual"].itertuples())
    targets: list[Any] = list(group[(group["role"] == "target") & ~group["whole"]].itertuples())
    for target in targets:
        dimension, size = unit_size(target.unit)
        for actual in actuals:
            other, actual_size = unit_size(actual.unit)
            later = pd.notna(target.period) and pd.notna(actual.period) and target.period > actual.period
            if other == dimension and not later:
                yield target, actual, actual_size / size
                break


def _row(target: Any, actual: Any, scale: float) -> dict:
    goal = float(target.value) if pd.notna(target.value) else float("nan")
    done = float(actual.value) * scale if pd.notna(actual.value) else float("nan")
    lower = target.bound == "at most"
    ratio = unit_size(target.unit)[0] == RATIO
    return {
        "report": target.report,
        "indicator": target.indicator or target.unit,
        "unit": target.unit,
        "target": goal,
        "actual": done,
        "completion": done / goal if goal and not ratio else float("nan"),
        "gap_points": round((done - goal) * unit_size(target.unit)[1] * 100, 9) if ratio else float("nan"),
        "forecast": bool(actual.forecast),
        "lower_is_better": lower,
        "met": done <= goal if lower else done >= goal,
        "start": target.start,
        "end": target.end,
        "actual_start": actual.start,
        "actual_end": actual.end,
    }
