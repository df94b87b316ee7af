"""Themes are counted, with their denominators; and the sentences behind a count, and those no theme covers."""

from collections.abc import Collection, Sequence

import pandas as pd

from kit import tables
from kit.errors import TableError
from kit.measure.chars import count_chars
from kit.measure.codebook import Codebook, codebook_of
from kit.measure.cooccurrence import count_cooccurrence
from kit.read.compilation import Compilation

GROUPS = ("report", "agency", "sector", "level", "place", "role")
_COUNTS = ["n_hits", "n_sentences", "of_sentences", "of_chars"]


def count_themes(
    compilation: Compilation,
    hits: pd.DataFrame,
    *,
    codebook: Codebook | None = None,
    roles: Sequence[str] = tables.BODY_ROLES,
    copies: bool = False,
) -> pd.DataFrame:
    """Count hits, and sentences with a hit, per report, theme and role.

    Parameters
    ----------
    compilation : Compilation
    hits : DataFrame
        From `find_hits`.
    codebook : Codebook, optional
        The one the hits were found with; default: the kit's.
    roles : sequence of str
        Roles counted.
    copies : bool
        Count near copies as well; otherwise they are left out.

    Returns
    -------
    DataFrame
        `tables.THEME_COUNTS`, complete: a row for each report, theme and role, with zeros where nothing was found.
    """
    reports = compilation.reports if copies else compilation.counted
    keys = (codebook or codebook_of(compilation)).keys
    cells = pd.MultiIndex.from_product([reports["report"], keys, roles], names=["report", "theme", "role"])
    found = hits.groupby(["report", "theme", "role"])["sentence"].agg(n_hits="size", n_sentences="nunique")
    counts = found.reindex(cells, fill_value=0).reset_index()
    counts = counts.merge(reports[["report", "agency"]], on="report")
    counts = counts.merge(_denominators(compilation), on=["report", "role"], how="left").fillna(0)
    return tables.make(_with_rates(counts).to_dict("records"), tables.THEME_COUNTS)


def _denominators(compilation: Compilation) -> pd.DataFrame:
    """Return ``report, role, of_sentences, of_chars``."""
    sentences = compilation.sentences.groupby(["report", "role"]).size().rename("of_sentences").reset_index()
    return sentences.merge(count_chars(compilation), on=["report", "role"])


def _with_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts with their rates; 0 where there is nothing to share."""
    return counts.assign(
        share_of_sentences=counts["n_sentences"] / counts["of_sentences"].clip(lower=1),
        per_10k_chars=10_000 * counts["n_hits"] / counts["of_chars"].clip(lower=1),
    )


def sum_themes(compilation: Compilation, theme_counts: pd.DataFrame, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Sum theme counts over reports and roles, in the whole or by group.

    Parameters
    ----------
    compilation : Compilation
    theme_counts : DataFrame
        From `count_themes`.
    by : str or sequence of str
        Columns to group by: ``report, agency, sector, level, place, role``.

    Returns
    -------
    DataFrame
        One row per group and theme: the columns of ``by``, ``theme``; ``n_hits, n_sentences, of_sentences,
        share_of_sentences, of_chars, per_10k_chars``; ``n_reports`` that take the theme up, ``of_reports``; and
        ``dispersion_dp``, DP of Gries (2008) over the group's reports: 0 where all give it the same share of their
        text, towards 1 where it is one report's own; missing where nothing was found.

    Raises
    ------
    TableError
        When ``by`` names another column.
    """
    by = [by] if isinstance(by, str) else list(by)
    unknown = [name for name in by if name not in GROUPS]
    if unknown:
        message = f"sum_themes: by names {unknown}, expected some of {list(GROUPS)}"
        raise TableError(message)
    reports = compilation.reports[["report", "sector", "level", "place"]]
    counts = theme_counts.merge(reports, on="report")
    keys = [*by, "theme"]
    per_report = counts.groupby(list(dict.fromkeys([*keys, "report"])), sort=False, as_index=False)[_COUNTS].sum()
    return _with_rates(_spread(per_report, keys))


def _spread(per_report: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the sums of each group, in how many reports it stands, and how unevenly."""
    groups = per_report.groupby(keys, sort=False)
    share, size = (per_report[name] / groups[name].transform("sum") for name in ("n_hits", "of_chars"))
    per_report = per_report.assign(
        n_reports=per_report["n_hits"] > 0, of_reports=1, dispersion_dp=(share - size).abs() / 2
    )
    sums = [*_COUNTS, "n_reports", "of_reports", "dispersion_dp"]
    summed = per_report.groupby(keys, sort=False, as_index=False)[sums].sum()
    return summed.assign(dispersion_dp=summed["dispersion_dp"].where(summed["n_hits"] > 0))


def pair_themes(compilation: Compilation, hits: pd.DataFrame, *, copies: bool = False) -> pd.DataFrame:
    """Count which themes stand together in a sentence more often than chance would have it.

    Parameters
    ----------
    compilation : Compilation
    hits : DataFrame
        From `find_hits`.
    copies : bool
        Count near copies as well.

    Returns
    -------
    DataFrame
        `tables.COOCCURRENCE`, with keys of themes as terms.
    """
    tokens = hits.assign(term=hits["theme"], kind="theme")
    return count_cooccurrence(compilation, tokens, kinds=["theme"], min_sentences=1, copies=copies)


def find_uncovered(
    compilation: Compilation,
    hits: pd.DataFrame,
    *,
    roles: Collection[str] = tables.BODY_ROLES,
    copies: bool = False,
) -> pd.DataFrame:
    """Find the sentences that no theme covers.

    Returns
    -------
    DataFrame
        The rows of `tables.SENTENCES` without a hit, with ``agency`` and ``text``.
    """
    reports = compilation.reports if copies else compilation.counted
    sentences = compilation.sentences[compilation.sentences["role"].isin(list(roles))]
    bare = sentences[~sentences["sentence"].isin(hits["sentence"])]
    return _with_text(compilation, bare.merge(reports[["report", "agency"]], on="report"))


def count_uncovered(compilation: Compilation, hits: pd.DataFrame, *, copies: bool = False) -> pd.DataFrame:
    """Count how much of each report no theme covers.

    A compilation from another field shows here: most of it is uncovered.

    Returns
    -------
    DataFrame
        `tables.UNCOVERED`, one row per report.
    """
    reports = compilation.reports if copies else compilation.counted
    sentences = compilation.sentences[compilation.sentences["role"].isin(tables.BODY_ROLES)]
    of = sentences["report"].value_counts()
    bare = find_uncovered(compilation, hits, copies=copies)["report"].value_counts()
    rows = reports[["report", "agency"]].assign(
        n_uncovered=reports["report"].map(bare).fillna(0), of_sentences=reports["report"].map(of).fillna(0)
    )
    rows["share_uncovered"] = rows["n_uncovered"] / rows["of_sentences"].clip(lower=1)
    return tables.make(rows.to_dict("records"), tables.UNCOVERED)


def find_evidence(
    compilation: Compilation,
    hits: pd.DataFrame,
    *,
    theme: str | None = None,
    agency: str | None = None,
    report: int | None = None,
    role: str | None = None,
) -> pd.DataFrame:
    """Find the sentences behind a count.

    Parameters
    ----------
    compilation : Compilation
    hits : DataFrame
        From `find_hits`.
    theme, agency, report, role : optional
        Only of this theme, agency, report, role.

    Returns
    -------
    DataFrame
        One row per sentence and theme, in the order of the text, near copies included: ``theme, agency``, the
        columns of `tables.SENTENCES`, ``terms`` (the words found, joined with ``、``), ``text``.

    Raises
    ------
    TableError
        When the agency or the report is not in the compilation.
    """
    chosen = {"theme": theme, "agency": agency, "report": report, "role": role}
    _check_known(compilation, agency, report)
    words = hits.groupby(["sentence", "theme"])["term"].agg(lambda terms: "、".join(dict.fromkeys(terms)))
    rows = words.rename("terms").reset_index().merge(compilation.sentences, on="sentence")
    rows = rows.merge(compilation.reports[["report", "agency"]], on="report")
    for column, value in chosen.items():
        rows = rows if value is None else rows[rows[column] == value]
    columns = ["theme", "agency", *tables.SENTENCES, "terms"]
    return _with_text(compilation, rows[columns].sort_values(["start", "theme"], ignore_index=True))


def _check_known(compilation: Compilation, agency: str | None, report: int | None) -> None:
    for column, value in (("agency", agency), ("report", report)):
        known = compilation.reports[column].tolist()
        if value is not None and value not in known:
            message = f"find_evidence: no {column} {value!r} in {compilation.name}; it has {', '.join(map(str, known))}"
            raise TableError(message)


def _with_text(compilation: Compilation, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the text they point at, without the white space around it."""
    spans = zip(rows["start"], rows["end"], strict=True)
    text = pd.Series([compilation.text[start:end].strip() for start, end in spans], rows.index, dtype="str")
    return rows.assign(text=text)
