"""Figures of several years and of places; a year without a compilation, or without what is counted, is a gap."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from statistics import mode
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.measure.findings import strongest
from kit.measure.numbers import DIGITS
from kit.measure.quantities import unit_size
from kit.measure.scoring import uncertain_themes
from kit.measure.series import moved_everywhere, moved_themes, sole_themes
from kit.show import style
from kit.show.commitment_figures import aim, amount
from kit.show.count_figures import build_heatmap, dumbbell_group
from kit.show.figure import Bump, Dumbbell, Figure, Group, Key, Mark, Panels, Ranks, Row, Tracks, make_figure, not_drawn
from kit.show.style import Scope, theme_heads, words_of
from kit.wording import MINUS, agency_name, fill, label, named, quoted, shortened

MOST, TRACKS, LINES, FOCUSED = 12, 16, 8, 3  # panels, rows of tracks, lines of ranks and those that stand out
WORDS = 10  # rows a side
FEWEST_WORDS, FEWEST_YEARS = 3, 3  # words or lines that make a figure; years of ranks
FEWEST_PLACES = 2  # by which a theme rises among the tasks of a plan, from which on a title says so
FEW_THEMES = 3  # that a title names one by one
WIDE_YEARS, FEW_YEARS = 6, 4  # years up to which a cell has room for target and result; a chain for its verdict
STEP_MARKS = {
    "promised": "triangle",
    "reported": "dot",
    "partly": "half",
    "not mentioned": "ring",
    "to check": "query",
    "no report": "dash",
    "general": "dash",
}
BESIDE = 0.2  # of a column: how far the answer stands before its middle, the promise behind
TALLEST, ROW, HEAD_ROWS, ACROSS = 520, 12, 4, 3  # points of panels, of a row in one; rows that its head takes
COMMON = 1 / 5  # of the agencies of a year: so many have to put a theme first for it to be ranked


def build_years(shares: pd.DataFrame, scope: Scope, *, top: int = MOST) -> Figure:
    """Show shares of themes over years: small multiples on one scale, by change; of two years a dumbbell."""
    lang, say = scope.lang, words_of("years", scope.lang)
    labels, wide = scope.themes, _by_year(shares, "share_of_sentences") * 100
    numbers, years = _years_of(shares)
    shown = wide.loc[_furthest(wide.iloc[:, -1] - wide.iloc[:, 0])[:top]]
    span = label("scope", "span", lang).format(years[0], years[-1])
    left_out = {
        "breaks": 0 in numbers or bool(wide.isna().to_numpy().any()),
        "rest": (len(wide) - len(shown)) * (len(numbers) > 1),
        "versions": shares.loc[shares["share_of_sentences"].isna(), "theme"].nunique(),
    }
    notes, two = [say(key, n=n) for key, n in left_out.items() if n], len(numbers) == 2  # noqa: PLR2004
    titles = _say_moved(say, moved_themes(shares), labels, lang, years=span)
    figure = make_figure("years", shares, scope, titles, under=("subtitle_two" if two else "subtitle",), notes=notes)
    if shown.empty or len(numbers) < 2:  # noqa: PLR2004
        return not_drawn(figure, "few_years")
    if two:
        groups = _moved(shown, labels, say("group_up"), say("group_down"))
        return replace(figure, plot=Dumbbell(groups, (str(years[0]), str(years[1])), (say("change"),)))
    rows = (_panel(labels.get(theme, theme), row, numbers, "{:.1f}") for theme, row in shown.iterrows())
    return replace(figure, plot=Panels(tuple(rows), tuple(map(str, years))))


def _furthest(moves: pd.Series) -> pd.Index:
    return moves.dropna().sort_values(key=abs, ascending=False, kind="stable").index


def _say_moved(
    say: Callable[..., str], found: pd.Series, labels: Mapping[str, str], lang: str, **values: object
) -> list[str]:
    """Return titles that name the themes that gained space and those that lost it, the fullest first."""
    sides = {"up": found[found > 0], "down": found[found < 0]}
    said = {key: named(list(rows.index[:2]), labels, lang) for key, rows in sides.items() if len(rows)}
    return _say_sides(say, said, values)


def _say_sides(say: Callable[..., str], said: Mapping[str, str], values: Mapping[str, object]) -> list[str]:
    return [say(key, **said, **values) for key in (*["both"] * (len(said) > 1), *said)]


def _moved(wide: pd.DataFrame, labels: Mapping[str, str], up: str, down: str) -> tuple[Group, Group]:
    """Return themes with their first value and their last, under a head those that rose, and those that fell."""
    rows = [(labels.get(str(theme), str(theme)), row.iloc[0], row.iloc[-1], "") for theme, row in wide.iterrows()]
    rose, fell = ([row for row in rows if (row[2] > row[1]) == side] for side in (True, False))
    return dumbbell_group(up, style.FOCUS, rose), dumbbell_group(down, style.SECOND, fell)


def build_word_years(words: pd.DataFrame, scope: Scope, *, per_side: int = WORDS) -> Figure:
    """Show the words that rose and fell between the first year and the last: both rates, by z of the log-odds."""
    say = words_of("word_years", scope.lang)
    ends = (str(scope.period[0]), str(scope.period[1])) if scope.period else (say("first"), say("last"))
    return _compare("word_years", words, scope, ends, (style.FOCUS, style.SECOND), per_side)


def _compare(
    stem: str, words: pd.DataFrame, scope: Scope, ends: tuple[str, str], colours: tuple[str, str], per_side: int
) -> Figure:
    """Show the words that the focus has more of, in the first colour, and those of the reference, with both rates."""
    say: Callable[..., str] = words_of(stem, scope.lang)
    called: dict[str, Any] = dict(zip(("first", "others"), ends, strict=True))
    several = max(words[["n_reports", "n_reports_reference"]].max(), default=0) > 1
    sides = dict(zip(("up", "down"), strongest(words, per_side)[::-1], strict=True))
    said = {key: quoted(list(rows["term"].head(3)), scope.lang) for key, rows in sides.items() if len(rows)}
    titles, n = _say_sides(say, said, called)[:1], sum(map(len, sides.values()))
    figure = make_figure(stem, words, scope, titles, notes=[say("several" if several else "alone")], **called)
    if n < FEWEST_WORDS:
        return not_drawn(figure, f"few_{stem}", n=n)
    rates = ["per_10k_chars_reference", "per_10k_chars"][:: 1 if stem == "word_years" else -1]
    groups = []
    for (key, rows), colour in zip(sides.items(), colours, strict=True):
        words_of_side = rows[["term", *rates]].assign(key="").itertuples(index=False)
        groups.append(dumbbell_group(say(f"group_{key}", **called), colour, words_of_side))
    return replace(figure, plot=Dumbbell(tuple(groups), ends, (say("change"),), unit=""))


def build_chains(chains: pd.DataFrame, scope: Scope, *, top: int = TRACKS) -> Figure:
    """Show promises over years: promised, what became of it, promised again; the longest chains first."""
    lang, say = scope.lang, words_of("chains", scope.lang)
    promised = chains[chains["kind"] == "promised"].groupby("chain").size()
    long = promised[promised > 1]
    firsts = chains[(chains["step"] == 1) & chains["chain"].isin(long.index)]
    firsts = firsts.assign(long=lambda rows: -rows["chain"].map(long))
    # Of chains of one length the first of each agency, then the second of each.
    firsts = firsts.assign(nth=firsts.groupby(["long", "agency"]).cumcount())
    order = list(firsts.sort_values(["long", "nth"], kind="stable")["chain"].head(top))
    steps_of = dict(list(chains[chains["chain"].isin(order)].groupby("chain")))
    marks = {STEP_MARKS[kind] for steps in steps_of.values() for kind in steps["kind"]}
    keys = [
        Key(mark, say(kind) if kind == "promised" else fill("statuses", kind, lang), Mark(0, mark).ink)
        for kind, mark in STEP_MARKS.items()
        if mark in marks and mark != "dash"
    ]
    notes = [say("dashes")] * ("dash" in marks) + [say("rest", n=len(long) - top)] * (len(long) > top)
    figure = make_figure("chains", chains, scope, keys=keys, notes=notes)
    if not order:
        return not_drawn(figure, "no_chains")
    numbers, years = _years_of(chains)
    column = {number: at for at, number in enumerate(numbers) if number}
    several, verdicts = len(set(chains["agency"]) - {""}) > 1, len(numbers) <= FEW_YEARS
    rows = (_chain_row(steps_of[chain], column, lang, agency=several, verdicts=verdicts) for chain in order)
    return replace(figure, plot=Tracks(tuple(rows), tuple(map(str, years))))


def _chain_row(steps: pd.DataFrame, column: Mapping[int, int], lang: str, *, agency: bool, verdicts: bool) -> Row:
    marks: list[Mark] = []
    for step in steps.rename(columns={"in": "number"}).itertuples():
        is_promise = step.kind == "promised"
        at = column[step.number] + (BESIDE if is_promise else -BESIDE)
        is_told = verdicts and step.kind in ("reported", "partly") and step.number_verdict in ("met", "missed")
        told = fill("number_verdicts", step.number_verdict, lang) if is_told else ""
        # over a missing year nothing is joined
        joined = not is_promise and bool(marks) and at - marks[-1].column < 1
        marks.append(Mark(at, STEP_MARKS[step.kind], told, above=True, joined=joined))
    first = steps.iloc[0]
    return Row(first["matter"], marks=tuple(marks), under=agency_name(first["agency"], lang) if agency else "")


def build_series(series: pd.DataFrame, scope: Scope, *, top: int = MOST) -> Figure:
    """Show numbers over years: the target as a tick, the result as a dot, joined within the year."""
    lang, say = scope.lang, words_of("series", scope.lang)
    n_held = series.dropna(subset=["target", "actual"]).groupby(["agency", "headline"], sort=False).size()
    chosen = n_held[n_held > 1].sort_values(ascending=False, kind="stable").index
    others = series[~series["headline"].isin(knowledge("headlines.toml")["headline"])]  # those have their own figure
    judged = others[others["number_verdict"].isin(["met", "missed"])]
    done = int((judged["number_verdict"] == "met").sum())
    titles = [say("finding" if done < len(judged) else "all", of=len(judged), met=done)] if len(judged) > 1 else []
    keys = [Key("dot", say("actual"), style.FOCUS), Key("tick", say("target"), style.SECOND)]
    notes = [say("rest", n=len(chosen) - top)] * (len(chosen) > top)
    figure = make_figure("series", series, scope, titles, keys=keys, notes=notes)
    if not len(chosen):
        return not_drawn(figure, "no_series", n=len(n_held))
    years, several = _all_years(series), len(set(series["agency"])) > 1
    of, made = dict(list(series.groupby(["agency", "headline"], sort=False))), []
    for agency, headline in chosen[:top]:
        rows, unit = _in_one_unit(of[agency, headline])
        under = label("marks", "comma", lang).join(filter(None, (agency_name(agency, lang) * several, unit)))
        goals, name = _values(rows["target"], years), headline_name(headline, lang)
        made.append(replace(_panel(name, rows["actual"], years, "{:g}"), targets=goals, under=under))
    return replace(figure, plot=Panels(tuple(made), tuple(map(str, years)), shared=False))


def _all_years(rows: pd.DataFrame) -> list[int]:
    return list(range(int(rows["year"].min()), int(rows["year"].max()) + 1)) if len(rows) else []


def _in_one_unit(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the rows of one number by year, all in the unit that the latest target has, else the latest result."""
    aimed = rows[rows["target"].notna()]
    unit = (aimed if len(aimed) else rows)["unit"].iloc[-1]
    dimension, size = unit_size(unit)
    own = [unit_size(one) for one in rows["unit"]]
    rows = rows[[kind == dimension for kind, _ in own]]
    factor = [round(one / size, DIGITS) for kind, one in own if kind == dimension]
    numbers = {name: rows[name] * factor for name in ("actual", "target", "target_to")}
    return rows.assign(**numbers).set_index("year"), unit


def headline_name(headline: str, lang: str) -> str:
    """Return what a headline indicator is called; the name of another number is the text's own."""
    known = knowledge("headlines.toml")["headline"].get(headline)
    return str(known[lang]) if known else headline


def build_headline_years(series: pd.DataFrame, scope: Scope, *, top: int = TRACKS) -> Figure:
    """Show headline targets and results by year: rows are indicators, or the agencies under each indicator."""
    lang, say = scope.lang, words_of("headline_years", scope.lang)
    known = knowledge("headlines.toml")["headline"]
    rows = series[series["headline"].isin(known)]
    held = rows[rows["number_verdict"].isin(["met", "missed"]) & rows["actual"].notna()]
    aimed = rows[rows["target"].notna() | (rows["bound"] == "same")]
    titles = _say_met(aimed, held, lang) if len(set(held["target_in"])) > 1 else []  # of two years `headlines` says it
    if len(_all_years(rows)) > WIDE_YEARS:  # results alone have no mark there
        rows = rows[rows["year"].between(aimed["year"].min(), aimed["year"].max())]
    years, several, sizes = _all_years(rows), len(set(aimed["agency"])) > 1, aimed["headline"].value_counts()
    tracks: list[Row] = []
    order = sorted((key for key in known if key in sizes), key=lambda key: -sizes[key])
    rest = 0
    for at, headline in enumerate(order):
        own = rows[(rows["headline"] == headline) & rows["agency"].isin(set(aimed["agency"]))]
        in_units = {agency: _in_one_unit(group) for agency, group in own.groupby("agency", sort=False)}
        name = say("unit", name=headline_name(headline, lang), unit=mode(unit for _, unit in in_units.values()))
        made = [Row(name)] * several
        made += [_headline_row(agency if several else name, one, years, lang) for agency, (one, _) in in_units.items()]
        if tracks and len(tracks) + len(made) > top + 4 * several:
            rest = len(order) - at
            break
        tracks += made
    marks = {"met": "dot", "missed": "ring"}
    keys = [
        Key(mark, fill("number_verdicts", key, lang), Mark(0, mark).ink)
        for key, mark in marks.items()
        if key in set(held["number_verdict"])
    ]
    notes = [say("texts" if len(years) <= WIDE_YEARS else "marks"), say("rest", n=rest) if rest else ""]
    figure = make_figure("headline_years", series, scope, titles, keys=keys, notes=notes)
    if len(aimed) < FEWEST_WORDS:
        return not_drawn(figure, "no_headlines", n=len(aimed))
    return replace(figure, plot=Tracks(tuple(tracks), tuple(map(str, years))))


def _say_met(aimed: pd.DataFrame, held: pd.DataFrame, lang: str) -> list[str]:
    """Return a title that says how many headline targets were met, and which were not."""
    say, several, names = words_of("headline_years", lang), len(set(aimed["agency"])) > 1, []
    for row in held[held["number_verdict"] == "missed"].itertuples():
        owner, name = agency_name(row.agency, lang) * several, headline_name(row.headline, lang)
        names.append(say("missed", year=str(row.year), owner=owner, name=name).lstrip())
    said = {"of": len(held), "aims": len(aimed), "met": len(held) - len(names), "missed": shortened(names, lang)}
    return [say(key, **said) for key in (["finding", "count"] if names else ["all"])] if len(held) else []


def _headline_row(name: str, rows: pd.DataFrame, years: Sequence[int], lang: str) -> Row:
    marks, is_wide = [], len(years) <= WIDE_YEARS
    for row in rows.reset_index().itertuples():
        # a verdict shows only with the number that bears it, not with a stated completion of the plan
        kind = {"met": "dot", "missed": "ring"}.get(row.number_verdict, "") if pd.notna(row.actual) else ""
        is_same, actual = row.bound == "same", amount(row.actual) or "–"
        target = label("bounds_short", "same", lang) if is_same else aim(row.bound, row.target, row.target_to) or "–"
        told = f"{target}→{actual}" if row.bound else actual
        kind = kind or "dash" * (not is_wide and bool(row.bound))
        marks.append(Mark(years.index(int(row.year)) - 0.35 * is_wide, kind, told * is_wide))
    return Row(agency_name(name, lang), marks=tuple(marks) or (Mark(0, ""),))


def build_priorities(places: pd.DataFrame, scope: Scope, *, top: int = LINES) -> Figure:
    """Show at which place of the plans' numbered tasks themes stand, year by year: a bump chart."""
    lang, labels = scope.lang, scope.themes
    numbers, years = _years_of(places)
    one = places.groupby("in")["report"].nunique().max() == 1
    draft = partial(make_figure, "priorities", places, scope, under=("subtitle" if one else "subtitle_many",))
    if len(numbers) < FEWEST_YEARS or len(kept := _lines(_ranks(places, one=one), top)) < FEWEST_WORDS:
        return not_drawn(draft(), "no_priorities")
    moved = (kept.iloc[:, 0] - kept.iloc[:, -1]).dropna()
    focus = _furthest(moved[moved.abs() >= 1])[:FOCUSED]
    titles = []
    if one and (up := _risen(kept, moved)):  # of many agencies ranks are noise
        first, last = (f"{kept.loc[up].iloc[at]:g}" for at in (0, -1))
        titles = [fill("figures.priorities", "finding", lang, theme=labels.get(up, up), first=first, last=last)]
    heads = theme_heads(list(kept.index), labels, lang)
    rows = (
        Row(head, _values(row, numbers), focus=theme in focus)
        for head, (theme, row) in zip(heads, kept.iterrows(), strict=True)
    )
    return replace(draft(titles), plot=Bump(tuple(rows), tuple(map(str, years))))


def _lines(ranks: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the lines that are drawn: of a third of the years or more, named at an end of the figure."""
    kept = ranks[ranks.notna().sum(axis=1) >= max(2, len(ranks.columns) / 3)]
    kept = kept[kept.iloc[:, [0, -1]].notna().any(axis=1)]
    return kept.loc[kept.mean(axis=1).sort_values(kind="stable").index[:top]]


def _risen(kept: pd.DataFrame, moved: pd.Series) -> str:
    # A line that went up and down again did not rise.
    straight = (kept.min(axis=1) == kept.iloc[:, -1]) & (kept.max(axis=1) == kept.iloc[:, 0])
    sure = moved[straight[moved.index] & ~moved.index.isin(uncertain_themes())]
    return str(sure.idxmax()) if len(sure) and sure.max() >= FEWEST_PLACES else ""


def _ranks(places: pd.DataFrame, *, one: bool) -> pd.DataFrame:
    """Return themes by year: the task's number, or of several agencies the rank of its mean place."""
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


def _values(row: pd.Series, keys: Sequence[int]) -> tuple[float | None, ...]:
    """Return the values of some years; where one is missing, none."""
    return tuple(None if pd.isna(value) else float(value) for value in row.reindex(keys))


def _panel(name: str, row: pd.Series, keys: Sequence[int], form: str) -> Row:
    """Return a panel, in which the first value and the last are written."""
    values = _values(row, keys)
    known = [at for at, value in enumerate(values) if value is not None]
    shown = {*known[:1], *known[-1:]}
    texts = (form.format(value).replace("-", MINUS) if at in shown else "" for at, value in enumerate(values))
    return Row(name, values, tuple(texts))


# ---- Places ----


def build_places(themes: pd.DataFrame, scope: Scope, *, top: int = 2 * MOST) -> Figure:
    """Show the shares of themes in two places side by side; of more than two, places by themes in small multiples."""
    lang, labels, say = scope.lang, scope.themes, words_of("places", scope.lang)
    whole = themes[themes["sector"] == ""]
    places = list(dict.fromkeys(whole["place"]))
    wide = whole.pivot_table(index="theme", columns="place", values="share_of_sentences", aggfunc="first", dropna=False)
    wide = wide[places] * 100
    of = whole.drop_duplicates("place").set_index("place")["of_reports"]
    titles, own = [], sole_themes(themes).groupby("place", sort=False)["theme"].agg(list)
    if len(own):
        place, alone = max(own.items(), key=lambda pair: len(pair[1]))
        key, first = "finding" if len(alone) > FEW_THEMES else "few", named(alone[:FEW_THEMES], labels, lang)
        titles = [say(key, place=place, themes=first)]
    counted = label("marks", "comma", lang).join(fill("scope", "place", lang, place=p, n=int(of[p])) for p in places)
    each = bool((of == 1).all())  # a government's own report, or one agency's
    notes = [say("each")] if each else [say("counted", places=counted), *([say("one")] if (of == 1).any() else [])]
    figure = make_figure("places", themes, scope, titles, under=("subtitle" + "_each" * each,), notes=notes)
    if len(places) < 2:  # noqa: PLR2004
        return not_drawn(figure, "one_place", n=len(places))
    if len(places) > 2:  # noqa: PLR2004
        shown = wide.loc[_furthest(wide.max(axis=1) - wide.min(axis=1))[: min(top, MOST)]]  # that differ most
        return replace(figure, plot=_ranks_of(shown.rename(index=dict(labels))))
    one, other = places
    shown = wide.loc[_furthest(wide[other] - wide[one])[:top]]
    groups = _moved(shown, labels, say("more", place=other), say("more", place=one))[::-1]
    return replace(figure, plot=Dumbbell(groups, (one, other), (say("change"),)))


def _ranks_of(wide: pd.DataFrame) -> Ranks:
    """Return a panel of bars for each row, one for each column."""
    rows = (
        Row(str(name), tuple(map(float, row)), tuple(f"{value:.1f}" for value in row)) for name, row in wide.iterrows()
    )
    return Ranks(tuple(rows), tuple(wide.columns))


def build_place_words(words: pd.DataFrame, scope: Scope, *, places: Sequence[str], per_side: int = WORDS) -> Figure:
    """Show the words that set the first place apart from the others: both rates, by z of the log-odds."""
    first, *rest = places
    others = rest[0] if len(rest) == 1 else fill("figures.place_words", "rest", scope.lang, n=len(rest))
    return _compare("place_words", words, scope, (first, others), (style.SECOND, style.FOCUS), per_side)


def build_place_years(themes: pd.DataFrame, scope: Scope) -> Figure:
    """Show the shares of themes in each place and year, the years of a place below each other."""
    lang, say = scope.lang, words_of("place_years", scope.lang)
    titles = _say_moved(say, moved_everywhere(themes), scope.themes, lang, places=themes["place"].nunique())
    own = make_figure("place_years", themes, scope, titles)
    groups = themes.groupby(["place", "year"], sort=False)
    names = [say("row", place=place, year=str(year), n=int(rows["of_reports"].max())) for (place, year), rows in groups]
    counts = themes.assign(report=groups.ngroup() + 1, agency=[names[at] for at in groups.ngroup()], role="all")
    scope = replace(scope, authors="groups", agencies={}, sectors={})
    drawn = build_heatmap(counts, scope, value="share_of_sentences", order="table")
    return drawn if drawn.reason else replace(own, plot=drawn.plot, keys=drawn.keys, note=drawn.note)


def build_term_groups(terms: pd.DataFrame, scope: Scope, *, top: int = MOST) -> Figure:
    """Show the most used terms in groups of reports, a panel of bars a term, in rates."""
    rows = max(1, TALLEST // (ROW * (terms["group"].nunique() + HEAD_ROWS)))  # of panels that fit a page
    top = min(top, ACROSS * rows)
    sums = terms.groupby("term", sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    shown = terms[terms["term"].isin(sums.index[:top])]
    measure = fill("measures", "per_10k_chars", scope.lang)
    figure = make_figure("terms", shown, scope, measured=measure, rows=min(top, len(sums)))
    if shown.empty:
        return not_drawn(figure, "nothing")
    wide = shown.pivot_table(index="term", columns="group", values="per_10k_chars", sort=False)
    return replace(figure, plot=_ranks_of(wide.loc[sums.index[:top]]))
