"""The one address of "my account", whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Lead members to their account, strangers to the door: pages that are the same for all have one link for both."""
    return HttpResponseRedirect(
        reverse("account_email" if request.user.is_authenticated else "account_login")
    )
