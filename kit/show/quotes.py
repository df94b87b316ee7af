"""What the text says: the sentences that a briefing shows, each with its place, the outline as read, the doubts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.measure.analysis import Analysis
from kit.measure.items import find_paths
from kit.measure.places import sole_themes
from kit.measure.series import moved_themes
from kit.read.lines import SPACE
from kit.show.figure import Figure
from kit.show.shown import assumed, one_line
from kit.show.text import agency_names, claim_in, fill, label, listed, scope_of, theme_labels
from kit.tables import BODY_ROLES

SEVERITIES = ["serious", "doubt", "note"]
IDEAL = 45  # characters of a sentence that is short enough to quote and long enough to say something
SNIPPET = 24  # characters shown of a part without a heading
Spans = list[tuple[str, pd.DataFrame]]  # what is shown, and the rows with `report, start, end` that show it


def locate(analysis: Analysis, spans: pd.DataFrame) -> pd.DataFrame:
    """Add what stands at each place of the text, and where that is."""
    compilation = analysis.compilation
    names = agency_names(compilation.reports, scope_of(analysis))
    agencies = dict(zip(compilation.reports["report"], names, strict=True))
    parts, above = compilation.parts, find_paths(compilation.parts)
    at = parts.iloc[(parts["start"].searchsorted(spans["start"], side="right") - 1).clip(0)]
    return spans.assign(
        report=at["report"].to_numpy(),
        agency=[agencies.get(report, "") for report in at["report"]],
        path=[one_line(above[part]) for part in at["part"]],
        text=[one_line(compilation.text[start:end]) for start, end in zip(spans["start"], spans["end"], strict=True)],
    )


def place(row: Any, lang: str) -> str:
    """Return where a located row stands: agency, headings, report and character."""
    shown = (one_line(row.agency), *([row.path] if row.path else []))
    return fill("evidence", "place", lang, where=" · ".join(shown), report=int(row.report), start=str(row.start))


def key_sentences(analysis: Analysis, figure: Figure) -> pd.DataFrame:
    """Return the sentences of the finding that is a figure's title, none of one that describes.

    Gives ``about`` (the theme, word or status that it shows), ``start, end, report, agency, path, text``. Of the year
    before the path begins with the compilation that the sentence stands in.
    """
    if figure.stem in ACROSS:
        return _across(ACROSS[figure.stem](analysis))
    findings = analysis.findings
    said = figure.computed or figure.title  # what the author says in other words rests on the same sentences
    told = findings[(findings["stem"] == figure.stem) & (findings[claim_in(analysis.lang)] == said)].head(1)
    return pd.concat([quote(analysis, finding) for finding in told.itertuples()] or [_cite(analysis, [], "")])


def quote(analysis: Analysis, finding: Any) -> pd.DataFrame:
    """Return the sentences that a row of the findings names as its evidence, those of the year before first."""
    about = name_subject(analysis, finding)
    here = _cite(analysis, finding.evidence.split(), about)
    if finding.stem == "statuses":
        here.loc[here["role"] != "plan", "about"] = label("evidence", "review", analysis.lang)
    if not (finding.evidence_earlier and analysis.earlier):
        return here
    before = _cite(analysis.earlier, finding.evidence_earlier.split(), about)
    if finding.code == "fulfilment_reported":  # a promise, and what answers it
        here["about"] = label("evidence", "answer", analysis.lang)
        before, here = before.head(1), here.head(1)
    pairs = ((before, analysis.earlier), (here, analysis))
    return pd.concat([rows.assign(path=_in_year(rows, year)) for rows, year in pairs], ignore_index=True)


def _cite(analysis: Analysis, numbers: Sequence[str], about: str) -> pd.DataFrame:
    """Return sentences by their numbers, in that order, located."""
    sentences = analysis.compilation.sentences.set_index("sentence", drop=False)
    rows = sentences.loc[[int(number) for number in numbers]].reset_index(drop=True)
    return locate(analysis, rows.assign(about=pd.Series(about, rows.index, dtype="str")))


def _in_year(rows: pd.DataFrame, year: Analysis) -> list[str]:
    return [" · ".join(filter(None, (year.compilation.name, path))) for path in rows["path"]]


def name_subject(analysis: Analysis, finding: Any) -> str:
    """Return what a finding's evidence shows, in the analysis's language: a theme, a status, a word."""
    lang, keys = analysis.lang, finding.about.split()
    if not keys:
        return label("captions", finding.stem, lang)
    headlines = knowledge("headlines.toml")["headline"]
    known = theme_labels(lang, analysis.codebook) | {key: row[lang] for key, row in headlines.items()}
    known |= {key: said[lang] for key, said in knowledge("labels.toml")["statuses"].items()}
    key = finding.about if finding.about in known else keys[0]
    return known.get(key, listed(keys, lang))


def _choose(analysis: Analysis, subjects: Spans) -> pd.DataFrame:
    """Return one sentence for each subject, of a good length and from another report where there is one."""
    counted = set(analysis.compilation.counted["report"])
    rows: list[dict] = []
    for about, spans in subjects:
        fresh = spans[spans["report"].isin(counted)]  # copies are quoted once, too
        fresh = fresh[~fresh["start"].isin([row["start"] for row in rows])]  # and every sentence
        if len(fresh):
            far = (fresh["end"] - fresh["start"] - IDEAL).abs()
            again = fresh["report"].isin([row["report"] for row in rows])
            best = fresh.assign(far=far, again=again).sort_values(["again", "far", "start"]).iloc[0]
            rows.append({"about": about, **{name: int(best[name]) for name in ("report", "start", "end")}})
    return locate(analysis, pd.DataFrame(rows, columns=["about", "report", "start", "end"]))


def _sentences(analysis: Analysis, found: pd.DataFrame, roles: tuple[str, ...] = BODY_ROLES) -> pd.DataFrame:
    """Return the sentences on the year that hold tokens or hits, as spans."""
    sentences = analysis.compilation.yearly
    return sentences[sentences["sentence"].isin(found["sentence"]) & sentences["role"].isin(roles)]


def _theme(analysis: Analysis, hits: pd.DataFrame, theme: str, roles: tuple[str, ...]) -> tuple[str, pd.DataFrame]:
    labels = theme_labels(analysis.lang, analysis.codebook)
    return labels.get(theme, theme), _sentences(analysis, hits[hits["theme"] == theme], roles)


def _across(chosen: Sequence[tuple[Analysis, str, pd.DataFrame]]) -> pd.DataFrame:
    """Choose a sentence for each subject in its own year, whose name stands before the place."""
    if not chosen:
        return locate_nothing()
    found = [_choose(year, [(about, spans)]).assign(year=year.compilation.name) for year, about, spans in chosen]
    told = pd.concat(found, ignore_index=True)
    return told.assign(path=[" · ".join(filter(None, pair)) for pair in zip(told["year"], told["path"], strict=True)])


def locate_nothing() -> pd.DataFrame:
    """Return what `key_sentences` gives where there is nothing to show."""
    return pd.DataFrame(columns=["about", "report", "start", "end", "agency", "path", "text"])


def _of_years(analysis: Analysis) -> list[tuple[Analysis, str, pd.DataFrame]]:
    """Return the theme that gained and the one that lost most of those that the title names, in both years."""
    moved = moved_themes(analysis.theme_years)
    themes = [*moved[moved > 0].index[:1], *moved[moved < 0].index[:1]]
    ends = (analysis.years[0], analysis)
    return [(year, *_theme(year, year.hits, theme, BODY_ROLES)) for theme in themes for year in ends]


def _of_word_years(analysis: Analysis) -> list[tuple[Analysis, str, pd.DataFrame]]:
    """Return words that rose in the last year, and one that fell in the first."""
    words = analysis.word_changes
    chosen = [
        *((analysis, term) for term in words["term"].head(2)),
        *((analysis.years[0], term) for term in words["term"].tail(1)),
    ]
    return [(year, term, _sentences(year, year.tokens[year.tokens["term"] == term])) for year, term in chosen]


def _of_chains(analysis: Analysis) -> list[tuple[Analysis, str, pd.DataFrame]]:
    """Return the steps of the longest chain."""
    steps = analysis.chains.query("chain == 1").dropna(subset=["start", "report"]).rename(columns={"in": "number"})
    spans = []
    for at, step in enumerate(steps.itertuples()):
        group = "chain_kinds" if step.kind == "promised" else "statuses"
        span = steps.iloc[[at]][["report", "start", "end"]].astype("int64")
        spans.append((analysis.years[step.number - 1], label(group, step.kind, analysis.lang), span))
    return spans


def _of_places(analysis: Analysis) -> list[tuple[Analysis, str, pd.DataFrame]]:
    """Return themes of one place alone, with a sentence."""
    alone = sole_themes(analysis.place_themes).head(3)
    return [(analysis, *_theme(analysis, analysis.hits, theme, BODY_ROLES)) for theme in alone["theme"]]


ACROSS = {"years": _of_years, "word_years": _of_word_years, "chains": _of_chains, "places": _of_places}


def show_outline(analysis: Analysis, *, depth: int = 9) -> str:
    """Write every report's parts as an indented tree, each behind its role, doubts where they arise.

    Parameters
    ----------
    analysis : Analysis
        Its language is that of the roles and doubts.
    depth : int
        Levels of numbering to show; a deeper part is shown when its role is not its parent's, or is doubtful.

    Returns
    -------
    str
        A line for each report and, indented, for each of its parts.
    """
    compilation, lang = analysis.compilation, analysis.lang
    parts = compilation.parts
    names = {role: label("roles", role, lang) for role in parts["role"].unique()}
    width = max(map(len, names.values())) + 1
    asides = _asides(analysis)
    roles = dict(zip(parts["part"], parts["role"], strict=True))
    heads = {row.report: _head(row) for row in compilation.reports.itertuples()}
    lines = []
    for part in parts.itertuples():
        if part.report in heads:
            lines.append(heads.pop(part.report))
        if part.depth <= depth or asides[part.part] or roles.get(part.parent) != part.role:
            tree = "  " * max(part.depth - 1, 0) + _words(compilation.text, part)
            lines.append(f"  {names[part.role]:{width}}{tree}{asides[part.part]}")
    return "\n".join(lines)


def _head(report: Any) -> str:
    years = "→".join("–" if pd.isna(year) else str(year) for year in (report.period, report.plan_period))
    copy = "" if pd.isna(report.copy_of) else f" = {report.copy_of}"
    return f"{report.report} {report.agency} {years}{copy}"


def _words(text: str, part: Any) -> str:
    if part.heading:
        gap = " " if part.marker[-1:].isdecimal() else ""
        return part.marker.replace("\n", "") + gap + part.heading
    own = text[part.start : part.end].strip(SPACE + "\n")
    snippet = own[:SNIPPET].replace("\n", " ")
    return snippet + "…" if len(own) > SNIPPET else snippet


def _asides(analysis: Analysis) -> defaultdict[int, str]:
    """Doubts that ask to be looked at, by the part that they point into."""
    parts, doubts = analysis.compilation.parts, analysis.compilation.doubts
    doubts = doubts[doubts["severity"] != "note"]
    asides: defaultdict[int, str] = defaultdict(str)
    places = (parts["start"].searchsorted(doubts["start"], side="right") - 1).clip(0)
    for part, message in zip(parts["part"].iloc[places], doubts[_said(analysis)], strict=True):
        asides[int(part)] += f"  ← {message}"
    return asides


def _said(analysis: Analysis) -> str:
    return {"zh": "message", "en": "message_en"}[analysis.lang]


def list_doubts(analysis: Analysis) -> pd.DataFrame:
    """Return the reader's doubts in one language, the weightiest first: report, severity, what is doubtful, assumed."""
    doubts = analysis.compilation.doubts
    doubts = doubts.sort_values("severity", key=lambda found: found.map(SEVERITIES.index), kind="stable")
    said, lang = _said(analysis), analysis.lang
    written = {said: doubts[said].map(one_line), "assumed": [assumed(text, lang) for text in doubts["assumed"]]}
    return doubts.assign(**written)[["report", "severity", said, "assumed"]]


def count_doubts(doubts: pd.DataFrame, lang: str) -> str:
    """Return in a sentence how many doubts there are, and how many of them are serious."""
    return fill("briefing", "doubts", lang, n=len(doubts), serious=int((doubts["severity"] == "serious").sum()))


def write_doubts(analysis: Analysis) -> str:
    """Return the reader's doubts as lines: first what is to be checked, then the notes."""
    doubts, lang = list_doubts(analysis), analysis.lang
    is_note = doubts["severity"] == "note"
    lines = []
    for head, found in (("settle", doubts[~is_note]), ("notes", doubts[is_note])):
        lines += [fill("check", head, lang, n=len(found))] if len(found) else []
        lines += [
            f"{label('severities', severity, lang):8} {report:3}  {said} → {taken}"
            for report, severity, said, taken in found.itertuples(index=False)
        ]
    return "\n".join(lines)
