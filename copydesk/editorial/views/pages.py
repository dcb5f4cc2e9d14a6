"""Readers' pages: parse, ask the policy, one query, respond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from copydesk.editorial import policies
from copydesk.editorial.actions.publishing import draft_as_published
from copydesk.editorial.actions.rendering import render_body
from copydesk.editorial.models import Article, StaticPage
from copydesk.editorial.queries import listings, redirects, searching
from copydesk.editorial.queries.articles import article_view
from copydesk.editorial.queries.pages import static_page_view
from copydesk.editorial.queries.publication import get_publication
from copydesk.kit import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from copydesk.editorial.models import FrontPage, PublishedArticle


def publication(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - a context processor's signature
    """Give every template the publication; loaded when first used."""
    return {"publication": SimpleLazyObject(get_publication)}


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    return render(request, "editorial/front.html", {"front": listings.front_page()})


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """List all articles."""
    return render(request, "editorial/latest.html", {"listing": listings.latest_listing(request.GET)})


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """List the topics."""
    return render(request, "editorial/topics.html", {"index": listings.topics_index()})


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """List a topic's articles."""
    found = policies.get_visible_topic(slug=slug)
    listing = listings.topic_listing(found, request.GET)
    return render(request, "editorial/topic.html", {"topic": found, "listing": listing})


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the people."""
    return render(request, "editorial/people.html", {"index": listings.people_index()})


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a person and list their articles."""
    found = policies.get_visible_person(slug=slug)
    context = {"person": listings.person_view(found), "listing": listings.person_listing(found, request.GET)}
    return render(request, "editorial/person.html", context)


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """List a series' parts."""
    found = policies.get_visible_series(slug=slug)
    listing = listings.series_listing(found)
    return render(request, "editorial/series.html", {"series": {"total": listing.total}, "listing": listing})


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List the years and months."""
    return render(request, "editorial/archive.html", {"archive": listings.archive_view()})


@require_safe
def archive_period(request: HttpRequest, year: str, month: str = "") -> HttpResponse:
    """List the articles of a year or a month."""
    asked = int(year), int(month) if month else None
    found = listings.period_archive(*asked)
    if found is None:
        raise Http404
    listing = listings.period_listing(*asked, request.GET)
    return render(request, "editorial/archive_period.html", {"archive": found, "listing": listing})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what a search finds."""
    page = request.GET.get("page", "1")
    found = searching.search_articles(request.GET.get("q", ""), int(page) if page.isdecimal() and len(page) < 4 else 1)  # noqa: PLR2004
    return render(request, "editorial/search.html", {"search": found})


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Show the article or static page at a path; send on from an old one; say so where one was withdrawn."""
    address = f"/{path}"
    if not address.endswith("/"):
        return _elsewhere(request) or HttpResponsePermanentRedirect(f"{request.path}/")
    try:
        return _article(request, policies.get_visible_article(path=address))
    except policies.Withdrawn:
        return _static_page(request, address) or _elsewhere(request) or render(request, "410.html", status=410)
    except policies.NotPublished as nothing:
        found = _static_page(request, address) or _elsewhere(request)
        if found is None:
            raise Http404 from nothing
        return found


def preview(request: HttpRequest, draft: Article | StaticPage | FrontPage) -> HttpResponse:
    """Show a draft as readers would get it. Wagtail has checked that the request may see it."""
    if isinstance(draft, Article):
        published = draft_as_published(article=draft, at=clock.now())
        view = article_view(published, is_whole=True, is_draft=True)
        return render(request, "editorial/article.html", {"article": view})
    if isinstance(draft, StaticPage):
        view = static_page_view(draft, body_html=render_body(draft).html)
        return render(request, "editorial/static.html", {"static_page": view, "is_draft": True})
    return front(request)


def gone_or_missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 404 with what the reader can do next."""
    return render(request, "404.html", status=404)


def _article(request: HttpRequest, published: PublishedArticle) -> HttpResponse:
    is_whole = policies.may_read_in_full(request.user, published)
    view = article_view(published, is_whole=is_whole)
    return render(request, "editorial/article.html", {"article": view, "published": published})


def _static_page(request: HttpRequest, address: str) -> HttpResponse | None:
    found = policies.find_visible_static_page(path=address)
    if found is None:
        return None
    view = static_page_view(found, body_html=found.body_html)
    return render(request, "editorial/static.html", {"static_page": view})


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    target = redirects.find_redirect(request.get_full_path())
    if target is None:
        return None
    return HttpResponsePermanentRedirect(target.url) if target.is_permanent else HttpResponseRedirect(target.url)
