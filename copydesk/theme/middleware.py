"""What holds for every page: its Content-Security-Policy, and the language of what stands around its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

HEADER = "Content-Security-Policy"

BASE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
}


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


class Language(LocaleMiddleware):
    """Readers' pages speak the publication's language; accounts and the desk speak the browser's.

    A page for everybody is then the same for everybody, and an English magazine has no Arabic frame.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language of the answer."""
        if _follows_browser(request):
            super().process_request(request)
        else:
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Say which language was chosen, and vary by the browser's only where it matters."""
        if _follows_browser(request):
            return super().process_response(request, response)
        response.headers.setdefault("Content-Language", settings.LANGUAGE_CODE)
        return response


def _follows_browser(request: HttpRequest) -> bool:
    return request.path.startswith(
        (reverse("account_login").removesuffix("login/"), reverse("wagtailadmin_home"))
    )


class ContentSecurityPolicy:
    """Sets the policy on every response that brings none of its own.

    Stored pages rule out nonces, so readers' pages have no inline script or style at all. Wagtail's
    editor writes inline styles and scripts; its pages alone get a policy that bears them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Frames are only ever made by a reader's click on an embed's facade.
        frames = " ".join(f"https://{host}" for host in settings.COPYDESK_EMBED_HOSTS)
        self.reading = _written(BASE | {"frame-src": f"'self' {frames}"})
        self.desk = _written(
            BASE
            | {
                "script-src": "'self' 'unsafe-inline'",
                "style-src": "'self' 'unsafe-inline'",
                "img-src": "'self' data: blob:",
                "worker-src": "'self' blob:",
                "frame-src": "'self'",
            }
        )
        self.desk_prefix = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, with the policy for its part of the site."""
        response = self.get_response(request)
        if HEADER not in response:
            response[HEADER] = (
                self.desk if request.path.startswith(self.desk_prefix) else self.reading
            )
        return response
