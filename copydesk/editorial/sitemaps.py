"""Files that robots and browsers ask for by name: sitemaps, robots.txt, OpenSearch, the manifest, the icon."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import path, re_path, reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language_info
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from copydesk.editorial.logic import discovery
from copydesk.editorial.queries import sitemaps as queries
from copydesk.editorial.queries.addresses import full_url, icon_url
from copydesk.editorial.queries.feeds import load_publication
from copydesk.kit import clock

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

XML = "application/xml; charset=utf-8"
# The desk and accounts are nobody's to index; a search's pages are as many as there are words.
CLOSED = ("/desk/", "/account/", "/search/")
HOUR = 3600
# The theme's paper.
COLOR = "#faf9f6"


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """List every sitemap file that holds anything."""
    urls = [
        reverse("editorial:sitemap_file", args=[name, number])
        for name, section in queries.SECTIONS.items()
        for number in queries.file_numbers(section)
    ]
    if queries.has_news(at=clock.now()):
        urls.append(reverse("editorial:sitemap_news"))
    return _answer(request, discovery.sitemap_index(full_url(url) for url in urls))


@require_safe
def sitemap_file(request: HttpRequest, section: str, number: str) -> HttpResponseBase:
    """List the pages of one kind within one range of ids."""
    locations = queries.file_locations(queries.SECTIONS[section], int(number))
    if not locations:
        raise Http404
    return _answer(request, discovery.sitemap(locations))


@require_safe
def sitemap_news(request: HttpRequest) -> HttpResponseBase:
    """List what was published in the last two days."""
    entries = queries.news_entries(at=clock.now())
    return _answer(request, discovery.news_sitemap(entries, publication=load_publication().name))


@require_safe
@cache_control(public=True, max_age=HOUR)
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Tell robots what to leave alone and where the sitemap is."""
    text = discovery.robots_txt(sitemap_url=full_url(reverse("editorial:sitemap")), closed=CLOSED)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=HOUR)
def opensearch(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Tell browsers how to search the site."""
    body = discovery.opensearch(_site(), [_icons()[0]])
    return HttpResponse(body, content_type="application/opensearchdescription+xml; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=HOUR)
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Tell phones how the site looks on a home screen."""
    body = discovery.manifest(_site(), _icons(), color=COLOR)
    return HttpResponse(body, content_type="application/manifest+json")


@require_safe
@cache_control(public=True, max_age=HOUR)
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Send those who guess the icon's address to the icon, whose own address changes with it."""
    return HttpResponseRedirect(static("theme/icons/icon-192.png"))


def _site() -> discovery.Site:
    publication = load_publication()
    return discovery.Site(
        name=publication.name,
        description=publication.description or publication.tagline,
        language=settings.LANGUAGE_CODE,
        direction="rtl" if get_language_info(settings.LANGUAGE_CODE)["bidi"] else "ltr",
        search_url=full_url(reverse("editorial:search")),
        opensearch_url=full_url(reverse("editorial:opensearch")),
    )


def _icons() -> list[discovery.Icon]:
    return [
        discovery.Icon(icon_url("icon-192.png"), "image/png", "192x192"),
        discovery.Icon(icon_url("icon-512.png"), "image/png", "512x512"),
        discovery.Icon(icon_url("icon-maskable-512.png"), "image/png", "512x512", "maskable"),
        discovery.Icon(icon_url("favicon.svg"), "image/svg+xml", "any"),
    ]


def _answer(request: HttpRequest, body: bytes) -> HttpResponseBase:
    """Send a sitemap, or only say that it is the one the robot has."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(body, content_type=XML)
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response


NAMES = "|".join(queries.SECTIONS)

urlpatterns = [
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-news.xml", sitemap_news, name="sitemap_news"),
    re_path(
        rf"^sitemap-(?P<section>{NAMES})-(?P<number>[1-9][0-9]{{0,9}})\.xml$",
        sitemap_file,
        name="sitemap_file",
    ),
    path("robots.txt", robots, name="robots"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("site.webmanifest", manifest, name="manifest"),
    path("favicon.ico", favicon, name="favicon"),
]
