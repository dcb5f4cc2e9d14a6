"""Taking content out of the record where the law asks for it: its hash, the reason and the chain stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.record.actions.appending import Fact, append_entry
from copydesk.record.models import Entry, EntryKind, Payload, Redaction

if TYPE_CHECKING:
    from datetime import datetime


class NothingToRedact(Exception):
    """The content was taken out before, or never was there."""


@transaction.atomic
def redact_content(*, entry: Entry, reason: str, by_id: int | None, at: datetime) -> Entry:
    """Take away what `entry` recorded, and return the entry that says so.

    Every entry that recorded the same content loses it, for it is kept once. Raises NothingToRedact.
    """
    keep_commit_order()
    stated = entry.payload_sha256
    if not Payload.objects.filter(pk=stated).exists():
        raise NothingToRedact(stated)
    fact = Fact(
        kind=EntryKind.REDACTION,
        payload={"redacts": stated, "reason": reason},
        article_id=entry.article_id,
        path=entry.path,
        by_id=by_id,
        note=reason,
    )
    made = append_entry(fact, at=at)
    Redaction.objects.create(payload_sha256=stated, entry=made)
    Payload.objects.filter(pk=stated).delete()
    holders = Entry.objects.filter(payload_sha256=stated).values_list("article_id", flat=True)
    expire_tags({tag("article", pk) for pk in holders if pk is not None}, at=at)
    return made
