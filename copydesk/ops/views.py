"""What load balancers and monitors ask."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from copydesk.kit import clock
from copydesk.ops.queries.health import get_readiness

if TYPE_CHECKING:
    from django.http import HttpRequest


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
    return JsonResponse(
        {"ready": readiness.is_ready, "checks": asdict(readiness)}, status=200 if readiness.is_ready else 503
    )
