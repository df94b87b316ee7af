"""Indicators: the quantities that state a target, what was reached, or a rate of completion.

A report is full of numbers; the table holds those that can be held against each other. A target is a quantity
that a word names as one (年度任务, 计划) or that a plan commits to; an actual is a quantity that answers a target,
or to which a rate or a verdict (完成年度任务) refers; a rate is a percentage of completion. Rows of one indicator
share a letter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase

import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.measure.quantities import Quantity, find_quantities
from kit.read.compilation import Compilation

SOURCE_ROLES = ("opening", *tables.REVIEW_ROLES, "plan")
STOPS = "，,；;。：:！!？?\n（("
QUOTES = ("《》", "“”")
QUOTED = re.compile("《[^》]*》|“[^”]*”")
YEAR = re.compile(r"(20\d\d)\s?年")
RATES = ("%", "‰")
RATE_TOLERANCE = 0.6  # percentage points; a rate is often rounded to a whole number
SAME_NAME = 0.6  # share of the shorter name's bigrams that two names of one indicator have in common
SHORT_NAME = 3  # characters; a name this short (投资) ties only where the sentences also agree
SAME_SENTENCE = 0.2


@dataclass(frozen=True)
class _Mention:
    """A quantity with what stands around it; words in quotation marks are blanked in ``head`` and ``before``."""

    quantity: Quantity
    text: str
    sentence: int
    part: int
    role: str
    before: str  # the sentence up to the quantity
    head: str  # from the clause's start, or from the quantity before it, to the quantity
    tail: str  # to the clause's end
    follows: bool  # whether it goes on the enumeration of the mention before
    quoted: bool
    met: bool  # whether a clause right behind it says that a target was met
    name: str

    @property
    def counts(self) -> bool:
        """Whether it is meant as a number; a Han numeral before its noun mostly is not (一批项目, 三个亮点)."""
        return not self.quoted and (self.quantity.masked or self.text[0].isascii() or not self.tail)

    def like(self, other: "_Mention") -> bool:
        """Whether the two measure the same kind of thing."""
        return self.quantity.dimension == other.quantity.dimension


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile("|".join(knowledge("matching.toml")["indicators"][f"{name}_patterns"]))


@cache
def _work() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, knowledge("matching.toml")["items"]["work_verbs"])))


@cache
def _governs() -> re.Pattern[str]:
    """Compile what stands right before a quantity that goes with the noun behind it: a verb, or 对 and the like."""
    verbs = "|".join(map(re.escape, knowledge("matching.toml")["items"]["work_verbs"]))
    return re.compile(f"(?:{verbs})[了好]?\\s*$|{_cue('governs').pattern}")


def find_indicators(compilation: Compilation) -> pd.DataFrame:
    """Find targets, actuals and rates of completion, and pair them.

    Parameters
    ----------
    compilation : Compilation
        As read; near copies are searched like any other report.

    Returns
    -------
    DataFrame
        `tables.INDICATORS`, in the order of the text, with two further columns on rates: ``recomputed`` (actual
        over target, per cent, where both are given once) and ``contradiction`` (the stated rate is another).
    """
    years = compilation.reports.set_index("report")[["period", "plan_period"]]
    rows: list[dict] = []
    for report, mentions in _by_report(compilation):
        roles = {at: _own_role(mentions, at) for at in range(len(mentions))}
        _inherit(mentions, roles)
        links = [*_answers(mentions, roles), *_parts_done(mentions, roles), *_bases(mentions, roles)]
        links += _across(mentions, roles)
        letters = _letters(links)
        found = [_row(mentions[at], roles[at], letters.get(at, ""), report, years.loc[report])
                 for at in sorted(roles) if roles[at]]  # fmt: skip
        rows += _recompute(found)
    return tables.make(rows, tables.INDICATORS)


def _by_report(compilation: Compilation) -> Iterator[tuple[int, list[_Mention]]]:
    """Yield each report with its mentions in order."""
    masks = list(zip(compilation.masks["start"], compilation.masks["end"], strict=True))
    sentences = compilation.sentences[compilation.sentences["role"].isin(SOURCE_ROLES)]
    starts = sentences["start"].to_numpy()
    rows = list(sentences.itertuples(index=False))
    of_report: dict[int, list[_Mention]] = {}
    previous = None
    for quantity in find_quantities(compilation.text, masks):
        at = starts.searchsorted(quantity.start, side="right") - 1
        if at < 0 or quantity.end > rows[at].end:
            continue
        mentions = of_report.setdefault(rows[at].report, [])
        previous = mentions[-1] if mentions and mentions[-1].sentence == rows[at].sentence else None
        mentions.append(_mention(compilation.text, quantity, rows[at], previous))
    yield from of_report.items()


def _mention(text: str, quantity: Quantity, sentence: tuple, previous: _Mention | None) -> _Mention:
    """Describe what stands around a quantity."""
    before = _blank(text[sentence.start : quantity.start])
    clause = max(before.rfind(stop) for stop in STOPS) + 1
    after_previous = previous.quantity.end - sentence.start if previous else 0
    head = before[max(clause, after_previous) :]
    behind = text[quantity.end : sentence.end]
    tail = _cue("bound_behind").sub("", re.split(f"[{STOPS}）)、]", behind, maxsplit=1)[0])
    follows = previous is not None and after_previous >= clause and head.startswith(("、", " 、"))
    clauses = re.split("[，,；;。]", _blank(behind))
    opened = text[sentence.start : quantity.start]
    quoted = any(opened.count(left) > opened.count(right) for left, right in QUOTES)
    met = any(_cue("met").search(clause.strip()) for clause in clauses[:2])
    written = text[quantity.start - len(head) : quantity.start]
    return _Mention(quantity, text[quantity.start : quantity.end], sentence.sentence, sentence.part, sentence.role,
                    before, head, tail, follows, quoted, met, _name(written, tail, before))  # fmt: skip


def _blank(text: str) -> str:
    """Blank what stands in quotation or title marks; lengths stay."""
    return QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)


def _name(head: str, tail: str, before: str) -> str:
    """Return what is measured: the words before the quantity, else those behind it, else the clause before."""
    for words in (head, tail, before.rstrip(STOPS)[-16:]):
        name = _cue("name_stop").sub("", words).strip("、的")
        if len(name) > 1:
            return name[-24:]
    return head.strip()


def _own_role(mentions: list[_Mention], at: int) -> str:
    """Return the role that a mention's own words give it, or nothing."""
    mention = mentions[at]
    head = mention.head
    if mention.quantity.unit in RATES and _cue("rate").search(head):
        return "rate"
    if not mention.counts:
        return ""
    if _cue("target").search(head) and not _cue("not_target").search(head):
        return "target"
    if _cue("goals").search(mention.before):
        return "target"
    return "target" if mention.role == "plan" and _commits(mention) else ""


def _commits(mention: _Mention) -> bool:
    """Whether a plan commits to a quantity, rather than naming it in passing."""
    quantity = mention.quantity
    if quantity.dimension == "time" or _cue("background").search(mention.head):
        return False
    governed = mention.name == mention.tail or _governs().search(mention.head)
    if _cue("target_behind").search(mention.tail):
        return True
    if mention.tail[:1].isalpha() and not governed:  # 351国道50公里路面
        return False
    return quantity.bound != "exact" or bool(_work().search(mention.head))


def _inherit(mentions: list[_Mention], roles: dict[int, str]) -> None:
    """Give the members of an enumeration the role of its first."""
    for at in range(1, len(mentions)):
        if mentions[at].follows and not roles[at] and roles[at - 1] == "target":
            roles[at] = "target"


def _near(mentions: list[_Mention], at: int) -> Iterator[int]:
    """Yield the mentions that follow in the same sentence and the next one of the part."""
    for other in range(at + 1, len(mentions)):
        here, there = mentions[at], mentions[other]
        if there.sentence > here.sentence + 1 or there.part != here.part:
            return
        yield other


def _answers(mentions: list[_Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find what was reached of each target of a review: the next quantity of its kind that says done."""
    for at, mention in enumerate(mentions):
        if roles[at] != "target" or mention.role == "plan":
            continue
        for other in _near(mentions, at):
            if roles[other] == "target" and mentions[other].like(mention):
                break
            if roles[other] or not mentions[other].like(mention):
                continue
            if not _cue("done_before").search(mentions[other].head):
                continue
            for member in _enumeration(mentions, other):
                if mentions[member].like(mention) and not roles[member]:
                    roles[member] = "actual"
                    yield at, member
            break


def _enumeration(mentions: list[_Mention], at: int) -> Iterator[int]:
    """Yield a mention and those that go on its enumeration."""
    yield at
    while at + 1 < len(mentions) and mentions[at + 1].follows:
        at += 1
        yield at


def _parts_done(mentions: list[_Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find a whole and the part of it that is done (170个…，已完成整改107个)."""
    for at, mention in enumerate(mentions):
        if roles[at] or mention.role == "plan" or not _says_part_done(mention):
            continue
        whole = next((other for other in range(at - 1, max(at - 4, -1), -1)
                      if not roles[other] and _is_whole(mentions[other], mention)), None)  # fmt: skip
        if whole is None:
            continue
        roles[whole], roles[at] = "target", "actual"
        yield whole, at
        yield from _second_measure(mentions, roles, whole, at)


def _says_part_done(mention: _Mention) -> bool:
    inside = _cue("part_of").search(mention.head) and _cue("done_behind").search(mention.tail)
    return bool(inside or _cue("part_done").search(mention.head))


def _is_whole(whole: _Mention, part: _Mention) -> bool:
    same_sentence = whole.sentence == part.sentence and whole.like(part)
    if not same_sentence or _cue("whole_done").search(whole.head):
        return False
    sizes = (whole.quantity.size, part.quantity.size)
    return None in sizes or sizes[0] >= sizes[1]


def _second_measure(
    mentions: list[_Mention], roles: dict[int, str], whole: int, part: int
) -> Iterator[tuple[int, int]]:
    """Pair what both measure besides (图斑170个，面积…亩，已完成整改107个，面积…亩)."""
    if part + 1 < len(mentions) and whole + 1 < part:
        left, right = mentions[whole + 1], mentions[part + 1]
        if left.like(right) and left.name == right.name and not (roles[whole + 1] or roles[part + 1]):
            roles[whole + 1], roles[part + 1] = "target", "actual"
            yield whole + 1, part + 1


def _bases(mentions: list[_Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Find the quantities of which a rate or a verdict speaks: the nearest before it that says done."""
    for at, mention in enumerate(mentions):
        if roles[at] == "rate" and not _cue("progress").search(mention.head):
            for base in _done_before(mentions, roles, at):
                roles[base] = roles[base] or "actual"
                yield base, at
        elif mention.met and not roles[at] and mention.role != "plan" and _says_done(mention):
            roles[at] = "actual"


def _done_before(mentions: list[_Mention], roles: dict[int, str], at: int) -> list[int]:
    """Return the quantity that a rate refers to, with the members of its enumeration."""
    found: list[int] = []
    for other in range(at - 1, -1, -1):
        there = mentions[other]
        if there.sentence != mentions[at].sentence or there.quantity.dimension == "ratio":
            break
        if roles[other] == "target":
            return found or [other]
        between = mentions[at].before[len(there.before) + len(there.text) :]
        done = _says_done(there) or _cue("done_behind").search(between.lstrip(STOPS))
        if found or roles[other] == "actual" or done:
            found.append(other)
            if not there.follows:
                break
        elif not there.follows:
            break
    return found


def _says_done(mention: _Mention) -> bool:
    return bool(_cue("done_before").search(mention.before) or _cue("done_behind").search(mention.tail))


def _across(mentions: list[_Mention], roles: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Pair the plan's targets with what the review reports of the same indicator."""
    review = [at for at, mention in enumerate(mentions) if mention.role in tables.REVIEW_ROLES and roles[at] != "rate"]
    for at, mention in enumerate(mentions):
        if mention.role != "plan" or roles[at] != "target":
            continue
        best = max(review, key=lambda other: _alike(mentions[other], mention), default=None)
        if best is not None and _alike(mentions[best], mention) > 0:
            roles[best] = roles[best] or "actual"
            yield at, best


def _alike(one: _Mention, other: _Mention) -> float:
    """Return how surely two mentions measure one indicator, 0 when they do not."""
    if not one.like(other):
        return 0.0
    names, sentences = (
        _overlap(one.name, other.name),
        _overlap(one.before + one.tail, other.before + other.tail),
    )
    if names < SAME_NAME or (min(len(one.name), len(other.name)) <= SHORT_NAME and sentences < SAME_SENTENCE):
        return 0.0
    return names + sentences


def _overlap(one: str, other: str) -> float:
    """Return the share of the shorter text's character bigrams that the other has too."""
    left, right = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return len(left & right) / max(1, min(len(left), len(right)))


def _letters(links: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Return the letter of each mention that is tied to another."""
    group: dict[int, set[int]] = {}
    for one, other in links:
        joined = group.get(one, {one}) | group.get(other, {other})
        group.update(dict.fromkeys(joined, joined))
    order = list(dict.fromkeys(min(members) for _, members in sorted(group.items())))
    return {at: _letter(order.index(min(members))) for at, members in group.items()}


def _letter(number: int) -> str:
    """Return a, b, … z, aa, ab, …."""
    before, last = divmod(number, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[last]


def _row(mention: _Mention, role: str, pair: str, report: int, years: pd.Series) -> dict:
    quantity = mention.quantity
    default = years["plan_period"] if mention.role == "plan" else years["period"]
    return {"report": report, "sentence": mention.sentence, "indicator": mention.name, "role": role,
            "period": _period(mention.before, default), "value": quantity.value, "value_to": quantity.value_to,
            "bound": quantity.bound, "unit": quantity.unit, "masked": quantity.masked, "pair": pair,
            "start": quantity.start, "end": quantity.end, "section": mention.role,
            "size": quantity.size, "dimension": quantity.dimension}  # fmt: skip


def _period(before: str, default: int | None) -> int | None:
    """Return the year named last before a quantity, unless 已 or 目前 brings the text back to the present."""
    years = list(YEAR.finditer(before))
    if not years or _cue("present").search(before[years[-1].end() :]):
        return default
    return int(years[-1][1])


def _recompute(rows: list[dict]) -> list[dict]:
    """Add to each rate what its indicator's actual and target make of it, and whether that contradicts it."""
    by_pair: dict[str, list[dict]] = {}
    for row in rows:
        if row["pair"]:
            by_pair.setdefault(row["pair"], []).append(row)
    for row in rows:
        recomputed = _rate_of(by_pair.get(row["pair"], [])) if row["role"] == "rate" else None
        stated = row["value"]
        row["recomputed"] = recomputed
        row["contradiction"] = None not in (recomputed, stated) and abs(recomputed - stated) > RATE_TOLERANCE
    return rows


def _rate_of(rows: list[dict]) -> float | None:
    """Return actual / target in per cent, where each is given once, by number and for the review."""
    targets, actuals = ([row["size"] for row in rows if row["role"] == role and row["section"] != "plan"]
                        for role in ("target", "actual"))  # fmt: skip
    if len(targets) != 1 or len(actuals) != 1 or None in (*targets, *actuals) or not targets[0]:
        return None
    return 100 * actuals[0] / targets[0]
