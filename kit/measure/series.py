"""Several years of a compilation: numbers, promises, themes, words and priorities, followed from year to year.

What stands here takes the analyses of all years, the earliest first, each with its ``earlier``. Places of a row point
into the text of the year that it names by its number, 1 for the earliest (the folders of `kit tables`). What cannot be
compared is a gap, never zero: a year whose compilation is missing, an agency without a report, a theme whose words are
others in that year's codebook.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge, rule
from kit.measure.counts import SIGNIFICANT, compare_terms, keep_moved, sum_themes, text_of
from kit.measure.items import CLAUSES, PATH_JOIN, least_items, whole_items, whole_of
from kit.measure.matching import overlap
from kit.measure.numbers import DIGITS
from kit.measure.places import period_of, weigh_words
from kit.measure.quantities import unit_size
from kit.measure.scoring import uncertain_themes
from kit.measure.years import DECIDING, by_headline, judge_headline, judge_items

Years = Sequence[Any]  # analyses, the earliest first
Report = tuple[int, int]  # number of the year, number of the report in it
PLACE = ("start", "end")
GOAL = ("unit", "bound", "target", "target_to", "target_start", "target_end")
HEADING_WEIGHT = 3  # sentences that a hit in a task's heading is worth
FEWEST_TASKS = 3
FEWEST_SENTENCES = 2
LEAST_POINTS = 0.5  # percentage points from which a theme moved
SHORTEST, MATTER = 4, 24  # letters of a clause that says what a promise is about, and of what is shown of it


def gather(years: Years, name: str) -> pd.DataFrame:
    """Return a table of two years for all pairs of years, with the number of the earlier one."""
    found = [year.table(name).assign(earlier_in=at) for at, year in enumerate(years[1:], 1)]
    return pd.concat(found, ignore_index=True)


# ---- The same agency ----


def find_threads(years: Years) -> dict[Report, str]:
    """Return for each counted report its agency's name in the last year that has it, whatever it was called before."""
    called: dict[Report, str] = {}
    for number in range(len(years), 0, -1):
        year, later = years[number - 1], years[number] if number < len(years) else None
        goes_to = _successors(later.links) if later is not None else {}
        for row in year.compilation.counted.itertuples(index=False):
            called[number, row.report] = called.get((number + 1, goes_to.get(row.report, 0)), row.agency)
    return called


def _successors(links: pd.DataFrame) -> dict[int, int]:
    known = links.dropna(subset=["report", "later_report"]).drop_duplicates("report")
    return dict(zip(known["report"].astype(int), known["later_report"].astype(int), strict=True))


# ---- Numbers ----


def follow_numbers(years: Years) -> pd.DataFrame:
    """Put the target that a year's plan sets beside the result that the next year's review gives."""
    # Gives `tables.SERIES`, one row for each agency, headline and year: the headline indicators of governments, then
    # the numbers that other promises name, under the name that the plan has for them.
    threads = find_threads(years)
    rows: dict[tuple[str, str, int], dict] = {}
    for row in _headlines(years, threads):
        rows.setdefault((row["agency"], row["headline"], row["year"]), row)
    taken = {(row.get("target_in"), row.get("target_start")) for row in rows.values()}
    for row in _promised(years, threads, taken):
        rows.setdefault((row["agency"], row["headline"], row["year"]), row)
    named = list(dict.fromkeys((agency, headline) for agency, headline, _ in rows))
    ordered = sorted(rows.values(), key=lambda row: (named.index((row["agency"], row["headline"])), row["year"]))
    return tables.make(ordered, tables.SERIES)


def _headlines(years: Years, threads: Mapping[Report, str]) -> Iterator[dict]:
    """Yield the headline indicators year by year: each target with its result in the next report, then results."""
    known = knowledge("headlines.toml")["headline"]
    for number, year in enumerate(years, 1):
        later = years[number].headlines if number < len(years) else tables.make([], tables.HEADLINES)
        held = {(row["report"], row["headline"]): row for row in later.to_dict("records")}
        for (report, headline), numbers in by_headline(year.headline_numbers).items():
            own = {"agency": threads.get((number, report)), "headline": headline}
            targets, results = ([row for row in numbers if row["side"] == side] for side in ("target", "result"))
            if own["agency"] and targets and targets[0]["year"]:
                judged = held.get((report, headline)) or judge_headline(targets, [], [])
                yield own | {"year": targets[0]["year"]} | _held(judged, number)
            if own["agency"] and results and results[0]["year"]:
                told = _alone(results[0], known.get(headline, {}))
                yield own | {"year": results[0]["year"], "actual_in": number} | told


def _held(judged: dict, number: int) -> dict[str, Any]:
    """Return the columns of a target, and of the result that is held against it."""
    told = {name: judged[name] for name in ("actual", "actual_start", "actual_end") if name in judged}
    row = {name: judged[name] for name in ("unit", "bound", "target", "target_to", "number_verdict", "forecast")} | told
    row |= {"target_in": number, "target_start": judged["start"], "target_end": judged["end"]}
    return row | {"actual_in": None if pd.isna(told.get("actual_start")) else number + 1}


def _alone(result: dict, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a result without a target, in the headline's usual unit."""
    unit, value = known.get("unit", result["unit"]), result["value"]
    (dimension, size), (own, own_size) = unit_size(unit), unit_size(result["unit"])
    if dimension != own:
        unit, size = result["unit"], own_size
    row = {"unit": unit, "actual": None if value is None else round(value * own_size / size, DIGITS)}
    row |= {f"actual_{place}": result[place] for place in PLACE}
    return row | {"bound": "", "number_verdict": "", "forecast": result["forecast"]}


def _promised(years: Years, threads: Mapping[Report, str], taken: set) -> Iterator[dict]:
    """Yield the numbers of promises, those of one matter under one name over the years."""
    chain = _chain_of(years)
    before: dict[str, list[dict]] = {}  # of each agency the matters known so far, each by its latest row
    for number, year in enumerate(years, 1):
        planned = year.compilation.reports.set_index("report")["plan_period"]
        answers = years[number].fulfilment if number < len(years) else pd.DataFrame(columns=["target_start"])
        answered = {int(row.target_start): row for row in answers.dropna(subset=["target_start"]).itertuples()}
        for goal in _goals(year).itertuples(index=False):
            agency, plan_year = threads.get((number, goal.report)), planned[goal.report]
            if agency is None or pd.isna(plan_year) or not goal.noun or (number, goal.target_start) in taken:
                continue
            row = {name: getattr(goal, name) for name in GOAL}
            row |= {"agency": agency, "year": int(plan_year), "target_in": number}
            row |= {"forecast": False, "number_verdict": ""}
            if found := answered.get(goal.target_start):
                row |= {name: getattr(found, name) for name in ("actual", "actual_start", "actual_end", "forecast")}
                row |= {"number_verdict": found.number_verdict}
                row |= {"actual_in": None if pd.isna(found.actual_start) else number + 1}
            matter = {"noun": goal.noun, "chain": chain.get((number, goal.whole)), "year": row["year"]}
            yield row | {"headline": _matter(matter, row["unit"], before.setdefault(agency, []))}


def _goals(year: Any) -> pd.DataFrame:
    """Return the targets of plans of one year, with the whole item that each stands in."""
    items, goals = least_items(year.items).query("role == 'plan'"), year.quantities.query("role == 'target'")
    items = items.assign(whole=whole_of(items["item"], year.items), until=items["end"])[["start", "until", "whole"]]
    inside = pd.merge_asof(goals, items, on="start").query("start < until")
    return inside.rename(columns=dict(zip(("value", "value_to", *PLACE), GOAL[2:], strict=True)))


def _matter(matter: dict, unit: str, known: list[dict]) -> str:
    """Return under which name a number runs: that of the same thing in an earlier year, else its own."""
    fit = knowledge("matching.toml")["chains"]
    alike = [
        (overlap(one["noun"], matter["noun"]) + fit["same_chain"] * (one["chain"] == matter["chain"] is not None), one)
        for one in known
        if one["unit"] == unit and one["year"] < matter["year"]
    ]
    score, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    if best and score >= fit["same_number"]:
        best |= matter
        return str(best["headline"])
    taken = {one["headline"] for one in known}
    name = matter["noun"] if matter["noun"] not in taken else f"{matter['noun']}（{unit}）"
    known.append(matter | {"unit": unit, "headline": name})
    return name


# ---- Promises ----


def follow_promises(years: Years) -> pd.DataFrame:
    """Follow each promise: promised, what the next review says of it, promised again, and so on."""
    # Gives `tables.CHAINS`, the longest chains first; a step is a whole plan item (kind promised), or what became of it
    # in the year after. A chain ends where no later plan takes the matter up.
    plans = [_plan_items(year) for year in years]
    again = _promised_again(years, plans)
    fates = [_fates(year, earlier) for year, earlier in zip(years[1:], years, strict=False)]
    threads, taken_up = find_threads(years), set(again.values())
    firsts = [(number, item) for number, plan in enumerate(plans, 1) for item in plan["item"].tolist()]
    chains = [_chain(first, again, plans, fates) for first in firsts if first not in taken_up]
    chains = sorted((steps for steps in chains if len(steps) > 1), key=len, reverse=True)
    rows = [
        step
        | {
            "chain": number,
            "step": at,
            "matter": _matter_of(years[steps[0]["in"] - 1], steps[0]),
            "year": period_of(years[step["in"] - 1].compilation),
            "agency": threads.get((step["in"], step["report"]), ""),
        }
        for number, steps in enumerate(chains, 1)
        for at, step in enumerate(steps, 1)
    ]
    return tables.make(rows, tables.CHAINS)


def _matter_of(year: Any, promise: dict) -> str:
    """Return what a promise is about in a few words: its first clause that says enough, without its marker."""
    parts = year.compilation.parts
    part = parts.iloc[parts["start"].searchsorted(promise["start"], side="right") - 1]
    marker = len(part["marker"]) * (part["start"] == promise["start"])
    text = year.compilation.text[promise["start"] + marker : promise["end"]].strip()
    leads_in = rule("matching.toml", "chains.lead_in_pattern").search
    clauses = [one for clause in CLAUSES.split(text) if not leads_in(one := clause.strip())]
    # A clause of numbers (2024年) says nothing.
    return next((one for one in clauses if len(one) - sum(map(str.isdecimal, one)) >= SHORTEST), text)[:MATTER]


def _chain(first: tuple[int, int], again: Mapping, plans: list[pd.DataFrame], fates: list[dict]) -> list[dict]:
    """Return the steps of one chain, from the first promise on."""
    steps: list[dict] = []
    at: tuple[int, int] | None = first
    while at:
        number, item = at
        own = plans[number - 1].loc[item]
        own = {name: int(own[name]) for name in ("report", *PLACE)}
        steps.append({"kind": "promised", "in": number, "item": item, "number_verdict": "", **own})
        if number <= len(fates) and item in fates[number - 1]:
            steps.append({"in": number + 1, "item": item, **fates[number - 1][item]})
        at = again.get(at)
    return steps


def promised_again(analysis: Any) -> set[int]:
    """Return last year's promises that the review does not mention, and of which the new plan takes up the item."""
    found, last = analysis.fulfilment, len(analysis.years)
    promised = analysis.chains.query("kind == 'promised'")
    again = set(promised.loc[promised["in"] == last, "chain"])
    wholes = promised.loc[(promised["in"] == last - 1) & promised["chain"].isin(again), "item"]
    silent = found.loc[found["status"] == "not mentioned", "item"]
    return set(silent[whole_of(silent, analysis.earlier.items).isin(wholes).to_numpy()])


def _plan_items(year: Any) -> pd.DataFrame:
    plan = whole_items(year.items).query("role == 'plan'")
    plan = plan[plan["report"].isin(year.compilation.counted["report"])]
    return plan.set_index("item", drop=False).rename_axis(None)


def _fates(later: Any, earlier: Any) -> dict[int, dict]:
    """Return of each whole item of the earlier plan what became of it, with the sentence that says so."""
    found = later.fulfilment
    if not len(found):
        return {}
    verdicts = judge_items(found, earlier.items).set_index("item")["verdict"]
    positive = found["verdict"].isin(["reported", "partly"])
    order = found["number_verdict"].map([*DECIDING, ""].index)
    ranked = found.assign(whole=whole_of(found["item"], earlier.items), order=order, positive=positive)
    deciding = ranked.groupby("whole")["order"].min()
    best = ranked.sort_values(["positive", "order", "score"], ascending=[False, True, False], kind="stable")
    fates = {}
    for first in best.drop_duplicates("whole").itertuples():
        verdict = verdicts[first.whole]
        silent = verdict in ("not mentioned", "no report", "general")
        fates[first.whole] = {
            "kind": verdict,
            "report": None if pd.isna(first.later_report) else first.later_report,
            "start": None if silent else first.evidence_start,
            "end": None if silent else _with_body(later.compilation, first.evidence_end),
            "number_verdict": [*DECIDING, ""][deciding[first.whole]],
        }
    return fates


def _with_body(compilation: Any, end: Any) -> Any:
    """Return where an answer ends: of a heading, behind the sentence that stands under it."""
    if pd.isna(end):
        return end
    parts, sentences = compilation.parts, compilation.sentences
    part = parts.iloc[parts["start"].searchsorted(end - 1, side="right") - 1]
    heading = part["start"] + len(part["marker"]) + len(part["heading"])
    if not part["heading"] or end > heading + 1:
        return end
    return int(sentences["end"].iloc[min(sentences["start"].searchsorted(end), len(sentences) - 1)])


def _promised_again(years: Years, plans: list[pd.DataFrame]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for plan items the item of a later plan of the same agency that promises the matter again."""
    # Their words and character bigrams, weighted by tf-idf over all plans, decide; each later item is given once, the
    # likeliest first, then to what is left and all but sure. What the next plan does not take up is looked for in the
    # one behind it, where it has to be as sure. Each has to be like what was promised first, too: else a chain drifts
    # from a matter to the next (价格改革, 金融改革, 金融服务).
    fit, vectors = knowledge("matching.toml")["chains"], _vectors(years, plans)
    again: dict[tuple[int, int], tuple[int, int]] = {}
    places = ((at, item) for at, plan in enumerate(plans, 1) for item in plan["item"].tolist())
    own = {place: row for row, place in enumerate(places)}
    began, goes_to = dict(own), [_successors(year.links) for year in years[1:]]
    for reach, least in ((1, fit["again_from"]), (2, fit["again_shared_from"])):
        for number in range(1, len(years) + 1 - reach):
            one, other = plans[number - 1], plans[number - 1 + reach]
            if len(one) and len(other):
                later = one["report"]
                for steps in goes_to[number - 1 : number - 1 + reach]:
                    later = later.map(steps)
                left = [(number, item) for item in one["item"].tolist()]
                right = [(number + reach, item) for item in other["item"].tolist()]
                same = later.to_numpy(dtype=float)[:, None] == other["report"].to_numpy(dtype=float)[None, :]
                chance = np.log(same.sum(1, keepdims=True).clip(fit["few"])) / np.log(fit["few"])
                there = vectors[[own[place] for place in right]].T
                alike, first = (
                    (vectors[[rows[place] for place in left]] @ there).toarray() / chance for rows in (own, began)
                )
                alike *= same & (first >= fit["first_from"])
                found = _pairs(alike, left, right, again, least, fit["again_shared_from"], shared=reach == 1)
                began |= {later: began[earlier] for earlier, later in found.items()}
                again |= found
    return again


def _pairs(
    alike: np.ndarray, left: list, right: list, known: Mapping, least: float, sure: float, *, shared: bool
) -> dict:
    """Return which item of a plan is which of a later one, the likeliest first."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    used = set(known.values())
    pairs = np.argwhere(alike >= least)
    for a, b in pairs[np.argsort(-alike[tuple(pairs.T)], kind="stable")].tolist():
        if left[a] in known or left[a] in found:
            continue
        if right[b] not in used or (shared and alike[a, b] >= sure):
            found[left[a]] = right[b]
            used.add(right[b])
    return found


def _vectors(years: Years, plans: list[pd.DataFrame]) -> Any:
    """Return the words and bigrams of the plan items of all years as tf-idf vectors."""
    told: list[list[str]] = []
    for year, plan in zip(years, plans, strict=True):
        tokens = year.tokens[year.tokens["kind"].isin(["lexicon", "word", "other"])]
        starts, terms = tokens["start"].to_numpy(), tokens["term"].tolist()
        for start, end, path in zip(plan["start"], plan["end"], plan["path"], strict=True):
            own, text = terms[slice(*np.searchsorted(starts, [start, end]))], year.compilation.text[start:end]
            # A clause of a list (①新改户厕800座) says little without its heading, which below the section's is its own.
            text += path.partition(PATH_JOIN)[2].rpartition(PATH_JOIN)[2]
            pairs = map("".join, pairwise(text))
            told.append(own + [pair for pair in pairs if pair.isalpha() and not pair.isascii()])
    return weigh_words(told)


def _chain_of(years: Years) -> dict[tuple[int, int], int]:
    """Return the chain of each plan item."""
    promised = years[-1].chains.query("kind == 'promised'")
    return {(row.number, row.item): row.chain for row in promised.rename(columns={"in": "number"}).itertuples()}


# ---- Themes, words, priorities ----


def follow_themes(years: Years) -> pd.DataFrame:
    """Count the sentences of each theme year by year: `tables.THEME_YEARS`, a gap where the theme has other words."""
    last, rows = _words_of(years[-1].codebook), []
    for number, year in enumerate(years, 1):
        own = _words_of(year.codebook)
        sums = sum_themes(year.compilation, year.theme_counts).set_index("theme")
        alike = sums.reindex([theme for theme in last if own.get(theme) == last[theme]]).reindex(list(last))
        told = alike.reset_index(names="theme").assign(year=period_of(year.compilation), **{"in": number})
        rows += told[list(tables.THEME_YEARS)].to_dict("records")
    return tables.make(rows, tables.THEME_YEARS)


def _words_of(codebook: Any) -> dict[str, list]:
    """Return what finds each theme, so that two codebooks can be compared."""
    said = [(entry.themes, (entry.text, entry.weight)) for entry in codebook.entries]
    return {theme: [words for themes, words in said if theme in themes] for theme in codebook.keys}


def compare_words(years: Years) -> pd.DataFrame:
    """Compare the words of the last year (focus) with those of the first (reference): `tables.KEYNESS`."""
    first, last = years[0], years[-1]
    found = compare_terms(last.compilation, last.tokens, other=(first.compilation, first.tokens))
    return keep_moved(found, text_of(last.compilation), text_of(first.compilation))


def rank_priorities(years: Years) -> pd.DataFrame:
    """Find at which of its plan's numbered tasks each report puts a theme first."""
    # Gives `tables.PRIORITIES`, a row for each report and theme that leads a task: the number of the first such task.
    # Tasks are the numbered parts side by side that hold most of the plan, three or more; the theme that most of a
    # task's sentences have leads it, its heading counting three times.
    threads, rows = find_threads(years), []
    for number, year in enumerate(years, 1):
        compilation, hits = year.compilation, year.hits.query("role == 'plan'").drop_duplicates(["sentence", "theme"])
        planned = compilation.reports.set_index("report")["plan_period"]
        plans = compilation.parts.query("role == 'plan' and horizon != 'multi-year'")
        for report in compilation.counted["report"]:
            tasks = _tasks(plans[plans["report"] == report])
            own = {"year": planned[report], "in": number, "report": report, "agency": threads[number, report]}
            led: dict[str, int] = {}
            for place, (first, behind, end) in enumerate(tasks, 1):
                theme = _leading(hits, first, behind, end)
                if theme and theme not in led:
                    led[theme] = place
                    rows.append(
                        own | {"theme": theme, "place": place, "of_tasks": len(tasks), "start": first, "end": behind}
                    )
    return tables.make(rows, tables.PRIORITIES)


def _tasks(plan: pd.DataFrame) -> list[tuple[int, int, int]]:
    """Return of each of a plan's tasks where it begins, where its heading or own text ends, and where it ends."""
    lists: list[list[tuple[int, int, int]]] = []
    for _, group in plan[plan["marker"] != ""].groupby(["depth", "parent"], dropna=False):
        behind = plan.loc[plan["start"] >= group["start"].iloc[-1]]
        below = behind.loc[(behind["depth"] > group["depth"].iloc[-1]) | (behind["start"] == group["start"].iloc[-1])]
        ends = [*group["start"].tolist()[1:], int(below["end"].max())]
        lists += [list(zip(group["start"].tolist(), group["end"].tolist(), ends, strict=True))]
    lists = [tasks for tasks in lists if len(tasks) >= FEWEST_TASKS]
    # Principles (总体要求：一是…) hold little of a plan, of chapters (二、要求 三、任务 四、保障) one holds most of it.
    even = [tasks for tasks in lists if 2 * max(end - start for start, _, end in tasks) <= _long(tasks)]
    return max(even or lists, key=_long, default=[])


def _long(tasks: Sequence[tuple[int, int, int]]) -> int:
    return tasks[-1][2] - tasks[0][0]


def _leading(hits: pd.DataFrame, first: int, behind: int, end: int) -> str:
    """Return the theme that most of a task's sentences have; what opens it counts for more."""
    own = hits[(hits["start"] >= first) & (hits["start"] < end)]
    weights = 1 + (HEADING_WEIGHT - 1) * (own["start"] < min(behind, first + 40))
    return str(weights.groupby(own["theme"], sort=False).sum().idxmax()) if len(own) else ""


# ---- What may be said of themes ----


def moved_themes(shares: pd.DataFrame) -> pd.Series:
    """Return the points by which themes moved between the first year and the last, the most first."""
    # Only of certain themes, and beyond chance: `shares` are `tables.THEME_YEARS`, compared as two proportions.
    fair = shares[~shares["theme"].isin(uncertain_themes())]
    first, last = (fair[fair["in"] == number].set_index("theme") for number in (fair["in"].min(), fair["in"].max()))
    n, of = (first[name].astype("Float64") + last[name].astype("Float64") for name in ("n_sentences", "of_sentences"))
    share = n / of
    spread = share * (1 - share) * (1 / first["of_sentences"] + 1 / last["of_sentences"])
    points = (last["share_of_sentences"] - first["share_of_sentences"]).astype("Float64") * 100
    sure = (points.abs() >= LEAST_POINTS) & (points.abs() / 100 >= SIGNIFICANT * spread**0.5)
    return points[sure.fillna(False)].sort_values(key=abs, ascending=False, kind="stable").astype(float)


def moved_everywhere(place_years: pd.DataFrame) -> pd.Series:
    """Return the themes that moved the same way in every place, by the smallest of its points, the most first."""
    moves = [moved_themes(own.rename(columns={"year": "in"})) for _, own in place_years.groupby("place")]
    points = pd.concat(moves, axis=1, join="inner") if moves else pd.DataFrame()
    alike = points[points.gt(0).all(axis=1) | points.lt(0).all(axis=1)]
    least = alike.apply(lambda own: min(own, key=abs), axis=1) if len(alike) else pd.Series(dtype=float)
    return least.sort_values(key=abs, ascending=False, kind="stable")


def sole_themes(themes: pd.DataFrame) -> pd.DataFrame:
    """Return the themes of one place alone that may be said aloud: certain ones, on two sentences or more."""
    said = themes[themes["alone"] & (themes["sector"] == "") & (themes["n_sentences"] >= FEWEST_SENTENCES)]
    certain = said[~said["theme"].isin(uncertain_themes())]
    return certain.sort_values("n_sentences", ascending=False, kind="stable")
