"""What an analyst decides of promises, promised numbers and pairs of numbers, checked and put in place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.errors import DataError
from kit.measure.items import least_items
from kit.measure.quantities import Mention, find_mentions
from kit.read.compilation import Compilation


def _entries(compilation: Compilation, kind: str) -> list[Any]:
    return list(compilation.overrides[compilation.overrides["kind"] == kind].itertuples())


def read_promises(earlier: Compilation) -> dict[int, Any]:
    """Return what an analyst says of promises, by where they begin."""
    return {entry.start: entry for entry in _entries(earlier, "promise")}


def overrule_promise(row: dict, decided: Mapping[int, Any], sentence: Callable[[int], tuple[int, int]]) -> dict:
    """Return a row of `tables.FULFILMENT` as an analyst decides; ``sentence`` gives the sentence at a place."""
    entry = decided.get(row["start"])
    if entry is None:
        return row | {"decided_by": "kit"}
    named = not pd.isna(entry.evidence)
    status = entry.status or ("reported" if named else row["status"])
    verdict = row["verdict"] if status == "general" else status
    told = {"status": status, "verdict": verdict, "decided_by": "override"}
    told["answered_by"] = (row["answered_by"] or "itself") if verdict in ("reported", "partly") else ""
    if named:
        start, end = sentence(int(entry.evidence))
        told |= {"evidence_start": start, "evidence_end": end, "answered_by": "itself"}
    return row | told


def check_promises(earlier: Compilation, later: Compilation, items: pd.DataFrame, links: pd.DataFrame) -> None:
    """Check that a promise begins where an analyst speaks of one, and that its evidence stands in its later report."""
    promises = least_items(items[items["role"] == "plan"])
    reports = dict(zip(promises["start"], promises["report"], strict=True))
    later_of = dict(zip(links["report"], links["later_report"], strict=True))
    spans = {row.report: (row.start, row.end) for row in later.reports.itertuples()}
    for entry in _entries(earlier, "promise"):
        if entry.start not in reports:
            message = f"{entry.entry}: expected a promise that begins at {entry.start}, found none; mend the place"
            raise DataError(message)
        start, end = spans.get(later_of.get(reports[entry.start]), (0, 0))
        if not pd.isna(entry.evidence) and not start <= entry.evidence < end:
            span = f"between {start} and {end} of the later text"
            message = f"{entry.entry}: expected evidence {span}, found {int(entry.evidence)}; mend it"
            raise DataError(message)


def read_verdicts(earlier: Compilation) -> dict[int, str]:
    """Return what an analyst says of promised numbers, by where they begin."""
    return {entry.start: entry.status for entry in _entries(earlier, "verdict")}


def overrule_verdict(row: dict, decided: Mapping[int, str], place: str = "start") -> dict:
    """Return a row with a promised number's verdict as an analyst decides."""
    said = decided.get(row.get(place, -1))
    return row | ({"number_verdict": said, "number_decided_by": "override"} if said else {"number_decided_by": "kit"})


def judge_mentions(earlier: Compilation) -> dict[int, list[Mention]]:
    """Return the quantities of each report, with what an analyst says of those that its plan promises."""
    judged, mentions = read_verdicts(earlier), dict(find_mentions(earlier))
    starts = {one.quantity.start for own in mentions.values() for one in own if one.section == "plan"}
    for entry in _entries(earlier, "verdict"):
        if entry.start not in starts:
            where = f"expected a number of a plan that begins at {entry.start}"
            message = f"{entry.entry}: {where}, found none; mend the place"
            raise DataError(message)
    marked = {
        at: [replace(one, judged=judged.get(one.quantity.start, "")) for one in own] for at, own in mentions.items()
    }
    return marked if judged else mentions


def read_pairs(compilation: Compilation) -> dict[int, int | None]:
    """Return where the result of a target stands, as an analyst says; None where it has none."""
    entries = _entries(compilation, "pair")
    return {entry.start: None if pd.isna(entry.evidence) else int(entry.evidence) for entry in entries}


def check_pairs(compilation: Compilation, quantities: pd.DataFrame) -> None:
    """Check that a number begins wherever an analyst pairs one, and both in one report."""
    reports = dict(zip(quantities["start"], quantities["report"], strict=True))
    for entry in _entries(compilation, "pair"):
        other = entry.start if pd.isna(entry.evidence) else int(entry.evidence)
        if entry.start not in reports or reports.get(other) != reports[entry.start]:
            where = f"{entry.start} and {other}"
            message = f"{entry.entry}: expected numbers of one report at {where}, found none; mend the places"
            raise DataError(message)


def overrule_pairs(
    links: list[tuple[int, int]],
    mentions: list[Mention],
    roles: dict[int, str],
    wholes: set[int],
    pairs: Mapping[int, int | None],
) -> list[tuple[int, int]]:
    """Tie a target to the result that an analyst names, and to nothing else; its role and its result's follow."""
    if not pairs:
        return links
    places = {mention.quantity.start: at for at, mention in enumerate(mentions)}
    for start in pairs.keys() & places.keys():
        target, result = places[start], places.get(pairs[start] or -1)
        links = [link for link in links if target not in link]
        roles[target] = "target"
        wholes.discard(target)
        if result is not None:
            roles[result] = roles[result] if roles[result] == "rate" else "actual"
            links = [*(link for link in links if result not in link), (target, result)]
    return links
