"""Every rule of the data files takes time in proportion to the text, on strings made against it."""

import re
import time
import warnings
from functools import partial
from random import Random

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from re import _constants as ops
    from re import _parser as parser

from kit import data
from kit.errors import DataError
from kit.measure.codebook import read_codebook
from kit.measure.words import read_lexicon

SIZES = 750, 3000  # characters
LEAST = 0.01  # seconds of processor time below which nothing is measured
META = re.compile(r"[\\\[(|?*+{^$.]")
WORDS = {
    "themes.toml",
    "labels.toml",
    "messages.toml",
    "tables.toml",
    "findings.toml",
}  # words for people, or read otherwise
FILES = sorted(path.name for path in data.HERE.glob("*.toml") if path.name not in WORDS)
# Of a clause, which is cut at 400 characters (`quantities.REACH`), or of a line that is told by its first 24.
SHORT = {"numbers.toml: names.says_patterns", "layout.toml: collection.title"}
BEGINS = "formats.toml: begins."  # only ever matched where a file begins, and bounded there by {0,5000}


def walk(entry, path=()):
    """Yield the path of every text, and of every list of texts, in a file."""
    if isinstance(entry, str | list):
        yield ".".join(path)
    elif isinstance(entry, dict):
        for key, value in entry.items():
            yield from walk(value, (*path, key))


def rules():
    """Every rule that stands for itself, with those of themes and lexicon."""
    for name in FILES:
        for path in walk(data.knowledge(name)):
            try:
                found = data.rule(name, path)
            except (DataError, re.error, TypeError, KeyError):
                continue  # a rule with places that only its use fills, or no rule at all
            if META.search(found.pattern) and not f"{name}: {path}".startswith(BEGINS):
                yield f"{name}: {path}", found
    for entry in read_codebook().entries:
        if entry.pattern is not None:
            yield f"themes.toml: {entry.text}", entry.pattern
    for found in read_lexicon().patterns:
        yield f"lexicon.csv: {found.pattern}", found


def one(nodes, random):
    """Write a string that a piece of a pattern matches, or nearly."""
    return "".join(written(op, value, random) for op, value in nodes)


def written(op, value, random):
    if op is ops.LITERAL:
        return chr(value)
    if op is ops.IN:
        return member(value)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return one(value[2], random) * max(1, value[0])
    if op is ops.SUBPATTERN:
        return one(value[3], random)
    if op is ops.BRANCH:
        return one(random.choice(value[1]), random)
    if op is ops.ATOMIC_GROUP:
        return one(value, random)
    return "" if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT, ops.GROUPREF) else "甲"


def member(choices):
    if choices[0][0] is ops.NEGATE:
        return "甲"
    op, value = choices[0]
    return (
        chr(value)
        if op is ops.LITERAL
        else chr(value[0])
        if op is ops.RANGE
        else {ops.CATEGORY_DIGIT: "1", ops.CATEGORY_SPACE: " "}.get(value, "甲")
    )


def repeats(nodes, before=""):
    """Yield every repeat of a pattern: what may stand before it, and what it repeats."""
    random = Random(0)
    for op, value in nodes:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            if value[1] > 30:
                yield before, one(value[2], random)
            yield from repeats(value[2], before)
        elif op is ops.SUBPATTERN:
            yield from repeats(value[3], before)
        elif op is ops.BRANCH:
            for branch in value[1]:
                yield from repeats(branch, before)
        before += written(op, value, random)


def attacks(pattern):
    """Strings by their size: what the pattern repeats, again and again; what stands before it too; and no end that fits."""
    made = {
        (before, piece)
        for before, piece in repeats(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
        if piece
    }
    made |= {("", before + piece) for before, piece in made}
    whole = one(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE), Random(1))
    return [*sorted(made), *([("", whole), ("", whole[:-1] or whole)] if whole else [])]


def cost(search, text):
    started = time.process_time()
    search(text)
    return time.process_time() - started


def slow(pattern):
    """The attacks on a pattern that take longer than in proportion, and do so in each of five rounds."""
    search = partial(lambda found, text: sum(1 for _ in found.finditer(text)), pattern)
    for before, piece in attacks(pattern):
        small, large = (before + piece * (size // len(piece) + 1) + "\0" for size in SIZES)
        rounds = []
        for _ in range(5):  # a busy machine is slow in some of them, a pattern that looks back in all
            again = cost(search, large)
            if again < LEAST or again <= 2 * SIZES[1] / SIZES[0] * (once := cost(search, small)):
                break
            rounds.append((round(once, 4), round(again, 4)))
        else:
            yield before, piece, rounds


def test_every_rule_is_linear():
    every = dict(rules())
    assert len(every) > 300
    assert not {name: bad for name, pattern in every.items() if name not in SHORT and (bad := list(slow(pattern)))}
