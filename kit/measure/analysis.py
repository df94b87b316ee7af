"""An analysis: a compilation with its language and codebook, and every table measured from it, each computed once."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from weakref import WeakValueDictionary

import pandas as pd

import kit
from kit.data import find_lang, sample, settings
from kit.errors import SourceError, TableError
from kit.measure import counts, places
from kit.measure.codebook import THEMES, Codebook, codebook_of, read_codebook
from kit.measure.findings import find_findings
from kit.measure.items import find_items, trace_items
from kit.measure.matching import match_items
from kit.measure.numbers import find_indicators, find_quantities, pair_targets
from kit.measure.series import compare_words, follow_numbers, follow_promises, follow_themes, rank_priorities
from kit.measure.themes import find_hits
from kit.measure.words import TERMS, find_new_words, find_tokens
from kit.measure.years import compare_headlines, compare_years, find_headlines
from kit.read import preset_years, read
from kit.read.compilation import Compilation

SAMPLES = (2023, 2024, 2025)
OF_GRID = "place_years"  # the table that takes places and years
MOST_KEPT = 40  # analyses whose tables stay on disk; the one not used for longest goes first


@dataclass(frozen=True, eq=False, repr=False)
class Analysis:
    """A compilation, or several years of one; every table of `MEASURES` is an attribute, computed when first asked for.

    Tables are kept in memory and, unless KIT_CACHE is ``off``, in a folder that may be deleted at any time.
    """

    compilation: Compilation
    codebook: Codebook
    lang: str = "zh"
    earlier: "Analysis | None" = None
    _known: dict[str, pd.DataFrame] = field(default_factory=dict)
    relation: str = ""  # of several compilations: years, places (joined into this one), grid
    by: str = ""  # by what the figures of terms, themes and coverage group reports
    kept: bool = True  # whether its tables are kept on disk

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of `MEASURES` by its name."""
        if name not in MEASURES:
            message = f"an analysis has no table {name!r}; it has {', '.join(MEASURES)}"
            raise TableError(message)
        if name in OF_YEARS and self.earlier is None:
            message = f"table {name!r} takes two compilations, found only {self.compilation.name}; name the earlier one"
            raise TableError(message)
        if name not in self._known:
            found = self._shelf.read(name)
            if found is None:
                found = MEASURES[name](self)
                self._shelf.write(name, found)
            self._known[name] = found.copy(deep=False)  # another of the same finds it in memory, as it was
        return self._known[name]

    @cached_property
    def _shelf(self) -> "_Shelf":
        root, key = cache_root() if self.kept else None, _key(self)
        folder = root and root / "analyses" / key[:32]
        return _SHELVES.setdefault((folder, key), _Shelf(folder, key))

    @property
    def key(self) -> str:
        """The hash of everything that the tables are computed from."""
        return self._shelf.key

    def measure(self) -> None:
        """Compute every table, and keep it."""
        for name in (*OF_ONE, *(OF_YEARS if self.earlier else ()), *self.of_places):
            self.table(name)

    @property
    def years(self) -> "tuple[Analysis, ...]":
        """The analysis itself and those of the years before it, the earliest first."""
        return (*(self.earlier.years if self.earlier else ()), self)

    @cached_property
    def joined(self) -> "Analysis":
        """All years as one compilation, to be grouped by period; of one compilation itself."""
        if self.earlier is None:
            return self
        whole = places.join([year.compilation for year in self.years], of_places=False)
        return Analysis(whole, self.codebook, self.lang, by=self.by)

    @property
    def has_places(self) -> bool:
        """Whether it is of places that are compared."""
        return self.relation in (places.PLACES, places.GRID)

    @property
    def of_places(self) -> tuple[str, ...]:
        """The tables of places side by side that it has."""
        is_grid = self.relation == places.GRID
        return tuple(name for name in OF_PLACES if is_grid or (self.has_places and name != OF_GRID))

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a table by its name."""
        if name in MEASURES:
            return self.table(name)
        message = f"an analysis has no {name!r}; its tables are {', '.join(MEASURES)}"
        raise AttributeError(message)

    def __dir__(self) -> list[str]:
        """List the tables with the attributes, for completion in notebooks."""
        return [*super().__dir__(), *MEASURES]

    def __repr__(self) -> str:
        """Show the compilation."""
        return repr(self.compilation)


OF_ONE: dict[str, Callable[[Any], pd.DataFrame]] = {
    "tokens": lambda a: find_tokens(a.compilation),
    "terms": lambda a: counts.count_terms(a.compilation, a.tokens),
    "keyness": lambda a: counts.compare_sides(a.compilation, a.tokens),
    "officialese": lambda a: counts.count_officialese(a.compilation, a.tokens),
    "cooccurrence": lambda a: counts.count_cooccurrence(a.compilation, a.tokens),
    "new_words": lambda a: find_new_words(a.compilation, a.tokens),
    "hits": lambda a: find_hits(a.compilation, a.codebook),
    "theme_counts": lambda a: counts.count_themes(a.compilation, a.hits, codebook=a.codebook),
    "theme_totals": lambda a: counts.sum_roles(a.theme_counts),
    "theme_sums": lambda a: counts.sum_themes(a.compilation, a.theme_counts),
    "theme_pairs": lambda a: counts.pair_themes(a.compilation, a.hits),
    "uncovered": lambda a: counts.count_uncovered(a.compilation, a.hits),
    "uncovered_sentences": lambda a: counts.find_uncovered(a.compilation, a.hits),
    "coverage": lambda a: counts.compare_coverage(a.theme_counts),
    "attention": lambda a: counts.sum_reports(a.coverage),
    "items": lambda a: find_items(a.compilation),
    "matches": lambda a: match_items(a.compilation, a.items, tokens=a.tokens),
    "statuses": lambda a: counts.count_statuses(a.compilation, a.matches),
    "traced": lambda a: trace_items(a.items, a.matches),
    "quantities": lambda a: find_quantities(a.compilation),
    "headline_numbers": lambda a: find_headlines(a.compilation),
    "indicators": lambda a: find_indicators(a.compilation),
    "targets": lambda a: pair_targets(a.compilation, a.indicators),
    "cards": lambda a: counts.sum_agencies(a.compilation, a.traced, a.targets),
    "findings": find_findings,
}
OF_YEARS: dict[str, Callable[[Any], pd.DataFrame]] = {
    "links": lambda a: places.link_reports(*_both(a), a.earlier.tokens, a.tokens),
    "fulfilment": lambda a: compare_years(
        *_both(a), tokens=(a.earlier.tokens, a.tokens), items=a.earlier.items, links=a.links
    ),
    "promises": lambda a: counts.count_statuses(a.earlier.compilation, a.fulfilment),
    "headlines": lambda a: compare_headlines(*_both(a), (a.earlier.headline_numbers, a.headline_numbers), a.links),
    "series": lambda a: follow_numbers(a.years),
    "chains": lambda a: follow_promises(a.years),
    "theme_years": lambda a: follow_themes(a.years),
    "word_changes": lambda a: compare_words(a.years),
    "priorities": lambda a: rank_priorities(a.years),
}
OF_PLACES: dict[str, Callable[[Any], pd.DataFrame]] = {
    "place_themes": lambda a: places.compare_places(a.compilation, a.theme_counts),
    "place_pairs": lambda a: places.pair_agencies(a.compilation),
    "place_words": lambda a: places.compare_place_words(a.compilation, a.tokens),
    OF_GRID: lambda a: places.compare_place_years(a.joined.compilation, a.joined.theme_counts),
}
MEASURES = OF_ONE | OF_YEARS | OF_PLACES
# The tables that are written behind those of a compilation.
TABLES = ("tokens", "terms", "hits", "theme_counts", "coverage", "items", "matches", "quantities", "indicators")


def _both(analysis: Any) -> tuple[Compilation, Compilation]:
    return analysis.earlier.compilation, analysis.compilation


def analyse(
    source: Any = None, *, lang: str | None = None, codebook: str | Path | None = None, relation: str | None = None
) -> Analysis:
    """Read a compilation, or several of years or of places, to be measured.

    Parameters
    ----------
    source : path, Compilation, or list of these, optional
        One compilation: see `kit.read` for what can be read, and for what None means. A list: years, or places of one
        period, or both (see ``relation``); two times None means what the environment variables KIT_EARLIER and
        KIT_SOURCE name, else the sample of 2023 and of 2024; an empty list what KIT_SOURCES names, else the sample's
        three years.
    lang : {"zh", "en"}, optional
        Language of figures and tables shown; without it what KIT_LANG says, or the folder's ``kit.toml``, else Chinese.
    codebook : path, optional
        Own themes, in place of those beside the compilation; without a source, what ``kit.toml`` names.
    relation : {"years", "places"}, optional
        What the compilations of a list are to each other, where their places and periods do not tell: periods that
        follow each other, or places, whose compilations are joined into one. Default: what the environment variable
        KIT_AS says, if anything.

    Returns
    -------
    Analysis
        Of the last year; the years before it are its ``earlier``, and so on. Places of one period are one compilation,
        grouped by place. Its ``relation`` says what was found.

    Raises
    ------
    SourceError
        When something cannot be read, or a list holds fewer than two compilations.

    Examples
    --------
    >>> import kit
    >>> analysis = kit.analyse(kit.sample(2023))
    >>> int(analysis.statuses["n_items"].sum())
    80
    """
    lang = lang or find_lang()
    if source is None or source == [None, None]:
        codebook = codebook or settings().get("codebook")
    if not isinstance(source, list | tuple):
        return _analysis(source, lang, codebook, None)
    named = filter(None, os.environ.get("KIT_SOURCES", "").split(os.pathsep))
    source = source or [*named] or [sample(year) for year in SAMPLES]
    if len(source) < 2:  # noqa: PLR2004, years that are compared
        message = f"expected one compilation, or a list of two years or more, found a list of {len(source)}"
        raise SourceError(message)
    return _of_years(source, lang, codebook, relation or os.environ.get("KIT_AS"))


def _of_years(source: Any, lang: str, codebook: str | Path | None, relation: str | None) -> Analysis:
    """Read several compilations, find what they are to each other, and chain them, the earliest first."""
    years = preset_years() if list(source) == [None, None] else source
    read_ones = [year if isinstance(year, Compilation) else read(year) for year in years]
    arranged, found_relation = places.arrange(read_ones, relation)
    own = codebook or next((file for one in read_ones if (file := one.own_file(THEMES))), None)
    found = None
    for year in arranged:
        found = _analysis(year, lang, codebook if year.path else own, found)
    assert found is not None
    return replace(found, relation=found_relation)


def _analysis(source: Any, lang: str, codebook: str | Path | None, earlier: Analysis | None) -> Analysis:
    compilation = source if isinstance(source, Compilation) else read(source)
    compilation = compilation if lang == (compilation.lang or find_lang()) else replace(compilation, lang=lang)
    return Analysis(compilation, read_codebook(codebook) if codebook else codebook_of(compilation), lang, earlier)


def cache_root() -> Path | None:
    """Return where what took long is kept: the folder that KIT_CACHE names (``off``: nowhere), else the user's own."""
    chosen = os.environ.get("KIT_CACHE")
    return None if chosen == "off" else Path(chosen) if chosen else _own_cache()


@cache
def _own_cache() -> Path | None:
    """Return the kit's folder among the user's caches; None where nothing can be written."""
    usual = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    folder = Path(os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME") or usual) / "huibian-kit"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    return None


@dataclass(frozen=True)
class _Shelf:
    """The tables of one analysis, in memory and as Parquet: a folder under the hash of all they were computed from."""

    folder: Path | None
    key: str
    held: dict[str, pd.DataFrame] = field(default_factory=dict)

    def read(self, name: str) -> pd.DataFrame | None:
        """Read a table; None when it is not there, or damaged, or another's: then it is measured anew."""
        if name in self.held or self.folder is None or not (self.folder / f"{name}.parquet").is_file():
            return self.held.get(name)
        from pyarrow import ArrowException  # noqa: PLC0415, heavy

        try:
            found = pd.read_parquet(self.folder / f"{name}.parquet", page_checksum_verification=True)
        except (OSError, ValueError, ArrowException):
            return None
        if found.attrs.pop("kit", "") == f"{self.key}/{name}":
            self.held[name] = found
        return self.held.get(name)

    def write(self, name: str, table: pd.DataFrame) -> None:
        """Keep a table, under its name only when it is whole; without room or rights nothing is kept."""
        self.held[name] = table
        if self.folder is None:
            return
        whole = table.copy(deep=False)
        whole.attrs = {"kit": f"{self.key}/{name}"}
        draft = self.folder / f"{name}.{os.getpid()}.part"
        with suppress(OSError):  # a cache that cannot be written costs time, never a result
            if not self.folder.is_dir():
                _make_room(self.folder)
            whole.to_parquet(draft, index=False, write_page_checksum=True)
            draft.replace(self.folder / f"{name}.parquet")


_SHELVES: WeakValueDictionary[tuple[Path | None, str], _Shelf] = WeakValueDictionary()  # of analyses in use


def _make_room(folder: Path) -> None:
    """Make a folder, and let go of those beside it that were not used for longest."""
    folder.mkdir(parents=True, exist_ok=True)
    others = sorted(folder.parent.iterdir(), key=lambda other: other.stat().st_mtime, reverse=True)
    for old in others[MOST_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _key(analysis: Analysis) -> str:
    """Hash all that the tables depend on: the kit itself, the texts as read, own files, the year before."""
    compilation, codebook = analysis.compilation, analysis.codebook
    said = [
        kit_key(),
        compilation.text,
        compilation.sources.to_csv(index=False),
        compilation.overrides.to_csv(index=False),
        repr([(entry.themes, entry.text, entry.weight) for entry in codebook.entries]),
        repr(codebook.themes),
        *(file.read_bytes().hex() for name in (TERMS,) if (file := compilation.own_file(name))),
        _key(analysis.earlier) if analysis.earlier else "",
    ]
    return sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def kit_key() -> str:
    """Hash the kit's own code and data, so that nothing of another version is taken for this one's."""
    package = Path(kit.__file__).parent
    files = sorted(file for end in ("*.py", "*.toml", "*.csv", "*.html", "*.docx") for file in package.rglob(end))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
