"""Knowing what has expired: the one place where the front asks the database."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import DatabaseError

from copydesk.pagestore.actions import catch_up
from copydesk.pagestore.backends.store import Store, StoreUnusable

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger("copydesk.pages")

# How long what was seen of the database is believed, and how long it may be while somebody looks again. The second is
# the bound that is promised: nobody gets a page that is older than the last commit by more.
LOOK_SECONDS, BOUND_SECONDS = 0.5, 1.0
# How long a store that cannot be written is left alone.
REST_SECONDS = 10.0


@dataclass
class Watch:
    """What one process knows of a node's store: whether it may be believed just now.

    `after_look` is called with the time (`time.monotonic`) each time the database was asked, `when_changed` when
    something has expired.
    """

    store: Store
    after_look: Callable[[float], None]
    when_changed: Callable[[], None]
    # Until when nobody has to ask, and the sign under which that was found out.
    good_until: float = 0.0
    signal: bytes = b""
    _last: int = -1
    # When the database was asked lately, and what it said.
    _asked: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=8))
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _rests_until: float = 0.0
    _is_in_trouble: bool = False

    def is_current(self) -> bool:
        """Whether the store is known to be no older than the bound, after asking if need be."""
        now = time.monotonic()
        is_told = self.store.signal[:] != self.signal
        if now < self.good_until and not is_told:
            return True
        is_bearable = not is_told and now < self.good_until - LOOK_SECONDS + BOUND_SECONDS
        if not self._looking.acquire(
            blocking=not is_bearable, timeout=-1 if is_bearable else BOUND_SECONDS
        ):
            return is_bearable
        try:
            now = time.monotonic()
            if now < self.good_until and self.store.signal[:] == self.signal:
                return True
            return self._look(now)
        finally:
            self._looking.release()

    def _look(self, now: float) -> bool:
        try:
            self.store.follow()
            # Before the database is asked: whatever is told while it answers is looked into next time.
            signal = self.store.signal[:]
            last = catch_up(self.store)
            self.after_look(now)
        except (StoreUnusable, DatabaseError) as error:
            self.good_until = 0.0
            self.when_changed()
            self.note_trouble(error)
            return False
        if last != self._last or signal != self.signal:
            self.when_changed()
        self._last, self.signal = last, signal
        self._asked.append((now, last))
        self.good_until = now + LOOK_SECONDS
        if self._is_in_trouble and not self.is_resting:
            self._is_in_trouble = False
            logger.info("Pages are stored again")
        # The database may have taken its time.
        return time.monotonic() < now + BOUND_SECONDS

    def is_within_bound(self, expiry: int) -> bool:
        """Whether an expiry is so young that a page from before it may be served.

        It is where the database, asked within the bound, did not know of it yet.
        """
        since = time.monotonic() - BOUND_SECONDS
        return any(at >= since and last < expiry for at, last in tuple(self._asked))

    def note_trouble(self, error: Exception) -> None:
        """Leave the store alone for a while, and say so once."""
        self._rests_until = time.monotonic() + REST_SECONDS
        if not self._is_in_trouble:
            self._is_in_trouble = True
            logger.warning(
                "The page store cannot be used; every page is made anew until it can: %s", error
            )

    @property
    def is_resting(self) -> bool:
        """Whether there was trouble just now."""
        return time.monotonic() < self._rests_until
