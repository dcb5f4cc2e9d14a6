"""What happens at the desk happens wholly or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from copydesk.editorial.actions.approving import UNSETTLED, Unsettled

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# These change nothing readers get. An upload decodes pictures, which would hold SQLite's one write lock for seconds.
APART = {"wagtailimages", "wagtaildocs", "wagtailadmin_editing_sessions"}
SERVER_ERROR = 500


class DeskTransactions:
    """Runs each POST at the desk in one transaction.

    Wagtail publishes in several steps, and tells us after the page's own change is made: without this, a failure
    on our side would leave a page that is live at the desk and unchanged for readers. GETs stay out: in SQLite's
    IMMEDIATE mode a transaction takes the write lock, and looking must never wait for one who writes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefix = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Call the view in a transaction where it changes something at the desk; it ends when the view does."""
        if request.method != "POST" or not request.path.startswith(self.prefix):
            return None
        if request.resolver_match and APART.intersection(request.resolver_match.namespaces):
            return None
        with transaction.atomic():
            try:
                response = view(request, *args, **kwargs)
            except Unsettled as unsettled:
                # An approval has been undone in a transaction of its own; the draft that came with it stays.
                response = _lead_back(request, unsettled.page_id)
            if response.status_code >= SERVER_ERROR:
                transaction.set_rollback(True)
        return response


def _lead_back(request: HttpRequest, page_id: int) -> HttpResponse:
    """Lead to the editor of an article that was not published, where it is said why. What was typed is saved."""
    address = f"{reverse('wagtailadmin_pages:edit', args=[page_id])}?{UNSETTLED}=1"
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return JsonResponse(
            {"step": "success", "redirect": address}
        )  # To one of Wagtail's dialogs.
    return redirect(address)
