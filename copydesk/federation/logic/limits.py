"""How much other sites may tell us, and how long what they told is tried and kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# Within an hour: of one host, of one sender's network, of all. One is looked at every five seconds, so all are.
HOUR: Final = timedelta(hours=1)
MOST_OF_HOST, MOST_OF_SENDER, MOST_OF_ALL = 20, 30, 300
# That wait to be looked at: what sites in trouble leave behind may pile up.
MOST_WAITING: Final = 1_000
# Kept of those that were never confirmed; the oldest go first.
MOST_UNVERIFIED: Final = 2_000
UNVERIFIED_LASTS: Final = timedelta(days=30)
# How long to wait after each attempt that failed; after the last one it is given up.
WAITS: Final = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=8), timedelta(days=1))
# While one is tried nobody else tries it: longer than its requests can take.
LEASE: Final = timedelta(minutes=5)
# Statuses that mean: not now, rather than: not this.
PASSING: Final = frozenset({408, 425, 429})
MAX_BYTES, MAX_SECONDS = 1_000_000, 15.0
PAGES: Final = ("text/html", "application/xhtml+xml")
