from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.ops.actions import schedule
from copydesk.ops.actions.schedule import run_schedule
from tests.factories.editorial import make_article, publish

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def make_scheduled(
    title: str, *, go_live_at: datetime | None = None, expire_at: datetime | None = None
) -> Article:
    """Return an article scheduled as the desk does, its moments then moved to where the test wants them."""
    later = timezone.now() + timedelta(days=1)
    article = make_article(title)
    article.go_live_at = later if go_live_at else None
    article.expire_at = later + SOON if expire_at else None
    article.save_revision().publish()
    if go_live_at:
        Revision.objects.filter(object_id=str(article.pk)).exclude(approved_go_live_at=None).update(
            approved_go_live_at=go_live_at
        )
    if expire_at:
        Page.objects.filter(pk=article.pk).update(expire_at=expire_at)
    article.refresh_from_db()
    return article


def is_published(article: Article) -> bool:
    return PublishedArticle.objects.filter(article=article).exists()


def past_go_live(article: Article, now: datetime) -> None:
    """Wagtail compares the date in the revision with the clock: put both where they belong."""
    for revision in Revision.objects.filter(object_id=str(article.pk)):
        revision.content["go_live_at"] = (now - SOON).isoformat()
        revision.save(update_fields=["content"])


def test_what_is_due_goes_live_however_late(now: datetime) -> None:
    article = make_scheduled("Due", go_live_at=now - timedelta(days=3))
    past_go_live(article, now)
    assert not is_published(article)
    assert run_schedule(at=now) == set()
    assert is_published(article)
    assert (
        PageLogEntry.objects.filter(page=article.pk, action="wagtail.publish.scheduled").count()
        == 1
    )


def test_what_is_not_due_stays(now: datetime) -> None:
    article = make_scheduled("Not yet", go_live_at=now + SOON)
    run_schedule(at=now)
    assert not is_published(article)


def test_what_has_expired_is_withdrawn(now: datetime) -> None:
    article = make_scheduled("Over", expire_at=now - timedelta(days=3))
    assert is_published(article)
    run_schedule(at=now)
    article.refresh_from_db()
    assert (is_published(article), article.live, article.expired) == (False, False, True)


def test_expiring_keeps_what_is_to_go_live_later(now: datetime) -> None:
    article = make_scheduled("Again tomorrow", expire_at=now - SOON)
    article.go_live_at, article.expire_at = timezone.now() + timedelta(days=1), None
    article.save_revision().publish()
    Page.objects.filter(pk=article.pk).update(live=True, expire_at=now - SOON)
    moment = Revision.objects.get(approved_go_live_at__isnull=False).approved_go_live_at
    run_schedule(at=now)
    assert Revision.objects.get(approved_go_live_at__isnull=False).approved_go_live_at == moment


def test_a_second_run_changes_nothing(now: datetime) -> None:
    article = make_scheduled("Once", go_live_at=now - SOON)
    past_go_live(article, now)
    run_schedule(at=now)
    before = PageLogEntry.objects.count()
    assert run_schedule(at=now) == set()
    assert PageLogEntry.objects.count() == before


def test_one_that_fails_holds_up_no_other(
    now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = (make_scheduled(title, go_live_at=now - SOON) for title in ("Bad", "Good"))
    for article in (bad, good):
        past_go_live(article, now)
    publish_revision = schedule.publish_revision

    def fail_for_bad(pk: int, at: datetime) -> None:
        publish_revision(pk, at)
        if Revision.objects.get(pk=pk).object_id == str(bad.pk):
            raise ValueError("a body nobody can render")

    monkeypatch.setattr(schedule, "publish_revision", fail_for_bad)
    failed = run_schedule(at=now)
    assert is_published(good)
    assert len(failed) == 1
    assert "could not be published" in caplog.text
    caplog.clear()
    # Left alone until it is tried again on purpose.
    run_schedule(at=now, skip=frozenset(failed))
    assert caplog.text == ""


def test_what_another_node_has_published_is_left_alone(now: datetime) -> None:
    article = publish(make_article("Done")).article
    revision = article.latest_revision
    before = PageLogEntry.objects.count()
    schedule.publish_revision(revision.pk, now)
    schedule.expire(Page, article.pk, now)
    assert PageLogEntry.objects.count() == before


def test_a_look_costs_two_queries_and_both_use_an_index(
    now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2) as looked:
        run_schedule(at=now)
    for query in looked.captured_queries:
        assert uses_an_index(query["sql"]), query["sql"]


def uses_an_index(sql: str) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SET LOCAL enable_seqscan = off"
            )  # So few rows would be read without one.
        cursor.execute(
            ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql
        )
        plan = " ".join(str(part) for row in cursor.fetchall() for part in row)
    return re.search(r"ops_page_expiry|approved_go_live_at", plan) is not None


def test_every_kind_of_thing_that_can_be_scheduled_is_looked_at() -> None:
    names: list[Any] = [model._meta.label for model in schedule._models()]
    assert names[0] == "wagtailcore.Page"
    assert "editorial.Article" not in names
