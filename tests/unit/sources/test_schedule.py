from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sources.logic.schedule import (
    BETWEEN_FAILURES,
    Liveness,
    after_failure,
    after_success,
    next_check,
    next_check_after_failure,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def check(
    count: int,
    *,
    last: datetime | None = None,
    is_busy: bool = False,
    has_changed: bool = False,
    jitter: float = 0.5,
) -> datetime:
    return next_check(
        captured_at=NOON,
        last_checked_at=last,
        check_count=count,
        is_busy=is_busy,
        has_changed_before=has_changed,
        jitter=jitter,
    )


def test_checks_fall_at_growing_ages_of_the_copy() -> None:
    ages = []
    last = None
    for count in range(8):
        last = check(count, last=last)
        ages.append(last - NOON)
    assert ages == [HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 120 * DAY, 210 * DAY]


def test_a_much_read_or_changing_source_is_checked_twice_as_often() -> None:
    assert check(9, last=NOON, is_busy=True) == NOON + 45 * DAY
    assert check(9, last=NOON, has_changed=True) == NOON + 45 * DAY
    assert check(9, last=NOON, has_changed=True, is_busy=True) == NOON + 45 * DAY


def test_a_check_that_came_late_does_not_hurry_the_next_ones() -> None:
    late = NOON + 60 * DAY
    assert check(1, last=late) == late + 5 * HOUR


def test_jitter_moves_a_check_by_a_tenth_at_most() -> None:
    assert check(6, last=NOON, jitter=0) == NOON + 81 * DAY
    assert check(6, last=NOON, jitter=1) == NOON + 99 * DAY
    assert check(6, last=NOON, jitter=float("nan")) == NOON + 90 * DAY
    assert check(-3, jitter=7) == NOON + HOUR


@given(st.integers(0, 30), st.floats(0, 1), st.booleans())
def test_the_next_check_lies_ahead(count: int, jitter: float, is_busy: bool) -> None:  # noqa: FBT001 - drawn
    assert NOON < check(count, last=NOON, jitter=jitter, is_busy=is_busy) <= NOON + 99 * DAY


def test_death_takes_three_failures_three_days_apart() -> None:
    first = after_failure(Liveness.LIVE, None, NOON)
    second = after_failure(first, NOON, NOON + 3 * DAY)
    third = after_failure(second, NOON + 3 * DAY, NOON + 6 * DAY)
    assert (first, second, third) == (Liveness.SUSPECT1, Liveness.SUSPECT2, Liveness.DEAD)
    assert after_failure(third, NOON + 6 * DAY, NOON + 9 * DAY) is Liveness.DEAD


@pytest.mark.parametrize("liveness", [Liveness.SUSPECT1, Liveness.SUSPECT2])
def test_failures_of_one_outage_count_once(liveness: Liveness) -> None:
    assert after_failure(liveness, NOON, NOON + 3 * DAY - timedelta(seconds=1)) is liveness
    assert after_failure(liveness, NOON, NOON - 5 * DAY) is liveness


def test_a_source_that_lived_meanwhile_starts_anew() -> None:
    assert after_failure(Liveness.LIVE, NOON, NOON + HOUR) is Liveness.SUSPECT1
    assert after_failure(Liveness.BLOCKED, NOON, NOON + HOUR) is Liveness.SUSPECT1


@pytest.mark.parametrize("liveness", list(Liveness))
def test_one_answer_brings_a_source_back(liveness: Liveness) -> None:
    assert after_success(liveness) is Liveness.LIVE


@given(st.lists(st.integers(0, 200), max_size=40))
def test_no_series_of_failures_kills_within_six_days(hours: list[int]) -> None:
    liveness, counted = Liveness.LIVE, None
    for hour in sorted(hours):
        at = NOON + hour * HOUR
        before, liveness = liveness, after_failure(liveness, counted, at)
        counted = at if liveness is not before else counted
    if hours and max(hours) - min(hours) < 144:
        assert liveness is not Liveness.DEAD


@given(st.floats(0, 1))
def test_what_failed_is_tried_when_a_failure_would_count(jitter: float) -> None:
    for liveness in (Liveness.SUSPECT1, Liveness.SUSPECT2):
        again = next_check_after_failure(liveness=liveness, at=NOON, jitter=jitter)
        assert again - NOON >= BETWEEN_FAILURES
        assert after_failure(liveness, NOON, again) is not liveness
    dead = next_check_after_failure(liveness=Liveness.DEAD, at=NOON, jitter=jitter)
    assert dead - NOON >= 90 * DAY


@given(st.floats(0, 1))
def test_what_was_never_read_is_soon_tried_again_and_ever_more_rarely(jitter: float) -> None:
    waits = [
        next_check_after_failure(
            liveness=Liveness.SUSPECT1, at=NOON, jitter=jitter, unread_for=known
        )
        - NOON
        for known in (0 * HOUR, HOUR, 24 * HOUR, 90 * DAY)
    ]
    assert timedelta(minutes=10) <= waits[0] <= timedelta(minutes=11)
    assert HOUR <= waits[1] <= 1.1 * HOUR
    assert DAY <= waits[2] <= 1.1 * DAY
    assert BETWEEN_FAILURES <= waits[3] <= 1.1 * BETWEEN_FAILURES
