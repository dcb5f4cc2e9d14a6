"""Appending to the record, in the transaction of the change that is recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from copydesk.record.logic.canonical import canonical, digest, header_of
from copydesk.record.logic.inspecting import NOTHING_BEFORE
from copydesk.record.logic.merkle import Growing, leaf_hash
from copydesk.record.models import Entry, EntryKind, Head, Node, Payload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

# There is one row, made when it is first needed.
ONLY = 1


@dataclass(frozen=True)
class Fact:
    """What has happened: `payload` is what readers got, or what else is to be kept, as JSON can say it."""

    kind: EntryKind
    payload: Mapping[str, Any]
    article_id: int | None = None
    path: str = ""
    by_id: int | None = None
    note: str = ""
    is_minor: bool = False
    content: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the bytes that are kept. Raises TypeError or ValueError for a payload that has none."""
        object.__setattr__(self, "content", canonical(self.payload))


def append_entry(fact: Fact, *, at: datetime) -> Entry:
    """Append one fact, as `append_entries` does, and return its entry."""
    return append_entries([fact], at=at)[0]


@transaction.atomic
def append_entries(facts: Sequence[Fact], *, at: datetime) -> list[Entry]:
    """Append facts to the record in this order and return their entries; the same cost however long the record is.

    Their time is `at`, or that of the entry before them where that is later: the record never goes back in time.
    Whoever appends next waits for this transaction to end.
    """
    if not facts:
        return []
    head = _held_head()
    at = max(at, head.last_at) if head.last_at else at
    tree = Growing(head.size, [bytes.fromhex(peak) for peak in head.peaks])
    entries, nodes, previous = [], [], head.last_hash
    for fact in facts:
        entry = _entry(fact, index=tree.size, previous=previous, at=at)
        made = tree.append(bytes.fromhex(entry.hash))
        nodes += [Node(level=level, position=here, hash=node.hex()) for level, here, node in made]
        entries.append(entry)
        previous = entry.hash
    _keep(facts, entries, nodes)
    head.size, head.peaks = tree.size, [peak.hex() for peak in tree.peaks]
    head.last_hash, head.last_at = previous, at
    head.save(update_fields=["size", "peaks", "last_hash", "last_at"])
    return entries


def _held_head() -> Head:
    """Return where the record ends, and hold it until the transaction ends."""
    rows = Head.objects.select_for_update().filter(pk=ONLY)
    head = rows.first()
    if head is None:
        Head.objects.get_or_create(pk=ONLY, defaults={"last_hash": NOTHING_BEFORE})
        head = rows.get()
    return head


def _entry(fact: Fact, *, index: int, previous: str, at: datetime) -> Entry:
    entry = Entry(
        index=index,
        kind=fact.kind,
        article_id=fact.article_id,
        path=fact.path,
        at=at,
        by_id=fact.by_id,
        note=fact.note,
        is_minor=fact.is_minor,
        payload_sha256=digest(fact.content),
        previous_hash=previous,
    )
    entry.hash = leaf_hash(canonical(header_of(entry))).hex()
    return entry


def _keep(facts: Sequence[Fact], entries: Sequence[Entry], nodes: Sequence[Node]) -> None:
    contents = {
        entry.payload_sha256: fact.content.decode()
        for fact, entry in zip(facts, entries, strict=True)
    }
    rows = [Payload(sha256=sha256, content=content) for sha256, content in contents.items()]
    Payload.objects.bulk_create(rows, ignore_conflicts=True)
    Entry.objects.bulk_create(entries)
    Node.objects.bulk_create(nodes)
