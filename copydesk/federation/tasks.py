"""Work of federation, done by the task worker."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from copydesk.federation.actions import mentioning


@task()
def queue_mentions(notice_id: int, at: str, **_event: object) -> int:
    """Write down which pages elsewhere are told of a notice; return how many."""
    return mentioning.queue_mentions(notice_id=notice_id, at=datetime.fromisoformat(at))
