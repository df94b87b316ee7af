"""What the text says: the sentences that a briefing shows, each with its place, the outline as read, the doubts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd

from kit.measure.analysis import Analysis
from kit.measure.items import find_paths
from kit.read.lines import SPACE
from kit.show.shown import assumed, one_line
from kit.show.term_figures import strongest
from kit.show.text import agency_names, fill, label, scope_of, theme_labels
from kit.tables import BODY_ROLES, REVIEW_ROLES

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


def key_sentences(analysis: Analysis, stem: str) -> pd.DataFrame:
    """Choose sentences that show what a figure found, from different reports where there are some.

    Gives ``about`` (the term, theme or status shown), ``start, end, report, agency, path, text``. Of fulfilment the
    path begins with the compilation that the sentence stands in.
    """
    if stem == "fulfilment" and analysis.earlier:
        return _promises(analysis.earlier, analysis)
    if stem in ACROSS:
        return _across(ACROSS[stem](analysis))
    return _choose(analysis, SUBJECTS[stem](analysis) if stem in SUBJECTS else [])


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


def _of_terms(analysis: Analysis) -> Spans:
    terms, tokens = analysis.terms.sort_values("n", ascending=False, kind="stable"), analysis.tokens
    return [(term, _sentences(analysis, tokens[tokens["term"] == term])) for term in terms["term"].head(3)]


def _of_keyness(analysis: Analysis) -> Spans:
    tokens = analysis.tokens
    return [
        (term, _sentences(analysis, tokens[tokens["term"] == term], roles))
        for side, roles in zip(strongest(analysis.keyness, 2), (REVIEW_ROLES, ("plan",)), strict=True)
        for term in side["term"]
    ]


def _of_themes(analysis: Analysis) -> Spans:
    totals = analysis.theme_totals
    sums = totals.assign(users=totals["n_hits"] > 0).groupby("theme", sort=False)[["users", "n_hits"]].sum()
    first = sums[sums["n_hits"] > 0].sort_values(["users", "n_hits"], ascending=False, kind="stable").index[:3]
    return [_theme(analysis, analysis.hits, theme, BODY_ROLES) for theme in first]


def _of_coverage(analysis: Analysis) -> Spans:
    spans = []
    for state, roles in (("plan only", ("plan",)), ("review only", REVIEW_ROLES), ("both", ("plan",))):
        cells = analysis.coverage.query("state == @state")
        if len(cells):
            theme = cells["theme"].value_counts(sort=False).idxmax()
            reports = cells.loc[cells["theme"] == theme, "report"]
            hits = analysis.hits[analysis.hits["report"].isin(reports)]
            about, found = _theme(analysis, hits, theme, roles)
            spans.append((f"{about} · {label('states', state, analysis.lang)}", found))
    return spans


def _of_attention(analysis: Analysis) -> Spans:
    moved = analysis.attention.sort_values("mean_shift_points", kind="stable")
    most = moved[["n_up", "n_down", "n_unchanged"]].sum(axis=1) / 2  # what the figure's title names, most agree on
    up, down = moved[moved["n_up"] > most]["theme"], moved[moved["n_down"] > most]["theme"]
    ends = [*((theme, ("plan",)) for theme in up[::-1].head(2)), *((theme, REVIEW_ROLES) for theme in down.head(1))]
    return [_theme(analysis, analysis.hits, theme, roles) for theme, roles in ends]


def _theme(analysis: Analysis, hits: pd.DataFrame, theme: str, roles: tuple[str, ...]) -> tuple[str, pd.DataFrame]:
    labels = theme_labels(analysis.lang, analysis.codebook)
    return labels.get(theme, theme), _sentences(analysis, hits[hits["theme"] == theme], roles)


def _of_statuses(analysis: Analysis) -> Spans:
    """Return the plan item of the surest match with its evidence, and new items."""
    lang = analysis.lang
    best = analysis.matches.drop_duplicates("item").merge(analysis.items[["item", "start", "end"]], on="item")
    sure = best[best["status"] == "continued"].sort_values("score", ascending=False, kind="stable").head(1)
    return [
        (label("statuses", "continued", lang), sure),
        (label("evidence", "review", lang), _answer(sure, "report")),
        (label("statuses", "new", lang), best[best["status"] == "new"]),
    ]


def _answer(matches: pd.DataFrame, report: str) -> pd.DataFrame:
    """Return what answers, as spans; ``report`` names the column of the report it stands in."""
    columns = [report, "evidence_start", "evidence_end"]
    return matches[columns].dropna().astype("int64").set_axis(["report", "start", "end"], axis=1)


def _of_targets(analysis: Analysis) -> Spans:
    """Return the sentences with the target furthest from its actual, and with that actual."""
    pairs = analysis.targets.dropna(subset=["completion"]).sort_values("completion", kind="stable").head(1)
    sentences = analysis.compilation.sentences
    return [
        (pair.indicator, sentences.iloc[[sentences["start"].searchsorted(at, side="right") - 1]])
        for pair in pairs.itertuples()
        for at in (pair.start, pair.actual_start)
    ]


SUBJECTS = {
    "terms": _of_terms,
    "keyness": _of_keyness,
    "themes": _of_themes,
    "coverage": _of_coverage,
    "attention": _of_attention,
    "statuses": _of_statuses,
    "targets": _of_targets,
}


def _promises(earlier: Analysis, later: Analysis) -> pd.DataFrame:
    """Choose promises that show what became of them: one with the later review's answer, and one not mentioned."""
    fulfilment, lang = later.fulfilment, later.lang
    reported = fulfilment[fulfilment["status"] == "reported"].dropna(subset=["evidence_start"])
    kept = reported.sort_values("score", ascending=False, kind="stable").head(1)
    silent = fulfilment[fulfilment["status"] == "not mentioned"]
    return _across([
        (earlier, label("statuses", "reported", lang), kept),
        (later, label("evidence", "answer", lang), _answer(kept, "later_report")),
        (earlier, label("statuses", "not mentioned", lang), silent),
    ])  # fmt: skip


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
    """Return the theme that gained and the one that lost most, each in the first year and the last."""
    shares = analysis.theme_years.pivot_table(index="theme", columns="in", values="share_of_sentences", aggfunc="first")
    moved = (shares.iloc[:, -1] - shares.iloc[:, 0]).dropna()
    themes = dict.fromkeys((moved.idxmax(), moved.idxmin())) if len(moved) else {}
    ends = (analysis.years[0], analysis)
    return [(year, *_theme(year, year.hits, theme, BODY_ROLES)) for theme in themes for year in ends]


def _of_word_years(analysis: Analysis) -> list[tuple[Analysis, str, pd.DataFrame]]:
    """Return words that rose in the last year, and one that fell in the first."""
    words = analysis.word_changes
    chosen = [*((analysis, term) for term in words["term"].head(2)),
              *((analysis.years[0], term) for term in words["term"].tail(1))]  # fmt: skip
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
    alone = analysis.place_themes.query("alone and sector == ''").sort_values("n_sentences", ascending=False).head(3)
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
