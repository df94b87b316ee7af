"""Figures of several years: shares of themes, words that rose and fell, chains of promises, numbers, priorities.

A year without a compilation, or without what is counted, is a gap. Of two years shares are a dumbbell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.measure.numbers import DIGITS
from kit.measure.places import sole_themes
from kit.measure.quantities import unit_size
from kit.measure.scoring import uncertain_themes
from kit.measure.series import moved_themes
from kit.show import style
from kit.show.figure import (
    Bump,
    Dumbbell,
    Figure,
    Group,
    Key,
    Line,
    Mark,
    Panel,
    Panels,
    Ranks,
    Row,
    Track,
    Tracks,
    make_figure,
    not_drawn,
)
from kit.show.text import MINUS, Scope, agency_name, fill, label, named, quoted, signed, theme_labels, words_of

MOST, TRACKS, LINES, FOCUSED = 12, 16, 12, 3  # panels, rows of tracks, lines of ranks and those that stand out
SIGNIFICANT, FEWEST, WORDS = 1.96, 5, 10  # words: |z| and occurrences from which on they are shown, rows a side
FEWEST_WORDS = 3
FEWEST_PLACES = 2  # by which a theme rises among the tasks of a plan, from which on a title says so
FEW_THEMES = 3  # that a title names one by one
WIDE_YEARS, FEW_YEARS = 6, 4  # years up to which a cell has room for target and result; a chain for its verdict
KINDS = {
    "promised": "triangle",
    "reported": "dot",
    "partly": "half",
    "not mentioned": "ring",
    "to check": "query",
    "no report": "dash",
    "general": "dash",
}
BESIDE = 0.2  # of a column: how far the answer stands before its middle, the promise behind
COMMON = 1 / 5  # of the agencies of a year: so many have to put a theme first for it to be ranked


def build_years(shares: pd.DataFrame, scope: Scope, *, top: int = MOST) -> Figure:
    """Show shares of themes over years: small multiples on one scale, by change; of two years a dumbbell."""
    lang, say = scope.lang, words_of("years", scope.lang)
    labels = theme_labels(lang, scope.codebook)
    wide = _by_year(shares, "share_of_sentences") * 100
    numbers, years = _years_of(shares)
    first, last = wide.columns[0], wide.columns[-1]
    moved = (wide[last] - wide[first]).dropna()
    order = moved.abs().sort_values(ascending=False, kind="stable").index
    found = moved_themes(shares)
    up, down = found[found > 0], found[found < 0]
    said = {
        "years": _said(years, lang),
        "up": named(list(up.index[:2]), labels, lang),
        "down": named(list(down.index[:2]), labels, lang),
    }
    keys = [key for key, rows in (("up", up), ("down", down)) if len(rows)]
    titles = [say("both", **said)] * (len(keys) > 1) + [say(key, **said) for key in keys]
    left_out = {"rest": len(wide) - min(top, len(order))} if len(numbers) > 1 else {}
    missing = shares.groupby("theme")["share_of_sentences"].apply(lambda own: own.isna().any()).sum()
    notes = [say(key, n=n) for key, n in {**left_out, "versions": int(missing)}.items() if n]
    figure = make_figure("years", shares, scope, titles, notes=notes)
    if not len(order) or len(numbers) < 2:  # noqa: PLR2004
        return not_drawn(figure, "few_years")
    if len(numbers) == 2:  # noqa: PLR2004
        return _two_years(figure, wide.loc[order[:top]], labels, years)
    panels = []
    for theme in order[:top]:
        values = [_at(wide.loc[theme], number) for number in numbers]
        panels.append(Panel(labels.get(theme, theme), tuple(values), _ends(values, "{:.1f}")))
    return replace(figure, plot=Panels(tuple(panels), tuple(map(str, years))))


def _two_years(figure: Figure, wide: pd.DataFrame, labels: Mapping[str, str], years: Sequence[Any]) -> Figure:
    say, groups = words_of("years", figure.lang), []
    moved = wide.iloc[:, -1] - wide.iloc[:, 0]
    sides = ("group_up", wide[moved > 0], style.FOCUS), ("group_down", wide[moved <= 0], style.SECOND)
    for key, rows, colour in sides:
        made = tuple(
            Row(
                labels.get(str(theme), str(theme)),
                (row.iloc[0], row.iloc[-1]),
                tuple(f"{value:.1f}" for value in (row.iloc[0], row.iloc[-1])),
                (signed(row.iloc[-1] - row.iloc[0]),),
            )
            for theme, row in rows.iterrows()
        )
        groups.append(Group(say(key), colour, made))
    ends = (str(years[0]), str(years[-1]))
    return replace(figure, plot=Dumbbell(tuple(groups), ends, (say("change"),)))


def build_word_years(words: pd.DataFrame, scope: Scope, *, per_side: int = WORDS) -> Figure:
    """Show the words that rose and fell between the first year and the last: both rates, by z of the log-odds."""
    say = words_of("word_years", scope.lang)
    several = max(words[["n_reports", "n_reports_reference"]].max(), default=0) > 1
    kept = words[(words["n"] + words["n_reference"] >= FEWEST) & (words["z"].abs() >= SIGNIFICANT)]
    if several:  # a word of one report alone says nothing of the year
        kept = kept[kept[["n_reports", "n_reports_reference"]].max(axis=1) > 1]
    up = kept[kept["z"] > 0].sort_values("z", ascending=False, kind="stable").head(per_side)
    down = kept[kept["z"] < 0].sort_values("z", kind="stable").head(per_side)
    said = {"up": fill_words(up, scope.lang), "down": fill_words(down, scope.lang)}
    titles = [say("both" if len(up) and len(down) else "up" if len(up) else "down", **said)] if len(kept) else []
    notes = [say("several" if several else "alone")]
    figure = make_figure("word_years", words, scope, titles, notes=notes)
    if len(up) + len(down) < FEWEST_WORDS:
        return not_drawn(figure, "few_changes", n=len(up) + len(down))
    ends = [str(year) for year in scope.period] if scope.period else [say("first"), say("last")]
    groups = []
    for key, rows, colour in (("group_up", up, style.FOCUS), ("group_down", down, style.SECOND)):
        values = [(row.term, row.per_10k_chars_reference, row.per_10k_chars) for row in rows.itertuples()]
        made = tuple(
            Row(term, (then, now), (f"{then:.1f}", f"{now:.1f}"), (signed(now - then),)) for term, then, now in values
        )
        groups.append(Group(say(key), colour, made))
    return replace(figure, plot=Dumbbell(tuple(groups), (ends[0], ends[-1]), (say("change"),), unit=""))


def fill_words(words: pd.DataFrame, lang: str, most: int = 3) -> str:
    """Return the first words, quoted."""
    terms = words["term"].head(most).tolist()
    return quoted(terms, lang) if terms else ""


def build_chains(chains: pd.DataFrame, scope: Scope, *, top: int = TRACKS) -> Figure:
    """Show promises over years: promised, what became of it, promised again; the longest chains first."""
    lang, say = scope.lang, words_of("chains", scope.lang)
    promised = chains[chains["kind"] == "promised"].groupby("chain").size()
    long = promised[promised > 1].index
    kept = chains[chains["chain"].isin(long)]
    keys = [
        Key(mark, say(kind) if kind == "promised" else fill("statuses", kind, lang), _ink(mark))
        for kind, mark in KINDS.items()
        if kind in set(kept["kind"]) and mark != "dash"
    ]
    rest = [say("rest", n=len(long) - top)] if len(long) > top else []
    figure = make_figure("chains", chains, scope, [], keys=keys, notes=rest)
    if not len(long):
        return not_drawn(figure, "no_chains")
    numbers, years = _years_of(chains)
    column = {number: at for at, number in enumerate(numbers) if number}
    several, rows = len(set(chains["agency"])) > 1, []
    for _, steps in sorted(kept.groupby("chain"), key=lambda one: -promised[one[0]])[:top]:
        rows.append(_chain_row(steps, column, agency=several, verdicts=len(numbers) <= FEW_YEARS, lang=lang))
    return replace(figure, plot=Tracks(tuple(rows), tuple(map(str, years))))


def _ink(mark: str) -> str:
    return {"triangle": style.OTHERS, "ring": style.SECOND_TEXT, "query": style.OTHERS}.get(mark, style.FOCUS)


def _chain_row(steps: pd.DataFrame, column: Mapping[int, int], *, agency: bool, verdicts: bool, lang: str) -> Track:
    marks, joined = [], []
    for step in steps.rename(columns={"in": "number"}).itertuples():
        is_promise = step.kind == "promised"
        at = column[step.number] + (BESIDE if is_promise else -BESIDE)
        told = step.number_verdict if verdicts and step.number_verdict in ("met", "missed") else ""
        marks.append(Mark(at, KINDS[step.kind], fill("number_verdicts", told, lang) if told else "", above=True))
        if not is_promise and len(marks) > 1:
            joined.append((marks[-2].column, at))
    first = steps.iloc[0]
    return Track(first["matter"], tuple(marks), tuple(joined), agency_name(first["agency"], lang) if agency else "")


def build_series(series: pd.DataFrame, scope: Scope, *, top: int = MOST) -> Figure:
    """Show numbers over years: the target as a tick, the result as a dot, joined within the year."""
    lang, say = scope.lang, words_of("series", scope.lang)
    held = series[series["target"].notna() & series["actual"].notna()]
    n_held = held.groupby(["agency", "headline"], sort=False).size()
    chosen = n_held[n_held > 1].sort_values(ascending=False, kind="stable").index[:top]
    judged = series[series["number_verdict"].isin(["met", "missed"])]
    done = int((judged["number_verdict"] == "met").sum())
    titles = [say("finding", of=len(judged), met=done)] if len(judged) else []
    keys = [Key("dot", say("actual"), style.FOCUS), Key("tick", say("target"), style.SECOND)]
    rest = int((n_held > 1).sum()) - len(chosen)
    figure = make_figure("series", series, scope, titles, keys=keys, notes=[say("rest", n=rest)] if rest else [])
    if not len(chosen):
        return not_drawn(figure, "no_series", n=len(n_held))
    years = list(range(int(series["year"].min()), int(series["year"].max()) + 1))
    several, panels = len(set(series["agency"])) > 1, []
    of = dict(list(series.groupby(["agency", "headline"], sort=False)))
    for agency, headline in chosen:
        rows, unit = _in_one_unit(of[agency, headline])
        values, targets = ([_at(rows[name], year) for year in years] for name in ("actual", "target"))
        under = (agency_name(agency, lang) if several else "", unit)
        panels.append(
            Panel(
                headline_name(headline, lang),
                tuple(values),
                _ends(values, "{:g}"),
                tuple(targets),
                label("marks", "comma", lang).join(filter(None, under)),
            )
        )
    return replace(figure, plot=Panels(tuple(panels), tuple(map(str, years)), shared=False))


def _in_one_unit(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the rows of one number by year, all in the unit that the latest target has, else the latest result."""
    aimed = rows[rows["target"].notna()]
    unit = (aimed if len(aimed) else rows)["unit"].iloc[-1]
    dimension, size = unit_size(unit)
    own = [unit_size(one) for one in rows["unit"]]
    rows = rows[[kind == dimension for kind, _ in own]]
    factor = [round(one / size, DIGITS) for kind, one in own if kind == dimension]
    return rows.assign(actual=rows["actual"] * factor, target=rows["target"] * factor).set_index("year"), unit


def headline_name(headline: str, lang: str) -> str:
    """Return what a headline indicator is called; the name of another number is the text's own."""
    known = knowledge("headlines.toml")["headline"].get(headline)
    return str(known[lang]) if known else headline


def build_headline_years(series: pd.DataFrame, scope: Scope, *, top: int = TRACKS) -> Figure:
    """Show headline targets and results by year: rows are indicators, or the agencies under each indicator."""
    lang, say = scope.lang, words_of("headline_years", scope.lang)
    known = knowledge("headlines.toml")["headline"]
    rows = series[series["headline"].isin(known)].rename(columns={"in": "number"})
    held = rows[rows["number_verdict"].isin(["met", "missed"])]
    counts = held["number_verdict"].value_counts()
    titles = [say("finding", of=len(held), met=int(counts.get("met", 0)))] if len(held) else []
    years = list(range(int(rows["year"].min()), int(rows["year"].max()) + 1)) if len(rows) else []
    keys = [
        Key("dot", fill("number_verdicts", "met", lang), style.FOCUS),
        Key("ring", fill("number_verdicts", "missed", lang), style.SECOND_TEXT),
    ]
    notes = [say("texts" if len(years) <= WIDE_YEARS else "marks")]
    figure = make_figure("headline_years", series, scope, titles, keys=keys, notes=notes)
    aimed = rows[rows["target"].notna() | (rows["bound"] == "same")]
    weight = aimed.groupby("headline").size().reindex([key for key in known if key in set(aimed["headline"])])
    if len(aimed) < FEWEST_WORDS:
        return not_drawn(figure, "no_headlines", n=len(aimed))
    several = len(set(aimed["agency"])) > 1
    tracks: list[Track] = []
    order = weight.sort_values(ascending=False, kind="stable").index
    for headline in order:
        own = rows[(rows["headline"] == headline) & rows["agency"].isin(set(aimed["agency"]))]
        made = [
            _headline_row(agency if several else headline_name(headline, lang), group, years, lang)
            for agency, group in own.groupby("agency", sort=False)
        ]
        head = [Track(headline_name(headline, lang))] if several else []
        if tracks and len(tracks) + len(head) + len(made) > top + 4 * several:
            break
        tracks += [*head, *made]
    return replace(figure, plot=Tracks(tuple(tracks), tuple(map(str, years))))


def _headline_row(name: str, rows: pd.DataFrame, years: Sequence[int], lang: str) -> Track:
    rows, _ = _in_one_unit(rows)
    marks, is_wide = [], len(years) <= WIDE_YEARS
    for row in rows.reset_index().itertuples():
        kind = {"met": "dot", "missed": "ring"}.get(row.number_verdict, "")
        target = label("bounds_short", "same", lang) if row.bound == "same" else _number(row.target)
        told = f"{target}→{_number(row.actual)}" if row.bound else _number(row.actual)
        kind = kind or "dash" * (not is_wide and bool(row.bound))
        marks.append(Mark(years.index(int(row.year)) - 0.35 * is_wide, kind, told * is_wide))
    return Track(agency_name(name, lang), tuple(marks) or (Mark(0, ""),))


def _number(value: Any) -> str:
    return "–" if pd.isna(value) else f"{value:g}".replace("-", MINUS)


def build_priorities(places: pd.DataFrame, scope: Scope, *, top: int = LINES) -> Figure:
    """Show at which place of the plans' numbered tasks themes stand, year by year: a bump chart."""
    lang, say = scope.lang, words_of("priorities", scope.lang)
    labels = theme_labels(lang, scope.codebook)
    numbers, years = _years_of(places)
    one = bool(len(places)) and places.groupby("in")["report"].nunique().max() == 1
    ranks = _ranks(places, one=one)
    kept = ranks.loc[ranks.notna().sum(axis=1) > 1] if len(ranks) else ranks
    kept = kept.loc[kept.mean(axis=1).sort_values(kind="stable").index[:top]] if len(kept) else kept
    first, last = (kept.iloc[:, 0], kept.iloc[:, -1]) if len(kept) else (pd.Series(dtype=float),) * 2
    moved = (first - last).dropna()
    focus = set(moved[moved.abs() >= 1].abs().sort_values(ascending=False, kind="stable").index[:FOCUSED])
    sure = moved[~moved.index.isin(uncertain_themes())] if one else moved.iloc[:0]  # of many agencies ranks are noise
    up = sure.idxmax() if len(sure) and sure.max() >= FEWEST_PLACES else ""
    titles = [say("finding", theme=labels.get(up, up), first=f"{first[up]:g}", last=f"{last[up]:g}")] if up else []
    figure = make_figure("priorities", places, scope, titles, under=("subtitle" if one else "subtitle_many",))
    if len(kept) < FEWEST_WORDS or len(numbers) < 2:  # noqa: PLR2004
        return not_drawn(figure, "no_priorities")
    lines = [
        Line(labels.get(str(theme), str(theme)), tuple(_at(row, number) for number in numbers), theme in focus)
        for theme, row in kept.iterrows()
    ]
    return replace(figure, plot=Bump(tuple(lines), tuple(map(str, years))))


def _ranks(places: pd.DataFrame, *, one: bool) -> pd.DataFrame:
    """Return themes by year: the task's number, or of several agencies the rank of its mean place."""
    if places.empty:
        return pd.DataFrame()
    if one:
        return _by_year(places, "place")
    share = (places["place"] - 1) / (places["of_tasks"] - 1).clip(lower=1)
    groups = places.assign(share=share).groupby(["in", "theme"])["share"]
    sizes = groups.size()
    common = sizes >= (places.groupby("in")["report"].nunique() * COMMON).clip(lower=2).reindex(sizes.index, level="in")
    mean = groups.mean()[common].reset_index()
    mean["rank"] = mean.groupby("in")["share"].rank(method="first")
    return _by_year(mean, "rank")


def _by_year(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return themes by years."""
    return table.astype({value: "float64"}).pivot_table(
        index="theme", columns="in", values=value, aggfunc="first", dropna=False
    )


def _years_of(table: pd.DataFrame) -> tuple[list[int], list[Any]]:
    """Return the numbers of the compilations with their years; 0 and its year where one is missing in between."""
    known = table.dropna(subset=["year"]).groupby("in")["year"].agg(lambda years: years.mode().iloc[0])
    if known.is_unique and len(known) == table["in"].nunique() and len(known):
        number = {int(year): int(at) for at, year in known.items()}
        years = list(range(min(number), max(number) + 1))
        return [number.get(year, 0) for year in years], years
    numbers = sorted(table["in"].unique())
    return numbers, numbers


def _at(values: pd.Series, key: int) -> float | None:
    value = values.get(key)
    return None if value is None or pd.isna(value) else float(value)


def _ends(values: Sequence[float | None], form: str) -> tuple[str, ...]:
    """Write the first value and the last."""
    known = [at for at, value in enumerate(values) if value is not None]
    shown = {known[0], known[-1]} if known else set()
    return tuple(form.format(value).replace("-", MINUS) if at in shown else "" for at, value in enumerate(values))


def _said(years: Sequence[Any], lang: str) -> str:
    return str(label("scope", "span", lang).format(years[0], years[-1]))


# ---- Places ----


def build_places(themes: pd.DataFrame, scope: Scope, *, top: int = 2 * MOST) -> Figure:
    """Show the shares of themes in two places side by side; of more than two, places by themes in small multiples."""
    lang, say = scope.lang, words_of("places", scope.lang)
    labels = theme_labels(lang, scope.codebook)
    whole = themes[themes["sector"] == ""]
    places = list(dict.fromkeys(whole["place"]))
    wide = whole.pivot_table(index="theme", columns="place", values="share_of_sentences", aggfunc="first", dropna=False)
    wide = wide[places] * 100
    of = whole.drop_duplicates("place").set_index("place")["of_reports"]
    own = [(place, list(group["theme"])) for place, group in sole_themes(themes).groupby("place", sort=False)]
    most: tuple[str, list] = max(own, key=lambda pair: len(pair[1]), default=("", []))
    titles = (
        [
            say(
                "finding" if len(most[1]) > FEW_THEMES else "few",
                place=most[0],
                themes=named(most[1][:FEW_THEMES], labels, lang),
                n=len(most[1]),
            )
        ]
        if own
        else []
    )
    counted = label("marks", "comma", lang).join(fill("scope", "place", lang, place=p, n=int(of[p])) for p in places)
    notes = [say("counted", places=counted), *([say("one")] if (of == 1).any() else [])]
    figure = make_figure("places", themes, scope, titles, notes=notes)
    if len(places) < 2:  # noqa: PLR2004
        return not_drawn(figure, "one_place", n=len(places))
    if len(places) > 2:  # noqa: PLR2004
        return replace(figure, plot=_many_places(wide, labels, top=min(top, MOST)))
    one, other = places
    gap = wide[other] - wide[one]
    order = gap.abs().sort_values(ascending=False, kind="stable").index[:top]
    shown, groups = wide.loc[order], []
    for place, rows, colour in (
        (one, shown[gap[order] <= 0], style.SECOND),
        (other, shown[gap[order] > 0], style.FOCUS),
    ):
        made = tuple(
            Row(
                labels.get(str(theme), str(theme)),
                (row[one], row[other]),
                (f"{row[one]:.1f}", f"{row[other]:.1f}"),
                (signed(row[other] - row[one]),),
            )
            for theme, row in rows.iterrows()
        )
        groups.append(Group(say("more", place=place), colour, made))
    return replace(figure, plot=Dumbbell(tuple(groups), (one, other), (say("change"),)))


def _many_places(wide: pd.DataFrame, labels: Mapping[str, str], *, top: int) -> Ranks:
    """Return one panel of bars for each of the themes that differ most between places."""
    spread = (wide.max(axis=1) - wide.min(axis=1)).sort_values(ascending=False, kind="stable").index[:top]
    panels = tuple(
        Panel(
            labels.get(str(theme), str(theme)),
            tuple(wide.loc[theme].astype(float)),
            tuple(f"{value:.1f}" for value in wide.loc[theme]),
        )
        for theme in spread
    )
    return Ranks(panels, tuple(wide.columns))


def build_place_words(words: pd.DataFrame, scope: Scope, *, per_side: int = WORDS) -> Figure:
    """Show the words that set the first place apart from the others: both rates, by z of the log-odds."""
    say = words_of("place_words", scope.lang)
    kept = words[(words["n"] + words["n_reference"] >= FEWEST) & (words["z"].abs() >= SIGNIFICANT)]
    if max(words[["n_reports", "n_reports_reference"]].max(), default=0) > 1:
        kept = kept[kept[["n_reports", "n_reports_reference"]].max(axis=1) > 1]
    first = kept[kept["z"] > 0].sort_values("z", ascending=False, kind="stable").head(per_side)
    others = kept[kept["z"] < 0].sort_values("z", kind="stable").head(per_side)
    said = {"first": fill_words(first, scope.lang), "others": fill_words(others, scope.lang)}
    key = "both" if len(first) and len(others) else "only_first" if len(first) else "only_others"
    figure = make_figure("place_words", words, scope, [say(key, **said)] if len(kept) else [])
    if len(first) + len(others) < FEWEST_WORDS:
        return not_drawn(figure, "few_place_words", n=len(first) + len(others))
    groups = []
    for name, rows, colour in (("group_first", first, style.SECOND), ("group_others", others, style.FOCUS)):
        values = [(row.term, row.per_10k_chars, row.per_10k_chars_reference) for row in rows.itertuples()]
        made = tuple(
            Row(term, (ours, theirs), (f"{ours:.1f}", f"{theirs:.1f}"), (signed(theirs - ours),))
            for term, ours, theirs in values
        )
        groups.append(Group(say(name), colour, made))
    ends = (say("end_first"), say("end_others"))
    return replace(figure, plot=Dumbbell(tuple(groups), ends, (say("change"),), unit=""))
