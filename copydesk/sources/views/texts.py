"""Copies of sources at the desk: as text, never as the page they were, and as files to keep."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from copydesk.sources import policies
from copydesk.sources.actions.capturing import user_agent
from copydesk.sources.backends.archive import Damaged, Missing, build_wacz
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.queries.kept import live_words, passage_of, text_of
from copydesk.sources.queries.texts import layers_of, warc_of
from copydesk.sources.views.desk import TEMPLATES, for_the_desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from copydesk.sources.models import Snapshot

logger = logging.getLogger("copydesk.sources")

# No text is longer than nine digits tell, and no quotation has more parts.
SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
MOST_SPANS = 100
LAYERS = {
    Layer.VISIBLE: gettext_lazy("Everything that is to be read on the page"),
    Layer.MAIN: gettext_lazy("The main text"),
    Layer.EMBEDDED: gettext_lazy("Text in the data of the page"),
    Layer.SUPPLIED: gettext_lazy("The text that was supplied"),
}


@require_safe
@for_the_desk
def text(request: HttpRequest, pk: int, copy_pk: int) -> HttpResponse:
    """Show the text of a copy, with the passage marked that was asked for."""
    copy = policies.get_snapshot(reader=request.user, source_pk=pk, pk=copy_pk)
    quotation = _uuid(request.GET.get("quotation", ""))
    if quotation is not None:
        layer, spans = passage_of(quotation, copy)
    else:
        layer, spans = _layer(request.GET.get("layer", "")), _spans(request)
    try:
        shown = text_of(copy, layer=layer, spans=spans)
    except (Missing, Damaged):
        return _lost(request, copy)
    context = {
        "copy": copy,
        "source": copy.source,
        "shown": shown,
        "label": LAYERS[shown.layer],
        "others": [(name.value, LAYERS[name]) for name in shown.layers if name != shown.layer],
        "quotations": live_words(copy.source),
        "is_asked_for": bool(spans) or quotation is not None,
        "quotation": quotation,
    }
    return render(request, f"{TEMPLATES}/text.html", context)


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        raise Http404 from None


def _layer(written: str) -> Layer | None:
    return Layer(written) if written in set(Layer) else None


def _spans(request: HttpRequest) -> Sequence[tuple[int, int]]:
    """Return the spans an address asks for, such as `span=12-40`; what is no span marks nothing."""
    asked = [SPAN.fullmatch(one) for one in request.GET.getlist("span")[:MOST_SPANS]]
    return [(int(one[1]), int(one[2])) for one in asked if one]


@require_safe
@for_the_desk
def warc(request: HttpRequest, pk: int, copy_pk: int) -> HttpResponse:
    """Hand out the WARC of a copy."""
    copy = _archived(request, pk, copy_pk)
    try:
        content = warc_of(copy)
    except (Missing, Damaged):
        return _lost(request, copy)
    return _file(content, copy, "warc.gz", "application/warc")


@require_safe
@for_the_desk
def wacz(request: HttpRequest, pk: int, copy_pk: int) -> HttpResponse:
    """Hand out a copy as a WACZ, which readers of archives open."""
    copy = _archived(request, pk, copy_pk)
    try:
        content = build_wacz(
            warc_of(copy),
            url=copy.final_url or copy.source.url,
            title=copy.title,
            at=copy.captured_at,
            software=user_agent(),
            text=layers_of(copy).get(Layer.VISIBLE, ""),
        )
    except (Missing, Damaged):
        return _lost(request, copy)
    return _file(content, copy, "wacz", "application/wacz")


def _archived(request: HttpRequest, pk: int, copy_pk: int) -> Snapshot:
    copy = policies.get_snapshot(reader=request.user, source_pk=pk, pk=copy_pk)
    if not copy.warc_sha256:  # A supplied text came from no visit.
        raise Http404
    return copy


def _file(content: bytes, copy: Snapshot, ending: str, kind: str) -> HttpResponse:
    name = f"source-{copy.source_id}-{copy.captured_at:%Y%m%d%H%M%S}.{ending}"
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            # It holds what strangers wrote: wherever it is opened, it may do nothing.
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


def _lost(request: HttpRequest, copy: Snapshot) -> HttpResponse:
    logger.error("The archive has lost copy %s of source %s", copy.pk, copy.source_id)
    messages.error(request, _("The archive has lost this copy, or it was damaged."))
    return redirect("sources_desk", pk=copy.source_id)
