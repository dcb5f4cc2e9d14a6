"""Whether this node can do its work."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from copydesk.ops.models import Heartbeat
from copydesk.ops.queries import schema

if TYPE_CHECKING:
    from datetime import datetime

BEAT_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Readiness:
    """What must be true for a site to do its work, each by itself."""

    database: bool
    migrations: bool
    worker: bool

    @property
    def is_ready(self) -> bool:
        """Whether all are."""
        return all(asdict(self).values())


def get_readiness(*, at: datetime) -> Readiness:
    """Ask the database whether it answers, has all migrations, and has heard of a background worker lately."""
    try:
        connection.ensure_connection()
        is_migrated = not schema.missing_migrations()
        return Readiness(
            database=True, migrations=is_migrated, worker=is_migrated and has_worker(at=at)
        )
    except DatabaseError:
        return Readiness(database=False, migrations=False, worker=False)


def has_worker(*, at: datetime) -> bool:
    """Whether a background worker, on this node or another, has lately given a sign of life."""
    return Heartbeat.objects.since(at - BEAT_WITHIN).exists()
