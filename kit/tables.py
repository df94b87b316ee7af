"""Every table of the kit, declared once.

``start`` and ``end`` are half-open code-point offsets into ``Compilation.text``: for every row of every table
that has them, ``text[start:end]`` is the evidence. Report 0 is what belongs to no report (front matter).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from kit.errors import TableError

ROLES = (
    "front",
    "title",
    "opening",
    "achievements",
    "highlights",
    "problems",
    "plan",
    "signature",
    "artefact",
)
REVIEW_ROLES = ("achievements", "highlights")
BODY_ROLES = ("opening", "achievements", "highlights", "problems", "plan")

DTYPES = {
    "int": "int64",
    "int?": "Int64",
    "float": "float64",
    "float?": "Float64",
    "str": "str",
    "bool": "bool",
}


@dataclass(frozen=True)
class Column:
    """One column: its name, its type (a key of ``DTYPES``; ``?`` allows gaps), its meaning and unit."""

    name: str
    dtype: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table: its name (also the file's name on export), its columns in order, and the key of a row."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return (column.name for column in self.columns)

    @property
    def has_offsets(self) -> bool:
        """Whether a row points into the text."""
        return {"start", "end"} <= set(self)


def _table(name: str, row: str, *columns: tuple[str, str, str], key: tuple[str, ...] = ()) -> Table:
    return Table(name, row, tuple(Column(*column) for column in columns), key)


REPORT = ("report", "int", "number of the report, from 1; 0 is what belongs to none")
SENTENCE = ("sentence", "int", "sentence, a row of `sentences`")
ROLE = ("role", "str", "what the text does: " + ", ".join(ROLES))
START = ("start", "int", "first character, an offset into the text as read")
END = ("end", "int", "one past the last character")
AGENCY = ("agency", "str", "the agency's name as it is shown")

SOURCES = _table(
    "sources",
    "one file that was read",
    ("source", "int", "number of the file, from 1"),
    ("file", "str", "the file's name"),
    ("format", "str", "txt, docx, pdf …"),
    ("encoding", "str", "how its bytes were decoded"),
    ("sha256", "str", "SHA-256 of its bytes, hexadecimal"),
    START,
    END,
    key=("source",),
)

REPORTS = _table(
    "reports",
    "one report",
    REPORT,
    START,
    END,
    ("title", "str", "the title as written; empty when there is none"),
    AGENCY,
    ("agency_from", "str", "where the agency was read: title, body, signature, file, override, unknown"),
    ("place", "str", "the place the report speaks of, masked where the text masks it"),
    ("level", "str", "province, city, county-level city, district, county, township, unknown"),
    ("sector", "str", "field of work, a key of the agencies' data file"),
    ("period", "int?", "year the report reviews"),
    ("plan_period", "int?", "year the report plans"),
    ("chars", "int", "characters of its body (opening to plan) that are not white space"),
    ("copy_of", "int?", "the report this one is a near copy of; counted once, there"),
    key=("report",),
)

PARTS = _table(
    "parts",
    "one node of an outline: from one numbering marker to the next, own text only",
    ("part", "int", "number of the part, from 1, in the order of the text"),
    REPORT,
    ("parent", "int?", "the part this one stands under"),
    ("depth", "int", "0 for title, opening and the like; 1 for the report's highest numbering"),
    ("marker", "str", "the numbering marker as written; empty when there is none"),
    ("ordinal", "int?", "the number the marker says"),
    ("heading", "str", "the heading, without its marker; empty when the part has none"),
    ROLE,
    START,
    END,
    key=("part",),
)

SENTENCES = _table(
    "sentences",
    "one sentence; sentences partition a part",
    ("sentence", "int", "number of the sentence, from 1, in the order of the text"),
    ("part", "int", "the part it stands in"),
    REPORT,
    ROLE,
    START,
    END,
    key=("sentence",),
)

MASKS = _table(
    "masks",
    "one mask (XX, ** and the like) standing for a name or a number",
    REPORT,
    ROLE,
    ("stands_for", "str", "number or name, read from what stands beside it"),
    START,
    END,
)

DOUBTS = _table(
    "doubts",
    "something the reader is not sure of",
    REPORT,
    ("code", "str", "kind of doubt, a key of the messages' data file"),
    ("severity", "str", "note (for information), doubt (look at it), serious (likely to change counts)"),
    ("message", "str", "what is doubtful, in Chinese"),
    ("message_en", "str", "what is doubtful, in English"),
    ("assumed", "str", "what was assumed"),
    START,
    END,
)

OVERRIDES = _table(
    "overrides",
    "one entry of an override file",
    ("kind", "str", "report, role, split, merge, match, doubt"),
    ("says", "str", "what it sets, as key = value"),
    ("status", "str", "of a match: continued, new, unclear; empty for other kinds"),
    ("evidence", "int?", "of a match: first character of the review item"),
    ("entry", "str", "the file it stands in, and which of its entries it is"),
    START,
    END,
)

TOKENS = _table(
    "tokens",
    "one token of the body, masks left out",
    ("term", "str", "the token as written"),
    ("kind", "str", "lexicon, word, function, officialese, number, other"),
    REPORT,
    SENTENCE,
    ROLE,
    START,
    END,
)

TERMS = _table(
    "terms",
    "one term in a group (the whole when no grouping is asked for)",
    ("term", "str", "the term"),
    ("kind", "str", "lexicon, word, function, officialese, number, other"),
    ("n", "int", "occurrences"),
    ("per_10k_chars", "float", "occurrences per 10,000 characters of the group"),
    ("n_reports", "int", "reports of the group that use it"),
    ("share_of_reports", "float", "n_reports / reports of the group"),
    ("dispersion_dp", "float", "Gries' DP over reports: 0 spread evenly, towards 1 in one report only"),
)

OFFICIALESE = _table(
    "officialese",
    "one report and how much of its body is officialese (see `data/stopwords.toml`)",
    REPORT,
    AGENCY,
    ("n", "int", "tokens that are officialese"),
    ("of_tokens", "int", "tokens of the report, numbers left out"),
    ("share_of_tokens", "float", "n / of_tokens"),
    ("n_chars", "int", "characters of those tokens"),
    ("of_chars", "int", "characters of the report's body, white space left out"),
    ("share_of_chars", "float", "n_chars / of_chars"),
    key=("report",),
)

KEYNESS = _table(
    "keyness",
    "one term in two groups of text: a focus and the reference it is compared with",
    ("term", "str", "the term"),
    ("kind", "str", "lexicon, word, function, officialese, number, other"),
    ("n", "int", "occurrences in the focus"),
    ("n_reference", "int", "occurrences in the reference"),
    ("per_10k_chars", "float", "occurrences per 10,000 characters of the focus"),
    ("per_10k_chars_reference", "float", "the same of the reference"),
    ("n_reports", "int", "reports of the focus that use it"),
    ("n_reports_reference", "int", "reports of the reference that use it"),
    ("log_odds", "float", "weighted log-odds (natural log), above 0 where the focus uses it more"),
    ("z", "float", "log_odds / its standard deviation; beyond ±1.96 is unlikely to be chance"),
    ("g2", "float", "log-likelihood ratio G², at least 0"),
    ("log_ratio", "float", "effect size: log2 of the two relative frequencies' ratio; 1 is twice as often"),
    key=("term",),
)

CONTEXTS = _table(
    "contexts",
    "one place where a word or pattern was found, with the text around it",
    ("left", "str", "what stands before it, line ends shown as spaces"),
    ("keyword", "str", "what was found"),
    ("right", "str", "what stands after it"),
    REPORT,
    AGENCY,
    ROLE,
    ("path", "str", "headings above it, from the outermost, joined with ›"),
    SENTENCE,
    START,
    END,
)

COOCCURRENCE = _table(
    "cooccurrence",
    "two terms that stand in the same sentence",
    ("term_a", "str", "the first term, in the order of the characters' code points"),
    ("term_b", "str", "the second term"),
    ("n_sentences", "int", "sentences with both"),
    ("n_a", "int", "sentences with term_a"),
    ("n_b", "int", "sentences with term_b"),
    ("of_sentences", "int", "sentences counted"),
    ("expected", "float", "n_a · n_b / of_sentences: sentences with both, were they independent"),
    ("g2", "float", "log-likelihood ratio G², at least 0"),
    ("log_ratio", "float", "effect size: log2 of n_sentences / expected"),
    key=("term_a", "term_b"),
)

NEW_WORDS = _table(
    "new_words",
    "one string that the segmenter splits and the compilation uses as a word",
    ("term", "str", "the candidate"),
    ("parts", "str", "how it is split now, most often"),
    ("n", "int", "places where it stands in the text counted"),
    ("n_reports", "int", "reports that use it"),
    ("cohesion", "float", "least pointwise mutual information (bits) of its two halves, over all halvings"),
    ("entropy", "float", "lesser of the entropies (bits) of the characters before and after it"),
    ("n_now", "int", "tokens it has now"),
    ("n_then", "int", "tokens it would have as a word of the lexicon"),
    ("changes", "str", "the other tokens whose counts would change, as term before→after, largest first"),
    ("left", "str", "text before one place of it"),
    ("right", "str", "text after that place"),
    START,
    END,
    key=("term",),
)

HITS = _table(
    "hits",
    "one place where a theme's term was found",
    ("theme", "str", "key of the theme"),
    ("term", "str", "the term or pattern of the theme that matched"),
    REPORT,
    SENTENCE,
    ROLE,
    START,
    END,
)

THEME_COUNTS = _table(
    "theme_counts",
    "agency × theme × role, complete: absent pairs are rows with zero",
    REPORT,
    AGENCY,
    ("theme", "str", "key of the theme"),
    ROLE,
    ("n_hits", "int", "hits"),
    ("n_sentences", "int", "sentences with at least one hit"),
    ("of_sentences", "int", "sentences of this report in this role"),
    ("share_of_sentences", "float", "n_sentences / of_sentences; 0 when there are none"),
    ("of_chars", "int", "characters of this report in this role, white space left out"),
    ("per_10k_chars", "float", "hits per 10,000 characters"),
    key=("report", "theme", "role"),
)

UNCOVERED = _table(
    "uncovered",
    "one report, and how much of its body no theme covers",
    REPORT,
    AGENCY,
    ("n_uncovered", "int", "sentences without a hit"),
    ("of_sentences", "int", "sentences of the report's body"),
    ("share_uncovered", "float", "n_uncovered / of_sentences; 0 when there are none"),
    key=("report",),
)

THEME_SCORES = _table(
    "theme_scores",
    "one theme and how far it agrees with a reader's coding; then micro, macro and exact",
    ("theme", "str", "key of the theme, or micro, macro, exact"),
    ("n_coded", "int", "sentences the reader coded with it (exact: sentences coded)"),
    ("n_found", "int", "sentences it was found in (exact: sentences coded)"),
    ("precision", "float?", "of the sentences it was found in, the share coded with it"),
    ("recall", "float?", "of the sentences coded with it, the share it was found in"),
    ("f1", "float?", "harmonic mean of the two; of exact the share of sentences with the reader's set"),
    ("f1_low", "float?", "lower end of the 95 % interval, by bootstrap over sentences"),
    ("f1_high", "float?", "upper end"),
    key=("theme",),
)

SCORES = _table(
    "scores",
    "one thing that is held to the known answers of the sample",
    ("scored", "str", "evidence (within the first so many candidates), a status, a verdict, answers, actual"),
    ("n_known", "int", "how often the known answers have it"),
    ("n_said", "int", "how often the kit says it"),
    ("n_right", "int", "how often they agree"),
    ("precision", "float?", "n_right / n_said"),
    ("recall", "float?", "n_right / n_known"),
    ("f1", "float?", "harmonic mean of the two"),
    key=("scored",),
)

CODEBOOK_FINDINGS = _table(
    "codebook_findings",
    "something a codebook's author should look at",
    ("code", "str", "duplicate, shadowed, idle (an exclusion that bars nothing), inside (found in longer stretches "
     "only), silent (a theme without a hit)"),
    ("severity", "str", "doubt (something to mend), note (for information)"),
    ("theme", "str", "key of the theme"),
    ("entry", "str", "the term, exclusion or pattern; empty for a theme"),
    ("message", "str", "what is the matter and what to do, in Chinese"),
    ("message_en", "str", "the same in English"),
)  # fmt: skip

ITEMS = _table(
    "items",
    "one commitment of a plan, one piece of work in a review, one stated problem",
    ("item", "int", "number of the item, from 1, in the order of the text"),
    REPORT,
    ROLE,
    ("part", "int", "the part it stands in"),
    ("path", "str", "headings above it, from the outermost, joined with ›"),
    ("generic", "bool", "whether it commits to nothing of its own (tasks set from above, slogans, principles)"),
    ("says_continues", "bool", "whether a plan item itself says that it goes on with something (continue, further …)"),
    START,
    END,
    key=("item",),
)

MATCHES = _table(
    "matches",
    "a plan item with one candidate of evidence, best first; one row without evidence when there is none",
    ("item", "int", "the plan item, a row of `items`"),
    REPORT,
    ("rank", "int", "1 for the best candidate"),
    ("status", "str", "of the plan item: continued, new (nothing on that matter in the review), unclear"),
    ("says_continues", "bool", "whether the plan item itself says that it goes on with something"),
    ("score", "float", "0 … 1, estimated probability that the candidate is work on the same matter"),
    ("ties", "str", "the words that tie the two, strongest first, joined with 、"),
    ("evidence", "int?", "the review item, a row of `items`"),
    ("evidence_start", "int?", "its first character"),
    ("evidence_end", "int?", "one past its last character"),
    ("answers", "int?", "the stated problem this item answers, a row of `items`"),
    ("answers_start", "int?", "the problem's first character"),
    ("decided_by", "str", "kit or override"),
    key=("item", "rank"),
)

QUANTITIES = _table(
    "quantities",
    "one number of a report's body with its unit, or one mask that stands for a number",
    REPORT,
    SENTENCE,
    ("noun", "str", "what is counted or measured"),
    ("role", "str", "actual, target, rate, change, change-target, share, rank, size, other"),
    ("period", "int?", "year it refers to"),
    ("value", "float?", "the number in the unit as written; missing when masked"),
    ("value_to", "float?", "upper end of a range"),
    ("bound", "str", "exact, about, at least, at most, between"),
    ("unit", "str", "the unit as written; empty for a rank"),
    ("masked", "bool", "whether a mask stands for the number"),
    (
        "pair",
        "str",
        "target, actual and rate of one thing in one year share a letter within a report; empty when alone",
    ),
    ("forecast", "bool", "of what is no target: whether it is estimated before the year's end"),
    START,
    END,
)

INDICATORS = _table(
    "indicators",
    "one quantity that is a target, an actual or a rate of completion",
    REPORT,
    SENTENCE,
    ("indicator", "str", "what is measured, as the text calls it"),
    ("role", "str", "target, actual, rate"),
    ("period", "int?", "year it refers to"),
    ("value", "float?", "the number in the unit as written; missing when masked"),
    ("value_to", "float?", "upper end of a range"),
    ("bound", "str", "exact, about, at least, at most, between"),
    ("unit", "str", "the unit as written"),
    ("masked", "bool", "whether a mask stands for the number"),
    ("pair", "str", "rows of one indicator share a letter within a report; empty when alone"),
    ("whole", "bool", "of a target: whether it is only a whole of which a part is done (14 problems, 12 solved)"),
    ("forecast", "bool", "of an actual or a rate: whether it is estimated before the year's end"),
    START,
    END,
)

TARGETS = _table(
    "targets",
    "a target beside its actual, in the target's unit",
    REPORT,
    AGENCY,
    ("indicator", "str", "what is measured; the unit where the text names nothing"),
    ("unit", "str", "the target's unit as written"),
    ("target", "float", "the number aimed at; missing when masked"),
    ("actual", "float", "the number reached, in the target's unit; missing when masked"),
    ("completion", "float", "actual / target; missing for percentages"),
    ("gap_points", "float", "actual minus target, percentage points"),
    ("forecast", "bool", "whether the actual is estimated before the year's end"),
    ("lower_is_better", "bool", "whether less is better"),
    ("met", "bool", "whether the target was met"),
    START,
    END,
    ("actual_start", "int", "where the actual stands"),
    ("actual_end", "int", "one past its last character"),
)

COVERAGE = _table(
    "coverage",
    "report × theme: does this year's review and next year's plan take it up (continuity)",
    REPORT,
    AGENCY,
    ("theme", "str", "key of the theme"),
    ("state", "str", "both, plan only, review only, neither"),
    ("review_sentences", "int", "review sentences with the theme"),
    ("plan_sentences", "int", "plan sentences with the theme"),
    ("review_share", "float", "share of review sentences, 0 … 1"),
    ("plan_share", "float", "share of plan sentences, 0 … 1"),
    ("shift_points", "float", "plan share minus review share, percentage points"),
    key=("report", "theme"),
)

LINKS = _table(
    "links",
    "a report of the earlier year and the later report of the same agency (fulfilment)",
    REPORT,
    AGENCY,
    ("later_report", "int?", "the later report; empty when none was found"),
    ("later_agency", "str", "its agency; empty when none was found"),
    ("link", "str", "same, renamed, merged, doubtful, none"),
    ("names", "float", "how far the two names agree, 0 … 1"),
    ("contents", "float", "cosine of the two reports' words (tf-idf)"),
    key=("report",),
)

FULFILMENT = _table(
    "fulfilment",
    "one promise of the earlier plan and what the later review says of it",
    ("item", "int", "the promise, a row of the earlier `items`"),
    REPORT,
    AGENCY,
    ("later_report", "int?", "the later report that was searched"),
    ("link", "str", "how surely it is the same agency's: same, renamed, merged, doubtful, none"),
    ("verdict", "str", "reported, partly, not mentioned; no report when there is none to search"),
    ("status", "str", "how it is counted: its verdict, or too general: it promises nothing one could look up"),
    ("score", "float", "0 … 1, estimated probability that the evidence speaks of the promise"),
    ("ties", "str", "the words that tie promise and evidence, strongest first, joined with 、"),
    START,
    END,
    ("evidence_start", "int?", "the answer's first character, an offset into the later text"),
    ("evidence_end", "int?", "one past its last character"),
    ("number_verdict", "str", "met, missed, cannot tell; empty for a promise without a number"),
    ("indicator", "str", "what the number measures"),
    ("target", "float?", "the number promised, in `unit`"),
    ("actual", "float?", "the number reported, in `unit`; missing when masked or not given"),
    ("unit", "str", "the target's unit as written"),
    ("forecast", "bool", "whether the number reported is estimated before the year's end"),
    ("target_start", "int?", "where the target stands, in the earlier text"),
    ("target_end", "int?", "one past its last character"),
    ("actual_start", "int?", "where the result stands, in the later text"),
    ("actual_end", "int?", "one past its last character"),
    key=("item",),
)

HEADLINE_NUMBERS = _table(
    "headline_numbers",
    "a headline number of one report: a target of its plan or a result of its review",
    REPORT,
    AGENCY,
    (
        "headline",
        "str",
        "key of the headline indicator, see `data/headlines.toml`; a goal's noun where it is none of them",
    ),
    ("year", "int?", "the year it is of: the plan's, or the reviewed one"),
    ("side", "str", "target, result, completion (stated completion of the reviewed year's plan, per cent)"),
    ("name", "int", "which of the indicator's names the text uses, 0 for the main one"),
    ("bound", "str", "exact, about, at least, at most, between, same (in step with the economy)"),
    ("value", "float?", "the number in the unit as written, below zero where it fell; missing for same and masks"),
    ("value_to", "float?", "upper end of a range"),
    ("unit", "str", "the unit as written"),
    ("forecast", "bool", "whether it is estimated before the year's end"),
    START,
    END,
)

HEADLINES = _table(
    "headlines",
    "a headline target of a government's plan and its result a year later (fulfilment)",
    REPORT,
    AGENCY,
    ("later_report", "int?", "the later report that was searched"),
    ("headline", "str", "key of the headline indicator, see `data/headlines.toml`"),
    ("number_verdict", "str", "met, missed, cannot tell"),
    ("bound", "str", "of the target: exact, about, at least, at most, between, same (in step with the economy)"),
    ("target", "float?", "the number promised, in `unit`"),
    ("target_to", "float?", "upper end of a range"),
    ("actual", "float?", "the number reported, in `unit`"),
    ("completion", "float?", "stated completion of the year's plan, per cent"),
    ("unit", "str", "the target's unit as written"),
    ("forecast", "bool", "whether the result is estimated before the year's end"),
    START,
    END,
    ("actual_start", "int?", "where the result stands, in the later text"),
    ("actual_end", "int?", "one past its last character"),
    key=("report", "headline"),
)

ALL = (
    SOURCES, REPORTS, PARTS, SENTENCES, MASKS, DOUBTS, OVERRIDES, TOKENS, TERMS, HITS, THEME_COUNTS,
    UNCOVERED, THEME_SCORES, SCORES, CODEBOOK_FINDINGS,
    OFFICIALESE, KEYNESS, CONTEXTS, COOCCURRENCE, NEW_WORDS,
    ITEMS, MATCHES, QUANTITIES, INDICATORS, TARGETS, COVERAGE, LINKS, FULFILMENT, HEADLINE_NUMBERS, HEADLINES,
)  # fmt: skip


def check(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return ``frame`` when it is a `table`; raise otherwise.

    Parameters
    ----------
    frame : DataFrame
        Any table of the kit; further columns are welcome.
    table : Table
        The declaration it has to meet.

    Returns
    -------
    DataFrame
        The same frame.

    Raises
    ------
    TableError
        When a column is missing or of another type, the key repeats, or an offset runs backwards.
    """
    missing = [name for name in table if name not in frame.columns]
    if missing:
        message = f"table {table.name}: columns {missing} are missing; found {list(frame.columns)}"
        raise TableError(message)
    for column in table.columns:
        found = str(frame[column.name].dtype)
        if found != DTYPES[column.dtype]:
            message = f"table {table.name}, column {column.name}: expected {DTYPES[column.dtype]}, found {found}"
            raise TableError(message)
    if table.key and frame.duplicated(list(table.key)).any():
        first = frame.loc[frame.duplicated(list(table.key)), list(table.key)].iloc[0].to_dict()
        message = f"table {table.name}: key {table.key} repeats, first at {first}"
        raise TableError(message)
    if table.has_offsets and (frame["start"] > frame["end"]).any():
        message = f"table {table.name}: a row ends before it starts"
        raise TableError(message)
    return frame


def make(rows: list[dict], table: Table) -> pd.DataFrame:
    """Build a `table` from rows, with its columns in order and typed; further columns stand behind.

    Parameters
    ----------
    rows : list of dict
        One dict a row; a column left out of a row is a gap. No rows make an empty, typed table.
    table : Table
        The declaration.

    Returns
    -------
    DataFrame
        Checked against ``table``.
    """
    names = dict.fromkeys([*table, *(name for row in rows for name in row)])
    frame = pd.DataFrame(rows, columns=list(names))
    return check(frame.astype({c.name: DTYPES[c.dtype] for c in table.columns}), table)
