"""What each page says of itself to machines, read from the page as they get it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from selectolax.lexbor import LexborHTMLParser
from wagtail.images.models import Filter

from copydesk.editorial.models import (
    Byline,
    BylineRole,
    Kind,
    Publication,
    PublishedArticle,
    Visibility,
)
from copydesk.editorial.models.published import load_names
from copydesk.editorial.queries import meta
from copydesk.editorial.queries.publication import get_publication
from tests.factories.editorial import (
    block,
    front_page,
    image_file,
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


pytestmark = pytest.mark.django_db

SITE = settings.COPYDESK_BASE_URL
SECRET = "the vault stands open"


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    front_page()


class Head:
    """The head of a page as a machine reads it."""

    def __init__(self, client: Client, address: str) -> None:
        response = client.get(address)
        assert response.status_code == 200
        self.html = response.content.decode()
        tree = LexborHTMLParser(self.html)
        self.links = [node.attributes for node in tree.css("head link")]
        self.names = {
            node.attributes["name"]: node.attributes["content"] for node in tree.css("meta[name]")
        }
        self.properties: dict[str | None, list[str | None]] = {}
        for node in tree.css("meta[property]"):
            self.properties.setdefault(node.attributes["property"], []).append(
                node.attributes["content"]
            )
        scripts = [node.text() for node in tree.css('script[type="application/ld+json"]')]
        self.graph: list[dict[str, Any]] = json.loads(scripts[0])["@graph"] if scripts else []

    @property
    def canonical(self) -> str | None:
        return next((link["href"] for link in self.links if link.get("rel") == "canonical"), None)

    def node(self, type_: str) -> dict[str, Any]:
        return next(node for node in self.graph if type_ in as_list(node["@type"]))


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def test_an_article_names_its_authors_and_publisher(client: Client) -> None:
    rosa = make_person(
        "Rosa Reporter",
        position="Health correspondent",
        links=[("profile", {"label": "Mastodon", "url": "https://social.example/@rosa"})],
    )
    article = make_article(
        "On bridges",
        slug="on-bridges",
        by=[rosa, "Theo Thinker"],
        topics=["Health", "Money"],
        kind=Kind.OPINION,
    )
    article.bylines.add(Byline(person=make_person("Ed Editor"), role=BylineRole.EDITOR))
    article.bylines.add(Byline(person=make_person("Tra Nslator"), role=BylineRole.TRANSLATOR))
    article.bylines.add(Byline(person=make_person("Lena Lens"), role=BylineRole.PHOTOGRAPHER))
    article.save_revision()
    publish(article)
    node = Head(client, "/on-bridges/").node("OpinionNewsArticle")
    assert node["@type"] == ["NewsArticle", "OpinionNewsArticle"]
    assert node["author"][0] == {
        "@type": "Person",
        "@id": f"{SITE}/people/rosa-reporter/#person",
        "name": "Rosa Reporter",
        "url": f"{SITE}/people/rosa-reporter/",
        "jobTitle": "Health correspondent",
        "sameAs": ["https://social.example/@rosa"],
    }
    assert [author["name"] for author in node["author"]] == ["Rosa Reporter", "Theo Thinker"]
    assert [person["name"] for person in node["editor"]] == ["Ed Editor"]
    assert [person["name"] for person in node["translator"]] == ["Tra Nslator"]
    (role,) = node["contributor"]
    assert (role["roleName"], role["contributor"]["name"]) == ("Photographer", "Lena Lens")
    assert (node["keywords"], node["articleSection"]) == (["Health", "Money"], "Health")
    assert (node["isAccessibleForFree"], node["wordCount"], node["inLanguage"]) == (True, 1, "en")
    assert "hasPart" not in node


def test_the_publication_shows_its_policies(client: Client) -> None:
    ethics = make_static_page("Our ethics")
    publication = Publication.load()
    publication.name, publication.ethics_page, publication.masthead_page = (
        "The Daily",
        ethics,
        ethics,
    )
    publication.save(update_fields=["name", "ethics_page", "masthead_page"])
    publish(make_article("On bridges", slug="on-bridges"))
    head = Head(client, "/on-bridges/")
    organization = head.node("NewsMediaOrganization")
    address = f"{SITE}/{ethics.slug}/"
    assert (organization["name"], organization["ethicsPolicy"], organization["masthead"]) == (
        "The Daily",
        address,
        address,
    )
    assert organization["logo"]["@type"] == "ImageObject"
    assert head.node("Article" if head.graph[0]["@type"] == "Article" else "NewsArticle")[
        "publisher"
    ] == {"@id": organization["@id"]}


def test_an_article_without_a_byline_is_the_publications_own(client: Client) -> None:
    publish(make_article("Unsigned", slug="unsigned", kind=Kind.NEWS))
    head = Head(client, "/unsigned/")
    assert head.node("NewsArticle")["author"] == [
        {"@id": head.node("NewsMediaOrganization")["@id"]}
    ]


@pytest.mark.parametrize(
    ("body", "selector"),
    [(["Free.", block("preview_end"), SECRET], ".gated"), ([SECRET], ".prose")],
    ids=["with a preview", "without"],
)
def test_gated_text_is_marked_and_does_not_leak(
    client: Client, body: list[Any], selector: str
) -> None:
    publish(
        make_article(
            "Gated", slug="gated", body=body, visibility=Visibility.MEMBERS, kind=Kind.NEWS
        )
    )
    head = Head(client, "/gated/")
    node = head.node("NewsArticle")
    assert node["isAccessibleForFree"] is False
    assert node["hasPart"] == {
        "@type": "WebPageElement",
        "isAccessibleForFree": False,
        "cssSelector": selector,
    }
    assert SECRET not in head.html


def test_pictures_come_in_three_ratios_and_one_to_share(client: Client) -> None:
    picture = make_picture(file=image_file(size=(2000, 1500)), description="A bridge")
    publish(
        make_article(
            "On bridges", slug="on-bridges", lead_picture=picture, lead_alt="Fog", kind=Kind.NEWS
        )
    )
    head = Head(client, "/on-bridges/")
    assert [url.split("/")[-1].split(".")[0] for url in head.node("NewsArticle")["image"]] == [
        "fill-1200x675",
        "fill-1200x900",
        "fill-1200x1200",
    ]
    assert head.properties["og:image:width"] == ["1200"]
    assert head.properties["og:image:height"] == ["630"]
    assert head.properties["og:image:alt"] == ["Fog"]
    assert head.properties["twitter:card"] == ["summary_large_image"]


@pytest.mark.parametrize("size", [(2000, 1500), (900, 600), (1000, 300), (400, 900), (1200, 630)])
def test_the_size_told_is_the_size_made(size: tuple[int, int], db: None) -> None:
    picture = make_picture(file=image_file(size=size))
    spec = picture.rendition_spec(meta.SHARED_WIDTH, "jpeg", meta.SHARED_CROP)
    made = Filter(spec).get_transform(picture).size
    assert meta.cut_size(picture, meta.SHARED_WIDTH, meta.SHARED_CROP) == pytest.approx(made, abs=2)


def test_sharing_fields_win(client: Client) -> None:
    publish(
        make_article(
            "Headline",
            slug="shared",
            standfirst="Standfirst.",
            seo_title="For search",
            search_description="Described for search.",
            share_title="For sharing",
            share_description="Described for sharing.",
            by=["Rosa Reporter"],
            topics=["Health"],
        )
    )
    head = Head(client, "/shared/")
    assert head.properties["og:title"] == ["For sharing"]
    assert head.properties["og:description"] == ["Described for sharing."]
    assert head.properties["article:author"] == [f"{SITE}/people/rosa-reporter/"]
    assert (head.properties["article:section"], head.properties["article:tag"]) == (
        ["Health"],
        ["Health"],
    )
    assert head.names["description"] == "Described for search."
    assert "<title>" in head.html
    assert "For search" in head.html.partition("</title>")[0]


def test_an_article_without_a_standfirst_is_described_by_its_opening(client: Client) -> None:
    publish(make_article("On bridges", slug="on-bridges", body=["Bridges stand. " * 40]))
    description = Head(client, "/on-bridges/").names["description"] or ""
    assert description.startswith("Bridges stand.")
    assert len(description) <= meta.DESCRIPTION
    assert description.endswith("…")


def test_canonical_is_where_it_was_first_published(client: Client) -> None:
    publish(make_article("Own", slug="own"))
    publish(make_article("Borrowed", slug="borrowed", canonical_url="https://example.com/first/"))
    assert Head(client, "/own/").canonical == f"{SITE}/own/"
    borrowed = Head(client, "/borrowed/")
    assert borrowed.canonical == "https://example.com/first/"
    assert borrowed.properties["og:url"] == ["https://example.com/first/"]


@pytest.mark.parametrize(
    "headline",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        '\u2028 ]]> & "quotes" \'',
        "🦊 عنوان \u202e",
    ],
)
def test_no_headline_leaves_the_script(client: Client, headline: str) -> None:
    publish(
        make_article(
            headline, slug="hostile", kind=Kind.NEWS, topics=[make_topic(headline, slug="t")]
        )
    )
    head = Head(client, "/hostile/")
    assert "<script>alert(1)" not in head.html
    assert head.node("NewsArticle")["keywords"] == [headline]
    assert head.node("NewsArticle")["headline"] == " ".join(headline.split())


def test_a_series_is_what_an_article_is_part_of(client: Client) -> None:
    publish(make_article("First", slug="first", series=make_series(), kind=Kind.NEWS))
    parts = Head(client, "/first/").node("NewsArticle")["isPartOf"]
    assert ("CreativeWorkSeries", f"{SITE}/series/a-year-of-bridges/") in [
        (part.get("@type"), part.get("url")) for part in parts
    ]


def test_breadcrumbs_lead_from_the_front_page(client: Client) -> None:
    publish(make_article("On bridges", slug="on-bridges", topics=["Health"]))
    items = Head(client, "/on-bridges/").node("BreadcrumbList")["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3]
    assert [item["item"] for item in items] == [
        f"{SITE}/",
        f"{SITE}/topics/health/",
        f"{SITE}/on-bridges/",
    ]


def test_the_front_page_says_how_to_search(client: Client) -> None:
    head = Head(client, "/")
    action = head.node("WebSite")["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"
    assert action["query-input"] == "required name=search_term_string"
    assert head.canonical == f"{SITE}/"
    assert {link["type"] for link in head.links if link.get("rel") == "alternate"} == {
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    }


def test_a_persons_page_is_about_the_person(client: Client) -> None:
    rosa = make_person("Rosa Reporter", bio="<p>Writes about <b>health</b>.</p>")
    publish(make_article("On bridges", by=[rosa]))
    head = Head(client, "/people/rosa-reporter/")
    about = head.node("ProfilePage")["mainEntity"]
    assert (about["@type"], about["name"], about["description"]) == (
        "Person",
        "Rosa Reporter",
        "Writes about health.",
    )
    assert head.properties["og:type"] == ["profile"]
    assert head.names["description"] == "Writes about health."


def test_lists_are_collections_with_their_own_feeds(client: Client) -> None:
    publish(make_article("On bridges", topics=[make_topic("Health", description="Of bodies.")]))
    head = Head(client, "/topics/health/")
    assert head.node("CollectionPage")["description"] == "Of bodies."
    assert head.canonical == f"{SITE}/topics/health/"
    assert "robots" not in head.names
    feeds = [link["href"] for link in head.links if link.get("rel") == "alternate"]
    assert "/topics/health/feed/atom.xml" in feeds
    for feed in feeds:
        assert client.get(feed or "").status_code == 200


def test_pages_further_back_are_not_indexed(client: Client) -> None:
    for number in range(25):
        publish(make_article(f"Part {number}"))
    tree = LexborHTMLParser(client.get("/latest/").content.decode())
    (older,) = {node.attributes["href"] for node in tree.css('a[href*="before="]')}
    head = Head(client, older or "")
    assert head.names["robots"] == "noindex, follow"
    assert head.canonical == f"{SITE}{older}"


def test_what_a_link_carries_along_is_not_canonical(client: Client) -> None:
    publish(make_article("On bridges"))
    assert Head(client, "/latest/?utm_source=x&before=nonsense").canonical == f"{SITE}/latest/"


def test_searches_are_not_indexed(client: Client) -> None:
    head = Head(client, "/search/?q=</title><script>")
    assert head.names["robots"] == "noindex, follow"
    assert head.canonical is None
    assert "</title><script>" not in head.html


def test_a_static_page_describes_itself(client: Client) -> None:
    page = make_static_page("About us", body=["We write about bridges."])
    head = Head(client, f"/{page.slug}/")
    assert head.node("WebPage")["name"] == "About us"
    assert head.names["description"] == "We write about bridges."
    assert head.canonical == f"{SITE}/{page.slug}/"


def test_heads_cost_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rosa = make_person("Rosa Reporter", portrait=make_picture())
    publish(
        make_article(
            "On bridges",
            by=[rosa],
            topics=["Health"],
            series=make_series(),
            lead_picture=make_picture(),
        )
    )
    related = ("lead_picture", "share_picture", "series")
    published = PublishedArticle.objects.select_related(*related).get()
    load_names([published])
    publication = get_publication()
    with django_assert_num_queries(0):
        meta.article_meta(published, publication)
        meta.front_meta(publication)
        meta.search_meta("x")
