"""A progress bar over long work, in the terminal and in a notebook; short work shows none."""

from collections.abc import Collection, Iterable
from typing import TypeVar

T = TypeVar("T")
LEAST = 50  # files or reports from which on a bar is worth its line


def watch(items: Collection[T], doing: str, *, least: int = LEAST) -> Iterable[T]:
    """Return ``items``, behind a progress bar that says what is being done when there are many.

    Parameters
    ----------
    items : collection
    doing : str
        What stands before the bar.
    least : int
        Fewer than so many show no bar.

    Examples
    --------
    >>> list(watch("ab", "reading"))
    ['a', 'b']
    """
    if len(items) < least:
        return items
    from tqdm.auto import tqdm  # noqa: PLC0415, not needed for a compilation of a dozen

    return tqdm(items, desc=doing, leave=False)
