"""Small compilations built by hand, so that every count can be checked by eye."""

import re

from kit import tables
from kit.measure.analysis import Analysis, analyse
from kit.measure.codebook import codebook_of
from kit.read.compilation import Compilation
from kit.show.quotes import show_outline
from kit.tables import DOUBTS, MASKS, PARTS, REPORTS, SENTENCES, SOURCES, make

MASK = re.compile("X+|某")


def compilation(*reports, copies=None):
    """Build a compilation of reports, each ``(agency, [(role, marker, text), …])``; ``copies`` maps report to original.

    A sentence ends behind 。 or the part's end; X and 某 are masks.
    """
    text, rows = "", {name: [] for name in ("reports", "parts", "sentences", "masks")}
    for number, (agency, parts) in enumerate(reports, 1):
        first = len(text)
        for role, marker, words in parts:
            start = len(text)
            text += marker + words + "\n"
            own = {"report": number, "role": role, "horizon": "", "part": len(rows["parts"]) + 1}
            heading = words.split("。")[0] if marker else ""
            rows["parts"].append(
                {**own, "parent": None, "depth": 1, "marker": marker, "ordinal": None, "heading": heading,
                 "start": start, "end": len(text)})  # fmt: skip
            for found in re.finditer("[^。]*。\n?|[^。]+$", text[start:]):
                rows["sentences"].append(
                    {**own, "sentence": len(rows["sentences"]) + 1,
                     "start": start + found.start(), "end": start + found.end()})  # fmt: skip
            rows["masks"] += [{**own, "stands_for": "name", "start": found.start(), "end": found.end()}
                              for found in MASK.finditer(text, start + len(marker))]  # fmt: skip
        rows["reports"].append(
            {"report": number, "start": first, "end": len(text), "title": "", "agency": agency, "agency_from": "body",
             "place": "", "level": "county" if number % 2 else "city", "sector": f"sector {number % 3}",
             "period": 2023, "plan_period": 2024, "chars": 0, "copy_of": (copies or {}).get(number)})  # fmt: skip
    declared = {"reports": REPORTS, "parts": PARTS, "sentences": SENTENCES, "masks": MASKS}
    tables = {name: make(rows[name], table) for name, table in declared.items()}
    return Compilation("small", text, make([], SOURCES), **tables, doubts=make([], DOUBTS))


def in_turn(earlier, later):
    """The analysis of a year and the one before it, nothing kept on disk."""
    before = Analysis(earlier, codebook_of(earlier), kept=False)
    return Analysis(later, codebook_of(later), earlier=before, kept=False)


def outline_of(compilation):
    """The outline of a compilation in English."""
    return show_outline(analyse(compilation, lang="en"))


def plan(text, marker=""):
    return compilation(("县科技局", [("plan", marker, text)]))


def check_partition(compilation):
    """Parts partition the text, sentences the parts, and every row of every table points into the text."""
    text, parts, sentences = compilation.text, compilation.parts, compilation.sentences
    assert "".join(text[a:b] for a, b in zip(parts["start"], parts["end"], strict=True)) == text
    assert "".join(text[a:b] for a, b in zip(sentences["start"], sentences["end"], strict=True)) == text
    assert parts["start"].tolist() == [0, *parts["end"].tolist()[:-1]]
    assert sentences["start"].tolist() == [0, *sentences["end"].tolist()[:-1]]
    home = sentences.merge(parts, on="part", suffixes=("", "_of_part"))
    assert (home["start"] >= home["start_of_part"]).all()
    assert (home["end"] <= home["end_of_part"]).all()
    assert (home["role"] == home["role_of_part"]).all()
    for part in parts.itertuples():
        assert text.startswith(part.marker, part.start)
    above = parts.set_index("part")["depth"].reindex(parts["parent"].dropna().astype(int))
    assert (above.to_numpy() < parts.loc[parts["parent"].notna(), "depth"].to_numpy()).all()
    assert parts["role"].isin(tables.ROLES).all()
    for table in (compilation.reports, compilation.masks, compilation.doubts):
        assert table["start"].between(0, len(text)).all()
        assert table["end"].between(0, len(text) + 20).all()
