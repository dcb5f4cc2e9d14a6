"""One-time links, such as the owner's first."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from copydesk.kit import clock
from copydesk.members import actions, policies

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from copydesk.members.models import Member


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to sign in, and do so when told: mail scanners and previews follow links, but press no buttons."""
    try:
        if request.method == "POST":
            return _sign_in(request, actions.use_link(token=token, at=clock.now()))
        member = policies.get_link_member(token=token, at=clock.now())
    except policies.LinkSpent:
        return render(request, "members/link_spent.html", status=HTTPStatus.GONE)
    return render(request, "members/link.html", {"member": member})


def _sign_in(request: HttpRequest, member: Member) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)
    if member.has_usable_password() or is_mfa_enabled(member):
        target = reverse("wagtailadmin_home")
    else:
        target = reverse("mfa_index")
        messages.info(
            request,
            _(
                "Add a passkey or a password now. Without one, you sign in by a code that is mailed to you."
            ),
        )
    response: HttpResponse = perform_login(request, member, redirect_url=target)
    return response
