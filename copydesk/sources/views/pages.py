"""Readers' pages of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from copydesk.pagestore.views import stored
from copydesk.sources.policies import get_public_source
from copydesk.sources.queries.pages import source_head, source_page
from copydesk.sources.queries.terms import terms_head, terms_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@stored()
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what we know of a source, what we quote from it and which copies we keep."""
    found = get_public_source(pk=pk)
    page = source_page(found)
    context = {"page": page, "meta": source_head(page)}
    return render(request, "sources/source.html", context)


@require_safe
@stored()
def terms(request: HttpRequest) -> HttpResponse:
    """Say what our own terms mean in the descriptions of quotations."""
    return render(request, "sources/terms.html", {"terms": terms_page(), "meta": terms_head()})
