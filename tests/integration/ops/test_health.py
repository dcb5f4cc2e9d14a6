from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from copydesk.editorial import urls as editorial_urls
from copydesk.ops.actions import worker
from copydesk.ops.queries import doctor, schema
from copydesk.ops.serve.log import OutsideTrouble
from tests.factories.editorial import make_article, make_static_page, make_topic, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

    BreakWith = Callable[[Exception], None]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_liveness_asks_no_database(client: Client) -> None:
    # No mark: the database is blocked here.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_means_database_migrations_and_worker(client: Client, now: datetime) -> None:
    worker.beat(worker_id="a", node="n", at=now)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "checks": {"database": True, "migrations": True, "worker": True},
    }


@pytest.mark.django_db
def test_without_a_worker_it_is_not_ready(client: Client, now: datetime) -> None:
    worker.beat(worker_id="a", node="n", at=now - timedelta(seconds=31))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": True, "migrations": True, "worker": False}


@pytest.mark.django_db
def test_without_all_migrations_it_is_not_ready(
    client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.beat(worker_id="a", node="n", at=now)
    known = schema.known_migrations()
    monkeypatch.setattr(
        schema, "known_migrations", lambda: known | {"ops": known["ops"] | {"9999_next"}}
    )
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] is False


@pytest.mark.django_db
def test_without_a_database_it_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(connection, "ensure_connection", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["database"]) == (503, False)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.fixture
def broken_front(monkeypatch: pytest.MonkeyPatch) -> BreakWith:
    def break_with(error: Exception) -> None:
        def front(_request: object) -> None:
            raise error

        pattern = next(
            pattern
            for pattern in editorial_urls.urlpatterns
            if getattr(pattern, "name", "") == "front"
        )
        monkeypatch.setattr(pattern, "callback", front)

    return break_with


@pytest.mark.django_db
def test_a_full_disk_is_a_503_that_says_so(
    broken_front: BreakWith, caplog: pytest.LogCaptureFixture
) -> None:
    broken_front(OperationalError("database or disk is full"))
    response = Client(raise_request_exception=False).get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert b"Not possible just now" in response.content
    record = caplog.records[-1]
    OutsideTrouble().filter(record)
    assert (
        record.getMessage()
        == "Service Unavailable: /: the database cannot be used: database or disk is full"
    )
    assert record.exc_info is None


@pytest.mark.django_db
def test_a_mistake_of_ours_is_a_500_with_its_traceback(
    broken_front: BreakWith, caplog: pytest.LogCaptureFixture
) -> None:
    broken_front(ValueError("a mistake"))
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    record = caplog.records[-1]
    OutsideTrouble().filter(record)
    assert record.exc_info


@pytest.mark.django_db
def test_a_request_that_asks_too_much_is_one_line(
    client: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    assert client.post("/account/login/", {"login": "x", "next": "/"}).status_code == 400
    record = next(record for record in caplog.records if "django.security" in record.name)
    assert "Traceback" in logging.Formatter().format(record)
    OutsideTrouble().filter(record)
    assert "exceeded" in logging.Formatter().format(record)
    assert "Traceback" not in logging.Formatter().format(record)


def test_other_records_pass_as_they_are() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "a %s", ("b",), None)
    assert OutsideTrouble().filter(record)
    assert record.getMessage() == "a b"


@pytest.mark.django_db
def test_stats_count_by_state(capsys: pytest.CaptureFixture[str]) -> None:
    publish(make_article("Live"))
    make_article("Draft")
    publish(make_article("Gone")).article.unpublish()
    scheduled = make_article("Tomorrow")
    scheduled.go_live_at = timezone.now() + timedelta(days=1)
    scheduled.save_revision().publish()
    make_static_page()
    make_topic("Health")
    call_command("stats", as_json=True)
    counts = json.loads(capsys.readouterr().out)
    assert counts["articles"] == {"live": 1, "draft": 1, "scheduled": 1, "withdrawn": 1}
    assert counts["pages"]["live"] == 1
    assert counts["topics"] == {"total": 1}
    assert set(counts) == {
        "articles",
        "pages",
        "people",
        "topics",
        "media",
        "redirects",
        "comments",
        "sources",
        "quotations",
        "archive",
        "late checks",
        "record",
    }


@pytest.mark.django_db
def test_stats_cost_as_many_queries_however_much_there_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(3):
        publish(make_article(f"Article {number}"))
    with django_assert_num_queries(14):
        call_command("stats", as_json=True)


@pytest.mark.django_db
def test_stats_are_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("stats")
    assert "withdrawn" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_doctor_finds_a_site_well(now: datetime) -> None:
    worker.beat(worker_id="a", node="n", at=now)
    findings = {finding.name: finding for finding in doctor.examine(at=now)}
    # The tests' own address is http, and neither they nor this machine has a mail server.
    assert {name for name, finding in findings.items() if not finding.is_well} <= {
        "address",
        "mail",
    }
    assert len(findings) == 20


@pytest.mark.django_db
def test_the_doctor_says_what_is_amiss_and_leaves_with_1(
    capsys: pytest.CaptureFixture[str], settings: Any, now: datetime
) -> None:
    settings.SECRET_KEY = "short"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(SystemExit) as left:
        call_command("doctor", as_json=True)
    assert left.value.code == 1
    amiss = {
        check["name"]: check
        for check in json.loads(capsys.readouterr().out)["checks"]
        if not check["is_well"]
    }
    assert {"secret key", "mail", "background worker"} <= set(amiss)
    assert all(check["way_out"] for check in amiss.values())


@pytest.mark.django_db
def test_the_doctor_notices_a_clock_that_went_back(now: datetime) -> None:
    worker.beat(worker_id="a", node="n", at=now + timedelta(hours=1))
    findings = {finding.name: finding for finding in doctor.examine(at=now)}
    assert not findings["clock"].is_well
