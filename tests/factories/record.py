"""Entries of the record, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from copydesk.record.actions.appending import Fact, append_entry
from copydesk.record.models import EntryKind

if TYPE_CHECKING:
    from copydesk.record.models import Entry

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def append(number: int, **fields: Any) -> Entry:
    """Append an entry, a minute after the one with the number before."""
    values = {"kind": EntryKind.NOTICE, "article_id": number % 3, "path": f"/a-{number % 3}/"}
    payload = {"text": f"Version {number}", "wrong": "Wörter “hier”"}
    fact = Fact(**{**values, "payload": payload, **fields})
    return append_entry(fact, at=START + timedelta(minutes=number))


def record(size: int) -> list[Entry]:
    """Make a record of so many entries."""
    return [append(number) for number in range(size)]
