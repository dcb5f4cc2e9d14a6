"""What the background worker does with the queue of tasks and its own sign of life."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from copydesk.ops.models import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

logger = logging.getLogger("copydesk.tasks")

# A worker silent for this long is gone.
SILENT_AFTER = timedelta(seconds=60)
# A task that was running whenever its worker died is taken to be the cause.
MOST_ATTEMPTS = 3
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=60)


def beat(*, worker_id: str, node: str, at: datetime) -> None:
    """Give a sign of life."""
    Heartbeat.objects.update_or_create(
        worker_id=worker_id,
        defaults={"beat_at": at},
        create_defaults={"node": node, "started_at": at, "beat_at": at},
    )


def sign_off(*, worker_id: str) -> None:
    """Say that the worker has ended as it should."""
    Heartbeat.objects.filter(worker_id=worker_id).delete()


def claim_task(*, worker_id: str) -> DBTaskResult[Any, Any] | None:
    """Take the next task for this worker, so that no other runs it."""
    ready = DBTaskResult.objects.ready()
    # A look first: taking the lock on an idle queue would keep writers waiting for nothing.
    if not ready.exists():
        return None
    with exclusive_transaction():
        task: DBTaskResult[Any, Any] | None = ready.get_locked()
        if task is not None:
            task.claim(worker_id)
    return task


@transaction.atomic
def recover_tasks(*, at: datetime) -> int:
    """Queue again what workers that are gone were running; return how many."""
    Heartbeat.objects.filter(beat_at__lt=at - SILENT_AFTER).delete()
    living = set(Heartbeat.objects.values_list("worker_id", flat=True))
    running = DBTaskResult.objects.running().select_for_update(skip_locked=True)
    lost = [task for task in running if not task.worker_ids or task.worker_ids[-1] not in living]
    worn = [task.pk for task in lost if len(task.worker_ids) >= MOST_ATTEMPTS]
    _give_up(worn, at)
    return int(
        DBTaskResult.objects.filter(pk__in=[task.pk for task in lost])
        .exclude(pk__in=worn)
        .update(status="READY")
    )


def prune_tasks(*, at: datetime) -> int:
    """Forget finished tasks after a while; return how many."""
    done, _by_model = (
        DBTaskResult.objects.successful().filter(finished_at__lt=at - KEEP_DONE).delete()
    )
    failed, _by_model = (
        DBTaskResult.objects.failed().filter(finished_at__lt=at - KEEP_FAILED).delete()
    )
    return done + failed


def _give_up(worn: Iterable[object], at: datetime) -> None:
    for task in DBTaskResult.objects.filter(pk__in=list(worn)).order_by(F("enqueued_at")):
        logger.error(
            "Task %s (%s) was running each time its worker died: given up", task.pk, task.task_path
        )
        DBTaskResult.objects.filter(pk=task.pk).update(
            status="FAILED",
            finished_at=at,
            traceback=f"Its worker died {MOST_ATTEMPTS} times while running it.",
        )
