"""Webmentions come in: each is written down to be looked at later, within limits; what never held is forgotten."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q

from copydesk.federation.logic import limits
from copydesk.federation.logic.mentions import host_of
from copydesk.federation.models import Receipt, ReceivedMention, ReceivedState
from copydesk.record.actions.requests import sender_of
from copydesk.record.logic.links import own_path

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from wagtail.models import Page

LIMITS = {
    "of_all": limits.MOST_OF_ALL,
    "of_host": limits.MOST_OF_HOST,
    "of_sender": limits.MOST_OF_SENDER,
}


class TooMany(Exception):
    """As many came within the hour, or wait, as may; after `wait` it may be tried again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"in {wait}")
        self.wait = wait


@transaction.atomic
def take_mention(*, source: str, target: str, page: Page, address: str, at: datetime) -> None:
    """Write down that a page elsewhere is said to link to `page`, to be looked at soon; again, if it was before.

    `source` is clean, `target` an address of the page, `address` that of who says it, of which nothing is kept but a
    mark, and that for an hour. Raises TooMany.
    """
    host, sender = host_of(source), sender_of(address)
    _check_limits(host, sender, at)
    Receipt.objects.create(host=host, sender=sender, received_at=at)
    path = own_path(target, base_url=settings.COPYDESK_BASE_URL)
    pair = hashlib.sha256(f"{source}\n{path}".encode()).hexdigest()
    row = ReceivedMention(
        source=source,
        target=target,
        page_id=page.pk,
        pair_sha256=pair,
        next_try_at=at,
        created_at=at,
        received_at=at,
    )
    ReceivedMention.objects.bulk_create([row], ignore_conflicts=True)
    same = ReceivedMention.objects.filter(pair_sha256=pair)
    # Of one that waits, or is being looked at, this alone: whoever looks at it sees that it came again meanwhile.
    same.update(received_at=at, page=page.pk)
    same.exclude(state=ReceivedState.WAITING).update(
        state=ReceivedState.WAITING, attempt_count=0, next_try_at=at
    )


def _check_limits(host: str, sender: str, at: datetime) -> None:
    """Raise TooMany where there are too many. Those who come in the same instant may pass together: it stops floods."""
    Receipt.objects.filter(received_at__lte=at - limits.HOUR).delete()
    of_host, of_sender = Q(host=host), Q(sender=sender)
    found = Receipt.objects.aggregate(
        of_all=Count("pk"),
        of_host=Count("pk", filter=of_host),
        of_sender=Count("pk", filter=of_sender),
        since_of_all=Min("received_at"),
        since_of_host=Min("received_at", filter=of_host),
        since_of_sender=Min("received_at", filter=of_sender),
    )
    for name, most in LIMITS.items():
        if found[name] >= most:
            raise TooMany(found[f"since_{name}"] + limits.HOUR - at)
    if ReceivedMention.objects.filter(state=ReceivedState.WAITING).count() >= limits.MOST_WAITING:
        raise TooMany(limits.HOUR)
    _forget_oldest()


def _forget_oldest() -> None:
    """Make room for one more that is not confirmed."""
    unverified = ReceivedMention.objects.filter(verified_at=None)
    over = unverified.count() - limits.MOST_UNVERIFIED + 1
    if over > 0:
        settled = unverified.exclude(state=ReceivedState.WAITING).order_by("received_at", "pk")
        keys = list(settled.values_list("pk", flat=True)[:over])
        ReceivedMention.objects.filter(pk__in=keys).delete()


@transaction.atomic
def tidy_mentions(*, at: datetime) -> int:
    """Delete what is not confirmed after 30 days, and forget who sent what; return how many were deleted."""
    Receipt.objects.filter(received_at__lte=at - limits.HOUR).delete()
    old = ReceivedMention.objects.filter(
        verified_at=None, received_at__lte=at - limits.UNVERIFIED_LASTS
    )
    return old.delete()[0]
