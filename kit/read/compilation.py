"""A compilation as read: the text, which nothing changes, and the tables that point into it."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from kit import tables
from kit.data import HERE, knowledge, own_file, template
from kit.errors import DataError

_WIDEST = 60  # characters of a cell of the text shown
_REPORT = ["report", "agency", "agency_from", "place", "period", "plan_period", "chars", "copy_of"]
_DOUBT = ["report", "severity", "message", "assumed"]
_VALUES = {"agency_from": "agency_sources", "severity": "severities"}  # columns of codes: where their names stand


@dataclass(frozen=True, eq=False, repr=False)
class Compilation:
    r"""A compilation of reports."""

    name: str
    text: str
    sources: pd.DataFrame
    reports: pd.DataFrame
    parts: pd.DataFrame
    sentences: pd.DataFrame
    masks: pd.DataFrame
    doubts: pd.DataFrame
    overrides: pd.DataFrame = field(default_factory=lambda: tables.make([], tables.OVERRIDES))
    path: Path | None = None

    def own_file(self, name: str) -> Path | None:
        """The user's own file of this name for the compilation (`kit.data.own_file`); None when there is none."""
        file = own_file(self.path, name) if self.path else None
        return file if file and file.is_file() else None

    def place_of(self, name: str) -> Path:
        """Where the user's own file of this name is written; the sample of the kit stays as it ships."""
        if self.path and not self.path.resolve().is_relative_to(HERE):
            return own_file(self.path, name)
        files = "expected one file or folder, beside which own files can stand, found a list"
        said = "expected a compilation of your own, found the kit's sample" if self.path else files
        message = f"{self.name}: {said}; put what you read into a folder of your own (kit new) and read that"
        raise DataError(message)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, in the order of `kit.tables.ALL`."""
        names = ("sources", "reports", "parts", "sentences", "masks", "doubts", "overrides")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The reports that measures count: all but the near copies of another (see `tables.REPORTS`)."""
        return self.reports[self.reports["copy_of"].isna()]

    @cached_property
    def yearly(self) -> pd.DataFrame:
        """The sentences that measures count: all but those on several years, which are no part of the year."""
        return self.sentences[self.sentences["horizon"] != tables.MULTI_YEAR]

    @property
    def _to_check(self) -> pd.DataFrame:
        return self.doubts[self.doubts["severity"] != "note"]

    @property
    def _shown(self) -> pd.DataFrame:
        reports = self.reports[_REPORT].astype(object)
        return reports.where(reports.notna(), "")

    def summary(self, lang: str) -> str:
        """Say in a line what was read: its name, reports, characters, doubts, and the user's own settings."""
        words = knowledge("messages.toml")["shown"]
        head: str = words["head"][lang].format(
            name=self.name,
            reports=len(self.reports),
            counted=len(self.counted),
            chars=f"{len(self.text):,}",
            doubts=len(self._to_check),
            notes=len(self.doubts) - len(self._to_check),
        )
        return head + (words["overrides"][lang].format(n=len(self.overrides)) if len(self.overrides) else "")

    def __repr__(self) -> str:
        """Show the reports and what is to be checked, as text."""
        with pd.option_context("display.unicode.east_asian_width", True, "display.max_colwidth", _WIDEST):
            reports = self._shown.to_string(index=False)
            doubts = self._to_check[_DOUBT].to_string(index=False, justify="left") if len(self._to_check) else ""
        none = knowledge("messages.toml")["shown"]["no_doubts"]["zh"]
        return f"{self.summary('zh')}\n\n{reports}\n\n{doubts or none}"

    def _repr_html_(self) -> str:
        return template("compilation.html").render(
            head={lang: self.summary(lang) for lang in ("zh", "en")},
            reports=self._shown.to_dict("records"),
            doubts=self._to_check.to_dict("records"),
            nothing=knowledge("messages.toml")["shown"]["no_doubts"],
            labels=knowledge("labels.toml"),
            heads={name: {lang: tables.label(name, lang) for lang in ("zh", "en")} for name in (*_REPORT, *_DOUBT)},
            report_columns=_REPORT,
            doubt_columns=_DOUBT,
            values=_VALUES,
        )
