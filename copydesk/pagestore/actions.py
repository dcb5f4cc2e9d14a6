"""Letting pages expire, and letting this node know of it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from copydesk.pagestore.backends.store import Store, StoreUnusable
from copydesk.pagestore.logic.tags import checked
from copydesk.pagestore.models import Expiry
from copydesk.pagestore.queries import expiries_after, last_expiry, shared_store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

logger = logging.getLogger("copydesk.pages")

# Any number nobody else uses for a lock of the database's.
COMMIT_ORDER = 0x636F7079
KEPT = timedelta(days=7)


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
    _keep_commit_order()
    purge_due_at = at if settings.COPYDESK_PURGE_URL else None
    Expiry.objects.create(tags=" ".join(wanted), created_at=at, purge_due_at=purge_due_at)
    transaction.on_commit(tell_this_node, robust=True)


def _keep_commit_order() -> None:
    """Let nobody else write an expiry until this transaction ends: ids then grow in the order of commits.

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
    """Delete expiries every node must have seen long ago; the last stays. Return how many were deleted."""
    old = Expiry.objects.filter(created_at__lt=at - KEPT, purge_due_at=None, pk__lt=last_expiry())
    return old.delete()[0]
