"""Reading the whole record to find what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from copydesk.record.logic.canonical import header_of
from copydesk.record.logic.inspecting import REDACTION, Code, Fault, Inspection
from copydesk.record.logic.merkle import Growing, node_hash
from copydesk.record.models import Entry, Head, Node, Payload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# Entries whose content is looked up at once; SQLite takes no more than 32,766 values in a query.
BATCH = 2_000


def inspect_record(*, tell: Callable[[int], None] = lambda _count: None) -> list[Fault]:
    """Return what is wrong with the record as the database has it; `tell` gets the number of entries read so far."""
    inspection = Inspection()
    count = 0
    for entries in _batches():
        contents = _contents(entries)
        for entry in entries:
            content = contents.get(entry.payload_sha256)
            inspection.take(header_of(entry), entry.hash, content)
            if entry.kind == REDACTION and content is not None:
                inspection.redact(str(json.loads(content)["redacts"]))
        count += len(entries)
        tell(count)
    head = Head.objects.first()
    size = head.size if head else 0
    faults = inspection.finish(size=size)
    return [*faults, *_head_faults(head, inspection.tree), *_node_faults(inspection.tree.size)]


def _batches() -> Iterator[list[Entry]]:
    last = -1
    while entries := list(Entry.objects.filter(index__gt=last).order_by("index")[:BATCH]):
        yield entries
        last = entries[-1].index


def _contents(entries: Sequence[Entry]) -> dict[str, bytes]:
    wanted = {entry.payload_sha256 for entry in entries}
    rows = Payload.objects.filter(pk__in=wanted).values_list("sha256", "content")
    return {sha256: content.encode() for sha256, content in rows.iterator()}


def _head_faults(head: Head | None, tree: Growing) -> list[Fault]:
    if head is None or head.size != tree.size or head.peaks == [peak.hex() for peak in tree.peaks]:
        return []
    message = f"The head of {head.size} entries is not that of the entries which are there."
    return [Fault(max(tree.size - 1, 0), Code.WRONG_HEAD, message)]


def _node_faults(size: int) -> list[Fault]:
    """Compare the nodes that proofs are made of with the entries, level by level."""
    below = dict(
        enumerate(Entry.objects.order_by("index").values_list("hash", flat=True).iterator())
    )
    faults, level = [], 1
    while len(below) > 1:
        kept = dict(Node.objects.filter(level=level).values_list("position", "hash").iterator())
        made = {
            position: node_hash(
                bytes.fromhex(below[2 * position]), bytes.fromhex(below[2 * position + 1])
            ).hex()
            for position in range(size >> level)
            if 2 * position + 1 in below and 2 * position in below
        }
        for position, found in made.items():
            if kept.get(position) != found:
                message = f"The tree is broken over the entries from {position << level} on."
                faults.append(Fault(position << level, Code.WRONG_HEAD, message))
        below, level = made, level + 1
    return faults
