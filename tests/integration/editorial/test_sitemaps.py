"""Sitemaps, robots.txt, OpenSearch, the manifest and the icon, as robots and browsers get them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve
from lxml import etree

from copydesk.editorial.logic import discovery
from copydesk.editorial.models import Kind, Publication, PublishedArticle, Visibility
from copydesk.editorial.queries import sitemaps
from copydesk.kit import clock
from tests.factories.editorial import (
    front_page,
    make_article,
    make_picture,
    make_series,
    make_static_page,
    make_topic,
    publish,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries


pytestmark = pytest.mark.django_db

NAMESPACES = {
    "s": discovery.SITEMAP,
    "image": discovery.SITEMAP_IMAGE,
    "news": discovery.SITEMAP_NEWS,
}
SITE = settings.COPYDESK_BASE_URL


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    front_page()


def find(client: Client, address: str, path: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    found = etree.fromstring(response.content).xpath(f"{path}/text()", namespaces=NAMESPACES)
    return [str(text) for text in found]


def files(client: Client) -> list[str]:
    return [url.removeprefix(SITE) for url in find(client, "/sitemap.xml", "//s:sitemap/s:loc")]


def listed(client: Client) -> list[str]:
    """Everything that all files of the index list, but for the news."""
    return [
        url
        for file in files(client)
        if "news" not in file
        for url in find(client, file, "//s:url/s:loc")
    ]


def test_the_index_leads_to_every_page(client: Client) -> None:
    publish(
        make_article(
            "On bridges",
            slug="on-bridges",
            by=["Rosa Reporter"],
            topics=["Health"],
            series=make_series(),
        )
    )
    about = make_static_page("About us")
    make_topic("Nothing yet")
    found = listed(client)
    assert len(found) == len(set(found))
    expected = {"/", f"/{about.slug}/", "/on-bridges/", "/topics/health/", "/people/rosa-reporter/"}
    assert {url.removeprefix(SITE) for url in found} == {*expected, "/series/a-year-of-bridges/"}


def test_drafts_and_what_was_withdrawn_are_not_listed(client: Client) -> None:
    make_article("Draft")
    gone = make_article("Gone", topics=["Health"])
    publish(gone)
    gone.unpublish()
    assert [url for url in listed(client) if url != f"{SITE}/"] == []


def test_what_was_first_published_elsewhere_is_left_to_that_site(client: Client) -> None:
    publish(make_article("Borrowed", slug="borrowed", canonical_url="https://example.com/first/"))
    assert f"{SITE}/borrowed/" not in listed(client)
    assert f"{SITE}/sitemap-news.xml" not in files(client)


def test_gated_articles_are_listed_but_are_no_news(client: Client) -> None:
    publish(make_article("Gated", slug="gated", visibility=Visibility.PAID))
    assert f"{SITE}/gated/" in listed(client)
    assert find(client, "/sitemap-news.xml", "//news:title") == []


def test_files_are_cut_by_ids_and_empty_ones_left_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "FILE_SIZE", 2)
    articles = [publish(make_article(f"Part {number}")) for number in range(5)]
    articles[2].article.delete()
    articles[3].article.delete()
    names = [file for file in files(client) if "articles" in file]
    assert len(names) <= 3
    found = [url for name in names for url in find(client, name, "//s:url/s:loc")]
    assert found == [articles[place].full_url for place in (0, 1, 4)]


def test_the_cost_of_a_file_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        publish(
            make_article(
                f"Part {number}",
                lead_picture=make_picture(),
                by=["Rosa Reporter"],
                topics=["Health"],
            )
        )
    for file in files(client):
        with django_assert_num_queries(2 if "news" in file else 1):
            client.get(file)
    with django_assert_num_queries(
        2 * 4 + 1 + 1
    ):  # Each section with rows: one seek for its file, one for the end.
        client.get("/sitemap.xml")


def test_lastmod_is_when_the_article_last_changed(client: Client) -> None:
    published = publish(make_article("On bridges"))
    changed_at = published.updated_at.replace(microsecond=0) - timedelta(days=3)
    PublishedArticle.objects.update(updated_at=changed_at)
    (file,) = (name for name in files(client) if "articles" in name)
    assert find(client, file, "//s:lastmod") == [changed_at.isoformat()]


def test_the_lead_picture_is_listed(client: Client) -> None:
    publish(make_article("With a picture", lead_picture=make_picture()))
    (file,) = (name for name in files(client) if "articles" in name)
    (image,) = find(client, file, "//image:image/image:loc")
    assert resolve(urlsplit(image).path).url_name == "picture"


@pytest.mark.parametrize("name", ["sitemap-articles-99.xml", "sitemap-topics-1.xml"])
def test_a_file_with_nothing_in_it_is_not_there(client: Client, name: str) -> None:
    assert client.get(f"/{name}").status_code == 404


def test_an_unchanged_file_is_not_sent_again(client: Client) -> None:
    publish(make_article("On bridges"))
    for file in ("/sitemap.xml", *files(client)):
        first = client.get(file)
        again = client.get(file, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_news_are_the_public_articles_of_two_days(client: Client) -> None:
    now = clock.now()
    Publication.objects.update_or_create(defaults={"name": "The Daily & Co"})
    publish(make_article("New & <true>", slug="new"))
    publish(make_article("جديد", language="ar", dated_at=now - timedelta(hours=47)))
    publish(make_article("Old", dated_at=now - timedelta(hours=49)))
    publish(make_article("Not yet", dated_at=now + timedelta(hours=1)))
    publish(make_article("Paid for", kind=Kind.ADVERTISEMENT))
    assert find(client, "/sitemap-news.xml", "//news:title") == ["New & <true>", "جديد"]
    assert find(client, "/sitemap-news.xml", "//news:language") == ["en", "ar"]
    assert set(find(client, "/sitemap-news.xml", "//news:publication/news:name")) == {
        "The Daily & Co"
    }
    assert find(client, "/sitemap-news.xml", "//s:loc")[0] == f"{SITE}/new/"


def test_robots_are_kept_from_the_desk_and_led_to_the_sitemap(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /account/",
        "Disallow: /search/",
        "",
        f"Sitemap: {SITE}/sitemap.xml",
    ]


def test_browsers_learn_to_search(client: Client) -> None:
    Publication.objects.update_or_create(
        defaults={"name": "A publication with a long & winding name"}
    )
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = etree.fromstring(response.content)
    name = f"{{{discovery.OPENSEARCH}}}"
    assert len(root.findtext(f"{name}ShortName") or "") <= discovery.SHORT_NAME
    assert root.findtext(f"{name}LongName") == "A publication with a long & winding name"
    templates = {url.get("rel"): url.get("template") for url in root.findall(f"{name}Url")}
    assert templates == {
        "results": f"{SITE}/search/?q={{searchTerms}}",
        "self": f"{SITE}/opensearch.xml",
    }


def test_phones_learn_how_the_site_looks(client: Client) -> None:
    Publication.objects.update_or_create(defaults={"name": "The Weekly Bridge"})
    response = client.get("/site.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert manifest["name"] == "The Weekly Bridge"
    assert (manifest["start_url"], manifest["lang"], manifest["dir"]) == ("/", "en", "ltr")
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert "maskable" in {icon["purpose"] for icon in manifest["icons"]}


def test_the_icon_is_where_everybody_looks(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert "theme/icons/icon-192" in response["Location"]


@pytest.mark.parametrize(
    "address",
    ["/sitemap.xml", "/sitemap-news.xml", "/robots.txt", "/opensearch.xml", "/site.webmanifest"],
)
def test_nothing_is_said_about_who_asks(client: Client, address: str) -> None:
    """One answer for everybody, on the publication's own host, and no cookie."""
    response = client.get(address, headers={"host": "127.0.0.1"})
    assert "127.0.0.1" not in response.content.decode()
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
