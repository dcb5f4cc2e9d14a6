"""Work that follows editing, done by the task worker."""

from __future__ import annotations

from django_tasks import task

from copydesk.editorial.actions import pictures


@task()
def make_renditions(article_id: int, **_event: object) -> int:
    """Make the renditions of a published article's pictures before a reader asks; return how many were made."""
    return pictures.make_renditions(article_id=article_id)
