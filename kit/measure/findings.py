"""Findings: what may be said aloud of a compilation, each claim with what it rests on, and why others are not said.

A rule (`RULES`, worded in `data/findings.toml`) proposes claims from the tables of an analysis; `find_fault` says what
is wrong with one: too few sentences, an uncertain theme, one report's evidence, noise. What has none may be a title.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.measure.counts import GROUPED, SIGNIFICANT
from kit.measure.matching import overlap
from kit.measure.scoring import score_sample, uncertain_themes
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES, REVIEW_ROLES, rows_of
from kit.wording import LANGS, agency_name, half_up, named, percent, quoted, shortened, tell_apart, write

FEWEST_COUNTS = 5  # uses of a word that are no accident
FEWEST_REPORTS = 3  # of fewer one gives half of the evidence, whatever is claimed
IDEAL = 45  # characters of a sentence that is short enough to quote and long enough to say something
FIRM = 2  # words of a theme in a sentence from which on it is surely about it
SHORTEST, LONGEST, PAIRS = 20, 90, 30  # characters of a sentence that is quoted; pairs among which one is sought
STATED = ["status", "score", "report", "start", "evidence_start"]
AIM = ["bound", "value", "value_to", "unit"]
SEED, SIDES = 2023, (REVIEW_ROLES, ("plan",))
Both = Mapping[str, str]  # a word in every language


class Sentence(NamedTuple):
    """A sentence as evidence; ``words`` is how many of a theme's it holds, where a theme is asked for."""

    sentence: int
    report: int
    role: str
    start: int
    end: int
    words: int = 0


@dataclass(frozen=True)
class Claim:
    """A claim that a rule proposes: what it counts, what its template names, and what it rests on."""

    code: str
    n: int
    of: int
    says: Mapping[str, object]
    evidence: Sequence[Sentence]
    about: tuple[str, ...] = ()
    cells: Sequence[int] = ()  # sentences of each thing counted
    reports: Collection[int] = ()  # that it counts
    parted: bool = True  # whether its difference is outside the noise
    strength: float = 0.0  # 0 … 1, orders claims of one rule
    sure: bool = True  # whether the kit may accuse
    earlier: Sequence[Sentence] = ()  # of the year before
    themes: bool = False  # whether it is about themes
    names_owners: bool = False  # whether it says whose its matters are, and so speaks for nobody else
    quotes: tuple[int, ...] = ()  # sentences to quote before others
    quotes_earlier: tuple[int, ...] = ()


def find_findings(analysis: Any) -> pd.DataFrame:
    """Find what may be said of an analysis, the most worth knowing first: `tables.FINDINGS`."""
    weighed = weigh_findings(analysis)
    return weighed[weighed["fault"] == ""].drop(columns="fault").reset_index(drop=True)


def weigh_findings(analysis: Any) -> pd.DataFrame:
    """Return every claim that the rules propose, with its ``fault``; empty for what may be said."""
    rows = [_row(analysis, claim) for rule in RULES for claim in rule(analysis)]
    rows.sort(key=itemgetter("interest"), reverse=True)
    return tables.make(rows, tables.FINDINGS).assign(fault=pd.Series([row["fault"] for row in rows], dtype="str"))


def _row(analysis: Any, claim: Claim) -> dict:
    rule = knowledge("findings.toml")["rules"][claim.code]
    authors = knowledge("labels.toml")["authors"][authors_of(analysis.compilation)]
    forms = {lang: rule.get(f"{lang}_all", rule[lang]) if claim.n == claim.of else rule[lang] for lang in LANGS}
    says = {**authors, **claim.says, "n": claim.n, "of": claim.of}
    said = {lang: write(forms[lang], lang, **_in(lang, says)) for lang in LANGS}
    caveat = rule.get("caveat", dict.fromkeys(LANGS, ""))
    told = {"n": claim.n, "of": claim.of, "about": " ".join(claim.about)}
    told |= {"about_reports": " ".join(map(str, sorted(claim.reports)))}
    told |= {"support": len(claim.evidence) + len(claim.earlier), "evidence": _quotable(claim.evidence, claim.quotes)}
    told |= {"evidence_earlier": _quotable(claim.earlier, claim.quotes_earlier)}
    told |= {"interest": rule["interest"] + min(max(claim.strength, 0.0), 0.99), "fault": find_fault(analysis, claim)}
    words = {"claim": said["zh"], "claim_en": said["en"][:1].upper() + said["en"][1:]}
    return told | words | {"code": claim.code, "stem": rule["stem"], "caveat": caveat["zh"], "caveat_en": caveat["en"]}


def _limit(name: str) -> float:
    return knowledge("findings.toml")["limits"][name]


def _in(lang: str, values: Mapping[str, object]) -> dict[str, object]:
    return {name: value[lang] if isinstance(value, Mapping) else value for name, value in values.items()}


@lru_cache(maxsize=8)
def authors_of(compilation: Compilation) -> str:
    """Return what the authors of the reports are: ``groups``, ``places`` (all are governments of one), ``agencies``."""
    if GROUPED in compilation.sources["format"].tolist():
        return "groups"
    authors = rows_of(compilation.counted, "sector", "agency", "place")  # 国务院 is a government of no place
    return "places" if all(sector == "government" and name == place for sector, name, place in authors) else "agencies"


def find_fault(analysis: Any, claim: Claim) -> str:
    """Return why a claim may not be made; empty when it may."""
    limits, reports = knowledge("findings.toml")["limits"], len(analysis.compilation.counted)
    weights = Counter(one.report for one in claim.earlier or claim.evidence)
    is_one = max(weights.values(), default=0) >= limits["report"] * weights.total() and len(set(claim.reports)) != 1
    faults = {
        "no evidence": not weights,
        "one sentence": min(claim.cells, default=limits["sentences"]) < limits["sentences"],
        "uncertain theme": claim.themes and bool(uncertain_themes() & set(claim.about)),
        "one report": reports >= FEWEST_REPORTS and is_one and not claim.names_owners,
        "noise": not claim.parted,
        "not sure": not claim.sure,
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")


# ---- Evidence and noise ----


def _quotable(sentences: Sequence[Sentence], first: Sequence[int] = ()) -> str:
    """Choose sentences to quote: of a good length, from different reports where there are some."""
    best: dict[int, int] = {}
    for one in sorted(sentences, key=_fitness):
        best.setdefault(one.report, one.sentence)
    chosen = dict.fromkeys([*first, *best.values(), *_numbers(sentences)])
    return " ".join(map(str, list(chosen)[: int(_limit("quoted"))]))


def _fitness(one: Sentence) -> tuple[int, int, int]:  # the smaller the fitter to quote: full of a theme, not long
    return -one.words, abs(one.end - one.start - IDEAL), one.start


def _numbers(sentences: Iterable[Sentence]) -> tuple[int, ...]:
    return tuple(one.sentence for one in sentences)


@lru_cache(maxsize=8)
def _sentences(compilation: Compilation) -> list[Sentence]:
    """Return the sentences as values: rules go over a few of them many times, which tables are slow at."""
    return [Sentence(*row) for row in rows_of(compilation.sentences, *Sentence._fields[:-1])]


@lru_cache(maxsize=8)
def _of_roles(compilation: Compilation, roles: tuple[str, ...]) -> list[Sentence]:  # sentences that count
    reports, yearly = (set(table.iloc[:, 0].tolist()) for table in (compilation.counted, compilation.yearly))
    counted = (one for one in _sentences(compilation) if one.report in reports and one.role in roles)
    return [one for one in counted if one.sentence in yearly]


def _at(analysis: Any, starts: Iterable[int]) -> list[Sentence]:
    """Return the sentences in which offsets stand, each once."""
    return sorted(set(_around(analysis, (start for start in starts if pd.notna(start)))))


def _around(analysis: Any, starts: Iterable[int]) -> Iterator[Sentence]:  # the sentence of each offset
    sentences = _sentences(analysis.compilation)
    return (sentences[bisect_right(sentences, start, key=attrgetter("start")) - 1] for start in starts)


def _by_theme(analysis: Any) -> dict[str, list[Sentence]]:
    """Return the sentences that have a theme, by theme, and how many of its ``words``."""
    own = {theme for entry in analysis.codebook.entries if entry.own for theme in entry.themes}
    counted = {one.sentence: one for one in _of_roles(analysis.compilation, BODY_ROLES)}
    hits = [hit for hit in rows_of(analysis.hits, "sentence", "theme", "term", "because") if hit[0] in counted]
    words = Counter((theme, sentence) for sentence, theme, _ in {hit[:3] for hit in hits})
    firm = {(theme, sentence) for sentence, theme, _, because in hits if theme in own and not because}
    found = defaultdict(list)
    for theme, sentence in sorted(words):  # what the author of a word says is firm
        n = FIRM if (theme, sentence) in firm else min(words[theme, sentence], FIRM + 1)
        found[theme].append(counted[sentence]._replace(words=n))
    return found


def _strongest(*sides: Sequence[Sentence]) -> tuple[int, ...]:
    """Return a sentence of each side to quote: with most words of the theme, of one report where both have one."""
    chosen: list[Sentence] = []
    reports = set.intersection(*({one.report for one in side} for side in sides))
    for side in sides:
        own = [one for one in side if one.report in reports] if reports else side
        chosen += sorted(own, key=_fitness)[:1]
        reports = reports and {chosen[0].report}
    return _numbers(chosen)


def _resample(values: np.ndarray, *, seed: int = SEED) -> np.ndarray:
    """Return sums of what is counted in sentences, which are drawn anew so many times."""
    rows, times = np.unique(values, return_counts=True)
    draws = np.random.default_rng(seed).multinomial(times.sum(), times / times.sum(), int(_limit("resamples")))
    return draws @ rows


def _holds(differences: np.ndarray) -> bool:  # whether a difference keeps its sign in nearly all resamples
    return bool((differences > 0).mean() >= _limit("level"))


# ---- Words ----


def strongest(keyness: pd.DataFrame, per_side: int) -> list[pd.DataFrame]:
    """Return the words that set the reference apart, and those of the focus, the largest abs(z) first."""
    # They are no accident of chance, of rarity, or of a single report (of a side that has several).
    sides = []
    z = keyness["z"].to_numpy()
    for sign, used, by in ((-1, "n_reference", "n_reports_reference"), (1, "n", "n_reports")):
        reports, surely = keyness[by].to_numpy(), (sign * z > SIGNIFICANT) & (keyness[used] >= FEWEST_COUNTS).to_numpy()
        rows = np.flatnonzero(surely & ((reports > 1) | (reports.max(initial=0) <= 1)))
        sides.append(keyness.iloc[rows[np.argsort(-abs(z[rows]), kind="stable")][:per_side]])
    return sides


def _of_words(analysis: Any) -> Iterator[Claim]:
    """Claim which words set plans and reviews apart."""
    sides = [side[side["z"].abs() >= _limit("z")]["term"].tolist() for side in strongest(analysis.keyness, 10)]
    terms = {term for side in sides for term in side}
    uses = Counter(use for use in rows_of(analysis.tokens, "term", "sentence") if use[0] in terms)
    chosen: list[list[str]] = []
    found: list[list[Sentence]] = []
    for side, (own, other) in zip(sides, (SIDES, SIDES[::-1]), strict=True):
        fair = (term for term in side if _sets_apart(analysis, uses, term, own, other))
        chosen.append(list(islice(fair, int(_limit("named")))))
        using = {sentence for term, sentence in uses if term in chosen[-1]}
        found.append([one for one in _of_roles(analysis.compilation, own) if one.sentence in using])
    theirs, ours = chosen
    code = "keyness_both" if theirs and ours else "keyness_plan" if ours else "keyness_review" if theirs else ""
    if code:
        keyness, names = analysis.keyness, ("theirs", "ours")
        n, n_reference = keyness.loc[keyness["term"].isin([*theirs, *ours]), ["n", "n_reference"]].sum().tolist()
        says = {name: {lang: quoted(words, lang) for lang in LANGS} for name, words in zip(names, chosen, strict=True)}
        quotes, evidence = _strongest(*filter(None, found)), [*found[1], *found[0]]
        yield Claim(code, n, n + n_reference, says, evidence, (*theirs, *ours), quotes=quotes)


def _sets_apart(analysis: Any, uses: Counter, term: str, own: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a word's rate is surely higher on one side, and no report gives half of its uses there."""
    sides = [_of_roles(analysis.compilation, roles) for roles in (own, other)]
    if not all(sides):
        return False
    here, there = (np.array([uses[term, one.sentence] for one in side]) for side in sides)
    higher = _holds(_resample(here) / len(here) - _resample(there, seed=SEED + 1) / len(there))
    weights = Counter(one.report for one in sides[0] if uses[term, one.sentence])
    few = len(analysis.compilation.counted) < FEWEST_REPORTS
    return higher and (few or max(weights.values(), default=0) < _limit("report") * weights.total())


def _agency(analysis: Any, report: int) -> Both:
    """Return an agency's name as figures show it: with its place or its report's number, where another has the same."""
    counted = dict(rows_of(analysis.compilation.counted, "report", "place"))
    reports = rows_of(analysis.compilation.reports, "report", "agency", "place", "sector")
    rows = [row for row in reports if row[0] == report or row[0] in counted]
    places = {number: place for number, _, place, _ in rows} if len(set(counted.values())) > 1 else {}
    called = {lang: [(number, agency_name(name, lang, sector)) for number, name, _, sector in rows] for lang in LANGS}
    at = [number for number, *_ in rows].index(report)
    return {lang: tell_apart(names, places, lang)[at] for lang, names in called.items()}


# ---- Themes ----


def _theme(analysis: Any, key: str) -> Both:
    names = {lang: {theme.key: getattr(theme, lang) for theme in analysis.codebook.themes} for lang in LANGS}
    return {lang: named([key], names[lang], lang) for lang in LANGS}


def _of_themes(analysis: Any) -> Iterator[Claim]:
    """Claim which themes most authors share, and which of these in both review and plan."""
    found, totals = _by_theme(analysis), analysis.theme_totals
    whole, codes = totals[totals["of_sentences"] > 0], ("themes_all", "themes_shared")
    yield from _shared(analysis, found, whole, (BODY_ROLES,), codes)
    yield from _shared(analysis, found, _two_sided(analysis), SIDES, ("coverage_kept", "coverage_kept"))


def _two_sided(analysis: Any) -> pd.DataFrame:
    """Return the coverage of the reports that have both a review and a plan."""
    sides = analysis.coverage
    return sides[(sides["of_review_sentences"] > 0) & (sides["of_plan_sentences"] > 0)]


def _shared(analysis: Any, found: Mapping, table: pd.DataFrame, sides: Sequence, codes: Sequence) -> Iterator[Claim]:
    """Claim the themes that most authors write of, on every side in two firm sentences or more; of all, or of some."""
    known, (reports, themes) = knowledge("findings.toml"), (table[one].unique().tolist() for one in ("report", "theme"))
    # A government's report speaks of everything.
    if len(reports) < FEWEST_REPORTS or authors_of(analysis.compilation) == "places":
        return
    fair = [theme for theme in themes if theme not in {*known["commonplace"], *uncertain_themes()}]
    shared: dict[str, dict[int, int]] = {}  # sentences on the weakest side, by theme and report
    evidence: dict[str, list[Sentence]] = {}
    for theme in fair:
        # two words of a theme: one may stand in passing (村规民约, 茶园社区)
        firm = [one for one in found.get(theme, ()) if one.report in reports and one.words >= FIRM]
        has = [[one for one in firm if one.role in roles] for roles in sides]
        counts = [Counter(one.report for one in side) for side in has]
        cells = {report: min(count[report] for count in counts) for report in reports}
        shared[theme] = {report: n for report, n in cells.items() if n >= known["limits"]["sentences"]}
        evidence[theme] = [one for side in has for one in side if one.report in shared[theme]]
    n = max(map(len, shared.values()), default=0)
    most = [theme for theme in fair if len(shared[theme]) == n]
    # So many themes that all share say nothing of any of them.
    if len(most) > known["limits"]["named"] or n <= known["limits"]["most"] * len(reports):
        return
    for theme in most:
        own, said = shared[theme], {"theme": _theme(analysis, theme)}
        yield Claim(codes[n < len(reports)], n, len(reports), said, evidence[theme], (theme,),
                    list(own.values()), set(own), themes=True, strength=n / len(reports))  # fmt: skip


def _of_attention(analysis: Any) -> Iterator[Claim]:
    """Claim the themes to which most plans give more room than the review, or less."""
    limits, found, by_theme = knowledge("findings.toml")["limits"], _by_theme(analysis), defaultdict(list)
    for row in _two_sided(analysis).itertuples(index=False):
        by_theme[row.theme].append(row)
    for theme, own in by_theme.items():
        shift = float(np.mean([row.shift_points for row in own]))
        way, side = ("up", "plan") if shift > 0 else ("down", "review")
        moved = [(row.report, getattr(row, f"{side}_sentences")) for row in own if row.shift_points * shift > 0]
        moved = [(report, n) for report, n in moved if n >= limits["sentences"]]
        if abs(shift) < limits["points"] or len(moved) <= limits["most"] * len(own):
            continue
        is_one, reports = len(own) == 1, {report for report, _ in moved}
        says = {"theme": _theme(analysis, theme), "points": f"{half_up(abs(shift), 1)}", "year": _planned(analysis)}
        says |= {side: percent(getattr(own[0], f"{side}_share"), decimals=1) for side in ("review", "plan") if is_one}
        has = [one for one in found.get(theme, ()) if one.report in reports]
        review, plan = ([one for one in has if one.role in roles] for roles in SIDES)
        code, evidence = f"attention_{'own_' * is_one}{way}", plan if shift > 0 else review
        claim = Claim(code, len(moved), len(own), says, evidence, (theme,), [n for _, n in moved], reports, themes=True)
        parted, quotes = _holds(np.sign(shift) * _shifts(own)), _strongest(review, plan)
        yield replace(claim, parted=parted, strength=abs(shift) / 100, quotes=quotes)


def _planned(analysis: Any) -> Both:
    """Name the year of the plans where the years before are told of, too: what rises in a plan may fall over years."""
    form, years = knowledge("findings.toml")["planned"], analysis.compilation.counted["plan_period"].dropna().unique()
    return {lang: form[lang].format(year=years[0]) * (len(years) == 1 < len(analysis.years)) for lang in LANGS}


def _shifts(own: Sequence[Any]) -> np.ndarray:
    """Return the mean shift of a theme in resamples of each report's sentences."""
    draw, size = np.random.default_rng(SEED).binomial, int(_limit("resamples"))
    sums = np.zeros(size)
    for row in own:
        plan = draw(row.of_plan_sentences, row.plan_share, size) / row.of_plan_sentences
        sums += plan - draw(row.of_review_sentences, row.review_share, size) / row.of_review_sentences
    return sums / len(own)


# ---- Commitments ----


@cache
def _precision(measure: str, status: str) -> float:  # how often a status is right on the sample
    scores = score_sample(measure).set_index("scored")["precision"]
    return float(scores.get(status, 0.0))


def _of_statuses(analysis: Any) -> Iterator[Claim]:
    """Claim how many plan items continue this year's work, and how many have no counterpart in the review."""
    best = analysis.matches.drop_duplicates("item")
    starts = best["item"].map(dict(rows_of(analysis.items, "item", "start")))
    items = best[best["report"].isin(analysis.compilation.counted["report"])].assign(start=starts)
    sure = _precision("continuity", "new") >= _limit("sure")
    yield from _stated(analysis, items, {"statuses_continued": ("continued", True), "statuses_new": ("new", sure)})


def _of_fulfilment(analysis: Any) -> Iterator[Claim]:
    """Claim how many of last year's promises are reported, and how many are not mentioned."""
    if analysis.earlier is None:
        return
    found = analysis.fulfilment.drop_duplicates("item")
    items = found[~found["link"].isin(["doubtful", "none"]) & ~found["status"].isin(["general", "no report"])]
    sure = _precision("fulfilment", "not mentioned") >= _limit("sure")
    codes = {"fulfilment_reported": ("reported", True), "fulfilment_silent": ("not mentioned", sure)}
    yield from _stated(analysis, items, codes, earlier=analysis.earlier)


def _stated(analysis: Any, items: pd.DataFrame, codes: Mapping[str, tuple], *, earlier: Any = None) -> Iterator[Claim]:
    """Claim how many items have a status; the pair to quote is the surest of an item and what answers it."""
    rows = list(items[STATED].sort_values("score", ascending=False, kind="stable").itertuples(index=False))
    for code, (status, sure) in codes.items():
        own = [row for row in rows if row.status == status]
        if not own:
            continue
        answered = [one for one in own if status in ("continued", "reported") and pd.notna(one.evidence_start)]
        promised = _at(earlier or analysis, (one.start for one in own))
        pair = _pair(earlier or analysis, analysis, answered)
        claim = Claim(code, len(own), len(items), {"share": percent(len(own) / len(items))}, promised, (status,),
                      reports={one.report for one in own}, sure=sure, strength=len(own) / len(items),
                      quotes=pair)  # fmt: skip
        if earlier is not None:
            answers = _at(analysis, (one.evidence_start for one in answered))
            claim = replace(claim, evidence=answers, earlier=promised, quotes=pair[1:], quotes_earlier=pair[:1])
        yield claim


def _pair(promising: Any, answering: Any, answered: Sequence[Any]) -> tuple[int, ...]:
    """Return a promise and its answer, of the surest those in like words that are fit to quote: no heading, no list."""
    alike: dict[tuple[int, ...], float] = {}
    promises = _around(promising, (one.start for one in answered[:PAIRS]))
    answers = _around(answering, (one.evidence_start for one in answered[:PAIRS]))
    for one, other in zip(promises, answers, strict=True):
        promise = promising.compilation.text[one.start : one.end]
        answer = answering.compilation.text[other.start : other.end]
        if all(SHORTEST <= len(text) <= LONGEST for text in (promise, answer)):
            alike[one.sentence, other.sentence] = overlap(promise, answer)
    return max(alike, key=alike.__getitem__, default=())


def _of_targets(analysis: Any) -> Iterator[Claim]:
    """Claim how many targets with an actual were met, and which were not; estimates count, as what they are."""
    counted = set(analysis.compilation.counted["report"].tolist())
    rows = analysis.targets.dropna(subset=["target", "actual"]).itertuples(index=False)
    known = [row for row in rows if row.report in counted]
    met, missed = ([row for row in known if row.met == is_met] for is_met in (True, False))
    if not met:
        return
    owners = sorted({row.report for row in known})
    agencies = {report: _agency(analysis, report) for report in owners}
    whose: Both = dict.fromkeys(LANGS, "")
    if len(owners) == 1 < len(analysis.compilation.counted):
        whose = {"zh": agencies[owners[0]]["zh"], "en": f": {agencies[owners[0]]['en']}"}
    names = [dict.fromkeys(LANGS, row.indicator) for row in missed]
    said = _missed([agencies[row.report] for row in missed], names, expected=[row.forecast for row in missed])
    first = (missed or met)[0]
    evidence = _at(analysis, (start for row in known for start in (row.start, row.actual_start)))
    yield Claim("targets_some" if missed else "targets_all", len(met), len(known),
                {"whose": whose, "missed": said}, evidence, tuple(row.indicator for row in known), [len(evidence)],
                reports=owners, strength=len(known) / 100,
                quotes=_numbers(_at(analysis, (first.start, first.actual_start))), names_owners=True)  # fmt: skip


def _missed(owners: Sequence[Both], indicators: Sequence[Both], *, expected: Sequence[bool]) -> Both:
    """Name targets that were missed, the first of more: whose they are, and which results are estimates."""
    forms = [knowledge("findings.toml")["missed"]["expected" if one else "one"] for one in expected]
    return {
        lang: shortened([form[lang].format(owner=owner[lang], indicator=indicator[lang]).strip()
                         for form, owner, indicator in zip(forms, owners, indicators, strict=True)], lang)
        for lang in LANGS
    }  # fmt: skip


# ---- Headline targets ----


def _headline(key: str) -> Both:
    headline = knowledge("headlines.toml")["headline"].get(key, {})
    return {lang: headline.get(lang, "") for lang in LANGS}


def _of_headlines(analysis: Any) -> Iterator[Claim]:
    """Claim which headline targets were met; of one year what is aimed at, as the figure shows it."""
    if analysis.earlier:  # of more than two years the figure of all of them says it
        yield from _met(analysis) if len(analysis.years) == 2 else ()  # noqa: PLR2004
        return
    numbers = _known(analysis.headline_numbers).drop_duplicates(["report", "headline", "side"])
    numbers = numbers[numbers["report"].isin(analysis.compilation.counted["report"])]
    aims = numbers[(numbers["side"] == "target") & numbers["value"].notna()]
    for key, own in aims.groupby("headline", sort=False):
        if len(own) >= FEWEST_REPORTS:
            yield from _aims(analysis, key, own)
        elif len(analysis.compilation.counted) == 1:
            yield from _own(analysis, key, own, numbers)


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of headlines that have a name, no other goal of a plan."""
    return rows[rows["headline"].isin(knowledge("headlines.toml")["headline"])]


def _met(analysis: Any) -> Iterator[Claim]:
    """Claim how many headline targets were met, and which were not; of one indicator alone, by how many authors."""
    whole = list(_known(analysis.headlines).itertuples(index=False))
    rows = [row for row in whole if row.number_verdict in ("met", "missed") and not row.forecast]
    met, missed = ([row for row in rows if row.number_verdict == verdict] for verdict in ("met", "missed"))
    if len(rows) < FEWEST_REPORTS or not met:
        return
    key = rows[0].headline if len({row.headline for row in rows}) == 1 else ""
    several = len({row.report for row in whole}) > 1
    owners = [_agency(analysis.earlier, row.report) if several else _headline("") for row in missed]
    names = [_headline("" if key else row.headline) for row in missed]
    says = {"headline": _headline(key), "aims": len(whole),
            "missed": _missed(owners, names, expected=[False] * len(names))}  # fmt: skip
    first, answers = (missed or met)[0], _at(analysis, (row.actual_start for row in rows))
    yield Claim("headlines_one" if key else "headlines_met", len(met), len(rows), says, answers,
                (key,) if key else (), reports={row.report for row in rows}, strength=len(rows) / 1000,
                earlier=_at(analysis.earlier, (row.start for row in rows)),
                quotes=_numbers(_at(analysis, [first.actual_start])),
                quotes_earlier=_numbers(_at(analysis.earlier, [first.start])))  # fmt: skip


def _aims(analysis: Any, key: str, own: pd.DataFrame) -> Iterator[Claim]:
    """Claim the target that most authors name, where no other is named as often."""
    said = pd.Series([aim(*row)["en"] for row in own[AIM].itertuples(index=False)], own.index)
    alike, years = own[said == said.mode().iloc[0]], own["year"].dropna().unique()
    if len(said.mode()) == len(years) == 1 and len(alike) >= FEWEST_REPORTS:
        says = {"headline": _headline(key), "value": aim(*alike[AIM].iloc[0]), "year": str(years[0])}
        yield Claim("headlines_aims", len(alike), len(own), says, _at(analysis, alike["start"]), (key,),
                    reports=set(alike["report"]), strength=len(alike) / 1000)  # fmt: skip


def _own(analysis: Any, key: str, own: pd.DataFrame, numbers: pd.DataFrame) -> Iterator[Claim]:
    """Claim what a single government aims at, and what it reached before, under the same name."""
    row = own.iloc[0]
    done = numbers[(numbers["side"] == "result") & numbers["value"].notna() & ~numbers["forecast"]]
    alike = done[(done[["headline", "name", "unit"]] == row[["headline", "name", "unit"]]).all(axis=1)]
    for result in alike.head(1).itertuples():
        says = {"headline": _headline(key), "value": aim(*row[AIM]), "year": str(row["year"]),
                "before": str(result.year), "result": f"{result.value:g}{result.unit}"}  # fmt: skip
        evidence = _at(analysis, (row["start"], result.start))
        yield Claim("headlines_own", 1, 1, says, evidence, (key,), [len(evidence)], {int(row["report"])})


def aim(bound: str, target: float, target_to: float, unit: str) -> Both:
    """Write a target with its bound."""
    bounds = knowledge("findings.toml")["bounds"]
    value, to = (f"{number:g}{unit}" if pd.notna(number) else "" for number in (target, target_to))
    return {lang: bounds.get(bound, bounds["exact"])[lang].format(value=value, to=to) for lang in LANGS}


RULES = (_of_headlines, _of_fulfilment, _of_attention, _of_targets, _of_statuses, _of_words, _of_themes)
