"""Each version that readers get of an article goes into the record, in the transaction that gives it to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from copydesk.editorial.models import PublishedArticle
from copydesk.editorial.models.published import load_names
from copydesk.record.actions.appending import Fact, append_entries, append_entry
from copydesk.record.actions.consent import consent_given
from copydesk.record.logic.canonical import digest
from copydesk.record.models import EntryKind
from copydesk.record.queries.history import version_counts
from copydesk.record.queries.versions import latest_version, payload_of, quiet_time

if TYPE_CHECKING:
    from copydesk.editorial.events import ArticlePublished, ArticlesMovedIn, ArticleWithdrawn
    from copydesk.record.models import Entry


def record_publication(event: ArticlePublished) -> Entry | None:
    """Record what readers get of an article from now on.

    Returns None, and records nothing, where that is what they got already, as when all bodies are rendered anew.
    """
    published = PublishedArticle.objects.get(pk=event.article_id)
    last = latest_version(event.article_id)
    fact = Fact(
        kind=_kind(last, published),
        payload=payload_of(published),
        article_id=event.article_id,
        path=published.path,
        by_id=event.by_id,
        note=event.note,
        is_minor=event.is_minor,
    )
    is_known = last is not None and last.payload_sha256 == digest(fact.content)
    if is_known and fact.kind == EntryKind.CHANGED:
        return None
    entry = append_entry(fact, at=event.at)
    _lead_to_history([published])
    return entry


def _lead_to_history(rows: list[PublishedArticle]) -> None:
    """Let articles know where their history is, how long it is, and from when on a change must say what it is."""
    quiet = quiet_time()
    counts = version_counts([row.pk for row in rows])
    for row in rows:
        # Row by row: a third of what bulk_update takes, for one as for a hundred (measured).
        PublishedArticle.objects.filter(pk=row.pk).update(
            history_path=reverse("record:history", args=[row.pk]),
            version_count=counts[row.pk],
            note_needed_at=row.first_published_at + quiet,
        )


def _kind(last: Entry | None, published: PublishedArticle) -> EntryKind:
    if last is None or last.kind == EntryKind.WITHDRAWN:
        return EntryKind.PUBLISHED
    return EntryKind.CHANGED if last.path == published.path else EntryKind.MOVED


def record_arrivals(event: ArticlesMovedIn) -> list[Entry]:
    """Record what readers get of articles that moved in with an archive."""
    rows = list(PublishedArticle.objects.filter(pk__in=event.article_ids).order_by("pk"))
    load_names(rows)
    facts = [
        Fact(kind=EntryKind.PUBLISHED, payload=payload_of(row), article_id=row.pk, path=row.path)
        for row in rows
    ]
    entries = append_entries(facts, at=event.at)
    _lead_to_history(rows)
    return entries


def record_withdrawal(event: ArticleWithdrawn) -> Entry:
    """Record that readers do not get an article any more, and where it took two people, which."""
    consent = consent_given()
    fact = Fact(
        kind=EntryKind.WITHDRAWN,
        payload=consent.as_payload() if consent else {},
        article_id=event.article_id,
        path=event.path,
        by_id=consent.confirmed_by if consent else event.by_id,
        note=consent.reason if consent else "",
    )
    return append_entry(fact, at=event.at)
