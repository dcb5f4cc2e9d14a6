"""Notices as readers get them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from copydesk.editorial.logic.jsonld import shortened
from copydesk.editorial.logic.places import find_places
from copydesk.kit.html import plain_text
from copydesk.record.logic.canonical import moment
from copydesk.record.models import Notice
from copydesk.record.queries.history import redactions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copydesk.editorial.models import PublishedArticle

# The tag of every page that lists notices.
NOTICES = "notices"
# A passage is told by its opening.
LONGEST_PASSAGE = 280


def shown_notices(article_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return what the pages of articles show of their notices, oldest first.

    One query, and one more where the text of a notice was taken out of the record.
    """
    shown: dict[int, list[dict[str, Any]]] = {pk: [] for pk in article_ids}
    found = Notice.objects.filter(article_id__in=shown).select_related("corrects", "entry")
    rows = list(found.order_by("published_at", "pk"))
    reasons = reasons_of(rows)
    for notice in rows:
        shown[notice.article_id].append(
            {
                "uuid": str(notice.uuid),
                "kind": notice.kind,
                "severity": notice.severity,
                "position": notice.position,
                "text": notice.text,
                "redacted": reasons.get(notice.pk, ""),
                "places": list(notice.places),
                "published_at": moment(notice.published_at),
                "corrects": str(notice.corrects.uuid) if notice.corrects else "",
            }
        )
    return shown


def reasons_of(rows: Iterable[Notice]) -> dict[int, str]:
    """Return why texts of notices were taken out of the record, by the notice; at most one query."""
    emptied = {row.pk: row.entry.payload_sha256 for row in rows if not row.text}
    if not emptied:
        return {}
    said = redactions_of(emptied.values())
    return {pk: said[sha256].note for pk, sha256 in emptied.items() if sha256 in said}


def passages(published: PublishedArticle) -> list[tuple[str, str]]:
    """Return the places of a published body that a notice can name, each with its words."""
    return [
        (place.id, shortened(words, LONGEST_PASSAGE) if words else gettext("(without words)"))
        for place in find_places(published.body_html)
        for words in [plain_text(place.html)]
    ]
