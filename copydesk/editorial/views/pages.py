"""Readers' pages: parse, ask the policy, one query, respond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from copydesk.editorial import policies
from copydesk.editorial.actions.publishing import draft_as_published
from copydesk.editorial.actions.rendering import render_body
from copydesk.editorial.models import Article, StaticPage
from copydesk.editorial.queries import listings, meta, redirects, searching
from copydesk.editorial.queries.addresses import webmention_url
from copydesk.editorial.queries.articles import article_view
from copydesk.editorial.queries.front import front_page
from copydesk.editorial.queries.pages import static_page_view
from copydesk.editorial.queries.publication import Link, get_publication
from copydesk.kit import clock
from copydesk.kit.pagination import Position
from copydesk.pagestore.views import reader_of, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from copydesk.editorial.models import FrontPage, PublishedArticle


# No page of ours has a longer one, and redirects to what nobody has typed help nobody.
LONGEST_PATH = 1_000
# By which WordPress named its pages; the only queries of the front page that lead elsewhere.
OLD_PARAMETERS = ("p", "page_id", "attachment_id", "cat", "m", "author", "tag")


def publication(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - a context processor's signature
    """Give every template the publication; loaded when first used."""
    return {"publication": SimpleLazyObject(get_publication)}


@require_safe
@stored(*OLD_PARAMETERS)
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page; an old address may be its path with a query, such as WordPress' /?p=12."""
    asked = {name: value for name in OLD_PARAMETERS if (value := request.GET.get(name))}
    if not asked:
        return _front_page(request)
    # By these parameters alone, as the page would be stored by; one that leads nowhere is no page of its own.
    return _led_on(f"/?{urlencode(asked)}") or HttpResponseRedirect(reverse("editorial:front"))


def _front_page(request: HttpRequest) -> HttpResponse:
    publication = get_publication()
    context = {
        "front": front_page(),
        "meta": meta.front_meta(publication),
        "publication": publication,
    }
    return render(request, "editorial/front.html", context)


@require_safe
@stored("before", "after")
def latest(request: HttpRequest) -> HttpResponse:
    """List all articles."""
    return _list(request, "latest", listings.latest_listing(request.GET))


@require_safe
@stored()
def topics(request: HttpRequest) -> HttpResponse:
    """List the topics."""
    return _index(request, "topics", listings.topics_index())


@require_safe
@stored("before", "after")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """List a topic's articles."""
    found = policies.get_visible_topic(slug=slug)
    parents = [Link(_("Topics"), reverse("editorial:topics"))]
    listing = listings.topic_listing(found, request.GET)
    return _list(request, "topic", listing, description=found.description, parents=parents)


@require_safe
@stored()
def people(request: HttpRequest) -> HttpResponse:
    """List the people."""
    return _index(request, "people", listings.people_index())


@require_safe
@stored("before", "after")
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a person and list their articles."""
    found = policies.get_visible_person(slug=slug)
    listing = listings.person_listing(found, request.GET)
    place = _list_page(request, listing, parents=[Link(_("People"), reverse("editorial:people"))])
    context = {
        "person": listings.person_view(found),
        "listing": listing,
        "meta": meta.person_meta(place, found, get_publication()),
    }
    return render(request, "editorial/person.html", context)


@require_safe
@stored()
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """List a series' parts."""
    found = policies.get_visible_series(slug=slug)
    listing = listings.series_listing(found)
    return _list(
        request, "series", listing, description=found.description, series={"total": listing.total}
    )


@require_safe
@stored()
def archive(request: HttpRequest) -> HttpResponse:
    """List the years and months."""
    found = listings.archive_view()
    head = meta.listing_meta(meta.ListPage(found.title, request.path), get_publication())
    return render(request, "editorial/archive.html", {"archive": found, "meta": head})


@require_safe
@stored("before", "after")
def archive_period(request: HttpRequest, year: str, month: str = "") -> HttpResponse:
    """List the articles of a year or a month."""
    asked = int(year), int(month) if month else None
    found = listings.period_archive(*asked)
    if found is None:
        raise Http404
    parents = [Link(_("Archive"), reverse("editorial:archive"))]
    if month:
        parents.append(Link(year, reverse("editorial:archive_year", args=[year])))
    listing = listings.period_listing(*asked, request.GET)
    return _list(request, "archive_period", listing, parents=parents, archive=found)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what a search finds."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 4 else 1
    query = request.GET.get("q", "").replace("\0", "")
    context = {"search": searching.search_articles(query, number), "meta": meta.search_meta(query)}
    return render(request, "editorial/search.html", context)


@require_safe
@permission_required("wagtailadmin.access_admin")
def patterns(request: HttpRequest) -> HttpResponse:
    """Show the desk's people every component of the theme."""
    return render(request, "editorial/patterns.html")


@require_safe
@stored()
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Show the article or static page at a path; send on from an old one; say so where one was withdrawn."""
    address = f"/{path}"
    if "\0" in address or len(address) > LONGEST_PATH:
        raise Http404
    if not address.endswith("/"):
        query = request.META.get("QUERY_STRING", "")
        return _elsewhere(request) or HttpResponsePermanentRedirect(
            f"{request.path}/{'?' if query else ''}{query}"
        )
    try:
        return _article(request, policies.get_visible_article(path=address))
    except policies.Withdrawn as gone:
        return _static_page(request, address) or _elsewhere(request) or _gone(request, gone)
    except policies.NotPublished as nothing:
        found = _static_page(request, address) or _elsewhere(request)
        if found is None:
            raise Http404 from nothing
        return found


def preview(request: HttpRequest, draft: Article | StaticPage | FrontPage) -> HttpResponse:
    """Show a draft as readers would get it. Wagtail has checked that the request may see it."""
    if isinstance(draft, Article):
        published = draft_as_published(article=draft, at=clock.now())
        return _article_page(request, published, is_whole=True, is_draft=True)
    if isinstance(draft, StaticPage):
        return _static_page_response(request, draft, render_body(draft).html, is_draft=True)
    return _front_page(request)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 404 with what the reader can do next."""
    return render(request, "404.html", status=404)


def _list(
    request: HttpRequest,
    name: str,
    listing: listings.Listing,
    *,
    description: str = "",
    parents: Sequence[Link] = (),
    **more: object,
) -> HttpResponse:
    place = _list_page(request, listing, description=description, parents=parents)
    context = {"listing": listing, "meta": meta.listing_meta(place, get_publication()), **more}
    return render(request, f"editorial/{name}.html", context)


def _index(request: HttpRequest, name: str, index: listings.Index) -> HttpResponse:
    head = meta.listing_meta(meta.ListPage(index.title, request.path), get_publication())
    return render(request, f"editorial/{name}.html", {"index": index, "meta": head})


def _list_page(
    request: HttpRequest,
    listing: listings.Listing,
    *,
    description: str = "",
    parents: Sequence[Link] = (),
) -> meta.ListPage:
    # Only what places a page in its list belongs to its address; anything else a link may carry does not.
    position = next(
        (f"{key}={found}" for key in ("before", "after") if (found := _position(request, key))), ""
    )
    return meta.ListPage(listing.title, request.path, description, position, listing.feeds, parents)


def _position(request: HttpRequest, key: str) -> str:
    return str(Position.parse(request.GET.get(key, "")) or "")


def _gone(request: HttpRequest, gone: policies.Withdrawn) -> HttpResponse:
    context = {"withdrawn_at": gone.at, "history_path": gone.history_path}
    return render(request, "410.html", context, status=410)


def _article(request: HttpRequest, published: PublishedArticle) -> HttpResponse:
    is_whole = not published.is_gated or policies.may_read_in_full(reader_of(request), published)
    response = _article_page(request, published, is_whole=is_whole)
    links = [_webmention_link()]
    if published.history_path:
        # Where archives' clients find the versions (Memento, RFC 7089).
        timemap = f"{settings.COPYDESK_BASE_URL}{published.history_path}timemap/"
        links.append(f'<{timemap}>; rel="timemap"; type="application/link-format"')
    response["Link"] = ", ".join(links)
    return response


def _webmention_link() -> str:
    return f'<{webmention_url()}>; rel="webmention"'


def _article_page(
    request: HttpRequest, published: PublishedArticle, *, is_whole: bool, is_draft: bool = False
) -> HttpResponse:
    publication = get_publication()
    article = article_view(published, is_whole=is_whole, is_draft=is_draft)
    context = {
        "article": article,
        "meta": meta.article_meta(published, publication, article.relied),
        # Itself, since the lazy one of every other page costs at each of the sixty times it is looked at.
        "publication": publication,
        "webmention_url": webmention_url(),
    }
    return render(request, "editorial/article.html", context)


def _static_page(request: HttpRequest, address: str) -> HttpResponse | None:
    found = policies.find_visible_static_page(path=address)
    if found is None:
        return None
    response = _static_page_response(request, found, found.body_html)
    response["Link"] = _webmention_link()
    return response


def _static_page_response(
    request: HttpRequest, found: StaticPage, body_html: str, *, is_draft: bool = False
) -> HttpResponse:
    view = static_page_view(found, body_html=body_html, is_draft=is_draft)
    context = {
        "static_page": view,
        "meta": meta.page_meta(found, request.path, get_publication(), relied=view.relied),
        "webmention_url": webmention_url(),
    }
    return render(request, "editorial/static.html", context)


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    return _led_on(request.get_full_path())


def _led_on(address: str) -> HttpResponse | None:
    target = redirects.find_redirect(address)
    if target is None:
        return None
    return (
        HttpResponsePermanentRedirect(target.url)
        if target.is_permanent
        else HttpResponseRedirect(target.url)
    )
