"""What the desk makes of a source that changed. Of two people the second sees who was first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.kit import events
from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.sources.events import ChangesDismissed, SourceMarked
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
    if handling == Handling.NO_EFFECT:
        events.publish(ChangesDismissed(event_ids=(event.pk,), note=note, at=at, by_id=by.pk))
    expire_tags([tag("source", event.source_id)], at=at)


@transaction.atomic
def dismiss_events(*, source: Source, note: str = "", by: Member, at: datetime) -> int:
    """Close all open events of a source as of no effect; return how many there still were."""
    keep_commit_order()
    closed = _close(source.pk, handling=Handling.NO_EFFECT, note=note, by=by, at=at)
    if closed:
        events.publish(ChangesDismissed(event_ids=tuple(closed), note=note, at=at, by_id=by.pk))
        expire_tags([tag("source", source.pk)], at=at)
    return len(closed)


@transaction.atomic
def mark_source(
    *,
    source: Source,
    expected: Standing,
    standing: Standing,
    note: str = "",
    by: Member | None,
    at: datetime,
) -> int:
    """Say what its publisher says of a source, confirmed by `by`; readers see it. Return how many events that closes.

    `by` is None where an authoritative list says so, which `note` names. `expected` is what was known of it when that
    was decided. Raises AlreadyMarked where that has changed since; then
    nothing has changed.
    """
    keep_commit_order()
    marked = Source.objects.filter(pk=source.pk, standing=expected).update(
        standing=standing, standing_at=at, standing_note=note, standing_by=by
    )
    if not marked:
        raise AlreadyMarked(Source.objects.select_related("standing_by").get(pk=source.pk))
    closed = _close(source.pk, handling=Handling.MARKED, note=note, by=by, at=at)
    citing = Citation.objects.filter(source=source, page__live=True)
    pages = {tag("article", pk) for pk in citing.values_list("page_id", flat=True)}
    by_id = by.pk if by else None
    events.publish(SourceMarked(source_id=source.pk, standing=standing.value, at=at, by_id=by_id))
    expire_tags({tag("source", source.pk), *pages}, at=at)
    return len(closed)


def _close(
    source_id: int,
    event_id: int | None = None,
    *,
    handling: Handling,
    note: str,
    by: Member | None,
    at: datetime,
) -> list[int]:
    """Close the open events of a source, or one of them; return their keys."""
    waiting = SourceEvent.objects.filter(source_id=source_id, handling=Handling.OPEN)
    if event_id is not None:
        waiting = waiting.filter(pk=event_id)
    keys = list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
    closing = SourceEvent.objects.filter(pk__in=keys, handling=Handling.OPEN)
    closing.update(handling=handling, handled_by=by, handled_at=at, note=note)
    return keys
