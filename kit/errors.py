"""The errors a user can meet; each message names the place, what was expected, what was found, what to do."""


class KitError(Exception):
    """Any error that this kit raises on purpose."""


class SourceError(KitError):
    """A source cannot be read: missing, empty, binary, of an unknown encoding, or with no report in it."""


class DataError(KitError):
    """A data file (themes, lexicon, override …) has an entry that cannot be used."""


class TableError(KitError):
    """A table lacks a column, holds a wrong type, or repeats its key."""


class FontError(KitError):
    """A character cannot be drawn with the font in use."""


class OutputError(KitError):
    """A file or folder cannot be written without destroying something the kit did not write."""


def unreadable(name: object, expected: str, found: str, remedy: str) -> SourceError:
    """The error of every file that is not read: what was expected, what was found, what to do."""
    return SourceError(f"{name}: expected {expected}, found {found}; {remedy}")
