"""How long to wait before a child that died is started again."""

from __future__ import annotations

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 30.0
# A child that ran this long was well; its death starts a new count.
WELL_SECONDS = 60.0


def next_delay(previous: float, lived: float) -> float:
    """Return the seconds to wait: little after a long life, twice the `previous` wait after a short one."""
    if lived >= WELL_SECONDS or not previous:
        return FIRST_SECONDS
    return min(previous * 2, LONGEST_SECONDS)
