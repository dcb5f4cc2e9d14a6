"""Readers' requests at the desk: what waits, what came of the others, and the decision on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.ui.components import Component

from copydesk.kit import clock
from copydesk.record.actions.requests import AlreadyDecided, accept_request, decline_request
from copydesk.record.forms.asking import AcceptForm, DeclineForm
from copydesk.record.models import RequestState
from copydesk.record.policies import requests as policies
from copydesk.record.queries.requests import notices_of, requests_in, waiting_request_count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from copydesk.record.models import CorrectionRequest

TABS = (
    RequestState.RECEIVED,
    RequestState.UNCONFIRMED,
    RequestState.ACCEPTED,
    RequestState.DECLINED,
)
# So much of the passage goes along in the address of the form of a notice.
LONGEST_QUOTED = 500


class RequestsPanel(Component):
    """Tells on the desk's home that readers wait for an answer; it is not there when none does."""

    name = "requests"
    template_name = "record/desk/requests_panel.html"
    order = 105

    class Media:
        css = {"all": ["record/desk/waiting.css"]}

    def __init__(self) -> None:
        self.count = waiting_request_count()

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """Return how many wait."""
        return {"count": self.count}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the requests in one state."""
    if not policies.may_decide_requests(request.user):
        raise PermissionDenied
    asked = request.GET.get("show", "")
    state = RequestState(asked) if asked in TABS else RequestState.RECEIVED
    page = requests_in(state, number=request.GET.get("p", "1"))
    context = {"page": page, "state": state, "tabs": TABS, "waiting": waiting_request_count()}
    return render(request, "record/desk/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a request with what it is about, and take the decision on it."""
    if not policies.may_decide_requests(request.user):
        raise PermissionDenied
    found = policies.get_request(reader=request.user, uuid=uuid)
    do = request.POST.get("do", "")
    decline = DeclineForm(request.POST if do == "decline" else None)
    accept = AcceptForm(request.POST if do == "accept" else None, article_id=found.article_id)
    forms: dict[str, AcceptForm | DeclineForm] = {"decline": decline, "accept": accept}
    if do in forms and forms[do].is_valid():
        return _decide(request, found, forms[do])
    context = {
        "asked": found,
        "is_open": found.decided_at is None,
        "decline": decline,
        "accept": accept,
        "notices": notices_of(found.article_id),
        "notice_form": _notice_form(found),
    }
    return render(request, "record/desk/request.html", context)


def _decide(
    request: HttpRequest, found: CorrectionRequest, form: AcceptForm | DeclineForm
) -> HttpResponse:
    by: Any = request.user  # Signed in, or they had been kept out.
    at = clock.now()
    try:
        if isinstance(form, AcceptForm):
            notice = form.cleaned_data["notice"]
            accept_request(request=found, notice=notice, by=by, at=at)
            messages.success(request, _("The request is accepted."))
        else:
            reason = form.cleaned_data["reason"]
            decline_request(request=found, reason=reason, by=by, at=at)
            messages.success(request, _("The request is declined, with your reason."))
    except AlreadyDecided:
        messages.warning(
            request, _("Somebody else has decided on this request. Nothing has changed.")
        )
        return redirect("record_request", uuid=found.uuid)
    return redirect("record_requests")


def _notice_form(found: CorrectionRequest) -> str:
    """Return the address of the form in which a notice is written that settles a request."""
    asked = {
        "because_of": f"request:{found.uuid}",
        "wrong": f"“{found.passage[:LONGEST_QUOTED]}”" if found.passage else "",
        "learned_at": localtime(found.created_at).strftime("%Y-%m-%dT%H:%M"),
    }
    return f"{reverse('record_notices', args=[found.article_id])}?{urlencode(asked)}"
