"""Whose turn it is: one request per host at a time and a pause between, for all workers of all nodes together.

Both claims are a compare-and-set on a row, and both end by themselves: a worker that is killed takes nothing with it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from copydesk.sources.models import Host, Source

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

# As long as fetching and reading may take, and some more.
LEASE = timedelta(seconds=120)
# Between two requests to a host.
PAUSE = timedelta(seconds=5)


def claim_source(source: Source, *, at: datetime) -> bool:
    """Take a source that is due, unless somebody else just did."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    mine = Source.objects.filter(free, pk=source.pk, next_check_at__lte=at)
    return bool(mine.update(claimed_until=at + LEASE))


def claim_host(name: str, *, at: datetime) -> datetime | None:
    """Take the turn at a host and return None, or return when to try again."""
    host, _is_new = Host.objects.get_or_create(name=name, defaults={"next_at": at})
    if Host.objects.filter(pk=name, next_at__lte=at).update(next_at=at + LEASE):
        return None
    return max(host.next_at, at + PAUSE)


def release_host(name: str, *, at: datetime, pause: timedelta = PAUSE) -> None:
    """Give the turn back: the host may be asked again after a pause."""
    Host.objects.filter(pk=name).update(next_at=at + pause)


def spare_hosts(names: Collection[str], *, at: datetime) -> None:
    """Leave hosts a pause that were asked without a turn of their own: a redirect led there."""
    Host.objects.bulk_create(
        [Host(name=name, next_at=at + PAUSE) for name in sorted(names)], ignore_conflicts=True
    )
    Host.objects.filter(pk__in=names, next_at__lt=at + PAUSE).update(next_at=at + PAUSE)


def put_off(source: Source, *, until: datetime) -> None:
    """Give a claimed source back, to be tried later."""
    Source.objects.filter(pk=source.pk).update(claimed_until=None, next_check_at=until)


def back_off(refused_count: int) -> timedelta:
    """Return how long to leave a host alone that has refused so many times in a row: a minute, then twice as long."""
    return min(timedelta(days=1), timedelta(minutes=2 ** min(refused_count - 1, 11)))
