"""What readers asked for, as the desk and the public see it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from django.core.paginator import Paginator

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
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class RequestCounts:
    """What became of the requests that readers made within a year; of those that are not in `declined` or `accepted`,
    nothing yet. `median_days` is from the request to the decision, None where none was decided.
    """  # noqa: D205 - one sentence each

    received: int
    accepted: int
    declined: int
    median_days: float | None


def request_counts(year: int) -> RequestCounts:
    """Return what is published of the requests made in a year, by the publication's time zone; one query.

    One that waits for its reader's confirmation is none yet.
    """
    depends_on(REQUESTS)
    rows = list(
        CorrectionRequest.objects.filter(created_at__year=year)
        .exclude(state=RequestState.UNCONFIRMED)
        .values_list("state", "created_at", "decided_at")
    )
    states = [state for state, _created, _decided in rows]
    days = [
        (decided - created).total_seconds() / SECONDS_A_DAY
        for _state, created, decided in rows
        if decided is not None
    ]
    return RequestCounts(
        received=len(rows),
        accepted=states.count(RequestState.ACCEPTED),
        declined=states.count(RequestState.DECLINED),
        median_days=median(days) if days else None,
    )


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
