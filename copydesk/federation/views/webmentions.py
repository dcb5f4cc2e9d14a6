"""Where other sites tell us that they link to us, and the page by which we tell those that do."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from copydesk.federation import policies
from copydesk.federation.actions.mentioning import FORM
from copydesk.federation.actions.receiving import TooMany, take_mention
from copydesk.federation.forms import WebmentionForm
from copydesk.federation.queries import notice_page
from copydesk.kit import clock

if TYPE_CHECKING:
    from django.http import HttpRequest


@csrf_exempt  # Sites post here, not people: nothing is done in anybody's name.
@require_POST
def webmention(request: HttpRequest) -> HttpResponse:
    """Take a Webmention, to be looked at later."""
    if request.content_type != FORM:
        said = _("source, target: send them as %(type)s.") % {"type": FORM}
        return _plain(said, HTTPStatus.BAD_REQUEST)
    form = WebmentionForm(request.POST)
    if not form.is_valid():
        return _plain(form.problem, HTTPStatus.BAD_REQUEST)
    try:
        take_mention(
            source=form.cleaned_data["source"],
            target=form.cleaned_data["target"],
            page=form.page,
            address=get_adapter(request).get_client_ip(request),
            at=clock.now(),
        )
    except TooMany as error:
        response = _plain(_("Too many came. Please try later."), HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(max(1, math.ceil(error.wait.total_seconds())))
        return response
    return _plain(_("Thank you. We will look at the page soon."), HTTPStatus.ACCEPTED)


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a notice with the pages elsewhere that are told of it: whoever is told wants to see its own link."""
    found, published = policies.get_told_notice(pk=pk)
    page = notice_page(found, published)
    response = render(request, "federation/notice.html", {"page": page, "meta": page.meta})
    response["Cache-Control"] = "no-cache"
    return response


def _plain(text: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
