"""Appending to the record, in the transaction of the change that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from copydesk.record.logic.canonical import canonical, digest, header_of
from copydesk.record.logic.inspecting import NOTHING_BEFORE
from copydesk.record.logic.merkle import Growing, leaf_hash
from copydesk.record.models import Entry, EntryKind, Head, Node, Payload

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# There is one row, made when it is first needed.
ONLY = 1


@transaction.atomic
def append_entry(  # noqa: PLR0913 - they are the fields of an entry
    *,
    kind: EntryKind,
    payload: Mapping[str, Any],
    article_id: int | None = None,
    path: str = "",
    by_id: int | None = None,
    note: str = "",
    is_minor: bool = False,
    at: datetime,
) -> Entry:
    """Append an entry to the record and return it.

    Its time is `at`, or that of the entry before it where that is later: the record never goes back in time.
    Whoever appends next waits for this transaction to end.
    """
    head = _held_head()
    content = canonical(payload)
    entry = Entry(
        index=head.size,
        kind=kind,
        article_id=article_id,
        path=path,
        at=max(at, head.last_at) if head.last_at else at,
        by_id=by_id,
        note=note,
        is_minor=is_minor,
        payload_sha256=digest(content),
        previous_hash=head.last_hash,
    )
    leaf = leaf_hash(canonical(header_of(entry)))
    entry.hash = leaf.hex()
    Payload.objects.get_or_create(
        sha256=entry.payload_sha256, defaults={"content": content.decode()}
    )
    entry.save(force_insert=True)
    _grow(head, entry, leaf)
    return entry


def _held_head() -> Head:
    """Return where the record ends, and hold it until the transaction ends."""
    Head.objects.get_or_create(pk=ONLY, defaults={"last_hash": NOTHING_BEFORE})
    return Head.objects.select_for_update().get(pk=ONLY)


def _grow(head: Head, entry: Entry, leaf: bytes) -> None:
    tree = Growing(head.size, [bytes.fromhex(peak) for peak in head.peaks])
    whole = tree.append(leaf)
    Node.objects.bulk_create(
        Node(level=level, position=position, hash=node.hex()) for level, position, node in whole
    )
    head.size, head.peaks = tree.size, [peak.hex() for peak in tree.peaks]
    head.last_hash, head.last_at = entry.hash, entry.at
    head.save(update_fields=["size", "peaks", "last_hash", "last_at"])
