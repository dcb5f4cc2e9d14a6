"""The desk's view of an article's versions, with what readers do not see: who published each, and drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from copydesk.record.policies import history as policies
from copydesk.record.queries.drafts import desk_history
from copydesk.record.views.numbers import whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the drafts that are not published, and every version that was."""
    article = policies.get_editable_article(reader=request.user, pk=pk)
    found = desk_history(article, before=whole_number(request.GET.get("before", "")))
    return render(request, "record/desk/versions.html", {"found": found, "article": article})
