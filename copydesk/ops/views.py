"""What load balancers and monitors ask, and what everybody is told when nothing goes."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from copydesk.kit import clock
from copydesk.ops.logic.metrics import expose
from copydesk.ops.policies import is_monitor, may_see_operations
from copydesk.ops.queries.health import get_readiness
from copydesk.ops.queries.metrics import get_measures

if TYPE_CHECKING:
    from django.http import HttpRequest

RETRY_SECONDS = "30"


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the site can do all of its work, 503 with what is amiss otherwise."""
    readiness = get_readiness(at=clock.now())
    response = JsonResponse(
        {"ready": readiness.is_ready, "checks": asdict(readiness)},
        status=200 if readiness.is_ready else 503,
    )
    # "Not yet" is what a monitor asks to be told, many times at each start; it is no error for the log.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own mark for that
    return response


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell owners and the site's monitor how it runs; to everybody else there is no such page."""
    if not is_monitor(request.headers.get("Authorization", "")) and not may_see_operations(
        request.user
    ):
        raise Http404
    measures = get_measures(at=clock.now())
    text, content_type = expose(measures, accept=request.headers.get("Accept", ""))
    return HttpResponse(text, content_type=content_type)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong; where the disk is full or the database away, that it will pass (503)."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return defaults.server_error(request)
    page = format_html(
        '<!doctype html><html lang="{language}" dir="{direction}"><meta name="viewport" content="width=device-width">'
        "<title>{title}</title><h1>{title}</h1><p>{text}</p></html>",
        language=get_language() or "en",
        direction="rtl" if get_language_bidi() else "ltr",
        title=_("Not possible just now"),
        text=_(
            "The site cannot save or find this now. What was there before is safe. Please try again soon."
        ),
    )
    return HttpResponse(
        page, status=503, headers={"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
    )
