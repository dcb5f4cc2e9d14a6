"""A mark by which a page's script knows that it may ask who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

MARK = "member"


class MemberMark:
    """Sets a cookie beside the session's, for as long as a member is signed in.

    Pages for everybody are the same for all, so a script asks for the menu of the one who reads; without the mark it
    would ask for strangers, too. The mark opens nothing and says nothing: the session's own cookie is hidden from
    scripts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; where the session's cookie changes, the mark follows."""
        response = self.get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is None:
            return response
        if session.value and request.user.is_authenticated:
            response.set_cookie(
                MARK,
                "1",
                max_age=session["max-age"] or None,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=False,
                samesite="Lax",
            )
        elif MARK in request.COOKIES:
            response.delete_cookie(MARK, samesite="Lax")
        return response
