"""Pictures, attachments and the accent: bytes that pages refer to."""

from __future__ import annotations

import mimetypes
import re
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from copydesk.editorial import policies
from copydesk.editorial.models import Publication
from copydesk.theme.logic.accent import render_accent_css

if TYPE_CHECKING:
    from typing import BinaryIO

    from django.http import HttpRequest

FOREVER = 31_536_000
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
PLAYED = ("audio/", "video/")
CHUNK = 64 * 1024


@require_safe
@cache_control(public=True, max_age=FOREVER, immutable=True)
def picture(request: HttpRequest, signature: str, pk: int, size: str, form: str) -> FileResponse:  # noqa: ARG001
    """Serve a rendition, made now if no one has asked before; only sizes our own pages offer are signed."""
    rendition = policies.get_signed_picture(
        signature=signature, pk=pk, spec=f"{size}|format-{form}"
    )
    response = FileResponse(rendition.file.open("rb"), content_type=f"image/{form}")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def attachment(request: HttpRequest, pk: int, name: str) -> HttpResponse | FileResponse:
    """Serve an uploaded file: sounds and films in place, by ranges; everything else as a download."""
    found = policies.get_visible_attachment(pk=pk, name=name)
    kind = mimetypes.guess_type(found.filename)[0] or "application/octet-stream"
    source = found.file.open("rb")
    is_played = kind.startswith(PLAYED)
    wanted = RANGE.fullmatch(request.headers.get("Range", "")) if is_played else None
    if wanted and any(wanted.groups()):
        return _part(source, found.file.size, wanted, kind)
    response = FileResponse(
        source, as_attachment=not is_played, filename=found.filename, content_type=kind
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if is_played:
        response["Accept-Ranges"] = "bytes"
    return response


def _part(source: BinaryIO, size: int, wanted: re.Match[str], kind: str) -> HttpResponse:
    """Answer one range (RFC 9110 §14): `first-last`, `first-` or `-length`."""
    first, last = wanted.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if begin >= size or begin > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    source.seek(begin)
    length = min(end - begin + 1, 64 * CHUNK)
    return HttpResponse(
        source.read(length),
        status=206,
        content_type=kind,
        headers={
            "Content-Range": f"bytes {begin}-{begin + length - 1}/{size}",
            "Accept-Ranges": "bytes",
        },
    )


@require_safe
@cache_control(public=True, max_age=FOREVER, immutable=True)
def accent_css(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Serve the publication's accent; the address carries its hash."""
    accent = Publication.objects.values_list("accent", flat=True).first()
    if not accent:
        raise Http404
    return HttpResponse(render_accent_css(accent), content_type="text/css")
