"""The desk's list of what other sites told us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from copydesk.federation import policies
from copydesk.federation.queries import received_mentions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def mentions(request: HttpRequest) -> HttpResponse:
    """List the Webmentions that came in."""
    if not policies.may_see_mentions(request.user):
        raise PermissionDenied
    page, rows = received_mentions(number=request.GET.get("p", "1"))
    return render(request, "federation/desk/mentions.html", {"page": page, "rows": rows})
