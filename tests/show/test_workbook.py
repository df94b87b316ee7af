"""The workbook, read back by openpyxl."""

import re

import openpyxl
import pandas as pd
import pytest

import kit
from kit import tables


@pytest.fixture(scope="module")
def book(bundle):
    return openpyxl.load_workbook(bundle() / "tables.xlsx")


def rows(sheet) -> pd.DataFrame:
    """A sheet as a table; a head's last line is the column's own name."""
    head, *body = sheet.iter_rows(values_only=True)
    return pd.DataFrame(body, columns=[name.split("\n")[-1] for name in head])


def test_every_table_is_a_sheet_with_all_its_rows(book, bundle):
    for file in sorted((bundle() / "tables").glob("*.csv")):
        assert book[file.stem].max_row == 1 + len(pd.read_csv(file)), file.stem


def test_heads_are_frozen_filtered_and_named_in_the_language(book):
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref or sheet.max_row == 1
    assert book["terms"]["A1"].value == "词语\nterm"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_sheet_says_in_the_language_what_each_column_is_called_holds_and_means(bundle, lang):
    book = openpyxl.load_workbook(bundle("sample", lang) / "tables.xlsx")
    about = book.worksheets[0]
    assert {"zh": "近似副本", "en": "near copy"}[lang] in about["A2"].value
    told = {row[:2]: row[2:] for row in about.iter_rows(min_row=4, values_only=True)}
    for place, words in told.items():
        assert all(words), place
        chinese = [bool(re.search("[\u4e00-\u9fff]", word)) for word in words]
        assert all(chinese[1:]) if lang == "zh" else not any(chinese[:2]), place
    declared = {(table.name, column.name): column.meaning[lang] for table in tables.ALL if table.name in book.sheetnames
                for column in table.columns if not column.name.startswith(("message", "claim", "caveat"))}  # fmt: skip
    assert declared.keys() <= told.keys()
    assert {place: words[2] for place, words in told.items() if place in declared} == declared


def test_codes_stand_in_the_language_of_the_workbook(book):
    for sheet, column, codes in (("doubts", "severity", {"重要", "存疑", "提示"}), ("sentences", "role", {"计划", "成效"}),
                                 ("matches", "status", {"延续", "待核", "总结未提及"}), ("masks", "stands_for", {"名称"})):  # fmt: skip
        assert codes <= set(rows(book[sheet])[column]), sheet
        assert not any(re.fullmatch("[a-z ]+", str(value)) for value in rows(book[sheet])[column]), sheet


def test_hits_and_matches_carry_their_sentences_and_place(book):
    text = kit.read(kit.sample(2023)).text
    sentences = {row.sentence: text[row.start : row.end].split() for row in rows(book["sentences"]).itertuples()}
    hits = rows(book["hits"])
    assert all(row.text.split() == sentences[row.sentence] for row in hits.head(50).itertuples())
    assert {"agency", "path", "theme_name"} <= set(hits)
    matches = rows(book["matches"]).dropna(subset=["evidence"])
    assert all(row.evidence_text.split() == text[int(row.evidence_start) : int(row.evidence_end)].split()
               for row in matches.itertuples())  # fmt: skip


@pytest.mark.parametrize(("lang", "said"), [("zh", "（单位名称未写明）"), ("en", "(unit not named)")])
def test_agencies_without_a_name_are_called_so_in_the_language(bundle, lang, said):
    other = {"zh": "(unit not named)", "en": "（单位名称未写明）"}[lang]
    sheets = openpyxl.load_workbook(bundle("sample", lang) / "tables.xlsx")
    cells = [str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any(said in cell for cell in cells)
    assert not any(other in cell for cell in cells)


@pytest.mark.parametrize(
    ("sheet", "column", "form"),
    [
        ("terms", "share_of_reports", "0.0%"),
        ("terms", "per_10k_chars", "0.0"),
        ("terms", "n", "0"),
        ("matches", "score", "0.00"),
    ],
)
def test_numbers_are_numbers_with_a_format(book, sheet, column, form):
    at = list(rows(book[sheet]).columns).index(column)
    cell = book[sheet].cell(2, at + 1)
    assert (cell.data_type, cell.number_format) == ("n", form)


def test_columns_are_as_wide_as_what_stands_in_them(book):
    widths = {key: value.width for key, value in book["reports"].column_dimensions.items()}
    assert all(4 <= width <= 61 for width in widths.values())


def test_texts_that_look_like_formulas_are_texts(bundle):
    book = openpyxl.load_workbook(bundle("hostile") / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    risky = [cell for cell in cells if cell.value.startswith(("=", "+", "-", "@"))]
    assert {cell.value[0] for cell in risky} == set("=+-@")
    assert {cell.data_type for cell in risky} == {"s"}
