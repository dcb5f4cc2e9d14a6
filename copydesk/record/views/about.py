"""What the record is, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from copydesk.record.queries.about import about_head, about_record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Say what the record is, how long it is, and how anybody can check it."""
    context = {"page": about_record(), "meta": about_head()}
    response = render(request, "record/about.html", context)
    response["Cache-Control"] = "no-cache"
    return response
