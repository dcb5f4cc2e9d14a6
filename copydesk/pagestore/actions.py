"""Letting pages expire, and letting this node know of it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from copydesk.pagestore.backends.store import Store, StoreUnusable
from copydesk.pagestore.logic.purging import merged, wait_after
from copydesk.pagestore.logic.tags import checked
from copydesk.pagestore.models import Expiry
from copydesk.pagestore.queries import expiries_after, last_expiry, shared_store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from copydesk.pagestore.models import Expiries

logger = logging.getLogger("copydesk.pages")

# Any number nobody else uses for a lock of the database's.
COMMIT_ORDER = 0x636F7079
KEPT = timedelta(days=7)
# Whoever sets out to tell the network of expiries has them for so long; one that is killed meanwhile loses them then.
LEASE = timedelta(minutes=1)
# Another node, or another part of the network, may fill in the old page just after the first time.
SECOND_TIME_AFTER = timedelta(seconds=2)
MOST_AT_ONCE, MOST_FAILURES = 10_000, 30_000


@transaction.atomic
def expire_tags(tags: Iterable[str], *, at: datetime) -> None:
    """Let every page that shows something of these be made anew; call it where the change is made, and last.

    The row is part of the caller's transaction. Once that is committed, this node knows before the caller goes on, and
    every other within half a second.

    Raises BadTag.
    """
    wanted = checked(tags)
    if not wanted:
        return
    keep_commit_order()
    purge_due_at = at if settings.COPYDESK_PURGE_URL else None
    Expiry.objects.create(tags=" ".join(wanted), created_at=at, purge_due_at=purge_due_at)
    transaction.on_commit(tell_this_node, robust=True)


def keep_commit_order() -> None:
    """Let nobody else write an expiry until this transaction ends: ids then grow in the order of commits.

    An action that lets pages expire begins with this, before it touches rows that another may wait for in turn.

    PostgreSQL hands ids out before it commits, so a node might see the second and never look for the first. SQLite has
    one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COMMIT_ORDER])


def tell_this_node() -> None:
    """Let this node's store know of what has expired, now. Where it cannot, every process finds out by itself."""
    try:
        store = shared_store()
        store.follow()
        catch_up(store)
    except (StoreUnusable, DatabaseError) as error:
        logger.info("The page store learns of an expiry later: %s", error)


def catch_up(store: Store) -> int:
    """Let `store` know of every expiry that is committed; return the number of the last.

    A store that is new, that is ahead (of a database that was restored), or that was away for longer than expiries are
    kept, starts over. Raises StoreUnusable, DatabaseError.
    """
    last, position = last_expiry(), store.position
    if position is None or position > last:
        store.start_at(last)
    elif position < last:
        missing = expiries_after(position)
        if _is_whole(position):
            store.apply(missing)
        else:
            store.start_at(last)
    return last


def _is_whole(position: int) -> bool:
    """Whether every expiry after `position` is still kept."""
    return Expiry.objects.filter(pk__lte=max(position, 1)).exists()


def prune_expiries(*, at: datetime) -> int:
    """Delete expiries every node must have seen long ago; return how many were deleted.

    The last stays, and so does all that comes after one that a network waits for: there are no holes in what is kept.
    """
    waiting = Expiry.objects.exclude(purge_due_at=None) if settings.COPYDESK_PURGE_URL else None
    first_waiting = waiting.order_by("pk").values_list("pk", flat=True).first() if waiting else None
    keep_from = min(last_expiry(), first_waiting or last_expiry())
    return Expiry.objects.filter(created_at__lt=at - KEPT, pk__lt=keep_from).delete()[0]


@dataclass(frozen=True)
class Claimed:
    """Expiries this process alone tells the network of, until then."""

    numbers: list[int]
    tags: list[str]
    failed_count: int
    until: datetime

    def still_ours(self) -> Expiries:
        """Those nobody else has taken meanwhile."""
        return Expiry.objects.filter(pk__in=self.numbers, purge_due_at=self.until)


def purge_due(*, at: datetime) -> int:
    """Tell the content delivery network what has expired, each expiry twice; return how many it was told of.

    What cannot be told is tried again, ever less often. Safe to run on several nodes at once, and to be killed: the
    rows tell what is left to do. Call it outside of a transaction.

    Raises DatabaseError.
    """
    # A look first: taking the lock when nothing is due would keep writers waiting.
    if not settings.COPYDESK_PURGE_URL or not Expiry.objects.due(at).exists():
        return 0
    claimed = _claim_due(at)
    if not claimed.numbers:
        return 0
    # Late: it loads the HTTP client, which web processes never need.
    from copydesk.pagestore.backends import purging  # noqa: PLC0415

    began = time.monotonic()
    network = purging.network_at(settings.COPYDESK_PURGE_URL, settings.COPYDESK_PURGE_TOKEN)
    try:
        if network is not None:
            purging.purge_all(network, claimed.tags)
    except purging.PurgeFailed as error:
        _note_failure(claimed, error, at=at + timedelta(seconds=time.monotonic() - began))
        return 0
    _note_success(claimed, at=at + timedelta(seconds=time.monotonic() - began))
    return len(claimed.numbers)


@transaction.atomic
def _claim_due(at: datetime) -> Claimed:
    due = Expiry.objects.due(at).order_by("pk").select_for_update(skip_locked=True)
    rows = list(due.values_list("pk", "tags", "purge_failed_count")[:MOST_AT_ONCE])
    claimed = Claimed(
        numbers=[pk for pk, _tags, _failed in rows],
        tags=merged(tags for _pk, tags, _failed in rows),
        failed_count=max((failed for _pk, _tags, failed in rows), default=0),
        until=at + LEASE,
    )
    Expiry.objects.filter(pk__in=claimed.numbers).update(purge_due_at=claimed.until)
    return claimed


@transaction.atomic
def _note_success(claimed: Claimed, *, at: datetime) -> None:
    ours, done = (
        claimed.still_ours(),
        {"purge_count": F("purge_count") + 1, "purge_failed_count": 0},
    )
    ours.filter(purge_count__gt=0).update(purge_due_at=None, **done)
    ours.filter(purge_count=0).update(purge_due_at=at + SECOND_TIME_AFTER, **done)
    # It can be told again, so whatever waits after a failure need not wait any more.
    left = Expiry.objects.failing().update(purge_due_at=at)
    if claimed.failed_count and not left:
        logger.info("The content delivery network has been told of all that had expired")


@transaction.atomic
def _note_failure(claimed: Claimed, error: Exception, *, at: datetime) -> None:
    is_known = Expiry.objects.failing().exists()
    failed_count = min(claimed.failed_count + 1, MOST_FAILURES)
    claimed.still_ours().update(
        purge_due_at=at + wait_after(failed_count), purge_failed_count=failed_count
    )
    if not is_known:
        logger.warning(
            "The content delivery network cannot be told what has expired; it is tried until it can: %s",
            error,
        )
