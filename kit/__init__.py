"""Read, count, match and draw compilations of Chinese government work reports.

The names below are the public ones; each is imported when it is first used.
"""

from importlib import import_module
from typing import Any

from kit.read import read  # the room and its function share a name: the function is the public one

__version__ = "0.1.0"

_HOMES = {
    "Compilation": "kit.read.compilation",
    "KitError": "kit.errors",
    "sample": "kit.data",
}

__all__ = ["Compilation", "KitError", "read", "sample"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        message = f"module kit has no {name!r}; it has {', '.join(__all__)}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return [*__all__, "__version__"]
