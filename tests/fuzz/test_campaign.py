"""Two thousand invented texts and damaged documents, the same ones every time; `python -m tests.fuzz` does a night of it."""

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from campaign import check_document, check_text, damage, invent, seeds

pytestmark = pytest.mark.skipif(not importlib.util.find_spec("fpdf"), reason="documents are made with fpdf2")
EXAMPLES = settings(max_examples=1000, deadline=None, derandomize=True, database=None)
RANDOM = st.randoms(use_true_random=False)
SAMPLE = "柳溪县民政局2023年工作总结及2024年工作计划\n一、2023年工作总结\n（一）狠抓救助。1.发放资金120万元。2.新建站点6个。\n二、2024年工作计划\n一是修路12公里；二是架桥。\n"


@pytest.fixture(scope="module")
def documents():
    return seeds(SAMPLE * 3)


@EXAMPLES
@given(RANDOM)
def test_an_invented_text_is_read_or_refused(random):
    check_text(invent(random))


@EXAMPLES
@given(random=RANDOM)
def test_a_damaged_document_is_read_or_refused(documents, random):
    check_document(*damage(random, documents))


# What a campaign has found stands here by name, as small as it could be made.
FOUND = [
    pytest.param("柳溪县水务局2023年工作总结\n一、\u2028（一）修渠。\n", id="a line separator inside a heading"),
    pytest.param("柳溪县水务局2023年工作总结\n➢修渠３公里；\uf0b7架桥。\n", id="bullets of a symbol font"),
    pytest.param("\x00柳溪县水务局2023年工作总结\n\uffff一、修渠\n", id="characters that are none"),
]


@pytest.mark.parametrize("text", FOUND)
def test_what_was_found_stays_mended(text):
    check_text(text)
