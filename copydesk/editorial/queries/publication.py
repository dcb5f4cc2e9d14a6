"""The publication as every page shows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from copydesk.editorial.models import Publication, StaticPage
from copydesk.editorial.models.publication import POLICIES
from copydesk.kit.html import trusted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString
    from wagtail.blocks import StreamValue

LOGO_WIDTH = 480
# Wider than this to its height, a logo is taken to spell the name.
WORDMARK = 1.8
# The policy that the list of notices stands in for where no page states it.
STATED = "corrections_page"


@dataclass(frozen=True)
class Link:
    """An address with its label."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class FeedLink:
    """A feed that browsers and readers can find in a page's head."""

    title: str
    type: str
    url: str


@dataclass(frozen=True)
class PublicationView:
    """What the layout shows of the publication."""

    name: str
    tagline: str
    description: str
    home_url: str
    search_url: str
    latest_url: str
    topics_url: str
    people_url: str
    archive_url: str
    logo_url: str | None
    logo_width: int | None
    logo_height: int | None
    # Whether the logo is about as high as wide, so that the name has to stand beside it.
    logo_is_mark: bool
    accent_url: str | None
    navigation: list[Link]
    footer_links: list[Link]
    footer_text: str
    community_statement: SafeString | str
    guidelines_url: str | None
    policies: list[Link]
    feeds: list[FeedLink]
    opensearch_url: str
    manifest_url: str
    language: str
    direction: str
    is_signup_open: bool = True
    # schema.org property of NewsMediaOrganization -> path of the page that states the policy.
    policy_paths: Mapping[str, str] = field(default_factory=dict)
    # Parts of the layout that are the same on every page, by template; rendered when first asked for.
    rendered: dict[str, str] = field(default_factory=dict, compare=False, repr=False)


def get_publication() -> PublicationView:
    """Return the publication as pages show it: one small query, and two more after a change."""
    return _remembered(_version(), get_language() or "en")


def _version() -> str:
    # By hand: composing this through the ORM costs twenty times what the database needs to answer it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM editorial_publication")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


@lru_cache(maxsize=8)
def _remembered(version: str, language: str) -> PublicationView:  # noqa: ARG001 - what the answer depends on
    settings = Publication.objects.select_related("logo").first() or Publication()
    pages = _pages(settings)
    policies = [
        (name, pages[pk]) for name in POLICIES if (pk := getattr(settings, f"{name}_id")) in pages
    ]
    guidelines = pages.get(settings.guidelines_page_id)
    footer_links = _links(settings.footer_links, pages)
    notices = _list_of_notices()
    stated = [notices, *([guidelines] if guidelines else []), *(page for _name, page in policies)]
    logo = settings.logo
    width, height = logo.shown_size(LOGO_WIDTH) if logo else (None, None)
    return PublicationView(
        name=settings.name,
        tagline=settings.tagline,
        description=settings.description or settings.tagline,
        home_url=reverse("editorial:front"),
        search_url=reverse("editorial:search"),
        latest_url=reverse("editorial:latest"),
        topics_url=reverse("editorial:topics"),
        people_url=reverse("editorial:people"),
        archive_url=reverse("editorial:archive"),
        logo_url=logo.rendition_url(LOGO_WIDTH, "webp") if logo else None,
        logo_width=width,
        logo_height=height,
        logo_is_mark=bool(logo and logo.width < logo.height * WORDMARK),
        accent_url=_accent_url(settings.accent),
        navigation=_links(settings.navigation, pages) or default_navigation(),
        footer_links=footer_links,
        footer_text=settings.footer_text,
        community_statement=trusted(expand_db_html(settings.community_statement)),
        guidelines_url=guidelines.url if guidelines else None,
        policies=_not_said_twice(stated, footer_links),
        feeds=site_feeds(settings.name),
        opensearch_url=reverse("editorial:opensearch"),
        manifest_url=reverse("editorial:manifest"),
        language=get_language() or "en",
        direction="rtl" if get_language_bidi() else "ltr",
        policy_paths={POLICIES[name]: page.url for name, page in [(STATED, notices), *policies]},
    )


def _list_of_notices() -> Link:
    """Return where notices of errors are listed: a page of an app above this one, hence by name alone."""
    return Link(_("Corrections"), reverse("record:corrections"))


def _not_said_twice(stated: list[Link], footer_links: list[Link]) -> list[Link]:
    """Leave out what the editors put into the footer themselves."""
    chosen = {link.url for link in footer_links}
    return [link for link in dict.fromkeys(stated) if link.url not in chosen]


def site_feeds(name: str) -> list[FeedLink]:
    """Return the feeds of the whole publication."""
    forms = (
        ("atom", "application/atom+xml", "Atom"),
        ("rss", "application/rss+xml", "RSS"),
        ("json", "application/feed+json", "JSON Feed"),
    )
    return [
        FeedLink(f"{name} ({label})", type_, reverse("editorial:feed", args=[form]))
        for form, type_, label in forms
    ]


def _accent_url(accent: str) -> str | None:
    if not accent:
        return None
    version = hashlib.sha256(accent.encode()).hexdigest()[:8]
    return f"{reverse('editorial:accent_css')}?v={version}"


def _pages(settings: Publication) -> dict[int | None, Link]:
    """Return the live pages the settings name, in one query."""
    wanted = {getattr(settings, f"{name}_id") for name in (*POLICIES, "guidelines_page")}
    wanted |= {
        _page_id(child.value)
        for stream in (settings.navigation, settings.footer_links)
        for child in stream
    }
    rows = StaticPage.objects.filter(pk__in=wanted - {None}, live=True).values_list(
        "pk", "title", "url_path"
    )
    return {
        pk: Link(title, "/" + url_path.strip("/").partition("/")[2] + "/")
        for pk, title, url_path in rows
    }


def _page_id(value: Mapping[str, object]) -> int | None:
    page = value["page"]
    return getattr(page, "pk", None)


def _links(stream: StreamValue, pages: Mapping[int | None, Link]) -> list[Link]:
    links = []
    for child in stream:
        page = pages.get(_page_id(child.value))
        url = page.url if page else child.value["address"]
        if url:
            links.append(Link(child.value["label"], url))
    return links


def default_navigation() -> list[Link]:
    """Return what the header offers where the editors have not said."""
    return [
        Link(_("Latest"), reverse("editorial:latest")),
        Link(_("Topics"), reverse("editorial:topics")),
        Link(_("People"), reverse("editorial:people")),
        Link(_("Archive"), reverse("editorial:archive")),
    ]
