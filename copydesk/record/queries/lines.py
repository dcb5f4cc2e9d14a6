"""The record as lines: for whoever asks what everybody may read, or whole for who keeps it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from copydesk.editorial.models import PublishedArticle, Visibility
from copydesk.record.logic.canonical import header_bytes, header_of
from copydesk.record.logic.lines import Why, entry_line
from copydesk.record.models import Entry, Payload
from copydesk.record.queries.versions import OF_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Entries looked up at once.
BATCH = 100


def lines(first: int, count: int, *, is_whole: bool) -> Iterator[bytes]:
    """Return the lines of up to `count` entries from `first` on; three queries for each hundred.

    Unless `is_whole`, they hold the content that everybody may read alone.
    """
    last = first + count
    while first < last:
        entries = list(
            Entry.objects.filter(index__gte=first, index__lt=min(last, first + BATCH)).order_by(
                "index"
            )
        )
        if not entries:
            return
        yield from _lines(entries, is_whole=is_whole)
        first += BATCH


def _lines(entries: Sequence[Entry], *, is_whole: bool) -> Iterator[bytes]:
    wanted = {entry.payload_sha256 for entry in entries}
    contents = dict(Payload.objects.filter(pk__in=wanted).values_list("sha256", "content"))
    visible = {} if is_whole else _visibility(entries)
    for entry in entries:
        content = contents.get(entry.payload_sha256)
        why = "" if is_whole else _reason(entry, content, visible)
        if content is None:
            why = Why.REDACTED
        written = header_bytes(header_of(entry))
        yield entry_line(
            written, entry.hash, content.encode() if content and not why else None, why
        )


def _visibility(entries: Sequence[Entry]) -> dict[int, str]:
    """Return who may read the articles that are live now."""
    wanted = {entry.article_id for entry in entries if entry.article_id is not None}
    return dict(PublishedArticle.objects.filter(pk__in=wanted).values_list("pk", "visibility"))


def _reason(entry: Entry, content: str | None, visible: dict[int, str]) -> str:
    """Return why not everybody may read what an entry recorded, "" where everybody may.

    A version is for everybody if it was, and if its article is today.
    """
    if content is None or entry.kind not in OF_VERSIONS or content == "{}":
        return ""
    today = visible.get(entry.article_id or 0)
    if today is None:
        return Why.WITHDRAWN
    was = json.loads(content).get("visibility")
    return "" if today == was == Visibility.PUBLIC else Why.GATED
