"""Sentences partition a part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.read.sentences import split_sentences


def sentences(text):
    return [text[a:b] for a, b in split_sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("修路。架桥。", ["修路。", "架桥。"]),
        ("修路；架桥！", ["修路；", "架桥！"]),
        ("他说“修路。”然后架桥。", ["他说“修路。”", "然后架桥。"]),
        ("一、总结\n修路。\n", ["一、总结\n", "修路。\n"]),
        ("增长3.5%，完成任务。  \n", ["增长3.5%，完成任务。  \n"]),
        ("没有句号", ["没有句号"]),
        ("\n\n修路。", ["\n\n", "修路。"]),
        ("", []),
    ],
)
def test_sentences_end_at_their_stops_and_lines(text, expected):
    assert sentences(text) == expected


@given(st.text(alphabet="甲乙。！？；”）!?; \n\u3000", max_size=80))
def test_sentences_give_the_text_back(text):
    assert "".join(sentences(text)) == text
    assert all(sentences(text))
