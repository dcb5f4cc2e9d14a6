"""The background worker: threads for tasks, the schedule, much read pages, a network of copies, and sources."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django_tasks_db.management.commands.db_worker import Worker

from copydesk.editorial.queries.hot import hot_paths
from copydesk.federation.actions.mentioning import send_next_mention
from copydesk.federation.actions.receiving import tidy_mentions
from copydesk.federation.actions.verifying import verify_next_mention
from copydesk.kit import clock
from copydesk.ops.actions import schedule, worker
from copydesk.ops.serve.log import one_line
from copydesk.ops.serve.web import load_application
from copydesk.pagestore.actions import prune_expiries, purge_due
from copydesk.pagestore.middleware import Refiller
from copydesk.pagestore.queries import last_expiry
from copydesk.record.actions.approving import expire_approvals
from copydesk.record.actions.digesting import send_digests
from copydesk.record.actions.requests import tidy_requests
from copydesk.sources.actions.capturing import look_at_next
from copydesk.sources.actions.pruning import prune_archive
from copydesk.sources.actions.upgrading import recheck_next

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

logger = logging.getLogger("copydesk.serve")

# Readers come first: what is done here has time where cores are few.
NICE = 10
LOOK_SECONDS = 0.5
REFILL_SECONDS = 3.0
# Between Webmentions, those sent and those looked at: nobody waits for one, and no site is to be asked much at once.
MENTION_SECONDS = 5.0
TICK_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
# Between looks for quotations that an older algorithm judged: there are some after an upgrade alone.
COMPARE_SECONDS = 30.0
# Hosts asked for sources at once: a slow one does not keep a writer waiting who has just pasted an address.
LOOKERS = 2
BEAT_EVERY = timedelta(seconds=10)
RECOVER_EVERY = timedelta(minutes=1)
PRUNE_EVERY = timedelta(hours=6)
# How often it is asked who is due a mail; each gets one a day at most.
DIGEST_EVERY = timedelta(minutes=15)
PRUNE_ARCHIVE_EVERY = timedelta(days=1)
TRY_FAILED_EVERY = timedelta(minutes=1)


def run_background() -> None:
    """Work until SIGTERM, then finish the task that runs."""
    os.nice(NICE)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    worker_id = uuid.uuid4().hex
    keeper, pages, tasks = Keeper(worker_id), Pages(), Tasks(worker_id, stop)
    lookers, archivist = [Looker() for _ in range(LOOKERS)], Archivist()
    others = [
        threading.Thread(target=_repeat, args=(stop, do, pause), name=name)
        for name, do, pause in (
            ("keeper", keeper.tick, keeper.pause),
            ("pages", pages.keep_ready, pages.pause),
            ("network", _tell_network, _look_again),
            ("mentions", _tell_sites, _mention_again),
            ("received", _hear_sites, _mention_again),
            ("archive", archivist.work, archivist.pause),
            *(("sources", looker.look, looker.pause) for looker in lookers),
        )
    ]
    for thread in others:
        thread.start()
    _repeat(stop, tasks.run_ready, _look_again)
    for thread in others:
        thread.join()
    _attempt(lambda: worker.sign_off(worker_id=worker_id))
    connection.close()


def _tell_network() -> None:
    purge_due(at=clock.now())


def _tell_sites() -> None:
    send_next_mention(at=clock.now())


def _hear_sites() -> None:
    verify_next_mention(at=clock.now())


def _mention_again() -> float:
    return MENTION_SECONDS


def _look_again() -> float:
    return LOOK_SECONDS


def _repeat(stop: threading.Event, do: Callable[[], None], pause: Callable[[], float]) -> None:
    """Do it again and again until told to stop, with a pause of so many seconds between.

    Trouble with the database is logged and waited out. Anything else is a mistake of ours: the whole process ends, and
    is started again.
    """
    try:
        while not stop.is_set():
            connection.close_if_unusable_or_obsolete()
            stop.wait(pause() if _attempt(do) else TROUBLE_SECONDS)
    except BaseException:
        logger.exception("The background worker fails")
        logging.shutdown()
        os._exit(1)
    finally:
        connection.close()


def _attempt(do: Callable[[], None]) -> bool:
    try:
        do()
    except DatabaseError as error:
        logger.warning(
            "The background worker waits: the database cannot be used: %s", one_line(error)
        )
        connection.close()
        return False
    return True


@dataclass
class Tasks:
    """Runs what is queued, one task after the other."""

    worker_id: str
    stop: threading.Event

    def run_ready(self) -> None:
        """Run tasks until none is left or the worker is to stop."""
        while not self.stop.is_set() and (task := worker.claim_task(worker_id=self.worker_id)):
            self._runner().run_task(task)

    def _runner(self) -> Worker:
        return Worker(
            queue_names=["*"],
            interval=0,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.worker_id,
            excluded_queue_names=[],
        )


@dataclass
class Pages:
    """Makes the pages that are read most anew, once something has expired, before a reader has to wait for one."""

    _last: int = -1
    _has_refilled: bool = False
    _refiller: Refiller = field(default_factory=lambda: Refiller(load_application()))

    def keep_ready(self) -> None:
        """Look whether anything has expired, and if so have the pages made."""
        last = last_expiry()
        self._has_refilled = last != self._last
        if self._has_refilled:
            self._refiller.refill(hot_paths())
            self._last = last

    def pause(self) -> float:
        """Return the seconds until the next look; where one change follows another, once for several is enough."""
        return REFILL_SECONDS if self._has_refilled else LOOK_SECONDS


@dataclass
class Looker:
    """Fetches sources that are due, one at a time."""

    _has_looked: bool = False

    def look(self) -> None:
        """Look at one source, if one is due and its host has time."""
        self._has_looked = look_at_next(at=clock.now()) is not None

    def pause(self) -> float:
        """Return the seconds until the next look."""
        return 0.0 if self._has_looked else LOOK_SECONDS


@dataclass
class Archivist:
    """What has time: compares quotations anew that an older algorithm judged, a few at once, and tidies the archive."""

    _took: float | None = None
    # Not at the start: whoever has just restored the wrong database has a day to notice.
    _prune_at: datetime = field(default_factory=lambda: clock.now() + PRUNE_ARCHIVE_EVERY)

    def work(self) -> None:
        """Take a turn, if a source is left; else tidy up, once a day."""
        started, at = time.monotonic(), clock.now()
        count = recheck_next(at=at)
        self._took = None if count is None else time.monotonic() - started
        if count is None and at >= self._prune_at:
            prune_archive()
            self._prune_at = at + PRUNE_ARCHIVE_EVERY

    def pause(self) -> float:
        """Return the seconds until the next turn: as long as the last one took, so that others have their half."""
        return COMPARE_SECONDS if self._took is None else self._took


@dataclass
class Keeper:
    """What is done by the clock."""

    worker_id: str
    _next: dict[str, datetime] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)
    _due_at: datetime | None = None

    def tick(self) -> None:
        """Do whatever is due now."""
        at = clock.now()
        if self._is_time("beat", BEAT_EVERY, at):
            worker.beat(worker_id=self.worker_id, node=socket.gethostname(), at=at)
        if self._is_time("retry", TRY_FAILED_EVERY, at):
            self._failed.clear()
        self._failed |= schedule.run_schedule(at=at, skip=frozenset(self._failed))
        self._due_at = schedule.next_due(after=at)
        if self._is_time("recover", RECOVER_EVERY, at) and (count := worker.recover_tasks(at=at)):
            logger.warning("Queued %d tasks again whose worker had died", count)
        if self._is_time("prune", PRUNE_EVERY, at):
            worker.prune_tasks(at=at)
            prune_expiries(at=at)
            tidy_requests(at=at)
            tidy_mentions(at=at)
            expire_approvals(at=at)
        if self._is_time("digests", DIGEST_EVERY, at):
            send_digests(at=at)

    def pause(self) -> float:
        """Return the seconds until something may be due: what is scheduled happens at its moment, not after it."""
        left = (self._due_at - clock.now()).total_seconds() if self._due_at else TICK_SECONDS
        return min(TICK_SECONDS, max(0.0, left))

    def _is_time(self, what: str, every: timedelta, at: datetime) -> bool:
        if at < self._next.get(what, at):
            return False
        self._next[what] = at + every
        return True
