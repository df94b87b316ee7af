"""What the reader is not sure of, worded from the messages' data file."""

from kit.data import knowledge


def doubt(code: str, report: int, place: dict[str, int], **words: object) -> dict:
    """Word one doubt.

    Parameters
    ----------
    code : str
        A key of ``messages.toml``.
    report : int
    place : dict
        ``start`` and ``end`` of what is doubtful.
    **words
        What fills the braces of the messages.

    Returns
    -------
    dict
        A row of `tables.DOUBTS`.
    """
    entry = knowledge("messages.toml")[code]
    known = {"report": report} | words
    return {
        "report": report,
        "code": code,
        "severity": entry["severity"],
        "message": entry["zh"].format(**known),
        "message_en": entry["en"].format(**known),
        "assumed": entry["assumed"].format(**known),
        **place,
    }
