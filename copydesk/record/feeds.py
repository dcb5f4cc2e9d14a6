"""The feed of all notices, in three formats."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from copydesk.pagestore.views import stored
from copydesk.record.queries.correction_feeds import correction_channel, correction_entries

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from copydesk.editorial.logic.feeds import Form


@require_safe
@stored()
def corrections_feed(request: HttpRequest, form: Form) -> HttpResponseBase:
    """Answer with the newest notices."""
    # The words around entries are the publication's, not the reader's: one document for everybody.
    with translation.override(settings.LANGUAGE_CODE):
        body = form.build(correction_channel(form), correction_entries())
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(body, content_type=f"{form.type}; charset=utf-8")
        response["Content-Language"] = settings.LANGUAGE_CODE
    response["ETag"] = etag
    return response
