"""Quotes: the sentences that a briefing shows for a figure, a hit or a match, each with its place in the source."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.measure.codebook import codebook_of
from kit.measure.items import find_paths
from kit.read.compilation import Compilation
from kit.show.keyness import strongest
from kit.show.labels import fill, label, theme_labels
from kit.show.scope import agency_name, agency_names, scope_of
from kit.tables import BODY_ROLES, REVIEW_ROLES

SEVERITIES = ["serious", "doubt", "note"]
IDEAL = 45  # characters of a sentence that is short enough to quote and long enough to say something
GAP = re.compile(r"[\s\x00-\x1f]+")
Spans = list[tuple[str, pd.DataFrame]]


def locate(compilation: Compilation, spans: pd.DataFrame, *, lang: str = "zh") -> pd.DataFrame:
    """Add what stands at each place of the text, and where that is.

    Parameters
    ----------
    compilation : Compilation
    spans : DataFrame
        With ``start`` and ``end``.
    lang : {"zh", "en"}

    Returns
    -------
    DataFrame
        The same rows with ``report``, ``agency``, ``path`` (the headings above) and ``text`` on one line.
    """
    names = agency_names(compilation.reports, lang, scope_of(compilation))
    agencies = dict(zip(compilation.reports["report"], names, strict=True))
    parts, above = compilation.parts, find_paths(compilation.parts)
    at = parts.iloc[(parts["start"].searchsorted(spans["start"], side="right") - 1).clip(0)]
    return spans.assign(
        report=at["report"].to_numpy(),
        agency=[agencies.get(report, "") for report in at["report"]],
        path=[one_line(above[part]) for part in at["part"]],
        text=[one_line(compilation.text[start:end]) for start, end in zip(spans["start"], spans["end"], strict=True)],
    )


def one_line(text: str) -> str:
    """Return a text with every run of white space and control characters as one space."""
    return GAP.sub(" ", text).strip()


def assumed(text: str, lang: str) -> str:
    """Return what the reader assumed in one language; the table says it in both."""
    return agency_name(one_line(text.split(" · ")[0 if lang == "zh" else -1]), lang)


def list_doubts(compilation: Compilation, lang: str) -> pd.DataFrame:
    """Return the reader's doubts in one language, the weightiest first: report, severity, what is doubtful, assumed."""
    doubts = compilation.doubts.sort_values("severity", key=lambda found: found.map(SEVERITIES.index), kind="stable")
    said = {"zh": "message", "en": "message_en"}[lang]
    doubts = doubts.assign(assumed=[assumed(text, lang) for text in doubts["assumed"]])
    return doubts.assign(**{said: doubts[said].map(one_line)})[["report", "severity", said, "assumed"]]


def count_doubts(doubts: pd.DataFrame, lang: str) -> str:
    """Return in a sentence how many doubts there are, and how many of them are serious."""
    return fill("briefing", "doubts", lang, n=len(doubts), serious=int((doubts["severity"] == "serious").sum()))


def write_doubts(compilation: Compilation, lang: str) -> str:
    """Return the reader's doubts as lines: first what is to be checked, then the notes."""
    doubts = list_doubts(compilation, lang)
    is_note = doubts["severity"] == "note"
    lines = []
    for head, found in (("settle", doubts[~is_note]), ("notes", doubts[is_note])):
        lines += [fill("check", head, lang, n=len(found))] if len(found) else []
        lines += [f"{label('severities', severity, lang):8} {report:3}  {said} → {taken}"
                  for report, severity, said, taken in found.itertuples(index=False)]  # fmt: skip
    return "\n".join(lines)


def place(row: Any, lang: str) -> str:
    """Return where a located row stands: agency, headings, report and character."""
    shown = (one_line(row.agency), *([row.path] if row.path else []))
    return fill("evidence", "place", lang, where=" · ".join(shown), report=int(row.report), start=str(row.start))


def key_sentences(
    compilation: Compilation, measured: Mapping[str, pd.DataFrame], stem: str, *, lang: str = "zh"
) -> pd.DataFrame:
    """Choose sentences that show what a figure found, from different reports where there are some.

    Parameters
    ----------
    compilation : Compilation
    measured : mapping of str to DataFrame
        From `measure_all` and `summarise`.
    stem : str
        The figure; one that has no sentences of its own (a cloud) gets none.
    lang : {"zh", "en"}

    Returns
    -------
    DataFrame
        ``about`` (the term, theme or status shown), ``start, end, report, agency, path, text``.
    """
    subjects = SUBJECTS[stem](compilation, measured, lang) if stem in SUBJECTS else []
    return _choose(compilation, subjects, lang)


def key_promises(
    earlier: Compilation, later: Compilation, fulfilment: pd.DataFrame, *, lang: str = "zh"
) -> pd.DataFrame:
    """Choose promises that show what became of them: one with the later review's answer, and one not mentioned.

    Parameters
    ----------
    earlier, later : Compilation
    fulfilment : DataFrame
        `tables.FULFILMENT`.
    lang : {"zh", "en"}

    Returns
    -------
    DataFrame
        As `key_sentences`; the path begins with the compilation that the sentence stands in.
    """
    reported = fulfilment[fulfilment["status"] == "reported"].dropna(subset=["evidence_start"])
    kept = reported.sort_values("score", ascending=False, kind="stable").head(1)
    answers = kept[["later_report", "evidence_start", "evidence_end"]].astype("int64")
    answers.columns = ["report", "start", "end"]
    open_ones = fulfilment[fulfilment["status"] == "not mentioned"]
    chosen = [
        (earlier, [(label("statuses", "reported", lang), kept)]),
        (later, [(label("evidence", "answer", lang), answers)]),
        (earlier, [(label("statuses", "not mentioned", lang), open_ones)]),
    ]
    found = [_choose(year, spans, lang).assign(year=year.name) for year, spans in chosen]
    told = pd.concat(found, ignore_index=True)
    return told.assign(path=[" · ".join(filter(None, pair)) for pair in zip(told["year"], told["path"], strict=True)])


def _choose(compilation: Compilation, subjects: Spans, lang: str) -> pd.DataFrame:
    """Return one sentence for each subject, of a good length and from another report where there is one."""
    counted = set(compilation.counted["report"])
    rows: list[dict] = []
    for about, spans in subjects:
        spans = spans[spans["report"].isin(counted)]  # noqa: PLW2901 - copies are quoted once, too
        spans = spans[~spans["start"].isin([row["start"] for row in rows])]  # noqa: PLW2901 - and every sentence
        if len(spans):
            far = (spans["end"] - spans["start"] - IDEAL).abs()
            again = spans["report"].isin([row["report"] for row in rows])
            best = spans.assign(far=far, again=again).sort_values(["again", "far", "start"]).iloc[0]
            rows.append({"about": about, **{name: int(best[name]) for name in ("report", "start", "end")}})
    columns = ["about", "report", "start", "end"]
    return locate(compilation, pd.DataFrame(rows, columns=columns), lang=lang)


def _sentences(compilation: Compilation, found: pd.DataFrame, roles: tuple[str, ...] = BODY_ROLES) -> pd.DataFrame:
    """Return the sentences of tokens or hits, as spans."""
    sentences = compilation.sentences
    return sentences[sentences["sentence"].isin(found["sentence"]) & sentences["role"].isin(roles)]


def _of_terms(compilation: Compilation, measured: Mapping[str, pd.DataFrame], _: str) -> Spans:
    terms, tokens = measured["terms"].sort_values("n", ascending=False, kind="stable"), measured["tokens"]
    return [(term, _sentences(compilation, tokens[tokens["term"] == term])) for term in terms["term"].head(3)]


def _of_keyness(compilation: Compilation, measured: Mapping[str, pd.DataFrame], _: str) -> Spans:
    tokens = measured["tokens"]
    return [
        (term, _sentences(compilation, tokens[tokens["term"] == term], roles))
        for side, roles in zip(strongest(measured["keyness"], 2), (REVIEW_ROLES, ("plan",)), strict=True)
        for term in side["term"]
    ]


def _of_themes(compilation: Compilation, measured: Mapping[str, pd.DataFrame], lang: str) -> Spans:
    totals = measured["theme_totals"]
    sums = totals.assign(users=totals["n_hits"] > 0).groupby("theme", sort=False)[["users", "n_hits"]].sum()
    first = sums[sums["n_hits"] > 0].sort_values(["users", "n_hits"], ascending=False, kind="stable").index[:3]
    return [_theme(compilation, measured["hits"], theme, BODY_ROLES, lang) for theme in first]


def _of_coverage(compilation: Compilation, measured: Mapping[str, pd.DataFrame], lang: str) -> Spans:
    spans = []
    for state, roles in (("plan only", ("plan",)), ("review only", REVIEW_ROLES), ("both", ("plan",))):
        cells = measured["coverage"].query("state == @state")
        if len(cells):
            theme = cells["theme"].value_counts(sort=False).idxmax()
            reports = cells.loc[cells["theme"] == theme, "report"]
            hits = measured["hits"][measured["hits"]["report"].isin(reports)]
            about, found = _theme(compilation, hits, theme, roles, lang)
            spans.append((f"{about} · {label('states', state, lang)}", found))
    return spans


def _of_attention(compilation: Compilation, measured: Mapping[str, pd.DataFrame], lang: str) -> Spans:
    moved = measured["attention"].sort_values("mean_shift_points", kind="stable")
    most = moved[["n_up", "n_down", "n_unchanged"]].sum(axis=1) / 2  # what the figure's title names, most agree on
    up, down = moved[moved["n_up"] > most]["theme"], moved[moved["n_down"] > most]["theme"]
    ends = [*((theme, ("plan",)) for theme in up[::-1].head(2)), *((theme, REVIEW_ROLES) for theme in down.head(1))]
    return [_theme(compilation, measured["hits"], theme, roles, lang) for theme, roles in ends]


def _theme(
    compilation: Compilation, hits: pd.DataFrame, theme: str, roles: tuple[str, ...], lang: str
) -> tuple[str, pd.DataFrame]:
    labels = theme_labels(lang, codebook_of(compilation))
    return labels.get(theme, theme), _sentences(compilation, hits[hits["theme"] == theme], roles)


def _of_statuses(_: Compilation, measured: Mapping[str, pd.DataFrame], lang: str) -> Spans:
    """Return the plan items of the surest matches with their evidence, and new items."""
    best = measured["matches"].drop_duplicates("item").merge(measured["items"][["item", "start", "end"]], on="item")
    sure = best[best["status"] == "continued"].sort_values("score", ascending=False, kind="stable").head(1)
    evidence = sure[["report", "evidence_start", "evidence_end"]].dropna().astype("int64")
    evidence.columns = ["report", "start", "end"]
    return [
        (label("statuses", "continued", lang), sure),
        (label("evidence", "review", lang), evidence),
        (label("statuses", "new", lang), best[best["status"] == "new"]),
    ]


def _of_targets(compilation: Compilation, measured: Mapping[str, pd.DataFrame], _: str) -> Spans:
    """Return the sentences with the target furthest from its actual, and with that actual."""
    pairs = measured["targets"].dropna(subset=["completion"]).sort_values("completion", kind="stable").head(1)
    starts = compilation.sentences["start"]
    return [
        (pair.indicator, compilation.sentences.iloc[[starts.searchsorted(at, side="right") - 1]])
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
