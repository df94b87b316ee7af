"""How far statuses can be trusted, in one line: how they agree with the known answers of the sample."""

from functools import cache

from kit.measure.scoring import score_sample
from kit.measure.summaries import STATUSES
from kit.show.labels import fill, label
from kit.show.text import percent

# The figures that draw shares of statuses: what they measure, and the statuses that it gives.
STATED = {"statuses": ("continuity", "status"), "fulfilment": ("fulfilment", "verdict")}


@cache
def state_accuracy(stem: str, lang: str) -> str:
    """Say behind a note how often a figure's statuses are right on the sample, and how often one alone would be.

    Parameters
    ----------
    stem : str
        A figure; one without statuses says nothing.
    lang : {"zh", "en"}
    """
    if stem not in STATED:
        return ""
    measure, statuses = STATED[stem]
    scores = score_sample(measure).set_index("scored")
    scores = scores.loc[[status for status in STATUSES[statuses] if status in scores.index]]
    known, right = int(scores["n_known"].sum()), int(scores["n_right"].sum())
    precision = [f"{label('statuses', str(status), lang)}{' ' * (lang == 'en')}{percent(share)}"
                 for status, share in scores["precision"].items()]  # fmt: skip
    return fill("accuracy", "line", lang, right=right, of=known, share=percent(right / known),
                most=label("statuses", str(scores["n_known"].idxmax()), lang),
                always=percent(scores["n_known"].max() / known),
                precision=label("marks", "comma", lang).join(precision))  # fmt: skip
