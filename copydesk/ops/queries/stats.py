"""How much there is of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q
from django.utils.module_loading import import_string
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from copydesk.editorial.models import Article, Attachment, Person, Picture, StaticPage, Topic
from copydesk.record.queries.heads import record_counts
from copydesk.sources.queries.condition import source_counts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

Counts = dict[str, dict[str, int]]


def get_counts(*, at: datetime) -> Counts:
    """Return how many there are of each kind of thing; of what is published, by state."""
    scheduled = _scheduled()
    return {
        "articles": _by_state(Article, scheduled),
        "pages": _by_state(StaticPage, scheduled),
        "people": {"total": Person.objects.count()},
        "topics": {"total": Topic.objects.count()},
        "media": {"pictures": Picture.objects.count(), "files": Attachment.objects.count()},
        "redirects": {"total": Redirect.objects.count()},
        "comments": import_string(settings.COPYDESK_COMMENTS)(),
        **source_counts(at=at),
        "record": record_counts(),
    }


def _scheduled() -> list[int]:
    waiting = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    return [int(pk) for pk in waiting.values_list("object_id", flat=True)]


def _by_state(model: type[Article | StaticPage], scheduled: Collection[int]) -> dict[str, int]:
    """Each is in one state: what is live and has a newer draft is live."""
    hidden = Q(live=False)
    waiting = Q(pk__in=scheduled)
    never = Q(first_published_at=None)
    states = {
        "live": Q(live=True),
        "draft": hidden & ~waiting & never,
        "scheduled": hidden & waiting,
        "withdrawn": hidden & ~waiting & ~never,
    }
    counts = model.objects.aggregate(
        **{f"{state}_count": Count("pk", filter=which) for state, which in states.items()}
    )
    return {state: counts[f"{state}_count"] for state in states}
