"""When a source is looked at again, and when one that does not answer counts as dead (quotations.md 4.6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Liveness(StrEnum):
    """Whether a page is still there, as far as repeated failures tell."""

    LIVE = "live"
    SUSPECT1 = "suspect1"
    SUSPECT2 = "suspect2"
    DEAD = "dead"
    # There, but not for us: a wall against programs.
    BLOCKED = "blocked"


#: How old a copy is at its checks.
AGES: Final = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
#: What lies between two checks afterwards.
STEADY: Final = timedelta(days=90)
#: Failures nearer to each other than this are one failure: an outage, not a death.
BETWEEN_FAILURES: Final = timedelta(days=3)
#: How soon what was never read is tried again: the network here may have been down for a moment.
FIRST_RETRY: Final = timedelta(minutes=10)
#: How far checks of sources captured together are spread, as a share of the time until then.
SPREAD: Final = 0.1

_AFTER_FAILURE: Final = {
    Liveness.LIVE: BETWEEN_FAILURES,
    Liveness.SUSPECT1: BETWEEN_FAILURES,
    Liveness.SUSPECT2: BETWEEN_FAILURES,
    Liveness.DEAD: STEADY,
    Liveness.BLOCKED: timedelta(days=30),
}
_WORSE: Final = {
    Liveness.LIVE: Liveness.SUSPECT1,
    Liveness.BLOCKED: Liveness.SUSPECT1,
    Liveness.SUSPECT1: Liveness.SUSPECT2,
    Liveness.SUSPECT2: Liveness.DEAD,
    Liveness.DEAD: Liveness.DEAD,
}


def next_check(
    *,
    captured_at: datetime,
    last_checked_at: datetime | None,
    check_count: int,
    is_busy: bool,
    has_changed_before: bool,
    jitter: float,
) -> datetime:
    """Return when a source that answered is checked again.

    Checks fall 1 h, 6 h, 1 d, 3 d, 7 d and 30 d after the capture, then every 90 d; the time between two is halved
    for a source that changed before or is quoted in much-read articles. It counts from the last check, so a machine
    that was off has no heap of checks to catch up. `check_count` is how many there were since the capture; `jitter`,
    drawn by the caller from 0 to 1, moves the time by up to a tenth to both sides, so that not all fall together.
    """
    wait = _gap(check_count)
    if is_busy or has_changed_before:
        wait /= 2
    return (last_checked_at or captured_at) + _spread(wait, jitter)


def next_check_after_failure(
    *, liveness: Liveness, at: datetime, jitter: float, unread_for: timedelta | None = None
) -> datetime:
    """Return when a source is tried again that did not answer at `at`, given the liveness this left it with.

    Never sooner than the next failure can count: 3 d; 30 d behind a wall, 90 d for the dead. Only one of which nothing
    is kept, known for `unread_for`, is tried after as long a time again, and first after ten minutes: somebody waits
    for it. Failures so near to each other count as one.
    """
    wait = _AFTER_FAILURE[liveness]
    if unread_for is not None:
        wait = min(wait, max(FIRST_RETRY, unread_for))
    return at + _spread(wait, 0.5 + _share(jitter) / 2)


def after_failure(liveness: Liveness, last_failed_at: datetime | None, at: datetime) -> Liveness:
    """Return the liveness after a check failed at `at`: one step worse if the failure counts.

    `last_failed_at` is when the last failure was that changed the liveness; only then should the caller set it, or
    hourly failures would never lie three days apart. So death takes three failures over at least six days.
    """
    counts = last_failed_at is None or at - last_failed_at >= BETWEEN_FAILURES
    if counts or liveness in {Liveness.LIVE, Liveness.BLOCKED}:
        return _WORSE[liveness]
    return liveness


def after_success(_liveness: Liveness) -> Liveness:
    """Return the liveness after a page was read: live, whatever it was; one answer is proof enough."""
    return Liveness.LIVE


def _gap(check_count: int) -> timedelta:
    number = max(check_count, 0)
    if number >= len(AGES):
        return STEADY
    return AGES[number] - (AGES[number - 1] if number else timedelta())


def _share(jitter: float) -> float:
    # What is no number from 0 to 1 moves nothing.
    return jitter if 0 <= jitter <= 1 else 0.5


def _spread(wait: timedelta, jitter: float) -> timedelta:
    return wait * (1 + SPREAD * (2 * _share(jitter) - 1))
