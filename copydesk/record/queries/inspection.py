"""Reading the whole record to find what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from copydesk.record.logic.inspecting import REDACTION, Code, Fault, Inspection
from copydesk.record.logic.verifying import Report, head_faults
from copydesk.record.models import Head, Node
from copydesk.record.queries.guards import missing_guards
from copydesk.record.queries.heads import signed_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from copydesk.record.logic.heads import SignedHead
    from copydesk.record.logic.merkle import Growing

    Made = tuple[int, int, bytes]

# Entries read at once.
BATCH = 1_000
# The parts of a header, in the order of the columns.
NAMES = ("index", "article", "at", "by", "is_minor", "kind", "note", "path", "payload", "previous")
QUERY = """
    SELECT e."index", e.article_id, {at}, e.by_id, e.is_minor, e.kind, e.note, e.path, e.payload_sha256,
        e.previous_hash, e.hash, p.content
    FROM record_entry e LEFT JOIN record_payload p ON p.sha256 = e.payload_sha256
    WHERE e."index" > %s ORDER BY e."index" LIMIT %s
"""
# A time as the record writes it. Django keeps it in SQLite as text in UTC, without what is less than a second if that
# is nothing.
MOMENT = {
    "sqlite": "replace(e.at, ' ', 'T') || CASE length(e.at) WHEN 19 THEN '.000000Z' ELSE 'Z' END",
    "postgresql": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}


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
    """Return the entries after `last`, each with what it recorded; models take longer to make than to hash."""
    query = QUERY.format(at=MOMENT[connection.vendor])
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query, [last, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            yield rows
            last = rows[-1][0]


def _take(inspection: Inspection, rows: Sequence[Sequence[Any]]) -> list[Fault]:
    """Take entries, and return what is wrong with the nodes above them."""
    made: list[Made] = []
    for *columns, stated_hash, content in rows:
        header = dict(zip(NAMES, columns, strict=True))
        recorded = None if content is None else content.encode()
        made += inspection.take(header, stated_hash, recorded)
        if header["kind"] == REDACTION and recorded is not None:
            inspection.redact(_redacted(recorded))
    # Where entries are not in their places, no node is either: it is enough to name the entries.
    return [] if inspection.faults else _node_faults(made)


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
