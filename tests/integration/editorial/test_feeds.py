"""Feeds: who gets what, what it costs, and what never leaks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from lxml import etree

from copydesk.editorial.models import Byline, BylineRole, Publication, PublishedArticle, Visibility
from copydesk.editorial.queries import feeds as queries
from tests.factories.editorial import (
    block,
    make_article,
    make_attachment,
    make_person,
    make_picture,
    make_topic,
    publish,
)
from tests.factories.members import make_member

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

FILES = ("rss.xml", "atom.xml", "feed.json")
SITE = settings.COPYDESK_BASE_URL
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "the vault stands open"
PAGE_SIZE = 3


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds for three entries a page holds for twenty-five."""
    monkeypatch.setattr(queries, "PAGE_SIZE", PAGE_SIZE)


def read(client: Client, address: str, **headers: str) -> Any:
    return client.get(address, headers=headers)


def entries(client: Client, address: str = "/feed/feed.json") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(read(client, address).content)["items"]
    return items


def published_many(count: int, **fields: Any) -> None:
    for number in range(count):
        publish(make_article(f"Part {number}", dated_at=START + timedelta(hours=number), **fields))


@pytest.mark.parametrize(
    ("file", "type_"),
    [
        ("rss.xml", "application/rss+xml; charset=utf-8"),
        ("atom.xml", "application/atom+xml; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
    ],
)
def test_each_format_says_what_it_is(client: Client, file: str, type_: str) -> None:
    response = read(client, f"/feed/{file}")
    assert (response.status_code, response["Content-Type"]) == (200, type_)
    assert response["Content-Language"] == "en"


def test_the_address_other_systems_use_leads_to_the_feed(client: Client) -> None:
    response = read(client, "/feed/")
    assert (response.status_code, response["Location"]) == (301, "/feed/rss.xml")


@pytest.mark.parametrize("address", ["/topics/none/feed/rss.xml", "/people/none/feed/atom.xml"])
def test_a_feed_that_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert read(client, address).status_code == 404


def test_only_published_articles_are_carried(client: Client) -> None:
    make_article("Draft")
    gone = make_article("Gone")
    publish(gone)
    gone.unpublish()
    publish(make_article("There"))
    assert [entry["title"] for entry in entries(client)] == ["There"]


def test_an_entry_carries_the_whole_text_and_everybody_named(client: Client) -> None:
    rosa, theo = make_person("Rosa Reporter"), make_person("Theo Thinker")
    picture = make_picture(description="A bridge in fog", credit="Lena Lens")
    article = make_article(
        "On bridges",
        body=["First words.", "Last words."],
        by=[rosa, theo],
        topics=["Health", "Transport"],
        standfirst="Why they stand.",
        lead_picture=picture,
        lead_caption="<p>Dawn</p>",
    )
    article.bylines.add(Byline(person=make_person("Lena Lens"), role=BylineRole.PHOTOGRAPHER))
    article.save_revision()
    publish(article)
    (entry,) = entries(client)
    assert [author["name"] for author in entry["authors"]] == ["Rosa Reporter", "Theo Thinker"]
    assert entry["authors"][0]["url"] == f"{SITE}/people/rosa-reporter/"
    assert (entry["tags"], entry["summary"]) == (["Health", "Transport"], "Why they stand.")
    assert entry["image"].startswith(f"{SITE}/images/")
    for words in ("First words.", "Last words.", 'alt="A bridge in fog"', "Dawn", "Lena Lens"):
        assert words in entry["content_html"]
    rss = etree.fromstring(read(client, "/feed/rss.xml").content)
    dublin = {"dc": "http://purl.org/dc/elements/1.1/"}
    assert rss.xpath("//dc:creator/text()", namespaces=dublin) == ["Rosa Reporter", "Theo Thinker"]
    assert rss.xpath("//dc:contributor/text()", namespaces=dublin) == ["Lena Lens"]
    atom = etree.fromstring(read(client, "/feed/atom.xml").content)
    assert [name.text for name in atom.iterfind(f"{ATOM}entry/{ATOM}author/{ATOM}name")] == [
        "Rosa Reporter",
        "Theo Thinker",
    ]


def test_what_can_be_heard_is_attached(client: Client) -> None:
    sound = make_attachment("Episode", content=b"ID3", name="episode 1.mp3")
    publish(
        make_article(
            "Heard",
            body=[
                block(
                    "audio", {"file": sound.pk, "title": "Episode", "caption": "", "transcript": ""}
                )
            ],
        )
    )
    (entry,) = entries(client)
    (attachment,) = entry["attachments"]
    assert attachment["mime_type"] == "audio/mpeg"
    assert attachment["url"].startswith(f"{SITE}/files/{sound.pk}/")
    enclosure = etree.fromstring(read(client, "/feed/rss.xml").content).find(
        "channel/item/enclosure"
    )
    assert enclosure is not None
    assert (enclosure.get("url"), enclosure.get("type"), enclosure.get("length")) == (
        attachment["url"],
        "audio/mpeg",
        "0",
    )


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.PAID])
def test_gated_text_never_leaks(client: Client, file: str, visibility: Visibility) -> None:
    body: list[Any] = ["Everybody may read this.", block("preview_end"), SECRET]
    publish(
        make_article(
            "With a preview",
            body=body,
            visibility=visibility,
            topics=["Money"],
            by=["Rosa Reporter"],
        )
    )
    publish(
        make_article(
            "Without", body=[SECRET], visibility=visibility, topics=["Money"], by=["Rosa Reporter"]
        )
    )
    for start in ("", "/topics/money", "/people/rosa-reporter"):
        content = read(client, f"{start}/feed/{file}").content.decode()
        assert SECRET not in content
        assert content.count("The rest of this article is for members.") == 2
        assert "Everybody may read this." in content


def test_members_get_no_more_than_everybody(client: Client) -> None:
    """Feeds are stored by readers and shared: who is signed in makes no difference."""
    publish(make_article("Gated", body=[SECRET], visibility=Visibility.MEMBERS))
    client.force_login(make_member("ada"), backend="django.contrib.auth.backends.ModelBackend")
    assert SECRET not in read(client, "/feed/rss.xml").content.decode()


def test_topic_and_person_feeds_hold_their_own(client: Client) -> None:
    publish(make_article("Of both", topics=["Health"], by=["Rosa Reporter"]))
    publish(make_article("Of neither", topics=["Money"], by=["Theo Thinker"]))
    assert [entry["title"] for entry in entries(client, "/topics/health/feed/feed.json")] == [
        "Of both"
    ]
    assert [
        entry["title"] for entry in entries(client, "/people/rosa-reporter/feed/feed.json")
    ] == ["Of both"]


def test_two_roles_on_one_article_are_one_entry(client: Client) -> None:
    rosa = make_person("Rosa Reporter")
    article = make_article("Her own pictures", by=[rosa])
    article.bylines.add(Byline(person=rosa, role=BylineRole.PHOTOGRAPHER))
    article.save_revision()
    publish(article)
    assert [
        entry["title"] for entry in entries(client, "/people/rosa-reporter/feed/feed.json")
    ] == ["Her own pictures"]


@pytest.mark.parametrize("start", ["", "/topics/health", "/people/rosa-reporter"])
def test_following_next_reaches_every_article_once(client: Client, start: str) -> None:
    published_many(PAGE_SIZE * 2 + 3, topics=["Health"], by=["Rosa Reporter"])
    address, seen = f"{start}/feed/feed.json", []
    while address:
        page = json.loads(read(client, address).content)
        assert page["feed_url"] == f"{SITE}{address}"
        seen += [entry["title"] for entry in page["items"]]
        address = page.get("next_url", "").removeprefix(SITE)
    assert seen == [f"Part {number}" for number in reversed(range(PAGE_SIZE * 2 + 3))]


def test_xml_feeds_name_their_neighbors(client: Client) -> None:
    published_many(PAGE_SIZE + 1)
    for file in ("rss.xml", "atom.xml"):
        first = etree.fromstring(read(client, f"/feed/{file}").content)
        older = links(first)["next"]
        second = links(etree.fromstring(read(client, older).content))
        assert (second["self"], second["first"]) == (older, f"{SITE}/feed/{file}")
        assert "next" not in second
        assert "after=" in second["previous"]


def links(root: etree._Element) -> dict[str, str]:
    own = [*root.findall(f"{ATOM}link"), *root.findall(f"channel/{ATOM}link")]
    return {
        link.get("rel", ""): link.get("href", "") for link in own if link.get("rel") != "alternate"
    }


def test_a_position_that_cannot_be_read_gives_the_first_page(client: Client) -> None:
    publish(make_article("There"))
    page = json.loads(read(client, "/feed/feed.json?before=nonsense").content)
    assert page["feed_url"] == f"{SITE}/feed/feed.json"
    assert len(page["items"]) == 1


@pytest.mark.parametrize("file", FILES)
def test_the_id_outlives_the_address(client: Client, file: str) -> None:
    article = make_article("Moves", slug="before")
    publish(article)
    before = read(client, f"/feed/{file}").content.decode()
    article.slug = "after"
    article.save_revision().publish()
    after = read(client, f"/feed/{file}").content.decode()
    name = f"urn:uuid:{article.translation_key}"
    assert name in before
    assert name in after
    assert "/after/" in after
    assert "/before/" not in after


@pytest.mark.parametrize(
    "address",
    ["/feed/rss.xml", "/topics/health/feed/atom.xml", "/people/rosa-reporter/feed/feed.json"],
)
def test_what_has_not_changed_is_not_sent_again(client: Client, address: str) -> None:
    publish(make_article("Old", topics=["Health"], by=["Rosa Reporter"]))
    first = read(client, address)
    again = read(client, address, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert read(client, address, if_modified_since=first["Last-Modified"]).status_code == 304
    publish(make_article("New", topics=["Health"], by=["Rosa Reporter"]))
    assert read(client, address, if_none_match=first["ETag"]).status_code == 200


def test_every_change_of_an_entry_is_sent(client: Client) -> None:
    article = make_article("Old")
    publish(article)
    tags = [read(client, "/feed/rss.xml")["ETag"]]
    article.title = "New"
    article.save_revision().publish()
    tags.append(read(client, "/feed/rss.xml")["ETag"])
    article.unpublish()
    tags.append(read(client, "/feed/rss.xml")["ETag"])
    Publication.objects.update_or_create(defaults={"name": "Another name"})
    tags.append(read(client, "/feed/rss.xml")["ETag"])
    tags.append(read(client, "/feed/atom.xml")["ETag"])
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    ("start", "unchanged", "whole"),
    [("", 2, 5), ("/topics/health", 3, 6), ("/people/rosa-reporter", 3, 6)],
)
@pytest.mark.parametrize("file", FILES)
def test_the_cost_is_bounded(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    start: str,
    unchanged: int,
    whole: int,
    file: str,
) -> None:
    picture = make_picture()
    published_many(
        PAGE_SIZE + 2,
        topics=["Health", "Money"],
        by=["Rosa Reporter", "Theo Thinker"],
        lead_picture=picture,
    )
    Publication.load()
    address = f"{start}/feed/{file}"
    with django_assert_num_queries(whole):
        response = read(client, address)
    with django_assert_num_queries(unchanged):
        read(client, address, if_none_match=response["ETag"])


def test_an_unchanged_feed_reads_no_text(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(make_article("There"))
    etag = read(client, "/feed/rss.xml")["ETag"]
    with django_assert_num_queries(2) as captured:
        read(client, "/feed/rss.xml", if_none_match=etag)
    assert not any("body_html" in query["sql"] for query in captured.captured_queries)


def test_only_get_and_head_are_answered(client: Client) -> None:
    assert client.head("/feed/rss.xml").status_code == 200
    assert client.post("/feed/rss.xml").status_code == 405


def test_a_reader_may_be_behind_on_any_host(client: Client) -> None:
    """Addresses are the publication's own, whatever host a request names."""
    publish(make_article("There"))
    content = client.get("/feed/rss.xml", headers={"host": "127.0.0.1:9999"}).content.decode()
    assert "127.0.0.1" not in content
    assert f"{SITE}/" in content


def test_the_language_of_an_article_is_told_where_it_differs(client: Client) -> None:
    publish(make_article("عن الجسور", language="ar"))
    publish(make_article("On bridges"))
    by_title = {entry["title"]: entry.get("language") for entry in entries(client)}
    assert by_title == {"عن الجسور": "ar", "On bridges": None}


def test_words_around_entries_are_in_the_publications_language(client: Client) -> None:
    publish(make_article("Gated", body=[SECRET], visibility=Visibility.MEMBERS))
    english = read(client, "/feed/rss.xml")
    arabic = read(client, "/feed/rss.xml", accept_language="ar")
    assert english.content == arabic.content


def test_published_rows_alone_are_read(client: Client) -> None:
    publish(make_article("There", slug="there"))
    PublishedArticle.objects.update(headline="As readers get it")
    assert [entry["title"] for entry in entries(client)] == ["As readers get it"]


def test_a_topic_that_was_renamed_is_sent_again(client: Client) -> None:
    topic = make_topic("Health")
    etag = read(client, "/topics/health/feed/rss.xml")["ETag"]
    topic.name = "Well-being"
    topic.save(update_fields=["name"])
    assert read(client, "/topics/health/feed/rss.xml", if_none_match=etag).status_code == 200
