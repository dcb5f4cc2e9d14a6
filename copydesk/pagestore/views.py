"""What a view says of its page, for the page store and for every cache on the way to the reader."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.cache import patch_vary_headers

from copydesk.pagestore.logic.slot import MESSAGES_COOKIE, READER, SLOT
from copydesk.pagestore.logic.tags import Gathered, gathering, mark_gated

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from copydesk.pagestore.logic.slot import Slot

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")

# Browsers keep a page and ask each time whether it still holds; nobody else may keep it without asking either.
ASK_EACH_TIME = "public, max-age=0, must-revalidate"
FOR_ONE_READER = "private, no-cache"
FOR_ONCE = "private, no-store"


def stored(*parameters: str) -> Callable[[View], View]:
    """Let the pages of a view be stored; `parameters` are those of the query it reads, all others are ignored.

    The view sees a stranger: whatever it and its templates do, nothing of the one who asks gets into the page. A view
    that must know asks `reader_of`, and its page is then stored for strangers only.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            slot: Slot | None = request.META.get(SLOT)
            if slot is not None:
                # The front answers these for every coding; the view makes the page.
                for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
                    request.META.pop(name, None)
            request.META[READER], request.user = request.user, AnonymousUser()
            with gathering() as gathered:
                response = view(request, *args, **kwargs)
            if response.status_code == 200:
                _say(response, gathered, is_personal=MESSAGES_COOKIE in request.COOKIES)
                if slot is not None:
                    slot.take(parameters, gathered)
            return response

        return cast("View", answer)

    return decorate


def reader_of(request: HttpRequest) -> Any:
    """Return who asks, and let the page be another for each: it is stored as strangers see it, for them alone."""
    reader = request.META.get(READER, request.user)
    mark_gated(is_personal=reader.is_authenticated)
    return reader


def _say(response: HttpResponseBase, gathered: Gathered, *, is_personal: bool) -> None:
    tags = sorted(gathered.tags)
    response["Surrogate-Key"] = " ".join(tags)
    if settings.COPYDESK_PURGE_URL.startswith("cloudflare:"):
        response["Cache-Tag"] = ",".join(tags)
    if is_personal:
        response["Cache-Control"] = FOR_ONCE
    elif gathered.is_gated:
        response["Cache-Control"] = FOR_ONE_READER
        patch_vary_headers(response, ["Cookie"])
    else:
        response["Cache-Control"] = settings.COPYDESK_PAGES_CACHE_CONTROL
