"""A store that cannot be used, a view that fails, and many readers at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from copydesk.editorial.models import Publication
from copydesk.pagestore.actions import prune_expiries
from copydesk.pagestore.backends.store import StoreUnusable
from copydesk.pagestore.models import Expiry
from tests.factories.pages import environ

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import Settings

    from copydesk.editorial.models import PublishedArticle
    from tests.factories.pages import Node

pytestmark = pytest.mark.django_db


def test_a_view_that_fails_is_not_stored_and_frees_the_page_for_the_next(
    node: Node, article: PublishedArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.get(article.path)
    assert node.store
    node.store.apply([_expiry(node, f"article:{article.pk}")])
    with monkeypatch.context() as patch:
        patch.setattr("copydesk.editorial.views.pages.article_view", _explode)
        assert node.get(article.path).status == 500
    assert "Weirs" in node.get(article.path).text


def _explode(*_args: object, **_more: object) -> None:
    raise ZeroDivisionError


def _expiry(node: Node, tag: str) -> Any:
    from copydesk.pagestore.backends.store import Applied

    assert node.store
    return Applied((node.store.position or 0) + 1, [tag])


def test_a_site_with_a_full_disk_goes_on_without_the_store_and_says_so_once(
    node: Node,
    article: PublishedArticle,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_args: object) -> None:
        raise StoreUnusable("No space left on device")

    assert node.store
    monkeypatch.setattr(node.store, "put", full)
    for _reader in range(5):
        assert "Weirs" in node.get(article.path).text
    assert len(node.made) == 5
    warnings = [record for record in caplog.records if record.name == "copydesk.pages"]
    assert len(warnings) == 1
    assert "No space left" in warnings[0].getMessage()


def test_while_the_database_cannot_be_asked_nothing_is_served_from_the_store(
    node: Node, article: PublishedArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away() -> int:
        raise OperationalError("gone")

    node.get(article.path)
    monkeypatch.setattr("copydesk.pagestore.actions.last_expiry", away)
    node.front.watch.good_until = 0
    made = len(node.made)
    node.get(article.path)
    assert len(node.made) == made + 1


def test_the_store_is_made_anew_behind_a_restored_database(
    node: Node, article: PublishedArticle
) -> None:
    node.get(article.path)
    assert node.store
    node.store.apply([_expiry(node, "other:1")] * 1)
    before = node.store.position or 0
    node.store.start_at(before + 1_000)
    node.front.watch.good_until = 0
    node.get(article.path)
    assert node.is_stored(article.path)
    assert node.store.position
    assert node.store.position <= before


def test_an_answer_that_was_looked_up_before_an_expiry_is_not_kept_after_it(
    node: Node, article: PublishedArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread finds a page that counts; before it keeps the answer, another learns that the page has changed."""
    node.get(article.path)
    node.front.hot.clear()
    assert node.store
    plain = node.store.get

    def overtaken(key: bytes) -> Any:
        found = plain(key)
        assert node.store
        node.store.apply([_expiry(node, f"article:{article.pk}")])
        node.front.hot.clear()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(node.store, "get", overtaken)
        node.get(article.path)
    assert not node.front.hot.answers


@pytest.mark.django_db(transaction=True)
def test_after_an_expiry_one_makes_the_page_for_all_who_wait(
    node: Node, article: PublishedArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.get(article.path)
    made, begun, go_on = len(node.made), threading.Event(), threading.Event()
    plain = node.front.app

    def slowly(request: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        begun.set()
        assert go_on.wait(10)
        return plain(request, start_response)

    monkeypatch.setattr(node.front, "app", slowly)
    settings = Publication.load()
    settings.tagline = "Changed"
    settings.save(update_fields=["tagline"])
    answers: list[str] = []

    def read(cookie: str) -> None:
        answers.append(node.get(article.path, HTTP_COOKIE=cookie).text)
        connection.close()

    readers = [threading.Thread(target=read, args=("x=1",)) for _reader in range(8)]
    for reader in readers:
        reader.start()
    assert begun.wait(10)
    go_on.set()
    for reader in readers:
        reader.join()
    assert len(node.made) == made + 1
    assert len(answers) == 8
    assert all("Changed" in answer for answer in answers)


@pytest.mark.django_db(transaction=True)
def test_who_need_not_wait_gets_the_page_from_before_while_it_is_young(
    node: Node, article: PublishedArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.get(article.path)
    settings = Publication.load()
    settings.tagline = "Changed"
    settings.save(update_fields=["tagline"])
    assert node.store
    key = node.front._read(environ(article.path))
    assert key
    assert node.store.claim(key.place.digest, patience=60), "somebody else makes it"
    assert "Changed" not in node.get(article.path).text
    monkeypatch.setattr("copydesk.pagestore.middleware.watch.BOUND_SECONDS", 0.0)
    monkeypatch.setattr("copydesk.pagestore.middleware.front.PATIENCE_SECONDS", 0.05)
    assert "Changed" in node.get(article.path).text, "too old to be served: made again"


def test_what_is_kept_of_expiries_has_no_holes(
    node: Node, article: PublishedArticle, settings: Settings
) -> None:
    """One that a network still waits for keeps all that come after it; without a network none does."""
    old = datetime(2026, 1, 1, tzinfo=UTC)
    Expiry.objects.all().delete()
    rows = [Expiry.objects.create(tags=f"article:{number}", created_at=old) for number in range(5)]
    Expiry.objects.filter(pk=rows[1].pk).update(purge_due_at=old)
    settings.COPYDESK_PURGE_URL = "varnish://127.0.0.1:6081"
    assert prune_expiries(at=old + timedelta(days=30)) == 1
    assert prune_expiries(at=old + timedelta(days=30)) == 0
    settings.COPYDESK_PURGE_URL = ""
    assert prune_expiries(at=old + timedelta(days=30)) == 3
    assert list(Expiry.objects.values_list("pk", flat=True)) == [rows[4].pk]
