"""What each page says of itself to machines: description, canonical address, sharing, structured data, feeds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from copydesk.editorial.logic import jsonld
from copydesk.editorial.logic.markup import one_line
from copydesk.editorial.models import BylineRole, Kind
from copydesk.editorial.models.media import Crop
from copydesk.editorial.queries.addresses import full_url, icon_url
from copydesk.editorial.queries.notices import correction_comments
from copydesk.kit.html import json_ld, plain_text
from copydesk.sources.queries.files import citation_nodes, quotation_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from copydesk.editorial.models import (
        Person,
        Picture,
        PublishedArticle,
        PublishedByline,
        StaticPage,
    )
    from copydesk.editorial.queries.publication import FeedLink, Link, PublicationView
    from copydesk.sources.queries.relied import Relied

Property = tuple[str, str]

# Search engines cut descriptions at about this many characters.
DESCRIPTION = 160
# What is enough of a body to cut a description from.
OPENING = 2_000
# The ratios that search engines ask for, at the width they ask for.
IMAGE_WIDTH, IMAGE_CROPS = 1200, (Crop(16, 9), Crop(4, 3), Crop(1, 1))
SHARED_WIDTH, SHARED_CROP = 1200, Crop(40, 21)
# Without it search engines show small pictures only.
LARGE_PICTURES = "max-image-preview:large"
NOT_LISTED = "noindex, follow"


@dataclass(frozen=True)
class Meta:
    """The head of a page; `title` is without the publication's name, robots "" is the default."""

    title: str
    description: str
    canonical_url: str
    robots: str = ""
    og: list[Property] = field(default_factory=list)
    json_ld: SafeString | str = ""
    feeds: list[FeedLink] = field(default_factory=list)
    breadcrumbs: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Shared:
    """What is shown where a page is shared."""

    kind: str
    title: str
    description: str
    url: str
    picture: Picture | None = None
    alt: str = ""
    language: str = ""
    more: Sequence[Property] = ()


def article_meta(
    published: PublishedArticle, publication: PublicationView, relied: Relied | None = None
) -> Meta:
    """Return the head of an article's page; no query, where topics, bylines and pictures are loaded.

    `relied` is what the page shows of sources and quotations.
    """
    url = published.canonical_url or published.full_url
    description = _article_description(published)
    topics = [
        jsonld.Crumb(topic.name, full_url(topic.get_absolute_url())) for topic in published.topics
    ]
    crumbs = [_home(publication), *topics[:1], jsonld.Crumb(published.headline, published.full_url)]
    work = _work(published, topics, description)
    if relied is not None and relied.sources:
        work = replace(
            work,
            citations=citation_nodes(relied),
            quotations=quotation_nodes(relied, url=published.full_url),
        )
    return Meta(
        title=_marked(published, published.seo_title or published.headline),
        description=description,
        canonical_url=url,
        robots=NOT_LISTED if published.is_retracted else LARGE_PICTURES,
        og=_og(_shared_article(published, url, description), publication),
        json_ld=_script(jsonld.article_nodes(work, _publisher(publication), crumbs)),
    )


def _marked(published: PublishedArticle, title: str) -> str:
    return _("Retracted: %(headline)s") % {"headline": title} if published.is_retracted else title


def _article_description(published: PublishedArticle) -> str:
    """Return what the editor wrote, else the standfirst, else the opening of what everybody may read."""
    written = published.description or published.standfirst
    text = written or plain_text(published.public_html[:OPENING])
    return one_line(written) if published.description else jsonld.shortened(text, DESCRIPTION)


def _shared_article(published: PublishedArticle, url: str, description: str) -> Shared:
    picture = published.share_picture or published.lead_picture
    is_lead = picture is not None and picture == published.lead_picture
    alt = (published.lead_alt if is_lead else "") or (picture.description if picture else "")
    more = [
        ("article:published_time", published.published_at.isoformat(timespec="seconds")),
        ("article:modified_time", _modified_at(published).isoformat(timespec="seconds")),
        *(("article:author", full_url(person.get_absolute_url())) for person in published.authors),
        *(("article:section", topic.name) for topic in published.topics[:1]),
        *(("article:tag", topic.name) for topic in published.topics),
    ]
    return Shared(
        kind="article",
        title=_marked(published, published.share_title or published.headline),
        description=published.share_description or published.standfirst or description,
        url=url,
        picture=picture,
        alt=alt,
        language=published.language,
        more=more,
    )


def _work(
    published: PublishedArticle, topics: Sequence[jsonld.Crumb], description: str
) -> jsonld.Work:
    picture, series = published.lead_picture or published.share_picture, published.series
    return jsonld.Work(
        url=published.full_url,
        type=Kind(published.kind).schema_type,
        headline=published.marked_headline,
        alternative_headline=published.seo_title
        if published.seo_title != published.headline
        else "",
        description=description,
        published_at=published.published_at,
        updated_at=_modified_at(published),
        language=published.language or settings.LANGUAGE_CODE,
        word_count=published.word_count,
        credits=[_credit(link) for link in published.bylines],
        image_urls=_images(picture) if picture else (),
        topics=topics,
        series=jsonld.Crumb(series.name, full_url(series.get_absolute_url())) if series else None,
        gated_selector=_gated_selector(published),
        corrections=correction_comments(published),
        is_retracted=published.is_retracted,
    )


def _modified_at(published: PublishedArticle) -> datetime:
    return max(published.updated_at, published.published_at)


def _gated_selector(published: PublishedArticle) -> str:
    """Return what selects the gated text where it is in the page: what follows the preview, or the whole body."""
    if not published.is_gated:
        return ""
    return ".gated" if published.preview_html else ".prose"


def _images(picture: Picture) -> list[str]:
    return [full_url(picture.rendition_url(IMAGE_WIDTH, "jpeg", crop)) for crop in IMAGE_CROPS]


def _credit(link: PublishedByline) -> jsonld.Credit:
    return person_credit(link.person, role=link.role, role_name=str(BylineRole(link.role).label))


def person_credit(person: Person, *, role: str = "author", role_name: str = "") -> jsonld.Credit:
    """Return a person as structured data names them."""
    return jsonld.Credit(
        name=person.name,
        url=full_url(person.get_absolute_url()),
        role=role,
        role_name=role_name,
        job_title=person.position,
        same_as=[child.value["url"] for child in person.links if child.value["url"]],
        image_url=full_url(person.portrait.rendition_url(480, "jpeg", Crop(1, 1)))
        if person.portrait
        else "",
    )


def front_meta(publication: PublicationView) -> Meta:
    """Return the head of the front page."""
    publisher, url = _publisher(publication), full_url("/")
    shared = Shared("website", publication.name, publication.description, url)
    return Meta(
        title="",
        description=publication.description,
        canonical_url=url,
        robots=LARGE_PICTURES,
        og=_og(shared, publication),
        json_ld=_script([jsonld.website(publisher), jsonld.organization(publisher)]),
    )


@dataclass(frozen=True)
class ListPage:
    """A page that lists: its title and path, where in the list it is (`position`, a query string), and its parents."""

    title: str
    path: str
    description: str = ""
    position: str = ""
    feeds: Sequence[FeedLink] = ()
    parents: Sequence[Link] = ()

    @property
    def url(self) -> str:
        """The page's own whole address."""
        return full_url(f"{self.path}?{self.position}" if self.position else self.path)


def listing_meta(page: ListPage, publication: PublicationView) -> Meta:
    """Return the head of a list.

    A page further back in a list is its own canonical address but is not to be indexed: what stands on it
    moves with every article, and each article is in the sitemap.
    """
    node = jsonld.web_page(
        type_="CollectionPage",
        url=page.url,
        name=page.title,
        description=page.description,
        publisher=_publisher(publication),
    )
    return _page_in_list(page, publication, node)


def person_meta(page: ListPage, person: Person, publication: PublicationView) -> Meta:
    """Return the head of a person's page; no query, where the portrait is loaded."""
    bio = plain_text(person.bio[:OPENING])
    described = ListPage(
        page.title,
        page.path,
        page.description or bio or person.position,
        page.position,
        page.feeds,
        page.parents,
    )
    base = jsonld.web_page(
        type_="ProfilePage", url=page.url, name=page.title, publisher=_publisher(publication)
    )
    node = jsonld.profile_page(person_credit(person), base, description=one_line(bio))
    return _page_in_list(described, publication, node, picture=person.portrait)


def _page_in_list(
    page: ListPage,
    publication: PublicationView,
    node: jsonld.Node,
    *,
    picture: Picture | None = None,
) -> Meta:
    description = jsonld.shortened(page.description, DESCRIPTION)
    kind = "profile" if node["@type"] == "ProfilePage" else "website"
    shared = Shared(
        kind, page.title, description, page.url, picture, picture.description if picture else ""
    )
    crumbs = [
        _home(publication),
        *_crumbs(page.parents),
        jsonld.Crumb(page.title, full_url(page.path)),
    ]
    return Meta(
        title=page.title,
        description=description,
        canonical_url=page.url,
        robots=NOT_LISTED if page.position else "",
        og=_og(shared, publication),
        json_ld=_script(
            [node, jsonld.organization(_publisher(publication)), jsonld.breadcrumbs(crumbs)]
        ),
        feeds=list(page.feeds),
        breadcrumbs=list(page.parents),
    )


def page_meta(
    page: StaticPage,
    path: str,
    publication: PublicationView,
    *,
    parents: Sequence[Link] = (),
    relied: Relied | None = None,
) -> Meta:
    """Return the head of a static page; `relied` is what it shows of sources and quotations."""
    url, publisher = full_url(path), _publisher(publication)
    text = page.search_description or page.standfirst or plain_text(page.body_html[:OPENING])
    description = jsonld.shortened(text, DESCRIPTION)
    node = jsonld.web_page(
        type_="WebPage", url=url, name=page.title, description=description, publisher=publisher
    )
    if relied is not None and relied.sources:
        parts = quotation_nodes(relied, url=url)
        node |= {"citation": citation_nodes(relied)} | ({"hasPart": parts} if parts else {})
    crumbs = [_home(publication), *_crumbs(parents), jsonld.Crumb(page.title, url)]
    return Meta(
        title=page.seo_title or page.title,
        description=description,
        canonical_url=url,
        og=_og(Shared("website", page.title, description, url), publication),
        json_ld=_script([node, jsonld.organization(publisher), jsonld.breadcrumbs(crumbs)]),
        breadcrumbs=list(parents),
    )


def search_meta(query: str) -> Meta:
    """Return the head of the search page, which is not to be indexed."""
    title = _("Search: %(query)s") % {"query": one_line(query)} if query.strip() else _("Search")
    return Meta(title=title, description="", canonical_url="", robots=NOT_LISTED)


def _publisher(publication: PublicationView) -> jsonld.Publisher:
    logo = publication.logo_url
    return jsonld.Publisher(
        name=publication.name,
        url=full_url("/"),
        language=settings.LANGUAGE_CODE,
        description=publication.description,
        logo=jsonld.Picture(full_url(logo), publication.logo_width, publication.logo_height)
        if logo
        else jsonld.Picture(icon_url("icon-512.png"), 512, 512),
        policies={name: full_url(path) for name, path in publication.policy_paths.items()},
        search_url=full_url(publication.search_url),
    )


def _home(publication: PublicationView) -> jsonld.Crumb:
    return jsonld.Crumb(publication.name, full_url("/"))


def _crumbs(links: Iterable[Link]) -> list[jsonld.Crumb]:
    return [jsonld.Crumb(link.label, full_url(link.url)) for link in links]


def _script(nodes: Sequence[jsonld.Node]) -> SafeString:
    return json_ld(nodes)


def _og(shared: Shared, publication: PublicationView) -> list[Property]:
    """Return Open Graph and card properties; those that would say nothing are left out."""
    properties = [
        ("og:type", shared.kind),
        ("og:title", one_line(shared.title)),
        ("og:description", one_line(shared.description)),
        ("og:url", shared.url),
        ("og:site_name", publication.name),
        ("og:locale", _locale(shared.language or settings.LANGUAGE_CODE)),
        *_og_image(shared),
        *shared.more,
        ("twitter:card", "summary_large_image" if shared.picture else "summary"),
    ]
    return [(name, content) for name, content in properties if content]


def _og_image(shared: Shared) -> list[Property]:
    if shared.picture is None:
        return []
    width, height = cut_size(shared.picture, SHARED_WIDTH, SHARED_CROP)
    return [
        ("og:image", full_url(shared.picture.rendition_url(SHARED_WIDTH, "jpeg", SHARED_CROP))),
        ("og:image:type", "image/jpeg"),
        ("og:image:width", str(width)),
        ("og:image:height", str(height)),
        ("og:image:alt", one_line(shared.alt)),
    ]


def cut_size(picture: Picture, width: int, crop: Crop) -> tuple[int, int]:
    """Return the size a cut rendition really has: pictures smaller than asked for are cut but not enlarged."""
    height = round(width * crop.down / crop.across)
    scale = min(1.0, picture.width / width, picture.height / height)
    return round(width * scale), round(height * scale)


def _locale(tag: str) -> str:
    """Return a language tag as Open Graph writes it, or "" where it names no territory."""
    language, _dash, territory = tag.partition("-")
    return f"{language}_{territory.upper()}" if len(territory) == 2 and territory.isalpha() else ""
