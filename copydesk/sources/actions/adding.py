"""Sources come in: by their address, by hand, as a text."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.db import transaction

from copydesk.pagestore.actions import expire_tags
from copydesk.pagestore.logic.tags import tag
from copydesk.sources.logic.addresses import clean_url, domain_of, url_key
from copydesk.sources.logic.reading import EXTRACTOR_VERSION
from copydesk.sources.logic.verdicts import Layer
from copydesk.sources.models import Access, Citation, Method, Snapshot, Source
from copydesk.sources.queries.texts import archive, blob_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from copydesk.members.models import Member

# What an editor may change of a source; whatever is changed here is never overwritten by what a page says of itself.
EDITABLE = (
    "kind", "title", "byline", "publisher", "published_on", "language", "doi", "isbn", "locator", "access",
)  # fmt: skip
# A source looked at within so long is taken to be as it was.
FRESH = timedelta(days=1)
LONGEST_TEXT = 4_000_000
LARGEST_FILE = 20_000_000  # Bytes.
# What the sandbox can read.
FILE_TYPES = {
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
}


class TextTooLong(Exception):
    """A supplied text is longer than `LONGEST_TEXT` characters."""


class FileRefused(Exception):
    """An uploaded file is empty, larger than `LARGEST_FILE`, or of no type in `FILE_TYPES`."""


def add_source(*, url: str, by: Member | None, at: datetime) -> tuple[Source, bool]:
    """Return the source at an address and whether it is new; a new one is fetched as soon as its host has time.

    An address that differs only in what does not matter joins the source that is there. Raises BadAddress.
    """
    address = clean_url(url)
    return Source.objects.get_or_create(
        url_key=url_key(address),
        defaults={
            "url": address,
            "publisher": domain_of(address),
            "origins": {"publisher": "guess"},
            "next_check_at": at,
            "is_asked_for": True,
            "created_by": by,
            "created_at": at,
        },
    )


def add_offline_source(*, values: Mapping[str, Any], by: Member | None, at: datetime) -> Source:
    """Return a new source that is not on the web, such as a book, with the fields an editor gives."""
    known = {name: values[name] for name in EDITABLE if name in values}
    return Source.objects.create(
        **{"access": Access.OFFLINE, **known},
        origins=dict.fromkeys(known, "editor"),
        created_by=by,
        created_at=at,
    )


@transaction.atomic
def edit_source(*, source: Source, values: Mapping[str, Any], at: datetime) -> None:
    """Set fields of a source to what an editor says; from then on they are the editor's."""
    known = {name: values[name] for name in EDITABLE if name in values}
    changed = [name for name, value in known.items() if getattr(source, name) != value]
    for name in changed:
        setattr(source, name, known[name])
        source.origins[name] = "editor"
    if changed:
        source.save(update_fields=[*changed, "origins"])
        expire_tags([tag("source", source.pk)], at=at)


def ask_again(*, source: Source, at: datetime) -> None:
    """Have a source fetched as soon as its host has time, whatever its schedule says."""
    Source.objects.filter(pk=source.pk).exclude(url_key="").update(
        next_check_at=at, is_asked_for=True
    )


def look_again(*, page_id: int, at: datetime) -> None:
    """Have the sources of a page that is published again looked at soon, but for those looked at within a day.

    Nobody has read them just now, so that their hosts' robots.txt has its say.
    """
    Source.objects.filter(
        pk__in=Citation.objects.filter(page_id=page_id).order_by().values("source"),
        checked_at__lt=at - FRESH,
        next_check_at__gt=at,
    ).update(next_check_at=at)


@transaction.atomic
def supply_text(
    *, source: Source, text: str, method: Method = Method.PASTE, at: datetime
) -> Snapshot:
    """Keep a text that an editor supplies as what `source` says: for what is behind a paywall, or not on the web.

    Raises TextTooLong, Full.
    """
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(f"The text has {len(text):,} characters; {LONGEST_TEXT:,} are the most.")
    content = text.replace("\r\n", "\n").encode(errors="replace")
    sha256 = hashlib.sha256(content).hexdigest()
    kept = source.snapshots.filter(payload_sha256=sha256).first()
    if kept is not None:
        return kept
    layers = blob_of({Layer.SUPPLIED: content.decode()})
    snapshot = Snapshot.objects.create(
        source=source,
        method=method,
        captured_at=at,
        seen_at=at,
        content_type="text/plain",
        title=source.title,
        payload_sha256=sha256,
        text_sha256=sha256,
        layers_sha256=archive().put(layers),
        size=len(content),
        encoding="utf-8",
        extractor_version=EXTRACTOR_VERSION,
    )
    expire_tags([tag("source", source.pk)], at=at)
    return snapshot


def supply_file(*, source: Source, file: UploadedFile[Any], at: datetime) -> None:
    """Keep a file that an editor uploads as what `source` says; the worker reads it in the sandbox at its next turn.

    Its type is that of its name: what a browser claims is not believed, and the sandbox finds out what lies.
    Raises FileRefused, ArchiveFull.
    """
    kind = FILE_TYPES.get(PurePath(file.name or "").suffix.lower())
    if kind is None or not file.size or file.size > LARGEST_FILE:
        raise FileRefused(file.name)
    sha256 = archive().put(file.read())
    Source.objects.filter(pk=source.pk).update(
        supplied_sha256=sha256, supplied_type=kind, next_check_at=at
    )
    source.refresh_from_db(fields=["supplied_sha256", "supplied_type", "next_check_at"])
