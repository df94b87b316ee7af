"""The files that a user writes beside a compilation: what they may hold, and patterns that cannot hang a run."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, NoReturn, Union, get_args

import regex
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from kit.errors import DataError

SECONDS = 4.0  # that one search with a user's pattern may take
SHOWN = 60  # characters of what was found that an error quotes
_UNSEEN = "\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff"
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=f"^[^{_UNSEEN}]*$")]
Offset = Annotated[int, Field(ge=0, lt=2**31)]
Year = Annotated[int, Field(ge=1900, le=2200)]
KINDS = {"period": Year, "plan_period": Year, "evidence": Offset}  # where the type alone would say too little


class Strict(BaseModel):
    """A table of a user's file: nothing but what is declared, of the type that is declared."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _Theme(Strict):
    group: str = ""
    zh: str = ""
    en: str = ""
    definition: str = ""
    counts: str = ""
    excludes: str = ""
    terms: str = ""
    weak: str = ""
    exclusions: str = ""
    remove: str = ""
    replace: bool = False
    patterns: list[str] = []
    exclusion_patterns: list[str] = []


class _Group(Strict):
    zh: str
    en: str


class _Sentence(Strict):
    gap: str = ""
    listing: str = ""


class _Headings(Strict):
    marker: str = ""
    figure: str = ""
    max_chars: Annotated[int, Field(ge=0, le=1000)] = 0


class _Patterns(Strict):
    patterns: list[str] = []


class ThemeFile(Strict):
    """``.themes.toml``; see the head of the kit's own themes.toml."""

    standalone: bool = False
    drop: list[str] = []
    groups: dict[str, _Group] = {}
    words: dict[str, str] = {}
    sentence: _Sentence = _Sentence()
    headings: _Headings = _Headings()
    opening: _Patterns = _Patterns()
    framing: _Patterns = _Patterns()
    everywhere: _Theme = _Theme()
    shared: dict[str, str] = {}
    themes: dict[str, _Theme] = {}


@cache
def entry_model(kind: str, choices: tuple[tuple[str, tuple[str, ...]], ...], **keys: Any) -> type[Strict]:
    """Declare an entry of an override file: where it stands, what stands there, and what it may say."""
    allowed = dict(choices)
    fields: dict[str, Any] = {"at": (Offset, ...), "text": (Annotated[str, Field(min_length=1)], ...)}
    fields["file"] = (str | None, None)
    for key, kinds in keys.items():
        one = KINDS.get(key) or (Name if kinds is str else Union[kinds])  # noqa: UP007, of one or of several types
        one = Literal[allowed[key]] if key in allowed else one
        fields[key] = (one, None)
    fields |= {"note": (str | None, None), "date": (date | str | None, None)}
    return create_model(kind, __base__=Strict, **fields)


def validate(model: type[BaseModel], content: Mapping[str, Any], place: str) -> None:
    """Check what a user's file holds; the error names the place, what was expected and what was found."""
    try:
        model.model_validate(content)
    except ValidationError as invalid:
        refuse(model, invalid, place)


def refuse(model: type[BaseModel], invalid: ValidationError, place: str) -> NoReturn:
    """Raise the first thing that is wrong in the kit's words."""
    error = invalid.errors()[0]
    *path, last = error["loc"]
    found, expected = repr(error["input"]), error["msg"].split("should be ")[-1].split("should ")[-1]
    if error["type"] == "extra_forbidden":
        found, expected = f"{last} = {found}", f"one of {', '.join(_fields(model, path))}"
    elif error["type"] == "missing":
        found, expected = "none", f"a value for {last}"
    at = ".".join(map(str, path if error["type"] in {"extra_forbidden", "missing"} else error["loc"]))
    shown = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
    message = f"{place}{', ' if at else ''}{at}: expected {expected}, found {shown}; mend that entry or delete it"
    raise DataError(message) from invalid


def _fields(model: type[BaseModel], path: list[int | str]) -> list[str]:
    """The fields of the table at a path: of ("themes", "sports"), those of a theme."""
    known: Any = model
    for step in path:
        if isinstance(known, type) and issubclass(known, BaseModel):
            known = known.model_fields[str(step)].annotation
        else:
            known = get_args(known)[-1]
    return list(known.model_fields)


class OwnPattern:
    """A user's regular expression: it matches as one of `re` does, within a time, or its entry is named."""

    def __init__(self, text: str, place: str) -> None:
        try:
            self._compiled = regex.compile(text)
        except (regex.error, RecursionError, OverflowError, MemoryError) as error:
            message = f"{place}: expected a regular expression, found {text[:SHOWN]!r} ({error}); mend that entry"
            raise DataError(message) from error
        self.pattern, self.groupindex, self._place = text, self._compiled.groupindex, place

    def match(self, text: str, pos: int = 0) -> Any:
        """Match where a text begins, or at a place in it."""
        return self._within(lambda: self._compiled.match(text, pos, timeout=SECONDS))

    def search(self, text: str, pos: int = 0, endpos: int | None = None) -> Any:
        """Find the first match."""
        return self._within(lambda: self._compiled.search(text, pos, endpos, timeout=SECONDS))

    def finditer(self, text: str) -> list[Any]:
        """Find every match."""
        return self._within(lambda: list(self._compiled.finditer(text, timeout=SECONDS)))

    def findall(self, text: str) -> list[Any]:
        """Find what every match holds."""
        return self._within(lambda: self._compiled.findall(text, timeout=SECONDS))

    def _within(self, found: Any) -> Any:
        try:
            return found()
        except TimeoutError as error:
            expected = f"expected a pattern that needs no more than {SECONDS:g} seconds for a text"
            message = f"{self._place}: {expected}, found {self.pattern[:SHOWN]!r}; write it without repeats of repeats"
            raise DataError(message) from error
