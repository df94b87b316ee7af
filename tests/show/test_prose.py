"""Every number that slides, pages and the Word file say in running words comes from the tables, or from the text."""

import re
import unicodedata
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from math import ceil

import pandas as pd
import pytest
from docx import Document
from pptx import Presentation

import kit
from kit.data import knowledge
from kit.measure.counts import STATUSES
from kit.show.briefing import write_index
from kit.show.bundle import draw_figures, write_documents
from kit.show.figures import FIGURES, stems_of
from kit.show.quotes import list_doubts

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
QUOTE = re.compile("“([^“”]+)”")
PLACE = re.compile(r"报告(\d+)，原文第(\d+)字后|report (\d+), after character (\d+)")
REPORT = re.compile(r"(?:报告|[Rr]eport )\d+(?=[：:])")  # whose doubt it is
SHORTEST = 8  # characters of a piece that is nothing but a sentence of the text
YEARS = {"one": [2023], "two": [2023, 2024]}


@pytest.fixture(scope="module", params=[(years, lang) for years in YEARS for lang in ("zh", "en")], ids="-".join)
def told(request, tmp_path_factory):
    """An analysis of the sample, and what its documents say, in pieces: (file, figure, words)."""
    years, lang = request.param
    sources = [kit.sample(year) for year in YEARS[years]]
    analysis = kit.analyse(sources if len(sources) > 1 else sources[0], lang=lang)
    folder = tmp_path_factory.mktemp("-".join(request.param))
    briefing = draw_figures(analysis, folder, only=())
    write_documents(briefing, folder, only=("report", "slides", "document"))
    write_index(folder, briefing, pages={})
    stems = {figure.title: figure.stem for figure in briefing.figures if figure.stem != "cloud"}
    pieces = [*_slides(folder / "briefing.pptx", stems), *_paragraphs(folder / "briefing.docx", stems)]
    for name in ("index.html", "report.html"):
        page = Page((folder / name).read_text(encoding="utf-8"))
        pieces += [(name, stems.get(words.strip(), stem), words.strip()) for stem, words in page.pieces]
    assert {file for file, _, _ in pieces} == {"briefing.pptx", "briefing.docx", "index.html", "report.html"}
    return analysis, pieces


def _slides(file, stems):
    for slide in Presentation(file).slides:
        stem = stems.get(slide.shapes.title.text, "")
        words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        notes = slide.notes_slide.notes_text_frame.text.split("\n")
        for line in [*(line for text in words for line in re.split("[\n\v]", text)), *notes]:
            bare = re.sub(r"^\d+\. ", "", line)  # findings are numbered
            if "\t" not in line:  # the rows of a picture's table
                yield file.name, stems.get(bare, stem), bare


def _paragraphs(file, stems):
    last = ""
    for paragraph in Document(file).paragraphs:
        own = [stem for title, stem in stems.items() if title in paragraph.text]
        last = own[0] if own else last if paragraph.style.name in ("Picture", "Caption", "Note") else ""
        yield file.name, last, re.sub(r"^\d\. |^Figure \d |^图\d ", "", paragraph.text)


class Page(HTMLParser):
    """What a page says outside its tables, charts, scripts and its list of sentences."""

    SILENT = ("table", "svg", "script", "style", "option", "details", "title")

    def __init__(self, text):
        super().__init__()
        self.pieces, self._within, self._stem, self._listed = [], [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in self.SILENT:
            self._within.append(tag)
        named = dict(attrs).get("id", "")
        self._stem = named if tag == "h3" else "" if tag == "h2" else self._stem
        self._listed = self._listed or named == "evidence"

    def handle_endtag(self, tag):
        if self._within and tag == self._within[-1]:
            self._within.pop()
        self._listed = self._listed and tag != "ul"

    def handle_data(self, data):
        if not self._within and not self._listed and data.strip():
            self.pieces.append((self._stem, data))


def written(value) -> set[str]:
    """How a number may be written: whole, with decimals, as a percentage, thousands parted or not."""
    found = set()
    for times in (1, 100):
        for decimals in (0, 1, 2):
            exact = (Decimal(repr(float(value))) * times).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
            found |= {f"{abs(exact)}", f"{abs(exact):,}", f"{abs(float(exact)):g}"}
    return found


def of_table(table) -> set[str]:
    """The numbers of a table: its cells, how many rows and values there are, sums by each value of its words."""
    numbers = [name for name in table if pd.api.types.is_numeric_dtype(table[name])]
    words = [name for name in table if name not in numbers]
    counts, distinct = defaultdict(float), defaultdict(set)
    for row in table.to_dict("records"):
        for name in words:
            distinct[name].add(row[name])
            counts[name, row[name]] += 1
            counts["used", name, row[name]] += bool(row.get("n_hits"))
        for name in numbers:
            if pd.notna(row[name]):
                distinct[name].add(row[name])
                counts[name] += float(row[name])
                for by in words:
                    counts[name, by, row[by]] += float(row[name])
    cells = {value for name in numbers for value in distinct[name]}
    return set().union(*map(written, {len(table), *counts.values(), *map(len, distinct.values()), *cells}))


def constants(entry) -> set[str]:
    """The numbers that the kit's own words hold: limits and steps, not what was counted."""
    if isinstance(entry, dict):
        return set().union(*map(constants, entry.values()))
    return set(NUMBER.findall(entry)) if isinstance(entry, str) else set()


def common(analysis) -> set[str]:
    """What every piece may say: reports, copies, masks, years, doubts, and how often the kit is right on the sample."""
    sums, found = Counter(), set()
    for year in analysis.years:
        reports, doubts = year.compilation.reports, year.compilation.doubts
        counted = {row.report for row in reports.itertuples() if pd.isna(row.copy_of)}
        several = [row for row in year.compilation.sentences.itertuples() if row.horizon == "multi-year"]
        wrong = sum(bool(one) for one in year.indicators["contradiction"].fillna(value=False))
        own = Counter(
            {
                "counted": len(counted),
                "read": len(reports),
                "copies": len(reports) - len(counted),
                "masks": sum(row.report in counted for row in year.compilation.masks.itertuples()),
                "several": sum(row.report in counted for row in several),
                "doubts": len(doubts) + wrong,
                "serious": list(doubts["severity"]).count("serious"),
            }
        )
        sums += own
        found |= {text for n in own.values() for text in written(n)}
        found |= {str(year) for name in ("period", "plan_period") for year in reports[name].dropna()}
    for measure, statuses in (("continuity", "status"), ("fulfilment", "verdict")):
        scores = kit.score(measure)
        scores = scores[scores["scored"].isin(STATUSES[statuses])]
        right, known = (sum(scores[name].dropna()) for name in ("n_right", "n_known"))
        for n in (right, known, right / known, max(scores["n_known"]) / known, *scores["precision"].dropna()):
            found |= written(n)
    return found | {text for n in sums.values() for text in written(n)}


def flat(text: str) -> str:
    """A text as its letters and digits alone: a quotation has other spaces and marks than its source."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text))


def bare(analysis, words: str) -> str:
    """What is left of a piece without what the text says itself: quotations, headings, names, messages of doubts."""
    for year in analysis.years:
        one, text = year.compilation, flat(year.compilation.text)
        quotation = flat(re.sub(r"^\[[^\]]+\] ", "", words))
        if len(quotation) >= SHORTEST and quotation in text:
            return ""
        doubts = [part for row in list_doubts(year).itertuples() for part in row if isinstance(part, str)]
        said = [*doubts, one.name, one.name.removesuffix(".txt"), *one.parts["heading"], *one.reports["agency"]]
        said += [*year.targets["indicator"], *year.targets["unit"]]
        for part in sorted({" ".join(one.split()) for one in said}, key=len, reverse=True):
            words = words.replace(part, "") if NUMBER.search(part) else words
        words = QUOTE.sub(lambda found, text=text: "" if flat(found[1]) in text else found[0], words)
    return words


def find_untraced(analysis, pieces) -> list[tuple]:
    """The pieces with a number that neither the tables of their figure nor what is common to all explain."""
    labels, claims = knowledge("labels.toml"), defaultdict(set)
    for row in analysis.findings.itertuples():  # test_claims counts them again
        claims[row.stem] |= {number for said in (row.claim, row.claim_en) for number in NUMBER.findall(said)}
    known = {"": set().union(*claims.values())}
    for stem in stems_of(analysis):
        exhibit = FIGURES[stem]
        table = analysis.table(exhibit.table if analysis.earlier else exhibit.of_one or exhibit.table)
        known[stem] = of_table(table) | claims[stem] | constants(labels["figures"][stem])
    themes = range(len(analysis.codebook.themes) + 1)
    for stem in ("attention", "years"):  # they draw some themes, and say how many they leave out, from what change on
        known[stem] = known.get(stem, set()) | set(map(str, themes)) | {"25"}
    moves = analysis.attention["mean_shift_points"].abs()
    known["attention"] |= {f"{ceil(move * 10) / 10:g}" for move in moves} | {f"{move:.1f}" for move in moves}
    known["terms"].add(str(min(20, len(analysis.terms))))  # bars
    untraced = []
    always = common(analysis) | constants(labels["accuracy"])
    for file, stem, words in pieces:
        for found in PLACE.finditer(words):
            report, start = (int(one) for one in found.groups() if one)
            rows = [row for year in analysis.years for row in year.compilation.reports.itertuples()]
            assert any(row.report == report and row.start <= start < row.end for row in rows), (file, words)
        left = REPORT.sub("", PLACE.sub("", bare(analysis, words)))
        numbers = [number for number in NUMBER.findall(left) if number not in always | known.get(stem, set())]
        untraced += [(file, stem, numbers, left)] if numbers else []
    return untraced


def test_every_number_in_running_words_is_traced(told):
    assert find_untraced(*told) == []


def test_a_number_from_nowhere_is_found(told):
    analysis, _ = told
    piece = ("briefing.docx", "statuses", "93项计划事项中4711项延续本年工作")
    assert next(numbers for _, _, numbers, _ in find_untraced(analysis, [piece]))[-1] == "4711"
