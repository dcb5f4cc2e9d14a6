"""Other people's hosts are spared: turns, pauses, and what they wish of robots."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from copydesk.sources.actions.adding import add_source, ask_again
from copydesk.sources.actions.capturing import look_at_next
from copydesk.sources.logic.answers import Answer as Came
from copydesk.sources.logic.schedule import Liveness
from copydesk.sources.models import Host, Source
from tests.factories.publisher import Answer, Publisher, publishing

if TYPE_CHECKING:
    from pytest_django import Settings

    from tests.integration.sources.conftest import Clock

pytestmark = pytest.mark.django_db


def add(publisher: Publisher, clock: Clock, path: str = "/bridge") -> Source:
    source, _is_new = add_source(url=publisher.show(path), by=None, at=clock.at)
    return source


def look_by_schedule(source: Source, clock: Clock) -> Came | None:
    """Look at a source that nobody asked for, behind its robots.txt where that is read first."""
    Source.objects.filter(pk=source.pk).update(next_check_at=clock.at, is_asked_for=False)
    look = clock.look()
    return look.answer if look.answer is not None else clock.look().answer


def test_two_ports_of_a_machine_take_turns(publisher: Publisher, clock: Clock) -> None:
    with publishing() as other:
        first, second = add(publisher, clock), add(other, clock)
        assert clock.look().source_id == first.pk
        assert look_at_next(at=clock.forward(seconds=2)) is None
        assert other.asked == []
        assert clock.look().source_id == second.pk


def test_where_a_redirect_leads_has_a_pause_too(
    publisher: Publisher, clock: Clock, settings: Settings
) -> None:
    settings.COPYDESK_SOURCE_NETWORKS = ("127.0.0.0/8", "::1/128")
    port = publisher.address.rpartition(":")[2]
    add(publisher, clock, "/moved")
    publisher.pages["/moved"] = Answer("", 301, {"Location": f"http://localhost:{port}/bridge"})
    publisher.show("/bridge")
    assert clock.look().answer == Came.READ
    assert Host.objects.get(pk="localhost").next_at == clock.at + timedelta(seconds=5)


@pytest.mark.parametrize("asks", [{"Retry-After": "0"}, {"Retry-After": "soon"}, {}])
def test_a_host_that_is_busy_is_left_alone_longer_each_time(
    publisher: Publisher, clock: Clock, asks: dict[str, str]
) -> None:
    source = add(publisher, clock)
    publisher.pages["/bridge"] = Answer("slow down", 429, asks)
    waits = []
    for _ in range(3):
        assert clock.look(hours=1).answer == Came.BUSY
        source.refresh_from_db()
        assert source.next_check_at is not None
        waits.append(source.next_check_at - clock.at)
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]


def test_a_host_that_is_busy_for_ever_has_failed(publisher: Publisher, clock: Clock) -> None:
    source = add(publisher, clock)
    publisher.pages["/bridge"] = Answer("maintenance", 503)
    came = [clock.look(days=2).answer for _ in range(11)]
    assert came == [Came.BUSY] * 10 + [Came.FAILED]
    source.refresh_from_db()
    assert source.liveness == Liveness.SUSPECT1


@pytest.mark.parametrize(
    ("robots", "came"),
    [
        (Answer("User-agent: *\nDisallow: /"), Came.BLOCKED),
        (Answer("User-agent: copydesk\nDisallow: /bridge"), Came.BLOCKED),
        (Answer("User-agent: archive\nDisallow: /"), Came.SAME),
        (Answer("", 404), Came.SAME),
        (Answer("User-agent: *\nDisallow: /", 200, {"Content-Type": "application/x-robots"}), Came.BLOCKED),
        (Answer("# " + "x" * 2_000_001), Came.BLOCKED),
        (Answer("# " + "x" * 600_000 + "\nUser-agent: *\nDisallow: /"), Came.SAME),
        (Answer("", 503), Came.FAILED),
        (Answer("", 302, {"Location": "/robots.txt"}), Came.FAILED),
    ],
    ids=["all", "us", "another", "none", "odd type", "too large", "far down", "in trouble", "loop"],
)  # fmt: skip
def test_what_the_clock_starts_obeys_robots_txt(
    publisher: Publisher, clock: Clock, robots: Answer, came: Came
) -> None:
    source = add(publisher, clock)
    publisher.pages["/robots.txt"] = robots
    publisher.pages["/bridge"].headers["ETag"] = '"v1"'
    clock.look()
    publisher.pages["/bridge"] = Answer(status=304)
    assert look_by_schedule(source, clock) == came
    assert publisher.paths.count("/bridge") == (2 if came == Came.SAME else 1)


def test_each_port_has_wishes_of_its_own(publisher: Publisher, clock: Clock) -> None:
    publisher.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /")
    with publishing() as other:
        assert look_by_schedule(add(publisher, clock), clock) == Came.BLOCKED
        assert look_by_schedule(add(other, clock), clock) == Came.READ
    assert other.paths == ["/robots.txt", "/bridge"]


def test_a_host_that_is_gone_is_dead_after_three_looks(publisher: Publisher, clock: Clock) -> None:
    with publishing() as other:
        source = add(other, clock)
        clock.look()
    seen = []
    for _ in range(3):
        clock.forward(days=4)
        assert look_by_schedule(source, clock) == Came.FAILED
        source.refresh_from_db()
        seen.append(source.liveness)
    assert seen == [Liveness.SUSPECT1, Liveness.SUSPECT2, Liveness.DEAD]


def test_a_mark_of_a_version_that_is_too_long_to_keep_is_not_sent_back_cut(
    publisher: Publisher, clock: Clock
) -> None:
    source = add(publisher, clock)
    publisher.pages["/bridge"].headers["ETag"] = '"' + "v" * 400 + '"'
    clock.look()
    ask_again(source=source, at=clock.forward(hours=2))
    assert clock.look().answer == Came.READ
    assert "If-None-Match" not in publisher.asked[-1][1]
