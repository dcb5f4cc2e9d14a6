"""Notices as readers get them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copydesk.record.logic.canonical import moment
from copydesk.record.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable

# The tag of every page that lists notices.
NOTICES = "notices"


def shown_notices(article_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return what the pages of articles show of their notices, oldest first; one query."""
    shown: dict[int, list[dict[str, Any]]] = {pk: [] for pk in article_ids}
    rows = Notice.objects.filter(article_id__in=shown).select_related("corrects")
    for notice in rows.order_by("published_at", "pk"):
        shown[notice.article_id].append(
            {
                "uuid": str(notice.uuid),
                "kind": notice.kind,
                "severity": notice.severity,
                "position": notice.position,
                "text": notice.text,
                "places": list(notice.places),
                "published_at": moment(notice.published_at),
                "corrects": str(notice.corrects.uuid) if notice.corrects else "",
            }
        )
    return shown
