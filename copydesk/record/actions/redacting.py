"""Taking content out of the record where the law asks for it: its hash, the reason and the chain stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.editorial.models import PublishedArticle
from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.record.actions.appending import Fact, append_entry
from copydesk.record.actions.consent import consent_given
from copydesk.record.actions.noticing import hand_down_notices
from copydesk.record.models import REDACTABLE, Entry, EntryKind, Notice, Payload, Redaction
from copydesk.record.queries.versions import latest_version

if TYPE_CHECKING:
    from datetime import datetime


class NothingToRedact(Exception):
    """The content was taken out before, or never was there."""


class StillPublished(Exception):
    """Readers get this version now: the article is to be changed or withdrawn first."""


@transaction.atomic
def redact_recorded(*, entry: Entry, reason: str, by_id: int | None, at: datetime) -> Entry:
    """Take what readers got, an article's version or a notice, out of the record, and out of their pages.

    The reason stands where it stood. Raises NothingToRedact, StillPublished.
    """
    keep_commit_order()
    if entry.kind not in REDACTABLE:
        raise NothingToRedact(entry.payload_sha256)
    same = Entry.objects.filter(payload_sha256=entry.payload_sha256)
    numbers = same.values_list("article_id", flat=True)
    articles = {number for number in numbers if number is not None}
    if any(_is_what_readers_get(pk, entry.payload_sha256) for pk in articles):
        raise StillPublished(entry.payload_sha256)
    made = redact_content(entry=entry, reason=reason, by_id=by_id, at=at)
    notices = Notice.objects.filter(entry__payload_sha256=entry.payload_sha256)
    notices.update(text="", wrong="", right="")
    for pk in set(notices.values_list("article_id", flat=True)):
        hand_down_notices(article_id=pk, at=at)
    return made


def _is_what_readers_get(article_id: int, sha256: str) -> bool:
    last = latest_version(article_id)
    is_last = last is not None and last.payload_sha256 == sha256
    return is_last and PublishedArticle.objects.filter(pk=article_id).exists()


@transaction.atomic
def redact_content(*, entry: Entry, reason: str, by_id: int | None, at: datetime) -> Entry:
    """Take away what `entry` recorded, and return the entry that says so, with who asked and who confirmed.

    Every entry that recorded the same content loses it, for it is kept once. Raises NothingToRedact.
    """
    keep_commit_order()
    stated = entry.payload_sha256
    if not Payload.objects.filter(pk=stated).exists():
        raise NothingToRedact(stated)
    consent = consent_given()
    fact = Fact(
        kind=EntryKind.REDACTION,
        payload={
            "redacts": stated,
            "reason": reason,
            **(consent.as_payload() if consent else {}),
        },
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
