"""Corrections travel: each task flags who relies on what has moved, and is safe to run twice."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from copydesk.record.actions import flagging


@task()
def flag_source_change(event_id: int, at: str) -> int:
    """Flag the articles that rest on a source that changed; return how many were."""
    return flagging.flag_source_change(event_id=event_id, at=datetime.fromisoformat(at))


@task()
def flag_source_standing(source_id: int, standing: str, at: str, by_id: int | None = None) -> int:
    """Flag the articles that rest on a source that was marked; return how many were."""
    return flagging.flag_source_standing(
        source_id=source_id, standing=standing, by_id=by_id, at=datetime.fromisoformat(at)
    )


@task()
def flag_notice(notice_id: int, at: str, **_event: object) -> int:
    """Flag the articles that rest on one that got a notice; return how many were."""
    return flagging.flag_notice(notice_id=notice_id, at=datetime.fromisoformat(at))
