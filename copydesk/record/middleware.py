"""The one door of the desk that Wagtail's hooks do not guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from copydesk.record.policies.approvals import get_withdrawable
from copydesk.record.queries.approvals import needs_two_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

API = "wagtailadmin_api"
WITHDRAWING = {"unpublish", "delete"}
FORBIDDEN = 403


class TwoPeople:
    """Refuses to withdraw articles through the API of the desk where that takes two: it calls no hook before it does.

    Whatever else may withdraw one is stopped in its transaction (`actions.consent`), but the API answers an error
    without undoing what it has begun.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer instead of the API where it would withdraw what readers get."""
        match = request.resolver_match
        if match is None or API not in match.namespaces or request.method != "POST":
            return None
        if kwargs.get("action_name") not in WITHDRAWING or not needs_two_people():
            return None
        if not _withdraws(kwargs["pk"]):
            return None
        return JsonResponse({"message": _("This needs a second person.")}, status=FORBIDDEN)


def _withdraws(pk: int) -> bool:
    return bool(get_withdrawable(ids=[pk], with_descendants=True))
