"""From what Django has made to what is stored of it."""

from __future__ import annotations

import gzip
import time
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import brotli

from copydesk.pagestore.logic.pages import Headers, Page

if TYPE_CHECKING:
    from copydesk.pagestore.logic.slot import Slot

COMPRESSED = (
    "text/",
    "application/json",
    "application/feed+json",
    "application/manifest+json",
    "application/ld+json",
)
LEAST_COMPRESSED = 200
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# What the store says itself, or what holds for one connection alone.
OWN_HEADERS = {
    "content-length",
    "content-encoding",
    "etag",
    "last-modified",
    "vary",
    "date",
    "connection",
    "server",
}


def may_store(headers: Headers, slot: Slot, *, has_session: bool) -> bool:
    """Whether a page may be stored: nothing in it is one reader's own."""
    names = {name.lower() for name, _value in headers}
    if "set-cookie" in names or "content-encoding" in names:
        return False
    # The second is what the view knows; the first alone would hang on reading a cookie as Django does.
    if slot.is_gated and (has_session or slot.is_personal):
        return False
    varies = {
        part.strip().lower()
        for name, value in headers
        if name.lower() == "vary"
        for part in value.split(",")
    }
    return varies <= ({"accept-encoding", "cookie"} if slot.is_gated else {"accept-encoding"})


def plain_headers(headers: Headers, body: bytes) -> Headers:
    """Return the headers of a page that is not stored."""
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return [*kept, ("Content-Length", str(len(body)))]


def make_page(headers: Headers, body: bytes, slot: Slot, began: int) -> Page:
    """Return what is stored of a page that Django has made."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    said = next((value for name, value in headers if name.lower() == "last-modified"), "")
    return Page(
        headers=[(name, value) for name, value in headers if name.lower() not in OWN_HEADERS],
        bodies=_bodies(body, kind),
        tags=slot.tags,
        began=began,
        etag=f'W/"{blake2b(body, digest_size=12).hexdigest()}"',
        modified_at=int(parsedate_to_datetime(said).timestamp()) if said else int(time.time()),
        is_gated=slot.is_gated,
    )


def _bodies(body: bytes, kind: str) -> dict[str, bytes]:
    """Return a body in every coding that makes it smaller."""
    bodies = {"": body}
    is_text = kind.startswith(COMPRESSED) or "xml" in kind
    if is_text and len(body) >= LEAST_COMPRESSED:
        bodies["gzip"] = gzip.compress(body, GZIP_LEVEL, mtime=0)
        bodies["br"] = brotli.compress(body, quality=BROTLI_QUALITY)
    return bodies
