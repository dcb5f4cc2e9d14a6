"""What the desk makes of a source that changed. Of two people the second sees who was first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.sources.models import Citation, Handling, Source, SourceEvent, Standing

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.members.models import Member


class AlreadyHandled(Exception):
    """Somebody else has handled this event: `event` says who, how and when."""

    def __init__(self, event: SourceEvent) -> None:
        super().__init__(f"event {event.pk}: {event.handling}")
        self.event = event


class AlreadyMarked(Exception):
    """Somebody else has changed what is known of this source since it was looked at: `source` is as it is now."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"source {source.pk}: {source.standing}")
        self.source = source


@transaction.atomic
def handle_event(
    *, event: SourceEvent, handling: Handling, note: str = "", by: Member, at: datetime
) -> None:
    """Close an event that is open. Raises AlreadyHandled, and then nothing has changed."""
    keep_commit_order()
    if not _close(event.source_id, event.pk, handling=handling, note=note, by=by, at=at):
        raise AlreadyHandled(SourceEvent.objects.select_related("handled_by").get(pk=event.pk))
    expire_tags([tag("source", event.source_id)], at=at)


@transaction.atomic
def dismiss_events(*, source: Source, note: str = "", by: Member, at: datetime) -> int:
    """Close all open events of a source as of no effect; return how many there still were."""
    keep_commit_order()
    count = _close(source.pk, handling=Handling.NO_EFFECT, note=note, by=by, at=at)
    if count:
        expire_tags([tag("source", source.pk)], at=at)
    return count


@transaction.atomic
def mark_source(
    *,
    source: Source,
    expected: Standing,
    standing: Standing,
    note: str = "",
    by: Member,
    at: datetime,
) -> int:
    """Say what its publisher says of a source, confirmed by `by`; readers see it. Return how many events that closes.

    `expected` is what was known of it when `by` decided. Raises AlreadyMarked where that has changed since; then
    nothing has changed.
    """
    keep_commit_order()
    marked = Source.objects.filter(pk=source.pk, standing=expected).update(
        standing=standing, standing_at=at, standing_note=note, standing_by=by
    )
    if not marked:
        raise AlreadyMarked(Source.objects.select_related("standing_by").get(pk=source.pk))
    count = _close(source.pk, handling=Handling.MARKED, note=note, by=by, at=at)
    citing = Citation.objects.filter(source=source, page__live=True)
    pages = {tag("article", pk) for pk in citing.values_list("page_id", flat=True)}
    expire_tags({tag("source", source.pk), *pages}, at=at)
    return count


def _close(
    source_id: int,
    event_id: int | None = None,
    *,
    handling: Handling,
    note: str,
    by: Member,
    at: datetime,
) -> int:
    events = SourceEvent.objects.filter(source_id=source_id, handling=Handling.OPEN)
    if event_id is not None:
        events = events.filter(pk=event_id)
    return events.update(handling=handling, handled_by=by, handled_at=at, note=note)
