"""Figures of several years and of places; a year without a compilation, or without what is counted, is a gap."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kit.data import knowledge
from kit.measure.numbers import DIGITS
from kit.measure.quantities import unit_size
from kit.measure.scoring import uncertain_themes
from kit.measure.series import moved_everywhere, moved_themes, moved_words, sole_themes
from kit.show import style
from kit.show.commitment_figures import aim, amount
from kit.show.count_figures import build_heatmap
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
    ink_of,
    make_figure,
    not_drawn,
)
from kit.show.style import Scope, marked_labels, theme_heads, words_of
from kit.wording import MINUS, agency_name, fill, label, named, quoted, shortened, signed

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
    labels = marked_labels(lang, scope.codebook)
    wide = _by_year(shares, "share_of_sentences") * 100
    numbers, years = _years_of(shares)
    first, last = wide.columns[0], wide.columns[-1]
    moved = (wide[last] - wide[first]).dropna()
    order = moved.abs().sort_values(ascending=False, kind="stable").index
    span = label("scope", "span", lang).format(years[0], years[-1])
    titles = _say_moved(say, moved_themes(shares), labels, lang, years=span)
    left_out = {"rest": len(wide) - min(top, len(order))} if len(numbers) > 1 else {}
    missing = shares.groupby("theme")["share_of_sentences"].apply(lambda own: own.isna().any()).sum()
    two = len(numbers) == 2  # noqa: PLR2004
    breaks = 0 in numbers or bool(wide.isna().to_numpy().any())
    notes = [say(key, n=n) for key, n in {"breaks": breaks, **left_out, "versions": int(missing)}.items() if n]
    under = ("subtitle_two" if two else "subtitle",)
    figure = make_figure("years", shares, scope, titles, under=under, notes=notes)
    if not len(order) or len(numbers) < 2:  # noqa: PLR2004
        return not_drawn(figure, "few_years")
    if two:
        groups = _moved(wide.loc[order[:top]], labels, say("group_up"), say("group_down"))
        return replace(figure, plot=Dumbbell(groups, (str(years[0]), str(years[-1])), (say("change"),)))
    panels = []
    for theme in order[:top]:
        values = [_at(wide.loc[theme], number) for number in numbers]
        panels.append(Panel(labels.get(theme, theme), tuple(values), _ends(values, "{:.1f}")))
    return replace(figure, plot=Panels(tuple(panels), tuple(map(str, years))))


def _say_moved(
    say: Callable[..., str], found: pd.Series, labels: Mapping[str, str], lang: str, **said: object
) -> list[str]:
    """Return titles that name the themes that gained space and those that lost it, the fullest first."""
    sides = {"up": found[found > 0], "down": found[found < 0]}
    named_ones = {key: named(list(rows.index[:2]), labels, lang) for key, rows in sides.items() if len(rows)}
    keys = [*(["both"] if len(named_ones) > 1 else []), *named_ones]
    return [say(key, **named_ones, **said) for key in keys]


def _moved(wide: pd.DataFrame, labels: Mapping[str, str], up: str, down: str) -> tuple[Group, Group]:
    """Return themes with their first value and their last, under a head those that rose, and those that fell."""
    rows = [(labels.get(str(theme), str(theme)), row.iloc[0], row.iloc[-1]) for theme, row in wide.iterrows()]
    rose, fell = ([row for row in rows if (row[2] > row[1]) == side] for side in (True, False))
    return _pairs(up, style.FOCUS, rose), _pairs(down, style.SECOND, fell)


def _pairs(head: str, colour: str, rows: Iterable[tuple[str, float, float]]) -> Group:
    """Return rows of two values under a head, and by how much the second is more."""
    made = (
        Row(name, (one, other), (f"{one:.1f}", f"{other:.1f}"), (signed(other - one),)) for name, one, other in rows
    )
    return Group(head, colour, tuple(made))


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
    sides = {key: rows.head(per_side) for key, rows in zip(("up", "down"), moved_words(words), strict=True)}
    said = {key: quoted(rows["term"].head(3).tolist(), scope.lang) for key, rows in sides.items() if len(rows)}
    titles = [say("both" if len(said) > 1 else next(iter(said)), **said, **called)] if said else []
    notes, n = [say("several" if several else "alone")], sum(map(len, sides.values()))
    figure = make_figure(stem, words, scope, titles, notes=notes, **called)
    if n < FEWEST_WORDS:
        return not_drawn(figure, f"few_{stem}", n=n)
    rates = ["per_10k_chars_reference", "per_10k_chars"][:: 1 if stem == "word_years" else -1]
    groups = (
        _pairs(say(f"group_{key}", **called), colour, sides[key][["term", *rates]].itertuples(index=False))
        for key, colour in zip(sides, colours, strict=True)
    )
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
    kinds = {kind for steps in steps_of.values() for kind in steps["kind"]}
    keys = [
        Key(mark, say(kind) if kind == "promised" else fill("statuses", kind, lang), ink_of(mark))
        for kind, mark in STEP_MARKS.items()
        if kind in kinds and mark != "dash"
    ]
    notes = [say("dashes")] * bool({STEP_MARKS[kind] for kind in kinds} & {"dash"})
    notes += [say("rest", n=len(long) - top)] if len(long) > top else []
    figure = make_figure("chains", chains, scope, [], keys=keys, notes=notes)
    if not order:
        return not_drawn(figure, "no_chains")
    numbers, years = _years_of(chains)
    column = {number: at for at, number in enumerate(numbers) if number}
    said: dict[str, Any] = {"agency": len(set(chains["agency"]) - {""}) > 1, "verdicts": len(numbers) <= FEW_YEARS}
    rows = (_chain_row(steps_of[chain], column, lang=lang, **said) for chain in order)
    return replace(figure, plot=Tracks(tuple(rows), tuple(map(str, years))))


def _chain_row(steps: pd.DataFrame, column: Mapping[int, int], *, agency: bool, verdicts: bool, lang: str) -> Track:
    marks, joined = [], []
    for step in steps.rename(columns={"in": "number"}).itertuples():
        is_promise = step.kind == "promised"
        at = column[step.number] + (BESIDE if is_promise else -BESIDE)
        is_told = verdicts and step.kind in ("reported", "partly") and step.number_verdict in ("met", "missed")
        told = step.number_verdict if is_told else ""
        marks.append(Mark(at, STEP_MARKS[step.kind], fill("number_verdicts", told, lang) if told else "", above=True))
        if not is_promise and len(marks) > 1 and at - marks[-2].column < 1:  # over a missing year nothing is joined
            joined.append((marks[-2].column, at))
    first = steps.iloc[0]
    return Track(first["matter"], tuple(marks), tuple(joined), agency_name(first["agency"], lang) if agency else "")


def build_series(series: pd.DataFrame, scope: Scope, *, top: int = MOST) -> Figure:
    """Show numbers over years: the target as a tick, the result as a dot, joined within the year."""
    lang, say = scope.lang, words_of("series", scope.lang)
    held = series[series["target"].notna() & series["actual"].notna()]
    n_held = held.groupby(["agency", "headline"], sort=False).size()
    chosen = n_held[n_held > 1].sort_values(ascending=False, kind="stable").index[:top]
    others = series[~series["headline"].isin(knowledge("headlines.toml")["headline"])]  # those have their own figure
    judged = others[others["number_verdict"].isin(["met", "missed"])]
    done = int((judged["number_verdict"] == "met").sum())
    titles = [say("finding" if done < len(judged) else "all", of=len(judged), met=done)] if len(judged) > 1 else []
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
        told, ends = label("marks", "comma", lang).join(filter(None, under)), _ends(values, "{:g}")
        panels.append(Panel(headline_name(headline, lang), tuple(values), ends, tuple(targets), told))
    return replace(figure, plot=Panels(tuple(panels), tuple(map(str, years)), shared=False))


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
    rows = series[series["headline"].isin(known)].rename(columns={"in": "number"})
    held = rows[rows["number_verdict"].isin(["met", "missed"]) & rows["actual"].notna()]
    counts, aimed = held["number_verdict"].value_counts(), rows[rows["target"].notna() | (rows["bound"] == "same")]
    titles = _say_met(rows, held, lang) if len(set(held["target_in"])) > 1 else []  # of two years `headlines` says it
    if len(rows) and rows["year"].max() - rows["year"].min() >= WIDE_YEARS:  # results alone have no mark there
        rows = rows[rows["year"].between(aimed["year"].min(), aimed["year"].max())]
    years = list(range(int(rows["year"].min()), int(rows["year"].max()) + 1)) if len(rows) else []
    marks = {"met": "dot", "missed": "ring"}
    keys = [Key(mark, fill("number_verdicts", key, lang), ink_of(mark)) for key, mark in marks.items() if key in counts]
    notes = [say("texts" if len(years) <= WIDE_YEARS else "marks")]
    figure = make_figure("headline_years", series, scope, titles, keys=keys, notes=notes)
    weight = aimed.groupby("headline").size().reindex([key for key in known if key in set(aimed["headline"])])
    if len(aimed) < FEWEST_WORDS:
        return not_drawn(figure, "no_headlines", n=len(aimed))
    several = len(set(aimed["agency"])) > 1
    tracks: list[Track] = []
    order = list(weight.sort_values(ascending=False, kind="stable").index)
    for at, headline in enumerate(order):
        own = rows[(rows["headline"] == headline) & rows["agency"].isin(set(aimed["agency"]))]
        units = [_in_one_unit(group)[1] for _, group in own.groupby("agency", sort=False)]
        name = say("unit", name=headline_name(headline, lang), unit=max(units, key=units.count))
        made = [
            _headline_row(agency if several else name, group, years, lang)
            for agency, group in own.groupby("agency", sort=False)
        ]
        head = [Track(name)] if several else []
        if tracks and len(tracks) + len(head) + len(made) > top + 4 * several:
            figure = replace(figure, note=figure.note + " " * (lang == "en") + say("rest", n=len(order) - at).rstrip())
            break
        tracks += [*head, *made]
    return replace(figure, plot=Tracks(tuple(tracks), tuple(map(str, years))))


def _say_met(rows: pd.DataFrame, held: pd.DataFrame, lang: str) -> list[str]:
    """Return a title that says how many headline targets were met, and which were not."""
    say, several = words_of("headline_years", lang), len(set(rows["agency"])) > 1
    names = [
        say("missed", year=str(row.year), owner=agency_name(row.agency, lang) * several,
            name=headline_name(row.headline, lang)).lstrip()
        for row in held[held["number_verdict"] == "missed"].itertuples()
    ]  # fmt: skip
    aims = int((rows["target"].notna() | (rows["bound"] == "same")).sum())
    said = {"of": len(held), "aims": aims, "met": len(held) - len(names), "missed": shortened(names, lang)}
    return [say(key, **said) for key in (["finding", "count"] if names else ["all"])] if len(held) else []


def _headline_row(name: str, rows: pd.DataFrame, years: Sequence[int], lang: str) -> Track:
    rows, _ = _in_one_unit(rows)
    marks, is_wide = [], len(years) <= WIDE_YEARS
    for row in rows.reset_index().itertuples():
        # a verdict shows only with the number that bears it, not with a stated completion of the plan
        kind = {"met": "dot", "missed": "ring"}.get(row.number_verdict, "") if pd.notna(row.actual) else ""
        is_same = row.bound == "same"
        target = label("bounds_short", "same", lang) if is_same else aim(row.bound, row.target, row.target_to) or "–"
        told = f"{target}→{amount(row.actual) or '–'}" if row.bound else amount(row.actual) or "–"
        kind = kind or "dash" * (not is_wide and bool(row.bound))
        marks.append(Mark(years.index(int(row.year)) - 0.35 * is_wide, kind, told * is_wide))
    return Track(agency_name(name, lang), tuple(marks) or (Mark(0, ""),))


def build_priorities(places: pd.DataFrame, scope: Scope, *, top: int = LINES) -> Figure:
    """Show at which place of the plans' numbered tasks themes stand, year by year: a bump chart."""
    lang, say = scope.lang, words_of("priorities", scope.lang)
    labels = marked_labels(lang, scope.codebook)
    numbers, years = _years_of(places)
    one = bool(len(places)) and places.groupby("in")["report"].nunique().max() == 1
    ranks = _ranks(places, one=one)
    kept = _lines(ranks, top)
    first, last = (kept.iloc[:, 0], kept.iloc[:, -1]) if len(kept) else (pd.Series(dtype=float),) * 2
    moved = (first - last).dropna()
    focus = set(moved[moved.abs() >= 1].abs().sort_values(ascending=False, kind="stable").index[:FOCUSED])
    up = _risen(kept, moved) if one else ""  # of many agencies ranks are noise
    titles = [say("finding", theme=labels.get(up, up), first=f"{first[up]:g}", last=f"{last[up]:g}")] if up else []
    figure = make_figure("priorities", places, scope, titles, under=("subtitle" if one else "subtitle_many",))
    if len(kept) < FEWEST_WORDS or len(numbers) < FEWEST_YEARS:
        return not_drawn(figure, "no_priorities")
    heads = dict(zip(kept.index, theme_heads(list(kept.index), labels, lang), strict=True))
    lines = [
        Line(heads[theme], tuple(_at(row, number) for number in numbers), theme in focus)
        for theme, row in kept.iterrows()
    ]
    return replace(figure, plot=Bump(tuple(lines), tuple(map(str, years))))


def _lines(ranks: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the lines that are drawn: of a third of the years or more, named at an end of the figure."""
    if ranks.empty:
        return ranks
    kept = ranks[ranks.notna().sum(axis=1) >= max(2, len(ranks.columns) / 3)]
    kept = kept[kept.iloc[:, [0, -1]].notna().any(axis=1)]
    return kept.loc[kept.mean(axis=1).sort_values(kind="stable").index[:top]]


def _risen(kept: pd.DataFrame, moved: pd.Series) -> str:
    if kept.empty:
        return ""
    # A line that went up and down again did not rise.
    straight = (kept.min(axis=1) == kept.iloc[:, -1]) & (kept.max(axis=1) == kept.iloc[:, 0])
    sure = moved[straight[moved.index] & ~moved.index.isin(uncertain_themes())]
    return str(sure.idxmax()) if len(sure) and sure.max() >= FEWEST_PLACES else ""


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


# ---- Places ----


def build_places(themes: pd.DataFrame, scope: Scope, *, top: int = 2 * MOST) -> Figure:
    """Show the shares of themes in two places side by side; of more than two, places by themes in small multiples."""
    lang, say = scope.lang, words_of("places", scope.lang)
    labels = marked_labels(lang, scope.codebook)
    whole = themes[themes["sector"] == ""]
    places = list(dict.fromkeys(whole["place"]))
    wide = whole.pivot_table(index="theme", columns="place", values="share_of_sentences", aggfunc="first", dropna=False)
    wide = wide[places] * 100
    of = whole.drop_duplicates("place").set_index("place")["of_reports"]
    own = [(place, list(group["theme"])) for place, group in sole_themes(themes).groupby("place", sort=False)]
    titles = [
        say(
            "finding" if len(alone) > FEW_THEMES else "few", place=place, themes=named(alone[:FEW_THEMES], labels, lang)
        )
        for place, alone in sorted(own, key=lambda pair: -len(pair[1]))[:1]
    ]
    counted = label("marks", "comma", lang).join(fill("scope", "place", lang, place=p, n=int(of[p])) for p in places)
    each = bool((of == 1).all())  # a government's own report, or one agency's
    notes = [say("each")] if each else [say("counted", places=counted), *([say("one")] if (of == 1).any() else [])]
    figure = make_figure("places", themes, scope, titles, under=("subtitle" + "_each" * each,), notes=notes)
    if len(places) < 2:  # noqa: PLR2004
        return not_drawn(figure, "one_place", n=len(places))
    if len(places) > 2:  # noqa: PLR2004
        spread = (wide.max(axis=1) - wide.min(axis=1)).sort_values(ascending=False, kind="stable")
        shown = wide.loc[spread.index[: min(top, MOST)]]  # the themes that differ most
        return replace(figure, plot=_ranks_of(shown.rename(index=dict(labels))))
    one, other = places
    gap = wide[other] - wide[one]
    order = gap.abs().sort_values(ascending=False, kind="stable").index[:top]
    groups = _moved(wide.loc[order], labels, say("more", place=other), say("more", place=one))[::-1]
    return replace(figure, plot=Dumbbell(groups, (one, other), (say("change"),)))


def _ranks_of(wide: pd.DataFrame) -> Ranks:
    """Return a panel of bars for each row, one for each column."""
    panels = (
        Panel(str(name), tuple(map(float, row)), tuple(f"{value:.1f}" for value in row))
        for name, row in wide.iterrows()
    )
    return Ranks(tuple(panels), tuple(wide.columns))


def build_place_words(words: pd.DataFrame, scope: Scope, *, places: Sequence[str], per_side: int = WORDS) -> Figure:
    """Show the words that set the first place apart from the others: both rates, by z of the log-odds."""
    first, *rest = places
    others = rest[0] if len(rest) == 1 else fill("figures.place_words", "rest", scope.lang, n=len(rest))
    return _compare("place_words", words, scope, (first, others), (style.SECOND, style.FOCUS), per_side)


def build_place_years(themes: pd.DataFrame, scope: Scope) -> Figure:
    """Show the shares of themes in each place and year, the years of a place below each other."""
    lang, say = scope.lang, words_of("place_years", scope.lang)
    titles = _say_moved(
        say, moved_everywhere(themes), marked_labels(lang, scope.codebook), lang, places=themes["place"].nunique()
    )
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
