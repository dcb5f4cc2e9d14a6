"""Other sites tell us that they link to us: what is taken, what is not, and how often."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from copydesk.federation.actions.receiving import TooMany, take_mention, tidy_mentions
from copydesk.federation.logic import limits
from copydesk.federation.models import Receipt, ReceivedMention, ReceivedState
from copydesk.kit import clock
from tests.factories.editorial import make_article, make_static_page, publish
from tests.factories.mentions import ENDPOINT, make_received, ours, post
from tests.factories.reliance import make_resting, path_of

if TYPE_CHECKING:
    from pytest_django import Settings

    from copydesk.editorial.models import Article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page")]

SOURCE = "https://elsewhere.example/story"


@pytest.fixture
def article() -> Article:
    return make_resting("On bridges")


def take(article: Article, source: str = SOURCE, *, address: str = "192.0.2.1", at: Any) -> None:
    take_mention(source=source, target=ours(article), page=article, address=address, at=at)


def test_every_article_and_page_says_where_it_takes_webmentions(
    client: Client, article: Article
) -> None:
    page = make_static_page()
    for path in (path_of(article), "/" + page.url_path.split("/", 2)[2]):
        response = client.get(path)
        assert '<http://localhost:8000/webmention/>; rel="webmention"' in response["Link"]
        assert '<link rel="webmention" href="http://localhost:8000/webmention/">' in (
            response.content.decode()
        )


def test_one_that_is_taken_waits_to_be_looked_at(article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    response = post(client, f"{SOURCE}#fragment", ours(article))
    assert response.status_code == 202
    assert response["Content-Type"].startswith("text/plain")
    assert not response.cookies
    row = ReceivedMention.objects.get()
    assert (row.source, row.page_id, row.state) == (SOURCE, article.pk, ReceivedState.WAITING)


def test_a_static_page_and_an_old_address_can_be_targets(client: Client, article: Article) -> None:
    page = make_static_page()
    path = "/" + page.url_path.split("/", 2)[2]
    assert post(client, SOURCE, f"http://localhost:8000{path}").status_code == 202
    old = ours(article)
    article.slug = "moved"
    article.save_revision()
    publish(article)
    assert post(client, SOURCE, old).status_code == 202
    assert set(ReceivedMention.objects.values_list("page", flat=True)) == {page.pk, article.pk}


@pytest.mark.parametrize(
    ("source", "target", "field"),
    [
        ("", "", "source"),
        ("ftp://elsewhere.example/", "", "source"),
        ("elsewhere.example/story", "", "source"),
        ("javascript:alert(1)", "", "source"),
        ("http://user:secret@elsewhere.example/", "", "source"),
        ("http://[broken", "", "source"),
        (f"https://elsewhere.example/{'x' * 2_000}", "", "source"),
        ("https://elsewhere.example/\u202e", "", "source"),
        ("{ours}", "", "source"),
        (SOURCE, "-", "target"),
        (SOURCE, "ftp://localhost:8000/", "target"),
        (SOURCE, "https://elsewhere.example/story", "target"),
        (SOURCE, "http://localhost:8000.elsewhere.example/on-bridges/", "target"),
        (SOURCE, "http://localhost:8000/nothing-here/", "target"),
        (SOURCE, "http://localhost:8000/not-yet/", "target"),
        (SOURCE, "http://localhost:8000/\x00", "target"),
        (SOURCE, f"http://localhost:8000/{'x' * 2_000}", "target"),
    ],
)
def test_what_is_wrong_is_named_and_not_kept(
    client: Client, article: Article, source: str, target: str, field: str
) -> None:
    make_article("Not yet")
    response = post(client, source.format(ours=ours(article)), target or ours(article))
    assert response.status_code == 400
    assert response.content.decode().startswith(f"{field}: ")
    assert not ReceivedMention.objects.exists()
    assert not Receipt.objects.exists()


def test_nothing_but_a_form_by_post_is_taken(client: Client, article: Article) -> None:
    said = {"source": SOURCE, "target": ours(article)}
    assert client.get(ENDPOINT, said).status_code == 405
    assert client.post(ENDPOINT, said).status_code == 400  # As multipart/form-data.
    assert client.post(ENDPOINT, said, content_type="application/json").status_code == 400
    assert not ReceivedMention.objects.exists()


def test_a_repeat_is_no_second_row_and_is_looked_at_once_more(
    client: Client, article: Article
) -> None:
    post(client, SOURCE, ours(article))
    post(client, SOURCE, ours(article).replace("http://localhost", "https://www.localhost"))
    row = ReceivedMention.objects.get()
    ReceivedMention.objects.update(
        state=ReceivedState.VERIFIED, verified_at=clock.now(), attempt_count=3
    )
    post(client, SOURCE, ours(article))
    row = ReceivedMention.objects.get()
    assert (row.state, row.attempt_count) == (ReceivedState.WAITING, 0)
    assert row.verified_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_that_come_at_once_are_one(article: Article) -> None:
    at = clock.now()

    def take_one(_number: int) -> None:
        try:
            take(article, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take_one, range(8)))
    assert ReceivedMention.objects.count() == 1
    assert Receipt.objects.count() == 8


@pytest.mark.parametrize(
    ("most", "source", "address"),
    [
        (limits.MOST_OF_HOST, "https://elsewhere.example/{n}", "192.0.2.{n}"),
        (limits.MOST_OF_SENDER, "https://site-{n}.example/", "192.0.2.1"),
        (limits.MOST_OF_SENDER, "https://site-{n}.example/", "2001:db8:0:1::{n}"),
        (limits.MOST_OF_ALL, "https://site-{n}.example/", "2001:db8:0:{n}::1"),
    ],
)
def test_so_many_within_an_hour_and_no_more(
    article: Article, most: int, source: str, address: str
) -> None:
    at = clock.now()
    for n in range(most):
        take(article, source.format(n=n), address=address.format(n=n), at=at)
    with pytest.raises(TooMany) as refused:
        take(article, source.format(n=most), address=address.format(n=most), at=at)
    assert refused.value.wait == limits.HOUR
    assert ReceivedMention.objects.count() == most
    take(article, source.format(n=most), address=address.format(n=most), at=at + limits.HOUR)
    assert ReceivedMention.objects.count() == most + 1
    assert Receipt.objects.count() == 1


def test_who_sends_too_much_is_told_when_to_come_again(client: Client, article: Article) -> None:
    sent_at = clock.now() - timedelta(minutes=50)
    rows = [
        Receipt(host="elsewhere.example", sender="x", received_at=sent_at)
        for _number in range(limits.MOST_OF_HOST)
    ]
    Receipt.objects.bulk_create(rows)
    response = post(client, SOURCE, ours(article))
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 600
    assert not ReceivedMention.objects.exists()


def test_no_more_wait_or_are_kept_unconfirmed_than_may(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_WAITING", 3)
    monkeypatch.setattr(limits, "MOST_UNVERIFIED", 4)
    at = clock.now()
    for number in range(4):
        make_received(
            article,
            f"https://old.example/{number}",
            state=ReceivedState.FAILED,
            verified_at=None,
            received_at=at - timedelta(hours=number),
        )
    for number in range(3):
        take(article, f"https://new.example/{number}", at=at)
    kept = set(ReceivedMention.objects.values_list("source", flat=True))
    assert kept == {"https://old.example/0", *(f"https://new.example/{n}" for n in range(3))}
    with pytest.raises(TooMany):
        take(article, "https://new.example/3", at=at)


def test_where_it_came_from_is_a_mark_and_forgotten_within_the_hour(
    client: Client, article: Article
) -> None:
    post(client, SOURCE, ours(article), REMOTE_ADDR="203.0.113.7")
    sender = Receipt.objects.get().sender
    assert re.fullmatch("[0-9a-f]{64}", sender)
    assert "203.0.113.7" not in str(list(ReceivedMention.objects.values_list()))
    tidy_mentions(at=clock.now() + limits.HOUR)
    assert not Receipt.objects.exists()


def test_what_was_never_confirmed_is_deleted_after_thirty_days(article: Article) -> None:
    at = clock.now()
    make_received(article)
    make_received(article, "https://a.example/", state=ReceivedState.FAILED, verified_at=None)
    make_received(article, "https://b.example/", state=ReceivedState.GONE, verified_at=None)
    assert tidy_mentions(at=at + timedelta(days=29)) == 0
    assert tidy_mentions(at=at + timedelta(days=31)) == 2
    assert ReceivedMention.objects.get().verified_at is not None


def test_taking_one_costs_few_queries(client: Client, article: Article, settings: Settings) -> None:
    settings.DEBUG = False
    with CaptureQueriesContext(connection) as queries:
        post(client, SOURCE, ours(article))
    assert len(queries) <= 14
    assert not any("session" in query["sql"] for query in queries)
