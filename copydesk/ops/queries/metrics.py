"""What a monitor asks again and again: five queries, however much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django_tasks_db.models import DBTaskResult

from copydesk.ops.logic.metrics import Measures, StoreMeasures
from copydesk.ops.models import Heartbeat
from copydesk.pagestore.queries import last_expiry, purges, statistics

if TYPE_CHECKING:
    from datetime import datetime


def get_measures(*, at: datetime) -> Measures:
    """Measure the site, and this node's page store."""
    waiting = purges()
    beat_at = Heartbeat.objects.aggregate(last=Max("beat_at"))["last"]
    return Measures(
        store=_store(),
        last_expiry=last_expiry(),
        expiries_waiting=waiting.waiting,
        expiries_failing=waiting.failing,
        tasks_waiting=DBTaskResult.objects.ready().count(),
        heartbeat_age=max(0.0, (at - beat_at).total_seconds()) if beat_at else None,
    )


def _store() -> StoreMeasures | None:
    found = statistics()
    if not found.is_usable:
        return None
    return StoreMeasures(
        hits=found.hits,
        misses=found.misses,
        stored=found.stored,
        evicted=found.evicted,
        bytes=found.bytes,
        size=found.size,
        pages=found.pages,
        hit_ratio=found.hit_ratio,
        position=found.position,
    )
