"""Compression of what is not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.middleware.gzip import GZipMiddleware

from copydesk.pagestore.logic.slot import SLOT

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class Compression(GZipMiddleware):
    """Compresses what is made for one reader.

    Padding of random length keeps a page's length from telling what is in it (BREACH). Pages that are stored hold
    nothing secret, and the store compresses them better, once.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress the response, if the page store will not."""
        slot = request.META.get(SLOT)
        if slot is not None and slot.is_filled:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
