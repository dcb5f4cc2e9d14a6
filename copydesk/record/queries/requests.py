"""What readers asked for, as the desk and the public see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import ExtractYear

from copydesk.pagestore.logic.tags import depends_on
from copydesk.record.logic.asking import (
    DAY,
    HOUR,
    MOST_MAILS,
    MOST_OF_ARTICLE,
    MOST_OF_SENDER,
    MOST_OF_SITE,
    mailbox_of,
)
from copydesk.record.models import CorrectionRequest, Notice, RequestState

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.paginator import Page
    from django.db.models import QuerySet

# The tag of pages that show how many requests there were.
REQUESTS = "requests"
PER_PAGE = 20
MOST_NOTICES = 20


@dataclass(frozen=True)
class RequestCounts:
    """What became of the requests that readers made within a year; nothing yet, of those that are in neither count."""

    received: int
    accepted: int
    declined: int


def request_counts() -> dict[int, RequestCounts]:
    """Return what is published of readers' requests, by the year in the publication's time zone; one query.

    One that waits for its reader's confirmation is none yet.
    """
    depends_on(REQUESTS)
    year = ExtractYear("created_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
    rows = CorrectionRequest.objects.exclude(state=RequestState.UNCONFIRMED).order_by()
    counts: dict[int, Counter[str]] = {}
    for number, state, count in (
        rows.annotate(year=year).values_list("year", "state").annotate(count=Count("pk"))
    ):
        counts.setdefault(number, Counter())[state] = count
    return {
        number: RequestCounts(
            received=states.total(),
            accepted=states[RequestState.ACCEPTED],
            declined=states[RequestState.DECLINED],
        )
        for number, states in counts.items()
    }


def waiting_request_count() -> int:
    """Return how many requests wait for the desk."""
    return CorrectionRequest.objects.filter(state=RequestState.RECEIVED).count()


def requests_in(state: RequestState, *, number: str) -> Page[CorrectionRequest]:
    """Return a page of the requests in a state: those that wait the longest first, of others the newest."""
    is_open = state in {RequestState.RECEIVED, RequestState.UNCONFIRMED}
    order = ("created_at", "pk") if is_open else ("-decided_at", "-pk")
    rows = CorrectionRequest.objects.filter(state=state).select_related("article", "decided_by")
    return Paginator(rows.order_by(*order), PER_PAGE).get_page(number)


def notices_of(article_id: int) -> list[Notice]:
    """Return the newest notices of an article."""
    return list(Notice.objects.filter(article_id=article_id)[:MOST_NOTICES])


def is_over_limit(*, sender: str, article_id: int, at: datetime) -> bool:
    """Whether as many requests came within the hour as may, from this sender, about this article or at all."""
    recent = _since(at - HOUR)
    return (
        recent.filter(sender=sender).count() >= MOST_OF_SENDER
        or recent.filter(article_id=article_id).count() >= MOST_OF_ARTICLE
        or recent.count() >= MOST_OF_SITE
    )


def may_be_mailed(email: str, *, at: datetime) -> bool:
    """Whether one more link may be sent to an address today, however it is written."""
    recent = _since(at - DAY).exclude(email="")
    mailbox = mailbox_of(email)
    sent = sum(mailbox_of(known) == mailbox for known in recent.values_list("email", flat=True))
    return sent < MOST_MAILS


def _since(begin: datetime) -> QuerySet[CorrectionRequest]:
    """Return requests made after a moment. Naming every state lets the database use the index that begins with it."""
    return CorrectionRequest.objects.filter(state__in=RequestState.values, created_at__gt=begin)
