"""What monitors and owners are told of how the site runs."""

from __future__ import annotations

import resource
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families

from copydesk.editorial.tasks import make_renditions
from copydesk.kit import clock
from copydesk.ops.actions import worker
from copydesk.ops.queries import doctor
from copydesk.pagestore.actions import expire_tags, tell_this_node
from copydesk.pagestore.models import Expiry
from copydesk.pagestore.queries import last_expiry, shared_store
from tests.factories.desk import enter
from tests.factories.members import make_member

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries, Settings

    from copydesk.members.models import Member
    from copydesk.ops.logic.findings import Finding

TOKEN = (
    "what the monitor knows"  # It has blanks, as no setting may: the header is compared as it is.
)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def scrape(client: Client, **headers: str) -> dict[str, float]:
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


# --- /metrics


def test_an_owner_reads_what_is_measured(
    client: Client, olga: Member, store_folder: Path, now: datetime
) -> None:
    expire_tags(["latest"], at=now)
    tell_this_node()
    shared_store().count({"hits": 3, "misses": 1})
    worker.beat(worker_id="a", node="n", at=now - timedelta(seconds=5))
    make_renditions.enqueue(article_id=1, at=now.isoformat())
    measured = scrape(enter(client, olga))
    assert measured["copydesk_pages_usable"] == 1
    assert measured["copydesk_pages_hits_total"] == 3
    assert measured["copydesk_pages_misses_total"] == 1
    assert measured["copydesk_pages_hit_ratio"] == 0.75
    assert measured["copydesk_pages_held"] == measured["copydesk_pages_evicted_total"] == 0
    assert measured["copydesk_pages_limit_bytes"] == 256 * 2**20
    assert measured["copydesk_expiry_last"] == measured["copydesk_expiry_position"] == last_expiry()
    assert measured["copydesk_tasks_waiting"] == DBTaskResult.objects.ready().count() > 0
    assert 5 <= measured["copydesk_worker_heartbeat_age_seconds"] < 60


def test_expiries_that_wait_for_the_network_are_counted(
    client: Client, olga: Member, store_folder: Path, settings: Settings, now: datetime
) -> None:
    settings.COPYDESK_PURGE_URL = "varnish://127.0.0.1:9"
    Expiry.objects.all().delete()
    for number in range(3):
        expire_tags([f"article:{number}"], at=now)
    Expiry.objects.filter(tags="article:1").update(purge_failed_count=4)
    measured = scrape(enter(client, olga))
    assert measured["copydesk_expiries_waiting"] == 3
    assert measured["copydesk_expiries_failing"] == 1


def test_what_is_not_known_is_not_told(client: Client, olga: Member, broken_store: Path) -> None:
    measured = scrape(enter(client, olga))
    assert measured["copydesk_pages_usable"] == 0
    assert "copydesk_pages_hits_total" not in measured
    assert "copydesk_worker_heartbeat_age_seconds" not in measured


def test_a_monitor_reads_it_with_the_token(
    client: Client, store_folder: Path, settings: Settings
) -> None:
    settings.COPYDESK_METRICS_TOKEN = TOKEN
    assert scrape(client, authorization=f"Bearer {TOKEN}")["copydesk_pages_usable"] == 1


@pytest.mark.parametrize(
    ("token", "header"),
    [
        (TOKEN, ""),
        (TOKEN, "Bearer"),
        (TOKEN, "Bearer another"),
        (TOKEN, f"Basic {TOKEN}"),
        (TOKEN, f"Bearer {TOKEN}x"),
        (TOKEN, "Bearer \xe9"),
        # Where no token is set, none is right.
        ("", "Bearer "),
        ("", "Bearer"),
        ("", ""),
    ],
)
def test_to_everybody_else_there_is_no_such_page(
    client: Client, db: None, settings: Settings, token: str, header: str
) -> None:
    settings.COPYDESK_METRICS_TOKEN = token
    assert client.get("/metrics", headers={"authorization": header}).status_code == 404


def test_nobody_keeps_it(client: Client, olga: Member, store_folder: Path) -> None:
    response = enter(client, olga).get("/metrics")
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/plain; version=")


def test_a_scrape_costs_few_queries(
    client: Client,
    store_folder: Path,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.COPYDESK_METRICS_TOKEN = TOKEN
    settings.COPYDESK_PURGE_URL = "varnish://127.0.0.1:9"
    tell_this_node()
    with django_assert_num_queries(5):
        scrape(client, authorization=f"Bearer {TOKEN}")


# --- The desk


def test_owners_see_how_the_store_does(client: Client, olga: Member, store_folder: Path) -> None:
    shared_store().follow()
    shared_store().count({"hits": 3, "misses": 1})
    page = enter(client, olga).get(reverse("wagtailadmin_home")).content.decode()
    assert "Page store" in page
    assert "75.0 %" in page
    assert "content delivery network" not in page
    assert "ops/page-store.css" in page


def test_owners_are_told_of_a_network_that_cannot_be_told(
    client: Client, olga: Member, store_folder: Path, settings: Settings, now: datetime
) -> None:
    settings.COPYDESK_PURGE_URL = "varnish://127.0.0.1:9"
    expire_tags(["latest"], at=now)
    Expiry.objects.update(purge_failed_count=1)
    page = enter(client, olga).get(reverse("wagtailadmin_home")).content.decode()
    assert "It could not be told when last tried." in page


def test_owners_are_told_that_there_is_no_store(
    client: Client, olga: Member, broken_store: Path
) -> None:
    page = enter(client, olga).get(reverse("wagtailadmin_home")).content.decode()
    assert "The page store cannot be used now" in page
    assert "<meter" not in page


@pytest.mark.parametrize("name", ["ada", "mo", "wanda"])
def test_nobody_else_sees_it(client: Client, front_page: object, name: str) -> None:
    page = enter(client, make_member(name)).get(reverse("wagtailadmin_home")).content.decode()
    assert "page-store" not in page


# --- The doctor


def findings(at: datetime) -> dict[str, Finding]:
    return {finding.name: finding for finding in doctor.examine(at=at)}


def test_the_doctor_finds_the_store_well(store_folder: Path, now: datetime) -> None:
    tell_this_node()
    found = findings(now)
    assert found["page store"].is_well
    assert found["page store"].detail == "0 pages, 0 of 256 MB"
    assert found["expiries"].is_well
    assert found["purging"].is_well


def test_the_doctor_notices_a_store_that_cannot_be_opened(
    broken_store: Path, now: datetime
) -> None:
    found = findings(now)
    assert not found["page store"].is_well
    assert str(broken_store) in found["page store"].way_out
    assert not found["expiries"].is_well


def test_the_doctor_notices_a_full_disk(store_folder: Path, now: datetime) -> None:
    tell_this_node()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # As far as the file is concerned, a disk on which nothing can be written any more.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        found = findings(now)["page store"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not found.is_well
    assert "room" in found.way_out
    assert findings(now)["page store"].is_well


def test_the_doctor_notices_a_node_that_does_not_look(store_folder: Path, now: datetime) -> None:
    tell_this_node()
    Expiry.objects.create(tags="latest", created_at=now - timedelta(seconds=11))
    assert not findings(now)["expiries"].is_well
    tell_this_node()
    assert findings(now)["expiries"].is_well


def test_a_node_has_a_moment_to_look(store_folder: Path, now: datetime) -> None:
    tell_this_node()
    Expiry.objects.create(tags="latest", created_at=now)
    assert findings(now)["expiries"].is_well


@pytest.mark.parametrize(("failures", "is_well"), [(2, True), (3, False)])
def test_the_doctor_notices_a_network_that_cannot_be_told(
    store_folder: Path,
    settings: Settings,
    now: datetime,
    failures: int,
    is_well: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    settings.COPYDESK_PURGE_URL = "varnish://127.0.0.1:9"
    expire_tags(["latest"], at=now)
    Expiry.objects.update(purge_failed_count=failures)
    found = findings(now)["purging"]
    assert found.is_well is is_well
    assert found.way_out or is_well
