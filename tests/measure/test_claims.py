"""The audit of claims: every number in a claim is counted again in plain Python, by the rule that claims it."""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import kit
from kit.data import knowledge
from kit.measure.findings import weigh_findings

sys.path.insert(0, str(Path(__file__).parents[2] / ".ci"))

from describe_claims import describe_claims

RULES, LIMITS = knowledge("findings.toml")["rules"], knowledge("findings.toml")["limits"]
CLAIMS = Path(kit.__file__).parents[1] / "docs" / "claims.md"
SIDES = {"achievements": "review", "highlights": "review", "plan": "plan"}
BODY = {"opening", "achievements", "highlights", "problems", "plan"}


@pytest.fixture(scope="module")
def one():
    return kit.analyse(kit.sample(2023))


@pytest.fixture(scope="module")
def two():
    return kit.analyse([kit.sample(2023), kit.sample(2024)])


def read(template: str, claim: str) -> dict[str, str]:
    """What a claim has in the places of its template; the words for its authors are the sample's, agencies."""
    for name, said in knowledge("labels.toml")["authors"]["agencies"].items():
        template = template.replace(f"{{{name}}}", said["en" if template.isascii() else "zh"])
    seen, parts = set(), []
    for at, part in enumerate(re.split(r"(\{\w+(?::[^}]*)?\})", template)):
        name = part.strip("{}").split(":")[0]
        if at % 2 == 0:
            parts.append(re.escape(part))
        elif part.endswith(":all}"):
            parts.append(rf"(?:all (?P<{name}>\d+)|both)")
        elif name in seen:
            parts.append(f"(?P={name})")
        else:
            parts.append(f"(?P<{name}>.*?)" + r" \w+" * (":" in part))
            seen.add(name)
    found = re.fullmatch("".join(parts), claim, re.IGNORECASE)
    assert found, (template, claim)
    return found.groupdict()


def counted(a) -> set[int]:
    return {row.report for row in a.compilation.reports.itertuples() if str(row.copy_of) == "<NA>"}


def sentences(a):
    """The sentences of the year in the bodies of the reports that count."""
    reports = counted(a)
    return [row for row in a.compilation.sentences.itertuples()
            if row.report in reports and row.role in BODY and row.horizon != "multi-year"]  # fmt: skip


def with_theme(a, theme) -> set[int]:
    return {row.sentence for row in a.hits.itertuples() if row.theme == theme}


def share(part: float, whole: float, decimals: int = 0) -> str:
    return f"{int(100 * part / whole * 10**decimals + 0.5) / 10**decimals:.{decimals}f}%"


def statuses(a, finding):
    reports, status = counted(a), {"statuses_continued": "continued", "statuses_new": "new"}[finding.code]
    first = {row.item: row.status for row in reversed(list(a.matches.itertuples())) if row.report in reports}
    n, of = list(first.values()).count(status), len(first)
    return {"n": n, "of": of, "share": share(n, of)}


def fulfilment(a, finding):
    status = {"fulfilment_reported": "reported", "fulfilment_silent": "not mentioned"}[finding.code]
    first = {row.item: row for row in reversed(list(a.fulfilment.itertuples()))}
    known = [row.status for row in first.values() if row.link not in ("doubtful", "none")]
    known = [found for found in known if found not in ("general", "no report")]
    return {"n": known.count(status), "of": len(known), "share": share(known.count(status), len(known))}


def attention(a, finding):
    has, cells = with_theme(a, finding.about), defaultdict(Counter)
    for row in sentences(a):
        if row.role in SIDES:
            cells[row.report][SIDES[row.role]] += 1
            cells[row.report][SIDES[row.role], "with"] += row.sentence in has
    both = [cell for cell in cells.values() if cell["review"] and cell["plan"]]
    shifts = [cell["plan", "with"] / cell["plan"] - cell["review", "with"] / cell["review"] for cell in both]
    way, side = (1, "plan") if finding.code.endswith("up") else (-1, "review")
    n = sum(way * shift > 0 and cell[side, "with"] >= 2 for cell, shift in zip(both, shifts, strict=True))
    points = abs(100 * sum(shifts) / len(shifts))
    return {"n": n, "of": len(both), "points": f"{int(points * 10 + 0.5) / 10:.1f}"}


def shared(a, finding):
    """Agencies with two sentences or more on every side that hold two different words of the theme."""
    words, cells = defaultdict(set), defaultdict(Counter)
    for hit in a.hits.itertuples():
        if hit.theme == finding.about:
            words[hit.sentence].add(hit.term)
    for row in sentences(a):
        cells[row.report][SIDES.get(row.role)] += len(words[row.sentence]) > 1
        cells[row.report]["with"] += len(words[row.sentence]) > 1
    sides = ("review", "plan") if finding.code == "coverage_kept" else ("with",)
    n = sum(all(cell[side] >= 2 for side in sides) for cell in cells.values())
    return {"n": n, "of": len(cells)}


def keyness(a, finding):
    known = {row.sentence: SIDES.get(row.role) for row in sentences(a)}
    uses = Counter((row.term, known.get(row.sentence)) for row in a.tokens.itertuples())
    sides = dict.fromkeys(known.values())
    chars = {side: len([1 for own in known.values() if own == side]) for side in sides}
    ours = read(RULES[finding.code]["zh"], finding.claim).get("ours", "")
    for term in finding.about.split():  # each word is used more per sentence where the claim says so
        plan, review = (uses[term, side] / chars[side] for side in ("plan", "review"))
        assert (f"“{term}”" in ours) == (plan > review)
    return {}


def targets(a, finding):
    own = finding.about_reports.split()
    named = [row for row in a.targets.itertuples() if str(row.report) in own]
    named = [row for row in named if "nan" not in (str(row.target), str(row.actual))]
    met = sum(row.actual <= row.target if row.lower_is_better else row.actual >= row.target for row in named)
    return {"n": met, "of": len(named)}


def headlines(a, finding):
    if finding.code == "headlines_aims":
        return {}
    rows = [row for row in a.headlines.itertuples() if not row.forecast and row.number_verdict in ("met", "missed")]
    rows = [row for row in rows if row.headline in (finding.about.split() or knowledge("headlines.toml")["headline"])]
    return {"n": sum(row.number_verdict == "met" for row in rows), "of": len(rows)}


ORACLES = {
    "statuses": statuses, "fulfilment": fulfilment, "attention": attention, "coverage": shared,
    "keyness": keyness, "targets": targets, "headlines": headlines, "themes": shared,
}  # fmt: skip


@pytest.mark.parametrize("years", ["one", "two"])
@pytest.mark.parametrize(("lang", "column"), [("zh", "claim"), ("en", "claim_en")])
def test_every_number_of_a_claim_is_counted_again(request, years, lang, column):
    analysis = request.getfixturevalue(years)
    for finding in weigh_findings(analysis).itertuples():
        oracle = ORACLES[finding.stem]
        rule = RULES[finding.code]
        template = rule.get(f"{lang}_all", rule[lang]) if finding.n == finding.of else rule[lang]
        said = read(template, getattr(finding, column))
        expected = oracle(analysis, finding)
        assert {name: said[name] for name in expected if name in said} == {
            name: str(value) for name, value in expected.items() if name in said
        }, finding.code


@pytest.mark.parametrize("years", ["one", "two"])
def test_evidence_carries_the_theme_and_the_agencies_of_its_claim(request, years):
    analysis = request.getfixturevalue(years)
    place = {row.sentence: row for row in analysis.compilation.sentences.itertuples()}
    for finding in analysis.findings.itertuples():
        for number in map(int, finding.evidence.split()):
            row = place[number]
            assert row.report in counted(analysis)
            if finding.stem in ("themes", "coverage", "attention"):
                assert number in with_theme(analysis, finding.about.split()[0])
                assert not finding.about_reports or str(row.report) in finding.about_reports.split()
            if finding.stem == "keyness":
                text = analysis.compilation.text[row.start : row.end]
                assert any(term in text for term in finding.about.split())


def test_the_list_of_claims_is_in_step(one, two):
    analyses = {"The sample of 2023": one, "The sample of 2024, with the year before": two}
    assert CLAIMS.read_text(encoding="utf-8") == describe_claims(analyses)
