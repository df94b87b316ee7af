"""Characters: the denominator of every rate."""

import numpy as np
import pandas as pd

from kit.read.compilation import Compilation


def count_chars(compilation: Compilation) -> pd.DataFrame:
    """Count characters that are not white space, masks and markers included.

    Returns
    -------
    DataFrame
        One row per report and role that has any text: ``report, role, of_chars``.
    """
    codes = np.frombuffer(compilation.text.encode("utf-32-le"), dtype="<u4")
    blank = [code for code in np.unique(codes).tolist() if chr(code).isspace()]
    before = np.r_[0, np.cumsum(~np.isin(codes, blank))]
    sentences = compilation.sentences
    chars = before[sentences["end"].to_numpy()] - before[sentences["start"].to_numpy()]
    counted = sentences[["report", "role"]].assign(of_chars=chars)
    return counted.groupby(["report", "role"])["of_chars"].sum().reset_index()
