"""What readers and writers are told when the database cannot be used."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

logger = logging.getLogger("copydesk.database")

RETRY_SECONDS = "30"


class DatabaseTrouble:
    """Answers 503 when the disk is full or the database is away, and logs one line instead of a traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; Django hands what goes wrong to `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a view could not do into an answer, before Django makes a server error of it."""
        return _unavailable(request, error) if isinstance(error, OperationalError | InterfaceError) else None


def _unavailable(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    logger.error("%s %s: the database cannot be used: %s", request.method, request.path, _one_line(error))
    page = format_html(
        '<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">'
        "<title>{title}</title><h1>{title}</h1><p>{text}</p></html>",
        language=get_language() or "en",
        title=_("Not possible just now"),
        text=_("The site cannot save or find this at the moment. Nothing of what was there is lost. Please try again soon."),
    )
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"})


def _one_line(error: Exception) -> str:
    return str(error).strip().replace("\n", " ") or type(error).__name__
