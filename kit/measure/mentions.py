"""Mentions: every quantity of a report with the words around it, and the role those words give it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit import tables
from kit.data import knowledge, pattern
from kit.measure.quantities import Quantity, find_quantities
from kit.measure.subjects import find_subject, strip_marker, tidy
from kit.read.compilation import Compilation

SOURCE_ROLES = ("opening", *tables.REVIEW_ROLES, "plan")
STOPS = "，,；;。：:！!？?\n（("
QUOTES = (("《", "》"), ("“", "”"))
QUOTED = re.compile("《[^》]*》|“[^”]*”")
PHRASE, NAME, BEFORE = 12, 24, 16  # characters kept of what follows, of a name, of the clause before
WIDER = 30  # characters before a sentence in which its heading can stand
RATES = ("%", "‰")
ENUMERATION = ("、", " 、")


@dataclass(frozen=True)
class Mention:
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
    clause: str  # from the clause's start to the quantity, with the quantities between
    subject: str  # the noun that is measured

    @property
    def indicator(self) -> str:
        """The name that tables show; empty where the text gives none."""
        return tidy(self.name, self.subject)

    @property
    def counts(self) -> bool:
        """Whether it is meant as a number; a Han numeral mostly is not (一批项目, 三个亮点)."""
        return not self.quoted and (self.quantity.masked or self.text[0].isascii())

    @property
    def narrows(self) -> bool:
        """Whether it narrows the noun of the next quantity (年产值超1亿元的企业20家)."""
        return self.quantity.bound != "exact" and self.tail[:1].isalpha() and bool(re.search("[0-9]", self.tail))

    @property
    def phrase(self) -> str:
        """What is measured, with the words on both sides (建成 … 个口袋公园)."""
        return self.name if self.name == _bare(self.tail) else self.name + _bare(self.tail)[:PHRASE]

    def like(self, other: "Mention") -> bool:
        """Whether the two measure the same kind of thing."""
        return self.quantity.dimension == other.quantity.dimension


def cue(name: str) -> re.Pattern[str]:
    """Return the compiled patterns of one list of `matching.toml`, section `indicators`."""
    return pattern("matching.toml", "indicators", f"{name}_patterns")


@cache
def _governs() -> re.Pattern[str]:
    """Compile what stands right before a quantity that goes with the noun behind it: a verb, or 对 and the like."""
    verbs = "|".join(map(re.escape, knowledge("matching.toml")["items"]["work_verbs"]))
    return re.compile(f"(?:{verbs}){knowledge('matching.toml')['indicators']['perfect']}\\s*$|{cue('governs').pattern}")


def find_mentions(compilation: Compilation) -> Iterator[tuple[int, list[Mention]]]:
    """Yield each report with every quantity it names outside its problems, in the order of the text."""
    masks = list(zip(compilation.masks["start"], compilation.masks["end"], strict=True))
    sentences = compilation.sentences[compilation.sentences["role"].isin(SOURCE_ROLES)]
    starts = sentences["start"].to_numpy()
    parts: list[Any] = list(compilation.parts.itertuples(index=False))
    marked = {part.part: part.start + len(part.marker) for part in parts}
    rows: list[Any] = list(sentences.itertuples(index=False))
    rows = [row._replace(start=max(row.start, marked[row.part])) for row in rows]
    of_report: dict[int, list[Mention]] = {}
    previous = None
    for quantity in find_quantities(compilation.text, masks):
        at = starts.searchsorted(quantity.start, side="right") - 1
        if at < 0 or quantity.end > rows[at].end:
            continue
        mentions = of_report.setdefault(rows[at].report, [])
        previous = mentions[-1] if mentions and mentions[-1].sentence == rows[at].sentence else None
        mentions.append(_mention(compilation.text, quantity, rows[at], previous))
    yield from of_report.items()


def _mention(text: str, quantity: Quantity, sentence: Any, previous: Mention | None) -> Mention:
    """Describe what stands around a quantity."""
    before = _blank(text[sentence.start : quantity.start])
    clause = max(before.rfind(stop) for stop in STOPS) + 1
    after_previous = previous.quantity.end - sentence.start if previous else 0
    head = before[max(clause, after_previous) :]
    behind = text[quantity.end : sentence.end]
    tail = cue("bound_behind").sub("", re.split(f"[{STOPS}）)、]", behind, maxsplit=1)[0])
    follows = previous is not None and after_previous >= clause and head.startswith(ENUMERATION)
    clauses = re.split("[，,；;。]", _blank(behind))
    opened = text[sentence.start : quantity.start]
    quoted = any(opened.count(left) > opened.count(right) for left, right in QUOTES)
    met = any(cue("met").search(clause.strip()) for clause in clauses[:2])
    wider = text[max(0, sentence.start - WIDER) : quantity.start].rpartition("\n")[2]
    written = text[quantity.start - len(head) : quantity.start]
    own_clause = text[sentence.start + clause : quantity.start]
    return Mention(
        quantity, text[quantity.start : quantity.end], sentence.sentence, sentence.part, sentence.role,
        before, head, tail, follows, quoted, met, _name(written, tail, strip_marker(wider)), own_clause,
        _subject(own_clause, written, tail, wider, quantity, previous),
    )  # fmt: skip


def _subject(clause: str, written: str, tail: str, wider: str, quantity: Quantity, previous: Mention | None) -> str:
    """Return the noun that a quantity measures.

    A quantity inside the clause narrows the noun (投资超10亿元的项目14个), unless an enumeration goes on behind it.
    """
    words = written if written.startswith(ENUMERATION) else clause
    between = wider[len(wider) - (quantity.start - previous.quantity.end) :] if previous else ""
    goes_on = previous is not None and sum(char in STOPS for char in between) <= 1
    if previous and goes_on and cue("part_of").search(written):
        return previous.subject
    ratio = quantity.unit in RATES
    inherits = previous is not None and goes_on and (ratio or previous.quantity.dimension == quantity.dimension)
    earlier = "" if goes_on else wider[: max(0, len(wider) - len(clause))]
    return find_subject(words, tail, earlier, ratio=ratio, inherited=previous.subject if previous and inherits else "")


def _blank(text: str) -> str:
    """Blank what stands in quotation or title marks; lengths stay."""
    return QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)


def _bare(words: str) -> str:
    """Return words without years, adverbs and the words of targets and results."""
    return cue("edge").sub("", cue("name_stop").sub("", words))


def _name(head: str, tail: str, before: str) -> str:
    """Return what is measured: the words before the quantity, else those behind it, else the clause before."""
    for words in (head, tail, before.rstrip(STOPS)[-BEFORE:]):
        name = _bare(words)
        if len(name) > 1 and not (cue("bare").search(name) and tail and words == head):
            return name[-NAME:]
    return head.strip()


def own_role(mention: Mention) -> str:
    """Return the role that a mention's own words give it, or nothing."""
    head = mention.head
    if mention.quantity.unit in RATES and cue("rate").search(head):
        return "rate"
    if not mention.counts:
        return ""
    if cue("target").search(head) and not cue("not_target").search(head):
        return "target"
    if cue("goals").search(mention.before):
        return "target"
    return "target" if mention.role == "plan" and _commits(mention) else ""


def _commits(mention: Mention) -> bool:
    """Whether a plan commits to a quantity, rather than naming it in passing."""
    quantity = mention.quantity
    if quantity.dimension == "time" or mention.narrows or cue("background").search(mention.head):
        return False
    governed = mention.name == mention.tail or _governs().search(mention.head)
    if cue("target_behind").search(mention.tail):
        return True
    if mention.tail[:1].isalpha() and not governed:  # 351国道50公里路面
        return False
    return (
        quantity.bound != "exact"
        or not mention.tail
        or bool(pattern("matching.toml", "items", "work_verbs").search(mention.head))
    )


def overlap(one: str, other: str) -> float:
    """Return the share of the shorter text's character bigrams that the other has too."""
    left, right = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return len(left & right) / max(1, min(len(left), len(right)))
