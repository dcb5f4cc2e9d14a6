"""What a check says: about the words, a verdict; about the source, a state. The two are never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a check says of the words of a quotation."""

    # The source's words, but for what typography and house style may change (rules N1 to N9).
    EXACT = "exact"
    # The same, with omissions and insertions that are marked as such.
    EXACT_MARKED = "exact_marked"
    # The source's words, but for what is named in the notices: letter case, inner punctuation, spacing, accents.
    MINOR = "minor"
    # A passage of the source, with other words.
    ALTERED = "altered"
    NOT_FOUND = "not_found"


ACCEPTED = frozenset({Verdict.EXACT, Verdict.EXACT_MARKED, Verdict.MINOR})


class State(StrEnum):
    """What is known of the source a quotation is checked against."""

    LIVE = "live"
    # The page has changed since; the words are checked against the copy that was pinned.
    CHANGED = "changed"
    UNREACHABLE = "unreachable"
    PAYWALLED = "paywalled"
    # There is no text to compare with: a picture, a video, a page that scripts make.
    UNVERIFIABLE = "unverifiable"
    # The text was supplied by an editor: pasted or uploaded.
    SUPPLIED = "supplied"


class Layer(StrEnum):
    """Which text of a source the words were found in."""

    VISIBLE = "visible"
    MAIN = "main"
    EMBEDDED = "embedded"
    SUPPLIED = "supplied"


class Tag(StrEnum):
    """What kind of word a difference touches; the worst first."""

    NEGATION = "negation"
    NUMBER = "number"
    QUALIFIER = "qualifier"
    NAME = "name"
    WORDS = "words"


@dataclass(frozen=True)
class Difference:
    """One step of a word diff from the source to the quotation; equal where both sides are the same words.

    `source` is the source's raw text (empty for what only the quotation has), `quote` the quotation's.
    """

    source: str
    quote: str
    is_equal: bool
    tag: Tag | None = None


@dataclass(frozen=True)
class Notice:
    """Something an editor should know of a check: a code that stays, and the words it is about."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class Finding:
    """The outcome of checking a quotation against a text.

    `spans` are the places of its segments, as offsets of code points in the raw text, in the order of the quotation;
    `before` and `after` are what stands around them, to the ends of a sentence; `source_words` is the passage in the
    source's own words, `marked` the quotation with its departures marked by `[…]` and brackets, both "" where there is
    no passage. `occurrence_count` counts the places that would do as well.
    """

    verdict: Verdict
    spans: tuple[tuple[int, int], ...] = ()
    differences: tuple[Difference, ...] = ()
    tags: tuple[Tag, ...] = ()
    warnings: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    layer: Layer | None = None
    before: str = ""
    after: str = ""
    source_words: str = ""
    marked: str = ""
    occurrence_count: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether the words are the source's."""
        return self.verdict in ACCEPTED
