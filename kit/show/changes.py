"""What has changed since an earlier run into the same folder: inputs, counts, doubts, themes, statuses."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kit.show.labels import fill, label, theme_labels
from kit.show.publish import read_manifest

INPUTS = ("kit", "sources", "earlier", "themes_sha256", "options")
DOUBT = ["report", "code", "message"]


def find_changes(earlier: Path, later: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Compare the tables of two runs.

    Parameters
    ----------
    earlier, later : Path
        Folders that hold ``tables/``; the earlier one its manifest as well.
    facts : mapping
        What the later run's manifest will say.

    Returns
    -------
    dict
        ``inputs``: names of those that differ; ``own_files``: the user's own files that are ``new``, ``gone`` or
        ``changed``; ``counts``: rows of each table, before and after; ``doubts``: gone and new; ``themes``: sentences
        and reports of each theme, before and after; ``statuses``: plan items, before and after. Only what differs;
        empty when there is no earlier run.
    """
    before, after = _read(earlier), _read(later)
    if not before:
        return {}
    manifest = read_manifest(earlier)
    names = sorted(set(before) | set(after))
    counts = {name: [len(run.get(name, ())) for run in (before, after)] for name in names}
    doubts = [set(_rows(run, "doubts", DOUBT)) for run in (before, after)]
    return {
        "inputs": [name for name in INPUTS if manifest.get(name) != json.loads(json.dumps(facts.get(name)))],
        "own_files": _own_files(*({**said.get("own_files", {})} for said in (manifest, facts))),
        "counts": {name: pair for name, pair in counts.items() if pair[0] != pair[1]},
        "doubts": {"gone": sorted(doubts[0] - doubts[1]), "new": sorted(doubts[1] - doubts[0])},
        "themes": _differing(_themes(before), _themes(after)),
        "statuses": _differing(_statuses(before), _statuses(after)),
    }


def write_changes(
    changes: Mapping[str, Any], folder: Path, *, labels: Mapping[str, str] | None = None, lang: str = "zh"
) -> str:
    """Write changes as ``changes.json`` and, to be read, ``changes.md``; return the latter's text.

    Parameters
    ----------
    changes : mapping
        From `find_changes`.
    folder : Path
    labels : mapping of str to str, optional
        Names of the themes; default: the kit's.
    lang : {"zh", "en"}
    """
    text = json.dumps(changes, ensure_ascii=False, indent=1)
    (folder / "changes.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    lines = _tell(changes, labels or theme_labels(lang), lang)
    told = "\n".join([f"# {label('changes', 'title', lang)}", "", *lines, ""])
    (folder / "changes.md").write_text(told, encoding="utf-8", newline="\n")
    return told


def _own_files(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return what became of each of the user's own files that is not as it was (its hash differs)."""
    differing = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return {name: "new" if name not in before else "changed" if name in after else "gone" for name in differing}


def _read(folder: Path) -> dict[str, pd.DataFrame]:
    return {file.stem: pd.read_csv(file, encoding="utf-8-sig", keep_default_na=False, low_memory=False)
            for file in sorted((folder / "tables").glob("*.csv"))}  # fmt: skip


def _rows(run: Mapping[str, pd.DataFrame], name: str, columns: list[str]) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in run[name][columns].to_numpy()] if name in run else []


def _themes(run: Mapping[str, pd.DataFrame]) -> dict[str, list[int]]:
    """Return sentences and reports with each theme."""
    if "theme_counts" not in run:
        return {}
    found = run["theme_counts"].query("role != 'all' and n_sentences > 0").groupby("theme")
    sums = zip(found["n_sentences"].sum().items(), found["report"].nunique(), strict=True)
    return {str(theme): [int(sentences), int(reports)] for (theme, sentences), reports in sums}


def _statuses(run: Mapping[str, pd.DataFrame]) -> dict[str, list[int]]:
    if "matches" not in run:
        return {}
    counts = run["matches"].drop_duplicates("item")["status"].value_counts().sort_index()
    return {str(status): [int(n)] for status, n in counts.items()}


def _differing(before: Mapping[str, list[int]], after: Mapping[str, list[int]]) -> dict[str, list[list[int]]]:
    """Return the entries that differ, before and after; one that is absent counts nothing."""
    nothing = [0] * max(map(len, [*before.values(), *after.values()]), default=0)
    pairs = {key: [before.get(key, nothing), after.get(key, nothing)] for key in sorted({*before, *after})}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _tell(changes: Mapping[str, Any], labels: Mapping[str, str], lang: str) -> list[str]:
    """Return changes as lines of Markdown."""
    if not changes:
        return [label("changes", "first", lang)]
    rows = {
        "inputs": [*(label("changes", name, lang) for name in changes["inputs"]),
                   *(fill("changes", f"own_{what}", lang, name=name) for name, what in changes["own_files"].items())],
        "counts": [f"{name}: {one} → {other}" for name, (one, other) in changes["counts"].items()],
        "gone": [f"[{report}] {message}" for report, _, message in changes["doubts"]["gone"]],
        "new": [f"[{report}] {message}" for report, _, message in changes["doubts"]["new"]],
        "themes": [f"{labels.get(theme, theme)}: {one[0]} → {other[0]} ({one[1]} → {other[1]})"
                   for theme, (one, other) in changes["themes"].items()],
        "statuses": [f"{label('statuses', key, lang)}: {one[0]} → {other[0]}"
                     for key, (one, other) in changes["statuses"].items()],
    }  # fmt: skip
    told = [[f"## {label('changes', name, lang)}", "", *(f"- {line}" for line in lines), ""]
            for name, lines in rows.items() if lines]  # fmt: skip
    return [line for lines in told for line in lines] or [label("changes", "none", lang)]
