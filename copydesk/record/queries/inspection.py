"""Reading the whole record to find what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from copydesk.record.logic.canonical import moment
from copydesk.record.logic.inspecting import REDACTION, Code, Fault, Inspection
from copydesk.record.logic.verifying import Report, head_faults
from copydesk.record.models import Entry, Head, Node, Payload
from copydesk.record.queries.guards import missing_guards
from copydesk.record.queries.heads import signed_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from copydesk.record.logic.heads import SignedHead
    from copydesk.record.logic.merkle import Growing

    Made = tuple[int, int, bytes]

# Entries read at once; SQLite takes no more than 32,766 values in a query.
BATCH = 2_000
COLUMNS = (
    "index", "kind", "article_id", "path", "at", "by_id", "note", "is_minor", "payload_sha256", "previous_hash", "hash",
)  # fmt: skip


def verify_record(
    *, since: SignedHead | None = None, tell: Callable[[int], None] = lambda _count: None
) -> Report:
    """Return what is wrong with the site's own record, held against an earlier head where there is one.

    `tell` gets the number of entries read so far. Raises KeyUnusable.
    """
    kept = {since.size: since.root} if since and since.size else {}
    inspection = Inspection(kept_roots=kept)
    faults = _inspect(inspection, tell)
    # What cannot be read cannot be signed either.
    head = None if faults else signed_head()
    if head and head.size == inspection.tree.size:
        faults = head_faults(head, since, last_at=head.at)
    tree = inspection.tree
    return Report(tree.size, tree.root.hex(), head, faults, unguarded=missing_guards())


def inspect_record(*, tell: Callable[[int], None] = lambda _count: None) -> list[Fault]:
    """Return what is wrong with the record as the database has it; `tell` gets the number of entries read so far."""
    return _inspect(Inspection(), tell)


def _inspect(inspection: Inspection, tell: Callable[[int], None]) -> list[Fault]:
    node_faults: list[Fault] = []
    count, last, head = 0, -1, None
    # Others append meanwhile: the head is read after the entries, and then what it counts beyond them.
    while head is None or last + 1 < head.size:
        before = count
        for rows in _batches(last):
            node_faults += _take(inspection, rows)
            count, last = count + len(rows), rows[-1][0]
            tell(count)
        head = Head.objects.first()
        if head is None or count == before:
            break
    faults = inspection.finish(size=head.size if head else 0)
    return [*faults, *_head_faults(head, inspection.tree), *node_faults]


def _batches(last: int) -> Iterator[list[Any]]:
    rows = Entry.objects.order_by("index").values_list(*COLUMNS)
    while batch := list(rows.filter(index__gt=last)[:BATCH]):
        yield batch
        last = batch[-1][0]


def _take(inspection: Inspection, rows: Sequence[Sequence[Any]]) -> list[Fault]:
    """Take entries, and return what is wrong with the nodes above them."""
    made: list[Made] = []
    contents = _contents(rows)
    for row in rows:
        header, stated_hash = _header(row)
        content = contents.get(header["payload"])
        made += inspection.take(header, stated_hash, content)
        if header["kind"] == REDACTION and content is not None:
            inspection.redact(_redacted(content))
    # Where entries are not in their places, no node is either: it is enough to name the entries.
    return [] if inspection.faults else _node_faults(made)


def _header(row: Sequence[Any]) -> tuple[dict[str, Any], str]:
    """Return what `header_of` would of the entry, and its hash, without making the entry."""
    index, kind, article, path, at, by, note, is_minor, payload, previous, stated_hash = row
    header = {
        "article": article,
        "at": moment(at),
        "by": by,
        "index": index,
        "is_minor": is_minor,
        "kind": kind,
        "note": note,
        "path": path,
        "payload": payload,
        "previous": previous,
    }
    return header, stated_hash


def _contents(rows: Iterable[Sequence[Any]]) -> dict[str, bytes]:
    wanted = {row[8] for row in rows}
    found = Payload.objects.filter(pk__in=wanted).values_list("sha256", "content")
    return {sha256: content.encode() for sha256, content in found.iterator()}


def _redacted(content: bytes) -> str:
    try:
        return str(json.loads(content)["redacts"])
    except (ValueError, KeyError, TypeError):  # Its hash tells that it is not what was recorded.
        return ""


def _head_faults(head: Head | None, tree: Growing) -> list[Fault]:
    if head is None or head.size != tree.size or head.peaks == [peak.hex() for peak in tree.peaks]:
        return []
    message = f"The head of {head.size} entries is not that of the entries which are there."
    return [Fault(max(tree.size - 1, 0), Code.WRONG_HEAD, message)]


def _node_faults(made: Sequence[Made]) -> list[Fault]:
    """Compare the nodes that proofs are made of with those that entries make."""
    ranges: dict[int, list[int]] = {}
    for level, position, _hash in made:
        ranges.setdefault(level, []).append(position)
    which = Q()
    for level, positions in ranges.items():
        which |= Q(level=level, position__gte=min(positions), position__lte=max(positions))
    rows = Node.objects.filter(which).values_list("level", "position", "hash") if ranges else []
    kept = {(level, position): stated for level, position, stated in rows}
    return [
        Fault(
            position << level,
            Code.WRONG_HEAD,
            f"The tree is broken over the entries from {position << level} on.",
        )
        for level, position, found in made
        if kept.get((level, position)) != found.hex()
    ]
