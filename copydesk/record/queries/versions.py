"""The versions of an article that readers got."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from copydesk.record.logic.canonical import moment
from copydesk.record.models import Entry, EntryKind, RecordSettings

if TYPE_CHECKING:
    from copydesk.editorial.models import PublishedArticle

# Kinds of entries that are about what readers get of an article.
OF_VERSIONS = (EntryKind.PUBLISHED, EntryKind.CHANGED, EntryKind.MOVED, EntryKind.WITHDRAWN)
# What is recorded as it stands in the row that readers' pages are made of.
PLAIN = (
    "headline", "standfirst", "kind", "visibility", "language", "lead_alt", "lead_caption_html", "lead_credit",
    "canonical_url", "seo_title", "description", "share_title", "share_description", "body_html", "preview_html",
    "text",
)  # fmt: skip


def latest_version(article_id: int) -> Entry | None:
    """Return the newest entry about what readers get of an article; one query."""
    rows = Entry.objects.filter(article_id=article_id, kind__in=OF_VERSIONS)
    return rows.order_by("-index").first()


def quiet_time() -> timedelta:
    """Return how long after an article came out it may be changed without a note; one query."""
    kept = RecordSettings.objects.first() or RecordSettings()
    return timedelta(minutes=kept.quiet_minutes)


def payload_of(published: PublishedArticle) -> dict[str, Any]:
    """Return what readers get of an article, as the record keeps it (docs/reference/record.md)."""
    picture = published.lead_picture
    return {
        **{name: getattr(published, name) for name in PLAIN},
        "published_at": moment(published.published_at),
        "updated_at": moment(published.updated_at),
        "bylines": [
            {"name": link.person.name, "role": str(link.role)} for link in published.bylines
        ],
        "topics": [topic.name for topic in published.topics],
        "lead_sha1": picture.file_hash if picture else "",
    }
