"""What reading a source gives: its text in layers, what it says of itself, and why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from copydesk.sources.logic.verdicts import Layer

EXTRACTOR_VERSION: Final = 1
"""Raised by whoever changes what a layer holds: snapshots read by an older one can be read again."""

# Half of these is of one sign a word or less, so two of them count as one word.
_WORDS: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W\u3040-\u30ff\u3400-\u9fff]+")
# What cannot be stored or sent: NUL, and halves of surrogate pairs, which JSON in pages can name.
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")


class Unreadable(Exception):
    """The bytes hold no text that could be read.

    `code` stays: `empty`, `not_text` (pictures, archives, programs), `encrypted`, `broken`, or `too_heavy`
    (too big, or more time or memory than a reading may take). The message is for the log.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Origin(StrEnum):
    """Where on the page a statement stands, the most trusted first."""

    JSONLD = "jsonld"
    CITATION = "citation"
    OPENGRAPH = "opengraph"
    MICRODATA = "microdata"
    # The page's own title, language, canonical address, `<meta name=author>`.
    HTML = "html"
    # What heuristics make of the page, and the properties of a PDF, which are often those of its template.
    GUESS = "guess"


@dataclass(frozen=True)
class Field:
    """One thing a source says of itself, and where."""

    value: str
    origin: Origin


@dataclass(frozen=True)
class Description:
    """What a source says of itself. Dates are ISO dates as the page states them, in its own time zone.

    `kind` is one of article, report, paper, book, post, video, interview, document; `language` a tag as `en` or
    `pt-BR`; `byline` one name each, in the page's order.
    """

    title: Field | None = None
    byline: tuple[Field, ...] = ()
    publisher: Field | None = None
    published_on: Field | None = None
    modified_on: Field | None = None
    language: Field | None = None
    canonical_url: Field | None = None
    doi: Field | None = None
    kind: Field | None = None
    description: Field | None = None


@dataclass(frozen=True)
class Reading:
    """What the bytes of a source say.

    `is_truncated` means that text beyond a limit was left out; `has_text` that the visible layer holds at least 50
    words, fewer being a page that scripts make. `is_noarchive` asks to show no copy in public. `is_paywalled`,
    `is_bot_wall` and `is_soft_404` err on the side of saying no.
    """

    layers: dict[Layer, str]
    encoding: str
    description: Description = field(default_factory=Description)
    is_truncated: bool = False
    is_noarchive: bool = False
    is_paywalled: bool = False
    is_bot_wall: bool = False
    is_soft_404: bool = False
    has_text: bool = False


def count_words(text: str) -> int:
    """Return about how many words a text has, in scripts with and without spaces."""
    return sum(1 for _ in _WORDS.finditer(text))


def storable(text: str) -> str:
    """Return the text without what neither a database nor UTF-8 can hold."""
    return _UNFIT.sub("", text)
