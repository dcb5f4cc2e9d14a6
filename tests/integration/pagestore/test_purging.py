"""What has expired is told to a content delivery network: a real one, on loopback."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from copydesk.kit import clock, http
from copydesk.pagestore.actions import LEASE, expire_tags, prune_expiries, purge_due
from copydesk.pagestore.backends.purging import Cloudflare, Fastly, PurgeFailed, purge_all
from copydesk.pagestore.models import Expiry
from copydesk.pagestore.queries import purges
from tests.factories.network import Network, listening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries, Settings

SECOND = timedelta(seconds=1)


@pytest.fixture
def network() -> Iterator[Network]:
    with listening() as found:
        yield found


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def nothing_expired(db: None) -> None:
    """Forget what preparing the site has let expire."""
    Expiry.objects.all().delete()


@pytest.fixture
def varnish(network: Network, settings: Settings, nothing_expired: None) -> Network:
    settings.COPYDESK_PURGE_URL = f"varnish://{network.address}"
    return network


def only_row() -> Expiry:
    return Expiry.objects.get()


# --- How each network is told


def test_a_varnish_is_told_in_a_header(varnish: Network, now: datetime) -> None:
    expire_tags(["article:1", "latest"], at=now)
    assert purge_due(at=now) == 1
    (told,) = varnish.told
    assert (told.method, told.path, told.tags) == ("PURGE", "/", ["article:1", "latest"])


def test_fastly_is_told_by_its_api_at_most_256_at_once(network: Network) -> None:
    fastly = Fastly("Service", "key", f"http://{network.address}", http.is_any)
    purge_all(fastly, [f"article:{number}" for number in range(300)])
    first, second = network.told
    assert (first.method, first.path) == ("POST", "/service/Service/purge")
    assert first.headers["fastly-key"] == "key"
    assert first.headers["content-type"] == "application/json"
    assert [len(told.json["surrogate_keys"]) for told in (first, second)] == [256, 44]
    assert second.json["surrogate_keys"][-1] == "article:299"


def test_cloudflare_is_told_by_its_api_at_most_30_at_once(network: Network) -> None:
    cloudflare = Cloudflare("zone", "key", f"http://{network.address}/client/v4", http.is_any)
    purge_all(cloudflare, [f"article:{number}" for number in range(100)])
    first = network.told[0]
    assert (first.method, first.path) == ("POST", "/client/v4/zones/zone/purge_cache")
    assert first.headers["authorization"] == "Bearer key"
    assert [len(told.json["tags"]) for told in network.told] == [30, 30, 30, 10]


def test_a_network_that_refuses_is_told_no_more_and_the_key_is_not_shown(network: Network) -> None:
    network.status = 403
    cloudflare = Cloudflare("zone", "hunter2", f"http://{network.address}", http.is_any)
    with pytest.raises(PurgeFailed, match="answered 403") as failed:
        purge_all(cloudflare, [f"article:{number}" for number in range(100)])
    assert len(network.told) == 1
    assert "hunter2" not in str(failed.value)


def test_an_api_is_never_looked_for_inside(network: Network) -> None:
    with pytest.raises(PurgeFailed, match="not an address of the public Internet"):
        Fastly("Service", "key", f"http://{network.address}").purge(["article:1"])
    assert not network.told


# --- When


def test_without_a_network_nothing_waits(nothing_expired: None, now: datetime) -> None:
    expire_tags(["article:1"], at=now)
    assert only_row().purge_due_at is None
    assert purge_due(at=now) == 0


def test_an_expiry_is_told_twice_two_seconds_apart(varnish: Network, now: datetime) -> None:
    expire_tags(["article:1"], at=now)
    assert purge_due(at=now) == 1
    assert purge_due(at=now + SECOND) == 0
    assert purges().waiting == 1
    assert purge_due(at=now + 10 * SECOND) == 1
    assert purge_due(at=now + timedelta(days=1)) == 0
    assert varnish.tags == [["article:1"]] * 2
    assert (only_row().purge_count, only_row().purge_due_at) == (2, None)


def test_the_second_time_counts_from_the_end_of_the_first(varnish: Network, now: datetime) -> None:
    expire_tags(["article:1"], at=now)
    purge_due(at=now)
    due_at = only_row().purge_due_at
    assert due_at
    assert due_at > now + 2 * SECOND


def test_many_expiries_are_told_in_one_request(varnish: Network, now: datetime) -> None:
    for number in range(20):
        expire_tags([f"article:{number}", "latest"], at=now)
    assert purge_due(at=now) == 20
    assert [len(tags) for tags in varnish.tags] == [21]


def test_what_is_due_for_the_first_and_the_second_time_goes_together(
    varnish: Network, now: datetime
) -> None:
    expire_tags(["article:1"], at=now)
    purge_due(at=now)
    expire_tags(["article:2"], at=now)
    assert purge_due(at=now + 10 * SECOND) == 2
    assert varnish.tags[1] == ["article:1", "article:2"]
    assert list(Expiry.objects.order_by("pk").values_list("purge_count", flat=True)) == [2, 1]


@pytest.mark.parametrize("tags", [["layout"], [f"article:{number}" for number in range(101)]])
def test_where_very_much_has_changed_every_page_goes(
    varnish: Network, now: datetime, tags: list[str]
) -> None:
    expire_tags(["latest"], at=now)
    expire_tags(tags, at=now)
    assert purge_due(at=now) == 2
    assert varnish.tags == [["layout"]]


def test_nothing_is_asked_of_the_database_but_whether_anything_is_due(
    varnish: Network, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        purge_due(at=now)


# --- When it cannot be told


def test_what_could_not_be_told_is_tried_again_ever_less_often(
    varnish: Network, now: datetime
) -> None:
    expire_tags(["article:1"], at=now)
    varnish.status = 503
    at, waits = now, []
    for _attempt in range(10):
        assert purge_due(at=at) == 0
        due_at = only_row().purge_due_at
        assert due_at
        waits.append(round((due_at - at).total_seconds()))
        at = due_at
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2, 300)
    assert (purges().failing, purges().failed_in_a_row) == (1, 10)
    varnish.status = 200
    assert purge_due(at=at) == 1
    row = only_row()
    assert (row.purge_count, row.purge_failed_count) == (1, 0)


def test_trouble_is_one_line_and_its_end_another(
    varnish: Network, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    varnish.status = 503
    for number in range(3):
        expire_tags([f"article:{number}"], at=now)
        purge_due(at=now)
        purge_due(at=now + 300 * SECOND)
    varnish.status = 200
    # The newest is told first, and what waits longer need not wait any more.
    expire_tags(["article:4"], at=now)
    assert purge_due(at=now) == 1
    assert purge_due(at=now + 400 * SECOND) == 4
    purge_due(at=now + 800 * SECOND)
    lines = [record.getMessage() for record in caplog.records if record.name == "copydesk.pages"]
    assert [line.split(";")[0].split(":")[0] for line in lines] == [
        "The content delivery network cannot be told what has expired",
        "The content delivery network has been told of all that had expired",
    ]
    assert "answered 503" in lines[0]


def test_an_expiry_that_waits_to_be_told_is_kept(varnish: Network, now: datetime) -> None:
    expire_tags(["article:1"], at=now - timedelta(days=30))
    expire_tags(["article:2"], at=now)
    assert prune_expiries(at=now) == 0
    assert Expiry.objects.count() == 2


def test_the_count_of_failures_never_outgrows_its_column(varnish: Network, now: datetime) -> None:
    expire_tags(["article:1"], at=now)
    Expiry.objects.update(purge_failed_count=32_767)
    varnish.status = 503
    assert purge_due(at=now) == 0
    assert only_row().purge_failed_count == 30_000


# --- Several nodes


@pytest.mark.django_db(transaction=True)
def test_two_nodes_do_not_tell_the_same_and_the_database_is_free_meanwhile(
    varnish: Network, now: datetime
) -> None:
    expire_tags(["article:1"], at=now)
    other: list[int] = []

    def be_another_node() -> None:
        # In a thread of the network's, so on a connection of its own: a transaction around the request would keep it
        # waiting, or let it tell the network again.
        expire_tags(["article:2"], at=now + 5 * SECOND)
        other.append(purge_due(at=now + SECOND))
        connection.close()

    varnish.before_answer = be_another_node
    assert purge_due(at=now) == 1
    assert other == [0]
    assert varnish.tags == [["article:1"]]
    assert purges().waiting == 2


@pytest.mark.django_db(transaction=True)
def test_a_node_that_was_too_slow_changes_nothing_another_has_taken(
    varnish: Network, now: datetime
) -> None:
    expire_tags(["article:1"], at=now)

    def be_another_node() -> None:
        Expiry.objects.update(purge_due_at=now + 3 * LEASE)
        connection.close()

    varnish.before_answer = be_another_node
    purge_due(at=now)
    assert (only_row().purge_count, only_row().purge_due_at) == (0, now + 3 * LEASE)


def test_a_node_that_dies_in_the_middle_leaves_it_to_others_after_a_minute(
    varnish: Network, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    expire_tags(["article:1"], at=now)
    with monkeypatch.context() as patched:
        patched.setattr(http, "send", interrupted)
        with pytest.raises(KeyboardInterrupt):
            purge_due(at=now)
    assert purge_due(at=now + LEASE - SECOND) == 0
    assert purge_due(at=now + LEASE) == 1
    assert varnish.tags == [["article:1"]]


def interrupted(*_args: object, **_options: object) -> None:
    raise KeyboardInterrupt
