"""Readers' pages: what they show, what they answer, what they cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from copydesk.editorial.models import Publication
from copydesk.editorial.queries.publication import get_publication
from tests.factories.editorial import (
    block,
    make_article,
    make_person,
    make_picture,
    make_series,
    make_static_page,
    make_topic,
    publish,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

SECRET = "Quincunx"


@pytest.fixture
def archive() -> list[PublishedArticle]:
    """Twenty-five articles on two topics by two people, an hour apart; every tenth is featured."""
    topics = [make_topic("Bridges"), make_topic("Money")]
    people = [make_person("Rosa Reporter"), make_person("Ivo Editor")]
    picture = make_picture()
    series = make_series()
    return [
        publish(
            make_article(
                f"Story {number}",
                body=[f"Words about weirs and locks, number {number}."],
                topics=topics if number % 2 else topics[:1],
                by=people,
                lead_picture=picture,
                series=series if number % 3 == 0 else None,
                is_featured=number % 10 == 0,
                dated_at=datetime(2026, 3, 1, tzinfo=UTC) - timedelta(hours=number),
            )
        )
        for number in range(25)
    ]


# The layout's three queries are included; they are one where the process remembers it.
MOST_QUERIES = {
    "/": 9,
    "/latest/": 6,
    "/topics/": 4,
    "/topics/bridges/": 7,
    "/people/": 4,
    "/people/rosa-reporter/": 7,
    "/series/a-year-of-bridges/": 7,
    "/archive/": 4,
    "/archive/2026/": 7,
    "/archive/2026/2/": 7,
    "/search/?q=weirs": 8,
    "/search/?q=wiers": 9,
}


def test_each_page_takes_a_bounded_number_of_queries(
    client: Client,
    archive: list[PublishedArticle],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for path, queries in MOST_QUERIES.items():
        with django_assert_max_num_queries(queries, info=path):
            response = client.get(path)
        assert response.status_code == 200, path


def test_an_article_takes_at_most_ten_queries(
    client: Client,
    archive: list[PublishedArticle],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    plain = next(row for row in archive if row.series_id is None)
    with django_assert_max_num_queries(10):
        client.get(plain.path)
    in_series = next(row for row in archive if row.series_id)
    with django_assert_max_num_queries(10):
        client.get(in_series.path)


def test_an_article_page_shows_all_that_belongs_to_it(client: Client) -> None:
    picture = make_picture(
        description="A stone bridge", caption="The bridge in May", credit="Photo: R. R."
    )
    settings = Publication.load()
    settings.community_statement = "<p>Be kind here.</p>"
    settings.guidelines_page = make_static_page("Community guidelines")
    settings.save(update_fields=["community_statement", "guidelines_page"])
    rosa = make_person("Rosa Reporter", bio="<p>Rosa writes about rivers.</p>", position="Reporter")
    make_other = make_article(
        "Another story", topics=["Bridges"], dated_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    publish(make_other)
    article = make_article(
        "On bridges",
        body=["Body words."],
        by=[rosa],
        topics=["Bridges"],
        standfirst="Why they fall.",
        lead_picture=picture,
        kind="opinion",
    )
    html = client.get(publish(article).path).content.decode()
    for shown in (
        "On bridges",
        "Why they fall.",
        "Bridges",
        "Rosa Reporter",
        "Rosa writes about rivers.",
        "Body words.",
        "Opinion",
        "A stone bridge",
        "The bridge in May",
        "Photo: R. R.",
        "Be kind here.",
        "Another story",
        settings.guidelines_page.slug,
        "application/ld+json",
    ):
        assert shown in html, shown


class TestTheGate:
    """Gated text reaches those it is for and nobody else, on no path."""

    @pytest.fixture
    def gated(self) -> PublishedArticle:
        body: list[dict[str, Any] | str] = [
            "Everybody reads this.",
            block("preview_end"),
            f"{SECRET} words.",
        ]
        return publish(
            make_article(
                "For members",
                body=body,
                visibility="members",
                topics=["Bridges"],
                by=["Rosa Reporter"],
            )
        )

    @pytest.mark.parametrize(
        "path",
        ["/", "/latest/", "/topics/bridges/", "/people/rosa-reporter/", "/archive/", f"/search/?q={SECRET}",
         "/feed/rss.xml", "/feed/atom.xml", "/feed/feed.json", "/topics/bridges/feed/rss.xml",
         "/people/rosa-reporter/feed/feed.json", "/sitemap.xml"],
    )  # fmt: skip
    def test_it_leaks_nowhere(self, client: Client, gated: PublishedArticle, path: str) -> None:
        html = (
            client.get(path)
            .content.decode()
            .replace(f"?q={SECRET}", "")
            .replace(f'value="{SECRET}"', "")
        )
        assert f"{SECRET} words" not in html
        assert gated.path not in html if path.startswith("/search") else True

    def test_a_stranger_gets_the_preview_and_a_way_in(
        self, client: Client, gated: PublishedArticle
    ) -> None:
        html = client.get(gated.path).content.decode()
        assert "Everybody reads this." in html
        assert SECRET not in html
        assert f"{reverse('account_login')}?next={gated.path}" in html

    def test_a_member_gets_it_whole(
        self, client: Client, gated: PublishedArticle, ben: Member
    ) -> None:
        client.force_login(ben, backend="django.contrib.auth.backends.ModelBackend")
        assert SECRET in client.get(gated.path).content.decode()

    def test_a_paid_article_is_for_paying_members(self, client: Client, ben: Member) -> None:
        paid = publish(
            make_article(body=["a", block("preview_end"), f"{SECRET}."], visibility="paid")
        )
        client.force_login(ben, backend="django.contrib.auth.backends.ModelBackend")
        assert SECRET not in client.get(paid.path).content.decode()
        ben.tier = "paid"
        ben.save(update_fields=["tier"])
        assert SECRET in client.get(paid.path).content.decode()

    def test_a_draft_is_nobodys(self, client: Client, ada: Member) -> None:
        draft = make_article(body=[SECRET])
        client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/{draft.slug}/").status_code == 404


def test_the_front_page_shows_no_article_twice(
    client: Client, archive: list[PublishedArticle]
) -> None:
    html = client.get("/").content.decode()
    for row in archive:
        assert html.count(f'href="{row.path}"') <= 1 or html.count(f">{row.headline}<") <= 1


def test_an_empty_publication_still_has_all_its_pages(client: Client) -> None:
    for path in ("/", "/latest/", "/topics/", "/people/", "/archive/", "/search/", "/search/?q=x"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/topics/nothing/",
        "/people/nothing/",
        "/series/nothing/",
        "/archive/1999/",
        "/archive/2026/13/",
        "/archive/2026/1/",
        "/images/x/1/width-480.avif",
        "/files/1/x.pdf",
        "/theme/accent.css",
        "/a%00b/",
        "/%F0%9F%8C%89/",
    ],
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert b"<main" in response.content


def test_an_address_without_its_slash_is_sent_on_with_its_query(client: Client) -> None:
    response = client.get("/on-bridges?utm=x")
    assert (response.status_code, response["Location"]) == (301, "/on-bridges/?utm=x")


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "/%5Cevil.example"])
def test_no_redirect_leaves_the_site(client: Client, path: str) -> None:
    location = client.get(path).headers.get("Location", "/")
    assert not location.startswith(("//", "/\\", "http"))


def test_old_addresses_lead_on(client: Client) -> None:
    article = publish(make_article(slug="on-bridges"))
    page = article.article.page_ptr
    Redirect.objects.create(old_path="/2010/05/on-bridges", redirect_page=page, is_permanent=True)
    Redirect.objects.create(old_path="/?p=12", redirect_page=page, is_permanent=True)
    for old in ("/2010/05/on-bridges/", "/2010/05/on-bridges", "/2010/05/on-bridges/?utm_source=x"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, "/on-bridges/"), old
    response = client.get("/?p=12")
    assert (response.status_code, response["Location"]) == (301, "/on-bridges/")


def test_only_reading_is_answered(client: Client) -> None:
    for path in ("/", "/latest/", "/search/", publish(make_article()).path):
        assert client.post(path).status_code == 405


def test_the_layout_follows_the_settings_at_once(client: Client) -> None:
    settings = Publication.load()
    settings.name = "The Weir"
    settings.accent = "#aa3322"
    settings.save(update_fields=["name", "accent"])
    html = client.get("/").content.decode()
    assert "The Weir" in html
    assert "/theme/accent.css?v=" in html
    assert client.get("/theme/accent.css")["Content-Type"] == "text/css"
    settings.name = "The Lock"
    settings.save(update_fields=["name"])
    assert "The Lock" in client.get("/latest/").content.decode()
    assert get_publication().name == "The Lock"


def test_pages_have_a_strict_policy_and_no_inline_code(
    client: Client, archive: list[PublishedArticle]
) -> None:
    for path in ("/", archive[0].path, "/search/?q=weirs", "/account/login/"):
        response = client.get(path)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        html = response.content.decode()
        assert "style=" not in html
        assert "<script>" not in html


def test_an_article_in_another_language_says_so(client: Client) -> None:
    html = client.get(
        publish(make_article("عن الجسور", language="ar", slug="jusur")).path
    ).content.decode()
    assert 'lang="ar"' in html
    assert 'dir="rtl"' in html
