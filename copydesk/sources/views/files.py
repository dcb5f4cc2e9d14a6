"""What other programs read of sources and quotations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from copydesk.pagestore.views import stored
from copydesk.sources.logic.annotations import web_annotation
from copydesk.sources.logic.exports import csl_json
from copydesk.sources.logic.exports import ris as ris_file
from copydesk.sources.policies import get_checked_quotation, get_citing_page
from copydesk.sources.queries.files import checked_quotation, references_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

CSL_TYPE = "application/vnd.citationstyles.csl+json"
RIS_TYPE = "application/x-research-info-systems; charset=utf-8"


@require_safe
@stored()
def csl(request: HttpRequest, page_pk: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the sources of an article as CSL-JSON."""
    items = csl_json(references_of(get_citing_page(pk=page_pk).pk))
    return _file(_json(items), CSL_TYPE, f"sources-{page_pk}.csl.json")


@require_safe
@stored()
def ris(request: HttpRequest, page_pk: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give the sources of an article as RIS."""
    text = ris_file(references_of(get_citing_page(pk=page_pk).pk))
    return _file(text.encode(), RIS_TYPE, f"sources-{page_pk}.ris")


@require_safe
@stored()
def annotation(request: HttpRequest, uuid: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Give a quotation and what checking it found as a Web Annotation."""
    node = web_annotation(checked_quotation(*get_checked_quotation(uuid=uuid)))
    return HttpResponse(_json(node), content_type="application/ld+json")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode(errors="replace")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
