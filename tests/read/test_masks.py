"""Masks: what stands for a name or a number."""

import pytest

from kit.read.names import find_masks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投入资金XX万元", [("XX", "number")]),
        ("投入资金ＸＸ万元", [("ＸＸ", "number")]),
        ("培训×××人次", [("×××", "number")]),
        ("完成**个项目", [("**", "number")]),
        ("同比增长XX％", [("XX", "number")]),
        ("约XX左右", [("XX", "number")]),
        ("XX县民政局", [("XX", "name")]),
        ("某县某局", [("某", "name"), ("某", "name")]),
        ("某某镇", [("某某", "name")]),
        ("在XX开展活动", [("XX", "name")]),
        ("○○县", [("○○", "name")]),
        ("□□村", [("□□", "name")]),
    ],
)
def test_masks_and_what_they_stand_for(text, expected):
    assert [(text[a:b], what) for a, b, what in find_masks(text, 0, len(text))] == expected


@pytest.mark.parametrize("text", ["县道X903线", "X光机2台", "配备XL码", "长5×宽3", "某些困难", "CNAXX1", "3 × 5"])
def test_signs_that_mask_nothing(text):
    assert list(find_masks(text, 0, len(text))) == []
