"""What has expired, and how the store does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Q

from copydesk.pagestore.backends.store import Applied, Store, StoreUnusable
from copydesk.pagestore.models import Expiry

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Statistics:
    """What the page store of this node holds and has done since it was made; sizes in bytes."""

    is_usable: bool
    size: int
    bytes: int = 0
    pages: int = 0
    hits: int = 0
    misses: int = 0
    stored: int = 0
    evicted: int = 0
    position: int = 0
    # Expiries this node has not seen yet.
    behind: int = 0
    trouble: str = ""

    @property
    def hit_ratio(self) -> float | None:
        """The part of the requests for stored pages that were answered from the store, 0 to 1."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


@lru_cache(maxsize=1)
def shared_store() -> Store:
    """Return this node's store as all threads of the process share it; it opens with `follow`."""
    return Store(
        settings.COPYDESK_PAGES_DIR, size=settings.COPYDESK_PAGES_SIZE, identity=_identity()
    )


# Settings that show on pages, in their addresses or in their headers.
SHOWN = (
    "COPYDESK_BASE_URL", "COPYDESK_EMBED_HOSTS", "COPYDESK_PAGES_CACHE_CONTROL", "COPYDESK_PURGE_URL", "LANGUAGE_CODE",
    "SECRET_KEY", "SECURE_HSTS_SECONDS", "TIME_ZONE",
)  # fmt: skip


def _identity() -> str:
    """Return a digest of what pages depend on besides rows: settings, and the program's files by size and time."""
    digest = blake2b(digest_size=16)
    digest.update(repr([getattr(settings, name) for name in SHOWN]).encode())
    package = Path(apps.get_app_config("pagestore").path).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in {".css", ".html", ".js", ".mo", ".py", ".svg"}:
            state = path.stat()
            digest.update(f"{path}:{state.st_size}:{state.st_mtime_ns}".encode())
    return digest.hexdigest()


def last_expiry() -> int:
    """Return the number of the last expiry, 0 for none."""
    # By hand: every process asks twice a second, and the ORM would take ten times as long to ask.
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM pagestore_expiry")
        return int(cursor.fetchone()[0] or 0)


def expiries_after(number: int) -> list[Applied]:
    """Return the expiries after one, in order."""
    rows = Expiry.objects.filter(pk__gt=number).order_by("pk").values_list("pk", "tags")
    return [Applied(pk, tags.split()) for pk, tags in rows.iterator(chunk_size=1_000)]


def statistics() -> Statistics:
    """Return what this node's store holds and has done."""
    size = settings.COPYDESK_PAGES_SIZE
    try:
        store = shared_store()
        store.follow()
        counts, position = store.counts(), store.position
    except StoreUnusable as error:
        return Statistics(is_usable=False, size=size, trouble=str(error))
    return Statistics(
        is_usable=True,
        size=size,
        position=position or 0,
        behind=len(expiries_after(position)) if position is not None else 0,
        bytes=counts.get("bytes", 0),
        pages=counts["pages"],
        hits=counts.get("hits", 0),
        misses=counts.get("misses", 0),
        stored=counts.get("stored", 0),
        evicted=counts.get("evicted", 0),
    )


@dataclass(frozen=True)
class Purges:
    """What the content delivery network is still to be told."""

    waiting: int
    # Of these, those it could not be told of when it was last tried, and the longest row of such failures.
    failing: int
    failed_in_a_row: int


def purges() -> Purges:
    """Return how many expiries the network is still to be told of. Where there is none, none waits."""
    if not settings.COPYDESK_PURGE_URL:
        return Purges(waiting=0, failing=0, failed_in_a_row=0)
    counted = Expiry.objects.waiting().aggregate(
        waiting=Count("pk"),
        failing=Count("pk", filter=Q(purge_failed_count__gt=0)),
        failed_in_a_row=Max("purge_failed_count", default=0),
    )
    return Purges(**counted)


def first_unseen_at() -> datetime | None:
    """Return since when this node does not know of an expiry; None where it knows of all. Raises StoreUnusable."""
    store = shared_store()
    store.follow()
    position = store.position
    if position is None:
        return None
    unseen = Expiry.objects.filter(pk__gt=position).order_by("pk")
    return unseen.values_list("created_at", flat=True).first()


def check_store() -> None:
    """Read and write this node's store once. Raises StoreUnusable where that cannot be done."""
    store = shared_store()
    store.follow()
    store.count({"checks": 1})
