"""What looking at a source found is kept: its copy, its state, what has changed; all in one transaction."""

from __future__ import annotations

import hashlib
import random
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from copydesk.kit import events
from copydesk.pagestore.actions import expire_tags, keep_commit_order
from copydesk.pagestore.logic.tags import tag
from copydesk.sources.actions.adding import supply_text
from copydesk.sources.actions.rechecking import recheck_quotations
from copydesk.sources.actions.syncing import pin_waiting
from copydesk.sources.events import SourceChanged
from copydesk.sources.logic.answers import Answer
from copydesk.sources.logic.changes import ChangeKind, Observed, compare
from copydesk.sources.logic.describing import better_fields
from copydesk.sources.logic.reading import EXTRACTOR_VERSION
from copydesk.sources.logic.schedule import (
    Liveness,
    after_failure,
    after_success,
    next_check,
    next_check_after_failure,
)
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.models import (
    Access,
    Handling,
    Method,
    Snapshot,
    Source,
    SourceEvent,
    Standing,
    Trigger,
)
from copydesk.sources.queries.copies import is_in_the_news
from copydesk.sources.queries.texts import archive, blob_of, layers_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from copydesk.sources.logic.changes import Change
    from copydesk.sources.logic.reading import Reading

# Of a text, at least so much is left where no paywall cuts it.
STILL_THERE = 0.4
# Answers that say nothing of whether the page is still there for people.
NOT_GONE = {Answer.PAYWALLED, Answer.BLOCKED}


@dataclass(frozen=True)
class Copy:
    """Something to be kept as a snapshot."""

    method: Method
    reading: Reading
    body: bytes
    warc: bytes = b""
    status: int | None = None
    final_url: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


def conditions(previous: Snapshot | None) -> dict[str, str]:
    """Return the headers that ask only for what is newer than a snapshot."""
    if previous is None or previous.extractor_version != EXTRACTOR_VERSION:
        return {}
    asked = {"If-None-Match": previous.etag, "If-Modified-Since": previous.last_modified}
    return {name: value for name, value in asked.items() if value}


@transaction.atomic
def keep_same(*, source: Source, snapshot: Snapshot, at: datetime) -> None:
    """Note that a source still says what its newest copy holds."""
    keep_commit_order()
    _seen_again(snapshot, at)
    _succeed(source, at)


@transaction.atomic
def keep_reading(
    *, source: Source, copy: Copy, previous: Snapshot | None, at: datetime
) -> SourceEvent | None:
    """Keep a copy where it says something new, compare what we quoted with it, and note what has changed.

    Where the page asks now that no copy be shown, none of its copies is, the earlier ones included.

    Raises ArchiveFull, and Missing or Damaged where an earlier copy is needed; then nothing is kept.
    """
    keep_commit_order()
    layers = archive().put(blob_of(copy.reading.layers))
    source = Source.objects.select_for_update().get(pk=source.pk)
    if copy.reading.is_noarchive:
        source.snapshots.filter(method=Method.HTTP, is_private=False).update(is_private=True)
    if previous is not None and previous.layers_sha256 == layers:
        _seen_again(previous, at)
        _succeed(source, at)
        return None
    snapshot = _snapshot(source, copy, layers, at)
    _describe(source, copy.reading)
    passages = []
    if snapshot.has_text and not _is_cut(copy.reading, previous):
        pin_waiting(source, snapshot, at)
        passages = recheck_quotations(
            source=source, snapshot=snapshot, trigger=Trigger.SCHEDULE, at=at
        )
    event = None
    if previous is not None:
        change = compare(_observed(previous), _observed(snapshot, copy.reading), passages)
        event = _note(source, change, previous, snapshot, at)
    _succeed(source, at)
    return event


def _is_cut(reading: Reading, previous: Snapshot | None) -> bool:
    """Whether a paywall has come between: what is missing then was not taken back."""
    if previous is None or not reading.is_paywalled or previous.is_paywalled:
        return False
    before, now = layers_of(previous), reading.layers
    return len(now.get(Layer.VISIBLE, "")) < len(before.get(Layer.VISIBLE, "")) * STILL_THERE


@transaction.atomic
def keep_failure(
    *, source: Source, answer: Answer, detail: str, at: datetime, code: str = ""
) -> SourceEvent | None:
    """Note that a source could not be read, and why; it counts as dead after three failures over days."""
    keep_commit_order()
    source = Source.objects.select_for_update().get(pk=source.pk)
    was = Liveness(source.liveness)
    if answer in NOT_GONE:
        is_new = source.trouble != answer.value
        # Whoever asks for money is there: a failure before that was no sign of death.
        source.liveness = Liveness.BLOCKED if answer == Answer.BLOCKED else after_success(was)
        if answer == Answer.PAYWALLED and source.origins.get("access") != "editor":
            source.access = Access.PAYWALLED
    else:
        source.liveness = after_failure(was, source.failed_at, at)
        is_new = source.liveness == Liveness.DEAD != was
    if answer == Answer.PAYWALLED:
        source.failed_at = None
    elif source.liveness != was or source.failed_at is None:
        source.failed_at = at
    source.trouble, source.trouble_detail = code or answer.value, detail[:2000]
    newest = source.snapshots.first()
    is_unread = newest is None and answer == Answer.FAILED
    _try_again_later(source, at, unread_for=at - source.created_at if is_unread else None)
    _close(source, at, is_check=newest is not None)
    kind = ChangeKind.PAYWALLED if answer == Answer.PAYWALLED else ChangeKind.GONE
    if not is_new or answer == Answer.BLOCKED:
        return None
    return SourceEvent.objects.create(
        source=source,
        kind=kind,
        severity=1,
        before=newest,
        detected_at=at,
        handling=Handling.LOGGED,
    )


@transaction.atomic
def keep_supplied(*, source: Source, copy: Copy, at: datetime) -> Snapshot:
    """Keep what a file says that an editor uploaded, and compare what we quoted with it."""
    keep_commit_order()
    text = copy.reading.layers.get(Layer.MAIN) or copy.reading.layers.get(Layer.VISIBLE, "")
    layers = archive().put(blob_of({Layer.SUPPLIED: text}))
    source = Source.objects.select_for_update().get(pk=source.pk)
    snapshot = _snapshot(source, copy, layers, at)
    _describe(source, copy.reading)
    pin_waiting(source, snapshot, at)
    recheck_quotations(source=source, snapshot=snapshot, trigger=Trigger.MANUAL, at=at)
    source.trouble = source.trouble_detail = ""
    _forget_supplied(source, at)
    return snapshot


@transaction.atomic
def drop_supplied(*, source: Source, code: str, detail: str, at: datetime) -> None:
    """Note why an uploaded file could not be read."""
    keep_commit_order()
    source.trouble, source.trouble_detail = code, detail[:2000]
    _forget_supplied(source, at)


@transaction.atomic
def keep_text(*, source: Source, text: str, at: datetime) -> Snapshot:
    """Keep a text that an editor pasted, and compare what we quoted with it. Raises TextTooLong, ArchiveFull."""
    keep_commit_order()
    snapshot = supply_text(source=source, text=text, at=at)
    pin_waiting(source, snapshot, at)
    recheck_quotations(source=source, snapshot=snapshot, trigger=Trigger.MANUAL, at=at)
    return snapshot


def _forget_supplied(source: Source, at: datetime) -> None:
    _try_again_later(source, at)
    source.supplied_sha256 = source.supplied_type = ""
    source.save(update_fields=["supplied_sha256", "supplied_type"])
    _close(source, at)


def _snapshot(source: Source, copy: Copy, layers: str, at: datetime) -> Snapshot:
    reading = copy.reading
    title = reading.description.title
    main = reading.layers.get(Layer.MAIN) or reading.layers.get(Layer.VISIBLE, "")
    return Snapshot.objects.create(
        source=source,
        method=copy.method,
        captured_at=at,
        seen_at=at,
        http_status=copy.status,
        final_url=copy.final_url[:2000],
        content_type=copy.content_type[:100],
        etag=copy.etag[:300],
        last_modified=copy.last_modified[:100],
        title=title.value[:500] if title else "",
        payload_sha256=hashlib.sha256(copy.body).hexdigest(),
        text_sha256=hashlib.sha256(main.encode()).hexdigest(),
        layers_sha256=layers,
        warc_sha256=archive().put(copy.warc) if copy.warc else "",
        size=len(copy.body),
        encoding=reading.encoding[:40],
        extractor_version=EXTRACTOR_VERSION,
        has_text=reading.has_text,
        is_paywalled=reading.is_paywalled,
        is_private=reading.is_noarchive,
    )


def _describe(source: Source, reading: Reading) -> None:
    values, origins = better_fields(reading.description, source.origins)
    if reading.is_paywalled and source.origins.get("access") != "editor":
        values["access"] = Access.PAYWALLED
    for name, value in values.items():
        setattr(source, name, value)
    source.origins = {**source.origins, **origins}
    source.save(update_fields=[*values, "origins"])


def _observed(snapshot: Snapshot, reading: Reading | None = None) -> Observed:
    layers: Mapping[Layer, str] = reading.layers if reading else layers_of(snapshot)
    return Observed(
        payload_sha256=snapshot.payload_sha256,
        title=snapshot.title,
        visible_text=layers.get(Layer.VISIBLE, ""),
        main_text=layers.get(Layer.MAIN, ""),
        is_paywalled=snapshot.is_paywalled,
    )


def _note(
    source: Source, change: Change, before: Snapshot, after: Snapshot, at: datetime
) -> SourceEvent | None:
    if change.kind in {ChangeKind.IDENTICAL, ChangeKind.CHROME_ONLY}:
        return None
    source.change_count += 1
    if change.does_alert and source.standing == Standing.OK:
        source.standing, source.standing_at = Standing.CHANGED, at
    source.save(update_fields=["change_count", "standing", "standing_at"])
    event = SourceEvent.objects.create(
        source=source,
        kind=change.kind.value,
        severity=change.severity,
        before=before,
        after=after,
        excerpt=[asdict(hunk) for hunk in change.excerpt],
        detected_at=at,
        handling=Handling.OPEN if change.does_alert else Handling.LOGGED,
    )
    if change.does_alert:
        events.publish(SourceChanged(event_id=event.pk, at=at))
    return event


def _seen_again(snapshot: Snapshot, at: datetime) -> None:
    snapshot.seen_at = at
    snapshot.save(update_fields=["seen_at"])


def _succeed(source: Source, at: datetime) -> None:
    source.liveness = after_success(Liveness(source.liveness))
    source.failed_at, source.trouble, source.trouble_detail = None, "", ""
    source.next_check_at = next_check(
        captured_at=source.created_at,
        last_checked_at=at,
        check_count=source.check_count,
        is_busy=is_in_the_news(source, at=at),
        has_changed_before=source.change_count > 0,
        jitter=_jitter(),
    )
    _close(source, at)


def _try_again_later(source: Source, at: datetime, *, unread_for: timedelta | None = None) -> None:
    source.next_check_at = next_check_after_failure(
        liveness=Liveness(source.liveness), at=at, jitter=_jitter(), unread_for=unread_for
    )


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads requests, guards nothing


STATE = (
    "liveness", "failed_at", "trouble", "trouble_detail", "access", "check_count", "checked_at",
    "claimed_until", "is_asked_for", "next_check_at",
)  # fmt: skip


def _close(source: Source, at: datetime, *, is_check: bool = True) -> None:
    """Give the source back, and let its pages be made anew. Checks are counted from the first copy on."""
    source.check_count += is_check
    source.checked_at, source.claimed_until, source.is_asked_for = at, None, False
    if not source.url_key:
        source.next_check_at = None
    source.save(update_fields=STATE)
    expire_tags([tag("source", source.pk)], at=at)
