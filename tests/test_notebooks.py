"""What every notebook keeps to: prose first, short cells without logic, and outputs as they were stored.

That the outputs are those of today's kit is nbval's to say: pytest runs the notebooks themselves (``testpaths``).
"""

import ast
import re
from itertools import pairwise

import nbformat
import pytest

from kit.run import CORPUS, PLACES, YEARS, notebooks, read_notebook
from kit.show.briefing import NOTEBOOK_ONLY, notebook_body

FILES = {file.stem: file for file in sorted({*notebooks(), *notebooks(places=True), *notebooks(corpus=True)})}
BOOKS = {stem: nbformat.read(file, as_version=4) for stem, file in FILES.items()}
FIGURE, PARAMETERS = "kit.plot_", "parameters"
MOST_LINES, MOST_BYTES = 10, 500_000

each = pytest.mark.parametrize("stem", BOOKS)


def tags(cell) -> list[str]:
    return cell.metadata.get("tags", [])


def codes(stem: str) -> list:
    return [cell for cell in BOOKS[stem].cells if cell.cell_type == "code"]


def test_they_are_in_order_and_three_take_several_compilations_or_a_corpus():
    assert [stem[0] for stem in BOOKS] == ["1", "2", "3", "4", "5", "6", "6"]
    one = [stem for stem in BOOKS if stem not in (YEARS, PLACES, CORPUS)]
    assert [file.stem for file in notebooks(two_years=False)] == one
    assert [file.stem for file in notebooks(corpus=True)] == [CORPUS]


@each
def test_cells_are_short_and_hold_no_logic(stem):
    for cell in codes(stem):
        assert len(cell.source.splitlines()) <= MOST_LINES, cell.id
        nodes = [type(node).__name__ for node in ast.walk(ast.parse(cell.source))]
        assert not {"FunctionDef", "ClassDef", "Lambda", "For", "While", "If", "Try", "ListComp"} & set(nodes), cell.id
        assert re.findall(r"^(?:import|from) .*", cell.source, re.MULTILINE) in ([], ["import kit"]), cell.id


@each
def test_what_it_answers_stands_first_and_what_to_do_next_last(stem):
    cells = BOOKS[stem].cells
    assert [tags(cell) for cell in cells[:2]] == [["zh"], ["en"]]
    assert [cell.source.split()[0] for cell in cells[:2]] == ["#", "#"]
    assert [tags(cell) for cell in cells[-2:]] == [["zh"], ["en"]]
    assert cells[-2].source.startswith("**接下来**")
    assert cells[-1].source.startswith("**Next**")


@each
def test_every_section_is_prose_in_both_languages_before_its_code(stem):
    cells = BOOKS[stem].cells
    for before, cell in pairwise(cells):
        if cell.cell_type == "markdown":
            before_it = "en" if tags(before)[:1] == ["zh"] else "zh"
            assert tags(cell)[0] == before_it, cell.id
        else:
            assert tags(before)[:1] != ["zh"], cell.id


@each
def test_what_needs_a_kernel_or_says_nothing_to_a_reader_is_for_the_notebook_only(stem):
    for cell in BOOKS[stem].cells:
        for_the_notebook = re.search(
            r"kit\.(browse|choose|settle|edit_themes|code_sentences)|点一格|在框里选|下面的框|按“写入”|“类别”|settled\.|[Cc]lick|[Cc]hoose|press Write|“Kind”|under .Kind",
            cell.source,
        )
        assert (NOTEBOOK_ONLY in tags(cell)) == bool(for_the_notebook) or "## " in cell.source, cell.id


def test_pages_leave_out_what_is_for_the_notebook_only():
    file = next(file for file in notebooks() if file.stem == "2-terms")
    body = notebook_body(nbformat.read(file, as_version=4), lang="zh")
    assert "最常用的词" in body
    assert not re.search("边输入边检索|find_in_context|15 rows|[0-9a-f]{8}</pre>", body)


@each
def test_parameters_come_first_and_default_to_the_sample(stem):
    first, *others = codes(stem)
    assert tags(first) == [PARAMETERS]
    assert not [cell.id for cell in others if PARAMETERS in tags(cell)]
    names = ["sources", "lang"] if stem in (YEARS, PLACES) else ["source", "lang"]
    assert re.findall(r"^(\w+) = ", first.source, re.MULTILINE) == names


@each
@pytest.mark.parametrize(("lang", "is_chinese"), [("zh", True), ("en", False)])
def test_comments_of_a_working_copy_are_in_its_language(stem, lang, is_chinese):
    written = [cell.source for cell in read_notebook(FILES[stem], lang).cells if cell.cell_type == "code"]
    comments = [line for source in written for line in source.splitlines() if line.startswith("#")]
    assert [bool(re.search("[\u4e00-\u9fff]", comment)) for comment in comments] == [is_chinese]


@each
def test_every_figure_says_what_numbers_its_table_holds_so_that_nbval_compares_them(stem):
    for cell in codes(stem):
        assert "nbval-ignore-output" not in tags(cell), cell.id
        if FIGURE in cell.source:
            [shown] = [output["data"] for output in cell.outputs if "image/png" in output.get("data", {})]
            assert re.fullmatch(r"<Figure \w+: .+ \(\d+ rows( · \w+ \d+)* · [0-9a-f]{8}\)>", shown["text/plain"]), (
                cell.id
            )


@each
def test_outputs_are_stored_readable_without_a_kernel(stem):
    """Written by ``python .ci/store_outputs.py``."""
    assert len(nbformat.writes(BOOKS[stem])) < MOST_BYTES
    assert BOOKS[stem].metadata.kernelspec.name == "python3"
    assert "widgets" not in BOOKS[stem].metadata
    assert [cell.execution_count for cell in codes(stem)] == list(range(1, len(codes(stem)) + 1))
    for cell in codes(stem):
        kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
        assert "application/vnd.jupyter.widget-view+json" not in kinds, cell.id
        assert ("image/png" in kinds) == (FIGURE in cell.source), cell.id
        assert {output.output_type for output in cell.outputs} <= {"stream", "execute_result", "display_data"}, cell.id
        assert not [output for output in cell.outputs if output.get("name") == "stderr"], cell.id


def test_continuity_and_fulfilment_are_never_called_by_each_others_name():
    continuity = "".join(cell.source for cell in codes("4-coverage"))
    fulfilment = "".join(cell.source for cell in codes(YEARS))
    assert "compare_years" not in continuity
    assert not re.search("compare_coverage|match_items|continuity", fulfilment)
