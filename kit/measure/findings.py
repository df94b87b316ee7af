"""Findings: what may be said aloud of a compilation, each claim with what it rests on, and why others are not said.

A rule (`RULES`, worded in `data/findings.toml`) proposes claims from the tables of an analysis; `find_fault` says what
is wrong with one: too few sentences, an uncertain theme, one report's evidence, noise. What has none may be a title.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.measure.counts import GROUPED, SIGNIFICANT
from kit.measure.matching import overlap
from kit.measure.scoring import score_sample, uncertain_themes
from kit.read.compilation import Compilation
from kit.tables import BODY_ROLES, REVIEW_ROLES
from kit.wording import LANGS, agency_name, half_up, named, percent, quoted, shortened, tell_apart, write

FEWEST_COUNTS = 5  # uses of a word that are no accident
FEWEST_REPORTS = 3  # of fewer one gives half of the evidence, whatever is claimed
IDEAL = 45  # characters of a sentence that is short enough to quote and long enough to say something
FIRM = 2  # words of a theme in a sentence from which on it is surely about it
SHORTEST, LONGEST, PAIRS = 20, 90, 30  # characters of a sentence that is quoted; pairs among which one is sought
AIM = ["bound", "value", "value_to", "unit"]
SEED, PLAN = 2023, ("plan",)
Both = Mapping[str, str]  # a word in every language


@dataclass(frozen=True)
class Claim:
    """A claim that a rule proposes: what it counts, what its template names, and what it rests on."""

    code: str
    n: int
    of: int
    says: Mapping[str, object]
    evidence: pd.DataFrame  # sentences: `sentence, report, start, end`
    about: tuple[str, ...] = ()
    cells: Sequence[int] = ()  # sentences of each thing counted
    reports: Collection[int] = ()  # that it counts
    parted: bool = True  # whether its difference is outside the noise
    strength: float = 0.0  # 0 … 1, orders claims of one rule
    sure: bool = True  # whether the kit may accuse
    earlier: pd.DataFrame | None = None  # sentences of the year before
    themes: bool = False  # whether it is about themes
    names_owners: bool = False  # whether it says whose its matters are, and so speaks for nobody else
    quotes: tuple[int, ...] = ()  # sentences to quote before others
    quotes_earlier: tuple[int, ...] = ()

    @property
    def weights(self) -> pd.Series:
        """Sentences by report."""
        whole = self.evidence if self.earlier is None else self.earlier
        return whole["report"].value_counts()


def find_findings(analysis: Any) -> pd.DataFrame:
    """Find what may be said of an analysis, the most worth knowing first: `tables.FINDINGS`."""
    weighed = weigh_findings(analysis)
    return weighed[weighed["fault"] == ""].drop(columns="fault").reset_index(drop=True)


def weigh_findings(analysis: Any) -> pd.DataFrame:
    """Return every claim that the rules propose, with its ``fault``; empty for what may be said."""
    rows = [_row(analysis, claim) for rule in RULES for claim in rule(analysis)]
    found = tables.make(rows, tables.FINDINGS).assign(fault=pd.Series([row["fault"] for row in rows], dtype="str"))
    return found.sort_values("interest", ascending=False, kind="stable", ignore_index=True)


def _row(analysis: Any, claim: Claim) -> dict:
    rule = knowledge("findings.toml")["rules"][claim.code]
    authors = knowledge("labels.toml")["authors"][authors_of(analysis.compilation)]
    forms = {lang: rule.get(f"{lang}_all", rule[lang]) if claim.n == claim.of else rule[lang] for lang in LANGS}
    said = {
        lang: write(forms[lang], lang, **_in(lang, authors) | _in(lang, claim.says), n=claim.n, of=claim.of)
        for lang in LANGS
    }
    caveat = rule.get("caveat", dict.fromkeys(LANGS, ""))
    told = {"n": claim.n, "of": claim.of, "about": " ".join(claim.about)}
    told |= {"about_reports": " ".join(map(str, sorted(claim.reports)))}
    told |= {"support": len(claim.evidence) + (0 if claim.earlier is None else len(claim.earlier))}
    told |= {"evidence": _quotable(claim.evidence, claim.quotes)}
    told |= {"evidence_earlier": "" if claim.earlier is None else _quotable(claim.earlier, claim.quotes_earlier)}
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
    if GROUPED in set(compilation.sources["format"]):
        return "groups"
    reports = compilation.counted  # 国务院 is a government of no place
    is_place = (reports["sector"] == "government") & (reports["agency"] == reports["place"])
    return "places" if is_place.all() else "agencies"


def find_fault(analysis: Any, claim: Claim) -> str:
    """Return why a claim may not be made; empty when it may."""
    limits, reports = knowledge("findings.toml")["limits"], len(analysis.compilation.counted)
    weights = claim.weights
    faults = {
        "no evidence": not len(weights),
        "one sentence": min(claim.cells, default=limits["sentences"]) < limits["sentences"],
        "uncertain theme": claim.themes and bool(uncertain_themes() & set(claim.about)),
        "one report": reports >= FEWEST_REPORTS and weights.max() >= limits["report"] * weights.sum()
        and len(set(claim.reports)) != 1 and not claim.names_owners,
        "noise": not claim.parted,
        "not sure": not claim.sure,
    }  # fmt: skip
    return next((fault for fault, is_so in faults.items() if is_so), "")


# ---- Evidence and noise ----


def _quotable(sentences: pd.DataFrame, first: Sequence[int] = ()) -> str:
    """Choose sentences to quote: of a good length, from different reports where there are some."""
    columns = [sentences[name].tolist() for name in ("sentence", "report", "start", "end")]
    words = sentences["words"].tolist() if "words" in sentences else [0] * len(sentences)
    rows = sorted(zip(words, *columns, strict=True), key=lambda row: (-row[0], abs(row[4] - row[3] - IDEAL), row[3]))
    best: dict[int, int] = {}
    for _, sentence, report, *_ in rows:
        best.setdefault(report, sentence)
    chosen = [*first, *best.values(), *columns[0]]
    return " ".join(map(str, list(dict.fromkeys(chosen))[: int(_limit("quoted"))]))


def _at(analysis: Any, starts: pd.Series) -> pd.DataFrame:
    """Return the sentences in which offsets stand, each once."""
    return analysis.compilation.sentences.iloc[np.unique(_rows(analysis, starts.dropna()))]


def _rows(analysis: Any, starts: pd.Series) -> np.ndarray:  # of the sentences in which offsets stand
    return np.searchsorted(analysis.compilation.sentences["start"], starts.to_numpy(dtype="int64"), side="right") - 1


def _by_theme(analysis: Any) -> pd.DataFrame:
    """Return the sentences on the year that have themes, by theme, and how many of its ``words``."""
    hits = analysis.hits[["theme", "sentence", "term", "because"]]
    words = hits.drop_duplicates(["theme", "sentence", "term"]).groupby(["theme", "sentence"]).size()
    own = {theme for entry in analysis.codebook.entries if entry.own for theme in entry.themes}
    said = hits[hits["theme"].isin(own) & (hits["because"] == "")]
    words.loc[pd.MultiIndex.from_frame(said[["theme", "sentence"]])] = FIRM  # what the author of a word says is firm
    return words.clip(upper=FIRM + 1).rename("words").reset_index().merge(analysis.compilation.yearly, on="sentence")


def _strongest(*sides: pd.DataFrame) -> tuple[int, ...]:
    """Return a sentence of each side to quote: with most words of the theme, of one report where both have one."""
    chosen: list[Any] = []
    reports = set.intersection(*(set(side["report"]) for side in sides))
    for side in sides:
        own: list[Any] = list(side[["sentence", "report", "start", "end", "words"]].itertuples(index=False))
        own = [one for one in own if one.report in reports] if reports else own
        chosen += sorted(own, key=lambda one: (-one.words, abs(one.end - one.start - IDEAL), one.start))[:1]
        reports = reports and {chosen[0].report}
    return tuple(one.sentence for one in chosen)


def _resample(values: np.ndarray, *, seed: int = SEED) -> np.ndarray:
    """Return sums of what is counted in sentences, which are drawn anew so many times."""
    rows, times = np.unique(values, return_counts=True)
    draws = np.random.default_rng(seed).multinomial(times.sum(), times / times.sum(), int(_limit("resamples")))
    return draws @ rows


def _holds(differences: np.ndarray) -> bool:  # whether a difference keeps its sign in nearly all resamples
    return bool((differences > 0).mean() >= _limit("level"))


def _per_sentence(analysis: Any, term: str, roles: tuple[str, ...]) -> np.ndarray:
    # how often a term stands in each sentence of some roles
    uses = analysis.tokens.loc[analysis.tokens["term"] == term, "sentence"].value_counts()
    return uses.reindex(_of_roles(analysis.compilation, roles)["sentence"], fill_value=0).to_numpy()


def _using(analysis: Any, terms: Collection[str], roles: tuple[str, ...]) -> pd.DataFrame:
    """Return the sentences of some roles with a term."""
    counted, tokens = _of_roles(analysis.compilation, roles), analysis.tokens
    return counted[counted["sentence"].isin(tokens.loc[tokens["term"].isin(terms), "sentence"])]


@lru_cache(maxsize=8)
def _of_roles(compilation: Compilation, roles: tuple[str, ...]) -> pd.DataFrame:  # sentences that count
    sentences = compilation.yearly
    return sentences[sentences["report"].isin(compilation.counted["report"]) & sentences["role"].isin(roles)]


# ---- Words ----


def strongest(keyness: pd.DataFrame, per_side: int) -> list[pd.DataFrame]:
    """Return the words that set the reference apart, and those of the focus, the largest abs(z) first."""
    # They are no accident of chance, of rarity, or of a single report (of a side that has several).
    sides = []
    for sign, used, by in ((-1, "n_reference", "n_reports_reference"), (1, "n", "n_reports")):
        side = keyness[(sign * keyness["z"] > SIGNIFICANT) & (keyness[used] >= FEWEST_COUNTS)]
        side = side[side[by] > 1] if keyness[by].max() > 1 else side
        sides.append(side.loc[side["z"].abs().sort_values(ascending=False, kind="stable").index].head(per_side))
    return sides


def _of_words(analysis: Any) -> Iterator[Claim]:
    """Claim which words set plans and reviews apart."""
    chosen: list[list[str]] = []
    sides = (REVIEW_ROLES, PLAN), (PLAN, REVIEW_ROLES)
    for side, (own, other) in zip(strongest(analysis.keyness, 10), sides, strict=True):
        clear = side[side["z"].abs() >= _limit("z")]
        fair = (term for term in clear["term"] if _sets_apart(analysis, term, own, other))
        chosen.append([term for term, _ in zip(fair, range(int(_limit("named"))), strict=False)])
    theirs, ours = chosen
    code = "keyness_both" if theirs and ours else "keyness_plan" if ours else "keyness_review" if theirs else ""
    if code:
        rows = analysis.keyness.set_index("term").loc[[*theirs, *ours]]
        says = {name: _quoted(words) for name, words in (("theirs", theirs), ("ours", ours)) if words}
        used = ((theirs, REVIEW_ROLES), (ours, PLAN))
        found = [_using(analysis, words, roles).assign(words=1) for words, roles in used]
        evidence = pd.concat(found[::-1])
        yield Claim(code, int(rows["n"].sum()), int(rows[["n", "n_reference"]].to_numpy().sum()), says,
                    evidence, (*theirs, *ours), quotes=_strongest(*filter(len, found)))  # fmt: skip


def _sets_apart(analysis: Any, term: str, own: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a word's rate is surely higher on one side, and no report gives half of its uses there."""
    here, there = (_per_sentence(analysis, term, roles) for roles in (own, other))
    if not (len(here) and len(there)):
        return False
    higher = _holds(_resample(here) / len(here) - _resample(there, seed=SEED + 1) / len(there))
    weights = _using(analysis, [term], own)["report"].value_counts()
    few = len(analysis.compilation.counted) < FEWEST_REPORTS
    return higher and (few or bool(weights.max() < _limit("report") * weights.sum()))


def _quoted(words: Sequence[str]) -> Both:
    return {lang: quoted(list(words), lang) for lang in LANGS}


def _agency(analysis: Any, report: int) -> Both:
    """Return an agency's name as figures show it: with its place or its report's number, where another has the same."""
    counted, reports = analysis.compilation.counted, analysis.compilation.reports
    reports = reports[reports["report"].isin({report, *counted["report"]})]
    places = dict(zip(reports["report"], reports["place"], strict=True)) if len(set(counted["place"])) > 1 else {}
    rows = list(reports.itertuples())
    called = {lang: [(row.report, agency_name(row.agency, lang, row.sector)) for row in rows] for lang in LANGS}
    at = [row.report for row in rows].index(report)
    return {lang: tell_apart(names, places, lang)[at] for lang, names in called.items()}


# ---- Themes ----


def _theme(analysis: Any, keys: Sequence[str]) -> Both:
    names = {lang: {theme.key: getattr(theme, lang) for theme in analysis.codebook.themes} for lang in LANGS}
    return {lang: named(list(keys), names[lang], lang) for lang in LANGS}


def _of_themes(analysis: Any) -> Iterator[Claim]:
    """Claim which themes most authors share, and which of these in both review and plan."""
    totals = analysis.theme_totals
    yield from _shared(analysis, totals[totals["of_sentences"] > 0], (BODY_ROLES,), ("themes_all", "themes_shared"))
    sides = REVIEW_ROLES, PLAN
    yield from _shared(analysis, _two_sided(analysis), sides, ("coverage_kept", "coverage_kept"))


def _two_sided(analysis: Any) -> pd.DataFrame:
    """Return the coverage of the reports that have both a review and a plan."""
    sides = analysis.coverage
    return sides[(sides["of_review_sentences"] > 0) & (sides["of_plan_sentences"] > 0)]


def _shared(
    analysis: Any, table: pd.DataFrame, sides: Sequence[Collection[str]], codes: tuple[str, str]
) -> Iterator[Claim]:
    """Claim the themes that most authors write of, on every side in two firm sentences or more; of all, or of some."""
    known, reports = knowledge("findings.toml"), table["report"].unique()
    # A government's report speaks of everything.
    if len(reports) < FEWEST_REPORTS or authors_of(analysis.compilation) == "places":
        return
    fair = [theme for theme in table["theme"].unique() if theme not in {*known["commonplace"], *uncertain_themes()}]
    # two words of a theme: one may stand in passing (村规民约, 茶园社区)
    found = _by_theme(analysis)
    firm = found[found["theme"].isin(fair) & found["report"].isin(reports) & (found["words"] >= FIRM)]
    has = [firm[firm["role"].isin(roles)] for roles in sides]
    counts = [side.groupby(["theme", "report"]).size() for side in has]
    cells = pd.concat(counts, axis=1).min(axis=1, skipna=False)
    cells = cells[cells >= known["limits"]["sentences"]].astype("int64")
    shared = cells.groupby("theme").size()
    n = int(max(shared, default=0))
    most = [theme for theme in fair if shared.get(theme, 0) == n]
    # So many themes that all share say nothing of any of them.
    if len(most) > known["limits"]["named"] or n <= known["limits"]["most"] * len(reports):
        return
    for theme in most:
        own, said = cells[theme], {"theme": _theme(analysis, [theme])}
        evidence = pd.concat([side[(side["theme"] == theme) & side["report"].isin(own.index)] for side in has])
        yield Claim(codes[n < len(reports)], n, len(reports), said, evidence, (theme,),
                    own.tolist(), set(own.index), themes=True, strength=n / len(reports))  # fmt: skip


def _of_attention(analysis: Any) -> Iterator[Claim]:
    """Claim the themes to which most plans give more room than the review, or less."""
    limits, found, by_theme = knowledge("findings.toml")["limits"], _by_theme(analysis), defaultdict(list)
    for row in _two_sided(analysis).itertuples():
        by_theme[row.theme].append(row)
    for theme, own in by_theme.items():
        shift = float(np.mean([row.shift_points for row in own]))
        way, side = ("up", "plan") if shift > 0 else ("down", "review")
        moved = [(row.report, getattr(row, f"{side}_sentences")) for row in own if row.shift_points * shift > 0]
        moved = [(report, n) for report, n in moved if n >= limits["sentences"]]
        if abs(shift) < limits["points"] or len(moved) <= limits["most"] * len(own):
            continue
        is_one, reports = len(own) == 1, {report for report, _ in moved}
        says: dict[str, object] = {"theme": _theme(analysis, [theme]), "points": f"{half_up(abs(shift), 1)}"}
        says |= {"year": _planned(analysis)}
        says |= {side: percent(getattr(own[0], f"{side}_share"), decimals=1) for side in ("review", "plan") if is_one}
        has = found[(found["theme"] == theme) & found["report"].isin(reports)]
        review, plan = (has[has["role"].isin(roles)] for roles in (REVIEW_ROLES, PLAN))
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
    counted = set(analysis.compilation.counted["report"])
    best = analysis.matches[analysis.matches["report"].isin(counted)].drop_duplicates("item")
    items = best.merge(analysis.items[["item", "start"]], on="item")
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


def _stated(
    analysis: Any, items: pd.DataFrame, codes: Mapping[str, tuple[str, bool]], *, earlier: Any = None
) -> Iterator[Claim]:
    """Claim how many items have a status; the pair to quote is the surest of an item and what answers it."""
    for code, (status, sure) in codes.items():
        own = items[items["status"] == status].sort_values("score", ascending=False, kind="stable")
        if own.empty:
            continue
        answered = own[own["evidence_start"].notna() & (status in ("continued", "reported"))]
        promised, answers = _at(earlier or analysis, own["start"]), _at(analysis, answered["evidence_start"])
        pair = _pair(earlier or analysis, analysis, answered)
        says = {"share": percent(len(own) / len(items))}
        claim = Claim(code, len(own), len(items), says, promised, (status,), reports=set(own["report"]), sure=sure,
                      strength=len(own) / len(items), quotes=pair)  # fmt: skip
        if earlier is not None:
            claim = replace(claim, evidence=answers, earlier=promised, quotes=pair[1:], quotes_earlier=pair[:1])
        yield claim


def _pair(promising: Any, answering: Any, answered: pd.DataFrame) -> tuple[int, ...]:
    """Return a promise and its answer, of the surest those in like words that are fit to quote: no heading, no list."""
    alike: dict[tuple[int, ...], float] = {}
    first, sides = answered.head(PAIRS), []
    for analysis, column in ((promising, "start"), (answering, "evidence_start")):
        found = analysis.compilation.sentences.iloc[_rows(analysis, first[column])]
        sides.append([(one.sentence, analysis.compilation.text[one.start : one.end]) for one in found.itertuples()])
    for (one, promise), (other, answer) in zip(*sides, strict=True):
        if all(SHORTEST <= len(text) <= LONGEST for text in (promise, answer)):
            alike[one, other] = overlap(promise, answer)
    return max(alike, key=alike.__getitem__, default=())


def _of_targets(analysis: Any) -> Iterator[Claim]:
    """Claim how many targets with an actual were met, and which were not; estimates count, as what they are."""
    known = analysis.targets.dropna(subset=["target", "actual"])
    known = known[known["report"].isin(analysis.compilation.counted["report"])]
    met, missed = known[known["met"]], known[~known["met"]]
    if met.empty:
        return
    owners = sorted(set(known["report"]))
    agencies = {report: _agency(analysis, report) for report in owners}
    whose: Both = dict.fromkeys(LANGS, "")
    if len(owners) == 1 < len(analysis.compilation.counted):
        whose = {"zh": agencies[owners[0]]["zh"], "en": f": {agencies[owners[0]]['en']}"}
    names = [dict.fromkeys(LANGS, indicator) for indicator in missed["indicator"]]
    said = _missed([agencies[report] for report in missed["report"]], names, expected=list(missed["forecast"]))
    first = (missed if len(missed) else met).iloc[0][["start", "actual_start"]]
    evidence = _at(analysis, pd.concat([known["start"], known["actual_start"]]))
    yield Claim("targets_some" if len(missed) else "targets_all", len(met), len(known),
                {"whose": whose, "missed": said}, evidence, tuple(known["indicator"]), [len(evidence)],
                reports=owners, strength=len(known) / 100, quotes=_numbers(_at(analysis, first)),
                names_owners=True)  # fmt: skip


def _missed(owners: Sequence[Both], indicators: Sequence[Both], *, expected: Sequence[bool]) -> Both:
    """Name targets that were missed, the first of more: whose they are, and which results are estimates."""
    forms = [knowledge("findings.toml")["missed"]["expected" if one else "one"] for one in expected]
    return {
        lang: shortened([form[lang].format(owner=owner[lang], indicator=indicator[lang]).strip()
                         for form, owner, indicator in zip(forms, owners, indicators, strict=True)], lang)
        for lang in LANGS
    }  # fmt: skip


def _numbers(sentences: pd.DataFrame) -> tuple[int, ...]:
    return tuple(map(int, sentences["sentence"]))


# ---- Headline targets ----


def _headline(key: str) -> Both:
    headline = knowledge("headlines.toml")["headline"].get(key, {})
    return {lang: headline.get(lang, "") for lang in LANGS}


def _of_headlines(analysis: Any) -> Iterator[Claim]:
    """Claim which headline targets were met; of one year what is aimed at, as the figure shows it."""
    if analysis.earlier:  # of more than two years the figure of all of them says it
        yield from _met(analysis) if len(analysis.years) == 2 else ()  # noqa: PLR2004
        return
    numbers = analysis.headline_numbers
    numbers = numbers[numbers["report"].isin(analysis.compilation.counted["report"])]
    numbers = _known(numbers).drop_duplicates(["report", "headline", "side"])
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
    whole = _known(analysis.headlines)
    rows = whole[whole["number_verdict"].isin(["met", "missed"]) & ~whole["forecast"]]
    met, missed = (rows[rows["number_verdict"] == verdict] for verdict in ("met", "missed"))
    if len(rows) < FEWEST_REPORTS or met.empty:
        return
    key = rows["headline"].iloc[0] if len(set(rows["headline"])) == 1 else ""
    owners = [
        _headline("") if len(set(whole["report"])) == 1 else _agency(analysis.earlier, report)
        for report in missed["report"]
    ]
    names = [_headline("" if key else one) for one in missed["headline"]]
    says = {"headline": _headline(key), "aims": len(whole),
            "missed": _missed(owners, names, expected=[False] * len(names))}  # fmt: skip
    first, earlier = (missed if len(missed) else met).iloc[[0]], _at(analysis.earlier, rows["start"])
    yield Claim("headlines_one" if key else "headlines_met", len(met), len(rows), says,
                _at(analysis, rows["actual_start"]), (key,) if key else (), reports=set(rows["report"]),
                earlier=earlier, strength=len(rows) / 1000, quotes=_numbers(_at(analysis, first["actual_start"])),
                quotes_earlier=_numbers(_at(analysis.earlier, first["start"])))  # fmt: skip


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
        evidence = _at(analysis, pd.Series([row["start"], result.start]))
        yield Claim("headlines_own", 1, 1, says, evidence, (key,), [len(evidence)], {int(row["report"])})


def aim(bound: str, target: float, target_to: float, unit: str) -> Both:
    """Write a target with its bound."""
    bounds = knowledge("findings.toml")["bounds"]
    value, to = (f"{number:g}{unit}" if pd.notna(number) else "" for number in (target, target_to))
    return {lang: bounds.get(bound, bounds["exact"])[lang].format(value=value, to=to) for lang in LANGS}


RULES: tuple[Callable[[Any], Iterator[Claim]], ...] = (
    _of_headlines,
    _of_fulfilment,
    _of_attention,
    _of_targets,
    _of_statuses,
    _of_words,
    _of_themes,
)
