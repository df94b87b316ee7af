"""A corpus as it stands on disk: its tables, lazily, and what is added up over all of it.

What is counted is counted a report at a time in its batch; here batches are added up one by one, so that memory goes
with groups and terms. What needs all reports (copies, links of authors) compares those that share a hash or an author.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.data import knowledge
from kit.errors import TableError
from kit.measure.analysis import TABLES, Analysis
from kit.measure.codebook import codebook_of, read_codebook
from kit.measure.counts import (
    GROUPED,
    MATTER,
    PRIOR,
    SIDES,
    Group,
    as_terms,
    count_tokens,
    find_evidence,
    key_terms,
    sum_groups,
    with_rates,
)
from kit.measure.matching import match_items
from kit.measure.places import COUNTED, as_reports, name_overlap, shift, weigh_words
from kit.read.compilation import Compilation
from kit.read.names import bare_of, bodies_of, find_share
from kit.read.reader import Reading, tabulate
from kit.wording import fill, label

FACTS, DONE = "corpus.json", "done"
SHINGLE, PERMUTATIONS, BANDS, SEED = 8, 128, 32, 2023
COMPILED = ("sources", "reports", "parts", "sentences", "masks", "doubts", "overrides")
MERGED = ("copies", "author_links")
BY = ("period", "plan_period", "agency", "sector", "level", "place", "role", "side")
REPORT, STRETCHES = ["source", "report"], ["report", "role", "start", "end"]
THINGS = {  # what is added up, by the table that has it
    "term_counts": {"term": "thing", "kind": "kind", "n": "n"},
    "theme_counts": {"theme": "thing", "n_hits": "n", "n_sentences": "n_sentences"},
}
WAYS = {"n": "sum", "n_sentences": "sum", "n_reports": "sum", "gap": "sum", "kind": "first", "share": "first"}
KINDS = next(column.values for column in tables.TOKENS.columns if column.name == "kind")
_LINKED = 5_000  # pairs of reports whose words are compared at once
_HELD = 2_000_000  # rows of partial sums that are held before they are added up


@dataclass(frozen=True, eq=False, repr=False)
class Corpus:
    """A corpus: its folder, the names of its sources' ids, the language in which it is shown."""

    folder: Path
    ids: tuple[str, ...] = ()
    lang: str = "zh"

    # -- its tables

    @property
    def tables(self) -> list[str]:
        """The names of its tables."""
        return sorted(file.name for file in self.folder.iterdir() if file.is_dir())

    def table(self, name: str) -> Any:
        """Return a table as a `pyarrow.dataset.Dataset`: read when it is asked for, by columns and filters."""
        from pyarrow import dataset  # noqa: PLC0415, heavy

        files = self._files(name)
        if not files:
            message = f"{self.folder}: a corpus has no table {name!r}; it has {', '.join(self.tables)}"
            raise TableError(message)
        return dataset.dataset([str(file) for file in files], format="parquet")

    def _files(self, name: str) -> list[Path]:
        """The files of a table, of batches that are whole."""
        whole = ["all"] if name in MERGED else sorted(file.stem for file in (self.folder / DONE).glob("*.parquet"))
        files = (self.folder / name / f"{batch}.parquet" for batch in whole)
        return [file for file in files if file.is_file()]

    def read(self, name: str, columns: Sequence[str] = (), *, coded: bool = False, **where: Any) -> pd.DataFrame:
        """Read a table, or the rows where columns have a value, or one of a list; ``coded``: strings as categories."""
        from pyarrow.parquet import filters_to_expression  # noqa: PLC0415, heavy

        wanted = [(one, "in" if isinstance(value, list | set) else "==", value) for one, value in where.items()]
        rows = filters_to_expression(wanted) if wanted else None
        found = self.table(name).to_table(columns=columns or None, filter=rows)
        return pd.DataFrame(found.to_pandas(strings_to_categorical=coded))

    @cached_property
    def reports(self) -> pd.DataFrame:
        """Every report, with its source's ids; ``counted`` says whether it is no near copy of another."""
        reports = self.read("reports")
        copies = self.read("copies", REPORT) if self._files("copies") else pd.DataFrame(columns=REPORT)
        copied = pd.MultiIndex.from_frame(reports[REPORT]).isin(pd.MultiIndex.from_frame(copies[REPORT]))
        return reports.assign(counted=reports["copy_of"].isna() & ~copied)

    def __repr__(self) -> str:
        """Say how many sources it has, and how many of them say something else than expected."""
        done, errors = self.table(DONE).count_rows(), self.read("errors", ["code"])["code"].value_counts()
        counts = {"sources": done, "reports": len(self.reports)} | errors.to_dict()
        return label("marks", "comma", self.lang).join(fill("corpus", key, self.lang, n=n) for key, n in counts.items())

    def analysis(self, source: str) -> Analysis:
        """Return the analysis of one source, nothing measured anew but what is not among the tables."""
        here = {name: self.read(name, source=source) for name in (*COMPILED, *TABLES)}
        text = self.read("texts", source=source)
        if text.empty:
            message = f"{self.folder}: expected a source of this corpus, found {source!r}; see the column source"
            raise TableError(message)
        own = {name: _as_read(frame, tables.TABLES[name]) for name, frame in here.items()}
        compilation = Compilation(source, text["text"].iloc[0], **{name: own[name] for name in COMPILED})
        return Analysis(compilation, read_codebook(), self.lang, None, {name: own[name] for name in TABLES})

    # -- what is added up over all of it

    @cached_property
    def _units(self) -> pd.DataFrame:
        """Every report that counts in every role, with what can be grouped by and its sentences and characters."""
        columns = [*REPORT, "role", "of_sentences", "of_chars"]
        parts = [pd.read_parquet(file, columns=columns).drop_duplicates() for file in self._files("theme_counts")]
        names = [name for name in dict.fromkeys((*self.ids, *BY)) if name not in ("role", "side")]
        known = self.reports.loc[self.reports["counted"], [*REPORT, *names]]
        units = pd.concat(parts, ignore_index=True).merge(known, on=REPORT)
        return units.assign(side=units["role"].map(SIDES))

    def _grouped(self, by: list[str]) -> pd.DataFrame:
        """Number the groups of the units; ``share`` is a report's part of its group's text."""
        wrong = [name for name in by if name not in (*self.ids, *BY)]
        if wrong:
            message = f"a corpus is grouped by {', '.join(dict.fromkeys((*self.ids, *BY)))}; found {wrong}"
            raise TableError(message)
        units = self._units.dropna(subset=by).reset_index(drop=True)
        units = units.assign(group=units.groupby(by).ngroup() if by else 0)
        own = units.groupby(["group", *REPORT])["of_chars"].transform("sum")
        return units.assign(share=own / units.groupby("group")["of_chars"].transform("sum").clip(lower=1))

    def count_terms(self, by: str | Sequence[str] = (), *, min_n: int = 1) -> pd.DataFrame:
        """Count terms in the whole or by group, as `kit.count_terms` does: `tables.TERMS`, then columns of ``by``."""
        by = [by] if isinstance(by, str) else list(by)
        units = self._grouped(by)
        sums = self._sum("term_counts", units[units["of_chars"] > 0], by, max(min_n, 1))
        return as_terms(sums.rename(columns={"thing": "term"}), by)

    def sum_themes(self, by: str | Sequence[str] = ()) -> pd.DataFrame:
        """Sum themes in the whole or by group, as `kit.sum_themes` does: the columns of ``by``, `tables.THEME_SUMS`."""
        by = [by] if isinstance(by, str) else list(by)
        sums = with_rates(self._sum("theme_counts", self._grouped(by), by).rename(columns={"thing": "theme"}))
        return tables.check(sums[[*by, *tables.THEME_SUMS]].reset_index(drop=True), tables.THEME_SUMS)

    def compare_terms(self, focus: Group, reference: Group | None = None, *, min_n: int = 1) -> pd.DataFrame:
        """Compare terms of two groups, as `kit.compare_terms` does: ``corpus.compare_terms({"period": 2023})``."""
        units = self._grouped([*focus, *(reference or {})])
        inside = _members(units, focus)
        other = ~inside if reference is None else _members(units, reference)
        units = units.assign(group=np.where(inside, 0, 1))[inside | other].assign(share=0.0)
        chars = [int(units.loc[units["group"] == at, "of_chars"].sum()) for at in (0, 1)]
        if not all(chars):
            message = f"{self.folder}: no text in group {dict(reference or {} if chars[0] else focus)}; see its reports"
            raise TableError(message)
        sums = _added(self._used("term_counts", units)).rename_axis(index={"thing": "term"})
        sides = [sums.xs(at)[["kind", "n", "n_reports"]] for at in (0, 1)]
        both = sides[0].join(sides[1].add_suffix("_reference"), how="outer")
        return key_terms(both, *chars, min_n=min_n, prior=PRIOR)

    def group(self, by: str) -> Analysis:
        """Return an analysis in which each group (a year, a place) stands as a report does, for the kit's figures."""
        # Its themes are added up by group and role, its terms over the whole; what needs the text of a report it has
        # not.
        sums = self.sum_themes([by, "role"])
        counts = as_reports(sums, by, sorted(sums[by].unique()), [*read_codebook().keys, *sums["theme"]])
        known = {"theme_counts": counts, "terms": self.count_terms()}
        return Analysis(self._outline(f"{by} {self.folder}"), read_codebook(), self.lang, None, known)

    def _outline(self, key: str) -> Compilation:
        """Return what figures say of all reports as of one compilation: how many, of which years."""
        number = pd.Series(range(1, len(self.reports) + 1), index=pd.MultiIndex.from_frame(self.reports[REPORT]))
        reports = self.reports.assign(report=number.to_numpy(), start=0, end=0)
        reports["copy_of"] = pd.Series(pd.NA, reports.index, dtype="Int64").mask(~reports["counted"], 1)
        made = {name: tables.make([], tables.TABLES[name]) for name in COMPILED}
        for name, where in (("masks", {}), ("sentences", {"horizon": tables.MULTI_YEAR})):
            rows = self.read(name, **where) if self._files(name) else made[name].assign(source="")
            rows["report"] = number.reindex(pd.MultiIndex.from_frame(rows[REPORT]), fill_value=0).to_numpy()
            made[name] = rows[list(made[name])].assign(**{"sentence": range(len(rows))} if name == "sentences" else {})
        source = {"source": 1, "file": self.folder.name, "format": GROUPED, "encoding": "", "sha256": key}
        source |= {"start": 0, "end": 0}
        made |= {"reports": reports[list(tables.REPORTS)], "sources": tables.make([source], tables.SOURCES)}
        return Compilation(self.folder.name, "", **made)

    def find_evidence(self, theme: str | None = None, *, most: int = 30, **where: Any) -> pd.DataFrame:
        """Walk from a cell to its sentences: `tables.EVIDENCE` behind ``source`` and ids, of the first ``most``."""
        of_hits: dict[str, Any] = {n: v for n, v in (("theme", theme), ("role", where.pop("role", None))) if v}
        counted = _members(self.reports, {"counted": True, **where})
        hits = self.read("hits", source=set(self.reports.loc[counted, "source"]), **of_hits)
        found, hits = [], hits.sort_values(["source", "start"], kind="stable")
        for source in hits["source"].unique():
            own = _as_read(hits[hits["source"] == source], tables.HITS)
            rows = find_evidence(self.analysis(source).compilation, own)
            found.append(rows.assign(source=source))
            if sum(map(len, found)) >= most:
                break
        rows = pd.concat(found or [tables.make([], tables.EVIDENCE).assign(source="")], ignore_index=True).head(most)
        return rows.merge(self.reports[["source", *self.ids]].drop_duplicates(), on="source")

    def _sum(self, name: str, units: pd.DataFrame, by: list[str], min_n: int = 0) -> pd.DataFrame:
        """Add terms or themes up by group, and complete the table (see `sum_groups`)."""
        sums = _added(self._used(name, units))
        n = sums["n"].groupby("thing").sum()
        texts = units.groupby(["group", *REPORT])[["of_sentences", "of_chars"]].sum()
        groups = texts.groupby("group").sum().assign(of_reports=(texts["of_chars"] > 0).groupby("group").sum())
        groups = groups.join(units.groupby("group")[by].first()) if by else groups
        grid = pd.MultiIndex.from_product([groups.index, n.index[n >= min_n].sort_values()], names=["group", "thing"])
        gaps = _added(_gaps(used, sums["n"]) for used in self._used(name, units))["gap"].reindex(grid)
        table = sums.drop(columns="kind", errors="ignore").reindex(grid, fill_value=0)
        if "kind" in sums:
            table = table.join(sums["kind"].groupby("thing").first(), on="thing")
        table = table.assign(dispersion_dp=((gaps + 1) / 2).where(table["n"] > 0)).join(groups, on="group")
        table["per_10k_chars"] = table["n"] / table["of_chars"].clip(lower=1) * 10_000
        table["share_of_reports"] = table["n_reports"] / table["of_reports"].clip(lower=1)
        return table.reset_index("thing")

    def _used(self, name: str, units: pd.DataFrame) -> Iterator[pd.DataFrame]:
        """Yield for each batch how often each thing stands in each report of a group, and its share of text."""
        named = THINGS[name]
        where = [("kind", "in", list(MATTER))] if "kind" in named else None
        for file in self._files(name):
            events = pd.read_parquet(file, columns=[*REPORT, "role", *named], filters=where).rename(columns=named)
            events = events.merge(units[[*REPORT, "role", "group", "share"]], on=[*REPORT, "role"])
            ways = {name: WAYS[name] for name in events.columns.intersection(list(WAYS))}
            used = events.groupby(["group", *REPORT, "thing"], sort=False).agg(ways).reset_index()
            yield used.assign(n_reports=(used["n"] > 0).astype("int64"))


def _members(units: pd.DataFrame, group: Group) -> pd.Series:
    return pd.Series(np.logical_and.reduce([units[name] == value for name, value in group.items()]), units.index)


def _gaps(used: pd.DataFrame, n: pd.Series) -> pd.DataFrame:
    """How far each report's share of a thing is from its share of the text, less that of a report without the thing."""
    of = n.reindex(pd.MultiIndex.from_frame(used[["group", "thing"]])).to_numpy()
    return used[["group", "thing"]].assign(gap=(used["n"] / of - used["share"]).abs() - used["share"])


def _added(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add tables up by group and thing, never many at a time."""
    held: list[pd.DataFrame] = []
    for part in parts:
        held.append(part)
        if sum(map(len, held)) > _HELD:
            held = [_merged(held).reset_index()]
    return _merged(held)


def _merged(parts: list[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(parts, ignore_index=True)
    ways = {name: WAYS[name] for name in whole.columns.intersection(list(WAYS)) if name != "share"}
    return whole.groupby(["group", "thing"], sort=False).agg(ways)


def _as_read(frame: pd.DataFrame, table: tables.Table) -> pd.DataFrame:
    """A table of one source as its compilation has it, without the corpus's columns."""
    back = {"number": "source"} if table is tables.SOURCES else {}
    back |= {name: name.removesuffix("_read") for name in frame if name.endswith("_read")}
    own = frame.drop(columns=["source", *back.values()], errors="ignore").rename(columns=back)
    further = [column.name for column in table.further if column.name in own]
    return own[[*table, *further]].reset_index(drop=True)


# ---- What is measured together, parted by source ----


def measure_together(readings: Mapping[str, Reading], path: Path | None = None) -> dict[str, pd.DataFrame]:
    """Return every table of some sources, by source, as each would have it alone; ``path`` is that of a single one."""
    # They are joined to one, measured, and the numbers and offsets of the tables counted from each one's own first.
    # Terms of several reports and matches, which weigh words over a whole compilation, are made of each alone.
    names, texts, made = list(readings), [one.text for one in readings.values()], tabulate(list(readings.values()))
    sizes = {name: np.bincount(at, minlength=len(names)) for name, (_, at) in made.items()}
    sizes["text"] = np.array(list(map(len, texts)))
    before = {name: np.cumsum([0, *sizes[name]])[:-1] for name in COUNTED}
    whole = {n: shift(own, {of: moved[at] for of, moved in before.items()}) for n, (own, at) in made.items()}
    compilation = Compilation("", "".join(texts), **whole, path=path)
    joined = Analysis(compilation, codebook_of(compilation), kept=False)
    of_source = np.searchsorted(before["reports"], joined.items["report"], side="left") - 1
    before["items"] = np.r_[0, np.cumsum(np.bincount(of_source, minlength=len(names)))[:-1]]
    found = {name: _by_source(joined.table(name), names, before) for name in TABLES if name not in ("terms", "matches")}
    matches = match_items(joined.compilation, joined.items, tokens=joined.tokens, begins=before["text"].tolist())
    counts = count_tokens(joined.compilation, joined.tokens, KINDS)
    cells = sum_groups(counts, ["report", "role"], complete=False)[list(tables.TERM_COUNTS)]
    found["term_counts"] = _by_source(tables.check(cells, tables.TERM_COUNTS), names, before)
    matter = count_tokens(joined.compilation, joined.tokens, MATTER)
    at = np.searchsorted(before["reports"], matter.units["report"], side="left") - 1
    of_each = sum_groups(replace(matter, units=matter.units.assign(source=at)), "source", complete=False)
    terms = as_terms(of_each, ["source"])
    known = pd.array(names, dtype="str")
    terms["source"] = known.take(terms["source"].to_numpy())
    found |= {"matches": _by_source(matches, names, before), "terms": terms}
    for name, (own, at) in made.items():
        found[name] = own.rename(columns={"source": "number"}).assign(source=known.take(at))
    found["texts"] = tables.make([{"source": s, "text": one.text} for s, one in readings.items()], tables.TEXTS)
    found["bands"] = _by_source(band_hashes(joined.compilation), names, before)
    return found


def _by_source(table: pd.DataFrame, names: list[str], before: dict[str, np.ndarray]) -> pd.DataFrame:
    """Name each row's source, and count its numbers and offsets from the source's own first."""
    at = np.searchsorted(before["reports"], table["report"].to_numpy(), side="left") - 1
    shifted = shift(table, {name: -moved[at] for name, moved in before.items()})
    return shifted.assign(source=pd.array(names, dtype="str").take(at))


# ---- What compares reports ----


def band_hashes(compilation: Compilation) -> pd.DataFrame:
    """Return the bands of each report's MinHash signature over its shingles (Broder 1997): `tables.BANDS`."""
    # Two reports that share a band are likely to share half of their shingles or more.
    from rensa import RMinHash  # noqa: PLC0415, of the extra

    reports, signatures = [], []
    parts, masks = (table[STRETCHES].to_dict("records") for table in (compilation.parts, compilation.masks))
    for report, body in bodies_of(compilation.text, parts, masks).items():
        bare = bare_of(body)
        if len(bare) >= SHINGLE:
            minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
            minhash.update([bare[at : at + SHINGLE] for at in range(len(bare) - SHINGLE + 1)])
            reports.append(report)
            signatures.append(minhash.digest())
    mixed = np.zeros(BANDS * len(reports), dtype="uint64")
    for column in np.array(signatures, dtype="uint64").reshape(BANDS * len(reports), -1).T:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)  # wraps, as a hash may
    found = {"report": np.repeat(reports, BANDS), "band": np.tile(np.arange(BANDS), len(reports))}
    return tables.check(pd.DataFrame(found | {"hash": mixed.view("int64")}, dtype="int64"), tables.BANDS)


def find_copies_across(corpus: Corpus) -> pd.DataFrame:
    """Find the reports that are near copies of another source's: `tables.COPIES`."""
    # Whoever shares a band with an earlier report is held against the first that has it, by the kit's own test of
    # copies (`find_share`): linear however many copies there are. Sources are in the order of their names.
    counted = corpus.reports[corpus.reports["copy_of"].isna()].sort_values(REPORT, ignore_index=True)
    at = pd.Series(counted.index, index=pd.MultiIndex.from_frame(counted[REPORT]))
    pairs: set[tuple[int, int]] = set()
    for some in np.array_split(np.arange(BANDS), 4):  # not all of them are held at once
        rows = corpus.read("bands", [*REPORT, "band", "hash"], coded=True, band=some.tolist())
        rows = rows.assign(at=at.reindex(pd.MultiIndex.from_frame(rows[REPORT])).to_numpy()).dropna().sort_values("at")
        first = rows.groupby(["band", "hash"])["at"].transform("first")
        pairs |= {(int(a), int(b)) for a, b in zip(first, rows["at"], strict=True) if a != b}
    keys = list(zip(counted["source"], counted["report"], strict=True))
    pairs = {(a, b) for a, b in pairs if keys[a][0] != keys[b][0]}
    bodies = _bodies_of(corpus, {keys[at] for pair in pairs for at in pair})
    original: dict[int, int] = {}
    rows_: list[dict] = []
    for first_, second in sorted(pairs, key=lambda pair: (pair[1], pair[0])):
        root = original.get(first_, first_)
        if second in original or root == second:
            continue
        if share := find_share(bodies[keys[root]], bodies[keys[second]]):
            original[second] = root
            own = dict(zip(REPORT, keys[second], strict=True))
            rows_.append(own | {"copy_of_source": keys[root][0], "copy_of": keys[root][1], "share": share})
    return tables.make(rows_, tables.COPIES)


def _bodies_of(corpus: Corpus, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The bare bodies of some reports."""
    sources = {source for source, _ in wanted}
    if not sources:
        return {}
    stretches: dict[str, dict[str, list[dict]]] = {"parts": defaultdict(list), "masks": defaultdict(list)}
    for name, of_source in stretches.items():
        rows = corpus.read(name, ["source", *STRETCHES], source=sources, coded=True)
        for source, *stretch in tables.rows_of(rows, "source", *STRETCHES):
            of_source[source].append(dict(zip(STRETCHES, stretch, strict=True)))
    return {
        (source, report): bare_of(body)
        for source, text in tables.rows_of(corpus.read("texts", source=sources), "source", "text")
        for report, body in bodies_of(text, *(of_source[source] for of_source in stretches.values())).items()
    }


def link_authors(corpus: Corpus) -> pd.DataFrame:
    """Link each report with the next year's of the same author: `tables.AUTHOR_LINKS`."""
    fit = knowledge("matching.toml")["links"]
    reports = corpus.reports[corpus.reports["counted"]].reset_index(drop=True)
    year = reports["period"].fillna(reports["plan_period"] - 1)
    block = reports["place"].where(reports["place"] != "", reports["agency"])
    reports = reports.assign(at=reports.index, year=year, block=block)[(block != "") & year.notna()]
    rows = {row.at: row for row in reports.itertuples()}
    pairs = reports.assign(year=reports["year"] + 1).merge(
        reports.add_prefix("later_"), left_on=["block", "year"], right_on=["later_block", "later_year"]
    )
    pairs["names"] = [name_overlap(rows[a], rows[b]) for a, b in zip(pairs["at"], pairs["later_at"], strict=True)]
    # Each with the one of the next year whose name is likest.
    likest = pairs.sort_values(["names", "later_at"], ascending=[False, True]).drop_duplicates("at")
    pairs = likest[likest["names"] >= fit["names_from"]].sort_values(["block", "year", "at"])
    contents = np.array(_cosines(corpus, reports, list(zip(pairs["at"], pairs["later_at"], strict=True))))
    named = pairs["names"] >= 1
    links = [named & (contents >= fit["same_from"]), ~named & (contents >= fit["contents_from"])]
    pairs = pairs.assign(link=np.select(links, ["same", "renamed"], "doubtful"), contents=contents)
    return tables.make(pairs[list(tables.AUTHOR_LINKS)].to_dict("records"), tables.AUTHOR_LINKS)


def _cosines(corpus: Corpus, reports: pd.DataFrame, pairs: list[tuple[int, int]]) -> list[float]:
    """The cosines of reports' words, weighted by tf-idf, some thousand reports at a time."""
    found: list[float] = []
    for begin in range(0, len(pairs), _LINKED):
        some = pairs[begin : begin + _LINKED]
        rows = reports.loc[sorted({row for pair in some for row in pair})]
        tokens = corpus.read("tokens", [*REPORT, "term"], source=set(rows["source"]), kind=list(MATTER), coded=True)
        numbers = tokens["term"].cat.categories.argsort().argsort()  # as the words sort, however batches were cut
        words = numbers[tokens["term"].cat.codes.to_numpy()]
        of = tokens.groupby(REPORT, observed=True, sort=False).indices
        weights = weigh_words([words[of.get(key, [])].tolist() for key in tables.rows_of(rows, *REPORT)])
        left, right = (weights[rows.index.get_indexer([pair[side] for pair in some])] for side in (0, 1))
        found += left.multiply(right).sum(axis=1).A1.tolist()
    return found
