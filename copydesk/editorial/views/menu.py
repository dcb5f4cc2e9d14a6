"""What is one reader's own on a page that is the same for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from copydesk.editorial import policies

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
def menu(request: HttpRequest) -> HttpResponse:
    """Show the menu of whoever reads the page at `?path=`, as a piece of HTML for its header."""
    page = policies.find_editable_page(reader=request.user, path=request.GET.get("path", ""))
    edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page else None
    return render(request, "theme/_member_menu.html", {"edit_url": edit_url})
