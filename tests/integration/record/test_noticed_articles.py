"""What readers, feeds and search engines get of an article that has notices."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from copydesk.editorial.models import Article, PublishedArticle
from copydesk.kit import clock
from copydesk.pagestore.models import Expiry
from copydesk.record.actions.noticing import Occasion
from copydesk.record.models import NoticeKind, Severity
from tests.factories.editorial import block, make_article, make_topic, publish
from tests.factories.notices import WRONG_YEAR, notify, one

if TYPE_CHECKING:
    from django.test import Client
    from time_machine import TimeMachineFixture

    from copydesk.editorial.models import FrontPage

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script> & "quoted" </aside>'
TEXT = block(
    "text",
    '<p data-block-key="aaaaa">It burnt in 1978.</p><p data-block-key="bbbbb">Nobody was hurt.</p>',
)
IMAGELESS = block("pullquote", {"text": "It burnt.", "attribution": ""})


@pytest.fixture
def told(front_page: FrontPage, time_machine: TimeMachineFixture) -> PublishedArticle:
    time_machine.move_to(datetime(2027, 2, 1, tzinfo=UTC))
    return publish(make_article("The fire", body=[TEXT, IMAGELESS], topics=[make_topic("Fires")]))


def page_of(client: Client, published: PublishedArticle) -> LexborHTMLParser:
    response = client.get(published.path)
    assert response.status_code == 200
    return LexborHTMLParser(response.content)


def work(page: LexborHTMLParser) -> dict[str, Any]:
    graph = json.loads(one(page, 'script[type="application/ld+json"]').text())["@graph"]
    found: dict[str, Any] = graph[0]
    return found


def test_the_article_shows_the_notice_and_a_mark_beside_its_date(
    told: PublishedArticle, client: Client
) -> None:
    at = clock.now() + timedelta(days=2)
    notice = notify(told, at=at)
    page = page_of(client, told)
    shown = one(page, ".errata--bottom .erratum")
    assert WRONG_YEAR in shown.text()
    assert shown.attributes["id"] == f"notice-{str(notice.uuid)[:8]}"
    mark = one(page, ".article-head .corrected")
    assert mark.attributes["href"] == f"#{shown.attributes['id']}"
    assert mark.text().startswith("Corrected")
    assert "Updated" not in one(page, ".article-head .meta").text(), "the mark says it"


def test_a_change_on_a_later_day_is_told_beside_the_mark(
    told: PublishedArticle, client: Client
) -> None:
    notify(told, at=clock.now() + timedelta(days=2))
    PublishedArticle.objects.update(updated_at=clock.now() + timedelta(days=4))
    assert "Updated" in one(page_of(client, told), ".article-head .meta").text()


def test_what_is_substantive_stands_above_the_text(told: PublishedArticle, client: Client) -> None:
    notify(told, severity=Severity.SUBSTANTIVE)
    page = page_of(client, told)
    assert WRONG_YEAR in one(page, ".errata--top").text()
    said = one(page, "article").text()
    assert said.index(WRONG_YEAR) < said.index("It burnt in 1978.")


def test_a_notice_is_linked_with_the_paragraph_it_is_about(
    told: PublishedArticle, client: Client
) -> None:
    notice = notify(told, places=[f"{TEXT['id']}.bbbbb"])
    page = page_of(client, told)
    mark = one(page, ".prose .noticed")
    assert mark.parent.text().endswith("Nobody was hurt.")
    assert mark.attributes["href"] == f"#notice-{str(notice.uuid)[:8]}"
    back = one(page, ".erratum a")
    assert back.attributes["href"] == f"#{mark.attributes['id']}"


def test_a_notice_is_linked_with_a_block(told: PublishedArticle, client: Client) -> None:
    notify(told, places=[IMAGELESS["id"]])
    assert one(page_of(client, told), ".prose .noticed-block + *").text().strip() == "It burnt."


def test_the_mark_stays_at_a_paragraph_that_was_rewritten(
    told: PublishedArticle, client: Client
) -> None:
    notify(told, places=[f"{TEXT['id']}.aaaaa"])
    article = Article.objects.get(pk=told.pk)
    article.body = [{**TEXT, "value": TEXT["value"].replace("1978", "1987")}]
    article.save_revision()
    publish(article)
    mark = one(page_of(client, told), ".prose .noticed")
    assert mark.parent.text().endswith("It burnt in 1987.")


def test_a_paragraph_that_is_gone_leaves_the_mark_at_its_block_or_nowhere(
    told: PublishedArticle, client: Client
) -> None:
    notify(told, places=[f"{TEXT['id']}.ccccc", "another-block"])
    page = page_of(client, told)
    assert one(page, ".prose .noticed").parent.text().endswith("It burnt in 1978.")
    assert "<!--block" not in client.get(told.path).content.decode()


def test_a_retracted_article_keeps_its_address_and_text(
    told: PublishedArticle, client: Client
) -> None:
    notify(told, "We retract this article.", kind=NoticeKind.RETRACTION)
    page = page_of(client, told)
    assert " ".join(one(page, "h1").text().split()) == "Retracted: The fire"
    assert one(page, "title").text().strip().startswith("Retracted: The fire")
    assert one(page, 'meta[name="robots"]').attributes["content"] == "noindex, follow"
    assert one(page, ".errata--top .erratum--retraction")
    assert "It burnt in 1978." in page.text()
    node = work(page)
    assert node["creativeWorkStatus"] == "Retracted"
    assert node["headline"] == "Retracted: The fire"
    assert "Retracted" in one(LexborHTMLParser(client.get("/").content), ".card .kicker").text()
    assert "Retracted: The fire" in client.get("/feed/atom.xml").content.decode()
    assert told.path not in client.get("/sitemap-news.xml").content.decode()
    assert told.path in client.get("/sitemap-articles-1.xml").content.decode()


def test_structured_data_holds_the_notices(told: PublishedArticle, client: Client) -> None:
    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    notify(told, at=at)
    node = work(page_of(client, told))
    [comment] = node["correction"]
    assert comment["@type"] == "CorrectionComment"
    assert comment["text"] == WRONG_YEAR
    assert comment["datePublished"] == node["dateModified"] == "2027-03-01T09:00:00+00:00"
    assert comment["url"].startswith(told.full_url + "#notice-")


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml", "feed.json"])
def test_feeds_say_it_above_the_text(told: PublishedArticle, client: Client, name: str) -> None:
    paths = [f"/feed/{name}", f"/topics/fires/feed/{name}"]
    before = [client.get(path) for path in paths]
    notify(told, at=datetime(2027, 3, 1, 9, tzinfo=UTC))
    for path, earlier in zip(paths, before, strict=True):
        after = client.get(path)
        assert after["ETag"] != earlier["ETag"]
        body = after.content.decode()
        assert body.index(WRONG_YEAR) < body.index("It burnt in 1978.")
        assert "2027-03-01T09:00:00Z" in body or "01 Mar 2027 09:00:00 GMT" in body
        assert "--block" not in body


def test_the_sitemap_says_when(told: PublishedArticle, client: Client) -> None:
    notify(told, at=datetime(2027, 3, 1, 9, tzinfo=UTC))
    assert "2027-03-01T09:00:00" in client.get("/sitemap-articles-1.xml").content.decode()


def test_everybody_sees_the_notices_of_an_article_for_members(
    front_page: FrontPage, client: Client
) -> None:
    body: list[dict[str, Any] | str] = ["Open.", block("preview_end"), TEXT]
    gated = publish(make_article("For members", body=body, visibility="members"))
    notify(gated, places=[f"{TEXT['id']}.aaaaa"])
    page = page_of(client, gated)
    assert WRONG_YEAR in page.text()
    assert "It burnt in 1978." not in page.text()
    assert page.css(".erratum__links") == [], "the passage is not in this page"


@pytest.mark.parametrize("kind", [NoticeKind.CORRECTION, NoticeKind.RETRACTION])
def test_hostile_text_is_shown_as_text(
    told: PublishedArticle, client: Client, kind: NoticeKind
) -> None:
    notify(told, HOSTILE, kind=kind, places=["<script>", f"{TEXT['id']}.</p>"])
    page = page_of(client, told)
    assert HOSTILE in one(page, ".erratum").text()
    assert [node.text() for node in page.css("script") if "alert(1)</script>" in node.text()] == []
    for name in ("atom.xml", "rss.xml", "feed.json"):
        feed = client.get(f"/feed/{name}").content.decode()
        assert "<script>alert" not in feed
        assert "&lt;script&gt;" in feed or "&amp;lt;script&amp;gt;" in feed


def test_a_corrected_notice_and_its_correction_name_each_other(
    told: PublishedArticle, client: Client
) -> None:
    first = notify(told)
    notify(told, "The year was 1986.", occasion=Occasion(corrects=first))
    links = [node.text() for node in page_of(client, told).css(".erratum__links a")]
    assert links == ["This notice has been corrected", "This corrects an earlier notice"]


def test_the_page_asks_no_more_of_the_database(told: PublishedArticle, client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(told.path)
        return len(queries)

    asked()
    before = asked()
    for number in range(5):
        notify(told, f"Error {number}", places=[f"{TEXT['id']}.aaaaa"])
    assert asked() == before <= 10


def test_pages_that_show_the_article_are_made_anew(told: PublishedArticle, client: Client) -> None:
    paths = [told.path, "/", "/feed/atom.xml", "/topics/fires/", "/topics/fires/feed/rss.xml"]
    shown = {path: set(client.get(path)["Surrogate-Key"].split()) for path in paths}
    last = Expiry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    notify(told)
    ended = {tag for row in Expiry.objects.filter(pk__gt=last) for tag in row.tags.split()}
    for path, tags in shown.items():
        assert tags & ended, path
