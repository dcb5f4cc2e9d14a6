"""Looking at a source: one fetch, a copy where it says something new, and what that means for what we quoted."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings

from copydesk.kit import http
from copydesk.kit.http import Truncation
from copydesk.sources.actions import keeping, turns
from copydesk.sources.backends.archive import (
    ArchiveFull,
    Damaged,
    Missing,
    last_answer,
    write_warc,
)
from copydesk.sources.backends.sandbox import read_in_sandbox
from copydesk.sources.logic.addresses import is_home
from copydesk.sources.logic.answers import Answer, answer_of
from copydesk.sources.logic.politeness import (
    ROBOTS_BYTES,
    host_key,
    may_recheck,
    retry_after_seconds,
    robots_key,
    robots_url,
)
from copydesk.sources.logic.reading import Unreadable
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.models import Host, Method, Source
from copydesk.sources.queries.texts import archive, first_copy_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from copydesk.kit.http import Hop, Visit
    from copydesk.sources.backends.archive import Earlier
    from copydesk.sources.logic.reading import Reading
    from copydesk.sources.models import SourceEvent

logger = logging.getLogger("copydesk.sources")

# The page, its robots.txt: bytes after decompression; seconds for all redirects together.
MAX_BYTES, MAX_ROBOTS_BYTES, MAX_SECONDS = 10_000_000, 2_000_000, 30.0
ROBOTS_KEPT = timedelta(days=1)
# What a host that does not answer is taken to have said, as RFC 9309 has it.
NO_ANSWER = 503
# What a robots.txt is taken for that is too large to be read: nothing is then known to be allowed.
STAY_AWAY = "User-agent: *\nDisallow: /"
ANY_TYPE = ("",)
# So often in a row a host may say that it is too busy, each time waited for twice as long; then its pages have failed.
PATIENCE = 10
# Where the disk is full, or the archive cannot be written.
TROUBLE_PAUSE = timedelta(minutes=10)
# Where a copy is lost or damaged: its host is not to be asked again and again before somebody restores it.
DAMAGE_PAUSE = timedelta(days=1)
# How many that are due to try for one whose host has time.
CANDIDATES = 50


TROUBLES = {
    Truncation.LENGTH: ("too_large", f"sent more than {MAX_BYTES:,} bytes"),
    Truncation.TYPE: ("wrong_type", "sent what holds no text"),
}


@dataclass(frozen=True)
class Look:
    """What looking at a source came to."""

    source_id: int
    # None where nothing was asked: the host's robots.txt had to be read first, or the disk is full.
    answer: Answer | None
    detail: str = ""
    event: SourceEvent | None = None


@dataclass(frozen=True)
class Fetched:
    """A page as it came, and what it says."""

    visit: Visit
    reading: Reading | None
    # Why there is no reading: a code and a sentence.
    trouble: tuple[str, str] | None = None

    @property
    def last(self) -> Hop:
        return self.visit.last


def user_agent() -> str:
    """Return how we introduce ourselves to other hosts, with an address to complain to."""
    return f"Copydesk/0.1 (source archive; +{settings.COPYDESK_BASE_URL}/)"


def look_at_next(*, at: datetime) -> Look | None:
    """Look at the source that has been due longest and whose host has time; None where there is none.

    Those that somebody waits for come first, however many others are late.
    """
    due = Source.objects.due(at)
    busy: dict[str, datetime] = {}
    for source in chain(due.asked_for()[:CANDIDATES], due[:CANDIDATES]):
        if not turns.claim_source(source, at=at):
            continue
        if source.supplied_sha256:
            return _read_supplied(source, at=at)
        host = host_key(source.url)
        busy_until = busy.get(host) or turns.claim_host(host, at=at)
        if busy_until is None:
            return _look_in_turn(source, host, at=at)
        turns.put_off(source, until=busy_until)
        # The next one of this host waits longer: both at once, it would only be put off again.
        busy[host] = busy_until + turns.PAUSE
    return None


def _look_in_turn(source: Source, host: str, *, at: datetime) -> Look:
    started = time.monotonic()
    look, pause = Look(source.pk, None), turns.PAUSE
    try:
        look, pause = _look(source, host, at)
    except (ArchiveFull, Missing, Damaged) as error:
        look = _wait_for_the_archive(source, error, at)
    finally:
        elapsed = timedelta(seconds=time.monotonic() - started)
        turns.release_host(host, at=at + elapsed, pause=pause)
    return look


def _wait_for_the_archive(source: Source, error: Exception, at: datetime) -> Look:
    """Put a source off whose copy cannot be kept, or compared with an earlier one that the archive has lost."""
    is_full = isinstance(error, ArchiveFull)
    logger.error("Source %s is not archived: %s", source.pk, error)
    turns.put_off(source, until=at + (TROUBLE_PAUSE if is_full else DAMAGE_PAUSE))
    return Look(source.pk, None, str(error))


def _hindrance(source: Source, at: datetime) -> Look | None:
    """Return why robots may not look at a source now, None where they may."""
    name = robots_key(source.url)
    wishes, _is_new = Host.objects.get_or_create(name=name, defaults={"next_at": at})
    if wishes.robots_at is None or wishes.robots_at < at - ROBOTS_KEPT:
        _ask_for_robots(source, wishes, at)
        turns.put_off(source, until=at + turns.PAUSE)
        return Look(source.pk, None, "asked for robots.txt first")
    if may_recheck(wishes.robots.encode(), wishes.robots_status, source.url, user_agent()):
        return None
    answer, detail = Answer.BLOCKED, "its robots.txt asks robots to stay away"
    if (wishes.robots_status or NO_ANSWER) >= 500:
        # No wish, but a host in trouble; where it stays so, its pages count as dead.
        answer, detail = Answer.FAILED, "its host did not answer for robots.txt"
    keeping.keep_failure(source=source, answer=answer, detail=detail, at=at)
    return Look(source.pk, answer, detail)


def _ask_for_robots(source: Source, wishes: Host, at: datetime) -> None:
    wishes.robots, wishes.robots_status = "", NO_ANSWER
    try:
        hop = _visit(robots_url(source.url), {}, MAX_ROBOTS_BYTES, content_types=ANY_TYPE).last
        text = hop.body[:ROBOTS_BYTES].decode(errors="replace").replace("\0", "")
        wishes.robots = STAY_AWAY if hop.is_truncated else text
        wishes.robots_status = hop.status
    except (http.FetchRefused, http.FetchFailed) as error:
        logger.info("No robots.txt: %s", error)
    wishes.robots_at = at
    wishes.save(update_fields=["robots", "robots_status", "robots_at"])


def _look(source: Source, host: str, at: datetime) -> tuple[Look, timedelta]:
    """Fetch a source and keep what comes; return also how long its host wants to be left alone."""
    if not source.is_asked_for and (hindrance := _hindrance(source, at)) is not None:
        return hindrance, turns.PAUSE
    previous = source.snapshots.filter(method=Method.HTTP).first()
    conditions = keeping.conditions(previous)
    try:
        fetched = _fetch(source.url, conditions)
    except (http.FetchRefused, http.FetchFailed) as error:
        keeping.keep_failure(
            source=source, answer=Answer.FAILED, detail=str(error), at=at, code=error.reason
        )
        return Look(source.pk, Answer.FAILED, str(error)), turns.PAUSE
    turns.spare_hosts({host_key(hop.url) for hop in fetched.visit.hops} - {host}, at=at)
    answer = _answer(source, fetched)
    if answer == Answer.BUSY:
        return _come_back(source, host, fetched.last, at)
    Host.objects.filter(pk=host, refused_count__gt=0).update(refused_count=0)
    if answer == Answer.SAME and previous is not None:
        keeping.keep_same(source=source, snapshot=previous, at=at)
        return Look(source.pk, answer), turns.PAUSE
    if answer != Answer.READ or fetched.reading is None:
        code, detail = fetched.trouble or (answer.value, f"answered {fetched.last.status}")
        answer = Answer.FAILED if answer == Answer.READ else answer
        event = keeping.keep_failure(source=source, answer=answer, detail=detail, at=at, code=code)
        return Look(source.pk, answer, detail, event), turns.PAUSE
    event = keeping.keep_reading(
        source=source, copy=_copy(source, fetched, fetched.reading, at), previous=previous, at=at
    )
    return Look(source.pk, answer, "", event), turns.PAUSE


def _visit(
    url: str,
    headers: Mapping[str, str],
    max_bytes: int,
    *,
    content_types: Collection[str] = http.SOURCE_TYPES,
) -> Visit:
    return http.visit(
        url,
        max_bytes=max_bytes,
        content_types=content_types,
        max_seconds=MAX_SECONDS,
        headers={"User-Agent": user_agent(), **headers},
        may_connect=http.may_connect_to(settings.COPYDESK_SOURCE_NETWORKS),
    )


def _fetch(url: str, conditions: Mapping[str, str]) -> Fetched:
    visit = _visit(url, conditions, MAX_BYTES)
    last = visit.hops[-1]
    if last.truncation is not None:
        return Fetched(visit, None, TROUBLES[last.truncation])
    if not last.body:
        return Fetched(visit, None, ("empty", "sent nothing"))
    try:
        reading = read_in_sandbox(
            last.body,
            content_type=last.header("Content-Type"),
            url=last.url,
            headers=last.joined_headers(),
        )
    except Unreadable as error:
        return Fetched(visit, None, (error.code, error.message))
    return Fetched(visit, reading)


def _answer(source: Source, fetched: Fetched) -> Answer:
    reading, last = fetched.reading, fetched.last
    return answer_of(
        last.status,
        is_bot_wall=reading is not None and reading.is_bot_wall,
        is_paywalled=reading is not None and reading.is_paywalled,
        is_soft_404=reading is not None and reading.is_soft_404,
        was_sent_home=is_home(last.url) and not is_home(source.url),
    )


def _come_back(source: Source, host: str, hop: Hop, at: datetime) -> tuple[Look, timedelta]:
    """Leave a host alone for as long as it asks, or longer each time it refuses."""
    row = Host.objects.get(pk=host)
    row.refused_count += 1
    row.save(update_fields=["refused_count"])
    asked = timedelta(seconds=retry_after_seconds(hop.response_headers, at) or 0)
    pause = max(asked, turns.back_off(row.refused_count))
    if row.refused_count > PATIENCE:
        detail = f"answered {hop.status}, and has for long"
        keeping.keep_failure(source=source, answer=Answer.FAILED, detail=detail, at=at)
        return Look(source.pk, Answer.FAILED, detail), pause
    turns.put_off(source, until=at + pause)
    return Look(source.pk, Answer.BUSY, f"answered {hop.status}"), pause


def _copy(source: Source, fetched: Fetched, reading: Reading, at: datetime) -> keeping.Copy:
    last = fetched.last
    warc = write_warc(
        fetched.visit.hops,
        at=at,
        software=user_agent(),
        layer_text=reading.layers.get(Layer.VISIBLE),
        earlier=_earlier(source, last.body),
    )
    return keeping.Copy(
        method=Method.HTTP,
        reading=reading,
        body=last.body,
        warc=warc,
        status=last.status,
        final_url=last.url,
        content_type=last.header("Content-Type"),
        etag=_whole(last.header("ETag"), 300),
        last_modified=_whole(last.header("Last-Modified"), 100),
    )


def _whole(value: str, longest: int) -> str:
    """Return what is sent back to a host as it came, or not at all."""
    return value if len(value) <= longest else ""


def _earlier(source: Source, body: bytes) -> Earlier | None:
    """Return where this very body was kept before, if it was, so that the archive holds it once."""
    kept = first_copy_of(source, hashlib.sha256(body).hexdigest())
    if kept is None:
        return None
    try:
        return last_answer(archive().get(kept.warc_sha256))
    except (Missing, Damaged):
        return None


def _read_supplied(source: Source, *, at: datetime) -> Look:
    """Read a file that an editor uploaded."""
    try:
        body = archive().get(source.supplied_sha256)
        reading = read_in_sandbox(body, content_type=source.supplied_type)
    except (Unreadable, Missing, Damaged) as error:
        code = error.code if isinstance(error, Unreadable) else "lost"
        keeping.drop_supplied(source=source, code=code, detail=str(error), at=at)
        return Look(source.pk, Answer.FAILED, str(error))
    copy = keeping.Copy(
        method=Method.UPLOAD, reading=reading, body=body, content_type=source.supplied_type
    )
    try:
        keeping.keep_supplied(source=source, copy=copy, at=at)
    except (ArchiveFull, Missing, Damaged) as error:
        return _wait_for_the_archive(source, error, at)
    return Look(source.pk, Answer.READ)
