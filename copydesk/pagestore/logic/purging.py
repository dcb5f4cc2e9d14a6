"""What a content delivery network is told, and when it is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from copydesk.pagestore.logic.tags import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Iterable

# With more, so many pages have changed that dropping all of them costs less than finding each.
MOST_TAGS = 100
LONGEST_WAIT = timedelta(minutes=5)


def merged(expiries: Iterable[str]) -> list[str]:
    """Return the tags of several expiries, each once: of every page alone where that says it all."""
    tags = {tag for expired in expiries for tag in expired.split()}
    return [LAYOUT] if LAYOUT in tags or len(tags) > MOST_TAGS else sorted(tags)


def wait_after(failed_count: int) -> timedelta:
    """Return how long to wait after having failed so often in a row: twice as long each time, up to five minutes."""
    # The exponent is bounded, too: the count is not.
    return min(timedelta(seconds=2 ** min(failed_count, 10)), LONGEST_WAIT)
