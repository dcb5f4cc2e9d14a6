"""The public list of all notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from copydesk.editorial.queries.meta import ListPage, listing_meta
from copydesk.editorial.queries.publication import get_publication
from copydesk.kit.pagination import Position
from copydesk.pagestore.views import stored
from copydesk.record.queries.corrections import corrections

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@stored("kind", "year", "before", "after")
def listing(request: HttpRequest) -> HttpResponse:
    """List the notices, newest first, all or those of a kind and a year."""
    found = corrections(request.GET)
    position = [
        f"{key}={place}"
        for key in ("before", "after")
        if (place := Position.parse(request.GET.get(key, "")))
    ]
    page = ListPage(
        title=_("Corrections"),
        path=request.path,
        description=_("What we got wrong, what is right, and when we said so."),
        position="&".join([found.asked.query] * bool(found.asked.query) + position[:1]),
        feeds=found.feeds,
    )
    publication = get_publication()
    context = {
        "corrections": found,
        "meta": listing_meta(page, publication),
        "publication": publication,
    }
    return render(request, "record/corrections.html", context)
