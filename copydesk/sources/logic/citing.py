"""What an article says of its sources: whom it quotes, with which words, and what else it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Of passages that lie further apart than this, in characters, the selector names the first alone.
LONGEST_EXACT = 20_000
# As the Web Annotation model and its tools have it (quotations.md 2.1).
CONTEXT = 32
LONGEST_BLOCK_ID = 36
# Any name space that is ours alone.
BLOCKS = UUID("5f0c7b1a-6a3e-4f0e-9d53-2f6a8f0d7c11")


@dataclass(frozen=True)
class QuotedBlock:
    """A quotation of an article, as its body has it: `text` without markup, `language` a BCP 47 tag.

    `source_id` is the source its writer bound it to; `url` the address a writer typed instead.
    """

    block_id: str
    text: str
    source_id: int | None = None
    url: str = ""
    speaker: str = ""
    kind: str = "direct"
    language: str = ""
    override_reason: str = ""


@dataclass(frozen=True)
class CitedSource:
    """A source that an article rests on without quoting it, and in what way."""

    source_id: int
    relation: str
    claim: str = ""
    note: str = ""


@dataclass(frozen=True)
class SyncReport:
    """What became of an article's quotations: how many are live, and which blocks among them deserve a look."""

    live_count: int
    dropped_count: int
    unchecked: tuple[str, ...] = ()
    # Their words are not their source's, and nobody has put a name to that.
    unexplained: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()


def distinct_ids(ids: Sequence[str]) -> list[str]:
    """Return block ids that differ and fit a row, in order: a body may come with none, or with one twice."""
    found: list[str] = []
    seen: set[str] = set()
    for position, given in enumerate(ids):
        fits = bool(given) and len(given) <= LONGEST_BLOCK_ID and given not in seen
        one = given if fits else str(uuid5(BLOCKS, f"{position} {given!r}"))
        seen.add(one)
        found.append(one)
    return found


def own_uuid(page_id: int, block_id: str) -> UUID:
    """Return the name of a quotation whose block's id is no UUID, or is taken by the page it was copied from."""
    return uuid5(BLOCKS, f"{page_id}/{block_id}")


def block_uuid(block_id: str) -> UUID | None:
    """Return a block's id as the UUID it nearly always is."""
    try:
        return UUID(block_id)
    except ValueError:
        return None


def selector_of(spans: Sequence[Sequence[int]], text: str) -> Mapping[str, str | int]:
    """Return where in `text` a check found its words: exact, prefix, suffix, start and end, in code points."""
    if not spans:
        return {}
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    if end - start > LONGEST_EXACT:
        start, end = spans[0]
    return {
        "exact": text[start:end],
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[end : end + CONTEXT],
        "start": start,
        "end": end,
    }
