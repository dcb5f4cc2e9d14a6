"""Entries whose words can be taken out of the record, as whoever decides on it sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from copydesk.record.models import Entry, EntryKind, Payload

KINDS = (EntryKind.PUBLISHED, EntryKind.CHANGED, EntryKind.MOVED, EntryKind.NOTICE)
MOST = 200
LONGEST = 20_000


@dataclass(frozen=True)
class Redactable:
    """An entry with the words it holds; they are gone where it was redacted."""

    entry: Entry
    title: str
    words: str
    is_redacted: bool


def redactable_entries(article_id: int) -> list[Redactable]:
    """Return the newest entries of an article that hold words, at most 200; two queries."""
    rows = Entry.objects.filter(article_id=article_id, kind__in=KINDS).order_by("-index")
    entries = list(rows[:MOST])
    hashes = {entry.payload_sha256 for entry in entries}
    kept = dict(Payload.objects.filter(pk__in=hashes).values_list("sha256", "content"))
    return [_redactable(entry, kept.get(entry.payload_sha256)) for entry in entries]


def redactable_entry(entry: Entry) -> Redactable:
    """Return one entry with its words; one query."""
    kept = Payload.objects.filter(pk=entry.payload_sha256).values_list("content", flat=True)
    return _redactable(entry, kept.first())


def _redactable(entry: Entry, content: str | None) -> Redactable:
    payload: dict[str, Any] = json.loads(content) if content is not None else {}
    text = str(payload.get("text", ""))
    return Redactable(
        entry=entry,
        title=str(payload.get("headline") or text[:80] or entry.path or entry.index),
        words=text[:LONGEST],
        is_redacted=content is None,
    )
