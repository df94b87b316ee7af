"""Quantities: every number of a text with its unit, what it measures, and the part it plays.

First the grammar of numerals and units (`data/units.toml`); a date, an ordinal, a name (四风, “五个一”) or a number
without a unit is no quantity. Then the words around each: its noun, and its role (`data/numbers.toml`).
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from kit.data import any_of, knowledge, rule
from kit.read.compilation import Compilation
from kit.read.lines import fold
from kit.tables import BODY_ROLES

FOLD = str.maketrans("０１２３４５６７８９．％﹪／", "0123456789.%%/")
MASK = "\ue000"  # a private-use character stands in for every masked one, so that offsets hold
BLANK = "\ue001"  # and another for what stands in quotation marks: no number is searched there
QUOTED = re.compile("《[^《》\n]*》|“[^“”\n]*”")
PER_CENT, RATIO = "%", "ratio"
RATES = ("%", "‰")
BOUND_REACH = 6  # characters beside a quantity in which a bound word stands
BOUNDS, SIDES = ("about", "at_least", "at_most"), ("after", "before")
BARE_FROM = 1e4  # a multiplier this large may stand without a unit (突破500亿)
STOPS = "，,；;。：:！!？?\n（("
CLAUSE, MET_END = re.compile(f"[{STOPS}]"), re.compile("[，,；;。]")
TAIL_END = re.compile(f"[{STOPS}）)、]")
PHRASE, NAME, BEFORE = 12, 24, 16  # characters kept of what follows, of a name, of the clause before
WIDER = 30  # characters before a sentence in which its heading can stand
REACH = 60  # characters on either side in which a number's own words stand, and that rules of roles see
ENUMERATION = ("、", " 、")
LEAST = 2  # characters of a noun


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, ``start`` and ``end`` from its first digit (or mask) to the unit's last character."""

    start: int
    end: int
    value: float | None
    value_to: float | None
    bound: str
    unit: str
    masked: bool
    kind: str = "low"  # what of the grammar found it, see `KINDS`

    @property
    def dimension(self) -> str:
        """What the unit measures: money, length, …; a counting word stands for itself."""
        return unit_size(self.unit)[0]

    @property
    def size(self) -> float | None:
        """The value in the base unit of its dimension; nothing when masked."""
        return None if self.value is None else self.value * unit_size(self.unit)[1]


def plain_of(folded: str, masks: Iterable[tuple[int, int]]) -> str:
    """Return a folded text with masks as `MASK`, and what is quoted blanked."""
    for wide, narrow in FOLD.items():  # a few signs: faster than to translate every character
        folded = folded.replace(chr(wide), chr(narrow))
    folded = QUOTED.sub(lambda quoted: BLANK * len(quoted[0]), folded)
    pieces, at = [], 0
    for start, end in masks:
        if folded[start] != BLANK:
            pieces += [folded[at:start], MASK * (end - start)]
            at = end
    return "".join([*pieces, folded[at:]])


def parse_quantities(plain: str) -> Iterator[Quantity]:
    """Yield the quantities of a plain text in order."""
    found = (_quantity(plain, one) for one in _grammar().finditer(plain) if one.lastgroup != "skip")
    yield from filter(None, found)


@cache
def unit_size(unit: str) -> tuple[str, float]:
    """Return a unit's dimension and its size in the dimension's base unit."""
    sizes, multipliers = _units(), knowledge("units.toml")["multipliers"]
    unit = unit.translate(FOLD)
    if unit in sizes:
        return sizes[unit]
    for prefix in sorted(multipliers, key=len, reverse=True):
        if unit.startswith(prefix):
            dimension, size = unit_size(unit[len(prefix) :]) if unit != prefix else ("number", 1.0)
            return dimension, size * multipliers[prefix]
    like = {word: group[0] for group in knowledge("units.toml")["count"]["same"] for word in group}
    return (like.get(unit, unit), 1.0)


@cache
def _units() -> dict[str, tuple[str, float]]:
    skip = {"numerals", "bounds", "multipliers", "count"}
    groups = {name: group for name, group in knowledge("units.toml").items() if name not in skip}
    return {unit: (name, float(size)) for name, group in groups.items() for unit, size in group.items()}


@cache
def _grammar() -> re.Pattern[str]:
    """Compile the grammar of a quantity; what it skips is consumed, so that no part of it is a number."""
    data = knowledge("units.toml")
    words, count, multipliers = data["numerals"], data["count"], data["multipliers"]
    han = "".join({**words["digits"], **words["steps"]})
    more = "".join(words["more"])
    times_end = "".join({word[-1] for word, size in multipliers.items() if size >= BARE_FROM})
    times, unit = f"(?:{any_of(multipliers)})", f"(?:{any_of({*_units(), *count['words']} - {'年'})})"
    pieces = {
        "number": rf"(?:{MASK}+|\d+(?:[,，]\d{{3}}(?!\d))*(?:\.\d+)?|[{han}]+(?:{words['half']})?|{words['half']})",
        "times": times,
        "units": f"(?!{any_of(count['names'])}){unit}{count['times_word']}?(?:/{unit})?(?:(?<=[一-鿿])|(?![A-Za-z]))",
    }
    number, units = pieces["number"], pieces["units"]
    gap = r"(?:\s| {2,4})?"  # four where a page broke the line: 74.4 / 万亿元
    names = ("rank", "score", "lasting", "shared", "bare", "per")
    special = {name: rule("units.toml", f"numerals.{name}", **pieces).pattern for name in names}
    return re.compile(
        rf"(?=[\d{han}{words['half']}{words['first']}{MASK}])(?:(?P<skip>{'|'.join(words['phrases'])})"
        rf"|{special['rank']}|{special['score']}|{special['lasting']}"
        rf"|(?<![\d.{words['not_after']}{MASK}{han}])(?:(?<![{words['vague']}])|(?=[\d{MASK}]))"
        rf"(?:{words['percent_prefix']}(?P<percent>{number})|{special['shared']}"
        rf"|(?P<low>{number})(?:(?:{times})?(?:{any_of(data['ratio'])})?\s*(?:{any_of(data['bounds']['range_joins'])})\s*(?P<high>{number}))?"
        rf"(?P<more>[{more}])?{gap}(?P<times>(?:{times})?)(?P<more2>[{more}])?{gap}(?:(?P<unit>{units})|(?P<per>{special['per']})|(?<=[{times_end}]))"
        rf"|{special['bare']}))"
    )


# What is found without a unit behind it, or with one that stands elsewhere: the groups that spell the unit.
KINDS = {
    "low": ("times", "unit", "per"),
    "rank": (),
    "score": (),
    "lasting": ("year",),
    "shared": ("their_times", "their_unit"),
    "percent": (),
    "bare": (),
}


def _quantity(plain: str, found: re.Match[str]) -> Quantity | None:
    """Build the quantity of one match; nothing when it is a word that only looks like one (一起)."""
    said = found.groupdict("")
    kind = next(filter(said.get, KINDS))
    unit = PER_CENT if kind == "percent" else "".join(said[group] for group in KINDS[kind])
    more = bool(said["more"] or said["more2"])
    if kind in ("low", "shared", "bare") and not _is_number(said[kind], unit, more=more, bare=kind == "bare"):
        return None
    value, value_to = (None, None) if kind == "score" else (_number(said[kind]), _number(said["high"]))
    start, end = found.span()
    bound = _bound(plain, start, end, more=more) if value_to is None else "between"
    return Quantity(start, end, value, value_to, bound, unit, MASK in said[kind], kind)


def _is_number(numeral: str, unit: str, *, more: bool, bare: bool) -> bool:
    """Whether a numeral is one before its unit: 三家 and 十余家 are; 千家, 二期, XX镇 and a bare 1992 are not."""
    data = knowledge("units.toml")
    words = data["numerals"]
    if bare:
        return numeral[0] == MASK or "." in numeral
    if numeral[0].isascii():
        return True
    steps_only = not more and words["ten"] not in numeral and not set(numeral) - set(words["steps"])
    return not steps_only and unit not in words["not_after_han"] and unit not in data["count"]["arabic_only"]


def _number(numeral: str) -> float | None:
    """Return the value of an Arabic or Chinese numeral; nothing for a mask or when there is none."""
    if not numeral or MASK in numeral:
        return None
    words = knowledge("units.toml")["numerals"]
    if numeral[0].isascii():
        return float(numeral.replace(",", "").replace("，", ""))
    half = 0.5 if numeral.endswith(words["half"]) else 0.0
    total = digit = 0
    for char in numeral.removesuffix(words["half"]):
        if char in words["digits"]:
            digit = digit * 10 + words["digits"][char]
        else:
            total, digit = total + (digit or 1) * words["steps"][char], 0
    return total + digit + half


def _bound(text: str, start: int, end: int, *, more: bool) -> str:
    """Return what the words right before and behind a quantity make of it."""
    # The longest decides (不超过 over 超过); of words before and behind it the one behind (稳定在5%左右 is about).
    before, behind = text[max(0, start - BOUND_REACH) : start], text[end : end + BOUND_REACH].lstrip()
    for words, sizes, is_behind in _bound_words():
        for size in sizes:
            if said := words.get(behind[:size] if is_behind else before[-size:]):
                return said
    return "at least" if more else "exact"


@cache
def _bound_words() -> list[tuple[dict[str, str], list[int], bool]]:
    """Return the words behind a quantity, then those before it, with what they make of it and how long they are."""
    said = knowledge("units.toml")["bounds"]
    sides = [{word: name.replace("_", " ") for name in BOUNDS for word in said[f"{name}_{side}"]} for side in SIDES]
    return [(words, sorted(set(map(len, words)), reverse=True), words is sides[0]) for words in sides]


@dataclass(frozen=True, eq=False)
class Mention:
    """A quantity where a report mentions it; ``before``, ``head``, ``behind`` have quotations blanked."""

    quantity: Quantity
    sentence: int
    part: int
    section: str  # the role of its section
    horizon: str  # annual or multi-year, as its section speaks; empty where that is not known
    part_at: int  # where its part begins
    at: int  # where the sentence begins
    words: str  # the sentence
    plain: str  # the sentence folded, quotations blanked
    lead: str  # what stands before the sentence in its line: a heading
    previous: "Mention | None"  # the quantity before it in the sentence
    clause_at: int  # where its clause begins, within the sentence
    judged: str = ""  # what an analyst says became of it

    @property
    def text(self) -> str:
        """The quantity as written."""
        return self.words[self.quantity.start - self.at : self.quantity.end - self.at]

    @property
    def unit_as_written(self) -> str:
        """The unit as the text has it (％); from where it stands where numbers share one, without 多 or 余 in it."""
        unit, written = self.quantity.unit, self.text[-len(self.quantity.unit) :] if self.quantity.unit else ""
        return written if MASK in unit or (written != unit and fold(written).translate(FOLD) == unit) else unit

    @cached_property
    def before(self) -> str:
        """The sentence up to the quantity."""
        return self.plain[: self.quantity.start - self.at]

    @property
    def previous_end(self) -> int:
        """Where the quantity before it ends, within the sentence."""
        return self.previous.quantity.end - self.at if self.previous else 0

    @cached_property
    def head(self) -> str:
        """From the clause's start, or from the quantity before it, to the quantity."""
        return self.before[max(self.clause_at, self.previous_end) :]

    @cached_property
    def behind(self) -> str:
        """The sentence behind the quantity, as far as its words can reach."""
        return self.plain[self.quantity.end - self.at :][:REACH]

    @cached_property
    def tail(self) -> str:
        """To the clause's end, as written, without the words of a bound."""
        at = self.quantity.end - self.at
        return cue("bound_behind").sub("", self.words[at : at + len(TAIL_END.split(self.behind, maxsplit=1)[0])])

    @property
    def clause(self) -> str:
        """From the clause's start to the quantity, with the quantities between, as written."""
        return self.words[self.clause_at : self.quantity.start - self.at]

    @property
    def follows(self) -> bool:
        """Whether it goes on the enumeration of the mention before."""
        return bool(self.previous and self.previous_end >= self.clause_at and self.head.startswith(ENUMERATION))

    @property
    def is_next_of_row(self) -> bool:
        """Whether nothing but a conjunction parts it from the quantity before it in its clause (增长5%、6%和7%)."""
        in_clause = self.previous is not None and self.previous_end >= self.clause_at
        return in_clause and bool(_cue("row").fullmatch(self.head))

    @cached_property
    def met(self) -> bool:
        """Whether a clause right behind it says that a target was met."""
        return any(cue("met").search(clause.strip()) for clause in MET_END.split(self.behind, maxsplit=2)[:2])

    def missed(self, *, lower: bool) -> bool:
        """Whether a clause right behind it says that a target was missed; below is none where ``lower`` is better."""
        clauses = [clause.strip() for clause in MET_END.split(self.behind, maxsplit=2)[:2]]
        cues = ("missed",) if lower else ("missed", "below")
        return any(cue(name).search(clause) for name in cues for clause in clauses)

    @property
    def counts(self) -> bool:
        """Whether it is meant as a number; a Han numeral mostly is not (三个亮点)."""
        return self.quantity.masked or self.text[0].isdigit()

    @property
    def narrows(self) -> bool:
        """Whether it narrows the noun of the next quantity (年产值超1亿元的企业20家)."""
        return self.quantity.bound != "exact" and self.tail[:1].isalpha() and bool(re.search("[0-9]", self.tail))

    @cached_property
    def role(self) -> str:
        """What part the quantity plays: actual, target, rate, change, change-target, share, rank, size or other."""
        # A number that only goes on a row has the role of the one before it (分别增长5%、6%).
        if self.previous and self.is_next_of_row and self.like(self.previous):
            return self.previous.role
        return self.rule.plan if self.section == "plan" else self.rule.role

    @cached_property
    def rule(self) -> "Rule":
        """The rule that decided on the role."""
        quantity, places = self.quantity, {"before": self.before[-REACH:], "clause": self.clause}
        places |= {"head": self.head, "tail": self.tail, "behind": self.behind}
        rules = _rules_for(quantity.kind, quantity.unit, quantity.dimension, quantity.bound, self.section)
        return next(rule for rule in rules if rule.fits(places))

    @cached_property
    def is_change(self) -> bool:
        """Whether it says by how much something grew or fell, rather than where it stands (降至)."""
        points = self.quantity.dimension == RATIO and self.quantity.unit not in RATES
        return points or bool(rule("numbers.toml", "results.change_patterns").search(self.head))

    @property
    def is_fall(self) -> bool:
        """Whether it is a change downwards."""
        return self.is_change and bool(rule("numbers.toml", "results.fall_patterns").search(self.head))

    @property
    def _written(self) -> str:
        return self.words[max(self.clause_at, self.previous_end) : self.quantity.start - self.at]

    @cached_property
    def name(self) -> str:
        """What is measured: the words before the quantity, else those behind it, else the clause before."""
        earlier = strip_marker((self.lead + self.words[: self.quantity.start - self.at])[-2 * WIDER :])
        for words in (self._written, self.tail, earlier.rpartition("\n")[2].rstrip(STOPS)[-BEFORE:]):
            name = _bare(words)
            if len(name) > 1 and not (cue("bare").search(name) and self.tail and words == self._written):
                return name[-NAME:]
        return self._written.strip()

    @cached_property
    def subject(self) -> str:
        """The noun that is measured."""
        # A quantity inside the clause narrows the noun (投资超10亿元的项目14个), unless an enumeration goes on behind
        # it. Where the clause names nothing, it goes on with what the quantity before it measures, or the clause
        # before.
        previous = self.previous if self._goes_on else None
        if previous and cue("part_of").search(self.head):
            return previous.subject
        is_rate, of = self.quantity.unit in RATES, knowledge("numbers.toml")["names"]["of"]
        behind = "" if is_rate and not self.tail.startswith(of) else _noun_behind(self.tail)
        if behind and not is_generic(behind):
            return behind
        front = noun_before(self._written if self._written.startswith(ENUMERATION) else self.clause)
        if behind:
            return front + behind
        if previous and not front:
            return previous.subject if is_rate or self.like(previous) else ""
        return front or self._noun_of_the_clause_before

    @property
    def _noun_of_the_clause_before(self) -> str:
        clauses = re.split("[，,；;。：:！!？?\n]", self.lead + self.words[: self.clause_at])
        last = next((clause for clause in reversed(clauses) if clause.strip()), "")
        return "" if _cue("leads_in").search(last.lstrip()) else noun_before(last)

    @property
    def _goes_on(self) -> bool:
        """Whether no more than one stop parts it from the quantity before it."""
        return self.previous is not None and sum(char in STOPS for char in self.before[self.previous_end :]) <= 1

    @cached_property
    def indicator(self) -> str:
        """The name that tables show; empty where the text gives none."""
        name = _cue("dangling").sub("", _cue("scope").sub("", strip_marker(self.name)))
        is_name = _without_verbs(_cue("says").sub("", name)) and not re.search("[0-9]", name)
        if is_name and not _cue("open_end").search(name):
            return _cue("adverbial").sub("", name)
        noun = max((noun for noun in _words("generic") if name.endswith(noun)), key=len, default="")
        return noun or self.subject

    @property
    def phrase(self) -> str:
        """What is measured, with the words on both sides (建成 … 个口袋公园)."""
        return self.name if self.name == _bare(self.tail) else self.name + _bare(self.tail)[:PHRASE]

    def like(self, other: "Mention") -> bool:
        """Whether the two measure the same kind of thing."""
        return self.quantity.dimension == other.quantity.dimension


@lru_cache(maxsize=8)
def find_mentions(compilation: Compilation) -> dict[int, list[Mention]]:
    """Return every quantity of each report's body, in the order of the text."""
    masks, text = compilation.masks, compilation.text
    plain = plain_of(compilation.folded, zip(masks["start"].tolist(), masks["end"].tolist(), strict=True))
    stops = CLAUSE.sub(STOPS[0], plain)
    body = compilation.sentences[compilation.sentences["role"].isin(BODY_ROLES)]
    parts = zip(*(compilation.parts[name].tolist() for name in ("part", "start", "marker")), strict=True)
    marked = {part: start + len(marker) for part, start, marker in parts}
    rows: list[Any] = list(body.itertuples(index=False))
    starts = body["start"].tolist()
    of_report: dict[int, list[Mention]] = {}
    for quantity in parse_quantities(plain):
        at = bisect(starts, quantity.start) - 1
        row = rows[at]
        if at < 0 or quantity.end > row.end or quantity.start < marked[row.part]:
            continue
        mentions = of_report.setdefault(row.report, [])
        previous = mentions[-1] if mentions and mentions[-1].sentence == row.sentence else None
        if previous:
            start, words, folded, lead = previous.at, previous.words, previous.plain, previous.lead
        else:
            start = max(row.start, marked[row.part])
            words, folded = text[start : row.end], plain[start : row.end]
            lead = text[max(0, start - WIDER) : start].rpartition("\n")[2]
        clause_at = max(0, stops.rfind(STOPS[0], start, quantity.start) + 1 - start, quantity.start - start - REACH)
        place = (row.sentence, row.part, row.role, getattr(row, "horizon", ""), marked[row.part], start)
        mentions.append(Mention(quantity, *place, words, folded, lead, previous, clause_at))
    return of_report


@dataclass(frozen=True)
class Rule:
    """One rule of `numbers.toml`: the role it gives, and what has to hold of the words around a quantity."""

    name: str
    role: str
    plan: str  # the role in a plan
    tests: tuple[tuple[str, re.Pattern[str], bool], ...]  # where, what, whether it has to be found there

    def fits(self, places: Mapping[str, str]) -> bool:
        """Whether every condition holds of the words in the places around a quantity."""
        for where, words, wanted in self.tests:
            found = words.search(places[where]) is not None
            if found != wanted:
                return False
        return True


OWN = ("kind", "unit", "dimension", "bound", "section")  # conditions that need no look at the words


@cache
def _rules_for(*own: str) -> tuple[Rule, ...]:
    fitting = []
    for one in _rules():
        looks = [test for test in one.tests if test[0] in OWN]
        if all(bool(words.search(own[OWN.index(where)])) == wanted for where, words, wanted in looks):
            fitting.append(replace(one, tests=tuple(test for test in one.tests if test[0] not in OWN)))
    return tuple(fitting)


@cache
def _rules() -> list[Rule]:
    rules = []
    for entry in knowledge("numbers.toml")["roles"]:
        tests = []
        for where in (key for key in entry if key not in ("name", "role", "plan", "note")):
            words = [entry[where]] if isinstance(entry[where], str) else entry[where]
            tests.append((where.removeprefix("not_"), re.compile("|".join(words)), not where.startswith("not_")))
        rules.append(Rule(entry["name"], entry["role"], entry.get("plan", entry["role"]), tuple(tests)))
    return rules


@cache
def cue(name: str) -> re.Pattern[str]:
    """Return the compiled patterns of one list of `numbers.toml`, section `indicators`."""
    return rule("numbers.toml", f"indicators.{name}_patterns")


@cache
def _cue(name: str) -> re.Pattern[str]:
    return rule("numbers.toml", f"names.{name}_patterns")


def noun_before(words: str) -> str:
    """Return the noun that ends a stretch of text, without markers, verbs before it and what is said of it."""
    words = strip_marker(words)
    for name in ("from", "concerns"):
        words = _cue(name).sub("", words) or words
    words = re.sub('[，。；：:、\\s“”"（）()]', "", _cue("aside").sub("", words))
    words = _cue("scope").sub("", _cue("says").sub("", words))
    ends = (found.end() for found in rule("numbers.toml", "names.deeds").finditer(words))
    cut = max((end for end in ends if len(words) - end >= LEAST), default=0)
    words = _cue("says").sub("", _without_verbs(words[cut:]))
    return "" if len(words) < LEAST or _cue("open_end").search(words) else words


def _noun_behind(tail: str) -> str:
    tail = tail.lstrip().removeprefix(knowledge("numbers.toml")["names"]["of"])
    if _cue("no_noun").search(tail):
        return ""
    end = _cue("noun_end").search(tail)
    noun = re.sub(f'[“”"\\s{BLANK}]', "", tail[: end.start()] if end else tail)
    return "" if len(noun) < LEAST or _cue("open_end").search(noun) else noun


def _without_verbs(words: str) -> str:
    """Drop adverbs and verbs from the front, as long as a name is left; words made of nothing else are no name."""
    at, cut = 0, 0
    while found := _leading().match(words, at):
        at = found.end()
        if len(words) - at >= LEAST:
            cut = at
    return "" if at == len(words) or (at and not cut and len(words) - at < LEAST) else words[cut:]


def strip_marker(words: str) -> str:
    """Return words without the numbering marker before them."""
    return _cue("marker").sub("", words)


def is_generic(name: str) -> bool:
    """Whether a noun alone says too little to identify an indicator."""
    return name in _words("generic")


def _bare(words: str) -> str:
    """Return words without years, adverbs and the words of targets and results."""
    return cue("edge").sub("", cue("name_stop").sub("", words.replace(BLANK, "")))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(knowledge("numbers.toml")["names"][name])


@cache
def _leading() -> re.Pattern[str]:
    verbs = {*_words("verbs"), *_words("deed_verbs"), *knowledge("matching.toml")["items"]["work_verbs"]}
    names = knowledge("numbers.toml")["names"]
    return re.compile(f"{names['prefixes']}(?:{any_of(verbs)}){names['no_verb']}|{any_of(_words('adverbs'))}")


@cache
def governs() -> re.Pattern[str]:
    """Compile what stands right before a quantity that goes with the noun behind it: a verb, or 对 and the like."""
    verbs = any_of(knowledge("matching.toml")["items"]["work_verbs"])
    return re.compile(f"(?:{verbs}){knowledge('numbers.toml')['indicators']['perfect']}\\s*$|{cue('governs').pattern}")
