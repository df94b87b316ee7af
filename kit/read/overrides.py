"""The files that a user writes beside a compilation: what they may hold, and what overrides settle.

``<name>.kit.toml`` stands beside the file it settles, ``kit.toml`` inside a folder. Every entry says where (``at``, an
offset into its file's text) and quotes what stands there (``text``), so that it cannot slip; what the kinds of `KEYS`
settle is said to users in ``messages.toml``, ``[head]``. pydantic and regex, which are heavy, load with such a file.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partialmethod
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NoReturn, Required, get_args

import pandas as pd
import tomlkit
from annotated_types import Interval
from tomlkit.exceptions import TOMLKitError
from typing_extensions import TypedDict

from kit import tables
from kit.data import SETTINGS, knowledge, own_file, parse_toml, read_toml
from kit.errors import DataError, OutputError
from kit.read.compilation import Compilation, Report, Span
from kit.read.lines import FURTHER, is_agency, is_title
from kit.read.source import name_files

FILE, BRIEFING = "kit.toml", "briefing.toml"  # names of a user's own files, see `kit.data.own_file`
KEYS: dict[str, dict[str, Any]] = {  # what an entry of each kind may say: of a type, or one of several values
    "report": {
        **dict.fromkeys(("agency", "place", "sector"), "name"),
        **dict.fromkeys(("period", "plan_period"), "year"),
        "level": tables.VALUES["levels"],
        "copy_of": int | bool,
        "exclude": bool,
    },
    "role": {"role": tables.ROLES},
    "split": {},
    "merge": {},
    "match": {"status": tables.VALUES["plan_statuses"], "evidence": "offset"},
    "promise": {
        "status": tuple(one for one in tables.VALUES["promise_statuses"] if one != "no report"),
        "evidence": "offset",
    },
    "verdict": {"verdict": tables.VALUES["number_verdicts"]},
    "pair": {"partner": int | bool},
    "horizon": {"horizon": tuple(filter(None, tables.VALUES["horizons"]))},
    "doubt": {"code": "name"},
}
SNIPPET = 24
OF_PARTS = ("role", "horizon")
SECONDS = 4.0  # that one search with a user's pattern may take
_SHOWN = 60  # characters of what was found that an error quotes
_UNSEEN = "\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff"


# -- overrides


@dataclass(frozen=True)
class Override:
    """One entry: its kind, its place, what it says, and how an error names it."""

    kind: str
    start: int
    end: int
    says: Mapping[str, Any]
    label: str
    file: str | None = None
    text: str = ""
    note: str = ""
    date: str = ""

    def refuse(self, why: str) -> NoReturn:
        """Raise the error that names this entry."""
        message = f"{self.label}: {why}; mend the entry or delete it"
        raise DataError(message)


def read_overrides(
    source: Any, files: Sequence[Any], drafts: Mapping[Path, str] = MappingProxyType({})
) -> list[Override]:
    """Read the override files of a source, when there are any; drafts stand for what is in a file."""
    named: dict[Path, str | None] = {}
    if isinstance(source, (str, Path)) and Path(source).is_dir():
        named[own_file(Path(source), FILE)] = None
    for file, name in zip(files, name_files(files), strict=True):
        path = getattr(file, "archive", file)
        named.setdefault(own_file(path, FILE), name if path is file else None)
    known = {
        path: parse_toml(drafts[path], path) if path in drafts else read_toml(path)
        for path in named
        if path in drafts or path.exists()
    }
    return [entry for path, data in known.items() for entry in _read(data, path, named[path])]


def _read(data: Mapping[str, Any], path: Path, only: str | None) -> Iterable[Override]:
    for kind, entries in data.items():
        if kind in SETTINGS:
            continue
        if kind not in KEYS or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            message = f"{path}: expected entries {', '.join(f'[[{known}]]' for known in KEYS)}, found {kind!r}"
            raise DataError(message)
        for number, entry in enumerate(entries, start=1):
            says, label = dict(entry), f"{path}, [[{kind}]] number {number}"
            validate(_entry(kind), says, label)
            at, text, file = says.pop("at"), says.pop("text"), says.pop("file", None) or only
            note, day = says.pop("note", ""), str(says.pop("date", ""))
            yield Override(kind, at, at + len(text), says, label, file, text, note, day)


def locate(entries: Iterable[Override], text: str, files: Mapping[str, Span]) -> Iterator[Override]:
    """Check that every entry quotes the text, and give it its place in the whole."""
    names = list(files)
    for entry in entries:
        file = names[0] if entry.file is None and len(names) == 1 else entry.file
        if file is None or file not in files:
            entry.refuse(f"expected file = one of {', '.join(names[:5])}, found {file!r}")
        start, end = files[file]
        found = text[start + entry.start : start + entry.end]
        if found != entry.text or start + entry.end > end:
            elsewhere = text.find(entry.text, start, end)
            hint = f"it stands at {elsewhere - start}" if elsewhere >= 0 else "it stands nowhere in the file"
            entry.refuse(f"expected {entry.text!r} at {entry.start}, found {found!r}; {hint}")
        says = _moved(entry.kind, entry.says, start)
        yield replace(entry, start=start + entry.start, end=start + entry.end, says=says)


def _moved(kind: str, says: Mapping[str, Any], by: int) -> dict[str, Any]:
    """What an entry says, its places in its own text moved; a promise's evidence stands in the later one."""
    key = {"match": "evidence", "pair": "partner"}.get(kind, "")
    return {**says, key: says[key] + by} if says.get(key, False) is not False else dict(says)


def place_entry(compilation: Compilation, kind: str, place: Span, says: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry of a file of overrides says: in which file it stands, where, what is quoted there, and ``says``."""
    start, end = place
    source = compilation.sources[compilation.sources["start"] <= start].iloc[-1]
    shift = int(source["start"])
    quoted = compilation.text[start : max(start + 1, min(end, start + SNIPPET))].split("\n")[0] or "\n"
    file = {"file": source["file"]} if len(compilation.sources) > 1 else {}
    return {**file, "at": start - shift, "text": quoted, **_moved(kind, says, -shift)}


def reshape(reports: Sequence[Report], entries: Sequence[Override]) -> Sequence[Report]:
    """Split, merge and leave out reports as the analyst says."""
    for entry in entries:
        if entry.kind in ("split", "merge"):
            reports = (_split if entry.kind == "split" else _merge)(reports, entry)
    own = [(_report_at(reports, entry), entry) for entry in entries if entry.kind == "report"]
    excluded = {at for at, entry in own if entry.says.get("exclude")}
    return [report for n, report in enumerate(reports) if n not in excluded]


def _report_at(reports: Sequence[Report], entry: Override) -> int:
    at = next((n for n, report in enumerate(reports) if report.start == entry.start), None)
    if at is None:
        entry.refuse("no report begins here")
    return at


def _split(reports: Sequence[Report], entry: Override) -> list[Report]:
    at = next((n for n, report in enumerate(reports) if entry.start in {line.start for line in report.lines}), None)
    if at is None:
        entry.refuse("no line of a report begins here")
    report = reports[at]
    above = tuple(line for line in report.lines if line.start < entry.start)
    first, *rest = report.lines[len(above) :]
    titled = is_title(first.text, also=FURTHER) or is_agency(first.text)
    lower = replace(report, start=entry.start, lines=(first, *rest), title="", titles=(), furniture=(), publisher="")
    if titled:
        lower = replace(lower, lines=tuple(rest), title=first.text, titles=(first,))
    return [*reports[:at], replace(report, end=entry.start, lines=above), lower, *reports[at + 1 :]]


def _merge(reports: Sequence[Report], entry: Override) -> list[Report]:
    at = _report_at(reports, entry)
    above, below = reports[at - 1], reports[at]
    if not at or above.file != below.file:
        entry.refuse("there is no report before this one in its file")
    lines = tuple(sorted((*above.lines, *below.titles, *below.lines), key=lambda line: line.start))
    merged = replace(above, end=below.end, lines=lines, furniture=above.furniture + below.furniture)
    return [*reports[: at - 1], merged, *reports[at + 1 :]]


def give(report: Report, entries: Sequence[Override]) -> Report:
    """Give a report what the analyst says of it: of its row, and of what its parts do."""
    mine = [entry for entry in entries if entry.kind == "report" and entry.start == report.start]
    inside = [entry for entry in entries if entry.kind in OF_PARTS and report.start <= entry.start < report.end]
    says: dict[str, Any] = {}
    for entry in mine:
        for key, value in entry.says.items():
            if says.setdefault(key, value) != value:
                entry.refuse(f"expected one {key} for this report, found {says[key]!r} and {value!r}")
    settled = {kind: {entry.start: entry.says[kind] for entry in inside if entry.kind == kind} for kind in OF_PARTS}
    return replace(report, says=says, settled=settled["role"], horizons=settled["horizon"])


def check_parts(entries: Iterable[Override], parts: Iterable[dict]) -> None:
    """Check that a part begins wherever one is spoken of."""
    starts = {part["start"] for part in parts}
    for entry in entries:
        if entry.kind in OF_PARTS and entry.start not in starts:
            entry.refuse("no part begins here, nor is it inside a report's body")


def apply_copies(rows: list[dict], reports: Sequence[Report], entries: Iterable[Override]) -> list[dict]:
    """Set ``copy_of`` as the analyst says; false is no copy."""
    done = list(rows)
    for entry in entries:
        if "copy_of" in entry.says:
            at, other = _report_at(reports, entry), entry.says["copy_of"]
            if other is True or other not in {False, *(row["report"] for n, row in enumerate(rows) if n != at)}:
                entry.refuse("expected copy_of = false or the number of another report")
            done[at] = done[at] | {"copy_of": other or None}
    return done


def settle(doubts: list[dict], entries: Iterable[Override]) -> list[dict]:
    """Leave out the doubts that the analyst has settled."""
    found = {(row["start"], row["code"]) for row in doubts}
    said = {(entry.start, key) for entry in entries for key in (entry.kind, *entry.says, entry.says.get("code", ""))}
    for entry in entries:
        if entry.kind == "doubt" and (entry.start, entry.says.get("code", "")) not in found:
            entry.refuse("there is no such doubt here")
    messages = knowledge("messages.toml")
    return [
        row
        for row in doubts
        if not {(row["start"], row["code"]), (row["start"], messages[row["code"]].get("settled_by"))} & said
    ]


def as_rows(entries: Iterable[Override]) -> list[dict]:
    """Rows of `tables.OVERRIDES`."""
    return [
        {key: getattr(entry, key) for key in ("kind", "note", "date", "start", "end")}
        | {"says": ", ".join(f"{key} = {value}" for key, value in entry.says.items()), "entry": entry.label}
        | {"status": entry.says.get("status") or entry.says.get("verdict", "")}
        | {"evidence": entry.says.get("evidence") or entry.says.get("partner") or None}
        for entry in entries
    ]


def draft_overrides(compilation: Compilation) -> str:
    """Write an override file in which every doubt is a commented entry with what was assumed."""
    head = knowledge("messages.toml")["head"]["text"].format(name=compilation.name)
    entries = [_draft(compilation, row) for row in compilation.doubts.itertuples()]
    return head + "".join("\n" + "".join(f"# {line}\n" for line in entry) for entry in entries)


def _draft(compilation: Compilation, row: Any) -> list[str]:
    """The lines of one entry: what is doubtful, what was assumed, and the entry that settles it."""
    kind, says = _assumed(compilation, row, knowledge("messages.toml")[row.code].get("settled_by", ""))
    says = place_entry(compilation, kind, (int(row.start), int(row.start) + SNIPPET), says)
    entry = write_entry("", kind, says).splitlines()
    return [f"{row.report}: {row.message} · {row.message_en}", row.assumed, *entry]


def _assumed(compilation: Compilation, row: Any, key: str) -> tuple[str, dict[str, Any]]:
    """The kind of entry that settles a doubt, and what the reading assumes now: the part's role, a report's column."""
    if key == "role":
        parts = compilation.parts[compilation.parts["start"] <= row.start]
        return "role", {key: parts["role"].iloc[-1]}
    if key not in KEYS["report"]:
        return "doubt", {"code": row.code}
    value = compilation.reports.set_index("report").loc[row.report, key]
    return "report", {key: False if pd.isna(value) else value if isinstance(value, str) else int(value)}


# -- what a user's files may hold


def _shape(name: str, **fields: Any) -> Any:
    """Declare a table of a user's file: nothing but what is declared, of the type that is declared."""
    shape = TypedDict(name, fields, total=False)  # type: ignore[misc]
    shape.__pydantic_config__ = {"extra": "forbid", "strict": True}  # type: ignore[attr-defined]
    return shape


_WORDS = ("group", "zh", "en", "definition", "counts", "excludes", "terms", "weak", "exclusions", "remove")
_PATTERNS = _shape("_Patterns", patterns=list[str])
_THEME = _shape("_Theme", **dict.fromkeys(_WORDS, str), replace=bool, patterns=list[str], exclusion_patterns=list[str])
THEME_FILE = _shape(  # ``.themes.toml``; see the head of the kit's own themes.toml
    "_Themes",
    standalone=bool,
    drop=list[str],
    groups=dict[str, _shape("_Group", zh=Required[str], en=Required[str])],  # type: ignore[misc]
    words=dict[str, str],
    sentence=_shape("_Sentence", gap=str, listing=str),
    headings=_shape("_Headings", marker=str, figure=str, max_chars=Annotated[int, Interval(ge=0, le=1000)]),
    opening=_PATTERNS,
    framing=_PATTERNS,
    everywhere=_THEME,
    shared=dict[str, str],
    themes=dict[str, _THEME],  # type: ignore[valid-type]
)


@cache
def _entry(kind: str) -> Any:
    """Declare an entry of an override file: where it stands, what stands there, and what it may say."""
    from pydantic import Field  # noqa: PLC0415

    types: dict[Any, Any] = {
        "name": Annotated[str, Field(min_length=1, max_length=200, pattern=f"^[^{_UNSEEN}]*$")],
        "offset": Annotated[int, Field(ge=0, lt=2**31)],
        "year": Annotated[int, Field(ge=1900, le=2200)],
    }
    at, text = Required[types["offset"]], Required[Annotated[str, Field(min_length=1)]]
    says = {key: Literal[one] if isinstance(one, tuple) else types.get(one, one) for key, one in KEYS[kind].items()}
    return _shape(kind, at=at, text=text, file=str, **says, note=str, date=date | str)


@cache
def _adapter(shape: Any) -> Any:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(shape)


def validate(shape: Any, content: Mapping[str, Any], place: str, folder: Path | None = None) -> Any:
    """Return what a user's file holds, checked; the error names the place, what was expected and what was found."""
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return _adapter(shape).validate_python(content, context=folder)
    except ValidationError as invalid:
        error = invalid.errors()[0]  # the first thing that is wrong, in the kit's words
        *path, last = loc = [step for step in error["loc"] if step != "[key]"]
        found, expected = repr(error["input"]), error["msg"].split("should be ")[-1].split("should ")[-1]
        if error["type"] == "extra_forbidden":
            found, expected = f"{last} = {found}", f"one of {', '.join(_fields(shape, path))}"
        elif error["type"] == "missing":
            found, expected = "none", f"a value for {last}"
        at = ".".join(map(str, path if error["type"] in {"extra_forbidden", "missing"} else loc))
        shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"
        message = f"{place}{', ' if at else ''}{at}: expected {expected}, found {shown}; mend that entry or delete it"
        raise DataError(message) from invalid


def _fields(shape: Any, path: list[int | str]) -> list[str]:
    """The fields of the table at a path: of ("themes", "sports"), those of a theme."""
    for step in path:
        known = getattr(shape, "__annotations__", {})
        shape = known[step] if step in known else get_args(shape)[-1]
    return list(shape.__annotations__)


class OwnPattern:
    """A user's regular expression: it matches as one of `re` does, within a time, or its entry is named."""

    def __init__(self, text: str, place: str) -> None:
        import regex  # noqa: PLC0415

        try:
            self._compiled = regex.compile(text)
        except (regex.error, RecursionError, OverflowError, MemoryError) as error:
            message = f"{place}: expected a regular expression, found {text[:_SHOWN]!r} ({error}); mend that entry"
            raise DataError(message) from error
        self.pattern, self.groupindex, self._place = text, self._compiled.groupindex, place

    def _find(self, how: str, text: str, *span: int | None) -> Any:
        try:
            found = getattr(self._compiled, how)(text, *span, timeout=SECONDS)
            return list(found) if how == "finditer" else found
        except TimeoutError as error:
            expected = f"expected a pattern that needs no more than {SECONDS:g} seconds for a text"
            message = f"{self._place}: {expected}, found {self.pattern[:_SHOWN]!r}; write it without repeats of repeats"
            raise DataError(message) from error

    match = partialmethod(_find, "match")
    fullmatch = partialmethod(_find, "fullmatch")
    search = partialmethod(_find, "search")
    finditer = partialmethod(_find, "finditer")
    findall = partialmethod(_find, "findall")


# ---- An override file is edited entry by entry: what a person wrote, its comments and its order, stays as it is ----

_BEGINS = re.compile(r"^(?=[ \t]*\[\[\s*\w+\s*\]\])", re.MULTILINE)
_IDLE = re.compile(r"\s*(#.*)?")  # a blank line, or a comment
KEPT = ("at", "text", "file")  # where an entry stands: what tells it from others of its kind
MERGED = "report"  # the kind whose entries each settle several things


@dataclass(frozen=True)
class Step:
    """What was written: the file, its text before (None: there was no file) and after."""

    file: Path
    before: str | None
    after: str


def write_entry(text: str, kind: str, says: Mapping[str, Any]) -> str:
    """Return the text of an override file with one entry added, or changed where there is one of its kind and place.

    ``says`` holds the place (``at, text`` and, of several files, ``file``) and what is said of it. What a report's
    entry says besides stays; an entry of another kind says this and nothing else.
    """
    pieces = _cut(text)
    for number, piece in enumerate(pieces):
        if _is_same(piece, kind, says):
            pieces[number] = _change(piece, kind, says)
            return "".join(pieces)
    end = "\r\n" if "\r\n" in text else "\n"
    gap = end * (2 - text.endswith("\n")) if text and not text.endswith(end * 2) else ""
    return text + gap + tomlkit.dumps({kind: [says]}).strip("\n").replace("\n", end) + end


def remove_entry(text: str, kind: str, says: Mapping[str, Any]) -> str:
    """Return the text of an override file without one entry; comments above and below it stay."""
    pieces = [_apart(piece)[1] if _is_same(piece, kind, says) else piece for piece in _cut(text)]
    return "".join(pieces)


def _cut(text: str) -> list[str]:
    return [piece for piece in _BEGINS.split(text) if piece]


def _apart(piece: str) -> tuple[str, str]:
    """Part an entry from the blank lines and comments behind it."""
    lines = piece.splitlines(keepends=True)
    end = len(lines)
    while end and _IDLE.fullmatch(lines[end - 1].rstrip("\r\n")):
        end -= 1
    return "".join(lines[:end]), "".join(lines[end:])


def _is_same(piece: str, kind: str, says: Mapping[str, Any]) -> bool:
    """Whether a piece is the entry of a kind and place; a doubt's has a code, too."""
    try:
        found = tomlkit.parse(piece).unwrap().get(kind)
    except TOMLKitError as error:
        message = f"expected TOML, found {_apart(piece)[0].strip()!r} ({error}); mend that entry"
        raise DataError(message) from error
    keys = ("at", "file", "code") if kind == "doubt" else ("at", "file")
    return isinstance(found, list) and all(found[0].get(key) == says.get(key) for key in keys)


def _change(piece: str, kind: str, says: Mapping[str, Any]) -> str:
    own, rest = _apart(piece)
    document: Any = tomlkit.parse(own if own.endswith("\n") else own + "\n")
    table = document[kind][0]
    for key in [key for key in table if key not in says and key not in KEPT and kind != MERGED]:
        del table[key]
    for key, value in says.items():
        if table.get(key) != value:
            table[key] = value
    return tomlkit.dumps(document) + rest


def set_values(file: Path, values: Mapping[str, Any]) -> Path:
    """Set values at the top of a file of settings; all else in it stays."""
    document = tomlkit.parse(read_text(file) or "")
    for key, value in values.items():
        document[key] = value
    save(file, tomlkit.dumps(document))
    return file


def read_text(file: Path) -> str | None:
    """Return the text of a file as it stands, line ends included; None when there is none."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        message = f"{file}: expected UTF-8, but {error}; save it in UTF-8"
        raise DataError(message) from error


def save(file: Path, text: str) -> Step:
    """Write a text, whole or not at all, and return how to take it back."""
    before, draft = read_text(file), file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(text.encode("utf-8"))
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        message = f"{file}: expected to write this file, but {error}; close it in other programs, or ask for the right"
        raise OutputError(message) from error
    return Step(file, before, text)


def take_back(step: Step) -> None:
    """Write what stood there before a step; refuse where somebody has changed the file since."""
    if read_text(step.file) != step.after:
        message = f"{step.file}: expected what the kit wrote, found something else; undo it in the file by hand"
        raise OutputError(message)
    if step.before is None:
        step.file.unlink()
    else:
        save(step.file, step.before)
