from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from copydesk.editorial import tasks as editorial_tasks
from copydesk.ops.actions import worker
from copydesk.ops.models import Heartbeat
from copydesk.ops.serve.background import Keeper, Tasks

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_queue(db: None) -> None:
    """Preparing the site may have queued something."""
    DBTaskResult.objects.all().delete()


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def enqueue() -> DBTaskResult[Any, Any]:
    result = editorial_tasks.make_renditions.enqueue(article_id=0, at=timezone.now().isoformat())
    return DBTaskResult.objects.get(pk=result.id)


def test_a_task_is_claimed_by_one_worker(now: datetime) -> None:
    task = enqueue()
    claimed = worker.claim_task(worker_id="a")
    assert claimed is not None
    assert (claimed.pk, claimed.worker_ids, claimed.status) == (
        task.pk,
        ["a"],
        TaskResultStatus.RUNNING,
    )
    assert worker.claim_task(worker_id="b") is None


def test_all_that_is_queued_is_run() -> None:
    enqueue()
    enqueue()
    Tasks("a", threading.Event()).run_ready()
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {
        TaskResultStatus.SUCCESSFUL
    }


def test_a_worker_that_is_to_stop_takes_no_further_task() -> None:
    task, stop = enqueue(), threading.Event()
    stop.set()
    Tasks("a", stop).run_ready()
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY


def test_what_a_dead_worker_was_running_is_queued_again(now: datetime) -> None:
    worker.beat(worker_id="dead", node="n", at=now - timedelta(minutes=2))
    task = enqueue()
    worker.claim_task(worker_id="dead")
    assert worker.recover_tasks(at=now) == 1
    task.refresh_from_db()
    assert (task.status, task.worker_ids) == (TaskResultStatus.READY, ["dead"])
    assert not Heartbeat.objects.exists()


def test_what_a_living_worker_is_running_is_left_alone(now: datetime) -> None:
    worker.beat(worker_id="alive", node="n", at=now - timedelta(seconds=30))
    enqueue()
    worker.claim_task(worker_id="alive")
    assert worker.recover_tasks(at=now) == 0


def test_a_task_that_kills_its_workers_is_given_up(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    task = enqueue()
    for name in ("a", "b", "c"):
        claimed = worker.claim_task(worker_id=name)
        assert claimed is not None
        worker.recover_tasks(at=now)
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED
    assert "given up" in caplog.text


def test_finished_tasks_are_forgotten_after_a_while(now: datetime) -> None:
    for days, status in ((1, "SUCCESSFUL"), (8, "SUCCESSFUL"), (8, "FAILED"), (61, "FAILED")):
        task = enqueue()
        DBTaskResult.objects.filter(pk=task.pk).update(
            status=status, finished_at=now - timedelta(days=days)
        )
    assert worker.prune_tasks(at=now) == 2
    assert DBTaskResult.objects.count() == 2


def test_the_keeper_gives_a_sign_of_life_and_signs_off() -> None:
    keeper = Keeper("me")
    keeper.tick()
    keeper.tick()
    assert Heartbeat.objects.get().worker_id == "me"
    worker.sign_off(worker_id="me")
    assert not Heartbeat.objects.exists()
