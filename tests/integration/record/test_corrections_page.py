"""The public list of notices, its feeds and its numbers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.models import Article, Publication, PublishedArticle
from copydesk.pagestore.models import Expiry
from copydesk.record.actions.noticing import Occasion
from copydesk.record.models import NoticeKind, Severity
from tests.factories.editorial import make_article, make_static_page, publish
from tests.factories.notices import WRONG_YEAR, notify, one

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings
    from time_machine import TimeMachineFixture

    from copydesk.editorial.models import FrontPage

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def told(front_page: FrontPage, time_machine: TimeMachineFixture) -> PublishedArticle:
    time_machine.move_to(MAY - timedelta(days=1))
    return publish(make_article("The fire"))


def shown(client: Client, address: str = "/corrections/") -> LexborHTMLParser:
    response = client.get(address)
    assert response.status_code == 200
    return LexborHTMLParser(response.content)


def texts(page: LexborHTMLParser) -> list[str]:
    return [node.text().strip() for node in page.css(".erratum__text")]


def test_where_nothing_was_wrong_the_page_says_so(front_page: FrontPage, client: Client) -> None:
    assert "We have not had to correct anything yet." in shown(client).text()


def test_notices_are_listed_newest_first_with_their_articles(
    told: PublishedArticle, client: Client
) -> None:
    notify(told, "First.", at=MAY)
    notice = notify(told, "Second.", at=MAY + timedelta(days=1))
    page = shown(client)
    assert texts(page) == ["Second.", "First."]
    link = page.css(".erratum h2 a")[0]
    assert link.text().strip() == "The fire"
    assert link.attributes["href"] == f"{told.path}#notice-{str(notice.uuid)[:8]}"


def test_they_are_narrowed_by_kind_and_year(told: PublishedArticle, client: Client) -> None:
    notify(told, "Of 2026.", at=MAY)
    notify(told, "An update.", kind=NoticeKind.UPDATE, at=MAY)
    notify(told, "Of 2027.", at=MAY.replace(year=2027))
    assert texts(shown(client, "/corrections/?kind=correction")) == ["Of 2027.", "Of 2026."]
    page = shown(client, "/corrections/?kind=correction&year=2026")
    assert texts(page) == ["Of 2026."]
    current = [node.text().strip() for node in page.css('.months [aria-current="page"]')]
    assert current == ["Correction", "2026"]
    robots = one(page, 'meta[name="robots"]').attributes["content"]
    assert robots == "noindex, follow"
    assert "There is no such notice." in shown(client, "/corrections/?kind=retraction").text()


@pytest.mark.parametrize(
    "query", ["kind=%00", "kind=<script>", "year=0000", "year=99999", "year=²⁰²⁶", "before=x"]
)
def test_odd_filters_narrow_nothing(told: PublishedArticle, client: Client, query: str) -> None:
    notify(told)
    assert texts(shown(client, f"/corrections/?{query}")) == [WRONG_YEAR]


def test_a_long_list_has_pages(told: PublishedArticle, client: Client) -> None:
    for number in range(27):
        notify(told, f"Error {number}.", at=MAY + timedelta(minutes=number))
    page = shown(client, "/corrections/?kind=correction")
    assert len(texts(page)) == 25
    older = one(page, '.older-newer [rel="next"]').attributes["href"]
    assert older
    assert texts(shown(client, older)) == ["Error 1.", "Error 0."]


def test_the_page_asks_little_of_the_database(told: PublishedArticle, client: Client) -> None:
    other = publish(make_article("Another"))
    for number in range(6):
        notify([told, other][number % 2], f"Error {number}.", at=MAY + timedelta(days=number))
    client.get("/corrections/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/corrections/")
    assert len(queries) == 6


def test_years_are_counted_with_the_time_that_corrections_took(
    told: PublishedArticle, client: Client
) -> None:
    for days in (1, 3, 30):
        occasion = Occasion(learned_at=MAY - timedelta(days=days))
        notify(told, occasion=occasion, at=MAY)
    notify(told, kind=NoticeKind.UPDATE, at=MAY)
    notify(told, at=MAY.replace(year=2027))
    years = [" ".join(node.text().split()) for node in shown(client).css(".facts > div")]
    assert years == [
        "2027 Correction: 1",
        "2026 Update: 1 · Correction: 3 half of them within 3 days of hearing of the error",
    ]


def test_the_notice_of_an_article_that_is_withdrawn_stays(
    told: PublishedArticle, client: Client
) -> None:
    notify(told)
    before = set(client.get("/corrections/")["Surrogate-Key"].split())
    last = Expiry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    Article.objects.get(pk=told.pk).unpublish()
    page = shown(client)
    assert texts(page) == [WRONG_YEAR]
    assert "An article that is no longer published" in page.text()
    assert "The fire" not in page.text()
    ended = {tag for row in Expiry.objects.filter(pk__gt=last) for tag in row.tags.split()}
    assert before & ended


def test_a_new_notice_ends_the_stored_list(told: PublishedArticle, client: Client) -> None:
    shown_tags = set(client.get("/corrections/")["Surrogate-Key"].split()) - {"layout"}
    notify(told)
    ended = {tag for row in Expiry.objects.all() for tag in row.tags.split()}
    assert shown_tags & ended == {"notices"}


def test_hostile_text_is_text_in_the_list_and_the_feeds(
    front_page: FrontPage, client: Client
) -> None:
    notify(publish(make_article(HOSTILE)), HOSTILE)
    assert texts(shown(client)) == [HOSTILE]
    assert one(shown(client), ".erratum h2").text().strip() == HOSTILE
    atom = etree.fromstring(client.get("/corrections/feed/atom.xml").content)
    [item] = json.loads(client.get("/corrections/feed/feed.json").content)["items"]
    for html in (atom.findtext(f"{ATOM}entry/{ATOM}content") or "", item["content_html"]):
        assert LexborHTMLParser(html).css("script") == []
        assert LexborHTMLParser(html).css("p")[0].text() == HOSTILE
    assert b"<script>" not in client.get("/corrections/feed/rss.xml").content


def test_the_atom_feed_has_every_notice(told: PublishedArticle, client: Client) -> None:
    notice = notify(told, at=MAY, severity=Severity.SUBSTANTIVE)
    response = client.get("/corrections/feed/atom.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.content)
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{notice.uuid}"
    assert entry.findtext(f"{ATOM}title") == "Correction: The fire"
    assert entry.findtext(f"{ATOM}updated") == "2026-05-04T12:00:00Z"
    assert WRONG_YEAR in (entry.findtext(f"{ATOM}content") or "")
    etag = response["ETag"]
    again = client.get("/corrections/feed/atom.xml", headers={"if-none-match": etag})
    assert again.status_code == 304


def test_the_json_feed_has_every_notice(told: PublishedArticle, client: Client) -> None:
    notify(told)
    feed = json.loads(client.get("/corrections/feed/feed.json").content)
    [item] = feed["items"]
    assert item["url"].startswith(f"{told.full_url}#notice-")
    assert item["summary"] == WRONG_YEAR


def test_every_footer_leads_to_the_list(told: PublishedArticle, client: Client) -> None:
    for path in ("/", told.path, "/corrections/", "/nothing-here/"):
        page = LexborHTMLParser(client.get(path).content)
        assert page.css('.site-footer a[href="/corrections/"]'), path


def test_the_policy_is_the_list_unless_the_publication_has_one(
    told: PublishedArticle, client: Client, settings: Settings
) -> None:
    base = settings.COPYDESK_BASE_URL
    assert f'"correctionsPolicy":"{base}/corrections/"' in _page(client, told)
    policy = make_static_page("How we correct")
    publication = Publication.load()
    publication.corrections_page = policy
    publication.save(update_fields=["corrections_page"])
    assert f'"correctionsPolicy":"{base}/{policy.slug}/"' in _page(client, told)
    links = [node.attributes["href"] for node in shown(client).css(".listing-head a")]
    assert f"/{policy.slug}/" in links


def _page(client: Client, published: PublishedArticle) -> str:
    return client.get(published.path).content.decode()
