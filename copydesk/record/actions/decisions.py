"""What editors make of flags. Of two people the second is told who was first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.members.models import Member
from copydesk.record.models import Flag, FlagState, Notice
from copydesk.sources.actions.handling import AlreadyHandled, handle_event
from copydesk.sources.models import Handling, SourceEvent

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from copydesk.record.events import NoticePublished
    from copydesk.sources.events import ChangesDismissed


class AlreadyDecided(Exception):
    """Somebody else has decided on this flag: `flag` says who, what and when."""

    def __init__(self, flag: Flag) -> None:
        super().__init__(f"flag {flag.pk}: {flag.state}")
        self.flag = flag


class NoteMissing(Exception):
    """That something has no effect is to be explained."""


class AnotherArticle(Exception):
    """The notice is not of the flagged article."""


@dataclass(frozen=True)
class Decided:
    """What came of a decision: how many flags it closed, and those that somebody else had closed before."""

    count: int
    late: list[Flag] = field(default_factory=list)


@transaction.atomic
def decide_flags(
    *, flag_ids: Collection[int], state: FlagState, note: str = "", by: Member, at: datetime
) -> Decided:
    """Close those of these flags that are open, as of no effect, which needs a note, or as updated. Raises NoteMissing.

    A change of a source for which no flag waits any more is handled, too.
    """
    if state == FlagState.NO_EFFECT and not note.strip():
        raise NoteMissing
    closed = _close(flag_ids, state=state, note=note.strip(), by_id=by.pk, at=at)
    others = set(flag_ids) - set(closed)
    late = Flag.objects.filter(pk__in=others).select_related("decided_by", "article")
    _handle_events_of(closed, by_id=by.pk, at=at)
    return Decided(len(closed), list(late.order_by("pk")))


@transaction.atomic
def answer_flag(*, flag: Flag, notice: Notice, by: Member, at: datetime) -> None:
    """Close a flag with the notice that was published for it; call it in the transaction that publishes the notice.

    So whoever relies on the article is flagged as one hop further on. Raises AlreadyDecided, AnotherArticle.
    """
    if notice.article_id != flag.article_id:
        raise AnotherArticle
    if not _close([flag.pk], state=FlagState.CORRECTED, answer=notice, by_id=by.pk, at=at):
        raise AlreadyDecided(Flag.objects.select_related("decided_by").get(pk=flag.pk))
    _handle_events_of([flag.pk], by_id=by.pk, at=at)


def answer_flag_of(event: NoticePublished) -> bool:
    """Close the flag that a notice was published for, where `because_of` names one, as in "flag:7".

    A flag that somebody decided on meanwhile stays as they left it: the notice is published all the same.
    """
    kind, _colon, number = event.because_of.partition(":")
    if kind != "flag" or not number.isdecimal():
        return False
    notice = Notice.objects.get(pk=event.notice_id)
    rows = Flag.objects.filter(pk=number[:18], article=event.article_id).values_list(
        "pk", flat=True
    )
    closed = _close(rows, state=FlagState.CORRECTED, answer=notice, by_id=event.by_id, at=event.at)
    _handle_events_of(closed, by_id=event.by_id, at=event.at)
    return bool(closed)


def dismiss_flags_of(event: ChangesDismissed) -> int:
    """Close the open flags of changes that were found to be of no effect on whatever relies on the source."""
    waiting = Flag.objects.filter(event__in=event.event_ids, notice=None, state=FlagState.OPEN)
    return waiting.update(
        state=FlagState.NO_EFFECT, note=event.note, decided_by=event.by_id, decided_at=event.at
    )


def _close(
    flag_ids: Collection[int],
    *,
    state: FlagState,
    note: str = "",
    answer: Notice | None = None,
    by_id: int | None,
    at: datetime,
) -> list[int]:
    """Close the open ones and return their keys; whoever decides at the same time waits, and finds them closed."""
    waiting = Flag.objects.filter(pk__in=flag_ids, state=FlagState.OPEN).order_by("pk")
    keys = list(waiting.select_for_update().values_list("pk", flat=True))
    Flag.objects.filter(pk__in=keys).update(
        state=state, note=note, answer=answer, decided_by=by_id, decided_at=at
    )
    return keys


def _handle_events_of(flag_ids: Collection[int], *, by_id: int | None, at: datetime) -> None:
    """Handle the changes of sources for which these were the last flags to wait."""
    waiting = Flag.objects.filter(state=FlagState.OPEN, event__isnull=False)
    rows = SourceEvent.objects.filter(flags__in=flag_ids, handling=Handling.OPEN).exclude(
        pk__in=waiting.values("event")
    )
    by = Member.objects.filter(pk=by_id).first() if by_id else None
    if by is None:
        return
    for event in rows.distinct():
        flags = Flag.objects.filter(event=event)
        had_effect = flags.exclude(state=FlagState.NO_EFFECT).exists()
        handling = Handling.UPDATED if had_effect else Handling.NO_EFFECT
        try:
            handle_event(event=event, handling=handling, by=by, at=at)
        except AlreadyHandled:
            continue
